"""Rules of changes: reschedules, cancellations, strikes, the waiting list, and mass shifts of a closure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import timedelta
from itertools import takewhile
from typing import Any

import landport.model.gate_facts as facts
from landport.audit.gate_log import GateRecord
from landport.audit.gate_places import is_barred
from landport.audit.gate_state import GateRule, GateState, Shifted, Truck
from landport.audit.violation import Finding
from landport.model.border import GatePolicy


def _free(state: GateState, record: GateRecord, fact: facts.AppointmentRescheduled) -> Iterator[Finding]:
    truck = state.truck(record.subject)
    policy = state.policy(truck.border_id)
    if policy is not None and fact.is_free and truck.n_free >= policy.free_reschedules:
        text = f"{record.subject_id} is rescheduled freely for the {truck.n_free + 1}. time"
        yield f"{text}; {policy.free_reschedules:,} are allowed", (record.event_id, record.subject_id)


def _change(state: GateState, record: GateRecord, fact: facts.AppointmentRescheduled) -> Iterator[Finding]:
    truck = state.truck(record.subject)
    policy, window = state.policy(truck.border_id), state.window(truck.place)
    if policy is None or window is None or not fact.is_free:
        return
    if window.opens_at - record.happened_at < timedelta(minutes=policy.change_minutes):
        text = f"{record.subject_id} is rescheduled at {record.happened_at.isoformat()}"
        said = f"{text}; its window opens at {window.opens_at.isoformat()}, {policy.change_minutes:,} minutes before"
        yield f"{said} is the last time", (record.event_id, record.subject_id)


def _late(state: GateState, record: GateRecord, fact: facts.AppointmentCancelled) -> Iterator[Finding]:
    truck, about = state.truck(record.subject), (record.event_id, record.subject_id)
    policy, window = state.policy(truck.border_id), state.window(truck.place)
    is_booked = truck.state in ("confirmed", "called") and window is not None
    if fact.is_late and not is_booked:
        yield f"{record.subject_id} is cancelled late; it is {truck.state}", about
    elif policy is not None and window is not None and is_booked:
        early, limit = window.opens_at - record.happened_at, timedelta(minutes=policy.late_cancel_minutes)
        text = f"{record.subject_id} is cancelled {_minutes(early)} minutes before its window"
        if fact.is_late and early > limit:
            yield f"{text}, which is not late", about
        is_excused = bool(fact.why.strip()) or truck.is_shifted or not truck.enterprise_id
        if not fact.is_late and early < limit and not is_excused:
            yield f"{text}, which is late, and no reason is given for not saying so", about


def _strikes(state: GateState, record: GateRecord, fact: Any) -> Iterator[Finding]:
    truck, about = state.truck(record.subject), (record.event_id, record.subject_id)
    policy, until_at = state.policy(truck.border_id), fact.cool_down_until_at
    if policy is None or not truck.enterprise_id or not policy.strikes or not policy.cool_down_minutes:
        return
    n = _n_strikes(state, record, truck, policy)
    is_due = n >= policy.strikes and (isinstance(fact, facts.WindowMissed) or fact.is_late)
    text = f"{truck.enterprise_id} has {n:,} strikes in {policy.strike_days:,} days"
    if is_due and until_at is None:
        yield f"{text} with {record.subject_id}, and no cool-down; {policy.strikes:,} bring one", about
    elif not is_due and until_at is not None:
        yield f"{text} with {record.subject_id}, and a cool-down; {policy.strikes:,} bring one", about
    elif until_at is not None:
        lasts = [until_at - at for at in (record.happened_at, record.recorded_at)]
        if all(abs(span - timedelta(minutes=policy.cool_down_minutes)) > timedelta(minutes=1) for span in lasts):
            said = f"a cool-down of {_minutes(lasts[0])} minutes; {policy.cool_down_minutes:,} are due"
            yield f"{truck.enterprise_id} has with {record.subject_id} {said}", about


def _n_strikes(state: GateState, record: GateRecord, truck: Truck, policy: GatePolicy) -> int:
    """Count the strikes of a truck's enterprise, this one included if it is one."""
    days = timedelta(days=policy.strike_days)
    n = sum(record.happened_at - at < days for at in state.strikes.get(truck.enterprise_id, ()))
    fact: Any = record.fact
    return n + (isinstance(fact, facts.WindowMissed) or fact.is_late)


# ---- waiting lists -----------------------------------------------------------------------------


def _list(state: GateState, record: GateRecord, fact: facts.PlaceAwaited) -> Iterator[Finding]:
    window, policy = state.windows.get(fact.window_id), state.policy(fact.border_id)
    if window is not None and policy is not None and len(window.waiting) >= policy.most_waiting:
        text = f"{len(window.waiting) + 1:,} trucks wait for {window.window_id}; {policy.most_waiting:,} may"
        yield text, (record.event_id, record.subject_id, window.window_id)


