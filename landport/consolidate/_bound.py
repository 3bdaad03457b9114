"""What no plan can beat: shares of a container that pieces take by any measure, and the program over them. Arrays only.

A measure gives every piece a share of a container of one type such that no container holds more than 1: of its volume,
its payload, its floor, of whichever dimension holds few pieces side by side. The containers of a plan hold all the
shares; how few can is a program whose columns are containers by type and where each parcel goes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landport.consolidate._bound_program import Answer, Draft, solve

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MEASURES = 10
"""Measures kept by container type besides volume and mass: those that ask for the most containers."""

STEPS = 6
"""Sizes that a dual feasible function is made from, by dimension."""

SLACK = 1e-7
"""Share of a solver's bound that is given up for its tolerances."""

BEARS, MASS = 2, 0


def reach(sides: Ints, longest: int) -> int:
    """Find the greatest sum of sides (each any number of times) within a length."""
    return _sums(sides, longest).bit_length() - 1


def _sums(sides: Ints, longest: int) -> int:
    """Mark the lengths that are sums of sides (each any number of times), a bit each."""
    sums, mask = 1, (1 << (longest + 1)) - 1
    for side in np.unique(sides).tolist():
        step = side
        while 0 < step <= longest:
            sums |= sums << step & mask
            step *= 2
    return sums


def shares(sizes: Ints, whole: int, steps: Ints) -> Floats:
    """Apply dual feasible functions to sizes, shape (functions, sizes): sizes that sum up to `whole` sum up to 1.

    Notes
    -----
    The size itself; for each step e of at most half of it the two functions of Fekete and Schepers (2004) and of
    Carlier, Clautiaux and Moukrim (2007): sizes below e count nothing, those beyond whole - e all; or sizes count in
    whole e, those beyond half what they leave.
    """
    rows = [sizes / whole]
    for e in np.unique(steps[(steps > 0) & (2 * steps <= whole)]).tolist():
        middle = np.where(sizes < e, 0.0, sizes / whole)
        rows.append(np.where(sizes > whole - e, 1.0, middle))
        most = whole // e
        small, large = sizes // e / most, (most - (whole - sizes) // e) / most
        rows.append(np.where(2 * sizes > whole, large, np.where(2 * sizes == whole, 0.5, small)))
    return np.array(rows)


