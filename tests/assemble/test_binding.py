"""Limits that can bind are rows, the others are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.assemble.binding import binding

BATCH = np.array([0, 0, 1], np.int64)
"""Two ways of a batch of three boxes, one way of a batch of two."""

COUNTS = np.array([3, 2], np.int64)


def kept(uses, rooms, trains=None) -> list[int]:
    return binding(uses, BATCH, COUNTS, np.array(rooms, np.int64), trains or {}).tolist()


@pytest.mark.parametrize(("room", "is_kept"), [(9, True), (10, False), (11, False)])
def test_what_all_boxes_cannot_reach_is_left_out(room, is_kept):
    """Three boxes by the way that takes two each, and two more of two each: ten."""
    assert kept([{0: 1}, {0: 2}, {0: 2}], [room]) == ([0] if is_kept else [])


def test_of_limits_that_count_the_same_the_tightest_stays():
    """Legs of one departure count the same boxes, in TEU or in kilograms of equal boxes."""
    uses = [{0: 1, 1: 1, 2: 20_000}, {0: 1, 1: 1, 2: 20_000}, {}]
    assert kept(uses, [2, 1, 39_999]) == [1]
    assert kept(uses, [2, 2, 19_999]) == [2]


def test_limits_that_count_otherwise_stay_both():
    """Another ride, or another ratio of what rides take."""
    assert kept([{0: 1, 1: 1}, {0: 1}, {}], [1, 1]) == [0, 1]
    assert kept([{0: 1, 1: 1}, {0: 1, 1: 2}, {}], [1, 1]) == [0, 1]


def test_each_train_keeps_one_that_most_rides_take():
    """It never binds, but says that nobody rides a train that is cancelled."""
    uses = [{0: 1, 1: 1}, {1: 1}, {}]
    assert kept(uses, [99, 99]) == []
    assert kept(uses, [99, 99], {0: 5, 1: 5}) == [1]


def test_nobody_rides():
    """Without rides there is nothing to limit."""
    assert kept([{}, {}, {}], [1, 1]) == []


AMOUNTS = st.dictionaries(st.integers(0, 3), st.integers(1, 3), max_size=4)


@given(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_whoever_keeps_the_rows_keeps_all_limits(uses, rooms):
    """By going through every way to spread the boxes over the ways."""
    rows = kept(uses, rooms)
    for a in range(4):
        for b in range(4 - a):
            for c in range(3):
                taken = [sum(n * use.get(r, 0) for n, use in zip((a, b, c), uses, strict=True)) for r in range(4)]
                if all(taken[r] <= rooms[r] for r in rows):
                    assert all(t <= room for t, room in zip(taken, rooms, strict=True))
