"""Use cases publish and open: the port's hours and rules as data, and the windows that follow from them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from landport.app.ledger import reads
from landport.app.ledger.border import reading, recording
from landport.app.ledger.border.recording import Scene
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments.capacity import Opening, openings
from landport.appointments.states import BorderState, WindowState
from landport.model.border import BorderPort
from landport.model.gate_facts import BorderPublished, WindowOpened, WindowResized
from landport.store import Tx, windows


def publish(ledger: Ledger, who: Principal, border: BorderPort) -> Command:
    """Publish the hours and rules of a border port, and open its windows up to the horizon.

    Returns
    -------
    Command
        Answers `{"border_id", "n_opened", "n_resized"}`.

    Raises
    ------
    NotPermitted
        `not-permitted`.

    Notes
    -----
    Windows that are open keep at least the places that are taken: nobody loses one by new hours.
    """
    who.expect_may("gate")

    def command(tx: Tx) -> dict[str, Any]:
        scene = Scene(tx, border, ledger.clock())
        before = reads.known(tx, "border", border.border_id)
        if not isinstance(before, BorderState) or before.border != border:
            recording.write(scene, f"border/{border.border_id}", BorderPublished(border=border))
        return {"border_id": border.border_id, **fill(scene, scene.at)}

    return command


def open_windows(ledger: Ledger, who: Principal, border_id: str) -> Command:
    """Open the windows that have come within the horizon.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        In the command: `unknown-border`.
    """
    who.expect_may("gate")

    def command(tx: Tx) -> dict[str, Any]:
        scene = Scene(tx, reading.port(tx, border_id), ledger.clock())
        return {"border_id": border_id, **fill(scene, scene.at)}

    return command


def fill(scene: Scene, from_at: datetime, until_at: datetime | None = None) -> dict[str, int]:
    """Open windows that are not there, and give those that are the places that they should have; count both.

    Parameters
    ----------
    until_at
        None: up to the horizon.
    """
    border = scene.border
    ends = until_at or scene.at + timedelta(days=border.horizon_days)
    _, closures = reading.state_of_port(scene.tx, border.border_id)
    wanted = openings(border, from_at, ends, closures=reading.spans(closures))
    there = {w.window_id for w in windows.between(scene.tx, border.border_id, from_at, ends)}
    n_opened = n_resized = 0
    for opening in wanted:
        if opening.window_id in there:
            n_resized += resized(scene, opening.window_id, opening.capacity)
        else:
            _open(scene, opening)
            n_opened += 1
    shut = there - {opening.window_id for opening in wanted}
    n_resized += sum(resized(scene, window_id, 0) for window_id in sorted(shut))
    return {"n_opened": n_opened, "n_resized": n_resized}


def _open(scene: Scene, opening: Opening) -> None:
    fact = WindowOpened(
        border_id=opening.border_id,
        channel=opening.channel,
        opens_at=opening.opens_at,
        closes_at=opening.closes_at,
        capacity=opening.capacity,
    )
    recording.write(scene, f"window/{opening.window_id}", fact)


def resized(scene: Scene, window_id: str, capacity: int, why: str = "") -> bool:
    """Give a window so many places of its own beside those lent, but never fewer than are taken; tell if it changed."""
    window = reading.window(scene.tx, window_id)
    places = max(capacity + window.lent, window.booked)
    if places == window.capacity:
        return False
    recording.write(scene, f"window/{window_id}", WindowResized(capacity=places, why=why))
    return True


def rooms(scene: Scene, from_at: datetime, until_at: datetime) -> list[WindowState]:
    """Read the windows of a port that open in a time."""
    found = windows.between(scene.tx, scene.border.border_id, from_at, until_at)
    names = [w.window_id for w in found]
    scene.tx.fetch(("window", name) for name in names)
    return [reading.window(scene.tx, name) for name in names]
