"""Walls across the container: which to mirror, and how far to move each, so that a load is in balance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from landport.consolidate.towers import Wall

EXACT = 12
"""Walls up to which every choice of those to mirror is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lean:
    """How a load leans to one side, and how far it may.

    Parameters
    ----------
    inside_mm
        Inside width.
    fixed
        Twice the moment about the middle of the width of what stays, in g mm; above 0: to the right.
    most
        Greatest such moment of the whole load.
    is_over
        Tells whether the time is over.
    """

    inside_mm: int
    fixed: int
    most: int
    is_over: Callable[[], bool] = lambda: False

    def of(self, wall: Wall) -> int:
        """Twice the moment of a wall about the middle of the width; mirrored it is as much to the other side."""
        return wall.sway - wall.mass_g * self.inside_mm


Places = list[tuple[bool, int]]
"""By wall: whether it is mirrored across, and how far it then moves to the right, in mm."""


def upright(walls: Sequence[Wall], lean: Lean) -> Places | None:
    """Mirror and move walls so that a load leans no more than it may; None: that was not found.

    Notes
    -----
    Few walls are mirrored in the best of all ways, many greedily, the one that leans most first, and then by single
    changes and swaps as long as they help. What is still missing is made up by moving walls aside. O(n^2).
    """
    for is_mirrored in (mirrored([lean.of(w) for w in walls], lean.fixed, lean.is_over), [False] * len(walls)):
        found = moved(walls, is_mirrored, lean)
        if found is not None:
            return found
    return None


def moved(walls: Sequence[Wall], is_mirrored: Sequence[bool], lean: Lean) -> Places | None:
    """Move walls aside until the load leans no more than it may, those first that help most; None: there is no room."""
    leans = [-lean.of(w) if m else lean.of(w) for w, m in zip(walls, is_mirrored, strict=True)]
    total = lean.fixed + sum(leans)
    towards = -1 if total > 0 else 1
    rooms = []
    for wall, mirrored in zip(walls, is_mirrored, strict=True):
        left, right = wall.y0, lean.inside_mm - wall.y1
        rooms.append(left if mirrored != (towards < 0) else right)
    shifts = [0] * len(walls)
    missing = abs(total) - lean.most
    for n in sorted(range(len(walls)), key=lambda n: -rooms[n] * walls[n].mass_g):
        if missing <= 0 or not rooms[n] or not walls[n].mass_g:
            break
        shifts[n] = min(rooms[n], -(-missing // (2 * walls[n].mass_g)))
        missing -= 2 * walls[n].mass_g * shifts[n]
    if missing > 0 or -missing > 2 * lean.most:
        return None
    return [(m, towards * s) for m, s in zip(is_mirrored, shifts, strict=True)]


def mirrored(leans: Sequence[int], fixed: int, is_over: Callable[[], bool] = lambda: False) -> list[bool]:
    """Choose which parts of a load to mirror, so that it leans least; fewest where that is the same.

    Parameters
    ----------
    leans, fixed
        Twice the moment of each part, which changes its sign when mirrored, and of what stays.
    is_over
        Tells whether the time is over: then the first choice of many parts is not bettered.
    """
    if len(leans) > EXACT:
        return _greedy(leans, fixed, is_over)
    whole = fixed + sum(leans)
    ways = (way for n in range(len(leans) + 1) for way in combinations(range(len(leans)), n))
    best = min(ways, key=lambda way: abs(whole - 2 * sum(leans[n] for n in way)))
    return [n in best for n in range(len(leans))]


def _greedy(leans: Sequence[int], fixed: int, is_over: Callable[[], bool]) -> list[bool]:
    signs, total = [1] * len(leans), fixed
    for n in sorted(range(len(leans)), key=lambda n: -abs(leans[n])):
        signs[n] = 1 if abs(total + leans[n]) <= abs(total - leans[n]) else -1
        total += signs[n] * leans[n]
    is_better = True
    while is_better and not is_over():
        is_better = False
        for n, m in _pairs(len(leans), is_over):
            change = sum(-2 * signs[k] * leans[k] for k in {n, m})
            if abs(total + change) < abs(total):
                for k in {n, m}:
                    signs[k] = -signs[k]
                total, is_better = total + change, True
    return [sign < 0 for sign in signs]


def _pairs(n_parts: int, is_over: Callable[[], bool]) -> Iterator[tuple[int, int]]:
    """Go through the parts, then through all pairs of them, for as long as the time lasts."""
    yield from ((n, n) for n in range(n_parts))
    for n in range(n_parts):
        if is_over():
            return
        yield from ((n, m) for m in range(n + 1, n_parts))
