"""Quotas of orders: the auditor counts passages and charges on its own, and comes to what planners come to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport import audit
from landport.audit.case import Case
from landport.audit.orders import handed_over
from landport.model.bookings import RestrictionOrder
from landport.units import railway_day
from tests.broken.week import START, itinerary, priced, pricing, tiny

PLACES = st.sampled_from(["URC", "HRG", "ALT", "ALM", "AST", "KRL"])
MINUTES = st.integers(2_500, 8_500)


@st.composite
def quotas(draw: st.DrawFn) -> RestrictionOrder:
    """Any quota where the tiny week's boxes go."""
    from_at = draw(MINUTES)
    return replace(
        tiny()[1].orders[2],
        order_id="O4",
        place_id=draw(PLACES),
        towards_id=draw(st.just("") | PLACES),
        from_at=draw(st.sampled_from([0, from_at])),
        until_at=from_at + draw(st.integers(1, 5_000)),
        hs_prefixes=draw(st.sampled_from([(), ("08",), ("0806", "39"), ("9",)])),
        container_types=draw(st.sampled_from([(), (), ("20GP",), ("40HC", "20GP")])),
        max_teu_per_day=draw(st.integers(0, 6)),
        usd_cents_per_teu=draw(st.integers(0, 3)),
    )


@given(quotas())
@settings(max_examples=200, deadline=None)
def test_planner_and_auditor_count_alike(order: RestrictionOrder) -> None:
    """What the planners' tariff charges is what the auditor recounts; more than the quota is found, nothing else."""
    bare, week, world = tiny()
    week = replace(week, orders=(*week.orders, order))
    plan = priced(bare, week, world)
    rates, taken = pricing(week, world), {}
    for box in plan.containers:
        rides = sorted((r for r in plan.rides if r.subject_id == box.container_id), key=lambda r: r.seq)
        for named, minute in rates.handed_over(box, itinerary(rides)) if rides else ():
            if named == order:
                day = railway_day(minute, START)
                taken[day] = taken.get(day, 0) + world.container_types[box.container_type].teu
    days = sorted(day for day, teu in taken.items() if teu > (order.max_teu_per_day or 0))
    found = audit.check(plan, week, world)
    assert {v.code for v in found} <= {"ORDER_QUOTA"}
    assert len(found) == len(days)
    assert all(str(day) in v.message and "order 19 of KTZ" in v.message for day, v in zip(days, found, strict=True))


@pytest.mark.parametrize("change", ["missing", "twice", "dearer", "stray"])
def test_a_wrong_charge_is_found(change: str) -> None:
    """Left out, stated twice, at another price, or for a box that does not pass."""
    plan, week, world = tiny()
    mine = next(c for c in plan.charges if c.kind == "quota")
    others = tuple(c for c in plan.charges if c is not mine)
    wrong = {
        "missing": others,
        "twice": (*plan.charges, mine),
        "dearer": (*others, replace(mine, usd_cents=mine.usd_cents + 1)),
        "stray": (*plan.charges, replace(mine, subject_id="C00006")),
    }[change]
    assert "CHARGE_QUOTA" in {v.code for v in audit.check(replace(plan, charges=wrong), week, world)}


def test_rides_that_do_not_exist_are_no_passages() -> None:
    """A ride on legs that there are not counts nothing and raises nothing."""
    plan, week, world = tiny()
    rides = tuple(replace(r, last_leg=99) if r.subject_id == "C00002" else r for r in plan.rides)
    case = Case(replace(plan, rides=rides), week, world)
    counted = {box.container_id: len(handed_over(case, week.orders[2], box)) for box in plan.containers}
    assert counted == {"C00001": 1, "C00002": 0, "C00003": 1, "C00004": 1, "C00005": 0, "C00006": 0}
