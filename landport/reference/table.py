"""The one table reader: rows of cells in, typed rows out, every bad cell listed; and the tables that ship.

What a column may hold stands in a data dictionary, itself a table (`columns.csv`).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any, Final

from landport.errors import InputError, NotFound, Problem, Remark
from landport.reference._cells import Column, cell_text, format_cell, is_blank, is_zoneless, reader

__all__ = [
    "Column",
    "cell_text",
    "dictionary",
    "digest",
    "format_cell",
    "is_blank",
    "parse",
    "read",
    "reader",
    "records",
]

CHUNK: Final = 8192
"""Rows read at a time: a column's equal cells among them are read once."""

_BAD: Final = object()
_Numbered = tuple[int, Sequence[object]]


# ---- any table ---------------------------------------------------------------------------------


def parse(
    rows: Iterable[Sequence[object]],
    columns: Sequence[Column],
    *,
    file: str,
    problems: list[Problem],
    remarks: list[Remark],
    known: Mapping[str, Container[str]] | None = None,
) -> Iterator[tuple[object, ...]]:
    """Read a table row by row; a row with a bad cell becomes a problem instead.

    Parameters
    ----------
    rows
        The first is the header. Cells are text (CSV), or text, numbers, dates, flags and None (Excel).
    columns
        In the order of the tuples that come out; the header may have any order.
    file
        File or sheet as its owner calls it.
    problems, remarks
        Filled while the iterator is consumed: each bad cell with its spreadsheet row, in order of rows, and one remark
        for each column that nobody asked for.
    known
        Values that a column may refer to, by its `refers_to`.

    Yields
    ------
    tuple[object, ...]
        Typed values, None where an optional cell is empty. Types: text, id, clock and closing `str`; int, grams, cents
        and minutes `int`; decimal `float`; flag `bool`; date `date`; instant an aware `datetime`; list
        `tuple[str, ...]`.

    Notes
    -----
    Streams `CHUNK` rows at a time and reads each distinct cell of a column once, so that cost per row follows what
    differs. Memory: one chunk, and the ids seen.
    """
    table = _Table(columns, file, problems, remarks, known or {})
    lines = iter(rows)
    header = next(lines, None)
    if header is None or not any(map(_column_name, header)):
        problems.append(Problem(file=file, row=1, expected="expected a header row with the names of the columns"))
        return
    table.read_header(header)
    numbered = enumerate(lines, start=2)
    while chunk := list(islice(numbered, CHUNK)):
        yield from table.read_chunk(chunk)


