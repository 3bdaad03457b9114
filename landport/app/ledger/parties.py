"""Parties: shippers, consignees, forwarders. Their names stand outside the log, so that they can be erased."""

from __future__ import annotations

from typing import Any, Final

from landport.app.ledger import passwords
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.errors import Conflict, InputError, NotFound
from landport.model.events import Draft
from landport.model.facts import PartyErased
from landport.store import Tx, View
from landport.store import parties as rows
from landport.store.parties import Party

PARTY_KINDS: Final = ("firm", "person")
"""What a party can be."""

MOST_NAME: Final = 200
"""Characters of a name."""

MOST_CONTACT: Final = 500
"""Characters of a contact."""


def add_party(ledger: Ledger, who: Principal, kind: str, name: str, contact: str = "") -> Command:
    """Name a party; a forwarder's is seen by it and the port alone.

    Returns
    -------
    Command
        It answers the id alone: what is answered is kept, and a name must be erasable.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `bad-party`.
    """
    who.expect_may("book")
    _expect_fit(kind, name, contact)
    party_id = passwords.new_id("P")

    def command(tx: Tx) -> dict[str, Any]:
        rows.add(tx, party_id=party_id, kind=kind, name=name, contact=contact, owner=who.owner or "")
        return {"party_id": party_id}

    return command


def known(tx: Tx, who: Principal, name: str, kind: str = "firm") -> str:
    """Find the party that somebody named so before, or name it now; for rows of a packing list.

    Returns
    -------
    str
        Its id.
    """
    _expect_fit(kind, name, "")
    found = rows.named(tx, name, kind=kind, owner=who.owner or "")
    if found is not None:
        return found.party_id
    party_id = passwords.new_id("P")
    rows.add(tx, party_id=party_id, kind=kind, name=name, contact="", owner=who.owner or "")
    return party_id


def change_party(ledger: Ledger, who: Principal, party_id: str, name: str | None, contact: str | None) -> Command:
    """Give a party another name or contact; None leaves it.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `bad-party`.
    NotFound
        In the command: `unknown-party`.
    Conflict
        In the command: `party-erased`.
    """
    who.expect_may("book")
    _expect_fit("firm", "x" if name is None else name, contact or "")

    def command(tx: Tx) -> dict[str, Any]:
        found = seen(tx, who, party_id)
        if found.is_erased:
            raise Conflict("party-erased", f"party {party_id} is erased: name a new one", (party_id,))
        rows.change(
            tx,
            party_id,
            name=found.name if name is None else name,
            contact=found.contact if contact is None else contact,
        )
        return {"party_id": party_id}

    return command


def erase_party(ledger: Ledger, who: Principal, party_id: str, why: str = "") -> Command:
    """Erase a party's name and contacts for good; its id and what it moved stay in the log, which still verifies.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-party`.
    """
    who.expect_may("people")

    def command(tx: Tx) -> dict[str, Any]:
        found = seen(tx, who, party_id)
        if not found.is_erased:
            rows.erase(tx, party_id)
            fact = PartyErased(why=why)
            payload = {"why": fact.why}
            tx.append(
                [Draft(stream=f"party/{party_id}", type="PartyErased", payload=payload, happened_at=ledger.clock())]
            )
        return {"party_id": party_id}

    return command


def party(ledger: Ledger, who: Principal, party_id: str) -> dict[str, Any]:
    """Read a party.

    Raises
    ------
    NotFound
        `unknown-party`: there is none, or it is not theirs to see.
    """
    return shown(ledger.store.read(who.tenant_id, lambda view: seen(view, who, party_id)))


def parties(ledger: Ledger, who: Principal, *, after: str = "", most: int = 100) -> list[dict[str, Any]]:
    """List the parties that somebody may see, in order of id."""
    found = ledger.store.read(who.tenant_id, lambda view: rows.page(view, after=after, most=most, owner=who.owner))
    return [shown(one) for one in found]


def seen(view: View, who: Principal, party_id: str) -> Party:
    """Read a party that somebody may see.

    Raises
    ------
    NotFound
        `unknown-party`.
    """
    found = rows.find(view, party_id, owner=who.owner)
    if found is None:
        raise NotFound("unknown-party", f"no party {party_id}", (party_id,))
    return found


def shown(party: Party) -> dict[str, Any]:
    """Write a party for a reader."""
    return {
        "party_id": party.party_id,
        "kind": party.kind,
        "name": party.name,
        "contact": party.contact,
        "is_erased": party.is_erased,
        "created_at": party.created_at,
    }


def _expect_fit(kind: str, name: str, contact: str) -> None:
    if kind not in PARTY_KINDS:
        raise InputError("bad-party", f"kind {kind!r}: expected one of {', '.join(PARTY_KINDS)}", (kind,))
    if not 0 < len(name.strip()) <= MOST_NAME or not name.isprintable():
        raise InputError("bad-party", f"expected a name of at most {MOST_NAME} printable characters")
    if len(contact) > MOST_CONTACT or not contact.isprintable():
        raise InputError("bad-party", f"expected a contact of at most {MOST_CONTACT} printable characters")
