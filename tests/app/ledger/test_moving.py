"""Movements: what can have happened to containers, trains and wagons, whom it is about, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from landport import track
from landport.app.ledger import moving
from landport.errors import Conflict, InputError, NotFound, NotPermitted
from landport.store import log
from tests.app.ledger.conftest import CONTROLLER, FORWARDER, PLANNER


def test_a_train_takes_what_is_loaded(harboured):
    """From the gate to the consignee: the train's departure moves its containers, wagons and consignments."""
    train = harboured.trains()[0]
    box, late = harboured.riders(train)[:2]
    hub = harboured.week.hub_id
    harboured.make_ready(box, hub)
    subject = f"container/{box}"
    assert track.readiness(harboured.state(subject)).is_ready
    harboured.move("wagon/5070 1077", "WagonPlaced", departure_id=train, wagon_type="13-9781", seq=1)
    harboured.move(subject, "ContainerLoaded", departure_id=train, at_id=hub, wagon="50701077", position=1)
    harboured.move(f"train/{train}", "TrainDeparted", at_id=hub)
    consignment = harboured.state(subject).plan.consignment_ids[0]
    assert harboured.state(subject).status == "under_way"
    assert harboured.state("wagon/50701077").status == "under_way"
    assert harboured.state(f"consignment/{consignment}").status == "under_way"
    assert harboured.state(f"container/{late}").status == "planned"
    ride = next(r for r in harboured.state(subject).plan.rides if r.departure_id == train)
    harboured.move(f"train/{train}", "TrainArrived", at_id=ride.to_id)
    harboured.move(subject, "ContainerUnloaded", departure_id=train, at_id=ride.to_id)
    harboured.move(subject, "ContainerDelivered", at_id=ride.to_id)
    assert harboured.state(subject).status == "delivered"
    assert harboured.state("truck/新A12345").container_id == box


@pytest.mark.parametrize(
    ("subject", "type_name", "fields", "code"),
    [
        ("container/C00001", "ContainerLoaded", {"departure_id": "UFO@2026-01-01", "at_id": "URC"}, "unknown-train"),
        ("container/C00001", "ContainerUnloaded", {"departure_id": "", "at_id": "URC"}, "illegal-move"),
        ("container/C99999", "ContainerGatedIn", {"at_id": "URC"}, "unknown-container"),
        ("train/UFO@2026-01-01", "TrainDeparted", {"at_id": "URC"}, "unknown-train"),
        ("container/C00001", "ContainerGatedIn", {"at_id": "Nowhere-on-Sea"}, "input"),
        ("container/C00001", "ContainerGatedIn", {"at_id": "URC", "truck": "?"}, "input"),
        ("container/C00001", "ContainerGatedIn", {"at_id": "URC", "driver_id": "a\x00"}, "input"),
        ("container/C00001", "ContainerWeighed", {"gross_kg": 0}, "input"),
        ("container/C00001", "ContainerWeighed", {"gross_kg": "9"}, "bad-event"),
        ("container/C00001", "ContainerWeighed", {"gross_kg": 9, "method": 3}, "input"),
        ("container/C00001", "ContainerSealed", {"seals": []}, "input"),
        ("container/C00001", "ContainerNumbered", {"number": "CSQU3054384"}, "input"),
        ("container/C00001", "NoteIssued", {"number": "1", "form": "CMR"}, "input"),
        ("container/C00001", "TrainDeparted", {"at_id": "URC"}, "input"),
        ("container/C00001", "ContainerPlanned", {}, "input"),
        ("wagon/50701078", "WagonBadOrdered", {"departure_id": "", "why": "axle"}, "bad-subject"),
        ("plan/1", "PlanCommitted", {}, "bad-subject"),
        ("container/", "ContainerRepaired", {}, "bad-subject"),
        ("container/a b", "ContainerRepaired", {}, "bad-subject"),
    ],
)
def test_what_cannot_have_happened(harboured, subject, type_name, fields, code):
    """Wrong subjects, types and values, and moves that the state does not allow."""
    before = harboured.ledger.store.position()
    with pytest.raises((InputError, Conflict, NotFound)) as caught:
        harboured.move(subject, type_name, **fields)
    assert caught.value.code == code
    assert harboured.ledger.store.position() == before


