"""Pricing whole journeys: rides, the changes between them, quotas, time and lateness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from landport.model import orders, tariff
from landport.model.bookings import Booking, RestrictionOrder
from landport.model.changes import Road
from landport.model.equipment import ContainerType
from landport.model.itinerary import Itinerary
from landport.model.network import Network, Transfer
from landport.model.orders import Move
from landport.model.plans import Charge, PlannedContainer
from landport.model.rules import Rules
from landport.model.services import Departure, Service
from landport.model.tariff import Load


@dataclass(frozen=True, slots=True)
class Pricing:
    """What a journey is priced with.

    Parameters
    ----------
    plan_end
        Hub departures that leave their first stop at or after this minute are undecided.
    quotas
        Orders that give a quota of TEU a day; others price nothing.
    bookings
        By id: what is in the boxes; needed where a quota names cargo.
    """

    network: Network
    roads: Mapping[tuple[str, str], Road]
    departures: Mapping[str, Departure]
    transfers: Mapping[str, Transfer]
    container_types: Mapping[str, ContainerType]
    rules: Rules
    plan_end: int
    quotas: tuple[RestrictionOrder, ...] = ()
    bookings: Mapping[str, Booking] = field(default_factory=dict)

    def service(self, departure_id: str) -> Service:
        """Find the service of a departure."""
        return self.network.services[self.departures[departure_id].service_id]

    def is_decided(self, departure_id: str) -> bool:
        """Tell whether tonight's plan runs or cancels a departure itself."""
        run = self.departures[departure_id]
        return self.network.services[run.service_id].operation == "hub" and run.departs_at < self.plan_end

    def is_undecided(self, departure_id: str) -> bool:
        """Tell whether it is a hub train of a later plan."""
        run = self.departures[departure_id]
        return self.network.services[run.service_id].operation == "hub" and run.departs_at >= self.plan_end

    def load_of(self, box: PlannedContainer) -> Load:
        """Say what of a container decides its price."""
        teu = self.container_types[box.container_type].teu
        return Load(
            subject_id=box.container_id,
            teu=teu,
            feu_milli=500 * teu,
            cargo_kg=box.cargo_kg,
            gross_kg=box.gross_kg,
            priority=box.priority,
        )

    def quotas_of(self, box: PlannedContainer) -> tuple[RestrictionOrder, ...]:
        """List the quotas that a container counts under where it passes."""
        if not self.quotas:
            return ()
        inside = orders.goods_of(self.bookings[b] for b in box.booking_ids if b in self.bookings)
        asked = (box.container_type, inside.cargo_codes, inside.un_classes)
        return tuple(order for order in self.quotas if orders.names(order, *asked))

    def handed_over(self, box: PlannedContainer, way: Itinerary) -> list[tuple[RestrictionOrder, int]]:
        """List what a container's way takes of quotas: the order and the minute of each passage."""
        return self._passed(self.quotas_of(box), way)

    def tolls(self, load: Load, named: Sequence[RestrictionOrder], way: Itinerary) -> list[Charge]:
        """Price each passage of a way under quotas that name the load and cost something."""
        return [tariff.handed_over(load, o) for o, _ in self._passed(named, way) if o.usd_cents_per_teu]

    def _passed(self, named: Sequence[RestrictionOrder], way: Itinerary) -> list[tuple[RestrictionOrder, int]]:
        moves = list(self.moves(way)) if named else []
        return [(order, minute) for order in named for minute in orders.passages(order, moves)]

    def moves(self, way: Itinerary) -> Iterator[Move]:
        """Take a way leg by leg."""
        for s in way.stretches:
            if not s.departure_id:
                yield Move(s.from_id, s.to_id, s.departs_at, s.arrives_at, is_dated=False)
                continue
            legs = zip(self.service(s.departure_id).legs, self.departures[s.departure_id].legs, strict=True)
            for leg, timed in list(legs)[s.first_leg - 1 : s.last_leg]:
                yield Move(leg.from_id, leg.to_id, timed.departs_at, timed.arrives_at)

    def journey(self, box: PlannedContainer, way: Itinerary) -> list[Charge]:
        """Price a container's way line by line: rides, changes, quotas that cost something, time, lateness.

        Fixed train costs are not in it.
        """
        load = self.load_of(box)
        passed = self.tolls(load, self.quotas_of(box), way)
        waited = tariff.waiting(load, box.ready_at, way.arrives_at, box.due_at, self.rules)
        return self.carriage(load, way) + passed + waited

    def carriage(self, load: Load, way: Itinerary) -> list[Charge]:
        """Price a way line by line: rides, then the changes between them."""
        charges = []
        for stretch in way.stretches:
            if stretch.departure_id:
                service = self.service(stretch.departure_id)
                undecided = self.is_undecided(stretch.departure_id)
                legs = (stretch.first_leg, stretch.last_leg)
                charges.append(tariff.ride(load, service, *legs, self.rules, undecided=undecided))
            else:
                road = self.roads[stretch.from_id, stretch.to_id]
                charges.append(tariff.road(load, road, self.network.places, self.rules))
        return charges + [tariff.change(load, self.transfers[t], self.rules) for t in way.transfer_ids]


def cents(charges: Sequence[Charge]) -> int:
    """Add up charges."""
    return sum(c.usd_cents for c in charges)
