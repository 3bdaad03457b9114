"""The relaxation of a train's program: columns priced as they are needed, branches, a bound from row prices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from landport.assemble.highs import Quiet, solver
from landport.assemble.hot import Ints
from landport.assemble.wagon_program import Program
from landport.model.result import Limit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SETTLED = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kModelEmpty,
)
"""Answers that no second try would change."""

SCALE = 1e-4
"""What HiGHS sees of a cent."""

AT_ONCE = 12
"""Columns that a round of pricing adds for one berth."""

ROUNDS = 200
"""Most rounds of pricing."""

WORTH_ADDING = 0.5
"""Cents by which a column must improve the relaxation."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision of a branch.

    Parameters
    ----------
    kind
        `pair`: two lots share a wagon; `lot`: a lot is loaded; `type`: it stands on wagons of a type; `berth`: on one
        berth.
    second
        The other lot, the table's type (by number), the berth; 0 of a lot alone.
    is_so
        What the branch says.
    """

    kind: str
    lot: int
    second: int
    is_so: bool


class Relaxation:
    """The program without whole numbers, with the columns that pricing has found so far."""

    def __init__(self, made: Program) -> None:
        self.made = made
        self.columns: list[tuple[int, int]] = []
        self.known: set[tuple[int, int]] = set()
        self.scale = _scale(made)
        self.sides = np.array(made.sides, np.float64)
        self.cut_columns = tuple(_cut_columns(made))
        self._first_column = len(self.cut_columns) + len(made.task.lots)
        self.free: list[Bools] = [np.ones(len(sets), np.bool_) for sets in made.tables]
        self.barred: list[tuple[int, int, bool]] = []
        self.forced: set[int] = set()
        self.solver = self._start()
        self._upper = np.empty(0)
        self.prices = np.zeros(len(self.sides))
        self.x = np.empty(0)
        self.is_feasible = True
        self._most: list[float] = []

    def _start(self) -> Quiet:
        made = solver()
        n = len(self.sides)
        made.addRows(n, np.full(n, -np.inf), self.sides * self.scale, 0, *_nothing())
        more = 2 * len(self.made.cuts)
        if more:
            made.addRows(more, np.full(more, -np.inf), np.zeros(more), 0, *_nothing())
        for entries in self.cut_columns:
            rows = np.array(list(entries), np.int32)
            made.addCol(0.0, 0.0, 1.0, len(rows), rows, np.array(list(entries.values()), np.float64))
        n_lots = len(self.made.task.lots)
        dear = 100.0 * (
            float(self.made.lots.value.sum()) * SCALE + 1.0
        )  # a lot that must ride, but that no column takes
        for i in range(n_lots):
            made.addCol(dear, 0.0, 0.0, 1, np.array([i], np.int32), np.ones(1))
        return made

    def add(self, columns: Sequence[tuple[int, int]]) -> bool:
        """Add columns that are not there yet; tell whether there was one."""
        new = [c for c in dict.fromkeys(columns) if c not in self.known]
        if not new:
            return False
        self.known.update(new)
        self.columns += new
        cost = np.array([-int(self.made.value(g, np.array([i]))[0]) for g, i in new], np.float64) * SCALE
        starts: list[int] = []
        rows: list[int] = []
        values: list[float] = []
        for group, index in new:
            starts.append(len(rows))
            for row, amount in self.made.entries(group, index).items():
                rows.append(row)
                values.append(amount * self.scale[row])
        n = len(new)
        self.solver.addCols(
            n, cost, np.zeros(n), np.full(n, np.inf), len(rows), np.array(starts, np.int32), np.array(rows, np.int32),
            np.array(values, np.float64),
        )  # fmt: skip
        self._upper = np.append(self._upper, np.full(n, np.inf))
        return True

    def branch(self, choices: Sequence[Choice]) -> None:
        """Let some decisions hold, and no others."""
        made = self.made
        self.free = [np.ones(len(sets), np.bool_) for sets in made.tables]
        self.barred = []
        forced: set[int] = set()
        for choice in choices:
            if choice.kind == "lot" and choice.is_so:
                forced.add(choice.lot)
            elif choice.kind == "berth":
                self.barred.append((choice.lot, choice.second, choice.is_so))
            else:
                self._forbid(choice)
        for lot in sorted(forced ^ self.forced):
            least = self.sides[lot] if lot in forced else -np.inf
            self.solver.changeRowBounds(lot, least, self.sides[lot])
            self.solver.changeColBounds(len(self.cut_columns) + lot, 0.0, np.inf if lot in forced else 0.0)
        self.forced = forced
        upper = np.array([np.inf if self._is_free(g, i) else 0.0 for g, i in self.columns])
        changed = np.flatnonzero(upper != self._upper)
        if len(changed):
            places = (changed + self._first_column).astype(np.int32)
            self.solver.changeColsBounds(len(changed), places, np.zeros(len(changed)), upper[changed])
        self._upper = upper

    def _forbid(self, choice: Choice) -> None:
        """Take the sets away that go against a decision."""
        for t, sets in enumerate(self.made.tables):
            has = (sets.members == choice.lot).any(axis=1)
            if choice.kind == "pair":
                other = (sets.members == choice.second).any(axis=1)
                bad = (has ^ other) if choice.is_so else (has & other)
            elif choice.kind == "type":
                bad = has & ((self.made.type_of[t] == choice.second) != choice.is_so)
            else:
                bad = has
            self.free[t] &= ~bad

    def _is_free(self, group: int, index: int) -> bool:
        g = self.made.groups[group]
        return bool(self.free[g.table][index]) and not self._is_barred(group, index)

    def _is_barred(self, group: int, index: int) -> bool:
        g = self.made.groups[group]
        members = self.made.tables[g.table].members[index]
        return any(lot in members and (g.berth == berth) != is_so for lot, berth, is_so in self.barred)

    def run(self) -> None:
        """Solve, and read columns and row prices in cents."""
        self.solver.run()
        if self.solver.getModelStatus() not in SETTLED:
            self.solver.clearSolver()
            self.solver.run()
        solution = self.solver.getSolution()
        prices = -np.array(solution.row_dual) / SCALE
        prices[: len(self.scale)] *= self.scale
        free = np.zeros(len(prices), np.bool_)
        free[sorted(self.forced)] = True
        self.is_feasible = self.solver.getModelStatus() != highspy.HighsModelStatus.kInfeasible
        self.prices = np.where(free, prices, np.maximum(prices, 0.0))
        self.x = np.array(solution.col_value)[self._first_column :]

    def price_all(self, limit: Limit) -> None:
        """Add columns until none would improve the relaxation (or `ROUNDS` times)."""
        for _ in range(ROUNDS):
            self.run()
            if not self.is_feasible:
                return
            found = []
            self._most = []
            for group, reduced in self.reduced():
                self._most.append(float(reduced.max(initial=0.0)))
                some = np.flatnonzero(reduced > WORTH_ADDING)
                if len(some) > AT_ONCE:
                    some = some[np.argpartition(-reduced[some], AT_ONCE)[:AT_ONCE]]
                found += [(group, i) for i in some.tolist()]
            if limit.is_over() or not self.add(found):
                return

    def reduced(self) -> Iterator[tuple[int, Floats]]:
        """List, group by group, what each set is worth beyond the prices of its rows; -inf: a branch forbids it."""
        made = self.made
        n, first = len(made.task.lots), made.first_train_row
        price = np.append(self.prices[:n], 0.0)
        rows = self.prices[first : first + len(made.task.rows)]
        base = [
            np.where(free, worth - price[sets.members].sum(axis=1) - takes @ rows, -np.inf)
            for sets, worth, takes, free in zip(made.tables, made.worth, made.takes, self.free, strict=True)
        ]
        for i, g in enumerate(made.groups):
            left = base[g.table] - self.prices[g.row]
            members = made.tables[g.table].members
            if made.task.is_placed:
                left = left - made.crane[members, g.berth].sum(axis=1)
            for row, j, a, k, b in made.near:
                if g.berth in (j, k):
                    left = left - self.prices[row] * made.holds[g.table][:, a if g.berth == j else b]
            for lot, berth, is_so in self.barred:
                if (g.berth == berth) != is_so:
                    left = np.where((members == lot).any(axis=1), -np.inf, left)
            yield i, left

    def nearest(self) -> list[Floats]:
        """Say of each set of each table what it is worth beyond its prices on the wagon that suits it best."""
        best = [np.full(len(sets), -np.inf) for sets in self.made.tables]
        for group, reduced in self.reduced():
            table = self.made.groups[group].table
            best[table] = np.maximum(best[table], reduced)
        return best

    def bound(self) -> float:
        """Worth that no loading of this branch exceeds, recomputed from the row prices.

        Each row counts at its side, each wagon at its best set. Sets that were not listed count as the sum of their
        boxes at their best.
        """
        made = self.made
        total = float(self.prices[: len(made.sides)] @ self.sides)
        best: dict[int, float] = {}
        for group, (g, most) in enumerate(zip(made.groups, self._most, strict=True)):
            if not made.tables[g.table].is_whole:
                most = max(most, self._loose(group))
            best[g.berth] = max(best.get(g.berth, 0.0), most)
        total += sum(made.task.berths[j].count * most for j, most in best.items())
        for entries in self.cut_columns:
            total += max(0.0, -sum(self.prices[row] * amount for row, amount in entries.items()))
        return total + 1e-9 * abs(total) + 1e-3

    def _loose(self, group: int) -> float:
        """Best that a group's wagon can be worth when boxes are put on its positions one by one, without its rules."""
        made = self.made
        g = made.groups[group]
        rows = self.prices[made.first_train_row : made.first_train_row + len(made.task.rows)]
        single = made.lots.value - self.prices[: len(made.task.lots)] - made.crane[:-1, g.berth]
        for price, row in zip(rows, made.task.rows, strict=True):
            if g.stop >= row.leg:
                single = single - price * row.per_box
        fits = np.array([lot.stop == g.stop for lot in made.task.lots])
        best = 0.0
        for lengths in made.task.berths[g.berth].wagon.configurations:
            total = 0.0
            for feet in set(lengths):
                of = np.sort(np.maximum(single[fits & (made.lots.feet == feet)], 0.0))[::-1]
                total += float(np.repeat(of, lengths.count(feet))[: lengths.count(feet)].sum())
            best = max(best, total)
        return best


