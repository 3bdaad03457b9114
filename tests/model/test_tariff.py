"""Prices and emissions, line by line."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from landport.model import tariff
from landport.model.bookings import CargoItem
from landport.model.changes import Road
from landport.model.tariff import Load
from landport.reference import load

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
    assert tariff.truck_share_milli([item]) == 500
    assert tariff.truck_share_milli([replace(item, mass_g=21_000_000, count=1)]) == 1000
