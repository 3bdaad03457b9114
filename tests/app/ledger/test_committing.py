"""Plans: kept, judged, committed once, and refused when what they plan has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from landport import exchange
from landport.app.ledger import booking, committing, excepting, making, reads
from landport.app.ledger.week import load_week, open_week, scenario_now
from landport.errors import Conflict, InputError, NotFound, NotPermitted
from landport.exchange.plans import plan_from
from landport.store import EVERYBODY, blobs, verify
from landport.units import instant_of
from tests.app.ledger.conftest import FORWARDER, PLANNER, goods


def test_the_week_comes_back_as_it_was(harboured):
    """The scenario that plans are made from says what the week said that was loaded."""
    now = harboured.ledger.store.read("T1", lambda view: scenario_now(harboured.ledger, view))
    week = harboured.week
    nobody = {"shipper": "", "consignee": ""}
    assert {replace(b, **nobody) for b in now.scenario.bookings} == {replace(b, **nobody) for b in week.bookings}
    assert all(b.shipper.startswith("P") for b in now.scenario.bookings)
    assert set(now.scenario.items) == set(week.items)
    assert (now.scenario.orders, now.scenario.supply) == (week.orders, week.supply)
    assert now.scenario.now_at == week.now_at


def test_a_commit_says_who_rides_what(harboured):
    """One event for the plan, one a container; states follow, cut-offs and wagon positions too."""
    n = len(harboured.plan.containers)
    assert harboured.committed["n_planned"] == n
    assert harboured.state(f"plan/{harboured.digest}").status == "committed"
    boxes = {b.container_id: harboured.state(f"container/{b.container_id}") for b in harboured.plan.containers}
    rides = [r for r in harboured.plan.rides if r.subject_id in boxes]
    assert sum(len(b.plan.rides) for b in boxes.values()) == len(rides)
    waiting = {c for c, b in boxes.items() if b.status == "waiting"}
    assert waiting == {x.container_id for x in harboured.plan.left if x.container_id}
    for wagon in harboured.plan.wagons:
        for position, container_id in enumerate(wagon.container_ids, 1):
            plan = boxes[container_id].plan
            assert (plan.wagon_departure_id, plan.wagon_seq, plan.wagon_position) == (
                wagon.departure_id,
                wagon.seq,
                position,
            )
            assert plan.cut_off_at is not None
            assert plan.cut_off_at <= plan.rides[0].departs_at


def test_the_log_of_a_committed_plan_verifies(harboured):
    """What its events name by digest is stored: the week that was opened, the plan, the week that it was made from."""
    said = harboured.ledger.store.read(EVERYBODY, verify.verify)
    assert said.findings == []
    assert said.n_blobs == 3


def test_the_stored_plan_is_the_file(harboured):
    """A plan is stored as its file would be, to the byte."""
    content = harboured.ledger.store.read("T1", lambda view: blobs.get(view, harboured.digest))
    assert plan_from(content) == harboured.plan
    assert harboured.digest.startswith(exchange.plan_digest(harboured.plan))


def test_a_plan_counts_once(harboured):
    """Committed again, nothing happens."""
    before = harboured.ledger.store.position()
    again = harboured.do(committing.commit(harboured.ledger, PLANNER, harboured.digest))
    assert (again["n_planned"], again["position"]) == (0, harboured.committed["position"])
    assert harboured.ledger.store.position() == before


def test_what_changed_since_is_said(ledger, clock, harbour, do):
    """A consignment cancelled between planning and commit makes the plan stale, by name; a new one does not."""
    week, plan, scenario = harbour
    clock.now = instant_of(week.now_at, week.start_at)
    load_week(ledger, PLANNER, week)
    digest = do(making.keep(PLANNER, plan, scenario))["plan_digest"]
    do(booking.book(ledger, PLANNER, goods()))
    command = committing.commit(ledger, PLANNER, digest)
    do(booking.cancel(ledger, PLANNER, "B0003"))
    with pytest.raises(Conflict, match="B0003") as caught:
        do(command)
    assert caught.value.code == "stale-plan"
    assert ledger.store.read("T1", lambda view: reads.everything(view, "container")) == {}


def test_a_broken_plan_is_not_committed(ledger, clock, harbour, do):
    """The auditor has the last word."""
    week, plan, scenario = harbour
    clock.now = instant_of(week.now_at, week.start_at)
    load_week(ledger, PLANNER, week)
    digest = do(making.keep(PLANNER, replace(plan, rides=plan.rides[:-1]), scenario))["plan_digest"]
    with pytest.raises(InputError, match="breaks") as caught:
        committing.commit(ledger, PLANNER, digest)
    assert caught.value.code == "broken-plan"


def test_who_may_commit(harboured):
    """Planners, and only what is stored."""
    with pytest.raises(NotPermitted):
        committing.commit(harboured.ledger, FORWARDER, harboured.digest)
    with pytest.raises(NotFound):
        committing.commit(harboured.ledger, PLANNER, "0" * 64)


def test_a_plan_made_afresh_after_something_moved(harboured):
    """Container numbers would mean other boxes: plan again from the plan that counts."""
    harboured.move("container/C00001", "ContainerGatedIn", at_id=harboured.week.hub_id)
    other = replace(harboured.plan, version="0.0.0")
    digest = harboured.do(making.keep(PLANNER, other, harboured.scenario))["plan_digest"]
    with pytest.raises(Conflict, match="made afresh"):
        harboured.do(committing.commit(harboured.ledger, PLANNER, digest))


def test_loading_twice_books_once(ledger, harbour):
    """A week that is loaded already stays as it is."""
    week, *_ = harbour
    assert load_week(ledger, PLANNER, week) == len(week.bookings)
    before = ledger.store.position()
    load_week(ledger, PLANNER, week)
    assert ledger.store.position() == before


def test_without_a_week_there_is_nothing_to_plan(ledger, do, harbour):
    """Say so; and a week opened after another closes it."""
    with pytest.raises(NotFound) as caught:
        making.task(ledger, PLANNER)
    assert caught.value.code == "no-week"
    week, *_ = harbour
    do(open_week(ledger, PLANNER, week))
    later = replace(week, start_at=week.start_at.replace(day=week.start_at.day + 7))
    assert do(open_week(ledger, PLANNER, later))["status"] == "open"
    states = ledger.store.read("T1", lambda view: reads.everything(view, "week"))
    assert [s.status for s in states.values()] == ["closed", "open"]


def test_the_next_week_goes_on_from_this_one(harboured):
    """Containers that have not left keep their ids in the next week's plan, and no id means another box."""
    train = harboured.trains()[0]
    gone, *stay = harboured.riders(train)
    hub, subject = harboured.week.hub_id, f"container/{gone}"
    harboured.make_ready(gone, hub)
    harboured.move(subject, "ContainerLoaded", departure_id=train, at_id=hub)
    harboured.move(f"train/{train}", "TrainDeparted", at_id=hub)
    start = harboured.week.start_at + timedelta(days=7)
    harboured.clock.now = start
    missed = excepting.look_for_no_shows(harboured.ledger, PLANNER)
    assert missed is not None
    harboured.do(missed)
    harboured.do(open_week(harboured.ledger, PLANNER, replace(harboured.week, start_at=start, bookings=(), items=())))
    late = {"ready_at": start + timedelta(days=1), "due_at": start + timedelta(days=30)}
    new = harboured.do(booking.book(harboured.ledger, PLANNER, goods(**{k: v.isoformat() for k, v in late.items()})))
    task = making.task(harboured.ledger, PLANNER, seed=3)
    assert task.again is not None
    plan = making.made(task)
    digest = harboured.do(making.keep(PLANNER, plan, task.scenario))["plan_digest"]
    done = harboured.do(committing.commit(harboured.ledger, PLANNER, digest))
    assert done["n_withdrawn"] == 0
    assert harboured.state(subject).status == "under_way"
    assert train in {r.departure_id for r in harboured.state(subject).plan.rides}
    inside = {b.container_id: b.booking_ids for b in plan.containers}
    before = {b.container_id: b.booking_ids for b in harboured.plan.containers}
    assert all(before[c] == inside[c] for c in before.keys() & inside.keys())
    fresh = [c for c, ids in inside.items() if ids == (new["consignment_id"],)]
    assert len(fresh) == 2
    assert not before.keys() & set(fresh)
    assert harboured.state(f"container/{stay[0]}").plan.rides[0].departs_at > start
