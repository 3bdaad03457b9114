"""The plain timetable: every wrong row is named, and the legs come in an order in which time never runs backwards."""

from __future__ import annotations

import codecs
import csv
import random
from itertools import pairwise, permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.errors import InputError, Problem
from landport.exchange import Caps
from landport.exchange.blocks import BLOCK
from landport.exchange.stop_times import read_stop_times
from landport.model.stop_times import NEVER, Stops, StopTimes
from tests.timetables import LEG_HEAD, STOP_HEAD, Row, random_timetable, write

A = ("A", "Alma", "KZ", "76.9", "43.2", 5, 7, 20, 30)
B = ("B", "Bole", "CN", "", "", 0, 0, 0, 0)
C = ("C", "", "", "-180", "90", 10, 1, "", "")
STOPS = (A, B, C)
ONE = ("T", 1, "A", "B", 10, 20, 5, 1435)
TWO = ("T", 2, "B", "C", 20, 31, 0, 1435)
OTHER = ("U", 0, "C", "A", 40, 41, 9, 1520)
ONE_MORE = ("W", *OTHER[1:])


def wrong(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read_stop_times(folder)
    assert all(p.expected.startswith("expected") for p in caught.value.problems)
    return caught.value.problems


def changed(row: Row, head: Row, column: str, value: object) -> Row:
    return tuple(value if name == column else cell for name, cell in zip(head, row, strict=True))


def told(times: StopTimes) -> list[Row]:
    """Write the legs back as rows."""
    stops, trips = times.stops.stop_ids, times.trip_ids
    columns = (times.trip, times.seq, times.from_stop, times.to_stop, times.departs_at, times.arrives_at)
    rows = zip(*(c.tolist() for c in (*columns, times.cost, times.gauge)), strict=True)
    return [(trips[t], seq, stops[a], stops[b], *rest) for t, seq, a, b, *rest in rows]


def test_every_column_is_read(tmp_path: Path) -> None:
    """Every cell finds its field; an empty gauge_min says never, and empty degrees are unknown."""
    times, remarks = read_stop_times(write(tmp_path, STOPS, (OTHER, TWO, ONE)))
    stops = times.stops
    assert (stops.stop_ids, stops.names, stops.regions) == (("A", "B", "C"), ("Alma", "Bole", ""), ("KZ", "CN", ""))
    np.testing.assert_array_equal(stops.lons, [76.9, np.nan, -180])
    np.testing.assert_array_equal(stops.lats, [43.2, np.nan, 90])
    assert (stops.transfer_minutes.tolist(), stops.transfer_cost.tolist()) == ([5, 0, 10], [7, 0, 1])
    assert (stops.gauge_minutes.tolist(), stops.gauge_cost.tolist()) == ([20, 0, NEVER], [30, 0, 0])
    assert told(times) == [ONE, TWO, OTHER]
    assert times.trip.dtype == times.gauge.dtype == stops.gauge_minutes.dtype == np.int64
    assert (times.trip_ids, remarks) == (("T", "U"), ())


def test_plain_habits_of_files(tmp_path: Path) -> None:
    """Blanks around cells, empty rows, quotes, zeros in front, columns in another order and of one's own."""
    text = 'note; GAUGE;cost;arr min;dep_min;to;from;seq;trip\n\n x;01435; 5 ;20;10;B; A ;1;"T"\n;;;;;;;;\n'
    folder = write(tmp_path, STOPS, ())
    (folder / "departures.csv").write_text(text, encoding="utf-8")
    (folder / "stops.csv").rename(folder / "Stops.CSV")
    times, remarks = read_stop_times(folder)
    assert told(times) == [ONE]
    assert [(r.code, r.about) for r in remarks] == [("unknown-column", ("note",))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """Chinese names come through; what had to be guessed is said of each file."""
    stops = (changed(A, STOP_HEAD, "stop", "乌鲁木齐"), changed(B, STOP_HEAD, "name", "博乐"), C)
    legs = (changed(changed(ONE, LEG_HEAD, "from", "乌鲁木齐"), LEG_HEAD, "trip", "车"),)
    folder = write(tmp_path, stops, legs, encoding=encoding)
    has_mark = (folder / "stops.csv").read_bytes().startswith(codecs.BOM_UTF8)
    assert has_mark is (encoding == "utf-8-sig")
    times, remarks = read_stop_times(folder)
    assert (times.stops.stop_ids[0], times.stops.names[1], times.trip_ids) == ("乌鲁木齐", "博乐", ("车",))
    assert told(times) == list(legs)
    assert [r.code for r in remarks] == (["encoding-assumed"] * 2 if encoding == "gb18030" else [])


# ---- files and headers -------------------------------------------------------------------------


def test_missing_files(tmp_path: Path) -> None:
    """No folder, a file in its place, and each of the two files."""
    assert "nothing of this name" in wrong(tmp_path / "none")[0].expected
    (tmp_path / "file").write_text("x")
    assert "this is no folder" in wrong(tmp_path / "file")[0].expected
    (tmp_path / "empty").mkdir()
    assert [p.file for p in wrong(tmp_path / "empty")] == ["stops.csv", "departures.csv"]
    folder = write(tmp_path / "half", STOPS, (ONE, changed(TWO, LEG_HEAD, "seq", "x")))
    (folder / "stops.csv").unlink()
    assert [(p.file, p.row) for p in wrong(folder)] == [("stops.csv", None), ("departures.csv", 3)]


def test_a_file_twice(tmp_path: Path) -> None:
    """Two files that are the same but for capital letters: nobody knows which is meant."""
    folder = write(tmp_path, STOPS, (ONE,))
    (folder / "Stops.csv").write_bytes((folder / "stops.csv").read_bytes())
    (found,) = wrong(folder)
    assert "there are Stops.csv and stops.csv" in found.expected


@pytest.mark.parametrize(
    ("name", "column"), [*(("stops", c) for c in STOP_HEAD), *(("departures", c) for c in LEG_HEAD)]
)
def test_missing_and_doubled_columns(tmp_path: Path, name: str, column: str) -> None:
    """Each column must be there, once; no row is blamed for it."""
    path = write(tmp_path, STOPS, (ONE, TWO)) / f"{name}.csv"
    text = path.read_text()
    path.write_text(text.replace(f"{column}", "other", 1))
    (found,) = wrong(tmp_path)
    assert (found.file, found.row, found.column) == (path.name, 1, column)
    head, _, rest = text.partition("\n")
    path.write_text(f"{head},{column}\n{rest}")
    (found,) = wrong(tmp_path)
    assert (found.row, found.column, found.expected) == (1, column, "expected each column once")


def test_no_header(tmp_path: Path) -> None:
    """A first row of values is told once, not once a column."""
    folder = write(tmp_path, STOPS, ())
    (folder / "departures.csv").write_text("T,1,A,B,10,20,5,1435\n")
    (found,) = wrong(folder)
    assert (found.row, found.value) == (1, "T 1 A B 10 20 5 1435")
    assert "names of the columns in row 1: trip, seq" in found.expected


def test_nothing_runs_and_nothing_is_there(tmp_path: Path) -> None:
    """Without departures there is a remark, without stops an error; an empty file has no header."""
    times, remarks = read_stop_times(write(tmp_path, STOPS, ()))
    assert (len(times.trip), times.trip_ids, [r.code for r in remarks]) == (0, (), ["no-departures"])
    (found,) = wrong(write(tmp_path, (), ()))
    assert (found.file, found.row) == ("stops.csv", None)
    assert "at least one stop" in found.expected
    (tmp_path / "stops.csv").write_text("")
    assert "the file is empty" in wrong(tmp_path)[0].expected


def test_a_file_cut_short(tmp_path: Path) -> None:
    """What stands behind the cut is unknown: no trip is called broken, no stop missing."""
    folder = write(tmp_path, STOPS, (TWO, changed(TWO, LEG_HEAD, "seq", 4), ONE))
    with pytest.raises(InputError, match="at most 2 rows") as caught:
        read_stop_times(folder, caps=Caps(rows=2))
    assert {(p.file, p.row) for p in caught.value.problems} == {("stops.csv", 4), ("departures.csv", 4)}
    assert "no stop" not in str(caught.value)


def test_rows_too_long_and_too_short(tmp_path: Path) -> None:
    """Cells beyond the header, and cells that are not there."""
    folder = write(tmp_path, STOPS, ((*ONE, "more"), ("V", 1, "A", "B", 3)))
    found = wrong(folder)
    assert [(p.row, p.column, p.value) for p in found] == [
        *((2, None, "more"), (3, "arr_min", ""), (3, "cost", ""), (3, "gauge", "")),
    ]


# ---- cells -------------------------------------------------------------------------------------

NO_WHOLE = ("1.5", "1e3", "-1", "+1", "0x1", "1_0", "１２", "²", "1 0", "nan", "9" * 30, "9" * 5000)
WHOLES = ("transfer_min", "transfer_cost", "gauge_min", "gauge_cost")
COUNTS = ("seq", "dep_min", "arr_min", "cost", "gauge")


@pytest.mark.parametrize("value", [*NO_WHOLE, "", "1000000000001"])
@pytest.mark.parametrize("column", [*WHOLES, *COUNTS])
def test_bad_numbers(tmp_path: Path, column: str, value: str) -> None:
    """Whole numbers are digits only and bounded; a bad one is named once, between good rows."""
    stops, legs = list(STOPS), [ONE, OTHER]
    if column in WHOLES:
        stops[0] = changed(A, STOP_HEAD, column, value)
    else:
        legs[0] = changed(ONE, LEG_HEAD, column, value)
    folder = write(tmp_path, stops, legs)
    if column == "gauge_min" and not value:
        assert read_stop_times(folder)[0].stops.gauge_minutes.tolist() == [NEVER, 0, NEVER]
        return
    (found,) = wrong(folder)
    name = "stops.csv" if column in WHOLES else "departures.csv"
    assert (found.file, found.row, found.column, found.value) == (name, 2, column, value)
    assert found.expected.startswith("expected a value" if not value else "expected a whole number from 0 to 10")


def test_greatest_numbers(tmp_path: Path) -> None:
    """Numbers up to their bounds are read exactly, and one more is refused."""
    great = ("T", 10**9, "A", "B", 10**9, 10**9, 10**12, 10**9)
    stops = (("A", "", "", "", "", 10**9, 10**12, 10**9, 10**12), B)
    times, _ = read_stop_times(write(tmp_path, stops, (great,)))
    assert told(times) == [great]
    assert times.stops.gauge_cost.tolist() == [10**12, 0]
    more = tuple(cell + 1 if isinstance(cell, int) else cell for cell in great)
    assert [p.column for p in wrong(write(tmp_path, stops, (more,)))] == list(COUNTS)


@pytest.mark.parametrize(
    ("lon", "lat", "column"),
    [
        *(("180.1", "0", "lon"), ("-181", "0", "lon"), ("0", "90.01", "lat"), ("0", "-91", "lat"), ("x", "0", "lon")),
        *(("nan", "0", "lon"), ("0", "inf", "lat"), ("0", "1,5", "lat"), ("", "1", "lon"), ("1", "", "lat")),
    ],
)
def test_degrees_out_of_range(tmp_path: Path, lon: str, lat: str, column: str) -> None:
    """Degrees lie on the globe, and both are there or none."""
    stop = changed(changed(A, STOP_HEAD, "lon", lon), STOP_HEAD, "lat", lat)
    (found,) = wrong(write(tmp_path, (B, stop, C), (ONE,)))
    value = {"lon": lon, "lat": lat}[column]
    assert (found.file, found.row, found.column, found.value) == ("stops.csv", 3, column, value)


def test_stops_of_wrong_names(tmp_path: Path) -> None:
    """A stop twice, a stop without a name, a leg from and to nowhere, a leg to its own start; a trip without a name."""
    stops = (A, B, changed(C, STOP_HEAD, "stop", " A "), changed(C, STOP_HEAD, "stop", ""))
    legs = (ONE, ("V", 1, "A", "a", 1, 2, 3, 4), ("W", 1, "", "A", 1, 2, 3, 4), ("X", 1, "B", "B", 1, 2, 3, 4))
    found = wrong(write(tmp_path, stops, (*legs, ("", 1, "A", "B", 1, 2, 3, 4))))
    assert [(p.file, p.row, p.column, p.value) for p in found] == [
        *(("stops.csv", 4, "stop", "A"), ("stops.csv", 5, "stop", "")),
        *(("departures.csv", 3, "to", "a"), ("departures.csv", 4, "from", "")),
        *(("departures.csv", 5, "to", "B"), ("departures.csv", 6, "trip", "")),
    ]
    assert "row 2 has it too" in found[0].expected
    assert found[2].expected == "expected a stop of stops.csv"


def test_a_wrong_stop_is_blamed_once(tmp_path: Path) -> None:
    """Legs that use a stop whose own row is wrong are right."""
    (found,) = wrong(write(tmp_path, (changed(A, STOP_HEAD, "transfer_min", "x"), B, C), (ONE, TWO, OTHER)))
    assert (found.file, found.row) == ("stops.csv", 2)


def test_negative_duration(tmp_path: Path) -> None:
    """A leg arrives when it departs or later."""
    (found,) = wrong(write(tmp_path, STOPS, (OTHER, changed(ONE, LEG_HEAD, "arr_min", 9))))
    assert (found.row, found.column, found.value) == (3, "arr_min", "9")
    assert found.expected == "expected 10 or later: the leg departs then"


# ---- trips -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("seq", 3, "expected 2: trip T has 1 in row 4"),
        ("seq", 1, "expected each seq of trip T once; row 2 has it too"),
        ("from", "A", "expected B, where the leg before of trip T ends, row 4"),
        ("dep_min", 19, "expected 20 or later, when the leg before of trip T arrives, row 4"),
        ("gauge", 1520, "expected 1435, as in row 4: all legs of trip T have one gauge"),
    ],
)
def test_a_trip_that_breaks(tmp_path: Path, column: str, value: object, expected: str) -> None:
    """Legs of a trip follow each other, wherever their rows stand; the later leg is blamed, once."""
    (found,) = wrong(write(tmp_path, STOPS, (changed(TWO, LEG_HEAD, column, value), OTHER, ONE)))
    row = 4 if value == 1 else 2  # of equals the later row
    assert (found.file, found.row, found.column, found.value) == ("departures.csv", row, column, str(value))
    assert found.expected.startswith(expected)


