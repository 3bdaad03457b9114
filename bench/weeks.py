"""The main job: CPU seconds by stage, peak memory, bounds and what waits, on the demo week.

    python -m bench.weeks [--scale 1.0] [--effort quick]

Kernels are compiled and cached before the clock starts.
"""

from __future__ import annotations

import argparse
import resource
import time
from datetime import date
from itertools import pairwise

from landport import audit
from landport.app import demo
from landport.app.planning import Order, plan_week
from landport.reference import load


def main() -> None:
    """Plan one week and print what each stage took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--effort", default="quick")
    args = parser.parse_args()
    world = load.world()
    plan_week(demo.generate(world, week=date(2022, 7, 18), seed=1, scale=0.02), world, Order())  # compile
    marks: list[tuple[str, float]] = [("generate", time.process_time())]

    def notify(stage: str) -> None:
        marks.append((stage, time.process_time()))

    scenario = demo.generate(world, week=date(2022, 7, 18), seed=1, scale=args.scale)
    plan = plan_week(scenario, world, Order(effort=args.effort, seed=1), notify)
    notify("audit")
    violations = audit.check(plan, scenario, world)
    notify("end")
    print(f"demo week, scale {args.scale:g}, effort {args.effort}: {len(scenario.bookings)} bookings,")
    print(
        f"  {sum(i.count for i in scenario.items)} pieces, {len(plan.containers)} containers, {len(plan.runs)} trains"
    )
    for (stage, began), (_, ended) in pairwise(marks):
        print(f"  {stage:12} {ended - began:8.2f} CPU s")
    print(f"  {'all':12} {marks[-1][1] - marks[0][1]:8.2f} CPU s")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    for stage in plan.stages:
        print(f"  {stage.name:12} {stage.cost} {stage.unit}, bound {stage.bound}, stopped: {stage.stopped}")
    boxes = {x.container_id for x in plan.left if x.container_id}
    print(f"  left behind {len(boxes)} containers; {len(violations)} violations")


if __name__ == "__main__":
    main()
