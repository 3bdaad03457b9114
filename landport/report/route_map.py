"""The map of choices: land, the network, and every way in its colour beside the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise

from landport.model.places import Place
from landport.report import flowmap, geo
from landport.report.flowmap import HEIGHT, WIDTH
from landport.report.load_words import LANGUAGES
from landport.report.route_facts import RouteFacts, Way

N_COLORS = 6
"""Colours for choices; further ones are grey and have their number only."""

BESIDE = 2.6
"""Drawing units between ways that share a line."""

N_LABELS, N_NARROW = 18, 6
LONGEST_NAME = 22


@dataclass(frozen=True, slots=True)
class _Hop:
    """One straight step of a way between neighbouring places."""

    a: str
    b: str
    mode: str

    @property
    def key(self) -> tuple[str, str]:
        return min(self.a, self.b), max(self.a, self.b)


def tint(number: int) -> str:
    """Name the class of a choice's colour."""
    return f"c{number}" if number <= N_COLORS else "cx"


def draw(facts: RouteFacts) -> str:
    """Draw the map as SVG; each way is a group with the number of its choice."""
    hops = {way.choice.number: _hops(facts, way) for way in facts.ways}
    frame = _frame(facts, hops.values())
    shared: dict[tuple[str, str], list[int]] = {}
    for number, steps in hops.items():
        for hop in steps:
            shared.setdefault(hop.key, [])
            if number not in shared[hop.key]:
                shared[hop.key].append(number)
    ways = [_way(facts, frame, n, steps, shared) for n, steps in reversed(hops.items())]
    title = f"{facts.name(facts.choices.trip.at_id)} - {facts.name(facts.choices.trip.destination_id)}"
    return (
        f'<svg class="map" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{flowmap.base(frame)}{flowmap.thin(facts.network, frame)}"
        f'<g class="ways">{"".join(ways)}</g>{_marks(facts, frame)}</svg>'
    )


def _hops(facts: RouteFacts, way: Way) -> list[_Hop]:
    places = facts.network.places
    found = []
    for move in way.moves:
        for leg in move.legs:
            known = [p for p in leg.path_ids if p in places]
            found += [_Hop(a, b, leg.mode) for a, b in pairwise(known)]
    return found


def _frame(facts: RouteFacts, hops: Iterable[Sequence[_Hop]]) -> geo.Frame:
    trip, places = facts.choices.trip, facts.network.places
    ids = {p for steps in hops for hop in steps for p in (hop.a, hop.b)}
    ids |= {trip.at_id, trip.destination_id} & set(places)
    points = [(places[p].lon, places[p].lat) for p in sorted(ids)]
    return geo.frame(points or [(10.0, 50.0), (110.0, 30.0)], WIDTH, HEIGHT, pad=0.08)


def _way(
    facts: RouteFacts, frame: geo.Frame, number: int, hops: Sequence[_Hop], shared: dict[tuple[str, str], list[int]]
) -> str:
    """Draw one way: its colour in a casing, by mode, and a wide stroke to be hit."""
    moved = [_moved(facts, frame, number, hop, shared[hop.key]) for hop in hops]
    ends = [_joined(moved, n) for n in range(len(moved) + 1)] if moved else []
    for n, place_id in ((0, hops[0].a), (-1, hops[-1].b)) if hops else ():
        place = facts.network.places[place_id]
        ends[n] = frame.at(place.lon, place.lat)
    whole = geo.path_text(ends)
    parts = []
    for mode, run in groupby(range(len(hops)), key=lambda n: hops[n].mode):
        steps = list(run)
        text = geo.path_text(ends[steps[0] : steps[-1] + 2])
        parts.append(f'<path class="casing {mode}" d="{text}"/><path class="line {mode}" d="{text}"/>')
    return (
        f'<g class="way {tint(number)}" data-choice="{number}"><title>{number}</title>'
        f'{"".join(parts)}<path class="hit" d="{whole}"/></g>'
    )


