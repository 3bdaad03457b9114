"""`landport route --timetable`: the engine alone, over stops and legs of one's own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from landport.cli import common
from landport.errors import InputError, NotFound

if TYPE_CHECKING:
    from landport.model.stop_times import StopTimes, StopWay, StopWays

MOST_MINUTE = 10**9
SHOWN = 6
"""Stops that a message lists."""
NO_WAY = 3
"""Exit code when there is no way."""


def run(origin: str, destination: str, folder: Path, at: int | None, *, share: float, json: bool, quiet: bool) -> None:
    """Read a timetable, answer, print.

    Raises
    ------
    InputError
        `bad-option`: no minute. `input`: the timetable is wrong; all rows are named.
    NotFound
        `unknown-place`: no such stop. `ambiguous-place`: several have that name.
    """
    from landport import route
    from landport.exchange.stop_times import read_stop_times
    from landport.route.plain import EPS

    if at is None or not 0 <= at <= MOST_MINUTE:
        raise InputError("bad-option", f"--at: expected a minute from 0 to {MOST_MINUTE:,} with --timetable", ("--at",))
    times, remarks = read_stop_times(folder)
    if not quiet:
        common.show_remarks(remarks)
    ends = (stop_of(origin, times), stop_of(destination, times))
    minutes, cost, gauges = (int(share * e) for e in EPS)
    ways = route.Plain(times).ways(*ends, at, eps=(minutes, cost, gauges))
    if json:
        common.print_json(document(ways))
    elif not quiet:
        show(ways, times, ends)
    if ways.earliest is None and not json:
        raise typer.Exit(NO_WAY)


def stop_of(text: str, times: StopTimes) -> str:
    """Find a stop by its id, else by a name that only one has."""
    from difflib import get_close_matches

    stops = times.stops
    if text in set(stops.stop_ids):
        return text
    named = [i for i, name in enumerate(stops.names) if name and name.casefold() == text.strip().casefold()]
    if len(named) == 1:
        return stops.stop_ids[named[0]]
    if named:
        ids = " or ".join(stops.stop_ids[i] for i in named[:SHOWN])
        raise NotFound("ambiguous-place", f"{len(named)} stops are called {text!r}: write the id, {ids}", (text,))
    near = get_close_matches(text, [*stops.stop_ids, *filter(None, stops.names)], n=3, cutoff=0.7)
    advice = f"; did you mean {', '.join(dict.fromkeys(near))}?" if near else ""
    raise NotFound("unknown-place", f"no stop of stops.csv is called {text!r}{advice}", (text,))


def document(ways: StopWays) -> dict[str, Any]:
    """Write ways as the frozen format does."""
    return {
        "earliest": None if ways.earliest is None else _way(ways.earliest),
        "pareto": [_way(way) for way in ways.pareto],
        "complete": ways.is_complete,
    }


def _way(way: StopWay) -> dict[str, Any]:
    fields = asdict(way)
    return {
        "arrival": fields["arrives_at"],
        "cost": fields["cost"],
        "gauge_changes": fields["gauge_changes"],
        "legs": [list(leg) for leg in way.legs],
    }


def show(ways: StopWays, times: StopTimes, ends: tuple[str, str]) -> None:
    """Print the ways as a table."""
    from rich.table import Table

    console = common.stdout()
    if ways.earliest is None:
        console.print(f"no way from {ends[0]} to {ends[1]}: nothing that leaves at that minute or later leads there")
        return
    table = Table("arrival", "cost", "gauge changes", "trips", "legs", box=None, header_style="bold")
    for way in ways.pareto:
        trips = " ".join(dict.fromkeys(trip for trip, _ in way.legs))
        table.add_row(f"{way.arrives_at:,}", f"{way.cost:,}", str(way.gauge_changes), trips, str(len(way.legs)))
    console.print(table)
    exact = "every way that no other beats" if ways.is_complete else "not all: ways close to these are left out"
    console.print(f"{exact} ({len(times.trip):,} legs searched)")
