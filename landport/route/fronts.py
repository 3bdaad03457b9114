"""Pareto fronts over the network: every way between two places that no other beats, as itineraries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landport.model.bookings import RestrictionOrder
from landport.model.itinerary import Itinerary, Stretch
from landport.model.tariff import Load
from landport.route import _kernel_backward, _kernel_forward, _kernel_pareto
from landport.route._kernel_table import NEVER, Ints, Table
from landport.route.arrays import Space
from landport.route.opening import open_by
from landport.route.priced import Priced
from landport.route.stretches import Stretches
from landport.route.tables import Graph

ROOM = (1 << 18, 1 << 21, 1 << 23)
"""Entries a search has room for; when it runs out of them, the next."""

EPS = (720, 10_000, 80_000)
"""Minutes, US cents and gCO2e a box by which a way left out may be better than one kept, unless told otherwise."""

RISK_EPS = 20_000
"""The same for the risk, in millionths of a natural logarithm: odds that differ by 2 % of themselves."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way of a front, for one box.

    Parameters
    ----------
    arrives_at, usd_cents, gco2e, gauge_changes
        Its criteria.
    risk
        -ln of the odds that no departure is missed, in millionths; 0 where it was not asked for.
    legs
        Legs of the space that it rides.
    """

    itinerary: Itinerary
    arrives_at: int
    usd_cents: int
    gco2e: int
    gauge_changes: int
    risk: int
    legs: tuple[int, ...]

    @property
    def value(self) -> tuple[int, int, int, int]:
        """What it is judged by: arrival, cost, emissions, gauge changes."""
        return self.arrives_at, self.usd_cents, self.gco2e, self.gauge_changes


@dataclass(frozen=True, slots=True)
class Front:
    """Ways that no other beats, by arrival.

    Parameters
    ----------
    is_whole
        The search had room for all it found, and no way that comes to a place twice was left out, which may have beaten
        a straight one.
    """

    ways: tuple[Way, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A load that is at a place from a minute and wants to be at another.

    Parameters
    ----------
    blocked
        1 for each leg of the space that it may not ride, shape (n,).
    n_teu
        What travels together; transfers that do less in a day are left out.
    tolls
        Orders with a quota whose price the load pays where it passes.
    """

    from_id: str
    to_id: str
    ready_at: int
    load: Load
    blocked: Ints
    n_teu: int = 0
    tolls: tuple[RestrictionOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a profile: who is ready by then, and boards that leg, arrives then."""

    ready_at: int
    arrives_at: int
    leg: int


class Fronts:
    """Answers questions over one space; tables that they share are made once.

    Parameters
    ----------
    priced
        Graphs of the space.
    """

    def __init__(self, priced: Priced) -> None:
        self.priced = priced
        self.space: Space = priced.space
        self._stretches = Stretches(self.space)

    def front(
        self,
        asked: Question,
        *,
        eps: tuple[int, int, int] = EPS,
        is_risky: bool = False,
        until: int = NEVER - 1,
    ) -> Front:
        """Find the ways that no other beats in arrival, cost, emissions, gauge changes and, if asked, risk.

        Parameters
        ----------
        eps
            Minutes, US cents and gCO2e a box; all 0: the exact front.
        until
            Last minute of arrival: what comes later is no way, and leaves out none that comes by then.

        Returns
        -------
        Front
            Without ways that come to a place twice.
        """
        graph = self.priced.graph(asked.load, asked.n_teu, asked.tolls)
        table, s = graph.table, self.space
        start, target = int(graph.start_row[s.place_of[asked.from_id]]), s.place_of[asked.to_id]
        first = int(np.searchsorted(table.departs, asked.ready_at))
        bounds = _kernel_backward.bounds(table, asked.blocked, graph.by_truck, first, target)
        near_to = np.array([*eps, 0, RISK_EPS * is_risky], np.int64)
        for most in ROOM:
            found, labels, is_whole = _kernel_pareto.pareto(
                table, asked.blocked, *bounds, start, asked.ready_at, first, target, until, near_to, is_risky, most
            )
            if is_whole:
                break
        order = np.lexsort((found[:, 2], found[:, 1], found[:, 0]))
        ways = [self._way(asked.ready_at, graph, labels, found[x]) for x in order]
        straight = tuple(way for way in ways if not _circles(way.itinerary))
        return Front(straight, bool(is_whole) and len(straight) == len(ways))

    def everywhere(self, asked: Question) -> dict[str, int]:
        """Find the earliest arrival at every place that is reached; `to_id` is not looked at."""
        graph = self.priced.graph(asked.load, asked.n_teu)
        start = int(graph.start_row[self.space.place_of[asked.from_id]])
        first = int(np.searchsorted(graph.table.departs, asked.ready_at))
        best, _ = _kernel_forward.earliest(graph.table, asked.blocked, start, asked.ready_at, first, -1)
        found: dict[str, int] = {}
        for row in np.flatnonzero(best < NEVER).tolist():
            place_id = self.space.place_ids[graph.table.place[row]]
            found[place_id] = min(int(best[row]), found.get(place_id, NEVER))
        return found

    def latest(self, asked: Question, due_at: int) -> int | None:
        """Find the latest minute at which the load may be ready and still arrive by `due_at`; None: never.

        Notes
        -----
        Read off the profile: exact, by a backward scan for arrivals alone.
        """
        return max((point.ready_at for point in self.profile(asked) if point.arrives_at <= due_at), default=None)

    def profile(self, asked: Question) -> tuple[Point, ...]:
        """List, by readiness, until which minute a load may be ready to arrive at which earliest minute.

        Returns
        -------
        tuple[Point, ...]
            Readiness and arrival both rise: no departure in between does better. Trucks alone, which leave whenever the
            load is ready, are not in it.
        """
        graph = self.priced.graph(asked.load, asked.n_teu)
        table, target = graph.table, self.space.place_of[asked.to_id]
        rides, _ = _kernel_backward.arrivals(table, asked.blocked, target)
        start = int(graph.start_row[self.space.place_of[asked.from_id]])
        points = _boarded(table, rides, start, 0)
        for x in range(table.truck_at[start], table.truck_at[start + 1]):
            points += _boarded(table, rides, int(table.truck[x, 0]), int(table.truck[x, 1]))
        kept: list[Point] = []
        for point in sorted(points, key=lambda p: (-p.ready_at, p.arrives_at, p.leg)):
            if not kept or point.arrives_at < kept[-1].arrives_at:
                kept.append(point)
        return tuple(kept[::-1])

    def _way(self, ready_at: int, graph: Graph, labels: Ints, value: Ints) -> Way:
        """Follow labels back to the start and turn them into rides and transfers."""
        steps: list[tuple[int, int]] = []
        label = int(value[5])
        while label >= 0:
            label, boarded, last = (int(x) for x in labels[label])
            steps.insert(0, (boarded, last))
        stretches: list[Stretch] = []
        transfers: list[str] = []
        legs: list[int] = []
        at, row = ready_at, -1
        for boarded, last in steps:
            if row >= 0:
                k = int(self.space.class_of[boarded]) if boarded >= 0 else -1
                transfers.append(self.space.transfers[row][k])
            if boarded >= 0:
                legs += _ridden(graph.table, boarded, last)
                stretches.append(self._stretches.ride(boarded, last))
                row = int(self.space.legs[last, 5])
            else:
                departs_at = at if row < 0 else self.space.loaded(row, at)
                stretches.append(self._stretches.truck(int(graph.road[-2 - boarded]), departs_at))
                row = int(graph.table.truck[-2 - boarded, 0])
            at = stretches[-1].arrives_at
        itinerary = Itinerary(stretches=tuple(stretches), transfer_ids=tuple(transfers))
        at, cents, gco2e, gauges, risk = (int(v) for v in value[:5])
        return Way(itinerary, at, cents, gco2e, gauges, risk, tuple(legs))


def _boarded(table: Table, rides: Ints, row: int, minutes: int) -> list[Point]:
    """List the latest readiness and the arrival of every departure that boards from a row, `minutes` away."""
    points: list[Point] = []
    for e in range(table.change_at[row], table.change_at[row + 1]):
        k = table.change[e, 0]
        legs = table.members[table.class_at[k] : table.class_at[k + 1]]
        legs = legs[rides[legs] < NEVER]
        spans = table.opens[slice(*table.open_at[row])]
        there_by = np.minimum(
            table.departs[legs] - table.change[e, 1], open_by(table.departs[legs] - table.change[e, 5], spans)
        )
        kept = there_by > -NEVER
        ready, legs = there_by[kept] - minutes, legs[kept]
        points += map(Point, ready.tolist(), rides[legs].tolist(), legs.tolist())
    return points


def _ridden(table: Table, boarded: int, last: int) -> list[int]:
    legs = [boarded]
    while legs[-1] != last:
        legs.append(int(table.after[legs[-1]]))
    return legs


def _circles(itinerary: Itinerary) -> bool:
    """Tell whether a way comes to a place again, or boards a train that it left."""
    places = [s.from_id for s in itinerary.stretches] + [itinerary.stretches[-1].to_id]
    trains = [s.departure_id for s in itinerary.stretches if s.departure_id]
    return len(set(places)) < len(places) or len(set(trains)) < len(trains)


def spread(ways: Sequence[Way], most: int) -> list[int]:
    """Choose at most `most` ways that differ: the best by each criterion, then always the one farthest from all chosen.

    Returns
    -------
    list[int]
        Indices, ascending. Distances are shares of what a criterion spans over the front.
    """
    if len(ways) <= most:
        return list(range(len(ways)))
    values = np.array([[*way.value, way.risk] for way in ways], np.float64)
    span = values.max(axis=0) - values.min(axis=0)
    scaled = (values - values.min(axis=0)) / np.where(span > 0, span, 1)
    chosen: list[int] = []
    for criterion in (0, 1, 2, 4, 3):
        best = int(np.lexsort((scaled.sum(axis=1), values[:, criterion]))[0])
        if span[criterion] > 0 and best not in chosen and len(chosen) < most:
            chosen.append(best)
    while len(chosen) < most:
        gaps = np.abs(scaled[:, None, :] - scaled[None, chosen, :]).sum(axis=2).min(axis=1)
        gaps[chosen] = -1
        chosen.append(int(np.argmax(gaps)))
    return sorted(chosen)
