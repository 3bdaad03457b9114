"""The store: opened by URL, read in snapshots, written by one thread; the same on SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from landport.errors import NotPermitted
from landport.store import engines, log, schema
from landport.store.engines import Address
from landport.store.lock import FileLock
from landport.store.session import EVERYBODY, SYSTEM, Projection, Row, Tx, View
from landport.store.writer import Writer

T = TypeVar("T")
Mode = Literal["read", "write"]


class NoStates:
    """A projection that keeps nothing: for the log alone."""

    def state(self, kind: str, document: bytes) -> Any:
        """Read nothing."""
        return None

    def fold(self, kind: str, subject_id: str, state: Any | None, event: object) -> Any | None:
        """Fold nothing."""
        return None

    def row(self, kind: str, state: Any) -> Row:
        """Write nothing."""
        return Row("", "", b"{}")


class Store:
    """An open database. Use `open_store`."""

    def __init__(
        self,
        address: Address,
        *,
        mode: Mode,
        projection: Projection,
        clock: Callable[[], datetime],
        said: str,
        batch: int,
    ) -> None:
        self.address = address
        self.clock = clock
        self.projection = projection
        self._listeners: list[Callable[[int], None]] = []
        self._lock: FileLock | None = None
        schema.expect_file(address)
        if mode == "write" and address.path is not None:
            self._lock = FileLock(address.path, said)
        with contextlib.ExitStack() as undo:
            undo.callback(self._free)
            self._writing: Engine | None = engines.writing(address) if mode == "write" else None
            shares = self._writing is not None and (address.is_memory or not address.is_sqlite)
            self._reading = self._writing if self._writing is not None and shares else engines.reading(address)
            undo.callback(self._dispose)
            if address.is_memory and self._writing is not None:
                schema.upgrade(self._writing, address)
            schema.expect_current(self._reading, address)
            self._writer = None if self._writing is None else self._begun(self._writing, batch)
            undo.pop_all()

    def _begun(self, engine: Engine, batch: int) -> Writer:
        return Writer(engine, self.address, projection=self.projection, clock=self.clock, told=self._tell, batch=batch)

    def write(self, tenant_id: str, actor: str, work: Callable[[Tx], T], *, key: str = "") -> Future[T]:
        """Write within one tenant: `work` is called in the writer's thread, alone, and answers when it is durable.

        Parameters
        ----------
        work
            Reads and writes by the `Tx` that it is given; quick, since everybody waits. What it raises undoes all that
            it wrote, and nothing of anybody else.
        key
            Idempotency-Key that `work` asks about, so that a whole commit's keys are looked up at once; empty: none.

        Returns
        -------
        Future
            Set once the commit is on the disk; `StoreError` if it never got there.

        Raises
        ------
        NotPermitted
            `read-only`.
        StoreError
            `store-busy`, `store-closed`.
        """
        if self._writer is None:
            raise NotPermitted("read-only", f"{self.address}: opened to be read only")
        return self._writer.submit(tenant_id, actor, work, key)

    def write_now(self, tenant_id: str, actor: str, work: Callable[[Tx], T]) -> T:
        """Write and wait for it."""
        return self.write(tenant_id, actor, work).result()

    def read(self, tenant_id: str, work: Callable[[View], T]) -> T:
        """Read one tenant's rows in one snapshot.

        Raises
        ------
        StoreError
            `database-gone` and its like.
        """
        with self.view(tenant_id) as view:
            return work(view)

    @contextmanager
    def view(self, tenant_id: str) -> Iterator[View]:
        """Open a snapshot of one tenant's rows."""
        if self.address.is_memory:
            yield from self._view_memory(tenant_id)
            return
        with engines.told(self.address), self._begun_reading() as connection:
            try:
                yield View(connection, tenant_id, has_walls=not self.address.is_sqlite)
            finally:
                if not connection.invalidated:
                    connection.exec_driver_sql("COMMIT")

    def _begun_reading(self) -> Connection:
        """Begin a snapshot; once more, if the connection at hand had died while nobody used it."""
        connection = self._reading.connect()
        try:
            engines.begin(connection, self.address)
        except DBAPIError as error:
            connection.close()
            if not error.connection_invalidated:
                raise
            connection = self._reading.connect()
            engines.begin(connection, self.address)
        return connection

    def _view_memory(self, tenant_id: str) -> Iterator[View]:
        """Read between two commits of the one connection that there is."""
        opened, done = threading.Event(), threading.Event()
        seen: list[View] = []

        def lend(tx: Tx) -> None:
            seen.append(View(tx.connection, tenant_id, has_walls=False))
            opened.set()
            done.wait()

        future = self.write(tenant_id, SYSTEM, lend)
        future.add_done_callback(lambda _: opened.set())  # it may fail before it lends anything
        opened.wait()
        try:
            if not seen:
                future.result()
            yield seen[0]
        finally:
            done.set()
        future.result()

    def on_growth(self, listener: Callable[[int], None]) -> None:
        """Call a listener with the newest position after each commit of this process that appended events.

        Notes
        -----
        It is called in the writer's thread and must return at once.
        """
        self._listeners.append(listener)

    @property
    def generation(self) -> int:
        """Count the commits of this process that may have changed rows beside the log: accounts, keys, jobs.

        Notes
        -----
        What was read of such rows holds while it stays the same, unless another process writes to PostgreSQL.
        """
        return 0 if self._writer is None else self._writer.generation

    def position(self) -> int:
        """Read the position of the newest event, whoever wrote it."""
        return self.read(EVERYBODY, log.position)

    def close(self) -> None:
        """Write what was asked for, then close every connection and free the lock."""
        if self._writer is not None:
            self._writer.close()
        self._dispose()
        self._free()

    def _dispose(self) -> None:
        self._reading.dispose()
        if self._writing is not None:
            self._writing.dispose()

    def _free(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _tell(self, position: int) -> None:
        for listener in self._listeners:
            listener(position)


def open_store(
    url: str,
    *,
    clock: Callable[[], datetime],
    mode: Mode = "write",
    projection: Projection | None = None,
    said: str = "a landport command",
    batch: int = 64,
) -> Store:
    """Open a database that has its tables.

    Parameters
    ----------
    url
        File, `sqlite:///FILE`, `sqlite://` (in memory; its tables are made) or `postgresql://...`.
    mode
        `write` takes the lock of an SQLite file; `read` works beside a server.
    said
        What holds the lock, for others to read.
    batch
        Requests that share one commit at most; 1: each has its own.

    Raises
    ------
    Conflict
        `store-in-use`: another process writes to the SQLite file.
    StoreError
        `database-gone`, `schema-missing`, `migration-missing`, `newer-database`: see docs/errors.md.
    """
    address = engines.address_of(url)
    return Store(address, mode=mode, projection=projection or NoStates(), clock=clock, said=said, batch=batch)
