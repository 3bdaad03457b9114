"""Maximal empty spaces of a container that is being filled. Arrays only.

A space is the largest box that may still be filled: x0, y0, z0, x1, y1, z1 (mm). Spaces overlap. With support, every
space stands on the floor or on tops of equal height, and reaches up to the ceiling; `grips` says what its ground bears
(with support of a share of each base see `_kernel_hang`):

    GROUND  pressure (see `_kernel_blocks`)
    KIND    item with limited layers that it is a top of; NONE, MIXED
    LAYERS  layers of that item down to the floor
    RIGID   1: the floor, or tops of rigid pallets only
"""

from typing import NamedTuple, TypeVar

from landport._compile import njit_lent
from landport.consolidate._kernel_blocks import MIXED, NONE, STRONG, Bits, Floats, Ints

GROUND, ON_KIND, ON_LAYERS, ON_RIGID = 0, 1, 2, 3
N_GRIPS = 4

N_SPACES, N_PLACED, VALUE, VOLUME, CARGO, PHASE = 0, 1, 2, 3, 4, 5
N_TALLY = 6

SUPPORTED, RULED, N_PHASES, SHIFT, BOX_VOLUME, PAYLOAD, MERGES, HANGS, LONGEST = 0, 1, 2, 3, 4, 5, 6, 7, 8
N_TASK = 9

DEAD = 1 << 62
"""Key of a space that takes nothing by itself, but may be joined to another."""


Row = TypeVar("Row", Ints, Bits)


class Stock(NamedTuple):
    """What a container is filled from: blocks, and tables that find those that fit.

    Blocks are ordered by `merit[0]`, the best first; bit b of a bit row stands for block b (word b // 64). Rows of
    bits: `enough[count_at[count_from[k] + n]]`: blocks that need at most n of item k; `fits[fit_at[axis, mm]]`: blocks
    at most so long; `single_fits[single_at[axis, mm]]`: the same of single pieces, whose item's bits are
    `single_of[k]`; `phases[f]`, `single_phases[f]`: blocks and pieces of phase f.

    box (3,) mm; task (9,) SUPPORTED, RULED (grips matter), N_PHASES, SHIFT and BOX_VOLUME (scale of keys), PAYLOAD (g),
    MERGES (tops are joined), HANGS (percent of a base, see `_kernel_hang`; 0: all or nothing), LONGEST (side of a
    piece, mm); sizes (n, 3); volumes, values (n,); bears (n, 8); parts (n, 3): two blocks and the axis that joins them,
    or LEAF, where blocks may hang over; first (n + 1,), kinds, numbers: items of a block; merit (2, words * 64): the
    part of a block's score that no state changes, early and late; best_merit (2, words): the greatest from a word on;
    logs (longest + 1,) natural logarithms of lengths; sides (n,) lengths in which item k may lie along an axis:
    side_from[axis, k] .. side_from[axis, k + 1]; names (items,) random numbers;
    most_layers (items,); style: see `_kernel_rank`.
    """

    box: Ints
    task: Ints
    sizes: Ints
    volumes: Ints
    values: Ints
    bears: Ints
    parts: Ints
    first: Ints
    kinds: Ints
    numbers: Ints
    merit: Floats
    best_merit: Floats
    enough: Bits
    count_from: Ints
    count_at: Ints
    fits: Bits
    fit_at: Ints
    single_fits: Bits
    single_at: Ints
    single_of: Bits
    phases: Bits
    single_phases: Bits
    logs: Floats
    sides: Ints
    side_from: Ints
    names: Ints
    most_layers: Ints
    style: Floats


