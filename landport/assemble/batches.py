"""Equal containers as batches, each with its priced ways: the numbers that `program` lays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from landport.assemble.caps import TrainCap, train_caps
from landport.assemble.load_cuts import LoadCut
from landport.assemble.resources import Resources
from landport.model import tariff
from landport.model.bookings import RestrictionOrder
from landport.model.itinerary import Itinerary
from landport.model.journeys import Pricing, cents
from landport.model.plans import PlannedContainer
from landport.model.services import Departure

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Option:
    """One way of one batch: its price a container, the rows it uses, the hub trains it needs."""

    way: Itinerary
    usd_cents: int
    uses: Mapping[int, int]
    trains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Containers that are equal in everything that counts.

    Parameters
    ----------
    left_cents
        What leaving one behind weighs.
    """

    containers: tuple[PlannedContainer, ...]
    teu: int
    left_cents: int
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything assembly decides on.

    Parameters
    ----------
    decided
        Hub trains of tonight's plan that some way uses, by id, in order of departure.
    moments
        By container id: twice the moment of what is in it about its middle, in g mm, towards the door and its right
        wall. Those that are not here weigh alike everywhere, as far as anybody knows.
    cuts
        What trains turned out not to take.
    """

    batches: tuple[Batch, ...]
    resources: Resources
    decided: Mapping[str, Departure]
    caps: tuple[TrainCap, ...]
    orders: tuple[RestrictionOrder, ...] = ()
    moments: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    cuts: tuple[LoadCut, ...] = ()

    def over(self, batches: Sequence[Batch]) -> Problem:
        """Lay other batches out with the same limits and orders."""
        return problem_of(batches, self.resources, self.orders, self.moments)

    def fixed_cents(self, departure_id: str) -> int:
        """Cost of running a hub train."""
        return self.resources.pricing.service(departure_id).fixed_usd_cents

    @property
    def must_run(self) -> frozenset[str]:
        """Trains that run whatever it costs."""
        kept = self.resources.kept
        return kept.running if kept else frozenset()

    def min_teu(self, departure_id: str) -> int:
        """TEU a hub train needs on its fullest leg."""
        return self.resources.pricing.service(departure_id).min_teu


def problem_of(
    batches: Sequence[Batch],
    resources: Resources,
    orders: Sequence[RestrictionOrder],
    moments: Mapping[str, tuple[int, int]],
) -> Problem:
    """Find the trains that some way of some batch uses, and the limits on trains among them."""
    pricing = resources.pricing
    used = {d for batch in batches for option in batch.options for d in option.trains}
    decided = {d: pricing.departures[d] for d in pricing.departures if d in used}
    caps = train_caps(list(decided.values()), resources, orders)
    return Problem(tuple(batches), resources, decided, caps, tuple(orders), moments)


def batches(
    containers: Sequence[PlannedContainer], choices: Mapping[str, tuple[Itinerary, ...]], resources: Resources
) -> tuple[Batch, ...]:
    """Group containers that have the same ways, mass, dates and quotas, in order of due date, priority and id."""
    groups: dict[tuple[object, ...], list[PlannedContainer]] = {}
    number: dict[tuple[Itinerary, ...], int] = {}
    number_of: dict[int, int] = {}  # by object: ways that are one object are compared once
    ordered = sorted(containers, key=lambda c: (c.due_at, -c.priority, c.container_id))
    for box in ordered:
        ways = choices.get(box.container_id, ())
        if id(ways) not in number_of:
            number_of[id(ways)] = number.setdefault(ways, len(number))
        power = resources.needs_power(box)
        alike = (box.container_type, box.gross_kg, box.cargo_kg, box.ready_at, box.due_at, box.priority, power)
        quotas = (order.order_id for order in resources.pricing.quotas_of(box))
        kept = resources.kept.alike(box.container_id) if resources.kept else ()
        key = (number_of[id(ways)], *alike, *quotas, *kept)
        groups.setdefault(key, []).append(box)
    return tuple(_batch(tuple(found), choices.get(found[0].container_id, ()), resources) for found in groups.values())


def _batch(found: tuple[PlannedContainer, ...], ways: Sequence[Itinerary], resources: Resources) -> Batch:
    load = resources.pricing.load_of(found[0])
    left_cents = tariff.left(load, resources.pricing.rules).usd_cents
    if resources.kept:
        left_cents = resources.kept.left_cents(found[0].container_id, left_cents)
    return Batch(found, load.teu, left_cents, tuple(priced(found[0], way, resources) for way in ways))


def priced(box: PlannedContainer, way: Itinerary, resources: Resources) -> Option:
    """Price a way for a container, and list what it takes."""
    pricing: Pricing = resources.pricing
    trains = dict.fromkeys(s.departure_id for s in way.stretches if s.departure_id)
    changed = resources.kept.weight(box.container_id, way) if resources.kept else 0
    return Option(
        way=way,
        usd_cents=cents(pricing.journey(box, way)) + changed,
        uses=resources.use(box, way),
        trains=tuple(d for d in trains if pricing.is_decided(d)),
    )
