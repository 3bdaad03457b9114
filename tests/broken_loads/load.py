"""A tiny load that holds, small enough to check by hand; the files beside it each break one rule of it.

Two containers of 4 x 2 x 2 m, one of them a reefer:

- container 1 held L1's pallets already, at the closed end; before them, in the order in which they come out last, L2's
  cases and a crate on them, and at the door L3, which customs have not released
- container 2 holds two of L4's three pieces, and L6

L5 is refused by its UN number.
"""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from landport.errors import Remark
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadedBox, LoadGroup, LoadRules, Loads
from landport.model.plans import Left
from tests.broken.patch import _apply, _plain
from tests.broken.week import GROUPAGE, block, booking, item

HERE = Path(__file__).parent
CODES = sorted(path.stem for path in HERE.glob("*.json"))


def kind(container_type: str, **changes: Any) -> ContainerType:
    """A dry container of 4 x 2 x 2 m, changed as said."""
    inside = {"inside_length_mm": 4000, "inside_width_mm": 2000, "inside_height_mm": 2000}
    plain = {"name": "", "length_ft": 20, "teu": 1, "outside_length_mm": 4100, "tare_kg": 1000, "max_gross_kg": 9000}
    plain |= inside | {"payload_kg": 8000, "equipment": "dry"}
    return ContainerType(container_type=container_type, **{**plain, **changes})


def lcl(booking_id: str, **changes: Any) -> Booking:
    """Groupage, changed as said."""
    return booking(booking_id, **{**GROUPAGE, **changes})


def pieces(item_id: str, booking_id: str, count: int, *size: int, **changes: Any) -> CargoItem:
    """Pieces of 100 kg that bear 400 kg, changed as said."""
    return item(item_id, booking_id, count, *size, **{"mass_g": 100_000, **changes})


PALLETS = block("I1", (0, 0, 0), (1000, 1000, 500), (2, 2, 2))
RULES = LoadRules(
    cog_length_pct=5, cog_width_pct=5, half_pct=60, refused_un=("UN0012",), forbidden_pairs=(("3", "4.1"), ("4.1", "8"))
)


def group() -> LoadGroup:
    """What is to be loaded."""
    old = LoadedBox(group_id="G", container_type="BOX", booking_ids=("L1",), cargo_g=800_000, blocks=(PALLETS,))
    return LoadGroup(
        group_id="G",
        at_id="URC",
        destination_id="ALM",
        bookings=(
            lcl("L1"),
            lcl("L2", may_split=False, un_class="3", un_number="UN1263"),
            lcl("L3", is_released=False),
            lcl("L4", temperature_min_c=2, temperature_max_c=8),
            lcl("L5", un_class="1.4S", un_number="UN0012"),
            lcl("L6", temperature_max_c=5),
        ),
        items=(
            pieces("I1", "L1", 8, 1000, 1000, 500, unload_order=2, is_rigid=True),
            pieces("I2", "L2", 4, 1000, 1000, 500, unload_order=1),
            pieces("I3", "L3", 4, 800, 1000, 500),
            pieces("I4", "L4", 3, 1900, 1000, 1000),
            pieces("I5", "L2", 1, 600, 600, 400, mass_g=12_000, weighed_g=10_000, unload_order=1),
            pieces("I6", "L6", 2, 1900, 1000, 1000),
            pieces("I7", "L5", 2, 400, 400, 400),
        ),
        ready_at={},
        container_types=(kind("BOX"), kind("COLD", equipment="reefer")),
        payload_kg={"BOX": 2000, "COLD": 2000},
        rules=RULES,
        n_boxes=2,
        n_available={"BOX": 1},
        stowed=(old,),
    )


def loads() -> Loads:
    """What was made of it; it breaks no rule."""
    first = LoadedBox(
        group_id="G",
        container_type="BOX",
        booking_ids=("L1", "L2", "L3"),
        cargo_g=1_610_000,
        blocks=(
            PALLETS,
            block("I2", (2000, 0, 0), (1000, 1000, 500), (1, 2, 2)),
            block("I5", (2000, 0, 1000), (600, 600, 400), (1, 1, 1)),
            block("I3", (3000, 0, 0), (800, 1000, 500), (1, 2, 2)),
        ),
        remarks=(
            Remark("void", "3,400 mm of the length are free", ("length",)),
            Remark("void", "1,400 mm of the width are free", ("width",)),
        ),
    )
    second = LoadedBox(
        group_id="G",
        container_type="COLD",
        booking_ids=("L4", "L6"),
        cargo_g=400_000,
        blocks=(
            block("I4", (0, 0, 0), (1900, 1000, 1000), (1, 2, 1)),
            block("I6", (1900, 0, 0), (1900, 1000, 1000), (1, 2, 1)),
        ),
        remarks=(Remark("void", "200 mm of the length are free", ("length",)),),
    )
    left = (
        Left(booking_id="L4", container_id="", item_id="I4", count=1, state="waiting", code="full", why="no room"),
        Left(booking_id="L5", container_id="", item_id="I7", count=2, state="refused", code="un-refused", why="UN0012"),
    )
    return Loads(boxes=(first, second), left=left)


@cache
def whole() -> dict[str, Any]:
    """Group and loads as one document."""
    return _plain({"group": group(), "loads": loads()})


def read(document: dict[str, Any]) -> tuple[LoadGroup, Loads]:
    """Make group and loads of a document."""
    return msgspec.convert(document["group"], LoadGroup), msgspec.convert(document["loads"], Loads)


def changed(changes: list[dict[str, Any]]) -> tuple[LoadGroup, Loads]:
    """Apply changes as `tests.broken.patch` writes them; places begin with `group` or `loads`."""
    document = deepcopy(whole())
    for change in changes:
        _apply(document, change)
    return read(document)


def broken(code: str) -> tuple[LoadGroup, Loads]:
    """Read the file of a rule, and break the tiny load as it says."""
    return changed(json.loads((HERE / f"{code}.json").read_text("utf-8"))["changes"])
