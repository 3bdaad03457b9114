"""The plain timetable: a folder with `stops.csv` and `departures.csv`, checked as a whole."""

from __future__ import annotations

import re
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np

from landport.errors import InputError, Problem, Remark
from landport.exchange.blocks import Block, Blocks
from landport.exchange.caps import CAPS, Caps
from landport.exchange.legs import DEPARTURES, MOST_MINUTES, MOST_MONEY, Legs, LegTable, TripCheck, column
from landport.exchange.one_minute import Circle, timed
from landport.exchange.reading import in_order
from landport.exchange.source import opened
from landport.model.stop_times import NEVER, Stops, StopTimes

STOPS: Final = (
    column("stops", "stop", "text", "Your name of the stop"),
    column("stops", "name", "text", "What people call it", may_be_empty=True),
    column("stops", "region", "text", "Where it is", may_be_empty=True),
    column("stops", "lon", "text", "Longitude in degrees", may_be_empty=True),
    column("stops", "lat", "text", "Latitude in degrees", may_be_empty=True),
    column("stops", "transfer_min", "int", "Whole minutes of changing to a trip of the same gauge", MOST_MINUTES),
    column("stops", "transfer_cost", "int", "What that costs, in whole money", MOST_MONEY),
    column("stops", "gauge_min", "int", "Whole minutes of changing the gauge", MOST_MINUTES, may_be_empty=True),
    column("stops", "gauge_cost", "int", "What that costs, in whole money", MOST_MONEY, may_be_empty=True),
)
"""Columns of `stops.csv`."""

_FILES: Final = ("stops", "departures")
_DEGREES: Final = re.compile(r"[+-]?([0-9]{1,3}\.?[0-9]{0,20}|\.[0-9]{1,20})([eE]-[0-9]{1,2})?")
_SHOWN: Final = 20
"""Rows of a circle that a message names."""


def read_stop_times(folder: Path, *, caps: Caps = CAPS) -> tuple[StopTimes, tuple[Remark, ...]]:
    """Read a plain timetable.

    Returns
    -------
    tuple[StopTimes, tuple[Remark, ...]]
        The timetable, stops in the order of their rows, trips by name; and what was ignored or assumed.

    Raises
    ------
    InputError
        `input`: every wrong row is listed; of legs that feed each other in a circle within a minute, the rows.

    Notes
    -----
    Whole numbers are digits only, minutes from 0 to 10**9, money to 10**12. O(rows log rows).
    """
    problems: list[Problem] = []
    remarks: list[Remark] = []
    source = opened(folder, caps, "a timetable: a folder with stops.csv and departures.csv")
    problems += source.doubles(_FILES)
    table = _StopTable(Blocks(source, "stops", STOPS, problems, remarks), problems)
    blocks = Blocks(source, "departures", DEPARTURES, problems, remarks)
    read = LegTable(blocks, table.stop_of, has_all_stops=table.is_whole)
    legs = read.legs.taken(np.lexsort((read.legs.seq, read.legs.trip)))
    if blocks.is_whole:
        problems += TripCheck(blocks.file, legs, read.trip_ids, table.stops.stop_ids).problems()
    order, circles = timed(legs, table.stops)
    problems += [_circle(blocks.file, legs, circle) for circle in circles]
    if problems:
        raise InputError.of(in_order(problems))
    if not len(legs.trip):
        text = f"{blocks.file} has no departures: nothing runs in this timetable"
        remarks.append(Remark("no-departures", text, (blocks.file,)))
    return _stop_times(table.stops, read.trip_ids, legs.taken(order)), (*source.remarks, *remarks)


