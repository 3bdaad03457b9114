"""Use cases of codes: what a driver shows at the gate, signed; and a truck let in by it."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Final

import msgspec

from landport.app.ledger import gate_keys
from landport.app.ledger.border import gate, reading
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments.states import AppointmentState
from landport.errors import Conflict
from landport.exchange.gate_code import GateCode, make_code, verify_code
from landport.store import Tx, View
from landport.store.gate_keys import GateKey

SHOWS: Final = ("confirmed", "called")
"""Statuses of an appointment that has a code."""


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A code. `version`: it holds until the appointment has a greater one; `code`: text of the QR code."""

    appointment_id: str
    border_id: str
    version: int
    key_id: str
    opens_at: datetime
    closes_at: datetime
    code: str


def code(ledger: Ledger, who: Principal, appointment_id: str) -> Command:
    """Write the code of an appointment; the first one makes the key that signs.

    Returns
    -------
    Command
        Answers `Code`.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-appointment`.
    Conflict
        In the command: `no-code-now`: it has no window, or its truck is at the gate already, or it is over.
    """
    who.expect_may("apply")

    def command(tx: Tx) -> Code:
        state = reading.appointment(tx, who, appointment_id)
        if state.status not in SHOWS or state.opens_at is None:
            text = f"{appointment_id} is {state.status}: only what is {' or '.join(SHOWS)} has a code"
            raise Conflict("no-code-now", text, (appointment_id,))
        return signed(state, gate_keys.signing_key(tx))

    return command


def signed(state: AppointmentState, key: GateKey) -> Code:
    """Sign what an appointment is now, its window in whole minutes."""
    assert state.opens_at is not None
    assert state.closes_at is not None
    said = GateCode(
        border_id=state.border_id,
        appointment_id=state.appointment_id,
        version=state.version,
        channel=state.channel,
        opens_at=state.opens_at.replace(second=0, microsecond=0),
        closes_at=state.closes_at.replace(second=0, microsecond=0),
        tractor=state.visit.tractor,
        trailer=state.visit.trailer,
    )
    return Code(
        appointment_id=state.appointment_id,
        border_id=state.border_id,
        version=state.version,
        key_id=key.key_id,
        opens_at=said.opens_at,
        closes_at=said.closes_at,
        code=make_code(said, key.key_id, key.private_key),
    )


def read_code(view: View, text: str) -> GateCode:
    """Read a code that a key of the tenant signed which holds.

    Raises
    ------
    InputError
        `bad-code`, `unknown-key`, `bad-signature`.
    """
    keys = {key_id: base64.b64decode(public) for key_id, public in gate_keys.public_keys(view).items()}
    return verify_code(text, keys)


def check_in(ledger: Ledger, who: Principal, appointment_id: str, *, tractor: str = "", code: str = "") -> Command:
    """Let a truck in at the gate, by the code that it shows or by hand.

    Parameters
    ----------
    tractor
        Its plate; empty: nobody looked.
    code
        Text of its QR code; empty: it showed none.

    Returns
    -------
    Command
        Answers the state of the appointment.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        In the command: `bad-code`, `unknown-key`, `bad-signature`.
    NotFound
        In the command: `unknown-appointment`.
    Conflict
        In the command: `code-elsewhere`, `code-outdated`, and as `gate.check_in`.
    """
    who.expect_may("gate")

    def command(tx: Tx) -> AppointmentState:
        shown = gate.Shown(tractor=tractor)
        if code:
            _expect_current(reading.appointment(tx, who, appointment_id), read_code(tx, code))
            shown = gate.Shown(tractor=tractor, key_id=code.split(".")[1], method="qr")
        found: AppointmentState = gate.check_in(ledger, who, appointment_id, shown)(tx)
        return found

    return command


def _expect_current(state: AppointmentState, said: GateCode) -> None:
    """Refuse a code of another appointment, or one made before the last change.

    Raises
    ------
    Conflict
        `code-elsewhere`, `code-outdated`.
    """
    number = state.appointment_id
    if (said.appointment_id, said.border_id) != (number, state.border_id):
        text = f"the code is of {said.appointment_id} at {said.border_id}, and not of {number} at {state.border_id}"
        raise Conflict("code-elsewhere", text, (number, said.appointment_id))
    if said.version < state.version:
        text = f"the window or truck of {number} was changed after this code was made: look at the new code, or let"
        raise Conflict("code-outdated", f"{text} the truck in by hand", (number,))
