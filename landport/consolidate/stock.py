"""Cargo as the search sees it: blocks, ordered by merit, and bit rows that find those that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landport.consolidate._kernel_blocks import (
    ASKS,
    GRANTS,
    ITEMS_A_BLOCK,
    KIND,
    LAYERS,
    LEAF,
    MASS,
    N_BEARS,
    NEEDS,
    NONE,
    PER_MM2,
    RANK,
    RIGID,
    STRONG,
    Bits,
    Floats,
    Heap,
    Ints,
    generate,
)
from landport.consolidate._kernel_spaces import (
    BOX_VOLUME,
    HANGS,
    LONGEST,
    MERGES,
    N_PHASES,
    N_TASK,
    PAYLOAD,
    RULED,
    SHIFT,
    SUPPORTED,
    Stock,
)

MOST_BLOCKS = 10_000
"""Blocks generated, unless there are more poses of single pieces."""

FEW_KINDS = 25
"""Up to so many items blocks are solid; with more, and nothing to be supported, they may have gaps."""

GAPPY = 0.98
"""Share of its hull that a block with gaps fills at least."""

FREE = (3.7015, 2.6631, 0.3968, 0.0139, 2.0934, 1.4609, 0.4732, 0.0366, 0.674)
"""Parameters of the score without support (`_kernel_rank`), of Araya, Guerrero and Nunez (2017)."""

BEYOND = 1 << 40
"""Layers that nobody limits."""

BEARS_ALL_G = 1_000_000_000
"""Mass on a piece that nobody limits."""

Bool = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Kinds:
    """Items to load, as arrays.

    Parameters
    ----------
    counts, masses_g, most_layers, ranks
        Shape (items,). Layers: `BEYOND` where even all pieces on each other are not too many. Rank: phase of loading,
        the first 0 (what is unloaded last).
    bears_g
        Shape (items,): mass that one piece bears on its top.
    is_rigid
        Shape (items,).
    poses
        Shape (n, 4): item, dx, dy, dz of a piece as it may lie, by item.
    """

    counts: Ints
    masses_g: Ints
    bears_g: Ints
    most_layers: Ints
    ranks: Ints
    is_rigid: Bool
    poses: Ints


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks in order of merit, how they are made of pieces, and what finds them.

    Parameters
    ----------
    stock
        Tables of the kernels.
    heap
        Blocks as they were generated.
    order
        Number in the heap of each block of the stock.
    poses
        `Kinds.poses` of the heap's first blocks.
    """

    stock: Stock
    heap: Heap
    order: Ints
    poses: Ints

    def rows(self, block: int, at: Sequence[int]) -> list[tuple[int, ...]]:
        """Take a block apart into grids of equal pieces: item, x, y, z, dx, dy, dz, nx, ny, nz."""
        return [
            (item, x + at[0], y + at[1], z + at[2], *grid)
            for item, x, y, z, *grid in self._grids(int(self.order[block]))
        ]

    def _grids(self, b: int) -> list[tuple[int, ...]]:
        i, j, axis = (int(v) for v in self.heap.parts[b])
        if i == LEAF:
            item, *size = (int(v) for v in self.poses[j])
            return [(item, 0, 0, 0, *size, 1, 1, 1)]
        step = [0, 0, 0]
        step[axis] = int(self.heap.sizes[i, axis])
        one, other = self._grids(i), self._grids(j)
        if len(one) == len(other) == 1 and _go_on(one[0], other[0], axis):
            grid = list(one[0])
            grid[7 + axis] += other[0][7 + axis]
            return [tuple(grid)]
        return one + [(item, x + step[0], y + step[1], z + step[2], *grid) for item, x, y, z, *grid in other]


def _go_on(one: tuple[int, ...], other: tuple[int, ...], axis: int) -> bool:
    """Tell whether a grid goes on in another one beside it."""
    across = [d for d in range(3) if d != axis]
    return one[0] == other[0] and one[4:7] == other[4:7] and all(one[7 + d] == other[7 + d] for d in across)


