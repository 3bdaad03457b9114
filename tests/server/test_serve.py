"""`landport serve`: a fresh machine, one message for what is in the way, a graceful stop; keys and accounts."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from landport.app.ledger import parties, people
from landport.app.ledger.border import publishing
from landport.app.ledger.opening import now, open_ledger, remarks
from landport.cli import main
from landport.exchange import example_border
from landport.store import windows
from tests.cli.run import landport
from tests.server.process import command, process
from tests.server.served import goods

PASSWORD = "seven grey geese land"
API = Path(__file__).parents[2] / "docs" / "api.md"


def test_a_fresh_machine_needs_no_arguments(tmp_path):
    """The database is made, a link printed, by which the admin logs in; SIGTERM ends it; the next start has no link."""
    with process(tmp_path) as served:
        link = served.read_link()
        with httpx.Client(base_url=served.url) as client:
            assert client.get("/link").status_code == 200
            assert client.post("/api/v1/links", json={"link": link, "password": PASSWORD}).status_code == 200
            session = client.post("/api/v1/session", json={"login": "admin", "password": PASSWORD})
            assert session.json()["role"] == "admin"
        assert served.end() == 0
    assert (tmp_path / "landport.db").stat().st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in (tmp_path / "stderr.txt").read_text().splitlines()]
    assert [(x["route"], x["status"]) for x in lines][-2:] == [("/api/v1/links", 200), ("/api/v1/session", 201)]
    for secret in (link, PASSWORD, session.json()["token"]):
        assert secret not in (tmp_path / "stderr.txt").read_text()
    with process(tmp_path, "--quiet") as served:
        assert httpx.get(f"{served.url}/health/ready").status_code == 200
        assert served.end(signal.SIGINT) == 0
        assert "#" not in (tmp_path / "stderr.txt").read_text()


def test_an_empty_postgres_serves_as_well(postgres_url, tmp_path):
    """Tables are made, row-level security binds; two servers over one database share the log."""
    with process(tmp_path, "--db", postgres_url) as one, process(tmp_path, "--db", postgres_url) as two:
        assert "walls-not-bound" not in (tmp_path / "stderr.txt").read_text()
        link = two.read_link()
        httpx.post(f"{one.url}/api/v1/links", json={"link": link, "password": PASSWORD})
        token = httpx.post(f"{two.url}/api/v1/session", json={"login": "admin", "password": PASSWORD}).json()["token"]
        with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
            with client.stream("GET", f"{two.url}/api/v1/stream") as answer:
                lines = answer.iter_lines()
                assert next(lines) == "retry: 2000"
                assert client.post(f"{one.url}/api/v1/consignments", json=booking()).status_code == 201
                assert next(line for line in lines if line.startswith("event")) == "event: ConsignmentBooked"
            assert client.get(f"{two.url}/api/v1/consignments/B000000001").status_code == 200
        assert one.end() == two.end() == 0


def booking():
    ready_at, due_at = soon()
    return {"goods": goods(ready_at=ready_at, due_at=due_at)}


def soon():
    """Two instants that lie before a server of today's clock."""
    now = datetime.now(UTC)
    return [(now + timedelta(days=n)).isoformat(timespec="minutes") for n in (2, 20)]


def test_a_superuser_of_postgres_is_told_about(postgres_made):
    """The second wall does not bind it."""
    plain, root = postgres_made, postgres_made.replace("//port@", "//landport@")
    for url, codes in ((plain, []), (root, ["walls-not-bound"])):
        ledger = open_ledger(url)
        assert [r.code for r in remarks(ledger)] == codes
        ledger.store.close()


def test_the_demo_week_is_planned_when_it_serves(tmp_path):
    """Consignments, containers and a plan that counts are there; a second start loads nothing more."""
    positions = []
    for _ in range(2):
        with process(tmp_path, "--demo", "--demo-scale", "0.01", "--quiet") as served:
            if not positions:
                use = {"link": served.read_link(), "password": PASSWORD}
                assert httpx.post(f"{served.url}/api/v1/links", json=use).status_code == 200
            with httpx.Client(base_url=served.url, timeout=60) as client:
                client.post("/api/v1/session", json={"login": "admin", "password": PASSWORD})
                plans, boxes = (client.get(f"/api/v1/{k}?most=500").json()["items"] for k in ("plans", "containers"))
                positions.append(client.get("/health/ready").json()["position"])
            assert [p["status"] for p in plans] == ["committed"]
            assert boxes
            assert served.end() == 0
    assert positions[0] == positions[1]


