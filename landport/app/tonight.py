"""Plan a week and have the plan judged before anybody sees it."""

from __future__ import annotations

from dataclasses import dataclass

from landport import audit
from landport.app.before import Again
from landport.app.planning import Order, plan_week
from landport.app.replanning import plan_again
from landport.app.stages import Notify
from landport.model.plans import Plan
from landport.model.scenario import Scenario, World


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan and what the independent auditor says of it (nothing, when it holds)."""

    plan: Plan
    violations: tuple[audit.Violation, ...]


def tonight(
    scenario: Scenario,
    world: World,
    order: Order,
    notify: Notify = lambda stage: None,
    *,
    again: Again | None = None,
) -> Judged:
    """Plan a week, then audit the plan; with `again` from a plan before, which the auditor gets, too."""
    if again is None:
        plan = plan_week(scenario, world, order, notify)
    else:
        plan = plan_again(scenario, world, order, again, notify)
    notify("audit")
    return Judged(plan, audit.check(plan, scenario, world, None if again is None else again.previous))
