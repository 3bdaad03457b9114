"""A train loaded exactly: when the quick way leaves boxes, all ways to share wagons are weighed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landport.assemble.wagon_program import Berth, TrainRow, Wagon, WagonTask, met, program
from landport.assemble.wagon_rules import Lot
from landport.assemble.wagon_search import Loading, search
from landport.assemble.wagons import Consist, Forming, Placed, Rider, Train, Yard, form, formed, forming, lots_of
from landport.model.result import Limit

METRE_CENTS = 1
"""What a metre of wagons weighs: of loadings that are worth the same the shorter train is better."""

WORTH_LESS = "others are worth more on the wagons and metres there are"


def form_exactly(riders: Sequence[Rider], train: Train, yard: Yard, *, limit: Limit) -> Consist:
    """Load the boxes of a train so that those left behind are worth least.

    Parameters
    ----------
    yard
        Its stock is used up.

    Notes
    -----
    The quick loading is kept where it leaves nothing, or nothing better is found. Wagons of a type count as one berth,
    so that equal ones are not tried in all orders; the order of the consist is found afterwards (`arrange`). Audited
    by `audit` (wagons).
    """
    before = None if yard.stock is None else dict(yard.stock)
    quick = form(riders, train, yard)
    if not quick.rejected or limit.is_over():
        return quick
    made = forming(train, Yard(yard.wagon_types, yard.container_types, yard.rules, before))
    lots = lots_of(riders, train, yard)
    found = load(made, lots, limit, start=quick)
    placed = _placed(found, made, lots)
    for wagon, on in placed:
        made.put(wagon, on)
    loaded = {lot.ids[0] for _, on in placed for lot in on}
    whys = {box.container_id: why for box, why in quick.rejected}
    for lot in lots:
        if lot.ids[0] not in loaded:
            made.reject([lot], whys.get(lot.ids[0], WORTH_LESS))
    after = Yard(yard.wagon_types, yard.container_types, yard.rules, before)
    exact = formed(made, riders, after)
    exact.bound = found.bound
    if _left(exact, riders) >= _left(quick, riders):
        quick.bound = found.bound
        return quick
    if yard.stock is not None and after.stock is not None:
        yard.stock.update(after.stock)
    return exact


def _left(consist: Consist, riders: Sequence[Rider]) -> int:
    """Cents that the boxes left out are worth."""
    out = {box.container_id for box, _ in consist.rejected}
    return sum(rider.value for rider in riders if rider.box.container_id in out)


def load(
    made: Forming,
    lots: Sequence[Lot],
    limit: Limit,
    start: Consist | None = None,
    *,
    fee: int = METRE_CENTS,
    step: int = 1,
) -> Loading:
    """Solve the program of a train whose consist is formed from the yard's stock.

    Parameters
    ----------
    fee
        US cents a metre of wagons.
    step
        US cents that divide what any loading is worth.
    """
    berths = berths_of(made, lots)
    task = WagonTask(
        lots=tuple(lots),
        berths=tuple(berths),
        by_stop=made.by_stop,
        rows=tuple(_rows(made, lots, berths)),
        wagon_cents_per_m=fee,
    )
    laid = program(task)
    known = [] if start is None else _begin(start, lots, berths)
    return search(laid, known if met(laid, known) else [], limit=limit, step=step)


def berths_of(made: Forming, lots: Sequence[Lot]) -> list[Berth]:
    """List the yard's wagons by type, no more of one than there are boxes."""
    stock = {w.wagon_type: len(lots) if made.stock is None else made.stock[w.wagon_type] for w in made.kinds}
    return [Berth(w, min(stock[w.wagon_type], len(lots))) for w in made.kinds if stock[w.wagon_type] > 0]


def _begin(start: Consist, lots: Sequence[Lot], berths: Sequence[Berth]) -> list[Wagon]:
    number = {lot.ids[0]: i for i, lot in enumerate(lots)}
    berth_of = {berth.wagon.wagon_type: j for j, berth in enumerate(berths)}
    return [(berth_of[kind], tuple(number[c] for c in ids)) for kind, ids in start.wagons]


def _rows(made: Forming, lots: Sequence[Lot], berths: Sequence[Berth]) -> list[TrainRow]:
    """List the limits on the whole train that could bind."""
    kg = np.array([lot.gross_kg for lot in lots], np.int64)
    length = np.array([b.wagon.length_mm for b in berths], np.int64)
    limits, free = made.limits, np.zeros(len(berths), np.int64)
    rows = [TrainRow(1, np.zeros_like(kg), length, limits.length_mm)]
    for leg, (cargo, boxes) in enumerate(zip(limits.cargo_kg, limits.boxes, strict=True), 1):
        rows.append(TrainRow(leg, kg, free, cargo))
        for feet, most in boxes:
            counted = np.array([lot.feet == feet or not feet for lot in lots], np.int64)
            rows.append(TrainRow(leg, counted, free, most))
    return [row for row in rows if row.most < int(row.per_box.sum()) + int(row.per_wagon.max(initial=0)) * len(lots)]


def _placed(found: Loading, made: Forming, lots: Sequence[Lot]) -> list[Placed]:
    """Name the wagons and boxes of a loading."""
    berths = berths_of(made, lots)
    return [(berths[j].wagon, tuple(lots[i] for i in on)) for j, on in found.wagons]
