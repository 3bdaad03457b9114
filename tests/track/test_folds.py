"""What each event makes of the states that it is about."""

from __future__ import annotations

import pytest

from landport.model import facts as f
from landport.track import CHANGES, FOLDED, STATES, STATUSES, as_document, fold, state_from
from tests.track.facts import BORDER, GOODS, HUB, ONE_OF_EACH, TASHKENT, TO_TASHKENT, at, event, planned
from tests.track.world import BOX, CARGO, TRAIN, TRUCK, WAGON, World, journey


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


def test_kinds_without_states():
    """A plan, a quote or a party has none; an event that changes nothing makes nothing."""
    said = event("plan/d1", ONE_OF_EACH[5], about=("week/w", CARGO))
    assert fold("plan", "d1", None, said) is None
    assert fold("week", "w", None, said) is None
    assert World().say("plan/d1", ONE_OF_EACH[5], "week/w", CARGO).states == {}


def test_an_event_names_what_it_changes():
    """A container does not move with a train whose event does not name it."""
    w = World().say(BOX, f.ContainerGatedIn(at_id=HUB)).say(TRAIN, f.TrainDeparted(at_id=HUB))
    assert (w[BOX].status, w[TRAIN].status) == ("gated_in", "under_way")


def test_a_train_takes_along_what_its_event_names():
    """Whether anybody said that it was loaded or not."""
    w = World().say(BOX, f.ContainerLoaded(departure_id="D1", at_id=HUB), TRAIN)
    assert w[TRAIN].aboard == ("C1",)
    assert w.say(TRAIN, f.TrainDeparted(at_id=HUB), "container/C2", "container/C3")[TRAIN].aboard == ("C2", "C3")


def test_plans_follow_each_other():
    """Trains forget a container that is planned away from them, and consignments one that they are not in any more."""
    w = World().say(CARGO, f.ConsignmentBooked(goods=GOODS)).say(BOX, planned(), CARGO, TRAIN, "train/D2")
    assert (w[TRAIN].containers, w["train/D2"].containers) == (("C1",), ("C1",))
    w.say(BOX, planned(TO_TASHKENT, plan_digest="d2"), CARGO, TRAIN, "train/D2")
    assert (w[TRAIN].containers, w["train/D2"].containers) == ((), ("C1",))
    w.say(BOX, planned(rides=(), left_code="full", cut_off_at=None), CARGO, "train/D2")
    assert (w[BOX].status, w[CARGO].status, w["train/D2"].containers) == ("waiting", "waiting", ())
    w.say(BOX, planned(consignment_ids=("B2",)), CARGO, "consignment/B2")
    assert (w[CARGO].status, w[CARGO].containers, w["consignment/B2"].status) == ("booked", (), "planned")
    w.say(BOX, f.ContainerWithdrawn(plan_digest="d3"), "consignment/B2", TRAIN)
    assert (w[BOX].status, w[BOX].plan, w["consignment/B2"].containers) == ("withdrawn", None, ())
    w.say(BOX, planned(), CARGO)
    assert (w[BOX].status, w[CARGO].status) == ("planned", "planned")


def test_a_consignment_of_two_containers():
    """It is as far as its first one, but there only with its last one."""
    w = World().say(CARGO, f.ConsignmentBooked(goods=GOODS))
    for box in (BOX, "container/C2"):
        w.say(box, planned(), CARGO).say(box, f.ContainerGatedIn(at_id=HUB), CARGO)
    for train, box in ((TRAIN, BOX), ("train/D2", "container/C2")):
        assert w[CARGO].status in ("in_hand", "under_way")
        w.say(box, f.ContainerLoaded(departure_id=train[6:], at_id=HUB), CARGO)
        w.say(train, f.TrainDeparted(at_id=HUB), box, CARGO)
        assert w[CARGO].status == "under_way"
        w.say(train, f.TrainArrived(at_id=TASHKENT), box, CARGO)
    assert (w[CARGO].status, w[CARGO].at_id) == ("arrived", TASHKENT)
    w.say(BOX, f.ContainerDelivered(at_id="door"), CARGO)
    assert w[CARGO].status == "arrived"
    w.say("container/C2", f.ContainerDelivered(at_id="door"), CARGO)
    assert w[CARGO].status == "delivered"


def test_taken_down_before_it_left():
    """A container that no train took is gated in, as before."""
    w = World().say(BOX, f.ContainerGatedIn(at_id=HUB)).say(BOX, f.ContainerLoaded(departure_id="D1", at_id=HUB))
    assert w.say(BOX, f.ContainerUnloaded(departure_id="D1", at_id=HUB))[BOX].status == "gated_in"
