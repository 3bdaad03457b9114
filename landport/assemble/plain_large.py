"""Large plain cases: a dive down a growing relaxation, its trains mended, and counts of trains branched on."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush

import highspy
import numpy as np

from landport.assemble.hot import Floats, Ints, Node, quiet, root
from landport.assemble.plain_boarding import boarding
from landport.assemble.plain_diving import count_sums, dive, enter, whole_counts
from landport.assemble.plain_growing import SCALE, Growing
from landport.assemble.plain_mending import Mending
from landport.assemble.plain_program import PlainProgram, lay_out
from landport.assemble.plain_ways import Network, Ways
from landport.assemble.plain_whole import plan_of, whole_rides
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

SPLIT = 1e-6
"""What is farther from a whole number is not whole."""

IDLE = 40
"""Mends in vain, one after another, before counts are branched on."""

KEPT_SHARE, KEPT_SECONDS = 0.1, 6.0
"""Seconds kept for the last plan, fixing trains and making rides whole: a share; beyond so many, a fifth of it."""

FIRST_SHARE = 0.6
"""Share of the seconds left after the root that rounding for a first plan may take."""

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
    solves: int
    failed: int
    is_cut: bool


def solve(net: Network, *, limit: Limit, seed: int, gap: float, most_solves: int) -> LargeAnswer:
    """Find a good plan of a large case, and what none costs less than.

    Parameters
    ----------
    gap
        Share of the cost at which it stops.
    most_solves
        Relaxations after the first plan, after which it stops.

    Notes
    -----
    The relaxation is solved over ways that come in as prices call for them, and tightened by links. For a first plan
    counts of trains to each place are made whole, then trains, a few at a time. Mending frees a few trains and searches
    among them, over and over. When that brings nothing more, counts are branched on, best bound first, for the bound.
    """
    seconds = limit.remaining() or 0.0
    kept = min(KEPT_SHARE * seconds, KEPT_SECONDS + KEPT_SHARE / 5 * seconds)
    lp = Growing(boarding(net), limit.less(kept / 2), seed)
    return _Large(net, lp, limit.less(kept), limit, seed, gap, most_solves).run()


@dataclass(slots=True)
class _Large:
    net: Network
    lp: Growing
    search: Limit
    limit: Limit
    seed: int
    gap: float
    most_solves: int
    best: tuple[float, PlainProgram, Ints] | None = None
    bound: float = 0.0
    failed: int = 0
    pushed: int = 0
    before: int = 0
    leans: list[Floats] = field(default_factory=list)
    heap: list[tuple[float, int, Node, highspy.HighsBasis]] = field(default_factory=list)

    def run(self) -> LargeAnswer:
        nobody = Ways(np.zeros(0, np.int64), np.zeros((0, self.net.legs), np.int64), np.zeros(0, np.int64))
        laid = lay_out(self.net, nobody)
        nothing = laid.nothing()
        self.best = float(laid.program.cost @ nothing), laid, nothing
        closed = np.inf
        if self._open():
            self._first()
            closed = self._branch()
        self._take_down()
        cost, laid, x = self.best
        if self.pushed:  # else nothing is known beyond the root
            self.bound = max(self.bound, min([cost, closed, *(entry[0] for entry in self.heap)]))
        return LargeAnswer(laid, x, cost, self.bound, self.lp.solves, self.failed, self.search.is_over())

    def _take_down(self) -> None:
        """Round the rides of the relaxation down and cancel trains that are then too empty: better than nothing."""
        lp = self.lp
        solved = slice(len(lp.x) - lp.first)  # ways that came in since the last solution have no riders
        ways = Ways(lp.ways.kind[solved], lp.ways.legs[solved], lp.ways.micros[solved])
        riders = np.floor(lp.x[lp.first :] + SPLIT).astype(np.int64)
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

    def _open(self) -> bool:
        """Solve the relaxation at the root; answer whether it came to the end."""
        lp = self.lp
        lp.start()
        self.bound = lp.grow(CLOSE)
        for _ in range(ROUNDS):
            if self.search.is_over() or not lp.is_solved or not lp.tighten():
                break
            self.bound = max(self.bound, lp.grow(CLOSE))
        if not lp.is_solved:
            return False
        lp.drop(CHOICE)
        lp.near = CHOICE
        return lp.solve()

    def _first(self) -> None:
        """Make a first plan, and mend it."""
        lp = self.lp
        self.leans.append(lp.runs().copy())
        node = root(lp.program)
        self._push(self.bound, node)
        first = self.search.share(FIRST_SHARE)
        node = whole_counts(lp, node, first)
        if lp.is_solved:
            self.leans.append(lp.runs().copy())
            self._settle(dive(lp, node, first))
        else:
            self._settle(self.leans[0])
        self.before = lp.solves
        self._mend()

    def _branch(self) -> float:
        """Branch on counts; answer the least bound of closed nodes."""
        closed = np.inf
        while self.heap and not self._is_over() and self.heap[0][0] < self._cutoff():
            bound, _, node, basis = heappop(self.heap)
            enter(self.lp, node, basis)
            proved = self.lp.grow(CLOSE)
            if not self.lp.is_solved:
                closed = min(closed, max(bound, proved))
                self.failed += not self.search.is_over()
                continue
            bound = max(bound, proved)
            sums = count_sums(self.lp)
            part = sums - np.floor(sums)
            openness = np.minimum(part, 1 - part)
            if bound >= self._cutoff():
                closed = min(closed, bound)
            elif openness.max(initial=0.0) < 1e-5:
                closed = min(closed, bound)
                if self._settle(dive(self.lp, node, self.search)):
                    self._mend()
            else:
                self._split(bound, node, int(np.argmax(openness)), sums)
        return closed

    def _split(self, bound: float, node: Node, group: int, sums: Floats) -> None:
        for child in (
            node.with_count(group, least=float(np.ceil(sums[group]))),
            node.with_count(group, most=float(np.floor(sums[group]))),
        ):
            self._push(bound, child)

    def _push(self, bound: float, node: Node) -> None:
        self.pushed += 1
        heappush(self.heap, (bound, self.pushed, node, self.lp.solver.getBasis()))

    def _cutoff(self) -> float:
        return self.best[0] * (1 - self.gap) if self.best else np.inf

    def _is_over(self) -> bool:
        return self.lp.solves - self.before >= self.most_solves or self.search.is_over()

    def _settle(self, runs: Floats) -> bool:
        """Run all trains still split, bring in the ways that all call for, and finish; tell if it is the best."""
        lp = self.lp
        runs = np.where(np.abs(runs - np.round(runs)) > SPLIT, 1.0, np.round(runs))  # one too many is easily closed
        free = root(lp.program)
        enter(lp, free.with_trains(np.arange(len(runs)), runs))
        lp.grow(2 * CLOSE)
        while lp.is_solved and lp.lacking().any() and not self.limit.is_over():
            lacking = np.flatnonzero(lp.lacking())
            runs[lacking[np.argmax(lp.x[lp.lack + lacking])]] = 0.0
            enter(lp, free.with_trains(np.arange(len(runs)), runs))
            lp.grow(2 * CLOSE)
        return lp.is_solved and self._finish(runs)

    def _mend(self) -> None:
        """Free a few trains and search among them, until it pays no more; then make the rides whole."""
        mending = Mending(self.lp, self.leans, self.search, self.seed)
        if self.best is None or not self.lp.is_solved:
            return
        mending.start(self.lp.runs())
        first, idle = mending.best.cost, 0
        while idle < IDLE and not self._is_over() and mending.best.cost > self.bound * (1 + self.gap):
            idle = 0 if mending.step() else idle + 1
        if mending.best.cost < first and mending.stand():
            self._finish(mending.best.runs)

    def _offered(self, dear: float) -> Ints:
        """List the numbers of ways that are used or hardly dearer than the best."""
        lp = self.lp
        costs = np.array(lp.solver.getSolution().col_dual)[lp.first :] / SCALE
        is_off = ((lp.ways.legs >= 0) & lp.is_off[lp.ways.legs]).any(axis=1)
        return np.flatnonzero((lp.x[lp.first :] > SPLIT) | (~is_off & (costs < dear)))

    def _finish(self, runs: Floats) -> bool:
        """Make rides whole with trains fixed: those of kinds that are split, then of all; tell if it is the best."""
        lp, is_best = self.lp, False
        kept = self._offered(DEAR)
        n_kinds = len(self.net.kinds)
        is_split = np.abs(lp.x - np.round(lp.x)) > SPLIT
        is_free = is_split[:n_kinds].copy()
        is_free[lp.ways.kind[is_split[lp.first :]]] = True
        ways = Ways(lp.ways.kind[kept], lp.ways.legs[kept], lp.ways.micros[kept])
        for free in (is_free, np.ones(n_kinds, np.bool_)):
            fixed = np.where(free[ways.kind], -1.0, np.round(lp.x[lp.first + kept]))
            before = self._cutoff()
            cost = self._whole(ways, runs, fixed)
            is_best |= self._cutoff() < before
            if cost <= lp.cost() * (1 + 2 * self.gap) or self.search.is_over():
                break
        return is_best

    def _whole(self, ways: Ways, runs: Floats, fixed: Floats) -> float:
        """Solve for whole rides with trains fixed; `fixed`: riders of ways, -1: free; answer the cost."""
        options: dict[str, float | int | str] = {"mip_rel_gap": self.gap / 5, "mip_max_nodes": MOST_NODES}
        seconds = self.limit.remaining()
        if seconds is not None:
            options["time_limit"] = max(1.0, WHOLE_SHARE * seconds)
        found = whole_rides(self.lp.board, ways, fixed, runs, quiet(options, self.seed))
        if found is None:
            return np.inf
        self._take(ways, found.riders, found.left, np.round(runs).astype(np.int64))
        return found.cost
