"""Blocks against slow twins that join, unpack and weigh them one by one."""

from collections import Counter
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.consolidate import _kernel_blocks as kernel
from landport.consolidate.stock import BEARS_ALL_G, BEYOND, _sides
from tests.consolidate.tables import begun, cells, kinds, made

BOX = (6, 5, 4)
SIZE = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
CARGO = st.lists(st.tuples(SIZE, st.integers(1, 3)), min_size=1, max_size=3)


def contents(heap, b):
    rows = slice(heap.first[b], heap.first[b + 1])
    return Counter(dict(zip(heap.kinds[rows].tolist(), heap.numbers[rows].tolist(), strict=True)))


def pieces(found, b):
    """Take block b of the stock apart: item and place of every piece."""
    for item, x, y, z, dx, dy, dz, *n in found.rows(b, (0, 0, 0)):
        for i, j, k in product(*map(range, n)):
            yield item, (x + i * dx, y + j * dy, z + k * dz, x + i * dx + dx, y + j * dy + dy, z + k * dz + dz)


@given(SIZE, SIZE, st.integers(0, 2))
def test_the_hull_of_two(one, other, axis):
    """Sides along the axis add up, across it the longer one counts; what is too long has no hull."""
    sides = [a + b if d == axis else max(a, b) for d, (a, b) in enumerate(zip(one, other, strict=True))]
    want = int(np.prod(sides)) if all(s <= room for s, room in zip(sides, BOX, strict=True)) else 0
    assert kernel.hull_of(np.array([one, other]), 0, 1, axis, np.array(BOX)) == want


def every_block(sizes, counts, least_fill, payload_g):
    """Slow twin: contents and size of all that can be joined, however."""
    table = kinds(sizes, counts, BOX)
    found = {(((int(k), 1),), tuple(pose)) for k, *pose in table.poses.tolist()}
    volumes = [int(np.prod(size)) for size in sizes]
    new = found
    while new:
        more = set()
        for (a, one), (b, other), axis in product(new, found, range(3)):
            inside = Counter(dict(a)) + Counter(dict(b))
            size = tuple(s + t if d == axis else max(s, t) for d, (s, t) in enumerate(zip(one, other, strict=True)))
            is_solid = sum(volumes[k] * n for k, n in inside.items()) >= least_fill * np.prod(size)
            fits = all(s <= room for s, room in zip(size, BOX, strict=True)) and inside.total() <= payload_g
            if fits and is_solid and all(n <= counts[k] for k, n in inside.items()):
                more.add((tuple(sorted(inside.items())), size))
        new = more - found
        found = found | new
    return found


@given(CARGO, st.sampled_from([1.0, 0.9, 0.7]), st.sampled_from([3, 100]))
@settings(max_examples=60)
def test_all_blocks_are_made_once(cargo, least_fill, payload_g):
    """Contents and size of every block that joining can make, each once: as a set that grows by all pairs."""
    sizes, counts = zip(*cargo, strict=True)
    want = every_block(sizes, counts, least_fill, payload_g)
    if len(want) > 1000:
        return
    found = made(sizes, counts, BOX, least_fill=least_fill, payload_g=payload_g)
    heap = found.heap
    listed = [(tuple(sorted(contents(heap, b).items())), tuple(heap.sizes[b].tolist())) for b in found.order.tolist()]
    assert sorted(listed) == sorted(want)


@given(CARGO, st.sampled_from([1.0, 0.8]))
@settings(max_examples=60)
def test_a_block_is_its_pieces(cargo, least_fill):
    """Taken apart, a block has the pieces it counts, none over another, in a hull of its size, as full as asked."""
    sizes, counts = zip(*cargo, strict=True)
    found = made(sizes, counts, BOX, least_fill=least_fill, most_blocks=300)
    for b, size in enumerate(found.stock.sizes.tolist()):
        placed = [*pieces(found, b)]
        assert Counter(k for k, _ in placed) == contents(found.heap, int(found.order[b]))
        filled = cells(size, (at for _, at in placed))
        assert filled.sum() == found.stock.volumes[b] == sum(np.prod(sizes[k]) for k, _ in placed)
        assert filled.sum() >= least_fill * np.prod(size)
        assert np.max([at[3:] for _, at in placed], axis=0).tolist() == size
        assert all(n <= counts[k] for k, n in contents(found.heap, int(found.order[b])).items())


RULED = st.tuples(
    SIZE,
    st.integers(1, 4),
    st.integers(0, 9),  # grams
    st.sampled_from([0, 3, 12, 40, BEARS_ALL_G]),
    st.sampled_from([1, 2, BEYOND]),
    st.booleans(),  # rigid
    st.integers(0, 1),  # rank
)


def columns(found, b, sides):
    """Pieces of block b over every mm2 of its base, from the ground up."""
    placed = sorted(pieces(found, b), key=lambda piece: piece[1][2])
    for x, y in product(range(sides[0]), range(sides[1])):
        yield [(k, p) for k, p in placed if p[0] <= x < p[3] and p[1] <= y < p[4]]


