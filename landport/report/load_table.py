"""A load plan in a terminal: a line a container, what is left and why, and the proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from landport.model.bookings import CargoItem
from landport.model.lading import NO_LIMIT_KG, LoadPlan, Offer, figures
from landport.model.loads import LoadedBox
from landport.model.plans import Left
from landport.report import numbers

MOST_NAMED = 6
"""Items named of those that are left for one reason."""

MOST_CONTAINERS = 40
"""Containers with a line of their own; further ones are counted."""

STOPPED: Mapping[str, str] = {
    "optimal": "no plan is better",
    "bound": "close enough to the bound",
    "effort": "the effort was spent",
    "time": "the time was over",
    "infeasible": "there is no plan",
}
"""Why the planner stopped, in words."""


def show_load(console: Console, plan: LoadPlan, items: Mapping[str, CargoItem]) -> None:
    """Print containers, remarks, what is left by its reason, bound and why planning stopped.

    Parameters
    ----------
    items
        Cargo items by id.
    """
    offers = {o.kind.container_type: o for o in plan.offers}
    if plan.loads.boxes:
        console.print(_containers(plan, offers, items))
    for line in (*_remarks(plan), *_left(plan.loads.left), *_proof(plan, offers, items)):
        console.print(Text(line))


def _containers(plan: LoadPlan, offers: Mapping[str, Offer], items: Mapping[str, CargoItem]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("", "type"):
        table.add_column(name, no_wrap=True)
    for name in ("pieces", "filled", "mass kg", "of payload", "centre of gravity mm"):
        table.add_column(name, justify="right", no_wrap=True)
    for n, box in enumerate(plan.loads.boxes[:MOST_CONTAINERS], 1):
        table.add_row(str(n), *_row(box, offers[box.container_type], items))
    if (rest := len(plan.loads.boxes) - MOST_CONTAINERS) > 0:
        table.add_row("...", numbers.count(rest, "more"), *[""] * 5)
    return table


def _row(box: LoadedBox, offer: Offer, items: Mapping[str, CargoItem]) -> tuple[str, ...]:
    found = figures(box.blocks, items)
    is_limited = offer.payload_kg < NO_LIMIT_KG
    return (
        box.container_type,
        numbers.number(found.n_pieces),
        f"{found.fill_pct(offer.kind):.2f} %",
        numbers.number(found.mass_g / 1000, 1),
        f"{found.mass_g / (10 * max(1, offer.payload_kg)):.1f} %" if is_limited else "no limit",
        ", ".join(numbers.number(at) for at in found.cog_mm),
    )


def _remarks(plan: LoadPlan) -> Iterator[str]:
    for n, box in enumerate(plan.loads.boxes, 1):
        for remark in box.remarks:
            yield f"container {n}: {remark.message}"
    for remark in plan.remarks:
        yield remark.message


def _left(left: Sequence[Left]) -> Iterator[str]:
    """Say what is left: a line for every reason."""
    if not left:
        yield "Everything is loaded."
        return
    yield f"Left: {numbers.count(sum(x.count for x in left), 'piece')}"
    reasons: dict[tuple[str, str, str], list[Left]] = {}
    for x in left:
        reasons.setdefault((x.state, x.code, x.why), []).append(x)
    for (state, code, why), members in reasons.items():
        named = ", ".join(f"{numbers.number(x.count)} x {x.item_id}" for x in members[:MOST_NAMED])
        more = f" and {len(members) - MOST_NAMED} more items" if len(members) > MOST_NAMED else ""
        yield f"  {state} ({code}): {named}{more}: {why}"


def _proof(plan: LoadPlan, offers: Mapping[str, Offer], items: Mapping[str, CargoItem]) -> Iterator[str]:
    if plan.unit == "left_mm3":
        inside = sum(offers[b.container_type].kind.volume_mm3 for b in plan.loads.boxes)
        filled = sum(figures(b.blocks, items).volume_mm3 for b in plan.loads.boxes)
        most = filled + plan.cost - plan.bound
        said = f"{_pct(filled, inside)} filled; no plan fills more than {_pct(min(most, inside), inside)}"
    elif plan.unit == "cost_usd":
        said = f"{plan.cost / 100:,.2f} USD; no plan costs less than {plan.bound / 100:,.2f} USD"
    else:
        said = f"{numbers.count(plan.cost, 'container')}; no plan needs fewer than {numbers.number(plan.bound)}"
    yield f"{said}. Stopped: {STOPPED.get(plan.stopped, plan.stopped)} ({plan.stopped}), seed {plan.seed}."


def _pct(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "0 %"
