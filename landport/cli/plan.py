"""`landport plan`: tonight's plan of a week."""

from __future__ import annotations

import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landport import __version__
from landport.cli import common
from landport.errors import AuditFailed

if TYPE_CHECKING:
    from landport.app.planning import Order
    from landport.app.stages import Notify
    from landport.app.tonight import Judged
    from landport.model.scenario import Scenario, World
    from landport.report import Indicators


def run(
    week: common.Week,
    *,
    out: Annotated[Path, typer.Option(help="Where the plan goes (JSON).")],
    effort: common.Effort = None,
    limit: common.Seconds = None,
    seed: common.Seed = None,
    workers: common.Workers = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Plan a week: pack, route, assemble trains; audit the plan; write it; show the proof."""
    begun = time.perf_counter()
    settings = common.settings(verbose, quiet=quiet, log_json=log_json)
    chosen = common.chosen_effort(effort, settings.effort)
    from landport import exchange, report
    from landport.app.planning import Order
    from landport.reference import load

    exchange.expect_writable(out)
    exchange.expect_apart({"--out": out}, week)
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
            workers=common.chosen_workers(workers, settings.workers),
            version=__version__,
        )
        judged = make(scenario, world, order, out, notify)
    if quiet and not json:
        return
    indicators = report.indicators(judged.plan, scenario, world, violations=len(judged.violations))
    show(judged, scenario, world, indicators, json=json)
    if not json:
        typer.echo(f"\nplan written to {out}; next: landport report {week} {out} --html page.html")


def make(scenario: Scenario, world: World, order: Order, out: Path, notify: Notify) -> Judged:
    """Plan, audit and write.

    Raises
    ------
    AuditFailed
        `audit-failed`: the plan breaks a rule, which is our bug; plan and week are saved beside `out` for the report.
    """
    from landport import exchange
    from landport.app.tonight import tonight

    judged = tonight(scenario, world, order, notify)
    if judged.violations:
        failed, week = _kept_apart(out)
        exchange.write_scenario(scenario, week, world)
        exchange.write_plan(judged.plan, failed)
        first = "\n".join(f"  {v.code}: {v.message}" for v in judged.violations[:10])
        raise AuditFailed(
            "audit-failed",
            f"our own plan breaks {_rules(judged)}; it was not written to {out} but to {failed}, and its "
            f"week to {week}. This is a bug of landport: please report it with both.\n{first}",
            tuple(v.code for v in judged.violations),
        )
    exchange.write_plan(judged.plan, out)
    return judged


def _rules(judged: Judged) -> str:
    n = len({v.code for v in judged.violations})
    return "1 rule" if n == 1 else f"{n} rules"


def _kept_apart(out: Path) -> tuple[Path, Path]:
    """Name a failed plan and its week beside `out`, numbered so that none kept before is lost."""

    def names(n: int) -> tuple[Path, Path]:
        failed = ".failed" if n == 1 else f".failed-{n}"
        return out.with_suffix(f"{failed}.json"), out.with_suffix(f"{failed}.week")

    return next(pair for pair in map(names, count(1)) if not any(path.exists() for path in pair))


def show(judged: Judged, scenario: Scenario, world: World, indicators: Indicators, *, json: bool) -> None:
    """Print the indicators of an audited plan, as tables or JSON."""
    from landport import report

    if json:
        common.print_json(report.as_json(indicators))
    else:
        report.show(common.stdout(), judged.plan, scenario, world, indicators, judged.violations)
