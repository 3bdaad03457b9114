"""20-ft boxes get mates when rides are made whole, so that no train is planned with boxes that no wagon takes."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.assemble.pairing import Pairing, mates
from tests import nets
from tests.assemble.test_assemble import DIFFERENCE, PAIRS, Port, hub


def least_alone(boxes: list[int], apart: int) -> int:
    """Fewest boxes without a mate, by going through every way to pair them."""
    if len(boxes) < 2:
        return len(boxes)
    first, rest = boxes[0], boxes[1:]
    alone = 1 + least_alone(rest, apart)
    for i, other in enumerate(rest):
        if abs(first - other) <= apart:
            alone = min(alone, least_alone(rest[:i] + rest[i + 1 :], apart))
    return alone


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(5, 20), min_size=1, max_size=6), st.integers(0, 6))
def test_rows_leave_as_few_boxes_alone_as_can_be(kilos: list[int], apart: int):
    """With every box on the train, the rows have whole answers with just as many boxes alone as pairing them needs."""
    kinds = sorted(set(kilos))
    pairing = Pairing(
        column=np.arange(len(kinds)),
        group=np.zeros(len(kinds), np.int64),
        train=np.array([0]),
        apart_kg=np.array([apart]),
        gross_kg=np.array(kinds),
    )
    rows = mates(pairing, np.arange(len(kinds)), np.full(len(kinds), 1), np.array([1]))
    riding = rows.rides @ np.array([kilos.count(kg) for kg in kinds])
    pairs = rows.pairs.toarray()
    assert fewest(-pairs, riding.astype(int).tolist(), rows.cost.tolist()) == least_alone(sorted(kilos), apart)


def fewest(columns: np.ndarray, needed: list[int], cost: list[float]) -> float:
    """Least cost of whole numbers of columns that meet every row exactly, one row after another."""
    open_rows = [r for r, n in enumerate(needed) if n]
    if not open_rows:
        return 0.0
    best = np.inf
    row = open_rows[0]
    for j in np.flatnonzero(columns[row] > 0).tolist():
        rest = [n - int(columns[r, j]) for r, n in enumerate(needed)]
        if min(rest) >= 0:
            best = min(best, cost[j] + fewest(columns, rest, cost))
    return best


@pytest.mark.parametrize(("kilos", "riding"), [((9, 9, 9, 9), 4), ((9, 9, 9, 20), 2), ((9, 13, 17, 21), 4)])
def test_no_box_rides_without_a_mate(kilos, riding):
    """Boxes of these tonnes, alike within five: a train of the hub takes pairs only; the others wait."""
    train = replace(hub("U", "AD"), min_teu=2)
    boxes = [nets.box(i, "D", kind="20GP", gross_kg=1_000 * kg) for i, kg in enumerate(kilos, 1)]
    result = Port(train, rules=nets.rules(PAIRS, DIFFERENCE)).plan(boxes)
    assert len(result.plan.ways) == riding
    mass = {b.container_id: b.gross_kg for b in boxes}
    for wagon in result.plan.wagons:
        assert len(wagon.container_ids) == 2
        assert all(abs(mass[a] - mass[b]) < 5_000 for a, b in combinations(wagon.container_ids, 2))
