"""One container searched: the auditor finds nothing, it replays, keeps its seconds, and brute force fills no more."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import count, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.audit import check_load
from landport.consolidate import plan
from landport.model.loads import LoadRules
from landport.model.result import Limit
from tests.consolidate.cargo import booking, group, item, kind

KINDS = (kind("40HC", (40, 20, 20)), kind("20GP", (20, 20, 18), teu=1))
SIDE = st.integers(3, 16)
ITEM = st.fixed_dictionaries(
    {
        "size": st.tuples(SIDE, SIDE, SIDE),
        "count": st.integers(1, 9),
        "mass_g": st.integers(1, 6000),
        "vertical": st.sampled_from(["h", "lh", "wh", "lwh"]),
        "max_layers": st.sampled_from([1, 2, 3, 100]),
        "max_on_top_g": st.sampled_from([0, 3000, 20_000, 10**9]),
        "is_rigid": st.sampled_from([False, False, False, True]),
    }
)
BOOKING = st.tuples(
    st.booleans(),  # may be split
    st.sampled_from([True, True, True, False]),  # released
    st.sampled_from([0, 0, 1, 2]),  # unloaded
    st.lists(ITEM, min_size=1, max_size=2),
)
RULES = st.builds(
    LoadRules,
    support_pct=st.sampled_from([100, 100, 50, 0]),
    cog_length_pct=st.sampled_from([None, None, 5, 20]),
    cog_width_pct=st.sampled_from([None, None, 5, 20]),
    half_pct=st.sampled_from([None, None, 60]),
)


@st.composite
def groups(draw):
    """Some bookings, and what there is to load them into."""
    bookings, items, number = [], [], count()
    for n, (may_split, is_released, order, rows) in enumerate(draw(st.lists(BOOKING, min_size=1, max_size=4))):
        bookings.append(booking(f"B{n}", may_split=may_split, is_released=is_released, due_at=n % 2))
        for row in rows:
            said = {**row, "unload_order": order}
            items.append(item(f"I{next(number)}", f"B{n}", **said))
    kinds = draw(st.sampled_from([KINDS[:1], KINDS, KINDS[::-1]]))
    of = group(bookings, items, kinds, draw(st.sampled_from([8, 40, 1000])))
    return replace(of, rules=draw(RULES), n_boxes=draw(st.sampled_from([1, 1, 2, None])), lane_id="")


def loaded(of, *, effort=1, seed=0):
    return plan([of], seed=seed, limit=Limit(effort=effort))


def lower_half(box, of):
    """What stands in a container of which half is loaded."""
    stays = sorted(box.blocks, key=lambda b: (b.z_mm, b.x_mm))[: -(-len(box.blocks) // 2)]
    mass = {i.item_id: i.piece_g for i in of.items}
    owner = {i.item_id: i.booking_id for i in of.items}
    return replace(
        box,
        blocks=tuple(stays),
        cargo_g=sum(b.count * mass[b.item_id] for b in stays),
        booking_ids=tuple(sorted({owner[b.item_id] for b in stays})),
        remarks=(),
    )


def broken(of, loads):
    return [(v.code, v.message) for v in check_load(of, loads)]


@given(groups())
@settings(max_examples=25)
def test_whatever_the_cargo_the_auditor_finds_nothing(of):
    """Weights on top, layers, pallets, orders, customs, balance, any support: no rule is broken, no bound beaten."""
    result = loaded(of)
    assert broken(of, result.plan) == []
    assert 0 <= result.bound <= result.cost


@given(groups(), st.integers(1, 2))
@settings(max_examples=10)
def test_a_container_goes_on_being_loaded(of, effort):
    """Half of the pieces of a load stand already: they stay, and what comes to them breaks no rule either."""
    before = replace(of, rules=replace(of.rules, cog_length_pct=None, cog_width_pct=None, half_pct=None), n_boxes=1)
    boxes = loaded(before).plan.boxes
    if not boxes:
        return
    stood = lower_half(boxes[0], of)
    split = tuple(replace(b, may_split=True) for b in before.bookings)
    further = replace(before, bookings=split, stowed=(stood,))
    result = loaded(further, effort=effort)
    assert set(stood.blocks) <= set(result.plan.boxes[0].blocks)
    assert broken(further, result.plan) == []


@given(groups(), st.integers(0, 3), st.sampled_from([1, 2]))
@settings(max_examples=6)
def test_the_same_seed_and_effort_give_the_same_load(of, seed, effort):
    """Replay."""
    assert loaded(of, seed=seed, effort=effort) == loaded(of, seed=seed, effort=effort)


@given(groups(), st.sampled_from([0.0, 3.0, 30.0]))
@settings(max_examples=8)
def test_when_the_seconds_are_over_there_is_a_load(of, seconds):
    """Every look at the stopwatch costs half a second: soon all tries are given up, and what is loaded obeys all."""
    looks = count()
    result = plan([of], limit=Limit(seconds=seconds, stopwatch=lambda: next(looks) / 2))
    assert broken(of, result.plan) == []
    assert next(looks) <= 2 * seconds + 200


# ---- brute force ---------------------------------------------------------------------------------


def fullest(box, pieces, *, is_supported):
    """Brute force: the largest volume that can stand in a box.

    Goes cell by cell from the floor up: each holds the corner of a piece, or no piece's corner.
    """
    places = [(x, y, z) for z in range(box[2]) for y in range(box[1]) for x in range(box[0])]
    best, seen = 0, set()
    states = [(0, 0, tuple(sorted(pieces)), 0)]
    while states:
        n, filled, rest, inside = states.pop()
        best = max(best, inside)
        while n < len(places) and filled >> n & 1:
            n += 1
        free = len(places) - n - (filled >> n).bit_count()
        if inside + min(sum(map(volume, rest)), free) <= best or (n, filled, rest) in seen:
            continue
        seen.add((n, filled, rest))
        states.append((n + 1, filled, rest, inside))
        for size in set(rest):
            others = list(rest)
            others.remove(size)
            for pose in set(permutations(size)):
                taken, below = cells(box, pose, places[n])
                if taken and not taken & filled and (not is_supported or below & filled == below):
                    states.append((n + 1, filled | taken, tuple(others), inside + volume(size)))
    return best


@cache
def cells(box, size, at):
    """Bits of the cells that a piece takes, and of those right below it; none where it stands out."""
    if any(a + s > room for a, s, room in zip(at, size, box, strict=True)):
        return 0, 0
    flat = sum(1 << (at[0] + i + box[0] * (at[1] + j)) for i in range(size[0]) for j in range(size[1]))
    layer = box[0] * box[1]
    below = flat << layer * (at[2] - 1) if at[2] else 0
    return sum(flat << layer * (at[2] + k) for k in range(size[2])), below


def filled(box, pieces, support_pct, effort):
    """What the search fills."""
    counts = Counter(pieces)
    bookings = [booking("B", may_split=True)]
    items = [item(f"I{n}", "B", size, k, vertical="lwh") for n, (size, k) in enumerate(counts.items())]
    of = group(bookings, items, (kind(inside=box),))
    of = replace(of, n_boxes=1, rules=LoadRules(support_pct=support_pct), lane_id="")
    result = loaded(of, effort=effort)
    assert broken(of, result.plan) == []
    return sum(volume(size) * k for size, k in counts.items()) - result.cost


def volume(size):
    return size[0] * size[1] * size[2]


TINY = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))


@given(st.sampled_from([(4, 3, 3), (5, 4, 3)]), st.lists(TINY, min_size=1, max_size=6), st.sampled_from([0, 100]))
@settings(max_examples=40)
def test_no_filling_of_a_tiny_box_is_fuller(box, pieces, support_pct):
    """Oracle: of up to six pieces the search loads as much as goes at all."""
    assert filled(box, pieces, support_pct, 4) == fullest(box, pieces, is_supported=support_pct > 0)


PINWHEEL = [(3, 2, 2)] * 4 + [(1, 1, 2)]


@pytest.mark.parametrize("support_pct", [0, 100])
def test_a_pinwheel_is_found(support_pct):
    """Four pieces around a fifth: no cut through the box misses all of them."""
    assert filled((5, 5, 2), PINWHEEL, support_pct, 4) == 50 == fullest((5, 5, 2), PINWHEEL, is_supported=True)
