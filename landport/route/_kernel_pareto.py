"""Multi-criteria scan of a timetable: every way to one place that no other beats. Arrays only."""

import math
from typing import NamedTuple

import numpy as np

from landport._compile import njit, njit_lent
from landport.route._kernel_table import NEVER, Ints, Table, begun, open_by

SURE = 20_000_000
"""Greatest risk of one change: e^-20, in millionths of a natural logarithm."""


class Bags(NamedTuple):
    """Sets of ways of which none beats another: one a row, one a run, and the last one at the target.

    Shapes
    ------
    store (m, 7)
        Entries: arrival minute (0 in the bag of a run), cost, gCO2e, gauge changes, risk, label, leg boarded.
    heads (r + runs + 1, 3)
        First entry, number of entries, room for so many.
    labels (m, 3)
        Label of the way before (-1: the start), leg boarded (-2 - x: truck x), leg after which it left the train.
    top (3,)
        Entries and labels in use; 1 once one of them found no room.
    """

    store: Ints
    heads: Ints
    labels: Ints
    top: Ints


@njit_lent
def move(store: Ints, x: int, to: int) -> None:
    """Copy an entry to another place."""
    for column in range(7):
        store[to, column] = store[x, column]


@njit_lent
def beaten(bags: Bags, bag: int, at: int, cost: int, gco2e: int, gauges: int, risk: int, eps: Ints) -> bool:
    """Tell whether something in a bag is as good in everything, give or take `eps`; what beat this moves to the front.

    `eps` (5,): 0 compares exactly.
    """
    first = bags.heads[bag, 0]
    s = bags.store
    for x in range(first, first + bags.heads[bag, 1]):
        if (
            s[x, 0] <= at + eps[0]
            and s[x, 1] <= cost + eps[1]
            and s[x, 2] <= gco2e + eps[2]
            and s[x, 3] <= gauges + eps[3]
            and s[x, 4] <= risk + eps[4]
        ):
            if x > first:
                for column in range(7):
                    s[x, column], s[x - 1, column] = s[x - 1, column], s[x, column]
            return True
    return False


@njit_lent
def covered(bags: Bags, bag: int, at: int, cost: int, gco2e: int, gauges: int, risk: int) -> bool:
    """Tell whether something in a bag is as good in everything."""
    first = bags.heads[bag, 0]
    s = bags.store
    for x in range(first, first + bags.heads[bag, 1]):
        if s[x, 1] <= cost and s[x, 0] <= at and s[x, 2] <= gco2e and s[x, 3] <= gauges and s[x, 4] <= risk:
            return True
    return False


@njit_lent
def put(bags: Bags, bag: int, at: int, cost: int, gco2e: int, gauges: int, risk: int, label: int, leg: int) -> None:
    """Put a way that nothing covers into a bag, in place of those that it beats."""
    s, heads, top = bags.store, bags.heads, bags.top
    first = heads[bag, 0]
    kept = first
    for x in range(first, first + heads[bag, 1]):
        if not (at <= s[x, 0] and cost <= s[x, 1] and gco2e <= s[x, 2] and gauges <= s[x, 3] and risk <= s[x, 4]):
            if x > kept:
                move(s, x, kept)
            kept += 1
    if kept - first == heads[bag, 2]:
        room = max(4, 2 * heads[bag, 2])
        if top[0] + room > s.shape[0]:
            top[2] = 1
            heads[bag, 1] = kept - first
            return
        for x in range(kept - first):
            move(s, first + x, top[0] + x)
        kept += top[0] - first
        first = top[0]
        heads[bag, 0], heads[bag, 2] = first, room
        top[0] += room
    s[kept, 0], s[kept, 1], s[kept, 2], s[kept, 3], s[kept, 4] = at, cost, gco2e, gauges, risk
    s[kept, 5], s[kept, 6] = label, leg
    heads[bag, 1] = kept + 1 - first


@njit_lent
def named(bags: Bags, parent: int, leg: int, last: int) -> int:
    """Give a way a number, by the one before it and its last ride; -1: no room."""
    label = int(bags.top[1])
    if label == bags.labels.shape[0]:
        bags.top[2] = 1
        return -1
    bags.labels[label, 0], bags.labels[label, 1], bags.labels[label, 2] = parent, leg, last
    bags.top[1] += 1
    return label


