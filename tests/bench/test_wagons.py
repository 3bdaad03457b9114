"""The benchmark of wagon loading: both sides solve the same task."""

from __future__ import annotations

from dataclasses import replace

from bench import wagons


def test_both_sides_agree_on_a_small_train():
    """Six wagons and nine boxes: the plain program and ours find loadings of the same worth, within what both prove."""
    whole = wagons.task(9, 1)
    short = replace(
        whole, berths=whole.berths[:6], rows=(replace(whole.rows[0], per_wagon=whole.rows[0].per_wagon[:6]),)
    )
    found, _ = wagons.ours(short, 30.0)
    value, bound, _ = wagons.peer(short, 30.0)
    assert found.is_proven
    assert abs(value - found.value) <= 2e-4 * found.value
    assert found.value <= bound * 1.0001
    assert wagons.crane_m(short, found) > 0


def test_tasks_are_drawn_from_their_seed():
    """The generator is published: a seed is a task."""
    assert wagons.task(12, 3).lots == wagons.task(12, 3).lots
    assert wagons.task(12, 3).lots != wagons.task(12, 4).lots
