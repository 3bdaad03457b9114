"""When a container will be there: the last known delay carried over the rides that are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from landport.model.facts import PlannedRide
from landport.track.deviations import NO_TRAINS, delay_of, left_at, minutes_late, n_done, ridden
from landport.track.states import ContainerState, TrainState

_NONE: Final = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eta:
    """When a container comes to its destination terminal.

    Parameters
    ----------
    arrives_at
        None: nobody can say; `why` says the reason.
    delay_minutes
        Against the plan, at the last ride that is foreseen; negative if early.
    at_risk, missed
        Departures that it may not reach, and those that left without it or do not run.
    """

    arrives_at: datetime | None
    delay_minutes: int = 0
    at_risk: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    why: str = ""


def eta(state: ContainerState, now: datetime, trains: Mapping[str, TrainState] = NO_TRAINS) -> Eta:
    """Foresee the arrival of a container.

    Parameters
    ----------
    trains
        States of departures by id, as far as known.

    Notes
    -----
    A delay lasts for the whole ride. A truck on demand waits and carries it on; a train does not: it leaves as planned,
    or as late as it was last seen, and takes the container if the planned gap before it is not smaller than the delay.
    A train that should have left, and of which nothing is known, may be missed.
    """
    rides = state.plan.rides if state.plan else ()
    if not rides or state.status == "withdrawn":
        return Eta(arrives_at=None, why="no plan carries it")
    done = n_done(state)
    if done == len(rides):
        return _there(state, rides[-1])
    if state.departure_id and all(state.departure_id != ride.departure_id for ride in rides):
        return Eta(arrives_at=None, why=f"it stands on {state.departure_id}, which is not in its plan")
    delay = _delay_before(state, rides, done)
    found: dict[str, list[str]] = {"": [], "at_risk": [], "missed": []}
    stopped = {e.departure_id for e in state.exceptions if e.type in ("PathCancelled", "HandOverCancelled")}
    for n in range(done, len(rides)):
        ride, is_next = rides[n], n == done
        train = trains.get(ride.departure_id)
        waited = now - ride.departs_at if is_next else _NONE
        if ride.departure_id in stopped or (train and train.status == "cancelled"):
            found["missed"].append(ride.departure_id)
        elif is_next and _is_on(state, ride):
            delay = _delay_on(state, ride, now, train)
        elif not ride.departure_id:
            delay = max(delay, _NONE, waited)
        else:
            own = max(delay_of(train), waited) if is_next else delay_of(train)
            is_unsure = train is None and waited > _NONE
            found[_catches(train, rides, n, delay - own, is_unsure=is_unsure)].append(ride.departure_id)
            delay = own
    return _foreseen(rides[-1], delay, tuple(found["at_risk"]), tuple(found["missed"]))


def _catches(
    train: TrainState | None, rides: tuple[PlannedRide, ...], n: int, later: timedelta, *, is_unsure: bool
) -> str:
    """Judge a connection, which brings freight so much `later` than the train leaves: nothing, at_risk or missed."""
    if left_at(train, rides[n].from_id):
        return "missed"
    is_short = n > 0 and later > rides[n].departs_at - rides[n - 1].arrives_at
    return "at_risk" if is_short or is_unsure else ""


def _there(state: ContainerState, last: PlannedRide) -> Eta:
    arrived_at = next(r.arrived_at for r in reversed(state.rides) if r.to_id == last.to_id and r.arrived_at)
    return Eta(arrives_at=arrived_at, delay_minutes=minutes_late(arrived_at, last.arrives_at), why="it is there")


def _foreseen(last: PlannedRide, delay: timedelta, at_risk: tuple[str, ...], missed: tuple[str, ...]) -> Eta:
    if missed or at_risk:
        why = f"it missed {', '.join(missed)}" if missed else f"it may miss {', '.join(at_risk)}"
        return Eta(arrives_at=None, at_risk=at_risk, missed=missed, why=why)
    arrives_at = last.arrives_at + delay
    return Eta(arrives_at=arrives_at, delay_minutes=minutes_late(arrives_at, last.arrives_at))


def _delay_before(state: ContainerState, rides: tuple[PlannedRide, ...], done: int) -> timedelta:
    """Answer how late it came to the end of the last ride that is over."""
    if not done:
        return _NONE
    before = rides[done - 1]
    arrived = [r.arrived_at for r in state.rides if r.to_id == before.to_id and r.arrived_at]
    return arrived[-1] - before.arrives_at


def _is_on(state: ContainerState, ride: PlannedRide) -> bool:
    """Tell whether it stands on the vehicle of a planned ride, or is on the road of one."""
    if ride.departure_id:
        return state.departure_id == ride.departure_id
    return state.status == "gated_out" and ridden(state, ride) is not None


def _delay_on(state: ContainerState, ride: PlannedRide, now: datetime, train: TrainState | None) -> timedelta:
    """Answer how late a ride is that it is on: as last seen, and at least until now."""
    actual = ridden(state, ride)
    if actual is None or actual.departed_at is None:
        return max(delay_of(train), now - (ride.arrives_at if actual else ride.departs_at))
    seen = actual.departed_at - ride.departs_at if actual.from_id == ride.from_id else _NONE
    return max(delay_of(train) if train else seen, now - ride.arrives_at)
