"""Large plain cases: counts of trains are branched on over a growing relaxation, each leaf is dived into a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush

import highspy
import numpy as np

from landport.assemble.hot import Floats, Ints, as_lp, quiet
from landport.assemble.plain_boarding import boarding
from landport.assemble.plain_growing import SCALE, Growing
from landport.assemble.plain_program import PlainProgram, lay_out
from landport.assemble.plain_ways import Network, Ways
from landport.assemble.plain_whole import Choice, choose, plan_of
from landport.assemble.whole import MOST_NODES
from landport.model.plain_assembly import MICROS
from landport.model.result import Limit

CLOSE = 2e-5
"""Share of the cost by which a relaxation may stay unsolved."""

ROUNDS = 4
"""Most rounds of adding broken links."""

DEAR = 25 * MICROS
"""Unused ways that cost so much more than the best are not offered when rides are made whole."""

CHOICE = 4 * MICROS
"""After the root, the same of ways taken out, and of ways that come in: dives then solve less than half as much."""

UP = 0.15
"""Counts so far above a whole number are rounded up for the first plan; trains this near are fixed together."""

JUMP = 2e-4
"""Share of the cost by which a dive may become dearer before ways are brought in."""

GROWING = (10, 20)
"""Steps of a dive at which ways are brought in besides."""

MOST_FAILS = 8
"""Trains turned over in vain, one after another, before improving ends."""

MOST_STEPS, FEW_SPLIT = 30, 4
"""Most steps of a dive, and how few split trains are rounded at once."""

SPLIT = 1e-6
"""What is farther from a whole number is not whole."""

KEPT_SHARE = 0.1
"""Share of the seconds kept for the last plan: fixing its trains and making its rides whole."""

WHOLE_SHARE = 0.2
"""Share of the seconds left that making rides whole may take at once."""


@dataclass(frozen=True, slots=True)
class LargeAnswer:
    """The best plan found: `x` belongs to `laid`.

    Parameters
    ----------
    is_cut
        The seconds for searching ended before it was done.
    """

    laid: PlainProgram
    x: Ints
    cost: float
    bound: float
    nodes: int
    failed: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _Node:
    count_lower: Floats
    count_upper: Floats
    basis: highspy.HighsBasis | None


def solve(net: Network, *, limit: Limit, seed: int, gap: float, most_nodes: int) -> LargeAnswer:
    """Find a good plan of a large case, and what none costs less than.

    Parameters
    ----------
    gap
        Share of the cost at which it stops.
    most_nodes
        Relaxations after which it stops.

    Notes
    -----
    The relaxation is solved over ways that come in as prices call for them, and tightened by links. Counts of trains
    to each place are rounded for a first plan, then branched on, best bound first. Where all counts are whole the
    bound stays as it is, and a dive makes a plan.
    """
    lp = Growing(boarding(net), limit.less(KEPT_SHARE / 2 * (limit.remaining() or 0.0)), seed)
    search = limit.less(KEPT_SHARE * (limit.remaining() or 0.0))
    return _Large(net, lp, search, limit, seed, gap, most_nodes).run()


@dataclass(slots=True)
class _Large:
    net: Network
    lp: Growing
    search: Limit
    limit: Limit
    seed: int
    gap: float
    most_nodes: int
    best: tuple[float, PlainProgram, Ints] | None = None
    bound: float = 0.0
    nodes: int = 0
    failed: int = 0
    pushed: int = 0
    heap: list[tuple[float, int, _Node]] = field(default_factory=list)

    def run(self) -> LargeAnswer:
        nobody = Ways(np.zeros(0, np.int64), np.zeros((0, self.net.legs), np.int64), np.zeros(0, np.int64))
        laid = lay_out(self.net, nobody)
        nothing = laid.nothing()
        self.best = float(laid.program.cost @ nothing), laid, nothing
        self._open()
        closed = self._branch()
        self._take_down()
        cost, laid, x = self.best
        bound = max(self.bound, min([cost, closed, *(entry[0] for entry in self.heap)]))
        return LargeAnswer(laid, x, cost, bound, self.nodes, self.failed, self.search.is_over())

    def _take_down(self) -> None:
        """Round the rides of the relaxation down and cancel trains that are then too empty: better than nothing."""
        lp = self.lp
        if len(lp.x) != lp.first + len(lp.ways.kind):
            return
        ways, riders = lp.ways, np.floor(lp.x[lp.first :] + SPLIT).astype(np.int64)
        rides, on = ways.legs >= 0, lp.train_of[ways.legs]
        least = np.array([self.net.services[s].min_containers for s in lp.trains], np.int64)
        at = np.where(rides & (on >= 0), on, len(least))
        while True:
            aboard = np.bincount(at.ravel(), np.repeat(riders, at.shape[1]), len(least) + 1)[: len(least)]
            thin = np.append((aboard < least) & (aboard > 0), False)
            if not thin.any():
                break
            riders[thin[at].any(axis=1)] = 0
        self._take(ways, riders, np.zeros(len(self.net.count), np.int64), (aboard > 0).astype(np.int64))

    def _take(self, ways: Ways, riders: Ints, left: Ints, runs: Ints) -> bool:
        """Keep a plan if it holds and is the best; answer whether it is."""
        found = plan_of(self.net, self.lp.board, ways, riders, left, runs)
        if found is None or (self.best is not None and found[0] >= self.best[0]):
            return False
        self.best = found
        return True

    def _open(self) -> None:
        """Solve the relaxation at the root and make a first plan."""
        lp = self.lp
        lp.start()
        self.bound = lp.grow(CLOSE)
        for _ in range(ROUNDS):
            if self.search.is_over() or not lp.is_solved or not lp.tighten():
                break
            self.bound = max(self.bound, lp.grow(CLOSE))
        if not lp.is_solved:
            return
        lp.drop(CHOICE)
        lp.near = CHOICE
        lp.solve()
        node = _Node(lp.count_lower, lp.count_upper, lp.solver.getBasis())
        self._push(self.bound, node)
        sums = self._sums()
        lower = np.where(sums - np.floor(sums) > UP, np.ceil(sums - SPLIT), np.floor(sums))
        self._enter(_Node(lower, node.count_upper, None))
        if lp.solve():
            self._dive()

    def _branch(self) -> float:
        """Branch on counts; answer the least bound of closed nodes."""
        closed = np.inf
        while self.heap and not self._is_over() and self.heap[0][0] < self._cutoff():
            bound, _, node = heappop(self.heap)
            self._enter(node)
            proved = self.lp.grow(CLOSE)
            if not self.lp.is_solved:
                closed = min(closed, max(bound, proved))
                self.failed += not self.search.is_over()
                continue
            self.nodes += 1
            bound = max(bound, proved)
            sums = self._sums()
            part = sums - np.floor(sums)
            openness = np.minimum(part, 1 - part)
            if bound >= self._cutoff():
                closed = min(closed, bound)
            elif openness.max(initial=0.0) < 1e-5:
                closed = min(closed, bound)
                self._dive()
            else:
                self._split(bound, node, int(np.argmax(openness)), sums)
        return closed

    def _split(self, bound: float, node: _Node, group: int, sums: Floats) -> None:
        basis = self.lp.solver.getBasis()
        lower, upper = node.count_lower.copy(), node.count_upper.copy()
        lower[group] = np.ceil(sums[group])
        upper[group] = np.floor(sums[group])
        self._push(bound, _Node(lower, node.count_upper, basis))
        self._push(bound, _Node(node.count_lower, upper, basis))

    def _push(self, bound: float, node: _Node) -> None:
        self.pushed += 1
        heappush(self.heap, (bound, self.pushed, node))

    def _cutoff(self) -> float:
        return self.best[0] * (1 - self.gap) if self.best else np.inf

    def _is_over(self) -> bool:
        return self.nodes >= self.most_nodes or self.search.is_over()

    def _sums(self) -> Floats:
        runs = self.lp.runs()
        return np.array([runs[g].sum() for g in self.lp.program.groups])

    def _enter(self, node: _Node) -> None:
        lp, n = self.lp, len(self.lp.trains)
        lp.limit_trains(np.zeros(n), np.ones(n))
        lp.limit_counts(node.count_lower, node.count_upper)
        if node.basis is not None:
            lp.go_back(node.basis)

    def _dive(self) -> None:
        """Fix trains step by step until few are split, choose among these, then make rides whole."""
        lp = self.lp
        lower, upper = np.zeros(len(lp.trains)), np.ones(len(lp.trains))
        runs, cost = lp.runs(), lp.cost()
        for step in range(MOST_STEPS):
            away = np.abs(runs - np.round(runs))
            is_split = away > SPLIT
            if is_split.sum() <= FEW_SPLIT or self.search.is_over():
                break
            fixed = np.flatnonzero(is_split & (away <= UP))
            values = np.round(runs[fixed])
            if not len(fixed):
                fixed, values = _extremes(runs, np.flatnonzero(is_split))
            lower[fixed] = upper[fixed] = values
            lp.limit_trains(lower, upper)
            if not lp.solve():
                return
            if lp.cost() > cost * (1 + JUMP) or step in GROWING:
                if not lp.grow_once():
                    return
                cost = lp.cost()
            runs = lp.runs()
        self._settle(runs)

    def _settle(self, runs: Floats) -> None:
        """Run all trains still split, bring in all ways that these trains call for, and finish."""
        lp = self.lp
        split = np.flatnonzero(np.abs(runs - np.round(runs)) > SPLIT)
        doubtful = split[np.argsort(runs[split], kind="stable")].tolist()
        runs = np.round(runs)
        runs[split] = 1.0  # closing one too many is easier than missing one
        lp.limit_counts(np.zeros(len(lp.count_lower)), np.array([len(g) for g in lp.program.groups], np.float64))
        lp.limit_trains(runs, runs)
        lp.grow(2 * CLOSE)
        while lp.is_solved and lp.lacking().any() and not self.limit.is_over():
            lacking = np.flatnonzero(lp.lacking())
            runs[lacking[np.argmax(lp.x[lp.lack + lacking])]] = 0.0
            lp.limit_trains(runs, runs)
            lp.grow(2 * CLOSE)
        if lp.is_solved:
            self._finish(runs)
            self._improve(runs, doubtful)

    def _improve(self, runs: Floats, doubtful: list[int]) -> None:
        """Turn single trains over while that pays: the doubtful, then the most promising by reduced cost."""
        lp, fails, tried = self.lp, -len(doubtful), set[int]()
        cost, basis = lp.cost(), lp.solver.getBasis()
        promise = self._promise(runs)
        while fails < MOST_FAILS and not self.search.is_over():
            promising = np.argsort(promise, kind="stable")[: int((promise < 0).sum())].tolist()
            order = [t for t in (*doubtful, *promising) if t not in tried]
            if not order:
                break
            t = order[0]
            tried.add(t)
            runs[t] = 1.0 - runs[t]
            lp.limit_trains(runs, runs)
            if lp.grow_once() and lp.cost() < cost * (1 - 1e-6) and not lp.lacking().any():
                lp.grow(2 * CLOSE)
                cost, basis, fails = lp.cost(), lp.solver.getBasis(), min(fails, 0)
                promise = self._promise(runs)
            else:
                fails += 1
                runs[t] = 1.0 - runs[t]
                lp.limit_trains(runs, runs)
                lp.go_back(basis)
        if lp.solve() and self.best is not None and lp.cost() < self.best[0]:
            self._finish(runs)

    def _promise(self, runs: Floats) -> Floats:
        """Estimate what turning each train over costs, from reduced costs; a train that is off counts its best ways."""
        duals = np.array(self.lp.solver.getSolution().col_dual)[self.lp.program.trains] / SCALE
        return np.where(runs > 0.5, -duals, duals)

    def _offered(self, dear: float) -> Ints:
        """Number the ways that are used or hardly dearer than the best."""
        lp = self.lp
        costs = np.array(lp.solver.getSolution().col_dual)[lp.first :] / SCALE
        is_off = ((lp.ways.legs >= 0) & lp.is_off[lp.ways.legs]).any(axis=1)
        return np.flatnonzero((lp.x[lp.first :] > SPLIT) | (~is_off & (costs < dear)))

    def _finish(self, runs: Floats) -> None:
        """Make rides whole with trains fixed: those of kinds that are split, then of all."""
        lp = self.lp
        kept = self._offered(DEAR)
        n_kinds = len(self.net.kinds)
        is_split = np.abs(lp.x - np.round(lp.x)) > SPLIT
        is_free = is_split[:n_kinds].copy()
        is_free[lp.ways.kind[is_split[lp.first :]]] = True
        ways = Ways(lp.ways.kind[kept], lp.ways.legs[kept], lp.ways.micros[kept])
        for free in (is_free, np.ones(n_kinds, np.bool_)):
            fixed = np.where(free[ways.kind], -1.0, np.round(lp.x[lp.first + kept]))
            cost = self._whole(ways, runs, fixed)
            if cost <= lp.cost() * (1 + 2 * self.gap) or self.search.is_over():
                break

    def _whole(self, ways: Ways, runs: Floats, fixed: Floats) -> float:
        """Solve for whole rides with trains fixed; `fixed`: riders of ways, -1: free; answer the cost."""
        options: dict[str, float | int | str] = {"mip_rel_gap": self.gap / 5, "mip_max_nodes": MOST_NODES}
        seconds = self.limit.remaining()
        if seconds is not None:
            options["time_limit"] = max(1.0, WHOLE_SHARE * seconds)
        choice = Choice(ways, fixed, runs, runs, np.zeros((0, 2), np.int64))
        found = choose(self.lp.board, choice, whole_rides=True, options=options, seed=self.seed)
        if found is None:
            return np.inf
        riders, left = (np.round(part).astype(np.int64) for part in (found.riders, found.left))
        self._take(ways, riders, left, np.round(runs).astype(np.int64))
        return found.cost


def _extremes(runs: Floats, split: Ints) -> tuple[Ints, Floats]:
    """Choose of the trains that are split the fullest, to run, and, if there are many, the emptiest, not to."""
    order = split[np.argsort(runs[split], kind="stable")]
    many = len(split) // 6
    up, down = order[len(order) - max(1, many) :], order[:many]
    return np.concatenate([up, down]), np.concatenate([np.ones(len(up)), np.zeros(len(down))])
