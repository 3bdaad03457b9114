"""Loading: how full containers get, in CPU seconds of a process on one core, beside bounds and peers.

    python -m bench loading                          a quick look: two instances of a class, 2 s each
    python -m bench loading --full                   every table: BR0-15 and 40HC, free and supported, 5 s and 30 s
    python -m bench loading --what pairs --python VENV/bin/python      ours and the peers at equal CPU
    python -m bench loading --what fills --print --markdown            the table of what was measured so far

Tables: `fills` (one container by class), `pairs` (ours less the peers', whole processes counted), `rules` (what
support, weight on top, unloading order and balance cost), `fleet` (several containers beside their bound), `week` (a
made-up week of groupage). Runs go to a file, one line each; a table that was interrupted goes on where it stopped.
Instances of a class are taken in the order 1, 11, .., 91, 2, 12, ..
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.loading import cargo, groupage, running, tables, tasks
from bench.loading.instances import sample
from bench.loading.tasks import OURS, Record, Task

TABLES = ("fills", "pairs", "rules", "fleet", "week")
PEERS = ("packingsolver3d", "py3dbp", "packer3d")
FULL = {"classes": "0-15,40HC", "per_class": 20, "seconds": "5,30", "fleet_seconds": 30.0}
PRINTERS = {"fills": tables.fills, "pairs": tables.pairs, "rules": tables.rule_costs, "fleet": tables.fleets}


def families(text: str) -> list[str]:
    """Read `0-2,7,40HC` as BR0, BR1, BR2, BR7, 40HC."""
    found = []
    for part in text.split(","):
        low, _, high = part.partition("-")
        found += [part] if part == "40HC" else [f"BR{n}" for n in range(int(low), int(high or low) + 1)]
    return found


def parsed(words: list[str]) -> argparse.Namespace:
    """Read the command line; `--full` sets what is not set otherwise."""
    parser = argparse.ArgumentParser("bench loading", description=__doc__, formatter_class=_AsWritten)
    parser.add_argument("--what", default="fills,rules,fleet,week", help=f"of {', '.join(TABLES)}")
    parser.add_argument("--classes", help="such as 0-15,40HC; quick look: 1,3,5,7,40HC")
    parser.add_argument("--per-class", type=int, help="instances of each class (of 40HC at most 20); quick look: 2")
    parser.add_argument("--seconds", help="CPU seconds, such as 5,30; quick look: 2")
    parser.add_argument("--mode", default="free,supported", help=f"of fills and pairs: {', '.join(cargo.MODES)}")
    parser.add_argument("--fleet-seconds", type=float, help="CPU seconds of a cargo list; quick look: 10")
    parser.add_argument("--full", action="store_true", help="everything in one command; hours")
    parser.add_argument("--peer", default=",".join(PEERS), help="of pairs, or of fills with --python")
    parser.add_argument("--python", default="", help="interpreter of an environment that has the peers")
    parser.add_argument("--peers-only", action="store_true", help="nothing of ours in fills and pairs")
    parser.add_argument("--jobs", type=int, default=1, help="instances at once, each on a core of its own")
    parser.add_argument("--out", type=Path, default=Path("out/bench/loading.jsonl"))
    parser.add_argument("--print", action="store_true", dest="is_printed", help="run nothing")
    parser.add_argument("--markdown", action="store_true")
    groupage.options(parser)
    args = parser.parse_args(words)
    usual = FULL if args.full else {"classes": "1,3,5,7,40HC", "per_class": 2, "seconds": "2", "fleet_seconds": 10.0}
    for name, value in usual.items():
        if getattr(args, name) is None:
            setattr(args, name, value)
    args.wanted = args.what.split(",")
    if unknown := sorted(set(args.wanted) - set(TABLES)):
        parser.error(f"no table {', '.join(unknown)}; there are {', '.join(TABLES)}")
    return args


class _AsWritten(argparse.RawDescriptionHelpFormatter):
    """Keep the lines of the module's text."""


def planned(args: argparse.Namespace, table: str) -> Iterator[Task]:
    """List the tasks of a table."""
    ours, seconds = tasks.our_version(), [float(s) for s in args.seconds.split(",")]
    if table == "fleet":
        for mode in cargo.FLEETS:
            for name in sample("fleet", min(20, 2 * args.per_class)):
                yield Task(OURS, ours, "search", args.fleet_seconds, mode, name)
        return
    if table == "rules":
        setups = [(OURS, ours, "search", mode) for mode in cargo.MODES]
        chosen, seconds = ["40HC"], seconds[:1]
    else:
        counted = "process" if table == "pairs" else "search"
        setups = [(OURS, ours, counted, mode) for mode in args.mode.split(",") if not args.peers_only]
        chosen = families(args.classes)
        if args.python or table == "pairs":
            setups += [(*peer, "process", mode) for mode in args.mode.split(",") for peer in _peers(args, mode)]
    for s in seconds:
        for family in chosen:
            for name in sample(family, min(args.per_class, 10) if args.full and family[:2] == "BR" else args.per_class):
                for solver, version, counted, mode in setups:
                    yield Task(solver, version, counted, s, mode, name)


def _peers(args: argparse.Namespace, mode: str) -> Iterator[tuple[str, str]]:
    """Name the peers that are installed and have such a mode, with their versions."""
    for peer in args.peer.split(","):
        if mode == "free" or (mode == "supported" and peer == "packer3d"):
            version = running.version(peer, args.python or sys.executable)
            if version is None:
                print(f"  {peer} is not installed there", file=sys.stderr)
            else:
                yield peer, version


def _run(todo: Iterable[Task], args: argparse.Namespace) -> None:
    missing = tasks.missing(todo, tasks.latest(tasks.read(args.out)))
    python = args.python or sys.executable
    running.run(missing, args.out, jobs=args.jobs, python=python, say=lambda line: print(f"  {line}", flush=True))


def _chosen(todo: Iterable[Task], args: argparse.Namespace) -> list[Record]:
    known = tasks.latest(tasks.read(args.out))
    return [known[task] for task in dict.fromkeys(todo) if task in known]


def _provenance(records: list[Record]) -> str:
    days = sorted({r.on for r in records}) or ["never"]
    versions = sorted({f"{r.task.solver} {r.task.version}" for r in records})
    return f"{days[0]} to {days[-1]}, Python {platform.python_version()}, {', '.join(versions)}"


def main() -> None:
    """Run what is missing and print the tables."""
    args = parsed(sys.argv[1:])
    for table in args.wanted:
        print(f"-- {table}", flush=True)
        if table == "week":
            groupage.report_week(args)
            continue
        todo = [*planned(args, table)]
        if not args.is_printed:
            _run(todo, args)
        records = _chosen(todo, args)
        print(PRINTERS[table](records, markdown=args.markdown))
        print(f"\n{_provenance(records)}")


if __name__ == "__main__":
    main()
