"""Containers that are nearly empty: their goods wait for a later cut-off, if all still arrive in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from landport.consolidate.cargo import Cargo
from landport.consolidate.filling import Filling
from landport.model.loads import LoadGroup
from landport.model.plans import Left
from landport.model.result import Limit

TAIL_PCT = 50
"""Percent of volume and of payload below which a container is nearly empty."""

LATER = 3
"""Later cut-offs tried."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed group.

    Parameters
    ----------
    spread
        Bookings that should stay together and fit no empty container.
    is_cut
        Time was over before every style was tried.
    least
        What no plan of this group by itself costs less than; None: not known.
    """

    cargo: Cargo
    left: tuple[Left, ...]
    boxes: Sequence[Filling] = ()
    spread: Sequence[str] = ()
    is_cut: bool = False
    least: int | None = None

    @property
    def cost(self) -> int:
        """What the containers cost."""
        return self.cargo.fleet.cost(box.kind for box in self.boxes)

    @property
    def is_short(self) -> bool:
        """Tell whether cargo is left that a container could take."""
        loaded = sum(box.volume_mm3 for box in self.boxes)
        return loaded < sum(lot.volume_mm3 for lot in self.cargo.lots)


def roll_tails(packed: Sequence[Packed], pack: Callable[[LoadGroup], Packed], limit: Limit) -> list[Packed]:
    """Let nearly empty containers join later groups of their lane where that costs no more.

    Parameters
    ----------
    packed
        Groups of a lane in order of cut-off.

    Notes
    -----
    Of each group the emptiest container, first cut-offs first. Bookings go whole, and only where the later cut-off
    still arrives by their due minute. Every roll saves what one container costs.
    """
    rolled = list(packed)
    for n in range(len(rolled)):
        later = [m for m in range(n + 1, len(rolled)) if _is_later(rolled[n].cargo.group, rolled[m].cargo.group)]
        for m in later[:LATER]:
            tail = _tail(rolled[n], rolled[m].cargo.group.arrives_at or 0)
            if tail is None or limit.is_over():
                break
            both = pack(_joined(rolled[n].cargo, tail, rolled[m].cargo.group))
            if both.cost <= rolled[m].cost and len(both.spread) <= len(rolled[m].spread) and not both.is_short:
                rolled[m] = both
                rolled[n] = replace(rolled[n], boxes=[box for box in rolled[n].boxes if box is not tail])
                break
    return rolled


def _is_later(group: LoadGroup, other: LoadGroup) -> bool:
    return bool(group.lane_id) and group.lane_id == other.lane_id and other.arrives_at is not None


def _tail(packed: Packed, arrives_at: int) -> Filling | None:
    """Find the emptiest container, if it is nearly empty and all in it may go later."""
    cargo = packed.cargo
    worst = min(packed.boxes, key=lambda box: _pct(cargo, box), default=None)
    if packed.cargo.fleet.is_given or worst is None or _pct(cargo, worst) >= TAIL_PCT:
        return None
    inside = [lot for lot in cargo.lots if worst.counts[lot.rows].any()]
    is_whole = all((worst.counts[lot.rows] == cargo.counts[lot.rows]).all() for lot in inside)
    return worst if is_whole and all(lot.due_at >= arrives_at for lot in inside) else None


def _pct(cargo: Cargo, box: Filling) -> float:
    inside = cargo.boxes[0]
    return 100 * max(box.volume_mm3 / float(inside[:3].prod()), box.mass_g / max(1.0, float(inside[3])))


def _joined(cargo: Cargo, tail: Filling, group: LoadGroup) -> LoadGroup:
    """Add the bookings of a container to a group."""
    moved = {lot.booking_id for lot in cargo.lots if tail.counts[lot.rows].any()}
    placed = set(cargo.item_ids)
    old = cargo.group
    return replace(
        group,
        bookings=(*(b for b in old.bookings if b.booking_id in moved), *group.bookings),
        items=(*(i for i in old.items if i.booking_id in moved and i.item_id in placed), *group.items),
        ready_at={**group.ready_at, **{b: old.ready_at[b] for b in moved}},
    )
