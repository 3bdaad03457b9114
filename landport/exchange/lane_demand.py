"""Demand of lanes from a file: `from`, `to`, `teu_per_week`, `promise_days`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from landport.errors import InputError, LandportError, Problem, Remark
from landport.exchange.caps import CAPS, Caps
from landport.exchange.reading import column_names, in_order
from landport.exchange.single import OneTable
from landport.exchange.text import Rows, Unreadable
from landport.model.lanes import LaneDemand
from landport.model.places import Places

COLUMNS: Final = ("from", "to", "teu_per_week", "promise_days")
MOST_TEU: Final = 100_000
LEAST_TEU: Final = Decimal("0.1")
MOST_DAYS: Final = 60
LEAST_DAYS: Final = Decimal("0.5")


def read_lane_demand(
    path: Path, places: Places, *, promise_minutes: int, caps: Caps = CAPS
) -> tuple[tuple[LaneDemand, ...], tuple[Remark, ...]]:
    """Read lanes from a CSV file, or from a sheet `lanes` of an .xlsx workbook.

    Parameters
    ----------
    promise_minutes
        Of lanes whose `promise_days` is empty or not there.

    Raises
    ------
    InputError
        `input`: every wrong row is listed.
    """
    remarks: list[Remark] = []
    problems: list[Problem] = []
    source = OneTable(path, "lanes", caps, remarks)
    try:
        rows = source.rows("lanes", problems)
        reading = _Reading(source.file("lanes"), places, promise_minutes, problems)
        found = reading.lanes(rows)
    except Unreadable as error:
        raise InputError.of([*problems, error.problem]) from None
    if not found and not problems:
        problems.append(Problem(file=path.name, expected="expected at least one lane below the names of the columns"))
    if problems:
        raise InputError.of(in_order(problems))
    return tuple(found), tuple(remarks)


class _Reading:
    """Reads rows, and complains about those that say nothing."""

    def __init__(self, file: str, places: Places, promise_minutes: int, problems: list[Problem]) -> None:
        self._file, self._places, self._problems = file, places, problems
        self._promise_minutes = promise_minutes
        self._at: dict[str, int] = {}

    def lanes(self, rows: Rows) -> list[LaneDemand]:
        """Read all rows below the header."""
        names = column_names(next(rows, ()))
        lacking = [name for name in COLUMNS[:3] if name not in names]
        doubled = [name for name in COLUMNS if names.count(name) > 1]
        if lacking or doubled:
            expected = f"expected the columns {', '.join(COLUMNS)}, each once; promise_days may be left out"
            self._wrong(1, None, ", ".join(filter(None, names)), expected)
            return []
        self._at = {name: names.index(name) for name in COLUMNS if name in names}
        found: list[LaneDemand] = []
        first: dict[str, int] = {}
        for row in rows:
            if not any(_text(cell) for cell in row):
                continue
            number = rows.row
            lane = self._lane(row, number)
            if lane is None:
                continue
            if lane.lane_id in first:
                said = f"{lane.from_id} to {lane.to_id}"
                self._wrong(number, None, said, f"expected each lane once; it is in row {first[lane.lane_id]}, too")
                continue
            first[lane.lane_id] = number
            found.append(lane)
        return found

    def _lane(self, row: Sequence[object], number: int) -> LaneDemand | None:
        before = len(self._problems)
        from_id, to_id = self._place(row, number, "from"), self._place(row, number, "to")
        teu = self._number(row, number, "teu_per_week", LEAST_TEU, Decimal(MOST_TEU))
        days = None
        if self._cell(row, "promise_days"):
            days = self._number(row, number, "promise_days", LEAST_DAYS, Decimal(MOST_DAYS))
        if from_id and from_id == to_id:
            self._wrong(number, "to", self._cell(row, "to"), "expected another place than the one that it comes from")
        if len(self._problems) > before or teu is None:
            return None
        return LaneDemand(
            from_id=from_id,
            to_id=to_id,
            teu_milli=round(teu * 1000),
            promise_minutes=self._promise_minutes if days is None else round(days * 1440),
        )

    def _place(self, row: Sequence[object], number: int, column: str) -> str:
        text = self._cell(row, column)
        if not text:
            self._wrong(number, column, None, "expected a place")
            return ""
        try:
            return self._places.resolve(text).place_id
        except LandportError as error:
            self._wrong(number, column, text, f"expected a place; {error.message}")
            return ""

    def _number(self, row: Sequence[object], number: int, column: str, least: Decimal, most: Decimal) -> Decimal | None:
        text = self._cell(row, column)
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if value.is_finite() and least <= value <= most:
            return value
        self._wrong(number, column, text or None, f"expected a number from {least} to {most:,}")
        return None

    def _cell(self, row: Sequence[object], column: str) -> str:
        at = self._at.get(column, -1)
        return _text(row[at]) if 0 <= at < len(row) else ""

    def _wrong(self, row: int, column: str | None, value: str | None, expected: str) -> None:
        self._problems.append(Problem(file=self._file, row=row, column=column, value=value, expected=expected))


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()
