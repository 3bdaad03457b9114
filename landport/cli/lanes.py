"""`landport lanes`: lane by lane, run direct or assemble at the hub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landport.cli import common
from landport.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from landport.assemble.lanes import Studied
    from landport.model.lanes import CurvePoint, LaneAnswer, LaneDemand, LaneStudy, PolicyTotal
    from landport.model.scenario import Scenario, World

MOST_DAYS = 60
SHOWN = 25
"""Lanes that the table has, those that send most; a file and `--json` have all."""

POLICY = {"hub": "all by the hub", "direct": "all direct", "mix": "the mix"}


def run(
    week: common.Week,
    *,
    demand: Annotated[
        Path | None,
        typer.Option(help="Lanes from this file: from, to, teu_per_week, promise_days. Default: the week's bookings."),
    ] = None,
    promise: Annotated[
        float | None, typer.Option(help="Days that freight waits at most before it leaves, 0.5 to 60.")
    ] = None,
    origin: Annotated[str, typer.Option("--from", help="Tell of lanes from this place only.")] = "",
    destination: Annotated[str, typer.Option("--to", help="Tell of lanes to this place only.")] = "",
    csv: Annotated[Path | None, typer.Option(help="Write one row a lane here (CSV).")] = None,
    seed: common.Seed = None,
    json: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_json: common.LogJson = False,
) -> None:
    """Say lane by lane whether to run it direct or to assemble it at the hub, with cost, waiting and break-even."""
    settings = common.settings(verbose, quiet=quiet, log_json=log_json)
    from landport import exchange
    from landport.app import lanes
    from landport.reference import load

    minutes = round(_promise(promise, lanes.PROMISE_DAYS) * 1440)
    if csv is not None:
        exchange.expect_writable(csv)
        exchange.expect_apart({"--csv": csv}, week)
        if demand is not None:
            exchange.expect_unread({"--csv": csv}, {"demand": demand})
    world = load.world()
    with common.progress(quiet=quiet or json) as notify:
        notify("read")
        scenario, remarks = exchange.read_scenario(week, world)
        common.show_remarks(remarks)
        places = [world.network.places.resolve(text).place_id if text else "" for text in (origin, destination)]
        order = lanes.LaneOrder(
            demands=_demands(demand, world, minutes),
            promise_minutes=minutes,
            seed=settings.seed if seed is None else seed,
        )
        studied = lanes.judge(scenario, world, order, notify)
    told = _told(studied.study, scenario, places)
    curves = {lane.demand.lane_id: studied.curve(lane.demand.lane_id) for lane in told} if any(places) else {}
    if csv is not None:
        _write(csv, studied.study)
    if json:
        common.print_json(_document(studied, told, curves))
    elif not quiet:
        show(common.stdout(), studied.study, told, curves)
        if csv is not None:
            typer.echo(f"lanes written to {csv}")


def _promise(days: float | None, usual: int) -> float:
    if days is None:
        return usual
    if not 0.5 <= days <= MOST_DAYS:
        raise InputError("bad-option", f"--promise {days:g}: expected 0.5 to {MOST_DAYS} days", ("--promise",))
    return days


def _demands(path: Path | None, world: World, promise_minutes: int) -> tuple[LaneDemand, ...] | None:
    from landport import exchange

    if path is None:
        return None
    demands, remarks = exchange.read_lane_demand(path, world.network.places, promise_minutes=promise_minutes)
    common.show_remarks(remarks)
    return demands


def _told(study: LaneStudy, scenario: Scenario, places: Sequence[str]) -> list[LaneAnswer]:
    """Choose the lanes that are asked for.

    Raises
    ------
    InputError
        `bad-option`: there is none.
    """
    from_id, to_id = places
    told = [lane for lane in study.lanes if from_id in ("", lane.demand.from_id) and to_id in ("", lane.demand.to_id)]
    if told or not any(places):
        return told
    left = [u for u in study.unjudged if (u.demand.from_id, u.demand.to_id) == (from_id, to_id)]
    why = f"nothing is said of it: {left[0].why}" if left else f"{scenario.name or 'the week'} has no such lane"
    options = [f"{name} {place_id}" for name, place_id in zip(("--from", "--to"), places, strict=True) if place_id]
    raise InputError("bad-option", f"{' '.join(options)}: {why}", tuple(o.partition(" ")[0] for o in options))


def _write(path: Path, study: LaneStudy) -> None:
    from landport import exchange, report

    names = [field.name for field in fields(report.LaneRow)]
    exchange.write_list(path, [names, *map(astuple, report.lane_rows(study))])


def _document(
    studied: Studied, told: Sequence[LaneAnswer], curves: dict[str, tuple[CurvePoint, ...]]
) -> dict[str, object]:
    study = studied.study
    return {
        "hub_id": study.hub_id,
        "verdict": study.verdict,
        "recommended": study.recommended,
        "totals": study.totals,
        "bound_usd_cents": study.bound_usd_cents,
        "lanes": told,
        "curves": curves,
        "trains": [study.trains[t] for t in sorted(_train_ids(told)) if t],
        "unjudged": study.unjudged,
        "rates": study.rates,
        "seed": study.seed,
        "n_weeks": study.n_weeks,
        "n_runs": study.n_runs,
    }


def _train_ids(told: Sequence[LaneAnswer]) -> set[str]:
    courses = [c for lane in told for c in (lane.direct_course, lane.hub_course) if c is not None]
    return {train_id for c in courses for train_id in (c.feeder_id, c.trunk_id)}


def show(
    console: Console,
    study: LaneStudy,
    told: Sequence[LaneAnswer],
    curves: dict[str, tuple[CurvePoint, ...]],
) -> None:
    """Print the verdict, the policies, the lanes and what the figures rest on."""
    console.print(study.verdict)
    console.print()
    console.print(_policies(study))
    mix = next(total for total in study.totals if total.name == "mix")
    gap = (mix.closed_form_usd_cents - study.bound_usd_cents) / max(1, mix.closed_form_usd_cents)
    console.print(
        f"By formula the mix costs {mix.closed_form_usd_cents / 100:,.0f} USD a week; no choice of lanes costs less "
        f"than {study.bound_usd_cents / 100:,.0f} ({100 * gap:.1f} %)."
    )
    console.print()
    ranked = sorted(told, key=lambda lane: (-lane.demand.teu_milli, lane.demand.lane_id))
    console.print(_lanes(ranked[:SHOWN]))
    for lane in ranked[:SHOWN]:
        console.print(f"{lane.sentence}.", soft_wrap=True)
    if len(ranked) > SHOWN:
        console.print(f"and {len(ranked) - SHOWN} more lanes, which --csv and --json list")
    if study.unjudged:
        console.print(_unjudged(study), soft_wrap=True)
    for lane_id, points in curves.items() if len(curves) == 1 else ():
        console.print()
        console.print(_curve(lane_id, points))
    console.print()
    console.print(
        f"{study.n_runs} runs of {study.n_weeks} weeks, seed {study.seed}; ± is half of a 95 % interval. Rests on:"
    )
    for rate in study.rates:
        console.print(f"  {rate.rate_id} {rate.milli / 1000:g} {rate.unit} ({rate.confidence})", soft_wrap=True)


def _unjudged(study: LaneStudy) -> str:
    left, n = study.unjudged[0], len(study.unjudged)
    head = "nothing is said of 1 lane:" if n == 1 else f"nothing is said of {n} lanes, such as"
    return f"{head} {left.demand.lane_id}: {left.why}"


def _table(*names: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for n, name in enumerate(names):
        table.add_column(name, justify="left" if n == 0 else "right")
    return table


def _policies(study: LaneStudy) -> Table:
    table = _table("a week", "USD", "±", "more", "±", "trains", "wait", "longest", "direct", "hub")
    for total in study.totals:
        table.add_row(*_policy(total))
    return table


def _policy(total: PolicyTotal) -> list[str]:
    money = (total.usd_cents, total.error_usd_cents, total.more_usd_cents, total.more_error_usd_cents)
    return [
        POLICY[total.name],
        *(f"{cents / 100:,.0f}" for cents in money),
        f"{total.trains_per_week_milli / 1000:.1f}",
        f"{total.dwell_minutes / 1440:.1f} d",
        f"{total.longest_wait_minutes / 1440:.1f} d",
        str(total.n_direct),
        str(total.n_hub),
    ]


def _lanes(lanes: Sequence[LaneAnswer]) -> Table:
    table = _table(
        "lane", "TEU", "do", "direct USD", "hub USD", "days", "days", "fill", "fill", "even TEU", "even days"
    )
    for lane in lanes:
        even = lane.breakeven_teu_milli, lane.breakeven_promise_minutes
        table.add_row(
            lane.demand.lane_id,
            f"{lane.demand.teu_milli / 1000:,.1f}",
            lane.chosen,
            *(_of(got is not None and f"{got.usd_cents_per_teu / 100:,.0f}") for got in (lane.direct, lane.hub)),
            *(_of(got is not None and f"{got.transit_minutes / 1440:.1f}") for got in (lane.direct, lane.hub)),
            *(_of(got is not None and f"{got.fill_milli / 10:.0f} %") for got in (lane.direct, lane.hub)),
            "–" if even[0] is None else f"{even[0] / 1000:,.0f}",
            "–" if even[1] is None else f"{even[1] / 1440:,.1f}",
        )
    return table


def _of(text: str | bool) -> str:
    return text if isinstance(text, str) else "–"


def _curve(lane_id: str, points: Sequence[CurvePoint]) -> Table:
    table = _table(f"{lane_id}: TEU a week", "direct USD a TEU", "hub USD a TEU", "cheaper")
    for point in points:
        costs = point.direct_usd_cents_per_teu, point.hub_usd_cents_per_teu
        table.add_row(
            f"{point.teu_milli / 1000:,.1f}",
            *(f"{cents / 100:,.0f}" for cents in costs),
            "direct" if costs[0] <= costs[1] else "hub",
        )
    return table
