"""The plain assembly format: what is written is read exactly, and every wrong row and key is named."""

from __future__ import annotations

import codecs
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.errors import InputError, Problem, Remark
from landport.exchange.caps import Caps
from landport.exchange.plain_assembly import MOST_MONEY, money_micros, read_plain_case
from landport.model.plain_assembly import MICROS, PlainCase
from tests.plain_cases import BOOKING_HEAD, BOOKINGS, RULES, SERVICE_HEAD, SERVICES, small, write

FILES = ("services.csv", "bookings.csv", "rules.json")


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read_plain_case(folder)
    assert caught.value.code == "input"
    return caught.value.problems


def wrong(folder: Path) -> list[tuple[str, int | None, str | None]]:
    """File, row and column or key of every problem."""
    found = problems(folder)
    assert all(p.expected.startswith("expected") for p in found)
    return [(p.file, p.row, p.column or p.key) for p in found]


def test_a_folder_is_read_exactly(tmp_path):
    """Rows in their order, money to the micro, nothing to remark."""
    assert read_plain_case(write(tmp_path)) == (small(), ())


def test_habits_of_spreadsheets_do_no_harm(tmp_path):
    """Byte-order mark, CRLF, semicolons, blanks, columns in another order and of one's own, capitals, empty rows."""
    write(tmp_path)
    for name, head, rows in (("services", SERVICE_HEAD, SERVICES), ("bookings", BOOKING_HEAD, BOOKINGS)):
        lines = [";".join([" note ", *(f" {h.upper()} " for h in reversed(head))])]
        lines += [";".join(["x", *(f" {cell} " for cell in reversed(row))]) for row in rows] + [";" * len(head)]
        (tmp_path / f"{name}.csv").write_bytes(codecs.BOM_UTF8 + "\r\n".join(lines).encode())
    (tmp_path / "rules.json").write_bytes(codecs.BOM_UTF8 + json.dumps({**RULES, "note": [1]}, indent=2).encode())
    case, remarks = read_plain_case(tmp_path)
    assert case == small()
    assert [(r.code, r.about) for r in remarks] == [
        ("unknown-column", ("note",)),
        ("unknown-column", ("note",)),
        ("unknown-setting", ("note",)),
    ]


def test_there_may_be_nothing_to_carry(tmp_path):
    """No bookings are fine; no services are remarked on."""
    case, remarks = read_plain_case(write(tmp_path, bookings=[]))
    assert (case.bookings, case.services, remarks) == ((), small().services, ())
    case, remarks = read_plain_case(write(tmp_path, services=[], bookings=[]))
    assert case == PlainCase(services=(), bookings=(), rules=small().rules)
    assert [r.code for r in remarks] == ["no-services"]


def test_every_wrong_cell_is_named(tmp_path):
    """Of both tables and the rules, all at once, file by file and row by row."""
    services = [
        ("T1", "HUB", "G", 10, 40, 4, 2, 900.5, 20),
        ("T1", "HUB", "HUB", 40, 10, -4, 2.5, "-1", "1,5"),
        ("", "", "G", "noon", "", 4, 10**7, "1.1234567", 10**9 + 1),
        ("T4", "HUB", "G", "1.5", 10**7, "", 1, "1e3", "nan"),
    ]
    bookings = [
        ("B1", "HUB", "X", 5, 75, 1, 3),
        ("B1", "G", "HUB", 5, 75, -1, 0),
        ("B3", "", "", "x", "", 1.5, "many"),
    ]
    rules = {**RULES, "max_legs": 0, "min_change_h": 1.5, "late_per_h": "8", "hold_per_h": -1, "reject_base": None}
    found = wrong(write(tmp_path, services, bookings, rules))
    assert [place[:2] for place in found] == sorted(
        [p[:2] for p in found], key=lambda p: (FILES.index(p[0]), p[1] or 0)
    )
    assert sorted(found, key=str) == sorted([
        *(("services.csv", 3, c) for c in (
            "service", "to", "arr_h", "positions", "min_containers", "fixed_cost", "position_cost")),
        *(("services.csv", 4, c) for c in (
            "service", "from", "dep_h", "arr_h", "min_containers", "fixed_cost", "position_cost")),
        *(("services.csv", 5, c) for c in ("dep_h", "arr_h", "positions", "fixed_cost", "position_cost")),
        *(("bookings.csv", 3, c) for c in ("booking", "from", "to", "priority", "containers")),
        *(("bookings.csv", 4, c) for c in (
            "from", "to", "ready_h", "due_h", "priority", "containers")),
        *(("rules.json", None, key) for key in (
            "min_change_h", "max_legs", "late_per_h", "hold_per_h", "reject_base")),
    ], key=str)  # fmt: skip


