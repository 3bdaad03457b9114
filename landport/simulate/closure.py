"""A border that was shut for a while: who moves, and on which day things are back to normal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from landport.appointments import Booked, Room, Shift, local_day, shifted
from landport.appointments.rates import Closures
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
    joined,
    local_days,
    quota,
    seconds,
    trucks,
)
from landport.simulate.returning import Standing, return_days

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
        Day on which the last one is served who moved and keeps its window: median of the predictions. None: not within
        45 days.
    played_on
        The same in a run with chances of its own.
    all_predicted_on, all_played_on
        Both for everybody who moved, whether it keeps its window or not.
    told_on
        What `return_days` says to the same question from the bookings alone; a port tells this.
    """

    n_hit: int
    n_moved: int
    n_unplaced: int
    planned_on: date | None
    predicted_on: date | None
    played_on: date | None
    all_predicted_on: date | None
    all_played_on: date | None
    told_on: date | None


@dataclass(frozen=True, slots=True)
class _Eve:
    """What is known as the border shuts: trucks so far, their windows after the move, who came, who is served."""

    known: Trucks
    window: Ints
    moved: NDArray[np.bool_]
    came_s: Ints
    begins_s: Ints
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
    keeping, everybody = zip(*ends, strict=True)
    return Return(
        n_hit=eve.n_hit,
        n_moved=len(eve.shift.moves),
        n_unplaced=len(eve.shift.unplaced),
        planned_on=None if last is None else local_day(border, last),
        predicted_on=_date(case, _median(keeping[:-1])),
        played_on=_date(case, keeping[-1]),
        all_predicted_on=_date(case, _median(everybody[:-1])),
        all_played_on=_date(case, everybody[-1]),
        told_on=_told(case, eve, closed_from, closures, seed, n_predictions),
    )


def _median(days: Sequence[int]) -> int:
    return sorted(days)[(len(days) - 1) // 2]


def _told(
    case: _Case, eve: _Eve, closed_from: datetime, closures: Closures, seed: int, n_predictions: int
) -> date | None:
    """Ask what a port tells, which knows its bookings, who stands there, and the walk-ups that it publishes."""
    length = timedelta(minutes=case.border.window_minutes)
    standing = []
    for truck in np.flatnonzero(eve.begins_s >= case.from_s):
        own, is_there = int(eve.window[truck]), bool(eve.came_s[truck] < case.from_s)
        opens = _at(case, own) if own >= 0 else None
        if opens is not None or is_there:
            closes = None if opens is None else opens + length
            standing.append(
                Standing(opens_at=opens, closes_at=closes, is_moved=bool(eve.moved[truck]), is_there=is_there)
            )
    found = return_days(case.border, case.channel, standing, closed_from, closures, seed=seed, n_runs=n_predictions)
    day = found[(len(found) - 1) // 2] if found else local_day(case.border, closed_from)
    return None if day == date.max else day


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
    return _Eve(known, after, moved, came, played.begins_s, shift, hit)


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


def _last_day(case: _Case, eve: _Eve, seed: tuple[int, int]) -> tuple[int, int]:
    """Play on with new chances; find when the last is served who moved and keeps its window, and the last of all."""
    if not eve.moved.any():
        day = int(local_days(case.border, np.array([case.from_s]), case.start_at)[0])
        return day, day
    played = _played_on(case, eve, seed)
    n = len(eve.moved)
    days = local_days(case.border, played.ends_s[:n], case.start_at)
    return int(days[eve.moved & played.kept[:n]].max(initial=0)), int(days[eve.moved].max())


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
    return quota(room, joined(known, late), case.habits, np.concatenate([eve.window, own]), came)


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


def _at(case: _Case, window: int) -> datetime:
    return case.start_at + timedelta(seconds=int(case.place.opens_s[window]))


def _date(case: _Case, day: int) -> date | None:
    if day >= NEVER:
        return None
    return local_day(case.border, case.start_at) + timedelta(days=day)
