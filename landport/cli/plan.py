"""`landport plan`: tonight's plan of a week."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landport import __version__
from landport.cli import common
from landport.errors import AuditFailed

if TYPE_CHECKING:
    from landport.app.tonight import Judged
    from landport.model.scenario import Scenario, World


def run(
    week: common.Week,
    *,
    out: Annotated[Path, typer.Option(help="Where the plan goes (JSON).")],
    effort: common.Effort = None,
    limit: common.Seconds = None,
    seed: common.Seed = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Plan a week: pack, route, assemble trains; audit the plan; write it; show the proof."""
    begun = time.perf_counter()
    settings = common.settings(verbose, log_json=log_json)
    chosen = common.chosen_effort(effort, settings.effort)
    from landport import exchange
    from landport.app.planning import Order
    from landport.reference import load

    exchange.expect_writable(out)
    world = load.world()
    with common.progress(quiet=quiet or json) as notify:
        notify("read")
        scenario, remarks = exchange.read_scenario(week, world)
        common.show_remarks(remarks)
        order = Order(
            effort=chosen,
            seed=settings.seed if seed is None else seed,
            seconds=limit or settings.limit or None,
            stopwatch=lambda: time.perf_counter() - begun,
            version=__version__,
        )
        judged = make(scenario, world, order, out, notify)
    show(judged, scenario, world, json=json, quiet=quiet)
    if not (json or quiet):
        typer.echo(f"\nplan written to {out}; next: landport report {week} {out} --html page.html")


def make(scenario: Scenario, world: World, order: object, out: Path, notify: object) -> Judged:
    """Plan, audit and write.

    Raises
    ------
    AuditFailed
        `audit-failed`: the plan breaks a rule, which is our bug; it is saved beside `out` for the report.
    """
    from landport import exchange
    from landport.app.tonight import tonight

    judged = tonight(scenario, world, order, notify)  # type: ignore[arg-type]
    if judged.violations:
        failed = out.with_suffix(".failed.json")
        exchange.write_plan(judged.plan, failed)
        first = "\n".join(f"  {v.code}: {v.message}" for v in judged.violations[:10])
        raise AuditFailed(
            "audit-failed",
            f"our own plan breaks {len(judged.violations)} rules; it was not written to {out} but to {failed}. This is "
            f"a bug of landport: please report it with the week and this file.\n{first}",
            tuple(v.code for v in judged.violations),
        )
    exchange.write_plan(judged.plan, out)
    return judged


def show(judged: Judged, scenario: Scenario, world: World, *, json: bool, quiet: bool) -> None:
    """Print the indicators of an audited plan, as tables or JSON."""
    if quiet and not json:
        return
    from landport import report

    indicators = report.indicators(judged.plan, scenario, world, violations=len(judged.violations))
    if json:
        common.print_json(report.as_json(indicators))
    else:
        report.show(common.stdout(), judged.plan, scenario, world, indicators, judged.violations)
