"""Customs hold a consignment that is packed already: pull it out of its container, or let the whole container wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from landport import audit
from landport.app import stages
from landport.app.stages import Week
from landport.consolidate.pulling import Move, Pulled, pull
from landport.consolidate.scale import tilts, weigh
from landport.errors import Conflict, InputError, NotFound, Remark
from landport.model import tariff
from landport.model.bookings import Booking, CargoItem
from landport.model.itinerary import Itinerary, Stretch
from landport.model.loads import LoadRules
from landport.model.plans import CargoBlock, Charge, Left, Plan, PlannedContainer, Ride, Stage
from landport.model.rules import Rules
from landport.model.scenario import Scenario, World
from landport.model.tariff import Load, rounded
from landport.units import kg_ceil


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A container before or after.

    Parameters
    ----------
    cog_mm
        Along the length from the closed end, across from the left wall, above the floor.
    tilts
        What of its balance is beyond its limit, in words.
    """

    cargo_kg: int
    gross_kg: int
    cog_mm: tuple[int, int, int]
    tilts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Both ways out of a hold, and what each costs.

    Parameters
    ----------
    n_handled, handled_kg
        Pieces moved, once out and once back, and their mass.
    handling_usd_cents
        Of moving these pieces.
    held_usd_cents
        Of the consignment's waiting.
    roll_usd_cents
        Of the whole container's waiting.
    """

    container_id: str
    booking_id: str
    days: int
    moves: Pulled
    n_handled: int
    handled_kg: int
    handling_usd_cents: int
    held_usd_cents: int
    roll_usd_cents: int
    before: Weighed
    after: Weighed

    @property
    def pull_usd_cents(self) -> int:
        """Cost of pulling the consignment: handling, and its own waiting."""
        return self.handling_usd_cents + self.held_usd_cents

    @property
    def cheaper(self) -> str:
        """`pull` or `roll`."""
        return "pull" if self.pull_usd_cents <= self.roll_usd_cents else "roll"


def weigh_up(
    plan: Plan, scenario: Scenario, world: World, container_id: str, booking_id: str, *, days: int
) -> tuple[Choice, Plan]:
    """Weigh pulling a consignment out of a packed container against letting the whole container wait.

    Parameters
    ----------
    days
        How long customs are thought to hold it.

    Returns
    -------
    tuple[Choice, Plan]
        The choice, and the plan without the consignment; that one is not audited yet.

    Raises
    ------
    InputError
        `broken-plan`: the plan does not hold for this week. `packed-elsewhere`: the hub did not pack the container.
        `nothing-else`: it holds nothing but this consignment.
    NotFound
        `unknown-container`, `unknown-consignment`.
    """
    violations = audit.check(plan, scenario, world)
    if violations:
        first = f"{violations[0].code}: {violations[0].message}"
        text = f"the plan breaks rules of this week ({len(violations)} violations; {first}); see landport check"
        raise InputError("broken-plan", text, tuple(dict.fromkeys(v.code for v in violations)))
    week = stages.lay_out(scenario, world)
    box = _packed_box(plan, container_id, booking_id)
    bookings, items = {b.booking_id: b for b in scenario.bookings}, {i.item_id: i for i in scenario.items}
    kind = world.container_types[box.container_type]
    moves = pull(box.blocks, booking_id, kind, items, bookings, LoadRules())
    corrected = _corrected(plan, week, box, booking_id, moves)
    after = next(b for b in corrected.containers if b.container_id == container_id)
    handled = [items[m.item_id].piece_g for m in (*moves.out, *moves.back)]
    arrives_at = max((r.arrives_at for r in plan.rides if r.subject_id == container_id), default=None)
    own = [replace(items[b.item_id], count=b.count) for b in box.blocks if items[b.item_id].booking_id == booking_id]
    booking, share = bookings[booking_id], tariff.truck_share_milli(own, world.rules)
    load = week.pricing.load_of(box)
    return Choice(
        container_id=container_id,
        booking_id=booking_id,
        days=days,
        moves=moves,
        n_handled=len(handled),
        handled_kg=kg_ceil(sum(handled)),
        handling_usd_cents=handling_cents(len(handled), sum(handled), world.rules),
        held_usd_cents=waiting_cents(share, booking.priority, days, arrives_at, booking.due_at, world.rules),
        roll_usd_cents=waiting_cents(load.feu_milli, box.priority, days, arrives_at, box.due_at, world.rules),
        before=_weighed(box, box.blocks, items, world),
        after=_weighed(after, moves.blocks, items, world),
    ), corrected


def expect_held(plan: Plan, scenario: Scenario, world: World) -> None:
    """Refuse a corrected plan that the auditor does not accept.

    Raises
    ------
    Conflict
        `not-corrected`: something else of the plan depends on the container as it was.
    """
    violations = audit.check(plan, scenario, world)
    if violations:
        said = "\n".join(f"  {v.code}: {v.message}" for v in violations[:10])
        text = f"without the consignment the plan breaks rules; it was not written. Plan the week again.\n{said}"
        raise Conflict("not-corrected", text, tuple(dict.fromkeys(v.code for v in violations)))


def handling_cents(n_pieces: int, grams: int, rules: Rules) -> int:
    """Price moving pieces out of a container, or into it, by number and by mass."""
    by_mass = grams * rules.milli("restow_usd_per_t")
    return rounded(by_mass + n_pieces * rules.milli("restow_usd_per_piece") * 1_000_000, 10_000_000)


def waiting_cents(feu_milli: int, priority: int, days: int, arrives_at: int | None, due_at: int, rules: Rules) -> int:
    """Weigh what waits some days longer: its time, and the lateness that this adds, as `tariff.waiting` does.

    Parameters
    ----------
    arrives_at
        Minute it would arrive without; None: nobody carries it yet, no lateness is counted.
    """
    minutes = days * 1440
    late = 0 if arrives_at is None else max(0, arrives_at + minutes - due_at) - max(0, arrives_at - due_at)
    milli = minutes * rules.milli("value_of_time_usd_per_feu_day")
    milli += late * rules.milli("delay_penalty_usd_per_feu_day") * (1 + priority)
    return rounded(milli * feu_milli, 10 * 1440 * 1000)


def _packed_box(plan: Plan, container_id: str, booking_id: str) -> PlannedContainer:
    box = next((b for b in plan.containers if b.container_id == container_id), None)
    if box is None:
        raise NotFound("unknown-container", f"the plan has no container {container_id!r}", (container_id,))
    if not box.blocks:
        text = f"{container_id} was stuffed by its shipper; only what the hub packed can be pulled apart"
        raise InputError("packed-elsewhere", text, (container_id,))
    if booking_id not in box.booking_ids:
        text = f"{container_id} holds no consignment {booking_id!r}; it holds {', '.join(box.booking_ids)}"
        raise NotFound("unknown-consignment", text, (booking_id, container_id))
    if len(box.booking_ids) == 1:
        text = f"{container_id} holds nothing but {booking_id}: the whole container waits"
        raise InputError("nothing-else", text, (booking_id, container_id))
    return box


def _weighed(
    box: PlannedContainer, blocks: Sequence[CargoBlock], items: Mapping[str, CargoItem], world: World
) -> Weighed:
    kind = world.container_types[box.container_type]
    found = weigh(blocks, {b.item_id: items[b.item_id].piece_g for b in blocks}, kind)
    x, y, z = (int(mm + Fraction(1, 2)) for mm in found.cog_mm)
    off = tilts(found, kind, stages.balance_rules(world.rules))
    return Weighed(cargo_kg=box.cargo_kg, gross_kg=box.gross_kg, cog_mm=(x, y, z), tilts=off)


# ---- the corrected plan ------------------------------------------------------------------------------


def _corrected(plan: Plan, week: Week, box: PlannedContainer, booking_id: str, moves: Pulled) -> Plan:
    """Take a consignment out of a plan: container, ways to the hub, what is left, charges and stages."""
    gone = [m for m in moves.out if m.is_pulled or m.to_mm is None]
    after = _lighter(week, box, moves)
    boxes = tuple(after if b.container_id == box.container_id else b for b in plan.containers)
    left = (*plan.left, *_lefts(box, booking_id, gone))
    packed = {b.item_id for other in boxes for b in other.blocks}
    touched = {m.booking_id for m in gone}
    lost = {b for b in touched if not any(i.item_id in packed for i in week.items_of[b])}
    bare = replace(plan, containers=boxes, rides=tuple(r for r in plan.rides if r.subject_id not in lost), left=left)
    kept = tuple(c for c in plan.charges if c.subject_id not in {box.container_id, *touched})
    own = _container_charges(bare, plan, week, after)
    more = (c for b in sorted(touched) for c in _booking_charges(bare, week, b))
    cost = sum(c.usd_cents for c in own) - sum(c.usd_cents for c in plan.charges if c.subject_id == box.container_id)
    text = f"{booking_id} was pulled out of {box.container_id}: customs hold it"
    return replace(
        bare,
        charges=(*kept, *own, *more),
        stages=tuple(_restated(s, cost) for s in plan.stages),
        remarks=(*plan.remarks, Remark("pulled", text, (booking_id, box.container_id))),
    )


def _lighter(week: Week, box: PlannedContainer, moves: Pulled) -> PlannedContainer:
    """State a container anew: what it holds, when that is ready and due, and what it weighs."""
    items = {i.item_id: i for i in week.scenario.items}
    inside = {items[b.item_id].booking_id for b in moves.blocks}
    bookings = [b for b in week.scenario.bookings if b.booking_id in inside]
    ready = stages.gather(week).ready_at
    cargo = kg_ceil(sum(b.count * items[b.item_id].piece_g for b in moves.blocks))
    return replace(
        box,
        booking_ids=tuple(b for b in box.booking_ids if b in inside),
        ready_at=max(ready[b.booking_id] for b in bookings),
        due_at=min(b.due_at for b in bookings),
        priority=max(b.priority for b in bookings),
        cargo_kg=cargo,
        gross_kg=cargo + week.world.container_types[box.container_type].tare_kg,
        blocks=moves.blocks,
    )


def _lefts(box: PlannedContainer, booking_id: str, gone: Sequence[Move]) -> Iterator[Left]:
    counts: dict[tuple[str, str], int] = {}
    for m in gone:
        counts[m.booking_id, m.item_id] = counts.get((m.booking_id, m.item_id), 0) + 1
    for (owner, item_id), count in sorted(counts.items()):
        why = f"customs hold {booking_id}; it was pulled out of {box.container_id}"
        if owner != booking_id:
            why += ", and what stood on it finds no place in there any more"
        yield Left(
            booking_id=owner,
            container_id="",
            item_id=item_id,
            count=count,
            state="waiting",
            code="customs-hold",
            why=why,
        )


def _container_charges(bare: Plan, plan: Plan, week: Week, box: PlannedContainer) -> list[Charge]:
    rides = sorted((r for r in bare.rides if r.subject_id == box.container_id), key=lambda r: r.seq)
    if not rides:
        return [tariff.left(week.pricing.load_of(box), week.world.rules)]
    changes = (c.rate_id for c in plan.charges if c.subject_id == box.container_id and c.kind == "handling")
    way = Itinerary(stretches=tuple(_stretch(r) for r in rides), transfer_ids=tuple(changes))
    return week.pricing.journey(box, way)


def _stretch(ride: Ride) -> Stretch:
    return Stretch(
        departure_id=ride.departure_id,
        first_leg=ride.first_leg,
        last_leg=ride.last_leg,
        from_id=ride.from_id,
        to_id=ride.to_id,
        departs_at=ride.departs_at,
        arrives_at=ride.arrives_at,
    )


def _booking_charges(bare: Plan, week: Week, booking_id: str) -> Iterator[Charge]:
    """Price anew what a groupage booking is charged itself: its truck to the hub, and what of it is left."""
    rules, booking = week.world.rules, next(b for b in week.scenario.bookings if b.booking_id == booking_id)
    items = {i.item_id: i for i in week.items_of[booking_id]}
    counts: dict[str, int] = {}
    for box in bare.containers:
        for b in box.blocks:
            counts[b.item_id] = counts.get(b.item_id, 0) + b.count
    inside = [replace(i, count=counts[i.item_id]) for i in items.values() if i.item_id in counts]
    for ride in bare.rides:
        if ride.subject_id == booking_id:
            road = week.pricing.roads[ride.from_id, ride.to_id]
            yield tariff.road(_share(booking, inside, rules), road, week.network.places, rules)
    for record in bare.left:
        if record.booking_id == booking_id and record.item_id:
            yield tariff.left(_share(booking, [replace(items[record.item_id], count=record.count)], rules), rules)


def _share(booking: Booking, items: Sequence[CargoItem], rules: Rules) -> Load:
    mass = kg_ceil(sum(i.piece_g * i.count for i in items))
    return Load(
        subject_id=booking.booking_id,
        teu=0,
        feu_milli=tariff.truck_share_milli(items, rules),
        cargo_kg=mass,
        gross_kg=mass,
        priority=booking.priority,
    )


def _restated(stage: Stage, change_usd_cents: int) -> Stage:
    """State a stage anew: its cost, and a bound that holds without the consignment.

    Notes
    -----
    One container held it, so that the rest needs at most one container fewer. What assembly could cost at least is not
    known where the container's own cost changes.
    """
    if stage.name == "consolidate":
        stage = replace(stage, bound=max(0, stage.bound - 1))
    elif stage.name == "assemble" and change_usd_cents:
        stage = replace(stage, cost=stage.cost + change_usd_cents, bound=0)
    return replace(stage, stopped="effort") if stage.bound < stage.cost else stage
