"""Other terms for containers that have no way: an order lifted, a later due time, another type, less in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from landport.app.stages import LCL_REEFERS, LCL_TYPES, Week, lay_out, needs_reefer, unfit, ways
from landport.model import orders
from landport.model.bookings import Booking, RestrictionOrder
from landport.model.equipment import ContainerType
from landport.model.itinerary import Refusal, Terms
from landport.model.plans import Bar, PlannedContainer
from landport.model.result import Limit

LATER_DAYS = 60
"""Days by which a due time is put off to see which ways there are at all."""

MOST_ORDERS = 6
"""Orders that are lifted one by one; where none of them alone opens a way, all that name a container are together."""

LARGEST_TEU = 2
"""TEU of the largest container: a departure with less room is full to some."""

LEAST_KG = 1_000
"""Cargo is taken out of a container in steps of so many kg."""


@dataclass(frozen=True, slots=True)
class OtherTerms:
    """Asks `route` again about containers that have no way, under other terms.

    Parameters
    ----------
    boxes
        By container id.
    """

    week: Week
    boxes: Mapping[str, PlannedContainer]
    limit: Limit
    seed: int

    def __call__(self, why: Mapping[str, Refusal]) -> Mapping[str, Sequence[Terms]]:
        """List by container what would open ways, given why it has none; nothing where nothing is known to.

        Notes
        -----
        Equal containers of a booking ask once. A container that may ride under other terms is not promised a place:
        who asks looks for room.
        """
        asked: dict[tuple[object, ...], list[str]] = {}
        for container_id, refusal in why.items():
            box = self.boxes[container_id]
            key = (box.booking_ids, box.container_type, box.gross_kg, box.ready_at, box.due_at, refusal)
            asked.setdefault(key, []).append(container_id)
        found: dict[str, list[Terms]] = {}
        by_code: dict[str, dict[str, PlannedContainer]] = {}
        for ids in asked.values():
            by_code.setdefault(why[ids[0]].code, {})[ids[0]] = self.boxes[ids[0]]
        for code, some in by_code.items():
            if self.limit.is_over():
                break
            for terms in _CHANGES.get(code, _none)(self, some):
                found.setdefault(terms.box.container_id, []).append(terms)
        alike = {ids[0]: ids for ids in asked.values()}
        return {
            other: [replace(t, box=replace(t.box, container_id=other)) for t in terms]
            for first, terms in found.items()
            for other in alike[first]
        }

    def ways_of(
        self, bars: tuple[Bar, ...], some: Sequence[PlannedContainer], without: Sequence[RestrictionOrder] = ()
    ) -> Iterator[Terms]:
        """Ask for ways of changed containers, some orders lifted."""
        scenario = self.week.scenario
        kept = tuple(order for order in scenario.orders if order not in without)
        week = replace(self.week, scenario=replace(scenario, orders=kept)) if without else self.week
        choices = ways(week, some, limit=self.limit, seed=self.seed).plan.choices if some else {}
        for box in some:
            if box.container_id in choices:
                yield Terms(bars=bars, box=box, ways=choices[box.container_id])

    def bookings_of(self, box: PlannedContainer) -> list[Booking]:
        """List the bookings in a container."""
        return [self.week.pricing.bookings[b] for b in box.booking_ids]


def _none(asked: OtherTerms, some: Mapping[str, PlannedContainer]) -> Iterator[Terms]:
    yield from ()


def _lifted(asked: OtherTerms, some: Mapping[str, PlannedContainer]) -> Iterator[Terms]:
    """Lift orders that ban a container, or stop the trains it would ride: one by one, then all that name it."""
    naming = {
        c: [o for o in asked.week.scenario.orders if _stops(o) and _names(asked, o, box)] for c, box in some.items()
    }
    freed: set[str] = set()
    for order in asked.week.scenario.orders:
        under = [box for c, box in some.items() if order in naming[c][:MOST_ORDERS]]
        for terms in asked.ways_of((Bar(kind="order", order_id=order.order_id),), under, (order,)):
            freed.add(terms.box.container_id)
            yield terms
    for container_id, box in some.items():
        together = naming[container_id]
        if container_id not in freed and len(together) > 1:
            bars = tuple(Bar(kind="order", order_id=order.order_id) for order in together)
            yield from asked.ways_of(bars, [box], together)


def _stops(order: RestrictionOrder) -> bool:
    """Tell whether an order bans boxes, or stops all hub trains or all that it names."""
    return order.max_trains_per_day in (None, 0) and order.max_teu_per_day in (None, 0)


def _names(asked: OtherTerms, order: RestrictionOrder, box: PlannedContainer) -> bool:
    inside = orders.goods_of(asked.bookings_of(box))
    return orders.names(order, box.container_type, inside.cargo_codes, inside.un_classes)


def _later(asked: OtherTerms, some: Mapping[str, PlannedContainer]) -> Iterator[Terms]:
    """Put the due time off; by how much each way needs is told by who prices it."""
    later = [replace(box, due_at=box.due_at + LATER_DAYS * 1440) for box in some.values()]
    yield from asked.ways_of((Bar(kind="due"),), later)


def _other_type(asked: OtherTerms, some: Mapping[str, PlannedContainer]) -> Iterator[Terms]:
    """Book each container as another type of its length that the hub packs, or that keeps what it has to keep."""
    for name in (*LCL_TYPES, *LCL_REEFERS):
        kind, changed = asked.week.world.container_types[name], []
        for box in some.values():
            bookings = asked.bookings_of(box)
            if _is_like(kind, asked.week.world.container_types[box.container_type], bookings):
                other = replace(box, container_type=name, gross_kg=box.cargo_kg + kind.tare_kg)
                changed += [other] if unfit(asked.week, other, bookings) is None else []
        yield from asked.ways_of((Bar(kind="container_type", other_id=name),), changed)


def _is_like(kind: ContainerType, booked: ContainerType, bookings: Sequence[Booking]) -> bool:
    """Tell whether a type may stand for the one booked: no smaller, cold where that is asked for, and only there."""
    cold = any(needs_reefer(b) for b in bookings)
    is_other = kind.container_type != booked.container_type
    return is_other and kind.length_ft >= booked.length_ft and (kind.equipment == "reefer") == cold


def _lighter(asked: OtherTerms, some: Mapping[str, PlannedContainer]) -> Iterator[Terms]:
    """Take cargo out, as little as opens a way, in steps of `LEAST_KG`; or book another type."""
    yield from _other_type(asked, some)
    for box in (box for box in some.values() if not box.blocks):  # what the hub packed is settled
        kind = asked.week.world.container_types[box.container_type]
        high = min(box.cargo_kg - 1, kind.payload_kg) // LEAST_KG
        best, low = None, 0
        while low < high:
            middle = (low + high + 1) // 2
            found = next(asked.ways_of(_taken_out(box, middle), [_with(box, middle, kind)]), None)
            best, low, high = (found, middle, high) if found is not None else (best, low, middle - 1)
        if best is not None:
            yield best


def _with(box: PlannedContainer, tonnes: int, kind: ContainerType) -> PlannedContainer:
    return replace(box, cargo_kg=tonnes * LEAST_KG, gross_kg=tonnes * LEAST_KG + kind.tare_kg)


def _taken_out(box: PlannedContainer, tonnes: int) -> tuple[Bar, ...]:
    most = tonnes * LEAST_KG
    return (Bar(kind="cargo", limit=most, taken=box.cargo_kg, lacks=box.cargo_kg - most),)


def _roomier(asked: OtherTerms, some: Mapping[str, PlannedContainer]) -> Iterator[Terms]:
    """Give departures that are noted with less room than a container takes that much; who looks for room says so."""
    scenario = asked.week.scenario
    notes = tuple(replace(d, free_teu=_at_least(d.free_teu)) for d in scenario.departures)
    if notes == scenario.departures:
        return
    roomier = lay_out(replace(scenario, departures=notes), asked.week.world)
    yield from replace(asked, week=roomier).ways_of((), list(some.values()))


def _at_least(free_teu: int | tuple[int, ...] | None) -> int | tuple[int, ...] | None:
    if isinstance(free_teu, tuple):
        return tuple(max(LARGEST_TEU, teu) for teu in free_teu)
    return None if free_teu is None else max(LARGEST_TEU, free_teu)


def _sooner_or_later(asked: OtherTerms, some: Mapping[str, PlannedContainer]) -> Iterator[Terms]:
    yield from _later(asked, some)
    yield from _roomier(asked, some)


_Change = Callable[[OtherTerms, Mapping[str, PlannedContainer]], Iterator[Terms]]

_CHANGES: Mapping[str, _Change] = {
    "order": _lifted,
    "too-late": _sooner_or_later,
    "full": _roomier,
    "no-connection": _roomier,
    "equipment": _other_type,
    "overweight": _lighter,
}
"""What is tried, by why there is no way; the other codes name nothing that a planner could grant."""
