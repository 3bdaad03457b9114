"""How long a truck will wait at the gate, predicted while somebody chooses a window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from landport.appointments._kernel import MICRO, waits
from landport.appointments.capacity import local_day, openings
from landport.appointments.rates import Closures, Pace, floor_minute, midnight, paces, unit_of
from landport.model.border import BorderPort

Ints = NDArray[np.int64]
Booking = tuple[datetime, datetime, int]

CV2_BOOKED_PERCENT: Final = 20
"""Squared coefficient of variation of booked trucks' arrivals: random within a window, but so many in each. Chosen
so that predictions come nearest to the simulation of full windows (`bench/border`)."""

CV2_WALK_UP_PERCENT: Final = 100
"""The same of trucks without an appointment: they come at random."""

LOOK_AHEAD_DAYS: Final = 14
"""A queue is followed so long after the last window; a wait that lasts longer is told as what is left of it."""


@dataclass(frozen=True, slots=True)
class KappaRow:
    """What a share of capacity on offer would bring, were all of it booked: trucks, and their mean wait."""

    kappa_percent: int
    n_trucks: int
    mean_wait_minutes: int


def predicted_waits(
    border: BorderPort,
    channel: str,
    booked: Sequence[Booking],
    now: datetime,
    *,
    queue_now: int = 0,
    cv2_booked_percent: int = CV2_BOOKED_PERCENT,
    cv2_walk_up_percent: int = CV2_WALK_UP_PERCENT,
    closures: Closures = (),
) -> tuple[int, ...]:
    """Predict the mean wait at the gate, in minutes, of a truck that comes in each window.

    Parameters
    ----------
    booked
        (opens_at, closes_at, trucks still to come) of each window, in any order; windows without trucks count, too.
    queue_now
        Trucks that stand there.
    closures
        Spans in which the border is shut.

    Returns
    -------
    tuple of int
        As many as windows; 0 for windows that are over.

    Notes
    -----
    Point-wise stationary fluid flow (Wang, Tipper and Banerjee 1996; Chen, Govindan and Golias 2013): the queue grows
    by who comes and shrinks by pace times the use that a G/G/c queue of its length has in the long run (Sakasegawa).
    A truck waits until what it finds is served, and over the night if need be. Who booked a window that is partly shut
    comes while it is open. Walk-ups come evenly while the gate is open. Lanes that other channels lend are not counted,
    and all who booked come.
    """
    if not booked:
        return ()
    start_at = now.astimezone(UTC)
    n = max(0, *(-floor_minute(start_at, closes_at) for _, closes_at, _ in booked))
    ahead = n + LOOK_AHEAD_DAYS * 1440
    lanes, pace, cv2_service = _lanes(
        paces(border, channel, start_at, ahead, closures), ahead, unit_of(border, channel)
    )
    walk_ups = _walk_ups(border, channel, start_at, n)
    coming = np.zeros(n, np.int64)
    spans = [_open_minutes(lanes, begin, end) for begin, end, _ in _minutes(booked, start_at)]
    for minutes, (_, _, count) in zip(spans, booked, strict=True):
        if len(minutes):
            coming[minutes] += count * MICRO // len(minutes)
    arriving = np.maximum(coming + walk_ups, 1)
    cv2 = (coming * cv2_booked_percent + walk_ups * cv2_walk_up_percent) // arriving + cv2_service[:n]
    found = waits(lanes, pace, coming + walk_ups, cv2 // 2, queue_now * MICRO)
    return tuple(round(float(found[minutes].mean()) / 60) if len(minutes) else 0 for minutes in spans)


def kappa_table(
    border: BorderPort, channel: str, from_at: datetime, *, kappas: Iterable[int] = range(50, 105, 5), n_days: int = 7
) -> tuple[KappaRow, ...]:
    """Predict, for shares of capacity on offer, the mean wait if every place is taken, of so many days."""
    return tuple(_filled(border, channel, from_at, kappa, n_days) for kappa in kappas)


def opening_rule(
    border: BorderPort, channel: str, most_wait_minutes: int, from_at: datetime, *, n_days: int = 7
) -> int:
    """Find the greatest share of capacity, percent, whose predicted mean wait is within a target; 0: none is.

    Notes
    -----
    By halving: more places are taken not to shorten waits. Walk-ups of the channel come on top. 0, too, if the border
    does not serve the channel in these days.
    """
    low, high = 0, 100 if _filled(border, channel, from_at, 100, n_days).n_trucks else 0
    while low < high:
        middle = (low + high + 1) // 2
        if _filled(border, channel, from_at, middle, n_days).mean_wait_minutes <= most_wait_minutes:
            low = middle
        else:
            high = middle - 1
    return low


def _filled(border: BorderPort, channel: str, from_at: datetime, kappa: int, n_days: int) -> KappaRow:
    all_ = openings(border, from_at, from_at + timedelta(days=n_days), kappa_percent=kappa)
    booked = [(one.opens_at, one.closes_at, one.capacity) for one in all_ if one.channel == channel]
    trucks = sum(n for _, _, n in booked)
    waited = sum(
        n * wait for (_, _, n), wait in zip(booked, predicted_waits(border, channel, booked, from_at), strict=True)
    )
    return KappaRow(kappa, trucks, round(waited / trucks) if trucks else 0)


def _minutes(booked: Iterable[Booking], start_at: datetime) -> Iterable[tuple[int, int, int]]:
    """Turn windows into minutes from now on: what is left of each, and its trucks."""
    for opens_at, closes_at, count in booked:
        yield max(0, floor_minute(opens_at, start_at)), max(0, -floor_minute(start_at, closes_at)), count


def _open_minutes(lanes: Ints, begin: int, end: int) -> Ints:
    """List the minutes of a window in which its channel is served; all of them if it never is."""
    minutes = np.arange(begin, max(begin, end))
    is_open = lanes[minutes] > 0
    return minutes[is_open] if is_open.any() else minutes


def _lanes(calendar: Iterable[Pace], n: int, unit: int) -> tuple[Ints, Ints, Ints]:
    """Lay out lanes, trucks a minute in millionths and squared variation of service, percent, minute by minute."""
    lanes, pace, cv2 = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for one in calendar:
        lanes[one.from_minute : one.until_minute] = one.lanes
        pace[one.from_minute : one.until_minute] = max(1, one.pace * MICRO // unit)
        cv2[one.from_minute : one.until_minute] = one.cv_percent * one.cv_percent // 100
    return lanes, pace, cv2


def _walk_ups(border: BorderPort, channel: str, start_at: datetime, n: int) -> Ints:
    """Spread a day's walk-ups over the minutes in which the gate is open on that day, closures or not."""
    coming = np.zeros(n, np.int64)
    per_day = sum(rule.walk_up_per_day for rule in border.channels if rule.channel == channel)
    zone = ZoneInfo(border.sides[0].zone)
    day = local_day(border, start_at)
    while per_day and (begin := floor_minute(midnight(day, zone), start_at)) < n:
        day += timedelta(days=1)
        end = floor_minute(midnight(day, zone), start_at)
        is_open = np.zeros(end - begin, np.bool_)
        for one in paces(border, channel, start_at + timedelta(minutes=begin), end - begin):
            is_open[one.from_minute : one.until_minute] = True
        if is_open.any():
            minutes = is_open[max(0, -begin) : n - begin]
            coming[max(0, begin) : end][minutes] += per_day * MICRO // int(is_open.sum())
    return coming
