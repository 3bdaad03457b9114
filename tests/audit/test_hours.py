"""Work begun while a place is closed is found, and told with the hours; work in its hours holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landport import audit
from landport.model.places import OpeningHours
from tests.audit.breaks import by_truck
from tests.broken.week import tiny

ALL = (1, 2, 3, 4, 5, 6, 7)


def hours(opens: int, closes: int, days: tuple[int, ...] = ALL, place_id: str = "ALM") -> OpeningHours:
    return OpeningHours(hours_id="H", place_id=place_id, weekdays=days, opens_minute=opens, closes_minute=closes)


OPEN = [
    [hours(480, 1200)],
    [hours(584, 585)],  # only in the minute of arrival
    [hours(1320, 585)],  # over midnight
    [hours(0, 60), hours(540, 600, (5,))],
    [hours(600, 660, ALL, "AST"), hours(600, 660, ALL, "URC")],  # where it starts and ends
]
CLOSED = [
    ([hours(585, 1200)], "from 5,985, when ALM opens; it is closed at 5,984"),
    ([hours(0, 584)], "from 6,840, when ALM opens"),
    ([hours(480, 1200, (6,))], "from 7,320, when ALM opens"),
    ([hours(480, 1200, ())], "ALM does not open again after minute 5,984"),
]


@pytest.mark.parametrize("rows", OPEN)
def test_work_in_opening_hours_holds(rows: list[OpeningHours]) -> None:
    """A train reaches Almaty on Friday at 9:44; the lift to a truck takes eight hours at once."""
    plan, week, world = tiny()
    assert audit.check(plan, replace(week, hours=tuple(rows)), world) == ()


@pytest.mark.parametrize(("rows", "told"), CLOSED)
def test_work_begun_while_a_place_is_closed_is_found(rows: list[OpeningHours], told: str) -> None:
    """By the rule of the change's time, which says when the place opens."""
    plan, week, world = tiny()
    for found in (
        audit.check(plan, replace(week, hours=tuple(rows)), world),
        audit.check(plan, week, replace(world, network=replace(world.network, hours=tuple(rows)))),
    ):
        assert {v.code for v in found} == {"TRANSFER_TIME"}
        assert any(told in v.message and "ALM-rail1520-road takes 480 minutes" in v.message for v in found)


def test_a_choice_changed_at_a_closed_place_is_told_with_its_hours() -> None:
    """The same for answers to questions."""
    choices, week, world = by_truck()
    (found,) = audit.check_choices(choices, replace(week, hours=(hours(0, 60, (), "URC"),)), world)
    assert found.code == "CHOICE_TRANSFER"
    assert "URC does not open again" in found.message
