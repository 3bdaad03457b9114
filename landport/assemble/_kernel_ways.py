"""Ways of containers over dated services, by price. Whole numbers only.

Services stand in order of the place they leave and their departure. Columns of `services` (s, 6): from, to, departure,
arrival, first service that may be boarded after it, end of the services that leave its `to`. Columns of `kinds` (k, 8):
first service that leaves where it is, end of these, to, ready hour, due hour, latest hour, price of an hour late, price
of an hour held. Kinds that differ in ready hours only stand together, the first ready first. A price of
`FAR` or more means: never.
"""

import numpy as np
from numpy.typing import NDArray

from landport._compile import njit

Ints = NDArray[np.int64]

FAR = 1 << 60


@njit
def arrival(services: Ints, kind: Ints, s: int) -> int:
    """Price the hours until service s arrives, counted from hour 0; FAR: the way cannot end there."""
    arrives = services[s, 3]
    if services[s, 1] != kind[2] or arrives > kind[5]:
        return FAR
    hours: int = kind[6] * max(0, arrives - kind[4]) + kind[7] * arrives
    return hours


@njit
def complete(services: Ints, prices: Ints, kind: Ints, legs: int, rest: Ints, least: Ints) -> None:
    """Fill in what it costs to go on from each service with so many legs left.

    prices (s,); kind (8,), a row of `kinds`; rest (legs, s): after service s with so many more legs, with the hours
    until arrival; least (legs, s + 1): the least of prices + rest over this service and the later ones of its place.
    """
    n = services.shape[0]
    for more in range(legs):
        for s in range(n - 1, -1, -1):
            value = arrival(services, kind, s)
            if more > 0 and services[s, 4] < services[s, 5]:
                value = min(value, least[more - 1, services[s, 4]])
            rest[more, s] = value
        least[more, n] = FAR
        for s in range(n - 1, -1, -1):
            value = FAR if prices[s] >= FAR or rest[more, s] >= FAR else prices[s] + rest[more, s]
            if s + 1 < n and services[s + 1, 0] == services[s, 0]:
                value = min(value, least[more, s + 1])
            least[more, s] = value


@njit
def extra(first_extra: Ints, extras: Ints, k: int, s: int) -> int:
    """Answer what kind k pays beyond the price of service s when it begins with it."""
    more = 0
    for i in range(first_extra[k], first_extra[k + 1]):
        if extras[i, 0] == s:
            more = extras[i, 1]
    return more


@njit
def alike(kinds: Ints, a: int, b: int) -> bool:
    """Tell whether what comes after the first service is the same for two kinds."""
    same = True
    for column in range(8):
        same &= column < 2 or column == 3 or kinds[a, column] == kinds[b, column]
    return same


@njit
def cheapest(
    services: Ints,
    prices: Ints,
    kinds: Ints,
    first_extra: Ints,
    extras: Ints,
    costs: Ints,
    ways: Ints,
) -> None:
    """Find a cheapest way of each kind: costs (k,), FAR where there is none; ways (k, legs), -1 after the last."""
    n, legs = services.shape[0], ways.shape[1]
    rest = np.full((legs, n), FAR, np.int64)
    least = np.full((legs, n + 1), FAR, np.int64)
    for k in range(kinds.shape[0]):
        if k == 0 or not alike(kinds, k - 1, k):
            complete(services, prices, kinds[k], legs, rest, least)
        costs[k] = FAR
        ways[k] = -1
        for s in range(kinds[k, 0], kinds[k, 1]):
            if services[s, 2] >= kinds[k, 3] and prices[s] < FAR and rest[legs - 1, s] < FAR:
                cost = prices[s] + extra(first_extra, extras, k, s) + rest[legs - 1, s] - kinds[k, 7] * kinds[k, 3]
                if cost < costs[k]:
                    costs[k] = cost
                    ways[k, 0] = s
        s = ways[k, 0]
        leg = 0
        while s >= 0:
            ways[k, leg] = s
            s = onward(services, prices, kinds[k], rest, least, legs - 1 - leg, s)
            leg += 1


