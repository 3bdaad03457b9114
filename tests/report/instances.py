"""Plans to report on: a tiny one that fits in a head, and a week as busy as the demo's."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from landport.errors import Remark
from landport.model import tariff, timetable
from landport.model.bookings import Booking, CargoItem
from landport.model.plans import CargoBlock, Charge, Left, Plan, PlannedContainer, Ride, Stage, TrainRun, WagonLoad
from landport.model.rules import Rules
from landport.model.scenario import Scenario, World
from landport.model.services import Departure
from landport.reference.load import world as shipped

START = datetime(2022, 7, 18, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A plan with the scenario and world it was made from."""

    plan: Plan
    scenario: Scenario
    world: World


@dataclass(frozen=True)
class Violation:
    """Stands in for the auditor's."""

    code: str
    message: str


def booking(booking_id: str, **changes: object) -> Booking:
    base = Booking(
        booking_id=booking_id,
        shipper="Xinjiang Tomato",
        consignee="Almaty Foods",
        kind="FCL",
        origin_id="URC",
        at_id="URC",
        destination_id="ALM",
        ready_at=600,
        due_at=8000,
        container_type="40HC",
        n_containers=1,
        goods_id="tomato_paste",
        hs="2002",
        gng_code="",
        declared_kg=20000,
        weighed_kg=None,
        value_usd_cents=0,
        priority=0,
        may_split=False,
        temperature_min_c=None,
        temperature_max_c=None,
        un_class="",
        un_number="",
    )
    return replace(base, **changes)


def box(container_id: str, **changes: object) -> PlannedContainer:
    base = PlannedContainer(
        container_id=container_id,
        container_type="40HC",
        booking_ids=("B1",),
        master_id="",
        at_id="URC",
        destination_id="ALM",
        ready_at=600,
        due_at=8000,
        priority=0,
        cargo_kg=20000,
        gross_kg=23900,
        blocks=(),
    )
    return replace(base, **changes)


def scenario_of(bookings: tuple[Booking, ...], items: tuple[CargoItem, ...] = (), **changes: object) -> Scenario:
    base = Scenario(
        name="week 29",
        start_at=START,
        now_at=240,
        hub_id="URC",
        plan_days=7,
        horizon_days=35,
        bookings=bookings,
        items=items,
        digest="0123456789ab",
    )
    return replace(base, **changes)


def plan_of(**parts: object) -> Plan:
    base = Plan(
        schema=1,
        version="0.1.0",
        name="week 29",
        scenario_digest="0123456789ab",
        reference_digest="ba9876543210",
        seed=1,
        effort="quick",
        rules=Rules(rates=(), train_rules=(), forbidden_pairs=()),
        containers=(),
        rides=(),
        runs=(),
        wagons=(),
        left=(),
        charges=(),
        stages=(),
        remarks=(),
    )
    return replace(base, **parts)


def tiny(name: str = "B1") -> Case:
    """Two boxes on a Monday train to Almaty, one of them packed; a third waits; the Wednesday train is cancelled."""
    world = shipped()
    items = (tiny_item(name),)
    bookings = (
        booking(name, kind="LCL", n_containers=0, declared_kg=0, shipper=f"{name} & Co"),
        booking("B2"),
        booking("B3", destination_id="TAS"),
    )
    block = CargoBlock(item_id="I1", x_mm=0, y_mm=0, z_mm=0, dx_mm=1000, dy_mm=1000, dz_mm=1000, nx=5, ny=1, nz=2)
    runs = tiny_runs(world)
    monday, wednesday = list(runs)[:2]
    leaves, arrives = runs[monday].legs[0].departs_at, runs[monday].legs[-1].arrives_at
    ride = {"departure_id": monday, "first_leg": 1, "last_leg": 3, "from_id": "URC", "to_id": "ALM"}
    times = {"departs_at": leaves, "arrives_at": arrives}
    plan = plan_of(
        containers=(
            box("C00001", booking_ids=(name,), master_id="M00001", cargo_kg=5000, gross_kg=8900, blocks=(block,)),
            box("C00002", booking_ids=("B2",), container_type="20GP", gross_kg=22300, due_at=arrives - 60),
            box("C00003", booking_ids=("B3",), destination_id="TAS"),
        ),
        rides=tuple(Ride(subject_id=c, seq=1, **ride, **times) for c in ("C00001", "C00002")),
        runs=(
            TrainRun(departure_id=monday, status="run"),
            TrainRun(
                departure_id=wednesday, status="cancelled", why="too little freight: 3 TEU could ride it, it needs 80"
            ),
        ),
        wagons=(
            WagonLoad(departure_id=monday, seq=1, wagon_type="NX70A", container_ids=("C00001",)),
            WagonLoad(departure_id=monday, seq=2, wagon_type="NX70A", container_ids=("C00002",)),
        ),
        left=tiny_left(name),
        charges=tiny_charges(monday),
        stages=(_stage("assemble", "USD cents", 1000, 990, "effort"),),
    )
    return Case(plan, scenario_of(bookings, items), world)


