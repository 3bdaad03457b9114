"""What-ifs: a network as of a day with edits applied to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from landport.errors import InputError, NotFound, Remark
from landport.model.assumed import assumed
from landport.model.edit_texts import unknown_line, value_problem
from landport.model.edits import ACTIONS, OF_PLACES, NetworkEdit, WhatIf
from landport.model.network import Line, Network, Transfer
from landport.model.rules import Rules
from landport.model.services import Service, ServiceLeg
from landport.model.tariff import rounded

_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A network under edits.

    Parameters
    ----------
    network
        As of the day: open lines, transfers that are worked, services that run, the assumed ones among them.
    services
        Those assumed to run because lines opened that nobody runs on.
    remarks
        What does not run and why, and what is assumed: codes line-closed, place-closed, gauge-differs,
        services-assumed, no-service-assumed.
    whole
        The edited network before the day: every line, open or not. Further edits go on from it.
    """

    network: Network
    services: tuple[Service, ...]
    remarks: tuple[Remark, ...]
    whole: Network

    def what_if(self, name: str) -> WhatIf:
        """Put all edits and the assumed services under a name, as plans and choices carry them."""
        return WhatIf(name=name, edits=self.whole.edits, services=self.services)


def apply(network: Network, edits: Sequence[NetworkEdit], *, on: date, rules: Rules) -> Edited:
    """Read a network as of a day with edits applied in order.

    Parameters
    ----------
    network
        With all its lines, open or not: as shipped, or the `whole` of an answer.
    rules
        Their rates price services that are assumed; see `assumed`.

    Raises
    ------
    NotFound
        `unknown-line`: no line or place has the id of a subject; all such edits are named.
    InputError
        `wrong-edit`: no such action, or a value or subject that the action cannot have; all are named.

    Notes
    -----
    Without edits it is `network.as_of(on)`. `apply(apply(n, a).whole, b)` is `apply(n, a + b)`.

    open: the line is open from now on, and a planned transfer between its ends is worked once lines of both its gauges
    are open there. close: a line, or a place with its lines and transfers, vanishes, and so do services over it; a
    closed line may be opened again, a closed place stays closed. gauge: a leg whose lines all have one gauge takes it;
    services with other legs over the line, or that would meet a break of gauge where they had none, do not run; class
    and emission rate stay. slow: the line's minutes grow, those of each leg over it by as much; at a place its
    transfers and the dwell of legs that start there. capacity: of each leg over the line at most the value; at a place
    every transfer's TEU a day.
    """
    _check(network, edits)
    whole = network
    for edit in edits:
        whole = _EDIT[edit.action](whole, edit)
    whole = replace(whole, edits=(*network.edits, *edits))
    running, stopped = _running(whole, on)
    added, remarks = assumed(running, whole, opened=_last(whole, "open"), rules=rules)
    services = {**running.services, **{service.service_id: service for service in added}}
    return Edited(
        network=replace(running, services=services), services=added, remarks=(*stopped, *remarks), whole=whole
    )


def _check(network: Network, edits: Iterable[NetworkEdit]) -> None:
    """Refuse edits that mean nothing; values first."""
    lines = {line.line_id: line for line in network.lines}
    wrong: list[tuple[str, str]] = []
    missing: list[tuple[str, str]] = []
    for edit in edits:
        subject_id = edit.subject_id
        is_place = subject_id in network.places
        problem = _problem(edit, lines.get(subject_id), is_place)
        if problem:
            wrong.append((f"{edit.action} {subject_id}: {problem}", subject_id))
        elif subject_id not in lines and not is_place:
            error = unknown_line(subject_id, network, is_place_too=edit.action in OF_PLACES)
            missing.append((error.message, subject_id))
    if wrong:
        raise InputError("wrong-edit", "\n".join(text for text, _ in wrong), tuple(about for _, about in wrong))
    if missing:
        raise NotFound("unknown-line", "\n".join(text for text, _ in missing), tuple(about for _, about in missing))


