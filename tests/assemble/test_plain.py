"""The engine of the plain assembly format: tiny cases by hand, and what holds for any case."""

from dataclasses import replace

import numpy as np
import pytest

from bench.trains.generate import generate
from landport.assemble.plain import GAP, plan
from landport.model.plain_assembly import MICROS, PlainBooking, PlainCase, PlainPlan, PlainRules, PlainService
from landport.model.result import Limit, Result

RULES = PlainRules(
    min_change_h=6,
    max_legs=3,
    max_late_h=24,
    late_micros_per_h=10 * MICROS,
    hold_micros_per_h=MICROS,
    reject_micros=1000 * MICROS,
    reject_per_priority_millionths=MICROS // 2,
)


def train(service_id, to_id, departs_h, arrives_h, *, positions=10, least=2, fixed=500, price=10):
    return PlainService(
        service_id=service_id,
        from_id="HUB",
        to_id=to_id,
        departs_h=departs_h,
        arrives_h=arrives_h,
        positions=positions,
        min_containers=least,
        fixed_micros=fixed * MICROS,
        position_micros=price * MICROS,
    )


def bought(service_id, from_id, to_id, departs_h, arrives_h, *, positions=10, price=10):
    made = train(service_id, to_id, departs_h, arrives_h, positions=positions, least=0, fixed=0, price=price)
    return replace(made, from_id=from_id)


def booking(booking_id, to_id="CITY", *, ready_h=0, due_h=100, priority=1, containers=1):
    return PlainBooking(
        booking_id=booking_id,
        from_id="HUB",
        to_id=to_id,
        ready_h=ready_h,
        due_h=due_h,
        priority=priority,
        containers=containers,
    )


def case_of(services, bookings):
    return PlainCase(services=tuple(services), bookings=tuple(bookings), rules=RULES)


def solved(case, **limit) -> Result[PlainPlan]:
    return plan(case, limit=Limit(**limit))


def test_one_train_runs_for_two_containers():
    """Two ride for 500 + 2 x (10 + 20 hours held), proved to the micro."""
    result = solved(case_of([train("T1", "CITY", 5, 20)], [booking("B1", containers=2)]))
    assert (result.cost, result.bound, result.stopped) == (560 * MICROS, 560 * MICROS, "optimal")
    assert result.plan.run == ("T1",)
    assert [(s.booking_id, s.containers, s.service_ids) for s in result.plan.ship] == [("B1", 2, ("T1",))]


def test_a_train_below_its_least_load_is_cancelled():
    """One container alone does not make a train; it stays for 1,500, and the reason names the train."""
    result = solved(case_of([train("T1", "CITY", 5, 20)], [booking("B1")]))
    assert (result.cost, result.stopped) == (1500 * MICROS, "optimal")
    assert result.plan.run == ()
    assert [(left.booking_id, left.containers) for left in result.plan.left] == [("B1", 1)]
    assert "T1" in result.plan.left[0].why
    assert "cancelled" in result.plan.left[0].why


def test_a_change_needs_its_hours_and_legs_are_limited():
    """Of three onward services the one that leaves 5 hours after arrival is missed, the next is taken."""
    services = [
        train("T1", "GATE", 5, 20, least=1),
        bought("S1", "GATE", "CITY", 25, 30, price=1),
        bought("S2", "GATE", "CITY", 26, 31, price=2),
        bought("S3", "GATE", "CITY", 40, 45, price=2),
    ]
    result = solved(case_of(services, [booking("B1")]))
    assert [s.service_ids for s in result.plan.ship] == [("T1", "S2")]
    assert result.cost == (500 + 10 + 2 + 31) * MICROS
    rules = replace(RULES, max_legs=1)
    short = solved(replace(case_of(services, [booking("B1")]), rules=rules))
    assert short.plan.ship == ()
    assert "no services lead" in short.plan.left[0].why


def test_later_hours_cost_by_priority():
    """The urgent container takes the only early position, the other is 20 hours late at 10 an hour."""
    services = [bought("S1", "HUB", "CITY", 0, 10, positions=1), bought("S2", "HUB", "CITY", 20, 30)]
    result = solved(case_of(services, [booking("B1", due_h=10), booking("B2", due_h=10, priority=3)]))
    assert {s.booking_id: s.service_ids for s in result.plan.ship} == {"B1": ("S2",), "B2": ("S1",)}
    assert result.cost == (10 + 10 * 3 + 10 + 200 + 30) * MICROS


def test_leaving_can_be_cheaper_than_any_way():
    """A position that costs more than leaving is not bought, and the reason gives both prices."""
    result = solved(case_of([bought("S1", "HUB", "CITY", 0, 10, price=5000)], [booking("B1")]))
    assert result.cost == 1500 * MICROS
    assert "5,010.00" in result.plan.left[0].why


def test_too_many_containers_are_left_with_the_full_service_named():
    """A week that is over-booked gives a plan with refusals."""
    result = solved(case_of([bought("S1", "HUB", "CITY", 0, 10, positions=3)], [booking("B1", containers=5)]))
    assert [(s.containers, s.service_ids) for s in result.plan.ship] == [(3, ("S1",))]
    assert [(left.containers, "S1 is full" in left.why) for left in result.plan.left] == [(2, True)]


@pytest.mark.parametrize(
    ("services", "bookings"),
    [([], []), ([], [booking("B1")]), ([train("T1", "CITY", 5, 20)], []), ([train("T1", "X", 5, 20)], [booking("B1")])],
)
def test_cases_with_nothing_to_decide(services, bookings):
    """Nothing to run, nothing to carry or nowhere to go is a plan, not an error."""
    result = solved(case_of(services, bookings))
    assert result.stopped == "optimal"
    assert result.cost == result.bound == 1500 * MICROS * len(bookings)


@pytest.mark.parametrize("seed", range(3))
def test_a_small_week_is_proved_and_the_same_every_time(seed):
    """The bound stands within the gap below the cost, and a second run gives the same plan."""
    case = generate(240, seed)
    result = solved(case)
    assert result.bound <= result.cost <= result.bound * (1 + 2 * GAP)
    assert result == solved(case)


def test_one_more_train_or_a_longer_promise_never_costs_more():
    """Up to the proved gap."""
    case = generate(200, 5)
    cost = solved(case).cost
    more = replace(case, services=(*case.services, replace(case.services[0], service_id="T9999", departs_h=30)))
    longer = replace(case, rules=replace(case.rules, max_late_h=200))
    assert solved(more).bound <= cost
    assert solved(longer).bound <= cost


def test_no_seconds_still_give_a_plan():
    """With the time over before it began everybody is left; the plan stands and the bound holds."""
    clock = iter(np.arange(0.0, 1e6, 0.5))
    result = solved(generate(240, 1), seconds=0.1, stopwatch=lambda: float(next(clock)))
    assert result.stopped == "time"
    assert 0 <= result.bound <= result.cost
    shipped = sum(s.containers for s in result.plan.ship)
    assert shipped + sum(left.containers for left in result.plan.left) == 240
