"""Solids against slow twins that compare every pair and every millimetre."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport import audit
from landport.audit.gaps import free_mm
from landport.audit.space import clashes, hindrances, meetings
from landport.audit.stow import Loading, stowed
from landport.model.loads import LoadedBox, LoadGroup, LoadRules, Loads
from tests.broken.week import block
from tests.broken_loads.load import kind, lcl, pieces


def some(chance: random.Random, n: int, axes: int, inside: int, most: int):
    """Random solids."""
    lows = [[chance.randrange(inside) for _ in range(axes)] for _ in range(n)]
    return [tuple((a, a + chance.randint(1, most)) for a in low) for low in lows]


def walls(chance: random.Random, n: int):
    """Solids that do not meet: a grid, some of its solids shrunk."""
    cells = list(product(range(12), range(8), range(8)))
    chance.shuffle(cells)
    return [tuple((10 * a, 10 * a + chance.choice((3, 10, 10))) for a in cell) for cell in cells[:n]]


def do_meet(one, other) -> bool:
    return all(min(b, d) > max(a, c) for (a, b), (c, d) in zip(one, other, strict=True))


def apart(solids) -> bool:
    return not any(do_meet(p, q) for n, p in enumerate(solids) for q in solids[:n])


SIZES = [(n, inside, most) for n in (0, 1, 30, 200) for inside, most in ((20, 9), (100, 3), (100, 60), (1000, 20))]


@pytest.mark.parametrize(("n", "inside", "most"), SIZES)
@pytest.mark.parametrize("seed", range(4))
def test_pairs_that_meet_are_found(n, inside, most, seed):
    """All pairs of two kinds; of one kind a pair where there is one, and no wrong one."""
    chance = random.Random(seed)
    ones, others = some(chance, n, 2, inside, most), some(chance, n // 2 + 1, 2, inside, most)
    wanted = [(i, j) for i, p in enumerate(ones) for j, q in enumerate(others) if do_meet(p, q)]
    assert meetings(ones, others) == wanted
    solids = some(chance, n, 3, inside, most)
    found = clashes(solids)
    assert (found == {}) == apart(solids)
    assert all(i != j and do_meet(solids[i], solids[j]) for i, j in found.items())


@pytest.mark.parametrize("n", [25, 200, 700])
@pytest.mark.parametrize("seed", range(4))
def test_one_pair_that_meets_is_found_among_many_that_do_not(n, seed):
    """Neighbours that touch do not meet; one that stands a millimetre in another does."""
    chance = random.Random(seed)
    solids = walls(chance, n)
    assert clashes(solids) == {}
    solids.append(((120, 122), (0, 80), (0, 80)))
    solids.append(((121, 123), (79, 90), (79, 90)))
    assert clashes(solids) == {n + 1: n}


@pytest.mark.parametrize("ranks", [1, 2, 3, 1000])
@pytest.mark.parametrize("seed", range(8))
def test_hindrances_are_found(ranks, seed):
    """Who has something of a higher rank beyond it is found, with one that is."""
    chance = random.Random(seed)
    for solids in (walls(chance, chance.choice((5, 60, 500))), some(chance, 80, 3, 60, 12)):
        rank = [float(chance.randrange(ranks)) for _ in solids]
        hinders = {
            i: [j for j, q in enumerate(solids) if rank[j] > rank[i] and q[0][0] >= p[0][1] and do_meet(p[1:], q[1:])]
            for i, p in enumerate(solids)
        }
        found = hindrances(solids, rank)
        assert found.keys() == {i for i, js in hinders.items() if js}
        assert all(j in hinders[i] for i, j in found.items())


@pytest.mark.parametrize("seed", range(4))
def test_solids_in_order_do_not_hinder(seed):
    """Ranks that grow towards the closed end, in every column by themselves, are in order."""
    chance = random.Random(seed)
    solids = walls(chance, 600)
    shift = {cell: chance.randrange(50) for cell in product(range(8), repeat=2)}
    ranks = [shift[s[1][0] // 10, s[2][0] // 10] + 100.0 - s[0][0] // 10 for s in solids]
    assert hindrances(solids, ranks) == {}


@st.composite
def loaded(draw):
    """A few small blocks of one-millimetre pieces or larger, apart or not."""
    found = []
    for _ in range(draw(st.integers(1, 7))):
        corner = draw(st.tuples(st.integers(0, 9), st.integers(0, 6), st.integers(0, 6)))
        size = draw(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)))
        grid = draw(st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 2)))
        found.append(block("I", corner, size, grid))
    return found


SMALL = {"inside_length_mm": 12, "inside_width_mm": 9, "inside_height_mm": 9}


def millimetres(b):
    """Every cubic millimetre of a block."""
    ends = zip((b.x_mm, b.y_mm, b.z_mm), (b.dx_mm * b.nx, b.dy_mm * b.ny, b.dz_mm * b.nz), strict=True)
    return product(*(range(a, a + size) for a, size in ends))


@given(loaded())
def test_overlap_is_what_counting_cubic_millimetres_finds(blocks):
    """BLOCK_OVERLAP exactly where some cubic millimetre is taken twice: independent of every comparison of faces."""
    every = [cell for b in blocks for cell in millimetres(b)]
    box = LoadedBox(group_id="G", container_type="S", booking_ids=("L",), cargo_g=0, blocks=tuple(blocks))
    group = LoadGroup(
        group_id="G", at_id="", destination_id="", bookings=(lcl("L"),), items=(pieces("I", "L", 1, 1, 1, 1),),
        ready_at={}, container_types=(kind("S", **SMALL),), payload_kg={},
    )  # fmt: skip
    found = {v.code for v in audit.check_load(group, Loads(boxes=(box,), left=()))}
    assert ("BLOCK_OVERLAP" in found) == (len(set(every)) < len(every))
    assert ("BLOCK_INSIDE" in found) == any(x >= 12 or y >= 9 or z >= 9 for x, y, z in every)


@given(loaded())
def test_gaps_are_what_single_lines_leave_free(blocks):
    """The freest of the lines through the middles of pieces, millimetre by millimetre."""
    loading = Loading("box", kind("S", **SMALL), tuple(blocks), {}, {}, LoadRules())
    stow = SimpleNamespace(bodies=[replace(body, is_sound=body.is_inside) for body in stowed(loading).bodies])
    for across, inside in ((1, 12), (0, 9)):
        lines: dict[tuple[int, int], int] = {}
        middles: set[tuple[int, int]] = set()
        for body in stow.bodies:
            b = body.block
            at, size, n = ((b.x_mm, b.dx_mm, b.nx), (b.y_mm, b.dy_mm, b.ny))[across]
            n, n_up = (n, b.nz) if body.is_sound else (1, 1)
            size, tall = (size, b.dz_mm) if body.is_sound else (size * (b.ny if across else b.nx), b.dz_mm * b.nz)
            middles |= {
                (at + k * size + size // 2, b.z_mm + k2 * tall + tall // 2) for k in range(n) for k2 in range(n_up)
            }
            for cell in millimetres(b):
                lines[cell[across], cell[2]] = lines.get((cell[across], cell[2]), 0) + 1
        assert free_mm(stow, across, inside) == inside - min(lines[middle] for middle in middles)


def test_an_empty_container_has_no_gap():
    """Nothing is in it that could shift."""
    assert free_mm(SimpleNamespace(bodies=()), 1, 12) == 0
