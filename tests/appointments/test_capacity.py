"""Windows of border ports: two clocks, changes of clocks, midnight, rounding, days off, closures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from landport.appointments import lanes_at, local_day, openings, shift_of, window_id
from landport.model.border import ShiftHours
from tests.appointments.ports import WORKDAYS, baktu, hours, port, side


def utc(month, day, hour=0, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def table(border, from_at, until_at, **options):
    return [(f"{o.opens_at:%d.%H:%M}", o.channel, o.capacity) for o in openings(border, from_at, until_at, **options)]


def test_two_zones_share_the_hours_in_which_both_are_open():
    """The lesser side counts at every instant; each follows its own clock."""
    china = side("X", "Asia/Shanghai", hours(10, 20, 2, 900))  # 02:00-12:00 UTC, 8 an hour
    kazakhstan = side("Y", "Asia/Almaty", hours(8, 17, 1, 600))  # 03:00-12:00 UTC, 6 an hour
    border = port(china, kazakhstan)
    assert table(border, utc(3, 2), utc(3, 3)) == [(f"02.{h:02}:00", "general", 6) for h in range(3, 12)]
    slower_until_noon = side("Y", "Asia/Almaty", hours(8, 12, 1, 600), hours(12, 17, 3, 600))
    border = port(china, slower_until_noon)
    assert [o.capacity for o in openings(border, utc(3, 2), utc(3, 3))] == [6] * 4 + [8] * 5
    assert lanes_at(border, "general", utc(3, 2, 6, 59)) == 1
    assert lanes_at(border, "general", utc(3, 2, 7)) == 2
    assert lanes_at(border, "general", utc(3, 2, 2, 59)) == lanes_at(border, "livestock", utc(3, 2, 7)) == 0


def test_names_and_local_days():
    """A window is named in UTC, and its day is told by the port's own clock."""
    border = baktu()
    first = openings(border, utc(3, 2), utc(3, 3))[0]
    assert (first.window_id, first.closes_at) == ("BKT.empty.20260302T0300Z", utc(3, 2, 4))
    assert first.window_id == window_id("BKT", first.channel, first.opens_at)
    assert local_day(border, utc(3, 2, 15, 59)) == date(2026, 3, 2)
    assert local_day(border, utc(3, 2, 16)) == date(2026, 3, 3)
    order = [(o.opens_at, o.channel) for o in openings(border, utc(3, 2), utc(3, 5))]
    assert order == sorted(order)


def test_a_channel_that_is_missing_on_one_side_is_shut():
    """A channel that only one side serves has no windows."""
    border = port(
        side("X", "UTC", hours(0, 24, 1), hours(0, 24, 1, channel="empty")), side("Y", "UTC", hours(0, 24, 1))
    )
    assert {o.channel for o in openings(border, utc(3, 2), utc(3, 3))} == {"general"}


def test_a_day_with_a_change_of_clocks_has_an_hour_less_or_more():
    """No window is lost or doubled when a clock is changed."""
    poland = side("PL", "Europe/Warsaw", hours(0, 24, 1, 3600))
    belarus = side("BY", "Europe/Minsk", hours(0, 24, 1, 3600))
    border = port(poland, belarus)
    assert len(openings(border, utc(3, 28, 23), utc(3, 29, 22))) == 23  # the whole of 29 March in Warsaw
    assert len(openings(border, utc(10, 24, 22), utc(10, 25, 23))) == 25
    names = [o.window_id for o in openings(border, utc(10, 24), utc(10, 26))]
    assert len(set(names)) == len(names) == 48


@pytest.mark.parametrize(
    ("month", "day", "rows", "expected"),
    [
        (3, 29, [hours(2.5, 5, 1, 1800)], [(1, 1), (2, 2)]),  # 02:30 is left out: as late as without the change
        (3, 29, [hours(1, 4, 1, 1800)], [(0, 2), (1, 2)]),
        (10, 25, [hours(2.5, 4, 1, 1800)], [(0, 1), (1, 2), (2, 2)]),  # 02:30 is shown twice: the first
        (10, 25, [hours(1, 2.5, 1, 1800)], [(-1, 2), (0, 1)]),
    ],
)
def test_clocks_left_out_and_shown_twice(month, day, rows, expected):
    """The first of two, and as late as without the change."""
    border = port(side("PL", "Europe/Warsaw", *rows), side("BY", "UTC", hours(0, 24, 9)))
    found = openings(border, utc(month, day) - timedelta(hours=2), utc(month, day, 12))
    assert [(o.opens_at, o.capacity) for o in found] == [(utc(month, day) + timedelta(hours=h), n) for h, n in expected]


