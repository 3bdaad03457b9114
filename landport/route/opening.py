"""Opening hours as the arrays that scans read, and looked up for many loads at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from landport.model.hours import open_spans
from landport.model.network import Network
from landport.model.places import OpeningHours
from landport.route._kernel_table import NEVER, Ints

WEEK = 7 * 1440

AFTER = 52 * WEEK
"""Hours are known this long after the last arrival: random delays are shorter."""


def opening(
    network: Network, places: Sequence[int], place_of: Mapping[str, int], start_at: datetime, first: int, last: int
) -> tuple[Ints, Ints]:
    """Lay out when work may begin on loads at some rows; shapes as `_kernel_table.Table.open_at` and `opens`.

    Parameters
    ----------
    places
        Place of each row.
    first, last
        Minutes of the first departure and the last arrival.
    """
    by_place: dict[int, list[OpeningHours]] = {}
    for row in network.hours:
        if row.place_id in place_of:
            by_place.setdefault(place_of[row.place_id], []).append(row)
    begin = first - 2 * WEEK - max((t.minutes for t in network.transfers), default=0)
    zones = {place_of[p.place_id]: ZoneInfo(p.timezone) for p in network.places.values()}
    spans: list[tuple[int, int]] = []
    ends = {}
    for place, rows in sorted(by_place.items()):
        found = open_spans(rows, zones[place], start_at, begin, last + AFTER) or [(-NEVER, -NEVER)]
        ends[place] = len(spans), len(spans) + len(found)
        spans += found
    open_at = np.array([ends.get(place, (0, 0)) for place in places], np.int64).reshape(-1, 2)
    return open_at, np.array(spans, np.int64).reshape(-1, 2)


def begun(at: Ints, spans: Ints) -> Ints:
    """Find the first minutes at which work may begin on loads that are there at minutes `at`, as the kernel's `begun`.

    Parameters
    ----------
    spans
        Of their place, shape (s, 2); none: it never closes.
    """
    if not len(spans):
        return at
    spot = np.searchsorted(spans[:, 1], at, side="right")
    opens: Ints = np.append(spans[:, 0], NEVER)
    return np.maximum(at, opens[spot])


def open_by(at: Ints, spans: Ints) -> Ints:
    """Find the last minutes up to `at` at which work may begin, as the kernel's `open_by`; -`NEVER`: there is none."""
    if not len(spans):
        return at
    spot = np.searchsorted(spans[:, 0], at, side="right")
    closed_by: Ints = np.append(-NEVER, spans[:, 1] - 1)
    return np.minimum(at, closed_by[spot])
