"""Deviations and ETA of a container over a road and two trains: planned at 24-40 h and 48-80 h."""

from __future__ import annotations

from datetime import timedelta

import pytest

from landport.model import facts as f
from landport.model import troubles
from landport.track import DEVIATIONS, Eta, deviations, eta
from tests.track.facts import BORDER, HUB, ROAD, TASHKENT, TO_BORDER, TO_TASHKENT, at, planned
from tests.track.world import BOX, TRAIN, World, journey

SECOND = "train/D2"
MOVES = (
    (BOX, f.ContainerGatedIn(at_id=HUB)),
    (BOX, f.ContainerLoaded(departure_id="D1", at_id=HUB)),
    (TRAIN, f.TrainDeparted(at_id=HUB)),
    (TRAIN, f.TrainArrived(at_id=BORDER)),
    (BOX, f.ContainerUnloaded(departure_id="D1", at_id=BORDER)),
    (BOX, f.ContainerLoaded(departure_id="D2", at_id=BORDER)),
    (SECOND, f.TrainDeparted(at_id=BORDER)),
    (SECOND, f.TrainArrived(at_id=TASHKENT)),
)


def moved(*hours: float, plan=None) -> World:
    """Make as many moves as there are hours given."""
    w = World().say(BOX, plan or planned(), TRAIN, SECOND, hours=0)
    for (stream, fact), hour in zip(MOVES, hours, strict=False):
        w.say(stream, fact, BOX, hours=hour)
    return w


def seen(w: World, now: float, subject=BOX) -> list[tuple[str, str, int]]:
    trains = {i: state for (kind, i), state in w.states.items() if kind == "train"}
    found = deviations(w[subject], at(now), trains)
    assert {d.kind for d in found} <= set(DEVIATIONS)
    return [(d.kind, d.at_id, d.minutes) for d in found]


def foreseen(w: World, now: float, *, with_trains: bool = True) -> Eta:
    trains = {i: state for (kind, i), state in w.states.items() if kind == "train" and with_trains}
    return eta(w[BOX], at(now), trains)


def test_minutes_late_and_early():
    """Each departure and arrival against the plan."""
    w = moved(5.5, 10, 25, 39, 41, 42, 48, 82)
    late = [("departed", HUB, 60), ("arrived", BORDER, -60), ("departed", BORDER, 0), ("arrived", TASHKENT, 120)]
    assert seen(w, 90) == [("arrived", HUB, -30), *late]
    assert seen(w, 90, TRAIN) == [("departed", HUB, 60), ("arrived", BORDER, -60)]


def test_what_should_have_happened():
    """Up to now."""
    assert seen(moved(), 3) == [("not-departed", "CN-SHIHEZI", 60)]
    assert ("not-arrived", BORDER, 90) in seen(moved(5, 10, 24), 41.5)
    assert seen(moved(5, 10), 25, TRAIN) == [("not-departed", HUB, 60)]
    assert seen(moved(5, 10, 24), 41, TRAIN) == [("departed", HUB, 0), ("not-arrived", BORDER, 60)]
    assert seen(moved(), 24, TRAIN) == []


def test_wrong_train_left_behind_and_missed_connection():
    """The train that left without it, and the one that it rides instead."""
    w = moved(5).say(TRAIN, f.TrainDeparted(at_id=HUB), hours=24)
    assert ("left-behind", HUB, 0) in seen(w, 30)
    assert foreseen(w, 30).missed == ("D1",)
    w = moved(5, 10, 24, 50).say(SECOND, f.TrainDeparted(at_id=BORDER), hours=48.5)
    assert ("missed-connection", BORDER, 30) in seen(w, 50)
    assert foreseen(w, 50) == Eta(arrives_at=None, missed=("D2",), why="it missed D2")
    w.say(BOX, f.ContainerUnloaded(departure_id="D1", at_id=BORDER), hours=51)
    w.say(BOX, f.ContainerLoaded(departure_id="D9", at_id=BORDER), hours=52)
    w.say("train/D9", f.TrainDeparted(at_id=BORDER), BOX, hours=53)
    assert ("wrong-train", BORDER, 0) in seen(w, 54)
    assert "D9, which is not in its plan" in foreseen(w, 54).why


@pytest.mark.parametrize(
    ("hours", "now", "late"),
    [
        ((), 0, 0),  # as planned
        ((5,), 10, 0),
        ((5, 10, 26), 26, 0),  # late by two hours, but eight hours to change
        ((5, 10, 24, 40, 41, 42, 49), 50, 60),  # late on its last ride
        ((5, 10, 24, 40, 41, 42, 47), 50, -60),  # early
        ((5, 10, 24, 40, 41, 42, 49), 83, 180),  # should have come three hours ago
        ((5, 10, 24, 40, 41, 42), 49.5, 90),  # its last train should have left
        ((5, 10, 24, 40, 41, 42, 48, 82), 90, 120),  # it is there
    ],
)
def test_eta(hours, now, late):
    """The delay of the ride it is on lasts; a connection that is caught ends it."""
    found = foreseen(moved(*hours), now)
    assert (found.arrives_at, found.delay_minutes) == (at(80) + timedelta(minutes=late), late)
    assert found.at_risk == found.missed == ()


