"""Ways listed once for all who may wait for them, against ways listed for each kind."""

import numpy as np
import pytest

from bench.trains.generate import generate
from landport.assemble import plain_boarding
from landport.assemble._kernel_ways import FAR, let_wait
from landport.assemble.plain_boarding import as_kinds, boarding
from landport.assemble.plain_ways import Ways, all_within, cheapest, network


@pytest.mark.parametrize("seed", [0, 1])
def test_waiting_costs_what_boarding_later_costs(seed):
    """The cheapest way of a kind costs the same where only those after its ready hour are its own and it may wait."""
    net = network(generate(400, seed))
    board = boarding(net)
    assert (board.with_waits(cheapest(board.net, net.prices)[0]) == cheapest(net, net.prices)[0]).all()
    most = np.full(len(net.kinds), FAR // 2)
    assert len(all_within(board.net, net.prices, most).kind) < len(all_within(net, net.prices, most).kind)


def test_the_kernel_lets_kinds_wait_as_a_slow_loop_does():
    """Each kind takes the cheapest of itself and of those it may wait for, never past the end of its stream."""
    draw = np.random.default_rng(5)
    costs = draw.integers(0, 100, 60)
    costs[draw.random(60) < 0.2] = FAR
    steps = np.where(draw.random(60) < 0.3, -1, draw.integers(0, 20, 60))
    found = costs.copy()
    let_wait(steps, found)
    for k in range(60):
        options, spent, at = [costs[k]], 0, k
        while at + 1 < 60 and steps[at] >= 0:
            spent += steps[at]
            at += 1
            options.append(min(FAR, spent + costs[at]))
        assert found[k] == min(options)


def test_first_ready_boards_first_and_nothing_changes_its_price():
    """Handed out to kinds, riders are ready when they leave, each rides once, and hours held cost the same."""
    case = generate(400, 3)
    net = network(case)
    board = boarding(net)
    ways = all_within(board.net, net.prices, np.full(len(net.kinds), FAR // 2))
    draw = np.random.default_rng(2)
    riders, free = np.zeros(len(ways.kind), np.int64), net.count.copy()
    held = 0
    follows = np.isin(np.arange(len(net.kinds)), board.waits + 1)
    for w in draw.permutation(len(ways.kind)).tolist():
        k = int(ways.kind[w])
        begins = k
        while follows[begins]:
            begins -= 1
        ready = np.flatnonzero(free[begins : k + 1]) + begins
        if len(ready):  # any container that is ready rides: the price of its hours is what it should stay
            whose = int(draw.choice(ready))
            free[whose] -= 1
            riders[w] += 1
            held += int(ways.micros[w] + net.kinds[k, 7] * (net.kinds[k, 3] - net.kinds[whose, 3]))
    whose, many = as_kinds(net, board, ways, riders, free)
    assert int(whose.micros @ many) == held
    assert (np.bincount(whose.kind, many, len(net.kinds)) == net.count - free).all()
    assert (net.table[whose.legs[:, 0], 2] >= net.kinds[whose.kind, 3]).all()


def test_nobody_to_board():
    """No kinds at all, or no riders, give no ways."""
    net = network(generate(400, 3))
    board = boarding(net)
    nobody = Ways(np.zeros(0, np.int64), np.zeros((0, net.legs), np.int64), np.zeros(0, np.int64))
    whose, many = plain_boarding.as_kinds(net, board, nobody, np.zeros(0, np.int64), np.zeros(len(net.kinds), np.int64))
    assert len(whose.kind) == len(many) == 0
