"""Gaps in a load: lines through it that are free over more than its rules allow get a remark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from landport.consolidate._kernel import Ints
from landport.errors import Remark
from landport.model.equipment import ContainerType
from landport.model.plans import CargoBlock

ADVICE = "fill it with dunnage bags, or brace the cargo"
"""What a loader does about a gap."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The lines through a load that are free over the greatest length.

    Parameters
    ----------
    free_mm
        Summed over all gaps of one such line.
    side, height
        From and to, in mm, where these lines run: across them, and above the floor.
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
            where = f"between {name} {a:,} and {b:,} mm, {low:,} to {high:,} mm above the floor"
            said = (
                f"the load leaves {gap.free_mm:,} mm of its {about} free {where}; {void_mm:,} mm are allowed: {ADVICE}"
            )
            found.append(Remark("void", said, (about,)))
    return tuple(found)


def widest(rows: Ints, inside_mm: int) -> Gap | None:
    """Find the lines that meet cargo and are free over the greatest length; None: there is no cargo.

    Parameters
    ----------
    rows
        Shape (blocks, 5): from and to across the lines, from and to in height, length along them, in mm.

    Notes
    -----
    An exact sweep over the strips between all edges: what changes at an edge is kept as differences along the height,
    and summed strip by strip. Blocks do not overlap, so that their lengths on a line add up. O(strips x heights).
    """
    if not len(rows):
        return None
    best, found = inside_mm + 1, None
    heights = np.unique(rows[:, 2:4])
    for a, b, lengths in _strips(rows, heights):
        least = int(lengths[lengths > 0].min(initial=best))
        if least < best:
            first = int(np.flatnonzero(lengths == least)[0])
            after = first + int(np.argmax(lengths[first:] != least))
            best, found = least, Gap(inside_mm - least, (a, b), (int(heights[first]), int(heights[after])))
        elif found is not None and least == best and found.side[1] == a:
            low, high = np.searchsorted(heights, found.height)
            if (lengths[low:high] == best).all():
                found = Gap(found.free_mm, (found.side[0], b), found.height)
    return found


def _strips(rows: Ints, heights: Ints) -> Iterator[tuple[int, int, Ints]]:
    """Go through the strips; answers each with the length that is filled at every height."""
    enters, leaves = np.argsort(rows[:, 0], kind="stable"), np.argsort(rows[:, 1], kind="stable")
    levels = np.searchsorted(heights, rows[:, 2:4])
    edges = np.unique(rows[:, :2])
    into = np.searchsorted(rows[enters, 0], edges, side="right")
    out = np.searchsorted(rows[leaves, 1], edges, side="right")
    change = np.zeros(len(heights), np.int64)
    begun = done = 0
    for n in range(len(edges) - 1):
        for which, sign in ((enters[begun : into[n]], 1), (leaves[done : out[n]], -1)):
            np.add.at(change, levels[which, 0], sign * rows[which, 4])
            np.add.at(change, levels[which, 1], -sign * rows[which, 4])
        begun, done = int(into[n]), int(out[n])
        yield int(edges[n]), int(edges[n + 1]), np.cumsum(change)


def _rows(blocks: Sequence[CargoBlock], *, across: bool) -> Ints:
    found = []
    for b in blocks:
        along, side = (b.x_mm, b.nx * b.dx_mm), (b.y_mm, b.ny * b.dy_mm)
        (_, long), (start, wide) = (side, along) if across else (along, side)
        found.append((start, start + wide, b.z_mm, b.z_mm + b.nz * b.dz_mm, long))
    return np.array(found, np.int64).reshape(-1, 5)
