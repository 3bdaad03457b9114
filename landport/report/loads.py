"""Packed containers as a drawing needs them: kinds of pieces, and blocks of them in loading order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from landport.model.bookings import CargoItem
from landport.model.plans import CargoBlock, PlannedContainer
from landport.report import goods
from landport.report.facts import Facts
from landport.report.indicators import volume_mm3
from landport.report.steps import loading_order, unload_rank

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
        owner, mass in g, number of its goods among its owner's, -1: nobody said; `blocks` in loading order, seven
        numbers each: kind, x, y, z, nx, ny, nz.
    """
    box = filled.box
    kind = facts.world.container_types[box.container_type]
    shares = {b: _Share() for b in box.booking_ids}
    owners = {b: i for i, b in enumerate(box.booking_ids)}
    ranks = {
        b.item_id: unload_rank(item, facts.bookings.get(item.booking_id) if item else None)
        for b in box.blocks
        for item in [facts.items.get(b.item_id)]
    }

    def said(b: CargoBlock) -> tuple[int, ...]:
        item = facts.items.get(b.item_id)
        booking_id = item.booking_id if item and item.booking_id in owners else box.booking_ids[0]
        mass = item.piece_g if item else 0
        return owners[booking_id], mass, shares[booking_id].add(b.count, mass, _goods(facts, item))

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
        **pieces(loading_order(box.blocks, ranks), said),
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
    """Name the goods of an item and their HS; empty for one that nobody knows."""
    return goods.declared(item, facts.bookings.get(item.booking_id)) if item else ("", "")


def pieces(blocks: Sequence[CargoBlock], said: Callable[[CargoBlock], tuple[int | str, ...]]) -> dict[str, Any]:
    """Write blocks as numbers, their sizes once.

    Parameters
    ----------
    said
        What a kind says of its pieces behind dx, dy, dz; asked once a block, in order.
    """
    kinds: dict[tuple[int | str, ...], int] = {}
    numbers: list[int] = []
    for b in blocks:
        row = kinds.setdefault((b.dx_mm, b.dy_mm, b.dz_mm, *said(b)), len(kinds))
        numbers += [row, b.x_mm, b.y_mm, b.z_mm, b.nx, b.ny, b.nz]
    return {"kinds": list(kinds), "blocks": numbers}
