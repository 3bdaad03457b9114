"""Rules of places: never more than there are, none given twice, none held for long, no more than a fair share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import landport.model.gate_facts as facts
from landport.audit.gate_log import GateRecord
from landport.audit.gate_state import NOBODY, GateRule, GateState, Truck, Window
from landport.audit.violation import Finding
from landport.model.border import GatePolicy


def _full(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    if isinstance(fact, facts.WindowResized):
        window, n, capacity = state.windows.get(record.subject_id), 0, fact.capacity
    else:
        window = state.window(fact.takes)
        n, capacity = 1 - _is_freed(state, record, fact, window), 0 if window is None else window.capacity
    if window is not None and window.n_taken + n > capacity:
        text = f"{window.n_taken + n:,} places of {window.window_id} are taken; it has {capacity:,}"
        yield text, (record.event_id, record.subject_id, window.window_id)


def _is_freed(state: GateState, record: GateRecord, fact: Any, window: Window | None) -> bool:
    """Tell whether a record that takes a place gives one of the same window back."""
    frees = getattr(fact, "frees", None)
    return frees is not None and window is not None and _has(state, record.subject, frees, window)


def _has(state: GateState, subject: str, place: facts.Place | facts.FreedPlace, window: Window) -> bool:
    return place.window_id == window.window_id and subject in window.taken.get(place.seat, ())


def _seat(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    window = state.window(fact.takes)
    if window is None:
        return
    frees = getattr(fact, "frees", None)
    is_same = frees is not None and (frees.window_id, frees.seat) == (fact.takes.window_id, fact.takes.seat)
    for other in window.taken.get(fact.takes.seat, ()):
        if not (is_same and other == record.subject):
            text = f"{record.subject_id} takes place {fact.takes.seat} of {window.window_id}, which {_id(other)} has"
            yield text, (record.event_id, record.subject_id, _id(other))


def _freed(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    window = state.window(fact.frees)
    if window is not None and not _has(state, record.subject, fact.frees, window):
        text = f"{record.subject_id} gives place {fact.frees.seat} of {window.window_id} back, which it does not have"
        yield text, (record.event_id, record.subject_id, window.window_id)


def _place(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    truck, about = state.truck(record.subject), (record.event_id, record.subject_id)
    if fact.takes is not None and truck.place is not None and getattr(fact, "frees", None) is None:
        yield f"{record.subject_id} takes a place, and keeps that in {truck.place.window_id}", about
    if isinstance(fact, facts.AppointmentBooked | facts.TruckCalled):
        place = fact.takes or truck.place
        if place is None:
            yield f"{type(fact).__name__} of {record.subject_id}, which has no place", about
        elif place.window_id != fact.window_id:
            yield f"{record.subject_id} is for {fact.window_id}; its place is in {place.window_id}", about
    if isinstance(fact, facts.TruckCalled) and fact.takes is None and fact.frees is not None:
        yield f"{record.subject_id} is called, and gives its place in {fact.frees.window_id} back", about


def _back(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    window = state.window(fact.takes)
    back_at = None if window is None else window.back.get(fact.takes.seat)
    if window is not None and back_at is not None and back_at > record.happened_at:
        text = f"{record.subject_id} takes place {fact.takes.seat} of {window.window_id}"
        said = f"{text} at {record.happened_at.isoformat()}; it comes back at {back_at.isoformat()}"
        yield said, (record.event_id, record.subject_id, window.window_id)


# ---- holds -------------------------------------------------------------------------------------


def _one_hold(state: GateState, record: GateRecord, fact: facts.PlaceHeld) -> Iterator[Finding]:
    for other in sorted(state.of_enterprise.get(fact.enterprise_id, ())) if fact.enterprise_id else ():
        if other != record.subject and state.is_live(state.trucks[other], record.happened_at):
            text = f"{fact.enterprise_id} holds a place for {record.subject_id} and one for {_id(other)}"
            yield text, (record.event_id, record.subject_id, _id(other))


def _hold_long(state: GateState, record: GateRecord, fact: facts.PlaceHeld) -> Iterator[Finding]:
    policy, held = state.policy(fact.border_id), fact.held_until_at - record.happened_at
    if policy is not None and held > timedelta(seconds=policy.hold_seconds):
        text = f"{record.subject_id} holds a place for {held.total_seconds():,.0f} seconds; {policy.hold_seconds:,}"
        yield f"{text} are allowed", (record.event_id, record.subject_id)


def _hold_used(state: GateState, record: GateRecord, fact: facts.AppointmentBooked) -> Iterator[Finding]:
    truck, about = state.truck(record.subject), (record.event_id, record.subject_id)
    if truck.state != "hold" or truck.held_until_at is None or fact.takes is not None:
        return
    if record.happened_at > truck.held_until_at:
        text = f"{record.subject_id} is booked at {record.happened_at.isoformat()}"
        yield f"{text}; its place was held until {truck.held_until_at.isoformat()}", about
    if fact.visit.enterprise_id != truck.enterprise_id:
        text = f"{fact.visit.enterprise_id or 'the port'} books {record.subject_id}"
        yield f"{text}, whose place {truck.enterprise_id or 'the port'} holds", about


# ---- vehicles and enterprises ------------------------------------------------------------------


def _vehicle(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    truck = state.truck(record.subject)
    visit = truck.visit if isinstance(fact, facts.PlaceOffered) else fact.visit
    if isinstance(fact, facts.VisitChanged) and truck.state in ("hold", "awaiting", "queued"):
        return
    if isinstance(fact, facts.TruckCalled) and truck.state in ("confirmed", "called"):
        return  # told when it was booked
    for plate, other in state.rivals(record.subject, visit):
        text = f"{plate} of {record.subject_id} is that of {_id(other)}, too, which is {state.trucks[other].state}"
        yield text, (record.event_id, record.subject_id, _id(other))


def _trailer(state: GateState, record: GateRecord, fact: facts.VisitChanged) -> Iterator[Finding]:
    before, after, about = state.truck(record.subject).visit, fact.visit, (record.event_id, record.subject_id)
    if before.trailer not in ("", after.trailer) and not fact.why.strip():
        yield f"{record.subject_id} has trailer {after.trailer!r} for {before.trailer!r}, for no reason", about
    if before.enterprise_id != after.enterprise_id and before is not NOBODY:
        yield f"{record.subject_id} of {before.enterprise_id!r} is now of {after.enterprise_id!r}", about


def of_whom(state: GateState, record: GateRecord, fact: Any) -> str:
    """Name the enterprise that a record is about; empty: the port, or nobody."""
    if isinstance(fact, facts.PlaceHeld):
        return fact.enterprise_id
    return fact.visit.enterprise_id if hasattr(fact, "visit") else state.truck(record.subject).enterprise_id


def _share(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    window, enterprise_id = state.window(fact.takes), of_whom(state, record, fact)
    if window is None or not enterprise_id or (isinstance(fact, facts.AppointmentRescheduled) and not fact.is_free):
        return
    policy = state.policy(window.border_id)
    if policy is None or policy.most_share_percent >= 100:
        return
    n = state.n_of(enterprise_id, window, record.subject) + 1
    if is_over_share(policy, window, n, record):
        share = f"{policy.most_share_percent} % of {window.capacity:,}"
        text = f"{enterprise_id} has {n:,} places in {window.window_id}; it may have {share}"
        yield text, (record.event_id, record.subject_id, window.window_id)


def is_over_share(policy: GatePolicy, window: Window, n: int, record: GateRecord) -> bool:
    """Tell whether so many places of a window are too many for one enterprise, as long as quotas are not released."""
    is_before = window.opens_at - record.happened_at > timedelta(minutes=policy.release_minutes)
    return is_before and n > 1 and 100 * n > policy.most_share_percent * window.capacity


def _active(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    enterprise_id, policy = of_whom(state, record, fact), state.policy(fact.border_id)
    if policy is None or fact.takes is None or not enterprise_id:
        return
    if len(state.of_enterprise.get(enterprise_id, ())) < policy.most_active:
        return  # it cannot have so many ahead
    ahead = [subject for subject in state.ahead(enterprise_id, record.happened_at) if subject != record.subject]
    if len(ahead) + 1 > policy.most_active:
        text = f"{enterprise_id} has {len(ahead) + 1:,} places ahead; {policy.most_active:,} are allowed"
        yield text, (record.event_id, record.subject_id, *map(_id, ahead[:5]))


def _cool(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    enterprise_id = of_whom(state, record, fact)
    until_at = state.cool.get(enterprise_id)
    if enterprise_id and until_at is not None and until_at > record.happened_at:
        text = f"{enterprise_id} books {record.subject_id} at {record.happened_at.isoformat()}"
        yield f"{text}; it may again from {until_at.isoformat()}", (record.event_id, record.subject_id)


def is_barred(state: GateState, record: GateRecord, truck: Truck, window: Window) -> bool:
    """Tell whether a truck on a waiting list may be passed over, since it could not book now."""
    policy, enterprise_id = state.policy(window.border_id), truck.enterprise_id
    if any(True for _ in state.rivals(truck.subject, truck.visit)):
        return True
    if policy is None or not enterprise_id:
        return False
    until_at = state.cool.get(enterprise_id)
    is_cooling = until_at is not None and until_at > record.happened_at
    n = state.n_of(enterprise_id, window) + 1
    is_many = len(state.ahead(enterprise_id, record.happened_at)) >= policy.most_active
    return is_cooling or is_many or is_over_share(policy, window, n, record)


def _id(subject: str) -> str:
    return subject.partition("/")[2]


_BOOKING = (facts.PlaceHeld, facts.AppointmentBooked)
_MOVING = (facts.AppointmentRescheduled, facts.AppointmentShifted, facts.TruckCalled)
_TAKING = (*_BOOKING, facts.PlaceOffered, *_MOVING)
_FREEING = (facts.HoldEnded, *_MOVING, facts.AppointmentCancelled, facts.WindowMissed)
_ORDINARY = (*_BOOKING, facts.AppointmentRescheduled)
_NAMING = (facts.AppointmentBooked, facts.PlaceOffered, facts.VisitChanged, facts.TruckCalled)

RULES = (
    GateRule("GATE_FULL", "No window ever has more places taken than it has.", (*_TAKING, facts.WindowResized), _full),
    GateRule("GATE_SEAT", "No place is given to a second truck while one has it.", _TAKING, _seat),
    GateRule("GATE_FREED", "A truck gives back only a place that it has.", _FREEING, _freed),
    GateRule("GATE_PLACE", "Who is booked or called has one place, in the window that is said.", _TAKING, _place),
    GateRule("GATE_BACK", "A place that was freed is not booked before it comes back.", _ORDINARY, _back),
    GateRule("GATE_HOLD_ONE", "An enterprise holds one place at a time.", (facts.PlaceHeld,), _one_hold),
    GateRule("GATE_HOLD_LONG", "No place is held longer than `hold_seconds`.", (facts.PlaceHeld,), _hold_long),
    GateRule(
        "GATE_HOLD_USED",
        "A hold is used before it ends, by the enterprise that has it.",
        (facts.AppointmentBooked,),
        _hold_used,
    ),
    GateRule("GATE_VEHICLE", "A tractor or trailer has one active appointment.", _NAMING, _vehicle),
    GateRule(
        "GATE_TRAILER",
        "An appointment keeps its enterprise, and its trailer but for a reason.",
        (facts.VisitChanged,),
        _trailer,
    ),
    GateRule(
        "GATE_SHARE",
        "Until quotas are released, no enterprise books more than its share of a window, or one place.",
        _ORDINARY,
        _share,
    ),
    GateRule("GATE_ACTIVE", "No enterprise books more than `most_active` places ahead.", _BOOKING, _active),
    GateRule("GATE_COOL", "No enterprise books during its cool-down.", _BOOKING, _cool),
)
