"""Which limits can bind at all: most legs have more room than all boxes that could ride them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from landport.assemble.batches import Ints


def binding(
    uses: Sequence[Mapping[int, int]], batch: Ints, counts: Ints, rooms: Ints, trains: Mapping[int, int]
) -> Ints:
    """List the limits that a program of rides needs, in order.

    Parameters
    ----------
    uses
        Of each ride: amounts by limit.
    batch
        Of each ride.
    counts
        Boxes of each batch.
    rooms
        Of each limit.
    trains
        Train by limit, of those that have room only if a train runs.

    Returns
    -------
    Ints
        Numbers of limits. Any whole answer that keeps these, and lets nobody ride a train that does not run, keeps all.

    Notes
    -----
    Left out are limits that all boxes together cannot reach, each batch by the way that takes most, and all but the
    tightest of limits that count the same. Of each train one limit stays at least.
    """
    taken = [(r, j, amount) for j, of in enumerate(uses) for r, amount in of.items()]
    if not taken:
        return np.zeros(0, np.int64)
    entries = np.array(taken, np.int64)
    entries = entries[np.lexsort((entries[:, 1], entries[:, 0]))]
    row, ride, amount = entries.T
    most = _most(row, batch[ride], amount, counts, len(rooms))
    begins = np.searchsorted(row, np.arange(len(rooms) + 1))
    widest: dict[int, tuple[int, int]] = {}
    tightest: dict[tuple[int, bytes, bytes], tuple[float, int]] = {}
    for r in np.flatnonzero(np.diff(begins)).tolist():
        cells, train = slice(begins[r], begins[r + 1]), trains.get(r, -1)
        if train >= 0:
            widest[train] = max(widest.get(train, (0, 0)), (int(begins[r + 1] - begins[r]), -r))
        if most[r] > rooms[r]:
            unit = int(amount[cells].max())
            key = train, ride[cells].tobytes(), (amount[cells] / unit).tobytes()
            limit = float(rooms[r]) / unit, r
            tightest[key] = min(tightest.get(key, limit), limit)
    kept = {r for _, r in tightest.values()} | {-r for _, r in widest.values()}
    return np.array(sorted(kept), np.int64)


def _most(row: Ints, batch: Ints, amount: Ints, counts: Ints, n_rows: int) -> Ints:
    """Add up what all boxes take of each limit at the most."""
    pair = row * len(counts) + batch
    pairs, at = np.unique(pair, return_inverse=True)
    greatest = np.zeros(len(pairs), np.int64)
    np.maximum.at(greatest, at, amount)
    total = np.zeros(n_rows, np.int64)
    np.add.at(total, pairs // len(counts), greatest * counts[pairs % len(counts)])
    return total
