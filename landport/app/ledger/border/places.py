"""Places of windows, found and given back: the one way by which all that book, move and call come to a place."""

from __future__ import annotations

import random
from datetime import timedelta

from landport.app.ledger import reads
from landport.app.ledger.border import reading, recording
from landport.app.ledger.border.recording import Scene
from landport.appointments import booking
from landport.appointments.capacity import window_id
from landport.appointments.states import AppointmentState, WindowState
from landport.errors import Conflict
from landport.model.gate_facts import FreedPlace, HoldEnded, Place, PlaceOffered, PlacesLent


def find(scene: Scene, window: WindowState, *, is_port: bool = False) -> Place | None:
    """Find a place in a window: its own, else one that another channel lends it, quotas being released; None: full.

    Parameters
    ----------
    is_port
        The port itself fills it; it need not wait until a freed place comes back.
    """
    end_holds(scene, window.window_id)
    window = reading.window(scene.tx, window.window_id)
    seat = booking.free_seat(window, scene.at, is_port=is_port)
    if not seat and window.status == "open":
        seat = _borrowed(scene, window, is_port=is_port)
    return Place(window_id=window.window_id, seat=seat) if seat else None


def _borrowed(scene: Scene, window: WindowState, *, is_port: bool) -> int:
    border = scene.border
    if window.opens_at is None or not booking.is_released(window, border.policy, scene.at):
        return 0
    names = [window_id(border.border_id, c, window.opens_at) for c in booking.lenders(border, window.channel)]
    scene.tx.fetch(("window", name) for name in names)
    others = (reads.known(scene.tx, "window", name) for name in names)
    found = booking.lender((w for w in others if w is not None and w.status == "open"), scene.at, is_port=is_port)
    if found is None:
        return 0
    lent = PlacesLent(to_window_id=window.window_id, count=1)
    recording.write(scene, f"window/{found.window_id}", lent, [f"window/{window.window_id}"])
    return booking.free_seat(reading.window(scene.tx, window.window_id), scene.at, is_port=is_port)


def expect(scene: Scene, window: WindowState, *, is_port: bool = False) -> Place:
    """Find a place in a window.

    Raises
    ------
    Conflict
        `window-full`.
    """
    found = find(scene, window, is_port=is_port)
    if found is None:
        text = f"window {window.window_id} is full: choose another one, or ask to be put on its waiting list"
        raise Conflict("window-full", text, (window.window_id,))
    return found


def freed(scene: Scene, before: AppointmentState, *, is_now: bool = False) -> FreedPlace | None:
    """Give the place of an appointment back after a random delay, so that nobody can hand it to a friend.

    Parameters
    ----------
    is_now
        The port moved it: there is nobody to hand it to.
    """
    if not before.seat:
        return None
    policy = scene.border.policy
    least, most = sorted((policy.back_seconds_least, policy.back_seconds_most))
    wait_s = 0 if is_now else random.SystemRandom().randint(least, most)
    return FreedPlace(window_id=before.window_id, seat=before.seat, back_at=scene.at + timedelta(seconds=wait_s))


def offer(scene: Scene, name: str) -> None:
    """Give free places of a window to those on its waiting list, in order; they need not wait for the delay."""
    window = reading.window(scene.tx, name)
    while window.waiting and window.opens_at is not None and window.closes_at is not None:
        seat = booking.free_seat(window, scene.at, is_port=True)
        if not seat or window.closes_at <= scene.at:
            return
        first = recording.state(scene.tx, window.waiting[0])
        place = Place(window_id=name, seat=seat)
        fact = PlaceOffered(opens_at=window.opens_at, closes_at=window.closes_at, takes=place)
        about = (*recording.windows(name), *recording.of_visit(first.visit))
        recording.write(scene, f"appointment/{first.appointment_id}", fact, about)
        window = reading.window(scene.tx, name)


def end_holds(scene: Scene, window_id: str) -> None:
    """End the holds of a window whose time is over; their places come back at once, as nobody could know when."""
    for hold in booking.ended_holds(reading.window(scene.tx, window_id), scene.at):
        place = FreedPlace(window_id=window_id, seat=hold.seat, back_at=scene.at)
        end_hold(scene, recording.state(scene.tx, hold.appointment_id), place, "its time was over")


def end_hold(scene: Scene, held: AppointmentState, place: FreedPlace, why: str) -> None:
    """End a hold, and let those on the waiting list have its place."""
    about = (*recording.windows(place.window_id), *recording.of_visit(held.visit))
    recording.write(scene, f"appointment/{held.appointment_id}", HoldEnded(frees=place, why=why), about)
    offer(scene, place.window_id)
