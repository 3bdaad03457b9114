"""A load as the loader meets it: steps in loading order, how each piece lies, and where the mass is."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.plans import CargoBlock

REACH_MM = 1200
"""How deep along the length a step goes: as far as arms reach, so that walls grow from the closed end to the door."""

MOST_PARTS = 64
"""Parts that a block is cut into at most, however long a plan says it is."""

FARTHEST_MM = 1 << 30
"""How far from the corner boxes are told apart; no container is as long."""

LAST = 1 << 30
"""Rank of what is in no order: it is unloaded last of all."""

SLICES = 24
"""Parts of the length whose mass is drawn."""

Ints = npt.NDArray[np.int64]
Corners = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a block that is loaded without a break.

    Parameters
    ----------
    row, start
        Number of its block, and of the first of that block's columns along the length that it holds.
    """

    row: int
    start: int
    block: CargoBlock


def unload_rank(item: CargoItem | None, booking: Booking | None) -> int:
    """Rank an item by when it is unloaded: what customs hold first, then by number, then what is in no order.

    Examples
    --------
    >>> unload_rank(None, None) == LAST
    True
    """
    if booking is not None and not booking.is_released:
        return -1
    return item.unload_order if item is not None and item.unload_order > 0 else LAST


def loading_order(
    blocks: Sequence[CargoBlock], ranks: Mapping[str, int], standing: Iterable[CargoBlock] = ()
) -> tuple[CargoBlock, ...]:
    """Cut and order blocks as they are loaded.

    Parameters
    ----------
    ranks
        When an item is unloaded (`unload_rank`); items without one are unloaded last.
    standing
        Blocks that stand in the container already; those that lie inside them come first.

    Returns
    -------
    tuple[CargoBlock, ...]
        Every piece once, none before a piece that carries it, none between the door and what is still to be loaded
        (but for a top within reach), so that nobody climbs on cargo. Of what nothing keeps waiting goes first: what is
        unloaded later, then what is nearer to the closed end, lower, nearer to the left wall. A block longer than
        `REACH_MM` is cut where the order leaves it and comes back.

    Notes
    -----
    Kahn's sort with a heap; a piece waits for what lies under it, for what it would block, and for all, however high,
    that lies behind it beyond `REACH_MM`. Boxes can wait for each other in a ring: then one goes first whose carriers
    stand. O(n2) comparisons, vectorised.
    """
    inside = tuple(standing)
    parts: tuple[list[Unit], list[Unit]] = ([], [])
    for row, block in enumerate(blocks):
        parts[not is_inside(block, inside)].extend(_cut(row, block))
    return tuple(block for units in parts for block in _ordered(units, ranks))


def _ordered(units: Sequence[Unit], ranks: Mapping[str, int]) -> tuple[CargoBlock, ...]:
    if not units:
        return ()
    keys = [
        (-ranks.get(u.block.item_id, LAST), u.block.x_mm, u.block.z_mm, u.block.y_mm, n) for n, u in enumerate(units)
    ]
    low, high = (
        np.ascontiguousarray(np.clip(corners.T, -FARTHEST_MM, FARTHEST_MM), dtype=np.int32)
        for corners in spans([u.block for u in units])
    )
    return _merged([units[n] for n in _sorted(keys, low, high)])