def test_a_port_that_is_taken_is_one_message(tmp_path):
    """Exit 5; no database is made."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        found = command(tmp_path, "serve", "--port", str(other.getsockname()[1]))
    assert found.returncode == 5
    assert "another program listens there" in found.stderr
    assert found.stderr.count("\n") == 1
    assert not (tmp_path / "landport.db").exists()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--host", "198.51.100.1"), 2, "cannot listen there"),
        (("--trusted-proxy", "nonsense"), 2, "--trusted-proxy"),
        (("--db", "mysql://x/y"), 2, "--db"),
        (("--db", "postgresql://nobody@127.0.0.1:9/x"), 8, "did not answer"),
        (("--db", "."), 2, "expected the name of a file"),
        (("--db", "nowhere/x.db"), 2, "expected the name of a file"),
    ],
)
def test_what_is_in_the_way_is_one_message(tmp_path, monkeypatch, options, code, said):
    """The right exit code, and no traceback."""
    monkeypatch.chdir(tmp_path)
    found = landport("serve", "--port", 0, *options)
    assert (found.code, "Traceback" in found.err) == (code, False), found.err
    assert said in found.err


def test_one_server_at_a_time_writes_to_a_file(tmp_path):
    """The second ends with 5 and says who holds it; reading commands work beside the server, writing ones do not."""
    with process(tmp_path) as served:
        second = command(tmp_path, "serve", "--port", "0")
        assert second.returncode == 5
        assert f"landport serve on {served.url}" in second.stderr
        assert command(tmp_path, "key", "add", "gate").returncode == 5
        listed = command(tmp_path, "account", "list")
        assert (listed.returncode, listed.stdout) == (0, "admin  admin  -  no password yet\n")
        assert served.end() == 0


def typed(capsys, *words):
    """Run a command here, for a process of its own takes seconds to begin."""
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return SimpleNamespace(returncode=left.value.code, stdout=capsys.readouterr().out)


def test_accounts_and_keys_on_the_machine(tmp_path, monkeypatch, capsys):
    """Make, list, recover, close; make, list, revoke; another tenant has its own."""
    monkeypatch.chdir(tmp_path)
    with process(tmp_path) as served:
        assert served.end() == 0
    for login in ("paula", "pete"):
        assert "#" in typed(capsys, "account", "add", login, "--role", "controller").stdout
    link = json.loads(typed(capsys, "account", "recover", "pete", "--json").stdout)["link"]
    token = typed(capsys, "key", "add", "gate 2", "--role", "controller", "--scope", "move", "--days", "9").stdout
    listed = json.loads(typed(capsys, "key", "list", "--json").stdout)["keys"][0]
    assert token.startswith(f"lp_{listed['key_id']}_")
    assert typed(capsys, "key", "revoke", listed["key_id"]).returncode == 0
    assert "revoked" in typed(capsys, "key", "list").stdout
    assert typed(capsys, "account", "disable", "paula").stdout == "paula is closed.\n"
    assert typed(capsys, "account", "disable", "admin").returncode == 5
    assert typed(capsys, "account", "recover", "nobody").returncode == 2
    assert typed(capsys, "account", "add", "boss", "--tenant", "other").returncode == 2
    assert "#" in typed(capsys, "account", "add", "boss", "--tenant", "other", "--new-tenant").stdout
    assert typed(capsys, "account", "list", "--tenant", "other").stdout.startswith("boss  admin")
    with process(tmp_path) as served:
        assert httpx.post(f"{served.url}/api/v1/links", json={"link": link, "password": PASSWORD}).status_code == 200
        assert served.end() == 0


def test_a_first_booking_in_five_lines(tmp_path):
    """The lines of docs/api.md are run as they stand there: a consignment, then a truck's window at a border."""
    lines, truck = re.findall(r"```bash\n(.*?)```", API.read_text("utf-8"), re.DOTALL)
    assert len(lines.splitlines()) == 5
    with process(tmp_path) as served:
        assert served.end() == 0
    ledger = open_ledger(str(tmp_path / "landport.db"))
    who = people.local()
    party = json.loads(ledger.do(who, parties.add_party(ledger, who, "firm", "Silk")).body)["party_id"]
    command_ = people.add_account(ledger, who, "fred", "forwarder", party)
    link = json.loads(ledger.do(who, command_).body)["link"]
    ledger.do(who, publishing.publish(ledger, who, example_border(ledger.world.network.places)))
    later = now() + timedelta(days=3)
    open_ = ledger.store.read("port", lambda v: windows.between(v, "BKT", later, later + timedelta(days=2)))
    ledger.store.close()
    with process(tmp_path) as served:
        known = {"PORT": served.url, "LINK": link, "LOGIN": "fred", "WINDOW": open_[0].window_id}
        known |= dict(zip(("READY", "DUE"), soon(), strict=True))
        script = "set -eu\n" + "".join(f"{line}\necho\n" for line in (lines + truck).splitlines())
        done = subprocess.run(["bash", "-c", script], env=known, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        said = [json.loads(line) for line in done.stdout.splitlines() if line]
        assert said[0] == {"login": "fred", "role": "forwarder"}
        assert said[1]["status"] == "booked"
        assert [c["consignment_id"] for c in said[2]["items"]] == [said[1]["consignment_id"]]
        assert [e["type"] for e in said[3]["items"]] == ["ConsignmentBooked"]
        assert {w["channel"] for w in said[4]["items"]} == {"general"}
        assert (said[5]["status"], said[5]["window_id"]) == ("confirmed", open_[0].window_id)
        assert served.end() == 0
