"""Pieces that hang over: every rule holds at any share, and slow twins look at what is under each piece."""

from dataclasses import replace
from fractions import Fraction
from itertools import count, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.consolidate import _kernel_hang as kernel
from landport.consolidate import _kernel_rank as ranking
from landport.consolidate import _kernel_spaces as spaces
from landport.consolidate import plan
from landport.consolidate._kernel_blocks import MIXED, NONE, STRONG
from landport.model.loads import LoadRules
from landport.model.result import Limit
from tests.consolidate.cargo import booking, group, item, kind, overlap
from tests.consolidate.cargo import pieces as each_piece
from tests.consolidate.tables import begun, cells, empty_spaces, made, put, put_into, standing
from tests.consolidate.test_blocks import pieces
from tests.consolidate.test_spaces import maximal
from tests.consolidate.test_stow import broken, groups, loaded, lower_half

BOX = (6, 5, 4)
DRAW = st.integers(0, 59)
PLACES = st.lists(st.tuples(*[DRAW] * 7), max_size=6)
SIZES, COUNTS = [(2, 1, 1), (3, 2, 1), (2, 2, 2)], [4, 3, 3]
HUNG = {pct: made(SIZES, COUNTS, BOX, is_supported=True, hangs_pct=pct, most_blocks=80) for pct in (50, 70)}
CUBES = made([(1, 1, 1)], [120], BOX, is_supported=True, hangs_pct=70, most_blocks=20)
SHARE = st.integers(50, 95)


def test_nothing_is_put_below_what_hangs_over_and_would_have_to_bear_it():
    """Slats of one layer hung over a box by the height of one more slat, which was pushed under them."""
    bookings = [booking("B0"), booking("B1", due_at=1), booking("B2")]
    items = [
        item("I0", "B0", (3, 3, 3), 1, mass_g=1, max_layers=1, max_on_top_g=0),
        item("I1", "B0", (13, 13, 5), 3, mass_g=1, max_layers=2, max_on_top_g=3000),
        item("I2", "B1", (4, 8, 15), 5, mass_g=1, max_layers=1, max_on_top_g=3000, vertical="wh"),
        item("I3", "B1", (5, 10, 3), 5, mass_g=1, max_on_top_g=3000),
        item("I4", "B2", (3, 16, 5), 5, mass_g=1, max_layers=1, max_on_top_g=0, unload_order=1),
    ]
    of = replace(group(bookings, items, payload_kg=8), lane_id="", n_boxes=1, rules=LoadRules(support_pct=50))
    looks = count()
    found = plan([of], limit=Limit(seconds=30, stopwatch=lambda: next(looks) / 2))
    assert broken(of, found.plan) == []


def overborne(box, items):
    """Slow twin: pieces that bear more than they may, every mass shared by the areas that it stands on."""
    placed = sorted(each_piece(box), key=lambda p: -p[3])
    borne = dict.fromkeys(range(len(placed)), Fraction(0))
    for n, p in enumerate(placed):
        below = {m: overlap(p, q) for m, q in enumerate(placed) if q[6] == p[3] and overlap(p, q)}
        for m, area in below.items():
            borne[m] += (items[p[0]].piece_g + borne[n]) * Fraction(area, sum(below.values()))
    return [placed[n] for n, load in borne.items() if load > items[placed[n][0]].max_on_top_g]


@given(groups(), SHARE)
@settings(max_examples=25)
def test_at_any_share_the_auditor_finds_nothing(of, pct):
    """Weights on top, layers, pallets, orders, customs and balance: with pieces that hang over, no rule is broken.

    Nor does a piece bear more than it may where all of a mass counts that lies on others with a part of its base.
    """
    of = replace(of, rules=replace(of.rules, support_pct=pct))
    result = loaded(of)
    assert broken(of, result.plan) == []
    items = {i.item_id: i for i in of.items}
    assert [overborne(box, items) for box in result.plan.boxes if overborne(box, items)] == []
    assert 0 <= result.bound <= result.cost


@given(groups(), SHARE, st.integers(1, 2))
@settings(max_examples=10)
def test_a_container_with_pieces_that_hang_over_goes_on_being_loaded(of, pct, effort):
    """The lower half of a load stands already: it stays, and what comes to it breaks no rule either."""
    rules = LoadRules(support_pct=pct)
    split = tuple(replace(b, may_split=True) for b in of.bookings)
    of = replace(of, rules=rules, bookings=split, n_boxes=1)
    boxes = loaded(of).plan.boxes
    if not boxes:
        return
    stood = lower_half(boxes[0], of)
    further = replace(of, stowed=(stood,))
    result = loaded(further, effort=effort)
    assert set(stood.blocks) <= set(result.plan.boxes[0].blocks)
    assert broken(further, result.plan) == []


