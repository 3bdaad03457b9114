"""Dated runs, transfers and truck roads, derived again from the rows of services, transfers and lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from landport.model.network import Transfer
from landport.model.scenario import Scenario, World
from landport.model.services import DepartureNote, Service

FAR_DAYS = 3660
"""Nothing is dated farther from the scenario's start."""

_CALENDAR_ID = re.compile(r"(?P<service>.+)@(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Run:
    """One dated run of a service, with the minutes at which it leaves and reaches, by leg.

    Parameters
    ----------
    free_teu
        Room noted for the hub, by leg; None: nothing is noted.
    plugs
        Noted boxes that it can keep at their temperature; None: nothing is noted.
    """

    departure_id: str
    service: Service
    departs_at: tuple[int, ...]
    arrives_at: tuple[int, ...]
    free_teu: tuple[int, ...] | None
    plugs: int | None = None


class Timetable:
    """Dates runs by their ids.

    Parameters
    ----------
    scenario
        Its services stand beside or instead of those of the world, its holidays beside them; its notes cancel and
        add runs.
    """

    def __init__(self, scenario: Scenario, world: World) -> None:
        self._start_at = scenario.start_at
        self._places = world.network.places
        self._notes = {note.departure_id: note for note in scenario.departures}
        self._closed: dict[date, set[str]] = {}
        for country, day in world.network.holidays:
            self._closed.setdefault(day, set()).add(country)
        for holiday in scenario.holidays:
            self._closed.setdefault(holiday.day_on, set()).add(holiday.country)
        self.services = _open_services(scenario, world)
        self._runs: dict[str, Run | None] = {}

    def run(self, departure_id: str) -> Run | None:
        """Date a departure; None: there is none of this id, or it is cancelled."""
        if departure_id not in self._runs:
            self._runs[departure_id] = self._dated(departure_id)
        return self._runs[departure_id]

    def between(self, first: int, last: int) -> list[Run]:
        """List the runs that leave their first stop at a minute from `first` on and before `last`."""
        day = (self._start_at + timedelta(minutes=first)).date() - timedelta(days=1)
        end = (self._start_at + timedelta(minutes=last)).date() + timedelta(days=1)
        names = set(self._notes)
        while day <= end:
            names |= {f"{service_id}@{day.isoformat()}" for service_id in self.services}
            day += timedelta(days=1)
        runs = [self.run(name) for name in sorted(names)]
        return [run for run in runs if run is not None and first <= run.departs_at[0] < last]

    def on(self, run: Run, leg: int) -> date:
        """Local date on which a run leaves on its leg (counted from 0)."""
        zone = self._zone(run.service.legs[leg].from_id)
        return (self._start_at + timedelta(minutes=run.departs_at[leg])).astimezone(zone).date()

    def _zone(self, place_id: str) -> ZoneInfo:
        place = self._places.get(place_id)
        return ZoneInfo("UTC" if place is None else place.timezone)

    def _dated(self, departure_id: str) -> Run | None:
        note = self._notes.get(departure_id)
        if note is not None and note.status == "cancelled":
            return None
        if note is not None and note.status == "extra":
            service, leaves = self.services.get(note.service_id), note.departs_at
        else:
            service, leaves = self._by_calendar(departure_id)
        if service is None or leaves is None or abs(leaves) > FAR_DAYS * 1440:
            return None
        return _laid_out(departure_id, service, leaves, note)

    def _by_calendar(self, departure_id: str) -> tuple[Service | None, int | None]:
        match = _CALENDAR_ID.fullmatch(departure_id)
        service = self.services.get(match["service"]) if match else None
        if match is None or service is None:
            return None, None
        try:
            day = date.fromisoformat(match["day"])
        except ValueError:
            return None, None
        if abs((day - self._start_at.date()).days) > FAR_DAYS:
            return None, None
        if not self._has_run(service, day):
            return None, None
        clock = time(service.depart_minute // 60, service.depart_minute % 60)
        local = datetime.combine(day, clock, tzinfo=self._zone(service.legs[0].from_id))
        return service, int((local.astimezone(UTC) - self._start_at).total_seconds()) // 60

    def _has_run(self, service: Service, day: date) -> bool:
        """Tell whether a local day at the first stop is in a service's calendar, valid and no holiday for it."""
        weeks = (day - date(1, 1, 1)).days // 7  # that day was a Monday
        if day.isoweekday() not in service.weekdays or weeks % service.every_n_weeks != service.week_offset:
            return False
        if service.valid_from is not None and day < service.valid_from:
            return False
        if service.valid_to is not None and day > service.valid_to:
            return False
        return self._closed.get(day, set()).isdisjoint(service.no_run_on)


def _open_services(scenario: Scenario, world: World) -> dict[str, Service]:
    on = scenario.start_at.date()
    open_ids = set()
    for line in world.network.lines:
        if line.status == "open" and (line.opened_on is None or line.opened_on <= on):
            open_ids.add(line.line_id)
    found: dict[str, Service] = {}
    for service in (*world.network.services.values(), *scenario.services):
        found.pop(service.service_id, None)
        if service.legs and all(line in open_ids for leg in service.legs for line in leg.line_ids):
            found[service.service_id] = service
    return found


def _laid_out(departure_id: str, service: Service, leaves: int, note: DepartureNote | None) -> Run:
    departs, arrives = [], []
    minute = leaves
    for leg in service.legs:
        minute += leg.dwell_minutes
        departs.append(minute)
        minute += leg.running_minutes
        arrives.append(minute)
    plugs = None if note is None else note.plugs
    return Run(departure_id, service, tuple(departs), tuple(arrives), _room(service, note), plugs)


def _room(service: Service, note: DepartureNote | None) -> tuple[int, ...] | None:
    """Read the room noted for each leg; a leg that the note leaves out has none."""
    said = None if note is None else note.free_teu
    if said is None:  # nobody told us about room on a passing train
        return (0,) * len(service.legs) if service.group in {"through", "through-return"} else None
    if isinstance(said, int):
        return (said,) * len(service.legs)
    return tuple(said[leg] if leg < len(said) else 0 for leg in range(len(service.legs)))


def railway_day(minute: int, start_at: datetime) -> date:
    """Name the day on which railways count a minute: it ends at 18:00 in Beijing, eight hours ahead of UTC.

    Examples
    --------
    >>> start_at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> [railway_day(minute, start_at).isoformat() for minute in (10 * 60, 10 * 60 + 1)]
    ['2026-03-02', '2026-03-03']
    """
    beijing = start_at.astimezone(UTC) + timedelta(minutes=minute, hours=8)
    is_evening = (beijing.hour, beijing.minute) > (18, 0)
    return beijing.date() + timedelta(days=is_evening)


@dataclass(frozen=True, slots=True)
class Touch:
    """How a ride touches a place: mode and gauge there, and the stop next to it (empty: a truck on demand)."""

    mode: str
    gauge_mm: int
    neighbour_id: str


TRUCK = Touch("road", 0, "")
"""A truck on demand."""


class Transfers:
    """Finds the transfer row between two rides.

    Parameters
    ----------
    world
        Its rows, in table order: the first that fits holds.
    """

    def __init__(self, world: World) -> None:
        self._at: dict[str, list[Transfer]] = {}
        for row in world.network.transfers:
            self._at.setdefault(row.place_id, []).append(row)

    def find(self, place_id: str, arrive: Touch, leave: Touch) -> Transfer | None:
        """Find the row: work in the terminal first, then the border come from, then the border ahead.

        Border rows that keep mode and gauge are work on one train; they bring nothing onto another.
        """
        fitting = []
        for row in self._at.get(place_id, ()):
            comes = (row.from_mode, row.from_gauge_mm) == (arrive.mode, arrive.gauge_mm)
            goes = (row.to_mode, row.to_gauge_mm) == (leave.mode, leave.gauge_mm)
            if comes and goes:
                fitting.append(row)
        borders = [("", "")]
        if (arrive.mode, arrive.gauge_mm) != (leave.mode, leave.gauge_mm):
            borders += [(arrive.neighbour_id, "inbound"), (leave.neighbour_id, "outbound")]
        for border in borders:
            for row in fitting:
                if (row.neighbour_id, row.direction) == border:
                    return row
        return None


class Roads:
    """Finds the way of a truck on demand by walking the open road lines of one country."""

    def __init__(self, scenario: Scenario, world: World) -> None:
        self.most_km = next((r.milli for r in world.rules.rates if r.rate_id == "truck_reach_km"), 0) // 1000
        """Farther than this no truck goes on demand."""
        self._lines: dict[str, list[tuple[str, str, int, int]]] = {}
        self._country: dict[str, str] = {}
        self._from: dict[str, dict[str, tuple[int, int]]] = {}
        on = scenario.start_at.date()
        for place in world.network.places.values():
            self._country[place.place_id] = place.country
        for line in world.network.lines:
            is_open = line.status == "open" and (line.opened_on is None or line.opened_on <= on)
            country = self._country.get(line.from_id)
            if is_open and line.mode == "road" and country and country == self._country.get(line.to_id):
                ends = (line.from_id, line.to_id, line.running_minutes, line.length_km)
                self._lines.setdefault(country, []).append(ends)

    def way(self, from_id: str, to_id: str) -> tuple[int, int] | None:
        """Minutes and km of the quickest way (of equals the shortest); None where no truck goes."""
        if from_id not in self._from:
            self._from[from_id] = self._reached(from_id)
        found = self._from[from_id].get(to_id)
        return None if from_id == to_id or found is None or found[1] > self.most_km else found

    def _reached(self, from_id: str) -> dict[str, tuple[int, int]]:
        """Shorten ways line by line until nothing gets shorter (Bellman and Ford)."""
        best = {from_id: (0, 0)}
        lines = self._lines.get(self._country.get(from_id, ""), [])
        is_better = True
        while is_better:
            is_better = False
            for one, other, minutes, km in lines:
                for a, b in ((one, other), (other, one)):
                    if a not in best:
                        continue
                    longer = (best[a][0] + minutes, best[a][1] + km)
                    if b not in best or longer < best[b]:
                        best[b] = longer
                        is_better = True
        return best
