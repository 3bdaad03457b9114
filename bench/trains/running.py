"""Run ours and the peers, each a process that keeps to one core, and have the auditor judge every plan."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.trains.model import Model
from landport import audit
from landport.exchange import read_plain_plan
from landport.model.plain_assembly import PlainCase, PlainPlan

PEERS_FILE = Path(__file__).with_name("peers.py")
PEERS = ("highspy", "ortools")
OURS = "landport"
PATIENCE = 3
"""A process is ended after so many times its seconds, and a minute."""

COMMAND = "import sys; from landport.cli import main; main(sys.argv[1:])"


@dataclass(frozen=True, slots=True)
class Run:
    """What a solver made of an instance; money in micros, None: no plan.

    Parameters
    ----------
    peak_mb
        Most memory that the process had at once.
    faults
        Rules that the plan breaks.
    """

    solver: str
    containers: int
    seed: int
    cost: int | None
    bound: float
    wall_s: float
    cpu_s: float
    peak_mb: float
    faults: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """Share of its cost that its own bound leaves open; infinite without a plan."""
        return math.inf if self.cost is None else max(0.0, 1 - self.bound / self.cost) if self.cost else 0.0


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process used, and what it said."""

    code: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    out: str


def spend(command: list[str], core: int, patience_s: float) -> Spent:
    """Run a process on a core to its end, or end it."""
    began = time.perf_counter()
    process = subprocess.Popen(
        ["timeout", "--signal=KILL", f"{patience_s:.0f}", "taskset", "-c", str(core), *command],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu_s = usage.ru_utime + usage.ru_stime
    return Spent(process.returncode, time.perf_counter() - began, cpu_s, usage.ru_maxrss / 1024, out)


def ours(case: PlainCase, folder: Path, seconds: float, core: int, *, containers: int, seed: int) -> Run:
    """Run `landport assemble` on a folder: the whole process, reading, auditing and writing counted."""
    out = folder / "plan.json"
    command = [sys.executable, "-c", COMMAND, "assemble", str(folder), "--out", str(out), "--quiet"]
    spent = spend([*command, "--limit", f"{seconds:g}"], core, PATIENCE * seconds + 60)
    figures = (spent.wall_s, spent.cpu_s, spent.peak_mb)
    if spent.code:
        return Run(OURS, containers, seed, None, 0.0, *figures, faults=(f"exit {spent.code}",))
    found = read_plain_plan(out)
    faults = judged(case, found.plan, found.cost, found.bound)
    return Run(OURS, containers, seed, found.cost, found.bound, *figures, faults=faults)


def judged(case: PlainCase, plan: PlainPlan, cost: int, bound: int) -> tuple[str, ...]:
    """Name the rules that a plan breaks."""
    found = audit.check_plain(plan, case, cost_micros=cost, bound_micros=bound)
    return tuple(dict.fromkeys(v.code for v in found))


def version(peer: str, python: str) -> str | None:
    """Version of a peer, None where it is not installed."""
    asked = subprocess.run([python, str(PEERS_FILE), peer, "--version", "0", "0", ""], capture_output=True, text=True)
    return str(json.loads(asked.stdout)["version"]) if asked.returncode == 0 else None


def save(model: Model, path: Path) -> None:
    """Write a program as the arrays that peers read."""
    program, matrix = model.program, model.program.matrix()
    np.savez(
        path,
        cost=np.array(program.cost, np.int64),
        upper=np.array(program.upper, np.int64),
        low=np.array(program.lower_side, np.int64),
        high=np.array(program.upper_side, np.int64),
        start=matrix.indptr,
        index=matrix.indices,
        value=matrix.data,
    )


def theirs(peer: str, python: str, model: Model, file: Path, seconds: float, core: int, *, at: tuple[int, int]) -> Run:
    """Run a peer on a program that is laid out already; `at`: containers and seed."""
    command = [python, str(PEERS_FILE), peer, str(core), f"{seconds:g}", str(at[1]), str(file)]
    spent = spend(command, core, PATIENCE * seconds + 60)
    figures = (spent.wall_s, spent.cpu_s, spent.peak_mb)
    if spent.code:
        return Run(peer, *at, None, 0.0, *figures, faults=(f"exit {spent.code}",))
    answer = json.loads(spent.out)
    constant = model.program.constant
    bound = -math.inf if answer["bound"] is None else answer["bound"] + constant
    values = answer["values"]
    if values is None:
        return Run(peer, *at, None, bound, *figures)
    cost = sum(c * v for c, v in zip(model.program.cost, values, strict=True)) + constant
    faults = judged(model.case, model.plan(values), cost, 0)
    return Run(peer, *at, cost, bound, *figures, faults=faults)
