"""A ledger in memory over the shipped world, with a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from landport.app.ledger import committing, making, moving, reads
from landport.app.ledger.desk import Ledger, Principal
from landport.app.ledger.projecting import States
from landport.app.ledger.week import load_week
from landport.model.events import split
from landport.model.plans import Plan
from landport.model.scenario import Scenario, World
from landport.store import EVERYBODY, Store, open_store
from landport.store.tables import TENANT
from landport.units import instant_of
from tests.app.again import port

START = datetime(2022, 7, 18, 6, tzinfo=UTC)


class Clock:
    """Shows the time that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


PLANNER = Principal(tenant_id="T1", actor="A-planner", role="planner")
CONTROLLER = Principal(tenant_id="T1", actor="A-controller", role="controller")
ANALYST = Principal(tenant_id="T1", actor="A-analyst", role="analyst")
FORWARDER = Principal(tenant_id="T1", actor="A-silk", role="forwarder", party_id="P-silk")
OTHER = Principal(tenant_id="T1", actor="A-road", role="forwarder", party_id="P-road")
STRANGER = Principal(tenant_id="T2", actor="A-other", role="admin")


def found_tenants(store: Store) -> None:
    """Make the two tenants of the tests."""
    for tenant_id in ("T1", "T2"):
        row = {"tenant_id": tenant_id, "name": tenant_id, "created_at": 0}
        store.write_now(EVERYBODY, "system", lambda tx, row=row: tx.connection.execute(TENANT.insert(), row).rowcount)


@pytest.fixture
def clock() -> Clock:
    """Time stands still until a test moves it."""
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Iterator[Store]:
    """A database in memory."""
    store = open_store("sqlite://", clock=clock, projection=States())
    found_tenants(store)
    yield store
    store.close()


@pytest.fixture
def ledger(store: Store, world: World, clock: Clock) -> Ledger:
    """A ledger that nothing happened in."""
    return Ledger(store=store, world=world, clock=clock)


@pytest.fixture
def do(ledger: Ledger) -> Callable[..., Any]:
    """Do a command and answer its JSON."""

    def done(command: Any, who: Principal = PLANNER) -> Any:
        return msgspec.json.decode(ledger.do(who, command).body)

    return done


def goods(**changes: Any) -> dict[str, Any]:
    """A booking of two boxes to Almaty."""
    return {
        "kind": "FCL",
        "shipper_id": "P-shipper",
        "consignee_id": "P-consignee",
        "origin_id": "URC",
        "destination_id": "ALM",
        "ready_at": "2022-07-19T08:00+08:00",
        "due_at": "2022-08-05T08:00+06:00",
        "container_type": "40HC",
        "n_containers": 2,
        "hs": "8517",
        "declared_kg": 18_000,
        **changes,
    }


def groupage(**changes: Any) -> dict[str, Any]:
    """A booking of pallets that the hub packs."""
    item = {"length_mm": 1200, "width_mm": 800, "height_mm": 1000, "mass_g": 400_000, "count": 6}
    whole = goods(kind="LCL", items=[item])
    for key in ("container_type", "n_containers", "declared_kg"):
        del whole[key]
    return whole | changes


@pytest.fixture(scope="session")
def harbour(world: World) -> tuple[Scenario, Plan, Scenario]:
    """A small port's week, its plan as the ledger makes it, and what that was made from."""
    week = port()
    clock = Clock()
    clock.now = instant_of(week.now_at, week.start_at)
    store = open_store("sqlite://", clock=clock, projection=States())
    ledger = Ledger(store=store, world=world, clock=clock)
    load_week(ledger, PLANNER, week)
    task = making.task(ledger, PLANNER, seed=3)
    store.close()
    return week, making.made(task), task.scenario


class Port:
    """A ledger with a week of which a plan is committed."""

    def __init__(self, ledger: Ledger, clock: Clock, week: Scenario, plan: Plan, scenario: Scenario) -> None:
        self.ledger, self.clock, self.week, self.plan, self.scenario = ledger, clock, week, plan, scenario
        clock.now = instant_of(week.now_at, week.start_at)
        load_week(ledger, PLANNER, week)
        self.digest = self.do(making.keep(PLANNER, plan, scenario))["plan_digest"]
        self.committed = self.do(committing.commit(ledger, PLANNER, self.digest))

    def do(self, command: Any, who: Principal = PLANNER) -> Any:
        """Do a command and answer its JSON."""
        return msgspec.json.decode(self.ledger.do(who, command).body)

    def move(self, subject: str, type_name: str, **fields: Any) -> Any:
        """Report what happened to a subject."""
        return self.do(moving.move(self.ledger, CONTROLLER, subject, type_name, fields), CONTROLLER)

    def state(self, subject: str) -> Any:
        """Read a state; None: nothing is known."""
        return self.ledger.store.read("T1", lambda view: reads.known(view, *split(subject)))

    def riders(self, departure_id: str) -> list[str]:
        """List the containers planned on a train."""
        found = {r.subject_id for r in self.plan.rides if r.departure_id == departure_id}
        return sorted(found & {b.container_id for b in self.plan.containers})

    def trains(self) -> list[str]:
        """List the hub's trains that run, in the order in which they leave."""
        first = {r.departure_id: r.departs_at for r in reversed(self.plan.rides)}
        runs = [r.departure_id for r in self.plan.runs if r.status == "run" and r.departure_id in first]
        return sorted(runs, key=lambda d: (first[d], d))

    def make_ready(self, container_id: str, at_id: str) -> None:
        """Let a container be all that a train asks for."""
        subject = f"container/{container_id}"
        plan = self.state(subject).plan
        self.move(subject, "ContainerGatedIn", at_id=at_id, truck="新A 12345")
        self.move(subject, "ContainerWeighed", gross_kg=plan.gross_kg)
        self.move(subject, "ContainerReleased", reference="D-1")
        self.move(subject, "ContainerSealed", seals=["S1"])
        self.move(subject, "NoteIssued", number="N-1", form="CIM/SMGS")


@pytest.fixture
def harboured(ledger: Ledger, clock: Clock, harbour: tuple[Scenario, Plan, Scenario]) -> Port:
    """A port with its plan committed."""
    return Port(ledger, clock, *harbour)
