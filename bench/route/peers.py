"""Peers: questions to a timetable as a file of arrays, minutes and CPU seconds of each answer as JSON on stdout.

    PYTHON bench/route/peers.py NAME CORE QUESTIONS FILE.npz

Runs under the peer's own interpreter, with the standard library and numpy. The file has the arrays of
`events.Events` and of `asked.timetable`; so many questions of it are asked, each timed on its own; building is timed
apart. The answer: `{"version": .., "build_s": .., "seconds": [..], "arrivals": [..]}`, an arrival -1 where there is no
way; with `{"version": ..}` alone when `--version` stands for the core.

`networkx`, `rustworkx` and `scipy` run Dijkstra's algorithm over the graph of events, the first two until the stop is
reached (networkx also from both ends), scipy over everything, since it cannot stop. `pyraptor` gets two platforms for
each stop and gauge: one where loads arrive, one where they depart, with the times of changing between them. Since it
boards a later train of the route when it comes to a platform late, each trip is a route of its own.
"""

from __future__ import annotations

import importlib.metadata
import json
import math
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

Ask = Callable[[int], int]
"""Answers question q: minutes after its own minute, -1 where there is no way."""


def networkx(file: Any) -> Ask:
    """Dijkstra from one node until another is reached."""
    import networkx as nx

    return _networkx(file, nx.dijkstra_path_length)


def networkx_bidirectional(file: Any) -> Ask:
    """Dijkstra from both nodes until they meet."""
    import networkx as nx

    return _networkx(file, lambda graph, source, target: nx.bidirectional_dijkstra(graph, source, target)[0])


def _networkx(file: Any, minutes_of: Callable[[Any, int, int], float]) -> Ask:
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(int(file["n_nodes"])))
    edges = zip(file["tail"].tolist(), file["head"].tolist(), file["minutes"].tolist(), strict=True)
    graph.add_weighted_edges_from(edges)
    sources, targets = file["sources"].tolist(), file["targets"].tolist()

    def ask(q: int) -> int:
        try:
            return int(minutes_of(graph, sources[q], targets[q]))
        except nx.NetworkXNoPath:
            return -1

    return ask


def rustworkx(file: Any) -> Ask:
    """Dijkstra from one node until another is reached."""
    import rustworkx as rx

    graph = rx.PyDiGraph(multigraph=False)
    graph.add_nodes_from(range(int(file["n_nodes"])))
    edges = zip(file["tail"].tolist(), file["head"].tolist(), map(float, file["minutes"].tolist()), strict=True)
    graph.add_edges_from([*edges])
    sources, targets = file["sources"].tolist(), file["targets"].tolist()

    def ask(q: int) -> int:
        found = rx.dijkstra_shortest_path_lengths(graph, sources[q], float, targets[q])
        return int(found[targets[q]]) if targets[q] in found else -1

    return ask


