"""A slow, independent judge of what the container must obey beyond sizes and masses; piece by piece."""

from __future__ import annotations

from fractions import Fraction

from landport.model.loads import LoadedBox, LoadGroup
from tests.consolidate.cargo import faults_in_box, overlap, pieces

FIRST, LAST = -1, 10**12


def ranks(of: LoadGroup) -> dict[str, int]:
    """When the pieces of each item are unloaded."""
    held = {b.booking_id for b in of.bookings if not b.is_released}
    return {i.item_id: FIRST if i.booking_id in held else i.unload_order or LAST for i in of.items}


def judged(box: LoadedBox, of: LoadGroup) -> list[str]:
    """Judge a box by every rule of its group."""
    placed = list(pieces(box))
    inside = next(k for k in of.container_types if k.container_type == box.container_type)
    return [*faults_in_box(box, of), *out_of_order(placed, ranks(of)), *unbalanced(placed, of, inside)]


def is_beyond(p, q):
    """Tell whether a piece stands between another one and the door."""
    return q[1] >= p[4] and min(p[5], q[5]) > max(p[2], q[2]) and min(p[6], q[6]) > max(p[3], q[3])


def is_above(p, q):
    """Tell whether a piece stands anywhere above another one."""
    return q[3] >= p[6] and overlap(p, q) > 0


def out_of_order(placed, rank):
    """Find pieces that stand in the way of those unloaded before them."""
    for p in placed:
        for q in placed:
            if rank[p[0]] < rank[q[0]] and (is_beyond(p, q) or is_above(p, q)):
                yield f"{q} in the way of {p}"


def unbalanced(placed, of, inside):
    """Find rules of balance that are broken."""
    mass = {i.item_id: i.piece_g for i in of.items}
    total = sum(mass[p[0]] for p in placed)
    rules = of.rules
    for axis, length, pct in (
        (1, inside.inside_length_mm, rules.cog_length_pct),
        (2, inside.inside_width_mm, rules.cog_width_pct),
    ):
        moment = sum(mass[p[0]] * Fraction(p[axis] + p[axis + 3], 2) for p in placed)
        if pct is not None and total and abs(moment / total - Fraction(length, 2)) > Fraction(pct * length, 100):
            yield f"centre of gravity {float(moment / total)} of {length}"
    if rules.half_pct is not None:
        middle, closed_end = Fraction(inside.inside_length_mm, 2), Fraction(0)
        for p in placed:
            share = min(max(Fraction(0), (middle - p[1]) / (p[4] - p[1])), Fraction(1))
            closed_end += mass[p[0]] * share
        if max(closed_end, total - closed_end) * 100 > rules.half_pct * total:
            yield f"{float(closed_end)} of {total} in the half at the closed end"
