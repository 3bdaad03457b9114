"""Cargo to load: rows become consignments and items, and every wrong row is told."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
import xlsxwriter

from landport import exchange
from landport.errors import InputError, Problem
from landport.exchange.cargo import ANY_G, ANY_LAYERS, NEVER_DUE, read_cargo
from landport.model.scenario import World

HEAD = "item,length_mm,width_mm,height_mm,mass_kg,count,vertical"
EVERY = (
    f"{HEAD},consignment,consignee,max_on_top_kg,max_layers,temperature_min_c,temperature_max_c,un_class,unload_order,"
    "un_number,due,released,rigid,split"
)
FULL = "I,1200,800,1000,12.345,7,HL,A,Alma,60.5,3,2,8,3,4,1263,20,no,yes,yes"


def cargo(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "cargo.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def problems(path: Path, world: World) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read_cargo(path, world)
    assert all(p.file.startswith(path.name) and p.expected.startswith("expected") for p in caught.value.problems)
    return caught.value.problems


def test_every_column_is_read(tmp_path: Path, world: World) -> None:
    """Kilograms become grams exactly, and every word of a row finds its field."""
    ((booking,), (item,)), remarks = read_cargo(cargo(tmp_path, FULL, head=EVERY), world)
    assert (item.item_id, item.length_mm, item.width_mm, item.height_mm) == ("I", 1200, 800, 1000)
    assert (item.mass_g, item.count, item.vertical) == (12_345, 7, "lh")
    assert (item.max_on_top_g, item.max_layers, item.unload_order, item.is_rigid) == (60_500, 3, 4, True)
    assert (booking.booking_id, booking.consignee, booking.kind, booking.due_at) == ("A", "Alma", "LCL", 20)
    assert (booking.temperature_min_c, booking.temperature_max_c) == (2, 8)
    assert (booking.un_class, booking.un_number) == ("3", "UN1263")
    assert (booking.is_released, booking.may_split, item.booking_id) == (False, True, "A")
    assert remarks == ()


def test_what_is_not_said_limits_nothing(tmp_path: Path, world: World) -> None:
    """Without further columns pieces bear anything, are due last, released, and may be split."""
    ((booking,), (item,)), _ = read_cargo(cargo(tmp_path, "I,1,1,1,0,1000000000,h"), world)
    assert (item.max_on_top_g, item.max_layers, item.unload_order, item.is_rigid) == (ANY_G, ANY_LAYERS, 0, False)
    assert (item.mass_g, item.count) == (0, 10**9)
    assert (booking.due_at, booking.may_split, booking.is_released) == (NEVER_DUE, True, True)


def test_rows_make_consignments(tmp_path: Path, world: World) -> None:
    """Rows of a consignment are one booking; loose rows are one for all that say the same, and never a namesake."""
    rows = ["a,1,1,1,1,1,h,A,", "b,1,1,1,1,1,h,,", "c,1,1,1,1,1,h,A,3", "d,1,1,1,1,1,h,,8", "e,1,1,1,1,1,h,,"]
    path = cargo(tmp_path, *rows, "f,1,1,1,1,1,h,loose,", head=f"{HEAD},consignment,un_class")
    (bookings, items), _ = read_cargo(path, world)
    assert [(i.item_id, i.booking_id) for i in items] == [
        *(("a", "A"), ("b", "loose-2"), ("c", "A"), ("d", "loose-3"), ("e", "loose-2"), ("f", "loose")),
    ]
    said = [(b.booking_id, b.un_class, b.may_split) for b in bookings]
    assert said == [("A", "3", False), ("loose-2", "", True), ("loose-3", "8", True), ("loose", "", False)]


def test_splitting_is_asked_for(tmp_path: Path, world: World) -> None:
    """The option speaks for consignments that say nothing; the column decides."""
    path = cargo(tmp_path, "a,1,1,1,1,1,h,A,", "b,1,1,1,1,1,h,B,no", head=f"{HEAD},consignment,split")
    (bookings, _), _ = read_cargo(path, world, may_split=True)
    assert [b.may_split for b in bookings] == [True, False]


WRONG = [
    ("length_mm", "0", "expected 1 to 1000000 mm"),
    ("width_mm", "-5", "expected 1 to"),
    ("height_mm", "12.5", "whole number"),
    ("length_mm", "", "expected a value in mm"),
    ("mass_kg", "NaN", "kilograms"),
    ("mass_kg", "inf", "kilograms"),
    ("mass_kg", "-1", "kilograms"),
    ("mass_kg", "1.0001", "three decimals"),
    ("mass_kg", "heavy", "kilograms"),
    ("count", "0", "1 to 1000000000"),
    ("count", "1000000001", "1 to 1000000000"),
    ("count", "1e99", "1 to 1000000000"),
    ("vertical", "", "expected a value: Which dimensions may stand vertical"),
    ("vertical", "hx", "letters of lwh"),
    ("item", "", "expected a value"),
    ("item", "J", "row 3 has it too"),
    ("un_class", "12", "class"),
    ("un_class", "1", "division"),
    ("un_number", "UN12", "UN number"),
    ("temperature_min_c", "9", "at most temperature_max_c, 8"),
    ("released", "maybe", "1 (yes) or 0 (no)"),
    ("due", "soon", "whole number"),
    ("unload_order", "-1", "0 to"),
    ("max_layers", "0", "1 to"),
    ("max_on_top_kg", "NaN", "kilograms"),
]


@pytest.mark.parametrize(("column", "value", "expected"), WRONG)
def test_a_wrong_cell_is_told(tmp_path: Path, world: World, column: str, value: str, expected: str) -> None:
    """With file, row, column, what stands there and what was expected; a good row is not blamed."""
    cells = dict(zip(EVERY.split(","), FULL.split(","), strict=True)) | {column: value}
    other = FULL.replace("I,", "J,", 1).replace(",A,", ",B,")
    rows = (other, ",".join(cells.values())) if value == "J" else (",".join(cells.values()), other)
    if value == "J":
        rows = (FULL, other, ",".join(cells.values()))
    found = problems(cargo(tmp_path, *rows, head=EVERY), world)
    assert [(p.row, p.column) for p in found] == [(4 if value == "J" else 2, column)]
    assert expected in found[0].expected
    assert (found[0].value or "") == value


def test_all_wrong_rows_are_told_at_once(tmp_path: Path, world: World) -> None:
    """In the order of rows."""
    path = cargo(tmp_path, "a,0,1,1,1,1,h", "b,1,1,1,1,1,h", "c,1,1,1,x,1,", "a,1,1,1,1,1,h")
    found = [(p.row, p.column) for p in problems(path, world)]
    assert found == [(2, "length_mm"), (4, "mass_kg"), (4, "vertical"), (5, "item")]


@pytest.mark.parametrize(
    ("column", "one", "other"),
    [
        ("consignee", "Alma", "Osh"),
        ("un_class", "3", "8"),
        ("temperature_max_c", "8", "9"),
        ("unload_order", "1", "2"),
        ("released", "yes", "no"),
        ("due", "1", "2"),
        ("split", "1", "0"),
    ],
)
def test_rows_of_a_consignment_agree(tmp_path: Path, world: World, column: str, one: str, other: str) -> None:
    """They say the same or nothing; what one says holds for all."""
    head = f"{HEAD},consignment,{column}"
    rows = [f"a,1,1,1,1,1,h,A,{one}", "b,1,1,1,1,1,h,A,", f"c,1,1,1,1,1,h,B,{other}"]
    (bookings, items), _ = read_cargo(cargo(tmp_path, *rows, head=head), world)
    assert len(bookings) == 2
    assert column != "unload_order" or [i.unload_order for i in items] == [1, 1, 2]
    (found,) = problems(cargo(tmp_path, *rows, f"d,1,1,1,1,1,h,A,{other}", head=head), world)
    assert (found.row, found.column) == (5, column)
    assert "as in row 2" in found.expected


def test_a_number_needs_its_class(tmp_path: Path, world: World) -> None:
    """Segregation goes by class."""
    (found,) = problems(cargo(tmp_path, "a,1,1,1,1,1,h,UN1263", head=f"{HEAD},un_number"), world)
    assert (found.row, found.column, found.expected) == (2, "un_class", "expected the class of UN1263")


def test_a_rigid_pallet_stands_upright(tmp_path: Path, world: World) -> None:
    """It has no other side to stand on."""
    (found,) = problems(cargo(tmp_path, "a,1,1,1,1,1,lw,yes", head=f"{HEAD},rigid"), world)
    assert (found.row, found.column) == (2, "vertical")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "the file is empty"),
        (f"{HEAD}\n".encode(), "at least one row of cargo"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20, "binary file"),
        (b"one,two\n1,2\n", "the names of the columns in row 1"),
        (HEAD.replace("mass_kg", "kg").encode() + b"\na,1,1,1,1,1,h\n", "expected a column mass_kg"),
        ((HEAD + '\n"a"b,1,1,1,1,1,h\n').encode(), "expected CSV"),
    ],
)
def test_a_file_that_is_no_cargo(tmp_path: Path, world: World, text: bytes, expected: str) -> None:
    """Empty, binary, without its columns: one clear problem."""
    path = tmp_path / "cargo.csv"
    path.write_bytes(text)
    assert any(expected in p.expected for p in problems(path, world))


def test_nothing_there(tmp_path: Path, world: World) -> None:
    """A missing file, a folder and an old workbook are named."""
    assert "No such file" in problems(tmp_path / "cargo.csv", world)[0].expected
    assert "this is a folder" in problems(tmp_path, world)[0].expected
    (tmp_path / "cargo.xls").write_bytes(b"x")
    assert "save it as .xlsx" in problems(tmp_path / "cargo.xls", world)[0].expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(tmp_path: Path, world: World, encoding: str) -> None:
    """Chinese names come through; what had to be guessed is said."""
    path = tmp_path / "cargo.csv"
    path.write_text(f"{HEAD},consignee\n箱子,1,1,1,1,1,h,乌鲁木齐\n", encoding=encoding)
    assert path.read_bytes().startswith(codecs.BOM_UTF8) is (encoding == "utf-8-sig")
    ((booking,), (item,)), remarks = read_cargo(path, world)
    assert (item.item_id, booking.consignee) == ("箱子", "乌鲁木齐")
    assert [r.code for r in remarks] == (["encoding-assumed"] if encoding == "gb18030" else [])


def test_a_workbook_and_columns_of_ones_own(tmp_path: Path, world: World) -> None:
    """The sheet `cargo` is read, or the first; numbers as Excel has them; strange columns are a remark."""
    for name in ("cargo", "anything"):
        path = tmp_path / f"{name}.xlsx"
        with xlsxwriter.Workbook(path) as book:
            if name == "cargo":
                book.add_worksheet("notes").write_string(0, 0, "nothing")
            sheet = book.add_worksheet(name)
            for c, text in enumerate([*HEAD.split(","), "colour"]):
                sheet.write_string(0, c, text)
            for c, cell in enumerate(["I", 1200.0, 800, 1000, 12.345, 3, "lwh", "red"]):
                sheet.write(1, c, cell)
        (_, (item,)), remarks = read_cargo(path, world)
        assert (item.length_mm, item.mass_g, item.count) == (1200, 12_345, 3)
        assert [r.code for r in remarks] == ["unknown-column"]
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet(name)
            for c, text in enumerate(HEAD.split(",")):
                sheet.write_string(0, c, text)
            for c, cell in enumerate(["I", 1, 1, 1, -1, 3, "lwh"]):
                sheet.write(1, c, cell)
        (found,) = problems(path, world)
        assert (found.file, found.row, found.column) == (f"{name}.xlsx sheet {name}", 2, "mass_kg")


# ---- containers on offer -----------------------------------------------------------------------


def test_offers_of_the_command_line(world: World) -> None:
    """Types in any letters, sizes, payloads up to the plate."""
    types = world.container_types
    assert exchange.offer_of("40hc", types).kind == types["40HC"]
    assert exchange.offer_of("40HC, 21000", types).payload_kg == 21_000
    own = exchange.offer_of("587X233x220,500", types)
    assert (own.kind.container_type, own.kind.volume_mm3, own.payload_kg) == ("587x233x220", 587 * 233 * 220, 500)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nonsense", "types are 20GP"),
        ("", "types are 20GP"),
        ("40HC,26541", "at most 26,540 kg"),
        ("40HC,", "payload in whole kg"),
        ("40HC,0", "payload in whole kg"),
        ("40HC,1.5", "payload in whole kg"),
        ("0x1x1", "sizes from 1"),
        ("1x1x999999999", "sizes from 1"),
        ("1x1", "LENGTHxWIDTHxHEIGHT"),
        ("-1x1x1", "LENGTHxWIDTHxHEIGHT"),
        ("1x1x1,1,1", "payload in whole kg"),
    ],
)
def test_wrong_offers_are_told(world: World, text: str, expected: str) -> None:
    """With what was written and what was expected."""
    with pytest.raises(InputError) as caught:
        exchange.offer_of(text, world.container_types)
    assert caught.value.code == "bad-option"
    assert f"--container {text or repr('')}: " in caught.value.message
    assert expected in caught.value.message


def test_a_fleet_is_read(tmp_path: Path, world: World) -> None:
    """Types that ship, of these sizes or others, and types of one's own."""
    path = tmp_path / "fleet.csv"
    head = "type,count,cost_usd,payload_kg,length_mm,width_mm,height_mm"
    path.write_text(
        f"{head}\n40hc,3,1200.50,21000,,,\n20GP,,900,,5890,2350,2390\nBIN,0,5,,10,20,30\n", encoding="utf-8"
    )
    (big, small, own), remarks = exchange.read_fleet(path, world)
    assert (big.kind, big.n_available, big.cost_usd_cents) == (world.container_types["40HC"], 3, 120_050)
    assert (big.payload_kg, small.payload_kg) == (21_000, world.container_types["20GP"].payload_kg)
    assert (small.kind.inside_length_mm, small.n_available) == (5890, None)
    assert (own.kind.container_type, own.kind.volume_mm3, own.n_available, remarks) == ("BIN", 6000, 0, ())
    exchange.expect_once([big, small, own])


