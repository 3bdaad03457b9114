"""Verbs of a border that is shut, and of whoever judges its log: shift, reopen, check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from landport.cli import border_told as told
from landport.cli import common, people


def shift(
    *,
    from_: Annotated[str, typer.Option("--from", help="From when the border is shut, by its clock or with an offset.")],
    until: Annotated[str, typer.Option(help="When it is expected to open again.")],
    why: told.Why,
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Close the border for a time, and move everybody to later windows in order."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import returning, shifting

        port = told.the_port(ledger, who, border)
        clock = told.clock_of(port)
        begin, end = clock.instant("--from", from_), clock.instant("--until", until)
        done = people.done(ledger, who, shifting.shift(ledger, who, port.border_id, begin, end, why=why))
        predicted: dict[str, Any] = {}
        if done["n_moved"] and not quiet:
            predicted = told.plain(
                ledger.store.read(who.tenant_id, lambda view: returning.predict_return(ledger, view, port.border_id))
            )
    if json:
        common.print_json(done | {"return": predicted})
        return
    if quiet:
        return
    typer.echo(f"{port.border_id} is shut from {clock.said(begin)} until {clock.said(end)} {clock.zone}: {why}")
    typer.echo(f"{done['n_hit']} trucks had a place then; {done['n_moved']} moved, in order, at no cost to them")
    if done["last_at"]:
        typer.echo(f"last window moved to: {clock.said(done['last_at'])} {clock.zone}")
        typer.echo(f"from {done['normal_on']} on everybody is where he booked")
        typer.echo(_return_line(predicted))
    counts = ((done["n_holds"], "holds ended"), (done["n_offered"], "of waiting lists got a place elsewhere"))
    for count, said in (*counts, (done["n_cancelled"], "of waiting lists got none")):
        if count:
            typer.echo(f"{count} {said}")


def _return_line(predicted: Mapping[str, Any]) -> str:
    """Say on which day things are as before."""
    day = predicted["predicted_on"]
    if day is None:
        return "predicted: trucks that moved are not all served within 45 days of the last window"
    first, last = predicted["first_on"], predicted["last_on"] or "later"
    spread = "" if first == day == last else f", {first} to {last} in 9 of 10"
    return f"predicted: the last truck that moved is served on {day} (median of {predicted['n_runs']} runs{spread})"


def reopen(
    *,
    at: Annotated[str | None, typer.Option(help="When closures end. Default: now.")] = None,
    why: told.Why = "",
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """End closures earlier than was said: windows get their places back, nobody is moved again."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import shifting

        port = told.the_port(ledger, who, border)
        clock = told.clock_of(port)
        when = ledger.clock() if at is None else clock.instant("--at", at)
        done = people.done(ledger, who, shifting.reopen(ledger, who, port.border_id, when, why=why))
    if json:
        common.print_json(done)
    elif not quiet:
        counts = f"{done['n_opened']:,} windows opened, {done['n_resized']:,} changed"
        typer.echo(f"{port.border_id} is open from {clock.said(when)} {clock.zone} on: {counts}")


def check(
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Judge the log of all border ports by every rule; exit 0, or 1 with every violation."""
    with people.opened(db, tenant, mode="read", quiet=quiet, verbose=verbose) as (ledger, who):
        from landport import audit
        from landport.app.ledger.border import checking
        from landport.cli.check import told as listed

        with common.progress(quiet=quiet or json) as notify:
            found = checking.check(ledger, who, notify)
    n_rules = len(audit.BORDER_RULES)
    if json:
        violations = [{"code": v.code, "message": v.message, "about": list(v.about)} for v in found.violations]
        common.print_json({"rules": n_rules, "records": found.n_records, "violations": violations})
    elif found.violations:
        typer.echo(listed(found.violations), err=quiet)
    elif not quiet:
        typer.echo(f"{tenant}: holds; {n_rules} rules checked, {found.n_records:,} records followed")
    if found.violations:
        raise typer.Exit(1)
