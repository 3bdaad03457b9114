"""The log, read: events of a tenant in order, of one subject, one stream's head."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select

from landport.model.events import Event
from landport.store import chain
from landport.store.session import Tx, View
from landport.store.tables import EVENT, HEAD, MENTION, SEAL, STREAM

COLUMNS: Final = tuple(EVENT.c[name] for name in (*chain.COLUMNS, "hash"))
"""Columns of an event as `chain.event_of` reads them."""

MOST: Final = 1_000
"""Events that one question answers at most."""


def position(view: View) -> int:
    """Read the position of the newest event of all."""
    return int(view.connection.execute(select(HEAD.c.position)).scalar_one())


def since(view: View, after: int, *, most: int = MOST, type_: str = "") -> tuple[Event, ...]:
    """List the tenant's events after a position, oldest first.

    Parameters
    ----------
    most
        How many at most.
    type_
        Only those of this type; empty: all.
    """
    found = view.of(EVENT, *COLUMNS).where(EVENT.c.position > after)
    if type_:
        found = found.where(EVENT.c.type == type_)
    return _events(view, found.order_by(EVENT.c.position).limit(most))


def of_subject(view: View, subject: str, *, after: int = 0, most: int = MOST) -> tuple[Event, ...]:
    """List what happened to a subject, oldest first: in its own stream, and in those of others about it."""
    about = view.of(MENTION, MENTION.c.position).where(MENTION.c.subject == subject)
    found = view.of(EVENT, *COLUMNS).where(
        or_(EVENT.c.stream == subject, EVENT.c.position.in_(about)), EVENT.c.position > after
    )
    return _events(view, found.order_by(EVENT.c.position).limit(most))


def version(view: View, stream: str) -> int:
    """Read the version of a stream; 0: it has no events."""
    if isinstance(view, Tx):
        return view.head(stream)[0]
    found = view.connection.execute(view.of(STREAM, STREAM.c.version).where(STREAM.c.stream == stream)).scalar()
    return int(found or 0)


def count(view: View) -> int:
    """Count the tenant's events."""
    found = view.of(EVENT, func.count())
    return int(view.connection.execute(found).scalar_one())


def last_seal(view: View) -> tuple[int, int, str]:
    """Read the newest seal: number, position until which it seals, hash; (0, 0, "") if there is none."""
    columns = (SEAL.c.number, SEAL.c.until_position, SEAL.c.hash)
    row = view.connection.execute(select(*columns).order_by(SEAL.c.number.desc()).limit(1)).first()
    return (0, 0, "") if row is None else (row[0], row[1], row[2])


def event_at(view: View, at: int) -> Event | None:
    """Read the tenant's event at a position."""
    found = _events(view, view.of(EVENT, *COLUMNS).where(and_(EVENT.c.position == at)))
    return found[0] if found else None


def _events(view: View, question: Select[Any]) -> tuple[Event, ...]:
    return tuple(chain.event_of(row) for row in view.connection.execute(question))
