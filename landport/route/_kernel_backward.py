"""Backward scan of a timetable: what is still needed from every leg to one place. Arrays only."""

import numpy as np

from landport._compile import njit, njit_lent
from landport.route._kernel_table import NEVER, Ints, Table, begun, first_at


@njit_lent
def lower(into: Ints, i: int, more: Ints, j: int, cost: int, gco2e: int, gauges: int) -> None:
    """Lower row `i` of `into` to row `j` of `more` plus prices, column by column."""
    into[i, 0] = min(into[i, 0], more[j, 0])
    into[i, 1] = min(into[i, 1], more[j, 1] + cost)
    into[i, 2] = min(into[i, 2], more[j, 2] + gco2e)
    into[i, 3] = min(into[i, 3], more[j, 3] + gauges)


@njit_lent
def landing(leg: int, target: int, table: Table, best: Ints, near: Ints, lands: Ints) -> None:
    """Bound what a load needs that leaves its train after `leg`: by a change, or by truck."""
    row = table.land[leg]
    if table.place[row] == target:
        lands[leg, 0], lands[leg, 1], lands[leg, 2], lands[leg, 3] = table.arrives[leg], 0, 0, 0
        return
    for e in range(table.change_at[row], table.change_at[row + 1]):
        spot = table.catch[table.catch_at[leg] + e - table.change_at[row]]
        if spot >= 0 and best[spot, 0] < NEVER:
            lower(lands, leg, best, spot, table.change[e, 2], table.change[e, 3], table.change[e, 4])
    for x in range(table.truck_at[row], table.truck_at[row + 1]):
        there = table.truck[x, 0]
        if table.place[there] == target:
            begins = begun(row, table.arrives[leg], table.open_at, table.opens)
            near[there, 0] = begins + table.truck[x, 1]
            near[there, 1], near[there, 2], near[there, 3] = 0, 0, 0
        if near[there, 0] < NEVER:
            lower(lands, leg, near, there, table.truck[x, 2], table.truck[x, 3], 0)


@njit
def bounds(table: Table, blocked: Ints, by_truck: Ints, first: int, target: int) -> tuple[Ints, Ints, Ints]:
    """Bound from below what a load still needs to place `target`, for each of four criteria on its own.

    `by_truck` (k,): the change by which a load that came by truck boards each class, -1 for none. Legs before `first`
    are left out.

    Answers `rides` (n, 4): earliest arrival, least cost, gCO2e and gauge changes of a load that rides a leg, the leg
    included; `lands` (n, 4): the same of one that leaves the train after it; `near` (r, 4): of one that is brought to a
    row by truck, whenever. NEVER where the target is not reached. Exact in each criterion, but that a load that changes
    by truck may board what has left meanwhile. O(n + c), and one step a truck.
    """
    n = table.departs.shape[0]
    rides = np.full((n, 4), NEVER, np.int64)
    lands = np.full((n, 4), NEVER, np.int64)
    best = np.full((n, 4), NEVER, np.int64)
    near = np.full((table.place.shape[0], 4), NEVER, np.int64)
    for leg in range(n - 1, first - 1, -1):
        if table.land[leg] >= 0:
            landing(leg, target, table, best, near, lands)
        if not blocked[leg]:
            lower(rides, leg, lands, leg, 0, 0, 0)
            after = table.after[leg]
            if after >= 0 and rides[after, 0] < NEVER:
                lower(rides, leg, rides, after, table.price[after, 3], 0, table.price[after, 2])
            if rides[leg, 0] < NEVER:
                rides[leg, 1] += table.price[leg, 0]
                rides[leg, 2] += table.price[leg, 1]
        spot = table.spot[leg]
        if spot < 0:
            continue
        if spot + 1 < table.class_at[table.board[leg] + 1]:
            lower(best, spot, best, spot + 1, 0, 0, 0)
        if rides[leg, 0] < NEVER:
            lower(best, spot, rides, leg, 0, 0, 0)
            e = by_truck[table.board[leg]]
            if e >= 0:
                row = table.boarding[e, 0]
                lower(near, row, rides, leg, table.boarding[e, 2], table.boarding[e, 3], table.boarding[e, 4])
    return rides, lands, near


@njit_lent
def boarded(row: int, at: int, table: Table, best: Ints) -> int:
    """Find the earliest arrival at the target of a load that came to a row by truck at minute `at`."""
    end = NEVER
    begins = begun(row, at, table.open_at, table.opens)
    for e in range(table.change_at[row], table.change_at[row + 1]):
        k = table.change[e, 0]
        ready = max(begins + table.change[e, 5], at + table.change[e, 1])
        spot = first_at(ready, table.class_at[k], table.class_at[k + 1], table.departs, table.members)
        if spot < table.class_at[k + 1]:
            end = min(end, best[spot])
    return end


@njit
def arrivals(table: Table, blocked: Ints, target: int) -> tuple[Ints, Ints]:
    """Find the earliest arrival at place `target` from every leg: what profiles and latest departures are read from.

    Answers `rides` (n,): minute for a load that rides the leg, NEVER if never; `best` (n,): by spot, the earliest of
    this leg and all later ones of its class. Exact, trucks too. O(n + c), and a binary search for each class that each
    truck reaches.
    """
    n = table.departs.shape[0]
    rides = np.full(n, NEVER, np.int64)
    best = np.full(n, NEVER, np.int64)
    for leg in range(n - 1, -1, -1):
        if not blocked[leg]:
            end, row, after = NEVER, table.land[leg], table.after[leg]
            if row >= 0 and table.place[row] == target:
                end = table.arrives[leg]
            elif row >= 0:
                for c in range(table.catch_at[leg], table.catch_at[leg + 1]):
                    if table.catch[c] >= 0:
                        end = min(end, best[table.catch[c]])
                for x in range(table.truck_at[row], table.truck_at[row + 1]):
                    begins = begun(row, table.arrives[leg], table.open_at, table.opens)
                    there, then = table.truck[x, 0], begins + table.truck[x, 1]
                    end = min(end, then if table.place[there] == target else boarded(there, then, table, best))
            rides[leg] = end if after < 0 else min(end, rides[after])
        spot = table.spot[leg]
        if spot >= 0:
            best[spot] = rides[leg]
            if spot + 1 < table.class_at[table.board[leg] + 1]:
                best[spot] = min(best[spot], best[spot + 1])
    return rides, best
