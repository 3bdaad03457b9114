"""Rows of windows and their places, written with the states that they are of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from landport.store.driver import Driver


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A window: instants in microseconds."""

    border_id: str
    channel: str
    opens_at: int
    closes_at: int
    capacity: int
    booked: int


@dataclass(frozen=True, slots=True)
class SeatRow:
    """The place of an appointment. `seat`: 0 if it has none."""

    window_id: str
    seat: int


Placed = WindowRow | SeatRow
"""What a state has beside its own row."""

_WINDOW: Final = (
    "INSERT INTO gate_window (tenant_id, window_id, border_id, channel, opens_at, closes_at, capacity, booked)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, window_id) DO UPDATE SET capacity = excluded.capacity,"
    " booked = excluded.booked"
)
_LEAVE: Final = "DELETE FROM window_seat WHERE tenant_id = ? AND appointment_id = ?"
_SIT: Final = "INSERT INTO window_seat (tenant_id, window_id, seat, appointment_id) VALUES (?, ?, ?, ?)"


def send(driver: Driver, placed: Iterable[tuple[str, str, Placed]]) -> None:
    """Write rows of states: tenant, id and row of each; who moves leaves first, so that places can be swapped."""
    windows: list[tuple[object, ...]] = []
    leaving: list[tuple[object, ...]] = []
    sitting: list[tuple[object, ...]] = []
    for tenant_id, subject_id, row in placed:
        if isinstance(row, WindowRow):
            times = (row.opens_at, row.closes_at, row.capacity, row.booked)
            windows.append((tenant_id, subject_id, row.border_id, row.channel, *times))
        else:
            leaving.append((tenant_id, subject_id))
            if row.seat:
                sitting.append((tenant_id, row.window_id, row.seat, subject_id))
    for sql, rows in ((_WINDOW, windows), (_LEAVE, leaving), (_SIT, sitting)):
        if rows:
            driver.many(sql, rows)


def empty(driver: Driver) -> None:
    """Drop all rows; the states have them."""
    driver.run("DELETE FROM window_seat")
    driver.run("DELETE FROM gate_window")
