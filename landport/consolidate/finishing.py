"""A filled container is finished: brought into balance, and its gaps are remarked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from landport.consolidate.balance import balance, scene
from landport.consolidate.lightening import lighten, why_off
from landport.consolidate.voids import voids
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadedBox, LoadRules
from landport.model.plans import CargoBlock, Left


def finish(
    box: LoadedBox,
    kind: ContainerType,
    items: Sequence[CargoItem],
    bookings: Sequence[Booking],
    rules: LoadRules,
    *,
    fixed: Sequence[CargoBlock] = (),
    seed: int = 0,
    is_over: Callable[[], bool] = lambda: False,
) -> tuple[LoadedBox, tuple[Left, ...]]:
    """Bring a filled container into balance, and remark gaps that need securing.

    Parameters
    ----------
    items, bookings
        Those of the container at least.
    fixed
        Blocks of the container that were loaded before: they stay where they are.
    is_over
        Tells whether the time is over.

    Returns
    -------
    tuple[LoadedBox, tuple[Left, ...]]
        The container, and pieces that had to be taken off for balance (`unbalanced`), by item; where all had to, it is
        empty. Without rules of balance no piece moves.
    """
    left: tuple[Left, ...] = ()
    if (rules.cog_length_pct, rules.cog_width_pct, rules.half_pct) != (None, None, None):
        box, left = _balanced(box, kind, items, bookings, rules, fixed, seed, is_over)
    remarks = voids(box.blocks, kind, rules.void_mm)
    return replace(box, remarks=(*(r for r in box.remarks if r.code != "void"), *remarks)), left


def _balanced(
    box: LoadedBox,
    kind: ContainerType,
    items: Sequence[CargoItem],
    bookings: Sequence[Booking],
    rules: LoadRules,
    fixed: Sequence[CargoBlock],
    seed: int,
    is_over: Callable[[], bool],
) -> tuple[LoadedBox, tuple[Left, ...]]:
    inside = {b.item_id for b in box.blocks}
    own = [i for i in items if i.item_id in inside]
    by = scene(kind, own, bookings, rules, fixed, is_over)
    found = balance(box, by, seed=seed)
    if found is not None:
        return found, ()
    owners = {i.item_id: i.booking_id for i in own}
    whole = {b.booking_id for b in bookings if not b.may_split}
    lighter, off = lighten(box, by, owners, whole, seed=seed)
    why = why_off(box.blocks, by)
    left = tuple(
        Left(
            booking_id=owners[item_id],
            container_id="",
            item_id=item_id,
            count=count,
            state="waiting",
            code="unbalanced",
            why=why,
        )
        for item_id, count in sorted(off.items())
    )
    return lighter, left
