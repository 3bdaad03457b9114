"""Studies of lanes hold, and the smallest change of one breaks exactly its rule."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport import audit
from landport.app.lanes import LaneOrder, judge
from landport.model.lanes import GatheredTrain, LaneAnswer, LaneDemand, LaneStudy, PolicyTotal
from landport.model.scenario import Scenario
from landport.reference import load
from tests.audit.answers import week
from tests.audit.test_any_plan import NUMBERS, WORDS, _holder, _spoil, _spots

LANES = (
    ("XIA", "DUI", 190, 7),
    ("KUY", "ALM", 16, 7),
    ("KRL", "TAS", 12, 10),
    ("URC", "ALM", 60, 7),
    ("YIW", "ALM", 50, 7),
    ("ALM", "XIA", 9, 10),
    ("ALM", "URC", 9, 10),
)


@cache
def clean() -> tuple[LaneStudy, Scenario]:
    """Judge a few lanes of the shipped network."""
    demands = tuple(
        LaneDemand(from_id=a, to_id=b, teu_milli=1000 * teu, promise_minutes=1440 * days) for a, b, teu, days in LANES
    )
    scenario = replace(week().scenario, services=(), hub_id="URC")
    return judge(scenario, load.world(), LaneOrder(demands=demands, seed=1)).study, scenario


def lane(n: int, **changes: Any) -> LaneStudy:
    """Change a lane."""
    study = clean()[0]
    lanes = [replace(one, **changes) if i == n else one for i, one in enumerate(study.lanes)]
    return replace(study, lanes=tuple(lanes))


def train(train_id: str, /, **changes: Any) -> LaneStudy:
    """Change a train."""
    study = clean()[0]
    return replace(study, trains={**study.trains, train_id: replace(study.trains[train_id], **changes)})


def total(name: str, **changes: Any) -> LaneStudy:
    """Change a policy."""
    study = clean()[0]
    totals = [replace(one, **changes) if one.name == name else one for one in study.totals]
    return replace(study, totals=tuple(totals))


def one(n: int) -> LaneAnswer:
    return clean()[0].lanes[n]


def of(name: str) -> PolicyTotal:
    return next(t for t in clean()[0].totals if t.name == name)


def priced(cents: int, rate_id: str = "") -> LaneStudy:
    """Change the first rate of the hub course of a lane."""
    course = one(1).hub_course
    assert course is not None
    first = replace(course.rates[0], usd_cents_per_teu=course.rates[0].usd_cents_per_teu + cents)
    first = replace(first, rate_id=rate_id or first.rate_id)
    return lane(1, hub_course=replace(course, rates=(first, *course.rates[1:])))


def ridden(n: int, which: str, **changes: Any) -> LaneStudy:
    """Change the last ride of a course."""
    course = getattr(one(n), which)
    after = (*course.after[:-1], replace(course.after[-1], **changes))
    return lane(n, **{which: replace(course, after=after)})


def got(n: int, which: str, **changes: Any) -> LaneStudy:
    return lane(n, **{which: replace(getattr(one(n), which), **changes)})


def evened() -> LaneStudy:
    return lane(1, breakeven_teu_milli=one(1).demand.teu_milli - 1)


def cut() -> GatheredTrain:
    return clean()[0].trains["direct/XIA-DUI"]


BREAKS: tuple[tuple[str, str, Callable[[], LaneStudy]], ...] = (
    ("LANE_DEMAND", "twice", lambda: replace(clean()[0], lanes=(*clean()[0].lanes, one(3)), totals=more_lanes())),
    ("LANE_TRAIN", "capacity", lambda: train("U-TAS-W", capacity_teu=101)),
    ("LANE_TRAIN", "fixed", lambda: train("U-ALM-W", fixed_usd_cents=1_379_999)),
    ("LANE_TRAIN", "minimum", lambda: train("U-ALM-W", min_teu=79)),
    ("LANE_TRAIN", "position", lambda: train("U-ALM-W", usd_cents_per_teu=30_001)),
    ("LANE_TRAIN", "km", lambda: train("direct/XIA-DUI", cuts=(replace(cut().cuts[0], length_km=1), *cut().cuts[1:]))),
    ("LANE_TRAIN", "name", lambda: train("U-ALM-W", train_id="U-TAS-W")),
    (
        "LANE_COURSE",
        "minutes direct",
        lambda: ridden(0, "direct_course", minutes=one(0).direct_course.after[0].minutes + 1),
    ),
    ("LANE_COURSE", "minutes by the hub", lambda: ridden(1, "hub_course", minutes=9)),
    ("LANE_COURSE", "headway", lambda: ridden(5, "hub_course", headway_minutes=60)),
    ("LANE_COURSE", "end", lambda: ridden(1, "hub_course", to_id="TAS")),
    ("LANE_COURSE", "trunk", lambda: lane(1, hub_course=replace(one(1).hub_course, trunk_id="U-LGG-W"))),
    ("LANE_RATE", "price", lambda: priced(1)),
    ("LANE_RATE", "unknown", lambda: priced(0, "nobody/1-2")),
    ("LANE_RATE", "unpaid", lambda: lane(1, hub_course=replace(one(1).hub_course, rates=one(1).hub_course.rates[1:]))),
    ("LANE_FORM", "wait", lambda: got(0, "direct", closed_form_dwell_minutes=9)),
    ("LANE_FORM", "cost", lambda: got(0, "direct", closed_form_usd_cents_per_teu=9)),
    ("LANE_FORM", "fills", lambda: lane(0, fills_milli=one(0).fills_milli + 1)),
    ("LANE_FIGURES", "promise", lambda: got(0, "direct", longest_wait_minutes=7 * 1440 + 1)),
    ("LANE_FIGURES", "shares", lambda: got(1, "hub", dwell_p90_minutes=one(1).hub.dwell_p95_minutes + 1)),
    ("LANE_FIGURES", "transit", lambda: got(1, "hub", transit_minutes=1)),
    ("LANE_FIGURES", "fill", lambda: got(1, "hub", fill_milli=1001)),
    ("LANE_CHOICE", "saves", lambda: lane(1, switch_usd_cents=-2)),
    ("LANE_CHOICE", "no other", lambda: lane(3, switch_usd_cents=7)),
    ("LANE_EVEN", "demand", evened),
    ("LANE_EVEN", "promise", lambda: lane(1, breakeven_promise_minutes=one(1).demand.promise_minutes)),
    ("LANE_EVEN", "no choice", lambda: lane(3, breakeven_teu_milli=1)),
    ("LANE_SAID", "otherwise", lambda: lane(1, sentence=one(0).sentence)),
    ("LANE_TOTAL", "money", lambda: total("mix", money_usd_cents=of("mix").money_usd_cents - 1)),
    ("LANE_TOTAL", "more", lambda: total("hub", more_usd_cents=1)),
    ("LANE_TOTAL", "count", lambda: total("hub", n_hub=0)),
    ("LANE_TOTAL", "recommended", lambda: replace(clean()[0], recommended="direct")),
    ("LANE_TOTAL", "policies", lambda: replace(clean()[0], totals=clean()[0].totals[:2])),
    ("LANE_BOUND", "too high", lambda: replace(clean()[0], bound_usd_cents=of("mix").closed_form_usd_cents + 2)),
    ("LANE_BOUND", "not the best", lambda: total("mix", closed_form_usd_cents=of("hub").closed_form_usd_cents + 9)),
)


def more_lanes() -> tuple[PolicyTotal, ...]:
    """Count a lane twice in every policy, as its figures do."""
    again = one(3)
    assert again.hub is not None
    added = {
        what: (again.demand.teu_milli * getattr(again.hub, f"{what}_per_teu") + 500) // 1000
        for what in ("money_usd_cents", "time_usd_cents")
    }
    return tuple(
        replace(t, n_hub=t.n_hub + 1, **{what: getattr(t, what) + cents for what, cents in added.items()})
        for t in clean()[0].totals
    )


def test_a_study_holds():
    """Fat lanes direct, thin ones assembled, priced and timed by shipped rows, break no rule."""
    study, scenario = clean()
    assert audit.check_lanes(study, scenario, load.world()) == ()
    assert [one.chosen for one in study.lanes] == ["direct", "hub", "hub", "hub", "hub", "hub"]
    assert [left.demand.to_id for left in study.unjudged] == ["URC"]


def test_every_rule_can_be_broken():
    """Every code has at least one case, in the order of the rules."""
    assert list(dict.fromkeys(code for code, _, _ in BREAKS)) == list(audit.LANE_RULES)


@pytest.mark.parametrize(("code", "study"), [(c, s) for c, _, s in BREAKS], ids=[f"{c} {w}" for c, w, _ in BREAKS])
def test_a_broken_study_breaks_its_rule_only(code, study):
    """The auditor finds the rule that the change breaks, and no other."""
    violations = audit.check_lanes(study(), clean()[1], load.world())
    assert {v.code for v in violations} == {code}, "\n".join(f"{v.code}: {v.message}" for v in violations)
    assert all(v.message for v in violations)


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(replace(clean()[0], rates=())))
    return document


@cache
def _all_spots() -> tuple[tuple[Any, ...], ...]:
    return tuple(_spots(_document()))


def _judged(document: dict[str, Any]) -> tuple[audit.Violation, ...]:
    return audit.check_lanes(msgspec.convert(document, LaneStudy, strict=False), clean()[1], load.world())


@given(st.data())
@settings(max_examples=60)
def test_no_study_makes_the_auditor_raise(data):
    """Rows vanish or double, ids are swapped, numbers run wild: there is always an answer."""
    document = copy.deepcopy(_document())
    for _ in range(data.draw(st.integers(1, 6))):
        path = data.draw(st.sampled_from(_all_spots()))
        number, word = data.draw(st.sampled_from(NUMBERS)), data.draw(st.sampled_from((*WORDS, "hub", "direct")))
        _spoil(document, path, number, word, twice=data.draw(st.booleans()))
    try:
        found = _judged(document)
    except msgspec.ValidationError:
        return
    assert {v.code for v in found} <= set(audit.LANE_RULES)
    assert all(v.message for v in found)


FREE = {
    "hub_id n_weeks n_runs seed verdict why unjudged demand sentence",  # for the record, or words
    "error_usd_cents error_usd_cents_per_teu more_error_usd_cents trains_per_week_milli fill_milli",  # of draws
    "dwell_minutes dwell_p90_minutes dwell_p95_minutes longest_wait_minutes",
    "transit_minutes transit_p90_minutes transit_p95_minutes",
    "breakeven_teu_milli breakeven_promise_minutes switch_usd_cents bound_usd_cents",
    "closed_form_usd_cents closed_form_dwell_minutes closed_form_usd_cents_per_teu n_direct n_hub",
    "money_usd_cents_per_teu time_usd_cents_per_teu",  # of the choice that is not taken
    "teu_milli promise_minutes money_usd_cents time_usd_cents seq first_leg last_leg",
}


def test_every_train_course_and_price_is_judged():
    """Whatever number or word of a train, a course or a rate is changed, the auditor notices."""
    free = {word for line in FREE for word in line.split()}
    document, unnoticed = copy.deepcopy(_document()), []
    assert _judged(document) == ()
    for path in _all_spots():
        holder = _holder(document, path)
        value = holder[path[-1]]
        if value is None or isinstance(value, dict | list) or free & {str(key) for key in path}:
            continue
        for other in (f"{value}x",) if isinstance(value, str) else (value + 1, value - 1):
            if path[-1] == "chosen":
                other = "hub" if value == "direct" else "direct"
            holder[path[-1]] = other
            if not _judged(document):
                unnoticed.append((path, other))
        holder[path[-1]] = value
    assert unnoticed == [], "\n".join(map(str, unnoticed))
