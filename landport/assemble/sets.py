"""Every set of boxes that one wagon of a type may carry, as arrays: the columns of the wagon program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, permutations, product
from math import comb

import numpy as np
from numpy.typing import NDArray

from landport.assemble.hot import Ints
from landport.assemble.wagon_rules import Lot, WagonRules, cargo_kg, most_moment, positions
from landport.model.equipment import WagonType

Bools = NDArray[np.bool_]

MOST = 4
"""No wagon has more positions."""

MOST_SETS = 500_000
"""Sets of one pattern that are listed; where there were more, only the most valuable boxes are combined."""


@dataclass(frozen=True, slots=True)
class Sets:
    """Sets of boxes, by position.

    Parameters
    ----------
    members
        Lot of each position, shape (n, MOST); the number of lots where a position stays empty.
    is_whole
        All there are are listed.
    """

    members: Ints
    is_whole: bool

    def __len__(self) -> int:
        """Count the sets."""
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Lots:
    """Lots as arrays, shape (n,) each; `apart` is (n, n): not on one wagon."""

    feet: Ints
    gross_kg: Ints
    count: Ints
    value: Ints
    along: Ints
    across: Ints
    apart: Bools


def lots_of(lots: Sequence[Lot], limits: WagonRules) -> Lots:
    """Lay lots out as arrays."""
    n = len(lots)
    apart = np.zeros((n, n), np.bool_)
    told = [i for i, lot in enumerate(lots) if lot.un_classes] if limits.apart else []
    for i, j in product(told, told):
        apart[i, j] = limits.between(lots[i].un_classes, lots[j].un_classes) >= 0
    return Lots(
        feet=np.array([lot.feet for lot in lots], np.int64),
        gross_kg=np.array([lot.gross_kg for lot in lots], np.int64),
        count=np.array([len(lot.ids) for lot in lots], np.int64),
        value=np.array([lot.value for lot in lots], np.int64),
        along=np.array([lot.along for lot in lots], np.int64),
        across=np.array([lot.across for lot in lots], np.int64),
        apart=apart,
    )


def sets_of(wagon: WagonType, lots: Lots, usable: Ints, limits: WagonRules) -> Sets:
    """List the sets that a wagon may carry, each in the first order that it may carry them in.

    Parameters
    ----------
    usable
        Lots that may ride at all.
    """
    fitting = [i for i in usable.tolist() if lots.gross_kg[i] <= wagon.limit_kg(int(lots.feet[i]))]
    found, is_whole = [np.empty((0, MOST), np.int64)], True
    for lengths in patterns(wagon):
        if limits.is_paired and lengths.count(20) % 2:
            continue
        chosen, has_all = _combined(lots, fitting, lengths)
        is_whole = is_whole and has_all
        found.append(_ordered(wagon, lots, chosen, lengths, limits))
    return Sets(np.concatenate(found), is_whole)


def patterns(wagon: WagonType) -> Iterator[tuple[int, ...]]:
    """List the lengths by position that a wagon takes: its configurations and what they begin with, each once."""
    yield from dict.fromkeys(c[:n] for c in wagon.configurations for n in range(1, len(c) + 1))


def _combined(lots: Lots, fitting: Sequence[int], lengths: tuple[int, ...]) -> tuple[Ints, bool]:
    """Combine lots to the lengths of a pattern in any order; boxes of one length in falling order of lots."""
    of = {feet: [i for i in fitting if lots.feet[i] == feet] for feet in set(lengths)}
    is_whole = True
    while np.prod([float(comb(len(of[f]) + lengths.count(f) - 1, lengths.count(f))) for f in of]) > MOST_SETS:
        longest = max(of, key=lambda feet: (len(of[feet]) * lengths.count(feet), feet))
        by_value = sorted(of[longest], key=lambda i: (-lots.value[i], i))
        of[longest] = sorted(by_value[: 9 * len(by_value) // 10])
        is_whole = False
    parts = {feet: _multisets(np.array(of[feet], np.int64), lengths.count(feet), lots.count) for feet in of}
    grid = np.meshgrid(*(np.arange(len(part)) for part in parts.values()), indexing="ij")
    rows = {feet: part[index.ravel()] for (feet, part), index in zip(parts.items(), grid, strict=True)}
    used = dict.fromkeys(parts, 0)
    columns = []
    for feet in lengths:
        columns.append(rows[feet][:, used[feet]])
        used[feet] += 1
    return np.stack(columns, axis=1), is_whole


def _multisets(of: Ints, size: int, count: Ints) -> Ints:
    """List the multisets of lots of a size that their counts allow, shape (n, size)."""
    found = np.arange(len(of))[:, None]
    for _ in range(size - 1):
        last = found[:, -1]
        more = np.repeat(found, len(of) - last, axis=0)
        begins = np.repeat(np.cumsum(len(of) - last) - (len(of) - last), len(of) - last)
        nexts = np.arange(len(more)) - begins + np.repeat(last, len(of) - last)
        found = np.concatenate([more, nexts[:, None]], axis=1)
    chosen = of[found]
    times = (chosen[:, :, None] == chosen[:, None, :]).sum(axis=2)
    return np.asarray(chosen[(times <= count[chosen]).all(axis=1)], np.int64)


def _ordered(wagon: WagonType, lots: Lots, chosen: Ints, lengths: tuple[int, ...], limits: WagonRules) -> Ints:
    """Keep what a wagon may carry, each in its first allowed order."""
    if not len(chosen):
        return np.empty((0, MOST), np.int64)
    cargo = lots.gross_kg[chosen].sum(axis=1)
    good = cargo <= cargo_kg(wagon, limits)
    good &= abs(lots.across[chosen].sum(axis=1)) <= 2 * limits.lateral_um * cargo
    for a, b in combinations(range(len(lengths)), 2):
        good &= ~lots.apart[chosen[:, a], chosen[:, b]]
    chosen = chosen[good]
    rest, done = chosen, []
    for order in permutations(range(len(lengths))):
        if tuple(lengths[i] for i in order) != lengths or not len(rest):
            continue
        turned = rest[:, order]
        holds = _holds(wagon, lots, turned, lengths, limits)
        done.append(turned[holds])
        rest = rest[~holds]
    found = np.concatenate(done) if done else chosen[:0]
    empty = np.full((len(found), MOST - len(lengths)), len(lots.feet), np.int64)
    return np.concatenate([found, empty], axis=1)


def _holds(wagon: WagonType, lots: Lots, chosen: Ints, lengths: tuple[int, ...], limits: WagonRules) -> Bools:
    """Tell which sets keep the rules that their order matters for: pairs, and the loads of the bogies."""
    middles = positions(wagon, lengths)
    assert middles is not None, "patterns are what configurations begin with"
    kg = lots.gross_kg[chosen]
    moment = (200 * kg * np.array(middles, np.int64) + lots.along[chosen]).sum(axis=1)
    twenties = [i for i, feet in enumerate(lengths) if feet == 20]
    pairs = [abs(kg[:, a] - kg[:, b]) <= limits.pair_kg for a, b in zip(twenties[::2], twenties[1::2], strict=False)]
    return reduce(np.logical_and, pairs, abs(moment) <= most_moment(wagon, limits))
