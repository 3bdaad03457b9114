"""From fillings to loaded boxes and back."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from landport.consolidate.cargo import Cargo
from landport.consolidate.filling import Filling
from landport.model.loads import LoadedBox
from landport.model.plans import CargoBlock


def box_of(cargo: Cargo, filling: Filling) -> LoadedBox:
    """Write a filling as a loaded box."""
    inside = [lot.booking_id for lot in cargo.lots if filling.counts[lot.rows].any()]
    piece_g = {item.item_id: item.piece_g for item in cargo.group.items}
    return LoadedBox(
        group_id=cargo.group.group_id,
        container_type=cargo.group.container_types[filling.kind].container_type,
        booking_ids=tuple(inside),
        cargo_g=sum(piece_g[x] * n for x, n in zip(cargo.item_ids, filling.counts.tolist(), strict=True) if n),
        blocks=tuple(_block(cargo, row) for row in filling.blocks.tolist()),
    )


def filling_of(cargo: Cargo, kind: int, blocks: Iterable[CargoBlock]) -> Filling:
    """Read what stands in a container of a type as a filling; nobody has looked for what is free in it."""
    row_of = {item_id: row for row, item_id in enumerate(cargo.item_ids)}
    rows = np.array(
        [(row_of[b.item_id], b.x_mm, b.y_mm, b.z_mm, b.dx_mm, b.dy_mm, b.dz_mm, b.nx, b.ny, b.nz) for b in blocks],
        np.int64,
    ).reshape(-1, 10)
    counts = np.zeros_like(cargo.counts)
    np.add.at(counts, rows[:, 0], rows[:, 7:].prod(axis=1))
    volume_mm3, mass_g = int(counts @ cargo.volumes_mm3), int(counts @ cargo.items[:, 0])
    return Filling(kind, counts, np.zeros((0, 10), np.int64), rows, volume_mm3, mass_g)


def _block(cargo: Cargo, row: list[int]) -> CargoBlock:
    item, x, y, z, dx, dy, dz, nx, ny, nz = row
    return CargoBlock(
        item_id=cargo.item_ids[item], x_mm=x, y_mm=y, z_mm=z, dx_mm=dx, dy_mm=dy, dz_mm=dz, nx=nx, ny=ny, nz=nz
    )
