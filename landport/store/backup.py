"""Backups, restores and moves: everything that a database holds, from one to another, and verified there.

A backup is an SQLite database, whatever it is of: it can be restored into either engine, and opened to look at.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine, Table

from landport.errors import Conflict, InputError, StoreError
from landport.store import engines, schema, verify
from landport.store.driver import Driver
from landport.store.engines import Address
from landport.store.lock import FileLock
from landport.store.session import EVERYBODY, View, see_everybody
from landport.store.tables import META
from landport.store.verify import Verified

SENT: Final = 2_000
"""Rows that are copied at once."""

PAGES: Final = 4_096
"""Pages that SQLite copies before it lets others have a turn."""

_PLAIN: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied, and verified where it came.

    Parameters
    ----------
    n_rows
        By table.
    """

    path: str
    n_rows: dict[str, int]
    verified: Verified


def backup(address: Address, target: Path, *, replaces: bool = False) -> Copied:
    """Write everything that a database holds at one instant into a file, while others go on writing.

    Parameters
    ----------
    replaces
        Whether a file that is there may be replaced, when the new one is whole.

    Raises
    ------
    InputError
        `bad-database`: the file's folder is not there.
    Conflict
        `target-exists`.
    StoreError
        `schema-missing`, `migration-missing`, `newer-database`, `database-gone`, `disk-full`; `damaged`: the log is not
        whole, and the file is not kept.
    """
    _expect_free(target, replaces=replaces)
    to = engines.address_of(str(target))
    with _beside(target) as part:
        source = _reading(address)
        try:
            schema.expect_current(source, address)
            if address.is_sqlite:
                _page_by_page(address, part)
            else:
                _row_by_row(source, address, engines.address_of(str(part)))
        finally:
            source.dispose()
        made = _verified(engines.address_of(str(part)))
        _settle(part, target)
    return Copied(str(to), *made)


def copy(source: Address, target: Address) -> Copied:
    """Copy everything into an empty database of either engine, in one transaction there, and compare.

    Raises
    ------
    Conflict
        `target-exists`: the target holds something. `store-in-use`.
    StoreError
        As `backup`; `damaged`, too, when a table came out otherwise than it went in.
    """
    if target.path is not None:
        return _copied_to_file(source, target, target.path)
    reading = _reading(source)
    try:
        schema.expect_current(reading, source)
        return _row_by_row(reading, source, target)
    finally:
        reading.dispose()


def restore(source: Path, target: Address, *, replaces: bool = False) -> Copied:
    """Bring a backup back into an empty database, or in the place of an SQLite file.

    Parameters
    ----------
    replaces
        Whether an SQLite file that holds something may be replaced; it is kept beside, its name ends in `.before`.

    Raises
    ------
    Conflict
        `target-exists`, `store-in-use`.
    StoreError
        As `backup`.
    """
    held = engines.address_of(str(source))
    if target.path is None:
        return copy(held, target)
    lock = FileLock(target.path, "landport db restore")
    try:
        return _restored_file(held, target, target.path, replaces=replaces)
    finally:
        lock.close()


def _restored_file(held: Address, target: Address, path: Path, *, replaces: bool) -> Copied:
    if not replaces and path.exists() and holds_something(target):
        text = f"{path} holds something already: restore beside it, or replace it with --force"
        raise Conflict("target-exists", text, (str(path),))
    with _beside(path) as part:
        schema_of = _reading(held)
        try:
            schema.expect_current(schema_of, held)
        finally:
            schema_of.dispose()
        _page_by_page(held, part)
        made = _verified(engines.address_of(str(part)))
        if path.exists():
            _put_aside(path)
        _settle(part, path)
    return Copied(str(path), *made)


def holds_something(address: Address) -> bool:
    """Tell whether a database has tables with rows in them, but for the head of the log."""
    engine = engines.reading(address)
    try:
        if not schema.revision_of(engine, address):
            return False
        with engines.told(address), engine.connect() as connection:
            engines.begin(connection, address)
            see_everybody(connection, has_walls=not address.is_sqlite)
            return _has_rows(connection)
    finally:
        engine.dispose()


def _has_rows(connection: Connection) -> bool:
    driver = Driver(connection)
    return any(driver.one(f"SELECT 1 FROM {t.name} LIMIT 1", ()) for t in _tables() if t.name != "log_head")


