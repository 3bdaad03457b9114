"""Fronts over the network: against every sequence of rides on small ones, and against the planner's own scan."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from landport import route
from landport.model import orders, tariff, timetable
from landport.model.bookings import RestrictionOrder
from landport.model.changes import Changes, End, roads
from landport.model.network import Line, Network, Transfer
from landport.model.orders import Move
from landport.model.services import Departure, Service
from landport.model.tariff import Load
from landport.route._kernel_pareto import SURE, risk_of
from landport.route.arrays import Space
from landport.route.fronts import Front, Fronts, Question, Way, spread
from landport.route.priced import Priced
from tests import nets
from tests.route.hours import begins, closing, hours

RULES = nets.rules()
BOX = Load(subject_id="x", teu=2, feu_milli=1000, cargo_kg=18_000, gross_kg=22_000, priority=0)
EXACT = (0, 0, 0)
Value = tuple[int, int, int, int]


@dataclass(frozen=True)
class Small:
    """A small network, dated."""

    network: Network
    dated: tuple[Departure, ...]
    space: Space
    fronts: Fronts

    def asked(
        self,
        at: str,
        to: str,
        ready: int = 0,
        blocked: tuple[int, ...] = (),
        tolls: tuple[RestrictionOrder, ...] = (),
    ) -> Question:
        barred = np.zeros(len(self.space.hops), np.int64)
        barred[list(blocked)] = 1
        return Question(at, to, ready, BOX, barred, tolls=tolls)


def small(network: Network, days: int = 2) -> Small:
    dated = timetable.departures(
        network.services, network.places, (), start_at=nets.MONDAY, from_minute=0, until_minute=days * 1440
    )
    space = route.space(network, dated, RULES, start_at=nets.MONDAY, plan_end=10**9, now_at=0)
    return Small(network, dated, space, Fronts(Priced(space, network, RULES)))


def change(place_id: str, start: tuple[str, int], end: tuple[str, int], minutes: int, cents: int) -> Transfer:
    return replace(
        nets.handover(place_id, minutes, cents),
        transfer_id=f"{place_id}-{start}-{end}",
        from_mode=start[0],
        from_gauge_mm=start[1],
        to_mode=end[0],
        to_gauge_mm=end[1],
        sigma_milli=500,
    )


def random_network(seed: int) -> Network:
    """Six places, some nine services of two gauges, some changes, some roads."""
    dice = random.Random(seed)
    names = "ABCDEF"
    services = []
    for i in range(9):
        stops = dice.sample(names, dice.randint(2, 4))
        breaks = dice.randint(1, len(stops))
        legs = tuple(
            nets.leg(
                seq,
                stops[seq - 1],
                stops[seq],
                gauge_mm=1435 if seq < breaks else 1520,
                running_minutes=dice.choice((60, 200, 500)),
                length_km=dice.choice((50, 300)),
                usd_cents_per_teu=dice.choice((1_000, 7_000, 20_000)),
            )
            for seq in range(1, len(stops))
        )
        services.append(
            nets.service(f"S{i}", "", at=60 * dice.randrange(24), legs=legs, cut_off_minutes=dice.choice((0, 60, 300)))
        )
    kinds = [("rail", 1435), ("rail", 1520), ("road", 0)]
    transfers = tuple(
        change(p, start, end, dice.choice((30, 240)), dice.choice((0, 500)))
        for p in names
        for start in kinds
        for end in kinds
        if dice.random() < 0.6 and (start, end) != (kinds[2], kinds[2])
    )
    ends = [dice.sample(names, 2) for _ in range(3)]
    lines = tuple(
        Line(line_id=f"H{i}", from_id=a, to_id=b, mode="road", gauge_mm=0, length_km=150, running_minutes=180)
        for i, (a, b) in enumerate(ends)
    )
    return nets.network(*services, transfers=transfers, lines=lines)


@dataclass(frozen=True)
class State:
    """A load at a place: since when, having come how (None: it starts there) and over what, and the cost so far."""

    here: str
    clock: int
    last: End | None
    cents: int = 0
    grams: int = 0
    gauges: int = 0
    moves: tuple[Move, ...] = ()


def changed(net: Small, state: State, end: End) -> State | None:
    """The state once the load can leave as `end` says; None: it cannot."""
    if state.last is None:
        return state
    row = Changes(net.network.transfers).find(state.here, state.last, end)
    if row is None:
        return None
    breaks = 0 < state.last.gauge_mm != end.gauge_mm > 0
    cost = tariff.change(BOX, row, RULES)
    paid = {"cents": state.cents + cost.usd_cents, "grams": state.grams + cost.gco2e}
    ready = begins(net.network, state.here, state.clock) + row.minutes
    return replace(state, clock=ready, gauges=state.gauges + breaks, **paid)


def by_truck(net: Small, state: State) -> Iterator[State]:
    places = net.network.places
    for (a, b), way in roads(net.network.lines, places, RULES).items():
        then = changed(net, state, End("road", 0, ""))
        came_by_truck = state.last is not None and not state.last.neighbour_id
        if a == state.here and then and not came_by_truck:
            cost = tariff.road(BOX, way, places, RULES)
            paid = (then.cents + cost.usd_cents, then.grams + cost.gco2e, then.gauges)
            until = then.clock + way.running_minutes
            moves = (*state.moves, Move(a, b, then.clock, until, is_dated=False))
            yield State(b, until, End("road", 0, ""), *paid, moves)


def by_train(net: Small, state: State) -> Iterator[State]:
    for run in net.dated:
        service = net.network.services[run.service_id]
        for first, leg in enumerate(service.legs):
            then = changed(net, state, End(leg.mode, leg.gauge_mm, leg.to_id)) if leg.from_id == state.here else None
            if then and max(then.clock, state.clock + service.cut_off_minutes) <= run.legs[first].departs_at:
                yield from ridden(run, service, first, then)


def ridden(run: Departure, service: Service, first: int, then: State) -> Iterator[State]:
    gauges, moves = then.gauges, then.moves
    for until in range(first, len(service.legs)):
        leg, timed = service.legs[until], run.legs[until]
        moves = (*moves, Move(leg.from_id, leg.to_id, timed.departs_at, timed.arrives_at))
        gauges += until > first and leg.gauge_mm != service.legs[until - 1].gauge_mm
        cost = tariff.ride(BOX, service, first + 1, until + 1, RULES, undecided=True)
        paid = (then.cents + cost.usd_cents, then.grams + cost.gco2e, gauges)
        yield State(leg.to_id, timed.arrives_at, End(leg.mode, leg.gauge_mm, leg.from_id), *paid, moves)


def by_hand(net: Small, at: str, to: str, ready: int, tolls: Sequence[RestrictionOrder] = ()) -> set[Value]:
    """Values of every sequence of rides that comes to no place twice, with what it passes under quotas."""
    values: set[Value] = set()

    def go(state: State, seen: tuple[str, ...]) -> None:
        if state.here == to:
            paid = sum(o.usd_cents_per_teu * BOX.teu * len(orders.passages(o, state.moves)) for o in tolls)
            values.add((state.clock, state.cents + paid, state.grams, state.gauges))
            return
        for then in (*by_truck(net, state), *by_train(net, state)):
            if then.here not in seen:
                go(then, (*seen, then.here))

    go(State(at, ready, None), (at,))
    return values


def unbeaten(values: set[Value]) -> list[Value]:
    better = lambda w, v: w != v and all(a <= b for a, b in zip(w, v, strict=True))  # noqa: E731
    return sorted(v for v in values if not any(better(w, v) for w in values))


@pytest.mark.parametrize("seed", range(25))
def test_front_is_that_of_every_sequence_of_rides(seed: int) -> None:
    """Trains of two gauges, cut-offs, trucks: the same values, and no others."""
    net = small(random_network(seed))
    for at, to in (("A", "F"), ("B", "E"), ("C", "A")):
        if {at, to} <= set(net.network.places):
            expected = unbeaten(by_hand(net, at, to, 200))
            front = net.fronts.front(net.asked(at, to, 200), eps=EXACT)
            assert [way.value for way in front.ways] == expected
            assert front.is_whole


@pytest.mark.parametrize("seed", range(20))
def test_front_keeps_to_opening_hours(seed: int) -> None:
    """Where most places close at times, trucks on demand and cut-offs included: the same values, and no others."""
    net = small(closing(random_network(seed), seed), days=3)
    for at, to in (("A", "F"), ("B", "E"), ("C", "A"), ("D", "B")):
        if {at, to} <= set(net.network.places):
            asked = net.asked(at, to, 200)
            expected = unbeaten(by_hand(net, at, to, 200))
            assert [way.value for way in net.fronts.front(asked, eps=EXACT).ways] == expected
            risky = net.fronts.front(asked, eps=EXACT, is_risky=True).ways
            assert set(expected) <= {way.value for way in risky}


def test_hours_change_fronts() -> None:
    """The random hours are worth testing on: they close ways, and make others later; none is earlier."""
    n_other = 0
    for seed in range(20):
        network = random_network(seed)
        both = [small(net, days=3) for net in (network, closing(network, seed))]
        for at, to in (("A", "F"), ("B", "E"), ("C", "A"), ("D", "B")):
            if {at, to} <= set(network.places):
                values = [[w.value for w in n.fronts.front(n.asked(at, to, 200), eps=EXACT).ways] for n in both]
                firsts = [min((value[0] for value in found), default=1 << 60) for found in values]
                assert firsts[0] <= firsts[1]
                n_other += values[0] != values[1]
    assert n_other >= 15


def test_risk_counts_from_the_first_open_minute() -> None:
    """A load that comes at night has from eight to the departure, however long it stood."""
    one, other = nets.service("S", "AB", at=0), nets.service("T", "BC", at=600, cut_off_minutes=0)
    lift = replace(nets.handover("B", 60), sigma_milli=500)
    open_, closed = (
        small(replace(nets.network(one, other, transfers=(lift,)), hours=rows), days=1)
        for rows in ((), (hours("B", 480, 1080),))
    )
    fronts = [net.fronts.front(net.asked("A", "C", -60), eps=EXACT, is_risky=True) for net in (open_, closed)]
    told = [front.ways[0].risk for front in fronts]
    assert told == [risk_of(540, 60, 500), risk_of(120, 60, 500)]
    assert told[0] < told[1]


@pytest.mark.parametrize("seed", range(20))
def test_barred_legs_are_not_ridden_by_any_scan(seed: int) -> None:
    """A third of the legs barred: one scan for all places, and the profile, agree with the fronts."""
    net, dice = small(random_network(seed)), random.Random(seed)
    barred = tuple(i for i in range(len(net.space.hops)) if dice.random() < 0.35)
    if "A" not in net.network.places:
        pytest.skip("nothing stops at A")
    everywhere = net.fronts.everywhere(net.asked("A", "A", 200, barred))
    free = net.fronts.everywhere(net.asked("A", "A", 200))
    for place in set(net.network.places) - {"A"}:
        front = net.fronts.front(net.asked("A", place, 200, barred), eps=EXACT)
        assert all(set(way.legs).isdisjoint(barred) for way in front.ways)
        if front.is_whole:
            assert everywhere.get(place) == min((w.arrives_at for w in front.ways), default=None)
        assert everywhere.get(place, 1 << 60) >= free.get(place, 1 << 60)


def test_barred_legs_change_arrivals() -> None:
    """The networks above are worth it: in many of them something is reached later, or not at all."""
    later = 0
    for seed in range(20):
        net, dice = small(random_network(seed)), random.Random(seed)
        barred = tuple(i for i in range(len(net.space.hops)) if dice.random() < 0.35)
        if "A" in net.network.places:
            later += net.fronts.everywhere(net.asked("A", "A", 200, barred)) != net.fronts.everywhere(
                net.asked("A", "A", 200)
            )
    assert later >= 10


def test_a_front_without_its_circles_is_not_called_whole() -> None:
    """From B nothing goes on to D but for boxes that come by truck: round by C is the only, or a better, way."""
    road = ("road", 0)
    rail = ("rail", 1435)
    net = small(
        nets.network(
            nets.service("S", "AB"),
            nets.service("T", "BD", at=1_300),
            transfers=(change("B", rail, road, 30, 0), change("B", road, rail, 30, 0), change("C", road, rail, 30, 0)),
            lines=(
                Line(line_id="H1", from_id="B", to_id="C", mode="road", gauge_mm=0, length_km=10, running_minutes=20),
            ),
        )
    )
    front = net.fronts.front(net.asked("A", "D"), eps=EXACT)
    assert front == Front((), is_whole=True)  # two trucks in a row are no way, so there is no circle either
    back = replace(nets.service("U", "CB", at=800), cut_off_minutes=0)
    net = small(
        nets.network(
            nets.service("S", "AB"),
            back,
            nets.service("T", "BD", at=1_300, legs=(nets.leg(1, "B", "D", gauge_mm=1520),)),
            transfers=(
                change("B", rail, road, 30, 0),
                change("C", road, rail, 30, 0),
                replace(change("B", rail, ("rail", 1520), 30, 0), neighbour_id="C", direction="inbound"),
            ),
            lines=(
                Line(line_id="H1", from_id="B", to_id="C", mode="road", gauge_mm=0, length_km=10, running_minutes=20),
            ),
        )
    )
    assert net.fronts.front(net.asked("A", "D"), eps=EXACT) == Front((), is_whole=False)


@pytest.mark.parametrize("seed", range(15))
def test_what_is_late_leaves_out_nothing_that_is_in_time(seed: int) -> None:
    """Whatever eps: each value of the exact front that is there in time has one in time that is near to it."""
    net, eps = small(random_network(seed)), (1_000, 15_000, 100_000)
    if not {"A", "F"} <= set(net.network.places):
        pytest.skip("A and F are not both served")
    exact = net.fronts.front(net.asked("A", "F", 200), eps=EXACT).ways
    for until in {way.arrives_at + more for way in exact for more in (-1, 0, 30)}:
        in_time = [way.value for way in exact if way.arrives_at <= until]
        assert [w.value for w in net.fronts.front(net.asked("A", "F", 200), eps=EXACT, until=until).ways] == in_time
        kept = [w.value for w in net.fronts.front(net.asked("A", "F", 200), eps=eps, until=until).ways]
        assert all(value[0] <= until for value in kept)
        for value in in_time:
            assert any(all(k <= v + e for k, v, e in zip(w, value, (*eps, 0), strict=True)) for w in kept)


def test_some_fronts_have_choices() -> None:
    """The random networks are worth testing on: many fronts, with trucks and breaks of gauge in them."""
    fronts = [small(random_network(seed)) for seed in range(25)]
    ways = [
        w
        for net in fronts
        if "F" in net.network.places
        for w in net.fronts.front(net.asked("A", "F", 200), eps=EXACT).ways
    ]
    assert len(ways) >= 25
    assert any(w.gauge_changes for w in ways)
    assert any(not s.departure_id for w in ways for s in w.itinerary.stretches)


def earliest(net: Small, ready: int) -> int:
    return min((w.arrives_at for w in net.fronts.front(net.asked("A", "D", ready), eps=EXACT).ways), default=1 << 60)


def test_profile_says_until_when_a_load_may_be_ready() -> None:
    """At each point its arrival is reached, a minute later not any more; where no truck goes all the way."""
    checked = 0
    for seed in range(48):
        net = small(random_network(seed) if seed < 24 else closing(random_network(seed - 24), seed))
        is_there = {"A", "D"} <= set(net.network.places)
        if not is_there or any((w.from_id, w.to_id) == ("A", "D") for w in net.space.truck_roads):
            continue
        for point in net.fronts.profile(net.asked("A", "D")):
            if point.ready_at >= 0:
                assert earliest(net, point.ready_at) == point.arrives_at
                assert earliest(net, point.ready_at + 1) > point.arrives_at
                checked += 1
                due = point.arrives_at
                assert net.fronts.latest(net.asked("A", "D"), due) == point.ready_at
                assert net.fronts.latest(net.asked("A", "D"), due - 1) != point.ready_at
    assert checked > 20


@pytest.mark.parametrize("seed", range(12))
def test_everywhere_is_the_earliest_of_each_front(seed: int) -> None:
    """One scan for all places agrees with a front for each, trucks included."""
    net = small(random_network(seed))
    if "A" not in net.network.places:
        pytest.skip("nothing stops at A")
    everywhere = net.fronts.everywhere(net.asked("A", "A", 200))
    for place in net.network.places:
        ways = net.fronts.front(net.asked("A", place, 200), eps=EXACT).ways if place != "A" else ()
        first = min((w.arrives_at for w in ways), default=None)
        assert everywhere.get(place) == (200 if place == "A" else first)


def test_barred_leg_is_not_ridden_nor_stayed_on() -> None:
    """A load that may not ride the middle leg of a train leaves before it or takes another."""
    net = small(
        nets.network(nets.service("S", "ABCD"), nets.service("T", "BD", at=700), transfers=(nets.handover("B"),))
    )
    free = net.fronts.front(net.asked("A", "D"), eps=EXACT)
    middle = next(i for i, hop in enumerate(net.space.hops) if (hop.service.service_id, hop.leg.seq) == ("S", 2))
    barred = [i for i, hop in enumerate(net.space.hops) if (hop.service.service_id, hop.leg.seq) == ("S", 2)]
    front = net.fronts.front(net.asked("A", "D", blocked=tuple(barred)), eps=EXACT)
    assert any(middle in way.legs for way in free.ways)
    assert front.ways
    assert all(set(way.legs).isdisjoint(barred) for way in front.ways)


@pytest.mark.parametrize("seed", range(40))
def test_profile_leaves_nothing_out(seed: int) -> None:
    """Whenever a load is ready, it arrives as the next point says; where no truck goes all the way."""
    net = small(random_network(seed), days=3)
    for at, to in (("A", "D"), ("B", "F"), ("C", "E")):
        is_there = {at, to} <= set(net.network.places)
        if is_there and not any((w.from_id, w.to_id) == (at, to) for w in net.space.truck_roads):
            points = net.fronts.profile(net.asked(at, to))
            for ready in (0, 90, 400, 700, 1000, 1441):
                ways = net.fronts.front(net.asked(at, to, ready), eps=EXACT).ways
                expected = min((point.arrives_at for point in points if point.ready_at >= ready), default=None)
                assert min((way.arrives_at for way in ways), default=None) == expected


@pytest.mark.parametrize("seed", range(12))
def test_profile_knows_what_is_barred(seed: int) -> None:
    """Under barred legs, too, each point of the profile is the earliest arrival of a load that is ready then."""
    net = small(random_network(seed))
    if {"A", "D"} <= set(net.network.places):
        barred = tuple(random.Random(seed).sample(range(len(net.space.hops)), len(net.space.hops) // 4))
        for point in net.fronts.profile(net.asked("A", "D", blocked=barred)):
            if point.ready_at >= 0:
                ways = net.fronts.front(net.asked("A", "D", point.ready_at, barred), eps=EXACT).ways
                assert min(w.arrives_at for w in ways) <= point.arrives_at
                assert set(barred).isdisjoint(leg for way in ways for leg in way.legs)


def test_risk_is_less_where_more_time_is_left() -> None:
    """As a fifth criterion it keeps a later train that is caught more surely."""
    net = small(
        nets.network(
            nets.service("S", "AB"),
            nets.service("T", "BC", at=800),
            nets.service("U", "BC", at=1200),
            transfers=(change("B", ("rail", 1435), ("rail", 1435), 120, 500),),
        ),
        days=1,
    )
    plain = net.fronts.front(net.asked("A", "C"), eps=EXACT).ways
    risky = net.fronts.front(net.asked("A", "C"), eps=EXACT, is_risky=True).ways
    assert [w.arrives_at for w in plain] == [860]
    assert [w.arrives_at for w in risky] == [860, 1260]
    assert risky[0].risk > risky[1].risk > 0


def test_cleaner_way_is_kept_until_the_train_that_all_take() -> None:
    """One that comes to a place earlier and cheaper, but emits more, does not push it out there."""
    leg = nets.leg(1, "A", "C", running_minutes=700, length_km=20, usd_cents_per_teu=90_000)
    services = [nets.service("W", "", at=60, legs=(leg,)), nets.service("V", "CD", at=1400)]
    services += [nets.service("S", "AB", at=60), nets.service("T", "BC", at=250)]
    net = small(nets.network(*services, transfers=(nets.handover("B"), nets.handover("C"))), days=1)
    quick, clean = net.fronts.front(net.asked("A", "D"), eps=EXACT).ways
    assert [s.departure_id[0] for s in quick.itinerary.stretches] == ["S", "T", "V"]
    assert [s.departure_id[0] for s in clean.itinerary.stretches] == ["W", "V"]
    assert quick.arrives_at == clean.arrives_at
    assert quick.gco2e > clean.gco2e


def test_profile_waits_for_a_train_that_leads_there() -> None:
    """The first train that could be caught ends too soon; the next one of its kind goes on."""
    services = [nets.service("S", "AB", at=60), nets.service("X", "BC", at=300), nets.service("Y", "BCD", at=500)]
    net = small(nets.network(*services, transfers=(nets.handover("B"),)), days=1)
    assert [(p.ready_at, p.arrives_at) for p in net.fronts.profile(net.asked("A", "D"))] == [(0, 650)]


def surest(*services: Service) -> int:
    """Ask from A to D, where changes take 120 minutes with a sigma; answers the least risk."""
    work = tuple(change(place, ("rail", 1435), ("rail", 1435), 120, 500) for place in "BC")
    net = small(nets.network(*services, transfers=work), days=1)
    return min(way.risk for way in net.fronts.front(net.asked("A", "D"), eps=EXACT, is_risky=True).ways)


def test_risk_of_the_way_so_far_is_not_forgotten() -> None:
    """A surer way that comes to a place later, or dearer, is kept there for the train that both take."""
    soon, onward = nets.service("T", "BC", at=250), nets.service("V", "CD", at=1400)
    feeder, late = nets.service("S", "AB", at=60), nets.service("U", "BC", at=900)
    risk_in_b, risk_in_c = risk_of(780, 120, 500), risk_of(440, 120, 500)
    assert surest(feeder, soon, onward) > 2 * (risk_in_b + risk_in_c) > 0
    assert surest(feeder, soon, late, onward) == risk_in_b + risk_in_c
    leg = nets.leg(1, "A", "C", running_minutes=700, length_km=900, usd_cents_per_teu=90_000)
    direct = nets.service("W", "", at=60, legs=(leg,))
    assert surest(feeder, soon, direct, onward) == risk_of(640, 120, 500)


def test_risk_is_that_of_a_lognormal_time() -> None:
    """-ln P(time <= spare), mean 120, sigma 0.5; sampled."""
    draws = np.random.default_rng(1).lognormal(np.log(120) - 0.125, 0.5, 200_000)
    for spare in (60, 120, 300):
        assert np.exp(-risk_of(spare, 120, 500) / 1e6) == pytest.approx((draws <= spare).mean(), abs=0.005)
    assert risk_of(0, 120, 500) == SURE
    assert risk_of(0, 120, 0) == 0


def way(*value: int) -> Way:
    return Way(None, *value, 0, ())  # type: ignore[arg-type]


def test_spread_keeps_the_best_of_each_criterion() -> None:
    """Then what differs most; all, if they are few."""
    ways = [way(i, 100 - i, 50 + (i - 5) ** 2, 0) for i in range(20)]
    chosen = spread(ways, 5)
    assert {0, 19, 5} <= set(chosen)
    assert len(chosen) == 5
    assert spread(ways[:3], 5) == [0, 1, 2]
    assert len(spread(ways, 1)) == 1


def test_front_without_a_way_is_empty() -> None:
    """Nothing leads back."""
    net = small(nets.network(nets.service("S", "AB")))
    assert net.fronts.front(net.asked("B", "A")) == Front((), is_whole=True)