class State(NamedTuple):
    """A container partly filled.

    spaces (n, 6), keys (n,), grips (n, 4): empty spaces; placed (n, 6), tops (n, 4), ranks (n,), blocks (n,): blocks
    where they stand, what their tops bear, in which phase they were placed, which they are; rest (items,): pieces left;
    usable (words,), singles (words,): bits of blocks and of single pieces that the rest allows; tally (6,): N_SPACES,
    N_PLACED, VALUE, VOLUME, CARGO (g), PHASE.
    """

    spaces: Ints
    keys: Ints
    grips: Ints
    placed: Ints
    tops: Ints
    ranks: Ints
    blocks: Ints
    rest: Ints
    usable: Bits
    singles: Bits
    tally: Ints


class Work(NamedTuple):
    """Scratch tables.

    hit, cut (n, 6) spaces with their grips; near (6, n, 5), n_near (6,): what touches a space's
    faces; best (n,), scores (n,): blocks chosen; at (6,) a place; top (4,) what it bears; reach (3, longest + 1);
    sums (2, words) bit sets of lengths.
    """

    hit: Ints
    hit_grips: Ints
    cut: Ints
    cut_grips: Ints
    near: Ints
    n_near: Ints
    best: Ints
    scores: Floats
    at: Ints
    top: Ints
    reach: Ints
    sums: Bits


@njit_lent
def copy_row(source: Row, target: Row) -> None:
    """Copy one row of numbers or words to another."""
    for i in range(source.shape[0]):
        target[i] = source[i]


@njit_lent
def key_of(box: Ints, task: Ints, x0: int, y0: int, z0: int, x1: int, y1: int, z1: int) -> int:
    """Rank a space: the nearest to a corner of the container first, of equal ones the largest.

    With phases only corners of the closed end count: what stands at the door hides the room behind it from later ones.
    """
    corner = x0 if task[N_PHASES] > 1 else min(x0, box[0] - x1)
    corner += min(y0, box[1] - y1)
    corner += z0 if task[SUPPORTED] else min(z0, box[2] - z1)
    volume = (x1 - x0) * (y1 - y0) * (z1 - z0)
    return int(corner * (task[BOX_VOLUME] >> task[SHIFT]) - (volume >> task[SHIFT]))


@njit_lent
def fits_any(stock: Stock, singles: Bits, dx: int, dy: int, dz: int) -> bool:
    """Tell whether any piece that is left fits a space of this size."""
    a, b, c = stock.single_at[0, dx], stock.single_at[1, dy], stock.single_at[2, dz]
    fits = stock.single_fits
    for w in range(singles.shape[0]):  # noqa: SIM110 -- any() of a generator does not compile
        if singles[w] & fits[a, w] & fits[b, w] & fits[c, w]:
            return True
    return False


@njit_lent
def space_fits_any(stock: Stock, singles: Bits, spaces: Ints, i: int) -> bool:
    """Tell whether any piece that is left fits space i."""
    return bool(
        fits_any(
            stock,
            singles,
            spaces[i, 3] - spaces[i, 0],
            spaces[i, 4] - spaces[i, 1],
            spaces[i, 5] - spaces[i, 2],
        )
    )


@njit_lent
def key_at(stock: Stock, spaces: Ints, i: int) -> int:
    """Rank space i."""
    return int(
        key_of(
            stock.box,
            stock.task,
            spaces[i, 0],
            spaces[i, 1],
            spaces[i, 2],
            spaces[i, 3],
            spaces[i, 4],
            spaces[i, 5],
        )
    )


@njit_lent
def inside(a: Ints, i: int, b: Ints, j: int) -> bool:
    """Tell whether box i of a lies within box j of b."""
    return bool(
        b[j, 0] <= a[i, 0]
        and b[j, 1] <= a[i, 1]
        and b[j, 2] <= a[i, 2]
        and b[j, 3] >= a[i, 3]
        and b[j, 4] >= a[i, 4]
        and b[j, 5] >= a[i, 5]
    )


