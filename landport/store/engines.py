"""Connections: a URL becomes an engine; what a database refuses becomes an error of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, PendingRollbackError, ResourceClosedError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import QueuePool, StaticPool

from landport.errors import Conflict, InputError, LandportError, StoreError

BUSY_MS: Final = 10_000
"""How long SQLite waits for a lock of somebody else."""

CACHE_KIB: Final = 65_536
"""Pages of an SQLite file that its writer keeps in memory at most."""

POOL: Final = 16
"""Connections that readers share."""

_EXPECTED: Final = "expected a file such as landport.db, sqlite:///landport.db or postgresql://USER@HOST/NAME"
_FULL: Final = ("disk is full", "could not extend file", "No space left on device")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is.

    Parameters
    ----------
    url
        For SQLAlchemy, with the password.
    path
        File of an SQLite database; None: in memory, or PostgreSQL.
    """

    url: URL
    path: Path | None

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def is_memory(self) -> bool:
        """Whether it is gone when the process is."""
        return self.is_sqlite and self.path is None

    def __str__(self) -> str:
        """Write it for a reader, without the password."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)


def address_of(text: str) -> Address:
    """Read a URL or the path of a file.

    Raises
    ------
    InputError
        `bad-database`: it is neither.

    Examples
    --------
    >>> str(address_of("postgresql://port:secret@db/port")), str(address_of("a/b.db"))
    ('postgresql+psycopg://port:***@db/port', 'a/b.db')
    """
    given = text.strip()
    if "://" not in given:
        given = f"sqlite:///{given}" if given else ""
    try:
        url = make_url(given)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise InputError("bad-database", f"--db: {_EXPECTED}", ("--db",)) from error
    if backend in ("postgresql", "postgres"):
        return Address(url.set(drivername="postgresql+psycopg"), None)
    if backend != "sqlite" or url.query:
        raise InputError("bad-database", f"--db: {_EXPECTED}", ("--db",))
    return Address(url, Path(url.database) if url.database and url.database != ":memory:" else None)


def writing(address: Address) -> Engine:
    """Make the engine of whoever writes; every transaction is begun and committed by hand."""
    if not address.is_sqlite:
        return _postgres(address)
    if address.is_memory:
        engine = create_engine(
            address.url, isolation_level="AUTOCOMMIT", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
    else:
        options = {"check_same_thread": False, "timeout": BUSY_MS / 1000}
        engine = create_engine(address.url, isolation_level="AUTOCOMMIT", connect_args=options)
    event.listen(engine, "connect", _write_pragmas)
    return engine


def reading(address: Address) -> Engine:
    """Make an engine that cannot write; on SQLite it never moves the write-ahead log into the file either."""
    if not address.is_sqlite:
        return _postgres(address)
    assert address.path is not None, "a database in memory has one connection"
    uri = f"{address.path.absolute().as_uri()}?mode=ro"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000, cached_statements=256
        )

    engine = create_engine(
        "sqlite://",
        creator=connect,
        isolation_level="AUTOCOMMIT",
        poolclass=QueuePool,
        pool_size=POOL,
        max_overflow=POOL,
    )
    event.listen(engine, "connect", _read_pragmas)
    return engine


def _postgres(address: Address) -> Engine:
    return create_engine(
        address.url,
        isolation_level="AUTOCOMMIT",
        pool_size=POOL,
        max_overflow=POOL,
        pool_timeout=10,
        connect_args={"connect_timeout": 5, "application_name": "landport"},
    )


def _write_pragmas(connection: Any, _record: object) -> None:
    """Set what makes an acknowledged transaction survive a power loss; only this connection checkpoints."""
    safe = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=1000", "secure_delete=ON")
    for pragma in (*safe, f"cache_size=-{CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _read_pragmas(connection: Any, _record: object) -> None:
    for pragma in ("query_only=ON", "wal_autocheckpoint=0", "mmap_size=268435456"):
        connection.execute(f"PRAGMA {pragma}").close()


REFUSALS: Final = (DBAPIError, NoConnection, PendingRollbackError, ResourceClosedError, sqlite3.Error, psycopg.Error)
"""What databases raise, by way of SQLAlchemy or without."""

_OF_STATEMENT: Final = (
    *(sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError),
    *(psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError),
)
"""Refusals of one statement, after which the transaction can go back to its savepoint."""


@contextmanager
def told(address: Address) -> Iterator[None]:
    """Turn what a database refuses into an error of ours.

    Raises
    ------
    StoreError
        `disk-full`, `database-gone`, `damaged`, `schema-missing`: see docs/errors.md.
    """
    try:
        yield
    except REFUSALS as error:
        raise as_told(error, address) from error


def as_told(error: Exception, address: Address) -> StoreError:
    """Say what a database refused, in words and a code."""
    text = str(getattr(error, "orig", None) or error).strip().splitlines()
    first = text[0] if text else type(error).__name__
    said = str(error)
    if any(words in said for words in _FULL):
        return StoreError("disk-full", f"{address}: the disk is full, nothing was written; make room and repeat")
    if "malformed" in said or "not a database" in said or "checksum" in said:
        return StoreError("damaged", f"{address}: {first}; restore a backup: landport db restore")
    if "no such table" in said or ("does not exist" in said and "relation" in said):
        return StoreError("schema-missing", f"{address}: it holds no landport tables; make them: landport db init")
    return StoreError("database-gone", f"{address}: the database did not answer ({first}); repeat in a moment")


def is_broken(error: Exception) -> bool:
    """Tell whether a refusal is of the connection or the whole database, not of one statement."""
    cause = getattr(error, "orig", None) or error
    is_broken_off = bool(getattr(error, "connection_invalidated", False))
    return is_broken_off or not (isinstance(cause, _OF_STATEMENT) or _is_beyond(cause))


def _is_beyond(cause: BaseException) -> bool:
    """Tell whether PostgreSQL says that a value is beyond one of its limits, such as the length of an index row."""
    return isinstance(cause, psycopg.Error) and (cause.sqlstate or "").startswith("54")


def as_refused(error: Exception, address: Address) -> LandportError:
    """Say why the database refused one request, while others go on."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.IntegrityError | psycopg.IntegrityError):
        return Conflict("changed-meanwhile", "somebody wrote the same record first: read it again and repeat")
    if isinstance(cause, psycopg.DataError | sqlite3.DataError) or _is_beyond(cause):
        return InputError("not-storable", f"a value cannot be stored: {str(cause).splitlines()[0]}")
    return as_told(error, address)


def begin(connection: Connection, address: Address, *, is_writing: bool = False) -> None:
    """Begin a transaction; on SQLite one that writes takes the lock at once."""
    kind = "BEGIN"
    if is_writing and address.is_sqlite:
        kind = "BEGIN IMMEDIATE"
    elif not is_writing and not address.is_sqlite:
        kind = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    connection.exec_driver_sql(kind)
