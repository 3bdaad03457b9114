"""What no assembly costs less than, from any row prices. Arrays only."""

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
) -> float:
    """Bound min cost @ x with row_lower <= matrix @ x <= row_upper, 0 <= x <= upper, from below.

    Shapes: cost, upper (n,); matrix (m, n); row_lower, row_upper, prices (m,). Infinite row sides are +-inf; a price
    that would need an infinite side counts as 0, so any prices give a true bound.

    Notes
    -----
    Lagrangian relaxation of all rows: sum of each row's price at the side it pulls to, plus each column at 0 or at its
    upper limit, whichever is cheaper. O(nonzeros).
    """
    usable = np.where(prices > 0, np.isfinite(row_lower), np.isfinite(row_upper))
    prices = np.where(usable, prices, 0.0)
    side = np.where(prices > 0, row_lower, np.where(prices < 0, row_upper, 0.0))
    reduced = cost - matrix.T @ prices
    return float(prices @ side + np.minimum(reduced, 0.0) @ upper)
