"""Rules of rides and journeys: real runs, real times, an unbroken way with the transfers it needs."""

from __future__ import annotations

from collections.abc import Iterator

from landport.audit.case import Case, Journey, Ridden
from landport.audit.violation import Finding, Rule
from landport.model.plans import Ride


def _name(ride: Ride) -> str:
    on = ride.departure_id or "a truck on demand"
    return f"ride {ride.seq} of {ride.subject_id} ({on}, {ride.from_id}-{ride.to_id})"


def _about(ride: Ride) -> tuple[str, ...]:
    return tuple(x for x in (ride.subject_id, ride.departure_id) if x)


def _ridden(case: Case) -> Iterator[tuple[Ride, Ridden]]:
    for ride in case.plan.rides:
        ridden = case.ridden(ride) if ride.departure_id else None
        if ridden is not None:
            yield ride, ridden


def _trucks(case: Case) -> Iterator[Ride]:
    for ride in case.plan.rides:
        if not ride.departure_id:
            yield ride


def _subject(case: Case) -> Iterator[Finding]:
    for ride in case.plan.rides:
        booking = case.bookings.get(ride.subject_id)
        if ride.subject_id not in case.containers and (booking is None or booking.kind == "FCL"):
            yield f"{_name(ride)} is of no container and no groupage booking", _about(ride)


def _seq(case: Case) -> Iterator[Finding]:
    for subject_id, rides in case.rides_of.items():
        found = [r.seq for r in rides]
        if found != list(range(1, len(found) + 1)):
            yield f"the rides of {subject_id} are numbered {found}, expected 1 to {len(found)}", (subject_id,)


def _departure(case: Case) -> Iterator[Finding]:
    for ride in case.plan.rides:
        if ride.departure_id and case.timetable.run(ride.departure_id) is None:
            yield f"{_name(ride)}: no such departure runs", _about(ride)


def _legs(case: Case) -> Iterator[Finding]:
    for ride in case.plan.rides:
        run = case.timetable.run(ride.departure_id) if ride.departure_id else None
        legs = f"{_name(ride)} is on legs {ride.first_leg} to {ride.last_leg}"
        if not ride.departure_id and (ride.first_leg, ride.last_leg) != (0, 0):
            yield f"{legs}; a truck on demand has none (0 to 0)", _about(ride)
        elif run is not None and case.ridden(ride) is None:
            yield f"{legs}; {run.service.service_id} has 1 to {len(run.service.legs)}", _about(ride)


def _places(case: Case) -> Iterator[Finding]:
    for ride, ridden in _ridden(case):
        legs = ridden.run.service.legs
        ends = legs[ridden.legs[0]].from_id, legs[ridden.legs[-1]].to_id
        if (ride.from_id, ride.to_id) != ends:
            where = f"legs {ride.first_leg} to {ride.last_leg} run {ends[0]}-{ends[1]}"
            yield f"{_name(ride)}: {where}", _about(ride)


def _times(case: Case) -> Iterator[Finding]:
    for ride, ridden in _ridden(case):
        leaves, reaches = ridden.run.departs_at[ridden.legs[0]], ridden.run.arrives_at[ridden.legs[-1]]
        if (ride.departs_at, ride.arrives_at) != (leaves, reaches):
            stated = f"states minutes {ride.departs_at:,} to {ride.arrives_at:,}"
            yield f"{_name(ride)} {stated}; its rows give {leaves:,} to {reaches:,}", _about(ride)


def _past(case: Case) -> Iterator[Finding]:
    now = case.scenario.now_at
    for ride in case.plan.rides:
        ridden = case.ridden(ride) if ride.departure_id else None
        leaves = ride.departs_at
        if ridden is not None and ridden.run.service.operation == "hub":
            leaves = min(leaves, ridden.run.departs_at[0])
        if leaves < now and ride.subject_id not in case.under_way:
            yield f"{_name(ride)} leaves at minute {leaves:,}, before now ({now:,})", _about(ride)


def _horizon(case: Case) -> Iterator[Finding]:
    end = case.scenario.horizon_days * 1440
    for ride, ridden in _ridden(case):
        if ridden.run.departs_at[0] >= end:
            when = f"minute {ridden.run.departs_at[0]:,}; departures are known up to {end:,}"
            yield f"{_name(ride)} leaves its first stop at {when}", _about(ride)


def _start(case: Case) -> Iterator[Finding]:
    for journey in case.journeys:
        first = journey.rides[0]
        if first.from_id != journey.from_id:
            yield f"{_name(first)} starts away from {journey.from_id}, where it is", _about(first)


def _ready(case: Case) -> Iterator[Finding]:
    for journey in case.journeys:
        first = journey.rides[0]
        if not first.departure_id and first.departs_at < journey.ready_at:
            when = f"leaves at minute {first.departs_at:,}; it is ready at {journey.ready_at:,}"
            yield f"{_name(first)} {when}", _about(first)


