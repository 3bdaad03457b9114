"""`landport init`: a scenario to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landport.cli import common


def run(
    week: common.Week,
    *,
    packing_list: Annotated[
        bool, typer.Option("--packing-list", help="Make a forwarder's packing list (.xlsx) instead of a week.")
    ] = False,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Make a scenario folder (or .xlsx) with example rows and a description of every column."""
    common.settings(verbose, quiet=quiet, log_json=log_json)
    from landport import exchange
    from landport.reference import load

    if packing_list:
        _packing_list(week, json=json, quiet=quiet)
        return
    exchange.init(week, load.world())
    if json:
        common.print_json({"week": str(week)})
    elif not quiet:
        where = "the sheet columns" if week.suffix.lower() == ".xlsx" else "columns.csv"
        typer.echo(f"{week}: a week with three example rows a table; {where} says what each column means.")
        typer.echo(f"Fill in your own rows, then: landport plan {week} --out plan.json")


def _packing_list(path: Path, *, json: bool, quiet: bool) -> None:
    from landport import exchange
    from landport.errors import InputError

    if path.suffix.lower() != ".xlsx":
        raise InputError("bad-option", f"{path}: expected a name that ends in .xlsx", (str(path),))
    exchange.write_packing_list_template(path)
    if json:
        common.print_json({"packing_list": str(path)})
    elif not quiet:
        typer.echo(f"{path}: a packing list with example rows of two bookings, headers in three languages.")
        typer.echo(f"Overwrite them with your own, then: landport book {path}")
