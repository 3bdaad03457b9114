"""One container: choose bookings for it, fill it, keep together what must stay together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landport.consolidate import _kernel
from landport.consolidate._kernel import Ints
from landport.consolidate.cargo import Cargo, Lot
from landport.consolidate.stowing import is_plain, stow
from landport.consolidate.walls import in_walls
from landport.model.result import Limit

SPACES, BLOCKS = 1024, 4096
"""Rows of the kernel's tables: surplus spaces are dropped, a container holds at most so many blocks."""

PATIENCE = 4
"""Fills with one booking less each, before all bookings that did not go in are dropped."""

OFFERS = 24
"""Further bookings that are offered to a container that is filled."""


CHOICE = 3
"""Containers' volume of loose pieces that a container is filled from."""

REMEMBERED = 256
"""Sets of items whose reachable lengths are kept, about 100 kB each."""


POOLED = 4_000_000
"""Whole numbers in the fillings that are kept, 8 bytes each."""


@dataclass(frozen=True, slots=True)
class Style:
    """One way to fill a container.

    Parameters
    ----------
    numbers
        Shape (4,), see `_kernel.fill`.
    bias
        Shape (items,): thousandths that scale an item's worth.
    keys
        Shape (lots,): bookings are taken in this order.
    reserve
        Percent of the volume that the first choice of bookings leaves free.
    """

    numbers: Ints
    bias: Ints
    keys: Ints
    reserve: int


@dataclass(frozen=True, slots=True)
class Filling:
    """A filled container.

    Parameters
    ----------
    kind
        Index of its container type.
    counts
        Shape (items,): pieces in it.
    spaces, blocks
        As in `_kernel`: what is still free, and what stands where. No spaces: nobody has looked.
    """

    kind: int
    counts: Ints
    spaces: Ints
    blocks: Ints
    volume_mm3: int
    mass_g: int


