"""Packing lists as forwarders make them: headers of three languages, titles, totals, and every wrong cell told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landport.errors import Conflict, InputError, Problem
from landport.exchange.caps import Caps
from landport.exchange.packing_bookings import Listed
from landport.exchange.packing_list import read_packing_list
from landport.exchange.packing_template import EXAMPLES, HEADER, write_packing_list_template
from landport.exchange.packing_words import ALIASES, COLUMNS
from landport.model.scenario import World

HEAD = ("Booking", "Shipper", "Consignee", "From", "To", "Ready", "Due", "Type", "Gross weight (kg)", "HS")
LOOSE = (*HEAD, "Qty", "Dimensions (cm)")
BOX = ("A", "Factory", "Shop", "URC", "ALM", "2026-03-02", "2026-03-20", "40HC", 18000, 7323)
PIECES = ("B", "Factory", "Shop", "URC", "ALM", "2026-03-02", "2026-03-20", "", 720, "7323", 60, "60x40x40")


def book(path: Path, *rows: Sequence[Any], sheet: str = "Sheet1") -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        page = workbook.add_worksheet(sheet)
        dates = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(r, c, cell, dates)
                elif cell != "":
                    page.write(r, c, cell)
    return path


def read(path: Path, world: World) -> tuple[Listed, ...]:
    return read_packing_list(path, world)[0]


def problems(path: Path, world: World) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read_packing_list(path, world)
    assert all(p.file.startswith(path.name) and p.expected.startswith("expected") for p in caught.value.problems)
    return caught.value.problems


def outcome(path: Path, world: World) -> tuple[tuple[Listed, ...], tuple[Problem, ...]]:
    try:
        return read(path, world), ()
    except InputError as error:
        return (), error.problems


def told(path: Path, world: World) -> list[tuple[int | None, str | None, str | None]]:
    return [(p.row, p.column, p.value) for p in problems(path, world)]


def with_cell(column: str, value: Any, head: Sequence[str] = LOOSE, row: Sequence[Any] = PIECES) -> list[Sequence[Any]]:
    changed = list(row)
    changed[head.index(column)] = value
    return [head, changed]


def test_the_template_gives_its_examples(tmp_path: Path, world: World) -> None:
    """A container of the shipper's and loose cargo of two lines, under names of three languages; same bytes twice."""
    path = tmp_path / "list.xlsx"
    write_packing_list_template(path)
    first = path.read_bytes()
    box, loose = read(path, world)
    assert (box.reference, box.shipper, box.consignee) == ("LP-0001", "Ningbo Steelware Co.", "ТОО «Алма Торг»")
    assert (box.goods.kind, box.goods.container_type, box.goods.n_containers) == ("FCL", "40HC", 1)
    assert (box.goods.declared_kg, box.goods.value_usd_cents, box.goods.hs) == (18_401, 6_200_000, "7323")
    assert (box.goods.origin_id, box.goods.at_id, box.goods.destination_id, box.rows) == ("URC", "URC", "ALM", (2,))
    assert (loose.goods.kind, loose.goods.destination_id, loose.rows) == ("LCL", "TAS", (3, 4))
    assert (loose.goods.un_number, loose.goods.un_class, loose.description) == ("UN1263", "3", "油漆; Кисти")
    pallet, carton = loose.goods.items
    assert (pallet.length_mm, pallet.width_mm, pallet.height_mm, pallet.count) == (1200, 800, 1155, 24)
    assert (pallet.mass_g, pallet.is_rigid, carton.mass_g, carton.is_rigid) == (590_000, True, 12_000, False)
    assert {pallet.booking_id, carton.booking_id} == {"LP-0002"}
    write_packing_list_template(tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == first
    with pytest.raises(Conflict, match="exists already"):
        write_packing_list_template(path)
    assert len(HEADER) == len(EXAMPLES[0])


@pytest.mark.parametrize("column", sorted(ALIASES))
def test_each_name_means_one_column(column: str) -> None:
    """No alias stands for two columns, and all are written as header cells are compared."""
    others = {a for name, aliases in ALIASES.items() if name != column for a in aliases}
    assert others & set(ALIASES[column]) == set()
    assert [a for a in ALIASES[column] if a != a.casefold() or a.endswith(".")] == []
    assert column in {c.column for c in COLUMNS}


@pytest.mark.parametrize(
    "head",
    [
        ("订舱号", "发货人", "收货人", "起运站", "到站", "备货日期", "交货日期", "柜型", "毛重(KG)", "海关编码"),
        (
            "№ заявки",
            "Отправитель",
            "Получатель:",
            "Откуда",
            "Куда",
            "Готовность",
            "Срок",
            "Тип кнт",
            "Брутто, кг",
            "ТНВЭД",
        ),
        (
            "REF. NO.",
            "Shipper*",
            "CONSIGNEE 收货人",
            "POL",
            "POD",
            "CRD",
            "Due\ndate",
            "SIZE/TYPE",
            "G.W. (KGS)",
            "H.S. Code",
        ),
    ],
)
def test_headers_of_three_languages(tmp_path: Path, world: World, head: Sequence[str]) -> None:
    """With units, full stops, colons, line breaks and two languages in one cell."""
    (found,) = read(book(tmp_path / "p.xlsx", head, BOX), world)
    assert (found.reference, found.goods.declared_kg, found.goods.container_type) == ("A", 18_000, "40HC")


def test_titles_totals_and_notes_are_left_out(tmp_path: Path, world: World) -> None:
    """Rows keep the numbers of the sheet; what is left out is said, also a total that is not the sum."""
    rows = [("PACKING LIST 装箱单",), ("Date: 2026-02-27",), (), HEAD, BOX, (), (*BOX[:8], 17_000, "7323")]
    rows += [("TOTAL:", *[""] * 7, 36_000), ("Signed",)]
    found, remarks = read_packing_list(book(tmp_path / "p.xlsx", *rows), world)
    assert found[0].rows == (5, 7)
    about = {r.code: r.about for r in remarks}
    assert about == {"totals-ignored": ("8", "9"), "totals-differ": (), "heaviest-taken": ("A",)}
    rows[6] = (*BOX[:8], "heavy", "7323")
    assert told(book(tmp_path / "q.xlsx", *rows), world)[0] == (7, "Gross weight (kg)", "heavy")


def test_totals_are_formulas(tmp_path: Path, world: World) -> None:
    """A formula that nobody computed does no harm in a row that is left out."""
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, HEAD)
        page.write_row(1, 0, BOX)
        page.write(2, 0, "合计")
        page.write_formula(2, 8, "=SUM(I2:I2)", None, "")
    assert len(read(path, world)) == 1


