"""One container after the other: each filled as well as goes from what is left, until all is in or none is at hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from landport.consolidate._kernel import Ints
from landport.consolidate.cargo import Cargo, Lot
from landport.consolidate.filling import Filler, Filling, Style
from landport.consolidate.fleet import Fleet
from landport.model.result import Limit

AFTER = 8
"""Bookings that find no container after the time is over; then no more are tried."""

MANY = 8
"""Further containers like one just filled, from which on they are not filled anew."""


@dataclass(slots=True)
class Job:
    """A group that is being packed.

    Parameters
    ----------
    lots
        Of the cargo; those of them that had to be spread are no longer whole.
    spread
        Bookings that should stay together and fit no empty container.
    is_cut
        Time was over before every style was tried.
    """

    cargo: Cargo
    filler: Filler
    lots: list[Lot]
    styles: list[Style]
    limit: Limit
    seed: int = 0
    spread: list[str] = field(default_factory=list)
    is_cut: bool = False

    @property
    def fleet(self) -> Fleet:
        """The containers at hand."""
        return self.cargo.fleet

    def within(self, of: float) -> Job:
        """Make a job of the same cargo that ends when this share of the seconds left is used."""
        limit = self.limit.share(of)
        return replace(self, limit=limit, filler=Filler(self.cargo, limit))

    def look(self) -> bool:
        """Look at the clock; tells whether the time is over."""
        self.is_cut = self.is_cut or self.limit.is_over()
        return self.is_cut

    @property
    def is_late(self) -> bool:
        """Tell whether more would have been tried with more time."""
        return self.is_cut or self.filler.is_cut

    def share(self, boxes: Sequence[Filling], rest: Ints) -> float | None:
        """Share the time that remains among the containers that the pieces left ask for; None: there is no limit."""
        remaining = self.limit.remaining()
        if remaining is None:
            return None
        cargo = self.cargo
        largest = np.array(cargo.boxes).max(axis=0).astype(np.float64)
        volume, mass = float(rest @ cargo.volumes_mm3), float(rest @ cargo.items[:, 0])
        n_asked = max(volume / float(largest[:3].prod()), mass / max(1.0, float(largest[3])))
        return remaining / max(1.0, min(n_asked, self.fleet.n_boxes - len(boxes)))

    def spare(self, boxes: Sequence[Filling]) -> list[int]:
        """List the types of which there is one more that takes something."""
        return [k for k in self.fleet.spare(box.kind for box in boxes) if len(self.cargo.poses[k])]

    def cost(self, boxes: Sequence[Filling]) -> tuple[int, int]:
        """Answer what containers cost, then their size."""
        return self.fleet.cost(box.kind for box in boxes), sum(self.fleet.teu[box.kind] for box in boxes)


def fill_up(job: Job, boxes: list[Filling], rest: Ints) -> None:
    """Fill more containers until the pieces left are in, or as far as the fleet goes; updates boxes and pieces left.

    A booking that must stay together and fits no empty container stays behind. In a plan of lanes it is spread instead,
    unless a container that is not at hand might take it, or the number of containers is given. What time there is is
    shared among the containers; once it is over each is filled in one style.
    """
    may_spread = bool(job.cargo.group.lane_id) and not job.fleet.is_given
    behind: set[int] = set()
    for n, lot in enumerate(job.lots):
        if lot.is_whole and job.cargo.over[lot.rows].any():
            _give_up(job, n, behind, may_spread=may_spread)
    n_after = 0
    while True:
        kinds = job.spare(boxes)
        offered = rest.copy()
        for n in behind:
            offered[job.lots[n].rows] = 0
        if not offered.any() or not kinds:
            return
        box = _one_more(job, offered, kinds, job.share(boxes, offered))
        if box is not None:
            _take(job, box, boxes, rest)
            continue
        first = _first_whole(job.lots, offered, behind)
        n_after += job.look()
        if first is None or n_after > AFTER:
            return
        _give_up(job, first, behind, may_spread=may_spread and len(kinds) == len(job.spare([])))


def _give_up(job: Job, n: int, behind: set[int], *, may_spread: bool) -> None:
    """Spread a booking that does not go whole, or leave it behind."""
    if may_spread:
        job.spread.append(job.lots[n].booking_id)
        job.lots[n] = replace(job.lots[n], is_whole=False)
    else:
        behind.add(n)


def _take(job: Job, box: Filling, boxes: list[Filling], rest: Ints) -> None:
    """Add a container, and many more like it where very much of the same is left."""
    boxes.append(box)
    rest -= box.counts
    inside = np.flatnonzero(box.counts)
    more = int((rest[inside] // box.counts[inside]).min()) - 1
    if more >= MANY and not any(job.lots[n].is_whole for n in job.cargo.inside(box.counts)):
        of_kind = job.fleet.at_hand[box.kind] - sum(b.kind == box.kind for b in boxes)
        more = min(more, of_kind, job.fleet.n_boxes - len(boxes))
        boxes.extend([box] * more)
        rest -= more * box.counts


def _one_more(job: Job, rest: Ints, kinds: Sequence[int], seconds: float | None) -> Filling | None:
    """Fill one container, with the first booking that must stay together alone if that is what it takes."""
    styles = job.styles[:1] if job.look() else job.styles
    box = next_box(job, rest, kinds, styles, seconds)
    n = _first_whole(job.lots, rest, ())
    if box is not None or n is None:
        return box
    only = np.zeros_like(rest)
    only[job.lots[n].rows] = rest[job.lots[n].rows]
    return next_box(job, only, kinds, styles, seconds) or _walled(job, n, rest, kinds)


def _first_whole(lots: Sequence[Lot], rest: Ints, behind: Collection[int]) -> int | None:
    found = (n for n, lot in enumerate(lots) if lot.is_whole and n not in behind and rest[lot.rows].any())
    return next(found, None)


def _walled(job: Job, n: int, rest: Ints, kinds: Sequence[int]) -> Filling | None:
    """Stack a booking that must stay together in walls, in the cheapest type that takes it so."""
    others = [lot for m, lot in enumerate(job.lots) if m != n]
    for kind in sorted(kinds, key=lambda k: (job.fleet.costs[k], job.fleet.teu[k], k)):
        box = job.filler.wall(kind, job.lots[n], others, rest, job.styles[0])
        if box is not None:
            return box
    return None


def next_box(
    job: Job, rest: Ints, kinds: Sequence[int], styles: Sequence[Style], seconds: float | None = None
) -> Filling | None:
    """Fill one more container.

    Where types cost the same, of the first type that takes anything, or of a smaller one that takes the same; where
    they have a price, of the type that takes most for it; where their number is given, of the type that takes most.
    Once the time is over: of the type that has most room, for its price, and takes anything.
    """
    best, best_value = None, 0.0
    for kind in _roomiest(job, kinds) if job.look() else kinds:
        box = job.filler.pack(kind, job.lots, rest, styles, None if seconds is None else seconds / len(kinds))
        if box is None:
            continue
        if job.look():
            return box
        if job.fleet.is_fewest and not job.fleet.is_given:
            return smaller(job, box, kinds, styles)
        value = _value(job, box, rest)
        if value > best_value:
            best, best_value = box, value
    return best if best is None or job.fleet.is_given else smaller(job, best, kinds, styles)


def _roomiest(job: Job, kinds: Sequence[int]) -> list[int]:
    """Sort types by their volume, for their price where they have one, the greatest first."""
    is_priced = not (job.fleet.is_given or job.fleet.is_fewest)
    room = {k: float(job.cargo.boxes[k][:3].prod()) / (max(1, job.fleet.costs[k]) if is_priced else 1) for k in kinds}
    return sorted(kinds, key=lambda k: -room[k])


def _value(job: Job, box: Filling, rest: Ints) -> float:
    """Value a container: its volume where their number is given, else its share of what is left, by cost."""
    if job.fleet.is_given:
        return float(box.volume_mm3)
    volume, mass = float(rest @ job.cargo.volumes_mm3), float(rest @ job.cargo.items[:, 0])
    largest = np.array(job.cargo.boxes).max(axis=0).astype(np.float64)
    need = volume / float(largest[:3].prod()), mass / float(largest[3])
    share = need[0] * box.volume_mm3 / volume + need[1] * box.mass_g / mass
    return share / max(1, job.fleet.costs[box.kind])


def smaller(job: Job, box: Filling, kinds: Sequence[int], styles: Sequence[Style]) -> Filling:
    """Repack a container into the cheapest, smallest type that takes all that is in it."""
    cargo = job.cargo
    for kind in job.fleet.cheaper(box.kind, kinds):
        inside = cargo.boxes[kind]
        if int(inside[:3].prod()) >= box.volume_mm3 and inside[3] >= box.mass_g and len(cargo.poses[kind]):
            for style in styles:
                if job.look():
                    return box
                found = job.filler.fill(kind, box.counts, style)
                if (found.counts == box.counts).all():
                    return found
    return box
