"""P3 for appointments: the same key many times, after 409, after a place came free, with another body."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.server import gates
from tests.server.test_last_place import places, race

KEY = "truck-4711"
PATH = "/api/v1/appointments"


def rows(served):
    """List the appointments that there are."""
    with served.client("planner") as client:
        return {a["appointment_id"]: a for a in client.get(PATH, params={"most": 500}).json()["items"]}


def test_the_same_key_sixty_four_times_books_once(served):
    """All at once: one appointment, and 64 equal answers."""
    gates.published(served, lanes=40, horizon_days=2)

    def book(_):
        headers = {"Idempotency-Key": KEY, "Authorization": f"Bearer {served.tokens['silk']}"}
        url = f"{served.url}/api/v1/windows/{gates.WINDOW}/appointments"
        return httpx.post(url, json=gates.truck(1), headers=headers, timeout=60, verify=False)

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(book, range(64)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert sum("Idempotency-Replayed" not in a.headers for a in answers) == 1
    assert list(rows(served)) == [answers[0].json()["appointment_id"]]
    assert places(served) == (40, 1)


def test_after_409_comes_409_until_a_place_is_free(served):
    """A full window is refused again under the same key; once it has a place the key books, once, and has its row."""
    gates.published(served, lanes=1, horizon_days=2)
    key = {"Idempotency-Key": KEY}
    with served.client("planner") as port, served.client("silk") as silk:
        first = gates.book(port, 1).json()["appointment_id"]
        for _ in range(3):
            refused = gates.book(silk, 2, **key)
            assert (refused.status_code, refused.json()["code"]) == (409, "window-full")
            assert "Idempotency-Replayed" not in refused.headers
        assert list(rows(served)) == [first]
        port.post(f"{PATH}/{first}/cancel", json={"why": "sold"})
        assert gates.book(silk, 2, **key).status_code == 409, "a place that is freed comes back after a while"
        served.clock.move(minutes=16)
        booked = [gates.book(silk, 2, **key) for _ in range(3)]
        assert [(a.status_code, a.content) for a in booked] == [(201, booked[0].content)] * 3
        assert [a.headers.get("Idempotency-Replayed") for a in booked] == [None, "true", "true"]
        assert rows(served)[booked[0].json()["appointment_id"]]["status"] == "confirmed"
    assert places(served) == (1, 1)


def test_a_201_always_has_its_row(served):
    """16 clients with keys of their own for three places, then all again: each 201 is the same and is there."""
    gates.published(served, lanes=3, horizon_days=2)

    def book(client, n):
        return gates.book(client, n, **{"Idempotency-Key": f"k{n}"})

    first = race(served, 16, book)
    again = race(served, 16, book)
    assert sorted(a.status_code for a in first) == [201] * 3 + [409] * 13
    for before, after in zip(first, again, strict=True):
        assert before.status_code == after.status_code
        assert before.content == after.content or before.status_code == 409
    assert set(rows(served)) == {a.json()["appointment_id"] for a in again if a.status_code == 201}
    assert places(served) == (3, 3)


def test_another_truck_under_the_key_is_refused(served):
    """Another body is 422 and does nothing."""
    gates.published(served, lanes=9, horizon_days=2)
    key = {"Idempotency-Key": KEY}
    with served.client("silk") as silk:
        assert gates.book(silk, 1, **key).status_code == 201
        for other in (gates.book(silk, 2, **key), gates.book(silk, 1, gates.WINDOW.replace("T04", "T05"), **key)):
            assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert len(rows(served)) == 1
