"""Tonight's plan: every effort passes the audit, a limit is said, every line is priced, the same again is the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import count

import pytest

from landport import audit, report
from landport.app.planning import EFFORT, Order, plan_week
from landport.app.tonight import tonight
from landport.exchange.example import example
from landport.model import tariff
from landport.model.plans import SCHEMA, Plan
from landport.model.scenario import Scenario
from landport.reference import load

WORLD = load.world()
STAGES = ["timetable", "consolidate", "route", "assemble", "price"]


@pytest.fixture(scope="module")
def week() -> Scenario:
    """The example with freight for whole trains, many boxes of groupage brought by truck, and a box nobody takes."""
    made = example(WORLD)
    boxes, pieces, others = made.bookings
    assert (boxes.kind, pieces.kind, others.kind) == ("FCL", "LCL", "FCL")
    cold = replace(others, booking_id="B0004", container_type="20GP", temperature_min_c=2, temperature_max_c=25)
    bookings = (
        replace(boxes, n_containers=60),
        replace(pieces, may_split=True, origin_id="UMC", at_id="UMC"),
        others,
        cold,
    )
    return replace(made, bookings=bookings, items=tuple(replace(i, count=20 * i.count) for i in made.items))


@pytest.fixture(scope="module")
def plans(week: Scenario) -> dict[str, Plan]:
    """A plan of the week by effort."""
    return {effort: plan_week(week, WORLD, Order(effort=effort, seed=4, version="9.9")) for effort in EFFORT}


@pytest.mark.parametrize("effort", EFFORT)
def test_every_effort_passes_the_audit(effort: str, plans: dict[str, Plan], week: Scenario) -> None:
    """No rule is broken, trains run loaded, and the plan says how it was made."""
    plan = plans[effort]
    assert audit.check(plan, week, WORLD) == ()
    assert any(run.status == "run" for run in plan.runs)
    assert sum(len(w.container_ids) for w in plan.wagons) >= 40
    said = (plan.schema, plan.version, plan.name, plan.seed, plan.effort)
    assert said == (SCHEMA, "9.9", week.name, 4, effort)
    assert (plan.scenario_digest, plan.reference_digest) == (week.digest, WORLD.reference_digest)


@pytest.mark.parametrize("effort", EFFORT)
def test_every_stage_reports(effort: str, plans: dict[str, Plan]) -> None:
    """Name, unit, cost, bound, seed and its own effort; nothing stopped by time, because there was no limit."""
    stages = plans[effort].stages
    pack, decide = EFFORT[effort]
    assert [(s.name, s.unit, s.effort) for s in stages] == [
        ("consolidate", "containers", pack),
        ("route", "USD cents", 1),
        ("assemble", "USD cents", decide),
    ]
    assert all(0 < s.bound <= s.cost and s.seed == 4 for s in stages)
    assert {s.stopped for s in stages} <= {"optimal", "bound", "effort"}
    groupage = [box for box in plans[effort].containers if box.blocks]
    assert stages[0].cost == len(groupage) > 1


def test_the_same_again_is_the_same(plans: dict[str, Plan], week: Scenario) -> None:
    """Same week, effort and seed, same plan; stages are told in their order."""
    told: list[str] = []
    again = plan_week(week, WORLD, Order(effort="quick", seed=4, version="9.9"), told.append)
    assert again == plans["quick"]
    assert told == STAGES


# ---- limits ------------------------------------------------------------------------------------


def test_a_limit_that_is_over_is_said(plans: dict[str, Plan], week: Scenario) -> None:
    """When the seconds are used up each stage ends with what it has, says `time`, and the plan still holds."""
    assert [s.stopped for s in plans["quick"].stages][::2] == ["effort", "effort"], "the week is too easy for this test"
    plan = plan_week(week, WORLD, Order(seed=4, seconds=1, stopwatch=lambda: 10.0))
    assert [s.stopped for s in plan.stages][::2] == ["time", "time"]
    assert plan.stages[0].cost >= plans["quick"].stages[0].cost
    assert audit.check(plan, week, WORLD) == ()


def test_a_limit_that_ends_in_the_middle(week: Scenario) -> None:
    """A stopwatch that runs out while containers are packed stops that stage and the ones after it."""
    ticks = count()
    plan = plan_week(week, WORLD, Order(seed=4, seconds=5, stopwatch=lambda: float(next(ticks))))
    assert next(ticks) > 5
    assert "effort" not in {s.stopped for s in plan.stages}
    assert plan.stages[0].stopped == "time"
    assert audit.check(plan, week, WORLD) == ()


@pytest.mark.parametrize("order", [Order(seconds=1e9, stopwatch=lambda: 0.0), Order(seconds=1e-9)])
def test_a_limit_that_is_not_over_changes_nothing(order: Order, plans: dict[str, Plan], week: Scenario) -> None:
    """Seconds to spare, or seconds that nobody measures, give the plan of the effort alone."""
    assert plan_week(week, WORLD, replace(order, seed=4, version="9.9")) == plans["quick"]


# ---- charges and what is left ------------------------------------------------------------------


def test_charges_sum_up_to_what_stages_and_reports_say(plans: dict[str, Plan], week: Scenario) -> None:
    """Assembly's cost is the sum of the lines of its boxes and trains; the rest is trucks to the hub."""
    plan = plans["quick"]
    boxes, trains = {b.container_id for b in plan.containers}, {r.departure_id for r in plan.runs}
    assembled = [c for c in plan.charges if c.subject_id in boxes | trains]
    assert sum(c.usd_cents for c in assembled) == plan.stages[2].cost
    others = [c for c in plan.charges if c not in assembled]
    assert [(c.subject_id, c.kind) for c in others] == [("B0002", "road")]
    assert others[0].usd_cents > 0
    indicators = report.indicators(plan, week, WORLD, violations=0)
    money = indicators.money
    assert money.money_usd_cents + money.weighed_usd_cents == sum(c.usd_cents for c in plan.charges)
    assert sum(c.gco2e for c in plan.charges) == pytest.approx(1000 * money.co2e_kg, abs=1000)


