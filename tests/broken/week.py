"""A tiny week with a plan that holds, small enough to check by hand; the files beside it each break one rule of it.

Monday 2022-07-18. Six containers:

- C00001 by train to Almaty and by truck on demand to Astana, late
- C00002, C00003 two 20-ft boxes by the same train, paired on one wagon
- C00004 groupage of two bookings, one of which a truck brings from Shihezi, by the same train
- C00005 left: nobody carries it in its time
- C00006 by an undecided feeder train after the plan's days

Of the second groupage booking two pieces are left. A second assembly train is cancelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

from landport.model import orders, timetable
from landport.model.bookings import Booking, CargoItem, NightSupply, RestrictionOrder
from landport.model.changes import roads
from landport.model.itinerary import Itinerary, Stretch
from landport.model.journeys import Pricing
from landport.model.plans import (
    SCHEMA,
    CargoBlock,
    Charge,
    Left,
    Plan,
    PlannedContainer,
    Ride,
    Stage,
    TrainRun,
    WagonLoad,
)
from landport.model.scenario import Scenario, World, network_of
from landport.model.services import DepartureNote
from landport.model.tariff import Load, fixed, left, road, truck_share_milli
from landport.reference import load

START = datetime(2022, 7, 18, tzinfo=UTC)
TRAIN, OTHER, FEEDER = "U-ALM-W@2022-07-20", "U-TAS-W@2022-07-19", "F-KRL-OUT@2022-07-22"


def booking(booking_id: str, **changes) -> Booking:
    """An FCL booking of one 40-ft box from the hub to Almaty, changed as said."""
    plain = Booking(
        booking_id=booking_id,
        shipper="S1",
        consignee="R1",
        kind="FCL",
        origin_id="URC",
        at_id="URC",
        destination_id="ALM",
        ready_at=600,
        due_at=12000,
        container_type="40HC",
        n_containers=1,
        goods_id="",
        hs="0806",
        gng_code="",
        declared_kg=18000,
        weighed_kg=None,
        value_usd_cents=100,
        priority=0,
        may_split=True,
        temperature_min_c=None,
        temperature_max_c=None,
        un_class="",
        un_number="",
    )
    return replace(plain, **changes)


GROUPAGE = {"kind": "LCL", "container_type": "", "n_containers": 0, "declared_kg": 0}

BOOKINGS = (
    booking("B1", destination_id="AST", due_at=7000, priority=1, weighed_kg=18200),
    booking("B2", container_type="20GP", n_containers=2, declared_kg=20000),
    booking("B3", **GROUPAGE, priority=2),
    booking("B4", **GROUPAGE, origin_id="SHZ", at_id="SHZ", due_at=11000),
    booking("B5", due_at=2000),
    booking("B6", destination_id="KRL"),
)


def item(item_id: str, booking_id: str, count: int, *size: int, **changes) -> CargoItem:
    """Pieces of 300 kg that bear 400 kg, changed as said."""
    length, width, height = size
    plain = CargoItem(
        item_id=item_id,
        booking_id=booking_id,
        goods_id="",
        length_mm=length,
        width_mm=width,
        height_mm=height,
        mass_g=300_000,
        weighed_g=None,
        count=count,
        vertical="h",
        max_layers=2,
        max_on_top_g=400_000,
    )
    return replace(plain, **changes)


ITEMS = (
    item("I1", "B3", 12, 1200, 1000, 1000, weighed_g=300_500),
    item("I2", "B4", 5, 800, 600, 500, mass_g=100_000, max_layers=3, max_on_top_g=200_000),
)


def block(item_id: str, corner: tuple[int, int, int], piece: tuple[int, int, int], grid: tuple[int, int, int]):
    """A block by its corner, one piece as it lies, and its pieces each way."""
    names = ("x_mm", "y_mm", "z_mm", "dx_mm", "dy_mm", "dz_mm", "nx", "ny", "nz")
    return CargoBlock(item_id=item_id, **dict(zip(names, (*corner, *piece, *grid), strict=True)))


BLOCKS = (
    block("I1", (0, 0, 0), (1200, 1000, 1000), (3, 2, 1)),
    block("I1", (0, 0, 1000), (1000, 1200, 1000), (3, 1, 1)),
    block("I1", (3600, 0, 0), (1200, 1000, 1000), (3, 1, 1)),
    block("I2", (3600, 0, 1000), (800, 600, 500), (1, 1, 2)),
    block("I2", (4400, 0, 1000), (600, 800, 500), (1, 1, 1)),
)


def scenario(world: World) -> Scenario:
    """The tiny week; its own version of the Almaty train needs 6 TEU only."""
    train = replace(world.network.services["U-ALM-W"], min_teu=6)
    bans = {"hs_prefixes": ("0807",), "un_classes": (), "container_types": (), "max_trains_per_day": None}
    order = RestrictionOrder(
        order_id="O1",
        number="17",
        issuer="KTZ",
        place_id="HRG",
        towards_id="ALT",
        from_at=0,
        until_at=10000,
        text="no melons",
        **bans,
    )
    cap = replace(order, order_id="O2", number="18", hs_prefixes=(), max_trains_per_day=1, text="one train a day")
    quota = replace(order, order_id="O3", number="19", hs_prefixes=(), max_teu_per_day=20, usd_cents_per_teu=1_500)
    day = {"place_id": "URC", "day_on": "2022-07-20"}
    return Scenario(
        name="tiny",
        start_at=START,
        now_at=480,
        hub_id="URC",
        plan_days=3,
        horizon_days=7,
        bookings=BOOKINGS,
        items=ITEMS,
        orders=(order, cap, quota),
        supply=(
            NightSupply(supply_id="N1", resource="X70", count=3, **day),
            NightSupply(supply_id="N2", resource="NX70A", count=1, **day),
            NightSupply(supply_id="N3", resource="track", count=1, **day),
        ),
        departures=(
            DepartureNote(departure_id=TRAIN, service_id="U-ALM-W", status="run", free_teu=8),
            DepartureNote(departure_id="U-ALM-W@2022-07-18", service_id="U-ALM-W", status="cancelled"),
            DepartureNote(departure_id=f"{OTHER}+1", service_id="U-TAS-W", status="extra", departs_at=3200),
        ),
        services=(train,),
        digest="0123456789ab",
    )


def _box(number: int, of: Booking, world: World, **changes) -> PlannedContainer:
    kind = world.container_types[changes.get("container_type", of.container_type)]
    cargo = changes.pop("cargo_kg", of.cargo_kg)
    plain = PlannedContainer(
        container_id=f"C{number:05d}",
        container_type=kind.container_type,
        booking_ids=(of.booking_id,),
        master_id="",
        at_id=of.at_id,
        destination_id=of.destination_id,
        ready_at=of.ready_at,
        due_at=of.due_at,
        priority=of.priority,
        cargo_kg=cargo,
        gross_kg=cargo + kind.tare_kg,
        blocks=(),
    )
    return replace(plain, **changes)


def _rides(world: World) -> Iterator[Ride]:
    def ride(subject_id: str, seq: int, departure_id: str, last: int, ends: str, departs_at: int, arrives_at: int):
        from_id, to_id = ends.split("-")
        return Ride(
            subject_id=subject_id,
            seq=seq,
            departure_id=departure_id,
            first_leg=min(1, last),
            last_leg=last,
            from_id=from_id,
            to_id=to_id,
            departs_at=departs_at,
            arrives_at=arrives_at,
        )

    yield ride("B4", 1, "", 0, "SHZ-URC", 600, 762)
    for number in (1, 2, 3, 4):  # Wednesday 12:20 in Beijing; then 14.7 h, 14 h, 0.3 h, 10 h and 8.4 h
        yield ride(f"C{number:05d}", 1, TRAIN, 3, "URC-ALM", 3140, 3140 + 882 + 840 + 18 + 600 + 504)
    yield ride("C00001", 2, "", 0, "ALM-AST", 5984 + 480, 5984 + 480 + 1518)
    yield ride("C00006", 1, FEEDER, 1, "URC-KRL", 4 * 1440 + 260, 4 * 1440 + 260 + 636)


def plan(week: Scenario, world: World) -> Plan:
    """Build the plan of the tiny week, priced; it breaks no rule."""
    b1, b2, b3, _, b5, b6 = BOOKINGS
    groupage = {"booking_ids": ("B3", "B4"), "master_id": "M00001", "container_type": "40HC", "blocks": BLOCKS}
    late = {"ready_at": 762 + 720, "due_at": 11000, "cargo_kg": 3906}  # 12 x 300.5 kg and 3 x 100 kg
    boxes = (
        _box(1, b1, world),
        _box(2, b2, world),
        _box(3, b2, world),
        _box(4, b3, world, **groupage, **late),
        _box(5, b5, world),
        _box(6, b6, world),
    )
    behind = {"state": "waiting", "code": "too-late", "why": "no train arrives by minute 2000"}
    wagons = (("C00001",), ("C00002", "C00003"), ("C00004",))
    stage = {"seed": 0, "effort": 1, "remarks": ()}
    bare = Plan(
        schema=SCHEMA,
        version="0",
        name="tiny",
        scenario_digest=week.digest,
        reference_digest=world.reference_digest,
        seed=0,
        effort="quick",
        rules=world.rules,
        containers=boxes,
        rides=tuple(_rides(world)),
        runs=(
            TrainRun(departure_id=OTHER, status="cancelled", why="0 TEU"),
            TrainRun(departure_id=TRAIN, status="run"),
        ),
        wagons=tuple(
            WagonLoad(departure_id=TRAIN, seq=i, wagon_type="X70", container_ids=ids) for i, ids in enumerate(wagons, 1)
        ),
        left=(
            Left(booking_id="B5", container_id="C00005", item_id="", count=1, **behind),
            Left(booking_id="B4", container_id="", item_id="I2", count=2, **behind),
        ),
        charges=(),
        stages=(
            Stage(name="consolidate", unit="containers", cost=1, bound=1, stopped="bound", **stage),
            Stage(name="route", unit="USD cents", cost=0, bound=0, stopped="optimal", **stage),
            Stage(name="assemble", unit="USD cents", cost=0, bound=0, stopped="effort", **stage),
        ),
        remarks=(),
    )
    return priced(decided(bare, week, world), week, world)


def decided(bare: Plan, week: Scenario, world: World) -> Plan:
    """List every hub train of the plan's days: what the plan says of it, else cancelled."""
    said = {r.departure_id: r for r in bare.runs}
    rates = pricing(week, world)
    days = [d for d, run in rates.departures.items() if rates.is_decided(d) and run.departs_at >= week.now_at]
    nothing = {"status": "cancelled", "why": "nothing could ride it"}
    return replace(bare, runs=tuple(said.get(d) or TrainRun(departure_id=d, **nothing) for d in days))


