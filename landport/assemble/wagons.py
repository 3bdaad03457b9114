"""Wagon plans: the boxes of one hub train onto wagons, quickly or exactly, and the order of the wagons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from landport.assemble.consist_order import Ordered, arrange
from landport.assemble.wagon_rules import NO_LIMIT, Lot, WagonRules, carries, wagon_rules
from landport.model.equipment import ContainerType, WagonType
from landport.model.plans import PlannedContainer, WagonLoad
from landport.model.rules import Rules
from landport.model.services import ServiceLeg

CONVENTIONAL_MM = 14_000
"""Length of a conventional wagon, in which some railways measure trains, the locomotive left out."""

APART = "dangerous goods must stand apart in the train, and no order of its wagons does it"


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
    """A container that boards where a train is formed.

    Parameters
    ----------
    last_leg
        Leg at whose end it leaves the train.
    value
        US cents that leaving it behind costs.
    along, across
        Twice the moment of what is in it about its middle, in g mm: towards the door and its right wall; 0: unknown.
    yard_mm
        Where it stands beside the track; None: nobody said.
    """

    box: PlannedContainer
    last_leg: int
    value: int = 1
    un_classes: tuple[str, ...] = ()
    along: int = 0
    across: int = 0
    yard_mm: int | None = None


@dataclass(frozen=True, slots=True)
class Train:
    """What a train's wagons must keep.

    Parameters
    ----------
    legs
        Those that the wagons run, with the day of each: up to the first change of gauge.
    longest_mm
        Length it may have, locomotive included.
    """

    legs: tuple[tuple[ServiceLeg, date], ...]
    longest_mm: int


@dataclass(frozen=True, slots=True)
class TrainLimits:
    """Limits on all wagons of a train together, by leg where they count what rides that leg.

    Parameters
    ----------
    length_mm
        Of wagons, locomotive left out.
    cargo_kg
        Of boxes; whoever sends boxes to trains keeps it, and gross mass, before.
    boxes
        (length in feet or 0 for all, most boxes) pairs.
    """

    length_mm: int
    cargo_kg: tuple[int, ...]
    boxes: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(slots=True)
class Consist:
    """A train being formed: its wagons, and the boxes that found none with the reason.

    Parameters
    ----------
    crane_mm
        What boxes are moved along the track, from where they stand to the middle of their wagon; those of which nobody
        said where they stand count nothing.
    bound
        US cents that no loading of the riders is worth more than; -1: nobody proved any.
    """

    wagons: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    rejected: list[tuple[PlannedContainer, str]] = field(default_factory=list)
    length_mm: int = 0
    crane_mm: int = 0
    bound: int = -1

    def loads(self, departure_id: str) -> list[WagonLoad]:
        """List the wagons from the locomotive back."""
        return [
            WagonLoad(departure_id=departure_id, seq=i, wagon_type=kind, container_ids=ids)
            for i, (kind, ids) in enumerate(self.wagons, 1)
        ]


Placed = tuple[WagonType, tuple[Lot, ...]]
"""A wagon and its boxes, by position."""


@dataclass(slots=True)
class Forming:
    """A train on which boxes are put wagon by wagon: its limits, and what is on it.

    Parameters
    ----------
    by_stop
        Limits on a wagon that runs one leg, two legs, ...
    stock
        Wagons left by type; None: enough.
    why
        Reason by box id.
    length_mm
        Of the wagons on it.
    """

    kinds: list[WagonType]
    by_stop: tuple[WagonRules, ...]
    limits: TrainLimits
    stock: dict[str, int] | None
    placed: list[Placed] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)
    length_mm: int = 0

    def reject(self, lots: Sequence[Lot], why: str) -> None:
        """Leave boxes out."""
        self.why.update({lot.ids[0]: why for lot in lots})

    def lacks(self, wagon: WagonType, lots: Sequence[Lot]) -> str:
        """Say what keeps the train from taking one more wagon with these boxes; empty: nothing."""
        limits = self.limits
        if self.length_mm + wagon.length_mm > limits.length_mm:
            return "length"
        for leg in range(lots[0].stop):
            for feet, most in limits.boxes[leg]:
                there = [lot for _, on in self.placed if on[0].stop > leg for lot in on]
                if sum(lot.feet == feet or not feet for lot in (*there, *lots)) > most:
                    return "box"
        return ""

    def put(self, wagon: WagonType, lots: Sequence[Lot]) -> None:
        """Take a wagon from the yard and load it."""
        self._count(wagon, 1)
        self.placed.append((wagon, tuple(lots)))

    def take(self, index: int) -> tuple[Lot, ...]:
        """Give a wagon back; answer what stood on it."""
        wagon, lots = self.placed.pop(index)
        self._count(wagon, -1)
        return lots

    def _count(self, wagon: WagonType, times: int) -> None:
        if self.stock is not None:
            self.stock[wagon.wagon_type] -= times
        self.length_mm += times * wagon.length_mm


def forming(train: Train, yard: Yard) -> Forming:
    """Begin a train: merge the dated rules of its legs."""
    gauge = train.legs[0][0].gauge_mm
    kinds = sorted(yard.wagon_types.values(), key=lambda w: (w.length_mm, w.wagon_type))
    by_stop = tuple(wagon_rules(yard.rules, train.legs[: n + 1]) for n in range(len(train.legs)))
    stock = None if yard.stock is None else dict(yard.stock)
    there = [w for w in kinds if w.gauge_mm == gauge and (stock is None or w.wagon_type in stock)]
    return Forming(there, by_stop, _limits(train, yard.rules), stock)


def _limits(train: Train, rules: Rules) -> TrainLimits:
    def least(rule: str, leg: ServiceLeg, on: date) -> int:
        return min((r.greatest() for r in rules.limits(leg.train_class, rule, on)), default=NO_LIMIT)

    conventional = [least("max_length_conventional_wagons", leg, on) for leg, on in train.legs]
    boxes = []
    for leg, on in train.legs:
        rows = rules.limits(leg.train_class, "max_boxes", on)
        boxes.append(tuple((box_feet(r.applies_to), r.greatest() // 1000) for r in rows))
    return TrainLimits(
        length_mm=min(
            train.longest_mm - rules.milli("loco_length_m"),
            *(CONVENTIONAL_MM * most // 1000 for most in conventional),
        ),
        cargo_kg=tuple(min(leg.max_cargo_kg or NO_LIMIT, least("max_cargo_t", leg, on)) for leg, on in train.legs),
        boxes=tuple(boxes),
    )


def box_feet(applies_to: str) -> int:
    """Length of the boxes that a limit on their number counts; 0: all boxes.

    Examples
    --------
    >>> box_feet("50ft box"), box_feet("containers")
    (50, 0)
    """
    head = applies_to.partition("ft")[0]
    return int(head) if head.isdecimal() else 0


def form(
    riders: Sequence[Rider], train: Train, yard: Yard, *, stays: Sequence[tuple[str, tuple[str, ...]]] = ()
) -> Consist:
    """Load the boxes of a train on wagons quickly: grouped by where they get off, long boxes first.

    Parameters
    ----------
    yard
        Its stock is used up.
    stays
        Wagon types and box ids of wagons that stay as they are, as far as yard and rules allow.

    Notes
    -----
    20-ft boxes are paired by falling mass among those that get off together, so that neighbours differ least; a box
    whose partner would differ too much, or that has none, is rejected. Then each set goes on the shortest wagon type
    that may carry it. O(n log n) but for the order of dangerous goods. Audited by `audit` (wagons).
    """
    made = forming(train, yard)
    lots = _stay(stays, lots_of(riders, train, yard), made)
    sets: list[tuple[Lot, ...]] = []
    for stop in sorted({lot.stop for lot in lots}, reverse=True):
        here = [lot for lot in lots if lot.stop == stop]
        longs = [lot for lot in here if lot.feet != 20]
        sets += [(lot,) for lot in sorted(longs, key=lambda lot: (-lot.feet, -lot.gross_kg, lot.ids))]
        sets += _pairs([lot for lot in here if lot.feet == 20], made, made.by_stop[stop - 1])
    for each in sets:
        _place(each, made)
    return formed(made, riders, yard)


def _stay(stays: Sequence[tuple[str, tuple[str, ...]]], lots: Sequence[Lot], made: Forming) -> list[Lot]:
    """Load the wagons that stay; answer the boxes that are on none of them."""
    lot_of = {lot.ids[0]: lot for lot in lots}
    kinds = {wagon.wagon_type: wagon for wagon in made.kinds}
    placed: set[str] = set()
    for wagon_type, ids in stays:
        wagon, on = kinds.get(wagon_type), tuple(lot_of[c] for c in ids)
        is_there = wagon is not None and (made.stock is None or made.stock[wagon_type] > 0)
        if wagon is None or not is_there or len({lot.stop for lot in on}) != 1 or placed.intersection(ids):
            continue
        if carries(wagon, on, made.by_stop[on[0].stop - 1]) and not made.lacks(wagon, on):
            made.put(wagon, on)
            placed.update(ids)
    return [lot for lot in lots if lot.ids[0] not in placed]


def lots_of(riders: Sequence[Rider], train: Train, yard: Yard) -> list[Lot]:
    """Take riders as lots of one box each."""
    lots = []
    for rider in riders:
        kind = yard.container_types[rider.box.container_type]
        lots.append(
            Lot(
                ids=(rider.box.container_id,),
                feet=kind.length_ft,
                gross_kg=rider.box.gross_kg,
                along=rider.along,
                across=rider.across,
                value=rider.value,
                yard_mm=rider.yard_mm,
                stop=min(rider.last_leg, len(train.legs)),
                un_classes=rider.un_classes,
                is_open_top=kind.equipment == "open-top",
            )
        )
    return lots


def _pairs(lots: Sequence[Lot], made: Forming, limits: WagonRules) -> list[tuple[Lot, ...]]:
    waiting = sorted(lots, key=lambda lot: (-lot.gross_kg, lot.ids))
    pairs: list[tuple[Lot, ...]] = []
    while waiting:
        first = waiting.pop(0)
        if waiting and _may_pair(first, waiting[0], limits):
            pairs.append((first, waiting.pop(0)))
        elif limits.is_paired:
            made.reject([first], "no second 20-ft container of like mass rides this train")
        else:
            pairs.append((first,))
    return pairs


def _may_pair(one: Lot, other: Lot, limits: WagonRules) -> bool:
    apart = limits.between(one.un_classes, other.un_classes) >= 0
    return abs(one.gross_kg - other.gross_kg) <= limits.pair_kg and not apart


def _place(lots: tuple[Lot, ...], made: Forming) -> None:
    limits = made.by_stop[lots[0].stop - 1]
    orders = [lots] if len(lots) == 1 else [lots, lots[::-1]]
    fitting = [(w, order) for w in made.kinds for order in orders if carries(w, order, limits)]
    in_stock = [(w, order) for w, order in fitting if made.stock is None or made.stock[w.wagon_type] > 0]
    lacks = ""
    for wagon, order in in_stock:
        lacks = made.lacks(wagon, order)
        if not lacks:
            made.put(wagon, order)
            return
    why = "no wagon may carry its mass and size"
    if in_stock:
        why = f"the train is at its {lacks} limit"
    elif fitting:
        why = "the yard is out of wagons that carry it"
    made.reject(lots, why)


def formed(made: Forming, riders: Sequence[Rider], yard: Yard) -> Consist:
    """Order the wagons, leaving out what cannot stand apart; the yard's stock is used up."""
    order = _order(made)
    while order is None:
        told = [i for i, (_, lots) in enumerate(made.placed) if any(lot.un_classes for lot in lots)]
        least = min(told, key=lambda i: (sum(lot.value for lot in made.placed[i][1]), i))
        made.reject(made.take(least), APART)
        order = _order(made)
    wagons = [made.placed[i] for i in order]
    consist = Consist(length_mm=yard.rules.milli("loco_length_m") + sum(w.length_mm for w, _ in wagons))
    consist.wagons = [(w.wagon_type, tuple(lot.ids[0] for lot in lots)) for w, lots in wagons]
    consist.crane_mm = crane_mm(wagons)
    consist.rejected = [(r.box, made.why[r.box.container_id]) for r in riders if r.box.container_id in made.why]
    if yard.stock is not None and made.stock is not None:
        yard.stock.update(made.stock)
    return consist


def _order(made: Forming) -> list[int] | None:
    wagons = []
    for _, lots in made.placed:
        yards = [lot.yard_mm for lot in lots if lot.yard_mm is not None]
        classes = tuple(sorted({c for lot in lots for c in lot.un_classes}))
        wagons.append(Ordered(lots[0].stop, classes, sum(yards) // len(yards) if yards else None))
    return arrange(wagons, made.by_stop[0])


def crane_mm(wagons: Sequence[Placed]) -> int:
    """Add up how far boxes are moved along the track to the middle of their wagon."""
    total = front = 0
    for wagon, lots in wagons:
        middle = front + wagon.length_mm // 2
        total += sum(abs(lot.yard_mm - middle) for lot in lots if lot.yard_mm is not None)
        front += wagon.length_mm
    return total
