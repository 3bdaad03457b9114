"""The API against a small model: whatever is booked, amended, cancelled, repeated or lost, both say the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.server.served import goods, serving

MASSES = st.integers(1_000, 25_000)
FORWARDERS = st.sampled_from(["silk", "road"])


class Bookings(RuleBasedStateMachine):
    """Two forwarders and a planner at one server; each run has a database of its own."""

    database: Callable[[], str]
    consignments = Bundle("consignments")
    stale = Bundle("stale")

    @initialize()
    def begin(self):
        self.context = serving(type(self).database())
        self.served = self.context.__enter__()
        self.clients = {name: self.served.client(name) for name in ("silk", "road", "planner")}
        self.known: dict[str, tuple[str, int, str]] = {}
        self.asked = 0

    def teardown(self):
        if hasattr(self, "context"):
            self.context.__exit__(None, None, None)

    def key(self):
        self.asked += 1
        return {"Idempotency-Key": f"k{self.asked}"}

    def twice(self, client, method, path, body, headers):
        """Ask twice under one key: both answers are the same, whatever they are."""
        first = client.request(method, path, json=body, headers=headers)
        again = client.request(method, path, json=body, headers=headers)
        assert again.status_code == first.status_code
        if first.status_code < 400:
            assert again.content == first.content
        return first

    @rule(target=consignments, name=FORWARDERS, mass=MASSES)
    def book(self, name, mass):
        body = {"goods": goods(declared_kg=mass)}
        answer = self.twice(self.clients[name], "POST", "/api/v1/consignments", body, self.key())
        assert answer.status_code == 201
        made = answer.json()["consignment_id"]
        assert made not in self.known
        self.known[made] = (name, mass, "booked")
        return made

    @rule(target=stale, which=consignments)
    def read(self, which):
        name, mass, status = self.known[which]
        for reader in (name, "planner"):
            answer = self.clients[reader].get(f"/api/v1/consignments/{which}")
            found = answer.json()
            assert (found["goods"]["declared_kg"], found["status"]) == (mass, status)
        other = {"silk": "road", "road": "silk"}[name]
        assert self.clients[other].get(f"/api/v1/consignments/{which}").status_code == 404
        return which, answer.headers["ETag"], (mass, status)

    @rule(seen=stale, mass=MASSES)
    def amend(self, seen, mass):
        which, etag, saw = seen
        name, now_mass, status = self.known[which]
        path = f"/api/v1/consignments/{which}"
        current = self.clients["planner"].get(path).headers["ETag"]
        body = {"goods": goods(declared_kg=mass)}
        answer = self.twice(self.clients[name], "PATCH", path, body, self.key() | {"If-Match": etag})
        if etag != current:
            assert answer.status_code == 412
        elif status == "cancelled":
            assert (answer.status_code, answer.json()["code"]) == (409, "is-cancelled")
        else:
            assert answer.status_code == 200
            assert (now_mass, status) == saw
            self.known[which] = (name, mass, status)

    @rule(which=consumes(consignments))
    def cancel(self, which):
        name, mass, _ = self.known[which]
        path = f"/api/v1/consignments/{which}/cancel"
        answer = self.twice(self.clients[name], "POST", path, {}, self.key() | {"If-Match": "*"})
        assert answer.json()["status"] == "cancelled"
        self.known[which] = (name, mass, "cancelled")

    @rule(by=st.sampled_from([-3600, 3600, 1, 86_400]))
    def time_passes_or_jumps(self, by):
        self.served.clock.move(seconds=by if self.asked % 2 else abs(by) % 7200)

    @invariant()
    def lists_say_the_same(self):
        if not hasattr(self, "known"):
            return
        for name, client in self.clients.items():
            items = client.get("/api/v1/consignments", params={"most": 500}).json()["items"]
            found = {c["consignment_id"]: (c["goods"]["declared_kg"], c["status"]) for c in items}
            mine = {w: (m, s) for w, (n, m, s) in self.known.items() if name in (n, "planner")}
            assert found == mine


def folders(tmp_path, make):
    """Name a database with tables for each run of a machine."""
    n = 0

    def following():
        nonlocal n
        n += 1
        return make(str(tmp_path / f"{n}.db"))

    return following


def made(url):
    from landport.app.ledger.opening import open_ledger

    open_ledger(url, makes=True).store.close()
    return url


STEADY = settings(
    max_examples=6, stateful_step_count=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
LONG = settings(max_examples=200, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))


def test_the_api_and_a_small_model_agree(tmp_path, monkeypatch):
    """Whatever forwarders do, what they and the port read is what was answered."""
    monkeypatch.setattr(Bookings, "database", staticmethod(folders(tmp_path, made)), raising=False)
    run_state_machine_as_test(Bookings, settings=STEADY)


@pytest.mark.slow
def test_the_api_and_a_small_model_agree_for_long(tmp_path, monkeypatch):
    """The same, a hundred times as much."""
    monkeypatch.setattr(Bookings, "database", staticmethod(folders(tmp_path, made)), raising=False)
    run_state_machine_as_test(Bookings, settings=LONG)
