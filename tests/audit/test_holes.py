"""Ways to cheat that somebody once found: each is now seen, and by which rule."""

from __future__ import annotations

from typing import Any

import pytest

from landport import audit
from tests.broken.patch import changed

BOX = "plan.containers[container_id=C00004]"
BLOCK = {"item_id": "I2", "x_mm": 0, "y_mm": 0, "z_mm": 0, "dx_mm": 800, "dy_mm": 600, "dz_mm": 500}
TWO = [
    {"set": "scenario.bookings[booking_id=B4].may_split", "to": False},
    {
        "copy": BOX,
        "with": {
            "container_id": "C00007", "booking_ids": ["B4"], "master_id": "M00002", "priority": 0, "cargo_kg": 200,
            "gross_kg": 4140, "blocks": [{**BLOCK, "nx": 1, "ny": 2, "nz": 1}],
        },
    },
    {"copy": "plan.left[container_id=C00005]", "with": {"booking_id": "B4", "container_id": "C00007"}},
    {"drop": "plan.left[item_id=I2]"},
]  # fmt: skip
RIDE = "plan.rides[subject_id=C00006,seq=1]"

CHEATS: dict[str, tuple[str, list[dict[str, Any]], bool]] = {
    "a booking in two containers": ("COUNT_SPLIT", TWO, True),
    "packed before now": (
        "BOX_READY",
        [
            {"set": "scenario.now_at", "to": 800},
            {"set": "scenario.bookings[booking_id=B4].ready_at", "to": 0},
            {"set": "plan.rides[subject_id=B4].departs_at", "to": 0},
        ],
        True,
    ),
    "ready later than it is, to pay less time": ("BOX_READY", [{"set": f"{BOX}.ready_at", "to": 2780}], True),
    "a booking named twice": ("BOX_BOOKINGS", [{"set": f"{BOX}.booking_ids", "to": ["B3", "B3", "B4"]}], False),
    "called optimal above its bound": (
        "STAGE_STOPPED", [{"set": "plan.stages[name=assemble].stopped", "to": "optimal"}], False,
    ),
    "a bound below nothing": ("STAGE_BOUND", [{"set": "plan.stages[name=assemble].bound", "to": -1}], False),
    "fewer containers than were packed": (
        "STAGE_COST",
        [
            {"set": "plan.stages[name=consolidate].cost", "to": 0},
            {"set": "plan.stages[name=consolidate].bound", "to": 0},
        ],
        False,
    ),
    "an effort nobody knows": ("PLAN_HEAD", [{"set": "plan.effort", "to": "banana"}], False),
    "the name of another week": ("PLAN_HEAD", [{"set": "plan.name", "to": "other"}], False),
}  # fmt: skip


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_is_seen(cheat: str) -> None:
    """Its rule says so."""
    code, changes, recount = CHEATS[cheat]
    assert code in {v.code for v in audit.check(*changed(changes, recount=recount))}


def test_one_ride_told_as_two_is_seen() -> None:
    """Getting off and on the same train is no journey, whatever transfer it pays."""
    plan, _, _ = changed([])
    (whole,) = (r for r in plan.rides if r.subject_id == "C00002")
    split = changed(
        [
            {"set": "plan.rides[subject_id=C00002].to_id", "to": "HRG"},
            {"set": "plan.rides[subject_id=C00002].last_leg", "to": 1},
            {
                "copy": "plan.rides[subject_id=C00002]",
                "with": {"seq": 2, "first_leg": 2, "from_id": "HRG", "to_id": "ALM", "last_leg": whole.last_leg},
            },
        ]
    )
    found = [v for v in audit.check(*split) if v.code == "JOURNEY_CHAIN"]
    assert ["one ride, not two" in v.message for v in found] == [True]
