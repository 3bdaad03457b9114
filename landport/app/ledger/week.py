"""Weeks: opened once, with the bookings of a scenario; and the scenario of now, which plans are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from landport import exchange, track
from landport.app.ledger import parties, reads
from landport.app.ledger.desk import Command, Ledger, Principal
from landport.app.ledger.going_on import booked_in, has_left, packed_in, rest_of
from landport.app.ledger.projecting import WeekState
from landport.errors import NotFound
from landport.exchange.booked import booking_from, goods_of
from landport.exchange.weeks import week_bytes, week_from
from landport.model.bookings import Booking, CargoItem, RestrictionOrder
from landport.model.events import Draft
from landport.model.facts import ConsignmentBooked, WeekOpened
from landport.model.scenario import Scenario
from landport.model.services import DepartureNote
from landport.model.troubles import OrderIssued
from landport.store import Tx, View, blobs
from landport.track.states import ContainerState, OrderState, TrainState
from landport.units import instant_of

CHUNK: Final = 200
"""Bookings that are written in one transaction when a week is loaded."""

WEEK: Final = "week"
"""Kind of stored weeks."""

_MINUTE: Final = timedelta(minutes=1)
_STRANDING: Final = ("PathCancelled", "HandOverCancelled")


def open_week(ledger: Ledger, who: Principal, scenario: Scenario) -> Command:
    """Open a week: its settings and tables but for bookings; the week that was open is closed.

    Returns
    -------
    Command
        Answers the week's state. A week that is open as it is stays so.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    """
    who.expect_may("plan")
    frame = replace(scenario, bookings=(), items=(), orders=(), digest="")
    content = week_bytes(frame)
    week_id = scenario.start_at.date().isoformat()

    def command(tx: Tx) -> WeekState:
        digest = blobs.put(tx, WEEK, content)
        before = reads.open_week(tx)
        if before is None or before.week is None or before.week.digest != digest:
            fact = _opened(frame, digest)
            closes = before is not None and before.week_id != week_id
            tx.append([_draft(ledger, f"week/{week_id}", fact, f"week/{before.week_id}" if closes and before else "")])
        new = [o for o in scenario.orders if reads.known(tx, "order", o.order_id) is None]
        tx.append([_draft(ledger, f"order/{o.order_id}", issued(o, scenario)) for o in new])
        opened = reads.known(tx, "week", week_id)
        assert isinstance(opened, WeekState)
        return opened

    return command


def load_week(
    ledger: Ledger, who: Principal, scenario: Scenario, notify: Callable[[str], None] = lambda _: None
) -> int:
    """Open a week and book all that its scenario has, but for what is booked already.

    Returns
    -------
    int
        How many consignments were booked.

    Raises
    ------
    NotPermitted
        `not-permitted`.
    """
    who.expect_may("book")
    ledger.do(who, open_week(ledger, who, scenario))
    items: dict[str, list[CargoItem]] = {}
    for item in scenario.items:
        items.setdefault(item.booking_id, []).append(item)
    booked, names = 0, dict[str, str]()
    for first in range(0, len(scenario.bookings), CHUNK):
        chunk = scenario.bookings[first : first + CHUNK]
        ledger.do(who, _book_all(ledger, who, chunk, items, scenario, names))
        booked += len(chunk)
        notify(f"book {booked:,} of {len(scenario.bookings):,}")
    return booked


def _book_all(
    ledger: Ledger,
    who: Principal,
    bookings: Sequence[Booking],
    items: Mapping[str, Sequence[CargoItem]],
    scenario: Scenario,
    names: dict[str, str],
) -> Command:
    """Book some bookings; `names` remembers the ids of parties."""

    def party(tx: Tx, name: str) -> str:
        if name and name not in names:
            names[name] = parties.known(tx, who, name[: parties.MOST_NAME])
        return names[name] if name else ""

    def command(tx: Tx) -> int:
        new = [b for b in bookings if reads.known(tx, "consignment", b.booking_id) is None]
        named = [replace(b, shipper=party(tx, b.shipper), consignee=party(tx, b.consignee)) for b in new]
        goods = [goods_of(b, tuple(items.get(b.booking_id, ())), scenario.start_at, "") for b in named]
        facts = {f"consignment/{b.booking_id}": ConsignmentBooked(goods=g) for b, g in zip(named, goods, strict=True)}
        tx.append([_draft(ledger, stream, fact) for stream, fact in facts.items()])
        return len(facts)

    return command


