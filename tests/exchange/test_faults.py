"""Cells of Excel without a value: errors and formulas that nobody computed are told, never taken for empty ones."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from landport import exchange
from landport.exchange import faults
from landport.exchange.faults import UNCOMPUTED, Scanner, whole_cells
from landport.model.scenario import World
from tests.exchange.spoil import problems


def changed(path: Path, cell: str, xml: str, sheet: int = 2) -> None:
    """Put another cell into a sheet of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = f"xl/worksheets/sheet{sheet}.xml"
    parts[part], n = re.subn(rf'<c r="{cell}"[^>]*>.*?</c>'.encode(), xml.encode(), parts[part])
    assert n == 1
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.fixture
def book(tmp_path: Path, world: World) -> Path:
    """The example week as a workbook."""
    exchange.init(tmp_path / "week.xlsx", world)
    return tmp_path / "week.xlsx"


FAULTY = [
    ("B2", '<c r="B2" t="e"><v>#N/A</v></c>', "shipper", "#N/A"),
    ("B2", '<c r="B2" s="1" t="e"><f>VLOOKUP(1,A:A,1)</f><v>#REF!</v></c>', "shipper", "#REF!"),
    ("A2", '<c t="e" r="A2"><v>#N/A</v></c>', "booking_id", "#N/A"),
    ("K2", '<c r="K2"><f>1+1</f></c>', "n_containers", UNCOMPUTED),
    ("K2", '<c r="K2"><f>1+1</f><v></v></c>', "n_containers", UNCOMPUTED),
    ("K2", '<c r="K2"><f t="shared" si="0"/><v/></c>', "n_containers", UNCOMPUTED),
    ("G2", '<c r="G2"><f>"ALM"</f><v /></c>', "destination", UNCOMPUTED),
]


@pytest.mark.parametrize(("cell", "xml", "column", "value"), FAULTY)
def test_a_cell_without_a_value_is_named(
    book: Path, world: World, cell: str, xml: str, column: str, value: str
) -> None:
    """One such cell is exactly one problem, in columns that may be empty, too."""
    changed(book, cell, xml)
    (found,) = problems(book, world)
    assert (found.file, found.row, found.column, found.value) == ("week.xlsx sheet bookings", 2, column, value)
    assert "save the file in Excel" in found.expected


def test_a_computed_empty_text_is_empty(book: Path, world: World) -> None:
    """`=IF(1,"")` has a value: nothing."""
    changed(book, "B2", '<c r="B2" t="str"><f>IF(1,"")</f><v></v></c>')
    assert exchange.read_scenario(book, world)[0].bookings[0].shipper == ""


def test_a_setting_without_a_value_is_named(book: Path, world: World) -> None:
    """The key stands in the message."""
    changed(book, "B5", '<c r="B5" t="e"><v>#NAME?</v></c>', 1)
    (found,) = problems(book, world)
    assert (found.row, found.key, found.value) == (5, "now_at", "#NAME?")


def test_errors_in_columns_that_nobody_reads_do_no_harm(book: Path, world: World) -> None:
    """Your own columns may be as broken as they like."""
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    head, row, rest = parts["xl/worksheets/sheet2.xml"].split(b"</row>", 2)
    parts["xl/worksheets/sheet2.xml"] = b"</row>".join([head, row + b'<c r="AD2" t="e"><v>#N/A</v></c>', rest])
    with zipfile.ZipFile(book, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert exchange.read_scenario(book, world)[0].bookings


@pytest.mark.parametrize("size", [7, 40, 131])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_cells_on_the_edge_of_a_piece_are_found(size: int, prefix: str) -> None:
    """However the XML is cut into pieces, each cell is found once."""
    one = '<c r="B{0}" t="e"><f>NA()</f><v>#N/A</v></c><c r="C{0}"><f>1+1</f></c><c r="D{0}" t="s"><v>1</v></c>'
    text = "<sheetData>" + "".join(f"<row>{one.format(r)}</row>" for r in range(1, 40)) + "</sheetData>"
    data = re.sub("<(/?)", rf"<\1{prefix}", text).encode()
    scanner, tail = Scanner(), b""
    for first in range(0, len(data), size):
        piece = tail + data[first : first + size]
        scanner.look(piece)
        tail = piece[whole_cells(piece) :]
    assert scanner.found == {r: {1: "#N/A", 2: UNCOMPUTED} for r in range(1, 40)}


def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet of errors does not fill the memory."""
    monkeypatch.setattr(faults, "MOST", 3)
    scanner = Scanner()
    scanner.look(b"".join(b'<c r="A%d" t="e"><v>#N/A</v></c>' % r for r in range(1, 9)))
    assert len(scanner.found) == 3
