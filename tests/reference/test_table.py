"""The one table reader: every type, every habit of Excel, every bad row at once."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.errors import InputError, NotFound, Problem, Remark
from landport.reference import table
from landport.reference.table import Column, format_cell, parse

TYPES = ["text", "id", "int", "decimal", "flag", "date", "instant", "clock", "list", "grams", "cents", "minutes"]


def naive(*parts: int) -> datetime:
    """A date cell of Excel."""
    return datetime(*parts)  # noqa: DTZ001


def column(name: str = "x", kind: str = "text", **more: Any) -> Column:
    given = {"unit": "", "required": False, "low": None, "high": None, "choices": (), "refers_to": ""}
    return Column(table="t", column=name, type=kind, meaning="what it says", source="test", **{**given, **more})


def run(rows: Any, *columns: Column, known: Any = None) -> tuple[list[Any], list[Problem], list[Remark]]:
    problems: list[Problem] = []
    remarks: list[Remark] = []
    read = list(parse(rows, columns, file="f.csv", problems=problems, remarks=remarks, known=known))
    return read, problems, remarks


def one(cell: object, kind: str, **more: Any) -> Any:
    """Read one cell; a problem's text if it is wrong."""
    read, problems, _ = run([["x", "pad"], [cell, "."]], column("x", kind, **more), column("pad"))
    return read[0][0] if read else problems[0].expected


GOOD = [
    ("text", "  3924\xa0", "3924"),
    ("text", 3924.0, "3924"),
    ("text", 3924, "3924"),
    ("text", 1.5, "1.5"),
    ("text", True, "TRUE"),
    ("text", naive(2022, 7, 18), "2022-07-18"),
    ("id", 17.0, "17"),
    ("int", "12", 12),
    ("int", " 12 ", 12),
    ("int", "+12", 12),
    ("int", "-7", -7),
    ("int", "−7", -7),
    ("int", 12.0, 12),
    ("int", "12.0", 12),
    ("int", "12,0", 12),
    ("int", "1 234", 1234),
    ("int", "1\xa0234\xa0567", 1234567),
    ("int", "1\u202f234", 1234),
    ("int", "1'234", 1234),
    ("int", "1,234,567", 1234567),
    ("int", "1.234.567", 1234567),
    ("int", "1E+03", 1000),
    ("decimal", "12.5", 12.5),
    ("decimal", "12,5", 12.5),
    ("decimal", "0,125", 0.125),
    ("decimal", "1234,567", 1234.567),
    ("decimal", "1,234.5", 1234.5),
    ("decimal", "1.234,5", 1234.5),
    ("decimal", "1 234,5", 1234.5),
    ("decimal", ".5", 0.5),
    ("decimal", 12, 12.0),
    ("decimal", 0.1, 0.1),
    ("flag", "1", True),
    ("flag", "FALSE", False),
    ("flag", True, True),
    ("flag", 0.0, False),
    ("date", "2022", date(2022, 1, 1)),
    ("date", "2022-07", date(2022, 7, 1)),
    ("date", "2022-07-18", date(2022, 7, 18)),
    ("date", "2022/7/8", date(2022, 7, 8)),
    ("date", "2022-07-18 00:00:00", date(2022, 7, 18)),
    ("date", 44760.0, date(2022, 7, 18)),
    ("date", 44760, date(2022, 7, 18)),
    ("date", 1.0, date(1900, 1, 1)),
    ("date", 61.0, date(1900, 3, 1)),
    ("date", 2028.0, date(2028, 1, 1)),
    ("date", naive(2022, 7, 18, 9, 30), date(2022, 7, 18)),
    ("date", date(2022, 7, 18), date(2022, 7, 18)),
    ("instant", "2022-07-18T08:00+08:00", datetime(2022, 7, 18, tzinfo=UTC)),
    ("instant", "2022-07-18 00:00:00Z", datetime(2022, 7, 18, tzinfo=UTC)),
    ("instant", 44760 + 8 / 24, datetime(2022, 7, 18, tzinfo=UTC)),
    ("instant", naive(2022, 7, 18, 8), datetime(2022, 7, 18, tzinfo=UTC)),
    ("instant", date(2022, 7, 18), datetime(2022, 7, 17, 16, tzinfo=UTC)),
    ("clock", "08:15", "08:15"),
    ("clock", "8:15:00", "08:15"),
    ("clock", time(8, 15), "08:15"),
    ("clock", timedelta(hours=8, minutes=15), "08:15"),
    ("clock", 0.34375, "08:15"),
    ("list", "a; b ;;c", ("a", "b", "c")),
    ("list", 3.0, ("3",)),
    ("grams", "12.5", 12500),
    ("grams", 0.1 + 0.2, 300),
    ("grams", "0.001", 1),
    ("grams", "1 234,5", 1234500),
    ("grams", "+2", 2000),
    ("cents", "1234.5", 123450),
    ("cents", -0.01, -1),
    ("minutes", "14.7", 882),
    ("minutes", "0.3333", 20),
    ("minutes", "0.025", 2),
    ("minutes", "0.042", 3),
    ("minutes", 1.5, 90),
]


