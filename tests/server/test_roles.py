"""Who may do what, on every route of the OpenAPI document that changes something; and what the document says."""

from __future__ import annotations

import pytest

from landport.app.ledger import people
from tests.server.served import serving
from tests.server.test_walls import lived, named, operations

OPEN = ("/api/v1/session", "/api/v1/links")
"""Routes of everybody."""

BOOKS = ("consignments", "quotes", "packing-lists", "parties")
MOVES = ("containers", "trains", "wagons")
PEOPLE = ("accounts", "keys")
GATE = ("applications", "windows", "appointments", "borders")
APPLIES = ("applications", "appointments", "holds", "withdraw", "reschedule", "cancel", "visit")
"""Last words of routes by which somebody applies and books; the others of `GATE` are the controller's."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def may(path):
    """Say what a route that changes something asks for; port: to apply, for the port itself."""
    collection = path.split("/")[3]
    if collection in GATE:
        last = path.rpartition("/")[2]
        return "port" if last == "plan" else "apply" if last in APPLIES else "gate"
    if path.endswith("/erase") or collection in PEOPLE:
        return "people"
    return "book" if collection in BOOKS else "move" if collection in MOVES else "plan"


@pytest.fixture(scope="module")
def walled():
    with serving("sqlite://") as served:
        yield served, lived(served)


@pytest.fixture(scope="module")
def writes(walled):
    """Every route that changes something: method, path, address, request."""
    served, ids = walled
    with served.client("admin") as client:
        found = []
        for method, path, body, headers in operations(client):
            if method == "GET" or path in OPEN:
                continue
            if not body and path.endswith(("weeks", "packing-lists")):
                body, headers = {"content": b""}, headers | {"Content-Type": XLSX}
            found.append((method, path, named(path, ids) or path, body, headers))
    assert len(found) >= 25
    return found


def statuses(client, writes):
    with client:
        return {(m, p): client.request(m, at, headers=h, **b).status_code for m, p, at, b, h in writes}


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("analyst", ()),
        ("controller", ("move", "apply", "port", "gate")),
        ("silk", ("book", "apply")),
        ("planner", ("book", "move", "plan", "apply", "port")),
    ],
)
def test_each_role_may_what_it_may(walled, writes, name, allowed):
    """403 for all else, whatever it is asked with."""
    found = statuses(walled[0].client(name), writes)
    assert {what for what, status in found.items() if status == 403} == {
        (m, p) for m, p, *_ in writes if may(p) not in allowed
    }


@pytest.mark.parametrize("scope", ["read", "book", "move", "apply", "gate", "plan", "people"])
def test_a_key_may_no_more_than_its_scope(walled, writes, scope):
    """An admin's key with one scope: 403 for all else."""
    served, _ = walled
    served.tokens[scope] = served.key(people.local(), scope, "admin", scopes=(scope,))
    found = statuses(served.client(scope), writes)
    assert {what for what, status in found.items() if status == 403} == {
        (m, p) for m, p, *_ in writes if may(p).replace("port", "apply") != scope
    }


def test_nobody_changes_anything_without_a_key(walled, writes):
    """401, before a body is looked at."""
    served, _ = walled
    assert set(statuses(served.client(), writes).values()) == {401}
    nothing = [(m, p, at, {"content": b"{"}, h) for m, p, at, _, h in writes]
    assert set(statuses(served.client(), nothing).values()) == {401}


def test_every_route_is_described(walled):
    """Each has a summary, a tag, an example of its answer and of its body, and an example of each error."""
    served, _ = walled
    with served.client() as client:
        document = client.get("/api/v1/openapi.json").json()
        assert {client.get(path).status_code for path in ("/docs", "/redoc")} == {404}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            where = f"{method} {path}"
            assert said["summary"], where
            assert said["tags"], where
            sent = said.get("requestBody", {}).get("content", {})
            assert all("example" in c for kind, c in sent.items() if kind == "application/json"), where
            for status, answer in said["responses"].items():
                assert all("example" in c for c in answer.get("content", {}).values()), (where, status)
            errors = {s for s in said["responses"] if s >= "400"}
            assert {"422", "500", "503"} <= errors, where
            assert {"401", "403"} <= errors or "security" not in said, where
    ids = [said["operationId"] for methods in document["paths"].values() for said in methods.values()]
    assert len(set(ids)) == len(ids)
    assert {"log_in", "book", "get_container_outlook"} <= set(ids)


def test_nothing_is_open_to_pages_of_others(walled):
    """No header lets a page of another origin read an answer."""
    served, _ = walled
    with served.client("planner", Origin="https://evil.example") as client:
        headers = [client.request(m, "/api/v1/consignments").headers for m in ("GET", "OPTIONS", "POST")]
    assert not [name for found in headers for name in found if name.lower().startswith("access-control-")]
