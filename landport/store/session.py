"""What reads and writes see: a connection, whose rows they may touch, and the log they append to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Select, Table, select

from landport.errors import Conflict, InputError, NotPermitted
from landport.model.events import Draft, Event
from landport.store import chain
from landport.store.batch import AnswerKey, Kept, Pending, StateKey, StreamKey
from landport.store.driver import Driver
from landport.store.seating import Placed

EVERYBODY: Final = "*"
"""Tenant of what the port itself does over all rows: log-ins, seals, verifying."""

MOST_NAME: Final = 200
"""Characters of an id, a key or a cause; a longer one fits no index of PostgreSQL."""

_WALL: Final = "SELECT set_config('landport.tenant', %s, true)"

SYSTEM: Final = "system"
"""Actor of what nobody did by hand."""


@dataclass(frozen=True, slots=True)
class Row:
    """A projected state as a row: its word, the party that may see it beside the port (empty: none), its JSON.

    Parameters
    ----------
    placed
        Row that it has in the tables of windows and their places; None: none.
    """

    status: str
    owner: str
    document: bytes
    placed: Placed | None = None


class Projection(Protocol):
    """Folds events into states and writes states down; `app` hands one to the store."""

    def state(self, kind: str, document: bytes) -> Any:
        """Read a state back."""

    def fold(self, kind: str, subject_id: str, state: Any | None, event: Event) -> Any | None:
        """Make the state after an event, and leave the one before as it is; None: the subject has no state."""

    def row(self, kind: str, state: Any) -> Row:
        """Write a state down."""


class View:
    """A reader's sight of one tenant's rows.

    Parameters
    ----------
    tenant_id
        Whose rows; `EVERYBODY`: all, for the port itself.
    """

    def __init__(self, connection: Connection, tenant_id: str, *, has_walls: bool) -> None:
        self._connection = connection
        self.tenant_id = tenant_id
        self._has_walls = has_walls
        if has_walls:
            connection.exec_driver_sql(_WALL, (tenant_id,))

    def enter(self, tenant_id: str) -> None:
        """See another tenant's rows from here on, in the same snapshot: log-ins begin with everybody's."""
        self.tenant_id = tenant_id
        if self._has_walls:
            self.connection.exec_driver_sql(_WALL, (tenant_id,))

    @property
    def connection(self) -> Connection:
        """The connection, for questions that have no method of their own."""
        return self._connection

    def found(self, kind: str, subject_id: str) -> tuple[str, str, int, bytes] | None:
        """Read status, owner, position and document of a state; None: there is none."""
        self.expect_tenant()
        row = Driver(self._connection).one(_FOUND, (self.tenant_id, kind, subject_id))
        return None if row is None else (row[0], row[1], row[2], bytes(row[3]))

    def of(self, table: Table, *columns: Any) -> Select[Any]:
        """Select from a table what is the tenant's, and nothing else.

        Raises
        ------
        NotPermitted
            `no-tenant`: the port itself has no rows of its own.
        """
        self.expect_tenant()
        return select(*(columns or (table,))).where(table.c.tenant_id == self.tenant_id)

    def expect_tenant(self) -> None:
        """Refuse to go on without a tenant.

        Raises
        ------
        NotPermitted
            `no-tenant`.
        """
        if self.tenant_id == EVERYBODY:
            raise NotPermitted("no-tenant", "this needs a tenant to be named")


def see_everybody(connection: Connection, *, has_walls: bool) -> None:
    """Let a connection see every tenant's rows until its transaction ends."""
    if has_walls:
        connection.exec_driver_sql(_WALL, (EVERYBODY,))


