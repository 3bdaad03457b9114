"""Ways through a plain timetable: the earliest arrival and the Pareto front of arrival, cost and gauge changes."""

from __future__ import annotations

import numpy as np

from landport.model.stop_times import StopTimes, StopWay, StopWays
from landport.route import _kernel_backward, _kernel_forward, _kernel_pareto
from landport.route._kernel_table import NEVER, Ints
from landport.route.tables import of_stop_times

ROOM = (1 << 18, 1 << 21, 1 << 24)
"""Entries a search has room for; when it runs out of them, the next."""

EPS = (720, 100, 0)
"""Minutes, money and gauge changes by which a way left out may be better than one kept, unless told otherwise."""


class Plain:
    """A plain timetable, laid out once for any number of questions.

    Parameters
    ----------
    times
        Checked stops and legs.
    """

    def __init__(self, times: StopTimes) -> None:
        self.times = times
        self._graph = of_stop_times(times)
        self._stop_of = {stop: i for i, stop in enumerate(times.stops.stop_ids)}
        self._free = np.zeros(len(times.trip), np.int64)
        self._rows: list[list[int]] = [[] for _ in times.stops.stop_ids]
        for row, stop in enumerate(self._graph.table.place.tolist()):
            self._rows[stop].append(row)

    def ways(self, from_id: str, to_id: str, at: int, *, eps: tuple[int, int, int] = EPS) -> StopWays:
        """Answer the earliest arrival and the Pareto front for a load that is ready at minute `at`.

        Parameters
        ----------
        eps
            Minutes, cost and gauge changes; all 0: the exact front.

        Raises
        ------
        KeyError
            No such stop.

        Notes
        -----
        A load that is at its stop already has arrived: no legs, no cost. O(n) a question, and what the front takes.
        """
        origin, target = self._stop_of[from_id], self._stop_of[to_id]
        if origin == target:
            here = StopWay(arrives_at=at, cost=0, gauge_changes=0, legs=())
            return StopWays(earliest=here, pareto=(here,), is_complete=True)
        front, labels, is_whole = self._front(origin, target, at, eps)
        order = np.lexsort((front[:, 3], front[:, 1], front[:, 0]))
        ways = tuple(
            StopWay(
                arrives_at=int(front[x, 0]),
                cost=int(front[x, 1]),
                gauge_changes=int(front[x, 3]),
                legs=self._named(self._legs(labels, int(front[x, 5]))),
            )
            for x in order
        )
        earliest = self.earliest(from_id, to_id, at)
        if ways and earliest and ways[0].arrives_at == earliest.arrives_at:
            earliest = ways[0]
        return StopWays(earliest=earliest, pareto=ways, is_complete=is_whole and not any(eps))

    def earliest(self, from_id: str, to_id: str, at: int) -> StopWay | None:
        """Answer a way that arrives as early as any; None: there is none."""
        origin, target = self._stop_of[from_id], self._stop_of[to_id]
        table, start = self._graph.table, int(self._graph.start_row[origin])
        first = int(np.searchsorted(table.departs, at))
        best, came = _kernel_forward.earliest(table, self._free, start, at, first, target)
        row = min(self._rows[target], key=best.__getitem__)
        if best[row] >= NEVER:
            return None
        arrives_at, legs = int(best[row]), list[int]()
        while row != start:
            last, boarded, row = (int(x) for x in came[row])
            legs[:0] = self._ridden(boarded, last)
        cost, gauges = self._paid(legs)
        return StopWay(arrives_at=arrives_at, cost=cost, gauge_changes=gauges, legs=self._named(legs))

    def everywhere(self, from_id: str, at: int) -> Ints:
        """Answer the earliest arrival at every stop for a load that is ready at minute `at`.

        Returns
        -------
        Ints
            By stop as in `times.stops`, shape (s,); -1 where nothing leads; `at` itself at the stop it starts from.
        """
        table, origin = self._graph.table, self._stop_of[from_id]
        first = int(np.searchsorted(table.departs, at))
        best, _ = _kernel_forward.earliest(table, self._free, int(self._graph.start_row[origin]), at, first, -1)
        found = np.full(len(self._rows), NEVER, np.int64)
        np.minimum.at(found, table.place, best)
        return np.where(found < NEVER, found, -1)

    def profile(self, from_id: str, to_id: str) -> tuple[tuple[int, int], ...]:
        """List every departure from a stop that nothing later or as late beats, with its earliest arrival at another.

        Returns
        -------
        tuple[tuple[int, int], ...]
            (departure, arrival), both rising; a load that is ready at a minute arrives as the first of them does that
            leaves then or later.
        """
        table, origin = self._graph.table, self._stop_of[from_id]
        rides, _ = _kernel_backward.arrivals(table, self._free, self._stop_of[to_id])
        legs = np.flatnonzero((self.times.from_stop == origin) & (rides < NEVER))
        kept: list[tuple[int, int]] = []
        for leg in legs[np.lexsort((rides[legs], -table.departs[legs]))].tolist():
            if not kept or rides[leg] < kept[-1][1]:
                kept.append((int(table.departs[leg]), int(rides[leg])))
        return tuple(kept[::-1])

    def latest(self, from_id: str, to_id: str, by: int) -> int | None:
        """Answer the latest departure that still arrives by a minute; None: none does."""
        return max((departs for departs, arrives in self.profile(from_id, to_id) if arrives <= by), default=None)

    def _front(self, origin: int, target: int, at: int, eps: tuple[int, int, int]) -> tuple[Ints, Ints, bool]:
        graph = self._graph
        table, start = graph.table, int(graph.start_row[origin])
        first = int(np.searchsorted(table.departs, at))
        bounds = _kernel_backward.bounds(table, self._free, graph.by_truck, first, target)
        room_for = np.array([eps[0], eps[1], 0, eps[2], 0], np.int64)
        for most in ROOM:
            front, labels, is_whole = _kernel_pareto.pareto(
                table, self._free, *bounds, start, at, first, target, NEVER - 1, room_for, False, most
            )
            if is_whole:
                break
        return front, labels, bool(is_whole)

    def _legs(self, labels: Ints, label: int) -> list[int]:
        legs: list[int] = []
        while label >= 0:
            label, boarded, last = (int(x) for x in labels[label])
            legs[:0] = self._ridden(boarded, last)
        return legs

    def _ridden(self, first: int, last: int) -> list[int]:
        legs = [first]
        while legs[-1] != last:
            legs.append(int(self._graph.table.after[legs[-1]]))
        return legs

    def _named(self, legs: list[int]) -> tuple[tuple[str, int], ...]:
        names, trips, seqs = self.times.trip_ids, self.times.trip[legs].tolist(), self.times.seq[legs].tolist()
        return tuple((names[trip], seq) for trip, seq in zip(trips, seqs, strict=True))

    def _paid(self, legs: list[int]) -> tuple[int, int]:
        """Add up the legs and the changes between them: cost, gauge changes."""
        t, ridden = self.times, np.array(legs, np.int64)
        changes = np.flatnonzero(np.diff(t.trip[ridden]))
        is_other = t.gauge[ridden[changes]] != t.gauge[ridden[changes + 1]]
        stop = t.from_stop[ridden[changes + 1]]
        paid = np.where(is_other, t.stops.gauge_cost[stop], t.stops.transfer_cost[stop])
        return int(t.cost[ridden].sum() + paid.sum()), int(is_other.sum())
