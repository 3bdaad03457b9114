"""Run ours, the peers and the command line, each a process that keeps to one core."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.route.tables import Answers
from bench.route.timetables import Ints, Size, stop_id

PEERS = Path(__file__).with_name("peers.py")
QUICK = ("networkx", "networkx_bidirectional", "rustworkx", "scipy")
SLOW = ("pyraptor",)


def ours(core: int, size: Size, n: int, folder: Path) -> dict[str, Any]:
    """Measure landport."""
    numbers = (core, size.stops, size.legs, size.seed, n)
    command = [sys.executable, "-m", "bench.route.worker", *map(str, numbers), str(folder)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def theirs(python: str, name: str, core: int, n: int, file: Path, patience_s: float) -> Answers | str:
    """Ask a peer; a text says why it did not answer."""
    asked = subprocess.run([python, str(PEERS), name, "--version", "0", "-"], capture_output=True, text=True)
    if asked.returncode:
        return f"{name} is not installed there"
    command = [python, str(PEERS), name, str(core), str(n), str(file)]
    try:
        answered = subprocess.run(command, capture_output=True, text=True, timeout=patience_s)
    except subprocess.TimeoutExpired:
        return f"{name} {json.loads(asked.stdout)['version']} did not answer {n} questions in {patience_s:g} s"
    if answered.returncode:
        return f"{name} failed: {answered.stderr.strip().splitlines()[-1]}"
    found = json.loads(answered.stdout)
    return Answers(name, found["version"], tuple(found["seconds"]), tuple(found["arrivals"]))


def command_line(core: int, question: Ints, folder: Path) -> float | None:
    """CPU seconds of `landport route`, the whole process; None where there is no such verb."""
    start, end, at = (int(x) for x in question)
    words = ["route", stop_id(start), stop_id(end), "--timetable", str(folder), "--at", str(at), "--json", "--eps", "0"]
    process = subprocess.Popen(
        [sys.executable, "-c", "import landport.cli; landport.cli.main()", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return None if process.returncode else usage.ru_utime + usage.ru_stime