@pytest.mark.parametrize(("kind", "cell", "value"), GOOD, ids=str)
def test_reads_every_type_as_people_and_excel_write_it(kind, cell, value):
    """A cell written by hand or by Excel gives the typed value it plainly means."""
    read = one(cell, kind)
    assert read == value
    assert read.__class__ is value.__class__


BAD = [
    ("int", "12.5", "expected a whole number, e.g. 12"),
    ("int", "1,234", "write 1234, without the comma"),
    ("int", "1_000", "expected a whole number, e.g. 12"),
    ("int", "١٢", "expected a whole number, e.g. 12"),
    ("int", "1 2", "expected a whole number, e.g. 12"),
    ("int", "9" * 5000, "expected a whole number, e.g. 12"),
    ("int", True, "expected a whole number, e.g. 12"),
    ("int", float("inf"), "expected a whole number, e.g. 12"),
    ("decimal", "nan", "expected a number, e.g. 12.5"),
    ("decimal", "1e999999999", "expected a number, e.g. 12.5"),
    ("decimal", float("nan"), "expected a number, e.g. 12.5"),
    ("decimal", "1,234", "write a decimal point"),
    ("flag", "maybe", "expected 1 (yes) or 0 (no)"),
    ("date", "18.07.2022", "expected a date, e.g. 2022-07-18"),
    ("date", "2022-02-30", "expected a date, e.g. 2022-07-18"),
    ("date", -1.0, "expected a date, e.g. 2022-07-18"),
    ("date", float("nan"), "expected a date, e.g. 2022-07-18"),
    ("date", float("inf"), "expected a date, e.g. 2022-07-18"),
    ("instant", "2022-07-18T08:00", "expected an instant with its offset from UTC, e.g. 2026-03-02T08:15+08:00"),
    ("instant", "tomorrow", "expected an instant with its offset from UTC, e.g. 2026-03-02T08:15+08:00"),
    ("instant", True, "expected an instant with its offset from UTC, e.g. 2026-03-02T08:15+08:00"),
    ("instant", -1.0, "expected an instant, e.g. 2022-07-18T08:00+08:00"),
    ("clock", "24:00", "expected a time of day, e.g. 08:15"),
    ("clock", "noon", "expected a time of day, e.g. 08:15"),
    ("grams", "-1", "expected kilograms, zero or more, e.g. 12.5"),
    ("grams", "0.0001", "expected kilograms with at most three decimals, e.g. 12.5"),
    ("cents", "0.001", "expected US dollars with at most two decimals, e.g. 1234.50"),
    ("minutes", "soon", "expected hours, e.g. 14.7"),
]


@pytest.mark.parametrize(("kind", "cell", "expected"), BAD, ids=lambda v: str(v)[:30])
def test_says_what_was_expected(kind, cell, expected):
    """A cell that is wrong, or could mean two things, is told what should stand there."""
    assert expected in one(cell, kind)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("cell", [None, "", "  ", "\xa0"])
def test_an_empty_cell_is_none_or_a_problem(kind, cell):
    """Spaces count as empty; an empty cell is None unless the column is required."""
    assert one(cell, kind) is None
    assert one(cell, kind, required=True, unit="kg") == "expected a value in kg: what it says"


def test_checks_ranges_in_the_unit_of_the_file():
    """Limits are compared as read (grams) and told as written (kg)."""
    assert one("60.001", "grams", low=1, high=60_000, unit="kg") == "expected 0.001 to 60 kg"
    assert one("0", "int", low=1) == "expected 1 or more"
    assert one("9", "decimal", high=8.5) == "expected 8.5 or less"
    assert one("60", "grams", low=1, high=60_000) == 60_000


def test_checks_choices_whatever_their_case():
    """A choice in another case becomes the documented one."""
    assert one("fcl", "text", choices=("FCL", "LCL")) == "FCL"
    assert one("1520.0", "int", choices=("1435", "1520")) == 1520
    assert one("XXL", "text", choices=("FCL", "LCL")) == "expected one of FCL, LCL"


