"""The controller's day: who is called, what is let in, kept, cleared, sent back, missed; and what is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from landport.app.ledger.border import applying, counting, merging, tending
from landport.appointments.capacity import local_day
from landport.errors import Conflict, InputError, NotFound
from landport.exchange.check_ins import CheckIn
from tests.app.ledger.border.gates import CONTROLLER, ROAD, SILK, enterprise
from tests.app.ledger.border.test_taking import refused


def row(appointment_id, at, **others):
    fields = {"row": 2, "version": None, "tractor": "", "key_id": "", "verdict": "", "remark": ""}
    return CheckIn(**{**fields, **others}, appointment_id=appointment_id, checked_in_at=at)


def to(gate, window, minutes=0):
    gate.clock.now = window.opens_at + timedelta(minutes=minutes)


def test_a_truck_crosses(gate):
    """From the waiting area to the other side, with what it waited and stayed."""
    window = gate.windows()[3]
    made = gate.book(window.window_id)["appointment_id"]
    to(gate, window, -10)
    gate.at_gate("present", made)
    to(gate, window, 5)
    assert gate.call() == [made]
    gate.clock.move(minutes=10)
    gate.check_in(made)
    gate.at_gate("inspect", made)
    gate.at_gate("keep", made, why="papers")
    gate.clock.move(minutes=60)
    done = gate.at_gate("clear", made, reference="KZ-1")
    assert (done["status"], done["waited_minutes"], done["stayed_minutes"]) == ("cleared", 15, 85)
    assert gate.state("vehicle", "新A00001").status == "free"
    assert gate.state("queue", "BKT").trucks == ()
    with refused("illegal-move"):
        gate.at_gate("clear", made)


def test_who_is_called_in_which_order(gate):
    """Those who stand there first, in order of windows; a truck on its way only if nobody stands there."""
    first, second = gate.windows()[3:5]
    away = gate.book(first.window_id)["appointment_id"]
    here = [gate.book(w.window_id, enterprise(f"n{n}"))["appointment_id"] for n, w in enumerate((first, second))]
    to(gate, first, -30)
    for made in reversed(here):
        gate.at_gate("present", made)
    to(gate, first, 1)
    assert gate.call(count=3) == [*here, away]


def test_early_trucks_use_idle_lanes(gate):
    """Whoever stands there early is called if the window now has a place, and gives his own one back."""
    now, later = gate.windows()[0], gate.windows()[4]
    made = gate.book(later.window_id)["appointment_id"]
    gate.at_gate("present", made)
    assert gate.call() == [made]
    assert gate.state("appointment", made).window_id == now.window_id
    assert gate.state("window", later.window_id).booked == 0
    assert gate.state("window", now.window_id).booked == 1


def test_walk_ups_take_places_that_are_left(gate):
    """They wait in the live queue, and never take a place that is somebody's."""
    window = gate.windows("dangerous")[1]
    booked = gate.fill(window.window_id)
    to(gate, window, 1)
    guest = gate.walk_up("dangerous")["appointment_id"]
    assert gate.call("dangerous", count=5) == booked
    assert gate.state("appointment", guest).status == "requested"
    later = next(w for w in gate.windows("dangerous") if w.opens_at > window.opens_at)
    to(gate, later)
    assert gate.call("dangerous", count=5) == [guest]
    assert gate.state("appointment", guest).window_id == later.window_id


def test_an_idle_lane_takes_another_channel(gate):
    """Work-conserving: the green lane with nobody in it takes a truck of the general channel."""
    window = gate.windows()[3]
    made = gate.book(window.window_id)["appointment_id"]
    to(gate, window, -5)
    gate.at_gate("present", made)
    to(gate, window, 1)
    assert gate.call("dangerous") == []
    assert gate.call("perishable") == [made]


def test_nobody_is_called_at_night(gate):
    """No window is open: no lane, no call."""
    made = gate.book(gate.windows()[6].window_id)["appointment_id"]
    gate.at_gate("present", made)
    gate.clock.now = gate.clock.now.replace(hour=20)
    assert gate.call(count=9) == []


def test_another_tractor_is_refused(gate):
    """What stands at the gate is what is booked."""
    window = gate.windows()[3]
    made = gate.book(window.window_id, tractor="AA1")["appointment_id"]
    to(gate, window, 1)
    with refused("other-tractor"):
        gate.check_in(made, "BB2")
    assert gate.check_in(made, "a a-1")["status"] == "arrived"


def test_customs_say_first(gate):
    """Applications are decided with a reason; a truck whose application is open or declined is not cleared."""
    fields = {"direction": "out", "hs": "0702", "goods": "tomatoes", "expected_at": "2026-03-03T12:00+08:00"}
    asked = gate.do(applying.apply(gate.ledger, SILK, "BKT", {**fields, "declaration": "D-1"}), SILK)
    assert (asked["status"], asked["application"]["shift"]) == ("applied", "in_hours")
    window = gate.windows("perishable")[3]
    made = gate.book(window.window_id, application_id=asked["application_id"])["appointment_id"]
    with refused("unknown-application", NotFound):
        gate.book(window.window_id, ROAD, application_id=asked["application_id"])
    to(gate, window, 1)
    gate.check_in(made)
    with refused("application-open"):
        gate.at_gate("clear", made)
    gate.do(applying.accept(gate.ledger, CONTROLLER, asked["application_id"], reference="OK-7"), CONTROLLER)
    assert gate.at_gate("clear", made)["status"] == "cleared"
    night = gate.do(applying.apply(gate.ledger, SILK, "BKT", {**fields, "expected_at": "2026-03-05T03:00+08:00"}), SILK)
    assert night["application"]["shift"] == "out_of_hours"
    with refused("input", InputError):
        applying.decline(gate.ledger, CONTROLLER, night["application_id"], why=" ")
    gate.do(applying.decline(gate.ledger, CONTROLLER, night["application_id"], why="no licence"), CONTROLLER)
    with refused("application-declined"):
        gate.book(gate.windows("perishable")[6].window_id, application_id=night["application_id"])


