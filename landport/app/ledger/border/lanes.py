"""Use case call: who is next for a free lane, in the published order, and the place that a truck is served in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from landport.app.ledger import reads
from landport.app.ledger.border import places, reading, recording
from landport.app.ledger.border.recording import Scene
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments import booking, calling
from landport.appointments.states import AppointmentState, WindowState
from landport.errors import Conflict, InputError, Problem
from landport.model.border import BorderPort
from landport.model.gate_facts import TruckCalled
from landport.store import Tx, View, windows

MOST: int = 50
"""Trucks that one call brings up at most."""


def call(ledger: Ledger, who: Principal, border_id: str, channel: str, *, count: int = 1) -> Command:
    """Call the next trucks up to the lanes of a channel, as many as there are and have a place now.

    Returns
    -------
    Command
        Answers `{"called": [states of appointments]}` in order of calling; perhaps none.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: the count is out of range.
    NotFound
        In the command: `unknown-border`.
    Conflict
        In the command: `unknown-channel`.
    """
    who.expect_may("gate")
    if not 1 <= count <= MOST:
        raise InputError.of([Problem(file="call", key="count", value=str(count), expected=f"expected 1 to {MOST}")])

    def command(tx: Tx) -> dict[str, Any]:
        reading.fetch(tx, ("border", border_id), ("queue", border_id))
        scene = Scene(tx, reading.port(tx, border_id), ledger.clock())
        names = [rule.channel for rule in scene.border.channels]
        if channel not in names:
            raise Conflict("unknown-channel", f"{border_id} has the channels {', '.join(names)}", (channel,))
        return {"called": _called(scene, channel, count)}

    return command


def _called(scene: Scene, channel: str, count: int) -> list[AppointmentState]:
    queue = waiting(scene.tx, scene.border, scene.at)
    found: list[AppointmentState] = []
    while len(found) < count:
        chosen = calling.next_called(scene.border, queue, channel, scene.at)
        if chosen is None:
            return found
        queue.remove(chosen)
        before = recording.state(scene.tx, chosen.appointment_id)
        try:
            call_truck(scene, before)
        except Conflict as error:  # no place for this one; perhaps for another, which has its own
            if error.code != "no-place-now":
                raise
            continue
        found.append(recording.state(scene.tx, chosen.appointment_id))
    return found


def waiting(view: View, border: BorderPort, at: datetime) -> list[calling.Waiting]:
    """List the trucks that may be called: those in the live queue, and those whose window has begun."""
    there = {t.appointment_id: t for t in reading.queue(view, border.border_id).trucks}
    found = []
    for truck in there.values():
        if truck.status == "waiting":
            since = truck.since_at or at
            found.append(
                calling.Waiting(
                    appointment_id=truck.appointment_id,
                    channel=truck.channel,
                    opens_at=truck.opens_at,
                    queued_at=truck.opens_at or since,
                    presented_at=since,
                    is_ready=is_ready(view, truck.application_id),
                    is_aeo=truck.is_aeo,
                )
            )
    return found + _due(view, border, at, set(there))


def _due(view: View, border: BorderPort, at: datetime, seen: set[str]) -> list[calling.Waiting]:
    """List the trucks whose window has begun and whose grace is not over, and that nobody saw yet."""
    since = at - (border.window_minutes + border.policy.grace_minutes) * booking.MINUTE
    begun = windows.between(view, border.border_id, since, at + timedelta(microseconds=1))
    found = []
    for _, _, appointment_id in windows.seated(view, (w.window_id for w in begun)):
        state = reads.known(view, "appointment", appointment_id)
        if appointment_id in seen or not isinstance(state, AppointmentState) or state.status != "confirmed":
            continue
        assert state.opens_at is not None
        found.append(
            calling.Waiting(
                appointment_id=appointment_id,
                channel=state.channel,
                opens_at=state.opens_at,
                queued_at=state.opens_at,
                is_ready=is_ready(view, state.visit.application_id),
                is_aeo=state.visit.is_aeo,
            )
        )
    return found


def is_ready(view: View, application_id: str) -> bool:
    """Tell whether customs accepted an application."""
    found = reads.known(view, "application", application_id) if application_id else None
    return found is not None and found.status == "accepted"


def call_truck(scene: Scene, before: AppointmentState) -> None:
    """Write that a truck is called: in the place of its window if that has begun, else in one of the window now.

    Raises
    ------
    Conflict
        `illegal-move`, `too-early`, `no-place-now`.
    """
    recording.expect(before, "TruckCalled")
    since = before.presented_at
    waited = max(0, (scene.at - since) // booking.MINUTE) if since else 0
    named: dict[str, Any] = {"channel": before.channel, "visit": before.visit, "waited_minutes": waited}
    if before.seat and before.opens_at is not None and before.opens_at <= scene.at:
        own: dict[str, Any] = {"opens_at": before.opens_at, "closes_at": before.closes_at}
        fact = TruckCalled(window_id=before.window_id, **own, **named)
        touched: tuple[str, ...] = ()
    else:
        _expect_time(scene, before)
        window = _now(scene, before)
        place = places.find(scene, window, is_port=True)
        if place is None:
            text = f"no place of {window.window_id} is free for {before.appointment_id}: it is called in a later window"
            raise Conflict("no-place-now", text, (before.appointment_id, window.window_id))
        named |= {"opens_at": window.opens_at, "closes_at": window.closes_at, "takes": place}
        fact = TruckCalled(window_id=window.window_id, frees=places.freed(scene, before), **named)
        touched = recording.windows(window.window_id, before.window_id)
    about = (scene.queue(), scene.day(before.channel), *touched, *recording.of_visit(before.visit))
    recording.write(scene, f"appointment/{before.appointment_id}", fact, about)
    if touched and before.window_id:
        places.offer(scene, before.window_id)


def _expect_time(scene: Scene, before: AppointmentState) -> None:
    early = scene.border.policy.early_minutes
    if before.opens_at is not None and before.opens_at - scene.at > early * booking.MINUTE:
        text = f"the window of {before.appointment_id} opens at {before.opens_at:%Y-%m-%dT%H:%MZ}"
        raise Conflict("too-early", f"{text}, more than {early} minutes from now", (before.appointment_id,))


def _now(scene: Scene, before: AppointmentState) -> WindowState:
    """Find the window of a truck's channel that is open now.

    Raises
    ------
    Conflict
        `no-place-now`: the gate is shut.
    """
    length = scene.border.window_minutes * booking.MINUTE
    end = scene.at + timedelta(microseconds=1)
    found = windows.between(scene.tx, scene.border.border_id, scene.at - length + timedelta(microseconds=1), end)
    for window in found:
        if window.channel == before.channel and window.closes_at > scene.at:
            return reading.window(scene.tx, window.window_id)
    text = f"no window of the channel {before.channel} is open now"
    raise Conflict("no-place-now", text, (before.appointment_id,))
