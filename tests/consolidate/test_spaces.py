"""Empty spaces against slow twins that look at single cells."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.consolidate import _kernel_spaces as kernel
from landport.consolidate._kernel_blocks import MIXED, NONE, STRONG
from tests.consolidate.tables import begun, cells, empty_spaces, made, put, put_into, standing

BOX = (6, 5, 4)
LOOSE = made([(1, 1, 1)], [120], BOX, most_blocks=20)
STOOD = made([(1, 1, 1)], [120], BOX, is_supported=True, most_blocks=20)
DRAW = st.integers(0, 59)
PLACES = st.lists(st.tuples(*[DRAW] * 7), max_size=7)


def all_boxes(box):
    sides = ([(a, b) for a in range(n) for b in range(a + 1, n + 1)] for n in box)
    for (x0, x1), (y0, y1), (z0, z1) in product(*sides):
        yield x0, y0, z0, x1, y1, z1


def maximal(free):
    """Slow twin: boxes of free cells that no larger one holds."""
    found = {b for b in all_boxes(free.shape) if free[b[0] : b[3], b[1] : b[4], b[2] : b[5]].all()}
    return {b for b in found if not any(grown(b, d, far) in found for d in range(3) for far in range(2))}


def grown(box, axis, far):
    row = list(box)
    row[axis + 3 * far] += 1 if far else -1
    return tuple(row)


@given(PLACES)
@settings(max_examples=60)
def test_cropping_leaves_the_maximal_boxes(draws):
    """Without support the spaces are exactly the maximal boxes of the cells that are left."""
    state, work = begun(LOOSE, [120])
    put_into(LOOSE.stock, state, work, draws)
    found = empty_spaces(state)
    assert len(set(found)) == len(found)
    assert set(found) == maximal(~cells(BOX, standing(state)))


@given(st.lists(st.sampled_from([*all_boxes(BOX)]), max_size=6))
@settings(max_examples=60)
def test_what_overlaps_is_cropped_as_well(places):
    """Blocks need not stand in spaces: whatever is cut out, the maximal boxes are left."""
    state, work = begun(LOOSE, [120])
    for at in places:
        put(LOOSE.stock, state, work, at)
    assert set(empty_spaces(state)) == maximal(~cells(BOX, places))


def maximal_grounds(height):
    """Slow twin: rectangles of equal height below the ceiling that no larger one holds, up to the ceiling."""
    found = set()
    for level in set(height.flat) - {BOX[2]}:
        flat = (height == level)[:, :, None]
        found |= {(x0, y0, level, x1, y1, BOX[2]) for x0, y0, _, x1, y1, _ in maximal(flat)}
    return found


@given(PLACES)
@settings(max_examples=100)
def test_supported_spaces_are_the_maximal_level_grounds(draws):
    """With support each space stands on floor or level tops in full, and equal tops are joined all there are."""
    state, work = begun(STOOD, [120])
    put_into(STOOD.stock, state, work, draws)
    filled = cells(BOX, standing(state))
    height = filled.sum(axis=2)
    assert (filled == (np.arange(BOX[2]) < height[:, :, None])).all(), "nothing hangs over"
    assert set(empty_spaces(state)) == maximal_grounds(height)


def test_tops_of_equal_height_are_joined_across():
    """Four tops around a corner are one; a gap between two keeps them apart."""
    state, work = begun(STOOD, [120])
    for x, y in product((0, 2), (0, 2)):
        put(STOOD.stock, state, work, (x, y, 0, x + 2, y + 2, 2))
    assert [s for s in empty_spaces(state) if s[2] == 2] == [(0, 0, 2, 4, 4, 4)]
    state, work = begun(STOOD, [120])
    for x in (0, 3):
        put(STOOD.stock, state, work, (x, 0, 0, x + 2, 2, 2))
    assert sorted(s for s in empty_spaces(state) if s[2] == 2) == [(0, 0, 2, 2, 2, 4), (3, 0, 2, 5, 2, 4)]


TOP = st.tuples(st.integers(1, 5), st.sampled_from([NONE, 0, 1]), st.integers(0, 3), st.integers(0, 1))
WEAK = made([(1, 1, 1)] * 2, [60, 60], BOX, is_supported=True, most_blocks=20, bears_g=[1, 1], most_layers=[4, 4])


@given(st.lists(st.tuples(st.tuples(*[DRAW] * 7), TOP), max_size=7))
@settings(max_examples=100)
def test_a_joined_ground_bears_no_more_than_its_weakest_part(draws):
    """Every ground: the least pressure, the most layers, rigid only if all is, and the item that all parts name."""
    state, work = begun(WEAK, [60, 60])
    by_cell = np.zeros((*BOX[:2], 4), np.int64)
    by_cell[:] = (STRONG, NONE, 0, 1)
    for draw, top in draws:
        n = state.tally[kernel.N_PLACED]
        put_into(WEAK.stock, state, work, [draw], top)
        for x0, y0, _, x1, y1, _ in standing(state)[n:]:
            by_cell[x0:x1, y0:y1] = top
    for space, grip in zip(empty_spaces(state), state.grips.tolist(), strict=False):
        ground = by_cell[space[0] : space[3], space[1] : space[4]].reshape(-1, 4)
        names = set(ground[:, kernel.ON_KIND].tolist()) - {NONE}
        assert grip[kernel.GROUND] <= ground[:, kernel.GROUND].min()
        assert grip[kernel.ON_RIGID] <= ground[:, kernel.ON_RIGID].min()
        assert grip[kernel.ON_LAYERS] >= ground[:, kernel.ON_LAYERS].max()
        assert names <= {grip[kernel.ON_KIND]} or grip[kernel.ON_KIND] == MIXED


def is_barred(p, q):
    """Tell whether q stands between p and the door, or above it."""
    abreast = q[1] < p[4] and p[1] < q[4]
    return abreast and (
        (q[0] >= p[3] and q[2] < p[5] and p[2] < q[5]) or (q[2] >= p[5] and q[0] < p[3] and p[0] < q[3])
    )


def in_order(places, ranks):
    """Ranks of so many places as can be in order, as drawn where that goes."""
    found = []
    for n, q in enumerate(places):
        for rank in (ranks[n], 2, 1, 0):
            pairs = [*zip(found, places, strict=False)]
            if not any((r > rank and is_barred(p, q)) or (r < rank and is_barred(q, p)) for r, p in pairs):
                found.append(rank)
                break
        else:
            break
    return found


@given(PLACES, st.lists(st.integers(0, 2), min_size=7, max_size=7), st.integers(0, 2))
@settings(max_examples=150)
def test_no_space_lets_a_piece_break_the_order_of_unloading(draws, ranks, phase):
    """Whatever stands there: what goes into a space of a phase neither bars a piece's way to the door nor is barred."""
    state, work = begun(STOOD, [120])
    put_into(STOOD.stock, state, work, draws)
    ranks = in_order(standing(state), ranks)
    state.ranks[: len(ranks)] = ranks
    state.tally[kernel.N_PLACED], state.tally[kernel.PHASE] = len(ranks), phase
    places = standing(state)
    kernel.rebuild(STOOD.stock, state, work)
    for space in empty_spaces(state):
        x0, y0, z0, x1, y1, _ = space
        for rank, p in zip(ranks, places, strict=True):
            abreast = y0 < p[4] and p[1] < y1
            over = abreast and x0 < p[3] and p[0] < x1
            assert not (over and z0 < p[5]), "it overlaps"
            if rank < phase:
                assert not (abreast and z0 < p[5] and x0 < p[0]), "what is unloaded later stands before it"
            if rank > phase:
                assert not over, "it would stand on what is unloaded earlier"
                assert not (abreast and z0 < p[5] and x1 > p[3]), "it would stand before what is unloaded earlier"


