"""Tables are made, upgraded and refused the same way on both engines."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from landport.errors import Conflict, InputError, StoreError
from landport.store import engines, log, open_store, schema, tables
from tests.store.counting import Clock, append, draft, opened

REVISIONS = ("0001", "0002", "0003", "0004", "0005")


@pytest.fixture
def engine(empty_url):
    """An engine over a database with nothing in it."""
    found = engines.writing(engines.address_of(empty_url))
    yield found
    found.dispose()


def upgrade(engine, url, to="head"):
    return schema.upgrade(engine, engines.address_of(url), to)


def execute(engine, *statements):
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # from 0003 on there are walls
            connection.execute(text("SELECT set_config('landport.tenant', '*', false)"))
        for statement in statements:
            connection.execute(text(statement))


def refusal(url):
    with pytest.raises(StoreError) as found:
        opened(url)
    return found.value.code


def test_newest_is_the_last(engine, empty_url):
    """Making the tables says where it came from and where it is; again it changes nothing."""
    assert refusal(empty_url) == "schema-missing"
    assert upgrade(engine, empty_url) == ("", REVISIONS[-1])
    assert upgrade(engine, empty_url) == (REVISIONS[-1], REVISIONS[-1])
    assert schema.newest() == REVISIONS[-1]


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_older_tables_are_upgraded_with_what_they_hold(engine, empty_url, revision):
    """A database of an older landport is refused until it is upgraded; then all it held is there."""
    upgrade(engine, empty_url, revision)
    filled = (
        "INSERT INTO event VALUES (1, 't1', 'container/C1', 1, 'Done', 1, 0, 0, 'A1', '', '[]', '{}', 'h')",
        "INSERT INTO stream VALUES ('t1', 'container/C1', 1, 'h')",
        "INSERT INTO tenant VALUES ('t1', 'Port', 0)",
        "UPDATE log_head SET position = 1",
    )
    execute(engine, *filled)
    assert refusal(empty_url) == "migration-missing"
    assert upgrade(engine, empty_url) == (revision, REVISIONS[-1])
    store = opened(empty_url)
    assert store.read("t1", lambda v: log.event_at(v, 1)).stream == "container/C1"
    assert append(store, draft("container/C1"))[0].version == 2
    assert store.read("t1", lambda v: v.connection.execute(v.of(tables.TENANT)).all()) == [("t1", "Port", 0)]
    store.close()


def test_newer_tables_are_refused(engine, empty_url):
    """A database of a newer landport is neither opened nor changed."""
    upgrade(engine, empty_url)
    execute(engine, "UPDATE alembic_version SET version_num = '9999'")
    assert refusal(empty_url) == "newer-database"
    with pytest.raises(StoreError, match="install a newer one"):
        upgrade(engine, empty_url)


def test_tables_of_another_program_are_refused(engine, empty_url):
    """A database that holds something else is left alone."""
    execute(engine, "CREATE TABLE event (id INTEGER)")
    assert refusal(empty_url) == "not-ours"
    with pytest.raises(StoreError, match="another program"):
        upgrade(engine, empty_url)
    execute(engine, "SELECT id FROM event")


def test_a_step_that_fails_leaves_the_tables_as_they_were(engine, empty_url):
    """An upgrade is all there or not at all."""
    upgrade(engine, empty_url, "0001")
    execute(engine, "CREATE TABLE server (x INTEGER)")  # in the way of the next step's last table
    with pytest.raises(StoreError):
        upgrade(engine, empty_url)
    execute(engine, "DROP TABLE server")
    assert upgrade(engine, empty_url) == ("0001", REVISIONS[-1])


def test_models_are_what_the_steps_make(engine, empty_url):
    """`tables.py` and the steps say the same; comments are for readers of `tables.py`."""
    upgrade(engine, empty_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, tables.META)
    assert [d for d in found if isinstance(d, list) or d[0] not in ("add_table_comment", "remove_table_comment")] == []


def test_databases_in_memory_have_their_tables():
    """The fake of the tests is ready at once, reads and writes, and is gone when closed."""
    store = opened("sqlite://")
    append(store, draft("container/C1"))
    assert store.read("t1", log.count) == 1
    with pytest.raises(ZeroDivisionError), store.view("t1") as view:
        assert log.count(view) / 0
    assert store.position() == 1
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.position()


@pytest.mark.parametrize("url", ["", "  ", "mysql://x/y", "postgresql:/x", "sqlite:///a.db?mode=ro", "x://"])
def test_what_is_no_database_is_refused(url):
    """Only files, SQLite and PostgreSQL."""
    if url == "postgresql:/x":  # the name of a file, if an odd one
        assert engines.address_of(url).is_sqlite
        return
    with pytest.raises(InputError) as found:
        engines.address_of(url)
    assert found.value.code == "bad-database"


def test_passwords_are_not_shown():
    """Messages name a database without its password."""
    address = engines.address_of("postgresql://port:secret@127.0.0.1:1/port")
    assert "secret" not in str(address)
    with pytest.raises(StoreError) as found:
        open_store("postgresql://port:secret@127.0.0.1:1/port", clock=Clock())
    assert found.value.code == "database-gone"
    assert "secret" not in found.value.message


def test_one_process_writes_to_a_file(tmp_path):
    """A second writer hears who holds the file; a reader does not mind."""
    path = str(tmp_path / "landport.db")
    engine = engines.writing(engines.address_of(path))
    upgrade(engine, path)
    engine.dispose()
    first = opened(path, said="landport serve on 127.0.0.1:8000")
    append(first, draft("container/C1"))
    with pytest.raises(Conflict, match=r"landport serve on 127.0.0.1:8000 \(process \d+\)") as found:
        opened(path)
    assert found.value.code == "store-in-use"
    reader = opened(path, mode="read")
    assert reader.position() == 1
    reader.close()
    first.close()
    opened(path).close()


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_what_is_no_sqlite_file_is_damaged(tmp_path, content):
    """A file of another kind is told, not opened."""
    (tmp_path / "landport.db").write_bytes(content * 100)
    assert refusal(str(tmp_path / "landport.db")) == "damaged"
