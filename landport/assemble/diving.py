"""First choices of trains: a dive down the relaxation, then single trains and pairs turned over while that pays."""

from __future__ import annotations

import numpy as np

from landport.assemble.hot import Floats, Hot, Ints, Node

NEAR = 0.1
"""Trains this near to running or not are fixed together."""

MOVES = 60
"""Most moves tried from one choice of trains, best estimate first."""

MOVE_ITERATIONS = 150
"""Simplex iterations of one move."""


def dive(hot: Hot) -> Ints | None:
    """Fix trains as the relaxation leans until all are whole; answer 0 or 1 for each, shape (t,), or None.

    Notes
    -----
    A step that leaves no answer is turned over once.
    """
    node, trains = hot.node, hot.program.trains
    while True:
        runs = hot.x()[trains]
        away = np.abs(runs - np.round(runs))
        is_split = away > 1e-6
        if not is_split.any():
            return np.round(runs).astype(np.int64)
        fixed = np.flatnonzero(is_split & (away <= NEAR))
        if not len(fixed):
            fixed = np.array([np.argmin(np.where(is_split, away, 9.0))])
        values = np.round(runs[fixed])
        if _enter(hot, node.with_trains(fixed, values)) != "solved" and (
            hot.limit.is_over() or _enter(hot, node.with_trains(fixed, 1.0 - values)) != "solved"
        ):
            return None
        node = hot.node


def _enter(hot: Hot, node: Node) -> str:
    hot.enter(node)
    return hot.solve_surely()


def improve(hot: Hot, runs: Ints) -> Ints:
    """Turn single trains over, or one for another of its group, while the relaxed cost falls.

    Notes
    -----
    Moves are tried in order of what the reduced costs of the trains promise.
    """
    free = hot.node
    groups = _nearest_groups(hot)
    current = runs.astype(np.float64)
    cost = _cost(hot, free, current, np.inf)
    is_better = True
    while is_better and np.isfinite(cost):
        is_better = False
        for move in _moves(hot.train_costs(), current, groups):
            if hot.limit.is_over():
                return current.astype(np.int64)
            other = current.copy()
            other[list(move)] = 1.0 - other[list(move)]
            changed = _cost(hot, free, other, cost * (1 - 1e-6))
            if changed < cost * (1 - 1e-6):
                current, cost, is_better = other, changed, True
                break
    return current.astype(np.int64)


def _cost(hot: Hot, free: Node, runs: Floats, cutoff: float) -> float:
    hot.enter(free.with_trains(np.arange(len(runs)), runs))
    ended = hot.solve(cutoff, MOVE_ITERATIONS) if np.isfinite(cutoff) else hot.solve_surely()
    return float(hot.program.cost @ hot.x()) if ended == "solved" else np.inf


def _nearest_groups(hot: Hot) -> Ints:
    """Answer the smallest group of each train, -1: none."""
    groups = hot.program.groups
    nearest = np.full(len(hot.program.trains), -1, np.int64)
    for g in sorted(range(len(groups)), key=lambda g: -len(groups[g])):
        nearest[groups[g]] = g
    return nearest


def _moves(costs: Floats, runs: Floats, group: Ints) -> list[tuple[int, ...]]:
    gain = np.where(runs > 0.5, -costs, costs)
    moves: list[tuple[float, tuple[int, ...]]] = [(float(gain[t]), (t,)) for t in range(len(runs))]
    for off in np.flatnonzero(runs > 0.5).tolist():
        swaps = np.flatnonzero((runs < 0.5) & (group == group[off]) & (group >= 0)).tolist()
        moves += [(float(gain[off] + gain[on]), (off, on)) for on in swaps]
    return [move for promise, move in sorted(moves) if promise < 0][:MOVES]
