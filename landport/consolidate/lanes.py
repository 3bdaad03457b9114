"""What no grouping can beat: the least containers of a lane, whichever of its bookings share one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from landport.consolidate._bound import least_containers
from landport.consolidate.cargo import Cargo


def fewest(cargos: Iterable[Cargo]) -> int:
    """Bound the containers of all groups from below, however their bookings are grouped anew.

    Notes
    -----
    A bound over every plan whose containers hold goods of one place, one destination and one list of container types,
    that have a temperature in common, within the greatest payload that any group of the lane has for a type. Pieces
    that no container takes are left out. Cut-offs, dangerous goods and bookings that must stay together are relaxed:
    goods of different cut-offs and classes count as if they could share a container. Each lane is rounded up once.
    O(n log n).
    """
    lanes: dict[tuple[str, str, tuple[str, ...]], list[Cargo]] = {}
    for cargo in cargos:
        of = cargo.group
        if cargo.lots:
            types = tuple(kind.container_type for kind in of.container_types)
            lanes.setdefault((of.at_id, of.destination_id, types), []).append(cargo)
    return sum(_least(together) for lane in lanes.values() for together in _by_temperature(lane))


def _by_temperature(lane: Sequence[Cargo]) -> Iterator[list[Cargo]]:
    """Part a lane where no temperature suits both sides: ranges that overlap, also by way of others, stay together."""
    together: list[Cargo] = []
    warmest = float("-inf")
    for (low, high), cargo in sorted(((_range_c(c), c) for c in lane), key=lambda pair: pair[0]):
        if together and low > warmest:
            yield together
            together = []
        together.append(cargo)
        warmest = max(warmest, high)
    if together:
        yield together


def _range_c(cargo: Cargo) -> tuple[float, float]:
    """Coldest and warmest that any booking of a group bears; infinite where it does not mind."""
    bookings = cargo.group.bookings
    lows = [b.temperature_min_c for b in bookings if b.temperature_min_c is not None]
    highs = [b.temperature_max_c for b in bookings if b.temperature_max_c is not None]
    low = min(lows) if len(lows) == len(bookings) else float("-inf")
    return low, max(highs) if len(highs) == len(bookings) else float("inf")


def _least(cargos: Sequence[Cargo]) -> int:
    """Bound the containers of groups that are packed as one."""
    first = np.cumsum([0, *(len(c.items) for c in cargos)])
    poses = [rows + np.array([n, 0, 0, 0]) for n, c in zip(first, cargos, strict=False) for rows in c.poses]
    return least_containers(
        np.concatenate([np.array(c.boxes) for c in cargos]),
        np.concatenate([c.items for c in cargos]),
        np.concatenate(poses),
        np.concatenate([c.counts for c in cargos]),
        np.concatenate([c.volumes_mm3 for c in cargos]),
    )