def test_who_may_report(harboured):
    """Forwarders do not, and nobody reports what happens tomorrow after next."""
    with pytest.raises(NotPermitted):
        moving.move(harboured.ledger, FORWARDER, "container/C00001", "ContainerRepaired", {})
    late = harboured.clock.now + timedelta(hours=25)
    with pytest.raises(InputError, match="not later than tomorrow"):
        moving.move(harboured.ledger, CONTROLLER, "container/C00001", "ContainerRepaired", {}, happened_at=late)


def test_a_hold_opens_a_task_that_the_release_closes(harboured):
    """The task names container and consignment, and is closed in the transaction of what sets it right."""
    moved = harboured.move("container/C00001", "CustomsHeld", why="papers")
    (task,) = moved["tasks"]
    assert harboured.state(f"task/{task}").status == "open"
    assert "container/C00001" in harboured.state(f"task/{task}").about
    released = harboured.move("container/C00001", "ContainerReleased", reference="D-2")
    assert released["closed"] == [task]
    assert harboured.state(f"task/{task}").how == "resolved"


def test_too_heavy_a_box(harboured):
    """Weighing a box beyond what its type takes opens a task at once."""
    moved = harboured.move("container/C00001", "ContainerWeighed", gross_kg=40_000)
    assert harboured.state(f"task/{moved['tasks'][0]}").exception == "ContainerOverweight"
    again = harboured.move("container/C00001", "ContainerWeighed", gross_kg=20_000)
    assert again["closed"] == moved["tasks"]


def test_a_path_cancelled_is_about_those_who_were_to_ride(harboured):
    """The train is cancelled, and every container planned on it shows it."""
    train = harboured.trains()[-1]
    moved = harboured.move(f"train/{train}", "PathCancelled", why="washout")
    assert harboured.state(f"train/{train}").status == "cancelled"
    task = harboured.state(f"task/{moved['tasks'][0]}")
    assert {s for s in task.about if s.startswith("container/")} == {f"container/{c}" for c in harboured.riders(train)}
    assert harboured.state(f"container/{harboured.riders(train)[0]}").has_open("PathCancelled")


def test_a_bad_ordered_wagon_is_about_what_was_to_stand_on_it(harboured):
    """Containers planned on the wagon of that place in the train hear of it."""
    stands = next(w for w in harboured.plan.wagons if w.departure_id == harboured.trains()[0])
    fields = {"departure_id": stands.departure_id, "wagon_type": stands.wagon_type, "seq": stands.seq}
    harboured.move("wagon/50701077", "WagonPlaced", **fields)
    moved = harboured.move("wagon/50701077", "WagonBadOrdered", departure_id=stands.departure_id, why="axle")
    about = harboured.state(f"task/{moved['tasks'][0]}").about
    assert {s for s in about if s.startswith("container/")} == {f"container/{c}" for c in stands.container_ids}
    assert f"train/{stands.departure_id}" in about


def test_what_the_log_says_of_a_container(harboured):
    """Its own events, and those of trains about it."""
    harboured.move("container/C00001", "ContainerDamaged", what="door")
    events = harboured.ledger.store.read("T1", lambda view: log.of_subject(view, "container/C00001"))
    assert [e.type for e in events] == ["ContainerPlanned", "ContainerDamaged", "TaskOpened"]
    assert {e.actor for e in events} == {PLANNER.actor, CONTROLLER.actor}


def test_too_heavy_again(harboured):
    """Weighed right in between, the same mass is too much once more; said twice in a row it is not."""
    weigh = [harboured.move("container/C00001", "ContainerWeighed", gross_kg=kg) for kg in (40_000, 20_000, 40_000)]
    assert [len(moved["tasks"]) for moved in weigh] == [1, 0, 1]
    again = harboured.move("container/C00001", "ContainerWeighed", gross_kg=40_000)
    assert (again["tasks"], again["closed"]) == ([], [])


def test_a_wagon_of_a_cancelled_train_goes_into_another(harboured):
    """It leaves any train; into one that does not run, or has left, none comes."""
    one, other = harboured.trains()[:2]
    fields = {"wagon_type": "13-9781", "seq": 1}
    harboured.move("wagon/50701077", "WagonPlaced", departure_id=one, **fields)
    harboured.move(f"train/{one}", "PathCancelled", why="washout")
    harboured.move("wagon/50701077", "WagonPlaced", departure_id=other, **fields)
    assert harboured.state(f"train/{one}").wagons == ()
    assert harboured.state(f"train/{other}").wagons == ("50701077",)
    with pytest.raises(Conflict, match="is cancelled: no WagonPlaced"):
        harboured.move("wagon/50701077", "WagonPlaced", departure_id=one, **fields)


