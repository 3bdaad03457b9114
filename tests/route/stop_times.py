"""Small random timetables, and their Pareto fronts by going through every way."""

from __future__ import annotations

import random

import numpy as np

from landport.model.stop_times import NEVER, Stops, StopTimes

Value = tuple[int, int, int]


def random_times(seed: int, n_stops: int = 6, n_trips: int = 9, horizon: int = 120) -> StopTimes:
    """Make a timetable with ties, two gauges, free changes, impossible ones and legs of no duration."""
    dice = random.Random(seed)
    legs = []
    for trip in range(n_trips):
        at, minute, gauge = dice.randrange(n_stops), dice.randrange(horizon), dice.choice((1435, 1520))
        for seq in range(dice.randint(1, 4)):
            to = dice.choice([s for s in range(n_stops) if s != at])
            minute += dice.randint(0, 20) if seq else 0
            # what takes no time leads to a stop of a higher number, so that nothing goes in circles in one minute
            takes = dice.randint(0 if to > at else 1, 25)
            legs.append((minute, minute + takes, at, to, trip, seq, dice.randint(0, 9), gauge))
            at, minute = to, minute + takes
    legs.sort(key=lambda x: (x[0], x[1] > x[0], x[2] if x[1] == x[0] else 0, x[5]))
    columns = np.array(legs, np.int64).T.copy()
    departs, arrives, from_stop, to_stop, trips, seqs, cost, gauges = columns
    stops = Stops(
        stop_ids=tuple(f"S{i}" for i in range(n_stops)),
        names=("",) * n_stops,
        regions=("",) * n_stops,
        lons=np.full(n_stops, np.nan),
        lats=np.full(n_stops, np.nan),
        transfer_minutes=np.array([dice.choice((0, 5, 15)) for _ in range(n_stops)], np.int64),
        transfer_cost=np.array([dice.choice((0, 1, 3)) for _ in range(n_stops)], np.int64),
        gauge_minutes=np.array([dice.choice((NEVER, 0, 10, 20)) for _ in range(n_stops)], np.int64),
        gauge_cost=np.array([dice.choice((0, 2, 4)) for _ in range(n_stops)], np.int64),
    )
    return StopTimes(
        stops=stops,
        trip_ids=tuple(f"T{i}" for i in range(n_trips)),
        trip=trips,
        seq=seqs,
        from_stop=from_stop,
        to_stop=to_stop,
        departs_at=departs,
        arrives_at=arrives,
        cost=cost,
        gauge=gauges,
    )


def step(times: StopTimes, before: int | None, leg: int, at: int) -> tuple[int, int] | None:
    """Cost and gauge changes of riding `leg` after `before`, ready at `at` if it is the first; None: cannot be done."""
    cost = int(times.cost[leg])
    if before is None:
        return (cost, 0) if times.departs_at[leg] >= at else None
    if times.trip[before] == times.trip[leg] and times.seq[leg] == times.seq[before] + 1:
        return cost, 0
    if times.to_stop[before] != times.from_stop[leg]:
        return None
    stop, is_same = int(times.to_stop[before]), times.gauge[before] == times.gauge[leg]
    minutes = (times.stops.transfer_minutes if is_same else times.stops.gauge_minutes)[stop]
    if minutes == NEVER or times.arrives_at[before] + minutes > times.departs_at[leg]:
        return None
    paid = (times.stops.transfer_cost if is_same else times.stops.gauge_cost)[stop]
    return cost + int(paid), int(not is_same)


def every_value(times: StopTimes, origin: int, target: int, at: int) -> set[Value]:
    """Values of all ways, none of which rides a leg twice."""
    values: set[Value] = set()

    def go(before: int | None, place: int, cost: int, gauges: int, ridden: frozenset[int]) -> None:
        if place == target and before is not None:
            values.add((int(times.arrives_at[before]), cost, gauges))
        for leg in range(len(times.trip)):
            if times.from_stop[leg] != place or leg in ridden:
                continue
            paid = step(times, before, leg, at)
            if paid is not None:
                go(leg, int(times.to_stop[leg]), cost + paid[0], gauges + paid[1], ridden | {leg})

    go(None, origin, 0, 0, frozenset())
    return values


def front(values: set[Value]) -> set[Value]:
    """Those that no other is at least as good as in everything."""
    return {v for v in values if not any(w != v and all(a <= b for a, b in zip(w, v, strict=True)) for w in values)}
