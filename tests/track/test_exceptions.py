"""Exceptions that states and time make, tasks that exceptions open, and what closes them."""

from __future__ import annotations

import pytest

from landport.model import facts as f
from landport.model import troubles
from landport.model.troubles import EXCEPTIONS
from landport.track import closings, due_exceptions, fact_from, task_for, task_text
from tests.track.facts import BORDER, HUB, ONE_OF_EACH, ORDER, TO_BORDER, at, event, planned
from tests.track.test_readiness import STEPS
from tests.track.world import BOX, CARGO, TRAIN, World


def ready(w: World, *, hours: float) -> World:
    for fact in STEPS.values():
        w.say(BOX, fact, CARGO, hours=hours)
    return w


def due(w: World, now: float, **limits) -> list[tuple[str, dict]]:
    found = due_exceptions([s for (kind, _), s in w.states.items() if kind == "container"], at(now), **limits)
    return [(draft.type, draft.payload) for draft in found]


def take(w: World, now: float, **limits) -> World:
    """Append what is due, and the tasks of it."""
    for draft in due_exceptions([w[BOX]], at(now), **limits):
        w.say(draft.stream, fact_from(draft.type, draft.payload), *draft.about, hours=now)
        open_task(w)
    return w


def open_task(w: World) -> None:
    task = task_for(w.log[-1], w.log[-1].recorded_at)
    w.say(task.stream, fact_from(task.type, task.payload), *task.about)


def close(w: World) -> list[tuple[str, str]]:
    """Close the tasks that are over after the last event; answer how."""
    tasks = [s for (kind, _), s in w.states.items() if kind == "task"]
    found = closings(w.log[-1], tasks, lambda *key: w.states.get(key))
    for draft in found:
        w.say(draft.stream, fact_from(draft.type, draft.payload), *draft.about)
    return [(w[draft.stream].exception, w[draft.stream].how) for draft in found]


def test_a_container_that_is_not_ready_misses_its_cut_off_once():
    """At the cut-off, not before; the fact says what it lacked then."""
    w = World().say(BOX, planned(), CARGO, TRAIN, hours=0).say(BOX, STEPS["gated_in"], hours=5)
    assert due(w, 19.9) == []
    [draft] = due_exceptions([w[BOX]], at(20))
    assert (draft.stream, draft.about, draft.happened_at) == (BOX, (CARGO, TRAIN), at(20))
    assert draft.payload["lacked"] == ["weighed", "released", "sealed", "note_issued"]
    take(w, 20)
    assert due(w, 21) == []
    assert w[BOX].has_open("CutOffMissed")
    w.say(BOX, planned(plan_digest="d2", cut_off_at=at(22)), CARGO)
    assert not w[BOX].has_open("CutOffMissed")
    assert due(w, 30) == []


def test_a_container_that_is_ready_misses_nothing():
    """What comes after the cut-off, good or bad, changes nothing of it."""
    w = ready(World().say(BOX, planned(), hours=0), hours=10)
    assert due(w, 30) == []
    assert due(w.say(BOX, troubles.CustomsHeld(why="x"), hours=21), 30) == []
    late = ready(World().say(BOX, planned(), hours=0), hours=20.5)
    assert [kind for kind, _ in due(late, 30)] == ["CutOffMissed"]


def test_who_has_no_cut_off():
    """What stays, what has no train, what rides, and what was to ride a cancelled train."""
    assert due(World().say(BOX, planned(rides=(), cut_off_at=None)), 30) == []
    assert due(World().say(BOX, planned(cut_off_at=None)), 30) == []
    assert due(World().say(BOX, planned()).say(BOX, f.ContainerWithdrawn(plan_digest="d2")), 30) == []
    w = World().say(BOX, planned(), hours=0).say(TRAIN, troubles.PathCancelled(why="x"), BOX, hours=1)
    assert due(w, 30) == []
    w = World().say(BOX, planned(), hours=0).say(TRAIN, f.TrainDeparted(at_id=HUB), BOX, hours=19)
    assert due(w, 30) == []
    assert due(w.say(TRAIN, f.TrainArrived(at_id=BORDER), BOX, hours=40), 41) == []
    assert due(w.say(BOX, f.ContainerUnloaded(departure_id="D1", at_id=BORDER), hours=41), 42) == []
    w = World().say(BOX, planned(), hours=0).say("train/D9", f.TrainDeparted(at_id=HUB), BOX, hours=19)
    assert due(w, 30) == []