def test_one_bad_cell_hides_no_other(tmp_path: Path) -> None:
    """A wrong price does not hide that its trip breaks; a wrong seq does, as nobody knows the order."""
    broken = changed(TWO, LEG_HEAD, "dep_min", 3)
    found = wrong(write(tmp_path, STOPS, (changed(ONE, LEG_HEAD, "cost", "x"), broken)))
    assert [(p.row, p.column) for p in found] == [(2, "cost"), (3, "dep_min")]
    found = wrong(write(tmp_path, STOPS, (changed(ONE, LEG_HEAD, "seq", "x"), changed(TWO, LEG_HEAD, "seq", 5), TWO)))
    assert [(p.row, p.column) for p in found] == [(2, "seq")]


def test_all_bad_rows_of_a_long_file(tmp_path: Path) -> None:
    """Rows keep their numbers from block to block, and all wrong ones are told in order."""
    n = 2 * BLOCK + 10
    legs = [(f"t{i:05}", 1, "A", "B", i, i + 1, 0, 1435) for i in range(n)]
    spoilt = {5: "cost", BLOCK - 1: "seq", BLOCK: "dep_min", n - 1: "gauge"}
    for i, column in spoilt.items():
        legs[i] = changed(legs[i], LEG_HEAD, column, "-7")
    found = wrong(write(tmp_path, STOPS, legs))
    assert [(p.row, p.column, p.value) for p in found] == [(i + 2, column, "-7") for i, column in spoilt.items()]
    for i, column in spoilt.items():
        legs[i] = changed(legs[i], LEG_HEAD, column, 2 * n)
    legs[BLOCK] = changed(legs[BLOCK], LEG_HEAD, "arr_min", 2 * n)
    times, _ = read_stop_times(write(tmp_path, STOPS, legs))
    assert sorted(told(times)) == legs


