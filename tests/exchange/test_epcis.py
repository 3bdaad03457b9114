"""EPCIS documents keep the rules of the standard, checked one by one, and say what the events say."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.exchange.epcis import epcis_document
from landport.exchange.reported import ContainerFacts
from landport.exchange.status_codes import EPCIS
from landport.model.events import Event
from landport.model.scenario import World
from tests.exchange.messages import (
    ARRIVED,
    BOX,
    DEPARTED,
    ENVELOPE,
    EVERY,
    FACTS,
    GATED_IN,
    GATED_OUT,
    LOADED,
    NOTED,
    UNLOADED,
    WEIGHED,
    event,
)

# Terms of CBV 2.0 that the table may use.
STEPS = {"arriving", "departing", "inspecting", "holding", "loading", "unloading", "receiving", "repairing"}
DISPOSITIONS = {"in_progress", "in_transit", "damaged"}
COMMON = {
    *("type", "eventID", "eventTime", "recordTime", "eventTimeZoneOffset", "action", "bizStep", "disposition"),
    *("readPoint", "bizLocation", "bizTransactionList", "sensorElementList"),
}
OWN = {
    "ObjectEvent": {"epcList"},
    "AggregationEvent": {"parentID", "childEPCs"},
    "TransactionEvent": {"epcList"},
}
URI = re.compile(r"urn:(epc:id:bic:[A-Z]{3}[UJZ][0-9]{7}|landport:[a-z]+(:[A-Za-z0-9._~%-]+)+)")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def document(world: World, *events: Event) -> dict[str, Any]:
    written = epcis_document(events, FACTS, world.network.places, ENVELOPE.written_at)
    found: dict[str, Any] = json.loads(written.content)
    check(found)
    assert written.count == len(found["epcisBody"]["eventList"])
    return found


def one(world: World, fact: Event) -> dict[str, Any]:
    (found,) = document(world, fact)["epcisBody"]["eventList"]
    assert isinstance(found, dict)
    return found


def check(found: dict[str, Any]) -> None:
    """Check a document by the rules of EPCIS 2.0, section 10 (JSON-LD binding) and 7.4 (types of events)."""
    assert set(found) == {"@context", "type", "schemaVersion", "creationDate", "epcisBody"}
    assert found["@context"] == ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
    assert (found["type"], found["schemaVersion"]) == ("EPCISDocument", "2.0")
    assert INSTANT.fullmatch(found["creationDate"])
    events = found["epcisBody"]["eventList"]
    ids = [e["eventID"] for e in events]
    assert len(set(ids)) == len(ids)
    for e in events:
        check_event(e)


def check_event(e: dict[str, Any]) -> None:
    assert set(e) <= COMMON | OWN[e["type"]]
    assert {"type", "eventID", "eventTime", "eventTimeZoneOffset", "action"} <= set(e)
    assert e["action"] in ("ADD", "OBSERVE", "DELETE")
    assert INSTANT.fullmatch(e["eventTime"])
    assert INSTANT.fullmatch(e["recordTime"])
    datetime.fromisoformat(e["eventTime"])
    assert re.fullmatch(r"[+-](0\d|1[0-4]):[0-5]\d", e["eventTimeZoneOffset"])
    assert ("bizStep" in e) == ("disposition" in e)
    assert e.get("bizStep", "loading") in STEPS
    assert e.get("disposition", "damaged") in DISPOSITIONS
    names = [e["eventID"], *e.get("epcList", []), *e.get("childEPCs", [])]
    names += [e[k]["id"] for k in ("readPoint", "bizLocation") if k in e]
    names += [t["bizTransaction"] for t in e.get("bizTransactionList", [])]
    if e["type"] == "AggregationEvent":
        assert e["childEPCs"]
        names.append(e["parentID"])
    else:
        assert e["epcList"]
    if e["type"] == "TransactionEvent":
        assert e["bizTransactionList"]
    assert [n for n in names if not URI.fullmatch(n)] == []


def test_a_gate_move(world: World) -> None:
    """An object that arrives, with the time of the place, where it is, and the consignments it belongs to."""
    assert one(world, GATED_IN) == {
        "type": "ObjectEvent",
        "eventID": "urn:landport:event:port:E000000001",
        "eventTime": "2026-03-02T01:01:00.000Z",
        "recordTime": "2026-03-02T02:00:00.000Z",
        "eventTimeZoneOffset": "+08:00",
        "epcList": ["urn:epc:id:bic:CSQU3054383"],
        "action": "OBSERVE",
        "bizStep": "arriving",
        "disposition": "in_progress",
        "readPoint": {"id": "urn:landport:place:URC"},
        "bizLocation": {"id": "urn:landport:place:URC"},
        "bizTransactionList": [
            {"bizTransaction": "urn:landport:consignment:B-1"},
            {"bizTransaction": "urn:landport:consignment:B-2"},
        ],
    }
    assert "bizLocation" not in one(world, GATED_OUT)


def test_a_container_on_a_train_has_a_parent(world: World) -> None:
    """It joins the departure when loaded and leaves the same one when unloaded."""
    on, off = one(world, LOADED), one(world, UNLOADED)
    assert (on["action"], off["action"]) == ("ADD", "DELETE")
    assert on["parentID"] == off["parentID"] == "urn:landport:departure:D-1"
    assert on["childEPCs"] == off["childEPCs"] == ["urn:epc:id:bic:CSQU3054383"]


def test_a_train_is_an_object_with_its_containers(world: World) -> None:
    """Wagons are no objects of their own."""
    for fact, step in ((DEPARTED, "departing"), (ARRIVED, "arriving")):
        found = one(world, fact)
        assert found["epcList"] == ["urn:landport:departure:D-1", "urn:epc:id:bic:CSQU3054383"]
        assert found["bizStep"] == step


def test_a_note_is_a_transaction_and_a_mass_a_reading(world: World) -> None:
    """The note's number comes first; kilograms are KGM."""
    assert one(world, NOTED)["bizTransactionList"][0] == {"bizTransaction": "urn:landport:note:N-77"}
    assert one(world, WEIGHED)["sensorElementList"] == [
        {"sensorReport": [{"type": "Mass", "value": 21_430, "uom": "KGM"}]},
    ]


