"""A closure moves its trucks in order, and no more of the others than it must."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from landport.appointments import Booked, Room, shifted

START = datetime(2026, 3, 2, tzinfo=UTC)


def hour(n):
    return START + timedelta(hours=n)


def room(n, capacity, channel="general"):
    return Room(f"{channel}{n:02}", channel, hour(n), capacity)


def in_room(n, count, channel="general"):
    return [Booked(f"{channel}{n:02}.{k}", channel, f"{channel}{n:02}", hour(n), k) for k in range(1, count + 1)]


@st.composite
def cases(draw):
    rooms, booked = [], []
    for channel in ("empty", "general"):
        for n in range(draw(st.integers(1, 12))):
            capacity = draw(st.integers(0, 3))
            rooms.append(room(n, capacity, channel))
            booked += in_room(n, draw(st.integers(0, capacity)), channel)
    begin = draw(st.integers(0, 10))
    return draw(st.permutations(booked)), draw(st.permutations(rooms)), begin, draw(st.integers(begin + 1, 12))


def test_those_who_would_be_overtaken_move_too():
    """Two of a shut window push the next ones on until free places take them up; the last keeps its window."""
    rooms = [room(8, 2), room(9, 2), room(10, 2), room(11, 3), room(12, 2)]
    booked = in_room(8, 2) + in_room(9, 2) + in_room(10, 1) + in_room(11, 2) + in_room(12, 2)
    shift = shifted(booked, rooms, hour(8) + timedelta(minutes=30), hour(9))
    assert shift.moves == (
        ("general08.1", "general08", "general09"),
        ("general08.2", "general08", "general09"),
        ("general09.1", "general09", "general10"),
        ("general09.2", "general09", "general10"),
        ("general10.1", "general10", "general11"),
    )
    assert (shift.unplaced, shift.last_at) == ((), hour(11))


def test_an_empty_closure_moves_nobody():
    """Who is not hit stays, and when no place is left at all the last ones are told so."""
    rooms = [room(8, 1), room(9, 1)]
    booked = in_room(8, 1) + in_room(9, 1)
    assert shifted(booked, rooms, hour(10), hour(12)) == shifted([], rooms, hour(8), hour(9))
    assert shifted(booked, rooms, hour(9), hour(10)).unplaced == ("general09.1",)
    assert shifted(booked, rooms, hour(8), hour(9)).unplaced == ("general09.1",)
    assert shifted(booked, [], hour(8), hour(9)).moves == (("general08.1", "general08", "general09"),)


@settings(deadline=None)
@given(cases())
def test_a_shift_keeps_its_promises(case):
    """Never over capacity, in order, nobody lost or early, nobody in the closure, and nobody moved in vain."""
    booked, rooms, begin, end = case
    shift = shifted(booked, rooms, hour(begin), hour(end))
    at = {one.window_id: one.opens_at for one in rooms}
    places = {one.window_id: one.capacity for one in rooms}
    target = {one.appointment_id: one.window_id for one in booked}
    moved = {name: to for name, _, to in shift.moves}
    assert all(target[name] == from_ != to for name, from_, to in shift.moves)
    assert not moved.keys() & set(shift.unplaced)
    target = {name: window for name, window in (target | moved).items() if name not in shift.unplaced}
    assert all(n <= places[window] for window, n in Counter(target.values()).items())
    assert all(not hour(begin) <= at[window] < hour(end) for window in target.values())
    for channel in ("empty", "general"):
        queue = sorted((one for one in booked if one.channel == channel), key=lambda one: (one.opens_at, one.seat))
        ends = [at[target[one.appointment_id]] for one in queue if one.appointment_id in target]
        assert ends == sorted(ends)
        assert all(at[target[o.appointment_id]] >= o.opens_at for o in queue if o.appointment_id in target)
        lost = [one.appointment_id in shift.unplaced for one in queue]
        assert lost == sorted(lost)  # the last ones
        _nobody_in_vain(queue, target, at, places, (hour(begin), hour(end)))
    assert shift.last_at == max((at[to] for to in moved.values()), default=None)


def _nobody_in_vain(queue, target, at, places, shut):
    """Each moved only because its window is shut, or those before it fill all that lies before where it went."""
    used = Counter()
    last = START
    for one in queue:
        window = target.get(one.appointment_id)
        reach = at[window] if window else hour(99)
        least = max(last, one.opens_at)
        earlier = [w for w in places if w.startswith(one.channel) and least <= at[w] < reach]
        assert all(used[w] >= places[w] or shut[0] <= at[w] < shut[1] for w in earlier)
        if window:
            used[window] += 1
            last = at[window]
