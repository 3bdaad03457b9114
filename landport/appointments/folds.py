"""Fold events into the states of a border port, one event and one subject at a time; as `track` does for freight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from landport.appointments import states as s
from landport.appointments.fold_appointment import fold_appointment
from landport.appointments.fold_window import fold_window
from landport.model.events import Event


def fold_border(border_id: str, state: s.BorderState | None, event: Event, fact: Any) -> s.BorderState | None:
    """Fold one event into the state of a border port."""
    before = state or s.BorderState(border_id=border_id, status="published")
    if event.type == "BorderPublished":
        return replace(before, border=fact.border)
    if event.type == "BorderClosed":
        closure = s.Closure(from_at=fact.from_at, until_at=fact.until_at, why=fact.why)
        return replace(before, closures=(*before.closures, closure))
    if event.type == "BorderReopened":
        ended = tuple(replace(c, until_at=min(c.until_at, fact.at)) for c in before.closures if c.from_at < fact.at)
        return replace(before, closures=ended)
    return state


def fold_application(
    application_id: str, state: s.ApplicationState | None, event: Event, fact: Any
) -> s.ApplicationState | None:
    """Fold one event into the state of a clearance application."""
    before = state or s.ApplicationState(application_id=application_id, status="applied")
    at = event.happened_at
    if event.type == "ApplicationMade":
        return replace(before, status="applied", application=fact, made_at=at)
    if event.type == "ApplicationAccepted":
        return replace(before, status="accepted", decided_at=at, reference=fact.reference, why="")
    if event.type == "ApplicationDeclined":
        return replace(before, status="declined", decided_at=at, why=fact.why)
    if event.type == "ApplicationWithdrawn":
        return replace(before, status="withdrawn", decided_at=at, why=fact.why)
    appointment_id = event.stream.partition("/")[2]
    if event.type in ("AppointmentBooked", "PlaceAwaited", "TruckQueued", "VisitChanged"):
        others = tuple(a for a in before.appointments if a != appointment_id)
        is_mine = fact.visit.application_id == application_id
        return replace(before, appointments=(*others, appointment_id) if is_mine else others)
    if event.type == "AppointmentCancelled":
        return replace(before, appointments=tuple(a for a in before.appointments if a != appointment_id))
    return state


# ---- enterprises -------------------------------------------------------------------------------

_ACTS: Final = frozenset(
    {"PlaceHeld", "AppointmentBooked", "PlaceAwaited", "AppointmentRescheduled", "VisitChanged", "AppointmentCancelled"}
)
"""What an enterprise does itself."""

_KEPT: Final = timedelta(days=400)
"""How long strikes are remembered."""

_OVER: Final = {"TruckCleared": "n_cleared", "WindowMissed": "n_missed", "AppointmentCancelled": "n_cancelled"}


def fold_enterprise(
    enterprise_id: str, state: s.EnterpriseState | None, event: Event, fact: Any
) -> s.EnterpriseState | None:
    """Fold one event into the state of an enterprise."""
    before = state or s.EnterpriseState(enterprise_id=enterprise_id, status="active")
    changed: dict[str, Any] = {"windows": _places(before, event, fact)}
    if event.type in _ACTS:
        hour = event.recorded_at.replace(minute=0, second=0, microsecond=0)
        changed |= {"hour_at": hour, "n_acts": 1 + (before.n_acts if before.hour_at == hour else 0)}
    appointment_id = event.stream.partition("/")[2]
    if event.type == "PlaceHeld":
        changed |= {"hold_id": appointment_id, "hold_until_at": fact.held_until_at}
    elif before.hold_id == appointment_id:
        changed |= {"hold_id": "", "hold_until_at": None}
    if event.type == "AppointmentBooked":
        changed["n_booked"] = before.n_booked + 1
    if event.type in _OVER:
        changed[_OVER[event.type]] = getattr(before, _OVER[event.type]) + 1
    if event.type == "WindowMissed" or (event.type == "AppointmentCancelled" and fact.is_late):
        changed |= _struck(before, event.happened_at, fact.cool_down_until_at)
    return replace(before, **changed)


def _struck(before: s.EnterpriseState, at: datetime, until_at: datetime | None) -> dict[str, Any]:
    strikes = (*(k for k in before.strikes if k > at - _KEPT), at)
    if until_at is None:
        return {"strikes": strikes}
    return {"strikes": strikes, "status": "cooling_down", "cool_down_until_at": until_at}


def _places(before: s.EnterpriseState, event: Event, fact: Any) -> dict[str, int]:
    """Count its places by window after an event; those used are its no more."""
    windows = dict(before.windows)
    takes, frees = getattr(fact, "takes", None), getattr(fact, "frees", None)
    for place, by in ((takes, 1), (frees, -1)):
        if place is not None:
            windows[place.window_id] = windows.get(place.window_id, 0) + by
    if event.type == "TruckCheckedIn" or (event.type == "WindowMissed" and frees is None):
        window_id = fact.window_id
        windows[window_id] = windows.get(window_id, 0) - 1
    return {window_id: n for window_id, n in windows.items() if n > 0}


# ---- vehicles, the queue, days -----------------------------------------------------------------

_ENDS: Final = frozenset({"TruckCleared", "TruckTurnedBack", "WindowMissed", "AppointmentCancelled", "HoldEnded"})
"""Types of events after which an appointment is over."""


def fold_vehicle(plate: str, state: s.VehicleState | None, event: Event, fact: Any) -> s.VehicleState | None:
    """Fold one event into the state of a tractor, a trailer, or a container that has an appointment as these have."""
    appointment_id = event.stream.partition("/")[2]
    before = state or s.VehicleState(plate=plate, status="free")
    visit = getattr(fact, "visit", None)
    if visit is not None and plate in (visit.tractor, visit.trailer, *visit.container_ids):
        return replace(before, status="booked", appointment_id=appointment_id)
    if before.appointment_id == appointment_id and (visit is not None or event.type in _ENDS):
        return replace(before, status="free")
    return state


_AT_GATE: Final = {
    "TruckCheckedIn": "arrived",
    "InspectionBegun": "under_inspection",
    "TruckHeld": "held",
}


def fold_queue(border_id: str, state: s.QueueState | None, event: Event, fact: Any) -> s.QueueState | None:
    """Fold one event into the live queue; an event names it only if the truck is in it, or joins it."""
    before = state or s.QueueState(border_id=border_id, status="open")
    appointment_id = event.stream.partition("/")[2]
    mine = next((t for t in before.trucks if t.appointment_id == appointment_id), None)
    if event.type in _ENDS:
        return replace(before, trucks=tuple(t for t in before.trucks if t is not mine))
    after = _queued(mine, appointment_id, event, fact)
    if after is None:
        return state
    if mine is None:
        return replace(before, trucks=(*before.trucks, after))
    return replace(before, trucks=tuple(after if t is mine else t for t in before.trucks))


def _queued(mine: s.Queued | None, appointment_id: str, event: Event, fact: Any) -> s.Queued | None:
    at = event.happened_at
    if event.type in ("TruckPresented", "TruckQueued"):
        return _with_visit(s.Queued(appointment_id=appointment_id, status="waiting", channel=""), fact, since_at=at)
    if event.type == "TruckCalled":
        before = mine or s.Queued(appointment_id=appointment_id, status="called", channel="")
        before = before if mine else _with_visit(before, fact, since_at=None)
        return replace(before, status="called", called_at=at, window_id=fact.window_id, opens_at=fact.opens_at)
    if mine is None:
        return None
    if event.type in _AT_GATE:
        return replace(mine, status=_AT_GATE[event.type])
    if event.type == "VisitChanged":
        return _with_visit(mine, fact, since_at=mine.since_at)
    if event.type in ("AppointmentShifted", "AppointmentRescheduled"):
        window = {"window_id": fact.takes.window_id, "opens_at": fact.opens_at}
        return replace(mine, status="waiting", called_at=None, **window)
    return mine


def _with_visit(truck: s.Queued, fact: Any, *, since_at: datetime | None) -> s.Queued:
    """Write what the queue shows of a truck, as its event says it."""
    visit, window = fact.visit, {}
    if getattr(fact, "window_id", ""):
        window = {"window_id": fact.window_id, "opens_at": fact.opens_at}
    channel = getattr(fact, "channel", "") or truck.channel
    shown = {"tractor": visit.tractor, "trailer": visit.trailer, "application_id": visit.application_id}
    return replace(truck, channel=channel, since_at=since_at, is_aeo=visit.is_aeo, **shown, **window)


_COUNTED: Final = {
    "ApplicationMade": "n_applications",
    "ApplicationAccepted": "n_accepted",
    "ApplicationDeclined": "n_declined",
    "TruckPresented": "n_came",
    "TruckQueued": "n_came",
    "TruckCalled": "n_called",
    "TruckCheckedIn": "n_checked_in",
    "InspectionBegun": "n_inspected",
    "TruckHeld": "n_held",
    "TruckCleared": "n_cleared",
    "TruckTurnedBack": "n_turned_back",
    "WindowMissed": "n_missed",
    "AppointmentCancelled": "n_cancelled",
    "AppointmentShifted": "n_shifted",
    "CheckInFlagged": "n_flagged",
}


def fold_day(day_id: str, state: s.GateDayState | None, event: Event, fact: Any) -> s.GateDayState | None:
    """Count one event on its day."""
    before = state or s.GateDayState(day_id=day_id, status="counted")
    name = _COUNTED.get(event.type)
    if name is None:
        return state
    more = {name: getattr(before, name) + 1}
    if event.type == "TruckQueued":
        more["n_walk_up"] = before.n_walk_up + 1
    if getattr(fact, "is_first", False):
        more["n_came"] = before.n_came + 1
    if getattr(fact, "had_come", False):
        more["n_left"] = before.n_left + 1
    for minutes in ("waited_minutes", "stayed_minutes"):
        more[minutes] = getattr(before, minutes) + getattr(fact, minutes, 0)
    return replace(before, **more)


FOLDS: Final[dict[str, Callable[[str, Any, Event, Any], s.GateState | None]]] = {
    "border": fold_border,
    "window": fold_window,
    "queue": fold_queue,
    "application": fold_application,
    "appointment": fold_appointment,
    "enterprise": fold_enterprise,
    "vehicle": fold_vehicle,
    "gate_day": fold_day,
}
"""By kind of subject: the state after an event, from its id, the state before, the event and its fact."""


def fold(kind: str, subject_id: str, state: s.GateState | None, event: Event, fact: Any) -> s.GateState | None:
    """Fold one event into the state of one subject that it is about; None: nothing is known of it still.

    Notes
    -----
    Folding refuses nothing: what may not happen is refused before it is written.
    """
    after = FOLDS[kind](subject_id, state, event, fact)
    return None if after is None else replace(after, updated_at=event.recorded_at)
