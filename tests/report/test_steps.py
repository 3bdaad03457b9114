"""Loading order, poses and balance: what the loader is told can be done and is true."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.report import steps
from tests.consolidate import cargo
from tests.report.loaded import block


def cells(blocks):
    return Counter(
        (b.item_id, b.x_mm + i * b.dx_mm, b.y_mm + j * b.dy_mm, b.z_mm + k * b.dz_mm)
        for b in blocks
        for i in range(b.nx)
        for j in range(b.ny)
        for k in range(b.nz)
    )


def floating(order):
    """List pieces that come before something that carries them, by the pieces of the blocks, slowly."""
    placed = [(n, *c) for n, b in enumerate(order) for c in _pieces(b)]
    return [
        (n, m)
        for n, x, y, z, u, v, _ in placed
        for m, a, b, _, c, d, top in placed
        if m > n and top == z and a < u and x < c and b < v and y < d
    ]


def _pieces(b):
    for _, x, y, z in cells([b]):
        yield x, y, z, x + b.dx_mm, y + b.dy_mm, z + b.dz_mm


@st.composite
def stacks(draw):
    """Columns on a grid of the floor, each of blocks upon blocks, in any order."""
    blocks = []
    for i in range(draw(st.integers(1, 4))):
        for j in range(draw(st.integers(1, 3))):
            z = 0
            for _ in range(draw(st.integers(0, 3))):
                nx, nz = draw(st.integers(1, 3)), draw(st.integers(1, 2))
                made = block(f"I{len(blocks) % 3}", (i * 1800, j * 500, z), (1800 // nx, 500, 300), (nx, 1, nz))
                blocks.append(made)
                z += 300 * nz
    return draw(st.permutations(blocks))


@given(stacks(), st.dictionaries(st.sampled_from(["I0", "I1", "I2"]), st.integers(-1, 3)))
def test_every_piece_comes_once_and_after_what_carries_it(blocks, ranks):
    """Whatever the order the planner gives and whoever is unloaded first."""
    order = steps.loading_order(blocks, ranks)
    assert cells(order) == cells(blocks)
    assert floating(order) == []


def test_it_goes_from_the_closed_end_to_the_door_and_bottom_up():
    """Walls of a load that is given the other way round."""
    blocks = [
        block("A", (1000, 0, 500), (500, 500, 500)),
        block("A", (1000, 0, 0), (500, 500, 500)),
        block("A", (0, 0, 500), (500, 500, 500)),
        block("A", (0, 0, 0), (500, 500, 500)),
    ]
    assert steps.loading_order(blocks, {}) == tuple(blocks[::-1])


def test_nothing_is_loaded_behind_what_stands_already():
    """A piece nearer to the door waits, even if it is unloaded later."""
    near, far = block("LATE", (500, 0, 0), (500, 500, 500)), block("SOON", (0, 0, 0), (500, 500, 500))
    assert steps.loading_order([near, far], {"LATE": 9, "SOON": 1}) == (far, near)


def test_what_is_unloaded_later_goes_first():
    """Side by side nothing keeps either waiting; what is in no order is unloaded last of all."""
    one, two, none = (block(name, (0, 500 * n, 0), (500, 500, 500)) for n, name in enumerate(("ONE", "TWO", "NONE")))
    assert steps.loading_order([one, two, none], {"ONE": 1, "TWO": 2}) == (none, two, one)


@pytest.mark.parametrize(("x_mm", "is_last"), [(1600, False), (1700, True)])
def test_nobody_climbs_on_cargo(x_mm, is_last):
    """The top of a wall goes before the floor in front of it that is unloaded later, unless arms reach over that."""
    floor, top = block("F", (0, 0, 0), (500, 500, 500)), block("T", (0, 0, 500), (500, 500, 500))
    front = block("L", (x_mm, 0, 0), (500, 500, 500))
    order = steps.loading_order([front, top, floor], {"F": 3, "T": 1, "L": 2})
    assert order == ((floor, top, front) if is_last else (floor, front, top))


def test_a_long_block_is_loaded_within_reach():
    """A floor of four metres and what lies on it grow together; a block that nothing interrupts stays whole."""
    floor = block("F", (0, 0, 0), (400, 500, 300), (10, 1, 1))
    top = block("T", (0, 0, 300), (400, 500, 300), (10, 1, 1))
    order = steps.loading_order([floor, top], {})
    assert [(b.item_id, b.x_mm, b.nx) for b in order][:4] == [("F", 0, 3), ("T", 0, 3), ("F", 1200, 3), ("T", 1200, 3)]
    assert steps.loading_order([floor], {}) == (floor,)


def test_what_stands_in_it_comes_first():
    """Pieces of a partly loaded container are no work any more, however near to the door."""
    stood, new = block("A", (3000, 0, 0), (500, 500, 500), (2, 1, 1)), block("A", (0, 0, 0), (500, 500, 500))
    part = replace(stood, nx=1)
    assert steps.loading_order([new, part], {}, [stood]) == (part, new)
    assert steps.is_inside(part, [stood])
    assert not steps.is_inside(replace(part, item_id="B"), [stood])


def test_boxes_that_wait_for_each_other_are_loaded_all_the_same():
    """A ring of four: one goes first, none floats."""
    ring = [
        block("A", (0, 0, 0), (100, 100, 300)),
        block("B", (100, 0, 0), (200, 300, 100)),
        block("C", (-50, 200, 100), (300, 100, 100)),
        block("D", (-50, 0, 200), (50, 300, 100)),
    ]
    order = steps.loading_order(ring, {})
    assert cells(order) == cells(ring)
    assert floating(order) == []


def test_a_block_of_a_billion_pieces_is_not_cut_to_bits():
    """A plan that says nonsense is shown, not waited for."""
    assert steps.loading_order([block("A", (0, 0, 0), (1, 1, 1), (10**9, 1, 1))], {})[0].nx == 10**9


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((600, 400, 200), ("h", "l")),
        ((400, 600, 200), ("h", "w")),
        ((200, 600, 400), ("w", "h")),
        ((400, 200, 600), ("l", "w")),
        ((1, 1, 1), ("", "")),
    ],
)
def test_it_is_said_how_a_piece_lies(size, said):
    """Which side is up, which runs along the container; nothing for a piece that is no such item's."""
    assert steps.lies(block("I", (0, 0, 0), size), cargo.item(size=(600, 400, 200))) == said


