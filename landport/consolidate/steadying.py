"""Loads that no move brings into balance are loaded anew, shorter, so that they can be moved; with less, if need be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from landport.consolidate._kernel import Ints
from landport.consolidate.balance import Scene, balance, scene
from landport.consolidate.filling import Filler, Filling
from landport.consolidate.lightening import lighten
from landport.consolidate.sequence import Job, fill_up
from landport.consolidate.writing import box_of, filling_of
from landport.model.loads import LoadRules

DENSEST, DENSER, LESS = 0.9, 0.12, 0.03
"""Share of the first part of a container that cargo should fill, at most, and more than of the whole; and how much less
than went into a part it should fill of the next one."""

STYLES, ROUNDS, SHARE = 12, 1, 0.25
"""Styles tried for each part, rounds of the search for it, and the share of the seconds left that it takes at most."""

DROPS = 6
"""Times that consignments are left out: one, one more, two more, four more, .."""

REFILLS = 4
"""Times that what was taken off is loaded into further containers, where some of it may be taken off again."""


def is_asked(rules: LoadRules) -> bool:
    """Tell whether there are rules of balance."""
    return (rules.cog_length_pct, rules.cog_width_pct, rules.half_pct) != (None, None, None)


def in_balance(job: Job, boxes: Sequence[Filling]) -> tuple[list[Filling], Ints]:
    """Bring containers into balance; what has to be taken off for it goes into further ones, where there may be more.

    Returns
    -------
    tuple[list[Filling], Ints]
        The containers, and the pieces that are left, shape (items,).
    """
    found: list[Filling] = []
    waiting, rest = list(boxes), np.zeros_like(job.cargo.counts)
    for refill in range(REFILLS + 1):
        once: dict[int, Filling] = {}
        for n, box in enumerate(waiting):
            own = job.within(1 / (len(waiting) - n))
            lighter = once[id(box)] = once.get(id(box)) or lightened(own, box)
            rest += box.counts - lighter.counts
            found += [lighter] if lighter.counts.any() else []
        if not rest.any() or job.fleet.is_given or refill == REFILLS:
            break
        every = list(found)
        fill_up(job, every, rest)
        waiting = every[len(found) :]
    return found, rest


def steady(job: Job, kind: int, counts: Ints, first: Filling | None = None) -> Filling | None:
    """Load pieces, all of them, in balance; None: no way was found.

    Parameters
    ----------
    first
        How they stand already.

    Notes
    -----
    What stands is moved (`balance`). Where that does not do, all is loaded anew, in a part of the length that it fills
    tightly: such a load leans little, and the rest of the length is room to move it in.
    """
    loads = chain(() if first is None else (first,), _anew(job, kind, counts))
    return next((steadier for load in loads if (steadier := moved(job, load)) is not None), None)


def lightened(job: Job, filling: Filling) -> Filling:
    """Bring a filling into balance with as little less as it takes, by consignments where they stay together."""
    kind, less, first = filling.kind, filling.counts.copy(), filling
    whole = [lot for lot in job.lots if lot.is_whole and less[lot.rows].any()]
    whole.sort(key=lambda lot: -lot.volume_mm3)
    for drop in range(DROPS + 1):
        found = steady(job, kind, less, first if drop == 0 else None)
        if found is not None:
            return found
        n_less = len(whole) // 2 if job.look() else max(1, 2**drop // 2)
        if not 0 < n_less < len(whole):
            break
        for lot in whole[-n_less:]:
            less[lot.rows] = 0
        whole = whole[:-n_less]
    return _taken_off(job, filling)


def _taken_off(job: Job, filling: Filling) -> Filling:
    """Take pieces off where they stand until the rest is in balance."""
    owners = {job.cargo.item_ids[row]: lot.booking_id for lot in job.lots for row in lot.rows}
    whole = {lot.booking_id for lot in job.lots if lot.is_whole}
    box = box_of(job.cargo, filling)
    lighter, _ = lighten(box, _scene(job, filling), owners, whole, seed=job.seed)
    return filling_of(job.cargo, filling.kind, lighter.blocks)


def _scene(job: Job, filling: Filling) -> Scene:
    group = job.cargo.group
    own = {job.cargo.item_ids[n] for n in np.flatnonzero(filling.counts)}
    items = [i for i in group.items if i.item_id in own]
    kind = group.container_types[filling.kind]
    return scene(kind, items, group.bookings, group.rules, is_over=job.look)


def moved(job: Job, filling: Filling) -> Filling | None:
    """Bring what stands into balance by moving it (`balance`); None: no way was found."""
    found = balance(box_of(job.cargo, filling), _scene(job, filling), seed=job.seed)
    return None if found is None else filling_of(job.cargo, filling.kind, found.blocks)


def _anew(job: Job, kind: int, counts: Ints) -> Iterator[Filling]:
    """Load all of some pieces into a part of a container that they should fill, then into longer ones."""
    inside, volume_mm3 = job.cargo.boxes[kind], int(counts @ job.cargo.volumes_mm3)
    whole_mm3 = int(inside[:3].prod())
    dense = min(DENSEST, volume_mm3 / whole_mm3 + DENSER)
    while volume_mm3 <= dense * whole_mm3:
        length = min(int(inside[0]), int(volume_mm3 / (dense * int(inside[1] * inside[2]))) + 1)
        short = _shortened(job, kind, length)
        most = 0
        for style in job.styles[: STYLES // 3 if job.look() else STYLES]:
            found = short.fill(kind, counts, style)
            most = max(most, found.volume_mm3)
            if found.volume_mm3 == volume_mm3:
                yield found
        if not job.look():
            found = short.search(kind, counts, job.limit.share(SHARE), rounds=ROUNDS)
            most = max(most, found.volume_mm3)
            if found.volume_mm3 == volume_mm3:
                yield found
        if length == inside[0]:
            return
        went_in = most / (length * float(inside[1] * inside[2]))
        dense = max(went_in - LESS, volume_mm3 / whole_mm3)


def _shortened(job: Job, kind: int, length: int) -> Filler:
    """Make what fills a container of which only a part of the length is there."""
    cargo = job.cargo
    boxes = [np.array([length, *box[1:]], np.int64) if k == kind else box for k, box in enumerate(cargo.boxes)]
    poses = [p[p[:, 1] <= length] if k == kind else p for k, p in enumerate(cargo.poses)]
    return Filler(replace(cargo, boxes=tuple(boxes), poses=tuple(poses)), job.limit)
