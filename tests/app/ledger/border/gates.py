"""A border port to test at: Baktu published in a ledger, enterprises, and a clock that tests turn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from landport.app.ledger import reads
from landport.app.ledger.border import changing, checking, gate, lanes, publishing, shifting, taking
from landport.app.ledger.desk import Ledger, Principal
from landport.app.ledger.projecting import States
from landport.model.border import BorderPort
from landport.store import Store, open_store, windows
from landport.store.windows import Offered
from tests.app.ledger.desks import WORLD, Clock
from tests.appointments.ports import baktu

CONTROLLER = Principal(tenant_id="T1", actor="A-gate", role="controller")
PLANNER = Principal(tenant_id="T1", actor="A-plan", role="planner")


def enterprise(name: str) -> Principal:
    """Answer who books for an enterprise."""
    return Principal(tenant_id="T1", actor=f"A-{name}", role="forwarder", party_id=f"P-{name}")


SILK, ROAD = enterprise("silk"), enterprise("road")


class Gate:
    """A border port that is published; commands are done at once and answer JSON."""

    def __init__(self, url: str = "sqlite://", border: BorderPort | None = None, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.store: Store = open_store(url, clock=self.clock, projection=States())
        self.ledger = Ledger(store=self.store, world=WORLD(), clock=self.clock)
        self.border = border or baktu()
        self.n_trucks = 0
        self.do(publishing.publish(self.ledger, CONTROLLER, self.border), CONTROLLER)

    def close(self) -> None:
        self.store.close()

    def do(self, command: Any, who: Principal) -> Any:
        return msgspec.json.decode(self.ledger.do(who, command).body)

    def windows(self, channel: str = "general", *, days: float = 3) -> list[Offered]:
        """List the windows that are not over."""
        now, border_id = self.clock(), self.border.border_id
        return list(
            self.store.read(
                "T1", lambda v: windows.between(v, border_id, now, now + timedelta(days=days), channel=channel)
            )
        )

    def state(self, kind: str, subject_id: str) -> Any:
        return self.store.read("T1", lambda view: reads.known(view, kind, subject_id))

    def plate(self) -> str:
        self.n_trucks += 1
        return f"新A{self.n_trucks:05}"

    def book(self, window_id: str, who: Principal = SILK, *, waits: bool = False, held: str = "", **visit: Any) -> Any:
        fields = {"tractor": self.plate(), **visit}
        return self.do(taking.book(self.ledger, who, window_id, fields, waits=waits, appointment_id=held), who)

    def hold(self, window_id: str, who: Principal = SILK) -> Any:
        return self.do(taking.hold(self.ledger, who, window_id), who)

    def fill(self, window_id: str, name: str = "filler") -> list[str]:
        """Take every place that a window has by itself, each for another enterprise."""
        free = self.state("window", window_id).capacity - self.state("window", window_id).booked
        return [self.book(window_id, enterprise(f"{name}{n}"))["appointment_id"] for n in range(free)]

    def cancel(self, appointment_id: str, who: Principal = SILK, **why: str) -> Any:
        return self.do(changing.cancel(self.ledger, who, appointment_id, **why), who)

    def reschedule(self, appointment_id: str, window_id: str, who: Principal = SILK, **why: str) -> Any:
        return self.do(changing.reschedule(self.ledger, who, appointment_id, window_id, **why), who)

    def change(self, appointment_id: str, who: Principal = SILK, why: str = "", **visit: Any) -> Any:
        return self.do(changing.change_visit(self.ledger, who, appointment_id, visit, why=why), who)

    def at_gate(self, verb: str, appointment_id: str, **options: Any) -> Any:
        """Do a step of the controller's day: present, inspect, keep, clear, turn_back, missed."""
        return self.do(getattr(gate, verb)(self.ledger, CONTROLLER, appointment_id, **options), CONTROLLER)

    def check_in(self, appointment_id: str, tractor: str = "") -> Any:
        return self.do(gate.check_in(self.ledger, CONTROLLER, appointment_id, gate.Shown(tractor=tractor)), CONTROLLER)

    def call(self, channel: str = "general", count: int = 1) -> list[str]:
        found = self.do(lanes.call(self.ledger, CONTROLLER, self.border.border_id, channel, count=count), CONTROLLER)
        return [one["appointment_id"] for one in found["called"]]

    def walk_up(self, channel: str = "general", **visit: Any) -> Any:
        fields = {"tractor": self.plate(), **visit}
        return self.do(taking.walk_up(self.ledger, CONTROLLER, self.border.border_id, channel, fields), CONTROLLER)

    def shift(self, from_at: datetime, until_at: datetime, why: str = "storm") -> Any:
        return self.do(
            shifting.shift(self.ledger, CONTROLLER, self.border.border_id, from_at, until_at, why=why), CONTROLLER
        )

    def faults(self) -> tuple[str, ...]:
        return self.store.read("T1", windows.faults)

    def violations(self) -> list[tuple[str, str]]:
        """Ask the independent auditor what of the whole log breaks a rule."""
        found = checking.check(self.ledger, CONTROLLER).violations
        return [(v.code, v.message) for v in found]
