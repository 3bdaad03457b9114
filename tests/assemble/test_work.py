"""What places and trains can handle: lifts and gauge changes of a shift, transfers and trains of a day, plugs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from landport.model.bookings import NightSupply
from landport.model.network import Transfer
from landport.model.services import DepartureNote
from tests import nets
from tests.assemble.test_assemble import Port, boxes, hub, status
from tests.assemble.test_quotas import bought
from tests.broken.week import booking


def supply(resource: str, count: int, place_id: str = "A", shift: str = "", day_on: str = "2022-07-18") -> NightSupply:
    """What a place has of something."""
    return NightSupply(
        supply_id=f"{resource}{shift}", place_id=place_id, day_on=day_on, resource=resource, count=count, shift=shift
    )


def wide(service_id: str, stops: str, gauges: tuple[int, ...], at: int = 300, **changes):
    """A bought service over legs of given gauges."""
    ends = enumerate(pairwise(stops), 1)
    legs = tuple(nets.leg(i, a, b, gauge_mm=gauges[i - 1], usd_cents_per_teu=10_000) for i, (a, b) in ends)
    return nets.service(service_id, stops, at=at, legs=legs, **changes)


def test_cranes_lift_so_many_boxes_a_shift():
    """Two lifts in the night shift, one by day: minute 120 is 10 in the morning, minute 700 is 19:40 in Beijing."""
    rows = [supply("lift", 2, shift="day"), supply("lift", 1, shift="night", day_on="2022-07-19")]
    result = Port(bought("U", at=120), bought("V", at=700), supply=rows).plan(boxes(5))
    assert sorted(way.departs_at for way in result.plan.ways.values()) == [120, 120, 700]
    assert {left.code for left in result.plan.left.values()} == {"full"}
    assert any("A on 2022-07-18 day is full: 2 of 2 lifts" in left.why for left in result.plan.left.values())


def test_a_day_and_its_shifts_may_both_be_limited():
    """Three lifts a railway day, of which two in its day shift, when two trains leave; one leaves in the night."""
    rows = [supply("lift", 3, day_on="2022-07-19"), supply("lift", 2, shift="day", day_on="2022-07-19")]
    result = Port(bought("U", at=700), bought("V", at=1330), bought("W", at=1340), supply=rows).plan(boxes(5))
    assert len(result.plan.ways) == 3
    assert sum(way.departs_at > 1320 for way in result.plan.ways.values()) <= 2


def test_boxes_are_lifted_where_a_ride_ends_too():
    """One lift at D: one box arrives."""
    result = Port(bought("U"), supply=[supply("lift", 1, "D")]).plan(boxes(3))
    assert len(result.plan.ways) == 1


@pytest.mark.parametrize(("teu", "riding"), [(4, 2), (5, 2), (6, 3), (0, 0)])
def test_gauge_changes_are_counted_in_teu(teu, riding):
    """Boxes of two TEU change at B on their train; a limit at C, where the gauge stays, is nobody's."""
    rows = [supply("gauge-change", teu, "B"), supply("gauge-change", 0, "C")]
    result = Port(wide("U", "ABCD", (1435, 1520, 1520)), supply=rows).plan(boxes(3))
    assert len(result.plan.ways) == riding


def test_a_transfer_takes_so_many_teu_a_day():
    """Four TEU a day change at B; two trains on two days bring three boxes each."""
    change = replace(nets.handover("B"), teu_per_day=4)
    port = Port(bought("U", "AB"), bought("V", "BD", at=600), transfers=(change,), days=2)
    result = port.plan(boxes(5))
    assert len(result.plan.ways) == 4
    days = sorted(way.arrives_at // 1440 for way in result.plan.ways.values())
    assert days == [0, 0, 1, 1]
    (left,) = result.plan.left.values()
    assert f"{change.transfer_id} on " in left.why or "B on " in left.why


def border(trains: int) -> Transfer:
    """Customs on the train at B, towards C."""
    return replace(nets.handover("B"), neighbour_id="C", direction="outbound", kind="customs", trains_per_day=trains)


@pytest.mark.parametrize(("trains", "running"), [(2, 2), (1, 1), (0, 0)])
def test_a_border_handles_so_many_trains_a_day(trains, running):
    """Two trains of the hub pass B on a day."""
    port = Port(hub("U", "ABC", at=300), hub("V", "ABC", at=310), transfers=(border(trains),))
    result = port.plan(boxes(10, "C"))
    assert list(status(result).values()).count("run") == running
    if trains < 2:
        why = next(run.why for run in result.plan.runs if run.status == "cancelled")
        assert f"limit on trains: B handles {trains} trains (customs) on 2022-07-18" in why


def test_a_train_keeps_as_many_boxes_cold_as_it_has_plugs():
    """Two plugs, three boxes that need the cold and two that do not."""
    note = DepartureNote(departure_id="W@2022-07-18", service_id="W", status="run", plugs=2)
    cold = [booking(f"B{n}", temperature_max_c=5) for n in (1, 2, 3)]
    result = Port(nets.service("W", "AD"), notes=(note,), bookings=[*cold, booking("B4"), booking("B5")]).plan(boxes(5))
    assert {"C00004", "C00005"} <= set(result.plan.ways)
    assert len(result.plan.ways) == 4
    (left,) = result.plan.left.values()
    assert "leg 1 of W@2022-07-18 is full: 2 of 2 plugs" in left.why


def test_a_box_that_gets_off_at_the_hub_frees_its_positions():
    """A passing train comes from E with 4 TEU for the hub A; they get off, and boxes of the hub ride on."""
    note = DepartureNote(departure_id="W@2022-07-18", service_id="W", status="run", free_teu=4)
    domestic = [replace(nets.box(n, "A"), at_id="E") for n in (1, 2)]
    there = [nets.box(n, "D") for n in (3, 4, 5)]
    result = Port(nets.service("W", "EAD"), notes=(note,)).plan([*domestic, *there])
    assert {"C00001", "C00002"} <= set(result.plan.ways)
    assert len(result.plan.ways) == 4
    through = Port(nets.service("W", "EAD"), notes=(note,)).plan(
        [replace(b, destination_id="D") for b in domestic] + there
    )
    assert len(through.plan.ways) == 2


def test_empties_ride_where_loaded_boxes_leave_room():
    """Room for two boxes: the loaded ones ride; with room for three an empty rides, too."""
    empty = [replace(nets.box(n, "D", gross_kg=3_940), cargo_kg=0) for n in (1, 2)]
    loaded = [nets.box(n, "D") for n in (3, 4)]
    for free, riding in ((4, {"C00003", "C00004"}), (6, {"C00001", "C00003", "C00004"})):
        note = DepartureNote(departure_id="W@2022-07-18", service_id="W", status="run", free_teu=free)
        result = Port(nets.service("W", "AD"), notes=(note,)).plan([*empty, *loaded])
        assert set(result.plan.ways) == riding


def test_an_empty_stays_where_moving_it_costs_more_than_it_is_worth():
    """A way of 2,500 USD a TEU carries goods, but no empty box of 2,000 USD."""
    dear = bought("W", usd_cents=250_000)
    result = Port(dear).plan([replace(nets.box(1, "D", gross_kg=3_940), cargo_kg=0), nets.box(2, "D")])
    assert set(result.plan.ways) == {"C00002"}
    assert result.plan.left["C00001"].code == "dear"
