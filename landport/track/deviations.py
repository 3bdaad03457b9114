"""Actual against planned: minutes late or early, wrong trains, containers left behind, connections missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from landport.model.facts import PlannedRide
from landport.track.states import ContainerState, Ridden, Stop, TrainState

_MINUTE: Final = timedelta(minutes=1)
NO_TRAINS: Final[Mapping[str, TrainState]] = MappingProxyType({})
"""Nothing is known of any train."""

DEVIATIONS: Final = (
    "departed",
    "arrived",
    "not-departed",
    "not-arrived",
    "wrong-train",
    "left-behind",
    "missed-connection",
)
"""Kinds of deviations; docs/track.md tells what they mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One difference of what happened from the plan.

    Parameters
    ----------
    kind
        One of `DEVIATIONS`.
    departure_id
        Empty: by road.
    minutes
        Late; early if negative. Of what has not happened yet: up to now. 0 where it says nothing.
    planned_at, actual_at
        None: it was not planned, or did not happen (yet).
    """

    kind: str
    departure_id: str
    at_id: str
    minutes: int = 0
    planned_at: datetime | None = None
    actual_at: datetime | None = None


def deviations(
    state: ContainerState | TrainState, now: datetime, trains: Mapping[str, TrainState] = NO_TRAINS
) -> tuple[Deviation, ...]:
    """List how a container or train deviates from its plan, in the order of the plan; what is on time counts, too.

    Parameters
    ----------
    trains
        States of departures by id: they tell of a container whether its train left without it.
    """
    if isinstance(state, TrainState):
        return tuple(_of_train(state, now))
    planned = state.plan.rides if state.plan else ()
    done = n_done(state)
    found = [d for n in range(len(planned)) for d in _of_ride(state, planned, n, n >= done, now, trains)]
    on_plan = {ride.departure_id for ride in planned}
    wrong = [r for r in state.rides if planned and r.departure_id and r.departure_id not in on_plan]
    return (*found, *(_wrong(ride) for ride in wrong))


def minutes_late(actual_at: datetime, planned_at: datetime) -> int:
    """Count the whole minutes from planned to actual, rounded towards minus infinity."""
    return (actual_at - planned_at) // _MINUTE


def n_done(state: ContainerState) -> int:
    """Count the planned rides that are over: to the last one at whose end the container came, however it came."""
    if state.plan is None:
        return 0
    ends = {ride.to_id for ride in state.rides if ride.arrived_at}
    return max((n for n, ride in enumerate(state.plan.rides, 1) if ride.to_id in ends), default=0)


def ridden(state: ContainerState, ride: PlannedRide) -> Ridden | None:
    """Find what happened of a planned ride: the last ride on that departure, by road one with the same end or start."""
    for r in reversed(state.rides):
        is_same_road = r.to_id == ride.to_id if r.to_id else r.from_id == ride.from_id
        if r.departure_id == ride.departure_id and (ride.departure_id or is_same_road):
            return r
    return None


def left_at(train: TrainState | None, at_id: str) -> datetime | None:
    """Answer when a train left a place; None: not yet, or nobody said."""
    return next((s.departed_at for s in train.stops if s.at_id == at_id), None) if train else None


def _of_ride(
    state: ContainerState,
    planned: tuple[PlannedRide, ...],
    n: int,
    is_ahead: bool,
    now: datetime,
    trains: Mapping[str, TrainState],
) -> Iterator[Deviation]:
    ride = planned[n]
    actual = ridden(state, ride)
    if actual is None:
        if is_ahead and state.status not in ("delivered", "withdrawn"):
            kind = "missed-connection" if any(r.departure_id for r in planned[:n]) else "left-behind"
            yield from _not_begun(kind, ride, now, trains)
        return
    if actual.departed_at and actual.from_id == ride.from_id:
        yield _found("departed", ride, ride.from_id, ride.departs_at, actual.departed_at)
    if actual.arrived_at and actual.to_id == ride.to_id:
        yield _found("arrived", ride, ride.to_id, ride.arrives_at, actual.arrived_at)
    elif is_ahead and now > ride.arrives_at:
        yield _late("not-arrived", ride, ride.to_id, ride.arrives_at, now)


def _not_begun(kind: str, ride: PlannedRide, now: datetime, trains: Mapping[str, TrainState]) -> Iterator[Deviation]:
    left = left_at(trains.get(ride.departure_id), ride.from_id)
    if left:
        yield _found(kind, ride, ride.from_id, ride.departs_at, left)
    elif now > ride.departs_at:
        yield _late("not-departed", ride, ride.from_id, ride.departs_at, now)


def _found(kind: str, ride: PlannedRide, at_id: str, planned_at: datetime, actual_at: datetime) -> Deviation:
    return replace(_late(kind, ride, at_id, planned_at, actual_at), actual_at=actual_at)


def _late(kind: str, ride: PlannedRide, at_id: str, planned_at: datetime, now: datetime) -> Deviation:
    late = minutes_late(now, planned_at)
    return Deviation(kind=kind, departure_id=ride.departure_id, at_id=at_id, minutes=late, planned_at=planned_at)


def _wrong(ride: Ridden) -> Deviation:
    at_id = ride.from_id or ride.to_id
    return Deviation(kind="wrong-train", departure_id=ride.departure_id, at_id=at_id, actual_at=ride.departed_at)


# ---- trains ------------------------------------------------------------------------------------


def _of_train(train: TrainState, now: datetime) -> Iterator[Deviation]:
    last = max((n for n, s in enumerate(train.stops) if s.arrived_at or s.departed_at), default=0)
    for n, stop in enumerate(train.stops):
        times = (
            ("arrived", "not-arrived", stop.arrives_at, stop.arrived_at),
            ("departed", "not-departed", stop.departs_at, stop.departed_at),
        )
        is_open = n >= last and train.status != "cancelled" and not stop.departed_at
        for kind, missing, planned_at, actual_at in times:
            if planned_at and actual_at:
                yield _at_stop(train, stop, kind, planned_at, actual_at)
            elif planned_at and now > planned_at and is_open:
                yield replace(_at_stop(train, stop, missing, planned_at, now), actual_at=None)


def _at_stop(train: TrainState, stop: Stop, kind: str, planned_at: datetime, actual_at: datetime) -> Deviation:
    return Deviation(
        kind=kind,
        departure_id=train.departure_id,
        at_id=stop.at_id,
        minutes=minutes_late(actual_at, planned_at),
        planned_at=planned_at,
        actual_at=actual_at,
    )


def delay_of(train: TrainState | None) -> timedelta:
    """Answer how late a train was when it was last seen, negative if early; zero while nothing is known."""
    for stop in reversed(train.stops if train else ()):
        for planned_at, actual_at in ((stop.departs_at, stop.departed_at), (stop.arrives_at, stop.arrived_at)):
            if planned_at and actual_at:
                return actual_at - planned_at
    return timedelta(0)
