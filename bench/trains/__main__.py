"""Trains: which run and what rides on them, landport against a program over arcs at equal seconds, and Canad.

    python -m bench trains                                   10 seeds of 1,200 containers, and the Canad instances
    python -m bench trains --python VENV/bin/python          CP-SAT as well, from an environment that has ortools
    python -m bench trains --containers 12000 --seconds 150 --seeds 3
    python -m bench trains --only canad --seconds 600

Instances are drawn by `bench.trains.generate`, the same on any machine. Peers are HiGHS and OR-tools CP-SAT; both get
the whole instance as one mixed-integer program, containers of equal destination, due hour and priority together, on
one thread and for the same wall seconds; laying the program out is not counted. Of landport the whole command is
counted. Every plan is judged by the auditor, and its cost recounted. The gap is to a solver's own bound.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.loading.tables import lay_out
from bench.trains import canad, running
from bench.trains.generate import generate, write
from bench.trains.model import Model
from bench.trains.running import OURS, Run
from landport.model.plain_assembly import MICROS

HEAD = (
    "solver",
    "containers",
    "seed",
    "cost",
    "bound",
    "gap %",
    "above best %",
    "wall s",
    "CPU s",
    "peak MB",
    "faults",
)


def parsed(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        "bench trains", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=("seeds", "canad"), help="one of the two parts")
    parser.add_argument("--containers", type=int, nargs="+", default=[1200])
    parser.add_argument("--seeds", type=int, default=10, help="how many, from --first on")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60.0, help="wall seconds of each solver and instance")
    parser.add_argument("--solvers", nargs="+", choices=(OURS, *running.PEERS), default=[OURS, *running.PEERS])
    parser.add_argument("--python", default=sys.executable, help="interpreter of an environment that has ortools")
    parser.add_argument("--canad", type=Path, default=canad.FOLDER, help="folder with the .dow files")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--markdown", action="store_true")
    return parser.parse_args(words)


def interpreters(args: argparse.Namespace) -> dict[str, str]:
    """Find an interpreter for each peer that is wanted, and say which there is none for."""
    found = {}
    for peer in running.PEERS:
        if peer in args.solvers:
            pythons = dict.fromkeys((sys.executable, args.python))
            found[peer] = next((p for p in pythons if running.version(peer, p)), "")
            if not found[peer]:
                print(f"{peer} is not installed and is left out: give --python of an environment that has it")
    return {peer: python for peer, python in found.items() if python}


def run(containers: int, seed: int, args: argparse.Namespace, peers: dict[str, str]) -> list[Run]:
    """Draw one instance and let everybody solve it."""
    case = generate(containers, seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(case, folder)
        runs = []
        if OURS in args.solvers:
            runs.append(running.ours(case, folder, args.seconds, args.core, containers=containers, seed=seed))
        if peers:
            model, file = Model(case), folder / "program.npz"
            running.save(model, file)
            at = (containers, seed)
            runs += [
                running.theirs(peer, python, model, file, args.seconds, args.core, at=at)
                for peer, python in peers.items()
            ]
    return runs


def rows(runs: Sequence[Run]) -> list[tuple[str, ...]]:
    """Write what was made of one instance, one row a solver."""
    best = min((r.cost for r in runs if r.cost is not None), default=None)
    return [_row(r, best) for r in runs]


def _row(r: Run, best: int | None) -> tuple[str, ...]:
    cost = "none" if r.cost is None else f"{r.cost / MICROS:,.0f}"
    above = "" if r.cost is None or not best else f"{100 * (r.cost / best - 1):.3f}"
    bound = "none" if math.isinf(r.bound) else f"{r.bound / MICROS:,.0f}"
    figures = (f"{r.wall_s:.1f}", f"{r.cpu_s:.1f}", f"{r.peak_mb:,.0f}")
    return (r.solver, f"{r.containers:,}", str(r.seed), cost, bound, _share(r.gap), above, *figures, " ".join(r.faults))


def _share(gap: float) -> str:
    return "-" if math.isinf(gap) else f"{100 * gap:.4f}"


def sums(runs: Sequence[Run]) -> list[tuple[str, ...]]:
    """Sum up what each solver made of all seeds of a size."""
    table: list[tuple[str, ...]] = [
        ("solver", "containers", "plans", "closed", "gap %, median", "worst", "wall s, median", "worst",
         "CPU s, median", "peak MB")
    ]  # fmt: skip
    for key in dict.fromkeys((r.solver, r.containers) for r in runs):
        of = [r for r in runs if (r.solver, r.containers) == key]
        n, closed = sum(r.cost is not None for r in of), sum(r.gap <= CLOSED for r in of)
        gaps, walls = sorted(r.gap for r in of), [r.wall_s for r in of]
        middle = gaps[len(gaps) // 2] if math.isinf(gaps[-1]) else median(gaps)
        figures = (f"{median(walls):.1f}", f"{max(walls):.1f}", f"{median(r.cpu_s for r in of):.1f}")
        share = (_share(middle), _share(gaps[-1]))
        peak = f"{max(r.peak_mb for r in of):,.0f}"
        table.append((key[0], f"{key[1]:,}", f"{n}/{len(of)}", f"{closed}/{len(of)}", *share, *figures, peak))
    return table


CLOSED = 1e-4
"""Gap that counts as closed."""


def seeds(args: argparse.Namespace) -> None:
    """Solve every seed of every size and print a row as soon as it is known, then the sums."""
    peers, runs = interpreters(args), []
    for containers in args.containers:
        for seed in range(args.first, args.first + args.seeds):
            found = run(containers, seed, args, peers)
            runs += found
            print(lay_out(HEAD, rows(found), markdown=args.markdown), flush=True)
    table = sums(runs)
    print(f"\nall seeds, {args.seconds:g} s each; closed: a gap of at most {CLOSED:.2%}")
    print(lay_out(table[0], table[1:], markdown=args.markdown), flush=True)


def main() -> None:
    """Measure what is wanted."""
    args = parsed(sys.argv[1:])
    if args.only != "canad":
        seeds(args)
    if args.only != "seeds":
        canad.run(args.canad, args.seconds, args.core, markdown=args.markdown)
    versions = ", ".join(f"{name} {version(name)}" for name in ("landport", "numpy", "highspy"))
    print(f"{datetime.now(UTC).date()}, Python {platform.python_version()}, {versions}")


if __name__ == "__main__":
    main()
