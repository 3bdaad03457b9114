"""Verbs of enterprises: apply, decide, book, hold, reschedule, cancel, change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landport.cli import border_told as told
from landport.cli import common, people
from landport.errors import InputError

if TYPE_CHECKING:
    from landport.app.ledger.border.listing import WindowRow
    from landport.app.ledger.desk import Ledger, Principal
    from landport.model.border import BorderPort

LOOKED_AHEAD = timedelta(days=7)
"""How long after the expected time windows with a free place are shown to who applies."""


def apply(
    *,
    expected: Annotated[str, typer.Option(help="When trucks shall cross, by the port's clock or with an offset.")],
    direction: Annotated[str, typer.Option(help="out of the country of the port's own side, or in.")] = "out",
    declaration: Annotated[str, typer.Option(help="Number of the customs declaration; none yet: leave it out.")] = "",
    goods: Annotated[str, typer.Option(help="What it is, in words.")] = "",
    hs: Annotated[str, typer.Option(help="HS code of the goods.")] = "",
    trucks: Annotated[int, typer.Option(help="Trucks that it covers; 0: not known yet.")] = 0,
    consignment: Annotated[str, typer.Option(help="Consignment of ours that it is for.")] = "",
    enterprise: told.Enterprise = "",
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Apply for customs clearance, at any hour; shows the first windows with a free place from then on."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import applying

        port = told.the_port(ledger, who, border)
        clock = told.clock_of(port)
        at = clock.instant("--expected", expected)
        fields = {
            "enterprise_id": enterprise,
            "declaration": declaration,
            "direction": direction,
            "hs": hs,
            "goods": goods,
            "expected_at": at.isoformat(),
            "n_trucks": trucks,
            "consignment_id": consignment,
        }
        state = people.done(ledger, who, applying.apply(ledger, who, port.border_id, fields))
        rows = [] if quiet and not json else _first_free(ledger, who, port, at)
    if json:
        common.print_json(state | {"windows": told.plain(rows)})
    elif not quiet:
        typer.echo(_application_line(state, clock))
        typer.echo("First windows with a free place from then on:")
        told.show_windows(rows, clock)


def _first_free(ledger: Ledger, who: Principal, port: BorderPort, at: datetime) -> list[WindowRow]:
    """Find the first window of each channel that has a free place."""
    from landport.app.ledger.border import listing

    begin = max(at, ledger.clock())
    rows = ledger.store.read(
        who.tenant_id,
        lambda view: listing.list_windows(ledger, view, port.border_id, from_at=begin, until_at=begin + LOOKED_AHEAD),
    )
    first: dict[str, WindowRow] = {}
    for row in rows:
        if row.n_free:
            first.setdefault(row.channel, row)
    return list(first.values())


def _application_line(state: dict[str, Any], clock: told.Clock) -> str:
    made = state["application"]
    shift = "in customs' regular hours" if made["shift"] == "in_hours" else "out of customs' regular hours"
    text = f"{state['application_id']} is {state['status']}: {made['direction']}, expected"
    why = f"; {state['why']}" if state.get("why") else ""
    return f"{text} {clock.said(made['expected_at'])} {clock.zone}, {shift}{why}"


def decide(
    application: told.Application,
    *,
    accept: Annotated[str | None, typer.Option(help="Customs accept it; their reference.", metavar="REF")] = None,
    decline: Annotated[str | None, typer.Option(help="Customs decline it; the reason.", metavar="WHY")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="The enterprise takes it back.")] = False,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Say what became of a clearance application: accepted, declined with the reason, or withdrawn."""
    if (accept is not None) + (decline is not None) + withdraw != 1:
        raise InputError("bad-option", "expected one of --accept, --decline and --withdraw", ())
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import applying

        if accept is not None:
            command = applying.accept(ledger, who, application, reference=accept)
        elif decline is not None:
            command = applying.decline(ledger, who, application, why=decline)
        else:
            command = applying.withdraw(ledger, who, application)
        state = people.done(ledger, who, command)
        clock = told.clock_of(told.the_port(ledger, who, state["application"]["border_id"]))
    if json:
        common.print_json(state)
    elif not quiet:
        typer.echo(_application_line(state, clock))


