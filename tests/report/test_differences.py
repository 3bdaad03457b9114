"""What changed between two plans: nothing of a plan against itself, exactly what was changed by hand otherwise."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from landport.model.differences import ContainerChange, Differences
from landport.model.plans import CargoBlock, Left, Plan, PlannedContainer, Ride, TrainRun
from landport.report import compare, difference_rows, show_differences
from landport.report.pairing import pairs
from tests.broken.week import FEEDER, OTHER, TRAIN, tiny

LEFT = Left(
    booking_id="B6", container_id="C00006", item_id="", count=1, state="waiting", code="full", why="leg 1 of F is full"
)


def said(found: Differences) -> str:
    """What the terminal shows."""
    text = io.StringIO()
    show_differences(Console(file=text, width=200), found)
    return text.getvalue().replace("\u202f", " ")


def rides(plan: Plan, container_id: str) -> tuple[Ride, ...]:
    return tuple(r for r in plan.rides if r.subject_id == container_id)


def test_a_plan_does_not_differ_from_itself() -> None:
    """No record changed, costs are equal, and the screen says that nothing moved."""
    plan = tiny()[0]
    found = compare(plan, plan)
    assert found.is_empty
    assert (found.n_same, found.n_before, found.n_after) == (6, 6, 6)
    assert found.containers == found.loose == found.trains == ()
    assert all(k.usd_cents_before == k.usd_cents_after for k in found.kinds)
    assert "6 boxes ride or wait as before; nothing moved." in said(found)


def test_a_moved_container_is_found() -> None:
    """Another departure, a day later: one change, with both departures, both arrivals and both costs."""
    plan = tiny()[0]
    later = [replace(r, departure_id=OTHER, arrives_at=r.arrives_at + 1440) for r in rides(plan, "C00002")]
    rest = tuple(r for r in plan.rides if r.subject_id != "C00002")
    found = compare(plan, replace(plan, rides=(*rest, *later)))
    (only,) = found.containers
    assert (only.container_id, only.was_id, only.what, only.booking_ids) == ("C00002", "C00002", "moved", ("B2",))
    assert (only.before, only.after, only.later_minutes) == ((TRAIN,), (OTHER,), 1440)
    assert (
        only.usd_cents_before
        == only.usd_cents_after
        == sum(c.usd_cents for c in plan.charges if c.subject_id == "C00002")
    )
    assert found.n_same == 5
    assert f"C00002 (B2) moved from {TRAIN} to {OTHER}, 24 h later" in said(found)


def test_a_container_left_and_one_taken_are_told_with_reasons() -> None:
    """One that rode is left with its reason; the other way round it is taken."""
    plan = tiny()[0]
    without = replace(plan, rides=tuple(r for r in plan.rides if r.subject_id != "C00006"), left=(*plan.left, LEFT))
    (gone,) = compare(plan, without).containers
    assert (gone.what, gone.code, gone.why, gone.after) == ("left", "full", LEFT.why, ())
    assert gone.later_minutes is None
    assert f"C00006 (B6) rode {FEEDER}; left now: leg 1 of F is full" in said(compare(plan, without))
    (back,) = compare(without, plan).containers
    assert (back.what, back.after) == ("taken", (FEEDER,))
    other = tuple(replace(x, code="dear") if x.container_id == "C00005" else x for x in plan.left)
    (again,) = compare(plan, replace(plan, left=other)).containers
    assert (again.what, again.container_id, again.code) == ("reason", "C00005", "dear")


def test_trains_are_told_with_their_reason() -> None:
    """Newly run, newly cancelled, and no longer decided."""
    plan = tiny()[0]
    runs = {r.departure_id: r for r in plan.runs}
    changed = {
        OTHER: TrainRun(departure_id=OTHER, status="run"),
        TRAIN: replace(runs[TRAIN], status="cancelled", why="ice"),
    }
    gone = next(d for d in runs if d not in changed)
    now = replace(plan, runs=tuple(changed.get(d, r) for d, r in runs.items() if d != gone))
    found = {t.departure_id: (t.before, t.after, t.why) for t in compare(plan, now).trains}
    assert found == {
        OTHER: ("cancelled", "run", ""),
        TRAIN: ("run", "cancelled", "ice"),
        gone: ("cancelled", "", ""),
    }
    assert f"{TRAIN} is cancelled; it ran: ice" in said(compare(plan, now))


def test_wagons_pieces_and_minutes_are_counted() -> None:
    """Another wagon of the same train, other pieces inside, and another minute of arrival move nothing."""
    plan = tiny()[0]
    swapped = tuple(replace(w, seq={1: 3, 3: 1}.get(w.seq, w.seq)) for w in plan.wagons)
    assert compare(plan, replace(plan, wagons=swapped)).n_other_wagon == 0
    other = tuple(replace(w, wagon_type="NX70A") if w.seq == 2 else w for w in plan.wagons)
    assert compare(plan, replace(plan, wagons=other)).n_other_wagon == 2
    fewer = tuple(replace(c, blocks=c.blocks[:-1]) if c.blocks else c for c in plan.containers)
    assert compare(plan, replace(plan, containers=fewer)).n_repacked == 1
    late = tuple(replace(r, arrives_at=r.arrives_at + 5) if r.departure_id == FEEDER else r for r in plan.rides)
    found = compare(plan, replace(plan, rides=late))
    assert (found.n_retimed, found.n_same, found.containers) == (1, 6, ())


def test_pieces_that_no_container_takes_are_told() -> None:
    """Their number before and after."""
    plan = tiny()[0]
    (loose,) = compare(plan, replace(plan, left=tuple(x for x in plan.left if not x.item_id))).loose
    assert (loose.item_id, loose.count_before, loose.count_after, loose.why) == ("I2", 2, 0, "")


def test_costs_are_summed_by_kind() -> None:
    """A kind that only one plan has is there, too."""
    plan = tiny()[0]
    without = replace(plan, charges=tuple(c for c in plan.charges if c.kind != "late"))
    late = next(k for k in compare(plan, without).kinds if k.kind == "late")
    assert late.usd_cents_before > 0 == late.usd_cents_after


def test_another_week_gets_a_remark() -> None:
    """Plans of two weeks are compared all the same."""
    plan = tiny()[0]
    found = compare(plan, replace(plan, scenario_digest="fedcba987654"))
    assert not found.is_same_week
    assert "made from different weeks" in said(found)


def test_containers_are_told_in_groups() -> None:
    """Those that changed alike stand in one line, ids that follow each other as a range."""
    alike = [
        ContainerChange(
            container_id=f"C{n:05d}",
            was_id=f"C{n:05d}",
            booking_ids=("B1",),
            what="moved",
            before=("A@1",),
            after=("A@2",),
            arrives_before_at=0,
            arrives_after_at=720,
            usd_cents_before=0,
            usd_cents_after=10_000,
        )
        for n in (12, 13, 14)
    ]
    found = replace(compare(tiny()[0], tiny()[0]), containers=tuple(alike))
    assert "C00012-C00014 (3 boxes of B1) moved from A@1 to A@2, 12 h later; 300 USD more with weights" in said(found)
    assert [row.container_id for row in difference_rows(found)] == ["C00012", "C00013", "C00014"]


def _lcl(container_id: str, **pieces: int) -> PlannedContainer:
    box = next(b for b in tiny()[0].containers if b.blocks)
    block: CargoBlock = box.blocks[0]
    blocks = tuple(replace(block, item_id=i, nx=n, ny=1, nz=1) for i, n in pieces.items())
    return replace(box, container_id=container_id, blocks=blocks)


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (["C2", "C1"], {"C1": "C1", "C2": "C2"}),
        (["C7", "C8"], {"C1": "C7", "C2": "C8"}),
        (["C1"], {"C1": "C1"}),
    ],
)
def test_groupage_is_matched_by_what_is_inside(after: list[str], found: dict[str, str]) -> None:
    """The same pieces under another id are the same container; the same id with nothing in common is not."""
    plan = tiny()[0]
    inside = {"C1": {"I1": 4}, "C2": {"I2": 3}, "C7": {"I1": 4}, "C8": {"I1": 1, "I2": 3}}
    old = replace(plan, containers=tuple(_lcl(c, **inside[c]) for c in ("C1", "C2")))
    new = replace(plan, containers=tuple(_lcl(c, **inside[c]) for c in after))
    assert pairs(old, new) == found


def test_boxes_of_a_booking_are_matched_in_order() -> None:
    """Ids that shifted with a booking before them are found by their booking."""
    plan = tiny()[0]
    shifted = tuple(
        replace(b, container_id=f"C{int(b.container_id[1:]) - 1:05d}")
        for b in plan.containers
        if b.container_id != "C00001"
    )
    found = pairs(plan, replace(plan, containers=shifted))
    assert found["C00006"] == "C00005"
    assert found["C00002"] in {"C00001", "C00002"}
    assert "C00001" not in found
    assert len(set(found.values())) == len(found) == 5
