"""Wrong scenarios give one clear InputError that lists every problem, and never a traceback."""

from __future__ import annotations

import os
import random
import shutil
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from landport import exchange
from landport.errors import InputError, Remark
from landport.model.scenario import World
from tests.exchange.spoil import places, problems, put

CELLS = [
    ("bookings.csv", 2, "origin", "Atlantis", "no place is called"),
    ("bookings.csv", 2, "destination", "Khorgos", "side and mode"),
    ("bookings.csv", 2, "kind", "PARCEL", "FCL, LCL"),
    ("bookings.csv", 2, "container_type", "", "container type"),
    ("bookings.csv", 2, "container_type", "99XX", "containers"),
    ("bookings.csv", 2, "n_containers", "", "count"),
    ("bookings.csv", 2, "declared_kg", "", "declared kg"),
    ("bookings.csv", 3, "n_containers", "3", "items"),
    ("bookings.csv", 2, "due_at", "2022-07-17T00:00+06:00", "after ready_at"),
    ("bookings.csv", 2, "ready_at", "tomorrow", "offset"),
    ("bookings.csv", 2, "destination", "URC", "another place"),
    ("bookings.csv", 2, "hs", "39", "HS heading"),
    ("bookings.csv", 2, "gng_code", "1", "GNG"),
    ("bookings.csv", 2, "gng_code", "84501100", "begin with 3924"),
    ("bookings.csv", 2, "goods", "unicorns", "goods"),
    ("bookings.csv", 2, "un_class", "12", "class"),
    ("bookings.csv", 2, "un_class", "1", "division"),
    ("items.csv", 2, "booking_id", "B0001", "FCL"),
    ("items.csv", 2, "booking_id", "B9999", "bookings"),
    ("items.csv", 2, "mass_kg", "heavy", "kilograms"),
    ("items.csv", 2, "vertical", "x", "lwh"),
    ("items.csv", 2, "goods", "unicorns", "goods"),
    ("items.csv", 3, "item_id", "I0001", "once"),
    ("orders.csv", 2, "until_at", "2022-07-18T00:00+08:00", "after from_at"),
    ("orders.csv", 2, "hs_prefixes", "food", "HS codes"),
    ("orders.csv", 2, "un_classes", "77", "class"),
    ("orders.csv", 2, "container_types", "99XX", "40HC"),
    ("orders.csv", 2, "towards", "Khorgos", "side and mode"),
    ("orders.csv", 2, "max_teu_per_day", "80", "not both"),
    ("orders.csv", 3, "max_teu_per_day", "-1", "0 to 1000000 TEU"),
    ("orders.csv", 3, "max_teu_per_day", "1.5", "whole"),
    ("orders.csv", 2, "usd_per_teu", "30", "max_teu_per_day"),
    ("orders.csv", 3, "usd_per_teu", "30", "max_teu_per_day"),
    ("supply.csv", 2, "resource", "WAGON", "NX70A"),
    ("supply.csv", 2, "day_on", "some day", "date"),
    ("supply.csv", 3, "resource", "NX70A", "once"),
    ("departures.csv", 2, "departure_id", "U-ALM-W", "SERVICE@"),
    ("departures.csv", 2, "departure_id", "U-ALM-W@2022-13-41+1", "SERVICE@"),
    ("departures.csv", 2, "departure_id", "U-TAS-W@2022-07-21+1", "U-ALM-W"),
    ("departures.csv", 2, "departure_id", "U-ALM-W@2022-07-21", "+1"),
    ("departures.csv", 3, "departure_id", "U-ALM-W@2022-07-22+1", "extra run"),
    ("departures.csv", 2, "departs_at", "", "extra run"),
    ("departures.csv", 2, "departs_at", "2022-07-20T12:20+08:00", "local time"),
    ("services.csv", 2, "weekdays", "8", "1 (Monday)"),
    ("services.csv", 2, "week_offset", "1", "every_n_weeks"),
    ("services.csv", 2, "group", "assembly", "the hub URC on 1435 mm"),
    ("service_legs.csv", 2, "seq", "2", "in order from 1"),
    ("service_legs.csv", 2, "from_id", "Atlantis", "no place"),
    ("service_legs.csv", 2, "line_ids", "R-NO-WHERE", "lines"),
    ("service_legs.csv", 2, "co2_factor", "none", "parameters"),
    ("service_legs.csv", 2, "co2_factor", "road_cn_usd_per_km", "co2_rail_cn_electric_g_per_tkm"),
]


