"""Load cargo into containers: from rows and wishes to an audited load plan.

The search does not wait for what is needed after it: auditor and reports are imported where they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from landport import consolidate, exchange
from landport.errors import InputError
from landport.model.bookings import Booking, CargoItem
from landport.model.lading import GROUP_ID, LoadPlan, Offer, figures, in_pieces, is_priced
from landport.model.loads import LoadedBox, LoadGroup, LoadRules, Loads
from landport.model.result import Limit, Result

if TYPE_CHECKING:
    from landport import audit
    from landport.app.stages import Notify

EFFORT = 4
"""Effort of a load where nobody says how long it may take."""

EFFORT_IN_TIME = 4
"""Effort of a load whose seconds are given; one container is searched for as long as they last."""

HALF_PCT = 60
"""Greatest share of the mass in either half of the length where balance is asked for (CTU Code, Annex 7)."""


MOST_BOXES = 100
"""Containers of a type in one load, where nobody says how many to fill; what they do not take is left."""

STILL_OPEN = ("BOX_BALANCE", "LOAD_TOGETHER", "LOAD_VOID")
"""Rules that a partly loaded container may break: what is loaded yet can mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOrder:
    """How cargo is to be loaded.

    Parameters
    ----------
    offers
        Containers, the preferred first.
    n_boxes
        How many there are to fill; None: as many as it takes.
    may_split
        Consignments may be spread over containers, for the record.
    refused
        UN numbers and classes that the service does not take; a class stands for its divisions, too.
    effort
        None: `EFFORT`, or `EFFORT_IN_TIME` where seconds are given.
    seconds, stopwatch
        Wall seconds, or None: effort alone decides; and what measures them.
    onto
        A plan whose containers are loaded on.
    version
        Package version, for the record.
    """

    offers: tuple[Offer, ...]
    rules: LoadRules
    n_boxes: int | None
    may_split: bool = False
    refused: tuple[str, ...] = ()
    effort: int | None = None
    seed: int = 0
    seconds: float | None = None
    stopwatch: Callable[[], float] | None = None
    onto: LoadPlan | None = None
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A load as planned: in solid blocks, and as it is written, piece by piece."""

    group: LoadGroup
    result: Result[Loads]
    plan: LoadPlan


def load(bookings: Sequence[Booking], items: Sequence[CargoItem], order: LoadOrder, notify: Notify) -> Loaded:
    """Plan a load.

    Returns
    -------
    Loaded
        Not audited yet; that is the caller's next step.

    Raises
    ------
    InputError
        `bad-option`: the plan to load on does not fit the cargo or the containers.
    """
    group = group_of(bookings, items, order)
    effort = order.effort or (EFFORT if order.seconds is None else EFFORT_IN_TIME)
    notify("kernels (compiled once on a machine)")
    consolidate.warm()
    notify("consolidate")
    limit = Limit(effort=effort, seconds=order.seconds, stopwatch=_from_now(order.stopwatch))
    found = consolidate.plan([group], seed=order.seed, limit=limit)
    loads = replace(found.plan, boxes=_in_order(group, found.plan.boxes))
    plan = LoadPlan(
        version=order.version,
        offers=order.offers,
        rules=group.rules,
        n_boxes=order.n_boxes,
        may_split=order.may_split,
        loads=loads,
        n_stowed=tuple(
            len(group.stowed[n].blocks) if n < len(group.stowed) else 0 for n in range(len(found.plan.boxes))
        ),
        cost=found.cost,
        bound=found.bound,
        stopped=found.stopped,
        seed=found.seed,
        effort=effort,
        remarks=found.remarks,
    )
    return Loaded(group=group, result=found, plan=plan)


def _from_now(stopwatch: Callable[[], float] | None) -> Callable[[], float] | None:
    """Start a stopwatch anew: reading files and compiling kernels is no planning."""
    if stopwatch is None:
        return None
    begun = stopwatch()
    return lambda: stopwatch() - begun


def judge(group: LoadGroup, loads: Loads) -> tuple[audit.Violation, ...]:
    """List every rule that a load breaks; empty when it holds."""
    from landport import audit

    return audit.check_load(group, loads)


def group_of(bookings: Sequence[Booking], items: Sequence[CargoItem], order: LoadOrder) -> LoadGroup:
    """Make the one group that cargo is loaded as; raises as `load` does."""
    stowed = _stowed(items, order)
    group = _group(bookings, items, order, stowed)
    if stowed:
        _expect_sound(stowed, group)
    return group


def group_again(bookings: Sequence[Booking], items: Sequence[CargoItem], plan: LoadPlan) -> tuple[LoadGroup, Loads]:
    """Make the group that a plan was made from, and its loads as the auditor takes them."""
    by_id = {i.item_id: i for i in items}
    boxes = exchange.named_consignments(plan.loads.boxes, by_id)
    owners = {x: i.booking_id for x, i in by_id.items()}
    left = tuple(replace(x, booking_id=x.booking_id or owners.get(x.item_id, "")) for x in plan.loads.left)
    stowed = tuple(replace(box, blocks=box.blocks[:n]) for box, n in zip(boxes, plan.n_stowed, strict=True) if n)
    order = LoadOrder(offers=plan.offers, rules=plan.rules, n_boxes=plan.n_boxes)
    return _group(bookings, items, order, stowed), Loads(boxes=boxes, left=left)


def _group(
    bookings: Sequence[Booking], items: Sequence[CargoItem], order: LoadOrder, stowed: tuple[LoadedBox, ...]
) -> LoadGroup:
    offers = {o.kind.container_type: o for o in order.offers}
    refused = {*order.rules.refused_un, *_refused(bookings, order.refused)}
    most = MOST_BOXES if order.n_boxes is None else order.n_boxes
    return LoadGroup(
        group_id=GROUP_ID,
        at_id="",
        destination_id="",
        bookings=tuple(bookings),
        items=tuple(items),
        ready_at={b.booking_id: 0 for b in bookings},
        container_types=tuple(o.kind for o in order.offers),
        payload_kg={name: o.payload_kg for name, o in offers.items()},
        rules=replace(order.rules, refused_un=tuple(sorted(refused))),
        n_boxes=order.n_boxes,
        n_available={name: most if o.n_available is None else min(most, o.n_available) for name, o in offers.items()},
        cost_usd_cents={n: o.cost_usd_cents or 0 for n, o in offers.items()} if is_priced(order.offers) else {},
        stowed=stowed,
    )


def _refused(bookings: Sequence[Booking], refused: Sequence[str]) -> set[str]:
    """Name what is refused, and of a class that is refused every division that there is cargo of."""
    classes = {b.un_class for b in bookings if b.un_class}
    parts = {c for c in classes for r in refused if c.startswith(r if "." in r else f"{r}.")}
    return {*refused, *parts}


def _in_order(group: LoadGroup, boxes: Sequence[LoadedBox]) -> tuple[LoadedBox, ...]:
    """Put the pieces of every container in loading order; those that stood in it come first."""
    from landport import report

    bookings = {b.booking_id: b for b in group.bookings}
    ranks = {i.item_id: report.unload_rank(i, bookings.get(i.booking_id)) for i in group.items}
    standing = [box.blocks for box in group.stowed] + [()] * len(boxes)
    return tuple(
        in_pieces(replace(box, blocks=report.loading_order(box.blocks, ranks, stood)))
        for box, stood in zip(boxes, standing, strict=False)
    )


def _stowed(items: Sequence[CargoItem], order: LoadOrder) -> tuple[LoadedBox, ...]:
    """Take over what stands in the containers of an earlier plan."""
    if order.onto is None:
        return ()
    by_id = {i.item_id: i for i in items}
    bare = [replace(box, booking_ids=(), remarks=()) for box in order.onto.loads.boxes]
    boxes = tuple(
        replace(box, cargo_g=figures(box.blocks, by_id).mass_g) for box in exchange.named_consignments(bare, by_id)
    )
    names = {o.kind.container_type for o in order.offers}
    counts = _counted(boxes)
    have = {i.item_id: i.count for i in items}
    for box in boxes:
        if box.container_type not in names:
            raise _unfit(f"it has a {box.container_type}, which is not among the containers offered")
    for item_id, n in counts.items():
        if n > have.get(item_id, 0):
            raise _unfit(f"{n:,} pieces of {item_id} stand in its containers; the cargo has {have.get(item_id, 0):,}")
    if order.n_boxes is not None and len(boxes) > order.n_boxes:
        raise _unfit(f"it has {len(boxes):,} containers; --containers says {order.n_boxes:,}")
    return boxes


def _expect_sound(stowed: tuple[LoadedBox, ...], cargo: LoadGroup) -> None:
    """Refuse containers to load on that break a rule already, so that it is not taken for a fault of ours."""
    from landport import audit

    counts = _counted(stowed)
    inside = tuple(replace(i, count=counts[i.item_id]) for i in cargo.items if i.item_id in counts)
    group = replace(cargo, items=inside, stowed=(), n_boxes=None)
    broken = [v for v in audit.check_load(group, Loads(boxes=stowed, left=())) if v.code not in STILL_OPEN]
    if broken:
        first = "\n".join(f"  {v.code}: {v.message}" for v in broken[:10])
        raise _unfit(f"what stands in its containers breaks rules already:\n{first}")


def _counted(boxes: Sequence[LoadedBox]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for box in boxes:
        for block in box.blocks:
            counts[block.item_id] = counts.get(block.item_id, 0) + block.count
    return counts


def _unfit(why: str) -> InputError:
    return InputError("bad-option", f"--onto: {why}", ("--onto",))
