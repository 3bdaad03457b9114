"""Verbs of the port itself: publish, windows, board, shift, reopen, figures, check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landport.cli import border_told as told
from landport.cli import common, people
from landport.errors import InputError

if TYPE_CHECKING:
    from landport.app.ledger.border.board import Board, QueueRow
    from landport.app.ledger.border.counting import GateFigures


def publish(
    file: Annotated[
        Path | None,
        typer.Argument(readable=False, help="Hours and rules (TOML). Default: the Baktu that ships.", metavar="FILE"),
    ] = None,
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Publish the hours and rules of a border port and open its windows; makes the database if there is none."""
    from landport import exchange
    from landport.reference import load

    places = load.world().network.places  # a wrong file is told before a database is made for it
    port = exchange.example_border(places) if file is None else exchange.read_border(file, places)
    with people.opened(db, tenant, makes=True, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import publishing

        done = people.done(ledger, who, publishing.publish(ledger, who, port))
    if json:
        common.print_json(done)
    elif not quiet:
        counts = f"{done['n_opened']:,} windows opened, {done['n_resized']:,} changed"
        sure = "" if port.confidence == "published" else f"; its hours and times are of confidence {port.confidence}"
        typer.echo(f"{port.border_id} ({port.name}) is published: {counts}{sure}")


def windows(
    *,
    channel: Annotated[str, typer.Option(help="Only of this channel.")] = "",
    from_: Annotated[str | None, typer.Option("--from", help="From when on. Default: now.")] = None,
    until: Annotated[str | None, typer.Option(help="Until when. Default: 72 hours later.")] = None,
    free: Annotated[bool, typer.Option("--free", help="Only those with a free place.")] = False,
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """List windows: places, those that are free, the predicted wait at the gate, and how long until they open."""
    with people.opened(db, tenant, mode="read", quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import listing

        port = told.the_port(ledger, who, border)
        clock = told.clock_of(port)
        names = [rule.channel for rule in port.channels]
        if channel and channel not in names:
            raise InputError("bad-option", f"--channel {channel!r}: expected one of {', '.join(names)}", ("--channel",))
        begin = None if from_ is None else clock.instant("--from", from_)
        end = None if until is None else clock.instant("--until", until)
        rows = ledger.store.read(
            who.tenant_id,
            lambda view: listing.list_windows(
                ledger, view, port.border_id, channel=channel, from_at=begin, until_at=end
            ),
        )
    rows = [row for row in rows if row.n_free or not free]
    if json:
        common.print_json({"border_id": port.border_id, "zone": clock.zone, "items": told.plain(rows)})
    elif not quiet:
        told.show_windows(rows, clock)


def board(
    *,
    queue: Annotated[bool, typer.Option("--queue", help="The controller's live queue instead, with points.")] = False,
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Show the public board: who is called, how many wait, when places are free; no names."""
    with people.opened(db, tenant, mode="read", quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import board as use

        port = told.the_port(ledger, who, border)
        shown: Any = ledger.store.read(
            who.tenant_id, lambda view: (use.live_queue if queue else use.board)(ledger, view, port.border_id)
        )
    if json:
        common.print_json({"items": told.plain(shown)} if queue else told.plain(shown))
    elif not quiet:
        (_show_queue if queue else _show_board)(shown, told.clock_of(port))


def _show_board(shown: Board, clock: told.Clock) -> None:
    typer.echo(f"{shown.name} ({shown.border_id}), {clock.said(shown.at)} {clock.zone}")
    if shown.shut_until_at is not None:
        typer.echo(f"SHUT until {clock.said(shown.shut_until_at)}: {shown.why}")
    cells = []
    for row in shown.channels:
        free = clock.said(row.next_free_at) if row.next_free_at else "none"
        waiting, there = str(row.n_waiting), str(row.n_at_gate)
        cells.append((row.channel, waiting, there, free, told.long(row.wait_minutes), ", ".join(row.called)))
    told.show_table(("channel", "#waiting", "#at gate", "next free place", "#wait", "called"), cells)


def _show_queue(rows: Sequence[QueueRow], clock: told.Clock) -> None:
    heads = ("appointment", "status", "channel", "truck", f"window, {clock.zone}", "since", "#points", "")
    cells = [
        (
            row.appointment_id,
            row.status,
            row.channel,
            " + ".join(filter(None, (row.tractor, row.trailer))),
            clock.said(row.opens_at) if row.opens_at else "walk-up",
            f"{clock.at(row.since_at):%H:%M}" if row.since_at else "",
            str(row.points) if row.status in ("waiting", "due") else "",
            " ".join(name for name, holds in (("ready", row.is_ready), ("AEO", row.is_aeo)) if holds),
        )
        for row in rows
    ]
    told.show_table(heads, cells)


def figures(
    *,
    by: Annotated[str, typer.Option(help="day or month.")] = "day",
    from_: Annotated[str | None, typer.Option("--from", help="First local day. Default: two weeks, or a year.")] = None,
    until: Annotated[str | None, typer.Option(help="Last local day. Default: today.")] = None,
    channel: Annotated[str, typer.Option(help="Only of this channel.")] = "",
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Count days or months, with the rule by which they are counted."""
    if by not in ("day", "month"):
        raise InputError("bad-option", f"--by {by!r}: expected day or month", ("--by",))
    with people.opened(db, tenant, mode="read", quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import counting

        port = told.the_port(ledger, who, border)
        clock = told.clock_of(port)
        last = clock.day("--until", until, clock.at(ledger.clock()).date())
        first = clock.day("--from", from_, _first(last, by))
        found = ledger.store.read(
            who.tenant_id,
            lambda view: counting.figures(ledger, view, port.border_id, first, last, by=by, channel=channel),
        )
    if json:
        common.print_json(told.plain(found))
    elif not quiet:
        _show_figures(_begun(found["items"]))
        typer.echo(f"Days of {clock.zone}. {found['rule']}")


def _first(last: date, by: str) -> date:
    """Choose the day from which is counted if nobody says: two weeks, or twelve months."""
    if by == "day":
        return last - timedelta(days=13)
    months = last.year * 12 + last.month - 12
    return date(months // 12, months % 12 + 1, 1)


def _begun(rows: Sequence[GateFigures]) -> Sequence[GateFigures]:
    """Leave the periods out that were before anything happened, but for the last."""
    empty = (row.counts == type(row.counts)(day_id=row.period, status="counted") for row in rows)
    first = next(
        (n for n, (row, nothing) in enumerate(zip(rows, empty, strict=True)) if row.n_places or not nothing), -1
    )
    return rows[first:]


def _show_figures(rows: Sequence[GateFigures]) -> None:
    names = ("applied", "places", "booked", "opening", "came", "walk-ups", "cleared", "turned back", "left", "closing")
    heads = ("period", *(f"#{name}" for name in (*names, "missed", "cancelled", "flagged", "wait", "stay")))
    cells = []
    for row in rows:
        n = row.counts
        begun = (n.n_applications, row.n_places, row.n_booked, row.opening, n.n_came, n.n_walk_up, n.n_cleared)
        counts = (*begun, n.n_turned_back, n.n_left, row.closing, n.n_missed, n.n_cancelled, n.n_flagged)
        means = (row.wait_minutes, row.stay_minutes)
        cells.append((row.period, *map(str, counts), *("" if m is None else told.long(round(m)) for m in means)))
    told.show_table(heads, cells)
