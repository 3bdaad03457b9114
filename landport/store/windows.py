"""Windows of border ports and their places as tables, where the database itself refuses more trucks than places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from landport.store import chain
from landport.store.session import View
from landport.store.tables import SEAT, WINDOW


@dataclass(frozen=True, slots=True)
class Offered:
    """A window as a row. `booked`: places taken."""

    window_id: str
    border_id: str
    channel: str
    opens_at: datetime
    closes_at: datetime
    capacity: int
    booked: int


def between(
    view: View, border_id: str, from_at: datetime, until_at: datetime, *, channel: str = "", most: int = 20_000
) -> tuple[Offered, ...]:
    """List windows that open in a time, in order of opening and channel.

    Parameters
    ----------
    channel
        Empty: all.
    """
    found = view.of(WINDOW, *(WINDOW.c[name] for name in _NAMES)).where(
        WINDOW.c.border_id == border_id,
        WINDOW.c.opens_at >= chain.micros(from_at),
        WINDOW.c.opens_at < chain.micros(until_at),
    )
    if channel:
        found = found.where(WINDOW.c.channel == channel)
    rows = view.connection.execute(found.order_by(WINDOW.c.opens_at, WINDOW.c.channel).limit(most))
    return tuple(_offered(row) for row in rows)


_NAMES: Final = ("window_id", "border_id", "channel", "opens_at", "closes_at", "capacity", "booked")


def _offered(row: Any) -> Offered:
    window_id, border_id, channel, opens, closes, capacity, booked = row
    return Offered(window_id, border_id, channel, chain.instant(opens), chain.instant(closes), capacity, booked)


def last_opening(view: View, border_id: str) -> datetime | None:
    """Read when the last window of a border port opens; None: it has none."""
    found = view.of(WINDOW, WINDOW.c.opens_at).where(WINDOW.c.border_id == border_id)
    opens = view.connection.execute(found.order_by(WINDOW.c.opens_at.desc()).limit(1)).scalar()
    return None if opens is None else chain.instant(opens)


def seated(view: View, window_ids: Iterable[str]) -> tuple[tuple[str, int, str], ...]:
    """List who has places of windows: window, seat, appointment; in order of window and seat."""
    wanted = list(dict.fromkeys(window_ids))
    found: list[tuple[str, int, str]] = []
    for begin in range(0, len(wanted), 500):
        some = view.of(SEAT, SEAT.c.window_id, SEAT.c.seat, SEAT.c.appointment_id).where(
            SEAT.c.window_id.in_(wanted[begin : begin + 500])
        )
        found += [(row[0], row[1], row[2]) for row in view.connection.execute(some)]
    return tuple(sorted(found))


def faults(view: View) -> tuple[str, ...]:
    """List windows whose count of places taken is not that of the rows of their places; none: all is well."""
    counted = text(
        "SELECT w.window_id, w.booked, COUNT(s.seat) FROM gate_window AS w LEFT JOIN window_seat AS s"
        " ON s.tenant_id = w.tenant_id AND s.window_id = w.window_id WHERE w.tenant_id = :tenant"
        " GROUP BY w.window_id, w.booked HAVING w.booked <> COUNT(s.seat) ORDER BY w.window_id"
    )
    rows = view.connection.execute(counted, {"tenant": view.tenant_id})
    return tuple(f"{row[0]}: {row[1]} places are taken, {row[2]} have a truck" for row in rows)
