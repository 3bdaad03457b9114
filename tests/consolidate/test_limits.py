"""What is done once the time is over, or for as long as it lasts; clocks are injected."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from landport.audit import check_load
from landport.consolidate import _bound, cargo, plan, reasons, searching, stowing
from landport.consolidate.cargo import lay_out
from landport.consolidate.filling import Filler, Style
from landport.consolidate.stock import _marks
from landport.model.loads import LoadRules
from landport.model.result import Limit
from tests.consolidate.cargo import booking, group, item, kind, pieces

planning = sys.modules["landport.consolidate.plan"]
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


def test_a_search_of_rounds_ends_with_its_work(searches, monkeypatch):
    """Where completions are dear a search of rounds tries less, one of seconds does not; both have a load."""
    of = loose((5, 3, 2), (4, 3, 3))
    filler = Filler(of)
    whole = filler.search(0, of.counts, Limit(), rounds=4)
    monkeypatch.setattr(searching, "WORK", 100)
    part = filler.search(0, of.counts, Limit(), rounds=4)
    again = filler.search(0, of.counts, Limit(), rounds=4)
    assert 0 < completed(searches[1]) < completed(searches[0])
    assert completed(searches[1]) == completed(searches[2])
    assert 0 < part.volume_mm3 <= whole.volume_mm3
    assert (part.counts == again.counts).all()
    monkeypatch.setattr(searching, "WORK", 0)
    filler.search(0, of.counts, Limit(seconds=300.0, stopwatch=count().__next__))
    assert completed(searches[3]) > completed(searches[1])


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


def ticking(seconds=1.0):
    """A clock on which every look takes so long."""
    looks = count()
    return lambda: seconds * next(looks)


@pytest.fixture
def fills(monkeypatch):
    """Every filling that is made."""
    made, fill = [], Filler.fill

    def noted(filler, *given):
        made.append(fill(filler, *given))
        return made[-1]

    monkeypatch.setattr(Filler, "fill", noted)
    return made


def styles(of, n):
    number, bias = np.array((0, 2, 0, 1), np.int64), np.full(len(of.counts), 1000)
    return [Style(number, bias, np.arange(len(of.lots)), 5)] * n


def test_a_container_that_takes_nothing_is_tried_in_one_style_once_the_time_is_over(fills):
    """Whether anything went in or not."""
    of = loose((5, 3, 2))
    for wanted in (of.counts, np.zeros_like(of.counts)):
        fills.clear()
        filler = Filler(of, Limit(seconds=1.0, stopwatch=clock(2.0)))
        filler.pack(0, of.lots, wanted, styles(of, 6))
        assert len(fills) == 1
    of = lay_out(group([booking("B")], [item("I", "B", (5, 3, 2), 9)], (BOX,)))[0]
    fills.clear()
    filler = Filler(replace(of, boxes=(np.array([4, 2, 2, 26_000_000]),)), Limit(seconds=1.0, stopwatch=clock(2.0)))
    assert filler.pack(0, of.lots, of.counts, styles(of, 6)) is None
    assert filler.is_cut


def test_a_container_is_filled_in_as_many_styles_as_its_share_of_the_time_allows(fills):
    """The next style would take as long as those before."""
    of = loose((5, 3, 2), count=90)
    filler = Filler(of, Limit(seconds=100.0, stopwatch=lambda: float(len(fills))))
    filler.pack(0, of.lots, of.counts, styles(of, 6), 3.5)
    assert len(fills) == 3
    assert filler.is_cut
    fills.clear()
    Filler(of, Limit()).pack(0, of.lots, of.counts, styles(of, 6), None)
    assert len(fills) == 6


@pytest.mark.parametrize("price", [{}, {"40HC": 900, "20GP": 500}])
def test_once_the_time_is_over_a_container_is_filled_once(fills, price):
    """Of one type, in one style, and it is neither repacked nor emptied."""
    items = [item(f"I{n}", "B", (5, 3, 2), 40, vertical="lwh") for n in range(3)]
    of = replace(
        group([booking("B", may_split=True)], items, (BOX, kind("20GP", (6, 7, 7), teu=1))),
        cost_usd_cents=price, lane_id="",
    )  # fmt: skip
    result = plan([of], limit=Limit(effort=4, seconds=1.0, stopwatch=clock(2.0)))
    assert len(fills) == len(result.plan.boxes) > 3
    assert result.stopped == "time"
    assert not result.plan.left
    assert not check_load(of, result.plan)


@pytest.mark.parametrize("n_boxes", [1, 2, None])
@pytest.mark.parametrize("seconds", [3.0, 30.0, 300.0])
@pytest.mark.parametrize("may_split", [True, False])
def test_a_plan_ends_soon_after_its_seconds_wherever_they_end(n_boxes, seconds, may_split):
    """However often the clock is looked at, a few more looks end the plan, and it holds."""
    bookings = [booking(f"B{n}", may_split=may_split, due_at=n % 3) for n in range(6)]
    items = [item(f"I{n}", f"B{n % 6}", (2 + n % 4, 3, 2), 5, mass_g=900 * n + 1, vertical="lwh") for n in range(24)]
    rules = LoadRules(cog_length_pct=5, cog_width_pct=5, half_pct=60)
    of = replace(group(bookings, items, (BOX,)), n_boxes=n_boxes, rules=rules, lane_id="")
    looks = []
    stopwatch = ticking()
    limit = Limit(effort=4, seconds=seconds, stopwatch=lambda: looks.append(stopwatch()) or looks[-1])
    result = plan([of], limit=limit)
    assert looks[-1] < seconds + 300
    assert not check_load(of, result.plan)


def test_seconds_are_kept_for_finishing_where_there_is_much_to_finish():
    """By pieces, items and containers, and not more than a share of them; without seconds nothing is."""
    few, many = loose((5, 3, 2), count=9), loose(*((5, 3, 2),) * 40, count=900)
    assert planning._kept(few, 0.0) == 0.0
    assert planning._kept(few, 5.0) < planning._kept(many, 5.0) < planning.KEPT * 5.0
    assert planning._kept(many, 0.01) == planning.KEPT * 0.01
    rules = LoadRules(half_pct=60)
    balanced = replace(few, group=replace(few.group, rules=rules))
    assert planning._kept(balanced, 100.0) == planning.KEPT_FOR_BALANCE * 100.0


@pytest.mark.parametrize("n_boxes", [2, None])
def test_the_bound_needs_no_solver_once_the_time_is_over(monkeypatch, n_boxes):
    """Volume and mass bound it then; it is no greater than with time."""
    items = [item(f"I{n}", "B", (5, 3 + n, 2), 20, vertical="lwh") for n in range(3)]
    kinds = (BOX, kind("20GP", (6, 7, 7), teu=1))
    of = replace(group([booking("B", may_split=True)], items, kinds), n_boxes=n_boxes, lane_id="")
    of = replace(of, cost_usd_cents={} if n_boxes else {"40HC": 900, "20GP": 500})
    in_time = plan([of], limit=Limit())
    monkeypatch.setattr(_bound, "solve", None)
    over = plan([of], limit=Limit(seconds=1.0, stopwatch=clock(2.0)))
    assert 0 < over.bound <= over.cost
    assert over.bound <= in_time.cost


def test_the_quick_bound_is_below_the_programs():
    """Whatever volume is loaded, and some parcels fit one type only."""
    rng = np.random.default_rng(5)
    volumes = rng.integers(1, 90, 12).astype(np.float64)
    needs = tuple(np.stack([volumes / size, rng.random(12) / 3]) for size in (100.0, 60.0))
    suits = np.array([[True] * 12, [n % 4 > 0 for n in range(12)]])
    demands = [_bound.Demand(volumes, needs, suits)]
    given = demands, np.array([900, 500]), np.full(2, 99), 99
    for loaded in (None, int(volumes.sum() / 2)):
        quick, exact = (_bound.least_cost(*given, loaded, seconds) for seconds in (0.0, None))
        assert 0 < quick <= exact
