"""Which windows a border port opens, and for how many trucks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from landport.appointments.rates import Closures, Pace, duty_spans, floor_minute, paces, unit_of
from landport.model.border import BorderPort

IN_HOURS = "in_hours"
OUT_OF_HOURS = "out_of_hours"

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

LOOK_BACK = timedelta(days=2)
"""A count of places begins at midnight at the latest, so no window depends on what is earlier than this."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A window that a border port offers: one channel, some time, so many trucks."""

    window_id: str
    border_id: str
    channel: str
    opens_at: datetime
    closes_at: datetime
    capacity: int


def window_id(border_id: str, channel: str, opens_at: datetime) -> str:
    """Name a window; in UTC, so that an hour which a clock shows twice is two windows.

    Examples
    --------
    >>> window_id("BKT", "general", datetime(2026, 3, 2, 2, tzinfo=UTC))
    'BKT.general.20260302T0200Z'
    """
    return f"{border_id}.{channel}.{opens_at.astimezone(UTC):%Y%m%dT%H%MZ}"


def openings(
    border: BorderPort,
    from_at: datetime,
    until_at: datetime,
    *,
    closures: Closures = (),
    kappa_percent: int | None = None,
) -> tuple[Opening, ...]:
    """List the windows that open within [from_at, until_at), in order of (opens_at, channel).

    Parameters
    ----------
    closures
        Spans in which the border is shut.
    kappa_percent
        Share of what the lanes serve that is offered; None: the policy's.

    Notes
    -----
    Windows stand on the hours of UTC. Places are kappa times what the slower side serves at each instant. Parts of a
    truck are carried on to the next window while the channel stays open, until midnight of the port's own side: a
    day is right to one truck, and whoever asks later gets the same answer. A closure changes only windows that it
    touches: they keep what is left of them, rounded down.
    """
    share = border.policy.kappa_percent if kappa_percent is None else kappa_percent
    found = []
    for channel in sorted(rule.channel for rule in border.channels):
        for opens_at, capacity in _counted(border, channel, (from_at, until_at), share, closures):
            if capacity and opens_at >= from_at:
                closes_at = opens_at + timedelta(minutes=border.window_minutes)
                name = window_id(border.border_id, channel, opens_at)
                found.append(Opening(name, border.border_id, channel, opens_at, closes_at, capacity))
    return tuple(sorted(found, key=lambda opening: (opening.opens_at, opening.channel)))


def shift_of(border: BorderPort, at: datetime) -> str:
    """Say whether customs of the port's own side are on regular duty: in_hours or out_of_hours."""
    side = border.sides[0]
    if not side.shifts:
        return IN_HOURS
    return IN_HOURS if any(begin <= 0 < end for begin, end in duty_spans(side, at, 1)) else OUT_OF_HOURS


def local_day(border: BorderPort, at: datetime) -> date:
    """Find the day of an instant by the clock of the port's own side."""
    return at.astimezone(ZoneInfo(border.sides[0].zone)).date()


def lanes_at(border: BorderPort, channel: str, at: datetime) -> int:
    """Count the lanes that serve a channel at an instant: those of the slower side, 0 when either is shut."""
    return sum(pace.lanes for pace in paces(border, channel, at, 1) if pace.from_minute == 0)


def _counted(
    border: BorderPort, channel: str, span: tuple[datetime, datetime], share: int, closures: Closures
) -> Iterator[tuple[datetime, int]]:
    """Walk over the windows of a channel from two days before, with the places of each."""
    step = border.window_minutes
    start_at = _floor(span[0].astimezone(UTC) - LOOK_BACK, step)
    n = -(-floor_minute(span[1], start_at) // step)
    calendar = paces(border, channel, start_at, n * step)
    left = paces(border, channel, start_at, n * step, closures) if closures else calendar
    whole, open_ = _served(calendar, n, step), _served(left, n, step)
    parts = 100 * unit_of(border, channel) if calendar else 1
    breaks = {
        one.from_minute // step for one, before in zip(calendar, (None, *calendar), strict=False) if _apart(one, before)
    }
    day, offered, given = None, 0, 0
    for k in (k for k in range(n) if whole[k]):
        opens_at = start_at + timedelta(minutes=k * step)
        if local_day(border, opens_at) != day or k in breaks:
            day, offered, given = local_day(border, opens_at), 0, 0
        offered += share * whole[k]
        places = offered // parts - given
        given += places
        if opens_at < span[1]:
            yield opens_at, places if open_[k] == whole[k] else min(places, share * open_[k] // parts)


def _apart(pace: Pace, before: Pace | None) -> bool:
    return before is None or before.until_minute < pace.from_minute


def _served(calendar: Iterable[Pace], n: int, step: int) -> list[int]:
    """Add up what each of n windows can serve, in parts of a truck."""
    served = [0] * n
    for pace in calendar:
        for k in range(pace.from_minute // step, -(-pace.until_minute // step)):
            minutes = min(pace.until_minute, (k + 1) * step) - max(pace.from_minute, k * step)
            served[k] += minutes * pace.pace
    return served


def _floor(at: datetime, step: int) -> datetime:
    return EPOCH + (at - EPOCH) // timedelta(minutes=step) * timedelta(minutes=step)
