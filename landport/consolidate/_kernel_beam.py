"""Steps of the beam search: place a block, complete a container greedily, branch. Arrays only."""

import numpy as np

from landport._compile import njit_lent
from landport.consolidate._kernel_blocks import ASKS, GRANTS, KIND, LAYERS, MASS, MIXED, NONE, RIGID, STRONG, Bits, Ints
from landport.consolidate._kernel_hang import footing, ground_below, revive, settle
from landport.consolidate._kernel_rank import anchors, rank
from landport.consolidate._kernel_spaces import (
    CARGO,
    DEAD,
    GROUND,
    HANGS,
    MERGES,
    N_PHASES,
    N_PLACED,
    N_SPACES,
    ON_KIND,
    ON_LAYERS,
    ON_RIGID,
    PHASE,
    RULED,
    VALUE,
    VOLUME,
    State,
    Stock,
    Work,
    copy_row,
    crop,
    rebuild,
    space_fits_any,
)

PROBES = 8
"""Places of the memory that are looked at for a state."""

DONE, KNOWN, DROPPED = 0, 1, 2
"""Columns of `counts`: containers completed, states met again, children that found no place in the lists."""


@njit_lent
def reach_of(stock: Stock, rest: Ints, work: Work) -> None:
    """Find for every length the longest sum of sides of the pieces left that is within it; per axis, mm.

    Notes
    -----
    A bit set of sums, shifted by a side for every piece until nothing new comes. O(pieces * lengths / 64).
    """
    for axis in range(3):
        longest = stock.box[axis]
        words = (longest >> 6) + 1
        sums, more = work.sums[0], work.sums[1]
        for w in range(words):
            sums[w] = more[w] = 0
        sums[0] = more[0] = 1
        for k in range(rest.shape[0]):
            low, high = stock.side_from[axis, k], stock.side_from[axis, k + 1]
            for _ in range(rest[k]):
                if not add_piece(sums, more, words, stock.sides[low:high]):
                    break
        last = 0
        for length in range(longest + 1):
            if (sums[length >> 6] >> np.uint64(length & 63)) & np.uint64(1):
                last = length
            work.reach[axis, length] = last


@njit_lent
def add_piece(sums: Bits, more: Bits, words: int, sides: Ints) -> bool:
    """Add to the sums what they are with one more piece; tells whether any is new."""
    for side in sides:
        shift_in(sums, more, words, side)
    is_new = False
    for w in range(words):
        if more[w] != sums[w]:
            is_new = True
            sums[w] = more[w]
    return is_new


@njit_lent
def shift_in(sums: Bits, more: Bits, words: int, side: int) -> None:
    """Add to `more` all of `sums`, longer by a side."""
    ahead, bits = side >> 6, np.uint64(side & 63)
    for w in range(ahead, words):
        more[w] |= sums[w - ahead] << bits
        if bits and w > ahead:
            more[w] |= sums[w - ahead - 1] >> (np.uint64(64) - bits)


@njit_lent
def mix(space: Ints) -> int:
    """Hash a space."""
    h = space[0] * -7046029254386353131 + space[1] * -4417276706812531889
    h += space[2] * 1609587929392839161 + space[3] * -8796714831421723037
    h += space[4] * 2870177450012600261 + space[5] * -3335678366873096957
    h ^= h >> 29
    h *= -4658895280553007687
    return int(h ^ (h >> 32))


@njit_lent
def name_of(stock: Stock, state: State) -> int:
    """Hash what decides how a state is completed: spaces that take something, pieces left, and the phase."""
    h = state.tally[PHASE] * 1000003
    for i in range(state.tally[N_SPACES]):
        if state.keys[i] < DEAD:
            h += mix(state.spaces[i])
            if stock.task[RULED]:
                h += (state.grips[i, GROUND] + state.grips[i, ON_LAYERS]) * 2862933555777941757
    if stock.task[HANGS]:
        h += footing(stock, state)
    for k in range(state.rest.shape[0]):
        h += stock.names[k] * state.rest[k]
    return int(h) if h else 1


@njit_lent
def pick(state: State) -> int:
    """Choose the space to fill next; -1: none takes anything."""
    best, key = -1, DEAD
    for i in range(state.tally[N_SPACES]):
        if state.keys[i] < key:
            best, key = i, state.keys[i]
    return best