@njit
def onward(services: Ints, prices: Ints, kind: Ints, rest: Ints, least: Ints, left: int, s: int) -> int:
    """Answer the service that is best after s with so many legs left, -1: it ends there."""
    if rest[left, s] == arrival(services, kind, s):
        return -1
    best = least[left - 1, services[s, 4]]
    for q in range(services[s, 4], services[s, 5]):
        if prices[q] < FAR and rest[left - 1, q] < FAR and prices[q] + rest[left - 1, q] == best:
            return q
    return -1


@njit
def write_way(at: Ints, leg: int, way: Ints) -> None:
    """Write the services that a search stands just past into a row, -1 after the last."""
    for i in range(way.shape[0]):
        way[i] = at[i] - 1 if i <= leg else -1


@njit
def all_within(
    services: Ints,
    prices: Ints,
    kinds: Ints,
    first_extra: Ints,
    extras: Ints,
    most: Ints,
    of_kind: Ints,
    ways: Ints,
) -> int:
    """List every way of every kind that costs at most so much; answer how many there are.

    most (k,); of_kind (w,) and ways (w, legs), -1 after the last leg: filled as far as they go. Depth first, each step
    bounded by `complete`, so the time is that of the ways listed.
    """
    n, legs = services.shape[0], ways.shape[1]
    rest = np.full((legs, n), FAR, np.int64)
    least = np.full((legs, n + 1), FAR, np.int64)
    at = np.zeros(legs, np.int64)
    spent = np.zeros(legs + 1, np.int64)
    found = 0
    for k in range(kinds.shape[0]):
        if k == 0 or not alike(kinds, k - 1, k):
            complete(services, prices, kinds[k], legs, rest, least)
        spent[0] = -kinds[k, 7] * kinds[k, 3]
        at[0] = kinds[k, 0]
        leg = 0
        while leg >= 0:
            left = legs - 1 - leg
            s = at[leg]
            end = kinds[k, 1] if leg == 0 else services[at[leg - 1] - 1, 5]
            if s >= end or (leg > 0 and spent[leg] + least[left, s] > most[k]):
                leg -= 1
                continue
            at[leg] += 1
            if (leg == 0 and services[s, 2] < kinds[k, 3]) or prices[s] >= FAR or rest[left, s] >= FAR:
                continue
            cost = spent[leg] + prices[s] + (extra(first_extra, extras, k, s) if leg == 0 else 0)
            if cost + rest[left, s] > most[k]:
                continue
            if cost + arrival(services, kinds[k], s) <= most[k]:
                if found < of_kind.shape[0]:
                    of_kind[found] = k
                    write_way(at, leg, ways[found])
                found += 1
            if left > 0 and services[s, 4] < services[s, 5]:
                leg += 1
                spent[leg] = cost
                at[leg] = services[s, 4]
    return found


@njit
def let_wait(steps: Ints, costs: Ints) -> None:
    """Let kinds wait for the next where that is cheaper: costs (k,) become less; steps (k,), -1: no waiting."""
    for k in range(costs.shape[0] - 2, -1, -1):
        if steps[k] >= 0 and costs[k + 1] < FAR:
            costs[k] = min(costs[k], costs[k + 1] + steps[k])


@njit
def first_ready_first(
    count: Ints, follows: Ints, boards: Ints, riders: Ints, of_kind: Ints, way: Ints, taken: Ints
) -> int:
    """Hand out ways to kinds, whoever is ready first boards first; answer how many rows were written.

    count (k,): containers of each kind that ride; follows (k,): 1 where a kind's stream began before it; boards (w,)
    in order and riders (w,): the kind each way begins with, and how many; of_kind, way, taken: rows, filled in turn.
    """
    waiting = count.copy()
    found, first, begins = 0, 0, 0
    for w in range(boards.shape[0]):
        k = boards[w]
        begins = k
        while follows[begins] == 1:
            begins -= 1
        first = max(first, begins)
        more = riders[w]
        while more > 0 and first <= k:
            many = min(more, waiting[first])
            if many > 0:
                of_kind[found] = first
                way[found] = w
                taken[found] = many
                found += 1
                waiting[first] -= many
                more -= many
            if waiting[first] == 0:
                first += 1
    return found
