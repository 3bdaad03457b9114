"""A group of cargo as arrays: pieces, the ways they may lie, the containers they may go into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from landport.consolidate._kernel import STRONG, Ints
from landport.model.bookings import CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadGroup
from landport.model.plans import Left

SIDES = {"l": (1, 2, 0), "w": (0, 2, 1), "h": (0, 1, 2)}
"""By the letter of the side that stands vertical: the two that lie, and that side."""


@dataclass(frozen=True, slots=True)
class Lot:
    """The pieces of one booking.

    Parameters
    ----------
    rows
        Indices of its items.
    volume_mm3, mass_g
        Of all its pieces.
    is_whole
        It must stay together.
    """

    booking_id: str
    rows: Ints
    volume_mm3: int
    mass_g: int
    due_at: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Cargo:
    """The pieces of a group that fit at least one of its container types.

    Parameters
    ----------
    items, counts
        As in `_kernel`.
    volumes_mm3
        Shape (items,): of a piece.
    boxes, poses
        By container type, the preferred first; as in `_kernel`. A type whose payload is nought has no poses.
    """

    group: LoadGroup
    item_ids: tuple[str, ...]
    items: Ints
    counts: Ints
    volumes_mm3: Ints
    lots: tuple[Lot, ...]
    boxes: tuple[Ints, ...]
    poses: tuple[Ints, ...]


def lay_out(group: LoadGroup) -> tuple[Cargo, tuple[Left, ...]]:
    """Turn a group into arrays, and refuse what no container of it can hold."""
    boxes = tuple(_box(kind, group.payload_kg.get(kind.container_type, 0)) for kind in group.container_types)
    taken = [i for i in group.items if i.count > 0 and any(_fits(i, box) for box in boxes)]
    left = tuple(_refuse(i, group, boxes) for i in group.items if i.count > 0 and i not in set(taken))
    items = [(max(1, i.piece_g), max(1, i.max_layers), min(max(0, i.max_on_top_g), STRONG)) for i in taken]
    table = np.array(items, np.int64).reshape(-1, 3)
    counts = np.array([i.count for i in taken], np.int64)
    volumes_mm3 = np.array([i.volume_mm3 for i in taken], np.int64)
    rows: dict[str, list[int]] = {}
    for row, item in enumerate(taken):
        rows.setdefault(item.booking_id, []).append(row)
    lots = []
    for booking in group.bookings:
        if booking.booking_id in rows:
            of = np.array(rows[booking.booking_id], np.int64)
            volume_mm3, mass_g = int(counts[of] @ volumes_mm3[of]), int(counts[of] @ table[of, 0])
            lots.append(Lot(booking.booking_id, of, volume_mm3, mass_g, booking.due_at, not booking.may_split))
    poses = tuple(_poses(taken, box) for box in boxes)
    return Cargo(group, tuple(i.item_id for i in taken), table, counts, volumes_mm3, tuple(lots), boxes, poses), left


def _box(kind: ContainerType, payload_kg: int) -> Ints:
    inside = (kind.inside_length_mm, kind.inside_width_mm, kind.inside_height_mm)
    return np.array([*inside, max(0, payload_kg) * 1000], np.int64)


def _poses(items: list[CargoItem], box: Ints) -> Ints:
    """List how pieces may lie in a box: rows item, dx, dy, dz, by item."""
    found = [(n, *pose) for n, item in enumerate(items) if item.piece_g <= box[3] for pose in _lying(item, box)]
    return np.array(found, np.int64).reshape(-1, 4)


def _lying(item: CargoItem, box: Ints) -> Iterator[tuple[int, int, int]]:
    size = (item.length_mm, item.width_mm, item.height_mm)
    every = []
    for letter in "lwh":
        if letter in item.vertical:
            a, b, c = (size[side] for side in SIDES[letter])
            every += [(a, b, c), (b, a, c)]
    return (p for p in dict.fromkeys(every) if p[0] <= box[0] and p[1] <= box[1] and p[2] <= box[2])


def _fits(item: CargoItem, box: Ints) -> bool:
    return item.piece_g <= box[3] and any(True for _ in _lying(item, box))


def _refuse(item: CargoItem, group: LoadGroup, boxes: tuple[Ints, ...]) -> Left:
    kinds = [kind.container_type for kind in group.container_types]
    size = f"{item.length_mm} x {item.width_mm} x {item.height_mm} mm"
    if not kinds:
        code, why = "no-container-type", "no container type on offer suits this cargo; offer one, e.g. a reefer"
    elif not any(any(True for _ in _lying(item, box)) for box in boxes):
        inside = "; ".join(f"{k} {b[0]} x {b[1]} x {b[2]} mm" for k, b in zip(kinds, boxes, strict=True))
        code = "too-large"
        why = f"a piece measures {size}, of which {item.vertical or 'none'} may stand vertical; inside are: {inside}"
    else:
        payload = "; ".join(f"{k} {b[3] // 1000:,} kg" for k, b in zip(kinds, boxes, strict=True))
        code = "too-heavy"
        why = f"a piece of {size} weighs {item.piece_g / 1000:g} kg; its cheapest way allows by container: {payload}"
    return Left(
        booking_id=item.booking_id,
        container_id="",
        item_id=item.item_id,
        count=item.count,
        state="refused",
        code=code,
        why=why,
    )
