"""Where a scenario lies: a folder of CSV files or one Excel workbook, behind one face."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from landport.errors import InputError, Problem, Remark
from landport.exchange.caps import Caps
from landport.exchange.faults import NO_VALUE
from landport.exchange.text import ASSUMED, Rows, Unreadable, csv_rows, read_text
from landport.exchange.workbook import open_workbook, sheet_rows
from landport.reference.table import cell_text

SETTINGS = "scenario"
"""Sheet, or file with .toml, that holds the settings."""

DICTIONARY = "columns"
"""Sheet, or file with .csv, that documents the columns; never read."""


INSTANTS = ("start_at", "now_at")
"""Settings that are instants."""

RAILWAY = ZoneInfo("Asia/Shanghai")
"""Zone of Excel's dates, which state none."""


class Tables(Protocol):
    """Tables as their owner calls them."""

    def file(self, table: str) -> str:
        """Name the file or sheet of a table, for messages."""

    def tables(self) -> Sequence[str]:
        """List the tables that are there."""

    def rows(self, table: str, problems: list[Problem]) -> Rows:
        """Open a table; raises `Unreadable`."""


class Source(Tables, Protocol):
    """A scenario's files as its owner calls them.

    Parameters
    ----------
    where
        The folder or workbook, for messages.
    remarks
        What was assumed of the files read so far.
    """

    where: str
    remarks: list[Remark]

    def settings(self, problems: list[Problem]) -> Mapping[str, object]:
        """Read the raw settings; raises `Unreadable`."""

    def doubles(self, known: Sequence[str]) -> list[Problem]:
        """Complain about several files or sheets that are the same one of the known tables."""


class Folder:
    """A scenario as a folder: `scenario.toml` and one CSV file a table."""

    def __init__(self, path: Path, caps: Caps) -> None:
        self.where = str(path)
        self.remarks: list[Remark] = []
        self._path = path
        self._caps = caps
        self._files = sorted(f for f in path.iterdir() if f.suffix.lower() == ".csv")
        self._names = {f.stem.strip().lower(): f for f in self._files}

    def file(self, table: str) -> str:
        """Name the file of a table, for messages."""
        if table == SETTINGS:
            return f"{SETTINGS}.toml"
        return self._names[table].name if table in self._names else f"{table}.csv"

    def doubles(self, known: Sequence[str]) -> list[Problem]:
        """Complain about files that are the same table but for capital letters and spaces."""
        return _doubles([(f.stem, f.name) for f in self._files], known)

    def settings(self, problems: list[Problem]) -> Mapping[str, object]:
        """Read `scenario.toml`."""
        file = self.file(SETTINGS)
        if not (self._path / file).exists():
            expected = f"expected this file in {self.where}; it says which week and which hub are planned"
            raise Unreadable(Problem(file=file, expected=expected))
        text, encoding = read_text(self._path / file, self._caps)
        self._remark(file, encoding)
        try:
            return tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # no TOML, or thousands of digits or brackets
            raise Unreadable(Problem(file=file, expected=f"expected TOML; {error}")) from error

    def tables(self) -> Sequence[str]:
        """List the CSV files that are there."""
        return tuple(self._names)

    def rows(self, table: str, problems: list[Problem]) -> Rows:
        """Open a table."""
        rows = csv_rows(self._names[table], problems, self._caps)
        self._remark(self.file(table), rows.encoding)
        return rows

    def _remark(self, file: str, encoding: str) -> None:
        if encoding == ASSUMED:
            self.remarks.append(encoding_assumed(file))


def encoding_assumed(file: str) -> Remark:
    """Say that a file was read as GB18030."""
    text = f"{file} is no UTF-8 and was read as GB18030; if names in it look strange, save it as UTF-8"
    return Remark("encoding-assumed", text, (file,))


