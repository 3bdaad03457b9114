"""Choices of a way taken apart: rides with their legs, changes with their waits, charges and risks."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from landport.model.bookings import RestrictionOrder
from landport.model.choices import Choice, Choices, Risk
from landport.model.edits import NetworkEdit
from landport.model.itinerary import Stretch
from landport.model.network import Line, Network, Transfer
from landport.model.orders import Move as LegMove
from landport.model.places import Places
from landport.model.plans import Charge
from landport.model.services import Service, ServiceLeg
from landport.reference import table
from landport.report import numbers
from landport.report.route_tolls import Toll, tolls

RISKY = 0.25
"""Share of the samples that miss a departure from which on it is called risky."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedLeg:
    """One leg of a ride with its minutes.

    Parameters
    ----------
    leg
        Of the service; None: a truck on demand.
    path_ids
        Places it passes, ends included.
    """

    from_id: str
    to_id: str
    mode: str
    gauge_mm: int
    length_km: int
    departs_at: int
    arrives_at: int
    path_ids: tuple[str, ...]
    leg: ServiceLeg | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One ride of a choice.

    Parameters
    ----------
    number
        From 1.
    service
        None: a truck on demand, or a service that the network does not have.
    charge
        None: the choice has none for it.
    risk
        None: nothing was drawn, or it is a truck.
    tolls
        What it pays for quotas of orders.
    """

    number: int
    stretch: Stretch
    service: Service | None
    legs: tuple[TimedLeg, ...]
    charge: Charge | None
    risk: Risk | None
    tolls: tuple[Toll, ...] = ()

    @property
    def length_km(self) -> int:
        """Kilometres of all legs."""
        return sum(leg.length_km for leg in self.legs)

    @property
    def service_id(self) -> str:
        """Id of the service; empty: a truck on demand."""
        return self.stretch.departure_id.partition("@")[0]

    @property
    def is_risky(self) -> bool:
        """Tell whether its departure is missed often."""
        return self.risk is not None and self.risk.missed >= RISKY


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happens between two rides, or before the first (no transfer then).

    Parameters
    ----------
    from_at, until_at
        Arrival of the ride before (or when the load is ready), and departure of the next.
    """

    place_id: str
    from_at: int
    until_at: int
    transfer: Transfer | None
    charge: Charge | None

    @property
    def minutes(self) -> int:
        """How long the load stands."""
        return self.until_at - self.from_at

    @property
    def transfer_minutes(self) -> int:
        """How much of it is work."""
        return 0 if self.transfer is None else self.transfer.minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A choice taken apart: change `i` stands before move `i`, the first is the wait at the origin."""

    choice: Choice
    moves: tuple[Move, ...]
    changes: tuple[Change, ...]

    @property
    def arrives_at(self) -> int:
        """Minute of arrival as planned."""
        return self.choice.itinerary.arrives_at

    @property
    def length_km(self) -> int:
        """Kilometres of all rides."""
        return sum(move.length_km for move in self.moves)

    @property
    def riskiest(self) -> Move | None:
        """The boarding that is missed most, if any ever is."""
        known = [m for m in self.moves if m.risk is not None and m.risk.missed > 0]
        return max(known, key=lambda m: m.risk.missed if m.risk else 0.0, default=None)


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """An answer joined to its network.

    Parameters
    ----------
    ways
        One a choice, in their order.
    orders
        Restriction orders in force.
    """

    choices: Choices
    network: Network
    start_at: datetime
    ways: tuple[Way, ...]
    orders: tuple[RestrictionOrder, ...] = ()

    def name(self, place_id: str) -> str:
        """Name a place in English; its id where the network does not have it."""
        place = self.network.places.get(place_id)
        return place.name if place else place_id

    def zone(self, place_id: str) -> str:
        """Find the zone in which a place's times are written."""
        place = self.network.places.get(place_id)
        return place.timezone if place else "UTC"

    def when(self, minute: int, place_id: str) -> str:
        """Write the local time of a place as `Tue 24 Nov 17:40 UTC+8`."""
        zone = self.zone(place_id)
        said = numbers.when(minute, self.start_at, zone, month=True)
        return f"{said} {numbers.zone_name(minute, self.start_at, zone)}"

    def iso(self, minute: int, place_id: str) -> str:
        """Write the local time of a place as ISO 8601 with its offset."""
        return numbers.local(minute, self.start_at, self.zone(place_id)).isoformat(timespec="minutes")

    def waited(self, way: Way) -> int:
        """Minutes from ready to arrival."""
        return way.arrives_at - self.choices.trip.ready_at

    def place_ids(self) -> tuple[str, ...]:
        """List every place that is spoken of, each once: ends, and what ways pass."""
        trip = self.choices.trip
        found = [trip.at_id, trip.destination_id]
        for way in self.ways:
            found += [p for move in way.moves for leg in move.legs for p in leg.path_ids]
        found += [p for edit in self.choices.what_if.edits for p in edited_places(edit, self.network)]
        return tuple(dict.fromkeys(p for p in found if p in self.network.places))


