"""Which legs a box may not ride, by which rule: mass, equipment, restriction orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from landport.model.bookings import RestrictionOrder
from landport.model.equipment import ContainerType
from landport.model.itinerary import Refusal, Room, Trip
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
        Those that ban cargo, or that allow no hub train.
    by_order
        Legs each of them bars, shape (n,).
    """

    space: Space
    rules: Rules
    container_types: Mapping[str, ContainerType]
    orders: Mapping[str, RestrictionOrder]
    limit_kg: Mapping[int, Ints]
    no_open_top: Ints
    full: Mapping[int, Ints]
    by_order: Mapping[str, Ints]
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
                is_ban = order.max_trains_per_day is None
                does = "bans it on" if is_ban else f"lets no hub train pass {order.place_id}, such as one on"
                why = f"order {order.number} of {order.issuer} {does} {where}: {order.text}"
                return Refusal(state="waiting", code="order", why=why)
        return None


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
    barring = {o.order_id: o for o in orders if not o.max_trains_per_day}
    by_order = {o.order_id: _barred(o, space.hops) for o in barring.values()}
    steps = {size: np.unique(limit) for size, limit in limits.items()}
    left = [room.get((hop.departure.departure_id, hop.leg.seq), 2) for hop in space.hops]
    full = {teu: np.array([int(free < teu) for free in left], np.int64) for teu in (1, 2)}
    return Masks(space, rules, container_types, barring, limits, no_open_top, full, by_order, steps)


def size_of(kind: ContainerType) -> int:
    """Size class that train rules speak of: 20, or 40 for everything longer."""
    return 20 if kind.length_ft == 20 else 40


def concerns(order: RestrictionOrder, trip: Trip) -> bool:
    """Tell whether an order may keep a box from a leg: it bans such boxes, or no hub train may pass."""
    return order.max_trains_per_day is not None or bans(order, trip)


def bans(order: RestrictionOrder, trip: Trip) -> bool:
    """Tell whether an order's lists match a box; an empty list matches anything.

    Notes
    -----
    A code shorter than a prefix it agrees with matches: what is not known is taken as banned. A class stands for its
    divisions, a division for its compatibility groups.
    """
    goods = not order.hs_prefixes or any(
        code.startswith(p) or p.startswith(code) for code in trip.cargo_codes for p in order.hs_prefixes
    )
    un = not order.un_classes or any(_is_of(c, wider) for c in trip.un_classes for wider in order.un_classes)
    return goods and un and (not order.container_types or trip.container_type in order.container_types)


def _is_of(un_class: str, wider: str) -> bool:
    """Tell whether a UN class (1.4S) is one that an order names (1.4S, 1.4 or 1)."""
    rest = un_class.removeprefix(wider)
    return rest == "" or (rest != un_class and (rest[0] == "." or rest.isalpha()))


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
