"""What goes wrong, the orders that bind a port, and the tasks that both open: as `model.facts`, one class a type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOffMissed:
    """A container was not ready at the cut-off of its train. `lacked`: what of readiness."""

    departure_id: str
    cut_off_at: datetime
    lacked: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerOverweight:
    """Weighed, it has more than its box, its wagon or the lane takes."""

    gross_kg: int
    most_kg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomsHeld:
    """Customs keep it."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerDamaged:
    """It cannot travel as it is."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerRepaired:
    """It can travel again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WagonBadOrdered:
    """A wagon may not run."""

    departure_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PathCancelled:
    """The path of a train is cancelled: it does not run."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverCancelled:
    """The next railway does not take a train over at a border."""

    at_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderIssued:
    """A railway or authority issued a restriction order: `model.bookings.RestrictionOrder` with instants."""

    number: str
    issuer: str
    place_id: str
    towards_id: str
    from_at: datetime
    until_at: datetime
    hs_prefixes: tuple[str, ...] = ()
    un_classes: tuple[str, ...] = ()
    container_types: tuple[str, ...] = ()
    max_trains_per_day: int | None = None
    max_teu_per_day: int | None = None
    usd_cents_per_teu: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLifted:
    """A restriction order holds no more."""

    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened:
    """Somebody has to see to it. `exception`: type of the event that is the cause."""

    exception: str
    event_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairProposed:
    """The cheapest repair that planning again found.

    Parameters
    ----------
    plan_digest
        The re-plan, stored; committing it is the repair.
    usd_cents
        What it costs more than the plan of before (less, if negative), lateness and what stays weighed as plans do.
    n_moved, n_left
        Containers that ride otherwise, and those that stay though they rode before.
    text
        In words.
    """

    plan_digest: str
    usd_cents: int
    n_moved: int
    n_left: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClosed:
    """It is seen to. `how`: repaired, resolved (what was wrong is right again) or dismissed."""

    how: str
    why: str = ""


EXCEPTIONS: Final = (
    "CutOffMissed",
    "ContainerOverweight",
    "CustomsHeld",
    "ContainerDamaged",
    "WagonBadOrdered",
    "PathCancelled",
    "HandOverCancelled",
    "OrderIssued",
    "WindowMissed",
    "CheckInFlagged",
)
"""Types of events that each open a task."""
