"""Keys that sign the codes of appointments, as rows of a tenant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, update

from landport.store import chain
from landport.store.session import Tx, View
from landport.store.tables import GATE_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class GateKey:
    """A pair of Ed25519 keys, 32 bytes each.

    Parameters
    ----------
    retired_at
        From when on what it signed holds no more; None: it holds.
    """

    key_id: str
    private_key: bytes = field(repr=False)
    public_key: bytes
    created_at: datetime
    retired_at: datetime | None


def listed(view: View) -> tuple[GateKey, ...]:
    """List the tenant's keys, oldest first, retired ones too."""
    found = view.of(GATE_KEY).order_by(GATE_KEY.c.created_at, GATE_KEY.c.key_id)
    return tuple(_key(row) for row in view.connection.execute(found))


def current(view: View) -> GateKey | None:
    """Find the key that signs: the newest that is not retired; None: there is none."""
    found = view.of(GATE_KEY).where(GATE_KEY.c.retired_at.is_(None))
    newest = found.order_by(GATE_KEY.c.created_at.desc(), GATE_KEY.c.key_id).limit(1)
    row = view.connection.execute(newest).first()
    return None if row is None else _key(row)


def add(tx: Tx, *, key_id: str, private_key: bytes, public_key: bytes) -> GateKey:
    """Keep a key; it is the newest, even where a clock stands still."""
    newest = tx.connection.execute(tx.of(GATE_KEY, func.max(GATE_KEY.c.created_at))).scalar()
    row = {
        "tenant_id": tx.tenant_id,
        "key_id": key_id,
        "private_key": private_key,
        "public_key": public_key,
        "created_at": max(chain.micros(tx.now), 0 if newest is None else newest + 1),
        "retired_at": None,
    }
    tx.connection.execute(GATE_KEY.insert(), row)
    return GateKey(
        key_id=key_id,
        private_key=private_key,
        public_key=public_key,
        created_at=chain.instant(row["created_at"]),
        retired_at=None,
    )


def retire(tx: Tx, key_id: str) -> bool:
    """Let what a key signed hold no more; False: there is no such key. Once more changes nothing."""
    tx.expect_tenant()
    mine = update(GATE_KEY).where(GATE_KEY.c.tenant_id == tx.tenant_id, GATE_KEY.c.key_id == key_id)
    at = func.coalesce(GATE_KEY.c.retired_at, chain.micros(tx.now))
    return tx.connection.execute(mine.values(retired_at=at)).rowcount == 1


def _key(row: Row[Any]) -> GateKey:
    return GateKey(
        key_id=row.key_id,
        private_key=bytes(row.private_key),
        public_key=bytes(row.public_key),
        created_at=chain.instant(row.created_at),
        retired_at=None if row.retired_at is None else chain.instant(row.retired_at),
    )
