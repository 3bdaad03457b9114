"""Instances as landport has them, and its plans as single boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bench.loading.groupage import PAYLOAD_KG, booking, group
from bench.loading.instances import Instance, Row
from landport.model.bookings import CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadedBox, LoadGroup, LoadRules
from landport.reference import load

MODES = ("free", "support-80", "supported", "on-top", "lifo", "balance")
"""Each obeys what those before it obey: nothing; support of 80 % of every base, of all of it; what tops bear; unloading
order; centre of gravity."""

FLEETS = ("fewest", "cheapest")
"""All in the fewest 40HC; all in the cheapest mix."""

USD_CENTS = {"20GP": 1800_00, "40GP": 2900_00, "40HC": 3000_00, "45HC": 3500_00}
"""Assumed, to have a fleet in which sizes compete."""

FLEET_KG = {**PAYLOAD_KG, "40GP": 21_250, "45HC": 20_180}
"""25,000 kg gross on a 40-ft position, less the tare."""


def rules(mode: str) -> LoadRules:
    """Rules of a mode or fleet."""
    if mode != "balance":
        return LoadRules(support_pct={"free": 0, "support-80": 80}.get(mode, 100))
    return LoadRules(support_pct=100, cog_length_pct=5, cog_width_pct=5, half_pct=60)


def to_group(instance: Instance, mode: str) -> LoadGroup:
    """Lay an instance in millimetres out for the planner: best fill of one container, or all in a fleet."""
    if mode in FLEETS:
        return _fleet(instance, mode)
    names = ["B"] * len(instance.rows)
    if mode in ("lifo", "balance"):
        names = [f"B{row.consignee}" for row in instance.rows]
    items = [_item(instance, k, name, mode) for k, name in enumerate(names)]
    bookings = [booking(name, may_split=True) for name in sorted(set(names))]
    kind = _kind(instance)
    made = group(instance.name, bookings, items, [kind], {kind.container_type: 10**6})
    return replace(made, rules=rules(mode), n_boxes=1)


def _fleet(instance: Instance, mode: str) -> LoadGroup:
    names = [f"B{row.consignee}" for row in instance.rows]
    items = [_item(instance, k, name, mode) for k, name in enumerate(names)]
    wanted = USD_CENTS if mode == "cheapest" else {"40HC": 0}
    kinds = [load.container_types()[name] for name in sorted(wanted, key=lambda n: n != "40HC")]
    bookings = [booking(name) for name in dict.fromkeys(names)]
    made = group(instance.name, bookings, items, kinds, {name: FLEET_KG[name] for name in wanted})
    return replace(made, rules=rules(mode), cost_usd_cents=USD_CENTS if mode == "cheapest" else {})


def _item(instance: Instance, k: int, booking_id: str, mode: str) -> CargoItem:
    row = instance.rows[k]
    is_borne = mode in ("on-top", "lifo", "balance")
    return CargoItem(
        item_id=str(k),
        booking_id=booking_id,
        goods_id="",
        length_mm=row.length,
        width_mm=row.width,
        height_mm=row.height,
        mass_g=row.mass_g,
        weighed_g=None,
        count=row.count,
        vertical=row.vertical,
        max_layers=10**6,
        max_on_top_g=row.bears_g if is_borne else 10**9,
        unload_order=row.consignee if mode in ("lifo", "balance") else 0,
    )


def _kind(instance: Instance) -> ContainerType:
    length, width, height = instance.inside
    return ContainerType(
        container_type="40HC" if instance.family == "40HC" else "BR",
        name=instance.family,
        length_ft=20,
        teu=1,
        inside_length_mm=length,
        inside_width_mm=width,
        inside_height_mm=height,
        outside_length_mm=6058,
        tare_kg=0,
        max_gross_kg=10**6,
        payload_kg=10**6,
        equipment="dry",
    )


def in_mm(instance: Instance) -> Instance:
    """Turn an instance into millimetres."""
    unit = instance.unit_mm
    length, width, height = (d * unit for d in instance.inside)
    rows = (replace(r, length=r.length * unit, width=r.width * unit, height=r.height * unit) for r in instance.rows)
    return replace(instance, inside=(length, width, height), unit_mm=1, rows=tuple(rows))


def pieces(box: LoadedBox) -> Iterator[tuple[int, int, int, int, int, int, int]]:
    """Give every piece of a container as row, x, y, z, dx, dy, dz in millimetres."""
    for b in box.blocks:
        for x in range(b.nx):
            for y in range(b.ny):
                for z in range(b.nz):
                    at = b.x_mm + x * b.dx_mm, b.y_mm + y * b.dy_mm, b.z_mm + z * b.dz_mm
                    yield int(b.item_id), *at, b.dx_mm, b.dy_mm, b.dz_mm


def asked(instance: Instance) -> dict[str, object]:
    """Write an instance as `peers.py` reads it."""
    return {"inside": instance.inside, "rows": [_asked(row) for row in instance.rows]}


def _asked(row: Row) -> list[object]:
    return [row.length, row.width, row.height, row.vertical, row.count]
