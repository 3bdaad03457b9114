"""Run direct or assemble: what the mix saves on a published generator, and where shipped lanes come out.

    python -m bench.lanes [--weeks 26] [--seeds 3]

Generator: 12 origins and 10 destinations, 120 lanes; weights of both fall as rank ** -0.7, origins shuffled by seed. A
direct train takes 100 TEU over 7,500 km, a feeder 40 TEU over 3,000 km at 0.25 + 0.75 * 40 / 100 of the cost, a trunk
100 TEU over 4,500 km; 32 USD a train-km, 57 USD a TEU at the hub and a day of work there, 60 USD a FEU-day, promised
within 7 days. Demand is told as a share of the break-even of the mean lane, capacity / promise.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from landport.app import demo
from landport.app.lanes import LaneOrder, judge
from landport.assemble.lanes import study
from landport.model.lanes import Course, GatheredTrain, LaneDemand, LaneOption, LaneRate, LaneStudy, Ride
from landport.reference import load, table

ORIGINS, DESTINATIONS = 12, 10
DEMANDS = (0.03, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 3.0)
"""Mean lane, in trains within the promise."""

USD_PER_TRAIN_KM, HUB_USD_PER_TEU = 32, 57
PROMISE = 7 * 1440


def train(train_id: str, *, capacity: int, km: int, share: float = 1.0) -> GatheredTrain:
    """Make a train that costs by the km."""
    return GatheredTrain(
        train_id=train_id,
        from_id="",
        to_id="",
        capacity_teu=capacity,
        min_teu=0,
        fixed_usd_cents=round(100 * USD_PER_TRAIN_KM * km * share),
        usd_cents_per_teu=0,
    )


def course(feeder_id: str, trunk_id: str, days: Sequence[float], hub_usd: int) -> Course:
    """Make a course of one ride, or of two with the hub between."""
    rides = [
        Ride(
            service_id="", from_id="", to_id="", first_leg=0, last_leg=0, headway_minutes=0, minutes=round(1440 * part)
        )
        for part in days
    ]
    return Course(
        feeder_id=feeder_id,
        trunk_id=trunk_id,
        before=tuple(rides[:-1]),
        after=tuple(rides[-1:]),
        rates=(LaneRate("hub", 100 * hub_usd),) if hub_usd else (),
    )


def lanes(demand: float, seed: int) -> tuple[list[LaneOption], dict[str, GatheredTrain]]:
    """Draw lanes whose mean fills so many trains within the promise."""
    shuffled = np.random.default_rng(seed).permutation(ORIGINS)
    a, b = (np.arange(1, n + 1) ** -0.7 for n in (ORIGINS, DESTINATIONS))
    weight = np.outer(a[shuffled], b)
    teu = weight / weight.mean() * demand * 100
    trains = {f"F{i}": train(f"F{i}", capacity=40, km=3000, share=0.25 + 0.75 * 0.4) for i in range(ORIGINS)}
    trains |= {f"T{j}": train(f"T{j}", capacity=100, km=4500) for j in range(DESTINATIONS)}
    found = []
    for i in range(ORIGINS):
        for j in range(DESTINATIONS):
            one = LaneDemand(
                from_id=f"O{i}", to_id=f"D{j}", teu_milli=max(1, round(1000 * teu[i, j])), promise_minutes=PROMISE
            )
            direct = course("", f"direct/{one.lane_id}", (9,), 0)
            trains[direct.trunk_id] = train(direct.trunk_id, capacity=100, km=7500)
            hub = course(f"F{i}", f"T{j}", (4.6, 5.4), HUB_USD_PER_TEU)
            found.append(LaneOption(demand=one, direct=direct, hubs=(hub,)))
    return found, trains


def told(found: LaneStudy) -> str:
    """Write a study as a row: a TEU by policy, what the mix saves against the better pure one, and its gap."""
    by_name = {total.name: total for total in found.totals}
    teu = sum(lane.demand.teu_milli for lane in found.lanes) / 1000
    mix = by_name["mix"]
    pure = min((by_name["hub"], by_name["direct"]), key=lambda total: total.usd_cents)
    saves, error = (100 * cents / pure.usd_cents for cents in (pure.more_usd_cents, pure.more_error_usd_cents))
    gap = 100 * (1 - found.bound_usd_cents / mix.closed_form_usd_cents)
    off = 100 * (mix.usd_cents / mix.closed_form_usd_cents - 1)
    costs = " ".join(f"{by_name[name].usd_cents / teu / 100:8,.0f}" for name in ("hub", "direct", "mix"))
    share = sum(lane.demand.teu_milli for lane in found.lanes if lane.chosen == "direct") / teu / 10
    return f"{costs} {mix.n_direct:7d} {share:5.0f} % {saves:6.2f} ± {error:4.2f} % {gap:6.2f} % {off:+6.2f} %"


def shipped(seed: int) -> LaneStudy:
    """Judge the shipped through trains' lanes, each at its trains a week, 80 % full, beside those of Xinjiang."""
    world = load.world()
    rows = [
        (s.legs[0].from_id, s.legs[-1].to_id, 800 * s.legs[0].capacity_teu * len(s.weekdays) // s.every_n_weeks)
        for s in world.network.services.values()
        if s.group == "through"
    ]
    own = {"AKS", "KHG", "KRL", "KUY", "SHZ", "TUR", "URC"}
    rows += [
        (r["origin_id"], r["destination_id"], round(2000 * r["feu_per_week"]))
        for r in table.records("demand")
        if r["origin_id"] in own and r["direction"] == "outbound"
    ]
    demands = {
        (a, b): LaneDemand(from_id=a, to_id=b, teu_milli=milli, promise_minutes=PROMISE)
        for a, b, milli in rows
        if milli >= 100
    }
    scenario = replace(demo.generate(world, week=date(2025, 6, 2), seed=seed, scale=0.01), services=())
    return judge(scenario, world, LaneOrder(demands=tuple(demands.values()), seed=seed)).study


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    rules = load.rules()
    study(*lanes(0.1, 0), rules, hub_id="H", names={}, n_weeks=1)  # compile
    print("  demand seed      hub   direct      mix  direct   of TEU      saved ± 95 %      gap  simulated  CPU s")
    for demand in DEMANDS:
        for seed in range(args.seeds):
            begun = time.process_time()
            options, trains = lanes(demand, seed)
            found = study(options, trains, rules, hub_id="H", names={}, seed=seed, n_weeks=args.weeks).study
            print(f"  {demand:6.2f} {seed:4d} {told(found)} {time.process_time() - begun:7.1f}", flush=True)
    begun = time.process_time()
    found = shipped(seed=1)
    print(f"shipped lanes, {time.process_time() - begun:.1f} CPU s: {found.verdict}")
    print(f"  {'':9}{told(found)}")
    for lane in found.lanes:
        if lane.fills_milli >= 500 or lane.chosen == "direct":
            print(f"  {lane.sentence}")


if __name__ == "__main__":
    main()