def test_a_cube_is_upright():
    """Where sides are equal nobody is told to turn anything."""
    assert steps.lies(block("I", (0, 0, 0), (5, 5, 5)), cargo.item(size=(5, 5, 5))) == ("h", "l")


def test_balance_by_hand():
    """Two pieces, one across the middle: 30 kg in the middle, 10 kg at the door."""
    kind = cargo.kind(inside=(4000, 2000, 2000))
    blocks = [block("M", (1000, 0, 0), (2000, 1000, 1000)), block("D", (3000, 1000, 0), (1000, 1000, 2000))]
    found = steps.balance(blocks, {"M": 30_000, "D": 10_000}, kind)
    assert found.mass_g == 40_000
    assert found.centre_mm == (2375, 750, 625)
    assert found.length_pct == pytest.approx(9.375)
    assert found.width_pct == pytest.approx(-12.5)
    assert found.half_pct == pytest.approx(100 * 25 / 40)
    assert sum(found.slices_g) == pytest.approx(40_000, abs=steps.SLICES)
    assert found.slices_g[:6] == (0,) * 6


def test_nothing_weighs_nothing():
    """An empty container, and pieces of which nobody knows the mass, have no centre."""
    assert steps.balance([], {}, cargo.kind()) is None
    assert steps.balance([block("X", (0, 0, 0), (1, 1, 1))], {}, cargo.kind()) is None


def test_held_by_customs_counts_as_unloaded_first():
    """Before number 1; no number is after every number."""
    numbered, plain = cargo.item(unload_order=4), cargo.item()
    assert steps.unload_rank(plain, cargo.booking(is_released=False)) == -1
    assert steps.unload_rank(numbered, cargo.booking()) == 4
    assert steps.unload_rank(plain, cargo.booking()) > 10**6
