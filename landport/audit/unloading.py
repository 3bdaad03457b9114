"""Rules of unloading: what comes out first stands in front, and what customs may still want stands at the door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landport.audit.loads import where
from landport.audit.space import hindrances
from landport.audit.stow import Body, Stow, Stowage
from landport.audit.violation import Finding, Rule
from landport.model.bookings import CargoItem

LAST = float("inf")
"""Rank of pieces in no order: they come out after all others."""


def _unload(of: Stowage) -> Iterator[Finding]:
    for stow in of.stows:
        ranked = [(b, _rank(b.item)) for b in stow.bodies if b.item is not None and _is_released(stow, b)]
        for body, other, how in _in_the_way(ranked):
            first, second = (f"unloaded {_order(b)}" for b in (body, other))
            text = f"{stow.label}: {where(other)}, {second}, stands {how} {where(body)}, {first}"
            yield text, (stow.label, body.block.item_id, other.block.item_id)


def _door(of: Stowage) -> Iterator[Finding]:
    for stow in of.stows:
        ranked = [(body, float(_is_released(stow, body))) for body in stow.bodies if body.item is not None]
        for body, other, how in _in_the_way(ranked):
            assert body.item is not None
            held = f"{where(body)} of {body.item.booking_id}, which customs have not released"
            text = f"{stow.label}: {where(other)} stands {how} {held}"
            yield text, (stow.label, body.block.item_id, other.block.item_id)


def _is_released(stow: Stow, body: Body) -> bool:
    booking = None if body.item is None else stow.loading.bookings.get(body.item.booking_id)
    return booking is None or booking.is_released


def _rank(item: CargoItem) -> float:
    return item.unload_order if item.unload_order > 0 else LAST


def _order(body: Body) -> str:
    order = 0 if body.item is None else body.item.unload_order
    return f"as number {order}" if order > 0 else "last"


def _in_the_way(ranked: Sequence[tuple[Body, float]]) -> Iterator[tuple[Body, Body, str]]:
    """List bodies that one of a higher rank hinders: between them and the door, or above them."""
    ranks = [rank for _, rank in ranked]
    if len(set(ranks)) < 2:
        return
    for axes, how in (((0, 1, 2), "between the door and"), ((2, 0, 1), "above")):
        solids = [tuple(body.solid[a] for a in axes) for body, _ in ranked]
        for i, j in sorted(hindrances(solids, ranks).items()):
            yield ranked[i][0], ranked[j][0], how


RULES = (
    Rule("BLOCK_UNLOAD", "Nothing stands before or above a piece that is unloaded earlier.", _unload),
    Rule("BLOCK_DOOR", "Nothing released stands before or above what customs have not released.", _door),
)
