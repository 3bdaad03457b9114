"""A border that is shut: everybody moves, in order, and nobody is lost."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from landport.app.ledger.border import shifting
from landport.errors import InputError
from tests.app.ledger.border.gates import CONTROLLER, SILK, Gate, enterprise
from tests.app.ledger.border.test_taking import refused


def booked(gate, windows, n, rng, name="s"):
    """Book so many trucks into windows at random, in random order."""
    made = []
    while len(made) < n:
        window = rng.choice(windows)
        state = gate.state("window", window.window_id)
        if state.booked < state.capacity:
            made.append(gate.book(window.window_id, enterprise(f"{name}{len(made)}"))["appointment_id"])
    return made


def order(gate, made):
    states = [gate.state("appointment", a) for a in made]
    return [s.appointment_id for s in sorted(states, key=lambda s: (s.order_at, s.appointment_id))], states


def test_an_afternoon_shut_moves_forty_four_trucks_in_order():
    """All keep their order, none loses a place, and those after the free places stay where they are."""
    gate, rng = Gate(), random.Random(7)
    gate.clock.now = gate.clock.now.replace(hour=0)
    windows = gate.windows(days=6)
    day = [w for w in windows if w.opens_at.date() == windows[12].opens_at.date()]
    afternoon = day[len(day) // 2 :]
    hit = booked(gate, afternoon, sum(w.capacity for w in afternoon) - 1, rng)
    later = booked(gate, [w for w in windows if w.opens_at > day[-1].opens_at], 44, rng, "l")
    before = order(gate, hit + later)[0]
    done = gate.shift(afternoon[0].opens_at, afternoon[-1].closes_at)
    after, states = order(gate, hit + later)
    assert done["n_hit"] == len(hit)
    assert after == before
    assert {s.status for s in states} == {"confirmed"}
    by_order = sorted(states, key=lambda s: (s.order_at, s.appointment_id))
    assert [s.opens_at for s in by_order] == sorted(s.opens_at for s in states)
    assert all(s.opens_at >= s.order_at for s in states)
    assert not any(s.opens_at < afternoon[-1].closes_at for s in states if s.appointment_id in hit)
    moved = {s.appointment_id for s in states if s.n_shifted}
    assert len(moved) == done["n_moved"] < len(states)
    last = max(s.opens_at for s in states if s.n_shifted)
    assert all(not s.n_shifted for s in states if s.order_at > last)
    again = gate.shift(day[-1].closes_at, max(w.closes_at for w in windows[:30]), why="still")
    assert order(gate, hit + later)[0] == before
    assert again["n_hit"] > 0
    assert gate.faults() == ()
    assert gate.violations() == []
    gate.close()


def test_windows_beyond_the_horizon_are_opened_if_needed(gate):
    """A fortnight shut and nobody is without a place."""
    last = gate.windows(days=30)[-1]
    made = gate.fill(gate.windows()[5].window_id)
    done = gate.shift(gate.clock(), last.closes_at + timedelta(days=1))
    assert done["n_moved"] == len(made)
    states = [gate.state("appointment", a) for a in made]
    assert all(s.status == "confirmed" and s.opens_at > last.opens_at for s in states)
    assert done["normal_on"] is not None


def test_holds_end_and_lists_are_served(gate):
    """A form in hand has no place any more; who waited gets one after all who had one."""
    window = next(w for w in gate.windows(days=5) if (w.opens_at - gate.clock()).days >= 2)
    full = gate.fill(window.window_id)
    waiting = gate.book(window.window_id, SILK, waits=True)["appointment_id"]
    other = next(w for w in gate.windows(days=5) if w.opens_at > window.opens_at)
    held = gate.hold(other.window_id)["appointment_id"]
    done = gate.shift(window.opens_at, other.closes_at)
    assert (done["n_hit"], done["n_holds"], done["n_offered"]) == (len(full), 1, 1)
    assert gate.state("appointment", held).status == "cancelled"
    offered = gate.state("appointment", waiting)
    assert offered.status == "confirmed"
    assert offered.opens_at >= max(gate.state("appointment", a).opens_at for a in full)


def test_called_trucks_wait_again_and_keep_their_turn(gate):
    """Who stood in the queue stays in it, and costs nobody a change of his own."""
    window = gate.windows()[3]
    made = gate.book(window.window_id)["appointment_id"]
    gate.clock.now = window.opens_at
    gate.at_gate("present", made)
    gate.call()
    gate.shift(window.opens_at, window.closes_at)
    state = gate.state("appointment", made)
    assert (state.status, state.n_shifted, state.n_rescheduled) == ("confirmed", 1, 0)
    assert [t.status for t in gate.state("queue", "BKT").trucks] == ["waiting"]


def test_reopened_earlier_has_its_places_back(gate):
    """Windows get their places again; nobody is moved back by force."""
    window = gate.windows()[5]
    before = window.capacity
    gate.book(window.window_id)
    gate.shift(window.opens_at, window.closes_at + timedelta(days=1))
    assert gate.state("window", window.window_id).capacity == 0
    gate.do(shifting.reopen(gate.ledger, CONTROLLER, "BKT", window.opens_at), CONTROLLER)
    assert gate.state("window", window.window_id).capacity == before
    assert gate.book(window.window_id, enterprise("new"))["status"] == "confirmed"


def test_what_is_no_closure_is_refused(gate):
    """Times in order, and a reason."""
    now = gate.clock()
    with pytest.raises(InputError) as found:
        gate.shift(now, now - timedelta(hours=1))
    assert [p.key for p in found.value.problems] == ["until_at"]
    with refused("input", InputError):
        gate.shift(now, now + timedelta(hours=1), why="")
