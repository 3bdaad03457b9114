"""A long log on SQLite: how long it takes to fold it anew, to verify it, to read one state, and with how much memory.

    python -m bench.ledger --parts million [--events 1000000]
    python -m bench.ledger.million make|read FILE [EVENTS]

Each is a process of its own, whose CPU seconds and peak of memory the system counts: `landport db rebuild`, `landport
db verify`, and one that reads states of consignments at random, decoded.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles

from bench.ledger import log
from bench.ledger.served import LANDPORT
from landport import track
from landport.app.ledger.projecting import States
from landport.store import View, open_store, states, tending

TENANT = "port"
N_READ = 5_000
"""States that are read."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a process took, and what it said."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    said: str

    def __str__(self) -> str:
        """Write it for a reader."""
        return f"{self.wall_s:6.1f} s wall {self.cpu_s:6.1f} s CPU {self.peak_mb:5.0f} MB"


def run(*command: str | Path) -> Run:
    """Run a command to its end."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}: {said}")
    return Run(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said.strip())


def measure(folder: Path, n_events: int) -> None:
    """Make a log and say what became of it."""
    file, itself = folder / "million.db", (sys.executable, "-m", "bench.ledger.million")
    made = run(*itself, "make", file, str(n_events))
    print(f"{'a log made by appending':30} {made}  {made.said}, {file.stat().st_size / 1e6:.0f} MB", flush=True)
    for verb in ("rebuild", "verify"):
        print(f"{'landport db ' + verb:30} {run(LANDPORT, 'db', verb, '--db', file, '--quiet')}", flush=True)
    read = run(*itself, "read", file)
    print(f"{'states, one after the other':30} {read}  {read.said}", flush=True)


def make(file: str, n_events: int) -> None:
    """Make a database with so many events at least."""
    tending.make(file)
    with closing(open_store(file, clock=lambda: datetime.now(UTC), projection=States())) as store:
        print(f"{log.fill(store, n_events, tenant_id=TENANT):,} events")


def read(file: str) -> None:
    """Read states of consignments at random, and say how long one takes."""
    with closing(open_store(file, clock=lambda: datetime.now(UTC), mode="read", projection=States())) as store:
        booked = store.read(TENANT, lambda view: sum(states.counts(view, "consignment").values()))
        rng, took = Random(1), []
        for _ in range(N_READ):
            wanted = f"B{rng.randrange(booked):06d}"

            def find(view: View, wanted: str = wanted) -> states.Found | None:
                return states.find(view, "consignment", wanted)

            begun = time.perf_counter()
            found = store.read(TENANT, find)
            assert found is not None
            track.state_from("consignment", found.document)
            took.append(1e3 * (time.perf_counter() - begun))
    print(f"{N_READ:,} of {booked:,}: median {median(took):.2f} ms, p99 {quantiles(took, n=100)[98]:.2f} ms")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]))
    else:
        read(sys.argv[2])
