"""Slow twins of wagon loading: every loading of a tiny train is tried, rules written anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from landport.assemble.wagon_rules import Lot, WagonRules
from landport.model.equipment import WagonType
from tests import nets

SIXTY = WagonType(
    wagon_type="SIXTY",
    name="60 ft",
    gauge_mm=1435,
    length_mm=19_740,
    loading_length_mm=18_400,
    axles=4,
    tare_kg=19_800,
    payload_kg=60_000,
    axle_load_kg=22_500,
    configurations=((20, 20, 20), (40, 20), (20, 20), (40,), (45,)),
    position_limit_kg=((20, 30_000), (40, 36_000)),
)
KINDS = {"FLAT": nets.FLAT, "SIXTY": SIXTY}


def holds(wagon: WagonType, lots: Sequence[Lot], limits: WagonRules) -> bool:
    """Tell whether boxes may stand on a wagon in this order, rule by rule in fractions."""
    lengths = tuple(lot.feet for lot in lots)
    whole = [c for c in wagon.configurations if c == lengths]
    begun = [c for c in wagon.configurations if c[: len(lengths)] == lengths]
    if not lengths or not begun:
        return False
    configuration = (whole + begun)[0]
    mass = sum(lot.gross_kg for lot in lots)
    gross = mass + wagon.tare_kg
    axle = min(wagon.axle_load_kg, limits.axle_kg)
    if mass > wagon.payload_kg or gross > limits.gross_kg or gross / wagon.axles > axle:
        return False
    if any(lot.gross_kg > dict(wagon.position_limit_kg).get(lot.feet, wagon.payload_kg) for lot in lots):
        return False
    twenties = [lot.gross_kg for lot in lots if lot.feet == 20]
    if limits.is_paired and len(twenties) % 2 == 1:
        return False
    if any(abs(a - b) > limits.pair_kg for a, b in zip(twenties[::2], twenties[1::2], strict=False)):
        return False
    moment, front = 0.0, -sum(configuration) * 0.3048 / 2
    for lot in lots:
        moment += lot.gross_kg * (front + lot.feet * 0.3048 / 2) + lot.along / 2e6
        front += lot.feet * 0.3048
    across = abs(sum(lot.across for lot in lots)) / 2e3 / mass
    return (
        2 * abs(moment) / (wagon.length_mm / 1000 * limits.bogies_milli / 1000) <= limits.bogie_kg + 1e-6
        and across <= limits.lateral_um / 1000 + 1e-9
    )


def loadings(
    wagons: Sequence[WagonType], lots: Sequence[Lot], by_stop: Sequence[WagonRules]
) -> Iterator[tuple[tuple[int, ...], ...]]:
    """List every way to load wagons one after another, each with some boxes of one stop in one order, or none."""
    sets = {id(wagon): [(), *_sets(wagon, lots, by_stop)] for wagon in wagons}

    def loaded(wagon: int, left: frozenset[int]) -> Iterator[tuple[tuple[int, ...], ...]]:
        if wagon == len(wagons):
            yield ()
            return
        for chosen in sets[id(wagons[wagon])]:
            if left.issuperset(chosen):
                for rest in loaded(wagon + 1, left - set(chosen)):
                    yield (chosen, *rest)

    yield from loaded(0, frozenset(range(len(lots))))


def _sets(wagon: WagonType, lots: Sequence[Lot], by_stop: Sequence[WagonRules]) -> Iterator[tuple[int, ...]]:
    for size in (1, 2, 3):
        for chosen in combinations(range(len(lots)), size):
            stops = {lots[i].stop for i in chosen}
            for order in permutations(chosen) if len(stops) == 1 else ():
                if holds(wagon, [lots[i] for i in order], by_stop[min(stops) - 1]):
                    yield order
                    break
