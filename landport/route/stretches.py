"""Rides of itineraries, from legs and roads of a space."""

from __future__ import annotations

from landport.model.itinerary import Stretch
from landport.route.arrays import Space


class Stretches:
    """Makes the stretches of one space; rides are made once, since many ways share them.

    Parameters
    ----------
    space
        The dated network.
    """

    def __init__(self, space: Space) -> None:
        self._space = space
        self._rides: dict[tuple[int, int], Stretch] = {}

    def ride(self, first: int, last: int) -> Stretch:
        """Answer the ride on a departure from leg `first` to leg `last` of the space."""
        if (first, last) not in self._rides:
            one, other = self._space.hops[first], self._space.hops[last]
            self._rides[first, last] = Stretch(
                departure_id=one.departure.departure_id,
                first_leg=one.leg.seq,
                last_leg=other.leg.seq,
                from_id=one.leg.from_id,
                to_id=other.leg.to_id,
                departs_at=one.departs_at,
                arrives_at=other.arrives_at,
            )
        return self._rides[first, last]

    def truck(self, road: int, departs_at: int) -> Stretch:
        """Answer a truck on demand over a road of the space."""
        way = self._space.truck_roads[road]
        return Stretch(
            departure_id="",
            first_leg=0,
            last_leg=0,
            from_id=way.from_id,
            to_id=way.to_id,
            departs_at=departs_at,
            arrives_at=departs_at + way.running_minutes,
        )
