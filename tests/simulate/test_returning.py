"""The day on which the last truck that a closure moved is served."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from landport.simulate.returning import Standing, return_days
from tests.appointments.ports import hours, port, side

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
ONE_LANE = port(side("X", "UTC", hours(8, 18, 1, 3000, cv_percent=0)))


def window(days, hour, **said):
    opens = NOW.replace(hour=hour) + timedelta(days=days)
    return Standing(opens_at=opens, closes_at=opens + timedelta(hours=1), **said)


def test_nobody_moved():
    """Without a truck that moved there is no such day."""
    assert return_days(ONE_LANE, "general", [window(0, 9)], NOW, ()) == ()


def test_the_last_one_tells_the_day():
    """Of few trucks the day is that of the last window; a run is one day, the same for the same seed."""
    found = return_days(ONE_LANE, "general", [window(0, 9), window(2, 9, is_moved=True)], NOW, (), n_runs=5)
    assert set(found) == {date(2026, 3, 4)}
    assert found == return_days(ONE_LANE, "general", [window(0, 9), window(2, 9, is_moved=True)], NOW, (), n_runs=5)


def test_a_queue_pushes_the_day_back():
    """Behind trucks that stand there, more than a day can serve, the one that moved waits for another day."""
    queue = [Standing(opens_at=None, closes_at=None, is_there=True) for _ in range(25)]
    found = return_days(ONE_LANE, "general", [*queue, window(0, 17, is_moved=True)], NOW, (), n_runs=5)
    assert min(found) >= date(2026, 3, 3)


def test_a_border_that_stays_shut():
    """Not within 45 days is told as no day at all."""
    shut = ((NOW, NOW + timedelta(days=100)),)
    assert set(return_days(ONE_LANE, "general", [window(0, 9, is_moved=True)], NOW, shut, n_runs=2)) == {date.max}
