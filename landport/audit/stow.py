"""A load plan laid out: which blocks are sound, which stand on which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from landport.audit.space import Solid, clashes, meetings
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadRules
from landport.model.plans import CargoBlock

HEAP = 100
"""With more clashes than this, who stands on whom is no longer asked: it may be everybody on everybody."""


@dataclass(frozen=True, slots=True)
class Loading:
    """One container with its load plan, whether of a week's plan or of a load alone.

    Parameters
    ----------
    label
        What findings call it, and the id they are about.
    items, bookings
        All that are known, by id.
    """

    label: str
    kind: ContainerType
    blocks: tuple[CargoBlock, ...]
    items: Mapping[str, CargoItem]
    bookings: Mapping[str, Booking]
    rules: LoadRules


@dataclass(frozen=True, slots=True)
class Body:
    """A block as a body in space: [x0, x1) by [y0, y1) by [z0, z1) mm.

    Parameters
    ----------
    item
        None when the scenario has no such item.
    is_sound
        It is inside the box and its pieces lie as they may, so that its grid can be walked.
    """

    block: CargoBlock
    item: CargoItem | None
    x0: int
    x1: int
    y0: int
    y1: int
    z0: int
    z1: int
    is_inside: bool
    is_sound: bool

    @property
    def solid(self) -> Solid:
        """Its space: along x, y and z."""
        return (self.x0, self.x1), (self.y0, self.y1), (self.z0, self.z1)


@dataclass(frozen=True, slots=True)
class Contact:
    """Body `upper` stands on body `lower` over a rectangle; both are indices."""

    upper: int
    lower: int
    x0: int
    x1: int
    y0: int
    y1: int

    @property
    def area_mm2(self) -> int:
        """Area of the rectangle."""
        return (self.x1 - self.x0) * (self.y1 - self.y0)


@dataclass(frozen=True, slots=True)
class Stow:
    """A container's load plan.

    Parameters
    ----------
    bodies
        Blocks with at least one piece of positive size each way.
    shapeless
        The other blocks.
    clashes
        Bodies that overlap another, each with one that it overlaps; indices.
    contacts
        Who stands on whom, in order of the upper body; none in a heap.
    """

    loading: Loading
    bodies: tuple[Body, ...]
    shapeless: tuple[CargoBlock, ...]
    clashes: Mapping[int, int]
    contacts: tuple[Contact, ...]

    @property
    def is_heap(self) -> bool:
        """Tell whether so many bodies overlap that nobody can say what stands on what."""
        return len(self.clashes) > HEAP

    @property
    def label(self) -> str:
        """Of its container."""
        return self.loading.label


class Stowage(Protocol):
    """Whatever has containers with load plans."""

    @property
    def stows(self) -> tuple[Stow, ...]:
        """Load plans, laid out."""


def stowed(loading: Loading) -> Stow:
    """Lay out the blocks of a container."""
    bodies, shapeless = [], []
    for block in loading.blocks:
        if min(block.dx_mm, block.dy_mm, block.dz_mm, block.nx, block.ny, block.nz) < 1:
            shapeless.append(block)
        else:
            bodies.append(_body(block, loading.kind, loading.items.get(block.item_id)))
    clashing = clashes([body.solid for body in bodies])
    contacts = _contacts(bodies) if len(clashing) <= HEAP else []
    return Stow(loading, tuple(bodies), tuple(shapeless), clashing, tuple(contacts))


def may_lie(block: CargoBlock, item: CargoItem) -> bool:
    """Tell whether pieces lie on a side that may be vertical."""
    sides = {"l": item.length_mm, "w": item.width_mm, "h": item.height_mm}
    for letter in sides:
        if letter not in item.vertical:
            continue
        flat = sorted(size for other, size in sides.items() if other != letter)
        if block.dz_mm == sides[letter] and sorted((block.dx_mm, block.dy_mm)) == flat:
            return True
    return False


def piece_g(item: CargoItem) -> int:
    """Find the mass of one piece: as weighed, else as declared."""
    return item.mass_g if item.weighed_g is None else item.weighed_g


def _body(block: CargoBlock, kind: ContainerType, item: CargoItem | None) -> Body:
    x1 = block.x_mm + block.nx * block.dx_mm
    y1 = block.y_mm + block.ny * block.dy_mm
    z1 = block.z_mm + block.nz * block.dz_mm
    from_corner = min(block.x_mm, block.y_mm, block.z_mm) >= 0
    within = x1 <= kind.inside_length_mm and y1 <= kind.inside_width_mm and z1 <= kind.inside_height_mm
    is_inside = from_corner and within
    is_sound = is_inside and item is not None and may_lie(block, item)
    return Body(block, item, block.x_mm, x1, block.y_mm, y1, block.z_mm, z1, is_inside, is_sound)


def _contacts(bodies: list[Body]) -> list[Contact]:
    """Find who stands on whom, height by height."""
    tops: dict[int, list[int]] = {}
    bases: dict[int, list[int]] = {}
    for i, body in enumerate(bodies):
        tops.setdefault(body.z1, []).append(i)
        bases.setdefault(body.z0, []).append(i)
    found = []
    for z in tops.keys() & bases.keys():
        uppers, lowers = bases[z], tops[z]
        for u, n in meetings([bodies[i].solid[:2] for i in uppers], [bodies[i].solid[:2] for i in lowers]):
            upper, lower = bodies[uppers[u]], bodies[lowers[n]]
            x0, x1 = max(upper.x0, lower.x0), min(upper.x1, lower.x1)
            y0, y1 = max(upper.y0, lower.y0), min(upper.y1, lower.y1)
            found.append(Contact(uppers[u], lowers[n], x0, x1, y0, y1))
    return sorted(found, key=lambda c: (c.upper, c.lower))
