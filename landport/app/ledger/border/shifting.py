"""Use cases shift and reopen: a border that is shut moves everybody in order, and says when things are as before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from landport.app.ledger.border import places, publishing, reading, recording
from landport.app.ledger.border.applying import expect_why
from landport.app.ledger.border.recording import Scene
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments import booking, shifting
from landport.appointments.capacity import local_day, openings
from landport.appointments.states import ACTIVE, AppointmentState
from landport.errors import InputError, Problem
from landport.model.gate_facts import (
    AppointmentCancelled,
    AppointmentShifted,
    BorderClosed,
    BorderReopened,
    FreedPlace,
    Place,
    PlaceOffered,
)
from landport.store import Tx, windows

MOST_CLOSED: Final = timedelta(days=60)
"""Longest closure that can be entered at once."""

FURTHER: Final = timedelta(days=7)
"""By how much more the windows are opened if those within the horizon do not take everybody."""

FURTHEST: Final = timedelta(days=180)
"""How far ahead a closure may move trucks."""

FILE: Final = "closure"
"""What problems call what was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifted:
    """What came of a closure.

    Parameters
    ----------
    n_hit
        Trucks that had a place in the closure.
    n_moved
        Trucks that moved: those hit, and those who would have been overtaken.
    n_holds, n_offered, n_cancelled
        Holds that ended; trucks on waiting lists that got a place elsewhere, and those that did not.
    last_at
        When the last window opens to which a truck moved; None: nobody moved.
    normal_on
        Local day from which on everybody is where he booked; None: nobody moved.
    """

    border_id: str
    from_at: datetime
    until_at: datetime
    n_hit: int
    n_moved: int
    n_holds: int = 0
    n_offered: int = 0
    n_cancelled: int = 0
    last_at: datetime | None = None
    normal_on: date | None = None


def shift(
    ledger: Ledger, who: Principal, border_id: str, from_at: datetime, until_at: datetime, *, why: str
) -> Command:
    """Close a border for a time, and move everybody to later windows in order.

    Returns
    -------
    Command
        Answers `Shifted`.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: times that are no closure, or no reason.
    NotFound
        In the command: `unknown-border`.

    Notes
    -----
    Within a channel nobody overtakes anybody, nobody comes earlier than he booked, and nobody loses his place: windows
    beyond the horizon are opened if they are needed. A shift costs a truck none of its own changes.
    """
    who.expect_may("gate")
    expect_why(why, FILE)
    _expect_closure(ledger.clock(), from_at, until_at)

    def command(tx: Tx) -> Shifted:
        scene = Scene(tx, reading.port(tx, border_id), ledger.clock())
        fact = BorderClosed(from_at=from_at, until_at=until_at, why=why)
        recording.write(scene, f"border/{border_id}", fact)
        return _shifted(scene, from_at, until_at, why)

    return command


def _expect_closure(now: datetime, from_at: datetime, until_at: datetime) -> None:
    problems = []
    if until_at <= max(from_at, now):
        problems.append(("until_at", until_at, "expected an instant after from_at, and still to come"))
    if until_at - from_at > MOST_CLOSED or from_at < now - timedelta(days=1):
        expected = f"expected a closure of at most {MOST_CLOSED.days} days that begins yesterday at the earliest"
        problems.append(("from_at", from_at, expected))
    if problems:
        raise InputError.of(Problem(file=FILE, key=k, value=str(v), expected=e) for k, v, e in problems)


def _shifted(scene: Scene, from_at: datetime, until_at: datetime, why: str) -> Shifted:
    length = scene.border.window_minutes * booking.MINUTE
    begin = max(from_at, scene.at) - length
    n_holds = _end_holds(scene, begin, until_at)
    booked = _booked(scene, begin)
    is_hit = [b for b in booked if b.opens_at < until_at and b.opens_at + length > from_at]
    found = _placed(scene, booked, begin, from_at, until_at)
    _move(scene, found, why)
    n_offered, n_cancelled = _serve_lists(scene, begin, until_at, why)
    closures = reading.spans(reading.state_of_port(scene.tx, scene.border.border_id)[1])
    left = {o.window_id: o.capacity for o in openings(scene.border, begin, until_at, closures=closures)}
    for window in publishing.rooms(scene, begin, until_at):
        publishing.resized(scene, window.window_id, left.get(window.window_id, 0), why)
    return Shifted(
        border_id=scene.border.border_id,
        from_at=from_at,
        until_at=until_at,
        n_hit=len(is_hit),
        n_moved=len(found.moves),
        n_holds=n_holds,
        n_offered=n_offered,
        n_cancelled=n_cancelled,
        last_at=found.last_at,
        normal_on=local_day(scene.border, found.last_at) + timedelta(days=1) if found.last_at else None,
    )


def _end_holds(scene: Scene, begin: datetime, until_at: datetime) -> int:
    """End the holds of windows in a closure."""
    n_holds = 0
    for window in publishing.rooms(scene, begin, until_at):
        for hold in window.holds:
            place = FreedPlace(window_id=window.window_id, seat=hold.seat, back_at=scene.at)
            places.end_hold(scene, recording.state(scene.tx, hold.appointment_id), place, "the border is shut then")
            n_holds += 1
    return n_holds


