"""The network's dated departures as tables for scans, with prices and emissions for a load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from landport.model.bookings import RestrictionOrder
from landport.model.network import Network
from landport.model.rules import Rules
from landport.model.tariff import HUB_CO2, TRUCK_CO2, Load, rounded
from landport.route._kernel_table import NEVER, Ints, catches
from landport.route.arrays import MILLI, Space
from landport.route.tables import Change, Graph, Truck, by_truck_of, table_of
from landport.route.tolls import tolled

Tolls = tuple[RestrictionOrder, ...]
"""Orders with a quota and a price that name a box."""

KEPT = 64
"""Loads whose prices are kept, 0.6 MB each for a month of the shipped timetable."""


class Priced:
    """Graphs of a space for loads of any mass; what does not depend on the load is laid out once.

    Parameters
    ----------
    space
        The dated network.
    network, rules
        Where its transfers and emission rates are.
    """

    def __init__(self, space: Space, network: Network, rules: Rules) -> None:
        self.space = space
        self._rules = rules
        self._graph = self._laid_out({t.transfer_id: (t.minutes, t.sigma_milli) for t in network.transfers})
        self._works_teu = {t.transfer_id: t.teu_per_day for t in network.transfers if t.teu_per_day is not None}
        legs = [hop.leg for hop in space.hops]
        rates = {r.rate_id: (r.milli, int(r.basis == "gross")) for r in rules.rates}
        self._per_km = np.array([(leg.length_km, *rates[leg.co2_rate]) for leg in legs], np.int64).reshape(-1, 3)
        self._tolled: dict[tuple[int, Tolls], Graph] = {}
        self._made: dict[tuple[int, int, int, int, Tolls], Graph] = {}

    def graph(self, load: Load, n_teu: int = 0, tolls: Tolls = ()) -> Graph:
        """Answer the graph with the prices and emissions of one box, US cents and grams.

        Parameters
        ----------
        n_teu
            What travels together: transfers that do less in a day are left out.
        tolls
            Orders with a quota that charge the box where it passes.
        """
        few = max((teu for teu in self._works_teu.values() if teu < n_teu), default=-1)
        key = (load.teu, load.cargo_kg, load.gross_kg, few, tolls)
        if key not in self._made:
            _make_room(self._made)
            self._made[key] = self._of(load, self._under(few, tolls))
        return self._made[key]

    def _under(self, few: int, tolls: Tolls) -> Graph:
        """Answer the graph priced a TEU, orders too, without the transfers that do at most so many TEU a day."""
        key = (few, tolls)
        if key not in self._tolled:
            _make_room(self._tolled)
            graph = self._without(self._graph, few) if few >= 0 else self._graph
            self._tolled[key] = tolled(graph, self.space, tolls) if tolls else graph
        return self._tolled[key]

    def _of(self, load: Load, graph: Graph) -> Graph:
        table = graph.table
        price = table.price.copy()
        price[:, 0] *= load.teu
        price[:, 3] *= load.teu
        tare = (self._rules.milli("wagon_tare_t_per_feu") * load.teu + 1) // 2
        kg = np.where(self._per_km[:, 2] == 1, load.gross_kg + tare, load.cargo_kg)
        price[:, 1] = _rounded(kg * self._per_km[:, 0] * self._per_km[:, 1], 1_000_000)
        change, boarding, truck = table.change.copy(), table.boarding.copy(), table.truck.copy()
        change[:, 2] *= load.teu
        boarding[:, 2] *= load.teu
        n_rows, hub = (
            len(table.place) - len(graph.start_row),
            rounded(load.cargo_kg * self._rules.milli(HUB_CO2), 1_000_000),
        )
        change[: table.change_at[n_rows], 3] = hub
        boarding[boarding[:, 0] < n_rows, 3] = hub
        ways = self.space.truck_roads
        km = np.array([way.length_km for way in ways], np.int64)[graph.road] if len(truck) else graph.road
        paid = _rounded(self.space.road_rows[graph.road, 3], MILLI) if len(truck) else graph.road
        truck[:, 2] = truck[:, 2] * load.teu + paid
        truck[:, 3] = _rounded(load.cargo_kg * km * self._rules.milli(TRUCK_CO2), 1_000_000) + hub * (
            truck[:, 4] < n_rows
        )
        made = table._replace(price=price, change=change, boarding=boarding, truck=truck)
        return Graph(made, graph.start_row, graph.by_truck, graph.road)

    def _without(self, graph: Graph, few: int) -> Graph:
        """Leave out the transfers that do at most so many TEU a day."""
        s, table = self.space, graph.table
        barred = {t for t, teu in self._works_teu.items() if teu <= few}
        change, boarding, truck = table.change.copy(), table.boarding.copy(), table.truck.copy()
        for row, names in enumerate(s.transfers):
            if barred.isdisjoint(names):
                continue
            first = s.at_place[table.place[row], 0]
            for e in range(table.change_at[row], table.change_at[row + 1]):
                k = int(change[e, 0])
                if names[k - first] in barred:
                    change[e, 1] = NEVER
                    at = range(table.board_at[k], table.board_at[k + 1])
                    boarding[[b for b in at if boarding[b, 0] == row], 1] = NEVER
            if names[-1] in barred:
                truck[table.truck_at[row] : table.truck_at[row + 1], 1] = NEVER
        caught = catches(
            table.departs, table.arrives, table.land, table.change_at, change, table.members, table.class_at,
            table.open_at, table.opens,
        )  # fmt: skip
        made = table._replace(change=change, boarding=boarding, truck=truck, catch_at=caught[0], catch=caught[1])
        return Graph(made, graph.start_row, graph.by_truck, graph.road)

    def _laid_out(self, works: Mapping[str, tuple[int, int]]) -> Graph:
        """Lay out rows, classes, changes and trucks, priced a TEU; `truck[:, 3]` is the road."""
        s = self.space
        n_rows, n_places = s.moves.shape[0], len(s.place_ids)
        place = np.full(n_rows + n_places, -1, np.int64)
        place[s.legs[:, 5]] = [s.place_of[hop.leg.to_id] for hop in s.hops]
        place[s.at_place[:n_places, 4]] = np.arange(n_places)
        place[n_rows:] = np.arange(n_places)
        changes = _changes(s, place[:n_rows], works)
        trucks = [self._trucks(place[row], s.moves[row, -1], row) for row in range(n_rows)]
        trucks += [self._trucks(p, np.zeros(2, np.int64), n_rows + p) for p in range(n_places)]
        board = s.class_of + s.at_place[s.from_place, 0]
        land = np.where(s.legs[:, 0] == n_places, -1, s.legs[:, 5])
        runs = {d: i for i, d in enumerate(dict.fromkeys(hop.departure.departure_id for hop in s.hops))}
        run = np.array([runs[hop.departure.departure_id] for hop in s.hops], np.int64)
        departs, arrives, after = (s.legs[:, c].copy() for c in (1, 2, 4))
        table = table_of(
            departs,
            arrives,
            run,
            board,
            land,
            after,
            self._prices(after),
            place,
            changes,
            trucks,
            len(s.classes),
            len(runs),
            np.concatenate([s.open_at, np.zeros((n_places, 2), np.int64)]),
            s.opens,
        )
        by_truck = by_truck_of(table, s.at_place[:n_places, 4])
        return Graph(table, np.arange(n_rows, n_rows + n_places, dtype=np.int64), by_truck, table.truck[:, 3])

    def _trucks(self, place: int, move: Ints, row: int) -> list[Truck]:
        """List the trucks from a row of a place, where `move` says what changing to one takes."""
        s, (lift, paid) = self.space, _paid(move)
        roads = range(*s.at_place[place, 2:4]) if lift >= 0 else ()
        return [
            (int(s.at_place[s.road_rows[road, 1], 4]), lift + int(s.road_rows[road, 2]), paid, road, row)
            for road in roads
        ]

    def _prices(self, after: Ints) -> Ints:
        """Cents a TEU of each leg, and whether staying on for it changes the gauge."""
        price = np.zeros((len(after), 4), np.int64)
        price[:, 0] = self.space.legs[:, 3] // MILLI
        gauge = np.array([hop.leg.gauge_mm for hop in self.space.hops], np.int64)
        here = np.flatnonzero(after >= 0)
        there = after[here]
        price[there, 2] = (gauge[here] > 0) & (gauge[there] > 0) & (gauge[here] != gauge[there])
        return price


def _make_room(kept: dict[Any, Graph]) -> None:
    """Forget the oldest graph once there are `KEPT`."""
    if len(kept) == KEPT:
        del kept[next(iter(kept))]


def _paid(move: Ints) -> tuple[int, int]:
    """Minutes and cents a TEU of a change."""
    return int(move[0]), int(move[1]) // MILLI


def _changes(s: Space, place: Ints, works: Mapping[str, tuple[int, int]]) -> list[list[Change]]:
    """List the changes of every way of arriving at a place, then of loads that start at one."""
    gauge_in, gauge_out = np.zeros(len(place), np.int64), np.zeros(len(s.classes), np.int64)
    cut_off = np.zeros(len(s.classes), np.int64)
    board, gauges = s.class_of + s.at_place[s.from_place, 0], [hop.leg.gauge_mm for hop in s.hops]
    gauge_in[s.legs[:, 5]], gauge_out[board], cut_off[board] = gauges, gauges, s.legs[:, 7]
    changes: list[list[Change]] = []
    for row, p in enumerate(place):
        found: list[Change] = []
        for i, k in enumerate(range(*s.at_place[p, :2])):
            minutes, cents = _paid(s.moves[row, i])
            if minutes >= 0:
                is_change = gauge_in[row] > 0 and gauge_out[k] > 0 and gauge_in[row] != gauge_out[k]
                found.append((k, minutes, cents, 0, int(is_change), *works[s.transfers[row][i]]))
        changes.append(found)
    starts = (range(*s.at_place[p, :2]) for p in range(len(s.place_ids)))
    return [*changes, *([(k, int(cut_off[k]), 0, 0, 0, 0, 0) for k in classes] for classes in starts)]


def _rounded(numerator: Ints, denominator: int) -> Ints:
    """Divide, halves up, as `tariff.rounded`."""
    return (2 * numerator + denominator) // (2 * denominator)