def priced(bare: Plan, week: Scenario, world: World) -> Plan:
    """Charge a plan by the planners' tariff, and let the stages cost that."""
    charges = tuple(_charges(bare, week, world))
    ours = {b.container_id for b in bare.containers} | {r.departure_id for r in bare.runs}
    cost = sum(c.usd_cents for c in charges if c.subject_id in ours)
    costs = {"assemble": cost, "consolidate": sum(1 for b in bare.containers if b.blocks)}
    stages = tuple(replace(s, cost=costs.get(s.name, s.cost)) for s in bare.stages)
    return replace(bare, charges=charges, stages=stages)


def pricing(week: Scenario, world: World) -> Pricing:
    """Lay the week out as the planners do."""
    network = network_of(week, world).as_of(week.start_at.date())
    dated = timetable.departures(
        network.services,
        network.places,
        week.departures,
        start_at=week.start_at,
        from_minute=0,
        until_minute=14 * 1440,
        holidays=network.holidays,
    )
    return Pricing(
        network=network,
        roads=roads(network.lines, network.places, world.rules),
        departures={d.departure_id: d for d in dated},
        transfers={t.transfer_id: t for t in network.transfers},
        container_types=world.container_types,
        rules=world.rules,
        plan_end=week.plan_days * 1440,
        quotas=orders.quotas(week.orders),
        bookings={b.booking_id: b for b in week.bookings},
    )


