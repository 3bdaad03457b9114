"""Fill one container with solid blocks of equal pieces, every base fully supported. Arrays only.

Tables that all kernels share (int64; mm, grams; n rows, columns named below):

    box     (4,)    length, width, height, payload
    items   (n, 3)  mass of a piece, layers of itself, mass a piece bears on its top
    poses   (n, 4)  item, dx, dy, dz of one piece as it lies
    counts  (items,)  pieces that may still be placed
    spaces  (n, 10) x0, y0, x1, y1: a fully supported rectangle at height z, free up to the ceiling;
                    load / area: grams per mm2 that it bears; item below (FLOOR, MIXED) and its layers; spent
    blocks  (n, 10) item, x, y, z, dx, dy, dz, nx, ny, nz
    tally   (4,)    spaces, blocks, volume, mass

A space is a column up to the ceiling, so spaces overlap only spaces of the same height: cutting is flat.
Loads are kept as pressure, which is safe: a piece spreads what it carries evenly over its base, so nowhere
does it press harder than its own pressure plus the hardest on its top.

Scores (`worth`, and the density that `fill` hands to `best_block`) are float64, where the house prefers whole numbers:
products of shares and volumes outgrow int64. They only choose among blocks; where pieces stand, what they weigh and
bear is int64. Results are the same on every machine nevertheless: a score is made of + - * / in a fixed order, IEEE 754
rounds each of them in one way, and numba, without `fastmath`, neither reorders nor fuses them.
"""

import numpy as np
from numpy.typing import NDArray

from landport._compile import njit

Ints = NDArray[np.int64]

LENGTH, WIDTH, HEIGHT, PAYLOAD = 0, 1, 2, 3
MASS, LAYERS, BEARS = 0, 1, 2
X0, Y0, X1, Y1, Z, LOAD, AREA, BELOW, PILED, SPENT = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
N_SPACES, N_BLOCKS, VOLUME, CARGO = 0, 1, 2, 3
ABOVE, FLAT, UP, ORDER = 0, 1, 2, 3  # columns of a style: see `fill`

FLOOR = -1
MIXED = -2
STRONG = 1_000_000_000
"""Grams per mm2 that a floor bears: anything."""

MERGES = 24
"""Rectangles that one new top may be joined into."""


@njit
def reachable(sides: Ints, longest: int) -> Ints:
    """Find for every length 0..longest the greatest sum of sides (each any number of times) within it.

    Answers shape (longest + 1,), mm.
    """
    sums = np.zeros(longest + 1, np.bool_)
    sums[0] = True
    for side in sides:
        for length in range(side, longest + 1):
            if sums[length - side]:
                sums[length] = True
    reach = np.zeros(longest + 1, np.int64)
    for length in range(1, longest + 1):
        reach[length] = length if sums[length] else reach[length - 1]
    return reach


@njit
def begin(box: Ints, spaces: Ints, tally: Ints) -> None:
    """Empty the container: one space, its floor."""
    for column in range(10):
        spaces[0, column] = 0
    tally[N_SPACES], tally[N_BLOCKS], tally[VOLUME], tally[CARGO] = 1, 0, 0, 0
    spaces[0, X1], spaces[0, Y1] = box[LENGTH], box[WIDTH]
    spaces[0, LOAD], spaces[0, AREA], spaces[0, BELOW] = STRONG, 1, FLOOR


@njit
def dominates(spaces: Ints, i: int, j: int) -> bool:
    """Tell whether space i holds all that space j holds."""
    return bool(
        spaces[i, Z] == spaces[j, Z]
        and spaces[i, X0] <= spaces[j, X0]
        and spaces[i, Y0] <= spaces[j, Y0]
        and spaces[i, X1] >= spaces[j, X1]
        and spaces[i, Y1] >= spaces[j, Y1]
        and spaces[i, BELOW] == spaces[j, BELOW]
        and spaces[i, PILED] <= spaces[j, PILED]
        and spaces[i, LOAD] * spaces[j, AREA] >= spaces[j, LOAD] * spaces[i, AREA]
    )


@njit
def copy_row(source: Ints, i: int, target: Ints, j: int) -> None:
    """Copy a row of ten columns."""
    for column in range(10):
        target[j, column] = source[i, column]


