"""Blocks that hang over: whether enough of every base is supported, and by what. Arrays only.

Where `task[HANGS]` is not 0, that percent of the base of every piece is supported at least. Spaces are those of a
container without support, so that the space above a block is as wide as the one that the block went into; blocks go
into their lower corners. What bears a block is looked up among all that stands, and its mass counts as borne by the
least share of its base that may be supported. Where tops bear no more than so much, nothing is put below what hangs
over so that it would bear that, too.
"""

from landport._compile import njit_lent
from landport.consolidate._kernel_blocks import LEAF, NONE, STRONG, Ints
from landport.consolidate._kernel_spaces import (
    DEAD,
    GROUND,
    HANGS,
    LONGEST,
    N_PHASES,
    N_PLACED,
    N_SPACES,
    ON_KIND,
    ON_LAYERS,
    ON_RIGID,
    RULED,
    State,
    Stock,
    Work,
    copy_row,
    key_at,
    weaker_ground,
)


@njit_lent
def area_below(work: Work, x0: int, y0: int, x1: int, y1: int) -> int:
    """Area of a rectangle on the ground of a space that stands on what was noted there (`look_around`)."""
    area = 0
    for i in range(work.n_near[4]):
        row = work.near[4, i]
        if row[0] == 0:
            a, b = min(x1, row[2]) - max(x0, row[1]), min(y1, row[4]) - max(y0, row[3])
            if a > 0 and b > 0:
                area += a * b
    return int(area)


