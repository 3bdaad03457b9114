"""The network and its dated departures as the arrays that `_kernel.scan` reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from landport.model.changes import Changes, End, Road, roads
from landport.model.itinerary import Dues
from landport.model.network import Network
from landport.model.rules import Rules
from landport.model.services import Departure, Service, ServiceLeg
from landport.model.tariff import fixed_share_cents, road_rate
from landport.route.opening import begun, opening

Ints = NDArray[np.int64]

MODES = ("rail", "road", "ferry")
"""Ways to move."""

MILLI = 1000
"""Prices inside the scan are thousandths of a US cent a TEU."""


def minute_value(rules: Rules) -> int:
    """Say what a minute is worth, in thousandths of a US cent a TEU."""
    return rules.milli("value_of_time_usd_per_feu_day") * 100 * MILLI // (1000 * 2 * 1440)


@dataclass(frozen=True, slots=True)
class Hop:
    """One dated leg: which departure and service, which leg of it, and the local date on which it leaves."""

    departure: Departure
    service: Service
    leg: ServiceLeg
    departs_at: int
    arrives_at: int
    on: date


@dataclass(frozen=True, slots=True)
class Space:
    """Everything a scan reads, and the way back from its indices to the nouns.

    Parameters
    ----------
    hops
        n dated legs, ordered by departure.
    place_ids, place_of
        Index of each place, both ways.
    truck_roads
        r trucks on demand, ordered by start.
    legs, members, classes, at_place, moves, road_rows
        As `_kernel.scan` describes, prices of trucks (`road_rows`) for a whole truck. The place after the last one is
        nowhere: what is boarded or left there is not boarded or left at all, the load stays on.
    from_place, class_of
        Place each leg leaves from, and its departure class as a local index of that place.
    formed
        Whether a leg is of a train that the hub forms, shape (n,).
    transfers
        Transfer id by (change row, local class index; last: truck), empty where impossible.
    open_at, opens
        Opening hours by change row, as in `_kernel_table.Table`.
    """

    hops: tuple[Hop, ...]
    place_ids: tuple[str, ...]
    place_of: Mapping[str, int]
    truck_roads: tuple[Road, ...]
    legs: Ints
    members: Ints
    classes: Ints
    at_place: Ints
    moves: Ints
    road_rows: Ints
    from_place: Ints
    class_of: Ints
    formed: NDArray[np.bool_]
    transfers: tuple[tuple[str, ...], ...]
    open_at: Ints
    opens: Ints
    now_at: int

    def with_dues(self, dues: Dues) -> Space:
        """Answer the same space with legs that cost so many more US cents a TEU, at least nothing."""
        legs = self.legs.copy()
        more = [dues.get((hop.departure.departure_id, hop.leg.seq), 0) for hop in self.hops]
        legs[:, 3] = np.maximum(0, legs[:, 3] + MILLI * np.array(more, np.int64))
        return replace(self, legs=legs)

    def spans(self, place_id: str) -> Ints:
        """Spans in which work may begin at a place, shape (s, 2); none: it never closes."""
        first, last = self.open_at[self.at_place[self.place_of[place_id], 4]]
        return self.opens[first:last]

    def loaded(self, row: int, at: int) -> int:
        """Minute at which a truck on demand leaves with a load that is at a change row from minute `at`."""
        spans = self.opens[slice(*self.open_at[row])]
        return int(begun(np.array([at], np.int64), spans)[0]) + int(self.moves[row, -1, 0])


def space(
    network: Network, departures: Sequence[Departure], rules: Rules, *, start_at: datetime, plan_end: int, now_at: int
) -> Space:
    """Lay out every leg that can still be boarded.

    Parameters
    ----------
    plan_end
        Hub trains formed at the hub (group assembly) that leave at or after this minute are not offered.
    now_at
        Legs that leave before it are past, and so are hub trains that left their first stop.
    """
    hops = _hops(network, departures, start_at, now_at, plan_end)
    place_ids = tuple(sorted(network.places))
    place_of = {p: i for i, p in enumerate(place_ids)}
    classes, class_rows = _classes(hops, place_of)
    ways = roads(network.lines, network.places, rules)
    served = {key[0] for key in class_rows} | {place_of[h.leg.to_id] for h in hops}
    truck_roads = tuple(ways[key] for key in sorted(ways) if place_of[key[1]] in served or place_of[key[0]] in served)
    yards = _yards(network)
    rows, moves, names = _moves(hops, class_rows, place_ids, Changes(network.transfers), yards)
    members, bounds = _members(hops, classes, len(class_rows))
    at_place = _at_place(class_rows, truck_roads, place_of, rows)
    from_place = np.array([place_of[h.leg.from_id] for h in hops], np.int64)
    last = max((h.arrives_at for h in hops), default=now_at)
    open_at, opens = opening(
        network, [place for place, *_ in rows], place_of, start_at, hops[0].departs_at if hops else now_at, last
    )
    return Space(
        hops=hops,
        place_ids=place_ids,
        place_of=place_of,
        truck_roads=truck_roads,
        legs=_legs(hops, [_leaves_at(h, network, place_of) for h in hops], place_of, rows, members, rules),
        members=members,
        classes=bounds,
        at_place=at_place,
        moves=moves,
        road_rows=_road_rows(truck_roads, network, rules, place_of),
        from_place=from_place,
        class_of=np.array(classes, np.int64) - at_place[from_place, 0],
        formed=np.array([h.service.group == "assembly" for h in hops], np.bool_),
        transfers=names,
        open_at=open_at,
        opens=opens,
        now_at=now_at,
    )


def _hops(
    network: Network, departures: Sequence[Departure], start_at: datetime, now_at: int, plan_end: int
) -> tuple[Hop, ...]:
    hops = []
    zones = {p.place_id: ZoneInfo(p.timezone) for p in network.places.values()}
    for run in departures:
        service = network.services[run.service_id]
        undecided = service.group == "assembly" and run.departs_at >= plan_end
        left = service.operation == "hub" and run.departs_at < now_at
        if left or run.is_full or undecided:
            continue
        for timed in run.legs:
            leg = service.legs[timed.seq - 1]
            if timed.departs_at >= now_at:
                on = (start_at + timedelta(minutes=timed.departs_at)).astimezone(zones[leg.from_id]).date()
                hops.append(Hop(run, service, leg, timed.departs_at, timed.arrives_at, on))
    return tuple(sorted(hops, key=lambda h: (h.departs_at, h.departure.departure_id, h.leg.seq)))


Arrival = tuple[int, str, int, str]
"""Place, mode, gauge and neighbour a load comes from; a truck has mode road and no neighbour."""

ClassKey = tuple[int, str, int, str, int]
"""Place, mode, gauge and next stop of departures that load alike, and their cut-off in minutes."""


def _classes(hops: Sequence[Hop], place_of: Mapping[str, int]) -> tuple[list[int], dict[ClassKey, int]]:
    """Find each hop's departure class, and the rows of the classes, those of a place together."""
    keys = [(_boards_at(h, place_of), h.leg.mode, h.leg.gauge_mm, h.leg.to_id, h.service.cut_off_minutes) for h in hops]
    rows = {key: i for i, key in enumerate(sorted(set(keys)))}
    return [rows[key] for key in keys], rows


