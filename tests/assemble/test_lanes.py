"""Lanes: limits, break-evens, the mix against enumeration, the simulation against the formula, determinism."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport.assemble.lane_breakeven import Even
from landport.assemble.lane_draws import Draws
from landport.assemble.lane_mix import Mix, Search
from landport.assemble.lane_pools import Worth
from landport.assemble.lanes import Studied, bounded, study
from landport.model.lanes import GatheredTrain, LaneOption
from tests.lanes import RULES, option, train, trains_of

WORTH = Worth.of(RULES)
NAMES = {"A": "Xi'an (North)", "Z": "Duisburg", "H": "Urumqi"}


def studied(
    options: list[LaneOption], *, seed: int = 3, n_weeks: int = 12, direct_usd: int = 12_000, **trains: GatheredTrain
) -> Studied:
    found = trains_of(options, direct_usd=direct_usd, **trains)
    return study(options, found, RULES, hub_id="H", names=NAMES, seed=seed, n_weeks=n_weeks)


def test_one_lane_alone_gains_nothing_from_the_hub():
    """It shares no trunk, so the same train costs it a truck and a change more."""
    found = studied([option("A", 12)], direct_usd=10_000).study
    assert found.lanes[0].chosen == "direct"
    assert found.verdict.startswith("The hub is wrong here: all 1 lanes")
    assert found.recommended == "mix"
    assert "Xi'an-Duisburg fills 0.3 trains a week: run it direct; by the hub" in found.lanes[0].sentence
    assert found.lanes[0].breakeven_teu_milli == 0


def test_endless_demand_runs_direct_and_little_of_it_is_assembled():
    """Fat lanes fill their own trains; thin ones share one."""
    fat = studied([option(a, 900) for a in "ABC"]).study
    assert [lane.chosen for lane in fat.lanes] == ["direct"] * 3
    assert fat.verdict.startswith("The hub is wrong here")
    thin = studied([option(a, 3) for a in "ABC"]).study
    assert [lane.chosen for lane in thin.lanes] == ["hub"] * 3
    assert thin.verdict.startswith("Assemble all 3 lanes")
    by_name = {total.name: total for total in thin.totals}
    assert by_name["direct"].more_usd_cents > 10 * by_name["direct"].more_error_usd_cents


def test_between_both_some_lanes_run_direct():
    """The fat lane leaves, the thin ones stay; the mix beats both pure policies on the same draws."""
    lanes = [option("A", 60), *(option(a, 6) for a in "BCDEF")]
    found = studied(lanes, n_weeks=26, direct_usd=10_000).study
    assert [lane.chosen for lane in found.lanes] == ["direct", *["hub"] * 5]
    by_name = {total.name: total for total in found.totals}
    for name in ("hub", "direct"):
        assert by_name[name].more_usd_cents > by_name[name].more_error_usd_cents > 0
    assert by_name["mix"].n_direct == 1
    assert found.bound_usd_cents <= by_name["mix"].closed_form_usd_cents
    assert "Run 1 of 6 lanes direct, 67 % of their TEU" in found.verdict


def test_the_simulation_is_the_formula():
    """Lanes of Poisson freight by truck: cost, and the wait of a direct lane, within the interval."""
    found = studied(
        [option("A", 50), *(option(a, 5, days=d) for a, d in zip("BCDE", (3, 5, 7, 9), strict=True))], n_weeks=52
    )
    for total in found.study.totals:
        assert abs(total.usd_cents - total.closed_form_usd_cents) < 1.6 * total.error_usd_cents + 1_000, total
    for lane in found.study.lanes:
        got = lane.direct
        assert got is not None
        assert got.closed_form_usd_cents_per_teu is not None
        assert got.closed_form_dwell_minutes == pytest.approx(got.dwell_minutes, rel=0.05)
        assert abs(got.usd_cents_per_teu - got.closed_form_usd_cents_per_teu) < 2 * got.error_usd_cents_per_teu + 100


@given(
    st.lists(st.tuples(st.integers(1, 90), st.integers(1, 14), st.integers(0, 400)), min_size=3, max_size=6), st.data()
)
@settings(max_examples=40)
def test_the_mix_is_what_enumeration_finds(rows, data):
    """One trunk or two, with a feeder or without: no choice of lanes, feeders and trunks costs less by formula."""
    trunks = data.draw(st.sampled_from([("T",), ("T", "U")]))
    feeder = data.draw(st.sampled_from(["", "F"]))
    lanes = [
        option(a, teu, days=days, truck_usd=usd, trunk_ids=trunks, feeder_id=feeder if n < 2 else "", to_id="Z")
        for n, (a, (teu, days, usd)) in enumerate(zip("ABCDEF", rows, strict=False))
    ]
    found = trains_of(lanes, T=train("T"), U=train("U", fixed_usd=9_000, capacity=30), F=train("F", fixed_usd=500))
    search = Search(lanes, found, WORTH)
    mix = search.best()
    start = search.start(direct=False)
    costs = [
        search.cost(Mix(list(chosen), start.feeder_of, {"Z": trunk}))
        for chosen in product((True, False), repeat=len(lanes))
        for trunk in trunks
    ]
    assert search.cost(mix) <= min(costs) * 1.002
    assert bounded(search, mix) <= search.cost(mix) + 1e-6
    if len(trunks) == 1:
        assert bounded(search, mix) <= min(costs) + 1e-6


def even(teu: float, days: float, *, others: int = 4) -> Even:
    lanes = [option("A", teu, days=days), *(option(a, 8) for a in "BCDEFGHI"[:others])]
    search = Search(lanes, trains_of(lanes, direct_usd=10_000), WORTH)
    mix = search.start(direct=False)
    return Even(search, mix, 0, search.pools(mix, without=0))


def test_break_evens_are_monotone():
    """A longer promise lets direct begin at less demand, and more demand at a shorter promise."""
    demands = [even(20, days).teu_milli() for days in (1, 2, 4, 7, 14)]
    assert None not in demands
    assert demands == sorted(demands, reverse=True)
    promises = [even(teu, 7).promise_minutes() for teu in (10, 60, 80, 120, 200)]
    known = [p for p in promises if p is not None]
    assert len(known) >= 3
    assert known == sorted(known, reverse=True)
    assert promises[0] is None, "what is too thin never fills a train that pays"


def test_break_even_is_near_a_train_within_the_promise():
    """Where the hub's trunk is nearly full anyway, direct begins near capacity / promise."""
    found = even(20, 7, others=8).teu_milli()
    assert found is not None
    assert 0.5 * 40 < found / 1000 < 2.5 * 40


