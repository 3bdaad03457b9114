"""The containers at hand: how many of each type, how many at most, and what one costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from landport.model.loads import LoadGroup

MOST_BOXES = 2_000
"""Containers that one group is packed into at most, whatever it holds."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """What a group may be packed into.

    Parameters
    ----------
    at_hand
        Containers by type.
    n_boxes
        Of all types together.
    costs
        USD cents of one by type; 1 each where the fewest are sought.
    teu
        Size by type.
    is_given
        `n_boxes` containers are to be filled as well as goes.
    """

    at_hand: tuple[int, ...]
    n_boxes: int
    costs: tuple[int, ...]
    teu: tuple[int, ...]
    is_given: bool

    @property
    def is_fewest(self) -> bool:
        """Tell whether types cost the same."""
        return len(set(self.costs)) < 2

    def spare(self, used: Iterable[int]) -> list[int]:
        """List the types of which there is one more than the types used, the largest first, then the preferred."""
        taken = Counter(used)
        if taken.total() >= self.n_boxes:
            return []
        kinds = (k for k, n in enumerate(self.at_hand) if taken[k] < n)
        return sorted(kinds, key=lambda k: -self.teu[k])

    def cheaper(self, kind: int, kinds: Sequence[int]) -> list[int]:
        """List those types that cost less than one, or the same and are smaller; the cheapest first."""
        price = [(self.costs[k], self.teu[k], k) for k in range(len(self.costs))]
        return sorted((k for k in kinds if price[k][:2] < price[kind][:2]), key=lambda k: price[k])

    def cost(self, used: Iterable[int]) -> int:
        """Add up what containers of these types cost."""
        return sum(self.costs[k] for k in used)


def fleet_of(group: LoadGroup) -> Fleet:
    """Read what a group may be packed into; where types have a price, one without is not to be had."""
    kinds = group.container_types
    most = MOST_BOXES if group.n_boxes is None else max(0, min(group.n_boxes, MOST_BOXES))
    names = [k.container_type for k in kinds]
    prices = group.cost_usd_cents or dict.fromkeys(names, 1)
    at_hand = tuple(max(0, min(most, group.n_available.get(name, most))) if name in prices else 0 for name in names)
    costs = tuple(prices.get(name, 0) for name in names)
    return Fleet(at_hand, most, costs, tuple(k.teu for k in kinds), group.n_boxes is not None)
