"""The plain assembly format: services, bookings and rules of one hub, and the plan that answers them.

Hours are whole; money is in whole millionths of the file's own unit (micros), so that any recount is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

MICROS = 1_000_000
"""Micros in one unit of money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainService:
    """One dated run.

    Parameters
    ----------
    positions
        Containers it takes at the most.
    min_containers
        Containers a train of the hub needs to run; counts only with a fixed cost.
    fixed_micros
        More than 0: the hub runs the train or cancels it. 0: its positions are bought one by one.
    """

    service_id: str
    from_id: str
    to_id: str
    departs_h: int
    arrives_h: int
    positions: int
    min_containers: int
    fixed_micros: int
    position_micros: int

    @property
    def is_decided(self) -> bool:
        """Whether the hub decides that it runs."""
        return self.fixed_micros > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainBooking:
    """Equal containers of one shipper."""

    booking_id: str
    from_id: str
    to_id: str
    ready_h: int
    due_h: int
    priority: int
    containers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainRules:
    """What a way may be and what time costs.

    Parameters
    ----------
    min_change_h
        Hours between an arrival and the next departure, at least.
    max_legs
        Services a container takes at the most.
    max_late_h
        Hours after its due hour by which a container must have arrived.
    late_micros_per_h, hold_micros_per_h
        Per unit of priority: an hour after the due hour; an hour between ready and arrival.
    reject_micros, reject_per_priority_millionths
        One left behind costs reject_micros x (1 + reject_per_priority x priority).
    """

    min_change_h: int
    max_legs: int
    max_late_h: int
    late_micros_per_h: int
    hold_micros_per_h: int
    reject_micros: int
    reject_per_priority_millionths: int

    def left_micros(self, priority: int) -> int:
        """Price leaving one container behind, rounded half up."""
        share = MICROS + self.reject_per_priority_millionths * priority
        return (self.reject_micros * share + MICROS // 2) // MICROS

    def time_micros(self, booking: PlainBooking, arrives_h: int) -> int:
        """Price the hours of one container until it arrives."""
        late = max(0, arrives_h - booking.due_h)
        held = arrives_h - booking.ready_h
        return booking.priority * (self.late_micros_per_h * late + self.hold_micros_per_h * held)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainCase:
    """One instance: what runs, what is to go, and the rules."""

    services: tuple[PlainService, ...]
    bookings: tuple[PlainBooking, ...]
    rules: PlainRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """Containers of a booking that take the same services, in order of travel."""

    booking_id: str
    containers: int
    service_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """Containers of a booking that stay, with the reason in words."""

    booking_id: str
    containers: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPlan:
    """Trains that the hub runs, who rides what, and what stays."""

    run: tuple[str, ...]
    ship: tuple[Shipped, ...]
    left: tuple[LeftBehind, ...]
