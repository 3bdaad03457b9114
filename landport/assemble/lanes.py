"""Assemble or pass, lane by lane: what each choice costs, the best mix, and from where on direct pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from landport.assemble._bound_lanes import Lane, Train, least_run, least_trunk
from landport.assemble._kernel_lanes import WEEK
from landport.assemble.gathering import gathered
from landport.assemble.lane_breakeven import Even
from landport.assemble.lane_draws import Draws
from landport.assemble.lane_figures import (
    N_RUNS,
    Sample,
    demand_weighted,
    figures,
    half_width,
    joined,
    simulated,
    trains_per_week,
)
from landport.assemble.lane_mix import Mix, Search
from landport.assemble.lane_pools import FEEDER_WAIT_MILLI, VALUE_RATE, Pools, Terms, Worth
from landport.assemble.lane_words import sentence, short, verdict
from landport.model.lanes import (
    ChoiceFigures,
    Course,
    CurvePoint,
    GatheredTrain,
    LaneAnswer,
    LaneOption,
    LaneStudy,
    PolicyTotal,
    Unjudged,
)
from landport.model.rules import Rate, Rules
from landport.model.tariff import rounded

N_WEEKS = 26
"""Weeks that count in each of the runs."""

POLICIES = ("hub", "direct", "mix")


@dataclass(frozen=True, slots=True)
class Studied:
    """A study, and what else may be asked of it."""

    study: LaneStudy
    search: Search
    mix: Mix

    def curve(self, lane_id: str) -> tuple[CurvePoint, ...]:
        """List what a lane costs both ways at other demands; empty: it has one way only."""
        for i, option in enumerate(self.search.options):
            if option.demand.lane_id == lane_id and self.search.may_flip(i):
                return Even(self.search, self.mix, i, self.search.pools(self.mix, without=i)).curve()
        return ()


def study(
    options: Sequence[LaneOption],
    trains: Mapping[str, GatheredTrain],
    rules: Rules,
    *,
    hub_id: str,
    names: Mapping[str, str],
    rates: Sequence[Rate] = (),
    seed: int = 0,
    n_weeks: int = N_WEEKS,
) -> Studied:
    """Judge lanes.

    Parameters
    ----------
    options
        Lanes with their courses; one without any is left unjudged.
    trains
        Gathered trains by id.
    names
        Of places, for sentences.
    rates
        What the courses were priced with, to show.

    Notes
    -----
    The mix is searched by formula (`lane_mix`), then pure hub, pure direct and mix are simulated on the same draws, and
    figures are those of the simulation. Deterministic by seed. Audited by `audit.check_lanes`.
    """
    judged = [o for o in options if o.direct is not None or o.hubs]
    search = Search(judged, trains, Worth.of(rules))
    mixes = {"hub": search.settled(search.start(direct=False)), "direct": search.start(direct=True)}
    mixes["mix"] = min((search.best(), *mixes.values()), key=search.cost)
    demands = [o.demand for o in judged]
    draws = [Draws(demands, trains, seed, run, n_weeks) for run in range(N_RUNS)]
    plans = {name: [search.course(mix, i) for i in range(len(judged))] for name, mix in mixes.items()}
    samples = {name: simulated(draws, plan, search.worth) for name, plan in plans.items()}
    judge = _Judge(search, mixes["mix"], plans["mix"], samples, draws, names, search.pools(mixes["mix"]))
    lanes = tuple(judge.answer(i) for i in range(len(judged)))
    summed = _Totals(search, mixes, samples, lanes, n_weeks)
    totals = tuple(summed.total(name) for name in POLICIES)
    bound = bounded(search, mixes["mix"])
    found = LaneStudy(
        hub_id=hub_id,
        lanes=lanes,
        unjudged=tuple(_left(o) for o in options if o.direct is None and not o.hubs),
        trains=trains,
        rates=(*rates, rules.rate(VALUE_RATE), _FEEDER_WAIT),
        totals=totals,
        recommended=_cheapest(totals, lanes),
        bound_usd_cents=round(bound),
        verdict=verdict(lanes, totals, short(names.get(hub_id, hub_id))),
        seed=seed,
        n_weeks=n_weeks,
        n_runs=N_RUNS,
    )
    return Studied(found, search, mixes["mix"])


_FEEDER_WAIT = Rate(
    rate_id="lanes_feeder_wait_share",
    milli=FEEDER_WAIT_MILLI,
    unit="share of a promise",
    source="of the waiting that a promise leaves, what a feeder may take; the train at the hub has the rest",
    confidence="assumption",
)


def _cheapest(totals: Sequence[PolicyTotal], lanes: Sequence[LaneAnswer]) -> str:
    """Name the cheapest policy; the mix, unless one is by more than the rounding of its lanes."""
    least = min(totals, key=lambda total: total.usd_cents)
    mix = next(total for total in totals if total.name == "mix")
    rounding = sum(1 + lane.demand.teu_milli // 1000 for lane in lanes)
    return "mix" if mix.usd_cents <= least.usd_cents + rounding else least.name


def _left(option: LaneOption) -> Unjudged:
    whys = [why for why in (option.why_no_direct, option.why_no_hub) if why]
    return Unjudged(demand=option.demand, why="; ".join(whys) or "no way leads there")


@dataclass(frozen=True, slots=True)
class _Judge:
    """Answers lane by lane."""

    search: Search
    mix: Mix
    plan: Sequence[Course]
    samples: Mapping[str, dict[int, Sample]]
    draws: Sequence[Draws]
    names: Mapping[str, str]
    pools: Pools

    def answer(self, i: int) -> LaneAnswer:
        """Say what to do with a lane."""
        option, is_direct = self.search.options[i], self.mix.is_direct[i]
        train = self.search.trains[option.direct.trunk_id] if option.direct else None
        answer = LaneAnswer(
            demand=option.demand,
            direct_course=option.direct,
            hub_course=self.search.hub_course(self.mix, i),
            direct=self._direct(i, option),
            hub=self._hub(i),
            chosen="direct" if is_direct else "hub",
            switch_usd_cents=None,
            fills_milli=option.demand.teu_milli // train.capacity_teu if train else 0,
            breakeven_teu_milli=None,
            breakeven_promise_minutes=None,
            sentence="",
        )
        if self.search.may_flip(i):
            answer = self._even(answer, i)
        return replace(answer, sentence=sentence(answer, option, self.names))

    def _even(self, answer: LaneAnswer, i: int) -> LaneAnswer:
        """Add what the other choice would cost, and where both cost the same."""
        is_direct, milli = self.mix.is_direct[i], answer.demand.teu_milli
        terms = self.search.terms(self.mix, i)
        if not is_direct:
            self.pools.put(terms, -milli)
        even = Even(self.search, self.mix, i, self.pools)
        answer = replace(
            answer,
            switch_usd_cents=even.switch_usd_cents(is_direct=is_direct),
            breakeven_teu_milli=even.teu_milli(),
            breakeven_promise_minutes=even.promise_minutes(),
        )
        if not is_direct:
            self.pools.put(terms, milli)
        return answer

    def _direct(self, i: int, option: LaneOption) -> ChoiceFigures | None:
        if option.direct is None:
            return None
        search, demand = self.search, option.demand
        sample = self.samples["direct"][i]
        per_week = trains_per_week({i: sample}, self.draws[0].weeks)[option.direct.trunk_id]
        found = figures(sample, search.trains, per_week, search.worth)
        if found is None:
            return None
        one = gathered([(demand.teu_milli, demand.promise_minutes)], search.trains[option.direct.trunk_id])
        cents = search.direct_cents[i] or 0.0
        return replace(
            found,
            closed_form_dwell_minutes=round(one.wait_minutes),
            closed_form_usd_cents_per_teu=round(cents * 1000 / demand.teu_milli),
        )

    def _hub(self, i: int) -> ChoiceFigures | None:
        search, course = self.search, self.search.hub_course(self.mix, i)
        if course is None:
            return None
        mine = self.samples["mix"]
        if self.mix.is_direct[i]:
            sample, per_week = joined(self.draws, self.plan, i, course, search.worth)
        else:
            sample, per_week = mine[i], trains_per_week(mine, self.draws[0].weeks).get(course.trunk_id, 0.0)
        return figures(sample, search.trains, per_week, search.worth)


@dataclass(frozen=True, slots=True)
class _Totals:
    """Sums policies up over their lanes, each lane at its demand."""

    search: Search
    mixes: Mapping[str, Mix]
    samples: Mapping[str, dict[int, Sample]]
    lanes: Sequence[LaneAnswer]
    n_weeks: int

    def total(self, name: str) -> PolicyTotal:
        """Sum a policy up; the mix is the sum of what its lanes show."""
        money, time = shown(self.lanes)
        of_mix = money + time
        if name != "mix":
            money, time = self._simulated(name)
        mine, mix, demands = self.samples[name], self.mixes[name], [o.demand for o in self.search.options]
        spread = demand_weighted(mine, demands)
        weights = {i: d.teu_milli / max(1.0, float(mine[i].teu.sum())) for i, d in enumerate(demands)}
        waited = sum(sum(int(t.dwell.sum()) for t in mine[i].runs) * weight for i, weight in weights.items())
        return PolicyTotal(
            name=name,
            money_usd_cents=money,
            time_usd_cents=time,
            error_usd_cents=round(half_width(spread)),
            more_usd_cents=money + time - of_mix,
            more_error_usd_cents=round(half_width(spread - demand_weighted(self.samples["mix"], demands))),
            closed_form_usd_cents=round(self.search.cost(mix)),
            dwell_minutes=round(waited / max(1, sum(d.teu_milli for d in demands))),
            longest_wait_minutes=max((int(t.dwell.max(initial=0)) for s in mine.values() for t in s.runs), default=0),
            trains_per_week_milli=round(1000 * sum(trains_per_week(mine, self.n_weeks).values())),
            n_direct=sum(mix.is_direct),
            n_hub=len(demands) - sum(mix.is_direct),
        )

    def _simulated(self, name: str) -> tuple[int, int]:
        money = time = 0.0
        for i, sample in self.samples[name].items():
            weight = self.search.options[i].demand.teu_milli / 1000 / max(1.0, float(sample.teu.sum()))
            moving = sum(int(t.transit.sum()) for t in sample.runs) * self.search.worth.cents
            time += moving * weight
            money += (float(sample.cents.sum()) - moving) * weight
        return round(money), round(time)


def shown(lanes: Sequence[LaneAnswer]) -> tuple[int, int]:
    """Add up the money and the weight of time of what lanes get as they are chosen, in cents a week."""
    money = time = 0
    for lane in lanes:
        got = lane.direct if lane.chosen == "direct" else lane.hub
        if got is not None:
            money += rounded(lane.demand.teu_milli * got.money_usd_cents_per_teu, 1000)
            time += rounded(lane.demand.teu_milli * got.time_usd_cents_per_teu, 1000)
    return money, time


def bounded(search: Search, mix: Mix) -> float:
    """Bound the cost of any choice of lanes by formula, each destination on its trunk and each origin on its feeder."""
    week_cents = search.worth.cents * WEEK
    feeders: dict[str, tuple[float, float]] = {}
    terms: dict[int, Terms] = {}
    for i, option in enumerate(search.options):
        if search.hub_course(mix, i) is not None:
            terms[i] = search.terms(mix, i)
            teu, most = feeders.get(terms[i].feeder_id, (0.0, 0.0))
            longest = max(most, terms[i].feeder_allowance / WEEK)
            feeders[terms[i].feeder_id] = teu + option.demand.teu_milli / 1000, longest
    fed = {"": 0.0}
    for feeder_id, (teu, most) in feeders.items():
        if feeder_id:
            train = _train(search.trains[feeder_id])
            fed[feeder_id] = least_run(teu, train, most, week_cents) / teu - train.position
    by_trunk: dict[str, list[Lane]] = {}
    longest_of: dict[str, float] = {}
    total = 0.0
    for i, option in enumerate(search.options):
        teu, direct = option.demand.teu_milli / 1000, search.direct_cents[i]
        if i not in terms:
            total += direct or 0.0
            continue
        trunk, one = terms[i].trunk_id, terms[i]
        by_hub = one.steady_cents + fed[one.feeder_id]
        by_trunk.setdefault(trunk, []).append(Lane(teu, by_hub, None if direct is None else direct / teu))
        longest_of[trunk] = max(longest_of.get(trunk, 0.0), one.trunk_allowance / WEEK)
    for trunk, lanes in by_trunk.items():
        train = _train(search.trains[trunk]) if trunk else Train(1, 0, 0, 0)
        total += least_trunk(lanes, train, longest_of[trunk], week_cents)
    return total


def _train(train: GatheredTrain) -> Train:
    return Train(train.capacity_teu, train.min_teu, train.fixed_usd_cents, train.usd_cents_per_teu)
