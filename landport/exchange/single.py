"""A file that is one table: CSV, or a sheet of an .xlsx workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from landport.errors import Problem, Remark
from landport.exchange.caps import Caps
from landport.exchange.reading import Reading
from landport.exchange.source import encoding_assumed
from landport.exchange.text import ASSUMED, Rows, Unreadable, csv_rows
from landport.exchange.workbook import open_workbook, sheet_rows
from landport.model.scenario import World
from landport.reference import table

_START: Final = datetime(2024, 1, 1, tzinfo=UTC)
"""No column of these tables is an instant, so that any start will do."""


class OneTable:
    """A table in a file of its own.

    Parameters
    ----------
    name
        What its dictionary calls it; of a workbook the sheet of this name is read, or else the first one.
    """

    def __init__(self, path: Path, name: str, caps: Caps, remarks: list[Remark]) -> None:
        self._path, self._name, self._caps, self._remarks = path, name, caps, remarks
        self._file = path.name or str(path)

    def file(self, table: str) -> str:
        """Name the file, for messages."""
        return self._file

    def tables(self) -> Sequence[str]:
        """List the one table."""
        return (self._name,)

    def rows(self, table: str, problems: list[Problem]) -> Rows:
        """Open the table; raises `Unreadable`."""
        ending = self._path.suffix.lower()
        if ending == ".xls":
            expected = "expected a .csv or .xlsx file; this is an old .xls file: save it as .xlsx in Excel"
            raise Unreadable(Problem(file=self._file, expected=expected))
        if ending == ".xlsx":
            return self._sheet(problems)
        rows = csv_rows(self._path, problems, self._caps)
        if rows.encoding == ASSUMED:
            self._remarks.append(encoding_assumed(self._file))
        return rows

    def _sheet(self, problems: list[Problem]) -> Rows:
        book = open_workbook(self._path, self._caps)
        names = book.sheets.sheet_names
        sheet = next((n for n in names if n.strip().casefold() == self._name), names[0])
        self._file = f"{self._path.name} sheet {sheet}"
        return sheet_rows(book, sheet, self._file, problems, self._caps)


def one_table(path: Path, name: str, world: World, caps: Caps) -> Reading:
    """Make ready to read a file that is one table of `load_columns.csv`."""
    remarks: list[Remark] = []
    columns: Mapping[str, Sequence[table.Column]] = table.dictionary("load_columns.csv")
    return Reading(OneTable(path, name, caps, remarks), world, _START, [], remarks, columns=columns)
