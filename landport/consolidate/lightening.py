"""Loads that no move brings into balance: pieces are taken off until the rest can be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from landport.consolidate.balance import Scene, balance, tilts_of
from landport.consolidate.scale import weigh
from landport.consolidate.towers import joined
from landport.model.loads import LoadedBox
from landport.model.plans import CargoBlock

PATIENCE = 8
"""One in so many pieces taken off, the rest is tried; while fewer are off, after each."""


@dataclass(slots=True)
class Stack:
    """Pieces of a block on top of each other.

    Parameters
    ----------
    block, ix, iy
        Number of its block, and its place in the grid.
    middle_mm
        Along the length and across.
    height
        Pieces still in it.
    borne
        Stacks that stand on its top.
    """

    block: int
    ix: int
    iy: int
    middle_mm: tuple[float, float]
    top_mm: int
    height: int
    borne: list[int] = field(default_factory=list)


def lighten(
    box: LoadedBox, by: Scene, owners: Mapping[str, str], whole: Collection[str], *, seed: int = 0
) -> tuple[LoadedBox, dict[str, int]]:
    """Take off as little as is needed for the rest to be brought into balance.

    Parameters
    ----------
    owners
        Booking id by item id.
    whole
        Bookings that must stay together.

    Returns
    -------
    tuple[LoadedBox, dict[str, int]]
        The load in balance, and the pieces taken off by item id. What was there before stays, whatever that weighs.

    Notes
    -----
    From the heavy end, the top piece of the stack farthest out first; never a piece that carries others. Of a booking
    that must stay together all goes, and where it carries others, those too. The rest is balanced after each of the
    first pieces, then after every eighth part more. O(taken x stacks log stacks).
    """
    load = _Load(box, by, owners, whole)
    taken = tried = 0
    while load.take():
        taken += 1
        if taken >= tried + max(1, taken // PATIENCE):
            tried = taken
            found = balance(load.box(), by, seed=seed)
            if found is not None:
                return found, load.off
    return balance(load.box(), by, seed=seed) or load.box(), load.off


class _Load:
    """A load of which pieces are taken off."""

    def __init__(self, box: LoadedBox, by: Scene, owners: Mapping[str, str], whole: Collection[str]) -> None:
        self._box, self._by, self._owners, self._whole = box, by, owners, whole
        self.off: dict[str, int] = {}
        self._stacks = [
            Stack(
                n, ix, iy, (b.x_mm + (ix + 0.5) * b.dx_mm, b.y_mm + (iy + 0.5) * b.dy_mm), b.z_mm + b.nz * b.dz_mm, b.nz
            )
            for n, b in enumerate(box.blocks)
            for ix in range(b.nx)
            for iy in range(b.ny)
        ]
        self._of: dict[str, list[int]] = {}
        for n, stack in enumerate(self._stacks):
            self._of.setdefault(self._owner(stack), []).append(n)
        self._stand()

    def take(self) -> bool:
        """Take off one piece, or one whole booking; tell whether there was any."""
        axis, sign = self._heavy_side()
        order = sorted(
            (n for n, s in enumerate(self._stacks) if s.height and self._may_go(s)),
            key=lambda n: (-sign * self._stacks[n].middle_mm[axis], -self._stacks[n].top_mm, n),
        )
        entangled: set[int] = set()
        for n in order:
            stack = self._stacks[n]
            if any(self._stacks[m].height for m in stack.borne):
                continue
            if self._owner(stack) not in self._whole:
                self._lift(n, 1)
                return True
            gone = self._with_borne(n)
            if not all(self._may_go(self._stacks[m]) for m in gone):
                continue
            if all(self._owner(self._stacks[m]) == self._owner(stack) for m in gone):
                return self._lift_all(gone)
            entangled = entangled or gone
        return self._lift_all(entangled)

    def box(self) -> LoadedBox:
        """Write down what is left as a box."""
        blocks = joined(self._blocks(), self._by.fixed) if self.off else self._box.blocks
        inside = {self._owners[b.item_id] for b in blocks}
        return replace(
            self._box,
            booking_ids=tuple(b for b in self._box.booking_ids if b in inside),
            cargo_g=self._box.cargo_g - sum(n * self._by.piece_g[i] for i, n in self.off.items()),
            blocks=blocks,
        )

    def _stand(self) -> None:
        """Note which stacks stand on which."""
        blocks = [self._box.blocks[s.block] for s in self._stacks]
        rows = [
            (b.x_mm + s.ix * b.dx_mm, b.y_mm + s.iy * b.dy_mm, b.dx_mm, b.dy_mm, b.z_mm, s.top_mm)
            for s, b in zip(self._stacks, blocks, strict=True)
        ]
        table = np.array(rows, np.int64).reshape(-1, 6)
        for n, (x, y, dx, dy, _, top) in enumerate(rows):
            over = (table[:, 4] == top) & (table[:, 0] < x + dx) & (table[:, 0] + table[:, 2] > x)
            over &= (table[:, 1] < y + dy) & (table[:, 1] + table[:, 3] > y)
            self._stacks[n].borne = np.flatnonzero(over).tolist()

    def _heavy_side(self) -> tuple[int, int]:
        """Find the axis along which the load is farthest off; 1: its far side is too heavy, -1: its near side."""
        kind, rules = self._by.kind, self._by.rules
        scales = weigh(list(self._blocks()), self._by.piece_g, kind)
        sides = (kind.inside_length_mm, kind.inside_width_mm)
        shares = [float(scales.cog_mm[n]) / sides[n] - 0.5 for n in (0, 1)]
        beyond = [
            abs(share) * 100 - pct if pct is not None else -1.0
            for share, pct in zip(shares, (rules.cog_length_pct, rules.cog_width_pct), strict=True)
        ]
        if max(beyond) <= 0:
            return 0, 1 if 2 * scales.closed_end_g < scales.mass_g else -1
        axis = int(beyond[1] > beyond[0])
        return axis, 1 if shares[axis] > 0 else -1

    def _with_borne(self, n: int) -> set[int]:
        """Find the stacks that go with a booking: its own, what stands on them, and the bookings of that."""
        found, waiting = set(), list(self._of[self._owner(self._stacks[n])])
        while waiting:
            m = waiting.pop()
            if m in found or not self._stacks[m].height:
                continue
            found.add(m)
            owner = self._owner(self._stacks[m])
            waiting += self._stacks[m].borne
            waiting += self._of[owner] if owner in self._whole else ()
        return found

    def _lift_all(self, stacks: Collection[int]) -> bool:
        for m in stacks:
            self._lift(m, self._stacks[m].height)
        return bool(stacks)

    def _lift(self, n: int, count: int) -> None:
        stack = self._stacks[n]
        item_id = self._box.blocks[stack.block].item_id
        self.off[item_id] = self.off.get(item_id, 0) + count
        stack.height -= count
        stack.top_mm -= count * self._box.blocks[stack.block].dz_mm

    def _owner(self, stack: Stack) -> str:
        return self._owners[self._box.blocks[stack.block].item_id]

    def _may_go(self, stack: Stack) -> bool:
        return self._box.blocks[stack.block] not in self._by.fixed

    def _blocks(self) -> Iterator[CargoBlock]:
        heights: dict[int, dict[tuple[int, int], int]] = {}
        for s in self._stacks:
            heights.setdefault(s.block, {})[s.ix, s.iy] = s.height
        for n, b in enumerate(self._box.blocks):
            if all(h == b.nz for h in heights[n].values()):
                yield b
            else:
                yield from _rest(b, heights[n])


def _rest(b: CargoBlock, heights: Mapping[tuple[int, int], int]) -> Iterator[CargoBlock]:
    """Write what is left of a block: row by row, neighbours of one height together."""
    for ix in range(b.nx):
        first = 0
        for iy in range(1, b.ny + 1):
            if iy == b.ny or heights[ix, iy] != heights[ix, first]:
                if heights[ix, first]:
                    x_mm, y_mm = b.x_mm + ix * b.dx_mm, b.y_mm + first * b.dy_mm
                    yield replace(b, x_mm=x_mm, y_mm=y_mm, nx=1, ny=iy - first, nz=heights[ix, first])
                first = iy


def why_off(blocks: Sequence[CargoBlock], by: Scene) -> str:
    """Say what pieces were taken off for."""
    return f"the load it was in cannot be brought into balance with it: {'; '.join(tilts_of(blocks, by))}"