def test_too_heavy_once_per_mass():
    """Above the limit of its type; the same mass is told once, another one again."""
    limits = {"most_kg": {"40HC": 30_480}}
    w = World().say(BOX, planned(cut_off_at=None)).say(BOX, f.ContainerWeighed(gross_kg=30_480))
    assert due(w, 9, **limits) == []
    w.say(BOX, f.ContainerWeighed(gross_kg=30_481))
    assert due(w, 9) == due(w, 9, most_kg={"20GP": 1}) == []
    said = {"gross_kg": 30_481, "most_kg": 30_480}
    assert due(w, 9, **limits) == [("ContainerOverweight", said)]
    take(w, 9, **limits)
    assert due(w, 9, **limits) == []
    w.say(BOX, f.ContainerWeighed(gross_kg=31_000))
    assert (w[BOX].has_open("ContainerOverweight"), close(w)) == (True, [])
    assert [kind for kind, _ in due(w, 9, **limits)] == ["ContainerOverweight"]
    w.say(BOX, f.ContainerWeighed(gross_kg=30_000))
    assert close(w) == [("ContainerOverweight", "resolved")]
    assert due(w, 9, **limits) == []


@pytest.mark.parametrize("fact", [x for x in ONE_OF_EACH if type(x).__name__ in EXCEPTIONS], ids=lambda x: str(type(x)))
def test_every_exception_opens_a_task_in_words(fact):
    """One sentence; the task is about all that the event is about, and is opened once."""
    said = event(BOX, fact, about=(CARGO, TRAIN))
    text = task_text(said)
    assert text.endswith(".")
    assert "C1" in text
    task = task_for(said, at(3))
    assert (task.stream, task.expected_version, task.cause) == ("task/E000001", 0, "E000001")
    assert task.payload == {"exception": type(fact).__name__, "event_id": "E000001", "text": text}
    w = World().say(BOX, planned())
    w.say(task.stream, fact_from(task.type, task.payload), *task.about)
    assert (w[task.stream].status, w[task.stream].about) == ("open", (BOX, CARGO, TRAIN))


def test_words():
    """What lacked is said in words."""
    missed = troubles.CutOffMissed(departure_id="D1", cut_off_at=at(20), lacked=("weighed", "sealed"))
    assert task_text(event(BOX, missed)) == "At the cut-off of D1, container C1 was not weighed, not sealed."
    assert task_text(event(TRAIN, troubles.PathCancelled(why="works."))) == "The path of train D1 is cancelled: works."


MENDED = [
    (troubles.CustomsHeld(why="x"), f.ContainerReleased(), "resolved"),
    (troubles.ContainerDamaged(what="x"), troubles.ContainerRepaired(), "resolved"),
    (troubles.ContainerDamaged(what="x"), f.ContainerDelivered(at_id="door"), "resolved"),
    (troubles.CustomsHeld(why="x"), f.ContainerWithdrawn(plan_digest="d2"), "repaired"),
    (troubles.ContainerOverweight(gross_kg=25_000, most_kg=24_000), planned(gross_kg=25_000), "repaired"),
    (troubles.ContainerOverweight(gross_kg=25_000, most_kg=24_000), f.ContainerWeighed(gross_kg=24_000), "resolved"),
]


@pytest.mark.parametrize(("wrong", "right", "how"), MENDED, ids=lambda x: type(x).__name__)
def test_what_is_right_again_closes_its_task(wrong, right, how):
    """Once, and no other task."""
    w = World().say(BOX, planned()).say(BOX, f.ContainerWeighed(gross_kg=25_000))
    w.say(BOX, wrong, CARGO)
    open_task(w)
    w.say(BOX, f.ContainerSealed(seals=("S1",)))
    assert close(w) == []
    w.say(BOX, right)
    assert close(w) == [(type(wrong).__name__, how)]
    w.say(BOX, right)
    assert close(w) == []


