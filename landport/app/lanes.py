"""Use case: lane by lane, run direct or assemble at the hub."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from landport import audit
from landport.app.lane_courses import options
from landport.assemble.lanes import Studied, study
from landport.errors import AuditFailed
from landport.model.assumed import STOP_MINUTES
from landport.model.bookings import Booking, CargoItem
from landport.model.lanes import LaneDemand
from landport.model.network import Network
from landport.model.rules import Rate, Rules
from landport.model.scenario import Scenario, World, network_of
from landport.model.tariff import rounded, truck_share_milli

PROMISE_DAYS = 10
"""Longest wait that is promised where nobody says."""

LEAST_MILLI = 100
"""Thousandths of a TEU a week below which nothing is said of a lane."""

Notify = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class LaneOrder:
    """What is asked of lanes.

    Parameters
    ----------
    demands
        None: those of the week's bookings.
    promise_minutes
        For these.
    """

    demands: tuple[LaneDemand, ...] | None = None
    promise_minutes: int = PROMISE_DAYS * 1440
    seed: int = 0


def judge(scenario: Scenario, world: World, order: LaneOrder, notify: Notify = lambda _: None) -> Studied:
    """Judge the lanes of a week.

    Raises
    ------
    AuditFailed
        `audit-failed`: the answer breaks a rule, which is our bug.

    Notes
    -----
    The network is that of the week's first day, with the week's own services; orders, holidays and opening hours are
    left out, since lanes are judged for the long run.
    """
    network = network_of(scenario, world).as_of(scenario.start_at.date())
    demands = order.demands
    if demands is None:
        demands = booked(scenario, world, order.promise_minutes)
    notify("courses")
    found = options(demands, scenario.hub_id, network, world.rules)
    notify("study")
    studied = study(
        found.lanes,
        dict(sorted(found.trains.items())),
        world.rules,
        hub_id=scenario.hub_id,
        names={place.place_id: place.name for place in network.places.values()},
        rates=shown_rates(network, world.rules),
        seed=order.seed,
    )
    notify("audit")
    violations = audit.check_lanes(studied.study, scenario, world)
    if violations:
        first = "\n".join(f"  {v.code}: {v.message}" for v in violations[:10])
        raise AuditFailed(
            "audit-failed",
            f"our own answer breaks rules. This is a bug of landport: please report it with the week.\n{first}",
            tuple(sorted({v.code for v in violations})),
        )
    return studied


def booked(scenario: Scenario, world: World, promise_minutes: int) -> tuple[LaneDemand, ...]:
    """Add up a week's bookings by origin and destination, in order of the first of each.

    Notes
    -----
    A week holds the freight of its `plan_days`; more or fewer are scaled to seven. Groupage counts by its share of a
    truck load, which is about a 40-ft box (`truck_groupage_m3`, `truck_groupage_t`).
    """
    items: dict[str, list[CargoItem]] = {}
    for item in scenario.items:
        items.setdefault(item.booking_id, []).append(item)
    milli: dict[tuple[str, str], int] = {}
    for booking in scenario.bookings:
        lane = booking.origin_id, booking.destination_id
        if lane[0] != lane[1]:
            milli[lane] = milli.get(lane, 0) + _teu_milli(booking, items.get(booking.booking_id, []), world)
    return tuple(
        LaneDemand(
            from_id=from_id,
            to_id=to_id,
            teu_milli=max(LEAST_MILLI, rounded(teu * 7, scenario.plan_days)),
            promise_minutes=promise_minutes,
        )
        for (from_id, to_id), teu in milli.items()
    )


def _teu_milli(booking: Booking, items: Sequence[CargoItem], world: World) -> int:
    if booking.kind == "FCL":
        return world.container_types[booking.container_type].teu * 1000 * booking.n_containers
    return 2 * truck_share_milli(items, world.rules) if items else 0


def shown_rates(network: Network, rules: Rules) -> tuple[Rate, ...]:
    """List the rates and assumptions that courses are priced with."""
    own = [s for s in network.services.values() if s.group == "assembly" and s.operation == "hub"]
    least = min((1000 * s.min_teu // min(leg.capacity_teu for leg in s.legs) for s in own), default=0)
    ids = ["bought_load_share", "rail_fixed_cost_share", "hub_cutoff_h"]
    roads = sorted({place.road_rate for place in network.places.values()} & {r.rate_id for r in rules.rates})
    return (
        *(rules.rate(rate_id) for rate_id in (*ids, *roads)),
        Rate(
            rate_id="lanes_direct_minimum_share",
            milli=least,
            unit="share of positions",
            source="of a direct train, what is paid for at least: as the hub's own trains need to run",
            confidence="assumption",
        ),
        Rate(
            rate_id="lanes_join_stop_h",
            milli=STOP_MINUTES * 1000 // 60,
            unit="h",
            source="stop of a direct train where it goes on over another service's rails",
            confidence="assumption",
        ),
    )
