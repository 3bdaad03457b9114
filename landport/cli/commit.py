"""`landport commit`: a plan file becomes what counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landport.cli import common, people


def run(
    week: common.Week,
    plan: Annotated[Path, typer.Argument(readable=False, help="Plan of this week (JSON).", metavar="PLAN")],
    *,
    tenant: people.Tenant = "port",
    db: common.Database = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """Commit a plan of a week to the ledger: audited again, refused if what it plans has changed."""
    with people.opened(db, tenant, quiet=quiet, verbose=verbose) as (ledger, who):
        from landport import exchange
        from landport.app.ledger.committing import commit
        from landport.app.ledger.making import keep

        with common.progress(quiet=quiet or json) as notify:
            notify("read")
            scenario, remarks = exchange.read_scenario(week, ledger.world)
            common.show_remarks(remarks)
            made = exchange.read_plan(plan)
            kept = people.done(ledger, who, keep(who, made, scenario))
            notify("audit and commit")
            done = people.done(ledger, who, commit(ledger, who, kept["plan_digest"]))
    if json:
        common.print_json(done)
    elif not quiet:
        typer.echo(
            f"plan {done['digest'][:12]} counts: {done['n_containers']:,} containers, {done['n_left']:,} stay, "
            f"{done['n_planned']:,} changed, {done['n_withdrawn']:,} withdrawn"
        )
