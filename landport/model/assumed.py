"""Services assumed to run over lines that opened and that nobody runs on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise

from landport.errors import Remark
from landport.model.distances import ways
from landport.model.network import Line, Network
from landport.model.rules import Rules
from landport.model.services import Service, ServiceLeg
from landport.model.tariff import rounded

DEPART_MINUTE = 720
"""Minute of the local day at which an assumed train leaves."""

STOP_MINUTES = 180
"""Stop of an assumed train where no border work is told, as that of the shipped onward trains."""

CAPACITY_TEU = 100
"""What an assumed train takes, as the shipped ones do that leave the hub."""


@dataclass(frozen=True, slots=True, order=True)
class _Look:
    """What a leg takes from legs like it."""

    train_class: str
    co2_rate: str
    max_length_mm: int
    max_gross_kg: int
    max_cargo_kg: int


@dataclass(frozen=True, slots=True)
class _Path:
    """Lines of one gauge, in order, and the places along them, one more."""

    place_ids: tuple[str, ...]
    lines: tuple[Line, ...]


def assumed(
    running: Network, whole: Network, *, opened: AbstractSet[str], rules: Rules
) -> tuple[tuple[Service, ...], tuple[Remark, ...]]:
    """Assume one train a day each way over opened rails that no service runs on.

    Parameters
    ----------
    running
        The edited network as of the day.
    whole
        Before the day: all its services are examples of how legs of a gauge and country look.
    opened
        Ids of the lines that were opened.
    rules
        Their rates `hub_cutoff_h` and `rail_1520_usd_per_feu_km`, `rail_cn_...`, `rail_eu_...` are needed when a train
        is assumed.

    Returns
    -------
    tuple[tuple[Service, ...], tuple[Remark, ...]]
        There and back one after the other; ids `NEW-<from>-<to>`. Remarks services-assumed, no-service-assumed.

    Notes
    -----
    Opened lines of one gauge that touch are cut into paths, the longest by minutes first, until all are run on. Each is
    extended at both ends along open lines of its gauge to the quickest place where freight goes on: another train stops
    that it can change to, or a transfer leads to another gauge or mode; where there is none, the path ends. It stops
    where there are transfers for it or other trains. Length and running time are sums over its lines; a TEU pays half
    the rate per FEU of gauge and countries times that length (`rail_rate`). The stop before a leg is the border work
    told for a train that goes on, else `STOP_MINUTES`; border work at the first stop is in no leg, a train is formed
    after it. Train class, emission rate and limits are the most frequent of legs of the same gauge between the same
    countries; without such legs, of the leg next to it that has some, then of any that share a country or the gauge. A
    road within a country needs no service, trucks on demand use it. O(n log n) in the lines for each place of an opened
    piece; equal ways go by ids, no chance is involved.
    """
    left = [line for line in running.lines if line.line_id in opened - _served(running.services.values())]
    unserved = tuple(line.line_id for line in left if line.mode != "rail" and not _is_for_trucks(line, running))
    rails = [line for line in left if line.mode == "rail" and line.from_id != line.to_id]
    looks = _Looks(whole)
    services: list[Service] = []
    while rails:
        known = replace(running, services={**running.services, **{s.service_id: s for s in services}})
        services += _both_ways(_extended(_longest(rails), known), known, looks, rules)
        served = _served(services)
        rails = [line for line in rails if line.line_id not in served]
    remarks = []
    if services:
        ids = tuple(s.service_id for s in services)
        text = f"nobody runs on lines that opened, so one train a day is assumed each way: {', '.join(ids)}"
        remarks.append(Remark("services-assumed", text, ids))
    if unserved:
        text = f"no service runs on opened lines, and none is assumed off the rails: {', '.join(unserved)}"
        remarks.append(Remark("no-service-assumed", text, unserved))
    return tuple(services), tuple(remarks)


def _served(services: Iterable[Service]) -> set[str]:
    return {line_id for s in services for leg in s.legs for line_id in leg.line_ids}


def _is_for_trucks(line: Line, network: Network) -> bool:
    """Tell whether trucks on demand use it: a road within a country."""
    return line.mode == "road" and network.places[line.from_id].country == network.places[line.to_id].country


def _longest(lines: Iterable[Line]) -> _Path:
    """Find the longest by minutes of the quickest ways in the first piece of touching lines of one gauge."""
    ordered = sorted(lines, key=lambda line: line.line_id)
    piece = [line for line in ordered if line.gauge_mm == ordered[0].gauge_mm]
    reached = ways(piece, ordered[0].from_id, _minutes)
    found = ((way, from_id) for from_id in sorted(reached) for way in ways(piece, from_id, _minutes).values())
    way, from_id = max(found, key=lambda one: (one[0].cost, len(one[0].lines)))
    return _path(from_id, way.lines)


def _minutes(line: Line) -> int:
    return line.running_minutes


def _path(from_id: str, lines: Sequence[Line]) -> _Path:
    place_ids = [from_id]
    for line in lines:
        place_ids.append(line.to_id if line.from_id == place_ids[-1] else line.from_id)
    return _Path(tuple(place_ids), tuple(lines))


def _back(path: _Path) -> _Path:
    return _Path(path.place_ids[::-1], path.lines[::-1])


def _extended(path: _Path, network: Network) -> _Path:
    """Lead a path on at its end, then at its start."""
    for _ in range(2):
        more = _on_from(path, network)
        path = _back(_path(path.place_ids[0], (*path.lines, *more)))
    return path


def _on_from(path: _Path, network: Network) -> tuple[Line, ...]:
    gauge_mm, end = path.lines[0].gauge_mm, path.place_ids[-1]
    behind = set(path.place_ids[:-1])
    usable = [
        line
        for line in network.lines
        if (line.mode, line.gauge_mm) == ("rail", gauge_mm) and not behind & {line.from_id, line.to_id}
    ]
    onward = _onward(network, gauge_mm)
    found = (way for place_id, way in ways(usable, end, _minutes).items() if place_id in onward)
    nearest = next(found, None)
    return nearest.lines if nearest else ()


def _onward(network: Network, gauge_mm: int) -> set[str]:
    """Find the places where freight on rails of a gauge goes on by something else."""
    stops = _stops(network)
    here = ("rail", gauge_mm)
    ends = {(p, line.mode, line.gauge_mm) for line in network.lines for p in (line.from_id, line.to_id)}
    found = set()
    for t in network.transfers:
        there = (t.to_mode, t.to_gauge_mm)
        if (t.from_mode, t.from_gauge_mm) != here:
            continue
        if there == here:  # a border row that keeps the gauge is work on a train that goes on
            leads_on = t.neighbour_id == "" and (t.place_id, *there) in stops
        else:
            leads_on = (t.place_id, *there) in ends
        found |= {t.place_id} if leads_on else set()
    return found


def _stops(network: Network) -> set[tuple[str, str, int]]:
    return {(p, g.mode, g.gauge_mm) for s in network.services.values() for g in s.legs for p in (g.from_id, g.to_id)}


def _both_ways(path: _Path, network: Network, looks: _Looks, rules: Rules) -> tuple[Service, Service]:
    there = _pieces(path, network)
    back = [_back(piece) for piece in reversed(there)]
    seen = looks.along(there)
    return (
        _service(there, seen, network, rules),
        _service(back, seen[::-1], network, rules),
    )


def _pieces(path: _Path, network: Network) -> list[_Path]:
    """Cut a path where the train stops: at transfers for it, and where others stop."""
    gauge_mm = path.lines[0].gauge_mm
    here = ("rail", gauge_mm)
    halts = {p for p, mode, _ in _stops(network) if mode == "rail"} | {
        t.place_id for t in network.transfers if here in ((t.from_mode, t.from_gauge_mm), (t.to_mode, t.to_gauge_mm))
    }
    at = [n for n, p in enumerate(path.place_ids) if p in halts or n in (0, len(path.lines))]
    return [_Path(path.place_ids[a : b + 1], path.lines[a:b]) for a, b in pairwise(at)]


def _service(pieces: Sequence[_Path], seen: Sequence[_Look], network: Network, rules: Rules) -> Service:
    from_id, to_id = pieces[0].place_ids[0], pieces[-1].place_ids[-1]
    names = [network.places[p].name for p in (from_id, to_id)]
    service_id, number = f"NEW-{from_id}-{to_id}", 1
    while service_id in network.services:
        number += 1
        service_id = f"NEW-{from_id}-{to_id}-{number}"
    legs = []
    for seq, (piece, look) in enumerate(zip(pieces, seen, strict=True), 1):
        dwell = 0 if seq == 1 else _dwell(pieces[seq - 2], piece, network)
        legs.append(_leg(seq, piece, look, dwell, network, rules))
    return Service(
        service_id=service_id,
        name=f"{names[0]} - {names[1]} (assumed)",
        mode="rail",
        group="onward",
        operation="bought",
        weekdays=(1, 2, 3, 4, 5, 6, 7),
        every_n_weeks=1,
        week_offset=0,
        depart_minute=DEPART_MINUTE,
        cut_off_minutes=rules.milli("hub_cutoff_h") * 60 // 1000,
        min_teu=0,
        fixed_usd_cents=0,
        legs=tuple(legs),
    )


def _leg(seq: int, piece: _Path, look: _Look, dwell: int, network: Network, rules: Rules) -> ServiceLeg:
    from_id, to_id, gauge_mm = piece.place_ids[0], piece.place_ids[-1], piece.lines[0].gauge_mm
    length_km = sum(line.length_km for line in piece.lines)
    ids = tuple(line.line_id for line in piece.lines)
    caps = [edit.value for edit in network.edits if edit.action == "capacity" and edit.subject_id in ids]
    countries = {network.places[p].country for p in (from_id, to_id)}
    return ServiceLeg(
        seq=seq,
        from_id=from_id,
        to_id=to_id,
        mode="rail",
        gauge_mm=gauge_mm,
        train_class=look.train_class,
        line_ids=ids,
        length_km=length_km,
        running_minutes=sum(line.running_minutes for line in piece.lines),
        dwell_minutes=dwell,
        capacity_teu=min([CAPACITY_TEU, *caps]),
        max_length_mm=look.max_length_mm,
        max_gross_kg=look.max_gross_kg,
        max_cargo_kg=look.max_cargo_kg,
        usd_cents_per_teu=rounded(length_km * rules.milli(rail_rate(gauge_mm, countries)), 20),
        co2_rate=look.co2_rate,
    )


def rail_rate(gauge_mm: int, countries: AbstractSet[str]) -> str:
    """Name the rate per FEU and km of an assumed leg between these countries."""
    if gauge_mm == 1520:
        return "rail_1520_usd_per_feu_km"
    return "rail_cn_usd_per_feu_km" if "CN" in countries else "rail_eu_usd_per_feu_km"


def _dwell(before: _Path, after: _Path, network: Network) -> int:
    """Add up the work on a train that goes on at a border; where there is none, it just stops."""
    here = ("rail", before.lines[0].gauge_mm)
    place_id = after.place_ids[0]
    sides = ((before.place_ids[0], "inbound"), (after.place_ids[-1], "outbound"))
    work = [
        t.minutes
        for t in network.transfers
        if t.place_id == place_id
        and (t.from_mode, t.from_gauge_mm) == here == (t.to_mode, t.to_gauge_mm)
        and (t.neighbour_id, t.direction) in sides
    ]
    if work:
        return sum(work)
    minutes = STOP_MINUTES
    for edit in network.edits:
        if edit.action == "slow" and edit.subject_id == place_id:
            minutes = rounded(minutes * edit.value, 1000)
    return minutes


class _Looks:
    """How legs of rails look, by gauge and the countries they join."""

    def __init__(self, whole: Network) -> None:
        self._places = whole.places
        self._seen: dict[tuple[int, frozenset[str]], Counter[_Look]] = {}
        for service in whole.services.values():
            for leg in service.legs:
                if leg.mode == "rail":
                    look = _Look(leg.train_class, leg.co2_rate, leg.max_length_mm, leg.max_gross_kg, leg.max_cargo_kg)
                    key = (leg.gauge_mm, self._countries(leg.from_id, leg.to_id))
                    self._seen.setdefault(key, Counter())[look] += 1

    def along(self, pieces: Sequence[_Path]) -> list[_Look]:
        """Find how the legs of a train look, each of one of `pieces`."""
        keys = [(p.lines[0].gauge_mm, self._countries(p.place_ids[0], p.place_ids[-1])) for p in pieces]
        exact = [_most(self._seen.get(key, Counter())) for key in keys]
        near = [look or next(filter(None, (*exact[:n][::-1], *exact[n:])), None) for n, look in enumerate(exact)]
        return [look or self._alike(*key) for look, key in zip(near, keys, strict=True)]

    def _countries(self, from_id: str, to_id: str) -> frozenset[str]:
        return frozenset((self._places[from_id].country, self._places[to_id].country))

    def _alike(self, gauge_mm: int, countries: frozenset[str]) -> _Look:
        sharing, any_of_gauge = Counter[_Look](), Counter[_Look]()
        for (gauge, joined), looks in self._seen.items():
            if gauge == gauge_mm:
                any_of_gauge += looks
                sharing += looks if joined & countries else Counter()
        return _most(sharing) or _most(any_of_gauge) or _UNSEEN[gauge_mm]


_UNSEEN: Mapping[int, _Look] = {
    1435: _Look("", "co2_rail_diesel_g_per_tkm", 0, 0, 0),
    1520: _Look("", "co2_rail_1520_g_per_gross_tkm", 0, 0, 0),
    1668: _Look("", "co2_rail_diesel_g_per_tkm", 0, 0, 0),
}
"""Of a gauge that no train runs on: no class, and the rate of a railway nobody knows more of."""


def _most(looks: Counter[_Look]) -> _Look | None:
    return min(looks, key=lambda look: (-looks[look], look)) if looks else None
