"""A booking in walls: each item in walls of its own across the container, one behind the other along its length."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from landport.consolidate._kernel import BEARS, FLOOR, HEIGHT, LAYERS, LENGTH, MASS, STRONG, WIDTH, Ints

Row = tuple[int, ...]
"""A block or space, columns as in `_kernel`."""


def in_walls(box: Ints, items: Ints, poses: Ints, counts: Ints) -> tuple[Ints, Ints] | None:
    """Stack all pieces as walls; None when their walls are longer than the container.

    Returns
    -------
    tuple[Ints, Ints]
        Blocks, and the one space that is left: the floor behind the last wall. Columns as in `_kernel`.

    Notes
    -----
    A wall is as wide and high as its container, layers and tops allow; each item lies in the pose that needs the least
    length. Nothing stands on other items. Payload is the caller's matter. O(poses). Audited by `audit` (COUNT_SPLIT
    holds a booking to be whole where it fits so).
    """
    blocks: list[Row] = []
    x = 0
    for index in np.flatnonzero(counts).tolist():
        walls = [_wall(box, items[index], pose, int(counts[index])) for pose in poses[poses[:, 0] == index]]
        if not walls:
            return None
        dx, dy, dz, across, high = min(walls, key=lambda w: -(-int(counts[index]) // (w[3] * w[4])) * w[0])
        for ahead, beside, nx, ny, nz in _grids(int(counts[index]), across, high):
            blocks.append((index, x + ahead * dx, beside * dy, 0, dx, dy, dz, nx, ny, nz))
        x += -(-int(counts[index]) // (across * high)) * dx
    if x > box[LENGTH]:
        return None
    rest = [(x, 0, int(box[LENGTH]), int(box[WIDTH]), 0, STRONG, 1, FLOOR, 0, 0)] if x < box[LENGTH] else []
    return np.array(blocks, np.int64).reshape(-1, 10), np.array(rest, np.int64).reshape(-1, 10)


def _wall(box: Ints, item: Ints, pose: Ints, count: int) -> tuple[int, int, int, int, int]:
    """Size of a piece as it lies, and how many stand side by side and on each other."""
    dx, dy, dz = (int(side) for side in pose[1:])
    high = min(int(box[HEIGHT]) // dz, int(item[LAYERS]), 1 + int(item[BEARS]) // int(item[MASS]), count)
    return dx, dy, dz, int(box[WIDTH]) // dy, high


def _grids(count: int, across: int, high: int) -> Iterator[tuple[int, int, int, int, int]]:
    """Part pieces into whole walls, whole columns of the last wall, and its last column.

    Answers for each the walls and the columns before it, nx, ny and nz.
    """
    whole, rest = divmod(count, across * high)
    columns, last = divmod(rest, high)
    if whole:
        yield 0, 0, whole, across, high
    if columns:
        yield whole, 0, 1, columns, high
    if last:
        yield whole, columns, 1, 1, last
