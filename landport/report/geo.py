"""Places on paper: a projection, clipping, and labels that do not touch."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

Point = tuple[float, float]

PARALLELS = (30.0, 52.0)
"""Standard parallels of the conic, degrees north."""

CENTRE_LON = 66.0
"""Its central meridian, degrees east."""

_SIN = [math.sin(math.radians(p)) for p in PARALLELS]
_COS = [math.cos(math.radians(p)) for p in PARALLELS]
_N = (_COS[0] - _COS[1]) / (math.radians(PARALLELS[1]) - math.radians(PARALLELS[0]))
_G = _COS[0] / _N + math.radians(PARALLELS[0])


def project(lon: float, lat: float) -> Point:
    """Project degrees to the plane: equidistant conic, y down, radians of arc.

    Examples
    --------
    >>> x, y = project(66.0, 40.0)
    >>> round(x, 6), project(80.0, 40.0)[0] > 0, project(66.0, 50.0)[1] < y
    (0.0, True, True)
    """
    rho = _G - math.radians(lat)
    theta = _N * math.radians(lon - CENTRE_LON)
    return rho * math.sin(theta), rho * math.cos(theta)


@dataclass(frozen=True, slots=True)
class Frame:
    """A window on the plane and the drawing it fills.

    Parameters
    ----------
    left, top, scale
        Plane coordinates of the drawing's corner, drawing units per plane unit.
    width, height
        Of the drawing.
    """

    left: float
    top: float
    scale: float
    width: float
    height: float

    def at(self, lon: float, lat: float) -> Point:
        """Place degrees on the drawing."""
        x, y = project(lon, lat)
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    def path(self, ring: Iterable[Sequence[float]]) -> list[Point]:
        """Place a line of (lon, lat) on the drawing."""
        return [self.at(p[0], p[1]) for p in ring]


def frame(points: Sequence[Point], width: float, height: float, *, pad: float = 0.05) -> Frame:
    """Fit a drawing round (lon, lat) points with a margin, keeping scale equal both ways."""
    xs, ys = zip(*(project(lon, lat) for lon, lat in points), strict=True)
    wide = max(max(xs) - min(xs), 0.15) * (1 + 2 * pad)
    high = max(max(ys) - min(ys), 0.15 * height / width) * (1 + 2 * pad)
    scale = min(width / wide, height / high)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return Frame(middle_x - width / scale / 2, middle_y - height / scale / 2, scale, width, height)


def meridians(lons: Iterable[float], lats: tuple[float, float]) -> list[list[Point]]:
    """List meridians between two parallels as (lon, lat) lines."""
    return [[(lon, lats[0] + i * (lats[1] - lats[0]) / 20) for i in range(21)] for lon in lons]


def parallels(lats: Iterable[float], lons: tuple[float, float]) -> list[list[Point]]:
    """List parallels between two meridians as (lon, lat) lines."""
    return [[(lons[0] + i * (lons[1] - lons[0]) / 60, lat) for i in range(61)] for lat in lats]


def clip_ring(ring: Sequence[Point], box: tuple[float, float, float, float]) -> list[Point]:
    """Cut a polygon to a box (left, top, right, bottom): Sutherland and Hodgman (1974).

    Examples
    --------
    >>> clip_ring([(-1, -1), (3, -1), (3, 3), (-1, 3)], (0, 0, 2, 2))
    [(0.0, 2.0), (0.0, 0.0), (2.0, 0.0), (2.0, 2.0)]
    """
    kept = list(ring)
    for axis, limit, sign in ((0, box[0], 1), (0, box[2], -1), (1, box[1], 1), (1, box[3], -1)):
        kept = _half(kept, axis, limit, sign)
    return kept


def _half(ring: Sequence[Point], axis: int, limit: float, sign: int) -> list[Point]:
    out: list[Point] = []
    for i, b in enumerate(ring):
        a = ring[i - 1]
        inside_a, inside_b = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
        if inside_a != inside_b:
            f = (limit - a[axis]) / (b[axis] - a[axis])
            out.append((a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1])))
        if inside_b:
            out.append(b)
    return out


def pieces_inside(line: Sequence[Point], box: tuple[float, float, float, float]) -> list[list[Point]]:
    """Keep the stretches of a line that touch a box."""
    inside = [box[0] <= x <= box[2] and box[1] <= y <= box[3] for x, y in line]
    found: list[list[Point]] = []
    current: list[Point] = []
    for i, point in enumerate(line):
        near = inside[i] or (i > 0 and inside[i - 1]) or (i + 1 < len(line) and inside[i + 1])
        if near:
            current.append(point)
        elif current:
            found.append(current)
            current = []
    found.append(current)
    return [piece for piece in found if len(piece) > 1]


def path_text(points: Iterable[Point], *, closed: bool = False) -> str:
    """Write points as an SVG path with relative steps of a tenth.

    Examples
    --------
    >>> path_text([(0, 0), (10, 0), (10.04, 0), (10, 5)], closed=True)
    'M0 0l10 0 0 5z'
    """
    text, last = "", None
    for x, y in points:
        here = (round(x * 10), round(y * 10))
        if here == last:
            continue
        if last is None:
            text += f"M{_tenth(here[0])} {_tenth(here[1])}l"
        else:
            text += f"{_tenth(here[0] - last[0])} {_tenth(here[1] - last[1])} "
        last = here
    return text.rstrip() + ("z" if closed else "")


def _tenth(value: int) -> str:
    return f"{value / 10:g}"


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside a point.

    Parameters
    ----------
    x, y
        Baseline start, middle or end of the text, by `anchor`.
    """

    text: str
    x: float
    y: float
    anchor: str
    point: Point
    bold: bool


def place_labels(wanted: Sequence[tuple[str, Point, bool]], *, size: float, width: float, height: float) -> list[Label]:
    """Put names beside their points, the first ones first, none over another name or point.

    Parameters
    ----------
    wanted
        (text, point, bold) by falling weight.
    size
        Height of the letters.

    Notes
    -----
    Greedy over eight positions; a name without room is left out.
    """
    taken = [(x - 4, y - 4, x + 4, y + 4) for _, (x, y), _ in wanted]
    placed: list[Label] = []
    for own, (text, (x, y), bold) in enumerate(wanted):
        long = letters(text) * size * (0.68 if bold else 0.62)
        for dx, dy, anchor in _positions(size):
            start = x + dx - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
            box = (start - 2, y + dy - size * 0.85, start + long + 2, y + dy + size * 0.25)
            fits = box[0] >= 2 and box[1] >= 2 and box[2] <= width - 2 and box[3] <= height - 2
            if fits and not any(_touch(box, other) for i, other in enumerate(taken) if i != own):
                taken.append(box)
                placed.append(Label(text, x + dx, y + dy, anchor, (x, y), bold))
                break
    return placed


def letters(text: str) -> float:
    """Count letters, a Chinese one as 1.6 of them.

    Examples
    --------
    >>> letters("Baku"), letters("巴库")
    (4.0, 3.2)
    """
    return sum(1.6 if east_asian_width(c) in "WF" else 1.0 for c in text)


def _positions(size: float) -> tuple[tuple[float, float, str], ...]:
    middle = size * 0.33
    return (
        (0, -6, "middle"),
        (7, middle, "start"),
        (-7, middle, "end"),
        (0, size + 4, "middle"),
        (5, -5, "start"),
        (-5, -5, "end"),
        (5, size + 2, "start"),
        (-5, size + 2, "end"),
    )


def _touch(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
