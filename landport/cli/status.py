"""`landport status`: what became of a subject."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from landport.cli import common, people


def run(
    subject: Annotated[
        str, typer.Argument(help="KIND/ID, such as consignment/B000000017 or container/C00017.", metavar="SUBJECT")
    ],
    *,
    at: Annotated[
        str | None, typer.Option(help="When to judge delays and ETA: instant with offset. Default: now.")
    ] = None,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Show the state of a subject, its history, and of a container its readiness and ETA; works beside a server."""
    with people.opened(db, tenant, mode="read", quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.following import follow

        moment = common.instant("--at", at)
        ledger = ledger if moment is None else replace(ledger, clock=lambda: moment)
        found = ledger.store.read(who.tenant_id, lambda view: follow(ledger, view, who, subject))
    if json:
        common.print_json(found)
    elif not quiet:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    typer.echo(f"{found['subject']} is {found['status']} (version E{found['position']})")
    if "readiness" in found:
        lacks = found["readiness"]["lacks"]
        typer.echo(f"  ready: {'yes' if not lacks else 'no, ' + ', '.join(lacks)}")
        eta = found["eta"]
        late = f", {eta['delay_minutes']} min late" if eta["delay_minutes"] > 0 else ""
        typer.echo(f"  there: {eta['arrives_at'] or eta['why']}{late}")
    for event in found["history"]:
        typer.echo(f"  {event['happened_at']}  {event['type']:<22} {event['stream']}  {event['actor']}")