def _cut_off(case: Case) -> Iterator[Finding]:
    for journey in case.journeys:
        there_at = journey.ready_at
        for ride in journey.rides:
            ridden = case.ridden(ride) if ride.departure_id else None
            if ridden is not None:
                leaves, cut_off = ridden.run.departs_at[ridden.legs[0]], ridden.run.service.cut_off_minutes
                if there_at + cut_off > leaves:
                    there = f"{ride.subject_id} is at {ride.from_id} from minute {there_at:,}"
                    cut = f"{leaves - cut_off:,}, {cut_off:,} minutes before it leaves"
                    yield f"{there}; the cut-off of {ride.departure_id} is {cut}", _about(ride)
            there_at = ride.arrives_at


def _late(case: Case) -> Iterator[Finding]:
    most = case.milli("max_late_days") * 1440 // 1000
    for journey in case.journeys:
        last, box = journey.rides[-1], case.containers.get(journey.rides[-1].subject_id)
        if box is not None and last.arrives_at > box.due_at + most:
            text = f"{box.container_id} arrives at minute {last.arrives_at:,}; it is due at {box.due_at:,}"
            yield f"{text}, and later than {most:,} minutes after that counts as left", _about(last)


def _chain(case: Case) -> Iterator[Finding]:
    for journey in case.journeys:
        for before, after in _pairs(journey):
            if before.departure_id and before.departure_id == after.departure_id:
                yield f"{_name(after)} gets off and on again at {before.to_id}: one ride, not two", _about(after)
            if before.to_id != after.from_id:
                yield f"{_name(after)} does not start where {_name(before)} ends", _about(after)


def _pairs(journey: Journey) -> Iterator[tuple[Ride, Ride]]:
    yield from zip(journey.rides, journey.rides[1:], strict=False)


def _circle(case: Case) -> Iterator[Finding]:
    for journey in case.journeys:
        places, left = {journey.rides[0].from_id}, ""
        departures: set[str] = set()
        for ride in journey.rides:
            if ride.to_id in places:
                yield f"{_name(ride)} comes to {ride.to_id} again", (*_about(ride), ride.to_id)
            elif ride.departure_id and ride.departure_id in departures and ride.departure_id != left:
                yield f"{_name(ride)} boards a departure that it left before", _about(ride)
            places.add(ride.to_id)
            departures.add(ride.departure_id)
            left = ride.departure_id


def _end(case: Case) -> Iterator[Finding]:
    for journey in case.journeys:
        last = journey.rides[-1]
        if last.to_id != journey.to_id:
            yield f"{_name(last)} is the last; {journey.subject_id} goes to {journey.to_id}", _about(last)


def _no_transfer(case: Case) -> Iterator[Finding]:
    for change in case.changes:
        if change.transfer is None:
            place = change.arrive.to_id
            text = f"nothing at {place} moves a load from {_name(change.arrive)} to {_name(change.leave)}"
            yield text, (change.journey.subject_id, place)


def _transfer_time(case: Case) -> Iterator[Finding]:
    for change in case.changes:
        arrives, leaves = change.arrive.arrives_at, change.leave.departs_at
        why = "" if change.transfer is None else case.hours.breach(change.transfer, arrives, leaves)
        if change.transfer is not None and why:
            text = f"{_name(change.leave)} leaves at minute {leaves:,}; {why}"
            yield text, (change.journey.subject_id, change.transfer.transfer_id)


def _yard(case: Case) -> Iterator[Finding]:
    worked = set()
    for service in case.timetable.services.values():
        first, last = service.legs[0], service.legs[-1]
        worked |= {(first.from_id, first.mode), (last.to_id, last.mode)}
    for change in case.changes:
        place_id, ends, starts = change.arrive.to_id, case.touches(change.arrive), case.touches(change.leave)
        place = case.world.network.places.get(place_id)
        if change.transfer is None or place is None or place.kind != "border" or ends is None or starts is None:
            continue
        for mode in dict.fromkeys((ends[1].mode, starts[0].mode)):
            if (place_id, mode) not in worked:
                text = f"{_name(change.arrive)} ends and {_name(change.leave)} starts at the border {place_id}"
                yield f"{text}; no {mode} service starts or ends there", (change.journey.subject_id, place_id)


def _timed_truck(case: Case) -> Iterator[Finding]:
    for ride, ridden in _ridden(case):
        legs = ridden.run.service.legs
        first, last = legs[ridden.legs[0]], legs[ridden.legs[-1]]
        place = case.world.network.places.get(last.to_id)
        if first.mode == "road" and ridden.legs[0] > 0:
            yield f"{_name(ride)} boards a truck on its way; its first stop is {legs[0].from_id}", _about(ride)
        if last.mode == "road" and last is not legs[-1] and place is not None and place.kind == "border":
            yield f"{_name(ride)} leaves a truck at a border on its way to {legs[-1].to_id}", _about(ride)


