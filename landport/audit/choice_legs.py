"""Rules of the legs that choices ride: what is open, has room, takes such boxes, and is banned by no order."""

from __future__ import annotations

from collections.abc import Iterator

from landport.audit.case import breaks
from landport.audit.choice_case import ChoiceCase, Hop, about, said
from landport.audit.orders import hit_minutes, is_named, is_of_class
from landport.audit.times import Run
from landport.audit.violation import Finding, Rule
from landport.model.bookings import RestrictionOrder


def _open(case: ChoiceCase) -> Iterator[Finding]:
    on = case.choices.as_of_on
    for hop in case.hops:
        for line_id in _lines(hop):
            if line_id not in case.open_ids and line_id not in case.edited.closed_ids:
                text = f"{line_id} of {_service_id(hop)} is not open on {on}"
                yield f"{said(hop)}: {text}", (*about(hop), line_id)


def _closed(case: ChoiceCase) -> Iterator[Finding]:
    closed = case.edited.closed_ids
    for hop in case.hops:
        found = [line_id for line_id in _lines(hop) if line_id in closed]
        places = [hop.stretch.from_id, hop.stretch.to_id]
        for leg in hop.ridden.run.service.legs if hop.ridden else ():
            places += [leg.from_id, leg.to_id]
        found += [place for place in places if place in closed]
        if found:
            yield f"{said(hop)}: an edit closes {', '.join(dict.fromkeys(found))}", (*about(hop), *dict.fromkeys(found))
        elif not hop.stretch.departure_id and _is_cut(case, hop):
            yield f"{said(hop)}: edits close the roads that lead there", about(hop)


def _is_cut(case: ChoiceCase, hop: Hop) -> bool:
    """Tell whether a truck on demand would find a road if nothing were closed."""
    ends = hop.stretch.from_id, hop.stretch.to_id
    return case.roads.way(*ends) is None and case.unclosed_roads.way(*ends) is not None


def _lines(hop: Hop) -> list[str]:
    """List the lines of the service of a hop: it runs only when all of them are open."""
    if hop.ridden is None:
        return []
    return list(dict.fromkeys(line_id for leg in hop.ridden.run.service.legs for line_id in leg.line_ids))


def _service_id(hop: Hop) -> str:
    return hop.ridden.run.service.service_id if hop.ridden else ""


def _room(case: ChoiceCase) -> Iterator[Finding]:
    teu = case.teu * case.trip.n_boxes
    for hop, run, leg in case.legs:
        room = run.service.legs[leg].capacity_teu
        if run.free_teu is not None:
            room = min(room, run.free_teu[leg])
        if teu > room:
            text = f"{said(hop)} carries {teu} TEU on leg {leg + 1}; it has room for {room}"
            yield text, about(hop)
    for meeting in case.meetings:
        row = meeting.transfer
        if row is not None and row.teu_per_day is not None and teu > row.teu_per_day:
            text = f"{row.transfer_id} moves {teu} TEU to {said(meeting.leave)}; it does {row.teu_per_day} a day"
            yield text, (row.transfer_id, row.place_id)


def _limit(case: ChoiceCase) -> Iterator[Finding]:
    trip, kind = case.trip, case.kind
    if kind is None:
        return
    size = "20ft" if kind.length_ft == 20 else "40ft"
    for hop, run, leg in case.legs:
        on = f"leg {leg + 1} of {said(hop)}"
        for rule in case.limits("max_box_gross_kg", run, leg):
            if rule.applies_to in (size, "box") and breaks(rule, 1000 * trip.gross_kg):
                limit = f"{rule.train_class} allows {rule.milli // 1000:,} kg on a {size} box (rule {rule.rule_id})"
                yield f"a box weighs {trip.gross_kg:,} kg gross on {on}; {limit}", (*about(hop), rule.rule_id)
        for rule in case.limits("forbid_open_top", run, leg):
            if kind.equipment == "open-top" and rule.milli > 0:
                text = f"{trip.container_type} rides {on}; rule {rule.rule_id} forbids open tops"
                yield text, (*about(hop), rule.rule_id)


def _order(case: ChoiceCase) -> Iterator[Finding]:
    for order in case.scenario.orders:
        for hop in case.hops if _matches(case, order) else ():
            found = _hit(order, hop.ridden.run, hop) if hop.ridden else None
            if found is not None:
                leg, minute = found
                text = f"order {order.number} of {order.issuer} {_does(order)} ({order.text})"
                when = f"passes {order.place_id} at minute {minute:,} on leg {leg + 1}"
                yield f"{said(hop)} {when}; {text}", (*about(hop), order.order_id)


def _does(order: RestrictionOrder) -> str:
    if order.max_trains_per_day is not None:
        return "allows no hub train"
    return "bans it" if order.max_teu_per_day is None else f"allows {order.max_teu_per_day:,} TEU a day"


def _hit(order: RestrictionOrder, run: Run, hop: Hop) -> tuple[int, int] | None:
    """Find the first leg (counted from 0) and minute at which an order hits a ride, or a hub train that it stops."""
    stops = order.max_trains_per_day is not None
    if stops and run.service.operation != "hub":
        return None
    legs = range(len(run.service.legs)) if stops else hop.ridden.legs if hop.ridden else range(0)
    for leg in legs:
        for minute in hit_minutes(order, run, leg):
            return leg, minute
    return None


def _matches(case: ChoiceCase, order: RestrictionOrder) -> bool:
    """Tell whether an order lets no hub train pass, or names the boxes asked about and has no quota for all of them."""
    if order.max_trains_per_day is not None:
        return order.max_trains_per_day == 0
    if order.max_teu_per_day is not None and case.teu * case.trip.n_boxes <= order.max_teu_per_day:
        return False
    return is_about(case, order)


def is_about(case: ChoiceCase, order: RestrictionOrder) -> bool:
    """Tell whether the boxes asked about match every list of an order that is not empty."""
    trip = case.trip
    if order.container_types and trip.container_type not in order.container_types:
        return False
    if order.hs_prefixes and not any(is_named(code, order.hs_prefixes) for code in trip.cargo_codes):
        return False
    return not order.un_classes or any(is_of_class(un_class, order.un_classes) for un_class in trip.un_classes)


RULES = (
    Rule("CHOICE_OPEN", "Every line of a service that a choice rides is open on the date asked about.", _open),
    Rule("CHOICE_CLOSED", "No choice comes to a place, or runs over a line, that an edit closes.", _closed),
    Rule(
        "CHOICE_ROOM",
        "The boxes of a question fit together on every leg of a choice, and into a day of every transfer.",
        _room,
    ),
    Rule("CHOICE_LIMIT", "The boxes of a question keep the dated limits on single boxes on every leg.", _limit),
    Rule(
        "CHOICE_ORDER",
        "No choice passes where an order bans its boxes, stops its hub train or has no quota for them all.",
        _order,
    ),
)
