"""When groupage must be packed: the sensible departures from the hub towards each destination."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from landport.model.loads import CutOff
from landport.model.rules import Rules
from landport.route import _kernel
from landport.route.arrays import Space
from landport.route.search import Search

SENSIBLE = 1.2
"""A departure counts when its price, waiting at the hub left out, is at most this times the cheapest."""


def cut_offs(
    destination_ids: Iterable[str], space: Space, *, hub_id: str, rules: Rules, until: int
) -> dict[str, tuple[CutOff, ...]]:
    """List, by destination, the rail departures from the hub before minute `until` worth packing for.

    Returns
    -------
    dict[str, tuple[CutOff, ...]]
        By packing time; empty where no train leads.
    """
    search = Search(space, rules, 2)
    hub = space.place_of[hub_id]
    free = np.zeros(len(space.hops), np.int64)
    return {d: _towards(space.place_of[d], search, free, hub, until) for d in sorted(set(destination_ids))}


def _towards(target: int, search: Search, free: np.ndarray, hub: int, until: int) -> tuple[CutOff, ...]:
    table = search.table(target, 1, free)
    space = search.space
    found = []
    for leg in np.flatnonzero((space.from_place == hub) & (table.value < _kernel.FAR)):
        hop = space.hops[leg]
        if hop.service.mode == "rail" and hop.departs_at < until:
            price = int(table.value[leg]) - table.minute_value * hop.departs_at
            found.append((price, hop.departs_at - hop.service.cut_off_minutes, search.arrival(int(leg), table)))
    cheapest = min((price for price, _, _ in found), default=0)
    kept = {CutOff(packed_by=at, arrives_at=arrives) for price, at, arrives in found if price <= SENSIBLE * cheapest}
    return tuple(sorted(kept, key=lambda c: (c.packed_by, c.arrives_at)))
