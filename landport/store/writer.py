"""One thread that writes: requests of many callers share a commit, each inside a savepoint of its own."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from landport.errors import InputError, StoreError
from landport.store import engines, sealing
from landport.store.engines import Address
from landport.store.session import Heads, Projection, Tx, see_everybody

BATCH: Final = 64
"""Requests that share one commit at most."""

WAITING: Final = 2_000
"""Requests that may wait; more are turned away at once."""

KNOWN: Final = 200_000
"""Heads of streams that are remembered."""

FROZEN_S: Final = 60
"""Seconds after which PostgreSQL ends the transaction of a server that stopped in it, so that others go on."""

LOG: Final = logging.getLogger("landport.store")

_HOLD: Final = {
    True: "SELECT position FROM log_head WHERE id = 1",
    False: "SELECT position FROM log_head WHERE id = 1 FOR UPDATE",
}


@dataclass(slots=True)
class _Request:
    tenant_id: str
    actor: str
    work: Callable[[Tx], Any]
    key: str
    future: Future[Any] = field(default_factory=Future)
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Runs requests in order of arrival, and answers each after the commit that holds it.

    Parameters
    ----------
    told
        Called in the writer's thread with the newest position after each commit that appended events.
    """

    def __init__(
        self,
        engine: Engine,
        address: Address,
        *,
        projection: Projection,
        clock: Callable[[], datetime],
        told: Callable[[int], None],
        batch: int = BATCH,
    ) -> None:
        self._engine, self._address = engine, address
        self._projection, self._clock, self._told = projection, clock, told
        self._batch = batch
        self._queue: queue.Queue[_Request | None] = queue.Queue(WAITING)
        self._heads = Heads(position=-1)
        self._sealed = -sealing.EVERY
        self._connection: Connection | None = None
        self._is_closed = False
        self._is_direct = False
        self.generation = 0
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="landport-writer", daemon=True)
        self._thread.start()

    def submit(self, tenant_id: str, actor: str, work: Callable[[Tx], Any], key: str = "") -> Future[Any]:
        """Ask for a write; the future answers once it is on the disk.

        Parameters
        ----------
        key
            Under which the answer will be looked up; empty: it will not be.

        Raises
        ------
        StoreError
            `store-busy`: too many requests wait. `store-closed`.
        """
        request = _Request(tenant_id, actor, work, key)
        with self._gate:
            if self._is_closed:
                raise StoreError("store-closed", f"{self._address}: the store is closed")
            try:
                self._queue.put_nowait(request)
            except queue.Full:
                text = f"{self._address}: {WAITING:,} requests wait for the disk already; repeat in a moment"
                raise StoreError("store-busy", text) from None
        return request.future

    def close(self) -> None:
        """Write what was asked for, then stop."""
        with self._gate:
            if self._is_closed:
                return
            self._is_closed = True
        self._queue.put(None)
        self._thread.join()

    # ---- the thread ----

    def _run(self) -> None:
        is_open = True
        while is_open:
            batch = [self._queue.get()]
            while len(batch) < self._batch and batch[-1] is not None:
                try:
                    batch.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            is_open = batch[-1] is not None
            requests = [r for r in batch if r is not None and r.future.set_running_or_notify_cancel()]
            if requests:
                self._answer(requests)
        self._drop()

    def _answer(self, requests: Sequence[_Request]) -> None:
        has_grown = False
        self._is_direct = False
        try:
            has_grown = self._commit(requests)
        except Exception as error:  # whatever it is, every caller hears of it
            self._forget()
            failed = error if isinstance(error, StoreError) else engines.as_told(error, self._address)
            for request in requests:
                request.error = failed
        self.generation += self._is_direct
        for request in requests:
            if request.error is None:
                request.future.set_result(request.result)
            else:
                request.future.set_exception(request.error)
        if has_grown:
            self._tell()

    def _tell(self) -> None:
        try:
            self._told(self._heads.position)
        except Exception:  # a listener's fault must not end the writer
            LOG.exception("a listener of the log failed")

    def _commit(self, requests: Sequence[_Request]) -> bool:
        """Write a batch; answer whether the log grew."""
        connection = self._begun()
        self._hold(connection)
        before = self._heads.position
        has_walls = not self._address.is_sqlite
        names = [(r.tenant_id, r.actor, r.key) for r in requests if r.key]
        self._heads.ask(connection, names, has_walls=has_walls)
        for request in requests:
            self._serve(connection, request)
        self._heads.send(connection, has_walls=has_walls)
        if self._heads.position > before:
            connection.exec_driver_sql(f"UPDATE log_head SET position = {self._heads.position:d} WHERE id = 1")
            self._seal(connection)
        connection.exec_driver_sql("COMMIT")
        return self._heads.position > before

    def _seal(self, connection: Connection) -> None:
        if self._heads.position - self._sealed >= sealing.EVERY:
            see_everybody(connection, has_walls=not self._address.is_sqlite)
            self._sealed = sealing.seal(connection, self._heads.position, self._clock())

    def _hold(self, connection: Connection) -> None:
        """Take the head of the log; forget what was known if somebody else has written since."""
        self._heads.wall = ""
        position = connection.exec_driver_sql(_HOLD[self._address.is_sqlite]).scalar()
        if position is None:
            raise StoreError("schema-missing", f"{self._address}: its log has no head; make it: landport db init")
        if position != self._heads.position or len(self._heads.known) > KNOWN:
            self._heads.known.clear()
            self._heads.position = position

    def _serve(self, connection: Connection, request: _Request) -> None:
        """Do one request; what it raises undoes it alone, unless the connection is gone."""
        tx = Tx(
            connection,
            request.tenant_id,
            has_walls=not self._address.is_sqlite,
            heads=self._heads,
            projection=self._projection,
            now=self._clock(),
            actor=request.actor,
        )
        try:
            request.result = request.work(tx)
            tx.keep()
            self._is_direct |= tx.is_direct
        except engines.REFUSALS as error:
            if engines.is_broken(error):
                raise
            tx.undo()
            request.error = engines.as_refused(error, self._address)
            request.error.__cause__ = error
        except (OverflowError, UnicodeEncodeError) as error:  # of a driver: a number or text beyond what it can send
            tx.undo()
            request.error = InputError("not-storable", f"a value cannot be stored: {error}")
            request.error.__cause__ = error
        except BaseException as error:
            tx.undo()
            request.error = error

    def _begun(self) -> Connection:
        """Begin a transaction; once more, if the connection died while nothing was to be written."""
        is_old = self._connection is not None
        try:
            connection = self._connected()
            engines.begin(connection, self._address, is_writing=True)
        except DBAPIError as error:
            if not (is_old and error.connection_invalidated):
                raise
            self._forget()
            connection = self._connected()
            engines.begin(connection, self._address, is_writing=True)
        return connection

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            if not self._address.is_sqlite:
                self._connection.exec_driver_sql(f"SET idle_in_transaction_session_timeout = '{FROZEN_S}s'")
        return self._connection

    def _forget(self) -> None:
        """After a failed commit nothing that was known holds; a new connection begins anew."""
        self._heads, self._sealed = Heads(position=-1), -sealing.EVERY
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with contextlib.suppress(SQLAlchemyError):
            if self._address.is_memory:
                connection.exec_driver_sql("ROLLBACK")
            else:
                connection.invalidate()
        with contextlib.suppress(SQLAlchemyError):
            connection.close()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
