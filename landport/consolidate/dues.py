"""More cargo than containers: due dates first, and of what is due together the greatest volume."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from landport.consolidate._kernel import Ints
from landport.consolidate.emptying import MOVES, move
from landport.consolidate.filling import Filling
from landport.consolidate.sequence import Job, fill_up, smaller
from landport.consolidate.steadying import is_asked
from landport.consolidate.wholes import ROUNDS, fullest

FAILURES = 48
"""Bookings that could not be added after which no more are tried."""

REPACKS = 8
"""Such bookings of one due minute for which containers are repacked; for more they are only topped."""

QUICK, EACH, WHOLES = 0.3, 0.6, 0.6
"""Shares of the seconds left, where there is one container: for filling it without a search; for the search of one due
minute where there are later ones; and of that for which consignments go in, where there are loose pieces, too."""

LAST_STYLES = 4
"""Styles tried for each container to take more loose pieces."""


def load_by_due(job: Job, at_once: list[Filling]) -> list[Filling]:
    """Load what the fleet takes, the earliest due first.

    Parameters
    ----------
    at_once
        What it takes when all is packed whenever it is due.

    Notes
    -----
    Due minutes are taken in order. As many of the first ones as this planner can load completely are loaded; then of
    each further one as much volume as goes while all that was loaded stays, repacked where that helps. So a booking is
    left for a later one only where no way was found to add it to what is due no later; ways are sought until
    `FAILURES` have failed, a unit of effort, or the time is over.
    """
    cargo, is_one = job.cargo, job.fleet.n_boxes == 1
    dues = sorted({lot.due_at for lot in job.lots})
    classes = [[n for n, lot in enumerate(job.lots) if lot.due_at == due] for due in dues]
    quick = job.within(QUICK) if is_one else job
    n, boxes = _complete(quick, classes)
    loaded, failures = _counts(boxes, cargo.counts), FAILURES * max(1, job.limit.effort)
    for number, members in enumerate(classes[n:]):
        if boxes and (job.look() or failures <= 0):
            break
        part = _of(job, members)
        is_same = len(classes) == 1 and not job.spread
        found, failed = (at_once, 0) if is_same else _added(quick, boxes, part, members, failures)
        tries, failures = [found], failures - failed
        if boxes and not number:
            anew = _sequence(quick, loaded + part)
            if (_counts(anew, loaded) >= loaded).all():
                tries.append(_added(quick, anew, part, members, failures)[0])
        if is_one:
            box = max(tries[0] or [job.filler.fill(0, 0 * part, job.styles[0])], key=lambda box: box.volume_mm3)
            later = n + number + 1 < len(classes)
            anew = [searched(job.within(EACH) if later else job, box, loaded, part)]
            tries = [anew] if is_asked(job.cargo.group.rules) else [*tries, anew]
        boxes = max(tries, key=lambda found: sum(box.volume_mm3 for box in found))
        loaded = _counts(boxes, loaded)
    return _shrunk(job, boxes)


def _of(job: Job, members: Iterable[int]) -> Ints:
    """Count the pieces of bookings."""
    wanted = np.zeros_like(job.cargo.counts)
    for n in members:
        wanted[job.lots[n].rows] = job.cargo.counts[job.lots[n].rows]
    return wanted


def _counts(boxes: Sequence[Filling], like: Ints) -> Ints:
    return np.asarray(sum((box.counts for box in boxes), np.zeros_like(like)))


def _sequence(job: Job, wanted: Ints) -> list[Filling]:
    boxes: list[Filling] = []
    fill_up(job, boxes, wanted.copy())
    return boxes


def _complete(job: Job, classes: Sequence[Sequence[int]]) -> tuple[int, list[Filling]]:
    """Find how many of the first due minutes go completely, by halving; answers them and their containers."""
    low, high, best = 0, len(classes) - 1, list[Filling]()
    room_mm3 = sum(sorted(int(b[:3].prod()) for b in job.cargo.boxes)[-1:]) * job.fleet.n_boxes
    while low < high and not job.look():
        middle = (low + high + 1) // 2
        members = [n for part in classes[:middle] for n in part]
        wanted = _of(job, members)
        is_over = sum(job.lots[n].volume_mm3 for n in members) > room_mm3
        boxes = [] if is_over else _sequence(job, wanted)
        if not is_over and (_counts(boxes, wanted) == wanted).all():
            low, best = middle, boxes
        else:
            high = middle - 1
    return low, best


def _added(
    job: Job, boxes: Sequence[Filling], part: Ints, members: Sequence[int], failures: int
) -> tuple[list[Filling], int]:
    """Add of these bookings what goes: into the containers there are, then into further ones.

    Answers the containers, and how many tries failed.
    """
    found, failed = list(boxes), 0
    rest = part - np.minimum(part, _counts(found, part))
    for lot in sorted((job.lots[n] for n in members if found), key=lambda lot: -lot.volume_mm3):
        only = np.zeros_like(rest)
        only[lot.rows] = rest[lot.rows]
        size_mm3 = int(only @ job.cargo.volumes_mm3)
        if not lot.is_whole or lot.volume_mm3 != size_mm3 or size_mm3 > _room(job, found):
            continue
        if failed >= failures or job.look():
            break
        if move(job, only, found, MOVES if failed < REPACKS else 0):
            rest -= only
        else:
            failed += 1
    loose = rest * np.minimum(1, _of(job, (n for n in members if not job.lots[n].is_whole)))
    rest -= _topped(job, found, loose)
    fill_up(job, found, rest)
    return found, failed


def _room(job: Job, boxes: Sequence[Filling]) -> int:
    """Find the greatest volume that is free in any of the containers."""
    return max(int(job.cargo.boxes[box.kind][:3].prod()) - box.volume_mm3 for box in boxes)


def searched(job: Job, box: Filling, loaded: Ints, part: Ints, rounds: int | None = None) -> Filling:
    """Fill the one container anew by beam search, where that adds to it and loses nothing that must stay.

    Parameters
    ----------
    rounds
        Of each search, where effort alone decides; None: as many as it asks for.

    Notes
    -----
    First the consignments that stay together are chosen (`wholes.fullest`), then all loose pieces are searched beside
    them in what is left of the limit.
    """
    sorts = {lot.is_whole for lot in job.lots if part[lot.rows].any()}
    if True in sorts:
        box = fullest(job.within(WHOLES) if False in sorts else job, box, loaded, part, rounds or ROUNDS)
    wanted = np.maximum(box.counts, loaded)
    for lot in job.lots:
        more = np.zeros_like(part)
        more[lot.rows] = part[lot.rows]
        if not lot.is_whole and job.cargo.mixes(wanted + more):
            wanted[lot.rows] = np.maximum(wanted, more)[lot.rows]
    if job.look() or (wanted == box.counts).all():
        return box
    found = job.filler.search(box.kind, wanted, job.limit, rounds=rounds)
    kept = (found.counts >= loaded).all() and found.volume_mm3 > box.volume_mm3
    return found if kept and not _torn(job, found) else box


def _torn(job: Job, box: Filling) -> bool:
    """Tell whether a booking that must stay together is in a container in part."""
    whole = (lot for lot in job.lots if lot.is_whole and box.counts[lot.rows].any())
    return any((box.counts[lot.rows] < job.cargo.counts[lot.rows]).any() for lot in whole)


def _topped(job: Job, boxes: list[Filling], loose: Ints) -> Ints:
    """Add loose pieces to containers, each repacked if it then takes more; answers what went in."""
    rest = loose.copy()
    for n, box in enumerate(boxes):
        more = np.zeros_like(rest)
        for m in job.cargo.inside(rest):
            rows = job.lots[m].rows
            more[rows] = rest[rows]
            if not job.cargo.mixes(box.counts + more):
                more[rows] = 0
        if more.any() and not job.look():
            boxes[n] = _fuller(job, box, more)
            rest -= boxes[n].counts - box.counts
    return loose - rest


def _fuller(job: Job, box: Filling, more: Ints) -> Filling:
    """Add as many of some pieces as go while all that is in a container stays."""
    best = job.filler.fill(box.kind, more, job.styles[0], box)
    for style in job.styles[:LAST_STYLES]:
        if (best.counts == box.counts + more).all() or job.look():
            break
        found = job.filler.fill(box.kind, box.counts + more, style)
        if (found.counts >= box.counts).all() and found.volume_mm3 > best.volume_mm3:
            best = found
    return best


def _shrunk(job: Job, boxes: Sequence[Filling]) -> list[Filling]:
    """Repack containers into cheaper, smaller types that take the same, while there are any."""
    found = list(boxes)
    for n, box in enumerate(found):
        kinds = job.fleet.spare(b.kind for m, b in enumerate(found) if m != n)
        found[n] = smaller(job, box, kinds, job.styles[:LAST_STYLES])
    return found
