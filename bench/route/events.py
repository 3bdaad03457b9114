"""A plain timetable as a graph of events, in which shortest paths are earliest arrivals: what graph libraries can read.

Nodes: *waiting* and *aboard* for each leg, one for each stop, one for each question. Edges weigh minutes: waiting for
the next leg of the same stop and gauge; boarding and riding; staying on for the next leg; changing to the first leg of
each gauge that is caught; having arrived at a stop; from a question to the first leg of each gauge of its stop. Only
what is caught first needs an edge, since the next one is waited for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landport.model.stop_times import NEVER, StopTimes

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """A graph; a shortest path from `sources[q]` to `targets[q]` answers question q.

    Parameters
    ----------
    tail, head, minutes
        Of each edge, shape (e,).
    sources, targets
        Nodes, shape (q,).
    """

    n_nodes: int
    tail: Ints
    head: Ints
    minutes: Ints
    sources: Ints
    targets: Ints


def events(times: StopTimes, questions: Ints) -> Events:
    """Lay out the graph of a timetable and of questions (from, to, minute) about it."""
    n, stops = len(times.trip), times.stops
    gauges, gauge = np.unique(times.gauge, return_inverse=True)
    board = _Classes(times, gauge, len(gauges))
    edges = []
    order = board.order
    same = board.key[order[:-1]] == board.key[order[1:]]
    here, there = order[:-1][same], order[1:][same]
    edges.append((here, there, times.departs_at[there] - times.departs_at[here]))
    legs = np.arange(n)
    edges.append((legs, n + legs, times.arrives_at - times.departs_at))
    by_trip = np.lexsort((times.seq, times.trip))
    same = times.trip[by_trip[:-1]] == times.trip[by_trip[1:]]
    here, there = by_trip[:-1][same], by_trip[1:][same]
    edges.append((n + here, n + there, times.arrives_at[there] - times.arrives_at[here]))
    edges.append((n + legs, 2 * n + times.to_stop, np.zeros(n, np.int64)))
    for g in range(len(gauges)):
        is_same = gauge == g
        takes = np.where(is_same, stops.transfer_minutes[times.to_stop], stops.gauge_minutes[times.to_stop])
        can = is_same | (takes != NEVER)
        caught = board.first(times.to_stop, np.full(n, g), times.arrives_at + takes)
        can &= caught >= 0
        edges.append((n + legs[can], caught[can], times.departs_at[caught[can]] - times.arrives_at[can]))
    start, end, at = questions.T
    first_question = 2 * n + len(stops.stop_ids)
    asked = np.arange(len(questions))
    for g in range(len(gauges)):
        caught = board.first(start, np.full(len(asked), g), at)
        can = caught >= 0
        edges.append((first_question + asked[can], caught[can], times.departs_at[caught[can]] - at[can]))
    tail, head, minutes = (np.concatenate(column) for column in zip(*edges, strict=True))
    return Events(first_question + len(asked), tail, head, minutes, first_question + asked, 2 * n + end)


class _Classes:
    """Legs by the stop and gauge that they leave from, each class in order of departure."""

    def __init__(self, times: StopTimes, gauge: Ints, n_gauges: int) -> None:
        self.key = times.from_stop * n_gauges + gauge
        self.order = np.lexsort((times.departs_at, self.key))
        self._n_gauges = n_gauges
        self._span = int(times.departs_at.max(initial=0)) + 1
        self._sorted = (self.key * self._span + times.departs_at)[self.order]

    def first(self, stop: Ints, gauge: Ints, at: Ints) -> Ints:
        """Find the first leg of each stop and gauge that leaves at a minute or later; -1: none."""
        key = stop * self._n_gauges + gauge
        spot = np.searchsorted(self._sorted, key * self._span + np.minimum(at, self._span))
        leg = np.append(self.order, -1)[spot]
        return np.where((leg >= 0) & (self.key[leg] == key) & (at < self._span), leg, -1)
