"""The gate of the simulation: right by theory, and by a slow twin."""

from __future__ import annotations

from datetime import UTC, datetime
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.simulate import Habits, compare
from landport.simulate._kernel import NEVER, book, serve
from tests.appointments.ports import hours, port, side

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def slow_serve(comes, turns, work, calendar):
    """Second by second: give each free lane the first of those that stand there."""
    served = [[NEVER, NEVER] for _ in comes]
    free = [0] * 9
    for at in range(max((row[1] for row in calendar), default=0)):
        lanes, mean = next(((row[2], row[3]) for row in calendar if row[0] <= at < row[1]), (0, 0))
        for lane in range(lanes):
            there = [n for n in range(len(comes)) if served[n][0] == NEVER and comes[n] <= at]
            if free[lane] <= at and there:
                first = min(there, key=lambda n: (turns[n], n))
                free[lane] = at + max(1, work[first] * mean // 1_000_000)
                served[first] = [at, free[lane]]
    return served


def slow_book(wanted, order, closes, places):
    """Try every window."""
    left, found = list(places), [-1] * len(wanted)
    for truck in order:
        fits = [w for w, close in enumerate(closes) if close > wanted[truck] and left[w] > 0]
        if fits:
            found[truck] = fits[0]
            left[fits[0]] -= 1
    return found


def erlang_wait(lanes, rate, service):
    load = rate * service
    last = load**lanes / factorial(lanes) * lanes / (lanes - load)
    return last / (sum(load**k / factorial(k) for k in range(lanes)) + last) * service / (lanes - load)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_the_kernel_serves_as_its_slow_twin(data):
    """Same beginnings and ends for any trucks, turns and lanes."""
    n = data.draw(st.integers(0, 12))
    numbers = st.lists(st.integers(0, 40), min_size=n, max_size=n)
    comes, turns, work = data.draw(numbers), data.draw(numbers), data.draw(numbers)
    work = [k * 50_000 for k in work]
    edges = sorted(data.draw(st.lists(st.integers(0, 90), min_size=0, max_size=8, unique=True)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    calendar = [(a, b, data.draw(st.integers(1, 3)), data.draw(st.integers(1, 9))) for a, b in pairs]
    arrays = [np.array(values, np.int64) for values in (comes, turns, work)]
    order = np.argsort(arrays[0], kind="stable")
    found = serve(arrays[0], order, *arrays[1:], np.array(calendar, np.int64).reshape(-1, 4))
    assert found.tolist() == slow_serve(comes, turns, work, calendar)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_windows_are_booked_as_by_the_slow_twin(data):
    """Each gets the first window left that is not over when it wants to cross."""
    n, w = data.draw(st.integers(1, 15)), data.draw(st.integers(0, 8))
    wanted = data.draw(st.lists(st.integers(0, 40), min_size=n, max_size=n))
    order = data.draw(st.permutations(range(n)))[: data.draw(st.integers(0, n))]
    closes = sorted(data.draw(st.lists(st.integers(0, 45), min_size=w, max_size=w, unique=True)))
    places = data.draw(st.lists(st.integers(0, 3), min_size=w, max_size=w))
    arrays = [np.array(values, np.int64) for values in (wanted, order, closes, places)]
    assert book(*arrays).tolist() == slow_book(wanted, order, closes, places)


@pytest.mark.parametrize(("lanes", "service", "load"), [(1, 600, 0.8), (3, 900, 0.85)])
def test_trucks_at_random_wait_as_erlang_says(lanes, service, load):
    """M/M/c: the mean wait of the walk-in policy is within three standard errors of Erlang's formula."""
    border = port(side("X", "UTC", hours(0, 24, lanes, service)))
    per_day = load * lanes * 86400 / service
    found = compare(border, "general", per_day, NOW, n_days=1500, seed=1).walk_in
    exact = erlang_wait(lanes, per_day / 1440, service / 60)
    assert found.wait.mean.error < 0.04 * exact
    assert abs(found.wait.mean.mean - exact) <= 3 * found.wait.mean.error
    assert abs(found.stay.mean.mean - exact - service / 60) <= 3 * found.stay.mean.error
    assert found.unserved == 0
    assert found.shift.mean.mean == 0


def test_services_of_one_length_wait_half_as_long():
    """M/D/1: Pollaczek and Khinchine's formula, within three standard errors."""
    border = port(side("X", "UTC", hours(0, 24, 1, 600, cv_percent=0)))
    found = compare(border, "general", 0.8 * 144, NOW, n_days=1500, seed=2).walk_in
    assert abs(found.wait.mean.mean - 0.8 / 0.2 * 10 / 2) <= 3 * found.wait.mean.error


def test_a_quota_serves_the_same_trucks_and_the_seed_decides():
    """Both policies serve all; the same seed gives the same answer, and another one another."""
    border = port(side("X", "Asia/Shanghai", hours(8, 18, 2, 900)), side("Y", "Asia/Almaty", hours(7, 17, 2, 800)))
    one, same, other = (
        compare(border, "general", 60, NOW, n_days=60, seed=seed, kappa_percent=95, habits=Habits(lead_minutes=600))
        for seed in (1, 1, 2)
    )
    assert repr(one) == repr(same) != repr(other)
    assert one.quota.unserved == one.walk_in.unserved == 0
    assert one.quota.stay.mean.mean < one.walk_in.stay.mean.mean
    assert one.quota.total.mean.mean == pytest.approx(one.quota.stay.mean.mean + one.quota.shift.mean.mean)
    assert one.load_percent.mean == pytest.approx(100 * 60 * 900 / 8 / 3600 / 2, abs=3 * one.load_percent.error)


def test_who_wants_a_window_and_finds_none_is_not_served():
    """Fewer places than trucks are told as trucks that found no end, not as trucks that came without a window."""
    border = port(side("X", "UTC", hours(8, 18, 1, 600)), side("Y", "UTC", hours(8, 18, 1, 600)))
    found = compare(border, "general", 50, NOW, n_days=60, seed=4, kappa_percent=40)
    assert found.walk_in.unserved == 0
    assert found.quota.unserved > 100
