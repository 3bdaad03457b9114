"""The proof in a terminal: within 60 lines, as wide as it is up to 160 columns, plain where nobody looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.containers import Lines
from rich.table import Table
from rich.text import Text

from landport.model.plans import Plan
from landport.model.scenario import Scenario, World
from landport.report import kpis, numbers, waits, week, why_words, words
from landport.report.facts import Facts, Violation, join
from landport.report.figures import Indicators
from landport.report.page import readable
from landport.report.trains import TrainLine

WIDTH = 160
MOST_LINES = 60
MOST_WAITS = 8
MOST_VIOLATIONS = 5
MOST_PRICES = 2
MOST_TOLD = 2
"""Trains of one kind of reason whose whole reason is told; of more the codes stand there."""

BAR = 10
NARROW = 90
"""Columns below which the bars of load are left out: the figures beside them say the same."""

NARROWER = 70
"""Columns below which masses are left out, too."""


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
    State is said by a word, never by colour alone. Trains that do not fit are summed by group; no figure is cut.
    """
    facts = join(plan, scenario, world)
    width = min(WIDTH, console.width)
    parts: list[Part] = [_title(facts), _strip(facts, found)]
    after: list[Part] = [
        _cancelled(facts, found),
        _waits(facts, waits.wait_lines(facts)),
        *_worth(facts),
        _stages(found),
        *_audit(found, violations),
    ]
    main = _main(facts, found)
    room = MOST_LINES - sum(_height(console, p, width) for p in (*parts, _sums(found, main, 0), *after)) - 6
    listed = main if len(main) <= room else main[: max(0, room)]
    parts += [_trains(facts, listed, width), _sums(found, main, len(listed))]
    for n, part in enumerate((*parts, *after)):
        if isinstance(part, Table) and not part.row_count:
            continue
        if n > 1 and isinstance(part, Table):
            console.print()
        console.print(part, width=width)


Part = Table | Text


class Sentence(Text):
    """Text that wraps between words, never at the thin space inside a figure."""

    def wrap(self, console: Console, width: int, **options: Any) -> Lines:
        """Break it into lines."""
        held = self.copy()
        held.plain = held.plain.replace(THIN, HELD)
        lines = held.wrap(console, width, **options)
        for line in lines:
            line.plain = line.plain.replace(HELD, THIN)
        return lines


def _height(console: Console, part: Part, width: int) -> int:
    if isinstance(part, Table) and not part.row_count:
        return 0
    return len(console.render_lines(part, console.options.update(width=width), pad=False))