@njit_lent
def risk_of(spare: int, minutes: int, sigma_milli: int) -> int:
    """Weigh missing a departure: -ln of the probability that a change of that mean takes at most `spare` minutes.

    In millionths; times are lognormal with that mean and sigma. Risks of changes add up as their odds multiply.
    """
    if sigma_milli == 0 or minutes == 0:
        return 0
    if spare <= 0:
        return SURE
    sigma = sigma_milli / 1000
    score = (math.log(spare) - math.log(minutes) + sigma * sigma / 2) / sigma
    odds = 0.5 * math.erfc(-score / math.sqrt(2.0))
    return min(SURE, int(-1e6 * math.log(odds))) if odds > 0 else SURE


@njit_lent
def stay(leg: int, bag: int, goal: int, table: Table, rides: Ints, bags: Bags, eps: Ints) -> None:
    """Keep what is on board of a run before a leg and may still lead to something at the target."""
    s, heads = bags.store, bags.heads
    kept = heads[bag, 0]
    for x in range(heads[bag, 0], heads[bag, 0] + heads[bag, 1]):
        gauges, paid = s[x, 3] + table.price[leg, 2], s[x, 1] + table.price[leg, 3]
        cost, gco2e = paid + rides[leg, 1], s[x, 2] + rides[leg, 2]
        if not beaten(bags, goal, rides[leg, 0], cost, gco2e, gauges + rides[leg, 3], s[x, 4], eps):
            if x > kept:
                move(s, x, kept)
            s[kept, 1], s[kept, 3] = paid, gauges
            kept += 1
    heads[bag, 1] = kept - heads[bag, 0]


@njit_lent
def enter(leg: int, bag: int, goal: int, table: Table, rides: Ints, bags: Bags, eps: Ints, is_risky: bool) -> None:
    """Let ways that wait at the place a leg leaves from board it."""
    s, heads, k = bags.store, bags.heads, table.board[leg]
    closes = table.opens.shape[0] > 0
    for e in range(table.board_at[k], table.board_at[k + 1]):
        row = table.boarding[e, 0]
        last = table.departs[leg] - table.boarding[e, 1]
        if closes:
            last = min(last, open_by(row, table.departs[leg] - table.boarding[e, 5], table.open_at, table.opens))
        for x in range(heads[row, 0], heads[row, 0] + heads[row, 1]):
            if s[x, 0] > last:
                continue
            cost, gco2e = s[x, 1] + table.boarding[e, 2], s[x, 2] + table.boarding[e, 3]
            gauges, risk = s[x, 3] + table.boarding[e, 4], s[x, 4]
            if is_risky:
                begins = begun(row, s[x, 0], table.open_at, table.opens)
                risk += risk_of(table.departs[leg] - begins, table.boarding[e, 5], table.boarding[e, 6])
            if covered(bags, bag, 0, cost, gco2e, gauges, risk):
                continue
            then, more, grams = rides[leg, 0], cost + rides[leg, 1], gco2e + rides[leg, 2]
            if not beaten(bags, goal, then, more, grams, gauges + rides[leg, 3], risk, eps):
                put(bags, bag, 0, cost, gco2e, gauges, risk, s[x, 5], leg)


@njit_lent
def haul(
    row: int,
    label: int,
    entry: Ints,
    goal: int,
    target: int,
    until: int,
    table: Table,
    near: Ints,
    bags: Bags,
    eps: Ints,
) -> None:
    """Let a way that has come to a row go on by truck, if it can still be there by `until`."""
    for x in range(table.truck_at[row], table.truck_at[row + 1]):
        begins, there = begun(row, entry[0], table.open_at, table.opens), table.truck[x, 0]
        if begins >= NEVER or table.truck[x, 1] >= NEVER:
            continue
        at, cost, gco2e = begins + table.truck[x, 1], entry[1] + table.truck[x, 2], entry[2] + table.truck[x, 3]
        bag = goal if table.place[there] == target else there
        if bag == goal:
            if at > until or beaten(bags, goal, at, cost, gco2e, entry[3], entry[4], eps):
                continue
        elif near[there, 0] > until or covered(bags, bag, at, cost, gco2e, entry[3], entry[4]):
            continue
        else:
            then, more, grams = max(at, near[there, 0]), cost + near[there, 1], gco2e + near[there, 2]
            if beaten(bags, goal, then, more, grams, entry[3] + near[there, 3], entry[4], eps):
                continue
        put(bags, bag, at, cost, gco2e, entry[3], entry[4], named(bags, label, -2 - x, -1), -1)


