"""Departures of the week as a chart: a row a line, bars end at departure and fill by load."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from landport.report.facts import Facts, crossing
from landport.report.numbers import DAYS, local, number, offset_minutes, spoken, when
from landport.report.trains import TrainLine
from landport.report.words import cancel_kind

WIDTH, LEFT, RIGHT = 860, 156, 52
ROW, BAR, TOP = 17, 48, 22
MOST_STACKED = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the chart: its code, name and departures."""

    code: str
    name: str
    trains: tuple[TrainLine, ...]


@dataclass(frozen=True, slots=True)
class Passing:
    """A passing train: minute at which it leaves the hub, and TEU added there."""

    departure_id: str
    name: str
    leaves_at: int
    teu: int


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that share a border, or a kind of service."""

    title: str
    rows: tuple[Row, ...]
    passing: tuple[Passing, ...]


def label(facts: Facts, train: TrainLine) -> tuple[str, str]:
    """Name a line by the end that is not the hub: (code, name)."""
    hub = facts.scenario.hub_id
    far = train.destination_id if train.origin_id == hub else train.origin_id
    ends = [part.strip() for part in train.name.split(" - ")]
    home = facts.name(hub)
    names = [e.removesuffix(" return").removesuffix(" feeder").split(" (")[0] for e in ends]
    others = [e for e in names if e and e not in home and home not in e]
    return far, others[0].replace("-", "–") if len(others) == 1 else facts.name(far)


def groups(facts: Facts, trains: Sequence[TrainLine]) -> tuple[Group, ...]:
    """Sort the hub's trains into outbound ones by border, return trains and feeders."""
    passing = _passing(facts)
    found: dict[tuple[int, str], list[TrainLine]] = {}
    for train in trains:
        found.setdefault(_group(facts, train), []).append(train)
    for title in passing:
        found.setdefault((0, title), [])
    return tuple(
        Group(title, _rows(facts, found[order, title]), tuple(passing.get(title, ())) if order == 0 else ())
        for order, title in sorted(found)
    )


def _group(facts: Facts, train: TrainLine) -> tuple[int, str]:
    if train.origin_id == facts.scenario.hub_id and train.via_from_id:
        return 0, _via(facts, train.via_from_id, train.via_to_id)
    if train.via_from_id:
        return 1, "return trains, to the hub"
    if train.origin_id == facts.scenario.hub_id:
        return 3, "feeders and domestic, from the hub"
    return 2, "feeders and domestic, to the hub"


def _via(facts: Facts, a: str, b: str) -> str:
    return f"via {facts.name(a)}–{facts.name(b)}"


def _rows(facts: Facts, trains: Iterable[TrainLine]) -> tuple[Row, ...]:
    lines: dict[str, list[TrainLine]] = {}
    for train in trains:
        lines.setdefault(train.service_id, []).append(train)
    return tuple(Row(*label(facts, mine[0]), tuple(mine)) for mine in lines.values())


def _passing(facts: Facts) -> dict[str, list[Passing]]:
    hub, home = facts.scenario.hub_id, facts.network.places
    found: dict[str, list[Passing]] = {}
    for run in facts.departures.values():
        service = facts.network.services[run.service_id]
        stop = next((leg.seq for leg in service.legs[1:] if leg.from_id == hub), 0)
        border = crossing(service, facts.network, home[hub].country) if hub in home and stop else None
        if border is None or service.operation == "hub" or border.seq < stop:
            continue
        leaves = run.legs[stop - 1].departs_at
        if facts.scenario.now_at <= leaves < facts.plan_end:
            added = [r for r in facts.riders.get(run.departure_id, ()) if r.from_id == hub]
            teu = sum(facts.teu(r.subject_id) for r in added)
            via = _via(facts, border.from_id, border.to_id)
            found.setdefault(via, []).append(Passing(run.departure_id, service.name, leaves, teu))
    return {via: sorted(mine, key=lambda p: p.leaves_at) for via, mine in found.items()}


