"""What events make of the states of a task and of a restriction order."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from landport.model.events import Event
from landport.track.states import OrderState, TaskState

TASK: Final = ("TaskOpened", "RepairProposed", "TaskClosed")
ORDER: Final = ("OrderIssued", "OrderLifted")


def fold_task(task_id: str, state: TaskState | None, event: Event, fact: Any) -> TaskState | None:
    """Fold one event into the state of a task; None: nothing is known of it still."""
    before = state or TaskState(task_id=task_id, status="open")
    if event.type == "TaskOpened":
        about = tuple(s for s in event.about if s != event.stream)
        cause = {"exception": fact.exception, "event_id": fact.event_id, "text": fact.text, "about": about}
        after = replace(before, status="open", opened_at=event.happened_at, **cause)
    elif event.type == "RepairProposed":
        plan = {"plan_digest": fact.plan_digest, "usd_cents": fact.usd_cents, "proposal": fact.text}
        after = replace(before, status="proposed", n_moved=fact.n_moved, n_left=fact.n_left, **plan)
    elif event.type == "TaskClosed":
        after = replace(before, status="closed", closed_at=event.happened_at, how=fact.how, why=fact.why)
    else:
        return replace(state, updated_at=event.recorded_at) if state else None
    return replace(after, updated_at=event.recorded_at)


def fold_order(order_id: str, state: OrderState | None, event: Event, fact: Any) -> OrderState | None:
    """Fold one event into the state of a restriction order; None: nothing is known of it still."""
    before = state or OrderState(order_id=order_id, status="in_force")
    if event.type == "OrderIssued":
        after = replace(before, status="in_force", order=fact, why="")
    elif event.type == "OrderLifted":
        after = replace(before, status="lifted", why=fact.why)
    else:
        return replace(state, updated_at=event.recorded_at) if state else None
    return replace(after, updated_at=event.recorded_at)
