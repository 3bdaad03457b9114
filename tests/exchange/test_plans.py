"""Plan files: the same bytes for the same plan, strict reading, no traceback."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landport import exchange
from landport.errors import InputError, Remark
from landport.exchange.live import CONTROL
from landport.model.plans import (
    Bar,
    CargoBlock,
    Charge,
    Left,
    Plan,
    PlannedContainer,
    Price,
    Remedy,
    Ride,
    Stage,
    TrainRun,
    WagonLoad,
)
from landport.reference import load

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(lambda text: not CONTROL.search(text)),
    st.sampled_from(
        ["\\u001b[31m", "\\u0000", ": 1234567890123456789", "[" + "9" * 30, "a\tb\r\nc", "\x85", '"', "\\"]
    ),
)
"""What a scenario may hold."""
INTS = st.integers(-(10**18) + 1, 10**18 - 1)


def records(kind: type, **special: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    plain = {"int": INTS, "str": TEXTS, "tuple[str, ...]": st.lists(TEXTS, max_size=3).map(tuple)}
    hints = {name: special.get(name, plain.get(str(hint))) for name, hint in kind.__annotations__.items()}
    return st.builds(kind, **{name: s for name, s in hints.items() if s is not None})


def many(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=3).map(tuple)


REMARKS = many(st.builds(Remark, TEXTS, TEXTS, st.lists(TEXTS, max_size=2).map(tuple)))
PLANS = records(
    Plan,
    schema=st.just(1),
    rules=st.just(load.rules()),
    containers=many(records(PlannedContainer, blocks=many(records(CargoBlock)))),
    rides=many(records(Ride)),
    runs=many(records(TrainRun)),
    wagons=many(records(WagonLoad)),
    left=many(records(Left)),
    charges=many(records(Charge)),
    prices=many(records(Price)),
    remedies=many(records(Remedy, bars=many(records(Bar)), rides=many(records(Ride)))),
    stages=many(records(Stage, remarks=REMARKS)),
    remarks=REMARKS,
)
PLAN = Plan(
    schema=1,
    version="0.1.0",
    name="week",
    scenario_digest="0123456789ab",
    reference_digest="ba9876543210",
    seed=1,
    effort="quick",
    rules=load.rules(),
    containers=(),
    rides=(
        Ride(
            subject_id="C00001",
            seq=1,
            departure_id="U-ALM-W@2022-07-20",
            first_leg=1,
            last_leg=3,
            from_id="URC",
            to_id="ALM",
            departs_at=3140,
            arrives_at=6000,
        ),
    ),
    runs=(TrainRun(departure_id="U-ALM-W@2022-07-20", status="run"),),
    wagons=(),
    left=(),
    charges=(),
    stages=(),
    remarks=(),
)


@given(plan=PLANS)
def test_a_plan_survives_the_round_trip(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> None:
    """read(write(p)) == p, and writing again gives the same bytes."""
    path = tmp_path_factory.getbasetemp() / "plan.json"
    exchange.write_plan(plan, path)
    data = path.read_bytes()
    assert exchange.read_plan(path) == plan
    exchange.write_plan(exchange.read_plan(path), path)
    assert path.read_bytes() == data
    json.loads(data)


def test_a_plan_without_prices_and_remedies_is_read(tmp_path: Path) -> None:
    """Files of before prices and remedies were written have none."""
    path = tmp_path / "plan.json"
    exchange.write_plan(PLAN, path)
    raw = json.loads(path.read_text(encoding="utf-8"))
    del raw["prices"], raw["remedies"]
    path.write_text(json.dumps(raw), encoding="utf-8")
    assert exchange.read_plan(path) == PLAN


def test_one_record_a_line(tmp_path: Path) -> None:
    """`grep` finds a ride, and adding one changes one line more."""
    exchange.write_plan(PLAN, tmp_path / "a.json")
    exchange.write_plan(replace(PLAN, rides=PLAN.rides * 2), tmp_path / "b.json")
    a, b = ((tmp_path / n).read_text(encoding="utf-8").splitlines() for n in ("a.json", "b.json"))
    assert len(b) == len(a) + 1
    assert [x for x in a if '"subject_id":"C00001"' in x] == [x for x in a if x.startswith('{"subject_id"')]


def spoilt(tmp_path: Path, data: bytes) -> InputError:
    (tmp_path / "plan.json").write_bytes(data)
    with pytest.raises(InputError) as caught:
        exchange.read_plan(tmp_path / "plan.json")
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"{",
        b"[]",
        b"null",
        b"\x00\x01\x02",
        b"\xff\xfe{\x00",
        b"PK\x03\x04",
        b"[" * 100_000,
        b'{"schema":"\xff"}',
    ],
)
def test_no_plan_at_all(tmp_path: Path, data: bytes) -> None:
    """Malformed, binary and empty files are one problem that names the file."""
    (problem,) = spoilt(tmp_path, data).problems
    assert problem.file.endswith("plan.json")
    assert problem.expected.startswith("expected")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (b'"departs_at":3140', b'"departs_at":"3140"', "$.rides[0].departs_at"),
        (b'"departs_at":3140,', b"", "$.rides[0]"),
        (b'"seed":1', b'"seed":1.5', "$.seed"),
        (b'"rides":[', b'"rides":{}, "x":[', "$.rides"),
        (b'"schema":1', b'"schema":-1', "$.schema"),
        (b'"schema":1', b'"schema":"1"', "$.schema"),
    ],
)
def test_a_wrong_value_is_named_by_its_path(tmp_path: Path, old: bytes, new: bytes, where: str) -> None:
    """The JSON path leads to the record."""
    exchange.write_plan(PLAN, tmp_path / "good.json")
    data = (tmp_path / "good.json").read_bytes()
    assert old in data
    (problem,) = spoilt(tmp_path, data.replace(old, new, 1)).problems
    assert problem.column == where
    assert problem.expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b'"seed":1', b'"seed":' + b"1" * 400, "expected numbers of at most 18 digits"),
        (b'"seed":1', b'"seed": -1234567890123456789', "expected numbers of at most 18 digits"),
        (b'"name":"week"', b'"name":"\\u001b[31m"', "expected text without control characters"),
        (b'"name":"week"', b'"name":"a\\bc"', "expected text without control characters"),
        (b'"name":"week"', b'"name":"\x7f"', "expected text without control characters"),
    ],
)
def test_what_no_sum_or_terminal_can_take(tmp_path: Path, old: bytes, new: bytes, expected: str) -> None:
    """Huge numbers and control characters are refused on reading."""
    exchange.write_plan(PLAN, tmp_path / "plan.json")
    data = (tmp_path / "plan.json").read_bytes()
    assert old in data
    (tmp_path / "plan.json").write_bytes(data.replace(old, new, 1))
    with pytest.raises(InputError, match=expected):
        exchange.read_plan(tmp_path / "plan.json")


def test_schemas(tmp_path: Path) -> None:
    """A newer schema is refused; the one before, which had no remarks, is upgraded."""
    path = tmp_path / "plan.json"
    exchange.write_plan(PLAN, path)
    raw = json.loads(path.read_bytes())
    assert spoilt(tmp_path, json.dumps({**raw, "schema": 2}).encode()).code == "newer-schema"
    del raw["remarks"]
    path.write_text(json.dumps({**raw, "schema": 0}), encoding="utf-8")
    assert exchange.read_plan(path) == PLAN


def test_a_plan_that_is_not_there(tmp_path: Path) -> None:
    """A missing file, a folder and a file over the cap are input errors."""
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(InputError) as caught:
            exchange.read_plan(path)
        assert caught.value.problems
    exchange.write_plan(PLAN, tmp_path / "plan.json")
    with pytest.raises(InputError, match="at most 10 bytes"):
        exchange.read_plan(tmp_path / "plan.json", caps=exchange.Caps(file_bytes=10))


def test_a_plan_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """What cannot be encoded leaves the old plan in place."""
    path = tmp_path / "plan.json"
    exchange.write_plan(PLAN, path)
    with pytest.raises(TypeError):
        exchange.write_plan(replace(PLAN, left=(object(),)), path)  # type: ignore[arg-type]
    assert exchange.read_plan(path) == PLAN
    assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]
