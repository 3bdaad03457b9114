"""Cargo on which a search that has lost one check goes wrong, and an audit of how it is loaded.

Run as a program with the name of a cargo: prints the codes of the rules that its load breaks.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from landport.audit import check_load
from landport.consolidate import plan
from landport.model.loads import LoadedBox, LoadRules
from landport.model.plans import CargoBlock
from landport.model.result import Limit
from tests.consolidate.cargo import booking, group, item, kind


def cargo(inside, *rows, payload_kg=26_000, stowed=(), **changes):
    """One container and an item a row: size, count, and what else is said of it."""
    bookings = [booking(f"B{n}", may_split=True) for n in range(len(rows))]
    items = [item(f"I{n}", f"B{n}", size, count, **said) for n, (size, count, said) in enumerate(rows)]
    of = group(bookings, items, (kind(inside=inside),), payload_kg)
    return replace(of, n_boxes=1, stowed=stowed, **changes)


def stood(item_id, mass_g, at, size):
    """A container in which one piece stands already."""
    sides = dict(zip(("x_mm", "y_mm", "z_mm", "dx_mm", "dy_mm", "dz_mm"), (*at, *size), strict=True))
    block = CargoBlock(item_id=item_id, **sides, nx=1, ny=1, nz=1)
    owner = item_id.replace("I", "B")
    return LoadedBox(group_id="G", container_type="40HC", booking_ids=(owner,), cargo_g=mass_g, blocks=(block,))


FIRST, SECOND = {"unload_order": 1}, {"unload_order": 2}
HEAVY = {"mass_g": 9_000}
BEARS_NOTHING = {"max_on_top_g": 0}
WEAK = {"mass_g": 50_000, "max_on_top_g": 9}
HELD_LOW = (stood("I0", 1000, (0, 0, 0), (10, 10, 4)),)
AT_THE_DOOR = (stood("I0", 1000, (6, 0, 0), (4, 10, 10)),)
HELD_SHORT = (stood("I0", 1000, (0, 0, 0), (4, 10, 10)),)

EIGHTY, MOST = LoadRules(support_pct=80), LoadRules(support_pct=85)

CARGO = {
    "payload": cargo((20, 10, 10), ((10, 10, 5), 2, HEAVY), ((10, 9, 5), 2, HEAVY), payload_kg=20),
    "pressure": cargo((10, 10, 10), ((10, 10, 6), 1, {"max_on_top_g": 2_000}), ((10, 10, 4), 1, WEAK)),
    "layers": cargo((10, 10, 10), ((10, 10, 5), 2, {"max_layers": 1})),
    "rigid": cargo((10, 10, 10), ((10, 10, 6), 1, {}), ((10, 10, 4), 1, {"is_rigid": True, "max_on_top_g": 0})),
    "behind": cargo((10, 10, 10), ((4, 10, 10), 1, SECOND), ((6, 10, 10), 1, FIRST), stowed=AT_THE_DOOR),
    "before": cargo((10, 10, 10), ((4, 10, 10), 1, FIRST), ((6, 10, 10), 1, SECOND), stowed=HELD_SHORT),
    "on a held one": cargo((10, 10, 10), ((10, 10, 4), 1, FIRST), ((10, 10, 6), 1, SECOND), stowed=HELD_LOW),
    "gap": cargo((15, 5, 10), ((5, 5, 5), 1, {}), ((5, 4, 5), 1, {}), ((15, 4, 4), 1, BEARS_NOTHING)),
    "hangs over": cargo((10, 10, 10), ((9, 9, 5), 1, {}), ((10, 10, 5), 1, BEARS_NOTHING), rules=MOST),
    "on a weak top": cargo(
        (10, 10, 10), ((5, 10, 6), 1, {}), ((5, 10, 6), 1, {"max_on_top_g": 9}), ((10, 9, 4), 1, WEAK), rules=EIGHTY
    ),
    "hangs behind": cargo(
        (10, 10, 10), ((4, 10, 10), 1, SECOND), ((6, 10, 10), 1, FIRST), stowed=AT_THE_DOOR, rules=EIGHTY
    ),
    "above": cargo((10, 10, 10), ((6, 10, 5), 1, SECOND), ((10, 10, 5), 1, FIRST)),
    "overlap": cargo((10, 10, 10), ((6, 10, 10), 1, {}), ((5, 10, 10), 1, {})),
    "counts": cargo((10, 10, 10), ((10, 10, 6), 1, {}), ((10, 10, 1), 1, {}), ((10, 10, 2), 1, {})),
    "vertical": cargo((10, 10, 4), ((10, 4, 10), 1, {"vertical": "h"})),
}
"""By what is lost."""


def broken(of) -> set[str]:
    """Load it; answers the rules that are broken."""
    return {v.code for v in check_load(of, plan([of], limit=Limit(effort=1)).plan)}


if __name__ == "__main__":
    print(*sorted(broken(CARGO[sys.argv[1]])))
