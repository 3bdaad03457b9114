"""What each event makes of the states that it is about."""

from __future__ import annotations

import pytest

from landport.model import facts as f
from landport.model.events import Event
from landport.track import CHANGES, FOLDED, STATES, STATUSES, advance, as_document, fold, state_from
from tests.track.facts import BORDER, GOODS, HUB, ONE_OF_EACH, TASHKENT, at, event, planned

BOX, CARGO, TRAIN, WAGON, TRUCK = "container/C1", "consignment/B1", "train/D1", "wagon/31823456", "truck/T1"


class World:
    """States of everything, and a log that is written one fact after the other."""

    def __init__(self):
        self.log: list[Event] = []
        self.states = {}

    def say(self, stream, fact, *about, hours=None):
        """Append a fact, an hour after the last one if nobody says when, and fold it."""
        hours = len(self.log) if hours is None else hours
        self.log.append(event(stream, fact, hours=hours, about=about, position=len(self.log) + 1))
        self.take(self.log[-1])
        return self

    def take(self, said):
        for kind, subject_id, state in advance(said, lambda *key: self.states.get(key)):
            self.states[kind, subject_id] = state

    def __getitem__(self, subject):
        kind, _, subject_id = subject.partition("/")
        return self.states[kind, subject_id]


def journey() -> World:
    """Bring a container from its booking to its consignee."""
    w = World()
    w.say(CARGO, f.ConsignmentBooked(goods=GOODS, quote_id="Q1"))
    w.say(BOX, planned(), CARGO, TRAIN, "train/D2")
    w.say(WAGON, f.WagonPlaced(departure_id="D1", wagon_type="X70", seq=3), TRAIN)
    w.say(BOX, f.ContainerNumbered(number="MSKU1234565"), CARGO)
    w.say(BOX, f.ContainerGatedIn(at_id=HUB, truck="T1", driver_id="P9"), CARGO, TRUCK)
    w.say(BOX, f.ContainerLoaded(departure_id="D1", at_id=HUB, wagon="31823456", position=2), CARGO, TRAIN, WAGON)
    w.say(TRAIN, f.TrainDeparted(at_id=HUB), BOX, CARGO, WAGON, hours=24)
    w.say(TRAIN, f.TrainArrived(at_id=BORDER), BOX, CARGO, WAGON, hours=41)
    w.say(BOX, f.ContainerUnloaded(departure_id="D1", at_id=BORDER), CARGO, TRAIN, WAGON, hours=42)
    w.say(BOX, f.ContainerLoaded(departure_id="D2", at_id=BORDER), CARGO, "train/D2", hours=43)
    w.say("train/D2", f.TrainDeparted(at_id=BORDER), BOX, CARGO, hours=48)
    w.say("train/D2", f.TrainArrived(at_id=TASHKENT), BOX, CARGO, hours=80)
    w.say(BOX, f.ContainerUnloaded(departure_id="D2", at_id=TASHKENT), CARGO, "train/D2", hours=81)
    w.say(BOX, f.ContainerGatedOut(at_id=TASHKENT, truck="T2"), CARGO, "truck/T2", hours=82)
    w.say(BOX, f.ContainerDelivered(at_id="door", receiver_id="P2"), CARGO, hours=83)
    return w


def statuses_along(subject) -> list[str]:
    """List the statuses that a subject goes through on the journey, each once in a row."""
    found, w = [], World()
    for said in journey().log:
        w.take(said)
        if (state := w.states.get(tuple(subject.split("/")))) and found[-1:] != [state.status]:
            found.append(state.status)
    return found


def test_statuses_of_a_journey():
    """Container, consignment, trains, wagon and trucks go along."""
    box = ["planned", "gated_in", "loaded", "under_way", "arrived", "unloaded", "loaded", "under_way", "arrived"]
    assert statuses_along(BOX) == [*box, "unloaded", "gated_out", "delivered"]
    assert statuses_along(CARGO) == ["booked", "planned", "in_hand", "under_way", "arrived", "delivered"]
    assert statuses_along(TRAIN) == ["planned", "under_way", "arrived"]
    assert statuses_along(WAGON) == ["placed", "under_way", "arrived"]
    assert (statuses_along(TRUCK), statuses_along("truck/T2")) == (["gated_in"], ["gated_out"])


def test_what_is_known_after_a_journey():
    """Rides, places and times are those of the events."""
    w = journey()
    box = w[BOX]
    assert [(r.departure_id, r.from_id, r.to_id) for r in box.rides] == [
        ("", "", HUB),
        ("D1", HUB, BORDER),
        ("D2", BORDER, TASHKENT),
        ("", TASHKENT, "door"),
    ]
    assert [r.arrived_at for r in box.rides] == [at(4), at(41), at(80), at(83)]
    assert (box.number, box.truck, box.departure_id, box.at_id, box.delivered_at) == (
        "MSKU1234565",
        "T2",
        "",
        "door",
        at(83),
    )
    assert (w[CARGO].forwarder_id, w[CARGO].delivered_at, w[CARGO].quote_id) == ("P3", at(83), "Q1")
    assert [(s.at_id, s.departs_at, s.departed_at, s.arrives_at, s.arrived_at) for s in w[TRAIN].stops] == [
        (HUB, at(24), at(24), None, None),
        (BORDER, None, None, at(40), at(41)),
    ]
    assert (w[TRAIN].containers, w[TRAIN].aboard, w[TRAIN].wagons) == (("C1",), (), ("31823456",))
    assert (w[WAGON].seq, w[WAGON].containers, w[WAGON].at_id) == (3, (), BORDER)
    assert (w[TRUCK].driver_id, w[TRUCK].container_id) == ("P9", "C1")


@pytest.mark.parametrize("kind", FOLDED)
@pytest.mark.parametrize("fact", ONE_OF_EACH, ids=lambda fact: type(fact).__name__)
def test_every_event_folds_into_every_kind(fact, kind):
    """Folding refuses nothing, whatever was before; a state is itself after it was written and read."""
    w = journey()
    said = event(f"{kind}/X1", fact, about=(BOX, CARGO, TRAIN, WAGON, TRUCK), hours=100)
    for before in (None, *(state for (k, _), state in w.states.items() if k == kind)):
        after = fold(kind, "X1", before, said)
        assert (after is None) == (before is None and type(fact).__name__ not in CHANGES[kind])
        if after is not None:
            assert after.status in STATUSES[kind]
            assert after.updated_at == said.recorded_at
            assert state_from(kind, as_document(after)) == after
            assert isinstance(after, STATES[kind])
