"""Trains of the week as the plan loads them: boxes, positions, mass, wagons, against their limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landport.model.plans import Ride, WagonLoad
from landport.model.services import Service, ServiceLeg
from landport.report.facts import Facts, Room, crossing


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainLine:
    """One departure that the hub runs or cancels.

    Parameters
    ----------
    group
        Of its service: assembly, assembly-return, feeder, ...
    via_from_id, via_to_id
        Border stations where it leaves or enters the hub's country; empty: it does not.
    departs_at, arrives_at
        Minutes from the scenario's start, at its first and last stop.
    teu, capacity_teu
        On its fullest leg; of the leg's room, the departure's note and the dated rules the least.
    mass_kg, limit_kg, mass_what
        On the leg and under the limit that bind most: `cargo` (sum of box gross masses) or `gross` (with
        wagons: those of its wagon plan, on later gauges as many as its boxes need there; without a plan by the rules'
        mean tare a FEU); limit 0: none is known.
    box_gross_kg
        Sum of the gross masses of its boxes where it is heaviest.
    """

    departure_id: str
    service_id: str
    name: str
    group: str
    origin_id: str
    destination_id: str
    via_from_id: str
    via_to_id: str
    departs_at: int
    arrives_at: int
    status: str
    why: str
    n_boxes: int
    teu: int
    capacity_teu: int
    min_teu: int
    box_gross_kg: int
    mass_kg: int
    limit_kg: int
    mass_what: str
    n_wagons: int
    length_mm: int
    fixed_usd_cents: int


def train_lines(facts: Facts) -> tuple[TrainLine, ...]:
    """List the departures that the plan decides, by time."""
    wagons: dict[str, list[WagonLoad]] = {}
    for load in facts.plan.wagons:
        wagons.setdefault(load.departure_id, []).append(load)
    lines = []
    for run in facts.plan.runs:
        service = facts.service_of(run.departure_id)
        if service is not None:
            lines.append(_line(facts, service, run.departure_id, wagons.get(run.departure_id, [])))
    return tuple(sorted(lines, key=lambda t: (t.departs_at, t.departure_id)))


def _line(facts: Facts, service: Service, departure_id: str, wagons: Sequence[WagonLoad]) -> TrainLine:
    run = facts.runs[departure_id]
    riders = facts.riders.get(departure_id, ())
    dated = facts.departures.get(departure_id)
    types = [facts.world.wagon_types[w.wagon_type] for w in wagons if w.wagon_type in facts.world.wagon_types]
    teu, capacity = _fullest(facts, service, departure_id, riders)
    mass, limit, what = _heaviest(facts, service, departure_id, riders, sum(t.tare_kg for t in types))
    border = crossing(service, facts.network, _home(facts))
    return TrainLine(
        departure_id=departure_id,
        service_id=service.service_id,
        name=service.name,
        group=service.group,
        origin_id=service.legs[0].from_id,
        destination_id=service.legs[-1].to_id,
        via_from_id=border.from_id if border else "",
        via_to_id=border.to_id if border else "",
        departs_at=dated.legs[0].departs_at if dated else min((r.departs_at for r in riders), default=0),
        arrives_at=dated.legs[-1].arrives_at if dated else max((r.arrives_at for r in riders), default=0),
        status=run.status,
        why=run.why,
        n_boxes=len({r.subject_id for r in riders}),
        teu=teu,
        capacity_teu=capacity,
        min_teu=service.min_teu,
        box_gross_kg=max((_on(facts, riders, leg)[1] for leg in service.legs), default=0),
        mass_kg=mass,
        limit_kg=limit,
        mass_what=what,
        n_wagons=len(wagons),
        length_mm=sum(t.length_mm for t in types),
        fixed_usd_cents=service.fixed_usd_cents if run.status == "run" else 0,
    )


def _home(facts: Facts) -> str:
    hub = facts.network.places.get(facts.scenario.hub_id)
    return hub.country if hub else "CN"


def _on(facts: Facts, riders: Sequence[Ride], leg: ServiceLeg) -> tuple[int, int]:
    """TEU and gross kg of the boxes on a leg."""
    ids = [r.subject_id for r in riders if r.first_leg <= leg.seq <= r.last_leg]
    return sum(map(facts.teu, ids)), sum(facts.containers[c].gross_kg for c in ids)


def _room(facts: Facts, departure_id: str, leg: ServiceLeg) -> Room:
    """Say what a leg takes; of a departure that the timetable does not know, what its table says."""
    of_table = Room(teu=leg.capacity_teu, cargo_kg=leg.max_cargo_kg, gross_kg=leg.max_gross_kg)
    return facts.rooms.get((departure_id, leg.seq), of_table)


def _fullest(facts: Facts, service: Service, departure_id: str, riders: Sequence[Ride]) -> tuple[int, int]:
    loads = [(_on(facts, riders, leg)[0], _room(facts, departure_id, leg).teu) for leg in service.legs]
    return max(loads, key=lambda x: (x[0] / max(1, x[1]), x[0], -x[1]), default=(0, 0))


def _heaviest(
    facts: Facts, service: Service, departure_id: str, riders: Sequence[Ride], wagons_kg: int
) -> tuple[int, int, str]:
    """Mass, limit and kind of limit that bind most over all legs.

    Parameters
    ----------
    wagons_kg
        Tare of the wagons it starts with; 0: unknown, the rules' mean tare a FEU stands for it.
    """
    start = service.legs[0]
    at_start, _ = _on(facts, riders, start)
    mean = next((r.milli for r in facts.plan.rules.rates if r.rate_id == "wagon_tare_t_per_feu"), 0)
    found = []
    for leg in service.legs:
        teu, boxes = _on(facts, riders, leg)
        room = _room(facts, departure_id, leg)
        if room.cargo_kg:
            found.append((boxes, room.cargo_kg, "cargo"))
        if room.gross_kg and boxes:
            tare = mean * teu // 2
            if wagons_kg and at_start:
                tare = wagons_kg if leg.gauge_mm == start.gauge_mm else wagons_kg * teu // at_start
            found.append((boxes + tare, room.gross_kg, "gross"))
    return max(found, key=lambda x: (x[0] / x[1], -x[1]), default=(0, 0, "cargo"))
