"""Whether a way that was planned before can still be gone, with the minutes that it takes now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landport.model.bookings import RestrictionOrder
from landport.model.changes import Changes, End, Road
from landport.model.equipment import ContainerType
from landport.model.itinerary import Itinerary, Stretch, Trip
from landport.model.network import Network
from landport.model.plans import Ride
from landport.model.rules import Rules
from landport.model.services import Departure
from landport.route.arrays import Space
from landport.route.masks import masks
from landport.route.opening import begun

TRUCK = End("road", 0, "")


class _Fallen(Exception):
    """A way that cannot be gone any more; its text says why."""


@dataclass(frozen=True, slots=True)
class _Load:
    """Where a load is on its way: from which minute, and how it got there (None: by nothing yet)."""

    place_id: str
    at: int
    came: End | None


class Standing:
    """Looks at ways of an earlier plan over the departures of today.

    Parameters
    ----------
    space, network, departures
        The week as it is laid out now; `departures` has those under way, too.
    roads
        Trucks on demand.
    """

    def __init__(
        self,
        space: Space,
        network: Network,
        departures: Mapping[str, Departure],
        roads: Mapping[tuple[str, str], Road],
        orders: Sequence[RestrictionOrder],
        container_types: Mapping[str, ContainerType],
        rules: Rules,
    ) -> None:
        self._space, self._network, self._departures, self._roads = space, network, departures, roads
        self._masks = masks(space, rules, orders, container_types, {})
        self._changes = Changes(network.transfers)
        self._leg = {(h.departure.departure_id, h.leg.seq): i for i, h in enumerate(space.hops)}
        self._most_late = rules.milli("max_late_days") * 1440 // 1000

    def way(self, rides: Sequence[Ride], trip: Trip) -> Itinerary | str:
        """Answer the way with today's minutes, or say in words why it cannot be gone.

        Notes
        -----
        What has left already is not asked for room, orders or masses; its rides must still be in the timetable. Room
        that others take is not looked at, only that there is some. Audited by `audit` (replanned).
        """
        try:
            return self._gone(rides, trip)
        except _Fallen as fallen:
            return str(fallen)

    def _gone(self, rides: Sequence[Ride], trip: Trip) -> Itinerary:
        load = _Load(trip.at_id, trip.ready_at, None)
        is_under_way = rides[0].departs_at < self._space.now_at
        stretches: list[Stretch] = []
        transfers: list[str] = []
        for ride in rides:
            if ride.from_id != load.place_id:
                raise _Fallen(f"it is at {load.place_id} now, not at {ride.from_id}")
            if ride.departure_id:
                stretch, leaves, lands = self._dated(ride, trip, is_under_way=is_under_way)
                earliest = self._changed(load, leaves, transfers)
                cut_off = self._service_cut_off(ride)
                if stretch.departs_at < max(earliest, load.at + cut_off):
                    raise _Fallen(f"it misses {ride.departure_id} at {ride.from_id}")
            else:
                earliest = self._changed(load, TRUCK, transfers)
                stretch, lands = self._trucked(ride, earliest, is_first=load.came is None, is_gone=is_under_way), TRUCK
            stretches.append(stretch)
            load = _Load(stretch.to_id, stretch.arrives_at, lands)
        if load.place_id != trip.destination_id:
            raise _Fallen(f"it goes to {trip.destination_id} now, not to {load.place_id}")
        if load.at > trip.due_at + self._most_late:
            raise _Fallen(f"it would arrive {(load.at - trip.due_at) // 1440:,} days after it is due")
        return Itinerary(stretches=tuple(stretches), transfer_ids=tuple(transfers))

    def _service_cut_off(self, ride: Ride) -> int:
        return self._network.services[self._departures[ride.departure_id].service_id].cut_off_minutes

    def _dated(self, ride: Ride, trip: Trip, *, is_under_way: bool) -> tuple[Stretch, End, End]:
        """Find a ride in the timetable of today: with its minutes, and how it touches both places."""
        run = self._departures.get(ride.departure_id)
        service = None if run is None else self._network.services[run.service_id]
        if run is None or service is None:
            raise _Fallen(f"{ride.departure_id} does not run any more")
        legs = service.legs[ride.first_leg - 1 : ride.last_leg]
        if len(legs) != ride.last_leg - ride.first_leg + 1 or (legs[0].from_id, legs[-1].to_id) != (
            ride.from_id,
            ride.to_id,
        ):
            raise _Fallen(f"{ride.departure_id} does not run {ride.from_id}-{ride.to_id} any more")
        if not is_under_way:
            self._allowed(ride, trip)
        stretch = Stretch(
            departure_id=ride.departure_id,
            first_leg=ride.first_leg,
            last_leg=ride.last_leg,
            from_id=ride.from_id,
            to_id=ride.to_id,
            departs_at=run.legs[ride.first_leg - 1].departs_at,
            arrives_at=run.legs[ride.last_leg - 1].arrives_at,
        )
        leaves = End(legs[0].mode, legs[0].gauge_mm, legs[0].to_id)
        return stretch, leaves, End(legs[-1].mode, legs[-1].gauge_mm, legs[-1].from_id)

    def _allowed(self, ride: Ride, trip: Trip) -> None:
        """See that a box may ride the legs: mass, equipment, orders, and that they have any room."""
        blocked = self._masks.of(trip)
        for seq in range(ride.first_leg, ride.last_leg + 1):
            leg = self._leg.get((ride.departure_id, seq))
            if leg is None:
                raise _Fallen(f"{ride.departure_id} has left, or has no room any more")
            if blocked[leg]:
                reason = self._masks.reason(trip, leg)
                raise _Fallen(reason.why if reason else f"{ride.departure_id} has no room on leg {seq} any more")

    def _changed(self, load: _Load, leaves: End, transfers: list[str]) -> int:
        """Find the minute from which a load can leave a place; what moves it there joins `transfers`."""
        if load.came is None:
            return load.at
        transfer = self._changes.find(load.place_id, load.came, leaves)
        if transfer is None:
            raise _Fallen(f"nothing at {load.place_id} moves it on any more")
        transfers.append(transfer.transfer_id)
        return int(begun(np.array([load.at], np.int64), self._space.spans(load.place_id))[0]) + transfer.minutes

    def _trucked(self, ride: Ride, earliest: int, *, is_first: bool, is_gone: bool) -> Stretch:
        """Let a truck on demand leave as planned, or when its load is there."""
        road = self._roads.get((ride.from_id, ride.to_id))
        if road is None:
            raise _Fallen(f"no truck goes {ride.from_id}-{ride.to_id} any more")
        if is_first and not is_gone:
            earliest = max(earliest, self._space.now_at)
        leaves = max(ride.departs_at, earliest)
        return Stretch(
            departure_id="",
            first_leg=0,
            last_leg=0,
            from_id=ride.from_id,
            to_id=ride.to_id,
            departs_at=leaves,
            arrives_at=leaves + road.running_minutes,
        )
