"""A plan as data: containers, rides, trains, wagons, what is left, what it all costs."""

from __future__ import annotations

from dataclasses import dataclass

from landport.errors import Remark
from landport.model.rules import Rules

SCHEMA = 1
"""Version of the scenario and plan files that this package writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoBlock:
    """Equal pieces stacked as a solid grid inside a container.

    Parameters
    ----------
    x_mm, y_mm, z_mm
        Corner nearest to the closed end, left wall and floor; x runs along the length, z up.
    dx_mm, dy_mm, dz_mm
        One piece as it lies.
    nx, ny, nz
        Pieces along each axis.
    """

    item_id: str
    x_mm: int
    y_mm: int
    z_mm: int
    dx_mm: int
    dy_mm: int
    dz_mm: int
    nx: int
    ny: int
    nz: int

    @property
    def count(self) -> int:
        """Pieces in the block."""
        return self.nx * self.ny * self.nz


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedContainer:
    """A container of the plan, `C00017` until it gets its ISO 6346 number.

    Parameters
    ----------
    booking_ids
        One for FCL; the house consignments of an LCL container.
    master_id
        Transport document over the house consignments, `M00017`; empty for FCL.
    at_id, ready_at
        Where and when (minute) it can first be loaded.
    cargo_kg, gross_kg
        Whole kg, rounded up once; gross is cargo and tare.
    priority, due_at
        The highest and the earliest of its bookings.
    blocks
        Load plan of an LCL container; empty for FCL (the shipper stuffed it).
    """

    container_id: str
    container_type: str
    booking_ids: tuple[str, ...]
    master_id: str
    at_id: str
    destination_id: str
    ready_at: int
    due_at: int
    priority: int
    cargo_kg: int
    gross_kg: int
    blocks: tuple[CargoBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """A stretch of a container's journey (or of an LCL booking's way to the hub) without a change.

    Parameters
    ----------
    subject_id
        A container, or a booking on its way to be packed.
    seq
        1 for its first ride.
    departure_id
        Dated run it rides; empty: a truck on demand.
    first_leg, last_leg
        Legs of the service it rides, counted from 1; 0 for a truck on demand.
    departs_at, arrives_at
        Minutes from the scenario's start.
    """

    subject_id: str
    seq: int
    departure_id: str
    first_leg: int
    last_leg: int
    from_id: str
    to_id: str
    departs_at: int
    arrives_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRun:
    """The decision on one departure that the hub may run or cancel.

    Parameters
    ----------
    status
        run or cancelled.
    why
        One sentence when cancelled.
    """

    departure_id: str
    status: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WagonLoad:
    """One wagon of a hub train's consist and the containers on its positions.

    Parameters
    ----------
    seq
        1 behind the locomotive.
    container_ids
        By position.
    """

    departure_id: str
    seq: int
    wagon_type: str
    container_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Freight that the plan does not move.

    Parameters
    ----------
    container_id, item_id
        The container left, or the item of which `count` pieces were never packed.
    state
        `waiting`: can go with a later plan. `refused`: cannot be carried as it is.
    code
        The binding rule.
    why
        The binding rule in words, with its figures.
    """

    booking_id: str
    container_id: str
    item_id: str
    count: int
    state: str
    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One thing that bars a way of a container, and how much more of it would open the way.

    Parameters
    ----------
    kind
        What is full, as in `Price`; run (a cancelled train), order (a ban), due, dear (the way costs more than
        leaving), swap (another container has the place), container_type, cargo (too much in the container).
    departure_id, leg
        The leg; of run the train, of swap where the place is; else empty and 0.
    at_id, order_id, day_on
        The place, transfer or order, and its railway day, with the shift if it has one; else empty.
    other_id
        The wagon type that lacks, the container that would leave, the container type to book instead; else empty.
    limit, taken
        What there is and what of it is taken: TEU, kg, wagons, trains; of run the least TEU and those that wait for it;
        of dear the weight of leaving and the price of the way, in US cents; of cargo the most kg and those inside.
    lacks
        How much more would do, in the same unit; of due hours; 0 where nothing is counted.
    usd_cents
        What lifting it costs beyond the way: the container's share of the fixed cost of a train with its least TEU;
        what moving another costs.
    """

    kind: str
    departure_id: str = ""
    leg: int = 0
    at_id: str = ""
    order_id: str = ""
    day_on: str = ""
    other_id: str = ""
    limit: int = 0
    taken: int = 0
    lacks: int = 0
    usd_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What would free a container that is left: all bars of one way lifted, everything else as planned.

    Parameters
    ----------
    rides
        Its way; after it the other way of a container that would make room, if that has one.
    usd_cents
        Price of its way, and what lifting the bars costs.
    saves_usd_cents
        What leaving it weighs, less that; below 0: leaving it is cheaper.
    """

    container_id: str
    bars: tuple[Bar, ...]
    rides: tuple[Ride, ...]
    usd_cents: int
    saves_usd_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One priced line: so much of something at a rate.

    Parameters
    ----------
    subject_id
        A container, booking or departure.
    kind
        freight, fixed, handling, quota, road (money); time, late, left, change (what planning weighs).
    quantity
        Whole units the rate is per: TEU, km, TEU-minutes, trains.
    rate_id
        A leg range `SERVICE/1-3`, `SERVICE/fixed`, a transfer id, the id of an order with a quota, a rate of the
        rules, or `CHANGE_RATE`.
    gco2e
        Grams of CO2 equivalent.
    """

    subject_id: str
    kind: str
    quantity: int
    rate_id: str
    usd_cents: int
    gco2e: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one planning room reports: figure, bound, why it stopped.

    Parameters
    ----------
    unit
        Unit of `cost` and `bound`, e.g. `USD cents` or `containers`.
    """

    name: str
    unit: str
    cost: int
    bound: int
    stopped: str
    seed: int
    effort: int
    remarks: tuple[Remark, ...]

    @property
    def gap(self) -> float:
        """(cost - bound) / cost, 0 when both are 0."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0


CHANGE_RATE = "change-cost"
"""Rate id of what re-planning weighs a changed journey at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What a planner decided by hand.

    Parameters
    ----------
    container_id, departure_id
        Both: whether the container rides the departure. Only the container: whether it stays as it was. Only the
        departure: whether the hub runs it (of others' departures: whether any container rides it).
    what
        pin or ban.
    """

    container_id: str
    departure_id: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A container as the plan before had it.

    Parameters
    ----------
    container_id
        The same in both plans.
    container_type, at_id, destination_id, ready_at, cargo_kg
        As they were; what differs now has changed.
    rides
        What it rode, in order; none: it was left.
    freed
        Why it could not keep these rides, in words; empty: it could.
    """

    container_id: str
    container_type: str
    at_id: str
    destination_id: str
    ready_at: int
    cargo_kg: int
    rides: tuple[Ride, ...]
    freed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan:
    """What a plan was re-planned from, and how much of that it had to keep.

    Parameters
    ----------
    digest
        First 12 hex digits of the SHA-256 over the file of the plan before.
    freeze_until_at
        Containers whose first ride left before this minute, and hub trains that leave before it, stay as they were.
    change_usd_cents
        What it weighs that a container rides otherwise than before.
    hands
        Decisions by hand; they go before everything else.
    runs
        What the plan before decided on hub trains that leave before `freeze_until_at`.
    containers
        Those that both plans have.
    """

    digest: str
    freeze_until_at: int
    change_usd_cents: int
    hands: tuple[Hand, ...]
    runs: tuple[TrainRun, ...]
    containers: tuple[Before, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one more of something full is worth: the price of its row in the relaxation that bounds the plan.

    An estimate of what the next one saves, no promise: trains and boxes are whole, those of the relaxation are not.

    Parameters
    ----------
    kind
        teu, cargo_kg, gross_kg, plugs (of a leg); wagons, tracks (of a yard and day); lift, gauge-change (of a place
        and day or shift); transfer, border (of a transfer and day: TEU, trains); quota, trains (of an order and day).
    departure_id, leg
        Of a leg of a train; else empty and 0.
    at_id, order_id, day_on
        The place, transfer or order, and its railway day, with the shift if it has one; else empty.
    unit
        What the price is for one of: TEU, t, plug, wagon, box, train.
    """

    kind: str
    departure_id: str = ""
    leg: int = 0
    at_id: str = ""
    order_id: str = ""
    day_on: str = ""
    unit: str
    usd_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Tonight's plan: for every consignment its container, trains and wagon, and the proof.

    Parameters
    ----------
    version
        Package version that made it.
    scenario_digest, reference_digest
        What it was made from.
    effort
        quick, normal or full.
    replanned
        What it was re-planned from; None: it was planned afresh.
    prices, remedies
        Of what is full, and for what is left; empty in files of before they were written.
    """

    schema: int
    version: str
    name: str
    scenario_digest: str
    reference_digest: str
    seed: int
    effort: str
    rules: Rules
    containers: tuple[PlannedContainer, ...]
    rides: tuple[Ride, ...]
    runs: tuple[TrainRun, ...]
    wagons: tuple[WagonLoad, ...]
    left: tuple[Left, ...]
    charges: tuple[Charge, ...]
    stages: tuple[Stage, ...]
    remarks: tuple[Remark, ...]
    replanned: Replan | None = None
    prices: tuple[Price, ...] = ()
    remedies: tuple[Remedy, ...] = ()