def test_every_subject_is_priced(plans: dict[str, Plan]) -> None:
    """A train that runs has its fixed cost once, a box that rides freight and time, one that stays what that weighs."""
    plan = plans["quick"]
    lines = Counter((c.subject_id, c.kind) for c in plan.charges)
    running = {r.departure_id for r in plan.runs if r.status == "run"}
    assert {s: n for (s, kind), n in lines.items() if kind == "fixed"} == dict.fromkeys(running, 1)
    left = {x.container_id for x in plan.left}
    for box in plan.containers:
        kinds = {kind for subject, kind in lines if subject == box.container_id}
        assert kinds == {"left"} if box.container_id in left else {"freight", "time"} <= kinds
    assert left


def test_what_is_left_has_its_reason(plans: dict[str, Plan]) -> None:
    """The boxes that need a reefer and have none are refused, in words, and nothing else is."""
    for plan in plans.values():
        cold = {b.container_id for b in plan.containers if b.booking_ids == ("B0004",)}
        assert len(cold) == 4
        assert {x.container_id for x in plan.left} == cold
        assert {(x.state, x.code) for x in plan.left} == {("refused", "equipment")}
        assert all("between 2 and 25 °C" in x.why for x in plan.left)


def test_groupage_without_a_road_is_left(week: Scenario) -> None:
    """Goods that no truck brings to the hub are left piece by piece, and weighed so; the others go."""
    pieces = replace(week.bookings[1], origin_id="RTM", at_id="RTM")
    far = replace(week, bookings=(pieces, week.bookings[2]))
    plan = plan_week(far, WORLD, Order())
    assert audit.check(plan, far, WORLD) == ()
    assert Counter({x.item_id: x.count for x in plan.left}) == Counter({i.item_id: i.count for i in week.items})
    assert {(x.state, x.code, x.container_id) for x in plan.left} == {("refused", "no-road", "")}
    assert {b for box in plan.containers for b in box.booking_ids} == {"B0003"}
    charged = [c for c in plan.charges if c.subject_id == "B0002"]
    assert {c.kind for c in charged} == {"left"}
    assert [c.quantity for c in charged] == [tariff.truck_share_milli([item]) for item in week.items]


@pytest.mark.parametrize(
    "kept", [pytest.param((), id="nothing"), pytest.param((0,), id="FCL"), pytest.param((1,), id="LCL")]
)
def test_a_week_with_little(kept: tuple[int, ...], week: Scenario) -> None:
    """No freight, whole containers only, groupage only: a plan that holds."""
    bookings = tuple(week.bookings[i] for i in kept)
    items = week.items if 1 in kept else ()
    bare = replace(week, bookings=bookings, items=items, orders=(), supply=(), departures=())
    plan = plan_week(bare, WORLD, Order())
    assert audit.check(plan, bare, WORLD) == ()
    assert {b for box in plan.containers for b in box.booking_ids} == {b.booking_id for b in bookings}
    assert plan.left == ()


def test_groupage_that_fits_no_container_whole_is_spread(week: Scenario) -> None:
    """30 pallets that bear nothing on top stand on two floors, though one container has their volume: no violation."""
    pieces = replace(week.bookings[1], may_split=False)
    pallets = replace(
        week.items[0], length_mm=1200, width_mm=1000, height_mm=1100, mass_g=300_000, weighed_g=None, count=30
    )
    only = replace(week, bookings=(pieces,), items=(replace(pallets, vertical="h", max_layers=1, max_on_top_g=0),))
    plan = plan_week(only, WORLD, Order())
    assert [len(box.booking_ids) for box in plan.containers] == [1, 1]
    assert [r.code for r in plan.remarks] == ["booking-spread"]
    assert audit.check(plan, only, WORLD) == ()


# ---- judged ------------------------------------------------------------------------------------


def test_tonight_is_judged(plans: dict[str, Plan], week: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan comes with what the auditor says of it, and the audit is told as a stage."""
    told: list[str] = []
    judged = tonight(week, WORLD, Order(seed=4, version="9.9"), told.append)
    assert (judged.plan, judged.violations) == (plans["quick"], ())
    assert told == [*STAGES, "audit"]
    found = (audit.Violation("SOME_RULE", "it is broken", ("C00001",)),)
    monkeypatch.setattr(audit, "check", lambda *_: found)
    assert tonight(week, WORLD, Order()).violations == found
