"""The arrays that all scans of a timetable read, and where each leg catches which departure. Arrays only."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from landport._compile import njit, njit_lent

Ints = NDArray[np.int64]

NEVER = 1 << 60
"""Minute, cost or mass of what does not happen."""


class Table(NamedTuple):
    """A timetable (int64; n legs in order of departure, k classes, r rows, e changes, x trucks).

    A *class* is a set of legs that load alike at one place; a *row* is a way to be at a place: having arrived there in
    one manner, or being there from the start. What a load at a row may board, and after which change, is data.

    Shapes
    ------
    departs, arrives (n,)
        Minutes.
    run (n,), run_at (number of runs,)
        Train, truck or ship the leg belongs to; first leg of each.
    board (n,)
        Class; -1: nothing boards here.
    land (n,)
        Row of a load that leaves the train after the leg; -1: nothing leaves it here.
    after (n,)
        Next leg of the run, -1 after its last. It stands later in the table.
    price (n, 4)
        Cost, gCO2e, and gauge changes and cost of staying on from the leg before.
    place (r,)
        Place of each row.
    change_at (r + 1,), change (e, 7)
        Changes of a row: class, minutes before departure, cost, gCO2e, gauge changes, minutes the work itself takes,
        sigma of these in thousandths.
    board_at (k + 1,), boarding (e, 7)
        The same by class, with the row in place of the class.
    truck_at (r + 1,), truck (x, 5)
        Trucks on demand from a row: row reached, minutes with loading, cost, gCO2e, row left. None leads on from a row
        reached by truck.
    members (n,), spot (n,), class_at (k + 1,)
        Legs by class, each class in order of departure; place of each leg in `members` (-1 without a class).
    catch_at (n + 1,), catch (c,)
        For each leg and each change of its row: the first spot it catches, -1 for none.
    open_at (r, 2), opens (s, 2)
        Spans in which work on a load at a row may begin: first of its own, and last + 1; equal: it may at any time.
        Spans in order, of each its first minute and the first after it. Without any (s 0) `open_at` is not read.
    """

    departs: Ints
    arrives: Ints
    run: Ints
    run_at: Ints
    board: Ints
    land: Ints
    after: Ints
    price: Ints
    place: Ints
    change_at: Ints
    change: Ints
    board_at: Ints
    boarding: Ints
    truck_at: Ints
    truck: Ints
    members: Ints
    spot: Ints
    class_at: Ints
    catch_at: Ints
    catch: Ints
    open_at: Ints
    opens: Ints


@njit_lent
def first_at(at: int, low: int, high: int, departs: Ints, members: Ints) -> int:
    """Find the first of the legs `members[low:high]`, ordered by departure, that leaves at `at` or later."""
    while low < high:
        middle = (low + high) // 2
        if departs[members[middle]] < at:
            low = middle + 1
        else:
            high = middle
    return low


@njit_lent
def first_after(at: int, low: int, high: int, side: int, opens: Ints) -> int:
    """Find the first of the spans `opens[low:high]` whose side (0: begins, 1: ends) is after minute `at`."""
    while low < high:
        middle = (low + high) // 2
        if opens[middle, side] <= at:
            low = middle + 1
        else:
            high = middle
    return low


@njit_lent
def begun(row: int, at: int, open_at: Ints, opens: Ints) -> int:
    """Find the first minute at which work on a load that is at a row from minute `at` may begin; NEVER: never again."""
    if opens.shape[0] == 0:
        return at
    low, last = open_at[row, 0], open_at[row, 1]
    if low == last:
        return at
    span = first_after(at, low, last, 1, opens)
    return max(at, opens[span, 0]) if span < last else NEVER


@njit_lent
def open_by(row: int, at: int, open_at: Ints, opens: Ints) -> int:
    """Find the last minute up to `at` at which work on a load at a row may begin; -NEVER: there is none.

    A load whose work must begin by `at` must be at the row by then.
    """
    if opens.shape[0] == 0:
        return at
    first, last = open_at[row, 0], open_at[row, 1]
    if first == last:
        return at
    span = first_after(at, first, last, 0, opens)
    return min(at, opens[span - 1, 1] - 1) if span > first else -NEVER


@njit
def catches(
    departs: Ints,
    arrives: Ints,
    land: Ints,
    change_at: Ints,
    change: Ints,
    members: Ints,
    class_at: Ints,
    open_at: Ints,
    opens: Ints,
) -> tuple[Ints, Ints]:
    """Find the departure that each leg catches by each change of its row; shapes as in `Table`. O(c log n)."""
    n = departs.shape[0]
    catch_at = np.zeros(n + 1, np.int64)
    for leg in range(n):
        row = land[leg]
        catch_at[leg + 1] = catch_at[leg] + (change_at[row + 1] - change_at[row] if row >= 0 else 0)
    catch = np.empty(catch_at[n], np.int64)
    for leg in range(n):
        row = land[leg]
        if row >= 0:
            begins = begun(row, arrives[leg], open_at, opens)
            for e in range(change_at[row], change_at[row + 1]):
                last = class_at[change[e, 0] + 1]
                ready = max(begins + change[e, 5], arrives[leg] + change[e, 1])
                spot = first_at(ready, class_at[change[e, 0]], last, departs, members)
                catch[catch_at[leg] + e - change_at[row]] = spot if spot < last else -1
    return catch_at, catch
