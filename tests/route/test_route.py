"""Ways over a dated timetable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landport import route
from landport.model import timetable
from landport.model.bookings import RestrictionOrder
from landport.model.changes import Changes, End
from landport.model.itinerary import Trip
from landport.model.network import Line
from landport.model.result import Limit
from landport.route._kernel import catch
from landport.route.search import spread
from tests import nets

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
        "hs": ("8407",),
        "un_classes": (),
    }
    return Trip(**(given | changes))


def space_of(net, days: int = 3, now_at: int = 0):
    dated = timetable.departures(
        net.services, net.places, (), start_at=nets.MONDAY, from_minute=now_at, until_minute=days * 1440
    )
    return route.space(net, dated, RULES, start_at=nets.MONDAY, plan_end=days * 1440, now_at=now_at), dated


def ways(net, *trips, orders=(), hub="A"):
    space, _ = space_of(net)
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
                if found and clock + found.minutes <= t.departs_at:
                    go(leg.to_id, t.arrives_at, paid + price + found.usd_cents_per_teu * 1000, (d, leg))

    go(at, ready, 0, None)
    return min(best, default=None)


SERVICES = st.lists(
    st.tuples(st.sampled_from(["AB", "BC", "ABC", "AC", "BAC", "CB", "ADC", "DB"]), st.integers(0, 1400)),
    min_size=1,
    max_size=5,
)


@given(SERVICES, st.integers(0, 600), st.integers(0, 400))
@settings(max_examples=60)
def test_the_cheapest_way_is_what_trying_everything_finds(found, ready, minutes):
    """The scan is exact on small timetables, transfers and cut-offs included."""
    services = [nets.service(f"S{i}", stops, at=at) for i, (stops, at) in enumerate(found)]
    net = nets.network(
        *services, nets.service("X", "EA"), nets.service("Y", "EC"), transfers=(nets.handover("B", minutes),)
    )
    space, dated = space_of(net, days=2)
    result = route.plan([trip("A", "C", ready)], space, (), nets.TYPES, hub_id="E", rules=RULES, limit=Limit())
    expected = best_by_hand(net, dated, "A", "C", ready)
    if expected is None:
        assert result.plan.refusals["B1"].code == "no-connection"
    else:
        assert result.cost == expected // 1000
        assert result.bound == result.cost


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
    assert all(word in refusal.why for word in ("25001", "25000", "r_max_box_gross_kg_40ft"))


def order(**changes) -> RestrictionOrder:
    given = {
        "order_id": "O1",
        "number": "N-77",
        "issuer": "Railway",
        "place_id": "A",
        "towards_id": "",
        "from_at": 0,
        "until_at": 9_999,
        "hs_prefixes": ("84",),
        "un_classes": (),
        "container_types": (),
        "max_trains_per_day": None,
        "text": "no engines",
    }
    return RestrictionOrder(**(given | changes))


def test_an_order_bans_what_it_names_and_is_quoted():
    """The refusal quotes the number; other goods ride."""
    net = nets.network(nets.service("U", "AD"))
    assert "N-77" in ways(net, trip("A", "D"), orders=[order()]).plan.refusals["B1"].why
    assert "B1" in ways(net, trip("A", "D", hs=("0801",)), orders=[order()]).plan.choices


def test_an_order_ends():
    """Once it is over the same box takes the next train."""
    net = nets.network(nets.service("U", "AD", at=600))
    way = ways(net, trip("A", "D"), orders=[order(until_at=601)]).plan.choices["B1"][0]
    assert way.departs_at == 600 + 1440


def test_hopeless_lateness_is_said_in_days():
    """Ten days after the due date nobody wants the box any more."""
    net = nets.network(nets.service("U", "AD", legs=(nets.leg(1, "A", "D", running_minutes=20 * 1440),)))
    refusal = ways(net, trip("A", "D", due=1_000)).plan.refusals["B1"]
    assert refusal.code == "too-late"
    assert "20 days" in refusal.why


def test_the_usable_gross_mass_is_the_least_of_plate_and_legs():
    """The plate says 30.48 t, the train 25 t."""
    space, _ = space_of(nets.network(nets.service("U", "AD")))
    found = route.usable_gross_kg(trip("A", "D", gross=0), space, nets.TYPES, hub_id="A", rules=RULES)
    assert found == 25_000


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
