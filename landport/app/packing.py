"""Packing of a week's groups, by parts that share nothing and so may be packed in processes of their own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from landport import consolidate
from landport.app import jobs
from landport.model.loads import LoadGroup, Loads
from landport.model.result import Limit, Result, why_stopped

PAYS = 40_000
"""Pieces beside those of the largest part, times effort, from which starting processes takes less than it saves."""


@dataclass(frozen=True, slots=True)
class Part:
    """Groups of one lane, as sent to a worker.

    Parameters
    ----------
    seconds
        Wall seconds that are left when the worker gets it; None: effort alone decides.
    """

    groups: tuple[LoadGroup, ...]
    seed: int
    effort: int
    seconds: float | None


def pack(groups: Sequence[LoadGroup], *, seed: int, limit: Limit, workers: int = 1) -> Result[Loads]:
    """Pack groups, those of one place, destination and list of container types together.

    Parameters
    ----------
    workers
        Processes that may be started; none is where there is little to do.

    Returns
    -------
    Result[Loads]
        As of `consolidate.plan` for all at once: boxes and pieces left in the order of groups. Sums of cost and bound
        are proven: neither rolls nor bounds look beyond a part.

    Notes
    -----
    Stopped by effort, the plan is the same whatever the number of workers. With seconds all parts end at the same
    instant; workers take the part with most pieces first.
    """
    parts = _parts(groups)
    workers = min(workers, len(parts))
    if workers <= 1 or _pieces_beside_largest(parts) * limit.effort < PAYS:
        found = [consolidate.plan(part, seed=seed, limit=limit) for part in parts]
    else:
        order = sorted(range(len(parts)), key=lambda n: -_pieces(parts[n]))
        packed = jobs.each(_pack, _sent([parts[n] for n in order], seed, limit), workers=workers)
        by_part = dict(zip(order, packed, strict=True))
        found = [by_part[n] for n in range(len(parts))]
    return _joined(groups, found, seed)


def _parts(groups: Sequence[LoadGroup]) -> list[tuple[LoadGroup, ...]]:
    """Split groups where `consolidate.plan` looks at each side alone."""
    parts: dict[tuple[str, str, tuple[str, ...]], list[LoadGroup]] = {}
    for group in groups:
        types = tuple(kind.container_type for kind in group.container_types)
        parts.setdefault((group.at_id, group.destination_id, types), []).append(group)
    return [tuple(part) for part in parts.values()]


def _pieces(part: Sequence[LoadGroup]) -> int:
    return sum(item.count for group in part for item in group.items)


def _pieces_beside_largest(parts: Sequence[Sequence[LoadGroup]]) -> int:
    counts = [_pieces(part) for part in parts]
    return sum(counts) - max(counts)


def _sent(parts: Sequence[tuple[LoadGroup, ...]], seed: int, limit: Limit) -> Iterator[Part]:
    for part in parts:
        yield Part(part, seed, limit.effort, limit.remaining())


def _pack(part: Part) -> Result[Loads]:
    begun = time.perf_counter()
    limit = Limit(effort=part.effort, seconds=part.seconds, stopwatch=lambda: time.perf_counter() - begun)
    return consolidate.plan(part.groups, seed=part.seed, limit=limit)


def _joined(groups: Sequence[LoadGroup], found: Sequence[Result[Loads]], seed: int) -> Result[Loads]:
    """Put results of parts together in the order of groups."""
    place = {group.group_id: n for n, group in enumerate(groups)}
    of_booking = {b.booking_id: n for n, group in enumerate(groups) for b in group.bookings}
    cost, bound = sum(r.cost for r in found), sum(r.bound for r in found)
    loads = Loads(
        boxes=tuple(sorted((b for r in found for b in r.plan.boxes), key=lambda box: place[box.group_id])),
        left=tuple(sorted((x for r in found for x in r.plan.left), key=lambda left: of_booking[left.booking_id])),
    )
    return Result(
        plan=loads,
        cost=cost,
        bound=bound,
        stopped=why_stopped(cost, bound, is_over=any(r.stopped == "time" for r in found)),
        seed=seed,
        remarks=tuple(remark for r in found for remark in r.remarks),
    )
