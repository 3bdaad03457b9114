"""Rows of `hours` as opening hours of places, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landport.exchange.reading import Reading
from landport.model.hours import DAY_MINUTES
from landport.model.places import OpeningHours
from landport.model.scenario import Scenario
from landport.units import parse_weekdays


def read_hours(reading: Reading) -> tuple[OpeningHours, ...]:
    """Read the opening hours of places; complaints go to the reading."""
    table = reading.open("hours")
    found = []
    for hours_id, _place, weekdays, opens, closes in table:
        days: frozenset[int] = frozenset()
        try:
            days = parse_weekdays(";".join(weekdays))
        except ValueError as error:
            table.wrong("weekdays", str(error))
        row = OpeningHours(
            hours_id=hours_id,
            place_id=table.place("place"),
            weekdays=tuple(sorted(days)),
            opens_minute=_minutes(opens),
            closes_minute=_minutes(closes) or DAY_MINUTES,
        )
        if row.opens_minute == row.closes_minute:
            table.wrong("closes", "expected another time than opens; around the clock is 00:00 to 24:00")
        found.append(row)
    return tuple(found)


def hours_rows(scenario: Scenario) -> Iterator[tuple[Any, ...]]:
    """List the rows of `hours`, in the order of the dictionary."""
    for row in scenario.hours:
        days = tuple(map(str, row.weekdays))
        yield (row.hours_id, row.place_id, days, clock_text(row.opens_minute), clock_text(row.closes_minute))


def clock_text(minute: int) -> str:
    """Write a minute of the day.

    Examples
    --------
    >>> clock_text(485), clock_text(1440)
    ('08:05', '24:00')
    """
    return f"{minute // 60:02}:{minute % 60:02}"


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return 60 * int(hour) + int(minute)
