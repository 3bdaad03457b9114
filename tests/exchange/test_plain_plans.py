"""PLAN.json: the frozen keys, money exact, read back as it was; plans of other engines are read, too."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport.errors import InputError
from landport.exchange.plain_plans import money_text, plain_plan_text, read_plain_plan, write_plain_plan
from landport.model.plain_assembly import MICROS, LeftBehind, PlainPlan
from landport.model.result import Result
from tests.plain_cases import SMALL_COST, small_plan


def result(**changes: Any) -> Result[PlainPlan]:
    found = Result(plan=small_plan(), cost=SMALL_COST, bound=SMALL_COST - 1, stopped="effort", seed=7)
    return replace(found, **changes)


def test_the_keys_are_the_frozen_ones():
    """In their order, of the plan and of its records; cost and bound in the unit of the file."""
    document = json.loads(plain_plan_text(result()), parse_float=Decimal)
    assert list(document) == ["run", "ship", "left", "cost", "bound", "stopped", "seed"]
    assert document == {
        "run": ["T1"],
        "ship": [
            {"booking": "B1", "containers": 3, "services": ["T1", "S1"]},
            {"booking": "B2", "containers": 1, "services": ["T1"]},
        ],
        "left": [{"booking": "B3", "containers": 2, "why": "nothing leads to Q"}],
        "cost": Decimal("3640.75"),
        "bound": Decimal("3640.749999"),
        "stopped": "effort",
        "seed": 7,
    }


def test_a_plan_comes_back(tmp_path):
    """As it was, and written again it has the same bytes; nothing is left beside it."""
    names = LeftBehind(booking_id='Б "3"', containers=1, why="到")
    for found in (result(), result(plan=PlainPlan(run=(), ship=(), left=(names,)), cost=0, bound=0)):
        write_plain_plan(found, tmp_path / "plan.json")
        assert read_plain_plan(tmp_path / "plan.json") == found
        assert json.loads(plain_plan_text(found, is_ascii=True)) == json.loads(plain_plan_text(found))
        assert plain_plan_text(found, is_ascii=True).isascii()
        assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]


@given(st.integers(-(10**18), 10**18))
def test_money_is_written_exactly(micros):
    """Whatever it is, no digit is lost and none is added."""
    assert Decimal(money_text(micros)) * MICROS == micros
    assert "." not in money_text(micros) or not money_text(micros).endswith("0")


def plan_file(folder: Path, **changes: Any) -> Path:
    document = {**json.loads(plain_plan_text(result())), **changes}
    path = folder / "plan.json"
    path.write_text(json.dumps({k: v for k, v in document.items() if v is not ...}), encoding="utf-8")
    return path


def test_plans_of_other_engines_are_read(tmp_path):
    """Sums of floats are taken to the nearest micro, bounds down; words, keys and seeds of their own do no harm."""
    path = plan_file(tmp_path, cost=3640.7500000004, bound=3640.7499999, stopped="gap", note={"x": 1}, seed=-1)
    found = read_plain_plan(path)
    assert (found.cost, found.bound, found.stopped) == (SMALL_COST, SMALL_COST - 1, "gap")
    assert read_plain_plan(plan_file(tmp_path, bound=..., stopped=..., seed=..., cost=1e3)).bound == 0
    assert read_plain_plan(plan_file(tmp_path, bound=None)).bound == 0


WRONG = [
    ({"run": "T1"}, "$.run"),
    ({"ship": [{"booking": "B1", "containers": 1.5, "services": []}]}, "$.ship[0].containers"),
    ({"ship": [{"booking": "B1", "containers": 10**13, "services": []}]}, "$.ship[0].containers"),
    ({"left": [{"booking": 3, "containers": 1}]}, "$.left[0].booking"),
    ({"left": [{"booking": "B3", "containers": -(10**13)}]}, "$.left[0].containers"),
    ({"cost": None}, "$.cost"),
    ({"cost": 1e300}, "$.cost"),
    ({"bound": -1e13}, "$.bound"),
    ({"seed": 10**13}, "$.seed"),
    ({"cost": ...}, "$"),
]


@pytest.mark.parametrize(("changes", "where"), WRONG)
def test_a_wrong_value_is_named(changes, where, tmp_path):
    """By its place in the document, with what was expected."""
    path = plan_file(tmp_path, **changes)
    with pytest.raises(InputError) as caught:
        read_plain_plan(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.column) == (str(path), where)
    assert problem.expected


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00", '{"run": ["\\u0007"]}', '{"cost": ' + "7" * 5000 + "}"])
def test_what_is_no_plan(text, tmp_path):
    """Empty, cut, another document, a binary file, control characters, thousands of digits: one problem."""
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_plain_plan(path)
    with pytest.raises(InputError):
        read_plain_plan(tmp_path / "none.json")
