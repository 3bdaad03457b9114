"""`scenario.toml`: every wrong setting is named; the schema before is upgraded, a newer one refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from landport import exchange
from landport.errors import InputError
from landport.model.scenario import World
from tests.exchange.spoil import places, problems


def change(week: Path, old: str, new: str) -> None:
    text = (week / "scenario.toml").read_text(encoding="utf-8")
    assert old in text
    (week / "scenario.toml").write_text(text.replace(old, new), encoding="utf-8")


WRONG = [
    ("schema = 1", "", "schema"),
    ("schema = 1", 'schema = "one"', "schema"),
    ("schema = 1", "schema = -1", "schema"),
    ("schema = 1", "schema = true", "schema"),
    ('name = "week"', "name = 3", "name"),
    ('name = "week"', 'name = " "', "name"),
    ('name = "week"', "name = 0x" + "f" * 5000, "name"),
    ('name = "week"', 'name = "\\u001b[31m"', "name"),
    ('note = "', 'note = "\\u0000', "note"),
    ("schema = 1", "schema = inf", "schema"),
    ('start_at = "2022-07-18T00:00+00:00"', 'start_at = "2022-07-19T00:00+00:00"', "start_at"),
    ('start_at = "2022-07-18T00:00+00:00"', "start_at = 2022-07-18T00:00:00", "start_at"),
    ('start_at = "2022-07-18T00:00+00:00"', 'start_at = "Monday"', "start_at"),
    ('now_at = "2022-07-18T08:00+08:00"', 'now_at = "2012-07-18T08:00+08:00"', "now_at"),
    ('now_at = "2022-07-18T08:00+08:00"', 'now_at = "2022-07-25T08:00+08:00"', "now_at"),
    ('now_at = "2022-07-18T08:00+08:00"', 'now_at = "2022-07-18T08:00:30+08:00"', "now_at"),
    ('hub = "URC"', 'hub = "Khorgos"', "hub"),
    ('hub = "URC"', "", "hub"),
    ("plan_days = 7", "plan_days = 0", "plan_days"),
    ("plan_days = 7", "plan_days = 7.5", "plan_days"),
    ("horizon_days = 28", "horizon_days = 3", "horizon_days"),
    ("plan_days = 7", "plan_days = 7\nbalance = 2", "balance"),
    ("plan_days = 7", 'plan_days = 7\nbalance = "yes"', "balance"),
    ("horizon_days = 28", "horizon_days = 1000000", "horizon_days"),
    ('note = "', "note = 3 # ", "note"),
]


@pytest.mark.parametrize(("old", "new", "key"), WRONG)
def test_a_wrong_setting_is_named(week: Path, world: World, old: str, new: str, key: str) -> None:
    """One wrong setting is one problem with its key."""
    change(week, old, new)
    assert places(problems(week, world)) == [("scenario.toml", None, key)]


@pytest.mark.parametrize(("said", "is_balanced"), [("1", True), ("true", True), ('"1"', True), ("0", False)])
def test_balance_may_be_asked_for(week: Path, world: World, said: str, is_balanced: bool) -> None:
    """As TOML, Excel and people say yes."""
    change(week, "plan_days = 7", f"plan_days = 7\nbalance = {said}")
    assert exchange.read_scenario(week, world)[0].is_balanced == is_balanced


def test_broken_toml(week: Path, world: World) -> None:
    """A syntax error is said with the parser's position."""
    change(week, "plan_days = 7", "plan_days 7")
    (found,) = problems(week, world)
    assert "line 6" in found.expected


@pytest.mark.parametrize("name", ["9" * 5000, "[" * 3000, "{a = " * 3000], ids=["digits", "lists", "tables"])
def test_what_no_parser_can_take(week: Path, world: World, name: str) -> None:
    """Thousands of digits and of brackets are one problem of the file."""
    change(week, '"week"', name)
    (found,) = problems(week, world)
    assert found.expected.startswith("expected TOML; ")
    assert len(found.expected) < 200


def test_no_settings(week: Path, world: World) -> None:
    """A folder without scenario.toml says so, and its tables are still checked."""
    (week / "scenario.toml").unlink()
    assert places(problems(week, world)) == [("scenario.toml", None, None)]


def test_a_newer_schema_is_refused(week: Path, world: World) -> None:
    """A newer format is not guessed at."""
    for old, new in (("schema = 1", "schema = 2"), ("schema = 2", "schema = 0x" + "f" * 5000)):
        change(week, old, new)
        with pytest.raises(InputError, match="update landport") as caught:
            exchange.read_scenario(week, world)
        assert caught.value.code == "newer-schema"


def test_the_schema_before_is_upgraded(week: Path, world: World) -> None:
    """Schema 0 named the hub `hub_id` and planned seven days always."""
    now, _ = exchange.read_scenario(week, world)
    change(week, "schema = 1", "schema = 0")
    change(week, "hub = ", "hub_id = ")
    change(week, "plan_days = 7", "")
    assert exchange.read_scenario(week, world) == (now, ())


def test_instants_of_toml_are_read_as_well(week: Path, world: World) -> None:
    """TOML has a type for instants; quotes are not needed."""
    now, _ = exchange.read_scenario(week, world)
    change(week, '"2022-07-18T00:00+00:00"', "2022-07-18T00:00:00Z")
    assert exchange.read_scenario(week, world) == (now, ())