def test_rows_of_a_booking_say_the_same_or_nothing(tmp_path: Path, world: World) -> None:
    """A row without a reference belongs to the row above; merged cells leave the rest empty."""
    more = ("", *[""] * 7, 300, "9603", 10, "60*40*40")
    (found,) = read(book(tmp_path / "p.xlsx", LOOSE, PIECES, more), world)
    assert [i.count for i in found.goods.items] == [60, 10]
    other = ("B", "Factory", "Another", *[""] * 5, 300, "9603", 10, "60*40*40")
    assert told(book(tmp_path / "q.xlsx", LOOSE, PIECES, other), world) == [(3, "Consignee", "Another")]


def test_containers_are_counted_by_number(tmp_path: Path, world: World) -> None:
    """Rows with one number are one container; rows without are one each, or as many as they say."""
    head = (*HEAD, "Container no.", "Containers")
    rows = [(*BOX, "CSQU3054383", ""), (*BOX[:8], 2000, "7323", "CSQU3054383", "")]
    (one,) = read(book(tmp_path / "p.xlsx", head, *rows), world)
    assert (one.goods.n_containers, one.goods.declared_kg, one.container_numbers) == (1, 20_000, ("CSQU3054383",))
    (three,) = read(book(tmp_path / "q.xlsx", head, (*BOX, "", 3)), world)
    assert (three.goods.n_containers, three.goods.declared_kg) == (3, 6000)
    assert told(book(tmp_path / "r.xlsx", head, (*BOX, "CSQU3054383", 2)), world) == [(2, "Containers", "2")]
    assert told(book(tmp_path / "s.xlsx", head, (*BOX, "CSQU3054384", "")), world) == [
        (2, "Container no.", "CSQU3054384"),
    ]