def join(choices: Choices, network: Network, start_at: datetime, orders: Sequence[RestrictionOrder] = ()) -> RouteFacts:
    """Take every choice apart.

    Parameters
    ----------
    network
        Under the edits of the what-if.
    orders
        Restriction orders in force: they say where quotas are paid.
    """
    ways = tuple(take_apart(choice, choices, network, orders) for choice in choices.choices)
    return RouteFacts(choices, network, start_at, ways, tuple(orders))


def take_apart(choice: Choice, choices: Choices, network: Network, orders: Sequence[RestrictionOrder] = ()) -> Way:
    """Take one choice apart into rides and changes."""
    lines = {line.line_id: line for line in network.lines}
    services = {**{s.service_id: s for s in choices.what_if.services}, **network.services}
    transfers = {t.transfer_id: t for t in network.transfers}
    rides, handling = _charges(choice)
    moves = tuple(
        _move(number, stretch, services, network, lines, charge, choice)
        for (number, stretch), charge in zip(enumerate(choice.itinerary.stretches, 1), rides, strict=True)
    )
    paid = tolls(choice, [(move.number, _moved(leg)) for move in moves for leg in move.legs], orders)
    moves = tuple(replace(move, tolls=tuple(t for t in paid if t.ride == move.number)) for move in moves)
    return Way(choice=choice, moves=moves, changes=_changes(choices, choice, transfers, handling))


def _moved(leg: TimedLeg) -> LegMove:
    """Say of a leg what orders are about; of a truck on demand they say nothing."""
    return LegMove(leg.from_id, leg.to_id, leg.departs_at, leg.arrives_at, is_dated=leg.leg is not None)


def edited_places(edit: NetworkEdit, network: Network) -> tuple[str, ...]:
    """List the ends of an edited line (of a closed one as it was shipped), or the edited place."""
    for line in network.lines:
        if line.line_id == edit.subject_id:
            return line.from_id, line.to_id
    if edit.subject_id in network.places:
        return (edit.subject_id,)
    shipped = (row for row in table.records("lines") if row["line_id"] == edit.subject_id)
    return next(((row["from_id"], row["to_id"]) for row in shipped), ())


def truck_lines(network: Network, from_id: str, to_id: str) -> tuple[Line, ...]:
    """Follow the quickest road lines within the country of the origin; empty: there are none.

    Notes
    -----
    Dijkstra with ties by length, as `model.changes.roads` measures trucks on demand.
    """
    country = _country(network.places, from_id)
    graph: dict[str, list[tuple[str, Line]]] = {}
    for line in network.lines:
        ends = (line.from_id, line.to_id)
        if line.mode == "road" and all(_country(network.places, p) == country for p in ends):
            graph.setdefault(ends[0], []).append((ends[1], line))
            graph.setdefault(ends[1], []).append((ends[0], line))
    queue: list[tuple[int, int, str, tuple[str, ...]]] = [(0, 0, from_id, ())]
    done: set[str] = set()
    by_id = {line.line_id: line for found in graph.values() for _, line in found}
    while queue:
        minutes, km, here, way = heapq.heappop(queue)
        if here == to_id:
            return tuple(by_id[i] for i in way)
        if here in done:
            continue
        done.add(here)
        for there, line in graph.get(here, ()):
            if there not in done:
                step = (minutes + line.running_minutes, km + line.length_km, there, (*way, line.line_id))
                heapq.heappush(queue, step)
    return ()