_HEAD_AND_FOUND: Final = (
    "SELECT s.version, s.hash, t.status, t.owner, t.position, t.document FROM (SELECT 1 AS one) AS o"
    " LEFT JOIN stream AS s ON s.tenant_id = ? AND s.stream = ?"
    " LEFT JOIN state AS t ON t.tenant_id = ? AND t.kind = ? AND t.subject_id = ?"
)
_FOUND: Final = (
    "SELECT status, owner, position, document FROM state WHERE tenant_id = ? AND kind = ? AND subject_id = ?"
)
_ANSWERS: Final = (
    "WITH v (a, b, c) AS (VALUES {}) SELECT t.tenant_id, t.actor, t.key, t.request_hash, t.created_at, t.body"
    " FROM v CROSS JOIN answer AS t WHERE t.tenant_id = v.a AND t.actor = v.b AND t.key = v.c"
)
"""A join: SQLite would look through the whole table for `(..) IN (VALUES ..)`."""

_SOME: Final = (
    "WITH v (a, b, c) AS (VALUES {}) SELECT t.kind, t.subject_id, t.status, t.owner, t.position, t.document"
    " FROM v CROSS JOIN state AS t WHERE t.tenant_id = v.a AND t.kind = v.b AND t.subject_id = v.c"
)
_ANSWERED: Final = "SELECT request_hash, created_at, body FROM answer WHERE tenant_id = ? AND actor = ? AND key = ?"


@dataclass(slots=True)
class Heads:
    """What a writer knows of the log while it holds it.

    Parameters
    ----------
    position
        Of the newest event.
    known
        (version, hash) of streams seen before, by (tenant, stream); cleared when somebody else may have written.
    pending
        What earlier requests of the same commit appended.
    wall
        Tenant whose rows PostgreSQL shows in this transaction; empty: nobody's yet.
    asked
        What was answered before under the keys of the commit's requests; None: nothing was.
    """

    position: int = 0
    known: dict[StreamKey, tuple[int, str]] = field(default_factory=dict)
    pending: Pending = field(default_factory=Pending)
    wall: str = ""
    asked: dict[AnswerKey, tuple[str, int, bytes] | None] = field(default_factory=dict)

    def ask(self, connection: Connection, names: Sequence[AnswerKey], *, has_walls: bool) -> None:
        """Read what was answered under keys before, all in one question."""
        self.asked = dict.fromkeys(names)
        if names:
            self._see_everybody(connection, has_walls=has_walls)
            sql = _ANSWERS.format(", ".join(["(?, ?, ?)"] * len(names)))
            for *name, request_hash, created_at, body in Driver(connection).all(sql, [v for n in names for v in n]):
                self.asked[tuple(name)] = (request_hash, created_at, body)

    def send(self, connection: Connection, *, has_walls: bool) -> None:
        """Write what is pending, whose tenants may be several."""
        if self.pending.events or self.pending.answers:
            self._see_everybody(connection, has_walls=has_walls)
            self.pending.send(Driver(connection))

    def _see_everybody(self, connection: Connection, *, has_walls: bool) -> None:
        if has_walls and self.wall != EVERYBODY:
            see_everybody(connection, has_walls=True)
            self.wall = EVERYBODY


