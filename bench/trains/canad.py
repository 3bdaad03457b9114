"""Canad instances: fixed-charge network design, whose optimal values are known, as a test of the flow core.

Arcs are opened at a fixed cost, like trains; commodities flow over open arcs, in parts if that pays. `landport` is the
branch and bound of `landport.assemble.branching`, arrays in and arrays out: it branches on the number of open arcs at
each node first, and recomputes every bound from row prices. `highspy` is HiGHS on the same program, to which the rows
x <= min(demand, capacity) y are added first that its relaxation breaks; the bound of that relaxation is recomputed,
the one beside its plan is HiGHS's own. Values are recounted from the flows.
"""

from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass
from pathlib import Path

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bench.loading.tables import lay_out
from landport.assemble._bound import lagrangian
from landport.assemble.branching import branch
from landport.assemble.hot import Program
from landport.model.result import Limit

Floats = NDArray[np.float64]

FOLDER = Path(__file__).parents[2].parent / "shared" / "instances" / "canad"
KNOWN = {"c33": 423_848, "c35": 371_475, "c41": 429_398, "c44": 604_198}
"""Optimal values."""

GAP = 1e-6
"""Share of the value by which a proved bound may stay below."""

ROUNDS = 40
BROKEN = 1e-6
"""Part of an arc by which a row must be broken to be added."""


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs as rows of (from, to, unit cost, capacity, fixed cost), commodities as (from, to, demand); nodes from 0."""

    nodes: int
    arcs: NDArray[np.int64]
    commodities: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Solved:
    """What was found: the bound of the relaxation, the best value recounted, the bound proved, seconds of one core."""

    solver: str
    root: float
    value: float | None
    bound: float
    wall_s: float
    cpu_s: float


def read_dow(path: Path) -> Network:
    """Read one instance."""
    lines = path.read_text("ascii").splitlines()[1:]
    nodes, n_arcs, n_commodities = map(int, lines[0].split())
    rows = [[int(word) for word in line.split()] for line in lines[1 : 1 + n_arcs + n_commodities]]
    arcs = np.array([row[:5] for row in rows[:n_arcs]], np.int64)
    commodities = np.array([row[:3] for row in rows[n_arcs:]], np.int64)
    arcs[:, :2] -= 1
    commodities[:, :2] -= 1
    return Network(nodes, arcs, commodities)


class Design:
    """The program of a network: columns are flows, commodity by commodity, then one to open each arc.

    Rows are flow conservation, capacities, and the links added so far.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        n_arcs, n = len(network.arcs), len(network.commodities)
        start, end, unit, capacity, fixed = network.arcs.T
        demand = network.commodities[:, 2]
        self.most = np.minimum(demand[:, None], capacity[None, :]).astype(float)
        self.cost = np.concatenate([np.tile(unit, n), fixed]).astype(float)
        self.upper = np.concatenate([self.most.ravel(), np.ones(n_arcs)])
        columns = np.arange(n_arcs)
        leaves = sparse.csr_matrix((np.ones(n_arcs), (start, columns)), shape=(network.nodes, n_arcs))
        comes = sparse.csr_matrix((np.ones(n_arcs), (end, columns)), shape=(network.nodes, n_arcs))
        flow = sparse.hstack([
            sparse.block_diag([leaves - comes] * n), sparse.csr_matrix((n * network.nodes, n_arcs))
        ])  # fmt: skip
        room = sparse.hstack([sparse.hstack([sparse.identity(n_arcs)] * n), -sparse.diags(capacity.astype(float))])
        supply = np.zeros((n, network.nodes))
        supply[np.arange(n), network.commodities[:, 0]] = demand
        supply[np.arange(n), network.commodities[:, 1]] -= demand
        self.low = np.concatenate([supply.ravel(), np.full(n_arcs, -np.inf)])
        self.high = np.concatenate([supply.ravel(), np.zeros(n_arcs)])
        self.matrix = sparse.csr_matrix(sparse.vstack([flow, room]))
        self.linked = np.zeros((n, n_arcs), np.bool_)

    def broken(self, x: Floats) -> NDArray[np.int64]:
        """List the links (commodity, arc) that values break."""
        n, n_arcs = self.most.shape
        flow, is_open = x[: n * n_arcs].reshape(n, n_arcs), x[n * n_arcs :]
        return np.argwhere((flow > self.most * (is_open + BROKEN)) & ~self.linked)

    def rows_of(self, pairs: NDArray[np.int64]) -> sparse.csr_matrix:
        """Lay out links, each at most 0: the flow of a commodity on an arc, less the most if it is open."""
        n, n_arcs = self.most.shape
        k, a = pairs.T
        rows = np.arange(len(pairs))
        values = np.concatenate([np.ones(len(pairs)), -self.most[k, a]])
        places = (np.concatenate([rows, rows]), np.concatenate([k * n_arcs + a, n * n_arcs + a]))
        return sparse.csr_matrix((values, places), shape=(len(pairs), len(self.cost)))

    def link(self, pairs: NDArray[np.int64]) -> sparse.csr_matrix:
        """Add links; answers their rows."""
        added = self.rows_of(pairs)
        self.linked[pairs[:, 0], pairs[:, 1]] = True
        self.matrix = sparse.csr_matrix(sparse.vstack([self.matrix, added]))
        self.low = np.concatenate([self.low, np.full(len(pairs), -np.inf)])
        self.high = np.concatenate([self.high, np.zeros(len(pairs))])
        return added

    def program(self) -> highspy.HighsLp:
        """Hand the program over, all columns continuous."""
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = self.matrix.shape
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self.cost, np.zeros(len(self.cost)), self.upper
        lp.row_lower_, lp.row_upper_ = self.low, self.high
        by_column = self.matrix.tocsc()
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = by_column.indptr, by_column.indices
        lp.a_matrix_.value_ = by_column.data
        return lp

    def recounted(self, x: Floats) -> float | None:
        """Cost of the flow with every arc open that carries any; None when it breaks a row."""
        n, n_arcs = self.most.shape
        flow = np.maximum(0.0, x[: n * n_arcs])
        carried = flow.reshape(n, n_arcs).sum(axis=0)
        whole = np.concatenate([flow, (carried > BROKEN).astype(float)])
        sides = self.matrix @ whole
        slack = 1e-5 * max(1.0, float(self.most.max()))
        if (sides < self.low - slack).any() or (sides > self.high + slack).any():
            return None
        return float(self.cost @ whole)


