"""Consignments that stay together, in several containers: each filled anew with the set that fills it best."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from landport.consolidate.dues import searched
from landport.consolidate.filling import Filling
from landport.consolidate.sequence import Job, next_box

DENSEST = 0.9
"""Share of the containers left that consignments left must not exceed: no more than that ever goes in whole."""

MOST_BOXES = 12
"""Containers up to which they are filled anew where effort alone decides: each takes some ten seconds."""

STYLES, ROUNDS = 12, 1
"""Styles tried for a container before a set is searched for it, and rounds of a search where effort alone decides."""


def refill(job: Job, boxes: list[Filling]) -> list[Filling]:
    """Fill containers one after the other by a search over sets of consignments; as they were, unless that costs less.

    Notes
    -----
    Ends as soon as what is left no longer fits one container less than there are. A search takes some seconds a
    container: groups of a lane, of which there are many, are not filled anew, nor are loads of loose pieces only.
    """
    cargo = job.cargo
    is_long = job.limit.seconds is None and len(boxes) > MOST_BOXES
    if is_long or cargo.group.lane_id or not any(lot.is_whole for lot in job.lots):
        return boxes
    found, rest, none = list[Filling](), cargo.counts.copy(), np.zeros_like(cargo.counts)
    room = max(float(box[:3].prod()) for box in cargo.boxes)
    while rest.any():
        n_left = len(boxes) - 1 - len(found)
        kinds = job.spare(found)
        if not kinds or job.look() or float(rest @ cargo.volumes_mm3) > DENSEST * n_left * room:
            return boxes
        own = job.within(1 / n_left)
        box = next_box(own, rest, kinds, job.styles[:STYLES])
        if box is None:
            return boxes
        box = searched(replace(own, limit=replace(own.limit, effort=1)), box, none, rest, ROUNDS)
        found.append(box)
        rest -= box.counts
    return found if job.cost(found) < job.cost(boxes) else boxes
