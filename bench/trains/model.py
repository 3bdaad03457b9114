"""One instance as one mixed-integer program over arcs, for solvers that know nothing of trains.

Containers with the same origin, destination, due hour and priority are one batch with several ready hours. It flows on
a network of its own: an arc is a service at its 1st, 2nd, .. leg; between them containers wait at (place, legs used).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from landport.model.plain_assembly import LeftBehind, PlainBooking, PlainCase, PlainPlan, Shipped

INF = 1 << 60
WHY = "the program leaves it"

Arc = tuple[int, int]
"""Service and leg; the first leg is 0."""


@dataclass
class Program:
    """Columns and rows of whole numbers, filled one by one; money in micros. All columns are whole."""

    cost: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    lower_side: list[int] = field(default_factory=list)
    upper_side: list[int] = field(default_factory=list)
    entries: list[tuple[int, int, int]] = field(default_factory=list)
    constant: int = 0

    def column(self, cost: int, upper: int) -> int:
        """Add a column from 0 to `upper`."""
        self.cost.append(cost)
        self.upper.append(upper)
        return len(self.cost) - 1

    def row(self, low: int, high: int, entries: Iterable[tuple[int, int]] = ()) -> int:
        """Add a row with its entries (column, amount)."""
        self.lower_side.append(low)
        self.upper_side.append(high)
        self.entries += [(len(self.lower_side) - 1, column, amount) for column, amount in entries]
        return len(self.lower_side) - 1

    def matrix(self) -> sparse.csc_matrix:
        """Return the entries by column."""
        cells = np.array(self.entries, np.int64).reshape(-1, 3)
        shape = (len(self.lower_side), len(self.cost))
        return sparse.csc_matrix((cells[:, 2], (cells[:, 0], cells[:, 1])), shape=shape)


@dataclass
class Batch:
    """Bookings that differ in ready hour and count only, with the columns of their flow."""

    bookings: list[PlainBooking]
    ready: dict[int, int] = field(default_factory=dict)
    left: dict[int, int] = field(default_factory=dict)
    arcs: dict[Arc, int] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Count its containers."""
        return sum(b.containers for b in self.bookings)


class Nodes:
    """Rows of (place, legs used) by hours of departure; a column of waiting leads from each to the next."""

    def __init__(self) -> None:
        self._hours: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._rows: dict[tuple[str, int, int], int] = {}

    def add(self, place: str, leg: int, hour: int) -> None:
        """Note that something leaves then."""
        if (place, leg, hour) not in self._rows:
            self._rows[place, leg, hour] = -1
            self._hours[place, leg].append(hour)

    def close(self, program: Program, most: int) -> None:
        """Make the rows."""
        for (place, leg), hours in self._hours.items():
            hours.sort()
            waits: int | None = None
            for hour in hours:
                row = self._rows[place, leg, hour] = program.row(0, 0)
                if waits is not None:
                    program.entries.append((row, waits, -1))
                if hour != hours[-1]:
                    waits = program.column(0, most)
                    program.entries.append((row, waits, 1))

    def find(self, place: str, leg: int, hour: int) -> int | None:
        """Find the row of the first departure then or later."""
        hours = self._hours.get((place, leg), [])
        at = bisect_left(hours, hour)
        return self._rows[place, leg, hours[at]] if at < len(hours) else None