@njit_lent
def grips_as_well(a: Ints, i: int, b: Ints, j: int) -> bool:
    """Tell whether ground j of b bears all that ground i of a bears."""
    if b[j, GROUND] < a[i, GROUND] or b[j, ON_RIGID] < a[i, ON_RIGID]:
        return False
    if b[j, ON_KIND] == NONE:
        return True
    return bool(b[j, ON_KIND] == a[i, ON_KIND] and b[j, ON_LAYERS] <= a[i, ON_LAYERS])


@njit_lent
def holds(stock: Stock, a: Ints, a_grips: Ints, i: int, b: Ints, b_grips: Ints, j: int) -> bool:
    """Tell whether space j of b takes all that space i of a takes."""
    return bool(inside(a, i, b, j) and (not stock.task[RULED] or grips_as_well(a_grips, i, b_grips, j)))


@njit_lent
def copy_space(stock: Stock, a: Ints, a_grips: Ints, i: int, b: Ints, b_grips: Ints, j: int) -> None:
    """Copy space i of a to row j of b."""
    for k in range(6):
        b[j, k] = a[i, k]
    if stock.task[RULED]:
        for k in range(N_GRIPS):
            b_grips[j, k] = a_grips[i, k]


@njit_lent
def append(stock: Stock, state: State, work: Work, i: int, is_useful: bool) -> None:
    """Add space i of `cut` to a state; a full table drops it."""
    n = state.tally[N_SPACES]
    if n < state.spaces.shape[0]:
        copy_space(stock, work.cut, work.cut_grips, i, state.spaces, state.grips, n)
        state.keys[n] = key_at(stock, state.spaces, n) if is_useful else DEAD
        state.tally[N_SPACES] = n + 1


@njit_lent
def take_hit(stock: Stock, state: State, at: Ints, top: int, work: Work) -> int:
    """Move the spaces that a place (up to the height `top`) overlaps to `hit`; answers how many."""
    spaces, keys = state.spaces, state.keys
    hit, kept, most = 0, 0, work.hit.shape[0]
    for i in range(state.tally[N_SPACES]):
        flat = spaces[i, 0] < at[3] and spaces[i, 3] > at[0] and spaces[i, 1] < at[4] and spaces[i, 4] > at[1]
        if flat and spaces[i, 2] < top and spaces[i, 5] > at[2]:
            if hit < most:
                copy_space(stock, spaces, state.grips, i, work.hit, work.hit_grips, hit)
                hit += 1
        else:
            if kept != i:
                copy_space(stock, spaces, state.grips, i, spaces, state.grips, kept)
                keys[kept] = keys[i]
            kept += 1
    state.tally[N_SPACES] = kept
    return hit


@njit_lent
def is_spare(stock: Stock, state: State, work: Work, i: int, n: int, kept: int, column: int, wall: int) -> bool:
    """Tell whether another new space, or an old one against the same wall, takes all that new space i takes."""
    cut, grips = work.cut, work.cut_grips
    for j in range(n):
        is_held = j != i and holds(stock, cut, grips, i, cut, grips, j)
        if is_held and (j < i or not holds(stock, cut, grips, j, cut, grips, i)):
            return True
    for j in range(kept):
        if state.spaces[j, column] == wall and holds(stock, cut, grips, i, state.spaces, state.grips, j):
            return True
    return False


@njit_lent
def cut_at(stock: Stock, state: State, work: Work, n_hit: int, face: int, wall: int, kept: int) -> None:
    """Add what is left of the spaces hit on one side of a block: face 0 .. 5 is x-, x+, y-, y+, z-, z+ of it."""
    axis, is_far = face >> 1, face & 1
    column = axis if is_far else axis + 3
    joins = stock.task[MERGES] == 1
    n, hit, cut = 0, work.hit, work.cut
    for i in range(n_hit):
        if (is_far and wall >= hit[i, axis + 3]) or (not is_far and wall <= hit[i, axis]):
            continue
        copy_space(stock, hit, work.hit_grips, i, cut, work.cut_grips, n)
        cut[n, column] = wall
        if joins or space_fits_any(stock, state.singles, cut, n):
            n += 1
    for i in range(n):
        if not is_spare(stock, state, work, i, n, kept, column, wall):
            append(stock, state, work, i, not joins or space_fits_any(stock, state.singles, cut, i))


