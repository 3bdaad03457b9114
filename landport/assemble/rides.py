"""Whole rides of a week for trains that are fixed: a small program around what the relaxation rides."""

from __future__ import annotations

import highspy
import numpy as np
from scipy import sparse

from landport.assemble.batches import Floats, Ints
from landport.assemble.hot import Hot, as_lp, quiet, root
from landport.assemble.pairing import mates
from landport.assemble.program import INF, Columns
from landport.model.result import Limit

NARROW = 15_000
"""Rides offered to one search for whole rides: those of the relaxation, and those that cost it least."""

NEAR_CENTS, THOROUGH = 50_000, 10
"""Reduced cost of the rides offered with less effort than that, beside all of boxes that the relaxation splits."""

LACK = 4
"""TEU that a train may lack for the moment if there is no other way; `repair` then finds them."""

LEAST_SECONDS = 1.0
"""Wall seconds that making rides whole always has: without, there would be no plan."""

MOST_NODES = 200
"""Nodes of one search."""

COST_SCALE = 1e-4
"""What HiGHS sees of a cent: costs of about one are kind to its tolerances."""


class WholeRides:
    """Makes a cheap whole answer of 0 or 1 for each train, and leaves the relaxation as it found it.

    Parameters
    ----------
    c
        The program of the week.
    hot
        Its relaxation.
    gap
        Share of the cost by which rides may be dearer than need be.

    Notes
    -----
    With the trains fixed, the relaxation is solved again; columns that it does not ride and whose reduced costs are
    high are left out. 20-ft boxes get mates on trains formed at the hub (`pairing`), and minimum loads count the riders
    of main legs. HiGHS makes the rest whole.
    """

    def __init__(self, c: Columns, hot: Hot, limit: Limit, gap: float, seed: int) -> None:
        self._c, self._hot, self._limit, self._gap, self._seed = c, hot, limit, gap, seed
        self._near_cents = NEAR_CENTS if limit.effort < THOROUGH else np.inf
        self._least = np.arange(c.n_batches + c.n_limits, c.n_batches + c.n_limits + c.n_trains)
        self._links = abs(c.links)
        self._scale = row_scale(c)
        self._matrix = sparse.diags(self._scale) @ _on_main_legs(c)
        self._left_cents = c.cost[c.n_options : c.n_options + c.n_batches]

    def __call__(self, runs: Ints) -> Ints | None:
        """Answer the whole value of each column; None: no plan has just these trains."""
        hot = self._hot
        node, basis = hot.node, hot.solver.getBasis()
        hot.enter(root(hot.program).with_trains(np.arange(len(runs)), runs.astype(np.float64)))
        kept = self._kept(runs) if hot.solve_surely() == "solved" else None
        hot.enter(node)
        hot.solver.setBasis(basis)
        if kept is None:
            return None
        found = self._solve(kept, runs, 0)
        return self._solve(kept, runs, LACK) if found is None else found

    def _kept(self, runs: Ints) -> Ints:
        """Choose the columns of rides and of leaving boxes that are offered: none on a train that does not run."""
        c, n = self._c, self._c.n_options + self._c.n_batches
        solution = self._hot.solver.getSolution()
        x, reduced = np.array(solution.col_value)[:n], np.array(solution.col_dual)[: c.n_options] / self._hot.scale
        is_kept = x > 1e-9
        is_kept[c.n_options :] = True
        is_split = np.zeros(c.n_batches, np.bool_)
        is_split[c.batch[np.abs(x - np.round(x))[: c.n_options] > 1e-6]] = True
        near = np.where(is_split[c.batch], 0.0, reduced)
        order = np.argsort(near, kind="stable")[:NARROW]
        is_kept[order[near[order] <= self._near_cents]] = True
        is_off = np.concatenate([np.zeros(n), 1 - runs])
        on_cancelled = (self._links.T @ (self._links @ is_off))[:n] > 0
        return np.flatnonzero(is_kept & ~on_cancelled)

    def _solve(self, kept: Ints, runs: Ints, lack: int) -> Ints | None:
        c, n = self._c, self._c.n_options + self._c.n_batches
        columns = np.concatenate([kept, np.arange(n, n + c.n_trains)])
        low, high = sides(c)
        low, high = low * self._scale, high * self._scale
        low[self._least] -= lack * self._scale[self._least]
        more = mates(c.pairing, c.batch, self._left_cents, runs)
        n_pairs = len(more.cost)
        rides = sparse.hstack([more.rides, sparse.csc_matrix((more.rides.shape[0], n - c.n_options + c.n_trains))])
        empty = sparse.csc_matrix((self._matrix.shape[0], n_pairs))
        matrix = sparse.bmat([[self._matrix[:, columns], empty], [rides.tocsc()[:, columns], more.pairs]], format="csc")
        even = np.zeros(more.pairs.shape[0])
        most = np.full(n_pairs, float(c.upper[: c.n_options].max(initial=0)))
        lower = np.concatenate([np.zeros(len(kept)), runs, np.zeros(n_pairs)]).astype(np.float64)
        upper = np.concatenate([c.upper[kept], runs, most]).astype(np.float64)
        cost = np.concatenate([c.cost[columns], more.cost]) * COST_SCALE
        solver = self._solver()
        solver.passModel(
            as_lp(cost, lower, upper, matrix, np.concatenate([low, even]), np.concatenate([high, even]), whole=True)
        )
        solver.run()
        if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        answer = np.zeros(len(c.cost), np.int64)
        answer[columns] = np.round(np.array(solver.getSolution().col_value)[: len(columns)])
        return answer

    def _solver(self) -> highspy.Highs:
        solver = quiet({"mip_rel_gap": self._gap, "mip_max_nodes": MOST_NODES}, self._seed)
        seconds = self._limit.remaining()
        if seconds is not None:
            solver.setOptionValue("time_limit", max(LEAST_SECONDS, seconds))
        return solver


def sides(c: Columns) -> tuple[Floats, Floats]:
    """Answer the row sides, infinite where there is no limit."""
    low, high = c.row_lower.astype(float), c.row_upper.astype(float)
    return np.where(c.row_lower <= -INF, -np.inf, low), np.where(c.row_upper >= INF, np.inf, high)


def row_scale(c: Columns) -> Floats:
    """Power of two that brings each row's greatest coefficient near one: kilograms and TEU stand side by side."""
    if 0 in c.matrix.shape:
        return np.ones(c.matrix.shape[0])
    greatest = abs(c.matrix).max(axis=1).toarray().ravel()
    return np.asarray(2.0 ** -np.round(np.log2(np.where(greatest > 0, greatest, 1.0))), np.float64)


def _on_main_legs(c: Columns) -> sparse.csc_matrix:
    """Matrix whose minimum rows count the riders of main legs only."""
    matrix = c.matrix.copy()
    for row, column in c.aside.tolist():
        cells = slice(matrix.indptr[column], matrix.indptr[column + 1])
        matrix.data[cells][matrix.indices[cells] == row] = 0.0
    return matrix
