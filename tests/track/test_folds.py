"""What each event makes of the states that it is about."""

from __future__ import annotations

import pytest

from landport.track import CHANGES, FOLDED, STATES, STATUSES, as_document, fold, state_from
from tests.track.facts import BORDER, HUB, ONE_OF_EACH, TASHKENT, at, event
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
