"""From which demand on, and from which promise on, a lane is cheaper direct."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from landport.assemble.lane_mix import Mix, Search
from landport.assemble.lane_pools import Pools, Terms, alone_cents, timetable_waits
from landport.model.lanes import CurvePoint, LaneDemand

DEMANDS_MILLI = tuple(round(100 * 10 ** (n / 3)) for n in range(17))
"""Demands that are looked at: 0.1 to 20,000 TEU a week."""

PROMISES_MINUTES = tuple(round(days * 1440) for days in (0.5, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 21, 30, 45, 60))
"""Promises that are looked at."""

HALVINGS = 9
"""Halvings of the step in which a break-even lies."""


class Even:
    """A lane beside the others of a mix, at any demand and promise of its own.

    Parameters
    ----------
    others
        The lanes that go by the hub, without it.
    """

    def __init__(self, search: Search, mix: Mix, i: int, others: Pools) -> None:
        option = search.options[i]
        direct, hub = option.direct, search.hub_course(mix, i)
        assert direct is not None
        assert hub is not None
        self._search, self._demand, self._direct, self._hub = search, option.demand, direct, hub
        self._pools = others
        self._before = self._pools.total()

    def costs(self, teu_milli: int, promise_minutes: int) -> tuple[float, float | None]:
        """Answer cents a week direct and by the hub; None: its timetables take longer than the promise."""
        search = self._search
        demand = LaneDemand(
            from_id=self._demand.from_id,
            to_id=self._demand.to_id,
            teu_milli=teu_milli,
            promise_minutes=promise_minutes,
        )
        alone = alone_cents(demand, self._direct, search.trains, search.worth)
        if timetable_waits(self._hub) >= promise_minutes:
            return alone, None
        terms = Terms.of(promise_minutes, self._hub, search.worth)
        self._pools.put(terms, teu_milli)
        by_hub = self._pools.total() - self._before
        self._pools.put(terms, -teu_milli)
        return alone, by_hub

    def switch_usd_cents(self, *, is_direct: bool) -> int:
        """Answer what the whole mix would cost more a week if the lane chose the other way."""
        terms, milli = Terms.of(self._demand.promise_minutes, self._hub, self._search.worth), self._demand.teu_milli
        self._pools.put(terms, milli)
        by_hub = self._pools.total() - self._before
        self._pools.put(terms, -milli)
        alone = alone_cents(self._demand, self._direct, self._search.trains, self._search.worth)
        return round(by_hub - alone if is_direct else alone - by_hub)

    def teu_milli(self) -> int | None:
        """Find the demand from which on direct is cheaper; 0: always, None: not within what is looked at."""
        steps = sorted({*DEMANDS_MILLI, self._demand.teu_milli})
        return _from(steps, lambda milli: self._wins(milli, self._demand.promise_minutes))

    def promise_minutes(self) -> int | None:
        """Find the promise from which on direct is cheaper, at its demand."""
        steps = sorted({*PROMISES_MINUTES, self._demand.promise_minutes})
        return _from(steps, lambda minutes: self._wins(self._demand.teu_milli, minutes))

    def curve(self) -> tuple[CurvePoint, ...]:
        """List costs a TEU at all demands that are looked at, under its promise."""
        points = []
        for milli in sorted({*DEMANDS_MILLI, self._demand.teu_milli}):
            alone, by_hub = self.costs(milli, self._demand.promise_minutes)
            if by_hub is not None:
                points.append(
                    CurvePoint(
                        teu_milli=milli,
                        direct_usd_cents_per_teu=round(alone * 1000 / milli),
                        hub_usd_cents_per_teu=round(by_hub * 1000 / milli),
                    )
                )
        return tuple(points)

    def _wins(self, teu_milli: int, promise_minutes: int) -> bool:
        alone, by_hub = self.costs(teu_milli, promise_minutes)
        return by_hub is None or alone <= by_hub


def _from(steps: Sequence[int], wins: Callable[[int], bool]) -> int | None:
    """Find from where on something wins, looking from the top down."""
    if not wins(steps[-1]):
        return None
    above = steps[-1]
    for step in reversed(steps[:-1]):
        if not wins(step):
            low = step
            for _ in range(HALVINGS):
                middle = (low + above) // 2
                low, above = (low, middle) if wins(middle) else (middle, above)
            return above
        above = step
    return 0
