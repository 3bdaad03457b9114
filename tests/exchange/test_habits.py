"""Excel's habits are survived: what people send is read as they meant it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from landport import exchange
from landport.exchange.example import example
from landport.model.scenario import World
from tests.exchange.spoil import put


def rewritten(week: Path, change: Callable[[str], bytes]) -> None:
    for file in week.glob("*.csv"):
        file.write_bytes(change(file.read_text(encoding="utf-8")))


HABITS: dict[str, Callable[[str], bytes]] = {
    "BOM": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 big-endian": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "GB18030": lambda text: text.encode("gb18030"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "blank lines": lambda text: text.replace("\n", "\n\n").encode() + b",,,\n",
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "spaces": lambda text: text.replace(",", " , ").replace("\n", "  \n").encode(),
    "quotes": lambda text: "\n".join('"' + x.replace(",", '","') + '"' for x in text.splitlines()).encode(),
    "capitals": lambda text: "\n".join([x.upper() if not n else x for n, x in enumerate(text.splitlines())]).encode(),
    "other order": lambda text: "\n".join(",".join(x.split(",")[::-1]) for x in text.splitlines()).encode(),
}


@pytest.mark.parametrize("habit", HABITS)
def test_a_habit_changes_nothing(week: Path, world: World, habit: str) -> None:
    """The scenario and its digest are the same, whichever program saved the files."""
    put(week / "bookings.csv", 2, "shipper", "乌鲁木齐 天山 贸易")
    before, _ = exchange.read_scenario(week, world)
    rewritten(week, HABITS[habit])
    assert exchange.read_scenario(week, world)[0] == before


def test_semicolons_change_nothing(week: Path, world: World) -> None:
    """A table with semicolons is read; its lists must then be quoted, as spreadsheets do."""
    before, _ = exchange.read_scenario(week, world)

    def with_semicolons(text: str) -> bytes:
        lines = [x.split(",") for x in text.splitlines()]
        return "\n".join(";".join(f'"{c}"' if ";" in c else c for c in cells) for cells in lines).encode()

    rewritten(week, with_semicolons)
    assert exchange.read_scenario(week, world)[0] == before


def test_quoted_newlines_and_leading_zeros(week: Path, world: World) -> None:
    """A line break inside quotes is text; HS 0808 that Excel made 808 is 0808 again; 1263 is UN1263."""
    put(week / "bookings.csv", 2, "hs", "808")
    put(week / "bookings.csv", 2, "gng_code", "8081000")
    put(week / "bookings.csv", 2, "un_class", "3.0")
    put(week / "bookings.csv", 2, "un_number", "1263")
    put(week / "bookings.csv", 2, "un_class", "3")
    text = (week / "bookings.csv").read_text(encoding="utf-8")
    text = text.replace("Tianshan Household Trading", '"Tianshan\nHousehold, Trading"')
    (week / "bookings.csv").write_text(text, encoding="utf-8")
    first = exchange.read_scenario(week, world)[0].bookings[0]
    assert first.shipper == "Tianshan\nHousehold, Trading"
    assert (first.hs, first.gng_code, first.un_class, first.un_number) == ("0808", "08081000", "3", "UN1263")


def test_empty_cells_mean_what_the_dictionary_says(week: Path, world: World) -> None:
    """An item without vertical, layers and bearing stands upright and bears no more than its own layers."""
    for column in ("vertical", "max_layers", "max_on_top_kg"):
        put(week / "items.csv", 2, column, "")
    item = exchange.read_scenario(week, world)[0].items[0]
    assert (item.vertical, item.max_layers, item.max_on_top_g) == (
        "h",
        100,
        60_000_000 if item.piece_g > 606_060 else 99 * item.piece_g,
    )


def test_instants_with_seconds_go_to_the_nearest_minute(week: Path, world: World) -> None:
    """Excel's rounding leaves 59.999 seconds behind; nobody means them."""
    put(week / "bookings.csv", 2, "ready_at", "2022-07-18T09:59:59.999+08:00")
    assert exchange.read_scenario(week, world)[0].bookings[0].ready_at == 120


