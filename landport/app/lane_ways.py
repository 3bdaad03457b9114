"""Ways to the hub and from it over services, trucks and the changes between them, without dates."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import NamedTuple

from landport.app.lane_prices import Prices
from landport.model.changes import Changes, End, Road, roads
from landport.model.lanes import LaneRate, Ride
from landport.model.network import Network
from landport.model.services import Service

WEEK = 10_080
PASSING = frozenset({"through", "through-return"})
"""Groups whose room nobody told of."""


@dataclass(frozen=True, slots=True)
class HubWay:
    """A way to the hub or from it.

    Parameters
    ----------
    cost
        Cents a TEU of money and time, trains fairly full.
    gathered
        The first train, if the hub runs it.
    begin, end
        How it leaves and arrives.
    """

    cost: int
    gathered: Service | None
    begin: End
    end: End
    rides: tuple[Ride, ...]
    rates: tuple[LaneRate, ...]


class _Step(NamedTuple):
    """One ride, however it is reached; its minutes hold the cut-off."""

    cost: int
    begin: End
    end: End
    ride: Ride
    rate: LaneRate


class _State(NamedTuple):
    """A step behind others, with the change before it."""

    cost: int
    step: _Step
    change: tuple[LaneRate, int] | None
    before: _State | None


class Ways:
    """Finds ways; answers are kept by place."""

    def __init__(self, hub_id: str, network: Network, prices: Prices) -> None:
        self.prices = prices
        self.changes = Changes(network.transfers)
        self._hub_id = hub_id
        self._places = network.places
        services = [s for s in network.services.values() if s.group not in PASSING]
        self._ends = {(p, s.mode) for s in services for p in (s.legs[0].from_id, s.legs[-1].to_id)}
        self._gathered: dict[str, list[Service]] = {}
        self._steps: dict[str, dict[End, list[_Step]]] = {}
        for service in services:
            if service.operation == "hub":
                self._gathered.setdefault(service.legs[0].from_id, []).append(service)
            else:
                self._add(service)
        for way in roads(network.lines, network.places, prices.rules).values():
            self._keep(way.from_id, self._trucked(way))
        self._to_hub: dict[str, list[HubWay]] = {}
        self._from_hub: list[dict[str, HubWay]] | None = None

    def to_hub(self, origin_id: str) -> list[HubWay]:
        """Find the best way whose first train is gathered at the origin, and the best without one."""
        if origin_id not in self._to_hub:
            starts = (*self._gathered.get(origin_id, ()), None)
            found = [self._best(origin_id, gathered, self._hub_id).get(self._hub_id) for gathered in starts]
            ways = sorted((way for way in found if way is not None), key=lambda way: way.cost)
            trains = [way for way in ways if way.gathered]
            self._to_hub[origin_id] = [*trains[:1], *(way for way in ways if not way.gathered)]
        return self._to_hub[origin_id]

    def from_hub(self, destination_id: str) -> list[HubWay]:
        """Find the ways to a destination, one a train gathered at the hub and one without; the best first."""
        if self._from_hub is None:
            starts = (*self._gathered.get(self._hub_id, ()), None)
            self._from_hub = [self._best(self._hub_id, gathered, "") for gathered in starts]
        ways = [found[destination_id] for found in self._from_hub if destination_id in found]
        return sorted(ways, key=lambda way: way.cost)

    def _is_worked(self, place_id: str, service: Service) -> bool:
        """Tell whether freight changes at a stop: not at a border that trains only pass."""
        return self._places[place_id].kind != "border" or (place_id, service.mode) in self._ends

    def _add(self, service: Service) -> None:
        """Keep the rides of a bought service from where it is boarded; a truck takes its load from end to end."""
        for seq, leg in enumerate(service.legs, 1):
            if self._is_worked(leg.from_id, service) and (service.mode != "road" or seq == 1):
                for step in self._ridden(service, seq, is_gathered=False):
                    self._keep(leg.from_id, step)

    def _keep(self, place_id: str, step: _Step) -> None:
        self._steps.setdefault(place_id, {}).setdefault(step.begin, []).append(step)

    def _best(self, origin_id: str, gathered: Service | None, until_id: str) -> dict[str, HubWay]:
        """Search from a place with a first train, or without one; best way by place, until one is reached."""
        numbers = count()
        queue: list[tuple[int, int, _State]] = []
        least: dict[tuple[str, End], int] = {}

        def push(state: _State) -> None:
            key = (state.step.ride.to_id, state.step.end)
            if state.cost < least.get(key, 1 << 60):
                least[key] = state.cost
                heapq.heappush(queue, (state.cost, next(numbers), state))

        for step in self._first(origin_id, gathered):
            push(_State(step.cost, step, None, None))
        best: dict[str, HubWay] = {}
        while queue and until_id not in best:
            _, _, state = heapq.heappop(queue)
            here = state.step.ride.to_id
            if state.cost > least[here, state.step.end] or here == origin_id:
                continue
            if here not in best:
                best[here] = _told(state, gathered)
            for onward in self._next(state):
                push(onward)
        return best

    def _first(self, origin_id: str, gathered: Service | None) -> Iterator[_Step]:
        if gathered is not None:
            yield from self._ridden(gathered, 1, is_gathered=True)
            return
        for steps in self._steps.get(origin_id, {}).values():
            yield from steps

    def _next(self, state: _State) -> Iterator[_State]:
        """Change at a place; never from one truck on demand to another."""
        here, end = state.step.ride.to_id, state.step.end
        for begin, steps in self._steps.get(here, {}).items():
            if not state.step.ride.service_id and not begin.neighbour_id:
                continue
            change = self.changes.find(here, end, begin)
            if change is None:
                continue
            paid = LaneRate(change.transfer_id, change.usd_cents_per_teu), change.minutes
            cost = state.cost + change.usd_cents_per_teu + self.prices.weight(change.minutes)
            for step in steps:
                yield _State(cost + step.cost, step, paid, state)

    def _ridden(self, service: Service, seq: int, *, is_gathered: bool) -> Iterator[_Step]:
        """Ride a service from a leg to each stop after it; what a gathered train costs as a whole is in no rate."""
        headway = 0 if is_gathered else WEEK * service.every_n_weeks // len(service.weekdays)
        first = service.legs[seq - 1]
        cents, minutes = 0, service.cut_off_minutes
        whole = self.prices.whole(service) if is_gathered else 0
        for n, leg in enumerate(service.legs[seq - 1 :], seq):
            cents += leg.usd_cents_per_teu
            minutes += leg.running_minutes + (leg.dwell_minutes if n > seq else 0)
            is_last = n == len(service.legs)
            if not self._is_worked(leg.to_id, service) or (service.mode == "road" and not is_last):
                continue
            ride = Ride(
                service_id=service.service_id,
                from_id=first.from_id,
                to_id=leg.to_id,
                first_leg=seq,
                last_leg=n,
                headway_minutes=headway,
                minutes=minutes,
            )
            yield _Step(
                cost=cents + whole + self.prices.weight(minutes + headway // 2),
                begin=End(first.mode, first.gauge_mm, first.to_id),
                end=End(leg.mode, leg.gauge_mm, leg.from_id),
                ride=ride,
                rate=LaneRate(f"{service.service_id}/{seq}-{n}", cents),
            )

    def _trucked(self, way: Road) -> _Step:
        rate_id, cents = self.prices.truck(way.from_id, way.length_km)
        ride = Ride(
            service_id="",
            from_id=way.from_id,
            to_id=way.to_id,
            first_leg=0,
            last_leg=0,
            headway_minutes=0,
            minutes=way.running_minutes,
        )
        return _Step(
            cost=cents + self.prices.weight(way.running_minutes),
            begin=End("road", 0, ""),
            end=End("road", 0, ""),
            ride=ride,
            rate=LaneRate(f"{rate_id}/{way.from_id}-{way.to_id}", cents),
        )


def _told(state: _State, gathered: Service | None) -> HubWay:
    """Put the steps of a way in order, each with the minutes of the change before it."""
    rides: list[Ride] = []
    rates: list[LaneRate] = []
    here: _State | None = state
    begin = state.step.begin
    while here is not None:
        step, minutes = here.step, 0
        rates.append(step.rate)
        if here.change is not None:
            rates.append(here.change[0])
            minutes = here.change[1]
        rides.append(replace(step.ride, minutes=step.ride.minutes + minutes))
        begin, here = step.begin, here.before
    return HubWay(state.cost, gathered, begin, state.step.end, tuple(rides[::-1]), tuple(rates[::-1]))
