"""Timetables of the benchmark are valid and their own seed's, and peers that we have answer what we answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.route import asked, events, peers, running, tables, timetables, worker
from bench.route.timetables import Drawn, Ints, Size, stop_id, trip_id
from landport.exchange.stop_times import read_stop_times
from landport.model.stop_times import StopTimes
from landport.route.plain import Plain

TINY = Size(80, 2_000, seed=3)


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return timetables.draw(TINY)


@pytest.fixture(scope="module")
def times(drawn, tmp_path_factory) -> StopTimes:
    folder = tmp_path_factory.mktemp("timetable")
    timetables.write(drawn, folder)
    found, remarks = read_stop_times(folder)
    assert not remarks
    return found


@pytest.fixture(scope="module")
def questions(drawn) -> Ints:
    return timetables.questions(drawn, 20, far_km=800)


def test_a_seed_draws_one_timetable(drawn):
    """Twice the same from a seed, another from another, as large as asked for."""
    again, other = timetables.draw(TINY), timetables.draw(Size(80, 2_000, seed=4))
    for name in ("xy", "transfer", "gauge_change", "legs", "kgco2e"):
        assert np.array_equal(getattr(drawn, name), getattr(again, name)), name
    assert not np.array_equal(drawn.legs, other.legs)
    assert drawn.legs.shape == (2_000, 8)
    assert drawn.kgco2e.min() > 0


def test_a_drawn_timetable_is_as_its_recipe_says(drawn):
    """Legs of a trip hang together, in one gauge, that of the zone they start in; lines run four weeks."""
    trip, seq, start, end, departs, arrives, _, gauge = drawn.legs.T
    follows = trip[1:] == trip[:-1]
    assert np.array_equal(seq[1:][follows], seq[:-1][follows] + 1)
    assert np.array_equal(start[1:][follows], end[:-1][follows])
    assert np.array_equal(gauge[1:][follows], gauge[:-1][follows])
    assert (departs[1:][follows] >= arrives[:-1][follows] + 20).all()
    assert (arrives - departs >= 30).all()
    x_km = drawn.xy[start, 0]
    assert np.array_equal(gauge == 1520, (x_km > 2700) & (x_km <= 5600))
    assert (np.bincount(trip) <= 12).all()
    assert departs[seq == 1].max() > 3 * timetables.WEEK
    far = np.abs(drawn.xy[:, 0, None] - np.array(timetables.EDGES_KM)).min(axis=1) >= 500
    assert np.array_equal(drawn.gauge_change[:, 0] == -1, far)
    assert set(drawn.transfer[:, 0].tolist()) == {180, 720}


def test_what_is_written_is_read(drawn, times):
    """The plain format carries every leg and stop."""
    assert np.array_equal(asked.timetable(times)["legs"], drawn.legs)
    assert times.trip_ids == tuple(trip_id(t) for t in range(int(drawn.legs[-1, 0]) + 1))
    assert np.array_equal(times.stops.transfer_minutes, drawn.transfer[:, 0])
    assert np.array_equal(times.stops.gauge_minutes, drawn.gauge_change[:, 0])
    assert times.stops.stop_ids[7] == stop_id(7)


def test_questions_are_about_stops_far_apart(drawn, questions):
    """The same from a seed, each farther than asked for."""
    km = np.linalg.norm(drawn.xy[questions[:, 0]] - drawn.xy[questions[:, 1]], axis=1)
    assert km.min() > 800
    assert np.array_equal(questions, timetables.questions(drawn, 20, far_km=800))


def test_scipy_answers_what_we_answer(times, questions):
    """Shortest paths over the graph of events are our earliest arrivals, for every question."""
    plain, ask = Plain(times), peers.scipy(asked.arrays(times, questions))
    found = []
    for q, (start, end, at) in enumerate(questions.tolist()):
        way = plain.earliest(stop_id(start), stop_id(end), at)
        found.append(way.arrives_at - at if way else -1)
        assert ask(q) == found[q]
    assert sum(minutes > 0 for minutes in found) >= 5


def test_a_graph_of_events_knows_gauges_and_minutes_of_changes(times, questions):
    """From aboard, one waits for the first leg of each gauge that leaves after the change, where there is one."""
    graph, n = events.events(times, questions), len(times.trip)
    is_change = (graph.tail >= n) & (graph.tail < 2 * n) & (graph.head < n)
    one, other = graph.tail[is_change] - n, graph.head[is_change]
    assert np.array_equal(times.to_stop[one], times.from_stop[other])
    same = times.gauge[one] == times.gauge[other]
    stops = times.stops
    takes = np.where(same, stops.transfer_minutes[times.to_stop[one]], stops.gauge_minutes[times.to_stop[one]])
    assert (takes >= 0).all()
    assert (times.departs_at[other] - times.arrives_at[one] >= takes).all()
    assert same.any()
    assert not same.all()
    assert (graph.minutes >= 0).all()


def test_four_criteria_know_what_three_know(drawn, times, questions):
    """The front with emissions holds the values without them, and emissions of the legs ridden."""
    plain, four = Plain(times), worker.Four(times, worker.in_order_of(times, drawn))
    n = 0
    for start, end, at in questions.tolist():
        front, is_whole = four.front((start, end, at), (0, 0, 0, 0))
        three = plain.ways(stop_id(start), stop_id(end), at, eps=(0, 0, 0)).pareto
        values = {(arrival, cost, gauges) for arrival, cost, _, gauges in front.tolist()}
        assert is_whole
        assert {(way.arrives_at, way.cost, way.gauge_changes) for way in three} <= values
        n += len(front)
    assert n > len(questions)
    by_trip = np.lexsort((times.seq, times.trip))
    assert np.array_equal(four.table.price[by_trip, 1], drawn.kgco2e)


def test_a_measurement_is_told_as_tables(drawn, tmp_path):
    """What a worker finds fills every row, and an answer that differs is counted."""
    timetables.write(drawn, tmp_path)
    found = worker.measure(tmp_path, TINY, 4, has_four=True)
    assert found["firsts_differ"] == 0
    assert [len(row) for row in tables.ours(found)] == [7] * 7
    assert tables.checks(found).startswith("4 questions, ")
    wrong = tuple(minutes + 1 for minutes in found["arrivals"])
    rows = tables.peers(found, [tables.Answers("it", "1", (1.0, 1.0), wrong[:2])])
    assert rows[-1][:2] == ("it 1", "2")
    assert rows[-1][-1] == "2"
    assert tables.large(found)[3][0] == "peak memory"


def test_a_peer_that_is_not_there_is_told(tmp_path):
    """No answer, but a reason."""
    found = running.theirs("/bin/false", "networkx", 0, 1, Path(tmp_path), 1.0)
    assert found == "networkx is not installed there"