def test_excels_own_types(week: Path, world: World, tmp_path: Path) -> None:
    """Dates as serials and date cells, numbers as text and codes as numbers are read; formulas by cached value."""
    path = tmp_path / "typed.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("Scenario")
        for r, pair in enumerate(
            [
                ("schema", 1),
                ("name", "typed"),
                ("start_at", "2022-07-18T00:00Z"),
                ("now_at", "2022-07-18T00:00Z"),
                ("hub", "URC"),
                ("plan_days", "7"),
                ("horizon_days", 28),
            ]
        ):
            sheet.write_row(r, 0, pair)
        for file in ("bookings.csv", "items.csv", "supply.csv"):
            sheet = book.add_worksheet(file.removesuffix(".csv"))
            lines = (week / file).read_text(encoding="utf-8").splitlines()
            for r, line in enumerate(lines):
                for c, cell in enumerate(line.split(",")):
                    name = lines[0].split(",")[c]
                    if r and name in ("day_on",):
                        sheet.write_datetime(r, c, datetime.fromisoformat(cell), day)
                    elif r and name in ("ready_at", "due_at"):
                        sheet.write_datetime(r, c, datetime.fromisoformat(cell).replace(tzinfo=None), minute)
                    elif r and name == "hs":
                        sheet.write_number(r, c, int(cell))
                    elif r and name == "count":
                        sheet.write_formula(r, c, "=1/0", None, int(cell))
                    else:
                        sheet.write_string(r, c, cell)
    found, remarks = exchange.read_scenario(path, world)
    assert found.supply == example(world).supply
    assert [i.count for i in found.items] == [90, 8, 120]
    assert [b.hs for b in found.bookings] == ["3924", "8450", "2002"]
    assert [b.ready_at for b in found.bookings] == [b.ready_at for b in example(world).bookings]
    assert {r.code for r in remarks} == {"zone-assumed"}


def test_cells_that_do_not_start_at_a1(week: Path, world: World, tmp_path: Path) -> None:
    """An empty column A does not shift the others."""
    path = tmp_path / "shifted.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("scenario")
        for r, line in enumerate((week / "scenario.toml").read_text(encoding="utf-8").splitlines()):
            key, _, value = line.partition(" = ")
            sheet.write_row(r, 0, [key, value.split("  #")[0].strip('"')])
        sheet = book.add_worksheet("bookings")
        for r, line in enumerate((week / "bookings.csv").read_text(encoding="utf-8").splitlines()):
            if "LCL" not in line:
                sheet.write_row(r, 1, line.split(","))
    found, remarks = exchange.read_scenario(path, world)
    want = example(world).bookings
    assert found.bookings == (want[0], want[2])
    assert [r.code for r in remarks] == ["unknown-column"]


def test_ambiguous_names_are_settled_in_the_cell(week: Path, world: World) -> None:
    """`Khorgos (KZ, rail)` is Altynkol."""
    put(week / "bookings.csv", 2, "destination", "Khorgos (KZ)")
    text = (week / "bookings.csv").read_text(encoding="utf-8").replace("Khorgos (KZ)", '"Khorgos (KZ, rail)"')
    (week / "bookings.csv").write_text(text, encoding="utf-8")
    found, _ = exchange.read_scenario(week, world)
    assert found.bookings[0] == replace(example(world).bookings[0], destination_id="ALT")


@pytest.mark.parametrize("days_only", [True, False])
def test_settings_may_be_excels_dates(week: Path, world: World, tmp_path: Path, days_only: bool) -> None:
    """`start_at` is a day in UTC as it always is, `now_at` in the railway's time; both with a remark."""
    path = tmp_path / "dates.xlsx"
    with xlsxwriter.Workbook(path) as book:
        style = book.add_format({"num_format": "yyyy-mm-dd" if days_only else "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("scenario")
        pairs = [("schema", 1), ("name", "x"), ("hub", "URC"), ("plan_days", 7), ("horizon_days", 28)]
        for r, pair in enumerate(pairs):
            sheet.write_row(r, 0, pair)
        for r, (key, day) in enumerate([("start_at", date(2022, 7, 18)), ("now_at", date(2022, 7, 19))], 5):
            sheet.write_string(r, 0, key)
            sheet.write_datetime(r, 1, day, style)
        sheet = book.add_worksheet("bookings")
        sheet.write_row(0, 0, (week / "bookings.csv").read_text(encoding="utf-8").splitlines()[0].split(","))
    found, remarks = exchange.read_scenario(path, world)
    assert found.start_at == example(world).start_at
    assert found.now_at == 16 * 60
    assert [(r.code, r.about) for r in remarks] == [("zone-assumed", ("start_at",)), ("zone-assumed", ("now_at",))]