@njit
def add_space(spaces: Ints, tally: Ints, like: int, x0: int, y0: int, x1: int, y1: int) -> int:
    """Append a space like another but with this rectangle; answers its index, -1 if an other space holds it.

    Spaces that the new one holds become empty (x1 == x0). Nothing is added to a full table.
    """
    n = tally[N_SPACES]
    if n == spaces.shape[0] or x1 <= x0 or y1 <= y0:
        return -1
    copy_row(spaces, like, spaces, n)
    spaces[n, X0], spaces[n, Y0], spaces[n, X1], spaces[n, Y1], spaces[n, SPENT] = x0, y0, x1, y1, 0
    for i in range(n):
        if spaces[i, X1] > spaces[i, X0] and dominates(spaces, i, n):
            return -1
    for i in range(n):
        if dominates(spaces, n, i):
            spaces[i, X1] = spaces[i, X0]
    tally[N_SPACES] = n + 1
    return int(n)


@njit
def compact(spaces: Ints, tally: Ints) -> None:
    """Remove the empty spaces."""
    kept = 0
    for i in range(tally[N_SPACES]):
        if spaces[i, X1] > spaces[i, X0]:
            if kept < i:
                copy_row(spaces, i, spaces, kept)
            kept += 1
    tally[N_SPACES] = kept


@njit
def cut(spaces: Ints, tally: Ints, x0: int, y0: int, x1: int, y1: int, z: int) -> None:
    """Take a rectangle out of all spaces at height z; what is left of each are up to four maximal ones."""
    n = tally[N_SPACES]
    for i in range(n):
        if spaces[i, Z] != z or spaces[i, X1] <= x0 or spaces[i, X0] >= x1:
            continue
        if spaces[i, Y1] <= y0 or spaces[i, Y0] >= y1:
            continue
        left, front, right, back = spaces[i, X0], spaces[i, Y0], spaces[i, X1], spaces[i, Y1]
        spaces[i, X1] = left  # empty from here on
        add_space(spaces, tally, i, left, front, min(x0, right), back)
        add_space(spaces, tally, i, max(x1, left), front, right, back)
        add_space(spaces, tally, i, left, front, right, min(y0, back))
        add_space(spaces, tally, i, left, max(y1, front), right, back)


@njit
def within(spaces: Ints, i: int, x0: int, y0: int, x1: int, y1: int) -> bool:
    """Tell whether a rectangle lies within space i."""
    return bool(spaces[i, X0] <= x0 and spaces[i, Y0] <= y0 and spaces[i, X1] >= x1 and spaces[i, Y1] >= y1)


@njit
def join(spaces: Ints, tally: Ints, i: int, j: int, x0: int, y0: int, x1: int, y1: int) -> int:
    """Add a rectangle that lies within spaces i and j only together; it bears what the weaker bears."""
    n = tally[N_SPACES]
    if n == spaces.shape[0] or within(spaces, i, x0, y0, x1, y1) or within(spaces, j, x0, y0, x1, y1):
        return -1
    weaker = i if spaces[i, LOAD] * spaces[j, AREA] <= spaces[j, LOAD] * spaces[i, AREA] else j
    copy_row(spaces, weaker, spaces, n)
    if spaces[i, BELOW] != spaces[j, BELOW]:
        spaces[n, BELOW] = MIXED
    spaces[n, PILED] = max(spaces[i, PILED], spaces[j, PILED])
    return add_space(spaces, tally, n, x0, y0, x1, y1)


@njit
def merge(spaces: Ints, tally: Ints, new: int) -> None:
    """Join the newest top with tops of its height that touch it, and what comes out again."""
    most = min(spaces.shape[0], new + MERGES)
    i = new
    while i < tally[N_SPACES]:
        for j in range(tally[N_SPACES]):
            if tally[N_SPACES] >= most or j == i or spaces[j, Z] != spaces[i, Z]:
                continue
            if spaces[i, X1] == spaces[i, X0] or spaces[j, X1] == spaces[j, X0]:
                continue
            low_x, high_x = max(spaces[i, X0], spaces[j, X0]), min(spaces[i, X1], spaces[j, X1])
            low_y, high_y = max(spaces[i, Y0], spaces[j, Y0]), min(spaces[i, Y1], spaces[j, Y1])
            far_x, far_y = max(spaces[i, X1], spaces[j, X1]), max(spaces[i, Y1], spaces[j, Y1])
            near_x, near_y = min(spaces[i, X0], spaces[j, X0]), min(spaces[i, Y0], spaces[j, Y0])
            if low_x <= high_x and low_y < high_y:
                join(spaces, tally, i, j, near_x, low_y, far_x, high_y)
            if low_y <= high_y and low_x < high_x:
                join(spaces, tally, i, j, low_x, near_y, high_x, far_y)
        i += 1


