"""Choices of a way as one JSON document: instants in the zone of their place, money in cents and dollars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from landport.model.bookings import RestrictionOrder
from landport.model.choices import Choices, Odds
from landport.model.network import Network
from landport.model.plans import SCHEMA, Charge
from landport.model.rules import Rules
from landport.report import route_facts, route_lines
from landport.report.route_facts import Change, Move, RouteFacts, TimedLeg, Way
from landport.report.route_lines import Line
from landport.report.route_tolls import Toll


def choices_document(
    choices: Choices, network: Network, rules: Rules, start_at: datetime, *, orders: Sequence[RestrictionOrder] = ()
) -> dict[str, Any]:
    """Write choices as plain values: numbers, texts, lists and objects.

    Parameters
    ----------
    network
        Under the edits of the what-if.
    rules
        Their rates explain every choice: see `route_lines.lines`.
    start_at
        Minute 0, UTC.
    orders
        Restriction orders in force.

    Notes
    -----
    An instant is `{"minute": .., "at": ISO 8601 with the offset of its place}`; what is not known is null.
    """
    facts = route_facts.join(choices, network, start_at, orders)
    refusal = choices.refusal
    return {
        "schema": SCHEMA,
        "start_at": start_at.isoformat(timespec="minutes"),
        "asked": _asked(facts),
        "what_if": _what_if(facts),
        "as_of_on": choices.as_of_on.isoformat(),
        "order_by": choices.order_by,
        "n_found": choices.n_found,
        "is_complete": choices.is_complete,
        "eps": dict(zip(("minutes", "usd_cents", "gco2e"), choices.eps, strict=True)),
        "choices": [_choice(facts, way, rules) for way in facts.ways],
        "refusal": None if refusal is None else {"state": refusal.state, "code": refusal.code, "why": refusal.why},
        "advice": list(choices.advice),
        "places": {p: _place(network, p) for p in facts.place_ids()},
    }


def _instant(facts: RouteFacts, minute: int | None, place_id: str) -> dict[str, Any] | None:
    return None if minute is None else {"minute": minute, "at": facts.iso(minute, place_id)}


def _asked(facts: RouteFacts) -> dict[str, Any]:
    trip = facts.choices.trip
    return {
        "from": trip.at_id,
        "to": trip.destination_id,
        "ready": _instant(facts, trip.ready_at, trip.at_id),
        "due": _instant(facts, trip.due_at, trip.destination_id) if facts.choices.is_due else None,
        "container_type": trip.container_type,
        "n_boxes": trip.n_boxes,
        "gross_kg": trip.gross_kg,
        "cargo_kg": trip.cargo_kg,
        "cargo_codes": list(trip.cargo_codes),
        "un_classes": list(trip.un_classes),
    }


def _what_if(facts: RouteFacts) -> dict[str, Any] | None:
    what_if = facts.choices.what_if
    if not (what_if.name or what_if.edits or what_if.services):
        return None
    edits = [{"action": e.action, "subject": e.subject_id, "value": e.value} for e in what_if.edits]
    return {"name": what_if.name, "edits": edits, "assumed_services": [s.service_id for s in what_if.services]}


def _place(network: Network, place_id: str) -> dict[str, Any]:
    place = network.places[place_id]
    names = {"en": place.name, "zh": place.name_zh or place.name, "ru": place.name_ru or place.name}
    return {"name": names, "country": place.country, "timezone": place.timezone, "lat": place.lat, "lon": place.lon}


def _choice(facts: RouteFacts, way: Way, rules: Rules) -> dict[str, Any]:
    choice, trip = way.choice, facts.choices.trip
    return {
        "number": choice.number,
        "departs": _instant(facts, choice.itinerary.departs_at, trip.at_id),
        "arrives": _instant(facts, way.arrives_at, trip.destination_id),
        "minutes_from_ready": facts.waited(way),
        "n_changes": len(choice.itinerary.transfer_ids),
        "gauge_changes": choice.gauge_changes,
        "length_km": way.length_km,
        **_paid(choice.usd_cents, choice.gco2e),
        "charges": [_charge(c) for c in choice.charges],
        "odds": None if choice.odds is None else _odds(facts, choice.odds),
        "changes": [_change(facts, c) for c in way.changes if c.transfer is not None],
        "rides": [_move(facts, m) for m in way.moves],
        "lines": [_line(x) for x in route_lines.lines(choice, facts.choices, facts.network, rules, facts.orders)],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "ride": line.ride,
        "kind": line.kind,
        "from": line.from_id,
        "to": line.to_id,
        "subject": line.subject_id,
        "quantity": line.quantity_milli / 1000,
        "unit": line.unit,
        "rate": line.rate_milli / 1000,
        "rate_unit": line.rate_unit,
        "parameters": [line.rate_id, *line.also_ids],
        "source": line.source,
        "confidence": line.confidence,
        **_paid(line.usd_cents, line.gco2e),
    }


def _paid(usd_cents: int, gco2e: int) -> dict[str, Any]:
    return {"usd_cents": usd_cents, "usd": usd_cents / 100, "gco2e": gco2e}


def _charge(charge: Charge) -> dict[str, Any]:
    return {
        "kind": charge.kind,
        "quantity": charge.quantity,
        "rate_id": charge.rate_id,
        **_paid(charge.usd_cents, charge.gco2e),
    }


def _odds(facts: RouteFacts, odds: Odds) -> dict[str, Any]:
    to = facts.choices.trip.destination_id
    return {
        "n_samples": odds.n_samples,
        "seed": odds.seed,
        "by_due": odds.by_due,
        "by_due_error": odds.by_due_error,
        "p50": _instant(facts, odds.p50_at, to),
        "p90": _instant(facts, odds.p90_at, to),
        "stranded": odds.stranded,
    }


def _change(facts: RouteFacts, change: Change) -> dict[str, Any]:
    row = change.transfer
    return {
        "place": change.place_id,
        "from": _instant(facts, change.from_at, change.place_id),
        "until": _instant(facts, change.until_at, change.place_id),
        "minutes": change.minutes,
        "transfer": None if row is None else row.transfer_id,
        "kind": None if row is None else row.kind,
        "transfer_minutes": change.transfer_minutes,
        "charge": None if change.charge is None else _charge(change.charge),
    }


def _move(facts: RouteFacts, move: Move) -> dict[str, Any]:
    stretch, risk = move.stretch, move.risk
    return {
        "number": move.number,
        "from": stretch.from_id,
        "to": stretch.to_id,
        "departs": _instant(facts, stretch.departs_at, stretch.from_id),
        "arrives": _instant(facts, stretch.arrives_at, stretch.to_id),
        "departure": stretch.departure_id or None,
        "service": move.service_id or None,
        "service_name": move.service.name if move.service else None,
        "length_km": move.length_km,
        "legs": [_leg(facts, leg) for leg in move.legs],
        "charge": None if move.charge is None else _charge(move.charge),
        "quotas": [_toll(toll) for toll in move.tolls],
        "missed": None if risk is None else risk.missed,
        "delay_minutes": None if risk is None else risk.delay_minutes,
    }


def _toll(toll: Toll) -> dict[str, Any]:
    return {
        "order": toll.charge.rate_id,
        "number": toll.number,
        "issuer": toll.issuer or None,
        "place": toll.place_id,
        "charge": _charge(toll.charge),
    }


def _leg(facts: RouteFacts, leg: TimedLeg) -> dict[str, Any]:
    return {
        "from": leg.from_id,
        "to": leg.to_id,
        "mode": leg.mode,
        "gauge_mm": leg.gauge_mm or None,
        "length_km": leg.length_km,
        "departs": _instant(facts, leg.departs_at, leg.from_id),
        "arrives": _instant(facts, leg.arrives_at, leg.to_id),
        "path": list(leg.path_ids),
    }
