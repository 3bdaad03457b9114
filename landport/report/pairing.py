"""Which container of one plan is which of another: the bookings they serve and what is inside tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from landport.model.plans import Plan, PlannedContainer


def pairs(before: Plan, after: Plan) -> dict[str, str]:
    """Match the containers of two plans: id in the second by id in the first.

    Notes
    -----
    FCL: the same id of the same booking, else the containers of a booking in their order. LCL: the same pieces, first
    those of the same id, then the most pieces in common, at least half of what either holds. O(n log n) but for
    groupage that was packed anew, there O(n2) within a booking.
    """
    found = _fcl(before, after)
    return found | _lcl(before, after)


def _fcl(before: Plan, after: Plan) -> dict[str, str]:
    olds, news = _by_booking(before), _by_booking(after)
    found: dict[str, str] = {}
    for booking_id, old_ids in olds.items():
        new_ids = news.get(booking_id, [])
        kept = [c for c in old_ids if c in set(new_ids)]
        found |= {c: c for c in kept}
        rest = (c for c in new_ids if c not in set(kept))
        found |= dict(zip((c for c in old_ids if c not in found), rest, strict=False))
    return found


def _by_booking(plan: Plan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for box in plan.containers:
        if not box.master_id and box.booking_ids:
            found.setdefault(box.booking_ids[0], []).append(box.container_id)
    return found


def _lcl(before: Plan, after: Plan) -> dict[str, str]:
    olds = {box.container_id: pieces(box) for box in before.containers if box.master_id}
    news = {box.container_id: pieces(box) for box in after.containers if box.master_id}
    found = {c: c for c, inside in olds.items() if news.get(c) == inside}
    equal: dict[frozenset[tuple[str, int]], list[str]] = {}
    for c in (c for c in news if c not in found):
        equal.setdefault(frozenset(news[c].items()), []).append(c)
    for c in (c for c in olds if c not in found):
        alike = equal.get(frozenset(olds[c].items()))
        if alike:
            found[c] = alike.pop(0)
    taken = set(found.values())
    rest = {c: inside for c, inside in news.items() if c not in taken}
    return found | _alike({c: inside for c, inside in olds.items() if c not in found}, rest)


def _alike(olds: dict[str, Counter[str]], news: dict[str, Counter[str]]) -> dict[str, str]:
    """Match what shares at least half of its pieces, the most pieces first."""
    holds: dict[str, list[str]] = {}
    for c, inside in news.items():
        for item_id in inside:
            holds.setdefault(item_id, []).append(c)
    shared = []
    for old, inside in olds.items():
        for new in dict.fromkeys(c for item_id in inside for c in holds.get(item_id, ())):
            common = (inside & news[new]).total()
            if 2 * common >= max(inside.total(), news[new].total()):
                shared.append((-common, old, new))
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, old, new in sorted(shared):
        if old not in found and new not in taken:
            found[old] = new
            taken.add(new)
    return found


def pieces(box: PlannedContainer) -> Counter[str]:
    """Count the pieces in a container by item id."""
    return _counted((block.item_id, block.count) for block in box.blocks)


def _counted(counts: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for item_id, n in counts:
        found[item_id] += n
    return found
