"""A load whose walls cannot be parted: what stands at its light end slides into the room there, tower by tower."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from landport.consolidate._kernel import Ints
from landport.model.plans import CargoBlock

MOST_SLABS = 2_000
"""Slabs of pieces beyond which nothing slides: each is compared with every other."""


def slid(
    blocks: Sequence[CargoBlock],
    piece_g: Mapping[str, int],
    inside_mm: int,
    fixed: Sequence[CargoBlock] = (),
    *,
    is_across: bool = False,
) -> list[CargoBlock] | None:
    """Slide what stands until the centre of gravity lies in the middle of a side, or nothing moves any more.

    Parameters
    ----------
    piece_g
        Mass by item id.
    inside_mm
        Length of that side of the container.
    fixed
        Blocks that stay.
    is_across
        Along the width, else along the length.

    Returns
    -------
    list[CargoBlock] | None
        None: nothing moves.

    Notes
    -----
    Pieces that rest on each other, directly or by others, move together, so that each is supported as before. Those
    closest to the light end go first, each as far as what stands before it, so that nothing passes anything: the order
    along every line of that side stays. Free pieces, which rest on nothing, slide alone. O(slabs^2).
    """
    slabs = list(_slabs(blocks, fixed, is_across=is_across))
    if len(slabs) > MOST_SLABS:
        return None
    at = np.array([_span(b) for b in slabs], np.int64).reshape(-1, 6)
    mass = np.array([b.count * piece_g[b.item_id] for b in slabs], np.int64)
    axis = 1 if is_across else 0
    lean = int(mass @ (at[:, axis] + at[:, axis + 3])) - int(mass.sum()) * inside_mm
    if lean > 0:  # the far end is heavy: seen from there it is the same question
        at[:, [axis, axis + 3]] = inside_mm - at[:, [axis + 3, axis]]
    moves = _moves(at, mass, _towers(at, {n for n, b in enumerate(slabs) if b in fixed}), axis, inside_mm, abs(lean))
    if not moves.any():
        return None
    sign = -1 if lean > 0 else 1
    return [
        replace(b, y_mm=b.y_mm + sign * move) if is_across else replace(b, x_mm=b.x_mm + sign * move)
        for b, move in zip(slabs, moves.tolist(), strict=True)
    ]


def _slabs(blocks: Sequence[CargoBlock], fixed: Sequence[CargoBlock], *, is_across: bool) -> Iterator[CargoBlock]:
    """Part blocks along the length; those that stay, and all when what slides slides across, are whole."""
    for b in blocks:
        if is_across or b in fixed:
            yield b
        else:
            yield from (replace(b, x_mm=b.x_mm + n * b.dx_mm, nx=1) for n in range(b.nx))


def _span(b: CargoBlock) -> tuple[int, ...]:
    ends = b.x_mm + b.nx * b.dx_mm, b.y_mm + b.ny * b.dy_mm, b.z_mm + b.nz * b.dz_mm
    return (b.x_mm, b.y_mm, b.z_mm, *ends)


def _towers(at: Ints, fixed: set[int]) -> list[Ints]:
    """List the slabs that move together: those that rest on each other; none of those that rest with one that stays."""
    n = len(at)
    over = (at[:, None, 5] == at[None, :, 2]) & _meet(at, 0) & _meet(at, 1)
    names = np.arange(n)
    while True:
        lower = np.minimum(names, np.where(over, names[None, :], n).min(axis=1, initial=n))
        lower = np.minimum(lower, np.where(over, lower[:, None], n).min(axis=0, initial=n))
        if (lower == names).all():
            break
        names = lower
    kept = {int(names[m]) for m in fixed}
    return [np.flatnonzero(names == name) for name in np.unique(names).tolist() if name not in kept]


def _meet(at: Ints, axis: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Tell of every two whether they share some of an axis."""
    return np.asarray((at[:, None, axis] < at[None, :, axis + 3]) & (at[None, :, axis] < at[:, None, axis + 3]))


def _moves(at: Ints, mass: Ints, towers: Sequence[Ints], axis: int, inside_mm: int, lean: int) -> Ints:
    """Slide towers towards the far end, the foremost first, while twice the moment `lean` is to be made up for."""
    moved = np.zeros(len(at), np.int64)
    beside = _meet(at, 1 - axis) & _meet(at, 2)
    is_going = True
    while is_going and lean > 0:
        is_going = False
        for tower in sorted(towers, key=lambda t: -int(at[t, axis + 3].max())):
            others = np.ones(len(at), np.bool_)
            others[tower] = False
            gap = np.where(others[None, :] & beside[tower], at[None, :, axis] - at[tower, None, axis + 3], inside_mm)
            ahead = gap[gap >= 0].min(initial=inside_mm)
            room = min(int(ahead), inside_mm - int(at[tower, axis + 3].max()))
            step = min(room, -(-lean // (2 * int(mass[tower].sum()))))
            if step > 0 and lean > 0:
                at[tower[:, None], [axis, axis + 3]] += step
                moved[tower] += step
                lean -= 2 * step * int(mass[tower].sum())
                is_going = True
    return moved