def _waiting(state: GateState, record: GateRecord, fact: facts.PlaceOffered) -> Iterator[Finding]:
    truck, window = state.truck(record.subject), state.window(fact.takes)
    awaited = state.windows.get(truck.awaited_id)
    if window is None or awaited is None or truck.state != "awaiting":
        return
    if awaited is not window and not (state.is_touched(awaited) and window.opens_at >= awaited.opens_at):
        text = f"{record.subject_id} is offered a place in {window.window_id}; it waits for {truck.awaited_id}"
        yield text, (record.event_id, record.subject_id, window.window_id)
        return
    longer = [*takewhile(lambda subject: subject != record.subject, awaited.waiting)]
    if awaited is not window:
        longer += window.waiting
    for subject in longer:
        if not is_barred(state, record, state.trucks[subject], window):
            text = f"{record.subject_id} is offered a place in {window.window_id}"
            earlier = subject.partition("/")[2]
            yield f"{text}; {earlier} waits for one longer", (record.event_id, record.subject_id, earlier)
            return


# ---- mass shifts -------------------------------------------------------------------------------


def _earlier(state: GateState, record: GateRecord, fact: facts.AppointmentShifted) -> Iterator[Finding]:
    old, new = state.window(fact.frees), state.window(fact.takes)
    if old is not None and new is not None and new.opens_at < old.opens_at:
        text = f"{record.subject_id} is shifted from {old.opens_at.isoformat()} to {new.opens_at.isoformat()}"
        yield text, (record.event_id, record.subject_id)


def _order(state: GateState, record: GateRecord, fact: facts.AppointmentShifted) -> Iterator[Finding]:
    truck = state.truck(record.subject)
    if truck.order_at is None or fact.why != state.shift_why or record.subject in state.shifted:
        return
    moved = Shifted(truck.order_at, truck.position, fact.opens_at, record.subject)
    others = state.shifts.get(truck.channel, [])
    at = bisect_left(others, moved)
    for neighbours, is_before in ((others[:at][-1:], True), (others[at : at + 1], False)):
        for each in neighbours:
            if each.to_at != moved.to_at and (each.to_at > moved.to_at) == is_before:
                other_id, goes = each.subject.partition("/")[2], "after" if is_before else "before"
                text = f"{record.subject_id} is shifted to {moved.to_at.isoformat()}, {other_id} to"
                said = f"{text} {each.to_at.isoformat()}; {record.subject_id} comes {goes} it"
                yield said, (record.event_id, record.subject_id, other_id)


def _moved(state: GateState, record: GateRecord, fact: facts.AppointmentShifted) -> Iterator[Finding]:
    new = state.window(fact.takes)
    if new is not None and state.is_shut(new):
        text = f"{record.subject_id} is shifted to {new.window_id}, which lies in a closure"
        yield text, (record.event_id, record.subject_id, new.window_id)


def _minutes(span: timedelta) -> str:
    return f"{int(span.total_seconds()) // 60:,}"


_RESCHEDULED = (facts.AppointmentRescheduled,)
_SHIFTED = (facts.AppointmentShifted,)
_STRIKING = (facts.AppointmentCancelled, facts.WindowMissed)

RULES = (
    GateRule(
        "GATE_FREE",
        "No appointment is rescheduled freely more often than `free_reschedules`.",
        _RESCHEDULED,
        _free,
    ),
    GateRule(
        "GATE_CHANGE",
        "Nobody but the port reschedules later than `change_minutes` before a window.",
        _RESCHEDULED,
        _change,
    ),
    GateRule(
        "GATE_LATE",
        "What is cancelled late says so, or why not; what is not late does not.",
        (facts.AppointmentCancelled,),
        _late,
    ),
    GateRule(
        "GATE_STRIKES", "Enough strikes in `strike_days` bring a cool-down, and nothing else.", _STRIKING, _strikes
    ),
    GateRule("GATE_LIST", "No more than `most_waiting` trucks wait for a window.", (facts.PlaceAwaited,), _list),
    GateRule(
        "GATE_WAITING",
        "A freed place is offered to the first that waits for its window and may have it.",
        (facts.PlaceOffered,),
        _waiting,
    ),
    GateRule("GATE_EARLIER", "A mass shift moves nobody to an earlier window.", _SHIFTED, _earlier),
    GateRule("GATE_ORDER", "A mass shift keeps the order of trucks in a channel.", _SHIFTED, _order),
    GateRule("GATE_MOVED", "A mass shift moves nobody into a closure.", _SHIFTED, _moved),
)
