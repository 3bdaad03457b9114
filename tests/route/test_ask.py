"""The desk: choices with prices, and why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from landport import route
from landport.model.bookings import RestrictionOrder
from landport.model.changes import roads
from landport.model.choices import Choices
from landport.model.edits import WhatIf
from landport.model.itinerary import Trip
from landport.model.journeys import Pricing
from landport.model.network import Line, Network, Transfer
from landport.route.why import spell
from tests import nets
from tests.route.test_fronts import change, small

HEAVY = nets.rules(nets.train_rule("max_box_gross_kg", 25_000_000, "40ft"))


def desk_of(network: Network, *orders: RestrictionOrder, days: int = 3, samples: int = 0) -> route.Desk:
    net = small(network, days)
    pricing = Pricing(
        network=network,
        roads={},
        departures={d.departure_id: d for d in net.dated},
        transfers={t.transfer_id: t for t in network.transfers},
        container_types=nets.TYPES,
        rules=HEAVY,
        plan_end=-1,
    )
    sampler = route.Sampler(net.space, network, n_samples=samples) if samples else None
    return route.Desk(
        route.Priced(net.space, network, HEAVY),
        pricing,
        orders,
        nets.TYPES,
        as_of_on=nets.MONDAY.date(),
        what_if=WhatIf(),
        odds_of=None if sampler is None else lambda way, due, barred: sampler.odds(way, due_at=due, blocked=barred),
    )


def trip(at: str, to: str, **changes: object) -> Trip:
    given: dict[str, object] = {
        "trip_id": "ask",
        "at_id": at,
        "destination_id": to,
        "ready_at": 0,
        "due_at": 4 * 1440,
        "container_type": "40HC",
        "gross_kg": 22_000,
        "cargo_kg": 18_060,
        "cargo_codes": (),
        "un_classes": (),
    }
    return Trip(**(given | changes))  # type: ignore[arg-type]


def order(**changes: object) -> RestrictionOrder:
    given: dict[str, object] = {
        "order_id": "R1",
        "number": "2022-77",
        "issuer": "KTZ",
        "place_id": "A",
        "towards_id": "",
        "from_at": 0,
        "until_at": 99_999,
        "hs_prefixes": (),
        "un_classes": (),
        "container_types": (),
        "max_trains_per_day": None,
        "text": "congestion",
    }
    return RestrictionOrder(**(given | changes))  # type: ignore[arg-type]


def refused(answer: Choices) -> tuple[str, str, str]:
    assert answer.choices == ()
    assert answer.refusal is not None
    return answer.refusal.state, answer.refusal.code, answer.refusal.why


ONE = nets.network(nets.service("S", "AB"))


def test_a_choice_is_priced_for_all_boxes() -> None:
    """Two boxes cost twice as much as one, and emit as much more."""
    one, two = (desk_of(ONE).choices(trip("A", "B", n_boxes=n), route.Asked()).choices[0] for n in (1, 2))
    assert one.usd_cents == 20_000
    assert two.usd_cents == 2 * one.usd_cents
    assert two.gco2e == 2 * one.gco2e > 0
    assert sum(c.usd_cents for c in two.charges) == two.usd_cents


TWO_BORDERS = nets.network(
    nets.service("S", "ABD", at=600),
    nets.service("T", "", at=600, legs=(nets.leg(1, "A", "C"), nets.leg(2, "C", "D", usd_cents_per_teu=12_000))),
)


@pytest.mark.parametrize("towards_id", ["", "D"])
def test_a_quota_with_a_price_sends_boxes_over_the_other_border(towards_id: str) -> None:
    """By B it is 20 USD a TEU cheaper, as long as the quota costs less; what it costs is charged."""
    trips = trip("A", "D", n_boxes=3)
    for cents, border, paid in ((0, "B", 0), (1_999, "B", 1_999), (2_001, "C", 0)):
        priced = order(place_id="B", towards_id=towards_id, max_teu_per_day=6, usd_cents_per_teu=cents)
        cheapest = desk_of(TWO_BORDERS, priced).choices(trips, route.Asked(order_by="cost", eps=(0, 0, 0))).choices[0]
        assert cheapest.itinerary.stretches[0].departure_id[0] == {"B": "S", "C": "T"}[border]
        quotas = [c for c in cheapest.charges if c.kind == "quota"]
        assert [(c.quantity, c.rate_id, c.usd_cents) for c in quotas] == [(6, "R1", 6 * paid)] * (paid > 0)
        assert cheapest.usd_cents == sum(c.usd_cents for c in cheapest.charges)


def test_what_is_searched_by_is_what_is_charged() -> None:
    """The cents of ways are those of choices, whichever orders name the box; others it does not pay."""
    priced = order(place_id="B", max_teu_per_day=6, usd_cents_per_teu=500)
    other = replace(priced, order_id="R2", hs_prefixes=("84",))
    towards = replace(priced, order_id="R3", towards_id="D")
    desk = desk_of(TWO_BORDERS, priced, other, towards)
    for codes, named in (((), ["R1", "R3"]), (("8407",), ["R1", "R2", "R3"])):
        asked = trip("A", "D", n_boxes=2, cargo_codes=codes)
        question = desk.question(asked)
        assert [o.order_id for o in question.tolls] == named
        ways = desk.fronts.front(question, eps=(0, 0, 0)).ways
        found = desk.choices(asked, route.Asked(eps=(0, 0, 0))).choices
        assert sorted(2 * w.usd_cents for w in ways) == sorted(c.usd_cents for c in found)
        charged = {c.rate_id for choice in found for c in choice.charges if c.kind == "quota"}
        assert charged == set(named)


def test_too_heavy_a_box_is_told_by_how_much() -> None:
    """The rule is named, and the kg that are too many."""
    answer = desk_of(ONE).choices(trip("A", "B", gross_kg=26_500), route.Asked())
    state, code, why = refused(answer)
    assert (state, code) == ("refused", "overweight")
    assert "r_max_box_gross_kg_40ft" in why
    assert answer.advice == ("take 1,500 kg out of each box, or spread the cargo over more boxes",)


def test_an_order_is_quoted_by_its_number() -> None:
    """A ban, and a quota smaller than what is asked for; a quota that is large enough bars nothing."""
    banned = desk_of(ONE, order()).choices(trip("A", "B"), route.Asked())
    assert refused(banned)[1] == "order"
    assert "order 2022-77 of KTZ bans it" in refused(banned)[2]
    quota = order(max_teu_per_day=4)
    assert desk_of(ONE, quota).choices(trip("A", "B", n_boxes=2), route.Asked()).choices
    small_quota = desk_of(ONE, quota).choices(trip("A", "B", n_boxes=3), route.Asked())
    assert "order 2022-77 of KTZ lets only 4 TEU a day be handed over" in refused(small_quota)[2]


def test_no_room_says_how_many_fit() -> None:
    """A train takes 100 TEU."""
    answer = desk_of(ONE).choices(trip("A", "B", n_boxes=51), route.Asked())
    assert refused(answer)[1] == "no-room"
    assert "has room for 100 TEU" in refused(answer)[2]
    assert answer.advice == ("ask for at most 100 TEU at a time",)


def test_too_late_names_the_departure_missed_and_by_how_much() -> None:
    """S leaves at 600 with a cut-off of 60 minutes; ready at 580, that of the first day is missed by 40."""
    desk = desk_of(ONE)
    answer = desk.choices(trip("A", "B", ready_at=580, due_at=1000), route.Asked())
    state, code, why = refused(answer)
    assert (state, code) == ("waiting", "too-late")
    assert "S@2022-07-18" in why
    assert "missed by 40 min" in why
    reason = desk.reason(trip("A", "B", ready_at=580, due_at=1000), route.Asked())
    assert [(p.ready_at, p.arrives_at) for p in reason.readies] == [(540, 660)]
    assert reason.arrives_at == 1440 + 660


def test_the_last_departure_missed_is_told() -> None:
    """Nothing leaves after the third day."""
    answer = desk_of(ONE).choices(trip("A", "B", ready_at=3 * 1440, due_at=9 * 1440), route.Asked())
    assert refused(answer)[1] == "no-connection"
    assert "S@2022-07-20" in refused(answer)[2]


def test_a_break_of_gauge_without_a_change_is_told() -> None:
    """Services meet at B, on rails of two gauges, and nothing lifts a box from one to the other."""
    broad = nets.service("T", "", at=900, legs=(nets.leg(1, "B", "C", gauge_mm=1520),))
    answer = desk_of(nets.network(nets.service("S", "AB"), broad)).choices(trip("A", "C"), route.Asked())
    assert refused(answer)[2].endswith("at B nothing is changed from rail of 1435 mm to rail of 1520 mm")


@pytest.mark.parametrize(("at", "to", "said"), [("A", "Z", "stops at Z"), ("B", "A", "no chain of services")])
def test_nothing_leads_there(at: str, to: str, said: str) -> None:
    """A place without a service, and one from which nothing leads back."""
    places = nets.network(nets.service("S", "AB"), lines=()).places
    lonely = replace(ONE, places=type(places)([*places.values(), nets.place("Z")]))
    assert said in refused(desk_of(lonely).choices(trip(at, to), route.Asked()))[2]


def test_a_place_that_does_few_boxes_a_day_is_no_place_to_change() -> None:
    """Two TEU a day: one 40-ft box may change there, two may not."""
    few: Transfer = replace(nets.handover("B"), teu_per_day=2)
    net = nets.network(nets.service("S", "AB"), nets.service("T", "BC", at=900), transfers=(few,))
    desk = desk_of(net)
    assert desk.choices(trip("A", "C"), route.Asked()).choices
    assert refused(desk.choices(trip("A", "C", n_boxes=2), route.Asked())) == (
        "waiting",
        "no-connection",
        "at B less than 4 TEU is changed in a day",
    )
    assert desk.choices(trip("A", "C"), route.Asked()).choices


def test_a_quota_and_few_boxes_a_day_at_one_place() -> None:
    """By B one box pays the quota once, two may not change there and go by C."""
    few: Transfer = replace(nets.handover("B"), teu_per_day=3)
    later = nets.service("T", "BD", at=800)
    net = nets.network(nets.service("S", "AB"), later, nets.service("U", "ACD", at=900), transfers=(few,))
    desk = desk_of(net, order(place_id="B", max_teu_per_day=9, usd_cents_per_teu=100), days=1)
    for n_boxes, trains, paid in ((1, ["S", "T"], [200]), (2, ["U"], [])):
        first = desk.choices(trip("A", "D", n_boxes=n_boxes), route.Asked()).choices[0]
        assert [s.departure_id[0] for s in first.itinerary.stretches] == trains
        assert [c.usd_cents for c in first.charges if c.kind == "quota"] == paid


def test_a_place_that_does_few_boxes_a_day_loads_no_trucks_either() -> None:
    """Two TEU a day from rail to truck: one 40-ft box goes on by road, two do not, however far."""
    few = replace(change("B", ("rail", 1435), ("road", 0), 60, 500), teu_per_day=2)
    road = Line(line_id="H1", from_id="B", to_id="C", mode="road", gauge_mm=0, length_km=100, running_minutes=120)
    desk = desk_of(nets.network(nets.service("S", "AB"), transfers=(few,), lines=(road,)))
    desk.pricing = replace(desk.pricing, roads=roads((road,), desk.pricing.network.places, HEAVY))
    one = desk.choices(trip("A", "C"), route.Asked()).choices
    assert [s.departure_id for s in one[0].itinerary.stretches] == ["S@2022-07-18", ""]
    assert refused(desk.choices(trip("A", "C", n_boxes=2), route.Asked()))[1] == "no-connection"


def test_by_odds_the_surest_comes_first() -> None:
    """The tight change to T is missed often; U waits longer and is caught."""
    net = nets.network(
        nets.service("S", "AB"),
        nets.service("T", "BC", at=800),
        nets.service("U", "BC", at=1200),
        transfers=(change("B", ("rail", 1435), ("rail", 1435), 120, 500),),
    )
    desk = desk_of(net, samples=2_000, days=1)
    fast = desk.choices(trip("A", "C", due_at=1_400), route.Asked(order_by="time"))
    sure = desk.choices(trip("A", "C", due_at=1_400), route.Asked(order_by="odds"))
    assert [c.itinerary.arrives_at for c in fast.choices] == [860]
    assert [c.itinerary.arrives_at for c in sure.choices] == [860, 1260]
    odds = [c.odds.by_due for c in sure.choices if c.odds]
    assert odds == sorted(odds, key=lambda share: -(share or 0))
    assert [c.number for c in sure.choices] == [1, 2]


def test_spelling_of_durations() -> None:
    """The two largest units."""
    spans = [timedelta(minutes=m) for m in (0, 59, 60, 1440, 1441, 4000)]
    said = [spell(int(s.total_seconds() // 60)) for s in spans]
    assert said == ["0 min", "59 min", "1 h", "1 d", "1 d", "2 d 19 h"]