def _problem(edit: NetworkEdit, line: Line | None, is_place: bool) -> str:
    if edit.action not in ACTIONS:
        return f"no such action: use one of {', '.join(ACTIONS)}"
    if is_place and edit.action not in OF_PLACES:
        return "expected a line, not a place"
    if edit.action == "gauge" and line is not None and line.mode != "rail":
        return f"a line of mode {line.mode} has no gauge"
    return value_problem(edit.action, edit.value)


def _open(network: Network, edit: NetworkEdit) -> Network:
    return _with_line(network, edit, lambda line: replace(line, status="open", opened_on=None))


def _close(network: Network, edit: NetworkEdit) -> Network:
    return _with_line(network, edit, lambda line: replace(line, status="closed"))


def _gauge(network: Network, edit: NetworkEdit) -> Network:
    return _with_line(network, edit, lambda line: replace(line, gauge_mm=edit.value))


def _slow(network: Network, edit: NetworkEdit) -> Network:
    def longer(minutes: int) -> int:
        return rounded(minutes * edit.value, 1000)

    if edit.subject_id in network.places:

        def waiting(leg: ServiceLeg) -> ServiceLeg:
            starts = leg.from_id == edit.subject_id
            return replace(leg, dwell_minutes=longer(leg.dwell_minutes)) if starts else leg

        slowed = _with_transfers(network, edit, lambda t: replace(t, minutes=longer(t.minutes)))
        return _with_legs(slowed, waiting)
    old = next(line.running_minutes for line in network.lines if line.line_id == edit.subject_id)
    added = longer(old) - old

    def running(leg: ServiceLeg) -> ServiceLeg:
        times = leg.line_ids.count(edit.subject_id)
        return replace(leg, running_minutes=leg.running_minutes + added * times) if times else leg

    slowed = _with_line(network, edit, lambda line: replace(line, running_minutes=old + added))
    return _with_legs(slowed, running)


def _capacity(network: Network, edit: NetworkEdit) -> Network:
    if edit.subject_id in network.places:
        return _with_transfers(network, edit, lambda t: replace(t, teu_per_day=edit.value))

    def capped(leg: ServiceLeg) -> ServiceLeg:
        takes_more = leg.capacity_teu == 0 or leg.capacity_teu > edit.value  # 0: no limit is known
        return replace(leg, capacity_teu=edit.value) if takes_more and edit.subject_id in leg.line_ids else leg

    return _with_legs(network, capped)


_EDIT: Mapping[str, Callable[[Network, NetworkEdit], Network]] = {
    "open": _open,
    "close": _close,
    "gauge": _gauge,
    "slow": _slow,
    "capacity": _capacity,
}


def _with_line(network: Network, edit: NetworkEdit, change: Callable[[Line], Line]) -> Network:
    lines = tuple(change(line) if line.line_id == edit.subject_id else line for line in network.lines)
    return replace(network, lines=lines)


def _with_transfers(network: Network, edit: NetworkEdit, change: Callable[[Transfer], Transfer]) -> Network:
    worked, planned = (
        tuple(change(t) if t.place_id == edit.subject_id else t for t in rows)
        for rows in (network.transfers, network.planned_transfers)
    )
    return replace(network, transfers=worked, planned_transfers=planned)


def _with_legs(network: Network, change: Callable[[ServiceLeg], ServiceLeg]) -> Network:
    services = {}
    for service_id, service in network.services.items():
        legs = tuple(change(leg) for leg in service.legs)
        services[service_id] = service if legs == service.legs else replace(service, legs=legs)
    return replace(network, services=services)


def _last(network: Network, action: str) -> frozenset[str]:
    """Name the lines that were opened, or closed, and not the other way since."""
    last = {edit.subject_id: edit.action for edit in network.edits if edit.action in ("open", "close")}
    return frozenset(line.line_id for line in network.lines if last.get(line.line_id) == action)