class _Table:
    """What `parse` knows about one file while it reads it."""

    def __init__(
        self,
        columns: Sequence[Column],
        file: str,
        problems: list[Problem],
        remarks: list[Remark],
        known: Mapping[str, Container[str]],
    ) -> None:
        self.columns = columns
        self.file = file
        self.problems = problems
        self.remarks = remarks
        self.readers = [reader(c, known.get(c.refers_to) if c.refers_to else None) for c in columns]
        self.position: list[int | None] = [None] * len(columns)
        self.width = 0
        self.lacks_column = False
        self.zoneless: set[str] = set()
        self.first_row_of: list[dict[object, int]] = [{} for _ in columns]

    def read_header(self, header: Sequence[object]) -> None:
        """Find every column in the header; say which are missing, doubled or unknown."""
        names = [_column_name(cell) for cell in header]
        while not names[-1]:
            names.pop()
        self.width = len(names)
        wanted = {c.column: i for i, c in enumerate(self.columns)}
        doubled: set[int] = set()
        for position, name in enumerate(names):
            index = wanted.get(name)
            if index is None:
                said = cell_text(header[position]) or f"number {position + 1}, which has no name"
                self.remarks.append(Remark("unknown-column", f"{self.file}: column {said} is ignored", (said,)))
            elif self.position[index] is not None:
                self.problems.append(self._problem(1, name, name, "expected each column once"))
                doubled.add(index)
            else:
                self.position[index] = position
        for index in doubled:  # nobody knows which of them is meant, so no row is blamed
            self.position[index] = None
            self.lacks_column = True
        for column, found in zip(self.columns, self.position, strict=True):
            if column.required and found is None and wanted[column.column] not in doubled:
                self.lacks_column = True
                expected = f"expected a column {column.column}: {column.meaning}"
                self.problems.append(Problem(file=self.file, row=1, column=column.column, expected=expected))

    def read_chunk(self, chunk: list[_Numbered]) -> Iterator[tuple[object, ...]]:
        """Read some rows column by column."""
        found: list[Problem] = []
        rows = list(self._fitted(chunk, found))
        bad = {p.row for p in found}
        cells = list(zip(*(cells for _, cells in rows), strict=True)) or [()] * self.width
        numbers = [number for number, _ in rows]
        typed: list[Sequence[object]] = []
        for index, position in enumerate(self.position):
            if position is None:
                typed.append([None] * len(rows))
                continue
            values = self._read_column(index, cells[position])
            for number, cell, _ in _failed(numbers, cells[position], values):
                bad.add(number)
                found.append(self._problem(number, self.columns[index].column, cell, self._why(index, cell)))
            if self.columns[index].type == "id":
                for number, cell, first in self._doubled(index, numbers, values):
                    bad.add(number)
                    expected = f"expected each {self.columns[index].column} once; row {first} has it too"
                    found.append(self._problem(number, self.columns[index].column, cell, expected))
            typed.append(values)
        self.problems += sorted(found, key=lambda p: p.row or 0)
        if self.lacks_column:
            return
        whole = zip(*typed, strict=True)
        yield from (row for number, row in zip(numbers, whole, strict=True) if number not in bad) if bad else whole

    def _fitted(self, chunk: list[_Numbered], found: list[Problem]) -> Iterator[_Numbered]:
        """Drop empty rows and give each the width of the header; cells beyond it are a problem."""
        width = self.width
        for number, row in chunk:
            first = row[0] if row else None
            if (not first or (isinstance(first, str) and first.isspace())) and all(map(is_blank, row)):
                continue
            if len(row) == width:
                yield number, row
                continue
            beyond = [cell_text(cell) for cell in row[width:] if not is_blank(cell)]
            if beyond:
                expected = f"expected {width} cells, as many as the header has"
                found.append(Problem(file=self.file, row=number, value=" ".join(beyond), expected=expected))
            yield number, [*row[:width], *[None] * (width - len(row))]

    def _read_column(self, index: int, cells: Sequence[object]) -> Sequence[object]:
        types = set(map(type, cells))
        read = self.readers[index]
        if types <= {str}:
            distinct = {cell: _value(read, cell) for cell in set(cells)}
            return list(map(distinct.__getitem__, cells))
        column = self.columns[index]
        if column.type == "instant" and column.column not in self.zoneless and any(map(is_zoneless, cells)):
            self.zoneless.add(column.column)
            said = f"{self.file}: date cells of {column.column} state no zone and are taken as Asia/Shanghai"
            self.remarks.append(Remark("zone-assumed", said, (column.column,)))
        keys = list(zip(map(type, cells), cells, strict=True))  # 1, 1.0 and TRUE are equal, but not the same cell
        by_key = {key: _value(read, key[1]) for key in set(keys)}
        return list(map(by_key.__getitem__, keys))

    def _doubled(
        self, index: int, numbers: Sequence[int], values: Sequence[object]
    ) -> Iterator[tuple[int, object, int]]:
        first_row_of = self.first_row_of[index]
        fresh = dict(zip(reversed(values), reversed(numbers), strict=True))  # the first of equals stays
        fresh.pop(_BAD, None)
        if len(fresh) == len(values) and fresh.keys().isdisjoint(first_row_of.keys()):
            first_row_of.update(fresh)
            return
        for number, value in zip(numbers, values, strict=True):
            if value is not _BAD and first_row_of.setdefault(value, number) != number:
                yield number, value, first_row_of[value]

    def _why(self, index: int, cell: object) -> str:
        try:
            self.readers[index](cell)
        except ValueError as error:
            return str(error)
        raise AssertionError("a cell that failed must fail again")

    def _problem(self, row: int, column: str, value: object, expected: str) -> Problem:
        return Problem(file=self.file, row=row, column=column, value=cell_text(value), expected=expected)


