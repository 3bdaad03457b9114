"""One container as full as it goes, by every rule of stowing: from nouns to the search and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from landport.consolidate._kernel import BEARS, LAYERS, MASS, PAYLOAD, STRONG
from landport.consolidate._kernel_beam import begin_phase
from landport.consolidate._kernel_blocks import MIXED, NONE, PER_MM2, Floats, Ints
from landport.consolidate._kernel_blocks import STRONG as FLOOR_BEARS
from landport.consolidate._kernel_spaces import (
    CARGO,
    GROUND,
    N_GRIPS,
    N_PLACED,
    ON_KIND,
    ON_LAYERS,
    ON_RIGID,
    VALUE,
    VOLUME,
    State,
    rebuild,
)
from landport.consolidate.cargo import Cargo
from landport.consolidate.searching import MOST_PLACED, Search, new_state, new_work
from landport.consolidate.stock import BEARS_ALL_G, BEYOND, MOST_BLOCKS, Blocks, Kinds, blocks
from landport.model.bookings import Booking, CargoItem
from landport.model.loads import LoadGroup
from landport.model.result import Limit

QUICK_BLOCKS = 2_000
"""Blocks generated for a greedy completion, or one round of the search."""

ITEM, X, Y, Z, DX, DY, DZ, NX, NY, NZ = range(10)
"""Columns of the rows that say what stands where."""


def unload_ranks(group: LoadGroup, item_ids: Iterable[str]) -> list[int]:
    """Phase of loading of each item: 0 is loaded first, of what is unloaded last; what customs holds is the last phase.

    Examples
    --------
    Goods in no order, the second and the first consignee, and goods that are not released: 0, 1, 2, 3.
    """
    bookings = {b.booking_id: b for b in group.bookings}
    keys = {i.item_id: unload_key(i, bookings[i.booking_id]) for i in group.items}
    order = sorted(set(keys.values()), reverse=True)
    return [order.index(keys[item_id]) for item_id in item_ids]


def unload_key(item: CargoItem, booking: Booking) -> float:
    """Say when an item is unloaded: -1 before all, as customs holds it; its number; last where it has none."""
    if not booking.is_released:
        return -1
    return item.unload_order or float("inf")


def is_plain(group: LoadGroup) -> bool:
    """Tell whether a group asks for nothing but size, mass, layers, what tops bear, and full support."""
    bookings = {b.booking_id: b for b in group.bookings}
    keys = {unload_key(i, bookings[i.booking_id]) for i in group.items if i.count > 0}
    rules = group.rules
    return len(keys) <= 1 and not any(i.is_rigid for i in group.items) and rules.support_pct > 0 and not group.stowed


def stow(
    cargo: Cargo,
    kind: int,
    wanted: Ints,
    limit: Limit,
    rows: Ints | None = None,
    bias: Floats | None = None,
    others: list[Ints] | None = None,
    rounds: int | None = None,
) -> Ints:
    """Fill a container, or go on filling one, with as many of the wanted pieces as go.

    Parameters
    ----------
    wanted
        Shape (items,): pieces that may be added.
    limit
        Rounds of the search (effort) or seconds; once they are over no pieces are joined into blocks.
    rows
        Shape (n, 10): what stands in it already, columns as `_kernel`'s blocks.
    bias
        Shape (items,): factors that scale an item's merit.
    others
        Takes what a search would answer if it had stopped earlier, the best first.
    rounds
        Of the search at most, 0: completed greedily, once; None: as many as its effort, or as its seconds last.

    Returns
    -------
    Ints
        Shape (m, 10): all that stands in it, the given rows first.

    Notes
    -----
    See `searching.Search`. Where less than all of every base must be supported, pieces hang over by the rest
    (`_kernel_hang`); where there are limits on tops or an unloading order, too, what is filled with full support within
    half of the time counts if it is fuller. With no support asked for, such cargo is supported in full. Loads on tops
    are kept as pressures, which is safe: a piece spreads what it carries evenly over its base, or, where it hangs over,
    over the least share of it that may be supported. Audited by `audit`: BLOCK_*.
    """
    if rounds is None and limit.seconds is None:
        rounds = max(1, limit.effort)
    given = np.zeros((0, 10), np.int64) if rows is None else rows
    inside = np.zeros_like(wanted)
    np.add.at(inside, given[:, ITEM], given[:, NX:].prod(axis=1))
    ids = np.flatnonzero((wanted > 0) | (inside > 0))
    local = np.full(len(wanted), -1, np.int64)
    local[ids] = np.arange(len(ids))
    kinds = _kinds(cargo, kind, ids, wanted[ids], inside[ids])
    if not len(kinds.poses) or not kinds.counts.any():
        return given
    stood, own_bias = (given, local), None if bias is None else bias[ids]
    most_blocks = _most_blocks(limit, rounds)
    shares = _shares(cargo, kinds) if most_blocks else _shares(cargo, kinds)[:1]
    kept = (limit.remaining() or 0.0) / 2 if len(shares) > 1 else 0.0
    made, search = _searched(cargo, kind, kinds, stood, own_bias, limit, rounds, most_blocks, shares[0], kept)
    if len(shares) > 1 and search.best.rest.any():
        second = _searched(cargo, kind, kinds, stood, own_bias, limit, rounds, most_blocks, shares[1], 0.0)
        if second[1].best.tally[VALUE] > search.best.tally[VALUE]:
            made, search = second
    if others is not None:
        best = search.best.tally[VALUE]
        earlier = (s for s in reversed(search.runners_up) if s.tally[VALUE] < best)
        others += [np.concatenate([given, _rows(made, state, ids, len(given))]) for state in earlier]
    return np.concatenate([given, _rows(made, search.best, ids, len(given))])


def _searched(
    cargo: Cargo,
    kind: int,
    kinds: Kinds,
    stood: tuple[Ints, Ints],
    bias: Floats | None,
    limit: Limit,
    rounds: int | None,
    most_blocks: int,
    hangs_pct: int,
    kept_seconds: float,
) -> tuple[Blocks, Search]:
    """Search, or complete greedily, but for some seconds; `stood`: what stands there, and the numbers of items."""
    box, (given, local) = cargo.boxes[kind], stood
    made = blocks(
        box[:3].copy(),
        int(box[PAYLOAD]),
        kinds,
        is_supported=_is_supported(cargo, kinds),
        hangs_pct=hangs_pct,
        bias=bias,
        most_blocks=most_blocks,
    )
    n_placed = len(given) + int(min(kinds.counts.sum(), MOST_PLACED)) + 1
    work = new_work(made.stock, n_placed)
    start = new_state(made.stock, n_placed)
    start.rest[:] = kinds.counts
    _set_down(start, given, local, kinds, cargo.group.rules.support_pct % 100)
    begin_phase(made.stock, start)
    rebuild(made.stock, start, work)
    search = Search(made, start, work)

    def remaining() -> float | None:
        now = limit.remaining()
        return None if now is None else max(0.0, now - kept_seconds)

    if rounds == 0:
        search.greedy()
    else:
        search.run(rounds, remaining)
    return made, search


def _shares(cargo: Cargo, kinds: Kinds) -> list[int]:
    """List what to try one after the other: percent of every base that is supported at least, 0: all or nothing."""
    pct = cargo.group.rules.support_pct % 100
    is_weak = (kinds.bears_g < BEARS_ALL_G).any() or (kinds.most_layers < BEYOND).any() or kinds.is_rigid.any()
    return [0, pct] if pct and (is_weak or kinds.ranks.any()) else [pct]


def _most_blocks(limit: Limit, rounds: int | None) -> int:
    """Choose how many blocks a search pays for."""
    if limit.is_over():
        return 0
    return QUICK_BLOCKS if rounds is not None and rounds < 2 else MOST_BLOCKS


def _is_supported(cargo: Cargo, kinds: Kinds) -> bool:
    """Tell whether bases must be supported: asked for, or because tops bear no more than so much."""
    is_weak = (kinds.bears_g < BEARS_ALL_G).any() or (kinds.most_layers < BEYOND).any()
    return bool(cargo.group.rules.support_pct > 0 or is_weak or kinds.is_rigid.any() or kinds.ranks.any())


def _kinds(cargo: Cargo, kind: int, ids: Ints, counts: Ints, inside: Ints) -> Kinds:
    items = {i.item_id: i for i in cargo.group.items}
    names = [cargo.item_ids[n] for n in ids]
    columns = np.ascontiguousarray(cargo.items[ids].T)  # strides would have every kernel compiled once more
    poses = cargo.poses[kind][np.isin(cargo.poses[kind][:, 0], ids)]
    local = np.searchsorted(ids, poses[:, 0])
    is_rigid = np.array([items[name].is_rigid for name in names], np.bool_)
    heights = np.array([items[name].height_mm for name in names], np.int64)
    stands = ~is_rigid[local] | (poses[:, 3] == heights[local])
    ranks = dense(unload_ranks(cargo.group, names))
    return Kinds(
        counts=np.where(np.isin(np.arange(len(ids)), local[stands]), counts, 0),
        masses_g=columns[MASS],
        bears_g=np.where(columns[BEARS] >= STRONG, BEARS_ALL_G, columns[BEARS]),
        most_layers=np.where(columns[LAYERS] < counts + inside, columns[LAYERS], BEYOND),
        ranks=np.array(ranks, np.int64),
        is_rigid=is_rigid,
        poses=np.column_stack([local, poses[:, 1:]])[stands],
    )


def dense(ranks: Sequence[int]) -> list[int]:
    """Renumber ranks without gaps, in their order.

    Examples
    --------
    >>> dense([4, 0, 4, 2])
    [2, 0, 2, 1]
    """
    order = {rank: n for n, rank in enumerate(sorted(set(ranks)))}
    return [order[rank] for rank in ranks]


def _set_down(state: State, rows: Ints, local: Ints, kinds: Kinds, hangs_pct: int) -> None:
    """Put what stands in a container already into a state, with what its tops still bear."""
    order = np.argsort(rows[:, Z], kind="stable")
    for n, row in enumerate(rows[order]):
        at = np.concatenate([row[X:DX], row[X:DX] + row[DX:NX] * row[NX:]])
        item = int(local[row[ITEM]])
        state.placed[n], state.ranks[n], state.blocks[n] = at, kinds.ranks[item], -1
        state.tops[n] = _top(row, item, kinds, _ground(state, n, hangs_pct))
        state.tally[VOLUME] += row[DX:].prod()
        state.tally[CARGO] += row[NX:].prod() * kinds.masses_g[item]
    state.tally[N_PLACED] = len(rows)
    state.tally[VALUE] = state.tally[VOLUME]


def _ground(state: State, n: int, hangs_pct: int) -> Ints:
    """Find what the tops bear that placed block n stands on; the floor's, where it is on none."""
    at, below = state.placed[n], state.placed[:n]
    long, wide = (np.minimum(below[:, a + 3], at[a + 3]) - np.maximum(below[:, a], at[a]) for a in (0, 1))
    touches = (below[:, 5] == at[2]) & (long > 0) & (wide > 0)
    tops = state.tops[:n][touches]
    ground = np.array([FLOOR_BEARS, NONE, 0, 1], np.int64)
    if len(tops):
        ground[GROUND], ground[ON_RIGID] = tops[:, GROUND].min(), tops[:, ON_RIGID].min()
        names = np.unique(tops[:, ON_KIND][tops[:, ON_KIND] != NONE])
        ground[ON_KIND] = NONE if not len(names) else names[0] if len(names) == 1 else MIXED
        ground[ON_LAYERS] = tops[:, ON_LAYERS].max()
        if hangs_pct and (long * wide)[touches].sum() < (at[3] - at[0]) * (at[4] - at[1]):
            ground[GROUND], ground[ON_RIGID] = ground[GROUND] // 100 * hangs_pct, 0
    return ground