@njit_lent
def longest(stock: Stock, extent: int) -> int:
    """Greatest side of a block that stands on tops as far as an extent: its last piece may hang over by its share."""
    pct = stock.task[HANGS]
    return int(min(extent * 100 // pct, extent + stock.task[LONGEST] * (100 - pct) // 100))


@njit_lent
def settle(stock: Stock, state: State, space: Ints, corner: Ints, work: Work) -> bool:
    """Narrow a space, in row 0 of `cut`, to where blocks go: from the corner of a top on; False where there is none.

    Of the tops on its ground that bear anything it is the one that reaches closest into a corner of the space, the
    given one if that does not matter; `corner` becomes that, `cut_grips[2]` what the best of them bears.
    What is longer there than `at[0]`, or wider than `at[1]`, hangs over too far.
    """
    room, best = work.cut[0], work.cut_grips[2]
    best[GROUND], best[ON_KIND], best[ON_LAYERS], best[ON_RIGID] = 0, NONE, 0, 0
    copy_row(space, room)
    if space[2] == 0:
        return True
    hx, hy = corner[0], corner[1]
    least = 1 << 60
    low_x, low_y, high_x, high_y = space[3], space[4], space[0], space[1]
    for i in range(state.tally[N_PLACED]):
        p = state.placed[i]
        if p[5] != space[2] or state.tops[i, GROUND] <= 0:
            continue
        x0, x1, y0, y1 = max(p[0], space[0]), min(p[3], space[3]), max(p[1], space[1]), min(p[4], space[4])
        if x0 >= x1 or y0 >= y1:
            continue
        best[GROUND], best[ON_RIGID] = (
            max(best[GROUND], state.tops[i, GROUND]),
            max(best[ON_RIGID], state.tops[i, ON_RIGID]),
        )
        low_x, low_y, high_x, high_y = min(low_x, x0), min(low_y, y0), max(high_x, x1), max(high_y, y1)
        for turn in range(4 if stock.task[N_PHASES] == 1 else 2):
            fx, fy = hx ^ (turn >> 1), hy ^ (turn & 1)
            off = space[3] - x1 if fx else x0 - space[0]
            off += space[4] - y1 if fy else y0 - space[1]
            if 4 * off + turn < least:
                least = 4 * off + turn
                corner[0], corner[1] = fx, fy
                copy_row(space, room)
                room[3 * fx], room[1 + 3 * fy] = x1 if fx else x0, y1 if fy else y0
    if least == 1 << 60:
        return False
    work.at[0] = longest(stock, room[3] - low_x if corner[0] else high_x - room[0])
    work.at[1] = longest(stock, room[4] - low_y if corner[1] else high_y - room[1])
    return True


@njit_lent
def props(stock: Stock, state: State, block: int, space: Ints, corner: Ints) -> bool:
    """Tell whether a block in a lower corner of a space would come to bear what hangs over it already."""
    sizes = stock.sizes[block]
    x0 = space[3] - sizes[0] if corner[0] else space[0]
    y0 = space[4] - sizes[1] if corner[1] else space[1]
    top = space[2] + sizes[2]
    for i in range(state.tally[N_PLACED]):
        p = state.placed[i]
        if p[2] == top and p[0] < x0 + sizes[0] and p[3] > x0 and p[1] < y0 + sizes[1] and p[4] > y0:
            return True
    return False


@njit_lent
def is_borne(stock: Stock, block: int, x: int, y: int, work: Work) -> bool:
    """Tell whether enough is supported of the base of every piece at the bottom of a block with its corner at x, y.

    Notes
    -----
    Blocks are solid: where on the mean too little is supported of the pieces of a part, it is too little of one of
    them. Parts are taken apart only where some of their base hangs over. Rows of `hit` are those still to look at.
    """
    todo, most = work.hit, work.hit.shape[0]
    todo[0, 0], todo[0, 1], todo[0, 2] = block, x, y
    n = 1
    while n:
        n -= 1
        b, x0, y0 = todo[n, 0], todo[n, 1], todo[n, 2]
        dx, dy = stock.sizes[b, 0], stock.sizes[b, 1]
        over = dx * dy - area_below(work, x0, y0, x0 + dx, y0 + dy)
        if 100 * over > (100 - stock.task[HANGS]) * dx * dy:
            return False
        i, j, axis = stock.parts[b, 0], stock.parts[b, 1], stock.parts[b, 2]
        if over == 0 or i == LEAF:
            continue
        if n + 2 > most:
            return False
        todo[n, 0] = i
        n += 1
        if axis < 2:
            todo[n, 0], todo[n, 1], todo[n, 2] = j, x0, y0
            todo[n, 1 + axis] += stock.sizes[i, axis]
            n += 1
    return True


@njit_lent
def ground_below(stock: Stock, state: State, at: Ints, work: Work) -> None:
    """Write what the ground under a place bears to `cut_grips[0]`: the floor, or the weakest of the tops there."""
    ground, other = work.cut_grips[0], work.cut_grips[1]
    ground[GROUND], ground[ON_KIND], ground[ON_LAYERS], ground[ON_RIGID] = STRONG, NONE, 0, 1
    if at[2] == 0:
        return
    area = 0
    for i in range(state.tally[N_PLACED]):
        p = state.placed[i]
        if p[5] == at[2]:
            a, b = min(at[3], p[3]) - max(at[0], p[0]), min(at[4], p[4]) - max(at[1], p[1])
            if a > 0 and b > 0:
                area += a * b
                copy_row(state.tops[i], other)
                weaker_ground(work.cut_grips, 0, 1, ground)
    if area < (at[3] - at[0]) * (at[4] - at[1]):
        ground[GROUND] = ground[GROUND] // 100 * stock.task[HANGS]
        ground[ON_RIGID] = 0


@njit_lent
def footing(stock: Stock, state: State) -> int:
    """Hash what the spaces stand on that take something: area and moments, and where tops bear so much what they do."""
    h = 0
    for s in range(state.tally[N_SPACES]):
        space = state.spaces[s]
        if state.keys[s] == DEAD or space[2] == 0:
            continue
        for i in range(state.tally[N_PLACED]):
            p = state.placed[i]
            x0, x1, y0, y1 = max(p[0], space[0]), min(p[3], space[3]), max(p[1], space[1]), min(p[4], space[4])
            if p[5] != space[2] or x0 >= x1 or y0 >= y1:
                continue
            weight = (x0 + x1) * 1000003 + (y0 + y1) * 998244353 + space[2] * 2862933555777941757
            if stock.task[RULED]:
                weight += (state.tops[i, GROUND] + state.tops[i, ON_LAYERS]) * 7000000049
            h += (x1 - x0) * (y1 - y0) * weight
    return int(h)


@njit_lent
def revive(stock: Stock, state: State, at: Ints) -> None:
    """Let spaces that took nothing be tried again where there is more now that they stand on."""
    for i in range(state.tally[N_SPACES]):
        space = state.spaces[i]
        is_above = space[0] < at[3] and space[3] > at[0] and space[1] < at[4] and space[4] > at[1]
        if is_above and space[2] == at[5] and state.keys[i] == DEAD:
            state.keys[i] = key_at(stock, state.spaces, i)
