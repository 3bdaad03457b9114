"""Mend a choice of trains: free a few that belong together, search among them, keep what is cheaper."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landport.assemble.hot import Floats, Ints, Node
from landport.assemble.plain_diving import Found, enter, search
from landport.assemble.plain_growing import SCALE, Growing
from landport.model.result import Limit

SIZES = (12, 20, 30)
"""How many trains are freed at once."""

NODES = 40
"""Relaxations of one search among freed trains."""

LEAST = 2e-6
"""Share of the cost that a change must save."""

CLOSE = 2e-5
"""Share of the cost by which the relaxation with trains fixed may stay unsolved."""

DIFFERS = 0.02
"""A train whose running differs so much from that of the relaxation is worth freeing."""

MOST_PROMISING = 12
"""Of so many trains whose turning over promises most, one is taken."""


class Mending:
    """The best trains so far, and a seeded choice of what to free next.

    Parameters
    ----------
    leans
        How far each train runs in relaxations that cost little: what they do otherwise is worth a try.
    """

    def __init__(self, lp: Growing, leans: Sequence[Floats], limit: Limit, seed: int) -> None:
        self.lp, self.leans, self.limit = lp, leans, limit
        table = lp.net.table[lp.trains]
        self.to, self.departs = table[:, 1], table[:, 2]
        self._random = np.random.default_rng([seed, len(lp.trains)])
        self._turn = 0

    def start(self, runs: Floats) -> None:
        """Take trains from a relaxation just solved with them fixed."""
        self.best = Found(self.lp.cost(), np.round(runs))
        self._basis = self.lp.solver.getBasis()

    def fixed(self) -> Node:
        """Answer the limits that the best trains fix."""
        counts, runs = self.lp.program.groups, self.best.runs
        return Node(runs, runs, np.zeros(len(counts)), np.array([len(g) for g in counts], np.float64))

    def step(self) -> bool:
        """Free some trains and search; answer whether it became cheaper."""
        lp, cutoff = self.lp, self.best.cost * (1 - LEAST)
        free = self._free()
        node, basis = self.fixed(), self._basis
        lower, upper = node.train_lower.copy(), node.train_upper.copy()
        lower[free], upper[free] = 0.0, 1.0
        freed = Node(lower, upper, node.count_lower, node.count_upper)
        enter(lp, freed, basis)
        if not lp.solve(cutoff) or lp.cost() >= cutoff or not lp.grow_once():
            return False
        found = search(lp, freed, lp.solver.getBasis(), cutoff, NODES, self.limit)
        return found is not None and self._keep(found)

    def _keep(self, found: Found) -> bool:
        """Bring in the ways that these trains call for, and keep the trains."""
        lp = self.lp
        enter(lp, Node(found.runs, found.runs, *self._all_counts()))
        lp.grow(CLOSE)
        if not lp.is_solved or lp.lacking().any() or lp.cost() >= self.best.cost:
            return False
        self.start(found.runs)
        return True

    def _all_counts(self) -> tuple[Floats, Floats]:
        groups = self.lp.program.groups
        return np.zeros(len(groups)), np.array([len(g) for g in groups], np.float64)

    def stand(self) -> bool:
        """Solve with the best trains fixed; answer whether that worked."""
        enter(self.lp, self.fixed(), self._basis)
        return self.lp.solve()

    def _free(self) -> Ints:
        """Choose trains to free, in turn: that differ from the relaxation, that promise, of one place, of one time."""
        size = int(self._random.choice(SIZES))
        chosen = (
            self._that_differ,
            self._that_promise,
            self._of_place,
            self._that_differ,
            self._around_a_promise,
            self._of_time,
        )
        trains = chosen[self._turn % len(chosen)](size)
        self._turn += 1
        return trains

    def _any(self) -> int:
        return int(self._random.integers(len(self.to)))

    def _of_place(self, size: int) -> Ints:
        train = self._any()
        at = np.flatnonzero(self.to == self.to[train])
        return at[np.argsort(np.abs(self.departs[at] - self.departs[train]), kind="stable")[:size]]

    def _of_time(self, size: int) -> Ints:
        return np.argsort(np.abs(self.departs - self.departs[self._any()]), kind="stable")[:size]

    def _that_differ(self, size: int) -> Ints:
        lean = self.leans[self._turn // 3 % len(self.leans)]
        return self._random.permutation(np.flatnonzero(np.abs(lean - self.best.runs) > DIFFERS))[: 2 * size]

    def _that_promise(self, size: int) -> Ints:
        promise = self._promise()
        return np.argsort(promise + self._random.random(len(promise)) * np.abs(promise), kind="stable")[:size]

    def _around_a_promise(self, size: int) -> Ints:
        promise = self._promise()
        train = np.argsort(promise, kind="stable")[self._random.integers(min(MOST_PROMISING, len(promise)))]
        at = np.flatnonzero(self.to == self.to[train])
        near = np.argsort(np.abs(self.departs - self.departs[train]), kind="stable")[: size // 2]
        return np.union1d(at[np.argsort(promise[at], kind="stable")[: size // 2]], near)

    def _promise(self) -> Floats:
        """Estimate what turning each train over costs, from reduced costs; a train that is off counts its best ways."""
        if not self.stand():
            return np.zeros(len(self.to))
        costs = np.array(self.lp.solver.getSolution().col_dual)[self.lp.program.trains] / SCALE
        return np.where(self.best.runs > 0.5, -costs, costs)