@njit
def bearing(items: Ints, index: int, spaces: Ints, s: int, area: int, nz: int) -> int:
    """Find the grams that each column of nz pieces still bears on its top, standing in space s."""
    mass = items[index, MASS]
    floor = spaces[s, LOAD] * area // spaces[s, AREA]
    return int(min(items[index, BEARS] - mass * (nz - 1), floor - mass * nz))


@njit
def most_layers(items: Ints, index: int, spaces: Ints, s: int, area: int, room: int) -> int:
    """Find how many pieces of an item may stand on each other in space s, at most `room`; may be < 1."""
    mass = items[index, MASS]
    n = min(room, 1 + items[index, BEARS] // mass)
    n = min(n, spaces[s, LOAD] * area // (spaces[s, AREA] * mass))
    if spaces[s, BELOW] == index or spaces[s, BELOW] == MIXED:
        return int(min(n, items[index, LAYERS] - spaces[s, PILED]))
    return int(min(n, items[index, LAYERS]))


@njit
def next_space(box: Ints, spaces: Ints, n: int, order: int) -> int:
    """Choose the space to fill next, -1: none is left.

    Order 0: nearest to a corner of the closed end; 1: deepest, then lowest; 2: lowest, then deepest.
    """
    best, best_key = -1, 0
    for i in range(n):
        if spaces[i, SPENT]:
            continue
        side = min(spaces[i, Y0], box[WIDTH] - spaces[i, Y1])
        key = (spaces[i, X0] + side + spaces[i, Z]) << 16
        if order == 1:
            key = ((spaces[i, X0] << 16) + spaces[i, Z] << 16) + side
        elif order == 2:
            key = ((spaces[i, Z] << 16) + spaces[i, X0] << 16) + side
        if best < 0 or key < best_key:
            best, best_key = i, key
    return best


@njit
def worth(sx: int, sy: int, sz: int, x: int, y: int, z: int, above: int, style: Ints, flat: Ints, up: Ints) -> float:
    """Value a block of x * y * z in a space of sx * sy * sz: its volume, and how much of each direction stays usable.

    mm; `above`: mm over the block that cargo may use, by load. A float64 score, see the module.
    """
    above = min(above, up[sz - z])
    plane = (x + flat[sx - x]) / sx * ((y + flat[sy - y]) / sy)
    upward = (z + above) / sz
    value = x * y * (z + style[ABOVE] * above / 100.0)
    for _ in range(style[FLAT]):
        value *= plane
    for _ in range(style[UP]):
        value *= upward
    return float(value)


@njit
def best_block(
    box: Ints,
    items: Ints,
    poses: Ints,
    counts: Ints,
    style: Ints,
    bias: Ints,
    flat: Ints,
    up: Ints,
    density: float,
    spaces: Ints,
    s: int,
    tally: Ints,
    found: Ints,
) -> bool:
    """Find the block of greatest worth for space s; answers whether there is any, and writes it to `found`.

    `density`: grams per mm3 of the pieces wanted.
    """
    sx, sy, sz = spaces[s, X1] - spaces[s, X0], spaces[s, Y1] - spaces[s, Y0], box[HEIGHT] - spaces[s, Z]
    best = 0.0
    for p in range(poses.shape[0]):
        index, dx, dy, dz = poses[p, 0], poses[p, 1], poses[p, 2], poses[p, 3]
        left = min(counts[index], (box[PAYLOAD] - tally[CARGO]) // items[index, MASS])
        if left <= 0 or dx > sx or dy > sy or dz > sz:
            continue
        if left * dx * dy * (sz if style[ABOVE] else dz) * bias[index] <= best:
            continue  # no block of it can be worth more
        most = min(left, most_layers(items, index, spaces, s, dx * dy, sz // dz))
        least = max(1, most - 8) if style[ABOVE] else max(1, most)
        for nz in range(most, least - 1, -1):
            above = int(bearing(items, index, spaces, s, dx * dy, nz) / (dx * dy * density))
            columns = left // nz
            for lengthwise in range(2):
                nx = min(sx // dx, columns)
                ny = min(sy // dy, columns // nx)
                if lengthwise == 0:
                    ny = min(sy // dy, columns)
                    nx = min(sx // dx, columns // ny)
                value = worth(sx, sy, sz, nx * dx, ny * dy, nz * dz, above, style, flat, up) * bias[index]
                if value > best:
                    best = value
                    found[0], found[4], found[5], found[6] = index, dx, dy, dz
                    found[7], found[8], found[9] = nx, ny, nz
    return best > 0


@njit
def place(box: Ints, items: Ints, counts: Ints, spaces: Ints, s: int, blocks: Ints, tally: Ints, block: Ints) -> None:
    """Put a block into the corner of space s next to the closed end and the nearer wall; update all tables."""
    index, area = block[0], block[4] * block[5]
    long, wide, high = block[4] * block[7], block[5] * block[8], block[6] * block[9]
    pieces = block[7] * block[8] * block[9]
    x, z = spaces[s, X0], spaces[s, Z]
    near = spaces[s, Y0] <= box[WIDTH] - spaces[s, Y1]
    y = spaces[s, Y0] if near else spaces[s, Y1] - wide
    block[1], block[2], block[3] = x, y, z
    for column in range(10):
        blocks[tally[N_BLOCKS], column] = block[column]
    tally[N_BLOCKS] += 1
    tally[VOLUME] += pieces * area * block[6]
    tally[CARGO] += pieces * items[index, MASS]
    counts[index] -= pieces
    load = bearing(items, index, spaces, s, area, block[9])
    same = spaces[s, BELOW] == index or spaces[s, BELOW] == MIXED
    piled = block[9] + (spaces[s, PILED] if same else 0)
    cut(spaces, tally, x, y, x + long, y + wide, z)
    n = tally[N_SPACES]
    if load > 0 and z + high < box[HEIGHT] and n < spaces.shape[0]:
        spaces[n, Z], spaces[n, LOAD], spaces[n, AREA] = z + high, load, area
        spaces[n, BELOW], spaces[n, PILED] = index, piled
        if add_space(spaces, tally, n, x, y, x + long, y + wide) >= 0:
            merge(spaces, tally, n)
    compact(spaces, tally)


@njit
def keep_placeable(poses: Ints, n: int, counts: Ints) -> int:
    """Move those of the first n poses whose item has pieces left to the front; answers how many they are."""
    kept = 0
    for p in range(n):
        if counts[poses[p, 0]] > 0:
            if kept < p:
                for column in range(4):
                    poses[kept, column] = poses[p, column]
            kept += 1
    return kept


@njit
def fill(
    box: Ints,
    items: Ints,
    poses: Ints,
    counts: Ints,
    style: Ints,
    bias: Ints,
    flat: Ints,
    up: Ints,
    spaces: Ints,
    blocks: Ints,
    tally: Ints,
) -> int:
    """Place as many pieces as go, block by block; answers how many could not be placed.

    Shapes: style (4,): percent that usable height over a block counts, powers of the plane and of the height factor,
    order of spaces; bias (items,): thousandths that scale an item's worth; flat (length + 1,), up (height + 1,): see
    `reachable`, mm. `counts`, `spaces`, `blocks` and `tally` are updated: call again with other counts to go on.
    """
    active = poses.copy()
    n_active = keep_placeable(active, poses.shape[0], counts)
    left, mass, volume = 0, 1.0, 1.0
    for p in range(n_active):
        index = active[p, 0]
        if p == 0 or active[p - 1, 0] != index:
            n = counts[index]
            left += n
            mass += n * items[index, MASS]
            volume += n * active[p, 1] * active[p, 2] * active[p, 3]
    for i in range(tally[N_SPACES]):
        spaces[i, SPENT] = 0
    found = np.zeros(10, np.int64)
    while left > 0 and tally[N_BLOCKS] < blocks.shape[0]:
        s = next_space(box, spaces, tally[N_SPACES], style[ORDER])
        if s < 0:
            break
        if best_block(
            box, items, active[:n_active], counts, style, bias, flat, up, mass / volume, spaces, s, tally, found
        ):
            place(box, items, counts, spaces, s, blocks, tally, found)
            left -= found[7] * found[8] * found[9]
            if counts[found[0]] == 0:
                n_active = keep_placeable(active, n_active, counts)
        else:
            spaces[s, SPENT] = 1
    return int(left)
