"""Which block goes into a space: the score, and the blocks of greatest score. Arrays only.

The score of a block in a space, after Araya and Riff (2014) and Araya, Guerrero and Nunez (2017), is

    V * C^a * L^b * n^-g

V volume; C share of its surface that touches others, within a tolerance; L how much of each side of the space stays
usable (the block's side and the longest sum of sides of the pieces left beside it, over the space's side); n pieces in
it. `style` (9,): a, b, g, tolerance while little stands in the container, the same four later, and the fill from which
on it is later. The merit of a block is log V - g log n. Scores are float64 (see `_kernel_blocks` for what is not):
they only choose among blocks.
"""

import math

import numpy as np

from landport._compile import njit_lent
from landport.consolidate._kernel_blocks import ASKS, KIND, LAYERS, MASS, MIXED, NEEDS, NONE, Ints
from landport.consolidate._kernel_hang import ground_below, is_borne, props, settle
from landport.consolidate._kernel_spaces import (
    BOX_VOLUME,
    CARGO,
    GROUND,
    HANGS,
    N_PHASES,
    N_PLACED,
    ON_KIND,
    ON_LAYERS,
    ON_RIGID,
    PAYLOAD,
    RULED,
    SUPPORTED,
    VOLUME,
    State,
    Stock,
    Work,
)

BIT_OF = np.zeros(64, np.int64)
"""Number of a word's lowest bit, by the six highest bits of that bit times `DE_BRUIJN`."""

DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
for _bit in range(64):
    BIT_OF[(int(DE_BRUIJN) << _bit & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit

FAINT = 1e-9
"""Share of contact that counts for none."""


@njit_lent
def touch(work: Work, face: int, gap: int, low0: int, high0: int, low1: int, high1: int) -> None:
    """Note a rectangle in line with a face of the space, a gap away from it."""
    n = work.n_near[face]
    row = work.near[face, n]
    row[0], row[1], row[2], row[3], row[4] = gap, low0, high0, low1, high1
    work.n_near[face] = n + 1


@njit_lent
def note_walls(box: Ints, space: Ints, tx: float, ty: float, tz: float, work: Work) -> None:
    """Note the container's walls that the faces of a space lie against."""
    if space[0] <= tx:
        touch(work, 0, space[0], 0, box[1], 0, box[2])
    if box[0] - space[3] <= tx:
        touch(work, 1, box[0] - space[3], 0, box[1], 0, box[2])
    if space[1] <= ty:
        touch(work, 2, space[1], 0, box[0], 0, box[2])
    if box[1] - space[4] <= ty:
        touch(work, 3, box[1] - space[4], 0, box[0], 0, box[2])
    if space[2] <= tz:
        touch(work, 4, space[2], 0, box[0], 0, box[1])
    if box[2] - space[5] <= tz:
        touch(work, 5, box[2] - space[5], 0, box[0], 0, box[1])


@njit_lent
def note_block(space: Ints, p: Ints, tx: float, ty: float, tz: float, work: Work) -> None:
    """Note the face of the space that a block lies against, if any."""
    over_x = p[0] < space[3] and p[3] > space[0]
    over_y = p[1] < space[4] and p[4] > space[1]
    over_z = p[2] < space[5] and p[5] > space[2]
    if over_y and over_z:
        note_side(work, 0, space[0] - p[3], p[0] - space[3], tx, p[1], p[4], p[2], p[5])
    elif over_x and over_z:
        note_side(work, 2, space[1] - p[4], p[1] - space[4], ty, p[0], p[3], p[2], p[5])
    elif over_x and over_y:
        note_side(work, 4, space[2] - p[5], p[2] - space[5], tz, p[0], p[3], p[1], p[4])


@njit_lent
def note_side(
    work: Work, face: int, before: int, behind: int, most: float, low0: int, high0: int, low1: int, high1: int
) -> None:
    """Note a block before or behind a space, if the gap to it is small enough."""
    if before >= 0:
        if before <= most:
            touch(work, face, before, low0, high0, low1, high1)
    elif behind <= most:
        touch(work, face + 1, behind, low0, high0, low1, high1)


@njit_lent
def look_around(stock: Stock, state: State, space: Ints, tolerance: float, work: Work) -> None:
    """Note all that touches the six faces of a space, within the tolerance of the largest block that it takes."""
    for face in range(6):
        work.n_near[face] = 0
    tx, ty, tz = (
        tolerance * (space[3] - space[0]),
        tolerance * (space[4] - space[1]),
        tolerance * (space[5] - space[2]),
    )
    for i in range(state.tally[N_PLACED]):
        note_block(space, state.placed[i], tx, ty, tz, work)
    note_walls(stock.box, space, tx, ty, tz, work)


@njit_lent
def face_contact(work: Work, face: int, gap: int, most: float, low0: int, high0: int, low1: int, high1: int) -> int:
    """Area of a block's face that touches what was noted at that face of the space; `gap`: from face to face."""
    area = 0
    for i in range(work.n_near[face]):
        row = work.near[face, i]
        if row[0] + gap <= most:
            a, b = min(high0, row[2]) - max(low0, row[1]), min(high1, row[4]) - max(low1, row[3])
            if a > 0 and b > 0:
                area += a * b
    return int(area)


@njit_lent
def anchors(stock: Stock, space: Ints, corner: Ints) -> None:
    """Find the corner of the space that blocks go to: for each axis 1 at its far side."""
    for d in range(3):
        corner[d] = 0 if space[d] <= stock.box[d] - space[d + 3] else 1
    if stock.task[SUPPORTED]:
        corner[2] = 0
    if stock.task[N_PHASES] > 1:
        corner[0] = 0


@njit_lent
def contact(
    x: int, y: int, z: int, space: Ints, gx: int, gy: int, gz: int, corner: Ints, tolerance: float, work: Work
) -> int:
    """Area of a block of x * y * z in the corner of a space that touches others; g: room left along each axis."""
    hx, hy, hz = corner[0], corner[1], corner[2]
    x0, y0, z0 = space[0] + gx * hx, space[1] + gy * hy, space[2] + gz * hz
    x1, y1, z1 = x0 + x, y0 + y, z0 + z
    tx, ty, tz = tolerance * x, tolerance * y, tolerance * z
    area = face_contact(work, hx, 0, tx, y0, y1, z0, z1)
    area += face_contact(work, 2 + hy, 0, ty, x0, x1, z0, z1)
    area += face_contact(work, 4 + hz, 0, tz, x0, x1, y0, y1)
    if gx <= tx:
        area += face_contact(work, 1 - hx, gx, tx, y0, y1, z0, z1)
    if gy <= ty:
        area += face_contact(work, 3 - hy, gy, ty, x0, x1, z0, z1)
    if gz <= tz:
        area += face_contact(work, 5 - hz, gz, tz, x0, x1, y0, y1)
    return int(area)


@njit_lent
def may_stand(stock: Stock, state: State, b: int, grips: Ints) -> bool:
    """Tell whether the ground of a space bears block b, and the container its mass."""
    bears = stock.bears[b]
    if bears[MASS] > stock.task[PAYLOAD] - state.tally[CARGO] or bears[ASKS] > grips[GROUND]:
        return False
    if bears[NEEDS] and not grips[ON_RIGID]:
        return False
    if bears[KIND] != NONE and (grips[ON_KIND] == bears[KIND] or grips[ON_KIND] == MIXED):
        return bool(bears[LAYERS] + grips[ON_LAYERS] <= stock.most_layers[bears[KIND]])
    return True


@njit_lent
def may_hang(stock: Stock, b: int, space: Ints, corner: Ints, work: Work) -> bool:
    """Tell whether enough is under block b in the corner of a space; that place is then `at`."""
    at = work.at
    for d in range(3):
        side = stock.sizes[b, d]
        at[d] = space[d + 3] - side if corner[d] else space[d]
        at[d + 3] = at[d] + side
    return bool(is_borne(stock, b, at[0], at[1], work))


@njit_lent
def may_lie(stock: Stock, state: State, b: int, space: Ints, corner: Ints, work: Work) -> bool:
    """Tell whether enough is under block b in the corner of a space, and nothing over it that it must not bear."""
    if space[2] > 0 and not may_hang(stock, b, space, corner, work):
        return False
    return not (stock.task[RULED] == 1 and props(stock, state, b, space, corner))


@njit_lent
def may_press(stock: Stock, state: State, b: int, work: Work) -> bool:
    """Tell whether what is under block b, where `may_hang` had it, bears it."""
    ground_below(stock, state, work.at, work)
    return bool(may_stand(stock, state, b, work.cut_grips[0]))


@njit_lent
def insert(work: Work, n: int, want: int, b: int, score: float) -> int:
    """Put a block among the best ones; answers how many there are."""
    i = n if n < want else n - 1
    while i > 0 and work.scores[i - 1] < score:
        work.scores[i], work.best[i] = work.scores[i - 1], work.best[i - 1]
        i -= 1
    work.scores[i], work.best[i] = score, b
    return min(n + 1, want)


@njit_lent
def score(
    stock: Stock, b: int, space: Ints, corner: Ints, style: tuple[float, float, float, float], least: float, work: Work
) -> float:
    """Score block b in a space; something at most `least` as soon as it is no better than that."""
    power, usable, tolerance, base = style
    x, y, z = stock.sizes[b, 0], stock.sizes[b, 1], stock.sizes[b, 2]
    gx, gy, gz = space[3] - space[0] - x, space[4] - space[1] - y, space[5] - space[2] - z
    logs, reach = stock.logs, work.reach
    value = base + usable * (logs[x + reach[0, gx]] + logs[y + reach[1, gy]] + logs[z + reach[2, gz]])
    if value <= least:
        return float(value)
    ax, ay, az = float(y * z), float(x * z), float(x * y)
    whole = 2.0 * (ax + ay + az)
    open_faces = (gx > tolerance * x) * ax + (gy > tolerance * y) * ay + (gz > tolerance * z) * az
    if open_faces > 0 and value + power * math.log(1.0 - open_faces / whole) <= least:
        return least
    share = contact(x, y, z, space, gx, gy, gz, corner, tolerance, work) / whole
    if share < 1.0:
        value += power * math.log(max(share, FAINT))
    return float(value)


@njit_lent
def rank(stock: Stock, state: State, s: int, want: int, work: Work) -> int:
    """Write the `want` best blocks for space s and their scores to `work`; answers how many there are."""
    late = 0 if state.tally[VOLUME] < stock.style[8] * stock.task[BOX_VOLUME] else 1
    power, usable = stock.style[4 * late], stock.style[4 * late + 1]
    tolerance = stock.style[4 * late + 3]
    space, logs, is_ruled = state.spaces[s], stock.logs, stock.task[RULED] == 1
    hangs = stock.task[HANGS] > 0 and space[2] > 0
    corner, grips = work.top, state.grips[s]
    anchors(stock, space, corner)
    if hangs:
        if not settle(stock, state, space, corner, work):
            return 0
        space, grips = work.cut[0], work.cut_grips[2]
    sx, sy, sz = space[3] - space[0], space[4] - space[1], space[5] - space[2]
    dx, dy = (min(sx, work.at[0]), min(sy, work.at[1])) if hangs else (sx, sy)
    look_around(stock, state, space, tolerance, work)
    a, b, c = stock.fit_at[0, dx], stock.fit_at[1, dy], stock.fit_at[2, sz]
    whole = usable * (logs[sx] + logs[sy] + logs[sz])
    n, least = 0, -np.inf
    for w in range(state.usable.shape[0]):
        if stock.best_merit[late, w] <= least:
            break
        word = state.usable[w] & stock.fits[a, w] & stock.fits[b, w] & stock.fits[c, w]
        while word:
            lowest = word & (~word + np.uint64(1))
            block = w * 64 + BIT_OF[(lowest * DE_BRUIJN) >> np.uint64(58)]
            word ^= lowest
            merit = stock.merit[late, block]
            if merit <= least or (is_ruled and not may_stand(stock, state, block, grips)):
                continue
            if stock.task[HANGS] and not may_lie(stock, state, block, space, corner, work):
                continue
            value = score(stock, block, space, corner, (power, usable, tolerance, merit - whole), least, work)
            if value > least and not (hangs and is_ruled and not may_press(stock, state, block, work)):
                n = insert(work, n, want, block, value)
                if n == want:
                    least = work.scores[n - 1]
    return n
