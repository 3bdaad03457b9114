"""Rules of prices: of things that exist and are full, above nothing, once each."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from landport.audit.case import Case
from landport.audit.fullness import LEG_KINDS, Full, of_leg, of_quota, of_tracks, of_trains, of_wagons
from landport.audit.violation import Finding, Rule
from landport.model.plans import Price

UNITS = MappingProxyType(
    {
        "teu": "TEU",
        "cargo_kg": "t",
        "gross_kg": "t",
        "wagons": "wagon",
        "quota": "TEU",
        "tracks": "train",
        "trains": "train",
    }
)
"""What can be priced, and the unit of its price."""


def _name(price: Price) -> str:
    of = price.departure_id or price.order_id or price.place_id
    when = f" leg {price.leg}" if price.leg else f" on {price.day_on}"
    return f"the price of {price.kind} of {of}{when}"


def _about(price: Price) -> tuple[str, ...]:
    return tuple(x for x in (price.departure_id, price.order_id, price.place_id) if x) or (price.kind,)


def _full(case: Case, price: Price) -> Full | None:
    """Count how full it is; None: it does not exist, or its price says where it is in more than one way."""
    where = (bool(price.departure_id), bool(price.place_id), bool(price.order_id), bool(price.day_on), price.leg > 0)
    if price.kind in LEG_KINDS and where == (True, False, False, False, True):
        return of_leg(case, price.kind, price.departure_id, price.leg)
    if price.kind in ("wagons", "tracks") and where == (False, True, False, True, False):
        count = of_wagons if price.kind == "wagons" else of_tracks
        return count(case, price.place_id, price.day_on)
    if price.kind in ("quota", "trains") and where == (False, False, True, True, False):
        limit = of_quota if price.kind == "quota" else of_trains
        return limit(case, price.order_id, price.day_on)
    return None


def _exists(case: Case) -> Iterator[Finding]:
    for price in case.plan.prices:
        if _full(case, price) is None:
            yield f"{_name(price)} is of nothing that has such a limit", _about(price)
        elif price.unit != UNITS[price.kind]:
            yield f"{_name(price)} is for one {price.unit!r}, expected {UNITS[price.kind]}", _about(price)


def _positive(case: Case) -> Iterator[Finding]:
    for price in case.plan.prices:
        if price.usd_cents < 1:
            yield f"{_name(price)} is {price.usd_cents:,} cents; what is worth nothing has none", _about(price)


def _once(case: Case) -> Iterator[Finding]:
    seen = set()
    for price in case.plan.prices:
        of = (price.kind, price.departure_id, price.leg, price.place_id, price.order_id, price.day_on)
        if of in seen:
            yield f"{_name(price)} stands there twice", _about(price)
        seen.add(of)


def _is_full(case: Case) -> Iterator[Finding]:
    teu = max((case.teu([box]) for box in case.containers.values()), default=1)
    heaviest = max((box.gross_kg for box in case.containers.values()), default=1)
    tare = case.milli("wagon_tare_t_per_feu")
    with_wagon = max((b.gross_kg + tare * case.teu([b]) // 2 for b in case.containers.values()), default=1)
    needs = {"teu": teu, "quota": teu, "cargo_kg": heaviest, "gross_kg": with_wagon}
    for price in case.plan.prices:
        counted, need = _full(case, price), needs.get(price.kind, 1)
        if counted is not None and counted[0] - counted[1] >= need:
            free = f"{counted[1]:,} of {counted[0]:,} are taken, and no box needs more than {need:,}"
            yield f"{_name(price)} is of what has room: {free}", _about(price)


RULES = (
    Rule("PRICE_OF", "A price is of a leg, yard or order that has such a limit, in its unit.", _exists),
    Rule("PRICE_VALUE", "A price is above nothing.", _positive),
    Rule("PRICE_ONCE", "What is full has one price.", _once),
    Rule("PRICE_FULL", "What has a price is full: less is left than the largest box of the plan may need.", _is_full),
)
