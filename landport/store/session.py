"""What reads and writes see: a connection, whose rows they may touch, and the log they append to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Select, Table, bindparam, select, text

from landport.errors import Conflict, NotPermitted
from landport.model.events import Draft, Event
from landport.store import chain
from landport.store.tables import EVENT, MENTION, STATE, STREAM

EVERYBODY: Final = "*"
"""Tenant of what the port itself does over all rows: log-ins, seals, verifying."""

_WALL: Final = "SELECT set_config('landport.tenant', %s, true)"

SYSTEM: Final = "system"
"""Actor of what nobody did by hand."""


@dataclass(frozen=True, slots=True)
class Row:
    """A projected state as a row: its word, the party that may see it beside the port (empty: none), its JSON."""

    status: str
    owner: str
    document: bytes


class Projection(Protocol):
    """Folds events into states and writes states down; `app` hands one to the store."""

    def state(self, kind: str, document: bytes) -> Any:
        """Read a state back."""

    def fold(self, kind: str, subject_id: str, state: Any | None, event: Event) -> Any | None:
        """Make the state after an event; None: the subject has no state of its own."""

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
        self.connection = connection
        self.tenant_id = tenant_id
        if has_walls:
            connection.exec_driver_sql(_WALL, (tenant_id,))

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


_INSERT_EVENT: Final = EVENT.insert()
_INSERT_MENTION: Final = MENTION.insert()
_INSERT_STREAM: Final = STREAM.insert()
_STREAM_HEAD: Final = select(STREAM.c.version, STREAM.c.hash).where(
    STREAM.c.tenant_id == bindparam("tenant_id"), STREAM.c.stream == bindparam("stream")
)
_STATE: Final = select(STATE.c.document).where(
    STATE.c.tenant_id == bindparam("tenant_id"),
    STATE.c.kind == bindparam("kind"),
    STATE.c.subject_id == bindparam("subject_id"),
)
_UPDATE_STREAM: Final = text(
    "UPDATE stream SET version = :version, hash = :hash WHERE tenant_id = :tenant_id AND stream = :stream"
)
_PUT_STATE: Final = text(
    "INSERT INTO state (tenant_id, kind, subject_id, status, owner, position, document)"
    " VALUES (:tenant_id, :kind, :subject_id, :status, :owner, :position, :document)"
    " ON CONFLICT (tenant_id, kind, subject_id) DO UPDATE SET status = excluded.status, owner = excluded.owner,"
    " position = excluded.position, document = excluded.document"
)


@dataclass(slots=True)
class Heads:
    """What a writer knows of the log while it holds it: the newest position, and heads of streams seen before.

    Parameters
    ----------
    known
        (version, hash) by (tenant, stream); cleared when somebody else may have written.
    """

    position: int = 0
    known: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)


def see_everybody(connection: Connection, *, has_walls: bool) -> None:
    """Let a connection see every tenant's rows until its transaction ends."""
    if has_walls:
        connection.exec_driver_sql(_WALL, (EVERYBODY,))


class Tx(View):
    """A writer's sight of one tenant's rows, inside one savepoint.

    Parameters
    ----------
    now
        Instant at which the log takes what is written here.
    actor
        Who does it.
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
        super().__init__(connection, tenant_id, has_walls=has_walls)
        self.now = now
        self.actor = actor
        self.position = heads.position
        self._heads = heads
        self._projection = projection
        self.grown: dict[tuple[str, str], tuple[int, str]] = {}

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
        """
        self.expect_tenant()
        events = tuple(self._next(draft) for draft in drafts)
        if events:
            self._write(events)
            self._fold(events)
        return events

    def _next(self, draft: Draft) -> Event:
        version, before = self._head(draft.stream)
        if draft.expected_version is not None and draft.expected_version != version:
            raise Conflict(
                "changed-meanwhile",
                f"{draft.stream} is at version {version}, not {draft.expected_version}: read it again and repeat",
                (draft.stream,),
            )
        self.position += 1
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
            chain.packed(draft.about),
            chain.packed(draft.payload),
        )
        head = chain.link(before, row)
        self.grown[self.tenant_id, draft.stream] = (version + 1, head)
        return chain.event_of((*row, head))

    def _head(self, stream: str) -> tuple[int, str]:
        key = (self.tenant_id, stream)
        found = self.grown.get(key) or self._heads.known.get(key)
        if found is None:
            row = self.connection.execute(_STREAM_HEAD, {"tenant_id": self.tenant_id, "stream": stream}).first()
            found = (0, "") if row is None else (row[0], row[1])
        return found

    def _write(self, events: tuple[Event, ...]) -> None:
        rows = [
            {
                "position": e.position,
                "tenant_id": e.tenant_id,
                "stream": e.stream,
                "version": e.version,
                "type": e.type,
                "type_version": e.type_version,
                "happened_at": chain.micros(e.happened_at),
                "recorded_at": chain.micros(e.recorded_at),
                "actor": e.actor,
                "cause": e.cause,
                "about": chain.packed(e.about),
                "payload": chain.packed(e.payload),
                "hash": e.hash,
            }
            for e in events
        ]
        self.connection.execute(_INSERT_EVENT, rows)
        begun = {e.stream for e in events if e.version == 1}
        heads = {e.stream: (e.version, e.hash) for e in events}
        named = [
            {"tenant_id": self.tenant_id, "stream": stream, "version": version, "hash": head}
            for stream, (version, head) in heads.items()
        ]
        fresh = [row for row in named if row["stream"] in begun]
        older = [row for row in named if row["stream"] not in begun]
        if fresh:
            self.connection.execute(_INSERT_STREAM, fresh)
        if older:
            self.connection.execute(_UPDATE_STREAM, older)
        mentions = [
            {"tenant_id": self.tenant_id, "subject": subject, "position": e.position}
            for e in events
            for subject in dict.fromkeys(e.subjects[1:])
        ]
        if mentions:
            self.connection.execute(_INSERT_MENTION, mentions)

    def _fold(self, events: tuple[Event, ...]) -> None:
        states: dict[tuple[str, str], Any] = {}
        changed: dict[tuple[str, str], int] = {}
        for event in events:
            for subject in event.subjects:
                kind, _, subject_id = subject.partition("/")
                key = (kind, subject_id)
                if key not in states:
                    states[key] = self._state(kind, subject_id)
                states[key] = self._projection.fold(kind, subject_id, states[key], event)
                changed[key] = event.position
        rows = []
        for key, position in changed.items():
            if states[key] is not None:
                row = self._projection.row(key[0], states[key])
                rows.append(
                    {
                        "tenant_id": self.tenant_id,
                        "kind": key[0],
                        "subject_id": key[1],
                        "status": row.status,
                        "owner": row.owner,
                        "position": position,
                        "document": row.document,
                    }
                )
        if rows:
            self.connection.execute(_PUT_STATE, rows)

    def _state(self, kind: str, subject_id: str) -> Any | None:
        named = {"tenant_id": self.tenant_id, "kind": kind, "subject_id": subject_id}
        found = self.connection.execute(_STATE, named).scalar()
        return None if found is None else self._projection.state(kind, found)