@given(st.lists(RULED, min_size=1, max_size=3))
@settings(max_examples=60)
def test_a_block_asks_and_grants_what_its_columns_do(cargo):
    """Mass, pressure, layers and pallets, column by column: never to the unsafe side."""
    sizes, counts, masses, bears, layers, rigid, ranks = zip(*cargo, strict=True)
    rules = {"masses_g": masses, "bears_g": bears, "most_layers": layers, "is_rigid": rigid, "ranks": ranks}
    found = made(sizes, counts, BOX, is_supported=True, most_blocks=200, **rules)
    for b, row in enumerate(found.stock.bears):
        placed = [*pieces(found, b)]
        limited = {k for k, _ in placed if layers[k] < BEYOND}
        assert row[kernel.MASS] == sum(masses[k] for k, _ in placed)
        assert {int(row[kernel.RANK])} == {ranks[k] for k, _ in placed}
        assert [int(row[kernel.KIND])] == (sorted(limited) or [kernel.NONE])
        for column in columns(found, b, found.stock.sizes[b].tolist()):
            judge(column, row, masses, bears, layers, rigid)


def judge(column, row, masses, bears, layers, rigid):
    """What one column asks of the ground, and what its top still bears."""
    pressure, grants = 0.0, float(kernel.STRONG)
    for k, (x0, y0, _, x1, y1, _) in reversed(column):
        base = (x1 - x0) * (y1 - y0)
        if bears[k] < BEARS_ALL_G:
            assert pressure <= bears[k] / base * kernel.PER_MM2 + 1
            grants = min(grants, bears[k] / base * kernel.PER_MM2 - pressure)
        pressure += masses[k] / base * kernel.PER_MM2
    assert row[kernel.ASKS] >= pressure
    assert row[kernel.GRANTS] <= grants + 1
    stands = [rigid[k] for k, _ in column]
    assert stands == sorted(stands, reverse=True), "rigid pallets stand on rigid pallets only"
    assert row[kernel.NEEDS] >= stands[0]
    assert row[kernel.RIGID] <= stands[-1]
    for k, n in Counter(k for k, _ in column).items():
        assert n <= layers[k]
        assert k != row[kernel.KIND] or row[kernel.LAYERS] >= n


def test_towers_of_equal_pieces_are_told_exactly():
    """Cubes of 12 g on 2 x 2 mm that bear 40 g: 3 g/mm2 asked each, 10 borne; no slack where none is needed."""
    found = made([(2, 2, 2)], [3], (2, 2, 6), is_supported=True, masses_g=[12], bears_g=[40], most_layers=[2])
    by_height = {int(size[2]): row.tolist() for size, row in zip(found.stock.sizes, found.stock.bears, strict=True)}
    one = kernel.PER_MM2
    assert by_height == {2: [3 * one, 10 * one, 0, 1, 0, 0, 12, 0], 4: [6 * one, 7 * one, 0, 2, 0, 0, 24, 0]}


# ---- tables that find blocks ---------------------------------------------------------------------


def bits(row, n):
    """Numbers of the bits that are set among the first n."""
    assert not any(int(row[b // 64]) >> (b % 64) & 1 for b in range(n, 64 * len(row)))
    return {b for b in range(n) if int(row[b // 64]) >> (b % 64) & 1}


@given(CARGO)
@settings(max_examples=40)
def test_bit_rows_tell_what_fits(cargo):
    """Blocks and single pieces at most so long, blocks that need at most so many: looked up one by one."""
    sizes, counts = zip(*cargo, strict=True)
    found = made(sizes, counts, BOX, most_blocks=150, ranks=[k % 2 for k in range(len(sizes))])
    stock, poses = found.stock, found.poses
    n = len(stock.sizes)
    for axis, length in ((d, mm) for d in range(3) for mm in range(BOX[d] + 1)):
        blocks, singles = stock.fits[stock.fit_at[axis, length]], stock.single_fits[stock.single_at[axis, length]]
        assert bits(blocks, n) == {b for b in range(n) if stock.sizes[b, axis] <= length}
        assert bits(singles, len(poses)) == {p for p in range(len(poses)) if poses[p, axis + 1] <= length}
    needs = [contents(found.heap, b) for b in found.order.tolist()]
    for k, count in enumerate(counts):
        assert bits(stock.single_of[k], len(poses)) == {p for p in range(len(poses)) if poses[p, 0] == k}
        for left in range(count + 1):
            row = stock.enough[stock.count_at[stock.count_from[k] + left]]
            assert bits(row, n) == {b for b in range(n) if needs[b][k] <= left}
    for phase in range(len(stock.phases)):
        assert bits(stock.phases[phase], n) == {b for b in range(n) if all(k % 2 == phase for k in needs[b])}


@given(CARGO)
@settings(max_examples=30)
def test_merit_falls_and_sides_are_listed(cargo):
    """Blocks stand in order of merit, the best of a word and all that follow is known, and so is every side."""
    sizes, counts = zip(*cargo, strict=True)
    stock = made(sizes, counts, BOX, most_blocks=150).stock
    n = len(stock.sizes)
    assert (np.diff(stock.merit[0, :n]) <= 0).all()
    for late, word in product(range(2), range(stock.best_merit.shape[1])):
        assert stock.best_merit[late, word] == stock.merit[late, 64 * word :].max()
    table = kinds(sizes, counts, BOX)
    sides, start = _sides(table)
    for axis, k in product(range(3), range(len(sizes))):
        want = {int(p[axis + 1]) for p in table.poses if p[0] == k}
        assert set(sides[start[axis, k] : start[axis, k + 1]].tolist()) == want


def test_few_blocks_are_enough():
    """The heap never holds more than it is asked for, whatever could be joined."""
    found = made([(1, 1, 1), (1, 1, 2)], [60, 30], BOX, most_blocks=50)
    assert len(found.order) == 50
    state, _ = begun(found, [60, 30])
    assert bits(state.usable, 50) == set(range(50))