def test_wrong_applications_are_told_whole(gate):
    """Every wrong value at once."""
    wrong = {"direction": "up", "hs": "x", "n_trucks": -1, "expected_at": "2020-01-01T00:00Z"}
    with pytest.raises(InputError) as found:
        applying.apply(gate.ledger, SILK, "BKT", wrong)
    assert {p.key for p in found.value.problems} == {"direction", "hs", "n_trucks", "expected_at"}


def test_who_does_not_come_has_missed(gate):
    """An hour after the window, not before; who stands in the waiting area never misses; the rounds find it."""
    window = gate.windows()[3]
    away, here = gate.book(window.window_id)["appointment_id"], gate.book(window.window_id, ROAD)["appointment_id"]
    to(gate, window, 10)
    gate.at_gate("present", here)
    with refused("too-early"):
        gate.at_gate("missed", away)
    to(gate, window, 121)
    with refused("window-missed"):
        gate.at_gate("present", away)
    for command in tending.tend(gate.ledger, CONTROLLER):
        gate.do(command, CONTROLLER)
    assert gate.state("appointment", away).status == "no_show"
    assert gate.state("appointment", here).status == "confirmed"
    assert gate.walk_up(tractor="新A00001")["form"] == "queued"


def test_days_reconcile(gate):
    """Opening + came = cleared + turned back + left + closing, day by day and over months."""
    window = gate.windows()[3]
    made = [gate.book(window.window_id, enterprise(f"n{n}"))["appointment_id"] for n in range(4)]
    to(gate, window, 1)
    gate.at_gate("present", made[0])
    gate.at_gate("present", made[1])
    gate.cancel(made[1], enterprise("n1"))
    gate.check_in(made[2])
    gate.at_gate("turn_back", made[2], why="no permit")
    gate.walk_up()
    gate.call()
    gate.check_in(made[0])
    gate.clock.move(hours=14)
    gate.at_gate("clear", made[0])
    first = local_day(gate.border, window.opens_at)

    def counted(by):
        return gate.store.read(
            "T1", lambda v: counting.figures(gate.ledger, v, "BKT", first, first + timedelta(days=1), by=by)
        )["items"]

    days = counted("day")
    for day in [*days, *counted("month")]:
        c = day.counts
        assert day.opening + c.n_came == c.n_cleared + c.n_turned_back + c.n_left + day.closing
    assert [d.counts.n_came for d in days] == [4, 0]
    assert [d.closing for d in days] == [2, 1]
    assert (days[0].counts.n_walk_up, days[0].counts.n_left, days[1].counts.n_cleared) == (1, 1, 1)
    assert days[0].n_booked == 3
    assert days[1].stay_minutes == 840.0


def test_a_day_on_paper(gate):
    """Let in by a list and merged later; what was cancelled after printing is flagged, with a task; twice is once."""
    window = gate.windows()[3]
    good, gone, changed = (gate.book(window.window_id, enterprise(f"n{n}")) for n in range(3))
    versions = {a["appointment_id"]: a["version"] for a in (good, gone, changed)}
    to(gate, window, -30)
    gate.cancel(gone["appointment_id"], enterprise("n1"))
    gate.reschedule(changed["appointment_id"], gate.windows()[3].window_id, CONTROLLER, why="asked")
    at = window.opens_at + timedelta(minutes=20)
    gate.clock.now = at + timedelta(hours=12)
    rows = [row(a, at + timedelta(minutes=n), version=v) for n, (a, v) in enumerate(versions.items())]
    rows.append(row("G999999999", at))
    done = gate.do(merging.merge(gate.ledger, CONTROLLER, "BKT", rows), CONTROLLER)
    assert [(i["outcome"]) for i in done["items"]] == ["checked_in", "unknown", "flagged", "flagged"]
    assert gate.state("appointment", good["appointment_id"]).arrived_at == at
    assert gate.state("appointment", gone["appointment_id"]).status == "cancelled"
    assert len(gate.state("appointment", gone["appointment_id"]).flags) == 1
    tasks = gate.store.read(
        "T1", lambda v: v.connection.exec_driver_sql("SELECT subject_id FROM state WHERE kind='task'").all()
    )
    assert len(tasks) == 2
    again = gate.do(merging.merge(gate.ledger, CONTROLLER, "BKT", rows), CONTROLLER)
    assert again["n_already"] == 3
    with refused("input", InputError):
        merging.merge(gate.ledger, CONTROLLER, "BKT", [row("G000000001", datetime(2020, 1, 1, tzinfo=UTC))])


def test_figures_want_days_in_order(gate):
    """A time that is none is refused."""
    with pytest.raises(InputError):
        gate.store.read("T1", lambda v: counting.figures(gate.ledger, v, "BKT", date(2026, 3, 2), date(2026, 3, 1)))
    with pytest.raises(Conflict):
        gate.walk_up("submarine")
