"""Where containers of a plain case board: those that are ready earlier may wait and ride with the later ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from landport.assemble import _kernel_ways
from landport.assemble.hot import Ints
from landport.assemble.plain_ways import Network, Ways, micros


@dataclass(frozen=True, slots=True)
class Boarding:
    """Kinds that differ in ready hours only, as one stream: each way is listed once, not once a kind.

    Parameters
    ----------
    net
        The case, but ways of a kind begin before the next of its stream is ready: for later ones it waits.
    waits, wait_micros
        Kinds that are followed by the next in their stream, shape (w,), and what waiting for it costs one container.
    ready
        Containers of the stream that are ready with each kind, itself included, shape (k,).
    """

    net: Network
    waits: Ints
    wait_micros: Ints
    ready: Ints

    def with_waits(self, costs: Ints) -> Ints:
        """Let each kind wait where that is cheaper: costs (k,) of boarding with it become those of its containers."""
        costs = costs.copy()
        steps = np.full(len(costs), -1, np.int64)
        steps[self.waits] = self.wait_micros
        _kernel_ways.let_wait(steps, costs)
        return costs


def boarding(net: Network) -> Boarding:
    """Cut the services that a kind may begin with where the next kind of its stream is ready."""
    kinds, n = net.kinds.copy(), len(net.kinds)
    same = np.delete(kinds, 3, axis=1)
    follows = np.flatnonzero((same[:-1] == same[1:]).all(axis=1)) if n else np.zeros(0, np.int64)
    leaves = net.table[:, 2]
    for k in range(n):
        first, end = net.kinds[k, 0], net.kinds[k, 1]
        kinds[k, 0] = first + np.searchsorted(leaves[first:end], net.kinds[k, 3])
    kinds[follows, 1] = kinds[follows + 1, 0]
    ready = np.cumsum(net.count)
    starts = np.setdiff1d(np.arange(n), follows + 1)
    before = np.repeat(ready[starts] - net.count[starts], np.diff(np.append(starts, n)))
    wait_micros = kinds[follows, 7] * (kinds[follows + 1, 3] - kinds[follows, 3])
    return Boarding(replace(net, kinds=kinds), follows, wait_micros, np.asarray(ready - before, np.int64))


def as_kinds(net: Network, board: Boarding, ways: Ways, riders: Ints, left: Ints) -> tuple[Ways, Ints]:
    """Say who rides: ways and riders of kinds as in `net`, whoever is ready first boards first.

    Parameters
    ----------
    ways, riders
        Ways by the kind they begin with, and their riders, shape (w,).
    left
        Containers of each kind that stay, shape (k,).

    Notes
    -----
    Costs stay the same: within a stream an hour held costs one price.
    """
    order = np.argsort(ways.kind, kind="stable")
    order = order[riders[order] > 0]
    many = int(min(len(order) + len(net.kinds), riders.sum()))
    of_kind, way, taken = (np.zeros(many, np.int64) for _ in range(3))
    follows = np.zeros(len(net.kinds), np.int64)
    follows[board.waits + 1] = 1
    found = _kernel_ways.first_ready_first(
        net.count - left, follows, ways.kind[order], riders[order], of_kind, way, taken
    )
    kind, legs = of_kind[:found], ways.legs[order[way[:found]]]
    return Ways(kind, legs, micros(net, kind, legs)), taken[:found]
