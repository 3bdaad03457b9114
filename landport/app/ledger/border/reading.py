"""States of border ports read back typed, of what somebody may see or a command needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from landport.app.ledger import reads
from landport.app.ledger.desk import Principal, seen
from landport.appointments.states import (
    ApplicationState,
    AppointmentState,
    BorderState,
    Closure,
    EnterpriseState,
    QueueState,
    VehicleState,
    WindowState,
    state_from,
)
from landport.errors import NotFound, NotPermitted
from landport.model.border import BorderPort
from landport.store import Tx, View


def expect_port(who: Principal) -> None:
    """Refuse a forwarder what only the port's people see of a border port.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    """
    if who.owner is not None:
        raise NotPermitted("not-permitted", "only the port's people see this: plates, places and days of everybody")


def port(view: View, border_id: str) -> BorderPort:
    """Read a border port as it is published.

    Raises
    ------
    NotFound
        `unknown-border`.
    """
    return state_of_port(view, border_id)[0]


def state_of_port(view: View, border_id: str) -> tuple[BorderPort, tuple[Closure, ...]]:
    """Read a border port and its closures.

    Raises
    ------
    NotFound
        `unknown-border`.
    """
    state = reads.known(view, "border", border_id)
    if not isinstance(state, BorderState) or state.border is None:
        raise NotFound("unknown-border", f"no border port {border_id}", (border_id,))
    return state.border, state.closures


def spans(closures: Iterable[Closure]) -> tuple[tuple[datetime, datetime], ...]:
    """Write closures as pairs of instants."""
    return tuple((c.from_at, c.until_at) for c in closures if c.until_at > c.from_at)


def window(view: View, window_id: str) -> WindowState:
    """Read a window.

    Raises
    ------
    NotFound
        `unknown-window`.
    """
    state = reads.known(view, "window", window_id)
    if not isinstance(state, WindowState) or state.opens_at is None:
        raise NotFound("unknown-window", f"no window {window_id}", (window_id,))
    return state


def appointment(view: View, who: Principal, appointment_id: str) -> AppointmentState:
    """Read an appointment; `NotFound` `unknown-appointment` if it is not theirs to see."""
    found: AppointmentState = _seen(view, who, "appointment", appointment_id)
    return found


def application(view: View, who: Principal, application_id: str) -> ApplicationState:
    """Read an application; `NotFound` `unknown-application` if it is not theirs to see."""
    found: ApplicationState = _seen(view, who, "application", application_id)
    return found


def _seen(view: View, who: Principal, kind: str, subject_id: str) -> Any:
    return state_from(kind, seen(view, who, kind, subject_id).document)


def enterprise(view: View, enterprise_id: str) -> EnterpriseState | None:
    """Read what is known of an enterprise; None: it never booked, or it is the port itself."""
    state = reads.known(view, "enterprise", enterprise_id) if enterprise_id else None
    return state if isinstance(state, EnterpriseState) else None


def vehicle(view: View, plate: str) -> VehicleState | None:
    """Read what is known of a tractor or trailer; None: it was never booked."""
    state = reads.known(view, "vehicle", plate)
    return state if isinstance(state, VehicleState) else None


def queue(view: View, border_id: str) -> QueueState:
    """Read the live queue of a border port."""
    state = reads.known(view, "queue", border_id)
    return state if isinstance(state, QueueState) else QueueState(border_id=border_id, status="open")


def fetch(tx: Tx, *subjects: tuple[str, str]) -> None:
    """Read states ahead, all in one question; those without an id are left out."""
    tx.fetch((kind, subject_id) for kind, subject_id in subjects if subject_id)
