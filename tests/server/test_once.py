"""P3, exactly once: the same Idempotency-Key 64 times, after 201, after 409, after a crash, with another body."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from landport.app.ledger import booking
from landport.errors import Conflict
from tests.server.served import goods, serving

KEY = {"Idempotency-Key": "order-4711"}


def count(client):
    return len(client.get("/api/v1/consignments").json()["items"])


def test_the_same_key_sixty_four_times_books_once(served):
    """All at once, over as many connections: one booking, and 64 equal answers."""

    def book(_):
        headers = KEY | {"Authorization": f"Bearer {served.tokens['silk']}"}
        return httpx.post(f"{served.url}/api/v1/consignments", json={"goods": goods()}, headers=headers, timeout=60)

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(book, range(64)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert sum("Idempotency-Replayed" not in a.headers for a in answers) == 1
    with served.client("planner") as client:
        assert count(client) == 1


def test_after_201_comes_the_same_answer(served):
    """Status and body; the header says that it is a replay. Another actor's key is another key."""
    with served.client("silk") as client, served.client("road") as other:
        first = client.post("/api/v1/consignments", json={"goods": goods()}, headers=KEY)
        again = client.post("/api/v1/consignments", json={"goods": goods()}, headers=KEY)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["Idempotency-Replayed"] == "true"
        theirs = other.post("/api/v1/consignments", json={"goods": goods()}, headers=KEY)
        assert theirs.json()["consignment_id"] != first.json()["consignment_id"]


def test_after_an_error_the_key_is_free(served):
    """After 409 the same request is tried anew, and done when it can be; nothing half-done was kept."""
    with served.client("planner") as client:
        number = {"goods": goods(), "consignment_id": "X-1"}
        client.post("/api/v1/consignments", json=number)
        for _ in range(2):
            refused = client.post("/api/v1/consignments", json=number, headers=KEY)
            assert (refused.status_code, refused.json()["code"]) == (409, "changed-meanwhile")
            assert "Idempotency-Replayed" not in refused.headers
        assert count(client) == 1
        free = client.post("/api/v1/consignments", json={"goods": goods()}, headers=KEY)
        assert free.status_code == 201
        assert count(client) == 2


def test_a_409_that_turns_into_200_is_done_once(served):
    """Amending a version that is not there any more is refused; the same request with the right one goes through."""
    with served.client("planner") as client:
        made = client.post("/api/v1/consignments", json={"goods": goods()}).json()["consignment_id"]
        path = f"/api/v1/consignments/{made}"
        body = {"goods": goods(declared_kg=17_000)}
        stale = client.patch(path, json=body, headers=KEY | {"If-Match": '"E999"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "state-changed")
        etag = client.get(path).headers["ETag"]
        done = [client.patch(path, json=body, headers=KEY | {"If-Match": etag}) for _ in range(3)]
        assert [(a.status_code, a.content) for a in done] == [(200, done[0].content)] * 3
        events = client.get(f"{path}/events").json()["items"]
        assert [e["type"] for e in events] == ["ConsignmentBooked", "ConsignmentAmended"]


@pytest.mark.parametrize("change", [{"json": {"goods": goods(hs="8471")}}, {"headers": {"If-Match": "*"}}])
def test_another_request_under_the_key_is_refused(served, change):
    """Another body, or another precondition, is 422 and does nothing."""
    with served.client("planner") as client:
        client.post("/api/v1/consignments", json={"goods": goods()}, headers=KEY)
        asked = {"json": {"goods": goods()}} | change
        other = client.post("/api/v1/consignments", **(asked | {"headers": KEY | asked.get("headers", {})}))
        assert (other.status_code, other.json()["code"]) == (422, "key-reused")
        elsewhere = client.post("/api/v1/parties", json={"name": "x"}, headers=KEY)
        assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "key-reused")
        assert count(client) == 1


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_keys_that_cannot_be(served, key):
    """Too long or not printable: 422."""
    with served.client("planner") as client:
        headers = [(b"Idempotency-Key", key.encode("latin-1"))]
        answer = client.post("/api/v1/parties", json={"name": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-key")


def test_after_a_restart_the_answer_is_still_known(store_url):
    """The server is gone and comes back; the key still answers, and nothing is done again."""
    with serving(store_url) as served, served.client("silk") as client:
        first = client.post("/api/v1/consignments", json={"goods": goods()}, headers=KEY)
        token = served.tokens["silk"]
    with serving(store_url) as served, served.client() as client:
        headers = KEY | {"Authorization": f"Bearer {token}"}
        again = client.post("/api/v1/consignments", json={"goods": goods()}, headers=headers)
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["Idempotency-Replayed"] == "true"


def test_what_could_not_be_asked_for_any_more_is_answered_again(served, monkeypatch):
    """A repeat that is refused before its command is made, such as the repair of a closed task, was done before."""
    with served.client("planner") as client:
        first = client.post("/api/v1/consignments", json={"goods": goods()}, headers=KEY)

        def refuse(*_, **__):
            raise Conflict("task-closed", "it is done already")

        monkeypatch.setattr(booking, "checked", refuse)
        again = client.post("/api/v1/consignments", json={"goods": goods()}, headers=KEY)
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["Idempotency-Replayed"] == "true"
        for headers in ({}, {"Idempotency-Key": "another"}):
            assert client.post("/api/v1/consignments", json={"goods": goods()}, headers=headers).status_code == 409
        other = client.post("/api/v1/consignments", json={"goods": goods(hs="8471")}, headers=KEY)
        assert (other.status_code, other.json()["code"]) == (422, "key-reused")
