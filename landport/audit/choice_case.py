"""The answer of a question for ways before the auditor: each choice joined to the rows that it rides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise

from landport.audit.case import Ridden, in_force
from landport.audit.choice_edits import edited
from landport.audit.hours import Hours
from landport.audit.times import TRUCK, Roads, Run, Timetable, Touch, Transfers
from landport.model.choices import Choice, Choices
from landport.model.edits import WhatIf
from landport.model.itinerary import Stretch
from landport.model.network import Transfer
from landport.model.rules import TrainRule
from landport.model.scenario import Scenario, World


@dataclass(frozen=True, slots=True)
class Hop:
    """A stretch of a choice, counted from 1, with the run that it rides (None: a truck on demand, or there is none)."""

    choice: Choice
    seq: int
    stretch: Stretch
    ridden: Ridden | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two hops in a row that meet at a place, with the transfer row between them (None: there is none).

    Parameters
    ----------
    stated_id
        Transfer that the choice names there; empty when it names too few.
    """

    arrive: Hop
    leave: Hop
    transfer: Transfer | None
    stated_id: str


@dataclass(frozen=True, slots=True)
class Way:
    """A choice with its hops, and the places where two known ones meet.

    Parameters
    ----------
    is_priced
        Every row it is priced by is known; else other rules report what is not.
    """

    choice: Choice
    hops: tuple[Hop, ...]
    meetings: tuple[Meeting, ...]
    is_priced: bool


class Ground:
    """The network that answers are judged on: what a case takes of it is made once for all that were asked over it.

    Parameters
    ----------
    what_if, as_of_on
        Edits to make again, and the day to read the network as of.

    Notes
    -----
    Runs and transfers are looked up as if every line were open, so that one closed line is told once, by its own rule.
    """

    def __init__(self, what_if: WhatIf, as_of_on: date, scenario: Scenario, world: World) -> None:
        self.scenario, self.world = scenario, world
        self.edited = edited(what_if, scenario, world, as_of_on)
        network = self.edited.world.network
        bare = replace(scenario, services=())  # they are edited, and among those of the network
        unbarred = tuple(replace(line, status="open", opened_on=None) for line in network.lines)
        self.timetable = Timetable(bare, replace(self.edited.world, network=replace(network, lines=unbarred)))
        self.open_services = tuple(Timetable(bare, self.edited.world).services.values())
        self.transfers = Transfers(self.edited.unclosed)
        self.roads = Roads(bare, self.edited.world)
        self.unclosed_roads = Roads(bare, self.edited.unclosed)
        self.hours = Hours(scenario, world)
        self.lines = {line.line_id: line for line in network.lines}
        self.open_ids = {line.line_id for line in network.lines if line.status == "open"}
        self.per_gross = {r.rate_id for r in world.rules.rates if r.basis == "gross"}
        self.known_ids = {*world.network.services, *(service.service_id for service in scenario.services)}
        self.rates = {r.rate_id: r.milli for r in world.rules.rates}


