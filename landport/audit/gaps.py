"""Rule of gaps: a load with a line through it that is free over more than allowed carries a remark."""

from __future__ import annotations

import re
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
            gap = f"{free:,} mm of its {side} are free along a line through it; {most:,} mm are allowed"
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
    """Find the greatest free length of the lines through a load along one horizontal axis; 0 when it holds nothing.

    Parameters
    ----------
    across
        The other horizontal axis, across the lines: 1 for lines along the length, 0 for lines along the width.

    Notes
    -----
    Only lines that hit at least one piece count; free is what the lengths of the pieces on a line, summed, leave of the
    inside length, so that gaps at both walls and between pieces add up. Exact: what is filled changes only at faces of
    pieces, so that one line stands for each strip between two neighbouring faces across and two in height. O(n log n)
    to sort, O(strips x heights) to sum.
    """
    along = 1 - across
    heights = sorted({z for body in stow.bodies for z in (body.z0, body.z1)})
    level = {z: k for k, z in enumerate(heights)}
    changes: dict[int, list[tuple[int, int, int]]] = {}
    for body in stow.bodies:
        (start, end), (a, b) = body.solid[across], body.solid[along]
        changes.setdefault(start, []).append((level[body.z0], level[body.z1], b - a))
        changes.setdefault(end, []).append((level[body.z0], level[body.z1], a - b))
    steps, least = [0] * len(heights), 0
    for edge in sorted(changes):
        for low, high, filled in changes[edge]:
            steps[low] += filled
            steps[high] -= filled
        shortest = min(filter(None, accumulate(steps)), default=0)
        least = shortest if least == 0 or 0 < shortest < least else least
    return inside_mm - least if least else 0


RULES = (
    Rule(
        "LOAD_VOID",
        "A load that leaves more than `void_mm` free along some line has a remark `void` of that direction and figure.",
        _voids,
    ),
)
