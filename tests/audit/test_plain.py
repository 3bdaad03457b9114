"""Plans of the plain assembly format: one that holds, and the smallest change that breaks each rule."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport import audit
from landport.model.plain_assembly import LeftBehind, PlainCase, PlainPlan, PlainService, Shipped
from tests.audit.test_any_plan import NUMBERS, WORDS, _holder, _spoil, _spots
from tests.audit.test_papers import poison
from tests.plain_cases import SMALL_COST, small, small_plan, with_rules

Judged = tuple[PlainPlan, PlainCase, int, int]
"""Plan, case, cost and bound."""


def check(judged: Judged) -> tuple[audit.Violation, ...]:
    plan, case, cost, bound = judged
    return audit.check_plain(plan, case, cost_micros=cost, bound_micros=bound)


def holds() -> Judged:
    return small_plan(), small(), SMALL_COST, SMALL_COST


def planned(cost: int = SMALL_COST, **changes: Any) -> Judged:
    """The plan with other records."""
    return replace(small_plan(), **changes), small(), cost, min(cost, SMALL_COST)


def shipped(*ways: tuple[str, int, tuple[str, ...]], cost: int = SMALL_COST, **changes: Any) -> Judged:
    """The plan with other ways."""
    return planned(
        cost, ship=tuple(Shipped(booking_id=b, containers=n, service_ids=ids) for b, n, ids in ways), **changes
    )


def served(service_id: str, **changes: Any) -> Judged:
    """The plan over a service that is another one."""
    case = small()
    services = tuple(replace(s, **changes) if s.service_id == service_id else s for s in case.services)
    return small_plan(), replace(case, services=services), SMALL_COST, SMALL_COST


def booked(booking_id: str, cost: int = SMALL_COST, **changes: Any) -> Judged:
    """The plan for a booking that is another one."""
    case = small()
    bookings = tuple(replace(b, **changes) if b.booking_id == booking_id else b for b in case.bookings)
    return small_plan(), replace(case, bookings=bookings), cost, min(cost, SMALL_COST)


def ruled(**changes: int) -> Judged:
    return small_plan(), with_rules(small(), **changes), SMALL_COST, SMALL_COST


def onward(**changes: Any) -> Judged:
    """The case with a service Z, by which containers of B1 travel: two of them as before."""
    case = small()
    extra = PlainService(
        **{
            "service_id": "Z", "from_id": "G", "to_id": "X", "departs_h": 50, "arrives_h": 70, "positions": 3,
            "min_containers": 0, "fixed_micros": 0, "position_micros": 10_250_000, **changes,
        }
    )  # fmt: skip
    plan = replace(small_plan(), ship=(
        Shipped(booking_id="B1", containers=2, service_ids=("T1", "S1")),
        Shipped(booking_id="B1", containers=1, service_ids=("T1", "Z")),
        small_plan().ship[1],
    ))  # fmt: skip
    return plan, replace(case, services=(*case.services, extra)), SMALL_COST, SMALL_COST


AS_PLANNED = (("B1", 3, ("T1", "S1")), ("B2", 1, ("T1",)))
REASON = "nothing leads to Q"

BREAKS: list[tuple[str, str, Callable[[], Judged]]] = [
    ("PLAIN_UNKNOWN", "booking shipped", lambda: shipped(*AS_PLANNED, ("B9", 1, ("S2",)))),
    ("PLAIN_UNKNOWN", "train run", lambda: planned(run=("T1", "T9"))),
    ("PLAIN_UNKNOWN", "booking left", lambda: planned(left=(*small_plan().left, LeftBehind(
        booking_id="", containers=1, why="no name")))),
    ("PLAIN_COUNT", "none shipped", lambda: shipped(*AS_PLANNED, ("B2", 0, ("T1",)))),
    ("PLAIN_COUNT", "fewer than none left", lambda: planned(left=tuple(
        LeftBehind(booking_id="B3", containers=n, why=REASON) for n in (3, -1)))),
    ("PLAIN_ONCE", "lost", lambda: planned(SMALL_COST - 1_250_000_000, left=(
        LeftBehind(booking_id="B3", containers=1, why=REASON),))),
    ("PLAIN_ONCE", "forgotten", lambda: booked("B2", containers=2)),
    ("PLAIN_ONCE", "too many", lambda: booked("B1", containers=2)),
    ("PLAIN_WHY", "", lambda: planned(left=(LeftBehind(booking_id="B3", containers=2, why=" "),))),
    ("PLAIN_LEGS", "too many", lambda: ruled(max_legs=1)),
    ("PLAIN_START", "", lambda: booked("B1", from_id="G")),
    ("PLAIN_END", "", lambda: booked("B1", to_id="Y")),
    ("PLAIN_CHAIN", "", lambda: onward(from_id="Y")),
    ("PLAIN_CHANGE", "", lambda: onward(departs_h=43)),
    ("PLAIN_READY", "", lambda: booked("B1", SMALL_COST - 3 * 6 * 500_000, ready_h=11)),
    ("PLAIN_LATE", "", lambda: booked("B1", SMALL_COST + 3 * 30 * 8_000_000, due_h=40)),
    ("PLAIN_RUN", "twice", lambda: planned(SMALL_COST + 900_500_000, run=("T1", "T1"))),
    ("PLAIN_RUN", "bought", lambda: planned(run=("T1", "S1"))),
    ("PLAIN_CANCELLED", "", lambda: planned(SMALL_COST - 900_500_000, run=())),
    ("PLAIN_ROOM", "train", lambda: served("T1", positions=3)),
    ("PLAIN_ROOM", "bought", lambda: served("S1", positions=2)),
    ("PLAIN_LEAST", "some", lambda: served("T1", min_containers=5)),
    ("PLAIN_LEAST", "none", lambda: planned(SMALL_COST + 700_000_000, run=("T1", "T2"))),
    ("PLAIN_COST", "a micro too little", lambda: planned(SMALL_COST - 1)),
    ("PLAIN_COST", "a micro too much", lambda: planned(SMALL_COST + 1)),
    ("PLAIN_COST", "half a micro rounded down", lambda: (
        *ruled(reject_micros=1_000_000_002, reject_per_priority_millionths=250_000)[:2], SMALL_COST + 4, SMALL_COST)),
    ("PLAIN_BOUND", "", lambda: (*holds()[:3], SMALL_COST + 1)),
]  # fmt: skip


def test_the_best_plan_holds():
    """What the cases change breaks no rule as it is, with a service more, too."""
    assert check(holds()) == ()
    assert check(onward()) == ()
    nothing = PlainPlan(run=(), ship=(), left=())
    assert check((nothing, PlainCase(services=(), bookings=(), rules=small().rules), 0, 0)) == ()


def test_every_rule_can_be_broken():
    """Every code has at least one case, in the order of the rules."""
    assert list(dict.fromkeys(code for code, _, _ in BREAKS)) == list(audit.PLAIN_RULES)


@pytest.mark.parametrize(("code", "broken"), [(c, b) for c, _, b in BREAKS], ids=[f"{c} {t}" for c, t, _ in BREAKS])
def test_a_broken_plan_breaks_its_rule_only(code, broken):
    """The auditor finds the rule that the change breaks, and no other."""
    violations = check(broken())
    assert {v.code for v in violations} == {code}, "\n".join(f"{v.code}: {v.message}" for v in violations)
    assert all(v.message and all(v.about) for v in violations)


def test_the_auditor_asks_no_noun_to_compute(monkeypatch):
    """Every method and property of the nouns may be wrong, it finds the same."""
    cases = [(code, broken()) for code, _, broken in BREAKS]
    poison(monkeypatch)
    for code, case in cases:
        assert {v.code for v in check(case)} == {code}


def _document() -> dict[str, Any]:
    plan, _, cost, bound = holds()
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode({"plan": plan, "cost": cost, "bound": bound}))
    return document


def _judged(document: dict[str, Any]) -> tuple[audit.Violation, ...]:
    plan = msgspec.convert(document["plan"], PlainPlan)
    return check((plan, small(), document["cost"], document["bound"]))


@given(st.data())
def test_no_plan_makes_the_auditor_raise(data):
    """Records vanish or double, ids are swapped, numbers run wild: there is always an answer."""
    document = _document()
    spots = [spot for spot in _spots(document) if spot[0] == "plan"]
    for _ in range(data.draw(st.integers(1, 6))):
        number, word = data.draw(st.sampled_from(NUMBERS)), data.draw(st.sampled_from((*WORDS, "T1", "S2", "B2")))
        _spoil(document, data.draw(st.sampled_from(spots)), number, word, twice=data.draw(st.booleans()))
    for violation in _judged(document):
        assert violation.code in audit.PLAIN_RULES
        assert violation.message


def test_every_figure_of_a_plan_is_judged():
    """Whatever number or word of a plan is changed, the auditor notices, but for the words of a reason."""
    document, unnoticed = copy.deepcopy(_document()), []
    assert _judged(document) == ()
    for path in _spots(document):
        holder = _holder(document, path)
        value = holder[path[-1]]
        if isinstance(value, dict | list) or path[-1] == "why":
            continue
        for other in (f"{value}x", "") if isinstance(value, str) else (value + 1, value - 1):
            holder[path[-1]] = other
            if not _judged(document) and path != ("bound",):  # a lower bound is true as well
                unnoticed.append((path, other))
        holder[path[-1]] = value
    assert unnoticed == []
