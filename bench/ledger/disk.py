"""How often a second a disk makes 4 kB durable: the bound of whoever commits one booking at a time."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

BLOCKS = 1_000


def name(folder: Path) -> str:
    """Name the device and file system under a folder, as the system does."""
    best, said = "", "unknown"
    for line in Path("/proc/mounts").read_text().splitlines():
        device, mount, kind = line.split()[:3]
        if str(folder.resolve()).startswith(mount) and len(mount) > len(best):
            best, said = mount, f"{kind} on {device}"
    return said


def rate(folder: Path, seconds: float = 3.0) -> float:
    """Overwrite blocks of 4 kB in a file, each made durable by fdatasync; count them a second."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        file = os.open(Path(scratch) / "blocks", os.O_CREAT | os.O_RDWR)
        try:
            os.pwrite(file, bytes(4096 * BLOCKS), 0)
            os.fsync(file)
            begun, n = time.perf_counter(), 0
            while time.perf_counter() - begun < seconds:
                os.pwrite(file, n.to_bytes(8, "big") * 512, n % BLOCKS * 4096)
                os.fdatasync(file)
                n += 1
            return n / (time.perf_counter() - begun)
        finally:
            os.close(file)
