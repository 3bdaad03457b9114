"""Kinds of equal containers of a plain case, and their ways over its services."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landport.assemble import _kernel_ways
from landport.assemble.hot import Ints
from landport.model.plain_assembly import PlainBooking, PlainCase, PlainService

FAR = _kernel_ways.FAR

AT_FIRST = 1 << 15
"""Ways that there is room for at first; the room grows when there are more."""


@dataclass(frozen=True, slots=True)
class Network:
    """Services and kinds as arrays, see `_kernel_ways`.

    Parameters
    ----------
    services
        In order of place and departure; `table` has their numbers.
    bookings
        Of each kind, in order of the case.
    count, left_micros
        Containers of each kind; the price of leaving one.
    """

    services: tuple[PlainService, ...]
    table: Ints
    prices: Ints
    kinds: Ints
    bookings: tuple[tuple[PlainBooking, ...], ...]
    count: Ints
    left_micros: Ints
    legs: int


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways of kinds: whose they are, their services (-1 after the last), and what they cost one container."""

    kind: Ints
    legs: Ints
    micros: Ints


def network(case: PlainCase) -> Network:
    """Group equal containers and bring services in order."""
    names = sorted({p for s in case.services for p in (s.from_id, s.to_id)} | {b.to_id for b in case.bookings})
    place = {name: i for i, name in enumerate(sorted({*names, *(b.from_id for b in case.bookings)}))}
    services = tuple(sorted(case.services, key=lambda s: (place[s.from_id], s.departs_h, s.arrives_h, s.service_id)))
    keys = np.array([(place[s.from_id], s.departs_h) for s in services], np.int64).reshape(-1, 2)
    block = np.searchsorted(keys[:, 0], np.arange(len(place) + 1))
    rows = []
    for s in services:
        first, end = block[place[s.to_id]], block[place[s.to_id] + 1]
        boards = first + np.searchsorted(keys[first:end, 1], s.arrives_h + case.rules.min_change_h)
        rows.append((place[s.from_id], place[s.to_id], s.departs_h, s.arrives_h, boards, end))
    groups: dict[tuple[int, int, int, int, int], list[PlainBooking]] = {}
    for booking in case.bookings:
        key = (place[booking.from_id], place[booking.to_id], booking.due_h, booking.priority, booking.ready_h)
        groups.setdefault(key, []).append(booking)
    rules, kinds = case.rules, sorted(groups)
    table = [
        (block[at], block[at + 1], to, ready, due, due + rules.max_late_h, priority * rules.late_micros_per_h,
         priority * rules.hold_micros_per_h)
        for at, to, due, priority, ready in kinds
    ]  # fmt: skip
    return Network(
        services=services,
        table=np.array(rows, np.int64).reshape(-1, 6),
        prices=np.array([s.position_micros for s in services], np.int64),
        kinds=np.array(table, np.int64).reshape(-1, 8),
        bookings=tuple(tuple(groups[key]) for key in kinds),
        count=np.array([sum(b.containers for b in groups[key]) for key in kinds], np.int64),
        left_micros=np.array([rules.left_micros(key[3]) for key in kinds], np.int64),
        legs=max(1, rules.max_legs) if rules.max_legs > 0 else 0,
    )


@dataclass(frozen=True, slots=True)
class Extras:
    """What kinds pay beyond the price of the service they begin with: rows (service, price) from `first[k]` on."""

    first: Ints
    rows: Ints


def extras(net: Network, kind: Ints, service: Ints, price: Ints) -> Extras:
    """Sort surcharges by kind."""
    order = np.argsort(kind, kind="stable")
    first = np.searchsorted(kind[order], np.arange(len(net.kinds) + 1)).astype(np.int64)
    return Extras(first, np.stack([service[order], price[order]], axis=1).astype(np.int64).reshape(-1, 2))


def no_extras(net: Network) -> Extras:
    """Answer that nobody pays more."""
    return Extras(np.zeros(len(net.kinds) + 1, np.int64), np.zeros((0, 2), np.int64))


def cheapest(net: Network, prices: Ints, more: Extras | None = None) -> tuple[Ints, Ints]:
    """Find a cheapest way of each kind at these prices a service: costs (k,), FAR: none; legs (k, legs)."""
    costs = np.full(len(net.kinds), FAR, np.int64)
    ways = np.full((len(net.kinds), net.legs), -1, np.int64)
    more = more or no_extras(net)
    if net.legs:
        _kernel_ways.cheapest(net.table, prices, net.kinds, more.first, more.rows, costs, ways)
    return costs, ways


def all_within(net: Network, prices: Ints, most: Ints, more: Extras | None = None) -> Ways:
    """List all ways of each kind that cost at most so much at these prices; their `micros` are true costs."""
    kind, legs = np.zeros(0, np.int64), np.zeros((0, net.legs), np.int64)
    found = AT_FIRST if net.legs else 0
    more = more or no_extras(net)
    while found > len(kind):
        kind, legs = np.zeros(found, np.int64), np.zeros((found, net.legs), np.int64)
        found = _kernel_ways.all_within(net.table, prices, net.kinds, more.first, more.rows, most, kind, legs)
    kind, legs = kind[:found], legs[:found]
    return Ways(kind, legs, micros(net, kind, legs))


def micros(net: Network, kind: Ints, legs: Ints) -> Ints:
    """Price ways as the format says: positions, hours late and hours held."""
    if not len(kind):
        return np.zeros(0, np.int64)
    padded = np.concatenate([net.prices, [0]])
    last = legs[np.arange(len(legs)), (legs >= 0).sum(axis=1) - 1]
    arrives, of = net.table[last, 3], net.kinds[kind]
    hours = of[:, 6] * np.maximum(0, arrives - of[:, 4]) + of[:, 7] * (arrives - of[:, 3])
    return np.asarray(padded[legs].sum(axis=1) + hours, np.int64)
