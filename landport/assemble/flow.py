"""Deciding trains and rides of a week: a relaxation that proves a bound, a dive that finds a plan, branch and bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from landport.assemble._bound import least_whole
from landport.assemble.batches import Floats, Ints, Option
from landport.assemble.branching import branch
from landport.assemble.hot import Hot, Program
from landport.assemble.program import Columns
from landport.assemble.restart import Basis, basis_of, begin_at, bound_by
from landport.assemble.rides import WholeRides, row_scale, sides
from landport.errors import Remark
from landport.model.result import Limit

REL_GAP = {1: 5e-3, 10: 2e-3, 100: 1e-4}
"""A plan this close to the bound is good enough, by effort (the next lower one that is named)."""

ROUNDS = 20
"""Most rounds of adding broken links to the relaxation."""

ITERATIONS = 6_000
"""Simplex iterations of branch and bound for one unit of effort, in a program of `USUAL` columns."""

DIVING = 30_000
"""Simplex iterations that are always there beside, for the first plan."""

USUAL = 50_000
"""Columns of a usual week; in larger programs every iteration counts for more."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What rows are worth in the relaxation, in US cents.

    Parameters
    ----------
    batch
        Of serving one more container, shape (n_batches,).
    limit, least
        Of one unit of each row of limits, at most 0, and of one TEU towards each train's minimum, at least 0.
    link
        Of one more container of a batch on a train (batch, train), at most 0.
    cap
        Of one more train under each cap on trains, at most 0.
    """

    batch: Floats
    limit: Floats
    least: Floats
    link: Mapping[tuple[int, int], float]
    cap: Floats = field(default_factory=lambda: np.zeros(0))

    def reduced(self, option: Option, batch: int, teu: int, trains: Mapping[str, int]) -> float:
        """US cents by which an option costs more than the relaxation would pay for serving its batch.

        Rows that came after the relaxation have no price yet.
        """
        limits = sum(amount * self.limit[row] for row, amount in option.uses.items() if row < len(self.limit))
        least = sum(teu * self.least[trains[d]] for d in option.trains if d in trains)
        link = sum(self.link.get((batch, trains[d]), 0.0) for d in option.trains if d in trains)
        return float(option.usd_cents - self.batch[batch] - limits - least - link)


@dataclass(frozen=True, slots=True)
class Flow:
    """An answer: how many of each batch take which option, and which trains run.

    Parameters
    ----------
    x
        Value of each column of `Columns`, whole.
    bound
        US cents no choice of the options costs less than.
    relaxed
        The bound that the row prices give, before any branching.
    basis
        How the relaxation ended; None: it did not.
    """

    x: Ints
    bound: int
    relaxed: float
    prices: Prices
    basis: Basis | None = None
    remarks: tuple[Remark, ...] = ()


def rel_gap(effort: int) -> float:
    """Gap at which a plan made with an effort counts as close enough."""
    return min(gap for least, gap in REL_GAP.items() if least <= max(1, effort))


def solve(c: Columns, *, limit: Limit, seed: int, before: Basis | None = None) -> Flow:
    """Decide trains and rides.

    Parameters
    ----------
    limit
        Effort counts `ITERATIONS` simplex iterations of branch and bound; the first plan has some more. When the
        seconds are over, the best plan at hand is answered.
    before
        How a relaxation of fewer ways ended; None: this one begins afresh.

    Notes
    -----
    The relaxation is tightened by the links it breaks and solved again; its row prices give the bound. Then `branch`
    dives for a plan and goes on over counts of trains of one service, one direction, one end. One thread, and no clock
    unless the limit has seconds: the same program gives the same answer.
    """
    program = as_program(c)
    hot = Hot(program, limit, seed)
    relaxed = _relax(c, hot, ROUNDS, before)
    prices, basis = _worth(c, hot), basis_of(c, hot)
    budget = max(1, round(limit.effort * ITERATIONS * min(1.0, USUAL / max(1, len(c.cost)))))
    answer = branch(
        program,
        _greedy(c),
        WholeRides(c, hot, limit, rel_gap(limit.effort) / 2, seed),
        limit=limit,
        gap=rel_gap(limit.effort),
        most_iterations=hot.iterations + DIVING + budget,
        seed=seed,
        hot=hot,
    )
    remarks: tuple[Remark, ...] = ()
    if answer.unclear:
        text = f"HiGHS ended {answer.unclear:,} relaxations without an answer; their bounds were kept"
        remarks = (Remark("solver-unclear", text),)
    bound = least_whole(max(answer.bound, relaxed))
    return Flow(x=answer.x, bound=bound, relaxed=relaxed, prices=prices, basis=basis, remarks=remarks)


def relax(c: Columns, *, limit: Limit, seed: int, before: Basis | None = None) -> tuple[Prices, Basis | None]:
    """Price every row by the relaxation, with a few of the links that it breaks; tell how it ended."""
    hot = Hot(as_program(c), limit, seed)
    _relax(c, hot, 3, before)
    return _worth(c, hot), basis_of(c, hot) or before


def _relax(c: Columns, hot: Hot, rounds: int, before: Basis | None) -> float:
    """Solve the relaxation, from where one before it ended; answer the best bound that prices give."""
    known = 0.0
    if before is not None:
        begin_at(c, hot, before)
        known = bound_by(c, hot, before)
    if hot.solve_surely() == "solved":
        hot.tighten(rounds)
    return max(0.0, known, hot.bound())


def as_program(c: Columns) -> Program:
    """Hand the columns over as one run-or-cancel program; trains that must run get a row each."""
    scale, (low, high) = row_scale(c), sides(c)
    trains = np.arange(c.n_options + c.n_batches, len(c.cost))
    must = trains[c.lower[trains] > 0]
    forced = sparse.csr_matrix((np.ones(len(must)), (np.arange(len(must)), must)), shape=(len(must), len(c.cost)))
    return Program(
        cost=c.cost.astype(float),
        upper=c.upper.astype(float),
        matrix=sparse.vstack([sparse.diags(scale) @ c.matrix, forced]).tocsc(),
        row_lower=np.concatenate([low * scale, np.ones(len(must))]),
        row_upper=np.concatenate([high * scale, np.full(len(must), np.inf)]),
        links=c.links,
        trains=trains,
        groups=c.groups,
    )


def _worth(c: Columns, hot: Hot) -> Prices:
    """Sort the row prices by what they are of; those of a sign that bounds nothing count 0, as in the bound."""
    m = c.matrix.shape[0]
    rows = np.array(hot.solver.getSolution().row_dual) / hot.scale
    if len(rows) < m:
        rows = np.zeros(m + len(hot.links))
    prices = rows[:m] * row_scale(c)
    limits, leasts = c.n_batches + c.n_limits, c.n_batches + c.n_limits + c.n_trains
    of_links = rows[len(rows) - len(hot.links) :].tolist()
    link = {(b, t): min(0.0, p) for (b, t), p in zip(c.linked[hot.links].tolist(), of_links, strict=True)}
    of_rows = np.zeros(c.n_rows)
    of_rows[c.limits] = np.minimum(prices[c.n_batches : limits], 0.0)
    return Prices(
        batch=prices[: c.n_batches].copy(),
        limit=of_rows,
        least=np.maximum(prices[limits:leasts], 0.0),
        link=link,
        cap=np.minimum(prices[leasts:], 0.0),
    )


def _greedy(c: Columns) -> Ints:
    """Let as many trains run as limits on trains allow, and leave every box: `repair` makes a plan of that."""
    x = np.zeros(len(c.cost), np.int64)
    first = c.n_options + c.n_batches
    x[c.n_options : first] = c.upper[c.n_options : first]
    caps = c.matrix[c.n_batches + c.n_limits + c.n_trains :].tocsr()
    most = c.row_upper[c.n_batches + c.n_limits + c.n_trains :]
    must = (c.lower[first:] > 0).astype(np.int64)
    x[first:] = must
    for train in np.flatnonzero(must == 0).tolist():
        x[first + train] = 1
        if (caps @ x > most).any():
            x[first + train] = 0
    return x
