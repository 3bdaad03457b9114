"""Verbs of the controller's day: walkup, present, call, checkin, inspect, keep, clear, turnback, miss."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landport.cli import border_told as told
from landport.cli import common, people
from landport.errors import InputError

if TYPE_CHECKING:
    from landport.app.ledger.desk import Ledger, Principal


def walkup(
    channel: told.Channel,
    *,
    tractor: told.Tractor = None,
    trailer: told.Trailer = None,
    driver: told.Driver = None,
    permit: told.Permit = None,
    document: told.Document = None,
    application: told.OfApplication = None,
    container: told.Containers = None,
    aeo: told.Aeo = None,
    enterprise: told.Enterprise = "",
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Let a truck that came without an appointment, or missed its window, join the end of the live queue."""
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
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import taking

        port = told.the_port(ledger, who, border)
        command = taking.walk_up(ledger, who, port.border_id, channel, fields)
        told.tell(ledger, who, command, json=json, quiet=quiet)


def present(
    appointment: told.Appointment,
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Note that a truck stands in the waiting area."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import gate

        told.tell(ledger, who, gate.present(ledger, who, appointment), json=json, quiet=quiet)


def call(
    channel: told.Channel,
    *,
    count: Annotated[int, typer.Option(help="Trucks to call up.")] = 1,
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Call the next trucks up to the lanes of a channel, in the published order."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import lanes

        port = told.the_port(ledger, who, border)
        found = people.done(ledger, who, lanes.call(ledger, who, port.border_id, channel, count=count))
    if json:
        common.print_json(found)
    elif not quiet:
        for state in found["called"]:
            typer.echo(told.truck_line(state, told.clock_of(port)))
        if len(found["called"]) < count:
            typer.echo("nobody else may be called: none waits, or no place is free now")


def checkin(
    appointment: Annotated[str, typer.Argument(help="Its id; or use --code or --merge.", metavar="APPOINTMENT")] = "",
    *,
    code: Annotated[str, typer.Option(help="Text of the code that the truck shows.")] = "",
    tractor: Annotated[str, typer.Option(help="Plate that was seen; another one than booked is refused.")] = "",
    merge: Annotated[
        Path | None, typer.Option(readable=False, help="Check-ins written down while the system was down.")
    ] = None,
    day: Annotated[str | None, typer.Option(help="Local day of clocks without a date in that file.")] = None,
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Let a truck in at the gate, by its id or its code; or merge a list of check-ins from paper."""
    if bool(appointment) + bool(code) + (merge is not None) != 1:
        raise InputError("bad-option", "expected one of APPOINTMENT, --code and --merge", ("--code", "--merge"))
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import codes

        if merge is not None:
            _merge(ledger, who, told.the_port(ledger, who, border), merge, day, json=json, quiet=quiet)
            return
        if code:
            appointment = ledger.store.read(who.tenant_id, lambda view: codes.read_code(view, code)).appointment_id
        command = codes.check_in(ledger, who, appointment, tractor=tractor, code=code)
        told.tell(ledger, who, command, json=json, quiet=quiet)


def _merge(ledger: Ledger, who: Principal, port: Any, path: Path, day: str | None, *, json: bool, quiet: bool) -> None:
    """Take a list of check-ins over, and say what is to be looked into."""
    from landport import exchange
    from landport.app.ledger.border import merging

    clock = told.clock_of(port)
    on = None if day is None else clock.day("--day", day, ledger.clock().date())
    rows = exchange.read_check_ins(path, clock.zone, on=on)
    found = people.done(ledger, who, merging.merge(ledger, who, port.border_id, rows))
    if json:
        common.print_json(found)
        return
    if quiet:
        return
    for one in found["items"]:
        if one["outcome"] in ("flagged", "unknown"):
            typer.echo(f"row {one['row']}: {one['appointment_id']} is {one['outcome']}: {one['why']}")
    counts = (f"{found[f'n_{name}']} {name.replace('_', ' ')}" for name in merging.OUTCOMES)
    typer.echo(", ".join(counts) + ("; look into them: landport tasks" if found["n_flagged"] else ""))


def inspect(
    appointment: told.Appointment,
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Note that customs look into a truck."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import gate

        told.tell(ledger, who, gate.inspect(ledger, who, appointment), json=json, quiet=quiet)


def keep(
    appointment: told.Appointment,
    *,
    why: told.Why,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Note that customs hold a truck."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import gate

        told.tell(ledger, who, gate.keep(ledger, who, appointment, why=why), json=json, quiet=quiet)


def clear(
    appointment: told.Appointment,
    *,
    reference: Annotated[str, typer.Option(help="Reference of customs.")] = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Let a truck cross."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import gate

        command = gate.clear(ledger, who, appointment, reference=reference)
        told.tell(ledger, who, command, json=json, quiet=quiet)


def turnback(
    appointment: told.Appointment,
    *,
    why: told.Why,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Send a truck back."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import gate

        told.tell(ledger, who, gate.turn_back(ledger, who, appointment, why=why), json=json, quiet=quiet)


def miss(
    appointment: told.Appointment,
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Note that a truck did not come in time, its grace being over; a server does so by itself."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import gate

        told.tell(ledger, who, gate.missed(ledger, who, appointment), json=json, quiet=quiet)
