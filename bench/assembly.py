"""Assembly: branch and bound against HiGHS on the same program, both with one thread.

    python -m bench.assembly [--scale 1.0] [--times 4] [--effort 10] [--seconds 0]

HiGHS gets the whole mixed-integer program (minimum loads of all riders, 20-ft boxes without mates: the easier one) and
`times` the CPU seconds that ours took. Plans are compared before wagons are loaded.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import highspy
import numpy as np
from scipy import sparse

from landport import assemble
from landport.app import demo, stages
from landport.assemble import flow, rides
from landport.assemble.batches import batches, problem_of
from landport.assemble.growth import grown
from landport.assemble.hot import as_lp, quiet
from landport.assemble.program import Columns, columns
from landport.assemble.restart import Basis
from landport.model.itinerary import Dues, Ways
from landport.model.plans import PlannedContainer
from landport.model.result import Limit
from landport.reference import load


def program(scale: float, limit: Limit) -> tuple[Columns, Basis | None, float]:
    """Lay out the program of the demo week, ways brought in by price; answer it, its basis, and the CPU seconds."""
    world = load.world()
    scenario = demo.generate(world, week=date(2022, 7, 18), seed=1, scale=scale)
    week = stages.lay_out(scenario, world)
    gathered = stages.gather(week)
    loads = stages.load(week, gathered, limit=Limit(), seed=1)
    boxes = stages.containers(week, gathered, loads.plan)
    found = stages.ways(week, boxes, limit=Limit(), seed=1)
    resources = assemble.Resources(week.pricing, scenario.supply, scenario.start_at, scenario.hub_id, scenario.now_at)
    limit = limit if limit.seconds is None else replace(limit, stopwatch=_since(time.process_time()))
    began = time.process_time()
    problem = problem_of(batches(boxes, found.plan.choices, resources), resources, scenario.orders, {})

    def priced_ways(some: Sequence[PlannedContainer], dues: Dues) -> Ways:
        return stages.ways(week, some, limit=Limit(), seed=1, dues=dues).plan

    problem, basis = grown(problem, priced_ways, limit, 1)
    return columns(problem), basis, time.process_time() - began


def _since(began: float) -> Callable[[], float]:
    return lambda: time.process_time() - began


def highs(c: Columns, seconds: float) -> tuple[float, float]:
    """Give HiGHS the whole program; answer cost (or NaN) and bound in cents."""
    scale, (low, high) = rides.row_scale(c), rides.sides(c)
    solver = quiet({"mip_rel_gap": 1e-4, "time_limit": seconds}, 1)
    matrix = (sparse.diags(scale) @ c.matrix).tocsc()
    costs = np.multiply(c.cost, rides.COST_SCALE, dtype=np.float64)
    solver.passModel(
        as_lp(costs, c.lower.astype(float), c.upper.astype(float), matrix, low * scale, high * scale, whole=True)
    )
    solver.run()
    info = solver.getInfo()
    is_there = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    cost = info.objective_function_value if is_there else np.nan
    return cost / rides.COST_SCALE, info.mip_dual_bound / rides.COST_SCALE


def main() -> None:
    """Solve the same program twice and print cost, bound and CPU seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--times", type=float, default=4.0, help="CPU seconds of HiGHS, times ours; 0: leave it out")
    parser.add_argument("--effort", type=int, default=10, help="1: quick, 10: normal, 100: full")
    parser.add_argument("--seconds", type=float, default=0.0, help="CPU seconds for ways and branching; 0: no limit")
    args = parser.parse_args()
    limit = Limit(effort=args.effort, seconds=args.seconds or None)
    c, basis, grew = program(args.scale, limit)
    print(f"assembly of the demo week, scale {args.scale:g}: {c.n_options} rides of {c.n_batches} batches,")
    print(f"  {c.n_trains} trains, {c.matrix.shape[0]} rows, {c.links.shape[0]} links;", end=" ")
    n_boxes = int(c.upper[c.n_options : c.n_options + c.n_batches].sum())
    print(f"{n_boxes} containers; ways came in for {grew:.1f} CPU s")
    began = time.process_time()
    left = None if limit.seconds is None else max(0.0, limit.seconds - grew)
    limit = replace(limit, seconds=left, stopwatch=_since(began))
    ours = flow.solve(c, limit=limit, seed=1, before=basis)
    spent = time.process_time() - began
    _line("ours", float(c.cost @ ours.x), float(ours.bound), spent)
    if args.times:
        began = time.process_time()
        cost, bound = highs(c, args.times * spent)
        _line("HiGHS", cost, bound, time.process_time() - began)


def _line(name: str, cost: float, bound: float, spent: float) -> None:
    print(
        f"  {name:6} cost {cost / 1e8:8.4f}, bound {bound / 1e8:8.4f} M USD, "
        f"gap {(cost - bound) / cost:.2%}, {spent:.1f} CPU s"
    )


if __name__ == "__main__":
    main()
