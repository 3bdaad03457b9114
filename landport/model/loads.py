"""What `consolidate` is given and what it gives back: groups of LCL cargo, and loaded boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from landport.errors import Remark
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
class LoadRules:
    """What a load plan obeys beyond sizes, payload, layers and what tops bear, which it always does.

    Parameters
    ----------
    support_pct
        Least share of every base that stands on the floor or on tops at that height; 0: pieces may float.
    cog_length_pct, cog_width_pct
        How far the centre of gravity may lie from the middle, as a share of the inside length or width (CTU Code, Annex
        7); None: anywhere.
    half_pct
        Greatest share of the mass in either half of the length (CTU Code, Annex 7); None: any.
    void_mm
        Gaps in line with the middle of a piece, summed, beyond which the load needs securing and gets a remark.
    refused_un
        UN numbers and classes that the service does not take at all.
    forbidden_pairs
        Classes that may not share a container, each pair sorted.
    """

    support_pct: int = 100
    cog_length_pct: int | None = None
    cog_width_pct: int | None = None
    half_pct: int | None = None
    void_mm: int = 150
    refused_un: tuple[str, ...] = ()
    forbidden_pairs: tuple[tuple[str, str], ...] = ()


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
        Same for groups that differ in their cut-off only; empty: there is no other, and what must stay together and
        fits no container whole is left, not spread.
    arrives_at
        Minute of arrival of what makes its cut-off; None: it has none.
    n_boxes
        How many containers there are to fill as well as goes; None: as many as it takes.
    n_available
        Containers at hand by type; a type without: any number.
    cost_usd_cents
        Of one container by type; empty: all types cost the same, so that the fewest are sought.
    stowed
        Containers that are partly loaded already; what stands in them stays where it is.
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
    rules: LoadRules = LoadRules()
    n_boxes: int | None = None
    n_available: Mapping[str, int] = field(default_factory=dict)
    cost_usd_cents: Mapping[str, int] = field(default_factory=dict)
    stowed: tuple[LoadedBox, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedBox:
    """One container packed from a group.

    Parameters
    ----------
    booking_ids
        In table order.
    cargo_g
        Mass of the pieces in it.
    remarks
        What the loader must know, such as gaps that need securing (code `void`).
    """

    group_id: str
    container_type: str
    booking_ids: tuple[str, ...]
    cargo_g: int
    blocks: tuple[CargoBlock, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """Boxes packed and pieces left, over all groups."""

    boxes: tuple[LoadedBox, ...]
    left: tuple[Left, ...]
