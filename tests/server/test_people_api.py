"""People over HTTP: log in, cookies and origins, keys and scopes, the wait after wrong tries."""

from __future__ import annotations

import pytest

PASSWORD = "seven grey geese land"


@pytest.fixture
def admin(served):
    """A client that chose the admin's password and logged in, with a cookie instead of a key."""
    client = served.client()
    assert client.post("/api/v1/links", json={"link": served.link, "password": PASSWORD}).json()["login"] == "admin"
    session = client.post("/api/v1/session", json={"login": "admin", "password": PASSWORD})
    assert session.status_code == 201
    client.token = session.json()["token"]
    return client


def test_log_in_gives_a_cookie_that_scripts_cannot_read(served, admin):
    """HttpOnly, SameSite=Strict, twelve hours; Secure where a proxy speaks TLS."""
    answer = admin.post("/api/v1/session", json={"login": "admin", "password": PASSWORD})
    said = answer.headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=strict" in said
    assert "Max-Age=43200" in said
    assert admin.get("/api/v1/me").json()["role"] == "admin"


def test_with_a_cookie_only_our_own_pages_change_anything(served, admin):
    """Another site's page, or none, is refused; a token in the header needs no origin."""
    party = {"name": "Silk"}
    assert admin.post("/api/v1/parties", json=party).json()["code"] == "wrong-origin"
    other = admin.post("/api/v1/parties", json=party, headers={"Origin": "https://evil.example"})
    assert (other.status_code, other.json()["code"]) == (403, "wrong-origin")
    assert admin.post("/api/v1/parties", json=party, headers={"Origin": served.url}).status_code == 201
    with served.client() as plain:
        bearer = {"Authorization": f"Bearer {admin.token}", "Origin": "https://evil.example"}
        assert plain.post("/api/v1/parties", json=party, headers=bearer).status_code == 201
        log_in = {"login": "admin", "password": PASSWORD}
        assert plain.post("/api/v1/session", json=log_in, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_session_ends(served, admin):
    """By logging out, and after twelve hours."""
    with served.client() as client:
        bearer = {"Authorization": f"Bearer {admin.token}"}
        assert client.get("/api/v1/me", headers=bearer).status_code == 200
        assert client.delete("/api/v1/session", headers=bearer).status_code == 204
        again = client.get("/api/v1/me", headers=bearer)
        assert (again.status_code, again.json()["code"]) == (401, "not-authenticated")
        assert again.headers["WWW-Authenticate"] == 'Bearer realm="landport"'
        client.post("/api/v1/session", json={"login": "admin", "password": PASSWORD})
        assert client.get("/api/v1/me").status_code == 200
        served.clock.move(hours=12)
        assert client.get("/api/v1/me").status_code == 401


def test_wrong_tries_are_429(served, admin):
    """With Retry-After; nobody is told whether the login exists."""
    with served.client() as client:
        wrong = [client.post("/api/v1/session", json={"login": "admin", "password": "x"}) for _ in range(6)]
        assert [a.status_code for a in wrong] == [401] * 5 + [429]
        assert wrong[-1].headers["Retry-After"] == "1"
        served.clock.move(seconds=1)
        unknown = client.post("/api/v1/session", json={"login": "nobody", "password": "x"})
        known = client.post("/api/v1/session", json={"login": "admin", "password": "x"})
        same = [{k: v for k, v in a.json().items() if k != "request_id"} for a in (unknown, known)]
        assert same[0] == same[1]


def test_keys_are_shown_once_narrowed_and_revoked_at_once(served, admin):
    """A key that may only read books nothing; a revoked one reads nothing."""
    admin.headers["Origin"] = served.url
    asked = {"name": "board", "role": "planner", "scopes": ["read"]}
    made = admin.post("/api/v1/keys", json=asked).json()
    with served.client() as client:
        client.headers["Authorization"] = f"Bearer {made['token']}"
        assert client.get("/api/v1/me").json()["may"] == ["read"]
        assert client.get("/api/v1/consignments").status_code == 200
        assert client.post("/api/v1/parties", json={"name": "x"}).json()["code"] == "not-permitted"
        assert made["token"] not in admin.get("/api/v1/keys").text
        assert admin.delete(f"/api/v1/keys/{made['key_id']}").json() == {"key_id": made["key_id"]}
        assert client.get("/api/v1/consignments").status_code == 401


def test_a_key_without_the_scope_read_reads_nothing(served, admin):
    """Scopes narrow reading, too."""
    admin.headers["Origin"] = served.url
    made = admin.post("/api/v1/keys", json={"name": "in", "role": "planner", "scopes": ["book"]}).json()
    with served.client() as client:
        client.headers["Authorization"] = f"Bearer {made['token']}"
        for path in ("consignments", "events", "stream", "parties"):
            assert client.get(f"/api/v1/{path}").status_code == 403, path
        assert client.post("/api/v1/parties", json={"name": "x"}).status_code == 201


def test_an_account_is_made_changed_and_closed(served, admin):
    """It chooses its password by the link, and is out as soon as it is closed."""
    admin.headers["Origin"] = served.url
    made = admin.post("/api/v1/accounts", json={"login": "paula", "role": "planner"}).json()
    with served.client() as client:
        client.post("/api/v1/links", json={"link": made["link"], "password": PASSWORD})
        client.post("/api/v1/session", json={"login": "paula", "password": PASSWORD})
        assert client.get("/api/v1/me").json()["role"] == "planner"
        path = f"/api/v1/accounts/{made['account_id']}"
        assert admin.patch(path, json={"role": "analyst"}).json()["role"] == "analyst"
        assert client.get("/api/v1/me").json()["role"] == "analyst"
        assert admin.patch(path, json={"is_active": False}).status_code == 200
        assert client.get("/api/v1/me").status_code == 401
        assert admin.post(f"{path}/link").json()["account_id"] == made["account_id"]
    logins = {a["login"]: a for a in admin.get("/api/v1/accounts").json()["items"]}
    assert (logins["paula"]["is_active"], logins["admin"]["has_password"]) == (False, True)
    assert "hash" not in admin.get("/api/v1/accounts").text


def test_a_party_is_erased(served, admin):
    """Its name is gone from every answer; events about it stay."""
    admin.headers["Origin"] = served.url
    party_id = admin.post("/api/v1/parties", json={"kind": "person", "name": "Aigerim S."}).json()["party_id"]
    path = f"/api/v1/parties/{party_id}"
    assert admin.patch(path, json={"contact": "a@example.org"}).status_code == 200
    assert admin.get(path).json()["contact"] == "a@example.org"
    assert admin.post(f"{path}/erase", json={"why": "asked"}).json() == {"party_id": party_id}
    assert admin.get(path).json()["name"] == ""
    assert admin.patch(path, json={"name": "back"}).json()["code"] == "party-erased"
    assert admin.get("/api/v1/events").json()["items"][-1]["type"] == "PartyErased"
    assert "Aigerim" not in admin.get("/api/v1/parties").text


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer lp_K000000000000_" + "A" * 43])
def test_who_shows_nothing_that_holds_is_401(served, said):
    """Whatever stands in the header."""
    with served.client() as client:
        answer = client.get("/api/v1/me", headers={"Authorization": said})
    assert (answer.status_code, answer.json()["code"]) == (401, "not-authenticated")
