"""`landport key`: API keys, and keys of the gate, at the machine itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landport.cli import common, people

app = typer.Typer(help="API keys, and keys of the gate, at the machine itself.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the key is for.", metavar="NAME")],
    *,
    role: Annotated[str, typer.Option(help="forwarder, planner, controller, analyst or admin.")] = "analyst",
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="read, book, move, apply, gate, plan or people; may be given again. None: whatever the role may."
        ),
    ] = None,
    party: people.Party = "",
    days: Annotated[
        int | None, typer.Option(min=1, max=36_600, help="How long it holds. Default: until revoked.")
    ] = None,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Make a key and print its token, which is shown this once."""
    from datetime import timedelta

    from landport.app.ledger import people as use

    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        expires_at = None if days is None else ledger.clock() + timedelta(days=days)
        command = use.add_key(ledger, who, name, role, scopes=scope or (), party_id=party, expires_at=expires_at)
        made = people.done(ledger, who, command)
    if json:
        common.print_json(made)
    else:
        typer.echo(made["token"])


@app.command(name="list")
def list_(
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """List the keys of a tenant."""
    from landport.app.ledger import people as use

    with people.opened(db, tenant, mode="read", quiet=quiet, verbose=verbose) as (ledger, who):
        found = use.keys(ledger, who)
    if json:
        common.print_json({"keys": found})
    elif not quiet:
        for one in found:
            state = "  revoked" if one["revoked_at"] else ""
            state += f"  until {one['expires_at']:%Y-%m-%d}" if one["expires_at"] else ""
            scopes = ",".join(one["scopes"]) or "all"
            typer.echo(f"{one['key_id']}  {one['name']}  {one['role']}  {scopes}  {one['party_id'] or '-'}{state}")


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="Id of the key, such as K1b2c3d4e5f6.", metavar="KEY_ID")],
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Let a key open nothing any more."""
    from landport.app.ledger import people as use

    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        found = people.done(ledger, who, use.revoke_key(ledger, who, key_id))
    if json:
        common.print_json(found)
    elif not quiet:
        typer.echo(f"{key_id} is revoked.")


# ---- keys of the gate --------------------------------------------------------------------------


@app.command()
def gate(
    border: Annotated[str, typer.Argument(help="Border port whose codes they sign, such as BKT.", metavar="BORDER")],
    *,
    out: Annotated[Path | None, typer.Option(help="Write them here (JSON) instead of on stdout.")] = None,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Write the public keys by which a gate verifies the codes of appointments."""
    from landport import exchange
    from landport.app.ledger import gate_keys as use
    from landport.exchange.gate_keys import gate_keys_json

    if out is not None:
        exchange.expect_writable(out)
    with people.opened(db, tenant, mode="read", quiet=quiet, verbose=verbose) as (ledger, who):
        text = gate_keys_json(use.at_gate(ledger, who, border))
    if out is None:
        typer.echo(text, nl=False)
        return
    with exchange.whole_file(out) as part:
        part.write_text(text, encoding="utf-8")
    if not quiet:
        typer.echo(f"{out}: give it to every gate of {border}")


@app.command()
def rotate(
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Make a new key that signs the codes of appointments; earlier ones hold until they are retired."""
    from landport.app.ledger import gate_keys as use

    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        made = people.done(ledger, who, use.rotate_key(ledger, who))
    if json:
        common.print_json(made)
    elif not quiet:
        typer.echo(
            f"{made['key_id']} signs from now on; these hold: {', '.join(made['holding'])}. Give gates the keys."
        )


@app.command()
def retire(
    key_id: Annotated[str, typer.Argument(help="Id of the gate's key, such as 56475aa7.", metavar="KEY_ID")],
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Let what a key of the gate signed hold no more."""
    from landport.app.ledger import gate_keys as use

    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        found = people.done(ledger, who, use.retire_key(ledger, who, key_id))
    if json:
        common.print_json(found)
    elif not quiet:
        typer.echo(f"{key_id} is retired: give every gate the new keys.")