def _table(*columns: tuple[str, str], header: bool = True) -> Table:
    """Make a table whose figures, to the right, are never cut; words to the left may wrap."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=header, header_style="dim", width=None)
    for name, justify in columns:
        right = justify == "right"
        table.add_column(name, justify="right" if right else "left", no_wrap=right)
    return table


def _keep_figures(table: Table) -> Table:
    """Let no column of figures become narrower than its widest cell."""
    for column in table.columns:
        if column.justify == "right":
            column.min_width = max(cell_len(str(c)) for c in (column.header, *column.cells))
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
    return _keep_figures(table)


def _trains(facts: Facts, trains: Sequence[TrainLine], width: int) -> Table:
    """List trains; on a narrow screen without the bars of load, then without masses."""
    bar, mass = width >= NARROW, width >= NARROWER
    table = _table(("Train", "left"), ("Departs", "right"), *([("Load", "left")] if bar else []), ("TEU", "right"))
    for column in (("Mass t", "right"), ("of", "left")) if mass else ():
        table.add_column(column[0], justify="right" if column[1] == "right" else "left", no_wrap=True)
    table.add_column("", no_wrap=True)
    for t in trains:
        code, name = week.label(facts, t)
        table.add_row(
            Text.assemble((f"{code} ", "bold"), name, no_wrap=True, overflow="ellipsis"),
            numbers.when(t.departs_at, facts.scenario.start_at, facts.zone(t.origin_id)),
            *([_bar(t)] if bar else []),
            f"{numbers.number(t.teu)}/{numbers.number(t.capacity_teu)}" if t.status == "run" else "–",
            *(_mass(t) if mass else ()),
            _status(t),
        )
    return _keep_figures(table)


def _sums(found: Indicators, main: Sequence[TrainLine], n_listed: int) -> Table:
    """Sum the trains that are not listed: outbound ones beyond the room there is, all others by group."""
    groups: dict[str, list[TrainLine]] = {}
    if rest := main[n_listed:]:
        groups[f"{len(rest)} more outbound"] = list(rest)
    listed = {t.departure_id for t in main}
    for t in found.by_train:
        if t.departure_id not in listed:
            groups.setdefault(words.GROUPS.get(t.group, t.group), []).append(t)
    table = _table(("Others", "left"), ("TEU", "right"), ("Run", "right"), ("Cancelled", "right"))
    for name, trains in groups.items():
        run = [t for t in trains if t.status == "run"]
        teu, capacity = sum(t.teu for t in run), sum(t.capacity_teu for t in run)
        figure = f"{numbers.number(teu)}/{numbers.number(capacity)}" if run else "–"
        table.add_row(name, figure, numbers.number(len(run)), numbers.number(len(trains) - len(run)))
    return _keep_figures(table)


THIN, HELD = "\u202f", "\ue000"
"""The space of figures, and what stands for it while lines are broken."""

MASS = {"cargo": "boxes", "gross": "train"}
"""What a limit on mass holds for: the boxes alone, or the train with its wagons."""


def _main(facts: Facts, found: Indicators) -> list[TrainLine]:
    """List the trains from the hub abroad."""
    return [t for t in found.by_train if t.origin_id == facts.scenario.hub_id and t.via_from_id]


def _mass(train: TrainLine) -> tuple[str, str]:
    """Say mass and limit where a train is tightest, and of what."""
    if train.status != "run" or not train.limit_kg:
        return "–", ""
    return f"{numbers.number(train.mass_kg / 1000)}/{numbers.number(train.limit_kg / 1000)}", MASS[train.mass_what]


def _status(train: TrainLine) -> Text:
    if train.status == "run":
        return Text("full" if week.state(train) == "full" else "runs")
    return Text("cancelled", "bold")


def _cancelled(facts: Facts, found: Indicators) -> Table:
    """List why trains are cancelled: by kind of reason, outbound ones by code and day, the others counted."""
    table = _table(("Cancelled", "left"), ("Why, and which", "left"))
    table.columns[0].no_wrap = True
    main = {t.departure_id for t in _main(facts, found)}
    kinds: dict[str, list[TrainLine]] = {}
    for t in found.by_train:
        if t.status != "run":
            kinds.setdefault(words.cancel_kind(t.why), []).append(t)
    for kind, trains in sorted(kinds.items(), key=lambda x: (not x[0], -len(x[1]), x[0])):
        mine = [t for t in trains if t.departure_id in main]
        named = [_named(facts, t, told=not kind or len(mine) <= MOST_TOLD) for t in mine]
        if rest := len(trains) - len(mine):
            named.append(numbers.count(rest, "return train or feeder" if rest == 1 else "return trains and feeder"))
        meaning = f"{words.CANCELS[kind]}: " if kind else ""
        table.add_row(Text(kind or "other", "bold"), Sentence(meaning + (" · " if kind else "; ").join(named)))
    return table


def _named(facts: Facts, train: TrainLine, *, told: bool) -> str:
    """Name a train by code and day, and tell its reason."""
    at = numbers.when(train.departs_at, facts.scenario.start_at, facts.zone(train.origin_id)).rpartition(" ")[0]
    figures = train.why.partition(": ")[2]
    kind = words.cancel_kind(train.why)
    said = figures if kind else train.why
    told = told and bool(said) and not (kind and said.startswith(words.CANCELS[kind]))
    return f"{week.label(facts, train)[0]} {at}" + (f" ({numbers.spoken(said)})" if told else "")


def _bar(train: TrainLine) -> str:
    if train.status != "run":
        return "✕"
    filled = round(BAR * min(1.0, train.teu / max(1, train.capacity_teu)))
    return "█" * filled + "·" * (BAR - filled)


def _waits(facts: Facts, lines: Sequence[waits.WaitLine]) -> Table:
    if not lines:
        table = _table(("", "left"), header=False)
        table.add_row(
            "Nothing waits: every booking has a ride." if facts.scenario.bookings else "There are no bookings."
        )
        return table
    table = _table(("FEU", "right"), ("State", "left"), ("To", "left"), ("What waits, and why", "left"))
    for column, width in zip(table.columns, (5, 7, 7), strict=False):
        column.min_width, column.no_wrap = width, True
    for w in lines[:MOST_WAITS]:
        to = w.destination_ids[0] if w.destination_ids else ""
        more = f" +{len(w.destination_ids) - 1}" if len(w.destination_ids) > 1 else ""
        table.add_row(
            numbers.feu(w.feu_milli),
            w.state,
            to + more,
            Sentence.assemble((f"{words.reason(w.code)}: ", "bold"), readable(facts, w.why)),
        )
    rest = lines[MOST_WAITS:]
    if rest:
        table.add_row(numbers.feu(sum(w.feu_milli for w in rest)), "", "", Text(f"{len(rest)} other reasons", "dim"))
    return table


def _worth(facts: Facts) -> list[Text]:
    """Name what one more of is worth most, and the verb that says why things stay."""
    priced = [readable(facts, why_words.worth(facts, price)) for price in facts.plan.prices[:MOST_PRICES]]
    said = [f"Worth most, as estimated: {'; '.join(priced)}."] if priced else []
    said += ["What would free what stays: landport why."] if facts.plan.remedies else []
    return [Sentence(" ".join(said))] if said else []


def _stages(found: Indicators) -> Table:
    table = _table(("Stage", "left"), ("Plan", "right"), ("Bound", "right"), ("Gap", "right"), ("Stopped", "left"))
    for s in found.stages:
        table.add_row(s.name, *kpis.stage_figures(s, found.stages), numbers.share(s.gap_share, 2), kpis.stopped(s))
    return _keep_figures(table)


def _audit(found: Indicators, violations: Sequence[Violation] | None) -> list[Text]:
    n = found.n_violations
    if n is None:
        return [Text("Not audited: run landport check.")]
    if n == 0:
        return [Text("Audit passed: every rule, time, load and charge counted again, 0 violations.", style="bold")]
    word = "violation" if n == 1 else "violations"
    lines = [Text(f"Audit FAILED: {numbers.number(n)} {word}. Do not commit this plan.", style="bold red")]
    return lines + [Sentence(f"  {v.code}: {v.message}") for v in list(violations or ())[:MOST_VIOLATIONS]]
