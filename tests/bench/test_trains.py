"""The peers' program is the plain format, and fixed-charge designs are solved: both against trying everything."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from bench.trains import __main__ as command
from bench.trains import canad, peers, running
from bench.trains.generate import generate
from bench.trains.model import Model
from bench.trains.running import Run
from landport.model.plain_assembly import PlainCase
from tests.assemble.every_plan import least_cost
from tests.plain_cases import SMALL_COST, drawn, small


def solved(case: PlainCase, folder: Path) -> tuple[int, float, tuple[str, ...]]:
    """Cost, bound and faults of HiGHS's plan, by way of the file that peers read."""
    model = Model(case)
    running.save(model, folder / "program.npz")
    with np.load(folder / "program.npz") as file:
        values, bound = peers.highspy(dict(file), 60.0, 0)
    cost = sum(c * v for c, v in zip(model.program.cost, values, strict=True)) + model.program.constant
    return cost, bound + model.program.constant, running.judged(case, model.plan(values), cost, 0)


def test_the_program_of_peers_is_the_plain_format(tmp_path):
    """Its best values are the least cost of any plan, and read off as a plan they hold."""
    assert solved(small(), tmp_path)[0] == SMALL_COST
    for seed in range(60):
        cost, bound, faults = solved(drawn(seed), tmp_path)
        best = least_cost(drawn(seed))
        assert faults == (), seed
        assert best <= cost <= best * (1 + peers.GAP), seed
        assert bound <= cost * (1 + 1e-6), seed


def test_flows_of_many_containers_become_ways(tmp_path):
    """Batches of several ready hours, changed trains: every container of a generated case finds its way."""
    for seed in range(3):
        case = generate(400, seed)
        cost, bound, faults = solved(case, tmp_path)
        assert faults == (), seed
        assert bound <= cost
        assert cost < sum(case.rules.left_micros(b.priority) * b.containers for b in case.bookings)


DOW = """MULTIGEN.DAT:
 4 6 2
 1 2 2 5 20 1 1
 2 4 1 5 30 1 2
 1 3 3 9 10 1 3
 3 4 2 9 25 1 4
 2 3 1 4 5 1 5
 1 4 9 3 2 1 6
 1 4 6
 2 4 3
"""


def brute_force(network: canad.Network) -> float:
    """Least cost over every set of open arcs, flows by another solver."""
    start, end, unit, capacity, fixed = network.arcs.T
    best = math.inf
    n = len(network.commodities)
    for size in range(len(start) + 1):
        for opened in map(list, combinations(range(len(start)), size)):
            if not opened:
                continue
            conserve = np.zeros((n * network.nodes, n * size))
            supply = np.zeros(n * network.nodes)
            for k, (source, sink, demand) in enumerate(network.commodities):
                for j, a in enumerate(opened):
                    conserve[k * network.nodes + start[a], k * size + j] = 1
                    conserve[k * network.nodes + end[a], k * size + j] = -1
                supply[k * network.nodes + source] += demand
                supply[k * network.nodes + sink] -= demand
            room = np.hstack([np.eye(size)] * n)
            found = linprog(np.tile(unit[opened], n), room, capacity[opened], conserve, supply)
            if found.status == 0:
                best = min(best, found.fun + fixed[opened].sum())
    return best


@pytest.mark.parametrize("solve", canad.SOLVERS)
def test_a_design_costs_what_trying_every_set_of_arcs_finds(solve, tmp_path):
    """Read from the file's format, solved with links added as they break, recounted; no bound is above it."""
    (tmp_path / "x.dow").write_text(DOW, encoding="ascii")
    network = canad.read_dow(tmp_path / "x.dow")
    assert (network.nodes, len(network.arcs), network.commodities.tolist()) == (4, 6, [[0, 3, 6], [1, 3, 3]])
    found, best = solve(network, 30.0), brute_force(network)
    assert found.value == pytest.approx(best)
    assert found.root <= best + 1e-6
    assert best - 0.5 <= found.bound <= best + 1e-4


@pytest.mark.parametrize("seed", range(3))
def test_drawn_designs_are_solved_by_both(seed):
    """Flows may be split over arcs with little room: neither misses the best, neither claims too much."""
    draw = np.random.default_rng(seed)
    pairs = [(a, b) for a in range(4) for b in range(4) if a != b]
    chosen = [pairs[i] for i in draw.permutation(len(pairs))[:5]]
    arcs = [(a, b, *draw.integers(1, 9, 1), *draw.integers(3, 12, 1), *draw.integers(1, 60, 1)) for a, b in chosen]
    arcs += [(a, (a + 1) % 4, 90, 50, 5) for a in range(4)]  # a way around, dear
    commodities = [(0, 2, *draw.integers(2, 9, 1)), (1, 3, *draw.integers(2, 9, 1)), (3, 0, 4)]
    network = canad.Network(4, np.array(arcs, np.int64), np.array(commodities, np.int64))
    best = brute_force(network)
    for solve in canad.SOLVERS:
        found = solve(network, 30.0)
        assert found.value == pytest.approx(best), found.solver
        assert best - 0.5 - 1e-6 * best <= found.bound <= best + 1e-4, found.solver


def test_a_flow_that_breaks_a_row_has_no_value(tmp_path):
    """Nothing flows, or more than an arc takes: no value is claimed."""
    (tmp_path / "x.dow").write_text(DOW, encoding="ascii")
    design = canad.Design(canad.read_dow(tmp_path / "x.dow"))
    assert design.recounted(np.zeros(len(design.cost))) is None
    flow = np.zeros((2, 6))
    flow[0, [0, 1]] = 6
    flow[1, 1] = 3
    assert design.recounted(np.concatenate([flow.ravel(), np.ones(6)])) is None


def test_without_the_instances_it_says_so(tmp_path, capsys):
    """A folder without them is no error."""
    canad.run(tmp_path, 1.0, 0, markdown=False)
    assert capsys.readouterr().out.startswith(f"no Canad instances in {tmp_path}")


def run(solver: str, seed: int, cost: int | None, bound: float) -> Run:
    return Run(solver, 1200, seed, cost, bound, 1.0 + seed, 0.5, 100.0)


def test_tables_count_what_each_solver_made():
    """A row each, above the best of them; over all seeds plans, closed gaps, medians and the worst."""
    runs = [
        run("landport", 0, 100_000_000, 100_000_000),
        run("highspy", 0, 110_000_000, 99_000_000),
        run("landport", 1, 200_000_000, 190_000_000),
        run("highspy", 1, None, -math.inf),
    ]
    first = command.rows(runs[:2])
    assert [row[3:7] for row in first] == [("100", "100", "0.0000", "0.000"), ("110", "99", "10.0000", "10.000")]
    assert command.rows(runs[2:])[1][3:7] == ("none", "none", "-", "")
    table = command.sums(runs)
    assert [row[:6] for row in table[1:]] == [
        ("landport", "1,200", "2/2", "1/2", "2.5000", "5.0000"),
        ("highspy", "1,200", "1/2", "0/2", "-", "-"),
    ]


def test_a_peer_that_is_not_there_is_left_out(capsys, monkeypatch):
    """It is named, and the others run."""
    monkeypatch.setattr(running, "version", lambda peer, python: "1" if peer == "highspy" else None)
    assert list(command.interpreters(command.parsed([]))) == ["highspy"]
    assert "ortools is not installed and is left out" in capsys.readouterr().out
    assert command.interpreters(command.parsed(["--solvers", "landport"])) == {}
