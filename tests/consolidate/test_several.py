"""Several containers: fleets, prices, due dates, who may share, and covers; every oracle tries all there is."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.audit import check_load
from landport.consolidate import plan
from landport.model.loads import LoadRules
from landport.model.result import Limit
from tests.consolidate.cargo import booking, faults, group, item, kind, torn

LONG, SHORT = kind("40HC", (12, 2, 2)), kind("20GP", (6, 2, 2), teu=1)
COLD = kind("40RH", (12, 2, 2), equipment="reefer")


def packed(of, *, effort=1, seed=0):
    return plan([of], seed=seed, limit=Limit(effort=effort))


def slices(lengths, kinds=(LONG, SHORT), dues=None, **changes):
    """Consignments of one piece each, as wide and high as a container: only lengths add up."""
    bookings = [booking(f"B{n}", due_at=0 if dues is None else dues[n]) for n in range(len(lengths))]
    items = [item(f"I{n}", f"B{n}", (length, 2, 2)) for n, length in enumerate(lengths)]
    return replace(group(bookings, items, kinds), **changes)


LONGER, SHORTER = kind("40HC", (100, 2, 2)), kind("20GP", (48, 2, 2), teu=1)
STRANDED = slices(
    [25, 46, 39, 33, 30, 49, 58, 49, 29, 48, 36],
    (LONGER, SHORTER),
    cost_usd_cents={"40HC": 100, "20GP": 55},
)


def loaded(result):
    return {b for box in result.plan.boxes for b in box.booking_ids}


# ---- prices and fleets ---------------------------------------------------------------------------


def cheapest(lengths, fleet):
    """Brute force: the least cost of containers, (length, cost, at hand) each, that hold all; None: they do not."""

    @lru_cache
    def best(rest, hand):
        if not rest:
            return 0
        found = []
        for k, (room, cost, _) in enumerate(fleet):
            if hand[k]:
                for n in range(len(rest)):
                    for others in combinations(rest[1:], n):
                        if rest[0] + sum(others) <= room:
                            after = list(rest[1:])
                            for length in others:
                                after.remove(length)
                            more = best(tuple(after), tuple(h - (m == k) for m, h in enumerate(hand)))
                            found += [] if more is None else [cost + more]
        return min(found, default=None)

    return best(tuple(lengths), tuple(n for *_, n in fleet))


FLEET = st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(0, 3), st.integers(0, 3))


@given(st.lists(st.integers(1, 6), min_size=1, max_size=7), FLEET)
@settings(max_examples=60)
def test_the_cheapest_fleet(lengths, fleet):
    """Oracle: no plan costs less than the bound, and this one at most one container more than the best."""
    long, short, n_long, n_short = fleet
    of = slices(
        lengths,
        cost_usd_cents={"40HC": long, "20GP": short},
        n_available={"40HC": n_long, "20GP": n_short},
    )
    best, result = cheapest(lengths, ((12, long, n_long), (6, short, n_short))), packed(of)
    assert faults(result.plan, [of]) == []
    kinds = [box.container_type for box in result.plan.boxes]
    assert kinds.count("40HC") <= n_long
    assert kinds.count("20GP") <= n_short
    assert result.bound <= result.cost == sum(long if k == "40HC" else short for k in kinds)
    if best is None:
        assert {left.code for left in result.plan.left} == {"no-room"}
    elif not result.plan.left:
        assert result.bound <= best <= result.cost <= best + max(long, short)


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        pytest.param({}, ["40HC"], id="fewest"),
        pytest.param({"40HC": 10, "20GP": 4}, ["20GP", "20GP"], id="two small ones are cheaper"),
        pytest.param({"40HC": 10, "20GP": 6}, ["40HC"], id="one large one is cheaper"),
        pytest.param({"20GP": 6}, ["20GP", "20GP"], id="only what has a price"),
    ],
)
def test_prices_decide_between_types(prices, expected):
    """The same cargo, other prices."""
    result = packed(slices([6, 6], cost_usd_cents=prices))
    assert [box.container_type for box in result.plan.boxes] == expected
    assert result.stopped == "optimal"


def test_a_cover_finds_what_one_after_the_other_misses(monkeypatch):
    """The fullest first strands two long ones; chosen among all fillings met they are paired otherwise."""
    better = packed(STRANDED, effort=2)
    monkeypatch.setattr(sys.modules["landport.consolidate.plan"], "recombine", lambda job, boxes, effort: boxes)
    assert better.cost < packed(STRANDED, effort=2).cost
    assert (better.cost, faults(better.plan, [STRANDED])) == (better.bound, [])


# ---- a given number of containers ----------------------------------------------------------------


def most_volume(lengths, n, room=12):
    """Brute force: the greatest length that n containers take."""
    best = 0
    for count in range(len(lengths) + 1):
        for chosen in combinations(lengths, count):
            if sum(chosen) > best and cheapest(sorted(chosen), ((room, 1, n),)) is not None:
                best = sum(chosen)
    return best


@given(st.lists(st.integers(1, 7), min_size=1, max_size=7), st.integers(0, 2))
@settings(max_examples=40)
def test_what_is_left_behind_is_counted_in_mm3(lengths, n):
    """Oracle: the bound is at most what must be left, the cost what is left."""
    of = slices(lengths, (LONG,), n_boxes=n)
    result = packed(of)
    assert faults(result.plan, [of]) == []
    assert len(result.plan.boxes) <= n
    assert result.cost == sum(lengths[int(left.booking_id[1:])] * 4 for left in result.plan.left)
    assert {(left.code, left.state) for left in result.plan.left} <= {("no-room", "waiting")}
    assert result.bound <= (sum(lengths) - most_volume(lengths, n)) * 4 <= result.cost


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 9)), min_size=1, max_size=7))
@settings(max_examples=60)
def test_due_dates_come_first(drawn):
    """One container, no two due together: each goes that can go with what goes of those due earlier."""
    drawn = list({due: (length, due) for length, due in drawn}.values())
    of = slices([length for length, _ in drawn], (LONG,), [due for _, due in drawn], n_boxes=1)
    room, expected = 12, set()
    for n in sorted(range(len(drawn)), key=lambda n: drawn[n][1]):
        if drawn[n][0] <= room:
            expected.add(f"B{n}")
            room -= drawn[n][0]
    assert loaded(packed(of)) == expected


def test_of_what_is_due_together_the_greatest_volume_goes():
    """Seven and five fill the container; the eight stays."""
    assert loaded(packed(slices([8, 7, 5], (LONG,), n_boxes=1))) == {"B1", "B2"}


def test_loose_pieces_due_later_fill_what_is_free():
    """What may be split yields to what is due earlier, and fills the rest."""
    bookings = [booking("late", due_at=9, may_split=True), booking("soon", due_at=1)]
    of = group(bookings, [item("L", "late", (1, 1, 1), 100), item("S", "soon", (10, 2, 2))], (LONG,))
    result = packed(replace(of, n_boxes=1))
    assert [(left.booking_id, left.count) for left in result.plan.left] == [("late", 92)]
    assert (result.cost, result.bound, result.stopped) == (92, 92, "optimal")


def test_what_must_stay_together_is_left_rather_than_spread():
    """With two containers given, a consignment larger than either stays behind and the small one goes."""
    of = group([booking("big"), booking("small")], [item("G", "big", (4, 2, 2), 5), item("S", "small")], (LONG,))
    small = replace(of.items[1], length_mm=1, width_mm=1, height_mm=1)
    of = replace(of, items=(of.items[0], small), n_boxes=2)
    result = packed(of)
    assert [(left.booking_id, left.count, left.code) for left in result.plan.left] == [("big", 5, "no-room")]
    assert loaded(result) == {"small"}
    assert not torn(result.plan, [of])


@pytest.mark.parametrize("n_boxes", [None, 1, 3])
@pytest.mark.parametrize("may_split", [True, False])
def test_a_thousand_million_pieces(n_boxes, may_split):
    """What no fleet could take is left at once; every piece is accounted for."""
    cargo = item("I", "B", (400, 300, 250), 10**9, vertical="lwh", mass_g=1)
    of = group([booking(may_split=may_split)], [cargo], [kind(inside=(12_000, 2350, 2690))])
    result = packed(replace(of, n_boxes=n_boxes))
    inside = sum(block.count for box in result.plan.boxes for block in box.blocks)
    assert inside + sum(left.count for left in result.plan.left) == 10**9
    assert {left.code for left in result.plan.left} == {"no-room"}
    assert result.bound <= result.cost


@pytest.mark.parametrize("count", [4, 5, 50])
def test_outside_a_lane_nothing_is_spread(count):
    """Five that must stay together and fill no container are left; in a plan of lanes they would go in two."""
    of = group([booking()], [item(size=(3, 2, 2), count=count)], (LONG,))
    result = packed(replace(of, lane_id=""))
    assert [(left.count, left.code) for left in result.plan.left] == [(count, "no-room")] * (count > 4)
    assert len(result.plan.boxes) == (count == 4)
    assert torn(packed(of).plan, [of]) == ({"B"} if count > 4 else set())
    given_one = packed(replace(of, n_boxes=1))
    assert len(given_one.plan.boxes) == (count == 4)
    assert given_one.bound <= given_one.cost


# ---- who may share -------------------------------------------------------------------------------

PAIRS = (("1.4", "1.4"), ("1.4", "3"), ("3", "5.1"), ("8", "8"))
RANGES = st.sampled_from([(None, None), (None, None), (2, 8), (6, None), (None, -18), (8, 12)])
LOT = st.tuples(st.integers(1, 6), st.booleans(), st.sampled_from(["", "", "3", "5.1", "1.4S", "9", "6.2"]), RANGES)


def quarrels(loads, of):
    """Judge who shares a container, and which, from the rules' text alone."""
    by_id = {b.booking_id: b for b in of.bookings}
    types = {k.container_type: k for k in of.container_types}
    cold_too = {k.equipment == "reefer" for k in of.container_types} == {True, False}
    named = {"9"}.union(*PAIRS)
    for box in loads.boxes:
        inside = [by_id[b] for b in box.booking_ids]
        needs = [b.temperature_min_c is not None or b.temperature_max_c is not None for b in inside]
        if len(set(needs)) > 1 or (cold_too and needs[0] != (types[box.container_type].equipment == "reefer")):
            yield "equipment", box.booking_ids
        low = max((b.temperature_min_c for b in inside if b.temperature_min_c is not None), default=-99)
        if low > min((b.temperature_max_c for b in inside if b.temperature_max_c is not None), default=99):
            yield "temperature", box.booking_ids
        classes = [b.un_class.rstrip("S") for b in inside if b.un_class]
        for one, other in combinations(classes, 2):
            if tuple(sorted((one, other))) in PAIRS or (one != other and not {one, other} <= named):
                yield "classes", box.booking_ids