def _nothing() -> tuple[Ints, Ints, Floats]:
    none = np.empty(0, np.int32)
    return none, none, np.empty(0, np.float64)  # type: ignore[return-value]


def _scale(made: Program) -> Floats:
    """Bring rows of kilograms and millimetres near the others: a power of two each."""
    scale = np.ones(len(made.sides))
    first = made.first_train_row
    for r, row in enumerate(made.task.rows):
        most = max([1, *row.per_box.tolist(), *row.per_wagon.tolist()])
        scale[first + r] = 2.0 ** -np.round(np.log2(most))
    return scale


def _cut_columns(made: Program) -> Iterator[dict[int, float]]:
    """Columns that say of placed wagons up to which stop they run: 1 when that far or farther.

    Wagons nearer to the locomotive run as far or farther, and who runs to a stop runs to those before.
    """
    n_stops = 1 + max((n for _, n in made.cuts), default=0)
    first = {g.berth: g.row for g in reversed(made.groups)}
    extra = len(made.sides)
    place = {cut: i for i, cut in enumerate(made.cuts)}
    for (j, n), i in place.items():
        entries = {first[j] + n: -1.0, first[j] + n - 1: 1.0}
        if j > 0:
            entries[extra + 2 * i] = 1.0  # at most that of the wagon before it
        if (j + 1, n) in place:
            entries[extra + 2 * place[j + 1, n]] = -1.0
        if n > 1:
            entries[extra + 2 * i + 1] = 1.0  # at most that of the stop before it
        if n + 1 < n_stops:
            entries[extra + 2 * place[j, n + 1] + 1] = -1.0
        yield entries
