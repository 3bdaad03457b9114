"""Ways over lines: the shortest or quickest from one place to others."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count

from landport.model.network import Line


@dataclass(frozen=True, slots=True)
class Way:
    """Lines from one place to another, in order; `cost` is their sum of what is counted."""

    cost: int
    lines: tuple[Line, ...]


def ways(lines: Iterable[Line], from_id: str, cost: Callable[[Line], int]) -> dict[str, Way]:
    """Find the cheapest way from a place to every place that lines lead to, itself included, nearest first.

    Parameters
    ----------
    cost
        What counts of a line, e.g. its km; never negative.

    Notes
    -----
    Dijkstra, O(n log n) in the lines; of equal ways the one over lines that come first.
    """
    leaving: dict[str, list[tuple[str, Line]]] = {}
    for line in lines:
        leaving.setdefault(line.from_id, []).append((line.to_id, line))
        leaving.setdefault(line.to_id, []).append((line.from_id, line))
    best: dict[str, Way] = {}
    numbers = count()
    queue: list[tuple[int, int, str, tuple[Line, ...]]] = [(0, next(numbers), from_id, ())]
    while queue:
        total, _, here, over = heapq.heappop(queue)
        if here in best:
            continue
        best[here] = Way(total, over)
        for there, line in leaving.get(here, ()):
            if there not in best:
                heapq.heappush(queue, (total + cost(line), next(numbers), there, (*over, line)))
    return best


def shortest_km(
    lines: Iterable[Line], from_id: str, to_id: str, *, mode: str = "rail", gauge_mm: int | None = None
) -> int | None:
    """Measure the shortest way between two places in km, or None: no lines lead there.

    Parameters
    ----------
    lines
        Those that may be used; `Network.as_of` keeps the open ones.
    mode
        rail, road or ferry; empty: any.
    gauge_mm
        The only gauge to use; None: any, and it changes wherever lines meet, work or no work.
    """
    usable = (ln for ln in lines if mode in ("", ln.mode) and gauge_mm in (None, ln.gauge_mm))
    way = ways(usable, from_id, lambda line: line.length_km).get(to_id)
    return None if way is None else way.cost
