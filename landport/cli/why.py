"""`landport why`: why a container rides as it does or stays, and what would free it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landport.cli import common


def run(
    week: common.Week,
    plan: Annotated[Path, typer.Argument(readable=False, help="Plan to explain (JSON).", metavar="PLAN")],
    name: Annotated[str, typer.Argument(help="A container or booking; none: all that is left.", metavar="[NAME]")] = "",
    *,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Say why a container or booking rides as it does or stays, and the cheapest thing that would free it."""
    common.settings(verbose, quiet=quiet, log_json=log_json)
    from landport import exchange, report
    from landport.reference import load

    world = load.world()
    scenario, remarks = exchange.read_scenario(week, world)
    common.show_remarks(remarks)
    planned = exchange.read_plan(plan)
    report.expect_known(planned, world, str(plan))
    answer = report.why(planned, scenario, world, name)
    if json:
        common.print_json(answer)
    elif not quiet:
        typer.echo("\n".join(answer["says"]))
