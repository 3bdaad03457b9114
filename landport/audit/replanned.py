"""Rules of re-planning: what was frozen stays, decisions by hand are kept, nothing is let go for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from landport.audit import cargo, journeys, orders, trains
from landport.audit.case import Case, ridden
from landport.audit.times import Run, railway_day
from landport.audit.violation import Finding, Rule
from landport.model.plans import Before, Hand, Plan, PlannedContainer, Ride, TrainRun

WHAT = ("pin", "ban")
"""What can be decided by hand."""

OF_ROOM = ("LEG_", "RULE_", "RUN_CANCELLED", "RUN_LATER", "BOX_PAYLOAD", "BOX_REEFER")
"""Beginnings of rules, beside those of journeys and orders, that a container which was let go would break."""


def _records(case: Case) -> Iterator[Finding]:
    plan = case.plan.replanned
    if plan is None:
        return
    if plan.freeze_until_at < case.scenario.now_at or plan.change_usd_cents < 0:
        text = f"frozen until minute {plan.freeze_until_at:,}, a change weighs {plan.change_usd_cents:,} cents"
        yield f"{text}; expected {case.scenario.now_at:,} (now) and 0, or more", (case.plan.name,)
    for hand in plan.hands:
        if why := _wrong_hand(case, hand):
            yield f"{_said(hand)}: {why}", (hand.container_id, hand.departure_id)
    seen: set[str] = set()
    for record in plan.containers:
        c = record.container_id
        if c not in case.containers or c in seen:
            yield f"{c} stands in the plan before, but {'twice' if c in seen else 'not in this one'}", (c,)
        seen.add(c)
        if [(r.subject_id, r.seq) for r in record.rides] != [(c, n + 1) for n in range(len(record.rides))]:
            yield f"the rides of {c} before are not its own, numbered from 1", (c,)
    for decided in plan.runs:
        run = case.timetable.run(decided.departure_id)
        if run is None or not case.is_decided(run) or run.departs_at[0] >= plan.freeze_until_at:
            yield f"{decided.departure_id} is no hub train that leaves before the freeze ends", (decided.departure_id,)
    yield from _other(case, case.previous)


def _wrong_hand(case: Case, hand: Hand) -> str:
    if hand.what not in WHAT:
        return f"expected one of {', '.join(WHAT)}"
    if not hand.container_id and not hand.departure_id:
        return "it is about nothing"
    if hand.container_id and hand.container_id not in case.containers:
        return "there is no such container"
    if hand.departure_id and case.timetable.run(hand.departure_id) is None:
        return "no such departure runs"
    return ""


def _other(case: Case, previous: Plan | None) -> Iterator[Finding]:
    """Compare the records with the plan before, where it is at hand."""
    if previous is None or case.plan.replanned is None:
        return
    rides: dict[str, list[Ride]] = {}
    for ride in previous.rides:
        rides.setdefault(ride.subject_id, []).append(ride)
    for box in previous.containers:
        c, record = box.container_id, case.before.get(box.container_id)
        rode = tuple(sorted(rides.get(c, ()), key=lambda r: r.seq))
        if record is None and c in case.containers:
            yield f"{c} was in the plan before, but is not among its containers", (c,)
        elif record is not None and (_state(record) != _state_of(box) or record.rides != rode):
            yield f"{c} was otherwise in the plan before", (c,)
    known = {box.container_id for box in previous.containers}
    for c in case.before:
        if c not in known:
            yield f"{c} was not in the plan before", (c,)
    yield from _other_runs(case, previous, case.plan.replanned.freeze_until_at, case.plan.replanned.runs)


def _other_runs(case: Case, previous: Plan, until: int, stated: tuple[TrainRun, ...]) -> Iterator[Finding]:
    early = {}
    for decided in previous.runs:
        run = case.timetable.run(decided.departure_id)
        if run is not None and case.is_decided(run) and run.departs_at[0] < until:
            early[decided.departure_id] = decided
    said = {r.departure_id: r for r in stated}
    for departure_id in dict.fromkeys((*early, *said)):
        if early.get(departure_id) != said.get(departure_id):
            yield f"{departure_id} was decided otherwise in the plan before", (departure_id,)


def _state(record: Before) -> tuple[object, ...]:
    return record.container_type, record.at_id, record.destination_id, record.ready_at, record.cargo_kg


def _state_of(box: PlannedContainer) -> tuple[object, ...]:
    return box.container_type, box.at_id, box.destination_id, box.ready_at, box.cargo_kg


def _hands(case: Case, what: str) -> Iterator[Hand]:
    for hand in case.plan.replanned.hands if case.plan.replanned else ():
        if hand.what == what:
            yield hand


def _said(hand: Hand) -> str:
    about = " to ".join(filter(None, (hand.container_id, hand.departure_id)))
    return f"by hand, {hand.what} {about}"


def _stays(case: Case, record: Before) -> bool:
    """Tell whether a container is pinned to its rides."""
    return any(h.container_id == record.container_id and not h.departure_id for h in _hands(case, "pin"))


def _is_named(case: Case, record: Before) -> bool:
    """Tell whether a decision by hand may take a container off its rides."""
    trains_before = {r.departure_id for r in record.rides}
    if any(h.container_id == record.container_id and h.departure_id for h in _hands(case, "pin")):
        return True
    for hand in _hands(case, "ban"):
        is_its = hand.container_id in ("", record.container_id)
        if is_its and (not hand.departure_id or hand.departure_id in trains_before):
            return True
    return False


def _frozen(case: Case) -> Iterator[Before]:
    """List the containers that had to stay as they were."""
    plan = case.plan.replanned
    for c, record in case.before.items() if plan else ():
        box = case.containers.get(c)
        if plan is None or box is None or not record.rides or record.freed:
            continue
        is_soon = record.rides[0].departs_at < plan.freeze_until_at
        if _stays(case, record) or (is_soon and _state(record) == _state_of(box) and not _is_named(case, record)):
            yield record


def _kept(case: Case) -> Iterator[Finding]:
    for record in _frozen(case):
        c = record.container_id
        now = case.rides_of.get(c, ())
        if ridden(now) != ridden(record.rides):
            was, rides = (" > ".join(r.departure_id or "truck" for r in its) for its in (record.rides, now))
            yield f"{c} is frozen on {was}, but rides {rides or 'nothing'}", (c,)


def _freed(case: Case) -> Iterator[Finding]:
    """See that what was let go had to be: put back beside what is frozen, it breaks a rule."""
    freed = [r for r in case.before.values() if r.freed and r.rides and r.container_id in case.containers]
    if not freed:
        return
    broken = set(_broken(_put_back(case, [*_frozen(case), *freed])))
    for record in freed:
        names = {record.container_id, *(r.departure_id for r in record.rides)} - {""}
        if not names & broken and not _lacks_wagons(case, record):
            text = f"{record.container_id} was let go ({record.freed}), but could ride as before"
            yield text, (record.container_id,)


def _put_back(case: Case, records: Iterable[Before]) -> Case:
    """Lay out what would ride if containers rode as before, at the minutes of today."""
    rides: list[Ride] = []
    boxes = []
    for record in records:
        boxes.append(case.containers[record.container_id])
        for ride in record.rides:
            known = case.ridden(ride) if ride.departure_id else None
            if known is not None:
                leaves, lands = known.run.departs_at[known.legs[0]], known.run.arrives_at[known.legs[-1]]
                ride = replace(ride, departs_at=leaves, arrives_at=lands)
            rides.append(ride)
    plan = replace(case.plan, containers=tuple(boxes), rides=tuple(rides), wagons=(), left=(), charges=())
    return Case(plan, case.scenario, case.world)


def _broken(case: Case) -> Iterator[str]:
    """Name the containers and departures that break a rule."""
    chosen = [*journeys.RULES, *orders.RULES]
    chosen += [r for r in (*trains.RULES, *cargo.RULES) if r.code.startswith(OF_ROOM)]
    for rule in chosen:
        for _, about in rule.find(case):
            yield from about


def _lacks_wagons(case: Case, record: Before) -> bool:
    """Tell whether the yard has no wagon left of some type on the day of an assembled train that was ridden."""
    for ride in record.rides:
        run = case.timetable.run(ride.departure_id)
        if run is None or run.service.legs[0].from_id != case.scenario.hub_id:
            continue
        day = _day(case, run)
        used: dict[str, int] = {}
        for wagon in case.plan.wagons:
            other = case.timetable.run(wagon.departure_id)
            if other is not None and _day(case, other) == day:
                used[wagon.wagon_type] = used.get(wagon.wagon_type, 0) + 1
        here = [s for s in case.scenario.supply if (s.place_id, s.day_on) == (case.scenario.hub_id, day)]
        if any(s.resource != "track" and used.get(s.resource, 0) >= s.count for s in here):
            return True
    return False


def _day(case: Case, run: Run) -> str:
    return railway_day(run.departs_at[0], case.scenario.start_at).isoformat()


def _trains(case: Case) -> Iterator[Finding]:
    by_hand = {h.departure_id for what in WHAT for h in _hands(case, what) if not h.container_id}
    for decided in case.plan.replanned.runs if case.plan.replanned else ():
        d, now = decided.departure_id, case.runs.get(decided.departure_id)
        run = case.timetable.run(d)
        if run is None or d in by_hand or (now is None and run.departs_at[0] < case.scenario.now_at):
            continue
        status = now.status if now is not None else "undecided"
        if status != decided.status and not (decided.status == "run" and _is_thin(case, run)):
            yield f"{d} leaves before the freeze ends and was {decided.status}; now it is {status}", (d,)


def _is_thin(case: Case, run: Run) -> bool:
    """Tell whether too little of what rode a train could ride it again, and may."""
    teu = [0] * len(run.service.legs)
    off = {h.container_id for h in _hands(case, "ban") if h.container_id and h.departure_id in ("", run.departure_id)}
    for record in case.before.values():
        if record.container_id in off:
            continue
        box = case.containers.get(record.container_id)
        for ride in record.rides if box is not None and not record.freed else ():
            ridden_now = case.ridden(ride) if ride.departure_id == run.departure_id else None
            for leg in ridden_now.legs if ridden_now is not None else ():
                teu[leg] += case.teu([box]) if box is not None else 0
    return max(teu) < run.service.min_teu


def _pinned(case: Case) -> Iterator[Finding]:
    for hand in _hands(case, "pin"):
        c, d = hand.container_id, hand.departure_id
        rides = case.rides_of.get(c, ())
        if c and d and all(r.departure_id != d for r in rides):
            yield f"{_said(hand)}: it does not ride it", (c, d)
        elif c and not d and c in case.before and ridden(rides) != ridden(case.before[c].rides):
            yield f"{_said(hand)}: it rides otherwise than before", (c,)
        elif d and not c and (d not in case.runs or case.runs[d].status != "run"):
            yield f"{_said(hand)}: it does not run", (d,)


def _banned(case: Case) -> Iterator[Finding]:
    for hand in _hands(case, "ban"):
        c, d = hand.container_id, hand.departure_id
        for ride in case.plan.rides:
            if (not c or ride.subject_id == c) and (not d or ride.departure_id == d):
                yield f"{_said(hand)}: {ride.subject_id} rides {ride.departure_id or 'a truck'}", (ride.subject_id, d)
        if not c and d in case.runs and case.runs[d].status == "run":
            yield f"{_said(hand)}: it runs", (d,)


RULES = (
    Rule("REPLAN_RECORDS", "What a plan was re-planned from is said once, of what there is, as it was.", _records),
    Rule("REPLAN_FROZEN", "What leaves before the freeze ends rides as before, if it can.", _kept),
    Rule("REPLAN_FREED", "Nothing is let go that could ride as before beside what is frozen.", _freed),
    Rule("REPLAN_TRAINS", "Hub trains that leave before the freeze ends run, or are cancelled, as before.", _trains),
    Rule("REPLAN_PIN", "What is pinned by hand rides, stays and runs.", _pinned),
    Rule("REPLAN_BAN", "What is banned by hand neither rides nor runs.", _banned),
)
