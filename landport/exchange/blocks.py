"""A big CSV table, some thousand rows at a time and column by column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

import numpy as np

from landport.errors import Problem, Remark
from landport.exchange.reading import column_names
from landport.exchange.source import Folder
from landport.exchange.text import Rows, Unreadable
from landport.model.stop_times import Ints
from landport.reference import table
from landport.reference.table import cell_text

BLOCK: Final = 1 << 11
"""Rows of a block: few enough to stay in the processor's cache."""

BAD: Final = -2
"""What stands for a whole number that is wrong, so that the checks that follow pass it over."""

_WHOLE: Final = re.compile("0*([0-9]{1,18})")
_SHOWN: Final = 60

Row = Sequence[object]


class Block:
    """Some rows of a table, its cells by column; what is wrong with one becomes a problem.

    Parameters
    ----------
    numbers
        Of the rows, as a spreadsheet shows them.
    cells
        Texts of every column that is read, as they stand.
    """

    def __init__(
        self,
        file: str,
        columns: Mapping[str, table.Column],
        numbers: Sequence[int],
        cells: Mapping[str, Sequence[str]],
        problems: list[Problem],
    ) -> None:
        self.numbers = numbers
        self._file = file
        self._columns = columns
        self._cells = cells
        self._problems = problems

    def raw(self, column: str) -> Sequence[str]:
        """Return cells as they stand, blanks around them included."""
        return self._cells[column]

    def texts(self, column: str) -> list[str]:
        """Return cells without the blanks around them; an empty one in a column that needs a value is a problem."""
        found = list(map(str.strip, self._cells[column]))
        if self._columns[column].required and "" in found:
            for i, text in enumerate(found):
                if not text:
                    self.empty(i, column)
        return found

    def wholes(self, column: str, *, empty: int = BAD) -> Ints:
        """Read plain whole numbers from 0 to the most of the column.

        Parameters
        ----------
        empty
            What an empty cell means in a column that may have some.

        Returns
        -------
        Ints
            `BAD` where a cell is wrong.
        """
        cells = self._cells[column]
        most = int(self._columns[column].high or 0)
        found = _plain(cells)
        if found is None:
            found = _plain(list(map(str.strip, cells)))
        if found is None or (found > most).any():
            found = np.array([self._whole(i, column, most, empty) for i in range(len(cells))], dtype=np.int64)
        return found

    def wrong(self, i: int, column: str, expected: str) -> None:
        """Complain about a cell."""
        value = self._cells[column][i].strip()
        number = self.numbers[i]
        self._problems.append(Problem(file=self._file, row=number, column=column, value=value, expected=expected))

    def empty(self, i: int, column: str) -> None:
        """Complain about an empty cell."""
        self.wrong(i, column, f"expected a value: {self._columns[column].meaning}")

    def _whole(self, i: int, column: str, most: int, empty: int) -> int:
        text = self._cells[column][i].strip()
        if not text:
            if self._columns[column].required:
                self.empty(i, column)
            return empty
        digits = _WHOLE.fullmatch(text)
        value = int(digits[1]) if digits else most + 1
        if value <= most:
            return value
        self.wrong(i, column, f"expected a whole number from 0 to {most}, in digits only")
        return BAD


class Blocks:
    """A table of a folder, opened and read block by block; complaints and remarks go to the lists given.

    Parameters
    ----------
    name
        Of the table.
    columns
        All of them must be in the header; `required` says whether a cell must hold a value, `high` is the greatest
        whole number.
    """

    def __init__(
        self,
        folder: Folder,
        name: str,
        columns: Sequence[table.Column],
        problems: list[Problem],
        remarks: list[Remark],
    ) -> None:
        self.file = folder.file(name)
        self.is_whole = False
        """Whether all of it was read, every row with all cells; known once it has been read."""
        self._columns = {c.column: c for c in columns}
        self._problems = problems
        self._remarks = remarks
        self._rows: Rows | None = None
        self._names: list[str] = []
        if name not in folder.tables():
            expected = f"expected this file in {folder.where}, with the columns {', '.join(self._columns)}"
            problems.append(Problem(file=self.file, expected=expected))
            return
        try:
            rows = folder.rows(name, problems)
            header = next(rows, ())
        except Unreadable as error:
            problems.append(error.problem)
        else:
            self._names = self._read_header(header, columns)
            self._rows = rows if self._names else None

    def __iter__(self) -> Iterator[Block]:
        """Read the table, once; without a header that has all columns there is no block."""
        if self._rows is None:
            return
        self.is_whole = True
        rows, number = self._until_cut(self._rows), 2
        places = {column: self._names.index(column) for column in self._columns}
        while chunk := list(islice(rows, BLOCK)):
            numbers: Sequence[int] = range(number, number + len(chunk))
            number += len(chunk)
            if set(map(len, chunk)) != {len(self._names)} or not all(row[0] for row in chunk):
                numbers, chunk = self._fitted(numbers, chunk)
            if chunk:
                by_place = list(zip(*chunk, strict=True))
                cells = {column: by_place[place] for column, place in places.items()}
                yield Block(self.file, self._columns, numbers, cells, self._problems)

    def _read_header(self, header: Row, columns: Sequence[table.Column]) -> list[str]:
        """Name the columns; none where one is missing or there twice."""
        names = column_names(header)
        if any(names) and not any(name in self._columns for name in names):
            said = " ".join(filter(None, map(cell_text, header)))[:_SHOWN]
            expected = f"expected the names of the columns in row 1: {', '.join(self._columns)}"
            self._problems.append(Problem(file=self.file, row=1, value=said, expected=expected))
            return []
        n_before = len(self._problems)
        wanted = [replace(c, required=True) for c in columns]  # the column; its cells may be empty
        list(table.parse([header], wanted, file=self.file, problems=self._problems, remarks=self._remarks))
        while names and not names[-1]:
            names.pop()
        return names if len(self._problems) == n_before else []

    def _until_cut(self, rows: Rows) -> Iterator[Row]:
        try:
            yield from rows
        except Unreadable as error:
            self.is_whole = False
            self._problems.append(error.problem)

    def _fitted(self, numbers: Sequence[int], chunk: Sequence[Row]) -> tuple[Sequence[int], list[Row]]:
        """Drop rows that say nothing and give each the width of the header; cells beyond it are a problem."""
        width = len(self._names)
        kept: list[int] = []
        rows: list[Row] = []
        for number, row in zip(numbers, chunk, strict=True):
            if not any(map(cell_text, row)):
                continue
            if beyond := list(filter(None, map(cell_text, row[width:]))):
                expected = f"expected {width} cells, as many as the header has"
                self._problems.append(
                    Problem(file=self.file, row=number, value=" ".join(beyond), expected=expected),
                )
            kept.append(number)
            rows.append([*row[:width], *[""] * (width - len(row))])
        return kept, rows


def _plain(cells: Sequence[str]) -> Ints | None:
    """Read cells that are digits only; None where one is not, or far too great."""
    joined = "".join(cells)
    if not (joined.isascii() and joined.isdigit()):
        return None
    try:
        return np.array(list(map(int, cells)), dtype=np.int64)
    except (ValueError, OverflowError):  # an empty cell, thousands of digits; more than 63 bits
        return None
