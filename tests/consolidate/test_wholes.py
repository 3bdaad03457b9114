"""Consignments that stay together: which of them go into one container, and that balance leaves none behind."""

from __future__ import annotations

import random
import sys
from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.audit import check_load
from landport.consolidate import plan
from landport.consolidate.cargo import lay_out
from landport.consolidate.filling import Filler, Style
from landport.consolidate.sequence import Job
from landport.consolidate.steadying import in_balance, lightened, moved, steady
from landport.consolidate.writing import box_of, filling_of
from landport.model.loads import LoadRules
from landport.model.result import Limit
from tests.consolidate.cargo import booking, group, item, kind
from tests.consolidate.judge import judged

INSIDE = (1203, 235, 269)
BALANCED = LoadRules(cog_length_pct=5, cog_width_pct=5, half_pct=60)


def mixed(n, seed, share, inside=INSIDE, **changes):
    """Make n consignments of some sorts of cartons each, a share of the container's volume in all."""
    draw = random.Random(seed)
    bookings, items = [booking(f"B{n}", due_at=0) for n in range(n)], []
    for b in bookings:
        room = inside[0] * inside[1] * inside[2] * share / n * draw.uniform(0.3, 1.7)
        while room > 0:
            size = draw.randint(40, 120), draw.randint(30, 80), draw.randint(20, 70)
            volume = size[0] * size[1] * size[2]
            count = max(1, min(int(room / volume), draw.randint(2, 20)))
            items.append(item(f"I{len(items)}", b.booking_id, size, count, mass_g=volume // 5))
            room -= volume * count
    return replace(group(bookings, items, (kind("40HC", inside),)), rules=BALANCED, lane_id="", **changes)


def job_of(of):
    limit = Limit(effort=1)
    cargo, _ = lay_out(of)
    keys = np.arange(len(cargo.lots))
    styles = [Style(np.array([0, 2, 0, 1]), np.full(len(cargo.counts), 1000), keys, 10)]
    return Job(cargo, Filler(cargo, limit), list(cargo.lots), styles, limit)


# ---- one container -------------------------------------------------------------------------------


@st.composite
def slabs(draw):
    """Consignments of one or two pieces as wide and high as the container: only lengths and masses add up."""
    n = draw(st.integers(1, 9))
    lengths = draw(st.lists(st.integers(5, 70), min_size=n, max_size=n))
    masses = draw(st.lists(st.integers(1, 60), min_size=n, max_size=n))
    counts = draw(st.lists(st.integers(1, 2), min_size=n, max_size=n))
    bookings = [booking(f"B{n}", due_at=0) for n in range(n)]
    items = [
        item(f"I{n}", f"B{n}", (length, 20, 20), count, mass_g=1000 * mass)
        for n, (length, mass, count) in enumerate(zip(lengths, masses, counts, strict=True))
    ]
    of = group(bookings, items, (kind("40HC", (100, 20, 20)),), payload_kg=draw(st.integers(60, 200)))
    return replace(of, lane_id="", n_boxes=1)


def most(of):
    """Brute force: the greatest length of consignments that fits with its mass."""
    lots = [(i.length_mm * i.count, i.mass_g * i.count, i.length_mm) for i in of.items]
    payload_g = 1000 * of.payload_kg["40HC"]
    found = [0]
    for n in range(1, len(lots) + 1):
        for chosen in combinations(lots, n):
            length, mass = sum(c[0] for c in chosen), sum(c[1] for c in chosen)
            found += [length] if length <= 100 and mass <= payload_g else []
    return max(found)


@given(slabs())
@settings(max_examples=40)
def test_the_best_set_of_consignments_goes_into_one_container(of):
    """With one dimension only, what is loaded is what brute force finds, and every consignment is whole."""
    found = plan([of], limit=Limit(effort=2)).plan
    loaded = Counter(b.item_id for box in found.boxes for b in box.blocks for _ in range(b.count))
    assert all(loaded[i.item_id] in (0, i.count) for i in of.items)
    assert sum(i.length_mm * loaded[i.item_id] for i in of.items) == most(of)


def test_seconds_are_shared_by_the_sets_that_are_tried():
    """A stopwatch that goes on with every look: the search ends, and has loaded whole consignments."""
    looks = iter(range(10**9))
    of = mixed(12, 3, 1.3, n_boxes=1)
    limit = Limit(effort=4, seconds=300, stopwatch=lambda: next(looks))
    found = plan([of], limit=limit)
    counts = {i.item_id: i.count for i in of.items}
    loaded = Counter(b.item_id for box in found.plan.boxes for b in box.blocks for _ in range(b.count))
    assert loaded
    assert all(loaded[x] == counts[x] for x in loaded)
    assert next(looks) < 600
    assert found.stopped == "time"
    assert not check_load(of, found.plan)


def test_what_balance_keeps_out_of_the_one_container_is_said():
    """Lead that cannot stand in the middle is left, whole, and the reason is balance."""
    lead = item("I0", "B0", (100, 235, 269), 1, mass_g=20_000_000)
    rest = item("I1", "B1", (1103, 235, 269), 1, mass_g=1_000_000)
    of = replace(group([booking("B0"), booking("B1")], [lead, rest], (kind("40HC", INSIDE),), 40_000), n_boxes=1)
    found = plan([replace(of, rules=BALANCED, lane_id="")], limit=Limit(effort=1)).plan
    assert [(x.item_id, x.code) for x in found.left] == [("I0", "unbalanced")]


# ---- balance -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_no_consignment_is_left_for_balance_while_there_are_containers(seed):
    """Whole consignments of two containers' volume, in balance: all are loaded, none in part."""
    of = mixed(24, seed, 1.8)
    found = plan([of], limit=Limit(effort=1)).plan
    assert not found.left
    assert not check_load(of, found)
    assert len(found.boxes) <= 4
    assert not [fault for box in found.boxes for fault in judged(box, of)]


def leaning(seed):
    """Fill a container to three quarters so that it leans."""
    of = mixed(12, seed, 0.72)
    job = job_of(of)
    return job, job.filler.fill(0, job.cargo.counts, job.styles[0])


def test_what_no_move_brings_into_balance_is_loaded_anew():
    """Of many loads some cannot be moved into balance; loaded anew nearly all can, with the same pieces."""
    stuck = steadied = 0
    for seed in range(60):
        job, filling = leaning(seed)
        if stuck == 4:
            break
        if (filling.counts == job.cargo.counts).all() and moved(job, filling) is None:
            stuck += 1
            found = steady(job, 0, filling.counts, filling)
            if found is not None:
                steadied += 1
                assert (found.counts == filling.counts).all()
                assert not judged(box_of(job.cargo, found), job.cargo.group)
    assert stuck >= 2
    assert steadied >= stuck - 1


def test_a_load_is_lightened_by_consignments():
    """Two consignments, one of lead at the end that cannot stand elsewhere: one of them goes, whole."""
    lead = item("I0", "B0", (100, 235, 269), 1, mass_g=20_000_000)
    rest = item("I1", "B1", (1103, 235, 269), 1, mass_g=1_000_000)
    of = group([booking("B0"), booking("B1")], [lead, rest], (kind("40HC", INSIDE),), 40_000)
    of = replace(of, rules=BALANCED, lane_id="")
    job = job_of(of)
    both = job.filler.fill(0, job.cargo.counts, job.styles[0])
    assert both.counts.tolist() == [1, 1]
    found = lightened(job, both)
    assert sorted(found.counts.tolist()) == [0, 1]
    boxes, rest_of = in_balance(job, [both])
    assert len(boxes) == 2
    assert not rest_of.any()
    assert not [fault for box in boxes for fault in judged(box_of(job.cargo, box), of)]


def test_a_filling_survives_writing_and_reading():
    """Counts, mass and what stands where are the same after a way there and back."""
    job, filling = leaning(5)
    again = filling_of(job.cargo, 0, box_of(job.cargo, filling).blocks)
    assert (again.counts == filling.counts).all()
    assert (again.blocks == filling.blocks[:, :10]).all()
    assert (again.volume_mm3, again.mass_g) == (filling.volume_mm3, filling.mass_g)


# ---- several containers --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [2, 5])
def test_containers_are_filled_anew_where_that_saves_one(monkeypatch, seed):
    """Consignments that quick fills spread over three containers go into two; none is torn, nothing is left."""
    of = replace(mixed(10, seed, 1.62), rules=LoadRules())
    found = plan([of], limit=Limit(effort=1)).plan
    monkeypatch.setattr(sys.modules["landport.consolidate.plan"], "refill", lambda _, boxes: boxes)
    before = plan([of], limit=Limit(effort=1)).plan
    assert (len(found.boxes), len(before.boxes)) == (2, 3)
    assert not found.left
    assert not check_load(of, found)


def test_loose_pieces_fill_what_consignments_leave():
    """Some consignments that stay together, some that may be spread: no piece is lost, and the bound is met."""
    of = replace(mixed(10, 4, 1.62), rules=LoadRules())
    of = replace(of, bookings=tuple(replace(b, may_split=n % 2 == 0) for n, b in enumerate(of.bookings)))
    found = plan([of], limit=Limit(effort=1))
    assert found.cost == found.bound == 2
    assert not found.plan.left
    assert not check_load(of, found.plan)
