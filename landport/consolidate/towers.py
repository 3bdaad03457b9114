"""A load as walls: pieces that stand one behind the other along the length, each wall on its own feet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from landport.model.bookings import Booking, CargoItem
from landport.model.plans import CargoBlock

LAST = 1 << 40
"""Rank of what is in no unloading order."""


@dataclass(frozen=True, slots=True)
class Wall:
    """Blocks between two planes across the container that no piece crosses.

    Parameters
    ----------
    blocks
        Where they stand now.
    x0, x1, y0, y1
        What they take up, in mm.
    mass_g, moment, sway
        Mass, and twice its moment about `x0` and about the left side of the container, in g mm.
    ranks
        The first and the last that is unloaded (`rank`).
    edges, filled
        Its mass along the length: mm from `x0`, and the grams up to there.
    """

    blocks: tuple[CargoBlock, ...]
    x0: int
    x1: int
    y0: int
    y1: int
    mass_g: int
    moment: int
    sway: int
    ranks: tuple[int, int]
    edges: tuple[int, ...]
    filled: tuple[float, ...]

    @property
    def length_mm(self) -> int:
        """What it takes up of the length."""
        return self.x1 - self.x0

    @property
    def is_even(self) -> bool:
        """Tell whether all of it is unloaded at once, so that it may be turned round."""
        return self.ranks[0] == self.ranks[1]

    def until(self, mm: float) -> float:
        """Grams in its first millimetres."""
        if mm <= 0:
            return 0.0
        n = bisect_right(self.edges, mm)
        if n == len(self.edges):
            return float(self.mass_g)
        part = (mm - self.edges[n - 1]) / (self.edges[n] - self.edges[n - 1])
        return self.filled[n - 1] + part * (self.filled[n] - self.filled[n - 1])


def rank(item: CargoItem, booking: Booking) -> int:
    """Say when a piece is unloaded: what customs hold first, then by its order, then what is in none."""
    return -1 if not booking.is_released else item.unload_order or LAST


def wall_of(blocks: Iterable[CargoBlock], piece_g: Mapping[str, int], ranks: Mapping[str, int]) -> Wall:
    """Make one wall of blocks; `piece_g` and `ranks` are by item id."""
    own = tuple(blocks)
    x0, x1 = min(b.x_mm for b in own), max(b.x_mm + b.nx * b.dx_mm for b in own)
    spans = [(b.x_mm - x0, b.nx * b.dx_mm, b.count * piece_g[b.item_id]) for b in own]
    density: dict[int, float] = {}
    for start, long, grams in spans:
        density[start] = density.get(start, 0.0) + grams / long
        density[start + long] = density.get(start + long, 0.0) - grams / long
    edges = sorted(density)
    slopes = list(accumulate(density[e] for e in edges))
    steps = (s * (b - a) for s, a, b in zip(slopes, edges, edges[1:], strict=False))
    return Wall(
        blocks=own,
        x0=x0,
        x1=x1,
        y0=min(b.y_mm for b in own),
        y1=max(b.y_mm + b.ny * b.dy_mm for b in own),
        mass_g=sum(grams for _, _, grams in spans),
        moment=sum(grams * (2 * start + long) for start, long, grams in spans),
        sway=sum(b.count * piece_g[b.item_id] * (2 * b.y_mm + b.ny * b.dy_mm) for b in own),
        ranks=(min(ranks[b.item_id] for b in own), max(ranks[b.item_id] for b in own)),
        edges=tuple(edges),
        filled=(0.0, *accumulate(steps)),
    )


def walls_of(blocks: Sequence[CargoBlock], piece_g: Mapping[str, int], ranks: Mapping[str, int]) -> list[Wall]:
    """Cut a load wherever a plane across the container crosses no piece; from the closed end to the door.

    Notes
    -----
    Blocks are split between their pieces. A piece rests on pieces that it shares some length with, so that they are of
    one wall: each stands as it is wherever it goes. Walls that may not change place by order of unloading (a piece that
    goes first would stand behind one that goes later, were the other wall turned) are kept together as one.
    O(n log n) over pieces along the length.
    """
    cut = [wall_of(part, piece_g, ranks) for part in _parts(blocks)]
    if not cut:
        return []
    least = list(accumulate((w.ranks[0] for w in cut), min))
    most = list(accumulate((w.ranks[1] for w in reversed(cut)), max))[::-1]
    kept: list[list[Wall]] = [[cut[0]]]
    for n, wall in enumerate(cut[1:], 1):
        if least[n - 1] >= most[n]:
            kept.append([wall])
        else:
            kept[-1].append(wall)
    return [w[0] if len(w) == 1 else wall_of((b for one in w for b in one.blocks), piece_g, ranks) for w in kept]


def _parts(blocks: Sequence[CargoBlock]) -> Iterator[list[CargoBlock]]:
    columns = sorted((b.x_mm + i * b.dx_mm, n) for n, b in enumerate(blocks) for i in range(b.nx))
    inside: dict[int, list[int]] = {}
    end = -1
    for x, n in columns:
        if inside and x >= end:
            yield [_part(blocks[m], xs) for m, xs in inside.items()]
            inside = {}
        inside.setdefault(n, []).append(x)
        end = max(end, x + blocks[n].dx_mm)
    if inside:
        yield [_part(blocks[m], xs) for m, xs in inside.items()]


def _part(block: CargoBlock, columns: Sequence[int]) -> CargoBlock:
    """Cut some columns along the length out of a block, by where they start."""
    return block if len(columns) == block.nx else replace(block, x_mm=columns[0], nx=len(columns))


def turned(blocks: Iterable[CargoBlock], sum_mm: int, *, across: bool) -> Iterator[CargoBlock]:
    """Mirror blocks: along the length, or across; `sum_mm` is what old and new far edges add up to."""
    for b in blocks:
        if across:
            yield replace(b, y_mm=sum_mm - b.y_mm - b.ny * b.dy_mm)
        else:
            yield replace(b, x_mm=sum_mm - b.x_mm - b.nx * b.dx_mm)


def swapped(b: CargoBlock) -> CargoBlock:
    """Exchange length and width, so that what is told of walls is told of strips along the container."""
    return replace(b, x_mm=b.y_mm, y_mm=b.x_mm, dx_mm=b.dy_mm, dy_mm=b.dx_mm, nx=b.ny, ny=b.nx)


def joined(blocks: Iterable[CargoBlock], apart: Collection[CargoBlock] = ()) -> tuple[CargoBlock, ...]:
    """Join blocks that continue each other along the length, but for those `apart`; by place from the closed end."""
    found: list[CargoBlock] = []
    rows = sorted((b for b in blocks if b not in apart), key=lambda b: (*_row(b), b.x_mm))
    for b in rows:
        last = found[-1] if found else None
        if last is not None and _row(last) == _row(b) and last.x_mm + last.nx * last.dx_mm == b.x_mm:
            found[-1] = replace(last, nx=last.nx + b.nx)
        else:
            found.append(b)
    return tuple(sorted((*found, *apart), key=lambda b: (b.x_mm, b.z_mm, b.y_mm)))


def _row(b: CargoBlock) -> tuple[str, int, int, int, int, int, int, int]:
    return b.item_id, b.y_mm, b.z_mm, b.dx_mm, b.dy_mm, b.dz_mm, b.ny, b.nz
