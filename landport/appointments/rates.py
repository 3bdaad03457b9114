"""How fast a border serves a channel, at every instant: the lesser of what its sides can do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import lcm
from zoneinfo import ZoneInfo

from landport.model.border import BorderPort, BorderSide, GateHours, ShiftHours
from landport.model.hours import open_spans
from landport.model.places import OpeningHours

Span = tuple[int, int]
Closures = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Pace:
    """A stretch of time in which the same lanes are open, minutes from some instant.

    Parameters
    ----------
    lanes
        Of the side that is the slower one then.
    pace
        Trucks a minute on these lanes, in units of 1 / `unit_of(border, channel)`.
    cv_percent
        Of the time that a truck takes a lane.
    """

    from_minute: int
    until_minute: int
    lanes: int
    pace: int
    cv_percent: int


def unit_of(border: BorderPort, channel: str) -> int:
    """Parts into which a truck is cut so that every pace of a channel is a whole number of them a minute."""
    return lcm(*(row.service_seconds for side in border.sides for row in side.hours if row.channel == channel))


def paces(
    border: BorderPort, channel: str, start_at: datetime, n_minutes: int, closures: Closures = ()
) -> tuple[Pace, ...]:
    """List when a channel is open on every side, and how fast, from `start_at` on.

    Returns
    -------
    tuple of Pace
        In order, apart from each other; whatever is not listed is shut.
    """
    unit = unit_of(border, channel)
    shut = [(floor_minute(begin, start_at), -floor_minute(start_at, end)) for begin, end in closures]
    sides = [_side_rows(side, channel, start_at, n_minutes) for side in border.sides]
    edges = {0, n_minutes, *(edge for span in shut for edge in span)}
    edges |= {edge for rows in sides for _, spans in rows for span in spans for edge in span}
    marks = sorted(edge for edge in edges if 0 <= edge <= n_minutes)
    found: list[Pace] = []
    for begin, end in pairwise(marks):
        if any(first <= begin < last for first, last in shut):
            continue
        lanes, pace, cv = min((_open(rows, begin, unit) for rows in sides), key=lambda open_: (open_[1], open_[0]))
        if not pace:
            continue
        if found and found[-1].until_minute == begin and (found[-1].lanes, found[-1].pace) == (lanes, pace):
            begin = found.pop().from_minute
        found.append(Pace(begin, end, lanes, pace, cv))
    return tuple(found)


def duty_spans(side: BorderSide, start_at: datetime, n_minutes: int) -> list[Span]:
    """List when customs of a side are on regular duty."""
    spans = [span for row in side.shifts for span in _row_spans(row, ZoneInfo(side.zone), start_at, n_minutes)]
    return _without(spans, _days_off(side, start_at))


def floor_minute(at: datetime, start_at: datetime) -> int:
    """Count whole minutes from one instant to another, down."""
    return int((at - start_at) // timedelta(minutes=1))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Find the instant at which a local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _side_rows(
    side: BorderSide, channel: str, start_at: datetime, n_minutes: int
) -> list[tuple[GateHours, list[Span]]]:
    off = _days_off(side, start_at)
    zone = ZoneInfo(side.zone)
    rows = (row for row in side.hours if row.channel == channel)
    return [(row, _without(_row_spans(row, zone, start_at, n_minutes), off)) for row in rows]


def _row_spans(row: GateHours | ShiftHours, zone: ZoneInfo, start_at: datetime, n_minutes: int) -> list[Span]:
    hours = OpeningHours(
        hours_id="",
        place_id="",
        weekdays=row.weekdays,
        opens_minute=row.from_minute,
        closes_minute=row.until_minute,
    )
    return open_spans((hours,), zone, start_at, 0, n_minutes)


def _days_off(side: BorderSide, start_at: datetime) -> list[Span]:
    zone = ZoneInfo(side.zone)
    days = ((midnight(day, zone), midnight(day + timedelta(days=1), zone)) for day in sorted(side.closed_on))
    return [(floor_minute(begin, start_at), floor_minute(end, start_at)) for begin, end in days]


def _without(spans: Iterable[Span], off: Sequence[Span]) -> list[Span]:
    left = sorted(spans)
    for first, last in off:
        parts = [part for begin, end in left for part in ((begin, min(end, first)), (max(begin, last), end))]
        left = [(begin, end) for begin, end in parts if begin < end]
    return left


def _covers(spans: Sequence[Span], minute: int) -> bool:
    """Say whether a minute lies in one of some spans that are in order and apart."""
    k = bisect_right(spans, minute, key=lambda span: span[0])
    return k > 0 and minute < spans[k - 1][1]


def _open(rows: Sequence[tuple[GateHours, list[Span]]], minute: int, unit: int) -> tuple[int, int, int]:
    """Add up lanes and pace of a side at a minute; cv is the greatest."""
    at_work = [row for row, spans in rows if _covers(spans, minute)]
    lanes = sum(row.lanes for row in at_work)
    pace = sum(60 * row.lanes * (unit // row.service_seconds) for row in at_work)
    return lanes, pace, max((row.cv_percent for row in at_work), default=0)
