"""Holding, booking, waiting: what is given, and what is refused, with its code."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import pytest

from landport.app.ledger.border import changing, publishing, taking
from landport.errors import Conflict, InputError, NotFound, NotPermitted
from landport.model.border import GatePolicy
from tests.app.ledger.border.gates import CONTROLLER, PLANNER, ROAD, SILK, Gate, enterprise
from tests.app.ledger.desks import Clock
from tests.appointments.ports import baktu


@contextmanager
def refused(code, kind=Conflict):
    with pytest.raises(kind) as found:
        yield found
    assert found.value.code == code


def with_policy(**policy):
    return Gate(border=replace(baktu(), policy=GatePolicy(**policy)))


def test_a_place_is_booked_once(gate):
    """Seats count up, the window counts, the vehicle and the enterprise know of it."""
    window = gate.windows()[5]
    one, two = gate.book(window.window_id), gate.book(window.window_id, ROAD)
    assert (one["status"], one["seat"], two["seat"]) == ("confirmed", 1, 2)
    assert gate.state("window", window.window_id).booked == 2
    assert gate.state("vehicle", "新A00001").appointment_id == one["appointment_id"]
    assert gate.state("enterprise", "P-silk").windows == {window.window_id: 1}


def test_a_full_window_is_full(gate):
    """The last place is the last; other channels lend theirs once quotas are released, and only then."""
    later = next(w for w in gate.windows(days=5) if (w.opens_at - gate.clock()).days >= 2)
    gate.fill(later.window_id)
    with refused("window-full"):
        gate.book(later.window_id, ROAD)
    gate.clock.now = later.opens_at.replace(hour=0)
    borrowed = gate.book(later.window_id, ROAD)
    assert borrowed["seat"] == later.capacity + 1
    lent = [w for w in gate.windows("empty") if w.opens_at == later.opens_at]
    assert lent[0].capacity == gate.state("window", lent[0].window_id).capacity
    assert gate.state("window", lent[0].window_id).lent == -1
    assert gate.state("window", later.window_id).lent == 1


def test_dangerous_goods_lend_and_borrow_nothing(gate):
    """A channel that neither gives nor takes keeps its places."""
    window = next(w for w in gate.windows("dangerous") if w.capacity)
    gate.fill(window.window_id)
    with refused("window-full"):
        gate.book(window.window_id, ROAD)


def test_a_hold_is_booked_or_ends(gate):
    """Three minutes, one at a time; booked it keeps its place, over it is refused and its place is free again."""
    window = gate.windows()[5]
    held = gate.hold(window.window_id)
    with refused("hold-exists"):
        gate.hold(window.window_id)
    done = gate.book(window.window_id, held=held["appointment_id"])
    assert (done["appointment_id"], done["seat"]) == (held["appointment_id"], 1)
    again = gate.hold(window.window_id)
    gate.clock.move(seconds=181)
    with refused("hold-over"):
        gate.book(window.window_id, held=again["appointment_id"])
    gate.hold(window.window_id)
    assert gate.state("appointment", again["appointment_id"]).status == "cancelled"
    assert gate.state("window", window.window_id).booked == 2


def test_holds_take_places_until_they_end(gate):
    """Whoever comes while the last place is held is refused; after the hold he gets it."""
    window = next(w for w in gate.windows(days=5) if (w.opens_at - gate.clock()).days >= 2)
    gate.fill(window.window_id)
    gate.clock.move(minutes=1)
    first = gate.state("window", window.window_id)
    assert first.booked == first.capacity
    other = next(w for w in gate.windows(days=5) if w.opens_at > window.opens_at)
    for n in range(other.capacity):
        gate.hold(other.window_id, enterprise(f"h{n}"))
    with refused("window-full"):
        gate.book(other.window_id, ROAD)
    gate.clock.move(minutes=4)
    assert gate.book(other.window_id, ROAD)["status"] == "confirmed"


def test_one_vehicle_one_appointment(gate):
    """Neither tractor nor trailer has two; after it is cancelled, both may book again."""
    early, late = gate.windows()[5:7]
    first = gate.book(early.window_id, tractor="AA 1111", trailer="TT-22")
    with refused("vehicle-booked") as found:
        gate.book(late.window_id, ROAD, tractor="aa1111")
    assert first["appointment_id"] not in found.value.message
    with refused("vehicle-booked"):
        gate.book(late.window_id, ROAD, tractor="BB3333", trailer="TT22")
    gate.cancel(first["appointment_id"])
    assert gate.book(late.window_id, ROAD, tractor="AA1111", trailer="TT22")["status"] == "confirmed"


def test_a_freed_place_comes_back_later(gate):
    """Nobody can hand a place to a friend by giving it up at an agreed moment."""
    window = next(w for w in gate.windows(days=5) if (w.opens_at - gate.clock()).days >= 2)
    mine = gate.fill(window.window_id)
    gate.cancel(mine[0], enterprise("filler0"))
    with refused("window-full"):
        gate.book(window.window_id, ROAD)
    gate.clock.move(seconds=gate.border.policy.back_seconds_most + 1)
    assert gate.book(window.window_id, ROAD)["seat"] == 1


def test_the_waiting_list_goes_in_order(gate):
    """A freed place goes to the first who waits, at once, and to nobody else."""
    window = next(w for w in gate.windows(days=5) if (w.opens_at - gate.clock()).days >= 2)
    mine = gate.fill(window.window_id)
    waiting = [gate.book(window.window_id, enterprise(f"w{n}"), waits=True)["appointment_id"] for n in range(3)]
    assert [gate.state("appointment", w).status for w in waiting] == ["requested"] * 3
    gate.cancel(waiting[0], enterprise("w0"))
    gate.cancel(mine[3], enterprise("filler3"))
    assert [gate.state("appointment", w).status for w in waiting] == ["cancelled", "confirmed", "requested"]
    assert gate.state("window", window.window_id).waiting == (waiting[2],)


def test_waiting_lists_end_somewhere():
    """A list is as long as the policy says."""
    gate = with_policy(most_waiting=1)
    window = next(w for w in gate.windows(days=5) if (w.opens_at - gate.clock()).days >= 2)
    gate.fill(window.window_id)
    gate.book(window.window_id, SILK, waits=True)
    with refused("waiting-list-full"):
        gate.book(window.window_id, ROAD, waits=True)
    gate.close()


def test_an_enterprise_that_floods_leaves_room(gate):
    """Half of a window until quotas are released, so many places in all, so many acts an hour; others do not notice."""
    window = next(w for w in gate.windows(days=5) if (w.opens_at - gate.clock()).days >= 2)
    for _ in range(max(1, window.capacity // 2)):
        gate.book(window.window_id)
    with refused("too-large-share"):
        gate.book(window.window_id)
    assert gate.book(window.window_id, ROAD)["status"] == "confirmed"


def test_places_ahead_and_acts_are_capped():
    """The caps are the policy's, and the next hour counts anew."""
    gate = with_policy(most_active=3, most_share_percent=100, most_acts_per_hour=5)
    windows = [w for w in gate.windows(days=5) if (w.opens_at - gate.clock()).days >= 2]
    made = [gate.book(w.window_id)["appointment_id"] for w in windows[:3]]
    with refused("too-many-active"):
        gate.book(windows[3].window_id)
    gate.cancel(made[0])
    gate.book(windows[3].window_id)
    gate.cancel(made[1])
    with refused("too-many-acts"):
        gate.book(windows[4].window_id)
    assert gate.book(windows[4].window_id, ROAD)["status"] == "confirmed"
    gate.clock.move(hours=1)
    assert gate.book(windows[4].window_id)["status"] == "confirmed"
    gate.close()


