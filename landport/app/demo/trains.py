"""What is known about dated runs: room on other operators' trains, cancelled runs, extra runs of a larger port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import fsum
from typing import Any
from zoneinfo import ZoneInfo

from landport.app.demo.draws import Draws, poisson
from landport.model import timetable
from landport.model.network import Network
from landport.model.services import DepartureNote, Service

DAY = 1440
LONGEST_GAP_DAYS = 35
"""No service pauses longer."""

NOTED_DAYS = 10
"""Runs of other operators are noted that left their first stop up to so long before now; older ones bring no room."""

CANCELLED_SHARE = 0.01
"""Share of other operators' runs that are cancelled (assumed)."""

SHARED_SHARE = 0.5
"""Share of other operators' runs on which others have taken some of the room (assumed)."""

LEAST_ROOM = 0.4
"""Room that others leave at the least on such a run, as a share of its capacity (assumed)."""

Passing = tuple[str, str, str]
"""Trains through the hub: direction, city, border."""

Spare = Mapping[Passing, float]


def notes(
    network: Network,
    passing: Sequence[Mapping[str, Any]],
    draws: Draws,
    *,
    start_at: datetime,
    horizon_days: int,
    scale: float,
) -> tuple[DepartureNote, ...]:
    """Write the rows that say something, service by service.

    Notes
    -----
    Trains through the hub run as often as the table of passing trains says of their city and border, and carry its
    spare room as a Poisson count of FEU. Where that is more than their calendar, and beyond scale 1, every run is
    followed by extra ones, evenly over the gap to the next. O(runs).
    """
    spare = {(r["direction"], r["origin_id"], r["border_id"]): r["spare_feu_mean"] for r in passing}
    weekly = {(r["direction"], r["origin_id"], r["border_id"]): r["trains_per_week"] for r in passing}
    factors = _factors(network, weekly)
    calendar = _calendar(network, start_at, horizon_days)
    found: list[DepartureNote] = []
    for service in network.services.values():
        leaves = calendar.get(service.service_id, [])
        clock = _Clock(service, network, start_at)
        stream = draws.child(service.service_id)
        first = 0 if service.operation == "hub" else -NOTED_DAYS * DAY
        density = max(1.0, scale) * factors.get(service.service_id, 1.0)
        runs = list(_runs(leaves, clock, first, horizon_days * DAY, density))
        rooms = stream.child("room").uniform(len(runs)).tolist()
        fates = stream.child("fate").uniform(len(runs)).tolist()
        mean = _spare_feu(service, spare)
        for (departure_id, minute, is_extra), u, fate in zip(runs, rooms, fates, strict=True):
            status, free = _said(service, mean, u, fate)
            if is_extra and status != "cancelled":
                found.append(
                    DepartureNote(
                        departure_id=departure_id,
                        service_id=service.service_id,
                        status="extra",
                        departs_at=minute,
                        free_teu=free,
                    )
                )
            elif not is_extra and (status == "cancelled" or free is not None):
                found.append(
                    DepartureNote(
                        departure_id=departure_id, service_id=service.service_id, status=status, free_teu=free
                    )
                )
    return tuple(found)


def _calendar(network: Network, start_at: datetime, horizon_days: int) -> dict[str, list[int]]:
    """Minutes of departure by service, from some weeks before now to some weeks beyond the horizon."""
    before, until = -LONGEST_GAP_DAYS * DAY, (horizon_days + LONGEST_GAP_DAYS) * DAY
    dated = timetable.departures(
        network.services,
        network.places,
        (),
        start_at=start_at,
        from_minute=before,
        until_minute=until,
        holidays=network.holidays,
    )
    found: dict[str, list[int]] = {}
    for run in dated:
        found.setdefault(run.service_id, []).append(run.departs_at)
    return found


class _Clock:
    """Names the runs of a service by the local day on which they leave."""

    def __init__(self, service: Service, network: Network, start_at: datetime) -> None:
        self._service_id = service.service_id
        self._zone = ZoneInfo(network.places[service.legs[0].from_id].timezone)
        self._start_at = start_at
        self._extras: dict[str, int] = {}

    def name(self, minute: int) -> str:
        """Name the calendar's run."""
        local = (self._start_at + timedelta(minutes=minute)).astimezone(self._zone)
        return f"{self._service_id}@{local.date().isoformat()}"

    def extra(self, minute: int) -> str:
        """Name the next extra run of the day."""
        name = self.name(minute)
        self._extras[name] = self._extras.get(name, 0) + 1
        return f"{name}+{self._extras[name]}"


def _runs(
    leaves: Sequence[int], clock: _Clock, first: int, horizon: int, scale: float
) -> Iterator[tuple[str, int, bool]]:
    """List (id, minute, is extra) of a service's runs from minute `first` to the horizon.

    Notes
    -----
    Extra runs that follow a run before `first` count when they leave later, so that the first week is as dense
    as any other.
    """
    for k, minute in enumerate(leaves):
        if minute >= horizon:
            return
        if minute >= first:
            yield clock.name(minute), minute, False
        n = max(1, round((k + 1) * scale) - round(k * scale))
        gap = leaves[k + 1] - minute if k + 1 < len(leaves) else 0
        for i in range(1, n if gap else 1):
            extra = minute + gap * i // n
            if first <= extra < horizon:
                yield clock.extra(extra), extra, True


def _said(service: Service, spare_feu: float | None, u: float, fate: float) -> tuple[str, int | None]:
    """Say status and free TEU of one run; (run, None) says nothing."""
    if service.operation == "hub":
        return "run", None
    if fate < CANCELLED_SHARE:
        return "cancelled", None
    capacity = min(leg.capacity_teu for leg in service.legs)
    if spare_feu is not None:
        return "run", min(capacity, 2 * poisson(u, spare_feu))
    if u < SHARED_SHARE:
        return "run", round(capacity * (LEAST_ROOM + (1 - LEAST_ROOM) * u / SHARED_SHARE))
    return "run", None


def _factors(network: Network, weekly: Mapping[Passing, float]) -> dict[str, float]:
    """Find how many times as often as its calendar says a train through the hub runs, by service id, at least 1."""
    by_key: dict[Passing, list[Service]] = {}
    for service in network.services.values():
        key = _passing(service, weekly)
        if key is not None:
            by_key.setdefault(key, []).append(service)
    found = {}
    for key, services in by_key.items():
        own = fsum(len(s.weekdays) / s.every_n_weeks for s in services)
        found.update({s.service_id: max(1.0, weekly[key] / own) for s in services})
    return found


def _passing(service: Service, known: Mapping[Passing, float]) -> Passing | None:
    """Find the row of passing trains that a service is of; None: it is none of them, or has no row."""
    if service.group not in ("through", "through-return"):
        return None
    stops = [service.legs[0].from_id, *(leg.to_id for leg in service.legs)]
    is_west = service.group == "through"
    direction, city = ("westbound", stops[0]) if is_west else ("eastbound", stops[-1])
    return next(((direction, city, stop) for stop in stops if (direction, city, stop) in known), None)


def _spare_feu(service: Service, spare: Spare) -> float | None:
    """Mean spare FEU of a train through the hub; None for any other service."""
    if service.group not in ("through", "through-return"):
        return None
    key = _passing(service, spare)
    if key is not None:
        return spare[key]
    direction = "westbound" if service.group == "through" else "eastbound"
    means = [mean for (way, _, _), mean in spare.items() if way == direction]
    return fsum(means) / len(means)
