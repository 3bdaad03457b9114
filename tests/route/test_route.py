"""Ways over a dated timetable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport import route
from landport.model import timetable
from landport.model.bookings import RestrictionOrder
from landport.model.changes import Changes, End, roads
from landport.model.itinerary import Trip
from landport.model.journeys import Pricing, cents
from landport.model.network import Line
from landport.model.places import Places
from landport.model.result import Limit
from landport.model.services import DepartureNote
from landport.route._kernel import catch
from landport.route.fronts import Fronts
from landport.route.priced import Priced
from landport.route.search import spread
from landport.route.why import room_of
from tests import nets
from tests.route.hours import begins, closing

RULES = nets.rules(nets.train_rule("max_box_gross_kg", 25_000_000, "40ft"))


def trip(at: str, to: str, ready: int = 0, due: int = 9_000, gross: int = 20_000, **changes) -> Trip:
    given = {
        "trip_id": "B1",
        "at_id": at,
        "destination_id": to,
        "ready_at": ready,
        "due_at": due,
        "container_type": "40HC",
        "gross_kg": gross,
        "cargo_codes": ("8407",),
        "un_classes": (),
    }
    return Trip(**(given | changes))


def space_of(net, days: int = 3, now_at: int = 0, notes=()):
    dated = timetable.departures(
        net.services, net.places, notes, start_at=nets.MONDAY, from_minute=now_at, until_minute=days * 1440
    )
    return route.space(net, dated, RULES, start_at=nets.MONDAY, plan_end=days * 1440, now_at=now_at), dated


def ways(net, *trips, orders=(), hub="A", days=3):
    space, _ = space_of(net, days)
    return route.plan(trips, space, orders, nets.TYPES, hub_id=hub, rules=RULES, limit=Limit())


def best_by_hand(net, dated, at: str, to: str, ready: int) -> int | None:
    """Try every sequence of legs; answer the least price and time value, in thousandths of a cent a TEU."""
    minute = RULES.milli("value_of_time_usd_per_feu_day") * 100 * 1000 // (1000 * 2 * 1440)
    changes = Changes(net.transfers)
    legs = [(d, net.services[d.service_id].legs[t.seq - 1], t) for d in dated for t in d.legs]
    best: list[int] = []

    def go(here, clock, paid, last):
        if here == to:
            best.append(paid + minute * (clock - ready))
            return
        for d, leg, t in legs:
            price = leg.usd_cents_per_teu * 1000
            if leg.from_id != here or t.departs_at < clock:
                continue
            if last is None:
                if clock + net.services[d.service_id].cut_off_minutes <= t.departs_at:
                    go(leg.to_id, t.arrives_at, paid + price, (d, leg))
            elif last[0] is d and leg.seq == last[1].seq + 1:
                go(leg.to_id, t.arrives_at, paid + price, (d, leg))
            else:
                found = changes.find(here, End("rail", 1435, last[1].from_id), End("rail", 1435, leg.to_id))
                cut_off = net.services[d.service_id].cut_off_minutes
                if not found:
                    continue
                if max(begins(net, here, clock) + found.minutes, clock + cut_off) <= t.departs_at:
                    go(leg.to_id, t.arrives_at, paid + price + found.usd_cents_per_teu * 1000, (d, leg))

    go(at, ready, 0, None)
    return min(best, default=None)


SERVICES = st.lists(
    st.tuples(st.sampled_from(["AB", "BC", "ABC", "AC", "BAC", "CB", "ADC", "DB"]), st.integers(0, 1400)),
    min_size=1,
    max_size=5,
)


@given(SERVICES, st.integers(0, 600), st.integers(0, 400), st.none() | st.integers(0, 99), st.sampled_from("EB"))
@settings(max_examples=100)
def test_the_cheapest_way_is_what_trying_everything_finds(found, ready, minutes, seed, hub):
    """The scan is exact on small timetables, transfers, cut-offs and opening hours included."""
    services = [nets.service(f"S{i}", stops, at=at) for i, (stops, at) in enumerate(found)]
    net = nets.network(
        *services, nets.service("X", "EA"), nets.service("Y", "EC"), transfers=(nets.handover("B", minutes),)
    )
    net = net if seed is None else closing(net, seed)
    hub = hub if hub in net.places else "E"
    space, dated = space_of(net, days=2)
    result = route.plan([trip("A", "C", ready)], space, (), nets.TYPES, hub_id=hub, rules=RULES, limit=Limit())
    expected = best_by_hand(net, dated, "A", "C", ready)
    if expected is None:
        assert result.plan.refusals["B1"].code == "no-connection"
    else:
        assert result.bound == expected * 2 // 1000
        assert result.cost == result.bound


@given(st.lists(st.integers(0, 50), max_size=12), st.integers(-1, 51))
def test_catch_is_a_search_for_the_first_not_earlier(departs, at):
    """Ten-line twin of the kernel's binary search."""
    ordered = sorted(departs)
    members = np.array([[i, 0] for i in range(len(ordered))], np.int64).reshape(-1, 2)
    twin = next((i for i, d in enumerate(ordered) if d >= at), len(ordered))
    assert catch(0, len(ordered), at, np.array(ordered, np.int64), members) == twin