class _StopTable:
    """Reads `stops.csv`.

    Parameters
    ----------
    problems
        Filled.
    """

    def __init__(self, blocks: Blocks, problems: list[Problem]) -> None:
        self.stop_of: dict[str, int] = {}
        """Index of each stop, also of one whose row is wrong."""
        n_before = len(problems)
        self._rows: list[int] = []
        self.stops = _joined([self._stops(block) for block in blocks])
        self.is_whole = blocks.is_whole
        """Whether there is no other stop."""
        if blocks.is_whole and not self._rows and len(problems) == n_before:
            expected = "expected at least one stop below the names of the columns"
            problems.append(Problem(file=blocks.file, expected=expected))

    def _stops(self, block: Block) -> Stops:
        names = block.texts("stop")
        for i, name in enumerate(names):
            first = self.stop_of.setdefault(name, len(self._rows)) if name else len(self._rows)
            if first < len(self._rows):
                block.wrong(i, "stop", f"expected each stop once; row {self._rows[first]} has it too")
            self._rows.append(block.numbers[i])
        stops = Stops(
            stop_ids=tuple(names),
            names=tuple(block.texts("name")),
            regions=tuple(block.texts("region")),
            lons=np.array(_degrees(block, "lon", 180)),
            lats=np.array(_degrees(block, "lat", 90)),
            transfer_minutes=block.wholes("transfer_min"),
            transfer_cost=block.wholes("transfer_cost"),
            gauge_minutes=block.wholes("gauge_min", empty=NEVER),
            gauge_cost=block.wholes("gauge_cost", empty=NEVER),
        )
        for i in np.flatnonzero((stops.gauge_cost == NEVER) & (stops.gauge_minutes >= 0)).tolist():
            block.wrong(i, "gauge_cost", "expected a value: the gauge can be changed there, gauge_min says")
        np.maximum(stops.gauge_cost, 0, out=stops.gauge_cost)
        _expect_both(block)
        return stops


def _degrees(block: Block, column: str, most: int) -> list[float]:
    found = []
    for i, text in enumerate(block.texts(column)):
        value = float(text) if _DEGREES.fullmatch(text) else np.nan
        if text and not -most <= value <= most:
            block.wrong(i, column, f"expected degrees from {-most} to {most}, e.g. 12.5, or nothing")
        found.append(value)
    return found


def _expect_both(block: Block) -> None:
    for i, (lon, lat) in enumerate(zip(block.texts("lon"), block.texts("lat"), strict=True)):
        if bool(lon) != bool(lat):
            block.wrong(i, "lat" if lon else "lon", "expected degrees: lon and lat are both there, or both empty")


def _joined(parts: list[Stops]) -> Stops:
    """Put stops one after the other."""
    parts = [_NONE, *parts]
    joined: dict[str, Any] = {}
    for f in fields(Stops):
        values = [getattr(part, f.name) for part in parts]
        is_text = isinstance(values[0], tuple)
        joined[f.name] = tuple(chain.from_iterable(values)) if is_text else np.concatenate(values)
    return Stops(**joined)


_NONE: Final = Stops(
    stop_ids=(),
    names=(),
    regions=(),
    lons=np.zeros(0),
    lats=np.zeros(0),
    transfer_minutes=np.zeros(0, dtype=np.int64),
    transfer_cost=np.zeros(0, dtype=np.int64),
    gauge_minutes=np.zeros(0, dtype=np.int64),
    gauge_cost=np.zeros(0, dtype=np.int64),
)


def _circle(file: str, legs: Legs, circle: Circle) -> Problem:
    rows = legs.row[list(circle)].tolist()
    first = rows.index(min(rows))
    rows = rows[first:] + rows[:first]
    said = ", ".join(map(str, rows[:_SHOWN])) + (f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else "")
    minute = legs.departs_at[circle[0]]
    expected = f"expected time to pass: in minute {minute} each of the rows {said} is caught from the one before it"
    return Problem(
        file=file,
        row=rows[0],
        column="arr_min",
        value=str(minute),
        expected=f"{expected}, and the first from the last; let a leg or a change take a minute",
    )


def _stop_times(stops: Stops, trip_ids: tuple[str, ...], legs: Legs) -> StopTimes:
    return StopTimes(
        stops=stops,
        trip_ids=trip_ids,
        trip=legs.trip,
        seq=legs.seq,
        from_stop=legs.from_stop,
        to_stop=legs.to_stop,
        departs_at=legs.departs_at,
        arrives_at=legs.arrives_at,
        cost=legs.cost,
        gauge=legs.gauge,
    )
