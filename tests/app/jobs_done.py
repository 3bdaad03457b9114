"""Top-level functions for tests of jobs: a worker must be able to import what it does."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing import parent_process
from pathlib import Path

from landport.errors import InputError, Problem


def square(n: int) -> int:
    return n * n


def slow_first(n: int) -> tuple[int, int]:
    """The first task takes longest, so that answers come in another order than tasks."""
    time.sleep(0.3 if n == 0 else 0)
    return n, os.getpid()


def fail_at_two(n: int) -> int:
    """Tasks 2 and 3 fail, 3 long before 2."""
    if n == 2:
        time.sleep(0.5)
    if n in (2, 3):
        raise InputError.of([Problem(file="a.csv", row=n, expected=f"task {n}")])
    return n


class Odd(Exception):
    """An error that cannot be unpickled."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} and {other}")


def fail_oddly(n: int) -> int:
    raise Odd(n, n)


def die(n: int) -> int:
    """Be killed by the system, in a worker; alive in the process that started it."""
    if n == 1 and parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return n


def touch(path: str) -> str:
    Path(path).touch()
    return path


def sleep_long(folder: str) -> None:
    """Say which process this is, and be busy."""
    (Path(folder) / f"{os.getpid()}.pid").touch()
    time.sleep(600)
