"""Rows of `holidays` as a scenario's own holidays, and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from landport.exchange.reading import Reading
from landport.model.scenario import Scenario
from landport.model.services import Holiday


def read_holidays(reading: Reading) -> tuple[Holiday, ...]:
    """Read the scenario's own holidays; complaints go to the reading."""
    table = reading.open("holidays")
    holidays = []
    said: dict[tuple[str, date], str] = {}
    for holiday_id, country, _day, name in table:
        holiday = Holiday(holiday_id=holiday_id, country=country, day_on=table.day("day_on"), name=name)
        first = said.setdefault((country, holiday.day_on), holiday_id)
        if first != holiday_id:
            table.wrong("day_on", f"expected each country and day once; {first} has the same")
        holidays.append(holiday)
    return tuple(holidays)


def holiday_rows(scenario: Scenario) -> Iterator[tuple[Any, ...]]:
    """List the rows of `holidays`, in the order of the dictionary."""
    for h in scenario.holidays:
        yield (h.holiday_id, h.country, h.day_on, h.name)
