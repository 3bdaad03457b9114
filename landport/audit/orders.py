"""Rules of restriction orders: bans of cargo, caps on trains a day, quotas of TEU a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from landport.audit.case import Case, Ridden
from landport.audit.times import Run, railway_day
from landport.audit.violation import Finding, Rule
from landport.model.bookings import RestrictionOrder
from landport.model.plans import PlannedContainer


def hit_minutes(order: RestrictionOrder, run: Run, leg: int) -> list[int]:
    """List the minutes at which a leg (counted from 0) does what an order in force is about."""
    row, found = run.service.legs[leg], []
    if row.from_id == order.place_id and order.towards_id in ("", row.to_id):
        found.append(run.departs_at[leg])
    if row.to_id == order.place_id and not order.towards_id:
        found.append(run.arrives_at[leg])
    return [minute for minute in found if order.from_at <= minute < order.until_at]


def is_named(known: str, prefixes: tuple[str, ...]) -> bool:
    """Tell whether an order's digits agree with a cargo's, as far as both go: what nobody states may be banned."""
    for prefix in prefixes:
        n_digits = min(len(prefix), len(known))
        if known[:n_digits] == prefix[:n_digits]:
            return True
    return False


def is_of_class(stated: str, classes: tuple[str, ...]) -> bool:
    """Tell whether cargo is of a class that an order names: class, division and letter, as far as it names them."""
    states = _class_parts(stated)
    for un_class in classes:
        named = _class_parts(un_class)
        if all(mine == wanted for mine, wanted in zip(states, named, strict=True) if wanted):
            return True
    return False


def _class_parts(un_class: str) -> tuple[str, str, str]:
    return un_class[:1], un_class[2:3], un_class[3:]


def _matches(case: Case, order: RestrictionOrder, box: PlannedContainer) -> bool:
    """Tell whether a box matches every list of an order that is not empty."""
    if order.container_types and box.container_type not in order.container_types:
        return False
    bookings = case.bookings_of(box)
    if order.hs_prefixes and not any(is_named(b.gng_code or b.hs, order.hs_prefixes) for b in bookings):
        return False
    return not order.un_classes or any(is_of_class(b.un_class, order.un_classes) for b in bookings)


def _banned(case: Case) -> Iterator[Finding]:
    bans = [o for o in case.scenario.orders if o.max_trains_per_day is None and o.max_teu_per_day is None]
    for (departure_id, leg), boxes in case.on_board.items():
        run = case.timetable.run(departure_id)
        for order in bans if run is not None else ():
            minutes = hit_minutes(order, run, leg) if run is not None else []
            for box in boxes if minutes else ():
                if _matches(case, order, box):
                    when = f"{order.place_id} at minute {minutes[0]:,} on leg {leg + 1} of {departure_id}"
                    text = f"{box.container_id} passes {when}"
                    ban = f"order {order.number} of {order.issuer} bans it ({order.text})"
                    yield f"{text}; {ban}", (box.container_id, departure_id, order.order_id)


def _capped(case: Case) -> Iterator[Finding]:
    for order in case.scenario.orders:
        if order.max_trains_per_day is None:
            continue
        passing: dict[date, list[str]] = {}
        for departure_id, run in case.running.items():
            days = set()
            for leg in range(len(run.service.legs)):
                for minute in hit_minutes(order, run, leg):
                    days.add(railway_day(minute, case.scenario.start_at))
            for day in days:
                passing.setdefault(day, []).append(departure_id)
        for day, trains in sorted(passing.items()):
            if len(trains) > order.max_trains_per_day:
                most = f"order {order.number} of {order.issuer} allows {order.max_trains_per_day}"
                text = f"{len(trains)} hub trains pass {order.place_id} on railway day {day}; {most}"
                yield text, (order.order_id, *sorted(trains))


def _stopped_later(case: Case) -> Iterator[Finding]:
    ridden: dict[str, Run] = {}
    for ride in case.plan.rides:
        run = case.timetable.run(ride.departure_id)
        if run is not None and case.is_undecided(run):
            ridden[ride.departure_id] = run
    for order in case.scenario.orders:
        for departure_id, run in ridden.items() if order.max_trains_per_day == 0 else ():
            minutes = [m for leg in range(len(run.service.legs)) for m in hit_minutes(order, run, leg)]
            if minutes:
                text = f"{departure_id} has rides, but passes {order.place_id} at minute {minutes[0]:,}"
                allows = f"order {order.number} of {order.issuer} allows no hub train"
                yield f"{text}; {allows}", (departure_id, order.order_id)


def handed_over(case: Case, order: RestrictionOrder, box: PlannedContainer) -> list[int]:
    """List the minutes at which a box is handed over under an order's quota; none if the order does not name it."""
    if not _matches(case, order, box):
        return []
    rides = case.rides_of.get(box.container_id, ())
    return passed(order, (case.ridden(ride) if ride.departure_id else None for ride in rides))


def passed(order: RestrictionOrder, rides: Iterable[Ridden | None]) -> list[int]:
    """List the minutes at which what rides so passes under an order's quota; None stands for a truck on demand.

    Notes
    -----
    With a next stop named: whenever it leaves for there. Else once a stay at the place: where it comes while the order
    is in force, or else where it leaves. Of trucks on demand nothing is counted, only of what they connect.
    """
    stays: list[list[int]] = []
    comes_to = ""
    for ridden in rides:
        if ridden is None:
            comes_to = ""
            continue
        for leg in ridden.legs:
            row, run = ridden.run.service.legs[leg], ridden.run
            if row.from_id == order.place_id and order.towards_id in ("", row.to_id):
                if comes_to != order.place_id or order.towards_id:
                    stays.append([])
                stays[-1].append(run.departs_at[leg])
            if row.to_id == order.place_id and not order.towards_id:
                stays.append([run.arrives_at[leg]])
            comes_to = row.to_id
    counted = ([m for m in stay if order.from_at <= m < order.until_at] for stay in stays)
    return [minutes[0] for minutes in counted if minutes]


def _over_quota(case: Case) -> Iterator[Finding]:
    for order in case.scenario.orders:
        passing: dict[date, list[PlannedContainer]] = {}
        for box in case.containers.values() if order.max_teu_per_day is not None else ():
            for minute in handed_over(case, order, box):
                passing.setdefault(railway_day(minute, case.scenario.start_at), []).append(box)
        for day, boxes in sorted(passing.items()):
            teu = case.teu(boxes)
            if order.max_teu_per_day is not None and teu > order.max_teu_per_day:
                most = f"order {order.number} of {order.issuer} allows {order.max_teu_per_day:,}"
                where = f"{order.place_id} towards {order.towards_id}" if order.towards_id else order.place_id
                text = f"{teu:,} TEU are handed over at {where} on railway day {day}; {most}"
                yield text, (order.order_id, *sorted({box.container_id for box in boxes}))


RULES = (
    Rule("ORDER_BAN", "No box passes where an order in force bans it.", _banned),
    Rule("ORDER_CAP", "No more hub trains pass a place in a railway day than an order allows.", _capped),
    Rule(
        "ORDER_CAP_LATER",
        "Nothing rides a hub train of a later plan that passes where an order allows no hub train.",
        _stopped_later,
    ),
    Rule("ORDER_QUOTA", "No more TEU are handed over at a place in a railway day than an order allows.", _over_quota),
)
