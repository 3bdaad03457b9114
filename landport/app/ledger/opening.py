"""Opening a ledger: its database made or upgraded where that is wanted, its states folded, its clock the machine's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from landport.app.ledger.desk import Ledger
from landport.app.ledger.projecting import States
from landport.errors import InputError, Remark
from landport.reference import load
from landport.store import EVERYBODY, engines, open_store, schema, walls
from landport.store.lock import FileLock
from landport.store.store import Mode


def now() -> datetime:
    """Read the machine's clock."""
    return datetime.now(UTC)


def open_ledger(
    url: str,
    *,
    said: str = "a landport command",
    mode: Mode = "write",
    makes: bool = False,
    clock: Callable[[], datetime] = now,
) -> Ledger:
    """Open the ledger in a database.

    Parameters
    ----------
    said
        What holds the lock of an SQLite file, for others to read.
    makes
        Whether missing tables are made and older ones upgraded.

    Raises
    ------
    InputError
        `bad-database`.
    Conflict
        `store-in-use`.
    StoreError
        `database-gone`, `schema-missing`, `migration-missing`, `newer-database`, `not-ours`, `disk-full`.
    """
    if makes:
        _make(url, said)
    store = open_store(url, clock=clock, mode=mode, projection=States(), said=said)
    return Ledger(store=store, world=load.world(), clock=clock)


def remarks(ledger: Ledger) -> list[Remark]:
    """List what is odd about the database, and stops nothing."""
    if ledger.store.read(EVERYBODY, walls.bind):
        return []
    text = "row-level security does not bind this user of PostgreSQL, a superuser: let the server log in as a plain one"
    return [Remark("walls-not-bound", text)]


def _make(url: str, said: str) -> None:
    address = engines.address_of(url)
    if address.is_memory:
        return
    if address.path is not None and (address.path.is_dir() or not address.path.absolute().parent.is_dir()):
        text = f"--db {address}: expected the name of a file in a folder that is there"
        raise InputError("bad-database", text, (str(address),))
    lock = FileLock(address.path, said) if address.path is not None else None
    try:
        if address.path is not None:
            address.path.touch(0o600)  # it holds hashes of passwords and keys
        engine = engines.writing(address)
        try:
            schema.upgrade(engine, address)
        finally:
            engine.dispose()
    finally:
        if lock is not None:
            lock.close()
