"""Prices and emissions, line by line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport import audit
from landport.model import tariff
from landport.model.bookings import CargoItem
from landport.model.changes import Road
from landport.model.places import Places
from landport.model.rules import Rules
from landport.model.tariff import Load
from landport.reference import load
from tests.broken.week import tiny

WORLD = load.world()
RULES = WORLD.rules
BOX = Load(subject_id="C00001", teu=2, feu_milli=1000, cargo_kg=20_000, gross_kg=23_940, priority=0)
ALMATY = WORLD.network.services["U-ALM-W"]


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_rounding_is_to_the_nearest_halves_up(numerator, denominator):
    """Twice the error never exceeds the denominator."""
    answer = tariff.rounded(numerator, denominator)
    assert -denominator < 2 * (numerator - answer * denominator) <= denominator or (
        2 * (answer * denominator - numerator) == denominator
    )


def test_a_box_on_the_whole_line_pays_the_published_price():
    """600 USD per FEU from Urumqi to Almaty."""
    charge = tariff.ride(BOX, ALMATY, 1, len(ALMATY.legs), RULES)
    assert (charge.kind, charge.quantity, charge.usd_cents) == ("freight", 2, 60_000)
    assert charge.rate_id == f"U-ALM-W/1-{len(ALMATY.legs)}"


def test_legs_add_up_to_the_whole():
    """Riding leg by leg costs and emits what riding through does."""
    whole = tariff.ride(BOX, ALMATY, 1, len(ALMATY.legs), RULES)
    parts = [tariff.ride(BOX, ALMATY, i, i, RULES) for i in range(1, len(ALMATY.legs) + 1)]
    assert sum(p.usd_cents for p in parts) == whole.usd_cents
    assert sum(p.gco2e for p in parts) == whole.gco2e


def test_an_undecided_train_charges_its_share_of_the_fixed_cost():
    """At 80 % load all shares together pay the train."""
    share = tariff.ride(BOX, ALMATY, 1, len(ALMATY.legs), RULES, undecided=True)
    plain = tariff.ride(BOX, ALMATY, 1, len(ALMATY.legs), RULES)
    paid = (share.usd_cents - plain.usd_cents) * 40
    assert share.rate_id.endswith("+share")
    assert abs(paid - ALMATY.fixed_usd_cents) <= 40 * 2 * len(ALMATY.legs)


def test_a_truck_is_paid_whole_by_a_box_and_by_share_by_groupage():
    """660 km in China for half a truck cost half."""
    road = Road("URC", "HRG", 660, 720)
    whole = tariff.road(BOX, road, WORLD.network.places, RULES)
    half = tariff.road(replace(BOX, teu=0, feu_milli=500), road, WORLD.network.places, RULES)
    assert whole.usd_cents == 660 * RULES.milli("road_cn_usd_per_km") // 10
    assert abs(whole.usd_cents - 2 * half.usd_cents) <= 1


def test_lateness_and_refusal_weigh_more_with_priority():
    """Priority 1 doubles both."""
    late = [tariff.waiting(replace(BOX, priority=p), 0, 2880, 1440, RULES)[1].usd_cents for p in (0, 1)]
    left = [tariff.left(replace(BOX, priority=p), RULES).usd_cents for p in (0, 1)]
    assert late[1] == 2 * late[0] > 0
    assert left[1] == 2 * left[0] > 0


def test_in_time_costs_no_lateness():
    """Arriving on the due minute is in time."""
    assert [c.kind for c in tariff.waiting(BOX, 0, 1440, 1440, RULES)] == ["time"]


def test_the_share_of_a_truck_is_the_larger_of_volume_and_mass():
    """34 m3 is half a truck by volume; 21 t a whole one by mass."""
    item = CargoItem(
        item_id="I",
        booking_id="B",
        goods_id="",
        length_mm=1000,
        width_mm=1000,
        height_mm=1000,
        mass_g=1000,
        weighed_g=None,
        count=34,
        vertical="lwh",
        max_layers=9,
        max_on_top_g=0,
    )
    assert tariff.truck_share_milli([item], RULES) == 500
    assert tariff.truck_share_milli([replace(item, mass_g=21_000_000, count=1)], RULES) == 1000
    smaller = changed(truck_groupage_m3=34_000, truck_groupage_t=10_500)
    assert tariff.truck_share_milli([item], smaller) == 1000
    assert tariff.truck_share_milli([replace(item, mass_g=21_000_000, count=1)], smaller) == 2000


def changed(**milli: int) -> Rules:
    """The shipped rules with other rates, in thousandths."""
    rates = tuple(replace(r, milli=milli.get(r.rate_id, r.milli)) for r in RULES.rates)
    return replace(RULES, rates=rates)


def test_a_share_of_the_fixed_cost_follows_the_load_that_the_table_assumes():
    """On a train taken to run full one TEU bears four fifths of what it bears at 80 %."""
    leg = ALMATY.legs[0]
    usual, full = (tariff.fixed_share_cents(ALMATY, leg, r) for r in (RULES, changed(bought_load_share=1000)))
    assert usual > full > 0
    assert abs(5 * full - 4 * usual) <= 5
    ride = tariff.ride(BOX, ALMATY, 1, 1, changed(bought_load_share=1000), undecided=True)
    assert ride.usd_cents == 2 * (leg.usd_cents_per_teu + full)


def test_a_truck_is_paid_at_the_rate_of_the_place_it_starts_at():
    """The rate is the place's own, whatever its country."""
    places = Places([replace(WORLD.network.places["URC"], road_rate="road_eu_usd_per_km")])
    assert tariff.road(BOX, Road("URC", "HRG", 660, 720), places, RULES).rate_id == "road_eu_usd_per_km"


