"""Solving the program: a relaxation that proves a bound, a dive that finds a plan, HiGHS to close the gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from landport.assemble._bound import lagrangian, least_whole
from landport.assemble.batches import Ints
from landport.assemble.program import INF, Columns
from landport.model.result import Limit

Floats = NDArray[np.float64]

REL_GAP = {1: 5e-3, 10: 2e-3, 100: 1e-4}
"""A plan this close to the bound is good enough, by effort (the next lower one that is named)."""

LEAST_SECONDS = 1.0
"""Wall seconds that HiGHS always has to make rides whole: without, there would be no plan."""

LACK = 4
"""TEU that a train may lack for the moment while rides are made whole."""

FLIPS, FLIP_COLUMNS = 40, 1_600_000
"""Most trains turned over after the dive, and most columns together of the linear programs solved for that."""

AT_ONCE = 40
"""The dive fixes one train of so many that are open at a time."""

ROUNDS = 12
"""Most rounds of adding broken links to the relaxation."""

COST_SCALE = 1e-4
"""What HiGHS sees of a cent: costs of about one are kind to its tolerances."""

SETTLED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
"""Answers that no second try would change."""

SMALL = 4_000
"""Columns up to which a program is handed to HiGHS with any effort, and all its rides are made whole together."""

WHOLE = 60_000
"""Most columns handed to HiGHS whole, and most of a program that is solved more than once."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What rows are worth in the relaxation, in US cents.

    Parameters
    ----------
    batch
        Of serving one more container, shape (n_batches,).
    limit, least
        Of one unit of each row of limits, at most 0, and of one TEU towards each train's minimum, at least 0.
    link
        Of one more container of a batch on a train (batch, train), at most 0.
    cap
        Of one more train under each cap on trains, at most 0.
    """

    batch: Floats
    limit: Floats
    least: Floats
    link: Mapping[tuple[int, int], float]
    cap: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, slots=True)
class Flow:
    """An answer: how many of each batch take which option, and which trains run.

    Parameters
    ----------
    x
        Value of each column of `Columns`, whole.
    bound
        US cents no choice of the options costs less than.
    relaxed
        The bound that the row prices give, a little lower where HiGHS proved more.
    """

    x: Ints
    bound: int
    relaxed: float
    prices: Prices


def rel_gap(effort: int) -> float:
    """Gap at which a plan made with an effort counts as close enough."""
    return min(gap for least, gap in REL_GAP.items() if least <= max(1, effort))


def solve(c: Columns, *, limit: Limit, seed: int) -> Flow:
    """Decide trains and rides.

    Parameters
    ----------
    limit
        Effort 1: the dive only, if the program is not `SMALL`. More: HiGHS goes on from the dive's plan for effort x 10
        nodes, up to `WHOLE` columns. When the seconds are over nothing more is tried, but the plan at hand is finished.

    Notes
    -----
    The relaxation is tightened by the links it breaks and solved again; its row prices give the bound. The dive fixes
    the trains that the relaxation (nearly) decides, then the least undecided one, and solves again until all are
    fixed, then turns single ones over while that pays; rides are then made whole. One thread, and no clock unless the
    limit has seconds: the same program gives the same answer.
    """
    relaxed = Relaxation(c)
    relaxed.tighten(limit)
    bound = lowest = relaxed.bound()
    prices = relaxed.worth()
    relaxed.restrict()
    plan = _whole_rides(c, relaxed.dive(limit), relaxed.x, limit, seed)
    open_gap = c.cost @ plan > bound * (1 + rel_gap(limit.effort))
    if len(c.cost) <= (WHOLE if limit.effort > 1 else SMALL) and open_gap and not limit.is_over():
        plan, proven = _branch(c, plan, limit, seed)
        bound = bound if len(c.aside) else max(bound, proven)  # HiGHS counts riders of main legs only
    return Flow(x=plan, bound=least_whole(bound), relaxed=lowest, prices=prices)


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
        self.leaning = np.zeros(c.n_trains)
        self.open = np.zeros(c.n_trains, np.bool_)
        self.solver = _solver()
        self.solver.passModel(_model(c, c.lower.astype(float), c.upper.astype(float), whole=False))
        self.scale = _scale(c)
        self.x, self.prices = self._run()

    def _run(self) -> tuple[Floats, Floats]:
        """Solve; answer the columns and the row prices in cents. A hot start that loses its way is tried cold."""
        self.solver.run()
        if self.solver.getModelStatus() not in SETTLED:
            self.solver.clearSolver()
            self.solver.run()
        solution = self.solver.getSolution()
        prices = np.array(solution.row_dual) / COST_SCALE
        prices[: len(self.scale)] *= self.scale
        return np.array(solution.col_value), prices

    def tighten(self, limit: Limit) -> None:
        """Add the links that the answer breaks, until it breaks none (or `ROUNDS` times)."""
        for _ in range(ROUNDS):
            if limit.is_over():
                return
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

    def restrict(self) -> None:
        """Let minimum loads count the riders of each train's main leg only, from now on."""
        for row, column in self.c.aside.tolist():
            self.solver.changeCoeff(row, column, 0.0)
        self.x, self.prices = self._run()

    def worth(self) -> Prices:
        """Sort the row prices by what they are of; those of a sign that bounds nothing count 0, as in `bound`."""
        c = self.c
        first = c.matrix.shape[0]
        limits, leasts = c.n_batches + c.n_limits, c.n_batches + c.n_limits + c.n_trains
        first_train = c.n_options + c.n_batches
        link = {}
        for row, price in zip(self.links, self.prices[first:], strict=True):
            columns = c.links.indices[c.links.indptr[row] : c.links.indptr[row + 1]]
            train = int(columns.max()) - first_train
            link[int(c.batch[columns.min()]), train] = min(0.0, float(price))
        return Prices(
            batch=self.prices[: c.n_batches].copy(),
            limit=np.minimum(self.prices[c.n_batches : limits], 0.0),
            least=np.maximum(self.prices[limits:leasts], 0.0),
            link=link,
            cap=np.minimum(self.prices[leasts:first], 0.0),
        )

    def dive(self, limit: Limit) -> Ints:
        """Fix trains one after another as the relaxation leans; answer 1 for each that runs, shape (n_trains,).

        When time is over, what is not yet fixed is fixed at once.
        """
        fixed = np.full(len(self.trains), -1, np.int64)
        self.leaning = np.abs(self.x[self.trains] - 0.5)
        self.open = self.leaning < 0.499
        while (fixed < 0).any():
            y = self.x[self.trains]
            leaning = np.where(y > 0.5, 1 - y, y)
            sure = (fixed < 0) & (leaning < 0.02)
            if limit.is_over():
                sure = fixed < 0
            elif not sure.any():
                nearest = np.argsort(np.where(fixed < 0, leaning, 2.0), kind="stable")
                sure[nearest[: max(1, int((fixed < 0).sum()) // AT_ONCE)]] = True
            fixed[sure] = (y[sure] > 0.5).astype(np.int64)
            if self._fix(fixed, sure) == np.inf:
                fixed[sure] = 0
                if self._fix(fixed, sure) == np.inf:
                    return np.zeros(len(fixed), np.int64)
        return self._flip(fixed, limit)

    def _flip(self, fixed: Ints, limit: Limit) -> Ints:
        """Turn over trains that the relaxation left open, the most open first, where the relaxed cost falls."""
        cost = float(self.c.cost @ self.x)
        most = max(1, min(FLIPS, FLIP_COLUMNS // max(1, len(self.c.cost))))
        for i in np.flatnonzero(self.open)[np.argsort(self.leaning[self.open], kind="stable")][:most]:
            if limit.is_over():
                break
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


def _whole_rides(c: Columns, runs: Ints, x: Floats, limit: Limit, seed: int) -> Ints:
    """Make rides whole with all trains fixed: first only those that `x` splits, then all.

    Where that cannot be, trains may lack a few TEU, which `repair` then finds for them. When nothing can be, every box
    is left and nothing runs.
    """
    lower, upper = np.zeros(len(c.cost)), c.upper.astype(float)
    lower[c.n_options + c.n_batches :] = upper[c.n_options + c.n_batches :] = runs
    kept = _unsplit(c, x)
    narrow, wide = lower.copy(), upper.copy()
    narrow[kept] = wide[kept] = np.round(x[kept])
    narrow_ones = ((narrow, wide, 0, 1e-4), (narrow, wide, LACK, 1e-4))
    tries = ((lower, upper, 0, 1e-4),) if len(c.cost) <= SMALL else (*narrow_ones, (lower, upper, 0, 1e-3))
    for low, high, lack, gap in tries:
        solver = _solver(limit, seed, mip_rel_gap=gap, mip_max_nodes=200)
        solver.passModel(_model(c, low, high, whole=True, lack=lack))
        solver.run()
        if _has_answer(solver):
            return _answer(solver)
    nothing = np.zeros(len(c.cost), np.int64)
    nothing[c.n_options : c.n_options + c.n_batches] = c.upper[c.n_options : c.n_options + c.n_batches]
    return nothing


def _unsplit(c: Columns, x: Floats) -> Ints:
    """List the ride columns of batches whose rides are all whole already."""
    n = c.n_options + c.n_batches
    batch = np.concatenate([c.batch, np.arange(c.n_batches)])
    split = np.zeros(c.n_batches, np.bool_)
    split[batch[np.abs(x[:n] - np.round(x[:n])) > 1e-6]] = True
    return np.flatnonzero(~split[batch])


def _branch(c: Columns, start: Ints, limit: Limit, seed: int) -> tuple[Ints, float]:
    """Let HiGHS go on from a plan; answer the better of both, and the bound it proved.

    This bound is the solver's own, less a ten-millionth for its tolerances.
    """
    solver = _solver(limit, seed, mip_rel_gap=rel_gap(limit.effort), mip_max_nodes=10 * limit.effort)
    solver.passModel(_model(c, c.lower.astype(float), c.upper.astype(float), whole=True))
    solver.setSolution(len(start), np.arange(len(start), dtype=np.int32), start.astype(float))
    solver.run()
    proven = float(solver.getInfo().mip_dual_bound) / COST_SCALE * (1 - 1e-7)
    better = _answer(solver) if _has_answer(solver) else start
    return (better if c.cost @ better < c.cost @ start else start), proven


def _has_answer(solver: highspy.Highs) -> bool:
    return bool(solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible)


def _answer(solver: highspy.Highs) -> Ints:
    return np.asarray(np.round(np.array(solver.getSolution().col_value)), np.int64)


class _Quiet(highspy.Highs):
    """HiGHS that never prints: its banner would come with the first callback, on stdout."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the library's name
        """Fall silent before anything is said."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _solver(limit: Limit | None = None, seed: int = 0, **options: float) -> highspy.Highs:
    """Make a solver of one thread; within a limit it has at least `LEAST_SECONDS`."""
    solver = _Quiet()  # type: ignore[no-untyped-call]
    chosen: dict[str, float | str] = {"threads": 1, "parallel": "off", "random_seed": seed % (1 << 31), **options}
    seconds = None if limit is None else limit.remaining()
    if seconds is not None:
        chosen["time_limit"] = max(LEAST_SECONDS, seconds)
    for name, value in chosen.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS does not take {name} = {value}")
    return solver


def _sides(c: Columns) -> tuple[Floats, Floats]:
    low, high = c.row_lower.astype(float), c.row_upper.astype(float)
    return np.where(c.row_lower <= -INF, -np.inf, low), np.where(c.row_upper >= INF, np.inf, high)


def _scale(c: Columns) -> Floats:
    """Power of two that brings each row's greatest coefficient near one: kilograms and TEU stand side by side."""
    if 0 in c.matrix.shape:
        return np.ones(c.matrix.shape[0])
    greatest = abs(c.matrix).max(axis=1).toarray().ravel()
    return np.asarray(2.0 ** -np.round(np.log2(np.where(greatest > 0, greatest, 1.0))), np.float64)


def _on_main_legs(c: Columns) -> sparse.csc_matrix:
    """Matrix whose minimum rows count the riders of main legs only; zeros stay stored."""
    matrix = c.matrix.copy()
    for row, column in c.aside.tolist():
        cells = slice(matrix.indptr[column], matrix.indptr[column + 1])
        matrix.data[cells][matrix.indices[cells] == row] = 0.0
    return matrix


def _model(c: Columns, lower: Floats, upper: Floats, *, whole: bool, lack: int = 0) -> highspy.HighsLp:
    """Hand the program over; `lack`: TEU by which minimum loads (the rows from zero up) may be missed."""
    lp = highspy.HighsLp()
    scale = _scale(c)
    low, high = _sides(c)
    low[low == 0] = -lack
    lp.num_col_, lp.num_row_ = c.matrix.shape[1], c.matrix.shape[0]
    lp.col_cost_ = np.multiply(c.cost, COST_SCALE, dtype=np.float64)
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.row_lower_, lp.row_upper_ = low * scale, high * scale
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = c.matrix.indptr
    lp.a_matrix_.index_ = c.matrix.indices
    lp.a_matrix_.value_ = (_on_main_legs(c) if whole else c.matrix).data * scale[c.matrix.indices]
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    return lp
