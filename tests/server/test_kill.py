"""P2: what was answered is there after kill -9 of the server, and nothing is there twice after clients repeat."""

from __future__ import annotations

import json
import threading

import httpx
import pytest

from landport.app.ledger import people
from landport.app.ledger.opening import open_ledger
from landport.store import log
from tests.server.process import Process, process
from tests.server.served import goods
from tests.server.test_serve import soon

CLIENTS = 32


class Load:
    """Clients that book one thing after the other, each under a key of its own, until the server is gone."""

    def __init__(self, url, token):
        self.url, self.headers = url, {"Authorization": f"Bearer {token}"}
        self.answered: dict[str, bytes] = {}
        self.open: set[str] = set()
        self._lock = threading.Lock()
        self.enough = threading.Event()
        ready_at, due_at = soon()
        self.body = {"goods": goods(ready_at=ready_at, due_at=due_at)}

    def ask(self, client, key):
        """Send the request of a key."""
        return client.post("/api/v1/consignments", json=self.body, headers={"Idempotency-Key": key})

    def is_refused(self, answer):
        """Tell whether an answer says that nothing was done, and should."""
        return False

    def run(self, before, wanted):
        threads = [threading.Thread(target=self._book, args=(f"{before}-{n}", wanted)) for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        return threads

    def _book(self, name, wanted):
        with httpx.Client(base_url=self.url, headers=self.headers, timeout=60, verify=False) as client:
            for n in range(1_000_000):
                key = f"{name}-{n}"
                with self._lock:
                    self.open.add(key)
                try:
                    answer = self.ask(client, key)
                except httpx.HTTPError:
                    return
                is_refused = self.is_refused(answer)
                assert is_refused or answer.status_code == 201, answer.text
                with self._lock:
                    self.open.discard(key)
                    if is_refused:
                        continue
                    self.answered[key] = answer.content
                    if len(self.answered) >= wanted:
                        self.enough.set()

    def repeat(self, url):
        """Repeat everything: what was answered is answered the same; the rest is done now, or was done."""
        with httpx.Client(base_url=url, headers=self.headers, timeout=60, verify=False) as client:
            for key in sorted(self.answered | dict.fromkeys(self.open, b"")):
                answer = self.ask(client, key)
                if key not in self.answered and self.is_refused(answer):
                    continue
                assert answer.status_code == 201, answer.text
                if key in self.answered:
                    assert answer.content == self.answered[key], "an answer that was given is not known any more"
                self.answered[key] = answer.content
        self.open.clear()


def killed_often(folder, database, times, each, *, load_of=Load, prepare=None):
    """Kill the server so many times in the middle of a load, and repeat everything each time."""
    known: dict[str, bytes] = {}
    token = ""
    for kill in range(times):
        with process(folder, "--quiet", "--db", database) as served:
            if not token:
                token = key_of(served, folder)
                if prepare is not None:
                    prepare(served.url, token)
            load = load_of(served.url, token)
            threads = load.run(f"k{kill}", each)
            assert load.enough.wait(120)
            served.process.kill()
            served.process.wait(60)
            for thread in threads:
                thread.join()
        with process(folder, "--quiet", "--db", database) as served:
            load.repeat(served.url)
            assert served.end() == 0
        known |= load.answered
    return known


def key_of(served: Process, folder):
    """Make a key over HTTP, as the first admin."""
    link = served.read_link()
    password = "seven grey geese land"
    httpx.post(f"{served.url}/api/v1/links", json={"link": link, "password": password})
    session = httpx.post(f"{served.url}/api/v1/session", json={"login": "admin", "password": password}).json()
    bearer = {"Authorization": f"Bearer {session['token']}"}
    made = httpx.post(f"{served.url}/api/v1/keys", json={"name": "load", "role": "admin"}, headers=bearer)
    return made.json()["token"]


def expect_whole(database, known):
    """0 lost, 0 doubled: as many bookings as keys, each with the answer that was given; every event in its place."""
    ledger = open_ledger(database, mode="read")
    try:
        booked = {json.loads(body)["consignment_id"] for body in known.values()}
        assert len(booked) == len(known)
        with ledger.store.view(people.TENANT) as view:
            n, after, seen = 0, 0, set()
            while page := log.since(view, after, most=1000):
                assert [e.position for e in page] == list(range(after + 1, after + 1 + len(page)))
                seen |= {e.stream.partition("/")[2] for e in page}
                n, after = n + len(page), page[-1].position
        assert (n, seen) == (len(known), booked)
    finally:
        ledger.store.close()


@pytest.fixture
def database(empty_url):
    return empty_url


def test_a_killed_server_loses_nothing(tmp_path, database):
    """Two kills under the load of 32 clients."""
    expect_whole(database, killed_often(tmp_path, database, 2, 300))


@pytest.mark.slow
def test_a_server_that_is_killed_often_loses_nothing(tmp_path, database):
    """Fifty kills, 1,000 bookings before each at least."""
    expect_whole(database, killed_often(tmp_path, database, 50, 1_000))
