"""Rules of a border port's log itself: what records name and repeat, and states of appointments and applications."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import landport.model.gate_facts as facts
from landport.audit.gate_log import GateRecord
from landport.audit.gate_state import BEFORE_GATE, GateRule, GateState, Truck
from landport.audit.gate_steps import APPLICATION_STATES
from landport.audit.violation import Finding

FROM: dict[type, tuple[str, ...]] = {
    facts.PlaceHeld: ("none",),
    facts.PlaceAwaited: ("none",),
    facts.TruckQueued: ("none",),
    facts.AppointmentBooked: ("none", "hold", "awaiting", "queued"),
    facts.PlaceOffered: ("awaiting",),
    facts.AppointmentRescheduled: ("confirmed",),
    facts.AppointmentShifted: ("confirmed", "called"),
    facts.VisitChanged: (*BEFORE_GATE, "arrived", "under_inspection", "held"),
    facts.AppointmentCancelled: BEFORE_GATE,
    facts.HoldEnded: ("hold",),
    facts.WindowMissed: ("confirmed", "called"),
    facts.TruckPresented: BEFORE_GATE,
    facts.TruckCalled: ("queued", "confirmed"),
    facts.TruckCheckedIn: ("called",),
    facts.InspectionBegun: ("arrived", "held"),
    facts.TruckHeld: ("arrived", "under_inspection"),
    facts.TruckCleared: ("arrived", "under_inspection", "held"),
    facts.TruckTurnedBack: ("arrived", "under_inspection", "held"),
}
"""States in which an appointment may be when something happens to it."""

AT_GATE = (
    facts.TruckCheckedIn,
    facts.InspectionBegun,
    facts.TruckHeld,
    facts.TruckCleared,
    facts.TruckTurnedBack,
)

COPIES = (
    facts.PlaceHeld,
    facts.PlaceAwaited,
    facts.AppointmentBooked,
    facts.PlaceOffered,
    facts.AppointmentRescheduled,
    facts.AppointmentShifted,
    facts.TruckPresented,
    facts.TruckCalled,
    facts.TruckCheckedIn,
)

NAMING = (
    *(facts.BorderClosed, facts.BorderReopened, facts.WindowOpened, facts.WindowResized, facts.PlacesLent),
    *(*APPLICATION_STATES, *COPIES, facts.HoldEnded, facts.TruckQueued, facts.VisitChanged),
    *(facts.AppointmentCancelled, facts.WindowMissed),
)


def _unknown(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    kind, about = type(fact).__name__, record.subject_id
    for what, name, known in _named(state, record, fact):
        if name not in known:
            yield f"{kind} of {about} names the {what} {name!r}; there is none", (record.event_id, name)


def _named(state: GateState, record: GateRecord, fact: Any) -> Iterator[tuple[str, str, Any]]:
    """List the kinds and ids that a record names, and those that there are."""
    if type(fact) in (facts.BorderClosed, facts.BorderReopened):
        yield "border", record.subject_id, state.borders
    elif hasattr(fact, "border_id"):
        yield "border", fact.border_id, state.borders
    if type(fact) in (facts.WindowResized, facts.PlacesLent):
        yield "window", record.subject_id, state.windows
    elif type(fact) in APPLICATION_STATES and type(fact) is not facts.ApplicationMade:
        yield "application", record.subject_id, state.applications
    windows = [getattr(fact, name, "") for name in ("window_id", "to_window_id")]
    windows += [place.window_id for name in ("takes", "frees") if (place := getattr(fact, name, None)) is not None]
    for window_id in dict.fromkeys(windows):
        if window_id:
            yield "window", window_id, state.windows
    if hasattr(fact, "visit") and fact.visit.application_id:
        yield "application", fact.visit.application_id, state.applications


def _state(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    truck = state.truck(record.subject)
    if truck.state in FROM[type(fact)] or (type(fact) in AT_GATE and record.subject in state.flagged):
        return
    if type(fact) is facts.TruckCalled and truck.state == "called" and truck.is_shifted:
        return  # a truck that was called, and moved by a closure, is called again
    if type(fact) is facts.TruckCheckedIn and is_uncalled(truck):
        return  # GATE_CHECK_IN tells it
    yield f"{type(fact).__name__} of {record.subject_id}, which is {truck.state}", (record.event_id, record.subject_id)


def is_uncalled(truck: Truck) -> bool:
    """Tell whether a truck is not at the gate and was not called to it, or no longer."""
    return truck.state in ("none", "hold", "awaiting", "queued", "confirmed", "no_show", "cancelled")


def _copy(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    truck, kind = state.truck(record.subject), type(fact)
    for field, said, known in _copies(state, fact, truck):
        if said != known:
            said, known = (getattr(one, "isoformat", lambda one=one: one)() for one in (said, known))
            text = f"{kind.__name__} of {record.subject_id} says {field} {said!s:.200}; it is {known!s:.200}"
            yield text, (record.event_id, record.subject_id)


def _copies(state: GateState, fact: Any, truck: Truck) -> Iterator[tuple[str, object, object]]:
    """List what a record repeats: field, what it says, and what is known."""
    kind, takes = type(fact), getattr(fact, "takes", None)
    window = state.windows.get(getattr(fact, "window_id", "") or getattr(takes, "window_id", ""))
    is_first = kind in (facts.PlaceHeld, facts.PlaceAwaited, facts.AppointmentBooked)
    if window is not None:
        for field in ("opens_at", "closes_at"):
            if hasattr(fact, field):
                yield field, getattr(fact, field), getattr(window, field)
        if is_first:
            yield "channel", fact.channel, window.channel
            yield "border_id", fact.border_id, window.border_id
        elif kind in (facts.PlaceOffered, facts.AppointmentRescheduled, facts.AppointmentShifted):
            yield "channel of the window", window.channel, truck.channel
    if kind in (facts.TruckPresented, facts.TruckCalled):
        yield "channel", fact.channel, truck.channel
        yield "visit", fact.visit, truck.visit
    if kind in (facts.TruckPresented, facts.TruckCheckedIn) and truck.place is not None:
        yield "window_id", fact.window_id, truck.place.window_id


def _answered(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    kind, known = type(fact), state.applications.get(record.subject_id, "")
    if kind is facts.ApplicationMade:
        is_wrong = bool(known)
    elif kind is facts.ApplicationWithdrawn:
        is_wrong = known == "withdrawn"
    else:
        is_wrong = known not in ("", "made")
    if is_wrong:
        yield f"{kind.__name__} of {record.subject_id}, which is {known}", (record.event_id, record.subject_id)


RULES = (
    GateRule("GATE_UNKNOWN", "Records name borders, windows and applications that there are.", NAMING, _unknown),
    GateRule("GATE_STATE", "An appointment begins once, and goes from state to state as it may.", (*FROM,), _state),
    GateRule("GATE_COPY", "What a record repeats of a window or an appointment is as it is there.", COPIES, _copy),
    GateRule(
        "GATE_ANSWERED",
        "An application is made once, answered once, and not after it is withdrawn.",
        (*APPLICATION_STATES,),
        _answered,
    ),
)
