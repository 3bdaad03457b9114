"""Backups, restores and moves bring everything along, whole, or say why not."""

from __future__ import annotations

import sqlite3
import threading
import uuid

import pytest
from sqlalchemy import Boolean, Integer, LargeBinary

from landport.errors import Conflict, InputError, StoreError
from landport.store import EVERYBODY, backup, engines, log, schema, tables, verify
from landport.store.session import see_everybody
from tests import postgres
from tests.store.counting import append, draft, opened
from tests.store.test_verify import spoil

OTHERS = [t for t in tables.META.sorted_tables if t.name not in ("log_head", "event", "stream", "mention", "state")]


def value(column, n):
    """Make a value of a column: its own for each row, but that rows refer to each other."""
    if column.name.endswith("_id") or column.name == "status":
        return f"{column.name} {n}"
    if isinstance(column.type, Boolean):
        return n == 1
    if isinstance(column.type, Integer):
        return None if column.nullable and n == 1 else n
    return bytes([0, n, 255]) if isinstance(column.type, LargeBinary) else f"{column.name} {n} é中'\\"


def fill(url):
    """Put rows into every table."""
    store = opened(url)
    for n in range(30):
        append(store, draft(f"container/C{n % 4}", about=("truck/T1",), said="a\x00é中\\N"), tenant=f"t{n % 2}")
    store.close()
    address = engines.address_of(url)
    engine = engines.writing(address)
    with engine.connect() as connection:
        engines.begin(connection, address, is_writing=True)
        see_everybody(connection, has_walls=not address.is_sqlite)
        for table in OTHERS:
            rows = [{c.name: value(c, n) for c in table.columns} for n in (1, 2)]
            if table is not tables.SEAL:
                connection.execute(table.insert(), rows)
        connection.exec_driver_sql("COMMIT")
    engine.dispose()


def content(url):
    """Read every row of every table."""
    url = str(url)
    store = opened(url, mode="read")
    with store.view(EVERYBODY) as view:
        found = {
            t.name: sorted((tuple(r) for r in view.connection.execute(t.select())), key=str)
            for t in tables.META.sorted_tables
        }
    store.close()
    return found


@pytest.fixture
def url(store_url):
    """A database with rows in every table."""
    fill(store_url)
    return store_url


@pytest.fixture(params=("sqlite", pytest.param("postgres", marks=pytest.mark.postgres)))
def target_url(request, tmp_path):
    """An empty database to copy into, of each engine."""
    if request.param == "sqlite":
        yield str(tmp_path / "target.db")
        return
    server = request.getfixturevalue("postgres_server")
    name = f"c{uuid.uuid4().hex[:12]}"
    server.ask(f"create database {name} owner {postgres.ROLE}")
    yield server.url(name)
    server.ask(f"drop database {name} with (force)")


def address(url):
    return engines.address_of(str(url))


def test_a_backup_holds_everything(url, tmp_path):
    """A backup of either engine is an SQLite database with every row."""
    made = backup.backup(address(url), tmp_path / "b.db")
    assert content(tmp_path / "b.db") == content(url)
    assert (made.n_rows["event"], made.n_rows["account"], made.verified.n_events) == (30, 2, 30)
    assert sorted(p.name for p in tmp_path.glob("b.db*")) == ["b.db"]
    assert sorted(p.name for p in tmp_path.glob(".*")) == []


def test_a_backup_does_not_overwrite(url, tmp_path):
    """A file that is there stays, unless it is meant."""
    (tmp_path / "b.db").write_text("mine")
    with pytest.raises(Conflict) as found:
        backup.backup(address(url), tmp_path / "b.db")
    assert (found.value.code, (tmp_path / "b.db").read_text()) == ("target-exists", "mine")
    backup.backup(address(url), tmp_path / "b.db", replaces=True)
    assert content(tmp_path / "b.db") == content(url)
    with pytest.raises(InputError, match="there is no folder"):
        backup.backup(address(url), tmp_path / "no-such-folder" / "b.db")


