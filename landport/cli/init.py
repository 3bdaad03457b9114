"""`landport init`: a scenario to fill in."""

from __future__ import annotations

import typer

from landport.cli import common


def run(
    week: common.Week,
    *,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Make a scenario folder (or .xlsx) with example rows and a description of every column."""
    common.settings(verbose, quiet=quiet, log_json=log_json)
    from landport import exchange
    from landport.reference import load

    exchange.init(week, load.world())
    if json:
        common.print_json({"week": str(week)})
    elif not quiet:
        where = "the sheet columns" if week.suffix.lower() == ".xlsx" else "columns.csv"
        typer.echo(f"{week}: a week with three example rows a table; {where} says what each column means.")
        typer.echo(f"Fill in your own rows, then: landport plan {week} --out plan.json")
