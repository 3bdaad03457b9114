"""Holidays, dates of validity and room by leg: read, refused by row, written."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from landport import exchange
from landport.exchange.example import example
from landport.model.scenario import World
from landport.model.services import Holiday
from landport.reference import table
from tests.exchange.spoil import places, problems, put

HOLIDAYS = "holiday_id,country,day_on,name\nH1,CN,2022-07-19,closed\nH2,KZ,2022-07-19,closed\nH3,CN,2022-07-21,flood\n"
THROUGH = "P-XIAALM-W"
"""A passing train of the shipped network with more than one leg."""


def with_columns(week: Path, cells: str) -> None:
    """Give the first service of a week a calendar: `no_run_on,valid_from,valid_to`."""
    lines = (week / "services.csv").read_text(encoding="utf-8").splitlines()
    if "no_run_on" not in lines[0]:
        lines = [lines[0] + ",no_run_on,valid_from,valid_to", *(line + ",,," for line in lines[1:])]
    lines[1] = ",".join([*lines[1].split(",")[:-3], *cells.split(",")])
    (week / "services.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_week_has_holidays_of_its_own(week: Path, world: World) -> None:
    """They are read in order, and count beside those that ship."""
    (week / "holidays.csv").write_text(HOLIDAYS, encoding="utf-8")
    found, _ = exchange.read_scenario(week, world)
    assert found.holidays[0] == Holiday(holiday_id="H1", country="CN", day_on=date(2022, 7, 19), name="closed")
    assert [h.holiday_id for h in found.holidays] == ["H1", "H2", "H3"]


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (2, "country", "ZZ", "country of the table countries"),
        (2, "country", "", "expected a value"),
        (3, "day_on", "2022-02-30", "expected a date"),
        (3, "day_on", "9999-12-31", "within ten years"),
        (3, "name", "", "expected a value"),
        (4, "day_on", "2022-07-19", "H1 has the same"),
        (4, "holiday_id", "H1", "row 2"),
    ],
)
def test_a_wrong_holiday_is_named(week: Path, world: World, row: int, column: str, value: str, expected: str) -> None:
    """File, row and column, and what was expected."""
    (week / "holidays.csv").write_text(HOLIDAYS, encoding="utf-8")
    put(week / "holidays.csv", row, column, value)
    found = problems(week, world)
    assert places(found) == [("holidays.csv", row, column)]
    assert expected in found[0].expected


def test_a_service_has_a_calendar(week: Path, world: World) -> None:
    """Countries and dates are read; a file without the columns reads as one with empty cells."""
    before = exchange.read_scenario(week, world)[0]
    with_columns(week, ",,")
    assert exchange.read_scenario(week, world)[0] == before
    with_columns(week, "CN;KZ,2022-01-01,9999-12-31")
    one = exchange.read_scenario(week, world)[0].services[0]
    assert (one.no_run_on, one.valid_from, one.valid_to) == (("CN", "KZ"), date(2022, 1, 1), date(9999, 12, 31))


@pytest.mark.parametrize(
    ("cells", "column", "expected"),
    [
        ("CN;XX,,", "no_run_on", "country of the table countries"),
        (",1.1.22,", "valid_from", "expected a date"),
        (",2022-07-20,2022-07-19", "valid_to", "expected valid_from or a later day"),
    ],
)
def test_a_wrong_calendar_is_named(week: Path, world: World, cells: str, column: str, expected: str) -> None:
    """File, row and column, and what was expected."""
    with_columns(week, cells)
    found = problems(week, world)
    assert places(found) == [("services.csv", 2, column)]
    assert expected in found[0].expected


def test_a_note_on_a_holiday_changes_nothing_and_is_remarked(week: Path, world: World) -> None:
    """A run of the week's own service that a holiday keeps from running is not in its calendar."""
    one = example(world).services[0]
    day = next(d for d in (date(2022, 7, n) for n in range(18, 32)) if one.runs_on(d, frozenset()))
    row = f"{one.service_id}@{day},{one.service_id},run,,"
    (week / "departures.csv").write_text(f"departure_id,service_id,status,departs_at,free_teu\n{row}\n", "utf-8")
    (week / "holidays.csv").write_text(f"holiday_id,country,day_on,name\nH1,CN,{day},x\n", encoding="utf-8")
    for cells, is_remarked in ((",,", False), ("KZ,,", False), ("CN,,", True), (f",,{day.replace(day=1)}", True)):
        with_columns(week, cells)
        _, remarks = exchange.read_scenario(week, world)
        assert ("not-in-calendar" in {r.code for r in remarks}) is is_remarked, cells


