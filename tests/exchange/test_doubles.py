"""One mistake of a whole table or sheet is said once: cut tables, doubled columns, doubled tables, settings."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from landport import exchange
from landport.exchange.example import example
from landport.model.scenario import World
from tests.exchange.spoil import places, problems, put


def many(week: Path) -> None:
    """Give the week a hundred LCL bookings with an item each."""
    for file, kept in (("bookings.csv", "LCL"), ("items.csv", "B0002")):
        header, *rows = (week / file).read_text(encoding="utf-8").splitlines()
        cells = next(row for row in rows if kept in row).split(",")
        mine = [",".join([f"L{n}", f"L{n}" if file == "items.csv" else cells[1], *cells[2:]]) for n in range(100)]
        (week / file).write_text("\n".join([header, *rows, *mine]) + "\n", encoding="utf-8")


def rename(path: Path, old: str, new: str) -> None:
    header, _, rest = path.read_text(encoding="utf-8").partition("\n")
    assert old in header
    path.write_text(header.replace(old, new) + "\n" + rest, encoding="utf-8")


# ---- tables cut short --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "column", "column_of_ids"),
    [
        ("bookings.csv", "shipper", "booking_id"),
        ("items.csv", "goods", "booking_id"),
        ("services.csv", "name", "service_id"),
        ("service_legs.csv", "train_class", "service_id"),
    ],
)
def test_a_missing_quote_is_one_problem(week: Path, world: World, file: str, column: str, column_of_ids: str) -> None:
    """Rows that could not be read are not missed by those that refer to them."""
    many(week)
    rename(week / file, column_of_ids, column_of_ids.upper())
    put(week / file, 2, column, '"Tianshan "Trading')
    (found,) = problems(week, world)
    assert (found.file, found.row) == (file, 2)
    assert "double quote" in found.expected


def test_the_cap_of_rows_is_one_problem(week: Path, world: World) -> None:
    """Items of bookings beyond the cap are not blamed, nor bookings whose items lie beyond it."""
    many(week)
    assert places(problems(week, world, rows=50)) == [("bookings.csv", 52, None), ("items.csv", 52, None)]


def test_a_table_without_a_header_is_one_problem(week: Path, world: World) -> None:
    """As is one without the column that others refer to."""
    many(week)
    text = (week / "bookings.csv").read_text(encoding="utf-8")
    (week / "bookings.csv").write_text(text.partition("\n")[2], encoding="utf-8")
    assert places(problems(week, world)) == [("bookings.csv", 1, None)]
    (week / "bookings.csv").write_text(text.replace("booking_id", "number", 1), encoding="utf-8")
    assert places(problems(week, world)) == [("bookings.csv", 1, "booking_id")]
    (week / "bookings.csv").write_bytes(b"")
    assert places(problems(week, world)) == [("bookings.csv", None, None)]


@pytest.mark.parametrize(
    ("old", "new"), [("shipper", "booking_id"), ("shipper", "kind"), ("consignee", "container_type")]
)
def test_a_doubled_column_blames_no_row(week: Path, world: World, old: str, new: str) -> None:
    """Nobody knows which of two columns is meant; neither its rows nor those that refer to them are blamed."""
    many(week)
    rename(week / "bookings.csv", f",{old},", f",{new},")
    assert places(problems(week, world)) == [("bookings.csv", 1, new)]


# ---- doubled tables ----------------------------------------------------------------------------


def test_two_files_of_one_table(week: Path, world: World) -> None:
    """Neither is silently left aside; files that nobody reads may be doubled."""
    for name in ("ORDERS.CSV", "notes.csv", "Notes.csv"):
        (week / name).write_bytes((week / "orders.csv").read_bytes())
    (found,) = problems(week, world)
    assert found.file == "ORDERS.CSV"
    assert "there are ORDERS.CSV and orders.csv" in found.expected


def book_of(week: Path, settings: Sequence[Sequence[object]], sheets: Sequence[str] = ("bookings", "items")) -> Path:
    """Make a workbook of settings and of the tables of a folder; sheets are named as given."""
    path = week.with_suffix(".xlsx")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("scenario")
        for r, pair in enumerate(settings):
            sheet.write_row(r, 0, pair)
        for name in sheets:
            sheet = book.add_worksheet(name)
            with (week / f"{name.strip().lower()}.csv").open(encoding="utf-8", newline="") as file:
                for r, row in enumerate(csv.reader(file)):
                    sheet.write_row(r, 0, row)
    return path


SETTINGS = (
    ("schema", 1),
    ("name", "x"),
    ("start_at", "2022-07-18T00:00Z"),
    ("now_at", "2022-07-18T08:00+08:00"),
    ("hub", "URC"),
    ("plan_days", 7),
    ("horizon_days", 28),
)


def test_two_sheets_of_one_table(week: Path, world: World) -> None:
    """A space behind a name makes no other sheet."""
    path = book_of(week, SETTINGS, ("bookings", "bookings ", "items"))
    (found,) = problems(path, world)
    assert "there are week.xlsx sheet 'bookings' and week.xlsx sheet 'bookings '" in found.expected


# ---- the sheet of settings ---------------------------------------------------------------------


def test_settings_as_people_write_them(week: Path, world: World) -> None:
    """Keys in capitals and with spaces are the same; a number is the text it shows."""
    settings = [("Key", "Value"), ("SCHEMA", "1"), ("name", 2022), (" Start at ", SETTINGS[2][1])]
    settings += [("Now at", SETTINGS[3][1]), ("Hub", "URC"), ("plan days", "7"), ("Horizon_Days", 28.0)]
    scenario, remarks = exchange.read_scenario(book_of(week, settings), world)
    assert (scenario.name, scenario.plan_days, scenario.horizon_days, remarks) == ("2022", 7, 28, ())
    assert scenario.bookings == example(world).bookings


def test_a_doubled_key_is_named(week: Path, world: World) -> None:
    """The second one does not win."""
    path = book_of(week, [*SETTINGS, ("Plan days", 14)])
    (found,) = problems(path, world)
    assert (found.file, found.row, found.key, found.value) == ("week.xlsx sheet scenario", 8, "plan_days", "14")
    assert "row 6 has it too" in found.expected


def test_all_faulty_settings_are_told(week: Path, world: World) -> None:
    """Two cells without a value and a wrong one, each once."""
    path = week.with_suffix(".xlsx")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("scenario")
        for r, pair in enumerate(SETTINGS):
            sheet.write_row(r, 0, pair)
        for row in (3, 5):
            sheet.write_formula(row, 1, "=NA()", None, "#N/A")
        sheet.write_number(6, 1, 28.5)
        sheet = book.add_worksheet("bookings")
        sheet.write_row(0, 0, (week / "bookings.csv").read_text(encoding="utf-8").splitlines()[0].split(","))
    found = problems(path, world)
    assert [(p.row, p.key, p.value) for p in found] == [
        (None, "horizon_days", "28.5"),
        (4, "now_at", "#N/A"),
        (6, "plan_days", "#N/A"),
    ]


# ---- other habits ------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;\r"])
def test_excels_line_of_the_delimiter(week: Path, world: World, first: str) -> None:
    """`sep=;` before the header is no row: Excel does not show it either."""
    before, _ = exchange.read_scenario(week, world)
    header, *rows = (week / "supply.csv").read_text(encoding="utf-8").replace(",", ";").splitlines()
    (week / "supply.csv").write_text("\n".join([first, header, *rows]) + "\n", encoding="utf-8", newline="")
    assert exchange.read_scenario(week, world)[0] == before
    rows[1] = rows[1].replace("URC", "Atlantis")
    (week / "supply.csv").write_text("\n".join([first, header, *rows]) + "\n", encoding="utf-8", newline="")
    assert places(problems(week, world)) == [("supply.csv", 3, "place")]


def test_container_types_in_small_letters(week: Path, world: World) -> None:
    """As `fcl` is FCL, `40hc` is 40HC, in bookings and in orders."""
    before, _ = exchange.read_scenario(week, world)
    put(week / "bookings.csv", 2, "container_type", before.bookings[0].container_type.lower())
    put(week / "orders.csv", 2, "container_types", "40hc;20Gp")
    found, _ = exchange.read_scenario(week, world)
    assert found.bookings == before.bookings
    assert found.orders[0].container_types == ("40HC", "20GP")


@pytest.mark.parametrize("name", ["week.xlsx", "week.xls"])
def test_a_password_and_an_old_workbook_are_told(tmp_path: Path, world: World, name: str) -> None:
    """Excel wraps both in another kind of file."""
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (found,) = problems(tmp_path / name, world)
    assert "save" in found.expected
    assert ".xlsx" in found.expected
    assert name == "week.xls" or "password" in found.expected


@pytest.mark.parametrize("text", ["a\rb", "a\r\nb", 'a\r"b', "\ra", "a\nb"])
def test_a_carriage_return_survives(tmp_path: Path, text: str) -> None:
    """Every reader finds one row and the same cell, in tables and in lists."""
    exchange.write_list(tmp_path / "list.csv", [["a", "b"], [text, None], ["c", 1]])
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["a", "b"], ["'" * (text[0] == "\r") + text, ""], ["c", "1"]]


def test_a_workbook_can_be_read_by_people(tmp_path: Path, world: World) -> None:
    """Headers and instants fit into their columns, and row 1 stays in sight."""
    exchange.init(tmp_path / "week.xlsx", world)
    with zipfile.ZipFile(tmp_path / "week.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    found = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', sheet)
    widths = [float(width) for first, last, width in found for _ in range(int(first), int(last) + 1)]
    header = (Path(exchange.__file__).parent / "example" / "bookings.csv").read_text(encoding="utf-8").splitlines()[0]
    names = header.split(",")
    assert all(width > len(name) for width, name in zip(widths, names, strict=True))
    assert min(widths[names.index(name)] for name in ("ready_at", "due_at")) > len("2022-07-18T08:00+08:00")
    assert 'topLeftCell="A2"' in sheet
