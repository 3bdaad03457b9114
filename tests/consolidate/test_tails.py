"""Nearly empty containers wait for a later cut-off, where that saves one and everything still arrives in time."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from landport import consolidate
from landport.model.result import Limit
from tests.consolidate.cargo import booking, group, item


def cut_off(number: int, *items, due_at: int = 9_000, arrives_at: int | None = None, lane_id: str = "D"):
    """A group whose bookings are called after it, and whose train arrives at `number` thousand."""
    found = [replace(i, item_id=f"{number}-{n}", booking_id=f"B{number}-{n}") for n, i in enumerate(items)]
    bookings = [booking(i.booking_id, due_at=due_at) for i in found]
    arrives_at = 1_000 * number if arrives_at is None else arrives_at
    return replace(group(bookings, found), group_id=f"D/{number}", lane_id=lane_id, arrives_at=arrives_at)


SMALL = item(count=3)


def n_boxes(*groups) -> list[int]:
    boxes = consolidate.plan(groups, limit=Limit()).plan.boxes
    return [sum(b.group_id == g.group_id for b in boxes) for g in groups]


def test_two_tails_share_the_later_one() -> None:
    """Three pieces now and three later ride together later; the bound, over both, was one all along."""
    result = consolidate.plan([cut_off(1, SMALL), cut_off(2, SMALL)], limit=Limit())
    (box,) = result.plan.boxes
    assert (box.group_id, sorted(box.booking_ids)) == ("D/2", ["B1-0", "B2-0"])
    assert (result.cost, result.bound, result.stopped) == (1, 1, "optimal")


def test_what_would_be_late_does_not_wait() -> None:
    """Due before the later train arrives: two containers."""
    assert n_boxes(cut_off(1, SMALL, due_at=1_999), cut_off(2, SMALL)) == [1, 1]
    assert n_boxes(cut_off(1, SMALL, due_at=2_000), cut_off(2, SMALL)) == [0, 1]


def test_only_a_lane_of_its_own_is_joined() -> None:
    """Other destinations, temperatures and classes are other lanes; groups without a lane have no other."""
    assert n_boxes(cut_off(1, SMALL), cut_off(2, SMALL, lane_id="E")) == [1, 1]
    assert n_boxes(cut_off(1, SMALL, lane_id=""), cut_off(2, SMALL, lane_id="")) == [1, 1]


def test_the_last_cut_off_is_not_left_for_none() -> None:
    """A group that waits has no train: nobody joins it."""
    assert n_boxes(cut_off(1, SMALL), replace(cut_off(2, SMALL), arrives_at=None)) == [1, 1]


def test_a_full_later_container_is_skipped() -> None:
    """The next one takes nothing more; the one after does."""
    full, after = cut_off(2, item(count=16)), cut_off(3, SMALL)
    assert n_boxes(cut_off(1, SMALL), full) == [1, 1]
    assert n_boxes(cut_off(1, SMALL), full, after) == [0, 1, 1]


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 3)), min_size=2, max_size=4))
def test_rolling_saves_and_loses_nothing(sizes) -> None:
    """Every piece is packed once, by the rules, in no more containers than apart, each arriving in time."""
    groups = [
        cut_off(n, replace(SMALL, count=count), due_at=1_000 * (n + slack)) for n, (count, slack) in enumerate(sizes, 1)
    ]
    result = consolidate.plan(groups, limit=Limit())
    apart = sum(consolidate.plan([g], limit=Limit()).cost for g in groups)
    assert result.bound <= result.cost <= apart
    arrival = {g.group_id: g.arrives_at for g in groups}
    due = {b.booking_id: b.due_at for g in groups for b in g.bookings}
    pieces = {}
    for box in result.plan.boxes:
        assert all(arrival[box.group_id] <= due[b] or b.startswith(f"B{box.group_id[2:]}-") for b in box.booking_ids)
        for block in box.blocks:
            pieces[block.item_id] = pieces.get(block.item_id, 0) + block.count
    assert pieces == {i.item_id: i.count for g in groups for i in g.items}
