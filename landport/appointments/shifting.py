"""Move the appointments of a closure to later windows, so that nobody of a channel overtakes anybody."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment and the place that it has."""

    appointment_id: str
    channel: str
    window_id: str
    opens_at: datetime
    seat: int


@dataclass(frozen=True, slots=True)
class Room:
    """A window and all of its places, taken or not."""

    window_id: str
    channel: str
    opens_at: datetime
    capacity: int


@dataclass(frozen=True, slots=True)
class Shift:
    """Who moves where.

    Parameters
    ----------
    moves
        (appointment_id, from_window_id, to_window_id), channel after channel, in order of the appointments.
    unplaced
        Appointments for which no window is left: of a channel always the last ones.
    last_at
        When the last window opens to which anybody moved; None: nobody moved.
    """

    moves: tuple[tuple[str, str, str], ...]
    unplaced: tuple[str, ...]
    last_at: datetime | None


def shifted(
    booked: Iterable[Booked],
    rooms: Iterable[Room],
    closed_from: datetime,
    closed_until: datetime,
    *,
    window_minutes: int = 60,
) -> Shift:
    """Move all whose window touches a closure, and all who would be overtaken by that.

    Parameters
    ----------
    rooms
        Windows to which may be moved, of any channel, in any order; those that touch the closure are not used. A window
        that is missing here keeps the places that are taken in it.
    window_minutes
        Length of a window.

    Notes
    -----
    Appointments of a channel are taken in order (opens_at, seat), from the first that is hit. Each gets the earliest
    window, not before its own and not before the one of the appointment before it, that has a place left. So nobody is
    early, order is kept, and whoever comes after the free places that took the rest up keeps its window. O(n log n).
    """
    taken = sorted(booked, key=lambda one: (one.channel, one.opens_at, one.seat, one.appointment_id))
    length = timedelta(minutes=window_minutes)
    known = {room.window_id: room for room in rooms}
    counts = Counter(one.window_id for one in taken)
    for one in taken:
        if one.window_id not in known:
            known[one.window_id] = Room(one.window_id, one.channel, one.opens_at, counts[one.window_id])

    def is_shut(opens_at: datetime) -> bool:
        return opens_at < closed_until and opens_at + length > closed_from

    moves: list[tuple[str, str, str]] = []
    unplaced: list[str] = []
    ends: list[datetime] = []
    for channel in sorted({one.channel for one in taken}):
        queue = [one for one in taken if one.channel == channel and one.opens_at + length > closed_from]
        if not any(is_shut(one.opens_at) for one in queue):
            continue
        open_ = [room for room in known.values() if room.channel == channel and not is_shut(room.opens_at)]
        open_.sort(key=lambda room: (room.opens_at, room.window_id))
        for one, room in zip(queue, _placed(queue, open_), strict=True):
            if room is None:
                unplaced.append(one.appointment_id)
            elif room.window_id != one.window_id:
                moves.append((one.appointment_id, one.window_id, room.window_id))
                ends.append(room.opens_at)
    return Shift(tuple(moves), tuple(unplaced), max(ends, default=None))


def _placed(queue: Sequence[Booked], rooms: Sequence[Room]) -> list[Room | None]:
    """Give each the earliest room left; `queue` and `rooms` in order."""
    begins = [room.opens_at for room in rooms]
    at, used = 0, 0
    found: list[Room | None] = []
    for one in queue:
        own = bisect_left(begins, one.opens_at)
        if own > at:
            at, used = own, 0
        while at < len(rooms) and used >= rooms[at].capacity:
            at, used = at + 1, 0
        found.append(rooms[at] if at < len(rooms) else None)
        used += 1
    return found