@njit_lent
def leave(
    leg: int,
    bag: int,
    goal: int,
    target: int,
    until: int,
    table: Table,
    lands: Ints,
    near: Ints,
    bags: Bags,
    eps: Ints,
    entry: Ints,
) -> None:
    """Pay for a leg, and let what is on board leave the train after it."""
    s, row = bags.store, table.land[leg]
    into = goal if row >= 0 and table.place[row] == target else row
    for x in range(bags.heads[bag, 0], bags.heads[bag, 0] + bags.heads[bag, 1]):
        s[x, 1] += table.price[leg, 0]
        s[x, 2] += table.price[leg, 1]
        if row < 0 or lands[leg, 0] > until:
            continue
        at, cost, gco2e, gauges, risk = table.arrives[leg], s[x, 1], s[x, 2], s[x, 3], s[x, 4]
        if into != goal and covered(bags, into, at, cost, gco2e, gauges, risk):
            continue
        then, more, grams = lands[leg, 0], cost + lands[leg, 1], gco2e + lands[leg, 2]
        if beaten(bags, goal, then, more, grams, gauges + lands[leg, 3], risk, eps):
            continue
        label = named(bags, s[x, 5], s[x, 6], leg)
        put(bags, into, at, cost, gco2e, gauges, risk, label, -1)
        if into != goal:
            entry[0], entry[1], entry[2], entry[3], entry[4] = at, cost, gco2e, gauges, risk
            haul(row, label, entry, goal, target, until, table, near, bags, eps)


@njit
def pareto(
    table: Table,
    blocked: Ints,
    rides: Ints,
    lands: Ints,
    near: Ints,
    start: int,
    ready: int,
    first: int,
    target: int,
    until: int,
    eps: Ints,
    is_risky: bool,
    most: int,
) -> tuple[Ints, Ints, bool]:
    """Find the ways from row `start` at minute `ready` to place `target` that no other beats.

    Criteria: arrival, cost, gCO2e, gauge changes and, with `is_risky`, the risk of missing a departure. `rides`,
    `lands` and `near` are the bounds of `_kernel_backward.bounds` to that target from leg `first` on. `eps` (5,): a way
    is left out when one at the target is at most so much worse in each criterion. What cannot be there by `until`, less
    than NEVER, is no way. `most`: entries and labels there is room for.

    Answers the front (f, 7), as `Bags.store`; its labels (m, 3); and whether there was room enough. With `eps` 0 every
    value of the exact front stands once; else each is met within `eps` by one that stands: ways are compared with `eps`
    at the target only, so nothing adds up on the way. Multi-criteria connection scan (Dibbelt et al. 2013) with
    goal-directed pruning by exact bounds for each criterion (Mandow and Pérez de la Cruz 2010).
    """
    n_rows = table.place.shape[0]
    goal = n_rows + table.run_at.shape[0]
    bags = Bags(
        np.empty((most, 7), np.int64), np.zeros((goal + 1, 3), np.int64), np.empty((most, 3), np.int64),
        np.zeros(3, np.int64),
    )  # fmt: skip
    put(bags, start, ready, 0, 0, 0, 0, -1, -1)
    entry = np.zeros(5, np.int64)
    entry[0] = ready
    haul(start, -1, entry, goal, target, until, table, near, bags, eps)
    for leg in range(first, table.departs.shape[0]):
        bag = n_rows + table.run[leg]
        if rides[leg, 0] > until:
            if blocked[leg]:
                bags.heads[bag, 1] = 0
            continue
        if bags.heads[bag, 1] > 0:
            stay(leg, bag, goal, table, rides, bags, eps)
        bound = rides[leg]
        if table.board[leg] >= 0 and (
            bags.heads[bag, 1] > 0 or not beaten(bags, goal, bound[0], bound[1], bound[2], bound[3], 0, eps)
        ):
            enter(leg, bag, goal, table, rides, bags, eps, is_risky)
        if bags.heads[bag, 1] > 0:
            leave(leg, bag, goal, target, until, table, lands, near, bags, eps, entry)
    low, high = bags.heads[goal, 0], bags.heads[goal, 0] + bags.heads[goal, 1]
    return bags.store[low:high].copy(), bags.labels[: bags.top[1]].copy(), bags.top[2] == 0