def scipy(file: Any) -> Ask:
    """Dijkstra from one node to all others."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    n = int(file["n_nodes"])
    # an edge of no minutes is an edge: the matrix keeps zeros that are put into it
    graph = csr_matrix((file["minutes"].astype(float), (file["tail"], file["head"])), shape=(n, n))
    sources, targets = file["sources"].tolist(), file["targets"].tolist()

    def ask(q: int) -> int:
        minutes = dijkstra(graph, indices=sources[q])[targets[q]]
        return -1 if math.isinf(minutes) else int(minutes)

    return ask


def pyraptor(file: Any) -> Ask:
    """RAPTOR over all stops, as many rounds as bring something new."""
    from loguru import logger
    from pyraptor.model.raptor import RaptorAlgorithm
    from pyraptor.util import LARGE_NUMBER

    logger.remove()
    table = _Platforms(file)
    asked = file["questions"].tolist()

    def ask(q: int) -> int:
        start, end, at = asked[q]
        algorithm = RaptorAlgorithm(table.timetable)
        algorithm.run(table.departing[start], at, ROUNDS)
        minutes = min((algorithm.bag_star[p].earliest_arrival_time for p in table.arriving[end]), default=LARGE_NUMBER)
        return -1 if minutes >= LARGE_NUMBER else int(minutes) - at

    return ask


ROUNDS = 30
"""Of pyraptor: more trains than any way takes."""


class _Platforms:
    """A timetable for pyraptor."""

    def __init__(self, file: Any) -> None:
        from pyraptor.model import structures as s

        legs, changes = file["legs"].tolist(), file["changes"].tolist()
        stops, stations = s.Stops(), s.Stations()
        self.departing: list[list[Any]] = [[] for _ in changes]
        self.arriving: list[list[Any]] = [[] for _ in changes]
        known: dict[tuple[str, int, int], Any] = {}

        def platform(side: str, stop: int, gauge: int) -> Any:
            if (side, stop, gauge) not in known:
                station = stations.add(s.Station(f"{stop}", f"{stop}"))
                made = stops.add(s.Stop(f"{side}{stop}/{gauge}", f"{stop}", station, f"{side}{gauge}"))
                station.add_stop(made)
                (self.departing if side == "D" else self.arriving)[stop].append(made)
                known[side, stop, gauge] = made
            return known[side, stop, gauge]

        trips, times, routes = s.Trips(), s.TripStopTimes(), s.Routes()
        for group in _by_trip(legs):
            trip = s.Trip(hint=f"{group[0][0]}")
            for _, _, start, end, departs, arrives, _, gauge in group:
                for at_stop in (
                    s.TripStopTime(trip, len(trip), platform("D", start, gauge), math.inf, departs),
                    s.TripStopTime(trip, len(trip) + 1, platform("A", end, gauge), arrives, -math.inf),
                ):
                    trip.add_stop_time(at_stop)
            trips.add(trip)
            for at_stop in trip:
                times.add(at_stop)
            routes.set_stops_idx.clear()
            routes.add(trip)
        self.timetable = s.Timetable(stations, stops, trips, times, routes, _transfers(stations, changes))


def _by_trip(legs: list[list[int]]) -> list[list[list[int]]]:
    groups: list[list[list[int]]] = []
    for leg in legs:
        if not groups or groups[-1][0][0] != leg[0]:
            groups.append([])
        groups[-1].append(leg)
    return groups


def _transfers(stations: Any, changes: list[list[int]]) -> Any:
    """Say what every change between platforms of a stop takes; pyraptor wants to be told of those that nobody makes."""
    from pyraptor.model import structures as s
    from pyraptor.util import LARGE_NUMBER

    transfers = s.Transfers()
    for station in stations:
        same, other = changes[int(station.id)]
        for one in station.stops:
            for two in station.stops:
                takes = same if one.platform_code[1:] == two.platform_code[1:] else other
                if one.platform_code[0] == "D" or two.platform_code[0] == "A" or takes < 0:
                    takes = LARGE_NUMBER
                transfers.add(s.Transfer(from_stop=one, to_stop=two, layovertime=takes))
    return transfers


PEERS = {peer.__name__: peer for peer in (networkx, networkx_bidirectional, rustworkx, scipy, pyraptor)}


def main() -> None:
    """Answer the questions of a file."""
    name, core, n, path = sys.argv[1:5]
    answer: dict[str, object] = {"version": importlib.metadata.version(name.partition("_")[0])}
    if core != "--version":
        os.sched_setaffinity(0, {int(core)})
        with np.load(path) as opened:
            file = dict(opened)
        began = time.process_time()
        ask = PEERS[name](file)
        answer["build_s"] = time.process_time() - began
        ask(0)
        seconds, arrivals = [], []
        for q in range(min(int(n), len(file["sources"]))):
            began = time.process_time()
            arrivals.append(ask(q))
            seconds.append(time.process_time() - began)
        answer |= {"seconds": seconds, "arrivals": arrivals}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
