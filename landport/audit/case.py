"""The case before the auditor: plan, scenario and world, with everything findable by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from landport.audit.hours import Hours
from landport.audit.stow import Loading, Stow, stowed
from landport.audit.times import TRUCK, Roads, Run, Timetable, Touch, Transfers
from landport.model.bookings import Booking, CargoItem
from landport.model.equipment import ContainerType
from landport.model.loads import LoadRules
from landport.model.network import Transfer
from landport.model.plans import Before, Left, Plan, PlannedContainer, Ride, TrainRun
from landport.model.rules import TrainRule
from landport.model.scenario import Scenario, World


@dataclass(frozen=True, slots=True)
class Journey:
    """What one container, or one groupage booking on its way to the hub, rides.

    Parameters
    ----------
    rides
        In order of seq.
    from_id, ready_at, to_id
        Where and when it may start, where it must end.
    """

    subject_id: str
    rides: tuple[Ride, ...]
    from_id: str
    ready_at: int
    to_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """Two rides in a row that meet at a place, with the transfer row between them (None: there is none)."""

    journey: Journey
    arrive: Ride
    leave: Ride
    transfer: Transfer | None


@dataclass(frozen=True, slots=True)
class Ridden:
    """A dated run and the legs of it (counted from 0) that a ride rides."""

    run: Run
    legs: range


class Case:
    """A plan before the auditor; nothing here raises, whatever stands in the plan.

    Parameters
    ----------
    plan
        What is judged. Its rules are compared with those of the world, but never used.
    previous
        The plan that it was re-planned from; None: nobody has it at hand.
    """

    def __init__(self, plan: Plan, scenario: Scenario, world: World, previous: Plan | None = None) -> None:
        self.plan, self.scenario, self.world, self.previous = plan, scenario, world, previous
        self.types = world.container_types
        self.bookings = {b.booking_id: b for b in scenario.bookings}
        self.items = {i.item_id: i for i in scenario.items}
        self.containers: dict[str, PlannedContainer] = {}
        for box in plan.containers:
            self.containers.setdefault(box.container_id, box)
        self.timetable = Timetable(scenario, world)
        self.transfers = Transfers(world)
        self.roads = Roads(scenario, world)
        self.hours = Hours(scenario, world)
        self.plan_end = scenario.plan_days * 1440
        self._rates = {r.rate_id: r.milli for r in world.rules.rates}
        self._limits: dict[tuple[str, str, date], tuple[TrainRule, ...]] = {}

    # ---- bookings and boxes ------------------------------------------------------------------------

    @cached_property
    def items_of(self) -> dict[str, list[CargoItem]]:
        """Items by booking id."""
        found: dict[str, list[CargoItem]] = {}
        for item in self.scenario.items:
            found.setdefault(item.booking_id, []).append(item)
        return found

    def bookings_of(self, box: PlannedContainer) -> list[Booking]:
        """List the known bookings that a container names."""
        return [self.bookings[b] for b in box.booking_ids if b in self.bookings]

    def fcl(self) -> Iterator[tuple[PlannedContainer, Booking]]:
        """List FCL containers with their booking: those whose first known booking is FCL."""
        for box in self.plan.containers:
            bookings = self.bookings_of(box)
            if bookings and bookings[0].kind == "FCL":
                yield box, bookings[0]

    def lcl(self) -> Iterator[tuple[PlannedContainer, list[Booking]]]:
        """List LCL containers with their bookings: those whose first known booking is LCL."""
        for box in self.plan.containers:
            bookings = self.bookings_of(box)
            if bookings and bookings[0].kind != "FCL":
                yield box, bookings

    def carried(self) -> Iterator[tuple[PlannedContainer, ContainerType, list[Booking]]]:
        """List containers that the hub packs or that ride: what their box can do matters."""
        for box in self.plan.containers:
            bookings, kind = self.bookings_of(box), self.types.get(box.container_type)
            packed = bool(bookings) and bookings[0].kind != "FCL"
            if kind is not None and (packed or box.container_id in self.rides_of):
                yield box, kind, bookings

    @cached_property
    def stows(self) -> tuple[Stow, ...]:
        """Load plans of known container types, laid out."""
        known = [box for box in self.plan.containers if box.blocks and box.container_type in self.types]
        return tuple(
            stowed(
                Loading(
                    box.container_id,
                    self.types[box.container_type],
                    box.blocks,
                    self.items,
                    self.bookings,
                    self.load_rules,
                )
            )
            for box in known
        )

    @cached_property
    def load_rules(self) -> LoadRules:
        """What load plans of a week obey: full support, the world's segregation, and balance where the week asks."""
        pairs = self.world.rules.forbidden_pairs
        if not self.scenario.is_balanced:
            return LoadRules(forbidden_pairs=pairs)
        cog, half = self.milli("load_cog_pct") // 1000, self.milli("load_half_pct") // 1000
        return LoadRules(forbidden_pairs=pairs, cog_length_pct=cog, cog_width_pct=cog, half_pct=half)

    @cached_property
    def packed(self) -> dict[str, int]:
        """Pieces in containers by item id."""
        found: dict[str, int] = {}
        for box in self.plan.containers:
            for block in box.blocks:
                found[block.item_id] = found.get(block.item_id, 0) + block.nx * block.ny * block.nz
        return found

    @cached_property
    def lefts_of(self) -> dict[str, list[Left]]:
        """Left records by container id."""
        found: dict[str, list[Left]] = {}
        for left in self.plan.left:
            if left.container_id:
                found.setdefault(left.container_id, []).append(left)
        return found

    # ---- journeys ----------------------------------------------------------------------------------

    @cached_property
    def rides_of(self) -> dict[str, list[Ride]]:
        """Rides by subject id, in order of seq."""
        found: dict[str, list[Ride]] = {}
        for ride in self.plan.rides:
            found.setdefault(ride.subject_id, []).append(ride)
        for rides in found.values():
            rides.sort(key=lambda r: r.seq)
        return found

    @cached_property
    def journeys(self) -> tuple[Journey, ...]:
        """Journeys of known containers and of known groupage bookings."""
        found = []
        for subject_id, rides in self.rides_of.items():
            box, booking = self.containers.get(subject_id), self.bookings.get(subject_id)
            if box is not None:
                start, end = (box.at_id, box.ready_at), box.destination_id
            elif booking is not None and booking.kind != "FCL":
                start, end = (booking.at_id, booking.ready_at), self.scenario.hub_id
            else:
                continue
            found.append(Journey(subject_id, tuple(rides), *start, end))
        return tuple(found)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every place where two known rides of a journey meet."""
        found = []
        for journey in self.journeys:
            for arrive, leave in zip(journey.rides, journey.rides[1:], strict=False):
                ends, starts = self.touches(arrive), self.touches(leave)
                if ends and starts and arrive.to_id == leave.from_id:
                    row = self.transfers.find(arrive.to_id, ends[1], starts[0])
                    found.append(Change(journey, arrive, leave, row))
        return tuple(found)

    @cached_property
    def unpriced(self) -> set[str]:
        """Subjects that other rules report, so that nobody can say what they cost."""
        found = {c for c, box in self.containers.items() if box.container_type not in self.types}
        for ride in self.plan.rides:
            known = self.ridden(ride) if ride.departure_id else self.roads.way(ride.from_id, ride.to_id)
            if known is None:
                found.add(ride.subject_id)
        for change in self.changes:
            if change.transfer is None:
                found.add(change.journey.subject_id)
        return found

    def ridden(self, ride: Ride) -> Ridden | None:
        """Find the run and legs of a ride; None for a truck on demand and where there are no such legs."""
        run = self.timetable.run(ride.departure_id)
        if run is None or not 1 <= ride.first_leg <= ride.last_leg <= len(run.service.legs):
            return None
        return Ridden(run, range(ride.first_leg - 1, ride.last_leg))

    def touches(self, ride: Ride) -> tuple[Touch, Touch] | None:
        """How a ride touches the place it starts at and the one it ends at; None when unknown."""
        if not ride.departure_id:
            return TRUCK, TRUCK
        ridden = self.ridden(ride)
        if ridden is None:
            return None
        first, last = ridden.run.service.legs[ridden.legs[0]], ridden.run.service.legs[ridden.legs[-1]]
        return Touch(first.mode, first.gauge_mm, first.to_id), Touch(last.mode, last.gauge_mm, last.from_id)

    # ---- trains ------------------------------------------------------------------------------------

    @cached_property
    def on_board(self) -> dict[tuple[str, int], list[PlannedContainer]]:
        """Containers by departure id and leg (counted from 0)."""
        found: dict[tuple[str, int], list[PlannedContainer]] = {}
        for box in self.containers.values():
            for ride in self.rides_of.get(box.container_id, ()):
                ridden = self.ridden(ride)
                for leg in () if ridden is None else ridden.legs:
                    found.setdefault((ride.departure_id, leg), []).append(box)
        return found

    @cached_property
    def runs(self) -> dict[str, TrainRun]:
        """Decisions on hub departures, by departure id; the first of each."""
        found: dict[str, TrainRun] = {}
        for run in self.plan.runs:
            found.setdefault(run.departure_id, run)
        return found

    @cached_property
    def running(self) -> dict[str, Run]:
        """Hub trains of the plan's days that it runs, by departure id."""
        found = {}
        for departure_id, decision in self.runs.items():
            run = self.timetable.run(departure_id)
            if run is not None and decision.status == "run" and self.is_decided(run):
                found[departure_id] = run
        return found

    def is_decided(self, run: Run) -> bool:
        """Tell whether the plan itself runs or cancels a departure."""
        return run.service.operation == "hub" and run.departs_at[0] < self.plan_end

    def is_undecided(self, run: Run) -> bool:
        """Tell whether a departure is a hub train of a later plan."""
        return run.service.operation == "hub" and run.departs_at[0] >= self.plan_end

    def teu(self, boxes: Iterable[PlannedContainer]) -> int:
        """Add up TEU; unknown types count nothing."""
        return sum(self.types[b.container_type].teu for b in boxes if b.container_type in self.types)

    # ---- the plan before ---------------------------------------------------------------------------

    @cached_property
    def before(self) -> dict[str, Before]:
        """What a re-plan says of containers in the plan before, by container id; the first of each."""
        found: dict[str, Before] = {}
        for record in self.plan.replanned.containers if self.plan.replanned else ():
            found.setdefault(record.container_id, record)
        return found

    @cached_property
    def under_way(self) -> set[str]:
        """Containers that left before now as the plan before said, and groupage in containers that it packed."""
        found: set[str] = set()
        for container_id, record in self.before.items():
            box = self.containers.get(container_id)
            if box is not None and box.master_id:
                found.update(box.booking_ids)
            has_left = record.rides and record.rides[0].departs_at < self.scenario.now_at
            if has_left and ridden(record.rides) == ridden(self.rides_of.get(container_id, ())):
                found.add(container_id)
        return found

    @cached_property
    def gone(self) -> set[str]:
        """Hub trains that left before now, which the plan before ran."""
        runs = self.plan.replanned.runs if self.plan.replanned else ()
        return {run.departure_id for run in runs if run.status == "run"}

    # ---- rules -------------------------------------------------------------------------------------

    def milli(self, rate_id: str) -> int:
        """Read a rate in thousandths; 0 when the world has none of this id."""
        return self._rates.get(rate_id, 0)

    def limits(self, rule: str, run: Run, leg: int) -> tuple[TrainRule, ...]:
        """Find the dated rules of a kind that hold where a run leaves on a leg (counted from 0)."""
        train_class = run.service.legs[leg].train_class
        key = (rule, train_class, self.timetable.on(run, leg))
        if key not in self._limits:
            self._limits[key] = tuple(in_force(self.world.rules.train_rules, *key))
        return self._limits[key]


def ridden(rides: Iterable[Ride]) -> tuple[tuple[str, int, int, str, str], ...]:
    """Take the minutes out of a journey."""
    return tuple((r.departure_id, r.first_leg, r.last_leg, r.from_id, r.to_id) for r in rides)


def in_force(rows: Iterable[TrainRule], rule: str, train_class: str, on: date) -> Iterator[TrainRule]:
    """List the dated rules of a kind that hold for a train class on a day."""
    for row in rows:
        has_begun = row.valid_from is None or row.valid_from <= on
        is_over = row.valid_to is not None and row.valid_to < on
        if row.rule == rule and row.train_class == train_class and has_begun and not is_over:
            yield row


def breaks(rule: TrainRule, milli: int) -> bool:
    """Tell whether a figure, in thousandths of the rule's unit, breaks a greatest value."""
    return milli >= rule.milli if rule.operator == "<" else milli > rule.milli
