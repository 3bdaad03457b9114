"""Fill one container as full as it goes: a beam search that values every child by completing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from landport.consolidate._kernel_beam import DONE, begin_phase, branch, complete, copy_state, expand, reach_of
from landport.consolidate._kernel_blocks import Ints
from landport.consolidate._kernel_spaces import N_GRIPS, N_PLACED, N_TALLY, VALUE, State, Stock, Work, rebuild
from landport.consolidate.stock import Blocks

MOST_SPACES, MOST_PLACED = 1024, 4096
"""Rows of a state's tables: surplus spaces are dropped, a container holds at most so many blocks."""

START, GROWTH = 4.0, 2**0.5
"""Width of the beam and children of a state in the first round, and how both grow by round."""

LATE = 1.15
"""Share of the time left that the last round aims at: its last levels are cheap, and need not all be gone through."""

WIDEST = 1024
IDLE = 6
FEW, SAME = 5, 4
"""Up to so many items, so many states of one value are kept."""

WORK = 250_000_000
"""Completions a round, times the square of the blocks they place, after which a search of some rounds ends all the
same: some 5 to 20 seconds. Thousands of blocks would take hours."""

KEPT = 7
"""Fillings that are kept beside the best, as it may turn out to be out of balance."""

MOST_CHILDREN = 4096
MEMORY = 1 << 20
"""States whose completed value is remembered."""


def new_state(stock: Stock, most_placed: int) -> State:
    """Make an empty state."""
    return State(
        spaces=np.zeros((MOST_SPACES, 6), np.int64),
        keys=np.zeros(MOST_SPACES, np.int64),
        grips=np.zeros((MOST_SPACES, N_GRIPS), np.int64),
        placed=np.zeros((most_placed, 6), np.int64),
        tops=np.zeros((most_placed, N_GRIPS), np.int64),
        ranks=np.zeros(most_placed, np.int64),
        blocks=np.zeros(most_placed, np.int64),
        rest=np.zeros(len(stock.names), np.int64),
        usable=np.zeros(stock.phases.shape[1], np.uint64),
        singles=np.zeros(stock.single_phases.shape[1], np.uint64),
        tally=np.zeros(N_TALLY, np.int64),
    )


def new_work(stock: Stock, most_placed: int) -> Work:
    """Make scratch tables."""
    return Work(
        hit=np.zeros((MOST_SPACES, 6), np.int64),
        hit_grips=np.zeros((MOST_SPACES, N_GRIPS), np.int64),
        cut=np.zeros((MOST_SPACES + 1, 6), np.int64),
        cut_grips=np.zeros((MOST_SPACES + 1, N_GRIPS), np.int64),
        near=np.zeros((6, most_placed + 1, 5), np.int64),
        n_near=np.zeros(7, np.int64),
        best=np.zeros(MOST_CHILDREN, np.int64),
        scores=np.zeros(MOST_CHILDREN, np.float64),
        at=np.zeros(6, np.int64),
        top=np.zeros(N_GRIPS, np.int64),
        reach=np.zeros((3, int(stock.box.max()) + 1), np.int64),
        sums=np.zeros((2, (int(stock.box.max()) >> 6) + 1), np.uint64),
    )


def root(stock: Stock, wanted: Ints, most_placed: int, work: Work) -> State:
    """Make the state of an empty container into which the wanted pieces may go."""
    state = new_state(stock, most_placed)
    state.rest[:] = wanted
    begin_phase(stock, state)
    rebuild(stock, state, work)
    return state


@dataclass(slots=True)
class Round:
    """One pass of the beam through the levels of a container.

    Parameters
    ----------
    beam, children
        States kept a level, and children valued a level for each of them.
    ends_at
        Seconds remaining when it should end; None: it ends when it is done.
    """

    beam: float
    children: float
    ends_at: float | None = None
    marks: list[float] = field(default_factory=list)
    seconds: float = 0.0


def _per_value(n_items: int) -> int:
    """States of one value that a level keeps: with few items there are few values, and many states."""
    if n_items == 1:
        return WIDEST
    return SAME if n_items <= FEW else 1


