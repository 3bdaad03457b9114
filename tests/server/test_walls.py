"""P5: every route of the OpenAPI document, asked by the wrong tenant, and by another forwarder."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from landport import track
from landport.app.ledger import people
from landport.app.ledger.desk import Principal
from landport.model import facts, troubles
from landport.model.events import Draft
from landport.store import jobs
from tests.server import gates
from tests.server.served import START, goods, serving

CODES = {"sender": "PORT", "recipient": "LINE", "border": "BKT", "most": "500"}
SHARED = ("borders", "windows")
"""Collections that are published: everybody of the tenant reads them, and nobody of another one."""
LATER = START + timedelta(days=7)
WEEK = facts.WeekOpened(
    name="w", start_at=START, now_at=START, hub_id="URC", plan_days=7, horizon_days=28, digest="0" * 64
)
PLAN = facts.PlanCommitted(
    digest="f" * 64,
    scenario_digest="0" * 64,
    name="p",
    effort="quick",
    seed=0,
    usd_cents=1,
    bound_usd_cents=1,
    n_containers=1,
    n_left=0,
    n_trains=1,
)
ORDER = troubles.OrderIssued(
    number="1", issuer="KTZ", place_id="URC", towards_id="ALM", from_at=START, until_at=LATER, text="wall"
)


def quote(forwarder_id):
    return facts.QuoteGiven(
        origin_id="URC",
        destination_id="ALM",
        container_type="40HC",
        n_containers=1,
        cargo_kg=1,
        ready_at=START,
        due_at=None,
        valid_until_at=LATER,
        forwarder_id=forwarder_id,
        offers=(),
    )


def lived(served):
    """Let something of every kind be in the tenant `port`, of the forwarder silk if it can be; ids by collection."""
    with served.client("silk") as silk, served.client("admin") as admin:
        consignment = silk.post("/api/v1/consignments", json={"goods": goods()}).json()["consignment_id"]
        party = silk.post("/api/v1/parties", json={"name": "walled off"}).json()["party_id"]
        account = admin.post("/api/v1/accounts", json={"login": "walled", "role": "planner"}).json()["account_id"]
        key = admin.post("/api/v1/keys", json={"name": "walled", "role": "analyst"}).json()["key_id"]
        admin.post("/api/v1/borders", json=gates.EXAMPLE | {"horizon_days": 2})
        application = silk.post("/api/v1/applications", json=gates.APPLICATION).json()["application_id"]
        visit = gates.VISIT | {"application_id": application}
        appointment = silk.post(f"/api/v1/windows/{gates.WINDOW}/appointments", json=visit).json()["appointment_id"]
    happened = [
        ("container/WALL-C", facts.ContainerGatedIn(at_id="URC", truck="WALL-T"), ("truck/WALL-T",)),
        (
            "wagon/50701077",
            facts.WagonPlaced(departure_id="KHG-ALA-1@2026-03-03", wagon_type="flat", seq=1),
            ("train/KHG-ALA-1@2026-03-03",),
        ),
        ("task/WALL-K", troubles.TaskOpened(exception="CustomsHeld", event_id="E1", text="wall"), ()),
        ("order/WALL-O", ORDER, ()),
        ("week/WALL-E", WEEK, ()),
        ("plan/WALL-P", PLAN, ("week/WALL-E",)),
        ("quote/WALL-Q", quote(served.parties["silk"]), ()),
    ]
    drafts = [
        Draft(stream=s, type=type(f).__name__, payload=track.payload_of(f), happened_at=START, about=about)
        for s, f, about in happened
    ]
    served.ledger.do(people.local(), lambda tx: len(tx.append(drafts)))
    started = {"job_id": "J-0a1b2c3d4e5f6071", "kind": "plan", "request": "{}", "owner": "S-gone"}
    served.ledger.do(people.local(), lambda tx: jobs.add(tx, **started).job_id)
    return {
        "jobs": started["job_id"],
        "consignments": consignment,
        "parties": party,
        "accounts": account,
        "keys": key,
        "containers": "WALL-C",
        "trucks": "WALL-T",
        "wagons": "50701077",
        "trains": "KHG-ALA-1@2026-03-03",
        "tasks": "WALL-K",
        "orders": "WALL-O",
        "weeks": "WALL-E",
        "plans": "WALL-P",
        "quotes": "WALL-Q",
        "borders": "BKT",
        "windows": gates.WINDOW,
        "applications": application,
        "appointments": appointment,
    }


def operations(client):
    """List the operations of the document: method, path, whether it names a record, and its request."""
    document = client.get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            headers = {"If-Match": "*"} if any(p["name"] == "If-Match" for p in operation.get("parameters", ())) else {}
            body = {"json": content["example"]} if content else {}
            if "text/csv" in operation.get("requestBody", {}).get("content", {}):
                body, headers = {"content": gates.LIST}, headers | {"Content-Type": "text/csv"}
            yield method.upper(), path, body, headers


def lists(client):
    """List the addresses that answer lists; the public board is open by design, and the stream has no end."""
    found = [p for m, p, _, _ in operations(client) if m == "GET" and "{" not in p and p.startswith("/api/v1/")]
    return [p for p in found if p != "/api/v1/stream" and not p.startswith("/api/v1/board")]


def named(path, ids):
    """Put the id of a record into a path; None: the path names no record."""
    if "{" not in path:
        return None
    collection = path.split("/")[3]
    return "/".join(ids[collection] if part.startswith("{") else part for part in path.split("/"))


@pytest.fixture
def walled(store_url):
    with serving(store_url, tenants=("port", "other")) as served:
        yield served, lived(served)


def test_the_wrong_tenant_finds_nothing(walled):
    """Every route that names a record is 404 for the admin of another tenant, and is not for our own."""
    served, ids = walled
    with served.client("other-admin") as stranger, served.client("admin") as owner:
        asked = [(m, named(p, ids), b, h) for m, p, b, h in operations(owner) if named(p, ids)]
        assert len(asked) >= 28
        answers = {f"{m} {p}": stranger.request(m, p, headers=h, **b) for m, p, b, h in asked}
        wrong = {what: a.status_code for what, a in answers.items() if a.status_code != 404}
        assert wrong == {}
        assert all(a.json()["code"].startswith("unknown-") for a in answers.values())
        own = {f"{m} {p}": owner.request(m, p, headers=h, **b) for m, p, b, h in asked}
        found = {w: (a.status_code, a.text) for w, a in own.items() if a.status_code == 404 or a.status_code >= 500}
        assert [w for w, (_, text) in found.items() if '"unknown-digest"' not in text] == []


def test_the_wrong_tenant_lists_nothing(walled):
    """No list, no event and no answer about oneself holds anything of another tenant."""
    served, ids = walled
    with served.client("other-admin") as stranger, served.client("admin") as owner:
        paths = lists(owner)
        found = {path: stranger.get(path, params=CODES) for path in paths}
        assert {p: a.status_code for p, a in found.items() if a.status_code >= 400} == {"/api/v1/windows": 404}
        told = {p: [i for i in ids.values() if i in a.text] for p, a in found.items() if not p.endswith("/windows")}
        assert {p: ids for p, ids in told.items() if ids} == {}
        ours = {p: [i for i in ids.values() if i in owner.get(p, params=CODES).text] for p in paths}
        assert {i for seen in ours.values() for i in seen} == set(ids.values())


def test_another_forwarder_finds_nothing(walled):
    """Routes of people are forbidden to forwarders; every other record that is not theirs is not there."""
    served, ids = walled
    with served.client("road") as other, served.client("silk") as owner:
        found = [o for o in operations(owner) if o[1].split("/")[3:4] and o[1].split("/")[3] not in SHARED]
        asked = [(m, named(p, ids), b, h) for m, p, b, h in found if named(p, ids)]
        answers = {f"{m} {p}": other.request(m, p, headers=h, **b) for m, p, b, h in asked}
        wrong = {what: a.status_code for what, a in answers.items() if a.status_code not in (403, 404)}
        assert wrong == {}
        assert {a.status_code for what, a in answers.items() if what.startswith("GET")} == {404}
        for collection in ("consignments", "quotes", "parties", "applications", "appointments"):
            assert owner.get(f"/api/v1/{collection}/{ids[collection]}").status_code == 200


def test_another_forwarder_lists_nothing(walled):
    """Lists and events hold nothing of another forwarder; of the port's own business they hold nothing either."""
    served, ids = walled
    with served.client("road") as other:
        found = {path: other.get(path, params=CODES) for path in lists(other)}
        assert {a.status_code for a in found.values()} <= {200, 403}
        own = [i for collection, i in ids.items() if collection not in SHARED]
        told = {p: [i for i in own if i in a.text] for p, a in found.items()}
        assert {p: ids for p, ids in told.items() if ids} == {}
        assert ids["borders"] not in found["/api/v1/events"].text


