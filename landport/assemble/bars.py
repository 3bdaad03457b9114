"""What bars a way of a box that is left, and whether the box would ride it with that lifted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from landport.assemble.batches import Batch, Option
from landport.assemble.caps import TrainCap
from landport.assemble.repair import formed
from landport.assemble.state import Box, State
from landport.model import tariff
from landport.model.bookings import NightSupply
from landport.model.equipment import WagonType
from landport.model.plans import Bar, PlannedContainer, WagonLoad


def bars_of(state: State, option: Option, caps: Sequence[TrainCap]) -> list[Bar]:
    """List what a way lacks: room in rows, trains that run. Wagons are tried out, see `Yards`."""
    bars = []
    rows = state.problem.resources.rows
    for row, amount in sorted(option.uses.items()):
        if state.room[row] < amount and rows[row].what != "wagons":
            bars.append(_full(state, row, amount))
    for departure_id in option.trains:
        if departure_id not in state.running:
            bars.append(Bar(kind="run", departure_id=departure_id, limit=state.problem.min_teu(departure_id)))
            bars += [_capped(state, cap) for cap in caps if departure_id in cap.departure_ids and is_full(state, cap)]
    return bars


def _full(state: State, row: int, amount: int) -> Bar:
    limit, free = state.problem.resources.rows[row], state.room[row]
    bar = Bar(kind=limit.what, limit=limit.room, taken=limit.room - free, lacks=amount - free)
    return placed(state, row, bar)


def placed(state: State, row: int, bar: Bar) -> Bar:
    """Say of a bar where a row of limits is."""
    limit, resources = state.problem.resources.rows[row], state.problem.resources
    if limit.departure_id in resources.pricing.departures:
        return replace(bar, departure_id=limit.departure_id, leg=limit.seq)
    at_id = limit.at_id or ("" if limit.order_id else resources.hub_id)
    return replace(bar, at_id=at_id, order_id=limit.order_id, day_on=limit.departure_id)


def is_full(state: State, cap: TrainCap) -> bool:
    """Tell whether a limit on trains lets no more run."""
    return sum(d in state.running for d in cap.departure_ids) >= cap.most


def _capped(state: State, cap: TrainCap) -> Bar:
    running = sum(d in state.running for d in cap.departure_ids)
    return Bar(
        kind=cap.what,
        at_id=cap.at_id,
        order_id=cap.order_id,
        day_on=cap.day_on,
        limit=cap.most,
        taken=running,
        lacks=running + 1 - cap.most,
    )


def way_cents(state: State, box: PlannedContainer, option: Option) -> int:
    """Price a way without what changing a plan before weighs."""
    kept = state.problem.resources.kept
    return option.usd_cents - (kept.weight(box.container_id, option.way) if kept else 0)


def stay_cents(state: State, box: PlannedContainer) -> int:
    """Weigh leaving a container, without what changing a plan before weighs."""
    pricing = state.problem.resources.pricing
    return tariff.left(pricing.load_of(box), pricing.rules).usd_cents


@contextmanager
def boarding(state: State, box: PlannedContainer, option: Option) -> Iterator[None]:
    """Let a box that is left take a way for a while, its trains running, whatever room there is."""
    container_id, running = box.container_id, state.running
    old = state.boxes[container_id]
    teu = state.problem.resources.pricing.load_of(box).teu
    state.boxes[container_id] = Box(box, Batch((box,), teu, old.batch.left_cents, (option,)))
    state.running = running | set(option.trains)
    state.put(state.boxes[container_id], option)
    try:
        yield
    finally:
        state.take(container_id)
        state.running = running
        state.boxes[container_id] = old


class Yards:
    """Tries out whether the wagons of a yard's day take one more box, or a changed set of them.

    Parameters
    ----------
    state
        The plan; while trying it is changed, and put back.
    wagons
        Its consists.
    """

    def __init__(self, state: State, wagon_types: Mapping[str, WagonType], wagons: Sequence[WagonLoad]) -> None:
        self._state, self._wagon_types = state, wagon_types
        departures = state.problem.resources.pricing.departures
        self._used = Counter(state.problem.resources.day_of(departures[w.departure_id]) for w in wagons)

    def days(self, option: Option) -> list[str]:
        """List the railway days on which the hub puts a box on a wagon for a way."""
        resources = self._state.problem.resources
        starts = {s.departure_id for s in option.way.stretches if s.first_leg == 1}
        here = [d for d in option.trains if d in starts and resources.is_formed_here(d)]
        return sorted({resources.day_of(resources.pricing.departures[d]) for d in here})

    def bars(self, box: PlannedContainer, option: Option) -> list[Bar] | None:
        """List the wagons that lack for a box to take a way: one a day; None: one more would not do.

        Of a cancelled train those for its least TEU lack, as far as the yard has none left.
        """
        found = self._for_cancelled(option)
        with boarding(self._state, box, option):
            for day in self.days(option):
                if any(bar.day_on == day for bar in found) or self.loads(day):
                    continue
                bar = self._one_more(day)
                if bar is None:
                    return None
                found.append(bar)
        return found

    def _for_cancelled(self, option: Option) -> list[Bar]:
        """List the wagons that lack for cancelled trains of a way at their least TEU, two a wagon."""
        problem, resources = self._state.problem, self._state.problem.resources
        needs: Counter[str] = Counter()
        for departure_id in option.trains:
            if departure_id not in self._state.running and resources.is_formed_here(departure_id):
                day = resources.day_of(resources.pricing.departures[departure_id])
                needs[day] += -(-problem.min_teu(departure_id) // 2)
        lacks = {day: need - self._stock(day) + self._used[day] for day, need in needs.items() if self._stock(day)}
        return [self._bar(day, lack) for day, lack in sorted(lacks.items()) if lack > 0]

    def _stock(self, day: str) -> int:
        """Count the hub's wagons of a railway day; 0 where nobody counted them."""
        supply = self._state.problem.resources.supply
        return sum(s.count for s in supply if self._is_here(s, day) and s.is_wagons)

    def _bar(self, day: str, lacks: int, wagon_type: str = "") -> Bar:
        return Bar(
            kind="wagons",
            at_id=self._state.problem.resources.hub_id,
            day_on=day,
            other_id=wagon_type,
            limit=self._stock(day),
            taken=self._used[day],
            lacks=lacks,
        )

    def loads(self, day: str, *, extra: str = "") -> bool:
        """Tell whether every box of a day's trains finds a wagon, with one more wagon of a type, if one is named."""
        state = self._state
        resources = state.problem.resources
        trains = dict.fromkeys([*state.problem.decided, *sorted(state.running)])
        decided = {d: resources.pricing.departures[d] for d in trains}
        decided = {d: run for d, run in decided.items() if resources.day_of(run) == day}
        more = NightSupply(supply_id="", place_id=resources.hub_id, day_on=day, resource=extra, count=0)
        supply = [replace(s, count=s.count + (s.resource == extra and self._is_here(s, day))) for s in resources.supply]
        if extra and not any(s.resource == extra and self._is_here(s, day) for s in supply):
            supply.append(replace(more, count=1))
        problem = replace(state.problem, decided=decided, resources=replace(resources, supply=supply))
        consists = formed(replace(state, problem=problem), self._wagon_types)
        return not any(consist.rejected for consist in consists.values())

    def _is_here(self, supply: NightSupply, day: str) -> bool:
        return (supply.place_id, supply.day_on) == (self._state.problem.resources.hub_id, day)

    def _one_more(self, day: str) -> Bar | None:
        """Find the wagon that would do, if the yard's wagons are counted at all."""
        for wagon_type in sorted(self._wagon_types) if self._stock(day) else ():
            if self.loads(day, extra=wagon_type):
                return self._bar(day, 1, wagon_type)
        return None
