"""Bodies of freight: bookings as requests carry them. What they mean is checked by the use case."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from landport.server.inputs import Asked, Celsius, Count, Instant, Line, NoId, Text, Whole, Word


class Item(Asked):
    """Equal pieces of cargo: millimetres and whole grams of one piece."""

    item_id: NoId = ""
    goods_id: Word = ""
    length_mm: Whole
    width_mm: Whole
    height_mm: Whole
    mass_g: Whole
    weighed_g: Whole | None = None
    count: Whole
    vertical: Word = "h"
    max_layers: Count = 0
    max_on_top_g: Whole | None = None
    unload_order: Count = 0
    is_rigid: bool = False


class Goods(Asked):
    """What is booked. FCL: containers and their cargo; LCL: items. Places by id or name."""

    kind: Literal["FCL", "LCL"]
    shipper_id: Line = ""
    consignee_id: Line = ""
    forwarder_id: NoId = ""
    origin_id: Line
    at_id: Line | None = None
    destination_id: Line
    ready_at: Instant
    due_at: Instant
    container_type: Word = ""
    n_containers: Count = 0
    goods_id: Word = ""
    hs: Word
    gng_code: Word = ""
    declared_kg: Whole = 0
    weighed_kg: Whole | None = None
    value_usd_cents: Whole = 0
    priority: Count = 0
    may_split: bool = False
    temperature_min_c: Celsius | None = None
    temperature_max_c: Celsius | None = None
    un_class: Word = ""
    un_number: Word = ""
    is_released: bool = True
    items: Annotated[list[Item], Field(max_length=5_000, default_factory=list)]


class NewConsignment(Asked):
    """A booking. `quote_id`: the price it is booked at; `consignment_id`: a number that the port's own people give."""

    goods: Goods
    quote_id: NoId = ""
    consignment_id: NoId = ""


class AmendedConsignment(Asked):
    """A booking stated anew."""

    goods: Goods
    why: Text = ""
