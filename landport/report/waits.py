"""What the plan leaves, grouped by the rule that binds and its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from landport.model.plans import Left
from landport.report.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitLine:
    """Freight left for one reason.

    Parameters
    ----------
    feu_milli
        Thousandths of a 40-ft container or full truck.
    destination_ids
        By falling share, then by id.
    left
        The records, in the plan's order.
    """

    state: str
    code: str
    why: str
    feu_milli: int
    n_containers: int
    n_pieces: int
    destination_ids: tuple[str, ...]
    left: tuple[Left, ...]


def wait_lines(facts: Facts) -> tuple[WaitLine, ...]:
    """Group what is left by state, code and reason; refused first, then the largest."""
    groups: dict[tuple[str, str, str], list[Left]] = {}
    for left in facts.plan.left:
        groups.setdefault((left.state, left.code, left.why), []).append(left)
    lines = [_line(facts, *key, members) for key, members in groups.items()]
    return tuple(sorted(lines, key=lambda w: (w.state != "refused", -w.feu_milli, w.code, w.why)))


def _line(facts: Facts, state: str, code: str, why: str, members: list[Left]) -> WaitLine:
    to: dict[str, int] = {}
    for left in members:
        place_id = facts.destination(left)
        to[place_id] = to.get(place_id, 0) + facts.left_feu_milli(left)
    return WaitLine(
        state=state,
        code=code,
        why=why,
        feu_milli=sum(to.values()),
        n_containers=sum(bool(x.container_id) for x in members),
        n_pieces=sum(x.count for x in members if x.item_id),
        destination_ids=tuple(sorted((p for p in to if p), key=lambda p: (-to[p], p))),
        left=tuple(members),
    )


def by_code(lines: Iterable[WaitLine]) -> tuple[tuple[str, str, int, int], ...]:
    """Sum groups by state and code: (state, code, feu_milli, n_records), the largest first."""
    sums: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        found = sums.setdefault((line.state, line.code), [0, 0])
        found[0] += line.feu_milli
        found[1] += len(line.left)
    rows = [(state, code, feu, n) for (state, code), (feu, n) in sums.items()]
    return tuple(sorted(rows, key=lambda r: (-r[2], r[0], r[1])))
