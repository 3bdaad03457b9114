"""`landport db` from the outside: what it says, what it refuses, and the restore drill as it is written."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from landport.store import engines, schema, sealing
from tests.cli.run import landport
from tests.store.counting import append, draft, opened
from tests.store.test_verify import spoil

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def filled(monkeypatch):
    """A database with sixty events and three seals in the working folder."""
    monkeypatch.setattr(sealing, "EVERY", 20)
    landport("db", "init")
    store = opened("landport.db")
    for n in range(60):
        append(store, draft(f"container/C{n % 5}", about=("truck/T1",)))
    store.close()


def said(*words):
    """Run a command that answers JSON."""
    done = landport("db", *words, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def refused(*words):
    """Run a command that fails; answer its exit code and error code."""
    done = landport("db", *words, "--json")
    assert done.out == ""
    return done.code, json.loads(done.err)["code"]


def test_a_database_is_made_once(tmp_path):
    """The default is landport.db here, readable by its owner alone; a second time says that it is there."""
    assert said("init") == {"db": "landport.db", "revision": schema.newest()}
    assert (tmp_path / "landport.db").stat().st_mode & 0o777 == 0o600
    assert refused("init") == (5, "target-exists")
    assert refused("init", "--db", "no/such/folder.db") == (2, "bad-database")
    assert refused("init", "--db", "sqlite://") == (2, "bad-database")
    assert refused("init", "--db", "mysql://x") == (2, "bad-database")


def test_settings_name_the_database(tmp_path, monkeypatch):
    """File, then variable, then option."""
    (tmp_path / "landport.toml").write_text('db = "a.db"\n')
    assert said("init")["db"] == "a.db"
    monkeypatch.setenv("LANDPORT_DB", "b.db")
    assert said("init")["db"] == "b.db"
    assert said("init", "--db", "c.db")["db"] == "c.db"


def test_no_database_is_told():
    """Each command that needs one says how to make it, and makes nothing."""
    for words in (["upgrade"], ["verify"], ["rebuild"], ["backup", "b.db"], ["copy", "--to", "c.db"]):
        assert refused(*words) == (8, "schema-missing"), words
    assert refused("restore", "b.db") == (8, "schema-missing")
    assert landport("db", "verify").err.strip().endswith("make the database: landport db init")


def test_verify_tells_all(filled):
    """A whole log is exit 0 and prints its seal; a changed one exit 1 with every finding."""
    whole = said("verify")
    assert (whole["n_events"], whole["n_seals"], whole["n_findings"]) == (60, 3, 0)
    assert f"newest seal: {whole['seal']}" in landport("db", "verify").out
    assert landport("db", "verify", "-q", "--seal", whole["seal"]).out == ""
    assert refused("verify", "--seal", "x") == (2, "bad-seal")
    other = landport("db", "verify", "--seal", "9:" + "a" * 64)
    assert (other.code, "the log was written anew" in other.out) == (1, True)
    spoil("landport.db", "UPDATE event SET payload = '[]' WHERE position = 23")
    changed = landport("db", "verify")
    assert changed.code == 1
    assert "event 23: container/C2: its hash does not fit" in changed.out
    found = landport("db", "verify", "--json")
    assert (found.code, json.loads(found.out)["findings"][0]["position"]) == (1, 23)
    assert refused("backup", "b.db") == (8, "damaged")


def test_beside_a_server_reads_and_backups_work(filled):
    """Whoever holds the file is named to those who would write; nothing is changed."""
    store = opened("landport.db", said="landport serve on 127.0.0.1:8000")
    append(store, draft("container/C1"))
    assert said("verify")["n_events"] == 61
    assert said("backup", "b.db")["n_events"] == 61
    for words in (["init"], ["upgrade"], ["rebuild"], ["copy", "--to", "c.db"], ["restore", "b.db", "--force"]):
        assert refused(*words) == (5, "store-in-use"), words
    assert "landport serve on 127.0.0.1:8000" in landport("db", "rebuild").err
    append(store, draft("container/C1"))
    store.close()


def test_tables_are_upgraded():
    """An older database is refused until it is upgraded; a newer one altogether."""
    address = engines.address_of("landport.db")
    engine = engines.writing(address)
    schema.upgrade(engine, address, "0001")
    engine.dispose()
    assert refused("verify") == (8, "migration-missing")
    assert said("upgrade") == {"db": "landport.db", "before": "0001", "after": schema.newest()}
    assert "already" in landport("db", "upgrade").out
    spoil("landport.db", "UPDATE alembic_version SET version_num = '9999'")
    for words in (["upgrade"], ["verify"], ["rebuild"], ["backup", "b.db"]):
        assert refused(*words) == (8, "newer-database"), words


def test_files_are_not_overwritten(filled, tmp_path):
    """Backups, restores and copies leave what is there, unless they are told otherwise."""
    assert said("backup", "b.db")["n_rows"]["event"] == 60
    assert refused("backup", "b.db") == (5, "target-exists")
    assert said("backup", "b.db", "--force")["path"] == "b.db"
    assert refused("restore", "b.db") == (5, "target-exists")
    assert said("restore", "b.db", "--force")["n_events"] == 60
    assert refused("copy", "--to", "landport.db") == (2, "bad-database")
    assert said("copy", "--to", "c.db")["n_rows"]["event"] == 60
    assert refused("copy", "--to", "c.db") == (5, "target-exists")
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_states_are_rebuilt():
    """An empty log gives no states."""
    landport("db", "init")
    assert said("rebuild") == {"db": "landport.db", "n_events": 0, "n_states": 0, "n_mentions": 0}


def test_the_restore_drill_as_it_is_written(filled):
    """The commands of docs/operations.md bring everything back, after everything was lost."""
    text = (DOCS / "operations.md").read_text("utf-8").partition("## Restore\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    before = said("verify")
    for line in blocks[0].splitlines():
        done = landport(*shlex.split(line)[1:])
        assert done.code == 0, line
    for end in ("", "-wal", "-shm"):
        Path(f"landport.db{end}").unlink(missing_ok=True)
    Path("landport.db").write_bytes(b"ruined by a disk" * 4096)
    assert refused("verify") == (8, "damaged")
    for line in blocks[1].splitlines():
        done = landport(*shlex.split(line)[1:])
        assert done.code == 0, (line, done.err)
    assert said("verify") == before
    assert Path("landport.db.before").read_bytes().startswith(b"ruined by a disk")
    store = opened("landport.db")
    assert append(store, draft("container/C1"))[0].position == 61
    store.close()


@pytest.mark.postgres
def test_a_move_to_postgresql(filled, postgres_url):
    """Everything goes over, is verified there, and comes back as a backup."""
    assert said("copy", "--to", postgres_url)["n_events"] == 60
    there = said("verify", "--db", postgres_url)
    assert there == said("verify")
    assert refused("copy", "--to", postgres_url) == (5, "target-exists")
    assert refused("restore", "landport.db", "--db", postgres_url, "--force") == (5, "target-exists")
    assert refused("init", "--db", postgres_url) == (5, "target-exists")
    assert said("backup", "b.db", "--db", postgres_url)["n_events"] == 60
    assert said("restore", "b.db", "--db", "c.db")["seal"] == there["seal"]
