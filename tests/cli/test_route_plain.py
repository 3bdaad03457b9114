"""`landport route --timetable`: the frozen format, against going through every way, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from landport.exchange.stop_times import read_stop_times
from landport.model.stop_times import StopTimes
from tests.cli.run import Ran, landport, refused
from tests.route.stop_times import every_value, front, step
from tests.timetables import random_timetable, write

STOPS = [
    ("A", "Alpha", "", "", "", 60, 5, "", ""),
    ("B", "Beta", "", "", "", 60, 5, 240, 30),
    ("C", "Gamma", "", "", "", 60, 5, "", ""),
    ("D", "Delta", "", "", "", 60, 5, "", ""),
]
LEGS = [
    ("T1", 1, "A", "B", 100, 400, 50, 1435),
    ("T2", 1, "B", "C", 700, 900, 40, 1520),
    ("T3", 1, "A", "C", 200, 1500, 60, 1435),
    ("T4", 1, "D", "A", 0, 50, 1, 1435),
]


def asked(folder: Path, origin: str, target: str, at: int, *more: object) -> Any:
    ran = landport("route", origin, target, "--timetable", folder, "--at", at, "--json", *more)
    assert (ran.code, ran.err) == (0, "")
    return ran.document


def told(folder: Path, *arguments: object) -> Ran:
    return landport("route", *arguments, "--timetable", folder)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The timetable of the docs, and a stop that nothing leads to."""
    return write(tmp_path / "net", STOPS, LEGS)


def recounted(times: StopTimes, way: dict[str, Any], origin: int, target: int, at: int) -> tuple[int, int, int]:
    """Ride the legs that a way names, one after the other."""
    index = {(times.trip_ids[t], int(s)): i for i, (t, s) in enumerate(zip(times.trip, times.seq, strict=True))}
    legs = [index[trip, seq] for trip, seq in way["legs"]]
    cost = gauges = 0
    before = None
    for leg in legs:
        paid = step(times, before, leg, at)
        assert paid is not None, f"{leg} cannot follow {before}"
        cost, gauges, before = cost + paid[0], gauges + paid[1], leg
    assert (times.from_stop[legs[0]], times.to_stop[legs[-1]]) == (origin, target)
    return int(times.arrives_at[legs[-1]]), cost, gauges


def value(way: dict[str, Any]) -> tuple[int, int, int]:
    return way["arrival"], way["cost"], way["gauge_changes"]


ASKED = ((0, 5, 0), (1, 4, 7), (3, 0, 0), (2, 5, 30))
"""Origin, target and minute of questions that random timetables are asked."""


def drawn(folder: Path, seed: int) -> Path:
    """A small timetable with changes, ties and two gauges."""
    many = {"n_stops": 9, "n_trips": 36, "legs": (1, 3)}
    return random_timetable(folder, seed=seed, horizon=80, ride=(1, 12), change=(0, 4), fixed_gauge=0.1, **many)


@pytest.mark.parametrize("seed", range(24))
def test_the_exact_front_is_that_of_brute_force(seed: int, tmp_path: Path) -> None:
    """Every value and no other, each with legs that take what it says; the keys are the frozen ones."""
    folder = drawn(tmp_path / "net", seed)
    times, _ = read_stop_times(folder)
    ids, found = times.stops.stop_ids, 0
    for origin, target, at in ASKED:
        expected = sorted(front(every_value(times, origin, target, at)))
        document = asked(folder, ids[origin], ids[target], at, "--eps", 0)
        assert list(document) == ["earliest", "pareto", "complete"]
        assert document["complete"] is True
        assert [value(way) for way in document["pareto"]] == expected
        assert document["earliest"] == (document["pareto"][0] if expected else None)
        for way in document["pareto"]:
            assert list(way) == ["arrival", "cost", "gauge_changes", "legs"]
            assert all(isinstance(trip, str) and isinstance(seq, int) for trip, seq in way["legs"])
            assert recounted(times, way, origin, target, at) == value(way)
        found += len(expected)
    assert found > 0


