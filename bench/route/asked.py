"""Questions and a timetable as one file of arrays, for peers that run under an interpreter of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.route.events import events
from bench.route.timetables import Ints
from landport.model.stop_times import StopTimes


def timetable(times: StopTimes) -> dict[str, Ints]:
    """Lay out legs by trip and seq (trip, seq, from, to, departure, arrival, cost, gauge) and minutes of changes."""
    columns = (times.trip, times.seq, times.from_stop, times.to_stop)
    columns += (times.departs_at, times.arrives_at, times.cost, times.gauge)
    legs = np.stack(columns, axis=1)[np.lexsort((times.seq, times.trip))]
    return {"legs": legs, "changes": np.stack([times.stops.transfer_minutes, times.stops.gauge_minutes], axis=1)}


def arrays(times: StopTimes, questions: Ints) -> dict[str, Ints]:
    """Lay out all that any peer reads."""
    graph = events(times, questions)
    parts = {name: getattr(graph, name) for name in ("tail", "head", "minutes", "sources", "targets")}
    return {"n_nodes": np.array(graph.n_nodes), "questions": questions, **parts, **timetable(times)}


def save(times: StopTimes, questions: Ints, path: Path) -> None:
    """Write the file."""
    np.savez(path, **arrays(times, questions))