def crossed(support_pct, **lower):
    """How many go in of two pieces that lie across each other: 7/8 of either may stand on the other."""
    lower_item = item("I0", "B", (10, 7, 5), 1, **lower)
    of = group([booking("B", may_split=True)], [lower_item, item("I1", "B", (9, 8, 5), 1)], (kind(inside=(10, 9, 10)),))
    of = replace(of, n_boxes=1, rules=LoadRules(support_pct=support_pct), lane_id="")
    result = loaded(of, effort=2)
    assert broken(of, result.plan) == []
    return sum(b.count for box in result.plan.boxes for b in box.blocks)


@pytest.mark.parametrize(("support_pct", "n"), [(100, 1), (91, 1), (90, 2), (75, 2), (50, 2), (1, 2), (0, 2)])
def test_what_may_hang_over_goes_in(support_pct, n):
    """Neither stands wholly on the other: nine tenths of one do."""
    assert crossed(support_pct) == n


@pytest.mark.parametrize(("bears_g", "n"), [(800, 1), (900, 1), (1_100, 2)])
def test_what_hangs_over_presses_with_all_its_mass(bears_g, n):
    """By 75 % of a base 1,000 g are borne: the piece below needs as much, not the part that lies over it."""
    sure = {"max_on_top_g": bears_g, "mass_g": 5_000}
    of = group(
        [booking("B", may_split=True)],
        [item("I0", "B", (6, 10, 5), 1, **sure), item("I1", "B", (8, 10, 5), 1, max_on_top_g=0)],
        (kind(inside=(8, 10, 10)),),
    )
    of = replace(of, n_boxes=1, rules=LoadRules(support_pct=75), lane_id="")
    plan = loaded(of, effort=2).plan
    assert broken(of, plan) == []
    assert sum(b.count for box in plan.boxes for b in box.blocks) == n


def under(places, at):
    """Slow twin: area of a place that stands on tops at its height, or on the floor."""
    wide = [[max(0, min(at[d + 3], p[d + 3]) - max(at[d], p[d])) for d in range(2)] for p in places if p[5] == at[2]]
    return (at[3] - at[0]) * (at[4] - at[1]) if at[2] == 0 else sum(a * b for a, b in wide)


def room_for(found, state, work, which):
    """A space, where blocks go in it, and from which corner; None: there is no top in it."""
    space = state.spaces[which % state.tally[spaces.N_SPACES]]
    corner = np.zeros(3, np.int64)
    ranking.anchors(found.stock, space, corner)
    if not kernel.settle(found.stock, state, space, corner, work):
        return None
    return space.tolist(), work.cut[0].copy(), corner


@given(PLACES, DRAW, st.sampled_from([50, 70]))
@settings(max_examples=100)
def test_under_every_bottom_piece_there_is_enough(draws, which, pct):
    """Blocks chosen for a space are those of which each piece at the bottom has its share; others hang over too far."""
    found = HUNG[pct]
    state, work = begun(found, COUNTS)
    put_into(found.stock, state, work, draws)
    if not state.tally[spaces.N_SPACES] or (taken := room_for(found, state, work, which)) is None:
        return
    _, room, corner = taken
    ranking.look_around(found.stock, state, room, 0.3, work)
    for b, size in enumerate(found.stock.sizes.tolist()):
        if any(side > room[d + 3] - room[d] for d, side in enumerate(size)):
            continue
        low = [int(room[d + 3] - size[d] if corner[d] else room[d]) for d in range(3)]
        bottom = [(np.add(at, [*low, *low]).tolist()) for _, at in pieces(found, b) if at[2] == 0]
        want = all(100 * under(standing(state), at) >= pct * (at[3] - at[0]) * (at[4] - at[1]) for at in bottom)
        assert kernel.is_borne(found.stock, b, low[0], low[1], work) == want
        if want and room[2] > 0:
            kernel.settle(found.stock, state, room.copy(), corner.copy(), work)
            assert (size[:2] <= work.at[:2]).all()


