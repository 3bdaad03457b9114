"""Judges a study of lanes: demand, trains, courses, figures, break-evens and sums, counted again from the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from landport.audit.lane_form import long_run
from landport.audit.lane_rows import LaneCase
from landport.audit.money import half_up
from landport.audit.violation import Finding, Rule, Violation
from landport.model.lanes import ChoiceFigures, Course, LaneAnswer, LaneStudy, PolicyTotal
from landport.model.scenario import Scenario, World

CLOSE = 0.002
"""Share by which a formula may differ from its plain recount: the planners integrate by nodes."""

POLICIES = ["direct", "hub", "mix"]


def check_lanes(study: LaneStudy, scenario: Scenario, world: World) -> tuple[Violation, ...]:
    """List every rule that a study of lanes breaks, rule by rule; empty when it holds.

    Notes
    -----
    Never raises on a bad study. Simulated figures are not drawn again: they are judged against each other.
    """
    case = LaneCase(study, scenario, world)
    found = []
    for rule in RULES:
        for message, about in rule.find(case):
            found.append(Violation(rule.code, message, about))
    return tuple(found)


def _id(lane: LaneAnswer) -> str:
    return f"{lane.demand.from_id}-{lane.demand.to_id}"


def _demand(case: LaneCase) -> Iterator[Finding]:
    for lane_id, n in Counter(map(_id, case.study.lanes)).items():
        if n > 1:
            yield f"lane {lane_id} is judged {n} times", (lane_id,)
    for lane in case.study.lanes:
        demand, lane_id = lane.demand, _id(lane)
        if not {demand.from_id, demand.to_id} <= set(case.places) or demand.from_id == demand.to_id:
            yield f"lane {lane_id} does not lead from one known place to another", (lane_id,)
        if demand.teu_milli < 1 or demand.promise_minutes < 1:
            figures = f"{demand.teu_milli:,} thousandths of a TEU a week within {demand.promise_minutes:,} minutes"
            yield f"lane {lane_id} sends {figures}", (lane_id,)


def _train(case: LaneCase) -> Iterator[Finding]:
    for train_id, train in case.study.trains.items():
        if train.train_id != train_id:
            yield f"train {train_id} is called {train.train_id}", (train_id,)
        for text in case.train_faults(train):
            yield f"train {train_id} {text}", (train_id,)


def _course(case: LaneCase) -> Iterator[Finding]:
    for lane in case.study.lanes:
        lane_id = _id(lane)
        for name, course in (("direct", lane.direct_course), ("hub", lane.hub_course)):
            if course is None:
                continue
            faults = _direct_faults(case, lane, course) if name == "direct" else _hub_faults(case, lane, course)
            for text in faults:
                yield f"lane {lane_id} by {name} {text}", (lane_id,)


def _direct_faults(case: LaneCase, lane: LaneAnswer, course: Course) -> Iterator[str]:
    train = case.study.trains.get(course.trunk_id)
    if train is None or not train.cuts or course.feeder_id or course.before or len(course.after) != 1:
        yield f"is no train of its own: {course.trunk_id or 'none'}"
        return
    if (train.from_id, train.to_id) != (lane.demand.from_id, lane.demand.to_id):
        yield f"is a train from {train.from_id} to {train.to_id}"
    ride = course.after[0]
    if (ride.service_id, ride.from_id, ride.to_id) != ("", train.from_id, train.to_id):
        yield f"rides {ride.service_id or 'its train'} from {ride.from_id} to {ride.to_id}"
    minutes, wanted = ride.minutes, case.direct_minutes(train.cuts)
    if minutes != wanted or ride.headway_minutes:
        yield f"moves for {minutes:,} minutes; its rows make {wanted:,}"


def _hub_faults(case: LaneCase, lane: LaneAnswer, course: Course) -> Iterator[str]:
    here, hub = lane.demand.from_id, case.study.hub_id
    for rides, end in ((course.before, hub), (course.after, lane.demand.to_id)):
        for ride in rides:
            if ride.from_id != here:
                yield f"rides from {ride.from_id}; it is at {here}"
            here = ride.to_id
            yield from case.ride_faults(ride)
        if here != end:
            yield f"comes to {here}, not to {end}"
    firsts = ((course.feeder_id, course.before), (course.trunk_id, course.after))
    for train_id, rides in firsts:
        first = rides[0].service_id if rides else ""
        service = case.services.get(first)
        gathered = first if service is not None and service.operation == "hub" else ""
        if train_id != gathered or (train_id and train_id not in case.study.trains):
            yield f"gathers {train_id or 'nothing'}, and rides {first or 'a truck'} first"
    minutes = sum(ride.minutes for ride in (*course.before, *course.after))
    wanted = case.course_minutes(course)
    if wanted is not None and minutes != wanted:
        yield f"moves for {minutes:,} minutes; its rows make {wanted:,}"


def _rate(case: LaneCase) -> Iterator[Finding]:
    for lane in case.study.lanes:
        for course in (lane.direct_course, lane.hub_course):
            for text in _rate_faults(case, course) if course is not None else ():
                yield f"lane {_id(lane)} {text}", (_id(lane),)


def _rate_faults(case: LaneCase, course: Course) -> Iterator[str]:
    train = case.study.trains.get(course.trunk_id)
    if train is not None and train.cuts:
        wanted = [f"{c.service_id}/{c.seq}@{c.from_id}-{c.to_id}" for c in train.cuts]
    else:
        wanted = []
        for ride in (*course.before, *course.after):
            place = case.places.get(ride.from_id)
            truck = f"{place.road_rate if place else ''}/{ride.from_id}-{ride.to_id}"
            wanted.append(f"{ride.service_id}/{ride.first_leg}-{ride.last_leg}" if ride.service_id else truck)
    paid = [rate.rate_id for rate in course.rates if rate.rate_id not in case.transfers]
    if paid != wanted:
        yield f"pays {', '.join(paid)}; it rides {', '.join(wanted)}"
    for rate in course.rates:
        cents = case.rate(rate.rate_id)
        if cents is None:
            yield f"pays {rate.rate_id}; there is no such rate"
        elif cents != rate.usd_cents_per_teu:
            yield f"pays {rate.usd_cents_per_teu:,} cents for {rate.rate_id}; its row makes {cents:,}"


def _form(case: LaneCase) -> Iterator[Finding]:
    value = case.milli.get("value_of_time_usd_per_feu_day", 0) / 10 / 2 / 1440
    for lane in case.study.lanes:
        course, got = lane.direct_course, lane.direct
        train = case.study.trains.get(course.trunk_id) if course else None
        demand = lane.demand
        fills = demand.teu_milli // max(1, train.capacity_teu) if train is not None else 0
        if lane.fills_milli != fills:
            yield f"lane {_id(lane)} fills {lane.fills_milli} thousandths of a train, not {fills}", (_id(lane),)
        if course is None or got is None or train is None or demand.teu_milli < 1 or demand.promise_minutes < 1:
            continue
        runs, missing, wait = long_run(demand.teu_milli, demand.promise_minutes, train.capacity_teu, train.min_teu)
        whole = runs * (train.fixed_usd_cents + train.usd_cents_per_teu * missing) * 1000 / demand.teu_milli
        moving = sum(ride.minutes for ride in course.after)
        cents = whole + sum(rate.usd_cents_per_teu for rate in course.rates) + value * (wait + moving)
        stated = (got.closed_form_dwell_minutes, got.closed_form_usd_cents_per_teu)
        for what, mine, theirs in zip(("mean wait", "cost"), stated, (wait, cents), strict=True):
            if mine is None or abs(mine - theirs) > 1 + CLOSE * theirs:
                yield f"lane {_id(lane)} states a {what} of {mine} by formula; it is {theirs:,.0f}", (_id(lane),)


def _figures(case: LaneCase) -> Iterator[Finding]:
    for lane in case.study.lanes:
        for name, got in (("direct", lane.direct), ("hub", lane.hub)):
            for text in _odd(got, lane) if got is not None else ():
                yield f"lane {_id(lane)} by {name} {text}", (_id(lane),)


def _odd(got: ChoiceFigures, lane: LaneAnswer) -> Iterator[str]:
    waits = (got.dwell_p90_minutes, got.dwell_p95_minutes, got.longest_wait_minutes, lane.demand.promise_minutes)
    if list(waits) != sorted(waits) or not 0 <= got.dwell_minutes <= got.longest_wait_minutes:
        yield f"waits {got.dwell_minutes:,} in the mean, and {waits} by shares, at longest and as promised"
    if got.transit_p90_minutes > got.transit_p95_minutes or got.transit_minutes < got.dwell_minutes:
        yield f"takes {got.transit_minutes:,}, {got.transit_p90_minutes:,}, {got.transit_p95_minutes:,} minutes"
    if not 0 <= got.fill_milli <= 1000 or min(got.money_usd_cents_per_teu, got.time_usd_cents_per_teu) < 0:
        yield f"has trains {got.fill_milli} thousandths full at {got.money_usd_cents_per_teu:,} cents a TEU"


def _choice(case: LaneCase) -> Iterator[Finding]:
    for lane in case.study.lanes:
        lane_id, course = _id(lane), lane.direct_course if lane.chosen == "direct" else lane.hub_course
        may_switch = lane.direct_course is not None and lane.hub_course is not None
        if lane.chosen not in ("direct", "hub") or course is None:
            yield f"lane {lane_id} is to go {lane.chosen}; it has no such course", (lane_id,)
        if may_switch != (lane.switch_usd_cents is not None):
            yield (
                f"lane {lane_id} switches for {lane.switch_usd_cents} cents; it has {1 + may_switch} courses",
                (lane_id,),
            )
        elif lane.switch_usd_cents is not None and lane.switch_usd_cents < -1:
            yield f"lane {lane_id} would save {-lane.switch_usd_cents:,} cents the other way", (lane_id,)


def _even(case: LaneCase) -> Iterator[Finding]:
    for lane in case.study.lanes:
        lane_id, demand, switch = _id(lane), lane.demand, lane.switch_usd_cents
        evens = (
            ("demand", demand.teu_milli, lane.breakeven_teu_milli),
            ("promise", demand.promise_minutes, lane.breakeven_promise_minutes),
        )
        for what, is_now, even in evens:
            if even is not None and (switch is None or even < 0):
                yield f"lane {lane_id} breaks even at a {what} of {even:,}, and has no choice", (lane_id,)
            elif even is not None and switch is not None and is_now >= even and switch > 1 and lane.chosen != "direct":
                text = f"lane {lane_id} is cheaper direct from a {what} of {even:,} on; it has {is_now:,}"
                yield f"{text} and goes by the hub", (lane_id,)


def _said(case: LaneCase) -> Iterator[Finding]:
    for lane in case.study.lanes:
        says = {"direct": ": run it direct", "hub": ": assemble"}
        others = [text for choice, text in says.items() if choice != lane.chosen and text in lane.sentence]
        if says.get(lane.chosen, "?") not in lane.sentence or others:
            yield f"lane {_id(lane)} goes {lane.chosen}; it is said: {lane.sentence!r}", (_id(lane),)


def _total(case: LaneCase) -> Iterator[Finding]:
    study = case.study
    by_name = {total.name: total for total in study.totals}
    if sorted(total.name for total in study.totals) != POLICIES:
        yield f"policies are {', '.join(t.name for t in study.totals)}; expected {', '.join(POLICIES)}", ()
        return
    mix = by_name["mix"]
    money = time = 0
    for lane in study.lanes:
        got = lane.direct if lane.chosen == "direct" else lane.hub
        if got is not None:
            money += half_up(lane.demand.teu_milli * got.money_usd_cents_per_teu, 1000)
            time += half_up(lane.demand.teu_milli * got.time_usd_cents_per_teu, 1000)
    if (mix.money_usd_cents, mix.time_usd_cents) != (money, time):
        yield f"the mix states {mix.money_usd_cents:,} and {mix.time_usd_cents:,}; its lanes {money:,} and {time:,}", ()
    direct = sum(lane.chosen == "direct" for lane in study.lanes)
    if (mix.n_direct, mix.n_hub) != (direct, len(study.lanes) - direct):
        yield f"the mix counts {mix.n_direct} lanes direct and {mix.n_hub} by the hub; {direct} are direct", ()
    for total in study.totals:
        yield from _beside(total, mix)
    least = min(_cents(total) for total in study.totals) + sum(
        1 + lane.demand.teu_milli // 1000 for lane in study.lanes
    )
    if study.recommended not in by_name or _cents(by_name[study.recommended]) > least:
        yield f"{study.recommended} is recommended; the cheapest costs {least:,} cents a week", ()


def _cents(total: PolicyTotal) -> int:
    return total.money_usd_cents + total.time_usd_cents


def _beside(total: PolicyTotal, mix: PolicyTotal) -> Iterator[Finding]:
    more = _cents(total) - _cents(mix)
    if total.more_usd_cents != more:
        yield f"{total.name} states {total.more_usd_cents:,} cents more than the mix; it is {more:,}", ()
    if total.n_direct + total.n_hub != mix.n_direct + mix.n_hub:
        yield f"{total.name} counts {total.n_direct} and {total.n_hub} lanes; the mix another number", ()


def _bound(case: LaneCase) -> Iterator[Finding]:
    by_name = {total.name: total.closed_form_usd_cents for total in case.study.totals}
    for name, cents in by_name.items():
        if cents < case.study.bound_usd_cents - 1:
            yield f"{name} costs {cents:,} cents a week by formula; the bound is {case.study.bound_usd_cents:,}", ()
        if cents < by_name.get("mix", cents) - 1:
            yield f"{name} costs {cents:,} cents a week by formula, less than the mix that was searched", ()


RULES = (
    Rule("LANE_DEMAND", "Lanes lead from one known place to another, once each, with freight and a promise.", _demand),
    Rule("LANE_TRAIN", "A gathered train has the capacity, minimum and prices of its service or its cuts.", _train),
    Rule(
        "LANE_COURSE", "A course leads along rides that there are from origin to destination, in their time.", _course
    ),
    Rule("LANE_RATE", "A course pays for each of its rides and for transfers, at rates that exist.", _rate),
    Rule("LANE_FORM", "Wait and cost of a direct train by formula are those of its freight and prices.", _form),
    Rule("LANE_FIGURES", "Waits keep the promise and their order; trains are no fuller than full.", _figures),
    Rule("LANE_CHOICE", "A lane goes as it can, and would save nothing the other way.", _choice),
    Rule("LANE_EVEN", "A lane beyond its break-even of demand or promise goes direct.", _even),
    Rule("LANE_SAID", "The sentence of a lane says what it is to do.", _said),
    Rule("LANE_TOTAL", "The mix is the sum of its lanes, and the cheapest policy is recommended.", _total),
    Rule("LANE_BOUND", "No policy costs less by formula than the bound, or than the mix.", _bound),
)
"""Rules of a study of lanes, in the order they are checked."""
