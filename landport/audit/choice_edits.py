"""Edits of a network, made again from their rows in plain loops."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from landport.audit.money import half_up
from landport.model.edits import NetworkEdit, WhatIf
from landport.model.network import Line, Network, Transfer
from landport.model.scenario import Scenario, World
from landport.model.services import Service, ServiceLeg


@dataclass(frozen=True, slots=True)
class Edited:
    """A world under edits.

    Parameters
    ----------
    world
        All lines, whose status tells whether they are open on the day; transfers that are worked; services of the
        network and of the scenario that other gauges do not stop, and the assumed ones.
    unclosed
        The same without the edits that close.
    closed_ids
        Lines and places that are closed at the end.
    """

    world: World
    unclosed: World
    closed_ids: frozenset[str]


def edited(what_if: WhatIf, scenario: Scenario, world: World, on: date) -> Edited:
    """Make edits in their order, and read what they leave as of a day; edits of nothing known do nothing."""
    opening = [edit for edit in what_if.edits if edit.action != "close"]
    made = _made(what_if.edits, scenario, world.network)
    unmade = _made(opening, scenario, world.network)
    worlds = [replace(world, network=_network(desk, what_if.services, world.network, on)) for desk in (made, unmade)]
    return Edited(worlds[0], worlds[1], frozenset(made.closed | _ending_at(made.shut, made.lines.values())))


class _Desk:
    """The rows of a network while they are edited.

    Parameters
    ----------
    opened, closed, regauged
        Lines by what edits did to them last; places that edits closed are in `closed` and in `shut`.
    """

    def __init__(self, network: Network, services: Iterable[Service]) -> None:
        self.places = network.places
        self.lines = {line.line_id: line for line in network.lines}
        self.transfers = [*network.transfers]
        self.planned: list[Transfer] = [*network.planned_transfers]
        self.services: dict[str, Service] = {}
        for service in services:
            self.services[service.service_id] = service
        self.opened: set[str] = set()
        self.closed: set[str] = set()
        self.shut: set[str] = set()
        self.regauged: set[str] = set()

    def change_legs(self, change: Callable[[ServiceLeg], ServiceLeg]) -> None:
        """Change every leg of every service."""
        for service_id, service in self.services.items():
            self.services[service_id] = replace(service, legs=tuple(change(leg) for leg in service.legs))

    def change_transfers(self, place_id: str, change: Callable[[Transfer], Transfer]) -> None:
        """Change the work of a place, planned or done."""
        self.transfers = [change(row) if row.place_id == place_id else row for row in self.transfers]
        self.planned = [change(row) if row.place_id == place_id else row for row in self.planned]


def _made(edits: Iterable[NetworkEdit], scenario: Scenario, network: Network) -> _Desk:
    desk = _Desk(network, (*network.services.values(), *scenario.services))
    for edit in edits:
        line = desk.lines.get(edit.subject_id)
        if line is not None:
            _edit_line(desk, edit, line)
        elif edit.subject_id in desk.places:
            _edit_place(desk, edit)
    return desk


def _edit_line(desk: _Desk, edit: NetworkEdit, line: Line) -> None:
    if edit.action == "open":
        desk.lines[line.line_id] = replace(line, status="open", opened_on=None)
        desk.opened.add(line.line_id)
        desk.closed.discard(line.line_id)
    elif edit.action == "close":
        desk.lines[line.line_id] = replace(line, status="closed")
        desk.opened.discard(line.line_id)
        desk.closed.add(line.line_id)
    elif edit.action == "gauge":
        desk.lines[line.line_id] = replace(line, gauge_mm=edit.value)
        desk.regauged.add(line.line_id)
    elif edit.action == "slow":
        minutes = half_up(line.running_minutes * edit.value, 1000)
        desk.lines[line.line_id] = replace(line, running_minutes=minutes)
        desk.change_legs(lambda leg: _slower(leg, line.line_id, minutes - line.running_minutes))
    elif edit.action == "capacity":
        desk.change_legs(lambda leg: _narrower(leg, line.line_id, edit.value))


def _edit_place(desk: _Desk, edit: NetworkEdit) -> None:
    place_id, value = edit.subject_id, edit.value
    if edit.action == "close":
        desk.closed.add(place_id)
        desk.shut.add(place_id)
    elif edit.action == "slow":
        desk.change_transfers(place_id, lambda row: replace(row, minutes=half_up(row.minutes * value, 1000)))
        desk.change_legs(lambda leg: _stopping(leg, value) if leg.from_id == place_id else leg)
    elif edit.action == "capacity":
        desk.change_transfers(place_id, lambda row: replace(row, teu_per_day=value))


def _slower(leg: ServiceLeg, line_id: str, added: int) -> ServiceLeg:
    """Let a leg take the minutes that a line takes more, each time it runs over it."""
    return replace(leg, running_minutes=leg.running_minutes + added * leg.line_ids.count(line_id))


def _narrower(leg: ServiceLeg, line_id: str, teu: int) -> ServiceLeg:
    """Let a leg take at most what a line does."""
    takes_more = leg.capacity_teu == 0 or leg.capacity_teu > teu  # 0: no limit is known
    return replace(leg, capacity_teu=teu) if takes_more and line_id in leg.line_ids else leg


def _stopping(leg: ServiceLeg, milli: int) -> ServiceLeg:
    """Let a leg wait longer before it leaves."""
    return replace(leg, dwell_minutes=half_up(leg.dwell_minutes * milli, 1000))


def _ending_at(shut: set[str], lines: Iterable[Line]) -> set[str]:
    """List the lines that end at closed places."""
    return {line.line_id for line in lines if line.from_id in shut or line.to_id in shut}


def _network(desk: _Desk, assumed: Iterable[Service], network: Network, on: date) -> Network:
    """Gather what the edits left: lines, the work done at places, services."""
    ending = _ending_at(desk.shut, desk.lines.values())
    lines = []
    for line in desk.lines.values():
        has_opened = line.status == "open" and (line.opened_on is None or line.opened_on <= on)
        status = "open" if has_opened and line.line_id not in ending else "closed"
        lines.append(replace(line, status=status, opened_on=None))
    services = {}
    for service in desk.services.values():
        regauged = _on_new_rails(service, desk)
        if regauged is not None:
            services[service.service_id] = regauged
    for service in assumed:
        services.setdefault(service.service_id, service)
    transfers = (*desk.transfers, *_begun(desk, lines))
    return replace(network, lines=tuple(lines), transfers=transfers, services=services)


def _on_new_rails(service: Service, desk: _Desk) -> Service | None:
    """Give legs over lines of another gauge that gauge; None: they would meet a break of gauge where none was."""
    legs = []
    for leg in service.legs:
        gauges = {desk.lines[line_id].gauge_mm for line_id in leg.line_ids if line_id in desk.lines}
        if not any(line_id in desk.regauged for line_id in leg.line_ids):
            legs.append(leg)
        elif len(gauges) == 1:
            legs.append(replace(leg, gauge_mm=min(gauges)))
        else:
            return None
    for i in range(1, len(legs)):
        before = service.legs[i - 1].gauge_mm, service.legs[i].gauge_mm
        after = legs[i - 1].gauge_mm, legs[i].gauge_mm
        if after[0] != after[1] and after != before:
            return None
    return replace(service, legs=tuple(legs))


def _begun(desk: _Desk, lines: Iterable[Line]) -> list[Transfer]:
    """List the planned work at the ends of lines that edits opened, where lines of both its sides are open."""
    sides, across = set(), set()
    for line in lines:
        ends = ((line.from_id, line.to_id), (line.to_id, line.from_id))
        for here, there in ends if line.status == "open" else ():
            sides.add((here, line.mode, line.gauge_mm))
            if line.line_id in desk.opened:
                across.add((here, there, line.mode, line.gauge_mm))
    found = []
    for row in desk.planned:
        comes, goes = (row.from_mode, row.from_gauge_mm), (row.to_mode, row.to_gauge_mm)
        outside = comes if row.direction == "inbound" else goes
        has_lines = (row.place_id, *comes) in sides and (row.place_id, *goes) in sides
        if has_lines and (row.place_id, row.neighbour_id, *outside) in across:
            found.append(row)
    return found
