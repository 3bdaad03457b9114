"""Readiness of a container for its next train: gated in, weighed, released, sealed, note issued, whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from landport.track.states import ContainerState

LACKS: Final = {
    "gated_in": "not gated in where its train leaves",
    "weighed": "not weighed",
    "weight_accepted": "weighed otherwise than declared",
    "released": "not released by customs",
    "sealed": "not sealed",
    "note_issued": "without a consignment note",
    "undamaged": "damaged",
}
"""What a container can lack, and how it is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far the weighed mass may be from the declared one: the greater of both counts.

    An assumption of ours: railways publish their own limits, which are not in the tables yet.
    """

    percent: int = 5
    kg: int = 500

    def allows(self, declared_kg: int, weighed_kg: int) -> bool:
        """Tell whether nobody has to accept the difference.

        Examples
        --------
        >>> Tolerance().allows(20_000, 21_000), Tolerance().allows(20_000, 21_001), Tolerance().allows(3_000, 3_500)
        (True, False, True)
        """
        difference_kg = abs(weighed_kg - declared_kg)
        return difference_kg <= self.kg or 100 * difference_kg <= self.percent * declared_kg


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a container is ready, and what it lacks: keys of `LACKS`, in their order."""

    is_ready: bool
    lacks: tuple[str, ...]


_TOLERANCE: Final = Tolerance()


def readiness(state: ContainerState, tolerance: Tolerance = _TOLERANCE, at: datetime | None = None) -> Readiness:
    """Tell whether a container is ready for its next train, and what it lacks.

    Parameters
    ----------
    at
        What happened after it does not count; None: all that is known counts.
    """
    is_held = any(e.type == "CustomsHeld" and _is_by(e.happened_at, at) for e in state.exceptions)
    is_damaged = any(e.type == "ContainerDamaged" and _is_by(e.happened_at, at) for e in state.exceptions)
    is_weighed = _is_by(state.weighed_at, at)
    has = {
        "gated_in": _is_in(state, at),
        "weighed": is_weighed,
        "weight_accepted": not is_weighed or _is_mass_right(state, tolerance, at),
        "released": _is_by(state.released_at, at) and not is_held,
        "sealed": _is_by(state.sealed_at, at),
        "note_issued": _is_by(state.note_issued_at, at),
        "undamaged": not is_damaged,
    }
    lacks = tuple(name for name in LACKS if not has[name])
    return Readiness(not lacks, lacks)


def _is_by(instant: datetime | None, at: datetime | None) -> bool:
    return instant is not None and (at is None or instant <= at)


def _is_in(state: ContainerState, at: datetime | None) -> bool:
    if state.status in ("under_way", "arrived", "unloaded"):
        return True
    if state.status not in ("gated_in", "loaded") or not _is_by(state.gated_in_at, at):
        return False
    trains = [ride.from_id for ride in state.plan.rides if ride.departure_id] if state.plan else []
    has_left = any(ride.departure_id for ride in state.rides)
    return has_left or not trains or state.at_id == trains[0]


def _is_mass_right(state: ContainerState, tolerance: Tolerance, at: datetime | None) -> bool:
    declared_kg = state.plan.gross_kg if state.plan else 0
    is_accepted = state.accepted_kg == state.weighed_kg and _is_by(state.accepted_at, at)
    return is_accepted or not declared_kg or tolerance.allows(declared_kg, state.weighed_kg)
