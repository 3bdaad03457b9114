"""Walls along the length: in what order, which way round and how far apart a load is in balance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, islice, pairwise, permutations, product
from math import factorial, inf
from random import Random

from landport.consolidate.towers import Wall

EXACT = 5_000
"""Orders of walls, each way round, up to which all are tried."""

TRIES = 2_000
"""Moves of the local search where there are more."""

STEPS = 4
"""Gaps between two walls that are tried: all the free length, and shares of it."""

CLOSEST = 50
"""Rows, the closest to balance, that are tried with gaps."""

RESTART = 200
"""Moves from one shuffled row."""

SWAPS = 0.7
"""Share of moves that swap two walls; the others turn one round."""

Row = tuple[tuple[Wall, bool], ...]
"""Walls from the closed end to the door, each with whether it is turned round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The stretch of a container that walls are placed on, and what their mass must keep to.

    Parameters
    ----------
    from_mm, inside_mm
        Walls stand from here to the door, at the end of the inside length.
    mass_g, moment, closed_end_g
        Mass of the whole load; of what stays, twice its moment about the closed end, in g mm, and its mass in the
        half there.
    cog_pct, half_pct
        As in `LoadRules`.
    is_over
        Tells whether the time is over.
    """

    from_mm: int
    inside_mm: int
    mass_g: int
    moment: int
    closed_end_g: float
    cog_pct: int | None
    half_pct: int | None
    is_over: Callable[[], bool] = lambda: False

    def starts(self, row: Row, *, apart: bool = False) -> tuple[int, ...] | None:
        """Place walls so that the load is in balance, with the least shift towards the door; None: it cannot be so.

        Parameters
        ----------
        apart
            With one gap between two of them, instead of all tight.
        """
        free = self._free(row)
        for split, gap in self._gaps(len(row), free) if apart else ((0, 0),):
            tight = self._tight(row, split, gap)
            low, high = self._shifts(row, tight)
            shift = self._even_halves(row, tight, max(0, low), min(free - gap, high))
            if shift is not None:
                return tuple(start + shift for start in tight)
        return None

    def tilt(self, row: Row) -> float:
        """Say how far a tight row is from balance, as shares of length and mass; about 0: it may be in balance."""
        free, tight = self._free(row), self._tight(row)
        low, high = self._shifts(row, tight)
        ends = min(free, max(0, low)), max(0, min(free, high))
        uneven = min(self._excess(row, tight, shift) for shift in ends) / max(1, self.mass_g)
        return uneven + max(0, low - free, -high, low - high) / self.inside_mm

    def _free(self, row: Row) -> int:
        return self.inside_mm - self.from_mm - sum(w.length_mm for w, _ in row)

    def _gaps(self, n_walls: int, free: int) -> Iterator[tuple[int, int]]:
        sizes = sorted({free * k // STEPS for k in range(1, STEPS + 1)} - {0}, reverse=True)
        return product(range(1, n_walls), sizes)

    def _tight(self, row: Row, split: int = 0, gap: int = 0) -> tuple[int, ...]:
        ends = accumulate((w.length_mm for w, _ in row), initial=self.from_mm)
        return tuple(end + (gap if split and n >= split else 0) for n, end in enumerate(islice(ends, len(row))))

    def _shifts(self, row: Row, starts: Sequence[int]) -> tuple[int, int]:
        """Least and greatest shift towards the door with which the centre of gravity is where it may be.

        Notes
        -----
        Whole mm, and exact; the least is above the greatest where no whole mm will do.
        """
        if self.cog_pct is None or not self.mass_g:
            return -self.inside_mm, self.inside_mm
        moment, moved = self.moment, 0
        for (wall, is_turned), start in zip(row, starts, strict=True):
            own = 2 * wall.mass_g * wall.length_mm - wall.moment if is_turned else wall.moment
            moment, moved = moment + 2 * wall.mass_g * start + own, moved + wall.mass_g
        off, room = 100 * (self.mass_g * self.inside_mm - moment), 2 * self.cog_pct * self.inside_mm * self.mass_g
        if not moved:
            return (-self.inside_mm, self.inside_mm) if abs(off) <= room else (self.inside_mm, -self.inside_mm)
        return -((room - off) // (200 * moved)), (off + room) // (200 * moved)

    def _even_halves(self, row: Row, starts: Sequence[int], low: int, high: int) -> int | None:
        """Find the least shift of a range with which neither half is too heavy."""
        if low > high:
            return None
        if self._excess(row, starts, low) <= 0:
            return low
        most = self.half_g
        first, last = low, high + 1
        while first < last:
            middle = (first + last) // 2
            if self._closed_end(row, starts, middle) <= most:
                last = middle
            else:
                first = middle + 1
        return first if first <= high and self._excess(row, starts, first) <= 0 else None

    @property
    def half_g(self) -> float:
        """Greatest mass of a half; a billionth less, so that rounding breaks no rule."""
        return inf if self.half_pct is None else self.half_pct * self.mass_g / 100 * (1 - 1e-9)

    def _excess(self, row: Row, starts: Sequence[int], shift: int) -> float:
        """Grams by which the heavier half is too heavy."""
        if self.half_pct is None:
            return 0.0
        closed_end = self._closed_end(row, starts, shift)
        return max(0.0, closed_end - self.half_g, self.mass_g - closed_end - self.half_g)

    def _closed_end(self, row: Row, starts: Sequence[int], shift: int) -> float:
        grams = self.closed_end_g
        for (wall, is_turned), start in zip(row, starts, strict=True):
            mm = self.inside_mm / 2 - start - shift
            grams += wall.mass_g - wall.until(wall.length_mm - mm) if is_turned else wall.until(mm)
        return grams


def in_balance(walls: Sequence[Wall], line: Line, seed: int) -> tuple[Row, tuple[int, ...]] | None:
    """Find an order of walls, each way round, that is in balance: the row, and where each wall starts; None: no such.

    Notes
    -----
    Only neighbours that are unloaded at the same time change places, and only walls of which all is unloaded at the
    same time are turned round. All rows are tried where they are few (`EXACT`): the first that is in balance is
    answered. Else local search by swaps and turns from the row as it is, restarted from shuffled ones, with `TRIES`
    moves. Rows that come closest are tried with a gap between two walls at last. Once the time is over no further row
    is tried. Deterministic.
    """
    classes = [list(group) for _, group in groupby(walls, key=lambda w: w.ranks if w.is_even else id(w))]
    n_rows = 1
    for own in classes:
        n_rows *= factorial(len(own)) * 2 ** sum(1 for w in own if _is_turnable(w))
        if n_rows > EXACT:
            break
    rows = _all_rows(classes) if n_rows <= EXACT else _better_rows(classes, line, Random(seed))
    close: list[tuple[float, int, Row]] = []
    for n, row in enumerate(rows):
        starts = line.starts(row)
        if starts is not None:
            return row, starts
        if line.half_pct is not None:
            close.append((line.tilt(row), n, row))
        if line.is_over():
            return None
    for _, _, row in sorted(close, key=lambda c: c[:2])[:CLOSEST]:
        if line.is_over():
            return None
        starts = line.starts(row, apart=True)
        if starts is not None:
            return row, starts
    return None


def _is_turnable(wall: Wall) -> bool:
    """Tell whether turning a wall round is allowed and changes where its mass lies."""
    return wall.is_even and (
        wall.moment != wall.mass_g * wall.length_mm
        or any(abs(wall.until(e) + wall.until(wall.length_mm - e) - wall.mass_g) > 1 for e in wall.edges)
    )


def _all_rows(classes: Sequence[Sequence[Wall]]) -> Iterator[Row]:
    ways = []
    for own in classes:
        turns = [(False, True) if _is_turnable(w) else (False,) for w in own]
        ways.append(
            [
                tuple((own[n], turn[n]) for n in order)
                for order in permutations(range(len(own)))
                for turn in product(*turns)
            ]
        )
    return (tuple(part for parts in chosen for part in parts) for chosen in product(*ways))


def _better_rows(classes: Sequence[Sequence[Wall]], line: Line, draw: Random) -> Iterator[Row]:
    """Walk from row to row, no further from balance than the one before; answers every row looked at."""
    turnable = {id(w) for own in classes for w in own if _is_turnable(w)}
    ends = list(accumulate(map(len, classes), initial=0))
    spans = [(a, b) for a, b in pairwise(ends) if b - a > 1]
    start: Row = tuple((w, False) for own in classes for w in own)
    row, tilt = start, line.tilt(start)
    yield row
    turning = [n for n, (w, _) in enumerate(start) if id(w) in turnable]
    for n in range(TRIES if spans or turning else 0):
        changed = list(row)
        if n % RESTART == RESTART - 1:
            tilt = inf
            for a, b in spans:
                changed[a:b] = draw.sample(changed[a:b], b - a)
        elif spans and (not turning or draw.random() < SWAPS):
            a, b = spans[draw.randrange(len(spans))]
            i, k = draw.sample(range(a, b), 2)
            changed[i], changed[k] = changed[k], changed[i]
        else:
            k = draw.randrange(len(changed))
            changed[k] = changed[k][0], changed[k][1] ^ (id(changed[k][0]) in turnable)
        found = line.tilt(tuple(changed))
        if found <= tilt:
            row, tilt = tuple(changed), found
            yield row
