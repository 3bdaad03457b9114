"""What a plan in the making must keep of the plan before, and what changing it weighs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from landport.assemble.wagons import Consist, Rider, Train, Yard, form
from landport.model.itinerary import Itinerary
from landport.model.plans import Ride, WagonLoad

Rides = tuple[tuple[str, int, int, str, str], ...]
"""A journey without its minutes: departure, first and last leg, places."""

HELD = 50
"""How many times what leaving a box weighs counts for one that must ride: nothing that is saved elsewhere pays it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What must stay, and what may move at a price.

    Parameters
    ----------
    rode
        Journeys of the plan before by container id; another one, or none, weighs `change_cents`.
    held
        Containers that must take one of the ways that they are offered: frozen ones, and those with a pin.
    running
        Hub trains that run whatever it costs.
    cancelled
        Hub trains that are cancelled, with the reason; nobody is offered them.
    past
        Hub trains that left before now, and run.
    wagons
        Wagons of the plan before, by departure; those whose containers all ride again stay as they are.
    """

    rode: Mapping[str, Rides]
    change_cents: int
    held: frozenset[str] = frozenset()
    running: frozenset[str] = frozenset()
    cancelled: Mapping[str, str] = field(default_factory=dict)
    past: frozenset[str] = frozenset()
    wagons: Mapping[str, tuple[WagonLoad, ...]] = field(default_factory=dict)

    def weight(self, container_id: str, way: Itinerary | None) -> int:
        """US cents that a way (None: leaving it) weighs for being another than before."""
        rode = self.rode.get(container_id)
        return 0 if rode is None or (way is not None and rides_of(way) == rode) else self.change_cents

    def left_cents(self, container_id: str, cents: int) -> int:
        """Weigh leaving a container, given what that weighs without a plan before."""
        return (HELD if container_id in self.held else 1) * cents + self.weight(container_id, None)

    def alike(self, container_id: str) -> tuple[object, ...]:
        """Say what containers must have in common to stand in one batch."""
        rode = self.rode.get(container_id) if self.change_cents else None
        return rode, container_id in self.held

    def formed(self, departure_id: str, riders: Sequence[Rider], train: Train, yard: Yard) -> Consist:
        """Form a train around the wagons that stay; afresh, if that takes more boxes and none of them is held.

        Notes
        -----
        The stock of the yard is used up as by `form`.
        """
        stock = None if yard.stock is None else dict(yard.stock)
        around = self._around(departure_id, riders, train, yard)
        if not around.rejected or any(r.box.container_id in self.held for r in riders):
            return around
        left = None if yard.stock is None else dict(yard.stock)
        _restock(yard, stock)
        afresh = form(riders, train, yard)
        if len(afresh.rejected) < len(around.rejected):
            return afresh
        _restock(yard, left)
        return around

    def _around(self, departure_id: str, riders: Sequence[Rider], train: Train, yard: Yard) -> Consist:
        aboard = {r.box.container_id for r in riders}
        stays = [w for w in self.wagons.get(departure_id, ()) if aboard.issuperset(w.container_ids)]
        return form(riders, train, yard, stays=[(w.wagon_type, w.container_ids) for w in stays])


def _restock(yard: Yard, stock: Mapping[str, int] | None) -> None:
    if yard.stock is not None and stock is not None:
        yard.stock.update(stock)


def rides_of(way: Itinerary) -> Rides:
    """Take the minutes out of a way."""
    return tuple((s.departure_id, s.first_leg, s.last_leg, s.from_id, s.to_id) for s in way.stretches)


def rides_before(rides: Sequence[Ride]) -> Rides:
    """Take the minutes out of a journey of an earlier plan."""
    return tuple((r.departure_id, r.first_leg, r.last_leg, r.from_id, r.to_id) for r in rides)
