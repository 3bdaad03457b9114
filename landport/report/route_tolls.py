"""What a choice pays for quotas of orders: which order, at which place, and on which ride."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from landport.model import orders
from landport.model.bookings import RestrictionOrder
from landport.model.choices import Choice
from landport.model.orders import Move
from landport.model.plans import Charge


@dataclass(frozen=True, slots=True)
class Toll:
    """One passage under a quota, for all boxes.

    Parameters
    ----------
    ride
        Number of the ride that comes to the place, or leaves it, from 1.
    order
        None: it is charged, but nobody gave the order.
    """

    ride: int
    place_id: str
    charge: Charge
    order: RestrictionOrder | None

    @property
    def number(self) -> str:
        """The order as people name it: its number, else its id."""
        return self.charge.rate_id if self.order is None else self.order.number

    @property
    def issuer(self) -> str:
        """Who gave the order; empty when nobody knows."""
        return "" if self.order is None else self.order.issuer


def tolls(choice: Choice, moves: Sequence[tuple[int, Move]], given: Iterable[RestrictionOrder]) -> tuple[Toll, ...]:
    """Give every charge of a quota its order, place and ride, in the order of the rides.

    Parameters
    ----------
    moves
        Legs of the choice in order, each with the number of its ride.
    given
        Orders in force; a charge of one that is not among them stands at the start of the way.
    """
    known = {order.order_id: order for order in given}
    charged: dict[str, list[Charge]] = {}
    for charge in choice.charges:
        if charge.kind == "quota":
            charged.setdefault(charge.rate_id, []).append(charge)
    found: list[Toll] = []
    for order_id, mine in charged.items():
        order = known.get(order_id)
        rides = [] if order is None else list(_rides(order, moves))
        rides += [1] * (len(mine) - len(rides))
        place_id = moves[0][1].from_id if order is None else order.place_id
        found += [Toll(ride, place_id, charge, order) for ride, charge in zip(rides, mine, strict=False)]
    return tuple(sorted(found, key=lambda toll: toll.ride))


def _rides(order: RestrictionOrder, moves: Sequence[tuple[int, Move]]) -> Iterator[int]:
    """Find the ride of each passage: the first that comes to the place, or leaves it, at that minute."""
    for minute in orders.passages(order, [move for _, move in moves]):
        yield next(
            number
            for number, m in moves
            if m.is_dated and (order.place_id, minute) in ((m.from_id, m.departs_at), (m.to_id, m.arrives_at))
        )
