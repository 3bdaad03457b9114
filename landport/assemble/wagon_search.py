"""Branch and bound over a train's program: dives for a loading, then best first until the bound is near enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from landport.assemble.wagon_program import Program, Wagon, located, met
from landport.assemble.wagon_relax import Choice, Relaxation
from landport.model.result import Limit

REL_GAP = 1e-4
"""A loading this close to its bound is proven optimal."""

WHOLE = 1e-5
"""What is this near to a whole number is one."""

NODES = 400
"""Most branches looked at with effort 1, and so many more with each more."""


@dataclass(frozen=True, slots=True)
class Loading:
    """Loaded wagons, and what no loading is worth more than, in US cents.

    Parameters
    ----------
    wagons
        By berth.
    is_proven
        Its worth is within `REL_GAP` of the bound.
    """

    wagons: tuple[Wagon, ...]
    value: int
    bound: int
    n_nodes: int

    @property
    def is_proven(self) -> bool:
        """Tell whether no loading is worth more than this one by `REL_GAP`."""
        return self.value >= self.bound - REL_GAP * abs(self.bound)


def search(made: Program, start: Sequence[Wagon], *, limit: Limit) -> Loading:
    """Load a train for the greatest worth.

    Parameters
    ----------
    start
        A loading at hand; the answer is worth no less.
    limit
        Effort x `NODES` branches at most.
    """
    tree = _Tree(made, tuple(sorted(start)))
    tree.grow(limit)
    bound = max(tree.value, int(np.floor(tree.bound())))
    return Loading(tree.best, tree.value, bound, tree.n_nodes)


def worth(made: Program, wagons: Sequence[Wagon]) -> int:
    """Add up what loaded wagons are worth."""
    return sum(int(made.value(group, np.array([index]))[0]) for group, index in located(made, wagons))


class _Tree:
    """Open branches, the best loading so far, and the bound."""

    def __init__(self, made: Program, start: tuple[Wagon, ...]) -> None:
        self.made = made
        self.best, self.value = start, worth(made, start)
        self.relaxed = Relaxation(made)
        self.relaxed.add(located(made, start))
        self.open: list[tuple[float, int, tuple[Choice, ...]]] = [(-np.inf, 0, ())]
        self.n_nodes = 0
        self.closed = -np.inf

    def bound(self) -> float:
        """Worth that no loading exceeds: the greatest of all open branches, and of those closed as near enough."""
        return max([self.closed, *(-negative for negative, _, _ in self.open)])

    def grow(self, limit: Limit) -> None:
        """Look at branches, each dive to its end, until none is open that is worth more."""
        while self.open and self.n_nodes < NODES * limit.effort and not limit.is_over():
            negative, _, choices = heappop(self.open)
            if self._is_near(-negative):
                self.closed = max(self.closed, -negative)
                continue
            self._dive(choices, limit)

    def _is_near(self, bound: float) -> bool:
        return bound < self.value + max(1.0, REL_GAP * abs(self.value))

    def _dive(self, choices: tuple[Choice, ...], limit: Limit) -> None:
        """Follow the leaning of the relaxation down to a loading or a dead end; the other sides stay open."""
        while True:
            self.n_nodes += 1
            self.relaxed.branch(choices)
            self.relaxed.price_all(limit)
            if not self.relaxed.is_feasible:
                return
            bound = self.relaxed.bound()
            if self._is_near(bound):
                self.closed = max(self.closed, bound)
                return
            choice = _choose(self.made, self.relaxed)
            if choice is None:
                self._keep(bound)
                return
            other = Choice(choice.kind, choice.lot, choice.second, not choice.is_so)
            heappush(self.open, (-bound, self.n_nodes, (*choices, other)))
            if limit.is_over():
                heappush(self.open, (-bound, -self.n_nodes, (*choices, choice)))
                return
            choices = (*choices, choice)

    def _keep(self, bound: float) -> None:
        """Take a whole answer of the relaxation as a loading, if it is worth more."""
        wagons = []
        for (group, index), times in zip(self.relaxed.columns, np.round(self.relaxed.x).astype(int).tolist(), strict=True):
            g = self.made.groups[group]
            lots = tuple(i for i in self.made.tables[g.table].members[index].tolist() if i < len(self.made.task.lots))
            wagons += [(g.berth, lots)] * times
        self.closed = max(self.closed, bound)
        found = tuple(sorted(wagons))
        if met(self.made, found) and worth(self.made, found) > self.value:
            self.best, self.value = found, worth(self.made, found)


def _choose(made: Program, relaxed: Relaxation) -> Choice | None:
    """Find what the relaxation leaves most open: which boxes go together, are loaded, on what; None: nothing."""
    shares: dict[tuple[str, int, int], float] = {}
    for (group, index), x in zip(relaxed.columns, relaxed.x.tolist(), strict=True):
        if x > WHOLE:
            for key in _parts(made, group, index):
                shares[key] = shares.get(key, 0.0) + x
    best: tuple[float, tuple[str, int, int]] | None = None
    for kinds in (("lot",), ("pair", "type"), ("berth",)):
        for key, share in shares.items():
            leaning = min(share, 1.0 - share)
            if key[0] in kinds and leaning > WHOLE and (best is None or (-leaning, key) < best):
                best = (-leaning, key)
        if best is not None:
            kind, lot, second = best[1]
            return Choice(kind, lot, second, shares[best[1]] >= 0.5)
    return None


def _parts(made: Program, group: int, index: int) -> Iterator[tuple[str, int, int]]:
    """List the decisions that a set on a wagon of a group is made of."""
    g = made.groups[group]
    lots = sorted(i for i in made.tables[g.table].members[index].tolist() if i < len(made.task.lots))
    for i in lots:
        yield "lot", i, 0
        yield "type", i, made.type_of[g.table]
        yield "berth", i, g.berth
        yield from (("pair", i, k) for k in lots if k > i)
