"""The dated timetable: services x calendar -> departures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from landport.model.places import Places
from landport.model.services import Departure, DepartureNote, Service, TimedLeg

PASSING = ("through", "through-return")
"""Groups of others' trains that pass the hub: their room is what a note says."""


def departures(
    services: Mapping[str, Service],
    places: Places,
    notes: Iterable[DepartureNote],
    *,
    start_at: datetime,
    from_minute: int,
    until_minute: int,
    holidays: Set[tuple[str, date]] = frozenset(),
) -> tuple[Departure, ...]:
    """Date every run that leaves its first stop in [from_minute, until_minute).

    Parameters
    ----------
    notes
        Cancelled and extra runs, and free room, by departure id.
    start_at
        Minute 0 of the answer, UTC.
    holidays
        Country and day; those that a service names keep it from running, but for extra runs.

    Returns
    -------
    tuple[Departure, ...]
        Ordered by (departure minute, id).

    Notes
    -----
    Audited by `audit.times`, which dates runs again from the service rows.
    """
    noted = {n.departure_id: n for n in notes}
    runs = []
    for service in services.values():
        for day in _days(start_at, from_minute, until_minute):
            if not service.runs_on(day, holidays):
                continue
            departure_id = f"{service.service_id}@{day.isoformat()}"
            leaves = _minute(service, day, places, start_at)
            note = noted.get(departure_id)
            if from_minute <= leaves < until_minute and not (note and note.status == "cancelled"):
                runs.append(_dated(service, departure_id, leaves, note))
    for note in noted.values():
        extra = note.status == "extra" and note.departs_at is not None and note.service_id in services
        if extra and from_minute <= (note.departs_at or 0) < until_minute:
            service = services[note.service_id]
            runs.append(_dated(service, note.departure_id, note.departs_at or 0, note))
    return tuple(sorted(runs, key=lambda d: (d.departs_at, d.departure_id)))


def _free(service: Service, note: DepartureNote | None) -> tuple[int, ...] | None:
    """Positions that a note leaves, by leg; None: all. A passing train of others has none that nobody told us about."""
    free = None if note is None else note.free_teu
    if free is None and service.group in PASSING:
        free = 0
    return (free,) * len(service.legs) if isinstance(free, int) else free


def _days(start_at: datetime, from_minute: int, until_minute: int) -> Iterator[date]:
    first = (start_at + timedelta(minutes=from_minute)).date() - timedelta(days=1)
    last = (start_at + timedelta(minutes=until_minute)).date() + timedelta(days=1)
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def _minute(service: Service, day: date, places: Places, start_at: datetime) -> int:
    zone = ZoneInfo(places[service.legs[0].from_id].timezone)
    clock = time(service.depart_minute // 60, service.depart_minute % 60)
    leaves = datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
    return int((leaves - start_at).total_seconds()) // 60


def _dated(service: Service, departure_id: str, leaves: int, note: DepartureNote | None) -> Departure:
    legs = []
    clock = leaves
    for leg in service.legs:
        clock += leg.dwell_minutes
        legs.append(TimedLeg(seq=leg.seq, departs_at=clock, arrives_at=clock + leg.running_minutes))
        clock += leg.running_minutes
    return Departure(
        departure_id=departure_id,
        service_id=service.service_id,
        legs=tuple(legs),
        free_teu=_free(service, note),
        plugs=None if note is None else note.plugs,
    )