def test_two_missed_windows_bring_a_cool_down(gate):
    """Strikes within sixty days: for three days the enterprise may not book."""
    window = gate.windows()[2]
    for _ in range(2):
        gate.book(window.window_id)
    gate.clock.now = window.closes_at
    gate.clock.move(hours=1, minutes=1)
    ids = [a for a in (f"G{n:09d}" for n in range(1, 2000)) if gate.state("appointment", a)]
    for appointment_id in ids:
        gate.at_gate("missed", appointment_id)
    assert gate.state("enterprise", "P-silk").status == "cooling_down"
    later = gate.windows()[3]
    with refused("cool-down"):
        gate.book(later.window_id)
    assert gate.book(later.window_id, ROAD)["status"] == "confirmed"
    gate.clock.move(days=3, minutes=1)
    assert gate.book(gate.windows()[0].window_id)["status"] == "confirmed"


def test_a_late_cancel_is_a_strike(gate):
    """Within two hours of the window it counts; a controller's with a reason does not."""
    window = gate.windows()[3]
    mine, other = gate.book(window.window_id), gate.book(window.window_id, ROAD)
    gate.clock.now = window.opens_at
    gate.clock.move(hours=-1)
    gate.cancel(mine["appointment_id"])
    gate.cancel(other["appointment_id"], CONTROLLER, why="scale broken")
    assert len(gate.state("enterprise", "P-silk").strikes) == 1
    assert gate.state("enterprise", "P-road").strikes == ()


def test_one_free_reschedule(gate):
    """Both windows change or neither; the second change is refused, a controller's is not counted."""
    first, second, third = gate.windows()[4:7]
    made = gate.book(first.window_id)["appointment_id"]
    moved = gate.reschedule(made, second.window_id)
    assert (moved["window_id"], moved["seat"], moved["n_rescheduled"]) == (second.window_id, 1, 1)
    assert gate.state("window", first.window_id).booked == 0
    with refused("no-reschedule-left"):
        gate.reschedule(made, third.window_id)
    assert gate.reschedule(made, third.window_id, CONTROLLER, why="bridge")["n_rescheduled"] == 1
    gate.fill(second.window_id)
    other = gate.book(first.window_id, ROAD)["appointment_id"]
    perishable = gate.windows("perishable")[4]
    with refused("other-channel"):
        gate.reschedule(other, perishable.window_id, ROAD)


