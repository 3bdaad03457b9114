"""One table at a time: typed rows, and a place to complain about them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from landport.errors import LISTED, LandportError, Problem, Remark
from landport.exchange.faults import NO_VALUE
from landport.exchange.source import Tables
from landport.exchange.text import Rows, Unreadable
from landport.model.scenario import FAR_MINUTES, World
from landport.reference import load, table

_MINUTE: Final = timedelta(minutes=1)
SERVICE_COLUMNS: Final = (
    *("service_id", "name", "mode", "group", "operation", "weekdays", "every_n_weeks", "week_offset"),
    *("depart_local", "cut_off_h", "min_feu", "fixed_usd", "no_run_on", "valid_from", "valid_to"),
)
"""Columns of the reference table `services` that a scenario states."""

LEG_COLUMNS: Final = (
    *("leg_id", "service_id", "seq", "from_id", "to_id", "mode", "gauge_mm", "train_class", "line_ids", "length_km"),
    *("running_h", "dwell_h", "capacity_teu", "max_length_m", "max_gross_t", "max_cargo_t", "co2_factor"),
    "usd_per_teu",
)
"""Columns of the reference table `service_legs` that a scenario states."""

_HOURS: Final = 2_000 * 60
_CENTS: Final = 10_000_000 * 100
MOST: Final = {
    "bookings.value_usd": 10**13,
    "services.fixed_usd": _CENTS,
    "service_legs.running_h": _HOURS,
    "service_legs.dwell_h": _HOURS,
    "service_legs.usd_per_teu": _CENTS,
}
"""Greatest values, as read, of columns that the reference tables leave open: sums of them fit whole numbers."""

_INSTEAD: Final = {
    "due_at": ("without a deadline write one a year ahead", timedelta(days=365)),
    "until_at": ("without an end write one a year ahead", timedelta(days=365)),
    "ready_at": ("for goods that are there already write", timedelta()),
    "from_at": ("for an order in force already write", timedelta()),
}
"""What to write instead of the first and the last day of the calendar, and how long after the start that is."""


class _AnyCase(Container[str]):
    """Ids that are known in capitals and in small letters."""

    def __init__(self, ids: Collection[str]) -> None:
        self._ids = {i.casefold(): i for i in ids}

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and text.casefold() in self._ids

    def id_of(self, text: str) -> str:
        """Write an id as it is known; another text stays."""
        return self._ids.get(text.casefold(), text)


class Reading:
    """What reading a scenario has found so far.

    Parameters
    ----------
    source
        Where its tables lie.
    start_at
        Minute 0.
    is_dated
        Whether that is said; else it is a guess, and no instant is called far from it.
    problems, remarks
        Collected over all tables.
    columns
        Of each table; None: those of a scenario.
    """

    def __init__(
        self,
        source: Tables,
        world: World,
        start_at: datetime,
        problems: list[Problem],
        remarks: list[Remark],
        *,
        is_dated: bool = True,
        columns: Mapping[str, Sequence[table.Column]] | None = None,
    ) -> None:
        self.world = world
        self.start_at = start_at
        self.is_dated = is_dated
        self._types = _AnyCase(world.container_types)
        self.problems = problems
        self.remarks = remarks
        self.known: dict[str, Container[str]] = {
            "containers.container_type": self._types,
            "countries.country": {row["country"] for row in table.records("countries")},
            "goods.goods_id": load.goods(),
            "lines.line_id": {line.line_id for line in world.network.lines},
            "parameters.name": {rate.rate_id for rate in world.rules.rates},
            "train_classes.train_class": {row["train_class"] for row in table.records("train_classes")},
        }
        self._source = source
        self._places: dict[str, tuple[str, str]] = {}
        self._n_unknown = 0
        self._columns = dictionary() if columns is None else columns

    def open(self, name: str, *, remember: str = "") -> Table:
        """Open a table; without it, or unreadable, it has no rows."""
        rows = None
        is_whole = True
        if name in self._source.tables():
            try:
                rows = self._source.rows(name, self.problems)
            except Unreadable as error:
                self.problems.append(error.problem)
                is_whole = False
        return Table(self, self._source.file(name), rows, self._columns[name], remember, is_whole=is_whole)

    def is_faulty(self, name: str) -> bool:
        """Tell whether anything of a table is wrong."""
        file = self._source.file(name)
        return any(p.file == file for p in self.problems)

    def container_type(self, text: str) -> str:
        """Write a container type as it is known, whatever letters a cell has."""
        return self._types.id_of(text)

    def place(self, text: str) -> tuple[str, str]:
        """Find the id of a place, or say what was expected."""
        found = self._places.get(text)
        if found is None:
            try:
                is_guessed = self._n_unknown < LISTED
                found = (self.world.network.places.resolve(text, is_guessed=is_guessed).place_id, "")
            except LandportError as error:
                self._n_unknown += 1  # messages show as many as that; guesses for thousands would take minutes
                found = ("", f"expected a place; {error.message}")
            self._places[text] = found
        return found


class Table(Iterator[tuple[Any, ...]]):
    """Good rows of a table, typed and in the order of the dictionary; bad ones become problems.

    Parameters
    ----------
    rows
        None: the table is not there, or unreadable.
    columns
        One of them is of type `id`.
    remember
        Column whose texts are kept in `seen`, of bad rows too, so that one bad row is not blamed twice; empty: the
        id.
    is_whole
        False: it is there, but unreadable.
    """

    def __init__(
        self,
        reading: Reading,
        file: str,
        rows: Rows | None,
        columns: Sequence[table.Column],
        remember: str,
        *,
        is_whole: bool = True,
    ) -> None:
        self._reading = reading
        self._file = file
        self._index = {c.column: i for i, c in enumerate(columns)}
        self._id = next(c.column for c in columns if c.type == "id")
        self._remember = remember or self._id
        self._numbers: dict[str, int] = {}  # rows that the table reader holds: it reads ahead
        self._is_read = False
        self.row: tuple[Any, ...] = ()
        """The row read last."""
        self.seen: set[str] = set()
        """Texts of the column to remember."""
        self.is_there = rows is not None or not is_whole
        """Whether there is such a table."""
        self.is_whole = is_whole
        """Whether `seen` has the texts of all rows: false where a table is cut short or lacks the column."""
        self._records: Iterator[tuple[Any, ...]] = iter(())
        header = next(rows, ()) if rows is not None else ()
        if rows is not None and not self._is_header(header):
            self.is_whole = False
        elif rows is not None:
            self._records = table.parse(
                self._watch(header, rows),
                columns,
                file=file,
                problems=reading.problems,
                remarks=reading.remarks,
                known=reading.known,
            )

    def __next__(self) -> tuple[Any, ...]:
        self.row = next(self._records)
        self._is_read = True
        return self.row

    @property
    def number(self) -> int | None:
        """Number of the row read last, as a spreadsheet shows it."""
        return self._numbers.get(self.cell(self._id))

    def cell(self, column: str) -> Any:
        """Return a cell of the row read last."""
        return self.row[self._index[column]]

    def wrong(self, column: str, expected: str) -> None:
        """Complain about a cell of the row read last."""
        value = self.cell(column)
        said = None if value is None else ";".join(value) if isinstance(value, tuple) else str(value)
        self.wrong_at(self.number, column, said, expected)

    def wrong_at(self, row: int | None, column: str, value: str | None, expected: str) -> None:
        """Complain about a cell of any row."""
        problem = Problem(file=self._file, row=row, column=column, value=value, expected=expected)
        self._reading.problems.append(problem)

    def place(self, column: str) -> str:
        """Find the id of the place that a cell names."""
        place_id, expected = self._reading.place(self.cell(column))
        if expected:
            self.wrong(column, expected)
        return place_id

    def find_place(self, text: str) -> tuple[str, str]:
        """Find the id of a place, or say what was expected."""
        return self._reading.place(text)

    def container_type(self, column: str) -> str:
        """Return the container type in a cell as it is known; empty where the cell is."""
        return self._reading.container_type(self.cell(column) or "")

    def minute(self, column: str) -> int:
        """Count the minutes from the scenario's start to the instant in a cell, seconds to the nearest minute."""
        instant: datetime = self.cell(column)
        minute = (instant - self._reading.start_at + _MINUTE / 2) // _MINUTE
        if abs(minute) <= FAR_MINUTES:
            return minute
        self._far(column, "an instant")
        return FAR_MINUTES + 1 if minute > 0 else -FAR_MINUTES - 1

    def day(self, column: str) -> date:
        """Return the day in a cell; complain where it is too far from the scenario's start."""
        day: date = self.cell(column)
        if abs((day - self._reading.start_at.date()).days) * 1440 > FAR_MINUTES:
            self._far(column, "a day")
        return day

    def _far(self, column: str, what: str) -> None:
        if not self._reading.is_dated:
            return
        start = self._reading.start_at
        expected = f"expected {what} within ten years of start_at, {start.date()}"
        if column in _INSTEAD:
            how, later = _INSTEAD[column]
            expected += f"; {how}, {(start + later).isoformat(timespec='minutes')}"
        self.wrong(column, expected)

    def check(self, column: str, rule: Callable[[str], str], text: str) -> str:
        """Put a text through a check of `units`; empty stays empty."""
        if not text:
            return ""
        try:
            return rule(text)
        except ValueError as error:
            self.wrong(column, str(error))
            return ""

    def among(self, column: str, text: str, known: Collection[str]) -> None:
        """Complain when a text is not one of the few that are known."""
        if text not in known:
            self.wrong(column, f"expected one of {', '.join(sorted(known))}")

    def _is_header(self, header: Sequence[object]) -> bool:
        """Tell whether any column is known, or none is named; else complain once instead of once a column."""
        names = column_names(header)
        if any(name in self._index for name in names) or not any(names):
            return True
        said = " ".join(filter(None, map(_said, header)))[:60]
        expected = f"expected the names of the columns in row 1: {', '.join(self._index)}"
        self._reading.problems.append(Problem(file=self._file, row=1, value=said, expected=expected))
        return False

    def _watch(self, header: Sequence[object], rows: Rows) -> Iterator[Sequence[object]]:
        yield header
        names = column_names(header)
        id_at, seen_at = (names.index(n) if names.count(n) == 1 else -1 for n in (self._id, self._remember))
        self.is_whole = seen_at >= 0
        add = self.seen.add
        for row in self._until_cut(rows):
            if rows.row in rows.faults:
                row = self._faulty(row, rows.row, names, rows.faults[rows.row])
            if self._is_read:
                self._numbers.clear()
                self._is_read = False
            if 0 <= id_at < len(row):
                self._numbers.setdefault(_said(row[id_at]), rows.row)
            if 0 <= seen_at < len(row):
                add(_said(row[seen_at]))
            yield row

    def _until_cut(self, rows: Rows) -> Iterator[Sequence[object]]:
        try:
            yield from rows
        except Unreadable as error:
            self.is_whole = False
            self._reading.problems.append(error.problem)

    def _faulty(
        self, row: Sequence[object], number: int, names: Sequence[str], faults: Mapping[int, str]
    ) -> Sequence[object]:
        """Complain about cells without a value in columns that are read; answers the row with their texts."""
        cells = list(row)
        for c, text in faults.items():
            if c < len(cells) and c < len(names) and names[c] in self._index:
                cells[c] = text
                self.wrong_at(number, names[c], text, NO_VALUE)
        return cells