def test_every_ride_starts_where_and_after_the_last_one_ended():
    """Ways by way of the hub respect its transfer time."""
    net = nets.network(nets.service("F", "KA", at=60), nets.service("U", "AD", at=400), transfers=(nets.handover("A"),))
    found = ways(net, trip("K", "D")).plan.choices["B1"]
    assert found
    for way in found:
        for first, second in zip(way.stretches, way.stretches[1:], strict=False):
            assert first.to_id == second.from_id
            assert first.arrives_at + 120 <= second.departs_at
        assert len(way.transfer_ids) == len(way.stretches) - 1


def test_a_truck_on_demand_brings_a_box_to_the_train():
    """Road first, then a lift, then rail; the truck leaves when the box is ready."""
    lift = replace(nets.handover("A"), transfer_id="A-lift", from_mode="road", from_gauge_mm=0, kind="lift")
    road = Line(line_id="H", from_id="K", to_id="A", mode="road", gauge_mm=0, length_km=100, running_minutes=90)
    net = nets.network(nets.service("U", "AD", at=600), transfers=(lift,), lines=(road,))
    way = ways(net, trip("K", "D", ready=30)).plan.choices["B1"][0]
    assert [s.departure_id for s in way.stretches] == ["", "U@2022-07-18"]
    assert (way.stretches[0].departs_at, way.stretches[0].arrives_at) == (30, 120)
    assert way.transfer_ids == ("A-lift",)


def test_a_past_truck_leaves_now_but_a_box_in_the_yard_makes_its_cut_off():
    """Ready before now: a truck starts now; a box already at the hub was there in time."""
    lift = replace(nets.handover("A", 60), transfer_id="A-lift", from_mode="road", from_gauge_mm=0, kind="lift")
    road = Line(line_id="H", from_id="K", to_id="A", mode="road", gauge_mm=0, length_km=100, running_minutes=90)
    net = nets.network(nets.service("U", "AD", at=610), transfers=(lift,), lines=(road,))
    space, _ = space_of(net, now_at=600)
    result = route.plan(
        [trip("K", "D", ready=0, trip_id="truck"), trip("A", "D", ready=0, trip_id="yard")],
        space, (), nets.TYPES, hub_id="A", rules=RULES, limit=Limit(),
    )  # fmt: skip
    assert result.plan.choices["truck"][0].stretches[0].departs_at == 600
    assert result.plan.choices["yard"][0].departs_at == 610


def test_an_overweight_box_is_refused_with_the_rule():
    """25 t on a 40-ft box; the reason names mass, limit, class and rule."""
    refusal = ways(nets.network(nets.service("U", "AD")), trip("A", "D", gross=25_001)).plan.refusals["B1"]
    assert (refusal.state, refusal.code) == ("refused", "overweight")
    assert all(word in refusal.why for word in ("25,001", "25,000", "r_max_box_gross_kg_40ft"))


