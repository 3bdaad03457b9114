"""What simulated lanes got: means, quantiles and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from landport.assemble.lane_draws import Draws, Plan, Travelled, parts
from landport.assemble.lane_pools import Worth
from landport.model.lanes import ChoiceFigures, Course, GatheredTrain, LaneDemand

N_RUNS = 10
T95 = 2.2622
"""Of Student's distribution with `N_RUNS` - 1 degrees of freedom: half of a 95 % interval in standard errors."""

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Sample:
    """One lane over all runs.

    Parameters
    ----------
    cents, teu
        Cents of money and time, and TEU, of each run.
    n_trunks
        Trunks that left with it in all runs, each TEU its part of one.
    """

    course: Course
    runs: list[Travelled] = field(default_factory=list)
    cents: Floats = field(init=False)
    teu: Floats = field(init=False)
    n_trunks: float = field(init=False)

    def close(self, worth: Worth) -> None:
        """Add up its runs."""
        self.teu = np.array([len(t.dwell) for t in self.runs], np.float64)
        self.n_trunks = sum(parts(t) for t in self.runs)
        time = np.array([t.transit.sum() for t in self.runs]) * worth.cents
        self.cents = np.array([t.shares.sum() for t in self.runs]) + time + self.course.usd_cents_per_teu * self.teu

    @property
    def mean_cents(self) -> float:
        """Cents a TEU."""
        return float(self.cents.sum() / max(1.0, self.teu.sum()))

    def residuals(self) -> Floats:
        """Answer what a TEU cost more in each run than in the mean of all, by its share of the freight."""
        return (self.cents - self.mean_cents * self.teu) / max(1.0, float(self.teu.mean()))


def simulated(draws: Sequence[Draws], plan: Plan, worth: Worth) -> dict[int, Sample]:
    """Send the lanes of a plan through every run."""
    samples = {i: Sample(course) for i, course in enumerate(plan) if course is not None}
    for run in draws:
        for i, travelled in run.travelled(plan).items():
            samples[i].runs.append(travelled)
    for sample in samples.values():
        sample.close(worth)
    return samples


def joined(draws: Sequence[Draws], plan: Plan, i: int, course: Course, worth: Worth) -> tuple[Sample, float]:
    """Send one lane along with a plan through every run; answer it, and how many of its trunks leave a week."""
    found = [run.joined(plan, i, course) for run in draws]
    sample = Sample(course, [travelled for travelled, _ in found])
    sample.close(worth)
    return sample, sum(n for _, n in found) / sum(run.weeks for run in draws)


def half_width(residuals: Floats) -> float:
    """Answer half of the 95 % interval of a mean over runs."""
    return float(T95 * residuals.std(ddof=1) / len(residuals) ** 0.5)


def figures(sample: Sample, trains: Mapping[str, GatheredTrain], per_week: float, worth: Worth) -> ChoiceFigures | None:
    """Sum a lane up whose trunk leaves so often a week; None: nothing was drawn for it."""
    dwell = np.concatenate([t.dwell for t in sample.runs])
    if not len(dwell):
        return None
    transit = np.concatenate([t.transit for t in sample.runs])
    shares = sum(float(t.shares.sum()) for t in sample.runs) / len(dwell)
    train = trains.get(sample.course.trunk_id)
    return ChoiceFigures(
        money_usd_cents_per_teu=round(shares + sample.course.usd_cents_per_teu),
        time_usd_cents_per_teu=round(float(transit.mean()) * worth.cents),
        error_usd_cents_per_teu=round(half_width(sample.residuals())),
        dwell_minutes=round(float(dwell.mean())),
        dwell_p90_minutes=_quantile(dwell, 0.9),
        dwell_p95_minutes=_quantile(dwell, 0.95),
        longest_wait_minutes=int(dwell.max()),
        transit_minutes=round(float(transit.mean())),
        transit_p90_minutes=_quantile(transit, 0.9),
        transit_p95_minutes=_quantile(transit, 0.95),
        fill_milli=round(1000 * len(dwell) / sample.n_trunks / train.capacity_teu) if train else 0,
        trains_per_week_milli=round(1000 * per_week),
    )


def _quantile(values: NDArray[np.int64], share: float) -> int:
    return round(float(np.quantile(values, share)))


def trains_per_week(samples: Mapping[int, Sample], weeks: int) -> dict[str, float]:
    """Count how many of each trunk leave a week, each TEU its part of one."""
    found: dict[str, float] = {}
    for sample in samples.values():
        if sample.course.trunk_id:
            trunk = sample.course.trunk_id
            found[trunk] = found.get(trunk, 0.0) + sample.n_trunks / weeks / len(sample.runs)
    return found


def demand_weighted(samples: Mapping[int, Sample], demands: Sequence[LaneDemand]) -> Floats:
    """Answer by run what all lanes cost a week more than in the mean."""
    total = np.zeros(N_RUNS)
    for i, sample in samples.items():
        total += sample.residuals() * demands[i].teu_milli / 1000
    return total