def test_hours_run_past_midnight():
    """A row belongs to the day on which it begins."""
    night = side("X", "Asia/Shanghai", hours(22, 3, 1, 1800, weekdays=(5,)))
    border = port(night, side("Y", "UTC", hours(0, 24, 9)))
    found = table(border, utc(3, 2), utc(3, 9))
    assert found == [(f"06.{h}:00", "general", 2) for h in (14, 15, 16, 17, 18)]  # Friday 22:00 to Saturday 03:00


def test_parts_of_a_truck_are_carried_until_midnight_or_a_break():
    """Two trucks in three hours are two places in three windows, but none is carried over a break."""
    border = port(side("X", "UTC", hours(0, 24, 1, 5400)))  # two trucks in three hours
    day = [o.capacity for o in openings(border, utc(3, 2), utc(3, 3))]
    assert sum(day) == 16
    assert len(day) == 16  # windows without a place are left out
    broken = port(side("X", "UTC", hours(8, 10, 1, 5400), hours(12, 14, 1, 5400)))
    assert table(broken, utc(3, 2), utc(3, 3)) == [("02.09:00", "general", 1), ("02.13:00", "general", 1)]


@pytest.mark.parametrize("kappa", [37, 63, 90, 100])
@pytest.mark.parametrize("window_minutes", [15, 60, 120])
def test_a_days_total_is_right_to_one_truck(kappa, window_minutes):
    """Rounding loses less than one truck a day, for windows of any length."""
    border = port(side("X", "UTC", hours(6, 21, 3, 1111)), window_minutes=window_minutes)
    total = sum(o.capacity for o in openings(border, utc(3, 2), utc(3, 3), kappa_percent=kappa))
    exact = kappa / 100 * 3 * 15 * 3600 / 1111
    assert exact - 1 < total <= exact


def test_the_answer_does_not_depend_on_when_one_asks():
    """A window has the same places whenever its list is asked for."""
    border = baktu()
    whole = openings(border, utc(3, 2), utc(3, 9))
    for hour in range(0, 160, 7):
        at = utc(3, 2) + timedelta(hours=hour, minutes=20)
        assert openings(border, at, utc(3, 9)) == tuple(o for o in whole if o.opens_at >= at)


def test_a_holiday_of_one_side_shuts_the_border_on_that_sides_own_day():
    """The day off is one of that side's calendar and clock."""
    china = side("X", "Asia/Shanghai", hours(0, 24, 1, 3600), closed_on=(date(2026, 3, 3),))
    border = port(china, side("Y", "Asia/Almaty", hours(0, 24, 1, 3600)))
    found = {o.opens_at for o in openings(border, utc(3, 1), utc(3, 6))}
    shut = {utc(3, 2, 16) + timedelta(hours=h) for h in range(24)}
    assert found == {utc(3, 1) + timedelta(hours=h) for h in range(120)} - shut


def test_a_closure_changes_only_windows_that_it_touches():
    """Windows before and after keep their places."""
    border = port(side("X", "UTC", hours(0, 24, 1, 1300)))
    before = {o.opens_at: o.capacity for o in openings(border, utc(3, 2), utc(3, 3))}
    shut = ((utc(3, 2, 10, 30), utc(3, 2, 13)),)
    after = {o.opens_at: o.capacity for o in openings(border, utc(3, 2), utc(3, 3), closures=shut)}
    touched = {utc(3, 2, 10), utc(3, 2, 11), utc(3, 2, 12)}
    assert {at: n for at, n in before.items() if at not in touched} == {
        at: n for at, n in after.items() if at not in touched
    }
    assert {at: n for at, n in after.items() if at in touched} == {utc(3, 2, 10): 1}


def test_duty_of_customs():
    """In hours as the own side's clock and days off say; without rows always."""
    border = baktu(closed_on=(date(2026, 3, 4),))
    assert shift_of(border, utc(3, 2, 1, 59)) == shift_of(border, utc(3, 2, 11)) == "out_of_hours"
    assert shift_of(border, utc(3, 2, 2)) == shift_of(border, utc(3, 2, 10, 59)) == "in_hours"
    assert shift_of(border, utc(3, 7, 4)) == shift_of(border, utc(3, 4, 4)) == "out_of_hours"  # Saturday, a day off
    night = port(
        side("X", "UTC", shifts=(ShiftHours(weekdays=WORKDAYS, from_minute=22 * 60, until_minute=6 * 60),)), channels=()
    )
    assert shift_of(night, utc(3, 7, 5, 59)) == "in_hours"
    assert shift_of(night, utc(3, 7, 6)) == "out_of_hours"
    assert shift_of(port(side("X", "UTC"), channels=()), utc(3, 7)) == "in_hours"