def tiny_item(name: str) -> CargoItem:
    return CargoItem(
        item_id="I1",
        booking_id=name,
        goods_id="tomato_paste",
        length_mm=1000,
        width_mm=1000,
        height_mm=1000,
        mass_g=500_000,
        weighed_g=None,
        count=12,
        vertical="h",
        max_layers=2,
        max_on_top_g=500_000,
    )


def tiny_runs(world: World) -> dict[str, Departure]:
    """The week's trains to Almaty, by id."""
    dated = timetable.departures(
        world.network.services, world.network.places, (), start_at=START, from_minute=0, until_minute=7 * 1440
    )
    return {d.departure_id: d for d in dated if d.service_id == "U-ALM-W"}


def tiny_left(name: str) -> tuple[Left, ...]:
    full = "leg 1 of U-TAS-W@2022-07-19 is full: 100 of 100 TEU"
    loose = {"booking_id": name, "container_id": "", "item_id": "I1", "count": 2}
    return (
        Left(booking_id="B3", container_id="C00003", item_id="", count=1, state="waiting", code="full", why=full),
        Left(**loose, state="refused", code="overweight", why="too heavy"),
    )


def tiny_charges(monday: str) -> tuple[Charge, ...]:
    freight = {"kind": "freight", "quantity": 2, "rate_id": "U-ALM-W/1-3"}
    return (
        Charge(subject_id="C00001", usd_cents=40_000, gco2e=300_000, **freight),
        Charge(subject_id="C00002", usd_cents=20_000, gco2e=700_000, **freight),
        Charge(subject_id=monday, kind="fixed", quantity=1, rate_id="U-ALM-W/fixed", usd_cents=1_380_000, gco2e=0),
        Charge(subject_id="C00002", kind="late", quantity=60, rate_id="delay", usd_cents=77, gco2e=0),
    )


COLORS = ("tomato_paste", "polyester_yarn", "machine_parts", "ceramic_tiles", "cotton_yarn", "toys", "valves", "lamps")


