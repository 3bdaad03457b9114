"""Branch and bound over a train's program: dives for a loading, then best first until the bound is near enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from landport.assemble.wagon_program import Program, Wagon, located, met, narrowed
from landport.assemble.wagon_relax import Choice, Relaxation
from landport.model.result import Limit

REL_GAP = 1e-4
"""A loading this close to its bound is proven optimal."""

WHOLE = 1e-5
"""What is this near to a whole number is one."""

REACH = 2e-3
"""Sets that cost more than this share of the bound are left out at first; the bound says so."""

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


def search(made: Program, start: Sequence[Wagon], *, limit: Limit, step: int = 1) -> Loading:
    """Load a train for the greatest worth.

    Parameters
    ----------
    start
        A loading at hand; the answer is worth no less.
    limit
        Effort x `NODES` branches at most.
    step
        US cents that divide what any loading is worth: a bound that is nearer proves it.
    """
    best, value = tuple(sorted(start)), worth(made, start)
    root = Relaxation(made)
    root.add(located(made, best))
    root.price_all(limit)
    highest = root.bound()
    nearest = root.nearest()
    reach, n_nodes, bound = max(REACH * highest, 1.0), 0, highest
    while n_nodes < NODES * limit.effort and not _is_near(highest, value, step):
        narrow = narrowed(made, [near >= -reach for near in nearest])
        tree = _Tree(narrow, best, value, step)
        tree.start([made_of(made, column) for column in root.columns])
        tree.grow(limit, NODES * limit.effort - n_nodes)
        best, value, n_nodes = tree.best, tree.value, n_nodes + tree.n_nodes
        bound = min(bound, max(tree.bound(), highest - reach))
        if highest - value <= reach or limit.is_over():
            break
        reach = highest - value
    return Loading(best, value, max(value, int(np.floor(bound))), n_nodes)


def made_of(made: Program, column: tuple[int, int]) -> Wagon:
    """Name the berth and the lots of a column."""
    g = made.groups[column[0]]
    lots = made.tables[g.table].members[column[1]].tolist()
    return g.berth, tuple(i for i in lots if i < len(made.task.lots))


def worth(made: Program, wagons: Sequence[Wagon]) -> int:
    """Add up what loaded wagons are worth."""
    return sum(int(made.value(group, np.array([index]))[0]) for group, index in located(made, wagons))


class _Tree:
    """Open branches, the best loading so far, and the bound."""

    def __init__(self, made: Program, best: tuple[Wagon, ...], value: int, step: int) -> None:
        self.made = made
        self.best, self.value, self.step = best, value, step
        self.relaxed = Relaxation(made)
        self.open: list[tuple[float, int, tuple[Choice, ...]]] = [(-np.inf, 0, ())]
        self.n_nodes = 0
        self.closed = -np.inf

    def bound(self) -> float:
        """Worth that no loading exceeds: the greatest of all open branches, and of those closed as near enough."""
        return max([self.closed, *(-negative for negative, _, _ in self.open)])

    def start(self, columns: Sequence[Wagon]) -> None:
        """Begin with the columns of another relaxation, as far as they are in the tables here."""
        self.relaxed.add(located(self.made, columns))

    def grow(self, limit: Limit, most: int) -> None:
        """Look at branches, each dive to its end, until none is open that is worth more."""
        while self.open and self.n_nodes < most and not limit.is_over():
            negative, _, choices = heappop(self.open)
            if _is_near(-negative, self.value, self.step):
                self.closed = max(self.closed, -negative)
                continue
            self._dive(choices, limit)

    def _dive(self, choices: tuple[Choice, ...], limit: Limit) -> None:
        """Follow the leaning of the relaxation down to a loading or a dead end; the other sides stay open."""
        while True:
            self.n_nodes += 1
            self.relaxed.branch(choices)
            self.relaxed.price_all(limit)
            if not self.relaxed.is_feasible:
                return
            bound = self.relaxed.bound()
            if _is_near(bound, self.value, self.step):
                self.closed = max(self.closed, bound)
                return
            choice = _choose(self.made, self.relaxed)
            if choice is None:
                self._keep(bound)
                return
            if choice in choices:  # it cannot be had in full, and its price did not close the branch
                self.closed = max(self.closed, bound)
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
        for column, times in zip(self.relaxed.columns, np.round(self.relaxed.x).astype(int).tolist(), strict=True):
            wagons += [made_of(self.made, column)] * times
        self.closed = max(self.closed, bound)
        found = tuple(sorted(wagons))
        if met(self.made, found) and worth(self.made, found) > self.value:
            self.best, self.value = found, worth(self.made, found)


def _is_near(bound: float, value: int, step: int) -> bool:
    return bound < value + max(step, REL_GAP * abs(value))


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
