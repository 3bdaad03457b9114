"""Use cases of consignments: book, amend, cancel. All that can be checked without the log is checked before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from landport import track
from landport.app.ledger import parties, reads
from landport.app.ledger.desk import Command, Ledger, Principal, seen
from landport.errors import Conflict, InputError, NotFound, Problem
from landport.exchange.booked import FILE
from landport.model.events import Draft
from landport.model.facts import BookedGoods, ConsignmentAmended, ConsignmentBooked, ConsignmentCancelled
from landport.store import Tx
from landport.track.states import ConsignmentState

if TYPE_CHECKING:
    from landport.exchange import Listed

Goods = BookedGoods | Mapping[str, Any]
"""A booking as a program gives it: the fields of `BookedGoods` by name, or these."""

OPEN: Final = ("booked", "waiting", "planned", "in_hand")
"""Statuses of a consignment of which nothing has left yet."""

NUMBER: Final = "B{:09d}"
"""How the port numbers consignments that come without an id: by the position of their first event."""

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,39}")
_OURS: Final = re.compile(r"B[0-9]{9}")


def book(ledger: Ledger, who: Principal, goods: Goods, *, quote_id: str = "", consignment_id: str = "") -> Command:
    """Book a consignment.

    Parameters
    ----------
    quote_id
        Quote whose price holds; empty: none was asked for.
    consignment_id
        Number that the port's own people give it; empty: it gets the next one. With it, the ids of its cargo items stay
        as they are; else each gets the consignment's before its own.

    Returns
    -------
    Command
        Answers the state of the new consignment.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: every wrong value is listed.
    Conflict
        In the command: `quote-expired`, `quote-used`, `quote-differs`, `changed-meanwhile` (the number is taken).
    """
    who.expect_may("book")
    booked = checked(ledger, who, goods, consignment_id=consignment_id)

    def command(tx: Tx) -> ConsignmentState:
        number = consignment_id or NUMBER.format(tx.position + 1)
        about: tuple[str, ...] = ()
        if quote_id:
            _expect_quote(tx, who, quote_id, booked, ledger)
            about = (f"quote/{quote_id}",)
        fact = ConsignmentBooked(goods=_numbered(booked, number, keeps=bool(consignment_id)), quote_id=quote_id)
        draft = Draft(
            stream=f"consignment/{number}",
            type="ConsignmentBooked",
            payload=track.payload_of(fact),
            happened_at=ledger.clock(),
            about=about,
            expected_version=0,
            is_new=not consignment_id,
        )
        tx.append([draft])
        return reads.consignment(tx, who, number)

    return command


def book_list(ledger: Ledger, who: Principal, found: Sequence[Listed], *, forwarder_id: str = "") -> Command:
    """Book everything of a packing list, or nothing; its parties are named as they are met.

    Parameters
    ----------
    forwarder_id
        Whose it is; of a forwarder's account always its own.

    Returns
    -------
    Command
        Answers the ids of the consignments, in the order of the list.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: every wrong value is listed, with the reference of its booking.
    """
    who.expect_may("book")
    owner = {} if who.owner is not None else {"forwarder_id": forwarder_id}
    problems: list[Problem] = []
    for one in found:
        try:
            checked(ledger, who, {**asdict(one.goods), **owner})
        except InputError as error:
            problems += [replace(p, file=f"booking {one.reference}") for p in error.problems]
    if problems:
        raise InputError.of(problems)

    def party(tx: Tx, name: str) -> str:
        return parties.known(tx, who, name) if name else ""

    def command(tx: Tx) -> dict[str, list[str]]:
        numbers = []
        for one in found:
            named = {"shipper_id": party(tx, one.shipper), "consignee_id": party(tx, one.consignee)}
            booked: ConsignmentState = book(ledger, who, {**asdict(one.goods), **owner, **named})(tx)
            numbers.append(booked.consignment_id)
        return {"consignment_ids": numbers}

    return command


def amend(
    ledger: Ledger, who: Principal, consignment_id: str, goods: Goods, *, position: int | None = None, why: str = ""
) -> Command:
    """Amend a consignment of which nothing has left yet: all of it is stated anew.

    Parameters
    ----------
    position
        Version of the state that the caller saw; None: whatever it is now.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`.
    NotFound
        In the command: `unknown-consignment`.
    Conflict
        In the command: `changed-meanwhile`, `too-late`, `is-cancelled`.
    """
    who.expect_may("book")
    booked = checked(ledger, who, goods)

    def command(tx: Tx) -> ConsignmentState:
        before = _open(tx, who, consignment_id, position)
        if before.goods is not None and booked.forwarder_id != before.goods.forwarder_id:
            raise _wrong(
                "forwarder_id", booked.forwarder_id, f"expected {before.goods.forwarder_id or 'none'}: it stays"
            )
        fact = ConsignmentAmended(goods=_numbered(booked, consignment_id, keeps=_keeps(before)), why=why)
        _append(ledger, tx, consignment_id, "ConsignmentAmended", fact)
        return reads.consignment(tx, who, consignment_id)

    return command


def cancel(
    ledger: Ledger, who: Principal, consignment_id: str, *, position: int | None = None, why: str = ""
) -> Command:
    """Cancel a consignment of which nothing is loaded yet.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-consignment`.
    Conflict
        In the command: `changed-meanwhile`, `too-late`, `is-cancelled`.
    """
    who.expect_may("book")

    def command(tx: Tx) -> ConsignmentState:
        _open(tx, who, consignment_id, position)
        _append(ledger, tx, consignment_id, "ConsignmentCancelled", ConsignmentCancelled(why=why))
        return reads.consignment(tx, who, consignment_id)

    return command


def checked(ledger: Ledger, who: Principal, goods: Goods, *, consignment_id: str = "") -> BookedGoods:
    """Check a booking against the world, and whose it may be.

    Raises
    ------
    InputError
        `input`: every wrong value is listed.
    """
    given = asdict(goods) if isinstance(goods, BookedGoods) else dict(goods)
    problems = _whose(who, given)
    if consignment_id and who.owner is not None:
        problems.append(_problem("consignment_id", consignment_id, "expected nothing: the port numbers consignments"))
    elif consignment_id and (not _ID.fullmatch(consignment_id) or _OURS.fullmatch(consignment_id)):
        expected = "expected 1 to 40 letters, digits or . _ + -, and not B with nine digits"
        problems.append(_problem("consignment_id", consignment_id, expected))
    try:
        booked = ledger.bookings.read(given, now=ledger.clock())
    except InputError as error:
        raise InputError.of([*problems, *error.problems]) from None
    if problems:
        raise InputError.of(problems)
    return booked


def _whose(who: Principal, given: dict[str, Any]) -> list[Problem]:
    """Make a forwarder's bookings its own."""
    party = given.get("forwarder_id")
    if who.owner is None:
        is_right = party is None or (isinstance(party, str) and (party == "" or bool(_ID.fullmatch(party))))
        return [] if is_right else [_problem("forwarder_id", party, "expected the id of a party")]
    given["forwarder_id"] = who.party_id
    if party in (None, "", who.party_id):
        return []
    return [_problem("forwarder_id", party, f"expected {who.party_id} or nothing: you book for your own party")]


