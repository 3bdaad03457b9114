"""`landport plan`: tonight's plan of a week."""

from __future__ import annotations

import re
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landport import __version__
from landport.cli import common
from landport.errors import AuditFailed, InputError

if TYPE_CHECKING:
    from landport.app.before import Again
    from landport.app.planning import Order
    from landport.app.stages import Notify
    from landport.app.tonight import Judged
    from landport.model.plans import Hand
    from landport.model.scenario import Scenario, World
    from landport.report import Indicators

FREEZE = "24h"
"""How long is frozen, unless said otherwise."""

CHANGE_USD = 500
"""What moving a container weighs, unless said otherwise."""

MOST_USD = 1_000_000
"""Most that moving a container may weigh."""

SPAN = re.compile(r"(\d{1,5}) ?(min|h|d)")
"""A span of time as people write it."""

OF_REPLANS = ("packed-anew", "let-go", "withdrawn")
"""Remarks on what could not be kept."""


def run(
    week: common.Week,
    *,
    out: Annotated[Path, typer.Option(help="Where the plan goes (JSON).")],
    effort: common.Effort = None,
    limit: common.Seconds = None,
    seed: common.Seed = None,
    workers: common.Workers = None,
    before: Annotated[
        Path | None, typer.Option("--from", help="Plan again from this plan (JSON), changing as little as pays.")
    ] = None,
    freeze: Annotated[
        str | None, typer.Option(help="With --from: what leaves within 24h, 90min or 2d stays as it was. Default: 24h.")
    ] = None,
    change_cost: Annotated[
        float | None,
        typer.Option(min=0, max=MOST_USD, help="With --from: USD that it weighs to move a container. Default: 500."),
    ] = None,
    hands: Annotated[
        Path | None, typer.Option(help="With --from: pins and bans (CSV: container, departure, what).")
    ] = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Plan a week: pack, route, assemble trains; audit the plan; write it; show the proof. --from: plan again."""
    begun = time.perf_counter()
    settings = common.settings(verbose, quiet=quiet, log_json=log_json)
    chosen = common.chosen_effort(effort, settings.effort)
    from landport import exchange, report
    from landport.app.planning import Order
    from landport.reference import load

    exchange.expect_writable(out)
    exchange.expect_apart({"--out": out}, week, before)
    exchange.expect_unread({"--out": out}, {"table of --hands": hands})
    minutes = expect_options(before, freeze, change_cost, hands)
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
        again = again_from(before, scenario, world, minutes, change_cost, hands)
        judged = make(scenario, world, order, out, notify, again=again)
    if quiet and not json:
        return
    indicators = report.indicators(judged.plan, scenario, world, violations=len(judged.violations))
    show(judged, scenario, world, indicators, json=json)
    if not json:
        tell_changes(again, judged)
        typer.echo(f"\nplan written to {out}; next: landport report {week} {out} --html page.html")


def expect_options(before: Path | None, freeze: str | None, change_cost: float | None, hands: Path | None) -> int:
    """Read how long to freeze, in minutes; refuse options of re-planning without a plan before.

    Raises
    ------
    InputError
        `bad-option`.
    """
    given = {"--freeze": freeze, "--change-cost": change_cost, "--hands": hands}
    lonely = [name for name, value in given.items() if value is not None]
    if before is None and lonely:
        raise InputError("bad-option", f"{lonely[0]} is for planning again: add --from PLAN", (lonely[0],))
    found = SPAN.fullmatch(FREEZE if freeze is None else freeze.strip().lower())
    if found is None:
        raise InputError("bad-option", f"--freeze {freeze!r}: expected a span such as 24h, 90min or 2d", ("--freeze",))
    return int(found[1]) * {"min": 1, "h": 60, "d": 1440}[found[2]]


def again_from(
    before: Path | None, scenario: Scenario, world: World, minutes: int, change_cost: float | None, hands: Path | None
) -> Again | None:
    """Read the plan before, and the decisions by hand; None: the plan is made afresh."""
    from landport import exchange
    from landport.app.before import Again, dated

    if before is None:
        return None
    previous = exchange.read_plan(before)
    decided: tuple[Hand, ...] = ()
    if hands is not None:
        containers = {box.container_id for box in previous.containers}
        decided = exchange.read_hands(hands, containers=containers, departures=dated(scenario, world))
    return Again(
        previous=previous,
        digest=exchange.plan_digest(previous),
        freeze_minutes=minutes,
        change_usd_cents=round((CHANGE_USD if change_cost is None else change_cost) * 100),
        hands=decided,
    )


def tell_changes(again: Again | None, judged: Judged) -> None:
    """Say what changed from the plan before, and what of it could not be kept."""
    from landport import report

    if again is not None:
        typer.echo()
        report.show_differences(common.stdout(), report.compare(again.previous, judged.plan))
        common.show_remarks([r for r in judged.plan.remarks if r.code in OF_REPLANS])


def make(
    scenario: Scenario, world: World, order: Order, out: Path, notify: Notify, *, again: Again | None = None
) -> Judged:
    """Plan, audit and write.

    Raises
    ------
    AuditFailed
        `audit-failed`: the plan breaks a rule, which is our bug; plan and week are saved beside `out` for the report.
    """
    from landport import exchange
    from landport.app.tonight import tonight

    judged = tonight(scenario, world, order, notify, again=again)
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
