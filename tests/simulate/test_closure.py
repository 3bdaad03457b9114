"""After a closure: who moves, when it is over, and how well that is foreseen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from landport.simulate import Habits, after_closure
from tests.appointments.ports import hours, port, side

SHUT = datetime(2026, 3, 3, 6, tzinfo=UTC)
OPEN = datetime(2026, 3, 3, 13, tzinfo=UTC)
BORDER = port(
    side("X", "Asia/Shanghai", hours(10, 20, 2, 720)), side("Y", "Asia/Almaty", hours(8, 17, 2, 720)), border_id="X"
)


def play(seed, trucks_per_day=75, n_predictions=5, **options):
    options["n_predictions"] = n_predictions
    return after_closure(BORDER, "general", trucks_per_day, SHUT, OPEN, seed=seed, kappa_percent=90, **options)


def test_the_day_of_return_is_foreseen():
    """Of ten afternoons, the predicted day is the one that is played out for at least eight; others are near."""
    found = [play(seed, n_predictions=11) for seed in range(10)]
    assert sum(one.played_on == one.predicted_on for one in found) >= 8
    assert all(abs(one.played_on - one.predicted_on) <= timedelta(days=1) for one in found)
    assert all(one.n_hit > 10 and one.n_moved >= one.n_hit and not one.n_unplaced for one in found)
    assert all(one.planned_on > date(2026, 3, 3) for one in found)
    assert all(one.all_played_on >= one.played_on for one in found)
    assert all(abs(one.told_on - one.all_played_on) <= timedelta(days=2) for one in found)


def test_the_seed_decides_and_chance_is_new_in_each_run():
    """The same seed gives the same answer; without chance in who comes, nobody is moved."""
    assert play(3) == play(3)
    nobody = play(3, trucks_per_day=0)
    assert (nobody.n_hit, nobody.n_moved, nobody.planned_on) == (0, 0, None)
    assert nobody.predicted_on == nobody.played_on == nobody.told_on == date(2026, 3, 3)


def test_a_border_that_stays_shut_has_no_day_of_return():
    """Shut for longer than is looked ahead, all who have a window are left out."""
    shut = after_closure(BORDER, "general", 75, SHUT, OPEN + timedelta(days=60), seed=1, n_predictions=3)
    assert shut.n_hit == shut.n_unplaced > 0
    assert shut.n_moved == 0


def test_a_quieter_border_is_back_sooner():
    """Less load, no later return; trucks that book nothing are not moved."""
    busy, quiet = play(5), play(5, trucks_per_day=40)
    assert quiet.predicted_on <= busy.predicted_on
    walkers = play(5, habits=Habits(walk_up_percent=100))
    assert walkers.n_moved == 0