# ---- circles in a minute -----------------------------------------------------------------------

AB, BA = ("T", 1, "A", "B", 5, 5, 0, 1435), ("U", 1, "B", "A", 5, 5, 0, 1435)
BROAD = ("U", 1, "B", "A", 5, 5, 0, 1520)
OPEN, SHUT = ("A", "", "", "", "", 0, 0, 1, 0), ("A", "", "", "", "", 1, 0, 0, 0)


def test_a_circle_is_named(tmp_path: Path) -> None:
    """Two legs that feed each other by changes that take no time, whatever their rows."""
    found = wrong(write(tmp_path, (OPEN, B, C), (ONE_MORE, BA, ("V", 9, "B", "C", 5, 5, 0, 1435), AB)))
    assert [(p.file, p.row, p.column, p.value) for p in found] == [("departures.csv", 3, "arr_min", "5")]
    assert "in minute 5 each of the rows 3, 5 is caught" in found[0].expected


@pytest.mark.parametrize(
    ("stops", "legs", "n_circles"),
    [
        ((SHUT, B), (AB, BA), 0),  # changing at A takes a minute
        ((OPEN, B), (AB, BROAD), 0),  # changing the gauge does
        ((SHUT, B), (AB, BROAD), 1),
        ((OPEN, changed(B, STOP_HEAD, "gauge_min", "")), (AB, BROAD), 0),
        ((OPEN, B), (AB, changed(BA, LEG_HEAD, "arr_min", 6)), 0),
        ((OPEN, B), (AB, ("T", 2, "B", "A", 5, 5, 0, 1435)), 0),  # nobody changes to the trip he is on
        (
            (OPEN, C),
            (("T", 1, "A", "C", 5, 5, 0, 1), ("T", 2, "C", "B", 5, 5, 0, 1), ("U", 1, "B", "A", 5, 5, 0, 1)),
            1,
        ),
    ],
)
def test_what_makes_a_circle(tmp_path: Path, stops: tuple[Row, ...], legs: tuple[Row, ...], n_circles: int) -> None:
    """Only changes of 0 minutes for the gauges concerned, and staying on the trip."""
    stops = (*stops, *(s for s in (B, C) if s[0] not in {known[0] for known in stops}))
    folder = write(tmp_path, stops, legs)
    if not n_circles:
        assert sorted(told(read_stop_times(folder)[0])) == sorted(legs)
        return
    (found,) = wrong(folder)
    assert f"rows {', '.join(str(i + 2) for i in range(len(legs)))} is" in found.expected