def test_a_damaged_log_is_no_backup(url, tmp_path):
    """A backup is verified, and not kept when its log is not whole."""
    spoil(url, "UPDATE event SET payload = '{}' WHERE position = 7")
    with pytest.raises(StoreError, match="event 7") as found:
        backup.backup(address(url), tmp_path / "b.db")
    assert found.value.code == "damaged"
    assert list(tmp_path.glob("*b.db*")) == []


def test_a_backup_is_of_one_instant_while_others_write(url, tmp_path):
    """Whatever is committed meanwhile, the backup is whole and has all of the log until one position."""
    store, stop = opened(url), threading.Event()
    before = store.position()

    def write():
        n = 0
        while not stop.is_set():
            n += 1
            append(store, draft(f"container/C{n % 7}", said="x" * 2000), draft("train/D1"))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        found = [backup.backup(address(url), tmp_path / f"b{n}.db") for n in range(3)]
    finally:
        stop.set()
        thread.join()
        store.close()
    ends = [made.verified.n_events for made in found]
    assert before <= ends[0] <= ends[1] <= ends[2]


def test_a_backup_is_restored_into_either_engine(url, target_url, tmp_path):
    """The target has what the backup had, and goes on from there."""
    backup.backup(address(url), tmp_path / "b.db")
    made = backup.restore(tmp_path / "b.db", address(target_url))
    assert content(target_url) == content(url)
    assert made.verified.n_findings == 0
    store = opened(target_url)
    assert append(store, draft("container/C1"), tenant="t1")[0].position == 31
    store.close()


def test_everything_is_copied_between_engines(url, target_url):
    """A move brings every row along; a second one is refused."""
    made = backup.copy(address(url), address(target_url))
    assert content(target_url) == content(url)
    assert made.n_rows["event"] == 30
    with pytest.raises(Conflict) as found:
        backup.copy(address(url), address(target_url))
    assert found.value.code == "target-exists"
    store = opened(target_url)
    assert store.read(EVERYBODY, verify.verify).findings == []
    store.close()


def test_a_restore_does_not_overwrite(url, tmp_path):
    """A database that holds something stays; with force it is kept under another name."""
    backup.backup(address(url), tmp_path / "b.db")
    target = tmp_path / "target.db"
    backup.restore(tmp_path / "b.db", address(target))
    store = opened(str(target))
    append(store, draft("container/new"))
    with pytest.raises(Conflict) as found:
        backup.restore(tmp_path / "b.db", address(target), replaces=True)
    assert found.value.code == "store-in-use"
    store.close()
    with pytest.raises(Conflict, match="--force") as found:
        backup.restore(tmp_path / "b.db", address(target))
    assert found.value.code == "target-exists"
    backup.restore(tmp_path / "b.db", address(target), replaces=True)
    assert content(target) == content(url)
    kept = opened(str(tmp_path / "target.db.before"), mode="read")
    assert kept.read("t1", lambda v: log.version(v, "container/new")) == 1
    kept.close()


def test_a_bad_backup_changes_nothing(url, tmp_path):
    """What is damaged or no backup is refused before anything is touched."""
    target = tmp_path / "target.db"
    backup.backup(address(url), tmp_path / "b.db")
    backup.restore(tmp_path / "b.db", address(target))
    before = target.read_bytes()
    (tmp_path / "none.db").write_bytes(b"no database" * 1000)
    with sqlite3.connect(tmp_path / "b.db") as connection:
        connection.execute("DELETE FROM event WHERE position = 9")
    connection.close()
    for name in ("none.db", "b.db", "missing.db"):
        with pytest.raises(StoreError):
            backup.restore(tmp_path / name, address(target), replaces=True)
        with pytest.raises(StoreError):
            backup.restore(tmp_path / name, address(tmp_path / "fresh.db"))
    assert target.read_bytes() == before
    assert sorted(p.name for p in tmp_path.glob("*fresh*")) == ["fresh.db.lock"]


def test_an_older_backup_is_refused(tmp_path):
    """It is upgraded first."""
    engine = engines.writing(address(tmp_path / "old.db"))
    schema.upgrade(engine, address(tmp_path / "old.db"), "0001")
    engine.dispose()
    with pytest.raises(StoreError) as found:
        backup.restore(tmp_path / "old.db", address(tmp_path / "new.db"))
    assert found.value.code == "migration-missing"
