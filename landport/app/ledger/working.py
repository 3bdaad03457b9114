"""The worker of a job: a process of its own that gets data, answers data, and never opens the database."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any, Final

from landport.app.jobs import SPAWN, deaf_to_interrupts, end_with_parent
from landport.errors import LandportError

DIE_WITH_PARENT: Final = 1
"""PR_SET_PDEATHSIG of Linux."""

GRACE_S: Final = 2.0
"""Seconds that a worker which has answered, or closed its wire, has to end by itself."""

Notify = Callable[[str], None]
"""Is told of each stage."""

Work = Callable[[bytes, Notify], Any]
"""What a worker does: bytes and whom to tell of stages in, data out. At the top level of a module."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a worker: `stage`, `answer` or `error`."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """What went wrong in a worker."""

    code: str
    message: str


class Worker:
    """A process that does one piece of work.

    Parameters
    ----------
    most_bytes
        Memory that it may take; more is an error of its own, or kills it.

    Notes
    -----
    It leads a session of its own, so that ending it ends whatever it started; and it ends when this process does.
    Start it and listen to it in one thread: on Linux it dies with the thread that started it.
    """

    def __init__(self, work: Work, data: bytes, *, most_bytes: int) -> None:
        ours, theirs = SPAWN.Pipe(duplex=False)
        self._wire: Connection = ours
        self._process = SPAWN.Process(target=_run, args=(work, data, theirs, most_bytes), name="landport-job")
        with deaf_to_interrupts():
            self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid or 0

    def listen(self, seconds: float) -> Said | None:
        """Wait for its next message; None: it said nothing for so long.

        Raises
        ------
        EOFError
            It is gone.
        """
        if not self._wire.poll(seconds):
            return None
        try:
            found = pickle.loads(self._wire.recv_bytes())
        except OSError as error:
            raise EOFError from error
        assert isinstance(found, Said)
        return found

    def kill(self) -> None:
        """Kill it and all that it started; whoever listens hears that it is gone."""
        pid = self._process.pid
        if pid is None or self._process.exitcode is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it has no session of its own yet
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def end(self) -> int:
        """Wait for its end, a moment if it is done, else kill it; answers its exit code, negative for a signal."""
        self._process.join(GRACE_S)
        self.kill()
        self._process.join()
        code = self._process.exitcode or 0
        self._wire.close()
        return code


def _run(work: Work, data: bytes, wire: Connection, most_bytes: int) -> None:
    """Do the work and say what came of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(PermissionError):
        os.setsid()
    threading.Thread(target=end_with_parent, daemon=True).start()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))

    def say(kind: str, value: Any) -> None:
        wire.send_bytes(pickle.dumps(Said(kind, value)))

    try:
        say("answer", work(data, lambda stage: say("stage", stage)))
    except LandportError as error:
        say("error", Failed(error.code, error.message))
    except MemoryError:
        text = f"the job needs more than {most_bytes / 2**30:.1f} GB of memory: plan with less effort, or allow more"
        say("error", Failed(code="job-memory", message=text))
    except Exception as error:  # whatever it is, the server hears of it
        say("error", Failed(code="job-failed", message=f"{type(error).__name__}: {error}"))


def timed(order: Any) -> Any:
    """Give an order the clock of this process, from now on."""
    begun = time.perf_counter()
    return replace(order, stopwatch=lambda: time.perf_counter() - begun)
