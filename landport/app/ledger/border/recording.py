"""Events of a border port, written: whom each is about, and whether it can have happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from landport import track
from landport.app.ledger import reads
from landport.appointments.capacity import local_day
from landport.appointments.legal import expect_legal
from landport.appointments.states import ApplicationState, AppointmentState
from landport.model.border import BorderPort
from landport.model.events import Draft, Event
from landport.model.gate_facts import TruckVisit
from landport.store import Tx

ANY: str = "any"
"""Channel under which clearance applications are counted."""

APPOINTMENT = "G{:09d}"
"""How appointments are numbered: by the position of their first event."""

APPLICATION = "L{:09d}"
"""How clearance applications are numbered."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where and when something happens at a border port."""

    tx: Tx
    border: BorderPort
    at: datetime

    def day(self, channel: str) -> str:
        """Name the local day as a subject that counts for a channel."""
        return f"gate_day/{self.border.border_id}.{local_day(self.border, self.at):%Y%m%d}.{channel}"

    def queue(self) -> str:
        """Name the live queue."""
        return f"queue/{self.border.border_id}"


def write(scene: Scene, subject: str, fact: Any, about: Iterable[str] = (), *, is_new: bool = False) -> Event:
    """Append one event, if it can have happened to its subject as that is.

    Raises
    ------
    Conflict
        `illegal-move`.
    """
    kind, _, subject_id = subject.partition("/")
    if not is_new and kind in ("appointment", "application"):
        expect_legal(subject_id, reads.known(scene.tx, kind, subject_id), type(fact).__name__)
    draft = Draft(
        stream=subject,
        type=type(fact).__name__,
        payload=track.payload_of(fact),
        happened_at=scene.at,
        about=tuple(dict.fromkeys(s for s in about if s != subject)),
        is_new=is_new,
    )
    (event,) = scene.tx.append([draft])
    return event


def expect(before: AppointmentState, type_name: str) -> None:
    """Refuse what cannot happen to an appointment as it is, before anything else is looked at.

    Raises
    ------
    Conflict
        `illegal-move`.
    """
    expect_legal(before.appointment_id, before, type_name)


def state(tx: Tx, appointment_id: str) -> AppointmentState:
    """Read an appointment that is there."""
    found = reads.known(tx, "appointment", appointment_id)
    assert isinstance(found, AppointmentState)
    return found


def application(tx: Tx, application_id: str) -> ApplicationState:
    """Read an application that is there."""
    found = reads.known(tx, "application", application_id)
    assert isinstance(found, ApplicationState)
    return found


def of_visit(visit: TruckVisit) -> tuple[str, ...]:
    """Name the subjects that a visit is about: its enterprise, vehicles, application and containers."""
    named = (
        ("enterprise", visit.enterprise_id),
        ("vehicle", visit.tractor),
        ("vehicle", visit.trailer),
        ("application", visit.application_id),
        *((kind, container_id) for container_id in visit.container_ids for kind in ("container", "vehicle")),
    )
    return tuple(f"{kind}/{subject_id}" for kind, subject_id in named if subject_id)


def carried(visit: TruckVisit) -> tuple[str, ...]:
    """List what can have one appointment at a time: tractor, trailer, containers."""
    return tuple(name for name in (visit.tractor, visit.trailer, *visit.container_ids) if name)


def windows(*window_ids: str) -> tuple[str, ...]:
    """Name windows as subjects; those without an id are left out."""
    return tuple(f"window/{w}" for w in window_ids if w)
