"""Answers to questions for ways over a small demo week, priced by the planners' tariff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise

from landport import route
from landport.app import demo
from landport.app.stages import Week, lay_out
from landport.model.choices import Choice, Choices, Odds, Risk
from landport.model.edits import WhatIf
from landport.model.itinerary import Itinerary, Stretch, Trip
from landport.model.plans import Charge
from landport.model.result import Limit
from landport.model.scenario import Scenario, World
from landport.model.tariff import Load
from landport.reference import load

PLAIN = WhatIf()
NO_PLAN = -(10**6)
"""A question runs no train: all of the hub's are undecided."""


@cache
def week() -> Week:
    """A demo week, laid out."""
    world = load.world()
    return lay_out(demo.generate(world, week=date(2025, 3, 3), seed=1, scale=0.05), world)


def trip(from_id: str, to_id: str, **changes) -> Trip:
    """A question for two 40-ft boxes, changed as said."""
    plain = Trip(
        trip_id=f"{from_id}-{to_id}",
        at_id=from_id,
        destination_id=to_id,
        ready_at=0,
        due_at=20 * 1440,
        container_type="40HC",
        gross_kg=21_900,
        cargo_codes=("8471",),
        un_classes=(),
        n_boxes=2,
        cargo_kg=18_000,
    )
    return replace(plain, **changes)


def charges(way: Itinerary, of: Trip, laid: Week) -> tuple[Charge, ...]:
    """Price a way for all boxes of a trip, without weights of time."""
    n, rates = of.n_boxes, replace(laid.pricing, plan_end=NO_PLAN)
    teu = laid.world.container_types[of.container_type].teu
    box = Load(
        subject_id=of.trip_id,
        teu=teu,
        feu_milli=500 * teu,
        cargo_kg=of.cargo_kg,
        gross_kg=of.gross_kg,
        priority=of.priority,
    )
    priced = rates.carriage(box, way)
    return tuple(replace(c, quantity=n * c.quantity, usd_cents=n * c.usd_cents, gco2e=n * c.gco2e) for c in priced)


def gauge_changes(way: Itinerary, laid: Week) -> int:
    """Count breaks of gauge under the load."""
    gauges: list[int] = []
    for stretch in way.stretches:
        legs = laid.pricing.service(stretch.departure_id).legs if stretch.departure_id else ()
        ridden = legs[stretch.first_leg - 1 : stretch.last_leg] if legs else (None,)
        gauges += [leg.gauge_mm if leg and leg.mode == "rail" else 0 for leg in ridden]
    return sum(1 for a, b in pairwise(gauges) if a and b and a != b)


def choice(way: Itinerary, of: Trip, laid: Week, number: int = 1) -> Choice:
    """One way with its price."""
    lines = charges(way, of, laid)
    return Choice(
        number=number,
        itinerary=way,
        charges=lines,
        usd_cents=sum(c.usd_cents for c in lines),
        gco2e=sum(c.gco2e for c in lines),
        gauge_changes=gauge_changes(way, laid),
    )


def answer(of: Trip, ways: Iterable[Itinerary], laid: Week, what_if: WhatIf = PLAIN, **changes) -> Choices:
    """Price ways and list those that none is better than, the cheapest first."""
    priced = [choice(way, of, laid) for way in ways]
    front = [one for one in priced if not any(_is_better(other, one) for other in priced)]
    unlike = {_figures(one): one for one in reversed(front)}
    listed = sorted(unlike.values(), key=lambda c: c.usd_cents)
    plain = Choices(
        trip=of,
        is_due=False,
        order_by="cost",
        as_of_on=laid.scenario.start_at.date(),
        what_if=what_if,
        choices=tuple(replace(c, number=n) for n, c in enumerate(listed, 1)),
        n_found=len(unlike),
        is_complete=True,
        eps=(0, 0, 0),
    )
    return replace(plain, **changes)


def _figures(one: Choice) -> tuple[int, ...]:
    return one.itinerary.arrives_at, one.usd_cents, one.gco2e, one.gauge_changes


def _is_better(other: Choice, one: Choice) -> bool:
    ours, theirs = _figures(one), _figures(other)
    return ours != theirs and all(t <= o for o, t in zip(ours, theirs, strict=True))


def has_room(way: Itinerary, of: Trip, laid: Week) -> bool:
    """Tell whether all boxes of a trip fit on every leg."""
    teu = of.n_boxes * laid.world.container_types[of.container_type].teu
    for stretch in (s for s in way.stretches if s.departure_id):
        run = laid.pricing.departures[stretch.departure_id]
        legs = laid.network.services[run.service_id].legs[stretch.first_leg - 1 : stretch.last_leg]
        if any(teu > run.room_teu(leg) for leg in legs):
            return False
    return True


def found(trips: Sequence[Trip], laid: Week) -> dict[str, tuple[Itinerary, ...]]:
    """Let `route` find ways for trips; those with room."""
    types, rules, hub = laid.world.container_types, laid.world.rules, laid.scenario.hub_id
    result = route.plan(
        trips, laid.space, laid.scenario.orders, types, hub_id=hub, rules=rules, limit=Limit(seconds=600)
    )
    return {t.trip_id: tuple(w for w in result.plan.choices.get(t.trip_id, ()) if has_room(w, t, laid)) for t in trips}


def truck(from_id: str, to_id: str, departs_at: int, laid: Week) -> Stretch:
    """A truck on demand."""
    road = laid.pricing.roads[from_id, to_id]
    ends = {"from_id": from_id, "to_id": to_id, "departs_at": departs_at}
    return Stretch(departure_id="", first_leg=0, last_leg=0, arrives_at=departs_at + road.running_minutes, **ends)


def odds(of: Choice, by_due: float = 0.9, **changes) -> Odds:
    """Odds of a choice from 100 samples: half arrive half a day before `by_due` do."""
    boarded = [(n, s.from_id) for n, s in enumerate(of.itinerary.stretches, 1) if s.departure_id]
    share = (round(100 * by_due) + 1) / 102
    plain = Odds(
        n_samples=100,
        seed=0,
        by_due=by_due,
        by_due_error=round((share * (1 - share) / 102) ** 0.5, 6),
        p50_at=of.itinerary.arrives_at,
        p90_at=of.itinerary.arrives_at + 720,
        stranded=0.05,
        risks=tuple(Risk(stretch=n, place_id=p, missed=0.0, delay_minutes=0) for n, p in boarded),
    )
    return replace(plain, **changes)


Case = tuple[Choices, Scenario, World]
