"""Planning again: what leaves soon stays, what moves pays, what is new finds its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from landport import assemble
from landport.app import keeping, stages
from landport.app.before import Again, Past, changed, expect_related, past_of
from landport.app.hands import Hands, sorted_out
from landport.app.planning import EFFORT, Made, Order, composed, expect_effort, limit_of
from landport.app.stages import Notify, Week
from landport.app.terms import OtherTerms
from landport.errors import Infeasible, Remark
from landport.model.assembly import Assembly
from landport.model.itinerary import Itinerary, Refusal, Room, Ways
from landport.model.plans import CHANGE_RATE, Charge, Plan, PlannedContainer, Replan, WagonLoad
from landport.model.result import Result
from landport.model.scenario import Scenario, World

KEPT = "kept cancelled:"
"""How the reason begins of a train that stays cancelled because it leaves soon; then comes the reason of before."""


def plan_again(
    scenario: Scenario, world: World, order: Order, again: Again, notify: Notify = lambda stage: None
) -> Plan:
    """Plan a week from a plan before: keep its load plans, its ids, what is frozen, and the rest where that is cheap.

    Returns
    -------
    Plan
        Not audited yet; it says what it was re-planned from.

    Raises
    ------
    InputError
        `bad-option`: there is no such effort. `stale-plan`: other reference tables, or another `start_at`.
    Infeasible
        `hands-clash`, `pin-impossible`: decisions by hand that cannot be kept.

    Notes
    -----
    Every container is offered its journey of before; those that lost theirs, or never had one, all ways, and so are
    those that ride departures which these want; with a train pinned to run, everything is. One program, solved once.
    Same input, effort and seed: same plan.
    """
    expect_effort(order)
    notify("timetable")
    week = stages.lay_out(scenario, world)
    expect_related(week, again.previous)
    hands = sorted_out(again.hands, week.pricing)
    pack, _ = EFFORT[order.effort]
    notify("consolidate")
    gathered = keeping.gather(week, again.previous)
    packed, remarks = keeping.pack(
        week, gathered, again.previous, limit=limit_of(order, pack), seed=order.seed, workers=order.workers
    )
    gathered = stages.needed(gathered, packed.loads.plan)
    boxes = keeping.containers(week, gathered, packed, again.previous, again.taken)
    notify("route")
    past = past_of(week, boxes, again, hands)
    _expect_there(boxes, again)
    _expect_stay(past, hands)
    desk = _Desk(week, boxes, order, again, hands)
    found, assembled, past = _settled(desk, past, notify)
    notify("price")
    made = Made(week, boxes, gathered, packed.loads, found, assembled, _changes(past, assembled.plan, again))
    replanned = Replan(
        digest=again.digest,
        freeze_until_at=scenario.now_at + again.freeze_minutes,
        change_usd_cents=again.change_usd_cents,
        hands=again.hands,
        runs=past.runs,
        containers=tuple(past.records[c] for c in sorted(past.records)),
    )
    plan = composed(made, order)
    return replace(plan, replanned=replanned, remarks=(*plan.remarks, *remarks, *_let_go(desk, past)))


@dataclass(frozen=True, slots=True)
class _Desk:
    """What planning again works on."""

    week: Week
    boxes: tuple[PlannedContainer, ...]
    order: Order
    again: Again
    hands: Hands

    def ways(self, some: Sequence[PlannedContainer], room: Room) -> Result[Ways]:
        return stages.ways(self.week, some, limit=limit_of(self.order, 1), seed=self.order.seed, room=room)


def _settled(desk: _Desk, past: Past, notify: Notify) -> tuple[Result[Ways], Result[Assembly], Past]:
    """Find ways and assemble; frozen containers that find no room are let go, and all is done again."""
    boxes = {box.container_id: box for box in desk.boxes}
    terms = OtherTerms(desk.week, boxes, limit_of(desk.order, 1), desk.order.seed)
    while True:
        kept = _kept(desk, past)
        found = _offered(desk, past, kept)
        notify("assemble")
        assembled = stages.put_together(
            desk.week,
            desk.boxes,
            found.plan,
            limit=limit_of(desk.order, EFFORT[desk.order.effort][1]),
            seed=desk.order.seed,
            kept=kept,
            allowed=partial(_allows, desk.hands, past.frozen),
            other_terms=terms,
        )
        freed = {c: assembled.plan.left[c].why for c in sorted(past.frozen) if c in assembled.plan.left}
        for container_id in sorted(freed.keys() & desk.hands.stay):
            _impossible(f"{container_id} cannot ride as before: {freed[container_id]}", container_id)
        if not freed:
            _expect_pins(desk, assembled.plan)
            return found, assembled, past
        past = past.without(freed)


def _allows(hands: Hands, frozen: frozenset[str], container_id: str, way: Itinerary) -> bool:
    """Tell whether a container may be offered a further way: frozen ones have theirs."""
    return container_id not in frozen and hands.allows(container_id, way)


def _kept(desk: _Desk, past: Past) -> assemble.Kept:
    """Say what assembly must keep."""
    hands, pricing = desk.hands, desk.week.pricing
    cancelled = {d: "by hand: it is banned" for d in hands.ban if pricing.is_decided(d)}
    running = set(hands.run)
    for run in past.runs:
        if run.departure_id in hands.run or run.departure_id in hands.ban:
            continue
        if run.status != "run":
            why = run.why if run.why.startswith(KEPT) else f"{KEPT} {run.why}"
            cancelled[run.departure_id] = why
        elif past.frozen.isdisjoint(past.riders(run.departure_id)) and _is_full_enough(desk, past, run.departure_id):
            running.add(run.departure_id)  # frozen riders keep theirs running by themselves
    ran = (r.departure_id for r in past.runs if r.status == "run")
    gone = (d for d in ran if pricing.departures[d].departs_at < desk.week.scenario.now_at)
    return assemble.Kept(
        rode={c: assemble.rides_before(r.rides) for c, r in past.records.items() if r.rides},
        change_cents=desk.again.change_usd_cents,
        held=past.frozen | frozenset(hands.onto),
        running=frozenset(running),
        cancelled=cancelled,
        past=frozenset(gone),
        wagons=_wagons(desk, past),
    )


def _is_full_enough(desk: _Desk, past: Past, departure_id: str) -> bool:
    """Tell whether a train has its least TEU on its fullest leg if all that can and may ride it as before do."""
    types = desk.week.world.container_types
    by_id = {b.container_id: b for b in desk.boxes}
    teu: dict[int, int] = {}
    for c in past.riders(departure_id):
        if not desk.hands.allows(c, past.ways[c]):
            continue
        for s in past.ways[c].stretches:
            for seq in range(s.first_leg, s.last_leg + 1) if s.departure_id == departure_id else ():
                teu[seq] = teu.get(seq, 0) + types[by_id[c].container_type].teu
    return max(teu.values(), default=0) >= desk.week.pricing.service(departure_id).min_teu


def _wagons(desk: _Desk, past: Past) -> Mapping[str, tuple[WagonLoad, ...]]:
    """List the wagons of the plan before whose containers are what they were."""
    by_id = {b.container_id: b for b in desk.boxes}
    same = {c for c, r in past.records.items() if not changed(r, by_id[c])}
    found: dict[str, list[WagonLoad]] = {}
    for wagon in desk.again.previous.wagons:
        if same.issuperset(wagon.container_ids):
            found.setdefault(wagon.departure_id, []).append(wagon)
    return {d: tuple(sorted(wagons, key=lambda w: w.seq)) for d, wagons in found.items()}


def _offered(desk: _Desk, past: Past, kept: assemble.Kept) -> Result[Ways]:
    """Offer every container its journey of before, and others to those that have none.

    Further ways come in while trains are assembled; trains that run by hand are to be filled, which takes ways of all.
    """
    hands = desk.hands
    room = {(d, leg.seq): 0 for d in (*kept.cancelled, *hands.ban) for leg in desk.week.pricing.service(d).legs}
    stand = {c: way for c, way in past.ways.items() if hands.allows(c, way) or c in past.frozen}
    needy = [b for b in desk.boxes if b.container_id not in stand and b.container_id not in hands.wait]
    found = desk.ways(needy, room)
    near = [b for b in desk.boxes if b.container_id in stand and b.container_id not in past.frozen]
    more = desk.ways(near if hands.run else [], room)
    choices = {**found.plan.choices, **more.plan.choices}
    choices = {c: tuple(w for w in ways if hands.allows(c, w)) for c, ways in choices.items()}
    for c, way in stand.items():
        others = () if c in past.frozen else choices.get(c, ())
        choices[c] = (way, *(w for w in others if assemble.rides_of(w) != assemble.rides_of(way)))
    choices |= _pinned(desk, choices, room)
    refusals = {c: r for c, r in found.plan.refusals.items() if not choices.get(c)}
    refusals |= {c: Refusal(state="waiting", code="by-hand", why="held back by hand") for c in hands.wait}
    ways = Ways(choices={c: w for c, w in choices.items() if w and c not in hands.wait}, refusals=refusals)
    cost, bound = found.cost + more.cost, found.bound + more.bound
    return replace(found, plan=ways, cost=cost, bound=bound)


def _pinned(desk: _Desk, choices: Mapping[str, tuple[Itinerary, ...]], room: Room) -> dict[str, tuple[Itinerary, ...]]:
    """Ask again for containers with a pin that nothing offered keeps, as if nothing else left where they board."""
    found = {}
    departures = desk.week.pricing.departures
    for box in desk.boxes:
        pins = desk.hands.onto.get(box.container_id)
        if not pins or choices.get(box.container_id):
            continue
        starts = {desk.week.pricing.service(d).legs[0].from_id for d in pins}
        others = {
            (d, leg.seq): 0
            for d in departures
            if d not in pins
            for leg in desk.week.pricing.service(d).legs
            if leg.from_id in starts
        }
        ways = desk.ways([box], {**room, **others}).plan.choices.get(box.container_id, ())
        kept = tuple(way for way in ways if desk.hands.allows(box.container_id, way))
        if not kept:
            text = f"no way of {box.container_id} from {box.at_id} to {box.destination_id} rides"
            _impossible(f"{text} {' and '.join(sorted(pins))}", box.container_id, *sorted(pins))
        found[box.container_id] = kept
    return found


def _expect_pins(desk: _Desk, assembly: Assembly) -> None:
    """See that pins are kept; frozen containers are looked at elsewhere."""
    for container_id, pins in sorted(desk.hands.onto.items()):
        if container_id in assembly.left:
            text = f"{container_id} cannot ride {' and '.join(sorted(pins))}: {assembly.left[container_id].why}"
            _impossible(text, container_id, *sorted(pins))
    runs = {r.departure_id: r for r in assembly.runs}
    for departure_id in sorted(desk.hands.run):
        run = runs.get(departure_id)
        if run is None or run.status != "run":
            _impossible(f"{departure_id} cannot run: {run.why if run else 'it has left'}", departure_id)


def _expect_there(boxes: Sequence[PlannedContainer], again: Again) -> None:
    """See that every container that is decided on by hand is still in the week."""
    there = {b.container_id for b in boxes}
    for hand in again.hands:
        if hand.container_id and hand.container_id not in there:
            text = f"{hand.container_id} is not in the week any more: withdrawn, or its goods are packed anew"
            _impossible(text, hand.container_id)


def _expect_stay(past: Past, hands: Hands) -> None:
    """See that containers pinned to their rides can still ride them."""
    for container_id in sorted(hands.stay):
        record = past.records.get(container_id)
        if container_id not in past.ways or record is None:
            why = record.freed if record else "its goods are gone or packed anew"
            _impossible(f"{container_id} cannot ride as before: {why or 'it rode nothing'}", container_id)
        elif hands.is_about(container_id, (r.departure_id for r in record.rides)):
            _impossible(f"{container_id} is pinned to its rides, which another decision forbids", container_id)


def _impossible(text: str, *about: str) -> None:
    raise Infeasible("pin-impossible", f"a decision by hand cannot be kept: {text}", about)


def _changes(past: Past, assembly: Assembly, again: Again) -> tuple[Charge, ...]:
    """Weigh every container that rides otherwise than before."""
    if not again.change_usd_cents:
        return ()
    found = []
    for container_id, record in past.records.items():
        way = assembly.ways.get(container_id)
        now = assemble.rides_of(way) if way else ()
        if record.rides and now != assemble.rides_before(record.rides):
            found.append(
                Charge(
                    subject_id=container_id,
                    kind="change",
                    quantity=1,
                    rate_id=CHANGE_RATE,
                    usd_cents=again.change_usd_cents,
                    gco2e=0,
                )
            )
    return tuple(found)


def _let_go(desk: _Desk, past: Past) -> list[Remark]:
    """Remark on each reason for which containers that would be frozen could not be kept, and on bookings withdrawn."""
    by_id = {b.container_id: b for b in desk.boxes}
    until = desk.week.scenario.now_at + desk.again.freeze_minutes
    because: dict[str, list[str]] = {}
    for c, record in past.records.items():
        if record.rides and record.rides[0].departs_at < until:
            why = record.freed or changed(record, by_id[c])
            if why:
                because.setdefault(why, []).append(c)
    remarks = [
        Remark("let-go", f"not frozen, {why}: {', '.join(ids[:5])}{_more(ids)}", tuple(ids))
        for why, ids in because.items()
    ]
    gone = [b.container_id for b in desk.again.previous.containers if b.container_id not in by_id and not b.master_id]
    if gone:
        remarks.append(Remark("withdrawn", f"no longer booked: {', '.join(gone[:5])}{_more(gone)}", tuple(gone)))
    return remarks


def _more(ids: Sequence[str]) -> str:
    return f" and {len(ids) - 5} more" if len(ids) > 5 else ""