def test_a_message_says_what_stands_there_and_what_should(tmp_path):
    """The value, the row, and another row that it clashes with."""
    found = problems(write(tmp_path, services=[*SERVICES, ("T1", "HUB", "G", 9, 8, 1, 1, 1, 1)]))
    assert [str(p) for p in found] == [
        "services.csv row 7 column service: 'T1' — expected each service once; row 2 has it too",
        "services.csv row 7 column arr_h: '8' — expected 9 or later: it departs then",
    ]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("{", "expected JSON"),
        ("[1, 2]", "expected one object"),
        ("7", "expected one object"),
        ("[" * 5000, "expected JSON"),
        ('{"max_legs": 1e999999999}', "max_legs: '1E+999999999' — expected a whole number from 1 to 1000"),
        ('{"max_legs": NaN}', "max_legs: 'NaN' — expected"),
        ('{"max_legs": true}', "max_legs: 'True' — expected"),
        ('{"late_per_h": 1e-7}', "late_per_h: '1E-7' — expected a number from 0 to 1000000000, with at most six"),
        ('{"max_legs": 2, "max_legs": 2}', "max_legs: '2' — expected each key once"),
        ("{}", "reject_per_priority: expected this key"),
    ],
)
def test_rules_must_be_seven_numbers(tmp_path, rules, said):
    """Anything else is a problem with its key, never a traceback."""
    found = [str(p) for p in problems(write(tmp_path, rules=rules))]
    assert any(said in text and text.startswith("rules.json") for text in found), found


def test_rules_keep_their_decimals(tmp_path):
    """As they stand, whatever binary fractions make of them; numbers may have an exponent."""
    rules = json.dumps({**RULES, "late_per_h": "#"}).replace('"#"', "123456.000001")
    rules = rules.replace('"reject_base": 1000', '"reject_base": 1.1e3')
    case, _ = read_plain_case(write(tmp_path, rules=rules))
    assert case.rules == replace(small().rules, late_micros_per_h=123_456_000_001, reject_micros=1_100 * MICROS)


def test_what_is_odd_is_remarked_on(tmp_path):
    """A train that can never run, a booking that is always late; of many the first are named."""
    services = [(f"T{i}", "HUB", "G", 10, 40, 4, 5, 900, 20) for i in range(12)]
    bookings = [("B1", "HUB", "X", 75, 5, 1, 3), *BOOKINGS[1:]]
    _, remarks = read_plain_case(write(tmp_path, services, bookings))
    assert [(r.code, r.about) for r in remarks] == [
        ("never-runs", tuple(f"T{i}" for i in range(12))),
        ("due-before-ready", ("B1",)),
    ]
    assert remarks[0].message.startswith("services.csv: T0, T1, T2, T3, T4, T5, T6, T7, T8, T9 and 2 more ask more")
    assert remarks[1] == Remark("due-before-ready", "bookings.csv: B1 is due before it is ready", ("B1",))


def test_a_folder_that_is_none(tmp_path):
    """Neither there, nor a folder, nor with all three files; a table with other columns; one cut short."""
    assert "there is nothing of this name" in str(problems(tmp_path / "none")[0])
    (tmp_path / "file").touch()
    assert "this is no folder" in str(problems(tmp_path / "file")[0])
    (tmp_path / "empty").mkdir()
    assert {p.file for p in problems(tmp_path / "empty")} == {"services.csv", "bookings.csv", "rules.json"}
    folder = write(tmp_path / "net")
    (folder / "services.csv").write_text("service,from,to\nT1,HUB,G\n", encoding="utf-8")
    assert {(p.row, p.column) for p in problems(folder)} == {(1, name) for name in SERVICE_HEAD[3:]}
    with pytest.raises(InputError, match="at most 2 rows"):
        read_plain_case(write(folder), caps=Caps(rows=2))


def test_sums_that_no_whole_number_holds_are_refused(tmp_path):
    """Each figure may be allowed, and all of them together too much."""
    bookings = [(f"B{i}", "HUB", "X", 0, 10, 10**6, 10**6) for i in range(3)]
    rules = {**RULES, "late_per_h": 10**6, "max_late_h": 10**6}
    (found,) = problems(write(tmp_path, bookings=bookings, rules=rules))
    assert (found.file, found.row) == ("rules.json", None)
    assert "at the worst all cost 3e+24 together" in found.expected


@given(st.integers(0, MOST_MONEY * MICROS))
def test_money_is_exact(micros):
    """Whatever stands in a cell with six decimals is read as it is, with and without zeros around."""
    text = f"{micros // MICROS}.{micros % MICROS:06}"
    assert money_micros(text) == money_micros(f"00{text}000") == micros
    assert money_micros(text.rstrip("0")) == micros


@pytest.mark.parametrize("text", ["", ".", "-1", "+1", "1,5", "1 000", "1e3", "0x1", "١", "1.0000001", "1000000000.1"])
def test_what_is_no_money(text):
    """Signs, commas, blanks, exponents, other digits, a seventh decimal, too much."""
    assert money_micros(text) is None


def test_a_point_alone_may_lead_or_end():
    """As some programs write them."""
    assert (money_micros(".5"), money_micros("5.")) == (500_000, 5_000_000)
