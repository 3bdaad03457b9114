"""A planner's day at the demo, over HTTP alone: look, plan, cancel, hear of a cancelled train, repair it."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.server.process import process

PASSWORD = "seven grey geese land"


class Day:
    """A client of a served demo, and what it saw."""

    def __init__(self, url, link):
        self.client = httpx.Client(base_url=f"{url}/api/v1", timeout=120)
        assert self.client.post("/links", json={"link": link, "password": PASSWORD}).status_code == 200
        session = self.client.post("/session", json={"login": "admin", "password": PASSWORD}).json()
        self.client.cookies.clear()
        self.client.headers["Authorization"] = f"Bearer {session['token']}"

    def get(self, path, **params):
        answer = self.client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path, status, said=None):
        answer = self.client.post(path, json=said)
        assert answer.status_code == status, answer.text
        return answer.json()

    def every(self, kind):
        """List all of a kind, page by page."""
        found, after = [], ""
        while after is not None:
            page = self.get(f"/{kind}", most=100, after=after)
            found, after = found + page["items"], page["next"]
        return found

    def heard(self, event, after):
        """Listen from a position until an event of a type comes."""
        with self.client.stream("GET", "/stream", params={"after": after}) as answer:
            lines = answer.iter_lines()
            while next(lines) != f"event: {event}":
                pass
            return json.loads(next(lines).removeprefix("data: "))


@pytest.fixture
def day(tmp_path):
    options = ("--demo", "--demo-scale", "0.01", "--quiet")
    with process(tmp_path, *options) as served:
        found = Day(served.url, served.read_link())
        yield found
        found.client.close()
        assert served.end() == 0


@pytest.mark.slow
def test_a_day_at_the_demo(day):
    """Each answer leads to the next request; in the end the states have followed."""
    assert day.every("consignments")
    box = next(b for b in day.every("containers") if b["plan"].get("rides"))
    name, train = box["container_id"], box["plan"]["rides"][0]["departure_id"]
    outlook = day.get(f"/containers/{name}/outlook")
    assert not outlook["readiness"]["is_ready"]
    assert outlook["eta"]["arrives_at"]
    assert train in {t["departure_id"] for t in day.every("trains")}

    first = day.post("/plans", 202, {"effort": "full"})
    assert day.client.post("/plans", json={}).json()["code"] == "job-running"
    assert day.post(f"/jobs/{first['job_id']}/cancel", 200)["status"] == "cancelled"
    assert day.client.post(f"/jobs/{first['job_id']}/cancel").json()["code"] == "job-over"

    moved = day.post(f"/trains/{train}/moves", 201, {"type": "PathCancelled", "fields": {"why": "washout"}})
    (task_id,) = moved["tasks"]
    assert day.get(f"/tasks/{task_id}")["exception"] == "PathCancelled"
    assert day.client.post(f"/tasks/{task_id}/repair").json()["code"] == "no-proposal"
    job = day.post(f"/tasks/{task_id}/proposal", 202, {"effort": "quick"})
    proposed = day.heard("RepairProposed", moved["position"])
    assert proposed["stream"] == f"task/{task_id}"
    done = day.get(f"/jobs/{job['job_id']}")
    assert (done["status"], done["kind"]) == ("done", "repair")
    digest = proposed["payload"]["plan_digest"]
    assert day.get(f"/plans/{digest}/file")["schema"] == 1

    committed = day.post(f"/tasks/{task_id}/repair", 200)
    assert committed["digest"] == digest
    assert task_id in committed["closed"]
    assert day.get(f"/tasks/{task_id}")["how"] == "repaired"
    assert train not in {r["departure_id"] for r in day.get(f"/containers/{name}")["plan"].get("rides", ())}
    assert day.get(f"/trains/{train}")["status"] == "cancelled"
    assert day.get(f"/plans/{digest}")["status"] == "committed"
    history = [e["type"] for e in day.get(f"/containers/{name}/events", most=500)["items"]]
    assert history.count("ContainerPlanned") == 2
    assert history[-1] == "TaskClosed"

    job = day.post("/plans", 202, {"effort": "quick", "commits": True})
    assert day.heard("PlanCommitted", committed["position"])["stream"].startswith("plan/")
    assert day.get(f"/jobs/{job['job_id']}")["result"]["commit"]
