"""The verbs of the ledger, one after the other as a port would use them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from landport import exchange
from landport.app.ledger import demo, opening, people, reads
from landport.exchange.packing_list import read_packing_list
from landport.reference import load
from landport.store.lock import FileLock
from tests.cli.run import landport, names


@pytest.fixture
def db(tmp_path):
    """A database that is not there yet."""
    return str(tmp_path / "port.db")


def test_a_week_from_booking_to_departure(week, db, tmp_path):
    """Book the week, commit its plan, report a gate-in, ask for the state; a hold makes a task, dismissed."""
    plan = str(tmp_path / "plan.json")
    assert landport("plan", week, "--out", plan, "--quiet").code == 0
    assert "3 consignments are booked" in landport("book", week, "--db", db).out
    assert "counts" in landport("commit", week, plan, "--db", db).out
    said = landport("move", "container/C00001", "ContainerGatedIn", "at_id=URC", "truck=A123", "--db", db).out
    assert "container/C00001 is gated_in" in said
    sealed = landport("move", "container/C00001", "ContainerSealed", "seals=S1,S2", "--db", db, "--json").out
    assert json.loads(sealed)["status"] == "gated_in"
    status = json.loads(landport("status", "container/C00001", "--db", db, "--json").out)
    assert status["state"]["seals"] == ["S1", "S2"]
    assert "sealed" not in status["readiness"]["lacks"]
    assert [e["type"] for e in status["history"]] == ["ContainerPlanned", "ContainerGatedIn", "ContainerSealed"]
    assert "ready: no, weighed" in landport("status", "container/C00001", "--db", db).out
    assert "no open tasks" in landport("tasks", "--db", db).out
    held = landport("move", "container/C00001", "CustomsHeld", "why=papers", "--db", db, "--json").out
    (task,) = json.loads(held)["tasks"]
    assert task in landport("tasks", "--db", db).out
    assert "no open tasks" in landport("tasks", "--dismiss", task, "--db", db).out


def test_the_clock_of_a_status(week, db, tmp_path):
    """Delays are judged at the instant that is asked for."""
    plan = str(tmp_path / "plan.json")
    for words in (("plan", week, "--out", plan), ("book", week, "--db", db), ("commit", week, plan, "--db", db)):
        assert landport(*words, "--quiet").code == 0
    known = json.loads(landport("status", "container/C00001", "--db", db, "--json").out)
    first = datetime.fromisoformat(known["state"]["plan"]["rides"][0]["departs_at"])
    delays = []
    for hours in (-24, 48):
        at = (first + timedelta(hours=hours)).isoformat()
        said = json.loads(landport("status", "container/C00001", "--at", at, "--db", db, "--json").out)
        delays.append(said["eta"]["delay_minutes"])
    assert delays[0] == 0
    assert delays[1] > 0


def test_a_packing_list(db, tmp_path, world):
    """The template books its examples; a spoilt copy is refused whole, row by row."""
    path = tmp_path / "list.xlsx"
    assert f"landport book {path}" in landport("init", path, "--packing-list").out
    assert landport("init", path, "--packing-list").code == 5
    assert "ends in .xlsx" in landport("init", tmp_path / "list", "--packing-list").err
    known = {b.reference for b in read_packing_list(path, world)[0]}
    said = json.loads(landport("book", path, "--db", db, "--json").out)
    assert len(said["consignment_ids"]) == len(known) > 0
    shown = json.loads(landport("status", f"consignment/{said['consignment_ids'][0]}", "--db", db, "--json").out)
    assert shown["status"] == "booked"
    whole = path.read_bytes()
    path.write_bytes(whole[:-300])
    refused = landport("book", path, "--db", db)
    assert (refused.code, "cut off" in refused.err) == (2, True)


def test_a_quote(week, db):
    """Offers over the week's network."""
    assert landport("book", week, "--db", db, "--quiet").code == 0
    given = landport("quote", "Urumqi", "Almaty", "--boxes", "2", "--tonnes", "36", "--db", db)
    assert "USD" in given.out, given.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("move", "container/C00001", "ContainerWeighed", "gross_kg"), 2, "FIELD=VALUE"),
        (("move", "container/C00001", "ContainerWeighed", "gross_kg=heavy"), 2, "whole number"),
        (("move", "container/C00001", "ContainerWeighed", "gross_kg=9", "--at", "now"), 2, "--at"),
        (("move", "container/C00001", "ContainerWeighed", "gross_kg=9"), 2, "no container C00001"),
        (("status", "box/1"), 2, "KIND/ID"),
        (("status", "container/C00001"), 2, "no container C00001"),
        (("tasks", "--accept", "E1", "--dismiss", "E1"), 2, "expected one of them"),
        (("tasks", "--accept", "E1"), 2, "no task E1"),
        (("quote", "URC", "ALM"), 2, "no week is open"),
    ],
)
def test_what_goes_wrong_is_said(db, arguments, code, words):
    """One message and the exit code of its class."""
    ledger = opening.open_ledger(db, makes=True)
    people.first_link(ledger)
    ledger.store.close()
    done = landport(*arguments, "--db", db)
    assert (done.code, words in done.err) == (code, True), done.err


def lying(folder):
    """List what lies in a folder, but for what readers of SQLite leave beside a file."""
    return [name for name in names(folder) if not name.endswith(("-shm", "-wal"))]


def stop(*_):
    raise KeyboardInterrupt


def test_a_demo_in_a_database(tmp_path, monkeypatch):
    """Booked and committed, on the week's clock; one that was there is kept; Ctrl-C leaves it; one in use stops all."""
    out, db = tmp_path / "out", tmp_path / "out" / "demo.db"
    words = ("demo", "--scale", 0.001, "--out", out, "--db", db)
    said = landport(*words).out
    assert f"landport serve --demo --db {db}" in said
    plan = exchange.read_plan(out / "plan.json")
    scenario = exchange.read_scenario(out / "week", load.world())[0]
    ledger = opening.open_ledger(str(db), mode="read")
    assert demo.begins_at(ledger, "port") == scenario.start_at
    boxes = ledger.store.read("port", reads.containers)
    assert sorted(boxes) == sorted(c.container_id for c in plan.containers)
    assert {b.updated_at.date() for b in boxes.values()} == {scenario.start_at.date()}
    position = ledger.store.position()
    ledger.store.close()
    assert landport("db", "verify", "--db", db).code == 0
    assert landport(*words, "--quiet").code == 0
    before = opening.open_ledger(str(db) + ".before", mode="read")
    assert before.store.position() == position
    before.store.close()
    left, whole = lying(out), db.read_bytes()
    monkeypatch.setattr(demo, "commit", stop)
    assert landport(*words).code == 130
    assert lying(out) == left
    assert db.read_bytes() == whole
    (out / "page.html").write_text("stays", encoding="utf-8")
    held = FileLock(db, "a server")
    refused = landport(*words)
    held.close()
    assert (refused.code, "in use by a server" in refused.err) == (5, True)
    assert (out / "page.html").read_text(encoding="utf-8") == "stays"


def test_a_demo_on_postgresql(postgres_url, tmp_path):
    """An empty database is filled; one that holds something is left as it is."""
    words = ("demo", "--scale", 0.001, "--out", tmp_path / "out", "--db", postgres_url, "--quiet")
    assert landport(*words).code == 0
    assert "open" in landport("status", "week/2022-07-18", "--db", postgres_url).out
    refused = landport(*words)
    assert (refused.code, "name an empty database" in refused.err) == (5, True)
