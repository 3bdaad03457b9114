"""Of boxes that are alike, the first booked rides, and arrives first."""

from __future__ import annotations

from dataclasses import replace

from landport.model.bookings import NightSupply
from tests import nets
from tests.assemble.test_assemble import PAIRS, Port, hub
from tests.assemble.test_quotas import bought
from tests.broken.week import booking


def shuffled(*numbers: int, **changes):
    """Boxes C00001, C00002 ... of bookings given by number."""
    boxes = [nets.box(i, "D", **changes) for i in range(1, len(numbers) + 1)]
    return [replace(box, booking_ids=(f"B{n}",)) for box, n in zip(boxes, numbers, strict=True)]


def test_the_first_booked_rides_first():
    """Two lifts on the first day, one on the second: the boxes of the bookings that stand first go first."""
    rows = [
        NightSupply(supply_id="L1", place_id="A", day_on="2022-07-18", resource="lift", count=2),
        NightSupply(supply_id="L2", place_id="A", day_on="2022-07-19", resource="lift", count=1),
    ]
    known = [booking(f"B{n}") for n in (1, 2, 3, 4)]
    result = Port(bought("U"), supply=rows, days=2, bookings=known).plan(shuffled(4, 3, 2, 1))
    days = {c: way.departs_at // 1440 for c, way in result.plan.ways.items()}
    assert days == {"C00004": 0, "C00003": 0, "C00002": 1}
    assert list(result.plan.left) == ["C00001"]


def test_boxes_that_differ_keep_their_own_way():
    """The heavier box is unlike the others, so nobody takes its place; of the others the first booked ride."""
    known = [booking(f"B{n}") for n in (1, 2, 3)]
    rows = [NightSupply(supply_id="L1", place_id="A", day_on="2022-07-18", resource="lift", count=2)]
    light = shuffled(3, 2, 1)
    heavy = replace(light[0], gross_kg=25_000, priority=3)
    result = Port(bought("U"), supply=rows, bookings=known).plan([heavy, *light[1:]])
    assert sorted(result.plan.ways) == ["C00001", "C00003"]


def test_wagons_follow_the_names():
    """Five of six boxes ride a train with room for ten TEU: wagons carry who rides."""
    known = [booking(f"B{n}") for n in range(1, 7)]
    result = Port(hub("U", "AD"), rules=nets.rules(PAIRS), bookings=known).plan(shuffled(6, 5, 4, 3, 2, 1))
    loaded = sorted(c for wagon in result.plan.wagons for c in wagon.container_ids)
    assert loaded == sorted(result.plan.ways) == ["C00002", "C00003", "C00004", "C00005", "C00006"]
    assert list(result.plan.left) == ["C00001"]
