"""Re-planning: the demo week with one train cancelled, planned again from its plan, against a plan made afresh.

    python -m bench.replan [--scale 1.0] [--freeze 24] [--change-cost 500] [--trains 1] [--no-fresh]

Each of the fullest `trains` that leave after the freeze is cancelled alone. Said are seconds, the share of untouched
containers (not on that train) that ride as before, the audit's word, and the cost without change weights against that
of the same week planned afresh. Kernels are compiled and cached before the clock starts.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from landport import audit, exchange, report
from landport.app import demo
from landport.app.before import Again
from landport.app.planning import Order, plan_week
from landport.app.replanning import plan_again
from landport.model.plans import Plan
from landport.model.scenario import Scenario, World
from landport.model.services import DepartureNote
from landport.reference import load


@dataclass(frozen=True, slots=True)
class Run:
    """One re-plan: seconds, how much stayed, what it costs.

    Parameters
    ----------
    n_touched, n_kept, n_others
        Containers on the cancelled train; of the others those that ride as before, and all.
    usd_cents
        Without change weights.
    """

    train: str
    wall_s: float
    cpu_s: float
    n_touched: int
    n_kept: int
    n_others: int
    n_violations: int
    usd_cents: int


def cancelled(scenario: Scenario, train: str) -> Scenario:
    """Take a departure out of a week."""
    rest = tuple(n for n in scenario.departures if n.departure_id != train)
    note = DepartureNote(departure_id=train, service_id=train.partition("@")[0], status="cancelled")
    return replace(scenario, departures=(*rest, note), digest="0" * 12)


def fullest(plan: Plan, after: int, most: int) -> list[str]:
    """Name the hub trains with most containers, of those whose riders all leave after a minute."""
    run = {r.departure_id for r in plan.runs if r.status == "run"}
    first: dict[str, int] = {}
    count: Counter[str] = Counter()
    for ride in plan.rides:
        if ride.departure_id in run:
            first[ride.departure_id] = min(first.get(ride.departure_id, ride.departs_at), ride.departs_at)
            count[ride.departure_id] += 1
    late = [d for d in count if first[d] >= after]
    return sorted(late, key=lambda d: (-count[d], d))[:most]


def cost(plan: Plan) -> int:
    """Add up what a plan is charged, but for weights of changes."""
    return sum(c.usd_cents for c in plan.charges if c.kind != "change")


def replan(plan: Plan, scenario: Scenario, world: World, train: str, freeze: int, change_usd_cents: int) -> Run:
    """Cancel a train and plan again."""
    week = cancelled(scenario, train)
    again = Again(
        previous=plan,
        digest=exchange.plan_digest(plan),
        freeze_minutes=freeze,
        change_usd_cents=change_usd_cents,
    )
    began = time.perf_counter(), time.process_time()
    new = plan_again(week, world, Order(seed=1), again)
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    touched = {r.subject_id for r in plan.rides if r.departure_id == train}
    moved = {c.was_id for c in report.compare(plan, new).containers}
    others = [b.container_id for b in plan.containers if b.container_id not in touched]
    return Run(
        train=train,
        wall_s=wall,
        cpu_s=cpu,
        n_touched=len(touched),
        n_kept=sum(c not in moved for c in others),
        n_others=len(others),
        n_violations=len(audit.check(new, week, world, plan)),
        usd_cents=cost(new),
    )


def line(run: Run, fresh_cents: int | None) -> str:
    """Write a run down."""
    kept = f"{run.n_kept} of {run.n_others} others stay ({run.n_kept / max(1, run.n_others):.1%})"
    said = f"  {run.train}: {run.n_touched} touched, {kept}, {run.wall_s:.1f} s wall, {run.cpu_s:.1f} CPU s, "
    said += f"{run.n_violations} violations, {run.usd_cents / 1e8:.4f} M USD"
    if fresh_cents is None:
        return said
    return f"{said}, {run.usd_cents / fresh_cents - 1:+.2%} against {fresh_cents / 1e8:.4f} M USD afresh"


def main(arguments: Sequence[str] | None = None) -> None:
    """Plan the demo week, cancel trains one at a time, and print what planning again took and gave."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--freeze", type=int, default=24, help="hours")
    parser.add_argument("--change-cost", type=int, default=500, help="USD")
    parser.add_argument("--trains", type=int, default=1)
    parser.add_argument("--no-fresh", action="store_true", help="leave out the plans made afresh")
    args = parser.parse_args(arguments)
    world = load.world()
    plan_week(demo.generate(world, week=date(2022, 7, 18), seed=1, scale=0.02), world, Order())  # compile
    scenario = demo.generate(world, week=date(2022, 7, 18), seed=1, scale=args.scale)
    plan = plan_week(scenario, world, Order(seed=1))
    freeze = args.freeze * 60
    print(f"demo week, scale {args.scale:g}: {len(plan.containers)} containers, frozen {args.freeze} h, ", end="")
    print(f"a change weighs {args.change_cost} USD")
    for train in fullest(plan, scenario.now_at + freeze, args.trains):
        run = replan(plan, scenario, world, train, freeze, args.change_cost * 100)
        fresh = None if args.no_fresh else cost(plan_week(cancelled(scenario, train), world, Order(seed=1)))
        print(line(run, fresh), flush=True)


if __name__ == "__main__":
    main()
