"""Tonight's plan: every effort passes the audit, a limit is said, every line is priced, the same again is the same."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from landport import audit, report
from landport.app.planning import EFFORT, Order, plan_week
from landport.app.tonight import tonight
from landport.exchange.example import example
from landport.model import tariff
from landport.model.plans import SCHEMA, Plan
from landport.model.scenario import Scenario, World
from landport.reference import load
from tests.broken.patch import HERE, changed

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
    assert [c.quantity for c in charged] == [tariff.truck_share_milli([item], WORLD.rules) for item in week.items]


# ---- groupage ----------------------------------------------------------------------------------


def only(week: Scenario, *changes: dict[str, Any], **of_pieces: Any) -> Scenario:
    """The groupage of the week alone, once for each change, nothing in its way."""
    bookings, items = [], []
    for n, change in enumerate(changes, 1):
        bookings.append(replace(week.bookings[1], booking_id=f"L{n}", **change))
        items += [replace(i, item_id=f"{i.item_id}-{n}", booking_id=f"L{n}", count=2, **of_pieces) for i in week.items]
    return replace(week, bookings=tuple(bookings), items=tuple(items), orders=(), supply=(), departures=())


def planned(scenario: Scenario) -> Plan:
    plan = plan_week(scenario, WORLD, Order())
    assert audit.check(plan, scenario, WORLD) == ()
    return plan


def together(plan: Plan) -> set[str]:
    """Bookings by container, as words."""
    return {" ".join(box.booking_ids) for box in plan.containers}


@pytest.mark.parametrize(
    ("classes", "containers"),
    [
        (("3", "1.4S"), {"L1", "L2"}),
        (("1.4S", "1.4B"), {"L1", "L2"}),
        (("6.1", "1.4S"), {"L1 L2"}),
        (("1", "3"), {"L1", "L2"}),
        (("1.2", "9"), {"L1", "L2"}),
        (("1.2", ""), {"L1 L2"}),
        (("9", "3"), {"L1 L2"}),
    ],
)
def test_dangerous_goods_of_a_lane(classes: tuple[str, str], containers: set[str], week: Scenario) -> None:
    """Explosives meet what the table lets their division meet; what it does not know is alone. The auditor agrees."""
    assert together(planned(only(week, *({"un_class": c} for c in classes)))) == containers


def sharing(first: str, second: str) -> tuple[Plan, Scenario, World]:
    """The tiny plan, the two bookings of its groupage container being of these classes."""
    classes = {"B3": first, "B4": second}
    return changed([{"set": f"scenario.bookings[booking_id={b}].un_class", "to": c} for b, c in classes.items() if c])


@pytest.mark.parametrize(
    "classes", [("3", "1.4S"), ("1.4S", "1.4B"), ("1", "3"), ("1.2", "9"), ("1.2", "1.2"), ("2", "8")]
)
def test_the_auditor_keeps_dangerous_goods_apart(classes: tuple[str, str]) -> None:
    """Divisions of a pair, and classes that segregation does not know, are seen in one container."""
    assert [v.code for v in audit.check(*sharing(*classes))] == ["BOX_DANGEROUS"]


@pytest.mark.parametrize("classes", [("6.1", "1.4S"), ("1", ""), ("", "1.2"), ("9", "3"), ("9", "9")])
def test_the_auditor_lets_dangerous_goods_together(classes: tuple[str, str]) -> None:
    """Class 9 goes with all that is known, and harmless goods with everything."""
    assert audit.check(*sharing(*classes)) == ()


HOME = {"origin_id": "KRL", "at_id": "KRL", "destination_id": "URC"}


def test_groupage_for_the_hub_is_delivered_by_its_truck(week: Scenario) -> None:
    """It rides there once and is charged so, whatever its size; it is in no container, nor left."""
    for changes in ({}, {"length_mm": 13_000, "width_mm": 2_000}):
        plan = planned(only(week, HOME, **changes))
        assert [(r.subject_id, r.seq, r.departure_id, r.from_id, r.to_id) for r in plan.rides] == [
            ("L1", 1, "", "KRL", "URC")
        ]
        assert [(c.subject_id, c.kind) for c in plan.charges] == [("L1", "road")]
        assert (plan.containers, plan.left) == ((), ())
    beside = planned(only(week, HOME, {}))
    assert together(beside) == {"L2"}


def test_whole_containers_for_the_hub_end_there(week: Scenario) -> None:
    """FCL bound for the hub rides there and no farther."""
    boxes = replace(week.bookings[0], n_containers=2, **HOME)
    plan = planned(replace(week, bookings=(boxes,), items=(), orders=(), supply=(), departures=()))
    assert {r.subject_id for r in plan.rides} == {"C00001", "C00002"}
    assert all("URC" not in (r.from_id,) for r in plan.rides)
    assert plan.left == ()


def test_the_auditor_counts_what_is_delivered_once() -> None:
    """Groupage for the hub that is packed there, too, or left, or never brought: pieces too many, or lost."""
    bound = {"set": "scenario.bookings[booking_id=B4].destination_id", "to": "URC"}
    packed = audit.check(*changed([bound]))
    assert "brought to the hub, where they go" in next(v.message for v in packed if v.code == "COUNT_PIECES")
    whole = json.loads((HERE / "GATHER_NOTHING.json").read_text("utf-8"))["changes"]
    left = audit.check(*changed([bound, *whole], recount=True))
    assert [v.code for v in left] == ["COUNT_PIECES"]
    delivered = [*whole[:-1], {"drop": "plan.left[item_id=I2]"}]
    assert audit.check(*changed([bound, *delivered], recount=True)) == ()
    never = [bound, *delivered, {"drop": "plan.rides[subject_id=B4,seq=1]"}]
    assert [v.code for v in audit.check(*changed(never, recount=True))] == ["COUNT_PIECES"]


@pytest.mark.parametrize("place_id", ["URC", "KRL"])
def test_freight_at_its_destination_goes_nowhere(place_id: str, week: Scenario) -> None:
    """No file says so, but a program may: the freight is refused, and nothing drives in a circle."""
    there = {"origin_id": place_id, "at_id": place_id, "destination_id": place_id}
    scenario = only(week, there)
    boxes = replace(week.bookings[0], n_containers=1, **there)
    plan = planned(replace(scenario, bookings=(boxes, *scenario.bookings)))
    assert plan.rides == ()
    assert {(x.state, x.code) for x in plan.left} == {("refused", "at-destination")}
    assert {c.kind for c in plan.charges} == {"left"}


def test_what_cannot_be_packed_is_not_gathered(week: Scenario) -> None:
    """Pieces that fit no container cost no truck; those of another booking do, and so does a booking in part."""
    away = {"origin_id": "KRL", "at_id": "KRL"}
    scenario = only(week, away, away, away)
    first = {n: next(i for i in scenario.items if i.booking_id == f"L{n}") for n in (1, 2)}
    large = {i.item_id for i in scenario.items if i.booking_id == "L1"} | {first[2].item_id}
    items = tuple(replace(i, length_mm=13_000) if i.item_id in large else i for i in scenario.items)
    plan = planned(replace(scenario, items=items))
    assert {x.item_id for x in plan.left} == large
    assert {x.code for x in plan.left} == {"too-large"}
    assert {r.subject_id for r in plan.rides if r.to_id == "URC"} == {"L2", "L3"}
    cents = {c.subject_id: c.usd_cents for c in plan.charges if c.kind == "road" and c.subject_id[0] == "L"}
    assert cents.keys() == {"L2", "L3"}
    packed = [i for i in items if i.booking_id == "L2" and i.item_id not in large]
    assert cents["L2"] / cents["L3"] == pytest.approx(
        tariff.truck_share_milli(packed, WORLD.rules)
        / tariff.truck_share_milli([i for i in items if i.booking_id == "L3"], WORLD.rules),
        rel=1e-3,
    )


def test_a_container_left_says_how_many_consignments_it_holds(week: Scenario) -> None:
    """Its record names the first only; the reason tells the rest."""
    hopeless = {"due_at": -40 * 1440}
    plan = planned(only(week, hopeless, hopeless, hopeless | {"un_class": "1.1D"}, hopeless | {"un_class": "3"}))
    assert together(plan) == {"L1 L2 L3", "L4"}
    said = {x.container_id: x.why for x in plan.left}
    assert [said[box.container_id].partition("; ")[2] for box in plan.containers] == [
        "the container holds 3 consignments under M00001",
        "",
    ]


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
