"""A border port as its log tells it, one record after the other: windows, closures, appointments and applications."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from landport.audit.gate_log import GateRecord
from landport.audit.violation import Finding
from landport.model.border import BorderPort, GatePolicy
from landport.model.gate_facts import FreedPlace, Place, TruckVisit

ACTIVE = ("confirmed", "called", "arrived", "under_inspection", "held")
"""States of a truck that has a place and has not left."""

BEFORE_GATE = ("hold", "awaiting", "queued", "confirmed", "called")
NOBODY = TruckVisit()
"""Nothing is told of who comes."""

OVER = ("cleared", "turned_back", "no_show", "cancelled")


@dataclass(slots=True)
class Window:
    """A window as it stands.

    Parameters
    ----------
    lent
        Places that it lent to others, less those that were lent to it.
    taken
        Appointments by seat, more than one only by mistake.
    back
        When seats that were freed can be booked again.
    waiting
        Appointments on its waiting list, in order.
    border, worth
        The port as published, and the trucks that kappa allowed, when its places were last set.
    """

    window_id: str
    border_id: str
    channel: str
    opens_at: datetime
    closes_at: datetime
    day: date
    border: BorderPort
    worth: Fraction
    capacity: int
    lent: int = 0
    n_taken: int = 0
    taken: dict[int, list[str]] = field(default_factory=dict)
    back: dict[int, datetime] = field(default_factory=dict)
    waiting: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Truck:
    """An appointment as it stands; `state` none: nothing was heard of it.

    Parameters
    ----------
    order_at
        When the window opens that it booked itself, whatever closures made of it.
    position
        Of its first record.
    presented
        When it came to the waiting area; who joins the live queue stands there.
    """

    subject: str
    state: str = "none"
    border_id: str = ""
    channel: str = ""
    enterprise_id: str = ""
    visit: TruckVisit = NOBODY
    place: Place | None = None
    awaited_id: str = ""
    held_until_at: datetime | None = None
    order_at: datetime | None = None
    position: int = 0
    n_free: int = 0
    is_shifted: bool = False
    called_at: datetime | None = None
    at_gate_at: datetime | None = None
    presented: list[datetime] = field(default_factory=list)


def carried(visit: TruckVisit) -> tuple[tuple[str, str], ...]:
    """List what comes once at a time: tractor, trailer and containers, kind and name."""
    containers = (("container", container_id) for container_id in visit.container_ids)
    named = (("tractor", visit.tractor), ("trailer", visit.trailer), *containers)
    return tuple((kind, name) for kind, name in named if name)


@dataclass(frozen=True, slots=True, order=True)
class Shifted:
    """A move of a mass shift: whose turn it was, and to when.

    Parameters
    ----------
    order_at
        When the window opens that the truck booked itself.
    position
        Of its first record: who came first goes first.
    """

    order_at: datetime
    position: int
    to_at: datetime
    subject: str


@dataclass(slots=True)
class GateState:
    """Everything that the log said so far.

    Parameters
    ----------
    flagged
        Appointments that the log flags anywhere, before or later.
    touched
        Windows whose places the port set in the transaction that is being read.
    shifts
        Moves of the mass shift that is being read, by channel, in order.
    shifted, shift_why
        Whom it moved, and its reason.
    """

    flagged: frozenset[str] = frozenset()
    borders: dict[str, BorderPort] = field(default_factory=dict)
    closures: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    lanes: dict[tuple[str, str], list[tuple[datetime, datetime, str]]] = field(default_factory=dict)
    trucks: dict[str, Truck] = field(default_factory=dict)
    of_enterprise: dict[str, set[str]] = field(default_factory=dict)
    of_plate: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    applications: dict[str, str] = field(default_factory=dict)
    strikes: dict[str, list[datetime]] = field(default_factory=dict)
    cool: dict[str, datetime] = field(default_factory=dict)
    touched: dict[str, None] = field(default_factory=dict)
    shifts: dict[str, list[Shifted]] = field(default_factory=dict)
    shifted: set[str] = field(default_factory=set)
    shift_why: str = ""

    def truck(self, subject: str) -> Truck:
        """Find an appointment, or begin one of which nothing is known."""
        if subject not in self.trucks:
            self.trucks[subject] = Truck(subject)
        return self.trucks[subject]

    def window(self, place: Place | FreedPlace | None) -> Window | None:
        """Find the window of a place."""
        return None if place is None else self.windows.get(place.window_id)

    def policy(self, border_id: str) -> GatePolicy | None:
        """Find the policy in force."""
        border = self.borders.get(border_id)
        return None if border is None else border.policy

    def is_shut(self, window: Window) -> bool:
        """Tell whether closures cover a window from end to end."""
        covered_at = window.opens_at
        for from_at, until_at in sorted(self.closures.get(window.border_id, ())):
            if from_at <= covered_at < until_at:
                covered_at = until_at
        return covered_at >= window.closes_at

    def is_touched(self, window: Window) -> bool:
        """Tell whether a closure takes some of a window's time."""
        spans = self.closures.get(window.border_id, ())
        return any(from_at < window.closes_at and window.opens_at < until_at for from_at, until_at in spans)

    def ahead(self, enterprise_id: str, at: datetime) -> list[str]:
        """List appointments of an enterprise for windows that open later, and its live holds."""
        found = []
        for subject in sorted(self.of_enterprise.get(enterprise_id, ())):
            truck = self.trucks[subject]
            window = self.window(truck.place)
            is_booked = truck.state == "confirmed" and window is not None and window.opens_at > at
            if is_booked or self.is_live(truck, at):
                found.append(subject)
        return found

    def is_live(self, truck: Truck, at: datetime) -> bool:
        """Tell whether a truck's hold is on."""
        return truck.state == "hold" and truck.held_until_at is not None and truck.held_until_at > at

    def n_of(self, enterprise_id: str, window: Window, but: str = "") -> int:
        """Count the places that an enterprise has in a window, those of one appointment left out."""
        holders = (subject for subjects in window.taken.values() for subject in subjects if subject != but)
        return sum(self.trucks[subject].enterprise_id == enterprise_id for subject in holders)

    def rivals(self, subject: str, visit: TruckVisit) -> Iterator[tuple[str, str]]:
        """List plates and containers of a visit that other active appointments have, too, with these."""
        for kind, name in carried(visit):
            for other in sorted(self.of_plate.get((kind, name), ())):
                if other != subject and self.trucks[other].state in ACTIVE:
                    yield f"{kind} {name}", other

    # ---- what changes ------------------------------------------------------------------------------

    def enter(self, truck: Truck, state: str, *, visit: TruckVisit | None = None) -> None:
        """Let an appointment come to a state, with its visit if that is told."""
        for key in carried(truck.visit):
            self.of_plate.get(key, set()).discard(truck.subject)
        self.of_enterprise.get(truck.enterprise_id, set()).discard(truck.subject)
        truck.state = state
        if visit is not None:
            truck.visit, truck.enterprise_id = visit, visit.enterprise_id
        if state in OVER:
            return
        self.of_enterprise.setdefault(truck.enterprise_id, set()).add(truck.subject)
        for key in carried(truck.visit):
            self.of_plate.setdefault(key, set()).add(truck.subject)

    def give(self, truck: Truck, takes: Place | None, frees: FreedPlace | None) -> None:
        """Move a truck from a place to another; either may be none."""
        old = self.window(frees)
        if frees is not None and old is not None and truck.subject in old.taken.get(frees.seat, ()):
            old.taken[frees.seat].remove(truck.subject)
            old.n_taken -= 1
            old.back[frees.seat] = frees.back_at
        new = self.window(takes)
        if takes is not None and new is not None:
            new.taken.setdefault(takes.seat, []).append(truck.subject)
            new.n_taken += 1
            new.back.pop(takes.seat, None)
        if takes is not None or frees is not None:
            truck.place = takes

    def wait(self, truck: Truck, window_id: str) -> None:
        """Put a truck on a window's waiting list, or take it off every one (no window)."""
        if truck.awaited_id in self.windows:
            self.windows[truck.awaited_id].waiting.pop(truck.subject, None)
        truck.awaited_id = window_id
        if window_id in self.windows:
            self.windows[window_id].waiting[truck.subject] = None

    def open(self, window: Window) -> None:
        """Let a window be open for booking."""
        self.windows[window.window_id] = window
        insort(
            self.lanes.setdefault((window.border_id, window.channel), []),
            (window.opens_at, window.closes_at, window.window_id),
        )
        self.touched[window.window_id] = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Stands for a fact where a transaction ends: records that the log took at one instant."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Stands for a fact where the log ends."""


@dataclass(frozen=True, slots=True)
class GateRule:
    """One rule: its code, its sentence, the types of facts that may break it, and the function that finds what does.

    Parameters
    ----------
    find
        Sees the state before the record, the record, and its fact.
    """

    code: str
    sentence: str
    kinds: tuple[type, ...]
    find: Callable[[GateState, GateRecord, Any], Iterable[Finding]]
