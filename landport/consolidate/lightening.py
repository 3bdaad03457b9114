"""Loads that no move brings into balance: pieces are taken off until the rest can be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from landport.consolidate.balance import Scene, balance, tilts_of
from landport.consolidate.scale import weigh
from landport.consolidate.towers import joined
from landport.model.loads import LoadedBox
from landport.model.plans import CargoBlock

PATIENCE = 8
"""One in so many pieces taken off, the rest is tried; while fewer are off, after each."""


MOST_BACK = 64
"""Pieces, or bookings, that are tried to be put back."""

Unit = dict[int, int]
"""Pieces that go at once: how many by number of stack."""


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
    borne, under
        Stacks that stand on its top, and those that it stands on.
    """

    block: int
    ix: int
    iy: int
    middle_mm: tuple[float, float]
    height: int
    borne: list[int] = field(default_factory=list)
    under: list[int] = field(default_factory=list)


def lighten(
    box: LoadedBox,
    by: Scene,
    owners: Mapping[str, str],
    whole: Collection[str],
    *,
    seed: int = 0,
    is_over: Callable[[], bool] = lambda: False,
) -> tuple[LoadedBox, dict[str, int]]:
    """Take off as little as is needed for the rest to be brought into balance.

    Parameters
    ----------
    owners
        Booking id by item id.
    whole
        Bookings that must stay together.
    is_over
        Tells whether the time is over: then pieces are taken off in larger steps, and none is put back.

    Returns
    -------
    tuple[LoadedBox, dict[str, int]]
        The load in balance, and the pieces taken off by item id. What was there before stays, whatever that weighs.

    Notes
    -----
    From the heavy end, first what takes most moment away for its volume: a top piece, or a piece with all that stands
    on it, which goes before it; of a booking that must stay together all. The rest is balanced after each of the first
    of these, then after every eighth part more. In the end what turns out not to be needed is put back, the last first.
    O(taken x stacks).
    """
    load = _Load(box, by, owners, whole)
    taken = tried = 0
    while load.take():
        taken += 1
        if taken >= tried + max(1, taken // (1 if is_over() else PATIENCE)):
            tried = taken
            found = balance(load.box(), by, seed=seed)
            if found is not None:
                return _put_back(load, found, seed, is_over), {i: n for i, n in load.off.items() if n}
    return balance(load.box(), by, seed=seed) or load.box(), load.off


def _put_back(load: _Load, found: LoadedBox, seed: int, is_over: Callable[[], bool]) -> LoadedBox:
    """Put back what need not be off, the last first."""
    for unit in reversed(load.units[-MOST_BACK:]):
        if not is_over() and load.restore(unit):
            more = balance(load.box(), load.by, seed=seed)
            if more is None:
                load.remove(unit)
            else:
                found = more
    return found


class _Load:
    """A load of which pieces are taken off."""

    def __init__(self, box: LoadedBox, by: Scene, owners: Mapping[str, str], whole: Collection[str]) -> None:
        self._box, self.by, self._owners, self._whole = box, by, owners, whole
        self.off: dict[str, int] = {}
        self.units: list[Unit] = []
        self._stacks = [
            Stack(n, ix, iy, (b.x_mm + (ix + 0.5) * b.dx_mm, b.y_mm + (iy + 0.5) * b.dy_mm), b.nz)
            for n, b in enumerate(box.blocks)
            for ix in range(b.nx)
            for iy in range(b.ny)
        ]
        self._of: dict[str, list[int]] = {}
        for n, stack in enumerate(self._stacks):
            self._of.setdefault(self._owner(stack), []).append(n)
        self._stand()

    def take(self) -> bool:
        """Take off the piece, with what stands on it, or the booking, that helps most; tell whether there was any."""
        axis, sign = self._heavy_side()
        best: tuple[float, Unit] | None = None
        seen: set[str] = set()
        for n, stack in enumerate(self._stacks):
            owner = self._owner(stack)
            if not stack.height or owner in seen:
                continue
            seen |= {owner} & set(self._whole)
            unit = self._unit(n)
            if all(self._may_go(self._stacks[m]) for m in unit):
                worth = self._worth(unit, axis, sign)
                if best is None or worth > best[0]:
                    best = worth, unit
        if best is None:
            return False
        self.remove(best[1])
        self.units.append(best[1])
        return True

    def remove(self, unit: Unit) -> None:
        """Take pieces off."""
        for n, count in unit.items():
            self._lift(n, count)

    def restore(self, unit: Unit) -> bool:
        """Put pieces back, if what they stood on is there; tell whether it is."""
        for n in unit:
            under = () if self._stacks[n].height else self._stacks[n].under
            if any(self._stacks[m].height + unit.get(m, 0) != self._full(self._stacks[m]) for m in under):
                return False
        for n, count in unit.items():
            self._lift(n, -count)
        return True

    def box(self) -> LoadedBox:
        """Write down what is left as a box."""
        blocks = joined(self._blocks(), self.by.fixed) if self.off else self._box.blocks
        inside = {self._owners[b.item_id] for b in blocks}
        return replace(
            self._box,
            booking_ids=tuple(b for b in self._box.booking_ids if b in inside),
            cargo_g=self._box.cargo_g - sum(n * self.by.piece_g[i] for i, n in self.off.items()),
            blocks=blocks,
        )

    def _stand(self) -> None:
        """Note which stacks stand on which."""
        blocks = [self._box.blocks[s.block] for s in self._stacks]
        rows = [
            (b.x_mm + s.ix * b.dx_mm, b.y_mm + s.iy * b.dy_mm, b.dx_mm, b.dy_mm, b.z_mm, b.z_mm + b.nz * b.dz_mm)
            for s, b in zip(self._stacks, blocks, strict=True)
        ]
        table = np.array(rows, np.int64).reshape(-1, 6)
        for n, (x, y, dx, dy, _, top) in enumerate(rows):
            over = (table[:, 4] == top) & (table[:, 0] < x + dx) & (table[:, 0] + table[:, 2] > x)
            over &= (table[:, 1] < y + dy) & (table[:, 1] + table[:, 3] > y)
            self._stacks[n].borne = np.flatnonzero(over).tolist()
            for m in self._stacks[n].borne:
                self._stacks[m].under.append(n)

    def _heavy_side(self) -> tuple[int, int]:
        """Find the axis along which the load is farthest off; 1: its far side is too heavy, -1: its near side."""
        kind, rules = self.by.kind, self.by.rules
        scales = weigh(list(self._blocks()), self.by.piece_g, kind)
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

    def _unit(self, n: int) -> Unit:
        """List what goes with a piece of a stack: what stands on it, and whole bookings with what stands on them."""
        owner = self._owner(self._stacks[n])
        found: Unit = {} if owner in self._whole else {n: 1}
        waiting = list(self._of[owner] if owner in self._whole else self._stacks[n].borne)
        while waiting:
            m = waiting.pop()
            stack = self._stacks[m]
            if found.get(m) != stack.height and stack.height:
                found[m] = stack.height
                waiting += stack.borne
                waiting += self._of[self._owner(stack)] if self._owner(stack) in self._whole else ()
        return found

    def _worth(self, unit: Unit, axis: int, sign: int) -> float:
        """Moment on the heavy side that pieces take away, by their volume."""
        half = (self.by.kind.inside_length_mm, self.by.kind.inside_width_mm)[axis] / 2
        moment = volume = 0.0
        for n, count in unit.items():
            b = self._box.blocks[self._stacks[n].block]
            arm = sign * (self._stacks[n].middle_mm[axis] - half)
            moment += count * self.by.piece_g[b.item_id] * arm
            volume += count * b.dx_mm * b.dy_mm * b.dz_mm
        return moment / volume

    def _lift(self, n: int, count: int) -> None:
        stack = self._stacks[n]
        item_id = self._box.blocks[stack.block].item_id
        self.off[item_id] = self.off.get(item_id, 0) + count
        stack.height -= count

    def _full(self, stack: Stack) -> int:
        return self._box.blocks[stack.block].nz

    def _owner(self, stack: Stack) -> str:
        return self._owners[self._box.blocks[stack.block].item_id]

    def _may_go(self, stack: Stack) -> bool:
        return self._box.blocks[stack.block] not in self.by.fixed

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