def _boards_at(hop: Hop, place_of: Mapping[str, int]) -> int:
    """Place at which a leg can be boarded: a truck takes its load where it starts, and none on the way."""
    is_on_the_way = hop.leg.mode == "road" and hop.leg.seq > 1
    return len(place_of) if is_on_the_way else place_of[hop.leg.from_id]


def _leaves_at(hop: Hop, network: Network, place_of: Mapping[str, int]) -> int:
    """Place at which a leg can be left: a truck keeps its load through a border that it passes."""
    passes = hop.leg.mode == "road" and hop.leg.seq < len(hop.service.legs)
    return len(place_of) if passes and network.places[hop.leg.to_id].kind == "border" else place_of[hop.leg.to_id]


def _yards(network: Network) -> set[tuple[str, str]]:
    """Find where boxes change, by (place, mode): not at a border that services of the mode only pass."""
    ends = {
        (s.legs[i].from_id if i == 0 else s.legs[i].to_id, s.mode) for s in network.services.values() for i in (0, -1)
    }
    passed = {(p.place_id, mode) for p in network.places.values() if p.kind == "border" for mode in MODES}
    return {(p, mode) for p in network.places for mode in MODES} - (passed - ends)


def _members(hops: Sequence[Hop], classes: Sequence[int], n_classes: int) -> tuple[Ints, Ints]:
    order = sorted(range(len(hops)), key=lambda i: (classes[i], i))
    bounds = np.zeros((n_classes, 2), np.int64)
    members = np.zeros((len(hops), 2), np.int64)
    counts = np.bincount(np.array(classes, np.int64), minlength=n_classes) if hops else np.zeros(n_classes, np.int64)
    ends = np.cumsum(counts)
    bounds[:, 0], bounds[:, 1] = ends - counts, ends
    for spot, i in enumerate(order):
        members[spot] = i, ends[classes[i]]
    return members, bounds


