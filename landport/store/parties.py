"""Parties: names and contacts of shippers, consignees and forwarders. The log knows their ids only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, update

from landport.store import chain
from landport.store.session import Tx, View
from landport.store.tables import PARTY

MOST: Final = 500
"""Parties on one page at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A firm or person.

    Parameters
    ----------
    owner
        Forwarder's party that named it and sees it; empty: the port alone. A forwarder sees itself, too.
    """

    party_id: str
    tenant_id: str
    kind: str
    name: str
    contact: str
    owner: str
    is_erased: bool
    created_at: datetime


def find(view: View, party_id: str, *, owner: str | None = None) -> Party | None:
    """Find a party of the tenant; with an owner, one that it may see."""
    found = _seen(view.of(PARTY).where(PARTY.c.party_id == party_id), owner)
    row = view.connection.execute(found).first()
    return None if row is None else _party(row)


def named(view: View, name: str, *, kind: str, owner: str) -> Party | None:
    """Find a party that an owner named before."""
    found = view.of(PARTY).where(PARTY.c.name == name, PARTY.c.kind == kind, PARTY.c.owner == owner)
    row = view.connection.execute(found.order_by(PARTY.c.party_id)).first()
    return None if row is None else _party(row)


def page(view: View, *, after: str = "", most: int = 100, owner: str | None = None) -> tuple[Party, ...]:
    """List parties in order of id, after one of them."""
    found = _seen(view.of(PARTY).where(PARTY.c.party_id > after), owner)
    rows = view.connection.execute(found.order_by(PARTY.c.party_id).limit(min(most, MOST)))
    return tuple(_party(row) for row in rows)


def add(tx: Tx, *, party_id: str, kind: str, name: str, contact: str, owner: str) -> None:
    """Keep a party."""
    tx.expect_tenant()
    row = {
        "party_id": party_id,
        "tenant_id": tx.tenant_id,
        "kind": kind,
        "name": name,
        "contact": contact,
        "owner": owner,
        "is_erased": False,
        "created_at": chain.micros(tx.now),
    }
    tx.connection.execute(PARTY.insert(), row)


def change(tx: Tx, party_id: str, *, name: str, contact: str) -> None:
    """Give a party another name and contact."""
    tx.connection.execute(_mine(tx, party_id).values(name=name, contact=contact))


def erase(tx: Tx, party_id: str) -> None:
    """Blank what is personal; the id stays, since the log names it."""
    tx.connection.execute(_mine(tx, party_id).values(name="", contact="", is_erased=True))


def _mine(tx: Tx, party_id: str) -> Any:
    tx.expect_tenant()
    return update(PARTY).where(PARTY.c.tenant_id == tx.tenant_id, PARTY.c.party_id == party_id)


def _seen(question: Any, owner: str | None) -> Any:
    return question if owner is None else question.where((PARTY.c.owner == owner) | (PARTY.c.party_id == owner))


def _party(row: Row[Any]) -> Party:
    return Party(**dict(row._mapping) | {"created_at": chain.instant(row.created_at)})
