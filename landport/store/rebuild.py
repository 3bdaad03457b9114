"""Drops the projections and folds the whole log into them anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine

from landport.errors import StoreError
from landport.store import batch, chain, engines, schema, seating
from landport.store.driver import Driver
from landport.store.engines import Address
from landport.store.session import Projection, see_everybody
from landport.store.tables import STATE
from landport.store.verify import EVENTS, STEP

CACHED: Final = 15_000
"""States that are young before they are old; in memory are at most twice as many."""

SENT: Final = 10_000
"""Rows that are written at once."""

_FOUND: Final = "SELECT position, document FROM state WHERE tenant_id = ? AND kind = ? AND subject_id = ?"

_MENTIONS: Final = (
    "INSERT INTO mention (tenant_id, subject, position) SELECT e.tenant_id, a.value, e.position"
    " FROM event AS e, {} AS a WHERE e.about <> '[]' AND a.value <> e.stream ORDER BY 1, 2, 3"
)
"""In order of their keys, which the database sorts: each goes to the end of the table."""

_Key = tuple[str, str]
"""Tenant and subject."""


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


@dataclass(slots=True)
class _Held:
    """A state in memory. `state`: None while nothing is known of the subject; `position`: of what changed it last."""

    tenant_id: str
    kind: str
    subject_id: str
    state: Any = None
    position: int = 0


class _Folding:
    """One pass over the log, with states in memory that were used of late, and the others in their table.

    Notes
    -----
    What is used is young. When the young are too many they become the old, and those that were old until then, and
    were not used since, are written. So a state is written down when it is let go, not at each event.
    """

    def __init__(self, connection: Connection, projection: Projection, notify: Callable[[int], None]) -> None:
        self._connection = connection
        self._driver = Driver(connection)
        self._projection = projection
        self._notify = notify
        self._young: dict[_Key, _Held] = {}
        self._old: dict[_Key, _Held] = {}
        self._written: set[_Key] = set()

    def run(self) -> Rebuilt:
        """Empty the projections and fill them."""
        self._driver.run("DELETE FROM state")
        self._driver.run("DELETE FROM mention")
        seating.empty(self._driver)
        with self._without_indices():
            n_events = self._events()
            self._send(self._old)
            self._send(self._young)
        self._place()
        n_mentions = self._driver.run(_MENTIONS.format(self._driver.each("e.about")))
        return Rebuilt(n_events, len(self._written), n_mentions)

    def _place(self) -> None:
        """Write the rows of windows, then those of places, from the states that came of it."""
        for kind in ("window", "appointment"):
            rows = self._driver.all(f"SELECT tenant_id, subject_id, document FROM state WHERE kind = '{kind}'", ())
            found = (
                (t, i, self._projection.row(kind, self._projection.state(kind, bytes(d))).placed) for t, i, d in rows
            )
            seating.send(self._driver, [(t, i, placed) for t, i, placed in found if placed is not None])

    @contextmanager
    def _without_indices(self) -> Iterator[None]:
        """Drop indices on SQLite and make them once at the end; on PostgreSQL readers would have to wait."""
        is_sqlite = self._connection.dialect.name == "sqlite"
        indices = sorted(STATE.indexes, key=lambda index: str(index.name)) if is_sqlite else []
        for index in indices:
            index.drop(self._connection)
        yield
        for index in indices:
            index.create(self._connection)

    def _events(self) -> int:
        fold, n_events = self._projection.fold, 0
        for row in self._driver.stream(EVENTS):
            event = chain.event_of(row)
            tenant_id, position = event.tenant_id, event.position
            for subject in event.subjects:
                held = self._young.get((tenant_id, subject)) or self._found(tenant_id, subject)
                after = fold(held.kind, held.subject_id, held.state, event)
                if after is not None:
                    held.state, held.position = after, position
            n_events += 1
            if not n_events % STEP:
                self._notify(n_events)
        return n_events

    def _found(self, tenant_id: str, subject: str) -> _Held:
        """Make young what is not, whether it is old, written or new."""
        if len(self._young) > CACHED:
            self._send(self._old)
            self._old, self._young = self._young, {}
        key = (tenant_id, subject)
        held = self._old.pop(key, None)
        if held is None:
            kind, _, subject_id = subject.partition("/")
            held = _Held(tenant_id, kind, subject_id)
            if key in self._written:
                row = self._driver.one(_FOUND, (tenant_id, kind, subject_id))
                assert row is not None, "this transaction wrote it"
                held.position, held.state = row[0], self._projection.state(kind, bytes(row[1]))
        self._young[key] = held
        return held

    def _send(self, states: dict[_Key, _Held]) -> None:
        """Write states, in order of their keys."""
        rows: list[batch.Row] = []
        for key in sorted(states):
            held = states[key]
            if held.state is None:
                continue
            row = self._projection.row(held.kind, held.state)
            rows.append(
                (held.tenant_id, held.kind, held.subject_id, row.status, row.owner, held.position, row.document)
            )
            self._written.add(key)
            if len(rows) == SENT:
                self._driver.fill(STATE, rows, replaces=True)
                rows = []
        self._driver.fill(STATE, rows, replaces=True)
