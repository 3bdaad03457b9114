"""Rules of money: every charge counted again from the rows, and compared line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from landport.audit.case import Case, Journey, ridden
from landport.audit.orders import handed_over
from landport.audit.stow import piece_g
from landport.audit.violation import Finding, Rule
from landport.model.bookings import CargoItem
from landport.model.equipment import ContainerType
from landport.model.plans import CHANGE_RATE, Charge, PlannedContainer, Ride
from landport.model.services import Service, ServiceLeg

TRUCK_CO2 = "co2_truck_34_40t_g_per_tkm"
"""Emission rate of trucks on demand."""

HUB_CO2 = "co2_hub_g_per_t"
"""Emission rate of one transfer, per tonne of cargo."""

KINDS = ("freight", "road", "handling", "quota", "time", "late", "left", "fixed", "change")
"""Kinds of charges."""

Lines = Iterator[Charge]

Milli = Callable[[str], int]
"""Reads a rate in thousandths."""


def half_up(numerator: int, denominator: int) -> int:
    """Divide to the nearest whole number, halves up.

    Examples
    --------
    >>> half_up(1, 2), half_up(-1, 2), half_up(5, 3)
    (1, 0, 2)
    """
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest >= denominator)


def _line(subject: str, kind: str, quantity: int, rate: str, cents: int, gco2e: int = 0) -> Charge:
    return Charge(subject_id=subject, kind=kind, quantity=quantity, rate_id=rate, usd_cents=cents, gco2e=gco2e)


def _priced(case: Case, journey: Journey) -> tuple[PlannedContainer, ContainerType] | None:
    """Find the container of a journey that can be priced: type, rides and transfers are all known."""
    box = case.containers.get(journey.subject_id)
    kind = case.types.get(box.container_type) if box else None
    return None if box is None or kind is None or journey.subject_id in case.unpriced else (box, kind)


def _freight(case: Case) -> Lines:
    per_gross = {r.rate_id for r in case.world.rules.rates if r.basis == "gross"}
    for journey in case.journeys:
        priced = _priced(case, journey)
        for ride in journey.rides if priced else ():
            ridden = case.ridden(ride) if ride.departure_id else None
            if priced is None or ridden is None:
                continue
            box, teu = priced[0], priced[1].teu
            cents = gco2e = 0
            later = case.is_undecided(ridden.run)
            for leg in ridden.legs:
                row = ridden.run.service.legs[leg]
                cents += row.usd_cents_per_teu + (fixed_share(case.milli, ridden.run.service, row) if later else 0)
                kg = moved_kg(case.milli, box.cargo_kg, box.gross_kg, teu if row.co2_rate in per_gross else 0)
                gco2e += emitted(case.milli, row.co2_rate, kg, row.length_km)
            rate = f"{ridden.run.service.service_id}/{ride.first_leg}-{ride.last_leg}{'+share' if later else ''}"
            yield _line(box.container_id, "freight", teu, rate, cents * teu, gco2e)


def fixed_share(milli: Milli, service: Service, row: ServiceLeg) -> int:
    """Count what one TEU bears of a train's fixed cost on a leg, by km, when the train is as full as is assumed."""
    km = sum(leg.length_km for leg in service.legs)
    positions_milli = milli("bought_load_share") * row.capacity_teu
    return half_up(1000 * service.fixed_usd_cents * row.length_km, max(1, km * positions_milli))


def moved_kg(milli: Milli, cargo_kg: int, gross_kg: int, wagon_teu: int) -> int:
    """Say what emits: cargo; where the factor is per gross mass, box and `wagon_teu` of a wagon."""
    return gross_kg + half_up(milli("wagon_tare_t_per_feu") * wagon_teu, 2) if wagon_teu else cargo_kg


def emitted(milli: Milli, rate_id: str, kg: int, km: int) -> int:
    """Count the grams of CO2 equivalent that a mass emits over a distance."""
    return half_up(kg * km * milli(rate_id), 1_000_000)