@given(PLACES, DRAW)
@settings(max_examples=100)
def test_blocks_go_where_a_top_is_closest_to_a_corner(draws, which):
    """The room starts at a top, no other top in the space is closer to a corner of it; on the floor it is all of it."""
    found = HUNG[70]
    state, work = begun(found, COUNTS)
    put_into(found.stock, state, work, draws)
    if not state.tally[spaces.N_SPACES]:
        return
    space = state.spaces[which % state.tally[spaces.N_SPACES]].tolist()
    tops = [p for p in standing(state) if p[5] == space[2] and under([p], space)]
    taken = room_for(found, state, work, which)
    assert (taken is None) == (space[2] > 0 and not tops)
    if taken is None:
        return
    _, room, corner = taken
    if space[2] == 0:
        assert room.tolist() == space
        return
    off = {
        sum(max(0, space[d + 3] - p[d + 3]) if far else max(0, p[d] - space[d]) for d, far in enumerate(fars))
        for p, fars in product(tops, product((0, 1), repeat=2))
    }
    gone = sum(space[d + 3] - room[d + 3] if corner[d] else room[d] - space[d] for d in range(2))
    assert gone == min(off)
    assert room[2:].tolist()[0] == space[2]


TOP = st.tuples(st.integers(1, 5), st.sampled_from([NONE, 0, 1]), st.integers(0, 3), st.integers(0, 1))


@given(st.lists(st.tuples(st.tuples(*[DRAW] * 7), TOP), max_size=6), st.tuples(*[DRAW] * 6))
@settings(max_examples=100)
def test_the_weakest_top_counts(draws, at):
    """What bears a place: of all tops that it stands on the least; a share of that, and nothing rigid, if it hangs."""
    found = HUNG[50]
    state, work = begun(found, COUNTS)
    for draw, top in draws:
        put_into(found.stock, state, work, [draw], tuple(100 * top[0] if k == 0 else v for k, v in enumerate(top)))
    low = [at[d] % BOX[d] for d in range(3)]
    place = np.array([*low, *(a + 1 + at[d + 3] % (BOX[d] - a) for d, a in enumerate(low))])
    kernel.ground_below(found.stock, state, place, work)
    ground = work.cut_grips[0].tolist()
    on = [n for n, p in enumerate(standing(state)) if place[2] > 0 and p[5] == place[2] and under([p], place)]
    tops = state.tops[on]
    hangs = under(standing(state), place) < (place[3] - place[0]) * (place[4] - place[1])
    least = tops[:, spaces.GROUND].min(initial=STRONG)
    assert ground[spaces.GROUND] == (least // 100 * 50 if hangs else least)
    assert ground[spaces.ON_RIGID] == (0 if hangs else tops[:, spaces.ON_RIGID].min(initial=1))
    assert ground[spaces.ON_LAYERS] == tops[:, spaces.ON_LAYERS].max(initial=0)
    names = set(tops[:, spaces.ON_KIND].tolist()) - {NONE}
    assert ground[spaces.ON_KIND] == (NONE if not names else names.pop() if len(names) == 1 else MIXED)


@given(PLACES, st.lists(st.integers(0, 2), min_size=6, max_size=6), st.integers(0, 2))
@settings(max_examples=60)
def test_spaces_of_a_phase_are_the_maximal_boxes_that_bar_nothing(draws, ranks, phase):
    """Neither cells behind and below what is unloaded later, nor cells before and above what is unloaded earlier."""
    found = CUBES
    state, work = begun(found, [120])
    put_into(found.stock, state, work, draws)
    places = standing(state)
    state.ranks[: len(places)] = ranks[: len(places)]
    state.tally[spaces.PHASE] = phase
    spaces.rebuild(found.stock, state, work)
    taken = cells(BOX, places)
    for rank, (x0, y0, z0, x1, y1, z1) in zip(ranks, places, strict=False):
        if rank < phase:
            taken[:x0, y0:y1, z0:z1] = taken[x0:x1, y0:y1, :z0] = True
        elif rank > phase:
            taken[x1:, y0:y1, z0:z1] = taken[x0:x1, y0:y1, z1:] = True
    assert set(empty_spaces(state)) == maximal(~taken)


def test_a_space_that_took_nothing_is_tried_again():
    """Once there is a top at its height under it."""
    found = HUNG[50]
    state, work = begun(found, COUNTS)
    put(found.stock, state, work, (0, 0, 0, 1, 1, 2))
    n = empty_spaces(state).index((0, 0, 2, 6, 5, 4))
    state.keys[n] = spaces.DEAD
    kernel.revive(found.stock, state, np.array([1, 0, 0, 4, 2, 1]))
    assert state.keys[n] == spaces.DEAD
    kernel.revive(found.stock, state, np.array([1, 0, 0, 4, 2, 2]))
    assert state.keys[n] == spaces.key_at(found.stock, state.spaces, n)