def _top(row: Ints, item: int, kinds: Kinds, ground: Ints) -> Ints:
    """Work out what the top of a grid of pieces bears."""
    base = int(row[DX] * row[DY])
    asks = -(-int(kinds.masses_g[item]) * PER_MM2 // base)
    bears = int(kinds.bears_g[item])
    own = FLOOR_BEARS - 1 if bears >= BEARS_ALL_G else bears * PER_MM2 // base
    below = FLOOR_BEARS if ground[GROUND] == FLOOR_BEARS else int(ground[GROUND]) - asks
    top = np.zeros(N_GRIPS, np.int64)
    top[GROUND] = max(0, min(own - (int(row[NZ]) - 1) * asks, below - (int(row[NZ]) - 1) * asks))
    top[ON_RIGID] = kinds.is_rigid[item]
    is_same = ground[ON_KIND] in (item, MIXED)
    is_limited = kinds.most_layers[item] < BEYOND
    top[ON_KIND] = item if is_limited else ground[ON_KIND]
    top[ON_LAYERS] = int(row[NZ]) + (ground[ON_LAYERS] if is_same else 0) if is_limited else ground[ON_LAYERS]
    return top


def _rows(made: Blocks, state: State, ids: Ints, first: int) -> Ints:
    """List what a state placed, as grids of equal pieces."""
    found: list[tuple[int, ...]] = []
    known: dict[int, list[tuple[int, ...]]] = {}
    for n in range(first, int(state.tally[N_PLACED])):
        block, (x, y, z, *_) = int(state.blocks[n]), state.placed[n].tolist()
        if block not in known:
            known[block] = made.rows(block, (0, 0, 0))
        found += [(item, x + dx, y + dy, z + dz, *grid) for item, dx, dy, dz, *grid in known[block]]
    rows = np.array(found, np.int64).reshape(-1, 10)
    rows[:, ITEM] = ids[rows[:, ITEM]]
    return rows
