"""The page of a way: the answer, its choices on a map and over time, ride by ride, and how each adds up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from markupsafe import Markup, escape

from landport.model.bookings import RestrictionOrder
from landport.model.choices import Choices
from landport.model.network import Network
from landport.model.rules import Rules
from landport.report import flowmap, numbers, route_facts, route_lines, route_map, route_times, route_words, shell
from landport.report.embed import script_json
from landport.report.load_words import LANGUAGES
from landport.report.route_facts import Move, RouteFacts, TimedLeg, Way
from landport.report.route_table import duration

SCRIPTS = ("common.js", "route.js")
STYLES = ("tokens.css", "base.css", "page.css", "route.css")


def route_page(
    choices: Choices,
    network: Network,
    rules: Rules,
    start_at: datetime,
    *,
    sources: Sequence[str] = (),
    orders: Sequence[RestrictionOrder] = (),
) -> str:
    """Write the answer to a question for a way as one HTML page.

    Parameters
    ----------
    network
        Under the edits of the what-if.
    start_at
        Minute 0, UTC.
    sources
        Names of what was read: tables, a scenario.
    orders
        Restriction orders in force.

    Returns
    -------
    str
        Without any address of another file; its content security policy allows its own script and style by digest,
        nothing else. Its words, dates and names of places change between the languages of `load_words.LANGUAGES`.

    Notes
    -----
    Same answer, same bytes. Without its script the page shows every choice, one under the other, in English; so it
    does on paper, in the language chosen.
    """
    facts = route_facts.join(choices, network, start_at, orders)
    words = {language: route_words.words(language) for language in LANGUAGES}
    tags = Tags(facts, words["en"])
    odds = next((way.choice.odds for way in facts.ways if way.choice.odds), None)
    foot = [_title(facts), *sources, *([f"seed {odds.seed}"] if odds else [])]
    style, script = shell.asset(STYLES) + shell.page_foot(foot), shell.asset(SCRIPTS)
    context = {
        **_said(facts, rules),
        "title": _title(facts),
        "words": words["en"],
        "languages": LANGUAGES,
        "tags": tags,
        "facts": facts,
        "trip": choices.trip,
        "choices": choices,
        "odds": odds,
        "sources": sources,
        "map": Markup(route_map.draw(facts)),
        "timelines": [Markup(route_times.timeline(facts, w)) for w in (route_times.WIDE, route_times.NARROW)],
        "land_source": flowmap.land()["source"],
        "data": Markup(script_json({"words": words["en"], "languages": words, "places": _names(facts)})),
        "style": Markup(style),
        "script": Markup(script),
        "csp": shell.policy(style, script),
    }
    return shell.environment().get_template("route.html").render(context)


def _title(facts: RouteFacts) -> str:
    return f"{facts.name(facts.choices.trip.at_id)} - {facts.name(facts.choices.trip.destination_id)}"


@dataclass(frozen=True, slots=True)
class Tags:
    """Words, places, times and durations as elements that the page's script says in another language."""

    facts: RouteFacts
    words: Mapping[str, str]

    def word(self, key: str) -> Markup:
        """Say a word of the table; the text itself where there is none."""
        if key not in self.words:
            return escape(key.partition("_")[2] or key)
        return Markup('<span data-w="{}">{}</span>').format(key, self.words[key])

    def place(self, place_id: str, *, short: bool = False) -> Markup:
        """Name a place."""
        name = self.facts.name(place_id)
        if place_id not in self.facts.network.places:
            return escape(name)
        cut = ' data-short=""' if short else ""
        said = route_map.short(name) if short else name
        return Markup('<span data-p="{}"{}>{}</span>').format(place_id, Markup(cut), said)

    def at(self, minute: int, place_id: str) -> Markup:
        """Write the local time of a place, with its zone."""
        zone = self.facts.zone(place_id)
        said = numbers.when(minute, self.facts.start_at, zone, month=True)
        offset = numbers.zone_name(minute, self.facts.start_at, zone)
        iso = self.facts.iso(minute, place_id)
        return Markup('<time datetime="{}">{}</time><span class="u">{}</span>').format(iso, said, offset)

    def lasts(self, minutes: int) -> Markup:
        """Write a duration."""
        return Markup('<span data-d="{}">{}</span>').format(minutes, duration(minutes))