class Search:
    """A beam search through the fillings of one container.

    Notes
    -----
    Block-building beam search in which every child is completed greedily and valued by what the container then
    holds (Araya and Riff 2014; Araya, Guerrero and Nunez 2017). A level of the beam is one more block. The `beam`
    best children of a level are kept, one a value (some with few items, more once a round meets nothing new). Beam
    and children grow by the square root of two a round, so that each round costs about twice the last: an anytime
    method. Values of states met again are remembered. With a time limit the last round is sized, and steered on its
    way, so that it ends with the time.
    """

    def __init__(self, blocks: Blocks, start: State, work: Work) -> None:
        self._stock = blocks.stock
        most_placed = start.placed.shape[0]
        self._most_placed = most_placed
        self._start, self._work, self._ranked = start, work, new_work(self._stock, most_placed)
        self._child, self.best = new_state(self._stock, self._most_placed), new_state(self._stock, self._most_placed)
        self._memory = np.zeros((MEMORY, 2), np.int64)
        self._children = np.zeros((MOST_CHILDREN, 4), np.int64)
        self.counts = np.zeros(3, np.int64)
        self._each = 0.0
        self.runners_up: list[State] = []
        self._pools: tuple[list[State], list[State]] = ([], [])
        self._per_value = _per_value(len(self._stock.names))
        self._work_left = float("inf")
        copy_state(start, self.best)

    def greedy(self) -> None:
        """Complete the start greedily."""
        reach_of(self._stock, self._start.rest, self._work)
        copy_state(self._start, self._child)
        complete(self._stock, self._child, self._work)
        if self._child.tally[VALUE] >= self.best.tally[VALUE]:
            copy_state(self._child, self.best)

    def run(self, rounds: int | None, remaining: Callable[[], float | None]) -> None:
        """Search until rounds or their `WORK` are done, time is over, all is in, or `IDLE` rounds meet nothing new."""
        self._work_left = float("inf") if rounds is None else float(rounds * WORK)
        begun = remaining()
        self.greedy()
        ended = remaining()
        self._each = 0.0 if begun is None or ended is None else begun - ended
        done: list[Round] = []
        beam = children = START
        idle = 0
        while (rounds is None or len(done) < rounds) and idle < IDLE and not self._is_done():
            left = remaining()
            if left is not None and left <= self._each:
                break
            this = Round(beam, children)
            if left is not None and len(done) > 2:
                self._fit_in(this, done, left)
            before = int(self.counts[DONE])
            self._pass(this, done[-1] if done else None, remaining)
            if this.ends_at is not None:
                break
            done.append(this)
            beam, children = min(beam * GROWTH, WIDEST), min(children * GROWTH, WIDEST)
            idle = idle + 1 if self.counts[DONE] == before else 0
            self._per_value += int(idle > 0)

    def _is_done(self) -> bool:
        return self._work_left <= 0 or not self.best.rest.any()

    def _fit_in(self, this: Round, done: list[Round], left: float) -> None:
        """Size a round that would be the last one so that it ends with the time."""
        last = done[-1].seconds
        growth = min(max(last / max(done[-2].seconds, 1e-6), 1.3), 3.0)
        if left < last * growth * (1 + growth):
            share = max(left / max(last, 1e-6) / growth, 0.1) ** 0.5
            this.beam, this.children, this.ends_at = this.beam * share, this.children * share, 0.0

    def _pass(self, this: Round, before: Round | None, remaining: Callable[[], float | None]) -> None:
        """Go through the levels once."""
        begun = remaining()
        base = max(2, int(this.beam + 0.5))
        per_level = max(2, int(this.children + 0.5)) * base
        states, others = self._pool(0, 1), self._pool(1, 1)
        copy_state(self._start, states[0])
        m, level, width, which = 1, 0, base, 0
        while m and self._work_left > 0:
            left = remaining()
            if left is not None and begun is not None:
                if left <= self._each:
                    return
                this.marks.append(begun - left)
            scale = 1.0
            if this.ends_at is not None and before is not None and level < len(before.marks):
                ahead = max(1e-3, (1 - before.marks[level]) * (begun or 0))
                scale = min(max(LATE * (left or 0) / ahead, 0.2), 4.0)
                width = max(2, min(int(base * scale**0.5 + 0.5), WIDEST))
            level += 1
            want = min(MOST_CHILDREN, max(1, int(per_level * scale / m + 0.5)))
            found = self._level(states[:m], want, remaining)
            self._keep()
            chosen = self._choose(found, width)
            which = 1 - which
            others = self._pool(which, len(chosen))
            for to, row in enumerate(chosen):
                parent, _, s, block, _ = found[row]
                branch(self._stock, states[parent], s, block, others[to], self._work)
            states, m = others, len(chosen)
        ended = remaining()
        this.seconds = begun - ended if begun is not None and ended is not None else 0.0
        this.marks = [mark / max(this.seconds, 1e-9) for mark in this.marks]

    def _level(self, states: list[State], want: int, remaining: Callable[[], float | None]) -> Ints:
        """Value the children of all states of a level: rows parent, value, space, block, name."""
        found: list[Ints] = []
        for parent, state in enumerate(states):
            left = remaining()
            if left is not None:
                if left <= self._each and found:
                    break
                want = max(1, min(want, int(left / max(self._each, 1e-6))))
            before = int(self.counts[DONE])
            n = expand(
                self._stock,
                state,
                self._child,
                self.best,
                self._ranked,
                self._work,
                want,
                self._memory,
                self._children,
                self.counts,
            )
            self._work_left -= (int(self.counts[DONE]) - before) * float(self.best.tally[N_PLACED]) ** 2
            rows = self._children[:n]
            found.append(np.column_stack([np.full(n, parent), rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3]]))
        return np.concatenate(found)

    def _keep(self) -> None:
        """Keep a copy of the best container whenever it is better than the last one kept; the last `KEPT` stay."""
        if self.runners_up and self.runners_up[-1].tally[VALUE] == self.best.tally[VALUE]:
            return
        copy = new_state(self._stock, self._most_placed)
        copy_state(self.best, copy)
        self.runners_up = [*self.runners_up[-KEPT:], copy]

    def _choose(self, found: Ints, width: int) -> list[int]:
        """Choose the best children, each state once, and one state a value."""
        chosen: list[int] = []
        names: set[int] = set()
        of_value: dict[int, int] = {}
        for row in np.argsort(-found[:, 1], kind="stable").tolist():
            value, name = int(found[row, 1]), int(found[row, 4])
            if name in names or of_value.get(value, 0) >= self._per_value:
                continue
            names.add(name)
            of_value[value] = of_value.get(value, 0) + 1
            chosen.append(row)
            if len(chosen) == width:
                break
        return chosen

    def _pool(self, which: int, n: int) -> list[State]:
        pool = self._pools[which]
        while len(pool) < n:
            pool.append(new_state(self._stock, self._most_placed))
        return pool
