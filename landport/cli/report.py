"""`landport report`: indicators in the terminal, and one page to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landport.cli import common


def run(
    week: common.Week,
    plan: Annotated[Path, typer.Argument(help="Plan to report on (JSON).", metavar="PLAN")],
    *,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page here.")] = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Show what a plan does and what it costs; with --html as a page with map, trains and loads."""
    common.settings(verbose, log_json=log_json)
    from landport import audit, exchange, report
    from landport.app.tonight import Judged
    from landport.cli.plan import show
    from landport.reference import load

    if html is not None:
        exchange.expect_writable(html)
    world = load.world()
    scenario, remarks = exchange.read_scenario(week, world)
    common.show_remarks(remarks)
    planned = exchange.read_plan(plan)
    judged = Judged(planned, audit.check(planned, scenario, world))
    if html is not None:
        indicators = report.indicators(planned, scenario, world, violations=len(judged.violations))
        page = report.page(planned, scenario, world, indicators, judged.violations)
        with exchange.whole_file(html) as part:
            part.write_text(page, encoding="utf-8")
    show(judged, scenario, world, json=json, quiet=quiet)
    if html is not None and not (json or quiet):
        typer.echo(f"\npage written to {html}")