def _names(facts: RouteFacts) -> dict[str, list[str]]:
    """Name every place that is spoken of, in each language."""
    places = facts.network.places
    return {p: [route_map.named(places[p], language) for language in LANGUAGES] for p in facts.place_ids()}


def _said(facts: RouteFacts, rules: Rules) -> dict[str, Any]:
    """Gather what is said of each choice."""
    best = _best(facts)
    return {
        "ways": [_way(facts, way, rules, best) for way in facts.ways],
        "edits": [(edit, route_facts.edited_places(edit, facts.network)) for edit in facts.choices.what_if.edits],
        "n_recalled": sum(r.confidence in ("recall", "assumed") for r in rules.rates),
        "n_rates": len(rules.rates),
    }


def _best(facts: RouteFacts) -> dict[str, float]:
    """Find the best value of each measure on which choices differ."""
    measures: dict[str, Callable[[Way], float]] = {
        "minutes": lambda w: -facts.waited(w),
        "usd": lambda w: -w.choice.usd_cents,
        "co2": lambda w: -w.choice.gco2e,
        "odds": lambda w: round(w.choice.odds.by_due or 0.0, 3) if w.choice.odds else 0.0,
    }
    found = {key: [of(w) for w in facts.ways] for key, of in measures.items()}
    return {key: abs(max(values)) for key, values in found.items() if values and min(values) < max(values)}


def _way(facts: RouteFacts, way: Way, rules: Rules, best: Mapping[str, float]) -> dict[str, Any]:
    choice, trip = way.choice, facts.choices.trip
    found = route_lines.lines(choice, facts.choices, facts.network, rules, facts.orders)
    tonne_km = trip.cargo_kg * trip.n_boxes * way.length_km / 1000
    odds = round(choice.odds.by_due or 0.0, 3) if choice.odds else None
    return {
        "way": way,
        "choice": choice,
        "tint": route_map.tint(choice.number),
        "days": numbers.days(facts.waited(way)),
        "under_way": numbers.days(way.arrives_at - choice.itinerary.departs_at),
        "usd": numbers.number(choice.usd_cents / 100),
        "kg": numbers.number(choice.gco2e / 1000),
        "usd_box": numbers.number(choice.usd_cents / 100 / max(1, trip.n_boxes)),
        "g_tkm": numbers.number(choice.gco2e / tonne_km, 1) if tonne_km else "",
        "is_best": {
            "minutes": best.get("minutes") == facts.waited(way),
            "usd": best.get("usd") == choice.usd_cents,
            "co2": best.get("co2") == choice.gco2e,
            "odds": "odds" in best and best["odds"] == odds,
        },
        "spread": Markup(route_times.spread(facts, way)),
        "steps": _steps(way),
        "lines": found,
        "parameters": route_lines.parameters(found, rules),
    }


def _steps(way: Way) -> list[dict[str, Any]]:
    """List what happens in order: wait, then a stop and the ride from it, gauge by gauge; last the arrival."""
    steps: list[dict[str, Any]] = []
    for change, move in zip(way.changes, way.moves, strict=True):
        if change.minutes or change.transfer is not None:
            steps.append({"kind": "wait", "change": change, "move": move})
        runs = [list(run) for _, run in groupby(move.legs, key=lambda leg: (leg.mode, leg.gauge_mm))]
        for n, run in enumerate(runs):
            if n:
                before = runs[n - 1][-1]
                steps.append({"kind": "onward", "before": before, "after": run[0]})
            steps.append(_ride(move, run, is_first=not n))
        end = move.stretch
        steps.append({"kind": "arrive", "place": end.to_id, "at": end.arrives_at, "is_last": move is way.moves[-1]})
    return steps


def _ride(move: Move, run: Sequence[TimedLeg], *, is_first: bool) -> dict[str, Any]:
    return {
        "kind": "ride",
        "move": move,
        "is_first": is_first,
        "style": route_times.style(run[0]),
        "first": run[0],
        "last": run[-1],
        "km": sum(leg.length_km for leg in run),
        "minutes": run[-1].arrives_at - run[0].departs_at,
        "stops": list(pairwise(run)),
    }