def column_names(header: Sequence[object]) -> list[str]:
    """Write the names of a header as the dictionary has them: small letters, underscores for spaces."""
    return ["_".join(_said(name).replace("\ufeff", "").casefold().split()) for name in header]


def _said(cell: object) -> str:
    if isinstance(cell, str):
        return cell.strip()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def in_order(problems: list[Problem]) -> list[Problem]:
    """Sort problems by file and row; what follows from a cell without a value is said once."""
    faulty = {(p.file, p.row, p.column, p.key) for p in problems if p.expected == NO_VALUE}
    problems = [p for p in problems if p.expected == NO_VALUE or (p.file, p.row, p.column, p.key) not in faulty]
    files = {file: i for i, file in enumerate(dict.fromkeys(p.file for p in problems))}
    return sorted(problems, key=lambda p: (files[p.file], p.row or 0))


def dictionary() -> dict[str, Sequence[table.Column]]:
    """Collect the columns of every table that a scenario may have, in the order they are written."""
    shipped = table.dictionary("columns.csv")
    tables = {
        **table.dictionary("scenario_columns.csv"),
        "services": _chosen(shipped["services"], SERVICE_COLUMNS),
        "service_legs": _chosen(shipped["service_legs"], LEG_COLUMNS),
    }
    return {name: [_bounded(c) for c in columns] for name, columns in tables.items()}


def _chosen(columns: Sequence[table.Column], names: Sequence[str]) -> Sequence[table.Column]:
    by_name = {c.column: c for c in columns}
    return [by_name[name] for name in names]


def _bounded(column: table.Column) -> table.Column:
    most = MOST.get(f"{column.table}.{column.column}")
    return column if most is None else replace(column, high=most)
