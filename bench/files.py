"""Scenario files: CPU seconds and peak memory for writing and reading many cargo items, each in its own process.

python -m bench.files [--items 1000000]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from landport import exchange
from landport.exchange.example import example
from landport.model.bookings import CargoItem
from landport.reference import load


def write(path: Path, n: int) -> None:
    """Write a scenario of n items, after making them."""
    world = load.world()
    one = example(world)
    first = one.items[0]
    items = tuple(_item(first, i) for i in range(n))
    began = time.process_time()
    exchange.write_scenario(replace(one, items=items), path, world)
    _say("write", path, began)


def _item(like: CargoItem, i: int) -> CargoItem:
    return replace(like, item_id=f"I{i}", length_mm=300 + i % 997, width_mm=200 + i % 809, mass_g=5000 + i % 40_000)


def read(path: Path, n: int) -> None:
    """Read it back."""
    world = load.world()
    began = time.process_time()
    scenario, _ = exchange.read_scenario(path, world)
    assert len(scenario.items) == n
    _say("read", path, began)


def _say(what: str, path: Path, began: float) -> None:
    spent, peak = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {what:5} {path.name:10} {spent:7.1f} CPU s, peak {peak:.0f} MB", flush=True)


def main() -> None:
    """Write and read a folder and a workbook."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--only", nargs=2, metavar=("WHAT", "PATH"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.only:
        {"write": write, "read": read}[args.only[0]](Path(args.only[1]), args.items)
        return
    print(f"{args.items} cargo items")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("week", "week.xlsx"):
            for what in ("write", "read"):
                command = [sys.executable, "-m", "bench.files", f"--items={args.items}", "--only", what, folder]
                subprocess.run([*command[:-1], f"{folder}/{name}"], check=True)


if __name__ == "__main__":
    main()
