"""Which consignments that stay together fill one container best: chosen by volume, proved by a search."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landport.consolidate._kernel import Ints
from landport.consolidate.cargo import Lot
from landport.consolidate.filling import Filling
from landport.consolidate.sequence import Job
from landport.consolidate.steadying import is_asked, lightened, steady

TRIES, ROUNDS = 8, 4
"""Sets searched by unit of effort, and rounds of a search; with seconds, sets that share them."""

LEAST_S = 0.05
"""Seconds for which no further set is searched."""

DRAWS, WORK = 200, 20_000
"""Orders in which consignments are drawn for a set, and consignments looked at in all of them."""

DROPPED = 3
"""Consignments that another set has less than the one it is drawn from, at most."""

STEP = 1 / 100
"""Share of the container by which less is tried than went in of a set that did not go in whole."""


def fullest(job: Job, box: Filling, loaded: Ints, part: Ints, rounds: int = ROUNDS) -> Filling:
    """Choose of the consignments in `part` that stay together those that fill a container best, beside all of `loaded`.

    Parameters
    ----------
    rounds
        Of a search, where effort alone decides.

    Returns
    -------
    Filling
        `box`, where no set of greater volume was found to go in.

    Notes
    -----
    The first set fills the container by volume. Of one that does not go in whole, those are dropped of which most is
    missing, and others drawn at random so that the set is a little smaller than what did go in: what a search leaves
    out is what is hard to place. Of one that does, a few are exchanged so that the set is greater, half the way to the
    most that any search placed. Ends with the seconds or the effort, or when no new set is drawn.
    """
    cargo, room = job.cargo, job.cargo.boxes[box.kind]
    lots = [lot for lot in job.lots if lot.is_whole and part[lot.rows].any()]
    inside, base_mm3 = int(room[:3].prod()), int(loaded @ cargo.volumes_mm3)
    sets = _Sets(job, lots, loaded, int(room[3]) - int(loaded @ cargo.items[:, 0]))
    box = lightened(job, box) if is_asked(job.cargo.group.rules) else box
    target, top, keep, n_tries = inside, 0, list[int](), 0
    while (job.limit.seconds is not None or n_tries < TRIES * job.limit.effort) and not _is_late(job):
        chosen = sets.draw(keep, box.volume_mm3 - base_mm3, target - base_mm3)
        if not chosen:
            if target == (top or inside) and not keep:
                break
            target, keep = top or inside, []
            continue
        wanted = loaded.copy()
        for n in chosen:
            wanted[lots[n].rows] = part[lots[n].rows]
        limit = job.limit.share(1 / max(2, TRIES - n_tries))
        found = job.filler.search(box.kind, wanted, limit, rounds=None if limit.seconds is not None else rounds)
        n_tries, top = n_tries + 1, max(top, found.volume_mm3)
        if (found.counts == wanted).all():
            steadier = steady(job, box.kind, wanted, found) if is_asked(job.cargo.group.rules) else found
            box, keep = steadier or box, chosen
            target = (box.volume_mm3 + top) // 2 if steadier else target
            continue
        missing = {n: int(((wanted - found.counts) * cargo.volumes_mm3)[lots[n].rows].sum()) for n in chosen}
        target = min(target, found.volume_mm3 - int(STEP * inside))
        keep = sorted(chosen, key=lambda n: missing[n])
        while keep and (sum(lots[n].volume_mm3 for n in keep) + base_mm3 > target):
            keep.pop()
        if target <= box.volume_mm3:
            target, keep = top, []
    return box


def _is_late(job: Job) -> bool:
    left = job.limit.remaining()
    job.is_cut = job.is_cut or (left is not None and left < LEAST_S)
    return job.look()


class _Sets:
    """Draws sets of consignments, none twice."""

    def __init__(self, job: Job, lots: Sequence[Lot], loaded: Ints, room_g: int) -> None:
        self._drawn: set[frozenset[int]] = set()
        self._cargo, self._lots, self._room_g = job.cargo, lots, room_g
        self._company = job.cargo.inside(loaded)
        self._index = {lot.booking_id: n for n, lot in enumerate(job.cargo.lots)}
        self._random = np.random.default_rng([len(lots), int(loaded.sum())])

    def draw(self, keep: Sequence[int], above_mm3: int, most_mm3: int) -> list[int]:
        """Draw the set closest below a volume, and above one, with most of those to keep; none: no new one was met."""
        best: frozenset[int] = frozenset()
        best_mm3 = above_mm3
        for _ in range(max(1, min(DRAWS, WORK // max(1, len(self._lots))))):
            chosen, volume_mm3 = self._one(keep, most_mm3)
            if volume_mm3 > best_mm3 and chosen not in self._drawn:
                best, best_mm3 = chosen, volume_mm3
        if best:
            self._drawn.add(best)
        return sorted(best)

    def _one(self, keep: Sequence[int], most_mm3: int) -> tuple[frozenset[int], int]:
        """Take most of those to keep, then others, each that fits by volume and mass and suits the rest."""
        kept = self._random.permutation(np.array(keep, np.int64))[int(self._random.integers(DROPPED + 1)) :].tolist()
        others = [n for n in self._random.permutation(len(self._lots)).tolist() if n not in kept]
        chosen: list[int] = []
        volume_mm3, mass_g, company = 0, 0, list(self._company)
        for n in (*kept, *others):
            lot = self._lots[n]
            is_over = volume_mm3 + lot.volume_mm3 > most_mm3 or mass_g + lot.mass_g > self._room_g
            if is_over or (self._cargo.apart.any() and not self._cargo.joins(lot, company)):
                continue
            chosen.append(n)
            company.append(self._index[lot.booking_id])
            volume_mm3, mass_g = volume_mm3 + lot.volume_mm3, mass_g + lot.mass_g
        return frozenset(chosen), volume_mm3
