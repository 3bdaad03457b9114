"""Gathered trains: the formula against the plain definition, the simulation, limits, and the bound."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.assemble._bound_lanes import Lane, Train, least_run, least_trunk
from landport.assemble._kernel_lanes import WHOLE, leaving, reaching
from landport.assemble.gathering import fill_to_go_minutes, gathered
from landport.audit.lane_form import long_run
from tests.lanes import WEEK, train

STREAMS = (
    [(40_000, WEEK)],
    [(20_000, 7200)],
    [(30_000, 2160), (50_000, 7200), (10_000, WEEK)],
    [(500, 720), (60_000, 3 * WEEK)],
    [(900_000, WEEK)],
)


def slow_leaving(ready: list[int], until: list[int], capacity: int) -> list[tuple[int, int]]:
    """The slow twin of `leaving`: minute by minute who waits."""
    out = [(0, 0)] * len(ready)
    waiting: list[int] = []
    for minute in range(max([*ready, *until], default=0) + 1):
        for i in [i for i, at in enumerate(ready) if at == minute]:
            waiting.append(i)
            if len(waiting) == capacity:
                for j in waiting:
                    out[j] = (minute, capacity)
                waiting = []
        if any(until[i] <= minute for i in waiting):
            for j in waiting:
                out[j] = (minute, len(waiting))
            waiting = []
    return out


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), max_size=25), st.integers(1, 6))
def test_trains_leave_as_in_the_slow_twin(rows, capacity):
    """Full, or when the first promise is over; all that wait go along."""
    ready = sorted(at for at, _ in rows)
    until = [at + more for at, (_, more) in zip(ready, rows, strict=True)]
    found = leaving(np.array(ready, np.int64), np.array(until, np.int64), capacity)
    assert [tuple(row) for row in found.tolist()] == slow_leaving(ready, until, capacity)


def test_one_promise_is_a_poisson_tail():
    """With one allowance a train reaches j + 1 when j come within it."""
    mean, tail, chance = 12.5, 1.0, exp(-12.5)
    found = reaching(np.array([12_500], np.int64), np.array([WEEK], np.int64), 30) / WHOLE
    assert found[:2].tolist() == [1, 1]
    for j in range(1, 30):
        tail -= chance
        chance *= mean / j
        assert found[j + 1] == pytest.approx(tail, abs=1e-8)


@pytest.mark.parametrize("streams", STREAMS)
def test_the_formula_is_what_a_simulation_finds(streams):
    """Load, trains and mean wait lie within four standard errors of thirty runs, whatever promises are mixed."""
    one, dice, runs = gathered(streams, train("T", least=30)), np.random.default_rng(7), []
    weeks = 400 if sum(milli for milli, _ in streams) < 200_000 else 60
    for _ in range(30):
        drawn = [np.sort(dice.integers(0, weeks * WEEK, dice.poisson(m / 1000 * weeks))) for m, _ in streams]
        ready = np.concatenate(drawn)
        until = np.concatenate([at + allowed // 360 * 360 for at, (_, allowed) in zip(drawn, streams, strict=True)])
        order = np.argsort(ready, kind="stable")
        left = leaving(ready[order], until[order], 40)
        missing = (np.maximum(0, 30 - left[:, 1]) / left[:, 1]).sum() / weeks
        waited = (left[:, 0] - ready[order])[: -40 * 4]  # the last ones wait for nobody
        runs.append(((1 / left[:, 1]).sum() / weeks, waited.mean(), missing))
    mean, error = np.mean(runs, axis=0), np.std(runs, axis=0, ddof=1) / sqrt(30)
    assert abs(one.trains_per_week - mean[0]) < 4 * error[0] + 0.004 * mean[0]
    assert abs(one.wait_minutes - mean[1]) < 4 * error[1] + 0.004 * mean[1]
    paid = gathered(streams, train("T", fixed_usd=0, least=30, usd=1)).usd_cents / 100
    assert abs(paid - mean[2]) < 4 * error[2] + 30 / weeks  # the last train of a run leaves thin


@given(st.integers(300, 3_000_000), st.integers(360, 60 * 1440), st.integers(2, 100))
def test_the_auditor_counts_the_same(teu_milli, promise, capacity):
    """The planners' nodes and the auditor's plain sums agree."""
    promise = promise // 360 * 360
    one = gathered([(teu_milli, promise)], train("T", capacity=capacity, least=capacity * 4 // 5, usd=1, fixed_usd=0))
    trains, missing, wait = long_run(teu_milli, promise, capacity, capacity * 4 // 5)
    assert one.trains_per_week == pytest.approx(trains, rel=1e-4)
    assert one.wait_minutes == pytest.approx(wait, rel=1e-4, abs=0.5)
    assert one.usd_cents == pytest.approx(100 * trains * missing, rel=1e-3, abs=1)


def test_filling_to_go_is_the_identity():
    """A promise nobody needs: over lanes the mean wait is (capacity - 1) * lanes / (2 * total demand)."""
    teus = [20_000, 50_000, 130_000]
    waits = [gathered([(teu, 365 * 1440)], train("T")).wait_minutes for teu in teus]
    assert waits == pytest.approx([fill_to_go_minutes(40, teu) for teu in teus], rel=1e-6)
    mean = sum(w * t for w, t in zip(waits, teus, strict=True)) / sum(teus)
    assert mean == pytest.approx(39 * 3 / (2 * 200) * WEEK, rel=1e-6)


@given(st.integers(500, 900_000), st.integers(1, 60), st.integers(0, 40), st.integers(0, 500))
def test_no_rule_of_leaving_beats_the_bound(teu_milli, days, least, usd):
    """What the rule costs is at least the bound, which does not fall with demand."""
    one = train("T", least=least, usd=usd)
    run, teu, week_cents = gathered([(teu_milli, days * 1440)], one), teu_milli / 1000, 20_000.0
    cost = run.usd_cents + week_cents * run.wait_minutes / WEEK * teu + one.usd_cents_per_teu * teu
    bare = Train(40, least, one.fixed_usd_cents, one.usd_cents_per_teu)
    bounds = [least_run(teu * part, bare, days / 7, week_cents) for part in (0, 0.3, 0.9, 1, 1.7)]
    assert bounds == sorted(bounds)
    assert bounds[3] <= cost * (1 + 1e-9)


def test_the_least_over_a_trunk_is_found_by_trying():
    """No subset of lanes, nor any share of them, costs less than the bound; without fixed cost it is exact."""
    lanes = [Lane(10, 300, 900), Lane(25, 500, 700), Lane(60, 800, 500), Lane(5, 100, None)]
    for fixed in (0, 20_000, 500_000):
        bare = Train(40, 0, fixed, 0)
        bound = least_trunk(lanes, bare, 1.0, 5_000.0)
        costs = []
        for mask in range(8):
            hub = [lane for n, lane in enumerate(lanes) if lane.direct is None or mask >> n & 1]
            alone = sum(lane.teu * (lane.direct or 0) for lane in lanes if lane not in hub)
            run = least_run(sum(lane.teu for lane in hub), bare, 1.0, 5_000.0)
            costs.append(run + alone + sum(lane.teu * lane.by_hub for lane in hub))
        assert bound <= min(costs) + 1e-6
        assert bound >= 0.93 * min(costs)
