"""Containers to departures, which hub trains run, and their wagons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from landport.assemble.batches import Problem, batches, problem_of
from landport.assemble.caps import train_caps
from landport.assemble.cutting import cuts, put_on_trains
from landport.assemble.flow import Flow, rel_gap, solve
from landport.assemble.growth import grown
from landport.assemble.program import columns
from landport.assemble.reasons import Reasons
from landport.assemble.remedies import Remedies
from landport.assemble.repair import repair
from landport.assemble.resources import Resources
from landport.assemble.restart import Basis
from landport.assemble.state import Box, State
from landport.assemble.turns import in_turn
from landport.assemble.worth import worth
from landport.model.assembly import Assembly
from landport.model.bookings import RestrictionOrder
from landport.model.equipment import WagonType
from landport.model.itinerary import OtherTerms, PricedWays, Ways
from landport.model.plans import PlannedContainer, TrainRun, WagonLoad
from landport.model.result import Limit, Result, why_stopped

LAST_SHARE = 0.15
"""Share of the seconds left that is kept for wagons, and for what would free those who stay."""

AGAIN = 4
"""Share of the effort, one in so many, for deciding once more."""


def plan(
    containers: Sequence[PlannedContainer],
    ways: Ways,
    resources: Resources,
    orders: Sequence[RestrictionOrder],
    wagon_types: Mapping[str, WagonType],
    *,
    limit: Limit,
    seed: int = 0,
    priced_ways: PricedWays | None = None,
    other_terms: OtherTerms | None = None,
    moments: Mapping[str, tuple[int, int]] | None = None,
    asking_s: float = 0.0,
) -> Result[Assembly]:
    """Choose a way for every container, run or cancel every hub train, and load its wagons.

    Parameters
    ----------
    ways
        Choices by container id; boxes with equal ones form batches.
    resources
        Limits over the dated departures; left as they are.
    priced_ways
        Asked for further ways at the prices that full legs have in the relaxation; None: nobody to ask.
    other_terms
        Asked what would open ways for boxes that have none, once the plan is made; None: nobody to ask.
    moments
        Where containers weigh, by id (see `moments`); None: in their middle, as far as anybody knows.
    asking_s
        Wall seconds that asking for ways is known to take, where seconds are short.

    Returns
    -------
    Result[Assembly]
        Cost and bound in US cents: ways taken, fixed costs of trains run, and what leaving boxes weighs. The bound
        holds for every plan that uses the ways offered, not for ways that nobody offered.

    Notes
    -----
    Batches x ways with vector capacities per leg, minimum loads and run-or-cancel as one program. Further ways come in
    by the prices of its relaxation (`growth`); then it is branched on counts of trains (`flow`), wagons are loaded
    train by train, boxes without a place move to another way or stay, and trains that fall below their minimum are
    cancelled (`repair`). `limit.effort` is that of these. Audited by `audit` (trains, wagons, money).
    """
    resources = replace(resources, rows=[], index={}, legs={})
    problem = problem_of(batches(containers, ways.choices, resources), resources, orders, moments or {})
    basis = None
    whole, limit = limit, limit.share(1 - LAST_SHARE)
    if priced_ways is not None:
        problem, basis = grown(problem, priced_ways, limit, seed, asking_s)
    state, wagons, flow = _settled(problem, basis, wagon_types, limit, seed)
    wagons = in_turn(state, wagons)
    reasons = Reasons(state)
    runs = tuple(_run(state, d, reasons) for d in resources.tonight())
    left = {c: ways.refusals.get(c) or reasons.left(box) for c, box in state.boxes.items() if c not in state.chosen}
    prices = worth(state, flow.prices)
    caps = train_caps([resources.pricing.departures[d] for d in resources.tonight()], state.problem.resources, orders)
    assembly = Assembly(
        ways={c: option.way for c, option in sorted(state.chosen.items())},
        left=left,
        runs=runs,
        wagons=tuple(wagons),
        prices=prices,
        remedies=Remedies(state, wagon_types, wagons, caps, other_terms).of(left, whole),
    )
    cost = _cost(state)
    stopped = why_stopped(cost, flow.bound, gap=rel_gap(limit.effort), is_over=limit.is_over())
    return Result(plan=assembly, cost=cost, bound=flow.bound, stopped=stopped, seed=seed, remarks=flow.remarks)


def _settled(
    problem: Problem, basis: Basis | None, wagon_types: Mapping[str, WagonType], limit: Limit, seed: int
) -> tuple[State, list[WagonLoad], Flow]:
    """Decide and load wagons; with more effort than 1, once more with what trains turned out not to take."""
    best: tuple[State, list[WagonLoad], Flow] | None = None
    turns = [limit, replace(limit, effort=max(1, limit.effort // AGAIN))]
    for turn in turns:
        laid = columns(problem)
        flow = solve(laid, limit=turn, seed=seed, before=basis)
        basis = flow.basis or basis
        state = _state(problem, flow, laid.batch.tolist(), laid.option.tolist())
        put = put_on_trains(state)
        wagons = repair(state, wagon_types, limit=limit)
        if best is not None:
            flow = replace(flow, bound=max(flow.bound, best[2].bound))
        if best is None or _cost(state) <= _cost(best[0]):
            best = state, wagons, flow
        else:
            best = best[0], best[1], replace(best[2], bound=flow.bound)
        found = cuts(state, put, wagon_types, limit) if limit.effort > 1 and not limit.is_over() else ()
        if not found:
            break
        problem = replace(problem, cuts=found)
    assert best is not None, "there is at least one turn"
    return best


def _state(problem: Problem, flow: Flow, batch_of: Sequence[int], option_of: Sequence[int]) -> State:
    trains = list(problem.decided)
    first = len(flow.x) - len(trains)
    running = {d for i, d in enumerate(trains) if flow.x[first + i] > 0}
    state = State(problem=problem, running=running, room=[r.room for r in problem.resources.rows])
    for batch in problem.batches:
        for container in batch.containers:
            state.boxes[container.container_id] = Box(container, batch)
    given: dict[int, int] = {}
    for column, (b, o) in enumerate(zip(batch_of, option_of, strict=True)):
        batch = problem.batches[b]
        for _ in range(int(flow.x[column])):
            box = state.boxes[batch.containers[given.get(b, 0)].container_id]
            given[b] = given.get(b, 0) + 1
            if state.fits(box, batch.options[o]):
                state.put(box, batch.options[o])
    return state


def _run(state: State, departure_id: str, reasons: Reasons) -> TrainRun:
    if departure_id in state.running:
        return TrainRun(departure_id=departure_id, status="run")
    kept = state.problem.resources.kept
    if kept is not None and departure_id in kept.cancelled:
        return TrainRun(departure_id=departure_id, status="cancelled", why=kept.cancelled[departure_id])
    return TrainRun(departure_id=departure_id, status="cancelled", why=reasons.cancelled(departure_id))


def _cost(state: State) -> int:
    riding = sum(option.usd_cents for option in state.chosen.values())
    left = sum(box.batch.left_cents for c, box in state.boxes.items() if c not in state.chosen)
    return riding + left + sum(state.problem.fixed_cents(d) for d in state.running)
