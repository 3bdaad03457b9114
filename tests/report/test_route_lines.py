"""The explanation of a choice adds up to what it is charged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.model.edits import WhatIf
from landport.model.itinerary import Itinerary
from landport.report import route_lines
from tests.report import routed
from tests.report.routed import TRIP, week

ENDS = [("KUY", "DUI"), ("KUY", "TAS"), ("LZH", "MOW"), ("URC", "ALM"), ("KHG", "TAS"), ("URC", "KUY")]


def explained(way: Itinerary, trip, *, undecided: bool = False, orders=()):
    chosen = routed.choice(1, way, trip, undecided=undecided, orders=orders)
    asked = replace(routed.answer(picks=()), trip=trip, choices=(chosen,))
    return chosen, route_lines.lines(chosen, asked, week().network, week().world.rules, orders)


@st.composite
def quotas(draw: st.DrawFn, way: Itinerary):
    """Quotas where a way passes, towards the next stop or not, that begin and end on the way or not."""
    moves = [m for m in week().pricing.moves(way) if m.is_dated]
    found = []
    for n in range(draw(st.integers(0, 4)) if moves else 0):
        move, is_next = draw(st.sampled_from(moves)), draw(st.booleans())
        since = draw(st.sampled_from([-(10**6), move.departs_at, move.arrives_at, move.arrives_at + 1]))
        changes = {
            "order_id": f"Q{n}",
            "number": f"N-{n}",
            "place_id": draw(st.sampled_from([move.from_id, move.to_id])),
            "towards_id": move.to_id if is_next else "",
            "from_at": since,
            "until_at": draw(st.sampled_from([10**6, since + 1])),
            "usd_cents_per_teu": draw(st.integers(0, 9_999)),
        }
        found.append(routed.quota(**changes))
    return tuple(found)


@settings(max_examples=60)
@given(st.data())
def test_lines_add_up_to_the_charges(data):
    """To the cent and to the gram, ride by ride and change by change, for boxes of any size, mass and number."""
    at, to = data.draw(st.sampled_from(ENDS))
    trip = replace(TRIP, at_id=at, destination_id=to, container_type=data.draw(st.sampled_from(["40HC", "20GP"])))
    way = data.draw(st.sampled_from(routed.itineraries(trip)))
    cargo = data.draw(st.integers(0, 26_000))
    trip = replace(trip, n_boxes=data.draw(st.integers(1, 60)), cargo_kg=cargo, gross_kg=cargo + 3_940)
    orders = data.draw(quotas(way))
    chosen, found = explained(way, trip, undecided=data.draw(st.booleans()), orders=orders)
    rides = [c for c in chosen.charges if c.kind in ("freight", "road")]
    changes = [c for c in chosen.charges if c.kind == "handling"]
    assert len(rides) == len(way.stretches)
    for number, charge in enumerate(rides, 1):
        mine = [x for x in found if x.ride == number and x.kind not in ("transfer", "terminal", "quota")]
        assert sum(x.usd_cents for x in mine) == charge.usd_cents
        assert sum(x.gco2e for x in mine) == charge.gco2e
    assert [x.usd_cents for x in found if x.kind == "transfer"] == [c.usd_cents for c in changes]
    assert [x.gco2e for x in found if x.kind == "terminal"] == [c.gco2e for c in changes]
    told = sorted((x.subject_id, x.usd_cents) for x in found if x.kind == "quota")
    assert told == sorted((c.rate_id, c.usd_cents) for c in chosen.charges if c.kind == "quota")
    assert sum(x.usd_cents for x in found) == chosen.usd_cents
    assert sum(x.gco2e for x in found) == chosen.gco2e


@settings(max_examples=40)
@given(st.data())
def test_a_quota_is_told_on_the_ride_that_pays_it(data):
    """The ride comes to the place or leaves it; rides are told in order, whatever the order of the charges."""
    way = data.draw(st.sampled_from(routed.itineraries(TRIP)))
    orders = data.draw(quotas(way))
    _, found = explained(way, TRIP, orders=orders)
    assert [x.ride for x in found] == sorted(x.ride for x in found)
    for x in (x for x in found if x.kind == "quota"):
        one = replace(way, stretches=(way.stretches[x.ride - 1],), transfer_ids=())
        assert x.from_id in {p for m in week().pricing.moves(one) for p in (m.from_id, m.to_id)}


def test_a_quota_names_its_order_and_its_issuer():
    """And its price a TEU; an order that nobody gave to the report is named by its id, at what was charged."""
    way = next(w for w in routed.itineraries(TRIP) if "DOS" in {m.to_id for m in week().pricing.moves(w)})
    chosen, found = explained(way, TRIP, orders=(routed.quota(),))
    line = next(x for x in found if x.kind == "quota")
    assert (line.rate_id, line.source, line.confidence) == ("orders 2022-77", "KTZ", "given")
    assert (line.from_id, line.quantity_milli, line.rate_milli, line.usd_cents) == ("DOS", 4_000, 31_000, 12_400)
    asked = replace(routed.answer(picks=()), choices=(chosen,))
    unknown = route_lines.lines(chosen, asked, week().network, week().world.rules)
    line = next(x for x in unknown if x.kind == "quota")
    assert (line.rate_id, line.source, line.usd_cents) == ("orders Q1", route_lines.OWN, 12_400)
    assert sum(x.usd_cents for x in unknown) == chosen.usd_cents


def test_every_line_is_its_quantity_times_its_rate():
    """But for what rounding each box alone does."""
    for way in routed.itineraries(TRIP)[::5]:
        chosen, found = explained(way, TRIP, undecided=True)
        assert len(found) >= 2 * len(chosen.itinerary.stretches)
        for x in found:
            product = x.quantity_milli * x.rate_milli / 1_000_000
            said = x.gco2e if x.is_emission else x.usd_cents / 100
            assert said == pytest.approx(product, abs=(0.51 if x.is_emission else 0.006) * x.n_boxes)


def test_every_rate_names_its_source():
    """A parameter of the rules, or a row of a shipped table that says the same price."""
    way = next(w for w in routed.itineraries(TRIP) if not w.stretches[0].departure_id)
    _, found = explained(way, TRIP)
    rules = week().world.rules
    kinds = {x.kind for x in found}
    assert kinds == {"road", "emission", "transfer", "terminal", "price"}
    for x in found:
        if x.is_emission or x.kind == "road":
            assert (x.source, x.rate_milli) == (rules.rate(x.rate_id).source, rules.milli(x.rate_id))
        else:
            assert x.source not in ("", route_lines.OWN)
            assert x.rate_id.split(" ")[0] in ("service_legs", "transfers")
    used = [rate.rate_id for rate in route_lines.parameters(found, rules)]
    assert len(used) == len(set(used))
    assert {"co2_hub_g_per_t", "wagon_tare_t_per_feu", "co2_rail_1520_g_per_gross_tkm"} <= set(used)


def test_a_price_of_the_scenario_is_not_said_to_be_published():
    """A service with another price, and one that a what-if assumed."""
    way = routed.itineraries(TRIP)[0]
    chosen = routed.choice(1, way, TRIP)
    network, rules = week().network, week().world.rules
    service = network.services[way.stretches[0].departure_id.partition("@")[0]]
    dearer = replace(service, legs=tuple(replace(x, usd_cents_per_teu=x.usd_cents_per_teu + 1) for x in service.legs))
    changed = replace(network, services={**network.services, service.service_id: dearer})
    asked = routed.answer(picks=())
    first = route_lines.lines(chosen, asked, changed, rules)[0]
    assert (first.source, first.confidence) == (route_lines.OWN, "given")
    assumed = replace(asked, what_if=WhatIf(name="x", services=(service,)))
    assert route_lines.lines(chosen, assumed, network, rules)[0].source == route_lines.ASSUMED
