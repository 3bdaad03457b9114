"""Loading one train as a program: which sets of boxes stand on which wagons, and what no loading is worth more than."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from landport.assemble.hot import Ints
from landport.assemble.sets import MOST, Lots, Sets, lots_of, sets_of
from landport.assemble.wagon_rules import Lot, WagonRules
from landport.model.equipment import WagonType

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Berth:
    """Wagons that may be loaded.

    Parameters
    ----------
    count
        Equal wagons; one where it stands at a place of its own.
    middle_mm
        Its middle beside the track, from its front end; None: the consist is formed later.
    """

    wagon: WagonType
    count: int
    middle_mm: int | None = None


@dataclass(frozen=True, slots=True)
class TrainRow:
    """A limit on the whole train on the legs up to one: so much at most, of boxes that ride it and their wagons.

    Parameters
    ----------
    leg
        Boxes and wagons that ride so many legs or more count.
    per_box
        What each lot takes.
    per_wagon
        What each berth's wagon takes.
    """

    leg: int
    per_box: Ints
    per_wagon: Ints
    most: int


@dataclass(frozen=True, slots=True)
class WagonTask:
    """A train to load.

    Parameters
    ----------
    berths
        From the locomotive back where they have a place.
    by_stop
        Limits on a wagon that runs one leg, two legs, ...
    crane_cents_per_m, wagon_cents_per_m
        What moving a box along the track weighs, and a metre of loaded wagons: shorter trains are better.
    """

    lots: tuple[Lot, ...]
    berths: tuple[Berth, ...]
    by_stop: tuple[WagonRules, ...]
    rows: tuple[TrainRow, ...] = ()
    crane_cents_per_m: int = 0
    wagon_cents_per_m: int = 0

    @property
    def is_placed(self) -> bool:
        """Tell whether the wagons stand where they are."""
        return bool(self.berths) and all(b.middle_mm is not None and b.count == 1 for b in self.berths)


Wagon = tuple[int, tuple[int, ...]]
"""A loaded wagon: its berth, and its lots by position."""


@dataclass(frozen=True, slots=True)
class Group:
    """Wagons of a berth that run up to one stop: they share a table of sets and a row of the program."""

    berth: int
    stop: int
    table: int
    row: int


@dataclass(slots=True)
class Program:
    """Rows, tables of sets and the prices of a task; all figures are US cents of value.

    Parameters
    ----------
    sides
        Most of each row: lots, groups (or berths), train rows, goods that keep apart.
    crane
        Cents that a lot costs on a berth, shape (lots + 1, berths).
    """

    task: WagonTask
    lots: Lots
    tables: list[Sets] = field(default_factory=list)
    worth: list[Ints] = field(default_factory=list)
    takes: list[Ints] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    sides: list[int] = field(default_factory=list)
    crane: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    cuts: list[tuple[int, int]] = field(default_factory=list)
    near: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    holds: list[NDArray[np.bool_]] = field(default_factory=list)
    type_of: list[int] = field(default_factory=list)

    @property
    def first_train_row(self) -> int:
        """Row of the first limit on the train."""
        return len(self.sides) - len(self.task.rows) - len(self.near)

    def value(self, group: int, index: Ints) -> Ints:
        """Worth of sets on a group's wagon, crane metres taken off."""
        g = self.groups[group]
        members = self.tables[g.table].members[index]
        return np.asarray(self.worth[g.table][index] - self.crane[members, g.berth].sum(axis=1), np.int64)

    def entries(self, group: int, index: int) -> dict[int, int]:
        """Rows that one set takes part in, with how much of each."""
        g = self.groups[group]
        found = {g.row: 1}
        for lot in self.tables[g.table].members[index].tolist():
            if lot < len(self.task.lots):
                found[lot] = found.get(lot, 0) + 1
        for r, amount in enumerate(self.takes[g.table][index].tolist()):
            if amount:
                found[self.first_train_row + r] = amount
        for row, j, a, k, b in self.near:
            holds = self.holds[g.table][index]
            if (g.berth == j and holds[a]) or (g.berth == k and holds[b]):
                found[row] = 1
        return found


def program(task: WagonTask) -> Program:
    """Lay a task out."""
    made = Program(task, lots_of(task.lots, task.by_stop[0]))
    made.sides = [len(lot.ids) for lot in task.lots]
    made.crane = _crane(task)
    made.classes = sorted({c for lot in task.lots for c in lot.un_classes})
    kinds = list({b.wagon.wagon_type: b.wagon for b in task.berths}.values())
    stops = sorted({lot.stop for lot in task.lots})
    number = {}
    for n, wagon in enumerate(kinds):
        for stop in stops:
            number[wagon.wagon_type, stop] = len(made.tables)
            made.type_of.append(n)
            _table(made, wagon, stop)
    has_cuts = task.is_placed and len(stops) > 1
    for j, berth in enumerate(task.berths):
        for n, stop in enumerate(stops):
            if n == 0 or has_cuts:
                made.sides.append(berth.count if not has_cuts or n == 0 else 0)
            made.groups.append(Group(j, stop, number[berth.wagon.wagon_type, stop], len(made.sides) - 1))
            if has_cuts and n > 0:
                made.cuts.append((j, n))
    made.sides += [row.most for row in task.rows]
    if task.is_placed:
        _keep_apart(made)
    return made