def _tables() -> list[Table]:
    """List all tables, those that others refer to first."""
    return list(META.sorted_tables)


def _reading(address: Address) -> Engine:
    schema.expect_file(address)
    return engines.reading(address)


def _expect_free(target: Path, *, replaces: bool) -> None:
    if not target.parent.is_dir():
        raise InputError("bad-database", f"{target}: there is no folder {target.parent}", (str(target),))
    if target.is_dir() or (target.exists() and not replaces):
        raise Conflict("target-exists", f"{target} is there already: choose another name", (str(target),))


@contextmanager
def room_for(url: str, said: str) -> Iterator[Address]:
    """Hold the place of a database that will be made: nobody writes to a file there meanwhile.

    Parameters
    ----------
    said
        What asks, for others to read.

    Raises
    ------
    Conflict
        `store-in-use`; `target-exists`: the database is not a file and holds something.
    InputError
        `bad-database`: no such address, or the folder is not there.
    StoreError
        `database-gone`, `not-ours`, `newer-database`: what is there cannot be read.
    """
    target = engines.address_of(url)
    if target.path is None:
        if holds_something(target):
            raise Conflict("target-exists", f"{target} holds something already: name an empty database", (str(target),))
        yield target
        return
    _expect_free(target.path, replaces=True)
    lock = FileLock(target.path, said)
    try:
        if target.path.exists():
            holds_something(target)  # or is no database of ours: refused here
        yield target
    finally:
        lock.close()


@contextmanager
def made_anew(url: str, said: str) -> Iterator[str]:
    """Make a new database, an SQLite file in one go: one that is there stays until the new one is whole.

    Yields
    ------
    str
        URL to fill and close. What the former file held is then kept beside it, its name ends in `.before`.

    Raises
    ------
    Conflict, InputError, StoreError
        As `room_for`.
    """
    with room_for(url, said) as target:
        path = target.path
        if path is None:
            yield url
            return
        with _beside(path) as part:
            yield str(part)
            _flush(part)
            if path.exists():
                _put_aside(path)
            _settle(part, path)