class ChoiceCase:
    """Choices before the auditor; nothing here raises, whatever stands in them.

    Parameters
    ----------
    ground
        Of their own edits and day.
    """

    def __init__(self, choices: Choices, ground: Ground) -> None:
        self.choices, self.scenario, self.trip = choices, ground.scenario, choices.trip
        world = ground.world
        self.places, self.rules = world.network.places, world.rules
        self.kind = world.container_types.get(choices.trip.container_type)
        self.edited, self.timetable, self.open_services = ground.edited, ground.timetable, ground.open_services
        self.transfers, self.roads, self.unclosed_roads = ground.transfers, ground.roads, ground.unclosed_roads
        self.lines, self.open_ids, self.hours = ground.lines, ground.open_ids, ground.hours
        self.per_gross, self.known_ids, self._rates = ground.per_gross, ground.known_ids, ground.rates

    @property
    def teu(self) -> int:
        """TEU of one box; 0 when its type is unknown."""
        return 0 if self.kind is None else self.kind.teu

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """The way of every choice, in the order of the choices."""
        return tuple(self._way(choice) for choice in self.choices.choices)

    @cached_property
    def hops(self) -> tuple[Hop, ...]:
        """All stretches of all choices, in order."""
        return tuple(hop for way in self.ways for hop in way.hops)

    @cached_property
    def legs(self) -> tuple[tuple[Hop, Run, int], ...]:
        """Every dated leg that is ridden, counted from 0."""
        return tuple((hop, hop.ridden.run, leg) for hop in self.hops if hop.ridden for leg in hop.ridden.legs)

    @cached_property
    def meetings(self) -> tuple[Meeting, ...]:
        """Every meeting of every choice."""
        return tuple(meeting for way in self.ways for meeting in way.meetings)

    def _way(self, choice: Choice) -> Way:
        stretches = choice.itinerary.stretches
        hops = tuple(Hop(choice, seq, stretch, self.ridden(stretch)) for seq, stretch in enumerate(stretches, 1))
        found, is_priced = [], self.kind is not None
        for hop in hops:
            known = hop.ridden if hop.stretch.departure_id else self.roads.way(hop.stretch.from_id, hop.stretch.to_id)
            is_priced = is_priced and known is not None
        for arrive, leave in pairwise(hops):
            ends, starts = self.touches(arrive), self.touches(leave)
            if ends and starts and arrive.stretch.to_id == leave.stretch.from_id:
                row = self.transfers.find(arrive.stretch.to_id, ends[1], starts[0])
                stated = choice.itinerary.transfer_ids[arrive.seq - 1 : arrive.seq]
                found.append(Meeting(arrive, leave, row, stated[0] if stated else ""))
                is_priced = is_priced and row is not None
        return Way(choice, hops, tuple(found), is_priced)

    def ridden(self, stretch: Stretch) -> Ridden | None:
        """Find the run and legs of a stretch; None for a truck on demand and where there are no such legs."""
        run = self.timetable.run(stretch.departure_id) if stretch.departure_id else None
        if run is None or not 1 <= stretch.first_leg <= stretch.last_leg <= len(run.service.legs):
            return None
        return Ridden(run, range(stretch.first_leg - 1, stretch.last_leg))

    def touches(self, hop: Hop) -> tuple[Touch, Touch] | None:
        """How a hop touches the place it starts at and the one it ends at; None when unknown."""
        if not hop.stretch.departure_id:
            return TRUCK, TRUCK
        if hop.ridden is None:
            return None
        legs = hop.ridden.run.service.legs
        first, last = legs[hop.ridden.legs[0]], legs[hop.ridden.legs[-1]]
        return Touch(first.mode, first.gauge_mm, first.to_id), Touch(last.mode, last.gauge_mm, last.from_id)

    def milli(self, rate_id: str) -> int:
        """Read a rate in thousandths; 0 when the world has none of this id."""
        return self._rates.get(rate_id, 0)

    def has_rate(self, rate_id: str) -> bool:
        """Tell whether the world has a rate of this id."""
        return rate_id in self._rates

    def limits(self, rule: str, run: Run, leg: int) -> Iterator[TrainRule]:
        """List the dated rules of a kind that hold where a run leaves on a leg (counted from 0)."""
        yield from in_force(
            self.rules.train_rules, rule, run.service.legs[leg].train_class, self.timetable.on(run, leg)
        )


def said(hop: Hop) -> str:
    """Name a hop in a sentence."""
    on = hop.stretch.departure_id or "a truck on demand"
    return f"stretch {hop.seq} of choice {hop.choice.number} ({on}, {hop.stretch.from_id}-{hop.stretch.to_id})"


def about(hop: Hop) -> tuple[str, ...]:
    """List the ids of the records a hop concerns."""
    return tuple(x for x in (hop.stretch.departure_id, hop.stretch.from_id, hop.stretch.to_id) if x)