def test_a_bad_ordered_wagon_with_nothing_on_it_is_placed_again(harboured):
    """Its task is closed by that: no container waits for anything."""
    train = harboured.trains()[0]
    fields = {"departure_id": train, "wagon_type": "13-9781", "seq": 99}
    harboured.move("wagon/50701077", "WagonPlaced", **fields)
    moved = harboured.move("wagon/50701077", "WagonBadOrdered", departure_id=train, why="axle")
    placed = harboured.move("wagon/50701077", "WagonPlaced", **fields)
    assert (len(placed["closed"]), placed["closed"]) == (1, moved["tasks"])


def test_a_loaded_wagon_takes_its_containers_into_another_train(harboured):
    """They leave the one train, stand in the other and depart with it; a wagon that runs again keeps no box."""
    one, other = harboured.trains()[:2]
    box, hub = harboured.riders(one)[0], harboured.week.hub_id
    fields = {"wagon_type": "13-9781", "seq": 99}
    harboured.make_ready(box, hub)
    harboured.move("wagon/50701077", "WagonPlaced", departure_id=one, **fields)
    harboured.move(f"container/{box}", "ContainerLoaded", departure_id=one, at_id=hub, wagon="50701077")
    harboured.move("wagon/50701077", "WagonBadOrdered", departure_id=one, why="axle")
    assert harboured.state(f"container/{box}").has_open("WagonBadOrdered")
    moved = harboured.move("wagon/50701077", "WagonPlaced", departure_id=other, **fields)
    assert len(moved["closed"]) == 1
    state = harboured.state(f"container/{box}")
    assert (state.status, state.departure_id, state.wagon, state.exceptions) == ("loaded", other, "50701077", ())
    assert [harboured.state(f"train/{d}").aboard for d in (one, other)] == [(), (box,)]
    harboured.move(f"train/{other}", "TrainDeparted", at_id=hub)
    assert harboured.state(f"container/{box}").status == "under_way"
    harboured.move(f"train/{one}", "TrainDeparted", at_id=hub)
    assert harboured.state(f"container/{box}").departure_id == other


def test_a_container_is_loaded_where_its_train_and_wagon_stand(harboured):
    """A train that came to another place takes nothing here, nor does a wagon of another train."""
    one, other = harboured.trains()[:2]
    first, second = harboured.riders(one)[:2]
    hub = harboured.week.hub_id
    for box in (first, second):
        harboured.make_ready(box, hub)
    harboured.move("wagon/50701077", "WagonPlaced", departure_id=other, wagon_type="13-9781", seq=1)
    with pytest.raises(Conflict, match=f"stands in {other}, not in {one}"):
        harboured.move(f"container/{first}", "ContainerLoaded", departure_id=one, at_id=hub, wagon="50701077")
    harboured.move(f"container/{first}", "ContainerLoaded", departure_id=one, at_id=hub)
    harboured.move(f"train/{one}", "TrainDeparted", at_id=hub)
    ride = next(r for r in harboured.state(f"container/{first}").plan.rides if r.departure_id == one)
    harboured.move(f"train/{one}", "TrainArrived", at_id=ride.to_id)
    with pytest.raises(Conflict, match=f"is at {ride.to_id}, not at {hub}: no ContainerLoaded"):
        harboured.move(f"container/{second}", "ContainerLoaded", departure_id=one, at_id=hub)


def test_a_container_that_is_delivered_from_a_train_leaves_it(harboured):
    """The train goes on without it."""
    train = harboured.trains()[0]
    box = harboured.riders(train)[0]
    hub = harboured.week.hub_id
    harboured.make_ready(box, hub)
    harboured.move("wagon/50701077", "WagonPlaced", departure_id=train, wagon_type="13-9781", seq=1)
    harboured.move(f"container/{box}", "ContainerLoaded", departure_id=train, at_id=hub, wagon="50701077")
    harboured.move(f"train/{train}", "TrainDeparted", at_id=hub)
    harboured.move(f"train/{train}", "TrainArrived", at_id="ALA")
    at_id = harboured.state(f"train/{train}").at_id
    harboured.move(f"container/{box}", "ContainerDelivered", at_id=at_id)
    assert harboured.state(f"train/{train}").aboard == ()
    assert harboured.state("wagon/50701077").containers == ()
    harboured.move(f"train/{train}", "TrainDeparted", at_id=at_id)
    assert harboured.state(f"container/{box}").status == "delivered"