def test_random_timetables_have_something_to_choose(tmp_path: Path) -> None:
    """Fronts of several ways, some over two gauges."""
    fronts = []
    for seed in range(8):
        folder = drawn(tmp_path / str(seed), seed)
        fronts += [asked(folder, f"s{a}", f"s{b}", at, "--eps", 0)["pareto"] for a, b, at in ASKED]
    assert max(map(len, fronts)) >= 4
    assert sum(map(bool, fronts)) >= len(fronts) // 2
    ways = [way for ways in fronts for way in ways]
    assert any(way["gauge_changes"] for way in ways)
    assert any(len({trip for trip, _ in way["legs"]}) > 2 for way in ways)


def test_without_eps_0_it_is_not_exact(small: Path) -> None:
    """A way at most 720 minutes and 100 dearer may stand for another; the earliest arrival is always told."""
    document = asked(small, "A", "C", 0)
    exact = asked(small, "A", "C", 0, "--eps", 0)
    assert [value(w) for w in exact["pareto"]] == [(900, 120, 1), (1500, 60, 0)]
    assert (document["complete"], exact["complete"]) == (False, True)
    assert document["earliest"]["arrival"] == 900
    assert landport("route", "A", "C", "--timetable", small, "--at", 0, "--json", "--eps", "0.0").document == exact


def test_the_table_shows_the_front(small: Path) -> None:
    """One line a way, and whether these are all."""
    ran = told(small, "A", "C", "--at", 0, "--eps", 0)
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[1:3] == [["900", "120", "1", "T1", "T2", "2"], ["1,500", "60", "0", "T3", "1"]]
    assert ran.out.endswith("every way that no other beats (4 legs searched)\n")
    assert "not all: ways close to these are left out" in told(small, "A", "C", "--at", 0).out
    assert told(small, "A", "C", "--at", 0, "--quiet") == Ran(0, "", "")


def test_a_load_at_its_stop_has_arrived(small: Path) -> None:
    """FROM may be TO: no legs, no cost, at that very minute."""
    here = {"arrival": 17, "cost": 0, "gauge_changes": 0, "legs": []}
    assert asked(small, "B", "B", 17) == {"earliest": here, "pareto": [here], "complete": True}
    assert told(small, "B", "B", "--at", 17).code == 0


def test_stops_are_found_by_name_too(small: Path) -> None:
    """An id, or a name that only one has, in any case."""
    assert asked(small, "alpha", "Gamma", 0) == asked(small, "A", "C", 0)
    twice = write(small.parent / "twice", [*STOPS, ("E", "Alpha", "", "", "", 0, 0, "", "")], LEGS)
    message = refused("route", "Alpha", "C", "--timetable", twice, "--at", 0)
    assert message == "landport: 2 stops are called 'Alpha': write the id, A or E\n"
    assert asked(twice, "A", "C", 0) == asked(small, "A", "C", 0)


def test_an_unknown_stop_gets_suggestions(small: Path) -> None:
    """What is like it, ids and names; nothing where nothing is."""
    message = refused("route", "Alpa", "C", "--timetable", small, "--at", 0)
    assert message == "landport: no stop of stops.csv is called 'Alpa'; did you mean Alpha?\n"
    message = refused("route", "A", "URC", "--timetable", small, "--at", 0)
    assert message == "landport: no stop of stops.csv is called 'URC'\n"


def test_no_way_is_an_answer_as_json_and_exit_3_in_words(small: Path) -> None:
    """Nothing leads to D; and after 200 nothing leaves A any more."""
    for origin, target, at in (("A", "D", 0), ("A", "C", 201)):
        assert asked(small, origin, target, at) == {"earliest": None, "pareto": [], "complete": at < 0}
        assert asked(small, origin, target, at, "--eps", 0) == {"earliest": None, "pareto": [], "complete": True}
        ran = told(small, origin, target, "--at", at)
        assert (ran.code, ran.err) == (3, "")
        assert ran.out.startswith(f"no way from {origin} to {target}: nothing that leaves at that minute or later")
        assert told(small, origin, target, "--at", at, "-q") == Ran(3, "", "")
    assert asked(small, "A", "C", 200)["earliest"]["arrival"] == 1500


