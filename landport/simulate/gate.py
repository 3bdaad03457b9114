"""Trucks of many days at a channel of a border port, and what becomes of them under a policy. Seeded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from landport.appointments import openings
from landport.appointments.rates import Closures, paces, unit_of
from landport.model.border import BorderPort
from landport.simulate._kernel import MICRO, NEVER, book, serve

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DAY_SECONDS: Final = 86_400
ALL_DAY: Final = (1,) * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How truckers keep appointments; all of it is assumed.

    Parameters
    ----------
    off_minutes
        Standard deviation of coming early or late.
    no_show_percent
        Of those who booked: their window passes, they come later and join the end of the queue.
    late_minutes
        Mean time after window and grace until they come.
    walk_up_percent
        Trucks that book nothing and come when they like.
    lead_minutes
        Appointments are made at most so long before the wanted time, evenly.
    """

    off_minutes: int = 30
    no_show_percent: int = 5
    late_minutes: int = 240
    walk_up_percent: int = 10
    lead_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Trucks:
    """Trucks in order of when they want to cross, seconds from a start, with all that chance decides about them.

    Parameters
    ----------
    wanted_s
        When they would come if they might come when they like.
    work
        Time that each takes a lane, millionths of the mean.
    within, off, late
        Draws: uniform within the window, standard normal, exponential with mean 1.
    misses, walks, lead
        Draws: uniform.
    """

    wanted_s: Ints
    work: Ints
    within: Floats
    off: Floats
    late: Floats
    misses: Floats
    walks: Floats
    lead: Floats


@dataclass(frozen=True, slots=True)
class Gate:
    """A channel from a start on: arrays of `_kernel.serve` and of its windows, seconds."""

    border: BorderPort
    calendar: Ints
    opens_s: Ints
    closes_s: Ints
    places: Ints


@dataclass(frozen=True, slots=True)
class Played:
    """When each truck comes, in seconds, and is served; NEVER: not in this time; whether it kept its window."""

    comes_s: Ints
    begins_s: Ints
    ends_s: Ints
    kept: NDArray[np.bool_]


def trucks(
    border: BorderPort,
    channel: str,
    trucks_per_day: float,
    from_at: datetime,
    n_days: int,
    seed: int | tuple[int, ...],
    *,
    profile: Sequence[int] = ALL_DAY,
) -> Trucks:
    """Draw the trucks of some days: a Poisson stream whose rate follows the hours of the own side's day.

    Parameters
    ----------
    profile
        Weight of each hour; the clock is the one of `from_at`, changes of clocks are left out.
    """
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(8)]
    n = int(streams[0].poisson(trucks_per_day * n_days))
    weights = np.array(profile, float) / sum(profile)
    offset = from_at.astimezone(ZoneInfo(border.sides[0].zone))
    shift = offset.hour * 3600 + offset.minute * 60
    of_day = streams[0].choice(24, n, p=weights) * 3600 + streams[0].integers(0, 3600, n)
    wanted = np.sort(streams[0].integers(0, n_days, n) * DAY_SECONDS + (of_day - shift) % DAY_SECONDS)
    rows = [row for row in border.sides[0].hours if row.channel == channel]
    cv = max((row.cv_percent for row in rows), default=100) / 100
    work = streams[1].gamma(1 / cv**2, cv**2, n) if cv else np.ones(n)
    return Trucks(
        wanted,
        np.rint(work * MICRO).astype(np.int64),
        streams[2].random(n),
        streams[3].standard_normal(n),
        streams[4].exponential(1.0, n),
        streams[5].random(n),
        streams[6].random(n),
        streams[7].random(n),
    )


def gate(
    border: BorderPort,
    channel: str,
    from_at: datetime,
    n_days: int,
    *,
    kappa_percent: int | None = None,
    closures: Closures = (),
) -> Gate:
    """Lay out lanes and windows of a channel for some days."""
    unit = unit_of(border, channel)
    rows = [
        (60 * one.from_minute, 60 * one.until_minute, one.lanes, max(1, round(60 * one.lanes * unit / one.pace)))
        for one in paces(border, channel, from_at, n_days * 1440, closures)
    ]
    until_at = from_at + timedelta(days=n_days)
    all_ = openings(border, from_at, until_at, closures=closures, kappa_percent=kappa_percent)
    own = [one for one in all_ if one.channel == channel]
    return Gate(
        border,
        np.array(rows, np.int64).reshape(-1, 4),
        np.array([seconds(one.opens_at, from_at) for one in own], np.int64),
        np.array([seconds(one.closes_at, from_at) for one in own], np.int64),
        np.array([one.capacity for one in own], np.int64),
    )


