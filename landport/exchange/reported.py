"""What messages to others need beside the events: facts of a container, who writes to whom, where and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from landport.errors import Remark
from landport.model.events import Event, split
from landport.model.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerFacts:
    """What is known of a container when a message about it is written.

    Parameters
    ----------
    container_id
        As the log calls it.
    number
        ISO 6346; empty: no real box stands for it yet.
    iso_type
        ISO 6346 size and type code such as 45G1; empty: unknown.
    gross_kg, is_verified
        Gross mass, and whether it was weighed (SOLAS VI/2); None: unknown.
    consignment_ids
        Consignments in it.
    note_number
        Of its consignment note; empty: none yet.
    operator
        Who runs the box, by the code that sender and recipient agreed on; empty: not said.
    origin_id, destination_id
        Places; empty: not said.
    """

    container_id: str
    number: str = ""
    iso_type: str = ""
    seals: tuple[str, ...] = ()
    gross_kg: int | None = None
    is_verified: bool = False
    is_empty: bool = False
    consignment_ids: tuple[str, ...] = ()
    note_number: str = ""
    operator: str = ""
    origin_id: str = ""
    destination_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who writes to whom, when and under which reference.

    Parameters
    ----------
    sender, recipient
        Codes that both agreed on.
    reference
        Of the interchange, unique between the two; messages in it count on from it.
    written_at
        With its offset from UTC.
    is_test
        The recipient must not act on it.
    """

    sender: str
    recipient: str
    reference: str
    written_at: datetime
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message as it is sent.

    Parameters
    ----------
    content
        Bytes; empty: none of the events is reported.
    count
        Messages (EDIFACT) or events (EPCIS) in it.
    remarks
        What was left out.
    """

    content: bytes
    count: int
    remarks: tuple[Remark, ...] = ()


def facts_of(container_id: str, containers: Mapping[str, ContainerFacts]) -> ContainerFacts:
    """Look a container up; one that nobody handed in is known by its id alone."""
    return containers.get(container_id) or ContainerFacts(container_id=container_id)


def containers_of(event: Event) -> Iterator[str]:
    """List the containers that an event changes, its own first."""
    for subject in event.subjects:
        kind, subject_id = split(subject)
        if kind == "container":
            yield subject_id


def subject_of(event: Event, wanted: str) -> str:
    """Find the first subject of a kind that an event changes; empty: none."""
    found = (split(subject) for subject in event.subjects)
    return next((subject_id for kind, subject_id in found if kind == wanted), "")


def said(event: Event, field: str) -> str:
    """Take a text of an event's payload; empty where it has none."""
    value = event.payload.get(field)
    return value if isinstance(value, str) else ""


def train_of(event: Event) -> str:
    """Name the departure that an event is about; empty: none."""
    return subject_of(event, "train") or said(event, "departure_id")


def place_of(event: Event, places: Mapping[str, Place]) -> Place | None:
    """Find where an event happened; None: it does not say, or nobody knows the place."""
    return places.get(said(event, "at_id"))


def local(instant: datetime, place: Place | None) -> datetime:
    """Write an instant in the time of a place; without one in UTC."""
    return instant.astimezone(ZoneInfo(place.timezone) if place else UTC)


def in_time(events: Iterable[Event]) -> list[Event]:
    """Sort events by when they happened, as the log has them where that is the same."""
    return sorted(events, key=lambda event: (event.happened_at, event.position))
