"""Opening hours of places, dated: when work on a load that changes there may begin."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from landport.model.places import OpeningHours

DAY_MINUTES = 1440


def open_spans(
    hours: Iterable[OpeningHours], zone: ZoneInfo, start_at: datetime, from_minute: int, until_minute: int
) -> list[tuple[int, int]]:
    """List when a place is open that has some hours: first minute, and first minute after.

    Parameters
    ----------
    hours
        Rows of one place.
    start_at
        Minute 0 of the answer, UTC.
    from_minute, until_minute
        Spans that touch [from_minute, until_minute) are listed, whole.

    Returns
    -------
    list[tuple[int, int]]
        In order, apart from each other.

    Notes
    -----
    Clocks are local: with daylight saving a span begins and ends as its clock says. Of a clock that is shown twice the
    first holds, and one that is left out is as late as it would be without the change. Audited by `audit.hours`.
    """
    first = (start_at + timedelta(minutes=from_minute)).date() - timedelta(days=2)
    last = (start_at + timedelta(minutes=until_minute)).date() + timedelta(days=1)
    spans = []
    for row in hours:
        is_next_day = row.closes_minute <= row.opens_minute
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            if day.isoweekday() in row.weekdays:
                opens = _minute(day, row.opens_minute, zone, start_at)
                closes = _minute(day, row.closes_minute + DAY_MINUTES * is_next_day, zone, start_at)
                if opens < closes and closes > from_minute and opens < until_minute:
                    spans.append((opens, closes))
    return _joined(spans)


def _minute(day: date, clock: int, zone: ZoneInfo, start_at: datetime) -> int:
    local = datetime.combine(day, datetime.min.time()) + timedelta(minutes=clock)
    return int((local.replace(tzinfo=zone).astimezone(UTC) - start_at).total_seconds()) // 60


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that overlap or touch."""
    joined: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if joined and opens <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(closes, joined[-1][1])
        else:
            joined.append((opens, closes))
    return joined