def test_the_order_of_unloading_costs_no_more_than_it_must():
    """Behind a wall over half the width lies nothing, beside it and on it all is free."""
    state, work = begun(STOOD, [120])
    put(STOOD.stock, state, work, (2, 0, 0, 4, 2, 2))
    state.tally[kernel.PHASE] = 1
    kernel.rebuild(STOOD.stock, state, work)
    assert sorted(empty_spaces(state)) == [(0, 2, 0, 6, 5, 4), (2, 0, 2, 4, 2, 4), (4, 0, 0, 6, 5, 4)]
    state.tally[kernel.PHASE], state.ranks[0] = 0, 1
    kernel.rebuild(STOOD.stock, state, work)
    assert sorted(empty_spaces(state)) == [(0, 0, 0, 2, 5, 4), (0, 2, 0, 6, 5, 4)]


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 5), st.integers(1, 4)), min_size=1, max_size=4), st.data())
def test_what_fits_a_space_is_looked_up(sizes, data):
    """Tells whether any piece left goes in, as every pose of every piece left does."""
    found = made(sizes, [1] * len(sizes), BOX, most_blocks=30)
    rest = data.draw(st.lists(st.integers(0, 1), min_size=len(sizes), max_size=len(sizes)))
    room = data.draw(st.tuples(st.integers(0, 6), st.integers(0, 5), st.integers(0, 4)))
    state, _ = begun(found, rest)
    want = any(rest[p[0]] and all(p[d + 1] <= room[d] for d in range(3)) for p in found.poses.tolist())
    assert kernel.fits_any(found.stock, state.singles, *room) == want


def test_the_space_nearest_to_a_corner_is_first():
    """Keys: near a corner before far from one, of equal ones the larger first; with support the floor counts."""
    box, task = np.array(BOX), LOOSE.stock.task
    near, large = kernel.key_of(box, task, 0, 0, 0, 1, 1, 1), kernel.key_of(box, task, 0, 0, 0, 6, 5, 4)
    assert large < near < kernel.key_of(box, task, 1, 0, 0, 2, 5, 4)
    assert kernel.key_of(box, task, 0, 0, 2, 2, 2, 4) == kernel.key_of(box, task, 0, 0, 0, 2, 2, 2)
    stood = STOOD.stock.task
    assert kernel.key_of(box, stood, 0, 0, 0, 2, 2, 2) < kernel.key_of(box, stood, 0, 0, 2, 2, 2, 4)


def test_a_full_table_of_spaces_drops_the_surplus():
    """No space is written beyond the table."""
    state, work = begun(LOOSE, [120])
    small = state._replace(spaces=state.spaces[:2], keys=state.keys[:2], grips=state.grips[:2])
    put(LOOSE.stock, small, work, (2, 2, 1, 4, 4, 3))
    assert small.tally[kernel.N_SPACES] == 2
    assert set(empty_spaces(small)) <= maximal(~cells(BOX, standing(small)))
