"""What events make of the state of a window: its places taken, freed, held and awaited."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from landport.appointments.states import Cooling, Hold, WindowState
from landport.model.events import Event
from landport.model.gate_facts import FreedPlace, Place

_ENDS_WAITING: Final = frozenset({"PlaceOffered", "AppointmentCancelled", "AppointmentBooked"})
"""Types of events after which an appointment waits no more."""

_ENDS_HOLD: Final = frozenset({"AppointmentBooked", "HoldEnded", "AppointmentCancelled"})
"""Types of events after which an appointment holds no place."""


def fold_window(window_id: str, state: WindowState | None, event: Event, fact: Any) -> WindowState | None:
    """Fold one event into the state of a window."""
    before = state or WindowState(window_id=window_id, status="open")
    if event.type in _OF_WINDOW:
        return _sized(before, event, fact)
    appointment_id = event.stream.partition("/")[2]
    after = _listed(before, appointment_id, event, fact)
    takes, frees = getattr(fact, "takes", None), getattr(fact, "frees", None)
    if takes is not None and takes.window_id == window_id:
        after = _taken(after, takes)
    if frees is not None and frees.window_id == window_id:
        after = _freed(after, frees)
    return after


_OF_WINDOW: Final = ("WindowOpened", "WindowResized", "PlacesLent")


def _sized(before: WindowState, event: Event, fact: Any) -> WindowState:
    """Write the size of a window after an event about it, or about one that lends to it."""
    if event.type == "WindowOpened":
        named = {"border_id": fact.border_id, "channel": fact.channel}
        times = {"opens_at": fact.opens_at, "closes_at": fact.closes_at}
        after = replace(before, capacity=fact.capacity, **named, **times)
    elif event.type == "WindowResized":
        after = replace(before, capacity=fact.capacity)
    else:
        by = fact.count if fact.to_window_id == before.window_id else -fact.count
        after = replace(before, capacity=before.capacity + by, lent=before.lent + by)
    return replace(after, status="open" if after.capacity else "closed")


def _listed(before: WindowState, appointment_id: str, event: Event, fact: Any) -> WindowState:
    """Write who holds and who waits after an event."""
    holds, waiting = before.holds, before.waiting
    if event.type in _ENDS_HOLD and holds:
        holds = tuple(h for h in holds if h.appointment_id != appointment_id)
    if event.type in _ENDS_WAITING and waiting:
        waiting = tuple(w for w in waiting if w != appointment_id)
    if event.type == "PlaceHeld":
        holds = (*holds, Hold(appointment_id, fact.enterprise_id, fact.takes.seat, fact.held_until_at))
    if event.type == "PlaceAwaited" and appointment_id not in waiting:
        waiting = (*waiting, appointment_id)
    if holds is before.holds and waiting is before.waiting:
        return before
    return replace(before, holds=holds, waiting=waiting)


def _taken(before: WindowState, place: Place) -> WindowState:
    """Take a place: a new one, a free one, or one that cools."""
    seat, free, cooling = place.seat, before.free, before.cooling
    if seat > before.last_seat:
        free = (*free, *range(before.last_seat + 1, seat))
    elif seat in free:
        free = tuple(n for n in free if n != seat)
    else:
        cooling = tuple(c for c in cooling if c.seat != seat)
    last_seat = max(before.last_seat, seat)
    return replace(before, booked=before.booked + 1, last_seat=last_seat, free=free, cooling=cooling)


def _freed(before: WindowState, place: FreedPlace) -> WindowState:
    """Give a place back; it cools until its delay is over."""
    return replace(before, booked=before.booked - 1, cooling=(*before.cooling, Cooling(place.seat, place.back_at)))
