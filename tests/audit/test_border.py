"""Logs of a border port hold, and the smallest log that breaks a rule breaks it alone."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landport import audit
from landport.audit import GateRecord
from landport.model import gate_facts as facts
from tests.audit.gate_breaks import (
    BREAKS,
    F1,
    F2,
    F3,
    RESCHEDULED,
    booked,
    cooled,
    hours,
    policy,
    relieved,
    shifting,
    twice_shut,
    waiting,
)
from tests.audit.gate_logs import at, freed, good, opened, place, visit
from tests.audit.test_papers import poison


def test_a_good_day_holds():
    """Holds, waiting list, reschedule, walk-up, closure, shift, late cancellation, offline check-in: no violation."""
    assert audit.check_border(good().records) == ()
    assert audit.check_border(opened().records) == ()
    assert audit.check_border([]) == ()


def test_every_rule_can_be_broken():
    """Every code has at least one case, in the order of the rules."""
    assert list(dict.fromkeys(code for code, _, _ in BREAKS)) == list(audit.BORDER_RULES)


@pytest.mark.parametrize(("code", "log"), [(c, b) for c, _, b in BREAKS], ids=[f"{c} {w}" for c, w, _ in BREAKS])
def test_a_broken_log_breaks_its_rule_only(code, log):
    """The auditor finds the rule that the log breaks, and no other."""
    violations = audit.check_border(log().records)
    assert {v.code for v in violations} == {code}, "\n".join(f"{v.code}: {v.message}" for v in violations)
    assert all(v.message and all(v.about) for v in violations)


def test_the_auditor_asks_no_noun_to_compute(monkeypatch):
    """Every method and property of the nouns may be wrong, it finds the same."""
    cases = [(code, log().records) for code, _, log in BREAKS]
    poison(monkeypatch)
    for code, records in cases:
        assert {v.code for v in audit.check_border(records)} == {code}


KEPT = {
    "the last minute of a change": lambda: booked().move(25, "t1", ("G26", 1), ("G27", 1), RESCHEDULED),
    "the port changes later": lambda: _by_port(booked().move(25.59, "t1", ("G26", 1), ("G27", 1), RESCHEDULED)),
    "the last second of a hold": lambda: opened("G26").hold(1, "t1", "F1", "G26").book(1.03, "t1", F1, "G26"),
    "a hold after one that is over": lambda: opened("G26").hold(1, "t1", "F1", "G26").hold(1.03, "t2", "F1", "G26", 2),
    "the port holds two": lambda: opened("G26").hold(1, "t1", "", "G26").hold(1, "t2", "", "G26", 2),
    "the port takes a window": lambda: opened("P26").book(1, "t1", visit(""), "P26", 1),
    "one place is nobody's share": lambda: opened("P26", **policy(most_share_percent=1)).book(1, "t1", F1, "P26", 1),
    "shares end with the release": lambda: (
        booked().book(2, "t2", visit("F1", 2), "G26", 2).book(2, "t3", visit("F1", 3), "G26", 3)
    ),
    "cool-down is over": lambda: cooled(cool=101).open("G122", when=102).book(101, "t3", F1, "G122", 1),
    "strikes far apart": lambda: cooled(cool=None, days=0),
    "a trailer for a reason": lambda: booked().change(2, "t1", visit("F1", 9), "broken axle"),
    "a vehicle comes again": lambda: booked().cancel(2, "t1", ("G26", 1, 2.10)).book(3, "t2", F1, "G27", 1),
    "offered before it is back": lambda: waiting().offer(4, "t1", "P26"),
    "passed over, as it may not": lambda: (
        waiting().open("G26", when=4).book(4, "t9", F1, "G26", 1).offer(4, "t2", "P26")
    ),
    "a list that is shut moves on": lambda: relieved("t1"),
    "order of who was moved before": lambda: twice_shut("G31", "G30"),
    "order of two in one window": lambda: shifting("G28", "G28"),
    "order of other channels": lambda: shifting("G28", "G29"),
    "called again after a shift": lambda: _called_again(),
    "a cancelled truck is flagged": lambda: (
        booked()
        .cancel(3, "t1", ("G26", 1, 4))
        .check_in(26, "t1", "G26")
        .truck(27, "t1", facts.CheckInFlagged(checked_in_at=at(26), why="late list"))
    ),
    "no hours, no places": lambda: opened().open("G25", capacity=0),
    "hours change, places stay": lambda: booked().publish(2, **hours(hours=())).resize(2, "G26", 1),
}


def _by_port(log):
    log.records[-1] = replace(log.records[-1], fact=replace(log.records[-1].fact, is_free=False))
    return log


def _called_again():
    log = booked("G28").call(24.30, "t1", F1, "G26").close(24.40, 26, 28)
    log.move(24.40, "t1", ("G26", 1), ("G28", 1)).resize(24.40, "G26", 0).resize(24.40, "G27", 0)
    return log.call(27, "t1", F1, "G28").check_in(28, "t1", "G28")


@pytest.mark.parametrize("log", KEPT.values(), ids=list(KEPT))
def test_what_is_allowed_is_no_violation(log):
    """At the edge of a rule, and where it makes an exception, the auditor is silent."""
    violations = audit.check_border(log().records)
    assert violations == ()


def test_one_mistake_is_told_once():
    """A place that was given twice is not told again by those who give it back."""
    log = booked().book(2, "t2", F2, "G26", 1).cancel(3, "t1", ("G26", 1, 4)).cancel(3, "t2", ("G26", 1, 4))
    assert [v.code for v in audit.check_border(log.records)] == ["GATE_SEAT"]


# ---- whatever stands there ---------------------------------------------------------------------

VALUES: tuple[Any, ...] = (
    *(None, "", "t1", "G26", "general", "OWN", "F1", 0, 1, -1, 10**9, 10**30, 1.5, True, (), ("x",), object()),
    *(at(26), at(0), datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), datetime(2026, 3, 2)),  # noqa: DTZ001
    *(date(2026, 3, 2), timedelta(1), place("G26", 1), freed("G27", 1), F3, facts.TruckHeld(why="")),
)
DAY = tuple(good().records)


def spoil(node: Any, data: st.DataObject) -> Any:
    """Change one field somewhere in a record."""
    names = [f.name for f in fields(node)]
    if not names:
        return node
    name = data.draw(st.sampled_from(names))
    value = getattr(node, name)
    if is_dataclass(value) and data.draw(st.booleans()):
        return replace(node, **{name: spoil(value, data)})
    if isinstance(value, tuple) and value and is_dataclass(value[0]) and data.draw(st.booleans()):
        return replace(node, **{name: (spoil(value[0], data), *value[1:])})
    return replace(node, **{name: data.draw(st.sampled_from(VALUES))})


def spoiled(records: list[Any], data: st.DataObject) -> list[Any]:
    """Let a record vanish, come twice, stand elsewhere, belong to another, or say something else."""
    n = data.draw(st.integers(0, len(records) - 1))
    what = data.draw(st.sampled_from(("gone", "twice", "moved", "other", "spoiled", "spoiled", "spoiled")))
    if what == "gone":
        return records[:n] + records[n + 1 :]
    if what == "twice":
        return [*records, records[n]]
    if what == "moved":
        rest = records[:n] + records[n + 1 :]
        to = data.draw(st.integers(0, len(rest)))
        return [*rest[:to], records[n], *rest[to:]]
    other = DAY[data.draw(st.integers(0, len(DAY) - 1))]
    after = replace(records[n], fact=other.fact) if what == "other" else spoil(records[n], data)
    return [*records[:n], after, *records[n + 1 :]]


@given(st.data())
@settings(max_examples=200)
def test_no_log_makes_the_auditor_raise(data):
    """Records vanish, double, change places or say nonsense: there is always an answer."""
    records: list[Any] = list(DAY)
    for _ in range(data.draw(st.integers(1, 5))):
        records = spoiled(records, data)
    if data.draw(st.booleans()):
        records = [replace(r, position=n) if type(r) is GateRecord else r for n, r in enumerate(records, 1)]
    for violation in audit.check_border(records):
        assert violation.code in audit.BORDER_RULES
        assert violation.message
        assert all(isinstance(one, str) for one in violation.about)
