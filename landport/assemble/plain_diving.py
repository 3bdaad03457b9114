"""From a relaxation of a large plain case to whole trains: counts first, then trains, with or without turning back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from landport.assemble.hot import Floats, Ints, Node
from landport.assemble.plain_growing import Growing
from landport.model.result import Limit

UP, UP_MANY = 0.12, 0.25
"""Trains this near to running or not are fixed together; the same of a case with many trains."""

CERTAIN = 0.15
"""Counts this near to a whole number are rounded; of others both sides are tried."""

JUMP = 2e-4
"""Share of the cost by which a dive may become dearer before ways are brought in."""

DEAR = 4e-4
"""Share of the cost by which a step of a dive may become dearer before it is tried another way."""

OFTEN, OFTEN_MANY = 15, 40
"""Steps of a dive after which ways are brought in besides; the same of a case with many trains."""

AT_ONCE, AT_ONCE_MANY = 16, 2
"""One of so many split trains, at least, is fixed at each step of a dive; the same of a case with many trains."""

MANY = 1_000
"""Trains of a case that has many: its counts are rounded at once, and a dive takes longer steps."""

COUNT_UP = 0.15
"""Counts so far above a whole number are rounded up where there are many trains."""

SPLIT = 1e-6
"""What is farther from a whole number is not whole."""

SPLIT_COUNT = 0.02
"""The same of counts, where a search branches on them."""


@dataclass(frozen=True, slots=True)
class Found:
    """Whole trains, shape (t,), and what they cost with riders that may be split."""

    cost: float
    runs: Floats


def enter(lp: Growing, node: Node, basis: highspy.HighsBasis | None = None) -> None:
    """Change limits to those of a node, and stand where a basis was taken."""
    lp.limit_trains(node.train_lower, node.train_upper)
    lp.limit_counts(node.count_lower, node.count_upper)
    if basis is not None:
        lp.go_back(basis)


def count_sums(lp: Growing) -> Floats:
    """Add up how far the trains of each group run."""
    runs = lp.runs()
    return np.array([runs[g].sum() for g in lp.program.groups])


def whole_counts(lp: Growing, node: Node, limit: Limit) -> Node:
    """Round the counts of a relaxation just solved, the clearest first; it stays solved, unless a relaxation fails.

    Notes
    -----
    Of counts that are not clear both sides are solved, and the cheaper is taken. Where there are many trains, counts
    are only rounded up, all at once: closing a train is easier than missing one. Where time ends it, some are split.
    """
    if len(lp.trains) > MANY:
        return _counts_up(lp, node)
    for _ in range(2 * len(lp.program.groups)):
        sums = count_sums(lp)
        part = np.abs(sums - np.round(sums))
        if part.max(initial=0.0) < 1e-4 or limit.is_over():
            break
        g = int(np.argmin(np.where(part < 1e-4, 9.0, part)))
        node = _whole_count(lp, node, g, float(sums[g]))
        if not lp.is_solved:
            break
    return node


def _counts_up(lp: Growing, node: Node) -> Node:
    sums = count_sums(lp)
    up = np.where(sums - np.floor(sums) > COUNT_UP, np.ceil(sums - SPLIT), np.floor(sums))
    node = replace(node, count_lower=up)
    enter(lp, node)
    lp.solve()
    return node


def _whole_count(lp: Growing, node: Node, group: int, count: float) -> Node:
    """Fix one count, and leave the relaxation solved with it."""
    if abs(count - np.round(count)) < CERTAIN:
        node = _with_count(node, group, np.round(count))
        enter(lp, node)
        lp.solve()
        return node
    before, sides = lp.solver.getBasis(), []
    for value in (np.floor(count), np.ceil(count)):
        side = _with_count(node, group, value)
        enter(lp, side, before)
        if not (lp.solve() and lp.grow_once()):
            return node
        sides.append((lp.cost(), value, side, lp.solver.getBasis()))
    _, _, side, basis = min(sides, key=lambda s: s[:2])
    enter(lp, side, basis)
    lp.solve()
    return side


def _with_count(node: Node, group: int, value: float) -> Node:
    return node.with_count(group, least=value, most=value)


def dive(lp: Growing, node: Node, limit: Limit) -> Floats:
    """Fix trains step by step from a relaxation just solved; answer how far they run where it ends.

    Notes
    -----
    Where a step is dear, counts may rise from there on; if that does not help, the most doubtful train of the step is
    tried the other way. Where time ends it, or a relaxation fails, trains may still be split.
    """
    cost, runs, often = lp.cost(), lp.runs(), OFTEN_MANY if len(lp.trains) > MANY else OFTEN
    for step in range(1, 4 * len(lp.trains) + 2):
        last = lp.cost()
        away = np.where(node.train_lower < node.train_upper, np.abs(runs - np.round(runs)), 0.0)
        if away.max(initial=0.0) <= SPLIT or limit.is_over():
            break
        fixed = _clearest(away, len(lp.trains) > MANY)
        before, basis = node, lp.solver.getBasis()
        node = node.with_trains(fixed, np.round(runs[fixed]))
        enter(lp, node)
        if lp.solve() and (lp.cost() > cost * (1 + JUMP) or step % often == 0) and lp.grow_once():
            cost = lp.cost()
        if lp.is_solved and lp.cost() > last * (1 + DEAR):
            doubtful = fixed[-1:]
            other = before.with_trains(doubtful, 1.0 - np.round(runs[doubtful]))
            node = _otherwise(lp, node, other, basis, last * (1 + DEAR))
            cost = lp.cost() if lp.is_solved else cost
        if not lp.is_solved:
            break
        runs = lp.runs()
    return runs


def _clearest(away: Floats, many_trains: bool) -> Ints:
    """Choose trains to fix at once, the clearest first."""
    split = np.flatnonzero(away > SPLIT)
    nearest = split[np.argsort(away[split], kind="stable")]
    at_once, up = (AT_ONCE_MANY, UP_MANY) if many_trains else (AT_ONCE, UP)
    return nearest[: max(1, len(split) // at_once, int((away[split] <= up).sum()))]


def _otherwise(lp: Growing, node: Node, other: Node, basis: highspy.HighsBasis, most: float) -> Node:
    """Let counts rise, then try another node from a basis; answer the cheaper, solved unless a relaxation failed."""
    sizes = np.array([len(g) for g in lp.program.groups], np.float64)
    if (node.count_upper < sizes).any():
        node = replace(node, count_upper=sizes)
        enter(lp, node)
        if not lp.solve() or lp.cost() <= most:
            return node
    cost, stands = lp.cost(), lp.solver.getBasis()
    other = replace(other, count_upper=sizes)
    enter(lp, other, basis)
    if not (lp.solve() and lp.grow_once()) or lp.cost() < cost:
        return other
    enter(lp, node, stands)
    lp.solve()
    return node


def search(
    lp: Growing, node: Node, basis: highspy.HighsBasis, cutoff: float, most_nodes: int, limit: Limit
) -> Found | None:
    """Look depth first for whole trains that cost less than `cutoff`; counts are made whole before trains.

    Notes
    -----
    No ways are brought in, so what it cuts off may be good: it proves nothing.
    """
    best: Found | None = None
    stack: list[tuple[Node, highspy.HighsBasis]] = [(node, basis)]
    stands = None
    for _ in range(most_nodes):
        if not stack or limit.is_over():
            break
        node, basis = stack.pop()
        enter(lp, node, None if basis is stands else basis)
        stands = None
        if not lp.solve(cutoff) or lp.cost() >= cutoff:
            continue
        runs = lp.runs()
        away = np.where(node.train_lower < node.train_upper, np.abs(runs - np.round(runs)), 0.0)
        if away.max(initial=0.0) <= SPLIT:
            if not lp.lacking().any():
                best = Found(lp.cost(), np.round(runs))
                cutoff = best.cost * (1 - SPLIT)
            continue
        stands = lp.solver.getBasis()
        stack += [(child, stands) for child in reversed(_children(lp, node, runs, away))]
    return best


def _children(lp: Growing, node: Node, runs: Floats, away: NDArray[np.float64]) -> list[Node]:
    """Split a node in two, the more promising first."""
    sums = count_sums(lp)
    part = np.abs(sums - np.round(sums))
    if part.max(initial=0.0) > SPLIT_COUNT:
        g = int(np.argmax(part))
        up = node.with_count(g, least=float(np.ceil(sums[g])))
        down = node.with_count(g, most=float(np.floor(sums[g])))
        return [up, down] if sums[g] - np.floor(sums[g]) >= 0.5 else [down, up]
    fixed = np.flatnonzero((away > SPLIT) & (away <= UP))
    if len(fixed) < 2:
        fixed = np.array([np.argmin(np.where(away > SPLIT, away, 9.0))])
    doubtful = fixed[[np.argmax(away[fixed])]]
    other = node.with_trains(doubtful, 1.0 - np.round(runs[doubtful]))
    return [node.with_trains(fixed, np.round(runs[fixed])), other]
