"""Packing groups: whatever the cargo, the slow judge finds nothing."""

import sys
from dataclasses import replace
from itertools import count, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.audit.fitting import DRY_TYPES, surely_holds
from landport.consolidate import plan
from landport.model.result import Limit
from tests.consolidate.cargo import booking, faults, faults_in_box, group, item, kind, poses, torn

SIDE = st.integers(2, 14)
KINDS = (kind(), kind("20GP", (20, 20, 18), teu=1))
ITEM = st.tuples(
    st.tuples(SIDE, SIDE, SIDE),
    st.integers(1, 12),  # count
    st.integers(1, 6000),  # grams
    st.sampled_from(["h", "lh", "w", "lwh"]),
    st.integers(1, 6),  # layers
    st.sampled_from([0, 1, 3000, 7000, 20_000, 10**9]),
)
BOOKINGS = st.lists(st.tuples(st.booleans(), st.lists(ITEM, min_size=1, max_size=3)), min_size=1, max_size=6)


def made(drawn, payload_kg=60, kinds=KINDS):
    bookings, items, number = [], [], count()
    for n, (may_split, rows) in enumerate(drawn):
        bookings.append(booking(f"B{n}", may_split=may_split, due_at=n % 3))
        for size, pieces, mass, vertical, layers, on_top in rows:
            items.append(
                item(
                    f"I{next(number)}",
                    f"B{n}",
                    size,
                    pieces,
                    mass_g=mass,
                    vertical=vertical,
                    max_layers=layers,
                    max_on_top_g=on_top,
                )
            )
    return group(bookings, items, kinds, payload_kg)


def packed(*groups, effort=1, seed=0):
    return plan(groups, seed=seed, limit=Limit(effort=effort))


@given(BOOKINGS, st.sampled_from([6, 25, 1000]))
@settings(max_examples=150)
def test_every_plan_passes_the_judge(drawn, payload_kg):
    """No piece overlaps, floats, is overloaded or lost; whole bookings stay whole, or it is remarked."""
    one = made(drawn, payload_kg)
    result = packed(one)
    assert faults(result.plan, [one]) == []
    assert torn(result.plan, [one]) <= {r.about[0] for r in result.remarks if r.code == "booking-spread"}
    assert result.bound <= result.cost == len(result.plan.boxes)
    assert result.stopped == ("optimal" if result.cost == result.bound else "effort")


@given(BOOKINGS)
@settings(max_examples=40)
def test_a_booking_is_spread_only_if_it_fits_no_empty_container(drawn):
    """What is spread does not go into one container alone either."""
    one = made(drawn, 25)
    for booking_id in torn(packed(one).plan, [one]):
        alone = [b for b in one.bookings if b.booking_id == booking_id]
        of = [i for i in one.items if i.booking_id == booking_id]
        result = packed(group(alone, of, KINDS, 25))
        assert len(result.plan.boxes) > 1


@given(BOOKINGS, st.integers(0, 3), st.sampled_from([1, 2]))
@settings(max_examples=20)
def test_the_same_seed_and_effort_give_the_same_plan(drawn, seed, effort):
    """Replay: nothing but cargo, seed and effort decides, and no group decides over another."""
    one = made(drawn)
    other = replace(made(drawn[::-1]), group_id="H")
    first, second = packed(one, other, effort=effort, seed=seed), packed(one, other, effort=effort, seed=seed)
    assert first == second
    alone = packed(one, effort=effort, seed=seed).plan.boxes
    assert alone == tuple(b for b in first.plan.boxes if b.group_id == "G")


@given(BOOKINGS)
@settings(max_examples=40)
def test_twice_the_payload_never_needs_more_than_the_gap(drawn):
    """Metamorphic: with more payload no more containers than the lighter plan's, but for its proven gap."""
    light, heavy = packed(made(drawn, 25)), packed(made(drawn, 50))
    refused = any(left.code == "too-heavy" for left in light.plan.left)
    assert refused or heavy.bound <= light.cost
    assert refused or heavy.cost <= light.cost + (heavy.cost - heavy.bound)


CUBES = (((10, 10, 10), 16), ((20, 10, 10), 8), ((20, 20, 20), 2), ((40, 10, 10), 4), ((40, 20, 5), 4))