def _road(case: Case) -> Lines:
    for journey in case.journeys:
        priced = _priced(case, journey)
        is_booking = journey.subject_id not in case.containers
        for ride in journey.rides:
            if ride.departure_id or not (priced or is_booking):
                continue
            if priced is not None:
                yield from _truck(case, ride, 1000, priced[0].cargo_kg)
            else:
                pieces = _brought(case, journey.subject_id)
                grams = sum(piece_g(item) * count for item, count in pieces)
                share = _truck_share(case, pieces)
                yield from _truck(case, ride, share, -(-grams // 1000))


def _truck(case: Case, ride: Ride, share_milli: int, kg: int) -> Lines:
    way = case.roads.way(ride.from_id, ride.to_id)
    place = case.world.network.places.get(ride.from_id)
    if way is None or place is None:
        return
    rate, km = place.road_rate, way[1]
    cents = half_up(km * case.milli(rate) * share_milli, 10_000)
    yield _line(ride.subject_id, "road", km, rate, cents, emitted(case.milli, TRUCK_CO2, kg, km))


def _brought(case: Case, booking_id: str) -> list[tuple[CargoItem, int]]:
    """List what a truck brings to the hub: the pieces packed there, or all of a booking that goes there."""
    booking = case.bookings.get(booking_id)
    is_there = booking is not None and booking.destination_id == case.scenario.hub_id
    items = case.items_of.get(booking_id, [])
    return [(item, item.count if is_there else case.packed.get(item.item_id, 0)) for item in items]


def _truck_share(case: Case, pieces: list[tuple[CargoItem, int]]) -> int:
    """Thousandths of a truck that pieces take, by volume or mass, whichever is more; at least one."""
    volume = grams = 0
    for item, count in pieces:
        volume += item.length_mm * item.width_mm * item.height_mm * count
        grams += piece_g(item) * count
    full_mm3 = max(1, case.milli("truck_groupage_m3") * 10**6)
    full_g = max(1, case.milli("truck_groupage_t") * 10**3)
    return max(1, -(-volume * 1000 // full_mm3), -(-grams * 1000 // full_g))


def _handling(case: Case) -> Lines:
    for change in case.changes:
        priced = _priced(case, change.journey)
        row = change.transfer
        if priced is not None and row is not None:
            box, kind = priced
            cents = row.usd_cents_per_teu * kind.teu
            emitted = half_up(box.cargo_kg * case.milli(HUB_CO2), 1_000_000)
            yield _line(box.container_id, "handling", kind.teu, row.transfer_id, cents, emitted)


def _quota(case: Case) -> Lines:
    """Count each passage under a quota that costs something."""
    priced = [o for o in case.scenario.orders if o.max_teu_per_day is not None and o.usd_cents_per_teu]
    for journey in case.journeys if priced else ():
        found = _priced(case, journey)
        if found is None:
            continue
        box, teu = found[0], found[1].teu
        for order in priced:
            for _ in handed_over(case, order, box):
                yield _line(box.container_id, "quota", teu, order.order_id, order.usd_cents_per_teu * teu)


def _time(case: Case) -> Lines:
    for journey in case.journeys:
        priced = _priced(case, journey)
        if priced is not None:
            box, kind = priced
            minutes = (journey.rides[-1].arrives_at - box.ready_at) * kind.teu
            rate = "value_of_time_usd_per_feu_day" if box.cargo_kg else "value_of_time_usd_per_empty_feu_day"
            yield _line(box.container_id, "time", minutes, rate, half_up(minutes * case.milli(rate), 28_800))


def _late(case: Case) -> Lines:
    for journey in case.journeys:
        priced = _priced(case, journey)
        if priced is not None and journey.rides[-1].arrives_at > priced[0].due_at:
            box, kind = priced
            minutes = (journey.rides[-1].arrives_at - box.due_at) * kind.teu
            rate = "delay_penalty_usd_per_feu_day" if box.cargo_kg else "delay_penalty_usd_per_empty_feu_day"
            cents = half_up(minutes * case.milli(rate) * (1 + box.priority), 28_800)
            yield _line(box.container_id, "late", minutes, rate, cents)


def _left(case: Case) -> Lines:
    for left in case.plan.left:
        box, item = case.containers.get(left.container_id), case.items.get(left.item_id)
        if box is not None and box.container_type in case.types:
            share = 500 if case.types[box.container_type].length_ft == 20 else 1000
            yield _left_line(case, box.container_id, share, box.priority, is_empty=not box.cargo_kg)
        elif item is not None and not left.container_id and left.booking_id in case.bookings:
            share = _truck_share(case, [(item, left.count)])
            yield _left_line(case, left.booking_id, share, case.bookings[left.booking_id].priority)


def _left_line(case: Case, subject_id: str, share_milli: int, priority: int, *, is_empty: bool = False) -> Charge:
    rate = "left_usd_per_empty_feu" if is_empty else "left_usd_per_feu"
    cents = half_up(case.milli(rate) * share_milli * (1 + priority), 10_000)
    return _line(subject_id, "left", share_milli, rate, cents)


def journey_cents(case: Case) -> Counter[str]:
    """Add up what every container's journey costs, time and lateness weighed."""
    found: Counter[str] = Counter()
    for count in (_freight, _road, _handling, _quota, _time, _late):
        for charge in count(case):
            found[charge.subject_id] += charge.usd_cents
    return found


def left_cents(case: Case, box: PlannedContainer) -> int:
    """Weigh leaving a container; 0 when its type is unknown."""
    if box.container_type not in case.types:
        return 0
    share = 500 if case.types[box.container_type].length_ft == 20 else 1000
    return _left_line(case, box.container_id, share, box.priority, is_empty=not box.cargo_kg).usd_cents


def _fixed(case: Case) -> Lines:
    for departure_id, run in case.running.items():
        rate = f"{run.service.service_id}/fixed"
        yield _line(departure_id, "fixed", 1, rate, run.service.fixed_usd_cents)


def _change(case: Case) -> Lines:
    """Count each container that rides otherwise than in the plan before."""
    weight = case.plan.replanned.change_usd_cents if case.plan.replanned else 0
    for container_id, record in case.before.items() if weight > 0 else ():
        rides = case.rides_of.get(container_id, ())
        if record.rides and ridden(rides) != ridden(record.rides):
            yield _line(container_id, "change", 1, CHANGE_RATE, weight)


def _compare(kind: str, recount: Callable[[Case], Lines], case: Case) -> Iterator[Finding]:
    """Compare the charges of one kind with a recount, as multisets."""
    stated = Counter(c for c in case.plan.charges if c.kind == kind and c.subject_id not in case.unpriced)
    counted = Counter(c for c in recount(case) if c.subject_id not in case.unpriced)
    for charge in (counted - stated).elements():
        yield f"no charge says {said(charge)}", (charge.subject_id, charge.rate_id)
    for charge in (stated - counted).elements():
        yield f"a charge says {said(charge)}; a recount does not", (charge.subject_id, charge.rate_id)


def said(charge: Charge) -> str:
    """Say a charge in words."""
    figures = f"{charge.quantity:,} at {charge.rate_id} = {charge.usd_cents:,} cents, {charge.gco2e:,} g CO2e"
    return f"{charge.kind} of {charge.subject_id}: {figures}"


def _stray(case: Case) -> Iterator[Finding]:
    for charge in case.plan.charges:
        subject = charge.subject_id
        is_known = subject in case.containers or subject in case.bookings or subject in case.runs
        if charge.kind not in KINDS or not is_known:
            yield f"{said(charge)}: no such kind of charge or subject", (subject, charge.rate_id)


RULES = (
    Rule("CHARGE_STRAY", "Charges are of a known kind, and of containers, bookings and runs of the plan.", _stray),
    Rule("CHARGE_FREIGHT", "Every ride on a service is charged leg by leg.", partial(_compare, "freight", _freight)),
    Rule("CHARGE_ROAD", "Every truck on demand is charged by km and share.", partial(_compare, "road", _road)),
    Rule("CHARGE_HANDLING", "Every transfer is charged.", partial(_compare, "handling", _handling)),
    Rule("CHARGE_QUOTA", "Every hand-over under an order's quota is charged.", partial(_compare, "quota", _quota)),
    Rule("CHARGE_TIME", "Every journey's time from ready to arrival is weighed.", partial(_compare, "time", _time)),
    Rule("CHARGE_LATE", "Every journey's lateness is weighed, priority counted.", partial(_compare, "late", _late)),
    Rule("CHARGE_LEFT", "Everything left is weighed, priority counted.", partial(_compare, "left", _left)),
    Rule("CHARGE_FIXED", "Every hub train that runs is charged its fixed cost.", partial(_compare, "fixed", _fixed)),
    Rule(
        "CHARGE_CHANGE",
        "Every container that rides otherwise than in the plan before is weighed.",
        partial(_compare, "change", _change),
    ),
)