def _value(read: Callable[[object], object], cell: object) -> object:
    try:
        return read(cell)
    except ValueError:
        return _BAD


def _failed(
    numbers: Sequence[int], cells: Sequence[object], values: Sequence[object]
) -> Iterable[tuple[int, object, object]]:
    if _BAD not in values:
        return ()
    return (row for row in zip(numbers, cells, values, strict=True) if row[2] is _BAD)


def _column_name(cell: object) -> str:
    return "_".join(cell_text(cell).replace("\ufeff", "").casefold().split())


# ---- the tables that ship ----------------------------------------------------------------------


@cache
def dictionary(resource: str = "columns.csv") -> Mapping[str, tuple[Column, ...]]:
    """Read a data dictionary that ships with the package: columns by table, in order."""
    by_table: dict[str, list[Column]] = {}
    for row in csv.DictReader(_text_of(resource).splitlines()):
        by_table.setdefault(row["table"], []).append(_column(row))
    return {table: tuple(columns) for table, columns in by_table.items()}


@cache
def read(name: str) -> tuple[tuple[object, ...], ...]:
    """Read a table that ships with the package, in the order of its dictionary.

    Raises
    ------
    NotFound
        `unknown-table`: the dictionary has no such table.
    InputError
        The table is broken; every bad cell is listed.
    """
    columns = _columns_of(name)
    problems: list[Problem] = []
    remarks: list[Remark] = []
    lines = csv.reader(_text_of(f"{name}.csv").splitlines(keepends=True))
    rows = tuple(parse(lines, columns, file=f"{name}.csv", problems=problems, remarks=remarks, known=_known(columns)))
    undocumented = [Problem(file=f"{name}.csv", row=1, expected=f"{r.message}: document it") for r in remarks]
    problems += undocumented
    if problems:
        raise InputError.of(problems)
    return rows


def records(name: str) -> tuple[dict[str, Any], ...]:
    """Read a table that ships with the package, each row by column names; raises as `read` does."""
    names = [c.column for c in _columns_of(name)]
    return tuple(dict(zip(names, row, strict=True)) for row in read(name))


@cache
def digest() -> str:
    """Name the shipped reference data: 12 hexadecimal digits over every CSV and JSON file, in order of names."""
    total = hashlib.sha256()
    for entry in sorted(files("landport.reference").iterdir(), key=lambda e: e.name):
        if entry.name.endswith((".csv", ".json")):
            data = entry.read_bytes()
            total.update(f"{entry.name} {len(data)}\n".encode() + data)
    return total.hexdigest()[:12]


def _text_of(resource: str) -> str:
    return files("landport.reference").joinpath(resource).read_text(encoding="utf-8")


def _columns_of(name: str) -> tuple[Column, ...]:
    try:
        return dictionary()[name]
    except KeyError:
        raise NotFound("unknown-table", f"no reference table is called {name!r}", (name,)) from None


def _known(columns: Iterable[Column]) -> dict[str, frozenset[str]]:
    known = {}
    for target in {c.refers_to for c in columns if c.refers_to}:
        table, _, name = target.partition(".")
        known[target] = frozenset(str(row[name]) for row in records(table))
    return known


def _column(row: Mapping[str, str]) -> Column:
    return Column(
        table=row["table"],
        column=row["column"],
        type=row["type"],
        unit=row["unit"],
        required=row["required"] == "1",
        low=float(row["low"]) if row["low"] else None,
        high=float(row["high"]) if row["high"] else None,
        choices=tuple(filter(None, row["choices"].split("|"))),
        refers_to=row["refers_to"],
        meaning=row["meaning"],
        source=row["source"],
    )
