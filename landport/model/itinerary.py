"""Ways through the dated timetable that `route` finds and `assemble` chooses from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from landport.model.plans import Bar, PlannedContainer, Ride


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One ride of an itinerary: legs of a departure, or a truck on demand (empty `departure_id`, legs 0)."""

    departure_id: str
    first_leg: int
    last_leg: int
    from_id: str
    to_id: str
    departs_at: int
    arrives_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """A way from where a box is to its destination.

    Parameters
    ----------
    stretches
        In order; each starts where the one before ended.
    transfer_ids
        The transfer between each two stretches; one fewer than stretches.
    """

    stretches: tuple[Stretch, ...]
    transfer_ids: tuple[str, ...]

    @property
    def departs_at(self) -> int:
        """Minute of leaving."""
        return self.stretches[0].departs_at

    @property
    def arrives_at(self) -> int:
        """Minute of arrival at the destination."""
        return self.stretches[-1].arrives_at


def rides(subject_id: str, way: Itinerary) -> tuple[Ride, ...]:
    """Write a way as the rides of a container."""
    return tuple(
        Ride(
            subject_id=subject_id,
            seq=seq,
            departure_id=s.departure_id,
            first_leg=s.first_leg,
            last_leg=s.last_leg,
            from_id=s.from_id,
            to_id=s.to_id,
            departs_at=s.departs_at,
            arrives_at=s.arrives_at,
        )
        for seq, s in enumerate(way.stretches, 1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What a way is asked for: equal boxes at one place, to one place, from one minute.

    Parameters
    ----------
    trip_id
        A booking id, or a planned container's.
    gross_kg
        Of one box; 0 while it is not packed (no mass rule applies then).
    cargo_codes, un_classes
        Codes of everything inside: the most precise one known of each booking (GNG, else HS heading).
    n_boxes
        How many equal boxes ask.
    cargo_kg
        Cargo in one box, for emissions per net tonne; 0 while it is not packed.
    """

    trip_id: str
    at_id: str
    destination_id: str
    ready_at: int
    due_at: int
    container_type: str
    gross_kg: int
    cargo_codes: tuple[str, ...]
    un_classes: tuple[str, ...]
    priority: int = 0
    n_boxes: int = 1
    cargo_kg: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why there is no way.

    Parameters
    ----------
    state
        waiting (a later plan may find one) or refused.
    code
        overweight, order, equipment, too-late, no-connection.
    """

    state: str
    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Choices by trip id, best first; a trip without any has a refusal."""

    choices: dict[str, tuple[Itinerary, ...]]
    refusals: dict[str, Refusal]


Room = Mapping[tuple[str, int], int]
"""TEU left by departure id and number of the leg, where it is known to be scarce."""

Dues = Mapping[tuple[str, int], int]
"""US cents a TEU by departure id and number of the leg: what its price is to be raised by (or lowered, below 0)."""

PricedWays = Callable[[Sequence[PlannedContainer], Dues], Ways]
"""Answers ways for containers, given what legs are to cost beside their price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A container under other terms: what was lifted, what it is then, and the ways that opens."""

    bars: tuple[Bar, ...]
    box: PlannedContainer
    ways: tuple[Itinerary, ...]


OtherTerms = Callable[[Mapping[str, Refusal]], Mapping[str, Sequence[Terms]]]
"""Answers what would open ways for containers that have none, by container id, given why they have none."""
