"""What workers of tests do: at the top level, so that a new process finds it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable

from landport.errors import Infeasible

CHILD = "import time; time.sleep(600)"


def wait_for_ever(data: bytes, notify: Callable[[str], None]) -> bytes:
    """Start a child, say its number and one's own, and never end."""
    child = subprocess.Popen([sys.executable, "-c", CHILD])
    notify(f"{os.getpid()} {child.pid}")
    threading.Event().wait()
    return b""


def eat_memory(data: bytes, notify: Callable[[str], None]) -> bytes:
    """Take more memory than there may be."""
    return b"x" * (8 << 30)


def fail(data: bytes, notify: Callable[[str], None]) -> bytes:
    """Raise an error of ours."""
    raise Infeasible("pin-impossible", "it cannot be done")


def stumble(data: bytes, notify: Callable[[str], None]) -> bytes:
    """Raise an error of nobody's."""
    raise KeyError("never")


def fall(data: bytes, notify: Callable[[str], None]) -> bytes:
    """End without a word."""
    os._exit(3)
