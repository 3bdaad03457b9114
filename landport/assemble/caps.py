"""Limits on how many hub trains run: tracks of a yard, orders, and what a border handles in a railway day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from landport.assemble.resources import Resources
from landport.model.bookings import RestrictionOrder
from landport.model.changes import Changes, End
from landport.model.services import Departure, Service
from landport.units import railway_day


@dataclass(frozen=True, slots=True)
class TrainCap:
    """A limit on how many of some hub trains run: a yard's tracks on a day, or an order's or a border's trains a day.

    Parameters
    ----------
    what
        tracks, trains (of an order) or border.
    at_id, order_id, day_on
        The yard or the border's transfer, or else the order, and the railway day.
    """

    departure_ids: tuple[str, ...]
    most: int
    why: str
    what: str
    at_id: str
    order_id: str
    day_on: str


def train_caps(
    decided: Sequence[Departure],
    resources: Resources,
    orders: Sequence[RestrictionOrder],
) -> tuple[TrainCap, ...]:
    """Collect the caps that hold on tonight's hub trains."""
    caps = []
    services = resources.pricing.network.services
    for supply in resources.supply:
        if supply.resource == "track":
            here = [
                d.departure_id
                for d in decided
                if services[d.service_id].legs[0].from_id == supply.place_id and resources.day_of(d) == supply.day_on
            ]
            why = f"{supply.place_id} has {supply.count} loading tracks"
            caps.append(TrainCap(tuple(here), supply.count, why, "tracks", supply.place_id, "", supply.day_on))
    for order in orders:
        if order.max_trains_per_day is not None:
            caps += _order_caps(order, order.max_trains_per_day, decided, services, resources.start_at)
    caps += _border_caps(decided, resources)
    return tuple(cap for cap in caps if len(cap.departure_ids) > cap.most)


def _order_caps(
    order: RestrictionOrder,
    most: int,
    decided: Sequence[Departure],
    services: Mapping[str, Service],
    start_at: datetime,
) -> Iterable[TrainCap]:
    by_day: dict[date, list[str]] = {}
    for run in decided:
        for minute in _passes(order, run, services[run.service_id]):
            found = by_day.setdefault(railway_day(minute, start_at), [])
            if run.departure_id not in found:
                found.append(run.departure_id)
    for day, found in sorted(by_day.items()):
        why = f"order {order.number} allows {most} trains at {order.place_id} on {day}"
        yield TrainCap(tuple(found), most, why, "trains", "", order.order_id, day.isoformat())


def _border_caps(decided: Sequence[Departure], resources: Resources) -> Iterable[TrainCap]:
    """Cap the hub trains that a border row handles in a railway day, counted when they reach it."""
    changes = Changes(resources.pricing.transfers.values())
    found: dict[tuple[str, date], list[str]] = {}
    for run in decided:
        legs = list(zip(resources.pricing.service(run.departure_id).legs, run.legs, strict=True))
        for (leg, timed), (after, _) in pairwise(legs):
            arrive, leave = End(leg.mode, leg.gauge_mm, leg.from_id), End(after.mode, after.gauge_mm, after.to_id)
            row = changes.passed(leg.to_id, arrive, leave)
            if row is not None and row.trains_per_day is not None:
                day = railway_day(timed.arrives_at, resources.start_at)
                found.setdefault((row.transfer_id, day), []).append(run.departure_id)
    for (transfer_id, day), trains in sorted(found.items()):
        row = resources.pricing.transfers[transfer_id]
        most = row.trains_per_day or 0
        why = f"{row.place_id} handles {most} trains ({row.kind}) on {day}"
        yield TrainCap(tuple(trains), most, why, "border", transfer_id, "", day.isoformat())


def _passes(order: RestrictionOrder, run: Departure, service: Service) -> Iterable[int]:
    """Minutes at which a departure does what the order limits."""
    for leg, timed in zip(service.legs, run.legs, strict=True):
        leaves = leg.from_id == order.place_id and order.towards_id in ("", leg.to_id)
        if leaves and order.from_at <= timed.departs_at < order.until_at:
            yield timed.departs_at
        elif (
            leg.to_id == order.place_id and not order.towards_id and order.from_at <= timed.arrives_at < order.until_at
        ):
            yield timed.arrives_at