def test_circles_and_other_faults_are_told_together(tmp_path: Path) -> None:
    """Every circle of its own, and a wrong price elsewhere."""
    later = [changed(changed(leg, LEG_HEAD, "dep_min", 8), LEG_HEAD, "arr_min", 8) for leg in (AB, BA)]
    legs = (
        AB,
        BA,
        *(changed(leg, LEG_HEAD, "trip", f"{leg[0]}2") for leg in later),
        changed(ONE, LEG_HEAD, "trip", "W"),
    )
    found = wrong(write(tmp_path, (OPEN, B), (*legs, ("X", 1, "A", "B", 1, 2, "dear", 1435))))
    assert [(p.row, p.column) for p in found] == [(2, "arr_min"), (4, "arr_min"), (7, "cost")]


def test_many_circles_are_all_told(tmp_path: Path) -> None:
    """A thousand trips there and as many back in one minute: each pair is a circle, and each row is named once."""
    legs = [(f"t{i:04}", 1, *(("A", "B"), ("B", "A"))[i % 2], 5, 5, 0, 1435) for i in range(2000)]
    found = wrong(write(tmp_path, (OPEN, B), legs))
    assert sorted(row for p in found for row in named_rows(p)) == list(range(2, 2002))
    assert [p.row for p in found] == sorted(min(named_rows(p)) for p in found)


