"""The re-planning benchmark chooses trains that can be cancelled, and says what planning again gave."""

from __future__ import annotations

from bench import replan
from landport.app.tonight import tonight
from tests.app.again import DAY, ORDER, WORLD, cancelled, on, port, trains


def test_a_train_is_cancelled_and_said() -> None:
    """The fullest train after a minute; all that rode it is touched, nothing breaks a rule, costs leave changes out."""
    week = port()
    plan = tonight(week, WORLD, ORDER).plan
    (train,) = replan.fullest(plan, week.now_at, 1)
    assert train == trains(plan)[0]
    assert replan.fullest(plan, 60 * DAY, 1) == []
    run = replan.replan(plan, week, WORLD, train, DAY, 50_000)
    assert (run.n_touched, run.n_violations) == (len(on(plan, train)), 0)
    assert run.n_kept <= run.n_others == len(plan.containers) - run.n_touched
    said = replan.line(run, replan.cost(plan))
    assert f"{train}: {run.n_touched} touched, {run.n_kept} of {run.n_others} others stay" in said
    assert "against" in said
    assert "against" not in replan.line(run, None)
    assert replan.cancelled(week, train).departures == cancelled(week, train).departures
