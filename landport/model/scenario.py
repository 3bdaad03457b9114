"""A scenario: one week of freight, the orders in force and the yard's supply, over the network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from landport.model.bookings import Booking, CargoItem, NightSupply, RestrictionOrder
from landport.model.equipment import ContainerType, WagonType
from landport.model.network import Network
from landport.model.places import OpeningHours
from landport.model.rules import Rules
from landport.model.services import DepartureNote, Holiday, Service

FAR_MINUTES = 10 * 366 * 1440
"""Minutes from its start within which all instants of a scenario lie: ten years. A plan's lie within twice as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The planner's own tables.

    Parameters
    ----------
    start_at
        A UTC Monday 00:00; minute 0 of every time inside.
    now_at
        Minute that counts as now; nothing earlier can be planned.
    hub_id
        The assembly yard.
    plan_days
        Hub trains leaving in [now_at, start + plan_days) are decided.
    horizon_days
        Onward departures are known this far.
    services
        Services beside those of the reference, or instead of the one with the same id.
    holidays
        Beside those of the reference.
    hours
        When places work on loads that change there; a place without rows never closes.
    is_balanced
        Containers packed at the hub keep their centre of gravity near the middle (CTU Code, Annex 7).
    digest
        First 12 hex digits of the SHA-256 over its tables; empty when made in memory.
    """

    name: str
    start_at: datetime
    now_at: int
    hub_id: str
    plan_days: int
    horizon_days: int
    bookings: tuple[Booking, ...]
    items: tuple[CargoItem, ...]
    orders: tuple[RestrictionOrder, ...] = ()
    supply: tuple[NightSupply, ...] = ()
    departures: tuple[DepartureNote, ...] = ()
    services: tuple[Service, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    hours: tuple[OpeningHours, ...] = ()
    note: str = ""
    is_balanced: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The facts a scenario is planned over: network, equipment, rules."""

    network: Network
    container_types: dict[str, ContainerType]
    wagon_types: dict[str, WagonType]
    rules: Rules
    reference_digest: str


def network_of(scenario: Scenario, world: World) -> Network:
    """Read the world's network with a scenario's own services, holidays and opening hours; as of no day yet."""
    return replace(
        world.network,
        services={**world.network.services, **{s.service_id: s for s in scenario.services}},
        holidays=world.network.holidays | {(h.country, h.day_on) for h in scenario.holidays},
        hours=(*world.network.hours, *scenario.hours),
    )
