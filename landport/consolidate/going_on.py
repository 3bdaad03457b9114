"""Containers that are partly loaded already: what stands in them stays, more goes in."""

from __future__ import annotations

import numpy as np

from landport.consolidate._kernel import Ints
from landport.consolidate.cargo import Cargo
from landport.consolidate.filling import Filling
from landport.consolidate.sequence import Job, fill_up
from landport.consolidate.writing import filling_of
from landport.model.loads import LoadedBox


def go_on(job: Job, rest: Ints) -> list[Filling]:
    """Fill up the containers that are partly loaded, then further ones as far as the fleet goes.

    Parameters
    ----------
    rest
        Pieces to load, those that stand in a container included; updated to those that are left.

    Returns
    -------
    list[Filling]
        The given containers first, in their order.

    Notes
    -----
    Whole bookings are added first, the earliest due and the largest first, each if all of it goes in; then as many
    loose pieces as a search finds room for. A container that holds part of a booking takes further pieces of it.
    """
    cargo = job.cargo
    boxes = [_standing(cargo, box) for box in cargo.group.stowed]
    for box in boxes:
        rest -= box.counts
    np.maximum(rest, 0, out=rest)
    for n, box in enumerate(boxes):
        boxes[n] = _filled(job, box, rest)
    fill_up(job, boxes, rest)
    return boxes


def _standing(cargo: Cargo, box: LoadedBox) -> Filling:
    """Read a container that is partly loaded."""
    kinds = [kind.container_type for kind in cargo.group.container_types]
    return filling_of(cargo, kinds.index(box.container_type), box.blocks)


def _filled(job: Job, box: Filling, rest: Ints) -> Filling:
    """Add what goes into a container, and take it off the rest."""
    cargo, stood = job.cargo, box.counts
    for lot in sorted(job.lots, key=lambda lot: (lot.due_at, -lot.volume_mm3)):
        more = np.zeros_like(rest)
        more[lot.rows] = rest[lot.rows]
        if lot.is_whole and more.any() and not job.look() and cargo.mixes(box.counts + more):
            found = job.filler.fill(box.kind, more, job.styles[0], box)
            box = found if (found.counts == box.counts + more).all() else box
    loose = np.zeros_like(rest)
    for lot in job.lots:
        more = np.zeros_like(rest)
        more[lot.rows] = rest[lot.rows]
        if not lot.is_whole and cargo.mixes(box.counts + loose + more):
            loose += more
    if loose.any():
        box = job.filler.search(box.kind, loose, job.limit, box)
    rest -= box.counts - stood
    return box