def blocks(
    box: Ints,
    payload_g: int,
    kinds: Kinds,
    *,
    is_supported: bool,
    hangs_pct: int = 0,
    bias: Floats | None = None,
    most_blocks: int = MOST_BLOCKS,
    least_fill: float | None = None,
    style: tuple[float, ...] = FREE,
) -> Blocks:
    """Generate the blocks that may go into a container, and the tables that find them.

    Parameters
    ----------
    box
        Shape (3,): inside length, width, height, mm.
    hangs_pct
        With support: percent of each base that is supported at least; 0: all.
    bias
        Shape (items,): factors that scale an item's merit.
    most_blocks
        0: single pieces only.
    """
    poses = kinds.poses
    n_blocks = max(most_blocks, len(poses) + len(poses) // 4) if most_blocks else len(poses)
    heap = _poses_as_blocks(kinds, n_blocks + 1)
    names = np.random.default_rng(1).integers(1, 1 << 58, len(kinds.counts), dtype=np.int64)
    if least_fill is None:
        least_fill = 1.0 if is_supported or len(kinds.counts) <= FEW_KINDS else GAPPY
    contents = np.zeros(len(heap.sizes), np.int64)
    seen = np.zeros(1 << (2 * len(heap.sizes)).bit_length(), np.int64)
    n = generate(heap, len(poses), kinds.counts, names, box, kinds.most_layers, least_fill, payload_g, contents, seen)
    merits = _merits(heap, n, bias, style)
    order = np.argsort(-merits[0], kind="stable")
    support = (is_supported, hangs_pct if is_supported else 0)
    stock = _tables(box, payload_g, kinds, heap, order, merits, names, support=support, style=style)
    return Blocks(stock, heap, order, poses)


def _poses_as_blocks(kinds: Kinds, rows: int) -> Heap:
    """Begin a heap with every piece in each of its poses."""
    poses, n = kinds.poses, len(kinds.poses)
    heap = Heap(
        sizes=np.zeros((rows, 3), np.int64),
        volumes=np.zeros(rows, np.int64),
        bears=np.zeros((rows, N_BEARS), np.int64),
        parts=np.zeros((rows, 3), np.int64),
        first=np.zeros(rows + 1, np.int64),
        kinds=np.zeros(rows * ITEMS_A_BLOCK, np.int64),
        numbers=np.zeros(rows * ITEMS_A_BLOCK, np.int64),
    )
    item, base = poses[:, 0], poses[:, 1] * poses[:, 2]
    heap.sizes[:n], heap.volumes[:n] = poses[:, 1:], poses[:, 1:].prod(axis=1)
    heap.parts[:n, 0], heap.parts[:n, 1] = LEAF, np.arange(n)
    heap.first[: n + 1] = np.arange(n + 1)
    heap.kinds[:n], heap.numbers[:n] = item, 1
    limited = kinds.most_layers[item] < BEYOND
    heap.bears[:n, ASKS] = -(-kinds.masses_g[item] * PER_MM2 // base)
    bears_g = np.minimum(kinds.bears_g[item], BEARS_ALL_G)
    heap.bears[:n, GRANTS] = np.where(bears_g < BEARS_ALL_G, bears_g * PER_MM2 // base, STRONG - 1)
    heap.bears[:n, KIND] = np.where(limited, item, NONE)
    heap.bears[:n, LAYERS] = limited
    heap.bears[:n, NEEDS] = heap.bears[:n, RIGID] = kinds.is_rigid[item]
    heap.bears[:n, MASS], heap.bears[:n, RANK] = kinds.masses_g[item], kinds.ranks[item]
    return heap


def _merits(heap: Heap, n: int, bias: Floats | None, style: tuple[float, ...]) -> Floats:
    """Work out the part of each block's score that no state changes: shape (2, n), early and late."""
    numbers = np.add.reduceat(heap.numbers[: heap.first[n]], heap.first[:n]) if n else np.zeros(0)
    volume = np.log(heap.volumes[:n])
    if bias is not None and n:
        pieces = heap.numbers[: heap.first[n]] * np.log(bias)[heap.kinds[: heap.first[n]]]
        volume = volume + np.add.reduceat(pieces, heap.first[:n]) / numbers
    return np.array([volume - style[2] * np.log(numbers), volume - style[6] * np.log(numbers)])


def _tables(
    box: Ints,
    payload_g: int,
    kinds: Kinds,
    heap: Heap,
    order: Ints,
    merits: Floats,
    names: Ints,
    *,
    support: tuple[bool, int],
    style: tuple[float, ...],
) -> Stock:
    n, n_phases = len(order), int(kinds.ranks.max(initial=0)) + 1
    sizes, bears = heap.sizes[:n][order], heap.bears[:n][order]
    first, within, numbers = _contents(heap, order)
    merit = np.full((2, -(-n // 64) * 64), -1e9)
    merit[:, :n] = merits[:, order]
    enough, count_from, count_at = _enough(first, within, numbers, kinds.counts, n)
    fits, fit_at = _at_most(sizes, box)
    single_fits, single_at = _at_most(kinds.poses[:, 1:], box)
    poses, pose = kinds.poses, np.arange(len(kinds.poses))
    sides, side_from = _sides(kinds)
    return Stock(
        box=box,
        task=_task(box, payload_g, kinds, heap.bears[: len(poses)], support),
        sizes=sizes,
        volumes=heap.volumes[:n][order],
        values=heap.volumes[:n][order],
        bears=bears,
        parts=_parts(heap, order) if support[1] else np.zeros((0, 3), np.int64),
        first=first,
        kinds=within,
        numbers=numbers,
        merit=merit,
        best_merit=_from_here(merit),
        enough=enough,
        count_from=count_from,
        count_at=count_at,
        fits=fits,
        fit_at=fit_at,
        single_fits=single_fits,
        single_at=single_at,
        single_of=_marks(poses[:, 0], pose, len(kinds.counts), len(poses)),
        phases=_marks(bears[:, RANK], np.arange(n), n_phases, n),
        single_phases=_marks(kinds.ranks[poses[:, 0]], pose, n_phases, len(poses)),
        logs=np.log(np.maximum(np.arange(int(box.max()) + 1), 1e-3)),
        sides=sides,
        side_from=side_from,
        names=names,
        most_layers=kinds.most_layers,
        style=np.array(style, np.float64),
    )


def _task(box: Ints, payload_g: int, kinds: Kinds, single: Ints, support: tuple[bool, int]) -> Ints:
    """Say what a container is filled by (`Stock.task`); `single`: what single pieces ask and grant."""
    is_supported, hangs_pct = support
    volume, is_heavy = int(box.prod()), int(kinds.counts @ kinds.masses_g) > payload_g
    is_ruled = bool((single[:, GRANTS] < STRONG - 1).any() or (single[:, KIND] != NONE).any() or single[:, NEEDS].any())
    task = np.zeros(N_TASK, np.int64)
    task[SUPPORTED], task[RULED] = is_supported, is_ruled or is_heavy
    task[N_PHASES] = int(kinds.ranks.max(initial=0)) + 1
    task[SHIFT] = max(0, (volume * int(box.sum())).bit_length() - 61)
    task[BOX_VOLUME], task[PAYLOAD] = volume, payload_g
    task[MERGES], task[HANGS] = is_supported and not hangs_pct, hangs_pct
    task[LONGEST] = int(kinds.poses[:, 1:].max(initial=0))
    return task


def _parts(heap: Heap, order: Ints) -> Ints:
    """Say by number in the stock what each block is made of."""
    number = np.zeros(len(order) + 1, np.int64)
    number[order] = np.arange(len(order))
    number[-1] = LEAF
    parts = heap.parts[order]
    is_leaf = parts[:, 0] == LEAF
    parts[:, 0] = number[parts[:, 0]]
    parts[:, 1] = np.where(is_leaf, 0, number[np.where(is_leaf, 0, parts[:, 1])])
    return parts


def _from_here(merit: Floats) -> Floats:
    """Find the greatest merit from each word of blocks on: shape (2, words)."""
    by_word = merit.reshape(2, -1, 64).max(axis=2, initial=-1e9)
    return np.ascontiguousarray(np.maximum.accumulate(by_word[:, ::-1], axis=1)[:, ::-1])


def _contents(heap: Heap, order: Ints) -> tuple[Ints, Ints, Ints]:
    """Sort what is in each block by the order of the blocks."""
    lengths = np.diff(heap.first)[order]
    first = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    at = np.arange(first[-1]) - np.repeat(first[:-1] - heap.first[order], lengths)
    return first, heap.kinds[at], heap.numbers[at]


def _enough(first: Ints, kinds: Ints, numbers: Ints, counts: Ints, n: int) -> tuple[Bits, Ints, Ints]:
    """Make the bit rows of blocks that need at most so many of an item, one row for each number that matters."""
    block = np.repeat(np.arange(n), np.diff(first))
    count_from = np.concatenate([[0], np.cumsum(counts + 1)])[:-1].astype(np.int64)
    count_at = np.zeros(int((counts + 1).sum()), np.int64)
    by_item = np.argsort(kinds, kind="stable")
    ends = np.searchsorted(kinds[by_item], np.arange(len(counts) + 1))
    n_rows, lacks, lacking = 0, [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for k, count in enumerate(counts):
        inside = by_item[ends[k] : ends[k + 1]]
        levels = np.unique(numbers[inside])
        at = np.searchsorted(levels, np.arange(count + 1), side="right")
        count_at[count_from[k] : count_from[k] + count + 1] = at + n_rows
        more = [inside[numbers[inside] > level] for level in [0, *levels]]
        lacks += [np.full(len(blocks), n_rows + row) for row, blocks in enumerate(more)]
        lacking += [block[blocks] for blocks in more]
        n_rows += len(more)
    every = _bits(np.ones((1, n), np.bool_))
    return every & ~_marks(np.concatenate(lacks), np.concatenate(lacking), n_rows, n), count_from, count_at


def _at_most(sizes: Ints, box: Ints) -> tuple[Bits, Ints]:
    """Make the bit rows of what is at most so long along an axis, and the row of each length: (3, longest + 1)."""
    rows: list[Bits] = []
    at = np.zeros((3, int(box.max()) + 1), np.int64)
    for axis in range(3):
        lengths = np.unique(sizes[:, axis])
        at[axis] = np.searchsorted(lengths, np.arange(at.shape[1]), side="right") + len(rows)
        rows += list(_bits(sizes[None, :, axis] <= np.concatenate([[0], lengths])[:, None]))
    return np.array(rows, np.uint64), at


def _sides(kinds: Kinds) -> tuple[Ints, Ints]:
    """List the lengths that a piece of each item may have along each axis."""
    found: list[int] = []
    start = np.zeros((3, len(kinds.counts) + 1), np.int64)
    for axis in range(3):
        pairs = np.unique(kinds.poses[:, [0, axis + 1]], axis=0)
        start[axis] = np.searchsorted(pairs[:, 0], np.arange(len(kinds.counts) + 1)) + len(found)
        found += pairs[:, 1].tolist()
    return np.array(found, np.int64), start


def _bits(rows: NDArray[np.bool_]) -> Bits:
    """Pack rows of truth into words of 64 bits, the first bit lowest."""
    wide = -(-rows.shape[1] // 64) * 64
    padded = np.zeros((rows.shape[0], wide), np.bool_)
    padded[:, : rows.shape[1]] = rows
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def _marks(rows: Ints, columns: Ints, n_rows: int, n_columns: int) -> Bits:
    """Make bit rows in which these places are set, without a byte for every other one."""
    n_words = -(-n_columns // 64)
    words = np.zeros(n_rows * n_words, np.uint64)
    np.bitwise_or.at(words, rows * n_words + (columns >> 6), np.uint64(1) << (columns & 63).astype(np.uint64))
    return words.reshape(n_rows, n_words)
