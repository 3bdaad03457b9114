"""Linear and whole-number programs, solved by HiGHS in one thread. Arrays only."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_SECONDS = 0.05
"""Seconds that a solver has at least, so that it answers something."""


@dataclass(frozen=True, slots=True)
class Program:
    """Minimise cost @ x for lower <= x <= upper and row_lower <= matrix @ x <= row_upper.

    Parameters
    ----------
    rows, columns, values
        Shape (entries,): the matrix, sorted by column, then row.
    is_whole
        Shape (columns,): which x are whole numbers.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    rows: Ints
    columns: Ints
    values: Floats
    is_whole: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver found.

    Parameters
    ----------
    x
        Shape (columns,); None: nothing.
    bound
        Its own; no x costs less but for its tolerances.
    prices
        Shape (rows,): duals, of a program without whole numbers.
    is_impossible
        There is no x.
    """

    x: Floats | None
    bound: float
    prices: Floats
    is_impossible: bool


class Draft:
    """A program that is being written: columns, rows, and what stands where they meet."""

    def __init__(self) -> None:
        self._columns: list[tuple[Floats, Floats, bool]] = []
        self._sides: list[tuple[Floats, Floats]] = []
        self._entries: list[tuple[Ints, Ints, Floats]] = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
        self.n_columns = self.n_rows = 0

    def columns(self, cost: Floats, upper: Floats, *, whole: bool = False) -> Ints:
        """Add columns from 0 up to a limit; answers their indices."""
        self._columns.append((cost, upper, whole))
        self.n_columns += len(cost)
        return np.arange(self.n_columns - len(cost), self.n_columns)

    def rows(self, low: Floats, high: Floats) -> Ints:
        """Add rows with these sides; answers their indices."""
        self._sides.append((low, high))
        self.n_rows += len(low)
        return np.arange(self.n_rows - len(low), self.n_rows)

    def put(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        """Write where rows and columns meet; each pair once."""
        rows, columns, filled = np.broadcast_arrays(rows, columns, values)
        self._entries.append((rows, columns, filled.astype(np.float64)))

    def put_table(self, rows: Ints, columns: Ints, table: Floats) -> None:
        """Write a table, shape (rows, columns)."""
        row, column = np.nonzero(table)
        self.put(rows[row], columns[column], table[row, column])

    def program(self) -> Program:
        """Hand over what is written."""
        rows, columns, values = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        order = np.lexsort((rows, columns))
        low, high = (np.concatenate(part) for part in zip(*self._sides, strict=True))
        return Program(
            cost=np.concatenate([cost for cost, *_ in self._columns]),
            lower=np.zeros(self.n_columns),
            upper=np.concatenate([upper for _, upper, _ in self._columns]),
            row_lower=low,
            row_upper=high,
            rows=rows[order],
            columns=columns[order],
            values=values[order],
            is_whole=np.concatenate([np.full(len(cost), whole) for cost, _, whole in self._columns]),
        )


class _Quiet(highspy.Highs):
    """HiGHS that never prints: its banner would come with the first callback, on stdout."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the library's name
        """Fall silent before anything is said."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def solve(
    p: Program, *, nodes: int = 200, seconds: float | None = None, seed: int = 0, start: Floats | None = None
) -> Answer:
    """Solve within so many nodes of the search tree, from a first answer if one is given."""
    solver = _Quiet()  # type: ignore[no-untyped-call]
    options: dict[str, float | str] = {"threads": 1, "parallel": "off", "random_seed": seed % (1 << 31)}
    options |= {"mip_max_nodes": nodes, "mip_rel_gap": 0.0}
    if seconds is not None:
        options["time_limit"] = max(LEAST_SECONDS, seconds)
    for name, value in options.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS does not take {name} = {value}")
    solver.passModel(_model(p))
    if start is not None:
        solver.setSolution(len(start), np.arange(len(start), dtype=np.int32), start)
    solver.run()
    info, solution = solver.getInfo(), solver.getSolution()
    has_x = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return Answer(
        x=np.array(solution.col_value, np.float64) if has_x else None,
        bound=float(info.mip_dual_bound if p.is_whole.any() else info.objective_function_value),
        prices=np.array(solution.row_dual, np.float64),
        is_impossible=solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible,
    )


def _model(p: Program) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(p.cost), len(p.row_lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = p.cost, p.lower, p.upper
    lp.row_lower_, lp.row_upper_ = p.row_lower, p.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.searchsorted(p.columns, np.arange(len(p.cost) + 1)).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = p.rows.astype(np.int32), p.values
    if p.is_whole.any():
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in p.is_whole.tolist()]
    return lp
