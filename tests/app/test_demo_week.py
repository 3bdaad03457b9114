"""The demo week: same arguments same week, published totals kept, seasons kept, every row an ordinary one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.app import demo
from landport.app.demo import pieces
from landport.app.demo.market import NATIVE
from landport.errors import InputError
from landport.reference import load, table

JULY, SEPTEMBER = date(2022, 7, 18), date(2022, 9, 19)
WORLD, GOODS = load.world(), load.goods()
INLAND = {"YIW", "CQG", "XIA", "QIN", "LYG", "ZHZ", "CDU", "LZH"}


@pytest.fixture(scope="module")
def week():
    """The week that everybody sees first."""
    return demo.generate(WORLD, week=JULY, seed=1, scale=1.0)


def expected_feu(month, direction, share="feu_per_week"):
    rows = [r for r in table.records("demand") if r["direction"] == direction]
    return sum(r["feu_per_week"] * r[f"s{month:02d}"] * (1.0 if share == "feu_per_week" else r[share]) for r in rows)


def is_outbound(booking):
    return WORLD.network.places[booking.origin_id].country == "CN"


def fcl_feu(bookings):
    return sum(WORLD.container_types[b.container_type].teu * b.n_containers for b in bookings if b.kind == "FCL") / 2


def lcl_feu(scenario):
    volume, mass = defaultdict(int), defaultdict(int)
    for item in scenario.items:
        volume[item.booking_id] += item.volume_mm3 * item.count
        mass[item.booking_id] += item.piece_g * item.count
    return sum(pieces.feu(volume[b], mass[b]) for b in volume)


def gross_kg(booking):
    return booking.cargo_kg + WORLD.container_types[booking.container_type].tare_kg


def check_valid(scenario):
    """Assert what must hold for every booking and item of any demo week."""
    rows = defaultdict(list)
    for item in scenario.items:
        rows[item.booking_id].append(item)
    ids = [b.booking_id for b in scenario.bookings]
    assert len(set(ids)) == len(ids)
    assert set(rows) == {b.booking_id for b in scenario.bookings if b.kind == "LCL"}
    assert len({i.item_id for i in scenario.items}) == len(scenario.items)
    for booking in scenario.bookings:
        assert booking.ready_at < booking.due_at
        assert booking.hs == GOODS[booking.goods_id].hs
        assert booking.value_usd_cents > 0
        check_fcl(booking) if booking.kind == "FCL" else check_lcl(booking, rows[booking.booking_id])


def check_fcl(booking):
    kind = WORLD.container_types[booking.container_type]
    assert booking.n_containers > 0
    assert booking.declared_kg > 0
    assert kind.length_ft != 20 or booking.n_containers % 2 == 0
    needs = booking.temperature_min_c is not None or booking.temperature_max_c is not None
    assert needs == (kind.equipment == "reefer")


def check_lcl(booking, rows):
    assert (booking.container_type, booking.n_containers, booking.declared_kg) == ("", 0, 0)
    assert 1 <= len(rows) <= 4
    assert booking.may_split == (sum(i.volume_mm3 * i.count for i in rows) > 8e9)
    for item in rows:
        good = GOODS[item.goods_id]
        assert item.count >= 1
        assert good.mass_min_g - 10 <= item.mass_g <= good.mass_max_g
        assert item.weighed_g is None or 0.87 <= item.weighed_g / item.mass_g <= 1.13
        assert item.vertical == ("h" if good.this_way_up else "lwh")
        assert not good.un_class or good.goods_id == booking.goods_id


def test_same_arguments_same_week(week):
    """Two calls give equal scenarios; another seed or week gives another."""
    assert demo.generate(WORLD, week=JULY, seed=1, scale=1.0) == week
    other = demo.generate(WORLD, week=JULY, seed=2, scale=1.0)
    for name in ("bookings", "items", "departures"):
        assert getattr(other, name) != getattr(week, name)
    assert demo.generate(WORLD, week=SEPTEMBER, seed=1, scale=1.0).bookings != week.bookings


def test_totals_are_the_published_ones(week):
    """Outbound FCL, outbound LCL and inbound FEU are within 1 % of the demand table for July."""
    lcl = expected_feu(7, "outbound", "lcl_share")
    outbound = expected_feu(7, "outbound")
    assert fcl_feu(b for b in week.bookings if is_outbound(b)) == pytest.approx(outbound - lcl, rel=0.01)
    assert lcl_feu(week) == pytest.approx(lcl, rel=0.01)
    assert fcl_feu(b for b in week.bookings if not is_outbound(b)) == pytest.approx(
        expected_feu(7, "inbound"), rel=0.01
    )


def test_the_week_is_rich(week):
    """All 26 cities are served, 200 categories and more travel, and groupage comes as many pieces."""
    assert len({b.destination_id for b in week.bookings if is_outbound(b)}) == 26
    assert len({b.goods_id for b in week.bookings} | {i.goods_id for i in week.items}) >= 200
    assert sum(i.count for i in week.items) > 50_000


def test_every_booking_is_valid(week):
    """The first week breaks no rule of its tables."""
    check_valid(week)


def test_places_and_ready_times(week):
    """Inland goods come to the multimodal centre or are in the yard by now; others wait where they come from."""
    for booking in week.bookings:
        is_inland = is_outbound(booking) and booking.origin_id in INLAND
        inland_at = "URC" if booking.ready_at < -720 else "UMC"
        assert booking.at_id == (inland_at if is_inland else booking.origin_id)
        assert -2.5 * 1440 <= booking.ready_at < 6 * 1440
    shares = [b.priority for b in week.bookings]
    assert 0.85 < shares.count(0) / len(shares) < 0.95


def test_fruit_follows_the_seasons(week):
    """July has melons and grapes of Turpan and no pears; in September Korla's pears go, and only from there."""
    autumn = demo.generate(WORLD, week=SEPTEMBER, seed=1, scale=1.0)
    july, september = ({b.goods_id for b in s.bookings} for s in (week, autumn))
    assert {"hami_melons", "turpan_table_grapes"} <= july
    assert "korla_fragrant_pears" not in july
    assert "korla_fragrant_pears" in september
    for month, scenario in ((7, week), (9, autumn)):
        for row in (*scenario.bookings, *scenario.items):
            assert month in (GOODS[row.goods_id].season_months or range(1, 13))
        for booking in scenario.bookings:
            if is_outbound(booking) and booking.goods_id in NATIVE:
                assert booking.origin_id in NATIVE[booking.goods_id]


