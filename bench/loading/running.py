"""Run tasks, one at a time on each core, each in a process that keeps to its core."""

from __future__ import annotations

import contextlib
import json
import math
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.loading import cargo, exact
from bench.loading.instances import Instance, named
from bench.loading.tasks import OURS, Record, Task, append

PEERS = Path(__file__).with_name("peers.py")
TRIES = 6
NEAR = (0.9, 1.2)
"""Share of its seconds that a wall-limited peer must get, and may take, as CPU: rather too much than too little."""

Run = tuple[float, float, list[exact.Placement]]
"""CPU and wall seconds of a child process, and its answer."""

SPARE = {"packingsolver3d": 1.5}
"""On a busy core: it can be told when to stop."""

MOST_WALL_S = {"packer3d": 60.0}
"""It takes no longer limits."""

PATIENCE_S = 300
"""Wall seconds beyond 20 times the seconds asked for after which a process is ended."""


def run(tasks: Iterable[Task], path: Path, *, jobs: int, python: str, say: Callable[[str], None]) -> None:
    """Solve all tasks on so many cores and append a record of each to the file."""
    todo: queue.SimpleQueue[Task] = queue.SimpleQueue()
    for task in tasks:
        todo.put(task)
    n, lock = todo.qsize(), threading.Lock()

    def work(core: int) -> None:
        ours, theirs = Ours(core), Theirs(core, python)
        while True:
            try:
                task = todo.get_nowait()
            except queue.Empty:
                break
            record = (ours if task.solver == OURS else theirs).solve(task)
            with lock:
                append(path, record)
                say(f"{n - todo.qsize()}/{n} {_line(record)}")
        ours.end()

    cores = sorted(os.sched_getaffinity(0))[-jobs:]
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(work, cores))


def _line(record: Record) -> str:
    solver, _, seconds, mode = record.task.setup
    what = f"cost {record.cost}, bound {record.bound}" if record.task.mode in cargo.FLEETS else f"{record.share:.2%}"
    faults = f" FAULTS {record.faults}" if record.faults else ""
    return f"{solver} {mode} {seconds:g} s {record.task.instance}: {what}, {record.cpu_s:.2f} CPU s{faults}"


class Ours:
    """Our process on a core: kept warm for `search`, started anew for each task that counts the whole process."""

    def __init__(self, core: int) -> None:
        self.core = core
        self.warm: subprocess.Popen[str] | None = None

    def solve(self, task: Task) -> Record:
        """Solve a task; a process that dies or hangs is a fault of the plan."""
        if task.counted == "search":
            self.warm = self.warm or self._start("search")
            process = self.warm
        else:
            process = self._start("process")
        found = _ask(process, {"instance": task.instance, "mode": task.mode, "seconds": task.seconds})
        if task.counted != "search" or process.poll() is not None or "died" in found:
            _end(process)
            self.warm = None if process is self.warm else self.warm
        none = dict.fromkeys(("share", "n_boxes", "cost", "bound", "cpu_s", "wall_s"), 0)
        none |= dict.fromkeys(("wrong_side_up", "unsupported", "floating"), 0)
        if "died" in found:
            found = none | {"faults": [found["died"]]}
        return Record(task=task, is_short=False, on=_today(), **found)

    def end(self) -> None:
        """Let the warm process go."""
        if self.warm:
            _end(self.warm)

    def _start(self, counted: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bench.loading.worker", str(self.core), counted]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _ask(process: subprocess.Popen[str], question: dict[str, Any]) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    alarm = threading.Timer(PATIENCE_S + 20 * question["seconds"], process.kill)
    alarm.start()
    try:
        process.stdin.write(json.dumps(question) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
    except BrokenPipeError:
        line = ""
    finally:
        alarm.cancel()
    found: dict[str, Any] = json.loads(line) if line else {"died": "the process died, or was ended as it hung"}
    return found


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(BrokenPipeError):  # it ended before it read everything
        process.__exit__(None, None, None)


def version(peer: str, python: str) -> str | None:
    """Version of a peer, None where it is not installed."""
    asked = subprocess.run([python, str(PEERS), peer, "--version", "0", "0", "0"], capture_output=True, text=True)
    return str(json.loads(asked.stdout)["version"]) if asked.returncode == 0 else None


class Theirs:
    """Runs peers on a core, each run a process of its own, limited by wall seconds, which is all that they know.

    A run that got less CPU than asked for, since others used the core, is repeated with more wall seconds; the next
    ones start from there. One that tells when its answer stood gets half as much again at once.
    """

    def __init__(self, core: int, python: str) -> None:
        self.core, self.python = core, python
        self.stretch = 1.0

    def solve(self, task: Task) -> Record:
        """Run a peer until it got its CPU seconds; keep the closest run."""
        instance, support_pct = named(task.instance), cargo.rules(task.mode).support_pct
        runs: list[Run] = []
        for _ in range(TRIES):
            spare = SPARE.get(task.solver, 1.0) if self.stretch > 1 else 1.0
            wall_limit = min(MOST_WALL_S.get(task.solver, math.inf), task.seconds * self.stretch * spare)
            limits = [f"{task.seconds:g}", f"{wall_limit:.3f}", str(support_pct), str(self.core)]
            runs.append(_once([self.python, str(PEERS), task.solver, *limits], instance))
            cpu_s, wall_s, _ = runs[-1]
            is_done = wall_s < NEAR[0] * wall_limit and cpu_s < NEAR[1] * task.seconds  # it has nothing more to do
            if task.solver == "py3dbp" or is_done or NEAR[0] <= cpu_s / task.seconds <= NEAR[1]:
                self.stretch = max(1.0, 0.9 * self.stretch)  # in case that the core is quiet again
                return _record(task, instance, support_pct, runs[-1], is_short=False)
            self.stretch = max(1.0, self.stretch * min(4.0, task.seconds / max(cpu_s, 0.1)))
        best = min(runs, key=lambda one: abs(one[0] - task.seconds))
        return _record(task, instance, support_pct, best, is_short=best[0] < NEAR[0] * task.seconds)


def _once(command: Sequence[str], instance: Instance) -> Run:
    """Run a process to its end; answer with its CPU and wall seconds, those of its own children as well."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(cargo.asked(instance)))
    process.stdin.close()
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    answer = json.loads(text) if process.returncode == 0 else {"placements": [], "cpu_s": None}
    cpu_s = min(usage.ru_utime + usage.ru_stime, answer["cpu_s"] or math.inf)
    return cpu_s, time.perf_counter() - began, answer["placements"]


def _record(task: Task, instance: Instance, support_pct: int, run: Run, *, is_short: bool) -> Record:
    cpu_s, wall_s, placements = run
    one = exact.examine(instance.inside, instance.rows, placements, support_pct)
    return Record(
        task=task,
        share=one.volume / instance.volume,
        n_boxes=one.n_boxes,
        cost=0,
        bound=0,
        cpu_s=round(cpu_s, 3),
        wall_s=round(wall_s, 3),
        faults=one.faults if placements else ("no answer",),
        wrong_side_up=one.wrong_side_up,
        unsupported=one.unsupported,
        floating=one.floating,
        is_short=is_short,
        on=_today(),
    )
