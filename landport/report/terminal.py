"""The proof in a terminal: within 60 lines of 100 columns, plain where nobody looks."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from landport.model.plans import Plan
from landport.model.scenario import Scenario, World
from landport.report import kpis, numbers, waits, week, words
from landport.report.facts import Facts, Violation, join
from landport.report.figures import Indicators
from landport.report.page import readable
from landport.report.trains import TrainLine

WIDTH = 100
MOST_LINES = 60
MOST_WAITS = 8
MOST_VIOLATIONS = 5
BAR = 10


def show(
    console: Console,
    plan: Plan,
    scenario: Scenario,
    world: World,
    found: Indicators,
    violations: Sequence[Violation] | None = None,
) -> None:
    """Print figures, trains, what waits, stages and the audit's word.

    Parameters
    ----------
    violations
        What the auditor found; None: not audited.

    Notes
    -----
    State is said by a word, never by colour alone. Trains that do not fit are summed by group.
    """
    facts = join(plan, scenario, world)
    lines = waits.wait_lines(facts)
    parts: list[Part] = [_title(facts), _strip(facts, found)]
    after: list[Part] = [_waits(facts, lines), _stages(found), *_audit(found, violations)]
    used = sum(_height(p) for p in (*parts, *after)) + 3
    parts.append(_trains(facts, found, MOST_LINES - used))
    for n, part in enumerate((*parts, *after)):
        if n > 1 and isinstance(part, Table):
            console.print()
        console.print(part, width=min(WIDTH, console.width), no_wrap=True, overflow="ellipsis", crop=True)


Part = Table | Text


def _height(part: Part) -> int:
    if isinstance(part, Text):
        return 1
    return part.row_count + int(part.show_header)


def _table(*columns: tuple[str, str], header: bool = True) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=header, header_style="dim", width=None)
    for name, justify in columns:
        right = justify == "right"
        table.add_column(name, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
    return table


def _title(facts: Facts) -> Text:
    scenario = facts.scenario
    zone = facts.zone(scenario.hub_id)
    now = numbers.when(scenario.now_at, scenario.start_at, zone, month=True)
    name = numbers.zone_name(scenario.now_at, scenario.start_at, zone)
    text = Text.assemble((f"Tonight, {facts.plan.name}", "bold"))
    return text.append(f" · {now} {name} · effort {facts.plan.effort}, seed {facts.plan.seed}")


def _strip(facts: Facts, found: Indicators) -> Table:
    table = _table(("", "left"), ("", "right"), ("", "left"), header=False)
    for k in kpis.strip(facts, found):
        table.add_row(Text(k.label), Text(f"{k.value} {k.unit}", style="bold"), Text(k.sub, style="dim"))
    return table


def _trains(facts: Facts, found: Indicators, room: int) -> Table:
    table = _table(("Train", "left"), ("Departs", "left"), ("Load", "left"), ("TEU", "right"), ("Mass t", "right"))
    table.expand = True
    table.add_column("Status", no_wrap=True, overflow="ellipsis", ratio=1)
    main = [t for t in found.by_train if t.origin_id == facts.scenario.hub_id and t.via_from_id]
    others = [t for t in found.by_train if t not in main]
    sums = [s for s in _sums(others) if s]
    space = max(0, room - 1 - len(sums))
    listed = main if len(main) <= space else main[: max(0, space - 1)]
    for t in listed:
        code, name = week.label(facts, t)
        table.add_row(
            Text.assemble((f"{code} ", "bold"), name),
            numbers.when(t.departs_at, facts.scenario.start_at, facts.zone(t.origin_id)),
            _bar(t),
            f"{numbers.number(t.teu)}/{numbers.number(t.capacity_teu)}" if t.status == "run" else "–",
            _mass(t),
            _status(facts, t),
        )
    if len(main) > len(listed):
        _sum_row(table, f"and {len(main) - len(listed)} more", main[len(listed) :])
    for name, trains in sums:
        _sum_row(table, name, trains)
    return table


def _mass(train: TrainLine) -> str:
    if train.status != "run" or not train.limit_kg:
        return "–"
    return f"{numbers.number(train.mass_kg / 1000)}/{numbers.number(train.limit_kg / 1000)}"


def _status(facts: Facts, train: TrainLine) -> Text:
    if train.status == "run":
        return Text("full" if week.state(train) == "full" else "runs")
    return Text.assemble(("cancelled", "bold"), f": {readable(facts, train.why)}" if train.why else "")


def _bar(train: TrainLine) -> str:
    if train.status != "run":
        return "✕"
    filled = round(BAR * min(1.0, train.teu / max(1, train.capacity_teu)))
    return "█" * filled + "·" * (BAR - filled)


def _sums(trains: Sequence[TrainLine]) -> list[tuple[str, list[TrainLine]]]:
    groups: dict[str, list[TrainLine]] = {}
    for t in trains:
        groups.setdefault(words.GROUPS.get(t.group, t.group), []).append(t)
    return list(groups.items())


def _sum_row(table: Table, name: str, trains: Sequence[TrainLine]) -> None:
    run = [t for t in trains if t.status == "run"]
    teu, capacity = sum(t.teu for t in run), sum(t.capacity_teu for t in run)
    status = f"{len(run)} run" + (f", {len(trains) - len(run)} cancelled" if len(run) < len(trains) else "")
    table.add_row(
        Text(name, style="dim"), "", "", f"{numbers.number(teu)}/{numbers.number(capacity)}", "", Text(status, "dim")
    )


def _waits(facts: Facts, lines: Sequence[waits.WaitLine]) -> Part:
    if not lines:
        if not facts.scenario.bookings:
            return Text("There are no bookings.")
        return Text("Nothing waits: every booking has a ride.")
    table = _table(("FEU", "right"), ("State", "left"), ("To", "left"))
    for column, width in zip(table.columns, (5, 7, 7), strict=True):
        column.min_width = width
    table.expand = True
    table.add_column("What waits, and why", no_wrap=True, overflow="ellipsis", ratio=1)
    for w in lines[:MOST_WAITS]:
        to = w.destination_ids[0] if w.destination_ids else ""
        more = f" +{len(w.destination_ids) - 1}" if len(w.destination_ids) > 1 else ""
        table.add_row(
            numbers.feu(w.feu_milli),
            w.state,
            to + more,
            Text.assemble((f"{words.reason(w.code)}: ", "bold"), readable(facts, w.why)),
        )
    rest = lines[MOST_WAITS:]
    if rest:
        table.add_row(numbers.feu(sum(w.feu_milli for w in rest)), "", "", Text(f"{len(rest)} other reasons", "dim"))
    return table


def _stages(found: Indicators) -> Table:
    table = _table(("Stage", "left"), ("Plan", "right"), ("Bound", "right"), ("Gap", "right"), ("Stopped", "left"))
    for s in found.stages:
        table.add_row(
            s.name,
            kpis.stage_figure(s, s.cost),
            kpis.stage_figure(s, s.bound),
            f"{numbers.percent(s.gap_share, 2)} %",
            words.STOPPED.get(s.stopped, s.stopped),
        )
    return table


def _audit(found: Indicators, violations: Sequence[Violation] | None) -> list[Text]:
    n = found.n_violations
    if n is None:
        return [Text("Not audited: run landport check.")]
    if n == 0:
        return [Text("Audit passed: every rule, time, load and charge counted again, 0 violations.", style="bold")]
    word = "violation" if n == 1 else "violations"
    lines = [Text(f"Audit FAILED: {numbers.number(n)} {word}. Do not commit this plan.", style="bold red")]
    return lines + [Text(f"  {v.code}: {v.message}") for v in list(violations or ())[:MOST_VIOLATIONS]]
