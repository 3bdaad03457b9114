"""Route: milliseconds of a question to a timetable, in CPU seconds of a process on one core, beside goals and peers.

    python -m bench route                                    both timetables, and scipy, which is a dependency
    python -m bench route --python VENV/bin/python           the other peers as well: networkx, rustworkx, pyraptor
    python -m bench route --only small --questions 20        a quick look

Small: 2,000 stops and 50,000 legs of four weeks. Large: 20,000 stops and 1,000,000 legs. Both are drawn from a seed and
read from the plain format, as anybody's would be. Questions are about stops more than 2,500 km apart. Graph libraries
get the same timetable with the same changes as a graph of events, built before the clock starts; every one of their
answers is compared with ours. pyraptor takes seconds, so it gets a timetable of its own: 200 stops and 5,000 legs.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.loading.tables import lay_out
from bench.route import asked, running, tables, timetables
from landport.exchange.stop_times import read_stop_times

SIZES = {"small": timetables.SMALL, "large": timetables.LARGE, "few": timetables.FEW}
MOST_FEW = 20
"""Questions to the timetable of few stops."""


def parsed(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        "bench route", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=sorted(SIZES), help="one timetable")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--python", default=sys.executable, help="interpreter of an environment that has the peers")
    parser.add_argument("--patience", type=float, default=1200.0, help="wall seconds after which a peer is ended")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--markdown", action="store_true")
    return parser.parse_args(words)


def run(name: str, args: argparse.Namespace, folder: Path) -> None:
    """Draw, measure and print one timetable."""
    size = SIZES[name]
    drawn = timetables.draw(size)
    timetables.write(drawn, folder)
    n = min(args.questions, MOST_FEW) if name == "few" else args.questions
    questions = timetables.questions(drawn, n)
    print(f"-- {name}: {size.stops:,} stops, {size.legs:,} legs, {drawn.legs[-1, 0] + 1:,} trips", flush=True)
    found = running.ours(args.core, size, n, folder)
    if name == "small":
        _show(tables.ours(found), args)
        print(tables.checks(found))
    if name == "large":
        _show(tables.large(found), args)
    else:
        peers = running.SLOW if name == "few" else running.QUICK
        _show_peers(found, peers, questions, folder, args)
    if name == "few":
        return
    running.command_line(args.core, questions[0], folder)  # loads what the machine has not read yet
    spent = running.command_line(args.core, questions[0], folder)
    said = "there is no such command yet" if spent is None else f"{spent:.2f} CPU s"
    print(f"landport route .. --timetable .. --json --eps 0, the whole process: {said}", flush=True)


def _show_peers(
    found: dict[str, Any], peers: Sequence[str], questions: timetables.Ints, folder: Path, args: argparse.Namespace
) -> None:
    times, _ = read_stop_times(folder)
    file = folder / "asked.npz"
    asked.save(times, questions, file)
    n = len(questions)
    answers = [running.theirs(args.python, peer, args.core, n, file, args.patience) for peer in peers]
    file.unlink()
    for answer in answers:
        if isinstance(answer, str):
            print(f"  {answer}", file=sys.stderr)
    _show(tables.peers(found, [answer for answer in answers if not isinstance(answer, str)]), args)


def _show(rows: Sequence[tables.Row], args: argparse.Namespace) -> None:
    print(lay_out(rows[0], rows[1:], markdown=args.markdown), flush=True)


def main() -> None:
    """Measure what is wanted."""
    args = parsed(sys.argv[1:])
    has_peers = args.python != sys.executable
    for name in [args.only] if args.only else SIZES if has_peers else ("small", "large"):
        with tempfile.TemporaryDirectory() as folder:
            run(name, args, Path(folder))
    versions = ", ".join(f"{name} {version(name)}" for name in ("landport", "numpy", "numba"))
    print(f"{datetime.now(UTC).date()}, Python {platform.python_version()}, {versions}")


if __name__ == "__main__":
    main()
