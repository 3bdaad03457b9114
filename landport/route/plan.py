"""Ways for every trip: the cheapest and the fastest over dated departures, trucks and transfers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zlib import crc32

from landport.model.bookings import RestrictionOrder
from landport.model.equipment import ContainerType
from landport.model.itinerary import Dues, Itinerary, Refusal, Room, Trip, Ways
from landport.model.result import Limit, Result, why_stopped
from landport.model.rules import Rules
from landport.route.arrays import MILLI, Space
from landport.route.cutoffs import SENSIBLE
from landport.route.masks import Masks, concerns, masks, size_of
from landport.route.search import EVER, Found, Search, spread

WAYS = 60_000
"""Ways offered in all: a larger port offers fewer a trip, so that the program of who rides what stays solvable."""

FEWEST = 8
"""Ways kept for one trip of the largest port."""

DUE_BREADTH = 0.35
"""Share of the usual numbers of ways that is looked at where dues say what is scarce."""

CHOICES = 24
"""Ways kept for one trip, beside the best with each train that the hub forms, and the fastest."""


def plan(
    trips: Sequence[Trip],
    space: Space,
    orders: Sequence[RestrictionOrder],
    container_types: Mapping[str, ContainerType],
    *,
    hub_id: str,
    rules: Rules,
    limit: Limit,
    seed: int = 0,
    room: Room | None = None,
    dues: Dues | None = None,
) -> Result[Ways]:
    """Find some `CHOICES` ways for each trip, the cheapest first, spread over departures from the hub.

    Parameters
    ----------
    space
        `arrays.space` of the network and the dated departures.
    limit
        Not looked at: one scan answers all, and without ways there is no plan.
    room
        TEU left on legs that are nearly full; None: every leg is open.
    dues
        What legs cost beside their price to whoever seeks; they are in the order of ways, and in cost and bound.

    Returns
    -------
    Result[Ways]
        Cost and bound in US cents over all boxes that have a way, capacities left out: prices with a share of fixed
        train cost, and time. Cost: the cheapest way offered that arrives in time. Bound: the cheapest at all, however
        late it leaves or arrives, which the scan finds exactly. What quotas of orders cost comes on top, in both; it
        only counts in what is offered first.

    Notes
    -----
    Backward connection scan, one a destination, set of legs that may be ridden, and weighing (price or speed); after
    Dibbelt et al. 2013. A way by way of the hub is the best few to the hub times the best few from there. Nothing
    random: `seed` is only reported. Audited by `audit` (journeys).
    """
    space = space.with_dues(dues) if dues else space
    joined = masks(space, rules, orders, container_types, room or {})
    alike_trips = _alike(trips, joined)
    breadth = min(DUE_BREADTH if dues else 1.0, WAYS / (CHOICES * max(1, len(alike_trips))))
    searches = {teu: Search(space, rules, teu, breadth) for teu in (1, 2)}
    most = max(FEWEST, int(CHOICES * breadth))
    choices: dict[str, tuple[Itinerary, ...]] = {}
    refusals: dict[str, Refusal] = {}
    cost = bound = 0
    for (at_id, to_id, ready_at, _, teu), alike in alike_trips.items():
        search, barred = searches[teu], joined.of(alike[0])
        asked = (at_id, to_id, ready_at, barred, hub_id)
        found = search.ways(*asked) or search.ways(*asked, window=EVER)
        least = search.least(at_id, to_id, ready_at, barred) if found else 0
        for trip in alike:
            in_time = _in_time(found, trip, rules, most, joined)
            if in_time:
                choices[trip.trip_id] = tuple(f.itinerary for f in in_time)
                cost += min(f.value for f in in_time) * trip.n_boxes * teu // MILLI
                bound += least * trip.n_boxes * teu // MILLI
            else:
                refusals[trip.trip_id] = _refusal(trip, found, _last(trip, rules), search, joined, hub_id)
    ways = Ways(choices=choices, refusals=refusals)
    return Result(plan=ways, cost=cost, bound=bound, stopped=why_stopped(cost, bound), seed=seed)


def _alike(trips: Sequence[Trip], joined: Masks) -> dict[tuple[str, str, int, int, int], list[Trip]]:
    """Gather the trips that share a search: same ends, same readiness, same legs barred, same TEU."""
    groups: dict[tuple[str, str, int, int, int], list[Trip]] = {}
    for trip in trips:
        teu = joined.container_types[trip.container_type].teu
        key = (trip.at_id, trip.destination_id, trip.ready_at, id(joined.of(trip)), teu)
        groups.setdefault(key, []).append(trip)
    return groups


def _last(trip: Trip, rules: Rules) -> int:
    """Last minute of arrival that is not hopelessly late."""
    return trip.due_at + rules.milli("max_late_days") * 1440 // 1000


def _in_time(found: Sequence[Found], trip: Trip, rules: Rules, most: int, joined: Masks) -> list[Found]:
    """Keep the ways that are not hopelessly late, best first with lateness and quotas weighed in."""
    last = _last(trip, rules)
    late = rules.milli("delay_penalty_usd_per_feu_day") * (1 + trip.priority) * 100 * MILLI // (2 * 1440 * 1000)
    kept = [f for f in found if f.itinerary.arrives_at <= last]
    tolls = {f: joined.toll(trip, f.itinerary, f.legs) * MILLI for f in kept} if joined.priced else {}

    def weighed(f: Found) -> int:
        return f.value + tolls.get(f, 0) + late * max(0, f.itinerary.arrives_at - trip.due_at)

    kept.sort(key=lambda f: (weighed(f), f.itinerary.departs_at))
    fastest = min(kept, key=lambda f: f.itinerary.arrives_at, default=None)
    top = {i: kept[i] for i in spread(len(kept), most, crc32(trip.trip_id.encode()))}
    offered = {d for f in top.values() for d in f.formed}
    for i, way in enumerate(kept):
        if way is fastest or not offered.issuperset(way.formed):
            top[i] = way
            offered.update(way.formed)
    return [top[i] for i in sorted(top)]


def _refusal(trip: Trip, found: Sequence[Found], last: int, search: Search, joined: Masks, hub_id: str) -> Refusal:
    """Say why a trip has no way: it would be too late, a rule or order stands in it, or nothing connects."""
    if found:
        days = (min(f.itinerary.arrives_at for f in found) - trip.due_at + 1439) // 1440
        why = f"the fastest way from {trip.at_id} to {trip.destination_id} arrives {days} days after its due date"
        order = _held_up(trip, last, search, joined, hub_id)
        if order is not None:
            return replace(order, why=f"{order.why}; {why}")
        return Refusal(state="waiting", code="too-late", why=why)
    barred = [reason for way in _free(trip, search, joined, hub_id) if (reason := _barred(trip, way, joined))]
    if barred:
        return next((reason for reason in barred if reason.state == "waiting"), barred[0])
    why = f"no departures in the timetable lead from {trip.at_id} to {trip.destination_id} once it is ready"
    return Refusal(state="waiting", code="no-connection", why=why)


def _free(trip: Trip, search: Search, joined: Masks, hub_id: str) -> list[Found]:
    """List the ways there would be if nothing were barred, the cheapest first."""
    free = search.ways(trip.at_id, trip.destination_id, trip.ready_at, joined.of(trip) * 0, hub_id, window=EVER)
    return sorted(free, key=lambda f: f.value)


def _held_up(trip: Trip, last: int, search: Search, joined: Masks, hub_id: str) -> Refusal | None:
    """Quote the order but for which a trip would arrive by a minute; None: there is none."""
    if not any(concerns(order, trip) for order in joined.orders.values()):
        return None
    in_time = (way for way in _free(trip, search, joined, hub_id) if way.itinerary.arrives_at <= last)
    barred = (_barred(trip, way, joined) for way in in_time)
    return next((reason for reason in barred if reason and reason.code == "order"), None)


def _barred(trip: Trip, way: Found, joined: Masks) -> Refusal | None:
    """Say what bars a way: what bars it for good, if anything does; None: only want of room."""
    reasons = [reason for leg in way.legs if (reason := joined.reason(trip, leg))]
    return next((reason for reason in reasons if reason.state == "refused"), reasons[0] if reasons else None)


def usable_gross_kg(
    trips: Sequence[Trip],
    space: Space,
    container_types: Mapping[str, ContainerType],
    *,
    hub_id: str,
    rules: Rules,
) -> dict[str, int]:
    """Find the gross mass to which a box may be packed for each trip, so that its sensible ways stay open.

    Parameters
    ----------
    trips
        Their `gross_kg` is what the box has to weigh: its tare and the heaviest piece; 0: anything.

    Returns
    -------
    dict[str, int]
        Kilograms by trip id: the least of the box's plate and every leg of every way that costs at most `SENSIBLE`
        times the cheapest. Ways that are closed to what it has to weigh do not count, unless all are. The plate when
        there is no way.
    """
    joined = masks(space, rules, (), container_types, {})
    searches = {teu: Search(space, rules, teu) for teu in (1, 2)}
    usable = {}
    for trip in trips:
        kind = container_types[trip.container_type]
        search = searches[kind.teu]
        open_to_all = joined.of(replace(trip, gross_kg=0))
        found = search.ways(trip.at_id, trip.destination_id, trip.ready_at, open_to_all, hub_id)
        cheapest = min((way.value for way in found), default=0)
        sensible = [way for way in found if way.value <= SENSIBLE * cheapest]
        limit = joined.limit_kg[size_of(kind)]
        takes = [min([kind.max_gross_kg, *(int(limit[leg]) for leg in way.legs)]) for way in sensible]
        heavy = [kg for kg in takes if kg >= trip.gross_kg]
        usable[trip.trip_id] = min(heavy or takes, default=kind.max_gross_kg)
    return usable
