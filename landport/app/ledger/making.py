"""Use case plan: the week as it is now, planned again from the plan that counts; heavy, so done outside the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from landport import __version__, exchange
from landport.app.before import Again
from landport.app.ledger.committing import keep_plan
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.going_on import counting, has_left
from landport.app.ledger.holding import STILL
from landport.app.ledger.week import Now, scenario_now
from landport.app.planning import Order, expect_effort
from landport.app.stages import Notify
from landport.app.tonight import tonight
from landport.errors import AuditFailed
from landport.model.plans import Hand, Plan
from landport.model.scenario import Scenario, World
from landport.store import Tx, View

STOPPING: Final = ("CustomsHeld", "ContainerDamaged")
"""Exceptions with which a container cannot ride."""

MISSING: Final = ("CutOffMissed", "WagonBadOrdered", "WindowMissed")
"""Exceptions with which a container cannot ride one train."""

MOST_SECONDS: Final = 3_600
"""Wall seconds that a plan may be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """All that a worker needs to make a plan: data, no database.

    Parameters
    ----------
    again
        The plan that counts, to plan again from; None: plan afresh.
    """

    scenario: Scenario
    world: World
    order: Order
    again: Again | None


def task(
    ledger: Ledger,
    who: Principal,
    *,
    effort: str = "quick",
    seed: int = 0,
    seconds: int | None = None,
    workers: int = 1,
    hands: tuple[Hand, ...] = (),
    edit: Callable[[Scenario], Scenario] = lambda scenario: scenario,
) -> Task:
    """Read what a plan is made from now.

    Parameters
    ----------
    hands
        Decisions by hand; they need a plan that counts.
    edit
        Changes the week, for a repair.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `bad-option`.
    NotFound
        `no-week`.
    """
    who.expect_may("plan")
    order = Order(effort=effort, seed=seed, seconds=seconds, workers=workers, version=__version__)
    expect_effort(order)
    return ledger.store.read(who.tenant_id, lambda view: _task(ledger, view, order, hands, edit))


def _task(
    ledger: Ledger,
    view: View,
    order: Order,
    hands: tuple[Hand, ...],
    edit: Callable[[Scenario], Scenario],
) -> Task:
    now = scenario_now(ledger, view)
    edited = edit(now.scenario)
    scenario = now.scenario if edited == now.scenario else replace(edited, digest=exchange.digest(edited))
    again = _again(ledger, view, now, hands)
    return Task(scenario=scenario, world=ledger.world, order=order, again=again)


def _again(ledger: Ledger, view: View, now: Now, hands: tuple[Hand, ...]) -> Again | None:
    """Read the plan to plan again from; what went wrong since stands beside the decisions by hand."""
    _, previous = counting(ledger, view, now.week)
    if previous is None:
        return None
    return Again(
        previous=previous,
        digest=exchange.plan_digest(previous),
        freeze_minutes=ledger.settings.freeze_minutes,
        change_usd_cents=ledger.settings.change_usd_cents,
        hands=tuple(dict.fromkeys((*hands, *_standing(now, previous, hands)))),
        taken=tuple(now.containers),
    )


def _standing(now: Now, previous: Plan, hands: tuple[Hand, ...]) -> list[Hand]:
    """Say what containers cannot do as they are: ride at all, or ride a train they missed or lost the wagon of."""
    booked = {b.booking_id for b in now.scenario.bookings}
    there = {b.container_id for b in previous.containers if booked.issuperset(b.booking_ids)}
    decided = {h.container_id for h in hands if h.container_id}
    found = []
    for container_id in sorted(there & now.containers.keys() - decided):
        state = now.containers[container_id]
        if has_left(state) or state.status not in STILL:
            continue
        if any(state.has_open(name) for name in STOPPING):
            found.append(Hand(container_id=container_id, departure_id="", what="ban"))
            continue
        off = {e.departure_id for e in state.exceptions if e.type in MISSING and e.departure_id}
        found += [Hand(container_id=container_id, departure_id=d, what="ban") for d in sorted(off)]
    return found


def made(task: Task, notify: Notify = lambda stage: None) -> Plan:
    """Make a plan and have it judged.

    Raises
    ------
    AuditFailed
        `audit-failed`: the plan breaks a rule, which is our bug.
    """
    judged = tonight(task.scenario, task.world, task.order, notify, again=task.again)
    if judged.violations:
        said = "; ".join(f"{v.code}: {v.message}" for v in judged.violations[:5])
        codes = tuple(dict.fromkeys(v.code for v in judged.violations))
        raise AuditFailed("audit-failed", f"our own plan breaks {len(codes)} rules; this is our bug. {said}", codes)
    return judged.plan


def keep(who: Principal, plan: Plan, scenario: Scenario) -> Command:
    """Store a plan that was made, to be looked at and committed.

    Returns
    -------
    Command
        Answers what is known of it: digest, cost, bound, counts.
    """
    who.expect_may("plan")

    def command(tx: Tx) -> dict[str, Any]:
        return summary(keep_plan(tx, plan, scenario), plan)

    return command


def summary(digest: str, plan: Plan) -> dict[str, Any]:
    """Say what matters of a plan in a few numbers."""
    stage = next((s for s in plan.stages if s.name == "assemble"), None)
    return {
        "plan_digest": digest,
        "name": plan.name,
        "effort": plan.effort,
        "seed": plan.seed,
        "usd_cents": stage.cost if stage else 0,
        "bound_usd_cents": stage.bound if stage else 0,
        "n_containers": len(plan.containers),
        "n_left": len(plan.left),
        "n_trains": sum(run.status == "run" for run in plan.runs),
        "is_replan": plan.replanned is not None,
    }
