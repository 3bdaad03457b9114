"""The relaxation of a run-or-cancel program, kept hot in HiGHS while bounds of trains and counts change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from landport.assemble._bound import lagrangian
from landport.model.result import Limit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Ended = Literal["solved", "cut", "none", "unclear"]

BROKEN = 1e-6
"""A link counts as broken from here on."""

HOT: Mapping[str, int | str] = {
    "solver": "simplex",
    "simplex_strategy": 1,
    "presolve": "off",
}
"""Dual simplex."""

ROOT_WEIGHTS, HOT_WEIGHTS = -1, 1
"""Dual weights: steepest edge where much is to be solved, Devex once only limits of trains change: weights of steepest
edge would be computed anew at every change of basis."""

MOST_ITERATIONS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Program:
    """min cost @ x; row_lower <= matrix @ x <= row_upper; links @ x <= 0; 0 <= x <= upper; x whole.

    Parameters
    ----------
    cost, upper
        Shape (n,), whole numbers.
    links
        Rows that come in only when a relaxation breaks them.
    trains
        Columns of at most one that decide everything else, shape (t,).
    groups
        Positions in `trains` whose sum is worth branching on, largest groups first.
    """

    cost: Floats
    upper: Floats
    matrix: sparse.csc_matrix
    row_lower: Floats
    row_upper: Floats
    links: sparse.csr_matrix
    trains: Ints
    groups: tuple[Ints, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """Limits of trains, of counts, and of single columns (column, lower, upper)."""

    train_lower: Floats
    train_upper: Floats
    count_lower: Floats
    count_upper: Floats
    rides: tuple[tuple[int, float, float], ...] = ()

    def with_train(self, train: int, value: float) -> Node:
        """Fix one train."""
        return self.with_trains(np.array([train]), np.array([value]))

    def with_trains(self, trains: NDArray[np.intp], values: Floats) -> Node:
        """Fix some trains."""
        lower, upper = self.train_lower.copy(), self.train_upper.copy()
        lower[trains] = upper[trains] = values
        return replace(self, train_lower=lower, train_upper=upper)

    def with_count(self, group: int, *, most: float | None = None, least: float | None = None) -> Node:
        """Limit the count of a group from one side."""
        lower, upper = self.count_lower.copy(), self.count_upper.copy()
        if most is not None:
            upper[group] = most
        if least is not None:
            lower[group] = least
        return replace(self, count_lower=lower, count_upper=upper)


def root(program: Program) -> Node:
    """Answer the node that limits nothing."""
    sizes = np.array([len(g) for g in program.groups], np.float64)
    n = len(program.trains)
    return Node(np.zeros(n), np.ones(n), np.zeros(len(sizes)), sizes)


class Hot:
    """One relaxation in HiGHS with dual simplex: count rows always, links as they are broken.

    Parameters
    ----------
    program
        Its rows come first, then one row a group, then links.
    """

    def __init__(self, program: Program, limit: Limit, seed: int = 0) -> None:
        self.program = program
        self.limit = limit
        self.scale = _scale(program.cost)
        self.iterations = 0
        self.node = root(program)
        self.links: list[int] = []
        self._kept = 300
        self._rows = sparse.vstack([program.matrix, counts(program)]).tocsr()
        self._matrix = self._rows.tocsc()
        self.solver = quiet({**HOT, "simplex_dual_edge_weight_strategy": ROOT_WEIGHTS}, seed)
        self._hand_over()

    def _hand_over(self) -> None:
        p, node = self.program, self.node
        low = np.concatenate([p.row_lower, node.count_lower])
        high = np.concatenate([p.row_upper, node.count_upper])
        self.solver.passModel(
            as_lp(p.cost * self.scale, np.zeros(len(p.cost)), p.upper, self._matrix, low, high, whole=False)
        )

    def settle(self) -> None:
        """From here on only limits change: be quick to begin again."""
        self.solver.setOptionValue("simplex_dual_edge_weight_strategy", HOT_WEIGHTS)

    def enter(self, node: Node) -> None:
        """Change the limits to those of a node."""
        old, p = self.node, self.program
        for t in np.flatnonzero((old.train_lower != node.train_lower) | (old.train_upper != node.train_upper)):
            self.solver.changeColBounds(int(p.trains[t]), float(node.train_lower[t]), float(node.train_upper[t]))
        first = p.matrix.shape[0]
        for g in np.flatnonzero((old.count_lower != node.count_lower) | (old.count_upper != node.count_upper)):
            self.solver.changeRowBounds(int(first + g), float(node.count_lower[g]), float(node.count_upper[g]))
        if old.rides != node.rides:
            for column, _, _ in old.rides:
                self.solver.changeColBounds(column, 0.0, float(p.upper[column]))
            for column, low, high in node.rides:
                self.solver.changeColBounds(column, low, high)
        self.node = node

    def solve(self, cutoff: float = np.inf, iterations: int = MOST_ITERATIONS) -> Ended:
        """Solve from where it stands.

        Parameters
        ----------
        cutoff
            Cost from which on the answer does not matter: it may end "cut".
        iterations
            It may end "cut" after so many, too; `bound` tells what was proved.
        """
        set_option = self.solver.setOptionValue
        set_option("objective_bound", cutoff * self.scale if np.isfinite(cutoff) else 1e200)
        set_option("simplex_iteration_limit", iterations)
        seconds = self.limit.remaining()
        if seconds is not None:
            set_option("time_limit", self.solver.getRunTime() + seconds)
        self.solver.run()
        self.iterations += max(1, self.solver.getInfo().simplex_iteration_count)
        status = highspy.HighsModelStatus
        ended: dict[highspy.HighsModelStatus, Ended] = {
            status.kOptimal: "solved",
            status.kObjectiveBound: "cut",
            status.kIterationLimit: "cut",
            status.kInfeasible: "none",
        }
        return ended.get(self.solver.getModelStatus(), "unclear")

    def solve_surely(self) -> Ended:
        """Solve to the end; a hot start that loses its way is tried cold."""
        ended = self.solve()
        if ended == "unclear" and not self.limit.is_over():
            self.solver.clearSolver()
            ended = self.solve()
        return ended

    def x(self) -> Floats:
        """Values of all columns."""
        return np.array(self.solver.getSolution().col_value)

    def bound(self) -> float:
        """Recompute from the row prices what no whole answer of this node costs less than."""
        prices = np.array(self.solver.getSolution().row_dual)
        return self.bound_at(prices / self.scale) if len(prices) == self._rows.shape[0] else 0.0

    def bound_at(self, prices: Floats) -> float:
        """Compute from any row prices what no whole answer of this node costs less than."""
        return self._lagrangian(self.program.cost, prices)

    def is_proved_empty(self) -> bool:
        """Tell whether the solver's dual ray proves, counted again, that the node has no answer."""
        solver: Any = self.solver
        _, is_there, ray = solver.getDualRay()
        if not is_there:
            return False
        prices = np.asarray(ray) / max(1e-300, np.abs(ray).max())
        nothing = np.zeros(len(self.program.cost))
        return max(self._lagrangian(nothing, prices), self._lagrangian(nothing, -prices)) > BROKEN

    def _lagrangian(self, cost: Floats, prices: Floats) -> float:
        p, node = self.program, self.node
        endless = np.full(len(self.links), -np.inf)
        lower, upper = np.zeros(len(p.cost)), p.upper.copy()
        lower[p.trains], upper[p.trains] = node.train_lower, node.train_upper
        for column, low, high in node.rides:
            lower[column], upper[column] = low, high
        return lagrangian(
            cost, upper, self._matrix,
            np.concatenate([p.row_lower, node.count_lower, endless]),
            np.concatenate([p.row_upper, node.count_upper, np.zeros(len(self.links))]),
            prices, lower,
        )  # fmt: skip

    def train_costs(self) -> Floats:
        """Reduced cost of each train, shape (t,)."""
        return np.array(self.solver.getSolution().col_dual)[self.program.trains] / self.scale

    def tighten(self, rounds: int, cutoff: float = np.inf) -> Ended:
        """Add the links that the answer breaks and solve again, so many times at the most."""
        ended: Ended = "solved"
        for _ in range(rounds):
            over = self.program.links @ self.x()
            over[self.links] = 0.0
            broken = np.flatnonzero(over > BROKEN)
            if not len(broken) or self.limit.is_over():
                break
            self.add_links(broken.tolist())
            ended = self.solve(cutoff)
            if ended != "solved":
                break
        return ended

    def add_links(self, numbers: Sequence[int]) -> None:
        """Add rows of links, by their numbers in the program."""
        rows = self.program.links[list(numbers)]
        self.solver.addRows(
            len(numbers), np.full(len(numbers), -np.inf), np.zeros(len(numbers)), rows.nnz, rows.indptr[:-1],
            rows.indices, rows.data,
        )  # fmt: skip
        self.links += numbers
        self._rows = sparse.vstack([self._rows, rows]).tocsr()
        self._matrix = self._rows.tocsc()

    def purge(self) -> None:
        """Drop links that hold by far and have no price, when many have come in since the last time."""
        if len(self.links) < 1.3 * self._kept + 50:
            return
        first = self._rows.shape[0] - len(self.links)
        solution = self.solver.getSolution()
        value, price = np.array(solution.row_value)[first:], np.array(solution.row_dual)[first:]
        drop = (value < -BROKEN) & (np.abs(price) < 1e-12)
        if drop.any():
            gone = first + np.flatnonzero(drop)
            self.solver.deleteRows(len(gone), gone.astype(np.int32))
            self.links = np.array(self.links)[~drop].tolist()
            self._rows = sparse.vstack([self._rows[:first], self.program.links[self.links]]).tocsr()
            self._matrix = self._rows.tocsc()
        self._kept = len(self.links)


