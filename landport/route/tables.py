"""Timetables as the arrays of `_kernel_table.Table`, and those of stops and legs alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landport.model.stop_times import NEVER, StopTimes
from landport.route._kernel_table import Ints, Table, catches

Change = tuple[int, int, int, int, int, int, int]
"""A row of `Table.change`."""

Truck = tuple[int, int, int, int, int]
"""A row of `Table.truck`."""


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """A timetable that scans can read.

    Parameters
    ----------
    start_row
        Row of a load that is at a place from the start, by place index, shape (p,).
    by_truck
        For `_kernel_backward.bounds`, shape (k,).
    road
        Index into `Space.truck_roads` of each truck, shape (x,).
    """

    table: Table
    start_row: Ints
    by_truck: Ints
    road: Ints


def of_stop_times(times: StopTimes) -> Graph:
    """Lay out a plain timetable: a class or row for each stop and gauge, and the rows of loads that start."""
    stops = times.stops
    n_stops = len(stops.stop_ids)
    gauges, gauge = np.unique(times.gauge, return_inverse=True)
    width = max(1, len(gauges))
    keys, board = np.unique(times.from_stop * width + gauge, return_inverse=True)
    landed, land = np.unique(times.to_stop * width + gauge, return_inverse=True)
    leaving: dict[int, list[tuple[int, int]]] = {}
    for k, key in enumerate(keys.tolist()):
        leaving.setdefault(key // width, []).append((k, key % width))
    changes: list[list[Change]] = []
    same = list(zip(stops.transfer_minutes.tolist(), stops.transfer_cost.tolist(), strict=True))
    other = list(zip(stops.gauge_minutes.tolist(), stops.gauge_cost.tolist(), strict=True))
    for key in landed.tolist():
        stop, of = divmod(key, width)
        rows: list[Change] = []
        for k, to in leaving.get(stop, ()):
            minutes, cost = same[stop] if to == of else other[stop]
            if to == of or minutes != NEVER:
                rows.append((k, minutes, cost, 0, int(to != of), minutes, 0))
        changes.append(rows)
    changes += [[(k, 0, 0, 0, 0, 0, 0) for k, _ in leaving.get(stop, ())] for stop in range(n_stops)]
    n = len(times.trip)
    price = np.zeros((n, 4), np.int64)
    price[:, 0] = times.cost
    table = table_of(
        times.departs_at,
        times.arrives_at,
        times.trip,
        board.astype(np.int64),
        land.astype(np.int64),
        _after(times.trip, times.seq),
        price,
        np.concatenate([landed // width, np.arange(n_stops)]).astype(np.int64),
        changes,
        [[] for _ in changes],
        len(keys),
        len(times.trip_ids),
        *(np.zeros((n_rows, 2), np.int64) for n_rows in (len(changes), 0)),
    )
    start_row = np.arange(len(landed), len(landed) + n_stops, dtype=np.int64)
    return Graph(table, start_row, np.full(len(keys), -1, np.int64), np.zeros(0, np.int64))


def _after(trip: Ints, seq: Ints) -> Ints:
    """Find the next leg of each leg's trip, -1 after its last."""
    after = np.full(len(trip), -1, np.int64)
    order = np.lexsort((seq, trip))
    here, there = order[:-1], order[1:]
    follows = trip[here] == trip[there]
    after[here[follows]] = there[follows]
    return after


def table_of(
    departs: Ints,
    arrives: Ints,
    run: Ints,
    board: Ints,
    land: Ints,
    after: Ints,
    price: Ints,
    place: Ints,
    changes: Sequence[Sequence[Change]],
    trucks: Sequence[Sequence[Truck]],
    n_classes: int,
    n_runs: int,
    open_at: Ints,
    opens: Ints,
) -> Table:
    """Join what was laid out with what follows from it."""
    change = np.array([c for rows in changes for c in rows], np.int64).reshape(-1, 7)
    change_at = starts([len(rows) for rows in changes])
    row_of = np.repeat(np.arange(len(changes)), np.diff(change_at))
    by_class = np.argsort(change[:, 0], kind="stable")
    boarding = change[by_class]
    boarding[:, 0] = row_of[by_class]
    members = np.argsort(board, kind="stable").astype(np.int64)
    spot = np.empty(len(members), np.int64)
    spot[members] = np.arange(len(members))
    class_at = starts(np.bincount(board, minlength=n_classes))
    catch_at, catch = catches(departs, arrives, land, change_at, change, members, class_at, open_at, opens)
    run_at = np.full(n_runs, -1, np.int64)
    run_at[run[::-1]] = np.arange(len(run))[::-1]
    return Table(
        departs=departs,
        arrives=arrives,
        run=run,
        run_at=run_at,
        board=board,
        land=land,
        after=after,
        price=price,
        place=place,
        change_at=change_at,
        change=change,
        board_at=starts(np.bincount(change[:, 0], minlength=n_classes)),
        boarding=boarding,
        truck_at=starts([len(rows) for rows in trucks]),
        truck=np.array([t for rows in trucks for t in rows], np.int64).reshape(-1, 5),
        members=members,
        spot=spot,
        class_at=class_at,
        catch_at=catch_at,
        catch=catch,
        open_at=open_at,
        opens=opens,
    )


def by_truck_of(table: Table, truck_rows: Ints) -> Ints:
    """Find the change by which a load that came by truck boards each class, -1 for none, shape (k,)."""
    by_truck = np.full(len(table.class_at) - 1, -1, np.int64)
    is_truck = np.zeros(len(table.place), np.bool_)
    is_truck[truck_rows] = True
    for e in np.flatnonzero(is_truck[table.boarding[:, 0]]):
        by_truck[np.searchsorted(table.board_at, e, side="right") - 1] = e
    return by_truck


def starts(counts: Sequence[int] | np.ndarray) -> Ints:
    """Answer where each of some groups begins when they stand in one list, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
