"""What events make of the state of a container."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from landport.model import facts, troubles
from landport.model.events import Event
from landport.track.states import ContainerState, OpenException, Ridden

Changes = dict[str, Any]
"""Fields of a state and their new values."""

_OFF: Final[Changes] = {"departure_id": "", "wagon": "", "position": 0, "delivered_at": None}

_NOT_RIDING: Final = ("CutOffMissed", "WagonBadOrdered", "PathCancelled")
"""Exceptions that are over once it rides after all."""

_AFTER: Final = {
    "ContainerGatedIn": "gated_in",
    "ContainerGatedOut": "gated_out",
    "ContainerLoaded": "loaded",
    "ContainerUnloaded": "unloaded",
    "ContainerDelivered": "delivered",
    "ContainerWithdrawn": "withdrawn",
    "TrainDeparted": "under_way",
    "TrainArrived": "arrived",
}


def status_after(status: str, type_name: str, fact: Any) -> str:
    """Answer the status of a container after an event about it.

    Examples
    --------
    >>> status_after("loaded", "TrainDeparted", facts.TrainDeparted(at_id="CN-ALASHANKOU-RAIL"))
    'under_way'
    """
    if type_name == "ContainerPlanned":
        planned = "planned" if fact.rides else "waiting"
        return planned if status in ("", "planned", "waiting", "withdrawn") else status
    if type_name == "ContainerUnloaded" and status == "loaded":
        return "gated_in"  # taken down again before it left
    return _AFTER.get(type_name, status) or "planned"


def _planned(state: ContainerState, event: Event, fact: facts.ContainerPlanned) -> Changes:
    return {"plan": fact, "exceptions": _unrepaired(state, fact)} if state.exceptions else {"plan": fact}


def _unrepaired(state: ContainerState, plan: facts.ContainerPlanned) -> tuple[OpenException, ...]:
    """Keep the open exceptions that a new plan does not mend."""
    on = {ride.departure_id for ride in plan.rides}
    before = state.plan
    has_same_wagon = before is not None and (
        (before.wagon_departure_id, before.wagon_seq, before.wagon_position)
        == (plan.wagon_departure_id, plan.wagon_seq, plan.wagon_position)
    )
    weighs_more = not plan.rides or state.weighed_kg > plan.gross_kg

    def stays(e: OpenException) -> bool:
        if e.type == "CutOffMissed":
            return e.departure_id in on and (plan.cut_off_at is None or plan.cut_off_at <= e.happened_at)
        if e.type == "WagonBadOrdered":
            return e.departure_id in on and has_same_wagon
        if e.type in ("PathCancelled", "HandOverCancelled", "WindowMissed"):
            return e.departure_id in on
        return weighs_more if e.type == "ContainerOverweight" else e.type != "OrderIssued"

    return tuple(e for e in state.exceptions if stays(e))


def _withdrawn(state: ContainerState, event: Event, fact: facts.ContainerWithdrawn) -> Changes:
    return {**_OFF, "plan": None, "exceptions": ()}


def _numbered(state: ContainerState, event: Event, fact: facts.ContainerNumbered) -> Changes:
    return {"number": fact.number}


def _gated_in(state: ContainerState, event: Event, fact: facts.ContainerGatedIn) -> Changes:
    rides = state.rides
    if not rides or _is_on_road(rides[-1]):
        rides = _ended(rides, "", fact.at_id, event.happened_at)
    return {**_OFF, "rides": rides, "at_id": fact.at_id, "truck": fact.truck, "gated_in_at": event.happened_at}


def _gated_out(state: ContainerState, event: Event, fact: facts.ContainerGatedOut) -> Changes:
    rides = (*state.rides, Ridden(from_id=fact.at_id, departed_at=event.happened_at))
    return {**_OFF, "rides": rides, "at_id": fact.at_id, "truck": fact.truck, "gated_out_at": event.happened_at}


def _loaded(state: ContainerState, event: Event, fact: facts.ContainerLoaded) -> Changes:
    on = {"departure_id": fact.departure_id, "wagon": fact.wagon, "position": fact.position}
    return {**on, "at_id": fact.at_id, "delivered_at": None}


def _unloaded(state: ContainerState, event: Event, fact: facts.ContainerUnloaded) -> Changes:
    return {**_OFF, "at_id": fact.at_id}


def _delivered(state: ContainerState, event: Event, fact: facts.ContainerDelivered) -> Changes:
    rides = state.rides
    if rides and _is_on_road(rides[-1]):
        rides = _ended(rides, "", fact.at_id, event.happened_at)
    got = {"at_id": fact.at_id, "delivered_at": event.happened_at, "receiver_id": fact.receiver_id}
    return {**_OFF, **got, "rides": rides, "exceptions": ()}


def _departed(state: ContainerState, event: Event, fact: facts.TrainDeparted) -> Changes:
    departure_id = event.stream.partition("/")[2]
    rides = state.rides
    if rides and rides[-1].departure_id == departure_id:
        rides = (*rides[:-1], replace(rides[-1], to_id="", arrived_at=None))
    else:
        rides = (*rides, Ridden(departure_id=departure_id, from_id=fact.at_id, departed_at=event.happened_at))
    moved: Changes = {"at_id": fact.at_id, "departure_id": departure_id, "rides": rides, "delivered_at": None}
    if state.exceptions:
        moved["exceptions"] = tuple(e for e in state.exceptions if e.type not in _NOT_RIDING)
    return moved


def _shunted(state: ContainerState, event: Event, fact: facts.WagonPlaced) -> Changes:
    """Ride with the wagon that it stands on, into whatever train; a wagon that runs again keeps no box back."""
    moved: Changes = {"departure_id": fact.departure_id} if state.departure_id else {}
    if state.exceptions:
        moved["exceptions"] = tuple(e for e in state.exceptions if e.source != event.stream)
    return moved


def _arrived(state: ContainerState, event: Event, fact: facts.TrainArrived) -> Changes:
    departure_id = event.stream.partition("/")[2]
    rides = _ended(state.rides, departure_id, fact.at_id, event.happened_at)
    return {"at_id": fact.at_id, "departure_id": departure_id, "rides": rides, "delivered_at": None}


def _is_on_road(ride: Ridden) -> bool:
    return not ride.departure_id and not ride.to_id


def _ended(rides: tuple[Ridden, ...], departure_id: str, to_id: str, at: datetime) -> tuple[Ridden, ...]:
    if rides and rides[-1].departure_id == departure_id:
        return (*rides[:-1], replace(rides[-1], to_id=to_id, arrived_at=at))
    return (*rides, Ridden(departure_id=departure_id, to_id=to_id, arrived_at=at))


# ---- readiness ---------------------------------------------------------------------------------


def _weighed(state: ContainerState, event: Event, fact: facts.ContainerWeighed) -> Changes:
    left = tuple(e for e in state.exceptions if e.type != "ContainerOverweight" or fact.gross_kg > e.most_kg)
    over_kg = state.overweight_kg if state.overweight_kg == fact.gross_kg else 0  # said of this mass already
    weighed = {"weighed_kg": fact.gross_kg, "weighed_at": event.happened_at}
    return {**weighed, "overweight_kg": over_kg, "exceptions": left}


def _accepted(state: ContainerState, event: Event, fact: facts.WeightAccepted) -> Changes:
    return {"accepted_kg": fact.gross_kg, "accepted_at": event.happened_at}


def _released(state: ContainerState, event: Event, fact: facts.ContainerReleased) -> Changes:
    left = without(state.exceptions, "CustomsHeld")
    return {"released_at": event.happened_at, "release_reference": fact.reference, "exceptions": left}


def _sealed(state: ContainerState, event: Event, fact: facts.ContainerSealed) -> Changes:
    return {"seals": fact.seals, "sealed_at": event.happened_at}


def _noted(state: ContainerState, event: Event, fact: facts.NoteIssued) -> Changes:
    return {"note_number": fact.number, "note_form": fact.form, "note_issued_at": event.happened_at}


# ---- what goes wrong ---------------------------------------------------------------------------


def opened(event: Event, fact: Any) -> OpenException:
    """Make an open exception of the event that says it."""
    kind, _, stream_id = event.stream.partition("/")
    return OpenException(
        type=event.type,
        event_id=event.event_id,
        source=event.stream,
        happened_at=event.happened_at,
        departure_id=stream_id if kind == "train" else getattr(fact, "departure_id", ""),
        most_kg=getattr(fact, "most_kg", 0),
    )


def without(exceptions: tuple[OpenException, ...], type_name: str) -> tuple[OpenException, ...]:
    """Leave out the exceptions of one type."""
    return tuple(e for e in exceptions if e.type != type_name) if exceptions else ()


def _raised(state: ContainerState, event: Event, fact: Any) -> Changes:
    return {"exceptions": (*state.exceptions, opened(event, fact))}


def _cut_off_missed(state: ContainerState, event: Event, fact: troubles.CutOffMissed) -> Changes:
    missed = (*state.cut_offs_missed, fact.departure_id)
    return {"cut_offs_missed": missed, "exceptions": (*state.exceptions, opened(event, fact))}


def _overweight(state: ContainerState, event: Event, fact: troubles.ContainerOverweight) -> Changes:
    left = without(state.exceptions, "ContainerOverweight")
    return {"overweight_kg": fact.gross_kg, "exceptions": (*left, opened(event, fact))}


def _repaired(state: ContainerState, event: Event, fact: troubles.ContainerRepaired) -> Changes:
    return {"exceptions": without(state.exceptions, "ContainerDamaged")}


def _lifted(state: ContainerState, event: Event, fact: troubles.OrderLifted) -> Changes:
    return {"exceptions": tuple(e for e in state.exceptions if e.source != event.stream)}


def _window_booked(state: ContainerState, event: Event, fact: Any) -> Changes:
    return {"exceptions": without(state.exceptions, "WindowMissed")}


CONTAINER: Final[dict[str, Callable[[ContainerState, Event, Any], Changes]]] = {
    "ContainerPlanned": _planned,
    "ContainerWithdrawn": _withdrawn,
    "ContainerNumbered": _numbered,
    "ContainerGatedIn": _gated_in,
    "ContainerGatedOut": _gated_out,
    "ContainerWeighed": _weighed,
    "WeightAccepted": _accepted,
    "ContainerReleased": _released,
    "ContainerSealed": _sealed,
    "NoteIssued": _noted,
    "ContainerLoaded": _loaded,
    "ContainerUnloaded": _unloaded,
    "ContainerDelivered": _delivered,
    "TrainDeparted": _departed,
    "TrainArrived": _arrived,
    "WagonPlaced": _shunted,
    "CutOffMissed": _cut_off_missed,
    "ContainerOverweight": _overweight,
    "CustomsHeld": _raised,
    "ContainerDamaged": _raised,
    "ContainerRepaired": _repaired,
    "WagonBadOrdered": _raised,
    "PathCancelled": _raised,
    "HandOverCancelled": _raised,
    "OrderIssued": _raised,
    "OrderLifted": _lifted,
    "WindowMissed": _raised,
    "AppointmentBooked": _window_booked,
}
"""By type of event: what it changes in the state of a container, beside its status."""


def fold_container(container_id: str, state: ContainerState | None, event: Event, fact: Any) -> ContainerState | None:
    """Fold one event into the state of a container; None: nothing is known of it still."""
    step = CONTAINER.get(event.type)
    if state is None:
        if step is None:
            return None
        state = ContainerState(container_id=container_id, status="")
    changes = step(state, event, fact) if step else {}
    status = status_after(state.status, event.type, fact)
    return replace(state, **changes, status=status, updated_at=event.recorded_at)
