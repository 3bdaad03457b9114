"""A plan joined to what it speaks of: bookings, services, dated departures, rides in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from landport.model import tariff, timetable
from landport.model.bookings import Booking, CargoItem
from landport.model.network import Network
from landport.model.plans import Left, Plan, PlannedContainer, Ride, TrainRun
from landport.model.rules import TrainRule
from landport.model.scenario import Scenario, World, network_of
from landport.model.services import UNDER_WAY_DAYS, Departure, Service, ServiceLeg
from landport.report.numbers import local


class Violation(Protocol):
    """What the auditor says of a plan, as far as a report prints it."""

    @property
    def code(self) -> str:
        """The rule."""

    @property
    def message(self) -> str:
        """What is wrong, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a leg takes of one departure: the least of its own limits, the departure's note and the dated rules.

    Parameters
    ----------
    cargo_kg, gross_kg
        Sum of box gross masses; mass with wagons. 0: no limit is known.
    """

    teu: int
    cargo_kg: int
    gross_kg: int


@dataclass(frozen=True, slots=True)
class Facts:
    """A plan, its scenario and its world, joined for reading.

    Parameters
    ----------
    rides
        By subject, in order of `seq`.
    riders
        Rides of containers by departure.
    departures
        Every dated run from `UNDER_WAY_DAYS` before now to the horizon.
    rooms
        What each leg of a hub train that the plan decides takes, by departure and `seq`.
    """

    plan: Plan
    scenario: Scenario
    world: World
    network: Network
    containers: Mapping[str, PlannedContainer]
    bookings: Mapping[str, Booking]
    items: Mapping[str, CargoItem]
    rides: Mapping[str, tuple[Ride, ...]]
    riders: Mapping[str, tuple[Ride, ...]]
    departures: Mapping[str, Departure]
    runs: Mapping[str, TrainRun]
    rooms: Mapping[tuple[str, int], Room]

    def teu(self, container_id: str) -> int:
        """Positions a container bills."""
        return self.world.container_types[self.containers[container_id].container_type].teu

    def service_of(self, departure_id: str) -> Service | None:
        """Find the service of a departure; None for one that the timetable does not know."""
        run = self.departures.get(departure_id)
        service_id = run.service_id if run else departure_id.partition("@")[0]
        return self.network.services.get(service_id)

    def zone(self, place_id: str) -> str:
        """IANA zone of a place; UTC for one that nobody knows."""
        place = self.network.places.get(place_id)
        return place.timezone if place else "UTC"

    def name(self, place_id: str) -> str:
        """Name of a place without what stands in brackets; its id when nobody knows it."""
        place = self.network.places.get(place_id)
        return place.name.split(" (")[0] if place else place_id

    @property
    def plan_end(self) -> int:
        """Minute at which tonight's decisions end."""
        return self.scenario.plan_days * 1440

    def moved(self) -> list[PlannedContainer]:
        """List the containers that ride, in the plan's order."""
        return [c for c in self.plan.containers if self.rides.get(c.container_id)]

    def left_feu_milli(self, left: Left) -> int:
        """Weigh what was left, in thousandths of a 40-ft container or full truck."""
        if left.container_id in self.containers:
            return 500 * self.teu(left.container_id)
        if left.item_id in self.items:
            return tariff.truck_share_milli([replace(self.items[left.item_id], count=left.count)], self.world.rules)
        booking = self.bookings.get(left.booking_id)
        kind = self.world.container_types.get(booking.container_type) if booking else None
        return max(1, left.count) * 500 * (kind.teu if kind else 2)

    def left_booking_ids(self, left: Left) -> tuple[str, ...]:
        """Bookings that a record is about: all of a container's, though it names the first one only."""
        box = self.containers.get(left.container_id)
        return box.booking_ids if box else (left.booking_id,)

    def destination(self, left: Left) -> str:
        """Where left freight wants to go; empty when its booking is unknown."""
        booking = self.bookings.get(left.booking_id)
        return booking.destination_id if booking else ""


def join(plan: Plan, scenario: Scenario, world: World) -> Facts:
    """Join a plan to its scenario and world."""
    network = network_of(scenario, world).as_of(scenario.start_at.date())
    containers = {c.container_id: c for c in plan.containers}
    dated = timetable.departures(
        network.services,
        network.places,
        scenario.departures,
        start_at=scenario.start_at,
        from_minute=scenario.now_at - UNDER_WAY_DAYS * 1440,
        until_minute=scenario.horizon_days * 1440,
        holidays=network.holidays,
    )
    by_id = {d.departure_id: d for d in dated}
    dated_world = replace(world, network=network)
    decided = [by_id[r.departure_id] for r in plan.runs if r.departure_id in by_id]
    return Facts(
        plan=plan,
        scenario=scenario,
        world=world,
        network=network,
        containers=containers,
        bookings={b.booking_id: b for b in scenario.bookings},
        items={i.item_id: i for i in scenario.items},
        rides=_grouped(plan.rides, "subject_id"),
        riders=_grouped((r for r in plan.rides if r.departure_id and r.subject_id in containers), "departure_id"),
        departures=by_id,
        runs={r.departure_id: r for r in plan.runs},
        rooms={
            (run.departure_id, leg.seq): _room(run, leg, scenario, dated_world)
            for run in decided
            for leg in network.services[run.service_id].legs
        },
    )


def leg_day(run: Departure, leg: ServiceLeg, scenario: Scenario, network: Network) -> date:
    """Local date on which a departure runs a leg: the day whose rules hold on it."""
    place = network.places.get(leg.from_id)
    minute = next((t.departs_at for t in run.legs if t.seq == leg.seq), run.departs_at)
    return local(minute, scenario.start_at, place.timezone if place else "UTC").date()


def least_kg(rules: Iterable[TrainRule], *more: int) -> int:
    """Smallest of dated limits in t and of limits in kg; 0: none is known."""
    return min((kg for kg in (*more, *(r.greatest() for r in rules)) if kg), default=0)


def _room(run: Departure, leg: ServiceLeg, scenario: Scenario, world: World) -> Room:
    """Join a leg to the dated rules of its train class."""
    rules, on = world.rules, leg_day(run, leg, scenario, world.network)
    teu = [run.room_teu(leg), *(2 * r.greatest() // 1000 for r in rules.limits(leg.train_class, "max_boxes_feu", on))]
    return Room(
        teu=min(teu),
        cargo_kg=least_kg(rules.limits(leg.train_class, "max_cargo_t", on), leg.max_cargo_kg),
        gross_kg=least_kg(rules.limits(leg.train_class, "max_gross_t", on), leg.max_gross_kg),
    )


def _grouped(rides: Iterable[Ride], key: str) -> dict[str, tuple[Ride, ...]]:
    found: dict[str, list[Ride]] = {}
    for ride in rides:
        found.setdefault(getattr(ride, key), []).append(ride)
    return {k: tuple(sorted(v, key=lambda r: (r.seq, r.subject_id))) for k, v in found.items()}


def crossing(service: Service, network: Network, home: str) -> ServiceLeg | None:
    """Find the leg on which a service first crosses the border of a country, or None."""
    for leg in service.legs:
        countries = [network.places[p].country for p in (leg.from_id, leg.to_id) if p in network.places]
        if len(set(countries)) == 2 and home in countries:
            return leg
    return None
