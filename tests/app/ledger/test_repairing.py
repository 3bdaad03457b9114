"""Exceptions and their repairs: a cancelled train, a no-show, an order; a proposal, accepted or dismissed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from landport.app.ledger import committing, excepting, making, repairing
from landport.app.ledger.week import scenario_now
from landport.errors import Conflict, InputError, NotFound
from landport.units import instant_of
from tests.app.ledger.conftest import CONTROLLER, PLANNER


def propose(port, task_id):
    """Plan again and keep that as a task's proposal."""
    task = making.task(port.ledger, PLANNER, seed=3)
    return port.do(repairing.propose(port.ledger, PLANNER, task_id, making.made(task), task.scenario))


def test_a_cancelled_train_is_repaired(harboured):
    """Its containers get other rides; accepting the proposal moves states, and closes the task."""
    train = harboured.trains()[-1]
    riders = harboured.riders(train)
    (task_id,) = harboured.move(f"train/{train}", "PathCancelled", why="washout")["tasks"]
    with pytest.raises(Conflict) as caught:
        repairing.repair(harboured.ledger, PLANNER, task_id)
    assert caught.value.code == "no-proposal"
    task = propose(harboured, task_id)
    assert task["status"] == "proposed"
    assert task["n_moved"] + task.get("n_left", 0) >= len(riders)
    assert "dearer" in task["proposal"] or "cheaper" in task["proposal"]
    done = harboured.do(repairing.repair(harboured.ledger, PLANNER, task_id))
    assert task_id in done["closed"]
    assert done["n_planned"] < len(harboured.plan.containers)
    for box in riders:
        state = harboured.state(f"container/{box}")
        assert train not in {r.departure_id for r in state.plan.rides}
        assert not state.exceptions
    assert harboured.state(f"task/{task_id}").how == "repaired"
    assert harboured.state(f"plan/{harboured.digest}").status == "replaced"
    with pytest.raises(Conflict) as caught:
        harboured.do(repairing.dismiss(harboured.ledger, PLANNER, task_id))
    assert caught.value.code == "task-closed"


@pytest.mark.parametrize("n_ready", [1, -2])
def test_a_no_show_misses_its_train(harboured, n_ready):
    """At the cut-off whoever is not ready gets a task, once; the re-plan takes them off, and a train too thin too."""
    assert excepting.look_for_no_shows(harboured.ledger, CONTROLLER) is None
    train = harboured.trains()[0]
    riders = harboured.riders(train)
    ready, others = riders[:n_ready], riders[n_ready:]
    for box in ready:
        harboured.make_ready(box, harboured.state(f"container/{box}").plan.rides[0].from_id)
    harboured.clock.now = harboured.state(f"container/{ready[0]}").plan.cut_off_at + timedelta(minutes=1)
    command = excepting.look_for_no_shows(harboured.ledger, CONTROLLER)
    assert command is not None
    tasks = harboured.do(command, CONTROLLER)
    assert len(tasks) >= len(others)
    assert all(harboured.state(f"container/{c}").has_open("CutOffMissed") for c in others)
    assert excepting.look_for_no_shows(harboured.ledger, CONTROLLER) is None
    assert not harboured.state(f"container/{ready[0]}").exceptions
    propose(harboured, tasks[0])
    done = harboured.do(repairing.repair(harboured.ledger, PLANNER, tasks[0]))
    assert set(done["closed"]) == set(tasks)
    rode = {c: {r.departure_id for r in harboured.state(f"container/{c}").plan.rides} for c in riders}
    assert all(train not in rode[c] for c in others)
    assert {train in rode[c] for c in ready} == {n_ready < 0}


def test_an_order_is_about_those_whom_it_hits(harboured):
    """A ban at a border names the containers that were to pass it; lifting it closes the task."""
    start = harboured.week.start_at
    fields = {
        "number": "TG-17",
        "issuer": "KTZ",
        "place_id": "ALA",
        "towards_id": "",
        "from_at": start.isoformat(),
        "until_at": (start + timedelta(days=9)).isoformat(),
    }
    passing = excepting.issue_order(harboured.ledger, PLANNER, fields, order_id="TG-17")
    moved = harboured.do(passing)
    task = harboured.state(f"task/{moved['tasks'][0]}")
    now = harboured.ledger.store.read("T1", lambda view: scenario_now(harboured.ledger, view)).scenario
    assert [o.number for o in now.orders if o.order_id == "TG-17"] == ["TG-17"]
    assert task.exception == "OrderIssued"
    lifted = harboured.do(excepting.lift_order(harboured.ledger, PLANNER, "TG-17"))
    assert lifted["closed"] == moved["tasks"]
    with pytest.raises(NotFound):
        harboured.do(excepting.lift_order(harboured.ledger, PLANNER, "TG-18"))
    wrong = fields | {"until_at": fields["from_at"], "hs_prefixes": ["x"], "place_id": "?", "container_types": ["9"]}
    with pytest.raises(InputError) as caught:
        excepting.issue_order(harboured.ledger, PLANNER, wrong)
    assert {p.key for p in caught.value.problems} == {"until_at", "hs_prefixes", "place_id", "container_types"}


