"""The live queue as the controller sees it, and the public board, which names nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from landport.app.ledger import reads
from landport.app.ledger.border import lanes, listing, reading
from landport.app.ledger.desk import Ledger
from landport.appointments import calling
from landport.appointments.states import Queued
from landport.store import View, people


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    """A truck of the live queue as the controller sees it; `points`: its place in the published order."""

    appointment_id: str
    status: str
    channel: str
    tractor: str
    trailer: str
    window_id: str
    opens_at: datetime | None
    since_at: datetime | None
    called_at: datetime | None
    is_ready: bool
    is_aeo: bool
    points: int
    application_id: str


def live_queue(ledger: Ledger, view: View, border_id: str) -> list[QueueRow]:
    """List the trucks that are called or at the gate, then those that wait, in the order in which they are called.

    Raises
    ------
    NotFound
        `unknown-border`.
    """
    border = reading.port(view, border_id)
    now = ledger.clock()
    there = {t.appointment_id: t for t in reading.queue(view, border_id).trucks}
    rows = [_queue_row(t, is_ready=lanes.is_ready(view, t.application_id), points=0) for t in there.values()]
    rows = [row for row in rows if row.status != "waiting"]
    for waiting in calling.in_order(border, lanes.waiting(view, border, now), now):
        truck = there.get(waiting.appointment_id) or _unseen(view, waiting)
        rows.append(_queue_row(truck, is_ready=waiting.is_ready, points=calling.points(border, waiting, now)))
    return rows


def _unseen(view: View, waiting: calling.Waiting) -> Queued:
    """Write a truck that is due and was not seen yet as the queue would."""
    state = reads.known(view, "appointment", waiting.appointment_id)
    visit = state.visit if state is not None else None
    return Queued(
        appointment_id=waiting.appointment_id,
        status="due",
        channel=waiting.channel,
        tractor=visit.tractor if visit else "",
        trailer=visit.trailer if visit else "",
        window_id=state.window_id if state is not None else "",
        opens_at=waiting.opens_at,
        application_id=visit.application_id if visit else "",
        is_aeo=waiting.is_aeo,
    )


def _queue_row(truck: Queued, *, is_ready: bool, points: int) -> QueueRow:
    return QueueRow(
        appointment_id=truck.appointment_id,
        status=truck.status,
        channel=truck.channel,
        tractor=truck.tractor,
        trailer=truck.trailer,
        window_id=truck.window_id,
        opens_at=truck.opens_at,
        since_at=truck.since_at,
        called_at=truck.called_at,
        is_ready=is_ready,
        is_aeo=truck.is_aeo,
        points=points,
        application_id=truck.application_id,
    )


class BoardChannel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel on the public board."""

    channel: str
    n_waiting: int
    n_at_gate: int
    called: list[str]
    next_free_at: datetime | None
    wait_minutes: int


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """The public board of a border port: plates that are called, how many wait, when places are free. No names.

    Parameters
    ----------
    shut_until_at, why
        The border is shut; None: it is not.
    """

    border_id: str
    name: str
    zone: str
    at: datetime
    channels: list[BoardChannel]
    shut_until_at: datetime | None = None
    why: str = ""


def published(view: View) -> dict[str, tuple[str, ...]]:
    """List the border ports that are published, by tenant; the view is everybody's, and the last tenant's after."""
    found = {}
    for tenant_id in people.tenants(view):
        view.enter(tenant_id)
        found[tenant_id] = tuple(reads.everything(view, "border"))
    return found


def board(ledger: Ledger, view: View, border_id: str) -> Board:
    """Show what everybody may know of a border port.

    Raises
    ------
    NotFound
        `unknown-border`.
    """
    border, closures = reading.state_of_port(view, border_id)
    now = ledger.clock()
    trucks = reading.queue(view, border_id).trucks
    rows = listing.list_windows(ledger, view, border_id, until_at=now + timedelta(days=border.horizon_days))
    shut = [c for c in closures if c.from_at <= now < c.until_at]
    channels = []
    for rule in border.channels:
        mine = [t for t in trucks if t.channel == rule.channel]
        ahead = [w for w in rows if w.channel == rule.channel]
        free = next((w for w in ahead if w.n_free), None)
        channels.append(
            BoardChannel(
                channel=rule.channel,
                n_waiting=sum(t.status == "waiting" for t in mine),
                n_at_gate=sum(t.status not in ("waiting", "called") for t in mine),
                called=[t.tractor or t.appointment_id for t in mine if t.status == "called"],
                next_free_at=free.opens_at if free else None,
                wait_minutes=ahead[0].wait_minutes if ahead else 0,
            )
        )
    return Board(
        border_id=border_id,
        name=border.name,
        zone=border.sides[0].zone,
        at=now,
        channels=channels,
        shut_until_at=max((c.until_at for c in shut), default=None),
        why=shut[-1].why if shut else "",
    )
