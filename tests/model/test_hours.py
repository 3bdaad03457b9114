"""Opening hours, dated: weekdays, midnight and daylight saving; the auditor finds the same on its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.audit.hours import Hours
from landport.exchange.example import example
from landport.model.hours import open_spans
from landport.model.places import OpeningHours
from landport.model.scenario import Scenario, World
from landport.reference import load

WORLD = load.world()
MONDAY = datetime(2022, 7, 18, tzinfo=UTC)
DAY = 1440
ALL = (1, 2, 3, 4, 5, 6, 7)


def row(opens: str, closes: str, days: tuple[int, ...] = ALL, place_id: str = "DUI") -> OpeningHours:
    minutes = (60 * int(clock[:2]) + int(clock[3:]) for clock in (opens, closes))
    opens_minute, closes_minute = minutes
    return OpeningHours(
        hours_id="H", place_id=place_id, weekdays=days, opens_minute=opens_minute, closes_minute=closes_minute
    )


def said(*rows: OpeningHours, start_at: datetime = MONDAY, days: int = 1, zone: str = "UTC") -> list[str]:
    """List spans as UTC clocks, days of the month where they are not the first."""
    spans = open_spans(rows, ZoneInfo(zone), start_at, 0, days * DAY)
    times = [[start_at + timedelta(minutes=m) for m in span] for span in spans]
    return [f"{opens:%d %H:%M} - {closes:%d %H:%M}" for opens, closes in times]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("08:00", "20:00")], ["18 08:00 - 18 20:00"]),
        ([row("08:00", "12:00"), row("13:00", "18:00")], ["18 08:00 - 18 12:00", "18 13:00 - 18 18:00"]),
        ([row("08:00", "12:00"), row("12:00", "18:00"), row("09:00", "10:00")], ["18 08:00 - 18 18:00"]),
        ([row("22:00", "06:00")], ["17 22:00 - 18 06:00", "18 22:00 - 19 06:00"]),
        ([row("22:00", "06:00", (1,))], ["18 22:00 - 19 06:00"]),
        ([row("22:00", "06:00", (7,))], ["17 22:00 - 18 06:00"]),
        ([row("18:00", "24:00"), row("00:00", "02:00")], ["18 00:00 - 18 02:00", "18 18:00 - 19 00:00"]),
        ([row("08:00", "20:00", (2,))], []),
        ([row("08:00", "20:00", ())], []),
        ([], []),
    ],
)
def test_spans_are_dated(rows: list[OpeningHours], expected: list[str]) -> None:
    """Weekdays are those of opening; what overlaps or touches is one span."""
    assert said(*rows) == expected


def test_around_the_clock_is_one_span() -> None:
    """Days that touch make one span."""
    ((opens, closes),) = open_spans([row("00:00", "24:00")], ZoneInfo("UTC"), MONDAY, 0, 5 * DAY)
    assert (opens, closes) == (0, 5 * DAY)


BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        (datetime(2022, 3, 26, tzinfo=UTC), ("08:00", "20:00"), ["26 07:00 - 26 19:00", "27 06:00 - 27 18:00"]),
        (datetime(2022, 3, 27, tzinfo=UTC), ("02:30", "04:00"), ["27 01:30 - 27 02:00", "28 00:30 - 28 02:00"]),
        (datetime(2022, 3, 27, tzinfo=UTC), ("02:30", "03:15"), ["28 00:30 - 28 01:15"]),  # nothing is left of it
        (datetime(2022, 10, 30, tzinfo=UTC), ("01:00", "03:30"), ["30 23:00 - 30 02:30", "31 00:00 - 31 02:30"]),
        (datetime(2022, 10, 30, tzinfo=UTC), ("02:30", "05:00"), ["30 00:30 - 30 04:00", "31 01:30 - 31 04:00"]),
    ],
)
def test_hours_follow_the_clocks(start: datetime, hours: tuple[str, str], expected: list[str]) -> None:
    """Summer begins on 27 March 2022 at 01:00 UTC and ends on 30 October, so that a day has 23 or 25 hours."""
    found = said(row(*hours), start_at=start, days=2, zone=BERLIN)
    assert found[: len(expected)] == [text.replace("30 23:00", "29 23:00") for text in expected]


PLACES = st.sampled_from(["DUI", "URC", "ALM", "MOW"])


@st.composite
def rows(draw: st.DrawFn) -> OpeningHours:
    days = draw(st.lists(st.sampled_from(ALL), min_size=0, max_size=7, unique=True))
    opens, closes = draw(st.integers(0, 1439)), draw(st.integers(1, 1440))
    return OpeningHours(
        hours_id="H", place_id=draw(PLACES), weekdays=tuple(sorted(days)), opens_minute=opens, closes_minute=closes
    )


def week(start_at: datetime, found: list[OpeningHours]) -> tuple[Scenario, World]:
    return replace(example(WORLD), start_at=start_at, hours=tuple(found)), WORLD


@given(
    st.lists(rows(), max_size=4),
    PLACES,
    st.sampled_from([MONDAY, datetime(2022, 3, 21, tzinfo=UTC), datetime(2022, 10, 24, tzinfo=UTC)]),
    st.integers(-3 * DAY, 14 * DAY),
)
def test_the_auditor_finds_the_same(found: list[OpeningHours], place_id: str, start_at: datetime, at: int) -> None:
    """Two derivations of when a place begins to work agree, in weeks in which clocks change, too."""
    begins = Hours(*week(start_at, found)).begins(place_id, at)
    mine = [r for r in found if r.place_id == place_id]
    zone = ZoneInfo(WORLD.network.places[place_id].timezone)
    spans = open_spans(mine, zone, start_at, at - 9 * DAY, at + 20 * DAY)
    expected = next((max(at, opens) for opens, closes in spans if at < closes), None)
    assert begins == (expected if mine else at)


def test_far_minutes_do_not_make_the_auditor_raise() -> None:
    """A plan may state any minute."""
    judge = Hours(*week(MONDAY, [row("08:00", "20:00")]))
    assert [judge.begins("DUI", at) for at in (10**15, -(10**15))] == [10**15, -(10**15)]
