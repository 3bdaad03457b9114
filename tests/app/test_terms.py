"""Containers that have no way: what would open one is named, and does; what would not is not promised."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from landport import audit
from landport.app import planning
from landport.model.bookings import RestrictionOrder
from landport.reference import load
from tests.broken.week import booking, scenario


@cache
def planned(*bookings, orders=(), departures=None):
    """Plan the tiny week with other bookings; the plan breaks no rule."""
    world = load.world()
    plain = scenario(world)
    notes = plain.departures if departures is None else departures
    week = replace(plain, bookings=bookings, items=(), orders=orders, departures=notes, supply=())
    plan = planning.plan_week(week, world, planning.Order())
    assert audit.check(plan, week, world) == ()
    return plan


def kinds(plan) -> set[tuple[str, ...]]:
    """The bars of each remedy, trains that must run left out: freight enough is another matter."""
    return {tuple(b.kind for b in r.bars if b.kind != "run") for r in plan.remedies}


def ban(**changes) -> RestrictionOrder:
    """An order that lets nothing into Almaty, changed as said."""
    plain = RestrictionOrder(
        order_id="O1", number="17", issuer="KTZ", place_id="ALM", towards_id="", from_at=0, until_at=90_000,
        hs_prefixes=("0806",), un_classes=(), container_types=(), max_trains_per_day=None, text="no grapes",
    )  # fmt: skip
    return replace(plain, **changes)


def hurried():
    """A box that must be in Almaty before most ways but the direct ones could bring it there."""
    late = load.world().rules.milli("max_late_days") * 1440 // 1000
    return booking("B1", due_at=5_500 - late)


def test_an_order_that_bars_it_is_to_be_lifted():
    """With the order gone the container has a way; the remedy names it, and nothing else of it."""
    barred = planned(hurried(), orders=(ban(),))
    assert [left.code for left in barred.left] == ["order"]
    assert {b.order_id for r in barred.remedies for b in r.bars if b.kind == "order"} == {"O1"}
    assert ("order",) in kinds(barred)
    assert planned(hurried()).left == ()


def test_two_orders_that_bar_it_are_lifted_together():
    """Each alone would not do."""
    both = (ban(), ban(order_id="O2", number="18"))
    plan = planned(hurried(), orders=both)
    assert {tuple(b.order_id for b in r.bars if b.kind == "order") for r in plan.remedies} == {("O1", "O2")}


def test_what_is_too_heavy_has_cargo_taken_out():
    """A 40HC of 28 t: so much less, or nothing; never a position."""
    plan = planned(booking("B1", declared_kg=28_000))
    assert [left.code for left in plan.left] == ["overweight"]
    assert plan.remedies
    for remedy in plan.remedies:
        named = [b for b in remedy.bars if b.kind in ("cargo", "container_type")]
        assert named
        if named[0].kind == "cargo":
            assert named[0].taken == 28_000 == named[0].limit + named[0].lacks
            lighter = planned(booking("B1", declared_kg=named[0].limit))
            assert [left.code for left in lighter.left] in ([], ["cancelled"])


def test_what_needs_a_temperature_goes_in_a_reefer():
    """A dry box keeps none: book a reefer, and only that."""
    cold = booking("B1", temperature_min_c=2, temperature_max_c=8)
    plan = planned(cold)
    assert [left.code for left in plan.left] == ["equipment"]
    types = {b.other_id for r in plan.remedies for b in r.bars if b.kind == "container_type"}
    assert types
    assert all(load.world().container_types[t].equipment == "reefer" for t in types)
    for container_type in types:
        assert [x.code for x in planned(replace(cold, container_type=container_type)).left] in ([], ["cancelled"])


def test_what_comes_hopelessly_late_is_due_later():
    """Due long before it can be there: by so many hours, and then it has a way."""
    plan = planned(booking("B1", due_at=-30 * 1440))
    assert [left.code for left in plan.left] == ["too-late"]
    hours = min(b.lacks for r in plan.remedies for b in r.bars if b.kind == "due")
    assert hours > 24
    later = planned(booking("B1", due_at=-30 * 1440 + 60 * hours))
    assert "too-late" not in {left.code for left in later.left}


@pytest.mark.parametrize("changes", [{"destination_id": "URC"}])
def test_what_nobody_can_grant_is_not_promised(changes):
    """It is there already: nothing frees it, and nothing is said to."""
    plan = planned(booking("B1", **changes))
    assert len(plan.left) == 1
    assert plan.remedies == ()
