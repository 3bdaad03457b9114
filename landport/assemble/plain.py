"""The plain assembly format: which trains of the hub run, and who rides what."""

from __future__ import annotations

import numpy as np

from landport.assemble._bound import least_whole
from landport.assemble.branching import branch
from landport.assemble.hot import Ints
from landport.assemble.plain_large import solve as solve_large
from landport.assemble.plain_program import PlainProgram, lay_out
from landport.assemble.plain_reasons import left_behind
from landport.assemble.plain_ways import FAR, Network, all_within, network
from landport.assemble.whole import whole_rides
from landport.errors import Remark
from landport.model.plain_assembly import PlainCase, PlainPlan, Shipped
from landport.model.result import Limit, Result, why_stopped

GAP = 1e-4
"""Share of the cost by which a proved bound may stay below."""

ITERATIONS = 2_000_000
"""Simplex iterations of one unit of effort, where all ways are listed."""

SOLVES = 100
"""Relaxations solved after the first plan for one unit of effort, where ways come in by price."""

SMALL_KINDS, SMALL_WAYS = 2_500, 100_000
"""Most kinds of containers, and most ways, of a case whose ways are all listed."""


def plan(case: PlainCase, *, limit: Limit, seed: int = 0) -> Result[PlainPlan]:
    """Decide trains and rides of a plain case.

    Parameters
    ----------
    limit
        One unit of effort is `ITERATIONS` simplex iterations, in cases beyond `SMALL_KINDS` or `SMALL_WAYS` `SOLVES`
        relaxations after the first plan. Seconds are kept besides; what is left of them then makes the plan whole.

    Returns
    -------
    Result[PlainPlan]
        Cost and bound in whole micros. A plan is always there: at worst it leaves everybody.

    Notes
    -----
    Small cases: all ways as columns, branch and bound over counts of trains and trains (see `branching`). Large ones:
    ways come in by price, a dive makes a plan, its trains are mended (see `plain_large`). Bounds are counted anew from
    row prices. One thread; no clock unless the limit has seconds.
    """
    net = network(case)
    if len(net.kinds) <= SMALL_KINDS:
        ways = all_within(net, net.prices, np.full(len(net.kinds), FAR // 2))
        if len(ways.kind) <= SMALL_WAYS:
            return _small(lay_out(net, ways), limit, seed)
    return _large(net, limit, seed)


def _small(laid: PlainProgram, limit: Limit, seed: int) -> Result[PlainPlan]:
    answer = branch(
        laid.program,
        laid.nothing(),
        whole_rides(laid.program, limit, seed, GAP / 10),
        limit=limit,
        gap=GAP,
        most_iterations=max(1, limit.effort) * ITERATIONS,
        seed=seed,
    )
    return _result(laid, answer.x, answer.bound, answer.unclear, limit.is_over(), seed)


def _large(net: Network, limit: Limit, seed: int) -> Result[PlainPlan]:
    answer = solve_large(net, limit=limit, seed=seed, gap=GAP, most_solves=max(1, limit.effort) * SOLVES)
    return _result(answer.laid, answer.x, answer.bound, answer.failed, answer.is_cut, seed)


def _result(laid: PlainProgram, x: Ints, proved: float, unclear: int, is_over: bool, seed: int) -> Result[PlainPlan]:
    cost = int(_micros(laid) @ x)
    step = _step(laid.net)
    bound = min(cost, max(0, least_whole(proved, step)))
    remarks = []
    if unclear:
        message = f"HiGHS ended {unclear:,} relaxations without an answer; their bounds were kept"
        remarks.append(Remark("solver-unclear", message))
    return Result(
        plan=as_plan(laid, x),
        cost=cost,
        bound=bound,
        stopped=why_stopped(cost, bound, gap=GAP, is_over=is_over),
        seed=seed,
        remarks=tuple(remarks),
    )


def _micros(laid: PlainProgram) -> Ints:
    """Answer the cost of each column in whole micros: of great prices the sum of floats would not be exact."""
    fixed = np.array([laid.net.services[s].fixed_micros for s in laid.trains], np.int64)
    return np.concatenate([laid.ways.micros, laid.net.left_micros, fixed])


def _step(net: Network) -> int:
    """Answer what divides every cost: bounds are rounded up to it."""
    hours = net.kinds[:, 6:8].ravel()
    fixed = np.array([s.fixed_micros for s in net.services], np.int64)
    return int(np.gcd.reduce(np.concatenate([net.prices, hours, fixed, net.left_micros]), initial=0)) or 1


def as_plan(laid: PlainProgram, x: Ints) -> PlainPlan:
    """Give the containers of each kind to its bookings in turn, the first booked first."""
    net, ways = laid.net, laid.ways
    runs = {int(s) for s, on in zip(laid.trains, x[laid.program.trains], strict=True) if on}
    waiting = [[b.containers for b in bookings] for bookings in net.bookings]
    shipped = []
    for w in np.flatnonzero(x[: len(ways.kind)]).tolist():
        kind, many = int(ways.kind[w]), int(x[w])
        ids = tuple(net.services[s].service_id for s in ways.legs[w].tolist() if s >= 0)
        for i, booking in enumerate(net.bookings[kind]):
            taken = min(many, waiting[kind][i])
            if taken:
                shipped.append(Shipped(booking_id=booking.booking_id, containers=taken, service_ids=ids))
            waiting[kind][i] -= taken
            many -= taken
    order = {booking.booking_id: i for i, booking in enumerate(b for group in net.bookings for b in group)}
    return PlainPlan(
        run=tuple(sorted(net.services[s].service_id for s in runs)),
        ship=tuple(sorted(shipped, key=lambda s: (order[s.booking_id], s.service_ids))),
        left=left_behind(net, _used(net, laid, x), runs, waiting),
    )


def _used(net: Network, laid: PlainProgram, x: Ints) -> Ints:
    """Count the riders of each service."""
    legs = laid.ways.legs
    riders = np.repeat(x[: len(legs)], legs.shape[1]) if legs.size else np.zeros(0, np.int64)
    flat = legs.ravel()
    return np.bincount(flat[flat >= 0], riders[flat >= 0], len(net.services)).astype(np.int64)