@pytest.mark.parametrize(("file", "row", "column", "value", "expected"), CELLS)
def test_a_wrong_cell_is_named(
    week: Path, world: World, file: str, row: int, column: str, value: str, expected: str
) -> None:
    """One wrong cell gives exactly one problem, with its file, row and column and what was expected."""
    put(week / file, row, column, value)
    found = problems(week, world)
    assert places(found) == [(file, row, column)]
    assert expected in found[0].expected


@pytest.mark.parametrize(("file", "row", "column", "value", "expected"), [CELLS[0], CELLS[1], CELLS[21]])
def test_a_wrong_cell_of_a_workbook_is_named(
    week: Path, world: World, file: str, row: int, column: str, value: str, expected: str
) -> None:
    """A workbook's problems name the sheet, and the row as Excel shows it."""
    put(week / file, row, column, value)
    book = as_workbook(week)
    found = problems(book, world)
    assert places(found) == [(f"week.xlsx sheet {file.removesuffix('.csv')}", row, column)]
    assert expected in found[0].expected


@pytest.mark.parametrize(("mode", "gauge", "said"), [("rail", "1520", "rail on 1520 mm"), ("road", "", "by road")])
def test_only_trains_on_the_yards_gauge_are_assembled(
    week: Path, world: World, mode: str, gauge: str, said: str
) -> None:
    """A train from the hub on 1435 mm may be an assembly train; on another gauge or on a road nothing is."""
    put(week / "services.csv", 3, "group", "assembly")
    assert exchange.read_scenario(week, world)[0].services[1].group == "assembly"
    put(week / "service_legs.csv", 3, "mode", mode)
    put(week / "service_legs.csv", 3, "gauge_mm", gauge)
    found = problems(week, world)
    assert [(p.file, p.row, p.column, p.value) for p in found] == [("services.csv", 3, "group", "assembly")]
    assert said in found[0].expected


def test_a_code_of_the_railways_own_chapters_needs_no_heading(week: Path, world: World) -> None:
    """Chapter 99 of the GNG stands for no heading of the Harmonized System."""
    put(week / "bookings.csv", 2, "gng_code", "99211000")
    assert exchange.read_scenario(week, world)[0].bookings[0].gng_code == "99211000"


def test_the_least_temperature_is_not_above_the_greatest(week: Path, world: World) -> None:
    """A range that ends below its start is one problem, at its start."""
    put(week / "bookings.csv", 4, "temperature_min_c", "26")
    put(week / "bookings.csv", 4, "temperature_max_c", "25")
    found = problems(week, world)
    assert places(found) == [("bookings.csv", 4, "temperature_min_c")]
    assert "temperature_max_c, 25" in found[0].expected


def as_workbook(week: Path) -> Path:
    path = week.with_suffix(".xlsx")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("scenario")
        lines = (week / "scenario.toml").read_text(encoding="utf-8").splitlines()
        for r, line in enumerate(lines):
            key, _, value = line.partition(" = ")
            sheet.write_row(r, 0, [key, value.split("  #")[0].strip('"')])
        for file in week.glob("*.csv"):
            sheet = book.add_worksheet(file.stem)
            for r, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
                sheet.write_row(r, 0, line.split(","))
    return path


def test_an_item_of_a_wrong_booking_is_not_blamed(week: Path, world: World) -> None:
    """A bad booking is one problem; its good items are none."""
    put(week / "bookings.csv", 3, "ready_at", "soon")
    assert places(problems(week, world)) == [("bookings.csv", 3, "ready_at")]


def test_an_lcl_booking_needs_items(week: Path, world: World) -> None:
    """Without items the hub would not know what to pack."""
    (week / "items.csv").unlink()
    found = problems(week, world)
    assert places(found) == [("bookings.csv", 3, "booking_id")]
    assert "items" in found[0].expected


def test_a_service_needs_legs(week: Path, world: World) -> None:
    """A service without legs goes nowhere; departures of it are not blamed as well."""
    (week / "service_legs.csv").unlink()
    assert places(problems(week, world)) == [("services.csv", r, "service_id") for r in (2, 3, 4)]


