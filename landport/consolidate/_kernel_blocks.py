"""Blocks: solid heaps of pieces that are placed as one. Arrays only.

A block is a piece in one of its poses, or two blocks joined side by side along an axis. Its volume is that of its
pieces; at least `least_fill` of its size. Columns of `bears`, what a block asks of what it stands on and grants to
what stands on it (pressures in `PER_MM2`-ths of a gram per mm2, rounded to the safe side):

    ASKS    greatest pressure under its base
    GRANTS  pressure that every part of its top still bears
    KIND    the one item in it whose layers are limited; NONE
    LAYERS  pieces of that item above each other
    NEEDS   1: stands on the floor or on rigid pallets only
    RIGID   1: its whole top is rigid pallets
    MASS    grams
    RANK    phase of loading in which its pieces are placed
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from landport._compile import njit_lent

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bits = NDArray[np.uint64]

ASKS, GRANTS, KIND, LAYERS, NEEDS, RIGID, MASS, RANK = 0, 1, 2, 3, 4, 5, 6, 7
N_BEARS = 8
NONE, MIXED = -1, -2
"""No item, or several, in place of one."""

PER_MM2 = 1 << 20
STRONG = 1 << 58
"""A pressure that only a floor bears."""

PAIRS = 60_000_000
"""Pairs of blocks tried a generation: about a third of a second."""

LEAF = -1
ITEMS_A_BLOCK = 8
"""Rows of `kinds` that are kept ready for a block, in the mean."""


class Heap(NamedTuple):
    """Blocks as they are made; the first `n_poses` are single pieces.

    Shapes: sizes (n, 3) mm; volumes (n,); bears (n, 8); parts (n, 3): two blocks and the axis that joins them, or LEAF,
    pose, 0; first (n + 1,) into kinds and numbers: which items are in a block, ascending, and how many of each.
    """

    sizes: Ints
    volumes: Ints
    bears: Ints
    parts: Ints
    first: Ints
    kinds: Ints
    numbers: Ints


@njit_lent
def hull_of(sizes: Ints, i: int, j: int, axis: int, box: Ints) -> int:
    """Volume of the hull of blocks i and j side by side along an axis; 0 where it does not fit the box."""
    hull = 1
    for d in range(3):
        side = sizes[i, d] + sizes[j, d] if d == axis else max(sizes[i, d], sizes[j, d])
        if side > box[d]:
            return 0
        hull *= side
    return int(hull)


@njit_lent
def has_enough(heap: Heap, i: int, j: int, counts: Ints) -> bool:
    """Tell whether there are pieces enough for blocks i and j together."""
    a, b = heap.first[i], heap.first[j]
    end_a, end_b = heap.first[i + 1], heap.first[j + 1]
    while a < end_a and b < end_b:
        if heap.kinds[a] == heap.kinds[b]:
            if heap.numbers[a] + heap.numbers[b] > counts[heap.kinds[a]]:
                return False
            a, b = a + 1, b + 1
        elif heap.kinds[a] < heap.kinds[b]:
            a += 1
        else:
            b += 1
    return True


@njit_lent
def put_together(heap: Heap, n: int, i: int, j: int) -> None:
    """Write which items blocks i and j hold together as those of block n."""
    a, b, to = heap.first[i], heap.first[j], heap.first[n]
    end_a, end_b = heap.first[i + 1], heap.first[j + 1]
    while a < end_a or b < end_b:
        if b == end_b or (a < end_a and heap.kinds[a] < heap.kinds[b]):
            heap.kinds[to], heap.numbers[to] = heap.kinds[a], heap.numbers[a]
            a += 1
        elif a == end_a or heap.kinds[b] < heap.kinds[a]:
            heap.kinds[to], heap.numbers[to] = heap.kinds[b], heap.numbers[b]
            b += 1
        else:
            heap.kinds[to], heap.numbers[to] = heap.kinds[a], heap.numbers[a] + heap.numbers[b]
            a, b = a + 1, b + 1
        to += 1
    heap.first[n + 1] = to


@njit_lent
def stack(bears: Ints, i: int, j: int, most_layers: Ints, joint: Ints) -> bool:
    """Work out what block j on top of block i asks and grants; False where j may not stand there."""
    lower, upper = bears[i], bears[j]
    if upper[ASKS] > lower[GRANTS] or (upper[NEEDS] and not lower[RIGID]):
        return False
    if lower[KIND] != NONE and upper[KIND] != NONE and lower[KIND] != upper[KIND]:
        return False
    joint[KIND] = max(lower[KIND], upper[KIND])
    joint[LAYERS] = lower[LAYERS] + upper[LAYERS]
    if joint[KIND] != NONE and joint[LAYERS] > most_layers[joint[KIND]]:
        return False
    joint[ASKS] = lower[ASKS] + upper[ASKS]
    joint[GRANTS] = min(upper[GRANTS], lower[GRANTS] - upper[ASKS])
    joint[NEEDS], joint[RIGID] = lower[NEEDS], upper[RIGID]
    return True


@njit_lent
def abreast(bears: Ints, i: int, j: int, joint: Ints) -> bool:
    """Work out what blocks i and j side by side ask and grant; False where they may not be one block."""
    one, other = bears[i], bears[j]
    if one[KIND] != NONE and other[KIND] != NONE and one[KIND] != other[KIND]:
        return False
    joint[KIND] = max(one[KIND], other[KIND])
    joint[LAYERS] = max(one[LAYERS], other[LAYERS])
    joint[ASKS], joint[GRANTS] = max(one[ASKS], other[ASKS]), min(one[GRANTS], other[GRANTS])
    joint[NEEDS], joint[RIGID] = max(one[NEEDS], other[NEEDS]), min(one[RIGID], other[RIGID])
    return True


@njit_lent
def joint_bears(bears: Ints, i: int, j: int, axis: int, most_layers: Ints, joint: Ints) -> bool:
    """Work out what two joined blocks ask and grant; False where they may not be joined."""
    if bears[i, RANK] != bears[j, RANK]:
        return False
    joint[MASS], joint[RANK] = bears[i, MASS] + bears[j, MASS], bears[i, RANK]
    if axis == 2:
        return bool(stack(bears, i, j, most_layers, joint))
    return bool(abreast(bears, i, j, joint))


@njit_lent
def signature(contents: int, size: Ints) -> int:
    """Name blocks alike that hold the same pieces in a hull of the same size."""
    key = contents ^ (size[0] * 1000003 + size[1] * 998244353 + size[2] * 7000000049)
    return int(key) if key else 1


@njit_lent
def is_new(seen: Ints, key: int) -> bool:
    """Note a key, not 0, in a table with free places (0); False where it is there already."""
    mask = seen.shape[0] - 1
    row = (key ^ (key >> 23)) & mask
    while seen[row] != 0:
        if seen[row] == key:
            return False
        row = (row + 1) & mask
    seen[row] = key
    return True


@njit_lent
def try_join(
    heap: Heap,
    contents: Ints,
    counts: Ints,
    n: int,
    i: int,
    j: int,
    axis: int,
    most: Ints,
    seen: Ints,
) -> bool:
    """Make block n of blocks i and j along an axis; False where they may not be one, or there is one like it."""
    size = heap.sizes[n]
    for d in range(3):
        one, other = heap.sizes[i, d], heap.sizes[j, d]
        size[d] = one + other if d == axis else max(one, other)
    if not has_enough(heap, i, j, counts) or not joint_bears(heap.bears, i, j, axis, most, heap.bears[n]):
        return False
    if not is_new(seen, signature(contents[i] + contents[j], size)):
        return False
    heap.volumes[n] = heap.volumes[i] + heap.volumes[j]
    contents[n] = contents[i] + contents[j]
    heap.parts[n, 0], heap.parts[n, 1], heap.parts[n, 2] = i, j, axis
    put_together(heap, n, i, j)
    return True


@njit_lent
def generate(
    heap: Heap,
    n_poses: int,
    counts: Ints,
    names: Ints,
    box: Ints,
    most_layers: Ints,
    least_fill: float,
    payload: int,
    contents: Ints,
    seen: Ints,
) -> int:
    """Join blocks, generation by generation, until the heap is full or nothing joins; answers how many there are.

    Shapes: counts, names (random numbers), most_layers (items,); contents (n,), seen (a power of two > 2 n,): scratch,
    all 0. The first `n_poses` rows of the heap are given. Of a generation `PAIRS` pairs are tried; where there are
    more, each block is tried with those that follow it, the poses of its own item first.
    O(blocks^2) in the worst case.
    """
    most = heap.sizes.shape[0] - 1
    for i in range(n_poses):
        contents[i] = names[heap.kinds[heap.first[i]]]
        is_new(seen, signature(contents[i], heap.sizes[i]))
    full = box[0] * box[1] * box[2]
    begin, n = 0, n_poses
    while begin < n < most:
        end = n
        span = PAIRS // (end - begin)
        for i in range(begin, end):
            for step in range(min(span, end)):
                j = step if span >= end else (i + step) % end
                volume = heap.volumes[i] + heap.volumes[j]
                if n == most:
                    return int(n)
                if volume > full:
                    continue
                for axis in range(3):
                    hull = hull_of(heap.sizes, i, j, axis, box)
                    if hull == 0 or volume < least_fill * hull or heap.bears[i, MASS] + heap.bears[j, MASS] > payload:
                        continue
                    need = heap.first[i + 1] - heap.first[i] + heap.first[j + 1] - heap.first[j]
                    if n < most and heap.first[n] + need <= heap.kinds.shape[0]:
                        n += try_join(heap, contents, counts, n, i, j, axis, most_layers, seen)
        begin = end
    return int(n)
