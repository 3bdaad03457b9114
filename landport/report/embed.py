"""Data of the page's script: compact rows, every text once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from landport.model.plans import WagonLoad
from landport.report import words
from landport.report.answers import answers
from landport.report.facts import Facts, least_kg, leg_day
from landport.report.figures import Indicators
from landport.report.indicators import MONEY
from landport.report.loads import by_fill, chosen, drawing
from landport.report.numbers import number, spoken, switches, when, zone_name
from landport.report.week import label

MOST_CONSISTS = 120
"""Trains whose wagons a page draws."""


class Index:
    """Numbers texts in order of first use, so that rows hold numbers."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._number: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        """Answer the number of a text."""
        if text not in self._number:
            self._number[text] = len(self.texts)
            self.texts.append(text)
        return self._number[text]


def script_json(value: object) -> str:
    r"""Write JSON that may stand inside a script element: no `<`, `>` or `&` in it.

    Examples
    --------
    >>> print(script_json({"a": "</script>"}))
    {"a":"\u003c/script\u003e"}
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def data(facts: Facts, found: Indicators) -> dict[str, Any]:
    """Gather what the page's script draws and lists."""
    places, types, zones, shippers = Index(), Index(), Index(), Index()
    rows = _containers(facts, places, types, shippers)
    trains = _trains(facts, found)
    place_rows = [[p, facts.name(p), zones(facts.zone(p)), _other_names(facts, p)] for p in places.texts]
    start = facts.scenario.start_at
    last = max([r.arrives_at for r in facts.plan.rides] + [c.due_at for c in facts.plan.containers] + [1440])
    weekday = start.weekday()
    return {
        "words": words.SCRIPT,
        "start": [start.year, start.month, start.day, weekday],
        "places": place_rows,
        "zones": [[z, switches(z, start, facts.scenario.now_at - 1440, last)] for z in zones.texts],
        "types": types.texts,
        "trains": trains,
        "wagonTypes": {t.wagon_type: [t.length_mm, t.axles, t.tare_kg] for t in _used_wagons(facts)},
        "boxTypes": {
            t.container_type: [t.outside_length_mm, t.length_ft] for t in facts.world.container_types.values()
        },
        "containers": rows,
        "shippers": shippers.texts,
        "loads": [drawing(facts, f) for f in chosen(facts)],
        "packed": len(by_fill(facts)),
        "why": answers(facts, found),
    }


def _other_names(facts: Facts, place_id: str) -> str:
    """Names of a place that the filter finds besides the one shown: in Chinese, in Russian, its aliases."""
    place = facts.network.places.get(place_id)
    return " ".join(dict.fromkeys((place.name, place.name_zh, place.name_ru, *place.aliases))) if place else ""


def _used_wagons(facts: Facts) -> list[Any]:
    used = sorted({w.wagon_type for w in facts.plan.wagons})
    return [facts.world.wagon_types[t] for t in used if t in facts.world.wagon_types]


def _containers(facts: Facts, places: Index, types: Index, shippers: Index) -> list[list[Any]]:
    """Rows: id, type, bookings, from, to, trains, wagon, departs, arrives, due, cents, gross kg, state, shippers."""
    cents: dict[str, int] = {}
    for charge in facts.plan.charges:
        if charge.kind in MONEY:
            cents[charge.subject_id] = cents.get(charge.subject_id, 0) + charge.usd_cents
    wagon_of = {c: w.seq for w in facts.plan.wagons for c in w.container_ids}
    states = {x.container_id: x.state for x in facts.plan.left if x.container_id}
    rows: list[list[Any]] = []
    for box in facts.plan.containers:
        rides = facts.rides.get(box.container_id, ())
        rows.append(
            [
                box.container_id,
                types(box.container_type),
                " ".join(box.booking_ids),
                places(box.at_id),
                places(box.destination_id),
                " › ".join(r.departure_id.partition("@")[0] or words.SCRIPT["truck"] for r in rides),
                wagon_of.get(box.container_id, 0),
                rides[0].departs_at if rides else None,
                rides[-1].arrives_at if rides else None,
                box.due_at,
                cents.get(box.container_id, 0),
                box.gross_kg,
                states.get(box.container_id, ""),
                sorted({shippers(facts.bookings[b].shipper) for b in box.booking_ids if b in facts.bookings}),
            ]
        )
    return rows


def _trains(facts: Facts, found: Indicators) -> list[dict[str, Any]]:
    wagons: dict[str, list[WagonLoad]] = {}
    for load in sorted(facts.plan.wagons, key=lambda w: w.seq):
        wagons.setdefault(load.departure_id, []).append(load)
    number_of = {c.container_id: i for i, c in enumerate(facts.plan.containers)}
    start, out = facts.scenario.start_at, []
    n_drawn = 0
    for t in found.by_train:
        zone = facts.zone(t.origin_id)
        mine = wagons.get(t.departure_id, [])
        n_drawn += bool(mine)
        drawn = mine if n_drawn <= MOST_CONSISTS else []
        code, name = label(facts, t)
        out.append(
            {
                "id": t.departure_id,
                "code": code,
                "name": name,
                "service": t.name,
                "at": when(t.departs_at, start, zone, month=True),
                "zone": zone_name(t.departs_at, start, zone),
                "status": t.status,
                "why": spoken(t.why),
                "boxes": t.n_boxes,
                "teu": t.teu,
                "capacity": t.capacity_teu,
                "least": t.min_teu,
                "kg": t.mass_kg,
                "limit": t.limit_kg,
                "what": t.mass_what,
                "length": t.length_mm,
                "wagons": [[w.wagon_type, [number_of[c] for c in w.container_ids if c in number_of]] for w in drawn],
                "wagonLimit": _wagon_limits(facts, t.departure_id, drawn),
            }
        )
    return out


def _wagon_limits(facts: Facts, departure_id: str, loads: Sequence[WagonLoad]) -> dict[str, int]:
    """Greatest gross mass of a wagon by type: its own, and the rules of the first leg's class."""
    service, run = facts.service_of(departure_id), facts.departures.get(departure_id)
    if service is None or run is None or not loads:
        return {}
    first, rules = service.legs[0], facts.world.rules
    on = leg_day(run, first, facts.scenario, facts.network)
    gross = least_kg(rules.limits(first.train_class, "max_wagon_gross_t", on))
    axle = least_kg(rules.limits(first.train_class, "max_axle_load_t", on))
    found = {}
    for kind in _used_wagons(facts):
        limits = [kind.tare_kg + kind.payload_kg, *([gross] if gross else []), *([axle * kind.axles] if axle else [])]
        found[kind.wagon_type] = min(limits)
    return found


def consist_options(found: Indicators, facts: Facts) -> list[tuple[int, str]]:
    """List trains with a wagon plan for the select box: (number, text)."""
    start = facts.scenario.start_at
    with_wagons = {w.departure_id for w in facts.plan.wagons}
    options: list[tuple[int, str]] = []
    main = facts.scenario.hub_id
    ranked = sorted(enumerate(found.by_train), key=lambda x: (x[1].origin_id != main or not x[1].via_from_id, x[0]))
    for i, t in ranked:
        if t.departure_id in with_wagons and len(options) < MOST_CONSISTS:
            at = when(t.departs_at, start, facts.zone(t.origin_id))
            name = label(facts, t)[1]
            options.append((i, f"{name}, {at} · {number(t.teu)}/{number(t.capacity_teu)} TEU"))
    return options
