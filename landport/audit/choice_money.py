"""Rules of what choices cost and emit: every charge counted again from the rows, for all boxes together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from landport.audit.case import Ridden
from landport.audit.choice_case import ChoiceCase, Hop, Meeting, Way
from landport.audit.choice_legs import is_about
from landport.audit.money import HUB_CO2, TRUCK_CO2, emitted, fixed_share, half_up, moved_kg, said
from landport.audit.orders import passed
from landport.audit.violation import Finding, Rule
from landport.model.plans import Charge


def _line(case: ChoiceCase, kind: str, quantity: int, rate_id: str, cents: int, gco2e: int) -> Charge:
    """Charge one box's line for all boxes."""
    n = case.trip.n_boxes
    return Charge(
        subject_id=case.trip.trip_id,
        kind=kind,
        quantity=n * quantity,
        rate_id=rate_id,
        usd_cents=n * cents,
        gco2e=n * gco2e,
    )


def _charged(case: ChoiceCase, way: Way) -> Iterator[Charge]:
    for hop in way.hops:
        yield _road(case, hop) if hop.ridden is None else _freight(case, hop, hop.ridden)
    for meeting in way.meetings:
        yield _handling(case, meeting)
    for order in case.scenario.orders:
        if order.max_teu_per_day is not None and order.usd_cents_per_teu and is_about(case, order):
            for _ in passed(order, (hop.ridden for hop in way.hops)):
                yield _line(case, "quota", case.teu, order.order_id, order.usd_cents_per_teu * case.teu, 0)


def _freight(case: ChoiceCase, hop: Hop, ridden: Ridden) -> Charge:
    service, teu, trip = ridden.run.service, case.teu, case.trip
    is_shared = service.operation == "hub"  # no question runs a train: its fixed cost is borne by share
    cents = gco2e = 0
    for leg in ridden.legs:
        row = service.legs[leg]
        cents += row.usd_cents_per_teu + (fixed_share(case.milli, service, row) if is_shared else 0)
        kg = moved_kg(case.milli, trip.cargo_kg, trip.gross_kg, teu if row.co2_rate in case.per_gross else 0)
        gco2e += emitted(case.milli, row.co2_rate, kg, row.length_km)
    legs = f"{hop.stretch.first_leg}-{hop.stretch.last_leg}"
    rate_id = f"{service.service_id}/{legs}{'+share' if is_shared else ''}"
    return _line(case, "freight", teu, rate_id, cents * teu, gco2e)


def _road(case: ChoiceCase, hop: Hop) -> Charge:
    way, place = case.roads.way(hop.stretch.from_id, hop.stretch.to_id), case.places.get(hop.stretch.from_id)
    km, rate_id = (0 if way is None else way[1]), ("" if place is None else place.road_rate)
    gco2e = emitted(case.milli, TRUCK_CO2, case.trip.cargo_kg, km)
    return _line(case, "road", km, rate_id, half_up(km * case.milli(rate_id), 10), gco2e)


def _handling(case: ChoiceCase, meeting: Meeting) -> Charge:
    row, teu = meeting.transfer, case.teu
    cents, rate_id = (0, "") if row is None else (row.usd_cents_per_teu * teu, row.transfer_id)
    gco2e = 0 if row is None else half_up(case.trip.cargo_kg * case.milli(HUB_CO2), 1_000_000)
    return _line(case, "handling", teu, rate_id, cents, gco2e)


def _charges(case: ChoiceCase) -> Iterator[Finding]:
    for way in case.ways:
        if not way.is_priced:
            continue
        stated, counted = Counter(way.choice.charges), Counter(_charged(case, way))
        of = f"choice {way.choice.number}"
        for charge in (counted - stated).elements():
            yield f"no charge of {of} says {said(charge)}", (case.trip.trip_id, charge.rate_id)
        for charge in (stated - counted).elements():
            yield f"a charge of {of} says {said(charge)}; a recount does not", (case.trip.trip_id, charge.rate_id)


def _sums(case: ChoiceCase) -> Iterator[Finding]:
    for choice in case.choices.choices:
        cents, gco2e = sum(c.usd_cents for c in choice.charges), sum(c.gco2e for c in choice.charges)
        for name, stated, counted in (("cents", choice.usd_cents, cents), ("g CO2e", choice.gco2e, gco2e)):
            if stated != counted:
                text = f"choice {choice.number} states {stated:,} {name}; its charges add up to {counted:,}"
                yield text, (case.trip.trip_id,)


RULES = (
    Rule(
        "CHOICE_CHARGE",
        "Every ride, change and hand-over under a quota of a choice is charged once, for all boxes, and nothing else.",
        _charges,
    ),
    Rule("CHOICE_SUM", "The price and emissions of a choice are the sums of its charges.", _sums),
)