def test_a_border_port_is_published_to_forwarders(walled):
    """Its rules and what windows have left are everybody's; queue, days, lists and history are the port's alone."""
    served, ids = walled
    with served.client("road") as other:
        answers = {}
        for method, path, body, headers in operations(other):
            if named(path, ids) and path.split("/")[3] in SHARED:
                answers[f"{method} {path}"] = other.request(method, named(path, ids), headers=headers, **body)
        status = {what: a.status_code for what, a in answers.items()}
        border, window = "/api/v1/borders/{border_id}", "/api/v1/windows/{window_id}"
        assert (status[f"GET {border}"], status[f"GET {window}"]) == (200, 200)
        assert {status[f"GET {border}/events"], status[f"GET {window}/events"]} == {404}
        ports = [w for w in status if w.startswith(("GET", "POST")) and "borders/{" in w and "/" in w.split("}")[1]]
        assert {status[w] for w in ports if not w.endswith("/events")} == {403}
        assert len(ports) == 11
        told = answers[f"GET {window}"].text + other.get("/api/v1/windows", params=CODES).text
        assert not [i for i in (served.parties["silk"], ids["appointments"], "新A12345") if i in told]


def test_shared_containers_are_told_without_others(walled):
    """An event about two forwarders' freight is told to each with its own consignment alone."""
    served, ids = walled
    with served.client("road") as road, served.client("silk") as silk:
        theirs = road.post("/api/v1/consignments", json={"goods": goods()}).json()["consignment_id"]
        both = (ids["consignments"], theirs)
        fact = facts.ContainerPlanned(
            plan_digest="f" * 64,
            consignment_ids=both,
            master_id="",
            container_type="40HC",
            destination_id="ALM",
            gross_kg=1,
            due_at=LATER,
            cut_off_at=None,
            rides=(),
        )
        draft = Draft(
            stream="container/WALL-S",
            type="ContainerPlanned",
            payload=track.payload_of(fact),
            happened_at=START,
            about=tuple(f"consignment/{c}" for c in both),
        )
        served.ledger.do(people.local(), lambda tx: len(tx.append([draft])))
        for client, mine, other in ((road, theirs, ids["consignments"]), (silk, ids["consignments"], theirs)):
            for path in ("/api/v1/events", f"/api/v1/consignments/{mine}/events"):
                last = client.get(path).json()["items"][-1]
                assert last["payload"]["consignment_ids"] == [mine]
                assert other not in json.dumps(last)


def test_a_principal_cannot_name_a_tenant():
    """Nobody's request says which tenant it is for: that comes with the account or key."""
    assert Principal(tenant_id="a", actor="b", role="admin").owner is None
