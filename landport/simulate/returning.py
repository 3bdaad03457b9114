"""When the last truck that a closure moved is served: the bookings as they are, played on with chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landport.appointments import local_day
from landport.appointments.rates import Closures
from landport.model.border import BorderPort
from landport.simulate._kernel import MICRO, NEVER
from landport.simulate.gate import Gate, Habits, Trucks, gate, joined, local_days, quota, seconds, trucks

Ints = NDArray[np.int64]

AFTER_DAYS: Final = 45
"""How far is played on after the last window that somebody has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A truck that has a window, or stands in the waiting area.

    Parameters
    ----------
    opens_at, closes_at
        Of its window; None: it has none.
    is_moved
        A closure moved it.
    is_there
        It stands in the waiting area.
    """

    opens_at: datetime | None
    closes_at: datetime | None
    is_moved: bool = False
    is_there: bool = False


def return_days(
    border: BorderPort,
    channel: str,
    standing: Sequence[Standing],
    now: datetime,
    closures: Closures,
    *,
    seed: int = 0,
    n_runs: int = 21,
    habits: Habits | None = None,
) -> tuple[date, ...]:
    """Predict on which local day the last truck that moved is served, once for each run, earliest first.

    Returns
    -------
    tuple of date
        Empty if nobody moved. `date.max`: not within 45 days.

    Notes
    -----
    What is booked is kept. Drawn anew in each run: who is early, late or missing, how long everybody is served, and the
    walk-ups that the port publishes. Who books later is left out: it takes places behind those who moved.
    """
    if not any(s.is_moved for s in standing):
        return ()
    shop = _gate(border, channel, standing, now, closures)
    ends = sorted(
        _last_day(border, channel, standing, now, shop, habits or Habits(), (seed, run)) for run in range(n_runs)
    )
    first = local_day(border, now)
    return tuple(date.max if day >= NEVER else first + timedelta(days=int(day)) for day in ends)


def _gate(border: BorderPort, channel: str, standing: Sequence[Standing], now: datetime, closures: Closures) -> Gate:
    """Lay out lanes as they are published, and the windows that somebody has."""
    spans = sorted({(s.opens_at, s.closes_at) for s in standing if s.opens_at is not None and s.closes_at is not None})
    last = max((closes for _, closes in spans), default=now)
    n_days = max(0, (last - now) // timedelta(days=1)) + AFTER_DAYS
    plain = gate(border, channel, now, n_days, closures=closures)
    opens = np.array([seconds(o, now) for o, _ in spans], np.int64)
    closes = np.array([seconds(c, now) for _, c in spans], np.int64)
    return Gate(border, plain.calendar, opens, closes, np.zeros(len(spans), np.int64))


def _last_day(
    border: BorderPort,
    channel: str,
    standing: Sequence[Standing],
    now: datetime,
    shop: Gate,
    habits: Habits,
    seed: tuple[int, int],
) -> int:
    at = {int(opens): n for n, opens in enumerate(shop.opens_s)}
    own = np.array([-1 if s.opens_at is None else at[seconds(s.opens_at, now)] for s in standing], np.int64)
    there = np.array([s.is_there or s.opens_at is None for s in standing], np.bool_)
    rules = (rule.walk_up_per_day for rule in border.channels if rule.channel == channel)
    walking = trucks(border, channel, sum(rules), now, AFTER_DAYS, (*seed, 1))
    n = len(walking.wanted_s)
    drawn = joined(_drawn(border, channel, len(standing), (*seed, 0)), walking)
    window = np.concatenate([own, np.full(n, -1, np.int64)])
    came = np.concatenate([np.where(there, 0, NEVER), np.full(n, NEVER, np.int64)])
    played = quota(shop, drawn, habits, window, came)
    moved = np.array([s.is_moved for s in standing], np.bool_)
    return int(local_days(border, played.ends_s[: len(standing)][moved], now).max())


def _drawn(border: BorderPort, channel: str, n: int, seed: tuple[int, ...]) -> Trucks:
    """Draw what chance decides about trucks that are known."""
    rng = np.random.default_rng(seed)
    rows = [row for row in border.sides[0].hours if row.channel == channel]
    cv = max((row.cv_percent for row in rows), default=100) / 100
    work = rng.gamma(1 / cv**2, cv**2, n) if cv else np.ones(n)
    uniform = (rng.random(n) for _ in range(4))
    within, misses, walks, lead = uniform
    return Trucks(
        wanted_s=np.zeros(n, np.int64),
        work=np.rint(work * MICRO).astype(np.int64),
        within=within,
        off=rng.standard_normal(n),
        late=rng.exponential(1.0, n),
        misses=misses,
        walks=walks,
        lead=lead,
    )
