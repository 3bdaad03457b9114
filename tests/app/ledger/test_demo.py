"""The demo: a small week, loaded once, on a clock of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from landport.app.ledger import demo, people, reads
from tests.app.ledger.conftest import PLANNER


def test_a_demo_is_loaded_once(ledger, clock):
    """Booked, planned, committed; a second time it is there already."""
    scenario = demo.invented(ledger.world, scale=0.005)
    clock.now = scenario.start_at
    who = people.local("T1")
    done = demo.load_demo(ledger, who, scale=0.005)
    assert done is not None
    assert done.n_planned == done.n_containers > 0
    states = ledger.store.read("T1", lambda view: reads.consignments(view))
    assert len(states) == len(scenario.bookings)
    before = ledger.store.position()
    assert demo.load_demo(ledger, PLANNER, scale=0.005) is None
    assert ledger.store.read("T1", lambda view: set(reads.everything(view, "border"))) == {"BKT", "HRG"}
    assert ledger.store.position() == before


def test_the_clock_of_a_demo_goes_on(world):
    """It begins with the week, and time passes as it does outside."""
    scenario = demo.invented(world, scale=0.001)
    outside = [datetime(2026, 1, 1, tzinfo=UTC)]
    clock = demo.clock_of(scenario, lambda: outside[0])
    assert clock() == scenario.start_at
    outside[0] += timedelta(hours=3)
    assert clock() == scenario.start_at + timedelta(hours=3)