def seconds(at: datetime, from_at: datetime) -> int:
    """Count seconds between two instants."""
    return (at.astimezone(UTC) - from_at.astimezone(UTC)) // timedelta(seconds=1)


def joined(first: Trucks, second: Trucks) -> Trucks:
    """Put trucks behind others."""
    pairs = {field.name: (getattr(first, field.name), getattr(second, field.name)) for field in fields(Trucks)}
    return Trucks(**{name: np.concatenate(pair) for name, pair in pairs.items()})


def walk_in(gate: Gate, trucks: Trucks) -> Played:
    """Play: everybody comes when he likes, first come, first served."""
    none = np.zeros(len(trucks.wanted_s), np.bool_)
    return _served(gate, trucks, trucks.wanted_s, trucks.wanted_s, none)


def booked(trucks: Trucks, gate: Gate, habits: Habits, *, until_s: int | None = None) -> Ints:
    """Book windows as trucks ask for them; those who ask after `until_s` have none yet."""
    asks = trucks.wanted_s - (trucks.lead * habits.lead_minutes * 60).astype(np.int64)
    books = trucks.walks >= habits.walk_up_percent / 100
    if until_s is not None:
        books &= asks < until_s
    order = np.argsort(asks, kind="stable")
    return book(trucks.wanted_s, order[books[order]], gate.closes_s, gate.places.copy())


def quota(gate: Gate, trucks: Trucks, habits: Habits, window: Ints, came_s: Ints | None = None) -> Played:
    """Play: who has a window comes for it, more or less; nobody before he wants to cross.

    Parameters
    ----------
    came_s
        When trucks came that came already; NEVER: it did not; None: nobody did.
    """
    has = window >= 0
    if not len(gate.opens_s):
        return walk_in(gate, trucks)
    opens, closes = gate.opens_s[window], gate.closes_s[window]
    begin = np.maximum(opens, trucks.wanted_s)
    point = begin + trucks.within * np.maximum(0, closes - begin) + trucks.off * habits.off_minutes * 60
    last = closes + gate.border.policy.grace_minutes * 60
    missed = has & (trucks.misses < habits.no_show_percent / 100)
    point = np.where(missed, last + 1 + trucks.late * habits.late_minutes * 60, point).astype(np.int64)
    early = opens - gate.border.policy.early_minutes * 60
    comes = np.where(has, np.maximum(np.maximum(point, early), trucks.wanted_s), trucks.wanted_s)
    comes = comes if came_s is None else np.minimum(comes, came_s)
    kept = has & (comes <= last)
    return _served(gate, trucks, comes, np.where(kept, opens, comes), kept)


def local_days(border: BorderPort, at_s: Ints, from_at: datetime) -> Ints:
    """Find the days in which instants lie, 0 the one of `from_at`, by the own side's clock then; NEVER stays."""
    local = from_at.astimezone(ZoneInfo(border.sides[0].zone))
    midnight_s = local.hour * 3600 + local.minute * 60
    return np.where(at_s == NEVER, NEVER, (at_s + midnight_s) // DAY_SECONDS)


def _served(gate: Gate, trucks: Trucks, comes: Ints, turns: Ints, kept: NDArray[np.bool_]) -> Played:
    order = np.argsort(comes, kind="stable")
    done = serve(comes, order, turns, trucks.work, gate.calendar)
    return Played(comes, done[:, 0], done[:, 1], kept)


__all__ = [
    "ALL_DAY",
    "NEVER",
    "Gate",
    "Habits",
    "Played",
    "Trucks",
    "booked",
    "gate",
    "joined",
    "local_days",
    "quota",
    "trucks",
    "walk_in",
]
