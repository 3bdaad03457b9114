"""Events as an EPCIS 2.0 document in JSON-LD (GS1; ISO/IEC 19987), with terms of the CBV 2.0 (ISO/IEC 19988).

Containers with an ISO 6346 number are `urn:epc:id:bic:CSQU3054383`, the scheme for BIC container codes of the EPC Tag
Data Standard; all else that GS1 gives no key for has a private name, `urn:landport:KIND:ID`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from landport.exchange.reported import (
    ContainerFacts,
    Written,
    containers_of,
    facts_of,
    in_time,
    local,
    place_of,
    said,
    train_of,
)
from landport.exchange.status_codes import EPCIS, Step
from landport.model.events import Event
from landport.model.places import Place

CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
"""What gives the words of a document their meaning."""


def epcis_document(
    events: Iterable[Event],
    containers: Mapping[str, ContainerFacts],
    places: Mapping[str, Place],
    written_at: datetime,
) -> Written:
    """Write a visibility document of the events that EPCIS has words for, in order of time.

    Parameters
    ----------
    containers
        By id in the log.
    written_at
        When the document is made, with its offset from UTC.

    Notes
    -----
    Ids of events are those of the log, so that a document sent twice tells nothing twice. The parent of a container on
    a train is the departure, not the wagon. The same events give the same bytes.
    """
    listed = [_event(event, EPCIS[event.type], containers, places) for event in in_time(events) if event.type in EPCIS]
    listed = [one for one in listed if one]
    document = {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _instant(written_at),
        "epcisBody": {"eventList": listed},
    }
    content = json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    return Written(content=content, count=len(listed))


def _event(
    event: Event, step: Step, containers: Mapping[str, ContainerFacts], places: Mapping[str, Place]
) -> dict[str, Any]:
    boxes = [facts_of(c, containers) for c in containers_of(event)]
    place = place_of(event, places)
    found: dict[str, Any] = {
        "type": step.kind,
        "eventID": _urn("event", event.tenant_id, event.event_id),
        "eventTime": _instant(event.happened_at),
        "recordTime": _instant(event.recorded_at),
        "eventTimeZoneOffset": _offset(local(event.happened_at, place)),
        **_what(event, step, boxes),
        "action": step.action,
    }
    transactions = _transactions(event, step, boxes)
    if not (found.get("epcList") or found.get("childEPCs")) or (step.kind == "TransactionEvent" and not transactions):
        return {}
    if step.step:
        found |= {"bizStep": step.step, "disposition": step.disposition}
    if place:
        where = {"id": _urn("place", place.place_id)}
        found |= {"readPoint": where, **({"bizLocation": where} if step.stays else {})}
    if transactions:
        found["bizTransactionList"] = [{"bizTransaction": name} for name in transactions]
    if event.type == "ContainerWeighed" and isinstance(kg := event.payload.get("gross_kg"), int):
        found["sensorElementList"] = [{"sensorReport": [{"type": "Mass", "value": kg, "uom": "KGM"}]}]
    return found


def _what(event: Event, step: Step, boxes: Iterable[ContainerFacts]) -> dict[str, Any]:
    """Name what the event happened to; a train is an object beside its containers."""
    names = [container_name(facts) for facts in boxes]
    train = train_of(event)
    if step.kind == "AggregationEvent":
        return {"parentID": _urn("departure", train), "childEPCs": names} if train else {}
    if event.type.startswith("Train"):
        names = [*([_urn("departure", train)] if train else []), *names]
    return {"epcList": names}


def _transactions(event: Event, step: Step, boxes: Iterable[ContainerFacts]) -> list[str]:
    """Name the consignments and notes that the containers travel under."""
    notes = [said(event, "number")] if step.kind == "TransactionEvent" else []
    found = [_urn("note", number) for number in notes if number]
    for facts in boxes:
        found += [_urn("consignment", consignment_id) for consignment_id in facts.consignment_ids]
    return list(dict.fromkeys(found))


def container_name(facts: ContainerFacts) -> str:
    """Name a container as EPCIS does: by its BIC code, or privately while it has none.

    Examples
    --------
    >>> container_name(ContainerFacts(container_id="C00017", number="CSQU3054383"))
    'urn:epc:id:bic:CSQU3054383'
    >>> container_name(ContainerFacts(container_id="C00017"))
    'urn:landport:container:C00017'
    """
    return f"urn:epc:id:bic:{facts.number}" if facts.number else _urn("container", facts.container_id)


def _urn(kind: str, *ids: str) -> str:
    return ":".join(("urn:landport", kind, *(quote(i, safe="", errors="replace") for i in ids)))


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _offset(instant: datetime) -> str:
    text = instant.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"