@njit_lent
def bury(stock: Stock, state: State, s: int) -> None:
    """Note that a space takes nothing any more."""
    if stock.task[MERGES] or stock.task[HANGS]:
        state.keys[s] = DEAD
        return
    last = state.tally[N_SPACES] - 1
    if s != last:
        for k in range(6):
            state.spaces[s, k] = state.spaces[last, k]
        for k in range(4):
            state.grips[s, k] = state.grips[last, k]
        state.keys[s] = state.keys[last]
    state.tally[N_SPACES] = last


@njit_lent
def locate(stock: Stock, state: State, space: Ints, block: int, work: Work) -> None:
    """Write where a block goes in a space to `at`."""
    corner = work.top
    anchors(stock, space, corner)
    if stock.task[HANGS]:
        settle(stock, state, space, corner, work)
        space = work.cut[0]
    for d in range(3):
        side = stock.sizes[block, d]
        work.at[d] = space[d + 3] - side if corner[d] else space[d]
        work.at[d + 3] = work.at[d] + side


@njit_lent
def top_of(stock: Stock, block: int, grips: Ints, top: Ints) -> None:
    """Write what the top of a block bears that stands on such ground."""
    bears = stock.bears[block]
    ground = grips[GROUND]
    top[GROUND] = min(bears[GRANTS], STRONG if ground == STRONG else ground - bears[ASKS])
    top[ON_RIGID] = bears[RIGID]
    top[ON_KIND], top[ON_LAYERS] = grips[ON_KIND], grips[ON_LAYERS]
    if bears[KIND] != NONE:
        is_same = grips[ON_KIND] == bears[KIND] or grips[ON_KIND] == MIXED
        top[ON_KIND] = bears[KIND]
        top[ON_LAYERS] = bears[LAYERS] + (grips[ON_LAYERS] if is_same else 0)


@njit_lent
def restrict(stock: Stock, state: State, k: int) -> None:
    """Strike out the blocks that need more pieces of item k than are left."""
    row = stock.count_at[stock.count_from[k] + state.rest[k]]
    for w in range(state.usable.shape[0]):
        state.usable[w] &= stock.enough[row, w]
    if state.rest[k] == 0:
        for w in range(state.singles.shape[0]):
            state.singles[w] &= ~stock.single_of[k, w]


@njit_lent
def place(stock: Stock, state: State, s: int, block: int, work: Work) -> None:
    """Put a block into space s and update the state."""
    locate(stock, state, state.spaces[s], block, work)
    tally, n = state.tally, state.tally[N_PLACED]
    if stock.task[RULED]:
        if stock.task[HANGS]:
            ground_below(stock, state, work.at, work)
            top_of(stock, block, work.cut_grips[0], work.top)
        else:
            top_of(stock, block, state.grips[s], work.top)
    else:
        work.top[GROUND], work.top[ON_KIND], work.top[ON_LAYERS], work.top[ON_RIGID] = STRONG, NONE, 0, 1
    for k in range(6):
        state.placed[n, k] = work.at[k]
    for k in range(4):
        state.tops[n, k] = work.top[k]
    state.ranks[n], state.blocks[n] = tally[PHASE], block
    tally[N_PLACED] = n + 1
    tally[VALUE] += stock.values[block]
    tally[VOLUME] += stock.volumes[block]
    tally[CARGO] += stock.bears[block, MASS]
    for q in range(stock.first[block], stock.first[block + 1]):
        k = stock.kinds[q]
        state.rest[k] -= stock.numbers[q]
        restrict(stock, state, k)
    crop(stock, state, state.placed[n], state.tops[n], work)
    if stock.task[HANGS]:
        revive(stock, state, state.placed[n])


@njit_lent
def begin_phase(stock: Stock, state: State) -> None:
    """Make the blocks and pieces usable that belong to the phase and that the rest allows."""
    phase = state.tally[PHASE]
    copy_row(stock.phases[phase], state.usable)
    copy_row(stock.single_phases[phase], state.singles)
    for k in range(state.rest.shape[0]):
        restrict(stock, state, k)