def test_no_way_comes_to_a_place_again():
    """From A a feeder goes to K and comes back in time for the train to D: nobody offers that ride."""
    net = nets.network(
        nets.service("O", "AK", at=60), nets.service("I", "KA", at=300), nets.service("U", "AD", at=700),
        transfers=(nets.handover("A"), nets.handover("K")),
    )  # fmt: skip
    found = ways(net, trip("A", "D"), hub="K").plan.choices["B1"]
    assert found
    assert all(len({s.from_id for s in way.stretches}) == len(way.stretches) for way in found)
    assert all(s.to_id != "A" for way in found for s in way.stretches)


def test_a_load_stays_on_its_train():
    """A change at B would cost nothing and lose nothing; the ride is one stretch all the same."""
    long = nets.service("U", "ABD", at=300, legs=(nets.leg(1, "A", "B"), nets.leg(2, "B", "D", dwell_minutes=600)))
    net = nets.network(long, transfers=(nets.handover("B", 60, cents=0),))
    found = ways(net, trip("A", "D"), hub="B").plan.choices["B1"]
    assert len(found[0].stretches) == 1
    assert all(len({s.departure_id for s in way.stretches}) == len(way.stretches) for way in found)


def test_a_train_once_a_month_is_found():
    """Departures beyond the usual window are looked at when there is no other."""
    rare = nets.service("U", "AD", weekdays=(1,), every_n_weeks=4, week_offset=2)
    dated = timetable.departures(
        {"U": rare}, nets.network(rare).places, (), start_at=nets.MONDAY, from_minute=0, until_minute=40 * 1440
    )
    assert dated[0].departs_at > 16 * 1440
    space = route.space(nets.network(rare), dated, RULES, start_at=nets.MONDAY, plan_end=40 * 1440, now_at=0)
    early, late = (
        route.plan([trip("A", "D", due=due)], space, (), nets.TYPES, hub_id="A", rules=RULES, limit=Limit()).plan
        for due in (dated[0].departs_at, 0)
    )
    assert early.choices["B1"][0].departs_at == dated[0].departs_at
    assert late.refusals["B1"].code == "too-late"


def test_full_legs_are_passed_by():
    """A leg with one TEU left takes no 40-ft box, but a 20-ft one."""
    net = nets.network(nets.service("U", "AD", at=600), nets.service("V", "AD", at=700))
    space, _ = space_of(net, days=1)
    room = {("U@2022-07-18", 1): 1}
    for kind, first in (("40HC", 700), ("20GP", 600)):
        asked = trip("A", "D", container_type=kind)
        found = route.plan([asked], space, (), nets.TYPES, hub_id="A", rules=RULES, limit=Limit(), room=room)
        assert found.plan.choices["B1"][0].departs_at == first


def test_a_leg_without_room_is_passed_by_those_who_would_ride_it():
    """Beyond a change of gauge a train has less room: who gets off before it rides, others take the next one."""
    net = nets.network(nets.service("U", "ABC", at=600), nets.service("V", "ABC", at=900))
    for free, kind, to_id, first in (
        ((2, 0), "40HC", "B", 600),
        ((2, 0), "40HC", "C", 900),
        ((2, 1), "40HC", "C", 900),
        ((2, 1), "20GP", "C", 600),
        ((0, 2), "20GP", "B", 900),
        ((0, 2), "20GP", "C", 900),
    ):
        note = DepartureNote(departure_id="U@2022-07-18", service_id="U", status="run", free_teu=free)
        space, _ = space_of(net, days=1, notes=(note,))
        asked = trip("A", to_id, container_type=kind)
        found = route.plan([asked], space, (), nets.TYPES, hub_id="A", rules=RULES, limit=Limit())
        assert found.plan.choices["B1"][0].departs_at == first, (free, kind, to_id)


def test_only_a_train_without_any_room_is_left_out():
    """Legs with room are laid out with their own; a train that is full on all of them is not."""
    net = nets.network(nets.service("U", "ABC", at=600))
    for free, laid_out in (((3, 0), [3, 0]), ((0, 200), [0, 100]), ((0, 0), []), (0, []), (None, [100, 100])):
        note = DepartureNote(departure_id="U@2022-07-18", service_id="U", status="run", free_teu=free)
        space, _ = space_of(net, days=1, notes=(note,))
        assert room_of(Fronts(Priced(space, net, RULES))).tolist() == laid_out


