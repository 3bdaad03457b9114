"""Containers to departures, which hub trains run, and their wagons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from landport.assemble.batches import Problem, batches, problem_of
from landport.assemble.caps import train_caps
from landport.assemble.flow import WHOLE, Flow, Prices, rel_gap, solve
from landport.assemble.growth import grown, rounds_of
from landport.assemble.looks import look_again
from landport.assemble.program import columns
from landport.assemble.reasons import Reasons
from landport.assemble.remedies import Remedies
from landport.assemble.repair import repair
from landport.assemble.resources import Resources
from landport.assemble.state import Box, State
from landport.assemble.turns import in_turn
from landport.assemble.worth import worth
from landport.model.assembly import Assembly
from landport.model.bookings import RestrictionOrder
from landport.model.equipment import WagonType
from landport.model.itinerary import MoreWays, OtherTerms, PricedWays, Ways
from landport.model.plans import PlannedContainer, TrainRun, WagonLoad
from landport.model.result import Limit, Result, why_stopped

LOOKS = {1: 2, 10: 3}
"""Turns that look for further ways before the last one, by effort (the next lower one that is named)."""


def plan(
    containers: Sequence[PlannedContainer],
    ways: Ways,
    resources: Resources,
    orders: Sequence[RestrictionOrder],
    wagon_types: Mapping[str, WagonType],
    *,
    limit: Limit,
    seed: int = 0,
    more_ways: MoreWays | None = None,
    priced_ways: PricedWays | None = None,
    other_terms: OtherTerms | None = None,
    moments: Mapping[str, tuple[int, int]] | None = None,
) -> Result[Assembly]:
    """Choose a way for every container, run or cancel every hub train, and load its wagons.

    Parameters
    ----------
    ways
        Choices by container id; boxes with equal ones form batches.
    resources
        Limits over the dated departures; left as they are.
    more_ways
        Asked for further ways of boxes that are left or ride dear, given the room there is; None: nobody to ask.
    priced_ways
        Asked, before anything is decided, for ways at the prices that full legs have in the relaxation; None: nobody.
    other_terms
        Asked what would open ways for boxes that have none, once the plan is made; None: nobody to ask.
    moments
        Where containers weigh, by id (see `moments`); None: in their middle, as far as anybody knows.

    Returns
    -------
    Result[Assembly]
        Cost and bound in US cents: ways taken, fixed costs of trains run, and what leaving boxes weighs. The bound
        holds for every plan that uses the ways offered, not for ways that nobody offered.

    Notes
    -----
    Batches x ways with vector capacities per leg, minimum loads and run-or-cancel as a mixed-integer program (HiGHS);
    then wagons are loaded train by train, boxes without a place move to another way or stay, and trains that fall
    below their minimum are cancelled; boxes left, and those that ride dear, are offered further ways where there is
    room. With what was offered the program is solved again, and the best plan is kept. `limit.effort` counts tens of
    branch-and-bound nodes of the last turn. Audited by `audit` (trains, wagons, money).
    """
    resources = replace(resources, rows=[], index={}, legs={})
    problem = problem_of(batches(containers, ways.choices, resources), resources, orders)
    problem = replace(problem, moments=moments or {})
    if priced_ways is not None and resources.kept is None:
        problem = grown(problem, priced_ways, rounds_of(limit.effort), limit, seed)
        more_ways = None
    state, wagons, bound, relaxed = _turns(problem, wagon_types, more_ways, limit, seed)
    wagons = in_turn(state, wagons)
    reasons = Reasons(state)
    runs = tuple(_run(state, d, reasons) for d in resources.tonight())
    left = {c: ways.refusals.get(c) or reasons.left(box) for c, box in state.boxes.items() if c not in state.chosen}
    prices = worth(state, relaxed)
    caps = train_caps([resources.pricing.departures[d] for d in resources.tonight()], state.problem.resources, orders)
    assembly = Assembly(
        ways={c: option.way for c, option in sorted(state.chosen.items())},
        left=left,
        runs=runs,
        wagons=tuple(wagons),
        prices=prices,
        remedies=Remedies(state, wagon_types, wagons, caps, other_terms).of(left),
    )
    cost = _cost(state)
    stopped = why_stopped(cost, bound, gap=rel_gap(limit.effort), is_over=limit.is_over())
    return Result(plan=assembly, cost=cost, bound=bound, stopped=stopped, seed=seed)


def _turns(
    problem: Problem, wagon_types: Mapping[str, WagonType], more_ways: MoreWays | None, limit: Limit, seed: int
) -> tuple[State, list[WagonLoad], int, Prices]:
    """Solve, look again, and solve with what that offered; answer the best plan, and bound and prices over all offered.

    Programs of more than `WHOLE` columns are solved once.
    """
    n_looks = max(n for least, n in LOOKS.items() if least <= max(1, limit.effort))
    if more_ways is None or problem.resources.kept is not None:
        n_looks = 0  # of a plan before, its ways and those that its neighbours want are all there
    best: tuple[int, State, list[WagonLoad]] | None = None
    bound = 0
    for turn in range(n_looks + 1):
        cols = columns(problem)
        if best is not None and (limit.is_over() or len(cols.cost) > WHOLE):
            break
        is_last = turn == n_looks
        flow = solve(cols, limit=limit, seed=seed, to_branch=is_last)
        state = _state(problem, flow, cols.batch.tolist(), cols.option.tolist())
        wagons, bound = repair(state, wagon_types, limit=limit), flow.bound
        if more_ways is not None and not is_last:
            wagons, bound = look_again(state, flow, wagons, wagon_types, more_ways, limit)
        if best is None or _cost(state) < best[0]:
            best = (_cost(state), state, wagons)
        problem = state.problem
    assert best is not None, "there is at least one turn"
    return best[1], best[2], bound, flow.prices


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
