"""What no choice of lanes and no rule of when trains leave can beat, by formula."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

CELLS = 16
"""Parts of each stretch of demand on which a trunk's least cost is bounded on its own."""


class Train(NamedTuple):
    """A gathered train; money in cents."""

    capacity: float
    least: float
    fixed: float
    position: float


class Lane(NamedTuple):
    """A lane before its trunk: TEU a week, cents a TEU by the hub but for the trunk, and direct; None: it cannot."""

    teu: float
    by_hub: float
    direct: float | None


def least_run(teu: float, train: Train, most_weeks: float, week_cents: float) -> float:
    """Answer the least cents a week that gathering costs, a position of each TEU with it.

    Parameters
    ----------
    teu
        A week, Poisson.
    most_weeks
        Longest that anything may wait.
    week_cents
        Weight of a TEU that waits a week.

    Notes
    -----
    Let b be the mean load. Whatever the rule, so long as it only knows the past, the mean wait is E[n (n - 1)] /
    (2 rate b), by Jensen at least (b - 1) / (2 rate); b is at most the capacity, and 1 + rate * most_weeks, since the
    first aboard waits no longer. Positions paid but empty are at least those that b lacks. The least over b is in
    closed form, and does not fall with demand.
    """
    if teu <= 0:
        return 0.0
    most = max(1.0, min(train.capacity, 1 + teu * most_weeks))
    turn = max(1.0, min(train.least, most))

    def cost(b: float) -> float:
        paid = train.fixed + train.position * max(train.least, b)
        return teu / b * paid + week_cents * (b - 1) / 2

    thin = sqrt(2 * teu * (train.fixed + train.position * train.least) / week_cents) if week_cents else most
    full = sqrt(2 * teu * train.fixed / week_cents) if week_cents else most
    return min(cost(max(1.0, min(turn, thin))), cost(max(turn, min(most, full))))


def least_trunk(lanes: Sequence[Lane], train: Train, most_weeks: float, week_cents: float) -> float:
    """Answer the least cents a week of the lanes of one trunk, each by it or direct, even in part.

    Notes
    -----
    For any total by the trunk, the lanes that save most a TEU go first: a fractional knapsack, linear between its
    corners. Gathering costs at least what it does at the lower end of each cell, so the least over cells is a bound.
    """
    forced = [lane for lane in lanes if lane.direct is None]
    free = sorted((lane for lane in lanes if lane.direct is not None), key=_loss)
    teu = sum(lane.teu for lane in forced)
    rest = sum(lane.teu * (lane.by_hub - train.position) for lane in forced)
    rest += sum(lane.teu * (lane.direct or 0.0) for lane in free)
    best = least_run(teu, train, most_weeks, week_cents) + rest
    for lane in free:
        step = lane.teu / CELLS
        for _ in range(CELLS):
            ahead = rest + step * (_loss(lane) - train.position)
            best = min(best, least_run(teu, train, most_weeks, week_cents) + min(rest, ahead))
            teu, rest = teu + step, ahead
    return min(best, least_run(teu, train, most_weeks, week_cents) + rest)


def _loss(lane: Lane) -> float:
    """Say what a TEU costs more by the hub before its trunk."""
    return lane.by_hub - (lane.direct or 0.0)
