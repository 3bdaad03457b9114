"""Rows of `orders`, `supply` and `departures` as nouns, and what must hold between their cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Set
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from landport.errors import Remark
from landport.exchange.reading import Reading, Table
from landport.model.bookings import SHIFTED, WORK, NightSupply, RestrictionOrder
from landport.model.scenario import FAR_MINUTES
from landport.model.services import DepartureNote, Service
from landport.units import check_un_class

_DEPARTURE: Final = re.compile(r"(?P<service>.+)@(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?P<extra>\+[1-9][0-9]*)?")
_ID: Final = "expected SERVICE@YYYY-MM-DD, the local date at the first stop, e.g. U-ALM-W@2022-07-18"


def read_orders(reading: Reading) -> tuple[RestrictionOrder, ...]:
    """Read restriction orders; complaints go to the reading."""
    table = reading.open("orders")
    orders = []
    for row in table:
        order_id, number, issuer, _place, towards, _from, _until, hs_prefixes, un_classes, types, *limits, text = row
        trains, teu, cents = limits
        order = RestrictionOrder(
            order_id=order_id,
            number=number,
            issuer=issuer,
            place_id=table.place("place"),
            towards_id=table.place("towards") if towards else "",
            from_at=table.minute("from_at"),
            until_at=table.minute("until_at"),
            hs_prefixes=tuple(hs_prefixes or ()),
            un_classes=tuple(table.check("un_classes", check_un_class, c) for c in un_classes or ()),
            container_types=tuple(map(reading.container_type, types or ())),
            max_trains_per_day=trains,
            text=text or "",
            max_teu_per_day=teu,
            usd_cents_per_teu=cents or 0,
        )
        _check_limits(order, table)
        if -FAR_MINUTES <= order.until_at <= order.from_at <= FAR_MINUTES:  # else it is said already
            table.wrong("until_at", "expected an instant after from_at")
        for prefix in order.hs_prefixes:
            if not re.fullmatch("[0-9]{1,8}", prefix):
                table.wrong("hs_prefixes", "expected HS codes or their first digits, e.g. 0702;86")
        for container_type in order.container_types:
            table.among("container_types", container_type, reading.world.container_types)
        orders.append(order)
    return tuple(orders)


def _check_limits(order: RestrictionOrder, table: Table) -> None:
    if order.max_trains_per_day is not None and order.max_teu_per_day is not None:
        table.wrong("max_teu_per_day", "expected a cap on trains or a quota of TEU, not both: write a second order")
    if order.max_teu_per_day is None and order.usd_cents_per_teu:
        table.wrong("usd_per_teu", "expected a price only where max_teu_per_day gives a quota")


def read_supply(reading: Reading) -> tuple[NightSupply, ...]:
    """Read the yard's supply; complaints go to the reading."""
    table = reading.open("supply")
    resources = {*reading.world.wagon_types, *WORK}
    supply = []
    said: dict[tuple[str, str, str, str], str] = {}
    for supply_id, _place, _day, resource, count, shift in table:
        night = NightSupply(
            supply_id=supply_id,
            place_id=table.place("place"),
            day_on=table.day("day_on").isoformat(),
            resource=resource,
            count=count,
            shift=shift or "",
        )
        table.among("resource", resource, resources)
        if shift and resource not in SHIFTED:
            table.wrong("shift", f"expected no shift with {resource}: it counts for the whole railway day")
        first = said.setdefault((night.place_id, night.day_on, resource, shift), supply_id)
        if first != supply_id:
            table.wrong("resource", f"expected each place, day, shift and resource once; {first} has the same")
        supply.append(night)
    return tuple(supply)


def read_departures(
    reading: Reading, own: Iterable[Service], named: Collection[str] | None, holidays: Set[tuple[str, date]]
) -> tuple[DepartureNote, ...]:
    """Read what is known about dated runs; complaints go to the reading.

    Parameters
    ----------
    own
        Services of the scenario, beside or instead of those of the world.
    named
        Ids that the scenario's table of services names, broken rows too; None: it may name any.
    holidays
        Country and day, of world and scenario.
    """
    services = {**reading.world.network.services, **{s.service_id: s for s in own}}
    table = reading.open("departures")
    notes = []
    for departure_id, service_id, status, departs_at, free_teu, plugs in table:
        note = DepartureNote(
            departure_id=departure_id,
            service_id=service_id,
            status=status,
            departs_at=None if departs_at is None else table.minute("departs_at"),
            free_teu=free_teu,
            plugs=plugs,
        )
        if named is not None and service_id not in services and service_id not in named:
            table.wrong("service_id", "expected a service_id of the services")
        _check_id(note, services.get(service_id), table, reading, holidays)
        if not reading.is_faulty("service_legs"):
            _check_free(note, services.get(service_id), table)
        notes.append(note)
    return tuple(notes)


def _check_free(note: DepartureNote, service: Service | None, table: Table) -> None:
    if service is None or not isinstance(note.free_teu, tuple) or len(note.free_teu) == len(service.legs):
        return
    said = "/".join(map(str, note.free_teu))
    legs = f"{service.service_id} has {len(service.legs)} legs" if len(service.legs) > 1 else "it has one leg"
    table.wrong_at(table.number, "free_teu", said, f"expected one number for all legs or one a leg: {legs}")


def _check_id(
    note: DepartureNote, service: Service | None, table: Table, reading: Reading, holidays: Set[tuple[str, date]]
) -> None:
    match = _DEPARTURE.fullmatch(note.departure_id)
    try:
        day = date.fromisoformat(match["day"]) if match else None
    except ValueError:
        day = None
    if not match or day is None:
        table.wrong("departure_id", _ID)
        return
    if match["service"] != note.service_id:
        table.wrong("departure_id", f"{_ID}; the service of this row is {note.service_id}")
    if note.status != "extra":
        if match["extra"]:
            table.wrong("departure_id", f"{_ID}; only an extra run ends with {match['extra']}")
        elif service and not service.runs_on(day, holidays):
            text = f"{note.departure_id} is not in the calendar of {service.service_id}; the row changes nothing"
            reading.remarks.append(Remark("not-in-calendar", text, (note.departure_id,)))
    elif not match["extra"]:
        table.wrong("departure_id", f"expected {note.departure_id}+1: an extra run adds +1, +2, ...")
    elif note.departs_at is None:
        table.wrong("departs_at", "expected an instant: an extra run says when it leaves its first stop")
    elif service and abs(note.departs_at) <= FAR_MINUTES and _local_day(note.departs_at, service, reading) != day:
        leaves = _local_day(note.departs_at, service, reading)
        table.wrong("departs_at", f"expected {day} in local time at {service.legs[0].from_id}; it is {leaves}")


def _local_day(minute: int, service: Service, reading: Reading) -> date:
    zone = ZoneInfo(reading.world.network.places[service.legs[0].from_id].timezone)
    return (reading.start_at + timedelta(minutes=minute)).astimezone(zone).date()
