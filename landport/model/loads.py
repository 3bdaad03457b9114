"""What `consolidate` is given and what it gives back: groups of LCL cargo, and loaded boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.plans import CargoBlock, Left


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """A chance to leave the hub towards a destination.

    Parameters
    ----------
    packed_by
        Minute by which a container must be packed to catch it.
    arrives_at
        Minute at which it then arrives.
    """

    packed_by: int
    arrives_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadGroup:
    """LCL cargo that may share containers: one lane and cut-off, one temperature range, compatible classes.

    Parameters
    ----------
    ready_at
        Minute by booking id at which its goods are at the hub and can be packed.
    container_types
        Types it may be packed in, the preferred first.
    payload_kg
        Usable payload by container type: what the whole journey allows (plate, and every leg's rules).
    lane_id
        Same for groups that differ in their cut-off only; empty: there is no other.
    arrives_at
        Minute of arrival of what makes its cut-off; None: it has none.
    """

    group_id: str
    at_id: str
    destination_id: str
    bookings: tuple[Booking, ...]
    items: tuple[CargoItem, ...]
    ready_at: Mapping[str, int]
    container_types: tuple[ContainerType, ...]
    payload_kg: Mapping[str, int]
    lane_id: str = ""
    arrives_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedBox:
    """One container packed from a group.

    Parameters
    ----------
    booking_ids
        In table order.
    cargo_g
        Mass of the pieces in it.
    """

    group_id: str
    container_type: str
    booking_ids: tuple[str, ...]
    cargo_g: int
    blocks: tuple[CargoBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """Boxes packed and pieces left, over all groups."""

    boxes: tuple[LoadedBox, ...]
    left: tuple[Left, ...]