def _road(case: Case) -> Iterator[Finding]:
    for ride in _trucks(case):
        if case.roads.way(ride.from_id, ride.to_id) is None:
            text = f"{_name(ride)}: no roads of one country lead there in {case.roads.most_km:,} km by the quickest way"
            yield text, (ride.subject_id, ride.from_id, ride.to_id)


def _road_time(case: Case) -> Iterator[Finding]:
    for ride in _trucks(case):
        way = case.roads.way(ride.from_id, ride.to_id)
        if way is not None and ride.arrives_at - ride.departs_at != way[0]:
            takes = f"takes {ride.arrives_at - ride.departs_at:,} minutes; the quickest way {way[0]:,} ({way[1]:,} km)"
            yield f"{_name(ride)} {takes}", _about(ride)


def _not_gathered(case: Case) -> Iterator[Finding]:
    for box, bookings in case.lcl():
        for booking in bookings:
            away = booking.kind != "FCL" and booking.at_id != case.scenario.hub_id
            if away and booking.booking_id not in case.rides_of:
                text = f"{booking.booking_id} is packed in {box.container_id} at the hub, but stays at {booking.at_id}"
                yield text, (booking.booking_id, box.container_id)


def _gathered_by(case: Case) -> Iterator[Finding]:
    for journey in case.journeys:
        is_booking = journey.subject_id not in case.containers
        rides = len(journey.rides)
        if is_booking and (rides > 1 or journey.rides[0].departure_id):
            text = f"{journey.subject_id} goes to the hub by {rides} rides, expected one truck on demand"
            yield text, (journey.subject_id,)


def _idle(case: Case) -> Iterator[Finding]:
    inside = {case.items[b.item_id].booking_id for box, _ in case.lcl() for b in box.blocks if b.item_id in case.items}
    for journey in case.journeys:
        booking = case.bookings.get(journey.subject_id)
        if booking is None or journey.subject_id in case.containers or journey.subject_id in inside:
            continue
        if booking.destination_id != case.scenario.hub_id:
            text = f"{journey.subject_id} rides to the hub, but no piece of it is packed there"
            yield text, (journey.subject_id,)


RULES = (
    Rule("RIDE_SUBJECT", "Every ride is of a container of the plan or of a groupage booking.", _subject),
    Rule("RIDE_SEQ", "The rides of a container are numbered from 1.", _seq),
    Rule(
        "RIDE_DEPARTURE", "Rides are on departures that the calendar or a note knows and nobody cancelled.", _departure
    ),
    Rule("RIDE_LEGS", "A ride is on legs that its service has, a truck on demand on none.", _legs),
    Rule("RIDE_PLACES", "A ride starts and ends where its legs do.", _places),
    Rule("RIDE_TIMES", "A ride leaves and arrives when the rows of its service say.", _times),
    Rule(
        "RIDE_PAST",
        "Nothing leaves before now, nor rides a hub train that did; a re-plan keeps what did.",
        _past,
    ),
    Rule("RIDE_HORIZON", "Nothing rides a departure beyond the horizon of the scenario.", _horizon),
    Rule("JOURNEY_START", "A journey starts where its freight is.", _start),
    Rule("JOURNEY_READY", "A truck on demand that begins a journey leaves once its freight is ready.", _ready),
    Rule("JOURNEY_CUT_OFF", "Every service of a journey is met by its cut-off.", _cut_off),
    Rule("JOURNEY_CHAIN", "Each ride starts where the one before ended, on another departure.", _chain),
    Rule("JOURNEY_CIRCLE", "No journey comes to a place again, or boards a departure that it left.", _circle),
    Rule(
        "JOURNEY_YARD",
        "At a border boxes change only between modes of which some service starts or ends there.",
        _yard,
    ),
    Rule(
        "JOURNEY_TRUCK",
        "A truck with a timetable is boarded at its first stop, and left at no border before its last.",
        _timed_truck,
    ),
    Rule("JOURNEY_LATE", "No container arrives more than `max_late_days` after it is due.", _late),
    Rule("JOURNEY_END", "A journey ends at the destination, a booking's to be packed at the hub.", _end),
    Rule("TRANSFER_MISSING", "Between two rides the place has a transfer for their modes and gauges.", _no_transfer),
    Rule("TRANSFER_TIME", "A ride leaves no earlier than arrival, opening hours and transfer allow.", _transfer_time),
    Rule("ROAD_MISSING", "A truck on demand has open roads of one country, as far as trucks go.", _road),
    Rule("ROAD_TIME", "A truck on demand takes the minutes of the quickest way.", _road_time),
    Rule("GATHER_MISSING", "Groupage that is packed at the hub is there or rides there.", _not_gathered),
    Rule("GATHER_TRUCK", "Groupage reaches the hub by exactly one truck on demand.", _gathered_by),
    Rule("GATHER_NOTHING", "Groupage rides to the hub only if it is packed there or goes there.", _idle),
)
