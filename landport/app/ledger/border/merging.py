"""Use case merge: a day on paper becomes events; what the port knew better is flagged, never silently let through."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any, Final

from landport import track
from landport.app.ledger import reads
from landport.app.ledger.border import gate, reading, recording
from landport.app.ledger.border.recording import Scene
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments.states import AppointmentState
from landport.errors import Conflict, InputError, Problem
from landport.exchange.check_ins import CheckIn, read_check_ins
from landport.model.border import BorderPort
from landport.model.gate_facts import CheckInFlagged
from landport.store import Tx

OLDEST: Final = timedelta(days=14)
"""How long after a day on paper its list may be merged."""

AHEAD: Final = timedelta(hours=2)
"""By how much a gate's clock may be fast."""

AT_GATE: Final = ("arrived", "under_inspection", "held", "cleared", "turned_back")
"""Statuses of an appointment whose truck was let in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What came of one row. `outcome`: checked_in, already (it was let in before), flagged or unknown."""

    row: int
    appointment_id: str
    outcome: str
    why: str = ""


def merge(ledger: Ledger, who: Principal, border_id: str, rows: Sequence[CheckIn]) -> Command:
    """Take over the check-ins of a printed list, all or none.

    Returns
    -------
    Command
        Answers `{"items": [Merged], "n_checked_in", "n_already", "n_flagged", "n_unknown"}`, in order of time. The same
        list merged again changes nothing.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: rows of another time; all are listed.
    NotFound
        In the command: `unknown-border`.

    Notes
    -----
    Who was cancelled, missed, changed or let in with another tractor after the list was printed is flagged, and a task
    is opened; nobody is cleared by a list.
    """
    who.expect_may("gate")
    now = ledger.clock()
    problems = [
        Problem(file="check-ins", row=r.row, column="checked_in_at", value=str(r.checked_in_at), expected=_EXPECTED)
        for r in rows
        if not now - OLDEST <= r.checked_in_at <= now + AHEAD
    ]
    if problems:
        raise InputError.of(problems)

    def command(tx: Tx) -> dict[str, Any]:
        border = reading.port(tx, border_id)
        tx.fetch(("appointment", r.appointment_id) for r in rows)
        items = [
            _merged(Scene(tx, border, min(r.checked_in_at.astimezone(UTC), now)), r)
            for r in sorted(rows, key=lambda r: (r.checked_in_at, r.row))
        ]
        counts = {f"n_{name}": sum(i.outcome == name for i in items) for name in OUTCOMES}
        return {"items": items, **counts}

    return command


def merge_file(ledger: Ledger, who: Principal, border_id: str, content: bytes, *, on: date | None = None) -> Command:
    """Take over the check-ins of a CSV file, clocks without an offset by the port's own; as `merge`.

    Parameters
    ----------
    on
        Local day of clocks without a date; None: they are wrong.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: wrong rows; all are listed.
    NotFound
        `unknown-border`.
    """
    who.expect_may("gate")
    border: BorderPort = ledger.store.read(who.tenant_id, lambda view: reading.port(view, border_id))
    with tempfile.TemporaryDirectory(prefix="landport-") as folder:
        path = Path(folder) / "check-ins.csv"
        path.write_bytes(content)
        rows = read_check_ins(path, border.sides[0].zone, on=on)
    return merge(ledger, who, border_id, rows)


OUTCOMES: Final = ("checked_in", "already", "flagged", "unknown")
_EXPECTED: Final = f"expected an instant within the last {OLDEST.days} days, and not later than now"


def _merged(scene: Scene, row: CheckIn) -> Merged:
    state = reads.known(scene.tx, "appointment", row.appointment_id)
    if not isinstance(state, AppointmentState) or state.border_id != scene.border.border_id:
        return Merged(row=row.row, appointment_id=row.appointment_id, outcome="unknown", why="no such appointment here")
    if any(flag.endswith(_mark(row)) for flag in state.flags) or state.status in AT_GATE:
        return Merged(row=row.row, appointment_id=row.appointment_id, outcome="already")
    why = _wrong(state, row)
    if not why or why == CHANGED:
        try:
            shown = gate.Shown(tractor=row.tractor, key_id=row.key_id, method="offline")
            gate.checked_in(scene, state, shown)
        except Conflict as error:
            why = error.message
    if not why:
        return Merged(row=row.row, appointment_id=row.appointment_id, outcome="checked_in")
    _flag(scene, state, row, why)
    return Merged(row=row.row, appointment_id=row.appointment_id, outcome="flagged", why=why)


CHANGED: Final = "its window or truck was changed after the code was made"


def _wrong(state: AppointmentState, row: CheckIn) -> str:
    """Say why a truck should not have been let in by what it showed; empty: it should."""
    if state.status in ("cancelled", "no_show"):
        return f"it was {'cancelled' if state.status == 'cancelled' else 'missed'} before it was let in"
    return CHANGED if row.version is not None and row.version < state.version else ""


def _mark(row: CheckIn) -> str:
    return f"({row.checked_in_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ})"


def _flag(scene: Scene, state: AppointmentState, row: CheckIn, why: str) -> None:
    fact = CheckInFlagged(checked_in_at=row.checked_in_at.astimezone(UTC), why=f"{why} {_mark(row)}")
    about = (scene.day(state.channel), *recording.of_visit(state.visit))
    event = recording.write(scene, f"appointment/{state.appointment_id}", fact, about)
    scene.tx.append([track.task_for(event, scene.at)])
