"""Rules of the ways that choices ride: an unbroken way of real runs, in time, over the rows between them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from landport.audit.choice_case import ChoiceCase, Hop, Meeting, Way, about, said
from landport.audit.hours import Hours
from landport.audit.violation import Finding, Rule


def _pairs(case: ChoiceCase) -> Iterator[tuple[Hop, Hop]]:
    for way in case.ways:
        yield from pairwise(way.hops)


def _chain(case: ChoiceCase) -> Iterator[Finding]:
    for way in case.ways:
        if not way.hops:
            yield f"choice {way.choice.number} has no stretch", (case.trip.trip_id,)
    for before, after in _pairs(case):
        leaves, reached = after.stretch.departs_at, before.stretch.arrives_at
        if before.stretch.to_id != after.stretch.from_id:
            yield f"{said(after)} does not start where {said(before)} ends", about(after)
        elif leaves < reached:
            yield f"{said(after)} leaves at minute {leaves:,}, before {said(before)} ends at {reached:,}", about(after)
        elif after.stretch.departure_id and before.stretch.departure_id == after.stretch.departure_id:
            yield f"{said(after)} gets off and on again at {before.stretch.to_id}: one ride, not two", about(after)


def _start(case: ChoiceCase) -> Iterator[Finding]:
    trip, now = case.trip, case.scenario.now_at
    for way in case.ways:
        for hop in way.hops[:1]:
            leaves = hop.stretch.departs_at
            if hop.stretch.from_id != trip.at_id:
                yield f"{said(hop)} starts away from {trip.at_id}, where {trip.trip_id} is", about(hop)
            if leaves < trip.ready_at:
                when = f"leaves at minute {leaves:,}; {trip.trip_id} is ready at {trip.ready_at:,}"
                yield f"{said(hop)} {when}", about(hop)
            elif leaves < now:
                yield f"{said(hop)} leaves at minute {leaves:,}, before now ({now:,})", about(hop)


def _past(case: ChoiceCase) -> Iterator[Finding]:
    now = case.scenario.now_at
    for hop in case.hops:
        run = hop.ridden.run if hop.ridden else None
        if run is not None and run.service.operation == "hub" and run.departs_at[0] < now <= hop.stretch.departs_at:
            when = f"left its first stop at minute {run.departs_at[0]:,}, before now ({now:,})"
            yield f"{said(hop)}: the hub train {when}; it takes nothing on its way", about(hop)


def _end(case: ChoiceCase) -> Iterator[Finding]:
    for way in case.ways:
        for hop in way.hops[-1:]:
            if hop.stretch.to_id != case.trip.destination_id:
                text = f"{said(hop)} is the last; {case.trip.trip_id} goes to {case.trip.destination_id}"
                yield text, about(hop)


def _circle(case: ChoiceCase) -> Iterator[Finding]:
    for way in case.ways:
        places = {hop.stretch.from_id for hop in way.hops[:1]}
        departures: list[str] = []
        for hop in way.hops:
            departure_id = hop.stretch.departure_id
            if hop.stretch.to_id in places:
                yield f"{said(hop)} comes to {hop.stretch.to_id} again", about(hop)
            elif departure_id and departure_id in departures[:-1]:
                yield f"{said(hop)} boards a departure that it left before", about(hop)
            places.add(hop.stretch.to_id)
            departures.append(departure_id)


def _run(case: ChoiceCase) -> Iterator[Finding]:
    for hop in case.hops:
        stretch = hop.stretch
        legs = f"is on legs {stretch.first_leg} to {stretch.last_leg}"
        if not stretch.departure_id:
            if (stretch.first_leg, stretch.last_leg) != (0, 0):
                yield f"{said(hop)} {legs}; a truck on demand has none (0 to 0)", about(hop)
            continue
        run = case.timetable.run(stretch.departure_id)
        if run is None:
            yield f"{said(hop)}: no such departure runs", about(hop)
        elif hop.ridden is None:
            yield f"{said(hop)} {legs}; {run.service.service_id} has 1 to {len(run.service.legs)}", about(hop)
        else:
            yield from _as_rows_say(hop, case.scenario.horizon_days * 1440)


def _as_rows_say(hop: Hop, horizon: int) -> Iterator[Finding]:
    """Compare places and times of a ride with those of its rows."""
    if hop.ridden is None:
        return
    run, stretch = hop.ridden.run, hop.stretch
    first, last = hop.ridden.legs[0], hop.ridden.legs[-1]
    ends = run.service.legs[first].from_id, run.service.legs[last].to_id
    if (stretch.from_id, stretch.to_id) != ends:
        yield f"{said(hop)}: legs {first + 1} to {last + 1} run {ends[0]}-{ends[1]}", about(hop)
    times = run.departs_at[first], run.arrives_at[last]
    if (stretch.departs_at, stretch.arrives_at) != times:
        stated = f"states minutes {stretch.departs_at:,} to {stretch.arrives_at:,}"
        yield f"{said(hop)} {stated}; its rows give {times[0]:,} to {times[1]:,}", about(hop)
    if run.departs_at[0] >= horizon:
        when = f"minute {run.departs_at[0]:,}; departures are known up to {horizon:,}"
        yield f"{said(hop)} leaves its first stop at {when}", about(hop)


def _cut_off(case: ChoiceCase) -> Iterator[Finding]:
    for way in case.ways:
        there_at = case.trip.ready_at
        for hop in way.hops:
            if hop.ridden is not None:
                leaves = hop.ridden.run.departs_at[hop.ridden.legs[0]]
                cut_off = hop.ridden.run.service.cut_off_minutes
                if hop.stretch.departs_at >= there_at > leaves - cut_off:
                    there = f"is at {hop.stretch.from_id} from minute {there_at:,}"
                    cut = f"is {leaves - cut_off:,}, {cut_off:,} minutes before it leaves"
                    yield f"{case.trip.trip_id} {there}; the cut-off of {said(hop)} {cut}", about(hop)
            there_at = hop.stretch.arrives_at


def _transfer(case: ChoiceCase) -> Iterator[Finding]:
    for way in case.ways:
        stated, needed = len(way.choice.itinerary.transfer_ids), max(0, len(way.hops) - 1)
        if stated != needed:
            text = f"choice {way.choice.number} names {stated} transfers between {len(way.hops)} stretches"
            yield f"{text}; expected {needed}", (case.trip.trip_id,)
    for meeting in case.meetings:
        yield from _met(meeting, case.hours)


def _met(meeting: Meeting, hours: Hours) -> Iterator[Finding]:
    """Compare the transfer between two hops with its row."""
    place_id, row = meeting.arrive.stretch.to_id, meeting.transfer
    if row is None:
        text = f"nothing at {place_id} moves a load from {said(meeting.arrive)} to {said(meeting.leave)}"
        yield text, (place_id,)
        return
    if meeting.stated_id and meeting.stated_id != row.transfer_id:
        text = f"{said(meeting.leave)} is reached by {meeting.stated_id!r}; the row is {row.transfer_id}"
        yield text, (place_id, row.transfer_id)
    reached, leaves = meeting.arrive.stretch.arrives_at, meeting.leave.stretch.departs_at
    why = hours.breach(row, reached, leaves) if reached <= leaves else ""
    if why:
        yield f"{said(meeting.leave)} leaves at minute {leaves:,}; {why}", (place_id, row.transfer_id)


def _yard(case: ChoiceCase) -> Iterator[Finding]:
    worked = set()
    for service in case.open_services:
        first, last = service.legs[0], service.legs[-1]
        worked |= {(first.from_id, first.mode), (last.to_id, last.mode)}
    for meeting in case.meetings:
        place_id = meeting.arrive.stretch.to_id
        place = case.places.get(place_id)
        ends, starts = case.touches(meeting.arrive), case.touches(meeting.leave)
        if meeting.transfer is None or place is None or place.kind != "border" or ends is None or starts is None:
            continue
        for mode in dict.fromkeys((ends[1].mode, starts[0].mode)):
            if (place_id, mode) not in worked:
                text = f"{said(meeting.arrive)} ends and {said(meeting.leave)} starts at the border {place_id}"
                yield f"{text}; no {mode} service starts or ends there", (place_id,)


def _truck(case: ChoiceCase) -> Iterator[Finding]:
    for hop in case.hops:
        if hop.stretch.departure_id:
            yield from _timed_truck(case, hop)
            continue
        from_id, to_id = hop.stretch.from_id, hop.stretch.to_id
        way = case.roads.way(from_id, to_id)
        minutes = hop.stretch.arrives_at - hop.stretch.departs_at
        if way is None and case.unclosed_roads.way(from_id, to_id) is None:
            text = f"no open roads of one country lead there in {case.roads.most_km:,} km by the quickest way"
            yield f"{said(hop)}: {text}", about(hop)
        elif way is not None and minutes != way[0]:
            takes = f"takes {minutes:,} minutes; the quickest way {way[0]:,} ({way[1]:,} km)"
            yield f"{said(hop)} {takes}", about(hop)


def _timed_truck(case: ChoiceCase, hop: Hop) -> Iterator[Finding]:
    """Check that a truck with a timetable takes its load at its first stop, and through the borders it passes."""
    if hop.ridden is None:
        return
    legs = hop.ridden.run.service.legs
    first, last = legs[hop.ridden.legs[0]], legs[hop.ridden.legs[-1]]
    place = case.places.get(last.to_id)
    if first.mode == "road" and hop.ridden.legs[0] > 0:
        yield f"{said(hop)} boards a truck on its way; its first stop is {legs[0].from_id}", about(hop)
    if last.mode == "road" and hop.ridden.legs[-1] + 1 < len(legs) and place is not None and place.kind == "border":
        yield f"{said(hop)} leaves a truck at a border on its way to {legs[-1].to_id}", about(hop)


def _gauge(case: ChoiceCase) -> Iterator[Finding]:
    for way in case.ways:
        counted = _gauge_changes(way)
        if counted is not None and counted != way.choice.gauge_changes:
            text = f"choice {way.choice.number} states {way.choice.gauge_changes} changes of gauge"
            yield f"{text}; its legs have {counted}", (case.trip.trip_id,)


def _gauge_changes(way: Way) -> int | None:
    """Count consecutive rail legs of different gauge; None when a ride is unknown."""
    count, before = 0, 0
    for hop in way.hops:
        if not hop.stretch.departure_id:
            before = 0
            continue
        if hop.ridden is None:
            return None
        for leg in hop.ridden.legs:
            row = hop.ridden.run.service.legs[leg]
            gauge_mm = row.gauge_mm if row.mode == "rail" else 0
            count += before > 0 and gauge_mm > 0 and gauge_mm != before
            before = gauge_mm
    return count


RULES = (
    Rule(
        "CHOICE_CHAIN", "Each stretch of a choice starts where and after the one before ended, on another run.", _chain
    ),
    Rule("CHOICE_START", "A choice starts where its freight is, once it is ready, and not before now.", _start),
    Rule("CHOICE_PAST", "No choice boards a hub train that left its first stop before now.", _past),
    Rule("CHOICE_END", "A choice ends at the destination.", _end),
    Rule("CHOICE_CIRCLE", "No choice comes to a place again, or boards a departure that it left.", _circle),
    Rule("CHOICE_RUN", "A choice rides legs of runs of the edited network, at the times of their rows.", _run),
    Rule("CHOICE_CUT_OFF", "Every service of a choice is met by its cut-off.", _cut_off),
    Rule(
        "CHOICE_TRANSFER",
        "Between two stretches stands the transfer of their modes and gauges, with its time while the place is open.",
        _transfer,
    ),
    Rule(
        "CHOICE_YARD",
        "At a border a choice changes only between modes of which some service starts or ends there.",
        _yard,
    ),
    Rule(
        "CHOICE_TRUCK", "A truck of a choice has open roads, takes their minutes, and its load from end to end.", _truck
    ),
    Rule("CHOICE_GAUGE", "The changes of gauge of a choice are those of its consecutive rail legs.", _gauge),
)
