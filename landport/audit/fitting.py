"""What surely fits a container, whatever a plan says: pieces one by one, bookings stacked as walls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from landport.audit.stow import piece_g
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.rules import Rules

DRY_TYPES = ("40HC", "20GP")
"""Containers that the hub packs groupage into."""

REEFER_TYPES = ("40RH", "40RF")
"""Those for groupage that needs a temperature."""


def needs_temperature(booking: Booking) -> bool:
    """Tell whether goods state any temperature."""
    return booking.temperature_min_c is not None or booking.temperature_max_c is not None


def sure_kg(kind: ContainerType, rules: Rules) -> int:
    """Find the cargo that a container may hold on any train on any day: its plate, and every rule on single boxes."""
    size = "20ft" if kind.length_ft == 20 else "40ft"
    most = min(kind.payload_kg, kind.max_gross_kg - kind.tare_kg)
    for row in rules.train_rules:
        if row.rule == "max_box_gross_kg" and row.applies_to in (size, "box"):
            below = 1 if row.operator == "<" else 0
            most = min(most, (row.milli - below) // 1000 - kind.tare_kg)
    return most


def surely_fits(item: CargoItem, kind: ContainerType, most_kg: int) -> bool:
    """Tell whether one piece goes into an empty container, as it may lie."""
    if piece_g(item) > most_kg * 1000:
        return False
    for dx, dy, dz in _poses(item):
        if dx <= kind.inside_length_mm and dy <= kind.inside_width_mm and dz <= kind.inside_height_mm:
            return True
    return False


def surely_holds(pieces: Iterable[tuple[CargoItem, int]], kind: ContainerType, most_kg: int) -> bool:
    """Tell whether a container surely holds so many pieces of each item: each item as walls of its own.

    What would only fit in a cleverer way is given the benefit of the doubt.
    """
    length = grams = 0
    for item, count in pieces:
        if count > 0:
            length += _walls_mm(item, count, kind)
            grams += piece_g(item) * count
    return length <= kind.inside_length_mm and grams <= most_kg * 1000


def _walls_mm(item: CargoItem, count: int, kind: ContainerType) -> int:
    """Length of a container that pieces need, stacked as walls in their best pose; too much if they cannot."""
    least = kind.inside_length_mm + 1
    layers = 1 + item.max_on_top_g // max(1, piece_g(item))
    for dx, dy, dz in _poses(item):
        if dy > kind.inside_width_mm or dz > kind.inside_height_mm:
            continue
        high = min(kind.inside_height_mm // dz, max(1, item.max_layers), layers)
        wall = kind.inside_width_mm // dy * high
        least = min(least, -(-count // wall) * dx)
    return least


def _poses(item: CargoItem) -> Iterator[tuple[int, int, int]]:
    """List every way a piece may lie: along, across, up."""
    sides = {"l": item.length_mm, "w": item.width_mm, "h": item.height_mm}
    for up, dz in sides.items():
        one, other = (mm for side, mm in sides.items() if side != up)
        if up in item.vertical:
            yield one, other, dz
            yield other, one, dz
