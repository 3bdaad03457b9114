"""Use cases of the controller's day: present, check in, inspect, hold, clear, turn back, missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from landport.app.ledger.border import recording
from landport.app.ledger.border.applying import expect_why
from landport.app.ledger.border.changing import opened
from landport.app.ledger.border.lanes import call_truck
from landport.app.ledger.border.missing import missed as missed_event
from landport.app.ledger.border.recording import Scene
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.facts_given import plate
from landport.appointments import booking
from landport.appointments.states import AppointmentState
from landport.errors import Conflict
from landport.model.gate_facts import (
    InspectionBegun,
    TruckCheckedIn,
    TruckCleared,
    TruckHeld,
    TruckPresented,
    TruckTurnedBack,
)
from landport.store import Tx

FILE: Final = "gate"
"""What problems call what was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a truck shows at the gate.

    Parameters
    ----------
    tractor
        Its plate; empty: nobody looked.
    key_id
        Key by which its code was signed; empty: it showed none.
    method
        qr, by_hand or offline.
    """

    tractor: str = ""
    key_id: str = ""
    method: str = "by_hand"


def _step(
    ledger: Ledger, who: Principal, appointment_id: str, step: Callable[[Scene, AppointmentState], None]
) -> Command:
    """Make a command of a step of the controller's day; it answers the state of the appointment."""
    who.expect_may("gate")

    def command(tx: Tx) -> AppointmentState:
        scene, before = opened(ledger, tx, who, appointment_id)
        step(scene, before)
        return recording.state(tx, appointment_id)

    return command


def _happened(scene: Scene, before: AppointmentState, fact: Any) -> None:
    """Write what happens to a truck that is in the queue or at the gate."""
    about = (scene.queue(), scene.day(before.channel), *recording.of_visit(before.visit))
    recording.write(scene, f"appointment/{before.appointment_id}", fact, about)


def present(ledger: Ledger, who: Principal, appointment_id: str) -> Command:
    """Note that a truck stands in the waiting area.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-appointment`.
    Conflict
        In the command: `illegal-move`, `window-missed`: it came too late, and may join the live queue as a walk-up.
    """

    def step(scene: Scene, before: AppointmentState) -> None:
        recording.expect(before, "TruckPresented")
        if before.presented_at is not None:
            raise Conflict("illegal-move", f"{appointment_id} presented itself already", (appointment_id,))
        assert before.opens_at is not None
        assert before.closes_at is not None
        if scene.at > booking.missed_after(before.closes_at, None, scene.border.policy):
            text = f"the window of {appointment_id} and its grace are over: let the truck join the live queue"
            raise Conflict("window-missed", text, (appointment_id,))
        named = {"channel": before.channel, "window_id": before.window_id}
        _happened(scene, before, TruckPresented(opens_at=before.opens_at, visit=before.visit, **named))

    return _step(ledger, who, appointment_id, step)


def check_in(ledger: Ledger, who: Principal, appointment_id: str, shown: Shown) -> Command:
    """Let a truck in at the gate; one that was not called is called by this, if there is a place for it now.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-appointment`.
    Conflict
        In the command: `illegal-move`, `other-tractor`, and as calling: `too-early`, `no-place-now`.
    """

    def step(scene: Scene, before: AppointmentState) -> None:
        checked_in(scene, before, shown)

    return _step(ledger, who, appointment_id, step)


def checked_in(scene: Scene, before: AppointmentState, shown: Shown) -> None:
    """Write that a truck is at the gate.

    Raises
    ------
    Conflict
        `illegal-move`, `other-tractor`, `too-early`, `no-place-now`.
    """
    if shown.tractor and before.visit.tractor and _plate(shown.tractor) != before.visit.tractor:
        text = f"{before.appointment_id} is for {before.visit.tractor}: let its holder name another tractor first"
        raise Conflict("other-tractor", text, (before.appointment_id,))
    if before.status in ("confirmed", "requested"):
        call_truck(scene, before)
        before = recording.state(scene.tx, before.appointment_id)
    fact = TruckCheckedIn(
        window_id=before.window_id, method=shown.method, is_first=before.presented_at is None, key_id=shown.key_id
    )
    _happened(scene, before, fact)


def _plate(text: str) -> str:
    try:
        return plate(text)
    except ValueError:
        return text


def inspect(ledger: Ledger, who: Principal, appointment_id: str) -> Command:
    """Note that customs look into a truck.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-appointment`.
    Conflict
        In the command: `illegal-move`.
    """
    return _step(ledger, who, appointment_id, lambda scene, before: _happened(scene, before, InspectionBegun()))


def keep(ledger: Ledger, who: Principal, appointment_id: str, *, why: str) -> Command:
    """Note that customs keep a truck.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: no reason is given.
    NotFound
        In the command: `unknown-appointment`.
    Conflict
        In the command: `illegal-move`.
    """
    expect_why(why, FILE)
    return _step(ledger, who, appointment_id, lambda scene, before: _happened(scene, before, TruckHeld(why=why)))


def clear(ledger: Ledger, who: Principal, appointment_id: str, *, reference: str = "") -> Command:
    """Let a truck cross.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-appointment`.
    Conflict
        In the command: `illegal-move`, `application-open`: customs have not accepted its application.
    """

    def step(scene: Scene, before: AppointmentState) -> None:
        if before.visit.application_id:
            _expect_accepted(scene, before)
        _happened(scene, before, TruckCleared(stayed_minutes=_stayed(scene.at, before), reference=reference))

    return _step(ledger, who, appointment_id, step)


def _expect_accepted(scene: Scene, before: AppointmentState) -> None:
    found = recording.application(scene.tx, before.visit.application_id)
    if found.status != "accepted":
        text = (
            f"application {found.application_id} of {before.appointment_id} is {found.status}: customs accept it first"
        )
        raise Conflict("application-open", text, (before.appointment_id, found.application_id))


def _stayed(at: datetime, before: AppointmentState) -> int:
    since = before.presented_at or before.arrived_at or at
    return max(0, (at - since) // booking.MINUTE)


def turn_back(ledger: Ledger, who: Principal, appointment_id: str, *, why: str) -> Command:
    """Send a truck back.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: no reason is given.
    NotFound
        In the command: `unknown-appointment`.
    Conflict
        In the command: `illegal-move`.
    """
    expect_why(why, FILE)

    def step(scene: Scene, before: AppointmentState) -> None:
        _happened(scene, before, TruckTurnedBack(why=why, stayed_minutes=_stayed(scene.at, before)))

    return _step(ledger, who, appointment_id, step)


def missed(ledger: Ledger, who: Principal, appointment_id: str) -> Command:
    """Note that a truck did not come in time; its enterprise gets a strike.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-appointment`.
    Conflict
        In the command: `illegal-move`, `too-early`: its grace is not over.
    """

    def step(scene: Scene, before: AppointmentState) -> None:
        recording.expect(before, "WindowMissed")
        assert before.closes_at is not None
        until = booking.missed_after(before.closes_at, before.called_at, scene.border.policy)
        if scene.at <= until or (before.presented_at and before.called_at is None):
            text = f"{appointment_id} keeps its place until {until:%Y-%m-%dT%H:%MZ}, or stands in the waiting area"
            raise Conflict("too-early", text, (appointment_id,))
        missed_event(scene, before)

    return _step(ledger, who, appointment_id, step)