# ---- files that appear whole or not at all ----


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Name a file beside a target to write first; whatever is left of it goes."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
    except OSError as error:
        raise StoreError("database-gone", f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        for end in ("", "-wal", "-shm", "-journal", ".lock"):
            with suppress(OSError):
                part.with_name(part.name + end).unlink(missing_ok=True)


def _settle(part: Path, target: Path) -> None:
    """Put a whole file in its place, on the disk when this comes back; it holds hashes of passwords: for its owner."""
    part.chmod(0o600)
    _sync(part)
    part.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush(path: Path) -> None:
    """Bring into the file what waits in its log beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def _put_aside(path: Path) -> None:
    """Keep the database that will be replaced, whole, under another name as well."""
    with suppress(sqlite3.Error):
        _flush(path)
    before = path.with_name(path.name + ".before")
    before.unlink(missing_ok=True)
    os.link(path, before)
    for end in ("-wal", "-shm"):
        with suppress(FileNotFoundError):  # there only if somebody reads it, or it is damaged
            path.with_name(path.name + end).replace(before.with_name(before.name + end))


# ---- ways to copy ----


def _page_by_page(address: Address, part: Path) -> None:
    """Copy an SQLite file as it is at one instant, while a server writes to it."""
    assert address.path is not None, "a database in memory has no backup"
    uri = f"{address.path.absolute().as_uri()}?mode=ro"
    with engines.told(address), closing(sqlite3.connect(uri, uri=True)) as source:
        source.execute("BEGIN").close()  # one snapshot: later commits do not make it begin anew
        source.execute("SELECT position FROM log_head").fetchone()
        with closing(sqlite3.connect(part)) as target:
            source.backup(target, pages=PAGES, sleep=0)
            target.execute("PRAGMA journal_mode=DELETE").close()


def _copied_to_file(source: Address, target: Address, path: Path) -> Copied:
    lock = FileLock(path, "landport db copy")
    try:
        if path.exists() and holds_something(target):
            raise Conflict("target-exists", f"{path} holds something already: choose another name", (str(path),))
        with _beside(path) as part:
            reading = _reading(source)
            try:
                schema.expect_current(reading, source)
                made = _row_by_row(reading, source, engines.address_of(str(part)))
            finally:
                reading.dispose()
            _settle(part, path)
    finally:
        lock.close()
    return Copied(str(target), made.n_rows, made.verified)


def _row_by_row(source: Engine, address: Address, target: Address) -> Copied:
    """Copy all rows from one snapshot into an empty database in one transaction, and compare them there."""
    writing = engines.writing(target)
    try:
        schema.upgrade(writing, target)
        with (
            engines.told(address),
            source.connect() as reading,
            _one_transaction(writing, target) as connection,
        ):
            engines.begin(reading, address)
            see_everybody(reading, has_walls=not address.is_sqlite)
            see_everybody(connection, has_walls=not target.is_sqlite)
            if _has_rows(connection):
                raise Conflict("target-exists", f"{target} holds something already: name an empty one", (str(target),))
            sums = {table.name: _copy_table(reading, connection, table) for table in _tables()}
            for table in _tables():
                if _sum_of(connection, table) != sums[table.name]:
                    raise StoreError("damaged", f"{target}: table {table.name} came out otherwise than it went in")
            verified = _whole(connection, target)
    finally:
        writing.dispose()
    if target.is_sqlite and target.path is not None:
        with closing(sqlite3.connect(target.path)) as plain:
            plain.execute("PRAGMA journal_mode=DELETE").close()
    return Copied(str(target), {name: n for name, (n, _) in sums.items()}, verified)


@contextmanager
def _one_transaction(engine: Engine, address: Address) -> Iterator[Connection]:
    with engines.told(address), engine.connect() as connection:
        engines.begin(connection, address, is_writing=True)
        try:
            yield connection
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            if not connection.invalidated:
                connection.exec_driver_sql("ROLLBACK")
            raise


def _copy_table(source: Connection, target: Connection, table: Table) -> tuple[int, str]:
    """Copy a table; answer the number of its rows and their digest."""
    to = Driver(target)
    if table.name == "log_head":
        to.run("DELETE FROM log_head")
    total, n, rows = sha256(), 0, list[Any]()
    for row in _rows(source, table):
        total.update(_written(row))
        n += 1
        rows.append(row)
        if len(rows) == SENT:
            to.fill(table, rows)
            rows = []
    to.fill(table, rows)
    return n, total.hexdigest()


def _sum_of(connection: Connection, table: Table) -> tuple[int, str]:
    total, n = sha256(), 0
    for row in _rows(connection, table):
        total.update(_written(row))
        n += 1
    return n, total.hexdigest()


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """Read all rows of a table, in an order that both engines share: bytes of the key."""
    is_sqlite = connection.dialect.name == "sqlite"
    plain = "" if is_sqlite else ' COLLATE "C"'
    keys = ", ".join(f"{c.name}{plain if c.type.python_type is str else ''}" for c in table.primary_key)
    booleans = [n for n, c in enumerate(table.columns) if c.type.python_type is bool]
    names = ", ".join(c.name for c in table.columns)
    for row in Driver(connection).stream(f"SELECT {names} FROM {table.name} ORDER BY {keys}"):
        if booleans:
            values = list(row)
            for n in booleans:
                values[n] = bool(values[n])
            yield tuple(values)
        else:
            yield row


def _written(row: tuple[Any, ...]) -> bytes:
    return _PLAIN.encode(row)


# ---- what came out ----


def _whole(connection: Connection, address: Address) -> Verified:
    """Verify the log of a copy.

    Raises
    ------
    StoreError
        `damaged`: it is not whole.
    """
    said = verify.verify(View(connection, EVERYBODY, has_walls=not address.is_sqlite))
    if said.n_findings:
        first = said.findings[0]
        text = f"the log is not whole, {said.n_findings} findings, such as: event {first.position}: {first.text}"
        raise StoreError("damaged", f"{text}; see all of them: landport db verify", (first.subject,))
    return said


def _verified(address: Address) -> tuple[dict[str, int], Verified]:
    """Count the rows of a copy and verify its log."""
    engine = engines.reading(address)
    try:
        with engines.told(address), engine.connect() as connection:
            engines.begin(connection, address)
            driver = Driver(connection)
            found = {t.name: (driver.one(f"SELECT count(*) FROM {t.name}", ()) or (0,))[0] for t in _tables()}
            return found, _whole(connection, address)
    finally:
        engine.dispose()
