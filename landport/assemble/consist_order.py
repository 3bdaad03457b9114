"""The order of wagons in a consist: by where they are cut off, goods that keep apart, and the yard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landport.assemble.wagon_rules import WagonRules

MOST_TRIES = 20_000
"""Steps of the search for an order; beyond, there counts as none."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A loaded wagon as its order sees it.

    Parameters
    ----------
    stop
        Legs that it runs.
    un_classes
        Of the dangerous goods on it.
    yard_mm
        Mean place of its boxes beside the track; None: nobody said.
    """

    stop: int
    un_classes: tuple[str, ...] = ()
    yard_mm: int | None = None


def arrange(wagons: Sequence[Ordered], limits: WagonRules) -> list[int] | None:
    """Order wagons from the locomotive back; answer their indices, None: no order keeps the goods apart.

    Notes
    -----
    The group that is cut off first stands last, so that it stays behind in one piece. Within a group wagons stand as
    their boxes do in the yard, which moves them least where all wagons are alike (Monge); else as they come. Where
    classes must be apart a depth-first search over kinds of wagons (their classes) finds the first order that holds;
    wagons of one kind are interchangeable, and what failed once is not tried again.
    """
    usual = sorted(range(len(wagons)), key=lambda i: (-wagons[i].stop, wagons[i].yard_mm or 0, i))
    told = [w.un_classes for w in wagons if w.un_classes]
    reach = max((limits.between(a, b) for i, a in enumerate(told) for b in told[:i]), default=-1)
    if reach <= 0:
        return usual
    queues: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for i in usual:
        queues.setdefault((wagons[i].stop, wagons[i].un_classes), []).append(i)
    kinds = _search(queues, [wagons[i].stop for i in usual], reach, limits)
    return None if kinds is None else [queues[kind].pop(0) for kind in kinds]


_Kind = tuple[int, tuple[str, ...]]


def _search(
    queues: Mapping[_Kind, Sequence[int]], stops: Sequence[int], reach: int, limits: WagonRules
) -> list[_Kind] | None:
    """Find kinds for the places of a train one after another, going back where none fits."""
    left = Counter({kind: len(of) for kind, of in queues.items()})
    dead: set[object] = set()
    placed: list[_Kind] = []
    open_kinds = [_fitting(left, placed, stops, reach, limits)]
    for _ in range(MOST_TRIES):
        if len(placed) == len(stops):
            return placed
        state = (frozenset(left.items()), tuple(placed[-reach:]))
        if open_kinds[-1] and state not in dead:
            kind = open_kinds[-1].pop(0)
            placed.append(kind)
            left[kind] -= 1
            open_kinds.append(_fitting(left, placed, stops, reach, limits))
        elif not placed:
            return None
        else:
            dead.add(state)
            open_kinds.pop()
            left[placed.pop()] += 1
    return None


def _fitting(
    left: Mapping[_Kind, int], placed: Sequence[_Kind], stops: Sequence[int], reach: int, limits: WagonRules
) -> list[_Kind]:
    """List the kinds that may stand next: dangerous ones first, so that the others are left to part them."""
    if len(placed) == len(stops):
        return []
    near = list(reversed(placed[-reach:]))
    found = []
    for kind, count in left.items():
        holds = all(limits.between(kind[1], other[1]) <= gap for gap, other in enumerate(near))
        if count and kind[0] == stops[len(placed)] and holds:
            found.append(kind)
    return sorted(found, key=lambda kind: (not kind[1], -left[kind], kind))
