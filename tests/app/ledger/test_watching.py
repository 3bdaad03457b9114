"""What a forwarder sees of the log."""

from __future__ import annotations

from landport.app.ledger import watching
from landport.model.events import Draft
from tests.app.ledger.conftest import FORWARDER, OTHER, PLANNER, START


def planned(party, *consignments):
    """Plan a box for consignments of one forwarder."""
    rest = {"master_id": "", "container_type": "40HC", "destination_id": "ALM", "gross_kg": 9, "cut_off_at": None}
    whose = {"consignment_ids": list(consignments), "forwarder_id": party}
    payload = {"plan_digest": "d", "due_at": START.isoformat(), "rides": [], **rest, **whose}
    return Draft(stream="container/C1", type="ContainerPlanned", payload=payload, happened_at=START)


def test_a_box_tells_nobody_whose_it_was_before(ledger):
    """A later plan puts other freight into it: its new forwarder sees neither the consignments before nor whose."""
    drafts = [planned(OTHER.party_id, "B9"), planned(FORWARDER.party_id, "B1")]
    ledger.store.write_now("T1", "A", lambda tx: len(tx.append(drafts)))
    found, _ = ledger.store.read("T1", lambda view: watching.events(view, FORWARDER))
    assert [e.payload["forwarder_id"] for e in found] == ["", FORWARDER.party_id]
    assert "B9" not in str([e.payload for e in found])
    whole, _ = ledger.store.read("T1", lambda view: watching.events(view, PLANNER))
    assert [e.payload["forwarder_id"] for e in whole] == [OTHER.party_id, FORWARDER.party_id]
    assert ledger.store.read("T1", lambda view: watching.events(view, OTHER))[0] == []


def test_a_truck_of_others_that_brings_a_box_is_told_without_its_papers(ledger):
    """Whoever owns one of two boxes on a truck sees its plates and that box, and no permit, driver or other box."""
    enterprise = {"enterprise_id": OTHER.party_id, "driver_id": "P-driver", "permit": "PM-1", "application_id": "L9"}
    visit = enterprise | {"tractor": "A1", "trailer": "T1", "container_ids": ["C1", "C2"]}
    payload = {"border_id": "BKT", "channel": "general", "visit": visit}
    about = ("container/C1", "container/C2", f"enterprise/{OTHER.party_id}", "application/L9")
    queued = Draft(stream="appointment/G9", type="TruckQueued", payload=payload, happened_at=START, about=about)
    drafts = [planned(FORWARDER.party_id, "B1"), queued]
    ledger.store.write_now("T1", "A", lambda tx: len(tx.append(drafts)))
    (_, mine), _ = ledger.store.read("T1", lambda view: watching.events(view, FORWARDER))
    assert mine.payload["visit"] == {"tractor": "A1", "trailer": "T1", "departure_id": "", "container_ids": ["C1"]}
    assert mine.about == ("container/C1",)
    (theirs,), _ = ledger.store.read("T1", lambda view: watching.events(view, OTHER))
    assert theirs.payload["visit"]["permit"] == "PM-1"
