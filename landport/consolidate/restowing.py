"""Pieces go back into a container that holds others: where they stood, or where there is room."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from landport.consolidate._kernel import Ints
from landport.model.bookings import CargoItem
from landport.model.equipment import ContainerType

CORNERS = 40_000
"""Most corners on the floor that are tried for a piece; those nearest to the closed end first."""

TOLERANCE_G = 0.001
"""Shares of masses are fractions; sums of them may err by this much."""

Place = tuple[int, int, int]
"""Corner at the closed end, left wall and floor, in mm."""

Flags = npt.NDArray[np.bool_]


class Restow:
    """A container into which pieces go back.

    Parameters
    ----------
    support_pct
        Share of a base that stands on tops or floor.
    table
        Shape (pieces, 6): x0, y0, z0, x1, y1, z1 as they stood.
    items, ranks
        By piece: its item, and when it is unloaded.
    stays, returns
        By piece: whether it is in the container, and whether it is to go back into it.
    """

    def __init__(
        self,
        kind: ContainerType,
        support_pct: int,
        table: Ints,
        items: Sequence[CargoItem],
        ranks: Ints,
        stays: Flags,
        returns: Flags,
    ) -> None:
        self._inside = (kind.inside_length_mm, kind.inside_width_mm, kind.inside_height_mm)
        self._pct, self._items, self._ranks = support_pct, items, ranks
        self._table, self._is_in, self._is_due = table.copy(), stays.copy(), returns.copy()
        self._is_moved = np.zeros(len(table), np.bool_)
        self._rigid = np.array([i.is_rigid for i in items], np.bool_)

    def as_it_stood(self, n: int) -> Place | None:
        """Put a piece back where it stood, if enough is under it; answers that place."""
        piece = self._table[n]
        on = self._is_in & self._is_moved & (self._table[:, 5] == piece[2]) & _meets(self._table, piece, (0, 1))
        if not self._is_borne(n, piece) or (on.any() and not self._bear(n, piece)):
            return None
        self._is_in[n], self._is_due[n] = True, False
        return _corner(piece)

    def lower(self, n: int) -> Place | None:
        """Put a piece down in its own stack, as low as it can stand; answers the place."""
        piece, inside = self._table[n], self._table[self._is_in]
        under = inside[_meets(inside, piece, (0, 1)) & (inside[:, 5] <= piece[2])]
        return self._put(n, [(int(piece[0]), int(piece[1]), int(z)) for z in np.unique([0, *under[:, 5]])])

    def elsewhere(self, n: int) -> Place | None:
        """Put a piece on floor that the door is free before; answers the place."""
        self._is_due[:] = False
        return self._put(n, self._floor(self._table[n, 3:] - self._table[n, :3], self._table[self._is_in]))

    def _put(self, n: int, corners: Sequence[Place]) -> Place | None:
        size = self._table[n, 3:] - self._table[n, :3]
        for corner in corners:
            found = np.concatenate([corner, corner + size]).astype(np.int64)
            if self._is_free(n, found) and self._is_borne(n, found) and self._bear(n, found):
                self._table[n] = found
                self._is_in[n], self._is_moved[n], self._is_due[n] = True, True, False
                return corner
        return None

    def _floor(self, size: Ints, inside: Ints) -> list[Place]:
        """List corners of the floor beside and before what stands in the container where a piece of a size is free."""
        low = inside[inside[:, 2] < size[2]]
        xs = np.unique([0, *low[:, 3], *(low[:, 0] - size[0]), self._inside[0] - size[0]])
        ys = np.unique([0, *low[:, 4], *(low[:, 1] - size[1]), self._inside[1] - size[1]])
        xs = xs[(xs >= 0) & (xs + size[0] <= self._inside[0])]
        ys = ys[(ys >= 0) & (ys + size[1] <= self._inside[1])]
        found: list[Place] = []
        for x in xs[: max(1, CORNERS // max(1, len(ys)))].tolist():
            beside = low[(low[:, 0] < x + size[0]) & (low[:, 3] > x)]
            taken = (beside[:, 1, None] < ys + size[1]) & (beside[:, 4, None] > ys)
            found += [(x, y, 0) for y in ys[~taken.any(axis=0)].tolist()]
        return found

    def _is_free(self, n: int, piece: Ints) -> bool:
        """Tell whether a place is empty, can be reached from the door, and disturbs no order of unloading.

        Notes
        -----
        What is still to go back counts as where it stood.
        """
        if (piece[3:] > self._inside).any():
            return False
        x, y, z = (_meets(self._table, piece, (a,)) for a in range(3))
        before = (self._table[:, 0] >= piece[3]) & y & z | (self._table[:, 2] >= piece[5]) & x & y
        behind = (self._table[:, 3] <= piece[0]) & y & z | (self._table[:, 5] <= piece[2]) & x & y
        others = (self._is_in | self._is_due) & (np.arange(len(self._table)) != n)
        wrong = before & (self._ranks > self._ranks[n]) | behind & (self._ranks < self._ranks[n]) | x & y & z
        return not ((self._is_in & before).any() or (others & wrong).any())

    def _is_borne(self, n: int, piece: Ints) -> bool:
        """Tell whether enough of a base stands on what is there; of a rigid pallet all, on others of its kind."""
        if piece[2] == 0:
            return True
        on = self._is_in & (self._table[:, 5] == piece[2])
        if self._rigid[n] and (on & _meets(self._table, piece, (0, 1)) & ~self._rigid).any():
            return False
        base = (piece[3] - piece[0]) * (piece[4] - piece[1])
        pct = 100 if self._rigid[n] else self._pct
        return bool(_areas(self._table[on], piece).sum() * 100 >= pct * base)

    def _bear(self, n: int, piece: Ints) -> bool:
        """Tell whether all that is there bears what then stands on it, in no more layers than it may."""
        table, is_in = self._table.copy(), self._is_in.copy()
        table[n], is_in[n] = piece, True
        numbers = np.flatnonzero(is_in)
        numbers = numbers[np.argsort(table[numbers, 2], kind="stable")]
        below = {}
        for m in numbers.tolist():
            on = is_in & (table[:, 5] == table[m, 2])
            areas = np.where(on, _areas(table, table[m]), 0) if table[m, 2] else np.zeros(len(table), np.int64)
            below[m] = {int(k): int(areas[k]) for k in np.flatnonzero(areas)}
        layers: dict[int, int] = {}
        load = dict.fromkeys(below, 0.0)
        for m in below:
            own = (layers[k] for k in below[m] if self._items[k].item_id == self._items[m].item_id)
            layers[m] = 1 + max(own, default=0)
        for m in reversed(numbers.tolist()):
            base = int((table[m, 3] - table[m, 0]) * (table[m, 4] - table[m, 1]))
            for k, area in below[m].items():
                load[k] += (self._items[m].piece_g + load[m]) * area / base
        own_items = {m: self._items[m] for m in below}
        return all(layers[m] <= i.max_layers and load[m] <= i.max_on_top_g + TOLERANCE_G for m, i in own_items.items())


def _meets(table: Ints, piece: Ints, axes: Sequence[int]) -> Flags:
    found = np.ones(len(table), np.bool_)
    for a in axes:
        found &= (table[:, a] < piece[a + 3]) & (piece[a] < table[:, a + 3])
    return found


def _areas(table: Ints, piece: Ints) -> Ints:
    """Area in plan that each piece shares with another one."""
    sides = (np.minimum(table[:, a + 3], piece[a + 3]) - np.maximum(table[:, a], piece[a]) for a in (0, 1))
    long, wide = (np.maximum(side, 0) for side in sides)
    found: Ints = long * wide
    return found


def _corner(piece: Ints) -> Place:
    x, y, z = piece[:3].tolist()
    return x, y, z
