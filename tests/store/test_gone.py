"""A database that goes away: callers hear of it, nothing acknowledged is lost, and all goes on when it is back."""

from __future__ import annotations

import sqlite3

import pytest

from landport.errors import StoreError
from landport.store import engines, log, schema, states
from tests.store.counting import append, draft, opened


@pytest.fixture
def server(postgres_safe):
    """A PostgreSQL of its own, with the tables in it."""
    postgres_safe.ask("create database port owner port")
    address = engines.address_of(postgres_safe.url("port"))
    engine = engines.writing(address)
    schema.upgrade(engine, address)
    engine.dispose()
    return postgres_safe


@pytest.mark.postgres
def test_postgresql_goes_and_comes_back(server):
    """Writes and reads fail with a `StoreError` while it is away, and work again without being opened anew."""
    store = opened(server.url("port"))
    append(store, draft("container/C1"))
    server.stop()
    for _ in range(2):
        with pytest.raises(StoreError) as found:
            append(store, draft("container/C1"))
        assert found.value.code == "database-gone"
        with pytest.raises(StoreError):
            store.read("t1", log.count)
    server.start()
    assert append(store, draft("container/C1"))[0].version == 2
    assert store.read("t1", log.count) == 2
    store.close()


@pytest.mark.postgres
def test_a_connection_that_died_idle_is_replaced(server):
    """A restart while nobody asks anything is not noticed."""
    store = opened(server.url("port"))
    append(store, draft("container/C1"))
    store.read("t1", log.count)
    server.stop()
    server.start()
    assert store.read("t1", log.count) == 1
    assert append(store, draft("container/C1"))[0].version == 2
    store.close()


@pytest.mark.postgres
def test_a_connection_that_dies_in_a_commit_is_told(server):
    """Requests whose commit never came are all told so, and none of them is there."""
    store = opened(server.url("port"))

    def dies(tx):
        tx.append([draft("container/C1")])
        server.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'port' AND pid <> 0")

    with pytest.raises(StoreError) as found:
        store.write_now("t1", "A1", dies)
    assert found.value.code == "database-gone"
    assert store.read("t1", log.count) == 0
    assert append(store, draft("container/C1"))[0].position == 1
    store.close()


@pytest.mark.postgres
def test_two_servers_share_one_log(server):
    """Two processes on one PostgreSQL write without gaps, and each sees the other's heads and states."""
    one, two = opened(server.url("port")), opened(server.url("port"))
    for n in range(1, 9):
        made = append((one, two)[n % 2], draft("container/C1", expected_version=n - 1))
        assert (made[0].position, made[0].version) == (n, n)
    assert b'"n": 8' in one.read("t1", lambda v: states.find(v, "container", "C1")).document
    one.close()
    two.close()


def test_a_full_disk_is_told(tmp_path):
    """A commit for which there is no room changes nothing; when there is room, all goes on."""
    path = tmp_path / "landport.db"
    address = engines.address_of(str(path))
    engine = engines.writing(address)
    schema.upgrade(engine, address)
    engine.dispose()
    store = opened(str(path))
    append(store, draft("container/C1"))

    def pages(tx, most):
        return tx.connection.exec_driver_sql(f"PRAGMA max_page_count={most}").scalar()

    now = store.write_now("t1", "A1", lambda tx: pages(tx, 1))  # answers what it holds now
    with pytest.raises(StoreError) as found:
        append(store, draft("container/C1", said="x" * 500_000))
    assert (found.value.code, now > 1) == ("disk-full", True)
    assert store.read("t1", log.count) == 1
    assert append(store, draft("container/C1", said="x" * 500_000))[0].version == 2  # a new connection has no limit
    store.close()


def test_a_locked_file_is_told(tmp_path, monkeypatch):
    """Another program that holds the file's lock makes writes fail after a time, not hang."""
    monkeypatch.setattr(engines, "BUSY_MS", 20)
    path = tmp_path / "landport.db"
    address = engines.address_of(str(path))
    engine = engines.writing(address)
    schema.upgrade(engine, address)
    engine.dispose()
    store = opened(str(path))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"):
        append(store, draft("container/C1"))
    other.execute("COMMIT")
    other.close()
    assert append(store, draft("container/C1"))[0].position == 1
    store.close()
