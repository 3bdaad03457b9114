"""What an operator does to a database: make, upgrade, verify and rebuild it; `backup` has the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from landport.errors import Conflict, InputError
from landport.store import backup, engines, rebuild, schema, verify
from landport.store.engines import Address
from landport.store.lock import FileLock
from landport.store.session import EVERYBODY, Projection, View
from landport.store.verify import Verified

Notify = Callable[[int], None]


def kept_at(url: str) -> Address:
    """Read a URL or the path of a file that is there after the command ends.

    Raises
    ------
    InputError
        `bad-database`: it is neither, or a database in memory.
    """
    address = engines.address_of(url)
    if address.is_memory:
        raise InputError("bad-database", "--db: a database in memory is gone at once; name a file", ("--db",))
    if address.path is not None and not address.path.absolute().parent.is_dir():
        text = f"{address}: there is no folder {address.path.parent}"
        raise InputError("bad-database", text, (str(address),))
    return address


def make(url: str) -> str:
    """Make the tables of a database that has none; answer their revision.

    Raises
    ------
    InputError
        `bad-database`.
    Conflict
        `target-exists`: it has tables. `store-in-use`.
    StoreError
        `newer-database`, `not-ours`, `database-gone`, `disk-full`.
    """
    address = kept_at(url)
    with _held(address, "landport db init"):
        if address.path is not None:
            address.path.touch(0o600)
        engine = engines.writing(address)
        try:
            before = schema.revision_of(engine, address)
            if before:
                advice = "it is ready" if before == schema.newest() else "upgrade it: landport db upgrade"
                text = f"{address} has its tables already, of revision {before}; {advice}"
                raise Conflict("target-exists", text, (str(address),))
            return schema.upgrade(engine, address)[1]
        finally:
            engine.dispose()


def upgrade(url: str) -> tuple[str, str]:
    """Upgrade the tables of a database to those of this landport; answer the revision before and after.

    Raises
    ------
    InputError
        `bad-database`.
    Conflict
        `store-in-use`.
    StoreError
        `schema-missing`, `newer-database`, `not-ours`, `database-gone`, `disk-full`.
    """
    address = kept_at(url)
    schema.expect_file(address)
    with _held(address, "landport db upgrade"):
        engine = engines.writing(address)
        try:
            schema.expect_tables(engine, address)
            return schema.upgrade(engine, address)
        finally:
            engine.dispose()


def verified(url: str, *, seal: str = "", notify: Notify | None = None) -> Verified:
    """Verify the log of a database, beside whoever writes to it; a seal noted down is `NUMBER:HASH`.

    Raises
    ------
    InputError
        `bad-database`, `bad-seal`.
    StoreError
        `schema-missing`, `migration-missing`, `newer-database`, `not-ours`, `database-gone`.
    """
    noted = verify.noted(seal) if seal else None
    address = kept_at(url)
    schema.expect_file(address)
    engine = engines.reading(address)
    try:
        schema.expect_current(engine, address)
        with engines.told(address), engine.connect() as connection:
            engines.begin(connection, address)
            view = View(connection, EVERYBODY, has_walls=not address.is_sqlite)
            return verify.verify(view, seal=noted, notify=notify)
    finally:
        engine.dispose()


def rebuilt(url: str, projection: Projection, *, notify: Notify | None = None) -> rebuild.Rebuilt:
    """Fold the log of a database into its states anew.

    Raises
    ------
    InputError
        `bad-database`.
    Conflict
        `store-in-use`.
    StoreError
        As `rebuild.rebuild`.
    """
    address = kept_at(url)
    schema.expect_file(address)
    with _held(address, "landport db rebuild"):
        engine = engines.writing(address)
        try:
            return rebuild.rebuild(engine, address, projection, notify=notify)
        finally:
            engine.dispose()


def copied(url: str, target_url: str) -> backup.Copied:
    """Copy everything that a database holds into an empty one.

    Raises
    ------
    InputError
        `bad-database`: one of them is none, or both are the same.
    Conflict, StoreError
        As `backup.copy`.
    """
    source, target = kept_at(url), kept_at(target_url)
    same_file = source.path is not None and target.path is not None and source.path.resolve() == target.path.resolve()
    if same_file or source.url == target.url:
        raise InputError("bad-database", f"{source} and {target} are the same database", (str(source),))
    with _held(source, "landport db copy"):
        return backup.copy(source, target)


@contextmanager
def _held(address: Address, said: str) -> Iterator[None]:
    """Hold the lock of an SQLite file."""
    lock = None if address.path is None else FileLock(address.path, said)
    try:
        yield
    finally:
        if lock is not None:
            lock.close()