class Model:
    """The program of a case, and the way back from its values to a plan."""

    def __init__(self, case: PlainCase) -> None:
        self.case = case
        self.program = Program()
        self._leaving: dict[str, list[int]] = defaultdict(list)
        for i in sorted(range(len(case.services)), key=lambda i: (case.services[i].departs_h, i)):
            self._leaving[case.services[i].from_id].append(i)
        self._hours = {p: [case.services[i].departs_h for i in found] for p, found in self._leaving.items()}
        self.trains = {i: self.program.column(s.fixed_micros, 1) for i, s in enumerate(case.services) if s.is_decided}
        grouped: dict[tuple[str, str, int, int], list[PlainBooking]] = defaultdict(list)
        for b in case.bookings:
            grouped[b.from_id, b.to_id, b.due_h, b.priority].append(b)
        self.batches = [Batch(found) for found in grouped.values()]
        self._riders: dict[int, list[int]] = defaultdict(list)
        for batch in self.batches:
            self._flow(batch)
        self._services()

    def plan(self, values: Sequence[int]) -> PlainPlan:
        """Read a plan off the values of the columns."""
        ship: list[Shipped] = []
        left: list[LeftBehind] = []
        for batch in self.batches:
            ways, stays = Ways(self.case, batch, values), {h: values[column] for h, column in batch.left.items()}
            for b in batch.bookings:
                kept = min(stays[b.ready_h], b.containers)
                stays[b.ready_h] -= kept
                if kept:
                    left.append(LeftBehind(booking_id=b.booking_id, containers=kept, why=WHY))
                for way, n in ways.take(b, b.containers - kept):
                    ids = tuple(self.case.services[i].service_id for i, _ in way)
                    ship.append(Shipped(booking_id=b.booking_id, containers=n, service_ids=ids))
        run = tuple(self.case.services[i].service_id for i, column in self.trains.items() if values[column])
        return PlainPlan(run=run, ship=tuple(ship), left=tuple(left))

    def _after(self, place: str, hour: int) -> list[int]:
        """List services that leave a place at an hour or later."""
        return self._leaving[place][bisect_left(self._hours.get(place, []), hour) :]

    def _arcs(self, one: PlainBooking, ready_h: int) -> list[Arc]:
        """List the arcs that lead from the first ready hour to the destination in time."""
        services, rules = self.case.services, self.case.rules
        latest = one.due_h + rules.max_late_h
        useful: dict[Arc, bool] = {}

        def leads_there(arc: Arc) -> bool:
            if arc not in useful:
                service, leg = services[arc[0]], arc[1]
                useful[arc] = service.to_id == one.to_id and service.arrives_h <= latest
                if service.to_id != one.to_id and service.arrives_h <= latest and leg + 1 < rules.max_legs:
                    onward = self._after(service.to_id, service.arrives_h + rules.min_change_h)
                    useful[arc] = sum(leads_there((i, leg + 1)) for i in onward) > 0
            return useful[arc]

        for i in self._after(one.from_id, ready_h):
            leads_there((i, 0))
        return sorted(arc for arc, is_useful in useful.items() if is_useful)

    def _flow(self, batch: Batch) -> None:
        one, program, rules = batch.bookings[0], self.program, self.case.rules
        hold = one.priority * rules.hold_micros_per_h
        for b in batch.bookings:
            batch.ready[b.ready_h] = batch.ready.get(b.ready_h, 0) + b.containers
        for i, leg in self._arcs(one, min(batch.ready)):
            service = self.case.services[i]
            cost = service.position_micros
            if service.to_id == one.to_id:
                late = max(0, service.arrives_h - one.due_h)
                cost += hold * service.arrives_h + one.priority * rules.late_micros_per_h * late
            batch.arcs[i, leg] = program.column(cost, min(batch.size, service.positions))
            self._riders[i].append(batch.arcs[i, leg])
        nodes = self._nodes(batch)
        for ready_h, n in batch.ready.items():  # one left behind gives back the hours that all are counted with
            left = batch.left[ready_h] = program.column(rules.left_micros(one.priority) + hold * ready_h, n)
            program.constant -= hold * ready_h * n
            row = nodes.find(one.from_id, 0, ready_h)
            row = program.row(0, 0) if row is None else row
            program.entries.append((row, left, 1))
            program.lower_side[row] += n
            program.upper_side[row] += n

    def _nodes(self, batch: Batch) -> Nodes:
        """Make a row for each (place, legs used, hour of departure): what leaves, waits or is left is what came."""
        program, rules, one = self.program, self.case.rules, batch.bookings[0]
        nodes = Nodes()
        for i, leg in batch.arcs:
            nodes.add(self.case.services[i].from_id, leg, self.case.services[i].departs_h)
        nodes.close(program, batch.size)
        for (i, leg), column in batch.arcs.items():
            service = self.case.services[i]
            row = nodes.find(service.from_id, leg, service.departs_h)
            assert row is not None
            program.entries.append((row, column, 1))
            if service.to_id != one.to_id:
                row = nodes.find(service.to_id, leg + 1, service.arrives_h + rules.min_change_h)
                assert row is not None, "the arc leads on"
                program.entries.append((row, column, -1))
        return nodes

    def _services(self) -> None:
        """Make the rows of positions, minimum loads, and each batch's containers on a train that may be cancelled."""
        for i, service in enumerate(self.case.services):
            riders = [(column, 1) for column in self._riders[i]]
            if i in self.trains:
                self.program.row(-INF, 0, [*riders, (self.trains[i], -service.positions)])
                self.program.row(0, INF, [*riders, (self.trains[i], -service.min_containers)])
            elif riders:
                self.program.row(-INF, service.positions, riders)
        for batch in self.batches:
            by_train: dict[int, list[int]] = defaultdict(list)
            for (i, _), column in batch.arcs.items():
                by_train[i].append(column)
            for i, columns in by_train.items():
                if i in self.trains and batch.size < self.case.services[i].positions:
                    self.program.row(-INF, 0, [*((c, 1) for c in columns), (self.trains[i], -batch.size)])


class Ways:
    """Takes the flow of a batch apart into ways.

    Notes
    -----
    Whoever leaves a place takes the first departure that has flow left: it is the one that the fewest others could
    take, so that all find one, whatever their order.
    """

    def __init__(self, case: PlainCase, batch: Batch, values: Sequence[int]) -> None:
        self._services, self._change = case.services, case.rules.min_change_h
        self._flow = {arc: values[column] for arc, column in batch.arcs.items() if values[column]}
        self._order = sorted(self._flow, key=lambda arc: self._services[arc[0]].departs_h)

    def take(self, booking: PlainBooking, n: int) -> Iterator[tuple[list[Arc], int]]:
        """Take ways for so many containers."""
        while n:
            way: list[Arc] = []
            place, hour = booking.from_id, booking.ready_h
            while place != booking.to_id:
                way.append(self._next(place, len(way), hour))
                service = self._services[way[-1][0]]
                place, hour = service.to_id, service.arrives_h + self._change
            most = min([n, *(self._flow[arc] for arc in way)])
            for arc in way:
                self._flow[arc] -= most
            n -= most
            yield way, most

    def _next(self, place: str, leg: int, hour: int) -> Arc:
        for arc in self._order:
            service = self._services[arc[0]]
            if arc[1] == leg and service.from_id == place and service.departs_h >= hour and self._flow[arc] > 0:
                return arc
        raise ValueError(f"no flow leaves {place} at {hour} on leg {leg}")
