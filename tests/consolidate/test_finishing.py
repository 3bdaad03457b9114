"""Finishing a container: balance first, by taking pieces off where nothing else helps; then remarks on gaps."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landport.consolidate import lightening
from landport.consolidate.balance import balance, scene
from landport.consolidate.finishing import finish
from landport.consolidate.scale import weigh
from landport.model.loads import LoadRules
from landport.model.plans import CargoBlock
from tests.consolidate.cargo import booking, group, item, pieces
from tests.consolidate.judge import judged
from tests.consolidate.stacks import KIND, is_in_order, loaded, stacks
from tests.consolidate.test_balance import piled

STRICT = LoadRules(cog_length_pct=2, cog_width_pct=2, half_pct=55)


def finished(of, box, **given):
    return finish(box, KIND, of.items, of.bookings, of.rules, **given)


def counted(box, left):
    found = Counter(p[0] for p in pieces(box))
    for one in left:
        found[one.item_id] += one.count
    return found


def slope():
    """Rows that may not change place, the heavier the nearer to the closed end."""
    return piled((0, 9, 4), (10, 2, 3), (20, 2, 2), (30, 2, 1), cog_length_pct=5)


@given(stacks(rules=st.just(STRICT), orders=(0, 1, 2), releases=(True, False), splits=(True, False)))
@settings(max_examples=150)
def test_what_is_finished_is_in_balance(load):
    """The judge finds nothing, every piece is in or left, whole bookings wholly, and the rest is not empty for long."""
    of, box = load
    assume(is_in_order(of, box))
    found, left = finished(of, box)
    assert judged(found, of) == []
    assert counted(found, left) == counted(box, ())
    whole = {b.booking_id for b in of.bookings if not b.may_split}
    assert not {one.booking_id for one in left} & whole & set(found.booking_ids)
    assert all((one.state, one.code) == ("waiting", "unbalanced") and "allowed" in one.why for one in left)


@given(stacks(rules=st.just(LoadRules()), orders=(0, 1)))
def test_without_rules_of_balance_nothing_moves(load):
    """But gaps are remarked."""
    of, box = load
    found, left = finished(of, box)
    assert (found.blocks, left) == (box.blocks, ())
    assert finished(replace(of, rules=LoadRules(void_mm=0)), box)[0].remarks
    again, _ = finished(of, replace(found, remarks=(*found.remarks, *found.remarks)))
    assert again.remarks == found.remarks


@given(stacks(rules=st.just(STRICT), splits=(True, False)), st.data())
def test_what_was_there_is_never_taken_off(load, data):
    """Whatever it weighs; everything else may have to go."""
    of, box = load
    fixed = data.draw(st.lists(st.sampled_from(box.blocks), unique=True, max_size=2))
    found, left = finished(of, box, fixed=fixed)
    assert set(fixed) <= set(found.blocks)
    assert counted(found, left) == counted(box, ())


@given(stacks(rules=st.just(LoadRules(cog_length_pct=5)), orders=(0, 1, 2), most_rows=2))
def test_with_half_the_length_free_nothing_is_taken_off(load):
    """There is always a shift that brings the centre of gravity to the middle."""
    of, box = load
    assume(is_in_order(of, box))
    ends = [x for b in box.blocks for x in (b.x_mm, b.x_mm + b.nx * b.dx_mm)]
    assume(max(ends) - min(ends) <= 20)
    assert finished(of, box)[1] == ()


@given(stacks(rules=st.just(STRICT), splits=(True, False)))
@settings(max_examples=60)
def test_nothing_is_taken_off_that_can_stay(load):
    """What was taken off last of all cannot be put back as it was: the load with it has no balance."""
    of, box = load
    _, left = finished(of, box)
    if len(left) == 1 and left[0].count == 1:
        assert finished(of, box)[1] == left
        assert balance(box, scene(KIND, of.items, of.bookings, of.rules)) is None


def test_as_little_as_needed_is_taken():
    """Rows that may not change place, heavy ones at the closed end: what is farthest out goes, and no more."""
    of, box = slope()
    found, left = finished(of, box)
    assert [(one.item_id, one.count) for one in left] == [("I0", 1)]
    assert "towards the closed end; 5 % are allowed" in left[0].why
    assert judged(found, of) == []


@pytest.mark.parametrize(("may_split", "taken"), [(True, {"I1": 1}), (False, {"I1": 2, "I2": 2})])
def test_what_carries_others_stays_unless_its_booking_must_go(may_split, taken):
    """Of a stack the top piece goes; a whole booking goes with all of its pieces, wherever they stand."""
    rows = [("I0", "A", 0, 0, 1, 1000, 4), ("I1", "B", 0, 5, 2, 9000, 4), ("I2", "B", 30, 0, 2, 1000, 1)]
    rows += [("I3", "A", 10, 0, 1, 100, 3), ("I4", "A", 20, 0, 1, 100, 2)]
    items, blocks = [], []
    for name, owner, x, z, count, grams, order in rows:
        items.append(item(name, owner, (10, 20, 5), count, mass_g=grams, unload_order=order))
        blocks.append(
            CargoBlock(item_id=name, x_mm=x, y_mm=0, z_mm=z, dx_mm=10, dy_mm=20, dz_mm=5, nx=1, ny=1, nz=count)
        )
    bookings = [booking("A", may_split=True), booking("B", may_split=may_split)]
    of = replace(group(bookings, items, (KIND,)), rules=LoadRules(half_pct=84))
    found, left = finished(of, loaded(blocks, of))
    assert {one.item_id: one.count for one in left} == taken
    assert judged(found, of) == []


@given(stacks(rules=st.just(STRICT), orders=(0, 1, 2), releases=(True, False), splits=(True, False)))
def test_what_is_finished_once_the_time_is_over_is_in_balance_too(load):
    """Perhaps more of it is left."""
    of, box = load
    assume(is_in_order(of, box))
    found, left = finished(of, box, is_over=lambda: True)
    assert judged(found, of) == []
    assert counted(found, left) == counted(box, ())


def test_no_more_than_needed_is_taken_off_once_the_time_is_over(monkeypatch):
    """The rest is kept as it stands, and no way to move it is looked for."""
    of, box = slope()
    monkeypatch.setattr(lightening, "balance", None)
    found, left = finished(of, box, is_over=lambda: True)
    assert [(one.item_id, one.count) for one in left] == [("I0", 1), ("I3", 1)]
    assert judged(found, of) == []


def test_nothing_is_put_back_once_the_time_is_over(monkeypatch):
    """Of what was taken off in time."""
    tried = []
    monkeypatch.setattr(lightening._Load, "restore", lambda load, unit: tried.append(unit))
    of, box = slope()
    finished(of, box)
    assert tried
    tried.clear()
    looks = iter([False, False, False])
    finished(of, box, is_over=lambda: next(looks, True))
    assert not tried


@given(stacks(rules=st.just(STRICT), splits=(True, False)))
@settings(max_examples=60)
def test_what_pieces_are_worth_follows_what_is_taken(load):
    """What is worked out anew for what has changed is what is worked out anew for all."""
    of, box = load
    whole = {b.booking_id for b in of.bookings if not b.may_split}
    owners = {i.item_id: i.booking_id for i in of.items}
    load = lightening._Load(box, scene(KIND, of.items, of.bookings, of.rules), owners, whole)
    while load.take():
        load._value()
        known = [load._may_go.tolist(), (load._worths * load._may_go).tolist(), load._scales]
        fresh = weigh(load._blocks(), load.by.piece_g, KIND)
        load._stale |= set(range(len(load._may_go)))
        load._value()
        assert [load._may_go.tolist(), (load._worths * load._may_go).tolist(), load._scales] == known
        assert load._scales[0] == fresh.mass_g
        assert [m / (2 * max(1, fresh.mass_g)) for m in load._scales[1:]] == [
            float(at) if fresh.mass_g else 0 for at in fresh.cog_mm[:2]
        ]
        assert load._closed_end_g() == pytest.approx(float(fresh.closed_end_g))
