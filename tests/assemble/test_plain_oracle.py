"""The plain assembly engine against trying everything, and against itself on cases that must cost more or less."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest

from bench.trains.generate import generate
from landport import audit
from landport.assemble import plain
from landport.model.plain_assembly import PlainCase, PlainPlan
from landport.model.result import Limit, Result
from tests.assemble.every_plan import least_cost
from tests.plain_cases import SMALL_COST, drawn, small, small_plan, with_rules

EFFORT = 1
DRAWN = 120
"""Cases that are compared with trying everything."""


def planned(case: PlainCase, effort: int = EFFORT, seed: int = 0) -> Result[PlainPlan]:
    """Plan a case; no plan leaves here that the auditor does not pass."""
    found = plain.plan(case, limit=Limit(effort=effort), seed=seed)
    assert audit.check_plain(found.plan, case, cost_micros=found.cost, bound_micros=found.bound) == ()
    return found


def test_the_small_case_is_solved():
    """Cost, trains and ways as reckoned by hand."""
    found = planned(small())
    assert (found.cost, found.bound, found.stopped) == (SMALL_COST, SMALL_COST, "optimal")
    assert (found.plan.run, set(found.plan.ship)) == (small_plan().run, set(small_plan().ship))
    assert [(x.booking_id, x.containers) for x in found.plan.left] == [("B3", 2)]
    assert least_cost(small()) == SMALL_COST


@pytest.mark.parametrize("tens", range(DRAWN // 10))
def test_no_plan_is_better(tens):
    """Every set of trains and every way of every container was tried: the cost is the least there is, to the micro."""
    for seed in range(10 * tens, 10 * tens + 10):
        case = drawn(seed)
        found, best = planned(case), least_cost(case)
        assert found.bound <= best, seed
        assert found.cost == best, seed


def test_drawn_cases_have_something_to_choose():
    """Trains run and are cancelled, minimum loads bind, containers change trains and stay behind."""
    run = cancelled = changed = left = full = 0
    for seed in range(DRAWN):
        case = drawn(seed)
        plan = planned(case).plan
        aboard = {s.service_id: 0 for s in case.services}
        for shipped in plan.ship:
            changed += len(shipped.service_ids) > 1
            for service_id in shipped.service_ids:
                aboard[service_id] += shipped.containers
        run += len(plan.run)
        cancelled += sum(s.is_decided for s in case.services) - len(plan.run)
        left += len(plan.left)
        full += sum(aboard[s.service_id] == s.positions for s in case.services)
    assert min(run, cancelled, changed, left, full) >= DRAWN // 10, (run, cancelled, changed, left, full)


@cache
def middling(seed: int) -> PlainCase:
    """A case of the published generator, far too large to try everything."""
    return generate(400, seed)


@cache
def middling_plan(seed: int) -> Result[PlainPlan]:
    found = planned(middling(seed))
    assert len(found.plan.run) > 1, "otherwise nothing is compared"
    return found


def expect_no_dearer(easier: Result[PlainPlan], harder: Result[PlainPlan]) -> None:
    """Where a plan of one case is a plan of the other, it cannot cost more, but for what the gap leaves open."""
    assert easier.bound <= harder.cost
    assert easier.cost <= harder.cost + (easier.cost - easier.bound)
    if easier.stopped == "optimal":
        assert easier.cost <= harder.cost


@pytest.mark.parametrize("seed", range(4))
def test_one_train_more_costs_no_more(seed):
    """It may be cancelled, so every plan without it still is one; nor does a service that is bought."""
    case, draw = middling(seed), random.Random(seed)
    for twin in draw.sample(case.services, 3):
        more = replace(twin, service_id="more", fixed_micros=twin.fixed_micros // 2)
        wider = replace(case, services=(*case.services, more))
        expect_no_dearer(planned(wider), middling_plan(seed))


@pytest.mark.parametrize("seed", range(4))
def test_looser_rules_cost_no_more(seed):
    """More lateness, a quicker change, one more leg: what was a plan still is one."""
    rules = middling(seed).rules
    for changes in (
        {"max_late_h": rules.max_late_h + 48},
        {"min_change_h": rules.min_change_h - 3},
        {"max_legs": rules.max_legs + 1},
        {"late_micros_per_h": rules.late_micros_per_h // 2},
    ):
        expect_no_dearer(planned(with_rules(middling(seed), **changes)), middling_plan(seed))


@pytest.mark.parametrize("seed", range(3))
def test_a_container_less_costs_no_more(seed):
    """It is left out of the plan with it, unless a train then lacks its minimum: so none of those has one."""
    case = middling(seed)
    case = replace(case, services=tuple(replace(s, min_containers=0) for s in case.services))
    fewer = replace(case, bookings=case.bookings[1:])
    expect_no_dearer(planned(fewer), planned(case))


@pytest.mark.parametrize("factor", [2, 1000, 10**6])
def test_money_in_another_unit_changes_nothing(factor):
    """All prices times a number: the best cost is times that number, too."""
    for seed in range(30):
        case = drawn(seed)
        services = tuple(
            replace(s, fixed_micros=factor * s.fixed_micros, position_micros=factor * s.position_micros)
            for s in case.services
        )
        rules = case.rules
        money = {
            "late_micros_per_h": factor * rules.late_micros_per_h,
            "hold_micros_per_h": factor * rules.hold_micros_per_h,
            "reject_micros": factor * rules.reject_micros,
        }
        scaled = planned(with_rules(replace(case, services=services), **money))
        rounding = sum(b.containers for b in case.bookings) * factor  # of the price of leaving one
        assert abs(scaled.cost - factor * planned(case).cost) <= rounding, seed


def test_the_order_of_rows_does_not_matter():
    """Services and bookings may stand in any order: the best cost is the same."""
    for seed in range(20):
        case, draw = drawn(seed), random.Random(seed)
        services, bookings = list(case.services), list(case.bookings)
        draw.shuffle(services)
        draw.shuffle(bookings)
        shuffled = replace(case, services=tuple(services), bookings=tuple(bookings))
        assert planned(shuffled).cost == planned(case).cost, seed


def test_hours_may_be_moved():
    """All hours by the same number, before 0 too: the same cost."""
    for seed in range(20):
        case = drawn(seed)
        services = tuple(replace(s, departs_h=s.departs_h - 1000, arrives_h=s.arrives_h - 1000) for s in case.services)
        bookings = tuple(replace(b, ready_h=b.ready_h - 1000, due_h=b.due_h - 1000) for b in case.bookings)
        assert planned(replace(case, services=services, bookings=bookings)).cost == planned(case).cost, seed


def test_same_effort_and_seed_same_plan():
    """Without seconds nothing depends on the machine."""
    case = middling(0)
    assert plain.plan(case, limit=Limit(effort=1), seed=5) == plain.plan(case, limit=Limit(effort=1), seed=5)


def test_over_booked_nights_leave_what_finds_no_room():
    """No services, no positions, no bookings, far too many containers: a plan with reasons, never an exception."""
    case = small()
    nothing = planned(replace(case, services=()))
    assert (nothing.plan.run, nothing.plan.ship, nothing.stopped) == ((), (), "optimal")
    assert sum(x.containers for x in nothing.plan.left) == 6
    assert planned(replace(case, bookings=())).cost == planned(replace(case, bookings=(), services=())).cost == 0
    full = planned(replace(case, services=tuple(replace(s, positions=0) for s in case.services)))
    assert (full.plan.ship, full.cost) == ((), nothing.cost)
    crowd = planned(replace(case, bookings=tuple(replace(b, containers=500) for b in case.bookings)))
    assert sum(x.containers for x in crowd.plan.left) >= 1500 - sum(s.positions for s in case.services)
    assert all(x.why for found in (nothing, full, crowd) for x in found.plan.left)
