"""Solids in space: which meet, and which lie in the way of which; exact, by cutting space in halves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Solid = tuple[tuple[int, int], ...]
"""From and to along each axis; any number of axes."""

FEW = 24
"""So many solids are compared one by one."""


def meet(one: Solid, other: Solid) -> bool:
    """Tell whether two solids share some space."""
    for (a, b), (c, d) in zip(one, other, strict=True):  # noqa: SIM110 -- asked millions of times
        if a >= d or c >= b:
            return False
    return True


def clashes(solids: Sequence[Solid]) -> dict[int, int]:
    """Find solids that meet, each with one that it meets; of solids that meet in a heap, not every pair.

    Notes
    -----
    Who is found to meet another is no longer compared with those after it, so that heaps take no longer.
    Cells are cut at the middle of what lies in them, along the axis that parts it best, until few solids are left or no
    cut parts them. O(n log n) while solids are small beside the space they lie in.
    """
    found: dict[int, int] = {}
    for members in _cells(solids, list(range(len(solids))), []):
        open_ones: list[int] = []
        for i in sorted(members[0], key=lambda i: (solids[i][0], i)):
            open_ones = [j for j in open_ones if solids[j][0][1] > solids[i][0][0]]
            other = next((j for j in open_ones if meet(solids[i], solids[j])), None)
            if other is None:
                open_ones.append(i)
            else:
                found[i] = other
    return found


def meetings(ones: Sequence[Solid], others: Sequence[Solid]) -> list[tuple[int, int]]:
    """List every pair of one and another that meet, sorted.

    Notes
    -----
    As `clashes`.
    """
    found: set[tuple[int, int]] = set()
    for some, rest in _cells([*ones, *others], list(range(len(ones))), list(range(len(ones), len(ones) + len(others)))):
        for i in some:
            one = ones[i]
            found.update([(i, j - len(ones)) for j in rest if meet(one, others[j - len(ones)])])
    return sorted(found)


def _cells(solids: Sequence[Solid], ones: list[int], others: list[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Cut space until few solids of a kind share a cell; one that lies across a cut is in both halves."""
    is_paired = bool(others)
    cells = [(ones, others)]
    while cells:
        some, rest = cells.pop()
        if not some or (is_paired and not rest):
            continue
        parts = [] if len(some) + len(rest) <= FEW else _halves(solids, some, rest)
        if not parts:
            yield some, rest
        cells += parts


def _halves(solids: Sequence[Solid], ones: list[int], others: list[int]) -> list[tuple[list[int], list[int]]]:
    """Cut a cell along the axis that leaves least in its fuller half; empty when no cut parts it."""
    size = len(ones) + len(others)
    best, most = [], size - size // 8
    for axis in range(len(solids[ones[0]])):
        starts = sorted([solids[i][axis][0] for group in (ones, others) for i in group])
        cut = starts[size // 2]
        parts = [([i for i in g if solids[i][axis][0] < cut], [i for i in g if solids[i][axis][1] > cut])
                 for g in (ones, others)]  # fmt: skip
        fuller = max(len(parts[0][0]) + len(parts[1][0]), len(parts[0][1]) + len(parts[1][1]))
        if fuller < most:
            best, most = [(parts[0][0], parts[1][0]), (parts[0][1], parts[1][1])], fuller
    return best


def hindrances(solids: Sequence[Solid], ranks: Sequence[float]) -> dict[int, int]:
    """Find, for every solid, one of a higher rank that lies beyond it along the first axis and overlaps it across.

    Notes
    -----
    In a cell across that axis, whoever comes first from beyond is met by all behind; the highest rank so far clears
    most solids at once. Where it does not, but does not overlap either, the cell is cut between the two. O(n log n)
    while those that stand in order stand in walls or columns.
    """
    found: dict[int, int] = {}
    every = range(len(solids))
    starts = sorted(every, key=lambda i: -solids[i][0][0])
    ends = sorted(every, key=lambda i: -solids[i][0][1])
    cells = [(starts, ends)]
    while cells:
        starts, ends = cells.pop()
        suspects = _suspects(solids, ranks, starts, ends, found)
        if not suspects:
            continue
        axis, cut = _between(solids, suspects)
        behind = [i for i, _ in suspects if i not in found]
        least = min(ranks[i] for i in behind)
        beyond = [i for i in starts if ranks[i] > least]
        cells.append(([i for i in beyond if solids[i][axis][0] < cut], [i for i in behind if solids[i][axis][0] < cut]))
        cells.append(([i for i in beyond if solids[i][axis][1] > cut], [i for i in behind if solids[i][axis][1] > cut]))
    return found


def _suspects(
    solids: Sequence[Solid], ranks: Sequence[float], starts: list[int], ends: list[int], found: dict[int, int]
) -> list[tuple[int, int]]:
    """List those that something of a higher rank lies beyond, without overlap; note those that overlap as found."""
    suspects, k, top = [], 0, -1
    for i in ends:
        while k < len(starts) and solids[starts[k]][0][0] >= solids[i][0][1]:
            if top < 0 or ranks[starts[k]] > ranks[top]:
                top = starts[k]
            k += 1
        if top < 0 or ranks[top] <= ranks[i] or i in found:
            continue
        if meet(solids[i][1:], solids[top][1:]):
            found[i] = top
        else:
            suspects.append((i, top))
    return suspects


def _between(solids: Sequence[Solid], suspects: list[tuple[int, int]]) -> tuple[int, int]:
    """Find an axis, and where on it a plane parts the solids of some suspicion."""
    cuts: dict[int, list[int]] = {}
    for i, j in suspects:
        for axis in range(1, len(solids[i])):
            (a, b), (c, d) = solids[i][axis], solids[j][axis]
            if b <= c or d <= a:
                cuts.setdefault(axis, []).append(b if b <= c else a)
                break
    axis = max(cuts, key=lambda axis: len(cuts[axis]))
    return axis, sorted(cuts[axis])[len(cuts[axis]) // 2]
