"""Trains that gather freight: how they fill by formula, and when they leave on drawn freight. Arrays only."""

from math import exp

import numpy as np
from numpy.typing import NDArray

from landport._compile import njit

Ints = NDArray[np.int64]

WHOLE = 1_000_000_000_000_000
"""What stands for a probability of 1."""

WEEK = 10_080
"""Minutes."""

PARTS = 12
"""Parts that each span between two allowances is cut into, at least."""

NODES = (0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970262)
WEIGHTS = (0.17392742256872693, 0.32607257743127307, 0.32607257743127307, 0.17392742256872693)
"""Of Gauss and Legendre on [0, 1]."""


@njit
def reaching(teu_milli: Ints, allowance: Ints, capacity: int) -> Ints:
    """Answer how surely a train gathers at least so many TEU before it leaves, in `WHOLE`.

    Parameters
    ----------
    teu_milli (k,), allowance (k,)
        Poisson streams: thousandths of a TEU a week, and the minutes that each of its TEU may wait; allowances ascend.
    capacity
        The train leaves with so many TEU, or when the first allowance is over.

    Returns
    -------
    (capacity + 1,)
        Index j: at least j TEU on board; 0 and 1 are sure.

    Notes
    -----
    With the first TEU at minute 0, nobody has made the train leave by t if that one may wait longer and no other came
    before t less its allowance; those that came are Poisson. The one that makes it j comes at the total rate while
    j - 1 wait. O(k * capacity) a node.
    """
    g = np.zeros(capacity + 1, np.int64)
    g[0] = g[1] = WHOLE
    rate = teu_milli / 1000.0 / WEEK
    total = rate.sum()
    found = np.zeros(capacity + 1, np.float64)
    end = (capacity + 8.0 * capacity**0.5 + 12.0) / total
    start = 0.0
    for i in range(len(rate)):
        stop = min(float(allowance[i]), end)
        if stop > start:
            n_parts = PARTS + int(total * (stop - start) / 2.5)
            width = (stop - start) / n_parts
            for part in range(n_parts):
                for node in range(4):
                    t = start + (part + NODES[node]) * width
                    _add(found, t, WEIGHTS[node] * width, rate, allowance, i, total)
            start = stop
    for j in range(2, capacity + 1):
        g[j] = min(WHOLE, int(found[j] * WHOLE))
    return g


@njit
def _add(
    found: NDArray[np.float64],
    t: float,
    weight: float,
    rate: NDArray[np.float64],
    allowance: Ints,
    first: int,
    total: float,
) -> None:
    """Add what minute t gives to each count; streams from `first` on may wait until then."""
    late, mean, may_wait = 0.0, 0.0, 0.0
    for j in range(len(rate)):
        if j < first:
            late += rate[j] * (t - allowance[j])
            mean += rate[j] * allowance[j]
        else:
            mean += rate[j] * t
            may_wait += rate[j]
    chance = weight * may_wait * exp(-late - mean)
    for k in range(2, len(found)):
        found[k] += chance
        chance *= mean / (k - 1)


@njit
def leaving(ready: Ints, until: Ints, capacity: int) -> Ints:
    """Answer when each TEU leaves on a train that goes when full or when somebody may wait no longer.

    Parameters
    ----------
    ready (n,), until (n,)
        Minutes, `ready` ascending; nobody's `until` is before their `ready`.
    capacity
        TEU of a train.

    Returns
    -------
    (n, 2)
        Minute of leaving, and how many leave together.
    """
    n = len(ready)
    out = np.empty((n, 2), np.int64)
    first = 0
    while first < n:
        last, limit = first, until[first]
        while last + 1 < n and last + 1 - first < capacity and ready[last + 1] <= limit:
            last += 1
            limit = min(limit, until[last])
        at = ready[last] if last + 1 - first == capacity else limit
        out[first : last + 1, 0] = at
        out[first : last + 1, 1] = last + 1 - first
        first = last + 1
    return out