def test_held_boxes_wait(harboured):
    """What customs keep is not planned on any train; released, it rides again."""
    box = harboured.riders(harboured.trains()[-1])[0]
    (task_id,) = harboured.move(f"container/{box}", "CustomsHeld", why="papers")["tasks"]
    propose(harboured, task_id)
    harboured.do(repairing.repair(harboured.ledger, PLANNER, task_id))
    assert harboured.state(f"container/{box}").plan.left_code == "by-hand"
    assert harboured.state(f"task/{task_id}").status == "closed"


def test_dismissing(harboured):
    """A planner may decide that nothing is to be done, and says why."""
    (task_id,) = harboured.move("container/C00001", "ContainerDamaged", what="dent")["tasks"]
    assert (
        harboured.do(repairing.dismiss(harboured.ledger, PLANNER, task_id, why="only a dent"))["why"] == "only a dent"
    )


def test_freight_under_way_keeps_its_rides(harboured):
    """A train has left: planning again later keeps what is on it, and the plan still holds."""
    train = harboured.trains()[0]
    box = harboured.riders(train)[0]
    hub = harboured.week.hub_id
    subject = f"container/{box}"
    harboured.make_ready(box, hub)
    harboured.move(subject, "ContainerLoaded", departure_id=train, at_id=hub)
    ride = next(r for r in harboured.state(subject).plan.rides if r.departure_id == train)
    harboured.clock.now = ride.departs_at + timedelta(minutes=2)
    harboured.move(f"train/{train}", "TrainDeparted", at_id=hub)
    task = making.task(harboured.ledger, PLANNER, seed=3)
    assert instant_of(task.scenario.now_at, task.scenario.start_at) == harboured.clock.now
    plan = making.made(task)
    digest = harboured.do(making.keep(PLANNER, plan, task.scenario))["plan_digest"]
    harboured.do(committing.commit(harboured.ledger, PLANNER, digest))
    assert train in {r.departure_id for r in harboured.state(subject).plan.rides}
    assert harboured.state(subject).status == "under_way"


def order(port, **changes):
    """A ban at a border for nine days."""
    start = port.week.start_at
    fields = {"number": "TG-17", "issuer": "KTZ", "place_id": "ALA", "towards_id": ""}
    times = {"from_at": start.isoformat(), "until_at": (start + timedelta(days=9)).isoformat()}
    return fields | times | changes


@pytest.mark.parametrize("what", ["order", "hand-over"])
def test_a_plan_made_before_something_went_wrong_is_stale(harboured, what):
    """An order issued, or a hand-over cancelled, after a plan was made is not in it: it would mend nothing."""
    train = harboured.trains()[-1]
    task = making.task(harboured.ledger, PLANNER, seed=3)
    plan = making.made(task)
    digest = harboured.do(making.keep(PLANNER, plan, task.scenario))["plan_digest"]
    ride = next(r for r in plan.rides if r.departure_id == train)
    if what == "order":
        fields = order(
            harboured, place_id=ride.to_id, until_at=(harboured.week.start_at + timedelta(days=90)).isoformat()
        )
        moved = harboured.do(excepting.issue_order(harboured.ledger, PLANNER, fields, order_id="TG-17"))
    else:
        moved = harboured.move(f"train/{train}", "HandOverCancelled", at_id=ride.to_id, why="strike")
    with pytest.raises(Conflict, match="TG-17" if what == "order" else re.escape(train)) as caught:
        harboured.do(committing.commit(harboured.ledger, PLANNER, digest))
    assert caught.value.code == "stale-plan"
    assert harboured.state(f"task/{moved['tasks'][0]}").status == "open"
    again = making.task(harboured.ledger, PLANNER, seed=3)
    digest = harboured.do(making.keep(PLANNER, making.made(again), again.scenario))["plan_digest"]
    assert harboured.do(committing.commit(harboured.ledger, PLANNER, digest))["n_containers"] > 0


def test_an_order_elsewhere_changes_no_plan(harboured):
    """A plan none of whose rides passes the place is committed all the same."""
    task = making.task(harboured.ledger, PLANNER, seed=3)
    digest = harboured.do(making.keep(PLANNER, making.made(task), task.scenario))["plan_digest"]
    harboured.do(excepting.issue_order(harboured.ledger, PLANNER, order(harboured, place_id="DUI")))
    assert harboured.do(committing.commit(harboured.ledger, PLANNER, digest))["n_containers"] > 0