class _Quiet(highspy.Highs):
    """HiGHS that never prints: its banner would come with the first callback, on stdout."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the library's name
        """Fall silent before anything is said."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def quiet(options: Mapping[str, float | int | str], seed: int) -> highspy.Highs:
    """Make a silent solver of one thread."""
    solver = _Quiet()  # type: ignore[no-untyped-call]
    chosen: dict[str, float | int | str] = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": seed % (1 << 31),
        **options,
    }
    for name, value in chosen.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS does not take {name} = {value}")
    return solver


def as_lp(
    cost: Floats,
    lower: Floats,
    upper: Floats,
    matrix: sparse.csc_matrix,
    row_lower: Floats,
    row_upper: Floats,
    *,
    whole: bool,
) -> highspy.HighsLp:
    """Lay a program out for HiGHS."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, lower, upper
    lp.row_lower_, lp.row_upper_ = row_lower, row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    return lp


def _scale(cost: Floats) -> float:
    """Power of two that brings costs near one, which is kind to tolerances."""
    positive = cost[cost > 0]
    return float(2.0 ** -np.round(np.log2(np.median(positive)))) if len(positive) else 1.0


def counts(program: Program) -> sparse.csr_matrix:
    """Lay out one row a group: how many of its trains run."""
    sizes = [len(g) for g in program.groups]
    columns = np.concatenate([program.trains[g] for g in program.groups]) if sizes else np.zeros(0, np.int64)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    shape = (len(sizes), len(program.cost))
    return sparse.csr_matrix((np.ones(len(columns)), (rows, columns)), shape=shape)
