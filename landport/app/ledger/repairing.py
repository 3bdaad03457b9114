"""Use case repair: a task gets the cheapest plan made again, which a planner accepts or dismisses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from landport import track
from landport.app.before import rides_of
from landport.app.ledger import reads
from landport.app.ledger.committing import Committed, commit, keep_plan
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.going_on import counting
from landport.errors import Conflict
from landport.model.events import Draft
from landport.model.plans import Plan
from landport.model.scenario import Scenario
from landport.model.troubles import RepairProposed, TaskClosed
from landport.store import Tx, View
from landport.track.states import TaskState

OPEN: Final = ("open", "proposed")
"""Statuses of a task that somebody has to see to."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a re-plan does to the plan before.

    Parameters
    ----------
    usd_cents
        What it costs more; lateness and what stays are weighed as plans do, changing is not.
    moved, left
        Containers that ride otherwise, and those that stay though they rode before.
    """

    usd_cents: int
    moved: tuple[str, ...]
    left: tuple[str, ...]


def change(before: Plan, after: Plan) -> Change:
    """Compare a re-plan with the plan before."""
    rode, rides = rides_of(before.rides), rides_of(after.rides)
    trips = {c: [(r.departure_id, r.from_id, r.to_id) for r in its] for c, its in rides.items()}
    was = {
        b.container_id: [(r.departure_id, r.from_id, r.to_id) for r in rode.get(b.container_id, ())]
        for b in before.containers
    }
    stays = {b.container_id for b in after.containers}
    moved = [c for c, its in was.items() if c in trips and trips[c] != its]
    left = [c for c, its in was.items() if its and c in stays and c not in trips]
    return Change(_cost(after) - _cost(before), tuple(sorted(moved)), tuple(sorted(left)))


def _cost(plan: Plan) -> int:
    return sum(c.usd_cents for c in plan.charges if c.kind != "change")


def expect_open(view: View, who: Principal, task_id: str) -> TaskState:
    """Read a task that is not closed.

    Raises
    ------
    NotFound
        `unknown-task`.
    Conflict
        `task-closed`.
    """
    task = reads.task(view, who, task_id)
    if task.status not in OPEN:
        raise Conflict("task-closed", f"task {task_id} is closed: {task.how}", (task_id,))
    return task


def propose(ledger: Ledger, who: Principal, task_id: str, plan: Plan, scenario: Scenario) -> Command:
    """Keep a plan made again as the proposal of a task.

    Returns
    -------
    Command
        Answers the state of the task.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-task`.
    Conflict
        In the command: `task-closed`.
    """
    who.expect_may("plan")

    def command(tx: Tx) -> TaskState:
        task = expect_open(tx, who, task_id)
        week = reads.open_week(tx)
        before = counting(ledger, tx, week)[1] if week else None
        found = change(before, plan) if before else Change(0, (), ())
        fact = RepairProposed(
            plan_digest=keep_plan(tx, plan, scenario),
            usd_cents=found.usd_cents,
            n_moved=len(found.moved),
            n_left=len(found.left),
            text=_words(found, task),
        )
        tx.append([_draft(ledger, task_id, fact)])
        return reads.task(tx, who, task_id)

    return command


def repair(ledger: Ledger, who: Principal, task_id: str) -> Command:
    """Accept the proposal of a task: commit its plan, and close the task.

    Returns
    -------
    Command
        Answers `Committed`.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        `unknown-task`.
    Conflict
        `task-closed`, `no-proposal`; in the command also `stale-plan`.
    """
    who.expect_may("plan")
    task = ledger.store.read(who.tenant_id, lambda view: expect_open(view, who, task_id))
    if not task.plan_digest:
        raise Conflict("no-proposal", f"nothing is proposed for task {task_id} yet: ask for a repair first", (task_id,))
    committing = commit(ledger, who, task.plan_digest)

    def command(tx: Tx) -> Committed:
        if expect_open(tx, who, task_id).plan_digest != task.plan_digest:
            raise Conflict("changed-meanwhile", f"task {task_id} has another proposal by now: read it", (task_id,))
        done: Committed = committing(tx)
        if reads.task(tx, who, task_id).status != "closed":
            tx.append([_draft(ledger, task_id, TaskClosed(how="repaired", why=f"plan {task.plan_digest[:12]}"))])
        return done

    return command


def dismiss(ledger: Ledger, who: Principal, task_id: str, *, why: str = "") -> Command:
    """Close a task without a repair.

    Returns
    -------
    Command
        Answers the state of the task.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-task`.
    Conflict
        In the command: `task-closed`.
    """
    who.expect_may("plan")

    def command(tx: Tx) -> TaskState:
        expect_open(tx, who, task_id)
        tx.append([_draft(ledger, task_id, TaskClosed(how="dismissed", why=why))])
        return reads.task(tx, who, task_id)

    return command


def _draft(ledger: Ledger, task_id: str, fact: Any) -> Draft:
    return Draft(
        stream=f"task/{task_id}",
        type=type(fact).__name__,
        payload=track.payload_of(fact),
        happened_at=ledger.clock(),
    )


def _words(found: Change, task: TaskState) -> str:
    """Say what a proposal does, first of all to those whom the task is about."""
    mine = {s.partition("/")[2] for s in task.about if s.startswith("container/")}
    own, moved = sorted(mine.intersection(found.moved)), len(found.moved)
    dearer = "dearer" if found.usd_cents >= 0 else "cheaper"
    cost = f"{abs(found.usd_cents) / 100:,.0f} USD {dearer}"
    if not moved and not found.left:
        return f"nothing has to move; {cost}"
    parts = [f"{moved} containers ride otherwise" if moved != 1 else "1 container rides otherwise"]
    parts += [f"{len(own)} of them of this task"] if own else []
    parts += [f"{len(found.left)} stay"] if found.left else []
    return f"{', '.join(parts)}; {cost}"
