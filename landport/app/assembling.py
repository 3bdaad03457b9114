"""The plain assembly format: plan a folder's case and have the plan judged before anybody sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landport.app.stages import Notify
from landport.assemble import plain
from landport.model.plain_assembly import PlainCase, PlainPlan
from landport.model.result import Limit, Result

if TYPE_CHECKING:
    from landport import audit

EFFORT = 1
"""Effort where nobody says how long it may take."""

EFFORT_IN_TIME = 1_000_000
"""Effort where seconds are given: they end it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssembleOrder:
    """How hard to try.

    Parameters
    ----------
    effort
        None: `EFFORT`, or `EFFORT_IN_TIME` where seconds are given.
    seconds, stopwatch
        Wall seconds, or None: effort alone decides; and what measures them.
    """

    effort: int | None = None
    seconds: float | None = None
    stopwatch: Callable[[], float] | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """A plan and what the independent auditor says of it (nothing, when it holds)."""

    case: PlainCase
    result: Result[PlainPlan]
    violations: tuple[audit.Violation, ...]


def assemble(case: PlainCase, order: AssembleOrder, notify: Notify = lambda stage: None) -> Assembled:
    """Plan a case, then audit the plan."""
    notify("assemble")
    effort = order.effort or (EFFORT if order.seconds is None else EFFORT_IN_TIME)
    limit = Limit(effort=effort, seconds=order.seconds, stopwatch=order.stopwatch)
    result = plain.plan(case, limit=limit, seed=order.seed)
    notify("audit")
    return judged(case, result)


def judged(case: PlainCase, result: Result[PlainPlan]) -> Assembled:
    """Audit a plan of a case, whoever made it."""
    from landport import audit

    violations = audit.check_plain(result.plan, case, cost_micros=result.cost, bound_micros=result.bound)
    return Assembled(case=case, result=result, violations=violations)
