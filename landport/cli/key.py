"""`landport key`: API keys, at the machine itself."""

from __future__ import annotations

from typing import Annotated

import typer

from landport.cli import common, people

app = typer.Typer(help="API keys, at the machine itself.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the key is for.", metavar="NAME")],
    *,
    role: Annotated[str, typer.Option(help="forwarder, planner, controller, analyst or admin.")] = "analyst",
    scope: Annotated[
        list[str] | None,
        typer.Option(help="read, book, move, plan or people; may be given again. None: whatever the role may."),
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
