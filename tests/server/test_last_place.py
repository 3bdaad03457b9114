"""P1: never over the published capacity, whoever asks at once; and the check-then-insert that fails at it."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest

from landport.app.ledger import people
from landport.errors import Conflict
from landport.store import windows
from tests.server import gates

CLIENTS = 64
NAIVE = 16
PLACES = 3


def race(served, most, ask):
    """Let so many clients of two forwarders ask at the same moment; what each was answered."""
    start = threading.Barrier(most)

    def one(n):
        with served.client("silk" if n % 2 else "road", Connection="close") as client:
            client.get("/health/live")
            start.wait()
            return ask(client, n)

    with ThreadPoolExecutor(most) as pool:
        return list(pool.map(one, range(most)))


def places(served, window=gates.WINDOW):
    """Read capacity and places taken of a window, and what is wrong with any."""
    with served.ledger.store.view(people.TENANT) as view:
        (faults, taken) = windows.faults(view), windows.seated(view, [window])
    with served.client("road") as client:
        row = client.get(f"/api/v1/windows/{window}").json()
    assert (faults, len(taken)) == ((), row["booked"])
    return row["capacity"], row["booked"]


def test_the_last_place_goes_to_one(served):
    """64 clients race for it: exactly one 201, 63 times 409, and no window has more trucks than places."""
    gates.published(served, lanes=PLACES, horizon_days=2)
    with served.client("planner") as client:
        assert {gates.book(client, n).status_code for n in range(100, 100 + PLACES - 1)} == {201}
    answers = race(served, CLIENTS, gates.book)
    codes = sorted((a.status_code, a.json().get("code", "")) for a in answers)
    assert codes == [(201, "")] + [(409, "window-full")] * (CLIENTS - 1)
    assert places(served) == (PLACES, PLACES)


def test_a_window_fills_to_its_last_place(served):
    """64 clients race for a whole window: as many 201 as it has places, on places of their own."""
    gates.published(served, lanes=24, horizon_days=2, policy={"most_share_percent": 100})
    answers = race(served, CLIENTS, gates.book)
    won = [a.json() for a in answers if a.status_code == 201]
    assert sorted(a["seat"] for a in won) == list(range(1, 25))
    assert {a.json()["code"] for a in answers if a.status_code != 201} == {"window-full"}
    assert places(served) == (24, 24)


def test_holds_are_places(served):
    """A hold takes the last place as a booking does; its enterprise books it, nobody else can."""
    gates.published(served, lanes=1, horizon_days=2)
    path = f"/api/v1/windows/{gates.WINDOW}/holds"
    with served.client("silk") as silk, served.client("road") as road:
        held = silk.post(path, json={}).json()
        assert held["status"] == "requested"
        assert (road.post(path, json={}).json()["code"], gates.book(road, 1).json()["code"]) == ("window-full",) * 2
        mine = gates.truck(2) | {"appointment_id": held["appointment_id"]}
        booked = silk.post(f"/api/v1/windows/{gates.WINDOW}/appointments", json=mine)
        assert (booked.status_code, booked.json()["appointment_id"]) == (201, held["appointment_id"])
    assert places(served) == (1, 1)


# ---- what fails --------------------------------------------------------------------------------


def connected(url):
    """Connect as a program would that knows nothing of transactions."""
    if url.startswith("postgres"):
        return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)
    return sqlite3.connect(url, isolation_level=None, timeout=60)


def naively(url, counted):
    """Count the trucks of a window, and add one if there are fewer than places."""
    with closing(connected(url)) as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM naive").fetchone()
        counted.wait()
        if count < PLACES:
            connection.execute("INSERT INTO naive VALUES (1)")
        return count < PLACES


def test_check_then_insert_overbooks(empty_url):
    """Kept as what fails: who looks first and writes then lets in whoever looked at the same moment."""
    with closing(connected(empty_url)) as connection:
        connection.execute("CREATE TABLE naive (truck INTEGER)")
    counted = threading.Barrier(NAIVE)
    with ThreadPoolExecutor(NAIVE) as pool:
        told = list(pool.map(lambda _: naively(empty_url, counted), range(NAIVE)))
    with closing(connected(empty_url)) as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM naive").fetchone()
    assert count == sum(told) > PLACES, "the table has more trucks than places, and nobody was refused"


def test_the_database_itself_refuses_more(served):
    """Whatever a program does: a row of a window with more trucks than places is not written."""
    gates.published(served, lanes=PLACES, horizon_days=2)
    with pytest.raises(Conflict) as refused:
        served.ledger.store.write_now(people.TENANT, "x", _overbook)
    assert "never_over_capacity" in str(refused.value.__cause__)
    assert places(served) == (PLACES, 0)


def _overbook(tx):
    window = windows.WINDOW
    mine = (window.c.tenant_id == people.TENANT, window.c.window_id == gates.WINDOW)
    return tx.connection.execute(window.update().where(*mine).values(booked=PLACES + 1)).rowcount
