"""Going on from the plan that counts, in its week and in the next: what is planned, packed and gone already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from landport.app.ledger import reads
from landport.app.ledger.desk import Ledger
from landport.app.ledger.projecting import WeekState
from landport.exchange.plans import plan_from
from landport.model.facts import BookedGoods
from landport.model.plans import Plan
from landport.store import View, blobs
from landport.track.states import ContainerState

_MINUTE: Final = timedelta(minutes=1)


def plan_of(ledger: Ledger, view: View, digest: str) -> Plan:
    """Read a stored plan; the one read last is kept."""
    key = f"plan {view.tenant_id}"
    found = ledger.kept.get(key)
    if found is None or found[0] != digest:
        found = ledger.kept[key] = (digest, plan_from(blobs.get(view, digest)))
    plan: Plan = found[1]
    return plan


def counting(ledger: Ledger, view: View, week: WeekState) -> tuple[str, Plan | None]:
    """Find the plan that counts: that of the week, else that of the week before, in the minutes of this one.

    Returns
    -------
    tuple[str, Plan | None]
        Digest it is stored under, and the plan; empty and None: there is none.
    """
    digest = week.plan_digest
    if digest or week.week is None:
        return digest, plan_of(ledger, view, digest) if digest else None
    last = week_before(view, week)
    if last is None or last.week is None:
        return "", None
    minutes = (last.week.start_at - week.week.start_at) // _MINUTE
    gone = {c for c, state in reads.containers(view).items() if has_left(state)}
    return last.plan_digest, shifted(plan_of(ledger, view, last.plan_digest), minutes, gone)


def week_before(view: View, week: WeekState) -> WeekState | None:
    """Find the last week before that has a plan."""
    weeks: dict[str, WeekState] = reads.everything(view, "week", statuses=("closed",))
    planned = [w for w in weeks.values() if w.plan_digest and w.week_id < week.week_id]
    return max(planned, key=lambda w: w.week_id, default=None)


def shifted(plan: Plan, minutes: int, gone: Collection[str]) -> Plan:
    """Write a plan of another week with the minutes of this one, without the containers that are gone, and reasons."""
    stays = [b for b in plan.containers if b.container_id not in gone]
    boxes = (replace(b, ready_at=b.ready_at + minutes, due_at=b.due_at + minutes) for b in stays)
    rides = (replace(r, departs_at=r.departs_at + minutes, arrives_at=r.arrives_at + minutes) for r in plan.rides)
    wagons = (w for w in plan.wagons if not set(w.container_ids) & set(gone))
    return replace(
        plan,
        containers=tuple(boxes),
        rides=tuple(r for r in rides if r.subject_id not in gone),
        wagons=tuple(wagons),
        replanned=None,
        prices=(),
        remedies=(),
    )


def booked_in(ledger: Ledger, view: View, week: WeekState) -> set[str]:
    """List the consignments that the week's plan has."""
    if not week.plan_digest:
        return set()
    return {c for box in plan_of(ledger, view, week.plan_digest).containers for c in box.booking_ids}


def rest_of(goods: BookedGoods, gone: Sequence[ContainerState], packed: Mapping[str, Mapping[str, int]]) -> BookedGoods:
    """Write what of a consignment has not left with earlier weeks: its other boxes, or the pieces in none that left."""
    if goods.kind == "FCL":
        return replace(goods, n_containers=goods.n_containers - len(gone)) if gone else goods
    taken: dict[str, int] = {}
    for box in gone:
        for item_id, count in packed.get(box.container_id, {}).items():
            taken[item_id] = taken.get(item_id, 0) + count
    items = (replace(i, count=i.count - taken.get(i.item_id, 0)) for i in goods.items)
    return replace(goods, items=tuple(i for i in items if i.count > 0))


def packed_in(ledger: Ledger, view: View, week: WeekState) -> dict[str, dict[str, int]]:
    """Count the pieces in the containers of the week before by item; none, once this week has a plan."""
    last = None if week.plan_digest else week_before(view, week)
    found: dict[str, dict[str, int]] = {}
    for box in plan_of(ledger, view, last.plan_digest).containers if last else ():
        for block in box.blocks:
            inside = found.setdefault(box.container_id, {})
            inside[block.item_id] = inside.get(block.item_id, 0) + block.count
    return found


def has_left(box: ContainerState) -> bool:
    """Tell whether a train, ship or truck with a timetable has taken a container already."""
    return any(ride.departure_id for ride in box.rides)