def steps_of(sizes: Ints, whole: int, amounts: Floats) -> Ints:
    """Choose steps: sizes that much cargo has, what those beyond half leave, and just beyond a half, third, quarter."""
    near = np.where(2 * sizes > whole, whole - sizes + 1, sizes)
    values, index = np.unique(near, return_inverse=True)
    most = np.argsort(-np.bincount(index, amounts), kind="stable")[:STEPS]
    return np.concatenate([values[most], [whole // 2, whole // 3 + 1, whole // 4 + 1]]).astype(np.int64)


def measure(box: Ints, items: Ints, poses: Ints, counts: Ints, *, is_supported: bool, is_quick: bool = False) -> Floats:
    """Measure pieces against one type of container: shape (measures, items); 0 where an item has no pose in it.

    Shapes: box (4,): length, width, height mm, payload g; items (n, 3): mass, layers, mass borne on top; poses (m, 4):
    item, dx, dy, dz mm, by item; counts (n,). `is_supported`: all of every base stands on something. `is_quick`: only
    volume and mass.
    """
    found = np.zeros((0, len(counts)))
    fit, first = np.unique(poses[:, 0], return_index=True)
    if not len(fit):
        return found
    if is_quick:
        table = np.zeros((2, len(counts)))
        table[0, fit] = poses[first, 1:].prod(axis=1) / float(box[:3].prod())
        table[1, fit] = items[fit, MASS] / max(1.0, float(box[3]))
        return table
    size = [max(1, reach(poses[:, 1 + side], int(box[side]))) for side in range(3)]
    amounts = counts[poses[:, 0]] * poses[:, 1:].prod(axis=1).astype(np.float64)
    by_side = [shares(poses[:, 1 + d], size[d], steps_of(poses[:, 1 + d], size[d], amounts)) for d in range(3)]
    volume = by_side[0][0] * by_side[1][0] * by_side[2][0]
    mass = items[fit, MASS]
    by_mass = shares(mass, int(box[3]), steps_of(mass, int(box[3]), (counts[fit] * mass).astype(np.float64)))
    rows = [np.minimum.reduceat(volume, first), *by_mass]
    rows += [np.minimum.reduceat(row, first) for row in _products(by_side, first, counts[fit])]
    if is_supported:
        rows += [np.minimum.reduceat(row, first) for row in _under_open_sky(box, items, poses)]
    table = np.zeros((len(rows), len(counts)))
    table[:, fit] = rows
    return table


def _products(by_side: list[Floats], first: Ints, counts: Ints) -> list[Floats]:
    """Multiply one function by dimension: those in which cargo takes most, changed one dimension at a time."""
    found = []
    for start in ([0, 0, 0], [-1, -1, -1], [1, 1, 1]):
        chosen = [s % len(f) for s, f in zip(start, by_side, strict=True)]
        for side in (0, 1, 2, 0, 1, 2):
            others = [by_side[d][chosen[d]] for d in range(3) if d != side]
            rows = by_side[side] * (others[0] * others[1])
            totals = np.minimum.reduceat(rows, first, axis=1) @ counts
            chosen[side] = int(totals.argmax())
            found.append(rows[chosen[side]])
    return found


def _under_open_sky(box: Ints, items: Ints, poses: Ints) -> tuple[Floats, Floats]:
    """Measure floor, and volume with what stays empty above: tops that bear little lie under the open sky.

    Notes
    -----
    Where all of every base is supported, what stands on a top presses on it at least as its own mass on its base; so
    the part of a top that is covered is at most what it bears over the least such pressure. Uncovered parts of tops
    never lie above each other. Above them the height is lost that pieces below cannot use.
    """
    index, area = poses[:, 0], (poses[:, 1] * poses[:, 2]).astype(np.float64)
    lightest = float((items[index, MASS] / area).min())
    covered = np.minimum(area, items[index, BEARS] / lightest)
    strong = poses[items[index, BEARS] > 0, 3]
    height = int(box[2])
    sums = _sums(strong, height)
    used = {dz: (sums & (2 << (height - dz)) - 1).bit_length() - 1 for dz in np.unique(poses[:, 3]).tolist()}
    lost = height - np.array([used[dz] for dz in poses[:, 3].tolist()])
    volume = covered * poses[:, 3] + (area - covered) * lost
    return (area - covered) / float(box[0] * box[1]), volume / float(box[:3].prod())


@dataclass(frozen=True, slots=True)
class Demand:
    """Parcels that never share a container with those of another demand.

    Parameters
    ----------
    volumes_mm3
        Shape (parcels,).
    needs
        By container type, shape (measures, parcels): containers of that type that a parcel takes by each measure.
    suits
        Shape (types, parcels): it may ride in this type.
    """

    volumes_mm3: Floats
    needs: tuple[Floats, ...]
    suits: Bools


def strongest(table: Floats, n_first: int = 2) -> Floats:
    """Keep the first measures and those further ones that ask for the most containers."""
    if not len(table):
        return table
    rest = n_first + np.argsort(-table[n_first:].sum(axis=1), kind="stable")[:MEASURES]
    return np.unique(table[np.concatenate([np.arange(min(n_first, len(table))), rest])], axis=0)


def least_cost(
    demands: list[Demand],
    costs: Ints,
    at_hand: Ints,
    n_boxes: int,
    loaded_mm3: int | None = None,
    seconds: float | None = None,
) -> int:
    """Bound from below what containers cost that take all parcels, or parcels of so much volume.

    Shapes: costs, at_hand (types,). Answers the same unit as `costs`. `seconds`: that a solver has; None: no limit.
    """
    if len(costs) == 1 and loaded_mm3 is None:
        n = sum(-(-int(1e6 * (d.needs[0].sum(axis=1).max(initial=0.0) - 1e-6)) // 1_000_000) for d in demands)
        return int(costs[0]) * max(0, n)
    unit = max(1.0, float(costs.max(initial=1)))
    least = 0 if seconds is None else _cheapest(demands, costs, loaded_mm3)
    if seconds is not None and seconds <= 0:
        return least
    found = _answer(demands, costs / unit, at_hand, n_boxes, loaded_mm3, seconds)
    if found.is_impossible or not np.isfinite(found.bound):
        return least
    return max(least, int(np.ceil(unit * (found.bound * (1 - SLACK) - SLACK) - 1e-6)))


def _cheapest(demands: list[Demand], costs: Ints, loaded_mm3: int | None) -> int:
    """Bound what `least_cost` does, without a solver.

    Notes
    -----
    By one measure of each type, that of which cargo takes most, a parcel costs its share of the type that is cheapest
    for it; whoever pays for whole containers pays no less. Of parcels of so much volume the cheapest count.
    """
    asked, volumes = [np.zeros(0)], [np.zeros(0)]
    for demand in demands:
        by_type = np.full((len(costs), len(demand.volumes_mm3)), np.inf)
        for k, needs in enumerate(demand.needs):
            if len(needs):
                by_type[k] = np.where(demand.suits[k], costs[k] * needs[needs.sum(axis=1).argmax()], np.inf)
        cheapest = by_type.min(axis=0, initial=np.inf)
        asked.append(np.where(np.isfinite(cheapest), cheapest, 0.0))
        volumes.append(demand.volumes_mm3)
    every, size = np.concatenate(asked), np.concatenate(volumes)
    if loaded_mm3 is None:
        total = float(every.sum())
    else:
        order = np.argsort(every / np.maximum(size, 1.0), kind="stable")
        before = np.cumsum(size[order]) - size[order]
        part = np.clip((loaded_mm3 - before) / np.maximum(size[order], 1.0), 0.0, 1.0)
        total = float(every[order] @ part)
    return max(0, int(np.ceil(total * (1 - SLACK) - 1e-6)))


def most_volume(demands: list[Demand], at_hand: Ints, n_boxes: int, seconds: float | None = None) -> float:
    """Bound from above the volume in mm3 that the containers at hand take; `seconds` as in `least_cost`."""
    unit = max(1.0, float(sum(d.volumes_mm3.sum() for d in demands)))
    if seconds is not None and seconds <= 0:
        return unit
    found = _answer(demands, np.zeros(len(at_hand)), at_hand, n_boxes, 0, seconds)
    return -unit * found.bound * (1 + SLACK) + 1 if np.isfinite(found.bound) else unit


def _answer(
    demands: list[Demand],
    costs: Floats,
    at_hand: Ints,
    n_boxes: int,
    loaded_mm3: int | None,
    seconds: float | None,
) -> Answer:
    """Solve for containers by demand and type, whole, and for the share of each parcel that rides in each type.

    Without costs the greatest volume is sought, as a share of all.
    """
    draft, n_types = Draft(), len(at_hand)
    every = max(1.0, float(sum(d.volumes_mm3.sum() for d in demands)))
    none, most = np.full(1, -np.inf), np.full(1, float(n_boxes))
    fleet = draft.rows(np.full(n_types, -np.inf), at_hand.astype(float))
    together = draft.rows(none, most)
    loaded = draft.rows(none if not loaded_mm3 else np.array([loaded_mm3 / every * (1 - SLACK)]), np.full(1, np.inf))
    boxes = [draft.columns(costs, np.full(n_types, float(n_boxes)), whole=True) for _ in demands]
    for demand, mine in zip(demands, boxes, strict=True):
        draft.put(fleet, mine, 1.0)
        draft.put(together, mine, 1.0)
        n = len(demand.volumes_mm3)
        all_of_it = (np.ones(n), np.full(n, np.inf)) if loaded_mm3 is None else (np.full(n, -np.inf), np.ones(n))
        parcels = draft.rows(*all_of_it)
        volumes = demand.volumes_mm3 / every
        for k, needs in enumerate(demand.needs):
            fit = np.flatnonzero(demand.suits[k])
            parts = draft.columns(-volumes[fit] * (not costs.any()), np.ones(len(fit)))
            room = draft.rows(np.full(len(needs), -np.inf), np.zeros(len(needs)))
            draft.put(parcels[fit], parts, 1.0)
            draft.put(loaded, parts, volumes[fit])
            draft.put_table(room, parts, needs[:, fit])
            draft.put(room, mine[k : k + 1], -1.0)
    return solve(draft.program(), seconds=seconds)
