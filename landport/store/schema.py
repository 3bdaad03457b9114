"""The schema's versions: made, upgraded step by step by Alembic, or refused when newer than this landport."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Engine, inspect

from landport.errors import StoreError
from landport.store import engines
from landport.store.engines import Address

VERSION: Final = "alembic_version"
"""Table in which Alembic keeps the revision."""

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005")
"""Steps that there are, oldest first. Alembic knows them, too, but takes half a second to say so."""

LOCK: Final = 7_203_519
"""Number of the advisory lock under which PostgreSQL schemas are changed, one server at a time."""


def upgrade(engine: Engine, address: Address, revision: str = "head") -> tuple[str, str]:
    """Make or upgrade the tables.

    Returns
    -------
    tuple[str, str]
        Revision before (empty: there were no tables) and after.

    Raises
    ------
    StoreError
        `newer-database`, `not-ours`, `database-gone`, `disk-full`.

    Notes
    -----
    On both engines one transaction: it is all there or nothing is.
    """
    with engines.told(address), engine.connect() as connection:
        engines.begin(connection, address, is_writing=True)
        try:
            if not address.is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            before = _expect_known(connection, address)
            _step(connection, revision)
            after = current(connection)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            if not connection.invalidated:
                connection.exec_driver_sql("ROLLBACK")
            raise
    return before, after


def expect_current(engine: Engine, address: Address) -> None:
    """Refuse a database whose tables are missing, older or newer.

    Raises
    ------
    StoreError
        `schema-missing`, `migration-missing`, `newer-database`, `not-ours`, `database-gone`.
    """
    expect_file(address)
    with engines.told(address), engine.connect() as connection:
        at = _expect_known(connection, address)
    if not at:
        raise StoreError("schema-missing", f"{address}: it holds no landport tables; make them: landport db init")
    if at != newest():
        text = f"{address}: its tables are of revision {at}, this landport needs {newest()}: run landport db upgrade"
        raise StoreError("migration-missing", text)


def expect_tables(engine: Engine, address: Address) -> None:
    """Refuse a database that has no tables at all.

    Raises
    ------
    StoreError
        `schema-missing`, `newer-database`, `not-ours`, `database-gone`.
    """
    if not revision_of(engine, address):
        raise StoreError("schema-missing", f"{address}: it holds no landport tables; make them: landport db init")


def expect_file(address: Address) -> None:
    """Refuse an SQLite database whose file is not there.

    Raises
    ------
    StoreError
        `schema-missing`.
    """
    if address.path is not None and not address.path.exists():
        raise StoreError("schema-missing", f"{address}: no such file; make the database: landport db init")


def revision_of(engine: Engine, address: Address) -> str:
    """Read the revision of a database; empty: it has no tables.

    Raises
    ------
    StoreError
        `newer-database`, `not-ours`, `database-gone`.
    """
    with engines.told(address), engine.connect() as connection:
        return _expect_known(connection, address)


def current(connection: Connection) -> str:
    """Read the revision that a database says it has; empty: none."""
    if not inspect(connection).has_table(VERSION):
        return ""
    return connection.exec_driver_sql(f"SELECT version_num FROM {VERSION}").scalar() or ""


def newest() -> str:
    """Name the revision that this landport needs."""
    return REVISIONS[-1]


def _expect_known(connection: Connection, address: Address) -> str:
    found = current(connection)
    if found and found not in REVISIONS:
        text = f"{address}: its tables are of revision {found}, which this landport does not know: install a newer one"
        raise StoreError("newer-database", text)
    if not found and {"event", "state"} & set(inspect(connection).get_table_names()):
        raise StoreError("not-ours", f"{address}: it holds tables of another program; name another database")
    return found


def _step(connection: Connection, revision: str) -> None:
    """Take the steps up to a revision; Alembic is imported by those alone who take some."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "landport.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
