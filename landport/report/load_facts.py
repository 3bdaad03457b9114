"""What the page of a load plan says: each container in steps, whose cargo it is, its balance, and what was left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadedBox, LoadGroup, LoadRules, Loads
from landport.model.plans import CargoBlock, Left
from landport.model.result import Result
from landport.report import goods
from landport.report.loads import pieces
from landport.report.steps import Balance, balance, is_inside, lies, loading_order, unload_rank

N_COLORS = 6
"""Colours that a page has for owners; further ones are grey and have their number only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose cargo it is, or which, where all belongs to one.

    Parameters
    ----------
    name
        A consignee, or the id of a consignment without one, or of an item.
    booking_ids
        Its consignments, in table order.
    unload_order
        When the first of it is unloaded; 0: in no order. -1: customs have not released all of it.
    """

    name: str
    booking_ids: tuple[str, ...]
    unload_order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """A group joined to its owners.

    Parameters
    ----------
    by
        What the owners are: `consignee`, `consignment` or `item`.
    owner_of
        Number of the owner by item id.
    """

    items: Mapping[str, CargoItem]
    bookings: Mapping[str, Booking]
    by: str
    owners: tuple[Owner, ...]
    owner_of: Mapping[str, int]

    def rank(self, item_id: str) -> int:
        """Rank an item by when it is unloaded."""
        item = self.items.get(item_id)
        return unload_rank(item, self.bookings.get(item.booking_id) if item else None)


def join(group: LoadGroup) -> Cargo:
    """Find whose cargo a group is: consignees; consignments that have none; items if all belongs to one."""
    bookings = {b.booking_id: b for b in group.bookings}
    items = {i.item_id: i for i in group.items}

    def consignee(item: CargoItem) -> str:
        booking = bookings.get(item.booking_id)
        return (booking.consignee if booking else "") or item.booking_id

    names = {i.item_id: consignee(i) for i in group.items}
    by = "consignee" if any(b.consignee for b in group.bookings) else "consignment"
    if len(set(names.values())) == 1:
        by, names = "item", {i.item_id: i.item_id for i in group.items}
    number: dict[str, int] = {}
    owner_of = {item_id: number.setdefault(name, len(number)) for item_id, name in names.items()}
    parts: list[list[CargoItem]] = [[] for _ in number]
    for item_id, n in owner_of.items():
        parts[n].append(items[item_id])
    owners = tuple(_owner(name, mine, bookings) for name, mine in zip(number, parts, strict=True))
    return Cargo(items=items, bookings=bookings, by=by, owners=owners, owner_of=owner_of)


def _owner(name: str, items: Sequence[CargoItem], bookings: Mapping[str, Booking]) -> Owner:
    booking_ids = tuple(dict.fromkeys(i.booking_id for i in items))
    is_held = any(b in bookings and not bookings[b].is_released for b in booking_ids)
    first = min((i.unload_order for i in items if i.unload_order), default=0)
    return Owner(name=name, booking_ids=booking_ids, unload_order=-1 if is_held else first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What is in a container of one owner."""

    owner: int
    n_pieces: int
    mass_g: int
    volume_mm3: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A container in loading order.

    Parameters
    ----------
    n_standing
        Pieces that stood in it before; they are the first of the steps.
    shares
        By owner, in loading order.
    """

    box: LoadedBox
    kind: ContainerType
    payload_kg: int
    steps: tuple[CargoBlock, ...]
    n_standing: int
    shares: tuple[Share, ...]
    balance: Balance | None

    @property
    def volume_mm3(self) -> int:
        """Volume of its pieces."""
        return sum(s.volume_mm3 for s in self.shares)

    @property
    def n_pieces(self) -> int:
        """Pieces in it."""
        return sum(s.n_pieces for s in self.shares)


def packed(group: LoadGroup, cargo: Cargo, loads: Loads) -> tuple[Packed, ...]:
    """Put every container of a group in loading order."""
    boxes = [b for b in loads.boxes if b.group_id == group.group_id]
    standing = [s.blocks for s in group.stowed] + [()] * len(boxes)
    return tuple(_packed(group, cargo, box, stood) for box, stood in zip(boxes, standing, strict=False))


def _packed(group: LoadGroup, cargo: Cargo, box: LoadedBox, standing: Sequence[CargoBlock]) -> Packed:
    kind = next(k for k in group.container_types if k.container_type == box.container_type)
    piece_g = {item_id: i.piece_g for item_id, i in cargo.items.items()}
    steps = loading_order(box.blocks, {b.item_id: cargo.rank(b.item_id) for b in box.blocks}, standing)
    return Packed(
        box=box,
        kind=kind,
        payload_kg=group.payload_kg.get(box.container_type, kind.payload_kg),
        steps=steps,
        n_standing=sum(b.count for b in steps if is_inside(b, standing)),
        shares=_shares(cargo, steps),
        balance=balance(box.blocks, piece_g, kind),
    )


def _shares(cargo: Cargo, steps: Sequence[CargoBlock]) -> tuple[Share, ...]:
    mine: dict[int, list[CargoBlock]] = {}
    for b in steps:
        mine.setdefault(cargo.owner_of.get(b.item_id, 0), []).append(b)
    return tuple(
        Share(
            owner=owner,
            n_pieces=sum(b.count for b in blocks),
            mass_g=sum(b.count * cargo.items[b.item_id].piece_g for b in blocks if b.item_id in cargo.items),
            volume_mm3=sum(b.count * b.dx_mm * b.dy_mm * b.dz_mm for b in blocks),
        )
        for owner, blocks in mine.items()
    )


def faults(rules: LoadRules, found: Balance | None) -> tuple[str, ...]:
    """Name the limits of balance that a load is beyond: `length`, `width`, `half`."""
    if found is None:
        return ()
    limits = {
        "length": (abs(found.length_pct), rules.cog_length_pct),
        "width": (abs(found.width_pct), rules.cog_width_pct),
        "half": (found.half_pct, rules.half_pct),
    }
    return tuple(name for name, (value, most) in limits.items() if most is not None and value > most + 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftGroup:
    """Pieces that were left for one reason.

    Parameters
    ----------
    records
        (number of the owner or -1, record), the most pieces first.
    """

    code: str
    state: str
    why: str
    n_pieces: int
    mass_g: int
    volume_mm3: int
    records: tuple[tuple[int, Left], ...]


def left_groups(cargo: Cargo, loads: Loads) -> tuple[LeftGroup, ...]:
    """Group what was left by its reason, refused before waiting, the largest volume first."""
    reasons: dict[tuple[str, str], list[Left]] = {}
    for left in loads.left:
        if left.item_id in cargo.items or left.booking_id in cargo.bookings:
            reasons.setdefault((left.state, left.code), []).append(left)
    groups = [_left_group(cargo, state, code, left) for (state, code), left in reasons.items()]
    return tuple(sorted(groups, key=lambda g: (g.state != "refused", -g.volume_mm3, g.code)))


def _left_group(cargo: Cargo, state: str, code: str, left: Sequence[Left]) -> LeftGroup:
    known = [(x.count, cargo.items[x.item_id]) for x in left if x.item_id in cargo.items]
    sentences = dict.fromkeys(x.why for x in left)
    records = sorted(left, key=lambda x: (-x.count, x.booking_id, x.item_id))
    return LeftGroup(
        code=code,
        state=state,
        why=next(iter(sentences)) if len(sentences) == 1 else "",
        n_pieces=sum(x.count for x in left),
        mass_g=sum(n * i.piece_g for n, i in known),
        volume_mm3=sum(n * i.volume_mm3 for n, i in known),
        records=tuple((cargo.owner_of.get(x.item_id, -1), x) for x in records),
    )


def tints(containers: Sequence[Packed], cargo: Cargo) -> list[list[int]]:
    """Choose each container's number of its owners, by owner: the same everywhere while there are colours for all."""
    if len(cargo.owners) <= N_COLORS:
        return [list(range(len(cargo.owners)))] * len(containers)
    chosen = []
    for c in containers:
        mine = [s.owner for s in c.shares]
        chosen.append([mine.index(n) if n in mine else -1 for n in range(len(cargo.owners))])
    return chosen


