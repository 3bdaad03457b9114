"""Load plans as data: containers on offer, what was loaded into which, and the figures of one container."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from landport.errors import Remark
from landport.model.bookings import CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadedBox, LoadRules, Loads
from landport.model.plans import CargoBlock

GROUP_ID = "load"
"""Id of the one group that a load plan is made of."""

NO_LIMIT_KG = 10**9
"""Payload of a container of which nobody said what it may carry: a million tonnes."""

LONG_MM = 7_000
"""Containers of sizes of one's own that are longer count 2 TEU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Containers of one type that may be loaded.

    Parameters
    ----------
    payload_kg
        Usable payload: what plate and journey allow; `NO_LIMIT_KG`: nobody said.
    n_available
        How many there are; None: any number.
    cost_usd_cents
        What one costs; None: nobody said.
    """

    kind: ContainerType
    payload_kg: int
    n_available: int | None = None
    cost_usd_cents: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """What was asked of a load, and what came out.

    Parameters
    ----------
    n_boxes
        How many containers there were to fill; None: as many as it takes.
    may_split
        Consignments may be spread over containers.
    loads
        Blocks of single pieces, in loading order.
    n_stowed
        By container: how many of its first pieces stood in it before.
    cost, bound
        mm3 left behind where `n_boxes` is given; else US cents where every offer has its cost, containers where not.
    """

    version: str
    offers: tuple[Offer, ...]
    rules: LoadRules
    n_boxes: int | None
    may_split: bool
    loads: Loads
    n_stowed: tuple[int, ...]
    cost: int
    bound: int
    stopped: str
    seed: int
    effort: int
    remarks: tuple[Remark, ...] = ()

    @property
    def unit(self) -> str:
        """Unit of cost and bound, as plan files have it."""
        if self.n_boxes is not None:
            return "left_mm3"
        return "cost_usd" if is_priced(self.offers) else "containers"


def is_priced(offers: Sequence[Offer]) -> bool:
    """Tell whether every offer has its cost, so that the cheapest are sought and not the fewest."""
    return bool(offers) and all(o.cost_usd_cents is not None for o in offers)


def own_type(name: str, size_mm: tuple[int, int, int]) -> ContainerType:
    """Make a container type of an inside size of one's own.

    Examples
    --------
    >>> own_type("587x233x220", (587, 233, 220)).volume_mm3
    30089620
    """
    length, width, height = size_mm
    return ContainerType(
        container_type=name,
        name=name,
        length_ft=0,
        teu=2 if length > LONG_MM else 1,
        inside_length_mm=length,
        inside_width_mm=width,
        inside_height_mm=height,
        outside_length_mm=length,
        tare_kg=0,
        max_gross_kg=NO_LIMIT_KG,
        payload_kg=NO_LIMIT_KG,
        equipment="dry",
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """What is in a container.

    Parameters
    ----------
    cog_mm
        Centre of gravity along x, y and z, to a tenth; of the volume where nothing has a mass.
    """

    n_pieces: int
    volume_mm3: int
    mass_g: int
    cog_mm: tuple[float, float, float]

    def fill_pct(self, kind: ContainerType) -> float:
        """Share of the inside volume that is filled, to a hundredth."""
        return round(100 * self.volume_mm3 / kind.volume_mm3, 2)


def figures(blocks: Sequence[CargoBlock], items: Mapping[str, CargoItem]) -> Figures:
    """Count, measure and weigh what is in a container; pieces of no known item weigh nothing."""
    grams = [items[b.item_id].piece_g * b.count if b.item_id in items else 0 for b in blocks]
    volumes = [b.count * b.dx_mm * b.dy_mm * b.dz_mm for b in blocks]
    weights = grams if any(grams) else volumes
    total = max(1, sum(weights))
    twice = [
        sum(w * middle for w, middle in zip(weights, axis, strict=True))
        for axis in (
            [2 * b.x_mm + b.nx * b.dx_mm for b in blocks],
            [2 * b.y_mm + b.ny * b.dy_mm for b in blocks],
            [2 * b.z_mm + b.nz * b.dz_mm for b in blocks],
        )
    ]
    x, y, z = (round(t / (2 * total), 1) for t in twice)
    return Figures(sum(b.count for b in blocks), sum(volumes), sum(grams), (x, y, z))


def in_pieces(box: LoadedBox) -> LoadedBox:
    """Take the blocks of a container apart: each piece a block of its own, wall by wall and bottom up in each."""
    pieces = (
        CargoBlock(
            item_id=b.item_id, x_mm=x, y_mm=y, z_mm=z, dx_mm=b.dx_mm, dy_mm=b.dy_mm, dz_mm=b.dz_mm, nx=1, ny=1, nz=1
        )
        for b in box.blocks
        for x in range(b.x_mm, b.x_mm + b.nx * b.dx_mm, b.dx_mm)
        for z in range(b.z_mm, b.z_mm + b.nz * b.dz_mm, b.dz_mm)
        for y in range(b.y_mm, b.y_mm + b.ny * b.dy_mm, b.dy_mm)
    )
    return replace(box, blocks=tuple(pieces))