class Filler:
    """Fills containers from one group; owns the kernel's tables.

    Parameters
    ----------
    is_cut
        A container was not filled in every style that was asked for, as there was no time.
    """

    def __init__(self, cargo: Cargo, limit: Limit | None = None) -> None:
        self.cargo = cargo
        self.limit = limit or Limit()
        self.is_cut = False
        self.pool: dict[tuple[int, bytes], Filling] = {}
        self._pooled = 0
        self._is_plain = is_plain(cargo.group)
        self._spaces = np.zeros((SPACES, 10), np.int64)
        self._blocks = np.zeros((BLOCKS, 10), np.int64)
        self._tally = np.zeros(4, np.int64)
        self._reach: dict[tuple[int, bytes], tuple[Ints, Ints]] = {}

    def fill(self, kind: int, wanted: Ints, style: Style, onto: Filling | None = None) -> Filling:
        """Place as many of the wanted pieces as go, into an empty container or onto what stands in one."""
        if not self._is_plain or (onto is not None and not len(onto.spaces)):
            standing = None if onto is None else onto.blocks
            rows = stow(self.cargo, kind, wanted, self.limit, standing, style.bias / 1000, rounds=0)
            return self._filling(kind, rows)
        if onto is None:
            _kernel.begin(self.cargo.boxes[kind], self._spaces, self._tally)
        else:
            self._tally[:] = (len(onto.spaces), len(onto.blocks), onto.volume_mm3, onto.mass_g)
            self._spaces[: len(onto.spaces)] = onto.spaces
            self._blocks[: len(onto.blocks)] = onto.blocks
        counts = wanted.copy()
        flat, up = self._reaches(kind, wanted)
        _kernel.fill(
            self.cargo.boxes[kind],
            self.cargo.items,
            self.cargo.poses[kind],
            counts,
            style.numbers,
            style.bias,
            flat,
            up,
            self._spaces,
            self._blocks,
            self._tally,
        )
        n_spaces, n_blocks, volume_mm3, mass_g = self._tally.tolist()
        placed = wanted - counts if onto is None else wanted - counts + onto.counts
        spaces, blocks = self._spaces[:n_spaces].copy(), self._blocks[:n_blocks].copy()
        return Filling(kind, placed, spaces, blocks, volume_mm3, mass_g)

    def search(
        self, kind: int, wanted: Ints, limit: Limit, onto: Filling | None = None, *, rounds: int | None = None
    ) -> Filling:
        """Place as many of the wanted pieces as a beam search of the limit finds room for (`searching.Search`)."""
        rows = stow(self.cargo, kind, wanted, limit, None if onto is None else onto.blocks, rounds=rounds)
        return self._filling(kind, rows)

    def searches(self, kind: int, wanted: Ints, limit: Limit) -> list[Filling]:
        """Answer what a search finds, and what it had found before, the best first."""
        others: list[Ints] = []
        rows = stow(self.cargo, kind, wanted, limit, others=others)
        return [self._filling(kind, found) for found in (rows, *others)]

    def _filling(self, kind: int, rows: Ints) -> Filling:
        counts = np.zeros_like(self.cargo.counts)
        np.add.at(counts, rows[:, 0], rows[:, 7:].prod(axis=1))
        volume_mm3, mass_g = int(counts @ self.cargo.volumes_mm3), int(counts @ self.cargo.items[:, 0])
        return Filling(kind, counts, np.zeros((0, 10), np.int64), rows, volume_mm3, mass_g)

    def _reaches(self, kind: int, wanted: Ints) -> tuple[Ints, Ints]:
        key = kind, np.packbits(wanted > 0).tobytes()
        if key not in self._reach:
            if len(self._reach) == REMEMBERED:
                self._reach.clear()
            box, poses = self.cargo.boxes[kind], self.cargo.poses[kind]
            active = poses[wanted[poses[:, 0]] > 0]
            flat = _kernel.reachable(np.unique(active[:, 1:3]), int(box[0]))
            up = _kernel.reachable(np.unique(active[:, 3]), int(box[2]))
            self._reach[key] = flat, up
        return self._reach[key]

    def wall(self, kind: int, lot: Lot, others: Sequence[Lot], left: Ints, style: Style) -> Filling | None:
        """Stack a booking in walls, and add others behind them as they go in whole; None when it does not fit so."""
        box, wanted = self.cargo.boxes[kind], _union([lot], left)
        if not self._is_plain or lot.mass_g > box[3]:
            return None
        found = in_walls(box, self.cargo.items, self.cargo.poses[kind], wanted)
        if found is None or len(found[0]) > BLOCKS:
            return None
        blocks, spaces = found
        rest = [other for other in others if other.is_whole and left[other.rows].any()]
        return self._offer(kind, rest, left, style, Filling(kind, wanted, spaces, blocks, lot.volume_mm3, lot.mass_g))

    def pack(
        self, kind: int, lots: Sequence[Lot], left: Ints, styles: Sequence[Style], seconds: float | None = None
    ) -> Filling | None:
        """Fill one container from the pieces left, in several styles; None when nothing goes in.

        Bookings that must stay together are in it with all their pieces, or not at all. After the first one no style
        is tried that would end, if it takes as long as the others, after so many `seconds`, or after the time is over.
        """
        box, best, best_value = self.cargo.boxes[kind], None, 0.0
        if not len(self.cargo.poses[kind]):
            return None
        room = float(box[:3].prod()), float(box[3])
        need = float(left @ self.cargo.volumes_mm3) / room[0], float(left @ self.cargo.items[:, 0]) / room[1]
        begun = self.limit.remaining()
        for n, style in enumerate(styles, 1):
            found = self._attempt(kind, lots, left, style)
            value = need[0] * found.volume_mm3 / room[0] + need[1] * found.mass_g / room[1]
            if value > best_value:
                best, best_value = found, value
            if (found.counts == left).all():
                break
            if n < len(styles) and self._is_late(begun, seconds, n):
                self.is_cut = True
                break
        return best

    def _is_late(self, begun: float | None, seconds: float | None, n: int) -> bool:
        """Tell whether one more try as long as the last n would end after so many seconds; or the time is over."""
        now = self.limit.remaining()
        if begun is None or now is None:
            return False
        return now == 0 or (seconds is not None and (begun - now) * (n + 1) > seconds * n)

    def _attempt(self, kind: int, lots: Sequence[Lot], left: Ints, style: Style) -> Filling:
        chosen, rest, loose = self._choose(kind, self._company(lots, left, style), left, style)
        for round_number in range(len(lots) + 1):
            found = self.fill(kind, _union(chosen, left) + loose, style)
            torn = [lot for lot in chosen if (found.counts[lot.rows] < left[lot.rows]).any()]
            if not torn:
                break
            is_late = round_number >= PATIENCE or self.limit.is_over()
            dropped = torn if is_late else self._least_missed(chosen, torn, found, left)
            chosen = [lot for lot in chosen if lot not in dropped]
            rest += dropped
        return self._pool(self._offer(kind, rest, left, style, found))

    def _pool(self, found: Filling) -> Filling:
        """Keep a filling for later, one of its kind and counts, while there is room for it."""
        inside = np.flatnonzero(found.counts)
        key = found.kind, np.concatenate([inside, found.counts[inside]]).tobytes()
        if len(inside) and key not in self.pool and self._pooled < POOLED:
            self.pool[key] = found
            self._pooled += found.counts.size + found.spaces.size + found.blocks.size
        return found

    def _company(self, lots: Sequence[Lot], left: Ints, style: Style) -> list[Lot]:
        """Order bookings with pieces left by style; drop those that may not share a container with earlier ones."""
        order = sorted(range(len(lots)), key=lambda n: int(style.keys[n]))
        there = {self.cargo.lots[n].booking_id for n in self.cargo.inside(left)}
        found = [lots[n] for n in order if lots[n].booking_id in there]
        if not self.cargo.apart.any():
            return found
        sorts: set[int] = set()
        company = []
        for lot in found:
            if not any(self.cargo.apart[lot.sort, sort] for sort in sorts):
                company.append(lot)
                sorts.add(lot.sort)
        return company

    def _choose(self, kind: int, lots: Sequence[Lot], left: Ints, style: Style) -> tuple[list[Lot], list[Lot], Ints]:
        """Choose whole bookings in order while volume and payload allow, and loose pieces up to some boxes of volume.

        Answers the whole ones chosen, the other whole ones, and the loose pieces.
        """
        box = self.cargo.boxes[kind]
        room_mm3, payload_g = int(box[:3].prod()) * (100 - style.reserve) // 100, int(box[3])
        loose_mm3 = CHOICE * int(box[:3].prod())
        chosen, rest, loose = [], [], np.zeros_like(left)
        for lot in lots:
            if not lot.is_whole:
                for row in lot.rows.tolist():
                    if loose_mm3 > 0:
                        loose[row] = left[row]
                        loose_mm3 -= int(left[row] * self.cargo.volumes_mm3[row])
            elif lot.volume_mm3 <= room_mm3 and lot.mass_g <= payload_g:
                chosen.append(lot)
                room_mm3, payload_g = room_mm3 - lot.volume_mm3, payload_g - lot.mass_g
            else:
                rest.append(lot)
        return chosen, rest, loose

    def _least_missed(self, chosen: list[Lot], torn: list[Lot], found: Filling, left: Ints) -> list[Lot]:
        """Find bookings whose absence makes room for all that was left out: the smallest such one, or several."""
        out = left - found.counts
        missing = [int(out[lot.rows] @ self.cargo.volumes_mm3[lot.rows]) for lot in torn]
        needed = sum(missing)
        for lots in (torn, chosen):
            enough = [lot for lot in lots if lot.volume_mm3 >= needed]
            if enough:
                return [min(enough, key=lambda lot: lot.volume_mm3)]
        dropped: list[Lot] = []
        for n in sorted(range(len(torn)), key=lambda n: -missing[n]):
            if needed > 0:
                dropped.append(torn[n])
                needed -= torn[n].volume_mm3
        return dropped

    def _offer(self, kind: int, lots: list[Lot], left: Ints, style: Style, found: Filling) -> Filling:
        """Add whole bookings, the largest first, each if all of it goes into what is still free."""
        box = self.cargo.boxes[kind]
        room_mm3, payload_g, offers = int(box[:3].prod()), int(box[3]), 0
        for lot in sorted(lots, key=lambda lot: -lot.volume_mm3):
            is_over = lot.volume_mm3 > room_mm3 - found.volume_mm3 or lot.mass_g > payload_g - found.mass_g
            if is_over or offers == OFFERS or not self._joins(lot, found) or self.limit.is_over():
                continue
            offers += 1
            fuller = self.fill(kind, _union([lot], left), style, found)
            if (fuller.counts[lot.rows] == left[lot.rows]).all():
                found = fuller
        return found

    def _joins(self, lot: Lot, found: Filling) -> bool:
        cargo = self.cargo
        return not cargo.apart.any() or cargo.joins(lot, cargo.inside(found.counts))


def _union(lots: Sequence[Lot], left: Ints) -> Ints:
    wanted = np.zeros_like(left)
    for lot in lots:
        wanted[lot.rows] = left[lot.rows]
    return wanted
