"""Peers: a whole-number program as a file of arrays, its best values and the bound as JSON on stdout.

    PYTHON bench/trains/peers.py NAME CORE SECONDS SEED FILE.npz

Runs under the peer's own interpreter, with the standard library and numpy. The file has `cost`, `upper`, `start`,
`index`, `value` (the matrix by columns), `low` and `high` (row sides, +-2**60: none); all whole. The answer:
`{"version": .., "values": [..] | null, "bound": .. | null}`, money in the file's micros; with `{"version": ..}` alone
when `--version` stands for the core. Both solvers are told of a gap of 1e-6 as good enough and get one thread and the
wall seconds.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import version
from typing import Any

import numpy as np

NONE = 1 << 60
GAP = 1e-6
SCALE = 1e-8
"""What HiGHS sees of a micro: costs of about one are kind to its tolerances."""

Answer = tuple[Any, Any]


def highspy(file: Any, seconds: float, seed: int) -> Answer:
    """The program as it is, given to the mixed-integer solver."""
    import highspy as hs

    solver = _quiet(hs)
    chosen = {"output_flag": False, "threads": 1, "time_limit": seconds, "random_seed": seed, "mip_rel_gap": GAP}
    for name, value in chosen.items():
        solver.setOptionValue(name, value)
    lp = hs.HighsLp()
    lp.num_col_, lp.num_row_ = len(file["cost"]), len(file["low"])
    lp.col_cost_ = file["cost"] * SCALE
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), file["upper"].astype(float)
    lp.row_lower_ = np.where(file["low"] <= -NONE, -np.inf, file["low"].astype(float))
    lp.row_upper_ = np.where(file["high"] >= NONE, np.inf, file["high"].astype(float))
    lp.a_matrix_.format_ = hs.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = file["start"], file["index"]
    lp.a_matrix_.value_ = file["value"].astype(float)
    lp.integrality_ = [hs.HighsVarType.kInteger] * lp.num_col_
    solver.passModel(lp)
    solver.run()
    info = solver.getInfo()
    bound = float(info.mip_dual_bound) / SCALE
    if info.primal_solution_status != hs.SolutionStatus.kSolutionStatusFeasible:
        return None, bound
    return np.round(np.array(solver.getSolution().col_value)).astype(np.int64).tolist(), bound


def _quiet(hs: Any) -> Any:
    """Make a solver that never prints: its banner would come with the first callback, on stdout."""

    class Quiet(hs.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 -- the library's name
            self.silent()
            super().enableCallbacks()

    return Quiet()


def ortools(file: Any, seconds: float, seed: int) -> Answer:
    """CP-SAT: columns as whole variables, rows as linear constraints."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    columns = [model.new_int_var(0, most, f"x{j}") for j, most in enumerate(file["upper"].tolist())]
    terms: list[list[tuple[int, int]]] = [[] for _ in file["low"]]
    start, index, value = (file[key].tolist() for key in ("start", "index", "value"))
    for j in range(len(columns)):
        for at in range(start[j], start[j + 1]):
            terms[index[at]].append((j, value[at]))
    for row, low, high in zip(terms, file["low"].tolist(), file["high"].tolist(), strict=True):
        expression = cp_model.LinearExpr.weighted_sum([columns[j] for j, _ in row], [amount for _, amount in row])
        if row:
            model.add_linear_constraint(expression, max(low, -NONE), min(high, NONE))
    model.minimize(cp_model.LinearExpr.weighted_sum(columns, file["cost"].tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.relative_gap_limit = GAP
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, None
    return [int(solver.value(column)) for column in columns], float(solver.best_objective_bound)


PEERS = {peer.__name__: peer for peer in (highspy, ortools)}


def main() -> None:
    """Answer one program."""
    name, core, seconds, seed, path = sys.argv[1:6]
    answer: dict[str, object] = {"version": version(name)}
    if core != "--version":
        os.sched_setaffinity(0, {int(core)})
        with np.load(path) as opened:
            file = dict(opened)
        answer["values"], answer["bound"] = PEERS[name](file, float(seconds), int(seed))
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