def test_too_late_to_reschedule(gate):
    """Until an hour before the window opens."""
    first, second = gate.windows()[3:5]
    made = gate.book(first.window_id)["appointment_id"]
    gate.clock.now = first.opens_at
    gate.clock.move(minutes=-59)
    with refused("too-late"):
        gate.reschedule(made, second.window_id)


def test_what_is_booked_cannot_be_sold(gate):
    """The trailer stays; the tractor under it may be swapped; a controller with a reason may do both."""
    window = gate.windows()[5]
    made = gate.book(window.window_id, tractor="AA1", trailer="TT1")["appointment_id"]
    assert gate.change(made, tractor="AA2", document_kind="TIR", document="XN77")["visit"]["tractor"] == "AA2"
    assert gate.state("vehicle", "AA1").status == "free"
    with refused("vehicle-fixed", NotPermitted):
        gate.change(made, trailer="TT2")
    assert gate.change(made, CONTROLLER, why="axle broken", trailer="TT2")["visit"]["trailer"] == "TT2"
    rigid = gate.book(window.window_id, ROAD, tractor="RR1")["appointment_id"]
    for change in ({"tractor": "RR2"}, {"trailer": "TT9"}):
        with refused("vehicle-fixed", NotPermitted):
            gate.change(rigid, ROAD, **change)
    other = gate.book(window.window_id, enterprise("third"), tractor="QQ1", trailer="QT1")["appointment_id"]
    with refused("vehicle-booked"):
        gate.change(other, enterprise("third"), tractor="RR1")


def test_forwarders_stay_among_themselves(gate):
    """What is another's is not there; nobody books for another; the port's verbs are the port's."""
    window = gate.windows()[5]
    made = gate.book(window.window_id)["appointment_id"]
    with refused("unknown-appointment", NotFound):
        gate.cancel(made, ROAD)
    with refused("input", InputError):
        gate.book(window.window_id, ROAD, enterprise_id="P-silk")
    with refused("not-permitted", NotPermitted):
        gate.do(publishing.publish(gate.ledger, SILK, gate.border), SILK)
    with refused("not-permitted", NotPermitted):
        gate.do(taking.walk_up(gate.ledger, PLANNER, "BKT", "general", {"tractor": "AA1"}), PLANNER)
    with refused("input", InputError):
        changing.change_visit(gate.ledger, SILK, made, {"enterprise_id": "P-road"})


def test_all_that_is_wrong_is_told_at_once(gate):
    """Every wrong value of a visit, each with its key."""
    with pytest.raises(InputError) as found:
        gate.book(gate.windows()[5].window_id, tractor="?", document="X", permit="p" * 41)
    assert [p.key for p in found.value.problems] == ["tractor", "permit", "document_kind"]


def test_over_shut_and_unknown_windows(gate):
    """Each has its code."""
    with refused("unknown-window", NotFound):
        gate.book("BKT.general.20300101T0000Z")
    window = gate.windows()[0]
    gate.clock.now = window.closes_at
    with refused("window-over"):
        gate.book(window.window_id)
    later = gate.windows()[5]
    gate.shift(later.opens_at, later.closes_at)
    with refused("window-closed"):
        gate.book(later.window_id)


def test_new_hours_take_no_place_away(gate):
    """A port that publishes fewer lanes keeps those booked; what is not booked is gone."""
    window = next(w for w in gate.windows(days=5) if (w.opens_at - gate.clock()).days >= 2)
    for n in range(5):
        gate.book(window.window_id, enterprise(f"n{n}"))
    less = replace(gate.border, policy=replace(gate.border.policy, kappa_percent=30))
    gate.do(publishing.publish(gate.ledger, CONTROLLER, less), CONTROLLER)
    assert gate.state("window", window.window_id).capacity == 5
    with refused("window-full"):
        gate.book(window.window_id, enterprise("late"))


def test_windows_open_up_to_the_horizon():
    """Each day one more day; none twice."""
    clock = Clock()
    gate = Gate(clock=clock)
    n = len(gate.windows(days=30))
    clock.move(days=1)
    done = gate.do(publishing.open_windows(gate.ledger, CONTROLLER, "BKT"), CONTROLLER)
    assert done["n_resized"] == 0
    assert len(gate.windows(days=30)) == n
    assert gate.do(publishing.open_windows(gate.ledger, CONTROLLER, "BKT"), CONTROLLER)["n_opened"] == 0
    gate.close()
