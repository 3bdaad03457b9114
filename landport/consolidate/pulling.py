"""A consignment is pulled out of a packed container: what has to move for it, and how the rest goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from landport.consolidate._kernel import Ints
from landport.consolidate.restowing import Restow
from landport.consolidate.towers import joined, rank
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadRules
from landport.model.plans import CargoBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One piece that leaves the container.

    Parameters
    ----------
    from_mm, to_mm
        Its corner at the closed end, left wall and floor: where it stood, and where it goes back to; None: it stays
        out.
    is_pulled
        It is of the consignment that is pulled.
    """

    item_id: str
    booking_id: str
    from_mm: tuple[int, int, int]
    to_mm: tuple[int, int, int] | None
    is_pulled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What pulling a consignment takes.

    Parameters
    ----------
    out
        Pieces in the order they leave the container.
    back
        Those that go back, in that order.
    stranded
        Pieces of others that find no place any more.
    blocks
        What the container then holds.
    """

    out: tuple[Move, ...]
    back: tuple[Move, ...]
    stranded: tuple[Move, ...]
    blocks: tuple[CargoBlock, ...]


def pull(
    blocks: Sequence[CargoBlock],
    booking_id: str,
    kind: ContainerType,
    items: Mapping[str, CargoItem],
    bookings: Mapping[str, Booking],
    rules: LoadRules,
) -> Pulled:
    """List what moves when a consignment is taken out of a container through its door.

    Notes
    -----
    Whatever stands between a piece that moves and the door, or anywhere above it, moves before it. The last out goes
    back first, to where it stood; what stood on the consignment goes down its own stack, or last of all on floor that
    the door is free before (`restowing`). O(pieces x pieces that move).
    """
    table, of = _exploded(blocks)
    owners = [items[blocks[n].item_id].booking_id for n in of]
    wanted = np.array([owner == booking_id for owner in owners], np.bool_)
    moving = _moving(table, wanted)
    order = _order(table, moving)
    own = [items[blocks[n].item_id] for n in of]
    ranks = np.array([rank(i, bookings[i.booking_id]) for i in own], np.int64)
    restow = Restow(kind, rules.support_pct or 100, table, own, ranks, ~moving, moving & ~wanted)
    returning = [n for n in reversed(order) if not wanted[n]]
    places = {n: place for n in returning if (place := restow.as_it_stood(n) or restow.lower(n)) is not None}
    late = [n for n in returning if n not in places]
    places |= {n: place for n in late if (place := restow.elsewhere(n)) is not None}

    def move(n: int) -> Move:
        x, y, z = (int(v) for v in table[n, :3])
        return Move(
            item_id=own[n].item_id,
            booking_id=owners[n],
            from_mm=(x, y, z),
            to_mm=places.get(n),
            is_pulled=bool(wanted[n]),
        )

    return Pulled(
        out=tuple(move(n) for n in order),
        back=tuple(move(n) for n in places),
        stranded=tuple(move(n) for n in returning if n not in places),
        blocks=_blocks(blocks, table, of, moving, places),
    )


def _exploded(blocks: Sequence[CargoBlock]) -> tuple[Ints, list[int]]:
    """List every piece: rows x0, y0, z0, x1, y1, z1, and the number of its block."""
    rows, of = [], []
    for n, b in enumerate(blocks):
        for k in range(b.count):
            ix, iy, iz = k // (b.ny * b.nz), k // b.nz % b.ny, k % b.nz
            x, y, z = b.x_mm + ix * b.dx_mm, b.y_mm + iy * b.dy_mm, b.z_mm + iz * b.dz_mm
            rows.append((x, y, z, x + b.dx_mm, y + b.dy_mm, z + b.dz_mm))
            of.append(n)
    return np.array(rows, np.int64).reshape(-1, 6), of


def blockers(table: Ints, piece: Ints) -> npt.NDArray[np.bool_]:
    """Find the pieces that stand between a piece and the door, or anywhere above it."""
    x, y, z = ((table[:, a] < piece[a + 3]) & (piece[a] < table[:, a + 3]) for a in range(3))
    beyond, above = table[:, 0] >= piece[3], table[:, 2] >= piece[5]
    found: npt.NDArray[np.bool_] = (beyond & y & z) | (above & x & y)
    return found


def _moving(table: Ints, wanted: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    moving, waiting = wanted.copy(), np.flatnonzero(wanted).tolist()
    while waiting:
        more = blockers(table, table[waiting.pop()]) & ~moving
        moving |= more
        waiting += np.flatnonzero(more).tolist()
    return moving


def _order(table: Ints, moving: npt.NDArray[np.bool_]) -> list[int]:
    """Order pieces so that none leaves before its blockers; of those that may, the nearest to the door, then the top.

    Notes
    -----
    Pieces may block each other in a circle (one above, the next before it): then the one with the fewest before it
    goes.
    """
    numbers = np.flatnonzero(moving)
    part = table[numbers]
    blocked = np.array([blockers(part, piece) for piece in part], np.bool_).reshape(len(part), len(part))
    n_before = blocked.sum(axis=1)
    waits = np.ones(len(part), np.bool_)
    keys = np.lexsort((np.arange(len(part)), part[:, 1], -part[:, 5], -part[:, 3]))
    order = []
    for _ in range(len(part)):
        ready = keys[waits[keys]]
        k = int(ready[int(np.argmin(n_before[ready]))])
        waits[k] = False
        n_before -= blocked[:, k]
        order.append(int(numbers[k]))
    return order


def _blocks(
    blocks: Sequence[CargoBlock],
    table: Ints,
    of: Sequence[int],
    moving: npt.NDArray[np.bool_],
    places: Mapping[int, tuple[int, int, int]],
) -> tuple[CargoBlock, ...]:
    """Write down what a container holds: blocks of which all is where it was, and the pieces of others."""
    now = [places.get(n) if moving[n] else tuple(map(int, table[n, :3])) for n in range(len(of))]
    changed = {of[n] for n in range(len(of)) if now[n] != tuple(map(int, table[n, :3]))}
    rest = []
    for n, place in enumerate(now):
        if of[n] in changed and place is not None:
            x, y, z = place
            rest.append(replace(blocks[of[n]], x_mm=x, y_mm=y, z_mm=z, nx=1, ny=1, nz=1))
    whole = [b for n, b in enumerate(blocks) if n not in changed]
    return joined((*whole, *rest))
