"""What each record of a border port changes; rules are judged before, so that a bad record is followed as it says."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import landport.model.gate_facts as facts
from landport.audit.gate_hours import allowed, day_of
from landport.audit.gate_log import GateRecord
from landport.audit.gate_state import GateState, Shifted, Window


def follow(state: GateState, record: GateRecord) -> None:
    """Change the state by a record."""
    fact: Any = record.fact
    kind = type(fact)
    if kind not in (facts.AppointmentShifted, facts.WindowOpened, facts.WindowResized, facts.PlacesLent):
        state.shifts.clear()
    if kind in _OF_PORT:
        _OF_PORT[kind](state, record, fact)
    elif kind in _OF_TRUCKS:
        truck = state.truck(record.subject)
        truck.position = truck.position or record.position
        _OF_TRUCKS[kind](state, record, fact)
    elif kind in APPLICATION_STATES:
        state.applications[record.subject_id] = APPLICATION_STATES[kind]


def _published(state: GateState, record: GateRecord, fact: facts.BorderPublished) -> None:
    state.borders[fact.border.border_id] = fact.border


def _closed(state: GateState, record: GateRecord, fact: facts.BorderClosed) -> None:
    state.closures.setdefault(record.subject_id, []).append((fact.from_at, fact.until_at))
    for window in state.windows.values():
        if window.border_id == record.subject_id and window.opens_at < fact.until_at:
            state.touched[window.window_id] = None


def _reopened(state: GateState, record: GateRecord, fact: facts.BorderReopened) -> None:
    spans = [(from_at, min(until_at, fact.at)) for from_at, until_at in state.closures.get(record.subject_id, ())]
    state.closures[record.subject_id] = [(from_at, until_at) for from_at, until_at in spans if from_at < until_at]


def _opened(state: GateState, record: GateRecord, fact: facts.WindowOpened) -> None:
    border = state.borders.get(fact.border_id)
    if border is None or record.subject_id in state.windows or not has_time(fact):
        return
    state.open(
        Window(
            window_id=record.subject_id,
            border_id=fact.border_id,
            channel=fact.channel,
            opens_at=fact.opens_at,
            closes_at=fact.closes_at,
            day=day_of(border, fact.opens_at),
            border=border,
            worth=_worth(allowed(border, fact.channel, fact.opens_at, fact.closes_at), fact.capacity),
            capacity=fact.capacity,
        )
    )


def _resized(state: GateState, record: GateRecord, fact: facts.WindowResized) -> None:
    window = state.windows.get(record.subject_id)
    if window is not None:
        border = window.border = state.borders[window.border_id]
        worth = allowed(border, window.channel, window.opens_at, window.closes_at)
        is_kept = fact.capacity <= window.n_taken  # places that are taken stay, whatever the hours say
        window.worth = _worth(worth, fact.capacity + window.lent, is_kept=is_kept)
        window.capacity = fact.capacity
        state.touched[window.window_id] = None


def _lent(state: GateState, record: GateRecord, fact: facts.PlacesLent) -> None:
    for window_id, count in ((record.subject_id, fact.count), (fact.to_window_id, -fact.count)):
        window = state.windows.get(window_id)
        if window is not None:
            window.capacity -= count
            window.lent += count
            state.touched[window_id] = None


def _worth(worth: Fraction, n_places: int, *, is_kept: bool = False) -> Fraction:
    """Say what a day's sum counts for a window: places that are kept, or told of already, are not told again."""
    is_told = n_places > worth + 1 or not worth
    return max(worth, Fraction(n_places)) if is_kept or is_told else worth


def has_time(fact: facts.WindowOpened) -> bool:
    """Tell whether a window has a length that can be: some minutes, at most a day of 25 hours."""
    return 60 <= (fact.closes_at - fact.opens_at).total_seconds() <= 25 * 3600


def _hold(state: GateState, record: GateRecord, fact: facts.PlaceHeld) -> None:
    truck = state.truck(record.subject)
    truck.border_id, truck.channel, truck.held_until_at = fact.border_id, fact.channel, fact.held_until_at
    truck.enterprise_id = fact.enterprise_id
    state.enter(truck, "hold")
    state.give(truck, fact.takes, None)


def _ended(state: GateState, record: GateRecord, fact: facts.HoldEnded) -> None:
    truck = state.truck(record.subject)
    state.enter(truck, "cancelled")
    state.give(truck, None, fact.frees)


def _awaited(state: GateState, record: GateRecord, fact: facts.PlaceAwaited) -> None:
    truck = state.truck(record.subject)
    truck.border_id, truck.channel = fact.border_id, fact.channel
    state.enter(truck, "awaiting", visit=fact.visit)
    state.wait(truck, fact.window_id)


def _queued(state: GateState, record: GateRecord, fact: facts.TruckQueued) -> None:
    truck = state.truck(record.subject)
    truck.border_id, truck.channel = fact.border_id, fact.channel
    truck.presented.append(record.happened_at)
    state.enter(truck, "queued", visit=fact.visit)
    truck.presented.append(record.happened_at)  # it stands there