def test_every_problem_of_every_table_is_listed(week: Path, world: World) -> None:
    """All bad rows at once: settings, bookings and orders, in order of rows."""
    put(week / "bookings.csv", 2, "origin", "Atlantis")
    put(week / "bookings.csv", 4, "hs", "x")
    put(week / "orders.csv", 3, "issuer", "")
    text = (week / "scenario.toml").read_text(encoding="utf-8").replace('hub = "URC"', 'hub = "Lemuria"')
    (week / "scenario.toml").write_text(text, encoding="utf-8")
    assert places(problems(week, world)) == [
        ("scenario.toml", None, "hub"),
        ("bookings.csv", 2, "origin"),
        ("bookings.csv", 4, "hs"),
        ("orders.csv", 3, "issuer"),
    ]


def test_a_text_mass_in_row_17_of_20000(week: Path, world: World) -> None:
    """One bad cell among 20,000 rows is exactly one problem; its row is right though the reader reads ahead."""
    head, *_ = (week / "items.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"N{r},B0002,,600,400,400,12,,1,h,1,0" for r in range(2, 20_002)]
    rows[15] = "N17,B0002,,600,400,400,abc,,1,h,1,0"
    (week / "items.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    found = problems(week, world)
    assert [(p.file, p.row, p.column, p.value) for p in found] == [("items.csv", 17, "mass_kg", "abc")]


def test_rows_found_by_our_own_checks_keep_their_number(week: Path, world: World) -> None:
    """A check between cells names the right row behind blank and bad rows, far beyond one chunk."""
    head, *_ = (week / "items.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"N{r},B0002,,600,400,400,12,,1,h,1,0" for r in range(2, 20_002)]
    rows[5] = ""
    rows[17_000] = "N17002,B0001,,600,400,400,12,,1,h,1,0"
    (week / "items.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    assert places(problems(week, world)) == [("items.csv", 17_002, "booking_id")]


def test_a_missing_column(week: Path, world: World) -> None:
    """A missing column is one problem of the header, not one a row."""
    text = (week / "bookings.csv").read_text(encoding="utf-8").replace("due_at", "due", 1)
    (week / "bookings.csv").write_text(text, encoding="utf-8")
    assert ("bookings.csv", 1, "due_at") in places(problems(week, world))


def test_a_folder_without_bookings(week: Path, world: World) -> None:
    """Bookings are the one table that must be there."""
    for file in week.glob("*.csv"):
        file.unlink()
    assert places(problems(week, world)) == [("bookings.csv", None, None)]


def test_a_scenario_that_is_not_there(tmp_path: Path, world: World) -> None:
    """The message says what a scenario is."""
    (found,) = problems(tmp_path / "nowhere", world)
    assert "folder" in found.expected
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    assert problems(tmp_path / "notes.txt", world)
    assert problems(tmp_path / "none.xlsx", world)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9,
        random.Random(1).randbytes(999),
        b"\xff\xfe\x00",
        b"PK\x03\x04" * 9,
    ],
    ids=["empty", "blank", "png", "noise", "half utf-16", "zip"],
)
@pytest.mark.parametrize("file", ["bookings.csv", "scenario.toml"])
def test_a_file_that_is_no_text(week: Path, world: World, file: str, data: bytes) -> None:
    """An empty or binary file is one problem of that file."""
    (week / file).write_bytes(data)
    found = problems(week, world)
    assert {p.file for p in found} == {file}
    assert len(found) == 1 or (file == "scenario.toml" and data == b"\n\n")


def test_nul_bytes_in_a_row(week: Path, world: World) -> None:
    """A NUL in one row is one problem of that row; other rows are still checked."""
    put(week / "bookings.csv", 2, "shipper", "Tian\0shan")
    put(week / "bookings.csv", 4, "hs", "x")
    assert places(problems(week, world)) == [("bookings.csv", 2, None), ("bookings.csv", 4, "hs")]


def test_a_quote_that_is_never_closed(week: Path, world: World) -> None:
    """An open quote must not swallow the rest of the table silently."""
    put(week / "bookings.csv", 3, "shipper", '"Tianshan')
    found = problems(week, world)
    assert places(found)[0][0] == "bookings.csv"
    assert "quote" in found[0].expected


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(week: Path, world: World) -> None:
    """A locked file is named."""
    (week / "bookings.csv").chmod(0)
    (found,) = problems(week, world)
    assert "ermission" in found.expected


def test_a_file_that_cannot_be_opened(week: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system says about a locked file stands in the message, also for root."""
    refuse(week / "bookings.csv", monkeypatch)
    (found,) = problems(week, world)
    assert (found.file, "Permission denied" in found.expected) == ("bookings.csv", True)


def refuse(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = Path.open

    def opened(self: Path, *args: object, **more: object) -> object:
        if self == target:
            raise PermissionError(13, "Permission denied", str(self))
        return really(self, *args, **more)

    monkeypatch.setattr(Path, "open", opened)


def test_a_folder_where_a_table_should_be(week: Path, world: World) -> None:
    """A folder called bookings.csv is no table."""
    (week / "bookings.csv").unlink()
    (week / "bookings.csv").mkdir()
    assert places(problems(week, world)) == [("bookings.csv", None, None)]


def test_caps_of_a_folder(week: Path, world: World) -> None:
    """Too many rows or bytes are refused, and said."""
    assert places(problems(week, world, rows=2))[0] == ("bookings.csv", 4, None)
    assert {p.file for p in problems(week, world, file_bytes=600)} >= {"bookings.csv"}


def test_unknown_columns_tables_and_settings_are_remarks(week: Path, world: World) -> None:
    """What nobody reads is said, and stops nothing."""
    text = (week / "bookings.csv").read_text(encoding="utf-8").replace("booking_id,", "colour,booking_id,", 1)
    lines = text.splitlines()
    (week / "bookings.csv").write_text("\n".join([lines[0], *("red," + x for x in lines[1:])]), encoding="utf-8")
    (week / "item.csv").write_text("a,b\n", encoding="utf-8")
    with (week / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write('mood = "good"\n')
    _, remarks = exchange.read_scenario(week, world)
    assert {r.code for r in remarks} == {"unknown-column", "unknown-table", "unknown-setting"}


def test_a_departure_outside_the_calendar_is_a_remark(week: Path, world: World) -> None:
    """Cancelling a train that does not run changes nothing, and is said."""
    put(week / "departures.csv", 3, "departure_id", "U-ALM-W@2022-07-23")
    _, remarks = exchange.read_scenario(week, world)
    assert [r.code for r in remarks] == ["not-in-calendar"]


def test_another_reference_is_a_remark(week: Path, world: World) -> None:
    """A scenario written over other reference tables is read, and said."""
    text = (week / "scenario.toml").read_text(encoding="utf-8").replace(world.reference_digest, "0123456789ab")
    (week / "scenario.toml").write_text(text, encoding="utf-8")
    _, remarks = exchange.read_scenario(week, world)
    assert remarks == (Remark("other-reference", remarks[0].message, ("0123456789ab", world.reference_digest)),)


# ---- workbooks ---------------------------------------------------------------------------------


def test_a_workbook_that_is_no_zip(tmp_path: Path, world: World) -> None:
    """A text file called .xlsx, an empty one and another archive are refused."""
    path = tmp_path / "week.xlsx"
    for data in (b"booking_id,kind\n", b"", b"\xd0\xcf\x11\xe0" + bytes(600)):
        path.write_bytes(data)
        assert len(problems(path, world)) == 1
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "hello")
    (found,) = problems(path, world)
    assert "another kind" in found.expected


def test_a_truncated_workbook(tmp_path: Path, world: World) -> None:
    """A damaged workbook is one problem wherever the damage lies."""
    path = tmp_path / "week.xlsx"
    exchange.init(path, world)
    data = path.read_bytes()
    for spoilt in (data[: len(data) // 2], data[:300] + bytes(200) + data[500:]):
        path.write_bytes(spoilt)
        assert len(problems(path, world)) == 1


def test_a_workbook_beyond_the_caps(tmp_path: Path, world: World) -> None:
    """Sizes, parts and ratio are checked before any cell is read."""
    path = tmp_path / "week.xlsx"
    exchange.init(path, world)
    for cap in ({"unzipped_bytes": 1000}, {"ratio": 1}, {"entries": 3}, {"file_bytes": 100}, {"rows": 2}):
        assert "at most" in problems(path, world, **cap)[0].expected


def test_a_bomb_of_a_workbook(tmp_path: Path, world: World) -> None:
    """Gigabytes of zeros in a small file, and archives that lie about their sizes, are refused."""
    path = tmp_path / "week.xlsx"
    exchange.init(path, world)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", bytes(60_000_000))
    assert "times its packed size" in problems(path, world)[0].expected
    lie = path.read_bytes().replace((60_000_000).to_bytes(4, "little"), (600).to_bytes(4, "little"))
    path.write_bytes(lie)
    assert len(problems(path, world)) == 1


@pytest.mark.parametrize("cell", ["XFD2", "BA1", "A4000000", "A1050000", "xfd9"])
def test_a_far_cell_does_not_take_the_memory(tmp_path: Path, world: World, cell: str) -> None:
    """One cell in Excel's last corner would make a sheet of 17 billion cells."""
    path, hostile = tmp_path / "week.xlsx", tmp_path / "hostile.xlsx"
    exchange.init(path, world)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(hostile, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet2.xml":
                data = data.replace(b"</sheetData>", f'<row><c r="{cell}"><v>1</v></c></row></sheetData>'.encode())
            new.writestr(part.filename, data)
    (found,) = problems(hostile, world)
    assert "column AZ" in found.expected


def test_a_workbook_without_settings(tmp_path: Path, world: World) -> None:
    """The sheet `scenario` is asked for by name."""
    path = tmp_path / "week.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Sheet1")
    assert any("sheet scenario" in p.expected for p in problems(path, world))


def test_a_name_too_long(tmp_path: Path, world: World) -> None:
    """A name too long for the system is an input error, too."""
    with pytest.raises(InputError):
        exchange.read_scenario(tmp_path / ("x" * 300), world)


def test_a_folder_can_be_copied(week: Path, world: World, tmp_path: Path) -> None:
    """A scenario folder can be copied anywhere and keeps its digest."""
    shutil.copytree(week, tmp_path / "copy")
    assert exchange.read_scenario(week, world)[0].digest == exchange.read_scenario(tmp_path / "copy", world)[0].digest


def test_a_hub_without_assembly_trains(week: Path, world: World) -> None:
    """Nothing can be assembled where no train of the group assembly starts, unless the scenario brings such a train."""
    path = week / "scenario.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('hub = "URC"', 'hub = "Almaty"'), encoding="utf-8")
    (found,) = problems(week, world)
    assert (found.file, found.key, found.value) == ("scenario.toml", "hub", "Almaty")
    assert "URC" in found.expected
    put(week / "services.csv", 2, "group", "assembly")
    service_id = (week / "services.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    header, *legs = (week / "service_legs.csv").read_text(encoding="utf-8").splitlines()
    mine = [n for n, leg in enumerate(legs, 2) if leg.split(",")[1] == service_id]
    put(week / "service_legs.csv", mine[0], "from_id", "ALM")
    put(week / "service_legs.csv", mine[0], "mode", "rail")
    put(week / "service_legs.csv", mine[0], "gauge_mm", "1435")
    assert header
    assert exchange.read_scenario(week, world)[0].hub_id == "ALM"


def test_a_title_above_the_header_is_one_problem(week: Path, world: World) -> None:
    """Not one for each column that is not found."""
    path = week / "bookings.csv"
    path.write_text("Bookings of week 29,,\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    (week / "items.csv").unlink()
    (found,) = problems(week, world)
    assert (found.file, found.row, found.column, found.value) == ("bookings.csv", 1, None, "Bookings of week 29")
    assert "names of the columns in row 1: booking_id" in found.expected


def test_missing_files_name_their_folder(week: Path, world: World) -> None:
    """Somebody with ten folders knows which one is meant."""
    for file in ("scenario.toml", "bookings.csv"):
        (week / file).unlink()
    found = problems(week, world)
    assert [p.file for p in found if str(week) in p.expected] == ["scenario.toml", "bookings.csv"]


@pytest.mark.parametrize("file", ["bookings.csv", "scenario.toml"])
def test_another_code_page_is_refused_with_those_that_are_read(week: Path, world: World, file: str) -> None:
    """Cyrillic in CP1251 is neither UTF-8 nor GB18030."""
    text = (week / file).read_text(encoding="utf-8").replace("Trading", "Торговля").replace("note = ", "note = 'я ' # ")
    (week / file).write_bytes((text + "# ж\n").encode("cp1251"))
    (found,) = problems(week, world)
    assert found.file == file
    assert "UTF-8, UTF-16 or GB18030" in found.expected


def test_an_assumed_encoding_is_a_remark(week: Path, world: World) -> None:
    """GB18030 is told by no mark, so the reader says that it was assumed."""
    put(week / "bookings.csv", 2, "shipper", "乌鲁木齐")
    for file in ("bookings.csv", "scenario.toml"):
        text = (week / file).read_text(encoding="utf-8").replace('name = "week"', 'name = "周"')
        (week / file).write_bytes(text.encode("gb18030"))
    _, remarks = exchange.read_scenario(week, world)
    assert [(r.code, r.about) for r in remarks] == [
        ("encoding-assumed", ("scenario.toml",)),
        ("encoding-assumed", ("bookings.csv",)),
    ]
