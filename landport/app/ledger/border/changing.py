"""Use cases reschedule, cancel and change: what may still become of an appointment before its truck comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from landport.app.ledger.border import places, reading, recording, visits
from landport.app.ledger.border.recording import Scene
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments import booking
from landport.appointments.states import AppointmentState, WindowState
from landport.errors import Conflict, InputError, NotPermitted, Problem
from landport.model.gate_facts import (
    AppointmentCancelled,
    AppointmentRescheduled,
    FreedPlace,
    TruckVisit,
    VisitChanged,
)
from landport.store import Tx


def is_port(who: Principal) -> bool:
    """Tell whether somebody acts for the port at the gate: rules for enterprises do not bind them, a reason does."""
    return who.owner is None and who.may("gate")


def opened(ledger: Ledger, tx: Tx, who: Principal, appointment_id: str) -> tuple[Scene, AppointmentState]:
    """Read an appointment that somebody may see, and the border port it is for.

    Raises
    ------
    NotFound
        `unknown-appointment`.
    """
    found = reading.appointment(tx, who, appointment_id)
    reading.fetch(tx, ("border", found.border_id), ("window", found.window_id), ("queue", found.border_id))
    return Scene(tx, reading.port(tx, found.border_id), ledger.clock()), found


def reschedule(ledger: Ledger, who: Principal, appointment_id: str, window_id: str, *, why: str = "") -> Command:
    """Take a place in another window and give the one before back, both or neither.

    Parameters
    ----------
    why
        Reason of a controller, for whom the number of changes and the time do not count.

    Returns
    -------
    Command
        Answers the state of the appointment.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-appointment`, `unknown-window`.
    Conflict
        In the command: `illegal-move`, `no-reschedule-left`, `too-late`, `other-channel`, and as booking.
    """
    who.expect_may("apply")

    def command(tx: Tx) -> AppointmentState:
        scene, before = opened(ledger, tx, who, appointment_id)
        recording.expect(before, "AppointmentRescheduled")
        window = reading.window(tx, window_id)
        _expect_same(before, window)
        booking.expect_bookable(window, scene.at)
        by_port = is_port(who) and bool(why)
        if not by_port:
            _expect_changeable(scene, before)
            enterprise = reading.enterprise(tx, before.visit.enterprise_id)
            booking.expect_quiet(enterprise, scene.border.policy, scene.at)
            booking.expect_room_for(enterprise, scene.border.policy, window, scene.at, leaves=before.window_id)
        _moved(scene, before, window, is_free=not by_port, why=why)
        return recording.state(tx, appointment_id)

    return command


def _expect_same(before: AppointmentState, window: WindowState) -> None:
    if (window.border_id, window.channel) != (before.border_id, before.channel):
        text = (
            f"{before.appointment_id} is for the channel {before.channel} of {before.border_id}: choose a window there"
        )
        raise Conflict("other-channel", text, (window.window_id,))
    if window.window_id == before.window_id:
        raise Conflict("other-channel", f"{before.appointment_id} is for this window already", (window.window_id,))


def _expect_changeable(scene: Scene, before: AppointmentState) -> None:
    policy = scene.border.policy
    if before.n_rescheduled >= policy.free_reschedules:
        text = f"{before.appointment_id} was rescheduled {before.n_rescheduled} times, more is not allowed: keep it"
        raise Conflict("no-reschedule-left", f"{text}, or cancel it", (before.appointment_id,))
    if before.opens_at is not None and scene.at > before.opens_at - policy.change_minutes * booking.MINUTE:
        text = f"{before.appointment_id} may be changed until {policy.change_minutes} minutes before its window opens"
        raise Conflict("too-late", text, (before.appointment_id,))


def _moved(scene: Scene, before: AppointmentState, window: WindowState, *, is_free: bool, why: str) -> None:
    assert window.opens_at is not None
    assert window.closes_at is not None
    place = places.expect(scene, window)
    back = places.freed(scene, before)
    assert back is not None
    fact = AppointmentRescheduled(
        opens_at=window.opens_at, closes_at=window.closes_at, takes=place, frees=back, is_free=is_free, why=why
    )
    about = [*recording.windows(window.window_id, before.window_id), *recording.of_visit(before.visit)]
    about += [scene.queue()] if before.presented_at else []
    recording.write(scene, f"appointment/{before.appointment_id}", fact, about)
    places.offer(scene, before.window_id)


def cancel(ledger: Ledger, who: Principal, appointment_id: str, *, why: str = "") -> Command:
    """Give an appointment, a hold, or a place on a waiting list or in the live queue up.

    Returns
    -------
    Command
        Answers the state of the appointment.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-appointment`.
    Conflict
        In the command: `illegal-move`.

    Notes
    -----
    Cancelled late by its enterprise, it counts as a strike; by a controller, with a reason, it does not.
    """
    who.expect_may("apply")

    def command(tx: Tx) -> AppointmentState:
        scene, before = opened(ledger, tx, who, appointment_id)
        recording.expect(before, "AppointmentCancelled")
        if before.form == "hold":
            place = places.freed(scene, before)
            assert place is not None
            places.end_hold(scene, before, place, why or "given up")
        else:
            _cancelled(scene, before, is_late=_is_late(scene, before) and not (is_port(who) and why), why=why)
        return recording.state(tx, appointment_id)

    return command


def _is_late(scene: Scene, before: AppointmentState) -> bool:
    if before.status == "requested" or before.opens_at is None:
        return False
    return scene.at > before.opens_at - scene.border.policy.late_cancel_minutes * booking.MINUTE


def _cancelled(scene: Scene, before: AppointmentState, *, is_late: bool, why: str) -> None:
    enterprise_id = before.visit.enterprise_id
    cool_down: datetime | None = None
    if is_late and enterprise_id:
        enterprise = reading.enterprise(scene.tx, enterprise_id)
        cool_down = booking.cool_down_until(enterprise, scene.border.policy, scene.at)
    has_come = before.presented_at is not None
    place: FreedPlace | None = places.freed(scene, before)
    fact = AppointmentCancelled(frees=place, is_late=is_late, had_come=has_come, cool_down_until_at=cool_down, why=why)
    about = [*recording.windows(before.window_id), *recording.of_visit(before.visit), scene.day(before.channel)]
    about += [scene.queue()] if has_come or before.status == "called" else []
    recording.write(scene, f"appointment/{before.appointment_id}", fact, about)
    if before.window_id:
        places.offer(scene, before.window_id)


def change_visit(
    ledger: Ledger, who: Principal, appointment_id: str, fields: Mapping[str, Any], *, why: str = ""
) -> Command:
    """Change tractor, driver, permit, document or application; what is left out stays.

    Parameters
    ----------
    fields
        Of `TruckVisit`.
    why
        Reason of a controller; with it the trailer, or a truck without one, may be another.

    Returns
    -------
    Command
        Answers the state of the appointment.

    Raises
    ------
    NotPermitted
        `not-permitted`; in the command `vehicle-fixed`: it is another truck.
    InputError
        `input`: every wrong value is listed.
    NotFound
        In the command: `unknown-appointment`, `unknown-application`, `unknown-container`.
    Conflict
        In the command: `illegal-move`, `vehicle-booked`, `too-many-acts`, `application-declined`,
        `application-elsewhere`.
    """
    who.expect_may("apply")
    if fields.get("enterprise_id"):
        expected = "expected nothing: an appointment stays with its enterprise"
        problem = Problem(file=visits.FILE, key="enterprise_id", value=str(fields["enterprise_id"]), expected=expected)
        raise InputError.of([problem])

    def command(tx: Tx) -> AppointmentState:
        scene, before = opened(ledger, tx, who, appointment_id)
        recording.expect(before, "VisitChanged")
        merged = {**asdict(before.visit), **fields, "enterprise_id": before.visit.enterprise_id}
        visit = visits.checked(who, merged, before.visit)
        if not (is_port(who) and why):
            _expect_same_truck(before, visit)
            booking.expect_quiet(reading.enterprise(tx, visit.enterprise_id), scene.border.policy, scene.at)
        visits.expect_known(tx, who, before.border_id, visit)
        for name in recording.carried(visit):
            booking.expect_no_other(reading.vehicle(tx, name), appointment_id)
        about = [*recording.of_visit(before.visit), *recording.of_visit(visit)]
        about += [scene.queue()] if before.presented_at or before.called_at else []
        recording.write(scene, f"appointment/{appointment_id}", VisitChanged(visit=visit, why=why), about)
        return recording.state(tx, appointment_id)

    return command


def _expect_same_truck(before: AppointmentState, visit: TruckVisit) -> None:
    """Refuse another vehicle under an appointment that names one: what is booked cannot be sold.

    Raises
    ------
    NotPermitted
        `vehicle-fixed`.
    """
    fixed, named = ("trailer", before.visit.trailer) if before.visit.trailer else ("tractor", before.visit.tractor)
    if named and getattr(visit, fixed) != named:
        text = f"{before.appointment_id} is for {fixed} {named}: cancel it and book anew, or ask a controller"
        raise NotPermitted("vehicle-fixed", text, (before.appointment_id, named))
    if not before.visit.trailer and before.visit.tractor and visit.trailer:
        text = f"{before.appointment_id} is for {named} without a trailer: ask a controller"
        raise NotPermitted("vehicle-fixed", text, (before.appointment_id, named))