def data(group: LoadGroup, result: Result[Loads]) -> dict[str, Any]:
    """Gather what the page's script draws and lists: whole mm, g and mm3."""
    cargo = join(group)
    containers = packed(group, cargo, result.plan)
    numbers = {item_id: n for n, item_id in enumerate(cargo.items)}
    colors = tints(containers, cargo)
    rules = group.rules
    return {
        "by": cargo.by,
        "owners": [[o.name, list(o.booking_ids), o.unload_order] for o in cargo.owners],
        "items": [
            [i.item_id, i.length_mm, i.width_mm, i.height_mm, goods.name(i.goods_id), i.booking_id]
            for i in cargo.items.values()
        ],
        "loads": [_drawn(c, cargo, numbers, color, rules) for c, color in zip(containers, colors, strict=True)],
        "rules": [rules.cog_length_pct, rules.cog_width_pct, rules.half_pct, rules.support_pct, rules.void_mm],
        "left": [_left_row(g) for g in left_groups(cargo, result.plan)],
        "given": [sum(i.count for i in group.items), sum(i.count * i.piece_g for i in group.items)],
        "volume": sum(i.count * i.volume_mm3 for i in group.items),
        "proof": [result.cost, result.bound, result.stopped, result.seed, _unit(group)],
        "remarks": [[r.code, r.message] for r in result.remarks],
    }


def _unit(group: LoadGroup) -> str:
    """Say what cost and bound count: `mm3` left behind, `cents` or `containers`."""
    if group.n_boxes is not None:
        return "mm3"
    return "cents" if group.cost_usd_cents else "containers"


def _drawn(
    c: Packed, cargo: Cargo, numbers: Mapping[str, int], color: Sequence[int], rules: LoadRules
) -> dict[str, Any]:
    """Write a container; kinds say behind their size: owner, mass in g, number of the item, how it lies."""

    def said(b: CargoBlock) -> tuple[int | str, ...]:
        item = cargo.items.get(b.item_id)
        pose = "".join(lies(b, item)) if item else ""
        return cargo.owner_of.get(b.item_id, 0), item.piece_g if item else 0, numbers.get(b.item_id, -1), pose

    at = c.balance
    return {
        "type": c.kind.container_type,
        "inside": [c.kind.inside_length_mm, c.kind.inside_width_mm, c.kind.inside_height_mm],
        "payload": c.payload_kg,
        "mass": c.box.cargo_g,
        "volume": c.volume_mm3,
        **pieces(c.steps, said),
        "standing": c.n_standing,
        "tints": color,
        "shares": [[s.owner, s.n_pieces, s.mass_g, s.volume_mm3] for s in c.shares],
        "balance": at
        and [*at.centre_mm, round(at.length_pct, 2), round(at.width_pct, 2), round(at.half_pct, 2), at.slices_g],
        "faults": faults(rules, at),
        "remarks": [[r.code, r.message, list(r.about)] for r in c.box.remarks],
    }


def _left_row(g: LeftGroup) -> list[Any]:
    records = [[owner, x.item_id or x.booking_id, x.count, x.why if not g.why else ""] for owner, x in g.records]
    return [g.code, g.state, g.why, g.n_pieces, g.mass_g, g.volume_mm3, records]
