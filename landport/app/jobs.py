"""Work spread over processes: the same answers in the same order as one after the other."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Final, Generic, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")

MOST_WORKERS: Final = 8
"""Workers unless more are asked for: each holds a few hundred MB."""

SPAWN: Final = multiprocessing.get_context("spawn")
"""Processes that begin anew: a fork would copy the threads' locks, and not the threads."""

READY: Final = -1
"""Number of the answer that says that a worker has started."""


def default_workers() -> int:
    """Count the cores that this process may use, `MOST_WORKERS` at most."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_WORKERS)


def each(function: Callable[[T], R], tasks: Iterable[T], *, workers: int) -> list[R]:
    """Apply a function to every task.

    Parameters
    ----------
    function
        At the top level of a module; with more than one worker it, the tasks and the answers are pickled.
    tasks
        Each is taken when a worker is free for it; put the longest first.
    workers
        Processes beside this one; 1: none, all is done here.

    Returns
    -------
    list
        In order of tasks.

    Notes
    -----
    What the function raises is raised here as itself, of several that of the first task. Nothing outlives the call:
    Ctrl-C, which workers do not hear, and errors end them at once, and they end themselves when this process does. The
    task of a worker that is killed is done here. A program that asks for workers must be importable, as
    `multiprocessing` says: its main file guards what it runs by `if __name__ == "__main__"`.
    """
    if workers <= 1:
        return [function(task) for task in tasks]
    crew = _Crew(function, tasks)
    try:
        return crew.work(workers)
    finally:
        crew.end()


class _Crew(Generic[T, R]):
    """Workers of one call, what each of them does, and what came of it."""

    def __init__(self, function: Callable[[T], R], tasks: Iterable[T]) -> None:
        self._function = function
        self._tasks = enumerate(tasks)
        self._processes: list[SpawnProcess] = []
        self._wires: list[Connection] = []
        self._busy: dict[Connection, tuple[int, T]] = {}
        self._answers: dict[int, R] = {}
        self._errors: dict[int, BaseException] = {}

    def work(self, workers: int) -> list[R]:
        """Do every task; raise the error of the first that fails."""
        self._start(workers)
        while self._wires and not self._has_failed():
            for wire in wait(self._wires):
                self._hear(cast(Connection, wire))
        for number, task in self._tasks:  # no worker is left: they all were killed
            if self._errors:
                break
            self._do_here(number, task)
        if self._errors:
            raise self._errors[min(self._errors)]
        return [self._answers[number] for number in sorted(self._answers)]

    def end(self) -> None:
        """Kill what still runs, and wait until it is gone."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()
            process.close()
        for wire in self._wires:
            wire.close()

    def _start(self, workers: int) -> None:
        resource_tracker.ensure_running()  # it lets signals through again when it starts
        for _ in range(workers):
            ours, theirs = SPAWN.Pipe()
            process = SPAWN.Process(target=_work, args=(self._function, theirs), daemon=True)
            with deaf_to_interrupts():
                process.start()
            theirs.close()
            self._processes.append(process)
            self._wires.append(ours)

    def _has_failed(self) -> bool:
        """Tell whether a task failed and none before it is still being done."""
        return bool(self._errors) and all(number > min(self._errors) for number, _ in self._busy.values())

    def _hear(self, wire: Connection) -> None:
        """Take the answer of a worker and give it the next task; one that is gone has its task done here."""
        try:
            number, is_good, said = pickle.loads(wire.recv_bytes())
        except (EOFError, OSError):
            self._dismiss(wire)
            return
        self._busy.pop(wire, None)
        if number != READY:
            (self._answers if is_good else self._errors)[number] = said
        following = None if self._errors else next(self._tasks, None)
        if following is None:
            self._dismiss(wire)
            return
        self._busy[wire] = following
        try:
            wire.send(following)
        except OSError:
            self._dismiss(wire)

    def _dismiss(self, wire: Connection) -> None:
        self._wires.remove(wire)
        wire.close()  # the worker ends when it finds nobody there
        if wire in self._busy:
            self._do_here(*self._busy.pop(wire))

    def _do_here(self, number: int, task: T) -> None:
        try:
            self._answers[number] = self._function(task)
        except Exception as error:
            self._errors[number] = error


@contextlib.contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Hold Ctrl-C back; a process that starts meanwhile never hears it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(function: Callable[[Any], object], wire: Connection) -> None:
    """Do tasks until nobody sends any."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        wire.send_bytes(pickle.dumps((READY, True, None)))
        while True:
            number, task = wire.recv()
            wire.send_bytes(_answer(function, number, task))


def _answer(function: Callable[[Any], object], number: int, task: object) -> bytes:
    try:
        return pickle.dumps((number, True, function(task)))
    except Exception as error:
        return _packed(number, error)


def _packed(number: int, error: Exception) -> bytes:
    """Pickle an error; one that could not be unpickled becomes a `RuntimeError` that says the same."""
    try:
        packed = pickle.dumps((number, False, error))
        pickle.loads(packed)
    except Exception:
        said = f"{type(error).__name__}: {error}"
        return pickle.dumps((number, False, RuntimeError(said)))
    return packed


def end_with_parent() -> None:
    """Wait until the process that started this one is gone, and end this one at once."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