class Workbook:
    """A scenario as an Excel file: a sheet `scenario` of keys and values, and one sheet a table."""

    def __init__(self, path: Path, caps: Caps) -> None:
        self.where = str(path)
        self.remarks: list[Remark] = []
        self._name = path.name
        self._caps = caps
        self._book = open_workbook(path, caps)
        self._sheets = {name.strip().lower(): name for name in self._book.sheets.sheet_names}

    def file(self, table: str) -> str:
        """Name the sheet of a table, for messages."""
        return f"{self._name} sheet {self._sheets.get(table, table)}"

    def doubles(self, known: Sequence[str]) -> list[Problem]:
        """Complain about sheets that are the same table but for capital letters and spaces."""
        return _doubles([(name, f"{self._name} sheet {name!r}") for name in self._book.sheets.sheet_names], known)

    def settings(self, problems: list[Problem]) -> Mapping[str, object]:
        """Read the sheet `scenario`: a key in column A, its value in column B; numbers as the texts they show."""
        if SETTINGS not in self._sheets:
            raise Unreadable(Problem(file=self._name, expected=f"expected a sheet {SETTINGS} with keys and values"))
        rows = self.rows(SETTINGS, problems)
        file = self.file(SETTINGS)
        found: dict[str, object] = {}
        first: dict[str, int] = {}
        for row in rows:
            key, value = "_".join(str(row[0]).casefold().split()) if row else "", row[1] if len(row) > 1 else ""
            faults = rows.faults.get(rows.row, {}).values()
            problems += [_wrong(file, rows.row, key, text, NO_VALUE) for text in faults]
            if not key or (key, str(value).casefold().strip()) == ("key", "value"):
                continue
            if key in first:
                expected = f"expected each key once; row {first[key]} has it too"
                problems.append(_wrong(file, rows.row, key, cell_text(value), expected))
                continue
            first[key] = rows.row
            if key in INSTANTS and isinstance(value, date):
                value = self._in_zone(key, value)
            found[key] = value if isinstance(value, datetime) else cell_text(value)
        return found

    def _in_zone(self, key: str, value: date) -> datetime:
        """Give Excel's date, which has no zone, the one that a setting has: UTC for `start_at`, else the railway's."""
        zone = UTC if key == "start_at" else RAILWAY
        said = f"{self.file(SETTINGS)}: the date of {key} states no zone and is taken as {zone}"
        self.remarks.append(Remark("zone-assumed", said, (key,)))
        clock = value.time() if isinstance(value, datetime) else time()
        return datetime.combine(value, clock, zone)

    def tables(self) -> Sequence[str]:
        """List the sheets that are there."""
        return tuple(name for name in self._sheets if name != SETTINGS)

    def rows(self, table: str, problems: list[Problem]) -> Rows:
        """Open a table."""
        return sheet_rows(self._book, self._sheets[table], self.file(table), problems, self._caps)


def open_source(path: Path, caps: Caps) -> Source:
    """Open a scenario wherever it lies.

    Raises
    ------
    InputError
        `input`: nothing is there, or it is neither a folder nor an .xlsx file.
    """
    try:
        if path.is_dir():
            return Folder(path, caps)
        if path.suffix.lower() == ".xlsx":
            return Workbook(path, caps)
        what = "this file is neither" if path.exists() else "there is nothing of this name"
        if path.exists() and path.suffix.lower() == ".xls":
            what = "this is an old .xls file: save it as .xlsx in Excel"
    except Unreadable as error:
        raise InputError.of([error.problem]) from error
    except OSError as error:
        what = error.strerror or str(error)
    expected = f"expected a scenario: a folder with {SETTINGS}.toml and bookings.csv, or an .xlsx file; {what}"
    raise InputError.of([Problem(file=str(path), expected=expected)])


def _wrong(file: str, row: int, key: str, text: str, expected: str) -> Problem:
    return Problem(file=file, row=row, key=key or None, value=text, expected=expected)


def _doubles(names: Sequence[tuple[str, str]], known: Sequence[str]) -> list[Problem]:
    """Complain about tables that several names mean; each comes with what messages call it."""
    said: dict[str, list[str]] = {}
    for name, file in names:
        said.setdefault(name.strip().lower(), []).append(file)
    expected = "expected one of its name, whatever its letters; there are {}: rename or remove all but one"
    return [
        Problem(file=files[0], expected=expected.format(" and ".join(files)))
        for table, files in said.items()
        if len(files) > 1 and table in known
    ]


def strangers(source: Source, known: Sequence[str]) -> list[Remark]:
    """Remark on tables that nobody reads, such as a misspelt name."""
    return [
        Remark("unknown-table", f"{source.file(name)} is no table of a scenario and was ignored", (name,))
        for name in source.tables()
        if name not in (*known, DICTIONARY)
    ]


def opened(path: Path, caps: Caps, what: str) -> Folder:
    """Open a folder of tables.

    Parameters
    ----------
    what
        What was expected, for the message.

    Raises
    ------
    InputError
        `input`: there is none, or it cannot be read.
    """
    if path.is_dir():
        try:
            return Folder(path, caps)
        except OSError as error:
            why = error.strerror or str(error)
    else:
        why = "this is no folder" if path.exists() else "there is nothing of this name"
    raise InputError.of([Problem(file=str(path), expected=f"expected {what}; {why}")])
