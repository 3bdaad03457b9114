"""What events make of the state of an appointment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from landport.appointments.states import AppointmentState
from landport.model.events import Event
from landport.model.gate_facts import TruckVisit


def fold_appointment(
    appointment_id: str, state: AppointmentState | None, event: Event, fact: Any
) -> AppointmentState | None:
    """Fold one event into the state of an appointment."""
    step = _STEPS.get(event.type)
    if step is None:
        return state
    before = state or AppointmentState(appointment_id=appointment_id, status="requested")
    changes = step(before, event, fact)
    if event.type != "TruckCalled" and ("visit" in changes or "window_id" in changes):
        changes["version"] = event.position  # called early, a truck comes with the code that it has
    return replace(before, **changes)


def _held(_: AppointmentState, event: Event, fact: Any) -> dict[str, Any]:
    visit = TruckVisit(enterprise_id=fact.enterprise_id)
    place = {"window_id": fact.takes.window_id, "seat": fact.takes.seat, "held_until_at": fact.held_until_at}
    named = {"border_id": fact.border_id, "channel": fact.channel}
    return {"status": "requested", "form": "hold", "visit": visit, **named, **place}


def _awaited(_: AppointmentState, event: Event, fact: Any) -> dict[str, Any]:
    named = {"border_id": fact.border_id, "channel": fact.channel, "window_id": fact.window_id}
    times = {"opens_at": fact.opens_at, "closes_at": fact.closes_at, "booked_at": event.happened_at}
    return {"status": "requested", "form": "waiting", "visit": fact.visit, **named, **times}


def _queued(_: AppointmentState, event: Event, fact: Any) -> dict[str, Any]:
    named = {"border_id": fact.border_id, "channel": fact.channel, "visit": fact.visit}
    at = event.happened_at
    return {"status": "requested", "form": "queued", "queued_at": at, "presented_at": at, "booked_at": at, **named}


def _booked(before: AppointmentState, event: Event, fact: Any) -> dict[str, Any]:
    named = {"border_id": fact.border_id, "channel": fact.channel, "window_id": fact.window_id, "visit": fact.visit}
    times = {"opens_at": fact.opens_at, "closes_at": fact.closes_at, "booked_at": event.happened_at}
    seat = fact.takes.seat if fact.takes else before.seat
    times["order_at"] = fact.opens_at
    return {"status": "confirmed", "form": "", "seat": seat, "held_until_at": None, **named, **times}


def _offered(_: AppointmentState, event: Event, fact: Any) -> dict[str, Any]:
    return {"status": "confirmed", "form": "", "order_at": fact.opens_at, **_place(fact)}


def _place(fact: Any) -> dict[str, Any]:
    """Write the place that an event gives, and when its window is."""
    taken = {"window_id": fact.takes.window_id, "seat": fact.takes.seat}
    return {"opens_at": fact.opens_at, "closes_at": fact.closes_at, **taken}


def _rescheduled(before: AppointmentState, event: Event, fact: Any) -> dict[str, Any]:
    return {"n_rescheduled": before.n_rescheduled + fact.is_free, "order_at": fact.opens_at, **_place(fact)}


def _shifted(before: AppointmentState, event: Event, fact: Any) -> dict[str, Any]:
    return {"status": "confirmed", "called_at": None, "n_shifted": before.n_shifted + 1, **_place(fact)}


def _called(_: AppointmentState, event: Event, fact: Any) -> dict[str, Any]:
    place = _place(fact) if fact.takes else {}
    done = {"status": "called", "form": "", "called_at": event.happened_at, "waited_minutes": fact.waited_minutes}
    return {**done, **place}


def _over(status: str) -> Callable[[AppointmentState, Event, Any], dict[str, Any]]:
    def step(before: AppointmentState, event: Event, fact: Any) -> dict[str, Any]:
        seat = 0 if getattr(fact, "frees", None) else before.seat
        stayed = getattr(fact, "stayed_minutes", 0)
        words = {"why": getattr(fact, "why", ""), "reference": getattr(fact, "reference", "")}
        return {"status": status, "ended_at": event.happened_at, "seat": seat, "stayed_minutes": stayed, **words}

    return step


_STEPS: Final[dict[str, Callable[[AppointmentState, Event, Any], dict[str, Any]]]] = {
    "PlaceHeld": _held,
    "HoldEnded": _over("cancelled"),
    "PlaceAwaited": _awaited,
    "TruckQueued": _queued,
    "AppointmentBooked": _booked,
    "PlaceOffered": _offered,
    "AppointmentRescheduled": _rescheduled,
    "AppointmentShifted": _shifted,
    "VisitChanged": lambda before, event, fact: {"visit": fact.visit},
    "AppointmentCancelled": _over("cancelled"),
    "WindowMissed": _over("no_show"),
    "TruckPresented": lambda before, event, fact: {"presented_at": event.happened_at},
    "TruckCalled": _called,
    "TruckCheckedIn": lambda before, event, fact: {"status": "arrived", "arrived_at": event.happened_at},
    "InspectionBegun": lambda before, event, fact: {"status": "under_inspection", "inspected_at": event.happened_at},
    "TruckHeld": lambda before, event, fact: {"status": "held", "why": fact.why},
    "TruckCleared": _over("cleared"),
    "TruckTurnedBack": _over("turned_back"),
    "CheckInFlagged": lambda before, event, fact: {"flags": (*before.flags, fact.why)},
}
"""By type of event: what it changes of an appointment."""
