"""Small random timetables in the plain format, to search by brute force."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

STOP_HEAD = ("stop", "name", "region", "lon", "lat", "transfer_min", "transfer_cost", "gauge_min", "gauge_cost")
LEG_HEAD = ("trip", "seq", "from", "to", "dep_min", "arr_min", "cost", "gauge")
GAUGES = (1435, 1520)

Row = Sequence[object]


def write(folder: Path, stops: Iterable[Row], legs: Iterable[Row], *, encoding: str = "utf-8") -> Path:
    """Write the two files; answers the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, head, rows in (("stops", STOP_HEAD, stops), ("departures", LEG_HEAD, legs)):
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])
    return folder


def random_timetable(
    folder: Path,
    *,
    seed: int,
    n_stops: int,
    n_trips: int,
    horizon: int,
    legs: tuple[int, int] = (1, 4),
    ride: tuple[int, int] = (1, 30),
    dwell: tuple[int, int] = (0, 3),
    change: tuple[int, int] = (0, 6),
    short: float = 0.1,
    fixed_gauge: float = 0.3,
    quick: float = 0.3,
    n_costs: int = 5,
) -> Path:
    """Write a right timetable; the same arguments give the same files.

    Parameters
    ----------
    horizon
        Trips leave their first stop before this minute.
    legs, ride, dwell, change
        Fewest and most legs of a trip; least and most minutes of a leg, at a stop, and of a change.
    short
        Share of legs that take no time. They lead to a stop farther down the list, so that they make no circle.
    fixed_gauge
        Share of stops where the gauge cannot be changed.
    quick
        Share of stops where a change takes no time, counted once for each kind of change.
    n_costs
        How many prices there are, so that some ways cost the same; some are 0.
    """
    draw = random.Random(seed)
    stops = [_stop(draw, s, change, fixed_gauge, quick, n_costs) for s in range(n_stops)]
    rows: list[Row] = []
    for trip in range(n_trips):
        gauge, minute = draw.choice(GAUGES), draw.randrange(horizon)
        at, first = draw.randrange(n_stops), draw.randrange(3)
        for seq in range(first, first + draw.randint(*legs)):
            to = (at + draw.randrange(1, n_stops)) % n_stops
            minutes = 0 if to > at and draw.random() < 2 * short else draw.randint(*ride)
            cost = 10 * draw.randrange(n_costs)
            rows.append((f"t{trip}", seq, f"s{at}", f"s{to}", minute, minute + minutes, cost, gauge))
            at, minute = to, minute + minutes + draw.randint(*dwell)
    draw.shuffle(rows)
    return write(folder, stops, rows)


def _stop(draw: random.Random, s: int, change: tuple[int, int], fixed_gauge: float, quick: float, n_costs: int) -> Row:
    same, other = (0 if draw.random() < quick else draw.randint(*change) for _ in range(2))
    gauge: Row = ("", "") if draw.random() < fixed_gauge else (other, 10 * draw.randrange(n_costs))
    lon, lat = round(draw.uniform(-180, 180), 4), round(draw.uniform(-90, 90), 4)
    place: Row = (lon, lat) if draw.random() < 0.8 else ("", "")
    return (f"s{s}", f"Stop {s}", f"R{s % 7}", *place, same, 10 * draw.randrange(n_costs), *gauge)
