"""Rules of windows: how many places there are, from the hours of both sides, in closures, and lent."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

import landport.model.gate_facts as facts
from landport.audit.gate_hours import allowed, midnights
from landport.audit.gate_log import GateRecord
from landport.audit.gate_state import Ended, GateRule, GateState, Settled, Window
from landport.audit.gate_steps import has_time
from landport.audit.violation import Finding
from landport.model.border import ChannelRule


def _window(state: GateState, record: GateRecord, fact: facts.WindowOpened) -> Iterator[Finding]:
    window_id, about = record.subject_id, (record.event_id, record.subject_id)
    border = state.borders.get(fact.border_id)
    if window_id in state.windows:
        yield f"{window_id} is open already", about
    elif not has_time(fact):
        yield f"{window_id} lasts from {fact.opens_at.isoformat()} to {fact.closes_at.isoformat()}", about
    elif border is not None:
        if all(rule.channel != fact.channel for rule in border.channels):
            yield f"{window_id} is of the channel {fact.channel!r}; {fact.border_id} publishes none such", about
        spans = state.lanes.get((fact.border_id, fact.channel), [])
        at = bisect_left(spans, (fact.opens_at, fact.closes_at, window_id))
        for opens_at, closes_at, other_id in spans[max(0, at - 1) : at + 1]:
            if opens_at < fact.closes_at and fact.opens_at < closes_at:
                yield f"{window_id} is for the time of {other_id}, of the same channel", (*about, other_id)


def _set(
    state: GateState, record: GateRecord, fact: facts.WindowOpened | facts.WindowResized
) -> tuple[int, Fraction] | None:
    """Find the places that a record sets, lent ones put back, and what is allowed; None: nothing to judge."""
    if isinstance(fact, facts.WindowOpened):
        border = state.borders.get(fact.border_id)
        if border is None or record.subject_id in state.windows or not has_time(fact):
            return None
        return fact.capacity, allowed(border, fact.channel, fact.opens_at, fact.closes_at)
    window = state.windows.get(record.subject_id)
    if window is None or fact.capacity <= window.n_taken:
        return None
    border = state.borders[window.border_id]
    return fact.capacity + window.lent, allowed(border, window.channel, window.opens_at, window.closes_at)


def _hours(state: GateState, record: GateRecord, fact: facts.WindowOpened | facts.WindowResized) -> Iterator[Finding]:
    found = _set(state, record, fact)
    if found is not None and found[0] > 0 and not found[1]:
        text = f"{record.subject_id} has {found[0]:,} places; its channel is not served by all sides then"
        yield text, (record.event_id, record.subject_id)


def _kappa(state: GateState, record: GateRecord, fact: facts.WindowOpened | facts.WindowResized) -> Iterator[Finding]:
    found = _set(state, record, fact)
    if found is not None and found[1] and found[0] > found[1] + 1:
        text = f"{record.subject_id} has {found[0]:,} places; kappa allows {float(found[1]):.2f}"
        yield text, (record.event_id, record.subject_id)


def _day(state: GateState, record: GateRecord, fact: Ended) -> Iterator[Finding]:
    days: dict[tuple[str, str, date], list[Window]] = {}
    for window in state.windows.values():
        days.setdefault((window.border_id, window.channel, window.day), []).append(window)
    for (border_id, channel, day), windows in days.items():
        n = sum(window.capacity + window.lent for window in windows)
        worth = sum((window.worth for window in windows), Fraction(0))
        if n > worth + 1:
            worth += _unopened(state, windows)
        if n > worth + 1:
            text = f"{channel} of {border_id} has {n:,} places on {day.isoformat()}; kappa allows {float(worth):.2f}"
            yield text, (border_id,)


def _unopened(state: GateState, windows: list[Window]) -> Fraction:
    """Count the trucks, less than one each, of windows of a day that were not opened: other windows carry them."""
    first = windows[0]
    spans = state.lanes[first.border_id, first.channel]
    most = Fraction(0)
    for border in {id(window.border): window.border for window in windows}.values():
        length, total = timedelta(minutes=max(1, border.window_minutes)), Fraction(0)
        begin, end = midnights(border, first.opens_at)
        at = first.opens_at - (first.opens_at - begin) // length * length
        while at + length <= end:
            if not any(opens_at < at + length and at < closes_at for opens_at, closes_at, _ in spans):
                part = allowed(border, first.channel, at, at + length)
                total += part if part < 1 else 0
            at += length
        most = max(most, total)
    return most


def _shut(state: GateState, record: GateRecord, fact: object) -> Iterator[Finding]:
    if isinstance(fact, Settled):
        yield from _too_many(state, record)
        return
    taken = state.window(getattr(fact, "takes", None))
    if taken is not None and state.is_shut(taken):
        text = f"{record.subject_id} takes a place in {taken.window_id}, which lies in a closure"
        yield text, (record.event_id, record.subject_id, taken.window_id)


def _too_many(state: GateState, record: GateRecord) -> Iterator[Finding]:
    """List windows, touched in this transaction and by a closure, with more places than are taken or left."""
    for window in (state.windows[window_id] for window_id in state.touched):
        closures = state.closures.get(window.border_id, [])
        if not state.is_touched(window) or window.capacity <= window.n_taken or window.closes_at <= record.recorded_at:
            continue
        border = state.borders[window.border_id]
        left = allowed(border, window.channel, window.opens_at, window.closes_at, closures)
        if window.capacity + window.lent > left + (left > 0):
            text = f"{window.window_id} lies in a closure, which leaves {float(left):.2f} places"
            said = f"{text}; it has {window.capacity:,}, {window.n_taken:,} taken"
            yield said, (record.event_id, window.window_id)


def _release(state: GateState, record: GateRecord, fact: facts.PlacesLent) -> Iterator[Finding]:
    window = state.windows.get(record.subject_id)
    policy = None if window is None else state.policy(window.border_id)
    if window is not None and policy is not None:
        early = window.opens_at - record.happened_at
        if early > timedelta(minutes=policy.release_minutes):
            text = f"{window.window_id} lends places {_minutes(early)} minutes before it opens"
            yield f"{text}; quotas are released {policy.release_minutes:,} before", (record.event_id, window.window_id)


def _lent(state: GateState, record: GateRecord, fact: facts.PlacesLent) -> Iterator[Finding]:
    pair = _pair(state, record, fact)
    if pair is None:
        return
    giver, taker = pair
    ids = (record.event_id, giver.window_id, taker.window_id)
    same = "border_id", "opens_at", "closes_at"
    if giver is taker or any(getattr(giver, name) != getattr(taker, name) for name in same):
        yield f"{giver.window_id} lends places to {taker.window_id}, which is for no other queue at the same time", ids
    elif fact.count > giver.capacity - giver.n_taken:
        unused = giver.capacity - giver.n_taken
        yield f"{giver.window_id} lends {fact.count:,} places; {unused:,} of {giver.capacity:,} are unused", ids


def _lender(state: GateState, record: GateRecord, fact: facts.PlacesLent) -> Iterator[Finding]:
    pair = _pair(state, record, fact)
    if pair is None:
        return
    giver, taker = pair
    rules: dict[str, ChannelRule] = {rule.channel: rule for rule in state.borders[giver.border_id].channels}
    ids = (record.event_id, giver.window_id, taker.window_id)
    if giver.channel in rules and not rules[giver.channel].gives:
        yield f"{giver.window_id} lends places; {giver.channel} gives none", ids
    if taker.channel in rules and not rules[taker.channel].takes:
        yield f"{taker.window_id} is lent places; {taker.channel} takes none", ids


def _pair(state: GateState, record: GateRecord, fact: facts.PlacesLent) -> tuple[Window, Window] | None:
    giver, taker = state.windows.get(record.subject_id), state.windows.get(fact.to_window_id)
    return None if giver is None or taker is None else (giver, taker)


def _minutes(span: timedelta) -> str:
    return f"{int(span.total_seconds()) // 60:,}"


_SETTING = (facts.WindowOpened, facts.WindowResized)

_TAKING = (
    facts.PlaceHeld,
    facts.AppointmentBooked,
    facts.PlaceOffered,
    facts.AppointmentRescheduled,
    facts.TruckCalled,
)

RULES = (
    GateRule(
        "GATE_WINDOW",
        "A window is opened once, of a published channel, for minutes that no other of it has.",
        (facts.WindowOpened,),
        _window,
    ),
    GateRule("GATE_HOURS", "A window has places only where all sides serve its channel.", _SETTING, _hours),
    GateRule("GATE_KAPPA", "A window has no more places than kappa allows, but for one by rounding.", _SETTING, _kappa),
    GateRule(
        "GATE_DAY",
        "All windows of a channel on a day have no more places than kappa allows, but for one by rounding.",
        (Ended,),
        _day,
    ),
    GateRule(
        "GATE_CLOSED",
        "A window has no places but those taken, and those that closures leave; nobody takes one in a closure.",
        (Settled, *_TAKING),
        _shut,
    ),
    GateRule(
        "GATE_RELEASE",
        "Places are lent at most `release_minutes` before their window opens.",
        (facts.PlacesLent,),
        _release,
    ),
    GateRule(
        "GATE_LENT",
        "Only unused places are lent, to another channel at the same time, so that their sum stays.",
        (facts.PlacesLent,),
        _lent,
    ),
    GateRule("GATE_LENDER", "Places go from a channel that gives to one that takes.", (facts.PlacesLent,), _lender),
)