def _numbered(goods: BookedGoods, consignment_id: str, *, keeps: bool) -> BookedGoods:
    """Give cargo items the consignment's number, and ids that nobody else's have."""
    prefix = f"{consignment_id}-"
    items = tuple(
        replace(
            item,
            booking_id=consignment_id,
            item_id=item.item_id if keeps or item.item_id.startswith(prefix) else f"{prefix}{item.item_id}",
        )
        for item in goods.items
    )
    return replace(goods, items=items) if items else goods


def _keeps(before: ConsignmentState) -> bool:
    return _OURS.fullmatch(before.consignment_id) is None


def _expect_quote(tx: Tx, who: Principal, quote_id: str, goods: BookedGoods, ledger: Ledger) -> None:
    """See that a quote is good for a booking."""
    quote = reads.quote(tx, who, quote_id)
    now = ledger.clock()
    if quote.status == "booked":
        raise Conflict("quote-used", f"quote {quote_id} was booked as {quote.consignment_id}: ask again", (quote_id,))
    if quote.valid_until_at is None or quote.valid_until_at < now:
        until = "" if quote.valid_until_at is None else f" until {quote.valid_until_at.isoformat(timespec='minutes')}"
        raise Conflict("quote-expired", f"quote {quote_id} was good{until}: ask again", (quote_id,))
    pairs = (
        ("origin_id", quote.origin_id, goods.at_id),
        ("destination_id", quote.destination_id, goods.destination_id),
        ("container_type", quote.container_type, goods.container_type),
        ("n_containers", quote.n_containers, goods.n_containers),
        ("forwarder_id", quote.forwarder_id, goods.forwarder_id),
    )
    other = [f"{key} {had!r}, not {has!r}" for key, had, has in pairs if had != has]
    heavier = goods.declared_kg * goods.n_containers > quote.cargo_kg
    other += [f"{quote.cargo_kg:,} kg at most"] if heavier else []
    if other:
        text = f"quote {quote_id} is for something else: {'; '.join(other)}"
        raise Conflict("quote-differs", text, (quote_id,))


def _open(tx: Tx, who: Principal, consignment_id: str, position: int | None) -> ConsignmentState:
    """Read a consignment that can still be changed."""
    found = seen(tx, who, "consignment", consignment_id)
    if position is not None and found.position != position:
        text = f"consignment {consignment_id} is at version E{found.position}, not E{position}: read it again"
        raise Conflict("changed-meanwhile", text, (consignment_id,))
    state = reads.consignment(tx, who, consignment_id)
    if state.goods is None:
        raise NotFound("unknown-consignment", f"no consignment {consignment_id}", (consignment_id,))
    if state.status == "cancelled":
        raise Conflict("is-cancelled", f"consignment {consignment_id} is cancelled", (consignment_id,))
    aboard = [b.container_id for b in state.containers if b.status == "loaded"]
    if state.status not in OPEN or aboard:
        what = f"{', '.join(aboard)} is loaded" if aboard else f"it is {state.status.replace('_', ' ')}"
        raise Conflict("too-late", f"consignment {consignment_id} cannot be changed: {what}", (consignment_id,))
    return state


def _append(ledger: Ledger, tx: Tx, consignment_id: str, kind: str, fact: object) -> None:
    draft = Draft(
        stream=f"consignment/{consignment_id}",
        type=kind,
        payload=track.payload_of(fact),
        happened_at=ledger.clock(),
    )
    tx.append([draft])


def _problem(key: str, value: object, expected: str) -> Problem:
    return Problem(file=FILE, key=key, value=None if value is None else str(value), expected=expected)


def _wrong(key: str, value: str, expected: str) -> InputError:
    return InputError.of([_problem(key, value, expected)])
