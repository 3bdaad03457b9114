"""A server to ask: a real uvicorn in a thread, over a database of the test's own, with keys for every role."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
import msgspec

from landport.app.ledger import parties, people
from landport.app.ledger.desk import ROLES, Ledger, Principal
from landport.app.ledger.projecting import States
from landport.reference import load
from landport.server import Limits, Service, running
from landport.store import open_store

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WORLD = cache(load.world)


class Clock:
    """An instant that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class Served:
    """A server, and clients with keys: `client("planner")`; `silk` and `road` are two forwarders."""

    def __init__(self, url: str, limits: Limits | None = None, *, tenants: tuple[str, ...] = ("port",)) -> None:
        self.clock = Clock()
        store = open_store(url, clock=self.clock, projection=States())
        self.ledger = Ledger(store=store, world=WORLD(), clock=self.clock)
        self.service = Service(self.ledger, limits)
        self.link = people.first_link(self.ledger)
        self.tokens: dict[str, str] = {}
        self.parties: dict[str, str] = {}
        for tenant in tenants:
            self._fill(tenant)
        socket = running.bound("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{socket.getsockname()[1]}"
        self._server = running.server(self.service)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [socket]}, daemon=True)
        self._thread.start()
        self._clients: list[httpx.Client] = []

    def _fill(self, tenant: str) -> None:
        if tenant != "port":
            people.add_tenant(self.ledger, tenant, f"{tenant}-admin")
        who, before = people.local(tenant), "" if tenant == "port" else f"{tenant}-"
        for role in ROLES:
            if role != "forwarder":
                self.tokens[before + role] = self.key(who, role, role)
        for name in ("silk", "road"):
            party_id = self.done(who, parties.add_party(self.ledger, who, "firm", f"{name} forwarding"))["party_id"]
            self.parties[before + name] = party_id
            self.tokens[before + name] = self.key(who, name, "forwarder", party_id=party_id)

    def done(self, who: Principal, command: Any) -> Any:
        return msgspec.json.decode(self.ledger.do(who, command).body)

    def key(self, who: Principal, name: str, role: str, **options: Any) -> str:
        return self.done(who, people.add_key(self.ledger, who, name, role, **options))["token"]

    def client(self, name: str = "", **headers: str) -> httpx.Client:
        said = {"Authorization": f"Bearer {self.tokens[name]}"} if name else {}
        client = httpx.Client(base_url=self.url, headers=said | headers, timeout=60, verify=False)
        self._clients.append(client)
        return client

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self._server.should_exit = True
        self._thread.join()
        self.service.close()
        self.ledger.store.close()


@contextmanager
def serving(url: str, limits: Limits | None = None, **options: Any) -> Iterator[Served]:
    served = Served(url, limits, **options)
    try:
        yield served
    finally:
        served.close()


def goods(**changes: Any) -> dict[str, Any]:
    """A booking of two boxes to Almaty."""
    return {
        "kind": "FCL",
        "origin_id": "URC",
        "destination_id": "ALM",
        "ready_at": "2026-03-03T08:00:00+08:00",
        "due_at": "2026-03-20T08:00:00+05:00",
        "container_type": "40HC",
        "n_containers": 2,
        "hs": "8517",
        "declared_kg": 18_000,
        **changes,
    }
