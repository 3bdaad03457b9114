"""States read back typed, of what somebody may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeVar

from landport.app.ledger.desk import Principal, seen
from landport.app.ledger.projecting import PlanState, QuoteState, States, WeekState
from landport.store import View, states
from landport.track.states import ConsignmentState, ContainerState, OrderState, TaskState, TrainState, WagonState

T = TypeVar("T")

STATES: Final = States()
"""Reads documents of any kind."""


def consignment(view: View, who: Principal, consignment_id: str) -> ConsignmentState:
    """Read a consignment; `NotFound` `unknown-consignment` if it is not theirs to see."""
    return _read(view, who, "consignment", consignment_id, ConsignmentState)


def quote(view: View, who: Principal, quote_id: str) -> QuoteState:
    """Read a quote; `NotFound` `unknown-quote` if it is not theirs to see."""
    return _read(view, who, "quote", quote_id, QuoteState)


def task(view: View, who: Principal, task_id: str) -> TaskState:
    """Read a task; `NotFound` `unknown-task` if it is not theirs to see."""
    return _read(view, who, "task", task_id, TaskState)


def order(view: View, who: Principal, order_id: str) -> OrderState:
    """Read a restriction order; `NotFound` `unknown-order` if it is not theirs to see."""
    return _read(view, who, "order", order_id, OrderState)


def plan(view: View, who: Principal, digest: str) -> PlanState:
    """Read what is known of a plan; `NotFound` `unknown-plan` if it is not theirs to see."""
    return _read(view, who, "plan", digest, PlanState)


def _read(view: View, who: Principal, kind: str, subject_id: str, of: type[T]) -> T:
    state = STATES.state(kind, seen(view, who, kind, subject_id).document)
    assert isinstance(state, of)
    return state


# ---- for the port's own use: whoever asks has been let through ------------------------------------


def known(view: View, kind: str, subject_id: str) -> Any | None:
    """Read a state of any kind; None: nothing ever happened to it."""
    found = states.find(view, kind, subject_id)
    return None if found is None else STATES.state(kind, found.document)


def everything(view: View, kind: str, *, statuses: tuple[str, ...] = ()) -> dict[str, Any]:
    """Read all states of a kind, by id."""
    return {f.subject_id: STATES.state(kind, f.document) for f in states.everything(view, kind, statuses=statuses)}


def some(view: View, kind: str, subject_ids: Iterable[str]) -> dict[str, Any]:
    """Read some states of a kind, by id; those of which nothing is known are left out."""
    return {f.subject_id: STATES.state(kind, f.document) for f in states.some(view, kind, subject_ids)}


def containers(view: View) -> dict[str, ContainerState]:
    """Read all containers, by id."""
    return everything(view, "container")


def consignments(view: View) -> dict[str, ConsignmentState]:
    """Read all consignments, by id."""
    return everything(view, "consignment")


def trains(view: View) -> dict[str, TrainState]:
    """Read all trains, by id."""
    return everything(view, "train")


def wagons(view: View) -> dict[str, WagonState]:
    """Read all wagons, by number."""
    return everything(view, "wagon")


def orders(view: View) -> dict[str, OrderState]:
    """Read all restriction orders, by id."""
    return everything(view, "order")


def open_week(view: View) -> WeekState | None:
    """Find the week that is open, the newest of them; None: none was opened yet."""
    found = everything(view, "week", statuses=("open",))
    return found[max(found)] if found else None