# ---- the slow twin -----------------------------------------------------------------------------


def feeds(times: StopTimes, i: int, k: int) -> bool:
    """Tell whether leg k can be caught from leg i, at a stop where both are in the same minute."""
    if times.to_stop[i] != times.from_stop[k] or times.arrives_at[i] != times.departs_at[k]:
        return False
    if times.trip[i] == times.trip[k]:
        return bool(times.seq[k] == times.seq[i] + 1)
    same = times.gauge[i] == times.gauge[k]
    stops = times.stops
    return bool((stops.transfer_minutes if same else stops.gauge_minutes)[times.from_stop[k]] == 0)


def expect_in_order(times: StopTimes) -> int:
    """Check the order leg by leg; answers how often one is caught in the minute in which it left."""
    n, n_short = len(times.trip), 0
    duration = times.arrives_at - times.departs_at
    for i, k in pairwise(range(n)):
        assert times.departs_at[i] <= times.departs_at[k]
        assert times.departs_at[i] < times.departs_at[k] or duration[i] == 0 or duration[k] > 0
    for i, k in permutations(range(n), 2):
        if feeds(times, i, k):
            assert i < k
            n_short += int(duration[i] == 0 == duration[k])
    return n_short


def has_circle(times: StopTimes, n: int) -> bool:
    """Take away legs that nothing feeds until none is left, or all that are left are fed."""
    left = set(range(n))
    while free := {k for k in left if not any(feeds(times, i, k) for i in left if i != k)}:
        left -= free
    return bool(left)


