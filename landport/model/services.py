"""Services (recurring) and departures (one dated run), leg by leg."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

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
    no_run_on
        Countries on whose holidays it does not leave its first stop.
    valid_from, valid_to
        First and last local day at the first stop on which it runs; None: open.
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
    no_run_on: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def runs_on(self, day: date, holidays: Set[tuple[str, date]]) -> bool:
        """Tell whether its calendar has a run on a local day at the first stop; holidays by country and day."""
        week = (day.toordinal() - 1) // 7
        if day.isoweekday() not in self.weekdays or week % self.every_n_weeks != self.week_offset:
            return False
        is_valid = (self.valid_from or day) <= day <= (self.valid_to or day)
        return is_valid and not any((country, day) in holidays for country in self.no_run_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A day on which the offices and trucks of a country stand still."""

    holiday_id: str
    country: str
    day_on: date
    name: str


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
        Room left for the hub, one number for every leg or a tuple with one for each; None: the service's whole
        capacity, on a passing train nothing.
    plugs
        Boxes that it can keep at their temperature; None: any number.
    """

    departure_id: str
    service_id: str
    status: str
    departs_at: int | None = None
    free_teu: int | tuple[int, ...] | None = None
    plugs: int | None = None


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
        Room by leg, whatever its capacity; None: all of it. See `room_teu`.
    plugs
        Boxes that it can keep at their temperature on any leg; None: any number.
    """

    departure_id: str
    service_id: str
    legs: tuple[TimedLeg, ...]
    free_teu: tuple[int, ...] | None = None
    plugs: int | None = None

    @property
    def departs_at(self) -> int:
        """Minute at which it leaves its first stop."""
        return self.legs[0].departs_at

    @property
    def is_full(self) -> bool:
        """Whether no leg has room."""
        return self.free_teu is not None and not any(self.free_teu)

    def room_teu(self, leg: ServiceLeg) -> int:
        """Count the positions of a leg of its service that are free: at most its capacity."""
        return leg.capacity_teu if self.free_teu is None else min(leg.capacity_teu, self.free_teu[leg.seq - 1])
