"""`landport diff`: what changed between two plans."""

from __future__ import annotations

from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landport.cli import common

if TYPE_CHECKING:
    from landport.model.differences import Differences


def run(
    plan_a: Annotated[Path, typer.Argument(readable=False, help="The plan before (JSON).", metavar="PLAN_A")],
    plan_b: Annotated[Path, typer.Argument(readable=False, help="The plan after (JSON).", metavar="PLAN_B")],
    *,
    csv: Annotated[Path | None, typer.Option(help="Write one row a container that changed here.")] = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Say what changed from one plan to another: who moved, what is left, which trains run, what it costs."""
    common.settings(verbose, quiet=quiet, log_json=log_json)
    from landport import exchange, report

    if csv is not None:
        exchange.expect_writable(csv)
        exchange.expect_unread({"--csv": csv}, {"first plan": plan_a, "second plan": plan_b})
    found = report.compare(exchange.read_plan(plan_a), exchange.read_plan(plan_b))
    if csv is not None:
        write(csv, found)
    if json:
        common.print_json(document(found))
    elif not quiet:
        report.show_differences(common.stdout(), found)
        if csv is not None:
            typer.echo(f"\nlist written to {csv}")


def document(found: Differences) -> dict[str, Any]:
    """Write what changed as JSON holds it: every field, and whether there is anything at all."""
    return {"is_empty": found.is_empty, **asdict(found)}


def write(path: Path, found: Differences) -> None:
    """Write one row a container that changed as CSV."""
    from landport import exchange, report

    heads = [field.name for field in fields(report.DifferenceRow)]
    exchange.write_list(path, [heads, *map(astuple, report.difference_rows(found))])
