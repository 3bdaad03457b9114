"""Branch and bound over which trains run: counts of trains first, then trains, then rides. Arrays only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

import numpy as np

from landport.assemble.diving import dive, improve
from landport.assemble.hot import Ended, Floats, Hot, Ints, Node, Program, root
from landport.model.result import Limit

CANDIDATES = 8
"""Most trains or counts that are tried out before one is branched on."""

TRIED = 3
"""Times after which the gains of a train or count are known well enough."""

TRY_ITERATIONS = 60
"""Simplex iterations of one try."""

SPLIT = 1e-6
"""What is farther from a whole number is not whole."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The best whole answer found.

    Parameters
    ----------
    x
        Shape (n,); the start, if nothing better was found.
    bound
        No answer costs less: least of the open nodes' and the closed nodes' bounds, each from row prices.
    is_done
        The gap is closed; else the limit stopped it.
    relaxed
        The bound before branching.
    unclear
        Nodes whose relaxation ended without an answer or a proof; they keep their parent's bound.
    """

    x: Ints
    cost: float
    bound: float
    is_done: bool
    relaxed: float
    nodes: int
    iterations: int
    unclear: int


@dataclass(frozen=True, slots=True)
class _Choice:
    """Something to branch on: which kind, its number there, and its value in the relaxation."""

    kind: str
    number: int
    value: float

    @property
    def key(self) -> tuple[str, int]:
        return self.kind, self.number

    @property
    def part(self) -> float:
        return self.value - float(np.floor(self.value))

    @property
    def openness(self) -> float:
        return min(self.part, 1.0 - self.part)


@dataclass(slots=True)
class _Gains:
    """What branching on something raised the bound by, per unit of distance, summed over tries."""

    total: float = 0.0
    tries: int = 0


Child = tuple[float, Node]
Whole = Callable[[Ints], Ints | None]


def branch(
    program: Program,
    start: Ints,
    whole: Whole,
    *,
    limit: Limit,
    gap: float,
    most_iterations: int,
    seed: int = 0,
    hot: Hot | None = None,
) -> Answer:
    """Find a cheapest whole answer and prove it.

    Parameters
    ----------
    start
        An answer to begin with, shape (n,).
    whole
        Makes a whole answer, shape (n,), of 0 or 1 for each train, shape (t,); None: there is none.
    gap
        Share of the cost by which the bound may stay below.
    most_iterations
        Simplex iterations after which it stops.
    hot
        The relaxation, if it is there already; its iterations count.

    Notes
    -----
    Best bound first, each time followed down its better children. Candidates are tried out with a few hot simplex
    iterations and scored by the product of both gains, until their gains are known. Trains of one group can stand in
    for each other, so that fixing one may prove little where limiting their count proves much: counts and trains are
    candidates side by side. One thread, no clock unless the limit has seconds: the same input gives the same answer.
    """
    return _Search(program, start, whole, hot or Hot(program, limit, seed), gap, most_iterations).run()


@dataclass(slots=True)
class _Search:
    program: Program
    best: Ints
    whole: Whole
    hot: Hot
    gap: float
    most_iterations: int
    cost: float = np.inf
    heap: list[tuple[float, int, Node]] = field(default_factory=list)
    gains: dict[tuple[str, int], _Gains] = field(default_factory=dict)
    seen: set[bytes] = field(default_factory=set)
    closed: float = np.inf
    pushed: int = 0
    nodes: int = 0
    unclear: int = 0

    def run(self) -> Answer:
        self.cost = float(self.program.cost @ self.best)
        if self.hot.solve_surely() == "solved":
            self.hot.tighten(20)
        relaxed = max(0.0, self.hot.bound())
        self.hot.settle()
        self._begin()
        self._push((relaxed, root(self.program)))
        while self.heap and not self._is_over():
            bound, _, node = heappop(self.heap)
            following: Child | None = (bound, node)
            while following is not None and not self._is_over():
                following = self._step(following)
            if following is not None:
                self._push(following)
        bound = min([self.closed, self.cost, *(entry[0] for entry in self.heap)])
        return Answer(
            x=self.best,
            cost=self.cost,
            bound=max(bound, relaxed),
            is_done=bound >= self._cutoff(),
            relaxed=relaxed,
            nodes=self.nodes,
            iterations=self.hot.iterations,
            unclear=self.unclear,
        )

    def _begin(self) -> None:
        """Find a first plan: dive, improve, make it whole."""
        runs = dive(self.hot)
        if runs is not None:
            runs = improve(self.hot, runs)
            self._offer(runs)
        self.hot.enter(root(self.program))

    def _is_over(self) -> bool:
        return self.hot.iterations >= self.most_iterations or self.hot.limit.is_over()

    def _cutoff(self) -> float:
        return self.cost - max(self.gap * self.cost, 0.5)

    def _push(self, child: Child) -> None:
        self.pushed += 1
        heappush(self.heap, (child[0], self.pushed, child[1]))

    def _close(self, bound: float) -> None:
        self.closed = min(self.closed, bound)

    def _offer(self, runs: Ints) -> None:
        """Make a plan of these trains, once, and keep it if it is the best."""
        key = runs.astype(np.int8).tobytes()
        if key not in self.seen:
            self.seen.add(key)
            self._take(self.whole(runs))

    def _take(self, x: Ints | None) -> None:
        if x is not None and float(self.program.cost @ x) < self.cost:
            self.best, self.cost = x, float(self.program.cost @ x)

    def _step(self, child: Child) -> Child | None:
        """Solve a node and branch; answer the better child to follow."""
        bound, node = child
        if bound >= self._cutoff():
            self._close(bound)
            return None
        self.nodes += 1
        self.hot.enter(node)
        ended, proved = self._relax()
        bound = max(bound, proved)
        if ended == "none":
            return None
        if bound >= self._cutoff() or ended != "solved":
            if bound < self._cutoff():
                self._leave_unclear((bound, node))
            else:
                self._close(bound)
            return None
        self.hot.purge()
        x = self.hot.x()
        choices = self._choices(x, bound)
        if not choices:
            self._close(bound)
            return None
        return self._best_child(bound, node, choices)

    def _leave_unclear(self, child: Child) -> None:
        """Keep the bound of a node that could not be solved: dropping it would fake a proof."""
        if self.hot.limit.is_over():
            self._push(child)
        else:
            self.unclear += 1
            self._close(child[0])

    def _relax(self) -> tuple[Ended, float]:
        """Solve the node; answer how it ended and what it proved. "none" is proved."""
        cutoff = self._cutoff()
        ended = self.hot.solve(cutoff)
        if ended == "solved":
            ended = self.hot.tighten(3, cutoff)
        bound = self.hot.bound()
        if ended == "none":
            return ("none" if self.hot.is_proved_empty() else "unclear"), 0.0
        if ended == "solved" or bound >= cutoff:
            return ended, bound
        ended = self.hot.solve_surely()
        if ended == "none":
            return ("none" if self.hot.is_proved_empty() else "unclear"), 0.0
        return ended, max(bound, self.hot.bound())

    def _choices(self, x: Floats, bound: float) -> list[_Choice]:
        """List what can be branched on, best guesses first; none: the node is done."""
        p = self.program
        runs = x[p.trains]
        sums = np.array([runs[g].sum() for g in p.groups])
        found = _split("count", np.arange(len(sums)), sums) + _split("train", np.arange(len(runs)), runs)
        if not found:
            rounded = np.round(x).astype(np.int64)
            rides = np.flatnonzero(np.abs(x - rounded) > SPLIT)
            if not len(rides):
                if (p.links @ rounded > SPLIT).any():  # a link not added yet: somebody rides a train that is cancelled
                    self._offer(rounded[p.trains])
                else:
                    self._take(rounded)
                return []
            self._offer(rounded[p.trains])
            if bound < self._cutoff():
                found = _split("ride", rides, x[rides])
        return sorted(found, key=lambda c: (-self._guess(c), c.key))[:CANDIDATES]

    def _guess(self, choice: _Choice) -> float:
        gains = self.gains.get(choice.key)
        known = gains.total / gains.tries if gains else self.cost
        return known * choice.openness

    def _best_child(self, bound: float, node: Node, choices: list[_Choice]) -> Child | None:
        """Try candidates out, branch on the best; push one child and answer the other."""
        basis = self.hot.solver.getBasis()
        best: tuple[float, list[Child]] | None = None
        for i, choice in enumerate(choices):
            gains = self.gains.setdefault(choice.key, _Gains())
            if i and gains.tries >= TRIED:
                continue
            children = []
            for side in _children(node, choice, self.program):
                self.hot.enter(side)
                self.hot.solver.setBasis(basis)
                children.append((self._try(bound), side))
            cutoff = self._cutoff()
            down, up = (min(child[0], cutoff) - bound for child in children)
            gains.total += min(down / choice.part, up / (1.0 - choice.part))
            gains.tries += 1
            floor = 1e-7 * self.cost
            score = max(down, floor) * max(up, floor)
            if best is None or score > best[0]:
                best = score, children
            if max(child[0] for child in children) >= cutoff:
                break
        assert best is not None
        nearer, farther = sorted(best[1], key=lambda child: child[0])
        for child in (farther, nearer):
            if self._cutoff() <= child[0] < np.inf:
                self._close(child[0])
        if farther[0] < self._cutoff():
            self._push(farther)
        return nearer if nearer[0] < self._cutoff() else None

    def _try(self, bound: float) -> float:
        """Bound a child by a few iterations; infinite: proved to be empty."""
        if self._is_over():
            return bound
        ended = self.hot.solve(self._cutoff(), TRY_ITERATIONS)
        if ended == "none":
            return np.inf if self.hot.is_proved_empty() else bound
        return max(bound, self.hot.bound())


def _split(kind: str, numbers: Ints, values: Floats) -> list[_Choice]:
    open_ones = np.flatnonzero(np.abs(values - np.round(values)) > SPLIT)
    return [_Choice(kind, int(numbers[i]), float(values[i])) for i in open_ones]


def _children(node: Node, choice: _Choice, program: Program) -> tuple[Node, Node]:
    """Answer the child below the value and the one above."""
    below = float(np.floor(choice.value))
    if choice.kind == "count":
        return node.with_count(choice.number, most=below), node.with_count(choice.number, least=below + 1)
    if choice.kind == "train":
        return node.with_train(choice.number, 0.0), node.with_train(choice.number, 1.0)
    column = choice.number
    low, high = next(((a, b) for c, a, b in node.rides if c == column), (0.0, float(program.upper[column])))
    others = tuple(ride for ride in node.rides if ride[0] != column)
    return (
        replace(node, rides=(*others, (column, low, below))),
        replace(node, rides=(*others, (column, below + 1, high))),
    )
