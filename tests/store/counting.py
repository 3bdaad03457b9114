"""A projection for tests of the store: it counts, and remembers who last did what."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from landport.model.events import Draft, Event
from landport.store import Row, Store, Tx, open_store

START = datetime(2026, 3, 2, tzinfo=UTC)


class Clock:
    """A clock that goes on by a second each time that it is read."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


class Counting:
    """Folds any subject into how many events touched it; its payload's `status` and `owner` are its own."""

    def state(self, kind: str, document: bytes) -> Any:
        return json.loads(document)

    def fold(self, kind: str, subject_id: str, state: Any | None, event: Event) -> Any | None:
        if event.type == "Unseen":
            return None
        before = state or {"n": 0, "status": "new", "owner": ""}
        said = {k: v for k, v in event.payload.items() if k in ("status", "owner")}
        return before | said | {"n": before["n"] + 1, "last": event.position}

    def row(self, kind: str, state: Any) -> Row:
        return Row(state["status"], state["owner"], json.dumps(state).encode())


def opened(url: str, **options: Any) -> Store:
    """Open a database with the counting projection."""
    return open_store(url, **({"clock": Clock(), "projection": Counting()} | options))


def draft(stream: str, **options: Any) -> Draft:
    """Make an event of a subject; words that `Draft` does not know are its payload."""
    known = {k: options.pop(k) for k in tuple(options) if k in Draft.__dataclass_fields__}
    return Draft(**({"stream": stream, "type": "Done", "payload": options, "happened_at": START} | known))


def append(store: Store, *drafts: Draft, tenant: str = "t1", actor: str = "A1") -> tuple[Event, ...]:
    """Append events in one request."""

    def work(tx: Tx) -> tuple[Event, ...]:
        return tx.append(drafts)

    return store.write_now(tenant, actor, work)
