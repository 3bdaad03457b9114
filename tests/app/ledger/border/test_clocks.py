"""P7: midnight, daylight saving, two zones at one border, and clocks that are an hour off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from landport.app.ledger.border import counting
from landport.appointments.capacity import local_day
from landport.errors import Conflict
from landport.model.border import GatePolicy
from tests.app.ledger.border.gates import Gate, enterprise
from tests.app.ledger.desks import Clock
from tests.appointments.ports import hours, port, side

KORYCIN = port(
    side("BRZ", "Europe/Warsaw", hours(0, 24, 2)),
    side("BRZ2", "Europe/Minsk", hours(0, 24, 2)),
    border_id="BRZ",
    policy=GatePolicy(),
)


def at(text):
    clock = Clock()
    clock.now = datetime.fromisoformat(text)
    return clock


@pytest.mark.parametrize(("night", "n"), [("2026-03-28T20:00+00:00", 23), ("2026-10-24T20:00+00:00", 25)])
def test_the_night_of_a_change(night, n):
    """The day that has 23 hours has 23 windows, the one of 25 has 25, each with its own name."""
    gate = Gate(border=KORYCIN, clock=at(night))
    day = local_day(KORYCIN, gate.clock() + timedelta(hours=12))
    windows = [w for w in gate.windows(days=3) if local_day(KORYCIN, w.opens_at) == day]
    assert len({w.window_id for w in windows}) == len(windows) == n
    made = [gate.book(w.window_id, enterprise(f"n{k}"))["opens_at"] for k, w in enumerate(windows)]
    assert sorted(made) == made
    shifted = gate.shift(windows[0].opens_at, windows[4].closes_at)
    assert shifted["n_hit"] == 5
    assert gate.faults() == ()
    gate.close()


def test_a_truck_over_midnight_counts_where_things_happened():
    """It came before local midnight and was cleared after; both days and the balance between them agree."""
    gate = Gate(border=KORYCIN, clock=at("2026-03-04T22:30+00:00"))  # 23:30 in Warsaw
    window = gate.windows()[0]
    made = gate.book(window.window_id)["appointment_id"]
    gate.clock.now = window.opens_at - timedelta(minutes=10)
    gate.at_gate("present", made)
    gate.clock.move(minutes=20)
    gate.call()
    gate.check_in(made)
    gate.at_gate("clear", made)
    first = local_day(KORYCIN, window.opens_at - timedelta(minutes=10))
    assert local_day(KORYCIN, gate.clock()) == first + timedelta(days=1)
    days = gate.store.read("T1", lambda v: counting.figures(gate.ledger, v, "BRZ", first, first + timedelta(days=1)))
    came, cleared = days["items"]
    assert (came.counts.n_came, came.closing, cleared.opening, cleared.counts.n_cleared) == (1, 1, 1, 1)
    assert (came.counts.n_cleared, cleared.closing) == (0, 0)
    gate.close()


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_an_hour(gate, hours):
    """What is acknowledged stays, nobody gets two places, and holds neither last for ever nor take a place twice."""
    window = gate.windows()[5]
    held = gate.hold(window.window_id)
    made = gate.book(window.window_id, enterprise("road"))
    gate.clock.move(hours=hours)
    if hours > 0:
        with pytest.raises(Conflict, match="holds no place"):
            gate.book(window.window_id, held=held["appointment_id"])
    else:
        assert gate.book(window.window_id, held=held["appointment_id"])["status"] == "confirmed"
    assert gate.state("appointment", made["appointment_id"]).status == "confirmed"
    gate.cancel(made["appointment_id"], enterprise("road"))
    gate.clock.move(hours=-hours)
    assert gate.book(window.window_id, enterprise("sand"))["status"] == "confirmed"


def test_instants_without_seconds_or_of_other_zones_are_the_same(gate):
    """A closure that is said in another zone is the same closure."""
    window = gate.windows()[5]
    gate.book(window.window_id)
    there = ZoneInfo("Asia/Almaty")
    done = gate.shift(window.opens_at.astimezone(there), window.closes_at.astimezone(there))
    assert done["n_hit"] == 1
    assert datetime.fromisoformat(done["from_at"]).astimezone(UTC) == window.opens_at
