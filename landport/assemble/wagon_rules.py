"""What one wagon may carry: configuration, payload, positions, pairs, balance, and goods that keep apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from landport.model.equipment import WagonType
from landport.model.rules import Rules
from landport.model.services import ServiceLeg

NO_LIMIT = 1 << 40
"""Where no limit is known."""

TENTHS_PER_FOOT = 3048
"""Tenths of a millimetre in a foot."""

BOGIE_AXLES = 4
"""Wagons of so many axles rest on two bogies; of articulated ones, which have three, nobody weighs bogies here."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Boxes that are equal in all that counts when wagons are loaded.

    Parameters
    ----------
    along, across
        Twice the moment of a box about its middle, in g mm: towards the door and towards its right wall.
    value
        US cents that leaving one behind costs.
    yard_mm
        Where they stand beside the track, from its front end; None: nobody said.
    stop
        Legs of the train they ride, up to where all boxes leave these wagons.
    un_classes
        Classes of the dangerous goods in them, sorted.
    """

    ids: tuple[str, ...]
    feet: int
    gross_kg: int
    along: int = 0
    across: int = 0
    value: int = 1
    yard_mm: int | None = None
    stop: int = 1
    un_classes: tuple[str, ...] = ()
    is_open_top: bool = False


@dataclass(frozen=True, slots=True)
class WagonRules:
    """Limits on a wagon and on single boxes, the least of all legs that the wagon runs.

    Parameters
    ----------
    box_kg
        By length in feet, 20 or 40; longer boxes count as 40.
    bogies_milli
        Distance of the bogies as a share of the wagon's length.
    apart
        Wagons that stand at least between two classes of dangerous goods, each pair sorted; 0: not on one wagon.
    """

    gross_kg: int = NO_LIMIT
    axle_kg: int = NO_LIMIT
    is_paired: bool = False
    pair_kg: int = NO_LIMIT
    bogie_kg: int = NO_LIMIT
    lateral_um: int = NO_LIMIT
    box_kg: Mapping[int, int] = field(default_factory=dict)
    takes_open_tops: bool = True
    bogies_milli: int = 700
    apart: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def takes(self, lot: Lot) -> bool:
        """Tell whether a box may ride at all."""
        return lot.gross_kg <= self.box_kg.get(size_ft(lot.feet), NO_LIMIT) and not (
            lot.is_open_top and not self.takes_open_tops
        )

    def between(self, some: Sequence[str], others: Sequence[str]) -> int:
        """Wagons that stand at least between goods; 0: they are not on one wagon, -1: they keep apart from nothing."""
        return max((self.apart.get((min(a, b), max(a, b)), -1) for a in some for b in others), default=-1)


def size_ft(feet: int) -> int:
    """Size that rules on single boxes speak of: 20 ft, and 40 ft for all others."""
    return 20 if feet == 20 else 40


def wagon_rules(rules: Rules, legs: Sequence[tuple[ServiceLeg, date]]) -> WagonRules:
    """Merge the dated rules of the legs that a wagon runs, each with its day."""

    def found(rule: str) -> list[int]:
        return [row.greatest() for leg, on in legs for row in rules.limits(leg.train_class, rule, on)]

    box_kg: dict[int, int] = {}
    for leg, on in legs:
        for row in rules.limits(leg.train_class, "max_box_gross_kg", on):
            for size in (20, 40):
                if row.applies_to in (f"{size}ft", "box"):
                    box_kg[size] = min(box_kg.get(size, NO_LIMIT), row.greatest() // 1000)
    return WagonRules(
        gross_kg=min(found("max_wagon_gross_t"), default=NO_LIMIT),
        axle_kg=min(found("max_axle_load_t"), default=NO_LIMIT),
        is_paired=any(value > 0 for value in found("pair_required_20ft")),
        pair_kg=min((value // 1000 for value in found("max_pair_difference_kg")), default=NO_LIMIT),
        bogie_kg=min(found("max_bogie_load_difference_t"), default=NO_LIMIT),
        lateral_um=min(found("max_lateral_cog_mm"), default=NO_LIMIT),
        box_kg=box_kg,
        takes_open_tops=not any(value > 0 for value in found("forbid_open_top")),
        bogies_milli=rules.milli("bogie_centres_share"),
        apart={(a, b): n for a, b, n in rules.wagons_between},
    )


def positions(wagon: WagonType, lengths: tuple[int, ...]) -> tuple[int, ...] | None:
    """Middles of boxes from the wagon's middle, tenths of a mm, rearwards; None: no configuration has them.

    Notes
    -----
    The configuration is the one that names these lengths, else the first that begins with them. It stands in the middle
    of the wagon, its positions end to end; those behind the boxes stay empty.

    Examples
    --------
    >>> from tests.nets import FLAT
    >>> positions(FLAT, (20, 20)), positions(FLAT, (40,)), positions(FLAT, (20,)), positions(FLAT, (45,))
    ((-30480, 30480), (0,), (-30480,), None)
    """
    fitting = [c for c in wagon.configurations if c == lengths]
    fitting += [c for c in wagon.configurations if c[: len(lengths)] == lengths]
    if not fitting or not lengths:
        return None
    total = sum(fitting[0])
    return tuple((2 * sum(lengths[:i]) + feet - total) * TENTHS_PER_FOOT // 2 for i, feet in enumerate(lengths))


def carries(wagon: WagonType, lots: Sequence[Lot], limits: WagonRules) -> bool:
    """Tell whether one wagon may carry one box of each of some lots, by position."""
    lengths = tuple(lot.feet for lot in lots)
    middles = positions(wagon, lengths)
    if middles is None or not all(limits.takes(lot) and lot.gross_kg <= wagon.limit_kg(lot.feet) for lot in lots):
        return False
    cargo = sum(lot.gross_kg for lot in lots)
    if cargo > cargo_kg(wagon, limits):
        return False
    twenties = [lot.gross_kg for lot in lots if lot.feet == 20]
    if limits.is_paired and len(twenties) % 2:
        return False
    if any(abs(a - b) > limits.pair_kg for a, b in zip(twenties[::2], twenties[1::2], strict=False)):
        return False
    if any(limits.between(a.un_classes, b.un_classes) >= 0 for i, a in enumerate(lots) for b in lots[:i]):
        return False
    moment = sum(200 * lot.gross_kg * at + lot.along for lot, at in zip(lots, middles, strict=True))
    return abs(moment) <= most_moment(wagon, limits) and abs(sum(lot.across for lot in lots)) <= (
        2 * limits.lateral_um * cargo
    )


def cargo_kg(wagon: WagonType, limits: WagonRules) -> int:
    """Greatest mass of boxes on a wagon: its payload, and what gross mass and axles leave."""
    axles = min(wagon.axle_load_kg, limits.axle_kg) * wagon.axles
    return min(wagon.payload_kg, limits.gross_kg - wagon.tare_kg, axles - wagon.tare_kg)


def most_moment(wagon: WagonType, limits: WagonRules) -> int:
    """Greatest moment of the boxes about a wagon's middle, in halves of a g mm, so that its bogies differ as allowed.

    Notes
    -----
    The wagon is a beam on two bogies: their loads differ by twice the moment over their distance.
    """
    if wagon.axles != BOGIE_AXLES or limits.bogie_kg >= NO_LIMIT:
        return 1 << 62
    return limits.bogie_kg * wagon.length_mm * limits.bogies_milli