@dataclass(frozen=True, slots=True)
class Axis:
    """Minutes to drawing units, with local midnights of the hub."""

    start: int
    end: int
    midnights: tuple[tuple[int, str], ...]

    def x(self, minute: int) -> float:
        """Place a minute."""
        return LEFT + (minute - self.start) / (self.end - self.start) * (WIDTH - LEFT - RIGHT)


def axis(facts: Facts) -> Axis:
    """Span the local days from now to the end of the plan."""
    start_at, zone = facts.scenario.start_at, facts.zone(facts.scenario.hub_id)
    first = facts.scenario.now_at + offset_minutes(facts.scenario.now_at, start_at, zone)
    start = facts.scenario.now_at - first % 1440
    n_days = max(1, -(-(facts.plan_end - start) // 1440))
    at = [(start + i * 1440, local(start + i * 1440, start_at, zone)) for i in range(n_days)]
    names = [(minute, f"{DAYS[day.weekday()]} {day.day}") for minute, day in at]
    return Axis(start, start + n_days * 1440, tuple(names))


def draw(facts: Facts, shown: Sequence[Group], index: dict[str, int]) -> str:
    """Draw groups of trains as SVG.

    Parameters
    ----------
    index
        Number of each train in the page's data, by departure id.
    """
    scale = axis(facts)
    y, out = TOP, []
    for group in shown:
        out.append(f'<text x="0" y="{y + 13}" class="grp">{escape(group.title)}</text>')
        y += 19
        for row in group.rows:
            lanes = _stacked(row.trains, scale)
            out.append(
                f'<text x="0" y="{y + 13}"><tspan class="cd">{escape(row.code)}</tspan>'
                f'<tspan x="{40 if len(row.code) < 4 else 52}">{escape(_short(row.name))}</tspan></text>'
            )
            for lane in lanes:
                ends = [scale.x(t.departs_at) - BAR for t in lane[1:]] + [WIDTH - RIGHT]
                out += [
                    _bar(facts, train, (scale.x(train.departs_at), end), y, index)
                    for train, end in zip(lane, ends, strict=True)
                ]
                y += ROW
            out.append(f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" class="rl"/>')
        if group.passing:
            out.append(f'<text x="0" y="{y + 12}" class="grp">passing, top-up</text>')
            out += _ticks(facts, group.passing, scale, y)
            y += ROW + 3
        y += 4
    return (
        f'<svg class="week" viewBox="0 0 {WIDTH} {y + 2}" role="img" aria-label="Departures of the week">'
        f"{_days(facts, scale, y)}{''.join(out)}</svg>"
    )


def _short(name: str) -> str:
    return name if len(name) <= 17 else name[:16] + "…"


def _stacked(trains: Sequence[TrainLine], scale: Axis) -> list[list[TrainLine]]:
    """Spread bars that would overlap over sub-rows."""
    lanes: list[list[TrainLine]] = [[]]
    for train in trains:
        x = scale.x(train.departs_at)
        free = (lane for lane in lanes if not lane or scale.x(lane[-1].departs_at) + BAR + 46 <= x)
        lane = next(free, None)
        if lane is None and len(lanes) < MOST_STACKED:
            lanes.append(lane := [])
        (lane if lane is not None else lanes[-1]).append(train)
    return lanes


def state(train: TrainLine) -> str:
    """Name the look of a train: cancel, full, run or none (runs without a box)."""
    if train.status != "run":
        return "cancel"
    return "full" if train.capacity_teu and train.teu >= train.capacity_teu else "run"


def _bar(facts: Facts, train: TrainLine, span: tuple[float, float], y: int, index: dict[str, int]) -> str:
    """Draw a departure; `span` is where it leaves and where the next bar of its row begins."""
    look, x = state(train), span[0]
    left = max(x - BAR, LEFT + 1.0)
    filled = (x - left) * min(1.0, train.teu / max(1, train.capacity_teu))
    at = when(train.departs_at, facts.scenario.start_at, facts.zone(train.origin_id))
    title = f"{train.name}, {at}: {number(train.teu)} of {number(train.capacity_teu)} TEU"
    title += f"; cancelled: {spoken(train.why)}" if look == "cancel" else ""
    text = (
        f'✕ <tspan class="of">{escape(_said(train.why, span[1] - x - 22))}</tspan>'
        if look == "cancel"
        else f'{number(train.teu)}<tspan class="of">/{number(train.capacity_teu)}</tspan>'
    )
    end = x > WIDTH - RIGHT - 8
    spot = f'x="{left - 4:.1f}" text-anchor="end"' if end else f'x="{x + 5:.1f}"'
    return (
        f'<g class="dep {look}" tabindex="0" role="button" data-train="{index.get(train.departure_id, -1)}">'
        f"<title>{escape(title)}</title>"
        f'<rect x="{left:.1f}" y="{y + 3}" width="{max(0.0, x - left):.1f}" height="12" class="bk"/>'
        f'<rect x="{left:.1f}" y="{y + 3}" width="{filled:.1f}" height="12" class="fl"/>'
        f'<path d="M{x:.1f} {y + 2}v14" class="tip"/>'
        f'<text {spot} y="{y + 13}" class="lab">{text}</text></g>'
    )


def _said(why: str, room: float) -> str:
    """Say the kind of reason where there is room for it; the whole one is in the panel that a click opens."""
    kind = cancel_kind(why)
    for said in (f"cancelled: {kind}", kind):
        if kind and len(said) * 5.6 <= room:
            return said
    return "cancelled"


def _ticks(facts: Facts, passing: Sequence[Passing], scale: Axis, y: int) -> list[str]:
    """Draw passing trains as ticks; those too close to write beside each other share one sum behind the last."""
    zone = facts.zone(facts.scenario.hub_id)
    out, sums = [], _summed(passing, scale)
    for n, p in enumerate(passing):
        x = scale.x(p.leaves_at)
        said = f"{p.name} passes {when(p.leaves_at, facts.scenario.start_at, zone)}: {p.teu} TEU added"
        add = ' class="add"' if p.teu else ""
        text = f'<text x="{x + 3:.1f}" y="{y + 12}">+{sums[n]}</text>' if n in sums else ""
        out.append(f'<g class="pass"><title>{escape(said)}</title><path d="M{x:.1f} {y + 4}v9"{add}/>{text}</g>')
    return out


def _summed(passing: Sequence[Passing], scale: Axis) -> dict[int, int]:
    """Sum what is added to neighbouring trains, so that labels never touch: TEU by number of the last of them."""
    found: dict[int, int] = {}
    adding = [(n, scale.x(p.leaves_at), p.teu) for n, p in enumerate(passing) if p.teu]
    total = 0
    followers = [*(x for _, x, _ in adding[1:]), math.inf]
    for (n, x, teu), following in zip(adding, followers, strict=False):
        total += teu
        if x + 8 + 6.2 * len(f"+{total}") <= following:
            found[n] = total
            total = 0
    return found


def _days(facts: Facts, scale: Axis, bottom: int) -> str:
    out = []
    for n, (minute, name) in enumerate(scale.midnights):
        x = scale.x(minute)
        out.append(f'<path d="M{x:.1f} 16V{bottom}" class="gl"/>')
        if scale.end - minute >= 1440 // 2:
            out.append(f'<text x="{x + 4:.1f}" y="12" class="day{"" if n else " today"}">{name}</text>')
    out.append(f'<path d="M{WIDTH - RIGHT} 16V{bottom}" class="gl"/>')
    now = scale.x(facts.scenario.now_at)
    said = local(facts.scenario.now_at, facts.scenario.start_at, facts.zone(facts.scenario.hub_id))
    out.append(
        f'<path d="M{now:.1f} 16V{bottom}" class="now"/><text x="{now + 4:.1f}" y="24" class="nowt">{said:%H:%M}</text>'
    )
    return "".join(out)
