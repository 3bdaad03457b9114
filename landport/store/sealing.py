"""Seals: every so many events, a hash over the heads of all streams that grew, chained to the seal before."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from landport.store import chain
from landport.store.tables import EVENT, SEAL

EVERY: Final = 1_000
"""Events between two seals at most, but for those of one commit."""


def seal(connection: Connection, position: int, now: datetime) -> int:
    """Seal the log up to a position, if it grew by `EVERY` events since the last seal.

    Returns
    -------
    int
        The position up to which it is sealed.
    """
    last = connection.execute(
        select(SEAL.c.number, SEAL.c.until_position, SEAL.c.hash).order_by(SEAL.c.number.desc()).limit(1)
    ).first()
    number, until, before = (0, 0, "") if last is None else last
    if position - until < EVERY:
        return int(until)
    rows = connection.execute(
        select(EVENT.c.tenant_id, EVENT.c.stream, EVENT.c.hash)
        .where(EVENT.c.position > until, EVENT.c.position <= position)
        .order_by(EVENT.c.position)
    )
    heads = chain.heads_of((r[0], r[1], r[2]) for r in rows)
    connection.execute(
        SEAL.insert(),
        {
            "number": number + 1,
            "until_position": position,
            "sealed_at": chain.micros(now),
            "hash": chain.seal(before, position, heads),
        },
    )
    return position
