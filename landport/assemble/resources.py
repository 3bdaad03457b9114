"""What departures and places can take, as rows of one table: positions, masses and plugs by leg, wagons, work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from landport.assemble.kept import Kept
from landport.assemble.work import Work
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
        teu, cargo_kg, gross_kg, plugs (of a leg); wagons (of a yard and day, in half wagons); quota (of an order and
        day, in TEU); lift (of a place and shift, in boxes); gauge-change (of a place and shift, in TEU); transfer (of a
        way to change at a place, and day, in TEU).
    departure_id, seq
        The leg; for all else its railway day, with its shift if it has one, seq 0.
    room
        What there is.
    order_id
        Of a quota.
    at_id
        Place of lifts and gauge changes, or the transfer.
    """

    what: str
    departure_id: str
    seq: int
    room: int
    order_id: str = ""
    at_id: str = ""


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
    kept
        What stays of a plan before, where there is one.
    """

    pricing: Pricing
    supply: Sequence[NightSupply]
    start_at: datetime
    hub_id: str
    now_at: int
    kept: Kept | None = None
    rows: list[Row] = field(default_factory=list)
    index: dict[tuple[str, str, int, str, str], int] = field(default_factory=dict)
    legs: dict[tuple[str, int], tuple[tuple[int, str], ...]] = field(default_factory=dict)
    work: Work = field(init=False)

    def __post_init__(self) -> None:
        self.work = Work(self.pricing, self.supply, self.start_at)

    def use(self, box: PlannedContainer, way: Itinerary) -> dict[int, int]:
        """List how much of which row one container takes on a way: row index -> amount.

        Notes
        -----
        Legs and the yard are taken stretch by stretch, quotas of orders by the passages of the whole way: on every
        departure, whether the hub runs it or not.
        """
        taken: dict[int, int] = {}
        teu = self.pricing.container_types[box.container_type].teu
        tare = self.pricing.rules.milli("wagon_tare_t_per_feu") * teu // 2
        amounts = {"teu": teu, "cargo_kg": box.gross_kg, "gross_kg": box.gross_kg + tare, "wagons": teu}
        amounts["plugs"] = int(self.needs_power(box))
        for stretch in way.stretches:
            for seq in range(stretch.first_leg, stretch.last_leg + 1 if stretch.departure_id else 0):
                for row, what in self._rows_of(stretch.departure_id, seq):
                    taken[row] = taken.get(row, 0) + amounts[what]
        for order, minute in self.pricing.handed_over(box, way):
            row = self._quota(order, minute)
            taken[row] = taken.get(row, 0) + teu
        for what, at_id, when, room, amount in self.work.of(teu, way):
            row = self._row(what, when, 0, room, at_id=at_id)
            taken[row] = taken.get(row, 0) + amount
        return {row: amount for row, amount in taken.items() if amount}

    def _quota(self, order: RestrictionOrder, minute: int) -> int:
        """Row of an order's quota on the railway day of a minute."""
        day = railway_day(minute, self.start_at).isoformat()
        return self._row("quota", day, 0, order.max_teu_per_day or 0, order.order_id)

    def _rows_of(self, departure_id: str, seq: int) -> tuple[tuple[int, str], ...]:
        """Rows that a ride on a leg takes of, with what each is of; made once."""
        key = departure_id, seq
        if key not in self.legs:
            self.legs[key] = tuple((self._row(*limit), limit[0]) for limit in self._limits(departure_id, seq))
        return self.legs[key]

    def _limits(self, departure_id: str, seq: int) -> Iterable[tuple[str, str, int, int]]:
        """List what a leg is limited in: what, departure or day, leg, room."""
        run, service = self.pricing.departures[departure_id], self.pricing.service(departure_id)
        leg = service.legs[seq - 1]
        yield "teu", departure_id, seq, self._positions(run, service, leg)
        if run.plugs is not None:
            yield "plugs", departure_id, seq, run.plugs
        if not self.pricing.is_decided(departure_id):
            return
        yield "cargo_kg", departure_id, seq, self._cargo(run, leg)
        gross = self._gross(run, leg)
        if gross < NEVER_FULL:
            yield "gross_kg", departure_id, seq, gross
        if seq == 1 and self.is_formed_here(departure_id):
            day = self.day_of(run)
            here = [s.count for s in self.supply if (s.day_on, s.place_id) == (day, leg.from_id) and s.is_wagons]
            yield "wagons", day, 0, 2 * sum(here) if here else NEVER_FULL

    def needs_power(self, box: PlannedContainer) -> bool:
        """Tell whether a box holds goods that need a temperature."""
        inside = (self.pricing.bookings[b] for b in box.booking_ids if b in self.pricing.bookings)
        return any((b.temperature_min_c, b.temperature_max_c) != (None, None) for b in inside)

    def tonight(self) -> tuple[str, ...]:
        """List the hub trains that this plan runs or cancels, in order of departure: those not yet gone.

        Those that a plan before ran and that have left are among them.
        """
        pricing, past = self.pricing, self.kept.past if self.kept else ()
        return tuple(
            d
            for d, run in pricing.departures.items()
            if pricing.is_decided(d) and (run.departs_at >= self.now_at or d in past)
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

    def _row(self, what: str, departure_id: str, seq: int, room: int, order_id: str = "", at_id: str = "") -> int:
        key = (what, departure_id, seq, order_id, at_id)
        if key not in self.index:
            self.index[key] = len(self.rows)
            self.rows.append(Row(what, departure_id, seq, room, order_id, at_id))
        return self.index[key]
