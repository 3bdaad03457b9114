"""Hours of a border port, minute by minute: how many trucks a window can serve, and when customs are on duty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from landport.model.border import BorderPort, BorderSide, GateHours, ShiftHours

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Span = tuple[int, int]
"""First minute, and first minute after."""


def minute_of(at: datetime) -> int:
    """Minutes since 1970, UTC."""
    return int((at - EPOCH).total_seconds()) // 60


def allowed(
    border: BorderPort,
    channel: str,
    opens_at: datetime,
    closes_at: datetime,
    closures: Sequence[tuple[datetime, datetime]] = (),
) -> Fraction:
    """Count the trucks that kappa allows in a window: of each minute the side that serves least, in a closure none.

    Notes
    -----
    A minute is worth 60 / `service_seconds` trucks of each lane that is staffed then. O(minutes x rows).
    """
    first, last = minute_of(opens_at), minute_of(closes_at)
    sides = [_rows(side, channel, first, last) for side in border.sides]
    shut = [_shut(side, first, last) for side in border.sides]
    spans = [(minute_of(from_at), minute_of(until_at)) for from_at, until_at in closures]
    shut.append([span for span in spans if span[0] < last and span[1] > first])
    minutes: Counter[tuple[tuple[int, ...], ...]] = Counter()
    for minute in range(first, last):
        if not any(_holds(minute, spans) for spans in shut):
            minutes[tuple(tuple(n for n, (span, _) in enumerate(rows) if _in(minute, span)) for rows in sides)] += 1
    total = Fraction(0)
    for staffed, n_minutes in minutes.items():
        least = min(sum((rows[n][1] for n in on), Fraction(0)) for rows, on in zip(sides, staffed, strict=True))
        total += 60 * least * n_minutes
    return total * border.policy.kappa_percent / 100


def on_duty(border: BorderPort, at: datetime) -> set[bool]:
    """Tell whether customs of the port's own side are on regular duty; on a day off, both may be said."""
    side, minute = border.sides[0], minute_of(at)
    is_on = any(_in(minute, span) for row in side.shifts for span in _spans(row, side.zone, minute, minute + 1))
    return {is_on, False} if _holds(minute, _shut(side, minute, minute + 1)) else {is_on}


def day_of(border: BorderPort, at: datetime) -> date:
    """Day of the port's own side."""
    return at.astimezone(ZoneInfo(border.sides[0].zone)).date()


def midnights(border: BorderPort, at: datetime) -> tuple[datetime, datetime]:
    """Tell when a day of the port's own side begins and ends."""
    day, zone = day_of(border, at), border.sides[0].zone
    minutes = _clock(day, 0, zone), _clock(day, 1440, zone)
    return EPOCH + timedelta(minutes=minutes[0]), EPOCH + timedelta(minutes=minutes[1])


def _rows(side: BorderSide, channel: str, first: int, last: int) -> list[tuple[Span, Fraction]]:
    """List the spans of a channel's rows that touch some minutes, with the trucks a second of each."""
    found = []
    for row in side.hours:
        if row.channel == channel:
            rate = Fraction(row.lanes, row.service_seconds)
            found += [(span, rate) for span in _spans(row, side.zone, first, last)]
    return found


def _spans(row: GateHours | ShiftHours, zone: str, first: int, last: int) -> Iterator[Span]:
    """List when a row holds on the local days around some minutes."""
    day = (EPOCH + timedelta(minutes=first)).date() - timedelta(days=3)
    until = (EPOCH + timedelta(minutes=last)).date() + timedelta(days=2)
    while day <= until:
        if day.isoweekday() in row.weekdays:
            later = 1440 if row.until_minute <= row.from_minute else 0
            span = _clock(day, row.from_minute, zone), _clock(day, row.until_minute + later, zone)
            if span[0] < last and span[1] > first:
                yield span
        day += timedelta(days=1)


def _shut(side: BorderSide, first: int, last: int) -> list[Span]:
    """List the days off of a side that touch some minutes."""
    spans = [(_clock(day, 0, side.zone), _clock(day, 1440, side.zone)) for day in side.closed_on]
    return [span for span in spans if span[0] < last and span[1] > first]


def _clock(day: date, minute: int, zone: str) -> int:
    """Minute at which a clock says so many minutes of a day; of one that is shown twice, the first."""
    later, minute = divmod(minute, 1440)
    local = datetime.combine(day + timedelta(days=later), time(minute // 60, minute % 60), tzinfo=ZoneInfo(zone))
    return minute_of(local.astimezone(UTC))


def _in(minute: int, span: Span) -> bool:
    return span[0] <= minute < span[1]


def _holds(minute: int, spans: list[Span]) -> bool:
    return any(_in(minute, span) for span in spans)
