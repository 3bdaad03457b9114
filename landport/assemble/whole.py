"""Whole rides for trains that are fixed."""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
from scipy import sparse

from landport.assemble.hot import Floats, Ints, Program, as_lp, quiet
from landport.model.result import Limit

LEAST_SECONDS = 0.2
"""Wall seconds that making rides whole always has."""

MOST_NODES = 500
"""Nodes of one search for whole rides."""

SCALE_TO = 2.0**-31
"""What HiGHS sees of a micro: containers cost about one."""


def whole_rides(program: Program, limit: Limit, seed: int, gap: float) -> Callable[[Ints], Ints | None]:
    """Answer a function that makes a cheapest whole answer of 0 or 1 for each train, or None.

    Notes
    -----
    Only columns of trains that run are kept. Mostly the linear program is whole by itself; else HiGHS branches.
    """
    rides = _trains_of_columns(program)

    def whole(runs: Ints) -> Ints | None:
        return _solve(program, rides, runs, limit, seed, gap)

    return whole


def _trains_of_columns(program: Program) -> sparse.csc_matrix:
    """Answer a matrix (t, n): which trains a column other than a train needs."""
    at = np.full(len(program.cost), -1, np.int64)
    at[program.trains] = np.arange(len(program.trains))
    links = program.links.tocoo()
    is_train = at[links.col] >= 0
    train_of = np.zeros(program.links.shape[0], np.int64)
    train_of[links.row[is_train]] = at[links.col[is_train]]
    row, column = train_of[links.row[~is_train]], links.col[~is_train]
    shape = (len(program.trains), len(program.cost))
    return sparse.csc_matrix((np.ones(len(row)), (row, column)), shape=shape)


def _solve(program: Program, rides: sparse.csc_matrix, runs: Ints, limit: Limit, seed: int, gap: float) -> Ints | None:
    lacking = np.asarray((1.0 - runs) @ rides).ravel()
    kept = np.flatnonzero(lacking < 0.5)
    lower, upper = np.zeros(len(kept)), program.upper[kept].copy()
    is_train = np.isin(kept, program.trains)
    lower[is_train] = upper[is_train] = runs
    solver = quiet({"mip_rel_gap": gap, "mip_max_nodes": MOST_NODES}, seed)
    seconds = limit.remaining()
    if seconds is not None:
        solver.setOptionValue("time_limit", max(LEAST_SECONDS, seconds))
    cost = program.cost[kept] * SCALE_TO
    parts = (cost, lower, upper, program.matrix[:, kept], program.row_lower, program.row_upper)
    solver.passModel(as_lp(*parts, whole=False))
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        x = np.array(solver.getSolution().col_value)
    else:
        return None
    if np.abs(x - np.round(x)).max(initial=0.0) > 1e-6:
        solver.passModel(as_lp(*parts, whole=True))
        solver.run()
        if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        x = np.array(solver.getSolution().col_value)
    return checked(program, kept, x)


def checked(program: Program, kept: Ints, x: Floats) -> Ints | None:
    """Round to whole numbers, and answer them only if they keep every row."""
    answer = np.zeros(len(program.cost), np.int64)
    answer[kept] = np.round(x)
    rows = program.matrix @ answer
    fits = (rows >= program.row_lower - 1e-6).all() and (rows <= program.row_upper + 1e-6).all()
    inside = (answer >= 0).all() and (answer <= program.upper).all()
    return answer if fits and inside else None
