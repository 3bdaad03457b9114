"""What events make of the states of a train, a wagon and a truck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from msgspec.structs import replace

from landport.model import facts, troubles
from landport.model.events import Event
from landport.track.fold_container import Changes, opened
from landport.track.states import Stop, TrainState, TruckState, WagonState

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


# ---- trains ------------------------------------------------------------------------------------


def _planned(state: TrainState, event: Event, fact: facts.ContainerPlanned) -> Changes:
    container_id = event.stream.partition("/")[2]
    mine = [ride for ride in fact.rides if ride.departure_id == state.departure_id]
    if not mine:
        return {"containers": _less(state.containers, container_id)}
    stops = state.stops
    for ride in mine:
        stops = _at(stops, ride.from_id, departs_at=ride.departs_at)
        stops = _at(stops, ride.to_id, arrives_at=ride.arrives_at)
    return {"stops": stops, "containers": _more(state.containers, container_id)}


def _at(stops: tuple[Stop, ...], at_id: str, **times: datetime) -> tuple[Stop, ...]:
    """Set times of one stop; stops stay in the order of time."""
    for n, stop in enumerate(stops):
        if stop.at_id == at_id:
            if all(getattr(stop, name) == at for name, at in times.items()):
                return stops
            return (*stops[:n], replace(stop, **times), *stops[n + 1 :])
    return tuple(sorted((*stops, Stop(at_id=at_id, **times)), key=_time_of))


def _time_of(stop: Stop) -> datetime:
    return stop.arrives_at or stop.departs_at or stop.arrived_at or stop.departed_at or _NEVER


def _withdrawn(state: TrainState, event: Event, fact: facts.ContainerWithdrawn) -> Changes:
    return {"containers": _less(state.containers, event.stream.partition("/")[2])}


def _loaded(state: TrainState, event: Event, fact: facts.ContainerLoaded) -> Changes:
    return {"aboard": _more(state.aboard, event.stream.partition("/")[2])}


def _unloaded(state: TrainState, event: Event, fact: Any) -> Changes:
    return {"aboard": _less(state.aboard, event.stream.partition("/")[2])}


def _departed(state: TrainState, event: Event, fact: facts.TrainDeparted) -> Changes:
    stops = _at(state.stops, fact.at_id, departed_at=event.happened_at)
    aboard = tuple(s.partition("/")[2] for s in event.about if s.startswith("container/"))
    return {"status": "under_way", "at_id": fact.at_id, "stops": stops, "aboard": aboard}


def _arrived(state: TrainState, event: Event, fact: facts.TrainArrived) -> Changes:
    stops = _at(state.stops, fact.at_id, arrived_at=event.happened_at)
    return {"status": "arrived", "at_id": fact.at_id, "stops": stops}


def _placed(state: TrainState, event: Event, fact: facts.WagonPlaced) -> Changes:
    wagon, change = event.stream.partition("/")[2], _more if fact.departure_id == state.departure_id else _less
    aboard = state.aboard
    for subject in event.about:
        kind, _, subject_id = subject.partition("/")
        aboard = change(aboard, subject_id) if kind == "container" else aboard
    return {"wagons": change(state.wagons, wagon), "aboard": aboard}


def _wagon_out(state: TrainState, event: Event, fact: troubles.WagonBadOrdered) -> Changes:
    wagons = _less(state.wagons, event.stream.partition("/")[2])
    return {"wagons": wagons, "exceptions": (*state.exceptions, opened(event, fact))}


def _raised(state: TrainState, event: Event, fact: Any) -> Changes:
    return {"exceptions": (*state.exceptions, opened(event, fact))}


def _cancelled(state: TrainState, event: Event, fact: troubles.PathCancelled) -> Changes:
    return {**_raised(state, event, fact), "status": "cancelled"}


def _more(ids: tuple[str, ...], one: str) -> tuple[str, ...]:
    return ids if one in ids else (*ids, one)


def _less(ids: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(i for i in ids if i != one) if one in ids else ids


TRAIN: Final[dict[str, Callable[[TrainState, Event, Any], Changes]]] = {
    "ContainerPlanned": _planned,
    "ContainerWithdrawn": _withdrawn,
    "ContainerLoaded": _loaded,
    "ContainerUnloaded": _unloaded,
    "ContainerDelivered": _unloaded,
    "TrainDeparted": _departed,
    "TrainArrived": _arrived,
    "WagonPlaced": _placed,
    "WagonBadOrdered": _wagon_out,
    "PathCancelled": _cancelled,
    "HandOverCancelled": _raised,
}
"""By type of event: what it changes in the state of a train."""


def fold_train(departure_id: str, state: TrainState | None, event: Event, fact: Any) -> TrainState | None:
    """Fold one event into the state of a train; None: nothing is known of it still."""
    step = TRAIN.get(event.type)
    if step is None:
        return replace(state, updated_at=event.recorded_at) if state else None
    before = state or TrainState(departure_id=departure_id, status="planned")
    return replace(before, **step(before, event, fact), updated_at=event.recorded_at)


# ---- wagons ------------------------------------------------------------------------------------


def _wagon_placed(state: WagonState, event: Event, fact: facts.WagonPlaced) -> Changes:
    place = {"departure_id": fact.departure_id, "wagon_type": fact.wagon_type, "seq": fact.seq}
    return {**place, "status": "placed", "exceptions": ()}


def _wagon_loaded(state: WagonState, event: Event, fact: facts.ContainerLoaded) -> Changes:
    containers = _more(state.containers, event.stream.partition("/")[2])
    return {"at_id": fact.at_id, "containers": containers}


def _wagon_unloaded(state: WagonState, event: Event, fact: facts.ContainerUnloaded) -> Changes:
    containers = _less(state.containers, event.stream.partition("/")[2])
    return {"at_id": fact.at_id, "containers": containers}


def _wagon_emptied(state: WagonState, event: Event, fact: facts.ContainerDelivered) -> Changes:
    return {"containers": _less(state.containers, event.stream.partition("/")[2])}


def _wagon_departed(state: WagonState, event: Event, fact: facts.TrainDeparted) -> Changes:
    return {"status": "under_way", "at_id": fact.at_id, "departure_id": event.stream.partition("/")[2]}


def _wagon_arrived(state: WagonState, event: Event, fact: facts.TrainArrived) -> Changes:
    return {"status": "arrived", "at_id": fact.at_id, "departure_id": event.stream.partition("/")[2]}


def _bad_ordered(state: WagonState, event: Event, fact: troubles.WagonBadOrdered) -> Changes:
    return {"status": "bad_ordered", "exceptions": (*state.exceptions, opened(event, fact))}


WAGON: Final[dict[str, Callable[[WagonState, Event, Any], Changes]]] = {
    "WagonPlaced": _wagon_placed,
    "ContainerLoaded": _wagon_loaded,
    "ContainerUnloaded": _wagon_unloaded,
    "ContainerDelivered": _wagon_emptied,
    "TrainDeparted": _wagon_departed,
    "TrainArrived": _wagon_arrived,
    "WagonBadOrdered": _bad_ordered,
}
"""By type of event: what it changes in the state of a wagon."""


def fold_wagon(wagon: str, state: WagonState | None, event: Event, fact: Any) -> WagonState | None:
    """Fold one event into the state of a wagon; None: nothing is known of it still."""
    step = WAGON.get(event.type)
    if step is None:
        return replace(state, updated_at=event.recorded_at) if state else None
    before = state or WagonState(wagon=wagon, status="placed")
    return replace(before, **step(before, event, fact), updated_at=event.recorded_at)


# ---- trucks ------------------------------------------------------------------------------------


def fold_truck(truck: str, state: TruckState | None, event: Event, fact: Any) -> TruckState | None:
    """Fold one event into the state of a truck; None: nothing is known of it still."""
    if event.type not in TRUCK:
        return replace(state, updated_at=event.recorded_at) if state else None
    is_in = event.type == "ContainerGatedIn"
    before = state or TruckState(truck=truck, status="gated_in")
    return replace(
        before,
        status="gated_in" if is_in else "gated_out",
        updated_at=event.recorded_at,
        at_id=fact.at_id,
        driver_id=fact.driver_id,
        container_id=event.stream.partition("/")[2],
        gated_in_at=event.happened_at if is_in else before.gated_in_at,
        gated_out_at=before.gated_out_at if is_in else event.happened_at,
    )


TRUCK: Final = ("ContainerGatedIn", "ContainerGatedOut")
"""Types of events that change the state of a truck."""
