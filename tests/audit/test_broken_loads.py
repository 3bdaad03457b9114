"""One load per rule that breaks exactly it, and the ways around each rule that are seen, too."""

import json

import pytest

from landport import audit
from tests.broken_loads.load import CODES, HERE, broken, changed, group, loads

X, COLD = "loads.boxes[0]", "loads.boxes[1]"
CRATE = f"{X}.blocks[item_id=I5]"
TWICE = {"item_id": "I4", "x_mm": 3000, "y_mm": 0, "z_mm": 1000, "dx_mm": 1900, "dy_mm": 1000, "dz_mm": 1000}


def put(place: str, to: object) -> dict[str, object]:
    return {"set": place, "to": to}


def of(item_id: str, field: str) -> str:
    return f"group.items[item_id={item_id}].{field}"


def lot(booking_id: str, field: str) -> str:
    return f"group.bookings[booking_id={booking_id}].{field}"


def codes(*changes: dict[str, object]) -> set[str]:
    return {v.code for v in audit.check_load(*changed([*changes]))}


def test_the_tiny_load_holds():
    """The load that all others are made from breaks no rule, read back from JSON too."""
    assert audit.check_load(group(), loads()) == ()
    assert changed([]) == (group(), loads())


def test_every_rule_has_a_broken_load():
    """Every code has its file, and every file its code."""
    assert sorted(audit.LOAD_RULES) == CODES


def test_rules_of_both_are_the_same():
    """A rule that weeks and loads share has one sentence."""
    both = audit.RULES.keys() & audit.LOAD_RULES.keys()
    assert {code for code in both if code.startswith("BLOCK_")} == {c for c in audit.RULES if c.startswith("BLOCK_")}
    assert all(audit.RULES[code] == audit.LOAD_RULES[code] for code in both)


@pytest.mark.parametrize("code", CODES)
def test_a_broken_load_breaks_its_rule_only(code):
    """The auditor finds the rule that the file is named after, and no other."""
    found = audit.check_load(*broken(code))
    assert {v.code for v in found} == {code}, "\n".join(f"{v.code}: {v.message}" for v in found)
    for violation in found:
        assert violation.message
        assert violation.about
        assert all(violation.about)
    says = json.loads((HERE / f"{code}.json").read_text("utf-8"))["says"]
    assert says[0].isupper()
    assert says[-1] == "."


