"""Backward scan of a timetable: from every leg, the best way to one destination. Arrays only."""

import numpy as np
from numpy.typing import NDArray

from landport._compile import njit
from landport.route._kernel_table import NEVER, begun

Ints = NDArray[np.int64]

FAR = 1 << 60
"""Value of a leg from which the destination is not reached."""

ARRIVE = -3
"""`via` of a leg that ends at the destination."""

STAY = -2
"""`via` of a leg whose load stays on for the next leg."""

DIRECT = -1
"""`via` of a leg followed by a change at its last stop, without a truck."""


@njit
def catch(first: int, last: int, at: int, departs: Ints, members: Ints) -> int:
    """Find the first of the legs `members[first:last, 0]`, ordered by departure, that leaves at `at` or later."""
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if departs[members[middle, 0]] < at:
            low = middle + 1
        else:
            high = middle
    return low


@njit
def onward(
    place: int,
    at: int,
    row: int,
    departs: Ints,
    members: Ints,
    classes: Ints,
    at_place: Ints,
    moves: Ints,
    open_at: Ints,
    opens: Ints,
    best: Ints,
    best_leg: Ints,
) -> tuple[int, int]:
    """Value the best departure from `place` for a load there at minute `at` that changes as `moves[row]` says.

    Answers (value, leg); (FAR, -1) when nothing leaves.
    """
    value, leg = FAR, -1
    first = at_place[place, 0]
    begins = begun(row, at, open_at, opens)
    for k in range(first, at_place[place, 1]):
        minutes = moves[row, k - first, 0]
        if minutes >= 0:
            ready = max(at + minutes, begins + moves[row, k - first, 2])
            spot = catch(classes[k, 0], classes[k, 1], ready, departs, members)
            if spot < classes[k, 1] and best[spot] < FAR and best[spot] + moves[row, k - first, 1] < value:
                value, leg = best[spot] + moves[row, k - first, 1], best_leg[spot]
    return value, leg


@njit
def after(
    place: int,
    at: int,
    row: int,
    target: int,
    minute_value: int,
    departs: Ints,
    members: Ints,
    classes: Ints,
    at_place: Ints,
    moves: Ints,
    roads: Ints,
    open_at: Ints,
    opens: Ints,
    best: Ints,
    best_leg: Ints,
) -> tuple[int, int, int]:
    """Value the best way on for a load that arrives at `place` at minute `at` with change row `row`.

    Answers (value, via, leg): `via` is ARRIVE, DIRECT or the index of the truck taken first.
    """
    if place == target:
        return minute_value * at, ARRIVE, -1
    value, leg = onward(place, at, row, departs, members, classes, at_place, moves, open_at, opens, best, best_leg)
    via = DIRECT
    truck = moves.shape[1] - 1
    begins = begun(row, at, open_at, opens)
    if moves[row, truck, 0] < 0 or begins >= NEVER:
        return value, via, leg
    for r in range(at_place[place, 2], at_place[place, 3]):
        there = roads[r, 1]
        then = begins + moves[row, truck, 0] + roads[r, 2]
        paid = moves[row, truck, 1] + roads[r, 3]
        if there == target:
            ahead, next_leg = minute_value * then, -1
        else:
            ahead, next_leg = onward(
                there, then, at_place[there, 4], departs, members, classes, at_place, moves, open_at, opens,
                best, best_leg,
            )  # fmt: skip
        if ahead < FAR and ahead + paid < value:
            value, via, leg = ahead + paid, r, next_leg
    return value, via, leg


