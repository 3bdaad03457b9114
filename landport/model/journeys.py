"""Pricing whole journeys: rides, the changes between them, time and lateness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landport.model import tariff
from landport.model.changes import Road
from landport.model.equipment import ContainerType
from landport.model.itinerary import Itinerary
from landport.model.network import Network, Transfer
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
    """

    network: Network
    roads: Mapping[tuple[str, str], Road]
    departures: Mapping[str, Departure]
    transfers: Mapping[str, Transfer]
    container_types: Mapping[str, ContainerType]
    rules: Rules
    plan_end: int

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

    def journey(self, box: PlannedContainer, way: Itinerary) -> list[Charge]:
        """Price a container's way line by line: rides, changes, time, lateness. Fixed train costs are not in it."""
        load = self.load_of(box)
        waited = tariff.waiting(load, box.ready_at, way.arrives_at, box.due_at, self.rules)
        return self.carriage(load, way) + waited

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
