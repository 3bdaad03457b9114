"""Events are read as what their type says, and written the same."""

from __future__ import annotations

import json
from datetime import UTC

import pytest
from msgspec.structs import replace

from landport.errors import InputError, StoreError
from landport.model.facts import FACTS
from landport.track import fact_from, fact_of, payload_of
from landport.track.reading import version_of
from tests.track.facts import ONE_OF_EACH, event, planned


def test_one_of_each_is_every_type():
    """No type of event goes untested."""
    assert sorted(type(fact).__name__ for fact in ONE_OF_EACH) == sorted(FACTS)


@pytest.mark.parametrize("fact", ONE_OF_EACH, ids=lambda fact: type(fact).__name__)
def test_round_trip(fact):
    """Per event: what is written is read, and what is read is written."""
    said = event("container/C1", fact)
    assert json.loads(json.dumps(said.payload)) == said.payload
    assert fact_of(said) == fact
    assert payload_of(fact_of(said)) == said.payload


def test_instants_become_utc():
    """Whatever the offset, and however deep they lie."""
    payload = payload_of(planned())
    payload["due_at"] = "2026-03-10T16:00+08:00"
    payload["rides"][1]["departs_at"] = "2026-03-03T08:00+08:00"
    fact = fact_from("ContainerPlanned", payload)
    assert fact == planned()
    assert fact.due_at.tzinfo is UTC
    assert fact.rides[1].departs_at.tzinfo is UTC
    assert payload_of(fact) == payload_of(planned())


@pytest.mark.parametrize(
    ("type_name", "payload", "said"),
    [
        ("ContainerFlown", {}, "expected a type of event"),
        ("ContainerWeighed", {}, "gross_kg"),
        ("ContainerWeighed", {"gross_kg": "heavy"}, "gross_kg"),
        ("ContainerWeighed", {"gross_kg": 21.5}, "gross_kg"),
        ("ContainerWeighed", {"gross_kg": False}, "gross_kg"),
        ("ContainerWeighed", {"gross_kg": 1, "colour": "red"}, "expected no field colour"),
        ("ContainerSealed", {"seals": "A1"}, "seals"),
        ("CutOffMissed", {"departure_id": "D", "cut_off_at": "2026-03-02T08:00:00", "lacked": []}, "offset from UTC"),
        ("CutOffMissed", {"departure_id": "D", "cut_off_at": "0001-01-01T00:00+08:00", "lacked": []}, "range"),
        ("CutOffMissed", {"departure_id": "D", "cut_off_at": "0001-01-01T00:00:00+08:00", "lacked": []}, "range"),
        ("CutOffMissed", {"departure_id": "D", "cut_off_at": "soon", "lacked": []}, "offset from UTC"),
    ],
)
def test_wrong_payloads_are_refused(type_name, payload, said):
    """One error, which names the field."""
    with pytest.raises(InputError, match=said) as caught:
        fact_from(type_name, payload)
    assert caught.value.code == "bad-event"


def in_pounds(payload):
    """Version 1 said pounds."""
    return {"gross_kg": payload["gross_lb"] * 453_592 // 1_000_000}


def without_method(payload):
    """Version 2 said no method."""
    return {**payload, "method": 2}


UPCASTS = {("ContainerWeighed", 1): in_pounds, ("ContainerWeighed", 2): without_method}


@pytest.mark.parametrize(
    ("version", "payload", "method"),
    [(1, {"gross_lb": 50_000}, 2), (2, {"gross_kg": 22_679}, 2), (3, {"gross_kg": 22_679}, 1)],
)
def test_older_versions_are_upcast(version, payload, method):
    """One version after the other, up to what is written today."""
    old = replace(event("container/C1", fact_from("ContainerWeighed", {"gross_kg": 1})), payload=payload)
    fact = fact_of(replace(old, type_version=version), UPCASTS)
    assert (fact.gross_kg, fact.method) == (22_679, method)
    assert version_of("ContainerWeighed", UPCASTS) == 3
    assert old.payload == payload


@pytest.mark.parametrize(("type_name", "version"), [("ContainerWeighed", 2), ("ContainerFlown", 1), ("OrderLifted", 0)])
def test_newer_events_are_refused(type_name, version):
    """The error says which event and what to do."""
    known = event("container/C1", fact_from("ContainerWeighed", {"gross_kg": 1}))
    with pytest.raises(StoreError, match=r"E000001.*update landport") as caught:
        fact_of(replace(known, type=type_name, type_version=version))
    assert (caught.value.code, caught.value.about) == ("unknown-event", ("E000001", "container/C1"))
