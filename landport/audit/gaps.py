"""Rule of gaps: a load with a piece in line with which more is free than allowed carries a remark."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from landport.audit.lading import LoadCase
from landport.audit.stow import Stow
from landport.audit.violation import Finding, Rule


def _voids(case: LoadCase) -> Iterator[Finding]:
    boxes = dict(case.boxes())
    for stow in case.stows:
        said: dict[tuple[str, ...], list[str]] = {}
        for remark in boxes[stow.label].remarks:
            if remark.code == "void":
                said.setdefault(remark.about, []).append(remark.message)
        kind, most = stow.loading.kind, case.group.rules.void_mm
        for side, across, inside in (("length", 1, kind.inside_length_mm), ("width", 0, kind.inside_width_mm)):
            messages, free = said.pop((side,), []), free_mm(stow, across, inside)
            gap = f"{free:,} mm of its {side} are free in line with a piece of it; {most:,} mm are allowed"
            if len(messages) != (free > most):
                yield f"{stow.label}: {gap}, and {len(messages)} remarks say so", (stow.label, side)
            elif messages and not re.search(rf"(?<![\d,]){free:,} mm", messages[0]):
                yield f"{stow.label}: {gap}, but the remark gives no such figure", (stow.label, side)
        for about in said:
            text = (
                f"{stow.label}: a remark `void` is about {' and '.join(about) or 'nothing'}; expected length or width"
            )
            yield text, (stow.label,)


def free_mm(stow: Stow, across: int, inside_mm: int) -> int:
    """Find the greatest free length of the lines through the middles of pieces; 0 when a load holds nothing.

    Parameters
    ----------
    across
        The other horizontal axis, across the lines: 1 for lines along the length, 0 for lines along the width.

    Notes
    -----
    Free is what the lengths of the pieces on a line, summed, leave of the inside length, so that gaps at both walls and
    between pieces add up; a line along a face is in the piece behind it. A sweep across: what is filled at a height
    changes at faces of bodies, and is asked at middles of pieces. O(n log n) to sort, O(middles x heights) to sum.
    """
    along = 1 - across
    heights = sorted({z for body in stow.bodies for z in (body.z0, body.z1)})
    level = {z: k for k, z in enumerate(heights)}
    changes: dict[int, list[tuple[int, int, int]]] = {}
    middles: dict[int, set[int]] = {}
    for body in stow.bodies:
        (start, end), (a, b) = body.solid[across], body.solid[along]
        changes.setdefault(2 * start, []).append((level[body.z0], level[body.z1], b - a))
        changes.setdefault(2 * end, []).append((level[body.z0], level[body.z1], a - b))
        n_across, n_up = (body.block.ny if across else body.block.nx, body.block.nz) if body.is_sound else (1, 1)
        ups = {bisect_right(heights, up / 2) - 1 for up in _twice_the_middles(body.z0, body.z1, n_up)}
        for at in _twice_the_middles(start, end, n_across):
            middles.setdefault(at, set()).update(ups)
    steps, least = [0] * len(heights), 0
    for at in sorted(changes.keys() | middles.keys()):
        for low, high, filled in changes.get(at, ()):
            steps[low] += filled
            steps[high] -= filled
        if at in middles:
            filled_at = list(accumulate(steps))
            shortest = min((filled_at[up] for up in middles[at] if filled_at[up] > 0), default=0)
            least = shortest if least == 0 or 0 < shortest < least else least
    return inside_mm - least if least else 0


def _twice_the_middles(start: int, end: int, n: int) -> Iterator[int]:
    """Find the middles of `n` equal pieces from `start` to `end`, times two."""
    size = (end - start) // n
    return (2 * start + size * (2 * k + 1) for k in range(n))


RULES = (
    Rule(
        "LOAD_VOID",
        "A load with more than `void_mm` free in line with a piece has a remark `void` of that direction and figure.",
        _voids,
    ),
)
