"""Loads that no move brings into balance: pieces are taken off until the rest can be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from landport.consolidate._kernel import Ints
from landport.consolidate.balance import Scene, balance, tilts_of
from landport.consolidate.scale import weigh
from landport.consolidate.towers import joined
from landport.model.loads import LoadedBox
from landport.model.plans import CargoBlock

PATIENCE = 8
"""One in so many pieces taken off, the rest is tried; while fewer are off, after each."""


MOST_BACK = 64
"""Pieces, or bookings, that are tried to be put back."""

COMPARED = 4_000_000
"""Pairs of columns that are compared at once."""

CLOSE = 1e-6
"""Share of the mass below which halves are weighed exactly."""

BLOCK, X0, Y0, Z0, X1, Y1, Z1 = range(7)

Unit = dict[int, int]
"""Pieces that go at once: how many by number of column."""


def lighten(
    box: LoadedBox,
    by: Scene,
    owners: Mapping[str, str],
    whole: Collection[str],
    *,
    seed: int = 0,
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
    From the heavy end, first what takes most moment away for its volume: a top piece, or a piece with all that stands
    on it, which goes before it; of a booking that must stay together all. The rest is balanced after each of the first
    of these, then after every eighth part more. In the end what turns out not to be needed is put back, the last first.
    Once the time is over pieces are taken off until the rest is in balance as it stands, and none is put back.
    O(taken x columns).
    """
    load = _Load(box, by, owners, whole)
    taken = tried = 0
    while load.take():
        taken += 1
        if by.is_over():
            if load.seems_even() and not tilts_of(load.box().blocks, by):
                return load.box(), {i: n for i, n in load.off.items() if n}
        elif taken >= tried + max(1, taken // PATIENCE):
            tried = taken
            found = balance(load.box(), by, seed=seed)
            if found is not None:
                return _put_back(load, found, seed), {i: n for i, n in load.off.items() if n}
    return balance(load.box(), by, seed=seed) or load.box(), load.off


def _put_back(load: _Load, found: LoadedBox, seed: int) -> LoadedBox:
    """Put back what need not be off, the last first."""
    for unit in reversed(load.units[-MOST_BACK:]):
        if not load.by.is_over() and load.restore(unit):
            more = balance(load.box(), load.by, seed=seed)
            if more is None:
                load.remove(unit)
            else:
                found = more
    return found


class _Load:
    """A load of which pieces are taken off: columns of equal pieces on each other, by number."""

    def __init__(self, box: LoadedBox, by: Scene, owners: Mapping[str, str], whole: Collection[str]) -> None:
        self._box, self.by, self._whole, self._owners = box, by, whole, owners
        self.off: dict[str, int] = {}
        self.units: list[Unit] = []
        self._at = columns_of(box.blocks)
        self._of_block: list[int] = self._at[:, BLOCK].tolist()
        self._height = [box.blocks[n].nz for n in self._of_block]
        self._borne = borne_by(self._at)
        self._under: list[list[int]] = [[] for _ in self._borne]
        for n, above in enumerate(self._borne):
            for m in above:
                self._under[m].append(n)
        self._own: dict[str, list[int]] = {}
        for n in range(len(self._borne)):
            self._own.setdefault(self._owner(n), []).append(n)
        sides = np.array([by.kind.inside_length_mm, by.kind.inside_width_mm])
        ends = self._at[:, [X0, Y0]] + self._at[:, [X1, Y1]]
        self._arms = [column.tolist() for column in (ends / 2 - sides / 2).T]
        self._twice = [column.tolist() for column in ends.T]
        self._piece_g = [by.piece_g[box.blocks[n].item_id] for n in self._of_block]
        self._piece_mm3 = [b.dx_mm * b.dy_mm * b.dz_mm for b in (box.blocks[n] for n in self._of_block)]
        self._scales = [sum(b.count * by.piece_g[b.item_id] for b in box.blocks), 0, 0]
        for n, height in enumerate(self._height):
            self._scales[1] += height * self._piece_g[n] * self._twice[0][n]
            self._scales[2] += height * self._piece_g[n] * self._twice[1][n]
        self._worths = np.zeros((2, len(self._borne)))
        self._may_go = np.zeros(len(self._borne), np.bool_)
        self._stale = set(range(len(self._borne)))

    def take(self) -> bool:
        """Take off the piece, with what stands on it, or the booking, that helps most; tell whether there was any."""
        axis, sign = self._heavy_side()
        self._value()
        if not self._may_go.any():
            return False
        unit = self._unit(int(np.where(self._may_go, sign * self._worths[axis], -np.inf).argmax()))
        self.remove(unit)
        self.units.append(unit)
        return True

    def remove(self, unit: Unit) -> None:
        """Take pieces off."""
        for n, count in unit.items():
            self._lift(n, count)
        self._stale |= self._touched(unit)

    def restore(self, unit: Unit) -> bool:
        """Put pieces back, if what they stood on is there; tell whether it is."""
        for n in unit:
            under = () if self._height[n] else self._under[n]
            if any(self._height[m] + unit.get(m, 0) != self._full(m) for m in under):
                return False
        for n, count in unit.items():
            self._lift(n, -count)
        self._stale |= self._touched(unit)
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

    def seems_even(self) -> bool:
        """Tell, but for rounding, whether what is left is in balance as it stands."""
        half_pct, mass = self.by.rules.half_pct, self._scales[0]
        if max(self._beyond()) > 0:
            return False
        closed_end = self._closed_end_g()
        return half_pct is None or max(closed_end, mass - closed_end) * 100 <= half_pct * mass

    def _heavy_side(self) -> tuple[int, int]:
        """Find the axis along which the load is farthest off; 1: its far side is too heavy, -1: its near side."""
        beyond, mass = self._beyond(), self._scales[0]
        if max(beyond) <= 0:
            closed_end: float | Fraction = self._closed_end_g()
            if abs(2 * closed_end - mass) < CLOSE * mass:
                closed_end = weigh(list(self._blocks()), self.by.piece_g, self.by.kind).closed_end_g
            return 0, 1 if 2 * closed_end < mass else -1
        axis = int(beyond[1] > beyond[0])
        return axis, 1 if self._shares()[axis] > 0 else -1

    def _shares(self) -> list[float]:
        """Say how far the centre of gravity lies from the middle, along and across, as shares of the sides."""
        mass, *moments = self._scales
        sides = (self.by.kind.inside_length_mm, self.by.kind.inside_width_mm)
        return [m / (2 * mass) / side - 0.5 if mass else 0.0 for m, side in zip(moments, sides, strict=True)]

    def _beyond(self) -> list[float]:
        """Say by how many per cent of the sides the centre of gravity lies farther off than it may."""
        pcts = (self.by.rules.cog_length_pct, self.by.rules.cog_width_pct)
        shares = zip(self._shares(), pcts, strict=True)
        return [abs(share) * 100 - pct if pct is not None else -1.0 for share, pct in shares]

    def _closed_end_g(self) -> float:
        """Grams in the half at the closed end, but for rounding."""
        grams = np.array(self._height) * np.array(self._piece_g)
        ends = np.minimum(self._at[:, X1], self.by.kind.inside_length_mm / 2) - self._at[:, X0]
        return float(grams @ (np.maximum(0, ends) / (self._at[:, X1] - self._at[:, X0])))

    def _value(self) -> None:
        """Work out anew what pieces are worth of which something has changed; of a whole booking its first column."""
        for n in self._stale:
            owner = self._owner(n)
            is_first = owner not in self._whole or self._own[owner][0] == n
            self._may_go[n] = is_first and self._height[n] > 0
            if self._may_go[n]:
                unit = self._unit(n)
                self._may_go[n] = all(self._box.blocks[self._of_block[m]] not in self.by.fixed for m in unit)
                volume = sum(count * self._piece_mm3[m] for m, count in unit.items())
                for axis in (0, 1):
                    moment = 0.0
                    for m, count in unit.items():
                        moment += count * self._piece_g[m] * self._arms[axis][m]
                    self._worths[axis, n] = moment / volume
        self._stale.clear()

    def _touched(self, unit: Unit) -> set[int]:
        """Find the columns with which some of these pieces may go: they bear them, or are of a booking that does."""
        found, waiting = set(unit), list(unit)
        while waiting:
            n = waiting.pop()
            near = self._under[n] + (self._own[self._owner(n)] if self._owner(n) in self._whole else [])
            fresh = set(near) - found
            found |= fresh
            waiting += fresh
        return found

    def _unit(self, n: int) -> Unit:
        """List what goes with a piece of a column: what stands on it, and whole bookings with what stands on them."""
        owner = self._owner(n)
        found: Unit = {} if owner in self._whole else {n: 1}
        waiting = list(self._own[owner] if owner in self._whole else self._borne[n])
        while waiting:
            m = waiting.pop()
            if found.get(m) != self._height[m] and self._height[m]:
                found[m] = self._height[m]
                waiting += self._borne[m]
                waiting += self._own[self._owner(m)] if self._owner(m) in self._whole else ()
        return found

    def _lift(self, n: int, count: int) -> None:
        item_id = self._box.blocks[self._of_block[n]].item_id
        self.off[item_id] = self.off.get(item_id, 0) + count
        self._height[n] -= count
        grams = count * self._piece_g[n]
        self._scales = [
            old - grams * by for old, by in zip(self._scales, (1, *(t[n] for t in self._twice)), strict=True)
        ]

    def _full(self, n: int) -> int:
        return self._box.blocks[self._of_block[n]].nz

    def _owner(self, n: int) -> str:
        return self._owners[self._box.blocks[self._of_block[n]].item_id]

    def _blocks(self) -> Iterator[CargoBlock]:
        first = 0
        for b in self._box.blocks:
            heights = self._height[first : first + b.nx * b.ny]
            first += b.nx * b.ny
            if all(h == b.nz for h in heights):
                yield b
            else:
                yield from _rest(b, heights)


def columns_of(blocks: Sequence[CargoBlock]) -> Ints:
    """List the columns of pieces on each other: block, from and to along, across and in height; by block, x, y."""
    found = [
        (n, x, y, b.z_mm, x + b.dx_mm, y + b.dy_mm, b.z_mm + b.nz * b.dz_mm)
        for n, b in enumerate(blocks)
        for x in range(b.x_mm, b.x_mm + b.nx * b.dx_mm, b.dx_mm)
        for y in range(b.y_mm, b.y_mm + b.ny * b.dy_mm, b.dy_mm)
    ]
    return np.array(found, np.int64).reshape(-1, 7)


def borne_by(columns: Ints) -> list[list[int]]:
    """List by column those that stand on its top."""
    at = columns
    found: list[list[int]] = []
    step = max(1, COMPARED // max(1, len(at)))
    for first in range(0, len(at), step):
        low = at[first : first + step, :, None]
        over = (at[:, Z0] == low[:, Z1]) & (at[:, X0] < low[:, X1]) & (at[:, X1] > low[:, X0])
        over &= (at[:, Y0] < low[:, Y1]) & (at[:, Y1] > low[:, Y0])
        rows, above = np.nonzero(over)
        found += [part.tolist() for part in np.split(above, np.searchsorted(rows, np.arange(1, len(low))))]
    return found


def _rest(b: CargoBlock, heights: Sequence[int]) -> Iterator[CargoBlock]:
    """Write what is left of a block: row by row, neighbours of one height together."""
    for ix in range(b.nx):
        row = heights[ix * b.ny : (ix + 1) * b.ny]
        first = 0
        for iy in range(1, b.ny + 1):
            if iy == b.ny or row[iy] != row[first]:
                if row[first]:
                    x_mm, y_mm = b.x_mm + ix * b.dx_mm, b.y_mm + first * b.dy_mm
                    yield replace(b, x_mm=x_mm, y_mm=y_mm, nx=1, ny=iy - first, nz=row[first])
                first = iy


def why_off(blocks: Sequence[CargoBlock], by: Scene) -> str:
    """Say what pieces were taken off for."""
    return f"the load it was in cannot be brought into balance with it: {'; '.join(tilts_of(blocks, by))}"
