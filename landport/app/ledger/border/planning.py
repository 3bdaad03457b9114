"""The planner as a client: the road legs of the plan that counts apply and book by the same door as everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from landport.app.ledger import reads
from landport.app.ledger.border import applying, changing, reading, taking
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.appointments import booking
from landport.errors import Conflict, NotPermitted
from landport.model.border import BorderPort
from landport.model.facts import BookedGoods, PlannedRide
from landport.model.services import Service
from landport.store import Tx, View, windows
from landport.track.states import ContainerState

RIDES: Final = ("planned", "gated_in", "gated_out", "loaded", "unloaded", "under_way", "arrived")
"""Statuses of containers that may still cross."""

LOOKED_AHEAD: Final = timedelta(days=7)
"""How long after a truck's arrival a window is looked for."""

FOOD: Final = ("01", "02", "03", "04", "06", "07", "08")
"""Chapters of the HS whose goods take the green lane; live animals have a channel of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A container that a planned truck brings over a border.

    Parameters
    ----------
    comes_at, leaves_at
        At the border port, as planned.
    """

    container_id: str
    departure_id: str
    channel: str
    direction: str
    comes_at: datetime
    leaves_at: datetime
    consignment_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBooking:
    """What came of a crossing. `late_minutes`: by how much its window closes after the planned leaving; 0: in time."""

    container_id: str
    departure_id: str
    appointment_id: str
    window_id: str
    late_minutes: int


@dataclass(slots=True)
class _Done:
    booked: list[PlannedBooking] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)


def book_plan(ledger: Ledger, who: Principal, border_id: str) -> Command | None:
    """Bring the appointments of planned trucks in line with the plan that counts: book what lacks, cancel what is over.

    Returns
    -------
    Command | None
        Answers `{"booked": [PlannedBooking], "cancelled": [appointment ids], "left": [container and why]}`; None: there
        is nothing to do.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    NotFound
        `unknown-border`.

    Notes
    -----
    A truck's plates are not known when a plan is made: the appointment is for the container, and its truck is named
    later. A container gets the first window at or after its planned arrival that has a place.
    """
    who.expect_may("apply")
    if who.owner is not None:
        raise NotPermitted("not-permitted", "the plan's trucks are booked by the port", (border_id,))

    def look(view: View) -> tuple[BorderPort, bool]:
        border = reading.port(view, border_id)
        wanted = crossings(ledger, view, border)
        return border, bool(_lacking(view, wanted, ledger.clock(), border)) or bool(_over(view, wanted, border_id))

    _, has_work = ledger.store.read(who.tenant_id, look)
    if not has_work:
        return None

    def command(tx: Tx) -> dict[str, Any]:
        border = reading.port(tx, border_id)
        wanted = crossings(ledger, tx, border)
        done = _Done()
        for appointment_id in _over(tx, wanted, border_id):
            changing.cancel(ledger, who, appointment_id, why="the plan has it otherwise")(tx)
            done.cancelled.append(appointment_id)
        for crossing in _lacking(tx, wanted, ledger.clock(), border):
            _book(ledger, who, tx, border, crossing, done)
        return {"booked": done.booked, "cancelled": done.cancelled, "left": done.left}

    return command


def crossings(ledger: Ledger, view: View, border: BorderPort) -> list[Crossing]:
    """List the containers that planned trucks bring over a border, in order of arrival there."""
    services = {s.service_id: s for s in ledger.world.network.services.values() if _passes(s, border.border_id)}
    found: list[Crossing] = []
    for box in reads.everything(view, "container", statuses=RIDES).values() if services else ():
        for ride in box.plan.rides if isinstance(box, ContainerState) and box.plan else ():
            service = services.get(ride.departure_id.partition("@")[0])
            if service is not None and not any(r.departure_id == ride.departure_id and r.to_id for r in box.rides):
                found += _crossing(ledger, view, border, box, ride, service)
    return sorted(found, key=lambda c: (c.comes_at, c.container_id))


def _passes(service: Service, place_id: str) -> bool:
    return service.mode == "road" and any(leg.from_id == place_id for leg in service.legs[1:])


def _crossing(
    ledger: Ledger, view: View, border: BorderPort, box: ContainerState, ride: PlannedRide, service: Service
) -> Iterator[Crossing]:
    """Date the border of a ride, if it lies between its ends."""
    clock, is_on = ride.departs_at, False
    for leg in service.legs:
        if leg.from_id == ride.from_id:
            is_on = True
        elif is_on:
            if leg.from_id == border.border_id and box.plan is not None:
                yield Crossing(
                    container_id=box.container_id,
                    departure_id=ride.departure_id,
                    channel=_channel(view, border, box.plan.consignment_ids),
                    direction=_direction(ledger, border, leg.to_id),
                    comes_at=clock,
                    leaves_at=clock + timedelta(minutes=leg.dwell_minutes),
                    consignment_ids=box.plan.consignment_ids,
                )
            clock += timedelta(minutes=leg.dwell_minutes)
        if is_on:
            clock += timedelta(minutes=leg.running_minutes)
        if leg.to_id == ride.to_id:
            return