def test_costs_meet_at_the_break_even():
    """Below it the hub is cheaper, at it and above direct is."""
    one = even(20, 7)
    at = one.teu_milli()
    assert at is not None
    for milli, is_direct in ((at * 9 // 10, False), (at, True), (at * 3, True)):
        alone, by_hub = one.costs(milli, 7 * 1440)
        assert by_hub is not None
        assert (alone <= by_hub) == is_direct
    curve = one.curve()
    assert [point.teu_milli for point in curve] == sorted(point.teu_milli for point in curve)
    assert curve[0].direct_usd_cents_per_teu > curve[-1].direct_usd_cents_per_teu


def test_same_seed_same_study():
    """Another seed draws otherwise; other lanes leave a lane's freight as it is."""
    lanes = [option("A", 20), option("B", 5, feeder_id="F"), option("C", 5, headway=1440)]
    first = studied(lanes, T=train("T"), F=train("F", fixed_usd=500)).study
    assert first == studied(lanes, T=train("T"), F=train("F", fixed_usd=500)).study
    other = studied(lanes, seed=4, T=train("T"), F=train("F", fixed_usd=500)).study
    assert first.totals != other.totals
    assert [lane.chosen for lane in first.lanes] == [lane.chosen for lane in other.lanes]
    alone = Draws([lanes[1].demand], {}, 3, 0, 12).ready(0)
    among = Draws([o.demand for o in lanes], {}, 3, 0, 12).ready(1)
    assert alone.tolist() == among.tolist()


def test_waits_keep_the_promise_whatever_is_before_the_hub():
    """Feeders, timetables and trunks together never make anything wait longer than is promised."""
    lanes = [option("A", 9, days=3, feeder_id="F"), option("B", 9, days=5, headway=2880), option("C", 2, days=4)]
    found = studied(lanes, T=train("T"), F=train("F", fixed_usd=500, capacity=20)).study
    for lane in found.lanes:
        for got in (lane.direct, lane.hub):
            assert got is not None
            assert got.dwell_minutes <= got.longest_wait_minutes <= lane.demand.promise_minutes
            assert got.dwell_p90_minutes <= got.dwell_p95_minutes <= got.longest_wait_minutes


def test_a_lane_with_one_way_or_none_says_why():
    """Without a hub course it runs direct, without a direct one it is assembled, without any it is left."""
    two = option("A", 9)
    lanes = [
        replace(two, hubs=(), why_no_hub="no way leads there"),
        replace(option("B", 9), direct=None, why_no_direct="no rails"),
        replace(option("C", 9), direct=None, hubs=(), why_no_hub="no way at all"),
    ]
    found = studied(lanes).study
    assert [lane.chosen for lane in found.lanes] == ["direct", "hub"]
    assert "run it direct, for no way leads there, but neither pays: its trains leave" in found.lanes[0].sentence
    assert "assemble, for no rails" in found.lanes[1].sentence
    assert [left.why for left in found.unjudged] == ["no way at all"]
    assert found.verdict == "No lane has a choice: nothing to decide at Urumqi."
    assert studied(lanes).curve("A-Z") == ()
