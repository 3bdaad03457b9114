"""A disk that is really full: a file system of 4 MB in memory, mounted where nobody else sees it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALONE = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--mount", "--map-root-user")
MOUNT = 'mount -t tmpfs -o size=4m tmpfs "$0"'


def run(folder: Path, then: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Do something on a small disk of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [*ALONE, "sh", "-c", f"{MOUNT} && {then}", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)


def test_a_disk_that_is_really_full(tmp_path):
    """Writes are refused as `disk-full`, nothing half-written is there, reads go on; with room, all goes on."""
    if shutil.which("unshare") is None or run(tmp_path, "true").returncode:
        pytest.skip("no file system can be mounted here")
    done = run(tmp_path, '"$1" -m tests.store.fill "$0"', sys.executable)
    assert (done.returncode, "before the disk was full, 3 after" in done.stdout) == (0, True), done.stderr
