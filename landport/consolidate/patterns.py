"""Choose containers anew among all fillings met: set covering over patterns, and prices that ask for better ones.

A pattern is one filling of one type. The linear program of the cover prices every booking and loose piece; fillings
that take the dear ones first are tried and join the pool (column generation, after Gilmore and Gomory 1961, with a
heuristic in place of an exact pricing). Then the whole-number cover chooses, and what it covers twice is taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landport.consolidate._bound_program import Draft, Floats, Program, solve
from landport.consolidate._kernel import Ints
from landport.consolidate.filling import Filling, Style
from landport.consolidate.sequence import Job, fill_up

FIRST, ROUNDS = 2, 10
"""Rounds of prices, of the first and of each further unit of effort."""

STALE = 2
"""Rounds that may bring nothing new before there are no more."""

ASKED = 4
"""Styles tried in a round by container type."""

SHAKE = 0.1
"""Share by which the price of a booking is shaken, so that sets differ."""

STEP = 0.06
"""Share of the volume by which the set asked for shrinks from style to style."""

KNAPSACK_NODES = 20
"""Nodes of the search tree for one such set."""

PATTERNS = 500
"""Patterns among which the whole-number cover chooses: those of the least reduced cost."""

NODES = 100
"""Nodes of its search tree, by unit of effort."""

TIE = 1e-3
"""What a TEU counts beside the dearest container, so that of equal covers the smaller one is chosen."""


@dataclass(frozen=True, slots=True)
class _Cover:
    """The rows to be covered: a booking that stays together is one, else every item.

    Parameters
    ----------
    row_of
        Shape (items,): row by item.
    need
        Shape (rows,): what is to be covered, one booking or so many pieces.
    first
        Shape (rows,): an item of each.
    is_whole
        Shape (rows,).
    """

    row_of: Ints
    need: Ints
    first: Ints
    is_whole: Ints


def recombine(job: Job, boxes: list[Filling], effort: int) -> list[Filling]:
    """Find a cheaper set of containers for all that is in some; the same ones when there is none."""
    cover, pool = _rows(job), list(job.filler.pool.values())
    own = {id(box) for box in pool}
    pool += [box for box in {id(b): b for b in boxes}.values() if id(box) not in own]
    stale = 0
    for number in range(FIRST + ROUNDS * (effort - 1)):
        if job.look():
            return boxes
        relaxed = solve(_program(job, cover, pool, is_whole=False), seconds=job.limit.remaining())
        if relaxed.x is None:
            return boxes
        known = len(job.filler.pool)
        _ask(job, *_prices(job, cover, relaxed.prices), number)
        fresh = list(job.filler.pool.values())[known:]
        stale = 0 if fresh else stale + 1
        if stale > STALE:
            break
        pool += fresh
    best = _chosen(job, cover, pool, boxes, effort)
    return best if job.cost(best) < job.cost(boxes) else boxes


def _rows(job: Job) -> _Cover:
    row_of = np.zeros(len(job.cargo.counts), np.int64)
    need: list[int] = []
    first: list[int] = []
    is_whole: list[int] = []
    for lot in job.lots:
        for row in [lot.rows] if lot.is_whole else lot.rows[:, None]:
            row_of[row] = len(need)
            need.append(1 if lot.is_whole else int(job.cargo.counts[row[0]]))
            first.append(int(row[0]))
            is_whole.append(int(lot.is_whole))
    return _Cover(row_of, *(np.array(x, np.int64) for x in (need, first, is_whole)))


def _program(job: Job, cover: _Cover, pool: Sequence[Filling], *, is_whole: bool) -> Program:
    """Write the cover: patterns, each so many times, within the fleet."""
    draft, fleet = Draft(), job.fleet
    kinds = np.array([box.kind for box in pool], np.int64)
    largest = max(1, *fleet.costs), max(1, *fleet.teu)
    costs = np.array(fleet.costs) / largest[0] + TIE * np.array(fleet.teu) / largest[1]
    table = np.array([box.counts[cover.first] for box in pool]).T
    share = np.where(cover.is_whole[:, None] > 0, table > 0, table / cover.need[:, None])
    once = (share[cover.is_whole > 0] > 0).any(axis=0)
    patterns = draft.columns(costs[kinds], np.where(once, 1.0, float(fleet.n_boxes)), whole=is_whole)
    demand = draft.rows(np.ones(len(cover.need)), np.full(len(cover.need), np.inf))
    draft.put_table(demand, patterns, share)
    at_hand = draft.rows(np.full(len(costs), -np.inf), np.array(fleet.at_hand, np.float64))
    draft.put(at_hand[kinds], patterns, 1.0)
    draft.put(draft.rows(np.full(1, -np.inf), np.full(1, float(fleet.n_boxes))), patterns, 1.0)
    return draft.program()


def _prices(job: Job, cover: _Cover, duals: Floats) -> tuple[Floats, Floats]:
    """Answer the price of each booking, and by item that of its row for the share of a container that it takes."""
    cargo = job.cargo
    largest = np.array(cargo.boxes).max(axis=0).astype(np.float64)
    size = np.maximum(cargo.volumes_mm3 / largest[:3].prod(), cargo.items[:, 0] / max(1.0, largest[3])) * cargo.counts
    by_row = np.bincount(cover.row_of, size, len(cover.need))
    price = np.maximum(0.0, duals[: len(cover.need)])
    by_lot = np.bincount(cargo.lot_of[cover.first], price, len(job.lots)).astype(np.float64)
    return by_lot, np.asarray((price / np.maximum(by_row, 1e-12))[cover.row_of])


def _ask(job: Job, worth: Floats, price: Floats, number: int) -> None:
    """Fill containers of every type with the set of bookings and pieces that is worth most, by volume and mass.

    What the set takes of the volume falls from ask to ask, as it may not all go in; prices are shaken a little.
    """
    cargo = job.cargo
    draw = np.random.default_rng([number, len(job.lots)])
    usual = max(1e-9, float(np.median(price)))
    bias = np.clip(1000 * price / usual, 500, 2000).astype(np.int64)
    for kind in job.spare([]):
        for n in range(ASKED):
            if job.look():
                return
            like = job.styles[(ASKED * number + n) % len(job.styles)]
            shaken = worth * (1 + SHAKE * draw.uniform(-1, 1, len(worth)) * min(1, number + n))
            rank = _dearest(job, kind, shaken, 1 - STEP * n)
            asked = Style(like.numbers, np.maximum(1, like.bias * bias // 1000), rank, 0)
            job.filler.pack(kind, job.lots, cargo.counts, [asked])


def _dearest(job: Job, kind: int, worth: Floats, share: float) -> Ints:
    """Choose what is worth most within a share of the volume, and the payload; answers a rank by lot, the chosen first.

    Of bookings that may not share a container the dearest ones decide.
    """
    cargo, box = job.cargo, job.cargo.boxes[kind]
    volumes = np.array([float(cargo.volumes_mm3[lot.rows] @ cargo.counts[lot.rows]) for lot in job.lots])
    masses = np.array([float(cargo.items[lot.rows, 0] @ cargo.counts[lot.rows]) for lot in job.lots])
    size = np.maximum(volumes / float(box[:3].prod()), masses / float(box[3]))
    density = np.argsort(-worth / np.maximum(size, 1e-9), kind="stable")
    company: list[int] = []
    for n in density.tolist():
        if not cargo.apart.any() or cargo.joins(job.lots[n], company):
            company.append(n)
    draft, every = Draft(), np.array(company)
    room = draft.rows(np.full(2, -np.inf), np.array([share, 1.0]))
    whole = np.array([job.lots[n].is_whole for n in company])
    for lots, is_whole in ((every[whole], True), (every[~whole], False)):
        columns = draft.columns(-worth[lots], np.ones(len(lots)), whole=is_whole)
        draft.put(room[0], columns, volumes[lots] / float(box[:3].prod()))
        draft.put(room[1], columns, masses[lots] / float(box[3]))
    found = solve(draft.program(), nodes=KNAPSACK_NODES, seconds=job.limit.remaining()).x
    rank = np.full(len(job.lots), len(job.lots))
    rank[density] += np.arange(len(density))
    if found is not None:
        chosen = np.concatenate([every[whole], every[~whole]])[found > 0.5]
        rank[chosen] -= len(job.lots)
    return rank


def _chosen(job: Job, cover: _Cover, pool: list[Filling], boxes: list[Filling], effort: int) -> list[Filling]:
    """Choose patterns, and make containers of them that hold every piece once."""
    if job.look():
        return boxes
    relaxed = solve(_program(job, cover, pool, is_whole=False), seconds=job.limit.remaining())
    if relaxed.x is None or not _may_pay(job, boxes, relaxed.bound):
        return boxes
    pool = _nearest(job, cover, pool, relaxed.prices, boxes)
    index = {id(box): n for n, box in enumerate(pool)}
    start = np.zeros(len(pool))
    for box in boxes:
        start[index[id(box)]] += 1
    whole = _program(job, cover, pool, is_whole=True)
    found = solve(whole, nodes=NODES * effort, seconds=job.limit.remaining(), start=start)
    if found.x is None or whole.cost @ found.x > whole.cost @ start - TIE / 10:
        return boxes
    times = np.round(found.x).astype(np.int64)
    return _unpacked(job, [pool[n] for n in np.repeat(np.arange(len(pool)), times)])


def _may_pay(job: Job, boxes: Sequence[Filling], bound: float) -> bool:
    """Tell whether some cover of these patterns may cost less than containers do."""
    fleet = job.fleet
    cost, teu = job.cost(boxes)
    return bound < cost / max(1, *fleet.costs) + TIE * teu / max(1, *fleet.teu) - TIE / 10


def _nearest(
    job: Job, cover: _Cover, pool: Sequence[Filling], prices: Floats, boxes: Sequence[Filling]
) -> list[Filling]:
    """Keep the patterns of least reduced cost, and the containers there are."""
    p = _program(job, cover, pool, is_whole=False)
    reduced = p.cost - np.bincount(p.columns, p.values * prices[p.rows], len(pool))
    own = {id(box) for box in boxes}
    kept = set(np.argsort(reduced, kind="stable")[:PATTERNS].tolist())
    return [box for n, box in enumerate(pool) if n in kept or id(box) in own]


def _unpacked(job: Job, chosen: Sequence[Filling]) -> list[Filling]:
    """Take out of the chosen patterns what others hold already, the fullest first; pack what that loses."""
    rest = job.cargo.counts.copy()
    boxes: list[Filling] = []
    for box in sorted(chosen, key=lambda b: -b.volume_mm3):
        wanted = np.minimum(box.counts, rest)
        for lot in job.lots:
            if lot.is_whole and (rest[lot.rows] < job.cargo.counts[lot.rows]).any():
                wanted[lot.rows] = 0
        same = (wanted == box.counts).all()
        fitted = box if same else _refilled(job, box, wanted)
        if fitted is not None:
            boxes.append(fitted)
            rest -= fitted.counts
    fill_up(job, boxes, rest)
    return boxes


def _refilled(job: Job, box: Filling, wanted: Ints) -> Filling | None:
    """Fill a container with less than it held."""
    if not wanted.any():
        return None
    for style in job.styles:
        found = job.filler.fill(box.kind, wanted, style)
        if (found.counts == wanted).all():
            return found
        if job.look():
            break
    keep = [replace(style, reserve=0) for style in job.styles]
    return job.filler.pack(box.kind, job.lots, wanted, keep)
