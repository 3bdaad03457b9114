"""Packed containers as a drawing needs them: blocks in loading order, and the order to paint them in."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from landport.model.plans import CargoBlock, PlannedContainer
from landport.report.facts import Facts
from landport.report.indicators import volume_mm3

MOST_DRAWN = 24
"""Containers that a page draws: the fullest and the emptiest."""

MOST_BLOCKS = 6000
"""Blocks that a page draws over all of them."""


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
    """Choose what to draw: the fullest and the emptiest, at most `MOST_DRAWN` and `MOST_BLOCKS`."""
    found = by_fill(facts)
    if len(found) > MOST_DRAWN:
        found = found[: MOST_DRAWN // 2] + found[-MOST_DRAWN // 2 :]
    kept: list[Filled] = []
    inwards = sorted(range(len(found)), key=lambda i: min(i, len(found) - 1 - i))
    n_blocks = 0
    for i in inwards:
        n_blocks += len(found[i].box.blocks)
        if n_blocks <= MOST_BLOCKS or len(kept) < 2:
            kept.append(found[i])
    return tuple(sorted(kept, key=lambda f: (-f.volume_share, f.box.container_id)))


def drawing(facts: Facts, filled: Filled) -> dict[str, Any]:
    """Write one container as plain data for the page's script.

    Returns
    -------
    dict[str, Any]
        `blocks` rows: x, y, z, dx, dy, dz, nx, ny, nz, owner, piece mass in g; `paint`: block numbers, the farthest
        from the eye first, with the eye at the door, left of it and above.
    """
    box = filled.box
    kind = facts.world.container_types[box.container_type]
    owners = {b: i for i, b in enumerate(box.booking_ids)}
    pieces, grams = [0] * len(owners), [0] * len(owners)
    blocks = []
    for b in box.blocks:
        item = facts.items.get(b.item_id)
        owner = owners.get(item.booking_id, 0) if item else 0
        mass = item.piece_g if item else 0
        pieces[owner] += b.count
        grams[owner] += b.count * mass
        blocks.append([b.x_mm, b.y_mm, b.z_mm, b.dx_mm, b.dy_mm, b.dz_mm, b.nx, b.ny, b.nz, owner, mass])
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
        "blocks": blocks,
        "paint": paint_order(box.blocks),
        "owners": [_owner(facts, b, pieces[i], grams[i]) for b, i in owners.items()],
    }


def _owner(facts: Facts, booking_id: str, n_pieces: int, grams: int) -> dict[str, Any]:
    booking = facts.bookings.get(booking_id)
    return {
        "id": booking_id,
        "shipper": booking.shipper if booking else "",
        "goods": _spoken(booking.goods_id) if booking else "",
        "hs": booking.hs if booking else "",
        "pieces": n_pieces,
        "kg": -(-grams // 1000),
    }


def _spoken(goods_id: str) -> str:
    """Write an id of goods as words.

    Examples
    --------
    >>> _spoken("knitted_women_s_wear")
    "knitted women's wear"
    """
    return goods_id.replace("_s_", "'s_").replace("_", " ")


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
