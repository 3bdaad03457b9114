"""Records as tables: means with standard errors, paired differences, what rules and fleets cost."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.loading.cargo import FLEETS, MODES
from bench.loading.tasks import OURS, Record

Setup = tuple[str, str, float, str]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of class means with its standard error; NaN where one instance tells nothing."""

    value: float
    error: float

    def __str__(self) -> str:
        """Write both with two decimals."""
        return f"{self.value:.2f}" + ("" if math.isnan(self.error) else f" ({self.error:.2f})")


def mean(by_family: Iterable[Sequence[float]]) -> Mean:
    """Take the mean over families of their means: each family weighs the same, however many instances it has.

    Examples
    --------
    >>> print(mean([[1.0, 3.0], [5.0, 7.0]]), mean([[4.0]]))
    4.00 (0.71) 4.00
    """
    groups = [values for values in by_family if values]
    if not groups:
        return Mean(math.nan, math.nan)
    squares = sum(_squared_error(values) for values in groups)
    return Mean(sum(sum(v) / len(v) for v in groups) / len(groups), math.sqrt(squares) / len(groups))


def _squared_error(values: Sequence[float]) -> float:
    n = len(values)
    middle = sum(values) / n
    return sum((v - middle) ** 2 for v in values) / (n * (n - 1)) if n > 1 else math.nan


def lay_out(header: Sequence[str], rows: Sequence[Sequence[str]], *, markdown: bool) -> str:
    """Set a table for a page or for a terminal; the first column is text."""
    if markdown:
        lines = ["| " + " | ".join(row) + " |" for row in (header, *rows)]
        return "\n".join([lines[0], "|---|" + "---:|" * (len(header) - 1), *lines[1:]])
    wide = [max(len(row[k]) for row in (header, *rows)) for k in range(len(header))]
    return "\n".join(
        "  ".join(cell.rjust(w) if k else cell.ljust(w) for k, (cell, w) in enumerate(zip(row, wide, strict=True)))
        for row in (header, *rows)
    )


def by_setup(records: Iterable[Record]) -> dict[Setup, dict[str, Record]]:
    """Sort records into columns, each by instance; runs that did not get their CPU seconds are left out."""
    columns: dict[Setup, dict[str, Record]] = defaultdict(dict)
    for record in records:
        if not record.is_short:
            columns[record.task.setup][record.task.instance] = record
    return dict(sorted(columns.items(), key=lambda c: (c[0][0] != OURS, c[0][3] not in MODES, c[0])))


def _families(columns: Iterable[dict[str, Record]]) -> list[str]:
    found = {record.task.family for column in columns for record in column.values()}
    return sorted(found, key=lambda f: (not f.startswith("BR"), int(f[2:]) if f.startswith("BR") else 0))


def _of(column: dict[str, Record], family: str) -> list[Record]:
    return [record for record in column.values() if record.task.family == family]


def fills(records: Iterable[Record], *, markdown: bool) -> str:
    """Percent of the container filled, by class and set-up, with what is wrong with the plans."""
    columns = {k: c for k, c in by_setup(records).items() if k[3] in MODES}
    families = _families(columns.values())
    header = ["class", *(f"{solver}, {mode}, {seconds:g} s{_counted(c)}" for solver, c, seconds, mode in columns)]

    def line(name: str, chosen: Sequence[str]) -> list[str]:
        cells = [[[100 * r.share for r in _of(c, f)] for f in chosen] for c in columns.values()]
        return [name, *(str(mean(cell)) if all(cell) else "" for cell in cells)]

    classes = [f for f in families if f.startswith("BR")]
    rows = [line(f, [f]) for f in families]
    rows += [line(f"all {len(classes)} BR", classes)] if len(classes) > 1 else []
    early = [f for f in classes if 1 <= int(f[2:]) <= 7]
    rows += [line(f"{', '.join(f[2:] for f in early)} of BR", early)] if 1 < len(early) < len(classes) else []
    facts: list[tuple[str, Callable[[list[Record]], str]]] = [
        ("instances", lambda rs: str(len(rs))),
        ("CPU s, mean", lambda rs: f"{sum(r.cpu_s for r in rs) / len(rs):.2f}"),
        ("CPU s, most", lambda rs: f"{max(r.cpu_s for r in rs):.2f}"),
        ("not fully supported", lambda rs: _share(rs, [r.unsupported for r in rs])),
        ("wrong side up", lambda rs: _share(rs, [r.wrong_side_up for r in rs])),
        ("plans not valid", lambda rs: str(sum(bool(r.faults) for r in rs))),
        ("audited", lambda rs: str(sum(r.is_audited for r in rs))),
    ]
    rows += [[name, *(say([*column.values()]) for column in columns.values())] for name, say in facts]
    return lay_out(header, rows, markdown=markdown)


