"""What no assembly costs less than, from any row prices. Arrays only."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


def lagrangian(
    cost: NDArray[np.float64],
    upper: NDArray[np.float64],
    matrix: sparse.csc_matrix,
    row_lower: NDArray[np.float64],
    row_upper: NDArray[np.float64],
    prices: NDArray[np.float64],
    lower: NDArray[np.float64] | None = None,
) -> float:
    """Bound min cost @ x with row_lower <= matrix @ x <= row_upper, lower <= x <= upper, from below.

    Shapes: cost, lower, upper (n,); matrix (m, n); row_lower, row_upper, prices (m,). Infinite row sides are +-inf; a
    price that would need an infinite side counts as 0, so any prices give a true bound. No lower: 0.

    Notes
    -----
    Lagrangian relaxation of all rows: sum of each row's price at the side it pulls to, plus each column at its lower
    or its upper limit, whichever is cheaper. O(nonzeros).
    """
    usable = np.where(prices > 0, np.isfinite(row_lower), np.isfinite(row_upper))
    prices = np.where(usable, prices, 0.0)
    side = np.where(prices > 0, row_lower, np.where(prices < 0, row_upper, 0.0))
    reduced = cost - matrix.T @ prices
    least = float(prices @ side + np.minimum(reduced, 0.0) @ upper)
    return least if lower is None else least + float(np.maximum(reduced, 0.0) @ lower)


def least_whole(bound: float, step: int = 1) -> int:
    """Least whole cost that a bound allows: rounded up, but for what sums in float64 may be wrong by.

    `step` divides every cost, so that the least cost is a multiple of it.

    Examples
    --------
    >>> least_whole(2970499.2, step=100)
    2970500
    >>> least_whole(2970499.999), least_whole(2970500.02), least_whole(-0.5)
    (2970500, 2970501, 0)
    """
    return step * math.ceil((bound - 0.01 - 1e-9 * abs(bound)) / step)
