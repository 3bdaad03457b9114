"""Other servers over one database: alive as long as their signs of life change. Clocks of machines are not compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SILENT_S: Final = 30.0
"""A server whose sign of life stood still for so many seconds is gone, and its jobs are orphans."""

LATE_S: Final = 20.0
"""Who did not look for longer, perhaps since the database was away, begins to wait for signs anew."""


class Neighbours:
    """Remembers when signs of life of servers changed last.

    Notes
    -----
    The instants that servers write down are compared with their own instants before only: a clock that is an hour off,
    or goes backwards, makes nobody look dead.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, float]] = {}
        self._looked_at = float("-inf")

    def alive(self, signs: Mapping[str, int], now: float) -> frozenset[str]:
        """Tell which servers are alive.

        Parameters
        ----------
        signs
            By server: what it wrote down as its last sign of life.
        now
            Seconds of a clock that never goes backwards.
        """
        before = self._seen if now - self._looked_at <= LATE_S else {}
        self._looked_at = now
        self._seen = {
            name: before[name] if name in before and before[name][0] == sign else (sign, now)
            for name, sign in signs.items()
        }
        return frozenset(name for name, (_, at) in self._seen.items() if now - at <= SILENT_S)