def _direction(ledger: Ledger, border: BorderPort, to_id: str) -> str:
    """Tell whether a truck that goes on to a place leaves the country of the port's own side."""
    places = ledger.world.network.places
    return "in" if places[to_id].country == places[border.border_id].country else "out"


def _channel(view: View, border: BorderPort, consignment_ids: Iterable[str]) -> str:
    """Choose the channel of goods; general if the port has none for them."""
    goods = [c.goods for i in consignment_ids if (c := reads.known(view, "consignment", i)) is not None and c.goods]
    wanted = "general"
    if any(g.un_class for g in goods):
        wanted = "dangerous"
    elif any(g.hs.startswith("01") for g in goods):
        wanted = "livestock"
    elif any(_is_fresh(g) for g in goods):
        wanted = "perishable"
    elif goods and all(not g.declared_kg and not g.items for g in goods):
        wanted = "empty"
    return wanted if any(rule.channel == wanted for rule in border.channels) else "general"


def _is_fresh(goods: BookedGoods) -> bool:
    return goods.temperature_max_c is not None or goods.hs[:2] in FOOD


# ---- what lacks, and what is over ----------------------------------------------------------------


def _of_container(view: View, container_id: str) -> Any | None:
    """Read the appointment that a container has; None: it has none, or it is over."""
    vehicle = reading.vehicle(view, container_id)
    if vehicle is None or vehicle.status != "booked":
        return None
    return reads.known(view, "appointment", vehicle.appointment_id)


def _lacking(view: View, wanted: Iterable[Crossing], now: datetime, border: BorderPort) -> list[Crossing]:
    """List the crossings that have no appointment, were not missed, and come within the horizon."""
    last = windows.last_opening(view, border.border_id)
    found = []
    for crossing in wanted:
        box = reads.known(view, "container", crossing.container_id)
        open_ = box.exceptions if isinstance(box, ContainerState) else ()
        has_missed = any(e.type == "WindowMissed" and e.departure_id == crossing.departure_id for e in open_)
        is_near = last is not None and now - timedelta(days=1) <= crossing.comes_at <= last
        if is_near and not has_missed and _of_container(view, crossing.container_id) is None:
            found.append(crossing)
    return found


def _over(view: View, wanted: Iterable[Crossing], border_id: str) -> list[str]:
    """List the appointments of containers whose plan does not bring them by that truck any more."""
    stays = {(c.container_id, c.departure_id) for c in wanted}
    found = []
    for row in reads.everything(view, "appointment", statuses=("confirmed", "requested")).values():
        visit = row.visit
        is_planned = row.border_id == border_id and visit.departure_id and not row.presented_at
        if is_planned and not any((c, visit.departure_id) in stays for c in visit.container_ids):
            found.append(row.appointment_id)
    return found


def _book(ledger: Ledger, who: Principal, tx: Tx, border: BorderPort, crossing: Crossing, done: _Done) -> None:
    fields = {
        "container_ids": [crossing.container_id],
        "departure_id": crossing.departure_id,
        "application_id": _application(ledger, who, tx, border, crossing),
    }
    begin = max(crossing.comes_at, ledger.clock()) - border.window_minutes * booking.MINUTE
    ahead = windows.between(tx, border.border_id, begin, begin + LOOKED_AHEAD, channel=crossing.channel)
    for window in ahead:
        if window.closes_at <= crossing.comes_at or window.booked >= window.capacity:
            continue
        try:
            state = taking.book(ledger, who, window.window_id, fields)(tx)
        except Conflict as error:
            if error.code in ("window-full", "window-over", "window-closed"):
                continue
            raise
        late = max(0, (window.closes_at - crossing.leaves_at) // booking.MINUTE)
        done.booked.append(
            PlannedBooking(
                container_id=crossing.container_id,
                departure_id=crossing.departure_id,
                appointment_id=state.appointment_id,
                window_id=window.window_id,
                late_minutes=late,
            )
        )
        return
    why = f"no window of the channel {crossing.channel} has a place within {LOOKED_AHEAD.days} days of its arrival"
    done.left.append({"container_id": crossing.container_id, "why": why})


def _application(ledger: Ledger, who: Principal, tx: Tx, border: BorderPort, crossing: Crossing) -> str:
    """Find the application of a crossing's first consignment, or apply; empty: it has no consignment."""
    for consignment_id in crossing.consignment_ids[:1]:
        state = reads.known(tx, "consignment", consignment_id)
        for box in state.containers if state is not None else ():
            other = _of_container(tx, box.container_id)
            if other is not None and other.visit.application_id and other.border_id == border.border_id:
                return str(other.visit.application_id)
        goods = state.goods if state is not None else None
        fields = {
            "direction": crossing.direction,
            "hs": goods.hs if goods else "",
            "goods": goods.goods_id if goods else "",
            "expected_at": max(crossing.comes_at, ledger.clock()).isoformat(),
            "n_trucks": max(1, len(state.containers)) if state is not None else 1,
            "consignment_id": consignment_id,
        }
        return str(applying.apply(ledger, who, border.border_id, fields)(tx).application_id)
    return ""
