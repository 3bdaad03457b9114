"""`landport report`: indicators in the terminal, one page to look at, one list to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from landport.cli import common
from landport.cli.check import told
from landport.errors import InputError


def run(
    week: common.Week,
    plan: Annotated[Path, typer.Argument(readable=False, help="Plan to report on (JSON).", metavar="PLAN")],
    *,
    html: Annotated[Path | None, typer.Option(help="Write one self-contained page here.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write one row a consignment and container here.")] = None,
    masters: Annotated[Path | None, typer.Option(help="Write one row a house consignment and master here.")] = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Show what a plan does and what it costs; with --html as a page, with --csv and --masters as lists."""
    common.settings(verbose, quiet=quiet, log_json=log_json)
    from landport import audit, exchange, report
    from landport.app.tonight import Judged
    from landport.cli.plan import show
    from landport.reference import load

    for path in filter(None, (html, csv, masters)):
        exchange.expect_writable(path)
    exchange.expect_apart({"--html": html, "--csv": csv, "--masters": masters}, week, plan)
    world = load.world()
    scenario, remarks = exchange.read_scenario(week, world)
    common.show_remarks(remarks)
    planned = exchange.read_plan(plan)
    judged = Judged(planned, audit.check(planned, scenario, world))
    try:
        report.expect_known(planned, world, str(plan))
    except InputError:
        if judged.violations and not json:
            typer.echo(told(judged.violations), err=quiet)
        raise
    indicators = report.indicators(planned, scenario, world, violations=len(judged.violations))
    if html is not None:
        page = report.page(planned, scenario, world, indicators, judged.violations)
        with exchange.whole_file(html) as part:
            part.write_text(page, encoding="utf-8")
    if csv is not None:
        _write_list(csv, report.ListRow, report.rows(planned, scenario, world))
    if masters is not None:
        _write_list(masters, report.HouseRow, report.masters(planned, scenario, world))
    if quiet and not json:
        return
    show(judged, scenario, world, indicators, json=json)
    for what, target in (("page", html), ("list", csv), ("masters", masters)):
        if target is not None and not json:
            typer.echo(f"\n{what} written to {target}")


def _write_list(path: Path, kind: type[Any], rows: Sequence[Any]) -> None:
    """Write rows as CSV, headed by the names of their fields."""
    from landport import exchange

    exchange.write_list(path, [[field.name for field in fields(kind)], *map(astuple, rows)])
