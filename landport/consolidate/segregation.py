"""Which consignments may not share a container: by dangerous-goods class, and by temperature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landport.model.bookings import Booking

UNRESTRICTED = "9"
"""The class that segregation keeps apart from nothing, so that no pair names it."""

Sort = tuple[str, int | None, int | None]
"""Division, and the temperature range that goods need."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Segregation:
    """Which classes may not share a container.

    Parameters
    ----------
    forbidden
        Pairs, each sorted.
    known
        Classes that the rules speak of.
    """

    forbidden: frozenset[tuple[str, str]]
    known: frozenset[str]

    def parts(self, one: str, other: str) -> bool:
        """Tell whether two classes stay apart; one that no rule speaks of does from all dangerous goods."""
        if not one or not other:
            return False
        return (min(one, other), max(one, other)) in self.forbidden or not {one, other} <= self.known


def segregation(pairs: Sequence[tuple[str, str]]) -> Segregation:
    """Make the rules that forbidden pairs state."""
    return Segregation(frozenset(pairs), frozenset(c for pair in pairs for c in pair) | {UNRESTRICTED})


def division(un_class: str) -> str:
    """Class as segregation speaks of it: of explosives the division, without the compatibility group."""
    return un_class[:3] if un_class.startswith("1.") else un_class


def sort_of(booking: Booking) -> Sort:
    """Name what decides with whom a consignment may share a container."""
    return division(booking.un_class), booking.temperature_min_c, booking.temperature_max_c


def is_tempered(sort: Sort) -> bool:
    """Tell whether goods need a temperature."""
    return sort[1] is not None or sort[2] is not None


def apart(sorts: Sequence[Sort], rules: Segregation) -> Bools:
    """Find which consignments may not share a container, by sort; the diagonal tells of two of one sort.

    Notes
    -----
    Ranges of which every two overlap have a temperature in common, so that pairs decide.
    """
    table = np.zeros((len(sorts), len(sorts)), np.bool_)
    for m, one in enumerate(sorts):
        for n, other in enumerate(sorts[: m + 1]):
            table[m, n] = table[n, m] = no_common_range(one, other) or rules.parts(one[0], other[0])
    return table


def no_common_range(one: Sort, other: Sort) -> bool:
    """Tell whether two sorts have no temperature in common, or only one of them needs any."""
    if is_tempered(one) != is_tempered(other):
        return True
    lows = [t for t in (one[1], other[1]) if t is not None]
    highs = [t for t in (one[2], other[2]) if t is not None]
    return bool(lows and highs) and max(lows) > min(highs)


def is_refused(booking: Booking, refused_un: Sequence[str]) -> bool:
    """Tell whether the service does not take goods at all, by UN number, class or division."""
    names = {booking.un_number.removeprefix("UN").strip(), booking.un_class, division(booking.un_class)} - {""}
    return any(name.removeprefix("UN").strip() in names for name in refused_un)
