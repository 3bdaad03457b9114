"""The stages of planning a week, each from data to data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from landport import assemble, consolidate, route
from landport.app import packing
from landport.model import orders, timetable
from landport.model.assembly import Assembly
from landport.model.bookings import Booking, CargoItem
from landport.model.changes import roads
from landport.model.equipment import ContainerType
from landport.model.itinerary import Dues, Itinerary, OtherTerms, Refusal, Room, Trip, Ways
from landport.model.journeys import Pricing
from landport.model.loads import LoadedBox, LoadRules, Loads
from landport.model.network import Network
from landport.model.plans import Left, PlannedContainer, Ride
from landport.model.result import Limit, Result
from landport.model.rules import Rules
from landport.model.scenario import Scenario, World, network_of
from landport.model.services import UNDER_WAY_DAYS
from landport.units import kg_ceil

LCL_TYPES = ("40HC", "20GP")
"""Container types for groupage, the preferred first."""

LCL_REEFERS = ("40RH", "40RF")
"""Container types for groupage that needs a temperature."""


@dataclass(frozen=True, slots=True)
class Week:
    """A scenario laid out for planning.

    Parameters
    ----------
    plan_end
        Minute at which tonight's decisions end.
    """

    scenario: Scenario
    world: World
    pricing: Pricing
    space: route.Space
    plan_end: int
    items_of: Mapping[str, tuple[CargoItem, ...]]

    @property
    def network(self) -> Network:
        """The network as of the scenario's start, with the scenario's own services."""
        return self.pricing.network


def lay_out(scenario: Scenario, world: World) -> Week:
    """Date the timetable and lay the network out."""
    network = network_of(scenario, world).as_of(scenario.start_at.date())
    plan_end = scenario.plan_days * 1440
    pricing = priced(scenario, world, network, plan_end)
    dated = tuple(pricing.departures.values())
    space = route.space(
        network, dated, world.rules, start_at=scenario.start_at, plan_end=plan_end, now_at=scenario.now_at
    )
    items: dict[str, list[CargoItem]] = {}
    for item in scenario.items:
        items.setdefault(item.booking_id, []).append(item)
    return Week(scenario, world, pricing, space, plan_end, {b: tuple(found) for b, found in items.items()})


def priced(scenario: Scenario, world: World, network: Network, plan_end: int) -> Pricing:
    """Date the departures of a network and say what journeys over it are priced with.

    Parameters
    ----------
    plan_end
        Hub departures that leave their first stop at or after this minute are undecided.
    """
    dated = timetable.departures(
        network.services,
        network.places,
        scenario.departures,
        start_at=scenario.start_at,
        from_minute=scenario.now_at - UNDER_WAY_DAYS * 1440,
        until_minute=scenario.horizon_days * 1440,
        holidays=network.holidays,
    )
    return Pricing(
        network=network,
        roads=roads(network.lines, network.places, world.rules),
        departures={d.departure_id: d for d in dated},
        transfers={t.transfer_id: t for t in network.transfers},
        container_types=world.container_types,
        rules=world.rules,
        plan_end=plan_end,
        quotas=orders.quotas(scenario.orders),
        bookings={b.booking_id: b for b in scenario.bookings},
    )


@dataclass(frozen=True, slots=True)
class Gathered:
    """LCL goods brought to the hub.

    Parameters
    ----------
    ready_at
        Minute by booking id at which its goods can be packed; of those that go on from the hub.
    rides
        One truck a booking that is elsewhere; a booking bound for the hub is delivered by it.
    left
        What finds no road, or is at its destination already.
    """

    ready_at: Mapping[str, int]
    rides: tuple[Ride, ...]
    left: tuple[Left, ...]


def gather(week: Week) -> Gathered:
    """Bring LCL goods to the hub by truck on demand, leaving as soon as they are ready (and not before now).

    Notes
    -----
    Which of these rides take place is known once the goods are packed: see `needed`.
    """
    stuffing = week.world.rules.milli("lcl_stuffing_h") * 60 // 1000
    hub = week.scenario.hub_id
    ready: dict[str, int] = {}
    rides: list[Ride] = []
    left: list[Left] = []
    for booking in week.scenario.bookings:
        if booking.kind != "LCL":
            continue
        leaves = max(booking.ready_at, week.scenario.now_at)
        road = week.pricing.roads.get((booking.at_id, hub))
        if booking.at_id == booking.destination_id:
            left += _left_items(week, booking, _arrived(booking.at_id))
        elif booking.at_id == hub:
            ready[booking.booking_id] = leaves + stuffing
        elif road is None:
            why = f"no road leads from {booking.at_id} to the hub {hub}; book it at a place that has one"
            left += _left_items(week, booking, Refusal(state="refused", code="no-road", why=why))
        else:
            rides.append(_truck(booking, hub, leaves, leaves + road.running_minutes))
            if booking.destination_id != hub:
                ready[booking.booking_id] = rides[-1].arrives_at + stuffing
    return Gathered(ready, tuple(rides), tuple(left))


def _truck(booking: Booking, hub_id: str, departs_at: int, arrives_at: int) -> Ride:
    return Ride(
        subject_id=booking.booking_id,
        seq=1,
        departure_id="",
        first_leg=0,
        last_leg=0,
        from_id=booking.at_id,
        to_id=hub_id,
        departs_at=departs_at,
        arrives_at=arrives_at,
    )


def _arrived(place_id: str) -> Refusal:
    why = f"it is at {place_id} already, where it goes; there is nothing to move"
    return Refusal(state="refused", code="at-destination", why=why)


def _left_items(week: Week, booking: Booking, reason: Refusal) -> list[Left]:
    return [
        Left(
            booking_id=booking.booking_id,
            container_id="",
            item_id=item.item_id,
            count=item.count,
            state=reason.state,
            code=reason.code,
            why=reason.why,
        )
        for item in week.items_of.get(booking.booking_id, ())
    ]


def needed(gathered: Gathered, loads: Loads) -> Gathered:
    """Drop the truck rides of goods that are to be packed at the hub, but of which nothing is."""
    packed = {booking_id for box in loads.boxes for booking_id in box.booking_ids}
    rides = (r for r in gathered.rides if r.subject_id in packed or r.subject_id not in gathered.ready_at)
    return replace(gathered, rides=tuple(rides))


def load(week: Week, gathered: Gathered, *, limit: Limit, seed: int, workers: int = 1) -> Result[Loads]:
    """Pack LCL goods by lane and cut-off, within what trains on the sensible ways there take.

    Parameters
    ----------
    workers
        Processes that lanes may be spread over.
    """
    bookings = [b for b in week.scenario.bookings if b.booking_id in gathered.ready_at]
    hub, rules = week.scenario.hub_id, week.world.rules
    lanes = sorted({b.destination_id for b in bookings})
    cut_offs = route.cut_offs(lanes, week.space, hub_id=hub, rules=rules, until=week.plan_end)
    types = [week.world.container_types[t] for t in (*LCL_TYPES, *LCL_REEFERS)]
    payload = _payload_kg(week, lanes, types)
    groups = consolidate.group(
        bookings,
        [item for b in bookings for item in week.items_of.get(b.booking_id, ())],
        ready_at=gathered.ready_at,
        cut_offs=cut_offs,
        hub_id=hub,
        container_types=types,
        payload_kg=payload,
        rules=rules,
    )
    obeyed = load_rules(week)
    return packing.pack([replace(g, rules=obeyed) for g in groups], seed=seed, limit=limit, workers=workers)


def load_rules(week: Week) -> LoadRules:
    """Say what every container packed at the hub obeys; balance only where the week asks for it."""
    rules = balance_rules(week.world.rules) if week.scenario.is_balanced else LoadRules()
    return replace(rules, forbidden_pairs=week.world.rules.forbidden_pairs)


def balance_rules(rules: Rules) -> LoadRules:
    """Say how near the middle the mass of a load lies (CTU Code, Annex 7)."""
    cog, half = rules.milli("load_cog_pct") // 1000, rules.milli("load_half_pct") // 1000
    return LoadRules(cog_length_pct=cog, cog_width_pct=cog, half_pct=half)


def _payload_kg(week: Week, lanes: Sequence[str], types: Sequence[ContainerType]) -> Mapping[tuple[str, str], int]:
    """Usable payload by lane and type, in kg: the least of its plate and of every leg of the sensible ways.

    Notes
    -----
    That is for a container that is at the hub now, restriction orders left out. A piece that only some of these ways
    take opens them to all of its lane; one that none takes is refused. Other ways may take less: `route` does not offer
    them. Whether 20-ft boxes find partners is seen when wagons are loaded: two at the limit of a train fit one.
    """
    asked = {(lane, kind.container_type): kind for lane in lanes for kind in types}
    heaviest = _heaviest_kg(week, max(kind.payload_kg for kind in types))
    trips = [
        Trip(
            trip_id=f"{lane}/{container_type}",
            at_id=week.scenario.hub_id,
            destination_id=lane,
            ready_at=week.scenario.now_at,
            due_at=week.scenario.now_at,
            container_type=container_type,
            gross_kg=kind.tare_kg + heaviest.get(lane, 0),
            cargo_codes=(),
            un_classes=(),
        )
        for (lane, container_type), kind in asked.items()
    ]
    hub, rules = week.scenario.hub_id, week.world.rules
    gross = route.usable_gross_kg(trips, week.space, week.world.container_types, hub_id=hub, rules=rules)
    return {
        (lane, of): min(kind.payload_kg, gross[f"{lane}/{of}"] - kind.tare_kg) for (lane, of), kind in asked.items()
    }


def _heaviest_kg(week: Week, most: int) -> Mapping[str, int]:
    """Mass of the heaviest piece of groupage by destination, of those that weigh at most so much."""
    heaviest: dict[str, int] = {}
    for booking in week.scenario.bookings:
        for item in week.items_of.get(booking.booking_id, ()):
            to, kg = booking.destination_id, kg_ceil(item.piece_g)
            heaviest[to] = max(heaviest.get(to, 0), kg if kg <= most else 0)
    return heaviest


def containers(week: Week, gathered: Gathered, loads: Loads) -> tuple[PlannedContainer, ...]:
    """List every container of the plan: FCL by booking, then the boxes packed at the hub."""
    boxes: list[PlannedContainer] = []
    for booking in week.scenario.bookings:
        if booking.kind == "FCL":
            boxes += [fcl(week, booking, len(boxes) + i + 1) for i in range(booking.n_containers)]
    bookings = {b.booking_id: b for b in week.scenario.bookings}
    for i, box in enumerate(loads.boxes, 1):
        boxes.append(lcl(week, [bookings[b] for b in box.booking_ids], box, gathered, len(boxes) + 1, i))
    return tuple(boxes)


def fcl(week: Week, booking: Booking, number: int) -> PlannedContainer:
    """Make a container of an FCL booking."""
    kind = week.world.container_types[booking.container_type]
    return PlannedContainer(
        container_id=f"C{number:05d}",
        container_type=booking.container_type,
        booking_ids=(booking.booking_id,),
        master_id="",
        at_id=booking.at_id,
        destination_id=booking.destination_id,
        ready_at=booking.ready_at,
        due_at=booking.due_at,
        priority=booking.priority,
        cargo_kg=booking.cargo_kg,
        gross_kg=booking.cargo_kg + kind.tare_kg,
        blocks=(),
    )


def lcl(
    week: Week, bookings: Sequence[Booking], box: LoadedBox, gathered: Gathered, number: int, master: int
) -> PlannedContainer:
    """Make a container of what is packed in it."""
    cargo = kg_ceil(box.cargo_g)
    return PlannedContainer(
        container_id=f"C{number:05d}",
        container_type=box.container_type,
        booking_ids=box.booking_ids,
        master_id=f"M{master:05d}",
        at_id=week.scenario.hub_id,
        destination_id=bookings[0].destination_id,
        ready_at=max(gathered.ready_at[b.booking_id] for b in bookings),
        due_at=min(b.due_at for b in bookings),
        priority=max(b.priority for b in bookings),
        cargo_kg=cargo,
        gross_kg=cargo + week.world.container_types[box.container_type].tare_kg,
        blocks=box.blocks,
    )


def ways(
    week: Week,
    boxes: Sequence[PlannedContainer],
    *,
    limit: Limit,
    seed: int,
    room: Room | None = None,
    dues: Dues | None = None,
) -> Result[Ways]:
    """Find ways for every container; boxes of one booking share one search. With `room`: where it leaves some.

    With `dues` legs cost so much more to whoever seeks a way; the ways are the same to anybody else.
    """
    bookings = {b.booking_id: b for b in week.scenario.bookings}
    refusals: dict[str, Refusal] = {}
    asked: dict[str, list[str]] = {}
    trips = []
    for box in boxes:
        refusal = unfit(week, box, [bookings[b] for b in box.booking_ids])
        if refusal:
            refusals[box.container_id] = refusal
            continue
        trip_id = box.booking_ids[0] if not box.master_id else box.container_id
        if trip_id not in asked:
            trips.append(trip_of(trip_id, box, [bookings[b] for b in box.booking_ids]))
        asked.setdefault(trip_id, []).append(box.container_id)
    found = route.plan(
        trips,
        week.space,
        week.scenario.orders,
        week.world.container_types,
        hub_id=week.scenario.hub_id,
        rules=week.world.rules,
        limit=limit,
        seed=seed,
        room=room,
        dues=dues,
    )
    choices = {c: found.plan.choices[t] for t, ids in asked.items() for c in ids if t in found.plan.choices}
    refusals |= {c: found.plan.refusals[t] for t, ids in asked.items() for c in ids if t in found.plan.refusals}
    return replace(found, plan=Ways(choices=choices, refusals=refusals))


def trip_of(trip_id: str, box: PlannedContainer, bookings: Sequence[Booking]) -> Trip:
    """Ask for ways of a container as it is planned."""
    inside = orders.goods_of(bookings)
    return Trip(
        trip_id=trip_id,
        at_id=box.at_id,
        destination_id=box.destination_id,
        ready_at=box.ready_at,
        due_at=box.due_at,
        container_type=box.container_type,
        gross_kg=box.gross_kg,
        cargo_codes=inside.cargo_codes,
        un_classes=inside.un_classes,
        priority=box.priority,
        n_boxes=bookings[0].n_containers if not box.master_id else 1,
    )


def unfit(week: Week, box: PlannedContainer | Trip, bookings: Sequence[Booking]) -> Refusal | None:
    """Say why a container may not travel at all; None: it may."""
    kind = week.world.container_types[box.container_type]
    if box.at_id == box.destination_id:
        return _arrived(box.at_id)
    if box.gross_kg > kind.max_gross_kg or box.cargo_kg > kind.payload_kg:
        why = f"holds {box.cargo_kg:,} kg; a {kind.container_type} may hold {kind.payload_kg:,} kg"
        return Refusal(state="refused", code="overweight", why=why)
    if kind.equipment != "reefer" and any(needs_reefer(b) for b in bookings):
        why = f"needs a temperature between {bookings[0].temperature_min_c} and {bookings[0].temperature_max_c} °C"
        return Refusal(state="refused", code="equipment", why=f"{why}; a {kind.container_type} keeps none")
    return None


def needs_reefer(booking: Booking) -> bool:
    """Tell whether goods need a temperature."""
    return booking.temperature_min_c is not None or booking.temperature_max_c is not None


def put_together(
    week: Week,
    boxes: Sequence[PlannedContainer],
    found: Ways,
    *,
    limit: Limit,
    seed: int,
    other_terms: OtherTerms | None = None,
    kept: assemble.Kept | None = None,
    allowed: Allowed = lambda container_id, way: True,
    asking_s: float = 0.0,
) -> Result[Assembly]:
    """Assemble trains: who rides what, which trains run, how wagons are loaded.

    Parameters
    ----------
    kept
        What stays of a plan before.
    allowed
        Ways that a container may be offered; the others are dropped.
    asking_s
        Wall seconds that it took to find the ways of all.
    """
    scenario = week.scenario
    resources = assemble.Resources(
        week.pricing, scenario.supply, scenario.start_at, scenario.hub_id, scenario.now_at, kept
    )

    def priced_ways(some: Sequence[PlannedContainer], dues: Dues) -> Ways:
        more = ways(week, some, limit=limit, seed=seed, dues=dues).plan
        choices = {c: tuple(w for w in its if allowed(c, w)) for c, its in more.choices.items()}
        return replace(more, choices=choices)

    return assemble.plan(
        boxes,
        found,
        resources,
        week.scenario.orders,
        week.world.wagon_types,
        limit=limit,
        seed=seed,
        priced_ways=priced_ways,
        other_terms=other_terms,
        moments=_moments(week, boxes),
        asking_s=asking_s,
    )


def _moments(week: Week, boxes: Sequence[PlannedContainer]) -> Mapping[str, tuple[int, int]]:
    """Say where containers weigh; weeks that ask for no balance have load plans that do not tell."""
    if not week.scenario.is_balanced:
        return {}
    items = {i.item_id: i for i in week.scenario.items}
    return assemble.moments(boxes, items, week.world.container_types)


Allowed = Callable[[str, Itinerary], bool]
"""Tells whether a container may take a way."""

Notify = Callable[[str], None]
"""Told the name of each stage as it begins."""
