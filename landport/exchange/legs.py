"""Legs of a plain timetable as arrays, and what must hold between the legs of a trip."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landport.errors import Problem
from landport.exchange.blocks import BAD, Block, Blocks
from landport.model.stop_times import Ints
from landport.reference.table import Column

Flags = NDArray[np.bool_]

MOST_MINUTES: Final = 10**9
"""Greatest minute: nineteen centuries; sums of two million of them fit whole numbers."""

MOST_MONEY: Final = 10**12
"""Greatest price of a leg or a change; sums of two million of them fit whole numbers."""

MOST_SEQ: Final = 10**9
"""Greatest number of a leg, and greatest gauge."""


def column(
    table: str, name: str, kind: str, meaning: str, high: int | None = None, *, may_be_empty: bool = False
) -> Column:
    """Describe a column of the plain timetable; `high` is the greatest whole number."""
    return Column(
        table=table,
        column=name,
        type=kind,
        unit="",
        required=not may_be_empty,
        low=None if high is None else 0,
        high=high,
        choices=(),
        refers_to="",
        meaning=meaning,
        source="house",
    )


DEPARTURES: Final = (
    column("departures", "trip", "text", "The trip that the leg is one of"),
    column("departures", "seq", "int", "Number of the leg in its trip; the next leg has the next number", MOST_SEQ),
    column("departures", "from", "text", "The stop where the leg starts"),
    column("departures", "to", "text", "The stop where the leg ends"),
    column("departures", "dep_min", "int", "Whole minute of departure", MOST_MINUTES),
    column("departures", "arr_min", "int", "Whole minute of arrival", MOST_MINUTES),
    column("departures", "cost", "int", "What riding the leg costs, in whole money", MOST_MONEY),
    column("departures", "gauge", "int", "Gauge in whole mm, such as 1435; one for all legs of a trip", MOST_SEQ),
)
"""Columns of `departures.csv`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Legs:
    """Legs as they are read; all arrays have shape (n,), and negative numbers where a cell is wrong.

    Parameters
    ----------
    row
        Number of the row in the file.
    """

    row: Ints
    trip: Ints
    seq: Ints
    from_stop: Ints
    to_stop: Ints
    departs_at: Ints
    arrives_at: Ints
    cost: Ints
    gauge: Ints

    def taken(self, order: Ints) -> Legs:
        """Choose and order legs."""
        return Legs(**{f.name: getattr(self, f.name)[order] for f in fields(self)})


class LegTable:
    """Reads `departures.csv` into arrays.

    Parameters
    ----------
    stop_of
        Index of each stop that `stops.csv` names.
    has_all_stops
        False: others may have been meant, so that no stop is called unknown.
    """

    def __init__(self, blocks: Blocks, stop_of: dict[str, int], *, has_all_stops: bool) -> None:
        self._stop_of = stop_of
        self._has_all_stops = has_all_stops
        self._trip_of: defaultdict[str, int] = defaultdict()
        self._trip_of.default_factory = self._trip_of.__len__
        parts = [self._legs(block) for block in blocks]
        self.legs, self.trip_ids = self._by_name(parts)

    def _legs(self, block: Block) -> Legs:
        legs = Legs(
            row=np.array(block.numbers, dtype=np.int64),
            trip=self._trips(block),
            seq=block.wholes("seq"),
            from_stop=self._stops(block, "from"),
            to_stop=self._stops(block, "to"),
            departs_at=block.wholes("dep_min"),
            arrives_at=block.wholes("arr_min"),
            cost=block.wholes("cost"),
            gauge=block.wholes("gauge"),
        )
        for i in np.flatnonzero((legs.from_stop == legs.to_stop) & (legs.from_stop >= 0)).tolist():
            block.wrong(i, "to", "expected another stop than in the column from")
        for i in np.flatnonzero((legs.arrives_at < legs.departs_at) & (legs.arrives_at >= 0)).tolist():
            block.wrong(i, "arr_min", f"expected {legs.departs_at[i]} or later: the leg departs then")
        return legs

    def _trips(self, block: Block) -> Ints:
        names = block.texts("trip")
        if "" in names:
            return np.array([self._trip_of[name] if name else BAD for name in names], dtype=np.int64)
        return np.array(list(map(self._trip_of.__getitem__, names)), dtype=np.int64)

    def _stops(self, block: Block, name: str) -> Ints:
        index = list(map(self._stop_of.get, block.raw(name)))
        if None in index:
            return np.array([self._stop(block, i, name) for i in range(len(index))], dtype=np.int64)
        return np.array(index, dtype=np.int64)

    def _stop(self, block: Block, i: int, name: str) -> int:
        text = block.raw(name)[i].strip()
        found = self._stop_of.get(text)
        if found is not None:
            return found
        if not text:
            block.empty(i, name)
        elif self._has_all_stops:
            block.wrong(i, name, "expected a stop of stops.csv")
        return BAD

    def _by_name(self, parts: list[Legs]) -> tuple[Legs, tuple[str, ...]]:
        """Join the parts; trips are numbered in the order of their names, whatever the order of the rows."""
        trip_ids = sorted(self._trip_of)
        rank = np.empty(len(trip_ids), dtype=np.int64)
        rank[[self._trip_of[name] for name in trip_ids]] = np.arange(len(trip_ids))
        joined = {}
        for f in fields(Legs):
            arrays = [getattr(part, f.name) for part in parts]
            joined[f.name] = np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)
        trip = joined["trip"]
        known = trip >= 0
        trip[known] = rank[trip[known]]
        return Legs(**joined), tuple(trip_ids)


