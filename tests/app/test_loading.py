"""From cargo and wishes to the group that is planned, and back from a plan."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from landport import consolidate
from landport.app.loading import MOST_BOXES, LoadOrder, group_again, group_of, load
from landport.errors import InputError
from landport.model.lading import GROUP_ID, NO_LIMIT_KG, LoadPlan, Offer, in_pieces, own_type
from landport.model.loads import LoadedBox, LoadRules, Loads
from landport.model.plans import CargoBlock
from landport.model.result import Limit
from tests.consolidate.cargo import booking, item

BOX = own_type("BOX", (200, 200, 100))
OFFER = Offer(kind=BOX, payload_kg=NO_LIMIT_KG)
BOOKINGS = (booking("A"), booking("B", un_class="1.4S"))
ITEMS = (item("i", "A", (100, 100, 100), 9, mass_g=5), item("j", "B", (100, 100, 100), 1))


def order(**changes):
    given = {"offers": (OFFER,), "rules": LoadRules(), "n_boxes": 1}
    return LoadOrder(**(given | changes))


def earlier(n_y=2, x_mm=0):
    """A plan whose one container holds some pieces of i."""
    block = CargoBlock(item_id="i", x_mm=x_mm, y_mm=0, z_mm=0, dx_mm=100, dy_mm=100, dz_mm=100, nx=1, ny=n_y, nz=1)
    box = LoadedBox(group_id=GROUP_ID, container_type="BOX", booking_ids=("old",), cargo_g=1, blocks=(block,))
    return LoadPlan(
        version="", offers=(OFFER,), rules=LoadRules(), n_boxes=1, may_split=False,
        loads=Loads(boxes=(in_pieces(box),), left=()), n_stowed=(0,), cost=0, bound=0, stopped="effort", seed=0,
        effort=1,
    )  # fmt: skip


def test_the_group_says_what_was_wished():
    """Payload, counts and costs by type; costs only where all have one."""
    rich = Offer(kind=own_type("BIG", (400, 200, 100)), payload_kg=7, n_available=2, cost_usd_cents=900)
    group = group_of(BOOKINGS, ITEMS, order(offers=(rich, OFFER), n_boxes=None))
    assert [k.container_type for k in group.container_types] == ["BIG", "BOX"]
    assert (group.payload_kg, group.n_available) == ({"BIG": 7, "BOX": NO_LIMIT_KG}, {"BIG": 2, "BOX": MOST_BOXES})
    assert (group.cost_usd_cents, group.n_boxes) == ({}, None)
    assert group_of(BOOKINGS, ITEMS, order(offers=(rich,))).cost_usd_cents == {"BIG": 900}


@pytest.mark.parametrize(
    ("refused", "found"),
    [
        (("1",), ("1", "1.4S")),
        (("1.4",), ("1.4", "1.4S")),
        (("1.4S",), ("1.4S",)),
        (("1.1", "UN1202"), ("1.1", "UN1202")),
        ((), ()),
    ],
)
def test_a_class_stands_for_its_divisions(refused, found):
    """So that `--refuse 1` refuses 1.4S, too."""
    assert group_of(BOOKINGS, ITEMS, order(refused=refused)).rules.refused_un == found


def test_what_stands_is_handed_on():
    """Piece by piece, weighed and named anew by the cargo that is read."""
    (box,) = group_of(BOOKINGS, ITEMS, order(onto=earlier())).stowed
    assert [(b.y_mm, b.count) for b in box.blocks] == [(0, 1), (100, 1)]
    assert (box.booking_ids, box.cargo_g, box.group_id) == (("A",), 10, GROUP_ID)


@pytest.mark.parametrize(("n_boxes", "n_available"), [(None, MOST_BOXES), (300, 300), (1, 1)])
def test_containers_without_a_number_are_bounded(n_boxes, n_available):
    """By what is asked for, else so that a count of 10^9 ends."""
    many = Offer(kind=BOX, payload_kg=7, n_available=10**6)
    assert group_of(BOOKINGS, ITEMS, order(offers=(many,), n_boxes=n_boxes)).n_available == {"BOX": n_available}
    assert group_of(BOOKINGS, ITEMS, order(n_boxes=n_boxes)).n_available == {"BOX": n_available}


def test_the_clock_starts_when_planning_does(monkeypatch):
    """What was read and compiled before is not taken off its seconds."""
    readings, limits = iter([7.0, 7.5]), []
    monkeypatch.setattr(consolidate, "warm", lambda: limits.append("warm"))

    def plan(groups, *, seed, limit, plan=consolidate.plan):
        limits.append(limit.remaining())
        return plan(groups, seed=seed, limit=Limit())

    monkeypatch.setattr(consolidate, "plan", plan)
    load(BOOKINGS, ITEMS, order(seconds=2.0, stopwatch=lambda: next(readings)), lambda stage: limits.append(stage))
    assert limits == ["kernels (compiled once on a machine)", "warm", "consolidate", 1.5]


@pytest.mark.parametrize(
    ("onto", "changes", "expected"),
    [
        (earlier(), {"offers": (Offer(kind=own_type("BIG", (1, 1, 1)), payload_kg=1),)}, "has a BOX"),
        (earlier(x_mm=150), {}, "BLOCK_INSIDE"),
        (replace(earlier(), loads=Loads(boxes=earlier().loads.boxes * 2, left=())), {}, "2 containers"),
        (replace(earlier(), loads=Loads(boxes=earlier(2).loads.boxes * 5, left=())), {"n_boxes": 5}, "has 9"),
    ],
)
def test_what_stands_must_fit(onto, changes, expected):
    """Or the reader is told, instead of being shown our rules broken."""
    with pytest.raises(InputError, match=expected):
        group_of(BOOKINGS, ITEMS, order(onto=onto, **changes))


def test_a_plan_gives_back_its_group():
    """With its containers, its rules and what stood there; left pieces find their consignment."""
    said = replace(earlier(), n_stowed=(1,), rules=LoadRules(support_pct=70), n_boxes=3)
    group, loads = group_again(BOOKINGS, ITEMS, said)
    assert (group.rules.support_pct, group.n_boxes, group.container_types) == (70, 3, (BOX,))
    assert [len(box.blocks) for box in group.stowed] == [1]
    assert loads.boxes == said.loads.boxes


def test_a_search_waits_for_nothing_but_what_it_needs():
    """Planners of weeks, the auditor and reports are imported neither before nor during the search."""
    program = """
import sys
from landport import consolidate
from landport.app import loading
late = {"assemble", "audit", "report", "route"}
def plan(*given, **known):
    print(*sorted({name.split(".")[1] for name in sys.modules if name.startswith("landport.")} & late))
    sys.exit()
consolidate.warm, consolidate.plan = (lambda: None), plan
loading.load((), (), loading.LoadOrder(offers=(), rules=loading.LoadRules(), n_boxes=1), lambda stage: None)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "\n"
