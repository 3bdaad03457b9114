"""Steps of the beam search against slow twins: scores, contact, reach, names and copies of states."""

import math
from itertools import permutations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.consolidate import _kernel_beam as beam
from landport.consolidate import _kernel_rank as kernel
from landport.consolidate import _kernel_spaces as spaces
from landport.consolidate.searching import new_state
from tests.consolidate.tables import MOST_PLACED, begun, cells, empty_spaces, made, put_into, standing

BOX = (6, 5, 4)
DRAW = st.integers(0, 59)
PLACES = st.lists(st.tuples(*[DRAW] * 7), max_size=6)
SIZES, COUNTS = [(2, 1, 1), (3, 2, 1), (1, 1, 1)], [4, 3, 9]
FREE = made(SIZES, COUNTS, BOX, most_blocks=80)
STOOD = made(SIZES, COUNTS, BOX, is_supported=True, most_blocks=80)


def filled(found, draws):
    """A container in which something stands, and what is within reach."""
    state, work = begun(found, COUNTS)
    put_into(found.stock, state, work, draws)
    beam.reach_of(found.stock, state.rest, work)
    return state, work


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3)), min_size=1, max_size=4))
@settings(max_examples=50)
def test_the_longest_sums_within_reach(rows):
    """For every length the greatest sum of sides of the pieces left, each used once: against a set of all sums."""
    sizes = [(side, 1 + side % 3, 2) for side, _ in rows]
    rest = [n for _, n in rows]
    found = made(sizes, [max(1, n) for n in rest], BOX, most_blocks=40)
    _, work = begun(found, rest)
    beam.reach_of(found.stock, np.array(rest), work)
    for axis in range(3):
        sums = {0}
        for k, n in enumerate(rest):
            sides = {int(p[axis + 1]) for p in found.poses if p[0] == k}
            for _ in range(n):
                sums |= {s + side for s, side in product(sums, sides)}
        want = [max(s for s in sums if s <= length) for length in range(BOX[axis] + 1)]
        assert work.reach[axis, : BOX[axis] + 1].tolist() == want


def corner_of(stock, space):
    """Slow twin: the far side of an axis where the space is nearer to it; the ground where all is supported."""
    far = [int(space[d] > BOX[d] - space[d + 3]) for d in range(3)]
    return [*far[:2], 0] if stock.task[spaces.SUPPORTED] else far


def spot(space, size, corner):
    low = [space[d + 3] - size[d] if corner[d] else space[d] for d in range(3)]
    return (*low, *(a + s for a, s in zip(low, size, strict=True)))


def touching(at, places, tolerance):
    """Slow twin: area of a place's faces that look at walls or others no further than the tolerance."""
    area = 0
    walls = [[0, 0, 0, *BOX] for _ in range(6)]
    for n, (d, far) in enumerate(product(range(3), range(2))):
        walls[n][d], walls[n][d + 3] = (BOX[d], BOX[d] + 1) if far else (-1, 0)
    for other, d in product([*map(tuple, walls), *places], range(3)):
        a, b = (e for e in range(3) if e != d)
        shared = [max(0, min(at[e + 3], other[e + 3]) - max(at[e], other[e])) for e in (a, b)]
        gap = other[d] - at[d + 3] if other[d] >= at[d + 3] else at[d] - other[d + 3]
        if 0 <= gap <= tolerance * (at[d + 3] - at[d]):
            area += shared[0] * shared[1]
    return area


def touching_cells(at, taken):
    """Slow twin: faces of single cells of a place that have a wall or a taken cell beside them."""
    beside = np.pad(taken, 1, constant_values=True)
    faces = 0
    for x, y, z in product(*(range(at[d], at[d + 3]) for d in range(3))):
        for d, step in product(range(3), (-1, 1)):
            next_to = [x, y, z]
            next_to[d] += step
            if not at[d] <= next_to[d] < at[d + 3]:
                faces += int(beside[tuple(v + 1 for v in next_to)])
    return faces


@given(PLACES, DRAW, st.tuples(DRAW, DRAW, DRAW), st.sampled_from([0.0, 0.0, 0.3, 1.0]), st.booleans())
@settings(max_examples=150)
def test_contact_is_counted(draws, which, shares, tolerance, is_supported):
    """Area that touches, for any block in any space: by faces of cells where it must touch, by rectangles else."""
    found = STOOD if is_supported else FREE
    state, work = filled(found, draws)
    if not state.tally[spaces.N_SPACES]:
        return
    space = state.spaces[which % state.tally[spaces.N_SPACES]]
    room = [int(space[d + 3] - space[d]) for d in range(3)]
    size = [1 + share % r for share, r in zip(shares, room, strict=True)]
    corner = np.zeros(3, np.int64)
    kernel.anchors(found.stock, space, corner)
    assert corner.tolist() == corner_of(found.stock, space.tolist())
    kernel.look_around(found.stock, state, space, tolerance, work)
    gaps = [r - s for r, s in zip(room, size, strict=True)]
    area = kernel.contact(*size, space, *gaps, corner, tolerance, work)
    at = spot(space.tolist(), size, corner)
    assert area == touching(at, standing(state), tolerance)
    if tolerance == 0:
        assert area == touching_cells(at, cells(BOX, standing(state)))


