"""Events over HTTP: lists, histories, and the stream."""

from __future__ import annotations

import json

import httpx

from landport.server import streaming
from tests.server.served import goods


def heard(client, n, **options):
    """Listen until n events came: (id, event, data) each."""
    found, now = [], {}
    with client.stream("GET", "/api/v1/stream", **options) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name in ("id", "event", "data"):
                now[name] = value
            elif not line and "data" in now:
                found.append((int(now["id"]), now["event"], json.loads(now["data"])))
                now = {}
                if len(found) == n:
                    break
    return found


def book(client, n=1):
    return [client.post("/api/v1/consignments", json={"goods": goods()}).json()["consignment_id"] for _ in range(n)]


def test_the_list_goes_on_where_it_was(served):
    """Pages by position; the last one says where to ask again."""
    with served.client("planner") as client:
        book(client, 5)
        one = client.get("/api/v1/events", params={"most": 3}).json()
        two = client.get("/api/v1/events", params={"most": 3, "after": one["next"]}).json()
        none = client.get("/api/v1/events", params={"after": two["next"]}).json()
    assert [e["position"] for e in one["items"] + two["items"]] == [1, 2, 3, 4, 5]
    assert none == {"items": [], "next": 5}


def test_the_stream_misses_nothing_and_goes_on(served):
    """First what was, then what happens; a listener that comes back begins behind the last it heard."""
    with served.client("planner") as client, served.client("admin") as writer:
        book(writer, 3)
        first = heard(client, 2, params={"after": 0})
        again = heard(client, 1, headers={"Last-Event-ID": str(first[-1][0])})
        assert [e[0] for e in first + again] == [1, 2, 3]
        with client.stream("GET", "/api/v1/stream") as answer:
            lines = answer.iter_lines()
            assert next(lines) == "retry: 2000"
            book(writer)
            assert next(line for line in lines if line.startswith("id")) == "id: 4"


def test_a_forwarder_hears_its_own(served):
    """Of two forwarders' bookings each sees its own in lists and stream, the port sees both."""
    with served.client("silk") as silk, served.client("road") as road, served.client("planner") as planner:
        (one,), (two,) = book(silk), book(road)
        assert [e["stream"] for e in silk.get("/api/v1/events").json()["items"]] == [f"consignment/{one}"]
        assert [e[2]["stream"] for e in heard(road, 1, params={"after": 0})] == [f"consignment/{two}"]
        assert len(heard(planner, 2, params={"after": 0})) == 2
        with road.stream("GET", "/api/v1/stream") as answer:
            lines = answer.iter_lines()
            assert next(lines) == "retry: 2000"
            book(silk)
            (three,) = book(road)
            data = next(line for line in lines if line.startswith("data"))
        assert json.loads(data[6:])["stream"] == f"consignment/{three}"


def test_listeners_are_counted_and_sent_away(served):
    """When the server stops their answers end, instead of breaking off."""
    with served.client("planner") as client, client.stream("GET", "/api/v1/stream") as answer:
        lines = answer.iter_lines()
        assert next(lines) == "retry: 2000"
        assert served.service.tails.count() == 1
        served._server.should_exit = True
        assert [line for line in lines if line.startswith("id")] == []
    assert served.service.tails.count() == 0


def test_whose_key_is_revoked_hears_no_more(served, monkeypatch):
    """At the next sign of life it is sent away."""
    monkeypatch.setattr(streaming, "HEART_S", 0.05)
    with served.client("analyst") as client, served.client("admin") as admin:
        key_id = client.get("/api/v1/me").json()["actor"]
        with client.stream("GET", "/api/v1/stream") as answer:
            lines = answer.iter_lines()
            assert next(line for line in lines if line.startswith(":")) == ": alive"
            assert admin.delete(f"/api/v1/keys/{key_id}").status_code == 200
            for _ in lines:
                pass


def test_who_may_not_read_does_not_listen(served):
    """401 before anything is sent."""
    answer = httpx.get(f"{served.url}/api/v1/stream")
    assert answer.status_code == 401


def test_nobody_listens_without_end(served, monkeypatch):
    """One account's streams are counted; who ends one may begin another, and others are not concerned."""
    monkeypatch.setattr(streaming, "MOST_OF_ONE", 1)
    with served.client("planner") as client, served.client("analyst") as other:  # noqa: SIM117 -- client goes on
        with client.stream("GET", "/api/v1/stream") as answer:
            lines = answer.iter_lines()
            assert next(lines) == "retry: 2000"
            refused = client.get("/api/v1/stream", timeout=5)
            assert (refused.status_code, refused.json()["code"]) == (429, "too-many-listeners")
            assert refused.headers["Retry-After"] == "15"
            with other.stream("GET", "/api/v1/stream") as heard_too:
                assert heard_too.status_code == 200