def test_something_is_refused_by_rule(week):
    """A few boxes exceed what express trains take or their own plate, and a few are open tops."""
    boxes = sum(b.n_containers for b in week.bookings)
    whole = [b for b in week.bookings if b.kind == "FCL"]
    heavy = [b for b in whole if gross_kg(b) > (24_000 if b.container_type == "20GP" else 25_000)]
    assert 0 < sum(b.n_containers for b in heavy) <= 0.01 * boxes
    assert any(b.cargo_kg > WORLD.container_types[b.container_type].payload_kg for b in heavy)
    open_tops = [b for b in whole if b.container_type == "40OT"]
    assert 0 < sum(b.n_containers for b in open_tops) <= 0.005 * boxes


def test_scales_differ_a_little_from_papers(week):
    """About 85 % of bookings are weighed, nearly all within 5 % of what was declared."""
    whole = [b for b in week.bookings if b.kind == "FCL"]
    ratios = [b.weighed_kg / b.declared_kg for b in whole if b.weighed_kg is not None]
    ratios += [i.weighed_g / i.mass_g for i in week.items if i.weighed_g is not None]
    assert 0.8 < len(ratios) / (len(whole) + len(week.items)) < 0.9
    far = sum(abs(r - 1) > 0.05 for r in ratios) / len(ratios)
    assert 0.005 < far < 0.03


@pytest.mark.parametrize("scale", [0.05, 3.0])
def test_freight_grows_with_scale(scale):
    """A small and a large port keep the totals and the rules, too."""
    scenario = demo.generate(WORLD, week=JULY, seed=5, scale=scale)
    check_valid(scenario)
    total = fcl_feu(scenario.bookings) + lcl_feu(scenario)
    wanted = scale * (expected_feu(7, "outbound") + expected_feu(7, "inbound"))
    assert total == pytest.approx(wanted, rel=0.01, abs=1.5)


@settings(max_examples=12)
@given(seed=st.integers(0, 2**64), scale=st.floats(0.001, 0.2), month=st.integers(1, 12))
def test_any_seed_scale_and_month_gives_a_valid_week(seed, scale, month):
    """Nothing depends on a lucky seed, and a port may be tiny."""
    first = date(2022, month, 1)
    monday = date.fromordinal(first.toordinal() + (7 - first.weekday()) % 7)
    check_valid(demo.generate(WORLD, week=monday, seed=seed, scale=scale))


@pytest.mark.parametrize(
    ("monday", "seed", "scale"), [(date(2022, 7, 19), 1, 1.0), (JULY, -1, 1.0), (JULY, 1, 0.0), (JULY, 1, 1e9)]
)
def test_wrong_arguments_are_named(monday, seed, scale):
    """A Tuesday, a negative seed and an impossible scale are input errors."""
    with pytest.raises(InputError) as error:
        demo.generate(WORLD, week=monday, seed=seed, scale=scale)
    assert error.value.code == "demo-week"
