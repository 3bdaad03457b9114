"""Rules of what was edited for an answer, and of the services that are assumed to run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landport.audit.choice_case import ChoiceCase
from landport.audit.money import half_up
from landport.audit.violation import Finding, Rule
from landport.model.edits import NetworkEdit
from landport.model.network import Line
from landport.model.services import Service, ServiceLeg

GAUGES_MM = (1435, 1520, 1668)
"""Gauges that a line of rails can get."""

MOST = 1_000_000
"""Greatest value of an edit."""


def _edits(case: ChoiceCase) -> Iterator[Finding]:
    for n, edit in enumerate(case.choices.what_if.edits, 1):
        line = case.lines.get(edit.subject_id)
        is_place = edit.subject_id in case.places and edit.action in ("close", "slow", "capacity")
        name = f"edit {n} ({edit.action} {edit.subject_id} {edit.value})"
        if line is None and not is_place:
            yield f"{name} is of no line{' or place' if edit.action not in ('open', 'gauge') else ''}", (name,)
        elif _is_wrong(edit, line):
            yield f"{name} is none: no such action, or not with this value", (edit.subject_id,)


def _is_wrong(edit: NetworkEdit, line: Line | None) -> bool:
    """Tell whether an action is unknown, or its value impossible."""
    if edit.action in ("open", "close"):
        return False
    if edit.action == "gauge":
        return edit.value not in GAUGES_MM or line is None or line.mode != "rail"
    return edit.action not in ("slow", "capacity") or not 1 <= edit.value <= MOST


def _assumed(case: ChoiceCase) -> Iterator[Finding]:
    seen = case.known_ids.copy()
    for service in case.choices.what_if.services:
        texts = [] if service.service_id not in seen else ["is there already, or assumed twice"]
        seen.add(service.service_id)
        texts += _run_by_nobody(case, service)
        for i, leg in enumerate(service.legs):
            texts += [f"{text} on leg {i + 1}" for text in _leg(case, service, leg)]
            if i > 0:
                texts += _goes_on(case, service.legs[i - 1], leg)
        for text in texts:
            yield f"the assumed service {service.service_id} {text}", (service.service_id,)


def _run_by_nobody(case: ChoiceCase, service: Service) -> Iterator[str]:
    """Tell where a service may not be assumed at all: nothing opened for it, or the hub would run it."""
    opened = {edit.subject_id for edit in case.choices.what_if.edits if edit.action == "open"}
    served = {line_id for s in case.open_services if s.service_id in case.known_ids for line_id in _lines(s)}
    if not any(line_id in opened and line_id not in served for line_id in _lines(service)):
        yield "runs over no line that an edit opened and that nobody runs on"
    if service.operation != "bought" or service.fixed_usd_cents != 0:
        yield f"is {service.operation!r} at {service.fixed_usd_cents:,} cents a departure; assumed ones are bought"


def _lines(service: Service) -> list[str]:
    return [line_id for leg in service.legs for line_id in leg.line_ids]


def _leg(case: ChoiceCase, service: Service, leg: ServiceLeg) -> Iterator[str]:
    """Compare a leg with the lines it runs over."""
    first = service.legs[0]
    kind = leg.mode, leg.gauge_mm
    shut = [line_id for line_id in leg.line_ids if line_id not in case.open_ids]
    lines = [case.lines[line_id] for line_id in leg.line_ids if line_id in case.lines]
    if shut or not lines:
        yield f"runs over lines that are not open ({', '.join(shut)})"
        return
    if kind != (first.mode, first.gauge_mm) or leg.mode != service.mode:
        yield f"is of {leg.mode} {leg.gauge_mm}, not {first.mode} {first.gauge_mm} like its first leg"
    elif any((line.mode, line.gauge_mm) != kind for line in lines):
        yield f"is of {leg.mode} {leg.gauge_mm}, its lines are not"
    if _end(leg.from_id, lines) != leg.to_id:
        yield f"runs over {', '.join(leg.line_ids)}, which do not lead from {leg.from_id} to {leg.to_id}"
    sums = sum(line.length_km for line in lines), sum(line.running_minutes for line in lines)
    if (leg.length_km, leg.running_minutes) != sums:
        yield f"states {leg.length_km:,} km in {leg.running_minutes:,} minutes; its lines {sums[0]:,} in {sums[1]:,}"
    yield from _priced(case, leg)


def _end(place_id: str, lines: Sequence[Line]) -> str:
    """Follow lines from a place to where they lead; empty when they do not join."""
    for line in lines:
        if place_id not in (line.from_id, line.to_id):
            return ""
        place_id = line.to_id if place_id == line.from_id else line.from_id
    return place_id


def _priced(case: ChoiceCase, leg: ServiceLeg) -> Iterator[str]:
    """Compare the price with km and the rate of gauge and country, the room with what edits leave."""
    countries = [place.country for p in (leg.from_id, leg.to_id) if (place := case.places.get(p)) is not None]
    area = "1520" if leg.gauge_mm == 1520 else "cn" if "CN" in countries else "eu"
    cents = half_up(leg.length_km * case.milli(f"rail_{area}_usd_per_feu_km"), 20)
    if leg.usd_cents_per_teu != cents:
        yield f"states {leg.usd_cents_per_teu:,} cents a TEU; {leg.length_km:,} km are {cents:,}"
    if not case.has_rate(leg.co2_rate):
        yield f"emits at {leg.co2_rate!r}, a rate that nobody knows,"
    for edit in case.choices.what_if.edits:
        if edit.action == "capacity" and edit.subject_id in leg.line_ids and leg.capacity_teu > edit.value:
            yield f"takes {leg.capacity_teu:,} TEU; an edit leaves {edit.value:,} on {edit.subject_id}"


def _goes_on(case: ChoiceCase, before: ServiceLeg, leg: ServiceLeg) -> Iterator[str]:
    """Compare a stop with the border work on a train that goes on there."""
    if before.to_id != leg.from_id:
        yield f"ends leg {before.seq} at {before.to_id} and goes on at {leg.from_id}"
    here = leg.mode, leg.gauge_mm
    work = 0
    for row in case.edited.world.network.transfers:
        stays = (row.from_mode, row.from_gauge_mm) == here == (row.to_mode, row.to_gauge_mm)
        side = row.neighbour_id, row.direction
        if stays and row.place_id == leg.from_id and side in ((before.from_id, "inbound"), (leg.to_id, "outbound")):
            work += row.minutes
    if leg.dwell_minutes < work:
        yield f"stops {leg.dwell_minutes:,} minutes at {leg.from_id}; work on its train takes {work:,}"


RULES = (
    Rule("CHOICE_EDIT", "Edits are of lines and places that there are, with values that can be.", _edits),
    Rule("CHOICE_NEW", "Assumed services run over opened lines that join, at their km, minutes and rates.", _assumed),
)