@pytest.mark.parametrize(
    ("said", "kind"), [("40HQ", "40HC"), ("40' HC", "40HC"), ("45g1", "40HC"), ("20DC", "20GP"), ("20'", "20GP")]
)
def test_container_types_by_other_names(tmp_path: Path, world: World, said: str, kind: str) -> None:
    """ISO 6346 codes and what people write."""
    (found,) = read(book(tmp_path / "p.xlsx", *with_cell("Type", said, HEAD, BOX)), world)
    assert found.goods.container_type == kind


@pytest.mark.parametrize(
    ("said", "ready"),
    [
        ("2026-03-02", "2026-03-02T10:00+00:00"),
        ("2026/3/2", "2026-03-02T10:00+00:00"),
        ("02.03.2026", "2026-03-02T10:00+00:00"),
        ("2026年3月2日", "2026-03-02T10:00+00:00"),
        (date(2026, 3, 2), "2026-03-02T10:00+00:00"),
        (datetime(2026, 3, 2, 9, 30), "2026-03-02T01:30+00:00"),  # noqa: DTZ001  # as Excel has it
        ("2026-03-02T09:30+06:00", "2026-03-02T03:30+00:00"),
    ],
)
def test_days_are_those_of_the_place(tmp_path: Path, world: World, said: Any, ready: str) -> None:
    """Goods are ready at six in the evening there; due days end at midnight there."""
    (found,) = read(book(tmp_path / "p.xlsx", *with_cell("Ready", said, HEAD, BOX)), world)
    assert found.goods.ready_at.isoformat(timespec="minutes") == ready
    assert found.goods.due_at == datetime(2026, 3, 20, 19, tzinfo=UTC)


@pytest.mark.parametrize(("unit", "length"), [("mm", 60), ("CM", 600), ("м", 60_000), ("毫米", 60)])
def test_sizes_take_the_unit_of_the_header(tmp_path: Path, world: World, unit: str, length: int) -> None:
    """Millimetres, centimetres or metres; without any nobody guesses."""
    head = (*LOOSE[:-1], f"尺寸 ({unit})")
    (found,) = read(book(tmp_path / "p.xlsx", head, PIECES), world)
    assert found.goods.items[0].length_mm == length
    path = book(tmp_path / "q.xlsx", ("note",), (*LOOSE[:-1], "Dimensions"), PIECES)
    assert told(path, world)[0] == (2, "Dimensions", "Dimensions")


WRONG = [
    ("Consignee", "", 1),
    ("From", "Nowhere", 1),
    ("To", "Khorgos", 1),
    ("To", "Urumqi", 1),
    ("Ready", "soon", 1),
    ("Ready", "2026-02-30", 1),
    ("Ready", "9999-12-31", 1),
    ("Due", "2026-03-01", 1),
    ("Type", "a box", 1),
    ("Gross weight (kg)", "-5", 1),
    ("Gross weight (kg)", "", 1),
    ("HS", "77", 1),
    ("HS", "", 1),
    ("Qty", "", 1),
    ("Qty", 1.5, 1),
    ("Dimensions (cm)", "60x40", 1),
    ("Dimensions (cm)", "", 3),
]


