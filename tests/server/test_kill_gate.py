"""P2 for appointments: after kill -9 none that was answered is lost, none is there twice, no window is over."""

from __future__ import annotations

import json
import zlib

import httpx
import pytest

from landport.app.ledger import people
from landport.app.ledger.opening import open_ledger
from landport.store import states, windows
from tests.server import gates
from tests.server.test_kill import Load, killed_often


class Trucks(Load):
    """Clients that book one truck after the other into windows that fill up; a full one is an answer, too."""

    def __init__(self, url, token):
        super().__init__(url, token)
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
            rows = client.get("/api/v1/windows", params={"border": "BKT"}).json()["items"]
        self.windows = [row["window_id"] for row in rows][2:50]

    def ask(self, client, key):
        """Ask for a place in the window that belongs to a key, for the truck that does."""
        number = zlib.crc32(key.encode())
        path = f"/api/v1/windows/{self.windows[number % len(self.windows)]}/appointments"
        return client.post(path, json={"tractor": f"K{number:08X}"}, headers={"Idempotency-Key": key})

    def is_refused(self, answer):
        """Full is full."""
        return answer.status_code == 409 and answer.json()["code"] == "window-full"


def publish(url, token):
    """Publish a port around the clock, ten trucks an hour."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(
        f"{url}/api/v1/borders", json=gates.around_the_clock(10, horizon_days=3), headers=headers, timeout=60
    )
    assert answer.status_code == 201, answer.text


def expect_whole(database, known):
    """As many appointments as answers, each as it was answered; every place has one truck, no window has more."""
    ledger = open_ledger(database, mode="read")
    try:
        answered = [json.loads(body) for body in known.values()]
        with ledger.store.view(people.TENANT) as view:
            kept = {f.subject_id: json.loads(f.document) for f in states.everything(view, "appointment")}
            assert {a["appointment_id"]: a["window_id"] for a in answered} == {
                k: a["window_id"] for k, a in kept.items()
            }
            assert len(answered) == len(kept)
            assert windows.faults(view) == ()
            seats = windows.seated(view, {a["window_id"] for a in answered})
            assert sorted(s[2] for s in seats) == sorted(kept)
            assert len({s[:2] for s in seats}) == len(seats)
            assert max(seat for _, seat, _ in seats) <= 10
    finally:
        ledger.store.close()


def test_a_killed_server_loses_no_appointment(tmp_path, empty_url):
    """A kill under the load of 32 clients."""
    known = killed_often(tmp_path, empty_url, 1, 100, load_of=Trucks, prepare=publish)
    expect_whole(empty_url, known)


@pytest.mark.slow
def test_a_server_that_is_killed_often_loses_no_appointment(tmp_path, empty_url):
    """Eight kills; towards the end most windows are full."""
    known = killed_often(tmp_path, empty_url, 8, 20, load_of=Trucks, prepare=publish)
    expect_whole(empty_url, known)