def _counted(counted: str) -> str:
    return ", whole process" if counted == "process" else ""


def _share(records: Sequence[Record], boxes: Sequence[int]) -> str:
    return f"{100 * sum(boxes) / max(1, sum(r.n_boxes for r in records)):.1f} %"


def pairs(records: Iterable[Record], *, markdown: bool) -> str:
    """Ours less each peer's on the same instances at the same seconds of the whole process, in points."""
    columns = by_setup(records)
    found: dict[str, tuple[dict[str, Record], dict[str, Record]]] = {}
    silent: list[str] = []
    for (peer, counted, seconds, mode), theirs in columns.items():
        ours = columns.get((OURS, "process", seconds, mode))
        if peer != OURS and counted == "process" and ours:
            answered = {name: record for name, record in theirs.items() if record.n_boxes}
            found[f"landport - {peer}, {mode}, {seconds:g} s"] = ours, answered
            silent.append(str(len(theirs) - len(answered)))
    families = _families(column for pair in found.values() for column in pair)
    rows = [[f, *(_signed(gains(*pair, [f])) for pair in found.values())] for f in families]
    rows.append(["all", *(_signed(gains(*pair, families)) for pair in found.values())])
    rows.append(["pairs", *(str(len(a.keys() & b.keys())) for a, b in found.values())])
    rows.append(["peer gave no plan", *silent])
    return lay_out(["class", *found], rows, markdown=markdown) if found else "no pairs yet"


def gains(ours: dict[str, Record], theirs: dict[str, Record], families: Sequence[str]) -> list[list[float]]:
    """Points by family by which ours is fuller, on the instances that both have."""
    both = sorted(ours.keys() & theirs.keys())
    return [[100 * (ours[i].share - theirs[i].share) for i in both if ours[i].task.family == f] for f in families]


def _signed(by_family: Iterable[Sequence[float]]) -> str:
    gain = str(mean(by_family))
    return gain if gain[0] in "-n" else f"+{gain}"


def rule_costs(records: Iterable[Record], *, markdown: bool) -> str:
    """What each further rule costs in fill, in points, on the same instances."""
    columns = {k: c for k, c in by_setup(records).items() if k[0] == OURS and k[1] == "search" and k[3] in MODES}
    header = ["rule added", "fill", "costs", "CPU s, mean", "plans not valid", "audited"]
    rows = []
    for seconds in sorted({k[2] for k in columns}):
        chain = [(m, columns[OURS, "search", seconds, m]) for m in MODES if (OURS, "search", seconds, m) in columns]
        shared = set.intersection(*(set(c) for _, c in chain))
        before: dict[str, Record] = {}
        for mode, column in chain if shared else ():
            kept = {name: record for name, record in column.items() if name in shared}
            families = _families([kept])
            fill = mean([100 * r.share for r in _of(kept, f)] for f in families)
            lost = mean(gains(before, kept, families)) if before else ""
            spent = sum(r.cpu_s for r in kept.values()) / len(kept)
            checks = [str(sum(bool(r.faults) for r in kept.values())), str(sum(r.is_audited for r in kept.values()))]
            rows.append([f"{mode}, {seconds:g} s", str(fill), str(lost), f"{spent:.2f}", *checks])
            before = kept
    return lay_out(header, rows, markdown=markdown)


def fleets(records: Iterable[Record], *, markdown: bool) -> str:
    """Containers or USD beside the bound, by cargo list."""
    columns = {k: c for k, c in by_setup(records).items() if k[3] in FLEETS}
    header = ["cargo list"]
    for _, _, seconds, mode in columns:
        header += [f"{mode}, {seconds:g} s", "bound", "filled", "CPU s"]
    names = sorted({name for c in columns.values() for name in c}, key=lambda n: int(n.rpartition("-")[2]))
    rows = []
    for name in names:
        cells = [_fleet_cells(columns[key].get(name)) for key in columns]
        rows.append([name, *(cell for four in cells for cell in four)])
    totals = []
    for column in columns.values():
        cost, bound = sum(r.cost for r in column.values()), sum(r.bound for r in column.values())
        filled = sum(r.share for r in column.values()) / len(column)
        spent = sum(r.cpu_s for r in column.values()) / len(column)
        totals += [f"{cost / max(1, bound):.3f}", "1", f"{filled:.1%}", f"{spent:.2f}"]
    return lay_out(header, [*rows, ["ratio, means", *totals]], markdown=markdown)


def _fleet_cells(record: Record | None) -> list[str]:
    if record is None:
        return [""] * 4
    unit = 100 if record.task.mode == "cheapest" else 1
    valid = "" if not record.faults else " NOT VALID"
    money = [f"{n / unit:,.0f}" for n in (record.cost, record.bound)]
    return [money[0] + valid, money[1], f"{record.share:.1%}", f"{record.cpu_s:.2f}"]
