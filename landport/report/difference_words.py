"""What changed between two plans, in words: counts on one screen, then who moved, group by group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from landport.model.differences import ContainerChange, Differences
from landport.report import words
from landport.report.indicators import WEIGHED
from landport.report.numbers import boxes, days, number, spoken, usd_column

TITLES = {
    "moved": "Moved to other departures",
    "left": "Left now, but rode before",
    "taken": "Ride now, but were left before",
    "reason": "Left again, for another reason",
    "new": "Only in the second plan",
    "gone": "Only in the first plan",
}
"""Kinds of change, in the order in which they are told."""

MOST_NAMED = 3
"""Containers, or bookings, that a line names before it counts the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One container that changed, for a list: the fields of `ContainerChange` as texts and figures."""

    container_id: str
    was_id: str
    bookings: str
    what: str
    from_trains: str
    to_trains: str
    later_minutes: int | None
    usd_cents_before: int
    usd_cents_after: int
    code: str
    why: str


def difference_rows(found: Differences) -> tuple[DifferenceRow, ...]:
    """List every container that changed, in the order of the second plan."""
    return tuple(
        DifferenceRow(
            container_id=c.container_id,
            was_id=c.was_id,
            bookings=" ".join(c.booking_ids),
            what=c.what,
            from_trains=" ".join(c.before),
            to_trains=" ".join(c.after),
            later_minutes=c.later_minutes,
            usd_cents_before=c.usd_cents_before,
            usd_cents_after=c.usd_cents_after,
            code=c.code,
            why=c.why,
        )
        for c in found.containers
    )


def show_differences(console: Console, found: Differences) -> None:
    """Print what changed: remarks, a summary of counts and costs, trains, then containers group by group."""
    for line in remarks(found):
        console.print(Text(line, style="bold"))
    if found.is_empty:
        console.print(f"{boxes(found.n_same)} ride or wait as before; nothing moved.")
    else:
        console.print(_summary(found))
    console.print(_costs(found))
    for line in train_lines(found):
        console.print(Text(line))
    for what, title in TITLES.items():
        lines = [*group_lines([c for c in found.containers if c.what == what])]
        if lines:
            console.print(Text(f"\n{title}", style="bold"))
        for line in lines:
            console.print(Text(f"  {line}"))
    for loose in found.loose:
        said = f"  {number(loose.count_before)} pieces of {loose.item_id} were loose, now {number(loose.count_after)}"
        console.print(Text(said + (f": {spoken(loose.why)}" if loose.why else "")))


def remarks(found: Differences) -> Iterator[str]:
    """Say what makes a comparison lame: other weeks, tables or rules."""
    if not found.is_same_week:
        yield (
            "The plans were made from different weeks: bookings, departures or the clock differ, "
            "so some changes are the week's and not the planner's."
        )
    if not found.is_same_reference:
        yield "They were made over different reference tables: prices may differ for the same ride."
    if not found.is_same_rules:
        yield "They were made under different rules."


def _summary(found: Differences) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column("", no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    said = [("as before", found.n_same, _aside(found))]
    names = {"moved": "moved", "left": "newly left", "taken": "no longer left", "reason": "left for another reason"}
    names |= {"new": "new", "gone": "gone"}
    said += [(names[what], found.count(what), "") for what in TITLES]
    said += [("on another wagon", found.n_other_wagon, "same train"), ("packed otherwise", found.n_repacked, "")]
    for name, n, aside in said:
        if n or name in ("as before", "moved"):
            table.add_row(f"Containers {name}", number(n), Text(aside, style="dim"))
    for name, after in (("newly run", "run"), ("newly cancelled", "cancelled"), ("no longer decided", "")):
        n = sum(t.after == after for t in found.trains)
        if n:
            table.add_row(f"Trains {name}", number(n), "")
    return table


def _aside(found: Differences) -> str:
    return f"{number(found.n_retimed)} of them arrive at another minute" if found.n_retimed else ""


def _costs(found: Differences) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("Cost")
    for name in ("before", "after", "change"):
        table.add_column(name, justify="right", no_wrap=True)
    paid = [k for k in found.kinds if k.kind not in WEIGHED]
    lines = [(words.KINDS.get(k.kind, k.kind), k.usd_cents_before, k.usd_cents_after) for k in found.kinds]
    sums = [("Money", paid), ("Money and weights", list(found.kinds))]
    lines += [(name, sum(k.usd_cents_before for k in of), sum(k.usd_cents_after for k in of)) for name, of in sums]
    every = [abs(v) for _, a, b in lines for v in (a, b)]
    columns = [usd_column(v, of=every) for v in zip(*((a, b, b - a) for _, a, b in lines), strict=True)]
    for (name, *_), figures in zip(lines, zip(*columns, strict=True), strict=True):
        table.add_row(name, *figures)
    late = (found.late_minutes_before, found.late_minutes_after)
    table.add_row("Lateness, container-days", days(late[0]), days(late[1]), days(late[1] - late[0]))
    table.add_row(
        "Late containers",
        number(found.n_late_before),
        number(found.n_late_after),
        number(found.n_late_after - found.n_late_before),
    )
    return table


def train_lines(found: Differences) -> Iterator[str]:
    """Say which trains newly run or no longer do, and why."""
    for train in found.trains:
        if train.after == "run":
            was = "was cancelled" if train.before else "was not decided"
            yield f"{train.departure_id} runs; it {was}"
        elif train.after == "cancelled":
            was = "ran" if train.before else "was not decided"
            yield f"{train.departure_id} is cancelled; it {was}: {spoken(train.why)}"
        else:
            was = "ran" if train.before == "run" else "was cancelled"
            yield f"{train.departure_id} {was}; the second plan does not decide on it"


def group_lines(changes: Sequence[ContainerChange]) -> Iterator[str]:
    """Tell changes of one kind, those that are alike in one line."""
    groups: dict[tuple[object, ...], list[ContainerChange]] = {}
    for c in changes:
        key = (c.what, c.before, c.after, c.later_minutes, c.code, c.why if c.what in ("left", "reason") else "")
        groups.setdefault(key, []).append(c)
    for some in groups.values():
        yield f"{_who(some)} {_did(some[0])}{_costing(some)}"


def _who(some: Sequence[ContainerChange]) -> str:
    ids = _ranges([c.container_id or c.was_id for c in some])
    bookings = list(dict.fromkeys(b for c in some for b in c.booking_ids))
    named = _some(bookings)
    return f"{_some(ids)} ({boxes(len(some))} of {named})" if len(some) > 1 else f"{_some(ids)} ({named})"


def _some(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {number(rest)} more" if rest > 0 else "")


def _ranges(ids: Sequence[str]) -> list[str]:
    """Write ids that follow one another as a range.

    Examples
    --------
    >>> _ranges(["C00007", "C00008", "C00009", "C00012", "X"])
    ['C00007-C00009', 'C00012', 'X']
    """
    runs: list[list[str]] = []
    for one in sorted(ids):
        follows = bool(runs) and one[1:].isdecimal() and runs[-1][-1][1:].isdecimal() and one[0] == runs[-1][-1][0]
        if follows and int(one[1:]) == int(runs[-1][-1][1:]) + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return [run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]


def _did(change: ContainerChange) -> str:
    before, after = (" > ".join(trains) for trains in (change.before, change.after))
    if change.what == "moved":
        return f"moved from {before} to {after}, {_later(change.later_minutes or 0)}"
    if change.what == "left":
        return f"rode {before}; left now: {spoken(change.why)}"
    if change.what == "taken":
        return f"was left; rides {after}"
    if change.what == "reason":
        return f"is left again: {spoken(change.why)}"
    if change.what == "new":
        return f"rides {after}" if after else f"is left: {spoken(change.why)}"
    return f"rode {before}" if before else "was left"


def _later(minutes: int) -> str:
    """Say how much later something arrives.

    Examples
    --------
    >>> _later(720), _later(-45), _later(0), _later(4320)
    ('12 h later', '45 min earlier', 'at the same time', '3.0 days later')
    """
    if not minutes:
        return "at the same time"
    span = abs(minutes)
    said = f"{span} min" if span < 60 else f"{number(span / 60)} h" if span < 2880 else f"{days(span)} days"
    return f"{said} {'later' if minutes > 0 else 'earlier'}"


def _costing(some: Sequence[ContainerChange]) -> str:
    if some[0].what in ("new", "gone", "reason"):
        return ""
    dollars = sum(c.usd_cents_after - c.usd_cents_before for c in some) // 100
    return f"; {number(abs(dollars))} USD {'more' if dollars >= 0 else 'less'} with weights"
