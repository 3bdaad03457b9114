"""`landport move`: report what happened to a container, train or wagon."""

from __future__ import annotations

from typing import Annotated, Any, get_type_hints

import typer

from landport.cli import common, people
from landport.errors import InputError


def run(
    subject: Annotated[
        str, typer.Argument(help="container/C00017, train/SERVICE@DATE or wagon/NUMBER.", metavar="SUBJECT")
    ],
    event: Annotated[str, typer.Argument(help="Type of the event, such as ContainerGatedIn.")],
    fields: Annotated[
        list[str] | None, typer.Argument(help="Fields of that type; several seals with commas.", metavar="FIELD=VALUE")
    ] = None,
    *,
    at: Annotated[str | None, typer.Option(help="When it happened: instant with offset. Default: now.")] = None,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Write what happened to the log, if it can have happened."""
    said = given(event, fields or [])
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport.app.ledger.moving import move

        command = move(ledger, who, subject, event, said, happened_at=common.instant("--at", at))
        moved = people.done(ledger, who, command)
    if json:
        common.print_json(moved)
    elif not quiet:
        tasks = f"; opens task {', '.join(moved['tasks'])}" if moved["tasks"] else ""
        tasks += f"; closes task {', '.join(moved['closed'])}" if moved["closed"] else ""
        typer.echo(f"{moved['event_id']}: {moved['subject']} is {moved['status']}{tasks}")


def given(type_name: str, fields: list[str]) -> dict[str, Any]:
    """Read fields as their type has them.

    Raises
    ------
    InputError
        `bad-option`: one has no `=`, or is no whole number where one is meant.
    """
    from landport.model.facts import FACTS

    hints = get_type_hints(FACTS[type_name]) if type_name in FACTS else {}
    found: dict[str, Any] = {}
    for text in fields:
        name, sign, value = text.partition("=")
        if not sign:
            raise InputError("bad-option", f"{text!r}: expected FIELD=VALUE, such as gross_kg=21400", (text,))
        hint = str(hints.get(name, "str"))
        if "tuple" in hint:
            found[name] = [part for part in value.split(",") if part]
        elif "int" in hint:
            if not value.lstrip("-").isdecimal() or len(value) > 18:
                raise InputError("bad-option", f"{text!r}: expected a whole number", (text,))
            found[name] = int(value)
        else:
            found[name] = value
    return found