@pytest.mark.parametrize(("size", "fit"), CUBES)
@pytest.mark.parametrize("boxes", [1, 2, 3])
def test_what_tiles_the_container_needs_no_more_than_the_volume(size, fit, boxes):
    """Equal pieces that fill it exactly: the number of containers is the bound, and that is what it says."""
    cargo = group([booking(may_split=True)], [item(size=size, count=fit * boxes, vertical="lwh")])
    result = packed(cargo)
    assert (result.cost, result.bound, result.stopped) == (boxes, boxes, "optimal")


# ---- the bound -----------------------------------------------------------------------------------


def one_by_one(of):
    """Part a group into groups of one booking: the worst that grouping can do."""
    return [
        replace(of, group_id=f"G{n}", bookings=(b,), items=tuple(i for i in of.items if i.booking_id == b.booking_id))
        for n, b in enumerate(of.bookings)
    ]


def test_the_bound_does_not_rest_on_the_groups():
    """Two cut-offs of one lane, half a container each: two containers, though one would do, and the bound says one."""
    cargo = group([booking("a"), booking("b")], [item("A", "a", count=8), item("B", "b", count=8)])
    apart = packed(*one_by_one(cargo))
    assert (apart.cost, apart.bound, apart.stopped) == (2, 1, "effort")
    together = packed(cargo)
    assert (together.cost, together.bound, together.stopped) == (1, 1, "optimal")


@given(BOOKINGS)
@settings(max_examples=40)
def test_no_grouping_beats_the_bound(drawn):
    """Whether grouped as one or one by one the bound is the same, and no plan needs fewer containers."""
    one = made(drawn, 25)
    together, apart = packed(one), packed(*one_by_one(one))
    assert together.bound == apart.bound <= min(together.cost, apart.cost)


REEFER = [kind("40RH", equipment="reefer")]


@pytest.mark.parametrize(
    ("changes", "bound"),
    [
        pytest.param([{}, {}], 1, id="one lane"),
        pytest.param([{}, {"destination_id": "E"}], 2, id="two destinations"),
        pytest.param([{}, {"container_types": REEFER}], 2, id="boxes of other types"),
        pytest.param([(2, 8), (-20, -18)], 2, id="no temperature in common"),
        pytest.param([(2, 8), (8, 12)], 1, id="one degree in common"),
        pytest.param([(2, 8), (-20, -18), (None, 1)], 2, id="cold and colder overlap"),
        pytest.param([(2, 8), (-20, -18), (-19, None)], 1, id="all overlap by way of one"),
        pytest.param([(None, None), (2, 8), (2, 8)], 2, id="one states none"),
    ],
)
def test_what_can_never_share_a_container_is_counted_apart(changes, bound):
    """Each lane, and each range of temperature that meets no other, is rounded up by itself."""
    groups = []
    for n, change in enumerate(changes):
        is_range = isinstance(change, tuple)
        low, high = change if is_range else (None, None)
        of = booking(f"B{n}", temperature_min_c=low, temperature_max_c=high)
        kinds = REEFER if is_range else [kind()]
        cargo = group([of], [item(f"I{n}", f"B{n}", count=2)], kinds, {"40HC": 60, "40RH": 60}, group_id=f"G{n}")
        groups.append(cargo if is_range else replace(cargo, **change))
    assert packed(*groups).bound == bound


def test_a_wrong_bound_is_not_hidden(monkeypatch):
    """A bound beyond the cost is told as it is, so that the auditor sees it."""
    monkeypatch.setattr(sys.modules["landport.consolidate.plan"], "fewest", lambda *given, **known: 99)
    result = packed(group([booking()], [item()]))
    assert (result.cost, result.bound, result.stopped) == (1, 99, "effort")


def fits(items, size):
    """Brute force: whether unit-high pieces on a small floor all fit, every corner tried."""
    floor = np.zeros(size, bool)

    def put(rest):
        if not rest:
            return True
        for dx, dy in {(rest[0][0], rest[0][1]), (rest[0][1], rest[0][0])}:
            for x in range(size[0] - dx + 1):
                for y in range(size[1] - dy + 1):
                    if not floor[x : x + dx, y : y + dy].any():
                        floor[x : x + dx, y : y + dy] = True
                        if put(rest[1:]):
                            return True
                        floor[x : x + dx, y : y + dy] = False
        return False

    return put(list(items))