def test_a_transfer_makes_the_cut_off_too():
    """The change takes 10 minutes, but the next train wants its load an hour before: it is missed."""
    head, tail = nets.service("F", "KA", at=60), nets.service("U", "AD", at=170)
    net = nets.network(head, tail, transfers=(nets.handover("A", 10),))
    first, second = ways(net, trip("K", "D")).plan.choices["B1"][0].stretches
    assert (first.arrives_at, second.departs_at) == (120, 170 + 1440)


def test_a_dated_rule_holds_on_the_local_date():
    """The train leaves at 17:00 UTC, which is the next day where it leaves: that day's rule holds."""
    strict = replace(RULES.train_rules[0], milli=10_000_000, valid_from=date(2022, 7, 19), valid_to=date(2022, 7, 19))
    net = nets.network(nets.service("U", "AD", at=60))
    there = Places([replace(p, timezone="Asia/Shanghai") for p in net.places.values()])
    dated = timetable.departures(net.services, there, (), start_at=nets.MONDAY, from_minute=0, until_minute=1440)
    assert dated[0].departs_at == 17 * 60
    rules = replace(RULES, train_rules=(strict,))
    space = route.space(replace(net, places=there), dated, rules, start_at=nets.MONDAY, plan_end=1440, now_at=0)
    result = route.plan([trip("A", "D")], space, (), nets.TYPES, hub_id="A", rules=rules, limit=Limit())
    assert result.plan.refusals["B1"].code == "overweight"


def test_below_means_below():
    """A rule of less than 20 t does not take 20 t."""
    below = nets.rules(nets.train_rule("max_box_gross_kg", 20_000_000, "40ft", "<"))
    space, _ = space_of(nets.network(nets.service("U", "AD")))
    for gross, rides in ((19_999, True), (20_000, False)):
        found = route.plan([trip("A", "D", gross=gross)], space, (), nets.TYPES, hub_id="A", rules=below, limit=Limit())
        assert ("B1" in found.plan.choices) is rides


def test_cost_counts_every_box_in_time():
    """Three 40-ft boxes are six TEU; the cheaper train that comes too late is only in the bound."""
    late = nets.service("L", "AD", legs=(nets.leg(1, "A", "D", running_minutes=12 * 1440, usd_cents_per_teu=100),))
    net = nets.network(nets.service("U", "AD", legs=(nets.leg(1, "A", "D", usd_cents_per_teu=90_000),)), late)
    one, three = (ways(net, trip("A", "D", due=1_000, n_boxes=n)) for n in (1, 3))
    assert (three.cost, three.bound) == (pytest.approx(3 * one.cost, abs=3), pytest.approx(3 * one.bound, abs=3))
    assert three.bound < three.cost
    assert three.stopped == "effort"


def test_hopeless_lateness_is_said_in_days():
    """Ten days after the due date nobody wants the box any more."""
    net = nets.network(nets.service("U", "AD", legs=(nets.leg(1, "A", "D", running_minutes=20 * 1440),)))
    refusal = ways(net, trip("A", "D", due=1_000)).plan.refusals["B1"]
    assert refusal.code == "too-late"
    assert "20 days" in refusal.why


def test_the_usable_gross_mass_is_the_least_of_plate_and_legs():
    """The plate says 30.48 t, the train 25 t."""
    space, _ = space_of(nets.network(nets.service("U", "AD")))
    found = route.usable_gross_kg([trip("A", "D", gross=0)], space, nets.TYPES, hub_id="A", rules=RULES)
    assert found == {"B1": 25_000}


@pytest.mark.parametrize(
    ("cents", "at_least_kg", "usable_kg"),
    [(11_000, 0, 25_000), (11_000, 25_000, 25_000), (11_000, 25_001, 30_480), (20_000, 0, 30_480), (9_000, 0, 25_000)],
)
def test_a_box_is_packed_for_every_sensible_way(cents, at_least_kg, usable_kg):
    """A little dearer than trains without a limit, the train that has one counts, but not for what it cannot take."""
    free = nets.service("V", "AD", at=620, legs=(nets.leg(1, "A", "D", train_class="free"),))
    strict = nets.service("U", "AD", legs=(nets.leg(1, "A", "D", usd_cents_per_teu=cents),))
    space, _ = space_of(nets.network(strict, free))
    found = route.usable_gross_kg([trip("A", "D", gross=at_least_kg)], space, nets.TYPES, hub_id="A", rules=RULES)
    assert found == {"B1": usable_kg}


