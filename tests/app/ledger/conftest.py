"""A ledger in memory over the shipped world, with a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from landport.app.ledger.desk import Ledger, Principal
from landport.app.ledger.projecting import States
from landport.model.scenario import World
from landport.store import Store, open_store

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


@pytest.fixture
def clock() -> Clock:
    """Time stands still until a test moves it."""
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Iterator[Store]:
    """A database in memory."""
    store = open_store("sqlite://", clock=clock, projection=States())
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
