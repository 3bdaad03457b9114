"""Cells of a sheet without a value that anybody could mean: Excel's errors, formulas that nobody has computed.

Calamine shows both as empty, so they are found in the sheet's XML while its size is checked.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Final

MOST: Final = 10_000
"""Cells kept of one sheet; a file with one of them is refused already."""

UNCOMPUTED: Final = "a formula without a stored value"
"""What stands for the text of such a cell."""

NO_VALUE: Final = "expected a value: correct the formula, then open and save the file in Excel"
"""What is said of an error of Excel and of a formula that nobody computed."""

Faults = dict[int, dict[int, str]]
"""Texts by row (1 is the first) and column (0 is A)."""

_BOOK: Final = "xl/workbook.xml"
_RELS: Final = "xl/_rels/workbook.xml.rels"
_SMALL: Final = 1 << 22
"""Bytes read of a workbook's list of sheets."""

_ERROR: Final = re.compile(rb"""\bt\s*=\s*["']e["'][^<>]*>""")
_NO_VALUE: Final = re.compile(
    rb"(?:</(?:\w+:)?f\s*>|<(?:\w+:)?f\s[^<>]*/>)\s*(?:<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v\s*>)\s*)?</(?:\w+:)?c\s*>"
)
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s[^<>]*>")
_CELLS: Final = (b"<c ", b":c ")
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_IS_TEXT: Final = re.compile(rb"""\st\s*=\s*["']str["']""")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v\s*>([^<]{0,40})</")
_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\s[^<>]*>")
_LINK: Final = re.compile(r"<(?:\w+:)?Relationship\s[^<>]*>")


class Scanner:
    """Finds such cells of one sheet piece by piece."""

    def __init__(self) -> None:
        self.found: Faults = {}
        self._n = 0

    def look(self, data: bytes) -> None:
        """Look through a piece of XML that begins with a whole tag; a cell seen twice counts once."""
        if b'="e"' in data or b"='e'" in data:
            for match in _ERROR.finditer(data):
                self._error(data, match)
        if b"<f" in data or b":f" in data:
            for match in _NO_VALUE.finditer(data):
                self._formula(data, match.start())

    def _error(self, data: bytes, match: re.Match[bytes]) -> None:
        cell = _CELL.match(data, data.rfind(b"<", 0, match.start()))
        if cell and cell.end() == match.end():
            end = data.find(b":c>" if b":" in cell[0].split()[0] else b"</c>", cell.end())
            value = _VALUE.search(data, cell.end(), len(data) if end < 0 else end)
            self._keep(cell[0], value[1].decode("utf-8", "replace") if value else "#N/A")

    def _formula(self, data: bytes, at: int) -> None:
        start = max(data.rfind(mark, 0, at) for mark in _CELLS)
        cell = _CELL.match(data, data.rfind(b"<", 0, start + 1)) if start >= 0 else None
        if cell and not _IS_TEXT.search(cell[0]):  # a computed empty text is a value
            self._keep(cell[0], UNCOMPUTED)

    def _keep(self, cell: bytes, text: str) -> None:
        place = _PLACE.search(cell)
        if place is None or self._n >= MOST:
            return
        column = 0
        for letter in place[1].decode().upper():
            column = 26 * column + ord(letter) - 64
        row = self.found.setdefault(int(place[2]), {})
        self._n += column - 1 not in row
        row.setdefault(column - 1, text)


def whole_cells(data: bytes) -> int:
    """Tell where a piece of XML may be cut: at a last cell that is not closed yet, else at the last tag; -1: no tag."""
    start = max(data.rfind(mark) for mark in _CELLS)
    cell = data.rfind(b"<", 0, start + 1) if start >= 0 else -1
    opened = _CELL.match(data, cell) if cell >= 0 else None
    is_closed = opened and (opened[0].endswith(b"/>") or max(data.find(m, cell) for m in (b"</c>", b":c>")) >= 0)
    return data.rfind(b"<") if cell < 0 or is_closed else cell


def by_sheet(archive: zipfile.ZipFile, by_part: Mapping[str, Faults]) -> dict[str, Faults]:
    """Name the sheets that parts of a workbook hold; parts that no sheet names are left out."""
    if not by_part:
        return {}
    parts = {link["Id"]: _part(link["Target"]) for link in _tags(archive, _RELS, _LINK) if {"Id", "Target"} <= {*link}}
    named = {}
    for sheet in _tags(archive, _BOOK, _SHEET):
        faults = by_part.get(parts.get(sheet.get("id", ""), ""))
        if faults and "name" in sheet:
            named[sheet["name"]] = faults
    return named


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _tags(archive: zipfile.ZipFile, part: str, tag: re.Pattern[str]) -> Iterator[dict[str, str]]:
    """List the attributes of tags, without the prefixes of their names."""
    if part not in archive.namelist():
        return
    with archive.open(part) as stream:
        text = stream.read(_SMALL).decode("utf-8", "replace")
    for found in tag.finditer(text):
        pairs = re.findall(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", found[0])
        yield {name.rpartition(":")[2]: html.unescape(double or single) for name, double, single in pairs}