def _charges(bare: Plan, week: Scenario, world: World) -> Iterator[Charge]:
    rates = pricing(week, world)
    for box in bare.containers:
        rides = sorted((r for r in bare.rides if r.subject_id == box.container_id), key=lambda r: r.seq)
        if rides:
            yield from rates.journey(box, itinerary(rides))
    yield from _gathering(bare, week, world, rates)
    yield from _leaving(bare, week, world, rates)
    for run in bare.runs:
        if run.status == "run":
            yield fixed(run.departure_id, rates.service(run.departure_id))


def _gathering(bare: Plan, week: Scenario, world: World, rates: Pricing) -> Iterator[Charge]:
    bookings = {b.booking_id: b for b in week.bookings}
    for ride in bare.rides:
        if ride.subject_id in bookings and ride.subject_id not in {b.container_id for b in bare.containers}:
            cargo = [i for i in week.items if i.booking_id == ride.subject_id]
            if bookings[ride.subject_id].destination_id != week.hub_id:
                cargo = [replace(i, count=_inside(bare, i.item_id)) for i in cargo]
            kg = -(-sum(i.piece_g * i.count for i in cargo) // 1000)
            share = _share(bookings[ride.subject_id], truck_share_milli(cargo, world.rules), kg)
            yield road(share, rates.roads[ride.from_id, ride.to_id], world.network.places, world.rules)


def _inside(bare: Plan, item_id: str) -> int:
    return sum(b.count for box in bare.containers for b in box.blocks if b.item_id == item_id)


def _leaving(bare: Plan, week: Scenario, world: World, rates: Pricing) -> Iterator[Charge]:
    bookings, items = {b.booking_id: b for b in week.bookings}, {i.item_id: i for i in week.items}
    boxes = {b.container_id: b for b in bare.containers}
    for behind in bare.left:
        if behind.container_id in boxes:
            yield left(rates.load_of(boxes[behind.container_id]), world.rules)
        if behind.item_id in items:
            share = truck_share_milli([replace(items[behind.item_id], count=behind.count)], world.rules)
            yield left(_share(bookings[behind.booking_id], share, 0), world.rules)


def _share(of: Booking, milli: int, kg: int) -> Load:
    return Load(subject_id=of.booking_id, teu=0, feu_milli=milli, cargo_kg=kg, gross_kg=kg, priority=of.priority)


TRANSFERS = {
    ("ALM", "rail", "truck"): "ALM-rail1520-road",
    ("HRG", "rail", "truck"): "HRG-rail1435-road",
    ("KRL", "rail", "rail"): "KRL-rail1435-rail1435",
}
"""Transfer ids of the changes in the week, and in plans made from it."""


def itinerary(rides: list[Ride]) -> Itinerary:
    """Make a way of the rides of one box, in order."""
    stretches = tuple(
        Stretch(
            departure_id=r.departure_id,
            first_leg=r.first_leg,
            last_leg=r.last_leg,
            from_id=r.from_id,
            to_id=r.to_id,
            departs_at=r.departs_at,
            arrives_at=r.arrives_at,
        )
        for r in rides
    )
    changed = []
    for before, after in pairwise(rides):
        modes = ("rail" if r.departure_id else "truck" for r in (before, after))
        if before.to_id == after.from_id:
            changed.append(TRANSFERS[before.to_id, *modes])
    return Itinerary(stretches=stretches, transfer_ids=tuple(changed))


@cache
def tiny() -> tuple[Plan, Scenario, World]:
    """The plan that holds, its scenario and the shipped world."""
    world = load.world()
    week = scenario(world)
    return plan(week, world), week, world
