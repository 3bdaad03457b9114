"""Gaps in a load: pieces that leave more of a line through their middle free than rules allow get a remark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landport.consolidate._kernel import Ints
from landport.errors import Remark
from landport.model.equipment import ContainerType
from landport.model.plans import CargoBlock

ADVICE = "fill it with dunnage bags, or brace the cargo"
"""What a loader does about a gap."""


MOST_CELLS = 4_000_000
"""Lines times blocks compared at once."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The line through the middle of a piece that is free over the greatest length.

    Parameters
    ----------
    free_mm
        Summed over all gaps of the line.
    side, height
        From and to of that piece, in mm: across the line, and above the floor.
    """

    free_mm: int
    side: tuple[int, int]
    height: tuple[int, int]


def voids(blocks: Sequence[CargoBlock], kind: ContainerType, void_mm: int) -> tuple[Remark, ...]:
    """Remark, along the length and across, the widest gap that is beyond `void_mm`.

    Returns
    -------
    tuple[Remark, ...]
        Code `void`, about `length` or `width`; one of each at most.
    """
    found = []
    for about, name, gap in (
        ("length", "y", widest(_rows(blocks, across=False), kind.inside_length_mm)),
        ("width", "x", widest(_rows(blocks, across=True), kind.inside_width_mm)),
    ):
        if gap is not None and gap.free_mm > void_mm:
            (a, b), (low, high) = gap.side, gap.height
            where = f"in line with what stands at {name} {a:,} to {b:,} mm, {low:,} to {high:,} mm above the floor"
            said = (
                f"the load leaves {gap.free_mm:,} mm of its {about} free {where}; {void_mm:,} mm are allowed: {ADVICE}"
            )
            found.append(Remark("void", said, (about,)))
    return tuple(found)


def widest(rows: Ints, inside_mm: int) -> Gap | None:
    """Find the piece with the greatest length free on the line through its middle; None: there is no cargo.

    Parameters
    ----------
    rows
        Shape (blocks, 7): from and to across the lines, from and to in height, length along them, all in mm, and how
        many pieces a block has across and in height.

    Notes
    -----
    A line through the middle is what holds a piece from tipping; one that grazes it under the roof, where it stands out
    by a finger, holds nothing. Blocks do not overlap, so that their lengths on a line add up; a line along a face is in
    the block behind it. O(lines x blocks).
    """
    if not len(rows):
        return None
    pieces = np.concatenate([_faces(*row[:4], *row[5:]) for row in rows.tolist()])
    pieces = np.unique(pieces, axis=0)
    side, height = pieces[:, :2].sum(axis=1), pieces[:, 2:].sum(axis=1)
    filled = np.empty(len(pieces), np.int64)
    step = max(1, MOST_CELLS // len(rows))
    for n in range(0, len(pieces), step):
        at, up = side[n : n + step, None], height[n : n + step, None]
        is_on = (2 * rows[:, 0] <= at) & (at < 2 * rows[:, 1]) & (2 * rows[:, 2] <= up) & (up < 2 * rows[:, 3])
        filled[n : n + step] = np.where(is_on, rows[:, 4], 0).sum(axis=1)
    freest = int(filled.argmin())
    a, b, low, high = pieces[freest].tolist()
    return Gap(inside_mm - int(filled[freest]), (a, b), (low, high))


def _faces(a: int, b: int, low: int, high: int, n_across: int, n_up: int) -> Ints:
    """List the faces of a block's pieces, shape (pieces, 4): from and to across, from and to in height."""
    wide, tall = (b - a) // n_across, (high - low) // n_up
    across, up = np.meshgrid(np.arange(n_across) * wide + a, np.arange(n_up) * tall + low, indexing="ij")
    faces = np.stack([across, across + wide, up, up + tall], axis=-1)
    return faces.reshape(-1, 4).astype(np.int64)


def _rows(blocks: Sequence[CargoBlock], *, across: bool) -> Ints:
    found = []
    for b in blocks:
        along, side = (b.x_mm, b.nx * b.dx_mm, b.nx), (b.y_mm, b.ny * b.dy_mm, b.ny)
        (_, long, _), (start, wide, n) = (side, along) if across else (along, side)
        found.append((start, start + wide, b.z_mm, b.z_mm + b.nz * b.dz_mm, long, n, b.nz))
    return np.array(found, np.int64).reshape(-1, 7)
