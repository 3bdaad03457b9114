"""Towers that slide to where a load is light."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.consolidate.sliding import slid
from landport.model.plans import CargoBlock


def block(item_id, at, size, n=(1, 1, 1)):
    return CargoBlock(
        item_id=item_id,
        x_mm=at[0],
        y_mm=at[1],
        z_mm=at[2],
        dx_mm=size[0],
        dy_mm=size[1],
        dz_mm=size[2],
        nx=n[0],
        ny=n[1],
        nz=n[2],
    )


def places(blocks):
    return sorted((b.item_id, b.x_mm, b.y_mm, b.z_mm) for b in blocks)


def test_the_foremost_goes_first_and_what_it_carries_goes_along():
    """Two piles in a row of 100: the one at the free end slides with its top until the middle is reached."""
    blocks = [
        block("A", (0, 0, 0), (30, 10, 10)),
        block("B", (30, 0, 0), (30, 10, 10)),
        block("T", (35, 0, 10), (9,) * 3),
    ]
    found = slid(blocks, {"A": 10, "B": 10, "T": 1}, 100)
    # twice the moment: 10 * 30 + 10 * 90 + 1 * 79 = 1279 of 21 * 100; 821 more: B and T, 11 g, by 38; A by 0
    assert places(found) == [("A", 0, 0, 0), ("B", 68, 0, 0), ("T", 73, 0, 10)]


def test_towards_the_closed_end_it_is_the_same():
    """What stands at the door slides back."""
    found = slid([block("A", (70, 0, 0), (30, 10, 10), (1, 2, 1))], {"A": 10}, 100)
    assert places(found) == [("A", 35, 0, 0)]


def test_a_bridge_ties_what_it_rests_on():
    """Two piles under one plank move together, and stop where one of them meets something."""
    low = [block("A", (0, 0, 0), (10, 10, 10)), block("B", (30, 0, 0), (10, 10, 10))]
    stays = block("S", (45, 0, 0), (1, 5, 5))
    found = slid([*low, stays, block("P", (0, 0, 10), (40, 10, 2))], {"A": 9, "B": 9, "P": 9, "S": 1}, 60, [stays])
    assert places(found) == [("A", 5, 0, 0), ("B", 35, 0, 0), ("P", 5, 0, 10), ("S", 45, 0, 0)]


def test_what_stands_fast_holds_what_rests_with_it():
    """A pile on a block that stays does not move; nor does it slide through one."""
    stays, top = block("F", (50, 0, 0), (10, 10, 10)), block("T", (50, 0, 10), (10, 10, 10))
    found = slid([stays, top, block("A", (0, 0, 0), (10, 10, 10))], {"F": 1, "T": 1, "A": 50}, 100, [stays])
    assert places(found) == [("A", 40, 0, 0), ("F", 50, 0, 0), ("T", 50, 0, 10)]


@pytest.mark.parametrize("is_across", [False, True])
def test_what_is_tight_or_even_does_not_move(is_across):
    """A full side leaves no room, a load in the middle no reason."""
    tight = block("A", (0, 0, 0), (100, 100, 10))
    assert slid([tight], {"A": 1}, 100, is_across=is_across) is None
    assert slid([block("A", (45, 45, 0), (10, 10, 10))], {"A": 1}, 100, is_across=is_across) is None


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12), st.integers(1, 10), st.integers(1, 8)), max_size=8),
    st.booleans(),
)
def test_nothing_meets_and_the_lean_never_grows(boxes, is_across):
    """Slabs on the floor, dropped where they do not overlap: they still do not, and the load leans no more."""
    blocks = []
    for x, y, dx, dy in boxes:
        new = block(f"I{len(blocks)}", (x, y, 0), (dx, dy, 5))
        if all(apart(new, b) for b in blocks):
            blocks.append(new)
    masses = {b.item_id: n + 1 for n, b in enumerate(blocks)}
    inside = 20 if is_across else 40
    found = slid(blocks, masses, inside, is_across=is_across)
    if found is None:
        return
    assert all(apart(a, b) for n, a in enumerate(found) for b in found[:n])
    assert all(b.x_mm >= 0 and b.x_mm + b.dx_mm <= 40 and b.y_mm >= 0 and b.y_mm + b.dy_mm <= 20 for b in found)
    before, after = (lean(load, masses, inside, is_across) for load in (blocks, found))
    assert abs(after) <= abs(before)


def apart(a, b):
    along = a.x_mm + a.dx_mm <= b.x_mm or b.x_mm + b.dx_mm <= a.x_mm
    return along or a.y_mm + a.dy_mm <= b.y_mm or b.y_mm + b.dy_mm <= a.y_mm


def lean(blocks, masses, inside, is_across):
    ends = ((b.y_mm, b.dy_mm) if is_across else (b.x_mm, b.dx_mm) for b in blocks)
    return sum(masses[b.item_id] * (2 * at + side - inside) for b, (at, side) in zip(blocks, ends, strict=True))
