"""Idempotency: what was answered under a key, kept in the same transaction as what it answers for."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from landport.errors import InputError
from landport.store import chain
from landport.store.session import Tx, View
from landport.store.tables import ANSWER


def replayed(tx: Tx, key: str, request_hash: str) -> bytes | None:
    """Find what was answered under a key before; None: nothing was.

    Raises
    ------
    InputError
        `key-reused`: the key was used for another request.
    """
    return _same(tx.answered(key), key, request_hash)


def stored(view: View, actor: str, key: str, request_hash: str) -> bytes | None:
    """Find as `replayed` does, in a snapshot, what an actor was answered.

    Raises
    ------
    InputError
        `key-reused`.
    """
    found = view.of(ANSWER, ANSWER.c.request_hash, ANSWER.c.body).where(ANSWER.c.actor == actor, ANSWER.c.key == key)
    row = view.connection.execute(found).first()
    return _same(None if row is None else (row[0], bytes(row[1])), key, request_hash)


def _same(row: tuple[str, bytes] | None, key: str, request_hash: str) -> bytes | None:
    if row is None:
        return None
    if row[0] != request_hash:
        raise InputError(
            "key-reused", f"Idempotency-Key {key!r} was used for another request: choose a new one", (key,)
        )
    return row[1]


def keep(tx: Tx, key: str, request_hash: str, body: bytes) -> None:
    """Keep an answer under its key."""
    tx.answer(key, request_hash, body)


def forget(tx: Tx, before: datetime) -> int:
    """Drop the tenant's answers that are older than an instant; count them."""
    tx.expect_tenant()
    old = delete(ANSWER).where(ANSWER.c.tenant_id == tx.tenant_id, ANSWER.c.created_at < chain.micros(before))
    return tx.connection.execute(old).rowcount


KEPT = timedelta(days=7)
"""How long answers are kept."""
