"""Random draws that are the same on every machine: raw bits of PCG64, and exact arithmetic on them."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Draws:
    """A stream of random numbers, and streams of its own for whoever asks by name.

    Parameters
    ----------
    path
        Whole numbers, 0 or more, that name the stream; equal paths give equal draws.

    Notes
    -----
    Only `SeedSequence` and the raw bits of `PCG64` are used: NumPy promises both to stay as they are, and promises
    nothing about its distributions. Sums of floats elsewhere in the demo are `fsum`: Python 3.12 changed `sum`.

    Examples
    --------
    >>> Draws(1).child("bookings").below(3, 100).tolist() == Draws(1).child("bookings").below(3, 100).tolist()
    True
    """

    def __init__(self, *path: int) -> None:
        self._path = path
        self._bits = np.random.PCG64(np.random.SeedSequence(path))

    def child(self, name: str) -> Draws:
        """Start the stream of a name; what the parent or other children draw does not shift it."""
        return Draws(*self._path, crc32(name.encode()))

    def uniform(self, n: int) -> Floats:
        """Draw n numbers in [0, 1)."""
        raw: NDArray[np.uint64] = np.asarray(self._bits.random_raw(n), np.uint64)
        return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def below(self, n: int, end: ArrayLike) -> Ints:
        """Draw n whole numbers, 0 <= k < end."""
        return np.asarray(np.floor(self.uniform(n) * np.asarray(end, np.float64)), np.int64)

    def bell(self, n: int) -> Floats:
        """Draw n numbers of mean 0 and deviation 1, all within -6..6: sums of twelve uniform ones."""
        total = self.uniform(n)
        for _ in range(11):
            total = total + self.uniform(n)
        return total - 6.0

    def triangular(self, low: ArrayLike, typical: ArrayLike, high: ArrayLike, n: int) -> Floats:
        """Draw n numbers between low and high, most of them near the typical one."""
        a, c, b = (np.asarray(x, np.float64) for x in (low, typical, high))
        u = self.uniform(n)
        width = np.maximum(b - a, 1e-9)
        rising = a + np.sqrt(u * width * (c - a))
        falling = b - np.sqrt((1.0 - u) * width * (b - c))
        return np.asarray(np.where(u * width < c - a, rising, falling), np.float64)

    def choice(self, n: int, weights: ArrayLike) -> Ints:
        """Draw n indices, each as often as its weight says."""
        ends = np.cumsum(np.asarray(weights, np.float64))
        found = np.searchsorted(ends, self.uniform(n) * ends[-1], side="right")
        return np.asarray(np.minimum(found, len(ends) - 1), np.int64)

    def shared(self, total: int, weights: Sequence[float]) -> Ints:
        """Deal a whole total to the weights: Poisson counts, given their sum."""
        return np.bincount(self.choice(total, weights), minlength=len(weights)).astype(np.int64)

    def order(self, n: int) -> list[int]:
        """Shuffle 0..n-1."""
        return [int(i) for i in np.argsort(self.uniform(n), kind="stable")]


def poisson(u: float, mean: float) -> int:
    """Turn a uniform number into a Poisson one, by inversion.

    Examples
    --------
    >>> [poisson(u, 0.8) for u in (0.1, 0.5, 0.95)]
    [0, 1, 2]
    """
    chance = exp(-mean)
    below, count = chance, 0
    while u >= below and count < 1000:
        count += 1
        chance *= mean / count
        below += chance
    return count
