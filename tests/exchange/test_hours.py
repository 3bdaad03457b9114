"""Opening hours of places: read, refused by row, written."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from landport import exchange
from landport.model.places import OpeningHours
from landport.model.scenario import World
from landport.reference import _cells
from tests.exchange.spoil import places, problems, put

HOURS = (
    "hours_id,place,weekdays,opens,closes\n"
    "H1,Almaty,1;2;3;4;5,08:00,20:00\n"
    "H2,ALM,6,9:00,14:00\n"
    "H3,URC,7;1,22:00,06:00\n"
    "H4,DUI,1,00:00,24:00\n"
)


def write(week: Path, text: str = HOURS) -> None:
    (week / "hours.csv").write_text(text, encoding="utf-8")


def test_a_week_has_hours(week: Path, world: World) -> None:
    """They are read in order: several a place, over midnight, until midnight; without the table there are none."""
    before = exchange.read_scenario(week, world)[0]
    assert before.hours == ()
    write(week)
    found, remarks = exchange.read_scenario(week, world)
    assert found.hours[0] == OpeningHours(
        hours_id="H1", place_id="ALM", weekdays=(1, 2, 3, 4, 5), opens_minute=480, closes_minute=1200
    )
    said = [(h.place_id, h.weekdays, h.opens_minute, h.closes_minute) for h in found.hours[1:]]
    assert said == [("ALM", (6,), 540, 840), ("URC", (1, 7), 1320, 360), ("DUI", (1,), 0, 1440)]
    assert remarks == ()
    assert found.digest != before.digest


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (2, "place", "Nowhere", "expected a place"),
        (2, "place", "", "expected a value"),
        (2, "weekdays", "1;8", "expected days of the week"),
        (2, "weekdays", "", "expected a value"),
        (3, "opens", "24:00", "expected a time of day"),
        (3, "opens", "noon", "expected a time of day"),
        (3, "closes", "24:01", "expected a time of day"),
        (3, "closes", "09:00", "another time than opens"),
        (4, "hours_id", "H1", "row 2"),
    ],
)
def test_wrong_hours_are_named(week: Path, world: World, row: int, column: str, value: str, expected: str) -> None:
    """File, row and column, and what was expected."""
    write(week)
    put(week / "hours.csv", row, column, value)
    found = problems(week, world)
    assert places(found) == [("hours.csv", row, column)]
    assert expected in found[0].expected


@pytest.mark.parametrize("name", ["back", "back.xlsx"])
def test_hours_are_written_and_read_back(week: Path, world: World, tmp_path: Path, name: str) -> None:
    """As a folder and as a workbook; midnight at the end of a day is 24:00."""
    write(week)
    found, _ = exchange.read_scenario(week, world)
    exchange.write_scenario(found, tmp_path / name, world)
    assert exchange.read_scenario(tmp_path / name, world)[0] == found
    if name == "back":
        text = (tmp_path / name / "hours.csv").read_text(encoding="utf-8")
        assert text.splitlines()[1:] == [
            "H1,ALM,1;2;3;4;5,08:00,20:00",
            "H2,ALM,6,09:00,14:00",
            "H3,URC,1;7,22:00,06:00",
            "H4,DUI,1,00:00,24:00",
        ]


MIDNIGHT = ["24:00", "24:00:00", " 24:00 ", "00:00", 1, 1.0, 0.0, time(0, 0), timedelta(days=1), timedelta(0)]


@pytest.mark.parametrize("cell", MIDNIGHT, ids=repr)
def test_midnight_ends_a_day_however_a_sheet_keeps_it(cell: object) -> None:
    """Text, a number, a time or a duration."""
    assert _cells._READ["closing"](cell) == "24:00"


def test_other_times_end_as_they_begin() -> None:
    """A closing time is a time of day otherwise."""
    for cell in ("08:15", time(8, 15), 8.25 / 24):
        assert _cells._READ["closing"](cell) == "08:15"
    for wrong in ("25:00", True, 2, "", "24"):
        with pytest.raises(ValueError, match="expected a time of day"):
            _cells._READ["closing"](wrong)
