"""Ways to cheat that somebody once found: each is now seen, and by which rule."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landport import audit
from landport.audit.counts import REASONS
from landport.audit.fitting import sure_kg
from landport.model.rules import Rules, TrainRule
from tests import nets
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
    "called close far above its bound": (
        "STAGE_STOPPED",
        [
            {"set": "plan.stages[name=route].stopped", "to": "bound"},
            {"set": "plan.stages[name=route].cost", "to": 10_051},
            {"set": "plan.stages[name=route].bound", "to": 10_000},
        ],
        False,
    ),
    "groupage in a type that the hub does not pack": (
        "BOX_TYPE", [{"set": f"{BOX}.container_type", "to": "40GP"}, {"set": f"{BOX}.gross_kg", "to": 7656}], True,
    ),
    "dry groupage in a reefer": (
        "BOX_TYPE", [{"set": f"{BOX}.container_type", "to": "40RH"}, {"set": f"{BOX}.gross_kg", "to": 8546}], True,
    ),
    "cold groupage in a reefer that the hub does not pack": (
        "BOX_TYPE",
        [
            {"set": "scenario.bookings[booking_id=B3].temperature_min_c", "to": 2},
            {"set": "scenario.bookings[booking_id=B4].temperature_min_c", "to": 2},
            {"set": f"{BOX}.container_type", "to": "20RF"},
        ],
        False,
    ),
    "dry goods with cold goods in a reefer": (
        "BOX_TEMPERATURE",
        [
            {"set": "scenario.bookings[booking_id=B3].temperature_max_c", "to": 5},
            {"set": f"{BOX}.container_type", "to": "40RH"},
            {"set": f"{BOX}.gross_kg", "to": 8546},
        ],
        True,
    ),
    "a truck left at a border on its way": (
        "JOURNEY_TRUCK",
        [
            {"set": "scenario.bookings[booking_id=B6].destination_id", "to": "HRG"},
            {"set": "plan.containers[container_id=C00006].destination_id", "to": "HRG"},
            {
                "set": RIDE, "to": {
                    "subject_id": "C00006", "seq": 1, "departure_id": "T-URCALM@2022-07-19", "first_leg": 1,
                    "last_leg": 1, "from_id": "URC", "to_id": "HRG", "departs_at": 2280, "arrives_at": 3000,
                },
            },
        ],
        True,
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


HEAVY = [
    {"set": "scenario.bookings[booking_id=B4].may_split", "to": False},
    {"set": "plan.left[item_id=I2].state", "to": "refused"},
    {"set": "plan.left[item_id=I2].code", "to": "too-large"},
]  # fmt: skip


def _codes(changes: list[dict[str, Any]], *, recount: bool = False) -> set[str]:
    return {v.code for v in audit.check(*changed(changes, recount=recount))}


def test_a_reason_is_no_excuse_to_split() -> None:
    """Pieces left as too large, though they fit, count as a part of their booking left behind."""
    assert _codes(HEAVY) == {"COUNT_SPLIT"}


LARGE = {"item_id": "I3", "length_mm": 3000, "width_mm": 3000, "height_mm": 3000, "count": 1}
BEHIND = {"item_id": "I3", "count": 1, "state": "refused"}


@pytest.mark.parametrize(("code", "mass_g"), [("too-large", 100_000), ("too-heavy", 90_000_000), ("full", 100_000)])
def test_pieces_that_fit_nowhere_do_not_tear_a_booking(code: str, mass_g: int) -> None:
    """A piece that no container takes may stay, whatever its record says; the others of its booking are together."""
    changes = [
        {"set": "scenario.bookings[booking_id=B4].may_split", "to": False},
        {"set": "scenario.items[item_id=I2].count", "to": 3},
        {"drop": "plan.left[item_id=I2]"},
        {"copy": "scenario.items[item_id=I2]", "with": {**LARGE, "mass_g": mass_g}},
        {"add": "plan.left", "row": {"booking_id": "B4", "container_id": "", **BEHIND, "code": code, "why": "w"}},
    ]
    assert "COUNT_SPLIT" not in _codes(changes, recount=True)


def test_the_rest_of_a_booking_stays_together_though_a_piece_fits_nowhere() -> None:
    """A piece that no container takes is no excuse to leave others behind."""
    changes = [
        {"set": "scenario.bookings[booking_id=B4].may_split", "to": False},
        {"copy": "scenario.items[item_id=I2]", "with": LARGE},
        {"add": "plan.left", "row": {"booking_id": "B4", "container_id": "", **BEHIND, "code": "x", "why": "w"}},
    ]
    assert "COUNT_SPLIT" in _codes(changes, recount=True)


def _limit(**changes: Any) -> Rules:
    plain = TrainRule(
        rule_id="r", train_class="X", valid_from=None, valid_to=None, rule="max_box_gross_kg", operator="<=",
        milli=20_000_000, unit="kg", applies_to="box",
    )  # fmt: skip
    return Rules(rates=(), train_rules=(replace(plain, **changes),), forbidden_pairs=())


@pytest.mark.parametrize(
    ("changes", "kg"),
    [
        ({}, 16_060),
        ({"operator": "<"}, 16_059),
        ({"applies_to": "40ft"}, 16_060),
        ({"applies_to": "20ft"}, 26_540),
        ({"milli": 90_000_000}, 26_540),
        ({"rule": "max_gross_t"}, 26_540),
    ],
)
def test_what_any_train_takes_keeps_every_rule_on_boxes(changes: dict[str, Any], kg: int) -> None:
    """Rules of a size and of all boxes, less and less or equal: as RULE_BOX reads them."""
    assert sure_kg(nets.BOX40, _limit(**changes)) == kg


ONLY = ("called close far above its bound", "groupage in a type that the hub does not pack", "dry groupage in a reefer",
        "dry goods with cold goods in a reefer", "a truck left at a border on its way")  # fmt: skip


@pytest.mark.parametrize("cheat", ONLY)
def test_a_cheat_is_told_once(cheat: str) -> None:
    """Its rule says so, and no other."""
    code, changes, recount = CHEATS[cheat]
    assert _codes(changes, recount=recount) == {code}


def test_a_stage_close_to_its_bound_may_say_so() -> None:
    """Within half a percent by effort quick, a fifth by normal."""
    at = [
        {"set": "plan.stages[name=route].stopped", "to": "bound"},
        {"set": "plan.stages[name=route].cost", "to": 10_050},
        {"set": "plan.stages[name=route].bound", "to": 10_000},
    ]
    assert _codes(at) == set()
    assert _codes([*at, {"set": "plan.effort", "to": "normal"}]) == {"STAGE_STOPPED"}


def test_a_departure_boarded_again_is_a_circle() -> None:
    """Off a train, onto another ride, and on the first again: JOURNEY_CIRCLE, even without a place twice."""
    plan, week, world = changed([])
    (whole,) = (r for r in plan.rides if r.subject_id == "C00002")
    first = replace(whole, to_id="HRG", last_leg=1)
    truck = replace(whole, seq=2, departure_id="", first_leg=0, last_leg=0, from_id="HRG", to_id="ALT")
    again = replace(whole, seq=3, first_leg=3, from_id="ALT")
    rides = [r for r in plan.rides if r is not whole] + [first, truck, again]
    found = {
        v.message for v in audit.check(replace(plan, rides=tuple(rides)), week, world) if v.code == "JOURNEY_CIRCLE"
    }
    assert [message.endswith("boards a departure that it left before") for message in found] == [True]


def test_the_auditor_knows_the_reasons_of_the_docs() -> None:
    """Every reason of the page, with the states that it states."""
    page = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8").partition("## Reasons")[2]
    page = page.partition("A cancelled hub train")[0]
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| `")]
    stated = {row[1].strip(" `"): set(re.findall("waiting|refused", row[2])) for row in rows}
    assert stated == {code: set(states) for code, states in REASONS.items()}