def test_every_event_is_there_once_and_in_order(world: World) -> None:
    """What EPCIS has no word for is left out; the same events give the same bytes."""
    found = document(world, *EVERY)["epcisBody"]["eventList"]
    assert [e["eventID"][-1] for e in found] == [str(e.position) for e in EVERY if e.type in EPCIS]
    places = world.network.places
    assert (
        epcis_document(EVERY, FACTS, places, ENVELOPE.written_at).content
        == epcis_document(reversed(EVERY), FACTS, places, ENVELOPE.written_at).content
    )


@pytest.mark.parametrize("kind", sorted(EPCIS))
def test_every_row_of_the_table_makes_a_valid_event(world: World, kind: str) -> None:
    """Also where the payload lacks what it should have; without a departure there is no parent, so no event."""
    stream = "train/D-1" if kind.startswith("Train") else "container/C00017"
    fact = event(1, kind, stream, "container/C00017", "train/D-1", at_id="URC", number="N", gross_kg=1)
    assert document(world, fact)["epcisBody"]["eventList"]
    document(world, event(1, kind, "container/C00017"))


@given(text=st.text(min_size=1))
def test_any_id_becomes_a_name(text: str) -> None:
    """Whatever letters ids have, names stay URIs."""
    facts = {"C": ContainerFacts(container_id="C", consignment_ids=(text,))}
    written = epcis_document((event(1, "ContainerGatedIn", "container/C"),), facts, {}, ENVELOPE.written_at)
    check(json.loads(written.content))


def test_facts_are_not_needed(world: World) -> None:
    """A container that nobody handed in is known by its id."""
    written = epcis_document((GATED_IN,), {}, world.network.places, ENVELOPE.written_at)
    assert json.loads(written.content)["epcisBody"]["eventList"][0]["epcList"] == ["urn:landport:container:C00017"]
    assert BOX.number
