"""Does a border gain by windows? The same trucks with and without them, and what chance alone would make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from landport.model.border import BorderPort
from landport.simulate._kernel import NEVER
from landport.simulate.gate import (
    ALL_DAY,
    DAY_SECONDS,
    Gate,
    Habits,
    Played,
    Trucks,
    booked,
    gate,
    quota,
    trucks,
    walk_in,
)

Floats = NDArray[np.float64]

WARM_UP_DAYS = 14
TAIL_DAYS = 60


@dataclass(frozen=True, slots=True)
class Measured:
    """A mean, and its standard error by batch means."""

    mean: float
    error: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Minutes of one kind, over all trucks."""

    mean: Measured
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy makes of the trucks, minutes.

    Parameters
    ----------
    wait
        From coming to the border, outside and by night counted, until a lane takes it.
    stay
        From coming to the border until it is served.
    shift
        From when it wanted to come until it comes: time spent at home.
    total
        From when it wanted to come until it is served.
    unserved
        Trucks that were not served in the time that was played.
    """

    wait: Spread
    stay: Spread
    shift: Spread
    total: Spread
    unserved: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Walk-in and quota, of the same trucks.

    Parameters
    ----------
    wait_cut, stay_cut, total_cut
        Share by which the quota cuts the mean, percent; below 0: it adds.
    """

    n_trucks: int
    load_percent: Measured
    walk_in: Outcome
    quota: Outcome
    wait_cut: Measured
    stay_cut: Measured
    total_cut: Measured


def compare(
    border: BorderPort,
    channel: str,
    trucks_per_day: float,
    from_at: datetime,
    *,
    seed: int = 0,
    n_days: int = 1000,
    n_batches: int = 20,
    kappa_percent: int | None = None,
    profile: Sequence[int] = ALL_DAY,
    habits: Habits | None = None,
) -> Comparison:
    """Play the same trucks twice: come when you like, or book a window.

    Parameters
    ----------
    n_days
        Days that are measured, after 14 that are not; all trucks are played until they are served, for 60 days more.

    Notes
    -----
    Same trucks, services and habits in both (common random numbers). Errors are of `n_batches` batches of days; that of
    a share cut is of the ratio of means, by linearisation. O(n log n).
    """
    habits = habits or Habits()
    days = WARM_UP_DAYS + n_days
    drawn = trucks(border, channel, trucks_per_day, from_at, days, seed, profile=profile)
    place = gate(border, channel, from_at, days + TAIL_DAYS, kappa_percent=kappa_percent)
    free = walk_in(place, drawn)
    window = booked(drawn, place, habits)
    ruled = quota(place, drawn, habits, window)
    left = (window < 0) & (drawn.walks >= habits.walk_up_percent / 100)
    ruled.begins_s[left] = ruled.ends_s[left] = NEVER  # they wanted a window, and none is left in these days
    batch = (drawn.wanted_s // DAY_SECONDS - WARM_UP_DAYS) * n_batches // n_days
    before, after = _minutes(drawn, free), _minutes(drawn, ruled)
    keep = (batch >= 0) & (free.ends_s < NEVER) & (ruled.ends_s < NEVER)
    batch = batch[keep]
    cuts = [_cut(before[kind][keep], after[kind][keep], batch, n_batches) for kind in ("wait", "stay", "total")]
    return Comparison(
        int(keep.sum()),
        _load(place, drawn, days),
        _outcome(before, free, keep, batch, n_batches),
        _outcome(after, ruled, keep, batch, n_batches),
        *cuts,
    )


def measured(values: Floats, batch: NDArray[np.int64], n_batches: int) -> Measured:
    """Average values, and find the error of that by the means of their batches."""
    counts = np.bincount(batch, minlength=n_batches)
    means = np.bincount(batch, values, n_batches)[counts > 0] / counts[counts > 0]
    if not len(means):
        return Measured(float("nan"), float("nan"))
    error = float(np.std(means, ddof=1) / np.sqrt(len(means))) if len(means) > 1 else float("nan")
    return Measured(float(values.mean()), error)


def _minutes(drawn: Trucks, played: Played) -> dict[str, Floats]:
    return {
        "wait": (played.begins_s - played.comes_s) / 60,
        "stay": (played.ends_s - played.comes_s) / 60,
        "shift": (played.comes_s - drawn.wanted_s) / 60,
        "total": (played.ends_s - drawn.wanted_s) / 60,
    }


def _outcome(
    minutes: dict[str, Floats], played: Played, keep: NDArray[np.bool_], batch: NDArray[np.int64], n_batches: int
) -> Outcome:
    def spread(values: Floats) -> Spread:
        quantiles = np.quantile(values, (0.5, 0.95, 0.99)) if len(values) else np.full(3, np.nan)
        return Spread(measured(values, batch, n_batches), *(float(value) for value in quantiles))

    return Outcome(
        wait=spread(minutes["wait"][keep]),
        stay=spread(minutes["stay"][keep]),
        shift=spread(minutes["shift"][keep]),
        total=spread(minutes["total"][keep]),
        unserved=int((played.ends_s == NEVER).sum()),
    )


def _cut(before: Floats, after: Floats, batch: NDArray[np.int64], n_batches: int) -> Measured:
    if not len(before):
        return Measured(float("nan"), float("nan"))
    ratio = after.mean() / before.mean()
    rest = measured(after - ratio * before, batch, n_batches)
    return Measured(100 * (1 - float(ratio)), 100 * rest.error / float(before.mean()))


def _load(place: Gate, drawn: Trucks, days: int) -> Measured:
    """Count how much of what the lanes serve is asked for, percent; the error is that of the Poisson stream."""
    rows = place.calendar.copy()
    rows[:, :2] = np.minimum(rows[:, :2], days * DAY_SECONDS)
    can = float(((rows[:, 1] - rows[:, 0]) * rows[:, 2] / rows[:, 3]).sum())
    n = len(drawn.wanted_s)
    return Measured(100 * n / can, 100 * float(np.sqrt(n)) / can)
