"""Indicators of a plan: sums of what it carries; nothing is planned, priced or routed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from landport.model.plans import Charge, Plan, PlannedContainer, Ride
from landport.model.scenario import Scenario, World
from landport.report.facts import Facts, join
from landport.report.figures import (
    DestinationLine,
    Freight,
    GroupFill,
    Indicators,
    KindCost,
    Money,
    StageLine,
    Time,
    Trains,
)
from landport.report.trains import TrainLine, train_lines

MONEY = ("freight", "fixed", "handling", "quota", "road")
"""Kinds of charge that somebody pays."""

WEIGHED = ("time", "late", "left", "change")
"""Kinds of charge that planning only weighs."""


def indicators(plan: Plan, scenario: Scenario, world: World, *, violations: int | None = None) -> Indicators:
    """Sum up a plan.

    Parameters
    ----------
    violations
        How many the auditor found; None: not audited.

    Notes
    -----
    O(rides + charges); every figure is a sum over records of the plan, joined to the scenario and world by id.
    """
    facts = join(plan, scenario, world)
    lines = train_lines(facts)
    return Indicators(
        freight=_freight(facts),
        trains=_trains(facts, lines),
        time=_time(facts),
        money=_money(facts),
        stages=tuple(
            StageLine(
                name=s.name,
                unit=s.unit,
                cost=s.cost,
                bound=s.bound,
                gap_share=s.gap,
                stopped=s.stopped,
                seed=s.seed,
                effort=s.effort,
            )
            for s in plan.stages
        ),
        n_violations=violations,
        by_destination=_by_destination(facts),
        by_train=lines,
    )


def as_json(found: Indicators) -> dict[str, Any]:
    """Turn indicators into plain data: stable keys, the unit at the end of each."""
    return asdict(found)


def _freight(facts: Facts) -> Freight:
    plan = facts.plan
    moved = facts.moved()
    left = {x.container_id: x.state for x in plan.left if x.container_id}
    milli = {"waiting": 0, "refused": 0}
    pieces = {"waiting": 0, "refused": 0}
    for x in plan.left:
        milli[x.state] = milli.get(x.state, 0) + facts.left_feu_milli(x)
        if x.item_id:
            pieces[x.state] = pieces.get(x.state, 0) + x.count
    return Freight(
        n_bookings=len(facts.scenario.bookings),
        n_fcl_containers=sum(not c.master_id for c in plan.containers),
        n_lcl_containers=sum(bool(c.master_id) for c in plan.containers),
        n_containers_planned=len(moved),
        planned_teu=sum(facts.teu(c.container_id) for c in moved),
        n_containers_left=len(left),
        left_teu=sum(facts.teu(c) for c in left if c in facts.containers),
        n_containers_waiting=sum(state == "waiting" for state in left.values()),
        n_containers_refused=sum(state == "refused" for state in left.values()),
        n_pieces_waiting=pieces["waiting"],
        n_pieces_refused=pieces["refused"],
        waiting_feu=milli["waiting"] / 1000,
        refused_feu=milli["refused"] / 1000,
    )


def _trains(facts: Facts, lines: Sequence[TrainLine]) -> Trains:
    run = [t for t in lines if t.status == "run"]
    limited = [t for t in run if t.limit_kg]
    others = [facts.service_of(d) for d in facts.riders if d not in facts.runs]
    boxes = [c for c in facts.moved() if c.blocks]
    types = facts.world.container_types
    return Trains(
        n_run=len(run),
        n_cancelled=len(lines) - len(run),
        n_bought_used=sum(s is not None and s.operation != "hub" for s in others),
        n_later_used=sum(s is not None and s.operation == "hub" for s in others),
        positions_teu=sum(t.teu for t in run),
        positions_capacity_teu=sum(t.capacity_teu for t in run),
        positions_share=_share(sum(t.teu for t in run), sum(t.capacity_teu for t in run)) or 0.0,
        mass_share=_share(sum(t.mass_kg for t in limited), sum(t.limit_kg for t in limited)),
        lcl_volume_share=_share(sum(map(volume_mm3, boxes)), sum(types[c.container_type].volume_mm3 for c in boxes)),
        lcl_payload_share=_share(
            sum(c.cargo_kg for c in boxes), sum(types[c.container_type].payload_kg for c in boxes)
        ),
        by_group=tuple(_group(group, lines) for group in dict.fromkeys(t.group for t in lines)),
    )


def _group(group: str, lines: Sequence[TrainLine]) -> GroupFill:
    mine = [t for t in lines if t.group == group]
    run = [t for t in mine if t.status == "run"]
    teu, capacity = sum(t.teu for t in run), sum(t.capacity_teu for t in run)
    return GroupFill(
        group=group,
        n_run=len(run),
        n_cancelled=len(mine) - len(run),
        positions_teu=teu,
        positions_capacity_teu=capacity,
        positions_share=_share(teu, capacity) or 0.0,
    )


def volume_mm3(box: PlannedContainer) -> int:
    """Volume of the pieces packed in a container."""
    return sum(b.dx_mm * b.dy_mm * b.dz_mm * b.count for b in box.blocks)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values) if values else 0.0


def hub_dwell_minutes(box: PlannedContainer, rides: Sequence[Ride], hub_id: str) -> int | None:
    """Minutes a container stands at the hub before it leaves; None: it does not leave from there."""
    here_at = box.ready_at
    for ride in rides:
        if ride.from_id == hub_id:
            return ride.departs_at - here_at
        here_at = ride.arrives_at
    return None


def _time(facts: Facts) -> Time:
    moved = [(c, facts.rides[c.container_id]) for c in facts.moved()]
    dwell = [hub_dwell_minutes(c, rides, facts.scenario.hub_id) for c, rides in moved]
    late = [(c, rides[-1].arrives_at - c.due_at) for c, rides in moved if rides[-1].arrives_at > c.due_at]
    return Time(
        mean_hub_dwell_minutes=_mean([d for d in dwell if d is not None]),
        mean_transit_minutes=_mean([rides[-1].arrives_at - rides[0].departs_at for _, rides in moved]),
        mean_door_minutes=_mean([rides[-1].arrives_at - c.ready_at for c, rides in moved]),
        n_late=len(late),
        late_teu=sum(facts.teu(c.container_id) for c, _ in late),
        mean_late_minutes=_mean([minutes for _, minutes in late]),
    )


def _money(facts: Facts) -> Money:
    charges = facts.plan.charges
    kinds = []
    for kind in (*MONEY, *WEIGHED):
        mine = [c.usd_cents for c in charges if c.kind == kind]
        if kind in ("quota", "change") and not mine:
            continue  # most plans have none
        kinds.append(KindCost(kind=kind, weighed=kind in WEIGHED, n_charges=len(mine), usd_cents=sum(mine)))
    paid = sum(k.usd_cents for k in kinds if not k.weighed)
    teu = sum(facts.teu(c.container_id) for c in facts.moved())
    grams = sum(c.gco2e for c in charges)
    kg_km = _kg_km(facts)
    return Money(
        money_usd_cents=paid,
        weighed_usd_cents=sum(k.usd_cents for k in kinds if k.weighed),
        money_usd_cents_per_teu=_share(paid, teu) or 0.0,
        by_kind=tuple(kinds),
        co2e_kg=grams / 1000,
        co2e_kg_per_teu=(_share(grams, teu) or 0.0) / 1000,
        tonne_km=kg_km // 1000,
        co2e_g_per_tonne_km=(_share(grams, kg_km) or 0.0) * 1000,
    )


def _kg_km(facts: Facts) -> int:
    """Cargo kg times km over rides on departures (legs' lengths) and trucks on demand (charged km)."""
    total = 0
    for container_id, rides in facts.rides.items():
        box = facts.containers.get(container_id)
        for ride in rides if box else ():
            service = facts.service_of(ride.departure_id) if ride.departure_id else None
            if box and service:
                total += box.cargo_kg * sum(x.length_km for x in service.legs[ride.first_leg - 1 : ride.last_leg])
    trucked = {c.subject_id: 0 for c in facts.plan.charges if c.kind == "road"}
    for charge in facts.plan.charges:
        if charge.kind == "road":
            trucked[charge.subject_id] += charge.quantity
    grams: dict[str, int] = {}
    for item_id, count in _brought(facts).items():
        item = facts.items[item_id]
        grams[item.booking_id] = grams.get(item.booking_id, 0) + item.piece_g * count
    for subject_id, km in trucked.items():
        box = facts.containers.get(subject_id)
        total += km * (box.cargo_kg if box else grams.get(subject_id, 0) // 1000)
    return total


def _brought(facts: Facts) -> dict[str, int]:
    """Count the pieces by item id that trucks bring to the hub: those packed there, and all that go there."""
    hub_id, bookings = facts.scenario.hub_id, facts.bookings
    delivered = (i for i in facts.scenario.items if bookings[i.booking_id].destination_id == hub_id)
    found = {item.item_id: item.count for item in delivered}
    for block in (b for c in facts.plan.containers for b in c.blocks if b.item_id in facts.items):
        found[block.item_id] = found.get(block.item_id, 0) + block.count
    return found


def _by_destination(facts: Facts) -> tuple[DestinationLine, ...]:
    """Sum by destination; charges of trains and of bookings on their way to the hub belong to none."""
    money = _by_container(facts.plan.charges)
    boxes: dict[str, list[PlannedContainer]] = {}
    for box in facts.moved():
        boxes.setdefault(box.destination_id, []).append(box)
    left: dict[str, list[int]] = {}
    for x in facts.plan.left:
        left.setdefault(facts.destination(x), []).append(facts.left_feu_milli(x))
    lines = []
    for place_id in sorted({*boxes, *left} - {""}):
        mine = boxes.get(place_id, [])
        ends = [(c, facts.rides[c.container_id]) for c in mine]
        lines.append(
            DestinationLine(
                destination_id=place_id,
                name=facts.name(place_id),
                n_containers=len(mine),
                teu=sum(facts.teu(c.container_id) for c in mine),
                n_left=len(left.get(place_id, ())),
                left_feu=sum(left.get(place_id, ())) / 1000,
                money_usd_cents=sum(money.get(c.container_id, (0, 0))[0] for c in mine),
                co2e_kg=sum(money.get(c.container_id, (0, 0))[1] for c in mine) / 1000,
                mean_transit_minutes=_mean([r[-1].arrives_at - r[0].departs_at for _, r in ends]),
                n_late=sum(r[-1].arrives_at > c.due_at for c, r in ends),
            )
        )
    return tuple(sorted(lines, key=lambda d: (-d.teu, d.destination_id)))


def _by_container(charges: Sequence[Charge]) -> dict[str, tuple[int, int]]:
    """Money in cents and grams CO2e by subject."""
    found: dict[str, tuple[int, int]] = {}
    for c in charges:
        cents, grams = found.get(c.subject_id, (0, 0))
        found[c.subject_id] = (cents + (c.usd_cents if c.kind in MONEY else 0), grams + c.gco2e)
    return found
