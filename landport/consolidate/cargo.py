"""A group of cargo as arrays: pieces, the ways they may lie, the containers they may go into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from landport.consolidate._kernel import STRONG, Ints
from landport.consolidate.fleet import Fleet, fleet_of
from landport.consolidate.segregation import Bools, Sort, apart, is_refused, is_tempered, segregation, sort_of
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadGroup
from landport.model.plans import Left

SIDES = {"l": (1, 2, 0), "w": (0, 2, 1), "h": (0, 1, 2)}
"""By the letter of the side that stands vertical: the two that lie, and that side."""

MOST_PIECES = 200_000
"""Pieces that one group is packed from at most, the earliest due first: each may be written, drawn and audited."""


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
    sort
        Index of what decides with whom it may share a container.
    """

    booking_id: str
    rows: Ints
    volume_mm3: int
    mass_g: int
    due_at: int
    is_whole: bool
    sort: int = 0


@dataclass(frozen=True, slots=True)
class Cargo:
    """The pieces of a group that fit at least one of its container types.

    Parameters
    ----------
    items, counts
        As in `_kernel`; not more pieces than the fleet could take.
    over
        Shape (items,): further pieces, for which no fleet has room, or which are too many.
    volumes_mm3
        Shape (items,): of a piece.
    lot_of
        Shape (items,): index of its lot.
    boxes, poses
        By container type, the preferred first; as in `_kernel`. A type whose payload is nought has no poses, nor have
        pieces that must not ride in it.
    sorts, apart
        What decides with whom lots share containers, and which may not, shape (sorts, sorts).
    """

    group: LoadGroup
    item_ids: tuple[str, ...]
    items: Ints
    counts: Ints
    over: Ints
    volumes_mm3: Ints
    lot_of: Ints
    lots: tuple[Lot, ...]
    boxes: tuple[Ints, ...]
    poses: tuple[Ints, ...]
    fleet: Fleet
    sorts: tuple[Sort, ...]
    apart: Bools

    @property
    def is_capped(self) -> bool:
        """Tell whether it has as many pieces as one group is packed from."""
        return int(self.counts.sum()) == MOST_PIECES

    def inside(self, counts: Ints) -> list[int]:
        """List the lots of which there are pieces."""
        return [int(n) for n in np.unique(self.lot_of[counts > 0])]

    def joins(self, lot: Lot, company: Iterable[int]) -> bool:
        """Tell whether a lot may share a container with those of these indices, itself not counted."""
        others = (self.lots[n] for n in company)
        return not any(self.apart[lot.sort, o.sort] for o in others if o.booking_id != lot.booking_id)

    def mixes(self, counts: Ints) -> bool:
        """Tell whether these pieces may share a container."""
        if not self.apart.any():
            return True
        inside = self.inside(counts)
        return all(self.joins(self.lots[n], inside[:m]) for m, n in enumerate(inside))


def lay_out(group: LoadGroup) -> tuple[Cargo, tuple[Left, ...]]:
    """Turn a group into arrays, and refuse what no container of it can hold."""
    boxes = tuple(_box(kind, group.payload_kg.get(kind.container_type, 0)) for kind in group.container_types)
    bookings = {b.booking_id: b for b in group.bookings}
    asked = [i for i in group.items if i.count > 0]
    banned = {b for b, booking in bookings.items() if is_refused(booking, group.rules.refused_un)}
    may = {b: _may_ride(booking, group.container_types) for b, booking in bookings.items()}
    taken: list[CargoItem] = []
    left: list[Left] = []
    for i in asked:
        offered = [box for box, suits in zip(boxes, may[i.booking_id], strict=True) if suits]
        if i.booking_id in banned:
            left.append(_banned(i, bookings[i.booking_id]))
        elif any(_fits(i, box) for box in offered):
            taken.append(i)
        else:
            left.append(_refuse(i, group, may[i.booking_id], boxes))
    poses = tuple(_poses(taken, box, [may[i.booking_id][k] for i in taken]) for k, box in enumerate(boxes))
    return _cargo(group, taken, boxes, poses), tuple(left)


