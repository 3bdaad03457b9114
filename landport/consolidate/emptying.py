"""Empty the emptiest container into the others."""

from __future__ import annotations

from itertools import chain

import numpy as np

from landport.consolidate._kernel import Ints
from landport.consolidate.filling import Filling
from landport.consolidate.sequence import Job

MOVES = 4
"""Styles tried to repack a container with a booking of the one being emptied."""

SEARCHES, ROUNDS = 2, 1
"""From effort 2 on: containers searched for such a booking, and rounds of a search, seconds for thousands of pieces."""

DENSEST = 94
"""Percent of a container's volume beyond which nothing is searched."""

MOST_FULL = 80
"""Percent of the free volume up to which emptying a container into the others is tried."""


def empty_one(job: Job, boxes: list[Filling]) -> bool:
    """Empty the emptiest container into the others, if that goes; answers whether it did."""
    cargo = job.cargo
    worst = min(boxes, key=lambda b: b.volume_mm3)
    others = [b for b in boxes if b is not worst]
    if len(others) < len(boxes) - 1:
        return False
    free = sum(int(cargo.boxes[b.kind][:3].prod()) - b.volume_mm3 for b in others)
    spare = sum(int(cargo.boxes[b.kind][3]) - b.mass_g for b in others)
    if MOST_FULL * free < 100 * worst.volume_mm3 or spare < worst.mass_g:
        return False
    for lot in sorted(job.lots, key=lambda lot: -lot.volume_mm3):
        part = np.zeros_like(worst.counts)
        part[lot.rows] = worst.counts[lot.rows]
        if part.any() and not move(job, part, others):
            return False
    boxes[:] = others
    return True


def move(job: Job, part: Ints, boxes: list[Filling], n_styles: int = MOVES) -> bool:
    """Add these pieces to one of the containers, repacked if need be."""
    cargo, filler = job.cargo, job.filler
    volume_mm3, mass_g = int(part @ cargo.volumes_mm3), int(part @ cargo.items[:, 0])
    for n in sorted(range(len(boxes)), key=lambda n: boxes[n].volume_mm3):
        box, inside = boxes[n], cargo.boxes[boxes[n].kind]
        if box.volume_mm3 + volume_mm3 > int(inside[:3].prod()) or box.mass_g + mass_g > int(inside[3]):
            continue
        if not cargo.mixes(box.counts + part):
            continue
        onto = filler.fill(box.kind, part, job.styles[0], box)
        again = (filler.fill(box.kind, box.counts + part, style) for style in job.styles[:n_styles])
        for found in chain((onto,), again):
            if (found.counts == box.counts + part).all():
                boxes[n] = found
                return True
            if job.look():
                return False
    return n_styles > 0 and job.limit.effort > 1 and _searched(job, part, boxes)


def _searched(job: Job, part: Ints, boxes: list[Filling]) -> bool:
    """Add these pieces to the emptiest container in which a short search finds room for all."""
    cargo = job.cargo
    for n in sorted(range(len(boxes)), key=lambda n: boxes[n].volume_mm3)[:SEARCHES]:
        inside, wanted = cargo.boxes[boxes[n].kind], boxes[n].counts + part
        is_over = 100 * int(wanted @ cargo.volumes_mm3) > DENSEST * int(inside[:3].prod())
        if is_over or int(wanted @ cargo.items[:, 0]) > int(inside[3]) or not cargo.mixes(wanted) or job.look():
            continue
        found = job.filler.search(boxes[n].kind, wanted, job.limit, rounds=ROUNDS)
        if (found.counts == wanted).all():
            boxes[n] = found
            return True
    return False
