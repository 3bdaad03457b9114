"""`landport check`: the independent auditor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landport.cli import common


def run(
    week: common.Week,
    plan: Annotated[Path, typer.Argument(help="Plan to judge (JSON).", metavar="PLAN")],
    *,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Judge a plan by every rule; exit 0, or 1 with every violation."""
    common.settings(verbose, log_json=log_json)
    from landport import audit, exchange
    from landport.reference import load

    world = load.world()
    scenario, remarks = exchange.read_scenario(week, world)
    common.show_remarks(remarks)
    violations = audit.check(exchange.read_plan(plan), scenario, world)
    if json:
        found = [{"code": v.code, "message": v.message, "about": list(v.about)} for v in violations]
        common.print_json({"rules": len(audit.RULES), "violations": found})
    elif violations:
        typer.echo("\n".join(f"{v.code}: {v.message}" for v in violations), err=quiet)
        typer.echo(f"{len(violations)} violations of {len({v.code for v in violations})} rules", err=quiet)
    elif not quiet:
        typer.echo(f"{plan}: holds; {len(audit.RULES)} rules checked, every charge recounted")
    if violations:
        raise typer.Exit(1)
