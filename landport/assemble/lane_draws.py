"""Lanes on drawn freight: the same TEU under every choice, train by train."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from landport.assemble._kernel_lanes import WEEK, leaving
from landport.assemble.lane_pools import feeder_allowance
from landport.model.lanes import Course, GatheredTrain, LaneDemand, Ride

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WARM_MINUTES = 8 * WEEK
"""Freight drawn before the weeks that count, so that trains are under way; and after them."""

Plan = Sequence[Course | None]
"""A course for each lane; None: it does not travel."""


class Travelled(NamedTuple):
    """One lane in one run, a row a TEU.

    Parameters
    ----------
    dwell, transit
        Minutes of waiting until it left on its last gathered train, or the hub; and until it arrived.
    shares
        Cents of whole trains and missing positions.
    load
        TEU on its trunk; 0: it has none.
    """

    dwell: Ints
    transit: Ints
    shares: Floats
    load: Ints


@dataclass(slots=True)
class _Under:
    """TEU of a lane under way."""

    ready: Ints
    at: Ints
    waited: Ints
    shares: Floats
    load: Ints


@dataclass(frozen=True, slots=True)
class Draws:
    """Freight of lanes in one run; equal seeds draw equal freight of a lane, whatever other lanes there are.

    Parameters
    ----------
    weeks
        That count.
    """

    demands: Sequence[LaneDemand]
    trains: Mapping[str, GatheredTrain]
    seed: int
    run: int
    weeks: int
    _ready: dict[int, Ints] = field(default_factory=dict)

    def ready(self, i: int) -> Ints:
        """Draw when each TEU of a lane is ready, in order."""
        if i not in self._ready:
            demand = self.demands[i]
            end = self.weeks * WEEK + 2 * WARM_MINUTES
            dice = np.random.default_rng([self.seed, self.run, crc32(demand.lane_id.encode())])
            n = dice.poisson(demand.teu_milli / 1000 * end / WEEK)
            self._ready[i] = np.sort(dice.integers(0, end, n))
        return self._ready[i]

    def travelled(self, plan: Plan, wanted: Iterable[int] | None = None) -> dict[int, Travelled]:
        """Send all lanes on their courses; answer the TEU that count, ready in the middle weeks, by lane."""
        under = self._fed(plan)
        self._gather(under, plan, at_hub=True)
        shown = under if wanted is None else wanted
        return {i: self._arrived(under[i], _course(plan, i)) for i in shown}

    def joined(self, plan: Plan, i: int, course: Course) -> tuple[Travelled, float]:
        """Send one more lane along with the lanes of a plan that share its trains; answer what it gets, and its trunks.

        Returns
        -------
        tuple[Travelled, float]
            And how many of its trunks leave in the weeks that count.
        """
        alike = {course.feeder_id, course.trunk_id} - {""}
        near = [c if c is not None and alike & {c.feeder_id, c.trunk_id} else None for c in plan]
        near[i] = course
        sharing = [n for n, c in enumerate(near) if c is not None and c.trunk_id == course.trunk_id]
        found = self.travelled(near, sharing if course.trunk_id else [i])
        return found[i], sum(parts(t) for t in found.values())

    def _fed(self, plan: Plan) -> dict[int, _Under]:
        """Take lanes to where their trunks are gathered."""
        under = {}
        for i, course in enumerate(plan):
            if course is not None:
                ready = self.ready(i)
                zeros = np.zeros(len(ready), np.int64)
                under[i] = _Under(ready, ready.copy(), zeros, np.zeros(len(ready)), zeros.copy())
        self._gather(under, plan, at_hub=False)
        for i, lane in under.items():
            for ride in _course(plan, i).before:
                self._ride(lane, ride, counts=True)
        return under

    def _gather(self, under: dict[int, _Under], plan: Plan, *, at_hub: bool) -> None:
        by_train: dict[str, list[int]] = {}
        for i in under:
            course = _course(plan, i)
            train_id = course.trunk_id if at_hub else course.feeder_id
            if train_id:
                by_train.setdefault(train_id, []).append(i)
        for train_id, members in by_train.items():
            at = np.concatenate([under[i].at for i in members])
            until = np.concatenate([self._until(under[i], i, _course(plan, i), at_hub=at_hub) for i in members])
            order = np.argsort(at, kind="stable")
            train = self.trains[train_id]
            left = np.empty((len(at), 2), np.int64)
            left[order] = leaving(at[order], until[order], train.capacity_teu)
            missing = np.maximum(0, train.min_teu - left[:, 1])
            shares = (train.fixed_usd_cents + train.usd_cents_per_teu * missing) / np.maximum(1, left[:, 1])
            ends = np.cumsum([len(under[i].at) for i in members])[:-1]
            for i, rows, paid in zip(members, np.split(left, ends), np.split(shares, ends), strict=True):
                lane = under[i]
                lane.waited = lane.waited + rows[:, 0] - lane.at
                lane.at, lane.shares = rows[:, 0].copy(), lane.shares + paid
                if at_hub:
                    lane.load = rows[:, 1]

    def _until(self, lane: _Under, i: int, course: Course, *, at_hub: bool) -> Ints:
        """Say until when each TEU may wait where it is."""
        promise = self.demands[i].promise_minutes
        left = promise - lane.waited if at_hub else np.full(len(lane.at), feeder_allowance(promise, course))
        until: Ints = lane.at + np.maximum(0, left)
        return until

    def _ride(self, lane: _Under, ride: Ride, *, counts: bool) -> None:
        if ride.headway_minutes:
            dice = np.random.default_rng([self.seed, self.run, crc32(ride.service_id.encode())])
            wait = (int(dice.integers(0, ride.headway_minutes)) - lane.at) % ride.headway_minutes
            lane.at = lane.at + wait
            if counts:
                lane.waited = lane.waited + wait
        lane.at = lane.at + ride.minutes

    def _arrived(self, lane: _Under, course: Course) -> Travelled:
        for n, ride in enumerate(course.after):
            self._ride(lane, ride, counts=n == 0)
        counts = (lane.ready >= WARM_MINUTES) & (lane.ready < WARM_MINUTES + self.weeks * WEEK)
        transit = lane.at - lane.ready
        return Travelled(lane.waited[counts], transit[counts], lane.shares[counts], lane.load[counts])


def parts(travelled: Travelled) -> float:
    """Count the trunks of a lane, each TEU its part of one."""
    load = travelled.load
    return float((1 / load[load > 0]).sum())


def _course(plan: Plan, i: int) -> Course:
    course = plan[i]
    assert course is not None
    return course
