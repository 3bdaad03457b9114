"""Errors are values: stable codes, every problem kept, and one tree."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace

import pytest

from landport import errors
from landport.errors import LISTED, InputError, LandportError, NotFound, Problem, Remark

TREE = {  # house.md: name -> (HTTP status, exit code)
    "InputError": (422, 2),
    "NotFound": (404, 2),
    "Infeasible": (422, 3),
    "TimeLimit": (503, 4),
    "Conflict": (409, 5),
    "NotPermitted": (403, 6),
    "AuditFailed": (500, 7),
    "StoreError": (503, 8),
}


def kinds() -> dict[str, type[LandportError]]:
    return {kind.__name__: kind for kind in LandportError.__subclasses__()}


def test_the_tree_is_the_one_of_the_house():
    """Every kind has its HTTP status and its exit code, and none is missing."""
    assert {name: (kind.http_status, kind.exit_code) for name, kind in kinds().items()} == TREE


def test_the_tree_stands_in_the_docstring():
    """The module docstring lists the same numbers."""
    told = re.findall(r"-- (\w+) +(\d+)  exit (\d)", errors.__doc__)
    assert {name: (int(status), int(code)) for name, status, code in told} == TREE


@pytest.mark.parametrize("kind", [LandportError, *LandportError.__subclasses__()])
def test_errors_travel_between_processes(kind):
    """Pickling keeps code, message and records."""
    sent = kind("some-code", "Something is wrong.", ("B1", "B2"))
    got = pickle.loads(pickle.dumps(sent))
    assert (type(got), got.code, got.message, got.about) == (
        kind,
        "some-code",
        "Something is wrong.",
        ("B1", "B2"),
    )
    assert str(got) == "Something is wrong."


def test_one_bad_row_hides_no_other():
    """All problems are kept, and listed one a line."""
    bad = Problem(file="bookings.csv", column="mass_kg", value="abc", expected="expected kilograms")
    problems = [replace(bad, row=row) for row in range(2, 44)]
    error = InputError.of(problems)
    assert error.problems == tuple(problems)
    assert error.code == "input"
    assert error.about == ("bookings.csv",)
    lines = str(error).splitlines()
    assert lines[0] == "42 problems in the input:"
    assert lines[1] == "bookings.csv row 2 column mass_kg: 'abc' — expected kilograms"
    assert len(lines) == 43


def test_long_lists_are_cut_in_print_only():
    """The message prints fifty and counts the rest; the error keeps all, also when it travels."""
    error = InputError.of(Problem(file="items.csv", row=row) for row in range(2, 1_002))
    assert str(error).splitlines()[-1] == f"... and {1_000 - LISTED} more"
    assert len(pickle.loads(pickle.dumps(error)).problems) == 1_000
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem(file="x.csv"), "x.csv"),
        (Problem(file="x.csv", expected="expected a column id"), "x.csv: expected a column id"),
        (Problem(file="x.csv", row=3, value=""), "x.csv row 3: ''"),
        (Problem(file="x.toml", key="hub", value="X"), "x.toml key hub: 'X'"),
        (Problem(file="x.csv", column="kg", value="1,5"), "x.csv column kg: '1,5'"),
    ],
)
def test_problems_say_what_they_know(problem, said):
    """Row, column, value and expectation may each be absent."""
    assert str(problem) == said


def test_remarks_are_values():
    """Equal remarks are equal, and can stand in sets."""
    assert len({Remark("late", "Late.", ("B1",)), Remark("late", "Late.", ("B1",))}) == 1
    assert Remark("late", "Late.").about == ()


def test_an_error_is_caught_by_the_root():
    """One except clause catches everything raised on purpose."""
    with pytest.raises(LandportError, match="no place"):
        raise NotFound("unknown-place", "no place is called 'Nowhere'", ("Nowhere",))