def test_connections_at_risk():
    """The planned gap is eight hours: a delay of eight is caught, of more is not, unless the second train is late."""
    assert foreseen(moved(5, 10, 32), 33).at_risk == ()
    found = foreseen(moved(5, 10, 32.1), 33)
    assert found == Eta(arrives_at=None, at_risk=("D2",), why="it may miss D2")
    long = f.PlannedRide(departure_id="D2", from_id=HUB, to_id=TASHKENT, departs_at=at(20), arrives_at=at(80))
    other = "container/C2"
    w = moved(5, 10, 32.1).say(other, planned(long), SECOND, hours=33)
    w.say(SECOND, f.TrainDeparted(at_id=HUB), other, hours=25)
    assert foreseen(w, 33).at_risk == ()
    assert foreseen(w, 33).delay_minutes == 300


def test_the_last_known_delay_counts():
    """A train that left two hours late and came one hour late is one hour late; what nobody noted is passed over."""
    to_tashkent = f.PlannedRide(departure_id="D1", from_id=BORDER, to_id=TASHKENT, departs_at=at(42), arrives_at=at(80))
    through = f.PlannedRide(departure_id="D1", from_id=HUB, to_id=TASHKENT, departs_at=at(24), arrives_at=at(80))
    w = World().say(BOX, planned(through), TRAIN).say("container/C2", planned(TO_BORDER, to_tashkent), TRAIN)
    w.say(TRAIN, f.TrainDeparted(at_id=HUB), BOX, hours=26)
    assert foreseen(w, 27).delay_minutes == 120
    w.say(TRAIN, f.TrainArrived(at_id=BORDER), BOX, hours=41)
    assert foreseen(w, 41).delay_minutes == 60
    assert seen(w, 43, TRAIN) == [("departed", HUB, 120), ("arrived", BORDER, 60), ("not-departed", BORDER, 60)]
    w.say(TRAIN, f.TrainArrived(at_id=TASHKENT), BOX, hours=80)
    assert seen(w, 81, TRAIN) == [("departed", HUB, 120), ("arrived", BORDER, 60), ("arrived", TASHKENT, 0)]


def test_nothing_known_of_trains():
    """Then a train that should have left is a risk; before, the plan holds."""
    assert foreseen(moved(5), 23, with_trains=False).delay_minutes == 0
    assert foreseen(moved(5), 25, with_trains=False).at_risk == ("D1",)
    assert foreseen(moved(5, 10), 25, with_trains=False).delay_minutes == 0
    assert foreseen(moved(5, 10, 25), 26, with_trains=False).arrives_at == at(80)


def test_a_truck_waits():
    """What is late before a truck on demand is late after it."""
    last = f.PlannedRide(departure_id="", from_id=BORDER, to_id=TASHKENT, departs_at=at(48), arrives_at=at(60))
    assert foreseen(moved(5, 10, 26, plan=planned(ROAD, TO_BORDER, last)), 27).delay_minutes == 120
    w = moved(5, 10, 24, 40, 41, plan=planned(ROAD, TO_BORDER, last))
    assert foreseen(w, 50).delay_minutes == 120
    w.say(BOX, f.ContainerGatedOut(at_id=BORDER), hours=49)
    assert foreseen(w, 50).delay_minutes == 60


def test_cancelled_trains_are_missed():
    """Whether the train says so or the container."""
    w = moved(5).say(SECOND, troubles.PathCancelled(why="works"), hours=20)
    assert foreseen(w, 20).missed == ("D2",)
    w = moved(5, 10).say(TRAIN, troubles.HandOverCancelled(at_id=BORDER, why="x"), BOX, hours=20)
    assert foreseen(w, 20, with_trains=False).missed == ("D1",)


def test_no_plan_no_eta():
    """Without a plan, with one that leaves it, and after it was withdrawn."""
    assert eta(World().say(BOX, f.ContainerGatedIn(at_id=HUB))[BOX], at(1)).why == "no plan carries it"
    waits = planned(rides=(), left_code="full", cut_off_at=None)
    w = World().say(BOX, waits, hours=0)
    assert (w[BOX].status, foreseen(w, 1).arrives_at, seen(w, 1)) == ("waiting", None, [])
    assert foreseen(moved().say(BOX, f.ContainerWithdrawn(plan_digest="d2"), hours=1), 1).arrives_at is None


def test_after_delivery_nothing_is_late():
    """Only what happened is told."""
    assert {kind for kind, _, _ in seen(journey(), 1000)} == {"departed", "arrived"}
    assert foreseen(journey(), 1000).arrives_at == at(80)


def test_rides_of_the_plan():
    """The examples above rest on these."""
    assert (TO_BORDER.departs_at, TO_BORDER.arrives_at) == (at(24), at(40))
    assert (TO_TASHKENT.departs_at, TO_TASHKENT.arrives_at) == (at(48), at(80))
