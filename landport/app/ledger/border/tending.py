"""What a border port does by itself, minute by minute: windows open, holds end, who did not come has missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from landport.app.ledger import reads
from landport.app.ledger.border import places, publishing, recording
from landport.app.ledger.border.missing import missed
from landport.app.ledger.border.recording import Scene
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments import booking
from landport.appointments.states import AppointmentState
from landport.model.border import BorderPort
from landport.store import Tx, View, windows

LOOKED_BACK: Final = timedelta(days=3)
"""Windows that closed within so much time are looked at for trucks that missed them."""


def tend(ledger: Ledger, who: Principal) -> list[Command]:
    """List what is to be done now at every border port; nothing where nothing is.

    Returns
    -------
    list[Command]
        Each answers counts by name.
    """

    def look(view: View) -> list[BorderPort]:
        found = (state.border for state in reads.everything(view, "border").values())
        return [border for border in found if border is not None and _is_due(ledger, view, border)]

    return [_tended(ledger, border) for border in ledger.store.read(who.tenant_id, look)]


def _is_due(ledger: Ledger, view: View, border: BorderPort) -> bool:
    scene_at = ledger.clock()
    last = windows.last_opening(view, border.border_id)
    is_short = last is None or last < scene_at + timedelta(days=border.horizon_days - 1)
    return is_short or bool(_late(view, border, scene_at)) or bool(_over(view, border, scene_at))


def _late(view: View, border: BorderPort, now: datetime) -> list[str]:
    """List the appointments whose trucks did not come within their grace."""
    found = []
    length = border.window_minutes * booking.MINUTE
    for appointment_id in _seated(view, border, now):
        state = reads.known(view, "appointment", appointment_id)
        if not isinstance(state, AppointmentState) or state.status not in ("confirmed", "called"):
            continue
        if state.status == "confirmed" and state.presented_at is not None:
            continue  # it waits, and is not late
        closes_at = state.closes_at or (state.opens_at + length if state.opens_at else None)
        if closes_at is not None and booking.missed_after(closes_at, state.called_at, border.policy) < now:
            found.append(appointment_id)
    return found


def _seated(view: View, border: BorderPort, now: datetime) -> list[str]:
    begun = windows.between(view, border.border_id, now - LOOKED_BACK, now)
    return [a for _, _, a in windows.seated(view, (w.window_id for w in begun if w.booked))]


def _over(view: View, border: BorderPort, now: datetime) -> list[str]:
    """List the windows that have holds whose time is over."""
    held = reads.everything(view, "enterprise")
    found = []
    for state in held.values():
        if state.hold_id and state.hold_until_at is not None and state.hold_until_at <= now:
            appointment = reads.known(view, "appointment", state.hold_id)
            if isinstance(appointment, AppointmentState) and appointment.border_id == border.border_id:
                found.append(appointment.window_id)
    return sorted(set(found))


def _tended(ledger: Ledger, border: BorderPort) -> Command:
    def command(tx: Tx) -> dict[str, int]:
        scene = Scene(tx, border, ledger.clock())
        done = publishing.fill(scene, scene.at)
        for window_id in _over(tx, border, scene.at):
            places.end_holds(scene, window_id)
        late = _late(tx, border, scene.at)
        for appointment_id in late:
            missed(scene, recording.state(tx, appointment_id), "did not come")
        return {**done, "n_missed": len(late)}

    return command
