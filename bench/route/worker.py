"""A process of ours on one core: reads a timetable, lays it out, answers questions, tells numbers as JSON on stdout.

    python -m bench.route.worker CORE STOPS LEGS SEED QUESTIONS FOLDER

All kernels are compiled or loaded before the clock starts. Every question is asked once for each figure and timed on
its own, in CPU seconds, with all that a caller pays: finding the first leg, room for the answer, naming legs ridden.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bench.route import timetables
from bench.route.timetables import Drawn, Ints, Size, stop_id
from landport.exchange.stop_times import read_stop_times
from landport.model.stop_times import StopTimes
from landport.route import _kernel_backward, _kernel_forward, _kernel_pareto
from landport.route._kernel_table import NEVER
from landport.route.plain import EPS, ROOM, Plain
from landport.route.tables import of_stop_times

TINY = Size(60, 1_500)
EXACT = (0, 0, 0)
EPS4 = (720, 100, 80, 0)
"""Minutes, money, kgCO2e, gauge changes."""

SOME = 40
"""Questions about fronts of a large timetable."""

Question = tuple[int, int, int]


class Four:
    """Ways by four criteria: arrival, cost, kgCO2e, gauge changes.

    The plain format has no emissions, so `Plain` answers three; the kernels know all four.

    Parameters
    ----------
    kgco2e
        Of each leg, in the order of `times`.
    """

    def __init__(self, times: StopTimes, kgco2e: Ints) -> None:
        self.graph = of_stop_times(times)
        self.table = self.graph.table._replace(price=self.graph.table.price.copy())
        self.table.price[:, 1] = kgco2e
        self._free = np.zeros(len(times.trip), np.int64)

    def front(self, question: Question, eps: tuple[int, int, int, int]) -> tuple[Ints, bool]:
        """Find the front, rows (arrival, cost, kgCO2e, gauge changes); and whether there was room for it."""
        start, target, at = question
        first = int(np.searchsorted(self.table.departs, at))
        row, room = int(self.graph.start_row[start]), np.array([*eps, 0], np.int64)
        bounds = _kernel_backward.bounds(self.table, self._free, self.graph.by_truck, first, target)
        for most in ROOM:
            front, _, is_whole = _kernel_pareto.pareto(
                self.table, self._free, *bounds, row, at, first, target, NEVER - 1, room, False, most
            )
            if is_whole:
                break
        return front[:, :4], bool(is_whole)


def in_order_of(times: StopTimes, drawn: Drawn) -> Ints:
    """Sort emissions of legs by trip and seq as the legs of a timetable that was read."""
    kgco2e = np.empty(len(drawn.kgco2e), np.int64)
    kgco2e[np.lexsort((times.seq, times.trip))] = drawn.kgco2e
    return kgco2e


def everywhere(plain: Plain, question: Question) -> Ints:
    """Find the earliest arrival at every row."""
    start, _, at = question
    graph = plain._graph
    first, row = int(np.searchsorted(graph.table.departs, at)), int(graph.start_row[start])
    return _kernel_forward.earliest(graph.table, plain._free, row, at, first, -1)[0]


def timed(ask: Callable[[Question], Any], questions: list[Question]) -> tuple[list[float], list[Any]]:
    """Ask every question once; CPU seconds and answers."""
    seconds, answers = [], []
    for question in questions:
        began = time.process_time()
        answer = ask(question)
        seconds.append(time.process_time() - began)
        answers.append(answer)
    return seconds, answers


def measure(folder: Path, size: Size, n: int, *, has_four: bool) -> dict[str, Any]:
    """Measure one timetable; `has_four`: all fronts, else a near one only, for some questions."""
    began = time.process_time()
    times, _ = read_stop_times(folder)
    read_at = time.process_time()
    plain = Plain(times)
    laid_at = time.process_time()
    found: dict[str, Any] = {"read_s": read_at - began, "layout_s": laid_at - read_at, "seconds": {}, "ways": {}}
    drawn = timetables.draw(size)
    questions = [(int(a), int(b), int(at)) for a, b, at in timetables.questions(drawn, n)]

    def note(name: str, ask: Callable[[Question], Any], most: int = n) -> list[Any]:
        found["seconds"][name], answers = timed(ask, questions[:most])
        return answers

    ways = note("earliest", lambda q: plain.earliest(stop_id(q[0]), stop_id(q[1]), q[2]))
    earliest = [way.arrives_at if way else -1 for way in ways]
    found["arrivals"] = [arrival - q[2] if arrival >= 0 else -1 for arrival, q in zip(earliest, questions, strict=True)]
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note("everywhere", lambda q: everywhere(plain, q))
    for name, eps in {"three_eps": EPS, "three_exact": EXACT}.items() if has_four else [("three_eps", EPS)]:
        most = n if has_four else SOME
        three = note(name, lambda q, eps=eps: plain.ways(stop_id(q[0]), stop_id(q[1]), q[2], eps=eps), most)
        found["ways"][name] = [len(answer.pareto) for answer in three]
        found[f"{name}_incomplete"] = sum(not answer.is_complete for answer in three) if not any(eps) else 0
    if has_four:
        four = Four(times, in_order_of(times, drawn))
        for name, eps4 in {"four_eps": EPS4, "four_exact": (0, 0, 0, 0)}.items():
            fronts = note(name, lambda q, eps4=eps4: four.front(q, eps4))
            found["ways"][name] = [len(front) for front, _ in fronts]
            found[f"{name}_incomplete"] = sum(not is_whole for _, is_whole in fronts)
        firsts = [int(front[:, 0].min(initial=1 << 60)) if len(front) else -1 for front, _ in fronts]
        found["firsts_differ"] = sum(a != b for a, b in zip(firsts, earliest, strict=True))
    return found


def main() -> None:
    """Warm up, measure, tell."""
    core, stops, legs, seed, n = (int(x) for x in sys.argv[1:6])
    os.sched_setaffinity(0, {core})
    with TemporaryDirectory() as folder:
        timetables.write(timetables.draw(TINY), Path(folder))
        measure(Path(folder), TINY, 3, has_four=True)
    size = Size(stops, legs, seed)
    json.dump(measure(Path(sys.argv[6]), size, n, has_four=legs <= timetables.SMALL.legs), sys.stdout)


if __name__ == "__main__":
    main()
