"""Which legs a box may not ride, by which rule: mass, equipment, restriction orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from landport.model.bookings import RestrictionOrder
from landport.model.equipment import ContainerType
from landport.model.itinerary import Itinerary, Refusal, Room, Trip
from landport.model.orders import Move, names, passages
from landport.model.rules import Rules, TrainRule
from landport.route.arrays import Hop, Ints, Space

NO_LIMIT = 1 << 40
"""Kilograms no box weighs."""


@dataclass(frozen=True, slots=True)
class Masks:
    """Rules joined to the legs of a space.

    Parameters
    ----------
    limit_kg
        Greatest box gross mass by size (20, 40) and leg, shape (n,).
    no_open_top
        Legs that refuse open tops, shape (n,).
    full
        Legs without room for a box of 1 and of 2 TEU, shape (n,) each.
    orders
        Those that ban cargo, that allow no hub train, or whose quota is 0 TEU.
    by_order
        Legs each of them bars, shape (n,).
    priced
        Orders with a quota of more, and a price.
    """

    space: Space
    rules: Rules
    container_types: Mapping[str, ContainerType]
    orders: Mapping[str, RestrictionOrder]
    limit_kg: Mapping[int, Ints]
    no_open_top: Ints
    full: Mapping[int, Ints]
    by_order: Mapping[str, Ints]
    priced: tuple[RestrictionOrder, ...]
    _steps: Mapping[int, Ints]
    _made: dict[tuple[int, int, bool, tuple[str, ...]], Ints] = field(default_factory=dict)

    def of(self, trip: Trip) -> Ints:
        """Mark the legs the boxes of a trip may not ride, shape (n,); trips barred alike get the same array."""
        kind = self.container_types[trip.container_type]
        size, open_top = size_of(kind), kind.equipment == "open-top"
        banned = tuple(order.order_id for order in self.orders.values() if concerns(order, trip))
        key = (size, int(np.searchsorted(self._steps[size], trip.gross_kg)), open_top, banned)
        if key not in self._made:
            blocked = (trip.gross_kg > self.limit_kg[size]).astype(np.int64) | self.full[1 if size == 20 else 2]
            if open_top:
                blocked |= self.no_open_top
            for order_id in banned:
                blocked |= self.by_order[order_id]
            self._made[key] = blocked
        return self._made[key]

    def reason(self, trip: Trip, leg: int) -> Refusal | None:
        """Say in words why the boxes of a trip may not ride a leg; None when they may."""
        hop = self.space.hops[leg]
        kind = self.container_types[trip.container_type]
        where = f"{hop.leg.from_id}-{hop.leg.to_id}"
        limit = self.limit_kg[size_of(kind)][leg]
        if trip.gross_kg > limit:
            rule = _strictest(self.rules, hop, size_of(kind))
            name = f" (rule {rule.rule_id})" if rule else ""
            why = f"weighs {trip.gross_kg:,} kg gross; {hop.leg.train_class} takes {limit:,} kg on {where}{name}"
            return Refusal(state="refused", code="overweight", why=why)
        if kind.equipment == "open-top" and self.no_open_top[leg]:
            why = f"open-top containers are not accepted by {hop.leg.train_class} trains on {where}"
            return Refusal(state="refused", code="equipment", why=why)
        for order in self.orders.values():
            if concerns(order, trip) and self.by_order[order.order_id][leg]:
                why = f"order {order.number} of {order.issuer} {_does(order)} {where}: {order.text}"
                return Refusal(state="waiting", code="order", why=why)
        return None

    def asked_for(self, trip: Trip, n_teu: int, orders: Sequence[RestrictionOrder]) -> Masks:
        """Let quotas that are smaller than what travels together bar it as bans do."""
        small = {o.order_id: o for o in orders if 0 < (o.max_teu_per_day or 0) < n_teu and concerns(o, trip)}
        if not small:
            return self
        by_order = {**self.by_order, **{i: _barred(o, self.space.hops) for i, o in small.items()}}
        return replace(self, orders={**self.orders, **small}, by_order=by_order, _made={})

    def tolls(self, trip: Trip) -> tuple[RestrictionOrder, ...]:
        """List the quotas with a price that the boxes of a trip count under."""
        return tuple(order for order in self.priced if concerns(order, trip))

    def toll(self, trip: Trip, way: Itinerary, legs: Sequence[int]) -> int:
        """Price what a way of these legs passes under quotas, in US cents a TEU; the planner's scan leaves it out."""
        named = self.tolls(trip)
        moves: list[Move] = []
        rest = iter(legs)
        for s in way.stretches if named else ():
            hops = [self.space.hops[next(rest)] for _ in range(s.first_leg, s.last_leg + 1) if s.departure_id]
            moves += [Move(h.leg.from_id, h.leg.to_id, h.departs_at, h.arrives_at) for h in hops]
            moves += [] if hops else [Move(s.from_id, s.to_id, s.departs_at, s.arrives_at, is_dated=False)]
        return sum(order.usd_cents_per_teu * len(passages(order, moves)) for order in named)


