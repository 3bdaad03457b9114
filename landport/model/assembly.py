"""What `assemble` gives back: who rides which way, which trains run, how their wagons are loaded."""

from __future__ import annotations

from dataclasses import dataclass

from landport.model.itinerary import Itinerary, Refusal
from landport.model.plans import Price, Remedy, TrainRun, WagonLoad


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """An assembly plan.

    Parameters
    ----------
    ways
        By container id.
    left
        Why, by container id; a container is in `ways` or here.
    prices
        What one more of what is full is worth, the dearest first.
    remedies
        What would free what is left, container by container, the cheapest first.
    """

    ways: dict[str, Itinerary]
    left: dict[str, Refusal]
    runs: tuple[TrainRun, ...]
    wagons: tuple[WagonLoad, ...]
    prices: tuple[Price, ...] = ()
    remedies: tuple[Remedy, ...] = ()
