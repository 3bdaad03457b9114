"""A second opinion on a load plan: whole numbers, all pairs of boxes, nothing shared with planner, auditor or peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.loading.instances import Row

Placement = Sequence[int]
"""Row, x, y, z, dx, dy, dz; in the unit of the instance."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What is true of the boxes in one container.

    Parameters
    ----------
    volume
        Of all boxes.
    faults
        What no plan may have: boxes of wrong size or number, boxes outside, boxes in each other.
    wrong_side_up, unsupported, floating
        Boxes on a side that they must not stand on; with less of the base on the floor or on tops than asked for (all
        of it where nothing is asked for); with none of it.
    """

    volume: int
    n_boxes: int
    faults: tuple[str, ...]
    wrong_side_up: int
    unsupported: int
    floating: int


def examine(
    inside: Sequence[int], rows: Sequence[Row], placements: Sequence[Placement], support_pct: int = 100
) -> Findings:
    """Look at one container."""
    if not len(placements):
        return Findings(0, 0, (), 0, 0, 0)
    table = np.array(placements, np.int64)
    row, low, size = table[:, 0], table[:, 1:4], table[:, 4:7]
    faults = [*_counts(row, rows), *_sizes(row, size, rows), *_outside(low, size, inside), *_overlaps(low, size)]
    held, base = _held(low, size), size[:, 0] * size[:, 1]
    wrong = sum(not _is_upright(rows[r], s) for r, s in zip(row.tolist(), size.tolist(), strict=True) if r < len(rows))
    least = support_pct or 100
    return Findings(
        volume=int(size.prod(axis=1).sum()),
        n_boxes=len(table),
        faults=tuple(faults),
        wrong_side_up=wrong,
        unsupported=int((100 * held < least * base).sum()),
        floating=int((held == 0).sum()),
    )


def _counts(row: np.ndarray, rows: Sequence[Row]) -> list[str]:
    if row.min() < 0 or row.max() >= len(rows):
        return ["a box of no row"]
    packed = np.bincount(row, minlength=len(rows)).tolist()
    return [f"{n} of row {k}, there are {rows[k].count}" for k, n in enumerate(packed) if n > rows[k].count]


def _sizes(row: np.ndarray, size: np.ndarray, rows: Sequence[Row]) -> list[str]:
    given = np.array([sorted((r.length, r.width, r.height)) for r in rows])
    known = row < len(rows)
    wrong = (np.sort(size[known], axis=1) != given[row[known]]).any(axis=1)
    return [f"{int(wrong.sum())} boxes of wrong size"] if wrong.any() else []


def _is_upright(row: Row, size: Sequence[int]) -> bool:
    """Tell whether some allowed side is vertical and the others lie as they then must."""
    sides = {"l": row.length, "w": row.width, "h": row.height}
    flat = sorted(size[:2])
    return any(
        sides[letter] == size[2] and sorted(s for other, s in sides.items() if other != letter) == flat
        for letter in row.vertical
    )


def _outside(low: np.ndarray, size: np.ndarray, inside: Sequence[int]) -> list[str]:
    out = ((low < 0) | (low + size > np.array(inside))).any(axis=1)
    return [f"{int(out.sum())} boxes stick out"] if out.any() else []


def _overlaps(low: np.ndarray, size: np.ndarray) -> list[str]:
    meets = np.ones((len(low), len(low)), bool)
    for axis in range(3):
        a, b = low[:, axis], (low + size)[:, axis]
        meets &= (a[:, None] < b[None, :]) & (a[None, :] < b[:, None])
    np.fill_diagonal(meets, False)
    return [f"{int(meets.sum()) // 2} pairs of boxes overlap"] if meets.any() else []


def _held(low: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Area of each base on the floor or on tops that end exactly there."""
    area = np.ones((len(low), len(low)), np.int64)
    for axis in range(2):
        a, b = low[:, axis], (low + size)[:, axis]
        area *= np.maximum(0, np.minimum(b[:, None], b[None, :]) - np.maximum(a[:, None], a[None, :]))
    is_under = (low + size)[None, :, 2] == low[:, None, 2]
    on_tops: np.ndarray = (area * is_under).sum(axis=1)
    return np.asarray(np.where(low[:, 2] == 0, size[:, 0] * size[:, 1], on_tops))
