"""Choices over time: a bar of moves and waits each, and when half and nine tenths have arrived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landport.report import numbers
from landport.report.route_facts import RouteFacts, TimedLeg, Way
from landport.report.route_map import tint

WIDE, NARROW = 820, 350
"""Widths of the drawing, for a desk and for a phone."""

ROW, HEAD, LEFT, RIGHT = 34, 34, 28, 12
MOST_TICKS = {WIDE: 14, NARROW: 5}
STEPS = (1, 2, 7, 14, 28, 56)
SPREAD = 190
"""Width of the drawing in a table's cell."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Minutes from left to right."""

    from_at: int
    until_at: int
    left: float
    right: float

    def x(self, minute: int) -> float:
        """Place a minute, at most at an end."""
        share = (minute - self.from_at) / max(1, self.until_at - self.from_at)
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)


def _ends(facts: RouteFacts) -> tuple[int, int]:
    """Span what may be drawn of arrivals: the first planned, and the last of due, planned and nine tenths."""
    arrivals = [way.arrives_at for way in facts.ways]
    drawn = [at for w in facts.ways if w.choice.odds for at in (w.choice.odds.p50_at, w.choice.odds.p90_at)]
    last = max([*arrivals, *(at for at in drawn if at is not None)])
    trip = facts.choices.trip
    if facts.choices.is_due and trip.due_at < last + (last - trip.ready_at) // 2:
        last = max(last, trip.due_at)
    return min(arrivals), last