def _cut(row: int, block: CargoBlock) -> list[Unit]:
    deep = max(1, REACH_MM // max(1, block.dx_mm), -(-block.nx // MOST_PARTS))
    return [
        Unit(row, i, replace(block, x_mm=block.x_mm + i * block.dx_mm, nx=min(deep, block.nx - i)))
        for i in range(0, block.nx, deep)
    ]


def spans(blocks: Sequence[CargoBlock]) -> tuple[Ints, Ints]:
    """Low and high corners of blocks in mm, each of shape (n, 3)."""
    low = np.array([(b.x_mm, b.y_mm, b.z_mm) for b in blocks], dtype=np.int64)
    size = np.array([(b.dx_mm * b.nx, b.dy_mm * b.ny, b.dz_mm * b.nz) for b in blocks], dtype=np.int64)
    return low, low + size


def is_inside(block: CargoBlock, standing: Sequence[CargoBlock]) -> bool:
    """Tell whether a block lies inside one that stands already, of the same item."""
    same = [s for s in standing if s.item_id == block.item_id]
    if not same:
        return False
    low, high = spans([block])
    lows, highs = spans(same)
    return bool(np.any(np.all((lows <= low) & (highs >= high), axis=1)))


def _followers(low: Corners, high: Corners, n: int) -> tuple[Flags, Flags]:
    """Mark the boxes that wait for box n, and of those the ones that stand on it; corners have shape (3, n)."""
    x0, y0, z0 = low
    x1, y1, z1 = high
    (a0, b0, c0), (a1, b1, c1) = low[:, n], high[:, n]
    beside = (y0 < b1) & (y1 > b0)
    above = beside & (z0 >= c1) & (x0 < a1) & (x1 > a0)
    ahead = beside & (x0 >= a1) & (((z0 < c1) & (z1 > c0)) | (x0 >= a1 + REACH_MM))
    return above | ahead, above & (z0 == c1)


def _sorted(keys: Sequence[tuple[int, ...]], low: Corners, high: Corners) -> list[int]:
    n_before, n_under = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    for n in range(len(keys)):
        waiting, carried = _followers(low, high, n)
        n_before += waiting
        n_under += carried
    ready = [key for key, waits in zip(keys, n_before.tolist(), strict=True) if not waits]
    heapq.heapify(ready)
    left = set(range(len(keys)))
    order: list[int] = []
    while left:
        if not ready:  # a ring
            ready = [min(keys[n] for n in left if not n_under[n])]
        n = heapq.heappop(ready)[-1]
        if n not in left:
            continue
        left.remove(n)
        order.append(n)
        waiting, carried = _followers(low, high, n)
        n_before -= waiting
        n_under -= carried
        for m in np.flatnonzero(waiting & (n_before == 0)).tolist():
            heapq.heappush(ready, keys[m])
    return order


def _merged(units: Sequence[Unit]) -> tuple[CargoBlock, ...]:
    """Join parts of one block that follow each other."""
    found: list[Unit] = []
    for unit in units:
        last = found[-1] if found else None
        if last is not None and last.row == unit.row and last.start + last.block.nx == unit.start:
            found[-1] = replace(last, block=replace(last.block, nx=last.block.nx + unit.block.nx))
        else:
            found.append(unit)
    return tuple(unit.block for unit in found)


def lies(block: CargoBlock, item: CargoItem) -> tuple[str, str]:
    """Say how a piece lies: which of its dimensions stands up, and which runs along the length; letters of `lwh`.

    Notes
    -----
    Where sides are equal: upright if it can be, and length before width before height. Letters are empty for a piece
    of another size than its item's.
    """
    size = {"l": item.length_mm, "w": item.width_mm, "h": item.height_mm}
    for up in "hwl":
        floor = [s for s in "lwh" if s != up]
        for along, across in (floor, floor[::-1]):
            if (size[along], size[across], size[up]) == (block.dx_mm, block.dy_mm, block.dz_mm):
                return up, along
    return "", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Where the mass of a load is.

    Parameters
    ----------
    centre_mm
        Centre of gravity along x, y, z, rounded down.
    length_pct, width_pct
        How far it lies from the middle, as a share of the inside length (towards the door: positive) and width.
    half_pct
        Share of the mass in the heavier half of the length; a piece across the middle is shared by length.
    slices_g
        Mass by `SLICES` equal parts of the length, closed end first, rounded.
    """

    mass_g: int
    centre_mm: tuple[int, int, int]
    length_pct: float
    width_pct: float
    half_pct: float
    slices_g: tuple[int, ...]


def balance(blocks: Sequence[CargoBlock], piece_g: Mapping[str, int], kind: ContainerType) -> Balance | None:
    """Weigh a load; None: it has no mass."""
    if not blocks:
        return None
    low, high = spans(blocks)
    mass = np.array([piece_g.get(b.item_id, 0) * b.count for b in blocks], dtype=np.int64)
    total = int(mass.sum())
    if not total:
        return None
    twice = [sum(int(m) * int(at) for m, at in zip(mass, axis, strict=True)) for axis in (low + high).T]
    edges = [(i * kind.inside_length_mm / SLICES, (i + 1) * kind.inside_length_mm / SLICES) for i in range(SLICES)]
    parts = [_between(low, high, mass, a, b) for a, b in edges]
    half = _between(low, high, mass, 0, kind.inside_length_mm / 2)
    return Balance(
        mass_g=total,
        centre_mm=(twice[0] // (2 * total), twice[1] // (2 * total), twice[2] // (2 * total)),
        length_pct=50 * (twice[0] / total / kind.inside_length_mm - 1),
        width_pct=50 * (twice[1] / total / kind.inside_width_mm - 1),
        half_pct=100 * max(half, total - half) / total,
        slices_g=tuple(round(part) for part in parts),
    )


def _between(low: Ints, high: Ints, mass: Ints, start: float, end: float) -> float:
    """Mass between two planes across the length."""
    inside = np.minimum(high[:, 0], end) - np.maximum(low[:, 0], start)
    return float((np.maximum(inside, 0) / (high[:, 0] - low[:, 0]) * mass).sum())