class Busy:
    """Draws a week: trains by their timetable, boxes at random, loads on shelves."""

    def __init__(self, scale: float, seed: int = 7) -> None:
        self.rnd = random.Random(seed)
        self.world = shipped()
        self.scale = scale
        self.bookings: list[Booking] = []
        self.items: list[CargoItem] = []
        self.boxes: list[PlannedContainer] = []
        self.rides: list[Ride] = []
        self.runs: list[TrainRun] = []
        self.wagons: list[WagonLoad] = []
        self.left: list[Left] = []
        self.charges: list[Charge] = []
        self.dated = timetable.departures(
            self.world.network.services,
            self.world.network.places,
            (),
            start_at=START,
            from_minute=-5 * 1440,
            until_minute=35 * 1440,
        )

    def case(self) -> Case:
        for d in self.dated:
            service = self.world.network.services[d.service_id]
            if service.operation == "hub" and 240 <= d.departs_at < 7 * 1440:
                self.train(d)
            elif service.group == "through" and self.rnd.random() < 0.3 and 240 <= d.departs_at < 6 * 1440:
                self.top_up(d)
        self.wait()
        return Case(
            plan_of(
                containers=tuple(self.boxes),
                rides=tuple(self.rides),
                runs=tuple(self.runs),
                wagons=tuple(self.wagons),
                left=tuple(self.left),
                charges=tuple(self.charges),
                rules=self.world.rules,
                stages=(
                    _stage("consolidate", "containers", 214, 206, "effort"),
                    _stage("route", "USD cents", 236_400_000, 236_400_000, "optimal"),
                    _stage("assemble", "USD cents", 241_100_000, 239_600_000, "effort"),
                ),
                remarks=(Remark("places-not-served", "2 places have no service in this week: Ruoqiang, Hotan"),),
            ),
            scenario_of(tuple(self.bookings), tuple(self.items), note="synthetic week for the report's tests"),
            self.world,
        )

    def train(self, d: object) -> None:
        service = self.world.network.services[d.service_id]
        if (service.group != "assembly" and self.rnd.random() < 0.12) or self.rnd.random() < 0.06:
            why = "too little freight: 68 TEU could ride it, it needs 80"
            self.runs.append(TrainRun(departure_id=d.departure_id, status="cancelled", why=why))
            return
        self.runs.append(TrainRun(departure_id=d.departure_id, status="run"))
        full = 1.0 if self.rnd.random() < 0.4 else self.rnd.uniform(0.8, 1.0)
        if service.group != "assembly":
            full = self.rnd.uniform(0.1, 0.5)
        room = int(service.legs[0].capacity_teu * full * min(1.0, self.scale)) // 2
        for seq in range(1, room + 1):
            twins = self.rnd.random() < 0.25
            legs = len(service.legs)
            off = legs if self.rnd.random() < 0.6 else self.rnd.randint(max(1, legs - 2), legs)
            ids = tuple(self.one(d, service, off, "20GP" if twins else "40HC") for _ in range(2 if twins else 1))
            self.wagons.append(WagonLoad(departure_id=d.departure_id, seq=seq, wagon_type="NX70A", container_ids=ids))
        self.charges.append(tariff.fixed(d.departure_id, service))

    def top_up(self, d: object) -> None:
        service = self.world.network.services[d.service_id]
        stop = next((leg.seq for leg in service.legs if leg.from_id == "URC"), 0)
        if stop > 1:
            for _ in range(self.rnd.randint(1, 3)):
                self.one(d, service, len(service.legs), "40HC", first=stop)

    def one(self, d: object, service: object, off: int, kind: str, first: int = 1) -> str:
        n = len(self.boxes) + 1
        to = service.legs[off - 1].to_id
        leaves, arrives = d.legs[first - 1].departs_at, d.legs[off - 1].arrives_at
        late = self.rnd.random() < 0.03
        home = service.legs[first - 1].from_id
        packed = home == "URC" and self.rnd.random() < 0.2
        blocks, ids = self.pack(kind, to) if packed else ((), (self.book(to, home, kind),))
        cargo = self.rnd.randint(9000, 20500)
        made = box(
            f"C{n:05d}",
            container_type=kind,
            booking_ids=ids,
            master_id=f"M{n:05d}" if packed else "",
            at_id=home,
            destination_id=to,
            ready_at=leaves - self.rnd.randint(600, 6000),
            due_at=arrives + (-self.rnd.randint(60, 3000) if late else self.rnd.randint(500, 9000)),
            cargo_kg=cargo,
            gross_kg=cargo + self.world.container_types[kind].tare_kg,
            blocks=blocks,
        )
        self.boxes.append(made)
        self.rides.append(
            Ride(
                subject_id=made.container_id,
                seq=1,
                departure_id=d.departure_id,
                first_leg=first,
                last_leg=off,
                from_id=home,
                to_id=to,
                departs_at=leaves,
                arrives_at=arrives,
            )
        )
        teu = self.world.container_types[kind].teu
        load = tariff.Load(
            subject_id=made.container_id,
            teu=teu,
            feu_milli=500 * teu,
            cargo_kg=cargo,
            gross_kg=made.gross_kg,
            priority=0,
        )
        rules = self.world.rules
        self.charges += [
            tariff.ride(load, service, first, off, rules),
            *tariff.waiting(load, made.ready_at, arrives, made.due_at, rules),
        ]
        return made.container_id

    def book(self, to: str, home: str, kind: str, how: str = "FCL") -> str:
        booking_id = f"B{len(self.bookings) + 1:05d}"
        firm = self.rnd.choice(("Yiwu Hongda", "Kuytun Polymers", "Shihezi Foods", "Lanzhou Pump", "Xi'an Instruments"))
        goods = self.rnd.choice(COLORS)
        self.bookings.append(
            booking(
                booking_id, kind=how, destination_id=to, at_id=home, shipper=firm, container_type=kind, goods_id=goods
            )
        )
        return booking_id

    def pack(self, kind: str, to: str) -> tuple[tuple[CargoBlock, ...], tuple[str, ...]]:
        """Walls of equal pieces from the closed end on; the last wall may be short."""
        inside = self.world.container_types[kind]
        x, blocks, ids = 0, [], []
        reach = self.rnd.uniform(0.35, 1.0) * inside.inside_length_mm
        while True:
            dx, dy, dz = (self.rnd.randrange(300, 1300, 50) for _ in range(3))
            nx, ny, nz = self.rnd.randint(1, 3), inside.inside_width_mm // dy, inside.inside_height_mm // dz
            nz = max(1, nz - self.rnd.randint(0, 1))
            if x + dx * nx > reach:
                break
            if not ids or (len(ids) < 8 and self.rnd.random() < 0.6):
                ids.append(self.book(to, "URC", kind, "LCL"))
            item_id = f"I{len(self.items) + 1:05d}"
            mass = self.rnd.randint(8_000, 60_000)
            self.items.append(
                CargoItem(
                    item_id=item_id,
                    booking_id=ids[-1],
                    goods_id="goods",
                    length_mm=dx,
                    width_mm=dy,
                    height_mm=dz,
                    mass_g=mass,
                    weighed_g=None,
                    count=nx * ny * nz,
                    vertical="h",
                    max_layers=9,
                    max_on_top_g=10**6,
                )
            )
            blocks.append(
                CargoBlock(item_id=item_id, x_mm=x, y_mm=0, z_mm=0, dx_mm=dx, dy_mm=dy, dz_mm=dz, nx=nx, ny=ny, nz=nz)
            )
            x += dx * nx
        return tuple(blocks), tuple(ids) or (self.book(to, "URC", kind, "LCL"),)

    def wait(self) -> None:
        reasons = (
            ("TAS", "waiting", "full", "leg 1 of U-TAS-W@2022-07-19 is full: 100 of 100 TEU; all 3 ways are full", 11),
            ("AND", "waiting", "cancelled", "U-AND-W@2022-07-20 is cancelled: too dear: 9,000 USD to run", 6),
            ("MOW", "waiting", "no-wagon", "no partner of like mass for a 20-ft box of 23900 kg", 4),
            (
                "LDZ",
                "waiting",
                "dear",
                "its cheapest way costs 9210 USD with time and lateness, leaving 8000",
                2,
            ),
            ("YEK", "refused", "no-connection", "no departure within the horizon of 35 days", 6),
            ("DYU", "refused", "overweight", "box of 26400 kg; CN-EXPRESS takes 25000 kg on a 40-ft position", 2),
        )
        for to, state, code, why, n in reasons:
            for _ in range(max(1, int(n * self.scale))):
                booking_id = self.book(to, "URC", "40HC")
                made = box(f"C{len(self.boxes) + 1:05d}", booking_ids=(booking_id,), destination_id=to)
                self.boxes.append(made)
                self.left.append(
                    Left(
                        booking_id=booking_id,
                        container_id=made.container_id,
                        item_id="",
                        count=1,
                        state=state,
                        code=code,
                        why=why,
                    )
                )


def _stage(name: str, unit: str, cost: int, bound: int, stopped: str) -> Stage:
    return Stage(name=name, unit=unit, cost=cost, bound=bound, stopped=stopped, seed=1, effort=1, remarks=())


def busy(scale: float = 1.0) -> Case:
    """A week as busy as the demo's."""
    return Busy(scale).case()
