"""`landport quote`: prices for a load, good for a while."""

from __future__ import annotations

from typing import Annotated

import typer

from landport.cli import common, people


def run(
    origin: Annotated[str, typer.Argument(help="Place, by id or any name.")],
    destination: Annotated[str, typer.Argument(help="Place.")],
    *,
    container: Annotated[str, typer.Option(help="Type of the boxes.")] = "40HC",
    boxes: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 1,
    tonnes: Annotated[
        float | None, typer.Option(min=0, max=60_000, help="Cargo over all boxes. Default: as usual.")
    ] = None,
    ready: Annotated[str | None, typer.Option(help="Instant with offset from UTC. Default: now.")] = None,
    due: Annotated[str | None, typer.Option(help="Instant with offset from UTC. Default: none.")] = None,
    hs: Annotated[str, typer.Option(help="HS heading or GNG code of the goods.")] = "",
    party: people.Party = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Offer the cheapest, the fastest and the greenest way over the open week's network."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.quoting import Asking, quote

        asking = Asking(
            origin_id=origin,
            destination_id=destination,
            container_type=container,
            n_containers=boxes,
            cargo_kg=None if tonnes is None else round(tonnes * 1000),
            ready_at=common.instant("--ready", ready),
            due_at=common.instant("--due", due),
            hs=hs,
            forwarder_id=party,
        )
        given = people.done(ledger, who, quote(ledger, who, asking))
    if json:
        common.print_json(given)
    elif not quiet:
        typer.echo(f"{given['quote_id']}, good until {given['valid_until_at']}")
        for offer in given["offers"]:
            cost, co2 = offer["usd_cents"] / 100, offer["gco2e"] / 1e6
            typer.echo(
                f"  {cost:>12,.2f} USD  there {offer['arrives_at']}  {co2:,.1f} t CO2e  {', '.join(offer['legs'])}"
            )
