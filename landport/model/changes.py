"""Changing at a place: which transfer row applies between two rides, and on-demand roads."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from landport.model.network import Line, Transfer
from landport.model.places import Places
from landport.model.rules import Rules


@dataclass(frozen=True, slots=True)
class End:
    """How a ride touches a place: its mode and gauge there, and the stop next to it.

    Parameters
    ----------
    neighbour_id
        The stop before on arrival, the stop after on departure; empty for a truck on demand.
    """

    mode: str
    gauge_mm: int
    neighbour_id: str


class Changes:
    """Finds the transfer between two rides.

    Parameters
    ----------
    transfers
        Rows of the network, open ones.
    """

    def __init__(self, transfers: Iterable[Transfer]) -> None:
        self._rows: dict[tuple[str, str, int, str, int, str, str], Transfer] = {}
        for t in transfers:
            key = (t.place_id, t.from_mode, t.from_gauge_mm, t.to_mode, t.to_gauge_mm, t.neighbour_id, t.direction)
            self._rows.setdefault(key, t)

    def find(self, place_id: str, arrive: End, leave: End) -> Transfer | None:
        """Find the row for arriving one way and leaving another, or None: it cannot be done there.

        Notes
        -----
        Work inside the terminal comes first; at a border without it, the row of the neighbour the load came from,
        then of the one it goes to. A border row that keeps mode and gauge is work on a train that goes on, already in
        its dwell: nothing changes trains by it.
        """
        head = (place_id, arrive.mode, arrive.gauge_mm, leave.mode, leave.gauge_mm)
        inside = self._rows.get((*head, "", ""))
        if inside or (arrive.mode, arrive.gauge_mm) == (leave.mode, leave.gauge_mm):
            return inside
        return self.passed(place_id, arrive, leave)

    def passed(self, place_id: str, arrive: End, leave: End) -> Transfer | None:
        """Find the border row of a ride that passes a place: of where it came from, else of where it goes."""
        head = (place_id, arrive.mode, arrive.gauge_mm, leave.mode, leave.gauge_mm)
        return self._rows.get((*head, arrive.neighbour_id, "inbound")) or self._rows.get(
            (*head, leave.neighbour_id, "outbound")
        )


@dataclass(frozen=True, slots=True)
class Road:
    """A truck's way on demand between two places."""

    from_id: str
    to_id: str
    length_km: int
    running_minutes: int


def roads(lines: Iterable[Line], places: Places, rules: Rules) -> Mapping[tuple[str, str], Road]:
    """Find the quickest truck way between any two places of one country.

    Parameters
    ----------
    rules
        Their rate `truck_reach_km` says how far trucks on demand go; longer hauls are services.

    Returns
    -------
    Mapping[tuple[str, str], Road]
        By (from, to); pairs without a road are absent.

    Notes
    -----
    Dijkstra from each place over road lines that do not leave its country; ties by length. Audited by
    `audit.times`, which walks the road lines again.
    """
    reach_km = rules.milli("truck_reach_km") // 1000
    graph: dict[str, list[tuple[str, int, int]]] = {}
    for line in lines:
        if line.mode == "road" and places[line.from_id].country == places[line.to_id].country:
            graph.setdefault(line.from_id, []).append((line.to_id, line.running_minutes, line.length_km))
            graph.setdefault(line.to_id, []).append((line.from_id, line.running_minutes, line.length_km))
    found = {}
    for origin in sorted(graph):
        for to_id, (minutes, km) in _reach(graph, origin).items():
            if to_id != origin and km <= reach_km:
                found[origin, to_id] = Road(origin, to_id, km, minutes)
    return found


def _reach(graph: Mapping[str, list[tuple[str, int, int]]], origin: str) -> dict[str, tuple[int, int]]:
    best: dict[str, tuple[int, int]] = {}
    queue = [(0, 0, origin)]
    while queue:
        minutes, km, here = heapq.heappop(queue)
        if here in best:
            continue
        best[here] = (minutes, km)
        for there, more_minutes, more_km in graph[here]:
            if there not in best:
                heapq.heappush(queue, (minutes + more_minutes, km + more_km, there))
    return best
