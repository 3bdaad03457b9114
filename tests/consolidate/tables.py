"""Small tables of the search's kernels: items, blocks and states, for slow twins to count."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from landport.consolidate import _kernel_spaces as spaces
from landport.consolidate._kernel_beam import begin_phase
from landport.consolidate._kernel_blocks import NONE, STRONG
from landport.consolidate.searching import new_state, new_work
from landport.consolidate.stock import BEARS_ALL_G, BEYOND, Kinds, blocks

MOST_PLACED = 40
ANY_TOP = (STRONG, NONE, 0, 1)


def kinds(sizes, counts, box, **changes):
    """Items that may be turned as they like, in every pose that fits the box."""
    poses = [(k, *pose) for k, size in enumerate(sizes) for pose in sorted(set(permutations(size)))]
    given = {
        "masses_g": [1] * len(sizes),
        "bears_g": [BEARS_ALL_G] * len(sizes),
        "most_layers": [BEYOND] * len(sizes),
        "ranks": [0] * len(sizes),
        "is_rigid": [False] * len(sizes),
    } | changes
    arrays = {name: np.array(value, bool if name == "is_rigid" else np.int64) for name, value in given.items()}
    fit = [pose for pose in poses if all(side <= room for side, room in zip(pose[1:], box, strict=True))]
    return Kinds(counts=np.array(counts, np.int64), poses=np.array(fit, np.int64).reshape(-1, 4), **arrays)


def made(
    sizes,
    counts,
    box,
    *,
    is_supported=False,
    hangs_pct=0,
    payload_g=10**9,
    most_blocks=2000,
    least_fill=1.0,
    **changes,
):
    """Blocks of such items."""
    return blocks(
        np.array(box, np.int64),
        payload_g,
        kinds(sizes, counts, box, **changes),
        is_supported=is_supported,
        hangs_pct=hangs_pct,
        most_blocks=most_blocks,
        least_fill=least_fill,
    )


def begun(found, counts):
    """An empty container and scratch tables."""
    state, work = new_state(found.stock, MOST_PLACED), new_work(found.stock, MOST_PLACED)
    state.rest[:] = counts
    begin_phase(found.stock, state)
    spaces.rebuild(found.stock, state, work)
    return state, work


def put(stock, state, work, at, top=ANY_TOP, rank=0):
    """Let something stand in a container, whatever it is."""
    n = state.tally[spaces.N_PLACED]
    state.placed[n], state.tops[n], state.ranks[n] = at, top, rank
    state.tally[spaces.N_PLACED] = n + 1
    state.tally[spaces.VOLUME] += int(np.prod(np.subtract(at[3:], at[:3])))
    spaces.crop(stock, state, state.placed[n], state.tops[n], work)


def put_into(stock, state, work, draws, top=ANY_TOP):
    """Let boxes stand on the ground of spaces, as chosen by draws: space, sides and place of each."""
    for which, *shares in draws:
        n = state.tally[spaces.N_SPACES]
        if not n:
            return
        space = state.spaces[which % n].tolist()
        at = [0] * 6
        for d in range(3):
            room = space[d + 3] - space[d]
            side = 1 + shares[d] % room
            at[d] = space[d] + (shares[d + 3] % (room - side + 1) if d < 2 or not stock.task[spaces.SUPPORTED] else 0)
            at[d + 3] = at[d] + side
        put(stock, state, work, at, top)


def empty_spaces(state):
    """The spaces of a state."""
    return [tuple(row) for row in state.spaces[: state.tally[spaces.N_SPACES]].tolist()]


def standing(state):
    """What stands in a state."""
    return [tuple(row) for row in state.placed[: state.tally[spaces.N_PLACED]].tolist()]


def cells(box, places):
    """Truth by cell: something stands there."""
    filled = np.zeros(box, bool)
    for x0, y0, z0, x1, y1, z1 in places:
        filled[x0:x1, y0:y1, z0:z1] = True
    return filled
