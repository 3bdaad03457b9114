"""The appointments of a local day, to be printed: what the gate goes on with while the system is down."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from landport.app.ledger import reads
from landport.app.ledger.border import codes, reading
from landport.app.ledger.border.lanes import is_ready
from landport.app.ledger.desk import Ledger
from landport.appointments.capacity import local_day
from landport.appointments.states import AppointmentState
from landport.exchange.day_rows import DayHead, DayRow
from landport.model.border import BorderPort
from landport.store import View, gate_keys, log, windows
from landport.store.gate_keys import GateKey


def day_list(
    ledger: Ledger, view: View, border_id: str, on: date | None = None, *, has_codes: bool = False
) -> tuple[list[DayRow], DayHead]:
    """List who has a place in a window that opens on a local day, in order of window, channel and place.

    Parameters
    ----------
    on
        None: today, by the clock of the port's own side.
    has_codes
        Whether signed codes are printed, too; there are none before the first appointment asked for its code.

    Raises
    ------
    NotFound
        `unknown-border`.
    """
    border = reading.port(view, border_id)
    now = ledger.clock()
    day = on or local_day(border, now)
    begin, end = bounds(border, day, day)
    found = {w.window_id: w for w in windows.between(view, border_id, begin, end)}
    key = gate_keys.current(view) if has_codes else None
    seats = windows.seated(view, found)
    seats = tuple(sorted(seats, key=lambda s: (found[s[0]].opens_at, found[s[0]].channel, s[1])))
    known = reads.some(view, "appointment", (s[2] for s in seats))
    rows = [_row(view, known[s[2]], key) for s in seats if s[2] in known]
    head = DayHead(
        border_id=border_id,
        name=border.name,
        on=day,
        zone=border.sides[0].zone,
        printed_at=now,
        position=log.position(view),
    )
    return rows, head


def bounds(border: BorderPort, first: date, last: date) -> tuple[datetime, datetime]:
    """Say when local days begin and end by the clock of the port's own side."""
    zone = ZoneInfo(border.sides[0].zone)
    after = last + timedelta(days=1)
    begin = datetime(first.year, first.month, first.day, tzinfo=zone)
    return begin, datetime(after.year, after.month, after.day, tzinfo=zone)


def _row(view: View, state: AppointmentState, key: GateKey | None) -> DayRow:
    assert state.opens_at is not None
    assert state.closes_at is not None
    visit = state.visit
    has_code = key is not None and state.status in codes.SHOWS
    return DayRow(
        opens_at=state.opens_at,
        closes_at=state.closes_at,
        channel=state.channel,
        appointment_id=state.appointment_id,
        tractor=visit.tractor,
        trailer=visit.trailer,
        document=f"{visit.document_kind} {visit.document}".strip(),
        is_accepted=is_ready(view, visit.application_id) if visit.application_id else None,
        status=state.status,
        code=codes.signed(state, key).code if has_code and key is not None else "",
    )
