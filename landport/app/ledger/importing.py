"""Files that are sent to the port: packing lists become bookings, workbooks weeks."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from landport import exchange
from landport.app.ledger import booking, passwords
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.week import open_week
from landport.errors import InputError
from landport.exchange.packing_bookings import Listed
from landport.store import Tx, View
from landport.store import parties as rows

MOST: Final = 500
"""Bookings of one list: they are written in one transaction, and everybody waits for it."""


def import_list(ledger: Ledger, who: Principal, content: bytes, name: str = "packing-list.xlsx") -> Command:
    """Book what a packing list in Excel has.

    Returns
    -------
    Command
        Answers the consignment of each reference, in order, and remarks.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: every wrong cell is listed. `list-too-long`.
    """
    who.expect_may("book")
    with tempfile.TemporaryDirectory(prefix="landport-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        listed, remarks = exchange.read_packing_list(path, ledger.world)
    if len(listed) > MOST:
        raise InputError("list-too-long", f"the list has {len(listed):,} bookings: send at most {MOST} at once")
    names = sorted({n for one in listed for n in (one.shipper, one.consignee) if n})
    known: dict[str, str] = ledger.store.read(who.tenant_id, lambda view: _known(view, who, names))
    new = {n: passwords.new_id("P") for n in names if n not in known}
    ids = known | new | {"": ""}
    commands = [_book(ledger, who, one, ids) for one in listed]

    def command(tx: Tx) -> dict[str, Any]:
        for party, party_id in new.items():
            rows.add(tx, party_id=party_id, kind="firm", name=party, contact="", owner=who.owner or "")
        made = [book(tx).consignment_id for book in commands]
        items = [{"reference": one.reference, "consignment_id": c} for one, c in zip(listed, made, strict=True)]
        return {"items": items, "remarks": [{"code": r.code, "message": r.message} for r in remarks]}

    return command


def open_week_file(ledger: Ledger, who: Principal, content: bytes, name: str = "week.xlsx") -> Command:
    """Open the week that a workbook has: its settings and tables but for bookings.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: every wrong cell is listed.
    """
    who.expect_may("plan")
    with tempfile.TemporaryDirectory(prefix="landport-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        scenario, _ = exchange.read_scenario(path, ledger.world)
    return open_week(ledger, who, scenario)


def _known(view: View, who: Principal, names: Sequence[str]) -> dict[str, str]:
    found = {name: rows.named(view, name, kind="firm", owner=who.owner or "") for name in names}
    return {name: party.party_id for name, party in found.items() if party is not None}


def _book(ledger: Ledger, who: Principal, one: Listed, ids: dict[str, str]) -> Command:
    goods = replace(one.goods, shipper_id=ids[one.shipper], consignee_id=ids[one.consignee])
    return booking.book(ledger, who, goods)
