"""A gate truck by truck, and the booking of its windows. Arrays only; seconds; shares of a mean in millionths."""

import numpy as np
from numpy.typing import NDArray

from landport._compile import njit

Ints = NDArray[np.int64]

MICRO = 1_000_000
NEVER = 1 << 60


@njit
def before(a: int, b: int, turns: Ints) -> bool:
    """Say whether truck `a` has its turn before `b`."""
    return bool(turns[a] < turns[b] or (turns[a] == turns[b] and a < b))


@njit
def push(heap: Ints, size: int, truck: int, turns: Ints) -> None:
    """Add a truck to the heap of those that wait, of which there are `size`."""
    at = size
    while at > 0 and before(truck, heap[(at - 1) // 2], turns):
        heap[at] = heap[(at - 1) // 2]
        at = (at - 1) // 2
    heap[at] = truck


@njit
def pop(heap: Ints, size: int, turns: Ints) -> int:
    """Take out the truck whose turn is first, of `size`."""
    first, last = heap[0], heap[size - 1]
    at = 0
    while 2 * at + 1 < size - 1:
        child = 2 * at + 1
        if child + 1 < size - 1 and before(heap[child + 1], heap[child], turns):
            child += 1
        if before(last, heap[child], turns):
            break
        heap[at] = heap[child]
        at = child
    heap[at] = last
    return int(first)


@njit
def serve(comes: Ints, by_coming: Ints, turns: Ints, work: Ints, calendar: Ints) -> Ints:
    """Serve trucks: a free lane takes, of those that stand there, the one whose turn is first.

    comes, turns, work (n): when it stands there, its turn, its service as a share of the mean; by_coming (n): trucks in
    order of `comes`; calendar (s, 4): from, until, lanes, mean service. Answers (n, 2): begins, ends; NEVER: not served
    within the calendar. Who is being served when a lane shuts is finished.
    """
    n = len(comes)
    served = np.full((n, 2), NEVER, np.int64)
    heap = np.empty(n + 1, np.int64)
    free = np.zeros(max(1, calendar[:, 2].max()) if len(calendar) else 1, np.int64)
    size, seen, now = 0, 0, 0
    for s in range(len(calendar)):
        while True:
            lane = int(np.argmin(free[: calendar[s, 2]]))
            at = max(now, free[lane], calendar[s, 0])
            if not size and seen < n:
                at = max(at, comes[by_coming[seen]])
            if at >= calendar[s, 1] or (not size and seen == n):
                break
            while seen < n and comes[by_coming[seen]] <= at:
                push(heap, size, by_coming[seen], turns)
                size, seen = size + 1, seen + 1
            now = at
            truck = pop(heap, size, turns)
            size -= 1
            served[truck, 0] = at
            served[truck, 1] = at + max(1, work[truck] * calendar[s, 3] // MICRO)
            free[lane] = served[truck, 1]
    return served


@njit
def book(wanted: Ints, by_booking: Ints, closes: Ints, places: Ints) -> Ints:
    """Give trucks, in order of booking, the first window with a place left that closes after they want to cross.

    wanted (n); by_booking (k <= n); closes, places (w): in order of time; places are taken from the array. Answers (n):
    window, -1: none.
    """
    found = np.full(len(wanted), -1, np.int64)
    ahead = np.arange(len(closes) + 1)
    for truck in by_booking:
        at = int(np.searchsorted(closes, wanted[truck], "right"))
        root = at
        while root < len(closes) and (ahead[root] != root or places[root] <= 0):
            if ahead[root] == root:
                ahead[root] = root + 1
            root = ahead[root]
        while at < root:
            at, ahead[at] = ahead[at], root
        if root < len(closes):
            places[root] -= 1
            found[truck] = root
    return found
