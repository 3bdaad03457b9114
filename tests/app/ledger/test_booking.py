"""Booking, amending, cancelling: what is refused, and what the log then says."""

from __future__ import annotations

import pytest

from landport.app.ledger import booking, reads
from landport.errors import Conflict, InputError, NotFound, NotPermitted
from landport.store import log
from tests.app.ledger.conftest import ANALYST, FORWARDER, OTHER, PLANNER, STRANGER, goods, groupage


def test_a_booking_gets_the_next_number(ledger, do):
    """Its number is the position of its first event."""
    first = do(booking.book(ledger, PLANNER, goods()))
    second = do(booking.book(ledger, PLANNER, goods()))
    assert (first["consignment_id"], second["consignment_id"]) == ("B000000001", "B000000002")
    assert first["status"] == "booked"
    assert first["goods"]["at_id"] == "URC"
    assert first["goods"]["ready_at"] == "2022-07-19T00:00:00Z"


def test_instants_stay_whatever_the_clock_says(ledger, do, clock):
    """Minutes are counted from a whole one, though the clock has seconds."""
    clock.forward(seconds=33.077)
    booked = do(booking.book(ledger, PLANNER, goods(ready_at="2022-07-19T08:00+08:00")))
    assert booked["goods"]["ready_at"] == "2022-07-19T00:00:00Z"


def test_the_ports_own_people_may_number(ledger, do):
    """A number of the port's own stays, and can be given once."""
    assert do(booking.book(ledger, PLANNER, groupage(), consignment_id="DO-7"))["consignment_id"] == "DO-7"
    with pytest.raises(Conflict, match="DO-7 is at version 1") as caught:
        do(booking.book(ledger, PLANNER, goods(), consignment_id="DO-7"))
    assert caught.value.code == "changed-meanwhile"


@pytest.mark.parametrize("number", ["B000000001", "a/b", "", "x" * 41, "é"])
def test_numbers_that_cannot_be(ledger, do, number):
    """Numbers with strange letters, or that look like the port's next ones; forwarders give none."""
    if number:
        with pytest.raises(InputError, match="key consignment_id"):
            booking.book(ledger, PLANNER, goods(), consignment_id=number)
    with pytest.raises(InputError, match="the port numbers"):
        booking.book(ledger, FORWARDER, goods(), consignment_id="X1")


def test_all_problems_at_once(ledger):
    """One answer lists every wrong value by its key, first of single values, then of what fits together."""
    wrong = goods(kind="fcl", due_at="soon", n_containers=-1, more=1, items=[{}])
    with pytest.raises(InputError) as caught:
        booking.book(ledger, PLANNER, wrong)
    keys = {p.key for p in caught.value.problems}
    assert {"more", "due_at", "n_containers", "items.0.length_mm", "items.0.count"} <= keys
    with pytest.raises(InputError) as caught:
        booking.book(ledger, PLANNER, goods(destination_id="Nowhere-on-Sea", hs="00", un_number="1263"))
    assert {p.key for p in caught.value.problems} == {"destination_id", "hs", "un_class"}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"declared_kg": True}, "declared_kg"),
        ({"declared_kg": "18000"}, "declared_kg"),
        ({"hs": 8517}, "hs"),
        ({"may_split": 1}, "may_split"),
        ({"shipper_id": "a\x00b"}, "shipper_id"),
        ({"shipper_id": "x" * 201}, "shipper_id"),
        ({"items": "none"}, "items"),
        ({"items": [{"length_mm": 1, "width_mm": 1, "height_mm": 1, "mass_g": 1, "count": 1}]}, "items"),
        ({"forwarder_id": 5}, "forwarder_id"),
        ({"ready_at": "2022-07-19T08:00"}, "ready_at"),
        ({"ready_at": "9999-01-01T00:00Z"}, "ready_at"),
        ({"due_at": "2022-07-19T00:00Z"}, "due_at"),
        ({"container_type": "41XX"}, "container_type"),
        ({"value_usd_cents": 10**18}, "value_usd_cents"),
        ({"destination_id": "URC"}, "destination_id"),
    ],
)
def test_values_that_cannot_be(ledger, changes, key):
    """JSON is not read as a sheet would be: no numbers for texts, no flags for numbers."""
    with pytest.raises(InputError) as caught:
        booking.book(ledger, PLANNER, goods(**changes))
    assert key in {p.key for p in caught.value.problems}


