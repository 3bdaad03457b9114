"""Use cases hold, book and wait: how a truck comes to an appointment, or to a waiting list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from landport.app.ledger import moving
from landport.app.ledger.border import places, reading, recording, visits
from landport.app.ledger.border.recording import APPOINTMENT, Scene
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments import booking
from landport.appointments.states import AppointmentState, EnterpriseState, WindowState
from landport.errors import Conflict
from landport.model.gate_facts import AppointmentBooked, FreedPlace, PlaceAwaited, PlaceHeld, TruckQueued, TruckVisit
from landport.store import Tx


def hold(ledger: Ledger, who: Principal, window_id: str, *, enterprise_id: str = "") -> Command:
    """Hold a place in a window while a form is filled in; it ends by itself.

    Parameters
    ----------
    enterprise_id
        For whom; of a forwarder's account always its own.

    Returns
    -------
    Command
        Answers the state of a requested appointment; `held_until_at` says how long it lasts.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-window`.
    Conflict
        In the command: `hold-exists`, `no-enterprise`, and as `book`.
    """
    who.expect_may("apply")
    owner = who.owner if who.owner is not None else enterprise_id

    def command(tx: Tx) -> AppointmentState:
        if not owner:
            raise Conflict("no-enterprise", "holds are for enterprises: the port itself books at once")
        reading.fetch(tx, ("border", window_id.partition(".")[0]), ("window", window_id), ("enterprise", owner))
        scene, window, enterprise = _opened(ledger, tx, window_id, owner)
        enterprise = _end_own_hold(scene, enterprise)
        booking.expect_room_for(enterprise, scene.border.policy, window, scene.at)
        place = places.expect(scene, window)
        until = scene.at + timedelta(seconds=scene.border.policy.hold_seconds)
        fact = PlaceHeld(
            border_id=window.border_id, channel=window.channel, enterprise_id=owner, takes=place, held_until_at=until
        )
        number = APPOINTMENT.format(tx.position + 1)
        about = (*recording.windows(window_id), f"enterprise/{owner}")
        recording.write(scene, f"appointment/{number}", fact, about, is_new=True)
        return recording.state(tx, number)

    return command


def _opened(
    ledger: Ledger, tx: Tx, window_id: str, enterprise_id: str
) -> tuple[Scene, WindowState, EnterpriseState | None]:
    """Read the window somebody wants, and see that it can be booked by an enterprise that does not do too much."""
    window = reading.window(tx, window_id)
    border = reading.port(tx, window.border_id)
    scene = Scene(tx, border, ledger.clock())
    booking.expect_bookable(window, scene.at)
    enterprise = reading.enterprise(tx, enterprise_id)
    booking.expect_quiet(enterprise, border.policy, scene.at)
    return scene, window, enterprise


def _end_own_hold(scene: Scene, enterprise: EnterpriseState | None) -> EnterpriseState | None:
    """End the hold of an enterprise if its time is over.

    Raises
    ------
    Conflict
        `hold-exists`: it is not over.
    """
    if enterprise is None or not enterprise.hold_id or enterprise.hold_until_at is None:
        return enterprise
    if enterprise.hold_until_at > scene.at:
        text = f"{enterprise.hold_id} holds a place already: book or cancel it first"
        raise Conflict("hold-exists", text, (enterprise.hold_id,))
    held = recording.state(scene.tx, enterprise.hold_id)
    place = FreedPlace(window_id=held.window_id, seat=held.seat, back_at=scene.at)
    places.end_hold(scene, held, place, "its time was over")
    return reading.enterprise(scene.tx, enterprise.enterprise_id)


def book(
    ledger: Ledger,
    who: Principal,
    window_id: str,
    fields: Mapping[str, Any],
    *,
    appointment_id: str = "",
    waits: bool = False,
) -> Command:
    """Book a truck into a window.

    Parameters
    ----------
    fields
        Of `TruckVisit`.
    appointment_id
        Hold that this books; empty: a place that is free.
    waits
        Whether it goes to the window's waiting list if there is no place.

    Returns
    -------
    Command
        Answers the state of the appointment: confirmed, or requested and waiting.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: every wrong value is listed.
    NotFound
        In the command: `unknown-window`, `unknown-appointment`, `unknown-application`, `unknown-container`.
    Conflict
        In the command: `window-full`, `window-over`, `window-closed`, `cool-down`, `too-many-active`,
        `too-large-share`, `too-many-acts`, `vehicle-booked`, `hold-over`, `waiting-list-full`,
        `application-declined`, `application-elsewhere`.
    """
    who.expect_may("apply")
    visit = visits.checked(who, fields)

    def command(tx: Tx) -> AppointmentState:
        visits.fetch(tx, visit, ("border", window_id.partition(".")[0]), ("window", window_id))
        scene, window, enterprise = _opened(ledger, tx, window_id, visit.enterprise_id)
        held = _held(scene, who, appointment_id, window, visit) if appointment_id else None
        visits.expect_known(tx, who, window.border_id, visit)
        _expect_vehicles(scene, visit, appointment_id)
        if held is None:
            booking.expect_room_for(enterprise, scene.border.policy, window, scene.at)
        return _booked(scene, window, visit, held, waits=waits)

    return command


def _expect_vehicles(scene: Scene, visit: TruckVisit, appointment_id: str) -> None:
    for name in recording.carried(visit):
        booking.expect_no_other(reading.vehicle(scene.tx, name), appointment_id)


def _held(
    scene: Scene, who: Principal, appointment_id: str, window: WindowState, visit: TruckVisit
) -> AppointmentState:
    """Read a hold that can still be booked.

    Raises
    ------
    Conflict
        `hold-over`.
    """
    held = reading.appointment(scene.tx, who, appointment_id)
    is_it = held.form == "hold" and held.status == "requested" and held.window_id == window.window_id
    until = held.held_until_at
    if not is_it or until is None or until <= scene.at or held.visit.enterprise_id != visit.enterprise_id:
        text = f"{appointment_id} holds no place in {window.window_id} for you any more: book without it"
        raise Conflict("hold-over", text, (appointment_id,))
    return held


def _booked(
    scene: Scene, window: WindowState, visit: TruckVisit, held: AppointmentState | None, *, waits: bool
) -> AppointmentState:
    """Give a truck its place: the one held, a free one, or one on the waiting list."""
    assert window.opens_at is not None
    assert window.closes_at is not None
    named: dict[str, Any] = {"border_id": window.border_id, "channel": window.channel, "window_id": window.window_id}
    named |= {"opens_at": window.opens_at, "closes_at": window.closes_at, "visit": visit}
    place = None if held else places.find(scene, window) if waits else places.expect(scene, window)
    fact: AppointmentBooked | PlaceAwaited
    if held is None and place is None:
        window = reading.window(scene.tx, window.window_id)
        _expect_line(scene, window)
        fact = PlaceAwaited(**named)
    else:
        fact = AppointmentBooked(takes=place, **named)
    number = held.appointment_id if held else APPOINTMENT.format(scene.tx.position + 1)
    about = (*recording.windows(window.window_id), *recording.of_visit(visit))
    event = recording.write(scene, f"appointment/{number}", fact, about, is_new=held is None)
    if visit.container_ids:  # a window that was missed is mended by another one
        moving.closings(scene.tx, [event])
    return recording.state(scene.tx, number)


def _expect_line(scene: Scene, window: WindowState) -> None:
    most = scene.border.policy.most_waiting
    if len(window.waiting) >= most:
        text = f"{most} trucks wait for window {window.window_id} already: choose another one"
        raise Conflict("waiting-list-full", text, (window.window_id,))


def walk_up(ledger: Ledger, who: Principal, border_id: str, channel: str, fields: Mapping[str, Any]) -> Command:
    """Let a truck that came without an appointment join the end of the live queue.

    Returns
    -------
    Command
        Answers the state of a requested appointment that has no window yet.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`.
    NotFound
        In the command: `unknown-border`, `unknown-application`, `unknown-container`.
    Conflict
        In the command: `unknown-channel`, `vehicle-booked`, `application-declined`, `application-elsewhere`.
    """
    who.expect_may("gate")
    visit = visits.checked(who, fields)

    def command(tx: Tx) -> AppointmentState:
        visits.fetch(tx, visit, ("border", border_id), ("queue", border_id))
        scene = Scene(tx, reading.port(tx, border_id), ledger.clock())
        names = [rule.channel for rule in scene.border.channels]
        if channel not in names:
            raise Conflict("unknown-channel", f"{border_id} has the channels {', '.join(names)}", (channel,))
        visits.expect_known(tx, who, border_id, visit)
        _expect_vehicles(scene, visit, "")
        fact = TruckQueued(border_id=border_id, channel=channel, visit=visit)
        number = APPOINTMENT.format(tx.position + 1)
        about = (scene.queue(), scene.day(channel), *recording.of_visit(visit))
        recording.write(scene, f"appointment/{number}", fact, about, is_new=True)
        return recording.state(tx, number)

    return command
