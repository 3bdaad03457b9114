"""Orders with a quota: so many TEU a railway day are handed over, at a price; the rest is told which order it was."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from landport.model.bookings import RestrictionOrder
from landport.model.journeys import cents
from landport.units import railway_day
from tests import nets
from tests.assemble.test_assemble import Port, boxes, hub, status
from tests.broken.week import booking


def quota(teu: int, usd_cents: int = 0, **changes) -> RestrictionOrder:
    """Order N-9: so many TEU a railway day from A to D, in force for a fortnight, changed as said."""
    plain = RestrictionOrder(
        order_id="O9", number="N-9", issuer="Railway", place_id="A", towards_id="D", from_at=0, until_at=20_000,
        hs_prefixes=(), un_classes=(), container_types=(), max_trains_per_day=None, text="yard congested",
        max_teu_per_day=teu, usd_cents_per_teu=usd_cents,
    )  # fmt: skip
    return replace(plain, **changes)


def bought(service_id: str, stops: str = "AD", at: int = 300, usd_cents: int = 10_000, **changes):
    """A bought service with one price a leg."""
    legs = tuple(nets.leg(i, *ends, usd_cents_per_teu=usd_cents) for i, ends in enumerate(pairwise(stops), 1))
    return nets.service(service_id, stops, at=at, legs=legs, **changes)


def days_of(result) -> list[int]:
    """Days on which boxes leave, in order."""
    return sorted(way.departs_at // 1440 for way in result.plan.ways.values())


def test_the_rest_goes_the_next_day_or_stays_with_the_number():
    """Four TEU a day, two days, five boxes of two: two go on each day, one stays."""
    result = Port(bought("U"), orders=[quota(4)], days=2).plan(boxes(5))
    assert days_of(result) == [0, 0, 1, 1]
    (left,) = result.plan.left.values()
    assert (left.state, left.code) == ("waiting", "quota")
    assert left.why == (
        "order N-9 of Railway allows 4 TEU at A-D on 2022-07-18, 4 are taken: yard congested; "
        "all 2 ways looked at are under a full quota"
    )


def test_a_railway_day_ends_at_six_in_the_evening_in_beijing():
    """Two trains one minute apart on the same UTC day: the second is of the next railway day."""
    result = Port(bought("U", at=600), bought("V", at=601), orders=[quota(2)]).plan(boxes(3))
    assert sorted(w.departs_at for w in result.plan.ways.values()) == [600, 601]
    assert [left.code for left in result.plan.left.values()] == ["quota"]


def test_hub_trains_and_bought_services_share_a_quota():
    """Ten TEU a day: eight on the hub's train and two bought, or none on it; never more."""
    result = Port(hub("U", "AD", at=300), bought("V", at=310), orders=[quota(10)]).plan(boxes(9))
    assert len(result.plan.ways) == 5
    assert {left.code for left in result.plan.left.values()} == {"quota"}


def test_only_boxes_that_the_order_names_count():
    """Heading 3924 has a quota of one box; the others are not under it, though they have the same ways."""
    given_bookings = [booking(f"B{n}", hs="3924" if n <= 3 else "8471") for n in range(1, 7)]
    order = quota(2, hs_prefixes=("3924",))
    result = Port(bought("U"), orders=[order], bookings=given_bookings).plan(boxes(6))
    assert {"C00004", "C00005", "C00006"} <= set(result.plan.ways)
    assert len(result.plan.ways) == 4
    assert all("N-9" in left.why for left in result.plan.left.values())


def test_a_stay_is_one_passage():
    """A box that comes to B and goes on from there is counted once, on the day it comes."""
    change = nets.handover("B")
    port = Port(
        bought("U", "AB", at=300), bought("V", "BD", at=700, cut_off_minutes=0), transfers=(change,), days=2,
        orders=[quota(2, 500, place_id="B", towards_id="")],
    )  # fmt: skip
    result = port.plan(boxes(3))
    assert days_of(result) == [0, 1]
    way = next(iter(result.plan.ways.values()))
    charges = [c for c in port.pricing.journey(nets.box(1, "D"), way) if c.kind == "quota"]
    assert [(c.subject_id, c.quantity, c.rate_id, c.usd_cents, c.gco2e) for c in charges] == [
        ("C00001", 2, "O9", 1_000, 0)
    ]


def test_the_price_is_weighed():
    """The cheaper train passes under a quota that costs more than the other is dearer."""
    cheap, dear = bought("U", at=300, usd_cents=10_000), bought("V", "AED", at=250, usd_cents=6_000)
    chosen = {}
    for price in (0, 30_000):
        port = Port(cheap, dear, orders=[quota(100, price)])
        result = port.plan(boxes(3))
        chosen[price] = {s.departure_id[0] for way in result.plan.ways.values() for s in way.stretches}
        paid = sum(cents(port.pricing.journey(b, result.plan.ways[b.container_id])) for b in boxes(3))
        assert result.cost == paid
        assert result.bound <= result.cost
    assert chosen == {0: {"U"}, 30_000: {"V"}}


def test_a_quota_below_the_minimum_of_a_train_cancels_it():
    """Eight TEU are needed, six may pass: the train's reason quotes the order, and so do the boxes'."""
    result = Port(hub("U", "AD"), orders=[quota(6)]).plan(boxes(5))
    assert status(result) == {"U": "cancelled"}
    assert result.plan.runs[0].why == (
        "too small a quota: room for 6 TEU is left, it needs 8; "
        "order N-9 of Railway allows 6 TEU at A-D on 2022-07-18, 0 are taken: yard congested"
    )
    assert all("N-9" in left.why for left in result.plan.left.values())


def test_a_quota_that_is_not_in_force_binds_nobody():
    """It ends before the train leaves."""
    assert len(Port(bought("U"), orders=[quota(2, until_at=300)]).plan(boxes(4)).plan.ways) == 4


def by_hand(port: Port, some, most: int) -> int:
    """Try every choice of every box; answer the least cost that keeps the quota, counted anew."""
    choices = [[(1_200_000, None)] for _ in some]
    for box, found in zip(some, choices, strict=True):
        for way in port.ways.choices.get(box.container_id, ()):
            (ride,) = way.stretches
            day = railway_day(ride.departs_at, nets.MONDAY) if ride.departure_id.startswith("U") else None
            found.append((cents(port.pricing.journey(box, way)), day))
    best = 1 << 60
    for picked in product(*choices):
        passed = [day for _, day in picked if day]
        if all(2 * passed.count(day) <= most for day in passed):
            best = min(best, sum(cost for cost, _ in picked))
    return best


@given(
    st.lists(st.integers(0, 900), min_size=1, max_size=5),
    st.integers(1, 7),
    st.integers(0, 60_000),
)
@settings(max_examples=25, deadline=None)
def test_cost_lies_between_the_bound_and_near_the_best(some, most, price):
    """Whatever the quota and its price, the bound holds and with effort the plan is as good as trying everything."""
    asked = [nets.box(i + 1, "D", ready_at=at) for i, at in enumerate(some)]
    port = Port(bought("U", at=590), bought("V", "AED", at=800, usd_cents=9_000), orders=[quota(most, price)], days=2)
    result = port.plan(asked, effort=100)
    best = by_hand(port, asked, most)
    assert result.bound <= best <= result.cost <= best * 1.001
    rides = [way.stretches[0] for way in result.plan.ways.values()]
    days = [railway_day(s.departs_at, nets.MONDAY) for s in rides if s.departure_id.startswith("U")]
    assert all(2 * days.count(day) <= most for day in days)
