"""Answers to questions for ways hold, and the smallest change of one breaks exactly its rule."""

import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport import audit
from landport.app.desk import lay_out_desk
from landport.app.routing import RouteOrder, answer
from landport.audit import choice_edits
from landport.model.choices import Choices
from landport.model.edits import ACTIONS, NetworkEdit
from landport.model.what_if import apply
from landport.route import Asked
from tests.audit.answers import week
from tests.audit.breaks import BREAKS, TRIPS, by_truck, clean, opened, order, ordered, tolled, with_odds
from tests.audit.test_any_plan import NUMBERS, WORDS, _holder, _spoil, _spots

NAMES = [f"{code} {says}".strip() for code, says, _ in BREAKS]


@pytest.mark.parametrize("n", range(len(TRIPS)))
def test_an_answer_holds(n):
    """Ways of `route`, priced by the planners' tariff, break no rule."""
    case = clean(n)
    assert case[0].choices
    assert audit.check_choices(*case) == ()


def test_every_rule_can_be_broken():
    """Every code has at least one case, in the order of the rules."""
    assert list(dict.fromkeys(code for code, _, _ in BREAKS)) == list(audit.CHOICE_RULES)


@pytest.mark.parametrize(("code", "case"), [(code, case) for code, _, case in BREAKS], ids=NAMES)
def test_a_broken_answer_breaks_its_rule_only(code, case):
    """The auditor finds the rule that the change breaks, and no other."""
    violations = audit.check_choices(*case())
    assert {v.code for v in violations} == {code}, "\n".join(f"{v.code}: {v.message}" for v in violations)
    for violation in violations:
        assert violation.message
        assert all(violation.about)


def test_trains_may_be_assumed_over_an_opened_line():
    """What the cases of `CHOICE_NEW` change holds as it is."""
    assert audit.check_choices(*opened()) == ()


def test_odds_may_be_told():
    """What the cases of `CHOICE_DUE` change holds as it is."""
    assert audit.check_choices(*with_odds()) == ()


def test_an_order_is_quoted_by_its_number():
    """Who asks hears which order stands in the way."""
    case = next(case for code, _, case in BREAKS if code == "CHOICE_ORDER")
    assert all("order 99 of KTZ" in violation.message for violation in audit.check_choices(*case()))


@pytest.mark.parametrize("spares", [{"max_teu_per_day": 4}, {"hs_prefixes": ("0807",)}, {"until_at": 1}])
def test_an_order_bans_what_it_names_only(spares):
    """Other cargo, another time, or a quota for all boxes: nothing stands in the way."""
    assert audit.check_choices(*ordered(by_truck(), **spares)) == ()


def _edit(action: str, subject_id: str, value: int = 0) -> NetworkEdit:
    return NetworkEdit(action=action, subject_id=subject_id, value=value)


LANES = (("time", "URC", "DUI"), ("cost", "KHG", "TAS"), ("co2", "SHZ", "AST"), ("odds", "ALM", "URC"))
WHAT_IFS = (
    (),
    tuple(_edit("open", row.line_id) for row in week().world.network.lines if row.status != "open"),
    (_edit("close", "HRG"), _edit("close", "R-ALA-DOS-1435"), _edit("open", "R-ALA-DOS-1435")),
    (_edit("slow", "DOS", 2500), _edit("slow", "R-ALA-DOS-1435", 1333), _edit("slow", "DOS", 501)),
    (_edit("capacity", "R-ALA-DOS-1435", 30), _edit("capacity", "MSQ", 40)),
    (_edit("gauge", "R-ALA-DOS-1435", 1520), _edit("gauge", "R-KHG-TOR-1435", 1520), _edit("open", "R-KHG-TOR-1435")),
)


@pytest.mark.parametrize("edits", WHAT_IFS, ids=lambda edits: " ".join(e.action for e in edits[:3]) or "none")
def test_edits_are_made_alike(edits):
    """The planners' network under edits, and the auditor's: the same lines are open, the same work is done."""
    world, scenario, on = week().world, week().scenario, date(2025, 3, 3)
    theirs = apply(world.network, edits, on=on, rules=world.rules)
    ours = choice_edits.edited(theirs.what_if("x"), scenario, world, on).world.network
    assert {row for row in ours.lines if row.status == "open"} == {
        replace(row, opened_on=None) for row in theirs.network.lines
    }
    shut = {e.subject_id for e in edits if e.action == "close"}
    assert {row for row in ours.transfers if row.place_id not in shut} == set(theirs.network.transfers)
    open_ids = {row.line_id for row in theirs.network.lines}
    running = {s.service_id: s for s in ours.services.values() if {i for g in s.legs for i in g.line_ids} <= open_ids}
    assert running == theirs.network.services