CHEATS = {
    "above": ("BLOCK_UNLOAD", put(of("I5", "unload_order"), 2)),
    "last of all": ("BLOCK_UNLOAD", put(of("I2", "unload_order"), 0)),
    "held below released goods": ("BLOCK_DOOR", put(f"{CRATE}.x_mm", 3000)),
    "turned rigid pallet": (
        "BLOCK_RIGID",
        put(of("I1", "vertical"), "lwh"), put(of("I1", "height_mm"), 1000), put(of("I1", "length_mm"), 500),
    ),
    "off the middle lengthwise": ("BOX_BALANCE", put("group.rules.cog_length_pct", 0)),
    "off the middle across": ("BOX_BALANCE", put("group.rules.cog_width_pct", 0)),
    "too much at the closed end": ("BOX_BALANCE", put("group.rules.half_pct", 52)),
    "a type not on offer": ("LOAD_TYPE", put(f"{COLD}.container_type", "COOL")),
    "more containers than there are": ("LOAD_TYPE", put("group.n_boxes", 1)),
    "another group": ("LOAD_BOOKINGS", put(f"{X}.group_id", "H")),
    "a booking that is not named": ("LOAD_BOOKINGS", put(f"{X}.booking_ids", ["L1", "L2"])),
    "a booking of which there is no piece": ("LOAD_BOOKINGS", put(f"{X}.booking_ids", ["L1", "L2", "L3", "L4"])),
    "in two containers": (
        "LOAD_TOGETHER",
        put(of("I4", "booking_id"), "L2"), put(lot("L2", "temperature_min_c"), 2), put(of("I4", "count"), 2),
    ),
    "loaded twice": ("LOAD_COUNT", {"add": f"{COLD}.blocks", "row": {**TWICE, "nx": 1, "ny": 1, "nz": 1}}),
    "forgotten": ("LOAD_COUNT", {"drop": "loads.left[item_id=I4]"}),
    "an unknown item left": ("LOAD_COUNT", put("loads.left[item_id=I4].item_id", "I9")),
    "left under another booking": ("LOAD_COUNT", put("loads.left[item_id=I4].booking_id", "L6")),
    "less than nothing left": (
        "LOAD_COUNT",
        put("loads.left[item_id=I4].count", -1), put(of("I4", "count"), 1),
    ),
    "refused by class": ("LOAD_REFUSED", put("group.rules.refused_un", ["3", "UN0012"])),
    "refused by division": ("LOAD_REFUSED", put(lot("L3", "un_class"), "1.4G"), put("group.rules.refused_un", ["1.4"])),
    "a class nobody knows": ("LOAD_SEGREGATION", put(lot("L3", "un_class"), "7")),
    "warm goods with cold ones": ("LOAD_TEMPERATURE", put(lot("L6", "temperature_max_c"), None)),
    "warm goods in a reefer": (
        "LOAD_TEMPERATURE",
        *(put(lot("L4", f"temperature_{end}_c"), None) for end in ("min", "max")),
        put(lot("L6", "temperature_max_c"), None),
    ),
    "cold goods in a dry container": (
        "LOAD_TEMPERATURE", *(put(lot(b, "temperature_min_c"), 2) for b in ("L1", "L2", "L3")),
    ),
    "a gap remarked twice": ("LOAD_VOID", {"copy": f"{X}.remarks[0]", "with": {}}),
    "a gap with too small a figure": ("LOAD_VOID", put(f"{X}.remarks[0].message", "400 mm are free")),
    "a gap that is none": ("LOAD_VOID", put("group.rules.void_mm", 200)),
    "a gap upwards": ("LOAD_VOID", {"copy": f"{X}.remarks[0]", "with": {"about": ["height"]}}),
    "the partly loaded one is not the first": ("LOAD_STOWED", put("group.stowed[0].container_type", "COLD")),
    "left in no known state": ("LOAD_WHY", put("loads.left[item_id=I4].state", "gone")),
    "left by no code": ("LOAD_WHY", put("loads.left[item_id=I4].code", "")),
    "refused goods that wait": ("LOAD_WHY", put("loads.left[item_id=I7].state", "waiting")),
    "called refused": ("LOAD_WHY", put("loads.left[item_id=I4].code", "un-refused")),
}  # fmt: skip


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_is_seen(cheat):
    """Its rule says so."""
    code, *changes = CHEATS[cheat]
    assert code in codes(*changes)


RELEASED = [put(lot("L3", "is_released"), True), put(of("I3", "unload_order"), 1)]
ALLOWED = {
    "no number": [put(of("I1", "unload_order"), 0)],
    "all held": [put(lot(b, "is_released"), False) for b in ("L1", "L2")],  # L3 is
    "held goods have no order": [put(of("I3", "unload_order"), 9)],
    "two thirds of the base": [
        put("group.rules.support_pct", 66), put(f"{CRATE}.x_mm", 3400), *RELEASED,
    ],
    "floating": [put("group.rules.support_pct", 0), put(f"{CRATE}.z_mm", 1200)],
    "class 9": [put(lot("L3", "un_class"), "9")],
    "a partly loaded container is at hand": [put("group.n_available", {"BOX": 0})],
    "partly loaded bookings may stay behind": [
        put(lot("L1", "may_split"), False),
        put(of("I1", "count"), 9),
        {"copy": "loads.left[item_id=I4]", "with": {"item_id": "I1", "booking_id": "L1"}},
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_allowed_is_not_reported(name):
    """No rule is stricter than it says."""
    assert codes(*ALLOWED[name]) == set()


def test_a_block_may_not_hide_the_piece_that_is_borne_least():
    """Of two crates side by side over an edge one stands wholly, the other by two thirds; together by five sixths."""
    over_the_edge = [
        put(of("I5", "count"), 2),
        put(f"{CRATE}.nx", 2),
        put(f"{CRATE}.x_mm", 2800),
        put(f"{X}.cargo_g", 1_620_000),
        put(f"{X}.remarks[0].message", "2,800 mm"),
        *RELEASED,
    ]
    assert codes(*over_the_edge, put("group.rules.support_pct", 66)) == set()
    assert codes(*over_the_edge, put("group.rules.support_pct", 70)) == {"BLOCK_SUPPORT"}
