"""Trains and courses of lanes, counted again from the rows of services, lines, transfers and rates."""

from __future__ import annotations

from collections.abc import Iterator

from landport.audit.money import half_up
from landport.audit.times import Roads
from landport.model.lanes import Course, Cut, GatheredTrain, LaneStudy, Ride
from landport.model.network import Line, Transfer
from landport.model.scenario import Scenario, World
from landport.model.services import Service, ServiceLeg

WEEK = 10_080
JOIN_MINUTES = 180
"""Stop of a direct train where it goes on over another service's rails."""


class LaneCase:
    """A study before the auditor; nothing here raises, whatever stands in it."""

    def __init__(self, study: LaneStudy, scenario: Scenario, world: World) -> None:
        self.study, self.world = study, world
        self.services: dict[str, Service] = {**world.network.services, **{s.service_id: s for s in scenario.services}}
        self.transfers: dict[str, Transfer] = {t.transfer_id: t for t in world.network.transfers}
        self.lines: dict[str, Line] = {line.line_id: line for line in world.network.lines}
        self.places = {place.place_id: place for place in world.network.places.values()}
        self.milli = {rate.rate_id: rate.milli for rate in world.rules.rates}
        self.roads = Roads(scenario, world)

    def leg(self, service_id: str, seq: int) -> ServiceLeg | None:
        """Find a leg of a service by its number."""
        service = self.services.get(service_id)
        if service is None or not 1 <= seq <= len(service.legs):
            return None
        return service.legs[seq - 1]

    def train_faults(self, train: GatheredTrain) -> Iterator[str]:
        """Say what of a train is not as its rows have it."""
        if train.cuts:
            stated = self._of_cuts(train.cuts)
            yield from self._chain_faults(train)
        else:
            stated = self._of_service(train.train_id)
            yield from self._end_faults(train)
        if stated is None:
            yield "is no service, nor made of legs that there are"
            return
        ours = (train.capacity_teu, train.min_teu, train.fixed_usd_cents, train.usd_cents_per_teu)
        for what, mine, theirs in zip(("capacity", "minimum", "fixed", "position"), ours, stated, strict=True):
            if mine != theirs:
                yield f"states {what} {mine:,}; its rows make {theirs:,}"

    def _end_faults(self, train: GatheredTrain) -> Iterator[str]:
        service = self.services.get(train.train_id)
        ends = (service.legs[0].from_id, service.legs[-1].to_id) if service and service.legs else ("", "")
        if service and (train.from_id, train.to_id) != ends:
            yield f"leads from {train.from_id} to {train.to_id}; its service from {ends[0]} to {ends[1]}"

    def _of_service(self, service_id: str) -> tuple[int, int, int, int] | None:
        service = self.services.get(service_id)
        if service is None or service.operation != "hub" or not service.legs:
            return None
        capacity = min(leg.capacity_teu for leg in service.legs)
        position = sum(leg.usd_cents_per_teu for leg in service.legs)
        return capacity, service.min_teu, service.fixed_usd_cents, position

    def _of_cuts(self, cuts: tuple[Cut, ...]) -> tuple[int, int, int, int] | None:
        capacities, fixed, position = [], 0, 0
        for cut in cuts:
            leg, km = self.leg(cut.service_id, cut.seq), self.leg_km(cut)
            if leg is None or not km:
                return None
            capacities.append(leg.capacity_teu)
            fixed += half_up(self._fixed(cut, leg) * cut.length_km, km)
            position += half_up(self._position(cut, leg) * cut.length_km, km)
        own = [s for s in self.services.values() if s.group == "assembly" and s.operation == "hub" and s.mode == "rail"]
        share = min((1000 * s.min_teu // max(1, min(leg.capacity_teu for leg in s.legs)) for s in own), default=0)
        return min(capacities), -(-min(capacities) * share // 1000), fixed, position

    def leg_km(self, cut: Cut) -> int:
        """Measure the lines of the leg that a cut is of."""
        leg = self.leg(cut.service_id, cut.seq)
        known = [self.lines[i].length_km for i in leg.line_ids if i in self.lines] if leg else []
        return sum(known)

    def _fixed(self, cut: Cut, leg: ServiceLeg) -> int:
        service = self.services[cut.service_id]
        if service.operation == "hub":
            return half_up(service.fixed_usd_cents * leg.length_km, max(1, sum(g.length_km for g in service.legs)))
        shares = self.milli.get("rail_fixed_cost_share", 0) * self.milli.get("bought_load_share", 0)
        return half_up(leg.usd_cents_per_teu * shares * leg.capacity_teu, 1_000_000)

    def _position(self, cut: Cut, leg: ServiceLeg) -> int:
        if self.services[cut.service_id].operation == "hub":
            return leg.usd_cents_per_teu
        return leg.usd_cents_per_teu - half_up(leg.usd_cents_per_teu * self.milli.get("rail_fixed_cost_share", 0), 1000)

    def _chain_faults(self, train: GatheredTrain) -> Iterator[str]:
        here = train.from_id
        for cut in train.cuts:
            if cut.from_id != here:
                yield f"goes on from {cut.from_id}; it is at {here}"
            found = [line.length_km for line in self.cut_lines(cut)]
            if not found or sum(found) != cut.length_km:
                rows = f"{sum(found):,} km" if found else "none"
                yield f"states {cut.length_km:,} km of {cut.service_id}/{cut.seq}; from {cut.from_id} they are {rows}"
            here = cut.to_id
        if here != train.to_id:
            yield f"ends at {here}, not at {train.to_id}"

    def cut_lines(self, cut: Cut) -> list[Line]:
        """List the lines of a cut, in order; empty: its leg does not lead so."""
        leg = self.leg(cut.service_id, cut.seq)
        here, found, is_on = (leg.from_id if leg else ""), list[Line](), False
        for line_id in leg.line_ids if leg else ():
            line = self.lines.get(line_id)
            if line is None:
                return []
            is_on = is_on or here == cut.from_id
            here = line.to_id if line.from_id == here else line.from_id
            if is_on:
                found.append(line)
                if here == cut.to_id:
                    return found
        return []

    def rate(self, rate_id: str) -> int | None:
        """Price a rate of a course by the TEU; None: there is no such."""
        if rate_id in self.transfers:
            return self.transfers[rate_id].usd_cents_per_teu
        name, _, rest = rate_id.partition("/")
        if name in self.services:
            return self._part(name, rest)
        from_id, _, to_id = rest.partition("-")
        place, way = self.places.get(from_id), self.roads.way(from_id, to_id)
        if place is None or place.road_rate != name or way is None or name not in self.milli:
            return None
        return half_up(way[1] * self.milli[name], 20)

    def _part(self, service_id: str, rest: str) -> int | None:
        seq, at, ends = rest.partition("@")
        if at:
            from_id, _, to_id = ends.partition("-")
            cut = Cut(service_id=service_id, seq=_number(seq), from_id=from_id, to_id=to_id, length_km=0)
            leg, lines, km = self.leg(service_id, cut.seq), self.cut_lines(cut), self.leg_km(cut)
            if leg is None or not lines or not km:
                return None
            return half_up(self._position(cut, leg) * sum(line.length_km for line in lines), km)
        first, _, last = seq.partition("-")
        legs = [self.leg(service_id, n) for n in range(_number(first), _number(last) + 1)]
        return sum(leg.usd_cents_per_teu for leg in legs if leg) if legs and all(legs) else None

    def ride_faults(self, ride: Ride) -> Iterator[str]:
        """Say what of a ride by a service or truck is not as its rows have it."""
        if not ride.service_id:
            if (ride.first_leg, ride.last_leg, ride.headway_minutes) != (0, 0, 0):
                yield f"waits {ride.headway_minutes:,} minutes for a truck, or rides legs of it"
            if self.roads.way(ride.from_id, ride.to_id) is None:
                yield f"takes a truck from {ride.from_id} to {ride.to_id}; none goes there"
            return
        service = self.services.get(ride.service_id)
        first, last = self.leg(ride.service_id, ride.first_leg), self.leg(ride.service_id, ride.last_leg)
        if service is None or first is None or last is None or ride.last_leg < ride.first_leg:
            yield f"rides legs {ride.first_leg}-{ride.last_leg} of {ride.service_id}; there are no such"
            return
        if (first.from_id, last.to_id) != (ride.from_id, ride.to_id):
            rows = f"its legs lead {first.from_id}-{last.to_id}"
            yield f"rides {ride.service_id} from {ride.from_id} to {ride.to_id}; {rows}"
        headway = WEEK * service.every_n_weeks // len(service.weekdays)
        if ride.headway_minutes not in ((0,) if service.operation == "hub" else (headway,)):
            yield f"waits {ride.headway_minutes:,} minutes between departures of {ride.service_id}, not {headway:,}"

    def minutes(self, ride: Ride) -> int | None:
        """Count cut-off, running and stops of a ride, without the change before it; None: it is as no row has it."""
        if not ride.service_id:
            way = self.roads.way(ride.from_id, ride.to_id)
            return way[0] if way else None
        service = self.services.get(ride.service_id)
        if service is None or not 1 <= ride.first_leg <= ride.last_leg <= len(service.legs):
            return None
        legs = service.legs[ride.first_leg - 1 : ride.last_leg]
        return service.cut_off_minutes + sum(g.running_minutes for g in legs) + sum(g.dwell_minutes for g in legs[1:])

    def direct_minutes(self, cuts: tuple[Cut, ...]) -> int:
        """Count cut-off, running and stops of a direct train."""
        total = self.milli.get("hub_cutoff_h", 0) * 60 // 1000
        before: Cut | None = None
        for cut in cuts:
            leg, km = self.leg(cut.service_id, cut.seq), self.leg_km(cut)
            if leg is None or not km:
                continue
            for line in self.cut_lines(cut):
                total += half_up(leg.running_minutes * line.length_km, km)
            if before is not None:
                total += leg.dwell_minutes if cut.from_id == leg.from_id and cut.seq > 1 else 0
                total += JOIN_MINUTES if before.service_id != cut.service_id else 0
            before = cut
        return total

    def course_minutes(self, course: Course) -> int | None:
        """Count all minutes of a course by the hub: its rides and the changes that it pays."""
        parts = [self.minutes(ride) for ride in (*course.before, *course.after)]
        if None in parts:
            return None
        changes = [self.transfers[r.rate_id].minutes for r in course.rates if r.rate_id in self.transfers]
        return sum(part or 0 for part in parts) + sum(changes)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