@njit_lent
def next_phase(stock: Stock, state: State, work: Work) -> bool:
    """Go on to the next phase of loading; False after the last."""
    if state.tally[PHASE] + 1 >= stock.task[N_PHASES]:
        return False
    state.tally[PHASE] += 1
    begin_phase(stock, state)
    rebuild(stock, state, work)
    return True


@njit_lent
def next_space(stock: Stock, state: State, want: int, work: Work) -> int:
    """Find the space to fill next and rank blocks for it, through the phases; -1: the container is full.

    The number of blocks ranked is `n_near[6]`.
    """
    while state.tally[N_PLACED] < state.placed.shape[0]:
        s = pick(state)
        if s < 0:
            if not next_phase(stock, state, work):
                return -1
            continue
        n = 0
        if space_fits_any(stock, state.singles, state.spaces, s):
            n = rank(stock, state, s, want, work)
        if n:
            work.n_near[6] = n
            return s
        bury(stock, state, s)
    return -1


@njit_lent
def complete(stock: Stock, state: State, work: Work) -> None:
    """Fill a container greedily: the best block into the best space until nothing goes."""
    s = next_space(stock, state, 1, work)
    while s >= 0:
        place(stock, state, s, work.best[0], work)
        s = next_space(stock, state, 1, work)


@njit_lent
def copy_state(source: State, target: State) -> None:
    """Copy a state."""
    for i in range(source.tally[N_SPACES]):
        for k in range(6):
            target.spaces[i, k] = source.spaces[i, k]
        for k in range(4):
            target.grips[i, k] = source.grips[i, k]
        target.keys[i] = source.keys[i]
    for i in range(source.tally[N_PLACED]):
        for k in range(6):
            target.placed[i, k] = source.placed[i, k]
        for k in range(4):
            target.tops[i, k] = source.tops[i, k]
        target.ranks[i], target.blocks[i] = source.ranks[i], source.blocks[i]
    copy_row(source.rest, target.rest)
    copy_row(source.usable, target.usable)
    copy_row(source.singles, target.singles)
    copy_row(source.tally, target.tally)


@njit_lent
def branch(stock: Stock, parent: State, s: int, block: int, child: State, work: Work) -> None:
    """Make a child of a state: one more block."""
    copy_state(parent, child)
    place(stock, child, s, block, work)


@njit_lent
def recall(memory: Ints, name: int) -> int:
    """Find the row of a state in the memory (n, 2): its own, or a free one; -1 when neither is near."""
    mask = memory.shape[0] - 1
    row = (name ^ (name >> 17)) & mask
    for _ in range(PROBES):
        if memory[row, 0] == name or memory[row, 0] == 0:
            return int(row)
        row = (row + 1) & mask
    return -1


@njit_lent
def expand(
    stock: Stock,
    parent: State,
    child: State,
    best: State,
    ranked: Work,
    work: Work,
    want: int,
    memory: Ints,
    children: Ints,
    counts: Ints,
) -> int:
    """Value the `want` best children of a state by completing each; answers how many there are.

    Writes value, space, block and name of each to `children` (n, 4), and the best container ever completed to `best`.
    The parent goes on to the space that is filled next. Tables of `ranked` are kept apart from those of `work`, as are
    its lengths within reach, which children share.
    """
    reach_of(stock, parent.rest, ranked)
    for axis in range(3):
        copy_row(ranked.reach[axis], work.reach[axis])
    s = next_space(stock, parent, min(want, ranked.best.shape[0]), ranked)
    if s < 0:
        return 0
    n = ranked.n_near[6]
    for q in range(n):
        branch(stock, parent, s, ranked.best[q], child, work)
        name = name_of(stock, child)
        row = recall(memory, name)
        if row >= 0 and memory[row, 0] == name:
            counts[KNOWN] += 1
            value = memory[row, 1]
        else:
            complete(stock, child, work)
            counts[DONE] += 1
            value = child.tally[VALUE]
            if row >= 0:
                memory[row, 0], memory[row, 1] = name, value
            if value > best.tally[VALUE]:
                copy_state(child, best)
        children[q, 0], children[q, 1], children[q, 2], children[q, 3] = value, s, ranked.best[q], name
    return int(n)
