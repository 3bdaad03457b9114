"""Projected states, read: one subject's, or a page of a kind in order of id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func

from landport.store.session import View
from landport.store.tables import STATE

MOST: Final = 500
"""States on one page at most."""


@dataclass(frozen=True, slots=True)
class Found:
    """A projected state as it is stored.

    Parameters
    ----------
    position
        Of the last event that changed it; it serves as the state's version.
    document
        Its JSON.
    """

    kind: str
    subject_id: str
    status: str
    owner: str
    position: int
    document: bytes


_COLUMNS: Final = (
    STATE.c.kind,
    STATE.c.subject_id,
    STATE.c.status,
    STATE.c.owner,
    STATE.c.position,
    STATE.c.document,
)


def find(view: View, kind: str, subject_id: str) -> Found | None:
    """Read the state of one subject; None: nothing ever happened to it."""
    row = view.found(kind, subject_id)
    return None if row is None else Found(kind, subject_id, *row)


def page(
    view: View, kind: str, *, after: str = "", most: int = 100, statuses: tuple[str, ...] = (), owner: str | None = None
) -> tuple[Found, ...]:
    """List states of a kind in order of id.

    Parameters
    ----------
    after
        Ids beyond this one only: the last of the page before.
    statuses
        Only these; empty: all.
    owner
        Only those of this party; None: of all.
    """
    found = view.of(STATE, *_COLUMNS).where(STATE.c.kind == kind)
    if after:
        found = found.where(STATE.c.subject_id > after)
    if statuses:
        found = found.where(STATE.c.status.in_(statuses))
    if owner is not None:
        found = found.where(STATE.c.owner == owner)
    rows = view.connection.execute(found.order_by(STATE.c.subject_id).limit(min(most, MOST)))
    return tuple(Found(*row) for row in rows)


def everything(view: View, kind: str, *, statuses: tuple[str, ...] = ()) -> tuple[Found, ...]:
    """List all states of a kind in order of id."""
    found = view.of(STATE, *_COLUMNS).where(STATE.c.kind == kind)
    if statuses:
        found = found.where(STATE.c.status.in_(statuses))
    return tuple(Found(*row) for row in view.connection.execute(found.order_by(STATE.c.subject_id)))


def some(view: View, kind: str, subject_ids: Iterable[str]) -> tuple[Found, ...]:
    """Read the states of some subjects of a kind; those of which nothing is known are left out."""
    wanted = list(dict.fromkeys(subject_ids))
    found: list[Found] = []
    for begin in range(0, len(wanted), MOST):
        question = view.of(STATE, *_COLUMNS).where(
            STATE.c.kind == kind, STATE.c.subject_id.in_(wanted[begin : begin + MOST])
        )
        found += [Found(*row) for row in view.connection.execute(question)]
    return tuple(found)


def counts(view: View, kind: str) -> dict[str, int]:
    """Count states of a kind by status."""
    found = view.of(STATE, STATE.c.status, func.count()).where(STATE.c.kind == kind).group_by(STATE.c.status)
    return {row[0]: row[1] for row in view.connection.execute(found)}


def owned(view: View, subjects: Iterable[str], owner: str) -> frozenset[str]:
    """Tell which of some subjects (`KIND/ID` each) a party may see."""
    wanted: dict[str, list[str]] = {}
    for subject in dict.fromkeys(subjects):
        kind, _, subject_id = subject.partition("/")
        wanted.setdefault(kind, []).append(subject_id)
    found: set[str] = set()
    for kind, ids in wanted.items():
        for begin in range(0, len(ids), MOST):
            named = STATE.c.subject_id.in_(ids[begin : begin + MOST])
            question = view.of(STATE, STATE.c.subject_id).where(STATE.c.kind == kind, STATE.c.owner == owner, named)
            found |= {f"{kind}/{subject_id}" for (subject_id,) in view.connection.execute(question)}
    return frozenset(found)