def test_checks_references_when_it_knows_them():
    """A value, and each item of a list, must stand in the column it refers to."""
    known = {"places.place_id": {"URC", "ALM"}}
    place = column("at", refers_to="places.place_id")
    via = column("via", "list", refers_to="places.place_id")
    rows = [["at", "via"], ["URC", "ALM;URC"], ["XXX", ""], ["ALM", "URC;XXX"]]
    read, problems, _ = run(rows, place, via, known=known)
    assert read == [("URC", ("ALM", "URC"))]
    assert [(p.row, p.column, p.value) for p in problems] == [(3, "at", "XXX"), (4, "via", "URC;XXX")]
    assert problems[0].expected == "expected a place_id of the table places"
    assert len(run(rows, place, via)[0]) == 3


def test_lists_every_bad_row_and_yields_the_good_ones():
    """One bad cell hides neither other rows nor other cells of its row."""
    rows = [["id", "kg", "n"]] + [[str(i), "x" if i % 3 == 0 else "1.5", "-" if i % 5 == 0 else "2"] for i in range(60)]
    read, problems, _ = run(rows, column("id", "id", required=True), column("kg", "grams"), column("n", "int"))
    assert [r[0] for r in read] == [str(i) for i in range(60) if i % 3 and i % 5]
    assert {p.row for p in problems} == {i + 2 for i in range(60) if not (i % 3 and i % 5)}
    assert len(problems) == 20 + 12
    assert [p.row for p in problems] == sorted(p.row for p in problems)
    assert problems[0] == Problem(
        file="f.csv",
        row=2,
        column="kg",
        value="x",
        expected="expected kilograms with at most three decimals, e.g. 12.5",
    )


def test_every_bad_row_is_listed_beyond_one_chunk(monkeypatch):
    """Row numbers run on over chunks."""
    monkeypatch.setattr(table, "CHUNK", 7)
    rows = [["n"], *([str(i) if i % 10 else "bad"] for i in range(100))]
    read, problems, _ = run(iter(rows), column("n", "int"))
    assert [r[0] for r in read] == [i for i in range(100) if i % 10]
    assert [p.row for p in problems] == list(range(2, 102, 10))


def test_ids_are_unique_over_all_chunks(monkeypatch):
    """The first of equal ids stays; every later one is a problem that names its row."""
    monkeypatch.setattr(table, "CHUNK", 2)
    read, problems, _ = run([["id"], ["a"], ["b"], ["c"], ["a"], ["c "], ["c"], ["d"], ["d"]], column("id", "id"))
    assert [r[0] for r in read] == ["a", "b", "c", "d"]
    assert [(p.row, p.value) for p in problems] == [(5, "a"), (6, "c"), (7, "c"), (9, "d")]
    assert problems[0].expected == "expected each id once; row 2 has it too"


def test_the_header_may_be_in_any_order_and_dress():
    """Order, case, spaces and a byte order mark do not matter; an unknown column is one remark."""
    read, problems, remarks = run(
        [["\ufeffB ", "  my  Column", "C", None], [1, 2, 3]], column("my_column"), column("b")
    )
    assert (read, problems) == ([("2", "1")], [])
    assert remarks == [Remark("unknown-column", "f.csv: column C is ignored", ("C",))]


def test_a_missing_or_doubled_column_is_a_problem():
    """Without a required column no row comes out, and the other cells are still checked."""
    read, problems, _ = run(
        [["a", "a", "b"], ["1", "2", "x"]], column("a"), column("b", "int"), column("c", required=True)
    )
    assert read == []
    assert [(p.row, p.column) for p in problems] == [(1, "a"), (1, "c"), (2, "b")]
    assert problems[1].expected == "expected a column c: what it says"
    assert run([["a"], ["1"]], column("a"), column("c"))[0] == [("1", None)]


@pytest.mark.parametrize("rows", [[], [[]], [["", None]], [["\ufeff"]]])
def test_a_table_needs_a_header(rows):
    """Nothing, or an empty first row, is a problem and no error."""
    read, problems, _ = run(rows, column())
    assert read == []
    assert problems[0].expected == "expected a header row with the names of the columns"


def test_empty_rows_are_skipped_and_still_counted():
    """Row numbers stay those of the spreadsheet."""
    read, problems, _ = run(
        [["a", "b"], [], ["", " "], [None, None], ["1", "x"], ["", "2"]], column("a"), column("b", "int")
    )
    assert read == [(None, 2)]
    assert [p.row for p in problems] == [5]


