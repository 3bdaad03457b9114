"""P1 and P4: a border port against a small model; whatever is done in whatever order, both say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from landport.app.ledger.border import tending
from landport.app.ledger.projecting import States
from landport.errors import Conflict, NotPermitted
from landport.model.border import GatePolicy
from landport.store import rebuild
from tests.app.ledger.border.gates import CONTROLLER, Gate, enterprise
from tests.app.ledger.desks import Clock
from tests.appointments.ports import baktu

NAMES = st.sampled_from(["silk", "road", "sand"])
PICK = st.integers(0, 10_000)
ACTIVE = ("requested", "confirmed", "called", "arrived", "under_inspection", "held")
SMALL = GatePolicy(kappa_percent=30, most_active=6, most_waiting=2, most_acts_per_hour=1000)


class Port(RuleBasedStateMachine):
    """Three enterprises and a controller; the model knows of each appointment its status, window and truck."""

    database: Callable[[], str]

    @initialize()
    def begin(self):
        border = replace(baktu(), policy=SMALL, horizon_days=2)
        self.gate = Gate(type(self).database(), border, Clock())
        self.known: dict[str, tuple[str, str, str]] = {}
        self.owner: dict[str, str] = {}

    def teardown(self):
        if not hasattr(self, "gate"):
            return
        store = self.gate.store
        before = store.read("T1", tables)
        if store._writing is not None:
            rebuild.rebuild(store._writing, store.address, States())
        assert store.read("T1", tables) == before
        assert self.gate.violations() == []
        self.gate.close()

    def window(self, pick, channel="general"):
        found = self.gate.windows(channel, days=4)
        return found[pick % len(found)].window_id

    def mine(self, pick, *statuses):
        found = sorted(a for a, (status, _, _) in self.known.items() if status in statuses)
        return found[pick % len(found)] if found else None

    def note(self):
        """Read what became of all; others may have moved up by what one did."""
        for appointment_id in self.known:
            state = self.gate.state("appointment", appointment_id)
            self.known[appointment_id] = (state.status, state.window_id if state.seat else "", state.visit.tractor)

    def tried(self, work):
        """Do what may be refused; refused, nothing at all has changed."""
        before = self.gate.store.read("T1", tables)
        try:
            done = work()
        except (Conflict, NotPermitted):
            assert self.gate.store.read("T1", tables) == before
            return None
        if isinstance(done, dict) and "appointment_id" in done:
            self.known.setdefault(done["appointment_id"], ("", "", ""))
        self.note()
        return done

    @rule(
        name=NAMES,
        pick=PICK,
        truck=st.integers(1, 8),
        waits=st.booleans(),
        channel=st.sampled_from(["general", "empty"]),
    )
    def book(self, name, pick, truck, waits, channel):
        window, plate = self.window(pick, channel), f"T{truck:03}"
        state = self.gate.state("window", window)
        is_taken = any(t == plate and status in ACTIVE for status, _, t in self.known.values())
        done = self.tried(lambda: self.gate.book(window, enterprise(name), waits=waits, tractor=plate))
        if done is not None:
            assert not is_taken
            assert done["status"] == "confirmed" or (waits and state.booked >= state.capacity - len(state.cooling))
            self.owner[done["appointment_id"]] = name

    @rule(name=NAMES, pick=PICK)
    def hold(self, name, pick):
        done = self.tried(lambda: self.gate.hold(self.window(pick), enterprise(name)))
        if done is not None:
            self.owner[done["appointment_id"]] = name

    @rule(pick=PICK, truck=st.integers(1, 8))
    def book_held(self, pick, truck):
        held = self.mine(pick, "requested")
        state = self.gate.state("appointment", held) if held else None
        if state is not None and state.form == "hold":
            who = enterprise(self.owner[held])
            self.tried(lambda: self.gate.book(state.window_id, who, held=held, tractor=f"T{truck:03}"))

    @rule(pick=PICK, by_port=st.booleans())
    def cancel(self, pick, by_port):
        one = self.mine(pick, *ACTIVE)
        if one:
            who = CONTROLLER if by_port or one not in self.owner else enterprise(self.owner[one])
            self.tried(lambda: self.gate.cancel(one, who, why="asked"))

    @rule(pick=PICK, other=PICK, by_port=st.booleans())
    def reschedule(self, pick, other, by_port):
        one = self.mine(pick, "confirmed")
        if one and one in self.owner:
            who, why = (CONTROLLER, "asked") if by_port else (enterprise(self.owner[one]), "")
            self.tried(lambda: self.gate.reschedule(one, self.window(other), who, why=why))

    @rule(pick=PICK, verb=st.sampled_from(["present", "inspect", "clear", "missed"]))
    def step(self, pick, verb):
        one = self.mine(pick, *ACTIVE, "cancelled", "cleared")
        if one:
            self.tried(lambda: self.gate.at_gate(verb, one))

    @rule(channel=st.sampled_from(["general", "empty"]), count=st.integers(1, 4))
    def call(self, channel, count):
        self.tried(lambda: self.gate.call(channel, count))

    @rule(pick=PICK)
    def check_in(self, pick):
        one = self.mine(pick, *ACTIVE)
        if one:
            self.tried(lambda: self.gate.check_in(one))

    @rule(truck=st.integers(1, 8))
    def walk_up(self, truck):
        self.tried(lambda: self.gate.walk_up(tractor=f"T{truck:03}"))

    @rule(pick=PICK, hours=st.integers(1, 9))
    def shift(self, pick, hours):
        found = self.gate.windows(days=4)
        begin = found[pick % len(found)].opens_at
        had = {a for a, (status, window, _) in self.known.items() if status in ("confirmed", "called") and window}
        self.tried(
            lambda: self.gate.shift(begin, begin.replace(minute=0) + hours * (found[0].closes_at - found[0].opens_at))
        )
        assert all(self.known[a][1] for a in had)

    @rule(minutes=st.sampled_from([1, 20, 90, 400, 1300]))
    def wait(self, minutes):
        self.gate.clock.move(minutes=minutes)
        for command in tending.tend(self.gate.ledger, CONTROLLER):
            self.gate.do(command, CONTROLLER)
        self.note()

    @invariant()
    def nobody_is_over_or_twice(self):
        if not hasattr(self, "gate"):
            return
        assert self.gate.faults() == ()
        trucks = Counter(truck for status, _, truck in self.known.values() if truck and status in ACTIVE)
        assert all(n == 1 for n in trucks.values())
        places = Counter(window for _, window, _ in self.known.values() if window)
        for window_id, n in places.items():
            state = self.gate.state("window", window_id)
            assert n == state.booked <= state.capacity


def tables(view):
    """Read every projection."""
    return [
        view.connection.exec_driver_sql(sql).all()
        for sql in (
            "SELECT kind, subject_id, status, owner, document FROM state ORDER BY kind, subject_id",
            "SELECT * FROM gate_window ORDER BY window_id",
            "SELECT * FROM window_seat ORDER BY window_id, seat",
        )
    ]


def run(database, examples, steps):
    class Engined(Port):
        pass

    Engined.database = staticmethod(database)
    Engined.__name__ = "Port"
    checks = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Engined, settings=checks)


def test_the_port_and_the_model_agree():
    """A sample, in memory."""
    run(lambda: "sqlite://", 8, 30)


@pytest.mark.slow
def test_the_port_and_the_model_agree_for_long():
    """Two hundred lives of fifty steps."""
    run(lambda: "sqlite://", 200, 50)