@njit_lent
def crop(stock: Stock, state: State, at: Ints, top: Ints, work: Work) -> None:
    """Cut a block out of all spaces; with support in full, add the space on its top, and join equal tops."""
    box, is_supported = stock.box, stock.task[SUPPORTED] == 1 and stock.task[HANGS] == 0
    ceiling = box[2] if is_supported else at[5]
    n_hit = take_hit(stock, state, at, ceiling, work)
    kept = state.tally[N_SPACES]
    for face in range(6):
        if is_supported and face > 3:
            break
        cut_at(stock, state, work, n_hit, face, at[(face >> 1) + 3 * (face & 1)], kept)
    if is_supported and at[5] < box[2] and top[GROUND] > 0:
        add_top(stock, state, at, top, work)
        if stock.task[MERGES]:
            join_tops(stock, state, kept, at[5], work)


@njit_lent
def shade(stock: Stock, state: State, x0: int, x1: int, at: Ints, work: Work) -> None:
    """Cut what lies between x0 and x1 in line with a place, and all above it, out of all spaces."""
    ceiling = at[5]
    copy_row(at, work.at)
    work.at[0], work.at[3] = x0, x1
    n_hit = take_hit(stock, state, work.at, ceiling, work)
    kept = state.tally[N_SPACES]
    for face in range(4):
        cut_at(stock, state, work, n_hit, face, work.at[(face >> 1) + 3 * (face & 1)], kept)


@njit_lent
def bar(stock: Stock, state: State, at: Ints, order: int, work: Work) -> None:
    """Cut out of all spaces what lies behind and below a place of an earlier phase, before and above a later one."""
    for axis in range(0, 3, 2):
        copy_row(at, work.at)
        if order < 0:
            work.at[axis], work.at[axis + 3] = 0, at[axis]
        elif order > 0:
            work.at[axis], work.at[axis + 3] = at[axis + 3], stock.box[axis]
        if order and work.at[axis] < work.at[axis + 3]:
            crop(stock, state, work.at, work.top, work)


@njit_lent
def add_top(stock: Stock, state: State, at: Ints, top: Ints, work: Work) -> None:
    """Add the space on top of a block."""
    for k in range(6):
        work.cut[0, k] = at[k]
    work.cut[0, 2], work.cut[0, 5] = at[5], stock.box[2]
    for k in range(N_GRIPS):
        work.cut_grips[0, k] = top[k]
    add_unless_held(stock, state, work)


@njit_lent
def add_unless_held(stock: Stock, state: State, work: Work) -> None:
    """Add space 0 of `cut` to a state unless one of its spaces takes all that it takes."""
    for j in range(state.tally[N_SPACES]):
        if holds(stock, work.cut, work.cut_grips, 0, state.spaces, state.grips, j):
            return
    is_useful = space_fits_any(stock, state.singles, work.cut, 0)
    if is_useful or stock.task[MERGES]:
        append(stock, state, work, 0, is_useful)


@njit_lent
def join_tops(stock: Stock, state: State, first: int, level: int, work: Work) -> None:
    """Join the spaces from `first` on with those of the same height that touch them, and what comes out again."""
    spaces = state.spaces
    i = first
    while i < state.tally[N_SPACES]:
        j = 0
        while spaces[i, 2] == level and j < state.tally[N_SPACES]:
            if j != i and spaces[j, 2] == level:
                for d in range(2):
                    join_two(stock, state, i, j, d, work)
            j += 1
        i += 1
    drop_held(stock, state, level)


