"""The network: lines between places, and what it takes to change or pass at a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from landport.model.edits import NetworkEdit
from landport.model.places import OpeningHours, Places
from landport.model.services import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A physical line between two places, usable both ways, of one mode and gauge.

    Parameters
    ----------
    gauge_mm
        1435, 1520 or 1668 for rail; 0 for road and ferry.
    status
        open, planned or under-construction; closed: by an edit.
    opened_on
        First day of traffic; None when it has been open for as long as anybody plans.
    running_minutes
        One train, truck or ship without dwell.
    """

    line_id: str
    from_id: str
    to_id: str
    mode: str
    gauge_mm: int
    length_km: int
    running_minutes: int
    status: str = "open"
    opened_on: date | None = None

    def is_open(self, on: date) -> bool:
        """Tell whether traffic runs on a day."""
        return self.status == "open" and (self.opened_on is None or self.opened_on <= on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What changing or passing at a place takes: a lift, gauge change, customs or hand-over.

    Parameters
    ----------
    from_mode, from_gauge_mm, to_mode, to_gauge_mm
        How the load arrives and how it leaves; gauge 0 off the rails.
    neighbour_id, direction
        For a border: the place across it, and `inbound` (just arrived from it) or `outbound` (leaving
        towards it). Both empty for work inside a terminal.
    minutes
        Mean time.
    usd_cents_per_teu
        Price; a 40-ft box pays twice.
    sigma_milli
        Spread of the time: sigma of a lognormal distribution with that mean, in thousandths.
    teu_per_day, trains_per_day
        What the place does in a day; None: nobody told.
    """

    transfer_id: str
    place_id: str
    from_mode: str
    from_gauge_mm: int
    to_mode: str
    to_gauge_mm: int
    neighbour_id: str
    direction: str
    kind: str
    minutes: int
    usd_cents_per_teu: int
    sigma_milli: int = 0
    teu_per_day: int | None = None
    trains_per_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Places, lines, transfers and services that belong together.

    Parameters
    ----------
    planned_transfers
        Rows of crossings that nobody works yet; opening the line of one brings it to `transfers`.
    edits
        Made to it, in order; empty: the network as it is.
    holidays
        Country and day; services that name the country do not run on it.
    hours
        When places work; one without rows never closes.
    """

    places: Places
    lines: tuple[Line, ...]
    transfers: tuple[Transfer, ...]
    services: Mapping[str, Service]
    planned_transfers: tuple[Transfer, ...] = ()
    edits: tuple[NetworkEdit, ...] = ()
    holidays: frozenset[tuple[str, date]] = frozenset()
    hours: tuple[OpeningHours, ...] = ()

    def as_of(self, on: date) -> Network:
        """Keep the lines open on a day, and the services all of whose lines are."""
        lines = tuple(line for line in self.lines if line.is_open(on))
        ids = {line.line_id for line in lines}
        services = {s.service_id: s for s in self.services.values() if all(set(leg.line_ids) <= ids for leg in s.legs)}
        return replace(self, lines=lines, services=services)
