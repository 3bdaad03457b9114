"""Rules of work at places and on trains: lifts, gauge changes, transfers, trains over a border, plugs for reefers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from landport.audit.case import Case
from landport.audit.times import Touch, railway_day
from landport.audit.violation import Finding, Rule
from landport.model.plans import PlannedContainer
from landport.model.services import ServiceLeg

Work = tuple[str, int, PlannedContainer]
"""Place, minute, box."""


def shift_of(minute: int, start_at: datetime) -> str:
    """Name the shift of a minute: day is 6:01 to 18:00 in Beijing, eight hours ahead of UTC."""
    beijing = start_at.astimezone(UTC) + timedelta(minutes=minute, hours=8)
    clock = 60 * beijing.hour + beijing.minute
    return "day" if 360 < clock <= 1080 else "night"


def lifted(case: Case) -> Iterator[Work]:
    """List where and when boxes are lifted: where a ride begins, and where one ends."""
    for box in case.containers.values():
        for ride in case.rides_of.get(box.container_id, ()):
            yield ride.from_id, ride.departs_at, box
            yield ride.to_id, ride.arrives_at, box


def regauged(case: Case) -> Iterator[Work]:
    """List where and when boxes come on rails of one gauge and leave on rails of another."""
    for box in case.containers.values():
        came: tuple[int, int] | None = None
        for ride in case.rides_of.get(box.container_id, ()):
            ridden = case.ridden(ride) if ride.departure_id else None
            if ridden is None:
                came = None
                continue
            for leg in ridden.legs:
                row = ridden.run.service.legs[leg]
                if came is not None and came[0] > 0 and row.gauge_mm > 0 and row.gauge_mm != came[0]:
                    yield row.from_id, came[1], box
                came = row.gauge_mm, ridden.run.arrives_at[leg]


def _over_supply(case: Case, resource: str, done: Iterator[Work], *, by_teu: bool) -> Iterator[Finding]:
    work = list(done)
    for row in case.scenario.supply:
        if row.resource != resource:
            continue
        there = []
        for place_id, minute, box in work:
            day = railway_day(minute, case.scenario.start_at).isoformat()
            is_shift = row.shift in ("", shift_of(minute, case.scenario.start_at))
            if is_shift and (place_id, day) == (row.place_id, row.day_on):
                there.append(box)
        amount = case.teu(there) if by_teu else len(there)
        if amount > row.count:
            unit = "TEU" if by_teu else "boxes"
            text = f"{row.place_id} has {resource} of {amount:,} {unit} on {row.day_on} {row.shift}".rstrip()
            yield f"{text}; it has {row.count:,}", (row.supply_id, *sorted({b.container_id for b in there}))


def _lifts(case: Case) -> Iterator[Finding]:
    yield from _over_supply(case, "lift", lifted(case), by_teu=False)


def _gauges(case: Case) -> Iterator[Finding]:
    yield from _over_supply(case, "gauge-change", regauged(case), by_teu=True)


def _transfers(case: Case) -> Iterator[Finding]:
    through: dict[tuple[str, str], list[PlannedContainer]] = {}
    most: dict[str, int] = {}
    for change in case.changes:
        box = case.containers.get(change.journey.subject_id)
        if change.transfer is None or change.transfer.teu_per_day is None or box is None:
            continue
        day = railway_day(change.arrive.arrives_at, case.scenario.start_at).isoformat()
        most[change.transfer.transfer_id] = change.transfer.teu_per_day
        through.setdefault((change.transfer.transfer_id, day), []).append(box)
    for (transfer_id, day), boxes in sorted(through.items()):
        if case.teu(boxes) > most[transfer_id]:
            text = (
                f"{case.teu(boxes):,} TEU change by {transfer_id} on railway day {day}; it takes {most[transfer_id]:,}"
            )
            yield text, (transfer_id, *sorted({b.container_id for b in boxes}))


def border_row(case: Case, came: ServiceLeg, goes: ServiceLeg) -> tuple[str, int] | None:
    """Find the row of the border that a train passes between two legs, and the trains a day that it takes."""
    arrive = Touch(came.mode, came.gauge_mm, came.from_id)
    leave = Touch(goes.mode, goes.gauge_mm, goes.to_id)
    borders = ((arrive.neighbour_id, "inbound"), (leave.neighbour_id, "outbound"))
    for border in borders:
        for row in case.world.network.transfers:
            is_way = (row.from_mode, row.from_gauge_mm) == (arrive.mode, arrive.gauge_mm)
            is_way = is_way and (row.to_mode, row.to_gauge_mm) == (leave.mode, leave.gauge_mm)
            if is_way and (row.place_id, row.neighbour_id, row.direction) == (came.to_id, *border):
                return None if row.trains_per_day is None else (row.transfer_id, row.trains_per_day)
    return None


def _border_trains(case: Case) -> Iterator[Finding]:
    passing: dict[tuple[str, str], list[str]] = {}
    most: dict[str, int] = {}
    for departure_id, run in case.running.items():
        legs = run.service.legs
        for at in range(len(legs) - 1):
            row = border_row(case, legs[at], legs[at + 1])
            if row is not None:
                day = railway_day(run.arrives_at[at], case.scenario.start_at).isoformat()
                most[row[0]] = row[1]
                passing.setdefault((row[0], day), []).append(departure_id)
    for (transfer_id, day), trains in sorted(passing.items()):
        if len(trains) > most[transfer_id]:
            text = f"{len(trains)} hub trains pass {transfer_id} on railway day {day}; it takes {most[transfer_id]}"
            yield text, (transfer_id, *sorted(trains))


def needs_power(case: Case, box: PlannedContainer) -> bool:
    """Tell whether a box holds goods that need a temperature."""
    for booking in case.bookings_of(box):
        if booking.temperature_min_c is not None or booking.temperature_max_c is not None:
            return True
    return False


def _plugs(case: Case) -> Iterator[Finding]:
    for (departure_id, leg), boxes in case.on_board.items():
        run = case.timetable.run(departure_id)
        if run is None or run.plugs is None:
            continue
        cold = [box.container_id for box in boxes if needs_power(case, box)]
        if len(cold) > run.plugs:
            text = f"{len(cold)} boxes on leg {leg + 1} of {departure_id} need a temperature; it has {run.plugs} plugs"
            yield text, (departure_id, *sorted(cold))


RULES = (
    Rule("SUPPLY_LIFTS", "A place lifts no more boxes in a railway day or shift than its cranes can.", _lifts),
    Rule("SUPPLY_GAUGE", "No more TEU change their gauge at a place in a railway day or shift than it can.", _gauges),
    Rule("TRANSFER_TEU", "No more TEU change by a transfer in a railway day than its row states.", _transfers),
    Rule("TRANSFER_TRAINS", "No more hub trains pass a border in a railway day than its row states.", _border_trains),
    Rule("LEG_PLUGS", "No leg carries more boxes that need a temperature than the train has plugs.", _plugs),
)
