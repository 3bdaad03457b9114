"""Lanes for tests: a hub H with one trunk to Z, origins A, B, .. by truck; all prices round."""

from __future__ import annotations

from collections.abc import Sequence

from landport.model.lanes import Course, Cut, GatheredTrain, LaneDemand, LaneOption, LaneRate, Ride
from tests.nets import rules

RULES = rules()
WEEK = 10_080


def train(train_id: str, *, fixed_usd: int = 10_000, capacity: int = 40, least: int = 0, usd: int = 0) -> GatheredTrain:
    """Make a gathered train."""
    cuts = (Cut(service_id="S", seq=1, from_id="A", to_id="Z", length_km=1),) if "/" in train_id else ()
    return GatheredTrain(
        train_id=train_id,
        from_id="A" if cuts else "H",
        to_id="Z",
        capacity_teu=capacity,
        min_teu=least,
        fixed_usd_cents=100 * fixed_usd,
        usd_cents_per_teu=100 * usd,
        cuts=cuts,
    )


def ride(service_id: str, from_id: str, to_id: str, *, headway: int = 0, minutes: int = 1440) -> Ride:
    """Make a ride."""
    return Ride(
        service_id=service_id,
        from_id=from_id,
        to_id=to_id,
        first_leg=1,
        last_leg=1,
        headway_minutes=headway,
        minutes=minutes,
    )


def option(
    from_id: str,
    teu: float,
    *,
    days: float = 7,
    to_id: str = "Z",
    truck_usd: int = 100,
    feeder_id: str = "",
    trunk_ids: Sequence[str] = ("T",),
    headway: int = 0,
) -> LaneOption:
    """Make a lane: direct by `direct/<lane>`, or by truck or feeder to H and with a trunk from there."""
    demand = LaneDemand(from_id=from_id, to_id=to_id, teu_milli=round(1000 * teu), promise_minutes=round(1440 * days))
    direct = Course(
        feeder_id="",
        trunk_id=f"direct/{demand.lane_id}",
        before=(),
        after=(ride("", from_id, to_id, minutes=5760),),
        rates=(),
    )
    hubs = tuple(
        Course(
            feeder_id=feeder_id,
            trunk_id=trunk_id,
            before=(ride(feeder_id or ("D" if headway else ""), from_id, "H", headway=headway),),
            after=(ride(trunk_id, "H", to_id, minutes=4320),),
            rates=(LaneRate("road", 100 * truck_usd),),
        )
        for trunk_id in trunk_ids
    )
    return LaneOption(demand=demand, direct=direct, hubs=hubs)


def trains_of(
    options: Sequence[LaneOption], *, direct_usd: int = 12_000, **trunks: GatheredTrain
) -> dict[str, GatheredTrain]:
    """Make the direct trains of lanes, and the trunk T unless others are given."""
    found = dict(trunks) or {"T": train("T")}
    for one in options:
        if one.direct is not None:
            found[one.direct.trunk_id] = train(one.direct.trunk_id, fixed_usd=direct_usd)
    return found