def _cargo(group: LoadGroup, taken: list[CargoItem], boxes: tuple[Ints, ...], poses: tuple[Ints, ...]) -> Cargo:
    table = np.array(
        [(max(1, i.piece_g), max(1, i.max_layers), min(max(0, i.max_on_top_g), STRONG)) for i in taken], np.int64
    ).reshape(-1, 3)
    volumes_mm3 = np.array([i.volume_mm3 for i in taken], np.int64)
    fleet = fleet_of(group)
    most = _most(fleet, boxes, poses, table[:, 0], volumes_mm3)
    counts = np.array([min(i.count, m) for i, m in zip(taken, most, strict=True)], np.int64)
    if not group.lane_id:
        due_at = {b.booking_id: b.due_at for b in group.bookings}
        counts = _capped(counts, np.array([due_at[i.booking_id] for i in taken], np.int64))
    every = np.array([i.count for i in taken], np.int64)
    rows: dict[str, list[int]] = {}
    for row, item in enumerate(taken):
        rows.setdefault(item.booking_id, []).append(row)
    lots: list[Lot] = []
    lot_of = np.zeros(len(taken), np.int64)
    sorts: dict[Sort, int] = {}
    for booking in group.bookings:
        if booking.booking_id in rows:
            of = np.array(rows[booking.booking_id], np.int64)
            if not booking.may_split and not group.lane_id and (counts[of] < every[of]).any():
                counts[of] = 0  # it stays together, and the fleet does not take it whole
            lot_of[of] = len(lots)
            volume_mm3 = sum(taken[n].count * taken[n].volume_mm3 for n in of)
            mass_g = sum(taken[n].count * int(table[n, 0]) for n in of)
            sort = sorts.setdefault(sort_of(booking), len(sorts))
            lots.append(Lot(booking.booking_id, of, volume_mm3, mass_g, booking.due_at, not booking.may_split, sort))
    return Cargo(
        group=group,
        item_ids=tuple(i.item_id for i in taken),
        items=table,
        counts=counts,
        over=every - counts,
        volumes_mm3=volumes_mm3,
        lot_of=lot_of,
        lots=tuple(lots),
        boxes=boxes,
        poses=poses,
        fleet=fleet,
        sorts=tuple(sorts),
        apart=apart(tuple(sorts), segregation(group.rules.forbidden_pairs)),
    )


def _capped(counts: Ints, due_at: Ints) -> Ints:
    """Keep at most so many pieces as a group is packed from, the earliest due and the first first."""
    order = np.argsort(due_at, kind="stable")
    found = np.zeros_like(counts)
    found[order] = np.diff(np.minimum(np.cumsum(counts[order]), MOST_PIECES), prepend=0)
    return found


def _most(fleet: Fleet, boxes: tuple[Ints, ...], poses: tuple[Ints, ...], mass: Ints, volumes: Ints) -> list[int]:
    """Bound the pieces of each item that the fleet could take if there were nothing else."""
    one = np.zeros((len(boxes), len(mass)), np.int64)
    for k, (box, ways) in enumerate(zip(boxes, poses, strict=True)):
        fit = np.unique(ways[:, 0])
        one[k, fit] = np.minimum(box[:3].prod() // volumes[fit], box[3] // mass[fit])
    if not boxes:
        return []
    together = np.array(fleet.at_hand, np.int64) @ one
    return [int(n) for n in np.minimum(together, fleet.n_boxes * one.max(axis=0))]


def _may_ride(booking: Booking, kinds: Sequence[ContainerType]) -> list[bool]:
    """Tell by type whether goods may ride in it: where there are reefers and others, each takes its own."""
    cold = [kind.equipment == "reefer" for kind in kinds]
    needs = is_tempered(sort_of(booking))
    return [len(set(cold)) < 2 or is_cold == needs for is_cold in cold]


def _box(kind: ContainerType, payload_kg: int) -> Ints:
    inside = (kind.inside_length_mm, kind.inside_width_mm, kind.inside_height_mm)
    return np.array([*inside, max(0, payload_kg) * 1000], np.int64)


def _poses(items: list[CargoItem], box: Ints, may: list[bool]) -> Ints:
    """List how pieces may lie in a box: rows item, dx, dy, dz, by item."""
    fit = [(n, item) for n, item in enumerate(items) if may[n] and item.piece_g <= box[3]]
    found = [(n, *pose) for n, item in fit for pose in _lying(item, box)]
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


def _refuse(item: CargoItem, group: LoadGroup, may: list[bool], every: tuple[Ints, ...]) -> Left:
    offered = [
        (kind.container_type, b) for kind, b, suits in zip(group.container_types, every, may, strict=True) if suits
    ]
    size = f"{item.length_mm} x {item.width_mm} x {item.height_mm} mm"
    if not offered:
        code, why = "no-container-type", "no container type on offer suits this cargo; offer one, e.g. a reefer"
    elif not any(any(True for _ in _lying(item, box)) for _, box in offered):
        inside = "; ".join(f"{k} {b[0]} x {b[1]} x {b[2]} mm" for k, b in offered)
        code = "too-large"
        why = f"a piece measures {size}, of which {item.vertical or 'none'} may stand vertical; inside are: {inside}"
    else:
        payload = "; ".join(f"{k} {b[3] // 1000:,} kg" for k, b in offered)
        code = "too-heavy"
        why = f"a piece of {size} weighs {item.piece_g / 1000:g} kg; the usable payload by container is: {payload}"
    return _left(item, code, why)


def _banned(item: CargoItem, booking: Booking) -> Left:
    name = f"UN {booking.un_number.removeprefix('UN').strip()}, class {booking.un_class or 'none'}"
    return _left(item, "un-refused", f"the service does not take {name}; book it on one that does")


def _left(item: CargoItem, code: str, why: str) -> Left:
    return Left(
        booking_id=item.booking_id,
        container_id="",
        item_id=item.item_id,
        count=item.count,
        state="refused",
        code=code,
        why=why,
    )
