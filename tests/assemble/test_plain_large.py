"""Large plain cases: ways that come in by price, against the engine that lists them all."""

from itertools import count, pairwise

import numpy as np
import pytest

from bench.trains.generate import generate
from landport.assemble import plain
from landport.assemble.plain_boarding import boarding
from landport.assemble.plain_growing import Growing
from landport.assemble.plain_ways import FAR, all_within, cheapest, network
from landport.audit import check_plain
from landport.model.plain_assembly import MICROS
from landport.model.result import Limit


@pytest.mark.parametrize("seed", [0, 4])
def test_both_engines_bound_each_other(seed, monkeypatch):
    """Neither engine's plan is cheaper than the other's bound, and the large one is within 2 % and repeatable."""
    case = generate(400, seed)
    small = plain.plan(case, limit=Limit())
    monkeypatch.setattr(plain, "SMALL_KINDS", 0)
    large = plain.plan(case, limit=Limit())
    assert large.bound <= small.cost <= large.cost
    assert small.bound <= large.cost <= small.cost * 1.02
    assert large == plain.plan(case, limit=Limit())


def test_the_cheapest_way_is_the_least_of_all_ways():
    """Both scans agree for every kind, and the ways listed are dated as the rules say."""
    case = generate(300, 2)
    net = network(case)
    costs, legs = cheapest(net, net.prices)
    ways = all_within(net, net.prices, np.full(len(net.kinds), FAR // 2))
    least = np.full(len(net.kinds), FAR)
    np.minimum.at(least, ways.kind, ways.micros)
    assert (least == costs).all()
    assert (legs[costs == FAR] == -1).all()
    for kind, way in zip(ways.kind.tolist(), ways.legs.tolist(), strict=True):
        taken = [net.services[s] for s in way if s >= 0]
        booking = net.bookings[kind][0]
        assert taken[0].departs_h >= booking.ready_h
        assert taken[-1].to_id == booking.to_id
        assert taken[-1].arrives_h <= booking.due_h + case.rules.max_late_h
        for one, other in pairwise(taken):
            assert one.to_id == other.from_id
            assert other.departs_h >= one.arrives_h + case.rules.min_change_h


def test_the_bound_by_pricing_is_the_relaxation_over_all_ways():
    """Grown to the end, the relaxation costs what its own recounted bound says, links included."""
    growing = Growing(boarding(network(generate(300, 3))), Limit())
    growing.start()
    growing.grow(1e-7)
    before = growing.cost()
    assert growing.tighten() > 0
    bound = growing.grow(1e-7)
    assert bound == pytest.approx(growing.cost(), rel=1e-6)
    assert growing.cost() > before
    assert bound <= growing.cost() + MICROS


def test_after_the_root_only_ways_near_the_best_are_kept():
    """Ways dropped after the root cost no bound: grown again, the relaxation is as cheap as it was."""
    growing = Growing(boarding(network(generate(300, 3))), Limit())
    growing.start()
    bound = growing.grow(1e-7)
    many, cost = len(growing.ways.kind), growing.cost()
    growing.drop(MICROS)
    growing.near = MICROS
    assert len(growing.ways.kind) < many
    assert growing.grow(1e-7) == pytest.approx(bound, rel=1e-6)
    assert growing.cost() == pytest.approx(cost, rel=1e-6)


def test_seconds_that_end_the_search_are_told(monkeypatch):
    """A search that its seconds end says so, even where seconds kept for the last plan are left."""
    monkeypatch.setattr(plain, "SMALL_KINDS", 0)
    ticks = count()
    limit = Limit(effort=50, seconds=100.0, stopwatch=lambda: min(94.0, float(next(ticks))))
    result = plain.plan(generate(400, 0), limit=limit)
    assert result.stopped == "time"
    assert result.bound <= result.cost


@pytest.mark.parametrize("last", [1, 12, 40, 150])
def test_wherever_seconds_end_a_plan_holds(last, monkeypatch):
    """Cut off at the root, between counts, in the dive or while mending, the plan keeps its rules and the bound."""
    monkeypatch.setattr(plain, "SMALL_KINDS", 0)
    case = generate(400, 2)
    ticks = count()
    limit = Limit(effort=50, seconds=float(last), stopwatch=lambda: float(next(ticks)))
    result = plain.plan(case, limit=limit)
    assert check_plain(result.plan, case, cost_micros=result.cost, bound_micros=result.bound) == ()
    assert result.bound <= plain.plan(case, limit=Limit()).cost