def book(
    *,
    window: Annotated[str, typer.Option(help="Id of the window, as landport border windows shows it.")] = "",
    tractor: told.Tractor = None,
    trailer: told.Trailer = None,
    driver: told.Driver = None,
    permit: told.Permit = None,
    document: told.Document = None,
    application: told.OfApplication = None,
    container: told.Containers = None,
    aeo: told.Aeo = None,
    hold: Annotated[str, typer.Option(help="Hold that is booked by this.")] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Go to the waiting list if the window is full.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Book the trucks of the plan that counts instead.")] = False,
    enterprise: told.Enterprise = "",
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Book a truck into a window, or the trucks of the plan that counts."""
    fields = told.visit_fields(
        tractor=tractor,
        trailer=trailer,
        driver=driver,
        permit=permit,
        document=document,
        application=application,
        container=container,
        aeo=aeo,
        enterprise=enterprise,
    )
    if bool(window) == plan or (plan and (fields or hold or wait)):
        raise InputError("bad-option", "expected --window and what the truck is, or --plan alone", ("--window",))
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import taking

        if plan:
            _book_plan(ledger, who, told.the_port(ledger, who, border), json=json, quiet=quiet)
            return
        command = taking.book(ledger, who, window, fields, appointment_id=hold, waits=wait)
        told.tell(ledger, who, command, json=json, quiet=quiet)


def _book_plan(ledger: Ledger, who: Principal, port: BorderPort, *, json: bool, quiet: bool) -> None:
    from landport.app.ledger.border import planning

    command = planning.book_plan(ledger, who, port.border_id)
    found: dict[str, Any] = {"booked": [], "cancelled": [], "left": []}
    found |= people.done(ledger, who, command) if command is not None else {}
    if json:
        common.print_json(found)
        return
    if quiet:
        return
    for one in found["booked"]:
        late = f", {told.long(one['late_minutes'])} later than planned" if one["late_minutes"] else ""
        typer.echo(
            f"{one['container_id']} of {one['departure_id']}: {one['appointment_id']} in {one['window_id']}{late}"
        )
    for one in found["left"]:
        typer.echo(f"{one['container_id']}: {one['why']}")
    counts = ", ".join(f"{len(found[name])} {name}" for name in ("booked", "cancelled", "left"))
    typer.echo(f"trucks of the plan: {counts}")


def hold(
    window: Annotated[str, typer.Argument(help="Id of the window.", metavar="WINDOW")],
    *,
    enterprise: told.Enterprise = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Hold a place for an enterprise while a form is filled in; it ends by itself."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import taking

        command = taking.hold(ledger, who, window, enterprise_id=enterprise)
        told.tell(ledger, who, command, json=json, quiet=quiet)


def reschedule(
    appointment: told.Appointment,
    window: Annotated[str, typer.Argument(help="Id of the other window.", metavar="WINDOW")],
    *,
    why: told.Override = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Move an appointment to another window of its channel."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import changing

        command = changing.reschedule(ledger, who, appointment, window, why=why)
        told.tell(ledger, who, command, json=json, quiet=quiet)


def cancel(
    appointment: told.Appointment,
    *,
    why: told.Override = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Give up an appointment, a hold, or a place on a waiting list or in the live queue."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import changing

        told.tell(ledger, who, changing.cancel(ledger, who, appointment, why=why), json=json, quiet=quiet)


def change(
    appointment: told.Appointment,
    *,
    tractor: told.Tractor = None,
    trailer: told.Trailer = None,
    driver: told.Driver = None,
    permit: told.Permit = None,
    document: told.Document = None,
    application: told.OfApplication = None,
    container: told.Containers = None,
    aeo: told.Aeo = None,
    why: told.Override = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Change tractor, driver, permit, document, application or containers; what is left out stays."""
    fields = told.visit_fields(
        tractor=tractor,
        trailer=trailer,
        driver=driver,
        permit=permit,
        document=document,
        application=application,
        container=container,
        aeo=aeo,
    )
    if not fields:
        raise InputError("bad-option", "expected what is to be changed, such as --tractor PLATE", ())
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import changing

        command = changing.change_visit(ledger, who, appointment, fields, why=why)
        told.tell(ledger, who, command, json=json, quiet=quiet)
