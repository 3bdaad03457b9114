"""How few containers any plan needs, by volume, by mass and by pieces too big to share one. Arrays only."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def least_containers(boxes: Ints, items: Ints, poses: Ints, counts: Ints, volumes: Ints) -> int:
    """Bound the number of containers from below.

    Shapes: boxes (types, 4): length, width, height mm, payload g; items (n, 3): mass g first; poses (m, 4): item, dx,
    dy, dz mm, of all types; counts, volumes (n,): pieces, mm3 of one.

    Notes
    -----
    The largest of: total volume over the greatest volume; total mass over the greatest payload; pieces heavier than
    half the greatest payload; pieces that in every pose are longer, wider and higher than half of the greatest
    inside size (two boxes in one container lie apart along some direction, where their sizes must add up). O(n + m).
    """
    if not counts.sum():
        return 0
    greatest = boxes.max(axis=0)
    by_volume = -(-int(counts @ volumes) // int(boxes[:, :3].prod(axis=1).max()))
    by_mass = -(-int(counts @ items[:, 0]) // int(greatest[3]))
    heavy = int(counts[2 * items[:, 0] > greatest[3]].sum())
    least = np.full((len(counts), 3), np.iinfo(np.int64).max // 2, np.int64)
    for side in range(3):
        np.minimum.at(least[:, side], poses[:, 0], poses[:, side + 1])
    bulky = int(counts[(2 * least > greatest[:3]).all(axis=1)].sum())
    return max(by_volume, by_mass, heavy, bulky)
