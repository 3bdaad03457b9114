"""Rules of remedies: what is said to free a container that is left would free it, at the price that is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from landport.audit import journeys, orders, trains
from landport.audit.case import Case
from landport.audit.fullness import OF_TRAINS, Fullness, Spot, order_of, spot_of
from landport.audit.money import half_up, journey_cents, left_cents
from landport.audit.prices import UNITS
from landport.audit.violation import Finding, Rule
from landport.audit.work import needs_power
from landport.model.plans import Bar, PlannedContainer, Remedy

OF_ITS_OWN = ("run", "order", "due", "dear", "swap", "container_type", "cargo")
"""Bars that are of nothing with a limit."""

RIDDEN = tuple(
    rule
    for rule in (*journeys.RULES, *trains.RULES, *orders.RULES)
    if rule.code.startswith(("RIDE_", "JOURNEY_", "TRANSFER_", "ROAD_"))
    or rule.code in ("RULE_BOX", "RULE_OPEN_TOP", "ORDER_BAN", "ORDER_CAP_LATER")
)
"""Rules that every way keeps, however many remedies there are."""


def _name(remedy: Remedy) -> str:
    kinds = ", ".join(bar.kind for bar in remedy.bars)
    return f"the remedy of {remedy.container_id} ({kinds or 'no bar'})"


def _swapped(remedy: Remedy) -> str:
    """Name the container that makes room, if one does."""
    return next((bar.other_id for bar in remedy.bars if bar.kind == "swap"), "")


def _of(case: Case) -> Iterator[Finding]:
    seen = set()
    for remedy in case.plan.remedies:
        key = (remedy.container_id, remedy.bars)
        about = (remedy.container_id or "?",)
        if remedy.container_id not in case.containers or remedy.container_id not in case.lefts_of:
            yield f"{_name(remedy)} is of no container that is left", about
        elif not remedy.bars or key in seen:
            yield f"{_name(remedy)} lifts nothing, or the same as another", about
        elif {ride.subject_id for ride in remedy.rides} - {remedy.container_id, _swapped(remedy)}:
            yield f"{_name(remedy)} has rides of others", about
        elif all(ride.subject_id != remedy.container_id for ride in remedy.rides):
            yield f"{_name(remedy)} has no ride of it", about
        seen.add(key)


def _boxed(case: Case, remedy: Remedy) -> PlannedContainer | None:
    """Find the container as its remedy would have it: due later, of another type, with less in it."""
    box = case.containers.get(remedy.container_id)
    if box is None:
        return None
    for bar in remedy.bars:
        kind = case.types.get(bar.other_id if bar.kind == "container_type" else box.container_type)
        if bar.kind == "due":
            box = replace(box, due_at=box.due_at + 60 * bar.lacks)
        elif bar.kind == "container_type":
            box = replace(box, container_type=bar.other_id, gross_kg=box.cargo_kg + (kind.tare_kg if kind else 0))
        elif bar.kind == "cargo":
            box = replace(box, cargo_kg=bar.limit, gross_kg=bar.limit + (kind.tare_kg if kind else 0))
    return box


class _WhatIf:
    """All remedies of a plan, each as journeys of its own: of the container, and of the one that makes room.

    Parameters
    ----------
    case
        The plan that they are of.
    """

    def __init__(self, case: Case) -> None:
        self.boxes: list[PlannedContainer] = []
        rides = []
        for number, remedy in enumerate(case.plan.remedies):
            moved = case.containers.get(_swapped(remedy))
            for box in (_boxed(case, remedy), moved):
                if box is None:
                    continue
                label = self.label(number, box.container_id)
                mine = [ride for ride in remedy.rides if ride.subject_id == box.container_id]
                self.boxes.append(replace(box, container_id=label))
                rides += [replace(ride, subject_id=label) for ride in mine]
        plan = replace(case.plan, containers=tuple(self.boxes), rides=tuple(rides), runs=(), left=(), wagons=())
        self.case = Case(plan, case.scenario, case.world)
        self.fullness = Fullness(self.case)
        self.cents = journey_cents(self.case)

    @staticmethod
    def label(number: int, container_id: str) -> str:
        """Name a container within a remedy, so that it may be in several."""
        return f"{container_id} (remedy {number + 1})"


def _way(case: Case) -> Iterator[Finding]:
    if not case.plan.remedies:
        return
    what_if = _WhatIf(case)
    lifted = {
        what_if.label(n, remedy.container_id): {bar.order_id for bar in remedy.bars if bar.kind == "order"}
        for n, remedy in enumerate(case.plan.remedies)
    }
    for rule in RIDDEN:
        for text, about in rule.find(what_if.case):
            free = {order_id for x in about for order_id in lifted.get(x, ())}
            if not free & set(about):
                yield f"a remedy breaks {rule.code}: {text}", tuple(x.partition(" (")[0] for x in about)
    for box in what_if.boxes:
        kind = case.types.get(box.container_type)
        if kind is not None and (box.cargo_kg > kind.payload_kg or box.gross_kg > kind.max_gross_kg):
            text = f"{box.cargo_kg:,} kg; a {kind.container_type} may hold {kind.payload_kg:,} kg"
            yield f"{box.container_id} holds {text}", (box.container_id.partition(" (")[0],)
        elif kind is not None and kind.equipment != "reefer" and needs_power(case, box):
            text = f"needs a temperature; a {kind.container_type} keeps none"
            yield f"{box.container_id} {text}", (box.container_id.partition(" (")[0],)


def _bar(case: Case) -> Iterator[Finding]:
    if not case.plan.remedies:
        return
    known, waiting = Fullness(case), _waiting(case)
    for remedy in case.plan.remedies:
        for bar in remedy.bars:
            wrong = _wrong(case, known, waiting, remedy, bar)
            if wrong:
                yield f"{_name(remedy)}: {bar.kind} {wrong}", (remedy.container_id,)


def _waiting(case: Case) -> Counter[str]:
    """Count the TEU of containers with a remedy that runs a train, by train."""
    over: dict[str, set[str]] = {}
    for remedy in case.plan.remedies:
        for bar in remedy.bars:
            if bar.kind == "run":
                over.setdefault(bar.departure_id, set()).add(remedy.container_id)
    return Counter({d: case.teu(case.containers[c] for c in ids if c in case.containers) for d, ids in over.items()})


def _wrong(case: Case, known: Fullness, waiting: Counter[str], remedy: Remedy, bar: Bar) -> str:
    """Say what is wrong with the figures of a bar; nothing if they hold."""
    if bar.kind in UNITS:
        counted = known.full(spot_of(bar))
        if counted is None:
            return "is of nothing that has such a limit"
        if counted != (bar.limit, bar.taken) or bar.lacks < 1:
            return f"says {bar.taken:,} of {bar.limit:,}; {counted[1]:,} of {counted[0]:,} are taken"
        if bar.other_id and bar.other_id not in case.world.wagon_types:
            return f"names the wagon type {bar.other_id!r}, which nobody knows"
        return ""
    if bar.kind == "run":
        return _wrong_run(case, waiting, bar)
    box = case.containers.get(remedy.container_id)
    holds = {
        "order": order_of(case, bar.order_id) is not None,
        "due": bar.lacks >= 1,
        "dear": box is not None
        and bar.limit == left_cents(case, box)
        and bar.lacks == bar.taken + 1 - bar.limit
        and bar.lacks >= 1,
        "swap": bar.other_id in case.rides_of and bar.other_id in case.containers,
        "container_type": bar.other_id in case.types,
        "cargo": box is not None and bar.taken == box.cargo_kg and bar.lacks == bar.taken - bar.limit >= 1,
    }
    return "" if holds.get(bar.kind) else "is no such thing, or its figures are not those of the plan"


def _wrong_run(case: Case, waiting: Counter[str], bar: Bar) -> str:
    run, decision = case.timetable.run(bar.departure_id), case.runs.get(bar.departure_id)
    if run is None or decision is None or decision.status != "cancelled":
        return f"is of {bar.departure_id}, which is not cancelled"
    most = case.teu(case.containers[c] for c in case.lefts_of if c in case.containers)
    least = waiting[bar.departure_id]
    if not least <= bar.taken <= most:
        return f"says that {bar.taken:,} TEU wait for {bar.departure_id}, expected {least:,} to {most:,}"
    if (bar.limit, bar.lacks) != (run.service.min_teu, max(0, run.service.min_teu - bar.taken)):
        return (
            f"says that {bar.departure_id} lacks {bar.lacks:,} of {bar.limit:,} TEU; {run.service.min_teu:,} are needed"
        )
    return ""


def _room(case: Case) -> Iterator[Finding]:
    if not case.plan.remedies:
        return
    known, what_if = Fullness(case), _WhatIf(case)
    for number, remedy in enumerate(case.plan.remedies):
        other = _swapped(remedy)
        uses = Counter(what_if.fullness.uses.get(what_if.label(number, remedy.container_id), {}))
        if other:
            uses.update(what_if.fullness.uses.get(what_if.label(number, other), {}))
        uses.subtract(known.uses.get(other, {}))
        for text in (*_over(known, remedy, uses), *_stopped(case, known, remedy)):
            yield f"{_name(remedy)}: {text}", (remedy.container_id,)


def _over(known: Fullness, remedy: Remedy, uses: Counter[Spot]) -> Iterator[str]:
    """Say where a remedy needs more than there is with its bars lifted, and where it lifts more than it needs."""
    lacks = {spot_of(bar): bar.lacks for bar in remedy.bars if bar.kind in UNITS}
    lifted = {bar.order_id for bar in remedy.bars if bar.kind == "order"}
    for spot in sorted({*uses, *(s for s in lacks if s.kind not in ("wagons", *OF_TRAINS))}):
        limit, amount = known.limit(spot), uses[spot]
        if limit is None or spot.order_id in lifted or (amount <= 0 and spot not in lacks):
            continue
        over = known.taken[spot] + amount - limit
        if over > 0 and over != lacks.get(spot, 0):
            yield f"{spot.kind} lacks {over:,}, not {lacks.get(spot, 0):,}, at {_where(spot)}"
        elif over <= 0 and spot in lacks:
            yield f"{spot.kind} lacks nothing at {_where(spot)}"


def _where(spot: Spot) -> str:
    leg = f"leg {spot.leg}" if spot.leg else spot.day_on
    return f"{spot.departure_id or spot.at_id or spot.order_id} {leg}"


def _stopped(case: Case, known: Fullness, remedy: Remedy) -> Iterator[str]:
    """Say which cancelled trains a remedy rides without lifting that, or what keeps them from running."""
    run_bars = {bar.departure_id for bar in remedy.bars if bar.kind == "run"}
    lifted = {bar.order_id for bar in remedy.bars if bar.kind == "order"}
    spots = {spot_of(bar) for bar in remedy.bars}
    for departure_id in dict.fromkeys(ride.departure_id for ride in remedy.rides):
        decision, run = case.runs.get(departure_id), case.timetable.run(departure_id)
        if decision is None or run is None or decision.status != "cancelled":
            continue
        if departure_id not in run_bars:
            yield f"it rides {departure_id}, which is cancelled"
        for spot in _train_limits(case, run.service.legs[0].from_id):
            for day in known.days(run, spot) if spot.order_id not in lifted else ():
                dated = spot._replace(day_on=day)
                counted = known.full(dated)
                if counted is not None and counted[1] >= counted[0] and dated not in spots:
                    yield f"no more trains than {counted[0]} may run at {_where(dated)}"


def _train_limits(case: Case, yard_id: str) -> Iterator[Spot]:
    """List what limits how many trains run, without its day."""
    yield Spot("tracks", "", 0, yard_id, "", "")
    for order in case.scenario.orders:
        if order.max_trains_per_day is not None:
            yield Spot("trains", "", 0, "", order.order_id, "")
    for row in case.world.network.transfers:
        if row.trains_per_day is not None:
            yield Spot("border", "", 0, row.transfer_id, "", "")


def _cost(case: Case) -> Iterator[Finding]:
    if not case.plan.remedies:
        return
    what_if = _WhatIf(case)
    charged: Counter[str] = Counter()
    for charge in case.plan.charges:
        charged[charge.subject_id] += charge.usd_cents if charge.kind != "change" else 0
    for number, remedy in enumerate(case.plan.remedies):
        box = case.containers.get(remedy.container_id)
        label = what_if.label(number, remedy.container_id)
        if box is None or label in what_if.case.unpriced:
            continue
        usd_cents = what_if.cents[label]
        for bar in remedy.bars:
            usd_cents += _beyond(case, what_if, charged, number, remedy, bar)
            if bar.kind == "dear" and bar.taken != what_if.cents[label]:
                text = f"its way costs {what_if.cents[label]:,} cents, not {bar.taken:,}"
                yield f"{_name(remedy)}: {text}", (remedy.container_id,)
        saves = left_cents(case, box) - usd_cents
        stated = (remedy.usd_cents, remedy.saves_usd_cents, sum(bar.usd_cents for bar in remedy.bars))
        if stated != (usd_cents, saves, usd_cents - what_if.cents[label]):
            text = f"costs {remedy.usd_cents:,} and saves {remedy.saves_usd_cents:,} cents"
            yield f"{_name(remedy)} {text}; a recount says {usd_cents:,} and {saves:,}", (remedy.container_id,)


def _beyond(case: Case, what_if: _WhatIf, charged: Counter[str], number: int, remedy: Remedy, bar: Bar) -> int:
    """Count what lifting a bar costs beyond the way."""
    run = case.timetable.run(bar.departure_id)
    if bar.kind == "run" and run is not None:
        teu = case.teu([case.containers[remedy.container_id]])
        return half_up(run.service.fixed_usd_cents * teu, max(1, bar.taken))
    if bar.kind == "swap" and bar.other_id in case.containers:
        label = what_if.label(number, bar.other_id)
        rides = any(ride.subject_id == bar.other_id for ride in remedy.rides)
        now = what_if.cents[label] if rides else left_cents(case, case.containers[bar.other_id])
        return now - charged[bar.other_id]
    return 0


RULES = (
    Rule("REMEDY_OF", "A remedy is of a container that is left, lifts something, and has rides of it.", _of),
    Rule("REMEDY_BAR", "What a remedy lifts is as full, cancelled or dear as it says.", _bar),
    Rule("REMEDY_WAY", "The rides of a remedy keep the rules of rides, as the container is then.", _way),
    Rule("REMEDY_ROOM", "With its bars lifted, and no more than that, a remedy finds room and trains that run.", _room),
    Rule("REMEDY_COST", "A remedy costs its way and what lifting its bars costs, and saves the rest.", _cost),
)
