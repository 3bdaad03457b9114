"""What no grouping can beat: the least that containers of a lane cost, whichever of its bookings share one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from landport.consolidate._bound import (
    Demand,
    Floats,
    Ints,
    least_cost,
    measure,
    most_volume,
    shares,
    steps_of,
    strongest,
)
from landport.consolidate.cargo import Cargo, Lot
from landport.consolidate.segregation import Sort, no_common_range
from landport.consolidate.walls import in_walls

LARGE = 8
"""Bookings of less than a container over this many, by volume and by mass, may share one as they like."""


@dataclass(frozen=True, slots=True)
class Lane:
    """All cargo of one place, destination and list of container types, as one.

    Parameters
    ----------
    lots, first
        With the index of the first item of the cargo each comes from.
    boxes
        By type: the greatest payload that any group has.
    """

    cargos: Sequence[Cargo]
    first: Sequence[int]
    boxes: tuple[Ints, ...]
    items: Ints
    counts: Ints
    volumes_mm3: Ints
    poses: tuple[Ints, ...]


def fewest(
    cargos: Iterable[Cargo],
    spread: Collection[str] = (),
    loaded_mm3: int | None = None,
    known: Mapping[int, int] | None = None,
    seconds: float | None = None,
) -> int:
    """Bound from below what the containers of all groups cost, however their bookings are grouped anew.

    Parameters
    ----------
    spread
        Bookings that the plan in question does not keep together.
    loaded_mm3
        Volume that is loaded where not everything goes; only plans that load as much are bounded.
    known
        By `id` of a cargo: the bound of it by itself, found before.
    seconds
        That a solver has; none left: the bound is what volume and mass ask for, without a solver. None: no limit.

    Returns
    -------
    int
        Containers, or USD cents where they have a price.

    Notes
    -----
    A bound over every plan whose containers hold goods of one place, one destination and one list of container types,
    that have a temperature in common, within the greatest payload that any group of the lane has for a type, and that
    keeps together the bookings that surely fit a container whole: those that fit as walls (`walls.in_walls`). Pieces
    that no container takes are left out. Cut-offs and dangerous goods are relaxed: goods of different cut-offs and
    classes count as if they could share a container, and the fleets of groups count together. Each lane is rounded up
    once. Method: shares of a container by dual feasible functions, in a program over types (`_bound`).
    """
    lanes = [_joined(lane) for lane in _by_lane(cargos)]
    share = None if loaded_mm3 is None or len(lanes) > 1 else loaded_mm3
    if loaded_mm3 is not None and share is None:
        return 0
    total = 0
    for lane in lanes:
        found = (known or {}).get(id(lane.cargos[0])) if len(lane.cargos) == 1 else None
        if found is None:
            found = least_cost(_demands(lane, spread, seconds), *_fleet(lane), share, seconds)
        total += found
    return total


def most_loaded(cargos: Iterable[Cargo], spread: Collection[str] = (), seconds: float | None = None) -> int:
    """Bound from above the volume in mm3 that the containers at hand take, over plans and in seconds as in `fewest`."""
    total = 0
    for lane in map(_joined, _by_lane(cargos)):
        _, at_hand, n_boxes = _fleet(lane)
        sizes = sorted((int(b[:3].prod()) for b, n in zip(lane.boxes, at_hand, strict=True) for _ in range(n)))
        found = most_volume(_demands(lane, spread, seconds), at_hand, n_boxes, seconds)
        total += min(int(found), sum(sizes[-n_boxes:]) if n_boxes else 0, int(lane.counts @ lane.volumes_mm3))
    return total


def _by_lane(cargos: Iterable[Cargo]) -> Iterator[list[Cargo]]:
    lanes: dict[tuple[str, str, tuple[str, ...]], list[Cargo]] = {}
    for cargo in cargos:
        of = cargo.group
        if cargo.lots:
            types = tuple(kind.container_type for kind in of.container_types)
            lanes.setdefault((of.at_id, of.destination_id, types), []).append(cargo)
    yield from lanes.values()


def _joined(cargos: Sequence[Cargo]) -> Lane:
    first = np.cumsum([0, *(len(c.items) for c in cargos)]).tolist()
    kinds = range(len(cargos[0].boxes))
    shifted = [[c.poses[k] + np.array([n, 0, 0, 0]) for n, c in zip(first, cargos, strict=False)] for k in kinds]
    return Lane(
        cargos,
        first[:-1],
        tuple(np.array([c.boxes[k] for c in cargos]).max(axis=0) for k in kinds),
        np.concatenate([c.items for c in cargos]),
        np.concatenate([c.counts for c in cargos]),
        np.concatenate([c.volumes_mm3 for c in cargos]),
        tuple(np.concatenate(rows) for rows in shifted),
    )


def _fleet(lane: Lane) -> tuple[Ints, Ints, int]:
    """Answer the least cost of each type, and how many the groups have together, of each and at most."""
    fleets = [c.fleet for c in lane.cargos]
    costs = np.array([f.costs for f in fleets], np.int64).min(axis=0)
    at_hand = np.array([f.at_hand for f in fleets], np.int64).sum(axis=0)
    return costs, at_hand, sum(f.n_boxes for f in fleets)


def _demands(lane: Lane, spread: Collection[str], seconds: float | None) -> list[Demand]:
    """Part a lane where no temperature suits both sides, and measure its parcels: bookings kept whole, other items."""
    tables = []
    is_quick = seconds is not None and seconds <= 0
    is_supported = all(c.group.rules.support_pct == 100 for c in lane.cargos)
    for box, poses in zip(lane.boxes, lane.poses, strict=True):
        found = measure(box, lane.items, poses, lane.counts, is_supported=is_supported, is_quick=is_quick)
        tables.append(found * lane.counts)
    demands = []
    for lots in _by_temperature(lane):
        whole = [rows for cargo, lot, rows in lots if lot.booking_id not in spread and _is_sure(cargo, lot)]
        inside = {row for rows in whole for row in rows.tolist()}
        loose = [np.array([row]) for _, _, rows in lots for row in rows.tolist() if row not in inside]
        demands.append(_demand(lane, tables, whole, loose))
    return demands


def _demand(lane: Lane, tables: Sequence[Floats], whole: list[Ints], loose: list[Ints]) -> Demand:
    parcels = [*whole, *loose]
    every = np.concatenate(parcels)
    starts = np.cumsum([0, *(len(rows) for rows in parcels[:-1])])
    volumes = np.add.reduceat((lane.volumes_mm3 * lane.counts)[every], starts).astype(np.float64)
    masses = np.add.reduceat((lane.items[:, 0] * lane.counts)[every], starts).astype(np.float64)
    needs, suits = [], np.zeros((len(tables), len(parcels)), np.bool_)
    is_lot = np.arange(len(parcels)) < len(whole)
    number = np.where(is_lot, 1, np.maximum(1, lane.counts[every[starts]]))  # none: no container takes them
    for k, table in enumerate(tables):
        of = np.add.reduceat(table[:, every], starts, axis=1) if len(table) else np.zeros((0, len(parcels)))
        has_pose = np.isin(np.arange(len(lane.counts)), lane.poses[k][:, 0])
        suits[k] = np.logical_and.reduceat(has_pose[every], starts)
        if len(of) and whole:
            sizes = ((volumes / number).astype(np.int64), int(lane.boxes[k][:3].prod()))
            loads = ((masses / number).astype(np.int64), int(lane.boxes[k][3]))
            of = np.concatenate([of, *(_together(*pair, number) for pair in (sizes, loads))])
            suits[k] &= ~is_lot | (of <= 1 + 1e-9).all(axis=0)
        needs.append(strongest(of))
    return Demand(volumes, tuple(needs), suits)


def _together(sizes: Ints, whole: int, number: Ints) -> Floats:
    """Measure what goes whole by one size of it: shape (measures, parcels)."""
    fit = np.minimum(sizes, whole)
    table = shares(fit, whole, steps_of(fit, whole, (fit * number).astype(np.float64)))
    return np.asarray(table * number, np.float64)


def _is_sure(cargo: Cargo, lot: Lot) -> bool:
    """Tell whether a booking goes whole and surely fits one container so; only of large ones, for others it is idle."""
    if not lot.is_whole or cargo.over[lot.rows].any():
        return False
    wanted = np.zeros_like(cargo.counts)
    wanted[lot.rows] = cargo.counts[lot.rows]
    for box, poses in zip(cargo.boxes, cargo.poses, strict=True):
        is_large = LARGE * lot.volume_mm3 > int(box[:3].prod()) or LARGE * lot.mass_g > int(box[3])
        if is_large and lot.mass_g <= box[3] and in_walls(box, cargo.items, poses, wanted) is not None:
            return True
    return False


def _by_temperature(lane: Lane) -> Iterator[list[tuple[Cargo, Lot, Ints]]]:
    """Part lots, with their items in the lane, where no temperature suits both sides.

    Sorts of goods that have a temperature in common, also by way of others, stay together.
    """
    parts: list[list[Sort]] = []
    for sort in dict.fromkeys(sort for cargo in lane.cargos for sort in cargo.sorts):
        near = [part for part in parts if any(not no_common_range(sort, other) for other in part)]
        parts = [part for part in parts if part not in near] + [[sort, *chain(*near)]]
    for part in parts:
        yield [
            (cargo, lot, lot.rows + first)
            for cargo, first in zip(lane.cargos, lane.first, strict=True)
            for lot in cargo.lots
            if cargo.sorts[lot.sort] in part
        ]
