"""Packed containers as a drawing needs them: blocks in loading order, and the order to paint them in."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from landport.model.bookings import CargoItem
from landport.model.plans import CargoBlock, PlannedContainer
from landport.report import goods
from landport.report.facts import Facts
from landport.report.indicators import volume_mm3

MOST_BLOCKS = 16_000
"""Blocks that a page draws over all packed containers, so that it still opens when a week is ten times as busy."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A packed container and the share of its volume that is filled."""

    box: PlannedContainer
    volume_share: float


def by_fill(facts: Facts) -> tuple[Filled, ...]:
    """List packed containers that ride, the fullest first."""
    types = facts.world.container_types
    found = [Filled(c, volume_mm3(c) / types[c.container_type].volume_mm3) for c in facts.moved() if c.blocks]
    return tuple(sorted(found, key=lambda f: (-f.volume_share, f.box.container_id)))


def chosen(facts: Facts) -> tuple[Filled, ...]:
    """Choose what to draw: all packed containers; the fullest and the emptiest of them beyond `MOST_BLOCKS`."""
    found = by_fill(facts)
    kept: list[Filled] = []
    n_blocks = 0
    for i in sorted(range(len(found)), key=lambda i: min(i, len(found) - 1 - i)):
        n_blocks += len(found[i].box.blocks)
        if n_blocks > MOST_BLOCKS and len(kept) >= 2:
            break
        kept.append(found[i])
    return tuple(sorted(kept, key=lambda f: (-f.volume_share, f.box.container_id)))


def drawing(facts: Facts, filled: Filled) -> dict[str, Any]:
    """Write one container as plain data for the page's script.

    Returns
    -------
    dict[str, Any]
        `owners`: id, shipper, pieces, kg, (goods, HS) of each sort in it; `kinds`, pieces as they lie: dx, dy, dz,
        owner, mass in g, number of its goods among its owner's, -1: nobody said; `blocks` one after another, seven
        numbers each: kind, x, y, z, nx, ny, nz; `paint`: block numbers, the farthest from the eye first, with the eye
        at the door, left of it and above.
    """
    box = filled.box
    kind = facts.world.container_types[box.container_type]
    shares = {b: _Share() for b in box.booking_ids}
    owners = {b: i for i, b in enumerate(box.booking_ids)}
    kinds: dict[tuple[int, ...], int] = {}
    blocks: list[int] = []
    for b in box.blocks:
        item = facts.items.get(b.item_id)
        booking_id = item.booking_id if item and item.booking_id in owners else box.booking_ids[0]
        mass = item.piece_g if item else 0
        said = shares[booking_id].add(b.count, mass, _goods(facts, item))
        row = kinds.setdefault((b.dx_mm, b.dy_mm, b.dz_mm, owners[booking_id], mass, said), len(kinds))
        blocks += [row, b.x_mm, b.y_mm, b.z_mm, b.nx, b.ny, b.nz]
    ride = facts.rides[box.container_id]
    return {
        "id": box.container_id,
        "type": kind.container_type,
        "to": facts.name(box.destination_id),
        "departure": next((r.departure_id for r in ride if r.departure_id), ""),
        "inside": [kind.inside_length_mm, kind.inside_width_mm, kind.inside_height_mm],
        "payload": kind.payload_kg,
        "cargo": box.cargo_kg,
        "share": round(filled.volume_share, 4),
        "kinds": list(kinds),
        "blocks": blocks,
        "paint": paint_order(box.blocks),
        "owners": [[b, _shipper(facts, b), s.n_pieces, -(-s.grams // 1000), s.goods] for b, s in shares.items()],
    }


@dataclass(slots=True)
class _Share:
    """What is in a container of one booking."""

    n_pieces: int = 0
    grams: int = 0
    goods: list[tuple[str, str]] = field(default_factory=list)

    def add(self, count: int, piece_g: int, said: tuple[str, str]) -> int:
        """Count equal pieces in; answer the number of their goods, -1: nobody said."""
        self.n_pieces += count
        self.grams += count * piece_g
        if said == ("", ""):
            return -1
        if said not in self.goods:
            self.goods.append(said)
        return self.goods.index(said)


def _shipper(facts: Facts, booking_id: str) -> str:
    booking = facts.bookings.get(booking_id)
    return booking.shipper if booking else ""


def _goods(facts: Facts, item: CargoItem | None) -> tuple[str, str]:
    """Name the goods of an item and their HS: as its booking declares it, else the heading of their category."""
    if item is None:
        return "", ""
    booking = facts.bookings.get(item.booking_id)
    declared = booking.hs if booking and booking.goods_id == item.goods_id else ""
    return goods.name(item.goods_id), declared or goods.heading(item.goods_id)


def paint_order(blocks: Sequence[CargoBlock]) -> list[int]:
    """Order blocks from the farthest to the nearest for an eye at large x, small y and large z.

    Notes
    -----
    Kahn's topological sort of "lies behind" over pairs, O(n2); solid boxes can lie behind each other in a ring, then
    the one nearest to the far corner goes first.
    """
    spans = [
        (
            (b.x_mm, b.x_mm + b.dx_mm * b.nx),
            (b.y_mm, b.y_mm + b.dy_mm * b.ny),
            (b.z_mm, b.z_mm + b.dz_mm * b.nz),
        )
        for b in blocks
    ]
    after: list[list[int]] = [[] for _ in blocks]
    waiting = [0] * len(blocks)
    for i, a in enumerate(spans):
        for j, b in enumerate(spans):
            if i != j and _behind(a, b) and not _behind(b, a):
                after[i].append(j)
                waiting[j] += 1
    depth = [a[0][0] - a[1][0] + a[2][0] for a in spans]
    ready = [(depth[i], i) for i, n in enumerate(waiting) if n == 0]
    heapq.heapify(ready)
    order: list[int] = []
    left = set(range(len(blocks)))
    while left:
        if not ready:  # a ring: break it at the far corner
            ready = [min((depth[i], i) for i in left)]
        _, i = heapq.heappop(ready)
        if i not in left:
            continue
        left.remove(i)
        order.append(i)
        for j in after[i]:
            waiting[j] -= 1
            if waiting[j] == 0:
                heapq.heappush(ready, (depth[j], j))
    return order


Span = tuple[int, int]


def _behind(a: tuple[Span, Span, Span], b: tuple[Span, Span, Span]) -> bool:
    """Tell whether a must be painted before b: a plane parts them with a on the far side."""
    return a[0][1] <= b[0][0] or a[1][0] >= b[1][1] or a[2][1] <= b[2][0]
