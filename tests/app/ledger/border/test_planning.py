"""The planner as a client: trucks of the plan apply and book; a missed window is a task that planning again minds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from landport import track
from landport.app.ledger import booking, reads
from landport.app.ledger.border import planning, tending
from landport.app.ledger.making import MISSING
from landport.model.events import Draft
from landport.model.facts import ContainerPlanned, PlannedRide
from tests.app.ledger.border.gates import CONTROLLER, PLANNER
from tests.app.ledger.border.test_taking import refused
from tests.server.served import goods

DEPARTURE = "T-URCAYA@2026-03-02"


def plan(gate, container_id, consignment_id, departure_id=DEPARTURE, leaves="2026-03-02T10:00Z"):
    """Let a container be planned on a truck from Urumqi to Ayagoz."""
    departs = datetime.fromisoformat(leaves)
    ride = PlannedRide(
        departure_id=departure_id,
        from_id="URC",
        to_id="AYA",
        departs_at=departs,
        arrives_at=departs + timedelta(hours=35),
    )
    fact = ContainerPlanned(
        plan_digest="f" * 64,
        consignment_ids=(consignment_id,),
        master_id="",
        container_type="40HC",
        destination_id="AYA",
        gross_kg=20_000,
        due_at=departs + timedelta(days=9),
        cut_off_at=None,
        rides=(ride,) if departure_id else (),
    )
    draft = Draft(
        stream=f"container/{container_id}",
        type="ContainerPlanned",
        payload=track.payload_of(fact),
        happened_at=gate.clock(),
        about=(f"consignment/{consignment_id}", *([f"train/{departure_id}"] if departure_id else [])),
    )
    gate.do(lambda tx: len(tx.append([draft])), PLANNER)


@pytest.fixture
def planned(gate):
    """Two containers of one consignment on tonight's truck."""
    made = gate.do(booking.book(gate.ledger, PLANNER, goods(destination_id="AYA", hs="0702")), PLANNER)
    for container_id in ("C00001", "C00002"):
        plan(gate, container_id, made["consignment_id"])
    return gate


def booked(gate):
    command = planning.book_plan(gate.ledger, PLANNER, "BKT")
    return None if command is None else gate.do(command, PLANNER)


def test_the_trucks_of_the_plan_apply_and_book(planned):
    """One application for the consignment, an appointment for each container at or after its arrival; once."""
    done = booked(planned)
    assert [b["container_id"] for b in done["booked"]] == ["C00001", "C00002"]
    states = [planned.state("appointment", b["appointment_id"]) for b in done["booked"]]
    comes = datetime.fromisoformat("2026-03-02T10:00Z") + timedelta(hours=11.6)
    assert all(s.channel == "perishable" and s.closes_at > comes for s in states)
    assert len({s.visit.application_id for s in states}) == 1
    asked = planned.state("application", states[0].visit.application_id)
    assert (asked.application.n_trucks, asked.application.direction) == (2, "out")
    assert asked.appointments == tuple(s.appointment_id for s in states)
    assert booked(planned) is None


def test_its_truck_is_named_later(planned):
    """The container is what the appointment is for; another one for it is refused, its plates come later."""
    one = booked(planned)["booked"][0]
    with refused("vehicle-booked"):
        planned.book(planned.windows()[5].window_id, PLANNER, container_ids=["C00001"])
    named = planned.change(one["appointment_id"], PLANNER, tractor="新A 777", trailer="新B 1")
    assert named["visit"]["tractor"] == "新A777"


def test_another_plan_moves_its_appointments(planned):
    """What the plan has otherwise is cancelled, what it has now is booked, what stays is left alone."""
    first = {b["container_id"]: b["appointment_id"] for b in booked(planned)["booked"]}
    consignment = planned.state("container", "C00001").plan.consignment_ids[0]
    plan(planned, "C00001", consignment, "T-URCAYA@2026-03-03", "2026-03-03T10:00Z")
    plan(planned, "C00002", consignment, "")
    done = booked(planned)
    assert sorted(done["cancelled"]) == sorted(first.values())
    assert [b["departure_id"] for b in done["booked"]] == ["T-URCAYA@2026-03-03"]


def test_a_missed_window_is_a_task_that_replans(planned):
    """The container cannot ride this truck any more: it is told so, and a new window or plan closes the task."""
    one = booked(planned)["booked"][0]
    window = planned.state("window", one["window_id"])
    planned.clock.now = window.closes_at + timedelta(minutes=61)
    for command in tending.tend(planned.ledger, CONTROLLER):
        planned.do(command, CONTROLLER)
    box = planned.state("container", "C00001")
    assert [(e.type, e.departure_id) for e in box.exceptions] == [("WindowMissed", DEPARTURE)]
    assert "WindowMissed" in MISSING
    assert booked(planned) is None
    tasks = planned.store.read("T1", lambda v: reads.everything(v, "task"))
    opened = [t for t in tasks.values() if t.status == "open"]
    assert {t.exception for t in opened} == {"WindowMissed"}
    assert any("container/C00001" in t.about for t in opened)
    again = planned.book(planned.windows("perishable")[0].window_id, PLANNER, container_ids=["C00001"], tractor="AA1")
    assert again["status"] == "confirmed"
    assert planned.state("container", "C00001").exceptions == ()
    mine = next(t for t in opened if "container/C00001" in t.about)
    assert planned.state("task", mine.task_id).status == "closed"
