"""What may happen when: the table, its conditions, and the docs that show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from landport.errors import Conflict
from landport.model import facts as f
from landport.model import troubles
from landport.model.facts import FACTS
from landport.track import CHANGES, LEGAL, STATUSES, expect_legal
from landport.track.legal import CONDITIONS, NEW
from tests.track.facts import BORDER, HUB, ORDER, TASHKENT, event, planned
from tests.track.world import BOX, CARGO, TRAIN, WAGON, World, journey

PAGE = (Path(__file__).parents[2] / "docs" / "track.md").read_text("utf-8")


def refusal(w: World, stream, fact, subject="") -> str:
    """Say why a fact may not happen now; empty: it may."""
    subject = subject or stream
    kind, _, subject_id = subject.partition("/")
    try:
        expect_legal(subject, w.states.get((kind, subject_id)), event(stream, fact))
    except Conflict as error:
        return error.message if (error.code, error.about) == ("illegal-move", (subject,)) else "wrong code"
    return ""


def test_the_table_names_what_there_is():
    """Types, statuses and conditions of the table exist, and every moving type of event is in it."""
    assert {t for _, t in LEGAL} <= set(FACTS)
    wrong = [(key, s) for key, statuses in LEGAL.items() for s in statuses if s not in (*STATUSES[key[0]], NEW)]
    assert wrong == []
    assert set(CONDITIONS) <= set(LEGAL)
    free = {t for kind in ("container",) for t in CHANGES[kind]} - {t for kind, t in LEGAL if kind == "container"}
    at_borders = {"AppointmentBooked", "WindowMissed"}
    assert free == {"WagonBadOrdered", "PathCancelled", "HandOverCancelled", "OrderIssued", "OrderLifted"} | at_borders


@pytest.mark.parametrize("key", LEGAL, ids="-".join)
def test_the_docs_have_the_table(key):
    """docs/track.md has one row for each kind and type."""
    assert f"| {key[0]} | `{key[1]}` | {', '.join(LEGAL[key])} |" in PAGE


def test_a_journey_is_legal():
    """Every step of it, for every subject that it is about."""
    w = World()
    for said in journey().log:
        for subject in said.subjects:
            kind, _, subject_id = subject.partition("/")
            expect_legal(subject, w.states.get((kind, subject_id)), said)
        w.take(said)


def test_a_journey_cannot_be_made_twice():
    """After it, nothing that moved the container may happen again."""
    w = journey()
    again = {said.type for said in w.log if said.stream == BOX}
    refused = {said.type for said in w.log if said.stream == BOX and refusal(w, BOX, FACTS_OF[said.type])}
    assert refused == again
    assert "is delivered: ContainerDelivered needs it arrived or unloaded or gated_out" in refusal(
        w, BOX, f.ContainerDelivered(at_id=TASHKENT)
    )


FACTS_OF = {
    "ContainerPlanned": planned(),
    "ContainerNumbered": f.ContainerNumbered(number="MSKU1234565"),
    "ContainerGatedIn": f.ContainerGatedIn(at_id=HUB),
    "ContainerGatedOut": f.ContainerGatedOut(at_id=HUB),
    "ContainerLoaded": f.ContainerLoaded(departure_id="D1", at_id=HUB),
    "ContainerUnloaded": f.ContainerUnloaded(departure_id="D1", at_id=HUB),
    "ContainerDelivered": f.ContainerDelivered(at_id=TASHKENT),
}


def loaded() -> World:
    w = World().say(BOX, planned()).say(BOX, f.ContainerGatedIn(at_id=HUB))
    return w.say(BOX, f.ContainerLoaded(departure_id="D1", at_id=HUB))


def gated_in() -> World:
    return World().say(BOX, planned()).say(BOX, f.ContainerGatedIn(at_id=HUB))


def test_places_must_agree():
    """A container is loaded, unloaded, gated out and taken along where it stands; a train leaves where it came."""
    assert "is at CN-URUMQI, not at KZ" in refusal(gated_in(), BOX, f.ContainerLoaded(departure_id="D1", at_id=BORDER))
    assert "is at CN-URUMQI" in refusal(gated_in(), BOX, f.ContainerGatedOut(at_id=BORDER))
    assert "is at CN-URUMQI" in refusal(loaded(), TRAIN, f.TrainDeparted(at_id=BORDER), BOX)
    w = loaded().say(TRAIN, f.TrainDeparted(at_id=HUB), BOX)
    assert "has only left" in refusal(w, TRAIN, f.TrainArrived(at_id=HUB))
    w.say(TRAIN, f.TrainArrived(at_id=BORDER), BOX)
    assert refusal(w, TRAIN, f.TrainDeparted(at_id=BORDER)) == ""
    assert f"is at {BORDER}" in refusal(w, TRAIN, f.TrainDeparted(at_id=HUB))
    assert f"is at {BORDER}" in refusal(w, BOX, f.ContainerUnloaded(departure_id="D1", at_id=HUB))


def test_trains_must_agree():
    """A container rides, and is unloaded from, the train that it was loaded on."""
    w = loaded()
    assert "stands on D1, not on D2" in refusal(w, "train/D2", f.TrainDeparted(at_id=HUB), BOX)
    assert "stands on D1, not on D2" in refusal(w, BOX, f.ContainerUnloaded(departure_id="D2", at_id=HUB))
    w.say(TRAIN, f.TrainDeparted(at_id=HUB), BOX)
    assert "stands on D1, not on D2" in refusal(w, "train/D2", f.TrainArrived(at_id=BORDER), BOX)
    assert refusal(w, TRAIN, f.TrainArrived(at_id=BORDER), BOX) == ""


def test_what_is_stopped_is_not_loaded():
    """Customs and damage keep a container on the ground until they are over."""
    w = gated_in().say(BOX, troubles.CustomsHeld(why="x"))
    load = f.ContainerLoaded(departure_id="D1", at_id=HUB)
    assert "is held by customs" in refusal(w, BOX, load)
    w.say(BOX, f.ContainerReleased()).say(BOX, troubles.ContainerDamaged(what="x"))
    assert "is damaged" in refusal(w, BOX, load)
    w.say(BOX, troubles.ContainerRepaired())
    assert refusal(w, BOX, load) == ""
    assert "is not damaged" in refusal(w, BOX, troubles.ContainerRepaired())


def test_a_mass_is_accepted_as_weighed():
    """Nobody accepts another mass than the scale showed."""
    w = gated_in().say(BOX, f.ContainerWeighed(gross_kg=25_000))
    assert "is weighed with 25000 kg, not 24000" in refusal(w, BOX, f.WeightAccepted(gross_kg=24_000))
    assert refusal(w, BOX, f.WeightAccepted(gross_kg=25_000)) == ""


def test_trains_wagons_orders_tasks_and_consignments():
    """A train arrives only when it left; a cancelled one leaves never; what is over is over."""
    w = World()
    assert "is new: TrainArrived needs it under_way" in refusal(w, TRAIN, f.TrainArrived(at_id=BORDER))
    w.say(TRAIN, troubles.PathCancelled(why="works"))
    assert "is cancelled" in refusal(w, TRAIN, f.TrainDeparted(at_id=HUB))
    assert "is cancelled" in refusal(w, BOX, f.ContainerLoaded(departure_id="D1", at_id=HUB), TRAIN)
    w.say(WAGON, troubles.WagonBadOrdered(departure_id="D1", why="hot box"))
    assert "is bad_ordered" in refusal(w, TRAIN, f.TrainDeparted(at_id=HUB), WAGON)
    assert refusal(w, WAGON, f.WagonPlaced(departure_id="D2", wagon_type="X70", seq=1)) == ""
    assert "is new" in refusal(w, "order/O1", troubles.OrderLifted())
    w.say("order/O1", ORDER).say("order/O1", troubles.OrderLifted())
    assert "is lifted" in refusal(w, "order/O1", troubles.OrderLifted())
    w.say("task/T1", troubles.TaskOpened(exception="CustomsHeld", event_id="E1", text="x"))
    w.say("task/T1", troubles.TaskClosed(how="dismissed"))
    assert "is closed" in refusal(w, "task/T1", troubles.TaskClosed(how="repaired"))
    assert "is new" in refusal(w, CARGO, f.ConsignmentCancelled())
    assert "is delivered" in refusal(journey(), CARGO, f.ConsignmentCancelled())


def test_subjects_that_nothing_binds():
    """What the table does not name may happen to anybody."""
    assert refusal(World(), "party/P1", f.PartyErased()) == ""
    with pytest.raises(ValueError, match="KIND/ID"):
        expect_legal("ship/S1", None, event(BOX, troubles.ContainerRepaired()))
