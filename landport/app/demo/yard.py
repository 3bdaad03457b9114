"""What stands in the way of a week: wagons and loading tracks a night, and orders of railways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from math import ceil

from landport.model.bookings import NightSupply, RestrictionOrder
from landport.model.network import Network
from landport.model.services import Departure
from landport.units import railway_day

DAY = 1440
WAGONS_PER_TRAIN = 50
WAGON_SHARES = (("NX70A", 0.72), ("X70", 0.20), ("NX70", 0.08))
"""Wagon types at the yard (assumed); only NX70 carries 45-ft boxes."""

SPARE_WAGONS = 1.06
SHORT_WAGONS = 0.85
"""Wagons a night per wagon needed: on a usual night, and on the short one (assumed)."""

SHORT_TRACK_NIGHT = 2
SHORT_WAGON_NIGHT = 4
"""Nights of the week with too few tracks and too few wagons."""


def supply(
    network: Network, runs: Sequence[Departure], *, hub_id: str, start_at: datetime, plan_days: int, scale: float
) -> tuple[NightSupply, ...]:
    """Draw up the supply of each railway day of the plan.

    Parameters
    ----------
    runs
        Departures of the plan's days, extra ones included.

    Notes
    -----
    One track more than the hub's trains of a night need, one less on the short night; below scale 1 the calendar is
    kept, so tracks and wagons shrink with it, to those of one train at the least.
    """
    here = [r for r in runs if _is_hub_run(network, r, hub_id)]
    trains = Counter(railway_day(r.departs_at, start_at) for r in here)
    block = Counter(railway_day(r.departs_at, start_at) for r in here if _group(network, r) == "assembly")
    first, last = railway_day(0, start_at), railway_day(plan_days * DAY - 1, start_at)
    rows: list[NightSupply] = []
    share = min(1.0, scale)
    for night in range((last - first).days + 1):
        day = first + timedelta(days=night)
        tracks = max(1, ceil(trains[day] * share) + (-1 if night == SHORT_TRACK_NIGHT else 1))
        rows.append(_row(hub_id, day, "track", tracks))
        factor = SHORT_WAGONS if night == SHORT_WAGON_NIGHT else SPARE_WAGONS
        wagons = (max(1.0, block[day] * share) if block[day] else 0.0) * WAGONS_PER_TRAIN * factor
        rows += [_row(hub_id, day, kind, ceil(wagons * part)) for kind, part in WAGON_SHARES]
    return tuple(rows)


def _is_hub_run(network: Network, run: Departure, hub_id: str) -> bool:
    service = network.services[run.service_id]
    return service.operation == "hub" and service.legs[0].from_id == hub_id


def _group(network: Network, run: Departure) -> str:
    return network.services[run.service_id].group


def _row(hub_id: str, day: date, resource: str, count: int) -> NightSupply:
    return NightSupply(
        supply_id=f"{day.isoformat()}/{resource}",
        place_id=hub_id,
        day_on=day.isoformat(),
        resource=resource,
        count=count,
    )


def orders(
    network: Network, runs: Iterable[Departure], *, start_at: datetime, scale: float
) -> tuple[RestrictionOrder, ...]:
    """Invent the restriction orders of a week; they bind a little."""
    from_at, until_at = 2 * DAY, 5 * DAY
    most = _cap(network, runs, start_at, from_at, until_at, scale)
    return (
        _order(
            1,
            start_at,
            "ALA",
            "DOS",
            3 * DAY,
            5 * DAY,
            "no dangerous goods of classes 3 and 8 for two days",
            un=("3", "8"),
        ),
        _order(2, start_at, "HRG", "ALT", from_at, until_at, f"at most {most} trains of the hub a day", most=most),
        _order(
            3, start_at, "BRE", "MAL", 11 * DAY, 16 * DAY, "no vehicles and parts (HS 87), yard congested", hs=("87",)
        ),
        _order(
            4,
            start_at,
            "HRG",
            "ALT",
            3 * DAY,
            4 * DAY,
            "no reefers, power points under repair",
            types=("20RF", "40RF", "40RH"),
        ),
    )


def _cap(
    network: Network, runs: Iterable[Departure], start_at: datetime, from_at: int, until_at: int, scale: float
) -> int:
    """One train a day less than would pass on the busiest day."""
    passing: Counter[date] = Counter()
    for run in runs:
        service = network.services[run.service_id]
        if service.operation != "hub":
            continue
        for leg, timed in zip(service.legs, run.legs, strict=True):
            if (leg.from_id, leg.to_id) == ("HRG", "ALT") and from_at <= timed.departs_at < until_at:
                passing[railway_day(timed.departs_at, start_at)] += 1
    busiest = max(passing.values(), default=0)
    return max(1, ceil(busiest * min(1.0, scale)) - 1)


def _order(
    seq: int,
    start_at: datetime,
    place_id: str,
    towards_id: str,
    from_at: int,
    until_at: int,
    text: str,
    *,
    hs: tuple[str, ...] = (),
    un: tuple[str, ...] = (),
    types: tuple[str, ...] = (),
    most: int | None = None,
) -> RestrictionOrder:
    return RestrictionOrder(
        order_id=f"O{seq}",
        number=f"DEMO-{start_at.year}-{seq:04d}",
        issuer="Demo railway authority (invented)",
        place_id=place_id,
        towards_id=towards_id,
        from_at=from_at,
        until_at=until_at,
        hs_prefixes=hs,
        un_classes=un,
        container_types=types,
        max_trains_per_day=most,
        text=text,
    )