def _opened(frame: Scenario, digest: str) -> WeekOpened:
    return WeekOpened(
        name=frame.name,
        start_at=frame.start_at,
        now_at=instant_of(frame.now_at, frame.start_at),
        hub_id=frame.hub_id,
        plan_days=frame.plan_days,
        horizon_days=frame.horizon_days,
        digest=digest,
    )


def issued(order: RestrictionOrder, scenario: Scenario) -> OrderIssued:
    """Write a restriction order with instants for minutes."""
    return OrderIssued(
        number=order.number,
        issuer=order.issuer,
        place_id=order.place_id,
        towards_id=order.towards_id,
        from_at=instant_of(order.from_at, scenario.start_at),
        until_at=instant_of(order.until_at, scenario.start_at),
        hs_prefixes=order.hs_prefixes,
        un_classes=order.un_classes,
        container_types=order.container_types,
        max_trains_per_day=order.max_trains_per_day,
        max_teu_per_day=order.max_teu_per_day,
        usd_cents_per_teu=order.usd_cents_per_teu,
        text=order.text,
    )


def _draft(ledger: Ledger, stream: str, fact: object, about: str = "") -> Draft:
    return Draft(
        stream=stream,
        type=type(fact).__name__,
        payload=track.payload_of(fact),
        happened_at=ledger.clock(),
        about=(about,) if about else (),
    )


# ---- the scenario of now -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Now:
    """A week as it is now.

    Parameters
    ----------
    scenario
        What plans are made from, with its digest.
    week
        State of the week that is open.
    containers
        By id, as they are.
    trains
        By departure, as they are.
    """

    scenario: Scenario
    week: WeekState
    containers: Mapping[str, ContainerState]
    trains: Mapping[str, TrainState]


