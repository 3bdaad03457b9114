"""Wagon plans: containers of one hub train onto wagons, by configuration, payload and the 20-ft pair rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from landport.model.equipment import ContainerType, WagonType
from landport.model.plans import PlannedContainer, WagonLoad
from landport.model.rules import Rules
from landport.model.services import ServiceLeg


@dataclass(frozen=True, slots=True)
class Yard:
    """Wagons a yard has on one railway day.

    Parameters
    ----------
    stock
        Wagons left by type; None: nobody said, so there are enough of every type.
    """

    wagon_types: Mapping[str, WagonType]
    container_types: Mapping[str, ContainerType]
    rules: Rules
    stock: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class Rider:
    """A container and where it leaves the train."""

    box: PlannedContainer
    to_id: str


@dataclass(slots=True)
class Consist:
    """A train being formed: its wagons, and the boxes that found none with the reason."""

    wagons: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    rejected: list[tuple[PlannedContainer, str]] = field(default_factory=list)
    length_mm: int = 0

    def loads(self, departure_id: str) -> list[WagonLoad]:
        """List the wagons from the locomotive back."""
        return [
            WagonLoad(departure_id=departure_id, seq=i, wagon_type=kind, container_ids=ids)
            for i, (kind, ids) in enumerate(self.wagons, 1)
        ]


def form(riders: Sequence[Rider], leg: ServiceLeg, on: date, yard: Yard, longest_mm: int) -> Consist:
    """Load the boxes of a train on wagons, grouped by where they get off, long boxes first.

    Parameters
    ----------
    leg
        First leg: the rules of its class hold.
    yard
        Its stock is used up.
    longest_mm
        Length the train may have, locomotive included.

    Notes
    -----
    20-ft boxes are paired by falling mass among those that get off together, so that neighbours differ least; a box
    whose partner would differ too much, or that has none, is rejected. Then each set goes on the shortest wagon type
    that may carry it. O(n log n). Audited by `audit` (wagons).
    """
    consist = Consist(length_mm=yard.rules.milli("loco_length_m"))
    sets: list[tuple[PlannedContainer, ...]] = []
    for to_id in sorted({r.to_id for r in riders}):
        here = [r.box for r in riders if r.to_id == to_id]
        longs = [b for b in here if _feet(b, yard) != 20]
        sets += [(b,) for b in sorted(longs, key=lambda b: (-_feet(b, yard), -b.gross_kg, b.container_id))]
        sets += _pairs([b for b in here if _feet(b, yard) == 20], leg, on, yard, consist)
    for boxes in sets:
        _place(boxes, leg, on, yard, consist, longest_mm)
    return consist


def _feet(box: PlannedContainer, yard: Yard) -> int:
    return yard.container_types[box.container_type].length_ft


def _pairs(
    boxes: Sequence[PlannedContainer], leg: ServiceLeg, on: date, yard: Yard, consist: Consist
) -> list[tuple[PlannedContainer, ...]]:
    required = bool(yard.rules.limits(leg.train_class, "pair_required_20ft", on))
    limits = yard.rules.limits(leg.train_class, "max_pair_difference_kg", on)
    most = min((r.greatest() // 1000 for r in limits), default=1 << 40)
    waiting = sorted(boxes, key=lambda b: (-b.gross_kg, b.container_id))
    pairs: list[tuple[PlannedContainer, ...]] = []
    while waiting:
        first = waiting.pop(0)
        if waiting and first.gross_kg - waiting[0].gross_kg <= most:
            pairs.append((first, waiting.pop(0)))
        elif required:
            consist.rejected.append((first, "no second 20-ft container of like mass rides this train"))
        else:
            pairs.append((first,))
    return pairs


def _place(
    boxes: tuple[PlannedContainer, ...], leg: ServiceLeg, on: date, yard: Yard, consist: Consist, longest_mm: int
) -> None:
    kinds = sorted(yard.wagon_types.values(), key=lambda w: (w.length_mm, w.wagon_type))
    fitting = [w for w in kinds if w.gauge_mm == leg.gauge_mm and _carries(w, boxes, leg, on, yard)]
    in_stock = [w for w in fitting if yard.stock is None or yard.stock.get(w.wagon_type, 0) > 0]
    in_stock = [w for w in in_stock if consist.length_mm + w.length_mm <= longest_mm]
    if not in_stock:
        why = "the train is at its length limit" if fitting else "no wagon may carry its mass and size"
        if fitting and yard.stock is not None and not any(yard.stock.get(w.wagon_type, 0) for w in fitting):
            why = "the yard is out of wagons that carry it"
        consist.rejected += [(b, why) for b in boxes]
        return
    wagon = in_stock[0]
    if yard.stock is not None:
        yard.stock[wagon.wagon_type] -= 1
    consist.length_mm += wagon.length_mm
    consist.wagons.append((wagon.wagon_type, tuple(b.container_id for b in boxes)))


def _carries(wagon: WagonType, boxes: Sequence[PlannedContainer], leg: ServiceLeg, on: date, yard: Yard) -> bool:
    """Tell whether a wagon may carry the boxes: configuration, payload, positions, wagon gross and axle load."""
    lengths = tuple(_feet(b, yard) for b in boxes)
    if not any(lengths == c[: len(lengths)] for c in wagon.configurations):
        return False
    mass = sum(b.gross_kg for b in boxes)
    if mass > wagon.payload_kg or any(b.gross_kg > wagon.limit_kg(n) for b, n in zip(boxes, lengths, strict=True)):
        return False
    gross = wagon.tare_kg + mass
    wagon_limits = yard.rules.limits(leg.train_class, "max_wagon_gross_t", on)
    axle_limits = yard.rules.limits(leg.train_class, "max_axle_load_t", on)
    axle_kg = min([wagon.axle_load_kg, *(r.greatest() for r in axle_limits)])
    return all(gross <= r.greatest() for r in wagon_limits) and gross <= axle_kg * wagon.axles
