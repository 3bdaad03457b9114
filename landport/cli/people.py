"""What `landport key` and `landport account` share: a ledger opened for people, and where links lead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landport.cli import common

if TYPE_CHECKING:
    from landport.app.ledger.desk import Ledger, Principal

Tenant = Annotated[str, typer.Option(help="Tenant whose people are meant.")]
Party = Annotated[str, typer.Option(help="Party that a forwarder works for, such as P0a1b2c3d4e5.")]


@contextmanager
def opened(
    db: str | None, tenant: str, *, mode: str = "write", makes: bool = False, quiet: bool, verbose: int
) -> Iterator[tuple[Ledger, Principal]]:
    """Open the ledger for somebody who sits at the machine itself; `makes`: with the first tenant if there is none."""
    settings = common.settings(verbose, quiet=quiet)
    from landport.app.ledger import opening, people

    ledger = opening.open_ledger(db or settings.db, mode="read" if mode == "read" else "write", makes=makes)
    try:
        if makes:
            people.first_link(ledger)
        if tenant:
            people.expect_tenant(ledger, tenant)
        yield ledger, people.local(tenant)
    finally:
        ledger.store.close()


def done(ledger: Ledger, who: Principal, command: Any) -> dict[str, Any]:
    """Do a command and read what it answered."""
    import json

    answer: dict[str, Any] = json.loads(ledger.do(who, command).body)
    return answer


def show_link(login: str, link: str, *, json: bool) -> None:
    """Print a one-time link's token; it is shown this once."""
    if json:
        common.print_json({"login": login, "link": link})
        return
    typer.echo(f"One-time link of {login}, good for 24 hours: open http://HOST:PORT/link#{link} at your server.")