def fewest(pieces, size):
    """Brute force: the fewest floors that hold all pieces."""
    best = len(pieces)
    for order in set(permutations(pieces)):
        floors = [[]]
        for piece in order:
            if fits([*floors[-1], piece], size):
                floors[-1].append(piece)
            else:
                floors.append([piece])
        best = min(best, len(floors))
    return best


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=5))
@settings(max_examples=40)
def test_within_one_container_of_the_optimum(floors):
    """Oracle: flat pieces that bear nothing, every packing tried."""
    cargo = group(
        [booking(may_split=True)],
        [item(f"I{n}", size=(a, b, 1), max_on_top_g=0) for n, (a, b) in enumerate(floors)],
        [kind(inside=(5, 4, 1))],
    )
    best, result = fewest(floors, (5, 4)), packed(cargo)
    assert result.bound <= best <= result.cost <= best + 1


def test_pieces_that_fit_nowhere_are_refused_with_figures():
    """Too large in every allowed pose, too heavy for the journey: refused, the rest is packed."""
    items = [
        item("tall", size=(10, 10, 21), count=2),
        item("laid", size=(10, 10, 21), count=2, vertical="l"),
        item("heavy", mass_g=30_001, count=3),
        item("good"),
    ]
    cargo = group([booking()], items, payload_kg=30)
    result = packed(cargo)
    assert [(x.item_id, x.count, x.state, x.code) for x in result.plan.left] == [
        ("tall", 2, "refused", "too-large"),
        ("heavy", 3, "refused", "too-heavy"),
    ]
    assert "10 x 10 x 21 mm" in result.plan.left[0].why
    assert "40 x 20 x 20 mm" in result.plan.left[0].why
    assert "30.001 kg" in result.plan.left[1].why
    assert "30 kg" in result.plan.left[1].why
    assert faults(result.plan, [cargo]) == []


def test_no_container_type_refuses_all():
    """Temperature goods without a reefer on offer are refused, not lost."""
    cargo = replace(group([booking()], [item(count=4)]), container_types=(), payload_kg={})
    result = packed(cargo)
    assert [(x.count, x.code) for x in result.plan.left] == [(4, "no-container-type")]


def test_the_smaller_type_takes_a_small_rest():
    """What fits a 20 ft box rides in one, also when another type is preferred."""
    cargo = group([booking()], [item(count=4)], KINDS)
    assert [b.container_type for b in packed(cargo).plan.boxes] == ["20GP"]
    full = group([booking()], [item(count=16)], KINDS)
    assert [b.container_type for b in packed(full).plan.boxes] == ["40HC"]


def test_a_heavy_whole_booking_takes_the_type_that_bears_it():
    """A booking that only the less preferred type may carry whole is not spread."""
    cargo = group([booking()], [item(count=4, mass_g=6000)], KINDS, {"40HC": 20, "20GP": 24})
    result = packed(cargo)
    assert [b.container_type for b in result.plan.boxes] == ["20GP"]
    assert not result.remarks


def test_weak_pieces_stand_on_strong_ones():
    """Pieces that bear nothing go on top, so that one container does."""
    cargo = group([booking()], [item("weak", count=8, max_on_top_g=0), item("strong", count=8)])
    assert len(packed(cargo).plan.boxes) == 1


def test_a_stack_may_weigh_exactly_what_its_lowest_piece_bears():
    """Five pieces of 12 kg on one that bears 60 kg: six layers, not five, whatever the rounding."""
    cargo = group(
        [booking()],
        [item(size=(7, 7, 3), count=6, mass_g=12_000, max_on_top_g=60_000)],
        [kind(inside=(7, 7, 18))],
    )
    assert [b.nz for b in packed(cargo).plan.boxes[0].blocks] == [6]


def test_over_time_the_rest_is_packed_quickly():
    """When the seconds are over nothing is lost, and the result says so."""
    groups = [group([booking(f"B{n}")], [item("I", f"B{n}", (9, 9, 9), 20)], group_id=f"G{n}") for n in range(3)]
    limit = Limit(effort=4, seconds=1.0, stopwatch=lambda: 2.0)
    result = plan(groups, limit=limit)
    assert result.stopped == ("optimal" if result.cost == result.bound else "time")
    assert faults(result.plan, groups) == []


