"""`landport serve` as a process of its own: started, asked, stopped, killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = (sys.executable, "-c", "from landport.cli import main; main()")


class Process:
    """A running `landport serve`; `url` where it answers, `link` the token of the first link (empty: none)."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.errors = (folder / "stderr.txt").open("ab")
        self.process = subprocess.Popen(
            [*PROGRAM, "serve", "--port", "0", *options],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        found = re.search(r"http://\S+", said)
        assert found, f"{said!r}: {(folder / 'stderr.txt').read_text()}"
        self.url = found.group()
        self.link = ""

    def read_link(self) -> str:
        """Read the line of the first start."""
        assert self.process.stdout is not None
        self.link = self.process.stdout.readline().rpartition("#")[2].strip()
        return self.link

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and answer the exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait until it is gone."""
        code = self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.errors.close()
        return code


@contextmanager
def process(folder: Path, *options: str) -> Iterator[Process]:
    """Run a server; it is killed at the end, if it still runs."""
    found = Process(folder, *options)
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.process.kill()
        if not found.errors.closed:
            found.wait()


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run another command."""
    return subprocess.run([*PROGRAM, *words], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
