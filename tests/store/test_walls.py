"""The second wall between tenants: PostgreSQL shows and takes rows of the named tenant alone."""

from __future__ import annotations

import psycopg
import pytest

from landport.store import engines, tables
from tests.store.counting import append, draft, opened

ROW = "INSERT INTO state VALUES ('{}', 'container', 'C9', '', '', 1, '')"


@pytest.fixture
def raw(postgres_made):
    """A connection of the plain role, past all our code, to a database with events of two tenants."""
    store = opened(postgres_made)
    for tenant in ("t1", "t2"):
        append(store, draft("container/C1", about=("truck/T1",)), tenant=tenant)
    store.close()
    url = engines.address_of(postgres_made).url
    with psycopg.connect(f"host={url.query['host']} user={url.username} dbname={url.database}") as connection:
        yield connection


def see(raw, tenant):
    raw.execute("SELECT set_config('landport.tenant', %s, true)", (tenant,))


def counts(raw):
    found = {}
    for table in ("event", "stream", "mention", "state"):
        found[table] = raw.execute(f"SELECT count(*), count(DISTINCT tenant_id) FROM {table}").fetchone()
    return found


def test_every_table_of_tenants_is_walled(raw):
    """Each table with a tenant has its policy, and it binds the tables' owner, too."""
    asked = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    walled = {row[0] for row in raw.execute(asked)}
    policies = {row[0] for row in raw.execute("SELECT tablename FROM pg_policies WHERE cmd = 'ALL'")}
    assert walled == policies == {table.name for table in tables.WALLED}


def test_nobody_sees_all_without_saying_so(raw):
    """Without a tenant nothing is seen; with one its rows; the port itself sees all."""
    assert {n for n, _ in counts(raw).values()} == {0}
    for tenant, rows, tenants in (("t1", 1, 1), ("t2", 1, 1), ("t3", 0, 0), ("*", 2, 2), ("", 0, 0)):
        see(raw, tenant)
        found = counts(raw)
        assert found == dict.fromkeys(("event", "stream", "mention"), (rows, tenants)) | {
            "state": (2 * rows, tenants)
        }, tenant


def test_nobody_writes_for_another(raw):
    """Rows of another tenant are neither added nor changed nor moved."""
    see(raw, "t1")
    assert raw.execute("UPDATE state SET status = 'x'").rowcount == 2
    assert raw.execute("DELETE FROM event WHERE tenant_id = 't2'").rowcount == 0
    for statement in (ROW.format("t2"), "UPDATE state SET tenant_id = 't2' WHERE kind = 'truck'"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():
            raw.execute(statement)
    raw.execute(ROW.format("t1"))


def test_the_wall_stands_until_the_transaction_ends(raw):
    """What one transaction may see, the next on the same connection may not."""
    see(raw, "t1")
    raw.commit()
    assert counts(raw)["event"] == (0, 0)