def test_an_emission_factor_is_per_what_its_basis_says():
    """The same factor per gross mass counts box and wagon, whatever it is called."""
    leg = ALMATY.legs[0]
    rates = tuple(replace(r, basis="gross") if r.rate_id == leg.co2_rate else r for r in RULES.rates)
    net, gross = (tariff.ride(BOX, ALMATY, 1, 1, r).gco2e for r in (RULES, replace(RULES, rates=rates)))
    milli = RULES.milli(leg.co2_rate)
    assert (RULES.rate(leg.co2_rate).basis, net) == ("net", tariff.rounded(20_000 * leg.length_km * milli, 10**6))
    wagon_kg = RULES.milli("wagon_tare_t_per_feu")
    assert gross == tariff.rounded((23_940 + wagon_kg) * leg.length_km * milli, 10**6)


AUDITED = [
    ({"truck_groupage_m3": 1_000}, {"CHARGE_ROAD", "CHARGE_LEFT"}),
    ({"truck_groupage_t": 100}, {"CHARGE_ROAD", "CHARGE_LEFT"}),
    ({"bought_load_share": 500}, {"CHARGE_FREIGHT"}),
    ({"truck_reach_km": 1_000}, {"ROAD_MISSING"}),
]


@pytest.mark.parametrize(("rates", "codes"), AUDITED, ids=[next(iter(rates)) for rates, _ in AUDITED])
def test_the_auditor_reads_the_same_table(rates, codes):
    """A plan priced at the shipped rates does not hold once a rate is another."""
    plan, week, world = tiny()
    found = audit.check(replace(plan, rules=changed(**rates)), week, replace(world, rules=changed(**rates)))
    assert {v.code for v in found} == codes


def test_the_auditor_reads_basis_and_zone():
    """Another basis of a factor, or another rate of a country, makes other charges."""
    plan, week, world = tiny()
    rates = tuple(replace(r, basis="net" if r.basis else "") for r in RULES.rates)
    rules = replace(RULES, rates=rates)
    assert {v.code for v in audit.check(replace(plan, rules=rules), week, replace(world, rules=rules))} == {
        "CHARGE_FREIGHT"
    }
    places = Places(replace(p, road_rate="road_eu_usd_per_km") for p in world.network.places.values())
    abroad = replace(world, network=replace(world.network, places=places))
    assert {v.code for v in audit.check(plan, week, abroad)} == {"CHARGE_ROAD"}
