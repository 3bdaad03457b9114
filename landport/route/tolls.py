"""What quotas of orders cost on the way, laid into a graph, so that a search pays it where a load passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landport.model.bookings import RestrictionOrder
from landport.route._kernel_table import Ints
from landport.route.arrays import Space
from landport.route.tables import Change, Graph, Truck, by_truck_of, table_of

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Stays:
    """Where loads owe the price of orders that count a stay once.

    Parameters
    ----------
    cents
        A TEU, by order, shape (m,).
    counts, leaves, early
        Legs that reach the place in force, that leave it in force, and that reach it before, shape (n, m).
    """

    cents: Ints
    counts: Marks
    leaves: Marks
    early: Marks


def tolled(graph: Graph, space: Space, orders: Sequence[RestrictionOrder]) -> Graph:
    """Add to a graph what orders with a quota charge a TEU; priced a TEU as well.

    Notes
    -----
    Exact, as `orders.passages` counts. With `towards_id` a leg costs more. Without, a stay is paid on the leg that
    comes to the place in force; else on leaving it in force: by who stays on board, and by who boards having come
    before, by truck, or not at all. That depends on arrival and departure together, so rows are split by the orders
    that are still owed there, and classes by those in force when they leave: a bag never compares ways of which one
    still owes what the other has paid. Rows of loads that come by truck keep their numbers. O(n + c) for each order.
    """
    table = graph.table
    ends = [np.array([space.place_of[i] for i in ids], np.int64) for ids in _ends(space)]
    price = table.price.copy()
    for order in orders:
        if order.towards_id:
            there = (ends[0] == space.place_of.get(order.place_id, -1)) & (
                ends[1] == space.place_of.get(order.towards_id, -1)
            )
            price[there & _in_force(order, table.departs), 0] += order.usd_cents_per_teu
    free = [order for order in orders if not order.towards_id]
    if not free:
        return Graph(table._replace(price=price), graph.start_row, graph.by_truck, graph.road)
    stays = _stays(graph, space, free, ends)
    price[:, 0] += stays.counts @ stays.cents
    before = np.full(len(price), -1, np.int64)
    before[table.after[table.after >= 0]] = np.flatnonzero(table.after >= 0)
    is_paid = stays.counts[before] | (before < 0)[:, None]
    price[:, 3] += (stays.leaves & ~is_paid) @ stays.cents
    return _split(graph, space, stays, price)


def _ends(space: Space) -> tuple[list[str], list[str]]:
    return [hop.leg.from_id for hop in space.hops], [hop.leg.to_id for hop in space.hops]


def _in_force(order: RestrictionOrder, minutes: Ints) -> Marks:
    return (order.from_at <= minutes) & (minutes < order.until_at)


def _stays(graph: Graph, space: Space, orders: Sequence[RestrictionOrder], ends: Sequence[Ints]) -> _Stays:
    """Mark the legs on which a stay at the place of each order is counted, or begins to be owed."""
    table = graph.table
    at = [space.place_of.get(order.place_id, -1) for order in orders]
    counts = [(ends[1] == p) & _in_force(o, table.arrives) for p, o in zip(at, orders, strict=True)]
    leaves = [(ends[0] == p) & _in_force(o, table.departs) for p, o in zip(at, orders, strict=True)]
    early = [(ends[1] == p) & (table.arrives < o.from_at) for p, o in zip(at, orders, strict=True)]
    cents = np.array([order.usd_cents_per_teu for order in orders], np.int64)
    return _Stays(cents, np.stack(counts, axis=1), np.stack(leaves, axis=1), np.stack(early, axis=1))


def _split(graph: Graph, space: Space, stays: _Stays, price: Ints) -> Graph:
    """Split rows by what is owed there and classes by what is in force, and charge the changes between them."""
    table, n_starts, n_orders = graph.table, len(graph.start_row), len(stays.cents)
    n_rows = len(table.place) - n_starts
    kinds, board = _parted(table.board, stays.leaves)
    owes = np.flatnonzero(stays.early.any(axis=1) & (table.land >= 0))
    late, parts = _parted(table.land[owes], stays.early[owes])
    land = table.land.copy()
    land[owes] = n_rows + parts
    row_of = np.concatenate([np.arange(n_rows), late[:, 0], graph.start_row])
    owed = np.zeros((len(row_of), n_orders), np.int64)
    truck_rows = space.at_place[:n_starts, 4]
    owed[truck_rows] = 1
    owed[n_rows : n_rows + len(late)] = late[:, 1:]
    owed[n_rows + len(late) :] = 1
    cents = (owed * stays.cents) @ kinds[:, 1:].T
    classes = np.searchsorted(kinds[:, 0], np.arange(len(graph.by_truck) + 1)).tolist()
    changes: list[list[Change]] = []
    trucks: list[list[Truck]] = []
    for row, old in enumerate(row_of.tolist()):
        found = table.change[table.change_at[old] : table.change_at[old + 1]].tolist()
        changes.append(
            [
                (k, c[1], c[2] + int(cents[row, k]), *c[3:])
                for c in found
                for k in range(classes[c[0]], classes[c[0] + 1])
            ]
        )
        roads = table.truck[table.truck_at[old] : table.truck_at[old + 1], :4].tolist()
        trucks.append([(*road, row) for road in roads])
    made = table_of(
        table.departs, table.arrives, table.run, board, land, table.after, price, table.place[row_of], changes, trucks,
        len(kinds), len(table.run_at), table.open_at[row_of], table.opens,
    )  # fmt: skip
    start_row = np.arange(len(row_of) - n_starts, len(row_of), dtype=np.int64)
    return Graph(made, start_row, by_truck_of(made, truck_rows), made.truck[:, 3])


def _parted(of: Ints, marks: Marks) -> tuple[Ints, Ints]:
    """List the different pairs of a number and marks, sorted, and which of them each is."""
    joined = np.column_stack([of, marks.astype(np.int64)])
    found, number = np.unique(joined, axis=0, return_inverse=True)
    return found, number.ravel()
