"""How full something is by the auditor's own count: legs, yards and orders, each with its limit and what is taken."""

from __future__ import annotations

from collections.abc import Iterable

from landport.audit.case import Case
from landport.audit.orders import handed_over, hit_minutes
from landport.audit.times import Run, railway_day
from landport.model.bookings import RestrictionOrder
from landport.model.plans import PlannedContainer
from landport.model.rules import TrainRule

Full = tuple[int, int]
"""The limit of something, and what of it is taken."""

LEG_KINDS = ("teu", "cargo_kg", "gross_kg")
"""What a leg of a train has a limit of."""


def of_leg(case: Case, kind: str, departure_id: str, leg: int) -> Full | None:
    """Count what a leg (from 1) has a limit of; None: there is no such leg or limit.

    Only trains that the plan itself runs or cancels have limits of mass: of others it does not know all boxes.
    """
    run = case.timetable.run(departure_id)
    if run is None or not 1 <= leg <= len(run.service.legs):
        return None
    limit = _positions(case, run, leg - 1) if kind == "teu" else _mass(case, kind, run, leg - 1)
    boxes = case.on_board.get((departure_id, leg - 1), [])
    return None if limit is None else (limit, taken_by(case, kind, boxes))


def taken_by(case: Case, kind: str, boxes: Iterable[PlannedContainer]) -> int:
    """Count what boxes take of a leg."""
    boxes = list(boxes)
    if kind == "teu":
        return case.teu(boxes)
    mass = sum(box.gross_kg for box in boxes)
    return mass if kind == "cargo_kg" else mass + case.milli("wagon_tare_t_per_feu") * case.teu(boxes) // 2


def _greatest(rule: TrainRule) -> int:
    return rule.milli - (rule.operator == "<")


def _positions(case: Case, run: Run, leg: int) -> int:
    room = run.service.legs[leg].capacity_teu
    if run.free_teu is not None:
        room = min(room, run.free_teu[leg])
    rules = case.limits("max_boxes_feu", run, leg) if run.service.operation == "hub" else ()
    return min([room, *(2 * _greatest(r) // 1000 for r in rules)])


def _mass(case: Case, kind: str, run: Run, leg: int) -> int | None:
    row = run.service.legs[leg]
    stated = row.max_cargo_kg if kind == "cargo_kg" else row.max_gross_kg
    rules = case.limits("max_cargo_t" if kind == "cargo_kg" else "max_gross_t", run, leg)
    limits = [*([stated] if stated > 0 else []), *map(_greatest, rules)]
    return min(limits) if limits and case.is_decided(run) else None


def of_quota(case: Case, order_id: str, day_on: str) -> Full | None:
    """Count the TEU that an order lets pass on a railway day; None: no such quota."""
    order = order_of(case, order_id)
    if order is None or order.max_teu_per_day is None:
        return None
    taken = 0
    for box in case.containers.values():
        taken += case.teu([box]) * n_passages(case, order, box, day_on)
    return order.max_teu_per_day, taken


def n_passages(case: Case, order: RestrictionOrder, box: PlannedContainer, day_on: str) -> int:
    """Count how often a box is handed over under an order's quota on a railway day."""
    minutes = handed_over(case, order, box)
    return sum(railway_day(minute, case.scenario.start_at).isoformat() == day_on for minute in minutes)


def order_of(case: Case, order_id: str) -> RestrictionOrder | None:
    """Find an order."""
    return next((order for order in case.scenario.orders if order.order_id == order_id), None)


def of_wagons(case: Case, place_id: str, day_on: str) -> Full | None:
    """Count a yard's wagons of a railway day, and those in its trains; None: nobody said how many there are."""
    here = [
        r.count for r in case.scenario.supply if (r.place_id, r.day_on) == (place_id, day_on) and r.resource != "track"
    ]
    formed = _formed(case, place_id, day_on)
    taken = sum(load.departure_id in formed for load in case.plan.wagons)
    return (sum(here), taken) if here else None


def of_tracks(case: Case, place_id: str, day_on: str) -> Full | None:
    """Count a yard's loading tracks of a railway day, and its hub trains that run; None: nobody said."""
    here = [r.count for r in case.scenario.supply if (r.place_id, r.day_on, r.resource) == (place_id, day_on, "track")]
    return (sum(here), len(_formed(case, place_id, day_on))) if here else None


def _formed(case: Case, place_id: str, day_on: str) -> set[str]:
    """Hub trains of a yard that run on a railway day."""
    return {
        departure_id
        for departure_id, run in case.running.items()
        if run.service.legs[0].from_id == place_id
        and railway_day(run.departs_at[0], case.scenario.start_at).isoformat() == day_on
    }


def of_trains(case: Case, order_id: str, day_on: str) -> Full | None:
    """Count the hub trains that an order lets pass on a railway day, and those that do; None: no such limit."""
    order = order_of(case, order_id)
    if order is None or order.max_trains_per_day is None:
        return None
    passing = 0
    for run in case.running.values():
        minutes = [m for leg in range(len(run.service.legs)) for m in hit_minutes(order, run, leg)]
        passing += any(railway_day(m, case.scenario.start_at).isoformat() == day_on for m in minutes)
    return order.max_trains_per_day, passing
