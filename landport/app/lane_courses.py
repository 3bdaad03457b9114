"""How a lane may travel: by a train of its own, or to the hub, gathered there, and on; priced by shipped rows alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from landport.app.lane_direct import Directs
from landport.app.lane_prices import Prices
from landport.app.lane_ways import HubWay, Ways
from landport.model.lanes import Course, GatheredTrain, LaneDemand, LaneOption, LaneRate, Ride
from landport.model.network import Network
from landport.model.rules import Rules
from landport.model.services import Service

MOST_TRUNKS = 6
"""Trains from the hub that are weighed for a destination: those that cost least when fairly full."""

DEARER_MILLI = 1_500
"""And none that costs so much more than the least, in thousandths of it."""


@dataclass(slots=True)
class Options:
    """Courses of all lanes, and the trains that they need gathered."""

    lanes: list[LaneOption] = field(default_factory=list)
    trains: dict[str, GatheredTrain] = field(default_factory=dict)


def options(demands: Iterable[LaneDemand], hub_id: str, network: Network, rules: Rules) -> Options:
    """Find the courses of lanes.

    Parameters
    ----------
    network
        As of a day.

    Notes
    -----
    To the hub and from it the ways that cost least in money and time, a position at the price of a fairly full train
    (`bought_load_share`). A train that the hub runs is gathered where a lane starts, and at the hub; one that others
    run, or that is boarded farther on, is bought by the position and waited for by its timetable. Trains that pass the
    hub are left out: nobody told of their room.
    """
    found = Options()
    prices = Prices(network, rules)
    ways, directs = Ways(hub_id, network, prices), Directs(network, prices)
    for demand in demands:
        found.lanes.append(_option(demand, hub_id, ways, directs, found.trains))
    return found


def _option(
    demand: LaneDemand, hub_id: str, ways: Ways, directs: Directs, trains: dict[str, GatheredTrain]
) -> LaneOption:
    if demand.to_id == hub_id:
        why = "it ends at the hub: nothing is assembled for it"
        return LaneOption(demand=demand, direct=None, hubs=(), why_no_hub=why)
    direct, why_no_direct = None, "it starts at the hub: its freight is assembled there anyway"
    if demand.from_id != hub_id:
        made = directs.made(demand)
        why_no_direct = "" if made else "no service's rails lead from one to the other"
        if made:
            train, direct = made
            trains[train.train_id] = train
    hubs = tuple(_by_hub(demand, hub_id, ways, trains))
    why_no_hub = "" if hubs else "no way leads to the hub and on within the promise"
    return LaneOption(demand=demand, direct=direct, hubs=hubs, why_no_direct=why_no_direct, why_no_hub=why_no_hub)


def _by_hub(demand: LaneDemand, hub_id: str, ways: Ways, trains: dict[str, GatheredTrain]) -> Iterator[Course]:
    """Put ways to the hub and from it together."""
    firsts = ways.to_hub(demand.from_id) if demand.from_id != hub_id else [None]
    seconds = ways.from_hub(demand.to_id)
    if seconds:
        least = min(way.cost for way in seconds)
        seconds = [way for way in seconds if way.cost * 1000 <= least * DEARER_MILLI][:MOST_TRUNKS]
    for first in firsts:
        for second in seconds:
            course = _together(first, second, hub_id, ways)
            if course is None or _waits(course) >= demand.promise_minutes:
                continue
            for gathered in (first.gathered if first else None, second.gathered):
                if gathered:
                    trains[gathered.service_id] = _train(gathered, ways.prices)
            yield course


def _together(first: HubWay | None, second: HubWay, hub_id: str, ways: Ways) -> Course | None:
    after, rates = list(second.rides), list(second.rates)
    before: tuple[Ride, ...] = ()
    feeder = ""
    if first is not None:
        change = ways.changes.find(hub_id, first.end, second.begin)
        if change is None:
            return None
        after[0] = replace(after[0], minutes=after[0].minutes + change.minutes)
        rates = [*first.rates, LaneRate(change.transfer_id, change.usd_cents_per_teu), *rates]
        before, feeder = first.rides, first.gathered.service_id if first.gathered else ""
    trunk = second.gathered.service_id if second.gathered else ""
    return Course(feeder_id=feeder, trunk_id=trunk, before=before, after=tuple(after), rates=tuple(rates))


def _waits(course: Course) -> int:
    """Longest that timetables make a lane wait before it leaves the hub."""
    return sum(ride.headway_minutes for ride in (*course.before, course.after[0]))


def _train(service: Service, prices: Prices) -> GatheredTrain:
    legs: Sequence[int] = range(1, len(service.legs) + 1)
    return GatheredTrain(
        train_id=service.service_id,
        from_id=service.legs[0].from_id,
        to_id=service.legs[-1].to_id,
        capacity_teu=min(leg.capacity_teu for leg in service.legs),
        min_teu=service.min_teu,
        fixed_usd_cents=service.fixed_usd_cents,
        usd_cents_per_teu=sum(prices.position(service, n) for n in legs),
    )
