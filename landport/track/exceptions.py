"""Exceptions that follow from states and time, and the tasks that exceptions open and facts close."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from landport.model import troubles
from landport.model.events import Draft, Event
from landport.track.readiness import LACKS, Tolerance, readiness
from landport.track.reading import fact_from, payload_of
from landport.track.states import ContainerState, State, TaskState, WagonState

_TOLERANCE: Final = Tolerance()
_NO_LIMITS: Final[Mapping[str, int]] = MappingProxyType({})


def due_exceptions(
    states: Iterable[ContainerState],
    now: datetime,
    *,
    most_kg: Mapping[str, int] = _NO_LIMITS,
    tolerance: Tolerance = _TOLERANCE,
) -> tuple[Draft, ...]:
    """List the exceptions that states and time make, and that no event says yet, in the order of the states.

    A container that was not ready at the cut-off of its first train missed it, once per departure; it happened at the
    cut-off. One that was weighed with more than its type takes is overweight, once per mass.

    Parameters
    ----------
    most_kg
        Greatest gross mass by container type; a type that is not there has no limit.
    """
    found = [draft for s in states for draft in (_cut_off(s, now, tolerance), _overweight(s, now, most_kg)) if draft]
    return tuple(found)


def _cut_off(state: ContainerState, now: datetime, tolerance: Tolerance) -> Draft | None:
    plan = state.plan
    if plan is None or plan.cut_off_at is None or plan.cut_off_at > now or state.status not in _BEFORE_TRAIN:
        return None
    departure_id = next((ride.departure_id for ride in plan.rides if ride.departure_id), "")
    if not departure_id or departure_id in state.cut_offs_missed or _is_cancelled(state, departure_id):
        return None
    if any(ride.departure_id == departure_id for ride in state.rides):
        return None
    lacked = readiness(state, tolerance, at=plan.cut_off_at).lacks
    if not lacked:
        return None
    fact = troubles.CutOffMissed(departure_id=departure_id, cut_off_at=plan.cut_off_at, lacked=lacked)
    return _draft(state, fact, plan.cut_off_at, f"train/{departure_id}")


_BEFORE_TRAIN: Final = ("planned", "gated_in", "loaded", "unloaded", "gated_out")


def _is_cancelled(state: ContainerState, departure_id: str) -> bool:
    return any(e.type == "PathCancelled" and e.departure_id == departure_id for e in state.exceptions)


def _overweight(state: ContainerState, now: datetime, most_kg: Mapping[str, int]) -> Draft | None:
    limit_kg = most_kg.get(state.plan.container_type) if state.plan else None
    if limit_kg is None or state.weighed_kg <= limit_kg or state.overweight_kg == state.weighed_kg:
        return None
    if state.status in ("delivered", "withdrawn"):
        return None
    fact = troubles.ContainerOverweight(gross_kg=state.weighed_kg, most_kg=limit_kg)
    return _draft(state, fact, state.weighed_at or now)


def _draft(state: ContainerState, fact: Any, happened_at: datetime, *about: str) -> Draft:
    consignments = [f"consignment/{c}" for c in state.plan.consignment_ids] if state.plan else []
    return Draft(
        stream=f"container/{state.container_id}",
        type=type(fact).__name__,
        payload=payload_of(fact),
        happened_at=happened_at,
        about=(*consignments, *about),
    )


# ---- tasks -------------------------------------------------------------------------------------


def task_for(event: Event, now: datetime) -> Draft:
    """Make the task that an exception opens: one per event, and about what the event is about."""
    fact = troubles.TaskOpened(exception=event.type, event_id=event.event_id, text=task_text(event))
    return Draft(
        stream=f"task/{event.event_id}",
        type="TaskOpened",
        payload=payload_of(fact),
        happened_at=now,
        about=event.subjects,
        cause=event.event_id,
        expected_version=0,
    )


def task_text(event: Event | Draft) -> str:
    """Say in words what went wrong.

    Examples
    --------
    >>> from datetime import UTC
    >>> held = {"stream": "container/C1", "type": "CustomsHeld", "payload": {"why": "papers"}}
    >>> task_text(Draft(happened_at=datetime(2026, 3, 2, tzinfo=UTC), **held))
    'Customs keep container C1: papers.'
    """
    fact = fact_from(event.type, event.payload)
    kind, _, subject_id = event.stream.partition("/")
    return f"{_WORDS[event.type](f'{kind} {subject_id}', fact).rstrip('.')}."


_WORDS: Final[dict[str, Callable[[str, Any], str]]] = {
    "CutOffMissed": lambda it, f: f"At the cut-off of {f.departure_id}, {it} was {_listed(f.lacked)}",
    "ContainerOverweight": lambda it, f: f"Weighed, {it} has {f.gross_kg:,} kg, and at most {f.most_kg:,} are allowed",
    "CustomsHeld": lambda it, f: f"Customs keep {it}: {f.why}",
    "ContainerDamaged": lambda it, f: f"It cannot travel, {it}: {f.what}",
    "WagonBadOrdered": lambda it, f: f"In {f.departure_id or 'no train'}, {it} may not run: {f.why}",
    "PathCancelled": lambda it, f: f"The path of {it} is cancelled: {f.why}",
    "HandOverCancelled": lambda it, f: f"At {f.at_id} the next railway does not take over {it}: {f.why}",
    "OrderIssued": lambda it, f: f"{f.issuer} issued order {f.number} at {f.place_id}, as {it}: {f.text or 'no text'}",
    "WindowMissed": lambda it, f: f"Its window {f.window_id} at the border was missed by {it}",
    "CheckInFlagged": lambda it, f: f"Let in by a printed list, {it} has to be looked into: {f.why}",
}
"""By type of exception: how it is said of a subject."""


def _listed(lacked: Iterable[str]) -> str:
    return ", ".join(LACKS.get(name, name) for name in lacked)


def closings(
    event: Event, tasks: Iterable[TaskState], state_of: Callable[[str, str], State | None]
) -> tuple[Draft, ...]:
    """List the closings of tasks whose cause is gone with an event.

    A task about containers is over when none of them shows its exception as open any more: they were released after
    a hold, repaired after damage, weighed again, ride after all, or a new plan mends it (then it is `repaired`, else
    `resolved`). A task about a wagon with nothing on it is over when the wagon is placed again, one about an order when
    the order is lifted.

    Parameters
    ----------
    event
        Already folded.
    tasks
        Those that may be over; closed ones, and those that are not about a subject of the event, are passed over.
    state_of
        Answers the state of a kind and id after the event.
    """
    subjects = set(event.subjects)
    return tuple(_closed(t, event) for t in tasks if subjects.intersection(t.about) and _is_over(t, event, state_of))


def _is_over(task: TaskState, event: Event, state_of: Callable[[str, str], State | None]) -> bool:
    if task.status == "closed":
        return False
    if event.type == "OrderLifted" and event.stream in task.about:
        return True
    ids = [s.partition("/")[2] for s in task.about if s.startswith("container/")]
    held = [box for i in ids if isinstance(box := state_of("container", i), ContainerState)] or _wagons(task, state_of)
    return bool(held) and not any(e.event_id == task.event_id for one in held for e in one.exceptions)


def _wagons(task: TaskState, state_of: Callable[[str, str], State | None]) -> list[WagonState]:
    """List the wagons that a task is about which was opened for a wagon."""
    ids = [s.partition("/")[2] for s in task.about if s.startswith("wagon/") and task.exception == "WagonBadOrdered"]
    return [wagon for i in ids if isinstance(wagon := state_of("wagon", i), WagonState)]


def _closed(task: TaskState, event: Event) -> Draft:
    how = "repaired" if event.type in ("ContainerPlanned", "ContainerWithdrawn") else "resolved"
    return Draft(
        stream=f"task/{task.task_id}",
        type="TaskClosed",
        payload=payload_of(troubles.TaskClosed(how=how, why=f"{event.type} {event.event_id}")),
        happened_at=event.happened_at,
        about=task.about,
        cause=event.event_id,
    )
