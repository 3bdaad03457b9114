"""Whole rides of a large plain case, where its trains are fixed."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from landport.assemble.hot import Floats, Ints, as_lp
from landport.assemble.plain_boarding import Boarding, as_kinds
from landport.assemble.plain_program import PlainProgram, lay_out
from landport.assemble.plain_ways import Network, Ways
from landport.assemble.whole import SCALE_TO, checked


@dataclass(frozen=True, slots=True)
class WholeRides:
    """Riders of each way, containers of each kind that stay, and what it costs."""

    riders: Ints
    left: Ints
    cost: float


def whole_rides(board: Boarding, ways: Ways, riders: Floats, runs: Floats, solver: highspy.Highs) -> WholeRides | None:
    """Choose whole riders with HiGHS; None: it found nothing.

    Parameters
    ----------
    ways
        By the kind they begin with.
    riders
        Of each way: how many ride, -1: free.
    runs
        0 or 1 for each train.
    """
    p = lay_out(board.net, ways).program
    n_waits, n_kinds, n_ways = len(board.waits), len(board.net.count), len(ways.kind)
    rows, columns = np.concatenate([board.waits, board.waits + 1]), np.tile(np.arange(n_waits), 2)
    values = np.repeat([1.0, -1.0], n_waits)
    waits = sparse.csc_matrix((values, (rows, columns)), shape=(p.matrix.shape[0], n_waits))
    matrix = sparse.hstack([p.matrix, waits]).tocsc()
    lower = np.zeros(matrix.shape[1])
    upper = np.concatenate([board.ready[ways.kind], board.net.count, runs, np.full(n_waits, np.inf)])
    fixed = np.flatnonzero(riders >= 0)
    lower[fixed] = upper[fixed] = riders[fixed]
    lower[p.trains] = runs
    cost = np.concatenate([p.cost, board.wait_micros])
    solver.passModel(as_lp(cost * SCALE_TO, lower, upper, matrix, p.row_lower, p.row_upper, whole=True))
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    x = np.round(np.array(solver.getSolution().col_value)).astype(np.int64)
    return WholeRides(x[:n_ways], x[n_ways : n_ways + n_kinds], float(cost @ x))


def plan_of(
    net: Network, board: Boarding, ways: Ways, riders: Ints, left: Ints, runs: Ints
) -> tuple[float, PlainProgram, Ints] | None:
    """Say who rides, and answer cost, program and plan if it keeps every row; `ways` by the kind they begin with."""
    whose, many = as_kinds(net, board, ways, riders, left)
    laid = lay_out(net, whose)
    stay = net.count - np.bincount(whose.kind, many, len(net.count)).astype(np.int64)
    x = np.concatenate([many, stay, runs]).astype(np.float64)
    plan = checked(laid.program, np.arange(len(x)), x)
    return None if plan is None else (float(laid.program.cost @ plan), laid, plan)
