"""Containers of a plan before in the week of today: which goods stay packed as they are, and who keeps which id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from landport import audit, consolidate
from landport.app import stages
from landport.app.stages import Gathered, Week
from landport.errors import Remark
from landport.model.bookings import Booking, CargoItem
from landport.model.loads import LoadedBox, Loads
from landport.model.plans import Plan, PlannedContainer, Ride
from landport.model.result import Limit, Result, why_stopped

OF_PACKING = "LOAD_VOID"
"""A remark for who loads: a plan of a week does not keep it, so it is not asked for again."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Groupage of a week, with what a plan before has packed already.

    Parameters
    ----------
    kept
        Containers of the plan before whose load plans stay, with what is in them.
    loads
        Those, then what is packed anew.
    """

    kept: tuple[tuple[PlannedContainer, LoadedBox], ...]
    loads: Result[Loads]


def gather(week: Week, previous: Plan) -> Gathered:
    """Bring groupage to the hub as for a plan made afresh; trucks that left before now went as planned."""
    fresh = stages.gather(week)
    bookings = {b.booking_id: b for b in week.scenario.bookings}
    gone = {r.subject_id: r for r in previous.rides if _has_left(r, bookings, week)}
    ready, stuffing = dict(fresh.ready_at), _stuffing(week)
    for booking_id in gone.keys() & ready.keys():
        ready[booking_id] = gone[booking_id].arrives_at + stuffing
    return replace(fresh, ready_at=ready, rides=tuple(gone.get(r.subject_id, r) for r in fresh.rides))


def _has_left(ride: Ride, bookings: Mapping[str, Booking], week: Week) -> bool:
    """Tell whether a ride is of groupage, on a truck that left for the hub before now, as it still could have."""
    booking = bookings.get(ride.subject_id)
    if booking is None or booking.kind != "LCL" or ride.departs_at >= week.scenario.now_at:
        return False
    road = week.pricing.roads.get((booking.at_id, week.scenario.hub_id))
    takes = None if road is None else road.running_minutes
    is_there = (ride.from_id, ride.to_id) == (booking.at_id, week.scenario.hub_id)
    return is_there and booking.ready_at <= ride.departs_at and ride.arrives_at - ride.departs_at == takes


def _stuffing(week: Week) -> int:
    return week.world.rules.milli("lcl_stuffing_h") * 60 // 1000


def pack(
    week: Week, gathered: Gathered, previous: Plan, *, limit: Limit, seed: int, workers: int = 1
) -> tuple[Packed, tuple[Remark, ...]]:
    """Keep the load plans that still hold, and pack the rest.

    Returns
    -------
    tuple[Packed, tuple[Remark, ...]]
        What is packed, and a remark for each container whose goods had to be packed anew.

    Notes
    -----
    A load plan stays when its bookings are there, bound for the same place, and the auditor finds no fault with it as
    the goods are today. A booking that may not be split stays whole: pieces beside those in the container open it.
    """
    kept: list[tuple[PlannedContainer, LoadedBox]] = []
    remarks = []
    bookings = {b.booking_id: b for b in week.scenario.bookings}
    for box in previous.containers:
        if box.master_id:
            why, loaded = _still(week, gathered, box, bookings)
            if loaded is None:
                text = f"{box.container_id} is packed anew: {why}"
                remarks.append(Remark("packed-anew", text, (box.container_id, *box.booking_ids)))
            else:
                kept.append((box, loaded))
    kept = _within_counts(week, kept, remarks)
    inside = _inside(loaded for _, loaded in kept)
    rest = _rest(week, inside)
    ready = {b: at for b, at in gathered.ready_at.items() if rest.get(b)}
    anew = stages.load(
        replace(week, items_of=rest), replace(gathered, ready_at=ready), limit=limit, seed=seed, workers=workers
    )
    loads = Loads(boxes=(*(loaded for _, loaded in kept), *anew.plan.boxes), left=anew.plan.left)
    cost, bound = anew.cost + len(kept), anew.bound + len(kept)
    stopped = why_stopped(cost, bound, is_over=anew.stopped == "time")
    return Packed(tuple(kept), replace(anew, plan=loads, cost=cost, bound=bound, stopped=stopped)), tuple(remarks)


def _still(
    week: Week, gathered: Gathered, box: PlannedContainer, bookings: Mapping[str, Booking]
) -> tuple[str, LoadedBox | None]:
    """Lay the load plan of a container out with the goods of today; without one, say why."""
    inside = [bookings[b] for b in box.booking_ids if b in bookings and b in gathered.ready_at]
    if len(inside) < len(box.booking_ids):
        gone = [b for b in box.booking_ids if b not in gathered.ready_at]
        return f"{gone[0]} is withdrawn, or goes elsewhere", None
    counts: dict[str, int] = {}
    for block in box.blocks:
        counts[block.item_id] = counts.get(block.item_id, 0) + block.count
    items = [i for b in inside for i in week.items_of.get(b.booking_id, ()) if i.item_id in counts]
    if len(items) < len(counts) or any(i.count < counts[i.item_id] for i in items):
        return "there are fewer pieces than it holds", None
    whole = {b.booking_id for b in inside if not b.may_split}
    booked = {i.item_id: i.count for b in whole for i in week.items_of.get(b, ())}
    if any(counts.get(item_id) != n for item_id, n in booked.items()):
        return "a consignment that may not be split has other pieces now", None
    items = [replace(i, count=counts[i.item_id]) for i in items]
    loaded = LoadedBox(
        group_id="",
        container_type=box.container_type,
        booking_ids=box.booking_ids,
        cargo_g=sum(i.piece_g * i.count for i in items),
        blocks=box.blocks,
    )
    return _judged(week, gathered, inside, items, loaded)


def _judged(
    week: Week, gathered: Gathered, inside: Sequence[Booking], items: Sequence[CargoItem], loaded: LoadedBox
) -> tuple[str, LoadedBox | None]:
    """Let the auditor judge a load plan with the goods of today."""
    kinds = [week.world.container_types[t] for t in (*stages.LCL_TYPES, *stages.LCL_REEFERS)]
    lanes = {b.destination_id for b in inside}
    groups = consolidate.group(
        inside,
        items,
        ready_at=gathered.ready_at,
        cut_offs={},
        hub_id=week.scenario.hub_id,
        container_types=kinds,
        payload_kg={(lane, kind.container_type): kind.payload_kg for lane in lanes for kind in kinds},
        rules=week.world.rules,
    )
    if len(groups) != 1 or loaded.container_type not in {k.container_type for k in groups[0].container_types}:
        return "its goods may not share a container any more", None
    loaded = replace(loaded, group_id=groups[0].group_id)
    group = replace(groups[0], rules=stages.load_rules(week))
    found = [v for v in audit.check_load(group, Loads(boxes=(loaded,), left=())) if v.code != OF_PACKING]
    return (found[0].message, None) if found else ("", loaded)


def _within_counts(
    week: Week, kept: Sequence[tuple[PlannedContainer, LoadedBox]], remarks: list[Remark]
) -> list[tuple[PlannedContainer, LoadedBox]]:
    """Open the later containers of an item that hold more pieces together than there are now."""
    counts = {i.item_id: i.count for items in week.items_of.values() for i in items}
    stays = []
    for box, loaded in kept:
        needs = _inside([loaded])
        if any(n > counts.get(item_id, 0) for item_id, n in needs.items()):
            text = f"{box.container_id} is packed anew: there are fewer pieces than it holds"
            remarks.append(Remark("packed-anew", text, (box.container_id, *box.booking_ids)))
            continue
        for item_id, n in needs.items():
            counts[item_id] -= n
        stays.append((box, loaded))
    return stays


def _inside(boxes: Iterable[LoadedBox]) -> dict[str, int]:
    found: dict[str, int] = {}
    for box in boxes:
        for block in box.blocks:
            found[block.item_id] = found.get(block.item_id, 0) + block.count
    return found


def _rest(week: Week, inside: Mapping[str, int]) -> dict[str, tuple[CargoItem, ...]]:
    """List what no container holds, by booking."""
    found = {}
    for booking_id, items in week.items_of.items():
        rest = [replace(i, count=i.count - inside.get(i.item_id, 0)) for i in items]
        found[booking_id] = tuple(i for i in rest if i.count > 0)
    return {b: items for b, items in found.items() if items}


def containers(
    week: Week, gathered: Gathered, packed: Packed, previous: Plan, taken: Sequence[str] = ()
) -> tuple[PlannedContainer, ...]:
    """List every container of the week: those of the plan before keep their ids, the others get the next ones.

    Parameters
    ----------
    taken
        Ids that no container and no master may get, beside those of the plan before.

    Notes
    -----
    FCL by booking, then groupage that stays packed, then what is packed anew. Of a booking that has fewer containers
    than before, those that rode stay.
    """
    numbers = _free_numbers("C", (*(b.container_id for b in previous.containers), *taken))
    masters = _free_numbers("M", (*(b.master_id for b in previous.containers), *taken))
    rode = {r.subject_id for r in previous.rides}
    of: dict[str, list[str]] = {}
    for box in sorted(previous.containers, key=lambda b: (b.container_id not in rode, b.container_id)):
        if not box.master_id:
            of.setdefault(box.booking_ids[0], []).append(box.container_id)
    boxes: list[PlannedContainer] = []
    for booking in week.scenario.bookings:
        if booking.kind == "FCL":
            ids = sorted(of.get(booking.booking_id, [])[: booking.n_containers])
            ids += [next(numbers) for _ in range(booking.n_containers - len(ids))]
            boxes += [replace(stages.fcl(week, booking, 0), container_id=container_id) for container_id in ids]
    bookings = {b.booking_id: b for b in week.scenario.bookings}
    named = [(box.container_id, box.master_id) for box, _ in packed.kept]
    named += [(next(numbers), next(masters)) for _ in packed.loads.plan.boxes[len(named) :]]
    for n, (loaded, (container_id, master_id)) in enumerate(zip(packed.loads.plan.boxes, named, strict=True)):
        inside = [bookings[b] for b in loaded.booking_ids]
        box = replace(stages.lcl(week, inside, loaded, gathered, 0, 0), container_id=container_id, master_id=master_id)
        if n < len(packed.kept):
            box = replace(box, ready_at=_ready_at(week, box, inside, gathered, packed.kept[n][0].ready_at))
        boxes.append(box)
    return tuple(boxes)


def _free_numbers(letter: str, taken: Iterable[str]) -> Iterator[str]:
    last = max((int(t[1:]) for t in taken if t[:1] == letter and t[1:].isdecimal()), default=0)
    while True:
        last += 1
        yield f"{letter}{last:05d}"


def _ready_at(week: Week, box: PlannedContainer, inside: Sequence[Booking], gathered: Gathered, before_at: int) -> int:
    """Say when a container that stays packed is ready: as before, if its goods could be stuffed by then."""
    hub, stuffing = week.scenario.hub_id, _stuffing(week)
    least = max(b.ready_at + stuffing if b.at_id == hub else gathered.ready_at[b.booking_id] for b in inside)
    return before_at if least <= before_at < box.ready_at else box.ready_at
