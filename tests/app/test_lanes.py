"""Lanes of the shipped network: demand from bookings, courses from services, prices that add up to shipped ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from landport.app import demo, lanes
from landport.app.lane_courses import options
from landport.app.lane_prices import Prices
from landport.errors import AuditFailed
from landport.model.lanes import LaneDemand, LaneOption
from landport.model.scenario import Scenario, World

FULL = 0.8


@pytest.fixture(scope="module")
def week(world: World) -> Scenario:
    return demo.generate(world, week=date(2022, 7, 18), seed=1, scale=0.03)


def asked(world: World, *pairs: str, days: int = 10) -> tuple[list[LaneOption], dict[str, object]]:
    network = world.network.as_of(date(2025, 6, 2))
    demands = [
        LaneDemand(from_id=a, to_id=b, teu_milli=10_000, promise_minutes=1440 * days)
        for a, b in (pair.split("-") for pair in pairs)
    ]
    found = options(demands, "URC", network, world.rules)
    return found.lanes, dict(found.trains)


def test_bookings_add_up_to_lanes(week: Scenario, world: World) -> None:
    """Containers of full loads count whole, groupage by its share of a truck; another span is scaled to a week."""
    found = lanes.booked(week, world, 1440)
    boxes = {
        (b.origin_id, b.destination_id): sum(
            world.container_types[x.container_type].teu * x.n_containers
            for x in week.bookings
            if (x.kind, x.origin_id, x.destination_id) == ("FCL", b.origin_id, b.destination_id)
        )
        for b in week.bookings
    }
    whole = {(lane.from_id, lane.to_id): lane.teu_milli for lane in found}
    assert whole.keys() == boxes.keys()
    assert all(whole[pair] >= 1000 * teu for pair, teu in boxes.items())
    groupage = {(b.origin_id, b.destination_id) for b in week.bookings if b.kind == "LCL"}
    assert all(whole[pair] == 1000 * teu for pair, teu in boxes.items() if pair not in groupage)
    longer = lanes.booked(replace(week, plan_days=14), world, 1440)
    assert all(abs(one.teu_milli * 2 - two.teu_milli) <= 200 for one, two in zip(longer, found, strict=True))


def test_a_train_taken_apart_costs_what_its_positions_do(world: World) -> None:
    """Fixed cost at 80 % load and the position alone make the price of a position, on bought trains and the hub's."""
    prices = Prices(world.network, world.rules)
    for service in world.network.services.values():
        if service.mode != "rail":
            continue
        for n, leg in enumerate(service.legs, 1):
            shared = prices.fixed(service, n) / (FULL * leg.capacity_teu)
            assert prices.position(service, n) + shared == pytest.approx(prices.fair(service, n), abs=2)


def test_a_direct_train_follows_the_shipped_one(world: World) -> None:
    """Where a service leads from end to end the train runs as it does, at its price."""
    found, trains = asked(world, "XIA-DUI", "CQG-DUI", "URC-ALM", "ALM-KUY")
    for lane, least in zip(found[:2], (6800 / 2 * 0.9, 7000 / 2 * 0.9), strict=True):
        assert lane.direct is not None
        one = trains[lane.direct.trunk_id]
        assert one.min_teu == -(-one.capacity_teu * 8 // 10)
        fair = (one.usd_cents_per_teu + one.fixed_usd_cents / (FULL * one.capacity_teu)) / 100
        assert least < fair < 1.2 * least
        assert len({cut.service_id for cut in one.cuts}) == 1
    assert found[2].direct is None
    assert "starts at the hub" in found[2].why_no_direct
    assert found[3].direct is not None


def test_lanes_by_the_hub_are_gathered_there(world: World) -> None:
    """Feeders at the origin, trunks at the hub, each with the change between them paid once."""
    found, trains = asked(world, "KRL-TAS", "XIA-ALM", "ALM-XIA", "KUY-ALM")
    feeders = [{course.feeder_id for course in lane.hubs} for lane in found]
    assert feeders == [{"F-KRL-IN", ""}, {""}, {"U-ALM-E", ""}, {"F-KUY-IN", ""}]
    assert "U-ALM-W" in {course.trunk_id for course in found[1].hubs}
    for lane in found:
        for course in lane.hubs:
            assert course.before[-1].to_id == course.after[0].from_id == "URC"
            assert [course.after[-1].to_id, course.before[0].from_id] == [lane.demand.to_id, lane.demand.from_id]
            assert {course.feeder_id, course.trunk_id} - {""} <= trains.keys()
            assert sum(rate.rate_id.startswith("URC-") for rate in course.rates) == 1


def test_a_promise_that_timetables_break_leaves_direct(world: World) -> None:
    """Who waits a day for the train to the hub cannot be promised half a day."""
    found, _ = asked(world, "XIA-ALM", days=1)
    assert found[0].hubs == ()
    assert found[0].why_no_hub == "no way leads to the hub and on within the promise"
    assert found[0].direct is not None


def test_our_own_mistake_is_not_shown(week: Scenario, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that breaks a rule is our bug."""
    monkeypatch.setattr("landport.assemble.lanes.bounded", lambda *_: 1e15)
    with pytest.raises(AuditFailed, match="LANE_BOUND"):
        lanes.judge(week, world, lanes.LaneOrder(seed=1))
