"""Planning again: nothing moves without need, what is frozen stays, decisions by hand are kept, all of it audited."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from landport import audit, exchange, report
from landport.app.tonight import tonight
from landport.errors import Infeasible, InputError
from landport.model.bookings import NightSupply
from landport.model.differences import Differences
from landport.model.plans import Hand, Plan
from landport.model.scenario import Scenario
from landport.units import railway_day
from tests.app.again import DAY, ORDER, WORLD, again, ban, cancelled, on, pin, port, trains


@pytest.fixture(scope="module")
def week() -> Scenario:
    """A port with freight for two trains and some groupage."""
    return port()


@pytest.fixture(scope="module")
def first(week: Scenario) -> Plan:
    """The plan before."""
    judged = tonight(week, WORLD, ORDER)
    assert judged.violations == ()
    return judged.plan


def sound(plan: Plan, week: Scenario, *hands: Hand, freeze: int = DAY, cost: int = 20_000) -> tuple[Plan, Differences]:
    """Plan again; the new plan holds. Answers it with what changed."""
    judged = again(plan, week, *hands, freeze=freeze, cost=cost)
    assert [f"{v.code}: {v.message}" for v in judged.violations] == []
    return judged.plan, report.compare(plan, judged.plan)


def test_without_changes_all_stays(first: Plan, week: Scenario) -> None:
    """Rides, runs, wagons, load plans and charges are those of the plan before, and the records say so."""
    plan, found = sound(first, week)
    assert found.is_empty
    assert (plan.containers, plan.rides) == (first.containers, first.rides)
    assert [(r.departure_id, r.status) for r in plan.runs] == [(r.departure_id, r.status) for r in first.runs]
    assert (plan.wagons, plan.left, plan.charges) == (first.wagons, first.left, first.charges)
    assert plan.replanned is not None
    assert (plan.replanned.digest, plan.replanned.freeze_until_at) == (exchange.plan_digest(first), week.now_at + DAY)
    assert [r.container_id for r in plan.replanned.containers] == sorted(b.container_id for b in first.containers)


def test_the_same_again_is_the_same(first: Plan, week: Scenario) -> None:
    """Same week, plan before, effort and seed: same plan."""
    without = cancelled(week, trains(first)[0])
    assert again(first, without).plan == again(first, without).plan


def test_a_cancelled_train_moves_what_rode_it(first: Plan, week: Scenario) -> None:
    """Those on it ride something else or are left; of the others at least 95 % stay; changes are charged."""
    train = trains(first)[0]
    plan, found = sound(first, cancelled(week, train))
    touched = set(on(first, train))
    assert touched
    assert not on(plan, train)
    moved = {c.was_id for c in found.containers}
    assert touched <= moved
    others = [b.container_id for b in first.containers if b.container_id not in touched]
    assert len(set(others) - moved) >= 0.95 * len(others)
    charged = {c.subject_id: c.usd_cents for c in plan.charges if c.kind == "change"}
    assert charged == dict.fromkeys(sorted(moved & {r.subject_id for r in first.rides}), 20_000)
    assert {r.container_id for r in plan.replanned.containers if r.freed} >= touched if plan.replanned else False


def test_what_is_frozen_stays_whatever_it_costs(first: Plan, week: Scenario) -> None:
    """With everything frozen and changes free of charge, nothing but what lost its train moves."""
    train = trains(first)[0]
    _, found = sound(first, cancelled(week, train), freeze=60 * DAY, cost=0)
    rode = {r.subject_id for r in first.rides}
    assert {c.was_id for c in found.containers if c.was_id in rode} == set(on(first, train))


def test_a_plan_of_yesterday_goes_on(first: Plan, week: Scenario) -> None:
    """When now has moved past the first trains, what they carry is under way and stays."""
    leaves = min(r.departs_at for r in first.rides if r.departure_id)
    later = replace(week, now_at=leaves + 60, digest="abcdef012345")
    plan, found = sound(first, later)
    gone = {r.subject_id for r in first.rides if r.departs_at < later.now_at and r.departure_id}
    assert gone
    assert not gone & {c.was_id for c in found.containers}
    before = {r.departure_id for r in first.runs if r.status == "run"}
    assert {r.departure_id for r in plan.runs if r.status == "run"} & before


def test_new_and_withdrawn_bookings(first: Plan, week: Scenario) -> None:
    """Containers keep their ids; a new booking gets the next ones, and one that is gone is remarked on."""
    bookings = [b for b in week.bookings if b.booking_id != "B0003"]
    new = replace(bookings[0], booking_id="B0009", n_containers=2)
    plan, found = sound(first, replace(week, bookings=(new, *bookings), digest="abcdef012345"))
    old = {b.container_id: b.booking_ids for b in first.containers}
    now = {b.container_id: b.booking_ids for b in plan.containers}
    assert all(old[c] == now[c] for c in old.keys() & now.keys())
    added = sorted(c for c, of in now.items() if of == ("B0009",))
    assert len(added) == 2
    assert min(added) > max(old)
    assert {c.was_id for c in found.containers if c.what == "gone"} == {c for c, of in old.items() if of == ("B0003",)}
    assert "withdrawn" in {r.code for r in plan.remarks}


def test_a_changed_booking_is_let_go(first: Plan, week: Scenario) -> None:
    """Frozen containers whose cargo was weighed anew may move, and a remark says what changed."""
    heavier = tuple(replace(b, weighed_kg=b.cargo_kg + 100) if b.booking_id == "B0004" else b for b in week.bookings)
    plan, _ = sound(first, replace(week, bookings=heavier, digest="abcdef012345"), freeze=60 * DAY)
    said = [r for r in plan.remarks if r.code == "let-go"]
    assert any("cargo" in r.message for r in said)


def test_groupage_that_changed_is_packed_anew(first: Plan, week: Scenario) -> None:
    """Pieces that are no longer booked open their container; a remark names it."""
    fewer = tuple(replace(i, count=i.count // 2) for i in week.items)
    plan, _ = sound(first, replace(week, items=fewer, digest="abcdef012345"))
    assert "packed-anew" in {r.code for r in plan.remarks}


def test_pins_and_bans_are_kept(first: Plan, week: Scenario) -> None:
    """A container off its train, one held back, one pinned to another train, one that stays, and a banned train."""
    one, other = trains(first)[:2]
    riders = [c for c in on(first, one) if c in {b.container_id for b in first.containers if not b.master_id}]
    plan, _ = sound(first, week, ban(riders[0], one), ban(riders[1]), pin(riders[2]))
    assert riders[0] not in on(plan, one)
    assert not [r for r in plan.rides if r.subject_id == riders[1]]
    assert [x.code for x in plan.left if x.container_id == riders[1]] == ["by-hand"]
    assert riders[2] in on(plan, one)
    plan, _ = sound(first, week, ban(departure_id=other))
    assert not on(plan, other)
    assert next(r for r in plan.runs if r.departure_id == other).why == "by hand: it is banned"


def test_a_container_is_pinned_onto_a_train(first: Plan, week: Scenario) -> None:
    """Once a box is off its train, a pin brings it back there."""
    one = trains(first)[0]
    box = on(first, one)[0]
    off, _ = sound(first, week, ban(box, one))
    plan, _ = sound(off, week, pin(box, one))
    assert box in on(plan, one)


@pytest.mark.parametrize("case", ["banned train", "banned from it", "waits and stays", "no hub train"])
def test_decisions_that_clash_are_named(case: str, first: Plan, week: Scenario) -> None:
    """Two decisions that cannot both be kept: exit 3 and the records."""
    one = trains(first)[0]
    box = on(first, one)[0]
    bought = next(
        d.departure_id
        for d in first.rides
        if d.departure_id and d.departure_id not in {r.departure_id for r in first.runs}
    )
    hands = {
        "banned train": (pin(box, one), ban(departure_id=one)),
        "banned from it": (pin(box, one), ban(box, one)),
        "waits and stays": (pin(box), ban(box)),
        "no hub train": (pin(departure_id=bought),),
    }[case]
    with pytest.raises(Infeasible) as raised:
        again(first, week, *hands)
    assert raised.value.code == "hands-clash"
    assert raised.value.about


def test_a_pin_that_cannot_be_kept_is_named(first: Plan, week: Scenario) -> None:
    """A train that cannot reach its minimum, and a box whose train no longer runs."""
    thin = next(r.departure_id for r in first.runs if r.status == "cancelled" and r.why.startswith("no freight"))
    with pytest.raises(Infeasible, match=re.escape(f"{thin} cannot run")):
        again(first, week, pin(departure_id=thin))
    one = trains(first)[0]
    box = on(first, one)[0]
    with pytest.raises(Infeasible, match=re.escape(f"{box} cannot ride as before: {one} does not run any more")):
        again(first, cancelled(week, one), pin(box))


def test_plans_of_other_tables_or_another_start_are_refused(first: Plan, week: Scenario) -> None:
    """Prices and minutes would not be comparable."""
    with pytest.raises(InputError, match="other"):
        again(replace(first, reference_digest="0"), week)
    shifted = tuple(
        replace(r, departs_at=r.departs_at + 7 * DAY, arrives_at=r.arrives_at + 7 * DAY) for r in first.rides
    )
    with pytest.raises(InputError, match="7 days"):
        again(replace(first, rides=shifted), week)


def test_the_plan_before_is_compared(first: Plan, week: Scenario) -> None:
    """A record that does not say what the plan before had is a violation, if that plan is at hand."""
    plan, _ = sound(first, week)
    assert plan.replanned is not None
    record = plan.replanned.containers[0]
    wrong = replace(plan.replanned, containers=(replace(record, cargo_kg=1), *plan.replanned.containers[1:]))
    found = audit.check(replace(plan, replanned=wrong), week, WORLD, first)
    assert {v.code for v in found} >= {"REPLAN_RECORDS"}
    missing = replace(plan.replanned, containers=plan.replanned.containers[1:])
    assert "REPLAN_RECORDS" in {v.code for v in audit.check(replace(plan, replanned=missing), week, WORLD, first)}


def test_frozen_trains_give_way_to_the_yard(first: Plan, week: Scenario) -> None:
    """Without a track to load it the frozen train is cancelled, and what rode it is let go with that reason."""
    train = trains(first)[0]
    leaves = min(r.departs_at for r in first.rides if r.departure_id == train)
    day = railway_day(leaves, week.start_at).isoformat()
    none = NightSupply(supply_id="N9", place_id=week.hub_id, day_on=day, resource="track", count=0)
    rest = tuple(s for s in week.supply if (s.day_on, s.resource) != (day, "track"))
    closed = replace(week, supply=(*rest, none), digest="abcdef012345")
    plan, _ = sound(first, closed, freeze=leaves + 60 - week.now_at)
    assert not on(plan, train)
    freed = {r.container_id: r.freed for r in plan.replanned.containers if r.freed} if plan.replanned else {}
    assert freed.keys() >= set(on(first, train))
    assert any("loading tracks" in why for why in freed.values())


def test_a_train_is_run_by_hand(first: Plan, week: Scenario) -> None:
    """A train that was too dear runs when it is pinned, with its least TEU."""
    dear = next(r.departure_id for r in first.runs if r.why.startswith("too dear"))
    plan, _ = sound(first, week, pin(departure_id=dear), freeze=0)
    assert next(r.status for r in plan.runs if r.departure_id == dear) == "run"
    assert on(plan, dear)


def test_a_replan_comes_back_from_its_file(first: Plan, week: Scenario, tmp_path: Path) -> None:
    """What it was re-planned from is written and read; a plan made afresh has no such key."""
    plan, _ = sound(first, week, pin(first.containers[0].container_id))
    exchange.write_plan(plan, tmp_path / "again.json")
    assert exchange.read_plan(tmp_path / "again.json") == plan
    exchange.write_plan(first, tmp_path / "first.json")
    assert exchange.read_plan(tmp_path / "first.json").replanned is None
    assert '"replanned"' not in (tmp_path / "first.json").read_text("utf-8")
    assert exchange.plan_digest(first) != exchange.plan_digest(plan)


def test_replanning_twice_goes_on(first: Plan, week: Scenario) -> None:
    """A re-plan can be planned again: reasons do not pile up, and nothing moves."""
    once, _ = sound(first, week)
    twice, found = sound(once, week)
    assert found.is_empty
    assert [r.why for r in twice.runs] == [r.why for r in once.runs]
