"""What restriction orders say of boxes and of their ways: whom they name, which passages count under a quota."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from landport.model.bookings import Booking, RestrictionOrder


@dataclass(frozen=True, slots=True)
class Goods:
    """What is inside a box, as orders name it.

    Parameters
    ----------
    cargo_codes, un_classes
        The most precise code known of each booking (GNG, else HS), and the classes of dangerous goods.
    """

    cargo_codes: tuple[str, ...]
    un_classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """One leg of a way between two stops, in minutes.

    Parameters
    ----------
    is_dated
        False: a truck on demand, which no order is about.
    """

    from_id: str
    to_id: str
    departs_at: int
    arrives_at: int
    is_dated: bool = True


def goods_of(bookings: Iterable[Booking]) -> Goods:
    """Gather what orders may name of the bookings in one box."""
    found = list(bookings)
    return Goods(
        cargo_codes=tuple(sorted({b.gng_code or b.hs for b in found})),
        un_classes=tuple(sorted({b.un_class for b in found} - {""})),
    )


def names(order: RestrictionOrder, container_type: str, cargo_codes: Sequence[str], un_classes: Sequence[str]) -> bool:
    """Tell whether an order's lists match a box; an empty list matches anything.

    Notes
    -----
    A code shorter than a prefix it agrees with matches: what is not known is taken as named. A class stands for its
    divisions, a division for its compatibility groups.
    """
    goods = not order.hs_prefixes or any(
        code.startswith(p) or p.startswith(code) for code in cargo_codes for p in order.hs_prefixes
    )
    un = not order.un_classes or any(_is_of(c, wider) for c in un_classes for wider in order.un_classes)
    return goods and un and (not order.container_types or container_type in order.container_types)


def _is_of(un_class: str, wider: str) -> bool:
    """Tell whether a UN class (1.4S) is one that an order names (1.4S, 1.4 or 1)."""
    rest = un_class.removeprefix(wider)
    return rest == "" or (rest != un_class and (rest[0] == "." or rest.isalpha()))


def quotas(orders: Collection[RestrictionOrder]) -> tuple[RestrictionOrder, ...]:
    """Choose the orders that give a quota of TEU a day."""
    return tuple(order for order in orders if order.max_teu_per_day is not None)


def passages(order: RestrictionOrder, moves: Iterable[Move]) -> list[int]:
    """List the minutes at which a way passes the place of an order in force, each passage once.

    Parameters
    ----------
    moves
        All legs of the way, in order.

    Notes
    -----
    With `towards_id` every leg from the place to there is a passage, at the minute it leaves. Without, one stay at the
    place is: at the minute the box reaches it, else (it starts there, a truck on demand brings it, or the order was not
    in force yet) at the minute it leaves, as long as the order is in force. What a truck on demand does is not counted.
    """
    found: list[int] = []
    is_counted = False
    for move in moves:
        leaves = move.is_dated and move.from_id == order.place_id and order.towards_id in ("", move.to_id)
        if leaves and not is_counted and order.from_at <= move.departs_at < order.until_at:
            found.append(move.departs_at)
        reaches = move.is_dated and move.to_id == order.place_id and not order.towards_id
        is_counted = reaches and order.from_at <= move.arrives_at < order.until_at
        if is_counted:
            found.append(move.arrives_at)
    return found
