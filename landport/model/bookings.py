"""What people ask the hub to move, and what stands in the way: bookings, items, orders, supply."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A request to move one consignment; booking and consignment share their id.

    Parameters
    ----------
    kind
        `FCL`: `n_containers` of `container_type`, stuffed by the shipper. `LCL`: cargo items that the hub packs.
    origin_id, at_id, destination_id
        Where the goods come from, where they are (or will be) at `ready_at` and where planning starts, where they
        go.
    ready_at, due_at
        Minutes from the scenario's start; due means arrival at the destination terminal.
    declared_kg, weighed_kg
        Cargo of *one* container of an FCL booking, as declared and as weighed (None: not yet). 0 for LCL.
    priority
        0 normal .. 3 highest; scales what lateness and refusal cost.
    temperature_min_c, temperature_max_c
        Range the goods need; None: none.
    is_released
        Customs let it go. One that is not released yet stands at the door, or alone.
    """

    booking_id: str
    shipper: str
    consignee: str
    kind: str
    origin_id: str
    at_id: str
    destination_id: str
    ready_at: int
    due_at: int
    container_type: str
    n_containers: int
    goods_id: str
    hs: str
    gng_code: str
    declared_kg: int
    weighed_kg: int | None
    value_usd_cents: int
    priority: int
    may_split: bool
    temperature_min_c: int | None
    temperature_max_c: int | None
    un_class: str
    un_number: str
    is_released: bool = True

    @property
    def cargo_kg(self) -> int:
        """Cargo of one FCL container that plans use: weighed if known, else declared."""
        return self.declared_kg if self.weighed_kg is None else self.weighed_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoItem:
    """Equal pieces of an LCL booking.

    Parameters
    ----------
    length_mm, width_mm, height_mm
        One piece.
    mass_g, weighed_g
        Mass of one piece as declared and as weighed (None: not yet).
    vertical
        Which of its dimensions may stand vertical, letters of `lwh`; turning on the floor is always allowed.
    max_layers
        How many layers of itself may be stacked.
    max_on_top_g
        Mass that one piece bears on its top.
    unload_order
        1 is unloaded first and stands nearest the door; 0: in no order, it stands in nobody's way.
    is_rigid
        A rigid pallet: it stands upright on the floor or wholly on other rigid pallets.
    """

    item_id: str
    booking_id: str
    goods_id: str
    length_mm: int
    width_mm: int
    height_mm: int
    mass_g: int
    weighed_g: int | None
    count: int
    vertical: str
    max_layers: int
    max_on_top_g: int
    unload_order: int = 0
    is_rigid: bool = False

    @property
    def piece_g(self) -> int:
        """Mass of one piece that plans use: weighed if known, else declared."""
        return self.mass_g if self.weighed_g is None else self.weighed_g

    @property
    def volume_mm3(self) -> int:
        """Volume of one piece."""
        return self.length_mm * self.width_mm * self.height_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionOrder:
    """An order of a railway or authority: it bans cargo at a place, caps trains a day, or gives a quota of TEU a day.

    Parameters
    ----------
    from_at, until_at
        In force for legs that leave `place_id` (or arrive at it) at minute from_at <= t < until_at.
    place_id, towards_id
        It hits legs that leave the place towards `towards_id`; with that empty, all that leave or reach it.
    hs_prefixes, un_classes, container_types
        Cargo it bans, or that counts under its quota; all three empty: any cargo. A box is hit when it matches each
        list that is not empty.
    max_trains_per_day
        Not None: nothing is banned, but at most so many hub trains pass a railway day.
    max_teu_per_day
        Not None: nothing is banned, but at most so many TEU of boxes that it names are handed over a railway day, on
        hub trains as on bought services; how they count says `orders.passages`. Never with `max_trains_per_day`.
    usd_cents_per_teu
        Price of one TEU handed over under the quota.
    """

    order_id: str
    number: str
    issuer: str
    place_id: str
    towards_id: str
    from_at: int
    until_at: int
    hs_prefixes: tuple[str, ...]
    un_classes: tuple[str, ...]
    container_types: tuple[str, ...]
    max_trains_per_day: int | None
    text: str
    max_teu_per_day: int | None = None
    usd_cents_per_teu: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NightSupply:
    """What a place has for one railway day (18:01-18:00 Beijing) or one shift of it.

    Parameters
    ----------
    day_on
        ISO date of the railway day, i.e. of its 18:00 end.
    resource
        A wagon type; `track`: hub trains that can be loaded; `lift`: containers that cranes lift; `gauge-change`: TEU
        that change from one gauge to another.
    shift
        `night` (18:01-6:00 Beijing), `day` (6:01-18:00) or empty: the whole railway day. For lifts and gauge changes.
    """

    supply_id: str
    place_id: str
    day_on: str
    resource: str
    count: int
    shift: str = ""

    @property
    def is_wagons(self) -> bool:
        """Whether it counts wagons of a type."""
        return self.resource not in WORK


WORK = ("track", "lift", "gauge-change")
"""Resources that are no wagon types."""

SHIFTED = ("lift", "gauge-change")
"""Resources that may be counted by shift."""