@njit_lent
def join_two(stock: Stock, state: State, i: int, j: int, d: int, work: Work) -> None:
    """Add the space that spans spaces i and j along axis d, where they touch."""
    spaces, cut, e = state.spaces, work.cut, 1 - d
    low, high = max(spaces[i, e], spaces[j, e]), min(spaces[i, e + 3], spaces[j, e + 3])
    if high <= low or spaces[i, d] > spaces[j, d + 3] or spaces[j, d] > spaces[i, d + 3]:
        return
    cut[0, 2], cut[0, 5] = spaces[i, 2], spaces[i, 5]
    cut[0, e], cut[0, e + 3] = low, high
    cut[0, d], cut[0, d + 3] = min(spaces[i, d], spaces[j, d]), max(spaces[i, d + 3], spaces[j, d + 3])
    if stock.task[RULED]:
        weaker_ground(state.grips, i, j, work.cut_grips[0])
    add_unless_held(stock, state, work)


@njit_lent
def weaker_ground(grips: Ints, i: int, j: int, joint: Ints) -> None:
    """Write what the grounds of spaces i and j bear together."""
    joint[GROUND] = min(grips[i, GROUND], grips[j, GROUND])
    joint[ON_RIGID] = min(grips[i, ON_RIGID], grips[j, ON_RIGID])
    joint[ON_LAYERS] = max(grips[i, ON_LAYERS], grips[j, ON_LAYERS])
    one, other = grips[i, ON_KIND], grips[j, ON_KIND]
    if one == other or other == NONE:
        joint[ON_KIND] = one
    else:
        joint[ON_KIND] = other if one == NONE else MIXED


@njit_lent
def drop_held(stock: Stock, state: State, level: int) -> None:
    """Forget spaces of a height that lie within others of it."""
    spaces, grips, n, kept = state.spaces, state.grips, state.tally[N_SPACES], 0
    for i in range(n):
        if spaces[i, 2] == level:
            for j in range(n):
                if j != i and spaces[j, 2] == level and holds(stock, spaces, grips, i, spaces, grips, j):
                    spaces[i, 0], spaces[i, 3] = 1, 0  # holds nothing from here on
                    break
    for i in range(n):
        if spaces[i, 0] < spaces[i, 3]:
            if kept != i:
                copy_space(stock, spaces, grips, i, spaces, grips, kept)
                state.keys[kept] = state.keys[i]
            kept += 1
    state.tally[N_SPACES] = kept


@njit_lent
def begin(stock: Stock, state: State) -> None:
    """Empty the spaces of a state but for the whole container."""
    state.tally[N_SPACES] = 1
    for k in range(3):
        state.spaces[0, k], state.spaces[0, k + 3] = 0, stock.box[k]
    state.grips[0, GROUND], state.grips[0, ON_KIND] = STRONG, NONE
    state.grips[0, ON_LAYERS], state.grips[0, ON_RIGID] = 0, 1
    state.keys[0] = key_at(stock, state.spaces, 0)


@njit_lent
def rebuild(stock: Stock, state: State, work: Work) -> None:
    """Find the spaces anew from what stands in a state, for its phase.

    Notes
    -----
    What is unloaded later than the pieces of this phase may not stand between them and the door, nor above them: what
    lies behind it is no space. What is unloaded earlier stands free to the door and upwards.
    """
    begin(stock, state)
    phase = state.tally[PHASE]
    for i in range(state.tally[N_PLACED]):
        copy_row(state.tops[i], work.top)
        if state.ranks[i] > phase:
            work.top[GROUND] = 0
        crop(stock, state, state.placed[i], work.top, work)
    for i in range(state.tally[N_PLACED]):
        place = state.placed[i]
        if stock.task[HANGS]:
            bar(stock, state, place, state.ranks[i] - phase, work)
        elif state.ranks[i] < phase and place[0] > 0:
            shade(stock, state, 0, place[0], place, work)
        elif state.ranks[i] > phase and place[3] < stock.box[0]:
            shade(stock, state, place[3], stock.box[0], place, work)
