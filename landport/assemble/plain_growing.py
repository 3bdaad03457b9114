"""The relaxation of a large plain case: ways come in as prices call for them, links as they are broken."""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from landport.assemble.hot import BROKEN, Floats, Ints, as_lp, counts, quiet
from landport.assemble.plain_boarding import Boarding
from landport.assemble.plain_program import lay_out
from landport.assemble.plain_ways import FAR, Extras, Ways, all_within, cheapest, extras
from landport.model.plain_assembly import MICROS
from landport.model.result import Limit

SCALE = 2.0**-31
"""What HiGHS sees of a micro."""

NEAR = 20 * MICROS
"""Ways that cost so much more than the best come in with it at first: many at once save rounds."""

WORTH = MICROS // 100
"""A way comes in when it promises to save at least so much."""


DUAL, PRIMAL = 1, 4
"""HiGHS's numbers: primal simplex goes on where a few ways came in, dual simplex is quicker after all else."""

MOST_WAYS = 40_000
"""Ways that come in at once, where they need not be more: else only nearer ones are taken."""

FEW = 500
"""Most ways that primal simplex takes in."""


class Growing:
    """A relaxation in HiGHS that ways and links are brought into.

    Rows: kinds, services, least loads, counts, links. Columns: leaving, trains, riders that a train lacks, waiting
    for the next kind, ways. Lacking riders cost a penalty, so that there is always an answer with prices.

    Parameters
    ----------
    board
        The case; ways are of the kind they begin with, and those who waited ride along.
    """

    def __init__(self, board: Boarding, limit: Limit, seed: int = 0) -> None:
        net = board.net
        self.board, self.net, self.limit = board, net, limit
        nobody = Ways(np.zeros(0, np.int64), np.zeros((0, net.legs), np.int64), np.zeros(0, np.int64))
        laid = lay_out(net, nobody)
        self.program, self.trains = laid.program, laid.trains
        self.train_of = np.full(len(net.services), -1, np.int64)
        self.train_of[self.trains] = np.arange(len(self.trains))
        self.lack = len(self.program.cost)
        self.wait = self.lack + len(self.trains)
        self.first = self.wait + len(board.waits)
        self.penalty = 2.0 * float(net.left_micros.max(initial=MICROS))
        self.ways = nobody
        self.near = NEAR
        self.links: list[tuple[int, int]] = []
        self.iterations = self.solves = 0
        self.is_solved = False
        self.is_off = np.zeros(len(net.services), np.bool_)
        self._has_grown = self._has_moved = False
        self._keys: NDArray[np.int64] = np.zeros(0, np.int64)
        self._row_of: dict[tuple[int, int], int] = {}
        self.solver = quiet({"presolve": "off", "solver": "simplex"}, seed)
        p = self.program
        sizes = np.array([len(g) for g in p.groups], np.float64)
        self.count_lower, self.count_upper = np.zeros(len(sizes)), sizes
        self.train_lower, self.train_upper = np.zeros(len(self.trains)), np.ones(len(self.trains))
        low, high = (np.concatenate(pair) for pair in ((p.row_lower, np.zeros(len(sizes))), (p.row_upper, sizes)))
        matrix = sparse.vstack([p.matrix, counts(p)]).tocsc()
        self.solver.passModel(as_lp(p.cost * SCALE, np.zeros(self.lack), p.upper, matrix, low, high, whole=False))
        n_trains, first_least = len(self.trains), len(net.kinds) + len(net.services)
        self.solver.addCols(
            n_trains, np.full(n_trains, self.penalty * SCALE), np.zeros(n_trains), np.full(n_trains, np.inf), n_trains,
            np.arange(n_trains, dtype=np.int32), (first_least + np.arange(n_trains)).astype(np.int32),
            np.ones(n_trains),
        )  # fmt: skip
        n, entries = len(board.waits), np.stack([board.waits, board.waits + 1], axis=1)
        self.solver.addCols(
            n, np.asarray(board.wait_micros * SCALE, np.float64), np.zeros(n), np.full(n, np.inf), 2 * n,
            np.arange(0, 2 * n, 2, dtype=np.int32), entries.ravel().astype(np.int32), np.tile([1.0, -1.0], n),
        )  # fmt: skip
        self.x = np.zeros(self.first)
        self.prices = np.zeros(matrix.shape[0])

    def start(self) -> None:
        """Bring in ways that are cheap when every train is full."""
        fixed = np.array([s.fixed_micros // max(1, s.positions) for s in self.net.services], np.int64)
        prices = self.net.prices + fixed
        costs = self.board.with_waits(cheapest(self.net, prices)[0])
        self.bring_in(all_within(self.net, prices, np.where(costs < FAR, costs + 3 * NEAR, -FAR)))

    def bring_in(self, ways: Ways) -> int:
        """Add the ways that are new; answer how many."""
        keys = self._key(ways)
        new = ~np.isin(keys, self._keys)
        kind, legs, cost = ways.kind[new], ways.legs[new], ways.micros[new]
        if not len(kind):
            return 0
        n_kinds, n_services = len(self.net.kinds), len(self.net.services)
        rides = legs >= 0
        on = rides & (self.train_of[legs] >= 0)
        blocks = [kind[:, None], np.where(rides, n_kinds + legs, -1)]
        blocks.append(np.where(on, n_kinds + n_services + self.train_of[legs], -1))
        blocks.append(self._link_rows(kind, legs, on))
        rows = np.concatenate(blocks, axis=1)
        there = rows >= 0
        starts = np.concatenate([[0], np.cumsum(there.sum(axis=1))])[:-1]
        entries = rows[there]
        upper, scaled = self.board.ready[kind].astype(np.float64), np.multiply(cost, SCALE, dtype=np.float64)
        self.solver.addCols(
            len(kind), scaled, np.zeros(len(kind)), upper, len(entries), starts.astype(np.int32),
            entries.astype(np.int32), np.ones(len(entries)),
        )  # fmt: skip
        old = self.ways
        self._has_grown = len(kind) <= FEW
        self.ways = Ways(*(np.concatenate(pair) for pair in ((old.kind, kind), (old.legs, legs), (old.micros, cost))))
        self._keys = np.concatenate([self._keys, keys[new]])
        return len(kind)

    def _key(self, ways: Ways) -> Ints:
        key = ways.kind.copy()
        for leg in range(self.net.legs):
            key = key * np.int64(len(self.net.services) + 1) + ways.legs[:, leg] + 1
        return key

    def _link_rows(self, kind: Ints, legs: Ints, on: NDArray[np.bool_]) -> Ints:
        rows = np.full(legs.shape, -1, np.int64)
        if self.links:
            for w, leg in np.argwhere(on).tolist():
                rows[w, leg] = self._row_of.get((int(kind[w]), int(self.train_of[legs[w, leg]])), -1)
        return rows

    def solve(self, cutoff: float = np.inf) -> bool:
        """Solve from where it stands; answer whether it came to the end, and not to costs beyond the cutoff."""
        seconds = self.limit.remaining()
        if seconds is not None:
            self.solver.setOptionValue("time_limit", self.solver.getRunTime() + seconds)
        self.solver.setOptionValue("simplex_strategy", PRIMAL if self._has_grown and not self._has_moved else DUAL)
        self._has_grown = self._has_moved = False
        self.solver.setOptionValue("objective_bound", cutoff * SCALE if np.isfinite(cutoff) else 1e200)
        self.solver.run()
        self.solves += 1
        self.iterations += max(1, self.solver.getInfo().simplex_iteration_count)
        self.is_solved = self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if not self.is_solved:
            return False
        solution = self.solver.getSolution()
        self.x = np.array(solution.col_value)
        self.prices = np.array(solution.row_dual) / SCALE
        return True

    def cost(self) -> float:
        """Cost of the relaxation as solved last."""
        held = (
            self.penalty * self.x[self.lack : self.wait].sum() + self.board.wait_micros @ self.x[self.wait : self.first]
        )
        return float(held + self.program.cost @ self.x[: self.lack] + self.ways.micros @ self.x[self.first :])

    def lacking(self) -> NDArray[np.bool_]:
        """Tell which trains lack riders for their least load, which the relaxation allows at a penalty."""
        return np.asarray(self.x[self.lack : self.wait] > BROKEN, np.bool_)

    def runs(self) -> Floats:
        """How far each train runs."""
        return self.x[self.program.trains]

    def price(self) -> tuple[float, Ways]:
        """Answer what no plan costs less than, and ways worth bringing in.

        Notes
        -----
        Lagrangian over all ways, not only those brought in: each kind takes its cheapest way at the prices of rows,
        rounded to whole micros, or stays. Bounds with trains fixed hold for these trains only.
        """
        net = self.net
        n_kinds, n_services = len(net.kinds), len(net.services)
        use = np.minimum(self.prices[n_kinds : n_kinds + n_services], 0.0)
        least = np.maximum(self.prices[n_kinds + n_services : n_kinds + n_services + len(self.trains)], 0.0)
        use, least = np.round(use), np.round(least)
        surcharge, on_train = self._surcharges()
        prices = net.prices - use.astype(np.int64)
        prices[self.trains] -= least.astype(np.int64)
        prices[self.is_off] = FAR
        costs = self.board.with_waits(cheapest(net, prices, surcharge)[0])
        positions = np.array([s.positions for s in net.services], np.float64)
        needs = np.array([net.services[s].min_containers for s in self.trains], np.float64)
        fixed = np.array([net.services[s].fixed_micros for s in self.trains], np.float64)
        run = fixed + positions[self.trains] * use[self.trains] + needs * least + on_train
        first_count = n_kinds + n_services + len(self.trains)
        of_count = np.round(self.prices[first_count : first_count + len(self.count_lower)])
        for g, group in enumerate(self.program.groups):
            run[group] -= of_count[g]
        is_bought = self.train_of < 0
        bound = float(net.count @ np.minimum(net.left_micros, costs).astype(np.float64))
        bound += float(np.minimum(run, 0.0) @ self.train_upper + np.maximum(run, 0.0) @ self.train_lower)
        bound += float((positions * use)[is_bought].sum())
        bound += float(np.maximum(of_count, 0.0) @ self.count_lower + np.minimum(of_count, 0.0) @ self.count_upper)
        worth = np.round(self.prices[:n_kinds]).astype(np.int64) - WORTH
        near = self.near
        while True:
            most = np.where(costs < FAR, np.minimum(costs + near, worth), -FAR)
            ways = all_within(net, prices, most, surcharge)
            if len(ways.kind) <= MOST_WAYS or near < WORTH:
                return bound, ways
            near //= 4

    def _surcharges(self) -> tuple[Extras, Floats]:
        """Answer link prices: of kinds on their first service, and what they take off the cost of each train."""
        first = len(self.prices) - len(self.links)
        price = -np.round(np.minimum(self.prices[first:], 0.0))
        pairs = np.array(self.links, np.int64).reshape(-1, 2)
        on_train = np.zeros(len(self.trains))
        np.add.at(on_train, pairs[:, 1], -price * self.board.ready[pairs[:, 0]])
        dear = price > 0
        return extras(self.net, pairs[dear, 0], self.trains[pairs[dear, 1]], price[dear].astype(np.int64)), on_train

    def grow(self, close: float) -> float:
        """Solve and bring in ways until the bound is as close as asked; answer the best bound."""
        best = 0.0
        while self.solve():
            bound, ways = self.price()
            best = max(best, bound)
            if self.cost() - best <= close * self.cost() or not self.bring_in(ways) or self.limit.is_over():
                break
        return best

    def grow_once(self) -> bool:
        """Bring in ways once, at the prices of the last solution, and solve."""
        self.bring_in(self.price()[1])
        return self.solve()

    def tighten(self) -> int:
        """Add the links that the relaxation breaks; answer how many."""
        ways, n_trains = self.ways, len(self.trains)
        w, leg = np.nonzero((ways.legs >= 0) & (self.train_of[ways.legs] >= 0))
        train = self.train_of[ways.legs[w, leg]]
        key = ways.kind[w] * max(1, n_trains) + train
        pairs, at = np.unique(key, return_inverse=True)
        riders = np.bincount(at, self.x[self.first + w], len(pairs))
        kind, train = pairs // max(1, n_trains), pairs % max(1, n_trains)
        most = self.board.ready[kind] * self.runs()[train]
        broken = np.flatnonzero(riders > most + 100 * BROKEN).tolist()
        broken = [i for i in broken if (int(kind[i]), int(train[i])) not in self._row_of]
        order = np.argsort(at, kind="stable")
        begins = np.searchsorted(at[order], np.arange(len(pairs) + 1))
        for i in broken:
            columns = self.first + w[order[begins[i] : begins[i + 1]]]
            columns = np.append(columns, self.program.trains[train[i]])
            values = np.append(np.ones(len(columns) - 1), -float(self.board.ready[kind[i]]))
            self._row_of[int(kind[i]), int(train[i])] = self.solver.getNumRow()
            self.links.append((int(kind[i]), int(train[i])))
            self.solver.addRow(-np.inf, 0.0, len(columns), columns.astype(np.int32), values)
        return len(broken)

    def drop(self, dear: float) -> None:
        """Take out ways that are not used and cost so much more than the best, or need a train that is off."""
        costs = np.array(self.solver.getSolution().col_dual)[self.first :] / SCALE
        is_off = ((self.ways.legs >= 0) & self.is_off[self.ways.legs]).any(axis=1)
        gone = (self.x[self.first :] < 1e-9) & ((costs > dear) | is_off)
        columns = self.first + np.flatnonzero(gone)
        self.solver.deleteCols(len(columns), columns.astype(np.int32))
        self.ways = Ways(self.ways.kind[~gone], self.ways.legs[~gone], self.ways.micros[~gone])
        self._keys = self._keys[~gone]
        self.x = np.concatenate([self.x[: self.first], self.x[self.first :][~gone]])

    def limit_trains(self, lower: Floats, upper: Floats) -> None:
        """Limit how far each train runs; ways on trains that cannot run are not brought in."""
        for t in np.flatnonzero((lower != self.train_lower) | (upper != self.train_upper)).tolist():
            self.solver.changeColBounds(int(self.program.trains[t]), float(lower[t]), float(upper[t]))
        self._has_moved = True
        self.train_lower, self.train_upper = lower.copy(), upper.copy()
        self.is_off[self.trains] = upper == 0.0

    def limit_counts(self, lower: Floats, upper: Floats) -> None:
        """Limit the count of each group."""
        first = self.program.matrix.shape[0]
        for g in np.flatnonzero((lower != self.count_lower) | (upper != self.count_upper)).tolist():
            self.solver.changeRowBounds(int(first + g), float(lower[g]), float(upper[g]))
        self._has_moved = True
        self.count_lower, self.count_upper = lower.copy(), upper.copy()

    def go_back(self, basis: highspy.HighsBasis) -> None:
        """Stand where a basis was taken; ways that came in since are not used there."""
        missing = self.first + len(self.ways.kind) - len(basis.col_status)
        if missing:
            basis.col_status = [*basis.col_status, *[highspy.HighsBasisStatus.kLower] * missing]
        self.solver.setBasis(basis)
        self._has_moved = True
