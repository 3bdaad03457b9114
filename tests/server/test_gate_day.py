"""A controller's day over HTTP, from an application to the figures of the day; the board; lists on paper."""

from __future__ import annotations

from typing import Any

import pytest

from landport.exchange import read_gate_keys, verify_at_gate
from tests.server import gates

BORDER = "/api/v1/borders/BKT"
NOW = "BKT.general.20260302T0800Z"
NEXT = "BKT.general.20260302T0900Z"
BOARD = {"border": "BKT"}


class Gate:
    """What the people at a gate ask; each answer must be as expected."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def get(self, path: str, **asked: Any) -> Any:
        answer = self.client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json() if "json" in answer.headers["Content-Type"] else answer.content

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.client.post(path, json=body) if body is not None else self.client.post(path)
        assert answer.status_code == status, (path, answer.text)
        return answer.json()

    def refused(self, path: str, body: Any = None, status: int = 409) -> str:
        code: str = self.post(path, body, status)["code"]
        return code

    def step(self, truck: str, word: str, **body: Any) -> str:
        done = self.post(f"/api/v1/appointments/{truck}/{word}", body or ({} if word == "check-in" else None))
        status: str = done["status"]
        return status


@pytest.fixture
def day(served):
    """A port around the clock, a forwarder and a controller."""
    gates.published(served, lanes=4, horizon_days=2, policy={"back_seconds_least": 0, "back_seconds_most": 0})
    with served.client("silk") as silk, served.client("controller") as controller:
        yield Gate(silk), Gate(controller)


def applied(silk, controller):
    """Apply, and have it accepted."""
    made = silk.post("/api/v1/applications", gates.APPLICATION | {"hs": "0702"}, 201)["application_id"]
    assert silk.refused(f"/api/v1/applications/{made}/accept", {}, 403) == "not-permitted"
    assert controller.post(f"/api/v1/applications/{made}/accept", {"reference": "A-5"})["status"] == "accepted"
    return made


def booked(silk, n, window=NOW, **fields):
    """Book a truck."""
    return silk.post(f"/api/v1/windows/{window}/appointments", gates.truck(n) | fields, 201)["appointment_id"]


def test_a_day_at_the_gate(served, day):
    """Apply, hold, book, code, present, call, check in by code, hold, clear; others turn back, walk up and miss."""
    silk, controller = day
    application = applied(silk, controller)
    row = next(w for w in silk.get("/api/v1/windows", **BOARD)["items"] if w["window_id"] == NOW)
    assert (row["n_free"], row["ahead_minutes"]) == (4, 0)
    held = silk.post(f"/api/v1/windows/{NOW}/holds", {}, 201)["appointment_id"]
    truck = booked(silk, 1, appointment_id=held, application_id=application)
    assert truck == held
    back, late = booked(silk, 2), booked(silk, 3)
    code = silk.get(f"/api/v1/appointments/{truck}/code")
    assert silk.get(f"/api/v1/appointments/{truck}/code.svg").startswith(b"<?xml")
    assert controller.step(truck, "present") == "confirmed"
    walk_up = controller.post(f"{BORDER}/walk-ups", {"channel": "general", "visit": gates.truck(4)}, 201)
    called = controller.post(f"{BORDER}/call", {"channel": "general", "count": 1})["called"]
    assert [a["appointment_id"] for a in called] == [truck]
    board = served.client().get("/api/v1/board", params=BOARD).json()["items"][0]["channels"][0]
    assert (board["called"], board["n_waiting"], board["n_at_gate"]) == (["A00001"], 1, 0)
    assert controller.step(truck, "check-in", code=code["code"], tractor="A-00001") == "arrived"
    assert controller.step(truck, "hold", why="seal is broken") == "held"
    assert controller.step(truck, "clear", reference="R-1") == "cleared"
    assert controller.step(back, "check-in") == "arrived"
    assert controller.step(back, "inspect") == "under_inspection"
    assert controller.step(back, "turn-back", why="no permit") == "turned_back"
    assert controller.post(f"{BORDER}/call", {"channel": "general"})["called"] != []
    queue = controller.get(f"{BORDER}/queue")["items"]
    assert walk_up["appointment_id"] in [q["appointment_id"] for q in queue]
    served.clock.move(hours=2, minutes=1)
    assert controller.step(late, "miss") == "no_show"
    reconciled(controller)


def reconciled(controller):
    """Opening balance + came = cleared + turned back + left + closing balance, day by day and over the month."""
    days = controller.get(f"{BORDER}/figures", **{"from": "2026-03-01", "until": "2026-03-03"})
    months = controller.get(f"{BORDER}/figures", **{"from": "2026-03-01", "until": "2026-03-31", "by": "month"})
    for figures in (*days["items"], *months["items"]):
        counts = {"n_came": 0, "n_cleared": 0, "n_turned_back": 0, "n_left": 0} | figures["counts"]
        gone = counts["n_cleared"] + counts["n_turned_back"] + counts["n_left"]
        assert figures["opening"] + counts["n_came"] == gone + figures["closing"]
    (today,) = [d for d in days["items"] if d["period"] == "2026-03-02"]
    counted = {k: v for k, v in today["counts"].items() if k in ("n_came", "n_walk_up", "n_cleared", "n_turned_back")}
    assert counted == {"n_came": 3, "n_walk_up": 1, "n_cleared": 1, "n_turned_back": 1}
    assert (today["opening"], today["closing"], today["counts"]["n_missed"]) == (0, 1, 1)
    assert days["items"][-1]["opening"] == 1


def test_a_code_is_checked(day):
    """Out of date after a change, of another truck, or forged: refused; a call does not make it out of date."""
    silk, controller = day
    truck, other = booked(silk, 1, NEXT), booked(silk, 2, NEXT)
    code = silk.get(f"/api/v1/appointments/{truck}/code")["code"]
    path = f"/api/v1/appointments/{truck}/check-in"
    assert controller.refused(f"/api/v1/appointments/{other}/check-in", {"code": code}) == "code-elsewhere"
    forged = code[:-9] + ("B" if code[-9] == "A" else "A") + code[-8:]
    assert controller.refused(path, {"code": forged}, 422) == "bad-signature"
    assert controller.refused(path, {"code": "LP1.x"}, 422) == "bad-code"
    silk.post(f"/api/v1/appointments/{truck}/visit", gates.truck(1) | {"permit": "PM-7"})
    assert controller.refused(path, {"code": code}) == "code-outdated"
    code = silk.get(f"/api/v1/appointments/{truck}/code")["code"]
    controller.step(truck, "present")
    assert controller.post(f"{BORDER}/call", {"channel": "general"})["called"][0]["window_id"] == NOW
    assert controller.refused(path, {"code": code, "tractor": "B-1"}) == "other-tractor"
    assert controller.post(path, {"code": code})["status"] == "arrived"
    assert silk.refused(f"/api/v1/appointments/{truck}/visit", gates.truck(9)) == "illegal-move"
    answer = silk.client.get(f"/api/v1/appointments/{truck}/code")
    assert (answer.status_code, answer.json()["code"]) == (409, "no-code-now")


def test_the_public_board(served, day, tmp_path):
    """Without login: no names, a few seconds old at most, keys by which a gate verifies codes; nothing of strangers."""
    silk, controller = day
    truck = booked(silk, 1)
    code = silk.get(f"/api/v1/appointments/{truck}/code")["code"]
    with served.client() as anybody:
        whole = anybody.get("/api/v1/board").json()
        assert whole == anybody.get("/api/v1/board", params=BOARD).json()
        (one,) = whole["items"]
        assert (one["border_id"], one["channels"][0]["called"]) == ("BKT", [])
        controller.post(f"{BORDER}/call", {"channel": "general"})
        assert anybody.get("/api/v1/board").json() == whole
        served.clock.move(seconds=6)
        assert anybody.get("/api/v1/board").json()["items"][0]["channels"][0]["called"] == ["A00001"]
        assert served.parties["silk"] not in anybody.get("/api/v1/board").text
        (tmp_path / "keys.json").write_bytes(anybody.get("/api/v1/board/keys", params=BOARD).content)
        assert verify_at_gate(code, read_gate_keys(tmp_path / "keys.json")).appointment_id == truck
        assert anybody.get("/api/v1/board", params={"tenant": "other"}).json() == {"items": []}
        for path in ("board", "board/keys"):
            answer = anybody.get(f"/api/v1/{path}", params={"border": "XXX"})
            assert (answer.status_code, answer.json()["code"]) == (404, "unknown-border")


def test_strangers_do_not_reach_the_database(served, day, monkeypatch):
    """However often and for whatever they ask: each border port is read once in a few seconds."""
    reads = []
    read = type(served.ledger.store).read
    monkeypatch.setattr(
        type(served.ledger.store), "read", lambda self, tenant, work: reads.append(tenant) or read(self, tenant, work)
    )
    with served.client() as anybody:
        for n in range(10):
            anybody.get("/api/v1/board", params={"tenant": f"t{n}", "border": f"b{n}"})
            anybody.get("/api/v1/board", params=BOARD)
            anybody.get("/api/v1/board/keys", params=BOARD)
    assert len(reads) == 3


def test_a_day_on_paper(served, day):
    """The day is printed; while the system is down trucks are let in by the list, which is merged after."""
    silk, controller = day
    truck, gone = booked(silk, 1), booked(silk, 2)
    silk.get(f"/api/v1/appointments/{truck}/code")
    assert controller.get(f"{BORDER}/day-list.pdf", codes="true").startswith(b"%PDF")
    assert controller.get(f"{BORDER}/day-list.xlsx", day="2026-03-02").startswith(b"PK")
    silk.post(f"/api/v1/appointments/{gone}/cancel", {})
    served.clock.move(hours=1)
    rows = [f"16:10,{truck}", f"16:20,{gone}", "16:30,G999999999"]
    content = "\n".join(["checked_in_at,appointment_id", *rows]).encode()
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "paper"}
    for expected in ("checked_in", "already"):
        url = f"{BORDER}/check-ins?day=2026-03-02"
        merged = controller.client.post(url, content=content, headers=headers | {"Idempotency-Key": expected}).json()
        outcomes = [m["outcome"] for m in merged["items"]]
        assert outcomes == [expected, "flagged" if expected == "checked_in" else "already", "unknown"]
    wrong = controller.client.post(f"{BORDER}/check-ins", content=content, headers=headers)
    assert (wrong.status_code, len(wrong.json()["problems"])) == (422, 3)


def test_a_border_is_shut_and_opens_again(day):
    """Everybody moves, in order, and nobody is asked; a forwarder may not shut it; the board says so."""
    silk, controller = day
    trucks = [booked(silk, n, NEXT) for n in (1, 2)]
    times = {"from_at": "2026-03-02T09:00:00Z", "until_at": "2026-03-02T12:00:00Z"}
    assert silk.refused(f"{BORDER}/closures", times | {"why": "x"}, 403) == "not-permitted"
    assert controller.refused(f"{BORDER}/closures", times | {"why": " "}, 422) == "input"
    shifted = controller.post(f"{BORDER}/closures", times | {"why": "storm"}, 201)
    assert (shifted["n_hit"], shifted["n_moved"]) == (2, 2)
    windows = [silk.get(f"/api/v1/appointments/{t}")["window_id"] for t in trucks]
    assert windows == ["BKT.general.20260302T1200Z"] * 2
    assert [e["type"] for e in silk.get(f"/api/v1/appointments/{trucks[0]}/events")["items"]] == [
        "AppointmentBooked",
        "AppointmentShifted",
    ]
    opened = controller.post(f"{BORDER}/reopen", {"at": "2026-03-02T10:00:00Z", "why": "over"})
    assert opened["n_resized"] > 0
    assert controller.post(f"{BORDER}/plan") == {"booked": [], "cancelled": [], "left": []}


def test_an_enterprise_that_does_too_much_is_told_to_wait(served):
    """429, and Retry-After says the seconds until the next hour."""
    gates.published(served, lanes=9, horizon_days=2, policy={"most_acts_per_hour": 1})
    with served.client("silk") as silk:
        assert gates.book(silk, 1).status_code == 201
        served.clock.move(minutes=15)
        answer = gates.book(silk, 2)
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-acts")
    assert answer.headers["Retry-After"] == "2700"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"window_minutes": 50}, "window_minutes"),
        ({"channels": [{"channel": "empty"}]}, "sides[1].hours[1].channel"),
        ({"policy": {"hold_seconds": 600}}, "policy.hold_seconds"),
        ({"border_id": "Nowhere"}, "border"),
        ({"horizon_days": False}, "horizon_days"),
    ],
)
def test_a_border_port_is_checked_as_its_file_is(served, change, key):
    """Wrong values are named by where they stand; nothing is published."""
    with served.client("admin") as admin:
        answer = admin.post("/api/v1/borders", json=gates.EXAMPLE | change)
        assert answer.status_code == 422, answer.text
        assert key in [p["key"] for p in answer.json()["problems"]]
        assert admin.get("/api/v1/borders").json()["items"] == []


def test_forwarders_claim_nothing(day):
    """No other enterprise, no head start of an AEO, no ride of the plan."""
    silk, _ = day
    for claim in ({"enterprise_id": "P-other"}, {"is_aeo": True}, {"departure_id": "X@2026-03-03"}):
        assert silk.refused(f"/api/v1/windows/{NOW}/appointments", gates.truck(1) | claim, 422) == "input"
    assert silk.refused(f"{BORDER}/plan", None, 403) == "not-permitted"
