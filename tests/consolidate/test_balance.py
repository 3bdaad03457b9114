"""Balance: whatever stands in a container is moved, and the judge finds nothing."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise, permutations, product
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landport.consolidate.balance import balance, scene
from landport.consolidate.crosswise import mirrored
from landport.consolidate.lengthwise import Line, in_balance
from landport.consolidate.scale import tilts, weigh
from landport.consolidate.towers import joined, walls_of
from landport.model.loads import LoadRules
from landport.model.plans import CargoBlock
from tests.consolidate.cargo import booking, group, item, pieces
from tests.consolidate.judge import judged, unbalanced
from tests.consolidate.stacks import KIND, is_in_order, loaded, stacks

STRICT = LoadRules(cog_length_pct=5, cog_width_pct=5, half_pct=60)


def scened(of, fixed=()):
    return scene(KIND, of.items, of.bookings, of.rules, fixed)


def sizes(box):
    """Pieces by item and how they lie."""
    return Counter((p[0], p[4] - p[1], p[5] - p[2], p[6] - p[3]) for p in pieces(box))


@given(stacks(orders=(0, 1, 2), releases=(True, True, False)))
@settings(max_examples=300)
def test_what_is_balanced_keeps_every_rule(load):
    """No piece lost, turned over, floating or in the way of another; and in balance."""
    of, box = load
    assume(is_in_order(of, box))
    found = balance(box, scened(of))
    if found is None:
        assert list(unbalanced(list(pieces(box)), of, KIND))
    else:
        assert judged(found, of) == []
        assert sizes(found) == sizes(box)


@given(stacks())
def test_a_load_in_balance_stays_as_it_is(load):
    """Where no rule is broken nothing is touched; and that is exactly where the judge finds nothing."""
    of, box = load
    is_even = not list(unbalanced(list(pieces(box)), of, KIND))
    assert (tilts(weigh(box.blocks, {i.item_id: i.piece_g for i in of.items}, KIND), KIND, of.rules) == ()) is is_even
    if is_even:
        assert balance(box, scened(of)) is box


@given(stacks(rules=st.just(LoadRules(cog_length_pct=5, half_pct=60)), most_rows=3))
@settings(max_examples=60)
def test_few_walls_are_searched_wholly(load):
    """Brute force over orders, turns and shifts of tight walls finds no balance where none was found."""
    of, box = load
    by = scened(of)
    if balance(box, by) is not None:
        return
    walls = walls_of(box.blocks, by.piece_g, by.ranks)
    masses = {i.item_id: i.piece_g for i in of.items}
    for order in permutations(walls):
        for turns in product((False, True), repeat=len(order)):
            x, spans = 0, []
            for wall, turn in zip(order, turns, strict=True):
                for b in wall.blocks:
                    long = b.nx * b.dx_mm
                    start = wall.x1 - b.x_mm - long if turn else b.x_mm - wall.x0
                    spans.append((x + start, long, b.count * masses[b.item_id]))
                x += wall.x1 - wall.x0
            for shift in range(40 - x + 1):
                assert not is_even(spans, shift)


def is_even(spans, shift):
    total = sum(grams for _, _, grams in spans)
    moment = sum(grams * (2 * (start + shift) + long) for start, long, grams in spans)
    halves = sum(grams * min(max(0, 20 - start - shift), long) / long for start, long, grams in spans)
    return abs(moment - 40 * total) * 100 <= 5 * 40 * 2 * total and max(halves, total - halves) <= 0.6 * total - 1e-6


@given(stacks(rules=st.just(STRICT), orders=(0, 1), releases=(True, False)), st.data())
def test_what_was_there_stays(load, data):
    """Blocks that were loaded before are in the balanced load as they were."""
    of, box = load
    assume(is_in_order(of, box))
    fixed = data.draw(st.lists(st.sampled_from(box.blocks), unique=True, max_size=3))
    found = balance(box, scened(of, fixed))
    if found is not None:
        assert set(fixed) <= set(found.blocks)
        assert judged(found, of) == []
        assert sizes(found) == sizes(box)


@given(stacks())
def test_walls_are_cut_wherever_nothing_crosses(load):
    """Each wall is a span of the length of its own; joined again they are the same pieces."""
    of, box = load
    by = scened(of)
    walls = walls_of(box.blocks, by.piece_g, by.ranks)
    assert all(a.x1 <= b.x0 for a, b in pairwise(walls))
    spans = {x for p in pieces(box) for x in range(p[1] + 1, p[4])}
    planes = [x for x in range(41) if x not in spans]
    for a, b in pairwise(planes):
        inside = [w for w in walls if w.x0 < b and a < w.x1]
        assert len(inside) <= 1
    again = loaded(joined(b for w in walls for b in w.blocks), of)
    assert Counter(pieces(again)) == Counter(pieces(box))


def piled(*rows, **rules):
    """Cubes of 10 mm in rows along the length: (x, kg, unload order) each over the whole width."""
    items, blocks = [], []
    for n, (x, kg, order) in enumerate(rows):
        items.append(item(f"I{n}", "B", (10, 20, 10), mass_g=kg * 1000, unload_order=order))
        blocks.append(
            CargoBlock(item_id=f"I{n}", x_mm=x, y_mm=0, z_mm=0, dx_mm=10, dy_mm=20, dz_mm=10, nx=1, ny=1, nz=1)
        )
    of = replace(group([booking(may_split=True)], items, (KIND,)), rules=LoadRules(**rules))
    return of, loaded(blocks, of)


@pytest.mark.parametrize(
    ("rows", "rules", "places"),
    [
        pytest.param([(0, 1, 0)], {"cog_length_pct": 5}, [13], id="moved, no further than need be"),
        pytest.param(
            [(0, 9, 0), (10, 1, 0), (20, 1, 0), (30, 9, 0)], {"cog_length_pct": 5}, [0, 10, 20, 30], id="even"
        ),
        pytest.param([(0, 9, 0), (10, 9, 0), (20, 1, 0), (30, 1, 0)], {"cog_length_pct": 1}, None, id="walls swapped"),
        pytest.param([(0, 9, 4), (10, 9, 3), (20, 1, 2), (30, 1, 1)], {"cog_length_pct": 15}, "no", id="not by order"),
        pytest.param([(0, 9, 2), (10, 5, 2), (20, 1, 1), (30, 1, 1)], {"cog_length_pct": 20}, None, id="within a rank"),
        pytest.param([(0, 9, 2), (10, 5, 2), (20, 1, 1), (30, 1, 1)], {"cog_length_pct": 15}, "no", id="not enough so"),
    ],
)
def test_small_loads(rows, rules, places):
    """What is done is what is needed."""
    of, box = piled(*rows, **rules)
    found = balance(box, scened(of))
    if places == "no":
        assert found is None
    else:
        assert judged(found, of) == []
        if places is not None:
            assert [b.x_mm for b in found.blocks] == places


def test_many_walls_are_searched_the_same_way_again():
    """Forty walls, the heavy ones first: found by local search, and twice the same."""
    items = [item(f"I{n}", "B", (1, 20, 10), mass_g=1000 + 100 * (n < 20) * n**2) for n in range(40)]
    blocks = [
        CargoBlock(item_id=f"I{n}", x_mm=n, y_mm=0, z_mm=0, dx_mm=1, dy_mm=20, dz_mm=10, nx=1, ny=1, nz=1)
        for n in range(40)
    ]
    of = replace(group([booking()], items, (KIND,)), rules=LoadRules(cog_length_pct=1, half_pct=52))
    box = loaded(blocks, of)
    found = balance(box, scened(of), seed=1)
    assert judged(found, of) == []
    assert found == balance(box, scened(of), seed=1)


def test_strips_of_one_wall_are_mirrored_each_in_its_place():
    """Two strips as long as the container, heavy at the same end: one of them is turned round."""
    items, blocks = [], []
    for n, (x, y, kg) in enumerate([(0, 0, 9), (15, 0, 1), (0, 10, 9), (25, 10, 1)]):
        long = {0: 15, 1: 25, 2: 25, 3: 15}[n]
        items.append(item(f"I{n}", "B", (long, 10, 10), mass_g=kg * 1000))
        blocks.append(
            CargoBlock(item_id=f"I{n}", x_mm=x, y_mm=y, z_mm=0, dx_mm=long, dy_mm=10, dz_mm=10, nx=1, ny=1, nz=1)
        )
    of = replace(group([booking()], items, (KIND,)), rules=LoadRules(cog_length_pct=7))
    box = loaded(blocks, of)
    assert len(walls_of(blocks, scened(of).piece_g, scened(of).ranks)) == 1
    found = balance(box, scened(of))
    assert judged(found, of) == []
    assert sizes(found) == sizes(box)


def test_strips_of_one_wall_change_places():
    """Three strips across, the heavy ones at one side: mirrored in their places they stay there, so they change."""
    items = [
        item(f"I{n}", "B", (40, wide, 10), mass_g=kg * 1000) for n, (wide, kg) in enumerate([(4, 9), (6, 1), (10, 4)])
    ]
    blocks = [
        CargoBlock(item_id=i.item_id, x_mm=0, y_mm=y, z_mm=0, dx_mm=40, dy_mm=i.width_mm, dz_mm=10, nx=1, ny=1, nz=1)
        for i, y in zip(items, (0, 4, 10), strict=True)
    ]
    of = replace(group([booking()], items, (KIND,)), rules=LoadRules(cog_width_pct=10))
    found = balance(loaded(blocks, of), scened(of))
    assert judged(found, of) == []
    assert sorted(b.y_mm for b in found.blocks) != [0, 4, 10]


def test_no_further_row_is_tried_once_the_time_is_over():
    """Of rows of walls one a look at the clock is tried, and none with gaps."""
    of, box = piled(*((10 * n, 1 + n, 0) for n in range(9)))
    walls = walls_of(box.blocks, {i.item_id: i.piece_g for i in of.items}, {i.item_id: 0 for i in of.items})
    looks = iter([False, False, False])
    line = Line(
        from_mm=0, inside_mm=90, mass_g=45_000, moment=0, closed_end_g=0.0, cog_pct=0, half_pct=50,
        is_over=lambda: next(looks, True),
    )  # fmt: skip
    assert in_balance(walls, line, 0) is None
    assert next(looks, True)


def test_what_is_mirrored_is_not_bettered_once_the_time_is_over():
    """Many parts are mirrored greedily, the first choice is what comes out."""
    draw = Random(0)
    leans = [draw.randint(1, 1000) for _ in range(15)]

    def off(chosen):
        return abs(1 + sum(-lean if turned else lean for lean, turned in zip(leans, chosen, strict=True)))

    assert off(mirrored(leans, 1, lambda: True)) > off(mirrored(leans, 1))