def test_nothing_gives_nothing():
    """No groups, no containers, nothing to prove."""
    result = packed()
    assert (result.plan.boxes, result.plan.left, result.cost, result.bound) == ((), (), 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"z_mm": 1},
        {"x_mm": 31},
        {"x_mm": -1},
        {"nz": 3},
        {"dx_mm": 9},
    ],
)
def test_the_judge_sees_faults(change):
    """The judge of these tests is no friend: each spoiled block is found."""
    cargo = group([booking()], [item(count=2)])
    box = packed(cargo).plan.boxes[0]
    spoiled = replace(box, blocks=(replace(box.blocks[0], **change), *box.blocks[1:]))
    assert faults_in_box(box, cargo) == []
    assert faults_in_box(spoiled, cargo)


def test_the_judge_sees_overload_and_layers():
    """A stack over its load or its layers is found."""
    cargo = group([booking()], [item(count=2)])
    box = packed(cargo).plan.boxes[0]
    block = replace(box.blocks[0], nx=1, ny=1, nz=2)
    stack = replace(box, blocks=(block,))
    assert faults_in_box(stack, cargo) == []
    for change in ({"max_layers": 1}, {"max_on_top_g": 999}, {"vertical": ""}):
        weak = replace(cargo, items=(replace(cargo.items[0], **change),))
        assert faults_in_box(stack, weak)


def test_poses_turn_on_the_floor():
    """Three letters: six poses; one: two."""
    assert len(set(poses(item(size=(1, 2, 3), vertical="lwh")))) == 6
    assert set(poses(item(size=(1, 2, 3), vertical="h"))) == {(1, 2, 3), (2, 1, 3)}


# ---- walls ---------------------------------------------------------------------------------------

TIGHT = {
    "two sizes, tight": [
        ((1843, 1863, 1288), 2, {"mass_g": 1000, "max_layers": 1, "max_on_top_g": 0}),
        ((438, 1367, 1860), 20, {"mass_g": 20_000, "max_layers": 1, "max_on_top_g": 0}),
    ],
    "drums and planks": [
        ((1200, 800, 700), 16, {"mass_g": 900_000, "max_layers": 1, "max_on_top_g": 0}),
        ((2000, 600, 200), 48, {"mass_g": 48_000, "max_layers": 8, "vertical": "lwh", "max_on_top_g": 336_000}),
    ],
}


@pytest.mark.parametrize("rows", TIGHT.values(), ids=TIGHT)
@pytest.mark.parametrize("seed", [0, 2, 3, 5])
def test_what_fits_as_walls_is_not_spread(rows, seed, world):
    """Two honest bookings that no style packs whole stay whole: each item stands in walls of its own."""
    items = [item(f"I{n}", size=size, count=count, **more) for n, (size, count, more) in enumerate(rows)]
    of = group([booking()], items, [world.container_types[name] for name in DRY_TYPES], 21_000)
    result = packed(of, seed=seed)
    assert (result.cost, result.remarks, faults(result.plan, [of])) == (1, (), [])


BOX = kind("40HC", (60, 12, 13))
SMALL = kind("20GP", (30, 12, 12), teu=1)
TILE = st.tuples(
    st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 13)),
    st.integers(1, 30),
    st.sampled_from([1000, 3000, 20_000]),
    st.sampled_from(["h", "lwh", "lh"]),
    st.sampled_from([1, 1, 2, 3, 100]),
    st.sampled_from([0, 1000, 10_000, 10**9]),
)


@given(st.lists(st.tuples(st.booleans(), st.lists(TILE, min_size=2, max_size=14)), min_size=1, max_size=3))
@settings(max_examples=300)
def test_what_the_auditor_says_fits_is_never_spread(drawn):
    """Bookings cut down until the auditor's formula says that each fits a container stay together."""
    one = made(drawn, 1000, (BOX, SMALL))
    kept = []
    for b in one.bookings:
        mine = []
        for i in (i for i in one.items if i.booking_id == b.booking_id):
            more = [*mine, i]
            mine = more if any(surely_holds([(j, j.count) for j in more], k, 1000) for k in (BOX, SMALL)) else mine
        kept += mine
    one = replace(one, items=tuple(kept))
    result = packed(one)
    assert torn(result.plan, [one]) == set()
    assert faults(result.plan, [one]) == []
    assert result.remarks == ()


def test_pieces_without_mass_add_none():
    """What a container states is what its pieces weigh."""
    result = plan([group([booking()], [item("a", mass_g=0, count=7), item("b", mass_g=5)])], limit=Limit())
    assert [box.cargo_g for box in result.plan.boxes] == [5]