class TripCheck:
    """Finds legs of a trip that do not follow each other.

    Parameters
    ----------
    legs
        Ordered by trip and seq.
    """

    def __init__(self, file: str, legs: Legs, trip_ids: tuple[str, ...], stop_ids: tuple[str, ...]) -> None:
        self._file = file
        self._legs = legs
        self._trip_ids = trip_ids
        self._stop_ids = stop_ids

    def problems(self) -> list[Problem]:
        """List what is wrong, with the row of the later leg; what follows from a wrong cell is not told."""
        legs = self._legs
        whole = self._whole_trips()
        before, leg = slice(None, -1), slice(1, None)
        pair = (legs.trip[before] == legs.trip[leg]) & whole[leg]
        step = legs.seq[leg] - legs.seq[before]
        follows = pair & (step == 1)
        start, end = legs.from_stop[leg], legs.to_stop[before]
        leaves, arrived = legs.departs_at[leg], legs.arrives_at[before]
        found = [self._twice(i) for i in _where(pair & (step == 0))]
        found += [self._gap(i) for i in _where(pair & (step > 1))]
        found += [self._elsewhere(i) for i in _where(follows & (start != end) & (start >= 0) & (end >= 0))]
        found += [self._backwards(i) for i in _where(follows & (leaves < arrived) & (leaves >= 0))]
        return found + self._gauges()

    def _whole_trips(self) -> Flags:
        """Tell of each leg whether the numbers of all legs of its trip are known."""
        n = len(self._trip_ids)
        trip = np.where(self._legs.trip < 0, n, self._legs.trip)
        is_whole = np.ones(n + 1, dtype=np.bool_)
        is_whole[trip[self._legs.seq < 0]] = False
        is_whole[n] = False  # legs of no trip
        return is_whole[trip]

    def _gauges(self) -> list[Problem]:
        legs = self._legs
        if not len(legs.trip):
            return []
        is_first = np.concatenate(([True], legs.trip[1:] != legs.trip[:-1]))
        first = np.maximum.accumulate(np.where(is_first, np.arange(len(is_first)), 0))
        known = (legs.trip >= 0) & (legs.gauge >= 0) & (legs.gauge[first] >= 0)
        other = np.flatnonzero(known & (legs.gauge != legs.gauge[first])).tolist()
        text = "expected {}, as in row {}: all legs of trip {} have one gauge"
        return [
            self._wrong(i, "gauge", legs.gauge[i], text.format(legs.gauge[k], legs.row[k], self._trip(i)))
            for i, k in zip(other, first[other].tolist(), strict=True)
        ]

    def _twice(self, i: int) -> Problem:
        expected = f"expected each seq of trip {self._trip(i)} once; row {self._legs.row[i - 1]} has it too"
        return self._wrong(i, "seq", self._legs.seq[i], expected)

    def _gap(self, i: int) -> Problem:
        legs = self._legs
        told = f"trip {self._trip(i)} has {legs.seq[i - 1]} in row {legs.row[i - 1]}, and its legs follow each other"
        return self._wrong(i, "seq", legs.seq[i], f"expected {legs.seq[i - 1] + 1}: {told}")

    def _elsewhere(self, i: int) -> Problem:
        legs = self._legs
        end = self._stop_ids[legs.to_stop[i - 1]]
        expected = f"expected {end}, where the leg before of trip {self._trip(i)} ends, row {legs.row[i - 1]}"
        return self._wrong(i, "from", self._stop_ids[legs.from_stop[i]], expected)

    def _backwards(self, i: int) -> Problem:
        legs = self._legs
        expected = (
            f"expected {legs.arrives_at[i - 1]} or later, when the leg before of trip {self._trip(i)} arrives, "
            f"row {legs.row[i - 1]}"
        )
        return self._wrong(i, "dep_min", legs.departs_at[i], expected)

    def _trip(self, i: int) -> str:
        return self._trip_ids[int(self._legs.trip[i])]

    def _wrong(self, i: int, name: str, value: object, expected: str) -> Problem:
        return Problem(file=self._file, row=int(self._legs.row[i]), column=name, value=str(value), expected=expected)


def _where(later: Flags) -> list[int]:
    """List the later legs of the pairs that are marked."""
    found: list[int] = (np.flatnonzero(later) + 1).tolist()
    return found
