"""What departures can take, as rows of one table: positions, cargo and gross mass by leg, wagons, quotas, tracks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from landport.model.bookings import NightSupply, RestrictionOrder
from landport.model.itinerary import Itinerary
from landport.model.journeys import Pricing
from landport.model.plans import PlannedContainer
from landport.model.services import Departure, Service, ServiceLeg
from landport.units import railway_day

NEVER_FULL = 1 << 40
"""Room where no limit is known."""


@dataclass(frozen=True, slots=True)
class Row:
    """One limit.

    Parameters
    ----------
    what
        teu, cargo_kg, gross_kg (of a leg), wagons (of a yard and day, in half wagons), quota (of an order and day, in
        TEU).
    departure_id, seq
        The leg; for a yard or an order its railway day, seq 0.
    room
        What there is.
    order_id
        Of a quota.
    """

    what: str
    departure_id: str
    seq: int
    room: int
    order_id: str = ""


@dataclass(slots=True)
class Resources:
    """Rows of limits, made as itineraries ask for them.

    Parameters
    ----------
    start_at
        Minute 0, to date the rules by.
    hub_id
        Yard whose wagons count.
    now_at
        Hub trains that left before it are no longer decided.
    """

    pricing: Pricing
    supply: Sequence[NightSupply]
    start_at: datetime
    hub_id: str
    now_at: int
    rows: list[Row] = field(default_factory=list)
    index: dict[tuple[str, str, int, str], int] = field(default_factory=dict)

    def use(self, box: PlannedContainer, way: Itinerary) -> dict[int, int]:
        """List how much of which row one container takes on a way: row index -> amount.

        Notes
        -----
        Legs and the yard are taken stretch by stretch, quotas of orders by the passages of the whole way: on every
        departure, whether the hub runs it or not.
        """
        taken: dict[int, int] = {}
        for stretch in way.stretches:
            if not stretch.departure_id:
                continue
            run = self.pricing.departures[stretch.departure_id]
            service = self.pricing.service(stretch.departure_id)
            for leg in service.legs[stretch.first_leg - 1 : stretch.last_leg]:
                for row, amount in self._leg_use(box, run, service, leg):
                    taken[row] = taken.get(row, 0) + amount
        teu = self.pricing.container_types[box.container_type].teu
        for order, minute in self.pricing.handed_over(box, way):
            row = self._quota(order, minute)
            taken[row] = taken.get(row, 0) + teu
        return taken

    def _quota(self, order: RestrictionOrder, minute: int) -> int:
        """Row of an order's quota on the railway day of a minute."""
        day = railway_day(minute, self.start_at).isoformat()
        return self._row("quota", day, 0, order.max_teu_per_day or 0, order.order_id)

    def _leg_use(
        self, box: PlannedContainer, run: Departure, service: Service, leg: ServiceLeg
    ) -> Iterable[tuple[int, int]]:
        teu = self.pricing.container_types[box.container_type].teu
        yield self._row("teu", run.departure_id, leg.seq, self._positions(run, service, leg)), teu
        if not self.pricing.is_decided(run.departure_id):
            return
        tare = self.pricing.rules.milli("wagon_tare_t_per_feu") * teu // 2
        yield self._row("cargo_kg", run.departure_id, leg.seq, self._cargo(run, leg)), box.gross_kg
        gross = self._gross(run, leg)
        if gross < NEVER_FULL:
            yield self._row("gross_kg", run.departure_id, leg.seq, gross), box.gross_kg + tare
        if leg.seq == 1 and self.is_formed_here(run.departure_id):
            day = self.day_of(run)
            here = [
                s.count for s in self.supply if (s.day_on, s.place_id) == (day, leg.from_id) and s.resource != "track"
            ]
            yield self._row("wagons", day, 0, 2 * sum(here) if here else NEVER_FULL), teu

    def tonight(self) -> tuple[str, ...]:
        """List the hub trains that this plan runs or cancels, in order of departure: those not yet gone."""
        pricing = self.pricing
        return tuple(
            d for d, run in pricing.departures.items() if pricing.is_decided(d) and run.departs_at >= self.now_at
        )

    def is_formed_here(self, departure_id: str) -> bool:
        """Tell whether this plan puts the boxes of a train on wagons: the hub assembles it in its own yard."""
        service = self.pricing.service(departure_id)
        return service.group == "assembly" and service.legs[0].from_id == self.hub_id

    def day_of(self, run: Departure) -> str:
        """Railway day (ISO date) on which a departure leaves its first stop."""
        return railway_day(run.departs_at, self.start_at).isoformat()

    def on(self, run: Departure, leg: ServiceLeg) -> date:
        """Local date on which a departure runs a leg."""
        zone = ZoneInfo(self.pricing.network.places[leg.from_id].timezone)
        minute = run.legs[leg.seq - 1].departs_at
        return (self.start_at + timedelta(minutes=minute)).astimezone(zone).date()

    def _positions(self, run: Departure, service: Service, leg: ServiceLeg) -> int:
        room = run.room_teu(leg)
        if service.operation == "hub":
            rules = self.pricing.rules.limits(leg.train_class, "max_boxes_feu", self.on(run, leg))
            room = min([room, *(2 * r.greatest() // 1000 for r in rules)])
        return room

    def _cargo(self, run: Departure, leg: ServiceLeg) -> int:
        rules = self.pricing.rules.limits(leg.train_class, "max_cargo_t", self.on(run, leg))
        return min([leg.max_cargo_kg or NEVER_FULL, *(r.greatest() for r in rules)])

    def _gross(self, run: Departure, leg: ServiceLeg) -> int:
        rules = self.pricing.rules.limits(leg.train_class, "max_gross_t", self.on(run, leg))
        return min([leg.max_gross_kg or NEVER_FULL, *(r.greatest() for r in rules)])

    def longest_mm(self, run: Departure, service: Service) -> int:
        """Length a train formed on its first leg may have: the least of all legs up to the first change of gauge."""
        most = NEVER_FULL
        for leg in service.legs:
            if leg.gauge_mm != service.legs[0].gauge_mm:
                break
            rules = self.pricing.rules.limits(leg.train_class, "max_length_m", self.on(run, leg))
            most = min([most, leg.max_length_mm or most, *(r.greatest() for r in rules)])
        return most

    def _row(self, what: str, departure_id: str, seq: int, room: int, order_id: str = "") -> int:
        key = (what, departure_id, seq, order_id)
        if key not in self.index:
            self.index[key] = len(self.rows)
            self.rows.append(Row(what, departure_id, seq, room, order_id))
        return self.index[key]


@dataclass(frozen=True, slots=True)
class TrainCap:
    """A limit on how many of some hub trains run: a yard's tracks on a day, or an order's trains a day."""

    departure_ids: tuple[str, ...]
    most: int
    why: str


def train_caps(
    decided: Sequence[Departure],
    resources: Resources,
    orders: Sequence[RestrictionOrder],
) -> tuple[TrainCap, ...]:
    """Collect the caps that hold on tonight's hub trains."""
    caps = []
    services = resources.pricing.network.services
    for supply in resources.supply:
        if supply.resource == "track":
            here = [
                d.departure_id
                for d in decided
                if services[d.service_id].legs[0].from_id == supply.place_id and resources.day_of(d) == supply.day_on
            ]
            caps.append(TrainCap(tuple(here), supply.count, f"{supply.place_id} has {supply.count} loading tracks"))
    for order in orders:
        if order.max_trains_per_day is not None:
            caps += _order_caps(order, order.max_trains_per_day, decided, services, resources.start_at)
    return tuple(cap for cap in caps if len(cap.departure_ids) > cap.most)


def _order_caps(
    order: RestrictionOrder,
    most: int,
    decided: Sequence[Departure],
    services: Mapping[str, Service],
    start_at: datetime,
) -> Iterable[TrainCap]:
    by_day: dict[date, list[str]] = {}
    for run in decided:
        for minute in _passes(order, run, services[run.service_id]):
            found = by_day.setdefault(railway_day(minute, start_at), [])
            if run.departure_id not in found:
                found.append(run.departure_id)
    for day, found in sorted(by_day.items()):
        yield TrainCap(tuple(found), most, f"order {order.number} allows {most} trains at {order.place_id} on {day}")


def _passes(order: RestrictionOrder, run: Departure, service: Service) -> Iterable[int]:
    """Minutes at which a departure does what the order limits."""
    for leg, timed in zip(service.legs, run.legs, strict=True):
        leaves = leg.from_id == order.place_id and order.towards_id in ("", leg.to_id)
        if leaves and order.from_at <= timed.departs_at < order.until_at:
            yield timed.departs_at
        elif (
            leg.to_id == order.place_id and not order.towards_id and order.from_at <= timed.arrives_at < order.until_at
        ):
            yield timed.arrives_at
