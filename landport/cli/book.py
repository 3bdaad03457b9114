"""`landport book`: a week or a packing list into the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landport.cli import common, people

if TYPE_CHECKING:
    from landport.app.ledger.desk import Ledger, Principal


def run(
    file: Annotated[
        Path, typer.Argument(readable=False, help="Week (folder or .xlsx), or packing list (.xlsx).", metavar="FILE")
    ],
    *,
    party: people.Party = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Book all consignments of a week, which it opens, or of a packing list; makes the database if there is none."""
    with people.opened(db, tenant, makes=True, quiet=quiet, verbose=verbose) as (ledger, who):
        said = _week(ledger, who, file, quiet=quiet or json) if _is_week(file) else _list(ledger, who, file, party)
    if json:
        common.print_json(said)
    elif not quiet:
        typer.echo(
            f"{len(said['consignment_ids'])} consignments are booked"
            + (f", week {said['week_id']} is open" if said["week_id"] else "")
        )


def _is_week(file: Path) -> bool:
    """Tell a week from a packing list: it has a sheet or table of bookings."""
    from landport.exchange import CAPS
    from landport.exchange.source import open_source

    return "bookings" in open_source(file, CAPS).tables()


def _week(ledger: Ledger, who: Principal, file: Path, *, quiet: bool) -> dict[str, Any]:
    from landport import exchange
    from landport.app.ledger.week import load_week

    with common.progress(quiet=quiet) as notify:
        notify("read")
        scenario, remarks = exchange.read_scenario(file, ledger.world)
        common.show_remarks(remarks)
        load_week(ledger, who, scenario, notify)
    ids = [b.booking_id for b in scenario.bookings]
    return {"week_id": scenario.start_at.date().isoformat(), "consignment_ids": ids}


def _list(ledger: Ledger, who: Principal, file: Path, party: str) -> dict[str, Any]:
    from landport import exchange
    from landport.app.ledger.booking import book_list

    found, remarks = exchange.read_packing_list(file, ledger.world)
    common.show_remarks(remarks)
    done = people.done(ledger, who, book_list(ledger, who, found, forwarder_id=party))
    return {"week_id": "", **done}
