"""Packing by lanes: the same plan with any number of workers, proven as of all groups at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from landport import consolidate
from landport.app import jobs, packing, stages
from landport.exchange.example import example
from landport.model.loads import LoadGroup, Loads
from landport.model.result import Limit, Result
from landport.reference import load
from tests.consolidate.cargo import booking, group, item, kind

WORLD = load.world()
COOL = kind("40RH", equipment="reefer")


def lane(destination: str, number: int, count: int, **changes: object) -> LoadGroup:
    """Give a lane one cut-off of some bookings, a piece of which fits no container."""
    bookings = [booking(f"{destination}{number}-{n}", destination_id=destination, may_split=True) for n in range(3)]
    items = [
        item(f"{b.booking_id}-i", b.booking_id, size=(7 + n, 6, 5 + number), count=count, vertical="lwh")
        for n, b in enumerate(bookings)
    ]
    items.append(item(f"{destination}{number}-long", bookings[0].booking_id, size=(900, 5, 5)))
    made = group(bookings, items, group_id=f"{destination}/{number}")
    later = {"destination_id": destination, "lane_id": destination, "arrives_at": 100 * number}
    return replace(made, **(later | changes))


@pytest.fixture(scope="module")
def groups() -> list[LoadGroup]:
    """Four destinations in two cut-offs, one of them with reefers, too; the largest comes last."""
    made = [lane(d, n, count) for d, count in (("A", 9), ("B", 40), ("C", 3), ("D", 90)) for n in (1, 2)]
    cool = lane("B", 3, 10, container_types=(COOL,), payload_kg={"40RH": 26_000}, lane_id="B/cool")
    return [*made[:4], cool, *made[4:]]


@pytest.fixture(scope="module")
def serial(groups: list[LoadGroup]) -> Result[Loads]:
    """Pack all groups by one call of the planner."""
    return consolidate.plan(groups, seed=3, limit=Limit())


@pytest.mark.parametrize("workers", [1, 2, 3, 64])
def test_the_same_plan_whatever_the_number_of_workers(
    workers: int, groups: list[LoadGroup], serial: Result[Loads], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Boxes, pieces left, remarks, cost, bound and why it stopped, in the same order."""
    monkeypatch.setattr(packing, "PAYS", 0)
    assert packing.pack(groups, seed=3, limit=Limit(), workers=workers) == serial
    assert serial.cost > serial.bound > 0
    assert len(serial.plan.left) == len(groups)


def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note the workers of each call of jobs, and do the tasks here."""
    seen: list[int] = []

    def each(function, tasks, *, workers):
        seen.append(workers)
        return [function(task) for task in tasks]

    monkeypatch.setattr(jobs, "each", each)
    return seen


def test_processes_start_only_where_they_pay(groups: list[LoadGroup], monkeypatch: pytest.MonkeyPatch) -> None:
    """By pieces beside the largest part times effort; one part alone never pays."""
    seen = started(monkeypatch)
    beside = 2 * 3 * (9 + 40 + 3) + 3 * 10 + 7
    monkeypatch.setattr(packing, "PAYS", 2 * beside + 1)
    packing.pack(groups, seed=3, limit=Limit(effort=2), workers=8)
    assert seen == []
    monkeypatch.setattr(packing, "PAYS", 2 * beside)
    packing.pack(groups, seed=3, limit=Limit(effort=2), workers=8)
    packing.pack(groups, seed=3, limit=Limit(effort=2), workers=2)
    assert seen == [5, 2]
    monkeypatch.setattr(packing, "PAYS", 0)
    packing.pack(groups[:2], seed=3, limit=Limit(), workers=8)
    packing.pack(groups, seed=3, limit=Limit(), workers=1)
    assert packing.pack([], seed=3, limit=Limit(), workers=8).plan == Loads(boxes=(), left=())
    assert seen == [5, 2]


@pytest.mark.parametrize("is_balanced", [False, True])
def test_groups_of_the_week_carry_what_it_asks_for(is_balanced: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Support and segregation always, balance where the week asks for it, release and order from its rows."""
    made = example(WORLD)
    first, *others = made.items
    week = replace(
        made,
        is_balanced=is_balanced,
        bookings=tuple(replace(b, is_released=b.kind != "LCL") for b in made.bookings),
        items=(replace(first, unload_order=2, is_rigid=True), *others),
    )
    got: list[LoadGroup] = []

    def plan(part: Sequence[LoadGroup], *, seed: int, limit: Limit) -> Result[Loads]:
        got.extend(part)
        return Result(plan=Loads(boxes=(), left=()), cost=0, bound=0, stopped="optimal", seed=seed)

    monkeypatch.setattr(consolidate, "plan", plan)
    laid = stages.lay_out(week, WORLD)
    stages.load(laid, stages.gather(laid), limit=Limit(), seed=1)
    (found,) = got
    balance = (5, 5, 60) if is_balanced else (None, None, None)
    assert (found.rules.cog_length_pct, found.rules.cog_width_pct, found.rules.half_pct) == balance
    assert (found.rules.support_pct, found.rules.void_mm, found.rules.refused_un) == (100, 150, ())
    assert found.rules.forbidden_pairs == WORLD.rules.forbidden_pairs
    assert [b.is_released for b in found.bookings] == [False]
    assert [(i.unload_order, i.is_rigid) for i in found.items] == [(2, True), (0, False), (0, False)]


def test_parts_share_one_deadline(groups: list[LoadGroup], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part gets the seconds that are left when it starts, the largest first; what time cut says so."""
    started(monkeypatch)
    monkeypatch.setattr(packing, "PAYS", 0)
    got: list[tuple[str, float | None]] = []

    def plan(part: Sequence[LoadGroup], *, seed: int, limit: Limit) -> Result[Loads]:
        got.append((part[0].group_id, limit.seconds))
        assert limit.seconds is not None
        assert (limit.remaining() or 0) <= limit.seconds
        stopped = "time" if part[0].destination_id == "C" else "optimal"
        return Result(plan=Loads(boxes=(), left=()), cost=2, bound=1, stopped=stopped, seed=seed)

    monkeypatch.setattr(consolidate, "plan", plan)
    clock = iter(range(100))
    limit = Limit(seconds=3.0, stopwatch=lambda: next(clock))
    found = packing.pack(groups, seed=3, limit=limit, workers=2)
    assert got == [("D/1", 3.0), ("B/1", 2.0), ("A/1", 1.0), ("B/3", 0.0), ("C/1", 0.0)]
    assert (found.cost, found.bound, found.stopped) == (10, 5, "time")
