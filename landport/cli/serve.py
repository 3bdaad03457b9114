"""`landport serve`: the HTTP API over a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from landport.cli import common

if TYPE_CHECKING:
    from landport.app.ledger.desk import Ledger


def run(
    *,
    db: common.Database = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen at. Default: landport.toml, else 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, help="Port to listen at; 0: any. Default: landport.toml, else 8000."),
    ] = None,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option(help="Address or network of a proxy whose X-Forwarded-For is believed; may be given again."),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Load the planned demo week first; the clock is the week's.")
    ] = False,
    demo_scale: Annotated[
        float, typer.Option(min=0.001, max=10.0, help="Size of the demo week: 0.1 is a tenth of its bookings.")
    ] = 1.0,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Serve the ledger over HTTP; makes or upgrades the database first."""
    settings = common.settings(verbose, quiet=quiet, log_json=log_json)
    from landport.app.ledger import opening, people
    from landport.app.ledger.housekeeping import Housekeeper
    from landport.server import Limits, Service, running

    where = (host or settings.host, settings.port if port is None else port)
    proxies = running.networks(trusted_proxy or [])
    socket = running.bound(*where)
    at = "http://{}:{}".format(f"[{where[0]}]" if ":" in where[0] else where[0], socket.getsockname()[1])
    try:
        ledger = opening.open_ledger(db or settings.db, said=f"landport serve on {at}", makes=True)
    except BaseException:
        socket.close()
        raise
    try:
        common.show_remarks(opening.remarks(ledger))
        link = people.first_link(ledger)
        ledger = _demo(ledger, demo_scale, quiet=quiet) if demo else ledger
        service = Service(ledger, Limits(proxies=proxies))
        running.log_to_stderr(common.log.handlers[0], is_quiet=quiet)

        def told() -> None:
            typer.echo(f"landport serves {at} over {ledger.store.address}; Ctrl-C stops it")
            if link:
                typer.echo(f"Choose the password of `{people.ADMIN}` within 24 hours: {at}/link#{link}")

        keeper = Housekeeper(ledger)
        try:
            running.server(service, told).run(sockets=[socket])
        finally:
            keeper.close()
            service.close()
    finally:
        ledger.store.close()


def _demo(ledger: Ledger, scale: float, *, quiet: bool) -> Ledger:
    """Load the demo week, unless a plan counts already; answer the ledger with the week's clock."""
    from dataclasses import replace

    from landport.app.ledger import demo, people

    who = people.local()
    begins_at = demo.begins_at(ledger, who.tenant_id)
    if begins_at is not None:
        return replace(ledger, clock=demo.clock_from(begins_at, ledger.clock))
    if not quiet:
        typer.echo("The demo week is planned first: a minute or two")
    shown = replace(ledger, clock=demo.clock_of(demo.invented(ledger.world, scale=scale), ledger.clock))
    with common.progress(quiet=quiet) as notify:
        demo.load_demo(shown, who, scale=scale, notify=notify)
    return shown
