"""Verbs of what goes on paper and to gates: code, daylist, keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from landport.cli import border_told as told
from landport.cli import common, people
from landport.errors import InputError


def code(
    appointment: told.Appointment,
    *,
    out: Annotated[Path | None, typer.Option(help="Draw it as a QR code, too: FILE.png or FILE.svg.")] = None,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Print the signed code of an appointment, which its driver shows at the gate."""
    _expect_kind(out, (".png", ".svg"))
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.border import codes

        made = people.done(ledger, who, codes.code(ledger, who, appointment))
    if out is not None:
        from landport import exchange

        drawn = exchange.qr_svg(made["code"]) if out.suffix == ".svg" else exchange.qr_png(made["code"])
        with exchange.whole_file(out) as part:
            part.write_bytes(drawn)
    if json:
        common.print_json(made)
    elif not quiet:
        typer.echo(made["code"])


def _expect_kind(out: Path | None, kinds: tuple[str, ...]) -> None:
    """Refuse a file of another kind, or one that cannot be written, before anything is done."""
    if out is None:
        return
    from landport import exchange

    if out.suffix not in kinds:
        raise InputError("bad-option", f"--out {out}: expected a name that ends in {' or '.join(kinds)}", ("--out",))
    exchange.expect_writable(out)


def daylist(
    *,
    out: Annotated[Path, typer.Option(help="List to write: FILE.pdf to print, or FILE.xlsx to type into.")],
    day: Annotated[str | None, typer.Option(help="Local day. Default: today.")] = None,
    codes: Annotated[bool, typer.Option("--codes/--no-codes", help="With the QR code of each truck.")] = True,
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Print the day's appointments, to go on with when the system is down."""
    _expect_kind(out, (".pdf", ".xlsx"))
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport import exchange
        from landport.app.ledger import gate_keys
        from landport.app.ledger.border import day_list

        port = told.the_port(ledger, who, border)
        clock = told.clock_of(port)
        on = clock.day("--day", day, clock.at(ledger.clock()).date())
        if codes:
            ledger.do(who, lambda tx: gate_keys.signing_key(tx).key_id)
        rows, head = ledger.store.read(
            who.tenant_id, lambda view: day_list.day_list(ledger, view, port.border_id, on, has_codes=codes)
        )
    made = exchange.day_list_pdf(rows, head) if out.suffix == ".pdf" else exchange.day_list_xlsx(rows, head)
    with exchange.whole_file(out) as part:
        part.write_bytes(made)
    if json:
        common.print_json({"path": str(out), "on": on.isoformat(), "n_rows": len(rows), "position": head.position})
    elif not quiet:
        typer.echo(f"{out}: appointments of {on} ({clock.zone}): {len(rows)}, position {head.position} of the log")


def keys(
    *,
    out: Annotated[Path | None, typer.Option(help="Write public keys here (JSON), for landport verify-qr.")] = None,
    rotate: Annotated[bool, typer.Option("--rotate", help="Make a new key first, which signs from now on.")] = False,
    border: told.Border = "",
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Write the public keys by which gates verify codes without a network; as landport key gate and key rotate do."""
    _expect_kind(out, (".json",))
    with people.opened(db, tenant, mode="write" if rotate else "read", quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger import gate_keys
        from landport.exchange.gate_keys import gate_keys_json

        port = told.the_port(ledger, who, border)
        if rotate:
            ledger.do(who, gate_keys.rotate_key(ledger, who))
        found = replace(gate_keys.at_gate(ledger, who, port.border_id), zone=told.clock_of(port).zone)
        text = gate_keys_json(found)
    if out is None:
        typer.echo(text, nl=False)
        return
    from landport import exchange

    with exchange.whole_file(out) as part:
        part.write_text(text, encoding="utf-8")
    if json:
        common.print_json({"path": str(out), "keys": list(found.keys)})
    elif not quiet:
        typer.echo(f"{out}: keys that hold: {', '.join(found.keys)}; give it to every gate of {port.border_id}")
