"""Events and facts that tests of messages share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from landport.exchange.reported import ContainerFacts, Envelope
from landport.model.events import Event

BOX = ContainerFacts(
    container_id="C00017",
    number="CSQU3054383",
    iso_type="45G1",
    seals=("CN123456", "KZ'1+2"),
    gross_kg=21_430,
    is_verified=True,
    consignment_ids=("B-1", "B-2"),
    note_number="N-77",
    operator="UTLC",
    origin_id="URC",
    destination_id="ALM",
)
FACTS = {"C00017": BOX}
ENVELOPE = Envelope(sender="LANDPORT", recipient="FWD", reference="R1", written_at=datetime(2026, 3, 2, 4, tzinfo=UTC))


def event(position: int, kind: str, stream: str, *about: str, **payload: Any) -> Event:
    return Event(
        position=position,
        event_id=f"E{position:09d}",
        tenant_id="port",
        stream=stream,
        version=1,
        type=kind,
        type_version=1,
        happened_at=datetime(2026, 3, 2, 1, position % 60, tzinfo=UTC),
        recorded_at=datetime(2026, 3, 2, 2, tzinfo=UTC),
        actor="system",
        cause="",
        about=about,
        payload=payload,
    )


GATED_IN = event(1, "ContainerGatedIn", "container/C00017", "consignment/B-1", at_id="URC", truck="A12345")
GATED_OUT = event(2, "ContainerGatedOut", "container/C00017", at_id="ALM", truck="")
LOADED = event(3, "ContainerLoaded", "container/C00017", "train/D-1", departure_id="D-1", at_id="URC", wagon="5070")
DEPARTED = event(4, "TrainDeparted", "train/D-1", "container/C00017", "wagon/50701077", at_id="URC")
ARRIVED = event(5, "TrainArrived", "train/D-1", "container/C00017", at_id="ALY")
BOOKED = event(6, "ConsignmentBooked", "consignment/B-1", goods={})
WEIGHED = event(7, "ContainerWeighed", "container/C00017", gross_kg=21_430, method=1)
NOTED = event(8, "NoteIssued", "container/C00017", number="N-77", form="CIM/SMGS")
UNLOADED = event(9, "ContainerUnloaded", "container/C00017", departure_id="D-1", at_id="ALM")
EVERY = (GATED_IN, GATED_OUT, LOADED, DEPARTED, ARRIVED, BOOKED, WEIGHED, NOTED, UNLOADED)
