"""Rows that wait for a commit: what requests appended, kept in memory until all of a batch is written at once.

A request that fails leaves nothing behind because nothing of it was sent yet. So most requests need no savepoint, and
the statements of a batch are few, however many requests it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from landport.store import seating
from landport.store.driver import Driver
from landport.store.seating import Placed

Row = tuple[Any, ...]
StateKey = tuple[str, str, str]
StreamKey = tuple[str, str]
AnswerKey = tuple[str, str, str]

_EVENT: Final = (
    "INSERT INTO event (position, tenant_id, stream, version, type, type_version, happened_at, recorded_at, actor,"
    " cause, about, payload, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_MENTION: Final = "INSERT INTO mention (tenant_id, subject, position) VALUES (?, ?, ?)"
_STREAM: Final = (
    "INSERT INTO stream (tenant_id, stream, version, hash) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (tenant_id, stream) DO UPDATE SET version = excluded.version, hash = excluded.hash"
)
_STATE: Final = (
    "INSERT INTO state (tenant_id, kind, subject_id, status, owner, position, document) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (tenant_id, kind, subject_id) DO UPDATE SET status = excluded.status, owner = excluded.owner,"
    " position = excluded.position, document = excluded.document"
)
_ANSWER: Final = "INSERT INTO answer (tenant_id, actor, key, request_hash, created_at, body) VALUES (?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Kept:
    """A projected state that may not be written yet.

    Parameters
    ----------
    state
        As the projection folds it.
    row
        status, owner, position, document.
    placed
        Row of its window or place; None: it has none.
    """

    state: Any
    row: tuple[str, str, int, bytes]
    placed: Placed | None = None


@dataclass(slots=True)
class Pending:
    """What was appended and is not sent yet.

    Parameters
    ----------
    streams
        (version, hash) of the heads that moved.
    answers
        request hash, instant in microseconds, body, by (tenant, actor, key).
    """

    events: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    streams: dict[StreamKey, tuple[int, str]] = field(default_factory=dict)
    states: dict[StateKey, Kept] = field(default_factory=dict)
    answers: dict[AnswerKey, tuple[str, int, bytes]] = field(default_factory=dict)

    def take(self, other: Pending) -> None:
        """Take over what another holds; it is newer."""
        self.events += other.events
        self.mentions += other.mentions
        self.streams.update(other.streams)
        self.states.update(other.states)
        self.answers.update(other.answers)

    def send(self, driver: Driver) -> None:
        """Write everything, and hold nothing any more."""
        if self.events:
            driver.many(_EVENT, self.events)
            driver.many(_STREAM, [(*key, *head) for key, head in self.streams.items()])
        if self.mentions:
            driver.many(_MENTION, self.mentions)
        if self.states:
            driver.many(_STATE, [(*key, *kept.row) for key, kept in self.states.items()])
            placed = [(key[0], key[2], kept.placed) for key, kept in self.states.items() if kept.placed is not None]
            if placed:
                seating.send(driver, placed)
        if self.answers:
            driver.many(_ANSWER, [(*key, *kept) for key, kept in self.answers.items()])
        self.events, self.mentions = [], []
        self.streams, self.states, self.answers = {}, {}, {}
