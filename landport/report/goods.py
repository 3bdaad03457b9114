"""Goods in words: the name of a category of the reference table, else its id as words."""

from __future__ import annotations

from landport.model.bookings import Booking, CargoItem
from landport.reference import load


def name(goods_id: str) -> str:
    """Say what goods are; empty when nobody said.

    Examples
    --------
    >>> name("led_lamps"), name("spare_parts"), name("")
    ('LED lamps', 'spare parts', '')
    """
    known = load.goods().get(goods_id)
    return known.name if known else goods_id.replace("_", " ").strip()


def heading(goods_id: str) -> str:
    """HS heading of a category of the reference table; empty for other goods.

    Examples
    --------
    >>> heading("led_lamps"), heading("spare_parts")
    ('8539', '')
    """
    known = load.goods().get(goods_id)
    return known.hs if known else ""


def declared(item: CargoItem, booking: Booking | None) -> tuple[str, str]:
    """Name the goods of an item and their HS: as its booking declares it, else the heading of their category."""
    hs = booking.hs if booking and booking.goods_id == item.goods_id else ""
    return name(item.goods_id), hs or heading(item.goods_id)