class Tx(View):
    """A writer's sight of one tenant's rows: one request of a commit that it may share with others.

    Parameters
    ----------
    now
        Instant at which the log takes what is written here.
    actor
        Who does it.

    Notes
    -----
    What is appended waits in memory, where later requests of the commit see it. Whoever asks for `connection` gets it
    inside a savepoint, with everything sent that waited.
    """

    def __init__(
        self,
        connection: Connection,
        tenant_id: str,
        *,
        has_walls: bool,
        heads: Heads,
        projection: Projection,
        now: datetime,
        actor: str,
    ) -> None:
        super().__init__(connection, tenant_id, has_walls=has_walls and heads.wall != tenant_id)
        heads.wall = tenant_id
        self._has_walls = has_walls
        self.now = now
        self.actor = actor
        self.position = heads.position
        self._heads = heads
        self._projection = projection
        self._driver = Driver(connection)
        self._pending = Pending()
        self._has_savepoint = False
        self._states: dict[StateKey, Kept | None] = {}
        self._answers: dict[AnswerKey, tuple[str, int, bytes]] = {}
        self.grown: dict[StreamKey, tuple[int, str]] = {}

    @property
    def is_direct(self) -> bool:
        """Whether it wrote, or may have written, by the connection itself: other rows than those of the log."""
        return self._has_savepoint

    @property
    def connection(self) -> Connection:
        """The connection, with all sent that waited; what is done on it is undone if the request fails."""
        if not self._has_savepoint:
            self._heads.send(self._connection, has_walls=self._has_walls)
            if self._has_walls and self._heads.wall != self.tenant_id:
                self._connection.exec_driver_sql(_WALL, (self.tenant_id,))
                self._heads.wall = self.tenant_id
            self._connection.exec_driver_sql("SAVEPOINT r")
            self._has_savepoint = True
        self._pending.send(self._driver)
        return self._connection

    def enter(self, tenant_id: str) -> None:
        """See another tenant's rows from here on; what is written until the end of the request is that tenant's."""
        super().enter(tenant_id)
        self._heads.wall = tenant_id

    def keep(self) -> None:
        """Let the commit have what was written."""
        if self._has_savepoint:
            self._pending.send(self._driver)
            self._connection.exec_driver_sql("RELEASE SAVEPOINT r")
        self._heads.pending.take(self._pending)
        self._heads.asked.update(self._answers)
        self._heads.position = self.position
        self._heads.known.update(self.grown)

    def undo(self) -> None:
        """Leave nothing of what was written."""
        if self._has_savepoint:
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT r")
            self._connection.exec_driver_sql("RELEASE SAVEPOINT r")
            self._heads.wall = ""  # the database is back to what it was, whichever that is

    def append(self, drafts: Iterable[Draft]) -> tuple[Event, ...]:
        """Append events to the log and fold them into states.

        Returns
        -------
        tuple[Event, ...]
            As the log has them, in order.

        Raises
        ------
        Conflict
            `changed-meanwhile`: a stream is not at the version that a draft expects.
        InputError
            `not-json`, `not-storable`: a draft cannot be kept.
        """
        self.expect_tenant()
        events = tuple(self._next(_storable(draft)) for draft in drafts)
        for event in events:
            self._fold(event)
        return events

    def _next(self, draft: Draft) -> Event:
        version, before = self._nothing(draft.stream) if draft.is_new else self.head(draft.stream)
        if draft.expected_version is not None and draft.expected_version != version:
            raise Conflict(
                "changed-meanwhile",
                f"{draft.stream} is at version {version}, not {draft.expected_version}: read it again and repeat",
                (draft.stream,),
            )
        self.position += 1
        about = tuple(dict.fromkeys(draft.about))
        row = (
            self.position,
            self.tenant_id,
            draft.stream,
            version + 1,
            draft.type,
            draft.type_version,
            chain.micros(draft.happened_at),
            chain.micros(self.now),
            self.actor,
            draft.cause,
            chain.packed(about) if about else "[]",
            chain.packed(draft.payload),
        )
        head = chain.link(before, row)
        key = (self.tenant_id, draft.stream)
        self.grown[key] = self._pending.streams[key] = (version + 1, head)
        self._pending.events.append((*row, head))
        event = chain.event_of((*row, head))
        self._pending.mentions += [(self.tenant_id, subject, self.position) for subject in event.subjects[1:]]
        return event

    def head(self, stream: str) -> tuple[int, str]:
        """Read the version and hash of a stream's newest event; (0, ""): it has none."""
        key = (self.tenant_id, stream)
        found = self.grown.get(key) or self._heads.known.get(key)
        if found is None:  # its subject's state is asked for next: one question for both
            kind, _, subject_id = stream.partition("/")
            row = self._driver.one(_HEAD_AND_FOUND, (*key, self.tenant_id, kind, subject_id)) or (None,) * 6
            state_key = (self.tenant_id, kind, subject_id)
            if state_key not in self._heads.pending.states:
                self._states.setdefault(state_key, self._kept_of(kind, row[2:]))
            found = (0, "") if row[0] is None else (row[0], row[1])
        return found

    def _nothing(self, stream: str) -> tuple[int, str]:
        """Begin a stream of which nothing can be known; a second one of its name would break the log's own rule."""
        kind, _, subject_id = stream.partition("/")
        self._states.setdefault((self.tenant_id, kind, subject_id), None)
        return (0, "")

    def found(self, kind: str, subject_id: str) -> tuple[str, str, int, bytes] | None:
        """Read status, owner, position and document of a state as it is now; None: there is none."""
        self.expect_tenant()
        kept = self._kept(kind, subject_id)
        return None if kept is None else kept.row

    def fetch(self, subjects: Iterable[tuple[str, str]]) -> None:
        """Read the states of some subjects, kind and id each, in one question; `found` has them from then on."""
        self.expect_tenant()
        keys = [(self.tenant_id, *subject) for subject in dict.fromkeys(subjects)]
        missing = [k for k in keys if k not in self._states and k not in self._heads.pending.states]
        if not missing:
            return
        self._states.update(dict.fromkeys(missing))
        sql = _SOME.format(", ".join(["(?, ?, ?)"] * len(missing)))
        for kind, subject_id, *row in self._driver.all(sql, [v for key in missing for v in key]):
            self._states[self.tenant_id, kind, subject_id] = self._kept_of(kind, row)

    def _kept(self, kind: str, subject_id: str) -> Kept | None:
        key = (self.tenant_id, kind, subject_id)
        if key in self._states:
            return self._states[key]
        kept = self._heads.pending.states.get(key)
        if kept is None:
            kept = self._states[key] = self._kept_of(kind, self._driver.one(_FOUND, key))
        return kept

    def _kept_of(self, kind: str, row: Sequence[Any] | None) -> Kept | None:
        if row is None or row[0] is None:
            return None
        status, owner, position, document = row
        document = bytes(document)
        return Kept(self._projection.state(kind, document), (status, owner, position, document))

    def _fold(self, event: Event) -> None:
        for subject in event.subjects:
            kind, _, subject_id = subject.partition("/")
            kept = self._kept(kind, subject_id)
            state = self._projection.fold(kind, subject_id, None if kept is None else kept.state, event)
            if state is not None:
                row = self._projection.row(kind, state)
                _expect_short(row.status, row.owner)
                key = (self.tenant_id, kind, subject_id)
                kept = Kept(state, (row.status, row.owner, event.position, row.document), row.placed)
                self._states[key] = self._pending.states[key] = kept

    def answered(self, key: str) -> tuple[str, bytes] | None:
        """Read the request hash and body that were kept under an actor's key; None: nothing was."""
        self.expect_tenant()
        name = (self.tenant_id, self.actor, key)
        kept = self._answers.get(name) or self._heads.asked.get(name)
        if kept is None and name not in self._heads.asked:
            kept = self._driver.one(_ANSWERED, name)
        return None if kept is None else (kept[0], bytes(kept[2]))

    def answer(self, key: str, request_hash: str, body: bytes) -> None:
        """Keep an answer under the actor's key."""
        self.expect_tenant()
        _expect_short(key)
        name = (self.tenant_id, self.actor, key)
        self._answers[name] = self._pending.answers[name] = (request_hash, chain.micros(self.now), body)


def _storable(draft: Draft) -> Draft:
    """Answer a draft whose names every engine can keep and index.

    Raises
    ------
    InputError
        `not-storable`.
    """
    _expect_short(draft.stream, draft.cause, *draft.about)
    for subject in (draft.stream, *draft.about):
        if "/" not in subject:
            raise InputError("not-storable", f"expected a subject KIND/ID, not {subject!r}", (subject,))
    return draft


def _expect_short(*names: str) -> None:
    """Refuse names that one engine would keep and another not: nothing may fail when a commit is written.

    Raises
    ------
    InputError
        `not-storable`.
    """
    for name in names:
        if len(name) > MOST_NAME or not name.isprintable():
            text = f"expected at most {MOST_NAME} printable characters, not {name[:60]!r}"
            raise InputError("not-storable", text, (name[:60],))
