"""Dated legs and the changes between them, priced for one box: what a planner of many boxes builds its network from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PricedLegs:
    """What a box can ride and how it gets from one ride to the next: n legs, e changes, x trucks, all int64.

    A *class* is a set of legs that load alike at one place. A *manner* is a way to be at a place: to have arrived by a
    certain mode, gauge and neighbour, by truck, or to be there from the start. A box may go from leg i to leg j when
    `after[i] == j` (it stays on board, for nothing), or when a change leads from `land[i]` to `board[j]` and leg j
    leaves at least its minutes after leg i has arrived, and the minutes of the work itself after that could begin: it
    begins while the place is open. In between the box waits, which costs `minute_milli` a minute, as every other minute
    from readiness to arrival does.

    Parameters
    ----------
    place_ids, departure_ids, transfer_ids
        Names that the columns below point at, from 0; a transfer -1 is none.
    departure, seq, from_place, to_place
        Which leg of which departure, and where it runs; shape (n,), legs in order of departure, as in the space.
    departs_at, arrives_at
        Minutes; shape (n,).
    usd_cents, gco2e
        Of one box over the leg, emissions of its cargo; shape (n,). A hub train's share of its fixed cost is in it.
    room_teu
        TEU that the departure has room for on the leg; shape (n,).
    after
        Next leg of the departure, -1 after its last; shape (n,).
    board, land
        Class of the leg, and manner of a box that leaves the train after it, -1: none can; shape (n,).
    place
        Place of each manner, shape (m,).
    start
        Manner of a box that is at a place from the start, by place; shape (p,).
    change
        Manner, class, transfer, minutes from arrival to departure, US cents and gCO2e of one box, minutes of the work
        itself; shape (e, 7).
    truck
        Trucks on demand, loaded once work can begin: manner left, manner reached, transfer before it, minutes with
        that, US cents with that, gCO2e; shape (x, 6). None leads on from a manner reached by truck.
    open_at
        For each manner the first of its spans in `opens`, the last + 1; equal: the place never closes; shape (m, 2).
    opens
        Spans in which work may begin, in order: first minute, and first minute after; shape (s, 2).
    teu
        Of the box.
    minute_milli
        What one minute is worth, in thousandths of a US cent a box.
    """

    place_ids: tuple[str, ...]
    departure_ids: tuple[str, ...]
    transfer_ids: tuple[str, ...]
    departure: Ints
    seq: Ints
    from_place: Ints
    to_place: Ints
    departs_at: Ints
    arrives_at: Ints
    usd_cents: Ints
    gco2e: Ints
    room_teu: Ints
    after: Ints
    board: Ints
    land: Ints
    place: Ints
    start: Ints
    change: Ints
    truck: Ints
    open_at: Ints
    opens: Ints
    teu: int
    minute_milli: int
