"""The kernel's core pieces against slow twins that count single cells."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landport.consolidate import _kernel
from landport.consolidate._bound import Demand, least_cost, measure

BOX = np.array([9, 7, 5, 1000], np.int64)
RECTANGLE = st.tuples(st.integers(0, 8), st.integers(0, 6), st.integers(1, 5), st.integers(1, 4))


def begun():
    spaces, tally = np.zeros((200, 10), np.int64), np.zeros(4, np.int64)
    _kernel.begin(BOX, spaces, tally)
    return spaces, tally


def maximal(free):
    """Slow twin: all rectangles of free cells that no larger one holds."""
    found = []
    for x0, x1 in ((a, b) for a in range(9) for b in range(a + 1, 10)):
        for y0, y1 in ((a, b) for a in range(7) for b in range(a + 1, 8)):
            if free[x0:x1, y0:y1].all():
                found.append((x0, y0, x1, y1))
    inside = [
        any(r != s and s[0] <= r[0] and s[1] <= r[1] and s[2] >= r[2] and s[3] >= r[3] for s in found) for r in found
    ]
    return {r for r, is_inside in zip(found, inside, strict=True) if not is_inside}


@given(st.lists(RECTANGLE, max_size=6))
def test_cutting_leaves_the_maximal_rectangles(rectangles):
    """After any cuts the spaces are exactly the maximal rectangles of the cells that are left."""
    spaces, tally = begun()
    free = np.ones((9, 7), bool)
    for x, y, long, wide in rectangles:
        _kernel.cut(spaces, tally, x, y, x + long, y + wide, 0)
        _kernel.compact(spaces, tally)
        free[x : x + long, y : y + wide] = False
    assert {tuple(s[:4].tolist()) for s in spaces[: tally[0]]} == maximal(free)


@given(RECTANGLE, RECTANGLE, st.integers(1, 9), st.integers(1, 9))
def test_joined_tops_lie_on_both_and_bear_the_weaker_load(first, second, load, other):
    """What two tops are joined into is covered by them, and bears no more than any of them it touches."""
    spaces, tally = np.zeros((200, 10), np.int64), np.zeros(4, np.int64)
    cells, bears = np.zeros((14, 11), bool), np.full((14, 11), 99)
    for n, ((x, y, long, wide), grams) in enumerate(((first, load), (second, other))):
        if cells[x : x + long, y : y + wide].any():
            return  # tops never overlap
        cells[x : x + long, y : y + wide] = True
        bears[x : x + long, y : y + wide] = grams
        row = tally[0]
        spaces[row, 4:10] = (3, grams, 1, n, 1, 0)
        if _kernel.add_space(spaces, tally, row, x, y, x + long, y + wide) >= 0:
            _kernel.merge(spaces, tally, row)
    _kernel.compact(spaces, tally)
    for x0, y0, x1, y1, _, grams, *_ in spaces[: tally[0]].tolist():
        assert cells[x0:x1, y0:y1].all()
        assert grams == bears[x0:x1, y0:y1].min()


def test_equal_tops_side_by_side_become_one():
    """Two tops that share an edge make one space over both."""
    spaces, tally = np.zeros((200, 10), np.int64), np.zeros(4, np.int64)
    for x in (0, 4):
        row = tally[0]
        spaces[row, 4:10] = (3, 7, 1, 0, 1, 0)
        if _kernel.add_space(spaces, tally, row, x, 0, x + 4, 5) >= 0:
            _kernel.merge(spaces, tally, row)
    _kernel.compact(spaces, tally)
    assert spaces[: tally[0], :4].tolist() == [[0, 0, 8, 5]]


@given(st.lists(st.integers(1, 12), min_size=1, max_size=4), st.integers(1, 40))
def test_reachable_sums(sides, longest):
    """The greatest sum of sides within each length, against a set of all sums."""
    sums = {0}
    for _ in range(longest):
        sums |= {s + side for s in sums for side in sides if s + side <= longest}
    want = [max(s for s in sums if s <= length) for length in range(longest + 1)]
    assert _kernel.reachable(np.array(sides, np.int64), longest).tolist() == want


def test_a_full_table_of_spaces_drops_the_surplus():
    """No space is written beyond the table."""
    spaces, tally = np.zeros((1, 10), np.int64), np.zeros(4, np.int64)
    _kernel.begin(BOX, spaces, tally)
    _kernel.cut(spaces, tally, 2, 2, 4, 4, 0)
    _kernel.compact(spaces, tally)
    assert tally[0] == 0


@given(
    st.tuples(st.integers(1, 12_032), st.integers(1, 2_352), st.integers(1, 2_698)),
    st.tuples(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999), st.integers(0, 999)),
    st.tuples(st.integers(0, 100), st.integers(0, 5), st.integers(0, 5)),
)
def test_worth_is_rounded_as_written(space, parts, style):
    """The compiled score is Python's to the last bit: no step is reordered, fused or kept in a wider register."""
    block = [max(1, side * part // 999) for side, part in zip(space, parts, strict=False)]
    flat, up = np.arange(12_033, dtype=np.int64), np.arange(2_699, dtype=np.int64) * 2 // 3
    arguments = (*space, *block, space[2] * parts[3] // 999, np.array([*style, 0], np.int64), flat, up)
    assert _kernel.worth(*arguments) == _kernel.worth.py_func(*arguments)


def bound(pieces, payload=1000, inside=(10, 10, 10), bears=1000):
    """Bound of pieces given as (dx, dy, dz, grams, count), one pose each."""
    table = np.array(pieces, np.int64).reshape(-1, 5)
    poses = np.column_stack([np.arange(len(table)), table[:, :3]])
    items = np.column_stack([table[:, 3], np.ones(len(table), np.int64), np.full(len(table), bears)])
    box, counts = np.array([*inside, payload], np.int64), table[:, 4]
    needs = measure(box, items, poses, counts, is_supported=True) * counts
    demand = Demand(table[:, :3].prod(axis=1) * counts * 1.0, (needs,), np.ones((1, len(table)), bool))
    return least_cost([demand], np.ones(1, np.int64), np.full(1, 99), 99)


def test_each_bound_binds():
    """Volume, mass, pieces over half the payload, pieces over half of every side: each is seen."""
    assert bound([(1, 1, 1, 1, 1001)], payload=10**6) == 2
    assert bound([(1, 1, 1, 100, 11)]) == 2
    assert bound([(1, 1, 1, 501, 3)]) == 3
    assert bound([(6, 6, 6, 1, 4)]) == 4
    assert bound([(6, 6, 5, 1, 4)]) == 2, "two of them stand on each other"
    assert bound([]) == 0
    assert bound([(4, 4, 4, 1, 9)]) == 2, "at most two side by side along each edge"
    assert bound([(4, 1, 1, 1, 201)]) == 2, "two of 4 leave 2 of 10 that nothing fills"
    assert bound([(5, 5, 2, 1, 8)], bears=0) == 2, "nothing stands on what bears nothing: floor"
    assert bound([(5, 5, 2, 1, 8)], bears=1) == 1