def _country(places: Places, place_id: str) -> str:
    return places[place_id].country if place_id in places else ""


def path(from_id: str, to_id: str, lines: Iterable[Line]) -> tuple[str, ...]:
    """List the places along lines; the ends alone where the lines do not join them."""
    found = [from_id]
    for line in lines:
        if found[-1] not in (line.from_id, line.to_id):
            return from_id, to_id
        found.append(line.to_id if line.from_id == found[-1] else line.from_id)
    return tuple(found) if found[-1] == to_id else (from_id, to_id)


def _charges(choice: Choice) -> tuple[list[Charge | None], list[Charge | None]]:
    """Give every ride and every change its charge, by kind and order."""
    kinds: dict[str, list[Charge]] = {"freight": [], "road": [], "handling": []}
    for charge in choice.charges:
        kinds.setdefault(charge.kind, []).append(charge)
    left = {kind: iter(found) for kind, found in kinds.items()}
    way = choice.itinerary
    rides = [next(left["freight" if s.departure_id else "road"], None) for s in way.stretches]
    return rides, [next(left["handling"], None) for _ in way.transfer_ids]


def _changes(
    choices: Choices, choice: Choice, transfers: Mapping[str, Transfer], charges: Sequence[Charge | None]
) -> tuple[Change, ...]:
    way, trip = choice.itinerary, choices.trip
    first = Change(place_id=trip.at_id, from_at=trip.ready_at, until_at=way.departs_at, transfer=None, charge=None)
    found = [first]
    for n, (transfer_id, charge) in enumerate(zip(way.transfer_ids, charges, strict=True)):
        before, after = way.stretches[n : n + 2]
        found.append(
            Change(
                place_id=after.from_id,
                from_at=before.arrives_at,
                until_at=after.departs_at,
                transfer=transfers.get(transfer_id),
                charge=charge,
            )
        )
    return tuple(found)


def _move(
    number: int,
    stretch: Stretch,
    services: Mapping[str, Service],
    network: Network,
    lines: Mapping[str, Line],
    charge: Charge | None,
    choice: Choice,
) -> Move:
    service = services.get(stretch.departure_id.partition("@")[0]) if stretch.departure_id else None
    legs = (_truck(stretch, network),) if service is None else tuple(_legs(stretch, service, lines))
    risks = choice.odds.risks if choice.odds else ()
    risk = next((r for r in risks if r.stretch == number), None)
    return Move(number=number, stretch=stretch, service=service, legs=legs, charge=charge, risk=risk)


def _truck(stretch: Stretch, network: Network) -> TimedLeg:
    lines = truck_lines(network, stretch.from_id, stretch.to_id)
    return TimedLeg(
        from_id=stretch.from_id,
        to_id=stretch.to_id,
        mode="road",
        gauge_mm=0,
        length_km=sum(line.length_km for line in lines),
        departs_at=stretch.departs_at,
        arrives_at=stretch.arrives_at,
        path_ids=path(stretch.from_id, stretch.to_id, lines),
        leg=None,
    )


def _legs(stretch: Stretch, service: Service, lines: Mapping[str, Line]) -> Iterable[TimedLeg]:
    """Time each leg of a ride: the dwell before its first leg is over when it departs."""
    clock = stretch.departs_at
    for leg in service.legs[stretch.first_leg - 1 : stretch.last_leg]:
        departs = clock + (leg.dwell_minutes if leg.seq > stretch.first_leg else 0)
        clock = departs + leg.running_minutes
        known = [lines[i] for i in leg.line_ids if i in lines]
        whole = len(known) == len(leg.line_ids)
        yield TimedLeg(
            from_id=leg.from_id,
            to_id=leg.to_id,
            mode=leg.mode,
            gauge_mm=leg.gauge_mm,
            length_km=leg.length_km,
            departs_at=departs,
            arrives_at=clock,
            path_ids=path(leg.from_id, leg.to_id, known) if whole else (leg.from_id, leg.to_id),
            leg=leg,
        )
