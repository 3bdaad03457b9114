"""A timetable on its own: stops and dated legs without a network, the plain format of `landport route`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NEVER = -1
"""`gauge_minutes` of a stop at which the gauge cannot be changed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stops:
    """Stops in file order, s of them; all arrays have shape (s,).

    Parameters
    ----------
    lons, lats
        WGS84 degrees, nan where unknown.
    transfer_minutes, transfer_cost
        What changing to another trip of the same gauge takes.
    gauge_minutes, gauge_cost
        What changing to a trip of another gauge takes; minutes `NEVER`: impossible there.
    """

    stop_ids: tuple[str, ...]
    names: tuple[str, ...]
    regions: tuple[str, ...]
    lons: NDArray[np.float64]
    lats: NDArray[np.float64]
    transfer_minutes: Ints
    transfer_cost: Ints
    gauge_minutes: Ints
    gauge_cost: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StopTimes:
    """A checked timetable, legs in an order in which time never runs backwards; all arrays have shape (n,).

    Parameters
    ----------
    trip_ids
        Names of the trips.
    trip
        Index into `trip_ids`.
    seq
        As in the file; consecutive legs of a trip follow each other.
    from_stop, to_stop
        Indices into `stops.stop_ids`.
    departs_at, arrives_at
        Whole minutes; legs are sorted by departure, and legs of no duration so that each comes before those that can be
        caught from it in the same minute.
    cost
        Whole money.
    gauge
        As in the file, one for all legs of a trip.
    """

    stops: Stops
    trip_ids: tuple[str, ...]
    trip: Ints
    seq: Ints
    from_stop: Ints
    to_stop: Ints
    departs_at: Ints
    arrives_at: Ints
    cost: Ints
    gauge: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class StopWay:
    """A way through a plain timetable.

    Parameters
    ----------
    legs
        Trip and seq of each leg ridden.
    """

    arrives_at: int
    cost: int
    gauge_changes: int
    legs: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopWays:
    """What a plain timetable answers.

    Parameters
    ----------
    earliest
        The earliest arrival, of those the cheapest known; None: there is no way.
    pareto
        Ways that no other beats in arrival, cost and gauge changes, by arrival.
    is_complete
        They are the exact front.
    """

    earliest: StopWay | None
    pareto: tuple[StopWay, ...]
    is_complete: bool