class _Quiet(highspy.Highs):
    """HiGHS that never prints: its banner would come with the first callback, on stdout."""

    def enableCallbacks(self) -> None:  # noqa: N802 -- the library's name
        self.silent()
        super().enableCallbacks()


def _solver(**options: float) -> highspy.Highs:
    solver = _Quiet()
    for name, value in {"threads": 1, "random_seed": 0, **options}.items():
        solver.setOptionValue(name, value)
    return solver


def relax(design: Design) -> float:
    """Add broken links until none is left; answer the bound that the last row prices prove."""
    solver = _solver()
    solver.passModel(design.program())
    bound = 0.0
    for _ in range(ROUNDS):
        solver.run()
        solution = solver.getSolution()
        prices = np.array(solution.row_dual)
        sides = (design.matrix.tocsc(), design.low, design.high)
        bound = max(bound, lagrangian(design.cost, design.upper, *sides, prices))
        pairs = design.broken(np.array(solution.col_value))
        if not len(pairs):
            break
        added = design.link(pairs)
        n, no_side = len(pairs), np.full(len(pairs), -np.inf)
        solver.addRows(n, no_side, np.zeros(n), added.nnz, added.indptr[:-1], added.indices, added.data)
    return bound


def by_highs(network: Network, seconds: float) -> Solved:
    """Solve one instance by HiGHS within wall seconds."""
    began, spent = time.perf_counter(), time.process_time()
    design = Design(network)
    root = relax(design)
    solver = _solver(time_limit=max(1.0, seconds - (time.perf_counter() - began)), mip_rel_gap=GAP)
    lp = design.program()
    n_flows = design.most.size
    whole, free = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    lp.integrality_ = [free] * n_flows + [whole] * (lp.num_col_ - n_flows)
    solver.passModel(lp)
    solver.run()
    info = solver.getInfo()
    has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    value = design.recounted(np.array(solver.getSolution().col_value)) if has_plan else None
    used = (time.perf_counter() - began, time.process_time() - spent)
    return Solved("highspy", root, value, max(root, float(info.mip_dual_bound)), *used)


