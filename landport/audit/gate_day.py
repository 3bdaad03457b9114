"""Rules of the controller's day: call-up, check-in, clearance, missed windows, recounted minutes, customs' shifts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import landport.model.gate_facts as facts
from landport.audit.gate_entries import is_uncalled
from landport.audit.gate_hours import on_duty
from landport.audit.gate_log import GateRecord
from landport.audit.gate_state import GateRule, GateState
from landport.audit.violation import Finding


def _early(state: GateState, record: GateRecord, fact: facts.TruckCalled) -> Iterator[Finding]:
    truck = state.truck(record.subject)
    window = state.window(truck.place) or state.windows.get(fact.window_id)
    policy = None if window is None else state.policy(window.border_id)
    if window is None or policy is None:
        return
    if window.opens_at - record.happened_at > timedelta(minutes=policy.early_minutes):
        text = f"{record.subject_id} is called at {record.happened_at.isoformat()}"
        said = f"{text}; its window opens at {window.opens_at.isoformat()}, {policy.early_minutes:,} minutes before"
        yield f"{said} is the first time", (record.event_id, record.subject_id)


def _check_in(state: GateState, record: GateRecord, fact: facts.TruckCheckedIn) -> Iterator[Finding]:
    truck = state.truck(record.subject)
    if is_uncalled(truck) and record.subject not in state.flagged:
        text = f"{record.subject_id} is checked in, though it is {truck.state}, and nobody flagged it"
        yield text, (record.event_id, record.subject_id)


def _declined(state: GateState, record: GateRecord, fact: facts.TruckCleared) -> Iterator[Finding]:
    application_id = state.truck(record.subject).visit.application_id
    if state.applications.get(application_id) == "declined":
        text = f"{record.subject_id} is cleared; its application {application_id} is declined"
        yield text, (record.event_id, record.subject_id, application_id)


def _grace(state: GateState, record: GateRecord, fact: facts.WindowMissed) -> Iterator[Finding]:
    truck = state.truck(record.subject)
    window, policy = state.window(truck.place), state.policy(truck.border_id)
    since = truck.called_at or (None if window is None else window.closes_at)
    if policy is None or since is None:
        return
    if record.happened_at - since < timedelta(minutes=policy.grace_minutes):
        text = f"{record.subject_id} missed its window at {record.happened_at.isoformat()}"
        said = f"{text}; it has {policy.grace_minutes:,} minutes from {since.isoformat()}"
        yield said, (record.event_id, record.subject_id)


def _waited(state: GateState, record: GateRecord, fact: facts.TruckCalled) -> Iterator[Finding]:
    truck = state.truck(record.subject)
    counted = _since(record, [*truck.presented[:1], *truck.presented[-1:]]) or {0}
    if fact.waited_minutes not in counted:
        text = f"{record.subject_id} is called after {fact.waited_minutes:,} minutes; it waited {min(counted):,}"
        yield text, (record.event_id, record.subject_id)


def _stayed(
    state: GateState, record: GateRecord, fact: facts.TruckCleared | facts.TruckTurnedBack
) -> Iterator[Finding]:
    truck = state.truck(record.subject)
    came = [*truck.presented[:1], *truck.presented[-1:]]
    counted = _since(record, came or [at for at in (truck.at_gate_at,) if at is not None])
    if counted and fact.stayed_minutes not in counted:
        text = f"{record.subject_id} leaves after {fact.stayed_minutes:,} minutes; it stayed {min(counted):,}"
        yield text, (record.event_id, record.subject_id)


def _since(record: GateRecord, ats: list[Any]) -> set[int]:
    """Count whole minutes since some instants."""
    return {max(0, int((record.happened_at - at).total_seconds()) // 60) for at in ats}


def _seen(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    truck = state.truck(record.subject)
    was_seen, was_called = bool(truck.presented), truck.called_at is not None
    if isinstance(fact, facts.TruckCheckedIn):
        is_wrong = fact.is_first == was_seen
    elif isinstance(fact, facts.AppointmentCancelled):
        is_wrong = fact.had_come != was_seen
    else:
        is_wrong = fact.had_come != was_seen and (was_called or fact.had_come)
    if is_wrong:
        text = f"{record.subject_id} was {'' if was_seen else 'not '}seen in the waiting area"
        yield f"{text}; {type(fact).__name__} says otherwise", (record.event_id, record.subject_id)


def _shift(state: GateState, record: GateRecord, fact: facts.ApplicationMade) -> Iterator[Finding]:
    border = state.borders.get(fact.border_id)
    if border is None:
        return
    words = {"in_hours" if is_on else "out_of_hours" for is_on in on_duty(border, fact.expected_at)}
    if fact.shift not in words:
        text = f"{record.subject_id} is expected at {fact.expected_at.isoformat()}, {' or '.join(sorted(words))}"
        yield f"{text}; it says {fact.shift!r}", (record.event_id, record.subject_id)


_LEAVING = (facts.TruckCleared, facts.TruckTurnedBack)
_SEEN = (facts.TruckCheckedIn, facts.AppointmentCancelled, facts.WindowMissed)

RULES = (
    GateRule(
        "GATE_EARLY", "No truck is called more than `early_minutes` before its window.", (facts.TruckCalled,), _early
    ),
    GateRule(
        "GATE_CHECK_IN",
        "Whoever is checked in was called and not cancelled, or is flagged.",
        (facts.TruckCheckedIn,),
        _check_in,
    ),
    GateRule("GATE_DECLINED", "No truck is cleared whose application is declined.", (facts.TruckCleared,), _declined),
    GateRule("GATE_GRACE", "No window is missed before its grace is over.", (facts.WindowMissed,), _grace),
    GateRule("GATE_WAITED", "A truck has waited since it presented itself.", (facts.TruckCalled,), _waited),
    GateRule("GATE_STAYED", "A truck has stayed since it came.", _LEAVING, _stayed),
    GateRule("GATE_SEEN", "Whether a truck was seen in the waiting area is as its records say.", _SEEN, _seen),
    GateRule(
        "GATE_SHIFT",
        "The shift of an application is that of customs at the expected time.",
        (facts.ApplicationMade,),
        _shift,
    ),
)
