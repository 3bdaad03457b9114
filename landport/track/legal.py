"""What may happen to a subject in which status: one table, asked before an event is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from landport.errors import Conflict
from landport.model.events import Draft, Event, split
from landport.track.states import ContainerState, State, TrainState, WagonState

NEW: Final = "new"
"""Status of a subject of which nothing is known yet."""

_LIVING: Final = (
    "planned",
    "waiting",
    "gated_in",
    "loaded",
    "under_way",
    "arrived",
    "unloaded",
    "gated_out",
)

LEGAL: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("consignment", "ConsignmentBooked"): (NEW,),
    ("consignment", "ConsignmentAmended"): ("booked", "waiting", "planned", "in_hand"),
    ("consignment", "ConsignmentCancelled"): ("booked", "waiting", "planned", "in_hand"),
    ("container", "ContainerPlanned"): (NEW, *_LIVING, "withdrawn"),
    ("container", "ContainerWithdrawn"): ("planned", "waiting", "gated_in", "unloaded", "gated_out"),
    ("container", "ContainerNumbered"): _LIVING,
    ("container", "ContainerGatedIn"): ("planned", "waiting", "gated_out"),
    ("container", "ContainerGatedOut"): ("gated_in", "unloaded"),
    ("container", "ContainerWeighed"): _LIVING,
    ("container", "WeightAccepted"): _LIVING,
    ("container", "ContainerReleased"): _LIVING,
    ("container", "ContainerSealed"): _LIVING,
    ("container", "NoteIssued"): _LIVING,
    ("container", "ContainerLoaded"): ("gated_in", "unloaded"),
    ("container", "ContainerUnloaded"): ("loaded", "arrived"),
    ("container", "ContainerDelivered"): ("arrived", "unloaded", "gated_out"),
    ("container", "TrainDeparted"): ("loaded", "arrived"),
    ("container", "TrainArrived"): ("under_way",),
    ("container", "WagonPlaced"): ("loaded", "arrived"),
    ("container", "CutOffMissed"): _LIVING,
    ("container", "ContainerOverweight"): _LIVING,
    ("container", "CustomsHeld"): _LIVING,
    ("container", "ContainerDamaged"): _LIVING,
    ("container", "ContainerRepaired"): _LIVING,
    ("train", "ContainerLoaded"): (NEW, "planned", "arrived"),
    ("train", "ContainerUnloaded"): (NEW, "planned", "arrived", "cancelled"),
    ("train", "TrainDeparted"): (NEW, "planned", "arrived"),
    ("train", "TrainArrived"): ("under_way",),
    ("train", "WagonPlaced"): (NEW, "planned", "under_way", "arrived", "cancelled"),
    ("train", "PathCancelled"): (NEW, "planned", "arrived"),
    ("train", "HandOverCancelled"): (NEW, "planned", "under_way", "arrived"),
    ("wagon", "WagonPlaced"): (NEW, "placed", "arrived", "bad_ordered"),
    ("wagon", "ContainerLoaded"): (NEW, "placed", "arrived"),
    ("wagon", "TrainDeparted"): (NEW, "placed", "arrived"),
    ("wagon", "TrainArrived"): ("under_way",),
    ("wagon", "WagonBadOrdered"): (NEW, "placed", "under_way", "arrived"),
    ("task", "TaskOpened"): (NEW,),
    ("task", "RepairProposed"): ("open", "proposed"),
    ("task", "TaskClosed"): ("open", "proposed"),
    ("order", "OrderIssued"): (NEW,),
    ("order", "OrderLifted"): ("in_force",),
}
"""By kind and type of event: statuses in which it may happen. What is not here may happen at any time."""


def expect_legal(subject: str, state: State | None, draft: Draft | Event) -> None:
    """Refuse an event that cannot happen to a subject as it is. Ask for each subject that the event is about.

    Parameters
    ----------
    state
        The subject as it is; None: nothing is known of it.
    draft
        The event as it would be written.

    Raises
    ------
    Conflict
        `illegal-move`: the message says what the subject is and what it should be.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> said = {"type": "ContainerLoaded", "payload": {"departure_id": "D1", "at_id": "CN-URUMQI"}}
    >>> draft = Draft(stream="container/C00017", happened_at=datetime(2026, 3, 2, tzinfo=UTC), **said)
    >>> expect_legal("container/C00017", None, draft)
    Traceback (most recent call last):
    landport.errors.Conflict: container/C00017 is new: ContainerLoaded needs it gated_in or unloaded
    """
    kind, _ = split(subject)
    status = NEW if state is None else state.status
    statuses = LEGAL.get((kind, draft.type))
    if statuses is not None and status not in statuses:
        _refuse(subject, f"is {status}: {draft.type} needs it {' or '.join(statuses)}")
    for condition in CONDITIONS.get((kind, draft.type), ()):
        wrong = condition(state, draft) if state is not None else ""
        if wrong:
            _refuse(subject, f"{wrong}: no {draft.type}")


def _refuse(subject: str, what: str) -> None:
    raise Conflict("illegal-move", f"{subject} {what}", (subject,))


# ---- conditions beside the status --------------------------------------------------------------


def _is_elsewhere(state: Any, draft: Draft | Event) -> str:
    at_id = draft.payload.get("at_id", "")
    return f"is at {state.at_id}, not at {at_id}" if state.at_id and state.at_id != at_id else ""


def _is_still_there(state: TrainState, draft: Draft | Event) -> str:
    return f"has only left {state.at_id}" if state.at_id == draft.payload.get("at_id") else ""


def _is_on_another(state: ContainerState, draft: Draft | Event) -> str:
    departure_id = draft.payload.get("departure_id", "")
    return f"stands on {state.departure_id}, not on {departure_id}" if state.departure_id != departure_id else ""


def _is_aboard_another(state: ContainerState, draft: Draft | Event) -> str:
    departure_id = split(draft.stream)[1]
    return f"stands on {state.departure_id}, not on {departure_id}" if state.departure_id != departure_id else ""


def _is_stopped(state: ContainerState, draft: Draft | Event) -> str:
    if state.has_open("CustomsHeld"):
        return "is held by customs"
    return "is damaged" if state.has_open("ContainerDamaged") else ""


def _is_another_mass(state: ContainerState, draft: Draft | Event) -> str:
    gross_kg = draft.payload.get("gross_kg")
    return "" if state.weighed_kg == gross_kg else f"is weighed with {state.weighed_kg} kg, not {gross_kg}"


def _is_whole(state: ContainerState, draft: Draft | Event) -> str:
    return "" if state.has_open("ContainerDamaged") else "is not damaged"


def _takes_no_wagon(state: TrainState, draft: Draft | Event) -> str:
    """Say why a wagon cannot come to stand in a train; it may leave any."""
    is_for_it = draft.payload.get("departure_id") == state.departure_id
    return f"is {state.status}" if is_for_it and state.status in ("under_way", "cancelled") else ""


def _stands_in_another(state: WagonState, draft: Draft | Event) -> str:
    departure_id = draft.payload.get("departure_id", "")
    is_there = state.status != "placed" or state.departure_id in ("", departure_id)
    return "" if is_there else f"stands in {state.departure_id}, not in {departure_id}"


Condition = Callable[[Any, Draft | Event], str]
"""Answers what is wrong with a state for an event, or nothing."""

CONDITIONS: Final[dict[tuple[str, str], tuple[Condition, ...]]] = {
    ("container", "ContainerGatedOut"): (_is_elsewhere,),
    ("container", "ContainerLoaded"): (_is_elsewhere, _is_stopped),
    ("container", "ContainerUnloaded"): (_is_elsewhere, _is_on_another),
    ("container", "ContainerRepaired"): (_is_whole,),
    ("container", "WeightAccepted"): (_is_another_mass,),
    ("container", "TrainDeparted"): (_is_elsewhere, _is_aboard_another),
    ("container", "TrainArrived"): (_is_aboard_another,),
    ("train", "ContainerLoaded"): (_is_elsewhere,),
    ("train", "WagonPlaced"): (_takes_no_wagon,),
    ("train", "TrainDeparted"): (_is_elsewhere,),
    ("train", "TrainArrived"): (_is_still_there,),
    ("wagon", "ContainerLoaded"): (_stands_in_another,),
}
"""By kind and type of event: what must hold beside the status."""