def narrowed(made: Program, kept: Sequence[NDArray[np.bool_]]) -> Program:
    """Keep some sets of each table only."""
    of = list(zip(made.tables, kept, strict=True))
    return replace(
        made,
        tables=[Sets(sets.members[keep], sets.is_whole) for sets, keep in of],
        worth=[worth[keep] for worth, keep in zip(made.worth, kept, strict=True)],
        takes=[takes[keep] for takes, keep in zip(made.takes, kept, strict=True)],
        holds=[holds[keep] for holds, keep in zip(made.holds, kept, strict=True)],
    )


def _table(made: Program, wagon: WagonType, stop: int) -> None:
    """List the sets of a type for a stop, with their worth and what they take of the train."""
    task, lots, limits = made.task, made.lots, made.task.by_stop[stop - 1]
    usable = np.array([i for i, lot in enumerate(task.lots) if lot.stop == stop and limits.takes(lot)], np.int64)
    sets = sets_of(wagon, lots, usable, limits)
    berth = next(j for j, b in enumerate(task.berths) if b.wagon.wagon_type == wagon.wagon_type)
    value = np.append(lots.value, 0)
    fee = task.wagon_cents_per_m * wagon.length_mm // 1000
    takes = np.zeros((len(sets), len(task.rows)), np.int64)
    for r, row in enumerate(task.rows):
        if stop >= row.leg:
            takes[:, r] = np.append(row.per_box, 0)[sets.members].sum(axis=1) + row.per_wagon[berth]
    holds = np.zeros((len(sets), len(made.classes)), np.bool_)
    for c, name in enumerate(made.classes):
        of = np.array([name in lot.un_classes for lot in task.lots] + [False])
        holds[:, c] = of[sets.members].any(axis=1)
    made.tables.append(sets)
    made.worth.append(value[sets.members].sum(axis=1) - fee)
    made.takes.append(takes)
    made.holds.append(holds)


def _crane(task: WagonTask) -> Ints:
    crane = np.zeros((len(task.lots) + 1, len(task.berths)), np.int64)
    for i, lot in enumerate(task.lots):
        for j, berth in enumerate(task.berths):
            if lot.yard_mm is not None and berth.middle_mm is not None:
                crane[i, j] = task.crane_cents_per_m * abs(lot.yard_mm - berth.middle_mm) // 1000
    return crane


def _keep_apart(made: Program) -> None:
    """Add a row for each two wagons that are too near for two classes of dangerous goods."""
    berths = range(len(made.task.berths))
    apart = made.task.by_stop[0].apart
    for a, one in enumerate(made.classes):
        for b, other in enumerate(made.classes):
            between = apart.get((min(one, other), max(one, other)), -1)
            for j in berths:
                for k in range(j + 1, min(j + between + 1, len(berths))):
                    made.near.append((len(made.sides), j, a, k, b))
                    made.sides.append(1)


def met(made: Program, wagons: Sequence[Wagon]) -> bool:
    """Tell whether loaded wagons keep every row, counted in whole numbers."""
    used = [0] * len(made.sides)
    for group, index in located(made, wagons):
        for row, amount in made.entries(group, index).items():
            used[row] += amount
    of_groups = {g.row for g in made.groups}
    on = Counter(berth for berth, _ in wagons)
    stops = _stops(made, wagons)
    return (
        all(on[j] <= berth.count for j, berth in enumerate(made.task.berths))
        and stops == sorted(stops, reverse=True)
        and all(used[r] <= side for r, side in enumerate(made.sides) if r not in of_groups)
    )


def _stops(made: Program, wagons: Sequence[Wagon]) -> list[int]:
    """List the stops of placed wagons from the locomotive back; nothing where the consist is formed later."""
    if not made.task.is_placed:
        return []
    return [made.task.lots[lots[0]].stop for _, lots in sorted(wagons)]


def located(made: Program, wagons: Sequence[Wagon]) -> list[tuple[int, int]]:
    """Find the group and the set of loaded wagons; those that are in no table are left out."""
    group_of = {(g.berth, g.stop): i for i, g in enumerate(made.groups)}
    index_of: dict[int, Mapping[bytes, int]] = {}
    found = []
    for berth, lots in wagons:
        group = group_of[berth, made.task.lots[lots[0]].stop]
        table = made.groups[group].table
        if table not in index_of:
            index_of[table] = {row.tobytes(): i for i, row in enumerate(made.tables[table].members)}
        padded = np.array([*lots, *[len(made.task.lots)] * (MOST - len(lots))], np.int64)
        index = index_of[table].get(padded.tobytes())
        if index is not None:
            found.append((group, index))
    return found
