"""Services (recurring) and departures (one dated run), leg by leg."""

from __future__ import annotations

from dataclasses import dataclass

UNDER_WAY_DAYS = 21
"""A train that left its first stop so many days before now may still be boarded farther on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLeg:
    """One leg of a service between two consecutive stops, with its own gauge, class and capacity.

    Parameters
    ----------
    seq
        1 for the first leg.
    gauge_mm
        0 off the rails.
    train_class
        Key by which dated train rules join to this leg.
    line_ids
        Lines it runs over, in order.
    running_minutes, dwell_minutes
        Running time; planned stop at `from_id` before it, border work included (0 for the first leg).
    capacity_teu, max_length_mm, max_gross_kg, max_cargo_kg
        What the leg takes of one departure: boxes, train length, train mass, sum of box gross masses. 0: no limit
        is known.
    usd_cents_per_teu
        Price of this leg; a 40-ft box pays twice.
    co2_rate
        Id of the emission rate that applies.
    """

    seq: int
    from_id: str
    to_id: str
    mode: str
    gauge_mm: int
    train_class: str
    line_ids: tuple[str, ...]
    length_km: int
    running_minutes: int
    dwell_minutes: int
    capacity_teu: int
    max_length_mm: int
    max_gross_kg: int
    max_cargo_kg: int
    usd_cents_per_teu: int
    co2_rate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A train, ship or truck that runs again and again.

    Parameters
    ----------
    operation
        `hub`: the hub runs or cancels each departure, pays `fixed_usd_cents` for it and needs `min_teu` on board.
        `bought`: somebody else runs it, the hub buys position by position.
    group
        assembly, assembly-return, feeder, feeder-return, through, through-return, onward, domestic, ferry or truck.
    weekdays
        1 = Monday .. 7 = Sunday, local days at the first stop.
    every_n_weeks, week_offset
        2 and 1: every second week, the odd ones (weeks counted from Monday 0001-01-01).
    depart_minute
        Minute of the local day at the first stop.
    cut_off_minutes
        A load must be at its place of loading this long before departure.
    """

    service_id: str
    name: str
    mode: str
    group: str
    operation: str
    weekdays: tuple[int, ...]
    every_n_weeks: int
    week_offset: int
    depart_minute: int
    cut_off_minutes: int
    min_teu: int
    fixed_usd_cents: int
    legs: tuple[ServiceLeg, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureNote:
    """What the planner knows about one dated run beyond its service's calendar.

    Parameters
    ----------
    departure_id
        `SERVICE@YYYY-MM-DD`, the local date at the first stop; an extra run adds `+1`, `+2`, ...
    status
        run, cancelled or extra.
    departs_at
        Minute from the scenario's start; only an extra run needs it.
    free_teu
        Room left for the hub on every leg; None: the service's whole capacity, on a passing train nothing.
    """

    departure_id: str
    service_id: str
    status: str
    departs_at: int | None = None
    free_teu: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedLeg:
    """A leg of a departure, in minutes from the scenario's start."""

    seq: int
    departs_at: int
    arrives_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One dated run of a service.

    Parameters
    ----------
    free_teu
        Room on every leg, at most the leg's `capacity_teu`; None: all of it.
    """

    departure_id: str
    service_id: str
    legs: tuple[TimedLeg, ...]
    free_teu: int | None = None

    @property
    def departs_at(self) -> int:
        """Minute at which it leaves its first stop."""
        return self.legs[0].departs_at
