"""Groupage is packed for its journey: no container is too heavy for the trains of its lane, nor for their wagons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landport import audit
from landport.app.planning import Order, plan_week
from landport.exchange.example import example
from landport.model.plans import Plan, PlannedContainer
from landport.model.scenario import Scenario, World
from landport.reference import load
from landport.units import kg_ceil

WORLD = load.world()
EXPRESS = {20: 24_000, 40: 25_000}
"""Gross kilograms that a Chinese express train takes, by feet."""


def heavy(*, piece_kg: int = 700, count: int = 160) -> Scenario:
    """The example with dense groupage: full by mass long before it is full by volume."""
    made = example(WORLD)
    boxes, pieces, _ = made.bookings
    size = {"length_mm": 900, "width_mm": 700, "height_mm": 600, "vertical": "h", "max_layers": 3}
    item = replace(made.items[0], **size, mass_g=piece_kg * 1000, weighed_g=None, count=count, max_on_top_g=10**7)
    booking = replace(pieces, may_split=True)
    return replace(made, bookings=(replace(boxes, n_containers=48), booking), items=(item,))


def with_free_train(world: World, price: float) -> World:
    """Add a train to Almaty that has no limit on boxes, at this times the price of the express train."""
    express = world.network.services["U-ALM-W"]
    legs = tuple(
        replace(leg, train_class="CN-FREIGHT", usd_cents_per_teu=round(leg.usd_cents_per_teu * price))
        for leg in express.legs
    )
    changes = {"service_id": "FREE", "operation": "bought", "group": "feeder", "min_teu": 0, "fixed_usd_cents": 0}
    free = replace(express, **changes, weekdays=(1, 2, 3, 4, 5, 6, 7), legs=legs)
    services = {**world.network.services, "FREE": free}
    return replace(world, network=replace(world.network, services=services))


def groupage(plan: Plan) -> list[PlannedContainer]:
    return [box for box in plan.containers if box.master_id]


def feet(box: PlannedContainer) -> int:
    return WORLD.container_types[box.container_type].length_ft


def test_no_groupage_is_too_heavy_for_its_trains() -> None:
    """An express train takes 25 t on 40 ft, 24 t on 20 ft: containers are stuffed up to that and not beyond."""
    week = heavy()
    plan = plan_week(week, WORLD, Order())
    boxes = groupage(plan)
    assert all(box.gross_kg <= EXPRESS[feet(box)] for box in boxes)
    assert min(EXPRESS[feet(box)] - box.gross_kg for box in boxes) <= 700
    assert sum(block.count for box in boxes for block in box.blocks) == 160
    assert [left for left in plan.left if left.code in ("overweight", "too-heavy")] == []
    assert audit.check(plan, week, WORLD) == ()


@pytest.mark.parametrize(("price", "both"), [(0.9, False), (1.3, True), (1.5, True)])
def test_a_train_without_a_limit_closes_the_express_only_where_that_is_dear(price: float, both: bool) -> None:
    """A little cheaper or dearer than the express: containers fit both. Far cheaper: it is what they are packed for."""
    world, week = with_free_train(WORLD, price), heavy()
    plan = plan_week(week, world, Order())
    assert all(box.gross_kg <= EXPRESS[feet(box)] for box in groupage(plan)) == both
    assert audit.check(plan, week, world) == ()


def test_a_piece_that_one_sensible_train_takes_is_packed_for_it() -> None:
    """A piece of 22.5 t makes 26.4 t with its container: too much for the express, not for the other train."""
    world, week = with_free_train(WORLD, 1.5), heavy(piece_kg=22_500, count=1)
    plan = plan_week(week, world, Order())
    (box,) = groupage(plan)
    assert box.gross_kg > EXPRESS[feet(box)]
    assert "FREE" in {ride.departure_id.partition("@")[0] for ride in plan.rides if ride.subject_id == box.container_id}
    (left,) = plan_week(week, WORLD, Order()).left
    assert (left.code, left.state) == ("too-heavy", "refused")


@pytest.mark.parametrize("train_class", ["CN-EXPRESS", "CN-FREIGHT"])
def test_two_20_ft_boxes_at_the_limit_of_a_train_fit_one_wagon(train_class: str) -> None:
    """By payload, position, axles and the wagon's gross mass: a box packed to the limit can be paired with its like."""
    week = heavy()
    on = week.start_at.date()

    def least(rule: str, applies_to: tuple[str, ...], default: int) -> int:
        found = WORLD.rules.limits(train_class, rule, on)
        return min((r.greatest() for r in found if r.applies_to in applies_to), default=default)

    plate = WORLD.container_types["20GP"].max_gross_kg
    one = min(plate, least("max_box_gross_kg", ("20ft", "box"), 10**9) // 1000)
    fit = []
    for kind in WORLD.wagon_types.values():
        gross = kind.tare_kg + 2 * one
        position = dict(kind.position_limit_kg).get(20, dict(kind.position_limit_kg).get(0, kind.payload_kg))
        axle = min(kind.axle_load_kg, least("max_axle_load_t", ("wagon",), 10**9))
        if (
            kind.gauge_mm == 1435
            and (20, 20) in {c[:2] for c in kind.configurations}
            and 2 * one <= kind.payload_kg
            and one <= position
            and gross <= min(axle * kind.axles, least("max_wagon_gross_t", ("wagon",), 10**9))
        ):
            fit.append(kind.wagon_type)
    assert "NX70A" in fit


def test_an_odd_20_ft_box_of_groupage_is_not_left_behind() -> None:
    """Express trains want pairs; a box without a partner goes another way."""
    made = example(WORLD)
    boxes, pieces, _ = made.bookings
    week = replace(
        made,
        bookings=(replace(boxes, n_containers=48), pieces),
        items=tuple(replace(item, count=max(1, item.count // 5)) for item in made.items),
    )
    plan = plan_week(week, WORLD, Order())
    (box,) = groupage(plan)
    assert feet(box) == 20
    assert kg_ceil(sum(i.piece_g * i.count for i in week.items)) == box.cargo_kg
    assert plan.left == ()
    assert audit.check(plan, week, WORLD) == ()
