"""The map: land, lines by gauge, flows as wide as their TEU, names."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from landport.model.network import Network
from landport.model.plans import Ride
from landport.report import geo
from landport.report.facts import Facts
from landport.report.numbers import number

WIDTH, HEIGHT = 620, 330
LIMITS = (-12.0, 10.0, 130.0, 70.0)
"""Longitudes and latitudes that the shipped land covers."""

N_LABELS = 26
N_NARROW = 9
LONGEST_NAME = 18
WIDEST, NARROWEST = 12.0, 0.9
"""Stroke of the busiest line, and of the quietest."""

STEEPNESS = 0.6
"""Width grows with TEU to this power, so that thin flows are still seen."""


@dataclass(frozen=True, slots=True)
class Flow:
    """TEU over one physical line, both ways together."""

    a: str
    b: str
    mode: str
    gauge_mm: int
    teu: int


@cache
def land() -> dict[str, Any]:
    """Read the shipped land and borders: rings and lines of (lon, lat)."""
    text = files("landport.reference").joinpath("land.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def flows(facts: Facts) -> tuple[Flow, ...]:
    """Sum planned TEU over lines, the thinnest first."""
    lines = {line.line_id: line for line in facts.network.lines}
    sums: dict[tuple[str, str, str, int], int] = {}
    for container_id, rides in facts.rides.items():
        if container_id not in facts.containers:
            continue
        teu = facts.teu(container_id)
        for ride in rides:
            for a, b, mode, gauge in _ways(facts, ride, lines):
                key = (min(a, b), max(a, b), mode, gauge)
                sums[key] = sums.get(key, 0) + teu
    found = [Flow(*key, teu) for key, teu in sums.items()]
    return tuple(sorted(found, key=lambda f: (f.teu, f.a, f.b)))


def _ways(facts: Facts, ride: Ride, lines: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    service = facts.service_of(ride.departure_id) if ride.departure_id else None
    if service is None:
        return [(ride.from_id, ride.to_id, "road", 0)]
    found = []
    for leg in service.legs[ride.first_leg - 1 : ride.last_leg]:
        known = [lines[i] for i in leg.line_ids if i in lines]
        found += [(x.from_id, x.to_id, x.mode, x.gauge_mm) for x in known] or [
            (leg.from_id, leg.to_id, leg.mode, leg.gauge_mm)
        ]
    return found


def draw(facts: Facts) -> str:
    """Draw the map as SVG."""
    found = [f for f in flows(facts) if f.a in facts.network.places and f.b in facts.network.places]
    frame = _frame(facts, found)
    parts = [
        f'<svg class="map" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Planned TEU on the network">',
        base(frame),
        thin(facts.network, frame),
        _thick(facts, frame, found),
        _names(facts, frame),
        _scale(found),
        "</svg>",
    ]
    return "".join(parts)


def _frame(facts: Facts, found: list[Flow]) -> geo.Frame:
    ids = {p for f in found for p in (f.a, f.b)} | ({facts.scenario.hub_id} & set(facts.network.places))
    points = [(facts.network.places[p].lon, facts.network.places[p].lat) for p in sorted(ids)]
    return geo.frame(points or [(10.0, 50.0), (110.0, 30.0)], WIDTH, HEIGHT)


def base(frame: geo.Frame) -> str:
    """Draw sea, land, grid and borders inside a frame of this size."""
    box = (-8.0, -8.0, WIDTH + 8.0, HEIGHT + 8.0)
    west, south, east, north = LIMITS
    sea = [
        *((west + i * (east - west) / 60, south) for i in range(61)),
        *((east - i * (east - west) / 60, north) for i in range(61)),
    ]
    rings = [geo.clip_ring(frame.path(ring), box) for ring in land()["land"]]
    shore = "".join(geo.path_text(r, closed=True) for r in rings if len(r) > 2)
    borders = (geo.pieces_inside(frame.path(line), box) for line in land()["borders"])
    grid = geo.meridians(range(-10, 131, 20), (south, north)) + geo.parallels(range(10, 71, 10), (west, east))
    return (
        f'<path class="sea" d="{geo.path_text(geo.clip_ring(frame.path(sea), box), closed=True)}"/>'
        f'<path class="land" d="{shore}"/>'
        f'<path class="grid" d="{_lines(geo.pieces_inside(frame.path(g), box) for g in grid)}"/>'
        f'<path class="bord" d="{_lines(borders)}"/>'
    )


def _lines(groups: Any) -> str:
    return "".join(geo.path_text(piece) for pieces in groups for piece in pieces)


def _style(mode: str, gauge_mm: int) -> str:
    if mode == "rail":
        return {1435: "g1435", 1520: "g1520"}.get(gauge_mm, "g1668")
    return "ferry" if mode == "ferry" else "road"


def segment(network: Network, frame: geo.Frame, a: str, b: str) -> list[geo.Point]:
    """Place the straight line between two places on the drawing."""
    p, q = network.places[a], network.places[b]
    return [frame.at(p.lon, p.lat), frame.at(q.lon, q.lat)]


def thin(network: Network, frame: geo.Frame) -> str:
    """Draw every line but roads, thin, by gauge."""
    paths: dict[str, str] = {}
    for line in network.lines:
        known = line.from_id in network.places and line.to_id in network.places
        if line.mode != "road" and known:
            style = _style(line.mode, line.gauge_mm)
            paths[style] = paths.get(style, "") + geo.path_text(segment(network, frame, line.from_id, line.to_id))
    return "".join(f'<path class="thin {style}" d="{paths[style]}"/>' for style in sorted(paths))


def _thick(facts: Facts, frame: geo.Frame, found: list[Flow]) -> str:
    most = max((f.teu for f in found), default=1)
    out = []
    for f in found:
        wide = _wide(f.teu, most)
        style = _style(f.mode, f.gauge_mm)
        path = geo.path_text(segment(facts.network, frame, f.a, f.b))
        names = f"{facts.name(f.a)} – {facts.name(f.b)}: {number(f.teu)} TEU"
        out.append(
            f'<path class="flow {style}" stroke-width="{wide:.1f}" d="{path}"><title>{escape(names)}</title></path>'
        )
        if style == "g1520" and wide > 2.2:
            out.append(f'<path class="core" stroke-width="{wide * 0.42:.1f}" d="{path}"/>')
    return "".join(out)


def _wide(teu: int, most: int) -> float:
    return max(NARROWEST, WIDEST * math.pow(teu / max(1, most), STEEPNESS))


def _scale(found: list[Flow]) -> str:
    """Three sample widths with their TEU, in the lower left corner."""
    most = max((f.teu for f in found), default=0)
    if not most:
        return ""
    steps = [_round(most * share) for share in (0.02, 0.2, 1.0)]
    out = []
    for n, teu in enumerate(sorted({s for s in steps if s})):
        y = HEIGHT - 14 - 15 * n
        wide = min(WIDEST, _wide(teu, most))
        out.append(f'<path class="sample" stroke-width="{wide:.1f}" d="M12 {y}h26"/>')
        out.append(f'<text x="44" y="{y + 4}">{number(teu)} TEU</text>')
    return f'<g class="names wide">{"".join(out)}</g>'


def _round(value: float) -> int:
    """Round to one leading digit of 1, 2 or 5, downwards."""
    power = 10 ** max(0, len(str(int(value))) - 1)
    return next((d * power for d in (5, 2, 1) if d * power <= value), 0)


def _weights(facts: Facts) -> dict[str, int]:
    """TEU that begin or end at a place, and half of those that change there."""
    weight: dict[str, int] = {}
    for box in facts.moved():
        teu = 2 * facts.teu(box.container_id)
        rides = facts.rides[box.container_id]
        for place_id, part in [(rides[0].from_id, teu), (rides[-1].to_id, teu)]:
            weight[place_id] = weight.get(place_id, 0) + part
        for ride in rides[1:]:
            weight[ride.from_id] = weight.get(ride.from_id, 0) + teu // 2
    return weight


def _names(facts: Facts, frame: geo.Frame) -> str:
    weight = _weights(facts)
    hub = facts.scenario.hub_id
    ids = sorted((p for p in weight if p in facts.network.places), key=lambda p: (p != hub, -weight[p], p))
    dots, wanted = [], []
    for place_id in ids:
        place = facts.network.places[place_id]
        point = frame.at(place.lon, place.lat)
        wanted.append((_short(facts.name(place_id)), point, place_id == hub))
    for n, (_, (x, y), is_hub) in enumerate(wanted):
        kind = "dot hub" if is_hub else "dot" if n < N_LABELS else "dot minor"
        dots.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{4 if is_hub else 2.6}"/>')
    wide = geo.place_labels(wanted[:N_LABELS], size=11, width=WIDTH, height=HEIGHT)
    narrow = geo.place_labels(wanted[:N_NARROW], size=19, width=WIDTH, height=HEIGHT)
    return "".join(dots) + _labels(wide, "wide") + _labels(narrow, "narrow")


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name.split()[0]


def _labels(labels: list[geo.Label], kind: str) -> str:
    bold = ' class="hub"'
    texts = "".join(
        f'<text x="{t.x:.1f}" y="{t.y:.1f}" text-anchor="{t.anchor}"{bold if t.bold else ""}>{escape(t.text)}</text>'
        for t in labels
    )
    return f'<g class="names {kind}">{texts}</g>'
