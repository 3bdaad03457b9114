"""What one more of what is full is worth: row prices of the relaxation, for the rows that the plan fills."""

from __future__ import annotations

from collections.abc import Iterator

from landport.assemble.bars import is_full
from landport.assemble.flow import Prices
from landport.assemble.resources import Row
from landport.assemble.state import State
from landport.model.plans import Price

UNITS = {
    "teu": ("TEU", 1),
    "quota": ("TEU", 1),
    "cargo_kg": ("t", 1000),
    "gross_kg": ("t", 1000),
    "plugs": ("plug", 1),
    "wagons": ("wagon", 2),
    "lift": ("box", 1),
    "gauge-change": ("TEU", 1),
    "transfer": ("TEU", 1),
}
"""By kind of row: what a price is for one of, and how many units of the row that is; other kinds: one of their own."""


def worth(state: State, relaxed: Prices) -> tuple[Price, ...]:
    """Price what the plan fills, the dearest first.

    Parameters
    ----------
    relaxed
        Row prices; rows that came later have none.

    Notes
    -----
    A row that is full in the relaxation may have room in the plan, for trains and boxes are whole there: its price
    would mislead and is left out, as are those of trains that do not run. Full means: less is left than the largest
    box of the plan may need. Audited by `audit` (prices).
    """
    found: dict[tuple[str, str, int, str, str, str], Price] = {}
    for price in sorted([*_rows(state, relaxed), *_caps(state, relaxed)], key=lambda p: (-p.usd_cents, _of(p))):
        found.setdefault(_of(price), price)
    return tuple(found.values())


def _of(price: Price) -> tuple[str, str, int, str, str, str]:
    """Say what a price is of."""
    return price.kind, price.departure_id, price.leg, price.at_id, price.order_id, price.day_on


def _rows(state: State, relaxed: Prices) -> Iterator[Price]:
    needs = _needs(state)
    for row, free, price in zip(state.problem.resources.rows, state.room, relaxed.limit.tolist(), strict=False):
        unit, n = UNITS.get(row.what, (row.what, 1))
        cents = round(-price * n)
        runs = row.departure_id not in state.problem.decided or row.departure_id in state.running
        if cents > 0 and runs and free < needs.get(row.what, 1):
            yield _price(state, row, unit, cents)


def _price(state: State, row: Row, unit: str, cents: int) -> Price:
    resources = state.problem.resources
    if row.departure_id in resources.pricing.departures:
        return Price(kind=row.what, departure_id=row.departure_id, leg=row.seq, unit=unit, usd_cents=cents)
    at_id = row.at_id or ("" if row.order_id else resources.hub_id)
    return Price(kind=row.what, at_id=at_id, order_id=row.order_id, day_on=row.departure_id, unit=unit, usd_cents=cents)


def _needs(state: State) -> dict[str, int]:
    """Most that one box of the plan takes of a row, by kind."""
    tare = state.problem.resources.pricing.rules.milli("wagon_tare_t_per_feu")
    teu = max((batch.teu for batch in state.problem.batches), default=1)
    gross_kg = max((box.gross_kg for batch in state.problem.batches for box in batch.containers), default=1)
    loaded = ((box.gross_kg, b.teu) for b in state.problem.batches for box in b.containers)
    with_wagon = max((kg + tare * n // 2 for kg, n in loaded), default=1)
    by_teu = dict.fromkeys(("teu", "quota", "gauge-change", "transfer"), teu)
    return {**by_teu, "cargo_kg": gross_kg, "gross_kg": with_wagon, "wagons": 2}


def _caps(state: State, relaxed: Prices) -> Iterator[Price]:
    for cap, price in zip(state.problem.caps, relaxed.cap.tolist(), strict=False):
        cents = round(-price)
        if cents > 0 and is_full(state, cap):
            yield Price(
                kind=cap.what,
                at_id=cap.at_id,
                order_id=cap.order_id,
                day_on=cap.day_on,
                unit="train",
                usd_cents=cents,
            )
