"""States of a border port: what is known of it, its windows and queue, and of those who book them, at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from landport.model.border import BorderPort
from landport.model.gate_facts import ApplicationMade, TruckVisit


class Closure(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A time in which the border is shut."""

    from_at: datetime
    until_at: datetime
    why: str


class BorderState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A border port. `status`: published. `border`: its hours and rules as they hold now."""

    border_id: str
    status: str
    updated_at: datetime | None = None
    border: BorderPort | None = None
    closures: tuple[Closure, ...] = ()


class Cooling(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A freed place that cannot be booked before `back_at`."""

    seat: int
    back_at: datetime


class Hold(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A place held for a form that is being filled in."""

    appointment_id: str
    enterprise_id: str
    seat: int
    until_at: datetime


class WindowState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A window.

    Parameters
    ----------
    status
        open, or closed: it has no places.
    capacity
        Published places, with those lent to it and without those lent away.
    lent
        Places lent to it, less those lent away.
    booked
        Places taken, held ones among them.
    last_seat
        Highest number of a place that was ever taken.
    free
        Lower numbers that can be taken again.
    cooling
        Freed places that come back later.
    holds
        Among the places taken: those held for a form.
    waiting
        Appointments on the waiting list, in order.
    """

    window_id: str
    status: str
    updated_at: datetime | None = None
    border_id: str = ""
    channel: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    capacity: int = 0
    lent: int = 0
    booked: int = 0
    last_seat: int = 0
    free: tuple[int, ...] = ()
    cooling: tuple[Cooling, ...] = ()
    holds: tuple[Hold, ...] = ()
    waiting: tuple[str, ...] = ()


class ApplicationState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A clearance application. `appointments`: trucks booked under it."""

    application_id: str
    status: str
    updated_at: datetime | None = None
    application: ApplicationMade | None = None
    made_at: datetime | None = None
    decided_at: datetime | None = None
    reference: str = ""
    why: str = ""
    appointments: tuple[str, ...] = ()


class AppointmentState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A truck's appointment.

    Parameters
    ----------
    form
        What a requested one asks for: hold (a form is being filled in), waiting (on the list of its window) or queued
        (a walk-up, in the live queue); empty once it had a place.
    window_id, seat
        Window it is for, and its place there; seat 0: none.
    order_at
        When the window opened that it was booked for; the port's shifts leave it, so that nobody overtakes by them.
    version
        Position of the event that changed its window or truck last, but by calling it; codes carry it.
    n_rescheduled
        Free reschedules used.
    n_shifted
        Times that the port moved it.
    queued_at
        When a walk-up joined the live queue.
    presented_at, called_at, arrived_at, inspected_at, ended_at
        Instants of its day; None: not yet.
    waited_minutes, stayed_minutes
        From presenting to being called; from coming to being cleared or turned back.
    flags
        What was wrong when it was let in by a printed list.
    """

    appointment_id: str
    status: str
    updated_at: datetime | None = None
    form: str = ""
    border_id: str = ""
    channel: str = ""
    window_id: str = ""
    seat: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    order_at: datetime | None = None
    visit: TruckVisit = TruckVisit()
    held_until_at: datetime | None = None
    booked_at: datetime | None = None
    version: int = 0
    n_rescheduled: int = 0
    n_shifted: int = 0
    queued_at: datetime | None = None
    presented_at: datetime | None = None
    called_at: datetime | None = None
    arrived_at: datetime | None = None
    inspected_at: datetime | None = None
    ended_at: datetime | None = None
    waited_minutes: int = 0
    stayed_minutes: int = 0
    reference: str = ""
    why: str = ""
    flags: tuple[str, ...] = ()


class EnterpriseState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What an enterprise has ahead at borders, and how it kept its word.

    Parameters
    ----------
    status
        active, or cooling_down: it may not book before `cool_down_until_at`.
    windows
        Places ahead by window.
    hold_id, hold_until_at
        Appointment under which it holds a place.
    strikes
        Instants of missed and late-cancelled appointments, oldest first.
    hour_at, n_acts
        Hour that acts were counted in last, and how many there were in it.
    """

    enterprise_id: str
    status: str
    updated_at: datetime | None = None
    windows: Mapping[str, int] = {}
    hold_id: str = ""
    hold_until_at: datetime | None = None
    strikes: tuple[datetime, ...] = ()
    cool_down_until_at: datetime | None = None
    hour_at: datetime | None = None
    n_acts: int = 0
    n_booked: int = 0
    n_cancelled: int = 0
    n_missed: int = 0
    n_cleared: int = 0


class VehicleState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A tractor or trailer. `status`: booked or free; `appointment_id`: what it is booked for, or was last."""

    plate: str
    status: str
    updated_at: datetime | None = None
    appointment_id: str = ""


class Queued(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A truck in the live queue or at the gate.

    Parameters
    ----------
    status
        waiting (in the waiting area, or a walk-up), called, or as the appointment's while it is at the gate.
    opens_at
        When its window opens; None: a walk-up.
    since_at
        When it presented itself or joined the queue; None: it was called without.
    """

    appointment_id: str
    status: str
    channel: str
    tractor: str = ""
    trailer: str = ""
    window_id: str = ""
    opens_at: datetime | None = None
    since_at: datetime | None = None
    called_at: datetime | None = None
    application_id: str = ""
    is_aeo: bool = False


class QueueState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The live queue of a border port, and the trucks at its gate, in the order in which they came."""

    border_id: str
    status: str
    updated_at: datetime | None = None
    trucks: tuple[Queued, ...] = ()


class GateDayState(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What was counted of a channel on one local day of a border port; each truck once for each thing that it did.

    Parameters
    ----------
    day_id
        `BORDER.YYYYMMDD.CHANNEL`; clearance applications are counted under the channel `any`.
    n_came
        Trucks that came: presented themselves, joined the queue, or, unseen before, checked in.
    n_walk_up
        Among them those without an appointment.
    n_left
        Among those that were cancelled or missed: those that had come.
    waited_minutes, stayed_minutes
        Sums over the trucks called, and over those cleared or turned back.
    """

    day_id: str
    status: str
    updated_at: datetime | None = None
    n_applications: int = 0
    n_accepted: int = 0
    n_declined: int = 0
    n_came: int = 0
    n_walk_up: int = 0
    n_called: int = 0
    n_checked_in: int = 0
    n_inspected: int = 0
    n_held: int = 0
    n_cleared: int = 0
    n_turned_back: int = 0
    n_missed: int = 0
    n_cancelled: int = 0
    n_left: int = 0
    n_shifted: int = 0
    n_flagged: int = 0
    waited_minutes: int = 0
    stayed_minutes: int = 0


GateState = (
    BorderState
    | WindowState
    | QueueState
    | ApplicationState
    | AppointmentState
    | EnterpriseState
    | VehicleState
    | GateDayState
)
"""State of any kind of subject of a border port."""

STATES: Final[dict[str, type[GateState]]] = {
    "border": BorderState,
    "window": WindowState,
    "queue": QueueState,
    "application": ApplicationState,
    "appointment": AppointmentState,
    "enterprise": EnterpriseState,
    "vehicle": VehicleState,
    "gate_day": GateDayState,
}
"""Kinds of subjects of a border port, and the class of their states."""

STATUSES: Final[dict[str, tuple[str, ...]]] = {
    "border": ("published",),
    "window": ("open", "closed"),
    "queue": ("open",),
    "application": ("applied", "accepted", "declined", "withdrawn"),
    "appointment": (
        "requested",
        "confirmed",
        "called",
        "arrived",
        "under_inspection",
        "held",
        "cleared",
        "turned_back",
        "no_show",
        "cancelled",
    ),
    "enterprise": ("active", "cooling_down"),
    "vehicle": ("booked", "free"),
    "gate_day": ("counted",),
}
"""Every status that a state of a kind can have; docs/track.md tells what they mean."""

ACTIVE: Final = ("requested", "confirmed", "called", "arrived", "under_inspection", "held")
"""Statuses of an appointment that is not over."""

_DECODERS: Final = {kind: msgspec.json.Decoder(state) for kind, state in STATES.items()}
_ENCODE: Final = msgspec.json.Encoder().encode


def as_document(state: Any) -> bytes:
    """Write a state as JSON; what has its default is left out."""
    return _ENCODE(state)


def state_from(kind: str, document: bytes) -> Any:
    """Read a state that `as_document` wrote."""
    return _DECODERS[kind].decode(document)


def owner_of(kind: str, state: Any) -> str:
    """Name the party that sees a state beside the port; empty: none."""
    if kind == "appointment":
        return str(state.visit.enterprise_id)
    if kind == "application":
        return state.application.enterprise_id if state.application else ""
    return str(state.enterprise_id) if kind == "enterprise" else ""
