"""The main job: tonight's plan of a week, with every line priced."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from landport.app import stages
from landport.app.stages import Gathered, Notify, Week
from landport.app.terms import OtherTerms
from landport.errors import InputError
from landport.model import tariff
from landport.model.assembly import Assembly
from landport.model.bookings import Booking
from landport.model.itinerary import Ways, rides
from landport.model.loads import Loads
from landport.model.plans import SCHEMA, Charge, Left, Plan, PlannedContainer, Ride, Stage
from landport.model.result import Limit, Result
from landport.model.scenario import Scenario, World
from landport.model.tariff import Load
from landport.units import kg_ceil

EFFORT = {"quick": (1, 1), "normal": (2, 10), "full": (16, 100)}
"""Effort of (consolidate, assemble) by name."""

PACKING_SHARE, AFTER_SHARE = 0.4, 0.05
"""Shares of the seconds that packing may take, and that are kept for what follows the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a plan is to be made.

    Parameters
    ----------
    effort
        quick, normal or full.
    seconds, stopwatch
        Wall seconds for the whole plan, or None: effort alone decides; and what measures them.
    workers
        Processes that packing may be spread over; 1: none (see `jobs.each`).
    version
        Package version, for the record.
    """

    effort: str = "quick"
    seed: int = 0
    seconds: float | None = None
    stopwatch: Callable[[], float] | None = None
    workers: int = 1
    version: str = ""


def plan_week(scenario: Scenario, world: World, order: Order, notify: Notify = lambda stage: None) -> Plan:
    """Plan a week: gather, pack, route, assemble, price.

    Returns
    -------
    Plan
        Not audited yet; that is the caller's next step.

    Raises
    ------
    InputError
        `bad-option`: there is no such effort.

    Notes
    -----
    Same scenario, effort and seed give the same plan, byte for byte, whatever the number of workers, unless `seconds`
    cut it short.
    """
    expect_effort(order)
    notify("timetable")
    week = stages.lay_out(scenario, world)
    pack, decide = EFFORT[order.effort]
    gathered = stages.gather(week)
    notify("consolidate")
    limit = limit_of(order, pack).share(PACKING_SHARE)
    loads = stages.load(week, gathered, limit=limit, seed=order.seed, workers=order.workers)
    gathered = stages.needed(gathered, loads.plan)
    boxes = stages.containers(week, gathered, loads.plan)
    notify("route")
    limit = limit_of(order, decide)
    before = limit.remaining() or 0.0
    found = stages.ways(week, boxes, limit=limit_of(order, 1), seed=order.seed)
    asking_s = before - (limit.remaining() or 0.0)
    notify("assemble")
    others = OtherTerms(week, {b.container_id: b for b in boxes}, limit_of(order, 1), order.seed)
    assembled = stages.put_together(
        week, boxes, found.plan, limit=limit, seed=order.seed, other_terms=others, asking_s=asking_s
    )
    notify("price")
    return composed(Made(week, boxes, gathered, loads, found, assembled), order)


def expect_effort(order: Order) -> None:
    """Refuse an effort that is none.

    Raises
    ------
    InputError
        `bad-option`.
    """
    if order.effort not in EFFORT:
        raise InputError("bad-option", f"effort {order.effort!r}: expected one of {', '.join(EFFORT)}", ("effort",))


@dataclass(frozen=True, slots=True)
class Made:
    """What the stages of planning a week gave.

    Parameters
    ----------
    changes
        What a re-plan weighs for containers that ride otherwise than before.
    """

    week: Week
    boxes: tuple[PlannedContainer, ...]
    gathered: Gathered
    loads: Result[Loads]
    found: Result[Ways]
    assembled: Result[Assembly]
    changes: tuple[Charge, ...] = ()


def composed(made: Made, order: Order) -> Plan:
    """Write down what the stages gave as one plan, with every line priced."""
    boxes, assembly, gathered = made.boxes, made.assembled.plan, made.gathered
    scenario, world = made.week.scenario, made.week.world
    pack, decide = EFFORT[order.effort]
    left = (*gathered.left, *made.loads.plan.left, *_left_boxes(boxes, assembly))
    return Plan(
        schema=SCHEMA,
        version=order.version,
        name=scenario.name,
        scenario_digest=scenario.digest,
        reference_digest=world.reference_digest,
        seed=order.seed,
        effort=order.effort,
        rules=world.rules,
        containers=boxes,
        rides=(*gathered.rides, *_rides(boxes, assembly)),
        runs=assembly.runs,
        wagons=assembly.wagons,
        left=left,
        charges=(*_charges(made.week, boxes, gathered, assembly, left), *made.changes),
        stages=(
            _stage("consolidate", "containers", made.loads, pack),
            _stage("route", "USD cents", made.found, 1),
            _stage("assemble", "USD cents", made.assembled, decide),
        ),
        remarks=(*made.loads.remarks, *made.found.remarks, *made.assembled.remarks),
        prices=assembly.prices,
        remedies=assembly.remedies,
    )


def limit_of(order: Order, effort: int) -> Limit:
    """Give a stage its effort, within the seconds of the whole plan but for those of audit and writing."""
    seconds = None if order.seconds is None else (1 - AFTER_SHARE) * order.seconds
    return Limit(effort=effort, seconds=seconds, stopwatch=order.stopwatch)


def _stage(name: str, unit: str, result: Result[object], effort: int) -> Stage:
    return Stage(
        name=name,
        unit=unit,
        cost=result.cost,
        bound=result.bound,
        stopped=result.stopped,
        seed=result.seed,
        effort=effort,
        remarks=result.remarks,
    )


def _rides(boxes: Sequence[PlannedContainer], assembly: Assembly) -> list[Ride]:
    riding = (box.container_id for box in boxes if box.container_id in assembly.ways)
    return [ride for container_id in riding for ride in rides(container_id, assembly.ways[container_id])]


def _left_boxes(boxes: Sequence[PlannedContainer], assembly: Assembly) -> list[Left]:
    left = []
    for box in boxes:
        if box.container_id in assembly.left:
            reason = assembly.left[box.container_id]
            left.append(
                Left(
                    booking_id=box.booking_ids[0],
                    container_id=box.container_id,
                    item_id="",
                    count=1,
                    state=reason.state,
                    code=reason.code,
                    why=reason.why + _shared(box),
                )
            )
    return left


def _shared(box: PlannedContainer) -> str:
    """Say that a container left holds more consignments than the one its record names."""
    n = len(box.booking_ids)
    return f"; the container holds {n} consignments under {box.master_id}" if n > 1 else ""


def _charges(
    week: Week, boxes: Sequence[PlannedContainer], gathered: Gathered, assembly: Assembly, left: Sequence[Left]
) -> tuple[Charge, ...]:
    """Price every line: goods to the hub, containers, trains, what is left."""
    bookings = {b.booking_id: b for b in week.scenario.bookings}
    inside = _packed(boxes)
    charges = [_road_to_hub(week, ride, bookings, inside) for ride in gathered.rides]
    for box in boxes:
        if box.container_id in assembly.ways:
            charges += week.pricing.journey(box, assembly.ways[box.container_id])
        else:
            charges.append(tariff.left(week.pricing.load_of(box), week.world.rules))
    charges += [tariff.left(_load_of_left(week, x, bookings), week.world.rules) for x in left if x.item_id]
    for run in assembly.runs:
        if run.status == "run":
            charges.append(tariff.fixed(run.departure_id, week.pricing.service(run.departure_id)))
    return tuple(charges)


def _packed(boxes: Sequence[PlannedContainer]) -> Mapping[str, int]:
    """Count the pieces in containers by item id."""
    found: dict[str, int] = {}
    for box in boxes:
        for block in box.blocks:
            found[block.item_id] = found.get(block.item_id, 0) + block.count
    return found


def _road_to_hub(week: Week, ride: Ride, bookings: Mapping[str, Booking], inside: Mapping[str, int]) -> Charge:
    """Price a truck to the hub: for what it brings to be packed, or all of a booking that it delivers there."""
    items = week.items_of[ride.subject_id]
    if bookings[ride.subject_id].destination_id != week.scenario.hub_id:
        items = tuple(replace(i, count=inside[i.item_id]) for i in items if i.item_id in inside)
    mass = kg_ceil(sum(i.piece_g * i.count for i in items))
    load = Load(
        subject_id=ride.subject_id,
        teu=0,
        feu_milli=tariff.truck_share_milli(items, week.world.rules),
        cargo_kg=mass,
        gross_kg=mass,
        priority=bookings[ride.subject_id].priority,
    )
    road = week.pricing.roads[ride.from_id, ride.to_id]
    return tariff.road(load, road, week.network.places, week.world.rules)


def _load_of_left(week: Week, left: Left, bookings: Mapping[str, Booking]) -> Load:
    item = next(i for i in week.items_of[left.booking_id] if i.item_id == left.item_id)
    return Load(
        subject_id=left.booking_id,
        teu=0,
        feu_milli=tariff.truck_share_milli([replace(item, count=left.count)], week.world.rules),
        cargo_kg=0,
        gross_kg=0,
        priority=bookings[left.booking_id].priority,
    )
