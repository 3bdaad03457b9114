"""Solving the program: a relaxation that proves a bound, a dive that finds a plan, HiGHS to close the gap."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from landport.assemble._bound import lagrangian
from landport.assemble.batches import Ints
from landport.assemble.program import INF, Columns

Floats = NDArray[np.float64]

REL_GAP = {1: 5e-3, 10: 2e-3, 100: 1e-4}
"""A plan this close to the bound is good enough, by effort (the next lower one that is named)."""

ROUNDS = 12
"""Most rounds of adding broken links to the relaxation."""

WHOLE = 60_000
"""Most columns handed to HiGHS whole."""


@dataclass(frozen=True, slots=True)
class Flow:
    """An answer: how many of each batch take which option, and which trains run.

    Parameters
    ----------
    x
        Value of each column of `Columns`, whole.
    bound
        US cents no plan costs less than.
    """

    x: Ints
    bound: int


def rel_gap(effort: int) -> float:
    """Gap at which a plan made with an effort counts as close enough."""
    return min(gap for least, gap in REL_GAP.items() if least <= max(1, effort))


def solve(c: Columns, *, effort: int, seed: int, seconds: float | None) -> Flow:
    """Decide trains and rides.

    Parameters
    ----------
    effort
        1: the dive only. More: HiGHS goes on from the dive's plan for `effort` x 10 nodes, up to `WHOLE` columns.
    seconds
        Wall seconds for HiGHS, or None.

    Notes
    -----
    The relaxation is tightened by the links it breaks and solved again; its row prices give the bound. The dive fixes
    the trains that the relaxation (nearly) decides, then the least undecided one, and solves again until all are
    fixed, then turns single ones over while that pays; rides are then made whole. One thread, and no clock unless
    `seconds` is given: the same program gives the same answer.
    """
    relaxed = Relaxation(c)
    relaxed.tighten()
    bound = relaxed.bound()
    plan = _whole_rides(c, relaxed.dive(), seed, seconds)
    if effort > 1 and len(c.cost) <= WHOLE and c.cost @ plan > bound * (1 + rel_gap(effort)):
        plan, proven = _branch(c, plan, effort, seed, seconds)
        bound = max(bound, proven)
    return Flow(x=plan, bound=int(np.floor(bound)))


class Relaxation:
    """The program without whole numbers, kept hot in HiGHS.

    Parameters
    ----------
    c
        The program.
    """

    def __init__(self, c: Columns) -> None:
        self.c = c
        self.trains = np.arange(c.n_options + c.n_batches, len(c.cost))
        self.links: list[int] = []
        self.open = np.zeros(c.n_trains, np.bool_)
        self.solver = _solver()
        self.solver.passModel(_model(c, np.zeros(len(c.cost)), c.upper.astype(float), whole=False))
        self.x, self.prices = self._run()

    def _run(self) -> tuple[Floats, Floats]:
        self.solver.run()
        solution = self.solver.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual)

    def tighten(self) -> None:
        """Add the links that the answer breaks, until it breaks none (or `ROUNDS` times)."""
        for _ in range(ROUNDS):
            over = self.c.links @ self.x
            broken = [r for r in np.flatnonzero(over > 1e-4).tolist() if r not in set(self.links)]
            if not broken:
                return
            rows = self.c.links[broken]
            self.solver.addRows(
                len(broken), np.full(len(broken), -np.inf), np.zeros(len(broken)), rows.nnz, rows.indptr[:-1],
                rows.indices, rows.data,
            )  # fmt: skip
            self.links += broken
            self.x, self.prices = self._run()

    def bound(self) -> float:
        """Recompute the bound from the row prices, so that no solver tolerance is in it."""
        c = self.c
        low, high = _sides(c)
        return lagrangian(
            c.cost.astype(float),
            c.upper.astype(float),
            sparse.vstack([c.matrix, c.links[self.links]]).tocsc(),
            np.concatenate([low, np.full(len(self.links), -np.inf)]),
            np.concatenate([high, np.zeros(len(self.links))]),
            self.prices,
        )

    def dive(self) -> Ints:
        """Fix trains one after another as the relaxation leans; answer 1 for each that runs, shape (n_trains,)."""
        fixed = np.full(len(self.trains), -1, np.int64)
        self.open = (self.x[self.trains] > 0.001) & (self.x[self.trains] < 0.999)
        while (fixed < 0).any():
            y = self.x[self.trains]
            leaning = np.where(y > 0.5, 1 - y, y)
            sure = (fixed < 0) & (leaning < 0.02)
            if not sure.any():
                sure = np.arange(len(fixed)) == np.where(fixed < 0, leaning, 2.0).argmin()
            fixed[sure] = (y[sure] > 0.5).astype(np.int64)
            if self._fix(fixed, sure) == np.inf:
                fixed[sure] = 0
                if self._fix(fixed, sure) == np.inf:
                    return np.zeros(len(fixed), np.int64)
        return self._flip(fixed)

    def _flip(self, fixed: Ints) -> Ints:
        """Turn over trains that the relaxation left open, one at a time, as long as the relaxed cost falls."""
        cost = float(self.c.cost @ self.x)
        for i in np.flatnonzero(self.open):
            one = np.arange(len(fixed)) == i
            fixed[i] = 1 - fixed[i]
            changed = self._fix(fixed, one)
            if changed < cost - 1:
                cost = changed
            else:
                fixed[i] = 1 - fixed[i]
                self._fix(fixed, one)
        return fixed

    def _fix(self, fixed: Ints, which: NDArray[np.bool_]) -> float:
        """Fix some trains as `fixed` says and solve again; answer the cost, infinite when it cannot be."""
        for i in np.flatnonzero(which):
            self.solver.changeColBounds(int(self.trains[i]), float(fixed[i]), float(fixed[i]))
        x, prices = self._run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return np.inf
        self.x, self.prices = x, prices
        return float(self.c.cost @ x)


def _whole_rides(c: Columns, runs: Ints, seed: int, seconds: float | None) -> Ints:
    """Make rides whole with all trains fixed; when that cannot be, leave every box and run nothing."""
    lower, upper = np.zeros(len(c.cost)), c.upper.astype(float)
    lower[c.n_options + c.n_batches :] = upper[c.n_options + c.n_batches :] = runs
    solver = _solver(mip_rel_gap=1e-4, mip_max_nodes=200, random_seed=seed, time_limit=seconds or np.inf)
    solver.passModel(_model(c, lower, upper, whole=True))
    solver.run()
    return _answer(solver, c)


def _branch(c: Columns, start: Ints, effort: int, seed: int, seconds: float | None) -> tuple[Ints, float]:
    """Let HiGHS go on from a plan; answer its plan and the bound it proved (less its tolerance)."""
    options = {"mip_rel_gap": rel_gap(effort), "mip_max_nodes": 10 * effort, "time_limit": seconds or np.inf}
    solver = _solver(random_seed=seed, **options)
    solver.passModel(_model(c, np.zeros(len(c.cost)), c.upper.astype(float), whole=True))
    solver.setSolution(len(start), np.arange(len(start), dtype=np.int32), start.astype(float))
    solver.run()
    return _answer(solver, c), float(solver.getInfo().mip_dual_bound) * (1 - 1e-7)


def _answer(solver: highspy.Highs, c: Columns) -> Ints:
    found = solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if found:
        return np.round(np.array(solver.getSolution().col_value)).astype(np.int64)
    left = np.zeros(len(c.cost), np.int64)
    left[c.n_options : c.n_options + c.n_batches] = c.upper[c.n_options : c.n_options + c.n_batches]
    return left


class _Quiet(highspy.Highs):
    """HiGHS that never prints: its banner would come with the first callback, on stdout."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the library's name
        """Fall silent before anything is said."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _solver(**options: float) -> highspy.Highs:
    solver = _Quiet()  # type: ignore[no-untyped-call]
    chosen: dict[str, float | str] = {"threads": 1, "parallel": "off", **options}
    for name, value in chosen.items():
        solver.setOptionValue(name, value)
    return solver


def _sides(c: Columns) -> tuple[Floats, Floats]:
    low, high = c.row_lower.astype(float), c.row_upper.astype(float)
    return np.where(c.row_lower <= -INF, -np.inf, low), np.where(c.row_upper >= INF, np.inf, high)


def _model(c: Columns, lower: Floats, upper: Floats, *, whole: bool) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = c.matrix.shape[1], c.matrix.shape[0]
    lp.col_cost_ = c.cost.astype(float)
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.row_lower_, lp.row_upper_ = _sides(c)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = c.matrix.indptr
    lp.a_matrix_.index_ = c.matrix.indices
    lp.a_matrix_.value_ = c.matrix.data
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    return lp