def frame_now(ledger: Ledger, view: View) -> tuple[WeekState, Scenario]:
    """Read the week that is open, with the orders in force and cancelled trains, but without bookings.

    Raises
    ------
    NotFound
        `no-week`: none is open.
    """
    week = reads.open_week(view)
    if week is None or week.week is None:
        raise NotFound("no-week", "no week is open: open one, such as landport book WEEK --db DATABASE")
    frame = _frame(ledger, view, week.week.digest)
    now_at = max(frame.now_at, (ledger.clock() - frame.start_at) // _MINUTE)
    orders = tuple(_order(order_id, o, frame) for order_id, o in reads.orders(view).items() if o.status == "in_force")
    return week, replace(frame, now_at=now_at, orders=orders)


def scenario_now(ledger: Ledger, view: View) -> Now:
    """Read the week that is open as it is now: what plans are made from.

    Notes
    -----
    Consignments that are cancelled are left out; so is what left with the plans of earlier weeks. Masses are those
    weighed, customs as they stand. Freight that a cancelled train left behind on its way is where it stands; that whose
    containers stand at several places is left out: nobody plans it as one.
    """
    week, frame = frame_now(ledger, view)
    boxes, trains = reads.containers(view), reads.trains(view)
    planned, packed = booked_in(ledger, view, week), packed_in(ledger, view, week)
    bookings: list[Booking] = []
    items: list[CargoItem] = []
    for consignment_id, state in reads.consignments(view).items():
        if state.goods is None or state.status == "cancelled":
            continue
        goods, mine = state.goods, [boxes[b.container_id] for b in state.containers if b.container_id in boxes]
        if consignment_id not in planned:
            goods, mine = rest_of(goods, [b for b in mine if has_left(b)], packed), [b for b in mine if not has_left(b)]
        booking = _as_is(booking_from(consignment_id, goods, frame.start_at), mine, trains, frame, ledger)
        if booking is not None and (goods.n_containers or goods.items):
            bookings.append(booking)
            items += goods.items
    departures = (*_notes(frame, trains),)
    scenario = replace(frame, bookings=tuple(bookings), items=tuple(items), departures=departures)
    return Now(replace(scenario, digest=exchange.digest(scenario)), week, boxes, trains)


def _frame(ledger: Ledger, view: View, digest: str) -> Scenario:
    key = f"frame {view.tenant_id}"
    found = ledger.kept.get(key)
    if found is None or found[0] != digest:
        found = ledger.kept[key] = (digest, week_from(blobs.get(view, digest)))
    frame: Scenario = found[1]
    return frame


def _order(order_id: str, state: OrderState, frame: Scenario) -> RestrictionOrder:
    order = state.order
    assert order is not None, "an order in force was issued"
    return RestrictionOrder(
        order_id=order_id,
        number=order.number,
        issuer=order.issuer,
        place_id=order.place_id,
        towards_id=order.towards_id,
        from_at=(order.from_at - frame.start_at) // _MINUTE,
        until_at=(order.until_at - frame.start_at) // _MINUTE,
        hs_prefixes=order.hs_prefixes,
        un_classes=order.un_classes,
        container_types=order.container_types,
        max_trains_per_day=order.max_trains_per_day,
        text=order.text,
        max_teu_per_day=order.max_teu_per_day,
        usd_cents_per_teu=order.usd_cents_per_teu,
    )


def _as_is(
    booking: Booking, boxes: Sequence[ContainerState], trains: Mapping[str, TrainState], frame: Scenario, ledger: Ledger
) -> Booking | None:
    """Write a booking as its containers are; None: they stand at several places, and cannot go on as planned."""
    known: dict[str, Any] = {}
    if booking.kind == "FCL":
        tare = ledger.world.container_types[booking.container_type].tare_kg
        weighed = [b.weighed_kg - tare for b in boxes if b.weighed_kg > tare]
        known = {"weighed_kg": max(weighed)} if weighed else {}
    if boxes and not booking.is_released:
        known["is_released"] = all(b.released_at for b in boxes)
    stranded = [b for b in boxes if has_left(b) and any(e.type in _STRANDING for e in b.exceptions)]
    if not stranded:
        return replace(booking, **known)
    places = {_next_place(b, trains) for b in boxes}
    if len(places) > 1:
        return None
    at_id, ready_at = places.pop()
    minute = frame.now_at if ready_at is None else max(frame.now_at, (ready_at - frame.start_at) // _MINUTE)
    if not at_id or at_id == booking.destination_id:
        return None
    return replace(booking, at_id=at_id, ready_at=minute, due_at=max(booking.due_at, minute + 1), **known)


def _next_place(box: ContainerState, trains: Mapping[str, TrainState]) -> tuple[str, Any]:
    """Say where a container is or comes to next, and when; None: it is there."""
    if box.status != "under_way":
        return box.at_id, None
    train = trains.get(box.departure_id)
    ahead = [s for s in train.stops if s.arrives_at and not s.arrived_at and not s.departed_at] if train else []
    return (ahead[0].at_id, ahead[0].arrives_at) if ahead else ("", None)


def _notes(frame: Scenario, trains: Mapping[str, TrainState]) -> Iterator[DepartureNote]:
    """List the notes on departures, with those cancelled since."""
    off = {d for d, t in trains.items() if is_off(t)}
    for note in frame.departures:
        if note.departure_id in off:
            off.discard(note.departure_id)
            if note.status == "extra":
                continue
            note = replace(note, status="cancelled", free_teu=None, plugs=None)
        yield note
    for departure_id in sorted(off):
        if "+" not in departure_id:
            service_id = departure_id.partition("@")[0]
            yield DepartureNote(departure_id=departure_id, service_id=service_id, status="cancelled")


def is_off(train: TrainState) -> bool:
    """Tell whether no plan may use a train: it is cancelled, or the next railway does not take it over."""
    is_stopped = train.status == "planned" and any(e.type == "HandOverCancelled" for e in train.exceptions)
    return train.status == "cancelled" or is_stopped
