"""What holds for every request: ids, headers, problems, limits, metrics, the log."""

from __future__ import annotations

import asyncio
import json
import socket
from urllib.parse import urlsplit

import pytest

from landport.errors import StoreError
from landport.server import Limits, desk, running
from tests.server.served import goods, serving

PROBLEM = "application/problem+json"


def test_health_and_metrics(served):
    """Live, ready with the log's position, and counts by route template and status."""
    with served.client() as client:
        assert client.get("/health/live").json() == {"status": "live", "position": 0}
        assert client.get("/health/ready").json()["status"] == "ready"
        client.get("/api/v1/consignments/B1", headers={"Authorization": f"Bearer {served.tokens['planner']}"})
        text = client.get("/metrics").text
    line = 'landport_requests_total{method="GET",route="/api/v1/consignments/{consignment_id}",status="404"} 1.0'
    assert line in text
    assert "landport_log_position 0.0" in text
    assert "landport_request_seconds_bucket" in text


def test_a_stopping_server_is_not_ready(served):
    """Whoever spreads requests hears it."""
    served.service.desk.is_stopping = True
    with served.client() as client:
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "stopping", "2")


def test_every_answer_is_safe_and_has_its_request_id(served):
    """A sane X-Request-Id is taken over, another replaced; browsers are told to be careful."""
    with served.client() as client:
        given = client.get("/health/live", headers={"X-Request-Id": "trace-17"})
        odd = client.get("/health/live", headers={"X-Request-Id": "a b"})
        page = client.get("/link")
    assert given.headers["X-Request-Id"] == "trace-17"
    assert odd.headers["X-Request-Id"].startswith("R")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "script-src 'sha256-" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "unknown-address"),
        ("GET", "/api/v1/", 404, "unknown-address"),
        ("PUT", "/api/v1/consignments", 405, "method-not-allowed"),
        ("GET", "/api/v1/consignments?most=x", 422, "input"),
        ("GET", "/api/v1/consignments?after=%00", 422, "input"),
        ("GET", "/api/v1/consignments/%00", 404, "unknown-consignment"),
        ("GET", "/api/v1/events?after=99999999999999999999", 422, "input"),
    ],
)
def test_every_refusal_is_a_problem(served, method, path, status, code):
    """FastAPI's own refusals look like ours."""
    with served.client("planner") as client:
        answer = client.request(method, path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
    found = answer.json()
    assert (found["code"], found["status"]) == (code, status)
    assert found["request_id"] == answer.headers["X-Request-Id"]


def test_every_wrong_value_is_listed(served):
    """Nothing is turned into another type: `false` is no number; unknown fields are told."""
    wrong = {"goods": goods(declared_kg=False, n_containers="2", hs=8517, colour="red", shipper_id="a\0b")}
    with served.client("planner") as client:
        answer = client.post("/api/v1/consignments", json=wrong)
    assert answer.status_code == 422
    keys = {p["key"] for p in answer.json()["problems"]}
    assert keys == {f"goods.{k}" for k in ("declared_kg", "n_containers", "hs", "colour", "shipper_id")}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"goods": NaN}', b'"\\ud800"', b"[" * 100_000])
def test_bodies_that_are_no_json(served, body):
    """Whatever comes is an input error."""
    with served.client("planner") as client:
        answer = client.post("/api/v1/consignments", content=body, headers={"Content-Type": "application/json"})
        other = client.post("/api/v1/consignments", content=body, headers={"Content-Type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (422, "input")
    assert (other.status_code, other.json()["code"]) == (415, "not-json-sent")


def test_large_bodies_are_refused(store_url):
    """By what they state, and by what they are."""
    with serving(store_url, Limits(body_bytes=1000)) as served, served.client("planner") as client:
        stated = client.post("/api/v1/parties", content=b"x" * 1001, headers={"Content-Type": "application/json"})
        pieces = (b"x" * 400 for _ in range(3))
        counted = client.post("/api/v1/parties", content=pieces, headers={"Content-Type": "application/json"})
    assert [a.json()["code"] for a in (stated, counted)] == ["body-too-large"] * 2
    assert [a.status_code for a in (stated, counted)] == [413, 413]


def test_slow_answers_are_given_up(store_url, monkeypatch):
    """After the limit comes 503 with Retry-After, and the server goes on."""

    async def never(*_):
        await asyncio.Event().wait()

    with serving(store_url, Limits(request_s=0.05)) as served, served.client("planner") as client:
        with monkeypatch.context() as patched:
            patched.setattr(desk, "who", never)
            answer = client.get("/api/v1/me")
        assert (answer.status_code, answer.json()["code"]) == (503, "request-too-slow")
        assert answer.headers["Retry-After"] == "2"
        assert client.get("/health/live").status_code == 200


def test_what_nobody_foresaw_is_a_500_without_its_inside(served, monkeypatch, caplog):
    """The reader gets a request id, the log the traceback."""

    def broken(*_):
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(desk, "who", broken)
    with caplog.at_level("ERROR", logger="landport.server"), served.client("planner") as client:
        answer = client.get("/api/v1/me")
        client.get("/health/live")
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert "inside" not in answer.text
    assert answer.headers["X-Request-Id"] in caplog.text
    assert "the secret inside" in caplog.text


def test_a_database_that_is_gone_is_503(served, monkeypatch):
    """With Retry-After and the store's code."""

    def gone(*_):
        raise StoreError("database-gone", "the database did not answer; repeat in a moment")

    monkeypatch.setattr(served.ledger.store, "view", gone)
    with served.client("planner") as client:
        answers = [client.get(path) for path in ("/health/ready", "/api/v1/consignments", "/api/v1/me")]
    assert {(a.status_code, a.json()["code"], a.headers["Retry-After"]) for a in answers} == {
        (503, "database-gone", "2")
    }


def test_the_log_has_one_line_a_request_and_no_secrets(served, lines):
    """Route, status and actor are there; tokens, passwords, query strings and bodies are not."""
    with served.client("planner") as client:
        client.get("/api/v1/consignments?after=query-secret")
        client.post("/api/v1/session", json={"login": "admin", "password": "body-secret-word"})
        client.post("/api/v1/links", json={"link": "link-secret", "password": "body-secret-word"})
        client.get("/nothing", headers={"Cookie": "landport_session=cookie-secret"})
        client.get("/health/live")
    said = json.dumps(lines)
    assert [(x["route"], x["status"]) for x in lines][:4] == [
        ("/api/v1/consignments", 200),
        ("/api/v1/session", 401),
        ("/api/v1/links", 404),
        ("other", 404),
    ]
    assert str(lines[0]["actor"]).startswith("K")
    assert "secret" not in said
    assert served.tokens["planner"] not in said


def test_only_trusted_proxies_are_believed(store_url, lines):
    """X-Forwarded-For of a stranger is what anybody could write."""
    forwarded = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9, 127.0.0.1"}
    for limits in (None, Limits(proxies=running.networks(["127.0.0.0/8"]))):
        with serving(store_url, limits) as served, served.client() as client:
            client.get("/health/live", headers=forwarded)
    assert [x["client"] for x in lines] == ["127.0.0.1", "203.0.113.9"]


def test_a_request_that_breaks_off_harms_nobody(served):
    """The next one is answered."""
    where = urlsplit(served.url)
    with socket.create_connection((where.hostname, where.port)) as wire:
        wire.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{")
    with served.client() as client:
        assert client.get("/health/live").status_code == 200
