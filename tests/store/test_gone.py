"""A database that goes away: callers hear of it, nothing acknowledged is lost, and all goes on when it is back."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from functools import partial
from random import Random

import psycopg
import pytest

from landport.errors import Conflict, StoreError
from landport.store import EVERYBODY, engines, jobs, log, schema, sealing, states, verify, writer
from landport.store.tables import TENANT
from landport.store.writer import Writer
from tests.store import load
from tests.store import test_kills as kills
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


@pytest.mark.postgres
def test_two_servers_write_at_once(server, monkeypatch):
    """Every request comes to both, under one key: each is done once, by whoever was first, and all is whole."""
    monkeypatch.setattr(sealing, "EVERY", 50)
    stores = [opened(server.url("port"), batch=n) for n in (3, 7)]
    rng = Random(7)
    requests = [load.request(n, rng) for n in range(300)]
    asked = [store.write("t1", "A1", work, key=f"K{n}") for n, work in enumerate(requests) for store in stores]
    said = Counter(future.result(60) for future in asked)
    assert said == {"done": 300, "replayed": 300}
    assert load.done(stores[0]) == dict.fromkeys(range(300), 1)
    found = stores[1].read(EVERYBODY, verify.verify)
    assert (found.n_findings, found.n_events, found.n_seals > 3) == (0, 300, True)
    for store in stores:
        store.close()


@pytest.mark.postgres
def test_two_servers_start_one_job(server):
    """However many ask at once at either, a tenant has one live job."""
    stores = [opened(server.url("port")) for _ in range(2)]
    tenant = {"tenant_id": "t1", "name": "t1", "created_at": 0}
    stores[0].write_now(EVERYBODY, "system", lambda tx: tx.connection.execute(TENANT.insert(), tenant).rowcount)

    def add(tx, n):
        return jobs.add(tx, job_id=f"J-{n}", kind="plan", request="{}", owner="S-1").job_id

    asked = [stores[n % 2].write("t1", "A1", partial(add, n=n)) for n in range(20)]
    refused = [future.exception(60) for future in asked]
    assert sum(error is None for error in refused) == 1
    assert {error.code for error in refused if error is not None} == {"job-running"}
    for store in stores:
        store.close()


@pytest.mark.postgres
def test_a_server_that_stops_in_a_commit_lets_others_go_on(server, monkeypatch):
    """Its transaction is ended by PostgreSQL, and it hears so when it wakes; nothing of it is there."""
    monkeypatch.setattr(writer, "FROZEN_S", 1)
    one, two = opened(server.url("port")), opened(server.url("port"))
    begun, wake = threading.Event(), threading.Event()

    def freeze(tx):
        tx.append([draft("container/C1")])
        begun.set()
        wake.wait(60)

    frozen = one.write("t1", "A1", freeze)
    assert begun.wait(60)
    assert append(two, draft("container/C1"))[0].position == 1
    wake.set()
    assert frozen.exception(60).code == "database-gone"
    assert append(one, draft("container/C1"))[0].version == 2
    one.close()
    two.close()


def test_a_commit_whose_answer_is_lost_is_not_done_twice(store, monkeypatch):
    """The database took it, and the connection broke before it said so: the same key finds the answer."""
    commit = Writer._commit

    def lose(self, requests):
        commit(self, requests)
        raise psycopg.OperationalError("the connection is lost")

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "_commit", lose)
        with pytest.raises(StoreError) as found:
            store.write("t1", "A1", load.request(1, Random(1)), key="K1").result()
    assert found.value.code == "database-gone"
    assert store.write("t1", "A1", load.request(1, Random(1)), key="K1").result() == "replayed"
    assert load.done(store) == {1: 1}
    assert append(store, draft("container/C9", n=2))[0].position == 2


def test_a_link_leads_to_the_same_lock(tmp_path):
    """A file under another name is the same file: no second server."""
    path = tmp_path / "landport.db"
    kills.make(str(path))
    (tmp_path / "other.db").symlink_to(path)
    store = opened(str(path))
    with pytest.raises(Conflict) as found:
        opened(str(tmp_path / "other.db"))
    assert found.value.code == "store-in-use"
    store.close()


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
