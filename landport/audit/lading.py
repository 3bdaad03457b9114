"""The load before the auditor: a group, what was made of it, and everything findable by id."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from landport.audit.stow import Loading, Stow, piece_g, stowed
from landport.model.bookings import Booking
from landport.model.loads import LoadedBox, LoadGroup, Loads


class LoadCase:
    """Containers loaded from a group; nothing here raises, whatever stands in them."""

    def __init__(self, group: LoadGroup, loads: Loads) -> None:
        self.group, self.loads = group, loads
        self.types = {k.container_type: k for k in group.container_types}
        self.bookings = {b.booking_id: b for b in group.bookings}
        self.items = {i.item_id: i for i in group.items}

    def boxes(self) -> Iterator[tuple[str, LoadedBox]]:
        """List containers with their label: `container 1` is the first."""
        for n, box in enumerate(self.loads.boxes, 1):
            yield f"container {n}", box

    @cached_property
    def stows(self) -> tuple[Stow, ...]:
        """Load plans of types on offer, laid out."""
        found = []
        for label, box in self.boxes():
            kind = self.types.get(box.container_type)
            if kind is not None:
                found.append(
                    stowed(Loading(label, kind, box.blocks, self.items, self.bookings, self.group.rules)),
                )
        return tuple(found)

    def inside(self, box: LoadedBox) -> list[Booking]:
        """List the known bookings of the pieces in a container, in the order of its blocks."""
        items = (self.items.get(b.item_id) for b in box.blocks)
        ids = dict.fromkeys(i.booking_id for i in items if i is not None)
        return [self.bookings[b] for b in ids if b in self.bookings]

    def cargo_g(self, box: LoadedBox) -> int:
        """Weigh the known pieces in a container."""
        grams = 0
        for b in box.blocks:
            item = self.items.get(b.item_id)
            grams += 0 if item is None else piece_g(item) * b.nx * b.ny * b.nz
        return grams

    @cached_property
    def packed(self) -> dict[str, int]:
        """Pieces in containers by item id."""
        found: dict[str, int] = {}
        for box in self.loads.boxes:
            for b in box.blocks:
                found[b.item_id] = found.get(b.item_id, 0) + b.nx * b.ny * b.nz
        return found

    @cached_property
    def holders(self) -> dict[str, list[int]]:
        """Containers, counted from 0, that hold pieces of a booking, by its id."""
        return _holders(self, self.loads.boxes)

    @cached_property
    def stood_in(self) -> dict[str, list[int]]:
        """Containers, counted from 0, in which pieces of a booking stood before, by its id."""
        return _holders(self, self.group.stowed)


def _holders(case: LoadCase, boxes: tuple[LoadedBox, ...]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for n, box in enumerate(boxes):
        for booking in case.inside(box):
            found.setdefault(booking.booking_id, []).append(n)
    return found
