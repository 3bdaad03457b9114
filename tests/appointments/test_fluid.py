"""Predicted waits: right in the long run, over the night, and in order of what is booked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from landport.appointments import openings
from landport.appointments.fluid import kappa_table, opening_rule, predicted_waits
from landport.model.border import ChannelRule
from tests.appointments.ports import baktu, hours, port, side

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def hour(n):
    return NOW + timedelta(hours=n)


def even(n_hours, count):
    return [(hour(n), hour(n + 1), count) for n in range(n_hours)]


@pytest.mark.parametrize(("lanes", "service", "count", "cv"), [(1, 360, 8, 100), (1, 360, 9, 0), (4, 720, 18, 100)])
def test_a_steady_gate_waits_as_the_formula_says(lanes, service, count, cv):
    """With arrivals at random, after days of the same load the wait is the one of Sakasegawa's formula."""
    border = port(side("X", "UTC", hours(0, 24, lanes, service, cv_percent=cv)))
    found = predicted_waits(border, "general", even(96, count), NOW, cv2_booked_percent=100)
    use = count * service / 3600 / lanes
    spread = (1 + (cv / 100) ** 2) / 2
    exact = spread * service / 60 * use ** ((2 * (lanes + 1)) ** 0.5 - 1) / (lanes * (1 - use))
    assert found[-1] == pytest.approx(exact, rel=0.03, abs=0.6)


def test_who_comes_at_night_waits_until_the_gate_opens():
    """Alone before a shut gate, a truck waits for it to open; behind ten others it waits for them, too."""
    border = port(side("X", "UTC", hours(8, 18, 1, 600)))
    windows = [(hour(n), hour(n + 1), 0) for n in (2, 7, 8, 20)]
    assert predicted_waits(border, "general", windows, NOW) == (330, 30, 0, 690)
    queued = predicted_waits(border, "general", windows, NOW, queue_now=10)
    assert queued[:2] == (430, 130)
    assert 60 < queued[2] < 100
    shut = predicted_waits(border, "general", windows, NOW, closures=((hour(8), hour(12)),))
    assert shut == (570, 270, 210, 690)


def test_windows_that_are_over_and_channels_that_are_shut():
    """No wait for what is over; for a channel that nobody serves all the time that is looked ahead."""
    border = port(side("X", "UTC", hours(0, 24, 1, 600)))
    assert predicted_waits(border, "general", [(hour(-2), hour(-1), 5)], NOW) == (0,)
    assert predicted_waits(border, "general", [], NOW) == ()
    assert predicted_waits(border, "livestock", [(hour(0), hour(1), 0)], NOW)[0] > 14 * 1440 - 60


def test_more_trucks_wait_longer():
    """Of bookings, of what stands there, of walk-ups: each more makes the wait longer."""
    border = baktu()
    plain = predicted_waits(border, "general", even(24, 2), NOW)
    more = predicted_waits(border, "general", even(24, 3), NOW)
    queued = predicted_waits(border, "general", even(24, 2), NOW, queue_now=9)
    alone = port(*border.sides, channels=(ChannelRule(channel="general"),))
    fewer = predicted_waits(alone, "general", even(24, 2), NOW)
    assert all(a <= b for a, b in zip(plain, more, strict=True))
    assert all(a <= b for a, b in zip(plain, queued, strict=True))
    assert sum(fewer) < sum(plain) < min(sum(more), sum(queued))


def test_the_opening_rule_is_the_greatest_share_within_the_target():
    """One percent more would wait longer than the target."""
    border = port(side("X", "UTC", hours(0, 24, 4, 353)))
    kappa = opening_rule(border, "general", 5, NOW)
    within, beyond = kappa_table(border, "general", NOW, kappas=(kappa, kappa + 1))
    assert within.mean_wait_minutes <= 5 < beyond.mean_wait_minutes
    assert within.n_trucks == sum(o.capacity for o in openings(border, NOW, hour(168), kappa_percent=kappa))
    assert opening_rule(border, "livestock", 5, NOW) == 0
    assert opening_rule(border, "general", 10**6, NOW) == 100


def test_a_window_that_is_half_shut_is_used_while_it_is_open():
    """Nobody is told that he waits until morning because the gate closes within his window."""
    border = port(side("X", "UTC", hours(8, 18.5, 1, 600)))
    waits = predicted_waits(border, "general", [(hour(18), hour(19), 1)], NOW)
    assert waits[0] < 120, "a few are served the next morning"
