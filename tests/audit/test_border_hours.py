"""Places of a border's windows, minute by minute: two clocks, summer time, midnight, days off, what planners open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from landport import audit
from landport.appointments.capacity import openings
from landport.audit import GateRecord
from landport.audit.gate_hours import allowed, on_duty
from landport.model import gate_facts as facts
from landport.model.border import BorderPort, ShiftHours
from tests.appointments.ports import ALL_WEEK, baktu, hours, port, side


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(month: int, on: int) -> tuple[datetime, datetime]:
    begins = datetime(2026, month, on, tzinfo=UTC)
    return begins, begins + timedelta(days=1)


def finland(*own: Any, far: tuple[Any, ...] = (hours(0, 24, 9),), **others: Any) -> BorderPort:
    """A port whose own clock changes twice a year; the other does not."""
    return port(side("VAA", "Europe/Helsinki", *own), side("RUS", "Europe/Moscow", *far), **others)


NIGHT = finland(hours(1, 5, 1, 3600))


@pytest.mark.parametrize(
    ("border", "span", "trucks"),
    [
        (NIGHT, day(3, 27), 4),
        (NIGHT, (at("2026-03-28T12:00"), at("2026-03-29T12:00")), 3),  # 3 h is 4 h
        (NIGHT, (at("2026-10-24T12:00"), at("2026-10-25T12:00")), 5),  # 3 h comes twice
        (finland(hours(22, 2, 1, 3600)), (at("2026-01-05T20:00"), at("2026-01-06T00:00")), 4),  # over midnight
        (finland(hours(22, 2, 1, 3600, weekdays=(1,))), (at("2026-01-05T20:00"), at("2026-01-06T20:00")), 4),
        (finland(hours(22, 2, 1, 3600, weekdays=(2,))), (at("2026-01-05T12:00"), at("2026-01-06T12:00")), 0),
        (finland(hours(8, 12, 2, 3600), far=(hours(11, 15, 3, 3600),)), day(1, 5), 4),  # 10 to 12 are common
        (finland(hours(8, 12, 2, 3600), far=(hours(0, 24, 1, 1800, "empty"),)), day(1, 5), 0),
        (finland(hours(8, 12, 2, 3600), hours(10, 12, 1, 1800), far=(hours(0, 24, 3, 3600),)), day(1, 5), 10),
        (finland(hours(0.5, 1, 1, 60)), (at("2026-01-05T22:30"), at("2026-01-05T22:31")), Fraction(3, 4)),
    ],
)
def test_trucks_are_counted_minute_by_minute(border, span, trucks):
    """The slower side counts, by its own clock."""
    assert allowed(border, "general", *span) == trucks


def test_days_off_and_closures_serve_nobody():
    """A day off lasts from midnight to midnight of its own side; a closure by the minute."""
    own = side("VAA", "Europe/Helsinki", hours(22, 2, 1, 3600), closed_on=(date(2026, 1, 6),))
    border = port(own, side("RUS", "Europe/Moscow", hours(0, 24, 9)))
    assert allowed(border, "general", at("2026-01-05T20:00"), at("2026-01-06T20:00")) == 2
    assert allowed(border, "general", at("2026-01-06T20:00"), at("2026-01-07T00:00")) == 2
    shut = [(at("2026-01-04T20:30"), at("2026-01-04T20:40")), (at("2026-01-04T20:35"), at("2026-01-04T21:00"))]
    assert allowed(border, "general", at("2026-01-04T20:00"), at("2026-01-04T21:00"), shut) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-03-02T01:59", {False}),
        ("2026-03-02T02:00", {True}),
        ("2026-03-02T10:59", {True}),
        ("2026-03-02T11:00", {False}),
        ("2026-03-01T05:00", {False}),
        ("2026-03-03T05:00", {True, False}),
    ],
)
def test_customs_are_on_duty_by_their_clock(instant, said):
    """From 10 to 19 h in Shanghai on workdays; of a day off nobody can tell."""
    assert on_duty(baktu(closed_on=(date(2026, 3, 3),)), at(instant)) == said


def test_a_shift_over_midnight():
    """It belongs to the day on which it begins."""
    shift = ShiftHours(weekdays=(5,), from_minute=1320, until_minute=360)
    border = port(side("VAA", "Europe/Helsinki", shifts=(shift,)), side("RUS", "Europe/Moscow"))
    duty = [on_duty(border, at(f"2026-01-{text}")) for text in ("09T19:59", "09T20:00", "10T03:59", "10T04:00")]
    assert duty == [{False}, {True}, {True}, {False}]


PORTS = {
    "baktu": (baktu((date(2026, 3, 4),)), at("2026-03-01T13:00")),
    "spring": (finland(hours(1, 5, 1, 700), hours(6, 22, 3, 1100)), at("2026-03-27T00:00")),
    "autumn": (finland(hours(0, 24, 1, 7000)), at("2026-10-23T05:00")),
    "a third of a truck": (finland(hours(8, 20, 1, 10800, weekdays=ALL_WEEK)), at("2026-01-05T00:00")),
}


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize("is_shut", [False, True])
def test_what_planners_open_holds(name, is_shut):
    """Every window that they open, also in a closure, breaks no rule; a truck more than a day holds does."""
    border, from_at = PORTS[name]
    shut = (from_at + timedelta(hours=21, minutes=20), from_at + timedelta(hours=30, minutes=10))
    told: list[tuple[str, object]] = [(f"border/{border.border_id}", facts.BorderPublished(border=border))]
    if is_shut:
        fact = facts.BorderClosed(from_at=shut[0], until_at=shut[1], why="snow")
        told.append((f"border/{border.border_id}", fact))
    found = openings(border, from_at, from_at + timedelta(days=5), closures=[shut] if is_shut else [])
    for one in found:
        fields = {name: getattr(one, name) for name in ("border_id", "channel", "opens_at", "closes_at", "capacity")}
        told.append((f"window/{one.window_id}", facts.WindowOpened(**fields)))
    assert found
    assert audit.check_border(records(told, from_at)) == ()
    more = [(subject, _more(fact)) for subject, fact in told]
    assert {v.code for v in audit.check_border(records(more, from_at))} & {"GATE_DAY", "GATE_KAPPA"}


def _more(fact: Any) -> object:
    """Open a window with a place more."""
    if isinstance(fact, facts.WindowOpened):
        fields = {name: getattr(fact, name) for name in ("border_id", "channel", "opens_at", "closes_at")}
        return facts.WindowOpened(**fields, capacity=fact.capacity + 1)
    return fact


def records(told: list[tuple[str, object]], when: datetime) -> list[GateRecord]:
    return [
        GateRecord(
            position=n, event_id=f"E{n}", subject=subject, fact=fact, happened_at=when, recorded_at=when, actor="system"
        )
        for n, (subject, fact) in enumerate(told, 1)
    ]
