"""`landport demo`: a whole week to try everything on."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landport import __version__
from landport.app.settings import MOST_SEED
from landport.cli import common
from landport.errors import InputError

if TYPE_CHECKING:
    from landport.app.stages import Notify
    from landport.model.plans import Plan
    from landport.model.scenario import Scenario

SCRIPT = Path(".venv/bin/landport")
"""Where `make` puts the command."""


def run(
    *,
    week: Annotated[str, typer.Option(help="Monday the week starts on.")] = "2022-07-18",
    seed: Annotated[int, typer.Option(min=0, max=MOST_SEED, help="Seed of the invented bookings and of the plan.")] = 1,
    scale: Annotated[float, typer.Option(min=0.001, max=1000.0, help="Freight times this. Above 1 trains, too.")] = 1.0,
    out: Annotated[Path, typer.Option(help="Folder for week/, plan.json and page.html.")] = Path("out/demo"),
    effort: Annotated[str, typer.Option(help="quick, normal or full.")] = "quick",
    db: Annotated[
        str | None, typer.Option(help="Database to make with the week booked and its plan committed. Default: none.")
    ] = None,
    workers: common.Workers = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Invent a week from published totals, plan it, audit it, and write the page."""
    begun = time.perf_counter()
    settings = common.settings(verbose, quiet=quiet, log_json=log_json)
    chosen = common.chosen_effort(effort, "quick")
    monday = _monday(week)
    from landport import audit, exchange, report
    from landport.app import demo
    from landport.app.planning import Order
    from landport.cli import plan as planning
    from landport.reference import load

    for name in ("plan.json", "page.html"):
        exchange.expect_writable(out / name)
    world = load.world()
    if db is not None:
        _expect_room(db, out)
    with common.progress(quiet=quiet or json) as notify:
        notify("invent the week")
        invented = demo.generate(world, week=monday, seed=seed, scale=scale)
        exchange.write_scenario(invented, out / "week", world)
        for name in ("page.html", "plan.json"):  # of the week that was there before
            (out / name).resolve().unlink(missing_ok=True)  # a link stays
        notify("read it back")
        scenario, remarks = exchange.read_scenario(out / "week", world)
        common.show_remarks(remarks)
        order = Order(
            effort=chosen,
            seed=seed,
            stopwatch=lambda: time.perf_counter() - begun,
            workers=common.chosen_workers(workers, settings.workers),
            version=__version__,
        )
        judged = planning.make(scenario, world, order, out / "plan.json", notify)
        notify("page")
        indicators = report.indicators(judged.plan, scenario, world, violations=len(judged.violations))
        page = report.page(judged.plan, scenario, world, indicators, judged.violations)
        with exchange.whole_file(out / "page.html") as part:
            part.write_text(page, encoding="utf-8")
        if db is not None:
            _keep(db, scenario, judged.plan, notify)
    if quiet and not json:
        return
    planning.show(judged, scenario, world, indicators, json=json)
    if not json:
        typer.echo(_next(out, db, len(audit.RULES), time.perf_counter() - begun))


def _monday(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoweekday() != 1 or not 1900 <= day.year < 2200:
        raise InputError(
            "bad-option", f"--week {text}: expected a Monday from 1900 to 2199, such as 2022-07-18", ("--week",)
        )
    return day


def _expect_room(db: str, out: Path) -> None:
    """See that the database can be made, before a minute is spent on the plan."""
    from landport.store import backup

    out.mkdir(parents=True, exist_ok=True)
    with backup.room_for(db, "landport demo"):
        pass


def _keep(db: str, scenario: Scenario, plan: Plan, notify: Notify) -> None:
    from landport.app.ledger.demo import keep_demo
    from landport.store import backup

    with backup.made_anew(db, "landport demo") as url:
        keep_demo(url, scenario, plan, notify)


def _next(out: Path, db: str | None, rules: int, seconds: float) -> str:
    """Say what to try next, what each command does in one column."""
    commands = {
        f"open {out / 'page.html'}": "the week on one page",
        f"landport check {out / 'week'} {out / 'plan.json'}": "judge the plan again",
        **({f"landport serve --demo --db {db}": "the API over it, on the week's clock"} if db else {}),
        "landport init my-week": "a week of your own, with example rows",
        "landport plan my-week --out my-plan.json --effort normal": "and its plan",
    }
    width = max(map(len, commands))
    where = f" (landport is {SCRIPT} here)" if _runs_from(SCRIPT) else ""
    lines = [f"{seconds:.0f} s; {rules} rules audited. To try next{where}:"]
    lines += [f"  {command:{width}}    {meaning}" for command, meaning in commands.items()]
    return "\n" + "\n".join(lines)


def _runs_from(script: Path) -> bool:
    """Tell whether the command that runs is this file of the working folder."""
    try:
        return script.samefile(sys.argv[0])
    except OSError:  # one of them is not there
        return False