@pytest.mark.parametrize("seed", range(12))
def test_the_order_against_the_slow_twin(tmp_path: Path, seed: int) -> None:
    """In crowded minutes every leg comes after all from which it can be caught, and none is lost."""
    folder = random_timetable(
        tmp_path, seed=seed, n_stops=5, n_trips=80, horizon=4, ride=(1, 3), dwell=(0, 1), short=0.45, quick=0.8
    )
    times, _ = read_stop_times(folder)
    with (folder / "departures.csv").open(newline="") as file:
        rows = [tuple(int(c) if c.isdigit() else c for c in row) for row in list(csv.reader(file))[1:]]
    assert sorted(told(times)) == sorted(rows)
    assert expect_in_order(times) > 8


def one_minute(draw: random.Random, n_stops: int, n_trips: int) -> tuple[list[Row], list[Row]]:
    """Make legs of no time between any stops, all in two minutes."""
    minutes = [(draw.choice((0, 0, 1)), draw.choice(("", 0, 1))) for _ in range(n_stops)]
    stops: list[Row] = [(f"s{s}", "", "", "", "", same, 0, other, 0) for s, (same, other) in enumerate(minutes)]
    legs: list[Row] = []
    for trip in range(n_trips):
        at, minute, gauge = draw.randrange(n_stops), draw.randrange(2), draw.choice((1435, 1520))
        for seq in range(draw.randint(1, 3)):
            to = (at + draw.randrange(1, n_stops)) % n_stops
            legs.append((f"t{trip}", seq, f"s{at}", f"s{to}", minute, minute, 0, gauge))
            at = to
    return stops, legs