def _moves(
    hops: Sequence[Hop],
    class_rows: Mapping[ClassKey, int],
    place_ids: Sequence[str],
    changes: Changes,
    yards: Set[tuple[str, str]],
) -> tuple[dict[Arrival, int], Ints, tuple[tuple[str, ...], ...]]:
    """Table what changing takes, for every way of arriving; a load is never there later than the cut-off."""
    leaving: dict[int, list[tuple[End, int]]] = {}
    for place, mode, gauge, neighbour, cut_off in class_rows:
        leaving.setdefault(place, []).append((End(mode, gauge, neighbour), cut_off))
    place_of = {p: i for i, p in enumerate(place_ids)}
    arriving = {(place_of[h.leg.to_id], h.leg.mode, h.leg.gauge_mm, h.leg.from_id) for h in hops}
    arriving |= {(place, "road", 0, "") for place in range(len(place_ids))}
    rows = {key: i for i, key in enumerate(sorted(arriving))}
    width = max((len(ends) for ends in leaving.values()), default=0) + 1
    moves = np.full((len(rows), width, 3), -1, np.int64)
    names = []
    for (place, mode, gauge, neighbour), row in rows.items():
        name = [""] * width
        truck = [(End("road", 0, ""), 0)] if neighbour else []
        for k, (end, cut_off) in [*enumerate(leaving.get(place, [])), *((width - 1, t) for t in truck)]:
            works = {(place_ids[place], mode), (place_ids[place], end.mode)} <= yards
            transfer = changes.find(place_ids[place], End(mode, gauge, neighbour), end) if works else None
            if transfer:
                paid = transfer.usd_cents_per_teu * MILLI
                moves[row, k] = max(transfer.minutes, cut_off), paid, transfer.minutes
                name[k] = transfer.transfer_id
        names.append(tuple(name))
    return rows, moves, tuple(names)


def _at_place(
    class_rows: Mapping[ClassKey, int],
    truck_roads: Sequence[Road],
    place_of: Mapping[str, int],
    rows: Mapping[Arrival, int],
) -> Ints:
    table = np.zeros((len(place_of) + 1, 5), np.int64)
    for (place, *_), row in class_rows.items():
        if place == len(place_of):
            continue
        table[place, 0] = row if table[place, 1] == 0 else min(table[place, 0], row)
        table[place, 1] = max(table[place, 1], row + 1)
    for i, way in enumerate(truck_roads):
        place = place_of[way.from_id]
        table[place, 2] = i if table[place, 3] == 0 else table[place, 2]
        table[place, 3] = i + 1
    for place in place_of.values():
        table[place, 4] = rows[place, "road", 0, ""]
    return table


def _legs(
    hops: Sequence[Hop],
    leaves_at: Sequence[int],
    place_of: Mapping[str, int],
    rows: Mapping[Arrival, int],
    members: Ints,
    rules: Rules,
) -> Ints:
    index = {(h.departure.departure_id, h.leg.seq): i for i, h in enumerate(hops)}
    spots = np.argsort(members[:, 0]) if len(hops) else members[:, 0]
    legs = np.zeros((len(hops), 8), np.int64)
    for i, h in enumerate(hops):
        place = place_of[h.leg.to_id]
        legs[i] = (
            leaves_at[i],
            h.departs_at,
            h.arrives_at,
            (h.leg.usd_cents_per_teu + fixed_share_cents(h.service, h.leg, rules)) * MILLI,
            index.get((h.departure.departure_id, h.leg.seq + 1), -1),
            rows[place, h.leg.mode, h.leg.gauge_mm, h.leg.from_id],
            spots[i],
            h.service.cut_off_minutes,
        )
    return legs


def _road_rows(ways: Sequence[Road], network: Network, rules: Rules, place_of: Mapping[str, int]) -> Ints:
    """Price a truck whole: it carries one box, of 20 ft as of 40."""
    table = np.zeros((len(ways), 4), np.int64)
    for i, way in enumerate(ways):
        milli_cents = way.length_km * rules.milli(road_rate(way.from_id, network.places)) * 100
        table[i] = place_of[way.from_id], place_of[way.to_id], way.running_minutes, milli_cents
    return table