@pytest.mark.parametrize(("column", "value", "count"), WRONG)
def test_each_wrong_cell_is_told(tmp_path: Path, world: World, column: str, value: Any, count: int) -> None:
    """File, row, column as the sheet calls it, what stands there, and what was expected."""
    found = told(book(tmp_path / "p.xlsx", *with_cell(column, value)), world)
    assert len(found) >= 1
    assert found[0][0] == 2
    if count == 1 and column != "Type":
        assert column in {said for _, said, _ in found}


def test_all_wrong_rows_are_listed(tmp_path: Path, world: World) -> None:
    """One bad row never hides the others."""
    rows = [with_cell("HS", "x", HEAD, (f"R{i}", *BOX[1:]))[1] for i in range(40)]
    assert [row for row, _, _ in told(book(tmp_path / "p.xlsx", HEAD, *rows), world)] == list(range(2, 42))


def test_guesses_are_made_for_the_first_wrong_places_only(tmp_path: Path, world: World) -> None:
    """Messages show fifty; a list of thousands of unknown names is refused as fast as any."""
    rows = [(f"R{i}", "A", "B", f"Almatx{i}", *BOX[4:]) for i in range(80)]
    said = [p.expected for p in problems(book(tmp_path / "p.xlsx", HEAD, *rows), world) if p.column == "From"]
    assert ["did you mean" in text for text in said] == [True] * 50 + [False] * 30


def test_what_is_no_packing_list(tmp_path: Path, world: World) -> None:
    """Other files, sheets without a header or rows, missing columns, other units: one clear problem each."""
    text = tmp_path / "a.xlsx"
    text.write_text("no workbook")
    assert "Excel file" in problems(text, world)[0].expected
    assert "old .xls" in problems(tmp_path / "a.xls", world)[0].expected
    assert "readable file" in problems(tmp_path / "none.xlsx", world)[0].expected
    assert "names of the columns" in problems(book(tmp_path / "b.xlsx", ("a", "b"), (1, 2)), world)[0].expected
    assert "at least one row" in problems(book(tmp_path / "c.xlsx", HEAD), world)[0].expected
    (lacks,) = problems(book(tmp_path / "d.xlsx", HEAD[:-1], BOX[:-1]), world)
    assert (lacks.row, lacks.column) == (1, "hs")
    tonnes = (*HEAD[:8], "Gross weight (t)", "HS", "Value (EUR)")
    assert [p.column for p in problems(book(tmp_path / "e.xlsx", tonnes, (*BOX, 5)), world)] == [tonnes[8], tonnes[10]]


def test_dangerous_goods_need_their_class(tmp_path: Path, world: World) -> None:
    """One number and one class a booking."""
    head = (*HEAD, "UN no.", "Class")
    (found,) = read(book(tmp_path / "p.xlsx", head, (*BOX, 1263, 3)), world)
    assert (found.goods.un_number, found.goods.un_class) == ("UN1263", "3")
    assert told(book(tmp_path / "q.xlsx", head, (*BOX, "UN1263", "")), world)[0][:2] == (2, "Class")
    path = book(tmp_path / "r.xlsx", head, (*BOX, "UN1263", 3), (*BOX, "UN1219", 3))
    assert told(path, world) == [(3, "UN no.", "UN1219")]


def test_a_booking_is_stuffed_by_one(tmp_path: Path, world: World) -> None:
    """Containers of one type, and no loose pieces beside them."""
    assert told(book(tmp_path / "p.xlsx", HEAD, BOX, (*BOX[:7], "20GP", *BOX[8:])), world)[0] == (3, "Type", "20GP")
    path = book(tmp_path / "q.xlsx", LOOSE, (*BOX, "", ""), ("A", *PIECES[1:]))
    assert told(path, world)[0] == (3, "Type", None)


