"""Where containers weigh, as their load plans tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from landport.model.bookings import CargoItem
from landport.model.equipment import ContainerType
from landport.model.plans import PlannedContainer


def moments(
    boxes: Iterable[PlannedContainer],
    items: Mapping[str, CargoItem],
    container_types: Mapping[str, ContainerType],
) -> dict[str, tuple[int, int]]:
    """Find twice the moment about its middle of what each container with a load plan holds, in g mm.

    Returns
    -------
    dict[str, tuple[int, int]]
        By container id: towards the door, and towards the right wall.
    """
    found = {}
    for box in boxes:
        inside = container_types[box.container_type]
        along = across = 0
        for block in box.blocks:
            grams = items[block.item_id].piece_g * block.count
            along += grams * (2 * block.x_mm + block.nx * block.dx_mm - inside.inside_length_mm)
            across += grams * (2 * block.y_mm + block.ny * block.dy_mm - inside.inside_width_mm)
        if box.blocks:
            found[box.container_id] = (along, across)
    return found
