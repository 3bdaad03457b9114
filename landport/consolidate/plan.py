"""Pack groups of cargo into few, cheap or the given containers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landport.consolidate.cargo import Cargo, lay_out
from landport.consolidate.dues import QUICK, load_by_due
from landport.consolidate.emptying import empty_one
from landport.consolidate.filling import Filler, Filling, Style
from landport.consolidate.finishing import finish
from landport.consolidate.going_on import go_on
from landport.consolidate.lanes import fewest, most_loaded
from landport.consolidate.patterns import recombine
from landport.consolidate.reasons import left_over
from landport.consolidate.refilling import refill
from landport.consolidate.sequence import Job, fill_up
from landport.consolidate.steadying import in_balance, is_asked
from landport.consolidate.tails import Packed, roll_tails
from landport.consolidate.writing import box_of
from landport.errors import Remark
from landport.model.loads import LoadedBox, LoadGroup, Loads
from landport.model.plans import CargoBlock, Left
from landport.model.result import Limit, Result, why_stopped

KEPT_S = {"piece": 1e-5, "item": 3e-5, "box": 2e-2}
"""Seconds that are kept for finishing: by piece, by item and type of container, by container."""

KEPT, KEPT_FOR_BALANCE = 0.4, 0.03
"""Shares of all seconds that are kept for finishing: at most, and at least where loads must be in balance."""

TRIES = 12
"""Styles tried a container, by unit of effort."""

WORK = 400_000
"""Poses times items of one container, over all styles of a unit of effort; a quarter of them is always tried."""

PACKING = 0.7
"""Share of the seconds in which containers are filled, where they are brought into balance in the rest."""

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
    """Pack every group into few or cheap containers of its types, or fill the number it gives as well as goes.

    Returns
    -------
    Result[Loads]
        Boxes by group in the order given. A piece that no container can take, or for which none is left, has a `Left`.
        Cost and bound count containers, or USD cents where groups say what one costs; where a group gives the number
        of its containers they are mm3 of cargo left behind. The bound holds however the bookings of a lane are grouped
        (`lanes.fewest` says for which plans), so that it tells of the groups, too; where containers are few it is one
        on plans that load as much.

    Notes
    -----
    Containers are filled one after the other. Each is filled with solid blocks (nx x ny x nz equal pieces in one
    pose), each put where the block of greatest worth goes into the next free column over a fully supported
    rectangle, after Bischoff and Ratcliff (1995) and Parreno et al. (2008), with the loads that tops bear carried
    along. Bookings that may not be split go in whole, or wait for the next container; one that no style packs whole
    into an empty container is stacked in walls (`walls.in_walls`); where those do not fit it is left, or, in a group of
    a lane, spread. Effort 1
    tries 12 styles a container (3 where it holds hundreds of different pieces) and keeps the fullest. Then the
    emptiest container is emptied into the others if that goes, and containers are chosen anew among all fillings met
    and some asked for by prices (`patterns`: 2 rounds, 10 for each further unit of effort). Where the fleet does not
    take everything, due dates come first (`dues`), and one container is searched for the set of bookings that fills it
    best (`wholes`). Where balance is asked for, what cannot be moved into it is loaded anew, and what must be taken off
    goes into further containers (`steadying`). At last nearly empty ones wait for a later cut-off of their lane
    where that saves a container (`tails.roll_tails`). Deterministic; each group draws from its own seed, so groups can
    be packed apart.
    `seconds` are shared among containers; when they are over, but for those kept for finishing, the rest is packed in
    one style. Audited by `audit`: geometry, support, loads, layers, payload, counts.
    """
    apart = [_pack(group, seed, limit) for group in groups]
    packed = roll_tails(apart, lambda group: _pack(group, seed, limit), limit)
    boxes, off = _finished(packed, seed, limit)
    loads = Loads(boxes=tuple(boxes), left=(*(left for p in packed for left in p.left), *off))
    cost, bound = _figures(apart, packed, loads, limit)
    stopped = why_stopped(cost, bound, is_over=any(p.is_cut for p in packed))
    remarks = tuple(_remark(p, booking_id) for p in packed for booking_id in p.spread)
    return Result(plan=loads, cost=cost, bound=bound, stopped=stopped, seed=seed, remarks=remarks)


def _figures(apart: Sequence[Packed], packed: Sequence[Packed], loads: Loads, limit: Limit) -> tuple[int, int]:
    """Answer what the plan costs, and what none can beat; `apart`: before tails were rolled, all in their group."""
    cargos = [p.cargo for p in apart]
    is_capped = any(cargo.is_capped for cargo in cargos)
    spread = {booking_id for p in (*apart, *packed) for booking_id in p.spread}
    if any(cargo.group.n_boxes is not None for cargo in cargos):
        volume = {i.item_id: i.volume_mm3 for cargo in cargos for i in cargo.group.items}
        left = sum(x.count * volume[x.item_id] for x in loads.left)
        loaded = sum(
            block.count * block.dx_mm * block.dy_mm * block.dz_mm for box in loads.boxes for block in box.blocks
        )
        return left, 0 if is_capped else max(0, left + loaded - most_loaded(cargos, spread, limit.remaining()))
    cost = sum(p.cargo.fleet.cost(box.kind for box in p.boxes) for p in packed)
    if is_capped:
        return cost, 0
    if any(p.is_short for p in apart):
        loaded = sum(box.volume_mm3 for p in packed for box in p.boxes)
        return cost, fewest(cargos, spread, loaded, seconds=limit.remaining())
    known = {id(p.cargo): p.least for p in apart if p.least is not None}
    return cost, fewest(cargos, spread, known=known, seconds=limit.remaining())


def _pack(group: LoadGroup, seed: int, limit: Limit) -> Packed:
    cargo, left = lay_out(group)
    if not cargo.lots:
        return Packed(cargo, left)
    limit = limit.less(_kept(cargo, limit.seconds or 0.0))
    styles = _styles(cargo, seed, _tries(cargo) * max(1, limit.effort))
    job = Job(cargo, Filler(cargo, limit), list(cargo.lots), styles, limit, seed)
    rest = cargo.counts.copy()
    boxes: list[Filling] = []
    least = None
    if group.stowed:
        boxes = go_on(job, rest)
        return Packed(cargo, (*left, *left_over(cargo, boxes, rest)), boxes, job.spread, job.is_late)
    if _is_one_question(cargo):
        boxes = [_steadiest(cargo, job.filler.searches(0, rest, limit), seed, limit)]
        rest -= boxes[0].counts
        return Packed(cargo, (*left, *left_over(cargo, boxes, rest)), boxes, job.spread, job.look())
    is_apart = is_asked(group.rules) and limit.seconds is not None and job.fleet.n_boxes > 1
    packing = job.within(PACKING) if is_apart else job
    fill_up(packing.within(QUICK) if job.fleet.n_boxes == 1 else packing, boxes, rest)
    if rest.any():
        boxes = load_by_due(packing, boxes)
        rest = cargo.counts - sum((box.counts for box in boxes), np.zeros_like(rest))
    elif len(boxes) > 1:
        boxes, least = _improved(packing, boxes)
    off = np.zeros_like(rest)
    if is_asked(group.rules):
        boxes, off = in_balance(job, boxes)
    left = (*left, *left_over(cargo, boxes, rest + off, off))
    return Packed(cargo, left, boxes, job.spread, packing.is_late or job.is_late, least)


def _kept(cargo: Cargo, seconds: float) -> float:
    """Choose how many of the seconds are kept for finishing, by what there is to finish."""
    largest = np.array(cargo.boxes).max(axis=0)
    n_boxes = min(cargo.fleet.n_boxes, float(cargo.counts @ cargo.volumes_mm3) / float(largest[:3].prod()))
    needed = KEPT_S["piece"] * int(cargo.counts.sum()) + KEPT_S["item"] * len(cargo.items) * len(cargo.boxes)
    if is_asked(cargo.group.rules):
        needed = max(needed + KEPT_S["box"] * n_boxes, KEPT_FOR_BALANCE * seconds)
    return min(KEPT * seconds, needed)


def _is_one_question(cargo: Cargo) -> bool:
    """Tell whether all there is to find is what goes into one container of one type, piece by piece."""
    is_alone = cargo.fleet.n_boxes == 1 and cargo.group.n_boxes == 1 and len(cargo.boxes) == 1
    is_loose = not cargo.apart.any() and not any(lot.is_whole for lot in cargo.lots)
    return is_alone and is_loose and len({lot.due_at for lot in cargo.lots}) == 1


def _improved(job: Job, boxes: list[Filling]) -> tuple[list[Filling], int | None]:
    """Spare containers that hold everything, as far as the bound and the limit allow; answers the bound, too."""
    if job.fleet.is_given:
        return boxes, None
    least = fewest([job.cargo], job.spread, seconds=job.limit.remaining())
    while len(boxes) > 1 and job.cost(boxes)[0] > least and not job.look() and empty_one(job, boxes):
        pass
    if len(boxes) > 1 and job.cost(boxes)[0] > least and not job.look():
        boxes = recombine(job, boxes, max(1, job.limit.effort))
    if len(boxes) > 1 and job.cost(boxes)[0] > least and not job.look():
        boxes = refill(job, boxes)
    return boxes, least


def _tries(cargo: Cargo) -> int:
    """Spare styles where one fill is dear: many different pieces in one container."""
    boxes = max(1.0, float(cargo.counts @ cargo.volumes_mm3) / float(cargo.boxes[0][:3].prod()))
    poses, items = max(map(len, cargo.poses)) / boxes, len(cargo.items) / boxes
    return int(min(TRIES, max(TRIES // 4, WORK // (1 + poses * items))))


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


def _steadiest(cargo: Cargo, fillings: Sequence[Filling], seed: int, limit: Limit) -> Filling:
    """Choose the filling of which most is left once it is in balance; they come the fullest first."""
    best, most_mm3 = fillings[0], -1
    for filling in fillings:
        if filling.volume_mm3 <= most_mm3 or (most_mm3 >= 0 and limit.is_over()):
            break
        box, _ = _finish(cargo, filling, (), seed, limit)
        kept_mm3 = sum(b.count * b.dx_mm * b.dy_mm * b.dz_mm for b in box.blocks)
        if kept_mm3 > most_mm3:
            best, most_mm3 = filling, kept_mm3
    return best


def _finish(
    cargo: Cargo, filling: Filling, stood: Sequence[CargoBlock], seed: int, limit: Limit
) -> tuple[LoadedBox, tuple[Left, ...]]:
    group = cargo.group
    kind = group.container_types[filling.kind]
    return finish(
        box_of(cargo, filling),
        kind,
        group.items,
        group.bookings,
        group.rules,
        fixed=stood,
        seed=seed,
        is_over=limit.is_over,
    )


def _finished(packed: Sequence[Packed], seed: int, limit: Limit) -> tuple[list[LoadedBox], list[Left]]:
    """Bring containers into balance and remark their gaps; answers them and what had to be taken off."""
    boxes, left = list[LoadedBox](), list[Left]()
    n_left = sum(len(p.boxes) for p in packed)
    for p in packed:
        stowed = p.cargo.group.stowed
        for n, filling in enumerate(p.boxes):
            stood = stowed[n].blocks if n < len(stowed) else ()
            others = (limit.remaining() or 0.0) * (1 - 1 / n_left)
            box, off = _finish(p.cargo, filling, stood, seed, limit.less(others))
            boxes += [box] if box.blocks else []
            left += off
            n_left -= 1
    return boxes, left


def _remark(packed: Packed, booking_id: str) -> Remark:
    message = f"booking {booking_id} may not be split, but fits no empty container whole: it is spread over several"
    return Remark("booking-spread", message, (booking_id, packed.cargo.group.group_id))
