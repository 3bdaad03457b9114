"""Plain rows for programs: one dictionary a record, units in the keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from landport.model.plans import Plan
from landport.model.scenario import Scenario, World
from landport.report.facts import Facts, join
from landport.report.figures import Indicators
from landport.report.indicators import MONEY
from landport.report.waits import wait_lines
from landport.units import instant_of, instant_text

Row = dict[str, Any]


def rows(plan: Plan, scenario: Scenario, world: World, found: Indicators) -> Mapping[str, list[Row]]:
    """List the tables of the report as rows.

    Returns
    -------
    Mapping[str, list[Row]]
        Tables `trains`, `destinations`, `stages`, `costs`, `waits`, `containers`; keys end in their unit, instants
        (`_at`) are ISO 8601 in UTC.
    """
    facts = join(plan, scenario, world)
    return {
        "trains": [_timed(asdict(t), facts, "departs_at", "arrives_at") for t in found.by_train],
        "destinations": [asdict(d) for d in found.by_destination],
        "stages": [asdict(s) for s in found.stages],
        "costs": [asdict(k) for k in found.money.by_kind],
        "waits": _waits(facts),
        "containers": _containers(facts),
    }


def _timed(row: Row, facts: Facts, *keys: str) -> Row:
    return {k: instant_text(instant_of(v, facts.scenario.start_at)) if k in keys else v for k, v in row.items()}


def _waits(facts: Facts) -> list[Row]:
    return [
        {
            "state": w.state,
            "code": w.code,
            "why": w.why,
            "feu": w.feu_milli / 1000,
            "n_containers": w.n_containers,
            "n_pieces": w.n_pieces,
            "destination_ids": list(w.destination_ids),
            "booking_ids": sorted({x.booking_id for x in w.left}),
        }
        for w in wait_lines(facts)
    ]


def _containers(facts: Facts) -> list[Row]:
    cents: dict[str, int] = {}
    for charge in facts.plan.charges:
        if charge.kind in MONEY:
            cents[charge.subject_id] = cents.get(charge.subject_id, 0) + charge.usd_cents
    wagon_of = {c: (w.departure_id, w.seq) for w in facts.plan.wagons for c in w.container_ids}
    table = []
    for box in facts.plan.containers:
        rides = facts.rides.get(box.container_id, ())
        row: Row = {
            "container_id": box.container_id,
            "container_type": box.container_type,
            "booking_ids": list(box.booking_ids),
            "from_id": box.at_id,
            "to_id": box.destination_id,
            "departure_ids": [r.departure_id for r in rides],
            "wagon": wagon_of.get(box.container_id, ("", 0))[1] or None,
            "gross_kg": box.gross_kg,
            "departs_at": rides[0].departs_at if rides else None,
            "arrives_at": rides[-1].arrives_at if rides else None,
            "due_at": box.due_at,
            "late_minutes": max(0, rides[-1].arrives_at - box.due_at) if rides else None,
            "money_usd_cents": cents.get(box.container_id, 0),
        }
        keys = ("departs_at", "arrives_at", "due_at") if rides else ("due_at",)
        table.append(_timed(row, facts, *keys))
    return table