def masks(
    space: Space,
    rules: Rules,
    orders: Sequence[RestrictionOrder],
    container_types: Mapping[str, ContainerType],
    room: Room,
) -> Masks:
    """Join every rule and order to the legs it bars."""
    limits = {size: np.full(len(space.hops), NO_LIMIT, np.int64) for size in (20, 40)}
    no_open_top = np.zeros(len(space.hops), np.int64)
    known: dict[tuple[str, object], tuple[int, int, int]] = {}
    for i, hop in enumerate(space.hops):
        key = (hop.leg.train_class, hop.on)
        if key not in known:
            top = bool(rules.limits(hop.leg.train_class, "forbid_open_top", hop.on))
            known[key] = (_limit(rules, hop, 20), _limit(rules, hop, 40), int(top))
        limits[20][i], limits[40][i], no_open_top[i] = known[key]
    barring = {o.order_id: o for o in orders if not o.max_trains_per_day and not o.max_teu_per_day}
    priced = tuple(o for o in orders if o.max_teu_per_day and o.usd_cents_per_teu)
    by_order = {o.order_id: _barred(o, space.hops) for o in barring.values()}
    steps = {size: np.unique(limit) for size, limit in limits.items()}
    left = [min(h.departure.room_teu(h.leg), room.get((h.departure.departure_id, h.leg.seq), 2)) for h in space.hops]
    full = {teu: np.array([int(free < teu) for free in left], np.int64) for teu in (1, 2)}
    return Masks(space, rules, container_types, barring, limits, no_open_top, full, by_order, priced, steps)


def size_of(kind: ContainerType) -> int:
    """Size class that train rules speak of: 20, or 40 for everything longer."""
    return 20 if kind.length_ft == 20 else 40


def concerns(order: RestrictionOrder, trip: Trip) -> bool:
    """Tell whether an order may keep a box from a leg: it bans such boxes, or no hub train may pass."""
    return order.max_trains_per_day is not None or names(order, trip.container_type, trip.cargo_codes, trip.un_classes)


def _does(order: RestrictionOrder) -> str:
    if order.max_trains_per_day is not None:
        return f"lets no hub train pass {order.place_id}, such as one on"
    if order.max_teu_per_day is None:
        return "bans it on"
    least = f"only {order.max_teu_per_day:,} TEU a day" if order.max_teu_per_day else "none of it"
    return f"lets {least} be handed over on"


def _barred(order: RestrictionOrder, hops: Sequence[Hop]) -> Ints:
    """Mark the legs that an order bars: those it holds on; where no hub train may pass, all of hub trains that do."""
    if order.max_trains_per_day is None:
        return np.array([int(holds_on(order, hop)) for hop in hops], np.int64)
    hub = [hop for hop in hops if hop.service.operation == "hub"]
    stopped = {hop.departure.departure_id for hop in hub if holds_on(order, hop)}
    return np.array([int(hop.departure.departure_id in stopped) for hop in hops], np.int64)


def holds_on(order: RestrictionOrder, hop: Hop) -> bool:
    """Tell whether an order is in force on a dated leg."""
    leaves = hop.leg.from_id == order.place_id and order.towards_id in ("", hop.leg.to_id)
    if leaves and order.from_at <= hop.departs_at < order.until_at:
        return True
    reaches = hop.leg.to_id == order.place_id and not order.towards_id
    return reaches and order.from_at <= hop.arrives_at < order.until_at


def _strictest(rules: Rules, hop: Hop, size: int) -> TrainRule | None:
    found = rules.limits(hop.leg.train_class, "max_box_gross_kg", hop.on)
    return min((r for r in found if r.applies_to in (f"{size}ft", "box")), key=lambda r: r.greatest(), default=None)


def _limit(rules: Rules, hop: Hop, size: int) -> int:
    rule = _strictest(rules, hop, size)
    return NO_LIMIT if rule is None else rule.greatest() // 1000