@njit
def scan(
    legs: Ints,
    blocked: Ints,
    members: Ints,
    classes: Ints,
    at_place: Ints,
    moves: Ints,
    roads: Ints,
    open_at: Ints,
    opens: Ints,
    target: int,
    minute_value: int,
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Find the best way from every leg to place `target`, working from the last departure back.

    Shapes (int64; n legs ordered by departure, c departure classes, p places, r trucks ways, a change rows)
    ------
    legs (n, 8)
        last stop, departs, arrives, price, next leg of its run or -1, change row on arrival, place in `members`,
        cut-off in minutes.
    blocked (n,)
        1 where the load may not ride.
    members (n, 2)
        Legs by departure class, each class in order of departure; end of the class.
    classes (c, 2)
        First and last + 1 of the class in `members`.
    at_place (p, 5)
        First and last + 1 departure class; first and last + 1 truck; change row of a load that came by truck.
    moves (a, k + 1, 3)
        Minutes (-1: impossible; cut-off included) and price of changing to the place's departure classes, and minutes
        of the work itself, which begins while the place is open; last: to a truck.
    roads (r, 4)
        From, to, minutes, price.
    open_at (a, 2), opens (s, 2)
        Opening hours, as in `_kernel_table.Table`.

    Answers `value` (n,): prices + minute_value * arrival minute, FAR if never; `via` (n,) and `follow` (n,): how the
    load goes on after the leg and the leg it rides next; `best`, `best_leg` (n,) by place in `members`: the best of
    this leg and all later ones of its class. O(n k log n). Exact: values are additive in absolute time.
    """
    n = legs.shape[0]
    value = np.full(n, FAR, np.int64)
    via = np.full(n, ARRIVE, np.int64)
    follow = np.full(n, -1, np.int64)
    best = np.full(n, FAR, np.int64)
    best_leg = np.full(n, -1, np.int64)
    departs = legs[:, 1].copy()
    for leg in range(n - 1, -1, -1):
        if blocked[leg] == 0:
            ahead, how, then = after(
                legs[leg, 0], legs[leg, 2], legs[leg, 5], target, minute_value,
                departs, members, classes, at_place, moves, roads, open_at, opens, best, best_leg,
            )  # fmt: skip
            stay = legs[leg, 4]
            if stay >= 0 and value[stay] < FAR and value[stay] <= ahead:
                ahead, how, then = value[stay], STAY, stay
            if ahead < FAR:
                value[leg], via[leg], follow[leg] = ahead + legs[leg, 3], how, then
        spot = legs[leg, 6]
        best[spot], best_leg[spot] = value[leg], leg
        if spot + 1 < members[spot, 1] and best[spot + 1] <= value[leg]:
            best[spot], best_leg[spot] = best[spot + 1], best_leg[spot + 1]
    return value, via, follow, best, best_leg


@njit
def options(
    place: int,
    at: int,
    row: int,
    now: int,
    window: int,
    target: int,
    minute_value: int,
    legs: Ints,
    members: Ints,
    classes: Ints,
    at_place: Ints,
    moves: Ints,
    roads: Ints,
    open_at: Ints,
    opens: Ints,
    value: Ints,
) -> Ints:
    """List everything a load at `place` at minute `at` can do next.

    `row` is its change row, or -1: not loaded yet, so cut-offs hold instead of changes, and a truck cannot leave before
    `now`. Departures within `window` minutes of the first possible one are looked at. Other shapes as in `scan`, whose
    `value` is read. Answers rows (value to the target, truck or -1, first leg or -1).
    """
    room = 64
    found = np.empty((room, 3), np.int64)
    n = 0
    truck = moves.shape[1] - 1
    to_truck = 0 if row < 0 else moves[row, truck, 0]
    begins = at if row < 0 else begun(row, at, open_at, opens)
    first, last = at_place[place, 2], at_place[place, 3]
    for r in range(first - 1, last if to_truck >= 0 and begins < NEVER else first):
        here, then, paid, change = place, at, 0, row
        if r >= first:
            here, change = roads[r, 1], at_place[roads[r, 1], 4]
            then = max(at, now) if row < 0 else begins
            then += to_truck + roads[r, 2]
            paid = roads[r, 3] + (0 if row < 0 else moves[row, truck, 1])
            if here == target:
                if n == room:
                    found, room = np.concatenate((found, np.empty((room, 3), np.int64))), 2 * room
                found[n, 0], found[n, 1], found[n, 2] = paid + minute_value * then, r, -1
                n += 1
                continue
        starts = then if change < 0 else begun(change, then, open_at, opens)
        for k in range(at_place[here, 0], at_place[here, 1]):
            minutes = 0 if change < 0 else moves[change, k - at_place[here, 0], 0]
            if minutes < 0:
                continue
            work = 0 if change < 0 else moves[change, k - at_place[here, 0], 2]
            until = max(max(then, now) + minutes, starts + work) + window
            price = paid + (0 if change < 0 else moves[change, k - at_place[here, 0], 1])
            for spot in range(classes[k, 0], classes[k, 1]):
                leg = members[spot, 0]
                departs = legs[leg, 1]
                needs = minutes if change >= 0 else legs[leg, 7]
                if departs < then + needs or departs < starts + work or departs > until or value[leg] >= FAR:
                    continue
                if n == room:
                    found, room = np.concatenate((found, np.empty((room, 3), np.int64))), 2 * room
                found[n, 0], found[n, 1], found[n, 2] = value[leg] + price, r if r >= first else -1, leg
                n += 1
    return found[:n]