def _moved(
    facts: RouteFacts, frame: geo.Frame, number: int, hop: _Hop, beside: Sequence[int]
) -> tuple[geo.Point, geo.Point]:
    """Move a step sideways, so that ways on one line lie beside each other whichever way they go."""
    (x1, y1), (x2, y2) = flowmap.segment(facts.network, frame, *hop.key)
    long = max(0.001, ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5)
    by = (beside.index(number) - (len(beside) - 1) / 2) * BESIDE
    dx, dy = -(y2 - y1) / long * by, (x2 - x1) / long * by
    ends = ((x1 + dx, y1 + dy), (x2 + dx, y2 + dy))
    return ends if hop.a == hop.key[0] else (ends[1], ends[0])


def _joined(moved: Sequence[tuple[geo.Point, geo.Point]], n: int) -> geo.Point:
    """Join the end of a step to the start of the next: halfway between."""
    here = [moved[n - 1][1]] if n else []
    here += [moved[n][0]] if n < len(moved) else []
    return sum(x for x, _ in here) / len(here), sum(y for _, y in here) / len(here)


def _marks(facts: RouteFacts, frame: geo.Frame) -> str:
    """Draw ends, changes and gauge changes, and their names in every language."""
    places, trip = facts.network.places, facts.choices.trip
    ends = [p for p in dict.fromkeys((trip.at_id, trip.destination_id)) if p in places]
    changed = [c.place_id for way in facts.ways for c in way.changes if c.transfer is not None]
    gauges = [p for way in facts.ways for p in gauge_places(way)]
    others = [p for p in dict.fromkeys((*changed, *gauges)) if p in places and p not in ends]
    dots = []
    for place_id in (*others, *ends):
        x, y = frame.at(places[place_id].lon, places[place_id].lat)
        if place_id in gauges:
            dots.append(f'<path class="dot" d="M{x:.1f} {y - 5:.1f}l5 5-5 5-5-5z"/>')
        else:
            r = 4.5 if place_id in ends else 3
            dots.append(f'<circle class="dot{" hub" if place_id in ends else ""}" cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>')
    names = "".join(_names(facts, frame, language, ends, others) for language in LANGUAGES)
    return "".join(dots) + names


def gauge_places(way: Way) -> list[str]:
    """List the places at which the gauge under the load changes, on a train or between two."""
    legs = [leg for move in way.moves for leg in move.legs]
    return [b.from_id for a, b in pairwise(legs) if a.gauge_mm and b.gauge_mm and a.gauge_mm != b.gauge_mm]


def _names(facts: RouteFacts, frame: geo.Frame, language: str, ends: Sequence[str], others: Sequence[str]) -> str:
    wanted = []
    for place_id in (*ends, *others):
        place = facts.network.places[place_id]
        name = short(named(place, language))
        wanted.append((name, frame.at(place.lon, place.lat), place_id in ends))
    out, bold = "", ' class="hub"'
    for kind, size, most in (("wide", 11, N_LABELS), ("narrow", 19, N_NARROW)):
        labels = geo.place_labels(wanted[:most], size=size, width=WIDTH, height=HEIGHT)
        texts = "".join(
            f'<text x="{t.x:.1f}" y="{t.y:.1f}" text-anchor="{t.anchor}"{bold if t.bold else ""}>'
            f"{escape(t.text)}</text>"
            for t in labels
        )
        out += f'<g class="names {kind} in-{language}" lang="{language}">{texts}</g>'
    return out


def named(place: Place, language: str) -> str:
    """Name a place in a language, in English where it has no other name."""
    return {"zh": place.name_zh, "ru": place.name_ru}.get(language, "") or place.name


def short(name: str) -> str:
    """Cut what stands in brackets off a long name, then all but its first word.

    Examples
    --------
    >>> short("Altynkol (Khorgos Gateway)"), short("Urumqi International Land Port"), short("Aktau")
    ('Altynkol', 'Urumqi', 'Aktau')
    """
    bare = name.partition(" (")[0].partition("（")[0]
    return bare if len(bare) <= LONGEST_NAME else bare.split()[0]
