"""A plan of the plain assembly format in a terminal: trains with their fill, what is left and why, the proof."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from landport.model.plain_assembly import MICROS, PlainCase, PlainPlan
from landport.model.result import Result
from landport.report import numbers

MOST_TRAINS = 40
MOST_REASONS = 8
_FIRST_WORDS = re.compile(r"[;,:]|\s\S*\d")
"""Where a reason comes to names and figures, which differ from container to container."""

STOPPED = {
    "optimal": "proven optimal",
    "bound": "close enough to the bound",
    "effort": "effort used up",
    "time": "time used up",
    "infeasible": "no plan exists",
}
"""Why a planner stopped, in words."""


def show_plain(console: Console, case: PlainCase, result: Result[PlainPlan]) -> None:
    """Print trains that run, what is shipped and left, cost, bound and gap.

    Notes
    -----
    Money is in the unit of the files. Trains stand in order of departure, the first `MOST_TRAINS` of them.
    """
    plan = result.plan
    aboard: Counter[str] = Counter()
    for shipped in plan.ship:
        for service_id in shipped.service_ids:
            aboard[service_id] += shipped.containers
    if plan.run:
        console.print(_trains(case, plan, aboard))
    for line in (*_sums(case, plan, aboard), "", *_reasons(plan), *_proof(result)):
        console.print(line, soft_wrap=True, markup=False)


def _trains(case: PlainCase, plan: PlainPlan, aboard: Counter[str]) -> Table:
    table = Table(box=None, header_style="bold")
    for name in ("train", "to"):
        table.add_column(name, overflow="fold")
    for name in ("departs h", "arrives h", "minimum", "aboard", "positions", "fill"):
        table.add_column(name, justify="right", no_wrap=True)
    run = set(plan.run)
    trains = sorted((s for s in case.services if s.service_id in run), key=lambda s: (s.departs_h, s.service_id))
    for s in trains[:MOST_TRAINS]:
        n = aboard[s.service_id]
        counts = (s.departs_h, s.arrives_h, s.min_containers, n, s.positions)
        fill = numbers.number(100 * n / s.positions) if s.positions else "100"
        table.add_row(s.service_id, s.to_id, *map(numbers.number, counts), f"{fill} %")
    if len(trains) > MOST_TRAINS:
        rest = trains[MOST_TRAINS:]
        n, room = sum(aboard[s.service_id] for s in rest), sum(s.positions for s in rest)
        said = f"and {numbers.number(len(rest))} more"
        table.add_row(
            said, "", "", "", "", numbers.number(n), numbers.number(room), f"{numbers.number(100 * n / room)} %"
        )
    return table


def _sums(case: PlainCase, plan: PlainPlan, aboard: Counter[str]) -> Iterator[str]:
    decided = [s for s in case.services if s.fixed_micros > 0]
    bought = [s for s in case.services if s.fixed_micros <= 0]
    used = [s for s in bought if aboard[s.service_id]]
    positions = sum(aboard[s.service_id] for s in used)
    yield f"{numbers.number(len(plan.run))} of {numbers.count(len(decided), 'train')} run"
    yield (
        f"{numbers.count(positions, 'position')} bought on {numbers.number(len(used))} of "
        f"{numbers.count(len(bought), 'other service')}"
    )
    due = {b.booking_id: b.due_h for b in case.bookings}
    arrives = {s.service_id: s.arrives_h for s in case.services}
    late = sum(x.containers for x in plan.ship if arrives[x.service_ids[-1]] > due[x.booking_id])
    total, gone = sum(b.containers for b in case.bookings), sum(x.containers for x in plan.ship)
    yield f"{numbers.number(gone)} of {numbers.count(total, 'container')} shipped, {numbers.number(late)} of them late"


def _reasons(plan: PlainPlan) -> Iterator[str]:
    """Count what is left by the first words of its reason, and tell one reason of each."""
    n_by_kind: Counter[str] = Counter()
    told: dict[str, dict[str, None]] = {}
    for left in plan.left:
        kind = _FIRST_WORDS.split(left.why, maxsplit=1)[0]
        n_by_kind[kind] += left.containers
        told.setdefault(kind, {})[left.why] = None
    if not n_by_kind:
        return
    yield f"{numbers.count(n_by_kind.total(), 'container')} left behind:"
    shown = n_by_kind.most_common(MOST_REASONS)
    for kind, n in shown:
        others = len(told[kind]) - 1
        like_it = f" (and {numbers.count(others, 'reason')} like it)" if others else ""
        yield f"  {numbers.number(n)}: {next(iter(told[kind]))}{like_it}"
    if rest := n_by_kind.total() - sum(n for _, n in shown):
        yield f"  {numbers.number(rest)}: for {numbers.count(len(n_by_kind) - len(shown), 'other kind')} of reason"
    yield ""


def _proof(result: Result[PlainPlan]) -> Iterator[str]:
    yield f"cost   {_money(result.cost)}"
    yield f"bound  {_money(result.bound)}: no plan costs less"
    stopped = STOPPED.get(result.stopped, result.stopped)
    yield f"gap    {100 * result.gap:.3f} %; {stopped} (seed {result.seed})"


def _money(micros: int) -> str:
    return numbers.number(micros / MICROS, 2 if micros % MICROS else 0)
