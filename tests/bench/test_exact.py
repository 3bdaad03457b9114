"""The second opinion sees what is wrong with a plan."""

from __future__ import annotations

import pytest

from bench.loading.exact import examine
from bench.loading.instances import Row

INSIDE = (100, 50, 60)
ROWS = [Row(30, 20, 10, "h", 3), Row(40, 30, 20, "lh", 2)]
FLOOR = (0, 0, 0, 0, 30, 20, 10)


def faults(*placements, rows=ROWS):
    return examine(INSIDE, rows, placements).faults


def test_nothing_is_found_in_a_good_plan():
    """Boxes side by side and one on top of two, turned on the floor and stood on end where allowed."""
    found = examine(
        INSIDE, ROWS, [FLOOR, (0, 30, 0, 0, 30, 20, 10), (1, 60, 0, 0, 20, 30, 40), (0, 15, 0, 10, 30, 20, 10)]
    )
    assert found.faults == ()
    assert (found.volume, found.n_boxes) == (3 * 6000 + 24000, 4)
    assert (found.wrong_side_up, found.unsupported, found.floating) == (0, 0, 0)


def test_an_empty_plan_is_valid():
    """Nothing packed is nothing wrong."""
    assert examine(INSIDE, ROWS, []).volume == 0


@pytest.mark.parametrize(
    ("placement", "fault"),
    [
        ((0, 29, 19, 9, 30, 20, 10), "1 pairs of boxes overlap"),
        ((0, 0, 0, 0, 30, 20, 10), "1 pairs of boxes overlap"),
        ((0, 71, 0, 0, 30, 20, 10), "1 boxes stick out"),
        ((0, 50, 31, 0, 30, 20, 10), "1 boxes stick out"),
        ((0, 50, 0, 51, 30, 20, 10), "1 boxes stick out"),
        ((0, 50, -1, 0, 30, 20, 10), "1 boxes stick out"),
        ((0, 50, 0, 0, 30, 20, 11), "1 boxes of wrong size"),
        ((2, 50, 0, 0, 30, 20, 10), "a box of no row"),
    ],
)
def test_faults_are_seen(placement, fault):
    """One box too close, out on each side, of a size or a row that does not exist."""
    assert fault in faults(FLOOR, placement)


def test_boxes_may_touch():
    """Faces that share a plane do not overlap."""
    assert faults(FLOOR, (0, 30, 0, 0, 30, 20, 10), (0, 0, 20, 0, 30, 20, 10)) == ()


def test_too_many_are_seen():
    """Four of a row of three."""
    assert faults(*((0, 0, 0, 10 * z, 30, 20, 10) for z in range(4))) == ("4 of row 0, there are 3",)


@pytest.mark.parametrize(
    ("size", "wrong"), [((40, 30, 20), 0), ((30, 40, 20), 0), ((30, 20, 40), 0), ((40, 20, 30), 1)]
)
def test_sides_are_looked_at(size, wrong):
    """Row 1 may stand on its length and its height, not on its width."""
    assert examine(INSIDE, ROWS, [(1, 0, 0, 0, *size)]).wrong_side_up == wrong


@pytest.mark.parametrize(
    ("x", "z", "support_pct", "unsupported", "floating"),
    [
        (0, 10, 100, 0, 0),
        (1, 10, 100, 1, 0),
        (3, 10, 90, 0, 0),
        (4, 10, 90, 1, 0),
        (1, 10, 0, 1, 0),
        (0, 11, 100, 1, 1),
        (30, 10, 100, 1, 1),
    ],
)
def test_support_is_measured(x, z, support_pct, unsupported, floating):
    """The share of a base on tops at exactly its height, against what is asked for."""
    found = examine(INSIDE, ROWS, [FLOOR, (0, x, 0, z, 30, 20, 10)], support_pct)
    assert (found.unsupported, found.floating) == (unsupported, floating)
