"""Rules of prices: of things that exist and are full, above nothing, once each."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from landport.audit.case import Case
from landport.audit.fullness import Fullness, spot_of
from landport.audit.violation import Finding, Rule
from landport.model.plans import Price

UNITS = MappingProxyType(
    {
        "teu": "TEU",
        "cargo_kg": "t",
        "gross_kg": "t",
        "plugs": "plug",
        "wagons": "wagon",
        "lift": "box",
        "gauge-change": "TEU",
        "transfer": "TEU",
        "quota": "TEU",
        "tracks": "train",
        "trains": "train",
        "border": "train",
    }
)
"""What can be priced, and the unit of its price."""


def _name(price: Price) -> str:
    of = price.departure_id or price.order_id or price.at_id
    when = f" leg {price.leg}" if price.leg else f" on {price.day_on}"
    return f"the price of {price.kind} of {of}{when}"


def _about(price: Price) -> tuple[str, ...]:
    return tuple(x for x in (price.departure_id, price.order_id, price.at_id) if x) or (price.kind,)


def _exists(case: Case) -> Iterator[Finding]:
    known = Fullness(case) if case.plan.prices else None
    for price in case.plan.prices:
        if known is None or price.kind not in UNITS or known.limit(spot_of(price)) is None:
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
        of = spot_of(price)
        if of in seen:
            yield f"{_name(price)} stands there twice", _about(price)
        seen.add(of)


def _is_full(case: Case) -> Iterator[Finding]:
    teu = max((case.teu([box]) for box in case.containers.values()), default=1)
    heaviest = max((box.gross_kg for box in case.containers.values()), default=1)
    tare = case.milli("wagon_tare_t_per_feu")
    with_wagon = max((b.gross_kg + tare * case.teu([b]) // 2 for b in case.containers.values()), default=1)
    needs = dict.fromkeys(("teu", "quota", "gauge-change", "transfer"), teu)
    needs |= {"cargo_kg": heaviest, "gross_kg": with_wagon}
    known = Fullness(case) if case.plan.prices else None
    for price in case.plan.prices:
        counted, need = known.full(spot_of(price)) if known else None, needs.get(price.kind, 1)
        if counted is not None and counted[0] - counted[1] >= need:
            free = f"{counted[1]:,} of {counted[0]:,} are taken, and no box needs more than {need:,}"
            yield f"{_name(price)} is of what has room: {free}", _about(price)


RULES = (
    Rule("PRICE_OF", "A price is of a leg, place, transfer or order that has such a limit, in its unit.", _exists),
    Rule("PRICE_VALUE", "A price is above nothing.", _positive),
    Rule("PRICE_ONCE", "What is full has one price.", _once),
    Rule("PRICE_FULL", "What has a price is full: less is left than the largest box of the plan may need.", _is_full),
)