def test_of_several_sheets_the_first_with_a_header_is_read(tmp_path: Path, world: World) -> None:
    """The others are named in a remark; a cover sheet is none of them."""
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        for name, rows in (("cover", [("hello",)]), ("march", [HEAD, BOX]), ("april", [HEAD, BOX])):
            page = workbook.add_worksheet(name)
            for r, row in enumerate(rows):
                page.write_row(r, 0, row)
    found, remarks = read_packing_list(path, world)
    assert len(found) == 1
    assert [(r.code, r.about) for r in remarks] == [("sheets-ignored", ("april",))]


def test_a_list_without_references_is_one_booking(tmp_path: Path, world: World) -> None:
    """Called 1."""
    (found,) = read(book(tmp_path / "p.xlsx", HEAD[1:], BOX[1:], BOX[1:]), world)
    assert (found.reference, found.goods.n_containers) == ("1", 2)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(at=st.integers(0, 5000), byte=st.integers(0, 255), cut=st.integers(0, 400))
def test_any_damaged_file_is_read_or_refused(tmp_path: Path, world: World, at: int, byte: int, cut: int) -> None:
    """A byte changed, or the end cut off."""
    path = tmp_path / "good.xlsx"
    if not path.exists():
        write_packing_list_template(path)
    data = bytearray(path.read_bytes())
    data[at % len(data)] = byte
    path.with_name("bad.xlsx").write_bytes(data[: len(data) - (cut if cut > 200 else 0)])
    found, wrong = outcome(path.with_name("bad.xlsx"), world)
    assert bool(found) != bool(wrong)


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12).filter(lambda s: s.isprintable()),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)),  # noqa: DTZ001  # as Excel has them
    st.sampled_from(
        ["合计", "Total", "URC", "Almaty", "2026-03-02", "40HQ", "UN1263", "60x40x40", "=1+1", "'=1", "итого"]
    ),
)
HEADS = st.lists(
    st.sampled_from([*LOOSE, *HEADER, "note", "", "Value (USD)", "Длина", "柜号"]), min_size=0, max_size=14
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(head=HEADS, title=st.integers(0, 3), rows=st.lists(st.lists(CELLS, max_size=14), max_size=6))
def test_any_workbook_is_read_or_refused(
    tmp_path: Path, world: World, head: list[str], title: int, rows: list[list[Any]]
) -> None:
    """Bookings come out, or an error that lists problems with a row within the sheet; nothing else ever."""
    path = tmp_path / "any.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as workbook:
        page = workbook.add_worksheet()
        for r, row in enumerate([*[["title"]] * title, head, *rows]):
            for c, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(r, c, cell)
                elif cell is not None:
                    page.write(r, c, cell)
    found, wrong = outcome(path, world)
    assert bool(found) != bool(wrong)
    assert all(p.row is None or 1 <= p.row <= title + 1 + len(rows) for p in wrong)
    assert all(b.goods.items or b.goods.n_containers for b in found)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(spoilt=st.lists(st.tuples(st.integers(0, len(LOOSE) - 1), CELLS), min_size=1, max_size=3))
def test_any_cell_is_read_or_told(tmp_path: Path, world: World, spoilt: list[tuple[int, Any]]) -> None:
    """Whatever stands in cells of a good row: no traceback, and problems are of that row."""
    row: list[Any] = list(PIECES)
    for at, cell in spoilt:
        row[at] = cell if cell is not None else ""
    path = book(tmp_path / "cell.xlsx", LOOSE, ["" if isinstance(c, str) and c.startswith("=") else c for c in row])
    found, wrong = outcome(path, world)
    assert len(found) == (0 if wrong else 1)
    assert all(p.row in (None, 2) for p in wrong)


def test_a_list_that_is_too_long_is_told(tmp_path: Path, world: World) -> None:
    """By its number of rows and how many there may be, not by something else."""
    path = book(tmp_path / "long.xlsx", HEAD, *[BOX] * 30)
    with pytest.raises(InputError) as caught:
        read_packing_list(path, world, caps=Caps(rows=20))
    (problem,) = caught.value.problems
    assert problem.expected == "expected at most 20 rows; there are 30"
