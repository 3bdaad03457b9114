"""The live queue: fair within a class, nobody starves, no lane idles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from landport.appointments import Waiting, in_order, next_called, points
from landport.appointments.calling import may_be_called, most_head_start, turn_at
from landport.model.border import ChannelRule, GatePolicy
from tests.appointments.ports import port, side

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHANNELS = (
    ChannelRule(channel="general"),
    ChannelRule(channel="perishable", points=120),
    ChannelRule(channel="dangerous", gives=False, takes=False),
)
BORDER = port(side("X", "UTC"), channels=CHANNELS, policy=GatePolicy(grace_minutes=60, early_minutes=90))

minutes = st.integers(-400, 400)


@st.composite
def trucks(draw, name="A"):
    opens_at = draw(st.none() | minutes.map(lambda n: NOW + timedelta(minutes=15 * (n // 15))))
    presented = draw(st.none() | st.integers(0, 400).map(lambda n: NOW - timedelta(minutes=n)))
    queued_at = opens_at or presented or NOW
    channel = draw(st.sampled_from([rule.channel for rule in CHANNELS]))
    return Waiting(name, channel, opens_at, queued_at, presented, draw(st.booleans()), draw(st.booleans()))


queues = st.lists(trucks(), max_size=12).map(
    lambda found: [replace(truck, appointment_id=f"A{n:02}") for n, truck in enumerate(found)]
)


def after(minutes_later):
    return NOW + timedelta(minutes=minutes_later)


def test_points_are_as_published():
    """Head starts, and one point a minute since the window opened or the truck joined."""
    booked = Waiting("A", "perishable", after(-30), after(-30), after(-200), is_ready=True, is_aeo=True)
    assert points(BORDER, booked, NOW) == 120 + 60 + 30 + 30
    assert points(BORDER, Waiting("B", "general", None, after(-45), after(-45)), NOW) == 45
    slow = replace(BORDER, policy=replace(BORDER.policy, ageing_percent=50))
    assert points(slow, Waiting("B", "general", None, after(-45), after(-45)), NOW) == 22


def test_late_trucks_go_behind():
    """Within the grace a truck keeps its turn; after it the turn is when it came, or now."""
    kept = Waiting("A", "general", after(-150), after(-150), after(-30))
    late = replace(kept, presented_at=after(-29))
    absent = replace(kept, presented_at=None)
    assert turn_at(BORDER, kept, NOW) == after(-150)
    assert turn_at(BORDER, late, NOW) == after(-29)
    assert turn_at(BORDER, absent, NOW) == NOW


def test_a_lane_takes_its_own_first_then_gives():
    """Others use an idle lane if it gives and they take; nobody else gets one of dangerous goods."""
    general = Waiting("G", "general", None, after(-500), after(-500))
    green = Waiting("P", "perishable", after(-1), after(-1), after(-1))
    danger = Waiting("D", "dangerous", None, after(-900), after(-900))
    absent = Waiting("Q", "perishable", after(-60), after(-60))
    early = Waiting("E", "perishable", after(90), after(90), after(-5))
    assert next_called(BORDER, [general, green, danger, absent], "perishable", NOW) == green
    assert next_called(BORDER, [general, danger, absent], "perishable", NOW) == general
    assert next_called(BORDER, [danger, absent], "perishable", NOW) == absent
    assert next_called(BORDER, [early, absent], "perishable", NOW) == early
    assert next_called(BORDER, [replace(early, opens_at=after(91))], "perishable", NOW) is None
    assert next_called(BORDER, [replace(early, presented_at=None)], "perishable", NOW) is None
    assert next_called(BORDER, [general, green], "dangerous", NOW) is None
    assert next_called(BORDER, [danger], "general", NOW) is None


@settings(deadline=None)
@given(queues, st.sampled_from([rule.channel for rule in CHANNELS]))
def test_nobody_of_a_class_overtakes(queue, lane):
    """Called one after the other, those there of a class come in order of their turns; the board says the same."""
    called = []
    left = list(queue)
    while truck := next_called(BORDER, left, lane, NOW):
        called.append(truck)
        left.remove(truck)
    for order in (called, in_order(BORDER, queue, NOW)):
        classes = {}
        for truck in order:
            is_there = (truck.presented_at is None, may_be_called(BORDER, truck, NOW))
            kind = (truck.channel, truck.is_ready, truck.is_aeo, is_there)
            classes.setdefault(kind, []).append((turn_at(BORDER, truck, NOW), truck.appointment_id))
        assert all(turns == sorted(turns) for turns in classes.values())
    assert sorted(t.appointment_id for t in in_order(BORDER, queue, NOW)) == [t.appointment_id for t in queue]


@settings(deadline=None)
@given(queues, st.sampled_from([rule.channel for rule in CHANNELS]))
def test_no_lane_idles(queue, lane):
    """A lane calls nobody only if nobody may be called who may use it."""
    rules = {rule.channel: rule for rule in CHANNELS}
    able = [
        truck
        for truck in queue
        if (truck.opens_at is None or truck.opens_at <= NOW or (truck.presented_at and truck.opens_at <= after(90)))
        and (truck.channel == lane or (rules[lane].gives and rules[truck.channel].takes))
    ]
    called = next_called(BORDER, queue, lane, NOW)
    assert (called is None) == (not able)
    assert called is None or called in able


@settings(deadline=None)
@given(trucks(), trucks("B"), st.integers(0, 500))
def test_ageing_bounds_how_far_one_is_overtaken(first, second, minutes_on):
    """No head start is worth more than its published minutes, now or ever."""
    now = after(minutes_on)
    bound = most_head_start(BORDER)
    assert bound == timedelta(minutes=210)
    if turn_at(BORDER, second, now) > turn_at(BORDER, first, now) + bound:
        assert points(BORDER, first, now) >= points(BORDER, second, now)
    assert most_head_start(replace(BORDER, policy=replace(BORDER.policy, ageing_percent=0))) is None


def test_nobody_starves():
    """Against a stream of favoured trucks that fills the lane for ever, a plain one still gets its turn."""
    plain = Waiting("Z", "general", None, NOW, NOW)
    queue = [plain]
    for n in range(400):
        now = after(10 * n)
        queue += [Waiting(f"A{n}{k}", "general", now, now, now, is_ready=True, is_aeo=True) for k in range(2)]
        called = next_called(BORDER, queue, "general", now)
        queue.remove(called)
        if called == plain:
            break
    assert called == plain
    assert n <= 2 * 90 // 10 + 2  # favoured trucks of the first 90 minutes go before, two each ten minutes