def _booked(state: GateState, record: GateRecord, fact: facts.AppointmentBooked) -> None:
    truck = state.truck(record.subject)
    truck.border_id, truck.channel = fact.border_id, fact.channel
    state.wait(truck, "")
    truck.order_at = fact.opens_at
    state.enter(truck, "confirmed", visit=fact.visit)
    state.give(truck, fact.takes, None)


def _offered(state: GateState, record: GateRecord, fact: facts.PlaceOffered) -> None:
    truck = state.truck(record.subject)
    state.wait(truck, "")
    truck.order_at = fact.opens_at
    state.enter(truck, "confirmed")
    state.give(truck, fact.takes, None)


def _rescheduled(state: GateState, record: GateRecord, fact: facts.AppointmentRescheduled) -> None:
    truck = state.truck(record.subject)
    truck.n_free += fact.is_free
    truck.order_at = fact.opens_at
    state.give(truck, fact.takes, fact.frees)


def _shifted(state: GateState, record: GateRecord, fact: facts.AppointmentShifted) -> None:
    truck = state.truck(record.subject)
    if fact.why != state.shift_why or record.subject in state.shifted:
        state.shifts.clear()
    if not state.shifts:
        state.shifted.clear()
    state.shift_why = fact.why
    state.shifted.add(record.subject)
    if truck.order_at is not None:
        moved = Shifted(truck.order_at, truck.position, fact.opens_at, record.subject)
        insort(state.shifts.setdefault(truck.channel, []), moved)
    truck.is_shifted, truck.called_at = True, None
    state.give(truck, fact.takes, fact.frees)


def _changed(state: GateState, record: GateRecord, fact: facts.VisitChanged) -> None:
    truck = state.truck(record.subject)
    state.enter(truck, truck.state, visit=fact.visit)


def _left(state: GateState, record: GateRecord, fact: facts.AppointmentCancelled | facts.WindowMissed) -> None:
    truck, is_missed = state.truck(record.subject), isinstance(fact, facts.WindowMissed)
    if isinstance(fact, facts.WindowMissed) or fact.is_late:
        state.strikes.setdefault(truck.enterprise_id, []).append(record.happened_at)
    until_at = fact.cool_down_until_at
    if until_at is not None:
        state.cool[truck.enterprise_id] = max(until_at, state.cool.get(truck.enterprise_id, until_at))
    state.wait(truck, "")
    state.enter(truck, "no_show" if is_missed else "cancelled")
    state.give(truck, None, fact.frees)


def _presented(state: GateState, record: GateRecord, fact: facts.TruckPresented) -> None:
    state.truck(record.subject).presented.append(record.happened_at)


def _called(state: GateState, record: GateRecord, fact: facts.TruckCalled) -> None:
    truck = state.truck(record.subject)
    truck.called_at, truck.is_shifted = record.happened_at, False
    state.enter(truck, "called")
    state.give(truck, fact.takes, fact.frees)


def _checked_in(state: GateState, record: GateRecord, fact: facts.TruckCheckedIn) -> None:
    truck = state.truck(record.subject)
    truck.at_gate_at = record.happened_at
    state.enter(truck, "arrived")


def _to(name: str) -> Callable[[GateState, GateRecord, Any], None]:
    def step(state: GateState, record: GateRecord, fact: object) -> None:
        state.enter(state.truck(record.subject), name)

    return step


_OF_PORT: dict[type, Callable[[GateState, GateRecord, Any], None]] = {
    facts.BorderPublished: _published,
    facts.BorderClosed: _closed,
    facts.BorderReopened: _reopened,
    facts.WindowOpened: _opened,
    facts.WindowResized: _resized,
    facts.PlacesLent: _lent,
}

_OF_TRUCKS: dict[type, Callable[[GateState, GateRecord, Any], None]] = {
    facts.PlaceHeld: _hold,
    facts.HoldEnded: _ended,
    facts.PlaceAwaited: _awaited,
    facts.TruckQueued: _queued,
    facts.AppointmentBooked: _booked,
    facts.PlaceOffered: _offered,
    facts.AppointmentRescheduled: _rescheduled,
    facts.AppointmentShifted: _shifted,
    facts.VisitChanged: _changed,
    facts.AppointmentCancelled: _left,
    facts.WindowMissed: _left,
    facts.TruckPresented: _presented,
    facts.TruckCalled: _called,
    facts.TruckCheckedIn: _checked_in,
    facts.InspectionBegun: _to("under_inspection"),
    facts.TruckHeld: _to("held"),
    facts.TruckCleared: _to("cleared"),
    facts.TruckTurnedBack: _to("turned_back"),
}

APPLICATION_STATES: dict[type, str] = {
    facts.ApplicationMade: "made",
    facts.ApplicationAccepted: "accepted",
    facts.ApplicationDeclined: "declined",
    facts.ApplicationWithdrawn: "withdrawn",
}
"""What an application is after each record about it."""
