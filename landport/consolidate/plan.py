"""Pack groups of cargo into few containers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from landport.consolidate._bound import least_containers
from landport.consolidate._kernel import Ints
from landport.consolidate.cargo import Cargo, Lot, lay_out
from landport.consolidate.filling import Filler, Filling, Style
from landport.consolidate.lanes import fewest
from landport.consolidate.tails import Packed, roll_tails
from landport.errors import Remark
from landport.model.loads import LoadedBox, LoadGroup, Loads
from landport.model.plans import CargoBlock
from landport.model.result import Limit, Result, why_stopped

TRIES = 12
"""Styles tried a container, by unit of effort."""

WORK = 400_000
"""Poses times items of one container, over all styles of a unit of effort; a quarter of them is always tried."""

MOVES = 4
"""Styles tried to repack a container with a booking of the one being emptied."""

MOST_FULL = 80
"""Percent of the free volume up to which emptying a container into the others is tried."""

STYLES = (
    (0, 2, 0, 1),
    (50, 3, 3, 1),
    (0, 0, 0, 1),
    (0, 2, 2, 1),
    (0, 3, 1, 0),
    (100, 4, 4, 1),
    (50, 2, 2, 0),
    (0, 1, 0, 0),
)
"""The first styles tried (`_kernel.fill`); further ones are drawn."""


def plan(groups: Sequence[LoadGroup], *, seed: int = 0, limit: Limit) -> Result[Loads]:
    """Pack every group into few containers of its types.

    Returns
    -------
    Result[Loads]
        Boxes by group in the order given. A piece that no container can take has a `Left`. Cost and bound count
        containers; the bound holds however the bookings of a lane are grouped (`lanes.fewest` says for which plans),
        so that it tells of the groups, too.

    Notes
    -----
    Containers are filled one after the other. Each is filled with solid blocks (nx x ny x nz equal pieces in one
    pose), each put where the block of greatest worth goes into the next free column over a fully supported
    rectangle, after Bischoff and Ratcliff (1995) and Parreno et al. (2008), with the loads that tops bear carried
    along. Bookings that may not be split go in whole, or wait for the next container; one that no style packs whole
    into an empty container is stacked in walls (`walls.in_walls`), and spread only where those do not fit. Effort 1
    tries 12 styles a container (3 where it holds hundreds of different pieces) and keeps the fullest. Then the
    emptiest container is emptied into the others if that goes. At last nearly empty ones wait for a later cut-off of
    their lane where that saves a container (`tails.roll_tails`). Deterministic; each group draws from its own seed, so
    groups can be packed apart. `seconds` are looked at between containers; when they are over the rest is packed in one
    style. Audited by `audit`: geometry, support, loads, layers, payload, counts.
    """
    packed = [_pack(group, seed, limit) for group in groups]
    bound = fewest(p.cargo for p in packed)
    packed = roll_tails(packed, lambda group: _pack(group, seed, limit), limit)
    cost = sum(len(p.boxes) for p in packed)
    stopped = why_stopped(cost, bound, is_over=any(p.is_cut for p in packed))
    loads = Loads(
        boxes=tuple(_loaded(p.cargo, box) for p in packed for box in p.boxes),
        left=tuple(left for p in packed for left in p.left),
    )
    remarks = tuple(_remark(p, booking_id) for p in packed for booking_id in p.spread)
    return Result(plan=loads, cost=cost, bound=bound, stopped=stopped, seed=seed, remarks=remarks)


def _pack(group: LoadGroup, seed: int, limit: Limit) -> Packed:
    cargo, left = lay_out(group)
    if not cargo.lots:
        return Packed(cargo, left)
    every = np.concatenate(cargo.poses)
    least = least_containers(np.array(cargo.boxes), cargo.items, every, cargo.counts, cargo.volumes_mm3)
    styles = _styles(cargo, seed, _tries(cargo) * max(1, limit.effort))
    filler, rest, lots = Filler(cargo), cargo.counts.copy(), list(cargo.lots)
    boxes: list[Filling] = []
    spread: list[str] = []
    is_cut = False
    while rest.any():
        is_cut = is_cut or limit.is_over()
        box = _next(filler, lots, rest, styles[:1] if is_cut else styles) or _alone(filler, lots, rest, styles)
        box = box or _walled(filler, lots, rest, styles[0])
        if box is None:
            n = _first_whole(lots, rest)
            spread.append(lots[n].booking_id)
            lots[n] = replace(lots[n], is_whole=False)
        else:
            boxes.append(box)
            rest -= box.counts
    while len(boxes) > max(1, least) and not is_cut and _empty_one(filler, boxes, lots, styles):
        is_cut = limit.is_over()
    return Packed(cargo, left, boxes, spread, is_cut)


def _tries(cargo: Cargo) -> int:
    """Spare styles where one fill is dear: many different pieces in one container."""
    boxes = max(1.0, float(cargo.counts @ cargo.volumes_mm3) / float(cargo.boxes[0][:3].prod()))
    poses, items = max(map(len, cargo.poses)) / boxes, len(cargo.items) / boxes
    return int(min(TRIES, max(TRIES // 4, WORK // (1 + poses * items))))


def _first_whole(lots: Sequence[Lot], rest: Ints) -> int:
    return next(n for n, lot in enumerate(lots) if lot.is_whole and rest[lot.rows].any())


def _alone(filler: Filler, lots: Sequence[Lot], rest: Ints, styles: Sequence[Style]) -> Filling | None:
    """Fill a container with the first booking that must stay together; None when it fits no empty one."""
    lot = lots[_first_whole(lots, rest)]
    only = np.zeros_like(rest)
    only[lot.rows] = rest[lot.rows]
    return _next(filler, [lot], only, styles)


def _walled(filler: Filler, lots: Sequence[Lot], rest: Ints, style: Style) -> Filling | None:
    """Stack the first booking that must stay together in walls, in the smallest type that takes it so."""
    n, kinds = _first_whole(lots, rest), filler.cargo.group.container_types
    others = [lot for m, lot in enumerate(lots) if m != n]
    for kind in sorted(range(len(kinds)), key=lambda k: (kinds[k].teu, k)):
        box = filler.wall(kind, lots[n], others, rest, style)
        if box is not None:
            return box
    return None


def _next(filler: Filler, lots: Sequence[Lot], rest: Ints, styles: Sequence[Style]) -> Filling | None:
    """Fill one more container of the first type that takes anything, or of a smaller one that takes the same."""
    cargo = filler.cargo
    for kind in range(len(cargo.boxes)):
        box = filler.pack(kind, lots, rest, styles)
        if box is not None:
            return _smaller(filler, box, styles)
    return None


def _smaller(filler: Filler, box: Filling, styles: Sequence[Style]) -> Filling:
    """Repack a container into the smallest type that takes all that is in it."""
    cargo, size = filler.cargo, [int(b[:3].prod()) for b in filler.cargo.boxes]
    kinds = cargo.group.container_types
    for kind in sorted(range(len(size)), key=lambda k: (kinds[k].teu, k)):
        if kinds[kind].teu >= kinds[box.kind].teu:
            break
        if size[kind] >= box.volume_mm3 and cargo.boxes[kind][3] >= box.mass_g and len(cargo.poses[kind]):
            for style in styles:
                found = filler.fill(kind, box.counts, style)
                if (found.counts == box.counts).all():
                    return found
    return box


def _empty_one(filler: Filler, boxes: list[Filling], lots: Sequence[Lot], styles: Sequence[Style]) -> bool:
    """Empty the emptiest container into the others, if that goes; answers whether it did."""
    cargo = filler.cargo
    worst = min(boxes, key=lambda b: b.volume_mm3)
    others = [b for b in boxes if b is not worst]
    free = sum(int(cargo.boxes[b.kind][:3].prod()) - b.volume_mm3 for b in others)
    spare = sum(int(cargo.boxes[b.kind][3]) - b.mass_g for b in others)
    if MOST_FULL * free < 100 * worst.volume_mm3 or spare < worst.mass_g:
        return False
    for lot in sorted(lots, key=lambda lot: -lot.volume_mm3):
        part = np.zeros_like(worst.counts)
        part[lot.rows] = worst.counts[lot.rows]
        if part.any() and not _move(filler, part, others, styles):
            return False
    boxes[:] = others
    return True


def _move(filler: Filler, part: Ints, boxes: list[Filling], styles: Sequence[Style]) -> bool:
    """Repack one of the containers so that it takes these pieces, too."""
    cargo = filler.cargo
    volume_mm3, mass_g = int(part @ cargo.volumes_mm3), int(part @ cargo.items[:, 0])
    for n in sorted(range(len(boxes)), key=lambda n: boxes[n].volume_mm3):
        box, inside = boxes[n], cargo.boxes[boxes[n].kind]
        if box.volume_mm3 + volume_mm3 > int(inside[:3].prod()) or box.mass_g + mass_g > int(inside[3]):
            continue
        onto = filler.fill(box.kind, part, styles[0], box)
        again = (filler.fill(box.kind, box.counts + part, style) for style in styles[:MOVES])
        for found in chain((onto,), again):
            if (found.counts == box.counts + part).all():
                boxes[n] = found
                return True
    return False


def _styles(cargo: Cargo, seed: int, n: int) -> list[Style]:
    """Draw n styles; the first ones are the same for every seed but for their order of bookings."""
    draw = np.random.default_rng([seed, *cargo.group.group_id.encode()])
    by_due = sorted(range(len(cargo.lots)), key=lambda k: (cargo.lots[k].due_at, -cargo.lots[k].volume_mm3, k))
    volumes_mm3 = np.array([lot.volume_mm3 for lot in cargo.lots], np.int64)
    whole = np.zeros(len(cargo.counts), np.bool_)
    for lot in cargo.lots:
        whole[lot.rows] = lot.is_whole
    styles = []
    for k in range(n):
        numbers = STYLES[k] if k < len(STYLES) else draw.integers((0, 1, 1, 0), (101, 6, 6, 3))
        keys = np.argsort(by_due) if k == 0 else -volumes_mm3 * draw.integers(500, 1500, len(volumes_mm3))
        bias = np.full(len(cargo.counts), 1000) if k < 2 else draw.integers(800, 1201, len(cargo.counts))
        bias = np.where(whole | (k % 2 == 1), bias, bias // 2)
        styles.append(Style(np.array(numbers, np.int64), bias.astype(np.int64), keys, int(draw.integers(5, 16))))
    return styles


def _loaded(cargo: Cargo, box: Filling) -> LoadedBox:
    inside = [lot.booking_id for lot in cargo.lots if box.counts[lot.rows].any()]
    return LoadedBox(
        group_id=cargo.group.group_id,
        container_type=cargo.group.container_types[box.kind].container_type,
        booking_ids=tuple(inside),
        cargo_g=box.mass_g,
        blocks=tuple(_block(cargo, row) for row in box.blocks.tolist()),
    )


def _block(cargo: Cargo, row: list[int]) -> CargoBlock:
    item, x, y, z, dx, dy, dz, nx, ny, nz = row
    return CargoBlock(
        item_id=cargo.item_ids[item], x_mm=x, y_mm=y, z_mm=z, dx_mm=dx, dy_mm=dy, dz_mm=dz, nx=nx, ny=ny, nz=nz
    )


def _remark(packed: Packed, booking_id: str) -> Remark:
    message = f"booking {booking_id} may not be split, but fits no empty container whole: it is spread over several"
    return Remark("booking-spread", message, (booking_id, packed.cargo.group.group_id))