def test_the_same_question_has_the_same_answer():
    """Replay: equal input, equal ways."""
    net = nets.network(nets.service("U", "AD"), nets.service("V", "AD", at=700))
    assert ways(net, trip("A", "D")).plan == ways(net, trip("A", "D")).plan


def test_cut_offs_are_the_sensible_trains():
    """A train at thrice the price is not packed for."""
    dear = nets.service("V", "AD", at=700, legs=(nets.leg(1, "A", "D", usd_cents_per_teu=30_000),))
    space, _ = space_of(nets.network(nets.service("U", "AD", at=600), dear))
    found = route.cut_offs(["D"], space, hub_id="A", rules=RULES, until=1440)
    assert [(c.packed_by, c.arrives_at) for c in found["D"]] == [(540, 660)]


@given(n=st.integers(0, 200), count=st.integers(1, 40), turn=st.integers(0, 10**9))
def test_choices_are_the_best_half_and_an_even_spread(n, count, turn):
    """As many ranks as asked for, each once, the best half of them without a gap, the last not far from the end."""
    ranks = spread(n, count, turn)
    assert len(ranks) == min(n, count)
    assert ranks == sorted(set(ranks))
    assert ranks[: -(-count // 2)] == list(range(min(n, -(-count // 2))))
    assert all(0 <= rank < n for rank in ranks)
    if n > count > 1:
        assert n - ranks[-1] <= 2 * n / (count // 2)


def test_other_loads_look_at_other_departures():
    """Two loads that start at different minutes share the best half, not the rest."""
    assert spread(100, 10, 0)[:5] == spread(100, 10, 50)[:5]
    assert not set(spread(100, 10, 0)[5:]) & set(spread(100, 10, 50)[5:])


LIFT = replace(nets.handover("A"), transfer_id="A-lift", from_mode="road", from_gauge_mm=0, kind="lift")
ROAD = Line(line_id="H", from_id="K", to_id="A", mode="road", gauge_mm=0, length_km=100, running_minutes=90)


def test_a_cheap_train_after_weeks_bounds_the_price():
    """The bound looks at every departure, however late; what it undercuts is not called optimal."""
    dear = (nets.leg(1, "A", "D", usd_cents_per_teu=900_000),)
    services = (
        nets.service("NOW", "AD", legs=dear),
        nets.service("LATE", "AD", every_n_weeks=3, week_offset=1, weekdays=(4,)),
    )
    space, _ = space_of(nets.network(*services), days=28)
    one = trip("A", "D", due=40_000)
    result = route.plan([one], space, (), nets.TYPES, hub_id="A", rules=RULES, limit=Limit())
    late = min(h.arrives_at for h in space.hops if h.service.service_id == "LATE")
    minute = RULES.milli("value_of_time_usd_per_feu_day") * 100 * 1000 // (1000 * 2 * 1440)
    assert late > 16 * 1440
    assert result.bound == 2 * (10_000 * 1000 + minute * late) // 1000
    assert result.bound < result.cost
    assert result.stopped == "effort"


@pytest.mark.parametrize("kind", ["20GP", "40HC"])
def test_the_search_pays_what_the_tariff_asks(kind):
    """A box of any size pays a whole truck, and its TEU on trains and transfers."""
    net = nets.network(nets.service("U", "AD", at=600), transfers=(LIFT,), lines=(ROAD,))
    space, dated = space_of(net)
    one = trip("K", "D", ready=30, container_type=kind)
    result = route.plan([one], space, (), nets.TYPES, hub_id="A", rules=RULES, limit=Limit())
    pricing = Pricing(
        network=net,
        roads=roads(net.lines, net.places, RULES),
        departures={d.departure_id: d for d in dated},
        transfers={t.transfer_id: t for t in net.transfers},
        container_types=nets.TYPES,
        rules=RULES,
        plan_end=0,
    )
    box = replace(nets.box(1, "D", kind=kind), at_id="K", ready_at=30)
    priced = [cents(pricing.journey(box, way)) for way in result.plan.choices["B1"]]
    assert result.cost == pytest.approx(min(priced), abs=3)


def truck(service_id: str, stops: str, **changes):
    """A truck with a timetable."""
    legs = tuple(nets.leg(i, a, b, mode="road", gauge_mm=0) for i, (a, b) in enumerate(pairwise(stops), 1))
    return nets.service(service_id, stops, mode="road", group="truck", legs=legs, **changes)


def test_a_truck_takes_its_load_where_it_starts():
    """Nobody boards it on the way, whatever cross-dock there is."""
    net = nets.network(truck("T", "ABD", at=600), truck("S", "AB", at=60))
    dock = replace(nets.handover("B"), from_mode="road", from_gauge_mm=0, to_mode="road", to_gauge_mm=0)
    net = replace(net, transfers=(dock,))
    assert ways(net, trip("B", "D")).plan.refusals["B1"].code == "no-connection"
    found = ways(net, trip("A", "D")).plan.choices["B1"]
    assert {tuple(s.departure_id[0] for s in way.stretches) for way in found} == {("T",)}


@pytest.mark.parametrize(("kind", "is_left"), [("hub", True), ("border", False)])
def test_a_truck_keeps_its_load_through_a_border(kind, is_left):
    """It may be left at a yard on its way, but not at a border that it passes; at its last stop always."""
    net = nets.network(truck("T", "ABD", at=60), nets.service("U", "BE", at=600))
    there = replace(nets.place("B"), kind=kind)
    lift = replace(nets.handover("B"), from_mode="road", from_gauge_mm=0, kind="lift")
    net = replace(
        net, places=Places([*(p for p in net.places.values() if p.place_id != "B"), there]), transfers=(lift,)
    )
    found = ways(net, trip("A", "E"), trip("A", "D", trip_id="B2")).plan
    assert ("B1" in found.choices) is is_left
    assert "B2" in found.choices


def test_every_train_the_hub_forms_is_offered():
    """However many cheaper departures there are: a train nobody is offered would be cancelled for want of freight."""
    cheap = [nets.service(f"P{i:02d}", "AD", at=20 * i + 60) for i in range(60)]
    legs = (nets.leg(1, "A", "D", usd_cents_per_teu=90_000),)
    formed = nets.service("U", "AD", at=1200, legs=legs, operation="hub", group="assembly", fixed_usd_cents=50_000)
    found = ways(nets.network(*cheap, formed), trip("A", "D")).plan.choices["B1"]
    offered = {s.departure_id for way in found for s in way.stretches}
    assert {f"U@2022-07-{day}" for day in (18, 19, 20)} <= offered


def test_nobody_leaves_the_hub_s_neighbour_for_a_detour():
    """A truck on demand is never full: a later and dearer way to the hub is not offered beside it."""
    around = nets.service("S", "FA", at=900)
    roads_ = (ROAD, replace(ROAD, line_id="H2", to_id="F", length_km=300, running_minutes=300))
    lift = replace(LIFT, transfer_id="F-lift", place_id="F")
    net = nets.network(
        nets.service("U", "AD", at=600), around, transfers=(LIFT, lift, nets.handover("A")), lines=roads_
    )
    found = ways(net, trip("K", "D")).plan.choices["B1"]
    assert {way.stretches[0].to_id for way in found} == {"A"}


def test_an_order_in_the_way_is_no_refusal():
    """Too heavy for one train, barred from the other for now: it waits."""
    heavy = trip("A", "D", gross=26_000)
    limited = nets.service("U", "AD")
    free = nets.service("V", "AD", legs=(nets.leg(1, "A", "D", train_class="FREE"),))
    ban = RestrictionOrder(
        order_id="O1", number="1", issuer="yard", place_id="A", towards_id="", from_at=0, until_at=90_000,
        hs_prefixes=("8407",), un_classes=(), container_types=(), max_trains_per_day=None, text="no engines",
    )  # fmt: skip
    refused = ways(nets.network(limited), heavy).plan.refusals["B1"]
    assert (refused.state, refused.code) == ("refused", "overweight")
    waits = ways(nets.network(limited, free), heavy, orders=(ban,)).plan.refusals["B1"]
    assert (waits.state, waits.code) == ("waiting", "order")
