"""What lanes cost together a week, by formula: those that share trains at the hub, and those that run alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from landport.assemble._kernel_lanes import WEEK
from landport.assemble.gathering import NOTHING, Gathering, gathered, stepped
from landport.model.lanes import Course, GatheredTrain, LaneDemand
from landport.model.rules import Rules

FEEDER_WAIT_MILLI = 500
"""Share of the waiting that a promise leaves which a feeder may take, in thousandths; the train at the hub the rest."""

VALUE_RATE = "value_of_time_usd_per_feu_day"


@dataclass(frozen=True, slots=True)
class Worth:
    """What the time of freight is worth, in cents of a TEU and minute."""

    cents: float

    @classmethod
    def of(cls, rules: Rules) -> Worth:
        """Read it from the rates."""
        return cls(rules.milli(VALUE_RATE) / 10 / 2 / 1440)

    def week(self) -> float:
        """Weigh one TEU for a week."""
        return self.cents * WEEK


def timetable_waits(course: Course) -> int:
    """Add up the longest that timetables make freight wait before it leaves the hub."""
    return sum(ride.headway_minutes for ride in (*course.before, course.after[0]))


def steady_cents(course: Course, worth: Worth) -> float:
    """Weigh all of one TEU but the trains gathered for it: rates, moving, and half of each headway."""
    waits = sum(ride.headway_minutes for ride in (*course.before, *course.after)) / 2
    return course.usd_cents_per_teu + worth.cents * (course.moving_minutes + waits)


def feeder_allowance(promise_minutes: int, course: Course) -> int:
    """Minutes that freight may wait for its feeder."""
    left = promise_minutes - timetable_waits(course)
    return left * FEEDER_WAIT_MILLI // 1000 if course.trunk_id else left


@dataclass(frozen=True, slots=True)
class Terms:
    """What of a lane's course its cost depends on.

    Parameters
    ----------
    steady_cents
        All of one TEU but the trains gathered for it: rates, moving, and half of each headway.
    feeder_allowance
        Minutes that its freight may wait for the feeder.
    trunk_allowance
        Minutes that it may wait for feeder and trunk together, in the mean of its timetables.
    """

    feeder_id: str
    trunk_id: str
    steady_cents: float
    feeder_allowance: int
    trunk_allowance: int

    @classmethod
    def of(cls, promise_minutes: int, course: Course, worth: Worth) -> Terms:
        """Read them off a course under a promise; 0 where timetables take all of it."""
        timed = timetable_waits(course)
        return cls(
            course.feeder_id,
            course.trunk_id,
            steady_cents(course, worth),
            max(0, feeder_allowance(promise_minutes, course)),
            max(0, promise_minutes - timed // 2),
        )


Streams = dict[int, int]
"""Thousandths of a TEU a week by the minutes that they may wait."""

Known = dict[tuple[str, tuple[tuple[int, int], ...]], Gathering]
"""What trains do over streams, as it was found before."""


class Pools:
    """Lanes on courses, and what all of them cost a week; lanes come and go.

    Parameters
    ----------
    trains
        By id.
    known
        Shared by pools of the same trains.
    """

    def __init__(self, trains: Mapping[str, GatheredTrain], worth: Worth, known: Known) -> None:
        self._trains, self._worth, self._known = trains, worth, known
        self._steady = 0.0
        self._fed: dict[str, Streams] = {}
        self._pooled: dict[str, dict[str, Streams]] = {}
        self._runs: dict[str, Gathering] = {}
        self._cents: dict[str, float] = {}
        self._old_feeders: set[str] = set()
        self._old_trunks: set[str] = set()

    def put(self, lane: Terms, milli: int) -> None:
        """Add thousandths of a TEU a week on a course; fewer than 0 take them away again."""
        self._steady += milli / 1000 * lane.steady_cents
        if lane.feeder_id:
            _add(self._fed.setdefault(lane.feeder_id, {}), lane.feeder_allowance, milli)
            self._old_feeders.add(lane.feeder_id)
        if lane.trunk_id:
            by_feeder = self._pooled.setdefault(lane.trunk_id, {})
            _add(by_feeder.setdefault(lane.feeder_id, {}), lane.trunk_allowance, milli)
            self._old_trunks.add(lane.trunk_id)

    def total(self) -> float:
        """Answer cents a week: money and the weight of time."""
        for feeder_id in sorted(self._old_feeders):
            before = self._runs.get(feeder_id, NOTHING).wait_minutes
            self._run(feeder_id, self._fed[feeder_id])
            if self._runs[feeder_id].wait_minutes != before:
                self._old_trunks |= {t for t, by_feeder in self._pooled.items() if by_feeder.get(feeder_id)}
        for trunk_id in sorted(self._old_trunks):
            self._run(trunk_id, self._streams(trunk_id))
        self._old_feeders.clear()
        self._old_trunks.clear()
        return self._steady + fsum(self._cents.values())

    def run(self, train_id: str) -> Gathering:
        """Tell how a train runs."""
        self.total()
        return self._runs.get(train_id, NOTHING)

    def _streams(self, trunk_id: str) -> Streams:
        """Pool what comes to a trunk: what its feeders made freight wait, it may not wait again."""
        found: Streams = {}
        for feeder_id, waiting in self._pooled[trunk_id].items():
            waited = round(self._runs[feeder_id].wait_minutes) if feeder_id else 0
            for allowance, milli in waiting.items():
                _add(found, max(0, allowance - waited), milli)
        return found

    def _run(self, train_id: str, streams: Streams) -> None:
        steps: Streams = {}
        for allowance, milli in streams.items():
            _add(steps, stepped(allowance), milli)
        key = train_id, tuple(sorted(steps.items()))
        if key not in self._known:
            self._known[key] = gathered([(milli, a) for a, milli in key[1]], self._trains[train_id])
        one = self._known[key]
        self._runs[train_id] = one
        waiting = self._worth.cents * one.wait_minutes * sum(steps.values()) / 1000
        self._cents[train_id] = one.usd_cents + waiting


def _add(streams: Streams, allowance: int, milli: int) -> None:
    left = streams.get(allowance, 0) + milli
    if left:
        streams[allowance] = left
    else:
        streams.pop(allowance, None)


def alone_cents(demand: LaneDemand, course: Course, trains: Mapping[str, GatheredTrain], worth: Worth) -> float:
    """Answer cents a week of a lane that shares no train."""
    one = gathered([(demand.teu_milli, demand.promise_minutes)], trains[course.trunk_id])
    per_teu = steady_cents(course, worth) + worth.cents * one.wait_minutes
    return one.usd_cents + per_teu * demand.teu_milli / 1000
