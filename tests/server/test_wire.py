"""Connections that ask nothing, too much, or too slowly; bodies made to keep a server busy."""

from __future__ import annotations

import gzip
import socket
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from landport.app.ledger import passwords
from landport.server import desk, wire
from tests.server.served import goods


@contextmanager
def wired(served):
    """Open a connection and speak over it by hand."""
    where = urlsplit(served.url)
    with socket.create_connection((where.hostname, where.port), timeout=30) as found:
        yield found


def test_whoever_asks_nothing_is_sent_away(served, monkeypatch):
    """A head that does not come, at once or behind an answer, and a body that does not."""
    monkeypatch.setattr(wire, "HEAD_S", 0.05)
    monkeypatch.setattr(wire, "BODY_S", 0.05)
    whole = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    for said in (b"", b"GET / HTTP/1.1\r\nHost", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"):
        with wired(served) as line:
            line.sendall(said)
            while line.recv(4096):
                pass
        with wired(served) as line:
            line.sendall(whole)
            assert line.recv(4096).startswith(b"HTTP/1.1 200")
            line.sendall(said or b"\r\n")
            while line.recv(4096):
                pass


def test_a_connection_serves_one_after_another(served):
    """Waiting ends with each request."""
    with wired(served) as line:
        for _ in range(3):
            line.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.recv(4096).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("said", [b"GET /" + b"a" * 70_000, b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000])
def test_heads_without_end_are_refused(served, said):
    """400, and the connection is closed."""
    with wired(served) as line:
        line.sendall(said)
        assert line.recv(4096).startswith(b"HTTP/1.1 400")


def test_strangers_send_little(served):
    """A large body of anybody is refused before it is read; without a key a body is not looked at."""
    many = {f"a{n}": 0 for n in range(2_000)}
    with served.client() as client:
        answers = [client.post(f"/api/v1/{path}", json=many) for path in ("session", "links", "parties")]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [
        (413, "body-too-large"),
        (413, "body-too-large"),
        (401, "not-authenticated"),
    ]


def test_too_much_that_is_wrong_is_counted_only(served):
    """Up to some thousands every wrong value is listed; more would keep everybody waiting."""
    with served.client("planner") as client:
        few = client.post("/api/v1/parties", json={f"a{n}": 0 for n in range(desk.MOST_PROBLEMS - 1)})
        many = client.post("/api/v1/parties", json={f"a{n}": 0 for n in range(desk.MOST_PROBLEMS)})
        large = client.post("/api/v1/parties", json={"name": "a" * desk.JSON_BYTES})
    assert len(few.json()["problems"]) == desk.MOST_PROBLEMS
    assert few.json()["detail"] == "5000 problems in the input"
    assert (many.status_code, many.json()["problems"]) == (422, [])
    assert "5,001 problems" in many.json()["detail"]
    assert large.status_code == 413


def test_compressed_bodies_are_refused(served):
    """So that few bytes do not become many."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    with served.client("planner") as client:
        answer = client.post("/api/v1/consignments", content=gzip.compress(b"{}"), headers=headers)
        plain = client.post("/api/v1/consignments", json={"goods": goods()}, headers={"Content-Encoding": "identity"})
    assert (answer.status_code, answer.json()["code"]) == (415, "not-json-sent")
    assert "compressed" in answer.json()["detail"]
    assert plain.status_code == 201


def test_a_body_that_breaks_off_is_no_fault_of_ours(served, caplog, lines):
    """Nothing was done and nobody is there to be told: one line with 499, and no traceback."""
    with caplog.at_level("ERROR", logger="landport.server"):
        with wired(served) as line:
            line.sendall(
                b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: 99\r\n\r\n{"
            )
        with served.client() as client:
            while not lines:
                client.get("/health/live")
                lines[:] = [one for one in lines if one["route"] != "/health/live"]
    assert [one["status"] for one in lines] == [499]
    assert caplog.text == ""


def test_an_unknown_link_costs_nothing(served, monkeypatch):
    """A password is hashed only for whoever has a link that holds."""
    hashed = []
    monkeypatch.setattr(passwords, "hashed", lambda password: hashed.append(password) or "x")
    with served.client() as client:
        for link in ("x" * 43, served.link):
            client.post("/api/v1/links", json={"link": link, "password": "seven grey geese land"})
    assert len(hashed) == 1
