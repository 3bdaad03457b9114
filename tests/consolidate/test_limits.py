"""What is done once the time is over, or for as long as it lasts; clocks are injected."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from landport.audit import check_load
from landport.consolidate import cargo, plan, reasons, stowing
from landport.consolidate.cargo import lay_out
from landport.consolidate.filling import Filler
from landport.consolidate.stock import _marks
from landport.model.result import Limit
from tests.consolidate.cargo import booking, group, item, kind, pieces

BOX = kind("40HC", (12, 7, 7))


def loose(*sizes, count=9):
    items = [item(f"I{n}", "B", size, count, vertical="lwh") for n, size in enumerate(sizes)]
    return lay_out(group([booking("B", may_split=True)], items, (BOX,)))[0]


def clock(*readings):
    """Read these seconds one after the other, the last for ever."""
    left = list(readings)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def searches(monkeypatch):
    """Every search that is made."""
    made, search = [], stowing.Search

    def noted(blocks, start, work):
        made.append(search(blocks, start, work))
        return made[-1]

    monkeypatch.setattr(stowing, "Search", noted)
    return made


def completed(search):
    return int(search.counts[0])


@pytest.mark.parametrize("rounds", [1, 4, None])
def test_a_search_ends_with_the_time_whatever_its_rounds(searches, rounds):
    """A search of many rounds stops when its seconds are over."""
    of = loose((5, 3, 2), (4, 3, 3))
    filler = Filler(of)
    filler.search(0, of.counts, Limit(seconds=1.0, stopwatch=clock(0.0)), rounds=rounds or 1)
    filler.search(0, of.counts, Limit(seconds=1.0, stopwatch=clock(2.0)), rounds=rounds)
    assert completed(searches[0]) > 0
    assert completed(searches[1]) == 0


def test_rounds_are_the_same_with_time_to_spare_and_without_a_clock(searches):
    """A clock that never runs out changes nothing."""
    of = loose((5, 3, 2), (4, 3, 3), (2, 2, 1))
    filler = Filler(of)
    one = filler.search(0, of.counts, Limit(seconds=1.0, stopwatch=clock(0.0)), rounds=3)
    other = filler.search(0, of.counts, Limit(effort=7), rounds=3)
    assert completed(searches[0]) == completed(searches[1]) > 0
    assert (one.blocks == other.blocks).all()


def test_no_pieces_are_joined_once_the_time_is_over(monkeypatch):
    """Without time only single pieces are placed."""
    sizes, blocks = [], stowing.blocks

    def noted(*args, **kwargs):
        made = blocks(*args, **kwargs)
        sizes.append(len(made.order))
        return made

    monkeypatch.setattr(stowing, "blocks", noted)
    of = loose((5, 3, 2), (4, 3, 3))
    for seconds in (1.0, 3.0):
        Filler(of).search(0, of.counts, Limit(seconds=seconds, stopwatch=clock(2.0)), rounds=1)
    over, in_time = sizes
    assert over == len(of.poses[0]) < in_time


def test_a_count_without_end_is_cut_to_what_one_plan_holds(monkeypatch):
    """A billion pieces become as many as one plan holds; the rest is left."""
    monkeypatch.setattr(cargo, "MOST_PIECES", 50)
    monkeypatch.setattr(reasons, "MOST_PIECES", 50)
    bookings = [booking("LATE", may_split=True, due_at=9), booking("SOON", may_split=True, due_at=3)]
    items = [item("L", "LATE", (1, 1, 1), 10**9), item("S", "SOON", (1, 1, 1), 20)]
    of = replace(group(bookings, items, (BOX,)), n_boxes=1, lane_id="")
    result = plan([of], limit=Limit())
    assert Counter(i for box in result.plan.boxes for i, *_ in pieces(box)) == {"S": 20, "L": 30}
    (left,) = result.plan.left
    assert (left.item_id, left.count, left.code) == ("L", 10**9 - 30, "no-room")
    assert "at most 50 pieces" in left.why
    assert (result.bound, result.stopped) == (0, "effort")
    assert not check_load(of, result.plan)


def test_marks_are_where_they_were_set():
    """Bit rows made of places hold exactly these places."""
    rng = np.random.default_rng(3)
    rows, columns = rng.integers(0, 5, 40), rng.integers(0, 130, 40)
    table = np.zeros((5, 192), np.bool_)
    table[rows, columns] = True
    bits = np.unpackbits(_marks(rows, columns, 5, 130).view(np.uint8), axis=1, bitorder="little")
    assert (bits == table).all()