@pytest.mark.parametrize(
    ("row", "places"),
    [
        ("BIN,1,1,,,,", [(2, "length_mm"), (2, "width_mm"), (2, "height_mm")]),
        ("40HC,1,1,,5,,", [(2, "width_mm"), (2, "height_mm")]),
        ("40HC,-1,1,,,,", [(2, "count")]),
        ("40HC,1,NaN,,,,", [(2, "cost_usd")]),
        ("40HC,1,1,27000,,,", [(2, "payload_kg")]),
    ],
)
def test_a_wrong_fleet_is_told(tmp_path: Path, world: World, row: str, places: list[tuple[int, str]]) -> None:
    """Row and column, as of any table."""
    path = tmp_path / "fleet.csv"
    path.write_text(f"type,count,cost_usd,payload_kg,length_mm,width_mm,height_mm\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        exchange.read_fleet(path, world)
    assert [(p.row, p.column) for p in caught.value.problems] == places


def test_offers_fit_together(world: World) -> None:
    """None, twice the same, a cost for some: refused."""
    one = exchange.offer_of("40HC", world.container_types)
    paid = exchange.offer_of("20GP", world.container_types)
    for offers in ([], [one, one], [one, type(paid)(kind=paid.kind, payload_kg=1, cost_usd_cents=5)]):
        with pytest.raises(InputError):
            exchange.expect_once(offers)