@pytest.mark.parametrize("at", [(), ("--at", -1), ("--at", 10**9 + 1)])
def test_a_timetable_needs_a_minute(at: tuple[object, ...], small: Path) -> None:
    """Missing, before 0, or beyond all timetables."""
    said = "--at: expected a minute from 0 to 1,000,000,000 with --timetable"
    assert said in refused("route", "A", "C", "--timetable", small, *at)
    assert asked(small, "A", "C", 10**9, "--eps", 0)["pareto"] == []


OTHERS = {
    "--ready": "2026-12-01", "--due": "2026-12-01", "--tonnes": 18, "--feu": 1, "--container": "40HC", "--by": "time",
    "--most": 6, "--as-of": "2026-12-01", "--open": "KHG-TOR", "--close": "HRG", "--slow": "HRG=2",
    "--gauge": "KHG-TOR=1520", "--capacity": "HRG=4", "--week": "week", "--samples": 0, "--seed": 1, "--html": "p.html",
}  # fmt: skip


@pytest.mark.parametrize("option", OTHERS)
def test_options_of_the_network_do_not_go_with_it(option: str, small: Path) -> None:
    """Even where they say what holds anyway; nothing is written."""
    message = refused("route", "A", "C", "--timetable", small, "--at", 0, option, OTHERS[option])
    said = "not with --timetable, which has minutes and places of its own"
    assert message == f"landport: {option}: {said}\n"
    assert not (small.parent / "p.html").exists()


def test_all_options_that_do_not_go_with_it_are_named(small: Path) -> None:
    """In the order of the help."""
    more = ("--html", "p.html", "--close", "HRG", "--ready", "2026-12-01")
    message = refused("route", "A", "C", "--timetable", small, "--at", 0, *more)
    assert message.startswith("landport: --ready, --close, --html: not with --timetable")


def test_every_bad_row_is_listed(tmp_path: Path) -> None:
    """File, row and what was expected, all of them at once; nothing is answered."""
    stops = [*STOPS[:2], ("C", "Gamma", "", "", "", -1, 5, "", ""), ("B", "Beta", "", "", "", 0, 0, "", "")]
    legs = [
        ("T1", 1, "A", "B", 400, 100, 50, 1435),
        ("T2", 1, "B", "Q", 700, 900, 40, 1520),
        ("T3", 1, "A", "C", "noon", 1500, 60, 1435),
    ]
    message = refused("route", "A", "C", "--timetable", write(tmp_path / "bad", stops, legs), "--at", 0)
    assert message.startswith("landport: 5 problems in the input:\n")
    for place in (
        "stops.csv row 4 column transfer_min",
        "stops.csv row 5 column stop",
        "departures.csv row 2 column arr_min",
        "departures.csv row 3 column to",
        "departures.csv row 4 column dep_min",
    ):
        assert place in message


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    """Neither there, nor a folder, nor with both files."""
    said = "expected a timetable: a folder with stops.csv and departures.csv"
    assert said in refused("route", "A", "B", "--timetable", tmp_path / "none", "--at", 0)
    (tmp_path / "file").touch()
    assert f"{said}; this is no folder" in refused("route", "A", "B", "--timetable", tmp_path / "file", "--at", 0)
    (tmp_path / "empty").mkdir()
    message = refused("route", "A", "B", "--timetable", tmp_path / "empty", "--at", 0)
    assert "stops.csv" in message
    assert "departures.csv" in message


def test_unknown_columns_are_ignored_with_a_remark(small: Path) -> None:
    """The answer stays the same; --quiet says nothing of it."""
    before = asked(small, "A", "C", 0, "--eps", 0)
    path = small / "stops.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([f"{head},colour", *(f"{row},red" for row in rows)]) + "\n", "utf-8")
    ran = landport("route", "A", "C", "--timetable", small, "--at", 0, "--eps", 0, "--json")
    assert (ran.code, ran.document) == (0, before)
    assert "colour" in ran.err
    assert told(small, "A", "C", "--at", 0, "-q") == Ran(0, "", "")