def test_a_forwarder_books_for_itself_alone(ledger, do):
    """Its bookings are its own; others and other tenants find nothing."""
    mine = do(booking.book(ledger, FORWARDER, goods()), FORWARDER)
    assert mine["forwarder_id"] == "P-silk"
    with pytest.raises(InputError, match="expected P-silk or nothing"):
        booking.book(ledger, FORWARDER, goods(forwarder_id="P-road"))
    with pytest.raises(NotPermitted):
        booking.book(ledger, ANALYST, goods())
    number = mine["consignment_id"]
    for who in (OTHER, STRANGER):
        with pytest.raises(NotFound) as caught:
            do(booking.cancel(ledger, who, number), who)
        assert caught.value.code == "unknown-consignment"
    assert do(booking.cancel(ledger, FORWARDER, number), FORWARDER)["status"] == "cancelled"


def test_items_get_ids_of_their_own(ledger, do):
    """Cargo items of two bookings never share an id; amending keeps them."""
    first = do(booking.book(ledger, PLANNER, groupage()))
    second = do(booking.book(ledger, PLANNER, groupage()))
    ids = [c["goods"]["items"][0]["item_id"] for c in (first, second)]
    assert ids == ["B000000001-1", "B000000002-1"]
    changed = do(booking.amend(ledger, PLANNER, "B000000001", first["goods"]))
    assert changed["goods"] == first["goods"]
    named = groupage()
    named["items"][0]["item_id"] = "I77"
    assert do(booking.book(ledger, PLANNER, named, consignment_id="DO-8"))["goods"]["items"][0]["item_id"] == "I77"


def test_amending_by_version(ledger, do):
    """Who amends what somebody changed meanwhile is told so."""
    do(booking.book(ledger, FORWARDER, goods()), FORWARDER)
    found = ledger.store.read("T1", lambda view: view_position(view, "B000000001"))
    do(booking.amend(ledger, FORWARDER, "B000000001", goods(n_containers=3), position=found), FORWARDER)
    with pytest.raises(Conflict) as caught:
        do(booking.amend(ledger, FORWARDER, "B000000001", goods(n_containers=4), position=found), FORWARDER)
    assert caught.value.code == "changed-meanwhile"
    state = ledger.store.read("T1", lambda view: reads.consignment(view, FORWARDER, "B000000001"))
    assert state.goods is not None
    assert state.goods.n_containers == 3
    events = ledger.store.read("T1", lambda view: log.of_subject(view, "consignment/B000000001"))
    assert [e.type for e in events] == ["ConsignmentBooked", "ConsignmentAmended"]


def test_what_is_cancelled_stays_so(ledger, do):
    """Neither cancelled again nor amended."""
    do(booking.book(ledger, PLANNER, goods()))
    do(booking.cancel(ledger, PLANNER, "B000000001", why="sold elsewhere"))
    for again in (booking.cancel(ledger, PLANNER, "B000000001"), booking.amend(ledger, PLANNER, "B000000001", goods())):
        with pytest.raises(Conflict) as caught:
            do(again)
        assert caught.value.code == "is-cancelled"


def test_a_consignment_keeps_its_forwarder(ledger, do):
    """Amending does not hand it to another party."""
    do(booking.book(ledger, FORWARDER, goods()), FORWARDER)
    with pytest.raises(InputError, match="it stays"):
        do(booking.amend(ledger, PLANNER, "B000000001", goods(forwarder_id="P-road")))


def test_a_command_that_fails_leaves_nothing(ledger, do):
    """An unknown quote leaves no booking."""
    with pytest.raises(NotFound):
        do(booking.book(ledger, PLANNER, goods(), quote_id="Q000000009"))
    assert ledger.store.position() == 0


def view_position(view, number):
    from landport.app.ledger.desk import seen

    return seen(view, PLANNER, "consignment", number).position
