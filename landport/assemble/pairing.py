"""Mates for 20-ft boxes: which boxes of a train need one, and rows that give them one when rides are made whole."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from scipy import sparse

from landport.assemble.batches import Batch, Floats, Ints, Problem

MATES = 6
"""Heavier batches that the boxes of one may find a mate in."""

ANY_KG = 1 << 40


@dataclass(frozen=True, slots=True)
class Pairing:
    """Ride columns of 20-ft boxes that stand in pairs on a train formed by this plan.

    Parameters
    ----------
    column
        The rides, shape (k,).
    group
        The train and the stop at which they get off, numbered, shape (k,).
    train
        Number of the train of each group.
    apart_kg
        Most that the two of a pair may differ by, of each group.
    gross_kg
        Of one box, by batch.
    """

    column: Ints
    group: Ints
    train: Ints
    apart_kg: Ints
    gross_kg: Ints


@dataclass(frozen=True, slots=True)
class Mates:
    """Further columns and rows of a program: pairs, and boxes without a mate.

    Parameters
    ----------
    cost
        Of the further columns: nothing for a pair, for a box without a mate what leaving it weighs.
    rides
        Matrix (rows, n) over the columns of the program: boxes of a batch that ride in a group.
    pairs
        Matrix (rows, further columns); `rides @ x + pairs @ further` is 0 in each row.
    """

    cost: Floats
    rides: sparse.csc_matrix
    pairs: sparse.csc_matrix


def pairing(problem: Problem, rides: list[tuple[int, int]]) -> Pairing:
    """List the rides whose boxes need a mate.

    Parameters
    ----------
    rides
        Batch and option of each ride column.
    """
    groups: dict[tuple[str, str], int] = {}
    apart: dict[str, int | None] = {}
    trains = {d: i for i, d in enumerate(problem.decided)}
    column, group = [], []
    for j, (b, o) in enumerate(rides):
        if not _is_twenty(problem, problem.batches[b]):
            continue
        for s in problem.batches[b].options[o].way.stretches:
            if s.departure_id not in trains or s.first_leg != 1:
                continue
            if s.departure_id not in apart:
                apart[s.departure_id] = _apart_kg(problem, s.departure_id)
            if apart[s.departure_id] is not None:
                column.append(j)
                group.append(groups.setdefault((s.departure_id, s.to_id), len(groups)))
    return Pairing(
        column=np.array(column, np.int64),
        group=np.array(group, np.int64),
        train=np.array([trains[d] for d, _ in groups], np.int64),
        apart_kg=np.array([apart[d] or 0 for d, _ in groups], np.int64),
        gross_kg=np.array([batch.containers[0].gross_kg for batch in problem.batches], np.int64),
    )


def _is_twenty(problem: Problem, batch: Batch) -> bool:
    return problem.resources.pricing.container_types[batch.containers[0].container_type].length_ft == 20


def _apart_kg(problem: Problem, departure_id: str) -> int | None:
    """Most kg that a pair on a train may differ by; None: its 20-ft boxes need no mate, or it is formed elsewhere."""
    resources = problem.resources
    if not resources.is_formed_here(departure_id):
        return None
    run, leg = resources.pricing.departures[departure_id], resources.pricing.service(departure_id).legs[0]
    on, rules = resources.on(run, leg), resources.pricing.rules
    if not rules.limits(leg.train_class, "pair_required_20ft", on):
        return None
    limits = rules.limits(leg.train_class, "max_pair_difference_kg", on)
    return min((r.greatest() // 1000 for r in limits), default=ANY_KG)


def mates(p: Pairing, batch: Ints, left_cents: Ints, runs: Ints) -> Mates:
    """Lay out rows that pair the boxes of the trains that run.

    Parameters
    ----------
    batch
        Of each ride column; columns after these are no rides.
    left_cents
        Weight of leaving a box, by batch.
    runs
        1 for each train that runs.

    Notes
    -----
    A batch finds mates in itself and in the next `MATES` heavier ones of its group, as far as masses allow. A box may
    stay without a mate at a price, so that there is always an answer.
    """
    cost: list[float] = []
    rides: list[tuple[int, int]] = []
    pairs: list[tuple[int, int, int]] = []
    n_rows = 0
    here = [i for i in np.argsort(p.group, kind="stable").tolist() if runs[p.train[p.group[i]]]]
    for g, members in groupby(here, key=lambda i: int(p.group[i])):
        columns: dict[int, list[int]] = {}
        for i in members:
            columns.setdefault(int(batch[p.column[i]]), []).append(int(p.column[i]))
        ordered = sorted(columns, key=lambda b: (int(p.gross_kg[b]), b))
        row_of = {b: n_rows + i for i, b in enumerate(ordered)}
        n_rows += len(ordered)
        for i, b in enumerate(ordered):
            rides += [(row_of[b], j) for j in columns[b]]
            pairs += [(row_of[b], len(cost), -1), (row_of[b], len(cost) + 1, -2)]
            cost += [float(left_cents[b]), 0.0]
            for other in ordered[i + 1 : i + 1 + MATES]:
                if p.gross_kg[other] - p.gross_kg[b] <= p.apart_kg[g]:
                    pairs += [(row_of[b], len(cost), -1), (row_of[other], len(cost), -1)]
                    cost.append(0.0)
    n = len(batch)
    at = np.array(rides, np.int64).reshape(-1, 2)
    entries = np.array(pairs, np.int64).reshape(-1, 3)
    return Mates(
        cost=np.array(cost),
        rides=sparse.csc_matrix((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=(n_rows, n)),
        pairs=sparse.csc_matrix((entries[:, 2].astype(float), (entries[:, 0], entries[:, 1])), (n_rows, len(cost))),
    )
