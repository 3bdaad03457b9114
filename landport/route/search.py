"""Choosing among the ways a scan opens, and following them back to departures and trucks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from landport.model.itinerary import Itinerary, Stretch
from landport.model.rules import Rules
from landport.route import _kernel
from landport.route.arrays import Ints, Space, minute_value
from landport.route.stretches import Stretches

TO_HUB, FROM_HUB, DIRECT = 4, 30, 24
"""Ways kept to the hub, onward from it for each, and without a look at the hub; each again for speed."""

FORMED = 24
"""Trains that the hub forms beside them, as many as a week of it has."""

WINDOW = 16 * 1440
"""Departures later than this many minutes after the first are not looked at, unless there is no other."""

EVER = 1 << 40
"""A window that leaves nothing out."""

SPEED = 200
"""How much more a minute weighs when speed is sought."""


@dataclass(frozen=True, slots=True)
class Found:
    """A way, with its value (thousandths of a cent a TEU, from ready to arrival) and the legs it rides.

    Parameters
    ----------
    formed
        Departures among them that the hub forms.
    """

    itinerary: Itinerary
    value: int
    legs: tuple[int, ...]
    formed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One ride by index: a truck (road, -1, -1), or legs first..last of one departure; and when it leaves."""

    road: int
    first: int
    last: int
    departs_at: int


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from a start to a target, the minute of arrival, and the change row of the load there."""

    steps: tuple[Step, ...]
    arrives_at: int
    row: int


@dataclass(frozen=True, slots=True)
class Table:
    """One scan: see `_kernel.scan`."""

    target: int
    minute_value: int
    value: Ints
    via: Ints
    follow: Ints


@dataclass(frozen=True, slots=True)
class Start:
    """Where a load waits: place, minute, and its change row there (-1: not loaded yet, cut-offs apply)."""

    place: int
    at: int
    row: int


def spread(n: int, count: int, turn: int) -> list[int]:
    """Choose `count` of n ranks: the best half, the others evenly over the rest.

    `turn` shifts the even ones, so that many loads that start alike do not all look at the same few departures.
    """
    best = min(n, -(-count // 2))
    if n <= count:
        return list(range(n))
    return [
        *range(best),
        *(best + (n - best) * (97 * i + turn % 97) // (97 * (count - best)) for i in range(count - best)),
    ]


class Search:
    """Scans of one space for boxes of one size, each made once.

    Parameters
    ----------
    space
        The dated network.
    rules
        For what time is worth.
    teu
        Of a box: one pays its truck alone.
    breadth
        Share of the usual numbers of ways that is looked at, for large ports.
    """

    def __init__(self, space: Space, rules: Rules, teu: int, breadth: float = 1.0) -> None:
        self.breadth = breadth
        self.space = space
        self.roads = space.road_rows.copy()
        self.roads[:, 3] //= teu
        self.minute_value = minute_value(rules)
        self._tables: dict[tuple[int, int, int], Table] = {}
        self._mask_ids: dict[bytes, int] = {}
        self._stretches = Stretches(space)
        self._last_mask: Ints | None = None
        self._last_id = -1

    def table(self, target: int, weight: int, blocked: Ints) -> Table:
        """Scan towards a place, or remember having done so."""
        key = (target, weight, self._mask_id(blocked))
        if key not in self._tables:
            s = self.space
            minute_value = self.minute_value * weight
            value, via, follow, _, _ = _kernel.scan(
                s.legs, blocked, s.members, s.classes, s.at_place, s.moves, self.roads, s.open_at, s.opens,
                target, minute_value,
            )  # fmt: skip
            self._tables[key] = Table(target, minute_value, value, via, follow)
        return self._tables[key]

    def _mask_id(self, blocked: Ints) -> int:
        """Find the number of a mask's content; one array object is looked at once."""
        if self._last_mask is not blocked:
            self._last_mask = blocked
            self._last_id = self._mask_ids.setdefault(blocked.tobytes(), len(self._mask_ids))
        return self._last_id

    def ways(
        self, at_id: str, to_id: str, ready_at: int, blocked: Ints, hub_id: str, window: int = WINDOW
    ) -> tuple[Found, ...]:
        """Find good ways from a place to another: straight ones, and those by way of the hub.

        Returns
        -------
        tuple[Found, ...]
            Distinct, in no order, none of them twice at a place or on a train; empty when there is none.
        """
        place, target, hub = (self.space.place_of[p] for p in (at_id, to_id, hub_id))
        start = Start(place, ready_at, -1)
        paths = list(self._from(start, target, blocked, DIRECT if place != hub else FROM_HUB + DIRECT, window))
        if hub not in (place, target):
            heads = list(self._from(start, hub, blocked, TO_HUB, window))
            trucks = [(h.arrives_at, self._paid(h)) for h in heads if all(s.road >= 0 for s in h.steps)]
            paths = [path for path in paths if not self._dawdles(path, hub, trucks)]
            for head in dict.fromkeys(h for h in heads if not self._dawdles(h, hub, trucks)):
                there = Start(hub, head.arrives_at, head.row)
                tails = self._from(there, target, blocked, FROM_HUB, window)
                paths.extend(Path((*head.steps, *tail.steps), tail.arrives_at, tail.row) for tail in tails)
        return tuple(self._found(path, ready_at) for path in dict.fromkeys(paths) if not self._loops(path, place))

    def least(self, at_id: str, to_id: str, ready_at: int, blocked: Ints) -> int:
        """Value that no way undercuts: thousandths of a cent a TEU, from ready to arrival.

        However late it leaves, and however often it comes to a place; the scan finds it exactly.
        """
        table = self.table(self.space.place_of[to_id], 1, blocked)
        start = Start(self.space.place_of[at_id], ready_at, -1)
        return self._best(start, table, 1, EVER)[0][0] - table.minute_value * ready_at

    def _dawdles(self, path: Path, hub: int, trucks: Sequence[tuple[int, int]]) -> bool:
        """Tell whether a path comes to the hub later and dearer than a truck on demand, which is never full.

        Parameters
        ----------
        trucks
            Minute of arrival and price of ways to the hub by truck only.
        """
        for n, step in enumerate(path.steps if trucks else (), 1):
            if self._ends_at(step) == hub:
                head = Path(path.steps[:n], self._ends(step), -1)
                paid = self._paid(head)
                return any(at <= head.arrives_at and least < paid for at, least in trucks)
        return False

    def _paid(self, path: Path) -> int:
        return self._found(path, path.arrives_at).value

    def _ends_at(self, step: Step) -> int:
        s = self.space
        return int(s.road_rows[step.road, 1] if step.road >= 0 else s.legs[step.last, 0])

    def _ends(self, step: Step) -> int:
        s = self.space
        return step.departs_at + int(s.road_rows[step.road, 2]) if step.road >= 0 else s.hops[step.last].arrives_at

    def _loops(self, path: Path, place: int) -> bool:
        """Tell whether a path comes to a place again, or boards a train that it left."""
        places, trains = {place}, set()
        for step in path.steps:
            there = self._ends_at(step)
            if step.road < 0:
                train = self.space.hops[step.first].departure.departure_id
                if train in trains:
                    return True
                trains.add(train)
            if there in places:
                return True
            places.add(there)
        return False

    def arrival(self, leg: int, table: Table) -> int:
        """Minute of arrival at the target of the best way that boards a leg."""
        hop = self.space.hops[leg]
        start = Start(int(self.space.from_place[leg]), hop.departs_at, -1)
        return self._follow(start, -1, leg, table).arrives_at

    def _from(self, start: Start, target: int, blocked: Ints, most: int, window: int) -> Iterator[Path]:
        """Follow the best `most` departures by price, and the best few by speed."""
        most = max(2, int(most * self.breadth))
        for weight, count in ((1, most), (SPEED, max(2, most // 4))):
            table = self.table(target, weight, blocked)
            for _, road, leg in self._best(start, table, count, window):
                yield self._follow(start, road, leg, table)

    def _best(self, start: Start, table: Table, count: int, window: int) -> list[list[int]]:
        """List the best `count` things a load can do next, as [value, truck or -1, first leg or -1].

        Up to `FORMED` trains that the hub forms are among them where the load waits for them: one that few ways favour
        is cancelled for want of freight that was never offered it.
        """
        s = self.space
        found = _kernel.options(
            start.place,
            start.at,
            start.row,
            s.now_at,
            window,
            table.target,
            table.minute_value,
            s.legs,
            s.members,
            s.classes,
            s.at_place,
            s.moves,
            self.roads,
            s.open_at,
            s.opens,
            table.value,
        )
        found = found[np.lexsort((found[:, 2], found[:, 1], found[:, 0]))]
        formed = np.flatnonzero((found[:, 1] < 0) & s.formed[found[:, 2]])
        formed = formed[spread(len(formed), max(2, int(FORMED * self.breadth)), start.at)]
        best: list[list[int]] = found[sorted({*spread(len(found), count, start.at), *formed.tolist()})].tolist()
        return best

    def _follow(self, start: Start, road: int, leg: int, table: Table) -> Path:
        """Walk the pointers of a scan from a first step to the destination."""
        steps: list[Step] = []
        at, row = start.at, start.row
        while True:
            if road >= 0:
                at = max(at, self.space.now_at) if row < 0 else self.space.loaded(row, at)
                steps.append(Step(road, -1, -1, at))
                at += int(self.space.road_rows[road, 2])
                row = int(self.space.at_place[self.space.road_rows[road, 1], 4])
            if leg < 0:
                return Path(tuple(steps), at, row)
            last = leg
            while table.via[last] == _kernel.STAY:
                last = int(table.follow[last])
            steps.append(Step(-1, leg, last, self.space.hops[leg].departs_at))
            at, row = self.space.hops[last].arrives_at, int(self.space.legs[last, 5])
            road, leg = int(table.via[last]), int(table.follow[last])

    def _found(self, path: Path, ready_at: int) -> Found:
        """Turn steps into rides, transfers and a price."""
        s = self.space
        stretches: list[Stretch] = []
        transfers: list[str] = []
        legs: list[int] = []
        value = self.minute_value * (path.arrives_at - ready_at)
        row = -1
        for step in path.steps:
            if row >= 0:
                k = s.moves.shape[1] - 1 if step.road >= 0 else int(s.class_of[step.first])
                transfers.append(s.transfers[row][k])
                value += int(s.moves[row, k, 1])
            if step.road >= 0:
                stretches.append(self._stretches.truck(step.road, step.departs_at))
                value += int(self.roads[step.road, 3])
                row = int(s.at_place[s.road_rows[step.road, 1], 4])
            else:
                ridden = self._ridden(step)
                legs.extend(ridden)
                stretches.append(self._stretches.ride(step.first, step.last))
                value += int(s.legs[ridden, 3].sum())
                row = int(s.legs[step.last, 5])
        itinerary = Itinerary(stretches=tuple(stretches), transfer_ids=tuple(transfers))
        formed = dict.fromkeys(s.hops[leg].departure.departure_id for leg in legs if s.formed[leg])
        return Found(itinerary, value, tuple(legs), tuple(formed))

    def _ridden(self, step: Step) -> list[int]:
        legs = [step.first]
        while legs[-1] != step.last:
            legs.append(int(self.space.legs[legs[-1], 4]))
        return legs
