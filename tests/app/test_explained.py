"""Over-booked weeks: every remedy and price holds before the auditor, and the plan is the same again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from landport import audit
from landport.app import demo, planning
from landport.model.scenario import Scenario
from landport.reference import load


def tight(share: int) -> Scenario:
    """A small demo week with so many per cent of its room on passing trains and of its wagons."""
    week = demo.generate(load.world(), week=date(2022, 7, 18), seed=1, scale=0.1)

    def less(free_teu):
        if isinstance(free_teu, tuple):
            return tuple(teu * share // 100 for teu in free_teu)
        return None if free_teu is None else free_teu * share // 100

    notes = tuple(replace(note, free_teu=less(note.free_teu)) for note in week.departures)
    supply = tuple(replace(row, count=max(1, row.count * share // 100)) for row in week.supply)
    return replace(week, departures=notes, supply=supply)


@pytest.mark.parametrize("share", [2, 20])
def test_over_booked_weeks_are_explained(share):
    """Containers stay, each with what would free it as far as anything would, and no rule is broken."""
    week, world = tight(share), load.world()
    plan = planning.plan_week(week, world, planning.Order())
    assert audit.check(plan, week, world) == ()
    left = {x.container_id for x in plan.left if x.container_id}
    assert left
    assert {r.container_id for r in plan.remedies} <= left
    assert plan.remedies
    assert planning.plan_week(week, world, planning.Order()) == plan
