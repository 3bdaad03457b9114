"""Windows of a border port as somebody chooses one: what is left, and how long the wait will be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from landport.app.ledger import reads
from landport.app.ledger.border import reading
from landport.app.ledger.desk import Ledger
from landport.appointments import booking
from landport.appointments.states import WindowState
from landport.errors import InputError, Problem
from landport.model.border import BorderPort
from landport.store import View, log, windows
from landport.store.windows import Offered

LONGEST: Final = timedelta(days=31)
"""Longest time whose windows are listed at once."""

USUAL: Final = timedelta(hours=72)
"""Time whose windows are listed if nobody says for how long."""


class WindowRow(msgspec.Struct, frozen=True, kw_only=True):
    """A window as somebody chooses it.

    Parameters
    ----------
    n_free
        Places that can be booked now, without those that other channels may lend.
    n_waiting
        Trucks on its waiting list.
    wait_minutes
        Predicted mean wait at the gate of a truck that comes in it.
    ahead_minutes
        From now until it opens: application to window.
    is_released
        Its quotas are released: unused places of other channels may be had.
    """

    window_id: str
    border_id: str
    channel: str
    opens_at: datetime
    closes_at: datetime
    capacity: int
    booked: int
    n_free: int
    n_waiting: int
    wait_minutes: int
    ahead_minutes: int
    is_released: bool


def list_windows(
    ledger: Ledger,
    view: View,
    border_id: str,
    *,
    channel: str = "",
    from_at: datetime | None = None,
    until_at: datetime | None = None,
) -> list[WindowRow]:
    """List the windows of a border port in order of opening, with what is left and how long the wait will be.

    Parameters
    ----------
    from_at, until_at
        None: now, and 72 hours later.

    Raises
    ------
    NotFound
        `unknown-border`.
    InputError
        `input`: a time of more than 31 days, or none.
    """
    now = ledger.clock()
    begin = from_at or now
    end = until_at or begin + USUAL
    if not begin < end <= begin + LONGEST:
        expected = f"expected an instant after from_at, {LONGEST.days} days later at most"
        raise InputError.of([Problem(file="windows", key="until_at", value=str(end), expected=expected)])
    border, closures = reading.state_of_port(view, border_id)
    length = border.window_minutes * booking.MINUTE
    found = windows.between(view, border_id, begin - length, end, channel=channel)
    found = tuple(w for w in found if w.closes_at > begin)
    waits = _waits(ledger, view, border, found, now, reading.spans(closures))
    states = reads.some(view, "window", (w.window_id for w in found))
    return [_row(border, w, states[w.window_id], waits.get(w.window_id, 0), now) for w in found]


def one_window(ledger: Ledger, view: View, window_id: str) -> WindowRow:
    """Read a window as somebody chooses it.

    Raises
    ------
    NotFound
        `unknown-window`.
    """
    state = reading.window(view, window_id)
    assert state.opens_at is not None
    until = state.opens_at + timedelta(microseconds=1)
    rows = list_windows(ledger, view, state.border_id, channel=state.channel, from_at=state.opens_at, until_at=until)
    return next(row for row in rows if row.window_id == window_id)


def _row(border: BorderPort, offered: Offered, window: WindowState, wait_minutes: int, now: datetime) -> WindowRow:
    return WindowRow(
        window_id=offered.window_id,
        border_id=offered.border_id,
        channel=offered.channel,
        opens_at=offered.opens_at,
        closes_at=offered.closes_at,
        capacity=offered.capacity,
        booked=offered.booked,
        n_free=booking.n_free(window, now) if offered.closes_at > now else 0,
        n_waiting=len(window.waiting),
        wait_minutes=wait_minutes,
        ahead_minutes=max(0, (offered.opens_at - now) // booking.MINUTE),
        is_released=booking.is_released(window, border.policy, now),
    )


def _waits(
    ledger: Ledger, view: View, border: BorderPort, found: Sequence[Offered], now: datetime, closures: Any
) -> dict[str, int]:
    """Predict the waits of windows, from the bookings between now and the last of them; kept for a minute."""
    from landport.appointments import fluid  # it compiles: only for those who look

    minute = now.replace(second=0, microsecond=0)
    end = max((w.opens_at for w in found), default=now) + timedelta(microseconds=1)
    position = log.position(view)
    result: dict[str, int] = {}
    for channel in dict.fromkeys(w.channel for w in found):
        key = f"waits {view.tenant_id} {border.border_id} {channel}"
        kept = ledger.kept.get(key)
        if kept is None or kept[:2] != (minute, position) or kept[2] < end:
            length = border.window_minutes * booking.MINUTE
            ahead = windows.between(view, border.border_id, now - length, end, channel=channel)
            ahead = tuple(w for w in ahead if w.closes_at > now)
            booked = [(w.opens_at, w.closes_at, w.booked) for w in ahead]
            there = sum(
                t.status in ("waiting", "called") and t.channel == channel
                for t in reading.queue(view, border.border_id).trucks
            )
            minutes = fluid.predicted_waits(border, channel, booked, now, queue_now=there, closures=closures)
            kept = (minute, position, end, {w.window_id: m for w, m in zip(ahead, minutes, strict=True)})
            ledger.kept[key] = kept
        result |= kept[3]
    return result