def _running(whole: Network, on: date) -> tuple[Network, tuple[Remark, ...]]:
    """Keep what is open on the day under the edits, and say what does not run for them."""
    shut = frozenset(e.subject_id for e in whole.edits if e.action == "close" and e.subject_id in whole.places)
    regauged = frozenset(e.subject_id for e in whole.edits if e.action == "gauge")
    by_id = {line.line_id: line for line in whole.lines}
    services: dict[str, Service] = {}
    stopped: dict[str, list[str]] = {"place": [], "line": [], "gauge": []}
    closed = _last(whole, "close")
    for service in whole.services.values():
        over = {line_id for leg in service.legs for line_id in leg.line_ids}
        new = _regauged(service, by_id, regauged) if over & regauged else service
        ran = all(line_id in closed or (line_id in by_id and by_id[line_id].is_open(on)) for line_id in over)
        if shut & _passed(service, by_id):
            stopped["place"] += [service.service_id] if ran else []
        elif over & closed:
            stopped["line"] += [service.service_id] if ran else []
        elif new is None:
            stopped["gauge"] += [service.service_id] if ran else []
        else:
            services[service.service_id] = new
    lines = tuple(line for line in whole.lines if not shut & {line.from_id, line.to_id})
    dated = replace(whole, lines=lines, services=services).as_of(on)
    return _with_crossings(dated, shut), _remarks(stopped)


def _passed(service: Service, by_id: Mapping[str, Line]) -> set[str]:
    stops = {place for leg in service.legs for place in (leg.from_id, leg.to_id)}
    lines = [by_id[line_id] for leg in service.legs for line_id in leg.line_ids if line_id in by_id]
    return stops | {place for line in lines for place in (line.from_id, line.to_id)}


def _regauged(service: Service, by_id: Mapping[str, Line], regauged: frozenset[str]) -> Service | None:
    """Give legs the gauge of their lines, or answer None: the train cannot run."""
    legs: list[ServiceLeg] = []
    for leg in service.legs:
        gauges = {by_id[line_id].gauge_mm for line_id in leg.line_ids if line_id in by_id}
        if not regauged & set(leg.line_ids):
            legs.append(leg)
        elif len(gauges) == 1:
            legs.append(replace(leg, gauge_mm=gauges.pop()))
        else:
            return None
    for (old, old_next), (new, new_next) in zip(pairwise(service.legs), pairwise(legs), strict=True):
        kept = (new.gauge_mm, new_next.gauge_mm) == (old.gauge_mm, old_next.gauge_mm)
        if new.gauge_mm != new_next.gauge_mm and not kept:
            return None
    return replace(service, legs=tuple(legs))


def _with_crossings(dated: Network, shut: frozenset[str]) -> Network:
    """Work the planned transfers of opened lines; those of closed places vanish."""
    opened = _last(dated, "open")
    ends = {(line.mode, line.gauge_mm, p) for line in dated.lines for p in (line.from_id, line.to_id)}
    across = {
        (line.mode, line.gauge_mm, here, there)
        for line in dated.lines
        if line.line_id in opened
        for here, there in ((line.from_id, line.to_id), (line.to_id, line.from_id))
    }

    def is_worked(t: Transfer) -> bool:
        sides = ((t.from_mode, t.from_gauge_mm), (t.to_mode, t.to_gauge_mm))
        outside = sides[0] if t.direction == "inbound" else sides[1]
        return (*outside, t.place_id, t.neighbour_id) in across and all((*side, t.place_id) in ends for side in sides)

    planned = [t for t in dated.planned_transfers if t.place_id not in shut]
    worked = tuple(t for t in dated.transfers if t.place_id not in shut)
    return replace(
        dated,
        transfers=(*worked, *(t for t in planned if is_worked(t))),
        planned_transfers=tuple(t for t in planned if not is_worked(t)),
    )


def _remarks(stopped: Mapping[str, list[str]]) -> tuple[Remark, ...]:
    place, line, gauge = (tuple(stopped[why]) for why in ("place", "line", "gauge"))
    remarks = (
        Remark("place-closed", f"a closed place stops services: {_named(place)}", place),
        Remark("line-closed", f"a closed line stops services: {_named(line)}", line),
        Remark("gauge-differs", f"a new gauge stops services: {_named(gauge)}", gauge),
    )
    return tuple(remark for remark in remarks if remark.about)


def _named(service_ids: Sequence[str]) -> str:
    rest = len(service_ids) - _SHOWN
    return ", ".join(service_ids[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
