"""Drops the projections and folds the whole log into them anew."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine

from landport.errors import StoreError
from landport.store import batch, chain, engines, schema
from landport.store.driver import Driver
from landport.store.engines import Address
from landport.store.session import Projection, see_everybody
from landport.store.tables import MENTION, STATE
from landport.store.verify import EVENTS, STEP

CACHED: Final = 20_000
"""States that are held in memory as they are folded."""

SENT: Final = 10_000
"""Rows that are written at once."""

_FOUND: Final = "SELECT document FROM state WHERE tenant_id = ? AND kind = ? AND subject_id = ?"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How much was folded into how much."""

    n_events: int
    n_states: int
    n_mentions: int


def rebuild(
    engine: Engine, address: Address, projection: Projection, *, notify: Callable[[int], None] | None = None
) -> Rebuilt:
    """Drop states and mentions, and fold the log into them anew, in one transaction.

    Parameters
    ----------
    engine
        Of whoever writes; on SQLite its caller holds the lock of the file.
    notify
        Told now and then how many events were folded.

    Raises
    ------
    StoreError
        `schema-missing`, `migration-missing`, `newer-database`, `disk-full`, `database-gone`.

    Notes
    -----
    Readers see the old projections until it is done. A writer on the same PostgreSQL waits for it.
    """
    schema.expect_current(engine, address)
    with engines.told(address), engine.connect() as connection:
        engines.begin(connection, address, is_writing=True)
        try:
            see_everybody(connection, has_walls=not address.is_sqlite)
            _hold(connection, address)
            made = _Folding(connection, projection, notify or _silent).run()
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            if not connection.invalidated:
                connection.exec_driver_sql("ROLLBACK")
            raise
    return made


def _silent(_: int) -> None:
    pass


def _hold(connection: Connection, address: Address) -> None:
    locks = "" if address.is_sqlite else " FOR UPDATE"
    if connection.exec_driver_sql(f"SELECT position FROM log_head WHERE id = 1{locks}").scalar() is None:
        raise StoreError("schema-missing", f"{address}: its log has no head; make it: landport db init")


class _Folding:
    """One pass over the log, with states in memory that were used of late, and the others in their table."""

    def __init__(self, connection: Connection, projection: Projection, notify: Callable[[int], None]) -> None:
        self._driver = Driver(connection)
        self._projection = projection
        self._notify = notify
        self._states: OrderedDict[batch.StateKey, tuple[Any, int]] = OrderedDict()
        self._written: set[batch.StateKey] = set()
        self._mentions: list[batch.Row] = []
        self._n_mentions = 0

    def run(self) -> Rebuilt:
        """Empty the projections and fill them."""
        self._driver.run("DELETE FROM state")
        self._driver.run("DELETE FROM mention")
        n_events = 0
        for row in self._driver.stream(EVENTS):
            event = chain.event_of(row)
            subjects = event.subjects
            for subject in subjects:
                self._fold(subject, event)
            self._mentions += [(event.tenant_id, subject, event.position) for subject in subjects[1:]]
            n_events += 1
            if len(self._mentions) >= SENT:
                self._send_mentions()
            if not n_events % STEP:
                self._notify(n_events)
        self._send_mentions()
        self._send_states(0)
        return Rebuilt(n_events, len(self._written), self._n_mentions)

    def _fold(self, subject: str, event: Any) -> None:
        kind, _, subject_id = subject.partition("/")
        key = (event.tenant_id, kind, subject_id)
        kept = self._states.get(key)
        before = self._read(key) if kept is None else kept[0]
        after = self._projection.fold(kind, subject_id, before, event)
        if after is None:
            return
        self._states[key] = (after, event.position)
        if kept is not None:
            self._states.move_to_end(key)
        elif len(self._states) > CACHED + SENT:
            self._send_states(CACHED)

    def _read(self, key: batch.StateKey) -> Any | None:
        """Read back a state that was written because others were used more."""
        if key not in self._written:
            return None
        row = self._driver.one(_FOUND, key)
        return None if row is None else self._projection.state(key[1], bytes(row[0]))

    def _send_states(self, kept: int) -> None:
        """Write the states that were not used for longest, until so many are left."""
        rows: list[batch.Row] = []
        while len(self._states) > kept:
            key, (state, position) = self._states.popitem(last=False)
            row = self._projection.row(key[1], state)
            rows.append((*key, row.status, row.owner, position, row.document))
            self._written.add(key)
            if len(rows) == SENT:
                self._driver.fill(STATE, rows, replaces=True)
                rows = []
        self._driver.fill(STATE, rows, replaces=True)

    def _send_mentions(self) -> None:
        self._n_mentions += len(self._mentions)
        self._driver.fill(MENTION, self._mentions)
        self._mentions = []
