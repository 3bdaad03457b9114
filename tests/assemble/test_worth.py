"""Prices of what is full: what one more of it saves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landport.model.bookings import NightSupply
from landport.model.services import DepartureNote
from tests import nets
from tests.assemble.test_assemble import Port, boxes, hub
from tests.assemble.test_quotas import quota


def bought(teu: int, **changes) -> Port:
    """One bought train with so many TEU free on its one leg."""
    note = DepartureNote(departure_id="W@2022-07-18", service_id="W", status="run", free_teu=(teu,))
    return Port(nets.service("W", "AD", **changes), notes=(note,))


def night(resource: str, count: int) -> NightSupply:
    """So many of something at A on the first day."""
    return NightSupply(supply_id="N", place_id="A", day_on="2022-07-18", resource=resource, count=count)


def prices(result) -> dict[str, tuple[str, int, str]]:
    """Kind of each price: what it is of, which leg, and its unit."""
    return {p.kind: (p.departure_id or p.order_id or p.at_id, p.leg, p.unit) for p in result.plan.prices}


@pytest.mark.parametrize("teu", [2, 4, 6])
def test_a_position_is_worth_what_the_next_one_saves(teu):
    """Five boxes, a train with too little room: with one TEU more each, the plan costs just its price less."""
    found = bought(teu).plan(boxes(5))
    (price,) = found.plan.prices
    assert (price.kind, price.departure_id, price.leg, price.unit) == ("teu", "W@2022-07-18", 1, "TEU")
    assert found.cost - bought(teu + 2).plan(boxes(5)).cost == 2 * price.usd_cents


def test_what_has_room_has_no_price():
    """Nothing waits, and nothing is worth more."""
    assert bought(20).plan(boxes(5)).plan.prices == ()


def test_prices_are_worth_less_the_more_there_is():
    """The price of a position falls as positions are added, to nothing."""
    found = [sum(p.usd_cents for p in bought(teu).plan(_urgent()).plan.prices) for teu in (2, 4, 6, 8, 10)]
    assert found == sorted(found, reverse=True)
    assert found[0] > found[2] > found[4] == 0


def _urgent():
    """Five boxes of different priority."""
    return [replace(box, priority=n) for n, box in enumerate(boxes(5))]


def test_mass_is_priced_by_the_tonne():
    """A leg that takes 40 t is full with two boxes of 20 t; one more box saves 20 times the price of a tonne."""
    costs = {}
    for kg in (40_000, 60_000):
        service = hub("U", "AD", min_teu=2)
        result = Port(replace(service, legs=(replace(service.legs[0], max_cargo_kg=kg),))).plan(boxes(4))
        costs[kg] = result.cost, result.plan.prices
    (price,) = costs[40_000][1]
    assert (price.kind, price.unit) == ("cargo_kg", "t")
    assert costs[40_000][0] - costs[60_000][0] == pytest.approx(20 * price.usd_cents, abs=20)


def test_yards_and_orders_are_priced():
    """Wagons by the wagon, tracks and orders by the train, quotas by the TEU, each where it alone binds."""
    wagons = Port(hub("U", "AD", min_teu=2), supply=(night("FLAT", 2),)).plan(boxes(4))
    assert prices(wagons) == {"wagons": ("A", 0, "wagon")}
    two = hub("U", "AD", at=300), hub("V", "AD", at=600)
    assert prices(Port(*two, supply=(night("track", 1),)).plan(boxes(10))).get("tracks") == ("A", 0, "train")
    order = quota(4, max_trains_per_day=1, max_teu_per_day=None)
    assert prices(Port(*two, orders=[order]).plan(boxes(10))).get("trains") == ("O9", 0, "train")
    passing = Port(nets.service("W", "AD"), orders=[quota(4)]).plan(boxes(5))
    assert prices(passing) == {"quota": ("O9", 0, "TEU")}
    assert {p.day_on for p in passing.plan.prices} == {"2022-07-18"}


def test_prices_stand_from_the_dearest_on_and_are_the_same_again():
    """The same week has the same prices in the same order."""
    two = hub("U", "AD", at=300), nets.service("W", "AD", at=600)
    found = [Port(*two, orders=[quota(14)]).plan(_urgent() * 1).plan.prices for _ in range(2)]
    assert found[0] == found[1]
    assert [p.usd_cents for p in found[0]] == sorted((p.usd_cents for p in found[0]), reverse=True)


def test_trains_that_do_not_run_have_no_price():
    """Too little freight: the train is cancelled, and nothing of it is worth anything."""
    assert Port(hub("U", "AD")).plan(boxes(3)).plan.prices == ()
