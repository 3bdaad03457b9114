"""Plain timetables: the front against brute force, the earliest arrival, and every way recounted."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from landport.model.stop_times import StopTimes, StopWay
from landport.route import plain
from landport.route.plain import EPS, Plain
from tests.route.stop_times import every_value, front, random_times, step

EXACT = (0, 0, 0)


def value_of(way: StopWay) -> tuple[int, int, int]:
    return way.arrives_at, way.cost, way.gauge_changes


def recounted(times: StopTimes, way: StopWay, origin: int, at: int) -> tuple[int, int, int]:
    """Walk the legs a way names and count what they take."""
    index = {(times.trip_ids[t], int(s)): i for i, (t, s) in enumerate(zip(times.trip, times.seq, strict=True))}
    legs = [index[name] for name in way.legs]
    assert times.from_stop[legs[0]] == origin
    cost = gauges = 0
    before = None
    for leg in legs:
        paid = step(times, before, leg, at)
        assert paid is not None, f"leg {leg} cannot follow {before}"
        assert before is None or times.to_stop[before] == times.from_stop[leg]
        cost, gauges, before = cost + paid[0], gauges + paid[1], leg
    return int(times.arrives_at[legs[-1]]), cost, gauges


@pytest.mark.parametrize("seed", range(60))
def test_exact_front_is_that_of_brute_force(seed: int) -> None:
    """Every value of the front, and nothing else, with a way that takes what it says."""
    times = random_times(seed)
    engine = Plain(times)
    found = 0
    for origin in range(3):
        for target in range(3, 6):
            for at in (0, 30):
                expected = front(every_value(times, origin, target, at))
                answer = engine.ways(f"S{origin}", f"S{target}", at, eps=EXACT)
                assert [value_of(w) for w in answer.pareto] == sorted(expected)
                assert answer.is_complete
                found += len(expected)
                for way in answer.pareto:
                    assert recounted(times, way, origin, at) == value_of(way)
                    assert times.to_stop[[*way_legs(times, way)][-1]] == target
                assert (answer.earliest is None) == (not expected)
                if answer.earliest:
                    assert answer.earliest == answer.pareto[0]
    assert found > 0


def way_legs(times: StopTimes, way: StopWay) -> list[int]:
    index = {(times.trip_ids[t], int(s)): i for i, (t, s) in enumerate(zip(times.trip, times.seq, strict=True))}
    return [index[name] for name in way.legs]


@pytest.mark.parametrize("seed", range(20))
def test_earliest_alone_arrives_when_the_front_does_and_is_a_way(seed: int) -> None:
    """The scan for the earliest arrival agrees with the front, and its way can be ridden."""
    times = random_times(seed, n_trips=14)
    engine = Plain(times)
    for origin in range(6):
        for target in range(6):
            if origin == target:
                continue
            alone = engine.earliest(f"S{origin}", f"S{target}", 10)
            answer = engine.ways(f"S{origin}", f"S{target}", 10, eps=EXACT)
            assert (alone is None) == (not answer.pareto)
            if alone:
                assert alone.arrives_at == answer.pareto[0].arrives_at
                assert recounted(times, alone, origin, 10) == value_of(alone)


@pytest.mark.parametrize("seed", range(30))
def test_eps_leaves_out_only_what_something_kept_is_near_to(seed: int) -> None:
    """For each value of the exact front there is one kept that is at most eps worse."""
    times = random_times(seed, n_trips=14, horizon=200)
    engine = Plain(times)
    eps = (15, 4, 0)
    for origin in range(3):
        exact = engine.ways(f"S{origin}", "S5", 0, eps=EXACT).pareto
        answer = engine.ways(f"S{origin}", "S5", 0, eps=eps)
        assert not answer.is_complete
        kept = [value_of(w) for w in answer.pareto]
        assert len(kept) <= len(exact)
        for way in exact:
            assert any(all(k <= v + e for k, v, e in zip(w, value_of(way), eps, strict=True)) for w in kept)
        if exact:
            assert answer.earliest is not None
            assert answer.earliest.arrives_at == exact[0].arrives_at


@pytest.mark.parametrize("seed", range(20))
def test_one_to_all_profile_and_latest_agree_with_brute_force(seed: int) -> None:
    """At every stop, from every minute at which something leaves."""
    times = random_times(seed)
    engine = Plain(times)
    minutes = sorted({int(m) for m in times.departs_at})
    for at in minutes[:4]:
        everywhere = engine.everywhere("S0", at)
        for target in range(1, 6):
            first = min((v[0] for v in every_value(times, 0, target, at)), default=-1)
            assert everywhere[target] == first
        assert everywhere[0] == at
    for target in range(1, 6):
        profile = engine.profile("S0", f"S{target}")
        assert list(profile) == sorted(profile)
        by_hand = {m: min((v[0] for v in every_value(times, 0, target, m)), default=None) for m in minutes}
        for at, first in by_hand.items():
            assert next((arrives for departs, arrives in profile if departs >= at), None) == first
        for departs, arrives in profile:
            assert engine.latest("S0", f"S{target}", arrives) == departs
            assert (engine.latest("S0", f"S{target}", arrives - 1) or -1) < departs


def dense(seed: int) -> StopTimes:
    """Many trips, slow and fast, with hardly more than a change to each other."""
    return random_times(seed, n_stops=9, n_trips=30, horizon=90)


@pytest.mark.parametrize("seed", range(24))
def test_dense_fronts_are_those_of_brute_force(seed: int) -> None:
    """With many ways to each stop, of which later ones are faster or cheaper."""
    times = dense(seed)
    engine = Plain(times)
    for origin, target in ((0, 8), (1, 7), (2, 6)):
        expected = front(every_value(times, origin, target, 0))
        answer = engine.ways(f"S{origin}", f"S{target}", 0, eps=EXACT)
        assert [value_of(w) for w in answer.pareto] == sorted(expected)


@pytest.mark.parametrize("seed", range(24))
def test_eps_does_not_add_up(seed: int) -> None:
    """However many changes: for each value of the exact front there is one kept that is at most eps worse."""
    engine = Plain(dense(seed))
    for eps in ((15, 4, 0), (30, 8, 0), (5, 2, 1)):
        for origin, target in ((0, 8), (1, 7), (2, 6), (3, 5), (4, 0)):
            exact, answer = (engine.ways(f"S{origin}", f"S{target}", 0, eps=e).pareto for e in (EXACT, eps))
            kept = [value_of(w) for w in answer]
            for way in exact:
                assert any(all(k <= v + e for k, v, e in zip(w, value_of(way), eps, strict=True)) for w in kept)


@pytest.mark.parametrize("seed", range(6))
def test_want_of_room_is_told(seed: int) -> None:
    """With room for a few ways only: either the front is exact, or it says that it may not be."""
    engine, told = Plain(dense(seed)), set()
    for origin, target in ((0, 8), (1, 7), (2, 6)):
        exact = engine.ways(f"S{origin}", f"S{target}", 0, eps=EXACT)
        for most in range(4, 200, 7):
            with patch.object(plain, "ROOM", (most,)):
                answer = engine.ways(f"S{origin}", f"S{target}", 0, eps=EXACT)
            told.add(answer.is_complete)
            if answer.is_complete:
                assert [value_of(w) for w in answer.pareto] == [value_of(w) for w in exact.pareto]
    assert told == {True, False}


def test_load_at_its_stop_has_arrived() -> None:
    """Nothing to do takes nothing."""
    answer = Plain(random_times(1)).ways("S1", "S1", 17)
    assert answer.earliest == StopWay(arrives_at=17, cost=0, gauge_changes=0, legs=())
    assert answer.pareto == (answer.earliest,)
    assert EPS != EXACT
    assert answer.is_complete