def by_landport(network: Network, seconds: float) -> Solved:
    """Solve one instance by our branch and bound within wall seconds."""
    began, spent = time.perf_counter(), time.process_time()
    design, flows = Design(network), Flows(network)
    limit = Limit(seconds=seconds, stopwatch=lambda: time.perf_counter() - began)
    n_flows, n_arcs = design.most.size, len(network.arcs)
    every = np.argwhere(design.most > 0)
    ends = [np.flatnonzero(side == node) for side in network.arcs[:, :2].T for node in range(network.nodes)]
    groups = sorted((g for g in [np.arange(n_arcs), *ends] if len(g) > 1), key=lambda g: -len(g))
    program = Program(
        cost=design.cost,
        upper=design.upper,
        matrix=design.matrix.tocsc(),
        row_lower=design.low,
        row_upper=design.high,
        links=design.rows_of(every),
        trains=n_flows + np.arange(n_arcs),
        groups=tuple(groups),
    )
    start = flows.over(np.ones(n_arcs))
    if start is None:
        raise ValueError("no flow fits, whatever is open")
    found = branch(program, start, flows.over, limit=limit, gap=GAP, most_iterations=1 << 60)
    value = design.recounted(np.asarray(found.x, np.float64))
    used = (time.perf_counter() - began, time.process_time() - spent)
    return Solved("landport", found.relaxed, value, found.bound, *used)


class Flows:
    """Finds the cheapest flows over arcs that are open."""

    def __init__(self, network: Network) -> None:
        self._n_arcs = len(network.arcs)
        self._solver = _solver()
        design = Design(network)
        self._n_flows = design.most.size
        self._solver.passModel(design.program())

    def over(self, is_open: Floats) -> Floats | None:
        """Answer the flows, and which arcs carry any; None where nothing fits."""
        columns = self._n_flows + np.arange(self._n_arcs, dtype=np.int32)
        self._solver.changeColsBounds(self._n_arcs, columns, is_open.astype(float), is_open.astype(float))
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        x = np.array(self._solver.getSolution().col_value)
        carried = np.maximum(0.0, x[: self._n_flows]).reshape(-1, self._n_arcs).sum(axis=0)
        x[self._n_flows :] = carried > BROKEN
        return x


SOLVERS = (by_landport, by_highs)


def run(folder: Path, seconds: float, core: int, *, markdown: bool) -> None:
    """Solve every instance of a folder by both and print a row each; without the folder say so."""
    files = sorted(folder.glob("*.dow"))
    if not files:
        print(f"no Canad instances in {folder}: give --canad of a folder with c33.dow, ..")
        return
    os.sched_setaffinity(0, {core})
    head = ("Canad", "optimal value", "solver", "value", "bound", "gap %", "bound at the root", "wall s", "CPU s")
    for path in files:
        network = read_dow(path)
        rows = [_row(path.stem, solve(network, seconds)) for solve in SOLVERS]
        print(lay_out(head, rows, markdown=markdown), flush=True)


def _row(name: str, found: Solved) -> tuple[str, ...]:
    known = f"{KNOWN[name]:,}" if name in KNOWN else "not known here"
    value = "none" if found.value is None else f"{found.value:,.0f}"
    gap = math.inf if found.value is None else max(0.0, 1 - found.bound / found.value)
    shares = (f"{found.bound:,.0f}", "-" if math.isinf(gap) else f"{100 * gap:.4f}", f"{found.root:,.0f}")
    return (name, known, found.solver, value, *shares, f"{found.wall_s:.1f}", f"{found.cpu_s:.1f}")