def timeline(facts: RouteFacts, width: int) -> str:
    """Draw all choices on one axis, from ready to the last arrival that is likely."""
    if not facts.ways:
        return ""
    trip = facts.choices.trip
    _, last = _ends(facts)
    axis = Axis(trip.ready_at, last + max(60, (last - trip.ready_at) // 50), LEFT, width - RIGHT)
    high = HEAD + ROW * len(facts.ways) + 4
    rows = "".join(_row(way, axis, HEAD + ROW * n, width) for n, way in enumerate(facts.ways))
    kind = "wide" if width == WIDE else "narrow"
    return (
        f'<svg class="times {kind}" viewBox="0 0 {width} {high}" role="img" aria-label="timeline">'
        f"{_ticks(facts, axis, width, high)}{_due(facts, axis, high)}{rows}</svg>"
    )


def _ticks(facts: RouteFacts, axis: Axis, width: int, high: int) -> str:
    zone = facts.zone(facts.choices.trip.destination_id)
    offset = numbers.offset_minutes(axis.from_at, facts.start_at, zone)
    first = (axis.from_at + offset) // 1440 + 1
    days = (axis.until_at - axis.from_at) / 1440
    step = next((s for s in STEPS if days / s <= MOST_TICKS[width]), STEPS[-1])
    out = []
    for day in range(first, int((axis.until_at + offset) // 1440) + 1, step):
        x = axis.x(day * 1440 - offset)
        at = numbers.local(day * 1440 - offset, facts.start_at, zone)
        said = f"{at.day} {numbers.MONTHS[at.month - 1]}"
        out.append(f'<path class="gl" d="M{x:.1f} {HEAD - 16}V{high}"/>')
        if x < width - 34:
            out.append(f'<text class="day" x="{x + 2:.1f}" y="12" data-day="{at:%Y-%m-%d}">{said}</text>')
    return "".join(out)


def _due(facts: RouteFacts, axis: Axis, high: int) -> str:
    due = facts.choices.trip.due_at
    if not facts.choices.is_due or not axis.from_at < due <= axis.until_at:
        return ""
    x = axis.x(due)
    return (
        f'<path class="due" d="M{x:.1f} {HEAD - 16}V{high}"/>'
        f'<text class="duet" x="{x - 3:.1f}" y="{HEAD - 8}" text-anchor="end" data-w="due">due</text>'
    )


def _row(way: Way, axis: Axis, top: int, width: int) -> str:
    number = way.choice.number
    y = top + 12
    parts = [f'<path class="stand" d="M{axis.x(axis.from_at):.1f} {y}H{axis.x(way.arrives_at):.1f}"/>']
    parts += [
        _bar("work", axis, change.from_at, change.from_at + change.transfer_minutes, y - 4, 8)
        for change in way.changes
        if change.transfer is not None
    ]
    parts += [_bar(kind, axis, a, b, y - 6, 12) for kind, a, b in _runs(way)]
    parts += _whisker(way, axis, y + 13)
    return (
        f'<g class="tl {tint(number)}" data-choice="{number}"><rect class="hit" x="0" y="{top - 2}" width="{width}" '
        f'height="{ROW - 2}"/><circle class="no" cx="12" cy="{y}" r="9"/>'
        f'<text class="not" x="12" y="{y + 4}">{number}</text>{"".join(parts)}</g>'
    )


def style(leg: TimedLeg) -> str:
    """Name the class of a leg's gauge or mode."""
    if leg.mode == "rail":
        return {1435: "g1435", 1520: "g1520"}.get(leg.gauge_mm, "g1668")
    return "ferry" if leg.mode == "ferry" else "road"


def _runs(way: Way) -> Iterator[tuple[str, int, int]]:
    for move in way.moves:
        for leg in move.legs:
            yield style(leg), leg.departs_at, leg.arrives_at


def _bar(kind: str, axis: Axis, from_at: int, until_at: int, y: float, high: float) -> str:
    x = axis.x(from_at)
    wide = max(0.8, axis.x(until_at) - x)
    core = f'<rect class="corebar" x="{x:.1f}" y="{y + 4}" width="{wide:.1f}" height="4"/>' if kind == "g1520" else ""
    return f'<rect class="bar-{kind}" x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{high}"/>{core}'


def _whisker(way: Way, axis: Axis, y: float) -> list[str]:
    """Draw from half to nine tenths; to the end of the axis where nine tenths never arrive."""
    odds = way.choice.odds
    if odds is None or odds.p50_at is None:
        return []
    a, b = axis.x(odds.p50_at), axis.right if odds.p90_at is None else axis.x(odds.p90_at)
    tail = f"M{b:.1f} {y - 3}v6" if odds.p90_at is not None else f"M{b - 4:.1f} {y - 3}l4 3-4 3"
    return [f'<path class="whisk" d="M{a:.1f} {y}H{b:.1f}{tail}"/><circle class="p50" cx="{a:.1f}" cy="{y}" r="3"/>']


def spread(facts: RouteFacts, way: Way) -> str:
    """Draw arrival as planned, half and nine tenths on an axis that all choices share, with the due time."""
    first, last = _ends(facts)
    pad = max(60, (last - first) // 12)
    axis = Axis(first - pad, last + pad, 4, SPREAD - 4)
    due = facts.choices.trip.due_at
    x = axis.x(way.arrives_at)
    is_near = facts.choices.is_due and axis.from_at <= due <= axis.until_at
    parts = [f'<path class="gl" d="M4 11H{SPREAD - 4}"/>']
    if is_near:
        parts.append(f'<path class="due" d="M{axis.x(due):.1f} 2V20"/>')
    odds = way.choice.odds
    if odds is not None and odds.p50_at is not None:
        a, b = axis.x(odds.p50_at), axis.right if odds.p90_at is None else axis.x(odds.p90_at)
        parts.append(f'<rect class="fill" x="{a:.1f}" y="7" width="{max(1.0, b - a):.1f}" height="8"/>')
        parts.append(f'<path class="p50l" d="M{a:.1f} 5V17"/>')
    parts.append(f'<path class="plan" d="M{x:.1f} 15l3 5h-6z"/>')
    box = f'viewBox="0 0 {SPREAD} 22" width="{SPREAD}" height="22" aria-hidden="true"'
    return f'<svg class="spread {tint(way.choice.number)}" {box}>{"".join(parts)}</svg>'
