"""Beginning a relaxation where one before it ended, though ways, trains and limits came in since."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import highspy
import numpy as np

from landport.assemble.hot import Hot
from landport.assemble.program import Columns

Name = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """How a relaxation ended: the state of each column and row in its basis, and the price of each row.

    Parameters
    ----------
    links
        Batch and departure of each link that was in it.
    """

    columns: Mapping[Name, highspy.HighsBasisStatus]
    rows: Mapping[Name, highspy.HighsBasisStatus]
    prices: Mapping[Name, float]
    links: tuple[tuple[int, str], ...]


def basis_of(c: Columns, hot: Hot) -> Basis | None:
    """Note down how a relaxation ended, so that a later one can begin there; None: it has not been solved."""
    basis, solution = hot.solver.getBasis(), hot.solver.getSolution()
    columns, rows = list(_columns(c)), list(_rows(c, hot.links))
    if len(basis.col_status) != len(columns) or len(basis.row_status) != len(rows):
        return None
    prices = np.array(solution.row_dual) / hot.scale
    return Basis(
        columns=dict(zip(columns, basis.col_status, strict=True)),
        rows=dict(zip(rows, basis.row_status, strict=True)),
        prices=dict(zip(rows, prices.tolist(), strict=True)) if len(prices) == len(rows) else {},
        links=tuple((b, c.trains[t]) for b, t in c.linked[hot.links].tolist()),
    )


def begin_at(c: Columns, hot: Hot, before: Basis) -> None:
    """Give a relaxation the links that were broken before, and the basis; what came in since is out of it.

    Notes
    -----
    The answer before stays one, only dearer than need be. When what is gone was in the basis, the rest is none: then
    the relaxation begins afresh, links and all.
    """
    number = {(b, c.trains[t]): row for row, (b, t) in enumerate(c.linked.tolist())}
    hot.add_links([number[link] for link in before.links if link in number])
    status = highspy.HighsBasisStatus
    basis = highspy.HighsBasis()
    basis.col_status = [before.columns.get(name, status.kLower) for name in _columns(c)]
    basis.row_status = [before.rows.get(name, status.kBasic) for name in _rows(c, hot.links)]
    both = (*basis.col_status, *basis.row_status)
    if sum(s == status.kBasic for s in both) == len(basis.row_status):
        basis.valid = True
        hot.solver.setBasis(basis)


def bound_by(c: Columns, hot: Hot, before: Basis) -> float:
    """Recompute from the prices before what no answer costs less than."""
    return hot.bound_at(np.array([before.prices.get(name, 0.0) for name in _rows(c, hot.links)]))


def _columns(c: Columns) -> Iterator[Name]:
    yield from (("way", b, o) for b, o in zip(c.batch.tolist(), c.option.tolist(), strict=True))
    yield from (("left", b) for b in range(c.n_batches))
    yield from (("train", d) for d in c.trains)


def _rows(c: Columns, links: list[int]) -> Iterator[Name]:
    """Name the rows as `hot` has them: those of the program, trains that must run, counts, links."""
    yield from (("batch", b) for b in range(c.n_batches))
    yield from (("limit", r) for r in c.limits.tolist())
    yield from (("least", d) for d in c.trains)
    yield from (("more", i) for i in range(c.matrix.shape[0] - c.n_batches - c.n_limits - c.n_trains))
    first = c.n_options + c.n_batches
    yield from (("must", c.trains[t]) for t in np.flatnonzero(c.lower[first:] > 0).tolist())
    yield from (("count", *name) for name in c.group_names)
    yield from (("link", b, c.trains[t]) for b, t in c.linked[links].tolist())