@pytest.mark.parametrize("n", range(5))
def test_answers_of_the_desk_hold(n):
    """Choices that the command would show break no rule, under edits and whatever they are put in order by."""
    world = week().world
    places, now = world.network.places, datetime(2025, 3, 3, 6, tzinfo=UTC)
    for order_by, from_id, to_id in (LANES[n % 4], LANES[n % 4 - 1]):
        asked = RouteOrder(
            origin=places[from_id],
            destination=places[to_id],
            now=now,
            container_type="40HC",
            n_boxes=2,
            edits=WHAT_IFS[n],
            name="x",
            due_at=now + timedelta(days=40),
            samples=200,
            asked=Asked(order_by=order_by),
        )
        routed = answer(asked, world)
        assert routed.choices.choices
        assert audit.check_choices(routed.choices, routed.scenario, world) == ()


def test_a_quota_may_be_paid():
    """What the cases of `CHOICE_CHARGE` change holds as it is."""
    assert audit.check_choices(*tolled()) == ()


SINCE = st.one_of(st.just(-10_000), st.integers(0, 12_000))


@given(
    st.lists(
        st.tuples(st.sampled_from(["URC", "ALA", "DOS", "HRG", "ALT", "ALM", "AST"]), st.booleans(), SINCE, SINCE),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=15)
def test_answers_of_the_desk_pay_quotas(quotas):
    """Wherever quotas are, towards a next stop or not, and whenever they begin and end, a recount agrees."""
    laid = week()
    nexts = {g.from_id: g.to_id for s in laid.network.services.values() for g in s.legs if s.operation == "hub"}
    orders = tuple(
        order(
            by_truck(),
            order_id=f"Q{n}",
            place_id=place_id,
            towards_id=nexts.get(place_id, "") if is_next else "",
            from_at=since,
            until_at=since + 1 + abs(until),
            max_teu_per_day=10,
            usd_cents_per_teu=1_000 * (n + 1),
        )
        for n, (place_id, is_next, since, until) in enumerate(quotas)
    )
    scenario = replace(laid.scenario, orders=orders)
    desk, _, _ = lay_out_desk(scenario, laid.world, on=scenario.start_at.date())
    for asked in (TRIPS[0], TRIPS[1]):
        told = desk.choices(asked, Asked(order_by="cost", is_due=False))
        assert told.choices
        assert audit.check_choices(told, scenario, laid.world) == ()


@cache
def _document() -> dict[str, Any]:
    """Write an answer with odds, under an edit with an assumed train, as JSON has it."""
    told = replace(with_odds()[0], what_if=opened()[0].what_if)
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(told))
    return document


@cache
def _all_spots() -> tuple[tuple[Any, ...], ...]:
    return tuple(spot for spot in _spots(_document()) if spot[0] not in ("as_of_on", "eps"))


def _judged(document: dict[str, Any]) -> tuple[audit.Violation, ...]:
    return audit.check_choices(msgspec.convert(document, Choices), week().scenario, week().world)


@given(st.data())
def test_no_answer_makes_the_auditor_raise(data):
    """Rows vanish or double, ids are swapped, numbers run wild: there is always an answer."""
    document = copy.deepcopy(_document())
    for _ in range(data.draw(st.integers(1, 6))):
        path = data.draw(st.sampled_from(_all_spots()))
        number, word = data.draw(st.sampled_from(NUMBERS)), data.draw(st.sampled_from((*WORDS, *ACTIONS)))
        _spoil(document, path, number, word, twice=data.draw(st.booleans()))
    for violation in _judged(document):
        assert violation.code in audit.CHOICE_RULES
        assert violation.message


FREE = {
    "value",  # of an edit that opens
    "due_at priority ready_at cargo_codes",  # early enough, in no price, and banned by nobody
    "name n_found is_complete",  # for the record (too few found are noticed)
    "seed missed delay_minutes p50_at p90_at",  # odds are not drawn again (minutes that contradict shares are noticed)
    "service_id group weekdays every_n_weeks week_offset depart_minute cut_off_minutes min_teu",  # of assumed trains
    "train_class capacity_teu max_length_mm max_gross_kg max_cargo_kg dwell_minutes seq",
}


def test_every_figure_of_an_answer_is_judged():
    """Whatever number or word of an answer is changed, the auditor notices, but for what is free."""
    free = {word for line in FREE for word in line.split()}
    document, unnoticed = copy.deepcopy(_document()), []
    assert _judged(document) == ()
    for path in _all_spots():
        holder = _holder(document, path)
        value = holder[path[-1]]
        if value is None or isinstance(value, dict | list) or free & {str(key) for key in path}:
            continue
        others = (f"{value}x",) if isinstance(value, str) else (value + 1, value - 1)
        for other in (not value,) if isinstance(value, bool) else others:
            holder[path[-1]] = other
            if not _judged(document):
                unnoticed.append((path, other))
        holder[path[-1]] = value
    assert unnoticed == []
