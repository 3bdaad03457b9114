"""Whole rides, or whole trains, over the ways of a large plain case."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from landport.assemble.hot import Floats, Ints, as_lp, quiet
from landport.assemble.plain_boarding import Boarding, as_kinds
from landport.assemble.plain_program import PlainProgram, lay_out
from landport.assemble.plain_ways import Network, Ways
from landport.assemble.whole import SCALE_TO, checked


@dataclass(frozen=True, slots=True)
class Choice:
    """Ways to choose from, with limits.

    Parameters
    ----------
    riders
        Of each way: how many ride, -1: free.
    lower, upper
        Of each train.
    links
        Kinds and trains whose link is a row, shape (l, 2).
    """

    ways: Ways
    riders: Floats
    lower: Floats
    upper: Floats
    links: Ints


@dataclass(frozen=True, slots=True)
class Chosen:
    """Riders of ways, containers of each kind that stay, and how far trains run."""

    riders: Floats
    left: Floats
    runs: Floats
    cost: float


def choose(
    board: Boarding, choice: Choice, *, whole_rides: bool, options: dict[str, float | int | str], seed: int
) -> Chosen | None:
    """Choose with HiGHS; None: it found nothing.

    Parameters
    ----------
    whole_rides
        Riders are whole; else only trains are.
    """
    p = lay_out(board.net, choice.ways).program
    n_waits, n_kinds, n_ways = len(board.waits), len(board.net.count), len(choice.ways.kind)
    rows = np.concatenate([board.waits, board.waits + 1])
    of = np.concatenate([np.arange(n_waits)] * 2)
    values = np.concatenate([np.ones(n_waits), -np.ones(n_waits)])
    waits = sparse.csc_matrix((values, (rows, of)), shape=(p.matrix.shape[0], n_waits))
    matrix = sparse.hstack([p.matrix, waits]).tocsr()
    links = _links(board, choice, p.trains, matrix.shape[1])
    matrix = sparse.vstack([matrix, links]).tocsc()
    low = np.concatenate([p.row_lower, np.full(links.shape[0], -np.inf)])
    high = np.concatenate([p.row_upper, np.zeros(links.shape[0])])
    lower = np.zeros(matrix.shape[1])
    upper = np.concatenate([board.ready[choice.ways.kind], board.net.count, np.ones(len(p.trains)), np.full(n_waits, np.inf)])
    fixed = np.flatnonzero(choice.riders >= 0)
    lower[fixed] = upper[fixed] = choice.riders[fixed]
    lower[p.trains], upper[p.trains] = choice.lower, choice.upper
    cost = np.concatenate([p.cost, board.wait_micros])
    lp = as_lp(cost * SCALE_TO, lower, upper, matrix, low, high, whole=whole_rides)
    if not whole_rides:
        kinds = np.zeros(len(cost), np.bool_)
        kinds[p.trains] = True
        var = highspy.HighsVarType
        lp.integrality_ = [var.kInteger if w else var.kContinuous for w in kinds.tolist()]
    solver = quiet({}, seed)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    x = np.array(solver.getSolution().col_value)
    return Chosen(x[:n_ways], x[n_ways : n_ways + n_kinds], x[p.trains], float(cost @ x))


def _links(board: Boarding, choice: Choice, trains: Ints, width: int) -> sparse.csr_matrix:
    """Lay out the links asked for, as far as ways of theirs are there."""
    n_trains, ways = len(trains), choice.ways
    service = np.flatnonzero([s.is_decided for s in board.net.services])
    train_of = np.full(len(board.net.services) + 1, -1, np.int64)
    train_of[service] = np.arange(n_trains)
    wanted = np.unique(choice.links[:, 0] * n_trains + choice.links[:, 1])
    way, leg = np.nonzero(train_of[ways.legs] >= 0)
    keys = ways.kind[way] * n_trains + train_of[ways.legs[way, leg]]
    row = np.searchsorted(wanted, keys)
    there = row < len(wanted)
    there[there] = wanted[row[there]] == keys[there]
    rows = np.concatenate([row[there], np.arange(len(wanted))])
    columns = np.concatenate([way[there], trains[wanted % max(1, n_trains)]])
    values = np.concatenate([np.ones(int(there.sum())), -board.ready[wanted // max(1, n_trains)].astype(np.float64)])
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(wanted), width))


def plan_of(
    net: Network, board: Boarding, ways: Ways, riders: Ints, left: Ints, runs: Ints
) -> tuple[float, PlainProgram, Ints] | None:
    """Say who rides, and answer cost, program and plan if it keeps every row; `ways` by the kind they begin with."""
    whose, many = as_kinds(net, board, ways, riders, left)
    laid = lay_out(net, whose)
    stay = net.count - np.bincount(whose.kind, many, len(net.count)).astype(np.int64)
    x = np.concatenate([many, stay, runs]).astype(np.float64)
    plan = checked(laid.program, np.arange(len(x)), x)
    return None if plan is None else (float(laid.program.cost @ plan), laid, plan)
