"""Plan a week and have the plan judged before anybody sees it."""

from __future__ import annotations

from dataclasses import dataclass

from landport import audit
from landport.app.planning import Order, plan_week
from landport.app.stages import Notify
from landport.model.plans import Plan
from landport.model.scenario import Scenario, World


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan and what the independent auditor says of it (nothing, when it holds)."""

    plan: Plan
    violations: tuple[audit.Violation, ...]


def tonight(scenario: Scenario, world: World, order: Order, notify: Notify = lambda stage: None) -> Judged:
    """Plan a week, then audit the plan."""
    plan = plan_week(scenario, world, order, notify)
    notify("audit")
    return Judged(plan, audit.check(plan, scenario, world))