BY_TRAIN = planned(cut_off_at=at(20), wagon_departure_id="D1", wagon_seq=1, wagon_position=1)
OTHER = f.PlannedRide(departure_id="D7", from_id=HUB, to_id=BORDER, departs_at=at(30), arrives_at=at(46))
REPAIRS = [
    (
        BOX,
        troubles.CutOffMissed(departure_id="D1", cut_off_at=at(20), lacked=("sealed",)),
        planned(cut_off_at=at(23)),
        True,
    ),
    (
        BOX,
        troubles.CutOffMissed(departure_id="D1", cut_off_at=at(20), lacked=("sealed",)),
        planned(cut_off_at=at(20)),
        False,
    ),
    (TRAIN, troubles.PathCancelled(why="x"), planned(OTHER), True),
    (TRAIN, troubles.PathCancelled(why="x"), BY_TRAIN, False),
    (TRAIN, troubles.HandOverCancelled(at_id=BORDER, why="x"), planned(OTHER), True),
    (TRAIN, troubles.HandOverCancelled(at_id=BORDER, why="x"), planned(TO_BORDER), False),
    ("wagon/W1", troubles.WagonBadOrdered(departure_id="D1", why="x"), BY_TRAIN, False),
    (
        "wagon/W1",
        troubles.WagonBadOrdered(departure_id="D1", why="x"),
        planned(wagon_departure_id="D1", wagon_seq=2),
        True,
    ),
    (BOX, troubles.ContainerDamaged(what="x"), planned(OTHER), False),
    (BOX, troubles.CustomsHeld(why="x"), planned(OTHER), False),
    ("order/O1", ORDER, planned(OTHER), True),
]


@pytest.mark.parametrize(("stream", "wrong", "plan", "is_mended"), REPAIRS)
def test_a_new_plan_mends_what_it_goes_round(stream, wrong, plan, is_mended):
    """Another train, another wagon, a later cut-off; never damage nor a hold."""
    w = World().say(BOX, BY_TRAIN, hours=0)
    w.say(stream, wrong, BOX, hours=20)
    open_task(w)
    w.say(BOX, plan, CARGO)
    assert close(w) == ([(type(wrong).__name__, "repaired")] if is_mended else [])


def test_a_task_about_many_is_over_when_all_are():
    """The last of two containers of a cancelled train that finds another one closes it."""
    w = World().say(BOX, planned()).say("container/C2", planned())
    w.say(TRAIN, troubles.PathCancelled(why="x"), BOX, "container/C2")
    open_task(w)
    w.say(BOX, planned(OTHER))
    assert close(w) == []
    w.say("container/C2", planned(OTHER))
    assert close(w) == [("PathCancelled", "repaired")]


def test_what_rides_after_all_has_missed_nothing():
    """A train that takes a late container along closes its task."""
    w = take(World().say(BOX, planned(), hours=0), 20)
    w.say(TRAIN, f.TrainDeparted(at_id=HUB), BOX)
    assert close(w) == [("CutOffMissed", "resolved")]


def test_an_order_that_is_lifted_closes_its_task():
    """With containers or without."""
    w = World().say(BOX, planned()).say("order/O1", ORDER, BOX)
    open_task(w)
    w.say("order/O2", ORDER)
    open_task(w)
    w.say("order/O1", troubles.OrderLifted(), BOX)
    assert close(w) == [("OrderIssued", "resolved")]
    assert w[BOX].exceptions == ()
    w.say("order/O2", troubles.OrderLifted())
    assert close(w) == [("OrderIssued", "resolved")]
    assert w["order/O1"].status == "lifted"


def test_a_task_without_containers_is_closed_by_hand():
    """Nothing tells that a train without containers is right again."""
    w = World().say(TRAIN, troubles.PathCancelled(why="x"))
    open_task(w)
    w.say(TRAIN, f.TrainDeparted(at_id=HUB))
    assert close(w) == []
    proposed = troubles.RepairProposed(plan_digest="d2", usd_cents=500, n_moved=2, n_left=1, text="ride D7")
    w.say("task/E000001", proposed)
    assert (w["task/E000001"].status, w["task/E000001"].proposal) == ("proposed", "ride D7")
    w.say("task/E000001", troubles.TaskClosed(how="dismissed", why="no matter"))
    assert (w["task/E000001"].status, w["task/E000001"].how) == ("closed", "dismissed")