@given(st.lists(LOT, min_size=1, max_size=8), st.sampled_from([None, 1, 2]), st.booleans())
@settings(max_examples=120)
def test_no_container_holds_what_must_stay_apart(drawn, n_boxes, has_reefer):
    """Whatever the classes and temperatures, loose or whole, few containers or many."""
    kinds = (LONG, COLD) if has_reefer else (LONG,)
    bookings, items = [], []
    for n, (length, may_split, un_class, (low, high)) in enumerate(drawn):
        ranges = {"temperature_min_c": low, "temperature_max_c": high}
        bookings.append(booking(f"B{n}", may_split=may_split, un_class=un_class, due_at=n // 3, **ranges))
        items.append(item(f"I{n}", f"B{n}", (1, 2, 2), length))
    of = replace(group(bookings, items, kinds), rules=LoadRules(forbidden_pairs=PAIRS), n_boxes=n_boxes)
    result = packed(of)
    assert faults(result.plan, [of]) == []
    assert list(quarrels(result.plan, of)) == []
    assert result.bound <= result.cost
    if n_boxes is None:
        assert result.plan.left == ()
    alone = replace(of, lane_id="")
    result = packed(alone)
    assert not check_load(alone, result.plan)
    assert result.bound <= result.cost


def test_the_judge_of_quarrels_sees_them():
    """The judge is no friend either."""
    of = slices([1, 1], (LONG,))
    together = packed(of).plan
    for changes in ({"un_class": "3"}, {"un_class": "1.4S"}, {"temperature_min_c": 5}, {"un_class": "7"}):
        other = {"un_class": "5.1"} if changes == {"un_class": "3"} else {"un_class": "3"}
        odd = (replace(of.bookings[0], **changes), replace(of.bookings[1], **other))
        assert list(quarrels(together, replace(of, bookings=odd)))


def test_why_it_is_left_names_the_clash():
    """Room is not the reason where a class or a temperature is."""
    rules = LoadRules(forbidden_pairs=PAIRS)
    for changes, code in (({"un_class": "5.1"}, "segregation"), ({"temperature_max_c": 5}, "temperature")):
        of = slices([2, 1], (LONG,), [0, 1], n_boxes=1, rules=rules)
        odd = replace(of, bookings=(replace(of.bookings[0], un_class="3"), replace(of.bookings[1], **changes)))
        (left,) = packed(odd).plan.left
        assert (left.booking_id, left.code, left.state) == ("B1", code, "waiting")
        assert "B0" in left.why


@pytest.mark.parametrize("refused", ["1263", "UN1263", "3"])
def test_what_the_service_does_not_take_is_never_loaded(refused):
    """By number, with or without its letters, or by class; before anything else."""
    of = slices([2, 99], (LONG,), rules=LoadRules(refused_un=(refused,)))
    mixed = replace(of, bookings=tuple(replace(b, un_class="3", un_number="1263") for b in of.bookings))
    result = packed(mixed)
    assert result.plan.boxes == ()
    assert {(left.code, left.state) for left in result.plan.left} == {("un-refused", "refused")}


def test_a_reefer_is_for_goods_that_need_one():
    """Where both are on offer each takes its own; a dry piece that only the reefer would hold is refused."""
    tall = kind("40RH", (12, 2, 3), equipment="reefer")
    of = group([booking("dry"), booking("cool", temperature_max_c=5)], [], (LONG, tall))
    items = (item("D", "dry", (1, 2, 3)), item("C", "cool", (1, 2, 3)))
    result = packed(replace(of, items=items))
    assert [(left.item_id, left.code) for left in result.plan.left] == [("D", "too-large")]
    assert [box.booking_ids for box in result.plan.boxes] == [("cool",)]


@given(st.lists(st.tuples(st.integers(1, 7), st.integers(0, 2)), min_size=1, max_size=8), st.sampled_from([1, 2, None]))
@settings(max_examples=20)
def test_the_same_seed_and_effort_give_the_same_containers(drawn, n_boxes):
    """Replay: with prices, fleets, due dates and covers, too."""
    of = slices(
        [length for length, _ in drawn],
        dues=[due for _, due in drawn],
        n_boxes=n_boxes,
        cost_usd_cents={"40HC": 9, "20GP": 5},
        n_available={"40HC": 2},
    )
    assert packed(of, effort=2, seed=3) == packed(of, effort=2, seed=3)


# ---- the bound -----------------------------------------------------------------------------------


def cut(draw, box, n):
    """Cut a box (x, y, z, dx, dy, dz) into pieces by whole cuts."""
    sides = [s for s in (3, 4, 5) if box[s] > 1]
    if not n or not sides:
        return [box]
    side = draw(st.sampled_from(sides))
    at = draw(st.integers(1, box[side] - 1))
    one, other = list(box), list(box)
    one[side], other[side], other[side - 3] = at, box[side] - at, box[side - 3] + at
    return [*cut(draw, tuple(one), n - 1), *cut(draw, tuple(other), n - 1)]


@st.composite
def tilings(draw):
    """Cargo that fills some containers to the last mm, cut from them; only what has nothing above it bears nothing."""
    kinds = (kind("40HC", (12, 6, 7)), kind("20GP", (6, 6, 5), teu=1))
    bookings, items, costs = [], [], {"40HC": draw(st.integers(1, 9)), "20GP": draw(st.integers(1, 9))}
    cost = volume = 0
    for box in range(draw(st.integers(1, 3))):
        of = draw(st.sampled_from(kinds))
        size = of.inside_length_mm, of.inside_width_mm, of.inside_height_mm
        cost += costs[of.container_type]
        bookings.append(booking(f"B{box}", may_split=draw(st.booleans())))
        for _, _, z, dx, dy, dz in cut(draw, (0, 0, 0, *size), draw(st.integers(0, 3))):
            bears = 0 if z + dz == size[2] else draw(st.sampled_from([10**6, 10**9]))
            vertical = draw(st.sampled_from(["h", "lh", "lwh"]))
            named = f"I{len(items)}"
            items.append(item(named, f"B{box}", (dx, dy, dz), 1, vertical=vertical, max_on_top_g=bears, mass_g=9))
            volume += dx * dy * dz
    return group(bookings, items, kinds), costs, cost, len(bookings), volume


@given(tilings(), st.booleans())
@settings(max_examples=150)
def test_no_bound_beats_a_plan_that_is_there(tiling, has_price):
    """Cargo cut from containers goes into them: the bound never asks for more, nor leaves more behind."""
    of, costs, cost, n, volume = tiling
    priced = packed(replace(of, cost_usd_cents=costs) if has_price else of)
    assert priced.bound <= (cost if has_price else n)
    given_number = packed(replace(of, n_boxes=n))
    assert given_number.bound == 0
    assert given_number.cost == volume - sum(
        block.count * block.dx_mm * block.dy_mm * block.dz_mm for box in given_number.plan.boxes for block in box.blocks
    )