def raw(stops: list[Row], legs: list[Row]) -> StopTimes:
    """Take legs as they stand, unread and unchecked."""

    def ints(values: list[object]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    of = {s[0]: i for i, s in enumerate(stops)}
    trips = {leg[0]: i for i, leg in enumerate(legs)}
    texts, none = tuple(str(s[0]) for s in stops), np.zeros(len(stops))
    places = Stops(
        stop_ids=texts,
        names=texts,
        regions=texts,
        lons=none,
        lats=none,
        transfer_minutes=ints([s[5] for s in stops]),
        transfer_cost=ints([s[6] for s in stops]),
        gauge_minutes=ints([NEVER if s[7] == "" else s[7] for s in stops]),
        gauge_cost=ints([s[8] for s in stops]),
    )
    return StopTimes(
        stops=places,
        trip_ids=tuple(trips),
        trip=ints([trips[leg[0]] for leg in legs]),
        seq=ints([leg[1] for leg in legs]),
        from_stop=ints([of[leg[2]] for leg in legs]),
        to_stop=ints([of[leg[3]] for leg in legs]),
        departs_at=ints([leg[4] for leg in legs]),
        arrives_at=ints([leg[5] for leg in legs]),
        cost=ints([leg[6] for leg in legs]),
        gauge=ints([leg[7] for leg in legs]),
    )


def named_rows(problem: Problem) -> list[int]:
    said = problem.expected.partition("each of the rows ")[2].partition(" is caught")[0]
    return [int(row) for row in said.split(", ")]


def test_circles_against_the_slow_twin(tmp_path: Path) -> None:
    """A circle is found just where there is one; each named leg feeds the next, and without them none is left."""
    n_right, n_wrong = 0, 0
    for seed in range(150):
        draw = random.Random(seed)
        stops, legs = one_minute(draw, n_stops=draw.randint(2, 6), n_trips=draw.randint(2, 9))
        draw.shuffle(legs)
        folder, plain = write(tmp_path, stops, legs), raw(stops, legs)
        if not has_circle(plain, len(legs)):
            expect_in_order(read_stop_times(folder)[0])
            n_right += 1
            continue
        n_wrong += 1
        circles = [[row - 2 for row in named_rows(p)] for p in wrong(folder)]
        for circle in circles:
            assert all(feeds(plain, i, k) for i, k in pairwise([*circle, circle[0]]))
        named = {i for circle in circles for i in circle}
        rest = [leg for i, leg in enumerate(legs) if i not in named]
        assert not has_circle(raw(stops, rest), len(rest))
    assert min(n_right, n_wrong) > 30


# ---- round trip --------------------------------------------------------------------------------


@given(seed=st.integers(0, 10**6), n_stops=st.integers(2, 9), n_trips=st.integers(0, 25), shuffle=st.randoms())
def test_round_trip_of_shuffled_rows(tmp_path_factory, seed: int, n_stops: int, n_trips: int, shuffle) -> None:
    """Whatever the order of the rows, the same timetable is read; written back, too."""
    folder = tmp_path_factory.mktemp("timetable")
    random_timetable(folder, seed=seed, n_stops=n_stops, n_trips=n_trips, horizon=60)
    times, _ = read_stop_times(folder)
    with (folder / "stops.csv").open(newline="") as file:
        stops = list(csv.reader(file))[1:]
    legs = told(times)
    shuffled = shuffle.sample(legs, len(legs))
    again, _ = read_stop_times(write(folder, stops, shuffled))
    assert told(again) == legs
    assert again.trip_ids == times.trip_ids
    assert list(times.stops.stop_ids) == [row[0] for row in stops]
    assert times.stops.gauge_minutes.tolist() == [int(row[7]) if row[7] else NEVER for row in stops]


def test_the_writer_repeats_itself(tmp_path: Path) -> None:
    """The same seed writes the same files, another seed others."""
    texts = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        folder = random_timetable(tmp_path / name, seed=seed, n_stops=6, n_trips=9, horizon=90)
        texts.append((folder / "stops.csv").read_text() + (folder / "departures.csv").read_text())
    assert texts[0] == texts[1] != texts[2]