def _booked(scene: Scene, begin: datetime) -> list[shifting.Booked]:
    """List the trucks that have a place from some time on and are not at the gate yet."""
    found = windows.between(scene.tx, scene.border.border_id, begin, scene.at + FURTHEST)
    seats = windows.seated(scene.tx, (w.window_id for w in found if w.booked))
    scene.tx.fetch(("appointment", appointment_id) for _, _, appointment_id in seats)
    states = [recording.state(scene.tx, appointment_id) for _, _, appointment_id in seats]
    movable = [s for s in states if s.status in ("confirmed", "called") and s.opens_at and s.order_at]
    movable.sort(key=lambda s: (s.order_at, s.appointment_id))
    return [
        shifting.Booked(s.appointment_id, s.channel, s.window_id, s.opens_at, rank)
        for rank, s in enumerate(movable)
        if s.opens_at is not None
    ]


def _placed(
    scene: Scene, booked: list[shifting.Booked], begin: datetime, from_at: datetime, until_at: datetime
) -> shifting.Shift:
    """Find a window for everybody, opening further ones until all have one, or the furthest are open."""
    length = scene.border.window_minutes
    ends = windows.last_opening(scene.tx, scene.border.border_id) or scene.at
    while True:
        rooms = _rooms(scene, booked, begin)
        found = shifting.shifted(booked, rooms, from_at, until_at, window_minutes=length)
        if not found.unplaced or ends > scene.at + FURTHEST:
            return found
        publishing.fill(scene, max(scene.at, until_at), ends + FURTHER)
        ends += FURTHER


def _rooms(scene: Scene, booked: list[shifting.Booked], begin: datetime) -> list[shifting.Room]:
    """List windows with the places that those who may move have or can get in them."""
    movable = Counter(b.window_id for b in booked)
    found = windows.between(scene.tx, scene.border.border_id, begin, scene.at + FURTHEST)
    return [
        shifting.Room(w.window_id, w.channel, w.opens_at, w.capacity - (w.booked - movable[w.window_id])) for w in found
    ]


def _move(scene: Scene, found: shifting.Shift, why: str) -> None:
    """Move everybody, the last first: so each finds room, and no window is over its places at any moment."""
    scene.tx.fetch(("window", to) for _, _, to in found.moves)
    for appointment_id, _, to in reversed(found.moves):
        before, window = recording.state(scene.tx, appointment_id), reading.window(scene.tx, to)
        assert window.opens_at is not None
        assert window.closes_at is not None
        fact = AppointmentShifted(
            opens_at=window.opens_at,
            closes_at=window.closes_at,
            takes=Place(window_id=to, seat=booking.free_seat(window, scene.at, is_port=True)),
            frees=FreedPlace(window_id=before.window_id, seat=before.seat, back_at=scene.at),
            why=why,
        )
        about = [*recording.windows(to, before.window_id), *recording.of_visit(before.visit)]
        about += [scene.day(before.channel)]
        about += [scene.queue()] if before.presented_at or before.called_at else []
        recording.write(scene, f"appointment/{appointment_id}", fact, about)


def _serve_lists(scene: Scene, begin: datetime, until_at: datetime, why: str) -> tuple[int, int]:
    """Give those on waiting lists of the closure a place after all who had one, or take them off; count both."""
    n_offered = n_cancelled = 0
    later = [w.window_id for w in publishing.rooms(scene, until_at, scene.at + FURTHEST)]
    for window in publishing.rooms(scene, begin, until_at):
        for appointment_id in window.waiting:
            before = recording.state(scene.tx, appointment_id)
            if before.status not in ACTIVE:
                continue
            is_offered = _offer(scene, before, later)
            n_offered += is_offered
            n_cancelled += not is_offered
            if not is_offered:
                about = (*recording.windows(before.window_id), *recording.of_visit(before.visit))
                fact = AppointmentCancelled(why=why)
                recording.write(scene, f"appointment/{appointment_id}", fact, (*about, scene.day(before.channel)))
    return n_offered, n_cancelled


def _offer(scene: Scene, before: AppointmentState, later: list[str]) -> bool:
    for name in later:
        window = reading.window(scene.tx, name)
        if window.channel != before.channel or window.opens_at is None or window.closes_at is None:
            continue
        seat = booking.free_seat(window, scene.at, is_port=True)
        if seat and not window.waiting:
            place = Place(window_id=name, seat=seat)
            fact = PlaceOffered(opens_at=window.opens_at, closes_at=window.closes_at, takes=place)
            about = (*recording.windows(name, before.window_id), *recording.of_visit(before.visit))
            recording.write(scene, f"appointment/{before.appointment_id}", fact, about)
            return True
    return False


def reopen(ledger: Ledger, who: Principal, border_id: str, at: datetime, *, why: str = "") -> Command:
    """End closures at an instant earlier than was said; windows get their places back, nobody is moved again.

    Returns
    -------
    Command
        Answers `{"border_id", "n_opened", "n_resized"}`.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    InputError
        `input`: the instant is over.
    NotFound
        In the command: `unknown-border`.
    """
    who.expect_may("gate")
    if at < ledger.clock() - timedelta(hours=1):
        raise InputError.of([Problem(file=FILE, key="at", value=str(at), expected="expected an instant to come")])

    def command(tx: Tx) -> dict[str, Any]:
        scene = Scene(tx, reading.port(tx, border_id), ledger.clock())
        recording.write(scene, f"border/{border_id}", BorderReopened(at=at, why=why))
        return {"border_id": border_id, **publishing.fill(scene, scene.at)}

    return command
