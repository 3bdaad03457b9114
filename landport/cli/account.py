"""`landport account`: accounts, at the machine itself."""

from __future__ import annotations

from typing import Annotated

import typer

from landport.cli import common, people

Login = Annotated[str, typer.Argument(help="Login of the account.", metavar="LOGIN")]

app = typer.Typer(help="Accounts, at the machine itself.", no_args_is_help=True)


@app.command()
def add(
    login: Login,
    *,
    role: Annotated[str, typer.Option(help="forwarder, planner, controller, analyst or admin.")] = "planner",
    party: people.Party = "",
    tenant: people.Tenant = "port",
    new_tenant: Annotated[bool, typer.Option("--new-tenant", help="Make the tenant, with this admin.")] = False,
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Make an account and print its one-time link."""
    from landport.app.ledger import people as use

    if new_tenant:
        with people.opened(db, "", quiet=quiet, verbose=verbose) as (ledger, _):
            link = use.add_tenant(ledger, tenant, login)
    else:
        with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
            link = people.done(ledger, who, use.add_account(ledger, who, login, role, party))["link"]
    people.show_link(login, link, json=json)


@app.command(name="list")
def list_(
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """List the accounts of a tenant."""
    from landport.app.ledger import people as use

    with people.opened(db, tenant, mode="read", quiet=quiet, verbose=verbose) as (ledger, who):
        found = use.accounts(ledger, who)
    if json:
        common.print_json({"accounts": found})
    elif not quiet:
        for one in found:
            state = "" if one["is_active"] else "  closed"
            state += "" if one["has_password"] else "  no password yet"
            typer.echo(f"{one['login']}  {one['role']}  {one['party_id'] or '-'}{state}")


@app.command()
def recover(
    login: Login,
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Print a new one-time link for an account whose password is lost."""
    from landport.app.ledger import people as use

    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        account_id = use.account_id_of(ledger, who, login)
        link = people.done(ledger, who, use.new_link(ledger, who, account_id))["link"]
    people.show_link(login, link, json=json)


@app.command()
def disable(
    login: Login,
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Close an account: its sessions end and it logs in no more."""
    from landport.app.ledger import people as use

    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        account_id = use.account_id_of(ledger, who, login)
        found = people.done(ledger, who, use.change_account(ledger, who, account_id, is_active=False))
    if json:
        common.print_json(found)
    elif not quiet:
        typer.echo(f"{login} is closed.")
