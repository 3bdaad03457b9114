"""Lanes: run direct or assemble at the hub, with what each costs on the same demand and from where on it pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from landport.errors import Remark
from landport.model.rules import Rate

Choice = Literal["direct", "hub"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneDemand:
    """What an origin sends to a destination, week after week.

    Parameters
    ----------
    teu_milli
        Thousandths of a TEU a week, more than 0.
    promise_minutes
        Longest that anything waits between being ready and leaving on its last gathered train.
    """

    from_id: str
    to_id: str
    teu_milli: int
    promise_minutes: int

    @property
    def lane_id(self) -> str:
        """Name the lane, `XIA-DUI`."""
        return f"{self.from_id}-{self.to_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A part of a leg of a service, by length; a direct train is made of such."""

    service_id: str
    seq: int
    from_id: str
    to_id: str
    length_km: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredTrain:
    """A train that leaves when it is full, or when the promise of somebody waiting for it is over.

    Parameters
    ----------
    train_id
        The service it runs as; of a direct train `direct/` and its lane.
    capacity_teu, min_teu
        What it takes, and what is paid for at least: missing positions cost `usd_cents_per_teu` each.
    fixed_usd_cents, usd_cents_per_teu
        Of one run, and of a position over the whole run.
    cuts
        Of a direct train the parts of legs that it runs over, in order; empty for a service.
    """

    train_id: str
    from_id: str
    to_id: str
    capacity_teu: int
    min_teu: int
    fixed_usd_cents: int
    usd_cents_per_teu: int
    cuts: tuple[Cut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """One ride of a course, with the change before it.

    Parameters
    ----------
    service_id
        Empty: a truck on demand.
    first_leg, last_leg
        Legs of the service, from 1; 0: not whole legs of one service.
    headway_minutes
        Time between two departures; 0: it leaves when it is wanted.
    minutes
        Change or cut-off before it, then running and planned stops.
    """

    service_id: str
    from_id: str
    to_id: str
    first_leg: int
    last_leg: int
    headway_minutes: int
    minutes: int


@dataclass(frozen=True, slots=True)
class LaneRate:
    """A price by the TEU: legs of a service, a transfer, or a truck on demand, by the id of the rate."""

    rate_id: str
    usd_cents_per_teu: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a lane travels under one choice.

    Parameters
    ----------
    feeder_id
        Train gathered at the origin for all lanes that start there; empty: none, freight leaves on its own.
    trunk_id
        Train gathered last: at the hub for all lanes that go on with it, of a direct lane at the origin for it alone;
        empty: freight leaves the hub by timetable.
    before, after
        Rides up to the place where the trunk is gathered, and from there on, the trunk first.
    rates
        All that is paid by the TEU; what trains cost as a whole comes on top.
    """

    feeder_id: str
    trunk_id: str
    before: tuple[Ride, ...]
    after: tuple[Ride, ...]
    rates: tuple[LaneRate, ...]

    @property
    def usd_cents_per_teu(self) -> int:
        """Add up what is paid by the TEU."""
        return sum(rate.usd_cents_per_teu for rate in self.rates)

    @property
    def moving_minutes(self) -> int:
        """Add up all minutes but the waiting."""
        return sum(ride.minutes for ride in (*self.before, *self.after))


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneOption:
    """A lane with all its courses, and why there is none of a kind.

    Parameters
    ----------
    hubs
        One a pair of feeder and trunk.
    """

    demand: LaneDemand
    direct: Course | None
    hubs: tuple[Course, ...]
    why_no_direct: str = ""
    why_no_hub: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceFigures:
    """What a lane gets under one choice, from a simulation.

    Parameters
    ----------
    money_usd_cents_per_teu, time_usd_cents_per_teu
        Paid to carriers and terminals, shared trains by the head; and the weight of the days in transit.
    error_usd_cents_per_teu
        Half of the 95 % confidence interval of their sum.
    dwell_minutes, dwell_p90_minutes, dwell_p95_minutes, longest_wait_minutes
        Waiting from ready to leaving on the last gathered train.
    transit_minutes, transit_p90_minutes, transit_p95_minutes
        From ready to arrival.
    fill_milli, trains_per_week_milli
        Share of the trunk that is full, and how many run, with whoever shares it.
    closed_form_dwell_minutes, closed_form_usd_cents_per_teu
        Of a direct train: mean wait and cost by formula; None for the hub, where trains feed trains.
    """

    money_usd_cents_per_teu: int
    time_usd_cents_per_teu: int
    error_usd_cents_per_teu: int
    dwell_minutes: int
    dwell_p90_minutes: int
    dwell_p95_minutes: int
    longest_wait_minutes: int
    transit_minutes: int
    transit_p90_minutes: int
    transit_p95_minutes: int
    fill_milli: int
    trains_per_week_milli: int
    closed_form_dwell_minutes: int | None = None
    closed_form_usd_cents_per_teu: int | None = None

    @property
    def usd_cents_per_teu(self) -> int:
        """Add money and the weight of time."""
        return self.money_usd_cents_per_teu + self.time_usd_cents_per_teu


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneAnswer:
    """What to do with a lane, and why.

    Parameters
    ----------
    direct_course, hub_course
        How it would travel; None: it cannot.
    direct, hub
        What it would get: direct alone, by the hub with all that the recommended mix sends there.
    chosen
        Of the recommended mix.
    switch_usd_cents
        What the whole mix would cost more a week, by formula, if this lane alone chose the other way; None: it cannot.
    fills_milli
        Direct trains a week that it would fill to the last position.
    breakeven_teu_milli, breakeven_promise_minutes
        Demand a week from which on, and promise from which on direct is cheaper, the rest of the mix as it is; 0: it
        always is; None: it never is within what is looked at.
    sentence
        The answer in words.
    """

    demand: LaneDemand
    direct_course: Course | None
    hub_course: Course | None
    direct: ChoiceFigures | None
    hub: ChoiceFigures | None
    chosen: Choice
    switch_usd_cents: int | None
    fills_milli: int
    breakeven_teu_milli: int | None
    breakeven_promise_minutes: int | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTotal:
    """What all lanes cost a week under one policy.

    Parameters
    ----------
    name
        `hub`, `direct` or `mix`; a lane that cannot follow `hub` or `direct` does the other.
    money_usd_cents, time_usd_cents, error_usd_cents
        A week, from the simulation; half of the 95 % confidence interval of their sum.
    more_usd_cents, more_error_usd_cents
        More than the mix on the same draws, and half of the interval of that difference; 0 for the mix.
    closed_form_usd_cents
        By formula.
    dwell_minutes, longest_wait_minutes
        Mean over all TEU, and longest seen.
    trains_per_week_milli
        Of all gathered trains.
    """

    name: str
    money_usd_cents: int
    time_usd_cents: int
    error_usd_cents: int
    more_usd_cents: int
    more_error_usd_cents: int
    closed_form_usd_cents: int
    dwell_minutes: int
    longest_wait_minutes: int
    trains_per_week_milli: int
    n_direct: int
    n_hub: int

    @property
    def usd_cents(self) -> int:
        """Add money and the weight of time."""
        return self.money_usd_cents + self.time_usd_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """A lane that nothing is said of, and why."""

    demand: LaneDemand
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """Cost of a lane under both choices at one demand, by formula.

    Parameters
    ----------
    teu_milli
        A week.
    direct_usd_cents_per_teu, hub_usd_cents_per_teu
        Money and the weight of time; by the hub what the whole mix costs more for it, the other lanes as they are.
    """

    teu_milli: int
    direct_usd_cents_per_teu: int
    hub_usd_cents_per_teu: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneStudy:
    """Lane by lane: direct, or by the hub.

    Parameters
    ----------
    trains
        Every gathered train of a course, by id.
    rates
        Rates and assumptions that the figures rest on, each with its source and confidence.
    totals
        `hub`, `direct`, `mix`.
    recommended
        Name of the cheapest policy by simulation.
    bound_usd_cents
        No choice of lanes costs less a week by formula: no rule of when trains leave, within promises and capacities.
    verdict
        The whole in a sentence.
    n_weeks, n_runs
        Simulated weeks of each run, and runs with different draws.
    """

    hub_id: str
    lanes: tuple[LaneAnswer, ...]
    unjudged: tuple[Unjudged, ...]
    trains: Mapping[str, GatheredTrain]
    rates: tuple[Rate, ...]
    totals: tuple[PolicyTotal, ...]
    recommended: str
    bound_usd_cents: int
    verdict: str
    seed: int
    n_weeks: int
    n_runs: int
    remarks: tuple[Remark, ...] = ()
