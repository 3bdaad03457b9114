"""A border that was shut for a while: who moves, and on which day things are back to normal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from landport.appointments import Booked, Room, Shift, local_day, shifted
from landport.model.border import BorderPort
from landport.simulate._kernel import NEVER
from landport.simulate.gate import (
    ALL_DAY,
    Gate,
    Habits,
    Played,
    Trucks,
    booked,
    gate,
    local_days,
    quota,
    seconds,
    trucks,
)

Ints = NDArray[np.int64]

BEFORE_DAYS = 14
AFTER_DAYS = 45


@dataclass(frozen=True, slots=True)
class Return:
    """What a closure does, and when it is over.

    Parameters
    ----------
    n_hit, n_moved, n_unplaced
        Appointments whose window touches the closure; those that move, the ones pushed on counted; those left out.
    planned_on
        Day of the last window to which anybody moves.
    predicted_on
        Day on which the last one who moved is served: median of the predictions. None: not within 45 days.
    played_on
        The same in a run with chances of its own.
    """

    n_hit: int
    n_moved: int
    n_unplaced: int
    planned_on: date | None
    predicted_on: date | None
    played_on: date | None


@dataclass(frozen=True, slots=True)
class _Eve:
    """What is known as the border shuts: trucks so far, their windows before and after the move, and who came."""

    known: Trucks
    window: Ints
    moved: NDArray[np.bool_]
    came_s: Ints
    shift: Shift
    n_hit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    border: BorderPort
    channel: str
    trucks_per_day: float
    start_at: datetime
    from_s: int
    until_s: int
    place: Gate
    shut: Gate
    profile: Sequence[int]
    habits: Habits


def after_closure(
    border: BorderPort,
    channel: str,
    trucks_per_day: float,
    closed_from: datetime,
    closed_until: datetime,
    *,
    seed: int = 0,
    n_predictions: int = 21,
    kappa_percent: int | None = None,
    profile: Sequence[int] = ALL_DAY,
    habits: Habits | None = None,
) -> Return:
    """Shut a border, move its appointments in order, and predict when the last one that moved is served.

    Parameters
    ----------
    n_predictions
        Runs from the same eve, each with chances of its own, of which the median day is the prediction.

    Notes
    -----
    The eve is two weeks old. What is known then is kept: who booked, who stands there. Everything else is drawn anew in
    each run: who books later or comes without, who is early, late or missing, and how long everybody is served.
    """
    start_at = closed_from - timedelta(days=BEFORE_DAYS)
    days = BEFORE_DAYS + AFTER_DAYS
    closures = ((closed_from, closed_until),)
    case = _Case(
        border=border,
        channel=channel,
        trucks_per_day=trucks_per_day,
        start_at=start_at,
        from_s=seconds(closed_from, start_at),
        until_s=seconds(closed_until, start_at),
        place=gate(border, channel, start_at, days, kappa_percent=kappa_percent),
        shut=gate(border, channel, start_at, days, kappa_percent=kappa_percent, closures=closures),
        profile=profile,
        habits=habits or Habits(lead_minutes=3 * 1440),
    )
    eve = _eve(case, seed)
    ends = [_last_day(case, eve, (seed, run)) for run in range(1, n_predictions + 2)]
    last = eve.shift.last_at
    return Return(
        eve.n_hit,
        len(eve.shift.moves),
        len(eve.shift.unplaced),
        None if last is None else local_day(border, last),
        _date(case, sorted(ends[:-1])[(n_predictions - 1) // 2]),
        _date(case, ends[-1]),
    )


def _eve(case: _Case, seed: int) -> _Eve:
    """Play until the border shuts, and move whoever has to."""
    drawn = trucks(
        case.border,
        case.channel,
        case.trucks_per_day,
        case.start_at,
        BEFORE_DAYS + AFTER_DAYS,
        (seed, 0),
        profile=case.profile,
    )
    window = booked(drawn, case.place, case.habits, until_s=case.from_s)
    there = (window >= 0) | (drawn.wanted_s < case.from_s)
    known, window = _some(drawn, there), window[there]
    played = quota(case.place, known, case.habits, window)
    waits = (window >= 0) & (played.begins_s >= case.from_s)
    shift, hit = _move(case, window, waits)
    moved = np.zeros(len(window), np.bool_)
    after = window.copy()
    for name, _, target in shift.moves:
        moved[int(name)], after[int(name)] = True, int(target)
    for name in shift.unplaced:
        after[int(name)] = -1
    came = np.where(played.comes_s < case.from_s, played.comes_s, NEVER)
    return _Eve(known, after, moved, came, shift, hit)


def _move(case: _Case, window: Ints, waits: NDArray[np.bool_]) -> tuple[Shift, int]:
    length = case.border.window_minutes
    seats = np.zeros(len(case.place.places), np.int64)
    asks, n_hit = [], 0
    for truck in np.flatnonzero(waits):
        own = int(window[truck])
        seats[own] += 1
        asks.append(Booked(str(truck), case.channel, str(own), _at(case, own), int(seats[own])))
        n_hit += bool(case.place.closes_s[own] > case.from_s and case.place.opens_s[own] < case.until_s)
    rooms = [Room(str(w), case.channel, _at(case, w), int(n)) for w, n in enumerate(case.place.places)]
    from_at, until_at = (case.start_at + timedelta(seconds=at) for at in (case.from_s, case.until_s))
    return shifted(asks, rooms, from_at, until_at, window_minutes=length), n_hit


def _last_day(case: _Case, eve: _Eve, seed: tuple[int, int]) -> int:
    """Play on from the eve with new chances; find the day on which the last one that moved is served."""
    if not eve.moved.any():
        return int(local_days(case.border, np.array([case.from_s]), case.start_at)[0])
    played = _played_on(case, eve, seed)
    n = len(eve.moved)
    ends = played.ends_s[:n][eve.moved & played.kept[:n]]
    return int(local_days(case.border, ends, case.start_at).max(initial=0))


def _played_on(case: _Case, eve: _Eve, seed: tuple[int, int]) -> Played:
    days = BEFORE_DAYS + AFTER_DAYS
    new = trucks(case.border, case.channel, case.trucks_per_day, case.start_at, days, seed, profile=case.profile)
    asks = new.wanted_s - (new.lead * case.habits.lead_minutes * 60).astype(np.int64)
    walks = new.walks < case.habits.walk_up_percent / 100
    late = _some(new, np.where(walks, new.wanted_s, asks) >= case.from_s)
    left = case.place.places.copy()
    left[(case.place.closes_s > case.from_s) & (case.place.opens_s < case.until_s)] = 0
    np.subtract.at(left, eve.window[eve.window >= 0], 1)
    room = Gate(case.border, case.shut.calendar, case.place.opens_s, case.place.closes_s, np.maximum(left, 0))
    own = booked(late, room, case.habits)
    came = np.concatenate([eve.came_s, np.full(len(own), NEVER, np.int64)])
    known = _redrawn(eve, seed)
    return quota(room, _joined(known, late), case.habits, np.concatenate([eve.window, own]), came)


def _redrawn(eve: _Eve, seed: tuple[int, int]) -> Trucks:
    """Give those who are known but have not come new chances."""
    stream = np.random.default_rng((*seed, 1))
    n = len(eve.came_s)
    order = stream.permutation(n)
    is_new = eve.came_s == NEVER
    values = {field.name: getattr(eve.known, field.name) for field in fields(Trucks)}
    for name in ("work", "within", "off", "late", "misses"):
        values[name] = np.where(is_new, values[name][order], values[name])
    return Trucks(**values)


def _some(all_: Trucks, keep: NDArray[np.bool_]) -> Trucks:
    return Trucks(**{field.name: getattr(all_, field.name)[keep] for field in fields(Trucks)})


def _joined(first: Trucks, second: Trucks) -> Trucks:
    pairs = {field.name: (getattr(first, field.name), getattr(second, field.name)) for field in fields(Trucks)}
    return Trucks(**{name: np.concatenate(pair) for name, pair in pairs.items()})


def _at(case: _Case, window: int) -> datetime:
    return case.start_at + timedelta(seconds=int(case.place.opens_s[window]))


def _date(case: _Case, day: int) -> date | None:
    if day >= NEVER:
        return None
    return local_day(case.border, case.start_at) + timedelta(days=day)
