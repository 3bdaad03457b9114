"""Choices of a way to show: found in the demo's week, priced as a tariff does, with odds made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise

from landport import route
from landport.app import demo, stages
from landport.app.stages import Week
from landport.model import tariff
from landport.model.bookings import RestrictionOrder
from landport.model.choices import Choice, Choices, Odds, Risk
from landport.model.edits import NetworkEdit, WhatIf
from landport.model.itinerary import Itinerary, Refusal, Trip
from landport.model.plans import Charge
from landport.model.result import Limit
from landport.model.tariff import Load
from landport.reference import load

DAY = 1440
TRIP = Trip(
    trip_id="asked",
    at_id="KUY",
    destination_id="DUI",
    ready_at=600,
    due_at=21 * DAY,
    container_type="40HC",
    gross_kg=24_000,
    cargo_codes=("8407",),
    un_classes=(),
    n_boxes=2,
    cargo_kg=20_060,
)


@cache
def week() -> Week:
    """A small week of the demo."""
    world = load.world()
    return stages.lay_out(demo.generate(world, week=date(2022, 7, 18), seed=1, scale=0.02), world)


@cache
def itineraries(trip: Trip) -> tuple[Itinerary, ...]:
    """Ways that the planner finds, the cheapest first."""
    of = week()
    found = route.plan(
        [trip],
        of.space,
        (),
        of.world.container_types,
        hub_id=of.scenario.hub_id,
        rules=of.world.rules,
        limit=Limit(),
    )
    return found.plan.choices[trip.trip_id]


def charges(
    way: Itinerary, trip: Trip, *, undecided: bool = False, orders: Sequence[RestrictionOrder] = ()
) -> tuple[Charge, ...]:
    """Price a way for all boxes: rides, then changes, then quotas."""
    pricing = week().pricing
    teu = pricing.container_types[trip.container_type].teu
    one = Load(
        subject_id=trip.trip_id,
        teu=teu,
        feu_milli=500 * teu,
        cargo_kg=trip.cargo_kg,
        gross_kg=trip.gross_kg,
        priority=0,
    )
    found = []
    for s in way.stretches:
        if s.departure_id:
            service = pricing.service(s.departure_id)
            shared = undecided and service.operation == "hub"
            found.append(tariff.ride(one, service, s.first_leg, s.last_leg, pricing.rules, undecided=shared))
        else:
            found.append(tariff.road(one, pricing.roads[s.from_id, s.to_id], pricing.network.places, pricing.rules))
    found += [tariff.change(one, pricing.transfers[t], pricing.rules) for t in way.transfer_ids]
    found += pricing.tolls(one, orders, way)
    n = trip.n_boxes
    return tuple(replace(c, quantity=c.quantity * n, usd_cents=c.usd_cents * n, gco2e=c.gco2e * n) for c in found)


def odds(way: Itinerary, trip: Trip, number: int) -> Odds:
    """Odds that grow worse with the number."""
    trains = [(n, s) for n, s in enumerate(way.stretches, 1) if s.departure_id]
    risks = [
        Risk(stretch=n, place_id=s.from_id, missed=0.06 * number * (n > 1), delay_minutes=240 * number * (n > 1))
        for n, s in trains
    ]
    p50 = way.arrives_at + 300 * number
    p90 = way.arrives_at + 2_000 * number
    return Odds(
        n_samples=2000,
        seed=1,
        by_due=max(0.02, min(0.998, 0.5 + (trip.due_at - p50) / 8_000)),
        by_due_error=0.009,
        p50_at=p50,
        p90_at=None if number == 5 else p90,
        stranded=0.11 if number == 5 else 0.0,
        risks=tuple(risks),
    )


def choice(
    number: int,
    way: Itinerary,
    trip: Trip,
    *,
    with_odds: bool = True,
    undecided: bool = False,
    orders: Sequence[RestrictionOrder] = (),
) -> Choice:
    """One way priced."""
    paid = charges(way, trip, undecided=undecided, orders=orders)
    network = week().network
    gauges: list[int] = []
    for s in way.stretches:
        legs = network.services[s.departure_id.partition("@")[0]].legs if s.departure_id else ()
        gauges += [leg.gauge_mm for leg in legs[s.first_leg - 1 : s.last_leg]] or [0]
    return Choice(
        number=number,
        itinerary=way,
        charges=paid,
        usd_cents=sum(c.usd_cents for c in paid),
        gco2e=sum(c.gco2e for c in paid),
        gauge_changes=sum(0 not in (a, b) and a != b for a, b in pairwise(gauges)),
        odds=odds(way, trip, number) if with_odds else None,
    )


def answer(
    trip: Trip = TRIP, picks: Sequence[int] = (0, 12, 18, 24, 33), what_if: WhatIf | None = None, **changes: object
) -> Choices:
    """Some of the ways found, the first to arrive first."""
    found = itineraries(trip)
    chosen = sorted((found[i] for i in picks if i < len(found)), key=lambda w: w.arrives_at)
    base = Choices(
        trip=trip,
        is_due=True,
        order_by="time",
        as_of_on=date(2022, 7, 18),
        what_if=what_if or WhatIf(),
        choices=tuple(choice(n, way, trip) for n, way in enumerate(chosen, 1)),
        n_found=len(found),
        is_complete=True,
        eps=(720, 10_000, 80_000),
    )
    return replace(base, **changes)


def quota(**changes: object) -> RestrictionOrder:
    """An order that lets boxes be handed over in Dostyk at 31 USD a TEU, changed as said."""
    plain = RestrictionOrder(
        order_id="Q1",
        number="2022-77",
        issuer="KTZ",
        place_id="DOS",
        towards_id="",
        from_at=-(10**6),
        until_at=10**6,
        hs_prefixes=(),
        un_classes=(),
        container_types=(),
        max_trains_per_day=None,
        text="congestion",
        max_teu_per_day=200,
        usd_cents_per_teu=3_100,
    )
    return replace(plain, **changes)


def with_quotas(*orders: RestrictionOrder) -> Choices:
    """The same ways, paying quotas."""
    plain = answer()
    chosen = tuple(choice(c.number, c.itinerary, plain.trip, orders=orders) for c in plain.choices)
    return replace(plain, choices=chosen)


def refused(**changes: object) -> Choices:
    """No way, and what would help."""
    why = Refusal(
        state="waiting", code="too-late", why="the fastest way from KUY to DUI arrives 4 days after its due date"
    )
    advice = (
        "Due 2022-07-29 or later: the fastest way arrives then.",
        "Ready by 2022-07-19 06:00+08:00: it catches the train before.",
    )
    return replace(answer(picks=()), refusal=why, advice=advice, n_found=0, **changes)


TUNNEL = WhatIf(
    name="tunnel",
    edits=(
        NetworkEdit(action="close", subject_id="DOS"),
        NetworkEdit(action="slow", subject_id="R-URC-SHZ-1435", value=1500),
        NetworkEdit(action="gauge", subject_id="R-HRG-ALT-1435", value=1520),
        NetworkEdit(action="capacity", subject_id="MAL", value=400),
    ),
)