def test_short_rows_lack_their_last_cells_and_long_ones_are_wrong():
    """Cells beyond the header must be empty."""
    rows = [["a", "b"], ["1"], ["1", "2", "", None], ["1", "2", "3"]]
    read, problems, _ = run(rows, column("a"), column("b"))
    assert read == [("1", None), ("1", "2")]
    assert problems == [Problem(file="f.csv", row=4, value="3", expected="expected 2 cells, as many as the header has")]
    assert run(rows, column("a"), column("b", required=True))[1][0].row == 2


def test_zoneless_date_cells_are_beijing_time_with_one_remark():
    """Excel's dates know no zone: they are the hub's railway time, said once."""
    rows = [["at"], [44760.0], [naive(2022, 7, 19)], ["2022-07-19T00:00Z"], [datetime(2022, 7, 20, tzinfo=UTC)]]
    read, problems, remarks = run(rows, column("at", "instant"))
    assert not problems
    assert [r.code for r in remarks] == ["zone-assumed"]
    assert read[0][0].isoformat() == "2022-07-18T00:00:00+08:00"


def test_equal_cells_of_different_types_keep_their_text():
    """True, 1 and 1.0 are equal to Python, but not to a reader."""
    assert [r[0] for r in run([["x"], [True], [1], [1.0], ["1"]], column("x"))[0]] == ["TRUE", "1", "1", "1"]


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
WORD = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=";"), min_size=1, max_size=8)
VALUES = {
    "text": WORD,
    "id": WORD,
    "int": st.integers(-(10**15), 10**15),
    "decimal": st.floats(-1e15, 1e15).filter(lambda x: x == 0 or abs(x) > 1e-9),
    "flag": st.booleans(),
    "date": st.dates(date(1000, 1, 1)),
    "instant": st.datetimes(naive(1000, 1, 2), naive(9998, 12, 30), timezones=ZONES),
    "clock": st.times().map(lambda t: f"{t:%H:%M}"),
    "list": st.lists(WORD, min_size=1, max_size=4).map(tuple),
    "grams": st.integers(0, 10**15),
    "cents": st.integers(-(10**15), 10**15),
    "minutes": st.integers(-(10**9), 10**9),
}


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_written_is_read_back(kind):
    """`format_cell` is the inverse of `parse` for every type, through CSV."""

    @given(st.lists(VALUES[kind], max_size=20, unique=kind == "id"))
    def holds(values: list[Any]) -> None:
        text = io.StringIO()
        csv.writer(text).writerows([["pad", "x"], *([".", format_cell(column("x", kind), v)] for v in values)])
        rows = csv.reader(io.StringIO(text.getvalue()))
        read, problems, _ = run(rows, column("x", kind), column("pad"))
        assert not problems
        assert [r[0] for r in read] == values

    holds()
    assert format_cell(column("x", kind), None) == ""


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.dates(), st.times()
)


@given(st.lists(st.lists(CELLS, max_size=14), max_size=12))
def test_no_input_raises(rows):
    """Every row comes out, is a problem, or is empty, whatever its cells."""
    columns = [column(t, t, required=t == "id") for t in TYPES]
    read, problems, _ = run([TYPES, *rows], *columns)
    blank = [r for r in rows if all(c is None or (isinstance(c, str) and not c.strip()) for c in r)]
    assert len(read) + len({p.row for p in problems}) + len(blank) == len(rows)


def test_a_broken_or_unknown_shipped_table_is_said(monkeypatch):
    """A table of ours that does not fit its dictionary lists all its faults."""
    with pytest.raises(NotFound, match="no reference table"):
        table.read("planets")
    text = "column_id,surprise\nx,1\n"
    monkeypatch.setattr(table, "_text_of", lambda resource: text)
    with pytest.raises(InputError) as caught:
        table.read.__wrapped__("columns")
    assert {p.column for p in caught.value.problems} >= {"table", "meaning"}
    assert "surprise" in str(caught.value)


def test_serials_that_a_csv_file_keeps_as_text_are_dates():
    """Excel saves an unformatted date cell as its serial; five digits are a day, four a year."""
    assert one("44760", "date") == date(2022, 7, 18)
    assert one(" 44760.25 ", "instant") == datetime(2022, 7, 18, 6, tzinfo=timezone(timedelta(hours=8)))
    assert one("2022", "date") == date(2022, 1, 1)
