"""How sure a way is: sampled arrivals against plain loops and against the lognormal law."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import erf, exp, log, sqrt
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport import route
from landport.model import timetable
from landport.model.itinerary import Itinerary, Stretch, Trip
from landport.model.network import Line, Network, Transfer
from landport.model.result import Limit
from landport.route import odds as odds_file
from landport.route.odds import STRANDED, Sampler
from tests import nets
from tests.route.hours import begins, closing, hours

RULES = nets.rules()


def spread(place_id: str, minutes: int = 120, sigma: float = 0.6) -> Transfer:
    return replace(nets.handover(place_id, minutes), sigma_milli=round(sigma * 1000))


def border(place_id: str, neighbour_id: str, direction: str, sigma: float = 0.7) -> Transfer:
    """Work on a train that passes."""
    row = replace(nets.handover(place_id), sigma_milli=round(sigma * 1000), kind="customs")
    name = f"{place_id}-{neighbour_id}-{direction}"
    return replace(row, transfer_id=name, neighbour_id=neighbour_id, direction=direction)


def space_of(net: Network, days: int = 4) -> route.Space:
    dated = timetable.departures(
        net.services, net.places, (), start_at=nets.MONDAY, from_minute=0, until_minute=days * 1440
    )
    return route.space(net, dated, RULES, start_at=nets.MONDAY, plan_end=days * 1440, now_at=0)


def ride(space: route.Space, departure_id: str, from_id: str, to_id: str) -> Stretch:
    run = [h for h in space.hops if h.departure.departure_id == departure_id]
    first = next(h for h in run if h.leg.from_id == from_id)
    last = next(h for h in run if h.leg.to_id == to_id)
    return Stretch(
        departure_id=departure_id,
        first_leg=first.leg.seq,
        last_leg=last.leg.seq,
        from_id=from_id,
        to_id=to_id,
        departs_at=first.departs_at,
        arrives_at=last.arrives_at,
    )


def way(space: route.Space, *rides: str) -> Itinerary:
    """Make a way of rides such as "U@18 AB", the day being of July 2022, all changes being hand-overs."""
    parts = [r.replace("@", "@2022-07-").split() for r in rides]
    stretches = tuple(ride(space, departure_id, *ends) for departure_id, ends in parts)
    return Itinerary(stretches=stretches, transfer_ids=tuple(f"{s.from_id}-rail-rail" for s in stretches[1:]))


def draw(net: Network, transfer_id: str, mean: int, sample: int, n: int) -> int:
    """Time of a transfer in one sample, from the formula of the lognormal law."""
    row = next(t for t in net.transfers if t.transfer_id == transfer_id)
    normal = np.random.default_rng((0, crc32(f"transfer/{transfer_id}".encode()))).standard_normal(n)[sample]
    sigma = row.sigma_milli / 1000
    return round(exp(log(mean) - sigma**2 / 2 + sigma * normal))


def ridden(net: Network, service_id: str, first: int, last: int, sample: int, n: int) -> int:
    legs = net.services[service_id].legs[first - 1 : last]
    minutes = sum(leg.running_minutes for leg in legs)
    for before, leg in pairwise(legs):
        at_border = [t for t in net.transfers if t.place_id == leg.from_id and t.neighbour_id]
        came = [t for t in at_border if (t.neighbour_id, t.direction) == (before.from_id, "inbound")]
        goes = [t for t in at_border if (t.neighbour_id, t.direction) == (leg.to_id, "outbound")]
        row = next(iter(came + goes), None)
        minutes += draw(net, row.transfer_id, leg.dwell_minutes, sample, n) if row else leg.dwell_minutes
    return minutes


def boardable(space: route.Space, planned: Stretch, blocked, at: int, ready: int) -> list[tuple[int, ...]]:
    """List what can be boarded instead, as (arrives, departs, leg, last leg)."""
    found = []
    for i, hop in enumerate(space.hops):
        in_time = max(ready, at + hop.service.cut_off_minutes) <= hop.departs_at
        if hop.leg.from_id != planned.from_id or not in_time:
            continue
        run = [j for j, h in enumerate(space.hops) if h.departure is hop.departure and h.leg.seq >= hop.leg.seq]
        ends = next((k for k, j in enumerate(run) if space.hops[j].leg.to_id == planned.to_id), None)
        if ends is not None and not any(blocked[j] for j in run[: ends + 1]):
            last = space.hops[run[ends]]
            found.append((last.arrives_at, hop.departs_at, i, last.leg.seq))
    return sorted(found)


def twin(space: route.Space, net: Network, itinerary: Itinerary, blocked, sample: int, n: int) -> int | None:
    """Travel through one sample; None: stranded."""
    at = 0
    for k, s in enumerate(itinerary.stretches):
        service = s.departure_id.split("@")[0]
        leaves = s.departs_at
        first, last = s.first_leg, s.last_leg
        if k:
            row = next(t for t in net.transfers if t.transfer_id == itinerary.transfer_ids[k - 1])
            ready = begins(net, row.place_id, at) + draw(net, row.transfer_id, row.minutes, sample, n)
            if not s.departure_id:
                leaves = ready
            elif max(ready, at + net.services[service].cut_off_minutes) > leaves:
                others = boardable(space, s, blocked, at, ready)
                if not others:
                    return None
                _, leaves, leg, last = others[0]
                service, first = space.hops[leg].service.service_id, space.hops[leg].leg.seq
        minutes = ridden(net, service, first, last, sample, n) if s.departure_id else s.arrives_at - s.departs_at
        at = leaves + minutes
    return at


SERVICES = st.lists(
    st.tuples(
        st.sampled_from(["AB", "BC", "ABC", "BDC", "CD", "BCD", "ABCDE", "DE", "CDE"]),
        st.integers(0, 1400),
        st.sampled_from([0, 60, 240]),
    ),
    min_size=2,
    max_size=7,
)
ROWS = (
    *(spread(p, minutes) for p, minutes in (("B", 200), ("C", 500), ("D", 90))),
    border("B", "A", "inbound"),
    border("C", "D", "outbound", sigma=0.9),
    border("D", "B", "inbound"),
)


@given(SERVICES, st.sampled_from("BCDE"), st.integers(0, 2**31), st.booleans())
@settings(max_examples=80, deadline=None)
def test_samples_are_what_plain_loops_travel(found, to, turn, closes):
    """Sample by sample, with cut-offs, borders, hours, missed and barred departures, and trains that are overtaken."""
    services = [nets.service(f"S{i}", stops, at=at, cut_off_minutes=cut) for i, (stops, at, cut) in enumerate(found)]
    ends = (nets.service("X", "QA"), nets.service("Y", "QBCDE"))
    net = nets.network(*services, *ends, transfers=ROWS)
    net = closing(net, turn) if closes else net
    space = space_of(net)
    asked = Trip(
        trip_id="B1",
        at_id="A",
        destination_id=to,
        ready_at=0,
        due_at=9_000,
        container_type="40HC",
        gross_kg=0,
        cargo_codes=(),
        un_classes=(),
    )
    found = route.plan([asked], space, (), nets.TYPES, hub_id="Q", rules=RULES, limit=Limit()).plan
    sampler = Sampler(space, net, n_samples=20)
    for i, itinerary in enumerate(found.choices.get("B1", ())[:6]):
        mine = {s.departure_id for s in itinerary.stretches}
        drawn = np.random.default_rng(turn + i).integers(0, 4, len(space.hops))
        barred = [int(d == 0 and h.departure.departure_id not in mine) for d, h in zip(drawn, space.hops, strict=True)]
        blocked = np.array(barred, np.int64)
        expected = [twin(space, net, itinerary, blocked, k, 20) for k in range(20)]
        got = sampler.arrivals(itinerary, blocked=blocked).tolist()
        assert got == [STRANDED if at is None else at for at in expected]
        told = sampler.odds(itinerary, due_at=4_000, blocked=blocked)
        assert told.by_due == sum(at is not None and at <= 4_000 for at in expected) / 20
        assert told.stranded == expected.count(None) / 20
        assert [told.p50_at, told.p90_at] == [sorted(got)[k] if sorted(got)[k] < STRANDED else None for k in (9, 17)]


@pytest.mark.parametrize("rows", [(), (hours("B", 100, 200), hours("B", 900, 960), hours("C", 600, 300))])
def test_a_truck_leaves_when_the_load_is_ready(rows):
    """On demand between two trains: its own time is as planned, and it is no risk; also where both places close."""
    rail, road = ("rail", 1435), ("road", 0)
    lifts = [
        replace(spread(p), transfer_id=f"{p}-lift", from_mode=a[0], from_gauge_mm=a[1], to_mode=b[0], to_gauge_mm=b[1])
        for p, a, b in (("B", rail, road), ("C", road, rail))
    ]
    line = Line(line_id="H", from_id="B", to_id="C", mode="road", gauge_mm=0, length_km=100, running_minutes=90)
    net = nets.network(
        nets.service("U", "AB", at=0), nets.service("V", "CD", at=410), transfers=(*lifts,), lines=(line,)
    )
    net = replace(net, hours=rows)
    space = space_of(net)
    truck = Stretch(departure_id="", first_leg=0, last_leg=0, from_id="B", to_id="C", departs_at=180, arrives_at=270)
    stretches = (ride(space, "U@2022-07-18", "A", "B"), truck, ride(space, "V@2022-07-18", "C", "D"))
    itinerary = Itinerary(stretches=stretches, transfer_ids=("B-lift", "C-lift"))
    sampler = Sampler(space, net, n_samples=200)
    expected = [twin(space, net, itinerary, [0] * len(space.hops), k, 200) for k in range(200)]
    assert sampler.arrivals(itinerary).tolist() == expected
    assert len(set(expected)) > 1
    assert [r.stretch for r in sampler.odds(itinerary, due_at=None).risks] == [1, 3]
    first = Itinerary(stretches=(truck,), transfer_ids=())
    assert set(sampler.arrivals(first).tolist()) == {270}
    assert sampler.odds(first, due_at=270).risks == ()


def two_trains(sigma: float, *, days: int = 4, slack: int = 150, cut_off: int = 0) -> tuple[route.Space, Network]:
    """Lay out A-B and, so many minutes later, B-C, daily; a hand-over of 120 minutes between them."""
    u = nets.service("U", "AB", at=60)
    v = nets.service("V", "BC", at=120 + slack, cut_off_minutes=cut_off)
    net = nets.network(u, v, transfers=(spread("B", 120, sigma),))
    return space_of(net, days), net


@pytest.mark.parametrize(("sigma", "slack"), [(0.3, 100), (0.6, 150), (0.9, 400)])
def test_one_transfer_is_missed_as_the_lognormal_law_says(sigma, slack):
    """Within four standard errors; draws are rounded to whole minutes."""
    space, net = two_trains(sigma, slack=slack)
    told = Sampler(space, net).odds(way(space, "U@18 AB", "V@18 BC"), due_at=120 + slack + 60)
    share = 0.5 * (1 - erf((log((slack + 0.5) / 120) + sigma**2 / 2) / sigma / sqrt(2)))
    assert abs(told.risks[1].missed - share) < 4 * sqrt(share * (1 - share) / 10_000)
    assert told.by_due == pytest.approx(1 - told.risks[1].missed)
    assert told.by_due_error == pytest.approx(sqrt(share * (1 - share) / 10_000), rel=0.1)


def test_draws_have_the_mean_and_spread_of_the_row():
    """Mean minutes and sigma of a dwell at a border, within four standard errors."""
    legs = (nets.leg(1, "A", "B"), nets.leg(2, "B", "C", dwell_minutes=6_000))
    net = nets.network(nets.service("U", "ABC", at=0, legs=legs), transfers=(border("B", "C", "outbound", 0.5),))
    space = space_of(net)
    dwell = Sampler(space, net).arrivals(way(space, "U@18 AC")) - 120
    assert abs(dwell.mean() - 6_000) < 4 * 6_000 * sqrt((exp(0.25) - 1) / 10_000)
    assert abs(np.log(dwell).std() - 0.5) < 4 * 0.5 / sqrt(20_000)


@pytest.mark.parametrize(("due", "by_due"), [(329, 0.0), (330, 1.0), (None, None)])
def test_without_spread_everything_is_as_planned(due, by_due):
    """Sigma 0: due is met or not, half and nine tenths arrive as planned; with nothing due there is no share."""
    space, net = two_trains(0.0)
    told = Sampler(space, net).odds(way(space, "U@18 AB", "V@18 BC"), due_at=due)
    assert (told.by_due, told.p50_at, told.p90_at, told.stranded) == (by_due, 330, 330, 0)
    assert [(r.missed, r.delay_minutes) for r in told.risks] == [(0, 0), (0, 0)]
    assert (told.by_due_error is None) == (due is None)
    if due is not None:
        assert told.by_due_error == round(sqrt((1 / 10_002) * (10_001 / 10_002) / 10_002), 6)


def test_a_later_departure_never_arrives_earlier_in_any_sample():
    """Common random numbers: not even after a further change, by way of a border."""
    legs = (nets.leg(1, "B", "C"), nets.leg(2, "C", "D", dwell_minutes=300))
    net = nets.network(
        nets.service("U", "AB", at=60),
        nets.service("V", "BCD", at=400, legs=legs),
        nets.service("W", "DE", at=1_000),
        transfers=(spread("B", 300, 0.9), spread("D", 200), border("C", "B", "inbound")),
    )
    space = space_of(net, days=9)
    sampler = Sampler(space, net)
    first = sampler.arrivals(way(space, "U@18 AB", "V@18 BD", "W@18 DE"))
    second = sampler.arrivals(way(space, "U@18 AB", "V@19 BD", "W@19 DE"))
    assert (first <= second).all()
    assert (first < second).any()
    assert (first == second).any()


def test_who_misses_the_last_departure_is_stranded():
    """He is not there by any due minute; half and nine tenths are told only when so many arrive."""
    space, net = two_trains(0.6, days=1, slack=70)
    told = Sampler(space, net).odds(way(space, "U@18 AB", "V@18 BC"), due_at=100_000)
    assert 0.5 < told.stranded < 0.9
    assert told.stranded == told.risks[1].missed == pytest.approx(1 - told.by_due)
    assert (told.p50_at, told.p90_at) == (None, None)
    assert told.risks[1].delay_minutes == 0
    space, net = two_trains(0.6, days=1, slack=120)
    told = Sampler(space, net).odds(way(space, "U@18 AB", "V@18 BC"), due_at=100_000)
    assert (told.p50_at, told.p90_at) == (300, None)


def test_the_delay_is_that_of_those_who_get_on():
    """With two days to go, who misses the first train takes the second or none."""
    space, net = two_trains(2.5, days=2, slack=70)
    itinerary = way(space, "U@18 AB", "V@18 BC")
    sampler = Sampler(space, net)
    told, ends = sampler.odds(itinerary, due_at=None), sampler.arrivals(itinerary)
    n_first, n_second = int((ends == 250).sum()), int((ends == 250 + 1_440).sum())
    assert told.stranded == (10_000 - n_first - n_second) / 10_000 > 0
    assert told.risks[1].missed == (10_000 - n_first) / 10_000
    assert told.risks[1].delay_minutes == round(1_440 * n_second / (n_first + n_second))


def test_who_is_stranded_stays_so():
    """A truck at the end, which waits for anybody, has nobody to wait for."""
    lift = replace(nets.handover("C"), transfer_id="C-lift", to_mode="road", to_gauge_mm=0)
    line = Line(line_id="H", from_id="C", to_id="D", mode="road", gauge_mm=0, length_km=100, running_minutes=90)
    net = nets.network(nets.service("U", "AB", at=60), nets.service("V", "BC", at=190), transfers=(spread("B"), lift))
    net = replace(net, lines=(line,), places=nets.network(*net.services.values(), lines=(line,)).places)
    space = space_of(net, days=1)
    rail = way(space, "U@18 AB", "V@18 BC")
    truck = Stretch(departure_id="", first_leg=0, last_leg=0, from_id="C", to_id="D", departs_at=370, arrives_at=460)
    itinerary = Itinerary(stretches=(*rail.stretches, truck), transfer_ids=(*rail.transfer_ids, "C-lift"))
    sampler = Sampler(space, net)
    assert set(sampler.arrivals(itinerary).tolist()) == {460, STRANDED}
    assert sampler.odds(itinerary, due_at=None).stranded == sampler.odds(rail, due_at=None).stranded > 0


def test_who_is_stranded_misses_nothing_after():
    """A later boarding counts those who come to it."""
    net = nets.network(
        nets.service("U", "AB", at=60),
        nets.service("V", "BC", at=200, cut_off_minutes=0),
        nets.service("W", "CD", at=1_000),
        transfers=(spread("B"), spread("C", 60)),
    )
    space = space_of(net, days=1)
    told = Sampler(space, net).odds(way(space, "U@18 AB", "V@18 BC", "W@18 CD"), due_at=None)
    assert told.risks[1].missed == told.stranded > 0.2
    assert told.risks[2].missed == 0


def test_the_risk_sits_at_the_tight_transfer():
    """Twenty minutes to spare at B, a day at C: who misses at B leaves a day later, and still catches W at C."""
    net = nets.network(
        nets.service("U", "AB", at=60),
        nets.service("V", "BC", at=260),
        nets.service("W", "CD", at=100),
        transfers=(spread("B"), spread("C", 100, 0.3)),
    )
    space = space_of(net)
    told = Sampler(space, net).odds(way(space, "U@18 AB", "V@18 BC", "W@20 CD"), due_at=None)
    tight, loose = told.risks[1:]
    assert (tight.place_id, loose.place_id) == ("B", "C")
    assert tight.missed > 0.2
    assert tight.delay_minutes == pytest.approx(1_440 * tight.missed, abs=1)
    assert (loose.missed, loose.delay_minutes) == (0, 0)


def test_the_cut_off_holds_however_quick_the_transfer():
    """A load that is lifted at once is still too late for a service that closes before it comes."""
    space, net = two_trains(0.0, slack=150, cut_off=151)
    told = Sampler(space, net).odds(way(space, "U@18 AB", "V@18 BC"), due_at=None)
    assert (told.risks[1].missed, told.risks[1].delay_minutes, told.p50_at) == (1, 1_440, 330 + 1_440)


def test_who_misses_takes_what_arrives_first_and_is_open():
    """A fast train overtakes the next one; where it is barred, the next one it is; the planned one is kept to."""
    slow = (nets.leg(1, "B", "C", running_minutes=900),)
    net = nets.network(
        nets.service("U", "AB", at=60),
        nets.service("V", "BC", at=200, legs=slow),
        nets.service("W", "BC", at=300, legs=slow),
        nets.service("X", "BC", at=400),
        transfers=(nets.handover("B"),),
    )
    space = space_of(net)
    sampler = Sampler(space, net, n_samples=10)
    missed, caught = way(space, "U@18 AB", "V@18 BC"), way(space, "U@18 AB", "W@18 BC")
    blocked = np.array([int(h.service.service_id == "X") for h in space.hops], np.int64)
    assert sampler.odds(missed, due_at=None).p50_at == 460
    assert sampler.odds(missed, due_at=None, blocked=blocked).p50_at == 1_200
    assert sampler.odds(missed, due_at=None, blocked=blocked | 1).stranded == 1
    assert sampler.odds(caught, due_at=None).p50_at == 1_200


def test_who_is_early_waits_for_his_train():
    """A quick border brings the load early; it leaves as planned."""
    legs = (nets.leg(1, "A", "B"), nets.leg(2, "B", "C", dwell_minutes=600))
    rows = (border("B", "A", "inbound", 0.3), nets.handover("C", 10))
    net = nets.network(nets.service("U", "ABC", at=0, legs=legs), nets.service("V", "CD", at=200), transfers=rows)
    space = space_of(net, days=9)
    sampler = Sampler(space, net)
    assert sampler.arrivals(way(space, "U@18 AC")).min() < 720
    told = sampler.odds(way(space, "U@18 AC", "V@20 CD"), due_at=None)
    assert (told.risks[1].missed, told.p50_at, told.p90_at) == (0, 2 * 1_440 + 260, 2 * 1_440 + 260)


def test_answers_do_not_depend_on_what_was_asked_before(monkeypatch):
    """Same seed, same odds: in any order, from a new sampler, and from one that remembers next to nothing."""
    net = nets.network(
        nets.service("U", "AB", at=60),
        nets.service("V", "BC", at=300),
        nets.service("W", "CD", at=500),
        transfers=(spread("B", 200), spread("C", 150)),
    )
    space = space_of(net)
    blocked = np.array([int(h.departure.departure_id == "V@2022-07-19") for h in space.hops], np.int64)
    rides = [("U@18 AB", "V@18 BC"), ("U@18 AB", "V@18 BC", "W@18 CD"), ("U@18 AB", "V@19 BC", "W@20 CD")]
    asked = [(way(space, *r), mask) for r in rides for mask in (None, blocked, blocked * 0)]
    sampler = Sampler(space, net)
    forth = [sampler.odds(w, due_at=2_500, blocked=mask) for w, mask in asked]
    assert forth[0] == forth[2] != forth[1]
    fresh = Sampler(space, net)
    assert [fresh.odds(w, due_at=2_500, blocked=mask) for w, mask in reversed(asked)] == forth[::-1]
    monkeypatch.setattr(odds_file, "ROOM", 1)
    monkeypatch.setattr(odds_file, "FEWEST_KEPT", 1)
    forgetful = Sampler(space, net)
    assert [forgetful.odds(w, due_at=2_500, blocked=mask) for w, mask in asked] == forth
    assert Sampler(space, net, seed=1).odds(asked[0][0], due_at=2_500).by_due != forth[0].by_due


def test_samples_handed_out_are_the_callers():
    """Writing to them changes no later answer."""
    space, net = two_trains(0.6)
    sampler, itinerary = Sampler(space, net), way(space, "U@18 AB", "V@18 BC")
    before = sampler.odds(itinerary, due_at=400)
    sampler.arrivals(itinerary)[:] = 0
    assert sampler.odds(itinerary, due_at=400) == before
