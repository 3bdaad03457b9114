"""How a gathered train fills, how long freight waits for it and what it costs a week: by formula."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from landport.assemble._kernel_lanes import WEEK, WHOLE, reaching
from landport.model.lanes import GatheredTrain

STEP_MINUTES = 360
"""Allowances are rounded down to such steps, so that a formula has few of them."""

Stream = tuple[int, int]
"""Thousandths of a TEU a week, and the minutes that each of its TEU may wait."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """A train in its long run.

    Parameters
    ----------
    load_teu
        Mean TEU on board.
    trains_per_week
        How many leave.
    wait_minutes
        Mean over all its TEU.
    usd_cents
        A week, of whole trains and missing positions; nothing by the TEU, nothing for waiting.
    """

    load_teu: float
    trains_per_week: float
    wait_minutes: float
    usd_cents: float


NOTHING = Gathering(0.0, 0.0, 0.0, 0.0)


def gathered(streams: Iterable[Stream], train: GatheredTrain) -> Gathering:
    """Answer the long run of a train over Poisson streams.

    Notes
    -----
    A cycle begins with the first TEU and ends when the train leaves. Whatever rule of leaving looks at the past only,
    the mean wait is E[n (n - 1)] / (2 rate E[n]) over the loads n (optional stopping of the counting process); filling
    to go, n = capacity, makes it (capacity - 1) / (2 rate). Exact for Poisson streams; loads by `reaching`.
    """
    by_allowance: dict[int, int] = {}
    for teu_milli, allowance in streams:
        step = stepped(allowance)
        by_allowance[step] = by_allowance.get(step, 0) + teu_milli
    total_milli = sum(by_allowance.values())
    if not total_milli:
        return NOTHING
    allowances = sorted(by_allowance)
    rates = np.array([by_allowance[a] for a in allowances], np.int64)
    g = reaching(rates, np.array(allowances, np.int64), train.capacity_teu) / WHOLE
    load = float(g[1:].sum())
    per_week = total_milli / 1000 / load
    pairs = float(np.arange(train.capacity_teu) @ g[1:])  # E[n (n - 1)] / 2
    below = list(accumulate(1 - g[1 : train.min_teu + 1]))
    missing = float(below[-1]) if below else 0.0
    cents = per_week * (train.fixed_usd_cents + train.usd_cents_per_teu * missing)
    return Gathering(load, per_week, pairs / load / (total_milli / 1000 / WEEK), cents)


def stepped(allowance: int) -> int:
    """Round minutes down to a step; fewer than one stay.

    Examples
    --------
    >>> stepped(7199), stepped(359)
    (6840, 359)
    """
    return allowance // STEP_MINUTES * STEP_MINUTES or allowance


def fill_to_go_minutes(capacity_teu: int, teu_milli: int) -> float:
    """Mean wait of a lane whose trains leave full, whatever that takes.

    Notes
    -----
    Over lanes of equal trains, by TEU, this averages to (capacity - 1) * lanes / (2 * total demand).

    Examples
    --------
    >>> fill_to_go_minutes(101, 700_000) / 1440
    0.5
    """
    return (capacity_teu - 1) / 2 / (teu_milli / 1000 / WEEK)