def note(week: Path, world: World, free: str) -> None:
    """Note the room of one passing train."""
    row = f'"{THROUGH}@2022-07-18",{THROUGH},run,,"{free}"'
    assert len(world.network.services[THROUGH].legs) > 1
    (week / "departures.csv").write_text(f"departure_id,service_id,status,departs_at,free_teu\n{row}\n", "utf-8")


def test_room_is_one_number_or_one_a_leg(week: Path, world: World) -> None:
    """With strokes or semicolons, spaces or not; one number stays one."""
    n = len(world.network.services[THROUGH].legs)
    many = tuple(40 - i for i in range(n))
    for text, free in (
        ("40", 40),
        ("", None),
        ("40,0", 40),
        ("/".join(map(str, many)), many),
        (" / ".join(map(str, many)), many),
        (";".join(map(str, many)), many),
    ):
        note(week, world, text)
        assert exchange.read_scenario(week, world)[0].departures[0].free_teu == free


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        ("1/2/3/4/5/6/7/8/9", "one number for all legs or one a leg"),
        ("40/", "several as 40/40/20"),
        ("a/b", "several as 40/40/20"),
        ("x", "whole number"),
        ("1001/4", "expected 0 to 1000"),
        ("-1/4", "expected 0 to 1000"),
        ("1.5/4", "several as 40/40/20"),
    ],
)
def test_wrong_room_is_named(week: Path, world: World, free: str, expected: str) -> None:
    """File, row and column, and what was expected."""
    note(week, world, free)
    found = problems(week, world)
    assert places(found) == [("departures.csv", 2, "free_teu")]
    assert expected in found[0].expected


def test_a_broken_leg_is_not_blamed_on_the_room(week: Path, world: World) -> None:
    """Where legs of the week's services are wrong, nobody counts them."""
    note(week, world, "1/2/3/4/5/6/7/8/9")
    put(week / "service_legs.csv", 2, "capacity_teu", "many")
    assert {p.file for p in problems(week, world)} == {"service_legs.csv"}


def test_a_room_that_became_a_date_is_told_apart() -> None:
    """Spreadsheets make 8/4 a day in August; the message says how to write it instead."""
    column = next(c for c in exchange.reading.dictionary()["departures"] if c.column == "free_teu")
    with pytest.raises(ValueError, match="write 40;40;20"):
        table.reader(column)(datetime(2022, 8, 4))  # noqa: DTZ001  # as a cell has it
    assert table.reader(column)("8;4") == (8, 4)
    assert table.format_cell(column, (8, 4)) == "8/4"


def test_a_workbook_holds_room_by_leg_as_text(tmp_path: Path, world: World) -> None:
    """Excel would make a date of a number with strokes; a plain number stays a number."""
    one = example(world)
    note = replace(one.departures[0], free_teu=(8, 4, 4)[: len(world.network.services["U-ALM-W"].legs)])
    exchange.write_scenario(replace(one, departures=(note, *one.departures[1:])), tmp_path / "week.xlsx", world)
    with zipfile.ZipFile(tmp_path / "week.xlsx") as book:
        texts = b"".join(book.read(n) for n in book.namelist())
    assert b"8/4/4" in texts
    assert exchange.read_scenario(tmp_path / "week.xlsx", world)[0].departures[0] == note
