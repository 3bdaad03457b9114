"""Weekly demand of the shipped table as lanes, and how much each lane books, where it is ready and when it is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np

from landport.app.demo.draws import Draws, Ints

HUB = "URC"
"""The assembly yard."""

MULTIMODAL_CENTRE = "UMC"
"""Where goods from inland China are cleared for export before a truck takes them to the yard."""

XINJIANG = ("AKS", "KHG", "KRL", "KUY", "SHZ", "TUR")
"""Origins whose goods wait where they are made, for a feeder train or truck."""

DAY = 1440

BOOKED_FEU = ((1, 0.38), (2, 0.25), (3, 0.14), (4, 0.10), (5, 0.06), (6, 0.05), (8, 0.015), (10, 0.005))
"""How many FEU one FCL booking asks for, and how often (assumed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """An origin-destination pair of the demand table in one month.

    Parameters
    ----------
    fcl_feu, lcl_feu
        Expected FEU a week.
    ready_from, ready_until
        Minutes between which its goods become ready at `at_id`.
    spent_minutes
        Way already behind the goods when they are ready at `at_id`.
    due_days
        Least, typical and greatest days from origin to destination.
    """

    origin_id: str
    at_id: str
    destination_id: str
    is_outbound: bool
    transit_days: float
    fcl_feu: float
    lcl_feu: float
    ready_from: int
    ready_until: int
    spent_minutes: int
    due_days: tuple[float, float, float]


def lanes(demand: Sequence[Mapping[str, Any]], *, month: int, scale: float) -> tuple[Lane, ...]:
    """Read the demand of a month, in table order.

    Notes
    -----
    Inbound groupage is stuffed abroad by agents, so it counts as FCL.
    """
    return tuple(_lane(row, month, scale) for row in demand)


def _lane(row: Mapping[str, Any], month: int, scale: float) -> Lane:
    feu = row["feu_per_week"] * row[f"s{month:02d}"] * scale
    origin, is_outbound = row["origin_id"], row["direction"] == "outbound"
    lcl = feu * row["lcl_share"] if is_outbound else 0.0
    is_inland = is_outbound and origin != HUB and origin not in XINJIANG
    first, last = -2.5, 4.5
    if not is_outbound:
        first, last = -1.0, 6.0
    elif origin in XINJIANG:
        first, last = -1.0, 7.0 - row["feeder_days"] - 1.5
    return Lane(
        origin_id=origin,
        at_id=MULTIMODAL_CENTRE if is_inland else origin,
        destination_id=row["destination_id"],
        is_outbound=is_outbound,
        transit_days=row["transit_days"],
        fcl_feu=feu - lcl,
        lcl_feu=lcl,
        ready_from=round(first * DAY),
        ready_until=round(last * DAY),
        spent_minutes=round(row["feeder_days"] * DAY) if is_inland else 0,
        due_days=(row["due_min_days"], row["due_typ_days"], row["due_max_days"]),
    )


def place_at(lane: Lane, ready_at: int) -> str:
    """Say where goods are: what reached the multimodal centre half a day before now already is in the yard."""
    return HUB if lane.at_id == MULTIMODAL_CENTRE and ready_at < -DAY // 2 else lane.at_id


def booked(lanes: Sequence[Lane], draws: Draws) -> list[tuple[int, int]]:
    """Draw the FCL bookings of a direction: (lane index, FEU) pairs, lane by lane.

    Notes
    -----
    Their sum is the expected total, rounded; lanes share it as Poisson arrivals would. O(bookings).
    """
    total = round(fsum(lane.fcl_feu for lane in lanes))
    if not total:
        return []
    left = draws.child("lanes").shared(total, [lane.fcl_feu for lane in lanes]).tolist()
    kinds = draws.child("sizes").choice(total, [weight for _, weight in BOOKED_FEU]).tolist()
    found: list[tuple[int, int]] = []
    for i, feu in enumerate(left):
        while feu:
            size = min(feu, BOOKED_FEU[kinds[len(found)]][0])
            found.append((i, size))
            feu -= size
    return found


def times(lanes: Sequence[Lane], lane_of: Sequence[int], draws: Draws) -> tuple[list[int], list[int]]:
    """Draw when each booking is ready (quarters of an hour) and due (minutes), lane indices given."""
    n = len(lane_of)
    index = np.asarray(lane_of, np.int64)
    start, end, spent = (_column(lanes, name)[index] for name in ("ready_from", "ready_until", "spent_minutes"))
    quarters = draws.child("ready").below(n, (end - start) // 15)
    ready = start + 15 * quarters
    days = np.array([lane.due_days for lane in lanes], np.float64).reshape(-1, 3)[index]
    takes = draws.child("due").triangular(days[:, 0], days[:, 1], days[:, 2], n)
    due = ready + np.floor(takes * DAY).astype(np.int64) - spent
    return ready.tolist(), np.maximum(due, ready + DAY).tolist()


def _column(lanes: Sequence[Lane], name: str) -> Ints:
    return np.array([getattr(lane, name) for lane in lanes], np.int64)
