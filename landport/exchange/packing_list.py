"""A forwarder's packing list: one sheet of Excel as people make it, read as bookings.

Titles above the header, totals and notes below the rows are left out; columns may have any order and stand under
names of three languages (`packing_words`).
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from landport.errors import InputError, Problem, Remark
from landport.exchange import packing_words as words
from landport.exchange.caps import Caps
from landport.exchange.packing_bookings import Listed, Scales, listed
from landport.exchange.reading import Reading, in_order
from landport.exchange.text import Rows, Unreadable
from landport.exchange.workbook import Book, open_workbook, sheet_rows
from landport.model.scenario import World
from landport.reference.table import cell_text, is_blank

UPLOAD: Final = Caps(rows=20_000, file_bytes=20 * 1024**2, unzipped_bytes=200 * 1024**2, entries=1000)
"""Limits of a file that comes from outside."""

_START: Final = datetime(2024, 1, 1, tzinfo=UTC)
"""No column is a minute, so that any start will do."""

_SEEN: Final = 40
"""First rows of a sheet among which the header is looked for."""

_ENOUGH: Final = 4
"""Known columns that make a row the header."""

_SPLIT: Final = re.compile(r"[/\n|;,:()（）\[\]【】、，]+")
_SCRIPTS: Final = re.compile(r"[a-z][a-z .$'-]*|[а-яё№][а-яё №.-]*|[\u4e00-\u9fff]+")
_MASS: Final = ("gross_kg", "packages", "container_type", "container_number", "length", "dimensions")
_NAMES: Final = {
    alias: column for column, aliases in words.ALIASES.items() for alias in (column.replace("_", " "), *aliases)
}


def read_packing_list(
    path: Path, world: World, *, caps: Caps = UPLOAD
) -> tuple[tuple[Listed, ...], tuple[Remark, ...]]:
    """Read the bookings of a packing list, in the order of their first rows, and what was left out.

    Raises
    ------
    InputError
        `input`: no such file, no .xlsx file, no header, or wrong rows; every wrong cell is listed under the name that
        the sheet gives its column.

    Notes
    -----
    Of several sheets the first with a header is read. Rows without a reference belong to the row above; rows of one
    booking say the same of it, or nothing. O(rows).
    """
    sheet = _Sheet(path, caps)
    remarks: list[Remark] = []
    reading = Reading(sheet, world, _START, sheet.problems, remarks, columns={words.TABLE: words.COLUMNS})
    found: tuple[Listed, ...] = ()
    try:
        sheet.open()
        rows = reading.open(words.TABLE)
        found = listed(rows, world, sheet.scales, remarks)
    except Unreadable as error:
        sheet.problems.append(error.problem)
    if not found and not sheet.problems:
        expected = "expected at least one row of cargo below the names of the columns"
        sheet.problems.append(Problem(file=sheet.file(""), expected=expected))
    if sheet.problems:
        raise InputError.of(in_order([sheet.as_said(p) for p in _once(sheet.problems)]))
    return found, (*sheet.remarks, *remarks)


def _once(problems: list[Problem]) -> list[Problem]:
    """Drop what follows in every row from a column that is missing or has another unit."""
    known = {p.column for p in problems if p.row == 1 and p.column}
    return [p for p in problems if p.row == 1 or p.column not in known]


class _Sheet:
    """The sheet of a packing list as the one table reader wants it: known names, no titles, no totals."""

    def __init__(self, path: Path, caps: Caps) -> None:
        self.problems: list[Problem] = []
        self.remarks: list[Remark] = []
        self.scales = Scales()
        self._path, self._caps = path, caps
        self._file = path.name or str(path)
        self._header = 1
        self._said: dict[str, str] = {}
        self._book: Book | None = None
        self._name = ""

    def open(self) -> None:
        """Open the workbook and find the header; raises `Unreadable`."""
        if self._path.suffix.lower() == ".xls":
            expected = "expected an .xlsx file; this is an old .xls file: save it as .xlsx in Excel"
            raise Unreadable(Problem(file=self._file, expected=expected))
        book = self._book = open_workbook(self._path, self._caps)
        found = {name: at for name in book.sheets.sheet_names if (at := self._look(book, name))}
        if not found:
            expected = "expected a row with the names of the columns, such as " + ", ".join(words.NEEDED)
            raise Unreadable(Problem(file=self._file, expected=expected))
        self._name, self._header = next(iter(found.items()))
        if len(found) > 1:
            others = tuple(found)[1:]
            said = f"{self._file}: only sheet {self._name} is read; left out: {', '.join(others)}"
            self.remarks.append(Remark("sheets-ignored", said, others))
        self._file = f"{self._path.name} sheet {self._name}"

    def _look(self, book: Book, name: str) -> int:
        """Find the row of a sheet that is its header, however long the sheet: that is told when it is read; 0: none."""
        try:
            rows = sheet_rows(book, name, self._file, [], replace(self._caps, rows=sys.maxsize))
        except Unreadable:
            return 0
        for number, row in enumerate(islice(rows, _SEEN), 1):
            if len({column for cell in row if (column := _column_of(cell))}) >= _ENOUGH:
                return number
        return 0

    def file(self, table: str) -> str:
        """Name the sheet, for messages."""
        return self._file

    def tables(self) -> Sequence[str]:
        """List the one table."""
        return (words.TABLE,)

    def rows(self, table: str, problems: list[Problem]) -> Rows:
        """Stream the header and the rows below it; raises `Unreadable`."""
        assert self._book is not None
        rows = sheet_rows(self._book, self._name, self._file, problems, self._caps)
        for row in islice(rows, self._header - 1, self._header):
            header = list(row)
            while header and is_blank(header[-1]):
                header.pop()
        named = [self._named(cell) for cell in header]
        self._expect_needed(named)
        # The header counts as row 1 and is followed by empty rows, so that rows keep the numbers of the sheet.
        faults = {number: cells for number, cells in rows.faults.items() if number > self._header}
        return Rows(self._below(rows, named, faults), faults)

    def as_said(self, problem: Problem) -> Problem:
        """Put a problem in the words of the sheet: its own name of the column, its own row of the header."""
        row = self._header if problem.row == 1 else problem.row
        column = self._said.get(problem.column or "", problem.column)
        return replace(problem, row=row, column=None if column == words.ROW else column)

    def _named(self, cell: object) -> str:
        column = _column_of(cell)
        said = cell_text(cell)
        if not column:
            return said
        if column in self._said:  # the first one counts; a second is left out as a column that nobody reads
            return f"{said} (2)"
        self._said[column] = " ".join(said.split())
        problem = self.scales.take(column, said)
        if problem:
            self._wrong(column, said, problem)
        return column

    def _expect_needed(self, named: Sequence[str]) -> None:
        for column in words.NEEDED:
            if column not in named:
                names = ", ".join(words.ALIASES[column][i] for i in (0, -1))
                meaning = next(c.meaning for c in words.COLUMNS if c.column == column)
                self._wrong(column, None, f"expected a column {column} ({names}): {meaning}")

    def _wrong(self, column: str, value: str | None, expected: str) -> None:
        self.problems.append(Problem(file=self._file, row=1, column=column, value=value, expected=expected))

    def _below(
        self, rows: Rows, named: Sequence[str], faults: dict[int, Mapping[int, str]]
    ) -> Iterator[Sequence[object]]:
        yield [*named, words.ROW]
        blank: list[object] = [None] * (len(named) + 1)
        for _ in range(self._header - 1):
            yield blank
        counted = [named.index(c) for c in _MASS if c in named]
        totals = _Totals(named.index("gross_kg") if "gross_kg" in named else -1)
        for row in rows:
            cells = [*row[: len(named)], *[None] * (len(named) - len(row))]
            if all(map(is_blank, cells)) or totals.take(rows.row, cells, counted):
                faults.pop(rows.row, None)  # nobody minds a wrong formula in a row that is left out
                yield blank
                continue
            self._beyond(rows.row, row[len(named) :])
            yield [*cells, rows.row]
        self.remarks += totals.remarks(self._file)

    def _beyond(self, number: int, cells: Sequence[object]) -> None:
        said = " ".join(cell_text(cell) for cell in cells if not is_blank(cell))
        if said:
            expected = "expected no cell right of the last column that has a name"
            self.problems.append(Problem(file=self._file, row=number, value=said[:60], expected=expected))


class _Totals:
    """Rows of totals, and what stands below them without being cargo."""

    def __init__(self, mass_at: int) -> None:
        self._mass_at = mass_at
        self._kg = 0.0
        self._rows: list[int] = []
        self._differ: list[str] = []

    def take(self, number: int, cells: Sequence[object], counted: Sequence[int]) -> bool:
        """Tell whether a row is left out."""
        first = next((cell_text(c) for c in cells if not is_blank(c)), "")
        kg = self._mass(cells)
        if _is_total(first):
            if kg is not None and abs(kg - self._kg) > 0.5 and not self._rows:
                self._differ.append(f"row {number} says {kg:,g} kg, the rows above it are {self._kg:,g} kg")
            self._rows.append(number)
            return True
        if self._rows and all(is_blank(cells[i]) for i in counted):
            self._rows.append(number)
            return True
        self._kg += math.nan if kg is None else kg  # a mass that is text: no sum is compared
        return False

    def remarks(self, file: str) -> Iterator[Remark]:
        """Say what was left out, and which total is not that of its rows."""
        if self._rows:
            numbers = ", ".join(map(str, self._rows[:10]))
            said = f"{file}: totals and what stands below them are no cargo and were ignored: rows {numbers}"
            yield Remark("totals-ignored", said, tuple(map(str, self._rows)))
        for text in self._differ:
            yield Remark("totals-differ", f"{file}: {text}")

    def _mass(self, cells: Sequence[object]) -> float | None:
        cell = cells[self._mass_at] if self._mass_at >= 0 else None
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return None
        return float(cell) if abs(cell) < 1e12 else None


def _is_total(text: str) -> bool:
    said = " ".join(text.casefold().replace("：", ":").rstrip(" :.").split())
    return said in words.TOTALS or any(said.startswith((f"{w}:", f"{w} (")) for w in words.TOTALS)


def _column_of(cell: object) -> str:
    """Find the column that a header cell names; empty: none."""
    if not isinstance(cell, str) or len(cell) > 120:
        return ""
    for part in _parts(cell):
        if part in _NAMES:
            return _NAMES[part]
    return ""


def _parts(cell: str) -> Iterator[str]:
    """List what a header cell may call its column: all of it, its parts, its words of one script."""
    text = cell.replace("\ufeff", "").replace("_", " ").casefold()
    yield _tidy(text)
    pieces = _SPLIT.split(text)
    yield from filter(None, map(_tidy, pieces))
    for piece in pieces:
        yield from filter(None, (_tidy(run) for run in _SCRIPTS.findall(piece)))


def _tidy(text: str) -> str:
    """Take full stops at the ends of words, spare spaces, and a unit behind the last space away."""
    said = " ".join(re.sub(r"\.(?=\s|$)", "", text).split()).strip(" .*#")
    head, _, unit = said.rpartition(" ")
    return head.rstrip(" .,") if head and unit in _UNITS else said


_UNITS: Final = frozenset({*words.MILLIMETRES, *words.KILOGRAMS, *words.OTHER_MASSES, *words.DOLLARS} - {"т", "t"})
