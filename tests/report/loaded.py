"""Load plans to show: small cargo of several consignees, packed by hand."""

from __future__ import annotations

from dataclasses import replace

from landport.errors import Remark
from landport.model.loads import LoadedBox, LoadGroup, LoadRules, Loads
from landport.model.plans import CargoBlock, Left
from landport.model.result import Result
from tests.consolidate import cargo

NAMES = ("Almaty Textile", "Bishkek Optics", "Сибирь Свет")
HOSTILE = "</script><b onclick=alert(1)>&'\""


def block(item_id: str, at: tuple[int, int, int], size: tuple[int, int, int], grid=(1, 1, 1)) -> CargoBlock:
    (x, y, z), (dx, dy, dz), (nx, ny, nz) = at, size, grid
    return CargoBlock(item_id=item_id, x_mm=x, y_mm=y, z_mm=z, dx_mm=dx, dy_mm=dy, dz_mm=dz, nx=nx, ny=ny, nz=nz)


def group(**changes: object) -> LoadGroup:
    """Three consignees: cubes of 500 mm, flat cartons on them, and a crate that is never released."""
    bookings = [cargo.booking(f"B{n}", consignee=name) for n, name in enumerate(NAMES)]
    items = [
        cargo.item("CUBE", "B0", (500, 500, 500), 40, unload_order=3, mass_g=20_000),
        cargo.item("FLAT", "B1", (600, 400, 200), 12, unload_order=2, mass_g=5_500, vertical="lwh"),
        cargo.item("CRATE", "B2", (1000, 900, 800), 3, unload_order=1, mass_g=90_000),
    ]
    given = cargo.group(bookings, items, [cargo.kind(inside=(6000, 2300, 2400))], payload_kg=21_000)
    return replace(given, **changes)


def box(blocks: tuple[CargoBlock, ...], of: LoadGroup, **changes: object) -> LoadedBox:
    items = {i.item_id: i for i in of.items}
    owners = dict.fromkeys(items[b.item_id].booking_id for b in blocks)
    grams = sum(b.count * items[b.item_id].piece_g for b in blocks)
    base = LoadedBox(group_id="G", container_type="40HC", booking_ids=tuple(owners), cargo_g=grams, blocks=blocks)
    return replace(base, **changes)


FIRST = (  # given from the door: a loader cannot take them in this order
    block("CRATE", (2600, 0, 0), (1000, 900, 800), (2, 1, 1)),
    block("FLAT", (0, 0, 1000), (600, 400, 200), (3, 5, 1)),
    block("CUBE", (0, 0, 0), (500, 500, 500), (5, 4, 2)),
)
SECOND = (block("CRATE", (0, 0, 0), (1000, 900, 800)), block("FLAT", (1000, 0, 0), (200, 400, 600), (1, 2, 1)))


def planned(**changes: object) -> tuple[LoadGroup, Result[Loads]]:
    """Two containers, a gap to secure, pieces left for two reasons."""
    rules = LoadRules(cog_length_pct=5, cog_width_pct=50, half_pct=60)
    of = group(rules=rules, n_boxes=2, **changes)
    gap = Remark("void", "gaps of 2400 mm along the length at y 0, z 0", ("length",))
    loads = Loads(
        boxes=(box(FIRST, of, remarks=(gap,)), box(SECOND, of)),
        left=(
            left("B1", "FLAT", 3, "waiting", "no-room", "no space is left"),
            left("B0", "CUBE", 2, "waiting", "no-room", "no space is left"),
            left("B2", "CRATE", 1, "refused", "un-refused", "UN 1950 is not taken"),
        ),
    )
    return of, Result(plan=loads, cost=1_114_000_000, bound=1_000_000_000, stopped="effort", seed=7)


def left(booking_id: str, item_id: str, count: int, state: str, code: str, why: str) -> Left:
    return Left(booking_id=booking_id, container_id="", item_id=item_id, count=count, state=state, code=code, why=why)
