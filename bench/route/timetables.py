"""Made-up timetables of block trains over three gauge zones, and questions about them, each from a seed.

Stops lie on 8,000 x 2,500 km. A line goes 4 to 12 stops along one direction, mostly east or west, from stop to near
stop, at 30 to 55 km/h, and is run again every week. The gauge is 1435 mm in the west and the east and 1520 mm between;
a train is cut where the zone changes. Gauges can be changed at stops at most 500 km from the edge of a zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Ints = NDArray[np.int64]

WIDE_KM, HIGH_KM = 8000, 2500
EDGES_KM = (2700, 5600)
"""Where gauge zones meet, west to east."""

ZONES_MM = (1435, 1520, 1435)
NEAR_KM = 500
"""From an edge: so far gauges can be changed."""

FAR_KM = 2500
"""Questions are about stops that lie farther apart."""

N_NEAR = 8
DETOUR = 1.2
WEEK = 7 * 1440
WEEKS = 4


@dataclass(frozen=True, slots=True)
class Size:
    """What a timetable is drawn from."""

    stops: int
    legs: int
    seed: int = 1


SMALL = Size(2_000, 50_000)
LARGE = Size(20_000, 1_000_000)
FEW = Size(200, 5_000)
"""For peers that take seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A timetable as it was drawn, legs by trip and seq.

    Parameters
    ----------
    xy
        Km east and north, shape (s, 2).
    transfer, gauge_change
        Minutes and money of a change at each stop, shape (s, 2); minutes -1: impossible.
    legs
        Trip, seq, from, to, departure, arrival, cost, gauge, shape (n, 8).
    kgco2e
        Of each leg, shape (n,): the plain format has no column for it.
    """

    xy: NDArray[np.float64]
    transfer: Ints
    gauge_change: Ints
    legs: Ints
    kgco2e: Ints


def draw(size: Size) -> Drawn:
    """Draw a timetable; the same size and seed give the same one."""
    rng = np.random.default_rng(size.seed)
    xy = rng.random((size.stops, 2)) * np.array([WIDE_KM, HIGH_KM])
    near = cKDTree(xy).query(xy, k=1 + min(N_NEAR, size.stops - 1))[1][:, 1:]
    parts, n = [_none()], 0
    while n < size.legs:
        paths = _paths(rng, xy, near, 64 + (size.legs - n) // (8 * WEEKS))
        parts.append(_runs(rng, xy, paths, first_run=int(parts[-1][0].max(initial=-1)) + 1))
        n += parts[-1].shape[1]
    columns = np.concatenate(parts, axis=1)[:, : size.legs]
    run, starts, kgco2e = columns[0], columns[2], columns[7]
    gauge = np.array(ZONES_MM)[_zone(xy[starts, 0])]
    is_new = np.ones(size.legs, bool)
    is_new[1:] = (run[1:] != run[:-1]) | (gauge[1:] != gauge[:-1])
    trip = np.cumsum(is_new) - 1
    seq = np.arange(size.legs) - np.flatnonzero(is_new)[trip] + 1
    border = rng.random(size.stops) < 0.1
    edge_km = np.abs(xy[:, 0, None] - np.array(EDGES_KM)).min(axis=1)
    return Drawn(
        xy=xy,
        transfer=np.where(border[:, None], [720, 150], [180, 60]),
        gauge_change=np.where(edge_km[:, None] < NEAR_KM, [720, 330], [-1, 0]),
        legs=np.stack([trip, seq, starts, *columns[3:7], gauge], axis=1),
        kgco2e=kgco2e,
    )


def _none() -> Ints:
    return np.zeros((8, 0), np.int64)


def _zone(x_km: NDArray[np.float64]) -> Ints:
    return np.searchsorted(np.array(EDGES_KM), x_km, side="left")


def _paths(rng: np.random.Generator, xy: NDArray[np.float64], near: Ints, n: int) -> Ints:
    """Draw stops of n lines, -1 after the last; each step goes to the near stop that lies farthest in its direction."""
    wanted = rng.integers(4, 13, n)
    heading = rng.normal(size=(n, 2)) * np.array([3.0, 1.0])
    paths = np.full((n, 13), -1, np.int64)
    paths[:, 0] = rng.integers(len(xy), size=n)
    goes = np.ones(n, bool)
    for step in range(1, 13):
        here = paths[:, step - 1]
        choice = near[here]
        gain = ((xy[choice] - xy[here][:, None]) * heading[:, None]).sum(axis=2)
        gain[(choice[:, :, None] == paths[:, None, :step]).any(axis=2)] = -np.inf
        best = gain.argmax(axis=1)
        goes &= (step <= wanted) & np.isfinite(gain[np.arange(n), best])
        paths[:, step] = np.where(goes, choice[np.arange(n), best], -1)
    return paths[paths[:, 2] >= 0]


def _runs(rng: np.random.Generator, xy: NDArray[np.float64], paths: Ints, *, first_run: int) -> Ints:
    """Run lines every week: rows run, step, from, to, departure, arrival, cost, kgCO2e, legs in order of these."""
    n, steps = len(paths), paths.shape[1] - 1
    starts, ends = paths[:, :-1], paths[:, 1:]
    has_leg = ends >= 0
    km = np.linalg.norm(xy[starts] - xy[ends], axis=2)
    speed = rng.uniform(30, 55, n) / 60
    takes = np.maximum(30, km * DETOUR / speed[:, None]).astype(np.int64)
    first = rng.integers(0, WEEK, n)
    stay = rng.integers(20, 240, (n, WEEKS, steps))
    spent = np.cumsum(takes[:, None] + stay, axis=2) - takes[:, None] - stay
    departs = first[:, None, None] + WEEK * np.arange(WEEKS)[None, :, None] + spent
    usd_km, kg_km = 0.45 * rng.uniform(0.8, 1.3, n), rng.choice([0.15, 0.35], n)
    run = first_run + np.arange(n * WEEKS).reshape(n, WEEKS, 1)
    columns = (
        run,
        np.arange(steps)[None, None],
        starts[:, None],
        ends[:, None],
        departs,
        departs + takes[:, None],
        (km * usd_km[:, None]).astype(np.int64)[:, None],
        (km * kg_km[:, None]).astype(np.int64)[:, None],
    )
    runs = np.broadcast_to(has_leg[:, None], departs.shape)
    return np.stack([np.broadcast_to(column, departs.shape)[runs] for column in columns])


def write(drawn: Drawn, folder: Path) -> None:
    """Write `stops.csv` and `departures.csv`, the plain format."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["stop,name,region,lon,lat,transfer_min,transfer_cost,gauge_min,gauge_cost"]
    zones = _zone(drawn.xy[:, 0]).tolist()
    for i, ((x, y), (minutes, cost), (gauge, paid)) in enumerate(
        zip(drawn.xy.tolist(), drawn.transfer.tolist(), drawn.gauge_change.tolist(), strict=True)
    ):
        changes = f"{gauge},{paid}" if gauge >= 0 else ","
        place = f"{20 + x / 78.7:.4f},{34 + y / 111.2:.4f}"
        lines.append(f"{stop_id(i)},Stop {i},zone {zones[i] + 1},{place},{minutes},{cost},{changes}")
    (folder / "stops.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with (folder / "departures.csv").open("w", encoding="utf-8") as file:
        file.write("trip,seq,from,to,dep_min,arr_min,cost,gauge\n")
        for trip, seq, start, end, *rest in drawn.legs.tolist():
            file.write(f"{trip_id(trip)},{seq},{stop_id(start)},{stop_id(end)},{','.join(map(str, rest))}\n")


def stop_id(stop: int) -> str:
    """Name a stop."""
    return f"S{stop:05d}"


def trip_id(trip: int) -> str:
    """Name a trip, so that names sort as numbers do."""
    return f"T{trip:06d}"


def questions(drawn: Drawn, n: int, *, seed: int = 7, far_km: float = FAR_KM) -> Ints:
    """Draw n questions: from, to and minute of the first five days, shape (n, 3)."""
    rng = np.random.default_rng(seed)
    found: list[tuple[int, int, int]] = []
    while len(found) < n:
        start, end = (int(x) for x in rng.integers(len(drawn.xy), size=2))
        at = int(rng.integers(0, 5 * 1440))
        if np.hypot(*(drawn.xy[start] - drawn.xy[end])) > far_km:
            found.append((start, end, at))
    return np.array(found, np.int64)