def score(stock, state, work, block, space):
    """Slow twin: V * C^a * L^b * n^-g, as a logarithm."""
    late = 4 * (state.tally[spaces.VOLUME] >= stock.style[8] * math.prod(BOX))
    power, usable, many, tolerance = stock.style[late : late + 4]
    size = stock.sizes[block].tolist()
    at = spot(space, size, corner_of(stock, space))
    surface = 2 * sum(a * b for a, b in zip(size, size[1:] + size[:1], strict=True))
    share = min(1.0, touching(at, standing(state), tolerance) / surface)
    rooms = [space[d + 3] - space[d] for d in range(3)]
    within = [(s + work.reach[d, r - s]) / r for d, (s, r) in enumerate(zip(size, rooms, strict=True))]
    pieces = stock.numbers[stock.first[block] : stock.first[block + 1]].sum()
    logs = math.log(max(share, kernel.FAINT)), math.log(math.prod(within)), math.log(pieces)
    return math.log(stock.volumes[block]) + power * logs[0] + usable * logs[1] - many * logs[2]


@given(PLACES, DRAW, st.integers(1, 12), st.booleans())
@settings(max_examples=60)
def test_the_best_blocks_are_chosen(draws, which, want, is_supported):
    """The greatest scores of all blocks that fit a space, in order, whatever is skipped on the way."""
    found = STOOD if is_supported else FREE
    stock = found.stock
    state, work = filled(found, draws)
    if not state.tally[spaces.N_SPACES]:
        return
    s = which % state.tally[spaces.N_SPACES]
    space = state.spaces[s].tolist()
    n = kernel.rank(stock, state, s, want, work)
    rooms = [space[d + 3] - space[d] for d in range(3)]
    fit = [b for b in range(len(stock.sizes)) if (stock.sizes[b] <= rooms).all()]
    scores = sorted((score(stock, state, work, b, space) for b in fit), reverse=True)
    assert n == min(want, len(fit))
    assert len(set(work.best[:n].tolist())) == n
    assert np.allclose(work.scores[:n], scores[:n])
    assert np.allclose([score(stock, state, work, b, space) for b in work.best[:n]], work.scores[:n])


@given(PLACES, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_equal_states_have_one_name(draws, random):
    """The order of spaces does not matter; what is left, the phase, and any space do."""
    state, _ = filled(FREE, draws)
    name = beam.name_of(FREE.stock, state)
    n = int(state.tally[spaces.N_SPACES])
    order = random.sample(range(n), n)
    state.spaces[:n], state.keys[:n] = state.spaces[order], state.keys[order]
    assert beam.name_of(FREE.stock, state) == name
    for table, row in ((state.rest, 0), (state.tally, spaces.PHASE), *([(state.spaces[0], 0)] if n else [])):
        table[row] += 1
        assert beam.name_of(FREE.stock, state) != name
        table[row] -= 1
    assert beam.name_of(FREE.stock, state) == name


@given(PLACES)
@settings(max_examples=20)
def test_a_copy_is_equal_and_apart(draws):
    """All that counts is copied, over what stood there; changes of the copy leave the original alone."""
    state, work = filled(STOOD, draws)
    copy = new_state(STOOD.stock, MOST_PLACED)
    for table in copy:
        table[...] = 7
    beam.copy_state(state, copy)
    before = [table.copy() for table in state]
    rows = {"spaces": 0, "keys": 0, "grips": 0, "placed": 1, "tops": 1, "ranks": 1, "blocks": 1}
    for name, one, other in zip(state._fields, state, copy, strict=True):
        n = state.tally[rows[name]] if name in rows else len(one)
        assert (one[:n] == other[:n]).all(), name
    beam.complete(STOOD.stock, copy, work)
    assert all((one == other).all() for one, other in zip(before, state, strict=True))


@given(
    st.lists(st.tuples(st.tuples(*[st.integers(1, 4)] * 3), st.integers(1, 5)), min_size=1, max_size=3), st.booleans()
)
@settings(max_examples=40)
def test_a_container_is_completed(rows, is_supported):
    """What is placed is apart, inside, no more than there is, counted right; and nothing that is left still fits."""
    sizes, counts = zip(*rows, strict=True)
    found = made(sizes, counts, BOX, is_supported=is_supported, most_blocks=60)
    state, work = begun(found, counts)
    beam.reach_of(found.stock, state.rest, work)
    beam.complete(found.stock, state, work)
    places = standing(state)
    taken = cells(BOX, places)
    assert taken.sum() == sum(math.prod(np.subtract(p[3:], p[:3])) for p in places) == state.tally[spaces.VALUE]
    used = [0] * len(sizes)
    for b in state.blocks[: len(places)].tolist():
        for q in range(found.stock.first[b], found.stock.first[b + 1]):
            used[found.stock.kinds[q]] += int(found.stock.numbers[q])
    assert state.rest.tolist() == [n - u for n, u in zip(counts, used, strict=True)]
    assert min(state.rest) >= 0
    for k, size in enumerate(sizes):
        for space, pose in product(empty_spaces(state), set(permutations(size)) if state.rest[k] else ()):
            assert any(side > space[d + 3] - space[d] for d, side in enumerate(pose))
