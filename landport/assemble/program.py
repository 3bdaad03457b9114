"""Run-or-cancel and who rides where as one program: columns, rows, costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from landport.assemble.batches import Ints, Option, Problem
from landport.assemble.binding import binding
from landport.assemble.pairing import Pairing, pairing


@dataclass(frozen=True, slots=True)
class Columns:
    """The program as arrays: columns are options of batches, then one for leaving each batch, then trains.

    Parameters
    ----------
    batch, option
        Of each option column.
    lower, upper
        Least and most of each column.
    matrix, row_lower, row_upper
        Rows: each batch whole; limits; minimum loads; caps; what trains turned out not to take.
    links
        More rows, each <= 0 in any plan: a batch's boxes on a train, less their number if it runs. Too many to carry
        along; `flow` adds those that a relaxation breaks.
    aside
        Shape (n, 2): row and column of entries of minimum rows that ride past the train's main leg. The minimum is one
        of the fullest leg, whichever that is: all riders together bound it, those of the main leg make sure of it.
    pairing
        Rides of 20-ft boxes that need a mate.
    groups, group_names
        Numbers of trains whose count is worth branching on: all, those of one kind, start, end or service; and which.
    trains
        Departures.
    limits, n_rows
        Limits that are rows here: their numbers in `Resources.rows`, and how many there are.
    linked
        Shape (n, 2): batch and train of each link.
    """

    batch: Ints
    option: Ints
    cost: Ints
    lower: Ints
    upper: Ints
    matrix: sparse.csc_matrix
    row_lower: Ints
    row_upper: Ints
    n_options: int
    n_batches: int
    n_limits: int
    n_trains: int
    links: sparse.csr_matrix
    aside: Ints
    pairing: Pairing
    groups: tuple[Ints, ...]
    group_names: tuple[tuple[str, str], ...]
    trains: tuple[str, ...]
    limits: Ints
    n_rows: int
    linked: Ints


INF = 1 << 50
"""Row side without a limit."""


def columns(problem: Problem) -> Columns:
    """Lay out costs, limits and the constraint matrix."""
    pairs = [(b, o) for b, batch in enumerate(problem.batches) for o in range(len(batch.options))]
    n, n_batches, trains = len(pairs), len(problem.batches), list(problem.decided)
    train_of = {d: i for i, d in enumerate(trains)}
    triples: list[tuple[int, int, int]] = []
    lower: list[int] = []
    upper: list[int] = []

    def row(low: int, high: int) -> int:
        lower.append(low)
        upper.append(high)
        return len(lower) - 1

    for batch in problem.batches:
        row(len(batch.containers), len(batch.containers))
    triples += [(b, j, 1) for j, (b, _) in enumerate(pairs)]
    triples += [(b, n + b, 1) for b in range(n_batches)]
    counts = [len(problem.batches[b].containers) for b, _ in pairs] + [len(x.containers) for x in problem.batches]
    limits = _binding(problem, pairs, train_of)
    triples += _limits(problem, limits, pairs, train_of, row)
    least = {d: row(0, INF) for d in trains}
    triples += [(least[d], n + n_batches + train_of[d], -problem.min_teu(d)) for d in trains]
    for j, (b, o) in enumerate(pairs):
        batch = problem.batches[b]
        triples += [(least[d], j, batch.teu) for d in batch.options[o].trains]
    for cap in problem.caps:
        r = row(-INF, cap.most)
        triples += [(r, n + n_batches + train_of[d], 1) for d in cap.departure_ids]
    triples += _cuts(problem, pairs, n + n_batches, row)
    costs = [problem.batches[b].options[o].usd_cents for b, o in pairs]
    costs += [batch.left_cents for batch in problem.batches] + [problem.fixed_cents(d) for d in trains]
    entries = np.array(triples, np.int64).reshape(-1, 3)
    shape = (len(lower), n + n_batches + len(trains))
    matrix = sparse.csc_matrix((entries[:, 2].astype(float), (entries[:, 0], entries[:, 1])), shape=shape)
    links, linked = _links(problem, pairs, train_of)
    groups = _groups(problem)
    return Columns(
        batch=np.array([b for b, _ in pairs], np.int64),
        option=np.array([o for _, o in pairs], np.int64),
        cost=np.array(costs, np.int64),
        lower=np.array([*(0 for _ in counts), *(int(d in problem.must_run) for d in trains)], np.int64),
        upper=np.array([*counts, *(1 for _ in trains)], np.int64),
        matrix=matrix,
        row_lower=np.array(lower, np.int64),
        row_upper=np.array(upper, np.int64),
        n_options=n,
        n_batches=n_batches,
        n_limits=len(limits),
        limits=limits,
        n_rows=len(problem.resources.rows),
        n_trains=len(trains),
        links=links,
        aside=_aside(problem, pairs, least),
        pairing=pairing(problem, pairs),
        groups=tuple(np.array(of, np.int64) for of in groups),
        group_names=tuple(groups.values()),
        trains=tuple(trains),
        linked=linked,
    )


def _binding(problem: Problem, pairs: list[tuple[int, int]], train_of: dict[str, int]) -> Ints:
    rows = problem.resources.rows
    return binding(
        [problem.batches[b].options[o].uses for b, o in pairs],
        np.array([b for b, _ in pairs], np.int64),
        np.array([len(batch.containers) for batch in problem.batches], np.int64),
        np.array([row.room for row in rows], np.int64),
        {r: train_of[row.departure_id] for r, row in enumerate(rows) if row.departure_id in train_of},
    )


def _limits(
    problem: Problem,
    limits: Ints,
    pairs: list[tuple[int, int]],
    train_of: dict[str, int],
    row: Callable[[int, int], int],
) -> Iterator[tuple[int, int, int]]:
    """Lay out limits: what rides take, at most the room there is, on trains of tonight if they run."""
    first_train, row_of = len(pairs) + len(problem.batches), dict[int, int]()
    for number in limits.tolist():
        limit = problem.resources.rows[number]
        train = train_of.get(limit.departure_id)
        row_of[number] = row(-INF, 0 if train is not None else limit.room)
        if train is not None:
            yield row_of[number], first_train + train, -limit.room
    for j, (b, o) in enumerate(pairs):
        yield from ((row_of[r], j, amount) for r, amount in problem.batches[b].options[o].uses.items() if r in row_of)


def _cuts(
    problem: Problem, rides: list[tuple[int, int]], first_train: int, row: Callable[[int, int], int]
) -> Iterator[tuple[int, int, int]]:
    """Lay out what trains turned out not to take: weights of those on the first leg, at most so much if it runs."""
    trains = {d: i for i, d in enumerate(problem.decided)}
    for cut in problem.cuts:
        if cut.departure_id not in trains:
            continue
        r = row(-INF, 0)
        yield r, first_train + trains[cut.departure_id], -cut.most
        for j, (b, o) in enumerate(rides):
            weight = cut.weights.get(problem.batches[b].containers[0].container_id, 0)
            if weight and 1 in _legs(problem.batches[b].options[o]).get(cut.departure_id, ()):
                yield r, j, weight


def _groups(problem: Problem) -> dict[tuple[int, ...], tuple[str, str]]:
    """Name the sets of two trains or more that are alike in something, each once, the largest first."""
    found: dict[tuple[str, str], list[int]] = {}
    for train, departure_id in enumerate(problem.decided):
        service = problem.resources.pricing.service(departure_id)
        ends = ("from", service.legs[0].from_id), ("to", service.legs[-1].to_id)
        for name in (("all", ""), ("kind", service.group), *ends, ("service", service.service_id)):
            found.setdefault(name, []).append(train)
    sets = {tuple(trains): name for name, trains in reversed(found.items()) if len(trains) > 1}
    return dict(sorted(sets.items(), key=lambda s: (-len(s[0]), s[0])))


def _aside(problem: Problem, pairs: list[tuple[int, int]], least: dict[str, int]) -> Ints:
    rides = [(j, d, legs) for j, (b, o) in enumerate(pairs) for d, legs in _legs(problem.batches[b].options[o]).items()]
    demand: dict[str, dict[int, int]] = {d: {} for d in least}
    for j, d, legs in rides:
        batch = problem.batches[pairs[j][0]]
        for seq in legs if d in least else ():
            demand[d][seq] = demand[d].get(seq, 0) + batch.teu * len(batch.containers)
    main = {d: max(of, key=lambda seq: (of[seq], -seq)) for d, of in demand.items() if of}
    return np.array([(least[d], j) for j, d, legs in rides if d in main and main[d] not in legs], np.int64).reshape(
        -1, 2
    )


def _legs(option: Option) -> dict[str, range]:
    return {s.departure_id: range(s.first_leg, s.last_leg + 1) for s in option.way.stretches if s.departure_id}


def _links(problem: Problem, pairs: list[tuple[int, int]], train_of: dict[str, int]) -> tuple[sparse.csr_matrix, Ints]:
    rows: dict[tuple[int, int], int] = {}
    first_train = len(pairs) + len(problem.batches)
    triples = []
    for j, (b, o) in enumerate(pairs):
        for d in problem.batches[b].options[o].trains:
            row = rows.setdefault((b, train_of[d]), len(rows))
            triples.append((row, j, 1))
    triples += [(row, first_train + t, -len(problem.batches[b].containers)) for (b, t), row in rows.items()]
    entries = np.array(triples, np.int64).reshape(-1, 3)
    shape = (len(rows), first_train + len(train_of))
    links = sparse.csr_matrix((entries[:, 2].astype(float), (entries[:, 0], entries[:, 1])), shape=shape)
    return links, np.array(list(rows), np.int64).reshape(-1, 2)
