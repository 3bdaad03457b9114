"""The auditor never raises on a load, and lets no figure of one pass unjudged; large loads are judged whole."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from landport import audit
from landport.model.loads import LoadedBox, LoadGroup, LoadRules, Loads
from landport.model.plans import CargoBlock
from tests.audit.test_any_plan import NUMBERS, _holder, _spoil, _spots
from tests.broken.week import block
from tests.broken_loads.load import kind, lcl, pieces, read, whole

WORDS = ("", "L1", "L4", "I1", "I5", "BOX", "COLD", "G", "void", "length", "1.4S", "lwh")
FREE = ("why", "code")  # of left records: any words, any word (what is no word is found)


@cache
def _all_spots() -> tuple[tuple[Any, ...], ...]:
    return tuple(_spots(whole()))


@given(st.data())
def test_no_load_makes_the_auditor_raise(data):
    """Rows of loads and group vanish or double, ids are swapped, numbers run wild: there is always an answer."""
    document = copy.deepcopy(whole())
    for _ in range(data.draw(st.integers(1, 6))):
        path = data.draw(st.sampled_from(_all_spots()))
        number, word = data.draw(st.sampled_from(NUMBERS)), data.draw(st.sampled_from(WORDS))
        _spoil(document, path, number, word, twice=data.draw(st.booleans()))
    for violation in audit.check_load(*read(document)):
        assert violation.code in audit.LOAD_RULES
        assert violation.message


def test_every_figure_of_a_load_is_judged():
    """Whatever number or word of the tiny load is changed, the auditor notices, but for what is free."""
    document, unnoticed = copy.deepcopy(whole()), set()
    for path in _all_spots():
        holder = _holder(document, path)
        value = holder[path[-1]]
        if isinstance(value, dict | list) or path[0] != "loads" or path[-1] in FREE:
            continue
        for other in (value + 1, value - 1) if isinstance(value, int) else (f"{value}x",):
            holder[path[-1]] = other
            if not audit.check_load(*read(document)):
                unnoticed.add((path[1:], other))
        holder[path[-1]] = value
    crate, pallets = ("boxes", 0, "blocks", 2), ("boxes", 1, "blocks", 1)
    assert unnoticed == {
        ((*crate, "x_mm"), 2001),  # another spot on the same tops
        ((*crate, "x_mm"), 1999),
        ((*crate, "y_mm"), 1),
        ((*pallets, "x_mm"), 1901),  # nearer to the door
        (("boxes", 0, "blocks", 3, "x_mm"), 3001),
        *(((("boxes", n, "remarks", k, "message")), f"{m}x") for n, k, m in _messages()),
    }


def _messages() -> list[tuple[int, int, str]]:
    boxes = whole()["loads"]["boxes"]
    return [(n, k, remark["message"]) for n, box in enumerate(boxes) for k, remark in enumerate(box["remarks"])]


SIDES = (40, 20, 20)


def large() -> LoadGroup:
    """Cubes of 10 cm, so many as fill a container; half of them come out first."""
    inside = (100 * n for n in SIDES)
    sides = dict(zip(("inside_length_mm", "inside_width_mm", "inside_height_mm"), inside, strict=True))
    bears = {"mass_g": 100, "max_layers": 20, "max_on_top_g": 1900}
    return LoadGroup(
        group_id="G",
        at_id="URC",
        destination_id="ALM",
        bookings=(lcl("L1"), lcl("L2")),
        items=tuple(pieces(f"I{n}", f"L{n}", 8_000, 100, 100, 100, unload_order=3 - n, **bears) for n in (1, 2)),
        ready_at={},
        container_types=(kind("BOX", **sides),),
        payload_kg={"BOX": 30_000},
        rules=LoadRules(cog_length_pct=5, cog_width_pct=5, half_pct=60),
    )


def cubes(*, across: bool = False) -> list[CargoBlock]:
    """Every cube a block of its own: the first item at the closed end, or on the left over the whole length."""
    found = []
    for x, y, z in product(*(range(n) for n in SIDES)):
        item_id = "I1" if (y < SIDES[1] // 2 if across else x < SIDES[0] // 2) else "I2"
        found.append(block(item_id, (100 * x, 100 * y, 100 * z), (100, 100, 100), (1, 1, 1)))
    return found


def judged(blocks: list[CargoBlock]) -> set[str]:
    box = LoadedBox(
        group_id="G", container_type="BOX", booking_ids=("L1", "L2"), cargo_g=1_600_000, blocks=tuple(blocks)
    )
    return {v.code for v in audit.check_load(large(), Loads(boxes=(box,), left=()))}


def test_thousands_of_single_pieces_are_judged():
    """A load of single pieces that holds; the same with one astray, and with two that changed places."""
    assert judged(cubes()) == set()
    astray, swapped = cubes(), cubes()
    astray[9_321] = replace(astray[9_321], y_mm=astray[9_321].y_mm + 1)
    assert "BLOCK_OVERLAP" in judged(astray)
    swapped[0], swapped[-1] = replace(swapped[0], item_id="I2"), replace(swapped[-1], item_id="I1")
    assert judged(swapped) == {"BLOCK_UNLOAD"}
    assert judged(cubes(across=True)) == set()  # side by side nothing stands in the way


def test_a_heap_is_told_as_what_it_is():
    """All pieces in two places, one on the other: they overlap; nobody asks who of them stands on whom."""
    heap = [replace(b, x_mm=0, y_mm=0, z_mm=100 * (n % 2)) for n, b in enumerate(cubes())]
    assert {code for code in judged(heap) if code.startswith("BLOCK_")} == {"BLOCK_OVERLAP", "BLOCK_UNLOAD"}
