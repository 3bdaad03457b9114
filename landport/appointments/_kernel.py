"""Queue of one channel minute by minute, as a fluid. Arrays only; trucks in millionths, waits in seconds."""

import numpy as np
from numpy.typing import NDArray

from landport._compile import njit

Ints = NDArray[np.int64]

MICRO = 1_000_000
HALVINGS = 30


@njit
def in_system(use: float, lanes: int, spread: float) -> float:
    """Count trucks at a gate that is used so much (0 to 1) for a long time: Sakasegawa's formula for G/G/c."""
    return float(lanes * use + spread * use ** np.sqrt(2.0 * (lanes + 1)) / (1.0 - use))


@njit
def use_of(trucks: float, lanes: int, spread: float) -> float:
    """Find the use at which so many trucks are at the gate, by halving."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if in_system(middle, lanes, spread) < trucks:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@njit
def drained(at: int, ahead: float, done: NDArray[np.float64], pace: Ints) -> float:
    """Count minutes from minute `at` until so many trucks are served and the next one can begin.

    `done` (m + 1): trucks that the gate can serve before each minute.
    """
    wanted = done[at] + ahead
    minute = max(at, np.searchsorted(done, wanted, "right") - 1)
    if minute >= len(pace):
        return float(len(pace) - at)
    return float(minute - at + max(0.0, wanted - done[minute]) * MICRO / pace[minute])


@njit
def waits(lanes: Ints, pace: Ints, coming: Ints, spread_percent: Ints, queue: int) -> Ints:
    """Predict the wait, in seconds, of a truck that comes in each minute; see `fluid.predicted_waits`.

    lanes, pace (m): open lanes, trucks that they serve a minute; coming, spread_percent (n <= m): trucks a minute, and
    half the sum of squared coefficients of variation; queue: trucks that stand there before minute 0.
    """
    done = np.zeros(len(pace) + 1)
    for m in range(len(pace)):
        done[m + 1] = done[m] + pace[m] / MICRO
    found = np.zeros(len(coming), np.int64)
    trucks, use, before = queue / MICRO, 0.0, 0
    for m in range(len(coming)):
        spread = max(spread_percent[m], 1) / 100.0
        if not lanes[m]:
            trucks = max(0.0, trucks - before * use)  # who is being served as the gate shuts is not left there
            use, ahead = 0.0, trucks
            trucks += coming[m] / MICRO
        else:
            steps = 1 + int(4.0 * pace[m] / (MICRO * lanes[m]))
            ahead = 0.0
            for _ in range(steps):
                use = use_of(trucks, lanes[m], spread)
                ahead += max(0.0, trucks - lanes[m] * use) / max(use, 1e-9) / steps
                trucks = max(0.0, trucks + (coming[m] - pace[m] * use) / MICRO / steps)
        before = lanes[m]
        found[m] = int(60.0 * drained(m, ahead, done, pace) + 0.5)
    return found
