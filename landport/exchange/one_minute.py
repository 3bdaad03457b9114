"""Legs that take no time: the order in which one can be caught from another in the same minute, and circles of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from landport.exchange.legs import Flags, Legs
from landport.model.stop_times import Ints, Stops

_FAR: Final = 1 << 31
"""More than any minute."""

Circle = tuple[int, ...]
"""Indices of legs that can be caught one from the other, and the first from the last."""


def timed(legs: Legs, stops: Stops) -> tuple[Ints, list[Circle]]:
    """Order legs by departure, legs of no duration first in a minute, each before those that can be caught from it.

    Parameters
    ----------
    legs
        Ordered by trip and seq; wrong ones feed nothing.

    Returns
    -------
    tuple[Ints, list[Circle]]
        The order, as indices; and circles, which share no leg: without all their legs there would be none. With
        circles the order means nothing.

    Notes
    -----
    A leg can be caught from the one before it in its trip, and from a leg of another trip that arrives where it starts
    if changing takes 0 minutes there. Topological order (Kahn 1962) of the legs that can be changed to or from in
    their minute; other legs keep the order of their trip. O(legs log legs). Deterministic.
    """
    columns = (legs.trip, legs.seq, legs.from_stop, legs.to_stop, legs.departs_at, legs.gauge)
    is_whole = np.logical_and.reduce([c >= 0 for c in columns])
    is_short = is_whole & (legs.departs_at == legs.arrives_at)
    short = np.flatnonzero(is_short)
    stays = np.zeros(len(short), dtype=np.bool_)
    stays[1:] = _stays(legs, short[:-1], short[1:])
    run = np.cumsum(~stays) - 1
    rank = np.full(len(is_short), np.iinfo(np.int64).max)
    first = np.flatnonzero(~stays)
    rank[short] = np.arange(len(short)) - first[run] if len(short) else 0
    chosen = _is_fed(legs, stops, short, run)
    web = _Web(legs, stops, short[chosen], stays[chosen])
    placed = web.placed()
    rank[placed] = np.arange(len(placed))
    return np.lexsort((rank, legs.departs_at)), web.circles


def _stays(legs: Legs, before: Ints, leg: Ints) -> Flags:
    """Tell whether legs are those after others in their trip, in the same minute."""
    stays: Flags = (
        (legs.trip[leg] == legs.trip[before])
        & (legs.seq[leg] == legs.seq[before] + 1)
        & (legs.from_stop[leg] == legs.to_stop[before])
        & (legs.departs_at[leg] == legs.departs_at[before])
    )
    return stays


def _is_fed(legs: Legs, stops: Stops, short: Ints, run: Ints) -> Flags:
    """Tell of legs of no duration whether their run of staying on begins or ends changes that take no time."""
    is_open = (stops.transfer_minutes == 0) | (stops.gauge_minutes == 0)
    start, end = legs.from_stop[short], legs.to_stop[short]
    minute = legs.departs_at[short]
    leaves, arrives = start * _FAR + minute, end * _FAR + minute
    live = np.intersect1d(leaves[is_open[start]], arrives[is_open[end]])
    touches = np.isin(leaves, live) | np.isin(arrives, live)
    fed = np.zeros(len(short), dtype=np.bool_)
    fed[run[touches]] = True
    return fed[run]


class _Web:
    """Legs of no duration between stops where changes take no time.

    Parameters
    ----------
    chosen
        Indices of the legs, ordered by trip and seq.
    stays
        Whether each is the next of its trip after the one before.
    """

    def __init__(self, legs: Legs, stops: Stops, chosen: Ints, stays: Flags) -> None:
        self.circles: list[Circle] = []
        self._index = chosen.tolist()
        self._stays = [*stays.tolist(), False]
        self._trip, self._gauge = legs.trip[chosen].tolist(), legs.gauge[chosen].tolist()
        start, end, minute = legs.from_stop[chosen], legs.to_stop[chosen], legs.departs_at[chosen]
        self._same = (stops.transfer_minutes[start] == 0).tolist()
        self._other = (stops.gauge_minutes[start] == 0).tolist()
        self._leaves, self._arrives = (start * _FAR + minute).tolist(), (end * _FAR + minute).tolist()
        self._is_placed = [False] * len(self._index)
        self._is_next = [False] * len(self._index)
        self._next: list[int] = []
        self._n_placed = 0
        self._starts: dict[int, dict[int, list[int]]] = {}  # by stop and minute, and gauge
        self._ends: dict[int, dict[int, list[int]]] = {}
        self._open: dict[int, dict[int, dict[int, int]]] = {}  # legs to come by stop and minute, gauge, trip
        for i, (gauge, trip) in enumerate(zip(self._gauge, self._trip, strict=True)):
            self._starts.setdefault(self._leaves[i], {}).setdefault(gauge, []).append(i)
            trips = self._open.setdefault(self._arrives[i], {}).setdefault(gauge, {})
            trips[trip] = trips.get(trip, 0) + 1
        for i in reversed(range(len(self._gauge))):  # the last of a list is asked first
            self._ends.setdefault(self._arrives[i], {}).setdefault(self._gauge[i], []).append(i)

    def placed(self) -> Ints:
        """Order the legs; where they feed each other, note the circle and go on without it."""
        self._free(range(len(self._index)))
        self._place_all()
        for i in range(len(self._index)):
            if not self._is_placed[i]:
                self._break_circles(i)
        return np.array([self._index[i] for i in self._next], dtype=np.int64)

    def _break_circles(self, first: int) -> None:
        """Go back from a leg that waits until one comes again, which makes a circle; again, until it waits no more."""
        path, at = [first], {first: 0}
        while path:
            feeder = self._feeder(path[-1])
            if feeder not in at:
                at[feeder] = len(path)
                path.append(feeder)
                continue
            circle = path[at[feeder] :][::-1]
            self.circles.append(tuple(self._index[i] for i in circle))
            for i in circle:
                self._is_next[i] = True
            self._next += circle
            self._place_all()
            while path and self._is_placed[path[-1]]:
                del at[path.pop()]

    def _place_all(self) -> None:
        """Place what waits no more, and what can be placed then."""
        while self._n_placed < len(self._next):
            self._place(self._next[self._n_placed])
            self._n_placed += 1

    def _free(self, legs: Iterable[int]) -> None:
        """Note legs that nothing still to come feeds."""
        for i in legs:
            if not self._is_next[i] and not self._waits(i):
                self._is_next[i] = True
                self._next.append(i)

    def _waits(self, i: int) -> bool:
        if self._stays[i] and not self._is_placed[i - 1]:
            return True
        gauges = self._open.get(self._leaves[i], {})
        trips = gauges.get(self._gauge[i], {})
        if self._same[i] and len(trips) > (self._trip[i] in trips):
            return True
        return self._other[i] and len(gauges) > (self._gauge[i] in gauges)

    def _place(self, i: int) -> None:
        """Take a leg out of those to come; each stop and minute is looked at again a few times at most."""
        self._is_placed[i] = True
        if self._stays[i + 1]:
            self._free((i + 1,))
        gauge, trip = self._gauge[i], self._trip[i]
        starts = self._starts.get(self._arrives[i], {})
        gauges = self._open[self._arrives[i]]
        trips = gauges[gauge]
        trips[trip] -= 1
        if trips[trip]:
            return
        del trips[trip]
        if len(trips) <= 1:
            self._free(starts.get(gauge, ()))
        if not trips:
            del gauges[gauge]
            if len(gauges) == 1:
                self._free(starts.get(next(iter(gauges)), ()))
            elif not gauges:
                for legs in starts.values():
                    self._free(legs)

    def _feeder(self, i: int) -> int:
        """Find a leg to come from which a waiting one can be caught."""
        if self._stays[i] and not self._is_placed[i - 1]:
            return i - 1
        for gauge in self._open[self._leaves[i]]:
            is_same = gauge == self._gauge[i]
            ends = self._ends[self._leaves[i]][gauge]
            while self._is_placed[ends[-1]]:
                ends.pop()
            if self._same[i] if is_same else self._other[i]:
                for k in reversed(ends):
                    if not self._is_placed[k] and not (is_same and self._trip[k] == self._trip[i]):
                        return k
        raise AssertionError("a leg that waits is fed")
